"""The shapes of an invented document: what happened, what is printed, and the truth about it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Layout(StrEnum):
    """The forms a report can be printed in."""

    PRE2019 = "pre2019"
    F2019 = "2019"
    F2021 = "2021"
    NARRATIVE = "narrative"


@dataclass(frozen=True, slots=True)
class Body:
    """An invented township. `population` and `remote` (0 near, 1 far) shape its figures."""

    body_id: str
    name: str
    full_name: str
    kind: str
    code: str
    county: str
    prefecture: str
    province: str
    population: int
    remote: float
    valid_from: int | None = None
    valid_to: int | None = None
    predecessor: str | None = None

    @property
    def place(self) -> str:
        """How the body calls itself: 镇, 乡, 街道 or 县."""
        return {"subdistrict": "街道", "town": "镇", "county": "县"}.get(self.kind, "乡")

    @property
    def publisher(self) -> str:
        """The body as a website names it, with its county."""
        return self.full_name if self.kind == "county" else self.county + self.full_name

    def exists(self, year: int) -> bool:
        """Whether the body reports on a year."""
        return (self.valid_from is None or self.valid_from <= year) and (
            self.valid_to is None or year <= self.valid_to
        )


Key = tuple[str, str | None, str | None, str | None]


@dataclass(slots=True)
class TruthFact:
    """One printed value as an honest reader would report it.

    `optional`: neither its absence nor its presence is a fault. `ambiguous`: what is printed does not
    decide the value (`was`), so a reader must not give one. `inferred`: giving it or refusing is right.
    """

    measure: str
    applicant: str | None = None
    channel: str | None = None
    account: str | None = None
    category: str | None = None
    value: float | int | None = None
    unit: str = ""
    status: str = "reported"
    bound: str = "exact"
    raw_text: str = ""
    source: str = "prose"
    optional: bool = False
    ambiguous: bool = False
    inferred: bool = False
    was: float | int | None = None

    @property
    def key(self) -> Key:
        """What identifies the fact inside its report."""
        return self.measure, self.applicant, self.channel, self.category

    def as_json(self) -> dict[str, Any]:
        """The contract's fields, and the examiner's marks where they are set."""
        names = "measure applicant channel account category value unit status bound raw_text".split()
        found: dict[str, Any] = {name: getattr(self, name) for name in names}
        found["locator"] = None
        found["source"] = self.source
        for mark in ("optional", "ambiguous", "inferred"):
            if getattr(self, mark):
                found[mark] = True
        if self.was is not None:
            found["was"] = self.was
        return found


@dataclass(slots=True)
class Cell:
    """A cell of a printed table; `fact` where it holds a figure."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    fact: TruthFact | None = None
    head: bool = False


@dataclass(slots=True)
class Table:
    """A printed table: cells in reading order, `head` rows are repeated after a page break."""

    cells: list[Cell]
    name: str
    head: int = 1

    @property
    def width(self) -> int:
        """How many columns the grid has."""
        return max(cell.column + cell.columns for cell in self.cells)

    @property
    def height(self) -> int:
        """How many rows the grid has."""
        return max(cell.row + cell.rows for cell in self.cells)

    def split(self, after: int) -> "list[Table]":
        """The table as two, broken after a row as a page break leaves it: header and open groups repeated."""
        parts = []
        for first, last in ((0, after), (after, self.height)):
            cells = [cell for cell in self.cells if first and cell.row < self.head]
            shift = self.head - first if first else 0
            for cell in self.cells:
                top, bottom = max(cell.row, first), min(cell.row + cell.rows, last)
                if top < bottom and not (first and cell.row < self.head):
                    cells.append(replace(cell, row=top + shift, rows=bottom - top))
            parts.append(Table(cells, self.name, self.head))
        return parts

    def by_row(self) -> list[list[Cell]]:
        """The cells that begin in each row, left to right."""
        lines: list[list[Cell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            lines[cell.row].append(cell)
        return [sorted(line, key=lambda cell: cell.column) for line in lines]


@dataclass(slots=True)
class Text:
    """A paragraph: `title`, `heading`, `subheading`, `body` or `sign` (the foot, right aligned)."""

    text: str
    style: str = "body"


@dataclass(slots=True)
class Draft:
    """A report as written, before it becomes a file of some format."""

    body: Body
    year: int
    layout: Layout
    title: str
    blocks: list[Text | Table]
    published: str | None
    index_number: str | None
    signed: str
    facts: list[TruthFact]
    quirks: list[str] = field(default_factory=list)
    planted: list[dict[str, str]] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished file: its bytes, how it is named, which quirks its format added."""

    data: bytes
    suffix: str
    quirks: tuple[str, ...] = ()
