"""Corrections and decisions: rows of `corrections.csv`, each guarded by what it was made on.

A correction outlives re-extraction: it applies again wherever the figure still reads as it did when somebody decided.
Where that has changed it does not apply, and says so.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.catalogue import FOLDER, Catalogue
from pipeline.declared import Row, keyed, rows_of
from pipeline.issues import issue
from pipeline.model import (
    Block,
    CorrectedFact,
    Document,
    Fact,
    Finding,
    Grid,
    Issue,
    Paragraph,
    Place,
    Status,
)
from pipeline.phrases import sentences
from pipeline.telling import PartList, Telling

FILE = "corrections.csv"
ACTIONS = ("override", "accept", "dismiss")
COLUMNS = (
    "correction_id action body_id year measure applicant channel category rule expected guard value reason "
    "author made_on"
)
# Issues of ours that a person may settle: the form's row is truly not printed.
_ISSUES = frozenset({"ambiguous_label", "row_not_found"})
_DECISIONS = {"accept": "accepted", "dismiss": "dismissed"}
_STATUSES = frozenset(status.value for status in Status) - {Status.REPORTED.value}


@dataclass(frozen=True, slots=True)
class Correction:
    """One declared row.

    `override` puts `value` in the place of what is printed; `expected` is the printed number (or the status where there
    is none) and `guard` the sentence or table row it stands in. `accept` and `dismiss` speak of a broken finding of
    `rule`; `guard` is its message. An empty guard guards nothing but the expected value.
    """

    correction_id: str
    action: str
    body_id: str
    year: int
    measure: str | None
    applicant: str | None
    channel: str | None
    category: str | None
    rule: str | None
    expected: str
    guard: str
    value: float | None
    reason: str
    author: str
    made_on: dt.date


Key = tuple[str, int]


def load_corrections(catalogue: Catalogue, folder: Path = FOLDER) -> tuple[Correction, ...]:
    """The declared corrections; CatalogueError with file and row where one cannot mean anything."""
    path = folder / FILE
    if not path.exists():
        return ()
    rows = keyed(rows_of(path, COLUMNS), "correction_id")
    return tuple(_correction(row, catalogue) for row in rows.values())


def _correction(row: Row, catalogue: Catalogue) -> Correction:
    _refuse(row, catalogue)
    texts = {name: row[name] or None for name in ("measure", "applicant", "channel", "category", "rule")}
    return Correction(
        correction_id=row["correction_id"],
        action=row["action"],
        body_id=row["body_id"],
        year=row.year("year") or 0,
        **texts,
        expected=row["expected"],
        guard=row["guard"],
        value=float(row["value"]) if row["value"] else None,
        reason=row["reason"],
        author=row["author"],
        made_on=_day(row["made_on"], row.fail("made_on 应为 2026-01-31 的样子")),
    )


def _refuse(row: Row, catalogue: Catalogue) -> None:
    """Raise where a row cannot mean anything."""
    for column in ("body_id", "year", "reason", "author"):
        if not row[column]:
            raise row.fail(f"缺少 {column}")
    if row["action"] not in ACTIONS:
        raise row.fail(f"action “{row['action']}”不在 {'、'.join(ACTIONS)} 之内")
    if row["applicant"] and row["applicant"] not in catalogue.applicants:
        raise row.fail(f"申请人“{row['applicant']}”不在目录中")
    if row["action"] != "override":
        known = {rule.rule for rule in catalogue.rules} | (
            _ISSUES if row["action"] == "accept" else frozenset()
        )
        if row["rule"] not in known:
            raise row.fail(f"规则“{row['rule']}”不在规则目录中")
        return
    if row["measure"] not in catalogue.measures:
        raise row.fail(f"指标“{row['measure']}”不在指标目录中")
    if row["expected"] not in _STATUSES and not _is_number(row["expected"]):
        raise row.fail("expected 应为原来印的数，或 blank、dash、unreadable、not_printed 之一")
    if not _is_number(row["value"]):
        raise row.fail(f"override 的 value 应为更正后的数，现为“{row['value']}”")


def append_correction(correction: Correction, folder: Path = FOLDER) -> None:
    """Add a row at the end of `corrections.csv`; the file is made where there is none."""
    path, columns = folder / FILE, COLUMNS.split()
    values = {name: getattr(correction, name) for name in columns}
    values["value"] = "" if correction.value is None else f"{correction.value:g}"
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(columns)
        writer.writerow(["" if values[name] is None else str(values[name]) for name in columns])


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _day(text: str, wrong: Exception) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error


def by_report(corrections: Iterable[Correction]) -> Mapping[Key, list[Correction]]:
    """The corrections by the body and the year they speak of."""
    found: dict[Key, list[Correction]] = {}
    for correction in corrections:
        found.setdefault((correction.body_id, correction.year), []).append(correction)
    return found


# --- overriding figures --------------------------------------------------------------------------


def context_of(document: Document, locator: str) -> str:
    """What a figure is guarded by: the sentence, or the table row, that it is printed in. Empty where there is none."""
    place = Place.parse(locator)
    if place is None or place.block >= len(document.blocks):
        return ""
    return context_in(document.blocks[place.block], place)


def context_in(block: Block, place: Place) -> str:
    """The sentence, or the table row, of a block around a place."""
    if isinstance(block, Grid):
        if place.row is None:
            return ""
        row = [cell.text for cell in block.cells if cell.row <= place.row < cell.row + cell.rows]
        return " | ".join(" ".join(text.split()) for text in row)
    return _sentence_at(block, place.start or 0)


def _sentence_at(block: Paragraph, at: int) -> str:
    for start, end in sentences(block.text):
        if start <= at < end:
            return block.text[start:end].strip()
    return block.text.strip()


class Overrides:
    """The overrides of one report, asked of each list of its facts in turn; `applied` and `reopened` name them."""

    def __init__(self, corrections: Sequence[Correction], document: Document) -> None:
        self._wanted = [correction for correction in corrections if correction.action == "override"]
        self._document = document
        self.applied: set[str] = set()
        self.reopened: set[str] = set()
        self._replaced: dict[int, Fact] = {}

    def facts(self, facts: list[Fact]) -> list[Fact]:
        """The facts with the corrected ones in the place of the printed."""
        if not self._wanted:
            return facts
        return [self._corrected(fact) for fact in facts]

    def telling(self, telling: Telling) -> Telling:
        """The prose's telling, its lists speaking of the corrected figures too."""
        if not self._wanted:
            return telling
        return replace(
            telling,
            facts=self.facts(telling.facts),
            lists=[self._list(known) for known in telling.lists],
            channel_lists=[self._list(known) for known in telling.channel_lists],
        )

    def _list(self, known: PartList) -> PartList:
        whole = self._replaced.get(id(known.whole), known.whole)
        return PartList(whole, [self._replaced.get(id(part), part) for part in known.parts], known.closed)

    def _corrected(self, fact: Fact) -> Fact:
        for correction in self._wanted:
            if not _speaks_of(correction, fact):
                continue
            if not self._still_holds(correction, fact):
                self.reopened.add(correction.correction_id)
                continue
            self.applied.add(correction.correction_id)
            value = correction.value
            stated = {name: getattr(fact, name) for name in Fact.__slots__}
            stated["value"] = int(value) if value is not None and value == int(value) else value
            stated["status"] = Status.REPORTED
            corrected = CorrectedFact(
                **stated,
                correction_id=correction.correction_id,
                printed_value=fact.value,
                printed_status=fact.status,
            )
            self._replaced[id(fact)] = corrected
            return corrected
        return fact

    def _still_holds(self, correction: Correction, fact: Fact) -> bool:
        printed = fact.status.value if fact.value is None else f"{fact.value:g}"
        expected = correction.expected
        same = printed == (f"{float(expected):g}" if _is_number(expected) else expected)
        return same and _is_same_text(correction.guard, context_of(self._document, fact.locator))


