"""The dashboard as a reader has it: the real server, a real Chromium, nothing but this machine."""

import csv
import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from pages import ui
from pages.ui import words
from pipeline.database import open_to_read
from tests import screens
from tests.browsing import PATIENCE, QUIET, Visit, served

PAGES = ("", *ui.PAGES[1:])
# Their downloads hold rows of their own, tested elsewhere.
OWN_DOWNLOADS = ("compare", "ranking", "search", "checks", "brief", "definitions", "analysis", "downloads")
TRIED = {text for key, text in words.Words("zh").family("search.try").items()}
CJK = re.compile(r"[\u3400-\u9fff]+")
# The outline of a report that is not held, as the browser writes it.
FAINT = "rgb(169, 178, 189)"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", PAGES)
def test_a_cold_deep_link_shows_frame_and_page(path: str, demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open(f"{path}?body=demo03&years=2022-2024")
    menu = page.locator(".st-key-menu")
    expect(menu).to_contain_text("政务公开年报看板")
    expect(menu.locator("a")).to_have_count(len(PAGES) + len(ui.DESK))
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("数据范围")
    expect(page.get_by_role("combobox", name="单位")).to_have_value("石桥镇")
    assert page.url == f"{demo}/{path}?body=demo03&years=2022-2024"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert (seen.outside, seen.errors) == ([], [])


def test_the_files_name_leads_to_the_first_page(demo: str, visit: type[Visit]) -> None:
    page = visit.to(demo).open("overview?lang=en")
    assert page.url == f"{demo}/?lang=en"


def test_a_filter_stands_in_the_address_and_a_reload_shows_the_same(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("channels")
    page.locator("[data-testid=stSidebar]").get_by_role("combobox").last.click()
    page.get_by_role("option", name="石桥镇").click()
    page.wait_for_url("**/channels?body=demo03")
    expect(page.locator(".question")).to_contain_text("石桥镇")
    seen.settle()
    before = content(page)
    page.reload()
    seen.settle()
    expect(page.locator(".question")).to_contain_text("石桥镇")
    assert content(page) == before
    page.get_by_role("link", name="申请办理").click()
    page.wait_for_url("**/requests?body=demo03")
    expect(page.locator(".question")).to_contain_text("石桥镇收到多少申请")


def content(page: Page) -> list[str]:
    """What the page says and draws."""
    expect(page.locator(".stPlotlyChart .barlayer .point").first).to_be_attached()
    words_said = page.locator("[data-testid=stHtml]").all_inner_texts()
    return [*words_said, *page.locator(".stPlotlyChart text").all_text_contents()]


def test_another_scope_forgets_the_bodies_of_the_one_before(real: str, visit: type[Visit]) -> None:
    seen = visit.to(real)
    page = seen.open("?body=530502203")
    page.locator("[data-testid=stSidebar]").get_by_role("combobox").first.click()
    page.get_by_role("option", name="全部真实单位").click()
    page.wait_for_url("**/?scope=real")
    seen.settle()
    expect(page.locator(".answer")).to_contain_text("只有公开页面上的数字")


def test_back_and_forward_work(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("channels?body=demo03")
    page.get_by_role("link", name="申请办理").click()
    expect(page.locator(".question")).to_contain_text("收到多少申请")
    page.go_back()
    expect(page.locator(".question")).to_contain_text("信息从哪些渠道")
    page.go_forward()
    expect(page.locator(".question")).to_contain_text("收到多少申请")


def test_a_click_on_a_bar_opens_the_sentence_it_was_printed_in(real: str, visit: type[Visit]) -> None:
    seen = visit.to(real)
    page = seen.open("channels")
    # Plotly lays a sheet over the bars that takes the clicks.
    page.locator(".stPlotlyChart .barlayer .point path").first.click(force=True)
    page.wait_for_url("**/source?*")
    chosen = page.locator(".excerpt mark.chosen")
    expect(chosen).to_have_text("257条")
    expect(chosen).to_be_in_viewport()
    expect(page.locator(".excerpt")).to_contain_text("西邑风采")
    assert is_scrolled_to_the_mark(page)
    assert (seen.outside, seen.errors) == ([], [])


def is_scrolled_to_the_mark(page: Page) -> bool:
    """Whether the box of the whole text shows the chosen figure."""
    expect(page.locator(".report mark.chosen")).to_be_attached()
    shown: bool = page.evaluate(
        """() => {
          const [box, mark] = ['.report', '.report mark.chosen'].map((name) => document.querySelector(name)
            .getBoundingClientRect());
          return mark.top >= box.top && mark.bottom <= box.bottom;
        }"""
    )
    return shown


def test_bars_carry_their_numbers(demo: str, visit: type[Visit]) -> None:
    page = visit.to(demo).open("channels?body=demo01")
    shown = page.locator(".stPlotlyChart").first.locator("text.bartext")
    expect(shown.filter(has_text=re.compile("^141$"))).to_be_visible()
    sizes = shown.evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().height)")
    assert sum(size > 8 for size in sizes) >= 12


def test_a_click_on_a_cell_of_a_table_opens_its_source(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("channels?body=demo01&years=2024-2024")
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    # The grid is a canvas: row 1 lies under the heading, the third column holds the total.
    grid.click(position={"x": 200, "y": 46})
    page.wait_for_url("**/source?*fact=demo01-2024-f001*")
    expect(page.locator(".excerpt mark.chosen")).to_have_text("315条")


def test_a_figure_of_the_list_is_marked_in_the_text(real: str, visit: type[Visit]) -> None:
    seen = visit.to(real)
    page = seen.open("source")
    page.locator(".figures tbody tr").first.click()
    page.wait_for_url("**fact=*")
    expect(page.locator(".excerpt mark.chosen")).to_have_text("501条")
    expect(page.locator(".figures tr.chosen")).to_be_in_viewport()
    assert is_scrolled_to_the_mark(page)
    assert (seen.outside, seen.errors) == ([], [])


def test_a_search_shows_its_hits_and_a_hit_leads_to_its_place(real: str, visit: type[Visit]) -> None:
    seen = visit.to(real)
    page = seen.open("search?q=公开")
    expect(page.get_by_role("textbox", name="要找的字词")).to_have_value("公开")
    marks = page.locator(".excerpt mark.chosen")
    expect(marks.first).to_be_visible()
    assert set(marks.all_inner_texts()) == {"公开"}
    hit = page.locator("[class*=st-key-hit-]").nth(3)
    shown = hit.locator(".excerpt").inner_text()
    hit.get_by_role("link", name="看原文").click()
    page.wait_for_url("**/source?*place=*")
    expect(page.locator(".question")).to_contain_text("西邑乡")
    expect(page.locator("[class*=st-key-chosen] .excerpt")).to_contain_text(shown.splitlines()[0].strip("…"))
    assert is_scrolled_to_the_mark(page)
    assert set(page.locator(".report mark.chosen").all_inner_texts()) == {"公开"}
    page.go_back()
    expect(page.get_by_role("textbox", name="要找的字词")).to_have_value("公开")
    assert (seen.outside, seen.errors) == ([], [])


def test_a_body_is_picked_from_the_list_and_its_figure_opens(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("profile")
    # The grid is a canvas: the third row is the third body's.
    page.locator("[data-testid=stDataFrame]").first.click(position={"x": 60, "y": 106})
    page.wait_for_url("**/profile?body=demo03")
    expect(page.locator(".question")).to_contain_text("石桥镇公开得怎么样")
    seen.settle()
    page.locator(".sheet a[href*='fact=demo03-2024-f001']").first.click()
    page.wait_for_url("**/source?*fact=demo03-2024-f001*")
    seen.settle()
    expect(page.locator(".excerpt mark.chosen")).to_have_text("389余条")
    assert (seen.outside, seen.errors) == ([], [])


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_a_sheet_prints_on_two_pages_of_paper_without_the_frame(
    width: int, dark: bool, demo: str, visit: type[Visit]
) -> None:
    seen = visit.to(demo, width=width, dark=dark)
    page = seen.open("profile?body=demo03")
    for drawing in page.locator(".js-plotly-plot").all():
        expect(drawing.locator(".main-svg").first).to_be_attached()
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert len(printed) <= 2
    assert [round(side) for side in printed[0].get_size()] == [595, 842]
    assert "石桥镇公开得怎么样" in text and "表三总计列" in text and "由多到少第" in text
    assert not any(word in text for word in ("数据范围", "下载", "按哪天所知", "逐年数字"))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.main-svg, .sheet table')].filter((drawn) => {
          const [box, paper] = [drawn, document.querySelector('[data-testid=stMain]')].map((e) => e.getBoundingClientRect());
          return box.right > paper.right + 1;
        }).length"""
    )
    assert cut == 0


def test_bodies_to_compare_stand_in_the_address_and_are_downloaded(
    demo: str, invented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(demo)
    page = seen.open("compare?with=demo01&measure=items_disclosed&years=2023-2024")
    page.get_by_role("combobox", name=re.compile("对比谁")).click()
    page.get_by_role("option", name="石桥镇").click()
    page.wait_for_url("**with=demo01&*with=demo03*")
    expect(page.locator(".answer")).to_contain_text("石桥镇 1 项")
    seen.settle()
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    raw = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    with open_to_read(invented) as connection:
        found = connection.execute(
            "select body.name, year::text, value, bound from fact join report using (report_id)"
            " join body using (body_id) where measure = 'items_disclosed' and year >= 2023"
            " and body_id in ('demo01', 'demo03') order by body_id, year"
        ).fetchall()
    say = words.Words("zh")
    assert [(row["单位"], row["年度"], row["数值"], row["精确程度"]) for row in rows] == [
        (body, year, f"{value:g}", say.of("bound_name", bound)) for body, year, value, bound in found
    ]
    assert (seen.outside, seen.errors) == ([], [])


def test_a_weight_that_is_moved_scores_anew_and_a_score_leads_to_the_print(
    demo: str, invented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(demo)
    page = seen.open("ranking?peers=all&year=2023&body=demo01")
    before = page.locator(".answer").inner_text()
    assert "6 个乡镇街道" in before
    slider = page.get_by_role("slider", name="报告义务")
    slider.focus()
    slider.press("End")
    page.wait_for_url("**A=100**")
    seen.settle()
    expect(page.get_by_role("heading", name=re.compile("自定，从“通行”改来"))).to_be_visible()
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    raw = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    with open_to_read(invented) as connection:
        stored = connection.execute(
            "select name, value from indicator_value join body using (body_id) where year = 2023 and indicator = 'A4'"
        ).fetchall()
    assert {(row["单位"], float(row["表格填全（得分率）"])) for row in rows} == set(stored)
    page.get_by_role("button", name="恢复“通行”").click()
    page.wait_for_url(lambda url: "A=100" not in url)
    seen.settle()
    expect(page.locator(".answer")).to_have_text(before)
    page.locator(".sheet a", has_text="没有可评的事项").first.click()
    page.wait_for_url("**/source?**report=demo01-2023**")
    expect(page.locator("mark.chosen").first).to_be_visible()
    assert (seen.outside, seen.errors) == ([], [])


def test_a_brief_is_read_taken_and_traced_to_its_source(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("brief?year=2024")
    expect(page.locator(".paper h2")).to_contain_text("关于云川县2024年度")
    for key, start in (("docx", b"PK"), ("pdf", b"%PDF"), ("letters", b"PK")):
        with page.expect_download(timeout=PATIENCE) as download:
            page.locator(f".st-key-{key} button").click()
        assert Path(download.value.path()).read_bytes().startswith(start)
        assert "云川县2024年度" in download.value.suggested_filename
    page.locator(".paper .notes a", has_text="T3-BAL").click()
    page.wait_for_url("**source?**")
    seen.settle()
    expect(page.locator(".report mark.chosen").first).to_be_visible(timeout=PATIENCE)
    assert (seen.outside, seen.errors) == ([], [])


def test_words_that_are_typed_stand_in_the_address(demo: str, visit: type[Visit]) -> None:
    page = visit.to(demo).open("search?body=demo01&page=2")
    page.get_by_role("textbox", name="要找的字词").fill("今日头条")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("2 份写到“今日头条”")
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert asked == {"body": ["demo01"], "q": ["今日头条"]}


def test_a_small_line_is_picked_by_a_click_and_undone_by_another(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("volumes?scale=own")
    tile = page.locator("[class*=st-key-tile-]").filter(has_text="石桥镇")
    expect(tile.locator("img.spark")).to_be_visible()
    # The whole tile is the link, not its name alone.
    tile.click(position={"x": 60, "y": 50})
    page.wait_for_url("**/volumes?*body=demo03*")
    expect(page.locator(".question")).to_contain_text("石桥镇公开了多少")
    expect(page.locator("[data-testid=stSidebar]").get_by_role("combobox", name="单位")).to_have_value(
        "石桥镇"
    )
    seen.settle()
    picked = page.locator("[class*=st-key-tile-picked-]")
    expect(picked).to_contain_text("石桥镇")
    picked.click(position={"x": 60, "y": 50})
    expect(page.locator(".question")).to_have_text("公开了多少？")
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query) == {"scale": ["own"]}
    assert (seen.outside, seen.errors) == ([], [])


def test_a_measure_and_a_scale_that_are_picked_stand_in_the_address(demo: str, visit: type[Visit]) -> None:
    page = visit.to(demo).open("volumes")
    page.get_by_role("radio", name="各自刻度").click()
    page.wait_for_url("**/volumes?scale=own")
    box = page.get_by_role("combobox", name="看哪个数")
    # a list that opens while the page scrolls closes again
    box.scroll_into_view_if_needed()
    box.click()
    page.get_by_role("option", name=re.compile("举办培训班数")).click()
    page.wait_for_url("**measure=trainings_held*")
    expect(page.locator(".question")).to_contain_text("举办培训班数是多少")


def asked_of(page: Page) -> dict[str, list[str]]:
    return urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)


def test_a_year_s_bar_leads_to_its_bodies_and_the_switch_leads_back(
    district: str, visit: type[Visit]
) -> None:
    seen = visit.to(district)
    page = seen.open("channels")
    expect(page.locator(".stPlotlyChart")).to_have_count(1)
    page.locator(".stPlotlyChart .barlayer .point path").first.click(force=True)
    page.wait_for_url("**view=bodies*")
    seen.settle()
    year = asked_of(page)["year"][0]
    expect(page.locator(".answer")).to_contain_text(f"{year} 年")
    page.get_by_role("radio", name="占总数比例").or_(
        page.get_by_role("button", name="占总数比例")
    ).first.click()
    page.wait_for_url("**as=share**")
    expect(page.locator(".stPlotlyChart text.bartext").first).to_contain_text("%")
    seen.settle()
    page.get_by_role("radio", name="历年").or_(page.get_by_role("button", name="历年")).first.click()
    expect(page.locator(".answer")).not_to_contain_text(f"{year} 年 ")
    assert "view" not in asked_of(page)
    assert (seen.outside, seen.errors) == ([], [])


def test_a_mark_of_an_account_opens_where_it_is_named(district: str, visit: type[Visit]) -> None:
    seen = visit.to(district)
    page = seen.open("channels?view=accounts")
    expect(page.locator(".legend").first).to_contain_text("只提名称，没有数字")
    page.locator(".stPlotlyChart .scatterlayer .point").first.click(force=True)
    page.wait_for_url("**/source?*fact=*")
    expect(page.locator(".excerpt mark.chosen")).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".answer")).to_contain_text("提到过微信公众号")
    assert (seen.outside, seen.errors) == ([], [])


def test_a_reason_is_narrowed_to_opened_and_left_again(district: str, visit: type[Visit]) -> None:
    seen = visit.to(district)
    page = seen.open("requests?view=reasons")
    page.locator(".stPlotlyChart .barlayer .point path").first.click(force=True)
    page.wait_for_url("**reason=*")
    seen.settle()
    reason = asked_of(page)["reason"][0]
    page.reload()
    seen.settle()
    assert asked_of(page) == {"view": ["reasons"], "reason": [reason]}
    page.get_by_role("button", name="看全部理由").click()
    expect(page.locator(".seen").first).to_contain_text("没有公开的")
    assert asked_of(page) == {"view": ["reasons"]}
    page.go_back()
    expect(page.get_by_role("button", name="看全部理由")).to_be_visible()
    assert asked_of(page) == {"view": ["reasons"], "reason": [reason]}
    seen.open(f"requests?view=reasons&reason={reason}")
    # The grid is a canvas: the first report's number stands in the last column.
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    grid.click(position={"x": box["width"] - 30, "y": 46})
    page.wait_for_url("**/source?*fact=*")
    expect(page.locator(".excerpt mark.chosen").first).to_be_attached()
    assert (seen.outside, seen.errors) == ([], [])


def test_a_body_without_requests_says_since_when_and_leads_to_its_zero(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("requests?body=demo04")
    expect(page.locator(".facts")).to_contain_text("2023 年起连续 2 年写明为零")
    page.get_by_role("link", name="看原文").first.click()
    page.wait_for_url("**/source?*fact=*")
    expect(page.locator(".excerpt mark.chosen").first).to_have_text("0")
    assert (seen.outside, seen.errors) == ([], [])


def test_text_of_a_report_runs_nothing_and_fetches_nothing(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("source?report=demo01-2024")
    expect(page.locator(".report")).to_contain_text(screens.HOSTILE)
    assert page.evaluate("window.ran") is None
    assert page.locator(".report img, .report script, .report iframe").count() == 0
    seen.open("channels?body=demo01&years=2024-2024")
    assert page.evaluate("window.ran") is None
    assert (seen.outside, seen.errors) == ([], [])


def test_a_script_that_is_not_ours_is_stopped_by_the_policy(demo: str, visit: type[Visit]) -> None:
    page = visit.to(demo).open("")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("path", [path for path in PAGES if path not in OWN_DOWNLOADS])
def test_a_download_holds_what_the_warehouse_holds(
    path: str, language: str, demo: str, invented: Path, visit: type[Visit]
) -> None:
    page = visit.to(demo).open(f"{path}?lang={language}&body=demo01&report=demo01-2024&years=2023-2024")
    # While the page runs anew its button is another one.
    page.evaluate(QUIET)
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows == expected_download(path, language, invented)


def expected_download(path: str, language: str, warehouse: Path) -> list[dict[str, str]]:
    """The same rows, read from the tables with nothing of the pages but their words."""
    narrowed = {
        "": "year in (2023, 2024) and body_id = 'demo01'",
        "volumes": "year in (2023, 2024) and body_id = 'demo01' and measure = 'items_disclosed'",
        "profile": "year in (2023, 2024) and body_id = 'demo01'",
        "channels": "year in (2023, 2024) and body_id = 'demo01' and measure like 'items_%'",
        "requests": "year in (2023, 2024) and body_id = 'demo01' and section in ('requests', 'disputes')",
        "source": "report_id = 'demo01-2024'",
    }[path]
    label = f"label_{language}"
    query = f"""
        select body.name as body, body.county, report.year, report.published::text as published,
            measure.{label} as label, applicant.{label} as applicant, channel.{label} as channel,
            fact.account, fact.category, fact.value, fact.unit, fact.status, fact.bound, fact.raw_text,
            fact.locator, coalesce(report.url, report.path) as source, report.sha256, report_id, fact_id,
            fact.printed_value, fact.printed_status, fact.correction_id, null as correction_reason, fact.known_from
        from fact join report using (report_id) join body using (body_id) join measure using (measure)
        left join applicant using (applicant) left join channel using (channel)
        where {narrowed}
        order by year, report_id, measure.position, applicant.position, channel.position, fact_id
    """
    say = words.Words(language)
    with open_to_read(warehouse) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [written(dict(zip(names, row, strict=True)), say) for row in found.fetchall()]


def written(row: dict[str, object], say: words.Words) -> dict[str, str]:
    families = {"status": "status", "printed_status": "status", "bound": "bound_name", "unit": "unit"}
    cells = {}
    for name, value in row.items():
        text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        text = say.of(families[name], text) if name in families else text
        cells[say.of("csv", name)] = f"'{text}" if text.startswith("=") else text
    return cells


def test_a_choice_is_made_taken_away_and_kept_in_the_address(
    demo: str, invented: Path, visit: type[Visit]
) -> None:
    seen = visit.to(demo)
    page = seen.open("downloads?body=demo01&years=2023-2024")
    page.get_by_role("combobox", name="填报状态").click()
    page.get_by_role("option", name="已填").click()
    page.wait_for_url("**status=reported**")
    page.keyboard.press("Escape")
    page.locator(".st-key-format").get_by_text("JSON").click()
    page.wait_for_url("**format=json**")
    seen.settle()
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    assert download.value.suggested_filename == "数据下载_demo-云川市-云川县_2023-2024.json"
    taken = json.loads(Path(download.value.path()).read_bytes())
    line = page.locator("[data-testid=stCode]").first.inner_text()
    with urllib.request.urlopen(line.partition('"')[2].partition('"')[0], timeout=20) as answer:
        assert json.loads(answer.read())["rows"] == taken["rows"]
    with open_to_read(invented) as connection:
        query = (
            "select count(*) from fact join report using (report_id) "
            "where body_id = 'demo01' and year >= 2023 and status = 'reported'"
        )
        assert connection.execute(query).fetchone() == (len(taken["rows"]),)
    page.reload()
    seen.settle()
    expect(page.locator(".answer")).to_contain_text(f"{len(taken['rows'])} 个数")
    assert (seen.outside, seen.errors) == ([], [])


def test_a_statement_is_typed_run_and_kept_in_the_address(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("analysis?body=demo01")
    box, answer = page.get_by_role("textbox", name="查询语句"), page.locator(".st-key-sql-box")
    for typed, told in (
        ("select count(*) as n from body", "结果：1 行，1 列"),
        ("copy body to 'x.csv'", "只许查询"),
    ):
        # what is typed while the page still runs is set back to what the address says
        seen.settle()
        box.fill(typed)
        box.blur()
        page.wait_for_url(f"**sql={typed.partition(' ')[0]}**")
        seen.settle()
        page.get_by_role("button", name="运行").click()
        expect(answer).to_contain_text(told, timeout=PATIENCE)
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert asked == {"body": ["demo01"], "sql": ["copy body to 'x.csv'"]}
    assert (seen.outside, seen.errors) == ([], [])


class TestHttp:
    def get(self, address: str) -> tuple[int, dict[str, str], bytes]:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, {k.lower(): v for k, v in refused.headers.items()}, refused.read()

    def test_facts_are_narrowed(self, real: str) -> None:
        query = urllib.parse.urlencode({"body": "西邑乡", "year": "2019", "measure": "items_disclosed"})
        status, headers, body = self.get(f"{real}/api/facts.csv?{query}")
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
        assert status == 200
        assert body.startswith(b"\xef\xbb\xbf")
        assert [(row["value"], row["status"]) for row in rows] == [("501", "reported")]
        assert headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("query", ["year=20", "year=2019;drop", "colour=red"])
    def test_what_is_not_understood_is_refused_with_what_would_be(self, query: str, real: str) -> None:
        status, _, body = self.get(f"{real}/api/facts.csv?{query}")
        assert status == 400
        assert "use body, year" in json.loads(body)["error"]

    def test_health_names_the_build(self, real: str, warehouse: Path) -> None:
        status, _, body = self.get(f"{real}/api/health")
        with open_to_read(warehouse) as connection:
            assert connection.execute("select build_id from build").fetchone() == (json.loads(body)["build"],)
        assert status == 200

    def test_without_a_warehouse_health_is_not_ok_and_pages_say_what_to_do(
        self, tmp_path: Path, visit: type[Visit]
    ) -> None:
        with served(tmp_path / "none.duckdb", tmp_path / "log.txt") as address:
            assert self.get(f"{address}/api/health")[0] == 503
            assert self.get(f"{address}/api/facts.csv")[0] == 503
            expect(visit.to(address).open("channels").locator(".empty pre")).to_have_text(
                "python -m pipeline build"
            )

    @pytest.mark.parametrize(
        "path", ["", "channels", "api/health", "api/facts.csv", "api/", "assets/browser.js"]
    )
    def test_every_answer_carries_a_strict_policy(self, path: str, real: str) -> None:
        _, headers, _ = self.get(f"{real}/{path}")
        policy = headers["content-security-policy"]
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert scripts is None or "unsafe" not in scripts[1]
        assert headers["x-frame-options"] == "DENY"


def downloaded(page: Page) -> list[dict[str, str]]:
    """The rows of the page's download, which spreadsheets open right."""
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_check_is_narrowed_to_and_opened_with_its_places_marked(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("checks")
    expect(page.locator(".answer")).to_contain_text("1 项不符")
    # The one square with a number: plotly lays a sheet over the marks that takes the clicks.
    page.locator(".stPlotlyChart .textpoint", has_text="1").first.click(force=True)
    page.wait_for_url("**report=demo03-2024*")
    entry = page.locator("[class*=st-key-entry-]")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text(
        "本年新收政府信息公开申请数量 + 上年结转政府信息公开申请数量 = 总计 + 结转下年度继续办理"
    )
    assert [row["代码"] for row in downloaded(page)] == ["T3-BAL"]
    entry.get_by_role("button", name="作出认定").click()
    expect(page.locator("[data-testid=stCode]")).to_contain_text(
        "correct T3-BAL --body 云川县石桥镇 --year 2024"
    )
    page.keyboard.press("Escape")
    entry.get_by_role("link", name="看原文（已标出）").click()
    page.wait_for_url("**/source?*place=*")
    expect(page.locator("[class*=st-key-chosen] .excerpt mark.chosen")).to_have_count(4)
    assert (seen.outside, seen.errors) == ([], [])


def test_a_row_of_the_dictionary_opens_its_entry(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("definitions?term=予以公开")
    page.locator("[data-testid=stDataFrame]").click(position={"x": 60, "y": 46})
    page.wait_for_url("**about=granted*")
    expect(page.locator(".st-key-about")).to_contain_text("代码 granted")
    assert {"granted", "granted_in_part"} & {row["代码"] for row in downloaded(page)} == {"granted"}
    page.get_by_role("link", name="看核验结果").first.click()
    page.wait_for_url("**/checks?*rule=T3-COL*")
    expect(page.locator(".question")).to_contain_text("哪些数字需要核实")
    assert (seen.outside, seen.errors) == ([], [])


def test_a_body_of_a_sentence_opens_the_figure_it_speaks_of(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("?years=2022-2024")
    rise = page.locator(".told li", has_text="主动公开增加最多")
    expect(rise).to_contain_text("云溪镇（292 → 315，+23）")
    rise.get_by_role("link", name="云溪镇").click()
    page.wait_for_url("**/source?*fact=demo01-2024-f001*")
    seen.settle()
    expect(page.locator(".excerpt mark.chosen")).to_have_text("315条")
    expect(page.get_by_role("slider", name="年度").first).to_have_attribute("aria-valuetext", "2022")
    page.go_back()
    page.locator(".told li", has_text="未收录年报").get_by_role("link", name="长岭乡").click()
    page.wait_for_url("**/profile?*body=demo06*")
    seen.settle()
    expect(page.locator(".question")).to_contain_text("长岭乡公开得怎么样")
    assert (seen.outside, seen.errors) == ([], [])


def test_a_mark_of_the_map_opens_the_report_or_the_sheet_and_a_card_its_page(
    demo: str, visit: type[Visit]
) -> None:
    seen = visit.to(demo)
    page = seen.open("")
    expect(page.locator("[class*=st-key-coverage-0] .scatterlayer .point").first).to_be_attached(
        timeout=PATIENCE
    )
    # The answer and the first rows of the first picture are there without scrolling.
    expect(page.locator("[class*=st-key-coverage-0] .ytick").first).to_be_in_viewport()
    missing = page.locator("[class*=st-key-coverage-0] .scatterlayer .trace").filter(
        has=page.locator(f"path[style*='stroke: {FAINT}'][style*='fill: rgb(255, 255, 255)']")
    )
    missing.locator(".point").last.click(force=True)
    page.wait_for_url("**/profile?*body=demo06*")
    seen.open("")
    page.locator("[class*=st-key-coverage-0] .scatterlayer .point").first.click(force=True)
    page.wait_for_url("**/source?*report=demo01-2019*")
    seen.open("")
    # The whole card is the link, not its name alone; it is drawn anew as long as the page settles.
    seen.rest()
    page.locator(".st-key-card-2").click(position={"x": 90, "y": 80})
    page.wait_for_url("**/requests**")
    assert (seen.outside, seen.errors) == ([], [])
