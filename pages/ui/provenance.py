"""From a figure to the place it was printed at, and the report as read with that place marked.

Text of reports is hostile. It is shown by st.html with every character escaped by html.escape, so it reaches the
browser as text and no tag of it exists; Streamlit's DOMPurify and the page's policy (no inline script, no foreign
host) stand behind that. Markdown is never used for it: `![](…)` would fetch a picture. A component of our own could
set textContent, but would live in a frame that cannot scroll with the page. Attributes come from numbers only.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.ui import filters
from pages.ui.words import Words, literal
from pipeline import search
from pipeline.alignment import stretches
from pipeline.model import Place

# A paragraph shorter than this is a cell that was scraped onto a line of its own: it says nothing without its row.
_CELL_LENGTH = 24
_LABEL_LENGTH = 48
_LONGEST_STRONG = 60
# No table of the forms has that many rows; what goes on for thousands is shown in the original.
_MOST_ROWS = 200
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


def places_in(passages: pd.DataFrame) -> set[str]:
    """The places of all paragraphs and cells."""
    rows = zip(passages["block"], passages["cell_row"], passages["cell_column"], strict=True)
    return {
        str(Place(int(block)) if pd.isna(row) else Place(int(block), int(row), int(column)))
        for block, row, column in rows
    }


def source_address(report: str, fact: str | None, places: Sequence[str] = ()) -> str:
    """The same as a link that plain HTML can hold: relative, so that it works under any path."""
    return f"source?{urlencode(source_query(report, fact, places), doseq=True)}"


def source_addresses(report: str, facts: Sequence[str]) -> list[str]:
    """The same of many figures of one report."""
    start = urlencode(source_query(report, None), doseq=True)
    return [f"source?{start}&{urlencode({'fact': fact})}" for fact in facts]


def page_address(page: str, **query: str) -> str:
    """The address of another page within the same filters, as a link that plain HTML can hold."""
    return f"{page}?{urlencode({**filters.carried(), **query}, doseq=True)}"


def open_profile(body: str) -> None:
    """Leave this page for a body's sheet."""
    st.switch_page("profile.py", query_params={**filters.carried(), "body": body})


def open_source(report: str, fact: str | None, places: Sequence[str] = ()) -> None:
    """Leave this page for the place where a figure was printed."""
    st.switch_page("source.py", query_params=source_query(report, fact, places))


def link(report: str, fact: str | None, label: str, places: Sequence[str] = ()) -> None:
    """A link to the place where a figure was printed, or to places in the text."""
    st.page_link("source.py", label=literal(label), query_params=source_query(report, fact, places))


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


def spans_of(text: str, places: Sequence[Place]) -> list[tuple[int, int, Place]]:
    """The characters of places in their own text; a place without characters is all of it."""
    return [
        (0, len(text), place) if place.start is None else (place.start, place.end or place.start, place)
        for place in places
    ]


def tied(text: str, spans: Sequence[tuple[int, int, Place]], marks: Marks) -> str:
    """The text, escaped, with its figures marked and named by their places, so that a list beside it can point at them.

    Figures that overlap are cut into stretches that name each of them. `data-sentence` names the sentence.
    """
    if not spans:
        return html.escape(text)
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    near = {bisect_right(ends, start) for start, _, place in spans if place in marks.chosen}
    parts, at = [], 0
    for start, end, names in stretches([span for span in spans if span[1] <= len(text)]):
        sentence = bisect_right(ends, start)
        kind = "chosen" if any(name in marks.chosen for name in names) else "other"
        kind += " near" * (kind == "other" and sentence in near) + " whole" * (end - start > _LONGEST_STRONG)
        parts.append(html.escape(text[at:start]))
        parts.append(
            f"<mark class='{kind}' data-place='{' '.join(map(str, names))}' data-sentence='{names[0].block}-{sentence}' "
            f"tabindex='0'>{html.escape(text[start:end])}</mark>"
        )
        at = end
    return "".join([*parts, html.escape(text[at:])])


def _tied_cell(text: str, span: str, places: Sequence[Place], marks: Marks) -> str:
    """A cell that is a figure as a whole, blank or not, is pointed at as a cell."""
    whole = [place for place in places if place.start is None]
    if not whole:
        return f"<td{span}>{tied(text, spans_of(text, places), marks)}</td>"
    kind = "chosen" if any(place in marks.chosen for place in places) else "other"
    kind += " whole" * (len(text) > _LONGEST_STRONG)
    names = " ".join(map(str, places))
    return f"<td{span} data-place='{names}' tabindex='0'><mark class='{kind}'>{html.escape(text)}</mark></td>"


def _places(cell: Any, marks: Marks) -> list[Place]:
    return marks.places.get((int(cell.block), int(cell.cell_row), int(cell.cell_column)), [])


def _cell(row: Any, marks: Marks, *, is_tied: bool) -> str:
    text = row.text or " "
    span = f" rowspan='{int(row.row_span)}' colspan='{int(row.column_span)}'"
    places = _places(row, marks)
    if is_tied and places:
        return _tied_cell(text, span, places, marks)
    return f"<td{span}>{_marked(text, places, marks.chosen)}</td>"


