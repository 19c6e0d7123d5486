"""Writers of small PDFs: by ReportLab, by a browser, and drawn by hand with one oddity each."""

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents import forms
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

FONT = "STSong-Light"
WIDTHS = [50, 60, 130, *[38] * 7]
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def typeset(table: forms.Table, *, space: float = 0, head: int = 0, widths: list[int] | None = None) -> bytes:
    """Text, a ruled table, text, with running head and page number; `space` moves the page break.

    `head` rows are repeated on every page. ReportLab closes the table with a line on both sides of a break.
    """
    style = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=11, wordWrap="CJK")
    cells = forms.placed(table)
    rows: list[list[Any]] = [
        [""] * max(column + columns for _, _, column, _, columns in cells) for _ in table
    ]
    look: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    for text, row, column, high, wide in cells:
        rows[row][column] = Paragraph(text, style) if text else ""
        look.append(("SPAN", (column, row), (column + wide - 1, row + high - 1)))
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=40, rightMargin=40, topMargin=60, bottomMargin=60
    )
    story = [
        Paragraph("前文", style), Spacer(1, space),
        Table(rows, colWidths=widths, style=look, repeatRows=head), Paragraph("后文。", style),
    ]  # fmt: skip
    document.build(story, onFirstPage=_furnish, onLaterPages=_furnish)
    return target.getvalue()


def _furnish(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(297, 30, f"第{document.page}页")
    canvas.drawString(60, 810, "白水乡政府信息公开工作年度报告")


def drawn(*pages: Callable[[Canvas], None], size: tuple[float, float] = A4, lock: str = "") -> bytes:
    """A PDF of hand-drawn pages."""
    target = io.BytesIO()
    encryption = StandardEncryption(lock, canPrint=0) if lock else None
    canvas = Canvas(target, pagesize=size, encrypt=encryption)
    for page in pages:
        canvas.setFont(FONT, 10)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def boxed(table: forms.Table, *, gap: float, top: float, dash: tuple[float, float] | None = None) -> bytes:
    """A box for every cell, `gap` inside its place, from `top` downwards over pages; a cut cell is two boxes."""
    xs = [40 + sum(WIDTHS[:number]) for number in range(len(WIDTHS) + 1)]
    lines: list[tuple[int, float]] = []  # page and upper edge of each row
    page, y = 0, top
    for _ in table:
        page, y = (page + 1, 60.0) if y + _BOX > 780 else (page, y)
        lines.append((page, y))
        y += _BOX

    def draw(number: int) -> Callable[[Canvas], None]:
        def one(canvas: Canvas) -> None:
            for text, row, column, high, wide in forms.placed(table):
                own = [at for on, at in lines[row : row + high] if on == number]
                if own:
                    left, right = xs[column] + gap, xs[column + wide] - gap
                    low, up = A4[1] - own[-1] - _BOX + gap, A4[1] - own[0] - gap
                    canvas.setDash(*dash) if dash else canvas.setDash()
                    canvas.rect(left, low, right - left, up - low)
                    if lines[row][0] == number:
                        _fill(canvas, text, left, right, up)

        return one

    return drawn(*(draw(number) for number in range(page + 1)))


_BOX = 26


def _fill(canvas: Canvas, text: str, left: float, right: float, up: float) -> None:
    size = 6 if len(text) * 7 < right - left else 4.4
    step = max(1, int((right - left - 4) // size))
    canvas.setFont(FONT, size)
    for number, start in enumerate(range(0, len(text), step)):
        canvas.drawString(left + 2, up - size - number * (size + 0.6), text[start : start + step])


def rule(canvas: Canvas, xs: list[float], ys: list[float]) -> None:
    """A full grid of lines."""
    for x in xs:
        canvas.line(x, min(ys), x, max(ys))
    for y in ys:
        canvas.line(min(xs), y, max(xs), y)


def browser() -> str | None:
    """The browser that can print to PDF, where there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def browse(page: str, folder: Path) -> bytes:
    """A page of HTML printed by the browser with its own head and foot (date, address, page number)."""
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    command = [
        browser() or "",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--print-to-pdf={target}",
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return target.read_bytes()
