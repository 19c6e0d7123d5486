"""Word documents (docx): paragraphs and tables of the body in order, as one would see them printed.

Knows WordprocessingML and nothing of the form. What Word does not print (deleted and hidden text, comments,
field codes, the second copy of a text box) is not read; what Word computes (list numbers) is.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.issues import issue
from pipeline.model import Block, Cell, Grid, Issue, Paragraph, Reading, UserError
from pipeline.readers.archive import salvage
from pipeline.readers.limits import Deadline, Limits

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC, _T = (_W + name for name in ("p", "tbl", "tr", "tc", "t"))
_TCPR, _TRPR, _PPR, _VAL = (_W + name for name in ("tcPr", "trPr", "pPr", "val"))
_SPAN, _VMERGE, _HMERGE = (_W + name for name in ("gridSpan", "vMerge", "hMerge"))
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": "\t", _W + "ptab": "\t", _W + "noBreakHyphen": "-"}
_OFF = {"0", "false", "off"}
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_WIDE, _HIGH = 2_900_000, 720_000  # 8 cm and 2 cm in the units of drawings: smaller ones are seals and icons
_HAIRLINE = 85  # twentieths of a point (1.5 mm): no column of figures is that narrow
_LONGEST_TITLE = 90
_TREE = 5  # an XML tree takes many times the room of its text
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "created": "{http://purl.org/dc/terms/}created",
}


def read(data: bytes, limits: Limits) -> Reading:
    """Blocks of a docx; UserError when it is no docx, is locked or holds no document part."""
    limits.check_size(data)
    parts, issues = _read_parts(data, limits)
    root = _parse(parts["word/document.xml"], issues)
    body = root.find(_W + "body")
    if body is None:
        raise UserError("Word 文件没有正文；请用 Word 打开后另存为 docx")
    _normalise(root)
    walk = _Walk(limits, limits.deadline(), _load_numbering(parts, issues), *_marks(root))
    blocks = list(walk.blocks(body))
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        if name in parts:
            blocks.extend(_read_notes(_parse(parts[name], issues), walk))
    pictures = _count_pictures(root)
    if pictures:
        issues.append(issue("picture_not_read.document", count=pictures))
    return Reading(tuple(blocks), _title(body, blocks, walk), _read_core(parts, issues), tuple(issues))


# ---- the package ----

_WANTED = (
    "word/document.xml",
    "word/numbering.xml",
    "word/styles.xml",
    "word/footnotes.xml",
    "word/endnotes.xml",
    "docProps/core.xml",
)


def _read_parts(data: bytes, limits: Limits) -> tuple[dict[str, bytes], list[Issue]]:
    """The parts that are read, by name; from a damaged package the document part as far as it goes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _wanted_parts(package, limits), []
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        NotImplementedError,
    ) as error:
        rest = salvage(data, _WANTED[0], limits)
        if rest is None:
            raise UserError("Word 文件已损坏或不完整；请用 Word 打开后另存为 docx") from error
        return {_WANTED[0]: rest}, [issue("damaged_file.docx")]
    except RuntimeError as error:
        raise UserError("Word 文件已加密；请去掉密码另存") from error


def _wanted_parts(package: zipfile.ZipFile, limits: Limits) -> dict[str, bytes]:
    names = {info.filename.replace("\\", "/").lower(): info for info in package.infolist()}
    found = {name: names[name.lower()] for name in _WANTED if name.lower() in names}
    if _WANTED[0] not in found:
        raise UserError("文件是压缩包但不是 Word 文件（缺 word/document.xml）；请用 Word 另存为 docx")
    size = sum(info.file_size for info in found.values())
    if size > limits.max_inflated_bytes // _TREE:
        raise UserError(
            f"Word 文件解开后有 {size} 字节，超过上限（max_inflated_bytes 的 1/{_TREE}）；请拆分后再试"
        )
    return {name: package.read(info) for name, info in found.items()}


