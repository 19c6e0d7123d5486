"""Ruling lines to tables: where lines cross there are cells, where an inner line is missing a cell spans.

Pure functions over plain tuples, for PDF pages and for pictures alike; knows nothing of text. Lengths are
points, the vertical axis runs down from the top of the page.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

Box = tuple[float, float, float, float]
Line = tuple[float, float, float]  # position across, start, end along

SNAP = 3.5  # points: lines nearer than this are one (double borders, thick corners); no row is as low
_TOUCH = 3.0
_ROW = 28.0
_GUTTER = 12.0  # boxes farther apart are not the cells of one row
_FEW_GAPS = 3
_ALONG = 12.0
_OVERHANG = 9.0  # half a line of text may hang below a cell that the page break cuts
_MOST_PAIRS = 1_500_000  # more crossings than this are a drawing, not a form
_MOST_ATOMS = 60_000


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell between ruling lines. An open edge has no line: the cell goes on over the page break."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True)
class RuledTable:
    """The lattice of one table: edges from left to right and from top to bottom, and its cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[RuledCell, ...]
    places: dict[tuple[int, int], int]  # lattice place -> index of its cell


def lines_to_tables(horizontals: Sequence[Line], verticals: Sequence[Line]) -> list[RuledTable]:
    """The tables that ruling lines form, in no particular order; frames of a single cell are none."""
    across, down = merge_lines(horizontals), merge_lines(verticals)
    if len(across) * len(down) > _MOST_PAIRS:
        return []
    tables = (_lattice(own_across, own_down) for own_across, own_down in _components(across, down))
    return [table for table in tables if table is not None]


