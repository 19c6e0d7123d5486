"""Tables printed without ruling lines: found by figures that stand in the same columns, line after line."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.model import Cell, Grid
from pipeline.readers.pagebreaks import FIGURE
from pipeline.readers.textlines import Run, TextLine, least_confidence


def split_borderless(lines: Sequence[TextLine], page: int) -> list[TextLine | Grid]:
    """Lines, with blocks of lines whose figures stand in columns turned into grids."""
    result: list[TextLine | Grid] = []
    block: list[TextLine] = []
    waiting: list[TextLine] = []
    for line in lines:
        if len(_figures(line)) >= 2:
            block += [*waiting, line] if block else [line]
            waiting = []
        elif block and len(waiting) < 2:
            waiting.append(line)
        else:
            result += [*_close_block(block, page), *waiting, line]
            block, waiting = [], []
    return [*result, *_close_block(block, page), *waiting]


def _segments(line: TextLine) -> list[Run]:
    """The parts of a line that wide gaps divide."""
    parts: list[Run] = []
    for run in _pieces(line):
        size = run.bottom - run.top
        last = parts[-1] if parts else None
        close = last is not None and run.left - last.right < 0.9 * max(size, 1)
        # two figures are never one, however narrow the column between them
        if last is not None and close and not (FIGURE.fullmatch(last.text) and FIGURE.fullmatch(run.text)):
            parts[-1] = replace(last, text=last.text + run.text, right=max(last.right, run.right))
        else:
            parts.append(replace(run))
    return parts


def _pieces(line: TextLine) -> Iterable[Run]:
    """Runs cut at their spaces, each piece with its share of the width."""
    for run in line.runs:
        if " " not in run.text:
            yield run
            continue
        each = (run.right - run.left) / len(run.text)
        for found in re.finditer(r"\S+", run.text):
            yield replace(
                run, text=found[0], left=run.left + found.start() * each, right=run.left + found.end() * each
            )


def _figures(line: TextLine) -> list[Run]:
    return [part for part in _segments(line) if FIGURE.fullmatch(part.text.replace(" ", ""))]


def _close_block(block: list[TextLine], page: int) -> list[TextLine | Grid]:
    """A grid from a block of at least three lines of figures in the same columns, else the lines."""
    if len(block) < 3:
        return list(block)
    columns = _columns([part for line in block for part in _figures(line)])
    if len(columns) < 2 or any(len(_figures(line)) > len(columns) for line in block):
        return list(block)
    cells: list[Cell] = []
    for row, line in enumerate(block):
        cells.extend(_borderless_row(row, line, columns, page))
    return [Grid(tuple(cells), page=page)]


def _columns(parts: list[Run]) -> list[tuple[float, float]]:
    """The horizontal extents that figures share."""
    extents: list[tuple[float, float]] = []
    for part in sorted(parts, key=lambda each: each.left):
        if extents and part.left <= extents[-1][1]:
            extents[-1] = (extents[-1][0], max(extents[-1][1], part.right))
        else:
            extents.append((part.left, part.right))
    return extents


def _borderless_row(row: int, line: TextLine, columns: list[tuple[float, float]], page: int) -> list[Cell]:
    """The label left of the first column, then a cell for every column; a lone label has no cells."""
    texts = [""] * len(columns)
    label: list[str] = []
    for part in _segments(line):
        middle = (part.left + part.right) / 2
        number = next((n for n, (low, high) in enumerate(columns) if low - 2 <= middle <= high + 2), None)
        if number is None:
            number = bisect_right([low for low, _ in columns], middle) - 1
        if number < 0:
            label.append(part.text)
        else:
            texts[number] += part.text
    box = (line.left, line.top, line.right, line.bottom)
    cells = [Cell(" ".join(label), row, 0, page=page, box=box, confidence=least_confidence([line]))]
    if any(texts):
        cells += [
            Cell(
                text,
                row,
                n + 1,
                page=page,
                box=(low, line.top, high, line.bottom),
                confidence=least_confidence([line]),
            )
            for n, (text, (low, high)) in enumerate(zip(texts, columns, strict=True))
        ]
    return cells