def _parse(xml: bytes, issues: list[Issue]) -> etree._Element:
    """The root of a part; broken XML is read as far as it goes, with an issue."""
    xml = xml.replace(_STRICT, _W[1:-1].encode())
    try:
        return etree.fromstring(xml, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        issues.append(issue("damaged_file.xml", error=error.msg))
        try:
            root = etree.fromstring(xml, _parser(recover=True))
        except etree.XMLSyntaxError:
            root = None
    if root is None:
        raise UserError("Word 文件里没有可读的 XML；请用 Word 打开后另存为 docx")
    return root


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,  # indentation between runs is no text; a w:t of spaces survives this
        recover=recover,
    )


# ---- what is not printed, and what stands in wrappers ----


def _normalise(root: etree._Element) -> None:
    """Bring the tree to plain paragraphs and tables. A pass runs only if its element occurs."""
    passes = {
        _MC + "AlternateContent": _drop_fallbacks,
        _W + "del": _drop_deletions,
        _W + "moveFrom": _drop_deletions,
        _W + "cellDel": _drop_deletions,
        _W + "vanish": _drop_hidden,
        _W + "rt": _drop_pinyin,
        _W + "sdt": _unwrap,
        _W + "customXml": _unwrap,
        _W + "txbxContent": _lift_text_boxes,
    }
    found = {element.tag for element in root.iter(*passes)}
    for run in dict.fromkeys(each for tag, each in passes.items() if tag in found):
        run(root)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _drop_pinyin(root: etree._Element) -> None:
    for element in list(root.iter(_W + "rt")):
        _drop(element)


def _drop_fallbacks(root: etree._Element) -> None:
    # A text box stands twice: as a drawing in Choice, as VML in Fallback.
    for element in list(root.iter(_MC + "AlternateContent")):
        if element.find(_MC + "Choice") is not None:
            for fallback in element.findall(_MC + "Fallback"):
                element.remove(fallback)


def _drop_deletions(root: etree._Element) -> None:
    for mark in list(root.iter(_W + "del", _W + "moveFrom", _W + "cellDel")):
        parent = mark.getparent()
        if parent is not None and parent.tag in (_TRPR, _TCPR):
            _drop(parent.getparent())
        else:
            _drop(mark)


def _drop_hidden(root: etree._Element) -> None:
    for mark in list(root.iter(_W + "vanish")):
        if mark.get(_VAL, "1") not in _OFF:
            run = mark.getparent().getparent()
            if run is not None and run.tag == _W + "r":
                _drop(run)


def _unwrap(root: etree._Element) -> None:
    """Put the content of content controls and custom XML in their place; a placeholder text is no content."""
    for wrapper in list(root.iter(_W + "sdt", _W + "customXml")):
        content = wrapper.find(_W + "sdtContent") if wrapper.tag == _W + "sdt" else wrapper
        if content is None or wrapper.getparent() is None:
            _drop(wrapper)
            continue
        if wrapper.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
            for text in content.iter(_T):
                text.text = ""
        last = wrapper
        for child in list(content):
            last.addnext(child)
            last = child
        _drop(wrapper)


def _lift_text_boxes(root: etree._Element) -> None:
    """Move the paragraphs and tables of a text box behind the paragraph that anchors it."""
    ends: dict[etree._Element, etree._Element] = {}
    for box in list(root.iter(_W + "txbxContent")):
        anchor = next(box.iterancestors(_P), None)
        if anchor is None:
            continue
        for child in list(box):
            ends.get(anchor, anchor).addnext(child)
            ends[anchor] = child


# ---- list numbers ----


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str


