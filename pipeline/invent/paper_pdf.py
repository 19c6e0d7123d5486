"""Reports as PDF: set by typst with real fonts and page breaks, or drawn cell by cell out of order."""

import io
import random
from collections.abc import Callable
from importlib import import_module
from typing import Any

from pipeline.invent.shapes import Cell, Draft, Paper, Table, Text
from pipeline.invent.tables import to_kangxi

_FONT = "Noto Serif CJK SC"
Change = Callable[[str], str]


def pdf_paper(draft: Draft, pick: random.Random) -> Paper:
    """A PDF with text: typeset as a rule, sometimes with figures drawn before their labels."""
    if pick.random() < 0.25:
        return _drawn(draft, pick)
    quirks = ["pdf:typst"]
    radicals = pick.random() < 0.3
    if radicals:
        quirks.append("pdf:kangxi_text")
    repeat = pick.random() < 0.6
    quirks.append("pdf:repeated_header" if repeat else "pdf:header_once")
    return Paper(typeset(draft, radicals=radicals, repeat=repeat, kind="pdf")[0], "pdf", tuple(quirks))


def typeset(draft: Draft, *, radicals: bool, repeat: bool, kind: str) -> list[bytes]:
    """The report set on A4 pages, as one PDF or as a PNG a page."""
    typst = import_module("typst")  # a development dependency, needed for this format only
    made = typst.compile(_source(draft, radicals, repeat).encode("utf-8"), format=kind, ppi=150.0)
    return list(made) if isinstance(made, list) else [made]


def _source(draft: Draft, radicals: bool, repeat: bool) -> str:
    change = to_kangxi if radicals else str
    lines = [
        "#set document(date: none)",
        '#set page(paper: "a4", margin: 2.2cm, numbering: "- 1 -")',
        f'#set text(font: "{_FONT}", size: 11pt, lang: "zh")',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.9em)",
    ]
    for block in draft.blocks:
        if isinstance(block, Table):
            lines.append(_table(block, change, repeat))
        else:
            lines.append(_paragraph(block, change))
    return "\n\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _paragraph(block: Text, change: Change) -> str:
    text = f"#text({_quoted(change(block.text))})"
    if block.style == "title":
        return f'#align(center, text(size: 17pt, weight: "bold", {_quoted(change(block.text))}))'
    if block.style == "heading":
        return f'#block(sticky: true, text(weight: "bold", {_quoted(change(block.text))}))'
    return f"#align(right, {text[1:]})" if block.style == "sign" else text


def _table(table: Table, change: Change, repeat: bool) -> str:
    widths = {"two": "(2fr, 1fr, 1fr, 1fr)", "annex": "(6fr, 1fr, 1fr)"}.get(table.name, "")
    if table.name == "three":
        widths = "(1.1fr, 1.5fr, 3.2fr" + ", 0.8fr" * 7 + ")"
    if table.name == "four":
        widths = "(1fr,) * 15"
    size = {"four": "6.5pt", "three": "7.5pt"}.get(table.name, "9pt")

    def cell(one: Cell) -> str:
        text = change(one.text.strip(" "))
        place = f"x: {one.column}, y: {one.row}"
        spans = f"rowspan: {one.rows}, colspan: {one.columns}"
        return f"  table.cell({place}, {spans}, text({_quoted(text)})),"

    head = [one for one in table.cells if one.row < table.head]
    rest = [one for one in table.cells if one.row >= table.head]
    lines = [f"#[#set text(size: {size})", "#set par(first-line-indent: 0em, justify: false)"]
    lines.append(f"#table(columns: {widths}, align: center + horizon, stroke: 0.5pt, inset: 3pt,")
    if head and table.head:
        flag = "true" if repeat else "false"
        lines += [f"  table.header(repeat: {flag},", *[cell(one) for one in head], "  ),"]
    lines += [cell(one) for one in rest]
    return "\n".join([*lines, ")]"])


# ---- drawn out of order


def _drawn(draft: Draft, pick: random.Random) -> Paper:
    """Cells placed one by one with reportlab: all figures of a page before its labels, numbers on the margin."""
    width, height = 595.3, 841.9
    font = import_module("reportlab.pdfbase.cidfonts").UnicodeCIDFont("STSong-Light")
    import_module("reportlab.pdfbase.pdfmetrics").registerFont(font)
    buffer = io.BytesIO()
    canvas = import_module("reportlab.pdfgen.canvas").Canvas(buffer, pagesize=(width, height), invariant=1)
    pen = _Pen(canvas, width, height)
    for block in draft.blocks:
        if isinstance(block, Table):
            pen.table(block)
        else:
            pen.paragraph(block)
    pen.finish()
    return Paper(buffer.getvalue(), "pdf", ("pdf:figures_first", "pdf:font_not_embedded"))


