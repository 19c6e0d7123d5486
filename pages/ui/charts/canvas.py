"""What every chart has in common: the empty figure, its drawing, its click, the width of its words."""

import html
from collections.abc import Sequence
from typing import Any

import streamlit as st
from plotly.basedatatypes import BaseFigure

from pages.ui import provenance
from pages.ui.charts.colours import palette

FONT = "'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

ROW = 22
# So many years are written along an axis on a phone without running into one another.
_WRITTEN = 7
LONGEST_NAME = 14


class Figure(BaseFigure):
    """A chart as the JSON that plotly draws, put together by the names that plotly's own figure has for it.

    Plotly's own checks each value as it is set, which took a third of a page's time; a test has it check every chart.
    """

    def __init__(self, layout: dict[str, Any]) -> None:
        self._drawn: dict[str, Any] = {"data": [], "layout": layout}

    @property
    def data(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The traces."""
        return self._drawn["data"]

    @property
    def layout(self) -> dict[str, Any]:  # type: ignore[override]
        """What stands around the traces."""
        return self._drawn["layout"]

    def to_dict(self) -> dict[str, Any]:
        """What Streamlit asks a figure for."""
        return self._drawn

    def _add_trace(self, kind: str, trace: dict[str, Any]) -> None:
        self.data.append({"type": kind, **trace})

    def add_bar(self, **trace: Any) -> None:
        self._add_trace("bar", trace)

    def add_scatter(self, **trace: Any) -> None:
        self._add_trace("scatter", trace)

    def add_sankey(self, **trace: Any) -> None:
        self._add_trace("sankey", trace)

    def add_shape(self, **shape: Any) -> None:
        self.layout.setdefault("shapes", []).append(shape)

    def add_annotation(self, **annotation: Any) -> None:
        self.layout.setdefault("annotations", []).append(annotation)

    def update_layout(self, **settings: Any) -> None:
        self.layout.update(settings)

    def update_xaxes(self, **settings: Any) -> None:
        self.layout.setdefault("xaxis", {}).update(settings)

    def update_yaxes(self, **settings: Any) -> None:
        self.layout.setdefault("yaxis", {}).update(settings)


def empty(height: int, *, left: int, right: int = 12, top: int = 8, bottom: int = 8) -> Figure:
    colours = palette()
    return Figure(
        {
            "height": height,
            "margin": {"l": left, "r": right, "t": top, "b": bottom},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 12, "color": colours.ink},
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {
                "bgcolor": colours.ground,
                "font": {"color": colours.ink, "family": FONT},
                "align": "left",
            },
            "barmode": "stack",
            "bargap": 0.3,
            "uniformtext": {"minsize": 9, "mode": "hide"},
        }
    )


def show(figure: Figure, *, key: str, alt: str) -> None:
    """Draw a chart; a click on a mark opens the figure that it carries."""
    for report, fact in picked(figure, key=key, alt=alt):
        if report:
            provenance.open_source(report, fact)


def picked(figure: Figure, *, key: str, alt: str) -> list[tuple[str | None, str | None]]:
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


def plain(text: str) -> str:
    """Text for plotly, which reads tags in it: a printed category could hold a link. Line breaks stay."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def width(texts: Sequence[str], *, least: int = 60, most: int = 190) -> int:
    """Pixels a label needs: a Chinese character is as wide as it is high, a Latin one half that."""
    longest = max((sum(12 if ord(letter) > 0x2E7F else 6.6 for letter in text) for text in texts), default=0)
    return int(min(max(longest + 20, least), most))


def written(years: Sequence[int]) -> list[int]:
    """The years that are written along an axis, the last among them: so few that they keep apart on a phone."""
    step = -(-len(years) // _WRITTEN)
    return [year for year in years if (years[-1] - year) % step == 0] if years else []


def named_rows(figure: Figure, names: Sequence[str]) -> None:
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[plain(name) for name in reversed(names)],
        range=[-0.6, len(names) - 0.4],
        tickvals=list(range(len(names))),
        ticktext=[plain(short(name)) for name in reversed(names)],
        ticklabelstandoff=6,
        showgrid=False,
        fixedrange=True,
    )
