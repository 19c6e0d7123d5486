"""Reports as web pages: clean and old content systems, Word and WPS exports, wrong character sets."""

import random
from html import escape

from pipeline.invent.shapes import Cell, Draft, Paper, Table, Text
from pipeline.invent.stock import rows

_MENU = ("首页", "走进云川", "新闻中心", "政务公开", "政务服务", "互动交流", "专题专栏")
_SIDE = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开")
_WORD_STYLE = "font-family:仿宋_GB2312;mso-hansi-font-family:仿宋_GB2312;font-size:16.0pt"


def html_paper(draft: Draft, pick: random.Random) -> Paper:
    """A web page in one of five makes, in one of seven character set situations."""
    make = pick.choices(("cms", "word", "wps", "layout", "bare"), (38, 22, 16, 16, 8))[0]
    habit = _habit(make, draft, pick)
    body = _MAKES[make](draft, habit, pick)
    if make in ("word", "bare"):
        draft.index_number = None
    mirror = pick.choices((None, "traditional", "pinyin"), (93, 4, 3))[0]
    if mirror is not None:
        body, habit = _mirrored(body, mirror), (*habit, f"mirror:{mirror}")
    data, charset = _encoded(body, pick)
    return Paper(data, pick.choice(("html", "html", "htm", "shtml")), (f"html:{make}", charset, *habit))


def _habit(make: str, draft: Draft, pick: random.Random) -> tuple[str, ...]:
    found = []
    if make in ("word", "wps") and pick.random() < 0.5:
        found.append("span_per_character")
    if pick.random() < 0.15:
        found.append("stray_colspans")
    elif pick.random() < 0.12:
        found.append("spans_as_empty_cells")
    if pick.random() < 0.12:
        found.append("figure_in_nested_table")
    if pick.random() < 0.08:
        found.append("split_table")
    if make != "bare" and pick.random() < 0.25:
        found.append("neighbour_links")
    if make != "bare" and pick.random() < 0.15:
        found.append("hidden_text")
    if make == "cms" and pick.random() < 0.2:
        found.append("two_dates")
    return tuple(found)


# ---- pieces


