"""总览: what changed this year, whose reports are there and in time, and which sums do not come out."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import changes, filters, headlines, provenance, rollup, series, sheet, store, tables
from pages.ui import coverage as coverage_map
from pages.ui.filters import View
from pages.ui.headlines import Facts
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

HEADLINES = ["items_disclosed", "requests_received", "interpretations"]
SERIES = {"items_disclosed": "median", "requests_received": "total"}
LISTED_CHECKS = 4
# A handful of bodies is named in the first line.
NAMED = 3
# As many rows of the map are as high as a sentence.
ROWS_PER_SENTENCE = 3


def answer(
    view: View, latest: pd.Series, own: Facts, district: Facts, moves: pd.DataFrame, sums: pd.DataFrame, say: Words
) -> list[str]:  # fmt: skip
    """What is held, what it comes to, which sums break: each with its n of N."""
    said = [of_body(view, latest, say)] if view.body else held(latest, say)
    said += disclosed(own, district, moves, view, say)
    total = sums.iloc[0]
    if view.body and own.checks["n"]:
        counts = {name: say.number(own.checks[name]) for name in ("assessable", "broken")}
        said.append(say("overview.checks.own", **counts))
    elif total["n"]:
        key = "overview.checks.broken" if total["reports"] else "overview.checks.hold"
        said.append(say(key, n=int(total["n"]), reports=int(total["reports"])))
    return said


def of_body(view: View, latest: pd.Series, say: Words) -> str:
    """What became of one body's report."""
    what = {"body": view.names[str(view.body)], "year": view.last}
    if pd.notna(latest["days_late"]):
        return say("overview.own.late", days=int(latest["days_late"]), **what)
    return say("overview.own", state=say.of("state", latest["state"]), **what)


def held(latest: pd.Series, say: Words) -> list[str]:
    """How many of the reports that are due are held, and what is the matter with the others; few are named."""
    said = [say("overview.held", **latest[["expected", "documents", "year"]])]
    if 0 < latest["documents"] <= NAMED:
        said[0] += say("overview.held.names", names=say.listed(latest["held_names"]))
    if 0 < latest["missing"] <= NAMED:
        names = say.listed(latest["missing_names"])
        said.append(say("overview.missing.names", count=latest["missing"], names=names))
    elif latest["missing"]:
        said.append(say("overview.missing", count=latest["missing"]))
    said += [
        say(f"overview.{state}", count=latest[state])
        for state in ("late", "unreadable", "blank", "figures_only")
        if latest[state]
    ]
    return said


def disclosed(own: Facts, district: Facts, moves: pd.DataFrame, view: View, say: Words) -> list[str]:
    """How much was disclosed, and how the bodies that compare moved; of one body beside the median of all."""
    mine, all_of_them = own.measures["items_disclosed"], district.measures["items_disclosed"]
    if view.body:
        if not all_of_them["reported"]:
            return []
        key = "overview.disclosed.own" if mine["reported"] else "overview.disclosed.own.none"
        amount = say.amount(mine["median"], mine["unit"], mine["bound"]) if mine["reported"] else ""
        return [say(key, amount=amount, median=say.number(all_of_them["median"]), **n_of(all_of_them))]
    if not mine["reported"]:
        return []
    key = "overview.disclosed.one" if mine["reported"] == 1 else "overview.disclosed.median"
    bound = mine["bound"] if mine["reported"] == 1 else "exact"
    said = [say(key, amount=say.amount(mine["median"], mine["unit"], bound), **n_of(mine))]
    if len(moves) and moves["pairs"].iloc[0]:
        row = moves.iloc[0]
        numbers = {"was": say.number(row["pairs_before"]), "now": say.number(row["pairs_median"])}
        roughly = say("volumes.roughly") if row["joins"] == "rough" else ""
        change = say.change(row["pairs_change"])
        said.append(say("overview.pairs", n=int(row["pairs"]), change=change, **numbers) + roughly)
    return said


def n_of(headline: pd.Series) -> dict[str, int]:
    return {"n": int(headline["reported"]), "all": int(headline["expected"])}


def headline_rows(bodies: list[str], view: View, say: Words) -> pd.DataFrame:
    """The main figures of some bodies in the last year in view."""
    asked = {"bodies": bodies, "year": view.last}
    return store.ask("headline_by_measure", measures=HEADLINES, language=say.language, **asked)


def facts_of(bodies: list[str], coverage: pd.DataFrame, view: View, say: Words) -> Facts:
    """What the cards say of some bodies in the last year in view."""
    asked = {"bodies": bodies, "year": view.last}
    return Facts(
        measures=by_measure(headline_rows(bodies, view, say)),
        channels=store.ask("channels_of_year", **asked).iloc[0],
        checks=store.ask("checks_of_year", **asked).iloc[0],
        coverage=coverage[coverage["year"] == view.last].iloc[0],
    )


def moved(measure: str, view: View, say: Words) -> pd.DataFrame:
    """What each body gives for a measure in the last year in view, against the year before."""
    span = {"bodies": view.query()["bodies"], "first": view.last - 1, "last": view.last}
    rows = store.ask("volumes_by_body", measure=measure, per=False, language=say.language, **span)
    return rows[(rows["year"] == view.last) & rows["in_line"]]


