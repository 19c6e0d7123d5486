"""Every colour that words are written in stands out from its ground, in both themes, computed from the palette.

Charts are SVG and tables a canvas, of which axe cannot tell the ground; and marks that carry meaning need 3 to 1.
"""

import dataclasses
import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from pages.ui import charts
from pages.ui.charts import colours

ROOT = Path(__file__).parent.parent
STYLE = (ROOT / "pages" / "ui" / "style.css").read_text("utf-8")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
PALETTES = {"light": charts.LIGHT, "dark": charts.DARK}
TEXT, MARK = 4.5, 3.0


def linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    red, green, blue = map(linear, rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, as WCAG 2 counts it."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def of_style(theme: str) -> dict[str, str]:
    """The colours of the style sheet by name."""
    found = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", STYLE)
    return {name: light if theme == "light" else dark for name, light, dark in found}


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("name", ["ink", "grey", "blue", "rust"])
def test_words_of_charts_stand_out(theme: str, name: str) -> None:
    palette = PALETTES[theme]
    assert contrast(getattr(palette, name), palette.ground) >= TEXT


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("ink", "ground"), ("ink", "soft"), ("grey", "ground"), ("grey", "soft"), ("blue", "ground"),
        ("blue", "soft"), ("rust", "ground"), ("green", "ground"), ("ink", "mark"), ("banner-ink", "banner"),
        ("on-blue", "blue"),
    ],
)  # fmt: skip
def test_words_of_pages_stand_out(theme: str, name: str, ground: str) -> None:
    named = of_style(theme)
    assert contrast(named[name], named[ground]) >= TEXT


@pytest.mark.parametrize("theme", PALETTES)
def test_streamlits_theme_is_the_pages(theme: str) -> None:
    style, given, palette = of_style(theme), THEME[theme], dataclasses.asdict(PALETTES[theme])
    named = {"primaryColor": "blue", "backgroundColor": "ground", "textColor": "ink"}
    assert {name: given[name] for name in named} == {name: style[of] for name, of in named.items()}
    assert {name: palette[name] for name in ("ink", "grey", "ground", "blue", "rust")} == {
        name: style[name] for name in ("ink", "grey", "ground", "blue", "rust")
    }
    assert contrast(given["linkColor"], given["backgroundColor"]) >= TEXT


@pytest.mark.parametrize("theme", PALETTES)
def test_marks_stand_out_from_their_ground(theme: str) -> None:
    """Lines and marks that are told apart; a bar also bears its name or number beside it, in ink."""
    palette = PALETTES[theme]
    lines = charts.LINES_LIGHT if theme == "light" else charts.LINES_DARK
    assert {colour for colour in lines if contrast(colour, palette.ground) < MARK} == set()
    assert contrast(palette.blue, palette.ground) >= MARK
    assert contrast(palette.rust, palette.ground) >= MARK


def test_numbers_in_bars_can_be_read() -> None:
    drawn = {
        *charts.CHANNELS.values(),
        charts.OTHER_CHANNEL,
        *charts.series_colours(),
        *charts.flow_colours().values(),
    }
    assert {colour for colour in drawn if contrast(colours.on(colour), colour) < TEXT} == set()


def seen_by(colour: str, kind: str) -> tuple[float, float, float]:
    """A colour as somebody sees it who lacks one kind of cone (Viénot, Brettel and Mollon 1999), as light."""
    red, green, blue = map(linear, rgb(colour))
    if kind == "protan":
        return (
            0.11238 * red + 0.88762 * green,
            0.11238 * red + 0.88762 * green,
            0.00401 * red - 0.00401 * green + blue,
        )
    return (
        0.29275 * red + 0.70725 * green,
        0.29275 * red + 0.70725 * green,
        -0.02234 * red + 0.02234 * green + blue,
    )


@pytest.mark.parametrize("kind", ["protan", "deutan"])
@pytest.mark.parametrize("theme", PALETTES)
def test_what_needs_attention_is_told_from_the_subject_by_everybody(theme: str, kind: str) -> None:
    """Blue and rust, and the first lines; everything told by colour has a shape or a word besides."""
    palette = PALETTES[theme]
    lines = charts.LINES_LIGHT if theme == "light" else charts.LINES_DARK
    for one, other in [(palette.blue, palette.rust), *combinations(lines[:2], 2)]:
        apart = (
            sum((a - b) ** 2 for a, b in zip(seen_by(one, kind), seen_by(other, kind), strict=True)) ** 0.5
        )
        assert apart > 0.15, (one, other)
    assert len(set(charts.SYMBOLS)) == len(charts.SYMBOLS) >= len(lines), "each line has a shape of its own"
