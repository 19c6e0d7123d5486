"""Why a body has its score and its place: steps, gains, what decides, and the way to the printed place. Knows no page."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, provenance, sheet, store, tables
from pages.ui.charts import Step
from pages.ui.order import places_of, points, reason, signed
from pages.ui.tables import Column, Target
from pages.ui.words import Words
from pipeline import ranking
from pipeline.league import League

ADVISED = 3
NAMED = 4
# Points smaller than this are no step of their own.
LEAST_STEP = 0.05
# What can lack of an indicator as a whole, with words of its own.
LACKS = (
    "days_late",
    "rule_holds",
    "kinds_used",
    "smoothed_rate",
    "smoothed_rest",
    "said_in_words",
    "freshness",
)


def show(
    table: League,
    rows: pd.DataFrame,
    parts: pd.DataFrame,
    scoring: pd.DataFrame,
    body: str,
    least: float,
    say: Words,
) -> None:
    """Of what a body's score is made, how it could gain, what decides its place, and where it all is printed."""
    row = rows.set_index("body_id").loc[body]
    own = parts[parts["body_id"] == body]
    labels = dict(zip(scoring["indicator"], scoring["label"], strict=True))
    if body in table.place:
        show_steps(table, row, own, labels, say)
        left, right = st.columns(2, gap="small")
        with left, st.container(border=True, height="stretch"):
            show_gains(row["report_id"], own, scoring, say)
        with right, st.container(border=True, height="stretch"):
            show_deciders(table, rows, body, labels, say)
    else:
        sheet.title(say("rank.why.apart", body=row["body"], reason=reason(row, least, say)))
        if len(own):
            show_gains(row["report_id"], own, scoring, say)
    if len(own):
        show_made(table, own, scoring, body, say)
        show_evidence(row["report_id"], scoring, say)


def show_steps(
    table: League, row: pd.Series, own: pd.DataFrame, labels: Mapping[str, str], say: Words
) -> None:
    """From the peers' median to this score, indicator by indicator."""
    place, score = table.place[str(row.name)], points(table.score[str(row.name)], say)
    first = own.iloc[0]
    with st.container(border=True):
        if len(table.order) < 3:
            sheet.title(say("rank.why.alone", body=row["body"], score=score))
            return
        middle = points(first["middle_score"], say)
        sheet.title(
            say("rank.why", body=row["body"], score=score, place=place),
            say("rank.why.note", n=len(table.order), middle=middle, score=score),
        )
        height = float(first["middle_score"])
        drawn = [Step(say("rank.step.middle"), height, height, middle, middle, is_end=True)]
        if abs(first["remainder"]) >= LEAST_STEP:
            rest = height + first["remainder"]
            hover = say("rank.step.mean", mean=points(rest, say))
            drawn.append(Step(say("rank.step.rest"), height, rest, signed(first["remainder"]), hover))
            height = rest
        moved = [one for _, one in own.iterrows() if abs(one["difference"]) >= LEAST_STEP]
        for one in sorted(moved, key=lambda one: -one["difference"]):
            hover = say(
                "rank.step.hover",
                label=labels[one["indicator"]],
                points=points(one["points"], say),
                mean=points(one["mean"], say),
            )
            end = height + one["difference"]
            drawn.append(Step(labels[one["indicator"]], height, end, signed(one["difference"]), hover))
            height = end
        drawn.append(Step(say("rank.step.score"), first["score"], first["score"], score, score, is_end=True))
        charts.show(charts.steps(drawn), key="steps", alt=say("rank.step.alt"))


def what_lacks(loss: pd.Series, advice: str, say: Words) -> str:
    """What cost points, in words: the rule that is broken, the content that lacks."""
    times = "" if pd.isna(loss["times"]) else say.number(abs(loss["times"]))
    if pd.notna(loss["message"]):
        return say("rank.gain.rule", label=loss["label"], message=loss["message"])
    if loss["code"] in say.family("section"):
        return say("rank.gain.section", label=say.section(loss["code"]))
    if loss["code"] == "blank_cells":
        return say("rank.gain.blank_cells", n=times) if times else say("rank.gain.no_table")
    if loss["code"] == "days_late" and loss["times"] < 0:
        return say("rank.gain.early")
    return say(f"rank.gain.{loss['code']}", n=times) if loss["code"] in LACKS else advice


def lines_of(losses: list[pd.Series], advice: str, say: Words) -> list[str]:
    """What cost points, a line each; what lacks of one kind together."""
    lacking = [str(loss["label"]) for loss in losses if pd.notna(loss["label"]) and pd.isna(loss["message"])]
    others = [loss for loss in losses if pd.isna(loss["label"]) or pd.notna(loss["message"])]
    lines = [line for loss in others for line in what_lacks(loss, advice, say).split("\n")]
    return [*lines, say("rank.gain.tag", label=say.listed(lacking, most=len(lacking)))] if lacking else lines