def _nobr(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


def _spans(text: str, habit: tuple[str, ...], pick: random.Random) -> str:
    """Text as Word leaves it: styled runs, in the worst case one for every character."""
    runs = (
        list(text) if "span_per_character" in habit else [text[i : i + 17] for i in range(0, len(text), 17)]
    )
    parts = []
    for run in runs:
        if run == "\n":
            parts.append("<br>")
            continue
        lang = ' lang="EN-US"' if run.isascii() else ""
        parts.append(f'<span{lang} style="{_WORD_STYLE}">{escape(run, quote=False)}</span>')
    empty = '<span lang="EN-US"><o:p></o:p></span>'
    return "".join(parts) + (empty if pick.random() < 0.5 else "<o:p></o:p>")


def _cell(cell: Cell, inner: str, habit: tuple[str, ...], pick: random.Random) -> str:
    rows, columns = cell.rows, cell.columns
    if "spans_as_empty_cells" in habit:
        rows = columns = 1
    mark = f' rowspan="{rows}"' if rows > 1 else ""
    mark += f' colspan="{columns}"' if columns > 1 else ""
    if "figure_in_nested_table" in habit and cell.fact and pick.random() < 0.05:
        inner = f"<table><tbody><tr><td>{inner}</td></tr></tbody></table>"
    return f"<td{mark}>{inner}</td>"


def _table(table: Table, habit: tuple[str, ...], pick: random.Random, *, word: bool) -> str:
    """The table's rows; with `stray_colspans` every last cell claims columns that do not exist."""
    lines = []
    covered = {(r, c): cell for cell in table.cells for r in range(cell.row, cell.row + cell.rows)
               for c in range(cell.column, cell.column + cell.columns)}  # fmt: skip
    for number, row in enumerate(table.by_row()):
        cells = []
        if "spans_as_empty_cells" in habit:
            for column in range(table.width):
                cell = covered.get((number, column))
                own = cell is not None and (cell.row, cell.column) == (number, column)
                shown = cell if own and cell else Cell("", number, column)
                cells.append(_cell(shown, _inner(shown, habit, pick, word=word), habit, pick))
        else:
            cells = [_cell(cell, _inner(cell, habit, pick, word=word), habit, pick) for cell in row]
        if "stray_colspans" in habit and cells and table.name != "four":
            cells.append('<td colspan="2" style="border:none"></td>' if number % 3 == 0 else "")
        lines.append("<tr>" + "".join(cells) + "</tr>")
    border = 'border="1" cellspacing="0" cellpadding="0"'
    style = ' class="MsoTableGrid" style="border-collapse:collapse;border:none"' if word else ""
    return f"<table {border}{style}><tbody>\n" + "\n".join(lines) + "\n</tbody></table>"


def _inner(cell: Cell, habit: tuple[str, ...], pick: random.Random, *, word: bool) -> str:
    if not word:
        text = _nobr(cell.text)
        return text if text.strip() else "&nbsp;"
    if not cell.text.strip():
        return '<p class="MsoNormal"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p>'
    return (
        f'<p class="MsoNormal" align="center" style="text-align:center">{_spans(cell.text, habit, pick)}</p>'
    )


def _paragraph(block: Text, habit: tuple[str, ...], pick: random.Random, *, word: bool) -> str:
    if word:
        return f'<p class="MsoNormal" style="text-indent:32.0pt">{_spans(block.text, habit, pick)}</p>'
    text = _nobr(block.text)
    if block.style == "heading":
        return f'<p style="text-indent:2em"><strong>{text}</strong></p>'
    align = "right" if block.style == "sign" else "justify"
    return f'<p style="text-align:{align};text-indent:2em">　　{text}</p>'


def _blocks(draft: Draft, habit: tuple[str, ...], pick: random.Random, *, word: bool) -> str:
    parts = []
    for block in draft.blocks:
        if isinstance(block, Table):
            broken = "split_table" in habit and block.name == "three"
            pieces = block.split(pick.randint(8, 20)) if broken else [block]
            parts += [_table(piece, habit, pick, word=word) for piece in pieces]
        elif block.style != "title":
            parts.append(_paragraph(block, habit, pick, word=word))
    return "\n".join(parts)


# ---- pages


def _meta_rows(draft: Draft, habit: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [
        ("索 引 号", draft.index_number or ""),
        ("发布机构", draft.body.publisher),
    ]
    found += [("主题分类", "政府信息公开年报"), ("文　　号", "")]
    if "two_dates" in habit and draft.published:
        found.append(("生成日期", f"{draft.year + 1}-01-02"))
    found.append(("发布日期", draft.published or ""))
    return found


def _extras(draft: Draft, habit: tuple[str, ...]) -> tuple[str, str]:
    hidden = (
        '<div style="display:none" id="printarea">打印 收藏 共分享 0 次</div>'
        if "hidden_text" in habit
        else ""
    )
    links = ""
    if "neighbour_links" in habit:
        links = (
            f'<div class="related">上一篇：<a href="#">{draft.body.county}某某镇{draft.year - 1}年政府信息公开工作年度报告</a>'
            f'<br/>下一篇：<a href="#">{draft.year}年{draft.body.county}财政局政府信息公开工作年度报告</a></div>'
        )
    return hidden, links


def _cms(draft: Draft, habit: tuple[str, ...], pick: random.Random) -> str:
    hidden, links = _extras(draft, habit)
    county = draft.body.county
    menu = "".join(f'<li><a href="/col/{n}.html">{name}</a></li>' for n, name in enumerate(_MENU))
    meta = "".join(
        f"<tr><th>{label}：</th><td>{escape(value)}</td></tr>" for label, value in _meta_rows(draft, habit)
    )
    views = pick.randint(20, 2400)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head>{{charset}}<title>{draft.title}_{county}人民政府</title>
<meta name="SiteName" content="{county}人民政府"/><meta name="ArticleTitle" content="{draft.title}"/>
<meta name="PubDate" content="{draft.published or ""} 10:21"/>
<style>.menu li{{float:left}} td{{padding:2px}}</style><script>var viewCount=12345;function p(){{window.print();}}</script>
</head><body><div class="header"><h1>{county}人民政府</h1><ul class="menu">{menu}</ul></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a>政务公开</a> &gt; <a>乡镇（街道）</a> &gt; 政府信息公开年报</div>
<table class="meta">{meta}</table>{hidden}
<h2 class="title">{draft.title}</h2>
<div class="info">来源：{draft.body.name}　作者：　浏览次数：<span id="views">{views}</span> 字号：大 中 小</div>
<div id="zoom" class="content">
{_blocks(draft, habit, pick, word=False)}
</div>{links}
<div class="footer"><p>主办：{county}人民政府　承办：{county}人民政府办公室　联系电话：0998-2120000</p>
<p>网站标识码：9888010001　南ICP备09000001号-1　南公网安备 98880102000001号　建议使用1366×768以上分辨率浏览</p></div>
</body></html>"""


def _word(draft: Draft, habit: tuple[str, ...], pick: random.Random) -> str:
    office = (
        'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"'
    )
    title = f'<p class="MsoNormal" align="center">{_spans(draft.title, habit, pick)}</p>'
    return f"""<html {office} xmlns="http://www.w3.org/TR/REC-html40">
<head>{{charset}}<meta name="Generator" content="Microsoft Word 15"><title>{draft.title}</title>
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Pages>4</o:Pages><o:Words>2216</o:Words></o:DocumentProperties></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm;}} @page WordSection1 {{size:595.3pt 841.9pt;}} --></style></head>
<body lang="ZH-CN"><div class="WordSection1">
{title}
{_dateline(draft)}
{_blocks(draft, habit, pick, word=True)}
</div></body></html>"""


def _wps(draft: Draft, habit: tuple[str, ...], pick: random.Random) -> str:
    hidden, links = _extras(draft, habit)
    meta = "　".join(f"{label}：{value}" for label, value in _meta_rows(draft, habit) if value)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>{{charset}}<title>{draft.title}</title></head>
<body><div class="nav"><a href="/">网站首页</a> | <a href="/zwgk">政务公开</a> | <a href="/hd">互动交流</a></div>
<div class="article"><h1>{draft.title}</h1><div class="meta">{meta}</div>{hidden}
<div class="TRS_Editor"><style type="text/css">.TRS_Editor P{{line-height:1.5;}}</style>
{_blocks(draft, habit, pick, word=True)}
</div></div>{links}<div class="foot">版权所有：{draft.body.county}人民政府　邮编：981000</div></body></html>"""


