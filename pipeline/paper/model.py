"""What a paper is made of: headings, paragraphs, tables, charts, breaks. Plain data; knows nothing of docx or PDF."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """Where a figure comes from, in words, and the place it can be looked up at."""

    text: str
    report: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; with a note it is a figure and bears a footnote."""

    text: str
    note: Note | None = None


Text = tuple[Piece, ...]


def plain(text: str) -> Text:
    """Words without a footnote."""
    return (Piece(text),)


def words_of(text: Text) -> str:
    """The words of a text without its notes."""
    return "".join(piece.text for piece in text)


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold, each shown as ␣."""
    return "".join(char if _allowed(ord(char)) else "␣" for char in text)


def _allowed(code: int) -> bool:
    return code in (0x9, 0xA) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 and 2 are those of the text (一、 and （一）), 3 is the heading of an annex or of a list in it."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`style`: body (indented), addressee, annex (list of annexes), signature, date, small."""

    text: Text
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds figures."""

    name: str
    share: float
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under columns. `small` is set in the type of annexes, `tall` leaves room to write in."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    small: bool = False
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of our own with its words: `alt` says what it shows, `note` where its figures come from."""

    caption: str
    alt: str
    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Break:
    """A new page."""


Block = Heading | Paragraph | Table | Chart | Break


def is_signature(block: Block | None) -> bool:
    """Whether a block is the line that is signed: what stands before it stays with it on one page."""
    return isinstance(block, Paragraph) and block.style == "signature"


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `mark` stands at the head of every page; `made_at` is its only date, so that bytes repeat."""

    title: str
    mark: str
    made_at: dt.datetime
    build: str
    blocks: tuple[Block, ...]

    def notes(self) -> list[Note]:
        """The footnotes in the order in which they are first printed; the same words are one note."""
        found: dict[str, Note] = {}
        for piece in self.pieces():
            if piece.note:
                found.setdefault(piece.note.text, piece.note)
        return list(found.values())

    def pieces(self) -> list[Piece]:
        """All runs of text in the order in which they are printed."""
        found: list[Piece] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                found += block.text
            elif isinstance(block, Table):
                found += [piece for row in block.rows for cell in row for piece in cell]
        return found
