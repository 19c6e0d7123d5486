"""A median over the years over its quartile band, and under each year its n of N."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pages.ui.charts.canvas import Figure, empty, plain, width, written
from pages.ui.charts.colours import palette
from pages.ui.charts.years import Break, Point, add_points, add_rule, add_segments

# Of more years than these, n of N stands under the named ones alone.
_COUNTED = 14


@dataclass(frozen=True, slots=True)
class Spread:
    """Between which two values the middle half of a year's lies; `joined` as of a point."""

    year: int
    low: float
    high: float
    joined: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the years: its colour and what stands at its end."""

    points: Sequence[Point]
    colour: str
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """On how many of how many a year rests."""

    year: int
    n: int
    due: int


def spread(
    counts: Sequence[Count],
    spreads: Sequence[Spread],
    lines: Sequence[Line],
    breaks: Sequence[Break],
    names: tuple[str, str],
) -> Figure:
    """Lines over a band, each named at its end, and under each year its n of N; `names` are the band's two edges'."""
    colours, years = palette(), [count.year for count in counts]
    highest = max(
        (*(point.value for line in lines for point in line.points), *(one.high for one in spreads)), default=1
    )
    ends = [(line.points[-1].value, line.name, line.colour) for line in lines if line.points]
    if spreads and spreads[-1].year == max(line.points[-1].year for line in lines if line.points):
        ends += [(spreads[-1].low, names[0], colours.grey), (spreads[-1].high, names[1], colours.grey)]
    left, right = width([f"{highest:,.0f}"], least=36), width([name for _, name, _ in ends], most=150)
    figure = empty(300, left=left, right=right, top=26, bottom=58)
    broken = {found.year: found.joins for found in breaks}
    _add_band(figure, spreads, broken)
    for line in lines:
        add_segments(figure, line.points, broken, line.colour)
        add_points(figure, line.points, line.colour)
    for found in breaks:
        add_rule(figure, found)
    _count_axes(figure, counts, max(highest, 1) * 1.06)
    _add_ends(figure, ends, years[-1], max(highest, 1) * 1.06 / (300 - 26 - 58))
    return figure


def _add_band(figure: Figure, spreads: Sequence[Spread], broken: Mapping[int, str]) -> None:
    """A band over each run of years that join; a year that stands alone has an upright bar."""
    runs: list[list[Spread]] = []
    for one in spreads:
        joins = runs and one.joined and runs[-1][-1].year == one.year - 1 and one.year not in broken
        if joins:
            runs[-1].append(one)
        else:
            runs.append([one])
    colour = palette().soft
    for run in runs:
        alone = len(run) == 1
        figure.add_scatter(
            x=[one.year for one in run] + [one.year for one in reversed(run)],
            y=[one.high for one in run] + [one.low for one in reversed(run)],
            mode="lines",
            fill="none" if alone else "toself",
            fillcolor=colour,
            line={"color": colour, "width": 8 * alone},
            opacity=0.75,
            hoverinfo="skip",
        )


def _add_ends(figure: Figure, ends: Sequence[tuple[float, str, str]], year: int, pixel: float) -> None:
    """Names beside the last year, moved apart where they would stand on one another; `pixel` is its height."""
    above: float | None = None
    for value, name, colour in sorted(ends):
        at = value if above is None else max(value, above + 15 * pixel)
        above = at
        figure.add_annotation(
            x=year,
            y=at,
            text=plain(name),
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"size": 12, "color": colour},
        )


def _count_axes(figure: Figure, counts: Sequence[Count], highest: float) -> None:
    """Years with their n of N; where there are many some are named and N stands under n; of very many those named."""
    colours, last = palette(), counts[-1].year
    named = written([count.year for count in counts])
    few = len(named) == len(counts)
    shown = counts if len(counts) <= _COUNTED else [count for count in counts if count.year in named]
    texts = [
        f"{count.year}<br>{count.n}/{count.due}"
        if few
        else f"{count.year if count.year in named else ' '}<br>{count.n}<br>/{count.due}"
        for count in shown
    ]
    figure.update_xaxes(
        range=[counts[0].year - 0.4, last + 0.3],
        tickvals=[count.year for count in shown],
        ticktext=texts,
        tickangle=0,
        tickfont={"color": colours.grey, "size": 11 if few else 10},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        range=[0, highest],
        tickfont={"color": colours.grey, "size": 11},
        tickformat=",d",
        nticks=6,
        gridcolor=colours.line,
        zerolinecolor=colours.line,
        fixedrange=True,
    )
