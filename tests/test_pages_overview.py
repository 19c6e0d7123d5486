"""总览: what its sentences, cards and map say, against plain Python over the tables of the warehouse."""

import html
import re
import statistics
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import queries
from pages.ui import charts
from pages.ui.words import Words
from pipeline.database import open_to_read, open_to_write
from tests import county, screens
from tests.county import Body, Figure
from tests.test_pages import TAG, bodies_of_html, charted, opened, said, table

ZH = Words("zh")
TABLES = ("requests_received", "granted", "reconsideration_total")
LIMIT = date(2024, 1, 31)

# Bodies of a constructed county. Items disclosed in 2022 and 2023; ≥ is a bound, None no report.
DISCLOSED: dict[str, tuple[str | None, str | None]] = {
    "甲镇": ("100", "180"),
    "乙镇": ("90", "30"),
    "丙镇": ("50", "≥300"),
    "丁镇": ("70", None),
    "戊镇": (None, "75"),
    "己镇": ("40", "40"),
    "庚镇": ("10", "25"),
    "辛镇": ("80", "60"),
}
RECEIVED = {"甲镇": (0, 3), "乙镇": (2, 0), "丙镇": (0, 0), "戊镇": (None, 4), "庚镇": (0, 1)}
PUBLISHED = {"乙镇": date(2024, 2, 12), "庚镇": date(2024, 2, 1)}
# (year, channel, account, value): a value of None is a channel that is named without a figure.
CHANNELS: dict[str, list[tuple[int, str, str | None, int | None]]] = {
    "甲镇": [
        (2022, "wechat", "甲镇发布", 5),
        (2023, "wechat", "甲镇发布", 6),
        (2023, "douyin", "甲镇视频", None),
    ],
    "乙镇": [(2022, "weibo", None, 4), (2022, "website", None, 9), (2023, "website", None, 9)],
    "丙镇": [(2022, "wechat", "丙镇微讯", 2), (2023, "wechat", "丙镇风采", 3)],
    "己镇": [(2022, "wechat", None, 2), (2023, "wechat", "己镇发布", 2)],
    "戊镇": [(2023, "toutiao", None, 7)],
    "庚镇": [(2022, "toutiao", None, 0), (2023, "toutiao", None, 3)],
    "辛镇": [(2023, "weibo", None, 0)],
}
BLANK = {"己镇": ("requests", "disputes"), "庚镇": ("disputes",)}
BROKEN = {"甲镇": ("T3-BAL", "D-CAT"), "乙镇": ("T3-BAL",), "丙镇": ("F-LATE",)}


