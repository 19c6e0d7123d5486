"""Reports and the catalogue as rows of the warehouse's tables."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline.across import rule_terms
from pipeline.catalogue import Catalogue
from pipeline.extract import FACT_FIELDS
from pipeline.model import CorrectedFact, Document, Fact, Finding, Grid, Issue, Paragraph, Report
from pipeline.published import PublishedReport
from pipeline.scoring import Scoring
from pipeline.search import folded
from pipeline.sections import sections_of
from pipeline.sources import Source

Row = dict[str, Any]
Rows = dict[str, list[Row]]
_IDENTITY = [name for name in FACT_FIELDS if name not in ("value", "unit", "status", "bound")]


def add(rows: Rows, table: str, more: Iterable[Row]) -> None:
    """Put more rows to those of a table."""
    rows.setdefault(table, []).extend(more)


def report_id_of(report: Report, sha256: str) -> str:
    """The key of a report: body, year and document."""
    return f"{report.body_id or 'unknown'}-{report.year or 'unknown'}-{sha256[:8]}"


def report_rows(source: Source, path: str, document: Document, report: Report, catalogue: Catalogue) -> Rows:
    """One read report as rows of `report` and of what hangs on it."""
    body = catalogue.bodies.get(report.body_id or "")
    limit = catalogue.limit_of(body.kind, report.year) if body and report.year else None
    report_id = report_id_of(report, document.sha256)
    head: Row = {
        "report_id": report_id, "body_id": report.body_id, "year": report.year, "published": _date(report.published),
        "title": report.title, "index_number": report.index_number, "layout": report.layout,
        "origin": "invented" if body and body.origin == "invented" else "document", "sha256": document.sha256,
        "path": path, "media_type": document.media_type, "url": source.declared.url,
        "publication_limit": _date(limit), "file": source.name,
    }  # fmt: skip
    return {
        "report": [head],
        "fact": list(fact_rows(report_id, report.facts)),
        "passage": list(_passage_rows(report_id, document, catalogue)),
        "finding": [finding_row(report_id, finding, across=False) for finding in report.findings],
        "claim": [{"report_id": report_id, **_fields(claim)} for claim in report.claims],
        "issue": list(issue_rows(report_id, source, path, report.issues)),
    }


def published_rows(source: Source, reports: Sequence[PublishedReport], catalogue: Catalogue) -> Rows:
    """Figures entered by hand from public pages, as reports of their own origin."""
    rows: Rows = {"report": [], "fact": []}
    for report in reports:
        key = hashlib.sha256(report.url.encode()).hexdigest()[:8]
        report_id = f"{report.body.body_id}-{report.year}-{key}"
        limit = catalogue.limit_of(report.body.kind, report.year)
        head: Row = {
            "report_id": report_id, "body_id": report.body.body_id, "year": report.year,
            "published": _date(report.published), "origin": "published_figure", "url": report.url,
            "publication_limit": _date(limit), "file": source.name,
        }  # fmt: skip
        rows["report"].append(head)
        rows["fact"] += fact_rows(report_id, report.facts)
    return rows


def _fields(record: Any) -> Row:
    return {name: getattr(record, name) for name in record.__slots__}


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def fact_rows(report_id: str, facts: Iterable[Fact]) -> Iterator[Row]:
    """The facts of a report as rows, each with an id of its own."""
    used: dict[str, int] = {}
    for fact in facts:
        row: Row = {name: getattr(fact, name) for name in FACT_FIELDS}
        key = "\0".join(str(row[name]) for name in _IDENTITY)
        digest = hashlib.blake2b(f"{report_id}\0{key}".encode(), digest_size=8).hexdigest()
        used[digest] = used.get(digest, 0) + 1
        corrected = fact if isinstance(fact, CorrectedFact) else None
        least, most = fact.span or (None, None)
        yield {
            "fact_id": digest if used[digest] == 1 else f"{digest}-{used[digest]}",
            "report_id": report_id,
            **row,
            "printed_value": corrected.printed_value if corrected else fact.value,
            "printed_status": corrected.printed_status if corrected else fact.status,
            "correction_id": corrected.correction_id if corrected else None,
            "least": least,
            "most": most,
        }


def finding_row(report_id: str, finding: Finding, *, across: bool) -> Row:
    """A finding as a row; `across` where other reports entered it."""
    return {
        "report_id": report_id,
        **_fields(finding),
        "places": list(finding.places),
        "across": across,
    }


def issue_rows(report_id: str | None, source: Source, path: str, issues: Iterable[Issue]) -> Iterator[Row]:
    """Issues as rows, of a report or of a file that gave none."""
    for issue in issues:
        yield {"report_id": report_id, "path": path, "file": source.name, **_fields(issue)}


def _passage_rows(report_id: str, document: Document, catalogue: Catalogue) -> Iterator[Row]:
    sections = sections_of(document.blocks, catalogue)
    for number, (block, section) in enumerate(zip(document.blocks, sections, strict=True)):
        base: Row = {
            "report_id": report_id, "block": number, "line": block.line, "page": block.page, "section": section
        }  # fmt: skip
        if isinstance(block, Paragraph):
            yield {**base, "text": block.text, "folded": folded(block.text), **_box(block.box)}
        else:
            yield from _cell_rows(base, block)


def _cell_rows(base: Row, grid: Grid) -> Iterator[Row]:
    for cell in grid.cells:
        yield {
            **base, "cell_row": cell.row, "cell_column": cell.column, "row_span": cell.rows,
            "column_span": cell.columns, "text": cell.text, "folded": folded(cell.text),
            "page": cell.page or grid.page, **_box(cell.box),
        }  # fmt: skip


def _box(box: tuple[float, float, float, float] | None) -> Row:
    return (
        {} if box is None else dict(zip(("box_left", "box_top", "box_right", "box_bottom"), box, strict=True))
    )


def catalogue_rows(catalogue: Catalogue) -> Rows:
    """What the catalogue declares, as rows of its tables."""
    rules = {rule.rule: rule for rule in reversed(catalogue.rules)}
    return {
        "measure": [
            {**_fields(measure), "layouts": list(measure.layouts), "position": at}
            for at, measure in enumerate(catalogue.measures.values())
        ],
        "applicant": [
            {**_fields(applicant), "position": at}
            for at, applicant in enumerate(catalogue.applicants.values())
        ],
        "channel": [
            {**_fields(channel), "class": channel.klass, "synonyms": list(channel.synonyms), "position": at}
            for at, channel in enumerate(catalogue.channels.values())
        ],
        "layout": [
            {**_fields(layout), "position": at} for at, layout in enumerate(catalogue.layouts.values())
        ],
        "comparability": [{**_fields(join), "terms": list(join.terms)} for join in catalogue.joins],
        "publication_limit": [
            {**_fields(limit), "kind": kind} for limit in catalogue.limits for kind in sorted(limit.kinds)
        ],
        "population": [_fields(one) for one in catalogue.population],
        "rule_term": list(rule_terms(catalogue)),
        "rule": [{**_fields(rule), "position": at} for at, rule in enumerate(reversed(rules.values()))],
        "rule_part": [
            {**_fields(rule), "layouts": list(rule.layouts), "position": at}
            for at, rule in enumerate(catalogue.rules)
        ],
        "layout_line": [
            {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in _fields(line).items()
            }
            | {"layout": layout.layout, "position": at}
            for layout in catalogue.layouts.values()
            for at, line in enumerate(layout.lines)
        ],
        "body": [
            {name: value or None for name, value in _fields(body).items()}
            for body in catalogue.bodies.values()
        ],
        **scoring_rows(catalogue.scoring),
    }


def scoring_rows(scoring: Scoring) -> Rows:
    """What the catalogue declares of scores, as rows of its tables."""
    own = ("model", "indicator")
    return {
        "scoring_model": [{**_fields(model), "digest": scoring.digest} for model in scoring.models.values()],
        "scoring_block": [
            {**_fields(block), "position": at} for at, block in enumerate(scoring.blocks.values())
        ],
        "indicator": [{**_fields(one), "position": at} for at, one in enumerate(scoring.indicators)],
        "indicator_input": [
            {name: getattr(one, name) for name in own} | {**_fields(given), "position": at}
            for one in scoring.indicators
            for at, given in enumerate(one.inputs)
        ],
        "indicator_parameter": [
            {name: getattr(one, name) for name in own} | {"name": name_of, "value": value}
            for one in scoring.indicators
            for name_of, value in one.parameters
        ],
        "scoring_preset": [
            {**_fields(preset), "indicator": indicator, "weight": weight, "position": at}
            for at, preset in enumerate(scoring.presets.values())
            for indicator, weight in preset.weights.items()
        ],
        "peer_group": [{**_fields(one), "position": at} for at, one in enumerate(scoring.groups.values())],
        "tag": [
            {**_fields(tag), "words": list(tag.words), "position": at}
            for at, tag in enumerate(scoring.tags.values())
        ],
    }
