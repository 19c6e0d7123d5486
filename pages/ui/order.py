"""The order of the bodies of a year: picture, table, and those that are listed apart. Knows no page."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, sheet, tables
from pages.ui.charts import Placed
from pages.ui.tables import Column, Target
from pages.ui.weights import Setting
from pages.ui.words import Words
from pipeline.league import RANKED, League

# As many bodies as a picture holds without becoming a wall; the table has all.
DRAWN = 60
NAMED = 4


def points(value: Any, say: Words) -> str:
    """A score or points as people read them: one decimal."""
    return say("sign.absent") if pd.isna(value) else f"{value:,.1f}"


def signed(value: float) -> str:
    # Adding 0.0 takes the sign from a zero.
    return f"{round(value, 1) + 0.0:+,.1f}"


def places_of(places: Any) -> list[str]:
    """The places of an answer; none where there is no list."""
    return [str(place) for place in places] if pd.api.types.is_list_like(places) else []


def change_of(table: League, body: str, say: Words) -> str:
    """How many places a body gained since last year, and whether that is more than noise."""
    change = table.change.get(body)
    if change is None:
        return say("rank.change.none")
    if change.places == 0:
        return say("rank.change.same")
    text = say("rank.change.up" if change.places > 0 else "rank.change.down", n=abs(change.places))
    return text if change.beyond_noise else say("rank.change.noise", change=text)


def show_picture(table: League, rows: pd.DataFrame, setting: Setting, chosen: str | None, say: Words) -> None:
    """A dot and an interval for each body, banded by tier; a click picks the body."""
    by_id = rows.set_index("body_id")
    sheet.title(say("rank.picture", year=table.year, setting=setting.label), say("rank.picture.note"))
    drawn, before = [], None
    for body in table.order[:DRAWN]:
        one = table.standing[body]
        words = {
            "body": by_id["body"][body],
            "score": points(table.score[body], say),
            "place": table.place[body],
            "low": one.low,
            "high": one.high,
            "tier": one.tier,
        }
        drawn.append(
            Placed(
                body=body,
                name=str(by_id["body"][body]),
                score=words["score"],
                place=table.place[body],
                low=one.low,
                high=one.high,
                tier=one.tier,
                begins=say("rank.tier", tier=one.tier) if one.tier != before else "",
                hover=say("rank.hover", assessable=say.number(round(by_id["assessable"][body])), **words),
                is_self=body == chosen,
            )
        )
        before = one.tier
    for body, _ in charts.picked(
        charts.intervals(drawn), key=f"places-{chosen}-{table.year}", alt=say("rank.picture.alt")
    ):
        if body and body != chosen:
            filters.put("body", body)
            st.rerun()
    if len(table.order) > DRAWN:
        sheet.note(say("rank.picture.more", shown=DRAWN, all=len(table.order)))


def show_table(table: League, rows: pd.DataFrame, scoring: pd.DataFrame, say: Words) -> None:
    """The order as a table: place, interval, tier, score, blocks, change."""
    by_id = rows.set_index("body_id")
    blocks = table.block_points(dict(zip(scoring["indicator"], scoring["block"], strict=True)))
    targets = [Target(by_id["report_id"][body]) for body in table.order]
    spans = [
        say("rank.range", low=table.standing[body].low, high=table.standing[body].high)
        for body in table.order
    ]
    columns = [
        Column(say("column.body"), [str(by_id["body"][body]) for body in table.order], targets, width=110),
        Column(
            say("rank.column.place"), [str(table.place[body]) for body in table.order], numeric=True, width=60
        ),
        Column(say("rank.column.range"), spans, numeric=True, width=90),
        Column(
            say("rank.column.tier"),
            [say("rank.tier", tier=table.standing[body].tier) for body in table.order],
            width=70,
        ),
        Column(
            say("rank.column.score"), [points(table.score[body], say) for body in table.order], numeric=True
        ),
        Column(
            say("rank.column.assessable"),
            [say.number(round(by_id["assessable"][body])) for body in table.order],
            numeric=True,
        ),
        Column(say("rank.column.change"), [change_of(table, body, say) for body in table.order]),
        Column(
            say("rank.column.all"),
            [say.number(by_id["place_of_all"][body]) for body in table.order],
            numeric=True,
        ),
    ]
    for _, row in scoring.drop_duplicates("block").iterrows():
        columns.append(
            Column(
                row["block_label"],
                [points(blocks[body][row["block"]], say) for body in table.order],
                numeric=True,
            )
        )
    tables.show(columns, key="ranking", alt=say("rank.table"), rows=24)


def reason(row: pd.Series, least: float, say: Words) -> str:
    """Why a body is not ranked."""
    assessable = "0" if pd.isna(row["assessable"]) else points(row["assessable"], say)
    return say(f"rank.list.{row['list']}.text", assessable=assessable, least=say.number(least))


def show_apart(rows: pd.DataFrame, least: float, say: Words) -> None:
    """Those without a place, never as the last ones: which list they are on, and why."""
    apart = [row for _, row in rows[rows["list"] != RANKED].sort_values(["list", "body_id"]).iterrows()]
    sheet.title(say("rank.apart", n=len(apart)) if apart else say("rank.apart.none"))
    if not apart:
        return
    lacking = [
        say.listed(list(row["lacking"]), most=NAMED)
        if pd.api.types.is_list_like(row["lacking"])
        else say("sign.absent")
        for row in apart
    ]
    tables.show(
        [
            Column(
                say("column.body"),
                [row["body"] for row in apart],
                [None if pd.isna(row["report_id"]) else Target(row["report_id"]) for row in apart],
                width=110,
            ),
            Column(say("rank.csv.list"), [say.of("rank.list", row["list"]) for row in apart]),
            Column(say("rank.column.reason"), [reason(row, least, say) for row in apart], width=300),
            Column(say("rank.column.lacking"), lacking, width=260),
        ],
        key="apart",
        alt=say("rank.apart", n=len(apart)),
    )
