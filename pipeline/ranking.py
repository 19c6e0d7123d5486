"""How surely bodies stand in an order: scores, ranks over draws of weights and small counts, tiers. Arrays in, arrays out.

A draw hangs on the id of a body or an indicator and on the seed, never on where a row stands: another order of the rows, or
more rows, leaves every body's draws as they were.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

DRAWS = 1000
SEED = 2024
# Each weight is drawn between four and six fifths of what it is.
SPREAD = 0.2
# An interval leaves a twentieth out on each side; a tier ends where its first is ahead in all but a twentieth.
TAIL = 0.05
WHOLE = 100.0
# Scores that differ by less than this are one score.
PLACES = 9


@dataclass(frozen=True, eq=False)
class Panel:
    """What some bodies reached in a year: one row per body, one column per indicator.

    `values` holds nan where nothing could be assessed, `moot` where there was nothing to be judged; `likely` and
    `unlikely` are the shapes of the Beta distribution of a rate of small counts, nan where nothing is drawn.
    """

    bodies: Sequence[str]
    indicators: Sequence[str]
    year: int
    values: Floats
    moot: Flags
    likely: Floats
    unlikely: Floats
    takes_over: Flags

    def only(self, bodies: Sequence[str]) -> "Panel":
        """The same for some of the bodies, in that order."""
        place = {body: at for at, body in enumerate(self.bodies)}
        rows = [place[body] for body in bodies]
        return Panel(
            list(bodies), self.indicators, self.year, self.values[rows], self.moot[rows],
            self.likely[rows], self.unlikely[rows], self.takes_over,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Drawn:
    """Scores of every body in every draw, and the ranks among these bodies: rows are bodies, columns draws."""

    scores: Floats
    ranks: Whole


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a body stands: its rank from and to, its tier, the share of draws in which it comes first."""

    low: int
    high: int
    tier: int
    first_share: float


Columns = Mapping[str, Sequence[Any]]


def panel_of(columns: Columns, bodies: Sequence[str], indicators: Sequence[str], year: int) -> Panel:
    """The panel of a year from `queries/screens/indicator_values.sql`, column by column; others' rows are passed over."""
    of_body = {body: at for at, body in enumerate(bodies)}
    of_indicator = {name: at for at, name in enumerate(indicators)}
    at = np.array([of_body.get(body, -1) for body in columns["body_id"]], dtype=np.int64)
    column = np.array([of_indicator.get(name, -1) for name in columns["indicator"]], dtype=np.int64)
    mine = (at >= 0) & (column >= 0) & (np.array(columns["year"], dtype=np.int64) == year)
    at, column = at[mine], column[mine]
    shape = (len(bodies), len(indicators))

    def spread(name: str) -> Floats:
        found = np.full(shape, np.nan)
        found[at, column] = np.array(columns[name], dtype=np.float64)[mine]
        return found

    moot, takes_over = np.zeros(shape, dtype=bool), np.zeros(len(indicators), dtype=bool)
    moot[at, column] = np.array(columns["moot"], dtype=bool)[mine]
    takes_over[column] = np.array(columns["takes_over"], dtype=bool)[mine]
    return Panel(
        list(bodies),
        list(indicators),
        year,
        spread("value"),
        moot,
        spread("likely"),
        spread("unlikely"),
        takes_over,
    )


def scores(panel: Panel, weights: Floats) -> Floats:
    """The score of each body, nan where nothing was assessed; `weights` may have a column for each of many draws."""
    many = weights.reshape(len(panel.indicators), -1)
    return _scores(panel, many.T, None).T.reshape(len(panel.bodies), *weights.shape[1:])


