"""Where a figure stands on a page that is shown as a picture: the box of its cell, or of its very characters."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Place
from pipeline.page_picture import Box, Character

# How much of the text before a figure must be found with it where a paragraph goes on from the page before.
_CONTEXTS = (16, 10, 6, 4)
_SLACK = 1.5


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph or a cell as read: its text, the page it begins on (counted from 0) and its box there."""

    text: str
    page: int | None
    box: Box | None


def boxes_of(place: Place, printed: Printed, page: int, characters: Sequence[Character]) -> list[Box]:
    """The boxes of a figure on a page, one for each line it runs over; none where it stands on another page."""
    if printed.page is None or place.start is None or place.end is None:
        return [printed.box] if printed.page == page and printed.box else []
    before = len("".join(printed.text[: place.start].split()))
    text = "".join(printed.text.split())
    after = before + len("".join(printed.text[place.start : place.end].split()))
    if printed.page == page and printed.box:
        within = [each for each in characters if _is_within(each, printed.box)]
        here = "".join(each[0] for each in within)
        if here[:after] == text[:after] and after > before:
            return _lines(within[before:after])
        if characters and text.startswith(here) and len(here) <= before:
            return []
        return [printed.box]
    if page == printed.page + 1:
        return _continued(text, before, after, characters)
    return []


def _is_within(character: Character, box: Box) -> bool:
    x, y = (character[1] + character[3]) / 2, (character[2] + character[4]) / 2
    return box[0] - _SLACK <= x <= box[2] + _SLACK and box[1] - _SLACK <= y <= box[3] + _SLACK


def _continued(text: str, before: int, after: int, characters: Sequence[Character]) -> list[Box]:
    """A figure in the rest of a paragraph, found by the words around it where these stand there once."""
    here = "".join(each[0] for each in characters)
    for length in _CONTEXTS:
        sought = text[max(0, before - length) : after]
        if len(sought) > after - before and here.count(sought) == 1:
            end = here.index(sought) + len(sought)
            return _lines(characters[end - (after - before) : end])
    return []


def _lines(characters: Sequence[Character]) -> list[Box]:
    lines: list[Box] = []
    for _, left, top, right, bottom in characters:
        if lines and lines[-1][1] < (top + bottom) / 2 < lines[-1][3] and left >= lines[-1][0]:
            last = lines[-1]
            lines[-1] = (last[0], min(last[1], top), max(last[2], right), max(last[3], bottom))
        else:
            lines.append((left, top, right, bottom))
    return lines
