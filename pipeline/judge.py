"""Rules as rows, judged on one report: holds, broken with the residual, or not assessable.

An operand that is missing or bounded makes a rule not assessable; it never passes. Equations are judged
here from the catalogue's rows alone; what no equation says stands in the judges of tables, prose and form.
"""

from collections.abc import Iterator, Sequence

from pipeline import judge_form, judge_prose, judge_tables
from pipeline.case import Case, Figures, Judge, Operand, number, verdict
from pipeline.catalogue import Catalogue, Rule
from pipeline.model import Finding

JUDGES: dict[str, Judge] = {**judge_tables.JUDGES, **judge_prose.JUDGES, **judge_form.JUDGES}


def judge(case: Case) -> list[Finding]:
    """Every rule that this report's layout is subject to; rules on pairs of reports wait for the warehouse."""
    findings: list[Finding] = []
    for rule in case.catalogue.rules:
        if case.report.layout not in rule.layouts:
            continue
        if rule.kind == "equation":
            findings += _equation(rule, case.figures, case.catalogue)
        elif rule.kind == "code":
            findings += JUDGES[rule.rule](rule, case)
    return findings


def judge_equations(layout: str, figures: Figures, catalogue: Catalogue) -> list[Finding]:
    """The equations alone that a layout is subject to, judged on figures without a document."""
    rules = [rule for rule in catalogue.rules if rule.kind == "equation" and layout in rule.layouts]
    return [finding for rule in rules for finding in _equation(rule, figures, catalogue)]


def _equation(rule: Rule, figures: Figures, catalogue: Catalogue) -> Iterator[Finding]:
    if rule.scope == "applicants":
        for applicant in catalogue.applicants.values():
            sides = [
                [figures.operand(m, applicant.applicant) for m in side] for side in (rule.left, rule.right)
            ]
            label = (f"{applicant.label_zh}列：", f"Column {applicant.label_en}: ")
            yield _balance(rule, sides, label, rule.left[0], applicant.applicant)
    elif rule.scope == "report":
        sides = [[figures.operand(m, None) for m in side] for side in (rule.left, rule.right)]
        yield _balance(rule, sides, ("", ""), rule.right[-1], None)
    else:
        for measure in catalogue.measures.values():
            if measure.section == "requests" and figures.printed(measure.measure, "total"):
                sides = [
                    [figures.operand(measure.measure, a) for a in side] for side in (rule.left, rule.right)
                ]
                label = (f"“{measure.label_zh}”行：", f"Row {measure.label_en}: ")
                yield _balance(rule, sides, label, measure.measure, "total")


def _balance(
    rule: Rule,
    sides: Sequence[Sequence[Operand]],
    label: tuple[str, str],
    measure: str,
    applicant: str | None,
) -> Finding:
    places = [place for side in sides for operand in side for place in operand.places]
    values = [[operand.value for operand in side] for side in sides]
    shown = " = ".join([" + ".join(map(number, side)) for side in values])
    if any(None in side for side in values):
        message = (
            f"{label[0]}有未填或读不出的数，不可核（{shown}）",
            f"{label[1]}a figure is missing, not assessable ({shown.replace('未填', '–')})",
        )
        return verdict(rule, None, message, places, measure=measure, applicant=applicant)
    left, right = (sum(filter(None, side)) for side in values)
    if abs(left - right) < 1e-9:
        return verdict(
            rule, False, (label[0] + shown, label[1] + shown), places, measure=measure, applicant=applicant
        )
    shown, gap = shown.replace(" = ", " ≠ "), number(abs(left - right))
    message = (
        f"{label[0]}{shown}，左 {number(left)}，右 {number(right)}，相差 {gap}",
        f"{label[1]}{shown}; left {number(left)}, right {number(right)}, {gap} apart",
    )
    return verdict(rule, True, message, places, residual=left - right, measure=measure, applicant=applicant)
