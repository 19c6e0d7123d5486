"""The parts every page is set from: title, answer, cards, notes, the banner of invented data, the calm empty page.

All text goes through st.html with every character escaped: markdown would fetch pictures that a report names.
"""

import datetime as dt
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui import access, filters, provenance, store, watch
from pages.ui.filters import View
from pages.ui.words import Words, literal
from pipeline.grants import ROLES

STYLE = Path(__file__).parent / "style.css"
OUTCOMES = ("holds", "broken", "note", "not_assessable")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
# Where links go in a sentence of words.csv: characters that no text uses.
SPOTS = ("\ue000", "\ue001", "\ue002")


@dataclass(frozen=True, slots=True)
class Card:
    """A figure that stands alone: what it is, the figure, what it stands beside, its source if it has one, and the page
    that says more of it."""

    label: str
    figure: str
    beside: str
    report: str | None = None
    fact: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A name in a sentence that leads somewhere, and what stands right after it."""

    text: str
    address: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the links that go into its spots."""

    text: str
    links: Mapping[str, Sequence[Link]]


def _rich(text: str) -> str:
    """Escaped text in which **this** is strong."""
    return _STRONG.sub(r"<b>\1</b>", html.escape(text))


def style() -> None:
    """The page's own style sheet."""
    st.html(STYLE)


def menu(name: str, pages: Sequence[st.Page]) -> None:
    """The name of the dashboard and the links to its pages, within the same filters."""
    carried = filters.carried()
    with st.container(key="menu", gap=None):
        st.html(f"<p class='name'>{html.escape(name)}</p>")
        for page in pages:
            st.page_link(page, label=page.title, query_params=carried, width="stretch")


def head(question: str, answer: Sequence[str], invented: str | None, say: Words) -> None:
    """The banner where an invented place is shown, the page's question, and its answer in words."""
    if invented:
        banner(invented, say)
    if day := store.known_on():
        known_banner(day, say)
    st.html(
        f"<h1 class='question'>{_rich(question)}</h1><p class='answer'>{_rich(say('answer.separator').join(answer) + say('answer.end'))}</p>"
    )


def signed_in(asking: access.Visitor, say: Words) -> None:
    """Who is signed in, for which counties, and the way out."""
    where = say("access.everywhere") if asking.counties is None else say.listed(list(asking.counties))
    note(say("access.as", name=asking.name, role=say.of("role", str(asking.role)), where=where))
    st.button(say("access.sign_out"), on_click=st.logout, type="tertiary", key="logout")


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


def line(text: str) -> None:
    """A line that takes the room there is, in a row of things."""
    st.html(f"<p>{_rich(text)}</p>", width="stretch")


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
    rows([say("checks.rule"), *(say.of("outcome", kind) for kind in OUTCOMES)], _counted(rules, say))


@store.kept
def _counted(rules: pd.DataFrame, say: Words) -> list[list[str]]:
    return [[rule["label"], *(say.number(rule[kind]) for kind in OUTCOMES)] for _, rule in rules.iterrows()]


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
    """Cards in a row; one that comes from a single figure opens it, one that has a page leads there as a whole."""
    with st.container(key="cards", gap=None):
        for place, (column, card) in enumerate(zip(st.columns(len(items), gap="small"), items, strict=True)):
            with column, st.container(border=True, key=f"card-{place}", height="stretch", gap=None):
                label = f"<p class='label'>{_rich(card.label)}</p>"
                if card.page:
                    label = ""
                    with st.container(key=f"leads-{place}", gap=None):
                        query = filters.carried()
                        st.page_link(
                            f"{card.page}.py", label=literal(card.label), query_params=query, width="stretch"
                        )
                st.html(
                    f"{label}<p class='figure'>{_rich(card.figure)}</p><p class='beside'>{_rich(card.beside)}</p>"
                )
                if card.report:
                    provenance.link(card.report, card.fact, say("open.source"))


def told(sentences: Sequence[Sentence], say: Words) -> None:
    """Sentences in a list, the names in them as links."""
    items = "".join(f"<li>{_with_links(sentence, say('list.separator'))}</li>" for sentence in sentences)
    st.html(f"<ul class='told'>{items}</ul>")


def _with_links(sentence: Sentence, separator: str) -> str:
    def drawn(spot: re.Match[str]) -> str:
        parts = (
            f"<a href='{html.escape(link.address)}'>{html.escape(link.text)}</a>{html.escape(link.after)}"
            for link in sentence.links.get(spot[0], ())
        )
        return html.escape(separator).join(parts)

    # In one pass: what a name brings along is not looked through for spots again.
    return re.sub(f"[{''.join(SPOTS)}]", drawn, _rich(sentence.text))


def steps(current: int, pages: int, say: Words) -> None:
    """Steps to the pages of a list before and after; the page stands in the address."""
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        for label, to in ((say("search.before"), current - 1), (say("search.after"), current + 1)):
            if 0 <= to < pages:
                step = {"on_click": filters.put, "args": ("page", str(to + 1))}
                st.button(label, key=f"to-{to}", type="tertiary", **step)


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


def failed(number: str, say: Words) -> None:
    """Says that the page could not be shown, what to do, and the number under which the server's log tells of it."""
    st.html(
        f"<div class='empty' role='alert'><h2 class='seen'>{_rich(say('failed'))}</h2><p>{_rich(say('failed.text', number=number))}</p></div>"
    )
    st.page_link("overview.py", label=say("failed.back"), query_params={"lang": say.language})


def refused(needs: str, say: Words) -> None:
    """A page that says why one may not see it, and what to do: to sign in, or whom to ask."""
    asking = access.visitor()
    watch.refused(needs)
    if access.is_on() and not st.user.get("is_logged_in"):
        empty(say("access.sign_in"), say("access.sign_in.text"))
        st.button(say("access.button"), on_click=st.login, type="primary", key="login")
    elif access.is_on() and asking.role is None:
        empty(
            say("access.nothing"),
            say("access.nothing.text", name=asking.name or str(st.user.get("email") or "")),
        )
        st.button(say("access.again"), on_click=st.login, key="login")
    else:
        empty(say("access.more"), say("access.more.text", role=say.of("role", needs)))


def admitted(needs: str, say: Words) -> None:
    """Go on only for who has the role; for others a page that says so, and no more of this page."""
    if not access.visitor().may(needs):
        refused(needs, say)
        st.stop()


def opened(say: Words, needs: str = ROLES[0]) -> View:
    """The view of this session; where there is nothing to view, a page that says so, and no more of this page.

    `needs` is the role that the page asks for. It is asked here and not in the frame: on a server that has just started
    a page can be run without its frame.
    """
    admitted(needs, say)
    if store.build() is None:
        # Where things lie on the server is nobody's business who does not sit there or keep it.
        path = store.path() if access.visitor().may(ROLES[-1]) else store.path().name
        empty(say("empty.none"), say("empty.none.text", path=path), say("empty.command"))
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
