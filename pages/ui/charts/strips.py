"""Where one stands among its peers: a dot for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.ui.charts.canvas import Figure, empty, plain
from pages.ui.charts.colours import palette


@dataclass(frozen=True, slots=True)
class Dot:
    """One of a group on a strip: where from 0 to 1, how many of the same value lie below it, its words and source."""

    at: float
    above: int
    hover: str
    report: str | None
    fact: str | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A measure's strip: its name, its words on the right, its ends, its median from 0 to 1 and its dots."""

    name: str
    words: str
    least: str
    greatest: str
    median_at: float | None
    dots: Sequence[Dot]


_STRIP = 66


def strips(drawn: Sequence[Strip]) -> Figure:
    """A dot for each of a group on a line for each measure; the one that it is about is filled and larger."""
    colours = palette()
    figure = empty(_STRIP * len(drawn) + 12, left=10, right=10, top=6, bottom=6)
    for place, strip in enumerate(drawn):
        y = len(drawn) - 1 - place
        rule = {"color": colours.line, "width": 2}
        figure.add_shape(type="line", x0=0, x1=1, y0=y, y1=y, line=rule, layer="below")
        if strip.median_at is not None:
            figure.add_scatter(
                x=[strip.median_at], y=[y], mode="markers", hoverinfo="skip",
                marker={"symbol": "line-ns", "size": 18, "line": {"color": colours.grey, "width": 2}},
            )  # fmt: skip
        for is_self in (False, True):
            _add_dots(figure, [dot for dot in strip.dots if dot.is_self is is_self], y, is_self)
        texts = [
            (0, "left", y + 0.42, strip.name, colours.ink, 12),
            (1, "right", y + 0.42, strip.words, colours.ink, 12),
            (0, "left", y - 0.3, strip.least, colours.grey, 11),
            (1, "right", y - 0.3, strip.greatest, colours.grey, 11),
        ]
        for x, side, at, text, colour, size in texts:
            figure.add_annotation(
                x=x, xanchor=side, y=at, yanchor="middle", text=plain(text), showarrow=False, font={"size": size, "color": colour}
            )  # fmt: skip
    figure.update_xaxes(range=[-0.02, 1.02], visible=False, fixedrange=True)
    figure.update_yaxes(range=[-0.5, len(drawn) - 0.5], visible=False, fixedrange=True)
    return figure


def _add_dots(figure: Figure, dots: Sequence[Dot], y: int, is_self: bool) -> None:
    colours = palette()
    figure.add_scatter(
        x=[dot.at for dot in dots],
        y=[y + min(dot.above, 3) * 0.05 for dot in dots],
        mode="markers",
        cliponaxis=False,
        marker={
            "symbol": "diamond" if is_self else "circle",
            "size": 14 if is_self else 9,
            "color": colours.blue if is_self else colours.ground,
            "line": {"color": colours.blue if is_self else colours.grey, "width": 1.5},
        },
        customdata=[[dot.report, dot.fact] for dot in dots],
        hovertext=[plain(dot.hover) for dot in dots],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )
