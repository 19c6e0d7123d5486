"""Places in an order: intervals of ranks by tier, what a score is made of, places over the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pages.ui.charts.canvas import ROW, Figure, empty, plain, short, width
from pages.ui.charts.colours import palette
from pages.ui.charts.years import Break, add_rule


@dataclass(frozen=True, slots=True)
class Placed:
    """A body's rank from and to, its score in words, its tier and the words of a tier that begins with it."""

    body: str
    name: str
    score: str
    place: int
    low: int
    high: int
    tier: int
    begins: str
    hover: str
    is_self: bool


_LINE = ROW + 4


def intervals(rows: Sequence[Placed]) -> Figure:
    """A dot at each rank on a line over its interval, best first; tiers are banded and named."""
    colours = palette()
    names = [f"{short(row.name)}  {row.score}" for row in rows]
    figure = empty(
        _LINE * len(rows) + 54,
        left=width(names, most=230),
        right=width([row.begins for row in rows], least=20),
        top=34,
        bottom=6,
    )
    last = max(row.high for row in rows)
    for at, row in enumerate(rows):
        y = len(rows) - 1 - at
        if row.tier % 2:
            figure.add_shape(
                type="rect", xref="paper", x0=0, x1=1, y0=y - 0.5, y1=y + 0.5, line={"width": 0},
                fillcolor=colours.soft, opacity=0.28, layer="below",
            )  # fmt: skip
        figure.add_shape(
            type="line", x0=row.low, x1=row.high, y0=y, y1=y, layer="below",
            line={"color": colours.blue if row.is_self else colours.faint, "width": 5},
        )  # fmt: skip
        if row.begins:
            figure.add_shape(
                type="line", xref="paper", x0=0, x1=1, y0=y + 0.5, y1=y + 0.5, line={"color": colours.line, "width": 1}
            )  # fmt: skip
            figure.add_annotation(
                xref="paper", x=1, xanchor="left", xshift=6, y=y, yanchor="middle", text=plain(row.begins), showarrow=False,
                font={"size": 11, "color": colours.grey},
            )  # fmt: skip
    figure.add_scatter(
        x=[row.place for row in rows],
        y=list(range(len(rows) - 1, -1, -1)),
        mode="markers",
        cliponaxis=False,
        marker={
            "size": [15 if row.is_self else 11 for row in rows],
            "symbol": ["diamond" if row.is_self else "circle" for row in rows],
            "color": colours.blue,
            "line": {"color": colours.ground, "width": 1},
        },
        customdata=[[row.body, None] for row in rows],
        hovertext=[plain(row.hover) for row in rows],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )
    step = max(1, round(last / 7))
    ticks = sorted({1, *range(step, last + 1, step)})
    figure.update_xaxes(
        range=[0.4, last + 0.6], tickvals=ticks, side="top", showgrid=True, gridcolor=colours.line, zeroline=False, fixedrange=True,
        tickangle=0, tickfont={"size": 11, "color": colours.grey},
    )  # fmt: skip
    figure.update_yaxes(
        range=[-0.6, len(rows) - 0.4],
        tickvals=list(range(len(rows) - 1, -1, -1)),
        ticktext=[f"<b>{plain(name)}</b>" if row.is_self else plain(name) for row, name in zip(rows, names, strict=True)],
        showgrid=False, zeroline=False, fixedrange=True, ticklabelstandoff=6,
    )  # fmt: skip
    return figure


@dataclass(frozen=True, slots=True)
class Step:
    """A step from one height to another: its name, its words, and whether it is an end that stands on the ground."""

    name: str
    start: float
    end: float
    label: str
    hover: str
    is_end: bool = False


