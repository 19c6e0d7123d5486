"""What the pages 数据下载 and 自由分析 say, against the warehouse."""

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import store
from pages.ui.words import Words
from pipeline.database import open_to_read
from tests.asking import get
from tests.test_pages import charted, opened, said, table

SCOPE = "demo-云川市-云川县"


def rows(warehouse: Path, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with open_to_read(warehouse) as connection:
        return connection.execute(query, parameters).fetchall()


def command(at: AppTest) -> str:
    """The address in the curl line."""
    return str(at.code[0].value).partition('"')[2].rstrip('"')


class TestDownloads:
    @pytest.mark.parametrize(
        ("query", "condition"),
        [
            ({}, "true"),
            ({"body": "demo02"}, "body_id = 'demo02'"),
            ({"years": "2020-2021", "measure": "granted"}, "year in (2020, 2021) and measure = 'granted'"),
            ({"status": "blank"}, "status = 'blank'"),
        ],
    )
    def test_counts_figures_reports_and_statuses(
        self, query: dict[str, str], condition: str, invented: Path
    ) -> None:
        text = said(opened(invented, "downloads", **query))
        found = f"from fact join report using (report_id) where {condition}"
        figures, reports = rows(invented, f"select count(*), count(distinct report_id) {found}")[0]
        assert f"{figures:,} 个数" in text
        assert f"{reports} 份年报" in text
        say = Words("zh")
        for status, count in rows(invented, f"select status, count(*) {found} group by status"):
            assert f"{say.of('status', status)} {count:,}" in text

    def test_the_command_gives_what_the_page_counts(self, invented: Path) -> None:
        at = opened(
            invented,
            "downloads",
            measure="granted",
            years="2022-2023",
            lang="en",
            format="json",
            names="codes",
        )
        parts = urlsplit(command(at))
        assert parts.path == "/api/facts.json"
        assert parse_qs(parts.query) == {
            "scope": [SCOPE], "year": ["2022-2023"], "measure": ["granted"], "lang": ["en"],
        }  # fmt: skip
        answer = get(f"{parts.path}?{parts.query}").json()
        assert re.search(rf"chosen: +{len(answer['rows'])} ", said(at))
        assert answer["about"]["cite"] == at.code[1].value

    def test_the_preview_is_paged_and_opens_its_source(self, invented: Path) -> None:
        first, second = (table(opened(invented, "downloads", page=page), "preview") for page in ("1", "2"))
        assert len(first) == len(second) == 50
        assert not first.equals(second)
        total = rows(invented, "select count(*) from fact")[0][0]
        last = opened(invented, "downloads", page="999999")
        assert f"{total:,} 行" in said(last)
        assert len(table(last, "preview")) == total % 50 or 50

    def test_a_wide_preview_has_a_column_for_each_measure(self, invented: Path) -> None:
        at = opened(invented, "downloads", shape="wide", measure="granted", names="codes", body="demo02")
        shown = table(at, "preview")
        assert "granted" in shown.columns
        held = rows(
            invented,
            "select value from report left join figure on figure.report_id = report.report_id and measure = 'granted' "
            "where body_id = 'demo02' order by year",
        )
        assert list(shown["granted"]) == ["" if value is None else f"{value:g}" for (value,) in held]
        blank = shown[shown["年度"] == "2020"].iloc[0]
        assert blank["granted"] == "" and blank["未填原因"] == "granted: blank"

    @pytest.mark.parametrize(
        "query",
        [
            {"measure": "nonsense"}, {"status": "'; drop"}, {"shape": "round"}, {"format": "exe"}, {"page": "-1"},
            {"bodies": "nowhere"}, {"names": "x"}, {"superseded": "perhaps"},
        ],
    )  # fmt: skip
    def test_what_is_not_known_in_the_address_is_passed_over(
        self, query: dict[str, str], invented: Path
    ) -> None:
        total = rows(invented, "select count(*) from fact")[0][0]
        assert f"{total:,} 个数" in said(opened(invented, "downloads", **query))

    def test_nothing_chosen_is_said(self, invented: Path) -> None:
        at = opened(invented, "downloads", body="demo01", years="2019-2019", status="unreadable")
        assert "没有符合条件的数" in said(at)


def pivot(at: AppTest) -> dict[str, dict[str, str]]:
    shown = table(at, "pivot")
    return shown.set_index(shown.columns[0]).to_dict("index")


class TestAnalysis:
    def test_sums_are_the_warehouses_with_their_n_of_n(self, invented: Path) -> None:
        shown = pivot(opened(invented, "analysis", rows="year", columns="none", measure="items_disclosed"))
        held = rows(
            invented,
            "select year, sum(value), count(value), count(*) from expected_report left join figure "
            "on figure.report_id = expected_report.report_id and measure = 'items_disclosed' "
            "where state <> 'not_due' group by year",
        )
        for year, total, n, due in held:
            cell = shown[str(year)]["合计"]
            assert f"{total:,.0f}" in cell
            assert (f"（{n}/{due}）" in cell) == (n < due)

    @pytest.mark.parametrize("value", ["sum", "median"])
    def test_a_channel_adds_up_its_accounts(self, value: str, invented: Path) -> None:
        shown = pivot(opened(invented, "analysis", rows="channel", columns="year", value=value))
        function = {"sum": "sum", "median": "median"}[value]
        held = rows(
            invented,
            f"""
            select label_zh, year, {function}(value) from (
                select channel, fact.report_id, case when count(value) = count(*) then sum(value) end as value from fact
                join channel_count using (fact_id) where channel is not null and apart is null group by all
            ) join report using (report_id) join channel using (channel) group by all having {function}(value) is not null
            """,
        )
        assert held
        for label, year, number in held:
            assert Words("zh").number(number) in shown[label][str(year)]

    def test_applicants_never_include_their_total(self, invented: Path) -> None:
        shown = pivot(
            opened(invented, "analysis", rows="applicant", columns="none", measure="requests_closed")
        )
        assert "自然人" in shown and "总计" not in shown

    def test_a_status_is_counted_and_a_missing_report_is_one(self, invented: Path) -> None:
        at = opened(invented, "analysis", rows="status", columns="none", value="count", measure="granted")
        shown = {name: int(cells["个数"]) for name, cells in pivot(at).items()}
        held = dict(
            rows(
                invented,
                "select case when state in ('missing', 'unreadable') then state else coalesce(status, 'absent') end, count(*) "
                "from expected_report left join figure on figure.report_id = expected_report.report_id "
                "and measure = 'granted' where state <> 'not_due' group by 1",
            )
        )
        say = Words("zh")
        total = shown.pop("总数")
        assert total == sum(shown.values())
        assert shown == {say.of("status", status): count for status, count in held.items()}
        assert shown["未收录年报"] == 1

    @pytest.mark.parametrize("value", ["sum", "median", "count"])
    def test_totals_stand_below_and_beside(self, value: str, invented: Path) -> None:
        at = opened(invented, "analysis", rows="kind", columns="year", measure="items_disclosed", value=value)
        shown = pivot(at)
        name = Words("zh").of("pivot.total", value)
        function = {"sum": "sum", "median": "median", "count": "count"}[value]
        for grouped, cell in (
            ("year", lambda key: shown[name][str(key)]),
            ("kind", lambda key: shown[Words("zh").of("kind", key)][name]),
        ):
            held = rows(
                invented,
                f"select {grouped}, {function}(value) from expected_report join body using (body_id) "
                "left join figure on figure.report_id = expected_report.report_id and measure = 'items_disclosed' "
                "where state <> 'not_due' group by all",
            )
            assert len(held) > 1
            for key, number in held:
                assert Words("zh").number(number) in cell(key)

    def test_channels_and_measures_have_no_total(self, invented: Path) -> None:
        for thing in ("channel", "measure"):
            shown = pivot(opened(invented, "analysis", rows=thing, columns="year"))
            assert "合计" not in shown and "合计" in next(iter(shown.values())), "over years there is one"

    def test_measures_are_never_added_to_one_another(self, invented: Path) -> None:
        at = opened(invented, "analysis", rows="body", columns="year", measure="granted")
        at.query_params["measure"] = ["granted", "refused"]
        assert not at.run().exception
        assert "不予公开：应有" in said(at)
        several = pivot(opened(invented, "analysis", rows="measure", columns="none"))
        assert several.keys() > {"主动公开政府信息数", "本年新收政府信息公开申请数量"}

    def test_a_cell_without_a_figure_says_why(self, invented: Path) -> None:
        shown = pivot(opened(invented, "analysis", rows="body", columns="year", measure="items_disclosed"))
        assert shown["长岭乡"]["2024"] == "未收录"
        assert shown["白鹤街道"]["2022"] == "✕"
        assert shown["金沙街道"]["2019"] == "·"
        assert shown["石桥镇"]["2024"].startswith("≥")

    def test_lines_and_bars_stand_beside_the_table(self, invented: Path) -> None:
        bars = charted(opened(invented, "analysis", rows="body", columns="year"), "bars")
        assert len(bars["data"]) == 6
        lines = opened(invented, "analysis", rows="year", columns="body", chart="lines")
        assert charted(lines, "line-0")["data"]
        assert table(lines, "pivot") is not None

    @pytest.mark.parametrize(
        "thing", ["body", "year", "measure", "kind", "layout", "channel", "applicant", "status"]
    )
    @pytest.mark.parametrize(
        "across", ["none", "year", "body", "measure", "kind", "layout", "channel", "applicant", "status"]
    )
    def test_any_two_things_can_be_laid_out(self, thing: str, across: str, invented: Path) -> None:
        at = opened(invented, "analysis", rows=thing, columns=across, body="demo01")
        assert len(table(at, "pivot"))

    def test_a_statement_in_the_address_is_answered(self, invented: Path) -> None:
        at = opened(
            invented, "analysis", sql="select status, count(*) as n from fact group by status order by status"
        )
        shown = table(at, "answer")
        assert [tuple(row) for row in shown.to_numpy()] == [
            (status, str(count))
            for status, count in rows(
                invented, "select status, count(*) from fact group by status order by status"
            )
        ]
        assert "sql-download" in [button.key for button in at.get("download_button")]

    @pytest.mark.parametrize(
        ("statement", "line"),
        [
            ("copy fact to 'x'", "只许查询"), ("select 1; select 2", "一次只许一条"), ("from read_text('/etc/passwd')", "不能用函数 read_text"),
            ("select nonsense from fact", "没有名为“nonsense”的列"), ("--", "没有语句"), ("<script>alert(1)</script>", "写法有误"),
        ],
    )  # fmt: skip
    def test_a_statement_that_is_refused_says_why_in_one_line(
        self, statement: str, line: str, invented: Path
    ) -> None:
        at = opened(invented, "analysis", sql=statement)
        assert line in said(at)
        assert "sql-download" not in [button.key for button in at.get("download_button")]

    @pytest.mark.parametrize("name", ["totals_by_year", "broken_rules", "figures_and_text"])
    def test_the_examples_are_answered(self, name: str, invented: Path) -> None:
        import queries

        os.environ["PIPELINE_WAREHOUSE"] = str(invented)
        found = store.run(queries.example(name))
        assert found.error is None and found.rows

    def test_the_tables_beside_the_box_are_there(self, invented: Path) -> None:
        text = said(opened(invented, "analysis"))
        for name in ("fact_id", "not_reported", "county_year_measure", "每个印出的数一行"):
            assert name in text

    def test_columns_of_one_name_and_hostile_text_are_shown(self, invented: Path) -> None:
        at = opened(invented, "analysis", sql="select 1 as a, 2 as a, '<b>' as \"**x**\"")
        assert table(at, "answer").shape == (1, 3)
        assert not json.dumps([element.value for element in at.markdown]).count("<b>")
