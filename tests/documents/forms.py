"""The national forms as plain tables, and writers of small documents that hold them.

A table is a list of rows; a row is a list of (text, rows, columns) as in HTML: a place that a cell above
covers is not listed. Nothing here knows the readers.
"""

import html as markup
import io
import zipfile
from collections.abc import Iterable, Sequence
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from xml.sax.saxutils import escape

from pipeline.model import Cell, Grid

Entry = tuple[str, int, int]
Table = list[list[Entry]]
Placed = tuple[str, int, int, int, int]

APPLICANTS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
OUTCOMES_2021: list[tuple[str, list[str]]] = [
    ("（一）予以公开", []),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", []),
    (
        "（三）不予公开",
        [
            "1.属于国家秘密",
            "2.其他法律行政法规禁止公开",
            "3.危及“三安全一稳定”",
            "4.保护第三方合法权益",
            "5.属于三类内部事务信息",
            "6.属于四类过程性信息",
            "7.属于行政执法案卷",
            "8.属于行政查询事项",
        ],
    ),
    (
        "（四）无法提供",
        [
            "1.本机关不掌握相关政府信息",
            "2.没有现成信息需要另行制作",
            "3.补正后申请内容仍不明确",
        ],
    ),
    (
        "（五）不予处理",
        [
            "1.信访举报投诉类申请",
            "2.重复申请",
            "3.要求提供公开出版物",
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息",
        ],
    ),
    (
        "（六）其他处理",
        [
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "3.其他",
        ],
    ),
    ("（七）总计", []),
]
OUTCOMES_2019 = [(name, [] if name == "（六）其他处理" else rows) for name, rows in OUTCOMES_2021]
RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def figures(rows: int, columns: int = 7, seed: int = 1) -> list[list[str]]:
    """Numbers for a block of cells, every seventh blank, some with a slash, some of four digits."""
    values = []
    for row in range(rows):
        line = []
        for column in range(columns):
            mixed = (row * 31 + column * 17 + seed * 7) % 23
            line.append(
                "" if mixed % 7 == 3 else "/" if mixed == 11 else str(mixed * (97 if mixed == 20 else 1))
            )
        values.append(line)
    return values


