"""The mix of channels, the same on every page: what each counted, the rest hatched, an overlap framed and marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import charts, provenance, sheet, store
from pages.ui.charts import Between, Ending, Over, Piece, Stated
from pages.ui.words import Words

MOST_BARS = 24
# A stated total as the measure of its parts.
WHOLE = 1.0


@dataclass(frozen=True, slots=True)
class _Mix:
    """The bars, what they are made of, what stands beside, around and between them, and their words."""

    title: str
    swatches: Sequence[tuple[str, str]]
    bars: Sequence[str]
    pieces: Sequence[Piece]
    endings: Sequence[Ending]
    marks: Sequence[Stated]
    between: Sequence[Between]
    over: Sequence[Over]
    notes: Sequence[str]

    def drawn(self, percent: bool) -> charts.Figure:
        return charts.stacked(
            self.bars, self.pieces, self.endings, self.marks, self.between, self.over, percent=percent
        )


def show(
    named: pd.DataFrame, totals: pd.DataFrame, say: Words, *, share: bool = False, own: str | None = None
) -> None:
    """A bar for each report, the newest first; what it leaves out is said. `own` is the body to be pointed out."""
    found = _of_reports(named, totals, share, own, say)
    if found is None:
        _show_none(share, say)
        return
    with st.container(border=True):
        _show_words(found, say("channels.note.share" if share else "channels.note"))
        key = "channels-share" if share else "channels"
        charts.show(found.drawn(share), key=key, alt=say("channels.alt"))
        if len(totals) > len(found.bars):
            more = "channels.more.share" if share else "channels.more"
            sheet.note(say(more, drawn=len(found.bars), reports=len(totals)))


def _show_none(share: bool, say: Words) -> None:
    sheet.title(say("channels.title.none"), say("channels.title.none.share" if share else "channels.none"))


def _show_words(found: _Mix, note: str) -> None:
    sheet.title(found.title, note)
    sheet.swatches(found.swatches)
    for words in found.notes:
        sheet.note(words)


@store.kept
def _of_reports(
    named: pd.DataFrame, totals: pd.DataFrame, share: bool, own: str | None, say: Words
) -> _Mix | None:
    length = "length_share" if share else "length"
    drawn = totals[totals[length] > 0].head(MOST_BARS)
    if drawn.empty:
        return None
    bars = pd.Series({row["report_id"]: _bar_name(row, totals, own, say) for _, row in drawn.iterrows()})
    shown = named[named["report_id"].isin(bars.index)]
    over = drawn[drawn["overlap"].gt(0)]
    has_rest = any(_has_rest(row) for _, row in drawn.iterrows())
    breaks = _breaks_between(drawn, say)
    return _Mix(
        title=say(f"channels.title.{_kind(has_rest, not over.empty)}"),
        swatches=_swatches(shown[shown["value"].notna()], say),
        bars=list(bars),
        pieces=_channel_pieces(bars, shown, drawn, share, say),
        endings=_endings(bars, shown, drawn, length, say),
        marks=[
            Stated(
                bars[row["report_id"]],
                WHOLE if share else row["total"],
                say("channels.stated", total=say.amount(row["total"], row["unit"])),
            )
            for _, row in over.iterrows()
        ],
        between=[Between(bars[report], say("series.changed")) for report, _ in breaks],
        over=[
            Over(bars[row["report_id"]], WHOLE if share else row["total"], row[length])
            for _, row in over.iterrows()
        ],
        notes=[note for _, note in breaks],
    )


def _kind(has_rest: bool, has_overlap: bool) -> str:
    """What the bars show besides the channels, which is not always both a rest and an overlap."""
    return "both" if has_rest and has_overlap else "rest" if has_rest else "over" if has_overlap else "whole"


def _swatches(channels: pd.DataFrame, say: Words) -> list[tuple[str, str]]:
    """What the colours mean; channels that share one are named together."""
    named = channels.sort_values("position", kind="stable").drop_duplicates("channel")
    colours: dict[str, list[str]] = {}
    for row in named.itertuples():
        colours.setdefault(charts.channel_colour(row.channel), []).append(row.label)
    return [(colour, say.listed(names, most=8)) for colour, names in colours.items()]


def show_years(named: pd.DataFrame, totals: pd.DataFrame, say: Words, *, share: bool = False) -> str | None:
    """A bar for each year over all its reports; the year that was clicked, where the piece is not one report's."""
    found = _of_years(named, totals, share, say)
    if found is None:
        _show_none(share, say)
        return None
    with st.container(border=True):
        _show_words(found, say("channels.years.note.share" if share else "channels.years.note"))
        key = "mix-share" if share else "mix"
        for report, lead in charts.picked(found.drawn(share), key=key, alt=say("channels.years.alt")):
            if report:
                provenance.open_source(report, lead)
            return lead
    return None


