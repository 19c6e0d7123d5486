"""A large warehouse for benchmarks, of an invented country: no document is read for it, everything else is as in a build.

Some hundred courses of things are written, judged and derived as reports of a build are; every body of the country then
takes one of them, with keys of its own. The marts are computed over the whole by the build's own SQL.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.case import Figures, number
from pipeline.catalogue import Catalogue, default_catalogue
from pipeline.database import attach
from pipeline.derive import derive
from pipeline.draft import KEPT, Draft
from pipeline.invent.district import seeded
from pipeline.invent.nation import Printed, Sheet, Sited, invent_country, invent_life
from pipeline.judge import judge_equations
from pipeline.model import Bound, Fact, Finding, Status, UserError
from pipeline.rows import Row, Rows, add, catalogue_rows, fact_rows, finding_row
from pipeline.version import version_of
from pipeline.warehouse import build_by, note_build

_LIVES = 200
_BODIES_AT_ONCE = 2_000
_REPORTS_AT_ONCE = 15_000
_MEMORY = "2GB"
_AT = dt.datetime(2026, 3, 31)  # noqa: DTZ001  DuckDB's timestamps bear no zone
_SAID_AFTER = {"exact": "", "at_least": "余", "about": "左右", "at_most": ""}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Synthesized:
    """What was made: its counts, and the seconds of each step."""

    counts: dict[str, int]
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A body with the life it takes, and the last year that it reports of."""

    body: Sited
    life: str
    last_year: int


