"""Several bodies' lines over the years, told apart by shape and named at their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pages.ui.charts.canvas import Figure, empty, plain, width
from pages.ui.charts.colours import DARK, LINES_DARK, LINES_LIGHT, SYMBOLS, palette
from pages.ui.charts.years import Break, Point, add_points, add_rule, add_segments, year_axes


@dataclass(frozen=True, slots=True)
class Course:
    """A line and the words at its end; `joins` says of a year how it goes on from the year before, where not plainly."""

    end: str
    points: Sequence[Point]
    joins: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Band:
    """A year's quartiles and median of the group behind the lines, and its words."""

    year: int
    low: float
    middle: float
    high: float
    hover: str


PLOT = 190


def lines(
    years: Sequence[int],
    drawn: Sequence[Course],
    breaks: Sequence[Break],
    band: Sequence[Band] = (),
    band_name: str = "",
) -> Figure:
    """Several bodies' lines, each named at its end, over the band of their group where one is given."""
    colours = LINES_DARK if palette() is DARK else LINES_LIGHT
    highest = max(
        [point.value for line in drawn for point in line.points] + [one.high for one in band], default=1
    )
    ends = [f"● {line.end}" for line in drawn] + [band_name]
    left = width([f"{highest:,.0f}"], least=30, most=70)
    figure = empty(PLOT + 64, left=left, right=width(ends, most=170), top=36, bottom=28)
    _add_quartiles(figure, band)
    for place, line in enumerate(drawn):
        _add_course(figure, line, colours[place], SYMBOLS[place][0])
    for found in breaks:
        add_rule(figure, found)
    year_axes(figure, years, highest)
    low, high = -0.08 * max(highest, 1), 1.12 * max(highest, 1)
    figure.update_yaxes(
        range=[low, high],
        showgrid=True,
        gridcolor=palette().line,
        nticks=4,
        tickformat=",d" if highest >= 4 else "",
        showticklabels=True,
        tickfont={"size": 10, "color": palette().grey},
    )
    named = [
        (
            line.points[-1].value,
            f'<span style="color:{colours[place]}">{SYMBOLS[place][1]}</span> {plain(line.end)}',
        )
        for place, line in enumerate(drawn)
    ]
    if band:
        named.append((band[-1].middle, f'<span style="color:{palette().grey}">┄ {plain(band_name)}</span>'))
    _add_names(figure, named, high - low)
    return figure


def _add_course(figure: Figure, line: Course, colour: str, symbol: str) -> None:
    add_segments(figure, line.points, line.joins, colour)
    add_points(figure, line.points, colour, symbol=symbol, size=9)


def _add_quartiles(figure: Figure, band: Sequence[Band]) -> None:
    """The quartiles as an area, the median as a thin dashed line; a year without them interrupts both."""
    run: list[Band] = []
    for one in [*band, None] if band else []:
        if one is not None and (not run or one.year == run[-1].year + 1):
            run.append(one)
            continue
        years = [found.year for found in run]
        corners = [found.low for found in run] + [found.high for found in reversed(run)]
        figure.add_scatter(
            x=[*years, *reversed(years)],
            y=corners,
            mode="lines",
            fill="toself",
            fillcolor=palette().soft,
            opacity=0.55,
            line={"width": 1 if len(run) > 1 else 6, "color": palette().soft},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=years,
            y=[found.middle for found in run],
            mode="lines+markers",
            line={"color": palette().grey, "width": 1.5, "dash": "dash"},
            marker={"symbol": "line-ew", "size": 8, "line": {"color": palette().grey, "width": 1.5}},
            hovertext=[plain(found.hover) for found in run],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
        run = [] if one is None else [one]


def _add_names(figure: Figure, named: Sequence[tuple[float, str]], span: float) -> None:
    """Names at the right edge at the heights of the lines' ends, pushed apart where they would overlap."""
    least = 15.0
    placed: list[float] = []
    for value, text in sorted(named):
        at = value / span * PLOT
        placed.append(max(at, placed[-1] + least) if placed else at)
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=value,
            yshift=placed[-1] - at,
            text=text,
            showarrow=False,
            font={"size": 11, "color": palette().ink},
        )
