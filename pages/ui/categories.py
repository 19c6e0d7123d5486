"""The categories that one report lists, against its own total: never compared with another report's."""

import pandas as pd
import streamlit as st

from pages.ui import charts, sheet, store
from pages.ui.charts import Piece
from pages.ui.words import Words


def show(report: pd.Series, say: Words) -> None:
    """The categories of a report in the order printed; whether they add up is said in words."""
    categories = store.ask("categories_of_report", report=report["report_id"])
    if categories.empty:
        return
    total = categories.iloc[0]
    with st.container(border=True):
        key = "none" if pd.isna(total["total"]) else "differs" if total["difference"] else "agrees"
        numbers = {name: say.number(abs(total[name])) for name in ("listed", "total", "difference")}
        what = {"body": report["body"], "year": report["year"], "count": total["categories"]}
        sheet.title(say(f"categories.title.{key}", **numbers, **what), say("categories.note"))
        pieces = [
            Piece(
                bar=row["category"],
                colour=charts.palette().blue,
                value=row["value"],
                label=say.number(row["value"], row["bound"]),
                hover=say(
                    "categories.hover", category=row["category"], amount=say.amount(row["value"], row["unit"])
                ),
                report=report["report_id"],
                fact=row["fact_id"],
            )
            for _, row in categories[categories["value"].notna()].iterrows()
        ]
        charts.show(
            charts.ranked([piece.bar for piece in pieces], pieces),
            key="categories",
            alt=say("categories.alt"),
        )
        if list(unfilled := categories.loc[categories["value"].isna(), "category"]):
            sheet.note(say("categories.unfilled", names=say.listed(list(unfilled), most=8)))
