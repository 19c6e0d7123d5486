"""Workbooks (xlsx, xls): each sheet as a grid whose cells read as a person sees them.

Formulas count by the value that was stored with them. Hidden sheets, rows and columns are left out, with an
issue: they are not published.
"""

import datetime
import io
import logging
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException
from xlrd.compdoc import CompDocError

from pipeline.issues import issue
from pipeline.model import Block, Cell, Grid, Issue, Paragraph, Reading, UserError
from pipeline.readers.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REMEDY = "请用 Excel 打开后另存为 xlsx"
_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)[\s>/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Za-z]+)(\d+):([A-Za-z]+)(\d+)[\"']")
# what the libraries raise on damaged workbooks; RuntimeError is zipfile's word for encrypted
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    InvalidFileException,
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
    AssertionError,
    RecursionError,
    RuntimeError,
    ZeroDivisionError,
    UnicodeError,
)

Entry = tuple[int, int, str]  # row, column, text
Merge = tuple[int, int, int, int]  # row, column, rows, columns


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet: the cells with text, the merged ranges, and what is hidden."""

    name: str
    entries: Sequence[Entry]
    merges: Sequence[Merge]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


def read(data: bytes, limits: Limits) -> Reading:
    """The sheets as grids, each after a paragraph with its name; UserError where there is nothing to read."""
    limits.check_size(data)
    try:
        if data.startswith(_OLE):
            sheets, issues = _read_xls(data, limits)
        elif data.startswith(b"PK"):
            sheets, issues = _read_xlsx(data, limits)
        else:
            raise UserError(f"文件不是 Excel 工作簿；{_REMEDY}")
    except _DAMAGE as error:
        raise UserError(f"工作簿已损坏、加密或不完整；{_REMEDY}") from error
    blocks: list[Block] = []
    deadline = limits.deadline()
    for sheet in sheets:
        deadline.check()
        grid = sheet_to_grid(sheet, limits)
        if grid.cells:
            blocks += [Paragraph(sheet.name), grid]
        issues += _hidden_issues(sheet)
    if not blocks:
        raise UserError("工作簿里没有可见的内容；请重新取得原件")
    return Reading(tuple(blocks), _title(blocks), (), tuple(issues))


def _hidden_issues(sheet: Sheet) -> list[Issue]:
    counts = {"rows": len(sheet.hidden_rows), "columns": len(sheet.hidden_columns)}
    return [
        issue(f"hidden_cells.{name}", sheet=sheet.name, count=count)
        for name, count in counts.items()
        if count
    ]


def _title(blocks: list[Block]) -> str:
    """The first cell where it alone stands in the first row, as a title above a table does."""
    grid = blocks[1]
    if not isinstance(grid, Grid):
        return ""
    first = [cell for cell in grid.cells if cell.row == 0 and cell.text]
    return first[0].text if len(first) == 1 and len(first[0].text) <= 90 else ""


# ---- sheet -> grid ----


def sheet_to_grid(sheet: Sheet, limits: Limits) -> Grid:
    """A full rectangle of cells without the hidden lines and the empty margins, merged ranges as spans."""
    texts = {
        (row, column): text
        for row, column, text in sheet.entries
        if text and row not in sheet.hidden_rows and column not in sheet.hidden_columns
    }
    if not texts:
        return Grid(())
    used = _used_merges(sheet.merges, texts)
    rows = _visible(min(r for r, _ in texts), max(r for r, _ in texts), used, 0, sheet.hidden_rows)
    columns = _visible(min(c for _, c in texts), max(c for _, c in texts), used, 1, sheet.hidden_columns)
    limits.check_cells(len(rows) * len(columns))
    row_at = {row: number for number, row in enumerate(rows)}
    column_at = {column: number for number, column in enumerate(columns)}
    covered: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    spans = {(merge[0], merge[1]): merge for merge in used}
    for row in rows:
        for column in columns:
            if (row, column) in covered:
                continue
            merge = spans.get((row, column), (row, column, 1, 1))
            inside = [r for r in range(row, row + merge[2]) if r in row_at]
            beside = [c for c in range(column, column + merge[3]) if c in column_at]
            covered.update((r, c) for r in inside for c in beside)
            text = next((texts[r, c] for r in inside for c in beside if (r, c) in texts), "")
            cells.append(Cell(text, row_at[row], column_at[column], max(1, len(inside)), max(1, len(beside))))
    return Grid(tuple(cells))


def _used_merges(merges: Iterable[Merge], texts: dict[tuple[int, int], str]) -> list[Merge]:
    """Merged ranges that reach into the used part, cut to it; they may run to the end of the sheet."""
    last_row, last_column = max(r for r, _ in texts), max(c for _, c in texts)
    used = []
    for row, column, rows, columns in merges:
        if row <= last_row and column <= last_column:
            reach = (min(rows, last_row + 1 - row), min(columns, last_column + 1 - column))
            used.append((row, column, *reach))
    return used


def _visible(first: int, last: int, merges: list[Merge], axis: int, hidden: frozenset[int]) -> list[int]:
    """The visible line numbers of the used part; a merged range whose first line is hidden begins later."""
    starts = [merge[axis] for merge in merges if merge[axis + 2] > 1]
    return [number for number in range(min([first, *starts]), last + 1) if number not in hidden]


# ---- values as a person sees them ----


def show_value(value: object, number_format: str = "General") -> str:
    """12 for 12.0, ISO dates, 12.5% where the cell is formatted so, TRUE and FALSE, text as it stands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return (
            value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
        )
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _show_number(float(value), number_format)
    return str(value).strip()


