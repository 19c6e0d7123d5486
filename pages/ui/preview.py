"""A paper on the screen: its words, its charts and its footnotes, each leading to the printed place. Knows no page."""

import base64
import html
from collections.abc import Iterator
from itertools import takewhile

import streamlit as st

from pages.ui import provenance
from pipeline.paper.model import Block, Break, Chart, Heading, Note, Paper, Paragraph, Table, Text


def show(paper: Paper, label: str) -> None:
    """The paper up to its annexes, with the footnotes below; everything of it escaped."""
    notes: dict[str, tuple[int, Note]] = {}
    parts = "".join(
        _block(block, notes) for block in takewhile(lambda block: not isinstance(block, Break), paper.blocks)
    )
    listed = "".join(f"<p>{number} {_source(note)}</p>" for number, note in notes.values())
    below = f"<div class='notes'>{listed}</div>" if listed else ""
    mark = f"<p class='mark'>{html.escape(paper.mark)}</p>" if paper.mark else ""
    st.html(
        f"<div class='paper' lang='zh-CN' aria-label='{html.escape(label)}'><article class='report' tabindex='0'>{mark}"
        f"<h2>{html.escape(paper.title)}</h2>{parts}{below}</article></div>"
    )


def _source(note: Note) -> str:
    text = html.escape(note.text)
    if note.report is None:
        return text
    address = html.escape(provenance.source_address(note.report, None, note.places[: provenance.MOST_PLACES]))
    return f"<a href='{address}'>{text}</a>"


def _block(block: Block, notes: dict[str, tuple[int, Note]]) -> str:
    match block:
        case Heading():
            return f"<h3 class='level{block.level}'>{html.escape(block.text)}</h3>"
        case Paragraph():
            return f"<p class='{html.escape(block.style)}'>{_text(block.text, notes)}</p>"
        case Chart():
            picture = base64.b64encode(block.svg.encode()).decode()
            caption, alt = html.escape(block.caption), html.escape(block.alt)
            return f"<p class='caption'>{caption}</p><p><img src='data:image/svg+xml;base64,{picture}' alt='{alt}'></p>"
        case Table():
            return f"<p class='caption'>{html.escape(block.caption)}</p>{_table(block, notes)}"
    return ""


def _table(table: Table, notes: dict[str, tuple[int, Note]]) -> str:
    head = "".join(f"<th scope='col'>{html.escape(column.name)}</th>" for column in table.columns)
    return f"<div class='grid'><table><thead><tr>{head}</tr></thead><tbody>{''.join(_rows(table, notes))}</tbody></table></div>"


def _rows(table: Table, notes: dict[str, tuple[int, Note]]) -> Iterator[str]:
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_text(cell, notes)}</td>' for cell in row)}</tr>"


def _text(text: Text, notes: dict[str, tuple[int, Note]]) -> str:
    parts = []
    for piece in text:
        parts.append(html.escape(piece.text))
        if piece.note is not None:
            number, _ = notes.setdefault(piece.note.text, (len(notes) + 1, piece.note))
            parts.append(f"<sup>{number}</sup>")
    return "".join(parts)
