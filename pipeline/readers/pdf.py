"""PDF documents: characters and ruling lines by their place on the page, read with pypdfium2.

The order in which a PDF prints its characters decides nothing here; geometry.py places them in cells and
lines. Pages that are pictures go to ocr.py. PDFium is not thread safe: one document at a time per process.
"""

import ctypes
import math
import re
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.issues import issue
from pipeline.model import Block, Grid, Issue, Reading, UserError
from pipeline.readers import ocr
from pipeline.readers.lattice import Box, Line, RuledTable, lines_to_tables, merge_lines
from pipeline.readers.limits import Deadline, Limits
from pipeline.readers.pages import PageInk, find_title, pages_to_blocks
from pipeline.readers.textlines import Glyph, Run, glyphs_to_runs, mend_overflow, runs_to_lines

_THIN = 4.0  # points: a filled rectangle thinner than this is a ruling line
_FEW = 8  # characters: a page with fewer and with a picture is a scan
_HEAD = 60  # characters: no more than a running head beside a picture that fills the page
_MOST_OBJECTS = 150_000
_MOST_NESTING = 6
_OCR_SCALE = 200 / 72
_PDFIUM = threading.Lock()
_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: "PDF 设有密码；请去掉密码另存",
    pdfium.FPDF_ERR_SECURITY: "PDF 的加密方式无法读取；请去掉保护另存",
}


