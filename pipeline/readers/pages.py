"""Pages to blocks: running heads and page numbers left out, tables and lines in reading order."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.issues import issue
from pipeline.model import Block, Grid, Issue
from pipeline.readers.borderless import split_borderless
from pipeline.readers.lattice import RuledTable
from pipeline.readers.pagebreaks import TableOnPage, continues, fill_table, join_tables
from pipeline.readers.textlines import (
    Margins,
    Run,
    TextLine,
    find_margins,
    lines_to_paragraphs,
    runs_to_lines,
)

Item = TextLine | TableOnPage | Grid
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*\d{1,3}[-—–－·\s]*|第?\s*\d{1,3}\s*页.{0,9}|\d{1,3}\s*/\s*\d{1,3}")
_DECORATED = re.compile(r"[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页.{0,9}")
_CONTINUED = re.compile(r"[（(]?(?:续表?|接上页|续上表).{0,4}[）)]?")


@dataclass(slots=True)
class PageInk:
    """What one page holds: its size, the lattices on it (small ones first) and the runs of text."""

    width: float
    height: float
    tables: list[RuledTable]
    runs: list[Run]


def pages_to_blocks(pages: Sequence[PageInk]) -> tuple[list[Block], list[Issue]]:
    """Paragraphs and grids of a document in reading order, tables over page breaks made whole."""
    dropped = furniture([page.runs for page in pages], [page.height for page in pages])
    items: list[Item] = []
    issues: list[Issue] = []
    for number, page in enumerate(pages):
        kept = [run for index, run in enumerate(page.runs) if (number, index) not in dropped]
        new = _page_items(page, kept, number)
        if any(isinstance(item, Grid) for item in new):
            issues.append(issue("borderless_table", page=number + 1))
        issues.extend(_append_page(items, new, pages, number))
    return _items_to_blocks(items, pages), issues


def _page_items(page: PageInk, runs: list[Run], number: int) -> list[Item]:
    """The tables, and the lines outside them, from top to bottom."""
    inside: defaultdict[int, defaultdict[int, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        if run.cell is not None:
            inside[run.cell[0]][run.cell[1]].append(run)
    tables = [fill_table(table, inside[index], number) for index, table in enumerate(page.tables)]
    lines = runs_to_lines((run for run in runs if run.cell is None), number)
    items: list[Item] = []
    waiting = sorted(tables, key=lambda table: table.top)
    between: list[TextLine] = []
    for line in lines:
        while waiting and waiting[0].top < line.top:
            items += [*split_borderless(between, number), waiting.pop(0)]
            between = []
        between.append(line)
    return [*items, *split_borderless(between, number), *waiting]


def _append_page(
    items: list[Item],
    new: list[Item],
    pages: Sequence[PageInk],
    number: int,
) -> list[Issue]:
    """Add the items of a page; a table at its top may go on from the end of the page before."""
    lead = 1 if len(new) > 1 and isinstance(new[0], TextLine) and _CONTINUED.fullmatch(new[0].text) else 0
    upper = items[-1] if items else None
    lower = new[lead] if len(new) > lead else None
    if (
        isinstance(upper, TableOnPage)
        and isinstance(lower, TableOnPage)
        and continues(upper, lower)
        and lower.top < 0.3 * pages[number].height
    ):
        items[-1], issues = join_tables(upper, lower)
        items.extend(new[lead + 1 :])
        return issues
    items.extend(new)
    return []


def _items_to_blocks(items: list[Item], pages: Sequence[PageInk]) -> list[Block]:
    lines = [item for item in items if isinstance(item, TextLine)]
    margins: dict[float, Margins] = {}
    for width in {round(page.width) for page in pages}:
        own = [line for line in lines if round(pages[line.page].width) == width]
        rights = [
            t.xs[-1] for t in items if isinstance(t, TableOnPage) and round(pages[t.page].width) == width
        ]
        margins[width] = find_margins(own, rights)
    blocks: list[Block] = []
    together: list[TextLine] = []
    for item in [*items, None]:
        wide = None if not isinstance(item, TextLine) else round(pages[item.page].width)
        if together and wide != round(pages[together[0].page].width):
            blocks += lines_to_paragraphs(together, margins[round(pages[together[0].page].width)])
            together = []
        if isinstance(item, TextLine):
            together.append(item)
        elif item is not None:
            blocks.append(item if isinstance(item, Grid) else item.grid)
    return blocks


def find_title(pages: Sequence[PageInk]) -> str:
    """The printed title: the leading lines of the first page in the largest letters, else its first line."""
    lines = runs_to_lines(run for page in pages[:1] for run in page.runs if run.cell is None)
    if not lines:
        return ""
    largest = max(line.height for line in lines[:12])
    start = next(n for n, line in enumerate(lines) if line.height >= 0.93 * largest)
    count = 1
    while count < 3 and start + count < len(lines) and lines[start + count].height >= 0.93 * largest:
        count += 1
    if largest < 1.15 * median(line.height for line in lines):
        start, count = 0, 1
    title = "".join(line.text for line in lines[start : start + count])
    return title if len(title) <= 90 else ""


def furniture(pages: Sequence[Sequence[Run]], heights: Sequence[float]) -> set[tuple[int, int]]:
    """(page, run) of running heads, feet and page numbers: what stands at one place on several pages."""
    seen: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    dropped: set[tuple[int, int]] = set()
    for page, (runs, height) in enumerate(zip(pages, heights, strict=True)):
        for number, run in enumerate(runs):
            if 0.1 * height < run.top and run.bottom < 0.9 * height:
                continue
            text = "".join(run.text.split())
            margin = run.top < 0.1 * height or run.bottom > 0.92 * height
            if _DECORATED.fullmatch(text) or (run.cell is None and margin and _PAGE_NUMBER.fullmatch(text)):
                dropped.add((page, number))
            elif text:
                seen[re.sub(r"\d+", "0", text), round(run.top / 6)].append((page, number))
    for (text, _), places in seen.items():
        if len({page for page, _ in places}) > 1 and _is_running(text, places, pages):
            dropped.update(places)
    return dropped


def _is_running(text: str, places: list[tuple[int, int]], pages: Sequence[Sequence[Run]]) -> bool:
    """Inside a table only a number that counts with the pages, at the same place, is a page number."""
    runs = [(page, pages[page][number]) for page, number in places]
    if all(run.cell is None for _, run in runs):
        return True
    if text != "0" or len({round(run.left / 12) for _, run in runs}) > 1:
        return False
    return len({int(run.text) - page for page, run in runs}) == 1