def _scores(panel: Panel, weights: Floats, drawn: tuple[Floats, Floats] | None) -> Floats:
    """What is there times its weight over its weight; what was moot gives its weight to the blocks that take it over.

    One row per draw of `weights`, one column per body. `drawn` is what draws of rates add to the weighted sums of the
    blocks that take over and of those that do not.
    """
    there = ~np.isnan(panel.values)
    known = np.where(there, panel.values, 0.0).T
    here, moot, takes = there.astype(np.float64).T, panel.moot.astype(np.float64).T, panel.takes_over
    found = np.empty((len(weights), len(panel.bodies)))
    at_once = max(1, _SMALL_PRODUCT // max(1, panel.values.size))
    for start in range(0, len(weights), at_once):
        some = slice(start, start + at_once)
        own = weights[some]
        taking = own[:, takes] @ here[takes]
        top, rest = own[:, takes] @ known[takes], own[:, ~takes] @ known[~takes]
        if drawn is not None:
            top += drawn[0][some]
            rest += drawn[1][some]
        with np.errstate(divide="ignore", invalid="ignore"):
            more = np.where(taking > 0, 1 + (own @ moot) / taking, 1.0)
            bottom = more * taking + own[:, ~takes] @ here[~takes]
            found[some] = np.where(bottom > 0, WHOLE * (more * top + rest) / bottom, np.nan)
    return found


# A product of matrices up to this size stays on one thread: on a busy machine several wait for each other (measured: 14
# times as long).
_SMALL_PRODUCT = 250_000


def assessable(panel: Panel, weights: Floats) -> Floats:
    """The percentage of the weight that could be assessed or had nothing to be judged, by body."""
    there = ~np.isnan(panel.values)
    taking = there[:, panel.takes_over] @ weights[panel.takes_over]
    moved = np.where(taking > 0, panel.moot.astype(float) @ weights, 0.0)
    total = weights.sum()
    return WHOLE * (there.astype(float) @ weights + moved) / total if total > 0 else np.zeros(len(taking))


def ranks(score: Floats) -> Whole:
    """Places from the highest score of each column; equal scores share the better place."""
    if not len(score):
        return np.zeros(score.shape, dtype=np.int64)
    # One draw after another in memory: sorting along the other axis would jump from row to row.
    draws = np.ascontiguousarray(np.round(score.reshape(len(score), -1), PLACES).T)
    found = np.empty(draws.shape, dtype=np.int64)
    positions = np.arange(len(score))
    for one, place in zip(draws, found, strict=True):
        order = np.argsort(-one)
        ordered = one[order]
        first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
        place[order] = np.maximum.accumulate(np.where(first, positions, 0)) + 1
    return found.T.reshape(score.shape)


def draw(panel: Panel, weights: Floats, count: int = DRAWS, seed: int = SEED) -> Drawn:
    """Scores and ranks when every weight is drawn within a fifth and every rate of small counts anew."""
    varied = (weights[:, None] * drawn_weights(panel.indicators, count, seed)).T
    drawn = np.zeros((count, len(panel.bodies))), np.zeros((count, len(panel.bodies)))
    for at, column in zip(*np.nonzero(~np.isnan(panel.likely)), strict=True):
        who = ("count", panel.bodies[at], panel.indicators[column], panel.year)
        rate = _generator(seed, *who).beta(panel.likely[at, column], panel.unlikely[at, column], count)
        own = drawn[0] if panel.takes_over[column] else drawn[1]
        own[:, at] += varied[:, column] * (rate - panel.values[at, column])
    score = _scores(panel, varied, drawn).T
    return Drawn(score, ranks(score))


def drawn_weights(indicators: Sequence[str], count: int, seed: int) -> Floats:
    """What each weight is multiplied by in each draw, the same for all bodies and years."""
    spread = [_generator(seed, "weight", name).uniform(1 - SPREAD, 1 + SPREAD, count) for name in indicators]
    return np.array(spread).reshape(len(indicators), count)


def _generator(seed: int, *who: object) -> np.random.Generator:
    """The stream of numbers that belongs to a body or an indicator."""
    key = hashlib.blake2b("\0".join(map(str, (seed, *who))).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))


def standings(panel: Panel, weights: Floats, drawn: Drawn) -> dict[str, Standing]:
    """Interval and tier of each body."""
    if not len(panel.bodies):
        return {}
    low, high = interval(drawn.ranks)
    place = ranks(scores(panel, weights))
    tier = tiers(place, drawn.scores, panel.bodies)
    first = (drawn.ranks == 1).mean(axis=1)
    return {
        body: Standing(
            int(min(low[at], place[at])), int(max(high[at], place[at])), int(tier[at]), float(first[at])
        )
        for at, body in enumerate(panel.bodies)
    }


def interval(drawn: Floats | Whole) -> tuple[Floats, Floats]:
    """The values between which nine tenths of the draws of each row lie."""
    numbers = np.asarray(drawn, dtype=np.float64)
    # The smallest values that at least a twentieth, and all but a twentieth, of the draws do not exceed.
    low, high = (max(math.ceil(share * numbers.shape[1] - 1e-9) - 1, 0) for share in (TAIL, 1 - TAIL))
    ordered = np.partition(numbers, [low, high], axis=1)
    return ordered[:, low], ordered[:, high]


def tiers(place: Whole, score: Floats, bodies: Sequence[str]) -> Whole:
    """Tiers from the top: a tier goes on while its first is not ahead in all but a twentieth of the draws.

    Draw by draw, not by whether intervals overlap: two bodies whose weights vary together are told apart by less.
    """
    found = np.zeros(len(place), dtype=np.int64)
    rounded = np.round(score, PLACES)
    leader, previous, tier = -1, -1, 0
    for at in sorted(range(len(place)), key=lambda at: (int(place[at]), bodies[at])):
        # Bodies that share a place share a tier.
        shares = previous >= 0 and place[at] == place[previous]
        if leader < 0 or (not shares and (rounded[leader] > rounded[at]).mean() >= 1 - TAIL):
            leader, tier = at, tier + 1
        found[at] = tier
        previous = at
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """The rank against last year's: places gained, and whether nine tenths of the draws say so too."""

    places: int
    points: float
    beyond_noise: bool


