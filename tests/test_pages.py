"""Every page with data and without, in both languages; every word said once, and missing never shown as zero."""

import ast
import datetime as dt
import html
import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

import queries
from pages.ui import PAGES, charts, provenance, server, store, tables, words
from pages.ui.provenance import Marks
from pipeline import issues
from pipeline.database import open_to_read
from pipeline.model import Place
from tests import county, screens

ROOT = Path(__file__).parent.parent
FRAME = ROOT / "pages" / "frame.py"
# What a page needs in its address to answer with figures, a picture and a table.
ASKED: dict[str, dict[str, str | list[str]]] = {
    "search": {"q": "公开"},
    "compare": {"with": ["530502203", "530502202", "demo01", "demo03"]},
}
SOURCES = sorted(ROOT.glob("pages/**/*.py"))
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
TAG = re.compile(r"<[^>]+>")
# What holds text of a report, or its words as printed.
TEXT_OF_REPORTS = [f"class='{name}" for name in ("report'", "excerpt'", "original ", "framed'", "figures'")]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPELINE_WAREHOUSE", raising=False)


def opened(warehouse: Path, page: str, /, **query: str | list[str]) -> AppTest:
    """A page as a reader finds it under an address."""
    os.environ["PIPELINE_WAREHOUSE"] = str(warehouse)
    at = AppTest.from_file(str(FRAME), default_timeout=60)
    for key, value in {**ASKED.get(page, {}), **query}.items():
        at.query_params[key] = value
    at.run()
    if page != PAGES[0]:
        at.switch_page(f"{page}.py").run()
    assert not at.exception, at.exception[0].message
    assert not any("role='alert'" in body for body in bodies_of_html(at)), "the page failed: its log says why"
    return at


def bodies_of_html(at: AppTest) -> list[str]:
    return [element.proto.body for element in at.get("html") if not element.proto.body.startswith("<style")]


def said(at: AppTest) -> str:
    """The text that a page says in its own words: no table, no chart, no text of a report."""
    own = [body for body in bodies_of_html(at) if not any(mark in body for mark in TEXT_OF_REPORTS)]
    return html.unescape("\n".join(TAG.sub(" ", body) for body in own))


def table(at: AppTest, key: str) -> pd.DataFrame:
    return next(found.value for found in at.dataframe if found.proto.id.endswith(f"-{key}"))


def listed(at: AppTest) -> list[list[str]]:
    """The rows of the list of figures on the page 原文: name, breakdown, figure, status, printed, place."""
    found = next(body for body in bodies_of_html(at) if "class='figures'" in body)
    rows = found.partition("<tbody>")[2].split("</tr>")[:-1]
    return [[html.unescape(TAG.sub("", cell)) for cell in row.split("</td>")[:-1]] for row in rows]


def chart(at: AppTest) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(at.get("plotly_chart")[0].proto.spec)
    return spec


def figure_of(warehouse: Path, condition: str) -> tuple[str, str]:
    """The report and the id of the one figure for which a condition on `fact` holds."""
    with open_to_read(warehouse) as connection:
        found = connection.execute(
            f"select report_id, fact_id from fact where report_id in "
            f"(select report_id from report where sha256 is not null) and {condition}"
        ).fetchall()
    assert len(found) == 1
    return found[0]