@store.kept
def _of_years(named: pd.DataFrame, totals: pd.DataFrame, share: bool, say: Words) -> _Mix | None:
    length = "length_share" if share else "length"
    drawn = totals[totals[length] > 0]
    if drawn.empty:
        return None
    shown = named[named["year"].isin(drawn["year"])]
    rests = [piece for _, row in drawn.iterrows() for piece in _year_rests(row, share, say)]
    over = drawn[drawn["overlap"].gt(0)]
    ends = ("over_from_share", "counted_share") if share else ("over_from", "counted")
    between, notes = _year_breaks(drawn, say)
    return _Mix(
        title=say(f"channels.title.{_kind(bool(rests), not over.empty)}"),
        swatches=_swatches(shown, say),
        bars=[str(year) for year in drawn["year"]],
        pieces=[*_year_pieces(shown, share, say), *rests],
        endings=[
            Ending(str(row["year"]), row[length], _year_ending(row, share, say))
            for _, row in drawn.iterrows()
        ],
        marks=[],
        between=between,
        over=[Over(str(row["year"]), *(row[end] for end in ends)) for _, row in over.iterrows()],
        notes=notes,
    )


def _year_pieces(named: pd.DataFrame, share: bool, say: Words) -> list[Piece]:
    """A piece over several reports carries its year in place of a figure."""
    value = "share" if share else "value"
    return [
        Piece(
            bar=str(row["year"]),
            colour=charts.channel_colour(row["channel"]),
            value=row[value],
            label=say.share(row["share"]) if share else say.number(row["value"], row["bound"]),
            hover=say(
                "channels.years.hover",
                year=row["year"],
                label=row["label"],
                amount=say.amount(row["value"], row["unit"], row["bound"]),
                reports=row["reports"],
            ),
            report=None if pd.isna(row["report_id"]) else row["report_id"],
            fact=str(row["year"]) if pd.isna(row["fact_id"]) else row["fact_id"],
        )
        for _, row in named[named[value].gt(0)].iterrows()
    ]


def _year_rests(row: pd.Series, share: bool, say: Words) -> list[Piece]:
    """The remainders of a year's reports, and the totals of those that name no channel, each hatched."""
    lengths = (
        {"remainder": "remainder_share"} if share else {"remainder": "remainder", "undivided": "undivided"}
    )
    year = str(row["year"])
    found = []
    for name, length in lengths.items():
        if not row[length] > 0:
            continue
        amount = say.amount(row[name], row["unit"])
        hover = say(f"channels.years.{name}.hover", year=year, amount=amount, reports=row[f"with_{name}"])
        found.append(Piece(year, "", row[length], "", hover, None, year, hatched=True))
    return found


def _year_ending(row: pd.Series, share: bool, say: Words) -> str:
    """How many reports give channels, what is left over and by how much others are passed."""
    n = "with_both" if share else "with_channels"
    said = [say("channels.years.n", n=row[n], reports=row["reports"])]
    said += [
        say(f"channels.years.{key}", number=say.number(row[name]))
        for name, key in (("remainder", "rest"), ("overlap", "over"))
        if row[name] > 0
    ]
    return say("list.dot").join(said)


def _year_breaks(drawn: pd.DataFrame, say: Words) -> tuple[list[Between], list[str]]:
    """The year above whose successor the counts do not plainly join, with the reason."""
    changed = drawn[drawn["joins"].notna() & drawn["joins"].ne("yes")]
    between = [Between(str(row["year"]), say("series.changed")) for _, row in changed.iterrows()]
    notes = [
        say("series.break", year=row["year"], joins=say.of("joins", row["joins"]), note=row["note"])
        for _, row in changed.iterrows()
    ]
    return between, notes


def _bar_name(row: pd.Series, totals: pd.DataFrame, own: str | None, say: Words) -> str:
    """A bar is one report: its year where one body is in view, its body where one year is, else both."""
    if totals["year"].nunique() == 1 and row["body_id"] == own:
        return say("channels.bar.own", body=row["body"])
    if totals["body_id"].nunique() == 1 and not totals["year"].duplicated().any():
        return str(row["year"])
    if totals["year"].nunique() == 1 and not totals["body"].duplicated().any():
        return str(row["body"])
    return say("channels.bar", body=row["body"], year=row["year"])


def _channel_pieces(
    bars: pd.Series, named: pd.DataFrame, totals: pd.DataFrame, share: bool, say: Words
) -> list[Piece]:
    value = "share" if share else "value"
    pieces = [
        Piece(
            bar=bars[row["report_id"]],
            colour=charts.channel_colour(row["channel"]),
            value=row[value],
            label=say.share(row["share"]) if share else say.number(row["value"], row["bound"]),
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
        for _, row in named[named[value].notna() & ~named["counted_apart"]].iterrows()
        if row["report_id"] in bars
    ]
    return pieces + [
        _rest_piece(bars[row["report_id"]], row, share, say) for _, row in totals.iterrows() if _has_rest(row)
    ]


def _has_rest(row: pd.Series) -> bool:
    """Whether something of the total is left that no channel was named for; all of it where none was counted."""
    return pd.notna(row["total"]) and (row["remainder"] > 0 or pd.isna(row["counted"]))


def _rest_piece(bar: str, row: pd.Series, share: bool, say: Words) -> Piece:
    value = row["total"] if pd.isna(row["counted"]) else row["remainder"]
    hover = say(
        "channels.rest.hover",
        amount=say.amount(value, row["unit"]),
        total=say.amount(row["total"], row["unit"]),
    )
    drawn = row["remainder_share"] if share else value
    return Piece(bar, "", drawn, "", hover, row["report_id"], row["total_fact"], hatched=True)


def _endings(
    bars: pd.Series, named: pd.DataFrame, totals: pd.DataFrame, length: str, say: Words
) -> list[Ending]:
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
        found.append(Ending(bars[row["report_id"]], row[length], quiet, attention))
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
