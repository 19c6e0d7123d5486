"""乡镇评比: how the year's reports score, how surely they can be ordered, why each stands where it does."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, provenance, sheet, store, tables, weights
from pages.ui.charts import Break, Climb, Placed, Rung, Step
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.weights import Setting
from pages.ui.words import Words, speak
from pipeline import editions, ranking
from pipeline.league import RANKED, League, league

# As many bodies as a picture holds without becoming a wall; the table has all.
DRAWN = 60
ADVISED = 3
NAMED = 4
EVERYBODY = "all"
EDITIONS = 3
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
# Points smaller than this are no step of their own.
LEAST_STEP = 0.05
Rows = list[dict[str, Any]]


def years_of(rows: pd.DataFrame) -> dict[str, str]:
    """The years to choose from, the last one with a ranked body first."""
    ranked = rows[rows["list"] == RANKED]["year"]
    every = sorted({int(year) for year in rows["year"]}, reverse=True)
    first = int(ranked.max()) if len(ranked) else every[0]
    return {str(year): str(year) for year in [first, *(year for year in every if year != first)]}


def groups_of(rows: pd.DataFrame, say: Words) -> dict[str, str]:
    """The groups of peers, the one with most ranked bodies first; all of them last where there are several."""
    counts = rows.assign(is_ranked=rows["list"] == RANKED).groupby("peer_group")["is_ranked"].agg("sum")
    labels = rows.sort_values("group_position").drop_duplicates("peer_group").set_index("peer_group")
    names = {
        group: str(labels["group_label"][group])
        for group in counts.sort_values(ascending=False, kind="stable").index
    }
    return {**names, EVERYBODY: say("rank.group.all")} if len(names) > 1 else names


# --- the answer ----------------------------------------------------------------------------------


def answer(table: League, rows: pd.DataFrame, group: str, say: Words) -> list[str]:
    """How many are ranked in how many tiers, how sure the first place is, who is listed apart."""
    names = dict(zip(rows["body_id"], rows["body"], strict=True))
    what = {"year": table.year, "n": len(table.order), "group": group}
    if not table.order:
        said = [say("rank.answer.nobody", **what)]
    elif len(table.order) == 1:
        first = table.order[0]
        said = [say("rank.answer.one", body=names[first], score=points(table.score[first], say), **what)]
    else:
        first = table.order[0]
        share = say.number(round(100 * table.standing[first].first_share))
        said = [say("rank.answer", tiers=table.tiers, **what)]
        said.append(say("rank.answer.first", body=names[first], share=share, draws=say.number(ranking.DRAWS)))
    apart = rows[rows["list"] != RANKED]
    if len(apart):
        reasons = [
            say("rank.answer.apart.one", label=say.of("rank.list", name), count=count)
            for name, count in apart["list"].value_counts().items()
        ]
        said.append(say("rank.answer.apart", count=len(apart), reasons=say.listed(reasons, most=NAMED)))
    if len(table.order) > 1:
        said.append(say("rank.answer.moot"))
    return said


def points(value: Any, say: Words) -> str:
    """A score or points as people read them: one decimal."""
    return say("sign.absent") if pd.isna(value) else f"{value:,.1f}"


def signed(value: float) -> str:
    return f"{value:+,.1f}"


def change_of(table: League, body: str, say: Words) -> str:
    """How many places a body gained since last year, and whether that is more than noise."""
    change = table.change.get(body)
    if change is None:
        return say("rank.change.none")
    if change.places == 0:
        return say("rank.change.same")
    text = say("rank.change.up" if change.places > 0 else "rank.change.down", n=abs(change.places))
    return text if change.beyond_noise else say("rank.change.noise", change=text)


# --- the order -----------------------------------------------------------------------------------


def show_picture(table: League, rows: pd.DataFrame, setting: Setting, chosen: str | None, say: Words) -> None:
    """A dot and an interval for each body, banded by tier; a click picks the body."""
    by_id = rows.set_index("body_id")
    sheet.title(say("rank.picture", year=table.year, setting=setting.label), say("rank.picture.note"))
    drawn, before = [], None
    for body in table.order[:DRAWN]:
        one = table.standing[body]
        words = {
            "body": by_id["body"][body],
            "score": points(table.score[body], say),
            "place": table.place[body],
            "low": one.low,
            "high": one.high,
            "tier": one.tier,
        }
        drawn.append(
            Placed(
                body=body,
                name=str(by_id["body"][body]),
                score=words["score"],
                place=table.place[body],
                low=one.low,
                high=one.high,
                tier=one.tier,
                begins=say("rank.tier", tier=one.tier) if one.tier != before else "",
                hover=say("rank.hover", assessable=say.number(round(by_id["assessable"][body])), **words),
                is_self=body == chosen,
            )
        )
        before = one.tier
    for body, _ in charts.picked(
        charts.intervals(drawn), key=f"places-{chosen}-{table.year}", alt=say("rank.picture.alt")
    ):
        if body and body != chosen:
            filters.put("body", body)
            st.rerun()
    if len(table.order) > DRAWN:
        sheet.note(say("rank.picture.more", shown=DRAWN, all=len(table.order)))


def show_table(
    table: League, rows: pd.DataFrame, parts: pd.DataFrame, scoring: pd.DataFrame, say: Words
) -> None:
    """The order as a table: place, interval, tier, score, blocks, change."""
    by_id = rows.set_index("body_id")
    blocks = parts.drop_duplicates(["body_id", "block"]).set_index(["body_id", "block"])["block_points"]
    targets = [Target(by_id["report_id"][body]) for body in table.order]
    spans = [
        say("rank.range", low=table.standing[body].low, high=table.standing[body].high)
        for body in table.order
    ]
    columns = [
        Column(say("column.body"), [str(by_id["body"][body]) for body in table.order], targets, width=110),
        Column(
            say("rank.column.place"), [str(table.place[body]) for body in table.order], numeric=True, width=60
        ),
        Column(say("rank.column.range"), spans, numeric=True, width=90),
        Column(
            say("rank.column.tier"),
            [say("rank.tier", tier=table.standing[body].tier) for body in table.order],
            width=70,
        ),
        Column(
            say("rank.column.score"), [points(table.score[body], say) for body in table.order], numeric=True
        ),
        Column(
            say("rank.column.assessable"),
            [say.number(round(by_id["assessable"][body])) for body in table.order],
            numeric=True,
        ),
        Column(say("rank.column.change"), [change_of(table, body, say) for body in table.order]),
        Column(
            say("rank.column.all"),
            [say.number(by_id["place_of_all"][body]) for body in table.order],
            numeric=True,
        ),
    ]
    for _, row in scoring.drop_duplicates("block").iterrows():
        columns.append(
            Column(
                row["block_label"],
                [points(blocks.get((body, row["block"])), say) for body in table.order],
                numeric=True,
            )
        )
    tables.show(columns, key="ranking", alt=say("rank.table"), rows=24)


def reason(row: pd.Series, least: float, say: Words) -> str:
    """Why a body is not ranked."""
    assessable = "0" if pd.isna(row["assessable"]) else points(row["assessable"], say)
    return say(f"rank.list.{row['list']}.text", assessable=assessable, least=say.number(least))


def show_apart(rows: pd.DataFrame, least: float, say: Words) -> None:
    """Those without a place, never as the last ones: which list they are on, and why."""
    apart = [row for _, row in rows[rows["list"] != RANKED].sort_values(["list", "body_id"]).iterrows()]
    sheet.title(say("rank.apart", n=len(apart)) if apart else say("rank.apart.none"))
    if not apart:
        return
    lacking = [
        say.listed(list(row["lacking"]), most=NAMED)
        if isinstance(row["lacking"], (list, tuple)) or hasattr(row["lacking"], "__len__")
        else say("sign.absent")
        for row in apart
    ]
    tables.show(
        [
            Column(
                say("column.body"),
                [row["body"] for row in apart],
                [None if pd.isna(row["report_id"]) else Target(row["report_id"]) for row in apart],
                width=110,
            ),
            Column(say("csv.rank.list"), [say.of("rank.list", row["list"]) for row in apart]),
            Column(say("rank.column.reason"), [reason(row, least, say) for row in apart], width=300),
            Column(say("rank.column.lacking"), lacking, width=260),
        ],
        key="apart",
        alt=say("rank.apart", n=len(apart)),
    )


# --- one body ------------------------------------------------------------------------------------


def show_why(
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
        moved = [one for _, one in own.iterrows() if abs(one["difference"]) >= LEAST_STEP]
        for one in sorted(moved, key=lambda one: -one["difference"]):
            hover = say(
                "rank.step.hover",
                label=labels[one["indicator"]],
                points=points(one["points"], say),
                middle=points(one["middle"], say),
            )
            end = height + one["difference"]
            drawn.append(Step(labels[one["indicator"]], height, end, signed(one["difference"]), hover))
            height = end
        if abs(first["score"] - height) >= LEAST_STEP:
            rest = first["score"] - height
            drawn.append(Step(say("rank.step.rest"), height, first["score"], signed(rest), signed(rest)))
        drawn.append(Step(say("rank.step.score"), first["score"], first["score"], score, score, is_end=True))
        charts.show(charts.steps(drawn), key="steps", alt=say("rank.step.alt"))


def what_lacks(loss: pd.Series, advice: str, say: Words) -> str:
    """What cost points, in words: the rule that is broken, the content that lacks."""
    times = "" if pd.isna(loss["times"]) else say.number(abs(loss["times"]))
    if pd.notna(loss["message"]):
        return say("rank.gain.rule", label=loss["label"], message=loss["message"])
    if pd.notna(loss["label"]):
        return say("rank.gain.tag", label=loss["label"])
    if loss["code"] in say.family("section"):
        return say("rank.gain.section", label=say.section(loss["code"]))
    if loss["code"] == "blank_cells":
        return say("rank.gain.blank_cells", n=times) if times else say("rank.gain.no_table")
    if loss["code"] == "days_late" and loss["times"] < 0:
        return say("rank.gain.early")
    return say(f"rank.gain.{loss['code']}", n=times) if loss["code"] in LACKS else advice


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
        loss = by_code.loc[(gain.indicator, gain.code)].copy()
        loss["code"] = gain.code
        advice = str(by_indicator["advice"][gain.indicator])
        head = say(
            "rank.gain",
            advice=advice,
            points=points(gain.points, say),
            effort=say.of("rank.effort", gain.effort),
        )
        with st.container(key=f"gain-{place}", gap=None):
            label = str(by_indicator["label"][gain.indicator])
            sheet.entry("note", head, [what_lacks(loss, advice, say)], label)
            places = places_of(loss["places"])
            provenance.link(report, None, say("rank.gain.place") if places else say("open.source"), places)


def places_of(places: Any) -> list[str]:
    """The places of an answer; none where there is no list."""
    return [] if places is None or isinstance(places, float) else [str(place) for place in places]


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
            [points(row["points"], say) if pd.notna(row["value"]) else say("sign.absent") for row in rows],
            numeric=True,
        ),
    ]
    if ranked:
        columns += [
            Column(say("rank.column.middle"), [points(row["middle"], say) for row in rows], numeric=True),
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


# --- over the years ------------------------------------------------------------------------------


def show_years(
    rows: pd.DataFrame, view: View, group: str, chosen: str | None, whole: bool, say: Words
) -> None:
    """The places over the years, with the years in which they cannot be followed on."""
    place = "place_of_all" if whole else "place"
    ranked = rows[rows["list"] == RANKED]
    years = sorted(int(year) for year in ranked["year"].unique())
    if len(years) < 2:
        return
    found = store.ask("scoring_breaks", first=years[0], last=years[-1], language=say.language)
    breaks = [
        Break(
            int(row["year"]),
            "no" if row["what"] == "model" else "rough",
            say(f"rank.break.{row['what']}"),
            row["label"],
        )
        for _, row in found.iterrows()
    ]
    line = rows.set_index("body_id")["lineage"].to_dict()
    own = line.get(chosen) if chosen else None
    climbs = [
        Climb(
            name=str(of_line["body"].iloc[-1]),
            rungs=[
                Rung(
                    int(row["year"]),
                    int(row[place]),
                    say(
                        "rank.bump.hover",
                        body=row["body"],
                        year=int(row["year"]),
                        place=int(row[place]),
                        score=points(row["score"], say),
                    ),
                    row["report_id"],
                )
                for _, row in of_line.iterrows()
            ],
            is_self=lineage == own,
        )
        for lineage, of_line in ranked.sort_values("year").groupby("lineage", sort=True)
    ]
    shown = sorted(climbs, key=lambda one: (not one.is_self, one.rungs[-1].place))[:DRAWN]
    with st.container(border=True):
        sheet.title(say("rank.bump", group=group), say("rank.bump.note"))
        charts.show(
            charts.bump(list(range(years[0], years[-1] + 1)), shown, breaks),
            key="bump",
            alt=say("rank.bump.alt"),
        )
        for one in breaks:
            sheet.note(say("rank.break.note", year=one.year, label=one.hover))
        with st.expander(say("rank.bump.table")):
            show_years_as_table(ranked, years, place, say)
    del view


def show_years_as_table(ranked: pd.DataFrame, years: Sequence[int], place: str, say: Words) -> None:
    texts = tables.crossed(ranked, "lineage", "year", place)
    reports = tables.crossed(ranked, "lineage", "year", "report_id")
    names = ranked.sort_values("year").drop_duplicates("lineage", keep="last").set_index("lineage")["body"]
    columns = [Column(say("column.body"), [names[line] for line in texts.index], width=120)]
    for year in years:
        cells = [say("sign.absent") if pd.isna(cell) else say.number(cell) for cell in texts[year]]
        targets = [None if pd.isna(report) else Target(report) for report in reports[year]]
        columns.append(Column(str(year), cells, targets, numeric=True, width=66))
    tables.show(columns, key="places-by-year", alt=say("rank.bump.table"))


# --- editions and method -------------------------------------------------------------------------


def show_editions(view: View, rows: pd.DataFrame, year: int, say: Words) -> None:
    """The editions of this year that were published, and whether today's numbers are theirs."""
    sheet.title(say("rank.editions"))
    found = editions.published(view.scope, year)[:EDITIONS]
    if not found:
        county = rows["county"].iloc[0]
        sheet.note(say("rank.editions.none", county=county, year=year))
    for edition in found:
        now = store.ask(
            "ranking",
            bodies=view.bodies,
            first=year,
            last=year,
            indicators=list(edition.weights),
            weights=list(edition.weights.values()),
            language=say.language,
        )
        differing = editions.differences(edition, now.to_dict("records"))
        sheet.text(say("rank.edition", cite=edition.content["cite"]))
        sheet.note(say("rank.edition.differs", n=len(differing)) if differing else say("rank.edition.same"))
        if edition.content["model_digest"] != rows["digest"].iloc[0]:
            sheet.note(say("rank.edition.model"))
        if differing:
            show_differences(differing, edition.path.stem, say)


