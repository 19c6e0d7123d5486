"""The page of the brief and the letters: what it says, what it hands out, and where its footnotes lead."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from pages.ui import papers
from pages.ui.words import Words
from pipeline.database import open_to_read
from pipeline.paper.words import load_words
from pipeline.papers import gather
from tests import screens
from tests.test_pages import bodies_of_html, opened, said, table

NOTE = re.compile(r"<p>(\d+) (?:<a href='([^']*)'>)?([^<]*)")
BUTTONS = {"docx", "pdf", "letters", "download"}


def shown(at: object) -> str:
    """The paper that stands on the page."""
    return next(body for body in bodies_of_html(at) if "class='paper'" in body)  # type: ignore[arg-type]


def test_the_answer_counts_what_the_paper_counts(invented: Path) -> None:
    with open_to_read(invented) as connection:
        county = gather(connection, "云川县", 2024, days=30)
    at = opened(invented, "brief")
    say = Words("zh")
    missing = len(county.in_state("missing"))
    assert say("brief.answer.missing", count=missing) in said(at)
    assert f"共 {len(county.to_correct())} 项需核实更正" in re.sub(r"\s+", " ", said(at)).replace("** ", "")
    assert {button.key for button in at.get("download_button")} == BUTTONS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_paper_is_there_in_words_and_says_that_it_is_chinese(invented: Path, language: str) -> None:
    at = opened(invented, "brief", lang=language)
    text = html.unescape(re.sub("<[^>]+>", "", shown(at)))
    assert "关于云川县2024年度乡镇（街道）政府信息公开工作年度报告情况的通报" in text
    assert load_words()["paper.invented"].format(county="云川县") in text
    assert (Words("en")("brief.chinese") in said(at)) is (language == "en")


def test_footnotes_lead_to_the_printed_place(invented: Path) -> None:
    """The one broken sum: its note opens that report with the cells that entered it."""
    with open_to_read(invented) as connection:
        found = connection.execute(
            "select report_id, places from finding join report using (report_id) where year = 2024 and outcome = 'broken'"
        ).fetchone()
    assert found is not None
    at = opened(invented, "brief")
    links = [
        parse_qs(html.unescape(link).partition("?")[2]) for _, link, _ in NOTE.findall(shown(at)) if link
    ]
    assert {"report": [found[0]], "place": found[1]} in [
        {key: link[key] for key in ("report", "place") if key in link} for link in links
    ]
    numbers = [int(number) for number, *_ in NOTE.findall(shown(at))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {int(number) for number in re.findall(r"<sup>(\d+)</sup>", shown(at))} == set(numbers)


def test_a_letter_of_the_body_in_view_or_of_the_one_picked(invented: Path) -> None:
    at = opened(invented, "brief", paper="letter", body="demo03")
    assert "石桥镇人民政府：" in shown(at) and "整改清单" in shown(at)
    at = opened(invented, "brief", paper="letter", to="demo04")
    assert "白鹤街道办事处：" in shown(at)
    at = opened(invented, "brief", paper="letter", to="'; drop", year="1066", county="nowhere")
    assert "整改清单" in shown(at)


def test_the_list_has_every_body_and_how_much_it_is_asked(invented: Path) -> None:
    at = opened(invented, "brief")
    say, rows = Words("zh"), table(at, "bodies")
    assert list(rows[say("column.body")]) == [name for _, name, *_ in screens.BODIES] or set(
        rows[say("column.body")]
    ) == {name for _, name, *_ in screens.BODIES}
    asked = dict(zip(rows[say("column.body")], rows[say("brief.column.count")], strict=True))
    assert asked["石桥镇"] == "1" and asked["云溪镇"] == "0"
    assert asked["长岭乡"] == say("sign.missing")


def test_of_all_real_bodies_one_county_is_picked(warehouse: Path) -> None:
    at = opened(warehouse, "brief", scope="real")
    counties = next(box for box in at.selectbox if box.key == "county")
    assert len(counties.options) > 10
    at = opened(warehouse, "brief", scope="real", county="保山市-隆阳区")
    assert "关于隆阳区2019年度" in shown(at) and "未见 20 份" in said(at)


def test_the_files_are_those_of_the_command(invented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(invented))
    opened(invented, "brief")
    with open_to_read(invented) as connection:
        county = gather(connection, "云川县", 2024, days=30)
        from pipeline.brief import brief
        from pipeline.paper.printed import as_pdf

        own = as_pdf(brief(connection, county))
    assert papers.paper_as(county.scope, 2024, None, "pdf") == own
    assert papers.letters_as_zip(county.scope, 2024).startswith(b"PK")


def test_hostile_words_reach_the_browser_as_text(invented: Path) -> None:
    for body in ("demo01", "demo03"):
        at = opened(invented, "brief", paper="letter", body=body)
        assert (
            "<script" not in shown(at)
            and "onerror=" not in re.sub("&[a-z]+;", "", shown(at)).split("<img")[-1]
        )


def test_the_overview_leads_here(invented: Path) -> None:
    at = opened(invented, "overview")
    assert Words("zh")("brief.open") in [link.proto.label for link in at.get("page_link")]
