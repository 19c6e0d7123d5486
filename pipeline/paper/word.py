"""A paper as docx, after GB/T 9704: A4, 22 lines of 28 characters, 仿宋 三号. The same paper gives the same bytes."""

import io
import zipfile
from itertools import zip_longest

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Printed
from docx.text.run import Run
from lxml import etree

from pipeline.paper.footnotes import STYLE as NOTE_STYLE
from pipeline.paper.footnotes import Footnotes
from pipeline.paper.model import Break, Chart, Heading, Paper, Paragraph, Table, Text, clean, is_signature
from pipeline.paper.printed import as_png

BODY, TITLE, HEAD, SECOND = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
_LATIN = "Times New Roman"
_WIDTH = 156.0  # millimetres between the margins
_LINE = Pt(29)
# 22 lines of 28 characters: the pitch of a line in twentieths of a point, of a character against its size in 1/4096 pt.
_GRID = {"type": "linesAndChars", "linePitch": "580", "charSpace": "-849"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip can hold
# style: font, size, alignment, indent of the first line in characters, exact line
_STYLES: dict[str, tuple[str, float, WD_ALIGN_PARAGRAPH, int, Length]] = {
    "Title": (TITLE, 22, WD_ALIGN_PARAGRAPH.CENTER, 0, Pt(34)),
    "Heading 1": (HEAD, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, 2, _LINE),
    "Heading 2": (SECOND, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, 2, _LINE),
    "Heading 3": (HEAD, 14, WD_ALIGN_PARAGRAPH.LEFT, 0, _LINE),
    "Caption": (HEAD, 12, WD_ALIGN_PARAGRAPH.CENTER, 0, Pt(20)),
    "body": (BODY, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, 2, _LINE),
    "addressee": (BODY, 16, WD_ALIGN_PARAGRAPH.LEFT, 0, _LINE),
    "annex": (BODY, 16, WD_ALIGN_PARAGRAPH.LEFT, 2, _LINE),
    "signature": (BODY, 16, WD_ALIGN_PARAGRAPH.RIGHT, 0, _LINE),
    "date": (BODY, 16, WD_ALIGN_PARAGRAPH.RIGHT, 0, _LINE),
    "small": (BODY, 10.5, WD_ALIGN_PARAGRAPH.LEFT, 0, Pt(16)),
    "cell": (BODY, 10.5, WD_ALIGN_PARAGRAPH.LEFT, 0, Pt(15)),
    "small cell": (BODY, 8, WD_ALIGN_PARAGRAPH.LEFT, 0, Pt(11)),
}


def as_docx(paper: Paper) -> bytes:
    """The paper as docx."""
    document = Document()
    _set_properties(document, paper)
    _set_styles(document)
    section = document.sections[0]
    _set_page(section, paper.mark)
    _number_pages(document, section)
    document.add_paragraph(clean(paper.title), style="Title")
    notes = Footnotes(document)
    for block, after in zip_longest(paper.blocks, paper.blocks[1:]):
        match block:
            case Heading():
                document.add_paragraph(clean(block.text), style=f"Heading {block.level}")
            case Paragraph():
                paragraph = document.add_paragraph(style=block.style)
                paragraph.paragraph_format.keep_with_next = True if is_signature(after) else None
                _write(paragraph, block.text, notes)
            case Table():
                _add_table(document, block, notes)
            case Chart():
                _add_chart(document, block)
            case Break():
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    notes.attach()
    _drop_thumbnail(document)
    return _packed(document)


def _drop_thumbnail(document: Word) -> None:
    """The template's picture of itself would stand for every paper."""
    relations = document.part.package.rels
    for key in [
        key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL
    ]:
        del relations[key]


def _packed(document: Word) -> bytes:
    """The file with one date on everything in it, whenever it is written."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in parts.namelist():
            packed.writestr(entry(name), parts.read(name))
    return fixed.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """An entry of a zip that tells neither the hour nor the system it was written on."""
    info = zipfile.ZipInfo(name, date_time=_FIRST_DAY)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    return info


def _set_properties(document: Word, paper: Paper) -> None:
    properties = document.core_properties
    # The format holds no longer ones.
    properties.title, properties.comments = clean(paper.title)[:255], paper.build[:255]
    properties.author = properties.last_modified_by = ""
    properties.created = properties.modified = paper.made_at
    properties.revision, properties.language = 1, "zh-CN"


def _fonts(run_properties: BaseOxmlElement, font: str) -> None:
    fonts = run_properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", font), ("cs", _LATIN)):
        fonts.set(qn(f"w:{name}"), value)


def _set_styles(document: Word) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(16)
    _fonts(normal.element.get_or_add_rPr(), BODY)
    for name, settings in _STYLES.items():
        known = name in document.styles
        style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _set_style(style, *settings)
    note = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    note.element.set(qn("w:styleId"), NOTE_STYLE)
    _set_style(note, BODY, 9, WD_ALIGN_PARAGRAPH.LEFT, 0, Pt(12))


def _set_style(
    style: ParagraphStyle, font: str, size: float, align: WD_ALIGN_PARAGRAPH, indent: int, line: Length
) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    _fonts(properties, font)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    layout = style.paragraph_format
    for child in list(style.element.get_or_add_pPr()):
        if child.tag == qn("w:pBdr"):
            child.getparent().remove(child)
    layout.alignment, layout.line_spacing_rule, layout.line_spacing = align, WD_LINE_SPACING.EXACTLY, line
    layout.space_before = layout.space_after = Pt(0)
    if indent:
        layout.first_line_indent = Pt(size * indent)
    if style.name == "signature":
        layout.space_before, layout.keep_with_next = Pt(29), True
    if style.name in ("signature", "date"):
        layout.right_indent = Pt(size * 4)
    layout.keep_with_next = layout.keep_with_next or style.name.startswith(("Heading", "Caption"))


def _set_page(section: Section, mark: str) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = etree.SubElement(section._sectPr, qn("w:docGrid"))
    for name, value in _GRID.items():
        grid.set(qn(f"w:{name}"), value)
    if mark:
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            _set_line(header.paragraphs[0], WD_ALIGN_PARAGRAPH.CENTER).add_run(clean(mark)).font.size = Pt(12)


def _set_line(paragraph: Printed, align: WD_ALIGN_PARAGRAPH) -> Printed:
    paragraph.alignment = align
    return paragraph


def _number_pages(document: Word, section: Section) -> None:
    """— 1 — outside at the foot: right on odd pages, left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    sides = ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
    for footer, side in sides:
        footer.is_linked_to_previous = False
        paragraph = _set_line(footer.paragraphs[0], side)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        for run in (paragraph.add_run("— "), _field(paragraph, "PAGE"), paragraph.add_run(" —")):
            run.font.size = Pt(14)
            _fonts(run._r.get_or_add_rPr(), "宋体")


def _field(paragraph: Printed, code: str) -> Run:
    run = paragraph.add_run()
    for kind, words in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            run.add_text(words)
        elif kind:
            etree.SubElement(run._r, qn("w:fldChar")).set(qn("w:fldCharType"), kind)
        else:
            etree.SubElement(run._r, qn("w:instrText")).text = words
    return run


def _write(paragraph: Printed, text: Text, notes: Footnotes) -> None:
    for piece in text:
        paragraph.add_run(clean(piece.text))
        if piece.note:
            notes.refer(paragraph, clean(piece.note.text))


def _add_table(document: Word, block: Table, notes: Footnotes) -> None:
    if block.caption:
        document.add_paragraph(clean(block.caption), style="Caption")
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    shares = sum(column.share for column in block.columns)
    widths = [Mm(_WIDTH * column.share / shares) for column in block.columns]
    # Looked up once: python-docx goes through all styles for each paragraph that it gives one.
    style = document.styles["small cell" if block.small else "cell"].style_id
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cell, column, width in zip(table.rows[0].cells, block.columns, widths, strict=True):
        paragraph = _fill(cell, width, style, numeric=True)
        run = paragraph.add_run(clean(column.name))
        _fonts(run._r.get_or_add_rPr(), HEAD)
    _repeat(table.rows[0]._tr)
    for texts in block.rows:
        row = table.add_row()
        _together(row._tr)
        if block.tall:
            row.height = Mm(14)
        # row.cells looks at the whole table each time; the cells of the row itself are enough
        for element, text, column, width in zip(row._tr.tc_lst, texts, block.columns, widths, strict=True):
            cell = _Cell(element, table)
            _write(_fill(cell, width, style, numeric=column.numeric), text, notes)
    document.add_paragraph(style="small")


def _fill(cell: _Cell, width: Length, style: str, *, numeric: bool) -> Printed:
    cell.width = width
    paragraph: Printed = cell.paragraphs[0]
    paragraph._p.style = style
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _repeat(row: BaseOxmlElement) -> None:
    etree.SubElement(row.get_or_add_trPr(), qn("w:tblHeader"))
    _together(row)


def _together(row: BaseOxmlElement) -> None:
    """A row is not broken over two pages."""
    row.get_or_add_trPr().insert(0, etree.Element(qn("w:cantSplit")))


def _add_chart(document: Word, chart: Chart) -> None:
    document.add_paragraph(clean(chart.caption), style="Caption")
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    picture = paragraph.add_run().add_picture(io.BytesIO(as_png(chart)), width=Mm(_WIDTH))
    picture._inline.docPr.set("descr", clean(chart.alt))