def show_differences(differing: Sequence[editions.Difference], key: str, say: Words) -> None:
    def both(place: int | None, score: float | None) -> str:
        if place is None:
            return say("sign.absent")
        return say("rank.edition.place", place=place, score=points(score, say))

    columns = [
        Column(say("column.body"), [one.body for one in differing]),
        Column(say("rank.column.then"), [both(one.place_then, one.score_then) for one in differing]),
        Column(say("rank.column.now"), [both(one.place_now, one.score_now) for one in differing]),
    ]
    tables.show(columns, key=f"edition-{key}", alt=say("rank.editions"))


def show_method(scoring: pd.DataFrame, say: Words) -> None:
    first = scoring.iloc[0]
    with st.expander(say("rank.method")):
        sheet.note(say("rank.method.text", least=say.number(first["least_assessable"])))
        sheet.note(say("rank.method.draws", draws=say.number(ranking.DRAWS)))
        for _, row in scoring.iterrows():
            missing = "" if pd.isna(row["missing"]) else row["missing"]
            sheet.note(
                say(
                    "rank.method.indicator",
                    label=row["label"],
                    rule=say("rank.rule", rule=row["rule"], missing=missing),
                )
            )
        model = {"label": first["model_label"], "model": first["model"], "digest": first["digest"]}
        sheet.note(say("rank.method.model", seed=ranking.SEED, **model))


