"""The shapes that travel through the pipeline. No file, no database, no rule of the form is known here.

A *document* is one published file, read into *blocks*: paragraphs and grids. Every *fact* carries the
*place* it was printed at, and a place is a block of its document, down to the cell and the characters.
What a document has hundreds of (places, cells) are named tuples: they are made three times as fast.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """What stood where a figure belongs. Only `reported` has a value; the others are never zero."""

    REPORTED = "reported"
    BLANK = "blank"
    DASH = "dash"
    UNREADABLE = "unreadable"
    NOT_PRINTED = "not_printed"


class Bound(StrEnum):
    """How exact a printed number is: 100余条 is at_least 100, 约44条 is about 44."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


_TENTH = 10
_PLACE = re.compile(r"b(\d+)(?:r(\d+)c(\d+))?(?::(\d+)-(\d+))?")


class Place(NamedTuple):
    """A place in a document: block number, cell (row, column) of a grid, characters [start, end)."""

    block: int
    row: int | None = None
    column: int | None = None
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        """`b12`, `b12:34-37`, `b12r3c4` or `b12r3c4:0-2`; all counts from zero."""
        block, row, column, start, end = self
        cell = f"b{block}" if row is None else f"b{block}r{row}c{column}"
        return cell if start is None else f"{cell}:{start}-{end}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The place a locator names, or None where it names something else (an address, say)."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        block, row, column, start, end = (None if part is None else int(part) for part in found.groups())
        assert block is not None  # noqa: S101  the pattern requires it
        return cls(block, row, column, start, end)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text. `line` counts from 1 in text files; `gap` is the number of blank lines before it."""

    text: str
    line: int | None = None
    page: int | None = None
    gap: int = 0
    box: tuple[float, float, float, float] | None = None
    confidence: float | None = None


class Cell(NamedTuple):
    """A cell of a grid at its top left corner. An empty text is a cell that is there and blank."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as read: its cells in reading order, spans kept. Places no cell covers do not exist."""

    cells: tuple[Cell, ...]
    line: int | None = None
    page: int | None = None

    def matrix(self) -> list[list[Cell | None]]:
        """Rows of equal width; a cell stands at every place it spans, None where no cell is."""
        width = max((cell.column + cell.columns for cell in self.cells), default=0)
        height = max((cell.row + cell.rows for cell in self.cells), default=0)
        rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            if cell.rows == cell.columns == 1:
                row = rows[cell.row]
                row[cell.column] = row[cell.column] or cell
                continue
            for row in rows[cell.row : cell.row + cell.rows]:
                for column in range(cell.column, cell.column + cell.columns):
                    if row[column] is None:
                        row[column] = cell
        return rows


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Issue:
    """Something in a document that could not be accounted for. Never raised: listed beside the facts."""

    code: str
    message: str
    message_en: str = ""
    raw_text: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one format's reader gives: blocks in reading order, the title and labelled metadata around."""

    blocks: tuple[Block, ...]
    title: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One published file as read."""

    path: str
    sha256: str
    media_type: str
    blocks: tuple[Block, ...]
    title: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A measure's value in a report, with the text and the place it was read from.

    `value` is None unless `status` is reported; `unit` is the measure's own unit (money is converted,
    `raw_text` keeps what was printed).
    """

    measure: str
    value: float | int | None
    unit: str
    status: Status
    raw_text: str
    locator: str
    applicant: str | None = None
    channel: str | None = None
    account: str | None = None
    category: str | None = None
    bound: Bound = Bound.EXACT

    @property
    def span(self) -> tuple[float, float] | None:
        """The least and the most that the printed number can fairly mean; None without a value.

        A lower bound was rounded down to its last digit above zero: 120余 is 120 to 129, 超过300 is 300 to 399,
        and a tenth at least: 超过125 is 125 to 137. 约 leaves a tenth either way; nobody says 不足70 of 35.
        """
        value = self.value
        if value is None:
            return None
        match self.bound:
            case Bound.EXACT:
                return value, value
            case Bound.AT_MOST:
                return value / 2, value
            case Bound.ABOUT:
                doubt = max(1, value / _TENTH)
                return value - doubt, value + doubt
        digits = str(int(value))
        step = 10 ** (len(digits) - len(digits.rstrip("0"))) - 1
        return value, value + max(step, value // _TENTH, 1)


@dataclass(frozen=True, slots=True)
class CorrectedFact(Fact):
    """A fact whose value a declared correction has put in the place of the printed one, which stands beside it."""

    correction_id: str = ""
    printed_value: float | int | None = None
    printed_status: Status = Status.REPORTED


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says of its own figures, kept to be checked and never counted.

    `kind` is stated (a figure a table also prints), share (percent of the total) or growth (percent, or a
    difference where `percent` is false) against last year; not_opened or closed (a channel there is none of: no value).
    """

    kind: str
    measure: str
    value: float | int | None
    raw_text: str
    locator: str
    channel: str | None = None
    percent: bool = False
    digits: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule judged on one report. `places` are the locators of the facts that entered it.

    `decision` is accepted or dismissed where somebody has decided of it, in the correction named.
    """

    rule: str
    severity: str
    outcome: str
    message: str
    message_en: str = ""
    residual: float | None = None
    measure: str | None = None
    applicant: str | None = None
    places: tuple[str, ...] = ()
    decision: str | None = None
    correction_id: str | None = None


@dataclass(slots=True)
class Report:
    """One body, one year, as extracted from one document."""

    body: str | None = None
    body_id: str | None = None
    county: str | None = None
    year: int | None = None
    published: str | None = None
    title: str = ""
    index_number: str | None = None
    layout: str = "narrative"
    facts: list[Fact] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class UserError(Exception):
    """Something a user can cause and mend: shown as one line, exit status 2."""


class CatalogueError(Exception):
    """The catalogue contradicts itself; the message names file and row. Exit status 1."""
