"""Which form a document prints, told by the labels on it and never by the year."""

from pipeline.catalogue import Catalogue
from pipeline.labels import fold
from pipeline.model import Document, Grid

NARRATIVE = "narrative"
_FEWEST_MARKS = 2


def recognise(document: Document, catalogue: Catalogue) -> str:
    """The layout most of whose marks are printed; narrative where no table of a known form is."""
    printed = fold("".join(_texts(document)))
    counts = {
        name: sum(fold(mark) in printed for mark in layout.marks)
        for name, layout in catalogue.layouts.items()
        if layout.marks
    }
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= _FEWEST_MARKS:
        return best
    return _by_requests_table(printed, catalogue) or NARRATIVE


def _texts(document: Document) -> list[str]:
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            texts += [cell.text for cell in block.cells]
        else:
            texts.append(block.text)
    return texts


def _by_requests_table(printed: str, catalogue: Catalogue) -> str | None:
    """A document that prints table three alone: the layout with the most of its rows, the newest if equal."""
    scores: dict[str, int] = {}
    for name, layout in catalogue.layouts.items():
        rows = [line for line in layout.lines if line.table == "requests" and line.required]
        scores[name] = sum(fold(line.rows[-1]) in printed for line in rows if len(fold(line.rows[-1])) > 3)
    best = max(scores, key=lambda name: (scores[name], name))
    return best if scores[best] >= 8 else None
