"""Simulated counties whose truth is known: how often an interval of the ranking holds it.

Truth is drawn as the ranking assumes it to come about: each weight within a fifth of the declared one, and rates of
requests closed and of decisions not corrected from the distributions that the catalogue's priors stand for. Reports then
show counts drawn from these rates, and the ranking sees nothing but the counts.
"""

from dataclasses import dataclass

import numpy as np

from pipeline import ranking
from pipeline.catalogue import default_catalogue
from pipeline.ranking import Panel

SCORING = default_catalogue().scoring
INDICATORS = [one.indicator for one in SCORING.indicators]
WEIGHTS = np.array([one.weight for one in SCORING.indicators])
TAKES_OVER = np.array([SCORING.blocks[one.block].takes_over for one in SCORING.indicators])
RATES = [
    (at, dict(one.parameters), one.formula)
    for at, one in enumerate(SCORING.indicators)
    if one.formula in ("smoothed_rate", "smoothed_rest")
]


@dataclass(frozen=True, eq=False)
class World:
    """What a ranking sees, and what is true."""

    panel: Panel
    true_scores: np.ndarray


def world(draw: np.random.Generator, bodies: int) -> World:
    """A county of bodies, seen through its counts."""
    shape = (bodies, len(INDICATORS))
    values = np.round(draw.beta(6, 1.2, shape), 2)
    likely, unlikely = np.full(shape, np.nan), np.full(shape, np.nan)
    moot = np.zeros(shape, dtype=bool)
    true = values.copy()
    for at, given, formula in RATES:
        counts = draw.choice([0, 0, 1, 1, 2, 3, 5, 12], bodies)
        mean, strength, floor = given["mean"], given["strength"], given["floor"]
        good = mean if formula == "smoothed_rate" else 1 - mean
        a = good * strength
        b = (1 - good) * strength + floor
        rate = draw.beta(a, b, bodies)
        done = draw.binomial(counts, rate)
        moot[:, at] = counts == 0
        values[:, at] = np.where(counts == 0, np.nan, (done + good * strength) / (counts + strength))
        likely[:, at] = np.where(counts == 0, np.nan, a + done)
        unlikely[:, at] = np.where(counts == 0, np.nan, b + counts - done)
        true[:, at] = np.where(counts == 0, np.nan, rate)
    names = [f"b{number:03d}-{draw.integers(1 << 40)}" for number in range(bodies)]
    panel = Panel(names, INDICATORS, 2024, values, moot, likely, unlikely, TAKES_OVER)
    really = Panel(names, INDICATORS, 2024, true, moot, likely, unlikely, TAKES_OVER)
    weights = WEIGHTS * draw.uniform(1 - ranking.SPREAD, 1 + ranking.SPREAD, len(WEIGHTS))
    return World(panel, ranking.scores(really, weights))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the true score and the true rank lay in their intervals, and tiers put two bodies the wrong way round."""

    worlds: int
    bodies: int
    scores: float
    ranks: float
    tiers_wrong: float
    mean_width: float

    def as_text(self) -> str:
        """One line."""
        return (
            f"{self.worlds} worlds of {self.bodies} bodies: the 90 % interval holds the true score in {self.scores:.1%}"
            f" and the true rank in {self.ranks:.1%} (mean width {self.mean_width:.1f} places);"
            f" of pairs told apart by the head of a tier {self.tiers_wrong:.1%} truly stand the other way round"
        )


def coverage(worlds: int, bodies: int, draws: int, seed: int) -> Coverage:
    """The rates over many simulated counties."""
    draw = np.random.default_rng(seed)
    scores, ranks, widths, wrong, pairs = [], [], [], 0, 0
    for number in range(worlds):
        one = world(draw, bodies)
        drawn = ranking.draw(one.panel, WEIGHTS, draws, seed=seed + number)
        low, high = ranking.interval(drawn.scores)
        scores.append((low <= one.true_scores) & (one.true_scores <= high))
        standing = ranking.standings(one.panel, WEIGHTS, drawn)
        true_rank = ranking.ranks(one.true_scores)
        place = ranking.ranks(ranking.scores(one.panel, WEIGHTS))
        order = sorted(range(bodies), key=lambda at: (place[at], one.panel.bodies[at]))
        head = order[0]
        for at, body in enumerate(one.panel.bodies):
            ranks.append(standing[body].low <= true_rank[at] <= standing[body].high)
            widths.append(standing[body].high - standing[body].low)
        for at in order[1:]:
            if standing[one.panel.bodies[at]].tier != standing[one.panel.bodies[head]].tier:
                pairs += 1
                wrong += one.true_scores[at] > one.true_scores[head]
                head = at
    return Coverage(
        worlds,
        bodies,
        float(np.mean(scores)),
        float(np.mean(ranks)),
        wrong / max(pairs, 1),
        float(np.mean(widths)),
    )
