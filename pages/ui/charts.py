"""Charts in one visual language. Figures in, plotly out; no query, no word and no page is known here."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.ui import provenance

FONT = "'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
ROW = 22
LONGEST_NAME = 14


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme, contrast checked against its background."""

    ink: str
    grey: str
    faint: str
    line: str
    ground: str
    blue: str
    rust: str
    soft: str
    on_bar: str


LIGHT = Palette(
    ink="#1d2733",
    grey="#66717e",
    faint="#a9b2bd",
    line="#e6eaef",
    ground="#ffffff",
    blue="#2f6db3",
    rust="#c2410c",
    soft="#c9d9ec",
    on_bar="#ffffff",
)
DARK = Palette(
    ink="#e6ebf1",
    grey="#9aa6b3",
    faint="#5b6774",
    line="#2b343e",
    ground="#14191f",
    blue="#6ea6e6",
    rust="#f08a5d",
    soft="#2d4766",
    on_bar="#10151a",
)
# A channel has one colour on every page; those after the first three are told apart by colour-blind readers too.
CHANNELS = {
    "website": "#2f6db3",
    "wechat": "#3a9a78",
    "toutiao": "#c98a1b",
    "weibo": "#a8518a",
    "douyin": "#4d4a8c",
    "video_account": "#7aa63c",
    "kuaishou": "#b4633a",
    "board": "#7b6a58",
    "village_board": "#9c8d7c",
    "screen": "#4f8a94",
    "gazette": "#5a8fc9",
    "media": "#8a6bb0",
    "procurement_portal": "#1f4e85",
    "service_portal": "#4a86c5",
    "miniprogram": "#5bb39a",
    "social": "#3a9a78",
    "web": "#2f6db3",
}
OTHER_CHANNEL = "#7d8894"


def flow_colours() -> dict[str, str]:
    """The colours of what comes in and what becomes of it: blue for granted, rust for refused, greys between."""
    return {
        "requests_received": "#2f6db3",
        "requests_carried_in": "#7d8894",
        "granted": "#2f6db3",
        "granted_in_part": "#5a8fc9",
        "refused": "#c2410c",
        "unavailable": "#a8763e",
        "unprocessed": "#7b6a58",
        "other_outcome": "#66717e",
        "requests_carried_out": "#7d8894",
    }


def palette() -> Palette:
    """The colours of the theme that the reader's browser shows."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def channel_colour(channel: str) -> str:
    """The colour of a channel, the same on every page."""
    return CHANNELS.get(channel, OTHER_CHANNEL)


def _figure(height: int, *, left: int, right: int = 12, top: int = 8, bottom: int = 8) -> go.Figure:
    colours = palette()
    figure = go.Figure()
    figure.update_layout(
        template=None,
        height=height,
        margin={"l": left, "r": right, "t": top, "b": bottom},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 12, "color": colours.ink},
        showlegend=False,
        dragmode=False,
        hoverlabel={
            "bgcolor": colours.ground,
            "font": {"color": colours.ink, "family": FONT},
            "align": "left",
        },
        barmode="stack",
        bargap=0.3,
        uniformtext={"minsize": 9, "mode": "hide"},
    )
    return figure


def show(figure: go.Figure, *, key: str, alt: str) -> None:
    """Draw a chart; a click on a mark opens the figure that it carries."""
    for report, fact in picked(figure, key=key, alt=alt):
        if report:
            provenance.open_source(report, fact)


def picked(figure: go.Figure, *, key: str, alt: str) -> list[tuple[str | None, str | None]]:
    """Draw a chart; the report and the figure of each mark that was clicked."""
    state: Any = st.plotly_chart(
        figure,
        key=key,
        theme=None,
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": False, "doubleClick": False},
        alt=alt,
    )
    return [tuple(point.get("customdata") or (None, None)) for point in state["selection"]["points"]]


def _plain(text: str) -> str:
    """Text for plotly, which reads tags in it: a printed category could hold a link. Line breaks stay."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _width(texts: Sequence[str], *, least: int = 60, most: int = 190) -> int:
    """Pixels a label needs: a Chinese character is as wide as it is high, a Latin one half that."""
    longest = max((sum(12 if ord(letter) > 0x2E7F else 6.6 for letter in text) for text in texts), default=0)
    return int(min(max(longest + 20, least), most))


