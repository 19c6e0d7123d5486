"""One document to one report: identity, table figures, prose figures, findings, issues."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.case import Case, Figures
from pipeline.catalogue import Body, Catalogue, default_catalogue
from pipeline.corrections import Correction, Key, Overrides, decide, reopening
from pipeline.forms import forms_of
from pipeline.identity import Identity, body_called, identify, valid_in
from pipeline.issues import issue
from pipeline.judge import judge
from pipeline.layouts import NARRATIVE, recognise
from pipeline.mirror import mirror_of
from pipeline.model import Document, Fact, Issue, Paragraph, Report
from pipeline.prose import tell
from pipeline.readers import read_document
from pipeline.sections import split_sections
from pipeline.tables import Placing, place_tables
from pipeline.wording import wording_of


@dataclass(frozen=True, slots=True)
class Declared:
    """What the manifest says of a document: it outranks what the document says of itself.

    `body` is an id, a division code or a name.
    """

    body: str | None = None
    year: int | None = None
    url: str | None = None
    received: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document and the report read from it."""

    document: Document
    report: Report


def extract_document(
    document: Document,
    catalogue: Catalogue,
    declared: Declared | None = None,
    corrections: Mapping[Key, Sequence[Correction]] | None = None,
) -> Extraction:
    """The report a document holds, as printed or with the corrections declared for its body and year.

    Never raises for what a document says; doubts become issues.
    """
    mirror = mirror_of(document)
    report = _extract(mirror.plain if mirror else document, catalogue, declared, corrections or {})
    if mirror is not None:
        report.facts = [mirror.fact(fact) for fact in report.facts]
        report.claims = [mirror.claim(claim) for claim in report.claims]
        report.findings = [mirror.finding(finding) for finding in report.findings]
    return Extraction(document, report)


def _extract(
    document: Document,
    catalogue: Catalogue,
    declared: Declared | None,
    corrections: Mapping[Key, Sequence[Correction]],
) -> Report:
    found = identify(document, catalogue)
    year = declared.year if declared and declared.year else found.year
    body, doubts = _settled(found, declared, year, catalogue)
    layout = recognise(document, catalogue)
    placing = (
        Placing() if layout == NARRATIVE else place_tables(document, forms_of(catalogue)[layout], catalogue)
    )
    telling = tell(
        document,
        catalogue,
        year=year,
        tables=layout in ("2019", "2021"),
        taken=placing.taken,
        names=(body.full_name, body.name, *body.aliases) if body else (found.body_name or "本机关",),
    )
    wanted = corrections.get((body.body_id, year), ()) if body and year else ()
    overrides = Overrides(wanted, document)
    printed = overrides.facts(placing.facts)
    telling = overrides.telling(telling)
    report = Report(
        body=body.name if body else found.body_name,
        body_id=body.body_id if body else None,
        county=(body.county or None) if body else found.county,
        year=year,
        published=found.published,
        title=found.title,
        index_number=found.index_number,
        layout=layout,
        facts=printed + _without_printed(telling.facts, printed),
        issues=[*document.issues, *doubts, *placing.issues, *telling.issues],
    )
    paragraphs = [
        (number, block.text)
        for number, block in enumerate(document.blocks)
        if isinstance(block, Paragraph) and number not in placing.taken
    ]
    report.claims = telling.claims
    report.findings = judge(
        Case(
            report=report,
            document=document,
            body=body,
            identity=found,
            tables=printed,
            figures=Figures(printed, catalogue),
            telling=telling,
            paragraphs=paragraphs,
            sections=split_sections((text for _, text in paragraphs), catalogue),
            words=wording_of(catalogue),
            catalogue=catalogue,
        )
    )
    report.findings, reopened = decide(report.findings, wanted)
    report.issues += reopening(wanted, reopened | (overrides.reopened - overrides.applied))
    return report


def _settled(
    found: Identity, declared: Declared | None, year: int | None, catalogue: Catalogue
) -> tuple[Body | None, list[Issue]]:
    """The body that the manifest names, else the document's own in that year; and what is left in doubt."""
    own = valid_in(found.body, year, catalogue) if found.body else None
    if declared is None:
        return found.body, found.issues
    named = body_called(declared.body, year, catalogue) if declared.body else None
    settled = {"no_body", "unknown_body", "ambiguous_body"} if named else set()
    settled |= {"no_year"} if declared.year else set()
    doubts = [one for one in found.issues if one.code not in settled]
    if declared.body and named is None:
        doubts.append(issue("declared_body", declared.body, body=declared.body))
    return named or own, doubts


def _without_printed(told: list[Fact], printed: list[Fact]) -> list[Fact]:
    """The prose's facts, less those an annex table prints with the same meaning and the same number."""
    measures = {f.measure for f in told}
    both = [f for f in printed if f.measure in measures]
    known = {(f.measure, f.applicant, f.channel, f.category, f.value) for f in both}
    counted = {(f.measure, f.channel) for f in both if f.value is not None}
    return [
        f
        for f in told
        if (f.measure, f.applicant, f.channel, f.category, f.value) not in known
        and not (f.value is None and (f.measure, f.channel) in counted)
    ]


def extract_file(path: Path, catalogue: Catalogue | None = None) -> Extraction:
    """Read and extract one file; UserError where it cannot be read."""
    return extract_document(read_document(path), catalogue or default_catalogue())


def as_contract(extraction: Extraction) -> dict[str, Any]:
    """The JSON of `extract --format json`."""
    document, report = extraction.document, extraction.report
    return {
        "document": {"path": document.path, "sha256": document.sha256, "media_type": document.media_type},
        "report": {name: getattr(report, name) for name in _REPORT_FIELDS},
        "facts": [_fact(fact) for fact in report.facts],
        "findings": [{name: getattr(f, name) for name in _FINDING_FIELDS} for f in report.findings],
        "issues": [asdict(issue) for issue in report.issues],
    }


_REPORT_FIELDS = ("body", "county", "year", "published", "title", "index_number", "layout")
_FINDING_FIELDS = ("rule", "severity", "outcome", "message", "residual", "measure", "applicant", "places")
FACT_FIELDS = "measure applicant channel account category value unit status bound raw_text locator".split()


def _fact(fact: Fact) -> Mapping[str, Any]:
    return {name: getattr(fact, name) for name in FACT_FIELDS}
