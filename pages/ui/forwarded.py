"""What was published of one's own and what was only forwarded, where a report tells the two apart."""

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store, tables
from pages.ui.charts import Between, Group, Piece
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words

KINDS = ("own", "forwarded")


def show(view: View, say: Words) -> list[str]:
    """The page's part on forwarded items; its answer in words."""
    given = store.ask("forwarded_by_report", **view.query())
    if given.empty:
        sheet.title(say("forwarded.none"))
        return [say("forwarded.none")]
    first = given.iloc[0]
    said = [say("forwarded.reports", reports=first["all_reports"], n=first["all_forwarded"])]
    both = given[given["with_both"] > 0]
    if not both.empty:
        newest = both.iloc[0]
        said.append(
            say(
                "forwarded.newest",
                year=newest["year"],
                n=newest["with_both"],
                own=say.amount(newest["year_own"], newest["unit"], _bound(newest["own_inexact"])),
                forwarded=say.amount(
                    newest["year_forwarded"], newest["unit"], _bound(newest["forwarded_inexact"])
                ),
            )
        )
    _show_years(given, view, say)
    _show_table(given, say)
    return said


def _bound(inexact: object) -> str:
    return "about" if inexact else "exact"


def _show_years(given: pd.DataFrame, view: View, say: Words) -> None:
    """Both side by side for each year, over the reports that give both."""
    years = given[given["with_both"] > 0].drop_duplicates("year")
    if years.empty:
        sheet.title(say("forwarded.title.none"), say("forwarded.note"))
        return
    colours = {"own": charts.palette().blue, "forwarded": charts.series_colours()[1]}
    groups = [
        Group(
            say(f"forwarded.{kind}"),
            colours[kind],
            [_piece(row, kind, given, say) for _, row in years.iterrows()],
        )
        for kind in KINDS
    ]
    breaks = store.ask(
        "breaks_of_measures", measures=["items_forwarded"], language=say.language, **view.query()
    )
    drawn = set(years["year"])
    found = breaks[breaks["year"].isin(drawn) & breaks["joins"].ne("yes")]
    with st.container(border=True):
        sheet.title(say("forwarded.title"), say("forwarded.note"))
        sheet.swatches([(group.colour, group.name) for group in groups])
        for note in dict.fromkeys(
            say(
                "yearly.break",
                label=say("forwarded.forwarded"),
                joins=say.of("joins", row.joins),
                note=row.note,
            )
            for row in found.itertuples()
        ):
            sheet.note(note)
        between = [
            Between(str(year), say("series.changed")) for year in found["year"] if year != years["year"].min()
        ]
        figure = charts.grouped([str(year) for year in years["year"]], groups, between)
        charts.show(figure, key="forwarded", alt=say("forwarded.alt"))


def _piece(row: pd.Series, kind: str, given: pd.DataFrame, say: Words) -> Piece:
    """A year's sum; of one report, its figure, which opens."""
    pair = given[(given["year"] == row["year"]) & given["own"].notna() & given["forwarded"].notna()]
    single = pair.iloc[0] if len(pair) == 1 else None
    value = row[f"year_{kind}"]
    bound = _bound(row[f"{kind}_inexact"]) if single is None else single[f"{kind}_bound"]
    amount = say.amount(value, row["unit"], bound)
    return Piece(
        bar=str(row["year"]),
        colour="",
        value=value,
        label=say("forwarded.piece", label=say(f"forwarded.{kind}"), number=say.number(value, bound)),
        hover=say(
            "forwarded.hover",
            year=row["year"],
            label=say(f"forwarded.{kind}"),
            amount=amount,
            n=row["with_both"],
            reports=row["reports"],
        ),
        report=None if single is None else single["report_id"],
        fact=None if single is None else single[f"{kind}_fact"],
    )


def _show_table(given: pd.DataFrame, say: Words) -> None:
    """Every report: both figures, and which do not tell the two apart."""
    rows = [row for _, row in given.iterrows()]
    sheet.title(say("forwarded.table"), say("forwarded.table.note"))
    columns = [
        Column(say("column.body"), [row["body"] for row in rows], [Target(row["report_id"]) for row in rows]),
        Column(say("column.year"), [str(row["year"]) for row in rows]),
    ]
    columns += [
        Column(
            say(f"forwarded.{kind}"),
            [_cell(row, kind, say) for row in rows],
            [_target(row, kind) for row in rows],
            numeric=True,
        )
        for kind in KINDS
    ]
    states = [
        say("forwarded.state.apart" if row["state"] == "apart" else "forwarded.state.undivided")
        for row in rows
    ]
    columns.append(Column(say("forwarded.column.state"), states))
    tables.show(columns, key="forwarded-listed", alt=say("forwarded.table"), rows=16)


def _cell(row: pd.Series, kind: str, say: Words) -> str:
    if kind == "forwarded" and row["state"] == "undivided":
        return say("forwarded.undivided")
    status = row[f"{kind}_status"]
    bound = row[f"{kind}_bound"]
    return say.cell(row[kind], "absent" if pd.isna(status) else status, "exact" if pd.isna(bound) else bound)


def _target(row: pd.Series, kind: str) -> Target | None:
    return None if pd.isna(row[f"{kind}_fact"]) else Target(row["report_id"], row[f"{kind}_fact"])
