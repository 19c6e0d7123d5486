"""Rules that need more than one report: run over the warehouse once all reports are in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline.case import number
from pipeline.catalogue import LAST_YEAR, Catalogue, Rule
from pipeline.model import Finding

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
    """The findings of every query under `queries/checks`, each with its report."""
    rules = {rule.rule: rule for rule in catalogue.rules}
    for file in sorted(_CHECKS.glob("*.sql")):
        asked = connection.execute(file.read_text("utf-8"))
        names = [column[0] for column in asked.description or ()]
        yield from (
            _finding(dict(zip(names, row, strict=True)), rules, catalogue) for row in asked.fetchall()
        )


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
        "F-COPY": _likeness(row, "上年", "last year"),
        "F-COPY-PEER": _likeness(row, detail or "同县单位", detail or "neighbours"),
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


def _likeness(row: Row, other: str, other_en: str) -> tuple[str, str]:
    """How alike to another report, section by section, and how many paragraphs stand in both."""
    if row["found"] is None:
        return f"与{other}的相似度", f"Likeness to {other_en}"
    zh, en = [], []
    for part in row.get("sections") or []:
        copied = part["paragraphs"]
        share = f"{100 * part['share']:.0f}%"
        zh.append(f"第{part['section']}部分 {share}" + (f"、{copied} 段几乎逐字相同" if copied else ""))
        number_en = "一二三四五六".index(part["section"]) + 1
        en.append(f"section {number_en} {share}" + (f", {copied} almost word for word" if copied else ""))
    share = f"{100 * row['found']:.0f}%"
    return f"与{other}相似度 {share}（{'；'.join(zh)}）", f"{share} alike to {other_en} ({'; '.join(en)})"


def _two(value: float | None) -> str:
    return "—" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")
