"""Reconsiderations and lawsuits: how many, how they ended, in which reports; none is the usual state and said so."""

import pandas as pd

from pages.ui import reasons, sheet, store, tables, yearly
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words

RESULTS = ("upheld", "corrected", "other", "pending", "total")
SERIES = ("reconsideration_total", "lawsuit_total")


def show(view: View, span: dict[str, object], say: Words) -> list[str]:
    """The page's part on disputes; its answer in words. `span` is the bodies and years that are added up."""
    summed = store.ask("disputes_summed", **span).iloc[0]
    results = store.ask("dispute_results", language=say.language, **span)
    if results.empty:
        sheet.title(say("disputes.absent"), say("disputes.absent.note"))
        return [say("disputes.absent")]
    names = {measure: say(f"disputes.series.{measure}") for measure in SERIES}
    if summed["disputes"] > 0:
        yearly.show(view, names, say("disputes.years"), say, key="dispute-years")
    _show_results(results, say)
    if summed["disputes"] > 0:
        found = store.ask("figures_of_measures", measures=list(SERIES), language=say.language, **span)
        reasons.figures(
            found, say("disputes.reports", count=found["report_id"].nunique()), "dispute-reports", say
        )
    else:
        yearly.show(view, names, say("disputes.years.none"), say, key="dispute-years")
    return answer(summed, say)


def answer(summed: pd.Series, say: Words) -> list[str]:
    """How many, in how many bodies, how many corrected, said in numbers; what the rest of the reports say."""
    if not summed["disputes"] > 0:
        said = [say("disputes.answer.none", n=summed["stating_none"], held=summed["held"])]
    else:
        counts = {name: say.number(summed[name]) for name in ("disputes", "reconsiderations", "lawsuits")}
        said = [say("disputes.answer", bodies=summed["bodies_with"], **counts)]
        if pd.notna(summed["corrected"]):
            corrected = say.number(summed["corrected"])
            said.append(say("disputes.answer.corrected", corrected=corrected, disputes=counts["disputes"]))
        if summed["pending"] > 0:
            said.append(say("disputes.answer.pending", pending=say.number(summed["pending"])))
        said.append(say("disputes.answer.others", n=summed["stating_none"], held=summed["held"]))
    kinds = [
        say(f"disputes.answer.{kind}", n=summed[kind])
        for kind in ("unfilled", "absent", "missing")
        if summed[kind]
    ]
    return [*said, say("list.comma").join(kinds)] if kinds else said


def _show_results(results: pd.DataFrame, say: Words) -> None:
    """Kinds against results; a sum that one figure makes up opens it."""
    sheet.title(say("disputes.table"), say("disputes.table.note"))
    shown = results.assign(
        shown=[say.cell(row.value, "absent") for row in results.itertuples()],
        target=[
            None if pd.isna(row.report_id) else Target(row.report_id, row.fact_id)
            for row in results.itertuples()
        ],
        n_shown=[say("series.count", n=row.n, all=row.reports) for row in results.itertuples()],
    )
    kinds = list(shown["kind"].drop_duplicates())
    by = shown.set_index(["kind", "result"])
    columns = [Column(say("disputes.kind"), [say(f"disputes.kind.{kind}") for kind in kinds], width=200)]
    for result in RESULTS:
        keys = [(kind, result) for kind in kinds]
        columns.append(
            Column(
                say(f"disputes.result.{result}"),
                [by.at[key, "shown"] if key in by.index else say("sign.absent") for key in keys],
                [by.at[key, "target"] if key in by.index else None for key in keys],
                numeric=True,
            )
        )
    columns.append(
        Column(
            say("disputes.column.n"),
            [
                by.at[(kind, "total"), "n_shown"] if (kind, "total") in by.index else say("sign.absent")
                for kind in kinds
            ],
            numeric=True,
        )
    )
    tables.show(columns, key="disputes-listed", alt=say("disputes.table"))
