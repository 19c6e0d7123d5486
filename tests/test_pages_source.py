"""原文: the original of each kind beside the text, and the list of figures tied to both."""

import html
import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import words
from pages.ui.words import Words
from pipeline.database import open_to_read
from tests import originals
from tests.test_pages import bodies_of_html, listed, opened, said

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLACE = re.compile(r"data-place='([^']*)'")


def ask(warehouse: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with open_to_read(warehouse) as connection:
        return connection.execute(query, list(values)).fetchall()


def report_of(warehouse: Path, media_type: str) -> str:
    """The report of that kind with the most figures."""
    query = "select report_id from report join fact using (report_id) where media_type = ? group by 1 order by count(*) desc, 1 limit 1"
    return str(ask(warehouse, query, media_type)[0][0])


def body_with(at: AppTest, mark: str) -> str:
    return next(body for body in bodies_of_html(at) if mark in body)


def places(body: str) -> set[str]:
    return {place for found in PLACE.findall(body) for place in found.split()}


def label(key: str, language: str = "zh") -> str:
    return Words(language)(key)


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/pdf", DOCX])
def test_every_figure_is_listed_once_and_tied_to_its_place_in_the_text(kind: str, documented: Path) -> None:
    report = report_of(documented, kind)
    facts = ask(documented, "select fact_id, locator, raw_text from fact where report_id = ?", report)
    at = opened(documented, "source", report=report)
    figures = body_with(at, "class='figures'")
    addresses = [html.unescape(address) for address in re.findall(r"<a href='([^']*)'", figures)]
    assert sorted(address.partition("fact=")[2] for address in addresses) == sorted(
        str(fact) for fact, _, _ in facts
    )
    assert all(f"report={report}" in address for address in addresses)
    locators = {str(locator) for _, locator, _ in facts}
    assert places(figures) == locators
    assert places(body_with(at, "class='report'")) == locators
    assert sorted(row[4] for row in listed(at)) == sorted(str(raw) for _, _, raw in facts)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_web_page_reaches_the_browser_as_text(language: str, documented: Path) -> None:
    ((report,),) = ask(documented, "select report_id from report where path = ?", originals.HOSTILE_PAGE)
    at = opened(documented, "source", report=str(report), lang=language)
    framed = body_with(at, "class='framed'")
    assert set(re.findall(r"</?(\w+)", framed)) == {"div", "pre"}
    page = html.unescape(framed.partition("<pre hidden>")[2])
    assert "outside.invalid" not in page
    assert 'id="b0:14-18"' in page or "<mark" in page
    assert label("original.as.page", language) in said(at)


def test_a_text_is_shown_line_by_line_with_the_span_marked(warehouse: Path) -> None:
    ((report, fact),) = ask(
        warehouse,
        "select report_id, fact_id from fact join report using (report_id) where measure = 'items_disclosed' and sha256 is not null",
    )
    at = opened(warehouse, "source", report=str(report), fact=str(fact))
    shown = body_with(at, "class='original lines'")
    assert re.search(r"<li value='25'>.*<mark class='chosen'[^>]*>501条</mark>", shown)
    assert shown.count("class='other near'") == 12, "the other figures of the sentence"
    facts = ask(warehouse, "select distinct locator from fact where report_id = ?", report)
    assert places(shown) == {str(locator) for (locator,) in facts}


class TestPdf:
    def opened(self, documented: Path, **query: str) -> AppTest:
        return opened(documented, "source", report=report_of(documented, "application/pdf"), **query)

    def test_opens_at_the_page_of_the_chosen_figure_with_its_box(self, documented: Path) -> None:
        report = report_of(documented, "application/pdf")
        ((fact, locator, page),) = ask(
            documented,
            """select fact_id, locator, page from fact join passage using (report_id)
            where report_id = ? and page > 0 and cell_row is not null
            and locator = 'b' || block || 'r' || cell_row || 'c' || cell_column order by 1 limit 1""",
            report,
        )
        at = self.opened(documented, fact=str(fact))
        drawn = body_with(at, "class='original drawn'")
        assert f"第 {int(str(page)) + 1} 页" in said(at)
        assert re.findall(r"<i class='box chosen' data-place='([^']*)'", drawn) == [locator]
        assert len(re.findall(r"<i class='box other'", drawn)) > 1
        assert drawn.count("<img ") == 1
        assert "src='data:image/webp;base64," in drawn

    @pytest.mark.parametrize(
        ("page", "shown"), [("1", 1), ("2", 2), ("99999", -1), ("x", 1), ("0", 1), ("-3", 1)]
    )
    def test_the_page_stands_in_the_address(self, page: str, shown: int, documented: Path) -> None:
        at = self.opened(documented, page=page)
        number, pages = map(int, re.findall(r"第 (\d+) 页，共 (\d+) 页", said(at))[0])
        assert number == (pages if shown < 0 else shown)
        back, forward = (
            next(b for b in at.button if b.label == label(f"original.{way}")) for way in ("back", "forward")
        )
        assert (back.disabled, forward.disabled) == (number == 1, number == pages)
        if not forward.disabled:
            forward.click().run()
            assert str(number + 1) in at.query_params["page"]


def test_a_file_without_layout_is_shown_by_its_tables_and_can_be_taken_away(documented: Path) -> None:
    at = opened(documented, "source", report=report_of(documented, DOCX))
    tables = body_with(at, "class='original tables'")
    assert "<th scope='col'>3</th>" in tables and "<th scope='row'>2</th>" in tables
    assert label("original.as.tables") in said(at)
    assert places(tables) <= places(body_with(at, "class='report'"))
    (button,) = [button for button in at.get("download_button") if button.key == "original-file"]
    assert button.label == label("original.download")


def test_a_member_of_an_archive_has_its_original(documented: Path) -> None:
    ((report,),) = ask(documented, "select report_id from report where path like 'packed.zip/%'")
    at = opened(documented, "source", report=str(report))
    assert "class='original lines'" in body_with(at, "class='original lines'")


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("fate", ["changed", "gone"])
def test_an_original_that_is_not_what_was_read_is_not_shown(
    fate: str, language: str, documented: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "moved"
    shutil.copytree(documented.parent / "documents", folder / "documents")
    from pipeline.warehouse import build

    build([folder / "documents"], folder / "warehouse.duckdb", workers=1)
    page = folder / "documents" / originals.HOSTILE_PAGE
    if fate == "changed":
        page.write_bytes(page.read_bytes() + b" ")
    else:
        page.unlink()
    ((report,),) = ask(
        folder / "warehouse.duckdb", "select report_id from report where path = ?", originals.HOSTILE_PAGE
    )
    at = opened(folder / "warehouse.duckdb", "source", report=str(report), lang=language)
    assert Words(language)(f"original.lost.{fate}", path=originals.HOSTILE_PAGE) in said(at)
    assert "class='framed'" not in "".join(bodies_of_html(at))
    assert not [button for button in at.get("download_button") if button.key == "original-file"]


def test_a_figure_from_a_public_page_has_its_address_and_nothing_to_choose(warehouse: Path) -> None:
    ((report, url),) = ask(
        warehouse, "select report_id, url from report where sha256 is null order by report_id limit 1"
    )
    at = opened(warehouse, "source", report=str(report))
    assert url in said(at)
    assert label("original.title") not in said(at)
    assert {row[5] for row in listed(at)} == {label("source.place.address")}


def test_the_list_stands_beside_the_text_where_the_address_says_so(documented: Path) -> None:
    at = opened(documented, "source", report=report_of(documented, "text/html"), beside="figures")
    assert "class='framed'" not in "".join(bodies_of_html(at))
    assert listed(at)
    at = opened(documented, "source", report=report_of(documented, "text/html"), beside="<b>")
    assert "class='framed'" in "".join(bodies_of_html(at))


def test_what_is_sought_stands_in_the_address_and_the_rest_is_hidden_not_lost(documented: Path) -> None:
    report = report_of(documented, "text/html")
    everything = listed(opened(documented, "source", report=report))
    at = opened(documented, "source", report=report, find="予以公开")
    figures = body_with(at, "class='figures'")
    sought = sum("予以公开" in row[0] + row[1] + row[4] for row in everything)
    assert 0 < sought < len(everything)
    assert figures.count("<tr") - figures.count(" hidden>") - 1 == sought
    at = opened(documented, "source", report=report, find="没有这样的指标")
    assert Words("zh")("source.find.none", sought="没有这样的指标") in said(at)


def test_the_chosen_figure_is_marked_in_the_list_and_its_sentence_underlined(warehouse: Path) -> None:
    ((report, fact),) = ask(
        warehouse,
        "select report_id, fact_id from fact join report using (report_id) where measure = 'items_disclosed' and sha256 is not null",
    )
    at = opened(warehouse, "source", report=str(report), fact=str(fact))
    assert body_with(at, "class='figures'").count("class='chosen'") == 1
    article = body_with(at, "class='report'")
    assert article.count("class='chosen'") == 1
    assert article.count("class='other near'") == 12