def _layout(draft: Draft, habit: tuple[str, ...], pick: random.Random) -> str:
    hidden, links = _extras(draft, habit)
    side = "".join(f"<tr><td height=24>· <a href=#>{name}</a></td></tr>" for name in _SIDE)
    meta = "".join(
        f"<td width=90>{label}</td><td>{escape(value)}</td>" for label, value in _meta_rows(draft, habit)[:2]
    )
    return f"""<HTML><HEAD>{{charset}}<TITLE>{draft.title}</TITLE></HEAD>
<BODY topmargin=0><TABLE width=1000 align=center><TR><TD colspan=2><IMG src=top.jpg></TD></TR>
<TR><TD width=200 valign=top><TABLE>{side}</TABLE></TD>
<TD valign=top><TABLE width=100%><TR>{meta}</TR></TABLE>
<TABLE width=100%><TR><TD align=center><FONT size=5>{draft.title}</FONT></TD></TR>
<TR><TD align=center>{_dateline(draft)} 点击数：{pick.randint(30, 900)}</TD></TR>
<TR><TD>{hidden}
{_blocks(draft, habit, pick, word=False)}
</TD></TR></TABLE>{links}</TD></TR>
<TR><TD colspan=2 align=center>Copyright 云泽市信息中心　电话：0998-2110000</TD></TR></TABLE></BODY></HTML>"""


def _bare(draft: Draft, habit: tuple[str, ...], pick: random.Random) -> str:
    return f"<h1>{draft.title}</h1>\n{_dateline(draft)}\n{_blocks(draft, habit, pick, word=False)}\n"


def _dateline(draft: Draft) -> str:
    return f"<p>发布时间：{draft.published}　来源：{draft.body.name}</p>" if draft.published else ""


_MAKES = {"cms": _cms, "word": _word, "wps": _wps, "layout": _layout, "bare": _bare}


def _mirrored(page: str, kind: str) -> str:
    """The page as a mirror host shows it: in traditional characters, or so with readings in brackets."""
    twins = {ord(row["simplified"]): row["traditional"] for row in rows("places/traditional.csv")}
    page = page.translate(twins)
    if kind == "pinyin":
        for row in rows("places/readings.csv"):
            page = page.replace(row["character"], f"{row['character']}({row['reading']})")
    return page


def _encoded(page: str, pick: random.Random) -> tuple[bytes, str]:
    """The page as bytes, and whether what it says of its character set is true."""
    kind = pick.choices(
        ("utf8", "gbk", "gb18030", "utf8_missing", "gbk_missing", "gbk_says_utf8", "utf8_says_gbk"),
        (56, 12, 6, 10, 6, 5, 5),
    )[0]
    says = {
        "utf8": "utf-8",
        "gbk": "gb2312",
        "gb18030": "gb2312",
        "gbk_says_utf8": "utf-8",
        "utf8_says_gbk": "gbk",
    }
    meta = ""
    if kind in says:
        short = pick.random() < 0.5
        meta = (
            f'<meta charset="{says[kind]}"/>' if short
            else f'<meta http-equiv="Content-Type" content="text/html; charset={says[kind]}"/>'
        )  # fmt: skip
    codec = "utf-8" if kind.startswith("utf8") else "gb18030"
    return page.replace("{charset}", meta).encode(codec), f"charset:{kind}"