def show_gains(report: str, own: pd.DataFrame, scoring: pd.DataFrame, say: Words) -> None:
    """The cheapest ways to gain points, each with what is behind it and where that stands."""
    losses = store.ask("score_losses", report=report, language=say.language)
    by_indicator = scoring.set_index("indicator")
    known = own[own["value"].notna()]
    found = ranking.gains(
        list(zip(losses["indicator"], losses["code"], losses["lost"], strict=True)),
        dict(zip(known["indicator"], known["most"], strict=True)),
        {name: None if pd.isna(effort) else int(effort) for name, effort in by_indicator["effort"].items()},
    )[:ADVISED]
    if not found:
        sheet.title(say("rank.gains.none"))
        return
    sheet.title(say("rank.gains", n=len(found)), say("rank.gains.note"))
    by_code = losses.set_index(["indicator", "code"])
    for place, gain in enumerate(found):
        own_losses = [
            loss.assign(code=code) for code in gain.codes for loss in [by_code.loc[[(gain.indicator, code)]]]
        ]
        some = [loss.iloc[0] for loss in own_losses]
        advice = str(by_indicator["advice"][gain.indicator])
        head = say(
            "rank.gain",
            advice=advice,
            points=points(gain.points, say),
            effort=say.of("rank.effort", gain.effort),
        )
        with st.container(key=f"gain-{place}", gap=None):
            label = str(by_indicator["label"][gain.indicator])
            sheet.entry("note", head, lines_of(some, advice, say), label)
            places = [place for loss in some for place in places_of(loss["places"])]
            provenance.link(report, None, say("rank.gain.place") if places else say("open.source"), places)


def show_deciders(
    table: League, rows: pd.DataFrame, body: str, labels: Mapping[str, str], say: Words
) -> None:
    """Which indicators decide the order between a body and its neighbours, and what happens without each."""
    names = dict(zip(rows["body_id"], rows["body"], strict=True))
    sheet.title(say("rank.decides"))
    for other, key in zip(table.neighbours(body), ("ahead", "behind"), strict=True):
        if other is None:
            continue
        pair = (other, body) if key == "ahead" else (body, other)
        if table.place[other] == table.place[body]:
            sheet.text(say("rank.decides.level", other=names[other]))
            continue
        found = ranking.deciders(table.panel, table.vector, *pair)
        difference = abs(table.score[pair[0]] - table.score[pair[1]])
        words = {"other": names[other], "points": f"{difference:,.1f}", "label": labels[found[0].indicator]}
        turning = [one for one in found if one.turns_without]
        if turning:
            turns = say("rank.decides.turns", label=say.listed([labels[one.indicator] for one in turning]))
        else:
            turns = say("rank.decides.firm")
        sheet.text(say(f"rank.decides.{key}", **words) + say("answer.separator") + turns + say("answer.end"))
    left_out = ranking.leave_one_out(table.panel, table.vector, body)
    most = max(left_out, key=lambda one: abs(one.change))
    if most.change:
        what = {"label": labels[most.indicator], "place": table.place[body], "rank": most.rank}
        sheet.text(say("rank.decides.without", **what) + say("answer.end"))
    else:
        sheet.text(say("rank.decides.without.none") + say("answer.end"))
    turns = turning_weights(table, body)
    if turns:
        tables.sheet(
            [
                Column(say("rank.column.indicator"), [labels[name] for name, _, _ in turns]),
                Column(
                    say("rank.column.weight"),
                    [say.number(round(was, 1)) for _, was, _ in turns],
                    numeric=True,
                ),
                Column(
                    say("rank.column.turns"), [say.number(round(at, 1)) for _, _, at in turns], numeric=True
                ),
            ],
            alt=say("rank.column.turns"),
        )


def turning_weights(table: League, body: str) -> list[tuple[str, float, float]]:
    """The indicators whose weight could swap a body with a neighbour, the least change first."""
    found: dict[str, tuple[str, float, float]] = {}
    for other in table.neighbours(body):
        if other is None or table.place[other] == table.place[body]:
            continue
        pair = (other, body) if table.place[other] < table.place[body] else (body, other)
        for one in ranking.deciders(table.panel, table.vector, *pair):
            if one.turns_at is not None:
                weight = table.weights[one.indicator]
                found.setdefault(one.indicator, (one.indicator, weight, one.turns_at))
    return sorted(found.values(), key=lambda one: abs(one[2] / one[1] - 1))[:NAMED]


