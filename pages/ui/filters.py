"""What the reader has narrowed the view to: the same on each page, and kept in the address. Knows no page.

The address is the one truth: each run reads it, each widget is set from it, a change of a widget writes it. Streamlit's
own `bind="query-params"` would put the labels of the options into the address, and those differ by language.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import store
from pages.ui.words import LANGUAGES, Words

# Of the address's parameters these travel from page to page; the others belong to one page only.
CARRIED = ("lang", "tables", "scope", "years", "kind", "body", "known", "batch")
# What means nothing in another scope.
OF_A_SCOPE = (
    "years",
    "kind",
    "body",
    "report",
    "fact",
    "place",
    "page",
    "with",
    "measure",
    "against",
    "year",
    "bodies",
)
LONGEST_SEARCH = 100
# More counties than these are reached by province and prefecture, or found by name, and not listed one and all.
MOST_LISTED = 60
# More bodies than these are never looked at all together.
MOST_TOGETHER = 3_000
MOST_FOUND = 30

# The Regulation that the reports are written under came into force that year.
FIRST_DAY = dt.date(2008, 1, 1)


@dataclass(frozen=True, slots=True)
class View:
    """The bodies and years in view. `invented` names the place of an invented scope, `body` the one picked."""

    scope: str
    invented: str | None
    bodies: list[str]
    names: dict[str, str]
    first: int
    last: int
    body: str | None

    def __hash__(self) -> int:
        return hash((self.scope, self.first, self.last, self.body, *self.bodies))

    def query(self) -> dict[str, Any]:
        """Parameters of the queries that speak of bodies and years; one body where one was picked."""
        return {"bodies": [self.body] if self.body else self.bodies, "first": self.first, "last": self.last}

    def years(self) -> list[int]:
        """Every year in view."""
        return list(range(self.first, self.last + 1))


def carried() -> dict[str, str | list[str]]:
    """The parameters of the address that go along to another page."""
    found = {key: st.query_params.get_all(key) for key in CARRIED}
    return {key: list(values) for key, values in found.items() if values}


def _scope() -> pd.Series:
    return _scope_of(st.query_params.get("scope"))


def _offered() -> pd.DataFrame:
    """The scopes that can be looked at: no page lays out the bodies of a whole country one beside the other."""
    scopes = store.ask("scopes")
    return scopes[scopes["bodies"] <= MOST_TOGETHER] if len(scopes) > MOST_LISTED else scopes


@store.kept
def _scope_of(name: str | None) -> pd.Series:
    scopes = _offered()
    asked = scopes[scopes["scope"] == name]
    return asked.iloc[0] if len(asked) else scopes.iloc[0]


def invented_place() -> str | None:
    """The place of the scope in view where it is an invented one."""
    scope = _scope()
    return str(scope["place"]) if scope["invented"] else None


def _span(scope: pd.Series) -> list[int]:
    """The years of which the scope holds anything, without gaps."""
    if pd.isna(scope["first_year"]):
        return []
    return list(range(int(scope["first_year"]), int(scope["last_year"]) + 1))


def _years(span: list[int]) -> tuple[int, int]:
    first, _, last = st.query_params.get("years", "").partition("-")
    ends = [int(year) for year in (first, last or first) if year.isdecimal() and int(year) in span]
    return (min(ends), max(ends)) if len(ends) == 2 else (span[0], span[-1])


@store.kept
def _kinds_of(scope: str) -> list[str]:
    """The kinds of bodies of a scope."""
    return list(store.ask("bodies_of_scope", scope=scope)["kind"].drop_duplicates())


def _kinds(scope: str) -> list[str]:
    """Those of them that were asked for."""
    known = _kinds_of(scope)
    return [kind for kind in st.query_params.get_all("kind") if kind in known]


@store.kept
def _names_of(scope: str, kinds: tuple[str, ...]) -> dict[str, str]:
    bodies = store.ask("bodies_of_scope", scope=scope)
    # A county's own report counts its townships again: townships alone unless other kinds are asked for.
    wanted = bodies["kind"].isin(kinds) if kinds else bodies["is_township"] | ~bodies["is_township"].any()
    chosen = bodies[wanted]
    return dict(zip(chosen["body_id"], chosen["name"], strict=True))


def _names() -> dict[str, str]:
    """The bodies in view by id."""
    scope = str(_scope()["scope"])
    return _names_of(scope, tuple(_kinds(scope)))


def current() -> View | None:
    """The view that the address describes, or None where its scope holds no report at all."""
    scope = _scope()
    span = _span(scope)
    if not span:
        return None
    names = _names()
    first, last = _years(span)
    body = st.query_params.get("body")
    return View(
        scope=str(scope["scope"]),
        invented=invented_place(),
        bodies=list(names),
        names=names,
        first=first,
        last=last,
        body=body if body in names else None,
    )


def _write(key: str, text: Callable[[Any], str | list[str]], forget: tuple[str, ...]) -> None:
    value = text(st.session_state[key])
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)
    for other in forget:
        st.query_params.pop(other, None)


def _bound(
    key: str,
    value: Any,
    text: Callable[[Any], str | list[str]] = lambda value: value or "",
    *forget: str,
    typed: bool = False,
) -> dict[str, Any]:
    """Set a widget from the address, and write the address when it changes; `text` is what stands there.

    A box that is `typed` into is set only where it differs: what a reader types while the page still runs would be
    set back to what the address says.
    """
    if not typed or st.session_state.get(key) != value:
        st.session_state[key] = value
    return {"key": key, "on_change": _write, "args": (key, text, forget)}


def words_sought(say: Words) -> str:
    """The box for the words to look for, and what stands in it."""
    return typed("q", say("search.box"), say("search.hint"), "page")


def typed(key: str, label: str, hint: str, *forget: str) -> str:
    """A box to type words into, and what stands in it."""
    asked = st.query_params.get(key, "")[:LONGEST_SEARCH].strip()
    return st.text_input(
        label,
        placeholder=hint,
        max_chars=LONGEST_SEARCH,
        **_bound(key, asked, str.strip, *forget, typed=True),
    )


def pick_body(say: Words) -> None:
    """A box in the page to pick the one body, for a page that cannot do without; it writes the same filter."""
    names = _names()
    st.selectbox(
        say("profile.pick"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=say("profile.pick.hint"),
        key="body-picked",
        on_change=_write_picked,
    )


def _write_picked() -> None:
    if picked := st.session_state["body-picked"]:
        st.query_params["body"] = picked


def asked(key: str, known: Iterable[str]) -> list[str]:
    """What the address asks for under a name that may stand there often: each once, and only what there is."""
    wanted = dict.fromkeys(st.query_params.get_all(key))
    held = set(known)
    return [value for value in wanted if value in held]


def pick_many(key: str, label: str, names: Mapping[str, str], chosen: Sequence[str], hint: str) -> None:
    """A box to pick several of one kind of thing, each of them in the address."""
    st.multiselect(
        label, list(names), format_func=names.__getitem__, placeholder=hint, **_bound(key, list(chosen), list)
    )


def choice(key: str, label: str, names: Mapping[str, str], *forget: str) -> str:
    """A box to pick one of a page's own options by; the first stands where the address names none of them."""
    first, asked = next(iter(names)), st.query_params.get(key, "")
    current = asked if asked in names else first
    st.selectbox(
        label,
        list(names),
        format_func=lambda option: names.get(option, option),
        width=360,
        **_bound(key, current, lambda option: "" if option == first else option, *forget),
    )
    return current


