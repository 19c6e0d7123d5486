"""Where figures stand in a text file as it is: its lines, and the characters of each figure in them."""

from collections.abc import Iterable

from pipeline.alignment import aligned, between
from pipeline.model import Paragraph, Place
from pipeline.readers.text import cells_of, decode, placed

Span = tuple[int, int, Place]


def spans_in_lines(data: bytes, places: Iterable[Place]) -> tuple[list[str], dict[int, list[Span]]]:
    """The lines of a file, and by number of line (from 1) the spans of the places that stand there."""
    lines = decode(data)[0].splitlines()
    wanted: dict[int, list[Place]] = {}
    for place in dict.fromkeys(places):
        wanted.setdefault(place.block, []).append(place)
    spans: dict[int, list[Span]] = {}
    for number, (block, at) in enumerate(placed(lines)):
        if number not in wanted:
            continue
        texts = {} if isinstance(block, Paragraph) else {(c.row, c.column): c.text for c in block.cells}
        for place in wanted[number]:
            if isinstance(block, Paragraph):
                line, read, within = at[0], block.text, (0, len(lines[at[0] - 1]))
            elif place.row is None or place.column is None or (place.row, place.column) not in texts:
                continue
            else:
                line, read = at[place.row], texts[place.row, place.column]
                within = cells_of(lines[line - 1])[place.column]
            span = _span(lines[line - 1], within, read, place)
            if span is not None:
                spans.setdefault(line, []).append(span)
    return lines, spans


def _span(line: str, within: tuple[int, int], read: str, place: Place) -> Span | None:
    first, last = within
    found = aligned(line[first:last], read)
    if found is None:
        return None
    whole = (0, len(read)) if place.start is None or place.end is None else (place.start, place.end)
    start, end = between(found, *whole)
    return (first + start, first + end, place) if start < end else None