def _grid(cells: Sequence[Any], marks: Marks, *, say: Words | None = None) -> str:
    """A grid; with `say` one that is tied to the list, its rows beyond all measure left out where no figure stands."""
    rows = [list(row) for _, row in groupby(cells, key=lambda cell: cell.cell_row)]
    shown = []
    left_out = 0
    for number, row in enumerate(rows):
        if say and number >= _MOST_ROWS and not any(_places(cell, marks) for cell in row):
            left_out += 1
            continue
        shown.append(_left_out(left_out, say) if say and left_out else "")
        left_out = 0
        shown.append(f"<tr>{''.join(_cell(cell, marks, is_tied=say is not None) for cell in row)}</tr>")
    shown.append(_left_out(left_out, say) if say and left_out else "")
    return f"<div class='grid' tabindex='0'><table>{''.join(shown)}</table></div>"


def _left_out(rows: int, say: Words) -> str:
    return f"<tr><td class='left-out' colspan='99'>{html.escape(say('source.left_out', count=say.number(rows)))}</td></tr>"


def coordinates(cells: Sequence[Any], marks: Marks, say: Words) -> str:
    """A grid with its rows and columns numbered, as the places of its figures name them."""
    rows = {int(number): list(row) for number, row in groupby(cells, key=lambda cell: cell.cell_row)}
    height = max(int(cell.cell_row) + int(cell.row_span) for cell in cells)
    width = max(int(cell.cell_column) + int(cell.column_span) for cell in cells)
    head = "".join(f"<th scope='col'>{column + 1}</th>" for column in range(width))
    shown = [
        row
        for row in range(height)
        if row < _MOST_ROWS or any(_places(cell, marks) for cell in rows.get(row, ()))
    ]
    body = [
        f"<tr><th scope='row'>{row + 1}</th>{''.join(_cell(cell, marks, is_tied=True) for cell in rows.get(row, ()))}</tr>"
        for row in shown
    ]
    if len(shown) < height:
        body.append(_left_out(height - len(shown), say))
    return f"<div class='grid numbered' tabindex='0'><table><tr><th></th>{head}</tr>{''.join(body)}</table></div>"


def grids(passages: pd.DataFrame) -> Iterator[tuple[int, list[Any]]]:
    """The tables of a report, each with the number of its block."""
    cells = passages[passages["cell_row"].notna()].itertuples(index=False)
    for block, of_block in groupby(cells, key=lambda cell: cell.block):
        yield int(block), list(of_block)


def _is_figure(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_scraped(texts: Sequence[str], at: int) -> bool:
    """Whether a paragraph is a cell on a line of its own: short, or the label right before a figure."""
    text, following = texts[at], texts[at + 1] if at + 1 < len(texts) else "."
    return len(text) < _CELL_LENGTH or (
        len(text) < _LABEL_LENGTH and bool(following) and _is_figure(following)
    )


def _blocks(passages: pd.DataFrame, marks: Marks, *, say: Words | None = None) -> Iterator[str]:
    """Grids as tables, paragraphs as paragraphs, and runs of scraped cells as rows that begin with their label."""
    blocks = [
        (int(block), list(rows))
        for block, rows in groupby(passages.itertuples(index=False), key=lambda row: row.block)
    ]
    are_grids = [pd.notna(rows[0].cell_row) for _, rows in blocks]
    texts = [
        "" if is_grid else str(rows[0].text) for is_grid, (_, rows) in zip(are_grids, blocks, strict=True)
    ]
    row: list[str] = []
    for at, (block, rows) in enumerate(blocks):
        is_cell = not are_grids[at] and _is_scraped(texts, at)
        leads = (
            not _is_figure(texts[at])
            and at + 1 < len(texts)
            and bool(texts[at + 1])
            and _is_figure(texts[at + 1])
        )
        if row and (not is_cell or leads or (_is_figure(texts[at - 1]) and not _is_figure(texts[at]))):
            yield f"<p class='cells'>{''.join(row)}</p>"
            row = []
        if are_grids[at]:
            yield _grid(rows, marks, say=say)
            continue
        places = marks.places.get((block, None, None), [])
        text = (
            tied(texts[at], spans_of(texts[at], places), marks)
            if say
            else _marked(texts[at], places, marks.chosen)
        )
        if is_cell:
            row.append(f"<span>{text}</span>")
        else:
            yield _paragraph(text, block in marks.copied)
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


def show_report(passages: pd.DataFrame, marks: Marks, say: Words) -> None:
    """The whole report as read, its figures underlined and the chosen one marked, each tied to the list of figures."""
    blocks = "".join(_blocks(passages, marks, say=say))
    st.html(f"<article class='report' tabindex='0'>{blocks}</article>")


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
        inner = _grid(list(kept.assign(row_span=1).itertuples(index=False)), marks)
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