def basis(row: pd.Series, say: Words) -> str:
    """From what an indicator's value comes, in a few words; why it has none, or is what it is."""
    if pd.isna(row["value"]):
        return say.of("rank.reason", row["reason"])
    if row["reason"] in ("early", "no_table", "not_stated", "not_said"):
        return say.of("rank.reason", row["reason"])
    counted, asked = say.number(abs(row["counted"])), say.number(row["asked"])
    if row["formula"] == "days_late" and row["counted"] <= 0:
        return say("rank.basis.in_time", counted=counted)
    if row["formula"] == "rule_holds" and row["reason"] == "broken":
        return say("rank.gain.rule_holds")
    if row["formula"] == "freshness":
        counted = say.number(round(row["counted"]))
    return say(f"rank.basis.{row['formula']}", counted=counted, asked=asked)


def show_made(table: League, own: pd.DataFrame, scoring: pd.DataFrame, body: str, say: Words) -> None:
    """Every indicator of a body: weight, value and what it comes from, points, beside its peers' median."""
    by_indicator = scoring.set_index("indicator")
    without: dict[str, str] = {}
    if body in table.place:
        without = {
            one.indicator: str(one.rank) for one in ranking.leave_one_out(table.panel, table.vector, body)
        }
    rows = [row for _, row in own.iterrows()]
    sheet.title(say("rank.made"), say("rank.made.note"))
    targets = [Target(row["report_id"], places=tuple(places_of(row["places"]))) for row in rows]
    value = [
        say("sign.absent") if pd.isna(row["value"]) else say.number(round(100 * row["value"])) for row in rows
    ]
    ranked = body in table.place and len(table.order) > 1
    columns = [
        Column(say("rank.column.indicator"), [str(by_indicator["label"][row["indicator"]]) for row in rows]),
        Column(
            say("rank.column.weight"), [say.number(round(row["weight"], 1)) for row in rows], numeric=True
        ),
        Column(say("rank.column.value"), value, numeric=True),
        Column(say("rank.column.basis"), [basis(row, say) for row in rows], targets),
        Column(
            say("rank.column.points"),
            [
                points(row["points"], say) if pd.notna(row["value"]) or row["moot"] else say("sign.absent")
                for row in rows
            ],
            numeric=True,
        ),
    ]
    if ranked:
        columns += [
            Column(say("rank.column.mean"), [points(row["mean"], say) for row in rows], numeric=True),
            Column(say("rank.column.difference"), [signed(row["difference"]) for row in rows], numeric=True),
            Column(
                say("rank.column.without"),
                [without.get(row["indicator"], say("sign.absent")) for row in rows],
                numeric=True,
            ),
        ]
    tables.sheet(columns, alt=say("rank.made"))


def show_evidence(report: str, scoring: pd.DataFrame, say: Words) -> None:
    """One indicator: its rule, and each figure, check or passage that it comes from, one click from the print."""
    labels = dict(zip(scoring["indicator"], scoring["label"], strict=True))
    chosen = filters.one_of("indicator", say("rank.indicator"), labels, say("rank.indicator.hint"))
    if chosen is None:
        return
    row = scoring.set_index("indicator").loc[chosen]
    sheet.title(say("rank.evidence", label=row["label"]))
    missing = "" if pd.isna(row["missing"]) else row["missing"]
    sheet.note(say("rank.rule", rule=row["rule"], missing=missing))
    sheet.note(say("rank.source", source=row["source"]))
    found = store.ask("indicator_evidence", report=report, indicator=chosen, language=say.language)
    rows = [one for _, one in found.iterrows()]
    if not rows:
        return
    tables.sheet(
        [
            Column(
                say("rank.column.item"),
                [say.section(one["code"]) if pd.isna(one["label"]) else str(one["label"]) for one in rows],
                [
                    Target(
                        report,
                        None if pd.isna(one["fact_id"]) else one["fact_id"],
                        tuple(places_of(one["places"])),
                    )
                    if places_of(one["places"])
                    else None
                    for one in rows
                ],
            ),
            Column(say("rank.column.state"), [state(one, say) for one in rows]),
        ],
        alt=say("rank.evidence", label=row["label"]),
    )


def state(one: pd.Series, say: Words) -> str:
    """What an item of evidence says: its number, the outcome of its check, whether it is there."""
    if pd.notna(one["value"]):
        return say.amount(one["value"], one["unit"], one["bound"])
    if pd.notna(one["message"]):
        return str(one["message"])
    if one["state"] in say.family("rank.state"):
        return say.of("rank.state", one["state"])
    return say.of("status", one["state"])