def merge_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines at (nearly) one position become one position; pieces that touch become one line."""
    merged: list[Line] = []
    for cluster in _clusters(lines):
        position = sum(line[0] for line in cluster) / len(cluster)
        pieces = sorted((line[1], line[2]) for line in cluster)
        start, end = pieces[0]
        for left, right in pieces[1:]:
            if left > end + _TOUCH:
                merged.append((position, start, end))
                start = left
                end = right
            else:
                end = max(end, right)
        merged.append((position, start, end))
    return merged


def _clusters(lines: Sequence[Line]) -> Iterable[list[Line]]:
    cluster: list[Line] = []
    for line in sorted(lines):
        if cluster and (line[0] - cluster[-1][0] > SNAP or line[0] - cluster[0][0] > 1.5 * SNAP):
            yield cluster
            cluster = []
        cluster.append(line)
    if cluster:
        yield cluster


def _components(across: list[Line], down: list[Line]) -> Iterable[tuple[list[Line], list[Line]]]:
    """Groups of lines that touch each other; groups without both directions are no table."""
    groups = _touching(across, down)
    frames = _frames(groups)
    gap = _gap(frames)
    if gap:
        groups = _touching(*_closed_up(groups, frames, gap / 2))
    tables = [group for group in _bridged(groups) if group[0] and group[1]]
    for own_across, own_down in groups:
        if not own_across:
            _attach_sides(tables, own_down)
    return tables


def _touching(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    parent = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for first, (y, left, right) in enumerate(across):
        for second, (x, top, bottom) in enumerate(down, len(across)):
            if top - _TOUCH <= y <= bottom + _TOUCH and left - _TOUCH <= x <= right + _TOUCH:
                parent[root(second)] = root(first)
    groups: defaultdict[int, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for node, line in enumerate([*across, *down]):
        groups[root(node)][node >= len(across)].append(line)
    return list(groups.values())


def _frames(groups: list[tuple[list[Line], list[Line]]]) -> dict[int, Box]:
    """The groups that are the four sides of one box, by their number; a frame around others is left out."""
    boxes = {
        number: (down[0][0], across[0][0], down[1][0], across[1][0])
        for number, (across, down) in enumerate(groups)
        if len(across) == len(down) == 2
    }
    return {
        number: box
        for number, box in boxes.items()
        if not any(box[0] < a < c < box[2] and box[1] < b < d < box[3] for a, b, c, d in boxes.values())
    }


def _gap(frames: dict[int, Box]) -> float:
    """How far the boxes of neighbouring cells stand apart; 0 where they are no table of boxes."""
    gaps: list[float] = []
    boxes = sorted(frames.values(), key=lambda box: (box[1], box[0]))
    for box, after in pairwise(boxes):
        if abs(box[1] - after[1]) < SNAP and 0 < after[0] - box[2] < _GUTTER:
            gaps.append(after[0] - box[2])
    return median(gaps) if len(gaps) >= _FEW_GAPS else 0.0


def _closed_up(
    groups: list[tuple[list[Line], list[Line]]], frames: dict[int, Box], by: float
) -> tuple[list[Line], list[Line]]:
    """All lines again, the boxes grown on every side so that neighbours share one line."""
    across, down = [], []
    for number, (own_across, own_down) in enumerate(groups):
        if number not in frames:
            across += own_across
            down += own_down
            continue
        left, top, right, bottom = frames[number]
        left, top, right, bottom = left - by, top - by, right + by, bottom + by
        across += [(top, left, right), (bottom, left, right)]
        down += [(left, top, bottom), (right, top, bottom)]
    return merge_lines(across), merge_lines(down)


def _bridged(groups: list[tuple[list[Line], list[Line]]]) -> list[tuple[list[Line], list[Line]]]:
    """Groups that are one table without outer sides: a row that is one cell has no line to hold it.

    They lie under each other, are equally wide and no farther apart than a row is high.
    """
    bridged: list[tuple[list[Line], list[Line]]] = []
    for across, down in sorted((group for group in groups if group[0]), key=lambda group: group[0][0][0]):
        upper = bridged[-1] if bridged else None
        if upper is not None and _is_open(upper) and _is_open((across, down)) and _lies_under(upper, across):
            upper[0].extend(across)
            upper[1].extend(down)
        else:
            bridged.append((list(across), list(down)))
    return bridged


def _is_open(group: tuple[list[Line], list[Line]]) -> bool:
    """Whether no line stands at the left and right ends of the horizontal ones."""
    across, down = group
    left, right = min(line[1] for line in across), max(line[2] for line in across)
    return not any(abs(x - left) < SNAP or abs(x - right) < SNAP for x, _, _ in down)


def _lies_under(upper: tuple[list[Line], list[Line]], across: list[Line]) -> bool:
    ys = sorted(line[0] for line in upper[0])
    steps = [b - a for a, b in pairwise(ys) if b - a > _TOUCH]
    row = 1.7 * min(steps) if steps else _ROW
    ends = [(min(line[1] for line in lines), max(line[2] for line in lines)) for lines in (upper[0], across)]
    same = all(abs(a - b) < SNAP for a, b in zip(*ends, strict=True))
    return same and 0 < min(line[0] for line in across) - ys[-1] < min(row, 2 * _ROW)


def _attach_sides(tables: list[tuple[list[Line], list[Line]]], sides: list[Line]) -> None:
    """Give a table the line beside it that runs along its whole height without touching it.

    That is the outer edge of a cell that fills the page from top to bottom, cut at both ends.
    """
    for x, top, bottom in sides:
        for across, down in tables:
            ys = [y for y, _, _ in across] + [y for line in down for y in line[1:]]
            if abs(min(ys) - top) < _ALONG and abs(max(ys) - bottom) < _ALONG:
                down.append((x, top, bottom))
                break


def _lattice(across: list[Line], down: list[Line]) -> RuledTable | None:
    xs = _edges((x for x, _, _ in down), (end for line in across for end in line[1:]))
    ys = _edges((y for y, _, _ in across), (end for line in down for end in line[1:]))
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows < 2 or columns * rows > _MOST_ATOMS:
        return None
    ruled_above = _presence(across, ys, xs)
    ruled_left = _presence(down, xs, ys)
    groups = _groups(rows, columns, ruled_above, ruled_left)
    cells = [_ruled_cell(group, xs, ys, ruled_above) for group in groups]
    if len(cells) < 2:
        return None
    places = {
        (row, column): number
        for number, cell in enumerate(cells)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    return RuledTable(xs, ys, tuple(cells), places)


def _edges(lines: Iterable[float], ends: Iterable[float]) -> tuple[float, ...]:
    """Distinct positions of lines, and the outermost ends of the crossing ones where a side is open."""
    positions = sorted(set(lines))
    low, high = positions[0], positions[-1]
    reach = list(ends)
    if min(reach) < low - SNAP:
        positions.insert(0, min(reach))
    if max(reach) > high + SNAP:
        positions.append(max(reach))
    return tuple(positions)


def _presence(
    lines: list[Line], positions: tuple[float, ...], along: tuple[float, ...]
) -> set[tuple[int, int]]:
    """(position number, gap number) wherever a line covers the middle of the gap."""
    index = {position: number for number, position in enumerate(positions)}
    middles = [(start + end) / 2 for start, end in pairwise(along)]
    return {
        (index[position], gap)
        for position, start, end in lines
        for gap in range(bisect_right(middles, start), bisect_right(middles, end))
    }


Group = tuple[int, int, int, int]  # row, column, rows, columns


def _groups(
    rows: int, columns: int, ruled_above: set[tuple[int, int]], ruled_left: set[tuple[int, int]]
) -> list[Group]:
    """Rectangles of lattice places with no line between them, in reading order."""
    taken: set[tuple[int, int]] = set()
    groups: list[Group] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            wide, high = 1, 1
            while (
                column + wide < columns
                and (row, column + wide) not in taken
                and (column + wide, row) not in ruled_left
            ):
                wide += 1
            while row + high < rows and _joins_below(
                row + high, column, wide, ruled_above, ruled_left, taken
            ):
                high += 1
            taken.update((row + a, column + b) for a in range(high) for b in range(wide))
            groups.append((row, column, high, wide))
    return groups


def _joins_below(
    row: int,
    column: int,
    wide: int,
    ruled_above: set[tuple[int, int]],
    ruled_left: set[tuple[int, int]],
    taken: set[tuple[int, int]],
) -> bool:
    """Whether the places of this row belong to the cell above: no line on top, none between them."""
    over = range(column, column + wide)
    return not any(
        (row, each) in ruled_above or (row, each) in taken or (each != column and (each, row) in ruled_left)
        for each in over
    )


def _ruled_cell(
    group: Group, xs: tuple[float, ...], ys: tuple[float, ...], ruled_above: set[tuple[int, int]]
) -> RuledCell:
    row, column, rows, columns = group
    box = (xs[column], ys[row], xs[column + columns], ys[row + rows])
    over = range(column, column + columns)
    top = not any((row, each) in ruled_above for each in over)
    bottom = not any((row + rows, each) in ruled_above for each in over)
    return RuledCell(row, column, rows, columns, box, top, bottom)


def table_at(tables: Sequence[RuledTable], x: float, y: float) -> tuple[int, int] | None:
    """(table, cell) at a point; tables are to be given from small to large, so that an inner one wins."""
    for number, table in enumerate(tables):
        xs, ys = table.xs, table.ys
        if not (xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1] + _OVERHANG):
            continue
        row = min(bisect_right(ys, y), len(ys) - 1) - 1
        cell = table.places[row, bisect_right(xs, x) - 1]
        if y < ys[-1] or table.cells[cell].open_bottom:
            return number, cell
    return None
