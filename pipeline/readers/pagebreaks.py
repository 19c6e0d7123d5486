"""Tables with their text, and the parts of a table on successive pages made one again.

What is dropped or put together at a page break is decided by edges, open lines and repeated heads.
"""

import re
from dataclasses import dataclass, replace
from statistics import median

from pipeline.issues import issue
from pipeline.model import Cell, Grid, Issue
from pipeline.readers.lattice import SNAP, Box, RuledCell, RuledTable
from pipeline.readers.textlines import NUMBERED, Run, TextLine, join_wrapped, least_confidence, runs_to_lines

FIGURE = re.compile(r"[+\-]?\d[\d,，.]*[%件条项个次篇期人元万]*|[/／\-—–]+|[*×]+")


@dataclass(slots=True)
class TableOnPage:
    """A grid with what joining it over a page break needs."""

    grid: Grid
    xs: tuple[float, ...]
    top: float
    bottom: float
    page: int
    ruled: tuple[RuledCell, ...] = ()
    extents: tuple[Box | None, ...] = ()
    line_height: float = 10.0


def fill_table(table: RuledTable, runs: dict[int, list[Run]], page: int) -> TableOnPage:
    """A grid from a lattice and the runs of each cell; a cell without runs is there and blank."""
    cells: list[Cell] = []
    extents: list[Box | None] = []
    heights: list[float] = []
    for number, ruled in enumerate(table.cells):
        lines = runs_to_lines(runs.get(number, ()))
        text = ""
        for upper, line in zip([None, *lines], lines, strict=False):
            full = (
                upper is not None
                and ruled.box[2] - ruled.box[0] - (upper.right - upper.left) < 1.6 * upper.height
            )
            text = join_wrapped(text, line.text, full=full)
        heights.extend(line.height for line in lines)
        extents.append(_extent(lines))
        cells.append(
            Cell(
                text,
                ruled.row,
                ruled.column,
                ruled.rows,
                ruled.columns,
                page,
                ruled.box,
                least_confidence(lines),
            )
        )
    height = median(heights) if heights else 10.0
    grid = Grid(tuple(cells), page=page)
    return TableOnPage(grid, table.xs, table.ys[0], table.ys[-1], page, table.cells, tuple(extents), height)


def _extent(lines: list[TextLine]) -> Box | None:
    if not lines:
        return None
    return (
        min(line.left for line in lines),
        lines[0].top,
        max(line.right for line in lines),
        max(line.bottom for line in lines),
    )


def continues(upper: TableOnPage, lower: TableOnPage) -> bool:
    """Whether two tables on successive pages have the same outer edges and no foreign inner ones."""
    if lower.page != upper.page + 1:
        return False
    left, right = upper.xs[0], upper.xs[-1]
    if abs(left - lower.xs[0]) > 2 * SNAP or abs(right - lower.xs[-1]) > 2 * SNAP:
        return False
    few, many = sorted((upper.xs, lower.xs), key=len)
    return len(few) > 2 and all(any(abs(x - other) <= 2 * SNAP for other in many) for x in few)