def _show_number(value: float, number_format: str) -> str:
    kind = number_format.split(";")[0]
    decimals = re.search(r"0\.(0+)", kind)
    if "%" in kind:
        return f"{value * 100:.{len(decimals[1]) if decimals else 0}f}%"
    if decimals and "E" not in kind.upper():
        return f"{value:.{len(decimals[1])}f}"
    if value != value or abs(value) == float("inf"):
        return ""
    if kind in ("0", "#,##0") or value == int(value):
        return str(round(value))
    return repr(round(value, 10))


# ---- xlsx ----


def _read_xlsx(data: bytes, limits: Limits) -> tuple[list[Sheet], list[Issue]]:
    has_formulas = _check_package(data, limits)
    logging.getLogger("openpyxl").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it leaves out: print areas, extensions
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    sheets: list[Sheet] = []
    issues: list[Issue] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            issues.append(issue("hidden_sheet", sheet=sheet.title))
            continue
        sheets.append(_xlsx_sheet(sheet))
    if has_formulas:
        issues += _formula_issues(data, sheets)
    return sheets, issues


def _check_package(data: bytes, limits: Limits) -> bool:
    """Refuse what would fill the memory before the library builds it: cells, merged ranges, inflated size.

    Tells whether any sheet holds a formula.
    """
    has_formulas = False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        infos = package.infolist()
        if sum(info.file_size for info in infos) > limits.max_inflated_bytes:
            raise UserError(f"工作簿解开后超过上限 max_inflated_bytes {limits.max_inflated_bytes}；{_REMEDY}")
        for info in infos:
            if not re.search(r"worksheets/[^/]*\.xml$", info.filename, re.IGNORECASE):
                continue
            xml = package.read(info)
            has_formulas = has_formulas or _FORMULA.search(xml) is not None
            count = sum(1 for _ in _CELL.finditer(xml))
            limits.check_cells(count)
            # the library makes a cell for EVERY place of a merged range
            limits.check_cells(sum(_merged_area(found.groups()) for found in _MERGE.finditer(xml)))
    return has_formulas


def _merged_area(corners: Sequence[bytes]) -> int:
    left, right = (_column_number(corners[n].decode()) for n in (0, 2))
    return (abs(int(corners[3]) - int(corners[1])) + 1) * (abs(right - left) + 1)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _xlsx_sheet(sheet: Any) -> Sheet:
    # `iter_rows` would walk every place between A1 and the last cell, up to 17 thousand million
    entries = [
        (row, column, show_value(cell.value, cell.number_format))
        for (row, column), cell in sheet._cells.items()
        if cell.value is not None
    ]
    merges = [
        (r.min_row, r.min_col, r.max_row - r.min_row + 1, r.max_col - r.min_col + 1)
        for r in sheet.merged_cells.ranges
    ]
    used_rows, used_columns = {row for row, _, _ in entries}, {column for _, column, _ in entries}
    rows = {number for number, each in sheet.row_dimensions.items() if each.hidden} & used_rows
    columns = {
        number
        for each in sheet.column_dimensions.values()
        if each.hidden
        for number in range(each.min or 0, min(each.max or 0, 20_000) + 1)
    } & used_columns
    return Sheet(sheet.title, entries, merges, frozenset(rows), frozenset(columns))


def _formula_issues(data: bytes, sheets: list[Sheet]) -> list[Issue]:
    """A formula without its stored value reads as blank: say so."""
    issues: list[Issue] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    known = {sheet.name: {(row, column) for row, column, _ in sheet.entries} for sheet in sheets}
    for sheet in formulas.worksheets:
        for place, cell in sheet._cells.items():
            if cell.data_type == "f" and place not in known.get(sheet.title, set()):
                where = {"sheet": sheet.title, "cell": cell.coordinate}
                issues.append(issue("formula_without_value", str(cell.value), **where))
    return issues


# ---- xls ----


def _read_xls(data: bytes, limits: Limits) -> tuple[list[Sheet], list[Issue]]:
    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    sheets: list[Sheet] = []
    issues: list[Issue] = []
    for sheet in book.sheets():
        if sheet.visibility:
            issues.append(issue("hidden_sheet", sheet=sheet.name))
            continue
        limits.check_cells(sheet.nrows * sheet.ncols)
        sheets.append(_xls_sheet(book, sheet))
    return sheets, issues


def _xls_sheet(book: Any, sheet: Any) -> Sheet:
    entries = list(_xls_entries(book, sheet))
    merges = [(top, left, bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells]
    used_rows, used_columns = {row for row, _, _ in entries}, {column for _, column, _ in entries}
    rows = {number for number, each in sheet.rowinfo_map.items() if each.hidden} & used_rows
    columns = {number for number, each in sheet.colinfo_map.items() if each.hidden} & used_columns
    return Sheet(sheet.name, entries, merges, frozenset(rows), frozenset(columns))


def _xls_entries(book: Any, sheet: Any) -> Iterator[Entry]:
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            yield row, column, _xls_text(book, cell)


def _xls_text(book: Any, cell: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return show_value(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return show_value(xlrd.xldate_as_datetime(cell.value, book.datemode))
    form = book.format_map.get(book.xf_list[cell.xf_index].format_key) if cell.xf_index is not None else None
    return show_value(cell.value, form.format_str if form is not None else "General")
