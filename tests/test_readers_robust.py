"""No reader falls over: damaged, dangerous and absurd documents end in a result or in one UserError.

A fast cut of the fuzzing done while building: every reader truncated at each hundredth, bytes flipped,
pieces cut out, and the bombs that once hurt somebody.
"""

import random
import time
import zlib
from collections.abc import Callable

import pytest
import test_readers_spreadsheet as sheets
from documents import forms, pdfs

from pipeline.model import UserError
from pipeline.readers import archive, docx, mht, pdf, spreadsheet
from pipeline.readers.limits import Limits

LIMITS = Limits()
Reader = Callable[[bytes, Limits], object]
P = forms.docx_paragraph


def members(data: bytes, limits: Limits) -> object:
    return list(archive.members(data, limits))


SEEDS: dict[str, tuple[Reader, bytes, int]] = {
    "docx": (docx.read, forms.docx(P("前文") + forms.docx_table(forms.requests()) + P("后文")), 120),
    "pdf": (pdf.read, pdfs.typeset(forms.requests(), widths=pdfs.WIDTHS), 80),
    "xlsx": (spreadsheet.read, sheets.xlsx(forms.requests()), 60),
    "xls": (spreadsheet.read, sheets.xls(forms.requests()), 80),
    "mht": (mht.read, forms.mht(forms.html_page(forms.html_table(forms.reviews()))), 80),
    "zip": (members, forms.zipped({"a.txt": b"1" * 99, "b.zip": forms.zipped({"c.txt": b"2"})}), 120),
}


def ends_well(read: Reader, data: bytes) -> None:
    began = time.process_time()
    message = ""
    try:
        read(data, LIMITS)
    except UserError as error:
        message = str(error)
    assert "\n" not in message
    assert time.process_time() - began < 10


@pytest.mark.parametrize(("read", "data", "rounds"), SEEDS.values(), ids=SEEDS)
def test_damaged_documents(read: Reader, data: bytes, rounds: int) -> None:
    for hundredth in range(100):
        ends_well(read, data[: len(data) * hundredth // 100])
    chance = random.Random(20)  # noqa: S311
    for _ in range(rounds):
        flipped = bytearray(data)
        for _ in range(chance.choice([1, 3, 30])):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        ends_well(read, bytes(flipped))
        start, end = sorted(chance.randrange(len(data)) for _ in range(2))
        ends_well(read, data[:start] + data[end:])


@pytest.mark.parametrize(
    ("seed", "part"), [("docx", "word/document.xml"), ("xlsx", "xl/worksheets/sheet1.xml")]
)
def test_damaged_xml_in_a_sound_package(seed: str, part: str) -> None:
    read, data, rounds = SEEDS[seed]
    parts = forms.unzipped(data)
    chance = random.Random(21)  # noqa: S311
    for _ in range(rounds):
        xml = bytearray(parts[part])
        start = chance.randrange(len(xml))
        xml[start : start + chance.randrange(40)] = bytes(
            chance.randrange(32, 127) for _ in range(chance.randrange(3))
        )
        ends_well(read, forms.zipped({**parts, part: bytes(xml)}))


def laughs(document: str) -> bytes:
    """A document with an entity that doubles itself a thousand million times over."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE d [<!ENTITY l0 "lol">{lines}]>{document}'.encode()


def worksheet(content: str) -> bytes:
    """A workbook whose only sheet has this XML."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = forms.unzipped(sheets.xlsx(forms.reviews()))
    text = f"<worksheet {space}>{content}</worksheet>"
    parts["xl/worksheets/sheet1.xml"] = laughs(text) if "&l11;" in text else text.encode()
    return forms.zipped(parts)


def raw_pdf(content: bytes, *, pages: int = 1, media: str = "0 0 595 842") -> bytes:
    """The smallest PDF with one content stream."""
    packed = zlib.compress(content)
    return b"".join([
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        f"2 0 obj<</Type/Pages/Kids[{'3 0 R ' * pages}]/Count {pages}>>endobj\n".encode(),
        f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{media}]/Contents 4 0 R/Resources".encode(),
        b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n",
        f"4 0 obj<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode(), packed,
        b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ])  # fmt: skip


def cells(count: int) -> bytes:
    return forms.docx(
        "<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 100 + "</w:tr>") * (count // 100) + "</w:tbl>"
    )


def spans() -> bytes:
    rows = "".join(
        f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>'
        for width in (99_999, 10**9, 10**30, -5, 3)
    )
    return forms.docx(f"<w:tbl>{rows}</w:tbl>")


W = forms._W
BOMBS: dict[str, tuple[Reader, bytes]] = {
    "docx, a million empty cells": (docx.read, cells(1_000_000)),
    "docx, nested without end": (docx.read, forms.docx("<w:tbl><w:tr><w:tc>" * 9_000)),
    "docx, absurd spans": (docx.read, spans()),
    "docx, a line of 10 MB": (docx.read, forms.docx(P("") + f"<w:p><w:r><w:t>{'年' * 3_500_000}</w:t></w:r></w:p>")),
    "docx, entities": (docx.read, forms.zipped({"word/document.xml": laughs(f'<w:body xmlns:w="{W}">&l11;</w:body>')})),
    "docx, swelling": (docx.read, forms.zipped({"word/document.xml": b" " * 60_000_000})),
    "xlsx, a million empty cells": (spreadsheet.read, worksheet("<row>" + "<c/>" * 1_000_000 + "</row>")),
    "xlsx, two cells far apart": (
        spreadsheet.read,
        worksheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
                  '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'),
    ),
    "xlsx, entities": (
        spreadsheet.read,
        worksheet('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l11;</t></is></c></row></sheetData>'),
    ),
    "pdf, a line of 10 MB": (pdf.read, raw_pdf(b"BT /F1 10 Tf 50 700 Td (" + b"a" * 10_000_000 + b") Tj ET")),
    "pdf, a drawing": (pdf.read, raw_pdf(b"".join(b"%d 10 m %d 800 l S " % (k % 595, k * 7 % 595) for k in range(90_000)))),
    "pdf, swelling": (pdf.read, raw_pdf(b" " * 200_000_000)),
    "pdf, too many pages": (pdf.read, raw_pdf(b"", pages=5_000)),
    "pdf, a page without size": (pdf.read, raw_pdf(b"BT /F1 9 Tf (hello world) Tj ET", media="0 0 0 0")),
    "mht, nested without end": (
        mht.read,
        "".join(f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(3_000)).encode(),
    ),
    "zip, swelling": (members, forms.zipped({"a.txt": b" " * 50_000_000})),
}  # fmt: skip


@pytest.mark.parametrize(("read", "data"), BOMBS.values(), ids=BOMBS)
def test_dangerous_documents(read: Reader, data: bytes) -> None:
    ends_well(read, data)
