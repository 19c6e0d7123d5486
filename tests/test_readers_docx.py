"""The docx reader: whole grids of the national forms, and what Word prints or hides."""

import contextlib

import pytest
from documents import forms

from pipeline.model import Grid, Paragraph, UserError
from pipeline.readers import docx
from pipeline.readers.limits import Limits

LIMITS = Limits()
P = forms.docx_paragraph
FORMS = {
    "requests_2021": forms.requests(),
    "requests_2019": forms.requests(forms.OUTCOMES_2019),
    "disclosure_2021": forms.disclosure_2021(),
    "disclosure_2019": forms.disclosure_2019(),
    "reviews": forms.reviews(),
}


def grids(data: bytes) -> list[Grid]:
    return [block for block in docx.read(data, LIMITS).blocks if isinstance(block, Grid)]


def texts(body: str, **parts: str) -> list[str]:
    return forms.texts(docx.read(forms.docx(body, **parts), LIMITS).blocks)


@pytest.mark.parametrize("table", FORMS.values(), ids=FORMS)
def test_a_form_is_read_to_the_cell(table: forms.Table) -> None:
    (grid,) = grids(forms.docx(forms.docx_table(table)))
    assert forms.shape(grid) == forms.placed(table)


def test_paragraphs_and_tables_keep_their_order() -> None:
    body = P("一、总体情况") + forms.docx_table(forms.reviews()) + P("") + P("二、其他")
    blocks = docx.read(forms.docx(body), LIMITS).blocks
    assert [type(block) for block in blocks] == [Paragraph, Grid, Paragraph]
    assert isinstance(blocks[2], Paragraph) and blocks[2].gap == 1


