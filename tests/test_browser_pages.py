"""What every page owes every reader, in one visit each: no outside request, a quiet console, axe, no word left in the
other language, no sideways scroll, the invented label, words for every picture, the keyboard's way through."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages import ui
from pages.ui.words import Words
from tests import screens
from tests.browsing import Visit, Watched, served
from tests.evidence import examined, in_language, set_to

pytestmark = pytest.mark.browser

# The pages as they open, and further states of theirs in which other things stand.
SIGHTS = (
    "",
    *ui.PAGES[1:],
    "source?report=demo01-2024&fact=demo01-2024-f001",
    "compare?with=demo01&with=demo03",
)
# As many again, each a quarter of a minute: SIGHTS=all looks at them too.
if os.environ.get("SIGHTS") == "all":
    SIGHTS += (
        "?known=2024-01-31",
        "volumes?body=demo03&scale=own",
        "channels?body=demo01",
        "requests?body=demo03",
        "profile?body=demo03",
        "checks?report=demo03-2024&tables=plain",
        "search?q=公开",
        "search?q=没有这个词",
        "source?report=demo02-2023",
        "analysis?rows=body&columns=year&chart=lines",
        "downloads?shape=wide&tables=plain",
        "definitions?about=granted",
    )
CJK = re.compile(r"[\u3400-\u9fff]+")
# Codes, formats and keys are written in capitals in both languages; a word has small letters.
LATIN = re.compile(r"[A-Za-z]*[a-z]{2,}[A-Za-z]*")
# Names of things that have no Chinese one.
LATIN_NAMES = {"Excel", "Word", "Parquet", "English", "Ctrl", "Esc", "Beta"}
# An address, a command to be typed as it is, the short name of a build.
AS_IT_IS = re.compile(r"https?://\S+|python -m pipeline[ \w-]*|\b[0-9a-f]{12,16}\b")
# The box for statements names what the language of queries calls so.
OF_QUERIES = {"from", "figure", "limit", "body", "origin", "invented"}
NAMES = {name for _, name, *_ in screens.BODIES} | {"云川县", "云川市", "中文", "云川发布", "其他", "点我"}
# Texts of reports, codes and what is in two languages on purpose stay out: excerpts, the dictionary's table and entry.
SPOKEN = """() => {
  const skipped = "script, style, noscript, pre, code, textarea, .report, .original, .of-printed, .of-part, .excerpt, .schema, [data-testid=stIconMaterial], [class*=st-key-copied-], [class*=st-key-chosen]";
  const dictionary = ["/definitions", "/downloads"].includes(location.pathname) ? ", canvas, .st-key-about, .sheet" : "";
  const parts = [...document.querySelectorAll("body *")].filter((e) => !e.closest(skipped + dictionary));
  const named = ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"];
  const words = parts.flatMap((e) => named.map((name) => e.getAttribute(name)));
  const texts = parts.flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType === 3).map((n) => n.data);
  return [document.title, ...words, ...texts].filter((text) => text && text.trim());
}"""
SIDEWAYS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .map((e) => e.scrollWidth - e.clientWidth)"""
# What a chart or image is called, and how many tables stand beside.
PICTURED = """() => ({
  charts: [...document.querySelectorAll("[data-testid=stPlotlyChart]")].map((e) => e.getAttribute("aria-label")),
  images: [...document.querySelectorAll("img")].map((e) => e.getAttribute("alt")),
  tables: [...document.querySelectorAll("[data-testid=stDataFrame], .sheet table, .rows")].length,
})"""


def spoken(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SPOKEN)
    return found


def english_left(page: Page) -> set[str]:
    """Words of the Chinese page that are English."""
    texts = (AS_IT_IS.sub("", text) for text in spoken(page) if screens.HOSTILE_CATEGORY[:9] not in text)
    known = LATIN_NAMES | (OF_QUERIES if "/analysis" in page.url else set())
    return {word for text in texts for word in LATIN.findall(text) if word not in known}


def chinese_left(page: Page, names: set[str]) -> set[str]:
    """Words of the English page that are Chinese, and no names."""
    longest = sorted(names, key=len, reverse=True)
    texts = (re.sub("|".join(map(re.escape, longest)), "", text) for text in spoken(page))
    return {words for text in texts for words in CJK.findall(text)}


def left(words: Callable[[], set[str]]) -> set[str]:
    """What is left of words that should be gone, when Streamlit has had its time: a table is drawn a moment later."""
    for _ in range(20):
        found = words()
        if not found:
            break
        time.sleep(0.2)
    return found


def held_up(seen: Watched, language: str) -> None:
    """What is to be so in each language."""
    page = seen.page
    say = Words(language)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".st-key-banner")).to_contain_text(say("banner", place="云川县").replace("**", ""))
    pictured = page.evaluate(PICTURED)
    assert all(name and name.strip() for name in pictured["charts"]), pictured
    assert None not in pictured["images"]
    assert pictured["tables"] or not pictured["charts"]


