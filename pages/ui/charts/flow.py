"""What came in, flowing through to what became of it."""

from collections.abc import Sequence

from pages.ui.charts.bars import Piece
from pages.ui.charts.canvas import FONT, Figure, empty, plain
from pages.ui.charts.colours import palette


def sankey(came_in: Sequence[Piece], went_out: Sequence[Piece], through: str) -> Figure:
    """What came in, flowing through one node to what became of it; what one side lacks of the other is the palest.

    A piece's `bar` is not used: its side is the sequence it stands in.
    """
    colours = palette()
    pieces = [*came_in, *went_out]
    middle, filled = len(pieces), [piece.colour or colours.soft for piece in pieces]
    figure = empty(max(210, 44 * max(len(came_in), len(went_out)) + 40), left=4, right=4, top=14, bottom=14)
    figure.add_sankey(
        arrangement="snap",
        node={
            "label": [*(plain(piece.label) for piece in pieces), plain(through)],
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
            "customdata": [plain(piece.hover) for piece in pieces],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        textfont={"family": FONT, "size": 12, "color": colours.ink, "shadow": "none"},
    )
    return figure


def _faded(colour: str) -> str:
    """A colour of #rrggbb through which others can be seen."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"