def switch(key: str, label: str, names: Mapping[str, str], *forget: str, usual: str | None = None) -> str:
    """A switch between a page's own options, as `choice` otherwise; `usual` stands where the address names none."""
    first = next(iter(names)) if usual is None else usual
    asked = st.query_params.get(key, "")
    current = asked if asked in names else first
    st.segmented_control(
        label,
        list(names),
        required=True,
        format_func=lambda option: names.get(option, option),
        **_bound(key, current, lambda option: "" if option == first else option, *forget),
    )
    return current


def pick_from(key: str, label: str, names: Mapping[str, str], chosen: str, usual: str) -> None:
    """A list of which one is in force; the usual one holds when the address says nothing."""
    st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        **_bound(key, chosen, lambda value: "" if value == usual else value),
    )


def page_asked(pages: int, key: str = "page") -> int:
    """The page of a list that the address asks for, counted from 0."""
    asked = st.query_params.get(key, "")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
    return max(min(number, pages), 1) - 1


def one_of(key: str, label: str, options: Mapping[str, str], any_of_them: str, *forget: str) -> str | None:
    """A box to pick one option by its name or none, and the one that the address asks for."""
    asked = st.query_params.get(key)
    known = asked if asked in options else None
    return st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        placeholder=any_of_them,
        index=None,
        **_bound(key, known, lambda value: value or "", *forget),
    )


