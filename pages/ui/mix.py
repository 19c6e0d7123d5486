"""The mix of channels, the same on every page: what each counted, the rest hatched, an overlap marked at the total."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store
from pages.ui.charts import Between, Ending, Piece, Stated
from pages.ui.words import Words

MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class _Mix:
    """The bars, what they are made of, what stands beside and between them, and their words."""

    title: str
    swatches: Sequence[tuple[str, str]]
    bars: Sequence[str]
    pieces: Sequence[Piece]
    endings: Sequence[Ending]
    marks: Sequence[Stated]
    between: Sequence[Between]
    notes: Sequence[str]


def show(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> None:
    """A bar for each report, the newest first; what it leaves out is said."""
    found = _found(named, totals, say)
    if found is None:
        sheet.title(say("channels.title.none"), say("channels.none"))
        return
    with st.container(border=True):
        sheet.title(found.title, say("channels.note"))
        sheet.swatches(found.swatches)
        for note in found.notes:
            sheet.note(note)
        figure = charts.stacked(found.bars, found.pieces, found.endings, found.marks, found.between)
        charts.show(figure, key="channels", alt=say("channels.alt"))
        if len(totals) > len(found.bars):
            sheet.note(say("channels.more", drawn=len(found.bars), reports=len(totals)))


@store.kept
def _found(named: pd.DataFrame, totals: pd.DataFrame, say: Words) -> _Mix | None:
    drawn = totals[totals["length"] > 0].head(MOST_BARS)
    if drawn.empty:
        return None
    bars = pd.Series({row["report_id"]: _bar_name(row, totals, say) for _, row in drawn.iterrows()})
    shown = named[named["report_id"].isin(bars.index)]
    rest = any(_has_rest(row) for _, row in drawn.iterrows())
    channels = shown[shown["value"].notna()].drop_duplicates("channel")
    breaks = _breaks_between(drawn, say)
    return _Mix(
        title=say("channels.title.rest" if rest else "channels.title.whole"),
        swatches=[(charts.channel_colour(row["channel"]), row["label"]) for _, row in channels.iterrows()],
        bars=list(bars),
        pieces=_channel_pieces(bars, shown, drawn, say),
        endings=_endings(bars, shown, drawn, say),
        marks=[
            Stated(
                bars[row["report_id"]],
                row["total"],
                say("channels.stated", total=say.amount(row["total"], row["unit"])),
            )
            for _, row in drawn[drawn["overlap"].gt(0)].iterrows()
        ],
        between=[Between(bars[report], say("series.changed")) for report, _ in breaks],
        notes=[note for _, note in breaks],
    )


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
