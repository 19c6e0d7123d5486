"""Lines over the years, the same on every page: values with their n of N, and a rule where the meaning changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store, tables
from pages.ui.charts import Break, Point
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words


@dataclass(frozen=True, slots=True)
class _Series:
    """A measure's line, its words, and the table behind it."""

    measure: str
    label: str
    title: str
    note: str
    points: Sequence[Point]
    breaks: Sequence[Break]
    table: Sequence[Column]


def show(view: View, wanted: Mapping[str, str], say: Words) -> None:
    """A line for each measure, beside one another; `wanted` says whether its median or its total is drawn."""
    found = _found(view, tuple(wanted.items()), say)
    if not found:
        return
    for column, one in zip(st.columns(len(found), gap="small"), found, strict=True):
        with column, st.container(border=True, height="stretch"):
            _show_one(one, view, say)


def _show_one(one: _Series, view: View, say: Words) -> None:
    sheet.title(one.title, one.note)
    charts.show(
        charts.trend(view.years(), one.points, one.breaks),
        key=f"series-{one.measure}",
        alt=say("series.alt", label=one.label),
    )
    for found in one.breaks:
        sheet.note(say("series.break", year=found.year, joins=say.of("joins", found.joins), note=found.hover))
    with st.expander(say("series.table")):
        tables.show(one.table, key=f"series-table-{one.measure}", alt=say("series.table"))


@store.kept
def _found(view: View, wanted: tuple[tuple[str, str], ...], say: Words) -> Sequence[_Series]:
    measures = [name for name, _ in wanted]
    rows = store.ask("series_by_year", measures=measures, language=say.language, **view.query())
    of_each = [(rows[rows["measure"] == name], what) for name, what in wanted]
    # Values of one year, or of other bodies each year, are no line.
    return [_series(found, what, say) for found, what in of_each if found["is_joined"].any()]


def _series(rows: pd.DataFrame, what: str, say: Words) -> _Series:
    single = bool((rows["due"] == 1).all())
    valued = rows[rows["n"] > 0]
    first, last = valued.iloc[0], valued.iloc[-1]
    kind = "one" if single else what
    return _Series(
        measure=first["measure"],
        label=first["label"],
        title=say(
            f"series.title.{kind}",
            label=first["label"],
            first=first["year"],
            last=last["year"],
            was=say.number(first[what]),
            now=say.amount(last[what], last["unit"]),
        ),
        note=say("series.note.one" if single else "series.note"),
        points=[_point(row, what, single, say) for _, row in valued.iterrows()],
        breaks=[_break(row, say) for _, row in rows[rows["joins"] != "yes"].iterrows()],
        table=_table(rows, what, single, say),
    )


def _point(row: pd.Series, what: str, single: bool, say: Words) -> Point:
    bound = row["bound"] if single and pd.notna(row["bound"]) else "exact"
    hover = say(
        "series.hover",
        year=row["year"],
        amount=say.amount(row[what], row["unit"], bound),
        n=row["n"],
        all=row["due"],
        bound=say("series.holds_bound") if row["holds_bound"] else "",
    )
    return Point(
        year=int(row["year"]),
        value=row[what],
        label=say.number(row[what], bound),
        hover=hover,
        report=row["report_id"] if single else None,
        fact=row["fact_id"] if single else None,
        hollow=bool(row["n"] < row["due"] or row["holds_bound"]),
        joined=bool(row["is_joined"]),
    )


def _break(row: pd.Series, say: Words) -> Break:
    note = say("series.no_note") if pd.isna(row["note"]) else row["note"]
    return Break(int(row["year"]), row["joins"], say("series.changed"), note)


def _table(rows: pd.DataFrame, what: str, single: bool, say: Words) -> Sequence[Column]:
    """The figures behind the line, year by year, those that are not there with their reason."""
    cells, targets = [], []
    for _, row in rows.iterrows():
        status = row["status"] if single and pd.notna(row["status"]) else "absent"
        bound = row["bound"] if single and pd.notna(row["bound"]) else "exact"
        cells.append(say.cell(row[what], status, bound))
        known = single and pd.notna(row["report_id"])
        targets.append(Target(row["report_id"], row["fact_id"]) if known else None)
    counts = [say("series.count", n=row["n"], all=row["due"]) for _, row in rows.iterrows()]
    inexact = [say("series.inexact") if row["holds_bound"] else "" for _, row in rows.iterrows()]
    return [
        Column(say("column.year"), [str(year) for year in rows["year"]]),
        Column(say(f"series.column.{what}"), cells, targets, numeric=True),
        Column(say("series.column.n"), counts, numeric=True),
        Column(say("series.column.bound"), inexact),
    ]
