"""What each body says of the requests of a year: some, none, nothing filled in, no report; since when there were none."""

import pandas as pd
import streamlit as st

from pages.ui import charts, provenance, sheet, tables
from pages.ui.charts import Piece
from pages.ui.tables import Column, Target
from pages.ui.words import Words

KINDS = ("some", "zero", "unfilled", "absent", "missing")
# So many bars are read at a glance; the table has all.
MOST_BARS = 40


def in_words(states: pd.DataFrame, year: int, say: Words) -> list[str]:
    """How many state some, none or nothing; none throughout; what those without a request say of disputes."""
    first = states.iloc[0]
    parts = [say(f"zeros.count.{kind}", n=first[kind]) for kind in KINDS if first[kind]]
    said = [say("zeros.of", year=year, all=first["bodies"], parts=say("list.comma").join(parts))]
    if first["zero"]:
        if first["zero_throughout"]:
            said.append(say("zeros.throughout", n=first["zero_throughout"], first=first["first_year"]))
        kinds = ("zero_no_dispute", "zero_with_dispute", "zero_unknown_dispute")
        told = [say(f"zeros.disputes.{kind}", n=first[kind]) for kind in kinds if first[kind]]
        said.append(say("zeros.disputes", n=first["zero"], parts=say("list.comma").join(told)))
    return said


def show_summary(states: pd.DataFrame, year: int, say: Words) -> None:
    """Without a single request: who states a zero, who filled in nothing, whose report is not held, since when."""
    first = states.iloc[0]
    with st.container(border=True):
        sheet.title(say("zeros.title", year=year), say("zeros.note"))
        kinds = [kind for kind in KINDS if first[kind]]
        lines = [
            [say(f"zeros.kind.{kind}"), say.number(first[kind]), say.listed(_names(states, kind), most=6)]
            for kind in kinds
        ]
        sheet.rows([say("zeros.column.kind"), say("zeros.column.bodies"), say("zeros.column.names")], lines)
        for sentence in in_words(states, year, say)[1:]:
            sheet.note(sentence)


def _names(states: pd.DataFrame, kind: str) -> list[str]:
    known = ("some", "zero", "absent", "missing")
    own = states["state"].eq(kind) if kind in known else ~states["state"].isin(known)
    return list(states.loc[own, "body"])


def show_one(states: pd.DataFrame, requests: pd.DataFrame, body: str, year: int, say: Words) -> None:
    """One body without a request: what its report says, since when, the last time there was one, and the others."""
    found = states[states["body_id"] == body]
    if found.empty:
        return
    row = found.iloc[0]
    before = requests[requests["received"].gt(0) & requests["year"].lt(year)]
    last = before.iloc[0] if len(before) else None
    pairs = [(say("zeros.one.said"), say(f"zeros.state.{row['state']}"))]
    if row["state"] == "zero":
        pairs.append((say("zeros.one.since"), _since(row, say)))
    pairs.append(
        (
            say("zeros.one.last"),
            say("zeros.one.never", first=row["first_year"])
            if last is None
            else say(
                "zeros.one.last.of",
                year=last["year"],
                amount=say.amount(last["received"], last["unit"], last["received_bound"]),
            ),
        )
    )
    pairs.append((say("zeros.one.disputes"), say(f"zeros.disputed.{row['disputes']}")))
    pairs.append((say("zeros.one.others"), say("zeros.one.others.of", n=row["zero"], all=row["bodies"])))
    with st.container(border=True):
        sheet.title(say("zeros.one.title", body=row["body"], year=year), say("zeros.note"))
        sheet.facts(pairs)
        if pd.notna(row["report_id"]):
            fact = None if pd.isna(row["received_fact"]) else row["received_fact"]
            provenance.link(row["report_id"], fact, say("open.source"))
        if last is not None:
            provenance.link(
                last["report_id"],
                None if pd.isna(last["received_fact"]) else last["received_fact"],
                say("zeros.one.open.last", year=last["year"]),
            )


def _since(row: pd.Series, say: Words) -> str:
    key = "zeros.since.start" if row["is_from_start"] else "zeros.since"
    if row["zero_years"] == 1:
        key = "zeros.since.one"
    return say(key, year=int(row["zero_since"]), years=int(row["zero_years"]))


def show_bodies(states: pd.DataFrame, year: int, own: str | None, say: Words) -> None:
    """Every body by the number that it received: zero stands in the list like any number; the rest is said why."""
    valued = states[states["received"].notna()]
    if not valued.empty:
        drawn = valued.head(MOST_BARS)
        with st.container(border=True):
            sheet.title(say("zeros.ranked", year=year), say("zeros.ranked.note"))
            pieces = [_piece(row, own, say) for _, row in drawn.iterrows()]
            charts.show(
                charts.ranked([piece.bar for piece in pieces], pieces),
                key="bodies",
                alt=say("zeros.ranked.alt"),
            )
            if len(valued) > len(drawn):
                sheet.note(say("zeros.more", drawn=len(drawn), all=len(valued)))
    _show_table(states, say)


def _piece(row: pd.Series, own: str | None, say: Words) -> Piece:
    amount = say.amount(row["received"], row["unit"], row["received_bound"])
    is_own = row["body_id"] == own
    return Piece(
        bar=say("channels.bar.own", body=row["body"]) if is_own else row["body"],
        colour=charts.palette().rust if is_own else charts.palette().blue,
        value=row["received"],
        label=say("zeros.piece", amount=amount, year=int(row["zero_since"]))
        if row["state"] == "zero"
        else amount,
        hover=say("zeros.hover", body=row["body"], year=row["year"], amount=amount),
        report=row["report_id"],
        fact=None if pd.isna(row["received_fact"]) else row["received_fact"],
    )


def _show_table(states: pd.DataFrame, say: Words) -> None:
    rows = [row for _, row in states.iterrows()]
    sheet.title(say("zeros.table"), say("zeros.table.note"))
    columns = [
        Column(say("column.body"), [row["body"] for row in rows], [_report(row) for row in rows]),
        Column(say("zeros.column.state"), [say(f"zeros.state.{row['state']}") for row in rows], width=150),
        Column(
            say("requests.step.received"),
            [_cell(row, say) for row in rows],
            [_fact(row, "received_fact") for row in rows],
            numeric=True,
        ),
        Column(
            say("zeros.column.since"),
            [_since(row, say) if row["state"] == "zero" else "" for row in rows],
            width=210,
        ),
        *(
            Column(
                say(f"zeros.column.{kind}"),
                [
                    say.cell(row[kind], "absent" if pd.isna(row[f"{kind}_status"]) else row[f"{kind}_status"])
                    for row in rows
                ],
                [_fact(row, f"{kind}_fact") for row in rows],
                numeric=True,
            )
            for kind in ("reconsiderations", "lawsuits")
        ),
    ]
    tables.show(columns, key="states", alt=say("zeros.table"), rows=26)


def _cell(row: pd.Series, say: Words) -> str:
    status = "absent" if pd.isna(row["received_status"]) else row["received_status"]
    if row["state"] == "missing":
        status = "missing"
    return say.cell(
        row["received"], status, "exact" if pd.isna(row["received_bound"]) else row["received_bound"]
    )


def _report(row: pd.Series) -> Target | None:
    return None if pd.isna(row["report_id"]) else Target(row["report_id"])


def _fact(row: pd.Series, name: str) -> Target | None:
    if pd.isna(row["report_id"]):
        return None
    return Target(row["report_id"], None if pd.isna(row[name]) else row[name])
