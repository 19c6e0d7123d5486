"""Rules that need more than one report: run over the warehouse once all reports are in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline.case import number
from pipeline.catalogue import LAST_YEAR, Catalogue, Rule
from pipeline.model import Finding
from pipeline.similarity import copies

Row = dict[str, Any]
_CHECKS = Path(__file__).resolve().parent.parent / "queries" / "checks"


def rule_terms(catalogue: Catalogue) -> Iterator[Row]:
    """The terms of the equations that reach back to last year's report, one row each."""
    for rule in catalogue.rules:
        if rule.kind != "years":
            continue
        for side, operands in (("left", rule.left), ("right", rule.right)):
            for operand in operands:
                sign = -1 if operand.startswith("-") else 1
                measure = operand.lstrip("-")
                yield {
                    "rule": rule.rule, "part": rule.part, "scope": rule.scope, "severity": rule.severity,
                    "layouts": list(rule.layouts), "side": side, "measure": measure.removesuffix(LAST_YEAR),
                    "years_before": int(measure.endswith(LAST_YEAR)), "coefficient": sign,
                }  # fmt: skip


def findings_across(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue
) -> Iterator[tuple[str, Finding]]:
    """The findings of every query under `queries/checks`, and of the copies found, each with its report."""
    rules = {rule.rule: rule for rule in catalogue.rules}
    for file in sorted(_CHECKS.glob("*.sql")):
        asked = connection.execute(file.read_text("utf-8"))
        names = [column[0] for column in asked.description or ()]
        yield from (
            _finding(dict(zip(names, row, strict=True)), rules, catalogue) for row in asked.fetchall()
        )
    yield from (_finding(row, rules, catalogue) for row in copies(connection))


def _finding(row: Row, rules: dict[str, Rule], catalogue: Catalogue) -> tuple[str, Finding]:
    rule = rules[row["rule"]]
    zh, en = _message(row, catalogue)
    residual = None if row["found"] is None or row["expected"] is None else row["found"] - row["expected"]
    severity = row["severity"] or rule.severity
    places = tuple(row["places"] or ())
    return row["report_id"], Finding(
        rule.rule, severity, row["outcome"], zh, en, residual, row["measure"], row["applicant"], places
    )


def _message(row: Row, catalogue: Catalogue) -> tuple[str, str]:
    found, expected, detail = number(row["found"]), number(row["expected"]), row["detail"] or ""
    applicant = catalogue.applicants.get(row["applicant"] or "")
    measure = catalogue.measures.get(row["measure"] or "")
    what = ("“" + measure.label_zh + "”" if measure else "", measure.label_en if measure else "")
    column = (f"{applicant.label_zh}列", f", column {applicant.label_en}") if applicant else ("", "")
    shown = {
        "D-YOY": (
            f"所称 {detail}，按两年报告计算为 {_two(row['expected'])}",
            f"Printed {detail}, computed {_two(row['expected'])}",
        ),
        "D-JUMP": (f"本年 {found}，上年 {expected}", f"This year {found}, last year {expected}"),
        "D-SAME": (
            f"大于 2 的可比数字 {expected} 个，与上年相同 {found} 个",
            f"{found} of {expected} figures above 2 equal last year's",
        ),
        "F-COPY": (f"与上年相似度 {_percent(row)}{detail}", f"{_percent(row)} alike to last year"),
        "F-COPY-PEER": (f"与{detail}相似度 {_percent(row)}", f"{_percent(row)} alike to {detail}"),
    }.get(row["rule"])
    if shown is None:
        shown = (
            f"{what[0]}{column[0]}：本年 {found}，据上年报告应为 {expected}",
            f"{what[1]}{column[1]}: {found}, by last year's report {expected}",
        )
    if row.get("loose"):
        shown = (
            f"{shown[0]}（含约数、下限或前后不一的数）",
            f"{shown[1]} (a figure is about, at least, or stated twice)",
        )
    if row["outcome"] == "not_assessable":
        shown = (f"{shown[0]}，不可核", f"{shown[1]}: not assessable")
    return shown


def _two(value: float | None) -> str:
    return "—" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def _percent(row: Row) -> str:
    return f"{100 * (row['found'] or 0):.0f}%"
