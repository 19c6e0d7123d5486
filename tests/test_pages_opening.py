"""What a reader finds first: the demonstration until a county has ten real reports; and what is said where a page fails."""

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.database import open_to_write
from pipeline.marts import marts
from tests import county
from tests.county import Body
from tests.test_pages import FRAME, PAGES, bodies_of_html, opened, said


def build(path: Path, real: int) -> Path:
    """An invented district, and a real county with so many reports."""
    bodies = [Body(f"real{number:02d}", f"真实{number}乡", county="乙山县") for number in range(12)]
    invented = [Body("demo01", "虚构乡"), Body("demo02", "虚拟镇")]
    reports = [(body.body_id, 2024) for body in bodies[:real]]
    told = [county.Figure(body, year, "items_disclosed", 10.0) for body, year in [*reports, ("demo01", 2024)]]
    shown = [(body.body_id, year) for body in invented for year in range(2010, 2025)]
    county.build(path, [*bodies, *invented], [*reports, *shown], told)
    with open_to_write(path) as connection:
        connection.execute("update body set origin = 'published' where body_id like 'real%'")
        connection.execute("update report set origin = 'published' where body_id like 'real%'")
        # The marts that know a body's origin are built after it.
        for mart in marts():
            connection.execute(f"drop table if exists {mart.stem}")
            connection.sql(mart.read_text("utf-8")).create(mart.stem)
    return path


@pytest.mark.parametrize(("real", "place"), [(0, "甲山县"), (9, "甲山县"), (10, "乙山县")])
def test_a_county_with_ten_real_reports_comes_before_the_demonstration(
    real: int, place: str, tmp_path: Path
) -> None:
    at = opened(build(tmp_path / "w.duckdb", real), "channels")
    invented = place == "甲山县"
    assert ("演示数据" in said(at)) is invented
    shown = opened(build(tmp_path / "v.duckdb", real), PAGES[0])
    assert shown.sidebar.selectbox[0].value == ("demo-丙江市-甲山县" if invented else "丙江市-乙山县")


def test_the_demonstration_is_one_click_from_the_real_bodies(tmp_path: Path) -> None:
    warehouse = build(tmp_path / "w.duckdb", 9)
    for page in PAGES:
        at = opened(warehouse, page)
        links = [
            parse_qs(link.proto.query_string)
            for link in at.get("page_link")
            if link.proto.label == "查看真实数据"
        ]
        assert [link["scope"] for link in links] == [["real"]], page
        assert "虚构" in said(at), page
    assert "演示数据" not in said(opened(warehouse, "channels", scope="real"))


def test_a_page_that_fails_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = build(tmp_path / "w.duckdb", 0)
    with open_to_write(warehouse) as connection:
        connection.execute("drop table expected_report")
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(warehouse))
    at = AppTest.from_file(str(FRAME), default_timeout=60).run()
    assert not at.exception
    assert any("这一页没有显示出来" in body for body in bodies_of_html(at))
    assert any(link.proto.label == "回到首页" for link in at.get("page_link"))