def requests(outcomes: list[tuple[str, list[str]]] | None = None, seed: int = 1) -> Table:
    """Table three, 2021 unless other outcomes are given: 3 rows of head, then 25 rows of figures."""
    outcomes = OUTCOMES_2021 if outcomes is None else outcomes
    count = sum(max(len(rows), 1) for _, rows in outcomes)
    values = iter(figures(count + 3, seed=seed))
    table: Table = [
        [(RELATION, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(name, 1, 1) for name in APPLICANTS[1:6]],
        [("一、本年新收政府信息公开申请数量", 1, 3), *_numbers(values)],
        [("二、上年结转政府信息公开申请数量", 1, 3), *_numbers(values)],
    ]
    lead: list[Entry] = [("三、本年度办理结果", count, 1)]
    for name, rows in outcomes:
        group: list[Entry] = [(name, 1, 2)] if not rows else [(name, len(rows), 1), (rows[0], 1, 1)]
        table.append([*lead, *group, *_numbers(values)])
        lead = []
        table.extend([(row, 1, 1), *_numbers(values)] for row in rows[1:])
    table.append([("四、结转下年度继续办理", 1, 3), *_numbers(values)])
    return table


def _numbers(values: Iterable[list[str]]) -> list[Entry]:
    return [(text, 1, 1) for text in next(iter(values))]


def disclosure_2021() -> Table:
    """Table two of 2021: blocks of four and of two columns in one table."""
    return [
        [("第二十条第（一）项", 1, 4)],
        [("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)],
        [("规章", 1, 1), ("0", 1, 1), ("0", 1, 1), ("0", 1, 1)],
        [("行政规范性文件", 1, 1), ("2", 1, 1), ("", 1, 1), ("12", 1, 1)],
        [("第二十条第（五）项", 1, 4)],
        [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
        [("行政许可", 1, 1), ("1024", 1, 3)],
        [("第二十条第（六）项", 1, 4)],
        [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
        [("行政处罚", 1, 1), ("", 1, 3)],
        [("行政强制", 1, 1), ("3", 1, 3)],
        [("第二十条第（八）项", 1, 4)],
        [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
        [("行政事业性收费", 1, 1), ("0.85", 1, 3)],
    ]


def disclosure_2019() -> Table:
    """Table two of 2019: blocks of four and of three columns (spans 1, 1, 2) in one table."""
    four = [("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 1, 1), ("处理决定数量", 1, 1)]
    return [
        [("第二十条第（一）项", 1, 4)],
        [("信息内容", 1, 1), ("本年新制作数量", 1, 1), ("本年新公开数量", 1, 1), ("对外公开总数量", 1, 1)],
        [("规章", 1, 1), ("0", 1, 1), ("0", 1, 1), ("", 1, 1)],
        [("规范性文件", 1, 1), ("5", 1, 1), ("4", 1, 1), ("22（其中修订16件）", 1, 1)],
        [("第二十条第（五）项", 1, 4)],
        four,
        [("行政许可", 1, 1), ("86", 1, 1), ("-3", 1, 1), ("1200", 1, 1)],
        [("其他对外管理服务事项", 1, 1), ("", 1, 1), ("+2", 1, 1), ("7", 1, 1)],
        [("第二十条第（六）项", 1, 4)],
        four,
        [("行政处罚", 1, 1), ("10", 1, 1), ("减1", 1, 1), ("", 1, 1)],
        [("行政强制", 1, 1), ("0", 1, 1), ("0", 1, 1), ("0", 1, 1)],
        [("第二十条第（八）项", 1, 4)],
        [("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 1, 2)],
        [("行政事业性收费", 1, 1), ("1", 1, 1), ("", 1, 2)],
        [("第二十条第（九）项", 1, 4)],
        [("信息内容", 1, 1), ("采购项目数量", 1, 1), ("采购总金额", 1, 2)],
        [("政府集中采购", 1, 1), ("6", 1, 1), ("251000元", 1, 2)],
    ]


def reviews() -> Table:
    """Table four: three blocks of five columns, one row of figures."""
    five = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    return [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((name, 2, 1) for name in five), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [(name, 1, 1) for name in five * 2],
        [(text, 1, 1) for text in "1,0,,2,3,0,0,/,0,0,,12,0,0,12".split(",")],
    ]


def placed(table: Table) -> list[Placed]:
    """The cells of a table as (text, row, column, rows, columns), in reading order: the expected grid."""
    taken: set[tuple[int, int]] = set()
    cells: list[Placed] = []
    for row, entries in enumerate(table):
        column = 0
        for text, rows, columns in entries:
            while (row, column) in taken:
                column += 1
            taken.update((row + down, column + over) for down in range(rows) for over in range(columns))
            cells.append((text, row, column, rows, columns))
    return cells


def shape(grid: Grid) -> list[Placed]:
    """A grid as read, in the form that `placed` gives; white space inside a text does not count."""
    return [_plain(cell) for cell in grid.cells]


def _plain(cell: Cell) -> Placed:
    return ("".join(cell.text.split()), cell.row, cell.column, cell.rows, cell.columns)


# ---- docx ----

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(body: str, **parts: str) -> bytes:
    """A docx around the XML of its body; `parts` are further files of word/, by stem."""
    document = (
        f'<w:document xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        f'xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{body}</w:body></w:document>'
    )
    files = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    for stem, text in parts.items():
        files["docProps/core.xml" if stem == "core" else f"word/{stem}.xml"] = text
    return zipped({name: text.encode() for name, text in files.items()})


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def docx_paragraph(text: str, properties: str = "") -> str:
    """One w:p with one run for each character, as exports of web editors have it."""
    runs = "".join(
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{escape(c)}</w:t></w:r>' for c in text
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def docx_table(table: Table) -> str:
    """A w:tbl with gridSpan and vMerge (restart, then a continuing cell in every row below)."""
    cells = placed(table)
    width = max(column + columns for _, _, column, _, columns in cells)
    grid = f'<w:gridCol w:w="{min(900, 9000 // width)}"/>' * width
    rows = []
    for row in range(len(table)):
        here = sorted(
            cell for cell in ((c[2], c) for c in cells) if cell[1][1] <= row < cell[1][1] + cell[1][3]
        )
        rows.append(f"<w:tr>{''.join(_docx_cell(cell, row) for _, cell in here)}</w:tr>")
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges)
    return f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _docx_cell(cell: Placed, row: int) -> str:
    text, top, _, rows, columns = cell
    merge = "" if rows == 1 else '<w:vMerge w:val="restart"/>' if row == top else "<w:vMerge/>"
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{docx_paragraph(text if row == top else '')}</w:tc>"


# ---- html, for browsers and typesetters that print it as pdf ----


def html_table(table: Table, style: str = "") -> str:
    """A table element with rowspan and colspan."""
    rows = (
        "".join(
            f'<td rowspan="{rows}" colspan="{columns}">{markup.escape(text)}</td>'
            for text, rows, columns in entries
        )
        for entries in table
    )
    return f'<table style="{style}">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def html_page(*parts: str, css: str = "") -> str:
    """An A4 page set in an embedded Chinese font, tables ruled, numbers centred."""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><style>@page{size:A4;margin:2.2cm 2cm}'
        "body{font-family:'Noto Serif CJK SC',serif;font-size:11pt;line-height:1.6;margin:0}"
        "p{text-indent:2em;margin:0}h1{text-align:center;font-size:18pt}h2{font-size:13pt}"
        "table{border-collapse:collapse;width:100%;margin:8px 0;font-size:9pt;line-height:1.3}"
        f"td{{border:1px solid #000;padding:2px 3px;text-align:center}}{css}</style><body>{''.join(parts)}</body></html>"
    )


def mht(page: str, charset: str = "gb2312") -> bytes:
    """A saved web page: the html part in its own charset beside a picture part."""
    message = MIMEMultipart("related")
    message["Subject"] = "saved page"
    message.attach(MIMEText(page, "html", charset))
    message.attach(MIMEText("body{}", "css", "utf-8"))
    return message.as_bytes()


def texts(blocks: Sequence[object]) -> list[str]:
    """The paragraph texts among blocks."""
    return [block.text for block in blocks if hasattr(block, "text")]


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
