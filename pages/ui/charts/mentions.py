"""Channels or bodies by years, a mark of its own shape for each way in which a report speaks of a channel."""

from collections.abc import Sequence

from pages.ui.charts.canvas import ROW, Figure, empty, named_rows, plain, short, width, written
from pages.ui.charts.colours import palette
from pages.ui.charts.states import Mark, State

_WIDEST = 150


def ways() -> dict[str, State]:
    """How a report speaks of a channel: each with a shape of its own, not only a colour; a zero bears its 0."""
    colours = palette()
    return {
        "figure": State("circle", 13, colours.blue, colours.blue),
        "zero": State("circle", 15, colours.blue, colours.ground),
        "named": State("diamond", 11, colours.rust, colours.ground),
        "not_opened": State("circle-x-open", 13, colours.grey, colours.grey),
        "closed": State("square-x-open", 12, colours.grey, colours.grey),
        "blank": State("square", 11, colours.grey, colours.ground),
        "dash": State("line-ew", 9, colours.grey, colours.grey),
        "unreadable": State("x-thin", 9, colours.rust, colours.rust),
        "unnamed": State("circle", 3, colours.faint, colours.faint),
    }


def _fitted(name: str) -> str:
    """A name cut to what a telephone has room for beside the marks."""
    cut = short(name)
    while width([cut], most=_WIDEST + 1) > _WIDEST:
        cut = f"{cut[:-2]}…"
    return cut


def mentions(names: Sequence[str], years: Sequence[int], marks: Sequence[Mark]) -> Figure:
    """Rows by years, a mark where they cross; a year whose report is not held is empty. A mark's body is its row."""
    shown_names = [_fitted(name) for name in names]
    figure = empty(ROW * len(names) + 40, left=width(shown_names, most=_WIDEST), top=28, right=6)
    colours = palette()
    for state, look in ways().items():
        found = [mark for mark in marks if mark.state == state]
        if not found:
            continue
        figure.add_scatter(
            x=[years.index(mark.year) for mark in found],
            y=[plain(mark.body) for mark in found],
            mode="markers+text",
            text=["0" if state == "zero" else "" for _ in found],
            textposition="middle center",
            textfont={"size": 10, "color": colours.ink},
            marker={
                "symbol": look.symbol,
                "size": look.size,
                "color": look.fill,
                "line": {"color": look.line, "width": 2},
            },
            customdata=[[mark.report, mark.fact] for mark in found],
            hovertext=[plain(mark.hover) for mark in found],
            hoverinfo="text",
            unselected={"marker": {"opacity": 1}},
        )
    named_rows(figure, names)
    figure.update_yaxes(ticktext=[plain(name) for name in reversed(shown_names)])
    shown = written(years)
    figure.update_xaxes(
        side="top",
        tickvals=[years.index(year) for year in shown],
        ticktext=[str(year) for year in shown],
        tickangle=0,
        range=[-0.6, max(len(years), 3) - 0.4],
        tickfont={"color": colours.grey, "size": 11 if len(shown) < 6 else 10},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure
