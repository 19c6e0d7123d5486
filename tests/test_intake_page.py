"""The clerk's January in a real browser: files in, what is wrong settled, published, corrected, undone."""

import io
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from pages.ui.words import Words
from pipeline import environment, warehouse
from tests.browsing import FLAGS, PATIENCE, Watched, served
from tests.conftest import REAL
from tests.test_intake import ITEMS, asked, report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard of its own with the one real report, and the folder it lies in."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("sources", "catalogue"):
        (folder / name).mkdir()
    (folder / "sources" / REAL.name).write_bytes(REAL.read_bytes())
    warehouse.build([folder / "sources"], folder / "warehouse.duckdb", corrections=[])
    environ = {
        "PIPELINE_INTAKE": str(folder / "intake"), "PIPELINE_SOURCES": str(folder / "sources"),
        "PIPELINE_CORRECTIONS": str(folder / "catalogue"),
    }  # fmt: skip
    with served(folder / "warehouse.duckdb", folder / "log.txt", environ=environ) as address:
        yield address, folder


@pytest.fixture(scope="module")
def seen(desk: tuple[str, Path]) -> Iterator[Watched]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=environment.system_browser(), args=FLAGS)
        yield Watched(browser.new_page(locale="zh-CN", viewport={"width": 1280, "height": 900}), desk[0])
        browser.close()


def packed() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("瓦窑镇.txt", report("瓦窑镇", 2019))
        archive.writestr("无名.txt", "本年度主动公开政府信息12条。")
        archive.writestr("坏.docx", b"PK\x03\x04 word/document")
    return data.getvalue()


def choose(seen: Watched, name: str, option: str) -> None:
    seen.settle()
    seen.page.get_by_role("combobox", name=name).last.click()
    seen.page.get_by_role("option", name=option).first.click()
    seen.page.wait_for_url(f"**file={urllib.parse.quote(option)}*")
    seen.settle()


def test_january(desk: tuple[str, Path], seen: Watched) -> None:
    """One walk from the files to the published build and back, with the browser closed on the way."""
    folder = desk[1]
    page = seen.open("intake")
    expect(page.locator(".answer")).to_contain_text("没有发布之前看板不变")
    page.set_input_files(
        "input[type=file]",
        [
            {"name": "一月.zip", "mimeType": "application/zip", "buffer": packed()},
            {"name": "same.txt", "mimeType": "text/plain", "buffer": REAL.read_bytes()},
        ],
    )
    page.get_by_role("button", name="收下并试读").click()
    expect(page.locator(".answer")).to_contain_text("4 份已试读", timeout=60_000)
    expect(page.locator(".answer")).to_contain_text("1 份可以发布")
    assert asked(folder / "warehouse.duckdb", ITEMS) == [("西邑乡", 2019, 501.0)]

    page.get_by_role("button", name="发布这一批").click()
    expect(page.locator(".finding.broken")).to_contain_text("还没有认出单位或年度", timeout=PATIENCE)

    # A reload, as after the browser or the server has fallen: the batch is in the address and on the disk.
    page.goto(page.url)
    choose(seen, "看哪一份", "无名.txt")
    box = page.locator(".st-key-file-box")
    box.get_by_role("combobox", name="单位").click()
    page.get_by_role("option", name="西邑乡").first.click()
    box.get_by_role("textbox", name="年度").fill("2020")
    box.get_by_role("textbox", name="理由", exact=True).fill("来文写明")
    box.get_by_role("button", name="指明单位和年度").click()
    expect(page.locator(".answer")).to_contain_text("2 份可以发布", timeout=60_000)
    choose(seen, "看哪一份", "坏.docx")
    expect(box.get_by_role("textbox", name="理由", exact=True)).to_have_value("")
    box.get_by_role("textbox", name="留言，或搁置的理由").fill("打不开，请对方重发")
    box.get_by_role("button", name="搁置这一份").click()
    expect(page.locator(".answer")).to_contain_text("搁置 1 份", timeout=60_000)

    choose(seen, "看哪一份", "瓦窑镇.txt")
    page.get_by_role("link", name="打开原文和数字").click()
    expect(page.locator(".question")).to_contain_text("瓦窑镇")
    expect(page.locator(".st-key-trial-banner")).to_contain_text("现在还没有发布")
    seen.settle()
    page.goto(f"{page.url}&fact={fact_of(folder)}")
    seen.settle()
    page.get_by_text("更正或认定").click()
    page.get_by_role("textbox", name="更正为").fill("38")
    page.locator("[data-testid=stForm]").first.get_by_role("textbox", name="理由").fill("来电更正")
    page.get_by_role("button", name="更正这个数").click()
    expect(page.locator(".st-key-chosen")).to_contain_text("38", timeout=60_000)

    page.get_by_role("link", name="回到录入").click()
    page.get_by_role("button", name="发布这一批").click()
    expect(page.locator(".answer")).to_contain_text("已经发布", timeout=60_000)
    assert asked(folder / "warehouse.duckdb", ITEMS) == [
        ("瓦窑镇", 2019, 38.0), ("西邑乡", 2019, 501.0), ("西邑乡", 2020, 12.0),
    ]  # fmt: skip
    seen.settle()
    page.get_by_role("button", name="撤销发布").click()
    expect(page.locator(".answer")).to_contain_text("可以发布", timeout=60_000)
    assert asked(folder / "warehouse.duckdb", ITEMS) == [("西邑乡", 2019, 501.0)]

    page = seen.open("log")
    expect(page.locator(".answer")).to_contain_text("记录完整")
    assert (seen.outside, seen.errors) == ([], [])


def fact_of(folder: Path) -> str:
    (trial,) = (folder / "intake").glob("*/trial/warehouse.duckdb")
    query = "select fact_id from fact join report using (report_id) where value = 37 and measure = 'items_disclosed'"
    return str(asked(trial, query)[0][0])


def test_from_another_machine_nobody_edits(desk: tuple[str, Path], seen: Watched) -> None:
    """Behind a proxy it cannot be told who sits at this machine: no editing, no batch, no trial."""
    context = seen.page.context.browser.new_context(extra_http_headers={"X-Forwarded-For": "10.1.1.1"})
    other = Watched(context.new_page(), desk[0])
    page = other.open("intake")
    expect(page.locator(".question")).to_contain_text("您的权限看不了这一页")
    (batch,) = [path.name for path in (desk[1] / "intake").iterdir() if path.is_dir()]
    page = other.open(f"volumes?batch={batch}")
    expect(page.locator(".st-key-trial-banner")).to_have_count(0)
    assert "瓦窑镇" not in page.inner_text("body")
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_desk_fits_and_speaks_one_language(language: str, width: int, seen: Watched) -> None:
    page = seen.page
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("intake", "log"):
        seen.open(f"{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.locator(".question")).to_contain_text(Words(language)(f"{path}.question"))
        if language == "zh":
            assert "per file" not in page.inner_text("body") and "Upload" not in page.inner_text("body")
