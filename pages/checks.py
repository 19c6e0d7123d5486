"""数据体检: which figures need verifying, what each break speaks of, and what was decided of it."""

import math
import re
import shlex

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, formulas, provenance, sheet, store, tables
from pages.ui.charts import Mark
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak
from pipeline.model import Place

LISTED = 10
MOST_PARTS = 100_000
# As many operands as fit beside a finding; the link marks them all.
NAMED, MEASURES = 14, 8
UNLESS_ASKED = ["broken", "note"]
HELD = ("error", "warning", "note", "holds", "no_table", "blank")
PLAIN = re.compile(r"[\w-]+")
OUTCOMES = ("holds", "broken", "note", "not_assessable")


def answer(counts: pd.Series, rules: pd.DataFrame, matrix: pd.DataFrame, say: Words) -> list[str]:
    """How many checks could be judged, how they came out, and in how many reports of how many."""
    first = rules.iloc[0]
    totals = {
        name: say.number(first[f"all_{name}"])
        for name in ("assessable", "holds", "broken", "note", "not_assessable")
    }
    key = "findings.broken" if first["all_broken"] else "findings.hold"
    said = [say(key, reports=say.number(counts["checked"]), with_broken=first["reports"], **totals)]
    if first["all_not_assessable"]:
        said.append(say("findings.not_assessable", **totals))
    if first["broken"]:
        said.append(say("findings.most", label=rule_name(first, say), broken=say.number(first["broken"])))
    said += [
        say(f"findings.{state}", count=matrix[f"{state}_reports"].iloc[0])
        for state in ("blank", "missing")
        if len(matrix) and matrix[f"{state}_reports"].iloc[0]
    ]
    if counts["issues"]:
        said.append(say("findings.issues", issues=counts["issues"], reports=counts["reports_with_issue"]))
    else:
        said.append(say("findings.issues.none"))
    if first["all_broken"]:
        key = "findings.decided" if counts["decided"] else "findings.decided.none"
        said.append(say(key, decided=counts["decided"]))
    return said


# --- the reports ---------------------------------------------------------------------------------


def state_of(row: pd.Series, say: Words) -> str:
    return say.of("verdict", row["state"]) if row["state"] in HELD else say.of("state", row["state"])


def hover(row: pd.Series, say: Words) -> str:
    lines = [say("coverage.cell", body=row["body"], year=row["year"]), state_of(row, say)]
    if pd.notna(row["broken"]):
        counts = {name: int(row[name]) for name in ("broken", "notes", "holds", "not_assessable")}
        lines.append(say("matrix.counts", **counts))
    return "\n".join(lines)


def show_matrix(matrix: pd.DataFrame, view: View, chosen: str | None, say: Words) -> None:
    """Bodies by years, the worst outcome of each; a click narrows the list to that report."""
    totals = matrix.iloc[0]
    sheet.title(
        say("matrix.title", broken=totals["broken_reports"], all=totals["held_reports"]), say("matrix.hint")
    )
    present = [state for state in charts.verdicts() if (matrix["state"] == state).any()]
    named = {
        state: say.of("verdict", state) if state in HELD else say.of("state", state) for state in present
    }
    sheet.legend([(f"check_{state}" if state in HELD else state, named[state]) for state in present])
    rows = [row for _, row in matrix.iterrows()]
    marks = [
        Mark(
            row["body"],
            int(row["year"]),
            row["state"],
            None if pd.isna(row["report_id"]) else row["report_id"],
            hover(row, say),
        )
        for row in rows
    ]
    counts = [say.number(row["broken"]) if pd.notna(row["broken"]) and row["broken"] else "" for row in rows]
    figure = charts.outcomes(list(matrix["body"].drop_duplicates()), view.years(), marks, counts)
    # The key changes with the report, so that the click before is forgotten.
    for report, _ in charts.picked(figure, key=f"matrix-{chosen}", alt=say("matrix.alt")):
        if report and report != chosen:
            filters.turn("report", report, "page", "issues")
            st.rerun()
    with st.expander(say("matrix.table")):
        show_matrix_as_table(matrix, say)