def number_of(given: str | None) -> float | None:
    return None if given is None else float(given.lstrip("≥"))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight towns in two years: rises, falls, a bound, a missing report, two late ones, blank tables, broken sums."""
    bodies = [Body(f"a{number}", name) for number, name in enumerate(DISCLOSED)]
    ids = {body.name: body.body_id for body in bodies}
    reports, figures = [], []
    for name, years in DISCLOSED.items():
        for place, given in enumerate(years):
            year = 2022 + place
            if given is None:
                continue
            reports.append((ids[name], year))
            bound = "at_least" if given.startswith("≥") else "exact"
            figures.append(
                Figure(
                    ids[name], year, "items_disclosed", number_of(given), "reported", bound, None, "b1:0-3"
                )
            )
            blank = BLANK.get(name, ()) if year == 2023 else ()
            came = RECEIVED.get(name, (0, 0))[place]
            value = None if "requests" in blank else came
            # one blank cell does not make a blank table
            for measure, count in (
                ("requests_received", value),
                ("granted", None if name == "甲镇" else value),
            ):
                status = "reported" if count is not None else "blank"
                figures.append(Figure(ids[name], year, measure, count, status, "exact", "total", "b2r1c1"))
            dashed = "disputes" in blank
            figures.append(
                Figure(
                    ids[name], year, "reconsideration_total", None if dashed else 0,
                    "dash" if dashed else "reported", locator="b3r1c1",
                )
            )  # fmt: skip
    published = {(ids[name], 2023): day for name, day in PUBLISHED.items()}
    # a file of which nothing could be read
    reports.append(("a9", 2023))
    bodies.append(Body("a9", "壬镇", valid_from=2023))
    path = county.build(
        tmp_path_factory.mktemp("overview") / "w.duckdb", bodies, reports, figures, published=published
    )
    with open_to_write(path) as connection:
        count = 0
        for name, named in CHANNELS.items():
            for year, channel, account, value in named:
                count += 1
                status = "not_printed" if value is None else "reported"
                # a zero of a form names nothing, one of a text does
                place = "b4r1c1" if value == 0 else f"b5:{count}-{count + 1}"
                connection.execute(
                    "insert into fact by name select $1 as fact_id, $2 as report_id, 'items_by_channel' as measure,"
                    " $3 as channel, $4 as account, $5::double as value, '条' as unit, $6 as status,"
                    " 'exact' as bound, '' as raw_text, $7 as locator",
                    [f"c{count:03d}", f"{ids[name]}-{year}", channel, account, value, status, place],
                )
        for name in DISCLOSED:
            for rule in ("T3-BAL", "D-CAT", "F-LATE"):
                if DISCLOSED[name][1] is None or (name in BLANK and rule != "F-LATE"):
                    continue
                outcome = "broken" if rule in BROKEN.get(name, ()) else "holds"
                connection.execute(
                    "insert into finding by name select $1 as report_id, $2 as rule, 'error' as severity,"
                    " $3 as outcome, '' as message, '' as message_en, ['b1:0-3'] as places",
                    [f"{ids[name]}-2023", rule, outcome],
                )
    return path


def sentences(at: AppTest) -> dict[str, str]:
    """What changed: the first words of each sentence, and the rest of it."""
    found = next(body for body in bodies_of_html(at) if "class='told'" in body)
    told = {}
    for item in re.findall(r"<li>(.*?)</li>", found):
        text = html.unescape(TAG.sub("", item))
        head, _, rest = text.partition("：") if "<b>" in item else (text, "", "")
        told[head] = rest
    return told


def links(at: AppTest, head: str) -> dict[str, dict[str, list[str]]]:
    """Where the names of a sentence lead: page and parameters."""
    found = next(body for body in bodies_of_html(at) if "class='told'" in body)
    item = next(item for item in re.findall(r"<li>(.*?)</li>", found) if head in item)
    led = {}
    for address, text in re.findall(r"<a href='([^']*)'>(.*?)</a>", item):
        parts = urlsplit(html.unescape(address))
        led[html.unescape(text)] = {"page": [parts.path], **parse_qs(parts.query)}
    return led


# --- plain Python over the tables as they are ---------------------------------------------------------


def rows_of(path: Path, statement: str) -> list[dict[str, Any]]:
    with open_to_read(path) as connection:
        found = connection.execute(statement)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def stated(path: Path, measure: str) -> dict[tuple[str, int], dict[str, Any]]:
    """The one whole figure of each report for a measure."""
    facts = rows_of(
        path,
        "select body_id, year, value, bound, fact.report_id, fact_id from fact join report using (report_id)"
        f" where measure = '{measure}' and (applicant is null or applicant = 'total')",
    )
    return {(fact["body_id"], fact["year"]): fact for fact in facts}


def moved(path: Path, measure: str, year: int) -> dict[str, float]:
    """By how much each body's exact figure changed against the year before."""
    facts = stated(path, measure)
    changes = {}
    for (body, at), fact in facts.items():
        before = facts.get((body, year - 1))
        if at != year or before is None:
            continue
        if None not in (fact["value"], before["value"]) and {fact["bound"], before["bound"]} == {"exact"}:
            changes[body] = fact["value"] - before["value"]
    return changes


def names_of(path: Path) -> dict[str, str]:
    return {row["body_id"]: row["name"] for row in rows_of(path, "select body_id, name from body")}


# --- the sentences ------------------------------------------------------------------------------------


def test_the_largest_moves_are_those_of_exact_figures_in_both_years(district: Path) -> None:
    told, changes, names = sentences(opened(district, "overview")), moved(district, "items_disclosed", 2023), names_of(district)  # fmt: skip
    figures = stated(district, "items_disclosed")
    due = len(names)
    for head, ordered, word in (
        ("主动公开增加最多", sorted((b for b in changes if changes[b] > 0), key=lambda b: -changes[b]), "增加"),
        ("主动公开减少最多", sorted((b for b in changes if changes[b] < 0), key=lambda b: changes[b]), "减少"),
    ):  # fmt: skip
        shown = "、".join(
            f"{names[body]}（{figures[body, 2022]['value']:g} → {figures[body, 2023]['value']:g}，{changes[body]:+g}）"
            for body in ordered[:3]
        )
        assert told[head] == f"{shown}（可比 {len(changes)}/{due} 个单位，{len(ordered)} 个{word}）"


