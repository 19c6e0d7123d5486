"""The map of bodies by years: whose report is there, in time or not, readable or not, and with an empty table or not."""

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, provenance, sheet, store, tables
from pages.ui.charts import Mark
from pages.ui.filters import View
from pages.ui.tables import Column
from pages.ui.words import Words

# More rows than this are more than a reader takes in at once.
MOST = 45
COUNTS = ("expected", "on_time", "late", "undated", "figures_only", "missing", "unreadable", "blank")


def show(coverage: pd.DataFrame, view: View, say: Words) -> None:
    """The map, a page of bodies at a time where they are many, and the counts of all of them year by year."""
    latest = coverage[coverage["year"] == view.last].iloc[0]
    with st.container(border=True, key="coverage-map"):
        sheet.title(_title(latest, view, say), say("coverage.note"))
        present = [state for state in charts.states() if (coverage["shown"] == state).any()]
        sheet.legend([(state, say.of("state", state)) for state in present])
        bodies = coverage.drop_duplicates("body_id")[["body_id", "body"]]
        pages = math.ceil(len(bodies) / MOST)
        current = filters.page_asked(pages)
        drawn = bodies.iloc[current * MOST : (current + 1) * MOST]
        if pages > 1:
            ends = {"first": drawn["body"].iloc[0], "last": drawn["body"].iloc[-1]}
            sheet.note(
                say(
                    "coverage.pages", all=len(bodies), shown=len(drawn), page=current + 1, pages=pages, **ends
                )
            )
            sheet.steps(current, pages, say)
        _show_marks(coverage, view, current, say)
        with st.expander(say("coverage.table", bodies=len(bodies))):
            _show_counts(coverage.drop_duplicates("year").sort_values("year", ascending=False), say)


def _title(latest: pd.Series, view: View, say: Words) -> str:
    counts = {name: latest[name] for name in ("expected", "documents", "on_time")}
    if view.body:
        return say("coverage.title.of", body=view.names[view.body])
    if not latest["documents"]:
        return say("coverage.title.none", year=view.last, expected=latest["expected"])
    key = "coverage.title.all" if latest["documents"] == latest["expected"] else "coverage.title.gaps"
    return say(key, year=view.last, **counts)


@store.kept
def _marks(coverage: pd.DataFrame, page: int, say: Words) -> tuple[list[str], list[Mark]]:
    """The bodies of a page of the map, and their marks."""
    bodies = coverage.drop_duplicates("body_id").iloc[page * MOST : (page + 1) * MOST]
    marks = [
        Mark(
            row["body"],
            row["year"],
            row["shown"],
            None if pd.isna(row["report_id"]) else row["report_id"],
            _hover(row, say),
            body_id=row["body_id"],
        )
        for row in coverage[coverage["body_id"].isin(bodies["body_id"])].to_dict("records")
    ]
    return list(bodies["body"]), marks


def _show_marks(coverage: pd.DataFrame, view: View, page: int, say: Words) -> None:
    bodies, marks = _marks(coverage, page, say)
    figure = charts.coverage(bodies, view.years(), marks)
    # The key changes with the page, so that a click on another page's mark is forgotten.
    for report, body in charts.picked(figure, key=f"coverage-{page}", alt=say("coverage.alt")):
        if report:
            provenance.open_source(report, None)
        elif body:
            provenance.open_profile(body)


def _hover(row: dict[Hashable, Any], say: Words) -> str:
    lines = [say("coverage.cell", body=row["body"], year=row["year"]), say.of("state", row["state"])]
    if pd.notna(row["published"]) and row["state"] != "figures":
        days = {"day": say.day(row["published"]), "limit": say.day(row["publication_limit"])}
        lines.append(say("coverage.published", **days))
    if pd.notna(row["days_late"]):
        lines.append(say("coverage.days", days=int(row["days_late"])))
    if len(row["blank_tables"]):
        names = [say.of("blank_table", section) for section in row["blank_tables"]]
        lines.append(say("coverage.blank", names=say("list.separator").join(names)))
    return "\n".join(lines)


def _show_counts(years: pd.DataFrame, say: Words) -> None:
    columns = [Column(say("column.year"), [str(year) for year in years["year"]])]
    columns += [
        Column(say(f"coverage.column.{name}"), [say.number(count) for count in years[name]], numeric=True)
        for name in COUNTS
    ]
    tables.show(columns, key="coverage-counts", alt=say("coverage.table.alt"), rows=14)