def read(data: bytes, limits: Limits) -> Reading:
    """Blocks of a PDF; UserError when it is locked, no PDF, or holds no page that can be read."""
    with opened(data, limits) as document:
        return _read_document(document, limits, is_whole=b"%%EOF" in data[-2048:])


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF, open for one at a time; UserError when it is locked or no PDF."""
    limits.check_size(data)
    _check_streams(data, limits)
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UserError(_ERRORS.get(error.err_code, "PDF 已损坏；请打开后重新导出为 PDF")) from error
        try:
            yield document
        finally:
            document.close()


def characters_of(page: pypdfium2.PdfPage, limits: Limits) -> tuple[str, list[Glyph]]:
    """What kind of page it is, and its printed characters line by line with their boxes on the page as shown."""
    _, turn, kind = _read_page(page, limits.deadline())
    if kind == "scan":
        return kind, []
    textpage = page.get_textpage()
    try:
        runs = [Run(*glyph) for glyph in _inked_glyphs(textpage.raw, textpage.count_chars(), turn)]
    finally:
        textpage.close()
    return kind, [
        (run.text, *turn.shown_box((run.left, run.top, run.right, run.bottom)))
        for line in runs_to_lines(runs)
        for run in line.runs
    ]


def _check_streams(data: bytes, limits: Limits) -> None:
    """Refuse a PDF with a compressed stream that swells beyond all measure; PDFium would inflate it whole."""
    for found in re.finditer(rb"stream\r?\n(?=x)", data):
        end = data.find(b"endstream", found.end())
        if end - found.end() < limits.max_inflated_bytes // 1030:  # no more than deflate can hold
            continue
        inflater = zlib.decompressobj()
        size, rest = 0, data[found.end() : end]
        try:
            head = len(zlib.decompressobj().decompress(rest[:16_384]))
            while head > 100 * 16_384 and rest and size <= limits.max_inflated_bytes:
                size += len(inflater.decompress(rest, 1_000_000))
                rest = inflater.unconsumed_tail
        except zlib.error:
            continue
        if size > limits.max_inflated_bytes:
            raise UserError(
                f"PDF 内的数据流解开后超过上限 max_inflated_bytes {limits.max_inflated_bytes}，不予读取"
            )


def _read_document(document: pypdfium2.PdfDocument, limits: Limits, *, is_whole: bool) -> Reading:
    count = len(document)
    if count == 0:
        raise UserError("PDF 没有页面；请重新导出为 PDF")
    if count > limits.max_pages:
        raise UserError(f"PDF 有 {count} 页，超过上限 max_pages {limits.max_pages}；请拆分后再试")
    pages, turns, issues = _read_pages(document, count, limits)
    if not is_whole:
        issues.append(issue("damaged_file.pdf"))
    if not any(page.runs for page in pages):
        first = issues[0].message if issues else "各页都是空白"
        raise UserError(f"PDF 里没有可读的文字（{first}）；请索取生成它的原文件")
    blocks, more = pages_to_blocks(pages)
    limits.check_cells(sum(len(block.cells) for block in blocks if isinstance(block, Grid)))
    blocks = [_turned_block(block, turns) for block in blocks]
    return Reading(tuple(blocks), find_title(pages), _read_metadata(document), (*issues, *more))


def _read_pages(
    document: pypdfium2.PdfDocument, count: int, limits: Limits
) -> tuple[list[PageInk], list["_Turn"], list[Issue]]:
    pages: list[PageInk] = []
    turns: list[_Turn] = []
    issues: list[Issue] = []
    scans: list[int] = []
    deadline = limits.deadline()
    for number in range(count):
        deadline.check()
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            issues.append(issue("unreadable_page.damaged", page=number + 1))
            pages.append(PageInk(0, 0, [], []))
            turns.append(_Turn((0, 0, 0, 0), 0, 0))
            continue
        ink, turn, kind = _read_page(page, deadline)
        if kind == "scan":
            if len(scans) >= limits.max_image_pages:
                raise UserError(
                    f"PDF 的扫描页超过上限 max_image_pages {limits.max_image_pages}；请拆分后再试"
                )
            found, deadline = _recognise(page, number, limits, deadline, issues, first=not scans)
            ink = found or ink
            turn = replace(turn, text=turn.shown)
            scans.append(number)
        if kind == "layer" and not any(one.code == "ocr" for one in issues):
            issues.append(issue("ocr.layer", page=number + 1))
        if kind == "picture":
            issues.append(issue("picture_not_read.page", page=number + 1))
        pages.append(ink)
        turns.append(turn)
        page.close()
    return pages, turns, issues


def _recognise(
    page: pypdfium2.PdfPage,
    number: int,
    limits: Limits,
    deadline: Deadline,
    issues: list[Issue],
    *,
    first: bool,
) -> tuple[PageInk | None, Deadline]:
    """The ink of a scanned page. Recognition has its own clock: the deadline moves by the time it takes."""
    width, height = page.get_size()
    scale = min(_OCR_SCALE, 3000 / max(width, height, 1))
    try:
        image = page.render(scale=scale).to_numpy()
        ink, found, used = ocr.read_ink(image, 1 / scale, limits, page=number)
    except (pypdfium2.PdfiumError, UserError, MemoryError) as error:
        issues.append(issue("unreadable_page.picture", page=number + 1, reason=error))
        return None, deadline
    if first:
        issues.append(issue("ocr"))
    issues.extend(found)
    return ink, replace(deadline, at=deadline.at + used)


# ---- one page ----


@dataclass(frozen=True, slots=True)
class _Turn:
    """How page space turns: quarter turns of the text and of the page as shown, and the crop box."""

    crop: Box  # left, bottom, right, top in page space
    text: int
    shown: int

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """A point of page space as seen with the text upright, from the top left."""
        return _turned(self.text, self.crop, x, y)

    def shown_box(self, box: Box) -> Box:
        """A box of the upright text on the page as it is shown."""
        if self.text == self.shown:
            return box
        corners = [_turned_back(self.text, self.crop, x, y) for x, y in (box[:2], box[2:])]
        (x0, y0), (x1, y1) = (_turned(self.shown, self.crop, x, y) for x, y in corners)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _turned(quarter: int, crop: Box, x: float, y: float) -> tuple[float, float]:
    left, bottom, right, top = crop
    return ((x - left, top - y), (y - bottom, x - left), (right - x, y - bottom), (top - y, right - x))[
        quarter
    ]


def _turned_back(quarter: int, crop: Box, x: float, y: float) -> tuple[float, float]:
    left, bottom, right, top = crop
    return ((x + left, top - y), (y + left, x + bottom), (right - x, y + bottom), (right - y, top - x))[
        quarter
    ]


def _read_page(page: pypdfium2.PdfPage, deadline: Deadline) -> tuple[PageInk, _Turn, str]:
    """The ink of a page, how it turns, and what kind of page it is (see `_kind`)."""
    crop = page.get_cropbox()
    quarter = page.get_rotation() // 90 % 4
    horizontals, verticals, pictured = _read_lines(page, crop)
    deadline.check()
    textpage = page.get_textpage()
    try:
        quarter_text = _text_quarter(textpage.raw, textpage.count_chars(), quarter)
        turn = _Turn(crop, quarter_text, quarter)
        horizontals, verticals = _turned_lines(turn, horizontals, verticals)
        tables = sorted(lines_to_tables(horizontals, verticals), key=_area)
        glyphs = _read_glyphs(textpage.raw, textpage.count_chars(), turn, deadline)
        runs = mend_overflow(glyphs_to_runs(glyphs, tables), tables)
    finally:
        textpage.close()
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    if quarter_text % 2:
        width, height = height, width
    characters = sum(len(run.text) for run in runs)
    return PageInk(width, height, tables, runs), turn, _kind(page, characters, pictured)


def _kind(page: pypdfium2.PdfPage, characters: int, pictured: float) -> str:
    """`scan` is a picture with no text but a running head; `layer` a scan with hidden text; `picture` a page
    with text and a large picture beside it; else `text`. `pictured` is the share of the page under pictures.
    """
    if (characters < _FEW and pictured > 0.2) or (characters < _HEAD and pictured > 0.6):
        return "scan"
    if pictured > 0.2:
        return "layer" if _is_hidden(page) else "picture"
    return "text"


def _area(table: RuledTable) -> float:
    return (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0])


def _text_quarter(textpage: object, count: int, shown: int) -> int:
    """The quarter turn of most characters; that of the page where there is no text."""
    step = max(1, count // 40)
    angles = Counter(
        -round(pdfium.FPDFText_GetCharAngle(textpage, index) / (math.pi / 2)) % 4  # PDFium counts clockwise
        for index in range(0, count, step)
        if pdfium.FPDFText_GetUnicode(textpage, index) > 32
    )
    return angles.most_common(1)[0][0] if angles else shown


def _read_glyphs(textpage: object, count: int, turn: _Turn, deadline: Deadline) -> Iterator[Glyph]:
    """The printed characters in content order. Spaces are left out: gaps tell them."""
    box = pdfium.FS_RECTF()
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    plain, (crop_left, _, _, crop_top) = turn.text == 0, turn.crop
    for index in range(count):
        code = unicode_of(textpage, index)
        if code <= 32 or code in _NOT_PRINTED or not box_of(textpage, index, box):
            if index & 4095 == 0:
                deadline.check()
            continue
        if plain:
            yield (
                chr(code),
                box.left - crop_left,
                crop_top - box.top,
                box.right - crop_left,
                crop_top - box.bottom,
            )
        else:
            x0, y0 = turn.upright(box.left, box.bottom)
            x1, y1 = turn.upright(box.right, box.top)
            yield chr(code), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _inked_glyphs(textpage: object, count: int, turn: _Turn) -> Iterator[Glyph]:
    """The printed characters with boxes that hold the whole of their ink: that of the font's height, and that drawn."""
    loose = pdfium.FS_RECTF()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code <= 32 or code in _NOT_PRINTED or not pdfium.FPDFText_GetLooseCharBox(textpage, index, loose):
            continue
        x0, y0, x1, y1 = loose.left, loose.bottom, loose.right, loose.top
        if pdfium.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
            x0, x1 = min(x0, left.value), max(x1, right.value)
            y0, y1 = min(y0, bottom.value), max(y1, top.value)
        (x0, y0), (x1, y1) = turn.upright(x0, y0), turn.upright(x1, y1)
        yield chr(code), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


