"""The PDF reader: whole grids over page breaks, by two producers, and pages with one oddity each."""

from collections.abc import Callable
from pathlib import Path

import pytest
from documents import forms, pdfs
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import Grid, Paragraph, Reading, UserError
from pipeline.readers import pdf
from pipeline.readers.limits import Limits

LIMITS = Limits()
FORMS = {
    "requests_2021": (forms.requests(), pdfs.WIDTHS),
    "requests_2019": (forms.requests(forms.OUTCOMES_2019), pdfs.WIDTHS),
    "disclosure_2021": (forms.disclosure_2021(), [120] * 4),
    "disclosure_2019": (forms.disclosure_2019(), [120] * 4),
    "reviews": (forms.reviews(), [33] * 15),
}


def grids(reading: Reading) -> list[Grid]:
    return [block for block in reading.blocks if isinstance(block, Grid)]


@pytest.mark.parametrize(("table", "widths"), FORMS.values(), ids=FORMS)
def test_a_form_is_read_to_the_cell(table: forms.Table, widths: list[int]) -> None:
    (grid,) = grids(pdf.read(pdfs.typeset(table, widths=widths), LIMITS))
    assert forms.shape(grid) == forms.placed(table)


@pytest.mark.parametrize("head", [0, 3], ids=["plain", "head repeated"])
@pytest.mark.parametrize("space", range(120, 640, 65))
def test_a_table_over_a_page_break_is_one_grid(space: int, head: int) -> None:
    reading = pdf.read(pdfs.typeset(forms.requests(), space=space, head=head, widths=pdfs.WIDTHS), LIMITS)
    (grid,) = grids(reading)
    assert forms.shape(grid) == forms.placed(forms.requests())
    assert forms.texts(reading.blocks) == ["前文", "后文。"]
    assert {cell.page for cell in grid.cells} == {0, 1}


@pytest.mark.skipif(pdfs.browser() is None, reason="no browser to print with")
def test_a_browser_print_with_rows_cut_by_the_page(tmp_path: Path) -> None:
    prose = "<p>（一）主动公开情况。全年通过县政府门户网站公开信息128条，其中机构职能类3条、计划规划类12条，通过微信公众号“白水发布”推送100余条，内容涉及乡村振兴、疫情防控等事项。</p>"  # fmt: skip
    page = forms.html_page(
        "<h1>青石县白水乡2021年政府信息公开工作年度报告</h1>", prose * 2, '<div style="height:200px"></div>',
        forms.html_table(forms.requests(), "font-size:14pt"), "<p>本年度没有收费。</p>",
    )  # fmt: skip
    reading = pdf.read(pdfs.browse(page, tmp_path), LIMITS)
    (grid,) = grids(reading)
    assert forms.shape(grid) == forms.placed(forms.requests())
    texts = forms.texts(reading.blocks)
    assert reading.title == texts[0] == "青石县白水乡2021年政府信息公开工作年度报告"
    assert texts[1:] == [prose[3:-4], prose[3:-4], "本年度没有收费。"]


# ---- one oddity each, drawn by hand ----


