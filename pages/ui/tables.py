"""Tables and downloads: right-aligned figures that open their source, CSV that spreadsheets cannot run."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.ui import access, filters, provenance, store
from pages.ui.filters import View
from pages.ui.words import Words, speak
from pipeline.export import defused, plain_number

ROW_HEIGHT = 30
# A page's own download has what the page has: every status, all rows, and the documents that count.
EVERY = {"statuses": None, "superseded": False, "limit": None, "offset": 0}
HIT_COLUMNS = ["body", "county", "year", "section", "kind", "text", "locator", "source", "report_id"]
# A table of more columns than this scrolls sideways, so its first column stays.
WIDE = 7
# As many rows as a plain table has; the download has all.
PLAIN_ROWS = 300


@dataclass(frozen=True, slots=True)
class Target:
    """Where a cell leads: a report and, in it, a figure or places."""

    report: str
    fact: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its texts, where each leads, and whether it holds figures."""

    name: str
    cells: Sequence[str]
    targets: Sequence[Target | None] | None = None
    numeric: bool = False
    width: str | int | None = None


def _cell(columns: Sequence[Column], *, key: str, alt: str, rows: int) -> tuple[int, str] | None:
    """Draw a table; the row and column of the cell that was clicked."""
    settings = {
        column.name: st.column_config.TextColumn(
            alignment="right" if column.numeric else "left",
            width=column.width,  # type: ignore[arg-type]
            pinned=place == 0 and len(columns) > WIDE,
        )
        for place, column in enumerate(columns)
    }
    length = len(columns[0].cells)
    state: Any = st.dataframe(
        # What the browser is sent; a frame of pandas would be turned into it first.
        pa.table({column.name: pa.array(column.cells, pa.string()) for column in columns}),
        key=key,
        hide_index=True,
        column_config=settings,
        height=ROW_HEIGHT * (min(length, rows) + 1) + 3,
        row_height=ROW_HEIGHT,
        on_select="rerun",
        selection_mode="single-cell",
        alt=alt,
    )
    return next(iter(state["selection"]["cells"]), None)


def show(columns: Sequence[Column], *, key: str, alt: str, rows: int = 12) -> None:
    """A table whose cells open their source on a click."""
    if filters.plain_tables():
        _plain(columns, alt=alt)
        return
    clicked = _cell(columns, key=key, alt=alt, rows=rows)
    if clicked is None:
        return
    row, name = clicked
    column = next(column for column in columns if column.name == name)
    target = column.targets[row] if column.targets else None
    if target is not None:
        provenance.open_source(target.report, target.fact, target.places)