def steps(drawn: Sequence[Step]) -> Figure:
    """Steps from the first end to the last, downwards; up is blue, down is rust, and each says its points."""
    colours = palette()
    names = [step.name for step in drawn]
    figure = empty(_LINE * len(drawn) + 20, left=width(names, most=170), right=46, top=6, bottom=10)
    low = min(min(step.start, step.end) for step in drawn if not step.is_end or len(drawn) == 1)
    high = max(max(step.start, step.end) for step in drawn)
    low = min(low, *(step.end for step in drawn))
    margin = max((high - low) * 0.18, 1)
    ground = max(low - margin, 0)
    for at, step in enumerate(drawn):
        y = len(drawn) - 1 - at
        start = ground if step.is_end else step.start
        colour = colours.faint if step.is_end else colours.blue if step.end >= step.start else colours.rust
        figure.add_bar(
            x=[step.end - start], base=[start], y=[y], orientation="h", width=0.62, marker={"color": colour},
            hovertext=[plain(step.hover)], hoverinfo="text",
        )  # fmt: skip
        figure.add_annotation(
            x=max(start, step.end), y=y, xanchor="left", xshift=4, text=plain(step.label), showarrow=False,
            font={"size": 11, "color": colours.ink},
        )  # fmt: skip
    for at, one in enumerate(drawn[:-1]):
        y = len(drawn) - 1 - at
        figure.add_shape(
            type="line", x0=one.end, x1=one.end, y0=y - 0.31, y1=y - 0.69, line={"color": colours.grey, "width": 1, "dash": "dot"}
        )  # fmt: skip
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[ground, high + margin * 0.5], visible=False, fixedrange=True)
    figure.update_yaxes(
        range=[-0.6, len(drawn) - 0.4], tickvals=list(range(len(drawn) - 1, -1, -1)), ticktext=[plain(name) for name in names],
        showgrid=False, zeroline=False, fixedrange=True, ticklabelstandoff=6,
    )  # fmt: skip
    return figure


@dataclass(frozen=True, slots=True)
class Rung:
    """A body's place in a year, its words and its report."""

    year: int
    place: int
    hover: str
    report: str


@dataclass(frozen=True, slots=True)
class Climb:
    """A body's places over the years; the one that it is about is drawn strong and named."""

    name: str
    rungs: Sequence[Rung]
    is_self: bool


def bump(years: Sequence[int], climbs: Sequence[Climb], breaks: Sequence[Break]) -> Figure:
    """Places over the years, the first on top; a line stops where the model changed and is dotted where the form did."""
    colours = palette()
    joins: Mapping[int, str] = {found.year: found.joins for found in breaks}
    last = max((rung.place for climb in climbs for rung in climb.rungs), default=1)
    ends = [climb.name for climb in climbs if climb.rungs and climb.rungs[-1].year == years[-1]]
    figure = empty(
        max(14 * last, 150) + 60, left=30, right=width([*map(short, ends), ""], most=150), top=36, bottom=28
    )
    for climb in sorted(climbs, key=lambda one: one.is_self):
        colour = colours.blue if climb.is_self else colours.faint
        for before, after in pairwise(climb.rungs):
            if after.year == before.year + 1 and joins.get(after.year) != "no":
                figure.add_scatter(
                    x=[before.year, after.year], y=[before.place, after.place], mode="lines", hoverinfo="skip",
                    line={"color": colour, "width": 3 if climb.is_self else 1.2, "dash": "dot" if after.year in joins else "solid"},
                )  # fmt: skip
        figure.add_scatter(
            x=[rung.year for rung in climb.rungs],
            y=[rung.place for rung in climb.rungs],
            mode="markers",
            cliponaxis=False,
            marker={
                "size": 11 if climb.is_self else 6,
                "color": colour,
                "symbol": "diamond" if climb.is_self else "circle",
            },
            customdata=[[rung.report, None] for rung in climb.rungs],
            hovertext=[plain(rung.hover) for rung in climb.rungs],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
        if climb.rungs and climb.rungs[-1].year == years[-1] and (climb.is_self or last <= 30):
            figure.add_annotation(
                x=1, xref="paper", xanchor="left", xshift=6, y=climb.rungs[-1].place, text=plain(short(climb.name)), showarrow=False,
                font={"size": 11, "color": colours.ink if climb.is_self else colours.grey},
            )  # fmt: skip
    for found in breaks:
        add_rule(figure, found)
    figure.update_xaxes(
        range=[years[0] - 0.3, years[-1] + 0.15], tickvals=list(years), showgrid=False, zeroline=False, fixedrange=True,
        tickfont={"size": 11, "color": colours.grey},
    )  # fmt: skip
    ticks = sorted({1, *range(5, last + 1, 5), last})
    figure.update_yaxes(
        range=[last + 0.6, 0.4], tickvals=ticks, gridcolor=colours.line, zeroline=False, fixedrange=True,
        tickfont={"size": 11, "color": colours.grey},
    )  # fmt: skip
    return figure
