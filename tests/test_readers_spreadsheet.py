"""The workbook reader: merged labels, blank cells, numbers as printed, what is hidden."""

import datetime
import io

import openpyxl
import pytest
import xlwt
from documents import forms

from pipeline.model import Grid, Paragraph, UserError
from pipeline.readers import spreadsheet
from pipeline.readers.limits import Limits

LIMITS = Limits()


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xlsx(table: forms.Table, at: tuple[int, int] = (1, 1)) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附表"
    for text, row, column, rows, columns in forms.placed(table):
        top, left = row + at[0], column + at[1]
        sheet.cell(top, left, float(text) if text.isdigit() else text or None)
        if rows * columns > 1:
            sheet.merge_cells(
                start_row=top, start_column=left, end_row=top + rows - 1, end_column=left + columns - 1
            )
    return saved(book)


def xls(table: forms.Table) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("附表")
    for text, row, column, rows, columns in forms.placed(table):
        value = float(text) if text.isdigit() else text
        if rows * columns > 1:
            sheet.write_merge(row, row + rows - 1, column, column + columns - 1, value)
        elif text:
            sheet.write(row, column, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


TABLES = {
    "requests": forms.requests(),
    "disclosure_2019": forms.disclosure_2019(),
    "reviews": forms.reviews(),
}
WRITERS = {"xlsx": xlsx, "xlsx with margin": lambda table: xlsx(table, (4, 3)), "xls": xls}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_form_is_read_to_the_cell(write: object, table: forms.Table) -> None:
    name, grid = spreadsheet.read(write(table), LIMITS).blocks  # type: ignore[operator]
    assert isinstance(name, Paragraph) and name.text == "附表"
    assert isinstance(grid, Grid) and forms.shape(grid) == forms.placed(table)


VALUES = [
    (12.0, "General", "12"),
    (12, "0.00", "12.00"),
    (0.125, "0.0%", "12.5%"),
    (0.1 + 0.2, "General", "0.3"),
    (1234567.0, "#,##0", "1234567"),
    (None, "General", ""),
    (True, "General", "TRUE"),
    ("  22 ", "@", "22"),
    (datetime.datetime.fromisoformat("2022-01-20"), "yyyy-mm-dd", "2022-01-20"),
    (float("nan"), "General", ""),
    (0, "General", "0"),
    (-3, "0;[Red]-0", "-3"),
    (1e300, "General", str(round(1e300))),
    (0.85, "General", "0.85"),
]


@pytest.mark.parametrize(("value", "number_format", "expected"), VALUES)
def test_values_read_as_printed(value: object, number_format: str, expected: str) -> None:
    assert spreadsheet.show_value(value, number_format) == expected


def test_hidden_sheets_rows_and_columns_are_issues_not_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 4):
        for column in range(1, 4):
            sheet.cell(row, column, row * 10 + column)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("草稿")["A1"] = 99
    book["草稿"].sheet_state = "hidden"
    reading = spreadsheet.read(saved(book), LIMITS)
    grid = reading.blocks[1]
    assert isinstance(grid, Grid) and [cell.text for cell in grid.cells] == ["11", "12", "31", "32"]
    assert sorted(issue.code for issue in reading.issues) == ["hidden_cells", "hidden_cells", "hidden_sheet"]


def test_a_formula_without_stored_value_is_blank_with_an_issue() -> None:
    book = openpyxl.Workbook()
    book.active.append(["总计", "=1+1"])
    reading = spreadsheet.read(saved(book), LIMITS)
    assert [issue.code for issue in reading.issues] == ["formula_without_value"]


def test_a_merge_over_the_whole_sheet_is_refused_before_it_fills_the_memory() -> None:
    data = xlsx(forms.reviews())
    parts = forms.unzipped(data)
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:E1"', b'ref="A1:XFD1048576"')
    with pytest.raises(UserError, match="max_cells"):
        spreadsheet.read(forms.zipped(parts), LIMITS)


@pytest.mark.parametrize(
    "data", [b"", b"abc", b"PK\x03\x04abc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_no_workbook_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(UserError):
        spreadsheet.read(data, LIMITS)
