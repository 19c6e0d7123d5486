"""Bodies by years, a mark of its own shape for each state."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.ui.charts.canvas import ROW, Figure, empty, named_rows, plain, width, written
from pages.ui.charts.colours import palette

# A half disc, drawn in pixels about a point: plotly has no such marker.
_HALF = "M 0,-6.5 C -3.6,-6.5 -6.5,-3.6 -6.5,0 C -6.5,3.6 -3.6,6.5 0,6.5 Z"
_HALF_SQUARE = "M 0,-6 L -6,-6 L -6,6 L 0,6 Z"


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
        "blank": State("square", 12, colours.blue, colours.ground),
        "blank_late": State("square", 13, colours.blue, colours.ground),
        "missing": State("circle", 12, colours.faint, colours.ground),
        "unreadable": State("x-thin", 9, colours.rust, colours.rust),
        "figures": State("diamond", 10, colours.grey, colours.ground),
        "not_due": State("circle-open-dot", 9, colours.faint, colours.faint),
        "not_sought": State("line-ew", 7, colours.faint, colours.faint),
        "not_founded": State("circle", 3, colours.faint, colours.faint),
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of one body in one year: the report it opens or the figure in it, what a pointer over it says, and whose
    sheet it opens where there is no report."""

    body: str
    year: int
    state: str
    report: str | None
    hover: str
    fact: str | None = None
    body_id: str | None = None


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
) -> Figure:
    """Bodies by years as `coverage`, a mark for the worst outcome and in it how many there are of it."""
    figure = empty(ROW * len(bodies) + 40, left=width(bodies), top=28, right=6)
    colours = palette()
    for state, look in verdicts().items():
        found = [(mark, count) for mark, count in zip(marks, counts, strict=True) if mark.state == state]
        figure.add_scatter(
            x=[years.index(mark.year) for mark, _ in found],
            y=[plain(mark.body) for mark, _ in found],
            mode="markers+text",
            text=[plain(count) for _, count in found],
            textposition="middle center",
            textfont={"size": 11, "color": colours.on_bar if state == "error" else colours.rust},
            marker={
                "symbol": look.symbol,
                "size": look.size,
                "color": look.fill,
                "line": {"color": look.line, "width": 2},
            },
            customdata=[[mark.report, None] for mark, _ in found],
            hovertext=[plain(mark.hover) for mark, _ in found],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    _add_years(figure, bodies, years)
    return figure


def coverage(bodies: Sequence[str], years: Sequence[int], marks: Sequence[Mark]) -> Figure:
    """Bodies by years, a mark where they cross; it carries its report and its body."""
    figure = empty(ROW * len(bodies) + 40, left=width(bodies), top=28, right=6)
    for state, look in states().items():
        found = [mark for mark in marks if mark.state == state]
        outline = {"color": look.line, "width": 2}
        figure.add_scatter(
            x=[years.index(mark.year) for mark in found],
            y=[plain(mark.body) for mark in found],
            mode="markers",
            marker={"symbol": look.symbol, "size": look.size, "color": look.fill, "line": outline},
            customdata=[[mark.report, mark.body_id] for mark in found],
            hovertext=[plain(mark.hover) for mark in found],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    halves = {"late": _HALF, "blank_late": _HALF_SQUARE}
    for mark in (mark for mark in marks if mark.state in halves):
        # By numbers: plotly takes a name that looks like a number for one.
        centre = {"xanchor": years.index(mark.year), "yanchor": len(bodies) - 1 - bodies.index(mark.body)}
        pixels = {"xsizemode": "pixel", "ysizemode": "pixel", "fillcolor": palette().blue}
        figure.add_shape(type="path", path=halves[mark.state], line={"width": 0}, **pixels, **centre)
    _add_years(figure, bodies, years)
    return figure


def _add_years(figure: Figure, bodies: Sequence[str], years: Sequence[int]) -> None:
    """Rows for bodies, columns for years."""
    named_rows(figure, bodies)
    shown = written(years)
    figure.update_xaxes(
        side="top",
        tickvals=[years.index(year) for year in shown],
        ticktext=[str(year) for year in shown],
        tickangle=0,
        range=[-0.6, max(len(years), 3) - 0.4],
        tickfont={"color": palette().grey},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
