"""渠道结构: every sum, rest, overlap, first year and state against plain Python over the facts."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import queries
from pages.ui import words
from pipeline.database import open_to_read, open_to_write
from tests.test_pages import CJK, charted, opened, said, table

PARTS = ("years", "bodies", "accounts", "forwarded")
TOWNSHIPS = ("town", "township", "ethnic_township", "subdistrict")
COPIES = re.compile("[份张册本封次场遍]$")
Row = dict[str, Any]


def rows_of(warehouse: Path, query: str) -> list[Row]:
    with open_to_read(warehouse) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def reports_of(warehouse: Path) -> dict[str, Row]:
    """The documents that count, of townships."""
    found = rows_of(
        warehouse,
        "select report.*, body.name, body.kind, lineage, body.valid_from from report join body using (body_id)"
        " join body_place using (body_id) join current_report using (report_id) where is_current",
    )
    return {row["report_id"]: row for row in found if row["kind"] in TOWNSHIPS}


def facts_of(warehouse: Path, reports: dict[str, Row]) -> dict[str, list[Row]]:
    facts = defaultdict(list)
    classes = {
        row["channel"]: row["class"] for row in rows_of(warehouse, "select channel, class from channel")
    }
    for row in rows_of(warehouse, "select * from fact where measure like 'items_%' order by fact_id"):
        if row["report_id"] in reports:
            facts[row["report_id"]].append(row | {"class": classes.get(row["channel"])})
    return facts


def counted(facts: list[Row]) -> list[Row]:
    """The channels that add up: no copies handed out, no class beside its members."""
    named = [one for one in facts if one["measure"] == "items_by_channel"]
    members = {one["class"] for one in named if one["value"] is not None and one["channel"] != one["class"]}
    return [
        one
        for one in named
        if one["value"] is not None
        and not COPIES.search(one["raw_text"])
        and not (one["channel"] == one["class"] and one["class"] in members)
    ]


def total(facts: list[Row]) -> float | None:
    """The stated total; one that is printed before one that is not."""
    stated = [one for one in facts if one["measure"] == "items_disclosed"]
    stated.sort(key=lambda one: (one["status"] != "reported", one["fact_id"]))
    return stated[0]["value"] if stated else None


def pieces_of(spec: dict[str, Any]) -> list[Row]:
    """Every piece of a chart's bars: its bar, length, words, where it leads and whether it is hatched."""
    return [
        {"bar": bar, "value": value, "hover": hover, "lead": tuple(lead), "hatched": bool(one["marker"].get("pattern"))}
        for one in spec["data"]
        if one["type"] == "bar"
        for bar, value, hover, lead in zip(one["y"], one["x"], one["hovertext"], one["customdata"], strict=True)
    ]  # fmt: skip


def number(text: str) -> float | None:
    found = re.search(r"[\d,.]+", text)
    return float(found[0].replace(",", "")) if found else None


class TestEveryView:
    @pytest.mark.parametrize("language", words.LANGUAGES)
    @pytest.mark.parametrize("part", PARTS)
    @pytest.mark.parametrize("held", ["warehouse", "invented", "corpus"])
    def test_answers_with_figures_and_a_table(
        self, part: str, language: str, held: str, request: pytest.FixtureRequest
    ) -> None:
        scope = "real" if held == "warehouse" else ""
        at = opened(request.getfixturevalue(held), "channels", view=part, lang=language, scope=scope)
        assert re.search(r"\d", said(at)), part
        assert at.dataframe
        assert [button.key for button in at.get("download_button")].count("download") == 1

    @pytest.mark.parametrize("part", PARTS)
    def test_of_one_body(self, part: str, corpus: Path) -> None:
        body = next(iter(reports_of(corpus).values()))["body_id"]
        at = opened(corpus, "channels", view=part, body=body)
        assert at.dataframe

    @pytest.mark.parametrize("part", PARTS)
    def test_in_english_says_nothing_in_chinese_but_names(self, part: str, invented: Path) -> None:
        at = opened(invented, "channels", view=part, lang="en", body="demo03")
        told = said(at) + "".join(str(column) for frame in at.dataframe for column in frame.value.columns)
        assert set(CJK.findall(told)) <= {"石桥镇", "云川县", "云川发布", "“", "”", "“云川发布”"}

    @pytest.mark.parametrize(
        "address",
        [{"view": "x"}, {"year": "1066"}, {"year": "x", "view": "bodies"}, {"channel": "'", "view": "accounts"}, {"as": "x"},
         {"page": "99", "view": "bodies"}],
    )  # fmt: skip
    def test_an_address_that_makes_no_sense_is_no_crash(self, address: dict[str, str], corpus: Path) -> None:
        assert opened(corpus, "channels", **address).dataframe


