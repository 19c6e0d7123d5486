"""Who reports: a body under its name of the year, and bodies of one name in two counties kept apart."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue import Body, Catalogue, default_catalogue, load_bodies
from pipeline.extract import Declared, extract_document
from pipeline.identity import identify, valid_in
from pipeline.model import Document, Paragraph

COLUMNS = (
    "body_id,name,full_name,kind,code,code_system,county,prefecture,province,valid_from,valid_to,predecessor,"
    "origin,aliases\n"
)
TWO_COUNTIES = COLUMNS + (
    "a1,太平镇,太平镇人民政府,town,a1,nbs,甲山县,丙江市,丁省,,,,invented,\n"
    "b1,太平镇,太平镇人民政府,town,b1,nbs,乙水县,丙江市,丁省,,,,invented,\n"
)


@pytest.fixture
def two_counties(tmp_path: Path) -> Catalogue:
    path = tmp_path / "bodies.csv"
    path.write_text(TWO_COUNTIES, "utf-8")
    return replace(default_catalogue(), bodies=load_bodies(path))


def document(*lines: str) -> Document:
    return Document("upload.txt", "0" * 64, "text/plain", blocks=tuple(Paragraph(line) for line in lines))


def named(name: str) -> Body:
    return next(b for b in default_catalogue().bodies.values() if b.name == name)


@pytest.mark.parametrize(
    ("printed", "year", "expected"),
    [
        ("隆阳区河图镇", 2015, "河图镇"),
        ("隆阳区河图镇", 2018, "河图街道"),
        ("隆阳区河图街道", 2018, "河图街道"),
        ("隆阳区河图街道办事处", 2015, "河图镇"),
    ],
)
def test_a_report_belongs_to_the_name_that_its_line_had_in_the_year(
    printed: str, year: int, expected: str
) -> None:
    found = identify(document(f"{printed}{year}年政府信息公开工作年度报告"), default_catalogue())
    assert found.body == named(expected)
    assert found.names["title"] == printed.removeprefix("隆阳区").removesuffix("办事处"), "as printed"


def test_a_body_that_no_one_follows_stays_itself_outside_its_years() -> None:
    alone = replace(named("西邑乡"), valid_to=2010)
    assert valid_in(alone, 2015, default_catalogue()) == alone


def test_a_year_from_the_manifest_moves_the_body_along_its_line() -> None:
    extraction = extract_document(
        document("隆阳区河图镇政府信息公开工作年度报告"), default_catalogue(), Declared(None, 2019)
    )
    assert extraction.report.body == "河图街道"


@pytest.mark.parametrize(("county", "body_id"), [("甲山县", "a1"), ("乙水县", "b1")])
def test_the_county_in_the_title_tells_two_bodies_of_one_name_apart(
    two_counties: Catalogue, county: str, body_id: str
) -> None:
    other = "乙水县" if county == "甲山县" else "甲山县"
    found = identify(
        document(f"{county}太平镇2023年政府信息公开工作年度报告", f"向{other}学习。"), two_counties
    )
    assert found.body is not None and found.body.body_id == body_id
    assert not [issue for issue in found.issues if issue.code == "ambiguous_body"]


def test_without_a_county_two_bodies_of_one_name_are_an_issue_and_no_body(two_counties: Catalogue) -> None:
    found = identify(document("太平镇2023年政府信息公开工作年度报告"), two_counties)
    assert found.body is None
    issue = next(issue for issue in found.issues if issue.code == "ambiguous_body")
    assert "甲山县太平镇" in issue.message and "乙水县太平镇" in issue.message


def test_a_namesake_in_a_county_that_is_not_in_the_catalogue_is_not_taken_for_ours() -> None:
    title = "戊川县太平镇2023年政府信息公开工作年度报告"
    found = identify(document(title), default_catalogue())
    assert found.body is None and found.county == "戊川县"
    assert "unknown_body" in {issue.code for issue in found.issues}


@pytest.mark.parametrize("place", ["施甸县", "云南省保山市施甸县", "保山市", "工业园区", ""])
def test_other_ways_to_name_the_place_are_still_ours(place: str) -> None:
    found = identify(document(f"{place}太平镇2023年政府信息公开工作年度报告"), default_catalogue())
    assert found.body == named("太平镇")


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("甲山县人民政府", "甲山县太平镇2023年政府信息公开工作年度报告", "主办：甲山县人民政府"), "太平镇"),
        (("甲山县人民政府2023年政府信息公开工作年度报告", "向太平镇学习。"), "甲山县人民政府"),
        (("甲山县河口镇2023年政府信息公开工作年度报告", "主办：甲山县人民政府"), None),
    ],
    ids=["township", "county", "township that is not in the catalogue"],
)
def test_a_county_is_not_taken_for_its_townships(
    lines: tuple[str, ...], name: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "bodies.csv"
    rows = (
        TWO_COUNTIES
        + "a0,甲山县人民政府,甲山县人民政府,county,a0,nbs,甲山县,丙江市,丁省,,,,invented,甲山县\n"
    )
    path.write_text(rows, "utf-8")
    found = identify(document(*lines), replace(default_catalogue(), bodies=load_bodies(path)))
    assert found.names.get("title") == (name or "河口镇")
    assert (found.body.name if found.body else None) == name


@pytest.mark.parametrize("called", ["b1", "乙水县太平镇", "乙水县太平镇人民政府", "丙江市乙水县太平镇"])
def test_a_manifest_names_a_body_by_code_or_by_name_with_its_county(
    two_counties: Catalogue, called: str
) -> None:
    report = extract_document(
        document("太平镇2023年政府信息公开工作年度报告"), two_counties, Declared(called)
    ).report
    assert report.body_id == "b1"
    assert {"ambiguous_body", "declared_body"} & {issue.code for issue in report.issues} == set()


@pytest.mark.parametrize("called", ["太平镇", "不知何处镇"])
def test_a_manifest_that_names_nobody_or_two_settles_nothing(two_counties: Catalogue, called: str) -> None:
    report = extract_document(
        document("太平镇2023年政府信息公开工作年度报告"), two_counties, Declared(called)
    ).report
    assert report.body_id is None
    assert {"ambiguous_body", "declared_body"} <= {issue.code for issue in report.issues}


def test_a_manifest_that_gives_the_former_name_means_the_body_of_the_year() -> None:
    report = extract_document(
        document("2020年政府信息公开工作年度报告"), default_catalogue(), Declared("河图镇人民政府", 2020)
    ).report
    assert report.body == "河图街道"
