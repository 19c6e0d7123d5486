"""The parts every page is set from: title, answer, cards, notes, the banner of invented data, the calm empty page.

All text goes through st.html with every character escaped: markdown would fetch pictures that a report names.
"""

import datetime as dt
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui import filters, provenance, store
from pages.ui.filters import View
from pages.ui.words import Words

STYLE = Path(__file__).parent / "style.css"
_STRONG = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Card:
    """A figure that stands alone: what it is, the figure, what it stands beside, and its source if it has one."""

    label: str
    figure: str
    beside: str
    report: str | None = None
    fact: str | None = None


def _rich(text: str) -> str:
    """Escaped text in which **this** is strong."""
    return _STRONG.sub(r"<b>\1</b>", html.escape(text))


def style() -> None:
    """The page's own style sheet."""
    st.html(STYLE)


def menu(name: str, pages: Sequence[st.Page]) -> None:
    """The name of the dashboard and the links to its pages, within the same filters."""
    with st.container(key="menu", gap=None):
        st.html(f"<p class='name'>{html.escape(name)}</p>")
        for page in pages:
            st.page_link(page, label=page.title, query_params=filters.carried(), width="stretch")


def head(question: str, answer: Sequence[str], invented: str | None, say: Words) -> None:
    """The banner where an invented place is shown, the page's question, and its answer in words."""
    if invented:
        banner(invented, say)
    if day := store.known_on():
        known_banner(day, say)
    st.html(
        f"<h1 class='question'>{_rich(question)}</h1><p class='answer'>{_rich(say('answer.separator').join(answer) + say('answer.end'))}</p>"
    )


def banner(place: str, say: Words) -> None:
    """Says that what is shown is invented, and leads to what is real."""
    with st.container(key="banner", horizontal=True, vertical_alignment="center"):
        st.html(f"<p>{_rich(say('banner', place=place))}</p>", width="stretch")
        if "real" in set(store.ask("scopes")["scope"]):
            st.page_link(
                "overview.py",
                label=say("banner.real"),
                query_params={"scope": "real", "lang": say.language},
            )


def known_banner(day: dt.date, say: Words) -> None:
    """Says that what is shown is what was known on a day, and leads back to today."""
    with st.container(key="known-banner", horizontal=True, vertical_alignment="center"):
        st.html(f"<p>{_rich(say('known', day=say.day(pd.Timestamp(day))))}</p>", width="stretch")
        st.button(say("known.return"), on_click=filters.forget_known, type="tertiary")


def title(text: str, note: str = "") -> None:
    """The title of a chart or table, which says what is to be seen, and a quiet line under it."""
    quiet = f"<p class='note'>{_rich(note)}</p>" if note else ""
    st.html(f"<h2 class='seen'>{_rich(text)}</h2>{quiet}")


def note(text: str) -> None:
    """A quiet line."""
    st.html(f"<p class='note'>{_rich(text)}</p>")


def text(words: str) -> None:
    """A paragraph."""
    st.html(f"<p class='text'>{html.escape(words)}</p>")


