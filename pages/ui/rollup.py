"""The roll-up of a county: what its townships come to, beside its own report, and what the gap can mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import sheet, store, tables
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words

MEASURES = (
    "items_disclosed requests_received requests_carried_in granted granted_in_part refused unavailable unprocessed"
    " other_outcome requests_closed requests_carried_out reconsideration_total lawsuit_direct_total"
    " lawsuit_after_reconsideration_total"
).split()
# As many names as fit beside the figures; the download has them all.
NAMED = 2


def show(view: View, say: Words) -> None:
    """The roll-up of the last year in view, and a download of all its years."""
    found = _found(view, say)
    if found is None:
        return
    with st.container(border=True):
        sheet.title(found.title, say("rollup.note"))
        tables.show(found.columns, key="rollup", alt=say("rollup.alt"), rows=len(MEASURES))
        if found.missing:
            names = say.listed(found.missing, most=8)
            sheet.note(say("rollup.missing", count=len(found.missing), names=names))
        file = say("rollup.file", scope=view.scope, first=view.first, last=view.last)
        tables.download_rows(found.exported, say, name=file, key="rollup-download")


@dataclass(frozen=True, slots=True)
class _RollUp:
    """The last year as it is shown, and every year as it is downloaded."""

    title: str
    columns: Sequence[Column]
    missing: list[str]
    exported: pd.DataFrame


@store.kept
def _found(view: View, say: Words) -> _RollUp | None:
    asked = {"scope": view.scope, "first": view.first, "last": view.last, "measures": MEASURES}
    rows = store.ask("rollup", language=say.language, **asked)
    latest = rows[rows["year"] == view.last]
    if latest.empty or latest["total"].isna().all():
        return None
    missing = _names(latest["without_report"].iloc[0])
    return _RollUp(_title(latest, view.last, say), _columns(latest, say), missing, _exported(rows, say))


def _title(latest: pd.DataFrame, year: int, say: Words) -> str:
    own = latest["district"].dropna()
    if own.empty:
        return say("rollup.title.none", year=year)
    first = latest.iloc[0]
    counts = {"agree": int(first["equal"]), "compared": int(first["compared"])}
    return say("rollup.title", year=year, district=own.iloc[0], **counts)


def _names(listed: object) -> list[str]:
    """Names out of a list column, where no list means no name."""
    return [] if listed is None or listed is pd.NA or isinstance(listed, float) else [str(n) for n in listed]  # type: ignore[attr-defined]


def _columns(latest: pd.DataFrame, say: Words) -> Sequence[Column]:
    rows = [row for _, row in latest.iterrows()]
    return [
        Column(say("rollup.column.measure"), [_label(row, say) for row in rows], width=210),
        Column(say("rollup.column.total"), [_total(row, say) for row in rows], [_only(row) for row in rows], True),
        Column(say("rollup.column.n"), [say("series.count", n=row["n"], all=row["due"]) for row in rows], numeric=True),
        Column(say("rollup.column.district"), [_own(row, say) for row in rows], [_source(row) for row in rows], True),
        Column(say("rollup.column.gap"), [say.signed(row["gap"]) for row in rows], numeric=True),
        Column(say("rollup.column.reading"), [_reading(row, say) for row in rows], width="large"),
    ]  # fmt: skip


def _label(row: pd.Series, say: Words) -> str:
    name = say.family("short").get(row["measure"], row["label"])
    return say("column.measure", label=name, unit=say.of("unit", row["unit"]))


def _total(row: pd.Series, say: Words) -> str:
    text = say.cell(row["total"], "absent")
    return say("rollup.holds_bound", number=text) if row["holds_bound"] else text


def _only(row: pd.Series) -> Target | None:
    """A sum of one figure opens it."""
    return Target(row["only_report"], row["only_fact"]) if isinstance(row["only_report"], str) else None


def _own(row: pd.Series, say: Words) -> str:
    if pd.isna(row["district_report"]):
        return say("sign.absent")
    status = "absent" if pd.isna(row["district_status"]) else row["district_status"]
    bound = "exact" if pd.isna(row["district_bound"]) else row["district_bound"]
    return say.cell(row["district_value"], status, bound)


def _source(row: pd.Series) -> Target | None:
    if pd.isna(row["district_report"]):
        return None
    return Target(row["district_report"], None if pd.isna(row["district_fact"]) else row["district_fact"])


def _reading(row: pd.Series, say: Words) -> str:
    lacking = _names(row["without_report"]) + _names(row["without_figure"])
    names = say("list.separator").join(lacking[:NAMED])
    if len(lacking) > NAMED:
        names = say("rollup.and_others", names=names)
    return say(f"rollup.reading.{row['reading']}", count=len(lacking), names=names)


def _exported(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows as they are downloaded: codes in words, lists as text."""
    return rows.assign(
        unit=[say.of("unit", unit) for unit in rows["unit"]],
        holds_bound=[say("series.inexact") if held else "" for held in rows["holds_bound"]],
        without_report=[say("list.separator").join(_names(names)) for names in rows["without_report"]],
        without_figure=[say("list.separator").join(_names(names)) for names in rows["without_figure"]],
        district_status=[
            "" if pd.isna(status) else say.of("status", status) for status in rows["district_status"]
        ],
        reading=[_reading(row, say) for _, row in rows.iterrows()],
    )
