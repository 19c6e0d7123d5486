"""Glyphs with their places to lines and paragraphs. The order of printing decides nothing.

Pure functions over plain values; knows cells only as numbers that a run of text must not cross.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.model import Paragraph
from pipeline.readers.lattice import RuledTable, table_at

Glyph = tuple[str, float, float, float, float]  # text, left, top, right, bottom

# how a heading or an item of a list begins: never the rest of something. Fonts often give the radicals ⼀⼆⼋⼗.
_DIGITS = "一二三四五六七八九十\u2f00\u2f06\u2f0b\u2f17"
NUMBERED = re.compile(rf"\s*(?:[{_DIGITS}]+[、.．]|[（(][{_DIGITS}\d]+[）)]|\d+[.．、])")
_SENTENCE_ENDS = tuple("。；：！？.;:!?")


@dataclass(slots=True)
class Run:
    """Glyphs that follow each other on one line, in one cell (table, cell) or outside all (None)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    cell: tuple[int, int] | None = None
    confidence: float | None = None


@dataclass(slots=True)
class TextLine:
    """Runs side by side, from left to right, as one line of text."""

    runs: list[Run]
    left: float
    top: float
    right: float
    bottom: float
    text: str
    page: int = 0

    @property
    def height(self) -> float:
        """The height of the line's letters."""
        return self.bottom - self.top


def glyphs_to_runs(glyphs: Iterable[Glyph], tables: Sequence[RuledTable]) -> list[Run]:
    """Glyphs that continue each other in printing order, never across the edge of a cell."""
    runs: list[Run] = []
    run: Run | None = None
    parts: list[str] = []
    cell: tuple[int, int] | None
    for text, left, top, right, bottom in glyphs:
        middle = (top + bottom) / 2
        cell = table_at(tables, (left + right) / 2, middle) if tables else None
        if run is not None and run.cell == cell and run.top <= middle <= run.bottom:
            size = run.bottom - run.top
            gap = left - run.right
            if -0.5 * size < gap < 2.5 * size:
                if _needs_space(parts[-1], text, gap, size):
                    parts.append(" ")
                parts.append(text)
                run.right = max(run.right, right)
                run.top = min(run.top, top)
                run.bottom = max(run.bottom, bottom)
                continue
        elif run is not None and run.cell == cell and top <= (run.top + run.bottom) / 2 <= bottom:
            gap = left - run.right
            if -0.5 * (bottom - top) < gap < 2.5 * (bottom - top):
                parts.append(text)
                run.right, run.top, run.bottom = right, min(run.top, top), max(run.bottom, bottom)
                continue
        if run is not None:
            run.text = "".join(parts)
        run = Run("", left, top, right, bottom, cell)
        runs.append(run)
        parts = [text]
    if run is not None:
        run.text = "".join(parts)
    return runs


def mend_overflow(runs: list[Run], tables: Sequence[RuledTable]) -> list[Run]:
    """Figures wider than their column made whole again: cut at a ruling line, they would be two numbers."""
    mended: list[Run] = []
    for run in runs:
        last = mended[-1] if mended else None
        if last is not None and _is_cut(last, run, tables):
            left, right = last.left, max(last.right, run.right)
            middle = (last.top + last.bottom) / 2
            cell = table_at(tables, (left + right) / 2, middle)
            mended[-1] = Run(last.text + run.text, left, last.top, right, last.bottom, cell, last.confidence)
        else:
            mended.append(run)
    return mended


def _is_cut(left: Run, right: Run, tables: Sequence[RuledTable]) -> bool:
    """Whether a figure runs over the line between two cells of a row."""
    if left.cell is None or right.cell is None or left.cell == right.cell or left.cell[0] != right.cell[0]:
        return False
    if not (left.text[-1:].isdigit() and right.text[:1].isdigit()):
        return False
    size = left.bottom - left.top
    edge = tables[left.cell[0]].cells[left.cell[1]].box[2]
    level = abs(left.top + left.bottom - right.top - right.bottom) < 0.2 * size
    return (
        level
        and abs(right.left - left.right) < 0.12 * size
        and (left.right > edge + 0.4 or right.left < edge - 0.4)
    )


def _needs_space(before: str, after: str, gap: float, size: float) -> bool:
    """Whether a gap is a space: a fifth of the size between Latin letters, well over half elsewhere."""
    if gap < 0.18 * size:
        return False
    latin = before.isascii() and after.isascii() and (before[-1:].isalnum() or after[:1].isalnum())
    return latin or gap > 0.75 * size