@pytest.mark.parametrize("path", SIGHTS)
def test_a_page_owes_the_same_to_every_reader(path: str, demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    answer = seen.page.goto(f"{demo}/{path}")
    assert answer is not None and "script-src 'self' 'sha256-" in answer.headers["content-security-policy"]
    seen.rest()
    page = seen.page
    held_up(seen, "zh")
    assert left(lambda: english_left(page)) == set()
    assert examined(page).grave() == []
    assert page.evaluate(SIDEWAYS) == [0, 0]
    set_to(seen, width=390, theme="dark")
    assert page.evaluate(SIDEWAYS) == [0, 0]
    assert examined(page).grave() == []
    set_to(seen, width=1280, theme="dark")
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    page.wait_for_url("**lang=en**")
    seen.rest()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".st-key-menu")).to_contain_text("Overview")
    held_up(seen, "en")
    names = NAMES | set(Words("zh").family("search.try").values()) | {"公开", "没有这个词"}
    assert left(lambda: chinese_left(page, names)) == set()
    assert examined(page).grave() == []
    set_to(seen, width=390, theme="light")
    assert page.evaluate(SIDEWAYS) == [0, 0]
    assert examined(page).grave() == []
    assert (seen.outside, seen.errors) == ([], [])


@pytest.fixture(scope="module")
def empty(unread: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(unread, tmp_path_factory.mktemp("log") / "empty.txt") as address:
        yield address


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_warehouse_says_what_to_do_to_everybody(
    language: str, empty: str, visit: type[Visit]
) -> None:
    seen = visit.to(empty, width=390, dark=True)
    page = seen.open(in_language("channels", language))
    expect(page.locator(".empty pre")).to_have_text("python -m pipeline build")
    assert page.evaluate(SIDEWAYS) == [0, 0]
    assert examined(page).grave() == []
    assert (
        english_left(page) - {"python", "pipeline", "build", "data", "sources"}
        if language == "zh"
        else chinese_left(page, NAMES)
    ) == set()
    assert (seen.outside, seen.errors) == ([], [])


FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  window.stops ??= new Map();
  if (!window.stops.has(e)) window.stops.set(e, window.stops.size);
  return window.stops.get(e);
}"""
# How the part that has the focus looks, all of it: the ring can be drawn around a box, or on a knob beside its input.
LOOKS = """(number) => {
  const e = [...window.stops.keys()][number];
  const box = e.matches("main, [role=main], [data-testid=stMain]") ? e : e.closest("[data-testid]") ?? e;
  const some = box === e && box.matches("[data-testid=stMain]") ? [e] : [e, box.parentElement, box, ...box.querySelectorAll("*")].slice(0, 40);
  return some.map((one) => getComputedStyle(one)).map((s) =>
    [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.opacity].join()).join("|");
}"""
UNREACHED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, canvas[tabindex]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
    && e.getBoundingClientRect().width > 1 && !e.closest("[aria-hidden=true], [role=radiogroup]") && !window.stops.has(e))
  .map((e) => `${e.tagName} ${e.getAttribute("aria-label") ?? e.innerText}`)"""


@pytest.mark.parametrize("path", ["", *ui.PAGES[1:], "profile?body=demo03", "compare?with=demo01"])
def test_the_keyboard_comes_to_everything_sees_where_it_is_and_opens_nothing(
    path: str, demo: str, visit: type[Visit]
) -> None:
    seen = visit.to(demo)
    page = seen.open(path)
    seen.rest()
    unseen: list[Any] = []
    last, focused = None, ""
    for _ in range(600):  # a page of one report's figures has a link for each
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if last is not None and stop != last and page.evaluate(LOOKS, last) == focused:
            unseen.append(page.evaluate("(n) => [...window.stops.keys()][n].outerHTML.slice(0, 200)", last))
        if stop is None or (last is not None and stop < last):
            break
        last, focused = stop, page.evaluate(LOOKS, stop)
    assert page.evaluate(UNREACHED) == []
    assert unseen == []
    assert page.url == f"{demo}/{path}", "coming by opens nothing"


