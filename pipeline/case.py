"""What a rule is judged on: one report with its text, its table figures and what its prose tells."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.catalogue import TOWNSHIP_KINDS, Body, Catalogue, Rule
from pipeline.identity import Identity
from pipeline.model import Bound, Document, Fact, Finding, Report, Status
from pipeline.sections import Sections
from pipeline.telling import Telling
from pipeline.wording import Wording


class Operand(NamedTuple):
    """One side's term: its number (None where it cannot be known) and the places it was printed at."""

    value: float | None
    places: tuple[str, ...]


class Figures:
    """The table figures of one report, looked up by measure and applicant."""

    def __init__(self, facts: Sequence[Fact], catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._facts = {(fact.measure, fact.applicant): fact for fact in facts}
        self._operands: dict[tuple[str, str | None], Operand] = {}

    def printed(self, measure: str, applicant: str | None) -> bool:
        """Whether the cell is printed at all, with or without a number in it."""
        return (measure, applicant) in self._facts

    def operand(self, measure: str, applicant: str | None) -> Operand:
        """The printed number; for a heading without one, the sum of its parts when all are known."""
        known = self._operands.get((measure, applicant))
        if known is None:
            known = self._operands[measure, applicant] = self._operand(measure, applicant)
        return known

    def _operand(self, measure: str, applicant: str | None) -> Operand:
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


@dataclass(frozen=True, slots=True)
class Case:
    """One report before the rules. `tables` are the facts read from its form, `paragraphs` its prose by block."""

    report: Report
    document: Document
    body: Body | None
    identity: Identity
    tables: Sequence[Fact]
    figures: Figures
    telling: Telling
    paragraphs: Sequence[tuple[int, str]]
    sections: Sections
    words: Wording
    catalogue: Catalogue

    @property
    def is_township(self) -> bool:
        """Whether the body is a township, a town or a subdistrict."""
        return self.body is not None and self.body.kind in TOWNSHIP_KINDS

    def told(self, measure: str) -> Fact | None:
        """The figure that the prose itself states, if it does."""
        return next((f for f in self.telling.facts if f.measure == measure and f.value is not None), None)


Judge = Callable[[Rule, Case], Iterable[Finding]]


@lru_cache(maxsize=4096)
def number(value: float | None) -> str:
    """A number as people write it; 未填 where there is none."""
    if value is None:
        return "未填"
    return f"{int(value):,}" if value == int(value) else f"{value:,.4f}".rstrip("0")


def verdict(
    rule: Rule,
    broken: bool | None,
    message: tuple[str, str],
    places: Iterable[str] = (),
    *,
    residual: float | None = None,
    measure: str | None = None,
    applicant: str | None = None,
    severity: str | None = None,
) -> Finding:
    """A finding: broken, holding, or (None) not assessable, with its message in Chinese and English."""
    outcome = "not_assessable" if broken is None else "broken" if broken else "holds"
    if outcome == "holds" and residual is None and rule.kind == "equation":
        residual = 0.0
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


def unknown(rule: Rule, zh: str, en: str) -> Iterator[Finding]:
    """The one finding of a rule that this report gives no ground to judge."""
    yield verdict(rule, None, (f"{zh}，不可核", f"{en}: not assessable"))
