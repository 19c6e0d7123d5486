"""Reports as Word files, written part by part: spans, nested tables, text boxes, deleted text."""

import random
from xml.sax.saxutils import escape

from pipeline.invent.archive import zipped
from pipeline.invent.shapes import Cell, Draft, Paper, Table, Text

_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>"""
_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""
_DOCUMENT_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"""
_HABITS = (
    ("run_per_character", 0.25), ("nested_table", 0.12), ("text_box", 0.18), ("deleted_text", 0.15),
    ("content_control", 0.12), ("outer_table", 0.1), ("split_table", 0.1),
)  # fmt: skip


def docx_paper(draft: Draft, pick: random.Random) -> Paper:
    """A Word file with some of the habits of those who write them."""
    habit = tuple(name for name, share in _HABITS if pick.random() < share)
    parts = []
    nested = pick.randint(0, 40) if "nested_table" in habit else -1
    for number, block in enumerate(draft.blocks):
        if isinstance(block, Table):
            broken = "split_table" in habit and block.name == "three"
            pieces = block.split(pick.randint(8, 20)) if broken else [block]
            parts += [_table(piece, habit, nested) + "<w:p/>" for piece in pieces]
        elif block.style == "title" and "text_box" in habit:
            parts.append(_text_box(block.text))
        else:
            parts.append(_paragraph(block, habit, number, pick))
    inner = "".join(parts)
    if "outer_table" in habit:
        inner = _outer(inner)
    section = '<w:sectPr><w:footerReference w:type="default" r:id="rId9"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    document = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {_W}><w:body>{inner}{section}</w:body></w:document>'
    footer = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr {_W}><w:p><w:r><w:t>— 3 —</w:t></w:r></w:p></w:ftr>'
    members = {
        "[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "word/document.xml": document,
        "word/_rels/document.xml.rels": _DOCUMENT_RELS, "word/footer1.xml": footer,
    }  # fmt: skip
    data = zipped({name: text.encode("utf-8") for name, text in members.items()})
    return Paper(data, "docx", tuple(f"docx:{name}" for name in habit) or ("docx:plain",))


def _run(text: str, bold: bool = False) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else '<w:rPr><w:rFonts w:eastAsia="仿宋_GB2312"/></w:rPr>'
    parts = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n")]
    return f"<w:r>{style}{'<w:br/>'.join(parts)}</w:r>"


def _runs(text: str, habit: tuple[str, ...], bold: bool = False) -> str:
    if "run_per_character" in habit:
        return "".join(_run(character, bold) for character in text)
    return "".join(_run(text[start : start + 23], bold) for start in range(0, len(text), 23)) or _run("")


def _paragraph(block: Text, habit: tuple[str, ...], number: int, pick: random.Random) -> str:
    align = {"title": "center", "sign": "right"}.get(block.style, "both")
    runs = _runs(block.text, habit, bold=block.style in ("title", "heading"))
    if "deleted_text" in habit and block.style == "body" and number % 3 == 1:
        gone = f"全年主动公开政府信息{pick.randint(100, 900)}条。"
        mark = 'w:id="7" w:author="办公室" w:date="2020-01-01T00:00:00Z"'
        runs += f"<w:del {mark}><w:r><w:delText>{gone}</w:delText></w:r></w:del>"
    paragraph = f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'
    if "content_control" in habit and block.style == "body" and number % 2:
        return f"<w:sdt><w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
    return paragraph


def _text_box(text: str) -> str:
    """A title in a text box; Word writes it twice, for new and for old readers."""
    inner = f"<w:txbxContent><w:p>{_run(text, bold=True)}</w:p></w:txbxContent>"
    new = (
        f'<w:drawing><wp:inline><wp:extent cx="5000000" cy="600000"/><a:graphic><a:graphicData '
        f'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>{inner}'
        f"</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    old = f"<w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict>"
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>'
    return f"<w:p><w:r>{both}</w:r></w:p>"


def _table(table: Table, habit: tuple[str, ...], nested: int) -> str:
    """A table with gridSpan and vMerge: every row holds a cell at every place a span covers."""
    grid = "".join('<w:gridCol w:w="900"/>' for _ in range(table.width))
    starts = {(cell.row, cell.column): cell for cell in table.cells}
    over = {
        (row, cell.column): cell for cell in table.cells for row in range(cell.row + 1, cell.row + cell.rows)
    }
    lines = []
    for row in range(table.height):
        cells, column = [], 0
        while column < table.width:
            cell = starts.get((row, column)) or over.get((row, column))
            if cell is None:
                cells.append("<w:tc><w:tcPr/><w:p/></w:tc>")
                column += 1
                continue
            first = (row, column) in starts
            cells.append(_cell(cell, habit, first=first, nested=nested == row * 3 + column))
            column += cell.columns
        lines.append(f"<w:tr>{''.join(cells)}</w:tr>")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"


def _cell(cell: Cell, habit: tuple[str, ...], *, first: bool, nested: bool) -> str:
    marks = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    if cell.rows > 1:
        marks += '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
    if not first:
        return f"<w:tc><w:tcPr>{marks}</w:tcPr><w:p/></w:tc>"
    inner = f"<w:p>{_runs(cell.text, habit)}</w:p>"
    if nested:
        inner = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr/>{inner}</w:tc></w:tr></w:tbl><w:p/>"
    return f"<w:tc><w:tcPr>{marks}</w:tcPr>{inner}</w:tc>"


def _outer(inner: str) -> str:
    """Everything inside the one cell of a borderless table, as some offices lay out their pages."""
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr/>{inner}<w:p/></w:tc></w:tr></w:tbl><w:p/>"
