"""Lines over the years, the same on every page: values with their n of N, and a rule where the meaning changed."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store, tables
from pages.ui.charts import Break, Point
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words


def show(view: View, wanted: Mapping[str, str], say: Words) -> None:
    """A line for each measure, beside one another; `wanted` says whether its median or its total is drawn."""
    rows = store.ask("series_by_year", measures=list(wanted), language=say.language, **view.query())
    # Values of one year, or of other bodies each year, are no line.
    drawn = [name for name in wanted if rows.loc[rows["measure"] == name, "is_joined"].any()]
    if not drawn:
        return
    for column, name in zip(st.columns(len(drawn), gap="small"), drawn, strict=True):
        with column, st.container(border=True, height="stretch"):
            _show_one(rows[rows["measure"] == name], wanted[name], view, say)


def _show_one(rows: pd.DataFrame, what: str, view: View, say: Words) -> None:
    single = bool((rows["due"] == 1).all())
    valued = rows[rows["n"] > 0]
    first, last = valued.iloc[0], valued.iloc[-1]
    kind = "one" if single else what
    sheet.title(
        say(
            f"series.title.{kind}",
            label=first["label"],
            first=first["year"],
            last=last["year"],
            was=say.number(first[what]),
            now=say.amount(last[what], last["unit"]),
        ),
        say("series.note.one" if single else "series.note"),
    )
    points = [_point(row, what, single, say) for _, row in valued.iterrows()]
    breaks = [_break(row, say) for _, row in rows[rows["joins"] != "yes"].iterrows()]
    measure = first["measure"]
    charts.show(
        charts.trend(view.years(), points, breaks),
        key=f"series-{measure}",
        alt=say("series.alt", label=first["label"]),
    )
    for found in breaks:
        sheet.note(say("series.break", year=found.year, joins=say.of("joins", found.joins), note=found.hover))
    with st.expander(say("series.table")):
        _show_table(rows, what, single, say)


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


def _show_table(rows: pd.DataFrame, what: str, single: bool, say: Words) -> None:
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
    tables.show(
        [
            Column(say("column.year"), [str(year) for year in rows["year"]]),
            Column(say(f"series.column.{what}"), cells, targets, numeric=True),
            Column(say("series.column.n"), counts, numeric=True),
            Column(say("series.column.bound"), inexact),
        ],
        key=f"series-table-{rows['measure'].iloc[0]}",
        alt=say("series.table"),
    )