HIDDEN = {
    "deletion": (
        "<w:p><w:r><w:t>公开</w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>34</w:t></w:r></w:ins></w:p>",
        ["公开34"],
    ),
    "moved": ("<w:p><w:moveFrom><w:r><w:t>12</w:t></w:r></w:moveFrom><w:r><w:t>条</w:t></w:r></w:p>", ["条"]),
    "vanish": (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr>"
        "<w:t>8</w:t></w:r></w:p>",
        ["8"],
    ),
    "field": ("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>第1页</w:t></w:r></w:p>", ["第1页"]),
    "break": (
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:br/>"
        "<w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>",
        ["甲\n乙\t丙"],
    ),
    "ruby": (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>gong</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>公</w:t></w:r>"
        "</w:rubyBase></w:ruby></w:r></w:p>",
        ["公"],
    ),
    "control": (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        ["正文"],
    ),
    "placeholder": (
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r>"
        "</w:sdtContent></w:sdt><w:r><w:t>余</w:t></w:r></w:p>",
        ["余"],
    ),
    "text box": (
        "<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
        "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:r><w:t>后</w:t></w:r></w:p>",
        ["前", "框", "后"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), HIDDEN.values(), ids=HIDDEN)
def test_text_is_what_word_prints(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_list_numbers_are_printed_and_counted() -> None:
    levels = (
        "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='japaneseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:numFmt w:val='decimal'/><w:lvlText w:val='%2.'/></w:lvl>"
    )
    numbering = (
        f"<w:numbering xmlns:w='{forms._W}'><w:abstractNum w:abstractNumId='5'>{levels}</w:abstractNum>"
        "<w:num w:numId='2'><w:abstractNumId w:val='5'/></w:num></w:numbering>"
    )

    def item(text: str, depth: int) -> str:
        return P(text, f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='2'/></w:numPr>")

    body = item("总体", 0) + item("甲", 1) + item("乙", 1) + P("文") + item("主动", 0) + item("丙", 1)
    assert texts(body, numbering=numbering) == ["一、总体", "1.甲", "2.乙", "文", "二、主动", "1.丙"]


def test_nested_table_stands_after_its_outer_one() -> None:
    inner = forms.docx_table([[("内", 1, 1), ("", 1, 1)]])
    outer = (
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>外</w:t></w:r></w:p>{inner}</w:tc><w:tc><w:p/></w:tc></w:tr>"
        "<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    )
    first, second = grids(forms.docx(outer))
    assert forms.shape(first) == [("外", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("", 1, 0, 1, 1), ("", 1, 1, 1, 1)]
    assert forms.shape(second) == [("内", 0, 0, 1, 1), ("", 0, 1, 1, 1)]


def test_layout_table_gives_its_content_as_blocks() -> None:
    outer = f"<w:tbl><w:tr><w:tc>{P('正文')}{forms.docx_table(forms.reviews())}<w:p/></w:tc></w:tr></w:tbl>"
    blocks = docx.read(forms.docx(outer), LIMITS).blocks
    assert isinstance(blocks[0], Paragraph) and blocks[0].text == "正文"
    assert isinstance(blocks[1], Grid) and forms.shape(blocks[1]) == forms.placed(forms.reviews())


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def test_hairline_columns_and_absurd_spans_do_not_move_figures() -> None:
    widths = "".join(f'<w:gridCol w:w="{w}"/>' for w in (1000, 40, 1000))
    span = '<w:gridSpan w:val="2"/>'
    absurd = '<w:gridSpan w:val="99999"/>'
    rows = (
        f"<w:tr>{tc('头', absurd)}</w:tr>"
        f"<w:tr>{tc('甲')}{tc('乙', span)}</w:tr><w:tr>{tc('丙', span)}{tc('')}</w:tr>"
    )
    (grid,) = grids(forms.docx(f"<w:tbl><w:tblGrid>{widths}</w:tblGrid>{rows}</w:tbl>"))
    assert forms.shape(grid) == [
        ("头", 0, 0, 1, 2),
        ("甲", 1, 0, 1, 1),
        ("乙", 1, 1, 1, 1),
        ("丙", 2, 0, 1, 1),
        ("", 2, 1, 1, 1),
    ]


def test_grid_before_and_horizontal_merge() -> None:
    restart, more = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    rows = (
        f"<w:tr>{tc('a')}{tc('b')}{tc('c')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{tc('d')}{tc('e')}</w:tr>"
        f"<w:tr>{tc('f')}{tc('g', restart)}{tc('', more)}</w:tr>"
    )
    (grid,) = grids(forms.docx(f"<w:tbl>{rows}</w:tbl>"))
    assert forms.shape(grid)[3:] == [
        ("d", 1, 1, 1, 1),
        ("e", 1, 2, 1, 1),
        ("f", 2, 0, 1, 1),
        ("g", 2, 1, 1, 2),
    ]


def test_title_is_printed_text_and_properties_are_metadata() -> None:
    core = (
        "<c:coreProperties xmlns:c='http://schemas.openxmlformats.org/package/2006/metadata/core-properties' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:t='http://purl.org/dc/terms/'>"
        "<dc:title>旧标题</dc:title><t:created>2022-01-20T08:00:00Z</t:created></c:coreProperties>"
    )
    centre = "<w:jc w:val='center'/>"
    data = forms.docx(
        P("青石县白水乡", centre) + P("2021年政府信息公开工作年度报告", centre) + P("正文。"), core=core
    )
    reading = docx.read(data, LIMITS)
    assert reading.title == "青石县白水乡2021年政府信息公开工作年度报告"
    assert dict(reading.metadata) == {"title": "旧标题", "created": "2022-01-20T08:00:00Z"}


def test_footnotes_come_last() -> None:
    notes = (
        f"<w:footnotes xmlns:w='{forms._W}'><w:footnote w:type='separator'><w:p/></w:footnote>"
        f"<w:footnote>{P('注：含转载')}</w:footnote></w:footnotes>"
    )
    assert texts(P("正文"), footnotes=notes) == ["正文", "注：含转载"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", forms.zipped({"a.txt": b"x"}), b"\xd0\xcf\x11\xe0" * 9])
def test_no_docx_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(UserError):
        docx.read(data, LIMITS)


def test_entities_are_not_expanded_nor_fetched() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    xml = (
        f'<!DOCTYPE d [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<w:document xmlns:w='{forms._W}'><w:body><w:p><w:r><w:t>&l8;&f;甲</w:t></w:r></w:p></w:body></w:document>"
    )
    data = forms.zipped({"word/document.xml": xml.encode()})
    with contextlib.suppress(UserError):
        read = forms.texts(docx.read(data, LIMITS).blocks)
        assert all(len(text) < 100 and "root" not in text for text in read)


def test_half_a_docx_is_read_with_an_issue() -> None:
    data = forms.docx(P("前文") + forms.docx_table(forms.requests()) * 20)
    reading = docx.read(data[: len(data) * 7 // 10], LIMITS)
    assert reading.issues and reading.issues[0].code == "damaged_file"
    assert isinstance(reading.blocks[0], Paragraph) and reading.blocks[0].text == "前文"


@pytest.mark.parametrize(("wide", "codes"), [(5_000_000, ["picture_not_read"]), (900_000, [])])
def test_a_large_picture_is_not_passed_over_in_silence(wide: int, codes: list[str]) -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    extent = f'<wp:inline xmlns:wp="{space}"><wp:extent cx="{wide}" cy="2000000"/></wp:inline>'
    body = P("正文") + f"<w:p><w:r><w:drawing>{extent}</w:drawing></w:r></w:p>"
    assert [issue.code for issue in docx.read(forms.docx(body), LIMITS).issues] == codes