def synthesize(path: Path, reports: int, seed: int = 1, say: Say = lambda text: None) -> Synthesized:
    """Make a warehouse of so many reports at `path`; the same rows for the same seed."""
    catalogue = replace(default_catalogue(), bodies={}, population=())
    seconds: dict[str, float] = {}
    counts: dict[str, int] = {}

    def write(draft: Draft) -> str:
        with _Timed(seconds, "lives", say):
            lives = path.with_name(path.name + ".builds") / ".draft.duckdb.lives"
            told = _write_lives(lives, catalogue, min(_LIVES, max(8, reports // 18)), seed)
        copies = list(_copies(told, reports, seed))
        with _Timed(seconds, "rows", say):
            draft.replace(catalogue_rows(catalogue))
            draft.insert("warehouse.body", [_body_row(copy.body) for copy in copies])
            _copy_rows(draft, lives, copies)
        with _Timed(seconds, "marts", say):
            derive(draft, None, catalogue, (), _AT, at_once=_REPORTS_AT_ONCE, across=False)
        with _Timed(seconds, "disk", say):
            build_id = hashlib.sha256(f"{version_of(catalogue)} {reports} {seed}".encode()).hexdigest()[:12]
            version = f"synthesized {seed}"
            counts.update(note_build(draft, build_id, _AT, version, catalogue, documents=0, files_read=0))
        return build_id

    build_by(write, path, _MEMORY)
    return Synthesized(counts, seconds)


class _Timed:
    """Notes how long a step took."""

    def __init__(self, seconds: dict[str, float], step: str, say: Say) -> None:
        self.seconds, self.step, self.say = seconds, step, say

    def __enter__(self) -> None:
        self.started = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.step] = time.monotonic() - self.started
        self.say(f"{self.step}: {self.seconds[self.step]:.1f} s")


# --- the lives


def _write_lives(
    path: Path, catalogue: Catalogue, count: int, seed: int
) -> dict[str, list[tuple[str, list[int]]]]:
    """The reports of all lives, judged, as a warehouse at `path`; the years of each, by the kind of body it is for."""
    told: dict[str, list[tuple[str, list[int]]]] = {"township": [], "department": []}
    with Draft(path) as draft:
        draft.create()
        draft.replace(catalogue_rows(catalogue))
        rows: Rows = {}
        for place in range(count):
            kind = "department" if place % 4 == 3 else "township"
            life, years = f"L{place:04d}", []
            add(rows, "body", [_life_row(life, kind)])
            for sheet in invent_life(place, kind, seed):
                years.append(sheet.year)
                _add_report(rows, life, kind, sheet, catalogue, seed)
            told[kind].append((life, years))
        draft.insert("warehouse.body", rows.pop("body"))
        draft.settle(rows, [], _AT)
        derive(draft, None, catalogue, (), _AT)
    return told


def _life_row(life: str, kind: str) -> Row:
    return {
        "body_id": life, "name": life, "kind": kind, "county": life, "prefecture": life, "province": life,
        "origin": "invented",
    }  # fmt: skip


def _add_report(rows: Rows, life: str, kind: str, sheet: Sheet, catalogue: Catalogue, seed: int) -> None:
    pick = seeded(seed, life, sheet.year, "published")
    report_id = f"{life}-{sheet.year}-{pick.getrandbits(32):08x}"
    limit = catalogue.limit_of(kind, sheet.year)
    limited = dt.date.fromisoformat(limit) if limit else dt.date(sheet.year + 1, 3, 31)
    days = pick.randint(1, 40) if sheet.late else -pick.randint(0, 25)
    text, told = _written(sheet.text, catalogue)
    printed = [_fact(one, f"b2r{at}c{_column(one)}", catalogue) for at, one in enumerate(sheet.form)]
    layout = str(sheet.layout)
    findings = [
        finding
        for finding in judge_equations(layout, Figures(printed, catalogue), catalogue)
        if _is_printed(finding)
    ]
    add(rows, "report", [{
        "report_id": report_id, "body_id": life, "year": sheet.year, "published": limited + dt.timedelta(days),
        "title": "政府信息公开工作年度报告", "layout": layout, "origin": "invented", "sha256": report_id, "path": "",
        "media_type": "text/plain", "publication_limit": limited if limit else None,
    }])  # fmt: skip
    add(rows, "fact", fact_rows(report_id, [*told, *printed]))
    add(rows, "finding", [finding_row(report_id, finding, across=False) for finding in findings])
    add(rows, "passage", [{"report_id": report_id, "block": 1, "text": text}])


def _is_printed(finding: Finding) -> bool:
    """Rules on columns that the sheet leaves out are not even asked: their cells are printed nowhere."""
    return finding.outcome != "not_assessable" or len(finding.places) > 1


def _column(one: Printed) -> int:
    return 1 if one.applicant is None else 3


def _written(said: Sequence[Printed], catalogue: Catalogue) -> tuple[str, list[Fact]]:
    """A paragraph that says the figures, and the facts at their places in it."""
    text, facts = "", []
    for one in said:
        measure = catalogue.measures[one.measure]
        name = catalogue.channels[one.channel].label_zh if one.channel else measure.label_zh
        shown = (
            ""
            if one.value is None
            else f"{number(one.value).replace(',', '')}{_SAID_AFTER[one.bound]}{measure.unit}"
        )
        start = len(text) + (len(name) if shown else 0)
        text += f"{name}{shown}，"
        place = f"b1:{start}-{start + len(shown or name)}"
        facts.append(replace(_fact(one, place, catalogue), raw_text=shown or name))
    return text.rstrip("，") + "。", facts


def _fact(one: Printed, locator: str, catalogue: Catalogue) -> Fact:
    return Fact(
        one.measure, one.value, catalogue.measures[one.measure].unit, Status(one.status),
        "" if one.value is None else f"{one.value:g}", locator, one.applicant, one.channel, bound=Bound(one.bound),
    )  # fmt: skip


# --- the country


def _copies(told: dict[str, list[tuple[str, list[int]]]], reports: int, seed: int) -> Iterator[_Copy]:
    """Bodies until their reports are as many as asked for; the last one stops in the year that fills the number."""
    left = reports
    for body in invent_country(seed):
        lives = told["department" if body.kind in ("department", "county") else "township"]
        life, years = seeded(seed, body.body_id).choice(lives)
        taken = years[:left]
        if not taken:
            return
        left -= len(taken)
        yield _Copy(body, life, taken[-1])
    if left:
        raise UserError(f"--reports {reports:,}：最多 {reports - left:,} 份")


def _body_row(body: Sited) -> Row:
    return {
        "body_id": body.body_id, "name": body.name, "kind": body.kind, "code": body.code, "code_system": "invented",
        "county": body.county, "prefecture": body.prefecture, "province": body.province, "origin": "invented",
    }  # fmt: skip


def _copy_rows(draft: Draft, lives: Path, copies: Sequence[_Copy]) -> None:
    """Every body's rows, in the order of their reports: a county's stand together on the disk."""
    ordered = sorted(copies, key=lambda copy: copy.body.body_id)
    attach(draft.connection, lives, "lives", read_only=True)
    for first in range(0, len(ordered), _BODIES_AT_ONCE):
        some = ordered[first : first + _BODIES_AT_ONCE]
        draft.run(
            "copy_reports",
            {
                "bodies": [copy.body.body_id for copy in some],
                "lives": [copy.life for copy in some],
                "last_years": [copy.last_year for copy in some],
            },
        )
        for table in sorted(set(KEPT) - {"report", "fact", "issue"}):
            draft.run("copy_rows", table=table)
        draft.run("copy_facts")
    draft.connection.execute("detach lives")
    lives.unlink()
