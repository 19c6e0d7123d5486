"""Charts in one visual language. Figures in, plotly out; no query, no word and no page is known here."""

from pages.ui.charts.bars import Between, Ending, Group, Over, Piece, Stated, grouped, ranked, stacked
from pages.ui.charts.canvas import FONT, Figure, picked, show
from pages.ui.charts.colours import (
    CHANNELS,
    DARK,
    LIGHT,
    LINES_DARK,
    LINES_LIGHT,
    MOST_LINES,
    OTHER_CHANNEL,
    SYMBOLS,
    Palette,
    channel_colour,
    flow_colours,
    palette,
    series_colours,
)
from pages.ui.charts.courses import PLOT, Band, Course, lines
from pages.ui.charts.flow import sankey
from pages.ui.charts.mentions import mentions, ways
from pages.ui.charts.places import Climb, Placed, Rung, Step, bump, intervals, steps
from pages.ui.charts.quartiles import Count, Line, Spread, spread
from pages.ui.charts.states import Mark, State, coverage, outcomes, states, verdicts
from pages.ui.charts.strips import Dot, Strip, strips
from pages.ui.charts.years import Break, Point, trend

__all__ = [
    "CHANNELS",
    "DARK",
    "FONT",
    "LIGHT",
    "LINES_DARK",
    "LINES_LIGHT",
    "MOST_LINES",
    "OTHER_CHANNEL",
    "PLOT",
    "SYMBOLS",
    "Band",
    "Between",
    "Break",
    "Climb",
    "Count",
    "Course",
    "Dot",
    "Ending",
    "Figure",
    "Group",
    "Line",
    "Mark",
    "Over",
    "Palette",
    "Piece",
    "Placed",
    "Point",
    "Rung",
    "Spread",
    "State",
    "Stated",
    "Step",
    "Strip",
    "bump",
    "channel_colour",
    "coverage",
    "flow_colours",
    "grouped",
    "intervals",
    "lines",
    "mentions",
    "outcomes",
    "palette",
    "picked",
    "ranked",
    "sankey",
    "series_colours",
    "show",
    "spread",
    "stacked",
    "states",
    "steps",
    "strips",
    "trend",
    "verdicts",
    "ways",
]
