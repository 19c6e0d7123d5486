"""Web pages, and what Word and WPS save as web pages: paragraphs in reading order, tables with their spans."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from pipeline.model import Block, Cell, Grid, Issue, Paragraph, Reading, UserError
from pipeline.readers.limits import Limits
from pipeline.readers.text import decode

SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "select", "textarea", "iframe", "object"}
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr html legend li main nav ol p pre section table tbody td tfoot th thead tr ul option".split()
)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
# A line break in the source of Chinese text is not a space on the page.
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef，。、；：“”（）]"
_SOURCE_BREAK = re.compile(rf"(?<={_CJK})[ \t\r]*\n[ \t\r\n]*(?={_CJK})")
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_CELL_LINES = frozenset({"br", "p", "div", "li", "tr"})
_LONG_CELL = 400
_MOST_COLUMNS = 1000
_ORNAMENT = 4
_FEWEST_CELLS = 12

# A text, the element it hangs on, and whether it stands behind that element or at its beginning.
Slot = tuple[str, etree._Element, bool]


def read(data: bytes, limits: Limits, *, charset: str | None = None) -> Reading:
    """Blocks of a page, its title and its meta tags. Layout tables are dissolved, data tables kept as grids."""
    root, issues = parse(data, charset)
    blocks = tuple(block for block, _ in placed(root, limits))
    return Reading(blocks, _title(root), tuple(_metadata(root)), issues)


def parse(data: bytes, charset: str | None = None) -> tuple[etree._Element, tuple[Issue, ...]]:
    """The tree of a page, and what was lost in decoding it."""
    declared = _CHARSET.search(data[:4096])
    text, issues = decode(data, charset or (declared[1].decode("ascii") if declared else None))
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        recover=True,
    )
    try:
        root = etree.fromstring(text.replace("\x00", "").encode(), parser)
    except etree.XMLSyntaxError as error:
        raise UserError(f"网页读不出内容（{error.msg}）；请用浏览器另存为后再试") from error
    if root is None:
        raise UserError("网页没有内容；请核对文件是否下载完整")
    return root, issues


def _title(root: etree._Element) -> str:
    found = root.find(".//title")
    return "" if found is None else _clean("".join(found.itertext()))


def _metadata(root: etree._Element) -> Iterator[tuple[str, str]]:
    for meta in root.iterfind(".//meta[@content]"):
        name = meta.get("name") or meta.get("property")
        if name:
            yield str(name), _clean(str(meta.get("content")))


def _clean(text: str) -> str:
    """Text as a browser shows it: source line breaks between Chinese characters vanish, others are a space."""
    text = text.strip()
    if "\n" in text:
        text = _SOURCE_BREAK.sub("", text)
    return " ".join(text.split())


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return style is not None and _hides(style)


@lru_cache(maxsize=256)
def _hides(style: str) -> bool:
    return _HIDDEN.search(style) is not None


def placed(
    root: etree._Element, limits: Limits
) -> Iterator[tuple[Block, "list[Slot] | list[etree._Element]"]]:
    """The blocks of a page, each with where it stands: a paragraph in its texts, a grid in its cells, cell by cell."""
    buffer: list[Slot] = []
    cells = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if buffer and (tag in _BLOCKS or tag == "br"):
            yield from _flush(buffer)
        if event == "end":
            tail = element.tail
            if tail and (buffer or not tail.isspace()) and element is not root:
                buffer.append((tail, element, True))
            continue
        if tag in SKIPPED or _is_hidden(element):
            walk.skip_subtree()
        elif tag == "table" and (rows := _data_rows(element)):
            grid, elements = _grid(rows, limits)
            cells += len(grid.cells)
            if cells > limits.max_cells:
                raise UserError(f"表格单元格超过 {limits.max_cells:,} 个；请只保留年度报告部分")
            yield grid, elements
            walk.skip_subtree()
        elif (text := element.text) and (buffer or not text.isspace()):
            buffer.append((text, element, False))
    yield from _flush(buffer)


def _flush(buffer: list[Slot]) -> Iterator[tuple[Block, list[Slot]]]:
    text = _clean("".join([slot[0] for slot in buffer]))
    if text:
        yield Paragraph(text), buffer.copy()
    buffer.clear()


def _data_rows(table: etree._Element) -> list[etree._Element]:
    """The rows of a table that holds data; none where the table only lays out the page."""
    nests = table.find(".//table") is not None
    rows = [row for row in table.iter("tr") if not nests or next(row.iterancestors("table")) is table]
    cells = [len(row) for row in rows]
    if sum(cells) < 2 or max(cells) < 2 or (nests and not _only_figures_inside(table, sum(cells))):
        return []
    if len(rows) < 3 and any(len("".join(cell.itertext())) > _LONG_CELL for row in rows for cell in row):
        return []
    return rows


def _only_figures_inside(table: etree._Element, cells: int) -> bool:
    """Whether the tables inside are ornaments of single cells, not the data that this table lays out."""
    inner = table.findall(".//table")
    most = max(len(other.findall(".//td")) + len(other.findall(".//th")) for other in inner)
    return most <= _ORNAMENT and cells > 3 * len(inner) and cells >= _FEWEST_CELLS


def _span(text: str | None, limit: int) -> int:
    if text is None:
        return 1
    text = text.strip()
    return min(max(int(text), 1), limit) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _grid(rows: list[etree._Element], limits: Limits) -> tuple[Grid, list[etree._Element]]:
    cells: list[Cell] = []
    elements: list[etree._Element] = []
    taken: dict[int, int] = {}  # column -> first row below the cell that covers it
    for number, row in enumerate(rows):
        column = 0
        for element in row:
            attributes = dict(element.items())  # asked for once: every question to lxml costs
            if element.tag not in ("td", "th") or _hides(attributes.get("style", "")):
                continue
            while taken.get(column, 0) > number:
                column += 1
            height = _span(attributes.get("rowspan"), len(rows) - number)
            width = _span(attributes.get("colspan"), _MOST_COLUMNS)
            cells.append(Cell(_cell_text(element), number, column, height, width))
            elements.append(element)
            if len(cells) > limits.max_cells:
                raise UserError(f"表格单元格超过 {limits.max_cells:,} 个；请只保留年度报告部分")
            if height > 1:
                taken.update(dict.fromkeys(range(column, column + width), number + height))
            column += width
    return Grid(tuple(cells)), elements


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _cell_text(cell: etree._Element) -> str:
    """The text of a cell; its paragraphs and line breaks are kept as line breaks."""
    inner = cell
    while len(inner) == 1:  # most cells hold one text, wrapped in a paragraph, a span, a bold
        (child,) = inner
        if child.tag in SKIPPED or not _is_blank(inner.text) or not _is_blank(child.tail):
            break
        inner = child
    if len(inner) == 0:
        return _clean(inner.text or "")
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in _CELL_LINES and element is not cell:
                parts.append("\0")
            if element.text and tag not in SKIPPED:
                parts.append(element.text)
        elif element is not cell:
            if tag in _CELL_LINES:
                parts.append("\0")
            if element.tail:
                parts.append(element.tail)
    lines = (_clean(line) for line in "".join(parts).split("\0"))
    return "\n".join(line for line in lines if line)