@dataclass(slots=True)
class _Numbering:
    """Levels by list and depth, lists by paragraph style, and the counters as the document is walked."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    def prefix(self, paragraph: etree._Element) -> str:
        """The number that Word prints before this paragraph, counting on."""
        properties = paragraph.find(_PPR)
        if properties is None:
            return ""
        name, depth = self._list_of(properties)
        level = self.levels.get((name, depth))
        if level is None:
            return ""
        counts = self.counters.setdefault(self.shared.get(name, name), {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda found: self._counted(name, int(found[1]) - 1, counts), level.text)

    def _list_of(self, properties: etree._Element) -> tuple[str, int]:
        style = properties.find(_W + "pStyle")
        name, depth = self.styles.get("" if style is None else style.get(_VAL, ""), ("", 0))
        own = properties.find(_W + "numPr")
        if own is not None:
            name = _value(own, "numId", name)
            depth = _count(_value(own, "ilvl", str(depth)), depth)
        return name, depth

    def _counted(self, name: str, depth: int, counts: dict[int, int]) -> str:
        level = self.levels.get((name, depth))
        return "" if level is None else _format_number(counts.get(depth, level.start), level.style)


def _load_numbering(parts: dict[str, bytes], issues: list[Issue]) -> _Numbering:
    """The lists a document defines; none where it has no numbering part."""
    numbering = _Numbering()
    if "word/numbering.xml" not in parts:
        return numbering
    root = _parse(parts["word/numbering.xml"], issues)
    abstract = {each.get(_W + "abstractNumId", ""): each for each in root.iter(_W + "abstractNum")}
    for number in root.iterchildren(_W + "num"):
        name, shared = number.get(_W + "numId", ""), _value(number, "abstractNumId", "")
        overridden = {_count(each.get(_W + "ilvl"), 0): each for each in number.iter(_W + "lvlOverride")}
        numbering.shared[name] = name if overridden else f"shared {shared}"
        for level in abstract[shared].iter(_W + "lvl") if shared in abstract else ():
            depth = _count(level.get(_W + "ilvl"), 0)
            start = _value(level, "start", "1")
            if depth in overridden:
                start = _value(overridden[depth], "startOverride", start)
            numbering.levels[name, depth] = _Level(
                _count(start, 1), _value(level, "numFmt", "decimal"), _value(level, "lvlText", "")
            )
    if "word/styles.xml" in parts:
        numbering.styles = _numbered_styles(_parse(parts["word/styles.xml"], issues))
    return numbering


def _numbered_styles(root: etree._Element) -> dict[str, tuple[str, int]]:
    found = {}
    for style in root.iter(_W + "style"):
        number = style.find(f"{_PPR}/{_W}numPr")
        if number is not None:
            found[style.get(_W + "styleId", "")] = (
                _value(number, "numId", ""),
                _count(_value(number, "ilvl", "0"), 0),
            )
    return found


def _value(parent: etree._Element, name: str, default: str) -> str:
    child = parent.find(_W + name)
    return default if child is None else child.get(_VAL, default)


def _count(text: str | None, default: int) -> int:
    """A whole number from an attribute; `default` where it is none or absurdly long."""
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default


_DIGITS = "〇一二三四五六七八九"


def _format_number(number: int, style: str) -> str:
    if style in ("bullet", "none") or number < 0:
        return ""
    if style in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCountingThousand",
    ):
        return _chinese(number)
    if style in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26 % 9)
        return letter if style == "lowerLetter" else letter.upper()
    if style in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style == "decimalFullWidth":
        return str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    return str(number)


def _chinese(number: int) -> str:
    """一, 十, 十一, 二十 … 九十九; beyond that digit by digit."""
    if number > 99 or number == 0:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


# ---- blocks ----


_TEXT_ELSEWHERE = tuple(
    [
        _W + name
        for name in ("instrText", "delText", "delInstrText", "fldData", "drawing", "pict", "object", "del")
    ]
    + ["{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"]
)


def _marks(root: etree._Element) -> tuple[tuple[str, ...], bool]:
    """The tags besides w:t that print as text, and whether a paragraph holds no text but what it prints."""
    found = {element.tag for element in root.iter(*_BREAKS, *_TEXT_ELSEWHERE)}
    return tuple(tag for tag in _BREAKS if tag in found), not found


@dataclass(slots=True)
class _Walk:
    """One pass over the body."""

    limits: Limits
    deadline: Deadline
    numbering: _Numbering
    marks: tuple[str, ...]
    plain: bool
    cells: int = 0

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        """The blocks among the children of a body, a cell or a note."""
        gap = 0
        for child in parent.iterchildren(_P, _TBL):
            self.deadline.check()
            if child.tag == _TBL:
                yield from self._table(child)
                gap = 0
                continue
            text = self.text(child)
            if text:
                yield Paragraph(text, gap=gap)
            gap = 0 if text else gap + 1

    def text(self, paragraph: etree._Element) -> str:
        """The printed text of a paragraph, its list number first."""
        prefix = self.numbering.prefix(paragraph) if self.numbering.levels else ""
        if self.plain:
            text: str = etree.tostring(paragraph, method="text", encoding="unicode", with_tail=False)
            return prefix + text.strip()
        if not self.marks:
            return prefix + "".join([run.text or "" for run in paragraph.iter(_T)]).strip()
        parts = [prefix]
        for run in paragraph.iter(_T, *self.marks):
            if run.tag == _T:
                parts.append(run.text or "")
            elif run.get(_VAL) is None and run.get(_W + "type") != "page":  # a tab STOP has a value
                parts.append(_BREAKS[run.tag])
        return "".join(parts).strip()

    def _table(self, table: etree._Element) -> Iterator[Block]:
        rows = _rows_of(table)
        self.cells += sum(map(len, rows))
        self.limits.check_cells(self.cells)
        nested = [inner for row in rows for tc in row for inner in tc.iterchildren(_TBL)]
        if _is_layout(rows, nested):
            for row in rows:
                for tc in row:
                    yield from self.blocks(tc)
            return
        self.deadline.check()
        grid = _span_grid(table, rows, [[self._cell_text(tc) for tc in row] for row in rows], self.limits)
        if grid.cells:
            yield grid
        for inner in nested:
            if not _is_ornament(inner):
                yield from self._table(inner)

    def _cell_text(self, tc: etree._Element) -> str:
        texts = [self.text(paragraph) for paragraph in tc.iterchildren(_P)]
        for inner in tc.iterchildren(_TBL):
            if _is_ornament(inner):
                texts += [self._cell_text(cell) for row in _rows_of(inner) for cell in row]
        return "\n".join(filter(None, texts)) if len(texts) > 1 else "".join(texts)


def _rows_of(table: etree._Element) -> list[list[etree._Element]]:
    return [list(row.iterchildren(_TC)) for row in table.iterchildren(_TR)]


def _is_layout(rows: list[list[etree._Element]], nested: list[etree._Element]) -> bool:
    """Whether a table only places things: one cell, or the frame of tables larger than itself."""
    own = sum(map(len, rows))
    return own == 1 or any(sum(map(len, _rows_of(inner))) > own for inner in nested)


def _is_ornament(table: etree._Element) -> bool:
    """A table of one cell inside a cell only frames its text, which belongs to the cell around it."""
    return sum(map(len, _rows_of(table))) == 1


@dataclass(slots=True)
class _Draft:
    text: str
    row: int
    left: int
    right: int
    bottom: int


def _span_grid(
    table: etree._Element, rows: list[list[etree._Element]], texts: list[list[str]], limits: Limits
) -> Grid:
    """The cells with their spans. A continuing cell lengthens the one above it that has the same edges."""
    spans = _spans(table)
    skipped = next(table.iter(_W + "gridBefore"), None) is not None
    drafts: list[_Draft] = []
    above: dict[tuple[int, int], _Draft] = {}
    for number, (row, row_texts) in enumerate(zip(rows, texts, strict=True)):
        column = _skipped(row[0].getparent()) if row and skipped else 0
        here: dict[tuple[int, int], _Draft] = {}
        for tc, text in zip(row, row_texts, strict=True):
            width, vertical, horizontal = spans.get(tc, _SINGLE)
            edges = (column, column + width)
            column += width
            draft = above.get(edges) if vertical == "continue" else None
            if horizontal == "continue" and drafts and drafts[-1].row == number:
                drafts[-1].right = edges[1]
                here = {(each.left, each.right): each for each in here.values()}
                continue
            if draft is not None:
                draft.bottom += 1
            else:
                draft = _Draft(text, number, *edges, number + 1)
                drafts.append(draft)
            here[edges] = draft
        above = here
    return _compact(drafts, _widths(table), limits)


def _skipped(row: etree._Element) -> int:
    """The grid columns that a row leaves out before its first cell."""
    properties = row.find(_TRPR)
    return 0 if properties is None else max(0, _count(_value(properties, "gridBefore", "0"), 0))


_SINGLE = (1, "", "")


def _spans(table: etree._Element) -> dict[etree._Element, tuple[int, str, str]]:
    """Columns, vertical and horizontal merge ("", "restart" or "continue") of the cells that have any."""
    spans: dict[etree._Element, tuple[int, str, str]] = {}
    for mark in table.iter(_SPAN, _VMERGE, _HMERGE):
        properties = mark.getparent()
        tc = None if properties is None else properties.getparent()
        if tc is None:
            continue
        width, vertical, horizontal = spans.get(tc, _SINGLE)
        if mark.tag == _SPAN:
            width = max(1, _count(mark.get(_VAL), 1))
        elif mark.tag == _VMERGE:
            vertical = mark.get(_VAL, "continue")
        else:
            horizontal = mark.get(_VAL, "continue")
        spans[tc] = (width, vertical, horizontal)
    return spans


def _widths(table: etree._Element) -> list[int]:
    """The widths of the grid columns as declared, in twentieths of a point."""
    grid = table.find(_W + "tblGrid")
    return (
        [] if grid is None else [_count(each.get(_W + "w"), 0) for each in grid.iterchildren(_W + "gridCol")]
    )


def _compact(drafts: list[_Draft], widths: list[int], limits: Limits) -> Grid:
    """Number columns by the edges at which cells really begin.

    A table dragged by hand has hairline columns, and a stray gridSpan covers columns that no cell begins
    in; both would push figures under the wrong heading.
    """
    snapped = _snap_edges(drafts, widths)
    starts = sorted({snapped.get(draft.left, draft.left) for draft in drafts})
    column = {start: number for number, start in enumerate(starts)}
    cells = []
    area = 0
    for draft in drafts:
        left = column[snapped.get(draft.left, draft.left)]
        right = _ending(starts, snapped.get(draft.right, draft.right))
        area += (draft.bottom - draft.row) * (right - left)
        cells.append(Cell(draft.text, draft.row, left, draft.bottom - draft.row, max(1, right - left)))
    limits.check_cells(area)
    return Grid(tuple(cells))


def _ending(starts: list[int], edge: int) -> int:
    """How many columns begin before an edge."""
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if starts[middle] < edge else (low, middle)
    return low


def _snap_edges(drafts: list[_Draft], widths: list[int]) -> dict[int, int]:
    """Edges to move, from hairline columns: their right edge goes to the left one if no cell is lost."""
    narrow = {number for number, width in enumerate(widths) if 0 < width < _HAIRLINE}
    narrow -= {draft.left for draft in drafts if draft.right == draft.left + 1}
    snapped: dict[int, int] = {}
    for number in sorted(narrow):
        if number not in snapped:  # two hairlines side by side would lose a cell between them
            snapped[number + 1] = number
    return snapped


# ---- around the body ----


def _read_notes(root: etree._Element, walk: _Walk) -> Iterator[Paragraph]:
    for note in root.iterchildren(_W + "footnote", _W + "endnote"):
        if note.get(_W + "type", "normal") == "normal":
            yield from (block for block in walk.blocks(note) if isinstance(block, Paragraph))


def _count_pictures(root: etree._Element) -> int:
    """The pictures large enough to hold a table."""
    size = (_count(each.get("cx"), 0) for each in root.iter(_EXTENT) if _count(each.get("cy"), 0) > _HIGH)
    return sum(wide > _WIDE for wide in size)


def _title(body: etree._Element, blocks: list[Block], walk: _Walk) -> str:
    """The printed title: the centred lines at the top, else a first line short enough to be one.

    The title property of the file is often last year's and is therefore metadata only.
    """
    first = next((block.text for block in blocks[:1] if isinstance(block, Paragraph)), "")
    centred: list[str] = []
    for child in body.iterchildren():
        if child.tag != _P or len(centred) == 3:
            break
        text = "".join([run.text or "" for run in child.iter(_T)]).strip()
        align = child.find(f"{_PPR}/{_W}jc")
        if text and (align is None or align.get(_VAL) != "center"):
            break
        centred.extend(filter(None, [text]))
    joined = "".join(centred)
    return next((text for text in (joined, first) if 0 < len(text) <= _LONGEST_TITLE), "")


def _read_core(parts: dict[str, bytes], issues: list[Issue]) -> tuple[tuple[str, str], ...]:
    if "docProps/core.xml" not in parts:
        return ()
    root = _parse(parts["docProps/core.xml"], issues)
    found = ((name, (root.findtext(tag) or "").strip()) for name, tag in _CORE.items())
    return tuple((name, text) for name, text in found if text)