def show_matrix_as_table(matrix: pd.DataFrame, say: Words) -> None:
    shown = matrix.assign(
        shown=[
            say.number(row["broken"]) if pd.notna(row["broken"]) and row["broken"] else state_of(row, say)
            for _, row in matrix.iterrows()
        ]
    )
    texts = tables.crossed(shown, "body_id", "year", "shown")
    reports = tables.crossed(shown, "body_id", "year", "report_id")
    names = matrix.drop_duplicates("body_id").set_index("body_id")["body"]
    columns = [Column(say("column.body"), [names[body] for body in texts.index], width=120)]
    for year in texts.columns:
        targets = [None if pd.isna(report) else Target(report) for report in reports[year]]
        columns.append(Column(str(year), list(texts[year]), targets, width=70))
    tables.show(columns, key="matrix-table", alt=say("matrix.table"))


# --- the rules -----------------------------------------------------------------------------------


def rule_name(rule: pd.Series, say: Words) -> str:
    """The name of a rule; one of several parts is named by its first."""
    if rule["parts"] < 2:
        return str(rule["label"])
    return say("rules.parts", label=rule["label"], count=rule["parts"])


def show_rules(rules: pd.DataFrame, chosen: str | None, bodies: int, say: Words) -> None:
    """Every rule with how often it held, broke or could not be judged; a click narrows the list to it."""
    sheet.title(say("rules.title", broken=rules["broken_rules"].iloc[0], rules=len(rules)), say("rules.note"))
    columns = [
        Column(say("checks.rule"), [rule_name(row, say) for _, row in rules.iterrows()], width=224),
        *(
            Column(say.of("outcome", kind), [say.number(n) for n in rules[kind]], numeric=True, width=width)
            for kind, width in (("broken", 60), ("note", 52), ("holds", 56), ("not_assessable", 62))
        ),
    ]
    place = tables.picked(
        columns, key=f"rules-{chosen}", alt=say("checks.rule"), rows=min(max(bodies, 8), 20)
    )
    if place is not None and rules["rule"].iloc[place] != chosen:
        filters.turn("rule", rules["rule"].iloc[place], "page")
        st.rerun()


# --- the list ------------------------------------------------------------------------------------


def forget_report() -> None:
    """Back to the findings of every report in view."""
    filters.turn("report", None, "page", "issues")


def show_controls(rules: pd.DataFrame, say: Words) -> dict[str, object]:
    """The boxes that narrow the list, as parameters of its query."""
    labels = {row["rule"]: rule_name(row, say) for _, row in rules.iterrows()}
    one, two, three, four = st.columns([3, 2, 2, 2])
    with one:
        rule = filters.one_of("rule", say("findings.rule"), labels, say("findings.rule.all"), "page")
    with two:
        names = {outcome: say.of("outcome", outcome) for outcome in OUTCOMES}
        outcomes = filters.some_of(
            "outcome", say("findings.outcome"), names, say("findings.outcome.usual"), "page"
        )
    with three:
        severities = filters.some_of(
            "severity", say("findings.severity"), say.family("severity"), say("findings.all"), "page"
        )
    with four:
        causes = filters.some_of(
            "cause", say("findings.cause"), say.family("cause"), say("findings.all"), "page"
        )
    undecided = filters.switched("undecided", say("findings.undecided"), "page")
    return {
        "rule": rule,
        "outcomes": outcomes or UNLESS_ASKED,
        "severities": severities or None,
        "causes": causes or None,
        "undecided": undecided,
    }


