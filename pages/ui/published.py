"""The editions of a year that were published, and what today's numbers say otherwise. Knows no page."""

from collections.abc import Sequence

import pandas as pd

from pages.ui import sheet, store, tables
from pages.ui.filters import View
from pages.ui.order import points
from pages.ui.tables import Column
from pages.ui.words import Words
from pipeline import editions

EDITIONS = 3


def show(view: View, rows: pd.DataFrame, year: int, say: Words) -> None:
    """The editions of this year that were published, and whether today's numbers are theirs."""
    sheet.title(say("rank.editions"))
    found = editions.published(view.scope, year)[:EDITIONS]
    if not found:
        county = rows["county"].iloc[0]
        sheet.note(say("rank.editions.none", county=county, year=year))
    for edition in found:
        now = store.ask(
            "ranking",
            bodies=view.bodies,
            first=year,
            last=year,
            indicators=list(edition.weights),
            weights=list(edition.weights.values()),
            language=say.language,
        )
        differing = editions.differences(edition, now.to_dict("records"))
        sheet.text(say("rank.edition", cite=edition.content["cite"]))
        sheet.note(say("rank.edition.differs", n=len(differing)) if differing else say("rank.edition.same"))
        if edition.content["model_digest"] != rows["digest"].iloc[0]:
            sheet.note(say("rank.edition.model"))
        if differing:
            show_differences(differing, edition.path.stem, say)


def show_differences(differing: Sequence[editions.Difference], key: str, say: Words) -> None:
    def both(place: int | None, score: float | None) -> str:
        if place is None:
            return say("sign.absent")
        return say("rank.edition.place", place=place, score=points(score, say))

    columns = [
        Column(say("column.body"), [one.body for one in differing]),
        Column(say("rank.column.then"), [both(one.place_then, one.score_then) for one in differing]),
        Column(say("rank.column.now"), [both(one.place_now, one.score_now) for one in differing]),
    ]
    tables.show(columns, key=f"edition-{key}", alt=say("rank.editions"))
