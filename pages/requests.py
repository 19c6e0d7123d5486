"""申请办理: what was asked for, what became of it, what was carried over; none at all is a normal answer."""

import pandas as pd
import streamlit as st

from pages.ui import (
    applicants,
    disputes,
    filters,
    ledger,
    provenance,
    reasons,
    series,
    sheet,
    sides,
    store,
    tables,
    zeros,
)
from pages.ui.filters import View
from pages.ui.provenance import Marks
from pages.ui.sheet import Card
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

SECTIONS = ["requests", "disputes"]
PARTS = ("flow", "reasons", "applicants", "disputes", "bodies", "years")
SERIES = {"requests_received": "total", "granted": "total"}
EVERY = "all"
STEPS = ("received", "carried_in", "closed", "carried_out")
OUTCOMES = ("granted", "granted_in_part", "refused", "unavailable", "unprocessed", "other_outcome")


def answer(focus: pd.DataFrame, sums: pd.Series, flows: pd.DataFrame, say: Words) -> list[str]:
    """What came in, in words; zero as plainly as any other number; whether both sides agree."""
    first = focus.iloc[0]
    what = {"body": first["body"], "year": first["year"], "n": len(focus)}
    is_one = len(focus) == 1
    # Of one body its figure says it all.
    said = (
        []
        if is_one and sums["received_reported"]
        else [say("requests.reports", all=first["expected"], **what)]
    )
    if sums["received_reported"] and sums["received"] == 0:
        said.append(say("requests.zero.one" if is_one else "requests.zero.all", **what))
    elif sums["received_reported"] and is_one:
        received = say.amount(first["received"], first["unit"], first["received_bound"])
        said.append(say("requests.sum.one", received=received, **what))
    elif sums["received_reported"]:
        said.append(say("requests.sum", received=say.number(sums["received"]), zeros=sums["received_zeros"]))
    if flows.empty or not flows["with_table"].iloc[0]:
        said.append(say("requests.no_outcomes"))
    elif not flows["complete"].iloc[0]:
        said.append(say("requests.incomplete"))
    else:
        said.append(balance(flows.iloc[0], say))
    return said


def balance(total: pd.Series, say: Words) -> str:
    key = "requests.balanced" if total["residual"] == 0 else "requests.unbalanced"
    numbers = {name: say.number(abs(total[name])) for name in ("came_in", "went_out", "residual")}
    return say(key, complete=total["complete"], **numbers)


def show_cards(focus: pd.DataFrame, sums: pd.Series, say: Words) -> None:
    """The four printed sums; a single report's open where they stand."""
    single = focus.iloc[0] if len(focus) == 1 else None
    items = []
    for step in STEPS:
        reported = int(sums[f"{step}_reported"])
        figure = say.amount(sums[step], sums["unit"]) if reported else say("card.unknown")
        if single is not None and pd.notna(single[f"{step}_status"]):
            figure = (
                say.amount(single[step], single["unit"])
                if pd.notna(single[step])
                else say.of("status", single[f"{step}_status"])
            )
        fact = None if single is None or pd.isna(single[f"{step}_fact"]) else single[f"{step}_fact"]
        report = single["report_id"] if fact is not None and single is not None else None
        beside = say("card.n", n=reported, all=len(focus))
        items.append(Card(say(f"requests.step.{step}"), figure, beside, report, fact))
    sheet.cards(items, say)


def show_rules(report: str, say: Words) -> None:
    """How the sums of tables three and four come out."""
    rules = store.ask("outcomes_by_rule", report=report, language=say.language)
    if rules.empty:
        return
    with st.container(border=True):
        broken, assessable = rules["all_broken"].iloc[0], rules["all_assessable"].iloc[0]
        key = "broken" if broken else "hold" if assessable else "unknown"
        sheet.title(say(f"requests.rules.{key}", broken=broken))
        sheet.outcomes(rules, say)


def show_text(report: str, say: Words) -> None:
    """The sentence in which the report itself speaks of requests, beside its tables."""
    texts = store.ask("request_texts", report=report)
    if texts.empty:
        return
    first = texts.iloc[0]
    with st.container(border=True):
        note = say("requests.text.note", amount=say.amount(first["value"], first["unit"], first["bound"]))
        sheet.title(say("requests.text"), note)
        passages = store.ask("passages_of_report", report=report)
        if provenance.show_excerpt(passages, Marks.of(list(texts["locator"]), [first["locator"]])):
            provenance.link(report, first["fact_id"], say("open.source"))