def rows(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A small table of words and counts that lead nowhere: the first column wraps, the others are figures."""
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = ("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in line) + "</tr>" for line in lines)
    st.html(f"<table class='rows'><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>")


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Names and what they are, in columns of a sheet."""
    entries = (f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd></div>" for name, text in pairs)
    st.html(f"<dl class='facts'>{''.join(entries)}</dl>")


def schema(tables: Sequence[tuple[str, str, str]]) -> None:
    """Tables of the warehouse in a box of their own: name, what a row is, names of the columns."""
    parts = "".join(
        f"<p><b>{html.escape(name)}</b> {html.escape(meaning)}<br><code>{html.escape(columns)}</code></p>"
        for name, meaning, columns in tables
    )
    st.html(f"<div class='schema' tabindex='0'>{parts}</div>")


def outcomes(rules: pd.DataFrame, say: Words) -> None:
    """Rules with how often each held, broke or could not be judged."""
    kinds = ("holds", "broken", "note", "not_assessable")
    rows(
        [say("checks.rule"), *(say.of("outcome", kind) for kind in kinds)],
        [[rule["label"], *(say.number(rule[kind]) for kind in kinds)] for _, rule in rules.iterrows()],
    )


def finding(outcome: str, label: str, message: str, say: Words) -> None:
    """One check, or one thing that could not be accounted for: its sign, its rule, its words."""
    st.html(
        f"<p class='finding {html.escape(outcome)}'><i class='sign {html.escape(outcome)}'></i>"
        f"<b>{html.escape(say.of('outcome', outcome))}</b> {html.escape(label)}<br><span>{html.escape(message)}</span></p>"
    )


def entry(outcome: str, head: str, lines: Sequence[str], name: str) -> None:
    """One check or issue of a list: what it is and where, then its words line by line."""
    inner = "".join(f"<br><span>{html.escape(line)}</span>" for line in lines if line)
    st.html(
        f"<p class='finding {html.escape(outcome)}'><b>{html.escape(name)}</b> {html.escape(head)}{inner}</p>"
    )


def cards(items: Sequence[Card], say: Words) -> None:
    """Cards in a row; one that comes from a single figure opens it."""
    for place, (column, card) in enumerate(zip(st.columns(len(items)), items, strict=True)):
        with column, st.container(border=True, key=f"card-{place}", height="stretch"):
            st.html(
                f"<p class='label'>{_rich(card.label)}</p><p class='figure'>{_rich(card.figure)}</p>"
                f"<p class='beside'>{_rich(card.beside)}</p>"
            )
            if card.report:
                provenance.link(card.report, card.fact, say("open.source"))


def legend(entries: Sequence[tuple[str, str]]) -> None:
    """What the signs of a chart mean: (sign, meaning); a sign is a class of the style sheet."""
    parts = "".join(
        f"<span class='entry'><i class='sign {html.escape(sign)}'></i>{html.escape(meaning)}</span>"
        for sign, meaning in entries
    )
    st.html(f"<p class='legend'>{parts}</p>")


def swatches(entries: Sequence[tuple[str, str]]) -> None:
    """The colours of a chart: (colour, meaning)."""
    parts = "".join(
        f"<span class='entry'><i class='swatch' style='background:{html.escape(colour)}'></i>{html.escape(meaning)}</span>"
        for colour, meaning in entries
    )
    st.html(f"<p class='legend'>{parts}</p>")


def picture(image: str, caption: str) -> None:
    """A small image of our own making with a line under it."""
    st.html(f"{image}<p class='beside'>{_rich(caption)}</p>")


def empty(heading: str, text: str, command: str = "") -> None:
    """A calm page that says why there is nothing and what to do."""
    code = f"<pre>{html.escape(command)}</pre>" if command else ""
    st.html(f"<div class='empty'><h1 class='question'>{_rich(heading)}</h1><p>{_rich(text)}</p>{code}</div>")


def failed(say: Words) -> None:
    """Says that the page could not be shown, and what to do."""
    st.html(
        f"<div class='empty' role='alert'><h2 class='seen'>{_rich(say('failed'))}</h2><p>{_rich(say('failed.text'))}</p></div>"
    )
    st.page_link("overview.py", label=say("failed.back"), query_params={"lang": say.language})


def opened(say: Words) -> View:
    """The view of this session; where there is nothing to view, a page that says so, and no more of this page."""
    if store.build() is None:
        empty(say("empty.none"), say("empty.none.text", path=store.path()), say("empty.command"))
        st.stop()
    if not store.is_there():
        empty(say("empty.unread"), say("empty.unread.text"), say("empty.command"))
        st.stop()
    view = filters.current()
    if view is None:
        if place := filters.invented_place():
            banner(place, say)
        if day := store.known_on():
            known_banner(day, say)
        empty(say("empty.scope"), say("empty.scope.text"))
        st.stop()
    return view