def operands(finding: pd.Series, figures: pd.DataFrame, say: Words) -> str:
    """The figures that entered a finding, each measure named once."""
    order = {place: at for at, place in enumerate(finding["places"])}
    own = figures[(figures["report_id"] == finding["report_id"]) & figures["locator"].isin(order)]
    own = own.sort_values("locator", key=lambda places: places.map(order), kind="stable")
    told = [
        say("findings.operand", name=label, figures=say.listed([figure(row, say) for _, row in rows.iterrows()], NAMED))
        for label, rows in own.groupby("label", sort=False)
    ]  # fmt: skip
    if not told:
        return ""
    shown = say("findings.operand.next").join(told[:MEASURES])
    key = "findings.operands" if len(told) <= MEASURES else "findings.operands.more"
    return say(key, figures=shown, count=len(own))


def figure(row: pd.Series, say: Words) -> str:
    """A figure with what it is a part of its measure by."""
    parts = (row[name] for name in ("applicant", "channel", "account", "category"))
    name = say("findings.name").join(str(part) for part in parts if pd.notna(part))
    shown = say.cell(row["value"], row["status"], row["bound"])
    return say("findings.figure", name=name, figure=shown) if name else shown


def decision(finding: pd.Series, say: Words) -> str:
    if pd.isna(finding["decision"]):
        return ""
    told = {"author": finding["author"], "reason": finding["reason"], "day": say.day(finding["made_on"])}
    return say(f"findings.decision.{finding['decision']}", **told)


def command(finding: pd.Series, say: Words) -> str:
    """What to type to decide of a finding."""
    county = "" if pd.isna(finding["county"]) else finding["county"]
    named = {"--body": f"{county}{finding['body']}", "--year": str(finding["year"])}
    if pd.notna(finding["applicant"]):
        named["--applicant"] = finding["applicant"]
    if pd.notna(finding["measure"]):
        named["--measure"] = finding["measure"]
    words = [finding["rule"], *(word for pair in named.items() for word in pair)]
    return say("findings.command", words=" ".join(map(quoted, words)))


def quoted(word: str) -> str:
    """A word as a shell takes it; names need no quotes, which not every shell would understand."""
    return word if PLAIN.fullmatch(word) else shlex.quote(word)