def show_reports(requests: pd.DataFrame, say: Words) -> None:
    columns = [
        Column(
            say("column.body"), list(requests["body"]), [Target(report) for report in requests["report_id"]]
        ),
        Column(say("column.year"), [str(year) for year in requests["year"]]),
    ]
    for step in ("received", "carried_in", *OUTCOMES, "closed", "carried_out"):
        rows = requests[[step, f"{step}_status", f"{step}_bound", f"{step}_fact", "report_id"]]
        cells, targets = [], []
        for value, status, bound, fact, report in rows.itertuples(index=False):
            known = not pd.isna(status)
            cells.append(say.cell(value, status, bound) if known else say("sign.absent"))
            targets.append(Target(report, fact) if known else None)
        heading = say(f"requests.step.{step}") if step in STEPS else say.of("flow", step)
        columns.append(Column(heading, cells, targets, numeric=True))
    sheet.title(say("requests.table"), say("requests.table.note"))
    tables.show(columns, key="reports", alt=say("requests.table"))


def show_cells(report: pd.Series, say: Words) -> None:
    """Table three as printed: each outcome against each kind of applicant."""
    cells = store.ask("request_cells", report=report["report_id"], language=say.language)
    if cells.empty:
        sheet.note(say("requests.no_cells"))
        return
    counts = cells.iloc[0][["cells", "zeros", "unreported"]]
    sheet.title(
        say("requests.cells", body=report["body"], year=report["year"]), say("requests.cells.note", **counts)
    )
    shown = cells.assign(shown=[say.cell(row.value, row.status, row.bound) for row in cells.itertuples()])
    texts = tables.crossed(shown, "measure", "applicant", "shown")
    facts = tables.crossed(shown, "measure", "applicant", "fact_id")
    names = cells.drop_duplicates("measure").set_index("measure")
    applicants = dict(zip(cells["applicant"], cells["applicant_label"], strict=True))
    labels = [
        row["label"]
        if pd.isna(row["parent"]) or row["parent_is_total"]
        else say("requests.row", parent=row["parent"], label=row["label"])
        for _, row in names.iterrows()
    ]
    columns = [Column(say("requests.cells.row"), labels, width=300)]
    for applicant in texts.columns:
        values = [say("sign.absent") if pd.isna(text) else text for text in texts[applicant]]
        targets = [None if pd.isna(fact) else Target(report["report_id"], fact) for fact in facts[applicant]]
        columns.append(Column(applicants[applicant], values, targets, numeric=True, width=86))
    tables.show(columns, key="cells", alt=say("requests.cells.row"), rows=25)


def show_disputes(report: pd.Series, say: Words) -> None:
    cells = store.ask("dispute_cells", report=report["report_id"], language=say.language)
    if cells.empty:
        return
    total = cells.iloc[0]
    key = (
        "disputes.none"
        if total["disputes"] == 0
        else "disputes.unknown"
        if pd.isna(total["disputes"])
        else "disputes.some"
    )
    what = {"body": report["body"], "year": report["year"]}
    sheet.title(
        say(key, disputes=say.number(total["disputes"]), **what),
        say("disputes.note", cells=total["cells"], zeros=total["zeros"]),
    )
    shown = cells.assign(shown=[say.cell(row.value, row.status, row.bound) for row in cells.itertuples()])
    texts = tables.crossed(shown, "kind_label", "result", "shown")
    facts = tables.crossed(shown, "kind_label", "result", "fact_id")
    columns = [Column(say("disputes.kind"), list(texts.index), width="medium")]
    for result in texts.columns:
        values = [say("sign.absent") if pd.isna(text) else text for text in texts[result]]
        targets = [None if pd.isna(fact) else Target(report["report_id"], fact) for fact in facts[result]]
        columns.append(Column(result, values, targets, numeric=True))
    tables.show(columns, key="disputes", alt=say("disputes.kind"))


def pick_year(requests: pd.DataFrame, first: str | None) -> int | None:
    """The year in view: the newest, or the one asked for; None for all of them where `first` names that choice."""
    years = sorted(requests["year"].unique(), reverse=True)
    names = {} if first is None else {EVERY: first}
    names |= {str(year): say("requests.year", year=year) for year in years}
    with controls:
        asked = filters.choice("year", say("column.year"), names)
    return None if asked == EVERY else int(asked)