def sheet(columns: Sequence[Column], *, alt: str) -> None:
    """A small table of plain HTML whose cells are links to their source: it wraps, prints and is read aloud."""
    head = "".join(f"<th scope='col'{_side(column)}>{html.escape(column.name)}</th>" for column in columns)
    length = len(columns[0].cells)
    rows = "".join(
        f"<tr>{''.join(f'<td{_side(column)}>{_linked(column, row)}</td>' for column in columns)}</tr>"
        for row in range(length)
    )
    st.html(
        f"<div class='sheet' tabindex='0'><table aria-label='{html.escape(alt)}'><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _side(column: Column) -> str:
    return " class='number'" if column.numeric else ""


def _linked(column: Column, row: int) -> str:
    text = html.escape(column.cells[row])
    target = column.targets[row] if column.targets else None
    if target is None or not text:
        return text
    address = html.escape(provenance.source_address(target.report, target.fact, target.places))
    return f"<a href='{address}'>{text}</a>"


def picked(columns: Sequence[Column], *, key: str, alt: str, rows: int = 16) -> int | None:
    """A table to pick a row from by a click anywhere in it; its number."""
    if filters.plain_tables():
        return _picked_by_name(columns, key=key, alt=alt)
    clicked = _cell(columns, key=key, alt=alt, rows=rows)
    return None if clicked is None else clicked[0]


def _plain(columns: Sequence[Column], *, alt: str) -> None:
    """The table without Streamlit's grid: the keyboard and a reading machine come to each of its cells."""
    length = len(columns[0].cells)
    first = [
        replace(
            column, cells=column.cells[:PLAIN_ROWS], targets=column.targets and column.targets[:PLAIN_ROWS]
        )
        for column in columns
    ]
    sheet(first, alt=alt)
    if length > PLAIN_ROWS:
        say = speak()
        whole = say("tables.cut", shown=say.number(PLAIN_ROWS), all=say.number(length))
        st.html(f"<p class='note'>{html.escape(whole)}</p>")


def _picked_by_name(columns: Sequence[Column], *, key: str, alt: str) -> int | None:
    """A box to pick a row by its first words, above the plain table."""
    length = len(columns[0].cells)
    names = [" · ".join(filter(None, (column.cells[row] for column in columns[:2]))) for row in range(length)]
    row: int | None = st.selectbox(
        speak()("tables.pick"),
        range(length),
        index=None,
        format_func=names.__getitem__,
        placeholder=alt,
        key=f"{key}-row",
    )
    _plain(columns, alt=alt)
    return row


def crossed(frame: pd.DataFrame, row: str, column: str, value: str) -> pd.DataFrame:
    """Rows against columns in the order in which they first come; a pair that is not there is missing."""
    wide = frame.drop_duplicates([row, column]).pivot(index=row, columns=column, values=value)
    return wide.reindex(index=frame[row].drop_duplicates(), columns=frame[column].drop_duplicates())


def _as_written(value: object) -> str | None:
    """A value of a column of many kinds: a number as a number, a text that a spreadsheet would not run."""
    return plain_number(value) if isinstance(value, float) else defused(str(value))


def csv(frame: pd.DataFrame) -> bytes:
    """CSV that Excel opens right: UTF-8 with BOM, CRLF, whole numbers without .0, no text that runs as a formula."""
    plain = frame.copy()
    for name in plain.columns:
        if pd.api.types.is_numeric_dtype(plain[name]):
            plain[name] = plain[name].map(plain_number, na_action="ignore").astype(object)
        elif pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
        else:
            plain[name] = plain[name].map(_as_written, na_action="ignore")
    plain.columns = [defused(str(name)) for name in plain.columns]
    return b"\xef\xbb\xbf" + plain.to_csv(index=False, lineterminator="\r\n").encode()


def download(view: View, say: Words, *, name: str, measures: Sequence[str] | None = None) -> None:
    """The button that downloads the facts of a page's view."""
    asked = {"bodies": view.query()["bodies"], "years": view.years(), "reports": None}
    wanted = None if measures is None else list(measures)
    file = say("download.file", page=name, scope=view.scope, first=view.first, last=view.last)
    _button(asked | {"measures": wanted}, file, say)


def download_report(report: str, say: Words, *, name: str) -> None:
    """The button that downloads the facts of one report."""
    _button({"bodies": None, "years": None, "measures": None, "reports": [report]}, name, say)


def download_hits(view: View, words: Sequence[str], say: Words, *, name: str) -> None:
    """The button that downloads every passage in which the words stand, each with its place."""

    def hits() -> bytes:
        found = store.ask("search_passages", words=list(words), limit=None, offset=0, **view.query())
        return hits_csv(found, say)

    file = say("download.file", page=name, scope=view.scope, first=view.first, last=view.last)
    _download(hits, file, say)


def hits_csv(found: pd.DataFrame, say: Words) -> bytes:
    """Passages as CSV, with headings in the reader's language."""
    named = found.assign(
        locator=[provenance.locator(row) for _, row in found.iterrows()],
        kind=[say.of("passage", kind) for kind in found["kind"]],
        section=[say.section(section) for section in found["section"]],
    )
    return csv(named[HIT_COLUMNS].rename(columns=say.family("csv")))


def _button(asked: dict[str, Any], file: str, say: Words) -> None:
    _download(
        lambda: _named(store.ask("facts_long", language=say.language, **EVERY, **asked), say), file, say
    )


def may_download() -> bool:
    """Whether who asks may take figures away; where not, no page has a button for it."""
    return access.visitor().may("analyst")


def _download(data: Callable[[], bytes], file: str, say: Words) -> None:
    if not may_download():
        return
    st.download_button(
        say("download"),
        data=store.later(data),
        file_name=f"{file}.csv",
        mime="text/csv",
        on_click="ignore",
        key="download",
    )


def download_frame(frame: pd.DataFrame, say: Words, *, name: str, key: str) -> None:
    """The button that downloads a frame as it is."""
    if not may_download():
        return
    st.download_button(
        say("download.rows"),
        data=lambda: csv(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=key,
    )


def download_listed(
    rows: Callable[[], pd.DataFrame], headings: Mapping[str, str], say: Words, *, name: str
) -> None:
    """The button that downloads a list as narrowed, its columns those that have a heading, in that order."""

    def listed() -> bytes:
        return csv(rows().reindex(columns=list(headings)).rename(columns=headings))

    _download(listed, name, say)


def download_rows(frame: pd.DataFrame, say: Words, *, name: str, key: str = "download") -> None:
    """The button that downloads the rows of a table of sums or comparisons, headed in the reader's language."""
    headings = say.family("csv")
    kept = frame.loc[:, [column for column in frame.columns if column in headings]]
    download_frame(kept.rename(columns=headings), say, name=name, key=key)


def _named(facts: pd.DataFrame, say: Words) -> bytes:
    """Facts with headings and statuses in the reader's language."""
    headings = say.family("csv")
    named = facts.loc[:, [column for column in facts.columns if column in headings]].copy()
    for status in ("status", "printed_status"):
        named[status] = [say.of("status", code) if pd.notna(code) else None for code in named[status]]
    named["bound"] = [say.of("bound_name", code) for code in named["bound"]]
    named["unit"] = [say.of("unit", code) for code in named["unit"]]
    return csv(named.rename(columns=headings))