def some_of(key: str, label: str, options: Mapping[str, str], all_of_them: str, *forget: str) -> list[str]:
    """A box to pick several options by their names, and those that the address asks for."""
    asked = [code for code in dict.fromkeys(st.query_params.get_all(key)) if code in options]
    return st.multiselect(
        label,
        list(options),
        format_func=options.__getitem__,
        placeholder=all_of_them,
        **_bound(key, asked, list, *forget),
    )


def switched(key: str, label: str, *forget: str) -> bool:
    """A switch, and whether the address has it on."""
    on = st.query_params.get(key) == "yes"
    return st.toggle(label, **_bound(key, on, lambda value: "yes" if value else "", *forget))


def slid(key: str, label: str, usual: float, *, step: int = 1, most: int = 100) -> float:
    """A slider from 0, and where the address sets it; untouched, it stands at the usual value, exactly that."""
    asked = st.query_params.get(key, "")
    value = int(asked) if asked.isdecimal() and len(asked) < 4 and int(asked) <= most else None
    shown = round(usual) if value is None else value
    st.slider(
        label, 0, most, step=step, **_bound(key, shown, lambda now: "" if now == round(usual) else str(now))
    )
    return usual if value is None else value


def forget(keys: Iterable[str]) -> None:
    """Take parameters out of the address."""
    for key in keys:
        put(key, None)


def turn(key: str, value: str | None, *forget: str) -> None:
    """As `put`, and the parameters that mean nothing then go."""
    for name in forget:
        put(name, None)
    put(key, value)


def ticked(key: str, label: str) -> bool:
    """Whether a box is ticked."""
    return st.checkbox(
        label, **_bound(key, st.query_params.get(key) == "yes", lambda on: "yes" if on else "", "page")
    )


def page_number(label: str, pages: int) -> int:
    """The page of rows to be shown, counted from 0."""
    asked = st.query_params.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
    bound = _bound(
        "page", min(max(number, 1), pages), lambda page: "" if page == 1 else str(page), typed=True
    )
    return int(st.number_input(label, min_value=1, max_value=pages, step=1, width=260, **bound)) - 1


def statement(label: str, placeholder: str, longest: int) -> str:
    """The box for a statement of the reader's own, and what stands in it."""
    asked = st.query_params.get("sql", "")[:longest]
    return st.text_area(
        label,
        placeholder=placeholder,
        height=190,
        max_chars=longest,
        **_bound("sql", asked, str.strip, typed=True),
    )


def show_language(say: Words) -> None:
    """The language switch."""
    st.segmented_control(
        say("filter.language"),
        LANGUAGES,
        required=True,
        format_func=lambda language: say.of("language", language),
        label_visibility="collapsed",
        **_bound("lang", say.language, lambda language: "" if language == LANGUAGES[0] else language),
    )


def plain_tables() -> bool:
    """Whether tables are to be plain ones whose cells the keyboard reaches."""
    return st.query_params.get("tables") == "plain"


def show_tables(say: Words) -> None:
    """The switch to plain tables."""
    st.toggle(
        say("filter.tables"),
        help=say("filter.tables.help"),
        **_bound("tables", plain_tables(), lambda plain: "plain" if plain else ""),
    )


def show(say: Words) -> None:
    """Draw the filters: scope, years, kind, and one body."""
    scope = _scope()
    if len(_offered()) > MOST_LISTED:
        _show_levels(scope, say)
        _show_found(say)
    else:
        names = _scope_names(say)
        st.selectbox(
            say("filter.scope"),
            list(names),
            format_func=names.__getitem__,
            # Years, kinds, bodies and reports of one scope mean nothing in another.
            **_bound("scope", scope["scope"], str, *OF_A_SCOPE),
        )
    _show_years(_span(scope), say)
    st.multiselect(
        say("filter.kind"),
        _kinds_of(scope["scope"]),
        format_func=lambda kind: say.of("kind", kind),
        placeholder=say("filter.kind.all"),
        **_bound("kind", _kinds(scope["scope"]), list, "body"),
    )
    _show_body(say)
    _show_known(say)


@store.kept
def _scope_names(say: Words) -> dict[str, str]:
    return {row.scope: _scope_name(row, say) for row in _offered().itertuples()}


