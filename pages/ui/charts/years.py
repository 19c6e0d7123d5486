"""Lines over the years: they stop where a value is missing or the meaning of a measure broke off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pages.ui.charts.canvas import Figure, empty, plain, written
from pages.ui.charts.colours import palette


@dataclass(frozen=True, slots=True)
class Point:
    """A year's value on a line: its words, where it leads, whether it rests on less than all or on a bound.

    `joined` says whether it is the same bodies' as the value of the year before, so that a line may join them.
    """

    year: int
    value: float
    label: str
    hover: str
    report: str | None
    fact: str | None
    hollow: bool
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Break:
    """The meaning of a measure changed before this year: how the line may go on, and the words for it."""

    year: int
    joins: str
    label: str
    hover: str


_DASHES = {"yes": "solid", "after_adding": "solid", "rough": "dot"}


def trend(years: Sequence[int], points: Sequence[Point], breaks: Sequence[Break]) -> Figure:
    """A line over the years: it stops at a year without a value and where the measure's meaning broke off.

    Where the meaning changed an upright rule says so; a line that joins only roughly is dotted there.
    """
    colours = palette()
    figure = empty(200, left=14, right=18, top=36, bottom=24)
    broken = {found.year: found.joins for found in breaks}
    add_segments(figure, points, broken, colours.blue)
    figure.add_scatter(
        x=[point.year for point in points],
        y=[point.value for point in points],
        mode="markers+text",
        text=[plain(point.label) for point in points],
        textposition=_label_places([point.value for point in points]),
        textfont={"size": 11, "color": colours.ink},
        cliponaxis=False,
        marker={
            "size": 9,
            "color": [colours.ground if point.hollow else colours.blue for point in points],
            "line": {"color": colours.blue, "width": 2},
        },
        customdata=[[point.report, point.fact] for point in points],
        hovertext=[plain(point.hover) for point in points],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )
    for found in breaks:
        add_rule(figure, found)
    year_axes(figure, years, max((point.value for point in points), default=1))
    return figure


def add_segments(figure: Figure, points: Sequence[Point], broken: Mapping[int, str], colour: str) -> None:
    """The line between the points of neighbouring years, where one may be drawn."""
    runs: list[tuple[str, list[Point]]] = []
    for before, after in pairwise(points):
        joins = broken.get(after.year, "yes")
        if not after.joined or after.year != before.year + 1 or joins not in _DASHES:
            continue
        if runs and runs[-1][0] == _DASHES[joins] and runs[-1][1][-1] is before:
            runs[-1][1].append(after)
        else:
            runs.append((_DASHES[joins], [before, after]))
    for dash, run in runs:
        figure.add_scatter(
            x=[point.year for point in run],
            y=[point.value for point in run],
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            hoverinfo="skip",
        )


def add_points(
    figure: Figure, points: Sequence[Point], colour: str, *, symbol: str = "circle", size: int = 8
) -> None:
    figure.add_scatter(
        x=[point.year for point in points],
        y=[point.value for point in points],
        mode="markers",
        cliponaxis=False,
        marker={
            "symbol": symbol,
            "size": size,
            "color": [palette().ground if point.hollow else colour for point in points],
            "line": {"color": colour, "width": 2},
        },
        customdata=[[point.report, point.fact] for point in points],
        hovertext=[plain(point.hover) for point in points],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def _label_places(values: Sequence[float]) -> list[str]:
    """Below a point that lies under its neighbours, else above it: a label keeps clear of the line."""
    places = []
    for at, value in enumerate(values):
        beside = [*values[max(at - 1, 0) : at], *values[at + 1 : at + 2]]
        is_low = bool(beside) and value < sum(beside) / len(beside)
        places.append("bottom center" if is_low else "top center")
    return places


def add_rule(figure: Figure, found: Break) -> None:
    at = found.year - 0.5
    rule = {"color": palette().grey, "width": 1, "dash": "solid" if found.joins == "no" else "dot"}
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1.04, yref="paper", line=rule)
    figure.add_annotation(
        x=at,
        y=1.04,
        yref="paper",
        yanchor="bottom",
        text=plain(found.label),
        hovertext=plain(found.hover),
        showarrow=False,
        font={"size": 11, "color": palette().grey},
    )


def year_axes(figure: Figure, years: Sequence[int], highest: float) -> None:
    colours = palette()
    shown = written(years)
    figure.update_xaxes(
        range=[years[0] - 0.5, years[-1] + 0.5],
        tickvals=shown,
        ticktext=[str(year) for year in shown],
        tickangle=0,
        tickfont={"color": colours.grey, "size": 11},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        range=[-0.16 * max(highest, 1), max(highest, 1) * 1.16],
        showticklabels=False,
        showgrid=False,
        zeroline=True,
        zerolinecolor=colours.line,
        fixedrange=True,
    )
