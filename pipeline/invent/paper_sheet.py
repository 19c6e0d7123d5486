"""Annexes as workbooks: the tables of a report without its text, as xlsx (written here) or xls (xlwt)."""

import io
import random
from importlib import import_module
from xml.sax.saxutils import escape

from pipeline.invent.archive import zipped
from pipeline.invent.shapes import Draft, Paper, Table

_NS = "http://schemas.openxmlformats.org"


def sheet_paper(draft: Draft, pick: random.Random, kind: str) -> Paper:
    """A workbook with a title row and the report's tables, below one another or a sheet each."""
    apart = pick.random() < 0.4
    as_number = pick.random() < 0.6
    tables = [block for block in draft.blocks if isinstance(block, Table)]
    sheets = [[table] for table in tables] if apart else [tables]
    data = (_xls if kind == "xls" else _xlsx)(draft, sheets, as_number)
    return Paper(
        data,
        kind,
        (f"{kind}:{'sheets' if apart else 'one_sheet'}", f"{kind}:{'numbers' if as_number else 'text'}"),
    )


def _placed(draft: Draft, tables: list[Table]) -> list[tuple[int, int, int, int, str, bool]]:
    """Cells of a sheet as (row, column, rows, columns, text, whether a figure), title first."""
    found = [(0, 0, 1, tables[0].width, draft.title, False)]
    top = 1
    if draft.published:
        found.append((1, 0, 1, 3, f"发布日期：{draft.published}", False))
        top = 2
    for table in tables:
        for cell in table.cells:
            place = (top + cell.row, cell.column, cell.rows, cell.columns)
            found.append((*place, cell.text, cell.fact is not None))
        top += table.height + 1
    return found


def _xls(draft: Draft, sheets: list[list[Table]], as_number: bool) -> bytes:
    xlwt = import_module("xlwt")  # a development dependency, needed for this format only
    book = xlwt.Workbook(encoding="utf-8")
    for number, tables in enumerate(sheets, 1):
        sheet = book.add_sheet(f"Sheet{number}")
        for row, column, height, width, text, figure in _placed(draft, tables):
            value: str | float = float(text) if figure and as_number and _numeric(text) else text
            if height > 1 or width > 1:
                sheet.write_merge(row, row + height - 1, column, column + width - 1, value)
            else:
                sheet.write(row, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _numeric(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).removeprefix("-").isdigit()


def _xlsx(draft: Draft, sheets: list[list[Table]], as_number: bool) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = f"{_NS}/spreadsheetml/2006/main"
    relation = f"{_NS}/officeDocument/2006/relationships"
    listed = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    book_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    members = {
        "[Content_Types].xml": f'{head}<Types xmlns="{_NS}/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{book_type}"/>{parts}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{_NS}/package/2006/relationships">{links}</Relationships>',
    }
    for number, tables in enumerate(sheets, 1):
        members[f"xl/worksheets/sheet{number}.xml"] = head + _sheet(draft, tables, as_number, main)
    return zipped({name: text.encode("utf-8") for name, text in members.items()})


def _sheet(draft: Draft, tables: list[Table], as_number: bool, main: str) -> str:
    rows: dict[int, list[tuple[int, str]]] = {}
    merges = []
    for row, column, height, width, text, figure in _placed(draft, tables):
        name = f"{_letter(column)}{row + 1}"
        if figure and as_number and _numeric(text):
            cell = f'<c r="{name}"><v>{text}</v></c>'
        elif text:
            cell = f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        else:
            cell = f'<c r="{name}"/>'
        rows.setdefault(row, []).append((column, cell))
        if height > 1 or width > 1:
            merges.append(f'<mergeCell ref="{name}:{_letter(column + width - 1)}{row + height}"/>')
    lines = "".join(
        f'<row r="{row + 1}">{"".join(cell for _, cell in sorted(rows[row]))}</row>' for row in sorted(rows)
    )
    joined = f'<mergeCells count="{len(merges)}">{"".join(merges)}</mergeCells>' if merges else ""
    return f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData>{joined}</worksheet>'


def _letter(column: int) -> str:
    return chr(ord("A") + column)
