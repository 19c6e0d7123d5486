"""The cards of a year: each figure beside last year's and the bodies' median, with its n of N and a page that says more."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pages.ui.filters import View
from pages.ui.sheet import Card
from pages.ui.words import Words


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cards speak of: of the bodies in view, or of the one picked."""

    measures: dict[str, pd.Series]
    channels: pd.Series
    checks: pd.Series
    coverage: pd.Series


def cards(view: View, own: Facts, district: Facts, moves: dict[str, pd.DataFrame], say: Words) -> list[Card]:
    """Disclosure, channels, requests, timeliness and checks; of one body with the median of all in view beside it."""
    picked = view.body is not None
    return [
        _measure("items_disclosed", "median", "volumes", picked, own, district, moves, say),
        _channels(picked, own.channels, district.channels, say),
        _measure("requests_received", "total", "requests", picked, own, district, moves, say),
        _timeliness(picked, own.coverage, district.coverage, say),
        _checks(picked, own.checks, district, say),
    ]


def _measure(
    name: str,
    what: str,
    page: str,
    picked: bool,
    own: Facts,
    district: Facts,
    moves: dict[str, pd.DataFrame],
    say: Words,
) -> Card:
    """A measure: the one figure there is, else its median or total."""
    row, all_of_them, compared = own.measures[name], district.measures[name], moves[name]
    single = row["reported"] == 1
    label = say(f"card.{name}.one" if single or picked else f"card.{name}")
    if not row["reported"]:
        status = say("card.unknown") if pd.isna(row["status"]) else say.of("status", row["status"])
        beside = [_previous(row, what, say), *([_median(all_of_them, say)] if picked else [_n(row, say)])]
        return Card(label, status, _joined(beside, say), page=page)
    beside = [_previous(row, what, say)]
    if (compared["change"].notna() & compared["joined_roughly"]).any():
        beside.append(say("card.changed"))
    elif single:
        beside += [say.change(change) for change in compared["change"].dropna()]
    elif what == "median" and compared["pairs"].iloc[0]:
        change = say.change(compared["pairs_change"].iloc[0])
        beside.append(say("card.pairs", n=int(compared["pairs"].iloc[0]), change=change))
    if picked:
        beside.append(_median(all_of_them, say))
    else:
        if what == "total" and not single:
            beside.append(say("card.median", figure=say.number(row["median"])))
        beside.append(_n(row, say))
    if not single:
        beside += [
            say(f"card.{count}", count=int(row[count]))
            for count in ("zeros", "inexact")
            if row[count]
        ]  # fmt: skip
    figure = say.amount(row[what], row["unit"], row["bound"] if single else "exact")
    source = (row["report_id"], row["fact_id"]) if single else (None, None)
    return Card(label, figure, _joined(beside, say), *source, page=page)


def _previous(row: pd.Series, what: str, say: Words) -> str:
    if not row["previous_reported"]:
        return say("card.previous.none")
    bound = row["previous_bound"] if row["previous_reported"] == 1 else "exact"
    return say("card.previous", figure=say.number(row[f"previous_{what}"], bound))


def _median(row: pd.Series, say: Words) -> str:
    """The median of all bodies in view, beside the figure of the one picked."""
    if not row["reported"]:
        return say("card.median.none", all=int(row["expected"]))
    figure = say.number(row["median"])
    return say("card.median.of", figure=figure, n=int(row["reported"]), all=int(row["expected"]))


def _n(row: pd.Series, say: Words) -> str:
    return say("card.n", n=int(row["reported"]), all=int(row["expected"]))


def _channels(picked: bool, own: pd.Series, district: pd.Series, say: Words) -> Card:
    """How many channels a report names."""
    label = say("card.channels.one" if picked or own["n"] == 1 else "card.channels")
    beside = [
        say("card.previous", figure=say.number(own["previous_median"]))
        if own["previous_n"]
        else say("card.previous.none")
    ]
    if picked and district["n"]:
        figure = say.number(district["median"])
        beside.append(say("card.median.of", figure=figure, n=int(district["n"]), all=int(district["due"])))
    elif not picked:
        beside.append(say("card.n", n=int(own["n"]), all=int(own["due"])))
    figure = (
        say("card.channels.figure", number=say.number(own["median"])) if own["n"] else say("card.unknown")
    )
    report = own["report_id"] if own["n"] == 1 else None
    return Card(label, figure, _joined(beside, say), report, page="channels")


def _timeliness(picked: bool, own: pd.Series, district: pd.Series, say: Words) -> Card:
    """Whose report was published in time."""
    of_all = {"on_time": district["on_time"], "expected": district["expected"]}
    if picked:
        beside = [
            say("card.previous", figure=say.of("state", own["previous_state"])),
            say("card.on_time.of", **of_all),
        ]
        return Card(say("card.on_time"), say.of("state", own["state"]), _joined(beside, say), page="profile")
    beside = [
        say("card.previous.of", n=int(own["previous_on_time"]), all=int(own["previous_expected"]))
        if own["previous_documents"]
        else say("card.previous.none"),
        *(
            say(f"card.{state}", count=int(own[state]))
            for state in ("late", "missing", "figures_only")
            if own[state]
        ),
    ]
    if not own["documents"]:
        none = say("card.none_held", expected=int(own["expected"]))
        return Card(say("card.on_time"), say("card.unknown"), _joined([none, *beside], say), page="profile")
    figure = say("card.on_time.figure", **of_all)
    return Card(say("card.on_time"), figure, _joined(beside, say), page="profile")


def _checks(picked: bool, own: pd.Series, district: Facts, say: Words) -> Card:
    """How many checks of the year's reports are broken."""
    if not own["n"]:
        return Card(say("card.checks"), say("card.unknown"), say("card.checks.none"), page="checks")
    beside = [
        say("card.previous", figure=say.number(own["previous_broken"]))
        if own["previous_n"]
        else say("card.previous.none"),
    ]
    if picked:
        counts = {"n": int(district.checks["n"]), "all": int(district.coverage["expected"])}
        beside.append(say("card.median.of", figure=say.number(district.checks["median"]), **counts))
    else:
        beside += [
            say("card.checks.median", figure=say.number(own["median"])),
            say("card.checks.reports", reports=int(own["reports"]), n=int(own["n"])),
        ]
    beside.append(say("card.checks.assessable", assessable=say.number(own["assessable"])))
    return Card(say("card.checks"), say("card.checks.figure", broken=say.number(own["broken"])), _joined(beside, say), page="checks")  # fmt: skip


def _joined(parts: Sequence[str], say: Words) -> str:
    return say("card.separator").join(parts)
