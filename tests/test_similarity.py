"""Copied paragraphs are named with their places in both reports; numbers, own names and boiler-plate do not count."""

import hashlib
import shutil
from pathlib import Path

import pytest

from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read
from pipeline.similarity import Section, copied_paragraphs, masked, similarities
from pipeline.warehouse import build

COPIED = (
    "{year}年，{body}认真贯彻落实政府信息公开条例，坚持以公开为常态、不公开为例外，及时回应群众关切，"
    "完善公开目录和公开指南，加强重点领域信息公开，全年召开专题会议{n}次，组织业务培训{n}次，参训人员{n}0人次。"
)
OWN = {
    2019: "围绕脱贫攻坚，把低保评定、危房改造、产业扶持资金的名单张贴到各村民小组，由驻村工作队逐户讲解政策，并收集意见。",
    2020: "疫情防控期间，通过村村响广播和流动宣传车播报防疫通告，安排网格员逐户发放明白卡，解答复工复产中的疑问和困难。",
}
PROBLEMS = "公开的内容不够全面。下一步将加强学习，提高公开质量。"


def report(body: str, year: int, *paragraphs: str) -> str:
    lines = [f"{body}{year}年政府信息公开工作年度报告", "一、总体情况", *paragraphs]
    return "\n\n".join([*lines, "五、存在的主要问题及改进情况", PROBLEMS, "六、其他需要报告的事项", "无。"])


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sources = tmp_path_factory.mktemp("copied") / "sources"
    sources.mkdir()
    manifest = ["path,body,year,url,sha256"]
    for body in ("西邑乡", "潞江镇"):
        for year in (2019, 2020):
            own = OWN[year] if body == "西邑乡" else OWN[year].replace("，", f"（{body}）{year}，")
            text = report(body, year, COPIED.format(body=body, year=year, n=year % 7 + 1), own)
            path = sources / f"{body}{year}年政府信息公开工作年度报告.txt"
            path.write_text(text, "utf-8")
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            manifest.append(f"{path.name},{body_id(body)},{year},,{digest}")
    (sources / "manifest.csv").write_text("\n".join(manifest) + "\n", "utf-8")
    build([sources], sources.parent / "warehouse.duckdb")
    return sources.parent / "warehouse.duckdb"


def body_id(name: str) -> str:
    return next(body.body_id for body in default_catalogue().bodies.values() if body.name == name)


def test_numbers_and_own_names_are_masked() -> None:
    first = masked("2019年西邑乡人民政府公开１２条，我乡另有三百条。", ["西邑乡", "西邑乡人民政府"])
    assert first == masked("2020年潞江镇公开7条，我镇另有五十条。", ["潞江镇", "潞江镇人民政府"])


def test_a_copied_paragraph_is_named_with_its_places_and_others_are_not(copied: Path) -> None:
    with open_to_read(copied) as connection:
        rows = connection.execute(
            "select one.year, other.year, section, against, places, other_places, share from similarity"
            " join report as one using (report_id) join report as other on other.report_id = other_report_id"
            " where one.body_id = $body order by against, one.year",
            {"body": body_id("西邑乡")},
        ).fetchall()
    last_year = [row for row in rows if row[3] == "last_year"]
    assert [row[:6] for row in last_year] == [(2020, 2019, "一", "last_year", ["b2"], ["b2"])]
    assert 0.4 < last_year[0][6] < 0.95
    neighbours = [row for row in rows if row[3] == "neighbour"]
    assert [(row[0], row[1]) for row in neighbours] == [(2019, 2019), (2020, 2020)]
    assert all("b2" in row[4] for row in neighbours)


def test_boiler_plate_is_not_compared(copied: Path) -> None:
    with open_to_read(copied) as connection:
        sections = connection.execute("select distinct section from similarity").fetchall()
    assert sections == [("一",)]


def test_findings_say_sections_and_paragraphs_and_carry_the_places(copied: Path) -> None:
    with open_to_read(copied) as connection:
        rows = connection.execute(
            "select rule, message, message_en, places from finding where rule like 'F-COPY%' and outcome <> 'not_assessable'"
        ).fetchall()
    assert {row[0] for row in rows} == {"F-COPY", "F-COPY-PEER"}
    assert all("第一部分" in zh and "段几乎逐字相同" in zh and "section 1" in en for _, zh, en, _ in rows)
    assert all("b2" in places for *_, places in rows)


def test_one_county_alone_gives_its_own_rows(copied: Path) -> None:
    with open_to_read(copied) as connection:
        everything = list(similarities(connection, default_catalogue()))
        assert everything
        county = default_catalogue().bodies[body_id("西邑乡")].county
        assert list(similarities(connection, default_catalogue(), [county])) == everything
        assert list(similarities(connection, default_catalogue(), ["别的县"])) == []


def test_a_later_build_says_the_same_as_one_from_nothing(copied: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(copied.parent / "sources", sources)
    (sources / "manifest.csv").unlink()
    changed = sources / "潞江镇2020年政府信息公开工作年度报告.txt"
    text = changed.read_text("utf-8")
    build([sources], tmp_path / "warehouse.duckdb")
    assert rows_of(tmp_path / "warehouse.duckdb") == rows_of(copied)
    changed.write_text(text.replace("加强重点领域信息公开", "把办事指南印成小册子发到每家每户"), "utf-8")
    build([sources], tmp_path / "warehouse.duckdb")
    assert len(set(rows_of(tmp_path / "warehouse.duckdb")) - set(rows_of(copied))) >= 2
    changed.write_text(text, "utf-8")
    build([sources], tmp_path / "warehouse.duckdb")
    assert rows_of(tmp_path / "warehouse.duckdb") == rows_of(copied)
    changed.unlink()
    build([sources], tmp_path / "warehouse.duckdb")
    assert rows_of(tmp_path / "warehouse.duckdb")
    assert not any("530502106-2020" in row for row in rows_of(tmp_path / "warehouse.duckdb"))


def rows_of(warehouse: Path) -> list[str]:
    with open_to_read(warehouse) as connection:
        return [str(row) for row in connection.execute("from similarity order by all").fetchall()]


def test_a_paragraph_within_a_longer_one_is_copied_and_the_longer_one_is_not() -> None:
    sentences = [masked(COPIED), masked(OWN[2019])]
    short, long = Section({3: sentences[0]}), Section({7: "".join(sentences)})
    assert copied_paragraphs(short, long) == [(3, 7)]
    assert copied_paragraphs(long, short) == []
