"""Where the characters of a text as read stand in the text as printed. Knows texts only, no format."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

Name = TypeVar("Name")


def aligned(printed: str, read: str) -> list[int] | None:
    """For each character of `read` its place in `printed`, one more for the end; None where it is not all there.

    What a reader takes away (marks of layout, white space) is passed over; white space itself is never looked for.
    """
    places: list[int] = []
    at = 0
    for character in read:
        if not character.isspace():
            at = printed.find(character, at)
            if at < 0:
                return None
            places.append(at)
            at += 1
        else:
            places.append(at)
    return [*places, at]


def between(places: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Characters [start, end) of a text as read, as a span of the printed one: it ends right after its last character."""
    last = len(places) - 1
    start, end = min(start, last), min(end, last)
    if start >= end:
        return places[start], places[start]
    # Where white space was dropped before the next character, the span must not reach over it.
    return places[start], places[end - 1] + 1 if places[end - 1] < places[end] else places[end]


def stretches(spans: Sequence[tuple[int, int, Name]]) -> Iterator[tuple[int, int, tuple[Name, ...]]]:
    """Spans that may overlap as stretches that do not, in order, each with the names of all spans over it."""
    edges = sorted({edge for start, end, _ in spans if start < end for edge in (start, end)})
    for start, end in pairwise(edges):
        names = tuple(name for first, last, name in spans if first <= start and end <= last)
        if names:
            yield start, end, names