class TestEveryPage:
    @pytest.mark.parametrize("language", words.LANGUAGES)
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("held", ["warehouse", "invented"])
    def test_answers_its_question(
        self, page: str, language: str, held: str, request: pytest.FixtureRequest
    ) -> None:
        at = opened(request.getfixturevalue(held), page, lang=language)
        head = next(body for body in bodies_of_html(at) if "class='answer'" in body)
        answer = TAG.sub("", head.partition("class='answer'>")[2])
        assert re.search(r"\d", answer), "the first line answers with figures"
        assert [button.key for button in at.get("download_button")].count("download") == 1
        has_table = at.dataframe or any("<table" in body for body in bodies_of_html(at))
        assert has_table, "a table stands beside every picture"
        for drawn in at.get("plotly_chart"):
            go.Figure(json.loads(drawn.proto.spec))  # raises on a name or value that plotly does not know

    @pytest.mark.parametrize("language", words.LANGUAGES)
    @pytest.mark.parametrize("page", PAGES)
    def test_without_a_warehouse_says_what_to_do(self, page: str, language: str, tmp_path: Path) -> None:
        at = opened(tmp_path / "none.duckdb", page, lang=language)
        assert "python -m pipeline build" in said(at)
        assert not at.dataframe
        assert not at.get("download_button")

    @pytest.mark.parametrize("page", PAGES)
    def test_with_an_empty_warehouse_says_what_to_do(self, page: str, unread: Path) -> None:
        at = opened(unread, page)
        assert words.Words("zh")("empty.unread") in said(at)
        assert "python -m pipeline build" in said(at)

    @pytest.mark.parametrize("page", PAGES)
    def test_a_file_that_is_no_warehouse_is_no_crash(self, page: str, tmp_path: Path) -> None:
        (tmp_path / "rubbish.duckdb").write_bytes(b"not a database" * 100)
        assert "python -m pipeline build" in said(opened(tmp_path / "rubbish.duckdb", page))

    @pytest.mark.parametrize("page", PAGES)
    def test_says_nothing_in_chinese_in_english_but_names(self, page: str, invented: Path) -> None:
        at = opened(invented, page, lang="en")
        names = {name for _, name, *_ in screens.BODIES} | {
            "云川县",
            "云川发布",
            "中文",
            "其他",
            "粗",
            "点我",
            *ASKED["search"].values(),
        }
        labels = [
            widget.label for kind in (at.selectbox, at.multiselect, at.text_input) for widget in kind
        ] + [column for frame in at.dataframe for column in frame.value.columns]
        found = set(CJK.findall("\n".join([said(at), *labels])))
        assert {text for text in found if text not in names and text.strip("　")} == set()

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("address", [{"scope": "nowhere"}, {"years": "1066-9999"}, {"kind": "'; drop"}])
    def test_an_address_that_makes_no_sense_shows_the_page_all_the_same(
        self, page: str, address: dict[str, str], invented: Path
    ) -> None:
        assert opened(invented, page, **address).get("download_button")

    @pytest.mark.parametrize("page", PAGES)
    def test_an_invented_scope_says_so_and_a_real_one_does_not(
        self, page: str, invented: Path, warehouse: Path
    ) -> None:
        banner = words.Words("zh")("banner", place="云川县")
        assert banner in said(opened(invented, page))
        assert "虚构" not in said(opened(warehouse, page))


class TestOverview:
    def test_counts_what_is_held_with_its_n_of_n(self, warehouse: Path) -> None:
        text = said(opened(warehouse, "overview"))
        assert re.search(r"21 个单位中收录\s+1 份\s+2019 年年报（西邑乡）", text)
        assert re.search(r"主动公开\s+501 条\s+（1/21 个单位）", text)
        assert re.search(r"1 项不符", text)
        assert "相差 1" in text

    def test_every_state_has_its_own_shape(self, invented: Path) -> None:
        traces = chart(opened(invented, "overview"))["data"]
        drawn = {
            (trace["marker"]["symbol"], trace["marker"]["size"], trace["marker"]["color"]) for trace in traces
        }
        assert len(drawn) == len(traces)

    def test_a_report_without_a_readable_figure_is_not_a_missing_one(self, invented: Path) -> None:
        asked = {"bodies": ["demo04", "demo05", "demo06"], "first": 2019, "last": 2024}
        with open_to_read(invented) as connection:
            rows = queries.ask(connection, "coverage_by_body_and_year", **asked)
        states = rows.set_index(["body_id", "year"])["state"]
        assert states["demo04", 2022] == "unreadable"
        assert states["demo05", 2020] == "not_founded"
        assert states["demo06", 2024] == "missing"
        assert states["demo04", 2021] == "on_time"
        assert states["demo05", 2021] == "late"

    def test_the_year_before_stands_beside(self, invented: Path) -> None:
        assert re.search(r"上年 384\.5", said(opened(invented, "overview")))
        assert "上年未收录" in said(opened(invented, "overview", years="2019-2019"))

    def test_a_bound_is_not_shown_as_exact(self, invented: Path) -> None:
        at = opened(invented, "overview", body="demo03")
        assert "≥ 389 条" in said(at)