def counted(total: pd.Series, *outcomes: str, say: Words) -> dict[str, str]:
    """How many checks came out so, as people write numbers."""
    return {outcome: say.number(total[f"all_{outcome}"]) for outcome in outcomes}


def show_checks(checks: pd.DataFrame, broken: pd.DataFrame, say: Words) -> None:
    if checks.empty:
        sheet.title(say("checks.title.none"), say("checks.none"))
        return
    total = checks.iloc[0]
    key = "checks.title.broken" if total["all_broken"] else "checks.title.hold"
    counts = counted(total, "broken", "note", "assessable", say=say)
    sheet.title(
        say(
            key,
            reports=say.number(total["reports"]),
            **{f"all_{name}": count for name, count in counts.items()},
        ),
        say("checks.note"),
    )
    for place, row in broken.head(LISTED_CHECKS).iterrows():
        with st.container(key=f"check-{row['outcome']}-{place}", gap=None):
            sheet.note(say("checks.item", body=row["body"], year=row["year"], label=row["label"]))
            sheet.text(row["message"])
            provenance.link(
                row["report_id"], None if pd.isna(row["fact_id"]) else row["fact_id"], say("open.source")
            )
    if len(broken) > LISTED_CHECKS:
        sheet.note(say("checks.more", count=len(broken) - LISTED_CHECKS))
    with st.expander(say("checks.all", rules=len(checks))):
        sheet.outcomes(checks, say)


@store.kept
def figure_columns(figures: pd.DataFrame, asked: pd.DataFrame, say: Words) -> list[Column]:
    measures = by_measure(asked)
    reports: dict[str, dict[str, dict[str, Any]]] = {}
    for row in figures.to_dict("records"):
        reports.setdefault(row["report_id"], {}).setdefault(row["measure"], row)
    first = [next(iter(found.values())) for found in reports.values()]
    columns = [
        Column(say("column.body"), [row["body"] for row in first], [Target(report) for report in reports]),
        Column(say("column.year"), [str(row["year"]) for row in first]),
    ]
    given = {measure for found in reports.values() for measure in found}
    for measure in (name for name in HEADLINES if name in given):
        cells, targets = [], []
        for report, found in reports.items():
            row = found.get(measure)
            printed = row is not None and not pd.isna(row["status"])
            cells.append(
                say.cell(row["value"], row["status"], row["bound"]) if printed else say("sign.absent")
            )
            targets.append(Target(report, row["fact_id"]) if printed else None)
        heading = say(
            "column.measure",
            label=measures[measure]["label"],
            unit=say.of("unit", measures[measure]["unit"]),
        )
        columns.append(Column(heading, cells, targets, numeric=True))
    return columns


def show_figures(figures: pd.DataFrame, asked: pd.DataFrame, say: Words) -> None:
    title = say("figures.title", reports=figures["report_id"].nunique())
    sheet.title(title, say("figures.note"))
    tables.show(figure_columns(figures, asked, say), key="figures", alt=title)


@store.kept
def by_measure(asked: pd.DataFrame) -> dict[str, pd.Series]:
    return {row["measure"]: row for _, row in asked.iterrows()}


say = speak()
view = sheet.opened(say)
asked = view.query()

coverage = store.ask("coverage_by_body_and_year", **asked)
everyone = coverage
if view.body:
    everyone = store.ask("coverage_by_body_and_year", bodies=view.bodies, first=view.last, last=view.last)
own = facts_of(asked["bodies"], coverage, view, say)
district = facts_of(view.bodies, everyone, view, say) if view.body else own
moves = {measure: moved(measure, view, say) for measure in SERIES}
sums = store.ask("sums_of_year", bodies=asked["bodies"], year=view.last, language=say.language)
checks = store.ask("checks_by_rule", language=say.language, **asked)
broken = store.ask("broken_checks", language=say.language, **asked)
figures = store.ask("headline_facts_by_body", measures=HEADLINES, **asked)

latest_year = coverage[coverage["year"] == view.last]
question = (
    say("overview.question.of", body=view.names[view.body], year=view.last)
    if view.body
    else say("overview.question", year=view.last)
)
sheet.head(
    question,
    answer(view, own.coverage, own, district, moves["items_disclosed"], sums, say),
    view.invented,
    say,
)
sheet.cards(headlines.cards(view, own, district, moves, say), say)
left, right = st.columns(2, gap="small")
with left:
    told = changes.show(view, latest_year, moves["items_disclosed"], moves["requests_received"], sums, say)
    st.page_link("brief.py", label=say("brief.open"), query_params=filters.carried())
    # Beside a tall map there is room.
    beside = st.container() if len(latest_year) > ROWS_PER_SENTENCE * told else None
with right:
    coverage_map.show(coverage, view, say)
series.show(view, SERIES, say)
if view.body is None:
    rollup.show(view, say)
with beside or st.container(), st.container(border=True):
    show_checks(checks, broken, say)
if not figures.empty:
    show_figures(figures, headline_rows(asked["bodies"], view, say), say)
tables.download(view, say, name=say("menu.overview"))