class _Pen:
    """Writes down the pages of a drawn PDF."""

    def __init__(self, canvas: Any, width: float, height: float) -> None:
        self.canvas: Any = canvas
        self.width, self.height, self.left = width, height, 56.0
        self.y = height - 60
        self.page = 1

    def _text(self, x: float, y: float, size: float, text: str) -> None:
        self.canvas.setFont("STSong-Light", size)
        self.canvas.drawString(x, y, text)

    def _room(self, need: float) -> None:
        if self.y - need < 60:
            self.finish(more=True)

    def finish(self, more: bool = False) -> None:
        """Ends the page with its number, and the file unless more follows."""
        self._text(self.width / 2 - 10, 34, 9, f"- {self.page} -")
        self.canvas.showPage()
        self.page, self.y = self.page + 1, self.height - 60
        if not more:
            self.canvas.save()

    def paragraph(self, block: Text) -> None:
        """A paragraph, broken into lines of 42 characters."""
        size = 16 if block.style == "title" else 11
        per = int((self.width - 2 * self.left) / size)
        text = block.text if block.style in ("title", "heading", "sign") else "　　" + block.text
        for start in range(0, len(text), per):
            self._room(20)
            self.y -= size * 1.7
            self._text(self.left, self.y, size, text[start : start + per])
        self.y -= 4

    def table(self, table: Table) -> None:
        """A table: boxes, then all figures, then all labels of the page."""
        size = {"four": 6.0, "three": 6.5}.get(table.name, 8.5)
        shares: list[float] = {
            "two": [2.0, 1.0, 1.0, 1.0],
            "annex": [6.0, 1.0, 1.0],
            "three": [1.6, 1.6, 5.0] + [0.9] * 7,
            "four": [1.0] * 15,
        }[table.name]
        scale = (self.width - 2 * self.left) / sum(shares)
        edges = [self.left]
        for share in shares:
            edges.append(edges[-1] + share * scale)
        heights = [self._height(table, row, edges, size) for row in range(table.height)]
        first = 0
        while first < table.height:
            last, need = first, 0.0
            while last < table.height and self.y - need - heights[last] > 60:
                need += heights[last]
                last += 1
            if last == first:
                self.finish(more=True)
                continue
            self._rows(table, range(first, last), edges, heights, size)
            first = last
            if first < table.height:
                self.finish(more=True)
        self.y -= 12

    def _height(self, table: Table, row: int, edges: list[float], size: float) -> float:
        lines = 1
        for cell in table.cells:
            if cell.row == row and cell.rows == 1:
                wide = edges[cell.column + cell.columns] - edges[cell.column] - 4
                lines = max(lines, sum(-int(-len(part) * size // wide) for part in cell.text.split("\n")))
        return lines * (size + 2) + 6

    def _rows(self, table: Table, rows: range, edges: list[float], heights: list[float], size: float) -> None:
        tops = {rows.start: self.y}
        for row in rows:
            tops[row + 1] = tops[row] - heights[row]
        parts = [
            (cell, max(cell.row, rows.start), min(cell.row + cell.rows, rows.stop))
            for cell in table.cells
            if cell.row < rows.stop and cell.row + cell.rows > rows.start
        ]
        for cell, top, bottom in parts:
            left, right = edges[cell.column], edges[cell.column + cell.columns]
            self.canvas.rect(left, tops[bottom], right - left, tops[top] - tops[bottom])
        for cell, top, _ in sorted(parts, key=lambda part: part[0].fact is None):
            if cell.row >= rows.start:
                wide = edges[cell.column + cell.columns] - edges[cell.column] - 4
                self._write(cell.text, edges[cell.column] + 2, tops[top], wide, size)
        self.y = tops[rows.stop]

    def _write(self, text: str, x: float, top: float, wide: float, size: float) -> None:
        y = top - size - 2
        for part in text.split("\n"):
            per = max(1, int(wide / size))
            for start in range(0, len(part), per):
                self._text(x, y, size, part[start : start + per])
                y -= size + 2