def runs_to_lines(runs: Iterable[Run], page: int = 0) -> list[TextLine]:
    """Lines from top to bottom; runs whose middles lie within each other's height share a line."""
    rows: list[list[Run]] = []
    spans: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda each: each.top + each.bottom):
        middle = (run.top + run.bottom) / 2
        if rows:
            top, bottom = spans[-1]
            if top <= middle <= bottom or run.top <= (top + bottom) / 2 <= run.bottom:
                rows[-1].append(run)
                # the tallest run is the line: growing by the union would swallow the next line
                if run.bottom - run.top > bottom - top:
                    spans[-1] = (run.top, run.bottom)
                continue
        rows.append([run])
        spans.append((run.top, run.bottom))
    return [_text_line(sorted(row, key=lambda run: run.left), page) for row in rows]


def _text_line(runs: list[Run], page: int) -> TextLine:
    text = runs[0].text
    for before, after in pairwise(runs):
        size = max(before.bottom - before.top, after.bottom - after.top)
        space = _needs_space(before.text, after.text, after.left - before.right, size)
        text += (" " if space else "") + after.text
    return TextLine(
        runs,
        min(run.left for run in runs),
        min(run.top for run in runs),
        max(run.right for run in runs),
        max(run.bottom for run in runs),
        text.strip(),
        page,
    )


def join_wrapped(before: str, after: str, *, full: bool = True) -> str:
    """Two printed lines as one text: nothing between Chinese, a space between Latin words.

    Two numbers below each other are one number only if the upper line is full.
    """
    if not before or not after:
        return before + after
    if before[-1].isdigit() and after[0].isdigit() and not full:
        return f"{before}\n{after}"
    latin = before[-1].isascii() and after[0].isascii() and before[-1].isalpha() and after[0].isalpha()
    return f"{before} {after}" if latin else before + after


def least_confidence(lines: Iterable[TextLine]) -> float | None:
    """The lowest confidence among recognised texts; None where nothing was recognised."""
    scores = [run.confidence for line in lines for run in line.runs if run.confidence is not None]
    return min(scores) if scores else None


_NEARLY_FULL = 0.8
_LONG_LINE = 0.6


@dataclass(frozen=True, slots=True)
class Margins:
    """Where unindented lines begin and full lines end, on pages of one width."""

    left: float
    right: float
    step: float


def find_margins(lines: Sequence[TextLine], rights: Iterable[float] = ()) -> Margins:
    """The margins of lines of one page width; `rights` are the right edges of tables, which count too."""
    edges = sorted(line.left for line in lines)
    left = next((a for a, b in pairwise(edges) if b - a < 2), edges[0] if edges else 0.0)
    steps = [
        b.top - a.top for a, b in pairwise(lines) if b.page == a.page and 0 < b.top - a.top < 4 * a.height
    ]
    step = median(steps) if steps else 2 * (lines[0].height if lines else 10.0)
    right = max((line.right for line in lines), default=0.0)
    table = max(rights, default=0.0)
    # A table often reaches beyond the text; it stands in for the margin only where no line is near full.
    return Margins(left, table if right - left < _NEARLY_FULL * (table - left) else right, step)


def lines_to_paragraphs(lines: Sequence[TextLine], margins: Margins) -> list[Paragraph]:
    """Paragraphs in order, over pages too: a line goes on with the one above that is full to the margin."""
    groups: list[list[TextLine]] = []
    for line in lines:
        if groups and _goes_on(groups[-1][-1], line, margins):
            groups[-1].append(line)
        else:
            groups.append([line])
    uppers = [None, *(group[-1] for group in groups)]
    return [_paragraph(group, upper, margins.step) for group, upper in zip(groups, uppers, strict=False)]


def _goes_on(upper: TextLine, line: TextLine, margins: Margins) -> bool:
    size = max(upper.height, line.height)
    if min(upper.height, line.height) < 0.75 * size:
        return False
    ended = upper.text.endswith(_SENTENCE_ENDS)
    # Some writers break after a count of characters: a line full of digits then ends well before the margin.
    reach = (upper.right - margins.left) / max(margins.right - margins.left, size)
    full = upper.right >= margins.right - 2.2 * size or (not ended and reach >= _LONG_LINE)
    if not full or line.left > margins.left + 1.2 * size:
        return False
    if line.page != upper.page:
        return not ended
    if line.top - upper.top > 1.45 * max(margins.step, size):
        return False
    return not (ended and NUMBERED.match(line.text))


def _paragraph(group: list[TextLine], upper: TextLine | None, step: float) -> Paragraph:
    text = ""
    for line in group:
        text = join_wrapped(text, line.text)
    here = [line for line in group if line.page == group[0].page]
    box = (min(x.left for x in here), here[0].top, max(x.right for x in here), here[-1].bottom)
    gap = 0
    if upper is not None and upper.page == group[0].page:
        gap = min(9, max(0, round((group[0].top - upper.top) / step) - 1))
    return Paragraph(text, page=group[0].page, gap=gap, box=box, confidence=least_confidence(group))
