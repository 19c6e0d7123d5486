"""渠道结构: through which channels, how much through each, what is left over, what was named without a figure."""

import pandas as pd
import streamlit as st

from pages.ui import categories, charts, sheet, store, tables
from pages.ui.charts import Between, Ending, Piece, Stated
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

MEASURES = ["items_disclosed", "items_by_channel", "items_by_category"]
MOST_BARS = 24


def bar_name(row: pd.Series, totals: pd.DataFrame, say: Words) -> str:
    """A bar is one report: its year where one body is in view, its body where one year is, else both."""
    if totals["body_id"].nunique() == 1 and not totals["year"].duplicated().any():
        return str(row["year"])
    if totals["year"].nunique() == 1 and not totals["body"].duplicated().any():
        return str(row["body"])
    return say("channels.bar", body=row["body"], year=row["year"])


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


def channel_pieces(bars: pd.Series, named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> list[Piece]:
    pieces = [
        Piece(
            bar=bars[row["report_id"]],
            colour=charts.channel_colour(row["channel"]),
            value=row["value"],
            label=say.number(row["value"], row["bound"]),
            hover=say(
                "channels.hover",
                bar=say("channels.bar", body=row["body"], year=row["year"]),
                label=row["label"],
                account="" if pd.isna(row["account"]) else say("channels.account", account=row["account"]),
                amount=say.amount(row["value"], row["unit"], row["bound"]),
            ),
            report=row["report_id"],
            fact=row["fact_id"],
        )
        for _, row in named[named["value"].notna() & ~named["counted_apart"]].iterrows()
        if row["report_id"] in bars
    ]
    return pieces + [
        rest_piece(bars[row["report_id"]], row, say) for _, row in totals.iterrows() if has_rest(row)
    ]


def has_rest(row: pd.Series) -> bool:
    """Whether something of the total is left that no channel was named for; all of it where none was counted."""
    return pd.notna(row["total"]) and (row["remainder"] > 0 or pd.isna(row["counted"]))


def rest_piece(bar: str, row: pd.Series, say: Words) -> Piece:
    value = row["total"] if pd.isna(row["counted"]) else row["remainder"]
    hover = say(
        "channels.rest.hover",
        amount=say.amount(value, row["unit"]),
        total=say.amount(row["total"], row["unit"]),
    )
    return Piece(bar, "", value, "", hover, row["report_id"], row["total_fact"], hatched=True)


def endings(bars: pd.Series, named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> list[Ending]:
    found = []
    for _, row in totals.iterrows():
        channels = named[named["report_id"] == row["report_id"]]
        unfilled = list(channels.loc[channels["value"].isna(), "label"].drop_duplicates())
        quiet = ""
        if pd.isna(row["counted"]):
            quiet = say("channels.uncounted", number=say.number(row["total"], row["total_bound"]))
        elif pd.isna(row["total"]):
            quiet = say("channels.no_total")
        elif row["remainder"] > 0:
            quiet = say("channels.rest", number=say.number(row["remainder"]))
        elif row["overlap"] > 0:
            quiet = say("channels.over", number=say.number(row["overlap"]))
        attention = say("channels.blank", names=say.listed(unfilled, most=1)) if unfilled else ""
        found.append(Ending(bars[row["report_id"]], row["length"], quiet, attention))
    return found


def show_chart(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> None:
    drawn = totals[totals["length"] > 0].head(MOST_BARS)
    if drawn.empty:
        sheet.title(say("channels.title.none"), say("channels.none"))
        return
    bars = pd.Series({row["report_id"]: bar_name(row, totals, say) for _, row in drawn.iterrows()})
    shown = named[named["report_id"].isin(bars.index)]
    with st.container(border=True):
        key = (
            "channels.title.rest"
            if any(has_rest(row) for _, row in drawn.iterrows())
            else "channels.title.whole"
        )
        sheet.title(say(key), say("channels.note"))
        channels = shown[shown["value"].notna()].drop_duplicates("channel")
        sheet.swatches(
            [(charts.channel_colour(row["channel"]), row["label"]) for _, row in channels.iterrows()]
        )
        marks = [
            Stated(
                bars[row["report_id"]],
                row["total"],
                say("channels.stated", total=say.amount(row["total"], row["unit"])),
            )
            for _, row in drawn[drawn["overlap"].gt(0)].iterrows()
        ]
        pieces = channel_pieces(bars, shown, drawn, say)
        breaks = breaks_between(drawn, say)
        between = [Between(bars[report], say("series.changed")) for report, _ in breaks]
        figure = charts.stacked(list(bars), pieces, endings(bars, shown, drawn, say), marks, between)
        for _, note in breaks:
            sheet.note(note)
        charts.show(figure, key="channels", alt=say("channels.alt"))
        if len(totals) > len(drawn):
            sheet.note(say("channels.more", drawn=len(drawn), reports=len(totals)))


def breaks_between(drawn: pd.DataFrame, say: Words) -> list[tuple[str, str]]:
    """The report above whose successor the counts of one body do not plainly join, with the reason."""
    if drawn["body_id"].nunique() > 1:
        return []
    breaks = store.ask("breaks_of_body", body=drawn["body_id"].iloc[0], language=say.language)
    reports = drawn.drop_duplicates("year").set_index("year")["report_id"]
    return [
        (
            reports[row["to_year"]],
            say("series.break", year=row["to_year"], joins=say.of("joins", row["joins"]), note=row["note"]),
        )
        for _, row in breaks.iterrows()
        if {row["from_year"], row["to_year"]} <= set(reports.index)
    ]


def total_column(rows: pd.DataFrame, say: Words) -> Column:
    cells = [
        say.cell(row.total, "absent" if pd.isna(row.total_status) else row.total_status, row.total_bound)
        for row in rows.itertuples()
    ]
    targets = [None if pd.isna(fact) else Target(report, fact) for report, fact in rows["total_fact"].items()]
    return Column(say("channels.column.total"), cells, targets, numeric=True)


def show_table(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> None:
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
    columns += [
        Column(
            say(f"channels.column.{name}"),
            [say.number(value) or say("sign.absent") for value in rows[name]],
            numeric=True,
        )
        for name in ("remainder", "overlap")
    ]
    sheet.title(say("channels.table"), say("channels.table.note"))
    tables.show(columns, key="table", alt=say("channels.table"))


say = speak()
view = sheet.opened(say)
totals = store.ask("totals_by_report", **view.query())
named = store.ask("channels_by_report", language=say.language, **view.query())

question = say("channels.question.of", body=view.names[view.body]) if view.body else say("channels.question")
if totals.empty:
    sheet.head(question, [say("channels.none")], view.invented, say)
else:
    sheet.head(question, answer(totals, named, say), view.invented, say)
    show_chart(named, totals, say)
    if totals["report_id"].nunique() == 1 or view.body:
        categories.show(totals.iloc[0], say)
    show_table(named, totals, say)
tables.download(view, say, name=say("menu.channels"), measures=MEASURES)