def download(
    table: League, rows: pd.DataFrame, parts: pd.DataFrame, scoring: pd.DataFrame, name: str, say: Words
) -> None:
    """Everything on the page as CSV: places, intervals, tiers, and the value and points of each indicator."""
    labels = dict(zip(scoring["indicator"], scoring["label"], strict=True))
    headings = {
        "body": say("csv.body"), "county": say("csv.county"), "year": say("csv.year"), "group_label": say("rank.group"),
        "list_label": say("csv.rank.list"), "score": say("rank.column.score"), "assessable": say("rank.column.assessable"),
        "place": say("rank.column.place"), "low": say("csv.rank.low"), "high": say("csv.rank.high"),
        "tier": say("rank.column.tier"), "change": say("csv.rank.change"), "beyond": say("csv.rank.beyond"),
        "place_of_all": say("rank.column.all"),
    }  # fmt: skip

    def listed() -> pd.DataFrame:
        frame = rows.copy()
        frame["list_label"] = [say.of("rank.list", name) for name in frame["list"]]
        standing = {body: table.standing.get(body) for body in frame["body_id"]}
        # the places among the bodies chosen on the page
        frame["place"] = [table.place.get(body) for body in frame["body_id"]]
        for column in ("low", "high", "tier"):
            frame[column] = [getattr(standing[body], column, None) for body in frame["body_id"]]
        changes = [table.change.get(body) for body in frame["body_id"]]
        frame["change"] = [one.places if one else None for one in changes]
        frame["beyond"] = [
            None if one is None else say("export.yes") if one.beyond_noise else say("export.no")
            for one in changes
        ]
        for indicator in labels:
            own = parts[parts["indicator"] == indicator].set_index("body_id")
            frame[f"{indicator} value"] = frame["body_id"].map(own["value"])
            frame[f"{indicator} points"] = frame["body_id"].map(own["points"].where(own["value"].notna()))
        return frame

    for indicator, label in labels.items():
        headings[f"{indicator} value"] = say("csv.rank.value", label=label)
        headings[f"{indicator} points"] = say("csv.rank.points", label=label)
    headings["report_id"] = say("csv.report_id")
    tables.download_listed(listed, headings, say, name=name)


