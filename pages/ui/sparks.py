"""Small pictures of a line over the years, as SVG in an image: many of them cost a page next to nothing.

An image cannot run a script or fetch anything, and no text of a report enters it: only numbers do.
"""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pages.ui.charts import Palette

WIDTH, HEIGHT, EDGE = 160, 54, 6


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a line: its value, if there is one, how surely, and how the line comes to it from the year before."""

    year: int
    value: float | None
    hollow: bool
    joined: bool
    roughly: bool
    changed: bool


def picture(years: Sequence[Year], span: tuple[int, int], most: float, colour: str, colours: Palette) -> str:
    """The line as SVG. A year without a value has a tick on the ground line, a bound an open dot, a year in which the
    meaning changed a dotted rule, a value beyond the scale a triangle at its top."""
    first, last = span

    def across(year: int) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (year - first) / max(last - first, 1)

    def up(value: float) -> float:
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * min(value / max(most, 1), 1)

    ground = HEIGHT - EDGE
    parts = [_stroke(EDGE, ground, WIDTH - EDGE, ground, colours.line)]
    for one in years:
        if one.changed:
            rule = across(one.year - 1) / 2 + across(one.year) / 2
            parts.append(_stroke(rule, 2, rule, ground, colours.faint, "2 2"))
        if one.value is None:
            parts.append(_stroke(across(one.year), ground - 3, across(one.year), ground + 3, colours.grey))
    given = [(one, one.value) for one in years if one.value is not None]
    for (before, low), (after, high) in pairwise(given):
        if after.year == before.year + 1 and (after.joined or after.roughly):
            dash = "2 3" if after.roughly else ""
            parts.append(
                _stroke(across(before.year), up(low), across(after.year), up(high), colour, dash, 1.6)
            )
    for one, value in given:
        fill = colours.ground if one.hollow else colour
        x, y = across(one.year), up(value)
        shape = (
            f'<path d="M {x - 3.6:.1f},{y + 2.6:.1f} h 7.2 l -3.6,-6.4 z"'
            if value > most
            else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.3"'
        )
        parts.append(f'{shape} fill="{fill}" stroke="{colour}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def _stroke(x0: float, y0: float, x1: float, y1: float, colour: str, dash: str = "", width: float = 1) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def image(svg: str, alt: str) -> str:
    """An SVG as an image of a page."""
    data = base64.b64encode(svg.encode()).decode("ascii")
    return f"<img class='spark' src='data:image/svg+xml;base64,{data}' alt='{html.escape(alt)}'>"
