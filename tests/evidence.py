"""Evidence that can be looked at: every page by axe and as a picture, in both languages, widths and themes.

`python -m tests.evidence` writes docs/axe.md, docs/screens.md and the pictures under docs/screens/.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from pages import ui
from pages.ui.words import LANGUAGES, Words
from pipeline import environment
from pipeline.database import open_to_read
from tests.browsing import FLAGS, ROOT, Visit, Watched, served

DOCS = ROOT / "docs"
WIDTHS = {1280: 760, 390: 844}
THEMES = ("light", "dark")
IMPACTS = ("critical", "serious", "moderate", "minor")
# What cannot be mended, by rule: the selector of what is excused, and why. Nothing is, so far.
EXCUSED: Mapping[str, tuple[str, str]] = {}
# A picture holds this much of a long page.
TALLEST = 2600


@dataclass(frozen=True, slots=True)
class Found:
    """What axe says of a page: how many of its rules pass, what breaks one, what it leaves to people."""

    passed: int
    violations: list[dict[str, Any]]
    undecided: list[str]

    def count(self, impact: str) -> int:
        return sum(len(one["nodes"]) for one in self.violations if one["impact"] == impact)

    def grave(self) -> list[str]:
        """Violations that keep people out, with the element each was found at."""
        return [
            f"{one['id']}: {node['html'][:200]} ({(node['any'] or node['all'] or node['none'])[0]['message']})"
            for one in self.violations
            if one["impact"] in IMPACTS[:2]
            for node in one["nodes"]
        ]


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def examined(page: Page) -> Found:
    """The page as it stands, judged by every rule of axe."""
    if page.evaluate("typeof axe") == "undefined":
        # By the debugger, so the page's policy against scripts that are not ours stays whole.
        page.evaluate(_axe())
    found = page.evaluate("() => axe.run(document)")
    return Found(
        len(found["passes"]),
        [one for one in found["violations"] if one["id"] not in EXCUSED],
        [one["id"] for one in found["incomplete"]],
    )


def set_to(seen: Watched, *, width: int, theme: str) -> None:
    """The same page in another window and theme, at rest."""
    seen.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    seen.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    # Streamlit runs the page again for another theme, and folds the sidebar for a narrow window, a moment later.
    seen.rest()


def addresses(warehouse: Path) -> dict[str, str]:
    """Each page with something to be seen on it, in the district that a fresh installation opens on."""
    query = """
        select body_id from body join report using (body_id) join fact using (report_id)
        where body.origin = 'invented' and kind <> 'county' and measure = 'requests_received' and value > 0
        group by body_id order by count(distinct year) desc, sum(value) desc, body_id limit 3
    """
    with open_to_read(warehouse) as connection:
        bodies = [body for (body,) in connection.execute(query).fetchall()]
    more = {
        "profile": f"?body={bodies[0]}",
        "compare": "?" + "&".join(f"with={body}" for body in bodies),
        "search": f"?q={urllib.parse.quote('公开')}",
        "source": f"?body={bodies[0]}",
    }
    return {name: f"{'' if name == ui.PAGES[0] else name}{more.get(name, '')}" for name in ui.PAGES}


def in_language(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def picture(seen: Watched, width: int) -> bytes:
    """The page from its top, as much of it as a picture holds."""
    page = seen.page
    whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(min(whole, TALLEST), WIDTHS[width])})
    seen.rest()
    taken = Image.open(io.BytesIO(page.screenshot()))
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    file = io.BytesIO()
    taken.convert("RGB").save(file, "WEBP", quality=72, method=6)
    return file.getvalue()


def tour(
    address: str, paths: Mapping[str, str], browser: Browser
) -> Iterator[tuple[str, str, int, str, Found]]:
    """Every page in both languages, widths and themes: axe on all, a picture of the light ones kept on the way."""
    Visit.browser = browser
    seen = Visit.to(address)
    for name, path in paths.items():
        for language in LANGUAGES:
            for theme in THEMES:
                set_to_blank(seen, theme)
                for width in WIDTHS:
                    seen.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
                    seen.open(in_language(path, language))
                    seen.rest()
                    yield name, language, width, theme, examined(seen.page)
                    if theme == "light":
                        file = DOCS / "screens" / f"{name}-{language}-{width}.webp"
                        file.write_bytes(picture(seen, width))
    Visit.close()


def set_to_blank(seen: Watched, theme: str) -> None:
    seen.page.goto("about:blank")
    seen.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]


def axe_report(rows: list[tuple[str, str, int, str, Found]], version: str) -> str:
    """docs/axe.md."""
    total = {impact: sum(found.count(impact) for *_, found in rows) for impact in IMPACTS}
    lines = [
        "# 无障碍检查（axe）",
        "",
        f"由 `python -m tests.evidence` 写出，axe-core {version}，全部规则；每页两种语言、两种宽度、两种主题，共 {len(rows)} 次。"
        "同样的检查也在 `tests/test_browser_pages.py` 里，每次都跑。",
        "",
        f"Written by `python -m tests.evidence` with axe-core {version}, all rules, on every page in both languages, widths and"
        f" themes: {len(rows)} runs. The tests run the same.",
        "",
        "违反 violations: " + ", ".join(f"{impact} {total[impact]}" for impact in IMPACTS),
        "",
        "格中为：通过的规则数，违反数（严重 + 次要）。 Each cell: rules passed, violations (critical and serious + the rest).",
        "",
        "| 页面 page | 语言 | "
        + " | ".join(f"{width} {theme}" for theme in THEMES for width in WIDTHS)
        + " |",
        "| --- | --- |" + " --- |" * 4,
    ]
    cells = {(name, language, width, theme): found for name, language, width, theme, found in rows}
    for name in dict.fromkeys(name for name, *_ in rows):
        for language in LANGUAGES:
            shown = [
                f"{found.passed}, {len(found.grave())} + {sum(map(found.count, IMPACTS[2:]))}"
                for theme in THEMES
                for width in WIDTHS
                for found in [cells[name, language, width, theme]]
            ]
            lines.append(f"| {Words('zh')(f'menu.{name}')} {name} | {language} | {' | '.join(shown)} |")
    lines += ["", "## 违反之处 Violations", ""]
    broken = dict.fromkeys(
        f"- {one['impact']} `{one['id']}` {name}: `{node['html'][:120]}`"
        for name, *_, found in rows
        for one in found.violations
        for node in one["nodes"]
    )
    lines += list(broken) or ["没有。 None."]
    lines += ["", "## 不计的 Excused", ""]
    lines += [f"- `{rule}` {where}: {why}" for rule, (where, why) in EXCUSED.items()] or ["没有。 None."]
    undecided = sorted({rule for *_, found in rows for rule in found.undecided})
    lines += [
        "",
        "## axe 不能断定的 Left to people",
        "",
        f"{', '.join(f'`{rule}`' for rule in undecided) or '—'}："
        "图里的字在 SVG 上，axe 看不出底色；它们的颜色由 `tests/test_colours.py` 按色板算出对比度来核对。",
        "Words in charts are SVG, whose ground axe cannot tell; `tests/test_colours.py` computes their contrast from the palette.",
        "",
    ]
    return "\n".join(lines)


def screens_index(names: list[str]) -> str:
    """docs/screens.md."""
    lines = [
        "# 各页截图 Screens",
        "",
        "由 `python -m tests.evidence` 从一个新建的数据仓库截取（虚构的云川县）；长页只截到一定高度。",
        "Taken by `python -m tests.evidence` from a fresh warehouse (the invented district); long pages are cut.",
        "",
    ]
    for name in names:
        lines += [f"## {Words('zh')(f'menu.{name}')} {Words('en')(f'menu.{name}')}", ""]
        for width in WIDTHS:
            shown = " ".join(
                f'<img src="screens/{name}-{language}-{width}.webp" width="{48 if width == 1280 else 24}%" '
                f'alt="{Words(language)(f"menu.{name}")}, {width} px">'
                for language in LANGUAGES
            )
            lines += [shown, ""]
    return "\n".join(lines)


def main() -> None:
    """Build, serve, look, write."""
    (DOCS / "screens").mkdir(parents=True, exist_ok=True)
    for old in (DOCS / "screens").glob("*.webp"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        warehouse = Path(folder) / "warehouse.duckdb"
        # As a fresh installation does, the invented district included.
        subprocess.run(
            [sys.executable, "-m", "pipeline", "build", "--warehouse", str(warehouse)], cwd=ROOT, check=True
        )
        browser = playwright.chromium.launch(executable_path=environment.system_browser(), args=FLAGS)
        with served(warehouse, Path(folder) / "log.txt") as address:
            rows = []
            for row in tour(address, addresses(warehouse), browser):
                rows.append(row)
                name, language, width, theme, found = row
                print(f"{name} {language} {width} {theme}: {found.passed} passed", *found.grave(), flush=True)
        browser.close()
    version = _axe().partition("axe v")[2].partition("\n")[0].strip()
    (DOCS / "axe.md").write_text(axe_report(rows, version), "utf-8")
    (DOCS / "screens.md").write_text(screens_index(list(ui.PAGES)), "utf-8")


if __name__ == "__main__":
    main()
