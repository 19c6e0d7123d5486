"""Corrections and decisions: they change what is in force, keep what is printed, outlive reading, and reopen in sight."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue import default_catalogue
from pipeline.correcting import Wish, correct
from pipeline.corrections import COLUMNS, Correction, load_corrections
from pipeline.database import open_to_read
from pipeline.history import open_as_known
from pipeline.model import CatalogueError, UserError
from pipeline.warehouse import DEFAULT_SOURCES, build

REPORT = next(DEFAULT_SOURCES.glob("*.txt"))
SENTENCE = next(
    line.strip().partition("。")[0] + "。"
    for line in REPORT.read_text("utf-8").splitlines()
    if "共计501条" in line
)
BODY, YEAR = "530502203", 2019
TOTAL = "select value, printed_value, status, correction_id from fact where measure = 'items_disclosed'"
BROKEN = "select outcome, decision, correction_id from finding where rule = 'D-CAT'"
STATES = "select correction_id, state from correction order by all"
REOPENED = "select count(*) from issue where code = 'correction_reopened'"


def override(**more: object) -> Correction:
    made = Correction(
        "c1", "override", BODY, YEAR, "items_disclosed", None, None, None, None, "501", SENTENCE, 500.0, "各类之和为 500",
        "张三", dt.date(2026, 2, 3),
    )  # fmt: skip
    return replace(made, **more)


def decision(action: str, guard: str = "", **more: object) -> Correction:
    made = Correction(
        "d1", action, BODY, YEAR, None, None, None, None, "D-CAT", "", guard, None, "原文如此", "李四", dt.date(2026, 2, 3)
    )  # fmt: skip
    return replace(made, **more)


class Site:
    def __init__(self, path: Path) -> None:
        self.documents, self.warehouse = path / "documents", path / "warehouse.duckdb"
        self.documents.mkdir()
        shutil.copy(REPORT, self.documents / "a.txt")

    def build(self, *corrections: Correction, month: int = 3) -> None:
        at = dt.datetime(2026, month, 1, tzinfo=dt.UTC)
        build([self.documents], self.warehouse, corrections=corrections, at=at, workers=1)

    def edit(self, old: str, new: str) -> None:
        file = self.documents / "a.txt"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    def ask(self, query: str) -> list[tuple]:
        with open_to_read(self.warehouse) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


class TestOverride:
    def test_both_values_are_stored_and_the_sum_is_judged_anew(self, site: Site) -> None:
        site.build()
        assert site.ask(TOTAL) == [(501.0, 501.0, "reported", None)]
        assert site.ask(BROKEN) == [("broken", None, None)]
        site.build(override(), month=4)
        assert site.ask(TOTAL) == [(500.0, 501.0, "reported", "c1")]
        assert site.ask(BROKEN) == [("holds", None, None)]
        assert site.ask(STATES) == [("c1", "applied")]

    def test_it_outlives_reading_again(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        site.build(override())
        monkeypatch.setattr("pipeline.version._code_digest", lambda: "another")
        site.build(override(), month=4)
        assert site.ask(TOTAL) == [(500.0, 501.0, "reported", "c1")]
        assert site.ask("select max(files_read), count(*) from build") == [(1, 2)]

    def test_it_reopens_in_sight_when_its_sentence_changes(self, site: Site) -> None:
        site.build(override())
        site.edit("我乡主动公开政府信息共计501条", "我乡主动公开各类政府信息共计501条")
        site.build(override(), month=4)
        assert site.ask(TOTAL) == [(501.0, 501.0, "reported", None)]
        assert site.ask(STATES) == [("c1", "reopened")]
        assert site.ask(REOPENED) == [(1,)]

    def test_it_reopens_when_the_printed_number_changes(self, site: Site) -> None:
        site.edit("共计501条", "共计502条")
        site.build(override(guard=""))
        assert site.ask(TOTAL)[0][:2] == (502.0, 502.0)
        assert site.ask(STATES) == [("c1", "reopened")]

    def test_it_goes_when_its_row_goes(self, site: Site) -> None:
        site.build(override())
        site.build(month=4)
        assert site.ask(TOTAL) == [(501.0, 501.0, "reported", None)]

    def test_a_cell_of_the_form_is_corrected_in_its_column_alone(self, site: Site) -> None:
        cell = override(
            measure="requests_received",
            applicant="total",
            expected="0",
            guard="",
            value=2.0,
            correction_id="c2",
        )
        site.build(cell)
        rows = site.ask(
            "select applicant, value from fact where measure = 'requests_received' and value <> 0"
        )
        assert rows == [("total", 2.0)]
        broken = site.ask(
            "select distinct rule from finding where outcome = 'broken' and applicant = 'total'"
        )
        assert ("T3-COL",) in broken or ("T3-BAL",) in broken

    def test_what_speaks_of_nothing_is_unmatched(self, site: Site) -> None:
        site.build(
            override(year=2018), override(correction_id="c2", measure="interpretations", channel="wechat")
        )
        assert site.ask(STATES) == [("c1", "unmatched"), ("c2", "unmatched")]

    def test_one_of_a_day_to_come_waits(self, site: Site) -> None:
        site.build(override(made_on=dt.date(2026, 12, 1)))
        assert site.ask(TOTAL)[0][0] == 501.0 and site.ask(STATES) == []

    def test_a_warehouse_rebuilt_from_nothing_knows_when_it_was_corrected(self, site: Site) -> None:
        (site.documents / "manifest.csv").write_text(
            "path,body,year,url,sha256,received\na.txt,,,,,2026-01-05\n"
        )
        site.build(override(), month=6)
        for day, total in ((dt.date(2026, 1, 20), 501.0), (dt.date(2026, 2, 20), 500.0)):
            with open_as_known(site.warehouse, day) as connection:
                assert connection.execute(TOTAL).fetchall()[0][0] == total, day


class TestDecisions:
    @pytest.mark.parametrize(("action", "told"), [("accept", "accepted"), ("dismiss", "dismissed")])
    def test_a_decision_stands_beside_the_finding(self, site: Site, action: str, told: str) -> None:
        site.build()
        ((message,),) = site.ask("select message from finding where rule = 'D-CAT'")
        site.build(decision(action, message), month=4)
        assert site.ask(BROKEN) == [("broken", told, "d1")]
        assert site.ask(STATES) == [("d1", "applied")]

    def test_it_reopens_when_the_numbers_change(self, site: Site) -> None:
        site.build()
        ((message,),) = site.ask("select message from finding where rule = 'D-CAT'")
        site.edit("年度报告5条", "年度报告7条")
        site.build(decision("accept", message), month=4)
        assert site.ask(BROKEN) == [("broken", None, None)]
        assert site.ask(STATES) == [("d1", "reopened")]
        assert site.ask(REOPENED) == [(1,)]

    def test_a_finding_across_years_is_decided_too(self, site: Site) -> None:
        text = REPORT.read_text("utf-8")
        (site.documents / "b.txt").write_text(text.replace("2019", "2018").replace("2020", "2019"), "utf-8")
        site.build()
        rules = site.ask(
            "select rule from finding where across and outcome = 'broken' and report_id like '%-2019-%' order by all"
        )
        assert ("F-COPY",) in rules
        site.build(decision("dismiss", rule="F-COPY"), month=4)
        assert site.ask("select decision from finding where rule = 'F-COPY' and outcome = 'broken'") == [
            ("dismissed",)
        ]


class TestDeclaring:
    GOOD = f"c1,override,{BODY},2019,items_disclosed,,,,,501,,500,理由,张三,2026-02-03"

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (GOOD.replace("override", "change"), "action"),
            (GOOD.replace("items_disclosed", "items"), "指标"),
            (GOOD.replace(",500,", ",,"), "value"),
            (GOOD.replace(",501,", ",many,"), "expected"),
            (GOOD.replace("2026-02-03", "3/2/26"), "made_on"),
            (GOOD.replace("理由", ""), "reason"),
            (GOOD + "\n" + GOOD, "重复"),
            (f"c1,accept,{BODY},2019,,,,,D-XXX,,,,理由,张三,2026-02-03", "规则"),
        ],
    )
    def test_a_row_that_means_nothing_is_refused_with_its_place(
        self, tmp_path: Path, row: str, reason: str
    ) -> None:
        (tmp_path / "corrections.csv").write_text(",".join(COLUMNS.split()) + "\n" + row + "\n")
        with pytest.raises(CatalogueError, match=rf"corrections.csv 第 [23] 行：.*{reason}"):
            load_corrections(default_catalogue(), tmp_path)

    def test_a_wish_becomes_a_row_guarded_by_its_sentence(self, site: Site, tmp_path: Path) -> None:
        site.build()
        wish = Wish("items_disclosed", "西邑乡", 2019, 500, None, None, None, None, "各类之和为 500", "张三")
        with open_to_read(site.warehouse) as connection:
            correct(connection, wish, default_catalogue(), tmp_path)
            correct(connection, replace(wish, what="D-CAT", decision="accept"), default_catalogue(), tmp_path)
            for wrong, why in (
                ({"what": "items"}, "没有指标或规则"),
                ({"year": 2011}, "数据库里没有"),
                ({"value": None}, "--value"),
            ):
                with pytest.raises(UserError, match=why):
                    correct(connection, replace(wish, **wrong), default_catalogue(), tmp_path)
        first, second = load_corrections(default_catalogue(), tmp_path)
        assert (first.expected, first.guard, first.value) == ("501", SENTENCE, 500.0)
        assert second.guard.startswith("各部分之和 500")
        site.build(first, month=12)
        assert site.ask(TOTAL)[0][0] == 500.0
