"""What changed in a year, in sentences: each with its bodies as links to their source or sheet, and its n of N."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.ui import provenance, sheet, store
from pages.ui.filters import View
from pages.ui.sheet import SPOTS, Link, Sentence
from pages.ui.words import Words

# A handful is named; of more, as many are, and the rest counted with a link to where all are listed.
NAMED = 5
MOVES = 3
NAMES, RULES, MORE = SPOTS
# What became of a report, and of which count that many are counted.
STATES = {"missing": "expected", "late": "documents", "unreadable": "documents", "undated": "documents"}


def show(
    view: View,
    year: pd.DataFrame,
    moves: pd.DataFrame,
    requests: pd.DataFrame,
    sums: pd.DataFrame,
    say: Words,
) -> None:
    """The sentences of the last year in view; one that has nothing to tell is left out."""
    asked = {"bodies": view.query()["bodies"], "year": view.last}
    accounts = store.ask("accounts_of_year", language=say.language, **asked)
    sentences = [
        *_moves(moves, view, say),
        *_requests(requests, view, say),
        *_accounts(accounts, view, say),
        *_states(year, view, say),
        *_sums(sums, year, view, say),
    ]
    with st.container(border=True, key="changes"):
        what = {"year": view.last, "body": view.names[view.body] if view.body else ""}
        sheet.title(
            say("changes.title.own" if view.body else "changes.title", **what),
            say("changes.note", previous=view.last - 1),
        )
        if sentences:
            sheet.told(sentences, say)
        else:
            sheet.note(say("changes.none"))
    return len(sentences)


def _sentence(
    name: str, links: Sequence[Link], view: View, say: Words, *, page: str = "checks", rules: Sequence[Link] = (), **values: object
) -> Sentence:  # fmt: skip
    """A sentence with its bodies in it and its n of N, which of one body says nothing; where the bodies are more than a
    handful, with a link to the page that lists them all."""
    counted = "" if view.body else say(f"changes.{name}.of", count=len(links), **values)
    few = len(links) <= NAMED
    names = NAMES if few else say("list.more", names=NAMES, count=len(links))
    text = say(f"changes.{name}", names=names, of=counted, rules=RULES)
    if few:
        return Sentence(text, {NAMES: links, RULES: rules})
    all_of_them = Link(say("changes.all", page=say(f"menu.{page}")), provenance.page_address(page))
    return Sentence(
        say("changes.more", sentence=text, more=MORE),
        {NAMES: links[:NAMED], RULES: rules, MORE: [all_of_them]},
    )


def _to_source(row: pd.Series, after: str = "") -> Link:
    """A body that leads to its figure or report; to its sheet where no report is held."""
    if pd.isna(row["report_id"]):
        return Link(row["body"], provenance.page_address("profile", body=row["body_id"]), after)
    fact = row["fact_id"] if "fact_id" in row.index and pd.notna(row["fact_id"]) else None
    return Link(row["body"], provenance.source_address(row["report_id"], fact), after)


def _figure(figure: str, say: Words) -> str:
    return say("changes.figure", figure=figure)


# --- what bodies disclosed, what was asked of them, where they published ----------------------------


def _moves(moves: pd.DataFrame, view: View, say: Words) -> list[Sentence]:
    """The largest rises and falls among exact figures that compare; what is only a bound is named apart."""
    if moves.empty or not moves["n"].iloc[0]:
        return []
    pairs, given, due = (int(moves[name].iloc[0]) for name in ("pairs", "n", "due"))
    said = []
    if not pairs:
        key = "changes.pairs.none.own" if view.body else "changes.pairs.none"
        said.append(Sentence(say(key, n=given, all=due), {}))
    for name, place, moved in (
        ("rises", "rise", moves["change"] > 0),
        ("falls", "fall", moves["change"] < 0),
    ):
        rows = moves[moved].sort_values(place)
        if len(rows):
            largest = rows.head(MOVES)
            # Said once where it holds of all of them.
            all_roughly = bool(largest["joined_roughly"].all())
            links = [_move(row, all_roughly, say) for _, row in largest.iterrows()]
            own = ".own" if view.body else ""
            counts = {"n": pairs, "all": due, "moved": len(rows)}
            sentence = _sentence(f"{name}{own}", links, view, say, **counts)
            if all_roughly:
                sentence = Sentence(say("changes.roughly", sentence=sentence.text), sentence.links)
            said.append(sentence)
    if pairs and not said:
        said.append(Sentence(say("changes.still", n=pairs, all=due), {}))
    inexact = moves[moves["value"].notna() & (moves["bound"] != "exact")]
    if len(inexact):
        links = [
            _to_source(row, _figure(say.number(row["value"], row["bound"]), say))
            for _, row in inexact.iterrows()
        ]
        said.append(_sentence("inexact", links, view, say, page="volumes", all=given))
    return said


def _move(row: pd.Series, all_roughly: bool, say: Words) -> Link:
    """From what to what, by how much, and whether the two compare only roughly, unless all do."""
    numbers = {"was": say.number(row["value_before"]), "now": say.number(row["value"])}
    key = "changes.move.roughly" if row["joined_roughly"] and not all_roughly else "changes.move"
    return _to_source(row, say(key, change=say.signed(row["change"]), **numbers))


def _requests(requests: pd.DataFrame, view: View, say: Words) -> list[Sentence]:
    """Who printed that no request came last year, and prints this year that some did."""
    appeared = requests[(requests["value_before"] == 0) & (requests["change"] > 0)]
    if appeared.empty:
        return []
    links = [_to_source(row, _figure(say.number(row["value"]), say)) for _, row in appeared.iterrows()]
    counts = {"n": int(requests["pairs"].iloc[0]), "all": int(requests["due"].iloc[0])}
    return [_sentence("requests", links, view, say, page="requests", **counts)]


def _accounts(accounts: pd.DataFrame, view: View, say: Words) -> list[Sentence]:
    """Whose reports name a channel or account on social media as none before did, and whose no more."""
    said = []
    for change in ("new", "gone"):
        rows = accounts[accounts["change"] == change]
        if rows.empty:
            continue
        links = []
        for _, own in rows.groupby("body_id", sort=False):
            channels = say("list.separator").join(_account(row, say) for _, row in own.iterrows())
            links.append(_to_source(own.iloc[0], _figure(channels, say)))
        counts = {"n": int(rows["n"].iloc[0]), "all": int(rows["due"].iloc[0])}
        said.append(_sentence(change, links, view, say, page="channels", **counts))
    return said


def _account(row: pd.Series, say: Words) -> str:
    if pd.isna(row["account"]):
        return str(row["label"])
    return say("changes.account", channel=row["label"], account=row["account"])


# --- whose reports are not there, late, unreadable, empty or out of sum ------------------------------


def _states(year: pd.DataFrame, view: View, say: Words) -> list[Sentence]:
    """What became of the year's reports: who is missing, late and by how many days, unreadable, undated, blank."""
    first = year.iloc[0]
    said = []
    for state, of in STATES.items():
        links = [_to_source(row, _days(row, say)) for _, row in year[year["state"] == state].iterrows()]
        if links:
            counts = {"all": int(first[of]), "before": _before(first, state, of, say)}
            said.append(_sentence(state, links, view, say, **counts))
    blank = year[year["shown"].isin(["blank", "blank_late"])]
    links = [_to_source(row, _figure(_tables(row, say), say)) for _, row in blank.iterrows()]
    if links:
        counts = {"all": int(first["documents"]), "before": _before(first, "blank", "documents", say)}
        said.append(_sentence("blank", links, view, say, **counts))
    return said


