"""原文 in a real browser: hostile originals do nothing, and a figure, its place and its row point at each other."""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.ui import words
from pipeline.database import open_to_read
from tests import originals
from tests.browsing import Visit, Watched, chromium, served, visit

__all__ = ["chromium", "visit"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def held(documented: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(documented, tmp_path_factory.mktemp("log") / "held.txt") as address:
        yield address


def report_of(warehouse: Path, condition: str) -> str:
    """The report with the most figures for which a condition on `report` holds."""
    query = (
        f"select report_id from report join fact using (report_id) where {condition} "
        "group by 1 order by count(*) desc, 1 limit 1"
    )
    with open_to_read(warehouse) as connection:
        return str(connection.execute(query).fetchall()[0][0])


def of_kind(warehouse: Path, kind: str) -> str:
    return report_of(warehouse, f"media_type = '{kind}'")


def watched(seen: Watched) -> list[str]:
    """Every address asked for that is not a file of the dashboard itself."""
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    return asked


def test_a_hostile_page_runs_nothing_and_asks_for_nothing(
    held: str, documented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(held)
    asked = watched(seen)
    report = report_of(documented, f"path = '{originals.HOSTILE_PAGE}'")
    page = seen.open(f"source?report={report}")
    frame = page.locator(".framed iframe")
    expect(frame).to_have_count(1)
    assert frame.get_attribute("sandbox") == ""
    shown = page.frame_locator(".framed iframe")
    expect(shown.locator("body")).to_contain_text("501条")
    expect(shown.locator("img")).to_have_count(1)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.ran") is None
    assert len(page.frames) == 2, "no frame within the frame"
    assert page.frames[1].url.startswith("about:srcdoc")
    assert not [url for url in asked if "outside.invalid" in url]
    assert {
        url for url in asked if not url.startswith((held, held.replace("http", "ws"), "data:", "blob:"))
    } == set()
    assert (seen.outside, seen.errors) == ([], [])


def test_the_frame_alone_would_stop_what_the_cleaning_missed(
    held: str, documented: Path, visit: type[Visit]
) -> None:
    """The same hostile page, put into the frame as it is: the sandbox and the policies stand without the cleaning."""
    seen = visit.to(held)
    report = report_of(documented, f"path = '{originals.HOSTILE_PAGE}'")
    page = seen.open(f"source?report={report}")
    expect(page.locator(".framed iframe")).to_have_count(1)
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.evaluate(
        "(raw) => { const old = document.querySelector('.framed iframe');"
        " const head = old.srcdoc.split('</head>')[0];"
        " old.srcdoc = head + raw; }",
        originals.HOSTILE.decode(),
    )
    page.wait_for_timeout(2000)
    assert page.evaluate("window.ran") is None
    assert not [url for url in asked if "outside.invalid" in url]


def test_the_original_is_given_as_a_file_that_no_browser_opens(
    held: str, documented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(held)
    report = report_of(documented, f"path = '{originals.HOSTILE_PAGE}'")
    page = seen.open(f"source?report={report}")
    with page.expect_download() as download:
        page.locator(".st-key-original-file button").click()
    assert Path(download.value.path()).read_bytes() == originals.HOSTILE
    assert download.value.suggested_filename == originals.HOSTILE_PAGE
    with urllib.request.urlopen(download.value.url, timeout=20) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def pointed(page: Page) -> list[tuple[str, str]]:
    """What is lit up: tag and place."""
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.pointed')].map((e) => [e.tagName, e.dataset.place])"
    )
    return [(tag, place) for tag, place in found]


def led_to(page: Page) -> str:
    return page.frames[1].url.partition("#")[2]


def test_a_row_lights_up_its_place_and_a_place_its_row(
    held: str, documented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(held)
    page = seen.open(f"source?report={of_kind(documented, 'text/html')}")
    expect(page.locator(".framed iframe")).to_have_count(1)
    row = page.locator(".figures tbody tr").nth(40)
    place = row.get_attribute("data-place")
    # As a reader would: the page down to the list's end, then within the list.
    page.locator(".figures").evaluate("(box) => box.scrollIntoView({ block: 'end' })")
    row.evaluate("(row) => row.scrollIntoView({ block: 'nearest' })")
    row.hover()
    assert {tag for tag, _ in pointed(page)} == {"TR", "TD"}
    assert {found for _, found in pointed(page)} == {place}
    expect(page.locator(".report .pointed")).to_be_in_viewport()
    page.wait_for_timeout(400)
    assert led_to(page) == place, "the page in the frame is led there too"
    mark = page.locator(".report mark[data-place]").first
    own = mark.get_attribute("data-place")
    mark.scroll_into_view_if_needed()
    mark.hover()
    assert set(pointed(page)) == {("MARK", own), ("TR", own)}
    expect(page.locator(".figures tr.pointed")).to_have_count(1)
    page.mouse.move(5, 5)
    assert pointed(page) == []
    assert (seen.outside, seen.errors) == ([], [])


def test_the_keyboard_does_what_the_mouse_does(held: str, documented: Path, visit: type[Visit]) -> None:
    seen = visit.to(held)
    page = seen.open(f"source?report={of_kind(documented, 'text/html')}")
    mark = page.locator(".report [data-place]").nth(1)
    place = mark.get_attribute("data-place")
    mark.focus()
    assert {found for _, found in pointed(page)} == {place}
    page.keyboard.press("Enter")
    page.wait_for_url("**fact=*")
    seen.settle()
    expect(page.locator(".figures tr.chosen")).to_have_attribute("data-place", str(place))
    link = page.locator(".figures tbody tr a").nth(5)
    link.focus()
    row = page.locator(".figures tbody tr").nth(5)
    assert row.get_attribute("data-place") in {found for _, found in pointed(page)}
    page.keyboard.press("Enter")
    expect(row).to_have_class(re.compile("chosen"))
    assert (seen.outside, seen.errors) == ([], [])


def test_figures_of_one_sentence_are_underlined_together(real_text: tuple[Watched, Page]) -> None:
    _, page = real_text
    mark = page.locator(".report mark", has_text=re.compile("^501条$"))
    mark.hover()
    assert page.locator(".report mark.together").count() == 12
    expect(page.locator(".original.lines mark.pointed")).to_have_text("501条")


@pytest.fixture
def real_text(warehouse: Path, tmp_path: Path, visit: type[Visit]) -> Iterator[tuple[Watched, Page]]:
    with served(warehouse, tmp_path / "log.txt") as address:
        seen = visit.to(address)
        yield seen, seen.open("source?scope=real")


def test_a_click_chooses_without_loading_anew_and_nothing_jumps(
    held: str, documented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(held)
    page = seen.open(f"source?report={of_kind(documented, 'text/html')}")
    expect(page.locator(".framed iframe")).to_have_count(1)
    page.evaluate("() => { window.same = 1; document.querySelector('.framed iframe').same = 1; }")
    mark = page.locator(".report mark[data-place]").nth(2)
    place = mark.get_attribute("data-place")
    mark.scroll_into_view_if_needed()
    before = mark.bounding_box()
    mark.click()
    page.wait_for_url("**fact=*")
    chosen = page.locator(".report mark.chosen").first
    expect(chosen).to_have_attribute("data-place", str(place))
    seen.settle()
    page.wait_for_timeout(500)
    after = page.locator(f".report mark[data-place='{place}']").first.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 12
    assert page.evaluate("window.same") == 1, "the page was not loaded anew"
    assert page.evaluate("document.querySelector('.framed iframe').same") == 1, "nor the frame"
    assert led_to(page) == place
    page.go_back()
    expect(page.locator(".figures tr.chosen")).to_have_count(0)
    assert (seen.outside, seen.errors) == ([], [])


def test_a_page_of_a_pdf_is_turned_and_its_boxes_point_at_rows(
    held: str, documented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(held)
    page = seen.open(f"source?report={of_kind(documented, 'application/pdf')}")
    expect(page.locator(".leaf img")).to_have_js_property("complete", True)
    assert page.locator(".leaf img").evaluate("(image) => image.naturalWidth") > 600
    page.get_by_role("button", name="下一页").click()
    page.wait_for_url("**page=2*")
    seen.settle()
    box = page.locator(".leaf .box").first
    place = box.get_attribute("data-place")
    box.hover()
    assert {tag for tag, _ in pointed(page)} >= {"I", "TR"}
    assert {found for _, found in pointed(page)} == {place}
    box.click()
    page.wait_for_url("**fact=*")
    expect(page.locator(".figures tr.chosen")).to_have_attribute("data-place", str(place))
    expect(page.locator(".leaf .box.chosen")).to_be_in_viewport()
    assert (seen.outside, seen.errors) == ([], [])


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/pdf", DOCX])
def test_on_a_telephone_the_original_stands_below_and_nothing_scrolls_sideways(
    kind: str, language: str, held: str, documented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(held, width=390)
    page = seen.open(f"source?report={of_kind(documented, kind)}&lang={language}")
    shown = page.locator(".framed iframe, .original").first
    expect(shown).to_be_attached()
    text, beside = page.locator(".report").bounding_box(), shown.bounding_box()
    assert text and beside and beside["y"] >= text["y"] + text["height"]
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map((e) => e.scrollWidth - e.clientWidth)"
    )
    assert widths == [0, 0]
    wide = visit.to(held)
    page = wide.open(f"source?report={of_kind(documented, kind)}&lang={language}")
    shown = page.locator(".framed iframe, .original").first
    expect(shown).to_be_attached()
    text, beside = page.locator(".report").bounding_box(), shown.bounding_box()
    assert text and beside and beside["x"] >= text["x"] + text["width"]
    assert (wide.outside, wide.errors) == ([], [])
