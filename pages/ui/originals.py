"""The original of a report beside what was read from it: the page, the text, the sheet, each figure marked in it.

Originals are hostile. A web page is shown harmless (pipeline/harmless.py) in a frame that may do nothing, which
browser.js makes from the text put here; a PDF as a picture drawn in a process of its own; text with every character
escaped. What cannot be shown as it was laid out is shown as its tables, and every original can be taken away as a file.
"""

import base64
import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd
import streamlit as st

from pages.ui import filters, provenance, sheet, store
from pages.ui.provenance import Marks
from pages.ui.words import Words
from pipeline.model import Place
from pipeline.on_lines import spans_in_lines
from pipeline.on_page import Printed, boxes_of
from pipeline.originals import Lost, original
from pipeline.page_picture import NotDrawn, PagePicture

WEB = ("text/html", "multipart/related")
DRAWN = ("application/pdf", "image")
TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Held:
    """A report whose original is there: its bytes, its blocks as read, the marks in them and what the figures are called."""

    report: pd.Series
    data: bytes
    passages: pd.DataFrame
    marks: Marks
    names: Mapping[str, str]

    def places(self) -> list[Place]:
        return [place for places in self.marks.places.values() for place in places]


def show(
    report: pd.Series, passages: pd.DataFrame, marks: Marks, names: Mapping[str, str], say: Words
) -> None:
    """The original, or why it is not there and what to do; `names` says what stands at a place."""
    kind = report["media_type"]
    way = "page" if kind in WEB else "picture" if kind in DRAWN else "text" if kind == TEXT else "tables"
    sheet.title(say("original.title"), say(f"original.as.{way}"))
    try:
        data = original(*(_text(report[name]) for name in ("file", "path", "sha256")))
    except Lost as lost:
        sheet.note(say(f"original.lost.{lost.code}", path=report["path"]))
        return
    held = Held(report, data, passages, marks, names)
    ways: dict[str, Callable[[Held, Words], None]] = {
        "page": _show_page, "picture": _show_picture, "text": _show_lines, "tables": _show_tables
    }  # fmt: skip
    ways[way](held, say)
    st.download_button(
        say("original.download"),
        data=lambda: data,
        file_name=PurePosixPath(report["path"]).name,
        mime="application/octet-stream",
        on_click="ignore",
        key="original-file",
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


# ---- web pages ----


def _show_page(held: Held, say: Words) -> None:
    """The page as text for browser.js, which puts it into a frame that runs nothing; chosen figures are its targets."""
    named = tuple(dict.fromkeys(map(str, held.places())))
    page = store.harmless_page(held.report["sha256"], held.report["media_type"], named, held.data)
    title = html.escape(say("original.frame"))
    st.html(
        f"<div class='framed' data-title='{title}'><pre hidden>\n{html.escape(page, quote=False)}</pre></div>"
    )


# ---- text ----


def _show_lines(held: Held, say: Words) -> None:
    """The file line by line as it is, with the very characters of each figure marked."""
    lines, spans = spans_in_lines(held.data, held.places())
    shown = "".join(
        f"<li value='{number}'>{provenance.tied(line, spans.get(number, ()), held.marks)}</li>"
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )
    st.html(
        f"<ol class='original lines' tabindex='0' aria-label='{html.escape(say('original.title'))}'>{shown}</ol>"
    )


# ---- tables ----


def _show_tables(held: Held, say: Words) -> None:
    """The tables with their rows and columns numbered: what has no layout of its own can be checked by them."""
    shown = [
        f"<p class='note'>{html.escape(say('original.table', at=number, block=block + 1))}</p>"
        f"{provenance.coordinates(cells, held.marks, say)}"
        for number, (block, cells) in enumerate(provenance.grids(held.passages), start=1)
    ]
    if shown:
        st.html(f"<div class='original tables' tabindex='0'>{''.join(shown)}</div>")
    else:
        sheet.note(say("original.no_table"))


# ---- pictures of pages ----


def _show_picture(held: Held, say: Words) -> None:
    """A page as printed with its figures boxed; the page of the chosen figure unless the address names another."""
    asked = "page" in st.query_params
    try:
        page, picture = _page_in_view(held, asked=asked)
    except NotDrawn:
        sheet.note(say("original.not_drawn"))
        return
    _show_steps(page, picture.pages, say)
    image = base64.b64encode(picture.image).decode()
    alt = html.escape(say("original.page", page=page + 1, pages=picture.pages))
    st.html(
        f"<div class='original drawn' tabindex='0'><div class='leaf'><img alt='{alt}' src='data:image/webp;base64,{image}'>"
        f"{''.join(_boxes(held, page, picture))}</div></div>"
    )


def _page_in_view(held: Held, *, asked: bool) -> tuple[int, PagePicture]:
    chosen = next(iter(held.marks.chosen), None)
    printed = _printed(held.passages)
    own = printed[_key(chosen)].page if chosen and _key(chosen) in printed else None
    first = (own or filters.page_asked(1)) if not asked else filters.page_asked(10**6)
    picture = _drawn(held, first, printed)
    if asked:
        page = min(first, picture.pages - 1)
        return page, picture if page == first else _drawn(held, page, printed)
    if chosen and own == first and not boxes_of(chosen, printed[_key(chosen)], first, picture.characters):
        # The paragraph begins there, the figure stands on the next page.
        following = _drawn(held, first + 1, printed)
        if boxes_of(chosen, printed[_key(chosen)], first + 1, following.characters):
            return first + 1, following
    return first, picture


Key = tuple[int, int | None, int | None]


def _key(place: Place) -> Key:
    return place.block, place.row, place.column


def _printed(passages: pd.DataFrame) -> dict[Key, Printed]:
    return {
        _key(place): Printed(row.text, _whole(row.page), box)
        for row in passages.itertuples(index=False)
        for place in [Place(int(row.block), _whole(row.cell_row), _whole(row.cell_column))]
        for box in [_box(row.box_left, row.box_top, row.box_right, row.box_bottom)]
    }


def _whole(value: float) -> int | None:
    return None if pd.isna(value) else int(value)


def _box(*sides: float) -> tuple[float, float, float, float] | None:
    return None if any(pd.isna(side) for side in sides) else sides  # type: ignore[return-value]


def _drawn(held: Held, page: int, printed: Mapping[Key, Printed]) -> PagePicture:
    texts = tuple(
        each.box for each in printed.values() if each.page == page and each.box and each.text.strip()
    )
    return store.page_picture(held.report["sha256"], page, held.data, texts)


def _boxes(held: Held, page: int, picture: PagePicture) -> Iterator[str]:
    printed = _printed(held.passages)
    for key, places in held.marks.places.items():
        for place in places if key in printed else ():
            kind = "chosen" if place in held.marks.chosen else "other"
            name = html.escape(held.names.get(str(place), str(place)), quote=True)
            for left, top, right, bottom in boxes_of(place, printed[key], page, picture.characters):
                sides = (left / picture.width, top / picture.height)
                size = ((right - left) / picture.width, (bottom - top) / picture.height)
                left_, top_, width, height = (f"{share:.3%}" for share in (*sides, *size))
                yield (
                    f"<i class='box {kind}' data-place='{place}' tabindex='0' aria-label='{name}' title='{name}' "
                    f"style='left:{left_};top:{top_};width:{width};height:{height}'></i>"
                )


def _show_steps(page: int, pages: int, say: Words) -> None:
    """Page forward and back; the page stands in the address."""
    if pages < 2:
        return
    with st.container(key="original-steps", horizontal=True, vertical_alignment="center"):
        for step, key in ((-1, "back"), (1, "forward")):
            st.button(
                say(f"original.{key}"),
                key=f"original-{key}",
                disabled=not 0 <= page + step < pages,
                on_click=filters.put,
                args=("page", str(page + step + 1)),
            )
            if step < 0:
                sheet.note(say("original.page", page=page + 1, pages=pages))