def _days(row: pd.Series, say: Words) -> str:
    return "" if pd.isna(row["days_late"]) else say("changes.days", days=int(row["days_late"]))


def _tables(row: pd.Series, say: Words) -> str:
    return say("list.separator").join(say.of("blank_table", section) for section in row["blank_tables"])


def _before(first: pd.Series, state: str, of: str, say: Words) -> str:
    """The same count a year before, where there was anything to count then."""
    if not first[f"previous_{of}"]:
        return ""
    return say("changes.before", n=int(first[f"previous_{state}"]), all=int(first[f"previous_{of}"]))


def _sums(sums: pd.DataFrame, year: pd.DataFrame, view: View, say: Words) -> list[Sentence]:
    """In how many reports sums do not come out, whose, and which rules most; or that all of them do."""
    total, held = sums.iloc[0], int(year["documents"].iloc[0])
    if not total["n"]:
        return []
    if not total["reports"]:
        return [Sentence(say("changes.sums.none", n=int(total["n"]), all=held), {})]
    rules = [
        Link(
            say("changes.rule", label=row["label"]),
            provenance.page_address("checks", rule=row["rule"]),
            say("changes.rule.reports", reports=int(row["rule_reports"])),
        )
        for _, row in sums.drop_duplicates("rule").head(MOVES).iterrows()
    ]
    before = ""
    if total["previous_n"]:
        before = say("changes.before", n=int(total["previous_reports"]), all=int(total["previous_n"]))
    reports = sums.sort_values("body_id", kind="stable").drop_duplicates("report_id")
    links = [_to_source(row) for _, row in reports.iterrows()]
    counts = {"n": int(total["n"]), "all": held, "before": before}
    return [_sentence("sums", links, view, say, rules=rules, **counts)]
