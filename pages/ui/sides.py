"""Both sides of the balance of requests, the same on every page: what came in, what became of it, what is missing."""

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet
from pages.ui.charts import Ending, Piece
from pages.ui.words import Words


def show(flows: pd.DataFrame, unit: str, say: Words) -> None:
    """What came in, flowing to what became of it; what one side lacks of the other flows too, pale and named."""
    if flows.empty or not (flows["value"] > 0).any():
        return
    total = flows.iloc[0]
    colours = charts.flow_colours()
    sides: dict[str, list[Piece]] = {"came_in": [], "went_out": []}
    for _, row in flows[flows["value"] > 0].iterrows():
        sides[row["side"]].append(_piece(row, colours[row["flow"]], unit, say))
    if total["complete"] and total["residual"]:
        short = "went_out" if total["residual"] > 0 else "came_in"
        sides[short].append(_gap(abs(total["residual"]), say))
    key = "same" if total["residual"] == 0 else "differ"
    lacking = "incomplete" if total["with_table"] else "in"
    with st.container(border=True):
        sheet.title(say(f"requests.title.{key if total['complete'] else lacking}"), say("requests.note"))
        if total["complete"]:
            through = say(
                "requests.piece", label=say("requests.side.came_in"), number=say.number(total["came_in"])
            )
            figure = charts.sankey(sides["came_in"], sides["went_out"], through)
        else:
            bar = say("requests.side.came_in")
            figure = charts.stacked(
                [bar], sides["came_in"], [Ending(bar, total["came_in"], say.amount(total["came_in"], unit))]
            )
        charts.show(figure, key="flows", alt=say("requests.alt"))


def _piece(row: pd.Series, colour: str, unit: str, say: Words) -> Piece:
    fact = None if pd.isna(row["fact_id"]) else row["fact_id"]
    amount = say.amount(row["value"], unit)
    return Piece(
        bar=say(f"requests.side.{row['side']}"),
        colour=colour,
        value=row["value"],
        label=say("requests.piece", label=say.of("flow", row["flow"]), number=say.number(row["value"])),
        hover=say("requests.hover", label=row["label"], amount=amount, reports=row["reports"]),
        report=row["report_id"] if fact else None,
        fact=fact,
    )


def _gap(gap: float, say: Words) -> Piece:
    """What one side of the balance lacks of the other."""
    label = say("requests.gap", number=say.number(gap))
    return Piece("", "", gap, label, label, None, None, hatched=True)
