"""总览: what is held, what it comes to, and which sums do not come out."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, provenance, rollup, series, sheet, store, tables
from pages.ui.charts import Mark
from pages.ui.filters import View
from pages.ui.sheet import Card
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

HEADLINES = ["items_disclosed", "requests_received", "interpretations"]
SERIES = {"items_disclosed": "median", "requests_received": "total"}
LISTED_CHECKS = 4


def answer(
    latest: pd.Series, disclosed: pd.Series, checks: pd.DataFrame, held: list[str], say: Words
) -> list[str]:
    """What is held, what it comes to, which sums break: each with its n of N."""
    said = [say("overview.held", **latest[["expected", "documents", "year"]])]
    if held:
        said[0] += say("overview.held.names", names=say.listed(held))
    said += [
        say(f"overview.{state}", count=latest[state])
        for state in ("late", "unreadable", "figures_only", "missing")
        if latest[state]
    ]
    if disclosed["reported"]:
        key = "overview.disclosed.one" if disclosed["reported"] == 1 else "overview.disclosed.median"
        bound = disclosed["bound"] if disclosed["reported"] == 1 else "exact"
        said.append(
            say(key, amount=say.amount(disclosed["median"], disclosed["unit"], bound), **n_of(disclosed))
        )
    if not checks.empty:
        total = checks.iloc[0]
        key = "overview.checks.broken" if total["all_broken"] else "overview.checks.hold"
        said.append(say(key, **counted(total, "broken", "assessable", say=say)))
    return said


def n_of(headline: pd.Series) -> dict[str, int]:
    return {"n": int(headline["reported"]), "all": int(headline["expected"])}


def headline_card(headline: pd.Series, what: str, label: str, say: Words) -> Card:
    """A measure's figure, last year's beside it, and how many bodies it rests on. `what` is median or total."""
    single = headline["reported"] == 1
    if not headline["reported"]:
        return Card(headline["label"], say("card.unknown"), say("card.n", **n_of(headline)))
    beside = [
        say("card.previous", figure=say.number(headline[f"previous_{what}"]))
        if headline["previous_reported"]
        else say("card.previous.none"),
        say("card.n", **n_of(headline)),
    ]
    if headline["previous_reported"] and headline["previous_reported"] == headline["reported"]:
        beside.insert(1, say.change(headline[f"{what}_change"]))
    if headline["zeros"] and not single:
        beside.append(say("card.zeros", count=headline["zeros"]))
    if headline["inexact"] and not single:
        beside.append(say("card.inexact", count=headline["inexact"]))
    figure = say.amount(headline[what], headline["unit"], headline["bound"] if single else "exact")
    source = (headline["report_id"], headline["fact_id"]) if single else (None, None)
    return Card(headline["label"] if single else label, figure, say("card.separator").join(beside), *source)


def show_cards(latest: pd.Series, headlines: dict[str, pd.Series], checks: pd.DataFrame, say: Words) -> None:
    counts = {name: latest[name] for name in ("on_time", "late", "missing")}
    held = Card(
        say("card.held"),
        say("card.held.figure", documents=latest["documents"], expected=latest["expected"]),
        say("card.held.beside", **counts),
    )
    sheet.cards(
        [
            headline_card(headlines["items_disclosed"], "median", say("card.disclosed"), say),
            headline_card(headlines["requests_received"], "total", say("card.received"), say),
            held,
            checks_card(checks, say),
        ],
        say,
    )


def checks_card(checks: pd.DataFrame, say: Words) -> Card:
    if checks.empty:
        return Card(say("card.checks"), say("card.unknown"), say("card.checks.none"))
    total = checks.iloc[0]
    return Card(
        say("card.checks"),
        say("card.checks.figure", **counted(total, "broken", say=say)),
        say("card.checks.beside", **counted(total, "assessable", "holds", "note", "not_assessable", say=say)),
    )


def counted(total: pd.Series, *outcomes: str, say: Words) -> dict[str, str]:
    """How many checks came out so, as people write numbers."""
    return {outcome: say.number(total[f"all_{outcome}"]) for outcome in outcomes}


def hover(row: pd.Series, say: Words) -> str:
    lines = [say("coverage.cell", body=row["body"], year=row["year"]), say.of("state", row["state"])]
    if pd.notna(row["published"]) and row["state"] != "figures":
        lines.append(
            say("coverage.published", day=say.day(row["published"]), limit=say.day(row["publication_limit"]))
        )
    return "\n".join(lines)


@store.kept
def marks_of(coverage: pd.DataFrame, say: Words) -> list[Mark]:
    return [
        Mark(
            row["body"],
            int(row["year"]),
            row["state"],
            None if pd.isna(row["report_id"]) else row["report_id"],
            hover(row, say),
        )
        for _, row in coverage.iterrows()
    ]


def show_coverage(coverage: pd.DataFrame, view: View, latest: pd.Series, say: Words) -> None:
    key = "coverage.title.all" if latest["documents"] == latest["expected"] else "coverage.title.gaps"
    sheet.title(say(key, year=view.last, documents=latest["documents"], expected=latest["expected"]))
    present = [state for state in charts.states() if (coverage["state"] == state).any()]
    sheet.legend([(state, say.of("state", state)) for state in present])
    bodies = list(coverage["body"].drop_duplicates())
    charts.show(
        charts.coverage(bodies, view.years(), marks_of(coverage, say)),
        key="coverage",
        alt=say("coverage.alt"),
    )


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
def figure_columns(figures: pd.DataFrame, headline_rows: pd.DataFrame, say: Words) -> list[Column]:
    headlines = by_measure(headline_rows)
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
            label=headlines[measure]["label"],
            unit=say.of("unit", headlines[measure]["unit"]),
        )
        columns.append(Column(heading, cells, targets, numeric=True))
    return columns


def show_figures(figures: pd.DataFrame, headline_rows: pd.DataFrame, say: Words) -> None:
    title = say("figures.title", reports=figures["report_id"].nunique())
    sheet.title(title, say("figures.note"))
    tables.show(figure_columns(figures, headline_rows, say), key="figures", alt=title)


@store.kept
def by_measure(headline_rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {row["measure"]: row for _, row in headline_rows.iterrows()}


say = speak()
view = sheet.opened(say)
asked = view.query()

coverage = store.ask("coverage_by_body_and_year", **asked)
headline_rows = store.ask(
    "headline_by_measure", bodies=asked["bodies"], measures=HEADLINES, year=view.last, language=say.language
)
checks = store.ask("checks_by_rule", language=say.language, **asked)
broken = store.ask("broken_checks", language=say.language, **asked)
figures = store.ask("headline_facts_by_body", measures=HEADLINES, **asked)

latest_rows = coverage[coverage["year"] == view.last]
latest = latest_rows.iloc[0]
headlines = by_measure(headline_rows)
held = list(latest_rows.loc[latest_rows["state"].isin(["on_time", "late", "undated", "unreadable"]), "body"])

sheet.head(
    say("overview.question", year=view.last),
    answer(latest, headlines["items_disclosed"], checks, held, say),
    view.invented,
    say,
)
show_cards(latest, headlines, checks, say)
st.page_link("brief.py", label=say("brief.open"), query_params=filters.carried())
left, right = st.columns([3, 4] if len(view.years()) < 5 else [6, 5], gap="small")
with left, st.container(border=True):
    show_coverage(coverage, view, latest, say)
with right, st.container(border=True):
    show_checks(checks, broken, say)
series.show(view, SERIES, say)
if view.body is None:
    rollup.show(view, say)
if not figures.empty:
    show_figures(figures, headline_rows, say)
tables.download(view, say, name=say("menu.overview"))