@store.kept
def _levels() -> dict[str, dict[str, dict[str, str]]]:
    """The counties by province and prefecture: the scope of each, by its name. What lies under nothing is its own level."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in _offered().sort_values("scope", kind="stable").itertuples():
        place = str(row.place or "")
        above = [name if isinstance(name, str) else place for name in (row.province, row.prefecture)]
        found.setdefault(above[0], {}).setdefault(above[1], {})[str(row.scope)] = place
    return found


def _show_levels(scope: pd.Series, say: Words) -> None:
    """Boxes for province, prefecture and county, each holding only what lies under the one above."""
    levels, name = _levels(), str(scope["scope"])
    province, prefecture = next(
        (above, below) for above, inside in levels.items() for below, held in inside.items() if name in held
    )
    _level("province", say, list(levels), province, lambda chosen: next(iter(levels[chosen].values())))
    inside = levels[province]
    _level("prefecture", say, list(inside), prefecture, inside.__getitem__)
    counties = inside[prefecture]
    st.selectbox(
        say("filter.county"),
        list(counties),
        format_func=lambda key: counties.get(key) or say("filter.real"),
        **_bound("scope", name, str, *OF_A_SCOPE),
    )


def _level(
    key: str, say: Words, names: Sequence[str], current: str, counties: Callable[[str], Mapping[str, str]]
) -> None:
    """A box of one level. Only the county stands in the address: another province is its first county."""
    if len(names) < 2:
        return
    st.session_state[f"level-{key}"] = current
    st.selectbox(
        say(f"filter.{key}"),
        names,
        format_func=lambda name: name or say("filter.real"),
        key=f"level-{key}",
        on_change=lambda: _go(next(iter(counties(st.session_state[f"level-{key}"])))),
    )


def _go(scope: str, body: str | None = None) -> None:
    """To another scope; what means nothing there goes out of the address."""
    forget(OF_A_SCOPE)
    put("scope", scope)
    if body is not None:
        put("body", body)


def _show_found(say: Words) -> None:
    """A box to type a name into, and the bodies that bear it."""
    words = st.text_input(
        say("filter.find"), placeholder=say("filter.find.hint"), max_chars=LONGEST_SEARCH, key="find-body"
    ).strip()
    if not words:
        return
    found = store.ask("bodies_found", typed=words, limit=MOST_FOUND)
    if found.empty:
        st.text(say("filter.found.none", words=words))
        return
    names = {
        row.body_id: say("filter.found.name", body=row.name, county=row.county or row.prefecture or "")
        for row in found.itertuples()
    }
    scopes = dict(zip(found["body_id"], found["scope"], strict=True))
    st.selectbox(
        say("filter.found", most=MOST_FOUND),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=say("filter.found.pick"),
        key="found-body",
        on_change=_write_found,
        args=(scopes,),
    )


def _write_found(scopes: Mapping[str, str]) -> None:
    if picked := st.session_state["found-body"]:
        _go(scopes[picked], picked)


def _scope_name(scope: Any, say: Words) -> str:
    key = "scope.invented" if scope.invented else "scope.real" if scope.scope == "real" else "scope.county"
    return say(key, place=scope.place, reports=scope.documents or scope.reports)


def _show_years(span: list[int], say: Words) -> None:
    if len(span) < 2:
        shown = [str(year) for year in span] or [say("filter.years.none")]
        st.selectbox(say("filter.years"), shown, disabled=True)
        return
    everything = (span[0], span[-1])
    # A range by its `value`; what it is set to comes from the address.
    st.select_slider(
        say("filter.years"),
        span,
        value=everything,
        **_bound("years", _years(span), lambda ends: "" if ends == everything else f"{ends[0]}-{ends[1]}"),
    )


def _show_body(say: Words) -> None:
    names = _names()
    body = st.query_params.get("body")
    st.selectbox(
        say("filter.body"),
        list(names),
        format_func=names.__getitem__,
        placeholder=say("filter.body.all"),
        index=None,
        **_bound("body", body if body in names else None),
    )


def _show_known(say: Words) -> None:
    """The day as of which figures are shown; empty for today's knowledge."""
    st.date_input(
        say("filter.known"),
        value=None,
        min_value=FIRST_DAY,
        max_value="today",
        format="YYYY-MM-DD",
        help=say("filter.known.help"),
        **_bound("known", store.known_on(), lambda day: day.isoformat() if day else ""),
    )


def put(key: str, value: str | None) -> None:
    """Write a parameter into the address, or take it out.

    For buttons: a link of Streamlit's to the page it stands on changes the page, but not the address in the browser.
    """
    if value is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value


def forget_known() -> None:
    """Back to what is known today."""
    st.query_params.pop("known", None)
