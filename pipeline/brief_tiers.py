"""The part of the brief that ranks: by tiers that can be told apart, never as a list of single places."""

from collections.abc import Sequence

import duckdb

from pipeline.league import RANKED, League, league
from pipeline.paper.model import Block, Column, Heading, Note, Paragraph, Table, Text, plain
from pipeline.paper.words import figure, listed, number, say, text
from pipeline.papers import County, Row, ask, report_named
from pipeline.ranking import DRAWS, SPREAD

_INSUFFICIENT = "insufficient"


def tiers(connection: duckdb.DuckDBPyConnection, county: County) -> list[Block] | None:
    """Tier by tier in each group of peers; None where no body can be scored."""
    model = ask(connection, "screens/scoring_of_year", year=county.year, language="zh")
    if not model:
        return None
    weights = {str(row["indicator"]): float(row["weight"]) for row in model}
    asked = {"bodies": county.bodies, "first": county.year - 1, "last": county.year}
    rows = ask(
        connection, "screens/ranking", **asked, language="zh", indicators=list(weights),
        weights=list(weights.values()),
    )  # fmt: skip
    now = [row for row in rows if row["year"] == county.year]
    ranked = [row for row in now if row["list"] == RANKED]
    insufficient = [row for row in now if row["list"] == _INSUFFICIENT]
    if not ranked and not insufficient:
        return None
    source = Note(say("tiers.source", model=model[0]["model_label"], digest=model[0]["digest"]))
    blocks: list[Block] = [
        Paragraph(
            text(
                "tiers.opening", count=figure(len(ranked), source), model=model[0]["model_label"],
                least=number(model[0]["least_assessable"]), draws=number(DRAWS), spread=number(100 * SPREAD),
            )
        )
    ]  # fmt: skip
    reached = ask(connection, "screens/indicator_values", **asked)
    values = {name: [row[name] for row in reached] for name in (reached[0] if reached else ())}
    groups = {str(row["peer_group"]): str(row["group_label"]) for row in ranked}
    order = sorted(
        groups, key=lambda group: min(r["group_position"] for r in ranked if r["peer_group"] == group)
    )
    for place, group in enumerate(order, start=1):
        own = league(rows, values, weights, county.year, group)
        blocks.append(
            Heading(2, say("heading.2", number="一二三四五六七八九十"[place - 1], title=groups[group]))
        )
        blocks.append(_table(county, own, {str(row["body_id"]): row for row in ranked}, groups[group]))
    if insufficient:
        blocks.append(Paragraph(_lacking(county, insufficient)))
    blocks.append(Paragraph(plain(say("tiers.caution"))))
    return blocks


def _table(county: County, own: League, rows: dict[str, Row], group: str) -> Table:
    columns = (
        Column(say("column.tier"), 2, numeric=True), Column(say("column.body"), 4),
        Column(say("column.score"), 2, numeric=True), Column(say("column.places"), 3, numeric=True),
        Column(say("column.assessable"), 2, numeric=True), Column(say("column.against"), 4),
    )  # fmt: skip
    lines = tuple(_line(county, own, body, rows[body]) for body in own.order)
    return Table(say("tiers.table", group=group, count=len(own.order)), columns, lines)


def _line(county: County, own: League, body: str, row: Row) -> tuple[Text, ...]:
    owed = next(one for one in county.owed if one["body_id"] == body)
    source = Note(say("tiers.report", report=report_named(owed)), owed["report_id"])
    standing = own.standing[body]
    key = "tiers.place" if standing.low == standing.high else "tiers.places"
    places = say(key, low=standing.low, high=standing.high)
    return (
        (figure(say("tiers.tier", tier=standing.tier), source),),
        plain(owed["body"]),
        (figure(f"{own.score[body]:.1f}", source),),
        (figure(places, source),),
        (figure(f"{row['assessable']:.0f}", source),),
        (figure(_against(own, body), source),),
    )


def _against(own: League, body: str) -> str:
    change = own.change.get(body)
    if change is None:
        return say("tiers.against.none")
    if not change.beyond_noise:
        return say("tiers.against.noise")
    return say("tiers.against.up" if change.places > 0 else "tiers.against.down", places=abs(change.places))


def _lacking(county: County, rows: Sequence[Row]) -> Text:
    """Who has too little to be assessed, and what is lacking: listed apart, never last."""
    names = [
        say("tiers.lacking.one", body=row["body"], lacking=listed(row["lacking"] or [], most=4))
        if row["lacking"]
        else str(row["body"])
        for row in rows
    ]
    return plain(say("tiers.lacking", names=listed(names, most=len(names))))