class TestChannels:
    def test_a_channel_without_a_figure_is_unfilled_and_never_zero(self, warehouse: Path) -> None:
        at = opened(warehouse, "channels")
        row = table(at, "table").iloc[0]
        assert row["今日头条号"] == "未填"
        assert row["微信公众号"] == "257"
        assert row["余数"] == "244"
        assert "不是零" in said(at)

    def test_categories_that_do_not_add_up_are_said_with_the_difference(self, warehouse: Path) -> None:
        assert re.search(
            r"11 个类别合计\s+500 条\s*，总数 501 条，相差\s+1 条", said(opened(warehouse, "channels"))
        )

    def test_remainder_and_overlap_are_drawn(self, invented: Path) -> None:
        at = opened(invented, "channels", body="demo01")
        traces = chart(at)["data"]
        hatched = [trace for trace in traces if trace["marker"].get("pattern", {}).get("shape")]
        assert sum(len(trace["x"]) for trace in hatched) == 5
        marks = next(trace for trace in traces if trace["marker"].get("symbol") == "line-ns")
        assert marks["y"] == ["2022"]
        texts = [note["text"] for note in chart(at)["layout"]["annotations"]]
        assert any("超出总数" in text for text in texts)
        assert any("今日头条号：未填" in text for text in texts)

    def test_a_total_that_is_not_stated_leaves_no_remainder(self, warehouse: Path) -> None:
        at = opened(warehouse, "channels", scope="real")
        rows = table(at, "table")
        unstated = rows[rows["主动公开总数"] == "·"]
        assert len(unstated) > 0
        assert set(unstated["余数"]) == {"·"}

    def test_printed_words_are_not_tags_to_the_chart(self, invented: Path) -> None:
        at = opened(invented, "channels", body="demo01", years="2024-2024")
        spec = at.get("plotly_chart")[1].proto.spec
        assert "&lt;b&gt;点我" in json.loads(spec)["data"][0]["y"][0]


class TestRequests:
    def test_none_received_is_said_and_its_cells_are_shown(self, warehouse: Path) -> None:
        at = opened(warehouse, "requests")
        assert "没有收到申请" in said(at)
        assert "161 格为零" in said(at)
        assert table(at, "cells").shape == (23, 8)
        assert set(table(at, "cells").iloc[:, 1:].to_numpy().ravel()) == {"0"}
        assert table(at, "disputes").shape == (3, 6)

    def test_a_blank_cell_is_blank(self, invented: Path) -> None:
        at = opened(invented, "requests", body="demo02", years="2020-2020")
        assert set(table(at, "cells").iloc[:, 1:].to_numpy().ravel()) == {"空白"}
        assert "0 件" not in said(at).partition("年报的文字")[0]

    def test_a_balance_that_does_not_hold_says_by_how_much(self, invented: Path) -> None:
        text = said(opened(invented, "requests", body="demo03", years="2024-2024"))
        assert re.search(r"来件 0 件，去向 1 件，\s*相差 1 件", text)

    def test_receipts_without_outcomes_are_no_broken_balance(self, warehouse: Path) -> None:
        text = said(opened(warehouse, "requests", scope="real"))
        assert "没有办理结果" in text
        assert "相差" not in text


