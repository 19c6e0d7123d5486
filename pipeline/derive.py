"""What follows from the reports together: marts, and the findings that need more than one report.

Reports are taken county by county: a body's predecessors and its neighbours are of its own county, so nothing outside
enters. A build computes again only the counties that it touched.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.across import findings_across
from pipeline.catalogue import Catalogue
from pipeline.corrections import Correction, Key, by_report, decide
from pipeline.draft import KEPT, Draft
from pipeline.marts import late, marts
from pipeline.model import Finding
from pipeline.rows import Row, finding_row
from pipeline.similarity import similarities

_BUILD = Path(__file__).resolve().parent.parent / "queries" / "build"
_REPORTS_AT_ONCE = 500


def derive(
    draft: Draft,
    counties: Iterable[str] | None,
    catalogue: Catalogue,
    corrections: Sequence[Correction],
    at: dt.datetime,
    *,
    at_once: int = _REPORTS_AT_ONCE,
    across: bool = True,
) -> None:
    """Compute marts and findings across reports for these counties, or for all where `counties` is None.

    The findings are left as they are where not asked for `across` reports.
    """
    _make_marts(draft)
    for mart in marts():
        owner = _owner(draft, mart.stem)
        draft.run("forget_mart", table=mart.stem, **owner)
        if owner["owner"] == "body":
            draft.run("forget_counties", table=mart.stem)
    draft.run("forget_mart", table="similarity", key="report_id", owner="report")
    if counties is not None:
        counties = {*counties, *(county for (county,) in draft.rows(_statement("counties_overdue")))}
    wanted = by_report(corrections)
    for reports in _batches(draft, None if counties is None else set(counties), at_once):
        _narrow(draft, reports)
        _fill_marts(draft, [mart for mart in marts() if mart.stem not in late()])
        rows = _across(draft, catalogue, wanted) if across else None
        _fill_marts(draft, [mart for mart in marts() if mart.stem in late()])
        _widen(draft)
        if rows is not None:
            draft.settle_across(rows, reports, at)


def _across(draft: Draft, catalogue: Catalogue, wanted: Mapping[Key, list[Correction]]) -> list[Row]:
    """What is found across the reports now in memory, in the place of what was."""
    draft.run("forget_in_scope", table="similarity")
    draft.insert("warehouse.similarity", list(similarities(draft.connection, catalogue)))
    rows = list(_findings(draft, catalogue, wanted))
    draft.run("forget_across")
    draft.insert("memory.finding", rows)
    return rows


def _batches(draft: Draft, counties: set[str] | None, at_once: int) -> Iterator[list[str]]:
    """The reports of whole counties, some hundreds at a time: memory stays flat however many there are."""
    batch: list[str] = []
    for county, reports in draft.rows(_statement("reports_by_county")):
        if counties is not None and county not in counties:
            continue
        if batch and len(batch) + len(reports) > at_once:
            yield batch
            batch = []
        batch += reports
    if batch:
        yield batch


def counties_of(draft: Draft, reports: Iterable[str]) -> set[str]:
    """The counties of these reports, past ones included."""
    found = draft.rows(_statement("counties_of_reports"), reports=list(reports))
    return {county for (county,) in found}


def _statement(name: str) -> str:
    return (_BUILD / f"{name}.sql").read_text("utf-8")


def _make_marts(draft: Draft) -> None:
    """Empty tables for the marts that the warehouse does not have yet."""
    known = {name for (name,) in draft.rows(_statement("tables_of_warehouse"))}
    if missing := [mart for mart in marts() if mart.stem not in known]:
        _narrow(draft, [])
        for mart in marts():
            draft.connection.sql(mart.read_text("utf-8")).create(mart.stem)
        for mart in missing:
            draft.run("found_mart", table=mart.stem)
        _widen(draft)


def _narrow(draft: Draft, reports: Sequence[str]) -> None:
    """Tables of the warehouse's names that hold only these reports, for marts and checks to run over."""
    draft.connection.execute(
        "create or replace table scope as select unnest($ids::text[]) as report_id", {"ids": list(reports)}
    )
    for table in KEPT:
        draft.run("narrow", table=table)
    draft.run("narrow_bodies")
    own = {*KEPT, "body", *(mart.stem for mart in marts())}
    for (table,) in draft.rows(_statement("tables_of_warehouse")):
        if table not in own:
            draft.run("show", table=table)


def _widen(draft: Draft) -> None:
    for kind, table in draft.rows(_statement("own_tables")):
        draft.run("drop", kind=kind, table=table)


def _fill_marts(draft: Draft, some: Iterable[Path]) -> None:
    for mart in some:
        draft.connection.sql(mart.read_text("utf-8")).create(mart.stem)
        draft.run("fill_mart", table=mart.stem, **_owner(draft, mart.stem))


def _owner(draft: Draft, mart: str) -> dict[str, str]:
    """What the rows of a mart belong to, bodies or reports: the one whose column stands first."""
    columns = draft.connection.table(f"warehouse.{mart}").columns
    key = next(name for name in columns if name in ("body_id", "report_id"))
    return {"key": key, "owner": key.removesuffix("_id")}


def _findings(
    draft: Draft, catalogue: Catalogue, corrections: Mapping[Key, list[Correction]]
) -> Iterator[Row]:
    keys = {
        report_id: (body_id or "", year or 0)
        for report_id, body_id, year in draft.rows("select report_id, body_id, year from memory.report")
    }
    found: dict[str, list[Finding]] = {}
    for report_id, finding in findings_across(draft.connection, catalogue):
        found.setdefault(report_id, []).append(finding)
    for report_id, findings in found.items():
        decided, _ = decide(findings, corrections.get(keys[report_id], ()))
        yield from (finding_row(report_id, finding, across=True) for finding in decided)