def two_by_three(canvas: Canvas, texts: list[str], order: list[int]) -> None:
    """A grid of two rows and three columns, its texts printed in the given order."""
    xs, ys = [60.0, 160.0, 260.0, 360.0], [700.0, 670.0, 640.0]
    pdfs.rule(canvas, xs, ys)
    for number in order:
        canvas.drawString(xs[number % 3] + 8, ys[number // 3] - 20, texts[number])


TEXTS = ["行政许可", "12", "", "行政处罚", "", "7"]


def test_numbers_printed_before_their_labels_and_blank_cells_keep_their_place() -> None:
    data = pdfs.drawn(lambda canvas: two_by_three(canvas, TEXTS, [5, 1, 3, 0]))
    (grid,) = grids(pdf.read(data, LIMITS))
    assert [cell.text for cell in grid.cells] == TEXTS
    assert grid.cells[0].box is not None
    assert [round(value) for value in grid.cells[0].box] == [60, 142, 160, 172]


def test_a_figure_wider_than_its_column_stays_one_number() -> None:
    def page(canvas: Canvas) -> None:
        pdfs.rule(canvas, [60.0, 90.0, 120.0, 150.0], [700.0, 670.0, 640.0])
        canvas.drawCentredString(105, 680, "12345678")
        canvas.drawString(62, 650, "12345")
        canvas.drawString(91, 650, "67890")

    (grid,) = grids(pdf.read(pdfs.drawn(page), LIMITS))
    assert [cell.text for cell in grid.cells] == ["", "12345678", "", "12345", "67890", ""]


def dots(canvas: Canvas) -> None:
    for x in (60, 160, 260, 360):
        for step in range(41):
            canvas.rect(x, 640 + 1.5 * step, 0.7, 0.7, stroke=0, fill=1)
    for y in (640, 670, 700):
        for step in range(201):
            canvas.rect(60 + 1.5 * step, y, 0.7, 0.7, stroke=0, fill=1)


def frames(canvas: Canvas) -> None:
    for number in range(6):
        x, y = 60 + 100 * (number % 3), 670 - 30 * (number // 3)
        path = canvas.beginPath()
        path.rect(x, y, 99, 29)
        path.rect(x + 0.7, y + 0.7, 97.6, 27.6)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=0)


def open_sides(canvas: Canvas) -> None:
    for y in (640, 670, 700):
        canvas.line(60, y, 360, y)
    for x in (160, 260):
        canvas.line(x, 640, x, 700)


@pytest.mark.parametrize("draw", [dots, frames, open_sides])
def test_borders_of_dots_of_filled_frames_and_without_sides(draw: Callable[[Canvas], None]) -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas)
        for number, text in enumerate(TEXTS):
            canvas.drawString(68 + 100 * (number % 3), 680 - 30 * (number // 3), text)

    (grid,) = grids(pdf.read(pdfs.drawn(page), LIMITS))
    assert [cell.text for cell in grid.cells] == TEXTS


@pytest.mark.parametrize("top", [60, 480], ids=["one break", "two breaks"])
@pytest.mark.parametrize(
    ("gap", "dash"), [(0, (3, 3)), (1.5, None), (1.8, None), (2.2, (6, 4)), (4, None)], ids=str
)
def test_boxes_apart_and_dashed_lines_over_page_breaks(
    gap: float, dash: tuple[float, float] | None, top: float
) -> None:
    (grid,) = grids(pdf.read(pdfs.boxed(forms.requests(), gap=gap, top=top, dash=dash), LIMITS))
    assert forms.shape(grid) == forms.placed(forms.requests())


def test_full_rows_of_a_table_without_sides_belong_to_it() -> None:
    def page(canvas: Canvas) -> None:
        for y in range(580, 701, 20):
            canvas.line(60, y, 360, y)
        for low, high in ((580, 620), (640, 680)):
            canvas.line(200, low, 200, high)
        for number, text in enumerate(["（五）项", "许可", "处罚", "（八）项", "收费", "合计"]):
            canvas.drawString(68, 685 - 20 * number, text)

    (grid,) = grids(pdf.read(pdfs.drawn(page), LIMITS))
    assert [(cell.text, cell.row, cell.columns) for cell in grid.cells if cell.text] == [
        ("（五）项", 0, 2), ("许可", 1, 1), ("处罚", 2, 1), ("（八）项", 3, 2), ("收费", 4, 1), ("合计", 5, 1),
    ]  # fmt: skip


def turned_page(canvas: Canvas) -> None:
    canvas.setPageRotation(90)
    canvas.translate(750, 0)
    canvas.rotate(90)
    two_by_three(canvas, TEXTS, [0, 1, 3, 5])


def sideways_text(canvas: Canvas) -> None:
    canvas.translate(750, 0)
    canvas.rotate(90)
    two_by_three(canvas, TEXTS, [0, 1, 3, 5])


@pytest.mark.parametrize("draw", [turned_page, sideways_text])
def test_turned_pages_and_sideways_tables(draw: Callable[[Canvas], None]) -> None:
    (grid,) = grids(pdf.read(pdfs.drawn(draw), LIMITS))
    assert [(cell.row, cell.column, cell.text) for cell in grid.cells] == [
        (number // 3, number % 3, text) for number, text in enumerate(TEXTS)
    ]


def test_boxes_of_sideways_tables_lie_on_the_page_as_shown() -> None:
    (grid,) = grids(pdf.read(pdfs.drawn(sideways_text), LIMITS))
    assert grid.cells[0].box is not None
    # drawn at x 60-160, y 670-700 before the quarter turn about the lower right corner
    assert [round(value) for value in grid.cells[0].box] == [750 - 700, 842 - 160, 750 - 670, 842 - 60]


def borderless(canvas: Canvas) -> None:
    for row, texts in enumerate([["行政许可", "12", "3"], ["行政处罚", "", "45"], ["行政强制", "0", "1940"]]):
        for x, text in zip((60, 240, 340), texts, strict=True):
            canvas.drawString(x, 700 - 20 * row, text)


def test_a_table_without_lines_is_read_by_alignment_with_an_issue() -> None:
    def page(canvas: Canvas) -> None:
        borderless(canvas)
        (
            canvas.drawString(60, 640, "行政许可"),
            canvas.drawString(240, 640, "8"),
            canvas.drawString(340, 640, "9"),
        )

    reading = pdf.read(pdfs.drawn(page), LIMITS)
    (grid,) = grids(reading)
    assert [
        cell.text for cell in grid.cells
    ] == "行政许可,12,3,行政处罚,,45,行政强制,0,1940,行政许可,8,9".split(",")
    assert [issue.code for issue in reading.issues] == ["borderless_table"]


def test_page_numbers_inside_a_table_are_no_figures() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            xs, ys = [60.0, 260.0, 360.0], [float(y) for y in range(780, 20, -40)]
            pdfs.rule(canvas, xs, ys)
            for row, y in enumerate(ys[:-1]):
                canvas.drawString(70, y - 25, f"第{number}项{chr(0x7532 + row)}")
            canvas.drawString(300, 36, str(number))

        return draw

    (grid,) = grids(pdf.read(pdfs.drawn(page(1), page(2)), LIMITS))
    assert [cell.text for cell in grid.cells if cell.column == 1] == [""] * 36


def test_paragraphs_are_joined_from_lines_and_kept_apart_by_indentation() -> None:
    lines = [(84, "全年公开信息一百二十八条，其中机构职能类三条、计划规划类十二条，通过公众号推送一百余"),
             (64, "条，内容涉及乡村振兴。"), (84, "公开栏张贴四十四期。"), (64, "二、其他事项")]  # fmt: skip

    def page(canvas: Canvas) -> None:
        for number, (x, text) in enumerate(lines):
            canvas.drawString(x, 700 - 18 * number, text)

    texts = forms.texts(pdf.read(pdfs.drawn(page), LIMITS).blocks)
    assert texts == [lines[0][1] + lines[1][1], lines[2][1], lines[3][1]]


def test_underlines_and_frames_are_no_tables() -> None:
    def page(canvas: Canvas) -> None:
        canvas.rect(30, 30, 535, 780)
        canvas.drawString(60, 700, "政府信息公开年报")
        canvas.line(60, 697, 160, 697)

    blocks = pdf.read(pdfs.drawn(page), LIMITS).blocks
    assert [type(block) for block in blocks] == [Paragraph]


def test_white_lines_are_not_seen() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(1, 1, 1)
        two_by_three(canvas, ["甲", "乙", "丙", "丁", "戊", "己"], [0, 1, 2, 3, 4, 5])

    assert grids(pdf.read(pdfs.drawn(page), LIMITS)) == []


def empty_pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>"  # fmt: skip


BROKEN = {
    "locked": (pdfs.drawn(borderless, lock="geheim"), "密码"),
    "no pages": (empty_pdf(), "重新导出"),
    "blank": (pdfs.drawn(lambda canvas: None), "没有可读的文字"),
    "no pdf": (b"%PDF-1.7 nothing", "损坏"),
    "empty": (b"", "空"),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN.values(), ids=BROKEN)
def test_unreadable_pdfs_are_one_clear_error(data: bytes, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        pdf.read(data, LIMITS)


def test_a_lost_cross_reference_table_is_mended() -> None:
    data = pdfs.typeset(forms.reviews(), widths=[33] * 15)
    start = data.rindex(b"startxref")
    (grid,) = grids(pdf.read(data[:start] + b"startxref\n99\n%%EOF", LIMITS))
    assert forms.shape(grid) == forms.placed(forms.reviews())
