"""The report the project started from: every figure of it, where it stands, and what is wrong with it."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.catalogue import default_catalogue
from pipeline.extract import Extraction, extract_file
from pipeline.model import Fact, Paragraph, Place, Status

REPORT = Path(__file__).parent.parent / "data" / "sources" / "西邑乡2019年政府信息公开年度报告.txt"
CATEGORIES = [213, 5, 2, 17, 2, 36, 4, 2, 5, 2, 212]


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    return extract_file(REPORT)


@pytest.fixture(scope="module")
def facts(extraction: Extraction) -> list[Fact]:
    return extraction.report.facts


def test_identity(extraction: Extraction) -> None:
    report = extraction.report
    assert (report.body, report.body_id, report.county, report.year) == (
        "西邑乡",
        "530502203",
        "隆阳区",
        2019,
    )
    assert (report.published, report.index_number) == ("2020-01-31", "01525767-7-/2020-0131001")
    assert report.layout == "2019"
    assert report.issues == []


def test_sections_are_complete(facts: list[Fact]) -> None:
    catalogue = default_catalogue()
    tables = [
        f
        for f in facts
        if f.applicant is not None or catalogue.measures[f.measure].section in ("proactive", "disputes")
    ]
    assert Counter(catalogue.measures[f.measure].section for f in tables) == {
        "requests": 161,
        "proactive": 22,
        "disputes": 15,
    }
    assert {(f.value, f.status) for f in tables} == {(0, Status.REPORTED)}
    assert len({(f.measure, f.applicant) for f in tables}) == 198


def test_prose_figures(facts: list[Fact]) -> None:
    by = {
        (f.measure, f.channel): f for f in facts if f.measure != "items_by_category" and f.applicant is None
    }
    assert by["items_disclosed", None].value == 501
    assert (by["items_by_channel", "wechat"].value, by["items_by_channel", "wechat"].account) == (
        257,
        "西邑风采",
    )
    toutiao = by["items_by_channel", "toutiao"]
    assert (toutiao.value, toutiao.status, toutiao.account) == (None, Status.NOT_PRINTED, "桑韵西邑")
    assert by["interpretations", None].value == 19
    assert by["requests_received", None].value == 0
    assert ("items_by_channel", "douyin") not in by, "抖音 is planned, not opened"


def test_categories(facts: list[Fact]) -> None:
    categories = [f for f in facts if f.measure == "items_by_category"]
    assert [f.value for f in categories] == CATEGORIES
    assert [f.category for f in categories][:3] == ["信息公开指南", "年度报告", "公开制度"]


def test_every_fact_stands_where_it_says(extraction: Extraction) -> None:
    for fact in extraction.report.facts:
        place = Place.parse(fact.locator)
        assert place is not None
        block = extraction.document.blocks[place.block]
        assert isinstance(block, Paragraph)
        assert block.text[place.start : place.end] == fact.raw_text
        assert block.line is not None


def test_findings(extraction: Extraction) -> None:
    findings = extraction.report.findings
    broken = [f for f in findings if f.outcome == "broken"]
    assert [(f.rule, f.severity, f.residual) for f in broken] == [
        ("D-CAT", "error", -1),
        ("F-OLDTEXT", "info", None),
    ]
    assert "500" in broken[0].message and "501" in broken[0].message
    assert "科学发展观" in broken[1].message
    held = Counter(f.rule for f in findings if f.outcome == "holds")
    assert (held["T3-COL"], held["T3-SUM"], held["T3-BAL"], held["T4-SUM"]) == (23, 7, 7, 3)
    late = next(f for f in findings if f.rule == "F-LATE")
    assert late.outcome == "holds" and "限期当天" in late.message
