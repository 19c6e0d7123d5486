"""From a figure to the place it was printed at, and the report as read with that place marked.

Text of reports is hostile. It is shown by st.html with every character escaped by html.escape, so it reaches the
browser as text and no tag of it exists; Streamlit's DOMPurify and the page's policy (no inline script, no foreign
host) stand behind that. Markdown is never used for it: `![](…)` would fetch a picture. A component of our own could
set textContent, but would live in a frame that cannot scroll with the page. Attributes come from numbers only.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.ui import filters
from pipeline import search
from pipeline.model import Place

# A paragraph shorter than this is a cell that was scraped onto a line of its own: it says nothing without its row.
_CELL_LENGTH = 24
_LABEL_LENGTH = 48
_LONGEST_STRONG = 60
# A passage can hold a word a hundred times; an address should stay one that can be passed on.
MOST_PLACES = 50
_SENTENCE_END = re.compile(r"[。；！？;!?\n]")
_NUMBER = re.compile(r"[\d\s.,/\\*×#—–-]*")


@dataclass(frozen=True, slots=True)
class Marks:
    """The places of a report's figures by block and cell, the chosen one or ones, and paragraphs that are copied."""

    places: Mapping[tuple[int, int | None, int | None], list[Place]]
    chosen: tuple[Place, ...]
    copied: frozenset[int] = frozenset()

    @classmethod
    def of(cls, locators: Sequence[str], chosen: Sequence[str] = (), copied: Sequence[str] = ()) -> "Marks":
        places: dict[tuple[int, int | None, int | None], list[Place]] = {}
        for place in filter(None, map(Place.parse, dict.fromkeys([*locators, *chosen]))):
            places.setdefault((place.block, place.row, place.column), []).append(place)
        blocks = frozenset(place.block for place in filter(None, map(Place.parse, copied)))
        return cls(places, tuple(filter(None, map(Place.parse, chosen))), blocks)


def source_query(report: str, fact: str | None, places: Sequence[str] = ()) -> dict[str, str | list[str]]:
    """The address of a figure, or of places, on the page 原文, within the same filters."""
    named: dict[str, str | list[str]] = {"fact": fact} if fact else {"place": list(places)} if places else {}
    return {**filters.carried(), "report": report, **named}


def locator(passage: pd.Series) -> str:
    """The place of a paragraph or a cell."""
    row, column = (
        None if pd.isna(passage[name]) else int(passage[name]) for name in ("cell_row", "cell_column")
    )
    return str(Place(int(passage["block"]), row, column))


def source_address(report: str, fact: str | None) -> str:
    """The same as a link that plain HTML can hold: relative, so that it works under any path."""
    return f"source?{urlencode(source_query(report, fact), doseq=True)}"


def open_source(report: str, fact: str | None) -> None:
    """Leave this page for the place where a figure was printed."""
    st.switch_page("source.py", query_params=source_query(report, fact))


def link(report: str, fact: str | None, label: str, places: Sequence[str] = ()) -> None:
    """A link to the place where a figure was printed, or to places in the text."""
    st.page_link("source.py", label=label, query_params=source_query(report, fact, places))


def _marked(text: str, places: Sequence[Place], chosen: Sequence[Place], offset: int = 0) -> str:
    """The text, escaped, with its figures marked; `offset` is where it starts in its block."""
    spans = []
    for place in places:
        start, end = (
            (0, len(text) + offset) if place.start is None else (place.start, place.end or place.start)
        )
        if start >= offset and end <= offset + len(text):
            spans.append((start - offset, end - offset, place in chosen))
    parts, at = [], 0
    # The chosen one first of those that start together: a mark inside a mark is not drawn.
    for start, end, is_chosen in sorted(spans, key=lambda span: (span[0], not span[2], -span[1])):
        if start < at or (not is_chosen and any(s < end and start < e and c for s, e, c in spans)):
            continue
        name = "chosen" if is_chosen else "other"
        # A whole paragraph in bold with an outline would be hard to read.
        name += " whole" * (end - start > _LONGEST_STRONG)
        parts += [html.escape(text[at:start]), f"<mark class='{name}'>{html.escape(text[start:end])}</mark>"]
        at = end
    return "".join([*parts, html.escape(text[at:])])


def _cell(row: pd.Series, marks: Marks) -> str:
    key = (int(row["block"]), int(row["cell_row"]), int(row["cell_column"]))
    text = row["text"] or " "
    span = f" rowspan='{int(row['row_span'])}' colspan='{int(row['column_span'])}'"
    return f"<td{span}>{_marked(text, marks.places.get(key, []), marks.chosen)}</td>"


def _grid(cells: pd.DataFrame, marks: Marks) -> str:
    rows = (
        "<tr>" + "".join(_cell(row, marks) for _, row in cells_of_row.iterrows()) + "</tr>"
        for _, cells_of_row in cells.groupby("cell_row", sort=True)
    )
    return f"<div class='grid' tabindex='0'><table>{''.join(rows)}</table></div>"


