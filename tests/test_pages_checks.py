"""The page 数据体检: every count is the warehouse's, a doubt of ours comes first, nothing empty looks perfect."""

import argparse
import datetime as dt
import html
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import queries
from pages.ui import charts
from pages.ui.words import Words
from pipeline.__main__ import _parser
from pipeline.catalogue import CAUSES, default_catalogue
from pipeline.correcting import Wish, correct
from pipeline.corrections import Correction, load_corrections
from pipeline.database import open_to_read, open_to_write
from pipeline.model import UserError
from pipeline.warehouse import DEFAULT_SOURCES, build
from tests import screens
from tests.test_pages import bodies_of_html, chart, opened, said, table

BODIES = [body for body, *_ in screens.BODIES]
SEEN = {"bodies": BODIES, "first": 2019, "last": 2024}
ALL = ["broken", "note", "not_assessable", "holds"]
# Findings beside those of the invented warehouse: report, rule, severity, outcome, message, measure, applicant, places.
FINDINGS = (
    ("demo01-2024", "T3-COL", "error", "broken", "“予以公开”行：1 ≠ 2", "granted", "total", ["b4r3c7"]),
    ("demo01-2024", "T3-COL", "error", "broken", "“部分公开”行：1 ≠ 3", "granted_in_part", "total", ["b4r4c7"]),
    ("demo01-2024", "D-JUMP", "info", "broken", "本年 900，上年 100", "items_disclosed", None, ["b1:14-18"]),
    ("demo01-2023", "F-COPY", "warning", "broken", "与上年相似度 <img src=x onerror=1> **粗**", None, None, ["b1"]),
    ("demo02-2023", "T3-SUM", "error", "broken", "0 ≠ 1", "requests_closed", "total", ["b4r1c1"]),
    ("demo02-2022", "T3-SUM", "error", "not_assessable", "缺数", "requests_closed", "total", ["b4r2c1"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def faulty(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented warehouse with breaks of every cause, one beside an issue and one on an unreadable cell."""
    path = Path(shutil.copy(invented, tmp_path_factory.mktemp("faulty") / "warehouse.duckdb"))
    names = "report_id rule severity outcome message measure applicant places".split()
    with open_to_write(path) as connection:
        rows = [dict(zip(names, row, strict=True)) | {"message_en": ""} for row in FINDINGS]
        frame = pd.DataFrame(rows, dtype=object)
        connection.execute("insert into finding by name select * from frame")
        issue = ["demo02-2023", "x", "header_missing", "缺列标题", "no headings", "0", "b4r1c0"]
        frame = pd.DataFrame(  # noqa: F841  DuckDB finds it by its name
            [issue],
            columns=["report_id", "path", "code", "message", "message_en", "raw_text", "locator"],
            dtype=object,
        )
        connection.execute("insert into issue by name select * from frame")
        connection.execute(
            "update fact set value = null, status = 'unreadable' where report_id = 'demo02-2022' and locator = 'b4r2c1'"
        )
    return path


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real report with a decision in force, a reopened correction and one of a report that is not there."""
    folder = tmp_path_factory.mktemp("decided")
    (folder / "documents").mkdir()
    shutil.copy(next(DEFAULT_SOURCES.glob("*.txt")), folder / "documents" / "report.txt")
    body, day = "530502203", dt.date(2026, 3, 3)
    corrections = [
        Correction("d1", "accept", body, 2019, None, None, None, None, "F-OLDTEXT", "", "", None, "原文如此", "李四", day),
        Correction("d2", "dismiss", body, 2019, "items_disclosed", None, None, None, "D-CAT", "", "", None, "分类不全", "王五", day),
        Correction("c1", "override", body, 2019, "items_disclosed", None, None, None, None, "499", "", 500.0, "笔误", "张三", day),
        Correction("c2", "override", body, 2019, "trainings_held", None, None, None, None, "7", "", 8.0, "电话核实", "张三", day),
    ]  # fmt: skip
    build([folder / "documents"], folder / "w.duckdb", corrections=corrections, workers=1)
    return folder / "w.duckdb"


def listed(warehouse: Path, **narrowed: Any) -> pd.DataFrame:
    asked = {
        "report": None,
        "rule": None,
        "severities": None,
        "outcomes": ALL,
        "causes": None,
        "undecided": False,
    }
    more = {"limit": None, "offset": 0, "language": "zh"}
    with open_to_read(warehouse) as connection:
        return queries.ask(connection, "findings_listed", **{**SEEN, **asked, **more, **narrowed})


def entries(at: AppTest) -> list[str]:
    """The findings and issues that a page lists."""
    found = [body for body in bodies_of_html(at) if body.startswith("<p class='finding")]
    return [html.unescape(re.sub("<[^>]+>", " ", body)) for body in found]


class TestCounts:
    @pytest.mark.parametrize("held", ["faulty", "warehouse"])
    def test_the_first_line_is_what_the_warehouse_holds(
        self, held: str, request: pytest.FixtureRequest
    ) -> None:
        path = request.getfixturevalue(held)
        with open_to_read(path) as connection:
            holds, broken, with_broken, notes, not_assessable, reports = (
                connection.execute(
                    """
                select
                    count(*) filter (where outcome = 'holds'),
                    count(*) filter (where outcome = 'broken' and severity <> 'info'),
                    count(distinct report_id) filter (where outcome = 'broken' and severity <> 'info'),
                    count(*) filter (where outcome = 'broken' and severity = 'info'),
                    count(*) filter (where outcome = 'not_assessable'),
                    count(distinct report_id)
                from finding
                """
                ).fetchone()
                or ()
            )
        text = " ".join(said(opened(path, "checks")).split())
        assert f"{reports} 份年报可核 {holds + broken + notes} 项" in text
        assert f"{holds} 项相符，{notes} 项提示， {broken} 项不符 ，涉及 {with_broken} 份" in text
        assert f"另有 {not_assessable} 项因缺数不可核" in text

    def test_the_rule_broken_most_often_is_named(self, faulty: Path) -> None:
        assert "不符最多的是“表三各行：六类申请人之和等于总计”（2 项）" in said(opened(faulty, "checks"))

    def test_the_rules_table_counts_each_outcome(self, faulty: Path) -> None:
        rows = table(opened(faulty, "checks"), "rules-None").set_index("核验规则")
        assert list(rows.loc["表三各行：六类申请人之和等于总计"]) == ["2", "0", "0", "0"]
        assert rows.loc["公开量与上年相差不超过三倍", "提示"] == "1"
        assert rows.loc["表三各列：办理结果各项之和等于（七）总计", "不可核"] == "1"


class TestReports:
    def states(self, warehouse: Path) -> pd.Series:
        with open_to_read(warehouse) as connection:
            rows = queries.ask(connection, "checks_by_body_and_year", **SEEN)
        return rows.set_index(["body_id", "year"])["state"]

    def test_what_is_blank_unreadable_or_missing_does_not_look_perfect(self, faulty: Path) -> None:
        states = self.states(faulty)
        assert states["demo02", 2020] == "blank"
        assert states["demo04", 2022] == "unreadable"
        assert states["demo06", 2024] == "missing"
        assert states["demo05", 2020] == "not_founded"
        assert (states["demo01", 2024], states["demo01", 2023], states["demo01", 2022]) == (
            "error",
            "warning",
            "holds",
        )
        text = said(opened(faulty, "checks"))
        assert "1 份的表格没有一格可核" in text
        assert "1 份年报未收录" in text

    def test_every_verdict_has_its_own_shape_and_a_break_its_number(self, faulty: Path) -> None:
        looks = charts.verdicts().values()
        assert len({(look.symbol, look.size, look.fill) for look in looks}) == len(list(looks))
        traces = chart(opened(faulty, "checks"))["data"]
        numbers = [text for trace in traces for text in trace["text"] if text]
        assert sorted(numbers) == ["1", "1", "1", "2"]

    def test_the_picture_has_a_table_beside_it(self, faulty: Path) -> None:
        rows = table(opened(faulty, "checks"), "matrix-table").set_index("单位")
        assert (rows.loc["云溪镇", "2024"], rows.loc["松岭乡", "2020"]) == ("2", "表格无数可核")
        assert rows.loc["长岭乡", "2024"] == "未收录"


class TestList:
    def test_shows_breaks_and_notes_unless_other_outcomes_are_asked_for(self, faulty: Path) -> None:
        found = entries(opened(faulty, "checks"))
        assert len([entry for entry in found if "需核实" not in entry]) == 6
        assert not [entry for entry in found if entry.strip().startswith(("相符", "不可核"))]
        assert entries(opened(faulty, "checks", outcome="not_assessable"))

    @pytest.mark.parametrize(
        ("address", "narrowed"),
        [
            ({"rule": "T3-COL"}, {"rule": "T3-COL"}),
            ({"severity": "warning"}, {"severities": ["warning"]}),
            ({"outcome": "note"}, {"outcomes": ["note"]}),
            ({"cause": "change"}, {"causes": ["change"]}),
            ({"report": "demo01-2024"}, {"report": "demo01-2024"}),
            ({"body": "demo03"}, {"bodies": ["demo03"]}),
            ({"rule": "x", "severity": "x", "outcome": "x", "cause": "x", "report": "x", "page": "-1"}, {}),
        ],
    )
    def test_is_narrowed_by_the_address(
        self, faulty: Path, address: dict[str, str], narrowed: dict[str, Any]
    ) -> None:
        wanted = listed(faulty, **{"outcomes": ["broken", "note"], **narrowed})
        assert 0 < len(wanted) <= 10
        shown = [entry for entry in entries(opened(faulty, "checks", **address)) if "需核实" not in entry]
        assert len(shown) == len(wanted)
        for entry, message in zip(shown, wanted["message"], strict=True):
            assert message in entry

    def test_parts_of_the_list_do_not_overlap(self, faulty: Path) -> None:
        whole = listed(faulty)
        parts = [listed(faulty, limit=4, offset=at) for at in range(0, len(whole), 4)]
        assert len(whole) == whole["found"].iloc[0] > 30
        keys = ["report_id", "rule", "message"]
        assert pd.concat(parts)[keys].to_numpy().tolist() == whole[keys].to_numpy().tolist()
        at = opened(faulty, "checks", outcome="holds", page="2")
        assert re.search(r"第 11—20 项，共 \d+ 项", said(at))
        next(button for button in at.button if button.label == Words("zh")("search.before")).click().run()
        assert at.query_params["page"] == "1"

    def test_names_the_formula_and_the_figures_in_the_readers_words(self, faulty: Path) -> None:
        entry = next(entry for entry in entries(opened(faulty, "checks", rule="T3-SUM")) if "0 ≠ 1" in entry)
        assert "规则：总计 = 予以公开 + 部分公开 + 不予公开 + 无法提供 + 不予处理 + 其他处理" in entry
        english = entries(opened(faulty, "checks", rule="T3-BAL", lang="en"))[0]
        assert (
            "Rule: Requests received + Requests carried in = Requests closed + Carried over to next year"
            in english
        )
        assert re.search(r"Figures: .*Requests received: Total 0", english)

    def test_leads_to_the_places_in_the_source(self, faulty: Path) -> None:
        at = opened(faulty, "checks", rule="T3-COL")
        links = [
            link.proto.query_string for link in at.get("page_link") if "report=" in link.proto.query_string
        ]
        assert [link.partition("report=")[2] for link in links] == [
            "demo01-2024&place=b4r3c7",
            "demo01-2024&place=b4r4c7",
        ]

    def test_hostile_text_reaches_the_browser_as_text(self, faulty: Path) -> None:
        shown = "".join(bodies_of_html(opened(faulty, "checks")))
        assert "<img" not in shown and "&lt;img" in shown


class TestCause:
    def test_a_doubt_of_our_reading_comes_before_what_the_rule_speaks_of(self, faulty: Path) -> None:
        causes = listed(faulty).set_index(["report_id", "rule"])["cause"]
        assert causes["demo02-2023", "T3-SUM"] == "reading", "an issue stands in the same row"
        assert causes["demo02-2022", "T3-SUM"] == "reading", "the cell was unreadable"
        assert set(causes["demo01-2024", "T3-COL"]) == {"arithmetic"}
        assert (causes["demo01-2024", "D-JUMP"], causes["demo01-2023", "F-COPY"]) == (
            "change",
            "change",
        )
        assert pd.isna(causes["demo01-2022", "T3-BAL"]), "what holds speaks of nothing"

    def test_every_rule_has_one(self) -> None:
        assert {rule.cause for rule in default_catalogue().rules} == set(CAUSES)

    def test_issues_are_listed_as_doubts_and_not_under_a_rule(self, faulty: Path) -> None:
        text = said(opened(faulty, "checks"))
        assert "本系统读取存疑：第 1—2 处，共 2 处" in text and "缺列标题" in text
        assert "本系统读取存疑：第" not in said(opened(faulty, "checks", rule="T3-COL"))
        assert "本系统读取存疑：第" in said(opened(faulty, "checks", cause="reading"))


class TestDecisions:
    def command(self, faulty: Path, number: int) -> argparse.Namespace:
        typed = opened(faulty, "checks", rule="T3-COL").code[number].value
        words = shlex.split(typed)
        assert words[:3] == ["python", "-m", "pipeline"]
        return _parser().parse_args(words[3:])

    def test_the_command_shown_decides_of_that_finding_and_no_other(
        self, faulty: Path, tmp_path: Path
    ) -> None:
        options = self.command(faulty, 1)
        names = "what body year value decision measure applicant channel category reason author".split()
        wish = Wish(**{name: getattr(options, name) for name in names})
        with open_to_read(faulty) as connection:
            made = correct(connection, wish, default_catalogue(), tmp_path)
            assert (made.action, made.rule, made.measure) == ("accept", "T3-COL", "granted_in_part")
            assert made.guard == "“部分公开”行：1 ≠ 3"
            unsaid = Wish("T3-COL", "云溪镇", 2024, None, "accept", None, None, None, "理由", "姓名")
            with pytest.raises(UserError, match="--measure"):
                correct(connection, unsaid, default_catalogue(), tmp_path)
        assert len(load_corrections(default_catalogue(), tmp_path)) == 1

    def test_a_decision_shows_who_when_and_why(self, decided: Path) -> None:
        at = opened(decided, "checks", scope="real")
        text = said(at)
        assert "已认定原文如此。李四，2026年3月3日：原文如此" in text
        assert "已排除。王五，2026年3月3日：分类不全" in text
        assert "不符中 1 项已作认定" in text
        assert not at.code, "nothing is left to decide"
        assert "李四" not in "".join(entries(opened(decided, "checks", scope="real", undecided="yes")))

    def test_corrections_are_listed_with_their_state_and_reason(self, decided: Path) -> None:
        at = opened(decided, "checks", scope="real")
        rows = table(at, "corrections")
        states = dict(zip(rows["理由"], rows["状态"], strict=True))
        assert states == {"笔误": "需重新核定", "电话核实": "对不上", "原文如此": "生效", "分类不全": "生效"}
        assert "生效 2，需重新核定 1，对不上 1" in said(at)
        assert "主动公开政府信息数：原印 499，现按 500" in set(rows["内容"])


class TestDownload:
    @pytest.mark.parametrize(
        ("address", "issues"), [({}, 2), ({"rule": "T3-COL"}, 0), ({"cause": "reading"}, 2)]
    )
    def test_holds_what_the_list_is_narrowed_to(
        self, faulty: Path, address: dict[str, str], issues: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept: list[pd.DataFrame] = []
        monkeypatch.setattr(
            "pages.ui.tables.download_listed", lambda rows, headings, say, *, name: kept.append(rows())
        )
        opened(faulty, "checks", **address)
        narrowed = {"rule": address.get("rule"), "causes": [address["cause"]] if "cause" in address else None}
        wanted = listed(faulty, outcomes=["broken", "note"], **narrowed)
        rows = kept[-1]
        assert list(rows["entry"]).count("核验") == len(wanted)
        assert list(rows["entry"]).count("读取存疑") == issues
        assert set(rows["places"]) >= {" ".join(places) for places in wanted["places"]}
