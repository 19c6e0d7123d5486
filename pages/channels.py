"""渠道结构: through which channels, how much through each, what is left over, what was named and what was only passed on."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import accounts, categories, filters, forwarded, mix, sheet, store, tables
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

MEASURES = ["items_disclosed", "items_by_channel", "items_by_category", "items_forwarded"]
PARTS = ("years", "bodies", "accounts", "forwarded")


@store.kept
def answer(totals: pd.DataFrame, named: pd.DataFrame, say: Words) -> list[str]:
    """How many reports give channels; then one body's newest report in words, or how many have a rest or overlap."""
    said = [say("channels.reports", **totals.iloc[0][["with_channels", "reports"]])]
    counted = totals[totals["counted"].notna()]
    if counted.empty:
        return said
    if totals["body_id"].nunique() > 1:
        kinds = ("remainder", "overlap", "unfilled")
        return said + [say(f"channels.with.{kind}", n=counted.iloc[0][f"with_{kind}"]) for kind in kinds]
    newest = counted.iloc[0]
    return said + newest_in_words(newest, named[named["report_id"] == newest["report_id"]], say)


def newest_in_words(newest: pd.Series, channels: pd.DataFrame, say: Words) -> list[str]:
    """Each channel's part, the remainder or overlap, and what was left unfilled."""
    counted = channels[channels["value"].notna() & ~channels["counted_apart"]]
    parts = [part_in_words(row, say) for _, row in counted.iterrows()]
    what = {"body": newest["body"], "year": newest["year"], "parts": say("list.separator").join(parts)}
    if pd.isna(newest["total"]):
        said = [say("channels.newest.without_total", **what)]
    else:
        said = [say("channels.newest", total=say.number(newest["total"], newest["total_bound"]), **what)]
    said += [
        say(f"channels.{name}", number=say.number(newest[name]))
        for name in ("remainder", "overlap")
        if newest[name] > 0
    ]
    unfilled = list(channels.loc[channels["value"].isna(), "label"].drop_duplicates())
    return [*said, say("channels.unfilled", names=say.listed(unfilled))] if unfilled else said


def part_in_words(row: pd.Series, say: Words) -> str:
    """A channel's number, and its share of the total where that is of many."""
    number = say.number(row["value"], row["bound"])
    if pd.isna(row["share"]):
        return say("channels.part", label=row["label"], number=number)
    return say("channels.part.share", label=row["label"], number=number, share=say.share(row["share"]))


def total_column(rows: pd.DataFrame, say: Words) -> Column:
    cells = [
        say.cell(row.total, "absent" if pd.isna(row.total_status) else row.total_status, row.total_bound)
        for row in rows.itertuples()
    ]
    targets = [None if pd.isna(fact) else Target(report, fact) for report, fact in rows["total_fact"].items()]
    return Column(say("channels.column.total"), cells, targets, numeric=True)


def show_table(named: pd.DataFrame, totals: pd.DataFrame, unopened: pd.DataFrame, say: Words) -> None:
    sheet.title(say("channels.table"), say("channels.table.note"))
    tables.show(columns_of(named, totals, unopened, say), key="table", alt=say("channels.table"))


@store.kept
def columns_of(named: pd.DataFrame, totals: pd.DataFrame, unopened: pd.DataFrame, say: Words) -> list[Column]:
    """Every report's channels; one that it says is not opened or closed is neither unfilled nor zero."""
    rows = totals.set_index("report_id")
    told = pd.concat([named, unopened[unopened["report_id"].isin(rows.index)]])
    channels = told.sort_values("position", kind="stable").drop_duplicates("channel")
    return [
        Column(say("column.body"), list(rows["body"]), [Target(report) for report in rows.index]),
        Column(say("column.year"), [str(year) for year in rows["year"]]),
        total_column(rows, say),
        *(
            channel_column(channel["channel"], channel["label"], named, unopened, rows.index, say)
            for _, channel in channels.iterrows()
        ),
        *(difference_column(name, rows, say) for name in ("remainder", "overlap")),
    ]


def channel_column(
    channel: str, label: str, named: pd.DataFrame, unopened: pd.DataFrame, reports: pd.Index, say: Words
) -> Column:
    """A channel's figure in each report, or why there is none."""
    # An account is a row of its own; the first of a channel that has a figure speaks for it here.
    found = named[named["channel"] == channel].sort_values("value").drop_duplicates("report_id")
    cells = found.set_index("report_id").reindex(reports)
    kinds = (
        unopened[unopened["channel"] == channel].drop_duplicates("report_id").set_index("report_id")["kind"]
    )
    texts, targets = [], []
    for report, cell in cells.iterrows():
        if pd.notna(cell["status"]):
            texts.append(say.cell(cell["value"], cell["status"], cell["bound"]))
            targets.append(Target(str(report), cell["fact_id"]))
        elif report in kinds:
            texts.append(say(f"channels.cell.{kinds[report]}"))
            targets.append(Target(str(report)))
        else:
            texts.append(say("sign.absent"))
            targets.append(None)
    return Column(label, texts, targets, numeric=True)


