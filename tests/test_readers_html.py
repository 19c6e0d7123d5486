"""Web pages: merged cells, layout tables, broken charsets, spans, and what must not run together."""

import pytest

from pipeline.model import Cell, Grid, Paragraph, Reading, UserError
from pipeline.readers import read_bytes
from pipeline.readers.html import read
from pipeline.readers.limits import Limits


def page(body: str, charset: str = "utf-8") -> Reading:
    return read(f"<html><head><title>t</title></head><body>{body}</body></html>".encode(charset), Limits())


def the_grid(reading: Reading) -> Grid:
    (grid,) = [block for block in reading.blocks if isinstance(block, Grid)]
    return grid


def texts(grid: Grid) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in grid.matrix()]


def test_spans_become_a_rectangle() -> None:
    grid = the_grid(
        page(
            "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>1</td><td></td></tr>"
            "<tr><td>丙</td><td>2</td><td>3</td></tr></table>"
        )
    )
    assert texts(grid) == [["甲", "乙", "乙"], ["甲", "1", ""], ["丙", "2", "3"]]
    assert Cell("甲", 0, 0, rows=2) in grid.cells


@pytest.mark.parametrize("cell", ["1<br>2", "<p>1</p><p>2</p>", "1<p>2</p>", "<div>1</div>2"])
def test_two_lines_of_a_cell_are_never_one_number(cell: str) -> None:
    grid = the_grid(page(f"<table><tr><td>甲</td><td>{cell}</td></tr><tr><td>乙</td><td>3</td></tr></table>"))
    assert texts(grid)[0][1] == "1\n2"


def test_one_span_a_character_is_one_word() -> None:
    spans = "".join(f"<span lang=ZH-CN>{c}</span><o:p></o:p>" for c in "行政许可")
    reading = page(f"<p>{spans}\n<span>1</span><span>2</span></p>")
    assert [block.text for block in reading.blocks if isinstance(block, Paragraph)] == ["行政许可 12"]


def test_a_layout_table_is_dissolved_and_the_real_one_kept() -> None:
    inner = "<table><tr><td>规章</td><td>0</td></tr><tr><td>规范性文件</td><td>1</td></tr></table>"
    reading = page(f"<table><tr><td><p>一段文字</p>{inner}</td></tr></table>")
    assert texts(the_grid(reading)) == [["规章", "0"], ["规范性文件", "1"]]
    assert any(isinstance(b, Paragraph) and b.text == "一段文字" for b in reading.blocks)


def test_hidden_text_and_scripts_are_not_read() -> None:
    reading = page(
        "<script>公开1条</script><p style='display: none'>公开2条</p><style>3</style><p>公开4条</p>"
    )
    assert [block.text for block in reading.blocks if isinstance(block, Paragraph)] == ["公开4条"]


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", ""])
@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_the_charset_is_what_the_bytes_are(declared: str, real: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    data = f"<html><head>{meta}</head><body><p>主动公开政府信息５０条</p></body></html>".encode(real)
    assert [b.text for b in read(data, Limits()).blocks if isinstance(b, Paragraph)] == [
        "主动公开政府信息５０条"
    ]


def test_absurd_spans_are_bounded() -> None:
    grid = the_grid(
        page(
            "<table><tr><td rowspan=99999999 colspan=99999999>甲</td><td>1</td></tr><tr><td>2</td></tr></table>"
        )
    )
    assert max(cell.column for cell in grid.cells) <= 2000
    assert max(cell.rows for cell in grid.cells) == 2


def test_a_million_cells_are_refused_in_one_line() -> None:
    data = ("<table>" + ("<tr>" + "<td></td>" * 500 + "</tr>") * 2000 + "</table>").encode()
    with pytest.raises(UserError, match="单元格"):
        read_bytes(data, "big.html")


def test_deep_nesting_ends() -> None:
    data = ("<div>" * 50_000 + "公开1条" + "</div>" * 50_000).encode()
    with pytest.raises(UserError, match=r"deep\.html"):
        read_bytes(data, "deep.html")
