"""乡镇评比: how the year's reports score, how surely they can be ordered, why each stands where it does."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import climbs, filters, order, published, sheet, store, tables, weights, why
from pages.ui.filters import View
from pages.ui.order import points
from pages.ui.words import Words, speak
from pipeline import ranking
from pipeline.league import RANKED, League, league

NAMED = 4
EVERYBODY = "all"
# Of more bodies the places over the years are drawn only with one of them picked.
MOST_CLIMBING = 300


def years_of(held: pd.DataFrame) -> dict[str, str]:
    """The years to choose from, the last one with a report to rank first."""
    with_report = held[held["reports"] > 0]["year"]
    every = sorted({int(year) for year in held["year"]}, reverse=True)
    first = int(with_report.max()) if len(with_report) else every[0]
    return {str(year): str(year) for year in [first, *(year for year in every if year != first)]}


def groups_of(held: pd.DataFrame, say: Words) -> dict[str, str]:
    """The groups of peers, the one with most reports first; all of them last where there are several."""
    names = {
        row["peer_group"]: str(row["group_label"])
        for _, row in held.sort_values("reports", ascending=False).iterrows()
    }
    return {**names, EVERYBODY: say("rank.group.all")} if len(names) > 1 else names


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
    table: League, rows: pd.DataFrame, pointed: dict[str, Any], scoring: pd.DataFrame, name: str, say: Words
) -> None:
    """Everything on the page as CSV: places, intervals, tiers, and the value and points of each indicator."""
    labels = dict(zip(scoring["indicator"], scoring["label"], strict=True))
    headings = {
        "body": say("csv.body"), "county": say("csv.county"), "year": say("csv.year"), "group_label": say("rank.group"),
        "list_label": say("rank.csv.list"), "score": say("rank.column.score"), "assessable": say("rank.column.assessable"),
        "place": say("rank.column.place"), "low": say("rank.csv.low"), "high": say("rank.csv.high"),
        "tier": say("rank.column.tier"), "change": say("rank.csv.change"), "beyond": say("rank.csv.beyond"),
        "place_of_all": say("rank.column.all"),
    }  # fmt: skip

    def listed() -> pd.DataFrame:
        frame, parts = rows.copy(), store.ask("score_points", only=None, **pointed)
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
            frame[f"{indicator} points"] = frame["body_id"].map(
                own["points"].where(own["value"].notna() | own["moot"])
            )
        return frame

    for indicator, label in labels.items():
        headings[f"{indicator} value"] = say("rank.csv.value", label=label)
        headings[f"{indicator} points"] = say("rank.csv.points", label=label)
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
    held = store.ask(
        "scored_years", bodies=view.bodies, first=view.first, last=view.last, language=say.language
    )
    if held.empty:
        nobody(view, top, say)
        return
    with right, st.container(border=True):
        setting = weights.ask(usual, presets, say)
    asked = {
        "bodies": view.bodies,
        "indicators": list(setting.weights),
        "weights": list(setting.weights.values()),
    }
    with left:
        picks = st.columns(2, gap="small", vertical_alignment="bottom")
        with picks[1]:
            year = int(filters.choice("year", say("rank.year"), years_of(held)))
        with picks[0]:
            groups = groups_of(held.drop_duplicates("peer_group"), say)
            own = [row["peer_group"] for _, row in held.iterrows() if view.body in row["bodies"]]
            group = filters.switch("peers", say("rank.group"), groups, usual=own[0] if own else None)
    whole = group == EVERYBODY
    label = say("rank.group.all.named") if whole else groups[group]
    scoring = store.ask("scoring_of_year", year=year, language=say.language)
    # Last year's places are needed also where the years in view begin with this one.
    two = store.ask("ranking", first=year - 1, last=year, language=say.language, **asked)
    values = store.ask("indicator_values", bodies=view.bodies, first=year - 1, last=year)
    table = league(
        two.to_dict("records"), values.to_dict("list"), setting.weights, year, None if whole else group
    )
    now = two[(two["year"] == year) & (whole | (two["peer_group"] == group))]
    chosen = view.body if view.body in set(now["body_id"]) else None
    if chosen is None and len(table.order) == 1:
        chosen = table.order[0]
    pointed = {"year": year, "ranked": table.order, **asked}
    with top:
        sheet.head(say("rank.question"), answer(table, now, label, say), view.invented, say)
    least = float(scoring["least_assessable"].iloc[0])
    with left:
        if not any(setting.weights.values()):
            sheet.note(say("rank.weights.zero"))
        if len(table.order) > 1:
            with st.container(border=True):
                order.show_picture(table, now, setting, chosen, say)
            note_on_form(two, year, say)
    if table.order:
        sheet.title(say("rank.table"))
        order.show_table(table, now, scoring, say)
    order.show_apart(now, least, say)
    if chosen is None:
        sheet.title(say("rank.why.pick"))
        filters.pick_body(say)
    else:
        parts = store.ask("score_points", only=[chosen], **pointed)
        why.show(table, now, parts, scoring, chosen, least, say)
    if len(view.bodies) <= MOST_CLIMBING or chosen is not None:
        every = store.ask("ranking", first=view.first, last=view.last, language=say.language, **asked)
        climbs.show(every[whole | (every["peer_group"] == group)], label, chosen, whole, say)
    published.show(view, now, year, say)
    show_method(scoring, say)
    file = say("download.file", page=say("rank.file"), scope=view.scope, first=year, last=year)
    download(table, now, pointed, scoring, file, say)


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
