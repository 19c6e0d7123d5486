"""Who asked, and what became of it: the columns of table three over one or several reports."""

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store, tables
from pages.ui.charts import Ending, Piece
from pages.ui.tables import Column, Target
from pages.ui.words import Words

OUTCOMES = (
    "granted",
    "granted_in_part",
    "refused",
    "unavailable",
    "unprocessed",
    "other_outcome",
    "requests_carried_out",
)
# The form of before 2019 does not ask who applied, but how.
WAYS = ("requests_in_person", "requests_by_fax", "requests_online", "requests_by_letter")


def show(span: dict[str, object], say: Words) -> list[str]:
    """The page's part on applicants; its answer in words. `span` is the bodies and years that are added up."""
    cells = store.ask("request_applicants", language=say.language, **span)
    ways = store.ask("figures_of_measures", measures=list(WAYS), language=say.language, **span)
    if cells.empty:
        sheet.title(say("applicants.none"), say("applicants.none.note"))
        _show_ways(ways, say)
        return [say("applicants.none")]
    received = cells[(cells["step"] == "requests_received") & ~cells["is_total"]]
    _show_received(received, say)
    _show_outcomes(cells[~cells["is_total"]], say)
    _show_table(cells, say)
    _show_ways(ways, say)
    return answer(received, say)


def answer(received: pd.DataFrame, say: Words) -> list[str]:
    """How many came from each kind; small numbers in words."""
    if received.empty or not received["kinds"].iloc[0] > 0:
        return [say("applicants.zero", reports=0 if received.empty else received["with_received"].iloc[0])]
    total = received["kinds"].iloc[0]
    said = []
    for _, row in (
        received[received["value"] > 0].sort_values("value", ascending=False, kind="stable").iterrows()
    ):
        what = {
            "label": row["applicant_label"],
            "number": say.number(row["value"]),
            "total": say.number(total),
        }
        if pd.isna(row["share"]):
            said.append(say("applicants.part", **what))
        else:
            said.append(say("applicants.part.share", share=say.share(row["share"]), **what))
    return [
        say("applicants.of", total=say.number(total), reports=received["with_received"].iloc[0]),
        say("list.comma").join(said),
    ]


def _amount(row: pd.Series, say: Words) -> str:
    return say.amount(row["value"], row["unit"], "about" if row["inexact"] else "exact")


def _piece(row: pd.Series, bar: str, colour: str, label: str, say: Words) -> Piece:
    """A sum that one figure alone makes up opens it."""
    return Piece(
        bar=bar,
        colour=colour,
        value=row["value"],
        label=label,
        hover=say(
            "applicants.hover",
            applicant=row["applicant_label"],
            label=row["label"],
            amount=_amount(row, say),
            positive=row["positive"],
            n=row["n"],
        ),
        report=None if pd.isna(row["report_id"]) else row["report_id"],
        fact=None if pd.isna(row["fact_id"]) else row["fact_id"],
    )


def _show_received(received: pd.DataFrame, say: Words) -> None:
    """A bar for each kind in the order of the form; none is a bar of no length with its 0."""
    drawn = received[received["value"].notna()]
    if drawn.empty:
        return
    with st.container(border=True):
        sheet.title(
            say("applicants.received"), say("applicants.received.note", n=drawn["with_received"].iloc[0])
        )
        pieces = [
            _piece(row, row["applicant_label"], charts.palette().blue, _amount(row, say), say)
            for _, row in drawn.iterrows()
        ]
        figure = charts.ranked([piece.bar for piece in pieces], pieces)
        charts.show(figure, key="applicants", alt=say("applicants.received"))


def _show_outcomes(cells: pd.DataFrame, say: Words) -> None:
    """What became of each kind's requests, stacked in the order of the form."""
    drawn = cells[cells["step"].isin(OUTCOMES) & cells["value"].gt(0)]
    if drawn.empty:
        return
    colours = charts.flow_colours()
    bars = list(drawn["applicant_label"].drop_duplicates())
    pieces = [
        _piece(row, row["applicant_label"], colours[row["step"]], say.number(row["value"]), say)
        for _, row in drawn.iterrows()
    ]
    endings = [
        Ending(row["applicant_label"], row["went_out"], say.amount(row["went_out"], row["unit"]))
        for _, row in drawn.drop_duplicates("applicant_label").iterrows()
    ]
    with st.container(border=True):
        sheet.title(say("applicants.outcomes"), say("applicants.outcomes.note"))
        steps = [step for step in OUTCOMES if step in set(drawn["step"])]
        sheet.swatches([(colours[step], say.of("flow", step)) for step in steps])
        charts.show(charts.stacked(bars, pieces, endings), key="outcomes", alt=say("applicants.outcomes"))


def _show_table(cells: pd.DataFrame, say: Words) -> None:
    """Steps against applicants, sums; a sum of one figure opens it."""
    sheet.title(say("applicants.table"), say("applicants.table.note"))
    ordered = cells.sort_values(["position", "applicant_position"], kind="stable")
    shown = ordered.assign(
        shown=[
            say.cell(row.value, "absent", "about" if row.inexact else "exact") for row in ordered.itertuples()
        ],
        target=[
            None if pd.isna(row.report_id) else Target(row.report_id, row.fact_id)
            for row in ordered.itertuples()
        ],
        n_shown=[say("series.count", n=row.n, all=row.reports) for row in ordered.itertuples()],
    )
    texts = tables.crossed(shown, "step", "applicant_label", "shown")
    targets = tables.crossed(shown, "step", "applicant_label", "target")
    counts = shown[shown["is_total"]].set_index("step")["n_shown"].reindex(texts.index)
    labels = shown.drop_duplicates("step").set_index("step")["label"]
    columns = [Column(say("requests.cells.row"), [labels[step] for step in texts.index], width=210)]
    for applicant in texts.columns:
        values = [say("sign.absent") if pd.isna(text) else text for text in texts[applicant]]
        leads = [found if isinstance(found, Target) else None for found in targets[applicant]]
        columns.append(Column(applicant, values, leads, numeric=True, width=96))
    filled = [say("sign.absent") if pd.isna(count) else count for count in counts]
    columns.append(Column(say("applicants.column.n"), filled, numeric=True))
    tables.show(columns, key="applicants-listed", alt=say("applicants.table"))


def _show_ways(ways: pd.DataFrame, say: Words) -> None:
    """The ways in which requests came in, which the form of before 2019 asks for instead."""
    if ways.empty:
        return
    sheet.title(say("applicants.ways"), say("applicants.ways.note"))
    sheet.rows(
        [say("applicants.column.way"), say("reasons.column.number"), say("reasons.column.positive")],
        [
            [row["label"], say.number(row["total"]), say.number(row["positive"])]
            for _, row in ways.drop_duplicates("measure").iterrows()
        ],
    )
