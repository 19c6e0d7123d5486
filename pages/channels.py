"""渠道结构: through which channels, how much through each, what is left over, what was named without a figure."""

import pandas as pd

from pages.ui import categories, mix, sheet, store, tables
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

MEASURES = ["items_disclosed", "items_by_channel", "items_by_category"]


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
    parts = [
        say("channels.part", label=row.label, number=say.number(row.value, row.bound))
        for row in counted.itertuples()
    ]
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
    unfilled = list(channels.loc[channels["value"].isna(), "label"])
    return [*said, say("channels.unfilled", names=say.listed(unfilled))] if unfilled else said


def total_column(rows: pd.DataFrame, say: Words) -> Column:
    cells = [
        say.cell(row.total, "absent" if pd.isna(row.total_status) else row.total_status, row.total_bound)
        for row in rows.itertuples()
    ]
    targets = [None if pd.isna(fact) else Target(report, fact) for report, fact in rows["total_fact"].items()]
    return Column(say("channels.column.total"), cells, targets, numeric=True)


@store.kept
def columns_of(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> list[Column]:
    rows = totals.set_index("report_id")
    columns = [
        Column(say("column.body"), list(rows["body"]), [Target(report) for report in rows.index]),
        Column(say("column.year"), [str(year) for year in rows["year"]]),
        total_column(rows, say),
    ]
    for channel in named.sort_values("position", kind="stable")["channel"].drop_duplicates():
        # An account is a row of its own; the first of a channel that has a figure speaks for it here.
        found = named[named["channel"] == channel].sort_values("value").drop_duplicates("report_id")
        cells = found.set_index("report_id").reindex(rows.index)
        texts = [
            say.cell(cell.value, "absent" if pd.isna(cell.status) else cell.status, cell.bound)
            for cell in cells.itertuples()
        ]
        targets = [
            None if pd.isna(fact) else Target(report, fact) for report, fact in cells["fact_id"].items()
        ]
        columns.append(Column(found["label"].iloc[0], texts, targets, numeric=True))
    return columns + [
        Column(
            say(f"channels.column.{name}"),
            [say.number(value) or say("sign.absent") for value in rows[name]],
            numeric=True,
        )
        for name in ("remainder", "overlap")
    ]


def show_table(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> None:
    sheet.title(say("channels.table"), say("channels.table.note"))
    tables.show(columns_of(named, totals, say), key="table", alt=say("channels.table"))


say = speak()
view = sheet.opened(say)
totals = store.ask("totals_by_report", **view.query())
named = store.ask("channels_by_report", language=say.language, **view.query())

question = say("channels.question.of", body=view.names[view.body]) if view.body else say("channels.question")
if totals.empty:
    sheet.head(question, [say("channels.none")], view.invented, say)
else:
    sheet.head(question, answer(totals, named, say), view.invented, say)
    mix.show(named, totals, say)
    if totals["report_id"].nunique() == 1 or view.body:
        categories.show(totals.iloc[0], say)
    show_table(named, totals, say)
tables.download(view, say, name=say("menu.channels"), measures=MEASURES)