class TestSearch:
    def test_says_how_many_passages_in_how_many_reports(self, invented: Path) -> None:
        text = said(opened(invented, "search", q="微信公众号", body="demo01"))
        assert re.search(r"2019—2024 年收录的 6 份年报中，\s*6 份\s*写到“微信公众号”，共\s*6 处", text)

    def test_hits_are_marked_and_lead_to_their_place(self, warehouse: Path) -> None:
        at = opened(warehouse, "search", q="微信平臺 257")
        hits = [body for body in bodies_of_html(at) if "class='excerpt'" in body]
        assert len(hits) == 1
        assert set(re.findall(r"<mark class='chosen'>(.*?)</mark>", hits[0])) == {"微信平台", "257"}
        links = [link.proto for link in at.get("page_link") if "place=" in link.proto.query_string]
        places = [value for key, value in parse_qsl(links[0].query_string) if key == "place"]
        assert len(places) == hits[0].count("<mark")
        with open_to_read(warehouse) as connection:
            query = "select text from passage where report_id = $report and block = $block"
            report = dict(parse_qsl(links[0].query_string))["report"]
            spots = [Place.parse(place) for place in places]
            block = spots[0].block  # type: ignore[union-attr]
            text = connection.execute(query, {"report": report, "block": block}).fetchall()[0][0]
        assert {text[spot.start : spot.end] for spot in spots if spot} == {"微信平台", "257"}

    def test_hostile_text_and_words_reach_the_browser_as_text(self, invented: Path) -> None:
        at = opened(invented, "search", q='<img "script>window.ran" ![x](')
        shown = "".join(bodies_of_html(at))
        tags = set(re.findall(r"</?([a-z]\w*)", shown))
        assert "img" not in tags and "script" not in tags
        assert not any("outside.invalid" in element.value for element in at.markdown)

    @pytest.mark.parametrize("asked", ["", " ", "“”", "无此词语"])
    def test_with_nothing_to_show_says_how_to_search(self, asked: str, invented: Path) -> None:
        at = opened(invented, "search", q=asked)
        assert words.Words("zh")("search.help") in said(at)
        assert re.search(r"33\s+份", said(at))
        word = next(button for button in at.button if (button.key or "").startswith("try-"))
        assert word.click().run().query_params["q"] == word.label
        assert not at.dataframe and not at.get("download_button")

    @pytest.mark.parametrize(("page", "shown"), [("1", "第 1—20 处"), ("2", "第 21—40 处"), ("-3", "第 1—20 处"),
        ("x", "第 1—20 处"), ("99999", "第 ")])  # fmt: skip
    def test_pages_of_hits(self, page: str, shown: str, invented: Path) -> None:
        at = opened(invented, "search", q="公开", page=page)
        assert shown in said(at)
        assert 1 <= sum("class='excerpt'" in body for body in bodies_of_html(at)) <= 20

    def test_every_year_has_its_n_of_n(self, invented: Path) -> None:
        rows = table(opened(invented, "search", q="今日头条"), "years-listed")
        assert list(rows["年度"]) == ["2024", "2023", "2022", "2021", "2020", "2019"]
        assert list(rows["写到的年报"])[:3] == ["5", "6", "0"]
        assert list(rows["处数"])[2] == "0"

    def test_the_download_holds_every_hit_and_no_formula(self, invented: Path) -> None:
        os.environ["PIPELINE_WAREHOUSE"] = str(invented)
        asked = {"bodies": [body for body, *_ in screens.BODIES], "first": 2019, "last": 2024}
        found = store.ask("search_passages", words=["公开"], limit=None, offset=0, **asked)
        raw = tables.hits_csv(found, words.Words("zh"))
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = pd.read_csv(pd.io.common.BytesIO(raw), dtype=str)
        assert len(rows) == len(found) == found["hits"].iloc[0]
        assert list(rows.columns) == [
            "单位",
            "县区",
            "年度",
            "部分",
            "形式",
            "所在文字",
            "位置",
            "来源",
            "年报编号",
        ]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county over the change of forms: a year missing, a carry-over that does not agree, a report of its own."""
    bodies = [county.Body("a1", "太平镇"), county.Body("a0", "甲山县人民政府", kind="county")]
    years = {2016: "pre2019", 2018: "pre2019", 2019: "2019", 2020: "2019", 2021: "2021", 2022: "2021"}
    figures = []
    for year in years:
        figures.append(county.Figure("a1", year, "items_disclosed", 100 + year % 10, bound="at_least"))
        account = {"received": 2, "carried_in": 1 if year == 2022 else 0, "closed": 2, "carried_out": 0}
        figures += [
            county.Figure("a1", year, f"requests_{name}", value, applicant="total")
            for name, value in account.items()
        ]
    figures += [
        county.Figure("a1", 2018, "answered_already_public", 1),
        county.Figure("a1", 2018, "answered_granted", 1),
    ]
    figures.append(county.Figure("a1", 2019, "granted", 2, applicant="total"))
    figures.append(county.Figure("a0", 2022, "requests_received", 5, applicant="total"))
    reports = [*(("a1", year) for year in years), ("a0", 2022)]
    layouts = {("a1", year): layout for year, layout in years.items()}
    path = tmp_path_factory.mktemp("lines") / "w.duckdb"
    return county.build(path, bodies, reports, figures, layouts=layouts)


def charted(at: AppTest, key: str) -> dict[str, Any]:
    found = next(one for one in at.get("plotly_chart") if one.proto.id.endswith(f"-{key}"))
    spec: dict[str, Any] = json.loads(found.proto.spec)
    return spec


class TestLines:
    def test_a_line_stops_at_a_gap_and_is_dotted_where_it_joins_roughly(self, lines: Path) -> None:
        spec = charted(opened(lines, "overview"), "series-items_disclosed")
        drawn = {tuple(one["x"]): one["line"]["dash"] for one in spec["data"] if one["mode"] == "lines"}
        assert drawn == {
            (2018, 2019): "dot", (2019, 2020, 2021, 2022): "solid",
        }  # fmt: skip
        assert [note["text"] for note in spec["layout"]["annotations"]] == ["口径变化"]
        points = next(one for one in spec["data"] if one["mode"] == "markers+text")
        assert points["text"][0] == "≥ 106"
        assert points["customdata"][0][0] == "a1-2016", "a point of one report opens it"

    def test_what_joins_after_adding_says_so(self, lines: Path) -> None:
        at = opened(lines, "requests", view="years")
        spec = charted(at, "series-granted")
        assert [one["x"] for one in spec["data"] if one["mode"] == "lines"] == [[2018, 2019]]
        assert "相加后可比" in said(at)

    def test_where_a_line_may_not_be_drawn_there_is_none(self) -> None:
        points = [charts.Point(year, 1, "1", "", None, None, hollow=False) for year in (2018, 2019, 2020)]
        figure = charts.trend([2018, 2019, 2020], points, [charts.Break(2019, "no", "口径变化", "")])
        assert [one["x"] for one in figure.data if one["mode"] == "lines"] == [[2019, 2020]]

    def test_bars_of_two_forms_have_a_rule_between_them(self) -> None:
        pieces = [charts.Piece(bar, "#000000", 1, "", "", None, None) for bar in ("2019", "2018")]
        figure = charts.stacked(["2019", "2018"], pieces, [], [], [charts.Between("2019", "口径变化")])
        assert figure.layout["shapes"][0]["y0"] == 0.5
        assert figure.layout["annotations"][0]["text"] == "口径变化"


class TestRollup:
    def test_the_county_stands_beside_its_townships(self, lines: Path) -> None:
        at = opened(lines, "overview")
        rows = table(at, "rollup").set_index("指标")
        received = rows.loc["本年新收政府信息公开申请数量（件）"]
        assert list(received[["乡镇合计", "有数单位", "本级年报", "差额"]]) == ["2", "1/1", "5", "+3"]
        assert "部门" in received["差额说明"]
        assert rows.loc["主动公开政府信息数（条）", "乡镇合计"] == "≈ 102", "a sum with a bound in it"
        assert rows.loc["予以公开（件）", "乡镇合计"] == "·", "no figure is no zero"

    def test_townships_that_are_missing_are_named(self, invented: Path) -> None:
        text = said(opened(invented, "overview"))
        assert "未收录年报的 1 个单位：长岭乡" in text
        assert "没有收录区县本级年报" in text

    def test_one_body_has_no_roll_up(self, invented: Path) -> None:
        at = opened(invented, "overview", body="demo01")
        assert "rollup-download" not in [button.key for button in at.get("download_button")]


class TestLedger:
    def test_what_does_not_come_back_is_shown_with_the_likelier_fault(self, lines: Path) -> None:
        at = opened(lines, "requests", view="years")
        rows = table(at, "ledger")
        assert rows.iloc[0].to_list() == [
            "太平镇", "2022", "总计", "0", "1", "+1", "本年：上年平衡，本年差 +1，换用对方的数即平衡",
        ]  # fmt: skip
        assert len(rows) == 1
        assert "可核的 4 项中 1 项前后不一致" in said(at)

    def test_of_one_body_every_year_is_shown(self, lines: Path) -> None:
        rows = table(opened(lines, "requests", body="a1", view="years"), "ledger")
        assert list(rows["年度"]) == ["2022", "2021", "2020", "2019"]
        assert rows.iloc[-1]["上年“结转下年度”"] == "0"


class TestSource:
    def test_a_place_in_the_address_is_marked(self, invented: Path) -> None:
        at = opened(invented, "source", report="demo01-2024", place="b0:0-3")
        excerpt = next(body for body in bodies_of_html(at) if "class='excerpt'" in body)
        assert "<mark class='chosen'>云溪镇</mark>" in excerpt

    @pytest.mark.parametrize("place", ["b999", f"b{10**30}", "b0r1c1", "javascript:1", "b0:5-3", "<b>"])
    def test_a_place_that_is_not_there_is_said(self, place: str, invented: Path) -> None:
        at = opened(invented, "source", report="demo01-2024", place=place)
        assert words.Words("zh")("source.unknown_place") in said(at)
        assert "class='chosen'" not in "".join(bodies_of_html(at))

    def test_copied_paragraphs_are_marked_and_lead_to_the_other_report(self, invented: Path) -> None:
        at = opened(invented, "source", report="demo02-2023")
        article = next(body for body in bodies_of_html(at) if "class='report'" in body)
        assert article.count("<p class='copied'>") == 1
        assert "与上年（松岭乡 2022 年）相比，第一部分相似度 97%" in said(at)
        asked = [dict(parse_qsl(link.proto.query_string)) for link in at.get("page_link")]
        assert [link["place"] for link in asked if link.get("report") == "demo02-2022"] == ["b2"]

    def test_the_chosen_figure_is_marked_in_its_sentence_and_its_neighbours_underlined(
        self, warehouse: Path
    ) -> None:
        report, fact = figure_of(warehouse, "measure = 'items_disclosed'")
        at = opened(warehouse, "source", report=report, fact=fact)
        excerpt = next(body for body in bodies_of_html(at) if "class='excerpt'" in body)
        assert "<mark class='chosen'>501条</mark>" in excerpt
        assert len(re.findall(r"<mark class='other'>\d+条</mark>", excerpt)) == 11
        assert "微信" not in excerpt, "another sentence"
        assert "不符" in said(at)

    def test_the_chosen_cell_stands_in_its_row(self, warehouse: Path) -> None:
        report, fact = figure_of(warehouse, "measure = 'granted' and applicant = 'research'")
        at = opened(warehouse, "source", report=report, fact=fact)
        excerpt = next(body for body in bodies_of_html(at) if "class='excerpt'" in body)
        assert "予以公开" in excerpt
        assert re.findall(r"<mark class='(\w+)'>0</mark>", excerpt) == [
            "other",
            "other",
            "chosen",
            *["other"] * 4,
        ]

    def test_a_cell_of_a_grid_stands_under_its_column_head(self, invented: Path) -> None:
        report, fact = figure_of(
            invented,
            "report_id = 'demo03-2024' and measure = 'requests_closed' and applicant = 'total'",
        )
        at = opened(invented, "source", report=report, fact=fact)
        excerpt = next(body for body in bodies_of_html(at) if "class='excerpt'" in body)
        assert "自然人" in excerpt
        assert "<mark class='chosen'>1</mark>" in excerpt
        assert excerpt.count("<tr>") == 2

    def test_text_of_a_report_reaches_the_browser_as_text(self, invented: Path) -> None:
        at = opened(invented, "source", report="demo01-2024")
        article = next(body for body in bodies_of_html(at) if "class='report'" in body)
        assert html.escape(screens.HOSTILE) in article
        tags = set(re.findall(r"</?(\w+)", article))
        assert tags <= {"article", "p", "span", "mark", "div", "table", "tr", "td"}
        for element in at.markdown:
            assert "outside.invalid" not in element.value

    def test_a_figure_from_a_public_page_leads_to_the_page(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as connection:
            query = "select report_id, url from report where sha256 is null order by report_id limit 1"
            report, url = connection.execute(query).fetchall()[0]
        at = opened(warehouse, "source", report=report)
        assert url in said(at)
        assert at.get("link_button")[0].proto.url == url

    def test_a_figure_of_another_report_is_not_marked(self, invented: Path) -> None:
        at = opened(invented, "source", report="demo01-2024", fact="demo02-2024-f001")
        assert words.Words("zh")("source.unknown_fact") in said(at)
        assert "class='chosen'" not in "".join(bodies_of_html(at))


class TestMarks:
    def test_marks_do_not_nest_and_the_chosen_one_wins(self) -> None:
        marks = Marks.of(["b0:0-6", "b0:2-4", "b0:8-9"], ["b0:2-4"])
        shown = provenance._marked("一二三四五六七八九", marks.places[0, None, None], marks.chosen)
        assert shown == "一二<mark class='chosen'>三四</mark>五六七八<mark class='other'>九</mark>"

    def test_a_locator_that_is_an_address_marks_nothing(self) -> None:
        assert Marks.of(["https://example.invalid/b0:1-2"]).places == {}

    @pytest.mark.parametrize(
        ("start", "expected"), [(0, "甲。"), (3, "乙一；"), (6, "丙")], ids=["first", "middle", "last"]
    )
    def test_a_sentence_ends_at_its_mark(self, start: int, expected: str) -> None:
        assert provenance._sentence("甲。乙一；丙", Place(0, start=start, end=start))[0] == expected


class TestCsv:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("=1+1", "'=1+1"),
            ("@sum(a1)", "'@sum(a1)"),
            ("＝cmd", "'＝cmd"),
            ("\t=1", "'\t=1"),
            ("-1+cmd|' /c calc'!a0", "'-1+cmd|' /c calc'!a0"),
            ("-", "-"),
            ("-12", "-12"),
            ("501条", "501条"),
        ],
    )
    def test_no_text_runs_as_a_formula(self, text: str, expected: str) -> None:
        read = tables.csv(pd.DataFrame({"a": [text]})).decode("utf-8-sig")
        assert pd.read_csv(pd.io.common.StringIO(read), dtype=str, keep_default_na=False)["a"][0] == expected

    def test_missing_is_empty_and_zero_is_zero(self) -> None:
        frame = pd.DataFrame({"value": [0.0, None, 1.5, 1234.0], "status": ["a", "b", "c", "d"]})
        assert tables.csv(frame) == (b"\xef\xbb\xbfvalue,status\r\n0,a\r\n,b\r\n1.5,c\r\n1234,d\r\n")


class TestWarehouseFile:
    def test_a_new_build_under_the_same_name_is_seen(
        self, tmp_path: Path, invented: Path, unread: Path
    ) -> None:
        builds = tmp_path / "warehouse.duckdb.builds"
        builds.mkdir()
        current = tmp_path / "warehouse.duckdb"
        for name, source in (("one", unread), ("two", invented)):
            (builds / f"{name}.duckdb").write_bytes(source.read_bytes())
            current.unlink(missing_ok=True)
            current.hardlink_to(builds / f"{name}.duckdb")
            os.environ["PIPELINE_WAREHOUSE"] = str(current)
            assert store.build()[0] == str(builds / f"{name}.duckdb")  # type: ignore[index]
            assert store.is_there() is (source == invented)
            assert counted_scopes() == len(store.ask("scopes")), "what is kept belongs to its build"

    def test_an_answer_is_shared_and_never_written_to(self, invented: Path) -> None:
        os.environ["PIPELINE_WAREHOUSE"] = str(invented)
        answer = store.ask("scopes")
        assert store.ask("scopes") is answer
        with pytest.raises(TypeError, match="shared"):
            answer["scope"] = "another"
        for own in (answer.copy(), answer[answer["invented"]]):
            own["scope"] = "another"
        assert "another" not in set(store.ask("scopes")["scope"])

    def test_a_download_is_not_kept(self, invented: Path) -> None:
        os.environ["PIPELINE_WAREHOUSE"] = str(invented)
        asked = {"words": ["公开"], "offset": 0, "bodies": ["demo01"], "first": 2019, "last": 2025}
        assert store.ask("search_passages", limit=None, **asked) is not store.ask(
            "search_passages", limit=None, **asked
        )
        few = store.ask("search_passages", limit=5, **asked)
        assert few is store.ask("search_passages", limit=5, **asked)

    def test_what_is_kept_is_told_apart_by_its_arguments(self, invented: Path) -> None:
        os.environ["PIPELINE_WAREHOUSE"] = str(invented)
        scopes, say = store.ask("scopes"), [words.Words(language) for language in words.LANGUAGES]
        assert named_scopes(scopes, say[0]) is named_scopes(scopes, say[0])
        assert named_scopes(scopes, say[0]) != named_scopes(scopes, say[1])
        derived = scopes[scopes["invented"]]
        assert named_scopes(derived, say[0]) == [say[0]("menu.overview")] * len(derived), "worked out anew"

    def test_what_was_known_on_a_day_is_kept_apart(self, invented: Path) -> None:
        os.environ["PIPELINE_WAREHOUSE"] = str(invented)
        early = store.ask_as_known(dt.date(2008, 1, 1), "scopes")
        assert early["documents"].max() < store.ask("scopes")["documents"].max()


@store.kept
def counted_scopes() -> int:
    return len(store.ask("scopes"))


@store.kept
def named_scopes(scopes: pd.DataFrame, say: words.Words) -> list[str]:
    return [say("menu.overview") for _ in scopes["scope"]]


def test_a_page_waits_for_no_acknowledgement() -> None:
    class Protocol:
        def __init__(self, connection: socket.socket) -> None:
            self.transport = SimpleNamespace(get_extra_info={"socket": connection}.get)

        async def receive(self) -> dict[str, str]:
            return {}

    async def hidden() -> dict[str, str]:
        return {}

    with socket.socket() as connection:
        server.send_at_once(Protocol(connection).receive)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    server.send_at_once(hidden)


def own_strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Strings that are not docstrings."""
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_word_of_the_screen_stands_in_code(path: Path) -> None:
    allowed = {"＝", "＋", "－", "＠", "[。；！？;!?\\n]", "[-－+＋]?\\d[\\d,.]*%?|[-－]+"}
    strings = {node.value for node in own_strings(ast.parse(path.read_text("utf-8")))}
    assert {text for text in strings if CJK.search(text)} - allowed == set()