def join_tables(upper: TableOnPage, lower: TableOnPage) -> tuple[TableOnPage, list[Issue]]:
    """One table out of two parts: a repeated head is dropped, cells cut by the page break are made whole."""
    xs = _common_edges(upper.xs, lower.xs)
    above, below = _on_edges(upper, xs), _on_edges(lower, xs)
    below = _without_head(above, below)
    height = _height(above.grid)
    pairs = _cut_cells(above, below)
    bottoms = [n for n, c in enumerate(above.grid.cells) if c.row + c.rows == height]
    tops = [n for n, c in enumerate(below.grid.cells) if c.row == 0]
    same_row = bool(pairs) and len(pairs) == len(bottoms) == len(tops)
    shift = height - 1 if same_row else height
    cells = list(above.grid.cells)
    moved = {number: cell._replace(row=cell.row + shift) for number, cell in enumerate(below.grid.cells)}
    extents, ruled = list(above.extents), list(above.ruled)
    for a, b in pairs.items():
        cells[a] = _whole(cells[a], moved.pop(b), same_row)
        ruled[a] = replace(ruled[a], open_bottom=below.ruled[b].open_bottom)
        extents[a] = below.extents[b] or extents[a]
    kept = [*zip(cells, extents, ruled, strict=True)]
    kept += [(cell, below.extents[number], below.ruled[number]) for number, cell in moved.items()]
    kept.sort(key=lambda each: (each[0].row, each[0].column))
    grid = Grid(tuple(cell for cell, _, _ in kept), page=upper.grid.page)
    joined = TableOnPage(
        grid,
        xs,
        upper.top,
        lower.bottom,
        lower.page,
        tuple(each for _, _, each in kept),
        tuple(extent for _, extent, _ in kept),
        upper.line_height,
    )
    return joined, _join_issues(cells, pairs, above, below, same_row)


def _join_issues(
    cells: list[Cell], pairs: dict[int, int], above: TableOnPage, below: TableOnPage, same_row: bool
) -> list[Issue]:
    guessed = [a for a, b in pairs.items() if above.grid.cells[a].text and below.grid.cells[b].text]
    if not guessed and not same_row:
        return []
    texts = " | ".join(cells[a].text for a in guessed)
    return [issue("row_over_page_break", texts, page=above.page + 1)]


def _whole(upper: Cell, lower: Cell, same_row: bool) -> Cell:
    return upper._replace(
        text=join_wrapped(upper.text, lower.text),
        rows=upper.rows + lower.rows - same_row,
        page=upper.page if upper.text or not lower.text else lower.page,
        box=upper.box if upper.text or not lower.text else lower.box,
    )


