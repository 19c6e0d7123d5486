"""Channels and accounts by name: when a report first named each, with a figure or without, or said that there is none."""

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, sheet, store, tables
from pages.ui.charts import Mark
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words

WAYS = ("figure", "zero", "named", "not_opened", "closed", "blank", "dash", "unreadable", "unnamed")
# What a report of the newest year says of a channel.
KINDS = ("figure", "zero", "named", "not_opened", "closed", "unfilled", "unnamed")
# The first of these that any body names is shown where the address asks for none: the account of most bodies.
USUAL = ("wechat", "website")


def show(view: View, say: Words) -> list[str]:
    """The page's part on accounts; its answer in words."""
    spoken = store.ask("channel_mentions", language=say.language, **view.query())
    if spoken.empty:
        sheet.title(say("accounts.none"), say("accounts.none.note"))
        return [say("accounts.none")]
    owed = store.ask("coverage_by_body_and_year", **view.query())
    if view.body:
        _show_timeline(spoken, owed, view, _row_of_body(spoken, say), say)
        _show_table(spoken, view, say)
        return _answer_of_body(spoken, say)
    named = store.ask("channels_named", year=view.last, language=say.language, **view.query())
    chosen = _pick(named, say)
    of_channel = spoken[spoken["channel"] == chosen["channel"]]
    _show_timeline(of_channel[of_channel["is_first_of_year"]], owed, view, of_channel["body"], say)
    _show_counts(named, view, say)
    _show_table(of_channel, view, say)
    return _answer(chosen, of_channel, view, say)


def _pick(named: pd.DataFrame, say: Words) -> pd.Series:
    """The channel that the address asks for, else the usual one."""
    told = named.set_index("channel", drop=False)
    usual = next((channel for channel in USUAL if channel in told.index), told.index[0])
    order = [usual, *(channel for channel in told.index if channel != usual)]
    names = {
        channel: say(
            "accounts.channel.count",
            label=told.at[channel, "label"],
            n=told.at[channel, "bodies_ever"],
            all=told.at[channel, "bodies"],
        )
        for channel in order
    }
    return told.loc[filters.choice("channel", say("accounts.channel"), names)]


def _answer(chosen: pd.Series, spoken: pd.DataFrame, view: View, say: Words) -> list[str]:
    """How many bodies ever named it and since when; how many reports of the newest year, and in which way."""
    first = spoken["first_named"].min()
    said = [say("accounts.ever", label=chosen["label"], n=chosen["bodies_ever"], all=chosen["bodies"])]
    if pd.notna(first):
        said.append(say("accounts.earliest", year=int(first)))
    parts = [say(f"accounts.count.{kind}", n=chosen[kind]) for kind in KINDS if chosen[kind] > 0]
    if parts:
        told = say("list.comma").join(parts)
        said.append(say("accounts.of_year", year=view.last, reports=chosen["reports"], parts=told))
    if chosen["pages"]:
        said.append(say("accounts.pages", year=view.last, n=chosen["pages"]))
    return said


def _answer_of_body(spoken: pd.DataFrame, say: Words) -> list[str]:
    """How many channels, which came last, which are no longer named, which were said not to be open."""
    channels = spoken[spoken["channel_first"].notna()].drop_duplicates("channel")
    said = [say("accounts.body", body=spoken["body"].iloc[0], channels=len(channels))]
    later = channels[channels["channel_first"] > channels["first_whole"]]
    if not later.empty:
        last = later["channel_first"].max()
        names = say.listed(list(later.loc[later["channel_first"] == last, "label"]))
        said.append(say("accounts.newest", name=names, year=int(last)))
    gone = channels[channels["channel_last"] < channels["last_whole"]]
    if not gone.empty:
        names = say.listed(list(gone["label"]))
        said.append(say("accounts.gone", names=names, year=int(gone["last_whole"].iloc[0])))
    unopened = spoken[spoken["unopened"] > 0].drop_duplicates("channel")
    if not unopened.empty:
        said.append(say("accounts.unopened", names=say.listed(list(unopened["label"]))))
    return said


def _accounts(spoken: pd.DataFrame) -> pd.DataFrame:
    """One row for each account: the newest year's."""
    return spoken[spoken["is_newest"]]


def _name(row: pd.Series, say: Words) -> str:
    if pd.isna(row["account"]):
        return str(row["label"])
    return say("accounts.name", label=row["label"], account=row["account"])


def _row_of_body(spoken: pd.DataFrame, say: Words) -> pd.Series:
    return pd.Series([_name(row, say) for _, row in spoken.iterrows()], index=spoken.index)


