"""The league table of a year: scores from the warehouse, intervals and tiers from draws. Knows no page and no SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline import ranking
from pipeline.ranking import Change, Columns, Drawn, Floats, Panel, Standing

Rows = Sequence[Mapping[str, object]]
RANKED = "ranked"


@dataclass(frozen=True, eq=False)
class League:
    """The bodies ranked together in a year, best first, and how surely; `place` and `change` by body."""

    year: int
    weights: Mapping[str, float]
    order: Sequence[str]
    place: Mapping[str, int]
    score: Mapping[str, float]
    standing: Mapping[str, Standing]
    change: Mapping[str, Change]
    panel: Panel
    drawn: Drawn

    @property
    def vector(self) -> Floats:
        """The weights in the order of the panel's columns."""
        return np.array([self.weights[name] for name in self.panel.indicators], dtype=np.float64)

    @property
    def tiers(self) -> int:
        """How many tiers there are."""
        return max((one.tier for one in self.standing.values()), default=0)

    def block_points(self, block_of: Mapping[str, str]) -> Mapping[str, Mapping[str, float]]:
        """The points of each block by body."""
        points = ranking.points(self.panel, self.vector)
        blocks = dict.fromkeys(block_of.values())
        columns = {
            block: points[:, [block_of[name] == block for name in self.panel.indicators]].sum(axis=1)
            for block in blocks
        }
        return {
            body: {block: float(columns[block][at]) for block in blocks}
            for at, body in enumerate(self.panel.bodies)
        }

    def of_tier(self, tier: int) -> list[str]:
        """The bodies of a tier, best first."""
        return [body for body in self.order if self.standing[body].tier == tier]

    def neighbours(self, body: str) -> tuple[str | None, str | None]:
        """The bodies that stand right before and after one."""
        at = self.order.index(body)
        before = self.order[at - 1] if at > 0 else None
        return before, self.order[at + 1] if at + 1 < len(self.order) else None


def league(rows: Rows, values: Columns, weights: Mapping[str, float], year: int, group: str | None) -> League:
    """The league of a year and the group of peers, or of all where `group` is None.

    `rows` are those of `queries/screens/ranking.sql` and `values` the columns of `indicator_values.sql`, both for the year
    and, where there is one, the year before.
    """
    now, vector, drawn = _drawn(rows, values, weights, year, group)
    before, _, then = _drawn(rows, values, weights, year - 1, group)
    before = _renamed(before, rows, year)
    score = ranking.scores(now, vector)
    place = ranking.ranks(score)
    order = sorted(range(len(now.bodies)), key=lambda at: (int(place[at]), now.bodies[at]))
    return League(
        year=year,
        weights=dict(weights),
        order=[now.bodies[at] for at in order],
        place={body: int(place[at]) for at, body in enumerate(now.bodies)},
        score={body: float(score[at]) for at, body in enumerate(now.bodies)},
        standing=ranking.standings(now, vector, drawn),
        change=ranking.changes(now, before, vector, drawn, then),
        panel=now,
        drawn=drawn,
    )


def _drawn(
    rows: Rows, values: Columns, weights: Mapping[str, float], year: int, group: str | None
) -> tuple[Panel, Floats, Drawn]:
    bodies = [
        str(row["body_id"])
        for row in rows
        if row["year"] == year and row["list"] == RANKED and group in (None, row["peer_group"])
    ]
    panel = ranking.panel_of(values, bodies, list(weights), year)
    vector = np.array(list(weights.values()), dtype=np.float64)
    return panel, vector, ranking.draw(panel, vector)


def _renamed(before: Panel, rows: Rows, year: int) -> Panel:
    """Last year's bodies under this year's ids: a renamed body goes on."""
    now = {row["lineage"]: str(row["body_id"]) for row in rows if row["year"] == year}
    line = {str(row["body_id"]): row["lineage"] for row in rows if row["year"] == year - 1}
    bodies = [now.get(line[body], body) for body in before.bodies]
    return Panel(
        bodies, before.indicators, before.year, before.values, before.moot, before.likely, before.unlikely,
        before.takes_over,
    )  # fmt: skip