def words_used() -> tuple[set[str], set[str]]:
    """Keys that pages say, and beginnings of keys of which they say any."""
    keys, starts = set(), set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name, first = node.func, node.args[0]
            if isinstance(name, ast.Attribute) and name.attr in ("of", "family"):
                if isinstance(first, ast.Constant):
                    starts.add(f"{first.value}.")
                continue
            says = (isinstance(name, ast.Name) and name.id in ("say", "self")) or isinstance(name, ast.Call)
            if not says:
                continue
            for part in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                if isinstance(part, ast.Constant):
                    keys.add(part.value)
                elif isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                    starts.add(part.values[0].value)
    return keys, starts


def strings_of_pages() -> set[str]:
    return {node.value for path in SOURCES for node in own_strings(ast.parse(path.read_text("utf-8")))}


def test_every_word_that_pages_say_is_in_the_catalogue() -> None:
    keys, starts = words_used()
    assert keys - set(words.catalogue()) == set()
    assert {start for start in starts if not any(key.startswith(start) for key in words.catalogue())} == set()


def test_every_word_of_the_catalogue_is_said() -> None:
    keys, starts = words_used()
    said_somewhere = keys | strings_of_pages()
    unsaid = {
        key
        for key in words.catalogue()
        if key not in said_somewhere and not any(key.startswith(start) for start in starts)
    }
    assert unsaid == set()


