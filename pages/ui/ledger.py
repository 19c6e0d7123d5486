"""The ledger of what is carried over: last year's 结转下年度 against this year's 上年结转."""

import pandas as pd
import streamlit as st

from pages.ui import sheet, store, tables
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words


def show(view: View, say: Words) -> None:
    """Where two years' reports differ, and which is likelier wrong; of one body, every year."""
    rows = store.ask("carry_over_ledger", language=say.language, **view.query())
    if rows.empty or not rows["assessable"].iloc[0]:
        return
    first = rows.iloc[0]
    listed = rows[rows["is_listed"]] if view.body else rows[rows["differs"]]
    with st.container(border=True):
        key = "ledger.title.differ" if first["differing"] else "ledger.title.agree"
        counts = {name: int(first[name]) for name in ("assessable", "differing", "reports_differing")}
        sheet.title(say(key, **counts), say("ledger.note"))
        if not listed.empty:
            tables.show(_columns(listed, say), key="ledger", alt=say("ledger.alt"))
        file = say("ledger.file", scope=view.scope, first=view.first, last=view.last)
        tables.download_rows(_exported(rows, say), say, name=file, key="ledger-download")


def _columns(listed: pd.DataFrame, say: Words) -> list[Column]:
    rows = [row for _, row in listed.iterrows()]
    return [
        Column(say("column.body"), [row["body"] for row in rows], [Target(row["report_id"]) for row in rows]),
        Column(say("column.year"), [str(row["year"]) for row in rows]),
        Column(say("ledger.column.applicant"), [row["applicant_label"] for row in rows], width=110),
        Column(
            say("ledger.column.last_out"),
            [_cell(row, "last_out", "last_status", say) for row in rows],
            [_target(row, "previous_report_id", "last_fact") for row in rows],
            numeric=True,
        ),
        Column(
            say("ledger.column.this_in"),
            [_cell(row, "this_in", "this_status", say) for row in rows],
            [_target(row, "report_id", "this_fact") for row in rows],
            numeric=True,
        ),
        Column(
            say("ledger.column.difference"), [say.signed(row["difference"]) for row in rows], numeric=True
        ),
        Column(say("ledger.column.verdict"), [_verdict(row, say) for row in rows], width="large"),
    ]


def _cell(row: pd.Series, value: str, status: str, say: Words) -> str:
    return say.cell(row[value], "absent" if pd.isna(row[status]) else row[status])


def _target(row: pd.Series, report: str, fact: str) -> Target | None:
    return None if pd.isna(row[report]) or pd.isna(row[fact]) else Target(row[report], row[fact])


def _verdict(row: pd.Series, say: Words) -> str:
    numbers = {name: say.signed(row[name]) for name in ("last_residual", "this_residual")}
    text = say(f"ledger.verdict.{row['verdict']}", **numbers)
    return say("ledger.mends", verdict=text) if pd.notna(row["mends"]) and row["mends"] else text


def _exported(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows as they are downloaded: codes in words."""
    return rows.assign(
        applicant=rows["applicant_label"],
        last_status=["" if pd.isna(status) else say.of("status", status) for status in rows["last_status"]],
        this_status=["" if pd.isna(status) else say.of("status", status) for status in rows["this_status"]],
        verdict=[_verdict(row, say) for _, row in rows.iterrows()],
    )
