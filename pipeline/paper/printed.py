"""A paper as PDF, and a chart as a picture, by typst. The text goes in as data, never as markup."""

import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import typst

from pipeline.paper.model import (
    Block,
    Break,
    Chart,
    Heading,
    Paper,
    Paragraph,
    Piece,
    Table,
    Text,
    is_signature,
    words_of,
)

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
_TEMPLATE = Path(__file__).with_name("paper.typ")
_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")"""
_DOTS_PER_INCH = 220
_UNKNOWN = "〓"
_LONGEST_WHOLE = 200  # characters of a cell


@lru_cache(maxsize=1)
def known_characters() -> frozenset[str]:
    """What the fonts of papers can print."""
    return frozenset((FONTS / "characters.txt").read_text("utf-8"))


def printable(text: str) -> str:
    """The text with the mark 〓 and its code point for every character that the fonts lack: none vanishes."""
    known = known_characters()
    return "".join(
        char if char in known else " " if char.isspace() else f"{_UNKNOWN}[U+{ord(char):04X}]"
        for char in text
    )


def as_pdf(paper: Paper) -> bytes:
    """The paper as PDF; the same paper gives the same bytes."""
    made, notes = paper.made_at, _Notes()
    data = {
        "title": printable(paper.title),
        "mark": printable(paper.mark),
        "made_at": {
            name: getattr(made, name) for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "blocks": [
            _block(block, notes) | {"sticky": is_signature(after)}
            for block, after in zip_longest(paper.blocks, paper.blocks[1:])
        ],
    }
    return _compile(_TEMPLATE.read_bytes(), {"paper": json.dumps(data, ensure_ascii=False)}, format="pdf")


def as_png(chart: Chart) -> bytes:
    """The chart as a picture."""
    return _compile(_PICTURE, {"svg": printable(chart.svg)}, format="png", ppi=_DOTS_PER_INCH)


def _compile(source: bytes, inputs: Mapping[str, str], **settings: Any) -> bytes:
    made = typst.compile(
        source, font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=dict(inputs), **settings
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages, not a document")
    return made


def _block(block: Block, notes: "_Notes") -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": printable(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "text": _text(block.text, notes)}
        case Chart():
            caption, alt = printable(block.caption), printable(block.alt)
            return {"kind": "chart", "caption": caption, "alt": alt, "svg": printable(block.svg)}
        case Break():
            return {"kind": "break"}
        case Table():
            columns = [
                {"name": printable(column.name), "share": column.share, "numeric": column.numeric}
                for column in block.columns
            ]
            return {
                "kind": "table", "caption": printable(block.caption), "columns": columns,
                "cells": [_text(cell, notes) for row in block.rows for cell in row],
                "small": block.small, "tall": block.tall, "whole": [_is_short(row) for row in block.rows for _ in row],
            }  # fmt: skip


def _is_short(row: tuple[Text, ...]) -> bool:
    """Whether a row may be kept on one page; one that fills a page must be free to break."""
    return max(len(words_of(cell)) for cell in row) <= _LONGEST_WHOLE


def _text(text: Text, notes: "_Notes") -> list[dict[str, Any]]:
    return [_piece(piece, notes) for piece in text]


def _piece(piece: Piece, notes: "_Notes") -> dict[str, Any]:
    return {"text": printable(piece.text), "note": notes.of(piece.note.text) if piece.note else None}


class _Notes:
    """Numbers the notes as they come; the same words are one note."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, text: str) -> dict[str, Any]:
        """A note by its number, and its words where it comes for the first time."""
        is_new = text not in self.numbers
        number = self.numbers.setdefault(text, len(self.numbers) + 1)
        return {"number": number, "text": printable(text) if is_new else None}
