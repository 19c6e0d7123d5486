"""Rules as rows, judged on one report: holds, broken with the residual, or not assessable.

An operand that is missing or bounded makes a rule not assessable; it never passes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.catalogue import Catalogue, Rule
from pipeline.model import Bound, Fact, Finding, Report, Status
from pipeline.prose import PartList

_OUTCOMES = {
    "holds": ("成立", "holds"),
    "broken": ("不符", "broken"),
    "not_assessable": ("不可核", "not assessable"),
}


@dataclass(frozen=True, slots=True)
class Operand:
    """One side's term: its number (None where it cannot be known) and the places it was printed at."""

    value: float | None
    places: tuple[str, ...]


class Figures:
    """The table figures of one report, looked up by measure and applicant."""

    def __init__(self, facts: Sequence[Fact], catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._facts = {(fact.measure, fact.applicant): fact for fact in facts}

    def printed(self, measure: str, applicant: str | None) -> bool:
        """Whether the cell is printed at all, with or without a number in it."""
        return (measure, applicant) in self._facts

    def operand(self, measure: str, applicant: str | None) -> Operand:
        """The printed number; for a heading without one, the sum of its parts when all are known."""
        fact = self._facts.get((measure, applicant))
        if fact is not None:
            known = fact.status is Status.REPORTED and fact.bound is Bound.EXACT
            return Operand(fact.value if known else None, (fact.locator,))
        parts = [self.operand(child, applicant) for child in self.catalogue.children.get(measure, ())]
        if not parts or any(part.value is None for part in parts):
            return Operand(None, tuple(place for part in parts for place in part.places))
        return Operand(
            sum(p.value or 0 for p in parts), tuple(place for part in parts for place in part.places)
        )


def judge(
    report: Report, kind: str | None, tables: Sequence[Fact], lists: Sequence[PartList], catalogue: Catalogue
) -> list[Finding]:
    """Every rule that this report's layout is subject to. `kind` is the body's, for its limit."""
    figures = Figures(tables, catalogue)
    findings: list[Finding] = []
    for rule in catalogue.rules:
        if report.layout not in rule.layouts:
            continue
        if rule.kind == "equation":
            findings += _equation(rule, figures, catalogue)
        else:
            findings += _CODE[rule.rule](rule, report, kind, figures, lists)
    return findings


def _equation(rule: Rule, figures: Figures, catalogue: Catalogue) -> Iterator[Finding]:
    if rule.scope == "applicants":
        for applicant in catalogue.applicants.values():
            sides = [
                [figures.operand(m, applicant.applicant) for m in side] for side in (rule.left, rule.right)
            ]
            label = (f"{applicant.label_zh}列", f"Column {applicant.label_en}")
            yield _balance(rule, sides, label, measure=rule.left[0], applicant=applicant.applicant)
    elif rule.scope == "report":
        sides = [[figures.operand(m, None) for m in side] for side in (rule.left, rule.right)]
        yield _balance(rule, sides, ("", ""), measure=rule.right[-1], applicant=None)
    else:
        for measure in catalogue.measures.values():
            if measure.section == "requests" and figures.printed(measure.measure, "total"):
                sides = [
                    [figures.operand(measure.measure, a) for a in side] for side in (rule.left, rule.right)
                ]
                label = (f"“{measure.label_zh}”行", f"Row {measure.label_en}")
                yield _balance(rule, sides, label, measure=measure.measure, applicant="total")


def number(value: float | None) -> str:
    """A number as people write it; 未填 where there is none."""
    return (
        "未填"
        if value is None
        else f"{value:,.2f}".rstrip("0").rstrip(".")
        if value % 1
        else f"{int(value):,}"
    )


def _side(operands: Sequence[Operand]) -> str:
    return " + ".join(number(operand.value) for operand in operands)


def _balance(
    rule: Rule,
    sides: Sequence[Sequence[Operand]],
    label: tuple[str, str],
    *,
    measure: str,
    applicant: str | None,
) -> Finding:
    places = tuple(place for side in sides for operand in side for place in operand.places)
    shown = f"{_side(sides[0])} = {_side(sides[1])}"
    prefix = (f"{label[0]}：" if label[0] else "", f"{label[1]}: " if label[1] else "")
    if any(operand.value is None for side in sides for operand in side):
        message = (
            f"{prefix[0]}有未填或读不出的数，不可核（{shown}）",
            f"{prefix[1]}a figure is missing ({shown.replace('未填', '–')})",
        )
        return _finding(rule, "not_assessable", message, None, measure, applicant, places)
    left, right = (sum(operand.value or 0 for operand in side) for side in sides)
    if abs(left - right) < 1e-9:
        return _finding(
            rule, "holds", (prefix[0] + shown, prefix[1] + shown), 0.0, measure, applicant, places
        )
    shown = shown.replace(" = ", " ≠ ")
    gap = number(abs(left - right))
    message = (
        f"{prefix[0]}{shown}，左 {number(left)}，右 {number(right)}，相差 {gap}",
        f"{prefix[1]}{shown}; left {number(left)}, right {number(right)}, {gap} apart",
    )
    return _finding(rule, "broken", message, left - right, measure, applicant, places)


def _finding(
    rule: Rule,
    outcome: str,
    message: tuple[str, str],
    residual: float | None,
    measure: str | None,
    applicant: str | None,
    places: Sequence[str],
    severity: str | None = None,
) -> Finding:
    return Finding(
        rule.rule,
        severity or rule.severity,
        outcome,
        message[0],
        message[1],
        residual,
        measure,
        applicant,
        tuple(places),
    )


def _lists(
    rule: Rule, report: Report, kind: str | None, figures: Figures, lists: Sequence[PartList]
) -> Iterator[Finding]:
    """D-CAT: a list the text closes (其中, 包括, 分别) must add up; an open one is only a warning."""
    for told in lists:
        parts, whole = told.parts, told.whole
        if len(parts) < 2 or whole.value is None:
            continue
        severity = "error" if told.closed else "warning"
        places = (whole.locator, *(part.locator for part in parts))
        values = [part.value for part in parts]
        shown = " + ".join(number(value) for value in values)
        if any(f.bound is not Bound.EXACT for f in (whole, *parts)) or None in values:
            message = (
                f"{shown} 与 {number(whole.value)}：含约数或下限，不可核",
                f"{shown} against {number(whole.value)}: holds a bound",
            )
            yield _finding(rule, "not_assessable", message, None, whole.measure, None, places, severity)
            continue
        total = sum(value for value in values if value is not None)
        if total == whole.value:
            yield _finding(
                rule,
                "holds",
                (f"{shown} = {number(whole.value)}",) * 2,
                0.0,
                whole.measure,
                None,
                places,
                severity,
            )
            continue
        gap = number(abs(total - whole.value))
        message = (
            f"各部分之和 {number(total)}（{shown}）≠ 所称总数 {number(whole.value)}，相差 {gap}",
            f"The parts add up to {number(total)} ({shown}), not to the stated {number(whole.value)}; {gap} apart",
        )
        yield _finding(rule, "broken", message, total - whole.value, whole.measure, None, places, severity)


def _dates(
    rule: Rule, report: Report, kind: str | None, figures: Figures, lists: Sequence[PartList]
) -> Iterator[Finding]:
    """F-LATE against the limit of the body's kind and year, F-EARLY against the end of the year."""
    year, published = report.year, report.published
    limit = figures.catalogue.limit_of(kind, year) if year is not None else None
    if year is None or published is None or (rule.rule == "F-LATE" and limit is None):
        yield _finding(
            rule,
            "not_assessable",
            ("没有公布日期或年份，不可核", "No date of publication or no year"),
            None,
            None,
            None,
            (),
        )
        return
    if rule.rule == "F-EARLY":
        early = published <= f"{year}-12-31"
        message = (
            f"{published} 公布，{'早于统计期限结束，数据不可能完整' if early else '在统计期限结束之后'}",
            f"Published {published}, {'before the year had ended' if early else 'after the year had ended'}",
        )
        yield _finding(rule, "broken" if early else "holds", message, None, None, None, ())
        return
    assert limit is not None  # noqa: S101  checked above
    how = (
        ("是限期当天", "on the last day of the limit")
        if published == limit
        else ("在限期内", "within the limit")
    )
    late = published > limit
    message = (
        f"{published} 公布，惯例限期 {limit}，{'迟于限期' if late else how[0]}",
        f"Published {published}, commonly applied limit {limit}: {'late' if late else how[1]}",
    )
    yield _finding(rule, "broken" if late else "holds", message, None, None, None, ())


def _zero_text(
    rule: Rule, report: Report, kind: str | None, figures: Figures, lists: Sequence[PartList]
) -> Iterator[Finding]:
    """What the prose says of requests received (none, or a number) against table three."""
    told = next((f for f in report.facts if f.measure == "requests_received" and f.applicant is None), None)
    table = figures.operand("requests_received", "total")
    if told is None or told.value is None or table.value is None:
        yield _finding(
            rule,
            "not_assessable",
            ("文字或表三没有数，不可核", "No figure in words or in table 3"),
            None,
            "requests_received",
            "total",
            table.places,
        )
        return
    broken = (told.value == 0) != (table.value == 0)
    shown = (
        f"文字 {number(told.value)}，表三 {number(table.value)}",
        f"In words {number(told.value)}, table 3 {number(table.value)}",
    )
    yield _finding(
        rule,
        "broken" if broken else "holds",
        shown,
        told.value - table.value,
        "requests_received",
        "total",
        (told.locator, *table.places),
    )


_CODE = {"D-CAT": _lists, "F-LATE": _dates, "F-EARLY": _dates, "T3-ZEROTEXT": _zero_text}