def _speaks_of(correction: Correction, fact: Fact) -> bool:
    named = (correction.applicant, correction.channel, correction.category)
    return correction.measure == fact.measure and named == (fact.applicant, fact.channel, fact.category)


def _is_same_text(guard: str, text: str) -> bool:
    return not guard or "".join(guard.split()) == "".join(text.split())


# --- decisions about findings --------------------------------------------------------------------


def decide(findings: Iterable[Finding], corrections: Sequence[Correction]) -> tuple[list[Finding], set[str]]:
    """The findings with what was decided of the broken ones, and the decisions whose finding now reads otherwise."""
    wanted = [correction for correction in corrections if correction.action in _DECISIONS]
    reopened: set[str] = set()
    decided = [_decided(finding, wanted, reopened) for finding in findings]
    return decided, reopened - {finding.correction_id for finding in decided if finding.correction_id}


def _decided(finding: Finding, wanted: Sequence[Correction], reopened: set[str]) -> Finding:
    for correction in wanted:
        if correction.rule != finding.rule or finding.outcome != "broken":
            continue
        if correction.measure not in (None, finding.measure) or correction.applicant != finding.applicant:
            continue
        if _is_same_text(correction.guard, finding.message):
            decision = _DECISIONS[correction.action]
            return replace(finding, decision=decision, correction_id=correction.correction_id)
        reopened.add(correction.correction_id)
    return finding


def reopening(corrections: Iterable[Correction], reopened: set[str]) -> list[Issue]:
    """An issue for each correction that no longer applies because what it was made on has changed."""
    return [
        issue(
            "correction_reopened",
            known.guard,
            author=known.author,
            made_on=known.made_on,
            correction=known.correction_id,
            reason=known.reason,
        )
        for known in corrections
        if known.correction_id in reopened
    ]
