"""Horizontal bars: stacked, single and side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.ui.charts.canvas import ROW, Figure, empty, named_rows, plain, short, width
from pages.ui.charts.colours import on, palette

# As wide as a number with its unit.
_FIGURE = 70


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
class Over:
    """The part of a bar by which it passes what was stated: framed, and named under a pointer."""

    bar: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Between:
    """A thin rule between two bars that do not compare, and its words."""

    above: str
    label: str


def _layers(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The first piece of each bar, the second of each, and so on: a browser draws few traces faster than many."""
    layers: list[list[Piece]] = []
    held: dict[str, int] = {}
    for piece in pieces:
        place = held[piece.bar] = held.get(piece.bar, -1) + 1
        if place == len(layers):
            layers.append([])
        layers[place].append(piece)
    return layers


def _add_pieces(figure: Figure, pieces: Sequence[Piece]) -> None:
    """The pieces in their order; a hatched one is a rest and closes its bar."""
    colours = palette()
    hatch = {"shape": "/", "fgcolor": colours.grey, "bgcolor": colours.ground, "size": 7, "solidity": 0.22}
    for layer in _layers([piece for piece in pieces if not piece.hatched]):
        edge = {"color": colours.ground, "width": 1}
        _add_layer(
            figure,
            layer,
            [on(piece.colour) for piece in layer],
            {"color": [piece.colour for piece in layer], "line": edge},
        )
    for layer in _layers([piece for piece in pieces if piece.hatched]):
        edge = {"color": colours.grey, "width": 1}
        _add_layer(figure, layer, colours.grey, {"color": colours.ground, "line": edge, "pattern": hatch})