def difference_column(name: str, rows: pd.DataFrame, say: Words) -> Column:
    cells = [say.number(value) or say("sign.absent") for value in rows[name]]
    return Column(say(f"channels.column.{name}"), cells, numeric=True)


def show_years_table(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> None:
    """Each year's sums, with how many reports they rest on; a sum of one figure opens it."""
    rows = totals.set_index("year")
    columns = [
        Column(say("column.year"), [str(year) for year in rows.index]),
        Column(
            say("channels.column.n"),
            [say("series.count", n=row.with_channels, all=row.reports) for row in rows.itertuples()],
            numeric=True,
        ),
    ]
    for channel in named.sort_values("position", kind="stable")["channel"].drop_duplicates():
        found = named[named["channel"] == channel].drop_duplicates("year").set_index("year")
        cells = found.reindex(rows.index)
        texts = [
            say("sign.absent") if pd.isna(cell.value) else say.number(cell.value, cell.bound)
            for cell in cells.itertuples()
        ]
        targets = [
            None if pd.isna(cell.report_id) else Target(cell.report_id, cell.fact_id)
            for cell in cells.itertuples()
        ]
        columns.append(Column(found["label"].iloc[0], texts, targets, numeric=True))
    columns += [difference_column(name, rows, say) for name in ("remainder", "overlap", "undivided")]
    sheet.title(say("channels.years.table"), say("channels.years.table.note"))
    tables.show(columns, key="by-year", alt=say("channels.years.table"))


def ask_reports(query: dict[str, Any], say: Words) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Each report's totals, its channels, and those that it says are not opened."""
    totals = store.ask("totals_by_report", **query)
    named = store.ask("channels_by_report", language=say.language, **query)
    return totals, named, store.ask("channels_unopened", language=say.language, **query)


def share_asked(say: Words) -> bool:
    bases = {name: say(f"channels.as.{name}") for name in ("count", "share")}
    with controls:
        return filters.switch("as", say("channels.as"), bases) == "share"


def show_years(view: View, say: Words) -> list[str]:
    """The mix over the years: the picked body's reports, or all reports of a year together."""
    totals, named, unopened = ask_reports(view.query(), say)
    if totals.empty:
        return [say("channels.none")]
    share = share_asked(say)
    if view.body or len(totals) == 1:
        mix.show(named, totals, say, share=share)
        categories.show(totals.iloc[0], say)
    else:
        by_year = store.ask("channels_by_year", language=say.language, **view.query())
        sums = store.ask("totals_by_year", language=say.language, **view.query())
        if year := mix.show_years(by_year, sums, say, share=share):
            filters.put("view", "bodies")
            filters.put("year", year)
            st.rerun()
        show_years_table(by_year, sums, say)
    show_table(named, totals, unopened, say)
    return answer(totals, named, say)


def show_bodies(view: View, say: Words) -> list[str]:
    """The mix of every body in one year, the picked one pointed out."""
    span = {"bodies": view.bodies, "first": view.first, "last": view.last}
    sums = store.ask("totals_by_year", language=say.language, **span)
    if sums.empty:
        return [say("channels.none")]
    years = {str(row.year): say("channels.year", year=row.year, n=row.reports) for row in sums.itertuples()}
    with controls:
        year = int(filters.choice("year", say("column.year"), years, "page"))
    share = share_asked(say)
    totals, named, unopened = ask_reports({"bodies": view.bodies, "first": year, "last": year}, say)
    pages = math.ceil(len(totals) / mix.MOST_BARS)
    current = filters.page_asked(pages)
    part = totals.iloc[current * mix.MOST_BARS : (current + 1) * mix.MOST_BARS]
    mix.show(named, part, say, share=share, own=view.body)
    if pages > 1:
        filters.page_number(say("channels.pages", pages=pages), pages)
    show_table(named, totals, unopened, say)
    what = {"year": year, **totals.iloc[0][["with_channels", "reports"]]}
    kinds = ("remainder", "overlap", "unfilled")
    return [
        say("channels.reports.year", **what),
        *(say(f"channels.with.{kind}", n=totals.iloc[0][f"with_{kind}"]) for kind in kinds),
    ]


say = speak()
view = sheet.opened(say)
head = st.container()
controls = st.container(horizontal=True, vertical_alignment="bottom", key="asked")
names = {name: say(f"channels.view.{name}") for name in PARTS}
with controls:
    part = filters.switch("view", say("channels.view"), names, "page")
shows = {"years": show_years, "bodies": show_bodies, "accounts": accounts.show, "forwarded": forwarded.show}
said = shows[part](view, say)
with head:
    question = (
        say("channels.question.of", body=view.names[view.body]) if view.body else say("channels.question")
    )
    sheet.head(question, said, view.invented, say)
tables.download(view, say, name=say("menu.channels"), measures=MEASURES)
