"""Why requests were not granted: the rows of table three under the four groups, ranked, with the reports behind each."""

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, sheet, store, tables, yearly
from pages.ui.charts import Piece
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words

GROUPS = ("refused", "unavailable", "unprocessed", "other_outcome")


def show(view: View, span: dict[str, object], say: Words) -> list[str]:
    """The page's part on reasons; its answer in words. `span` is the bodies and years that are added up."""
    reasons = store.ask("request_reasons", language=say.language, **span)
    joined = reasons[reasons["group"] != "annex"]
    if joined.empty:
        sheet.title(say("reasons.none"), say("reasons.none.note"))
        return [say("reasons.none")]
    asked = st.query_params.get("reason", "")
    chosen = joined[(joined["measure"] == asked) & joined["value"].gt(0)]
    said = answer(joined, say)
    if chosen.empty:
        _show_ranked(joined, say)
        _show_old_form(reasons, say)
        colours = charts.flow_colours()
        groups = {group: (say.of("flow", group), colours[group]) for group in GROUPS}
        yearly.show_parts(
            view, groups, say("reasons.years"), say("reasons.years.note"), say, key="reason-years"
        )
    else:
        _show_chosen(chosen.iloc[0], view, span, say)
    _show_table(reasons, say)
    return said


def answer(reasons: pd.DataFrame, say: Words) -> list[str]:
    """How many of the closed requests were not granted, and the commonest reason; small numbers in words."""
    first = reasons.iloc[0]
    if not first["stated"] > 0:
        return [say("reasons.zero", reports=first["closed_reports"])]
    counts = {"stated": say.number(first["stated"]), "closed": say.number(first["closed"])}
    if pd.isna(first["stated_share"]):
        said = [say("reasons.few" if pd.notna(first["closed"]) else "reasons.unbased", **counts)]
    else:
        said = [say("reasons.many", share=say.share(first["stated_share"]), **counts)]
    most = reasons[reasons["value"] == first["value"]]
    names = say.listed([_name(row, say) for _, row in most.iterrows()])
    part = {"names": names, "number": say.number(first["value"]), "stated": say.number(first["stated"])}
    key = "reasons.most" if len(most) == 1 else "reasons.most.each"
    return [*said, say(key, **part)]


def _name(row: pd.Series, say: Words) -> str:
    """A reason under its group, except where the group is a single row."""
    if row["measure"] == row["group"] or pd.isna(row["group_label"]):
        return str(row["label"])
    return say("requests.row", parent=say.of("flow", row["group"]), label=row["label"])


def _short(row: pd.Series, say: Words) -> str:
    return say.family("reason").get(row["measure"], row["label"])


def _show_ranked(reasons: pd.DataFrame, say: Words) -> None:
    """A bar for each reason that occurred, the commonest first; a click narrows the page to it."""
    drawn = reasons[reasons["value"] > 0]
    if drawn.empty:
        return
    colours = charts.flow_colours()
    pieces = [
        Piece(
            bar=_short(row, say),
            colour=colours[row["group"]],
            value=row["value"],
            label=_label(row, say),
            hover=say(
                "reasons.hover",
                name=_name(row, say),
                amount=_amount(row, say),
                positive=row["positive"],
                n=row["n"],
            ),
            report=None,
            fact=row["measure"],
        )
        for _, row in drawn.iterrows()
    ]
    with st.container(border=True):
        sheet.title(
            say("reasons.title", count=len(drawn), stated=say.number(drawn["stated"].iloc[0])),
            say("reasons.note"),
        )
        groups = [group for group in GROUPS if group in set(drawn["group"])]
        sheet.swatches([(colours[group], say.of("flow", group)) for group in groups])
        figure = charts.ranked([piece.bar for piece in pieces], pieces)
        for _, measure in charts.picked(figure, key="reasons", alt=say("reasons.alt")):
            if measure:
                filters.put("reason", measure)
                st.rerun()


def _amount(row: pd.Series, say: Words) -> str:
    return say.amount(row["value"], row["unit"], "about" if row["holds_bound"] else "exact")


def _label(row: pd.Series, say: Words) -> str:
    """The number and on how many reports it rests."""
    return say("reasons.piece", amount=_amount(row, say), reports=row["positive"])


def _show_old_form(reasons: pd.DataFrame, say: Words) -> None:
    """What the form of before 2019 asks for in words of its own is not added in, and said."""
    old = reasons[(reasons["group"] == "annex") & reasons["value"].gt(0)]
    if not old.empty:
        parts = [
            say("reasons.old.part", label=row.label, number=say.number(row.value)) for row in old.itertuples()
        ]
        sheet.note(say("reasons.old", parts=say("list.separator").join(parts)))


def _show_chosen(chosen: pd.Series, view: View, span: dict[str, object], say: Words) -> None:
    """One reason: year by year, and the reports that state it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        sheet.title(
            say(
                "reasons.chosen",
                name=_name(chosen, say),
                amount=_amount(chosen, say),
                reports=chosen["positive"],
            )
        )
        st.button(
            say("reasons.back"), key="all", type="tertiary", on_click=filters.put, args=("reason", None)
        )
    yearly.show(view, {chosen["measure"]: chosen["label"]}, say("reasons.chosen.years", label=chosen["label"]), say, key=f"reason-{chosen['measure']}")  # fmt: skip
    found = store.ask("figures_of_measures", measures=[chosen["measure"]], language=say.language, **span)
    figures(found, say("reasons.chosen.reports", count=len(found)), "reason-reports", say)


def figures(found: pd.DataFrame, title: str, key: str, say: Words) -> None:
    """Reports that state something, each figure opening its source."""
    rows = [row for _, row in found.iterrows()]
    sheet.title(title, say("requests.table.note"))
    tables.show(
        [
            Column(say("column.body"), [row["body"] for row in rows], [Target(row["report_id"]) for row in rows]),
            Column(say("column.year"), [str(row["year"]) for row in rows]),
            Column(say("reasons.column.what"), [row["label"] for row in rows], width="medium"),
            Column(
                say("reasons.column.number"),
                [say.number(row["value"], row["bound"]) for row in rows],
                [Target(row["report_id"], None if pd.isna(row["fact_id"]) else row["fact_id"]) for row in rows],
                numeric=True,
            ),
        ],
        key=key,
        alt=title,
    )  # fmt: skip


def _show_table(reasons: pd.DataFrame, say: Words) -> None:
    """Every reason with its zeros and with how many reports left it unfilled; the old form's own words last."""
    rows = [row for _, row in reasons.iterrows()]
    sheet.title(say("reasons.table"), say("reasons.table.note"))
    columns = [
        Column(
            say("reasons.column.group"),
            [
                say("reasons.annex") if row["group"] == "annex" else say.of("flow", row["group"])
                for row in rows
            ],
        ),
        Column(say("reasons.column.reason"), [row["label"] for row in rows], width="large"),
        Column(
            say("reasons.column.number"),
            [_cell(row, say) for row in rows],
            [None if pd.isna(row["report_id"]) else Target(row["report_id"], row["fact_id"]) for row in rows],
            numeric=True,
        ),
        Column(say("reasons.column.positive"), [say.number(row["positive"]) for row in rows], numeric=True),
        Column(
            say("reasons.column.n"),
            [say("series.count", n=row["n"], all=row["reports"]) for row in rows],
            numeric=True,
        ),
    ]
    tables.show(columns, key="reasons-listed", alt=say("reasons.table"), rows=25)


def _cell(row: pd.Series, say: Words) -> str:
    return say.cell(row["value"], "absent", "about" if row["holds_bound"] else "exact")