def _add_layer(
    figure: Figure, layer: Sequence[Piece], ink: str | Sequence[str], marker: dict[str, Any]
) -> None:
    figure.add_bar(
        orientation="h",
        x=[piece.value for piece in layer],
        y=[plain(piece.bar) for piece in layer],
        text=[plain(piece.label) for piece in layer],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        textfont={"color": ink, "size": 11},
        marker=marker,
        customdata=[[piece.report, piece.fact] for piece in layer],
        hovertext=[plain(piece.hover) for piece in layer],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def _bar_axes(
    figure: Figure, bars: Sequence[str], longest: float, room: float, *, percent: bool = False
) -> None:
    colours = palette()
    named_rows(figure, bars)
    figure.update_xaxes(
        range=[0, max(longest, 1) * room],
        showgrid=True,
        gridcolor=colours.line,
        zeroline=False,
        tickfont={"color": colours.grey},
        tickformat=".0%" if percent else ",d",
        tickangle=0,
        nticks=4 if percent else 6,
        fixedrange=True,
    )


def stacked(
    bars: Sequence[str],
    pieces: Sequence[Piece],
    endings: Sequence[Ending],
    stated: Sequence[Stated] = (),
    between: Sequence[Between] = (),
    over: Sequence[Over] = (),
    *,
    percent: bool = False,
) -> Figure:
    """Stacked horizontal bars, words after each, an upright mark at a total that is passed, a frame around the excess."""
    texts = [text for ending in endings for text in (ending.quiet, ending.attention)]
    figure = empty((ROW + 10) * len(bars) + 44, left=width(bars), right=width(texts, most=150), bottom=28)
    _add_pieces(figure, pieces)
    figure.add_scatter(
        x=[mark.total for mark in stated],
        y=[plain(mark.bar) for mark in stated],
        mode="markers",
        marker={"symbol": "line-ns", "size": 26, "line": {"color": palette().ink, "width": 3}},
        hovertext=[plain(mark.hover) for mark in stated],
        hoverinfo="text",
    )
    for part in over:
        _add_over(figure, bars, part)
    for ending in endings:
        _add_ending(figure, bars, ending)
    for found in between:
        _add_between(figure, bars, found)
    _bar_axes(figure, bars, max((ending.at for ending in endings), default=1), 1.03, percent=percent)
    return figure


def _add_over(figure: Figure, bars: Sequence[str], part: Over) -> None:
    # By its number: plotly takes the name 2019 for a number.
    at = len(bars) - 1 - bars.index(part.bar)
    frame = {"color": palette().rust, "width": 2, "dash": "dot"}
    figure.add_shape(
        type="rect",
        x0=part.start,
        x1=part.end,
        y0=at - 0.42,
        y1=at + 0.42,
        line=frame,
        fillcolor="rgba(0,0,0,0)",
    )


def _add_between(figure: Figure, bars: Sequence[str], found: Between) -> None:
    # By its number: plotly takes the name 2019 for a number.
    at = len(bars) - 1 - bars.index(found.above) - 0.5
    rule = {"color": palette().grey, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=at, y1=at, line=rule)
    figure.add_annotation(
        x=1,
        xref="paper",
        y=at,
        text=plain(found.label),
        showarrow=False,
        xanchor="right",
        bgcolor=palette().ground,
        font={"size": 11, "color": palette().grey},
    )


def _add_ending(figure: Figure, bars: Sequence[str], ending: Ending) -> None:
    colours = palette()
    attention = f'<span style="color:{colours.rust}">{plain(ending.attention)}</span>'
    figure.add_annotation(
        x=ending.at,
        # By its number: plotly takes the name 2019 for a number.
        y=len(bars) - 1 - bars.index(ending.bar),
        text="<br>".join(filter(None, [plain(ending.quiet), attention if ending.attention else ""])),
        showarrow=False,
        align="left",
        xanchor="left",
        xshift=8,
        font={"size": 11 if ending.attention else 12, "color": colours.grey},
    )


def ranked(bars: Sequence[str], pieces: Sequence[Piece]) -> Figure:
    """Single horizontal bars with the number after each."""
    longest = max((piece.value for piece in pieces), default=1)
    # Words after a long bar need room of their own; after a short one the bar's lane has it.
    needed = width([piece.label for piece in pieces if 2 * piece.value >= longest], least=0, most=170)
    is_wordy = needed > _FIGURE
    figure = empty(
        ROW * len(bars) + 20,
        left=width([short(bar) for bar in bars]),
        right=needed if is_wordy else 12,
        bottom=6,
    )
    colours = palette()
    figure.add_bar(
        orientation="h",
        x=[piece.value for piece in pieces],
        y=[plain(piece.bar) for piece in pieces],
        text=[plain(piece.label) for piece in pieces],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": colours.ink},
        marker={"color": [piece.colour for piece in pieces]},
        customdata=[[piece.report, piece.fact] for piece in pieces],
        hovertext=[plain(piece.hover) for piece in pieces],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )
    _bar_axes(figure, bars, longest, 1.02 if is_wordy else 1.14)
    figure.update_xaxes(visible=False)
    return figure


@dataclass(frozen=True, slots=True)
class Group:
    """One series of grouped bars: its name, its colour, and the pieces of its bars."""

    name: str
    colour: str
    pieces: Sequence[Piece]


def grouped(bars: Sequence[str], groups: Sequence[Group], between: Sequence[Between] = ()) -> Figure:
    """Bars side by side for each of several series, the words of each after it."""
    high = ROW if len(groups) == 1 else 15 * len(groups) + 10
    labels = [piece.label for group in groups for piece in group.pieces]
    figure = empty(high * len(bars) + 20, left=width(bars), right=width(labels, most=170), bottom=6)
    figure.update_layout(barmode="group", bargap=0.28)
    # Plotly stacks a group from below: the first series is to stand on top.
    for group in reversed(groups):
        figure.add_bar(
            orientation="h",
            x=[piece.value for piece in group.pieces],
            # By its number: plotly takes the name 2019 for a number.
            y=[len(bars) - 1 - bars.index(piece.bar) for piece in group.pieces],
            text=[plain(piece.label) for piece in group.pieces],
            textposition="outside",
            constraintext="none",
            cliponaxis=False,
            textfont={"color": palette().ink, "size": 11},
            marker={"color": group.colour},
            customdata=[[piece.report, piece.fact] for piece in group.pieces],
            hovertext=[plain(piece.hover) for piece in group.pieces],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    for found in between:
        _add_between(figure, bars, found)
    values = [piece.value for group in groups for piece in group.pieces]
    _bar_axes(figure, bars, max(values, default=1), 1.02)
    figure.update_yaxes(type="linear", categoryorder=None, categoryarray=None)
    figure.update_xaxes(visible=False)
    return figure