def _common_edges(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    few, many = sorted((first, second), key=len)
    return many if len(many) > len(few) else first


def _on_edges(table: TableOnPage, xs: tuple[float, ...]) -> TableOnPage:
    """The same table with its columns counted by these edges."""
    if len(table.xs) == len(xs):
        return table
    index = [min(range(len(xs)), key=lambda n, x=x: abs(xs[n] - x)) for x in table.xs]  # type: ignore[misc]
    cells = tuple(
        c._replace(column=index[c.column], columns=max(1, index[c.column + c.columns] - index[c.column]))
        for c in table.grid.cells
    )
    return replace(table, grid=replace(table.grid, cells=cells), xs=xs)


def _height(grid: Grid) -> int:
    return max((cell.row + cell.rows for cell in grid.cells), default=0)


def _without_head(above: TableOnPage, below: TableOnPage) -> TableOnPage:
    """The lower part without the leading rows that repeat the leading rows of the upper part."""
    size = 0
    limit = min(_height(above.grid), _height(below.grid), 6)
    for rows in range(1, limit + 1):
        first, second = _leading(above.grid, rows), _leading(below.grid, rows)
        if not first or first != second or not any(cell[0] for cell in first):
            continue
        if all(row + high <= rows for _, row, _, high, _ in first):
            size = rows
    if size == 0 or size == _height(below.grid):
        return below
    kept = [n for n, cell in enumerate(below.grid.cells) if cell.row >= size]
    cells = tuple(below.grid.cells[n]._replace(row=below.grid.cells[n].row - size) for n in kept)
    return replace(
        below,
        grid=replace(below.grid, cells=cells),
        ruled=tuple(below.ruled[n] for n in kept),
        extents=tuple(below.extents[n] for n in kept),
    )


def _leading(grid: Grid, rows: int) -> list[tuple[str, int, int, int, int]]:
    """The cells that begin in the first rows; a head has no figures, so none means it is no head."""
    cells = [cell for cell in grid.cells if cell.row < rows]
    if any(re.fullmatch(r"[\d.,%/+\-—\s]+", cell.text) for cell in cells):
        return []
    return [("".join(c.text.split()), c.row, c.column, c.rows, c.columns) for c in cells]


def _cut_cells(above: TableOnPage, below: TableOnPage) -> dict[int, int]:
    """Pairs (cell at the bottom of the page, cell at the top of the next) that are one cell."""
    height = _height(above.grid)
    tops = {(c.column, c.columns): n for n, c in enumerate(below.grid.cells) if c.row == 0}
    pairs = {
        a: tops[cell.column, cell.columns]
        for a, cell in enumerate(above.grid.cells)
        if cell.row + cell.rows == height and (cell.column, cell.columns) in tops
    }
    sure = {a: b for a, b in pairs.items() if _is_one_cell(above, a, below, b)}
    if len(sure) < len(pairs) and _is_one_row(above, below, pairs, sure):
        return pairs
    return sure


def _is_one_cell(above: TableOnPage, a: int, below: TableOnPage, b: int) -> bool:
    """Whether two cells that meet at the break are one.

    Browsers leave the line out on ONE side of a break between rows; only a cut cell is open on both.
    """
    upper, lower = above.grid.cells[a], below.grid.cells[b]
    if FIGURE.fullmatch(upper.text) and FIGURE.fullmatch(lower.text):
        return False
    if above.ruled[a].open_bottom and below.ruled[b].open_top:
        return True
    if upper.rows == 1 and lower.rows == 1:
        return False
    if not lower.text and lower.rows == 1:
        return lower.column + lower.columns <= _first_figure_column(above, below)
    if not upper.text or not lower.text:
        return True
    return not NUMBERED.match(lower.text) and _runs_through(above, a, below, b)


def _first_figure_column(*tables: TableOnPage) -> int:
    """The leftmost column that holds a figure; labels stand left of it."""
    columns = [cell.column for table in tables for cell in table.grid.cells if FIGURE.fullmatch(cell.text)]
    return min(columns, default=0)


def _runs_through(above: TableOnPage, a: int, below: TableOnPage, b: int) -> bool:
    """Whether the text of a tall cell runs down to the break and goes on right after it."""
    upper, lower = above.extents[a], below.extents[b]
    if upper is None or lower is None:
        return False
    one = above.line_height
    gap_up, gap_down = above.ruled[a].box[3] - upper[3], lower[1] - below.ruled[b].box[1]
    head, foot = upper[1] - above.ruled[a].box[1], below.ruled[b].box[3] - lower[3]
    return gap_up < one and gap_down < one and (head > gap_up + 1.5 * one or foot > gap_down + 1.5 * one)


def _is_one_row(above: TableOnPage, below: TableOnPage, pairs: dict[int, int], sure: dict[int, int]) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before.

    Its labels are full to the edge and go on without a number of their own, and its figures stand on one
    of the two pages only.
    """
    height = _height(above.grid)
    bottoms = sum(cell.row + cell.rows == height for cell in above.grid.cells)
    tops = sum(cell.row == 0 for cell in below.grid.cells)
    if not len(pairs) == bottoms == tops:
        return False
    rest = [(above.grid.cells[a], below.grid.cells[b], a) for a, b in pairs.items() if a not in sure]
    labels = [(upper, lower, a) for upper, lower, a in rest if upper.text and lower.text]
    if not labels or any(
        FIGURE.fullmatch(upper.text) or NUMBERED.match(lower.text) for upper, lower, _ in labels
    ):
        return False
    upper_only = any(upper.text and not lower.text for upper, lower, _ in rest)
    lower_only = any(lower.text and not upper.text for upper, lower, _ in rest)
    return upper_only != lower_only and all(_is_full(above, a) for _, _, a in labels)


def _is_full(table: TableOnPage, number: int) -> bool:
    extent, box = table.extents[number], table.ruled[number].box
    return extent is not None and box[2] - extent[2] < 1.8 * table.line_height
