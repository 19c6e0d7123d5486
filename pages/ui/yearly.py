"""Bars by year for one or more measures, over the bodies in view: counts as they are, rules where the form changed."""

import dataclasses
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, provenance, sheet, store
from pages.ui.charts import Between, Ending, Group, Piece
from pages.ui.filters import View
from pages.ui.words import Words


def show(view: View, wanted: Mapping[str, str], title: str, say: Words, *, key: str) -> pd.DataFrame:
    """Bars of each year side by side, the newest on top; `wanted` names each measure. The rows that were drawn."""
    rows = store.ask("series_by_year", measures=list(wanted), language=say.language, **view.query())
    valued = rows[rows["n"] > 0]
    if valued.empty:
        return rows
    years = sorted(valued["year"].unique(), reverse=True)
    colours = charts.series_colours()
    groups = [
        Group(name, colours[place], [_piece(row, name, len(wanted) > 1, say) for _, row in of.iterrows()])
        for place, (measure, name) in enumerate(wanted.items())
        if not (of := valued[valued["measure"] == measure]).empty
    ]
    with st.container(border=True):
        sheet.title(title, say("yearly.note"))
        if len(groups) > 1:
            sheet.swatches([(group.colour, group.name) for group in groups])
        between = _breaks(valued, say)
        _click(charts.grouped([str(year) for year in years], groups, between), title, key)
    return rows


def show_parts(
    view: View, parts: Mapping[str, tuple[str, str]], title: str, note: str, say: Words, *, key: str
) -> None:
    """One bar for each year, a piece for each part; `parts` says of each measure its name and its colour."""
    rows = store.ask("series_by_year", measures=list(parts), language=say.language, **view.query())
    valued = rows[rows["n"] > 0]
    if not valued["total"].gt(0).any():
        return
    years = [str(year) for year in sorted(valued["year"].unique(), reverse=True)]
    pieces = []
    for _, row in valued[valued["total"].gt(0)].iterrows():
        name, colour = parts[row["measure"]]
        pieces.append(_part(row, name, colour, say))
    endings = [
        Ending(
            str(row["year"]),
            row["together"],
            say("yearly.piece", number=say.number(row["together"]), n=row["together_n"], all=row["due"]),
        )
        for _, row in valued.drop_duplicates("year").iterrows()
    ]
    with st.container(border=True):
        sheet.title(title, note)
        drawn = set(valued["measure"])
        sheet.swatches([(colour, name) for measure, (name, colour) in parts.items() if measure in drawn])
        between = _breaks(valued, say)
        _click(charts.stacked(years, pieces, endings, [], between), title, key)


def _part(row: pd.Series, name: str, colour: str, say: Words) -> Piece:
    piece = _piece(row, name, False, say)
    return dataclasses.replace(piece, colour=colour, label=say.number(row["total"]))


def _click(figure: charts.Figure, title: str, key: str) -> None:
    """Draw; a click opens the one figure that a bar is, or goes on to its year."""
    for report, found in charts.picked(figure, key=key, alt=title):
        if report:
            provenance.open_source(report, found)
        elif found and found != st.query_params.get("year"):
            filters.put("year", found)
            st.rerun()


def _breaks(valued: pd.DataFrame, say: Words) -> list[Between]:
    """The rules between years that do not plainly join; every change is said, of one that holds after adding no more."""
    changed = valued[valued["joins"].ne("yes") & valued["year"].gt(valued["year"].min())]
    notes: dict[str, list[str]] = {}
    for _, row in changed.iterrows():
        notes.setdefault(_note(row, say), []).append(str(row["year"]))
    for note, years in notes.items():
        sheet.note(say("yearly.break.years", years=say("list.separator").join(years), note=note))
    drawn = changed[changed["joins"].ne("after_adding")]
    return [Between(str(year), say("series.changed")) for year in drawn["year"].unique()]


def _note(row: pd.Series, say: Words) -> str:
    note = say("series.no_note") if pd.isna(row["note"]) else row["note"]
    return say(
        "yearly.break", year=row["year"], label=row["label"], joins=say.of("joins", row["joins"]), note=note
    )


def _piece(row: pd.Series, name: str, is_named: bool, say: Words) -> Piece:
    """A year's sum with how many of its bodies state it; of one body, its figure, which opens."""
    single = row["due"] == 1
    bound = row["bound"] if single and pd.notna(row["bound"]) else "about" if row["holds_bound"] else "exact"
    number = say.number(row["total"], bound)
    counted = {"number": number, "n": row["n"], "all": row["due"]}
    key = "yearly.piece.one" if single else "yearly.piece"
    label = say(key, **counted)
    return Piece(
        bar=str(row["year"]),
        colour="",
        value=row["total"],
        label=say("yearly.named", name=name, label=label) if is_named else label,
        hover=say("yearly.hover", year=row["year"], label=row["label"], **counted),
        report=row["report_id"] if single and pd.notna(row["report_id"]) else None,
        fact=row["fact_id"] if single and pd.notna(row["fact_id"]) else str(row["year"]),
    )