class TestYears:
    def test_sums_rests_and_overlaps_of_each_year_are_those_of_its_reports(self, corpus: Path) -> None:
        reports = reports_of(corpus)
        facts = facts_of(corpus, reports)
        years: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for report, told in facts.items():
            stated, parts = total(told), counted(told)
            named = [one for one in told if one["measure"] in ("items_disclosed", "items_by_channel")]
            if not named:
                continue
            year = years[reports[report]["year"]]
            year["reports"] += 1
            year["n"] += bool(parts)
            for one in parts:
                year[one["channel"]] += one["value"]
            passed = sum(one["value"] for one in parts)
            if parts and stated is not None:
                year["remainder"] += max(stated - passed, 0)
                year["overlap"] += max(passed - stated, 0)
            elif stated is not None:
                year["undivided"] += stated
        labels = {
            row["channel"]: row["label_zh"]
            for row in rows_of(corpus, "select channel, label_zh from channel")
        }
        shown = table(opened(corpus, "channels"), "by-year").set_index("年度")
        assert len(shown) == len(years) == 12
        seen = 0
        for year, sums in years.items():
            row = shown.loc[str(year)]
            assert row["分渠道"] == f"{sums['n']:.0f}/{sums['reports']:.0f}"
            for name, heading in (("remainder", "余数"), ("overlap", "超出"), ("undivided", "未分渠道")):
                assert (number(row[heading]) or 0) == sums[name], (year, name)
            for channel in set(sums) & set(labels):
                assert number(row[labels[channel]]) == sums[channel], (year, channel)
                seen += 1
        assert seen > 50
        assert sum(year["overlap"] for year in years.values()) > 0
        assert sum(year["remainder"] for year in years.values()) > 0

    def test_overlap_and_remainder_are_drawn_each_in_its_own_way(self, corpus: Path) -> None:
        at = opened(corpus, "channels")
        spec = charted(at, "mix")
        shown = table(at, "by-year").set_index("年度")
        rests: dict[str, float] = defaultdict(float)
        for one in pieces_of(spec):
            if one["hatched"]:
                rests[one["bar"]] += one["value"]
        frames = [one for one in spec["layout"]["shapes"] if one["type"] == "rect"]
        bars = spec["layout"]["yaxis"]["categoryarray"]
        over = {bars[round(one["y0"] + 0.42)]: one["x1"] - one["x0"] for one in frames}
        for year, row in shown.iterrows():
            rest = (number(row["余数"]) or 0) + (number(row["未分渠道"]) or 0)
            assert rests.get(str(year), 0) == rest
            assert over.get(str(year), 0) == (number(row["超出"]) or 0)
        assert over and rests

    def test_a_piece_over_several_reports_leads_to_its_year_and_one_report_s_to_its_source(
        self, corpus: Path
    ) -> None:
        spec = charted(opened(corpus, "channels"), "mix")
        leads = {one["lead"]: one["bar"] for one in pieces_of(spec)}
        assert all(report is not None or found == bar for (report, found), bar in leads.items())
        assert any(report for report, _ in leads) and any(report is None for report, _ in leads)

    def test_shares_are_of_the_stated_totals(self, corpus: Path) -> None:
        reports = reports_of(corpus)
        whole: dict[str, float] = defaultdict(float)
        wechat: dict[str, float] = defaultdict(float)
        for report, told in facts_of(corpus, reports).items():
            stated, parts = total(told), counted(told)
            if stated is not None and parts:
                year = str(reports[report]["year"])
                whole[year] += stated
                wechat[year] += sum(one["value"] for one in parts if one["channel"] == "wechat")
        spec = charted(opened(corpus, "channels", **{"as": "share"}), "mix-share")
        hovers = {one["bar"]: one["value"] for one in pieces_of(spec) if "微信公众号" in one["hover"]}
        assert hovers == pytest.approx({year: wechat[year] / whole[year] for year in hovers})
        assert len(hovers) > 5

    def test_a_share_of_a_few_is_not_a_percentage(self, invented: Path, tmp_path: Path) -> None:
        path = tmp_path / "few.duckdb"
        path.write_bytes(invented.read_bytes())
        with open_to_write(path) as connection:
            connection.execute("update fact set value = 12 where fact_id = 'demo01-2019-f001'")
        asked = {"bodies": ["demo01"], "first": 2019, "last": 2020, "language": "zh"}
        with open_to_read(path) as connection:
            rows = queries.ask(connection, "channels_by_report", **asked)
        assert rows.loc[rows["year"] == 2019, "share"].isna().all()
        assert rows.loc[rows["year"] == 2020, "share"].notna().all()
        answer = said(opened(path, "channels", body="demo01", years="2019-2019")).partition("斜纹")[0]
        assert "主动公开 12 条" in re.sub(r"\s+", " ", answer) and "%" not in answer


class TestBodies:
    def test_every_body_of_a_year_is_drawn_and_the_picked_one_pointed_out(self, invented: Path) -> None:
        at = opened(invented, "channels", view="bodies", year="2022", body="demo03")
        spec = charted(at, "channels")
        assert list(reversed(spec["layout"]["yaxis"]["ticktext"])) == [
            "云溪镇", "松岭乡", "▸ 石桥镇", "金沙街道", "长岭乡",
        ]  # fmt: skip
        assert set(table(at, "table")["年度"]) == {"2022"}
        # 2022: the website's 45 % and the account's 60 % pass each total by 5 %.
        frames = [one for one in spec["layout"]["shapes"] if one["type"] == "rect"]
        totals = [200 + 37 * number + 23 * 3 for number in (0, 1, 2, 4, 5)]
        passed = [int(value * 0.45) + int(value * 0.6) for value in totals]
        assert [(one["x0"], one["x1"]) for one in frames] == list(zip(totals, passed, strict=True))


