"""The list of a report's figures. Each row is tied to its place: pointing at one shows the other, see browser.js."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.words import Words

HEADS = ("name", "part", "figure", "status", "printed", "where")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: the address that chooses it, the place it is tied to (none: empty), and its words."""

    address: str
    place: str
    name: str
    part: str
    figure: str
    status: str
    printed: str
    where: str
    is_chosen: bool
    is_found: bool = True


def show(rows: Sequence[Row], say: Words) -> None:
    """The rows; a click on one chooses its figure. In a narrow column a row folds into two lines."""
    head = "".join(
        f"<th scope='col' class='of-{name}'>{html.escape(say(f'source.column.{name}'))}</th>"
        for name in HEADS
    )
    label = html.escape(say("source.figures.title", count=sum(row.is_found for row in rows)))
    st.html(
        f"<div class='figures' tabindex='0'><table aria-label='{label}'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(map(_row, rows))}</tbody></table></div>"
    )


def _row(row: Row) -> str:
    place = f" data-place='{html.escape(row.place)}'" if row.place else ""
    chosen = " class='chosen' aria-current='true'" if row.is_chosen else ""
    # A row that was not sought stays, unseen: its mark in the text must still lead somewhere.
    hidden = "" if row.is_found else " hidden"
    texts = (row.part, row.figure, row.status, row.printed, row.where)
    cells = "".join(
        f"<td class='of-{name}'>{html.escape(text)}</td>" for name, text in zip(HEADS[1:], texts, strict=True)
    )
    link = f"<a href='{html.escape(row.address)}'>{html.escape(row.name)}</a>"
    return f"<tr{place}{chosen}{hidden}><td class='of-name'>{link}</td>{cells}</tr>"
