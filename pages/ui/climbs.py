"""Places over the years, and the years in which they cannot be followed on. Knows no page."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store, tables
from pages.ui.charts import Break, Climb, Rung
from pages.ui.order import DRAWN, points
from pages.ui.tables import Column, Target
from pages.ui.words import Words
from pipeline.league import RANKED


def show(rows: pd.DataFrame, group: str, chosen: str | None, whole: bool, say: Words) -> None:
    """The places over the years, with the years in which they cannot be followed on."""
    place = "place_of_all" if whole else "place"
    ranked = rows[rows["list"] == RANKED]
    years = sorted(int(year) for year in ranked["year"].unique())
    if len(years) < 2:
        return
    found = store.ask("scoring_breaks", first=years[0], last=years[-1], language=say.language)
    breaks = [
        Break(
            int(row["year"]),
            "no" if row["what"] == "model" else "rough",
            say(f"rank.break.{row['what']}"),
            row["label"],
        )
        for _, row in found.iterrows()
    ]
    line = rows.set_index("body_id")["lineage"].to_dict()
    own = line.get(chosen) if chosen else None
    climbs = [
        Climb(
            name=str(of_line["body"].iloc[-1]),
            rungs=[
                Rung(
                    int(row["year"]),
                    int(row[place]),
                    say(
                        "rank.bump.hover",
                        body=row["body"],
                        year=int(row["year"]),
                        place=int(row[place]),
                        score=points(row["score"], say),
                    ),
                    row["report_id"],
                )
                for _, row in of_line.iterrows()
            ],
            is_self=lineage == own,
        )
        for lineage, of_line in ranked.sort_values("year").groupby("lineage", sort=True)
    ]
    shown = sorted(climbs, key=lambda one: (not one.is_self, one.rungs[-1].place))[:DRAWN]
    with st.container(border=True):
        sheet.title(say("rank.bump", group=group), say("rank.bump.note"))
        charts.show(
            charts.bump(list(range(years[0], years[-1] + 1)), shown, breaks),
            key="bump",
            alt=say("rank.bump.alt"),
        )
        for one in breaks:
            sheet.note(say("rank.break.note", year=one.year, label=one.hover))
        with st.expander(say("rank.bump.table")):
            show_table(ranked, years, place, say)


def show_table(ranked: pd.DataFrame, years: Sequence[int], place: str, say: Words) -> None:
    texts = tables.crossed(ranked, "lineage", "year", place)
    reports = tables.crossed(ranked, "lineage", "year", "report_id")
    names = ranked.sort_values("year").drop_duplicates("lineage", keep="last").set_index("lineage")["body"]
    columns = [Column(say("column.body"), [names[line] for line in texts.index], width=120)]
    for year in years:
        cells = [say("sign.absent") if pd.isna(cell) else say.number(cell) for cell in texts[year]]
        targets = [None if pd.isna(report) else Target(report) for report in reports[year]]
        columns.append(Column(str(year), cells, targets, numeric=True, width=66))
    tables.show(columns, key="places-by-year", alt=say("rank.bump.table"))