def show_flow(view: View, requests: pd.DataFrame, say: Words) -> list[str]:
    """One year: what came in, what became of it, what was carried over; none at all is a normal state."""
    year = pick_year(requests, None)
    of_year = store.ask("requests_by_report", bodies=view.query()["bodies"], first=year, last=year)
    focus = of_year.drop_duplicates("body_id")
    flows = store.ask("request_flows", reports=list(focus["report_id"]), language=say.language)
    sums = store.ask("request_steps", reports=list(focus["report_id"])).iloc[0]
    if not sums["received"] > 0:
        states = store.ask("request_states", bodies=view.bodies, first=view.first, year=year)
        if view.body:
            zeros.show_one(states, requests, view.body, focus["year"].iloc[0], say)
        else:
            zeros.show_summary(states, focus["year"].iloc[0], say)
    show_cards(focus, sums, say)
    sides.show(flows, focus["unit"].iloc[0], say)
    if not flows.empty and len(focus) > 1:
        gaps = flows.iloc[0]
        parts = [
            say(f"requests.out.{name}", n=gaps[name]) for name in ("without_table", "with_gaps") if gaps[name]
        ]
        if parts and gaps["complete"]:
            sheet.note(say("requests.out", parts=say("list.comma").join(parts)))
    if len(focus) == 1:
        report = focus["report_id"].iloc[0]
        show_text(report, say)
        show_rules(report, say)
        show_cells(focus.iloc[0], say)
        show_disputes(focus.iloc[0], say)
    else:
        show_reports(focus, say)
        sheet.note(say("requests.pick"))
    return answer(focus, sums, flows, say)


def show_bodies(view: View, requests: pd.DataFrame, say: Words) -> list[str]:
    """Every body of one year, the picked one pointed out."""
    year = pick_year(requests, None)
    states = store.ask("request_states", bodies=view.bodies, first=view.first, year=year)
    if states.empty:
        return [say("requests.none")]
    zeros.show_bodies(states, states["year"].iloc[0], view.body, say)
    return zeros.in_words(states, states["year"].iloc[0], say)


def show_years(view: View, requests: pd.DataFrame, say: Words) -> list[str]:
    """Over the years: the lines, what was carried over and came in again, every report."""
    series.show(view, SERIES, say)
    ledger.show(view, say)
    show_reports(requests, say)
    first = requests.iloc[0]
    names = ("reports", "with_received", "with_zero", "first_year", "last_year")
    return [say("requests.years", **{name: first[name] for name in names})]


def spanned(view: View, requests: pd.DataFrame, say: Words) -> dict[str, object]:
    """The bodies in view and the years that are added up: all, or the one asked for."""
    ends = {"first": requests["first_year"].iloc[0], "last": requests["last_year"].iloc[0]}
    year = pick_year(requests, say("requests.year.all", **ends))
    return view.query() | ({} if year is None else {"first": year, "last": year})


say = speak()
view = sheet.opened(say)
head = st.container()
controls = st.container(horizontal=True, vertical_alignment="bottom", key="asked")
requests = store.ask("requests_by_report", **view.query())
measures = store.ask("measures_of_section", sections=SECTIONS)
with controls:
    parts = {name: say(f"requests.view.{name}") for name in PARTS}
    part = filters.switch("view", say("requests.view"), parts, "reason")
if requests.empty:
    said = [say("requests.none")]
    owed = store.ask("request_states", bodies=view.query()["bodies"], first=view.first, year=view.last)
    if not owed.empty:
        zeros.show_bodies(owed, view.last, view.body, say)
elif part == "reasons":
    said = reasons.show(view, spanned(view, requests, say), say)
elif part == "applicants":
    said = applicants.show(spanned(view, requests, say), say)
elif part == "disputes":
    said = disputes.show(view, spanned(view, requests, say), say)
else:
    said = {"flow": show_flow, "bodies": show_bodies, "years": show_years}[part](view, requests, say)
with head:
    question = (
        say("requests.question.of", body=view.names[view.body]) if view.body else say("requests.question")
    )
    sheet.head(question, said, view.invented, say)
tables.download(view, say, name=say("menu.requests"), measures=list(measures["measure"]))
