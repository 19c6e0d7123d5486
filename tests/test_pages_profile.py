"""The sheet of one body and the comparison of several: what they say, held against the warehouse's own tables."""

import html
import re
import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd
import pytest

import queries
from pages.ui import charts, provenance
from pages.ui.words import Words
from pipeline.database import open_to_read
from tests import county, screens
from tests.test_pages import bodies_of_html, charted, opened, said, table

LINK = re.compile(r"<a href='([^']*)'>([^<]*)</a>")
MEASURES = ["items_disclosed", "requests_received", "interpretations"]


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five towns of a county in 2022 and 2023, a subdistrict that one of them became, and a town of another county."""
    towns = [county.Body(f"t{number}", f"第{number}镇") for number in range(1, 6)]
    bodies = [
        *towns,
        county.Body("s1", "新街道", kind="subdistrict", valid_from=2023, predecessor="t5"),
        county.Body("x1", "外县镇", county="乙水县"),
    ]
    bodies[4] = county.Body("t5", "第5镇", valid_to=2022)
    disclosed = {"t1": 100, "t2": 300, "t3": 300, "x1": 999}
    figures = [county.Figure(body, 2023, "items_disclosed", value) for body, value in disclosed.items()]
    figures.append(county.Figure("t4", 2023, "items_disclosed", None, status="blank"))
    figures += [county.Figure(body, 2022, "items_disclosed", 50, bound="at_least") for body in ("t1", "t5")]
    figures += [county.Figure(body, 2023, "requests_received", 0, applicant="total") for body in disclosed]
    reports = {(figure.body_id, figure.year) for figure in figures} | {("s1", 2023)}
    path = tmp_path_factory.mktemp("peers") / "warehouse.duckdb"
    return county.build(path, bodies, sorted(reports), figures)


def cells(at: Any, heading: str) -> list[list[str]]:
    """The rows of the plain table whose first heading is this one."""
    body = next(text for text in bodies_of_html(at) if f"<th scope='col'>{heading}</th>" in text)
    rows = re.findall(r"<tr>(.*?)</tr>", body)[1:]
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td.*?</td>", row)]
        for row in rows
    ]


def links(at: Any) -> list[dict[str, str]]:
    """The addresses of the cells of plain tables."""
    found = LINK.findall("".join(bodies_of_html(at)))
    return [dict(parse_qsl(html.unescape(address).partition("?")[2])) for address, _ in found]


class TestProfile:
    def test_without_a_body_every_body_is_listed_with_what_is_held(self, invented: Path) -> None:
        at = opened(invented, "profile")
        rows = table(at, "bodies").set_index("单位")
        assert list(rows.index) == [name for _, name, *_ in screens.BODIES]
        assert list(rows.loc["长岭乡", ["最近年度", "收录/应报"]]) == ["2023", "5/6"]
        assert list(rows.loc["金沙街道", ["最近年度", "收录/应报"]]) == ["2024", "4/4"]
        assert re.search(r"6 个单位中\s+6 个", said(at))

    def test_a_body_is_picked_in_the_page_and_stands_in_the_address(self, invented: Path) -> None:
        at = opened(invented, "profile")
        box = next(box for box in at.selectbox if box.label == Words("zh")("profile.pick"))
        box.select("demo03").run()
        assert at.query_params["body"] in ("demo03", ["demo03"])
        assert "石桥镇公开得怎么样" in said(at)

    def test_the_first_line_says_state_median_and_broken_sums(self, invented: Path) -> None:
        text = said(opened(invented, "profile", body="demo03"))
        assert re.search(
            r"最近一份是\s+2024 年\s*，2025年1月20日公布，\s*按时\s*（限期 2025年1月31日）", text
        )
        with open_to_read(invented) as connection:
            rows = connection.execute(
                "select value from fact join report using (report_id) where year = 2024"
                " and measure = 'items_disclosed' and body_id in ('demo01', 'demo03')"
            ).fetchall()
        median = statistics.median(value for (value,) in rows)
        assert median == 352
        assert re.search(r"≥ 389 条\s*，比同县同类中位数 352 多 37（2/2 个有数）", text)
        assert re.search(r"可核的 1 项核验中\s+1 项不符", text)
        assert re.search(r"2019—2024 年应报 6 份，收录\s+6 份", text)

    def test_every_year_stands_with_its_state_and_its_figures_open(self, invented: Path) -> None:
        at = opened(invented, "profile", body="demo06")
        rows = cells(at, "年度")
        assert [row[:2] for row in rows[:3]] == [["2024", "未收录"], ["2023", "按时"], ["2022", "按时"]]
        assert rows[0][4:7] == ["·", "·", "·"], "a missing report has no zeros"
        assert {"report": "demo06-2023", "fact": "demo06-2023-f001"}.items() <= links(at)[1].items()
        assert "2024 年未收录" in said(at)

    def test_an_unreadable_report_has_no_figures_and_is_said(self, invented: Path) -> None:
        at = opened(invented, "profile", body="demo04", years="2022-2022")
        assert "有文件而读不出数字" in said(at)
        assert not any("不符" in body and "finding" in body for body in bodies_of_html(at))

    def test_text_of_the_report_is_text(self, invented: Path) -> None:
        at = opened(invented, "profile", body="demo01")
        shown = "".join(bodies_of_html(at))
        assert not set(re.findall(r"</?([a-z]\w*)", shown)) & {"img", "script", "iframe"}
        assert not any("outside.invalid" in element.value for element in at.markdown)

    def test_sections_are_quoted_and_lead_to_their_place(self, invented: Path) -> None:
        at = opened(invented, "profile", body="demo02", years="2023-2023")
        assert any("本乡加强组织领导" in body for body in bodies_of_html(at) if "class='excerpt'" in body)
        places = [dict(parse_qsl(link.proto.query_string)).get("place") for link in at.get("page_link")]
        assert "b2" in places
        rows = cells(at, "部分")
        assert rows == [["第一部分", "上年（松岭乡 2022 年）", "97%", "1"]]

    def test_the_broken_sum_leads_to_its_figure(self, invented: Path) -> None:
        at = opened(invented, "profile", body="demo03")
        assert "表三总计列：来 0 件，去 1 件，相差 1 件" in said(at)
        asked = [dict(parse_qsl(link.proto.query_string)) for link in at.get("page_link")]
        facts = {link["fact"] for link in asked if link.get("report") == "demo03-2024" and "fact" in link}
        with open_to_read(invented) as connection:
            measures = {
                connection.execute("select measure from fact where fact_id = ?", [fact]).fetchall()[0][0]
                for fact in facts
            }
        assert measures & {
            "requests_received",
            "requests_carried_in",
            "requests_closed",
            "requests_carried_out",
        }

    def test_peers_are_of_the_county_and_kind_with_ties_and_gaps(self, peers: Path) -> None:
        with open_to_read(peers) as connection:
            asked = {"body": "t2", "year": 2023, "measures": MEASURES, "language": "zh"}
            rows = queries.ask(connection, "peers_by_measure", **asked)
        disclosed = rows[rows["measure"] == "items_disclosed"].set_index("body_id")
        assert set(disclosed.index) == {"t1", "t2", "t3", "t4"}
        assert disclosed["median"].iloc[0] == statistics.median([100, 300, 300])
        assert list(disclosed.loc["t2", ["n", "due", "standing", "sharing"]]) == [3, 4, 1, 2]
        assert disclosed.loc["t4", "status"] == "blank" and pd.isna(disclosed.loc["t4", "at"])
        assert disclosed.loc[["t1", "t2", "t3"], "at"].to_list() == [0, 1, 1]
        assert disclosed.loc[["t2", "t3"], "above"].to_list() == [0, 1], "equal ones lie one above the other"
        at = opened(peers, "profile", body="t2")
        words = {row[0]: row[4] for row in cells(at, "指标")}
        assert words["主动公开政府信息数（条）"] == "由多到少第 1，2 个并列（3/4 个有数）"
        assert words["本年新收政府信息公开申请数量（件）"] == "3 个都相同（3/4 个有数）"

    def test_one_without_peers_is_not_compared(self, peers: Path) -> None:
        text = said(opened(peers, "profile", scope="demo-丙江市-乙水县", body="x1"))
        assert "同县同类没有别的单位有数，无从比较（1/1）" in text
        assert "不列位次（1/1 个有数）" in text

    def test_a_renamed_body_has_the_years_of_its_former_name(self, peers: Path) -> None:
        at = opened(peers, "profile", body="s1", years="2022-2023")
        assert [row[0] for row in cells(at, "年度")] == ["新街道 2023", "第5镇 2022"]
        assert "第5镇（至 2022 年） → 新街道（2023 年起）" in said(at)

    def test_a_body_of_published_figures_only_says_so(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as connection:
            body = connection.execute(
                "select body_id from report join body using (body_id) where report.origin = 'published_figure'"
                " and kind = 'town' order by body_id limit 1"
            ).fetchall()[0][0]
        text = said(opened(warehouse, "profile", scope="real", body=body))
        assert "只有公开页面上的数字，没有全文" in text
        assert "没有可核的勾稽关系" in text

    @pytest.mark.parametrize("body", ["nobody", "'; drop table body", "<b>"])
    def test_an_unknown_body_is_the_list(self, body: str, invented: Path) -> None:
        assert Words("zh")("profile.question.none") in said(opened(invented, "profile", body=body))


class TestCompare:
    def test_the_first_line_counts_who_has_the_most(self, invented: Path) -> None:
        at = opened(
            invented,
            "compare",
            **{"with": ["demo01", "demo03"], "measure": ["items_disclosed", "interpretations"]},
        )
        text = said(at)
        assert re.search(r"2024 年 2 个单位的 1 项指标中，\s*1 项可比", text), (
            "a measure nobody gives is no choice"
        )
        assert re.search(r"数最大的：石桥镇\s+1 项", text)
        assert "1 项含约数或下限" in text

    def test_figures_and_differences_stand_against_the_bodies(self, peers: Path) -> None:
        at = opened(peers, "compare", **{"with": ["t1", "t2", "t4"], "year": "2023"})
        rows = table(at, "figures").set_index("指标")
        disclosed = rows.loc["主动公开政府信息数（条）"]
        assert list(disclosed) == ["100", "300", "空白", "300（3/4）", "200 至 300"]
        assert list(table(at, "differences").set_index("指标").loc["主动公开政府信息数（条）"]) == [
            "-200（3/4）",
            "0（3/4）",
            "·",
        ]
        assert "第2镇最多（300）" in said(at) and "第1镇最少（100）" in said(at)

    def test_one_body_is_set_against_its_peers(self, peers: Path) -> None:
        at = opened(peers, "compare", **{"with": ["t1"], "year": "2023"})
        assert re.search(
            r"第1镇 2023 年 2 项指标中 2 项可与同县同类相比：\s*0 项高于\s*中位数，1 项低于，1 项相等",
            said(at),
        )
        spec = charted(at, "lines-items_disclosed")
        area = next(one for one in spec["data"] if one.get("fill") == "toself")
        assert area["y"] == [50, 200, 300, 50]

    def test_bodies_of_other_counties_stand_beside_their_own_peers(self, peers: Path) -> None:
        at = opened(peers, "compare", **{"with": ["t1", "s1"], "against": "peers"})
        assert Words("zh")("compare.against.mixed") in said(at)
        assert not any(one.get("fill") for one in charted(at, "lines-items_disclosed")["data"])

    def test_more_than_six_are_refused_kindly(self, tmp_path: Path, invented: Path) -> None:
        seven = [county.Body(f"b{number}", f"第{number}乡") for number in range(1, 8)]
        figures = [county.Figure(body.body_id, 2023, "items_disclosed", 7) for body in seven]
        reports = [(body.body_id, 2023) for body in seven]
        path = county.build(tmp_path / "seven.duckdb", seven, reports, figures)
        at = opened(path, "compare", **{"with": [body.body_id for body in seven]})
        assert "选了 7 个，一次只能对比 6 个" in said(at)
        assert "第6乡" in table(at, "figures").columns and "第7乡" not in table(at, "figures").columns
        everybody = [body for body, *_ in screens.BODIES]
        at = opened(invented, "compare", **{"with": [*everybody, "nobody", "demo01"]})
        assert "请去掉几个" not in said(at), "six are six, however often they are named"

    def test_eight_measures_at_most(self, invented: Path) -> None:
        with open_to_read(invented) as connection:
            asked = {"bodies": ["demo01", "demo03"], "first": 2019, "last": 2024, "language": "zh"}
            measures = list(queries.ask(connection, "measures_of_bodies", **asked)["measure"])
        at = opened(invented, "compare", **{"with": ["demo01", "demo03"], "measure": measures[:9]})
        assert "选了 9 项指标，一次只能看 8 项" in said(at)
        assert len(table(at, "figures")) == 8

    def test_nothing_picked_says_how(self, invented: Path) -> None:
        at = opened(invented, "compare", **{"with": []})
        assert "还没有选对比对象：可选 6 个中的 2 至 6 个" in said(at)
        assert not at.dataframe and not at.get("download_button")

    @pytest.mark.parametrize(
        "query",
        [
            {"year": "1066"},
            {"year": "x"},
            {"against": "all"},
            {"measure": ["<b>"]},
            {"with": ["'; drop", "demo01"]},
        ],
    )
    def test_an_address_that_makes_no_sense_shows_the_page(
        self, query: dict[str, Any], invented: Path
    ) -> None:
        assert table(opened(invented, "compare", **query), "figures").shape[0] > 0

    def test_the_download_holds_the_comparison(self, peers: Path) -> None:
        at = opened(peers, "compare", **{"with": ["t1", "t4"], "measure": ["items_disclosed"]})
        assert [button.key for button in at.get("download_button")] == ["download"]

    def test_the_usual_year_is_the_newest_that_most_have(self, peers: Path) -> None:
        with open_to_read(peers) as connection:
            asked = {
                "bodies": ["t1", "t5"],
                "measures": MEASURES,
                "first": 2022,
                "last": 2023,
                "language": "zh",
            }
            rows = queries.ask(connection, "compare_by_year", **asked)
        assert set(rows["usual_year"]) == {2022}


class TestParts:
    def test_names_at_the_ends_of_lines_do_not_overlap(self) -> None:
        points = [
            charts.Point(2023, value, str(value), "", None, None, hollow=False) for value in (1, 1, 1, 2)
        ]
        figure = charts.lines([2023], [charts.Course(f"甲{n}", [p], {}) for n, p in enumerate(points)], [])
        low, high = figure.layout["yaxis"]["range"]
        heights = sorted(
            note["y"] / (high - low) * charts.PLOT + note["yshift"] for note in figure.layout["annotations"]
        )
        assert all(after - before >= 14.9 for before, after in pairwise(heights))

    def test_lines_are_told_apart_by_shape(self) -> None:
        assert (
            len({symbol for symbol, _ in charts.SYMBOLS}) == charts.MOST_LINES == len(set(charts.LINES_LIGHT))
        )

    def test_an_opening_ends_with_a_sentence(self) -> None:
        assert provenance.opening(["甲乙丙。丁戊己庚。辛"], 6) == "甲乙丙。…"
        assert provenance.opening(["甲乙"], 6) == "甲乙"
        assert provenance.opening(["甲" * 9], 6) == "甲" * 6 + "…"