def changes(now: Panel, before: Panel, weights: Floats, drawn: Drawn, then: Drawn) -> dict[str, Change]:
    """For the bodies of both years: how rank and score changed. The draws of weights are the same in both."""
    place_now, place_then = ranks(scores(now, weights)), ranks(scores(before, weights))
    score_now, score_then = scores(now, weights), scores(before, weights)
    of_then = {body: at for at, body in enumerate(before.bodies)}
    found: dict[str, Change] = {}
    for at, body in enumerate(now.bodies):
        if body not in of_then:
            continue
        was = of_then[body]
        gained = then.ranks[was] - drawn.ranks[at]
        low, high = interval(gained[None, :])
        beyond = bool(low[0] > 0) or bool(high[0] < 0)
        found[body] = Change(
            int(place_then[was] - place_now[at]), float(score_now[at] - score_then[was]), beyond
        )
    return found


@dataclass(frozen=True, slots=True)
class Without:
    """A body's rank when an indicator is left out."""

    indicator: str
    rank: int
    change: int


def leave_one_out(panel: Panel, weights: Floats, body: str) -> list[Without]:
    """The rank of a body without each of the indicators."""
    at = list(panel.bodies).index(body)
    rank = int(ranks(scores(panel, weights))[at])
    varied = np.repeat(weights[:, None], len(weights), axis=1)
    np.fill_diagonal(varied, 0.0)
    left = ranks(scores(panel, varied))[at]
    return [
        Without(name, int(found), rank - int(found))
        for name, found in zip(panel.indicators, left, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Decider:
    """What an indicator does to the order of two bodies: points between them, and whether the order turns without it.

    `turns_at` is the weight at which the order turns, None where no weight up to three times its own does that.
    """

    indicator: str
    points: float
    turns_without: bool
    turns_at: float | None


_STEPS = np.linspace(0.0, 3.0, 301)


def deciders(panel: Panel, weights: Floats, ahead: str, behind: str) -> list[Decider]:
    """Which indicators decide that one body stands before another, those with the most points first."""
    two = panel.only([ahead, behind])
    own = points(two, weights)
    found = []
    for column, name in enumerate(panel.indicators):
        varied = np.repeat(weights[:, None], len(_STEPS), axis=1)
        varied[column] *= _STEPS
        score = scores(two, varied)
        turned = np.round(score[1] - score[0], PLACES) > 0
        at = min(np.nonzero(turned)[0], key=lambda step: abs(_STEPS[step] - 1), default=None)
        turns_at = None if at is None or not weights[column] else float(weights[column] * _STEPS[at])
        found.append(Decider(name, float(own[0, column] - own[1, column]), bool(turned[0]), turns_at))
    return sorted(found, key=lambda one: -one.points)


def points(panel: Panel, weights: Floats) -> Floats:
    """What each indicator adds to each score; what was not assessed adds nothing.

    What had nothing to be judged is credited with what its weight earns where it went, so that nobody looks as if it had
    lost by having no requests.
    """
    there = ~np.isnan(panel.values)
    own = np.where(there, weights[None, :], 0.0)
    earned = own * np.where(there, panel.values, 0.0)
    taking = own[:, panel.takes_over].sum(axis=1)
    taken = earned[:, panel.takes_over].sum(axis=1)
    moved = np.where(panel.moot & (taking > 0)[:, None], weights[None, :], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(taking > 0, taken / taking, 0.0)
        total = own.sum(axis=1) + moved.sum(axis=1)
        found = WHOLE * (earned + moved * mean[:, None]) / total[:, None]
        return np.where(total[:, None] > 0, found, 0.0)


def spread_weights(
    blocks: Mapping[str, float], shares: Mapping[str, float], block_of: Mapping[str, str]
) -> dict[str, float]:
    """The weight of each indicator: its block's, shared out in proportion to its own share."""
    whole: dict[str, float] = {}
    for name, block in block_of.items():
        whole[block] = whole.get(block, 0.0) + shares[name]
    return {
        name: blocks[block] * shares[name] / whole[block] if whole[block] else 0.0
        for name, block in block_of.items()
    }


@dataclass(frozen=True, slots=True)
class Gain:
    """A way to gain points: the indicator, what to mend of it, and the points that this would bring at given weights."""

    indicator: str
    codes: tuple[str, ...]
    points: float
    effort: int


# Less than this is not worth a line.
LEAST_GAIN = 0.05


def gains(
    losses: Sequence[tuple[str, str, float]], most: Mapping[str, float], effort: Mapping[str, int | None]
) -> list[Gain]:
    """The ways to gain points, the cheapest first: what takes least effort, then what brings most.

    `losses` are (indicator, code, share lost), `most` what each indicator can give; what is not advised has no effort.
    """
    lost: dict[str, list[tuple[str, float]]] = {}
    for indicator, code, share in losses:
        lost.setdefault(indicator, []).append((code, share))
    found = []
    for indicator, some in lost.items():
        cost, whole = effort.get(indicator), most.get(indicator)
        gained = 0.0 if whole is None else min(sum(share for _, share in some), 1.0) * whole
        if cost is not None and gained >= LEAST_GAIN:
            found.append(Gain(indicator, tuple(code for code, _ in some), gained, cost))
    return sorted(found, key=lambda one: (one.effort, -one.points, one.indicator))