def show(view: View, say: Words) -> None:
    top = st.container()
    usual = store.ask("scoring_of_year", year=view.last, language=say.language)
    presets = (
        store.ask("scoring_presets", model=usual["model"].iloc[0], language=say.language)
        if len(usual)
        else usual
    )
    if usual.empty or presets.empty:
        nobody(view, top, say)
        return
    left, right = st.columns([5, 2], gap="small")
    with right, st.container(border=True):
        setting = weights.ask(usual, presets, say)
    asked = {
        "bodies": view.bodies,
        "indicators": list(setting.weights),
        "weights": list(setting.weights.values()),
    }
    every = store.ask("ranking", first=view.first, last=view.last, language=say.language, **asked)
    if every.empty:
        nobody(view, top, say)
        return
    with left:
        picks = st.columns(2, gap="small", vertical_alignment="bottom")
        with picks[0]:
            groups = groups_of(every, say)
            group = filters.switch("peers", say("rank.group"), groups)
        with picks[1]:
            year = int(filters.choice("year", say("rank.year"), years_of(every)))
    whole = group == EVERYBODY
    label = say("rank.group.all.named") if whole else groups[group]
    scoring = store.ask("scoring_of_year", year=year, language=say.language)
    # Last year's places are needed also where the years in view begin with this one.
    two = store.ask("ranking", first=year - 1, last=year, language=say.language, **asked)
    values = store.ask("indicator_values", bodies=view.bodies, first=year - 1, last=year)
    table = league(
        two.to_dict("records"), values.to_dict("records"), setting.weights, year, None if whole else group
    )
    of_group = every if whole else every[every["peer_group"] == group]
    now = of_group[of_group["year"] == year]
    parts = store.ask("score_points", year=year, ranked=table.order, **asked)
    chosen = view.body if view.body in set(now["body_id"]) else None
    with top:
        sheet.head(say("rank.question"), answer(table, now, label, say), view.invented, say)
    least = float(scoring["least_assessable"].iloc[0])
    with left:
        if not any(setting.weights.values()):
            sheet.note(say("rank.weights.zero"))
        if table.order:
            with st.container(border=True):
                show_picture(table, now, setting, chosen, say)
            note_on_form(two, year, say)
    if table.order:
        sheet.title(say("rank.table"))
        show_table(table, now, parts, scoring, say)
    show_apart(now, least, say)
    if chosen is None:
        sheet.title(say("rank.why.pick"))
        filters.pick_body(say)
    else:
        show_why(table, now, parts, scoring, chosen, least, say)
    show_years(of_group, view, label, chosen, whole, say)
    show_editions(view, now, year, say)
    show_method(scoring, say)
    file = say("download.file", page=say("rank.file"), scope=view.scope, first=year, last=year)
    download(table, now, parts, scoring, file, say)


def note_on_form(two: pd.DataFrame, year: int, say: Words) -> None:
    """Says that the form changed since last year, where it did for most."""
    forms = {then: set(two[two["year"] == then]["form"].dropna()) for then in (year - 1, year)}
    if forms[year - 1] and forms[year] and not forms[year - 1] & forms[year]:
        sheet.note(say("rank.change.form", year=year))


def nobody(view: View, top: Any, say: Words) -> None:
    """No year in view has a model or a report to score."""
    with top:
        sheet.head(
            say("rank.question"), [say("rank.none", first=view.first, last=view.last)], view.invented, say
        )
    tables.download(view, say, name=say("rank.file"))


say = speak()
show(sheet.opened(say), say)