def test_a_bound_is_no_move_and_is_named_apart(district: Path) -> None:
    at = opened(district, "overview")
    told = sentences(at)
    given = [fact for (_, year), fact in stated(district, "items_disclosed").items() if year == 2023]
    assert told["只有约数或下限，不计增减"] == f"丙镇（≥ 300）（1/{len(given)} 个有数的单位）"
    assert "丙镇" not in told["主动公开增加最多"] + told["主动公开减少最多"]


def test_every_body_of_a_sentence_opens_its_figure_or_its_sheet(district: Path) -> None:
    at = opened(district, "overview", lang="zh", years="2022-2023")
    fact = stated(district, "items_disclosed")["a0", 2023]
    assert links(at, "主动公开增加最多")["甲镇"] == {
        "page": ["source"], "report": ["a0-2023"], "fact": [fact["fact_id"]], "lang": ["zh"], "years": ["2022-2023"],
    }  # fmt: skip
    assert links(at, "未收录年报") == {
        "丁镇": {"page": ["profile"], "body": ["a3"], "lang": ["zh"], "years": ["2022-2023"]}
    }


def test_requests_that_appeared_are_those_after_a_printed_zero(district: Path) -> None:
    changes, facts, names = moved(district, "requests_received", 2023), stated(district, "requests_received"), names_of(district)  # fmt: skip
    appeared = [
        body for body in changes if facts[body, 2022]["value"] == 0 and facts[body, 2023]["value"] > 0
    ]
    shown = "、".join(f"{names[body]}（{facts[body, 2023]['value']:g}）" for body in sorted(appeared))
    told = sentences(opened(district, "overview"))
    assert [names[body] for body in appeared] == ["甲镇", "庚镇"]
    assert (
        told["上年为零，今年收到申请"]
        == f"{shown}（可比 {len(changes)}/{len(names)} 个单位，{len(appeared)} 个）"
    )


def test_new_and_gone_accounts_need_an_earlier_report_and_an_unambiguous_name(district: Path) -> None:
    told = sentences(opened(district, "overview"))
    # 己镇 named WeChat without an account before: its account may be the same; 戊镇 has no earlier report; 庚镇's form
    # printed a zero for Toutiao, which names nothing.
    both = sum(None not in years for years in DISCLOSED.values())
    assert told["首次写到的新媒体"] == (
        "甲镇（抖音“甲镇视频”）、丙镇（微信公众号“丙镇风采”）、庚镇（今日头条号）"
        f"（有以往年报的 {both}/9 个单位，3 个）"
    )
    assert told["上年写到、今年没有写到的新媒体"] == (
        f"乙镇（政务微博）、丙镇（微信公众号“丙镇微讯”）（两年都有年报的 {both}/9 个单位，2 个）"
    )


def test_missing_late_unreadable_and_blank_reports_are_named_and_counted(district: Path) -> None:
    told = sentences(opened(district, "overview"))
    held = sum(now is not None for _, now in DISCLOSED.values()) + 1
    before = sum(was is not None for was, _ in DISCLOSED.values())
    assert told["未收录年报"] == f"丁镇（应报 9 个，缺 1 个，上年 1/{before + 1}）"
    late = "、".join(f"{name}（迟 {(day - LIMIT).days} 天）" for name, day in PUBLISHED.items())
    assert told["迟报"] == f"{late}（2/{held} 份，上年 0/{before}）"
    assert told["无法识别"] == f"壬镇（1/{held} 份，上年 0/{before}）"
    assert told["整表空白"] == f"己镇（表三、表四）、庚镇（表四）（2/{held} 份，上年 0/{before}）"


def test_broken_sums_are_those_of_arithmetic_in_the_reports_that_could_be_judged(district: Path) -> None:
    findings = rows_of(
        district, "select report_id, rule, outcome, rule.cause, label_zh from finding join rule using (rule)"
    )
    judged = {one["report_id"] for one in findings if one["cause"] == "arithmetic"}
    broken = defaultdict(set)
    labels = {one["rule"]: one["label_zh"] for one in findings}
    for one in findings:
        if one["cause"] == "arithmetic" and one["outcome"] == "broken":
            broken[one["rule"]].add(one["report_id"])
    reports = set().union(*broken.values())
    held = len(
        {row["report_id"] for row in rows_of(district, "select report_id from report where year = 2023")}
    )
    most = sorted(broken, key=lambda rule: -len(broken[rule]))
    rules = "、".join(f"“{labels[rule]}”（{len(broken[rule])} 份）" for rule in most)
    at = opened(district, "overview")
    told = sentences(at)["勾稽不符"]
    assert told == f"甲镇、乙镇（可核 {len(judged)}/{held} 份，不符 {len(reports)} 份）；最多的是{rules}"
    assert links(at, "勾稽不符")[f"“{labels['T3-BAL']}”"] == {"page": ["checks"], "rule": ["T3-BAL"]}
    assert f"{len(judged)} 份可核年报中 {len(reports)} 份勾稽不符" in re.sub(r"\s+", " ", said(at))