def test_both_languages_take_the_same_values() -> None:
    for key, texts in words.catalogue().items():
        names = [set(re.findall(r"{(\w+)}", texts[language])) for language in words.LANGUAGES]
        assert names[0] == names[1] or key in ("day", "banner"), key


@pytest.mark.parametrize("row", ["a,甲,", "a,甲,A\na,乙,B"], ids=["one language", "twice"])
def test_a_catalogue_of_words_that_is_wrong_is_refused(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "words.csv"
    path.write_text(f"key,zh,en\n{row}\n", "utf-8")
    monkeypatch.setattr(words, "FILE", path)
    words.catalogue.cache_clear()
    with pytest.raises(words.UnknownWord, match=r"words\.csv: a"):
        words.catalogue()
    monkeypatch.undo()
    words.catalogue.cache_clear()


def test_a_word_that_is_not_there_is_an_error() -> None:
    with pytest.raises(words.UnknownWord):
        words.Words("zh")("no.such.word")


@pytest.mark.parametrize("held", ["warehouse", "invented"])
def test_every_code_in_the_warehouse_has_a_name(held: str, request: pytest.FixtureRequest) -> None:
    families = {
        "kind": "select distinct kind from body",
        "unit": "select distinct unit from fact",
        "status": "select distinct status from fact",
        "bound": "select distinct bound from fact",
        "outcome": "select distinct outcome from finding",
    }
    with open_to_read(request.getfixturevalue(held)) as connection:
        for family, query in families.items():
            codes = {row[0] for row in connection.execute(query).fetchall()}
            assert {f"{family}.{code}" for code in codes} <= set(words.catalogue())


def test_every_issue_that_a_reader_can_raise_has_a_name() -> None:
    codes = {key.partition(".")[0] for key in issues.texts()}
    assert {f"issue.{code}" for code in codes} - set(words.catalogue()) == set()


@pytest.mark.parametrize("path", sorted(queries.SCREENS.glob("*.sql")), ids=lambda path: path.stem)
def test_every_screen_query_is_asked(path: Path) -> None:
    assert path.stem in strings_of_pages()