def _show_timeline(
    spoken: pd.DataFrame, owed: pd.DataFrame, view: View, names: pd.Series, say: Words
) -> None:
    """Rows by years: a mark for what the report of the year says; a dot where it says nothing."""
    drawn = spoken.assign(row=names)
    held = owed[owed["state"].isin(["on_time", "late", "undated", "unreadable"])]
    marks = [
        Mark(
            row["row"],
            int(row["year"]),
            row["state"],
            row["report_id"],
            _hover(row, say),
            None if pd.isna(row["fact_id"]) else row["fact_id"],
        )
        for _, row in drawn.iterrows()
    ]
    told = set(zip(drawn["row"], drawn["year"], strict=True))
    if view.body:
        rows = list(drawn["row"].drop_duplicates())
        pairs = [(row, year, report) for row in rows for year, report in zip(held["year"], held["report_id"], strict=True)]  # fmt: skip
    else:
        rows = [view.names[body] for body in view.bodies if view.names[body] in set(owed["body"])]
        rows = [
            name
            for name in dict.fromkeys([*rows, *drawn["row"]])
            if name in set(drawn["row"]) | set(held["body"])
        ]
        pairs = list(zip(held["body"], held["year"], held["report_id"], strict=True))
    marks += [
        Mark(row, int(year), "unnamed", report, say("accounts.hover.unnamed", row=row, year=year))
        for row, year, report in pairs
        if (row, year) not in told and row in rows
    ]
    kinds = {mark.state for mark in marks}
    with st.container(border=True):
        sheet.title(say("accounts.title.body" if view.body else "accounts.title"), say("accounts.note"))
        sheet.legend([(f"way-{way}", say(f"accounts.way.{way}")) for way in WAYS if way in kinds])
        charts.show(charts.mentions(rows, view.years(), marks), key="accounts", alt=say("accounts.alt"))


def _hover(row: pd.Series, say: Words) -> str:
    what = {"row": row["row"], "year": row["year"], "label": _name(row, say)}
    if row["state"] in ("figure", "zero"):
        return say(
            "accounts.hover.figure", amount=say.amount(row["value"], row["unit"], row["bound"]), **what
        )
    return say("accounts.hover", way=say(f"accounts.way.{row['state']}"), **what)


def _show_counts(named: pd.DataFrame, view: View, say: Words) -> None:
    """How many of the newest year's reports speak of each channel, and in which way."""
    sheet.title(
        say("accounts.counts", year=view.last, reports=named["reports"].iloc[0]), say("accounts.counts.note")
    )
    columns = [
        Column(say("accounts.column.channel"), list(named["label"])),
        Column(
            say("accounts.column.ever"),
            [say("series.count", n=row.bodies_ever, all=row.bodies) for row in named.itertuples()],
            numeric=True,
        ),
    ]
    columns += [
        Column(say(f"accounts.column.{kind}"), [say.number(count) for count in named[kind]], numeric=True)
        for kind in KINDS
    ]
    place = tables.picked(columns, key="counts", alt=say("accounts.counts.note"))
    if place is not None and named["channel"].iloc[place] != st.query_params.get("channel"):
        filters.put("channel", named["channel"].iloc[place])
        st.rerun()


def _show_table(spoken: pd.DataFrame, view: View, say: Words) -> None:
    """Every account: first named, last named, how often with a figure; the first and last year open their source."""
    rows = [row for _, row in _accounts(spoken).iterrows()]
    sheet.title(say("accounts.table", count=len(rows)), say("accounts.table.note"))
    columns = [
        Column(say("column.body"), [row["body"] for row in rows]),
        Column(say("accounts.column.channel"), [row["label"] for row in rows]),
        Column(say("accounts.column.account"), [_account(row, say) for row in rows]),
        Column(
            say("accounts.column.first"),
            [_first(row, say) for row in rows],
            [_target(row, "first") for row in rows],
            width=150,
        ),
        Column(
            say("accounts.column.last"),
            [_last(row, say) for row in rows],
            [_target(row, "last") for row in rows],
            width=170,
        ),
        Column(say("accounts.column.with_figure"), [say.number(row["with_figure"]) for row in rows], numeric=True),
        Column(say("accounts.column.without"), [say.number(row["without_figure"]) for row in rows], numeric=True),
        Column(say("accounts.column.with_zero"), [say.number(row["with_zero"]) for row in rows], numeric=True),
        Column(
            say("accounts.column.unopened_years"),
            ["" if pd.isna(row["unopened_years"]) else row["unopened_years"] for row in rows],
            [Target(row["report_id"]) if row["state"] in ("not_opened", "closed") else None for row in rows],
        ),
    ]  # fmt: skip
    tables.show(columns, key="accounts-listed", alt=say("accounts.table.note"), rows=16)


def _account(row: pd.Series, say: Words) -> str:
    return say("accounts.unwritten") if pd.isna(row["account"]) else str(row["account"])


def _first(row: pd.Series, say: Words) -> str:
    """The first year; of one named in the first report that is held, it may have been earlier."""
    if pd.isna(row["first_named"]):
        return say("sign.absent")
    is_first = pd.notna(row["first_whole"]) and row["first_named"] == row["first_whole"]
    key = "accounts.first.held" if is_first else "accounts.first"
    return say(key, year=int(row["first_named"]))


def _last(row: pd.Series, say: Words) -> str:
    """The last year; where a later report is held that no longer names it, that is said."""
    if pd.isna(row["last_named"]):
        return say("sign.absent")
    later = pd.notna(row["last_whole"]) and row["channel_last"] < row["last_whole"]
    key = "accounts.last.gone" if later else "accounts.last"
    held = "" if pd.isna(row["last_whole"]) else int(row["last_whole"])
    return say(key, year=int(row["last_named"]), held=held)


def _target(row: pd.Series, end: str) -> Target | None:
    report, fact = row[f"{end}_report"], row[f"{end}_fact"]
    return None if pd.isna(report) else Target(report, None if pd.isna(fact) else fact)
