"""The mix of channels, the same on every page: what each counted, the rest hatched, an overlap marked at the total."""

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store
from pages.ui.charts import Between, Ending, Piece, Stated
from pages.ui.words import Words

MOST_BARS = 24


def show(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> None:
    """A bar for each report, the newest first; what it leaves out is said."""
    drawn = totals[totals["length"] > 0].head(MOST_BARS)
    if drawn.empty:
        sheet.title(say("channels.title.none"), say("channels.none"))
        return
    bars = pd.Series({row["report_id"]: _bar_name(row, totals, say) for _, row in drawn.iterrows()})
    shown = named[named["report_id"].isin(bars.index)]
    with st.container(border=True):
        key = (
            "channels.title.rest"
            if any(_has_rest(row) for _, row in drawn.iterrows())
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
        pieces = _channel_pieces(bars, shown, drawn, say)
        breaks = _breaks_between(drawn, say)
        between = [Between(bars[report], say("series.changed")) for report, _ in breaks]
        figure = charts.stacked(list(bars), pieces, _endings(bars, shown, drawn, say), marks, between)
        for _, note in breaks:
            sheet.note(note)
        charts.show(figure, key="channels", alt=say("channels.alt"))
        if len(totals) > len(drawn):
            sheet.note(say("channels.more", drawn=len(drawn), reports=len(totals)))


def _bar_name(row: pd.Series, totals: pd.DataFrame, say: Words) -> str:
    """A bar is one report: its year where one body is in view, its body where one year is, else both."""
    if totals["body_id"].nunique() == 1 and not totals["year"].duplicated().any():
        return str(row["year"])
    if totals["year"].nunique() == 1 and not totals["body"].duplicated().any():
        return str(row["body"])
    return say("channels.bar", body=row["body"], year=row["year"])


def _channel_pieces(bars: pd.Series, named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> list[Piece]:
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
        _rest_piece(bars[row["report_id"]], row, say) for _, row in totals.iterrows() if _has_rest(row)
    ]


def _has_rest(row: pd.Series) -> bool:
    """Whether something of the total is left that no channel was named for; all of it where none was counted."""
    return pd.notna(row["total"]) and (row["remainder"] > 0 or pd.isna(row["counted"]))


def _rest_piece(bar: str, row: pd.Series, say: Words) -> Piece:
    value = row["total"] if pd.isna(row["counted"]) else row["remainder"]
    hover = say(
        "channels.rest.hover",
        amount=say.amount(value, row["unit"]),
        total=say.amount(row["total"], row["unit"]),
    )
    return Piece(bar, "", value, "", hover, row["report_id"], row["total_fact"], hatched=True)


def _endings(bars: pd.Series, named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> list[Ending]:
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


def _breaks_between(drawn: pd.DataFrame, say: Words) -> list[tuple[str, str]]:
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