def test_of_one_body_nothing_is_counted_among_others(district: Path) -> None:
    told = sentences(opened(district, "overview", body="a0"))
    assert told["主动公开增加"] == "甲镇（100 → 180，+80）"
    assert told["首次写到的新媒体"] == "甲镇（抖音“甲镇视频”）"
    assert not any("个单位" in text for text in told.values())


def test_where_figures_do_not_compare_it_is_said_and_without_any_figure_nothing_is(district: Path) -> None:
    told = sentences(opened(district, "overview", years="2022-2022"))
    assert next(iter(told)).startswith("没有两年都有确数、可以相比的单位")
    at = opened(district, "overview", body="a9")
    assert set(sentences(at)) == {"无法识别"}
    assert "主动公开" not in sentences(at)


def test_in_english_the_sentences_say_the_same(district: Path) -> None:
    found = html.unescape("".join(bodies_of_html(opened(district, "overview", lang="en"))))
    text = TAG.sub("", found)
    assert (
        "Largest rises in items disclosed: 甲镇 (100 → 180, +80), 庚镇 (10 → 25, +15) (rose in 2 of 5 that compare, of 9 bodies)"
        in text
    )
    assert "Late: 乙镇 (12 days), 庚镇 (1 days)" in text


def test_more_than_a_handful_are_counted_with_a_link_to_all(tmp_path: Path) -> None:
    bodies = [Body(f"a{number}", f"{number}号镇") for number in range(8)]
    figures = [Figure("a0", 2023, "items_disclosed", 5), Figure("a0", 2022, "items_disclosed", 4)]
    path = county.build(tmp_path / "w.duckdb", bodies, [("a0", 2023), ("a0", 2022)], figures)
    at = opened(path, "overview")
    assert (
        sentences(at)["未收录年报"]
        == "1号镇、2号镇、3号镇、4号镇、5号镇等 7 个（应报 8 个，缺 7 个，上年 7/8），全部见数据体检"
    )
    assert links(at, "未收录年报")["全部见数据体检"] == {"page": ["checks"]}


def test_a_year_of_another_form_is_compared_roughly_and_says_so(tmp_path: Path) -> None:
    reports = [("a0", 2018), ("a0", 2019)]
    figures = [Figure("a0", year, "items_disclosed", year) for _, year in reports]
    layouts = {("a0", 2018): "pre2019", ("a0", 2019): "2019"}
    path = county.build(tmp_path / "w.duckdb", [Body("a0", "甲镇")], reports, figures, layouts=layouts)
    at = opened(path, "overview")
    told = sentences(at)["主动公开增加最多"]
    assert told == "甲镇（2,018 → 2,019，+1）（可比 1/1 个单位，1 个增加），口径有变，只可粗略比较"
    assert "口径有变" in cards(at)[0][1] and "▲" not in cards(at)[0][1]
    assert "▲ 1 ）" in re.sub(r"\s+", " ", said(at)) and "两年口径不同，只可粗略比较" in said(at)