# white space, soft hyphen (as PDFium marks a hyphen at a line's end), zero width, no character
_NOT_PRINTED = frozenset(
    {0x02, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF}
) | frozenset(range(0xD800, 0xE000))

# ---- ruling lines ----

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def _read_lines(page: pypdfium2.PdfPage, crop: Box) -> tuple[list[Line], list[Line], float]:
    """Horizontal and vertical lines in page space, and the share of the page that pictures cover."""
    raw = page.raw
    count = pdfium.FPDFPage_CountObjects(raw)
    if count > _MOST_OBJECTS:
        raise UserError(f"PDF 某页有 {count} 个图形对象，是图纸而不是报告；请提供文字版")
    page_area = (crop[2] - crop[0]) * (crop[3] - crop[1])
    pen = _Pen()
    pen.trace(count, partial(pdfium.FPDFPage_GetObject, raw), _IDENTITY, 0)
    pen.join_dots()
    return pen.horizontals, pen.verticals, pen.pictured / max(page_area, 1.0)


class _Pen:
    """Collects the lines of page objects; holds the buffers that PDFium writes into."""

    def __init__(self) -> None:
        self.horizontals: list[Line] = []
        self.verticals: list[Line] = []
        self.dots: list[Box] = []
        self.pictured = 0.0
        self._box = [ctypes.c_float() for _ in range(4)]
        self._mode = (ctypes.c_int(), ctypes.c_int())
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._point = (ctypes.c_float(), ctypes.c_float())

    def trace(self, count: int, get: Callable[[int], object], matrix: Matrix, depth: int) -> None:
        """Go through page objects, into forms (XObjects) as deep as they are sane."""
        for index in range(count):
            item = get(index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._trace_path(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                left, top, right, bottom = self._bounds(item, matrix)
                self.pictured += abs((right - left) * (top - bottom))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MOST_NESTING:
                inner = pdfium.FPDFFormObj_CountObjects(item)
                if 0 < inner <= _MOST_OBJECTS:
                    own = _product(_matrix_of(item), matrix)
                    self.trace(inner, partial(pdfium.FPDFFormObj_GetObject, item), own, depth + 1)

    def _bounds(self, item: object, matrix: Matrix) -> Box:
        left, bottom, right, top = self._box
        if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            return 0, 0, 0, 0
        if matrix is _IDENTITY:
            return left.value, bottom.value, right.value, top.value
        x0, y0 = _apply(matrix, left.value, bottom.value)
        x1, y1 = _apply(matrix, right.value, top.value)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _trace_path(self, item: object, matrix: Matrix) -> None:
        left, bottom, right, top = self._bounds(item, matrix)
        filled, stroked = self._mode
        wide, high = right - left, top - bottom
        if wide < _THIN and high < _THIN:
            self.dots.append((left, bottom, right, top))
            return
        pdfium.FPDFPath_GetDrawMode(item, filled, stroked)
        if not (filled.value or stroked.value) or self._is_invisible(item, stroked=bool(stroked.value)):
            return
        if high < _THIN:
            self.horizontals.append(((bottom + top) / 2, left, right))
        elif wide < _THIN:
            self.verticals.append(((left + right) / 2, bottom, top))
        else:
            own = _product(_matrix_of(item), matrix)
            outlines = list(self._subpaths(item, own))
            for points in outlines:
                self._add_outline(points, stroked=bool(stroked.value))
            if not stroked.value:
                self._add_frames([_extent(points) for points in outlines])

    def _is_invisible(self, item: object, *, stroked: bool) -> bool:
        """Whether a path is drawn in white or fully transparent: no reader sees such a line."""
        read = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
        red, green, blue, alpha = self._colour
        if not read(item, red, green, blue, alpha):
            return False
        return alpha.value == 0 or min(red.value, green.value, blue.value) > 250

    def _subpaths(self, item: object, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
        count = pdfium.FPDFPath_CountSegments(item)
        x, y = self._point
        points: list[tuple[float, float]] = []
        for index in range(min(count, 20_000)):
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                continue
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points
                points = []
            points.append(_apply(matrix, x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
                points.append(points[0])
        if len(points) > 1:
            yield points

    def _add_outline(self, points: list[tuple[float, float]], *, stroked: bool) -> None:
        """The lines of a subpath: one where it is a thin bar, its sides where it is stroked."""
        left, bottom, right, top = _extent(points)
        if top - bottom < _THIN <= right - left:
            self.horizontals.append(((bottom + top) / 2, left, right))
        elif right - left < _THIN <= top - bottom:
            self.verticals.append(((left + right) / 2, bottom, top))
        elif stroked:
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(y0 - y1) < 1 <= abs(x0 - x1):
                    self.horizontals.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x0 - x1) < 1 <= abs(y0 - y1):
                    self.verticals.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _add_frames(self, boxes: list[Box]) -> None:
        """The sides of a border that is filled between an outer and an inner rectangle."""
        for first, second in pairwise(boxes):
            outer, inner = (first, second) if first[0] <= second[0] else (second, first)
            sides = [inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]]
            if not all(-0.1 < side < _THIN for side in sides):
                continue
            left, bottom, right, top = outer
            for number, position in enumerate(outer):
                if sides[number] > 0.05 and number % 2:
                    self.horizontals.append((position, left, right))
                elif sides[number] > 0.05:
                    self.verticals.append((position, bottom, top))

    def join_dots(self) -> None:
        """Lines out of dots in a row, as browsers draw dotted borders."""
        for line in merge_lines(
            [((bottom + top) / 2, left, right) for left, bottom, right, top in self.dots]
        ):
            if line[2] - line[1] > 2 * _THIN:
                self.horizontals.append(line)
        for line in merge_lines(
            [((left + right) / 2, bottom, top) for left, bottom, right, top in self.dots]
        ):
            if line[2] - line[1] > 2 * _THIN:
                self.verticals.append(line)


def _extent(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix_of(item: object) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    if outer is _IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _turned_lines(
    turn: _Turn, horizontals: list[Line], verticals: list[Line]
) -> tuple[list[Line], list[Line]]:
    """The lines as seen with the text upright."""
    across: list[Line] = []
    down: list[Line] = []
    for lines, is_across in ((horizontals, True), (verticals, False)):
        for position, start, end in lines:
            ends = ((start, position), (end, position)) if is_across else ((position, start), (position, end))
            (x0, y0), (x1, y1) = (turn.upright(x, y) for x, y in ends)
            if is_across == (turn.text % 2 == 0):
                across.append((y0, min(x0, x1), max(x0, x1)))
            else:
                down.append((x0, min(y0, y1), max(y0, y1)))
    return across, down


def _is_hidden(page: pypdfium2.PdfPage) -> bool:
    """Whether the first texts of a page are printed invisibly, as the text layer of a scan is."""
    modes = []
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), 200)):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
            modes.append(pdfium.FPDFTextObj_GetTextRenderMode(item))
    return bool(modes) and modes.count(pdfium.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes) / 2


# ---- around the pages ----


def _turned_block(block: Block, turns: list[_Turn]) -> Block:
    """A block with its boxes on the pages as they are shown."""
    if all(turn.text == turn.shown for turn in turns):
        return block
    if isinstance(block, Grid):
        cells = (
            cell
            if cell.box is None or cell.page is None
            else cell._replace(box=turns[cell.page].shown_box(cell.box))
            for cell in block.cells
        )
        return replace(block, cells=tuple(cells))
    if block.box is None or block.page is None:
        return block
    return replace(block, box=turns[block.page].shown_box(block.box))


def _read_metadata(document: pypdfium2.PdfDocument) -> tuple[tuple[str, str], ...]:
    """The title property and the date of creation, where they are readable."""
    try:
        found = document.get_metadata_dict(skip_empty=True)
    except (ValueError, pypdfium2.PdfiumError):
        return ()
    pairs = [("title", found.get("Title", "").strip())]
    date = re.match(r"D:(\d{4})(\d{2})(\d{2})", found.get("CreationDate", ""))
    pairs.append(("created", "-".join(date.groups()) if date else ""))
    return tuple((name, text) for name, text in pairs if text)