def _is_figure(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_scraped(texts: Sequence[str], at: int) -> bool:
    """Whether a paragraph is a cell on a line of its own: short, or the label right before a figure."""
    text, following = texts[at], texts[at + 1] if at + 1 < len(texts) else "."
    return len(text) < _CELL_LENGTH or (
        len(text) < _LABEL_LENGTH and bool(following) and _is_figure(following)
    )


def _blocks(passages: pd.DataFrame, marks: Marks) -> Iterator[str]:
    """Grids as tables, paragraphs as paragraphs, and runs of scraped cells as rows that begin with their label."""
    blocks = [(int(block), rows) for block, rows in passages.groupby("block", sort=True)]
    texts = ["" if rows["cell_row"].notna().any() else str(rows["text"].iloc[0]) for _, rows in blocks]
    row: list[str] = []
    for at, (block, rows) in enumerate(blocks):
        is_grid = rows["cell_row"].notna().any()
        is_cell = not is_grid and _is_scraped(texts, at)
        leads = (
            not _is_figure(texts[at])
            and at + 1 < len(texts)
            and bool(texts[at + 1])
            and _is_figure(texts[at + 1])
        )
        if row and (not is_cell or leads or (_is_figure(texts[at - 1]) and not _is_figure(texts[at]))):
            yield f"<p class='cells'>{''.join(row)}</p>"
            row = []
        text = "" if is_grid else _marked(texts[at], marks.places.get((block, None, None), []), marks.chosen)
        if is_cell:
            row.append(f"<span>{text}</span>")
        else:
            yield _grid(rows, marks) if is_grid else _paragraph(text, block in marks.copied)
    if row:
        yield f"<p class='cells'>{''.join(row)}</p>"


def _paragraph(text: str, is_copied: bool) -> str:
    return f"<p class='copied'>{text}</p>" if is_copied else f"<p>{text}</p>"


def show_hit(heading: str, text: str, found: Sequence[tuple[int, int]]) -> None:
    """The sentences in which words were found, each of them marked, under a line that says where they stand."""
    places = [Place(0, start=start, end=end) for start, end in found]
    shown = "".join(
        f"<p>{'…' * part.cut_before}{_marked(text[part.start : part.end], places, places, part.start)}{'…' * part.cut_after}</p>"
        for part in search.excerpts(text, found)
    )
    st.html(f"<p class='note'>{html.escape(heading)}</p><div class='excerpt'>{shown}</div>")


def opening(texts: Sequence[str], most: int) -> str:
    """The first words of a text, cut at a sentence's end where there is one."""
    whole = "".join(texts)
    if len(whole) <= most:
        return whole
    end = max((found.end() for found in _SENTENCE_END.finditer(whole, most // 2, most)), default=most)
    return f"{whole[:end]}…"


def show_text(texts: Sequence[str]) -> None:
    """Paragraphs of a report, as they are."""
    st.html(f"<div class='excerpt'>{''.join(f'<p>{html.escape(text)}</p>' for text in texts)}</div>")


def show_report(passages: pd.DataFrame, marks: Marks) -> None:
    """The whole report as read, its figures underlined and the chosen one marked."""
    st.html(f"<article class='report' tabindex='0'>{''.join(_blocks(passages, marks))}</article>")


def _sentence(text: str, place: Place) -> tuple[str, int]:
    """The sentence of a paragraph around a place, and where it starts."""
    if place.start is None:
        return text, 0
    start = max((found.end() for found in _SENTENCE_END.finditer(text, 0, place.start)), default=0)
    found = _SENTENCE_END.search(text, place.end or place.start)
    return text[start : found.end() if found else len(text)], start


def _scraped_row(passages: pd.DataFrame, place: Place) -> pd.DataFrame:
    """The lines around a figure that stands on a line of its own: back to its label, on to the next one."""
    texts = passages.drop_duplicates("block").set_index("block")["text"]
    is_number = texts.map(_is_figure)
    first = last = place.block
    while first - 1 in texts.index and is_number[first]:
        first -= 1
    while last + 1 in texts.index and is_number[last + 1]:
        last += 1
    return passages[passages["block"].between(first, last)]


def show_excerpt(passages: pd.DataFrame, marks: Marks) -> bool:
    """The sentence or row in which the chosen figure stands; False where its place is not in the text."""
    place = next(iter(marks.chosen), None)
    rows = passages[passages["block"] == place.block] if place else passages.iloc[:0]
    if place is None or rows.empty:
        return False
    if place.row is not None:
        chosen = {other.row for other in marks.chosen if other.block == place.block and other.row is not None}
        kept = rows[
            rows["cell_row"].isin(chosen) | (rows["cell_row"].lt(min(chosen)) & _is_head(rows, place))
        ]
        inner = _grid(kept.assign(row_span=1), marks)
    elif len(rows["text"].iloc[0]) < _CELL_LENGTH:
        inner = "".join(_blocks(_scraped_row(passages, place), marks))
    else:
        text, start = _sentence(rows["text"].iloc[0], place)
        figures = marks.places.get((place.block, None, None), [])
        inner = f"<p>{_marked(text, figures, marks.chosen, start)}</p>"
    st.html(f"<div class='excerpt'>{inner}</div>")
    return True


def _is_head(rows: pd.DataFrame, place: Place) -> pd.Series:
    """The rows of a grid above its first figure: they name the columns."""
    has_figure = rows["text"].map(lambda text: bool(text.strip()) and _is_figure(text))
    first = rows.loc[has_figure, "cell_row"].min()
    return rows["cell_row"] < (place.row if pd.isna(first) else first)