def test_hostile_names_reach_the_sentence_as_text(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    county.build(
        path, [Body("a0", "甲镇\ue001")], [("a0", 2022), ("a0", 2023)],
        [Figure("a0", year, "items_disclosed", 4) for year in (2022, 2023)],
    )  # fmt: skip
    with open_to_write(path) as connection:
        connection.execute(
            "insert into fact by name select 'x' as fact_id, 'a0-2023' as report_id, 'items_by_channel' as measure,"
            " 'wechat' as channel, $1 as account, 1::double as value, '条' as unit, 'reported' as status,"
            " 'exact' as bound, '' as raw_text, 'b9:1-2' as locator",
            [f"{screens.HOSTILE}\ue002"],
        )
    found = next(body for body in bodies_of_html(opened(path, "overview")) if "class='told'" in body)
    assert html.escape(screens.HOSTILE) in found
    assert set(re.findall(r"</?(\w+)", found)) == {"ul", "li", "b", "a"}


# --- the cards ----------------------------------------------------------------------------------------


def cards(at: AppTest) -> list[tuple[str, str]]:
    """Figure and what stands beside it, card by card."""
    found = [body for body in bodies_of_html(at) if "class='figure'" in body]
    return [
        (TAG.sub("", body.partition("</p>")[0]), TAG.sub("", body.partition("</p>")[2])) for body in found
    ]


def test_each_card_has_last_year_the_median_and_its_n_of_n(district: Path) -> None:
    shown = cards(opened(district, "overview"))
    facts = stated(district, "items_disclosed")
    now, was = ([f["value"] for (_, at), f in facts.items() if at == year] for year in (2023, 2022))
    changes = moved(district, "items_disclosed", 2023)
    ends = [statistics.median(facts[body, year]["value"] for body in changes) for year in (2022, 2023)]
    assert shown[0][0] == f"{statistics.median(now):g} 条"
    assert f"上年 {statistics.median(was):g}" in shown[0][1]
    assert f"可比 {len(changes)} 个单位 {ZH.change(ends[1] - ends[0])}" in shown[0][1]
    assert f"n={len(now)}/9" in shown[0][1] and "1 个为约数或下限" in shown[0][1]
    received = stated(district, "requests_received")
    came = [f["value"] for (_, year), f in received.items() if year == 2023 and f["value"] is not None]
    assert shown[2][0] == f"{sum(came):g} 件"
    assert f"单位中位 {statistics.median(came):g}" in shown[2][1] and f"n={len(came)}/9" in shown[2][1]
    named = defaultdict(set)
    for name, told in CHANNELS.items():
        for year, channel, _, value in told:
            if year == 2023 and value != 0:
                named[name].add(channel)
    assert shown[1][0] == f"{statistics.median(len(one) for one in named.values()):g} 个"
    assert f"n={len(named)}/9" in shown[1][1]
    assert shown[3] == ("5 / 9", "上年 7/8　迟报 2　未收录 1")
    assert shown[4][0] == "4 项不符" and "涉及 3/7 份" in shown[4][1]


def test_of_one_body_the_median_of_all_stands_beside(district: Path) -> None:
    at = opened(district, "overview", body="a2")
    shown = cards(at)
    now = [f["value"] for (_, year), f in stated(district, "items_disclosed").items() if year == 2023]
    assert shown[0] == ("≥ 300 条", f"上年 50　单位中位 {statistics.median(now):g}（{len(now)}/9）")
    assert shown[3] == ("按时", "上年 按时　各单位按时 5/9")
    assert "丙镇 2023 年年报： 按时" in re.sub(r"\s+", " ", said(at))
    assert cards(opened(district, "overview", body="a5"))[2][0] == "空白", "a blank is no zero"
    assert cards(opened(district, "overview", body="a3"))[0][0] == "无数据"
    assert "迟报 12 天" in said(opened(district, "overview", body="a1"))


def test_every_card_leads_to_the_page_that_says_more(district: Path) -> None:
    at = opened(district, "overview")
    labels = [link.proto.label for link in at.get("page_link")]
    for label in ("主动公开（中位）", "写到的渠道（中位）", "收到申请（合计）", "按时公布", "核验"):
        assert label in labels


# --- the map ------------------------------------------------------------------------------------------


def test_the_map_has_a_shape_for_a_blank_table_and_leads_to_the_source_or_the_sheet(district: Path) -> None:
    spec = charted(opened(district, "overview"), "coverage-0")
    drawn = {}
    for trace, state in zip(spec["data"], charts.states(), strict=True):
        for x, y, carried in zip(trace["x"], trace["y"], trace["customdata"], strict=True):
            drawn[y, 2022 + x] = (state, carried)
    assert drawn["己镇", 2023] == ("blank", ["a5-2023", "a5"])
    assert drawn["庚镇", 2023][0] == "blank_late"
    assert drawn["乙镇", 2023][0] == "late"
    assert drawn["丁镇", 2023] == ("missing", [None, "a3"])
    assert drawn["壬镇", 2023][0] == "unreadable" and drawn["壬镇", 2022][0] == "not_founded"
    halves = [shape for shape in spec["layout"]["shapes"] if shape["type"] == "path"]
    assert len(halves) == 2


def test_a_report_of_blank_tables_alone_is_not_unreadable(tmp_path: Path) -> None:
    figures = [
        Figure("a0", 2023, measure, None, "blank", locator=f"b{place}r1c1")
        for place, measure in enumerate(TABLES)
    ]
    path = county.build(tmp_path / "w.duckdb", [Body("a0", "甲镇")], [("a0", 2023)], figures)
    with open_to_read(path) as connection:
        asked = {"bodies": ["a0"], "first": 2023, "last": 2023}
        row = queries.ask(connection, "coverage_by_body_and_year", **asked).iloc[0]
    assert (row["state"], row["shown"], list(row["blank_tables"])) == (
        "on_time",
        "blank",
        ["requests", "disputes"],
    )


def test_counts_by_year_stand_beside_the_map(district: Path) -> None:
    counts = table(opened(district, "overview"), "coverage-counts").set_index("年度").loc["2023"]
    assert counts.to_dict() == {
        "应报": "9", "按时": "5", "迟报": "2", "日期不详": "0", "仅公开数字": "0", "未收录": "1", "无法识别": "1",
        "其中整表空白": "2",
    }  # fmt: skip


def test_a_map_of_many_bodies_comes_in_pages_and_says_so(tmp_path: Path) -> None:
    bodies = [Body(f"a{number:02d}", f"{number:02d}镇") for number in range(50)]
    reports = [(body.body_id, year) for body in bodies for year in (2022, 2023)]
    figures = [Figure(body, year, "items_disclosed", 100) for body, year in reports]
    path = county.build(tmp_path / "w.duckdb", bodies, reports, figures)
    for page, shown, first in (
        ("1", 45, "00镇"),
        ("2", 5, "45镇"),
        ("99999999999", 45, "00镇"),
        ("x", 45, "00镇"),
    ):
        at = opened(path, "overview", page=page)
        spec = charted(at, f"coverage-{0 if shown == 45 else 1}")
        assert len({y for trace in spec["data"] for y in trace["y"]}) == shown
        assert f"共 50 个单位，图上分 2 页；第 {1 if shown == 45 else 2} 页为{first}" in said(at)
        assert "2023 年 50 个单位的年报都已收录" in said(at), "the title speaks of all"


# --- what a fresh installation shows ------------------------------------------------------------------


def test_the_demonstration_names_channels_that_came_up_last_year(invented: Path) -> None:
    facts = rows_of(
        invented,
        "select body_id, name, year, channel from fact join report using (report_id) join body using (body_id)"
        " where measure = 'items_by_channel' and year <= 2023 and channel = 'toutiao'",
    )
    first = {}
    for fact in facts:
        first[fact["name"]] = min(fact["year"], first.get(fact["name"], 9999))
    told = sentences(opened(invented, "overview", years="2019-2023"))["首次写到的新媒体"]
    assert set(first.values()) == {2023}
    assert all(name in told for name in list(first)[:5]) and f"{len(first)} 个" in told


def test_one_real_report_has_no_year_before_and_says_what_it_is(warehouse: Path) -> None:
    at = opened(warehouse, "overview")
    text = re.sub(r"\s+", " ", said(at))
    told = sentences(at)
    assert next(iter(told)).startswith("没有两年都有确数、可以相比的单位（今年有主动公开数的 1/21 个）")
    assert told["未收录年报"].endswith("全部见数据体检") and "应报 21 个，缺 20 个）" in told["未收录年报"]
    assert told["勾稽不符"].startswith("西邑乡（可核 1/1 份，不符 1 份）")
    assert "上年未收录" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_published_figures_alone_are_no_reports_that_came_late(warehouse: Path, language: str) -> None:
    at = opened(warehouse, "overview", scope="real", lang=language)
    say = Words(language)
    shown = cards(at)
    assert shown[3][0] == shown[4][0] == say("card.unknown")
    assert say("card.none_held", expected=22) in shown[3][1]
    found = next(body for body in bodies_of_html(at) if "class='told'" in body)
    assert say("state.missing") in found or "not held" in found
    assert f"<b>{say('state.late')}</b>" not in found


def test_last_years_counts_stand_on_each_row(invented: Path) -> None:
    asked = {"bodies": [body for body, *_ in screens.BODIES], "first": 2020, "last": 2024}
    with open_to_read(invented) as connection:
        rows = queries.ask(connection, "coverage_by_body_and_year", **asked)
        earlier = queries.ask(
            connection, "coverage_by_body_and_year", **asked | {"first": 2019, "last": 2023}
        )
    counts: pd.DataFrame = rows.drop_duplicates("year").set_index("year")
    before = earlier.drop_duplicates("year").set_index("year")
    for name in ("expected", "documents", "on_time", "late", "missing", "blank"):
        assert list(counts[f"previous_{name}"]) == list(before[name])