# A half disc, drawn in pixels about a point: plotly has no such marker.
_HALF = "M 0,-6.5 C -3.6,-6.5 -6.5,-3.6 -6.5,0 C -6.5,3.6 -3.6,6.5 0,6.5 Z"


@dataclass(frozen=True, slots=True)
class State:
    """How a state is drawn: marker, size, outline and filling."""

    symbol: str
    size: int
    line: str
    fill: str


def states() -> dict[str, State]:
    """Every state of a report has a shape of its own, not only a colour."""
    colours = palette()
    return {
        "on_time": State("circle", 13, colours.blue, colours.blue),
        "late": State("circle", 13, colours.blue, colours.ground),
        "undated": State("circle", 13, colours.blue, colours.soft),
        "missing": State("circle", 12, colours.faint, colours.ground),
        "unreadable": State("x-thin", 9, colours.rust, colours.rust),
        "figures": State("diamond", 10, colours.grey, colours.ground),
        "not_due": State("circle-open-dot", 9, colours.faint, colours.faint),
        "not_sought": State("line-ew", 7, colours.faint, colours.faint),
        "not_founded": State("circle", 3, colours.faint, colours.faint),
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of one body in one year: the report it opens and what a pointer over it says."""

    body: str
    year: int
    state: str
    report: str | None
    hover: str


def verdicts() -> dict[str, State]:
    """How the checks of a report come out at worst: each with a shape of its own, as `states`."""
    colours = palette()
    kept = ("unreadable", "missing", "figures", "not_due", "not_sought", "not_founded")
    return {
        "error": State("square", 19, colours.rust, colours.rust),
        "warning": State("square", 19, colours.rust, colours.ground),
        "note": State("circle", 9, colours.grey, colours.ground),
        "holds": State("circle", 9, colours.blue, colours.blue),
        "no_table": State("triangle-up", 10, colours.blue, colours.blue),
        "blank": State("square", 15, colours.grey, colours.ground),
        **{state: look for state, look in states().items() if state in kept},
    }


def outcomes(
    bodies: Sequence[str], years: Sequence[int], marks: Sequence[Mark], counts: Sequence[str]
) -> go.Figure:
    """Bodies by years as `coverage`, a mark for the worst outcome and in it how many there are of it."""
    figure = _figure(ROW * len(bodies) + 40, left=_width(bodies), top=28, right=6)
    colours = palette()
    for state, look in verdicts().items():
        found = [(mark, count) for mark, count in zip(marks, counts, strict=True) if mark.state == state]
        figure.add_scatter(
            x=[years.index(mark.year) for mark, _ in found],
            y=[_plain(mark.body) for mark, _ in found],
            mode="markers+text",
            text=[_plain(count) for _, count in found],
            textposition="middle center",
            textfont={"size": 11, "color": colours.on_bar if state == "error" else colours.rust},
            marker={
                "symbol": look.symbol,
                "size": look.size,
                "color": look.fill,
                "line": {"color": look.line, "width": 2},
            },
            customdata=[[mark.report, None] for mark, _ in found],
            hovertext=[_plain(mark.hover) for mark, _ in found],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    _add_years(figure, bodies, years)
    return figure


def coverage(bodies: Sequence[str], years: Sequence[int], marks: Sequence[Mark]) -> go.Figure:
    """Bodies by years, a mark where they cross."""
    figure = _figure(ROW * len(bodies) + 40, left=_width(bodies), top=28, right=6)
    for state, look in states().items():
        found = [mark for mark in marks if mark.state == state]
        outline = {"color": look.line, "width": 2}
        figure.add_scatter(
            x=[years.index(mark.year) for mark in found],
            y=[_plain(mark.body) for mark in found],
            mode="markers",
            marker={"symbol": look.symbol, "size": look.size, "color": look.fill, "line": outline},
            customdata=[[mark.report, None] for mark in found],
            hovertext=[_plain(mark.hover) for mark in found],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    for mark in (mark for mark in marks if mark.state == "late"):
        # By numbers: plotly takes a name that looks like a number for one.
        centre = {"xanchor": years.index(mark.year), "yanchor": len(bodies) - 1 - bodies.index(mark.body)}
        pixels = {"xsizemode": "pixel", "ysizemode": "pixel", "fillcolor": palette().blue}
        figure.add_shape(type="path", path=_HALF, line={"width": 0}, **pixels, **centre)
    _add_years(figure, bodies, years)
    return figure


def _add_years(figure: go.Figure, bodies: Sequence[str], years: Sequence[int]) -> None:
    """Rows for bodies, columns for years."""
    _named_rows(figure, bodies)
    figure.update_xaxes(
        side="top",
        tickvals=list(range(len(years))),
        ticktext=[str(year) for year in years],
        range=[-0.6, max(len(years), 3) - 0.4],
        tickfont={"color": palette().grey},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )


def _named_rows(figure: go.Figure, names: Sequence[str]) -> None:
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[_plain(name) for name in reversed(names)],
        range=[-0.6, len(names) - 0.4],
        tickvals=list(range(len(names))),
        ticktext=[_plain(_short(name)) for name in reversed(names)],
        ticklabelstandoff=6,
        showgrid=False,
        fixedrange=True,
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a stacked bar: which bar, its colour, its length, its words and where it leads."""

    bar: str
    colour: str
    value: float
    label: str
    hover: str
    report: str | None
    fact: str | None
    hatched: bool = False


def _add_pieces(figure: go.Figure, pieces: Sequence[Piece]) -> None:
    colours = palette()
    for piece in pieces:
        hatch = {
            "shape": "/",
            "fgcolor": colours.grey,
            "bgcolor": colours.ground,
            "size": 7,
            "solidity": 0.22,
        }
        figure.add_bar(
            orientation="h",
            x=[piece.value],
            y=[_plain(piece.bar)],
            text=[_plain(piece.label)],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            textfont={"color": colours.grey if piece.hatched else "#ffffff", "size": 11},
            marker={
                "color": colours.ground if piece.hatched else piece.colour,
                "line": {"color": colours.grey if piece.hatched else colours.ground, "width": 1},
                "pattern": hatch if piece.hatched else {},
            },
            customdata=[[piece.report, piece.fact]],
            hovertext=[_plain(piece.hover)],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )


def _bar_axes(figure: go.Figure, bars: Sequence[str], longest: float, room: float) -> None:
    colours = palette()
    _named_rows(figure, bars)
    figure.update_xaxes(
        range=[0, max(longest, 1) * room],
        showgrid=True,
        gridcolor=colours.line,
        zeroline=False,
        tickfont={"color": colours.grey},
        tickformat=",d",
        nticks=6,
        fixedrange=True,
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """What is written after a bar, quiet or as something that needs attention."""

    bar: str
    at: float
    quiet: str = ""
    attention: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A total that was stated and is passed by its bar."""

    bar: str
    total: float
    hover: str


@dataclass(frozen=True, slots=True)
class Between:
    """A thin rule between two bars that do not compare, and its words."""

    above: str
    label: str


def sankey(came_in: Sequence[Piece], went_out: Sequence[Piece], through: str) -> go.Figure:
    """What came in, flowing through one node to what became of it; what one side lacks of the other is the palest.

    A piece's `bar` is not used: its side is the sequence it stands in.
    """
    colours = palette()
    pieces = [*came_in, *went_out]
    middle, filled = len(pieces), [piece.colour or colours.soft for piece in pieces]
    figure = _figure(max(210, 44 * max(len(came_in), len(went_out)) + 40), left=4, right=4, top=14, bottom=14)
    figure.add_sankey(
        arrangement="snap",
        node={
            "label": [*(_plain(piece.label) for piece in pieces), _plain(through)],
            "color": [*filled, colours.ink],
            "thickness": 14,
            "pad": 18,
            "line": {"width": 0},
            "hoverinfo": "skip",
        },
        link={
            "source": [*range(len(came_in)), *[middle] * len(went_out)],
            "target": [*[middle] * len(came_in), *range(len(came_in), middle)],
            "value": [piece.value for piece in pieces],
            "color": [_faded(colour) for colour in filled],
            "customdata": [_plain(piece.hover) for piece in pieces],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        textfont={"family": FONT, "size": 12, "color": colours.ink, "shadow": "none"},
    )
    return figure


def _faded(colour: str) -> str:
    """A colour of #rrggbb through which others can be seen."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"


def stacked(
    bars: Sequence[str],
    pieces: Sequence[Piece],
    endings: Sequence[Ending],
    stated: Sequence[Stated] = (),
    between: Sequence[Between] = (),
) -> go.Figure:
    """Stacked horizontal bars, words after each, an upright mark at a total that is passed."""
    texts = [text for ending in endings for text in (ending.quiet, ending.attention)]
    figure = _figure((ROW + 10) * len(bars) + 44, left=_width(bars), right=_width(texts, most=150), bottom=28)
    _add_pieces(figure, pieces)
    figure.add_scatter(
        x=[mark.total for mark in stated],
        y=[_plain(mark.bar) for mark in stated],
        mode="markers",
        marker={"symbol": "line-ns", "size": 26, "line": {"color": palette().ink, "width": 3}},
        hovertext=[_plain(mark.hover) for mark in stated],
        hoverinfo="text",
    )
    for ending in endings:
        _add_ending(figure, bars, ending)
    for found in between:
        _add_between(figure, bars, found)
    _bar_axes(figure, bars, max((ending.at for ending in endings), default=0), 1.03)
    return figure


def _add_between(figure: go.Figure, bars: Sequence[str], found: Between) -> None:
    # By its number: plotly takes the name 2019 for a number.
    at = len(bars) - 1 - bars.index(found.above) - 0.5
    rule = {"color": palette().grey, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=at, y1=at, line=rule)
    figure.add_annotation(
        x=1,
        xref="paper",
        y=at,
        text=_plain(found.label),
        showarrow=False,
        xanchor="right",
        bgcolor=palette().ground,
        font={"size": 11, "color": palette().grey},
    )


def _add_ending(figure: go.Figure, bars: Sequence[str], ending: Ending) -> None:
    colours = palette()
    attention = f'<span style="color:{colours.rust}">{_plain(ending.attention)}</span>'
    figure.add_annotation(
        x=ending.at,
        # By its number: plotly takes the name 2019 for a number.
        y=len(bars) - 1 - bars.index(ending.bar),
        text="<br>".join(filter(None, [_plain(ending.quiet), attention if ending.attention else ""])),
        showarrow=False,
        align="left",
        xanchor="left",
        xshift=8,
        font={"size": 11 if ending.attention else 12, "color": colours.grey},
    )


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


def trend(years: Sequence[int], points: Sequence[Point], breaks: Sequence[Break]) -> go.Figure:
    """A line over the years: it stops at a year without a value and where the measure's meaning broke off.

    Where the meaning changed an upright rule says so; a line that joins only roughly is dotted there.
    """
    colours = palette()
    figure = _figure(200, left=14, right=18, top=36, bottom=24)
    broken = {found.year: found.joins for found in breaks}
    _add_segments(figure, points, broken, colours.blue)
    figure.add_scatter(
        x=[point.year for point in points],
        y=[point.value for point in points],
        mode="markers+text",
        text=[_plain(point.label) for point in points],
        textposition=_label_places([point.value for point in points]),
        textfont={"size": 11, "color": colours.ink},
        cliponaxis=False,
        marker={
            "size": 9,
            "color": [colours.ground if point.hollow else colours.blue for point in points],
            "line": {"color": colours.blue, "width": 2},
        },
        customdata=[[point.report, point.fact] for point in points],
        hovertext=[_plain(point.hover) for point in points],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )
    for found in breaks:
        _add_rule(figure, found)
    _year_axes(figure, years, max((point.value for point in points), default=0))
    return figure


def _add_segments(figure: go.Figure, points: Sequence[Point], broken: Mapping[int, str], colour: str) -> None:
    """The line between the points of neighbouring years, where one may be drawn."""
    for before, after in pairwise(points):
        joins = broken.get(after.year, "yes")
        if after.joined and after.year == before.year + 1 and joins in _DASHES:
            figure.add_scatter(
                x=[before.year, after.year],
                y=[before.value, after.value],
                mode="lines",
                line={"color": colour, "width": 2, "dash": _DASHES[joins]},
                hoverinfo="skip",
            )


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
) -> go.Figure:
    """Lines over a band, each named at its end, and under each year its n of N; `names` are the band's two edges'."""
    colours, years = palette(), [count.year for count in counts]
    highest = max(
        (*(point.value for line in lines for point in line.points), *(one.high for one in spreads)), default=1
    )
    ends = [(line.points[-1].value, line.name, line.colour) for line in lines if line.points]
    if spreads and spreads[-1].year == max(line.points[-1].year for line in lines if line.points):
        ends += [(spreads[-1].low, names[0], colours.grey), (spreads[-1].high, names[1], colours.grey)]
    left, right = _width([f"{highest:,.0f}"], least=36), _width([name for _, name, _ in ends], most=150)
    figure = _figure(300, left=left, right=right, top=26, bottom=58)
    broken = {found.year: found.joins for found in breaks}
    _add_band(figure, spreads, broken)
    for line in lines:
        _add_segments(figure, line.points, broken, line.colour)
        _add_points(figure, line)
    for found in breaks:
        _add_rule(figure, found)
    _count_axes(figure, counts, max(highest, 1) * 1.06)
    _add_ends(figure, ends, years[-1], max(highest, 1) * 1.06 / (300 - 26 - 58))
    return figure


def _add_band(figure: go.Figure, spreads: Sequence[Spread], broken: Mapping[int, str]) -> None:
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


def _add_points(figure: go.Figure, line: Line) -> None:
    figure.add_scatter(
        x=[point.year for point in line.points],
        y=[point.value for point in line.points],
        mode="markers",
        cliponaxis=False,
        marker={
            "size": 8,
            "color": [palette().ground if point.hollow else line.colour for point in line.points],
            "line": {"color": line.colour, "width": 2},
        },
        customdata=[[point.report, point.fact] for point in line.points],
        hovertext=[_plain(point.hover) for point in line.points],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def _add_ends(figure: go.Figure, ends: Sequence[tuple[float, str, str]], year: int, pixel: float) -> None:
    """Names beside the last year, moved apart where they would stand on one another; `pixel` is its height."""
    above: float | None = None
    for value, name, colour in sorted(ends):
        at = value if above is None else max(value, above + 15 * pixel)
        above = at
        figure.add_annotation(
            x=year,
            y=at,
            text=_plain(name),
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"size": 12, "color": colour},
        )


def _count_axes(figure: go.Figure, counts: Sequence[Count], highest: float) -> None:
    """Years with their n of N; where there are many, every other year is named and N stands under n."""
    colours, last = palette(), counts[-1].year
    few = len(counts) <= 7
    texts = [
        f"{count.year}<br>{count.n}/{count.due}"
        if few
        else f"{count.year if (last - count.year) % 2 == 0 else ' '}<br>{count.n}<br>/{count.due}"
        for count in counts
    ]
    figure.update_xaxes(
        range=[counts[0].year - 0.4, last + 0.3],
        tickvals=[count.year for count in counts],
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


def _label_places(values: Sequence[float]) -> list[str]:
    """Below a point that lies under its neighbours, else above it: a label keeps clear of the line."""
    places = []
    for at, value in enumerate(values):
        beside = [*values[max(at - 1, 0) : at], *values[at + 1 : at + 2]]
        is_low = bool(beside) and value < sum(beside) / len(beside)
        places.append("bottom center" if is_low else "top center")
    return places


def _add_rule(figure: go.Figure, found: Break) -> None:
    at = found.year - 0.5
    rule = {"color": palette().grey, "width": 1, "dash": "solid" if found.joins == "no" else "dot"}
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1.04, yref="paper", line=rule)
    figure.add_annotation(
        x=at,
        y=1.04,
        yref="paper",
        yanchor="bottom",
        text=_plain(found.label),
        hovertext=_plain(found.hover),
        showarrow=False,
        font={"size": 11, "color": palette().grey},
    )


def _year_axes(figure: go.Figure, years: Sequence[int], highest: float) -> None:
    colours = palette()
    # Every other year where all of them would run into one another on a phone.
    shown = [year for year in years if len(years) <= 7 or (years[-1] - year) % 2 == 0]
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


# Told apart by shape as well as by colour; the letters stand before the names at the lines' ends.
SYMBOLS = (
    ("circle", "●"),
    ("square", "■"),
    ("diamond", "◆"),
    ("triangle-up", "▲"),
    ("star", "★"),
    ("cross", "✚"),
)
MOST_LINES = len(SYMBOLS)
_LINES_LIGHT = ("#2f6db3", "#c2410c", "#3a9a78", "#b07710", "#a8518a", "#4d4a8c")
_LINES_DARK = ("#6ea6e6", "#f08a5d", "#5bb39a", "#e0ad3c", "#d08cbd", "#a9a6e0")
_PLOT = 190


def lines(
    years: Sequence[int],
    drawn: Sequence[Course],
    breaks: Sequence[Break],
    band: Sequence[Band] = (),
    band_name: str = "",
) -> go.Figure:
    """Several bodies' lines, each named at its end, over the band of their group where one is given."""
    colours = _LINES_DARK if palette() is DARK else _LINES_LIGHT
    highest = max(
        [point.value for line in drawn for point in line.points] + [one.high for one in band], default=1
    )
    ends = [f"● {line.end}" for line in drawn] + [band_name]
    figure = _figure(_PLOT + 64, left=8, right=_width(ends, most=170), top=36, bottom=28)
    _add_quartiles(figure, band)
    for place, line in enumerate(drawn):
        _add_course(figure, line, colours[place], SYMBOLS[place][0])
    for found in breaks:
        _add_rule(figure, found)
    _year_axes(figure, years, highest)
    low, high = -0.08 * max(highest, 1), 1.12 * max(highest, 1)
    figure.update_yaxes(
        range=[low, high],
        showgrid=True,
        gridcolor=palette().line,
        nticks=4,
        tickformat=",d" if highest >= 4 else "",
        showticklabels=True,
        ticklabelposition="inside top",
        tickfont={"size": 10, "color": palette().grey},
    )
    named = [
        (
            line.points[-1].value,
            f'<span style="color:{colours[place]}">{SYMBOLS[place][1]}</span> {_plain(line.end)}',
        )
        for place, line in enumerate(drawn)
    ]
    if band:
        named.append((band[-1].middle, f'<span style="color:{palette().grey}">┄ {_plain(band_name)}</span>'))
    _add_names(figure, named, high - low)
    return figure


def _add_course(figure: go.Figure, line: Course, colour: str, symbol: str) -> None:
    for before, after in pairwise(line.points):
        joins = line.joins.get(after.year, "yes")
        if after.joined and after.year == before.year + 1 and joins in _DASHES:
            figure.add_scatter(
                x=[before.year, after.year],
                y=[before.value, after.value],
                mode="lines",
                line={"color": colour, "width": 2, "dash": _DASHES[joins]},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=[point.year for point in line.points],
        y=[point.value for point in line.points],
        mode="markers",
        cliponaxis=False,
        marker={
            "symbol": symbol,
            "size": 9,
            "color": [palette().ground if point.hollow else colour for point in line.points],
            "line": {"color": colour, "width": 2},
        },
        customdata=[[point.report, point.fact] for point in line.points],
        hovertext=[_plain(point.hover) for point in line.points],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def _add_quartiles(figure: go.Figure, band: Sequence[Band]) -> None:
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
            hovertext=[_plain(found.hover) for found in run],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
        run = [] if one is None else [one]


def _add_names(figure: go.Figure, named: Sequence[tuple[float, str]], span: float) -> None:
    """Names at the right edge at the heights of the lines' ends, pushed apart where they would overlap."""
    least = 15.0
    placed: list[float] = []
    for value, text in sorted(named):
        at = value / span * _PLOT
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


def strips(drawn: Sequence[Strip]) -> go.Figure:
    """A dot for each of a group on a line for each measure; the one that it is about is filled and larger."""
    colours = palette()
    figure = _figure(_STRIP * len(drawn) + 12, left=10, right=10, top=6, bottom=6)
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
                x=x, xanchor=side, y=at, yanchor="middle", text=_plain(text), showarrow=False, font={"size": size, "color": colour}
            )  # fmt: skip
    figure.update_xaxes(range=[-0.02, 1.02], visible=False, fixedrange=True)
    figure.update_yaxes(range=[-0.5, len(drawn) - 0.5], visible=False, fixedrange=True)
    return figure


def _add_dots(figure: go.Figure, dots: Sequence[Dot], y: int, is_self: bool) -> None:
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
        hovertext=[_plain(dot.hover) for dot in dots],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def ranked(bars: Sequence[str], pieces: Sequence[Piece]) -> go.Figure:
    """Single horizontal bars with the number after each."""
    figure = _figure(ROW * len(bars) + 20, left=_width(bars), bottom=6)
    colours = palette()
    figure.add_bar(
        orientation="h",
        x=[piece.value for piece in pieces],
        y=[_plain(piece.bar) for piece in pieces],
        text=[_plain(piece.label) for piece in pieces],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": colours.ink},
        marker={"color": [piece.colour for piece in pieces]},
        customdata=[[piece.report, piece.fact] for piece in pieces],
        hovertext=[_plain(piece.hover) for piece in pieces],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )
    _bar_axes(figure, bars, max((piece.value for piece in pieces), default=0), 1.14)
    figure.update_xaxes(visible=False)
    return figure


@dataclass(frozen=True, slots=True)
class Group:
    """One series of grouped bars: its name, its colour, and the pieces of its bars."""

    name: str
    colour: str
    pieces: Sequence[Piece]


def series_colours() -> list[str]:
    """The colours of the first series, the second and so on; each bar bears its series' name as well."""
    return ["#2f6db3", "#c98a1b", "#3a9a78", "#a8518a", "#66717e", "#7b6a58"]


def grouped(bars: Sequence[str], groups: Sequence[Group], between: Sequence[Between] = ()) -> go.Figure:
    """Bars side by side for each of several series, the words of each after it."""
    high = ROW if len(groups) == 1 else 15 * len(groups) + 10
    labels = [piece.label for group in groups for piece in group.pieces]
    figure = _figure(high * len(bars) + 20, left=_width(bars), right=_width(labels, most=170), bottom=6)
    figure.update_layout(barmode="group", bargap=0.28)
    # Plotly stacks a group from below: the first series is to stand on top.
    for group in reversed(groups):
        figure.add_bar(
            orientation="h",
            x=[piece.value for piece in group.pieces],
            # By its number: plotly takes the name 2019 for a number.
            y=[len(bars) - 1 - bars.index(piece.bar) for piece in group.pieces],
            text=[_plain(piece.label) for piece in group.pieces],
            textposition="outside",
            constraintext="none",
            cliponaxis=False,
            textfont={"color": palette().ink, "size": 11},
            marker={"color": group.colour},
            customdata=[[piece.report, piece.fact] for piece in group.pieces],
            hovertext=[_plain(piece.hover) for piece in group.pieces],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    for found in between:
        _add_between(figure, bars, found)
    values = [piece.value for group in groups for piece in group.pieces]
    _bar_axes(figure, bars, max(values, default=0), 1.02)
    figure.update_yaxes(type="linear", categoryorder=None, categoryarray=None)
    figure.update_xaxes(visible=False)
    return figure
