"""Pictures and scans: cells by the lines seen, blank and slashed cells, confidence, one issue a document."""

import importlib.util
import io

import pytest
from documents import forms, pdfs, pictures
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import Grid, UserError
from pipeline.readers import ocr, pdf
from pipeline.readers.limits import Limits

LIMITS = Limits()
needs_engine = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None or not pictures.FONT.exists(),
    reason="no recognition or no font",
)
TABLE: forms.Table = [
    [("信息内容", 2, 1), ("申请人情况", 1, 3)],
    [("自然人", 1, 1), ("商业企业", 1, 1), ("总计", 1, 1)],
    [("行政许可", 1, 1), ("1", 1, 1), ("/", 1, 1), ("1024", 1, 1)],
    [("行政处罚", 1, 1), ("", 1, 1), ("7", 1, 1), ("0", 1, 1)],
    [("行政强制", 1, 2), ("11", 1, 1), ("", 1, 1)],
]
TITLE = "白水乡年度报告"


def page(turn: float = 0) -> object:
    return pictures.scanned(TABLE, widths=[320, 260, 260, 260], title=TITLE, turn=turn)


@needs_engine
@pytest.mark.parametrize(("kind", "turn"), [("PNG", 0), ("JPEG", 1.1)])
def test_a_picture_is_read_to_the_cell(kind: str, turn: float) -> None:
    reading = ocr.read(pictures.encoded(page(turn), kind), LIMITS)  # type: ignore[arg-type]
    (grid,) = [block for block in reading.blocks if isinstance(block, Grid)]
    assert forms.shape(grid) == forms.placed(TABLE)
    assert reading.title == TITLE
    assert all(cell.confidence is None or 0.3 < cell.confidence <= 1 for cell in grid.cells)
    assert [cell.confidence is None for cell in grid.cells] == [cell.text == "" for cell in grid.cells]
    assert [issue.code for issue in reading.issues] == ["ocr"]


@needs_engine
def test_a_scanned_pdf_is_recognised() -> None:
    picture = ImageReader(io.BytesIO(pictures.encoded(page(), "PNG")))  # type: ignore[arg-type]
    data = pdfs.drawn(lambda canvas: canvas.drawImage(picture, 0, 0, 595, 700))
    reading = pdf.read(data, LIMITS)
    (grid,) = [block for block in reading.blocks if isinstance(block, Grid)]
    assert forms.shape(grid) == forms.placed(TABLE)
    assert [issue.code for issue in reading.issues] == ["ocr"]


def test_a_picture_beside_text_is_not_passed_over_in_silence() -> None:
    picture = ImageReader(io.BytesIO(pictures.encoded(page(), "PNG")))  # type: ignore[arg-type]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 800, "一、总体情况。" * 12)
        canvas.drawImage(picture, 60, 300, 400, 400)

    reading = pdf.read(pdfs.drawn(draw), LIMITS)
    assert [issue.code for issue in reading.issues] == ["picture_not_read"]


def test_without_the_engine_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ocr._engine.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="rapidocr"):
        ocr.read(pictures.encoded(page(), "PNG"), LIMITS)  # type: ignore[arg-type]
    ocr._engine.cache_clear()


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"\0" * 99, b"BM" + b"\xff" * 60]
)
def test_broken_pictures_are_one_clear_error(data: bytes) -> None:
    with pytest.raises(UserError):
        ocr.read(data, LIMITS)
