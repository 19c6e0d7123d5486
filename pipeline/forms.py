"""The forms as matchers: a printed label finds its row and column in a layout. Knows no file format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.catalogue import Catalogue, Layout, Line
from pipeline.labels import fold, likeness

_ALIKE = 0.78
_ALIKE_COLUMN = 0.8
_MARGIN = 0.08
_SHORTEST_FUZZY = 4
_MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a form's row: where a value lands."""

    line: Line
    applicant: str | None
    path: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A printed row of a form: its folded label, its place in the form and its slots from left to right."""

    table: str
    order: int
    label: str
    path: tuple[str, ...]
    names: frozenset[str]
    slots: tuple[Slot, ...]
    required: bool
    columns: int


class Form:
    """A layout ready to match against. One row may be printed once; labels decide, order only settles doubt."""

    def __init__(self, layout: Layout, catalogue: Catalogue) -> None:
        self.layout = layout.layout
        self.rows = tuple(_form_rows(layout, catalogue))
        self._by_name: dict[str, list[FormRow]] = {}
        for row in self.rows:
            for name in row.names:
                self._by_name.setdefault(name, []).append(row)
        self._long_names = sorted(
            (n for n in self._by_name if len(n) >= _SHORTEST_FUZZY), key=len, reverse=True
        )
        self._found = lru_cache(maxsize=_MOST_REMEMBERED)(self._search)
        self._slots: dict[tuple[int, tuple[str, ...]], int | None] = {}

    def table(self, name: str) -> tuple[FormRow, ...]:
        """The rows of one table, in form order."""
        return tuple(row for row in self.rows if row.table == name)

    def exact(self, label: str) -> tuple[FormRow, ...]:
        """The rows whose label (or alias) this is, numbering and punctuation aside."""
        return tuple(self._by_name.get(fold(label), ()))

    def match(self, label: str) -> tuple[FormRow, ...]:
        """The rows a printed label may mean: by its own text, by its end after a group label, or by likeness."""
        return self._found(fold(label))

    def _search(self, folded: str) -> tuple[FormRow, ...]:
        if folded in self._by_name:
            return tuple(self._by_name[folded])
        if len(folded) < _SHORTEST_FUZZY or len(folded) > 80:
            return ()
        for name in self._long_names:
            if folded.endswith(name):
                return tuple(self._by_name[name])
        scores: dict[int, float] = {}
        for name in self._long_names:
            alike = likeness(folded, name, _ALIKE - _MARGIN)
            if alike >= _ALIKE - _MARGIN:
                for row in self._by_name[name]:
                    scores[row.order] = max(scores.get(row.order, 0.0), alike)
        if not scores:
            return ()
        best = max(scores.values())
        near = [order for order, score in scores.items() if score >= best - _MARGIN]
        return tuple(self.rows[order] for order in near) if best >= _ALIKE else ()

    def slot_of(self, row: FormRow, headers: tuple[str, ...]) -> int | None:
        """Which slot of the row the labels above a column mean; `headers` are folded, nearest first."""
        key = (row.columns, headers)
        if key not in self._slots:
            if len(self._slots) >= _MOST_REMEMBERED:
                self._slots.clear()
            self._slots[key] = _find_slot(row.slots, headers)
        return self._slots[key]


def _find_slot(slots: tuple[Slot, ...], headers: Sequence[str]) -> int | None:
    for depth, header in enumerate(headers):
        found = [i for i, slot in enumerate(slots) if _is_column(header, slot)]
        if len(found) > 1:
            above = set(headers[depth + 1 :])
            found = [i for i in found if all(any(part in h for h in above) for part in slots[i].path[-2:-1])]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _is_column(header: str, slot: Slot) -> bool:
    return header in slot.names or any(
        len(name) >= _SHORTEST_FUZZY and likeness(header, name, _ALIKE_COLUMN) >= _ALIKE_COLUMN
        for name in slot.names
    )


def _form_rows(layout: Layout, catalogue: Catalogue) -> Iterable[FormRow]:
    grouped: dict[tuple[str, tuple[str, ...]], list[Line]] = {}
    for line in layout.lines:
        grouped.setdefault((line.table, line.rows), []).append(line)
    columns: dict[tuple[tuple[str, ...], ...], int] = {}  # rows under the same columns share what is found
    for order, ((table, rows), lines) in enumerate(grouped.items()):
        if lines[0].columns == ("*",):
            slots = tuple(
                Slot(
                    lines[0],
                    a.applicant,
                    tuple(map(fold, a.path)),
                    frozenset(map(fold, (a.path[-1], *a.aliases))),
                )
                for a in catalogue.applicants.values()
            )
        else:
            slots = tuple(
                Slot(line, None, tuple(map(fold, line.columns)), _column_names(line)) for line in lines
            )
        leaf = rows[-1] if rows else ""
        names = frozenset(filter(None, map(fold, (leaf, *lines[0].aliases)))) if rows else frozenset()
        yield FormRow(
            table,
            order,
            leaf,
            tuple(map(fold, rows)),
            names,
            slots,
            any(line.required for line in lines),
            columns.setdefault(tuple(slot.path for slot in slots), len(columns)),
        )


def _column_names(line: Line) -> frozenset[str]:
    """A column's label, also without its bracketed unit and without 本年."""
    leaf = line.columns[-1]
    bare = leaf.split("（")[0]
    return frozenset(fold(name) for name in (leaf, bare, bare.removeprefix("本年")) if len(name) > 1)


@lru_cache(maxsize=4)
def forms_of(catalogue: Catalogue) -> dict[str, Form]:
    """The forms of a catalogue that print tables, by layout."""
    return {name: Form(layout, catalogue) for name, layout in catalogue.layouts.items() if layout.lines}