def test_a_table_is_opened_cell_by_cell_with_the_keyboard_alone(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("channels?body=demo01&years=2024-2024")
    page.locator("[data-testid=stDataFrame] button").last.focus()
    page.keyboard.press("Tab")
    grid = page.locator("[data-testid=data-grid-canvas]")
    expect(grid).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("channels?body=demo01&years=2024-2024")
    page.keyboard.press("Enter")
    page.wait_for_url("**tables=plain**")
    seen.settle()
    figure = page.locator(".sheet a", has_text="315")
    figure.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/source?*fact=demo01-2024-f001*")
    seen.settle()
    assert "tables=plain" in page.url
    expect(page.locator(".excerpt mark.chosen")).to_have_text("315条")
    # The switch in the sidebar brings the usual tables back, where there are any.
    page.go_back()
    page.wait_for_url("**/channels?**")
    seen.settle()
    page.get_by_role("switch", name="表格可用键盘").or_(
        page.get_by_role("checkbox", name="表格可用键盘")
    ).press("Space")
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    assert "tables=" not in page.url


def test_what_is_typed_while_the_page_runs_stays(demo: str, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    page = seen.open("search")
    box = page.get_by_role("textbox", name="要找的字词")
    for words in ("今日", "今日头条"):
        # Another run is under way while the words are typed.
        page.get_by_role("radio", name="English" if words == "今日" else "中文").or_(
            page.get_by_role("button", name="English" if words == "今日" else "中文")
        ).first.click()
        box = page.locator("[data-testid=stMain] input[type=text]").first
        box.fill(words)
        seen.settle()
        page.wait_for_timeout(300)
        expect(box).to_have_value(words)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("“今日头条”")


def test_streamlits_own_words_are_chinese_when_its_boxes_open(demo: str, visit: type[Visit]) -> None:
    """Calendars follow the browser's language otherwise, and this one is set to English."""
    seen = visit.to(demo, locale="en-US")
    page = seen.open("compare?with=demo01")

    def told(opened: str) -> None:
        page.wait_for_timeout(500)
        assert english_left(page) == set(), opened

    page.locator("[data-testid=stDateInputCalendarButton]").click()
    expect(page.get_by_role("dialog")).to_contain_text("月")
    told("the calendar")
    assert examined(page).grave() == []
    page.keyboard.press("Escape")
    box = page.get_by_role("combobox", name=re.compile("对比谁"))
    box.click()
    told("the list of a box")
    box.fill("zzz")
    page.wait_for_timeout(500)
    assert english_left(page) - {"zzz"} == set()
    page.keyboard.press("Escape")
    seen.open("channels")
    page.locator("[data-testid=stDataFrame]").first.hover()
    page.get_by_role("button", name=re.compile("^显示或隐藏列")).first.click()
    told("the columns of a table")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^查找")).first.click()
    page.keyboard.type("1")
    told("the search of a table")
    seen.open("downloads?page=2")
    page.get_by_role("spinbutton", name=re.compile("第几页")).fill("999")
    told("a number that is too great")
    assert (seen.outside, seen.errors) == ([], [])


# How a reader narrows each page, and what then stands in the address.
FILTERS = (
    ("", "单位", "石桥镇", "body=demo03"),
    ("volumes", "看哪个数", "举办培训班数", "measure=trainings_held"),
    ("volumes", None, "各自刻度", "scale=own"),
    ("channels", "单位", "石桥镇", "body=demo03"),
    ("requests", "类别", "镇", "kind=town"),
    ("profile", "先选一个单位", "石桥镇", "body=demo03"),
    ("compare?with=demo01", "表中看哪一年", "2022", "year=2022"),
    ("compare?with=demo01&with=demo02", None, "同类中位数", "against=peers"),
    ("checks", "轻重", "较重", "severity=error"),
    ("search?q=公开", "单位", "石桥镇", "body=demo03"),
    ("source", "单位", "石桥镇", "body=demo03"),
    ("analysis", "列", "单位", "columns=body"),
    ("analysis", None, "中位数", "value=median"),
    ("downloads", "填报状态", "空白", "status=blank"),
    ("downloads", None, "每行一份年报", "shape=wide"),
    ("definitions", None, "渠道", "part=channel"),
)


@pytest.mark.parametrize(("path", "box", "option", "written"), FILTERS)
def test_a_filter_is_kept_by_a_reload_and_taken_back_and_forth(
    path: str, box: str | None, option: str, written: str, demo: str, visit: type[Visit]
) -> None:
    seen = visit.to(demo)
    page = seen.open(path)
    before = view(seen)
    address = page.url
    if box is None:
        within = page.locator("[data-testid=stMain] [data-testid=stButtonGroup]")
        within.get_by_text(option, exact=True).click()
    else:
        opener = page.get_by_role("combobox", name=re.compile(f"^{box}"))
        opener.scroll_into_view_if_needed()
        opener.click()
        page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()
    page.wait_for_url(f"**{written}**")
    after = before
    for _ in range(20):
        after = view(seen)
        if after != before:
            break
    assert after != before
    page.reload()
    assert shown(seen, after) == (page.url, after)
    page.go_back()
    assert shown(seen, before) == (address, before)
    page.go_forward()
    assert shown(seen, after) == (page.url, after)
    assert written in page.url
    assert (seen.outside, seen.errors) == ([], [])


def shown(seen: Watched, awaited: list[str]) -> tuple[str, list[str]]:
    """The address and the view, when the view has had its time to become the awaited one."""
    for _ in range(20):
        found = view(seen)
        if found == awaited:
            break
    return seen.page.url, found


def view(seen: Watched) -> list[str]:
    """What the page says, its controls, and what its charts say."""
    page = seen.page
    seen.rest()
    said: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-testid=stMain] :is([data-testid=stHtml], td[role=gridcell], .stPlotlyChart text)")]
          .map((e) => e.textContent)"""
    )
    held: list[str] = page.evaluate("[...document.querySelectorAll('input')].map((e) => e.value)")
    drawn: list[str] = page.evaluate("[...document.querySelectorAll('img')].map((e) => e.src)")
    return [*said, *held, *drawn]