class TestAccounts:
    def test_first_and_last_years_are_those_in_which_a_report_names_the_account(self, corpus: Path) -> None:
        reports = reports_of(corpus)
        named: dict[tuple[str, str, str | None], list[int]] = defaultdict(list)
        figures: dict[tuple[str, str, str | None], set[int]] = defaultdict(set)
        for report, told in facts_of(corpus, reports).items():
            row = reports[report]
            for one in told:
                if one["measure"] != "items_by_channel":
                    continue
                asked = row["layout"] == "pre2019" and re.match(r"b\d+r\d+", one["locator"])
                is_named = (
                    one["status"] == "not_printed"
                    or (one["value"] or 0) > 0
                    or (one["value"] == 0 and not asked)
                )
                key = (row["lineage"], one["channel"], one["account"])
                if is_named:
                    named[key].append(row["year"])
                if (one["value"] or 0) > 0:
                    figures[key].add(row["year"])
        asked = {"bodies": sorted({row["body_id"] for row in reports.values()}), "first": 2014, "last": 2025}
        with open_to_read(corpus) as connection:
            rows = queries.ask(connection, "channel_mentions", language="zh", **asked)
        newest = rows[rows["is_newest"]]
        found = {
            (row.lineage, row.channel, None if pd.isna(row.account) else row.account): (
                int(row.first_named), int(row.last_named), row.with_figure,
            )
            for row in newest.itertuples()
            if pd.notna(row.first_named)
        }  # fmt: skip
        assert found == {key: (min(years), max(years), len(figures[key])) for key, years in named.items()}
        assert len({key for key in named if key[2]}) > 5

    def test_not_opened_named_and_zero_are_three_things(self, corpus: Path) -> None:
        claims = rows_of(corpus, "select * from claim where kind in ('not_opened', 'closed')")
        reports = reports_of(corpus)
        claims = [one for one in claims if one["report_id"] in reports]
        assert claims, "the corpus says of some channels that they are not opened"
        assert all(one["value"] is None for one in claims)
        facts = facts_of(corpus, reports)
        for one in claims:
            assert one["channel"] not in {
                fact["channel"] for fact in facts[one["report_id"]] if fact["status"] == "not_printed"
            }
        first = next(one for one in claims if one["kind"] == "not_opened")
        row = reports[first["report_id"]]
        channel = rows_of(corpus, f"select label_zh from channel where channel = '{first['channel']}'")
        label = channel[0]["label_zh"]
        at = opened(corpus, "channels", view="accounts", channel=first["channel"])
        assert label in said(at)
        spec = charted(at, "accounts")
        crossed = [one for one in spec["data"] if one["marker"]["symbol"] == "circle-x-open"]
        assert row["name"] in crossed[0]["y"]
        assert [first["report_id"], None] in [list(one) for one in crossed[0]["customdata"]]
        listed = table(opened(corpus, "channels", body=row["body_id"]), "table")
        assert listed.set_index("年度").at[str(row["year"]), label] == "未开通"

    def test_every_way_has_its_own_shape(self) -> None:
        from pages.ui import charts

        looks = {(look.symbol, look.size, look.fill) for look in charts.ways().values()}
        assert len(looks) == len(charts.ways())
        assert len({look.symbol for look in charts.ways().values()}) >= 7

    def test_what_public_pages_leave_out_says_nothing(self, warehouse: Path) -> None:
        text = said(opened(warehouse, "channels", view="accounts", scope="real", years="2023-2025"))
        assert "没有提到" not in text.partition("看什么")[0].partition("空着的")[0]


class TestForwarded:
    def test_only_reports_that_state_it_are_told_apart(self, corpus: Path) -> None:
        reports = reports_of(corpus)
        facts = facts_of(corpus, reports)
        apart = {
            report
            for report, told in facts.items()
            if any(one["measure"] == "items_forwarded" for one in told)
        }
        either = apart | {report for report, told in facts.items() if total(told) is not None}
        at = opened(corpus, "channels", view="forwarded")
        told = re.sub(r"\s+", "", said(at))
        assert f"{len(either)}份年报中{len(apart)}份把转载单列" in told
        rows = table(at, "forwarded-listed")
        assert (rows["是否区分"] == "单列转载").sum() == len(apart) > 5
        assert set(rows.loc[rows["是否区分"] == "未区分", "转载"]) == {"未区分"}

    def test_without_any_the_page_says_so_and_shows_no_zero(self, invented: Path) -> None:
        at: AppTest = opened(invented, "channels", view="forwarded")
        assert "没有一份年报同时给出" in said(at)
        assert set(table(at, "forwarded-listed")["转载"]) == {"未区分"}