def links(finding: pd.Series, say: Words) -> None:
    """To the places in the report, to the other report where one entered, and how to decide."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        places = [place for place in finding["places"] if Place.parse(place)][: provenance.MOST_PLACES]
        provenance.link(finding["report_id"], None, say("findings.open" if places else "open.source"), places)
        if pd.notna(finding["other_report_id"]):
            provenance.link(finding["other_report_id"], None, say("findings.open.other"))
        if finding["outcome"] in UNLESS_ASKED and pd.isna(finding["decision"]):
            with st.popover(say("findings.decide"), type="tertiary"):
                sheet.note(say("findings.decide.note"))
                st.code(command(finding, say), language=None, wrap_lines=True)


def show_finding(
    finding: pd.Series, figures: pd.DataFrame, names: dict[str, str], key: str, say: Words
) -> None:
    with st.container(key=key, gap=None):
        head = say("findings.head", **finding[["body", "year", "label"]])
        kind = [say.of("severity", finding["severity"])]
        if pd.notna(finding["cause"]):
            kind.append(say.of("cause", finding["cause"]))
        formula = formulas.in_words(finding["formula"], finding["rule_kind"], names, say)
        lines = [
            say("findings.kind", rule=finding["rule"], kind=say("source.part").join(kind)),
            formula and say("findings.formula", formula=formula),
            finding["message"],
            say("findings.residual", residual=say.signed(finding["residual"]))
            if pd.notna(finding["residual"]) and finding["rule_kind"] == "years"
            else "",
            operands(finding, figures, say),
            decision(finding, say),
        ]
        sheet.entry(finding["outcome"], head, lines, say.of("outcome", finding["outcome"]))
        links(finding, say)


def show_pages(key: str, current: int, rows: pd.DataFrame, say: Words) -> None:
    """Buttons to the part of a list before and after."""
    pages = math.ceil(rows["found"].iloc[0] / LISTED)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-turn"):
        for label, to in ((say("search.before"), current - 1), (say("search.after"), current + 1)):
            if 0 <= to < pages:
                st.button(
                    label, key=f"{key}-{to}", type="tertiary", on_click=filters.turn, args=(key, str(to + 1))
                )


def asked_of(view: View, report: str | None) -> dict[str, object]:
    return {**view.query(), "report": report}


def part_of(name: str, key: str, say: Words, **asked: object) -> tuple[pd.DataFrame, int]:
    """The part of a list that the address asks for, or the first where there is no such part, and its number."""
    current = filters.page_asked(MOST_PARTS, key)
    rows = store.ask(name, limit=LISTED, offset=current * LISTED, language=say.language, **asked)
    if rows.empty and current:
        current = 0
        rows = store.ask(name, limit=LISTED, offset=0, language=say.language, **asked)
    return rows, current


def span(rows: pd.DataFrame, current: int, say: Words) -> dict[str, object]:
    """Which of how many a part of a list is."""
    first, total = current * LISTED, int(rows["found"].iloc[0])
    return {"first": first + 1, "last": first + len(rows), "total": say.number(total)}


def show_findings(view: View, report: str | None, narrowed: dict[str, object], say: Words) -> None:
    rows, current = part_of("findings_listed", "page", say, **asked_of(view, report), **narrowed)
    if rows.empty:
        sheet.title(say("findings.empty"), say("findings.empty.note"))
        return
    sheet.title(say("findings.listed", **span(rows, current, say)), say("findings.listed.note"))
    names = store.ask("names_of_operands", language=say.language)
    labels = dict(zip(names["code"], names["label"], strict=True))
    entered = store.ask(
        "figures_of_findings",
        reports=list(rows["report_id"].drop_duplicates()),
        places=list(rows["places"].explode().dropna().drop_duplicates()),
        language=say.language,
    )
    for number, (_, finding) in enumerate(rows.iterrows()):
        show_finding(finding, entered, labels, f"entry-{number}", say)
    show_pages("page", current, rows, say)


def show_issues(view: View, report: str | None, say: Words) -> None:
    """What we could not account for: doubts about our own reading."""
    rows, current = part_of("issues_listed", "issues", say, **asked_of(view, report))
    if rows.empty:
        return
    sheet.title(say("issues.listed", **span(rows, current, say)), say("issues.listed.note"))
    for number, (_, row) in enumerate(rows.iterrows()):
        with st.container(key=f"issue-{number}", gap=None):
            head = say("findings.head", label=say.of("issue", row["code"]), **row[["body", "year"]])
            lines = [row["message"], row["raw_text"] and say("issues.raw", raw=row["raw_text"])]
            sheet.entry("issue", head, lines, say.of("outcome", "issue"))
            places = [row["locator"]] if Place.parse(row["locator"]) else []
            provenance.link(row["report_id"], None, say("open.source"), places)
    show_pages("issues", current, rows, say)


def show_corrections(view: View, say: Words) -> None:
    """What was declared, what no longer applies, and why it was made."""
    rows = store.ask("corrections_of_bodies", language=say.language, **view.query())
    if rows.empty:
        return
    sheet.title(
        say("corrections.title", **rows.iloc[0][list(say.family("correction_state"))]),
        say("corrections.note"),
    )
    listed = [row for _, row in rows.iterrows()]
    targets = [
        None
        if pd.isna(row["report_id"])
        else Target(row["report_id"], None if pd.isna(row["fact_id"]) else row["fact_id"])
        for row in listed
    ]
    columns = [
        Column(say("column.body"), [row["body"] for row in listed], targets),
        Column(say("column.year"), [str(row["year"]) for row in listed]),
        Column(say("corrections.state"), [say.of("correction_state", row["state"]) for row in listed]),
        Column(say("corrections.what"), [corrected(row, say) for row in listed], targets, width="large"),
        Column(say("corrections.reason"), [row["reason"] for row in listed], width="large"),
        Column(say("corrections.who"), [row["author"] for row in listed]),
        Column(say("corrections.day"), [f"{row['made_on']:%Y-%m-%d}" for row in listed]),
    ]
    tables.show(columns, key="corrections", alt=say("corrections.what"))


def corrected(row: pd.Series, say: Words) -> str:
    """What a correction does: to which figure, or of which finding."""
    parts = [row[name] for name in ("label", "applicant", "channel", "category") if pd.notna(row[name])]
    what = say("findings.name").join(parts)
    if row["action"] != "override":
        return say(f"corrections.{row['action']}", what=what)
    printed = say.of("status", row["expected"])
    return say("corrections.override", what=what, printed=printed, value=say.number(row["value"]))


# --- the download --------------------------------------------------------------------------------


def shows_issues(narrowed: dict[str, object]) -> bool:
    """Whether the list as narrowed can hold issues: they have no rule, no severity, and are doubts of our reading."""
    causes = narrowed["causes"]
    asked = (narrowed["rule"], narrowed["severities"], narrowed["outcomes"] != UNLESS_ASKED or None)
    return not any(asked) and (not isinstance(causes, list) or "reading" in causes)


def as_downloaded(view: View, report: str | None, narrowed: dict[str, object], say: Words) -> pd.DataFrame:
    """Findings and issues as the list is narrowed, in one table."""
    everything = {"limit": None, "offset": 0, "language": say.language}
    found = store.ask("findings_listed", **everything, **asked_of(view, report), **narrowed)
    rows = found.assign(
        entry=say("csv_entry.finding"),
        code=found["rule"],
        severity=[say.of("severity", code) for code in found["severity"]],
        outcome=[say.of("outcome", code) for code in found["outcome"]],
        cause=["" if pd.isna(code) else say.of("cause", code) for code in found["cause"]],
        decision=["" if pd.isna(code) else say.of("decided", code) for code in found["decision"]],
        places=[" ".join(places) for places in found["places"]],
    )
    if shows_issues(narrowed):
        issues = store.ask("issues_listed", **everything, **asked_of(view, report))
        doubts = issues.assign(
            entry=say("csv_entry.issue"),
            label=[say.of("issue", code) for code in issues["code"]],
            outcome=say.of("outcome", "issue"),
            cause=say.of("cause", "reading"),
            places=issues["locator"],
        )
        rows = pd.concat([rows, doubts]) if len(rows) else doubts
    return rows


say = speak()
view = sheet.opened(say)
counts = store.ask("checked_reports", **view.query()).iloc[0]
rules = store.ask("checks_by_rule", language=say.language, **view.query())
question = say("findings.question.of", body=view.names[view.body]) if view.body else say("findings.question")
if rules.empty:
    sheet.head(question, [say("findings.none")], view.invented, say)
else:
    matrix = store.ask("checks_by_body_and_year", **view.query())
    sheet.head(question, answer(counts, rules, matrix, say), view.invented, say)
    asked = st.query_params.get("report")
    report = asked if asked in set(matrix["report_id"].dropna()) else None
    left, right = st.columns([11, 12], gap="small")
    with left, st.container(border=True):
        show_matrix(matrix, view, report, say)
    with right, st.container(border=True):
        show_rules(rules, st.query_params.get("rule"), len(view.query()["bodies"]), say)
    narrowed = show_controls(rules, say)
    if report is not None:
        row = matrix[matrix["report_id"] == report].iloc[0]
        with st.container(horizontal=True, vertical_alignment="center"):
            sheet.note(say("findings.of_report", **row[["body", "year"]]))
            st.button(say("findings.of_all"), on_click=forget_report, type="tertiary")
    show_findings(view, report, narrowed, say)
    if shows_issues(narrowed):
        show_issues(view, report, say)
    show_corrections(view, say)
    name = say("download.file", page=say("menu.checks"), scope=view.scope, first=view.first, last=view.last)
    tables.download_listed(
        lambda: as_downloaded(view, report, narrowed, say), say.family("csv_listed"), say, name=name
    )
