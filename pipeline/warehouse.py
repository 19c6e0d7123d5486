"""Documents into the warehouse: read what is new, settle it into a copy of the last build, publish by one rename."""

import datetime as dt
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from pipeline import events, places, published
from pipeline.catalogue import Catalogue, default_catalogue
from pipeline.corrections import Correction, by_report, load_corrections
from pipeline.database import open_to_read
from pipeline.derive import counties_of, derive
from pipeline.draft import Draft
from pipeline.extract import Extraction
from pipeline.issues import issue as issue_of
from pipeline.model import Issue, UserError
from pipeline.plan import Plan, plan_of
from pipeline.reading import Read, Readers, read_all
from pipeline.rows import Rows, add, catalogue_rows, issue_rows, published_rows, report_id_of, report_rows
from pipeline.settings import Settings, load_settings
from pipeline.sources import (
    FIGURES,
    ROOT,
    Source,
    bodies_of,
    declared_as,
    population_of,
    sources_in,
)
from pipeline.version import version_of

DEFAULT_WAREHOUSE = ROOT / "data" / "warehouse.duckdb"
DEFAULT_SOURCES = ROOT / "data" / "sources"
_BUILD_QUERIES = ROOT / "queries" / "build"
_BATCH = 100

Progress = Callable[[int, int, int | None], None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to. `read` files were read anew; none where nothing had changed."""

    build_id: str
    path: Path
    counts: Mapping[str, int]
    refused: Sequence[str]
    read: int
    gone: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Last:
    """What the warehouse that is current says of itself."""

    build_id: str
    built_at: dt.datetime
    version: str
    corrections: frozenset[tuple[object, ...]]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Order:
    """All that a build works from."""

    folders: Sequence[Path]
    sources: Sequence[Source]
    catalogue: Catalogue
    corrections: Sequence[Correction]
    version: str
    at: dt.datetime
    readers: Readers
    progress: Progress | None


def build(
    folders: Sequence[Path],
    path: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    catalogue: Catalogue | None = None,
    corrections: Sequence[Correction] | None = None,
    settings: Settings | None = None,
    at: dt.datetime | None = None,
    say: Say = lambda text: None,
) -> Built:
    """Bring the warehouse at `path` up to date with the documents of the folders; `at` is the time it is now.

    Only files that are new, changed or declared otherwise are read, all of them where the catalogue or our own code has
    changed: by `workers` processes of this machine, or by the workers of the Dask `scheduler` (PIPELINE_SCHEDULER), which
    must see the folders and that of the warehouse. A document that cannot be read becomes an issue. Until the new
    warehouse is complete and checked, the one at `path` stays as it was, and a build that is killed leaves no more than a
    file that the next one removes.
    """
    started = time.monotonic()
    declared = catalogue or default_catalogue()
    bodies = bodies_of(list(folders), declared)
    population = population_of(list(folders), declared, bodies)
    declared = replace(declared, bodies=bodies, population=population)
    rules = settings or load_settings()
    builds = path.with_name(path.name + ".builds")
    # DuckDB's timestamps bear no zone: all are UTC.
    now = (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    try:
        builds.mkdir(parents=True, exist_ok=True)
        with _alone(builds, rules, say), events.told("build") as told:
            last = _last(path)
            now = _not_before(last, now, say)
            order = _Order(
                folders,
                [source for folder in folders for source in sources_in(folder)],
                declared,
                _in_force(load_corrections(declared) if corrections is None else corrections, now),
                version_of(declared),
                now,
                Readers(workers, scheduler or places.scheduler(), builds),
                progress,
            )
            built = replace(_build(order, path, builds, rules, last), seconds=time.monotonic() - started)
            told.update(build=built.build_id, read=built.read, gone=built.gone, refused=len(built.refused))
            return built
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException) as error:
        raise UserError(f"{path}：写不进去（{error}）；原有数据库未动，请核对磁盘空间和权限") from error


def _not_before(last: _Last | None, now: dt.datetime, say: Say) -> dt.datetime:
    """The time of a build: never before that of the build it follows, or it would no longer be known what was known when.

    A correction made under that time would wait, and what was known before would be held true until before it began.
    """
    if last is None or last.built_at <= now:
        return now
    say(
        f"系统时钟现为 {now:%Y-%m-%d %H:%M}（世界时），早于上一版本的 {last.built_at:%Y-%m-%d %H:%M}；"
        "这一版按上一版本的时间记，请核对系统时钟"
    )
    return last.built_at


def _in_force(corrections: Iterable[Correction], now: dt.datetime) -> list[Correction]:
    """The corrections made by now; one of a day to come waits for it."""
    return [correction for correction in corrections if correction.made_on <= now.date()]


@contextmanager
def _alone(builds: Path, settings: Settings, say: Say) -> Iterator[None]:
    """One build at a time: the operating system lets the lock go when its holder dies, however it dies."""
    lock = FileLock(builds / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        seconds = settings.lock_wait_seconds
        say(f"另一个 build 正在写 {builds}，等它完成（最多 {seconds:,.0f} 秒）")
        try:
            lock.acquire(timeout=seconds)
        except Timeout as error:
            raise UserError(f"{builds}：另一个 build 一直没有完成；请稍后再试，或先结束它") from error
    try:
        yield
    finally:
        lock.release()


def _build(order: _Order, path: Path, builds: Path, settings: Settings, last: _Last | None) -> Built:
    _sweep(builds, path)
    changed = _changed_corrections(order.corrections, last)
    plan = _plan(order, path, last, changed)
    if last is not None and not (plan.read or plan.gone or changed):
        return Built(last.build_id, path, last.counts, [], 0, 0, 0)
    draft = builds / ".draft.duckdb"
    share = len(plan.read) / max(1, len(order.sources))
    compact = last is None or last.version != order.version or share > settings.compact_above
    try:
        if not compact:
            _copy(held(path), draft)
        with Draft(draft) as opened:
            if compact:
                opened.create()
                if last is not None:
                    _carry_over(opened, path)
            build_id, counts, refused = _write(opened, order, plan, changed, everything=compact)
        finished = _finish(draft, builds, build_id)
    finally:
        _sweep(builds, path)
    _publish(finished, path)
    _remove_old(builds, path, int(settings.kept_builds))
    return Built(build_id, path, counts, refused, len(plan.read), len(plan.gone), 0)


def held_builds(builds: Path) -> list[Path]:
    """The finished builds of a folder, the newest first."""
    found = [(stamp, file) for file in builds.glob("*-*.duckdb") if (stamp := _stamp_of(file)) is not None]
    return [file for _, file in sorted(found, reverse=True)]


def _stamp_of(file: Path) -> int | None:
    text = file.stem.rsplit("-", 1)[1]
    return int(text) if text.isdecimal() else None


def _stamp(builds: Path) -> int:
    """What tells a build that comes now from all before it, whatever the clock says: it may have been put back."""
    newest = next(iter(held_builds(builds)), None)
    return max(time.time_ns(), 0 if newest is None else (_stamp_of(newest) or 0) + 1)


def build_by(
    write: Callable[[Draft], str], path: Path, memory: str, settings: Settings | None = None
) -> None:
    """Make a warehouse of what `write` puts into an empty draft, and publish it; it returns the id of the build."""
    builds = path.with_name(path.name + ".builds")
    rules = settings or load_settings()
    builds.mkdir(parents=True, exist_ok=True)
    with _alone(builds, rules, lambda text: None):
        _sweep(builds, path)
        draft = builds / ".draft.duckdb"
        try:
            with Draft(draft, memory) as opened:
                opened.create()
                build_id = write(opened)
            finished = _finish(draft, builds, build_id)
        finally:
            _sweep(builds, path)
        _publish(finished, path)
        _remove_old(builds, path, int(rules.kept_builds))


def _finish(draft: Path, builds: Path, build_id: str) -> Path:
    """The draft, checked, under the name of its build."""
    _check(draft, build_id)
    finished = builds / f"{build_id}-{_stamp(builds)}.duckdb"
    draft.replace(finished)
    return finished


def _copy(held: Path, draft: Path) -> None:
    """Copy the last build, and let the disk take it in while documents are read: the last checkpoint waits for it."""
    shutil.copyfile(held, draft)
    threading.Thread(target=_flush, args=(draft,), daemon=True).start()


def _flush(file: Path) -> None:
    with suppress(OSError), file.open("rb") as opened:
        os.fsync(opened.fileno())


def _carry_over(draft: Draft, path: Path) -> None:
    """The last warehouse's rows; one that this version cannot take over begins anew from the documents."""
    try:
        draft.carry_over(held(path))
    except duckdb.Error as error:
        raise UserError(
            f"{path}：现有数据库的内容接不过来（{str(error).splitlines()[0]}）；它未被改动，"
            "请改名保存后重新 build"
        ) from error


# --- what there is to do -------------------------------------------------------------------------


def _last(path: Path) -> _Last | None:
    """What the current warehouse says of itself; None where there is none, or none that this version wrote."""
    if not path.exists():
        return None
    try:
        with open_to_read(held(path)) as connection:
            newest = connection.execute(
                "select build_id, built_at, version, reports, facts, findings, issues "
                "from build order by number desc limit 1"
            ).fetchone()
            corrections = connection.execute("select correction_id, * from correction").fetchall()
            names = connection.table("correction").columns
    except duckdb.Error:
        return None
    if newest is None:
        return None
    counts = dict(zip(("report", "fact", "finding", "issue"), newest[3:], strict=True))
    said = frozenset(_as_said(dict(zip(names, row[1:], strict=True))) for row in corrections)
    return _Last(newest[0], newest[1], newest[2], said, counts)


def _as_said(row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(None if row[name] == "" else row[name] for name in Correction.__slots__)


def _changed_corrections(corrections: Sequence[Correction], last: _Last | None) -> set[tuple[str, int]]:
    """The bodies and years of which something has been declared, or is no longer, since the last build."""
    now = {_as_said({name: getattr(one, name) for name in one.__slots__}) for one in corrections}
    before = last.corrections if last else frozenset()
    body, year = Correction.__slots__.index("body_id"), Correction.__slots__.index("year")
    return {(str(said[body]), int(str(said[year]))) for said in now ^ before}


def _plan(order: _Order, path: Path, last: _Last | None, changed: set[tuple[str, int]]) -> Plan:
    if last is None:
        return plan_of(order.sources, None)
    with open_to_read(held(path)) as connection:
        again: set[str] = set()
        if changed:
            rows = connection.execute("select body_id, year, file from report").fetchall()
            again = {file for body_id, year, file in rows if (body_id, year) in changed}
        return plan_of(order.sources, connection, again, everything=last.version != order.version)


def _build_id(draft: Draft, order: _Order) -> str:
    """What a warehouse is made of: the version of catalogue and reader, the documents' bytes, the corrections."""
    digest = hashlib.sha256(order.version.encode())
    digest.update(str(draft.rows(_query("digest_of_files"))[0][0]).encode())
    for correction in order.corrections:
        digest.update(repr(correction).encode())
    return digest.hexdigest()[:12]


# --- writing -------------------------------------------------------------------------------------


def _write(
    draft: Draft, order: _Order, plan: Plan, changed: set[tuple[str, int]], *, everything: bool
) -> tuple[str, Mapping[str, int], list[str]]:
    if everything:
        draft.replace(catalogue_rows(order.catalogue))
    touched = [*plan.gone, *(source.name for source in plan.read)]
    before = _reports_of(draft, touched)
    draft.settle({}, plan.gone, order.at)
    _forget_files(draft, plan.gone)
    refused = _read_into(draft, order, plan, touched)
    after = _reports_of(draft, touched)
    draft.settle_across([], sorted(before - after), order.at)
    reports = before | after | _reports_about(draft, changed)
    counties = None if everything else counties_of(draft, reports)
    derive(draft, counties, order.catalogue, order.corrections, order.at)
    _state_corrections(draft, order.corrections)
    build_id = _build_id(draft, order)
    counts = note_build(
        draft, build_id, order.at, order.version, order.catalogue,
        documents=len(order.sources), files_read=len(plan.read),
    )  # fmt: skip
    return build_id, counts, refused


def note_build(
    draft: Draft,
    build_id: str,
    at: dt.datetime,
    version: str,
    catalogue: Catalogue,
    *,
    documents: int,
    files_read: int,
) -> dict[str, int]:
    """Let the draft say of itself what it holds, and put it on the disk; its counts."""
    counts = dict(zip(("report", "fact", "finding", "issue"), draft.rows(_query("counts"))[0], strict=True))
    newest = {
        "number": draft.rows("select coalesce(max(number), 0) + 1 from warehouse.build")[0][0],
        "build_id": build_id, "built_at": at, "version": version, "catalogue_hash": catalogue.digest,
        "documents": documents, "files_read": files_read, "reports": counts["report"], "facts": counts["fact"],
        "findings": counts["finding"], "issues": counts["issue"],
    }  # fmt: skip
    draft.insert("warehouse.build", [newest])
    draft.connection.execute("checkpoint warehouse")
    return counts


def _query(name: str) -> str:
    return (_BUILD_QUERIES / f"{name}.sql").read_text("utf-8")


def _reports_of(draft: Draft, files: Iterable[str]) -> set[str]:
    query = "select report_id from warehouse.report where list_contains($files::text[], file)"
    return {report_id for (report_id,) in draft.rows(query, files=list(files))}


def _reports_about(draft: Draft, bodies_and_years: set[tuple[str, int]]) -> set[str]:
    if not bodies_and_years:
        return set()
    rows = draft.rows("select body_id, year, report_id from warehouse.report")
    return {report_id for body_id, year, report_id in rows if (body_id, year) in bodies_and_years}


def _read_into(draft: Draft, order: _Order, plan: Plan, touched: Sequence[str]) -> list[str]:
    """Read the plan's files and settle what they say; the lines that say why some could not be read."""
    figures = [source for source in plan.read if source.file.name == FIGURES]
    documents = [source for source in plan.read if source.file.name != FIGURES]
    for source in figures:
        reports = published.load_published(source.file, order.catalogue)
        draft.settle(published_rows(source, reports, order.catalogue), [source.name], order.at)
        _note_files(draft, order, plan, [source], {})
    batch = _Batch(draft, order, plan, _places_by_hash(draft, touched))
    reads = read_all(documents, order.catalogue, by_report(order.corrections), order.readers)
    for done, (source, read) in enumerate(zip(documents, reads, strict=True), start=1):
        batch.take(source, read)
        if order.progress:
            order.progress(done, len(documents), batch.troubled)
        if done % _BATCH == 0:
            batch.settle()
    batch.settle()
    return batch.refused


def _places_by_hash(draft: Draft, touched: Sequence[str]) -> dict[str, tuple[str, str]]:
    """File and path of the documents that stay as they are, by their hash: the same document twice is counted once.

    The path alone does not tell a document: two folders can hold files of one name.
    """
    rows = draft.rows(
        """
        select sha256, coalesce(file, ''), path from warehouse.report
        where sha256 is not null and not list_contains($files::text[], coalesce(file, ''))
        """,
        files=list(touched),
    )
    return {sha256: (file, path) for sha256, file, path in rows}


class _Batch:
    """Documents read and not yet settled."""

    def __init__(self, draft: Draft, order: _Order, plan: Plan, seen: dict[str, tuple[str, str]]) -> None:
        self.draft, self.order, self.plan, self.seen = draft, order, plan, seen
        self.refused: list[str] = []
        self.troubled = 0
        self._clear()

    def _clear(self) -> None:
        self.rows: Rows = {}
        self.sources: list[Source] = []
        self.same_as: dict[str, list[str]] = {}
        self.received: dict[str, dt.datetime] = {}
        self.corrected: list[Read] = []

    def take(self, source: Source, reads: Sequence[Read]) -> None:
        """What one file gave: its documents' rows, or the issue that says why there are none."""
        self.sources.append(source)
        for read in reads:
            extraction, place = read.extraction, (source.name, read.path)
            if extraction is None:
                refusal = read.refusal or read.path
                self.refused.append(refusal)
                self._issue(read, issue_of("unreadable_file", reason=refusal))
            elif (first := self.seen.setdefault(extraction.document.sha256, place)) != place:
                self.same_as.setdefault(source.name, []).append(extraction.document.sha256)
                other = first[1] if first[1] != read.path else first[0]
                self._issue(read, issue_of("same_document", other=other))
            else:
                self._report(read, extraction)

    def _issue(self, read: Read, issue: Issue) -> None:
        self.troubled += 1
        add(self.rows, "issue", issue_rows(None, read.source, read.path, [issue]))

    def _report(self, read: Read, extraction: Extraction) -> None:
        self.troubled += bool(extraction.report.issues)
        for table, rows in self._rows(read, extraction).items():
            add(self.rows, table, rows)
        report_id = report_id_of(extraction.report, extraction.document.sha256)
        received = read.source.declared.received
        if received is not None:
            self.received[report_id] = min(dt.datetime.combine(received, dt.time()), self.order.at)
        if read.earlier:
            self.corrected.append(read)

    def _rows(self, read: Read, extraction: Extraction) -> Rows:
        return report_rows(
            read.source, read.path, extraction.document, extraction.report, self.order.catalogue
        )

    def settle(self) -> None:
        """Settle what has been taken, and forget it."""
        unknown = self._unknown([row["report_id"] for row in self.rows.get("report", ())])
        since = {report_id: day for report_id, day in self.received.items() if report_id in unknown}
        for read in self.corrected:
            self._settle_earlier(read, unknown, since)
        self.draft.settle(self.rows, [source.name for source in self.sources], self.order.at, since)
        _note_files(self.draft, self.order, self.plan, self.sources, self.same_as)
        self._clear()

    def _unknown(self, report_ids: Sequence[str]) -> set[str]:
        """Those of the reports that no build has held before."""
        rows = self.draft.rows(_query("unknown_reports"), ids=list(report_ids))
        return {report_id for (report_id,) in rows}

    def _settle_earlier(self, read: Read, unknown: set[str], since: dict[str, dt.datetime]) -> None:
        """A corrected report nobody knew before was known uncorrected from its receipt to each correction's day."""
        extraction = read.extraction
        assert extraction is not None  # noqa: S101  only read documents are corrected
        report_id = report_id_of(extraction.report, extraction.document.sha256)
        start = since.pop(report_id, None)
        if report_id not in unknown or start is None:
            return
        for earlier, day in zip(read.earlier, read.days, strict=True):
            until = dt.datetime.combine(day, dt.time())
            if start < until:
                self.draft.settle(self._rows(read, earlier), [], start, {})
                start = until
        self.draft.settle(self._rows(read, extraction), [], start, {})


def _note_files(
    draft: Draft, order: _Order, plan: Plan, sources: Sequence[Source], same_as: Mapping[str, Sequence[str]]
) -> None:
    """Remember what the files looked like when they were read."""
    rows = [
        {
            "file": source.name, "size": source.size, "modified": source.modified,
            "sha256": plan.digests[source.name], "declared": declared_as(source),
            "same_as": list(same_as.get(source.name, ())),
        }
        for source in sources
    ]  # fmt: skip
    _forget_files(draft, [source.name for source in sources])
    draft.insert("warehouse.source_file", rows)


def _forget_files(draft: Draft, names: Sequence[str]) -> None:
    draft.connection.execute(
        "delete from warehouse.source_file where list_contains($files::text[], file)", {"files": list(names)}
    )


def _state_corrections(draft: Draft, corrections: Sequence[Correction]) -> None:
    rows = [{name: getattr(one, name) for name in one.__slots__} | {"state": ""} for one in corrections]
    draft.replace({"correction": rows})
    states = dict(draft.rows(_query("correction_states")))
    draft.replace({"correction": [{**row, "state": states[row["correction_id"]]} for row in rows]})


# --- publishing ----------------------------------------------------------------------------------


def _check(draft: Path, build_id: str) -> None:
    """Refuse a draft that is not a whole warehouse."""
    with open_to_read(draft) as connection:
        newest = connection.execute("select build_id from build order by number desc limit 1").fetchone()
        orphans = connection.execute(_query("orphans")).fetchone()
    if newest != (build_id,) or orphans is None or orphans[0]:
        raise UserError("新建的数据库不完整，未发布；请再 build 一次，仍不行请报告问题")


def held(path: Path) -> Path:
    """The immutable file behind the current name; the path itself where there is none."""
    folder = path.with_name(path.name + ".builds")
    return next((file for file in folder.glob("*-*.duckdb") if file.samefile(path)), path)


def _publish(finished: Path, path: Path) -> None:
    """Make the finished build the file at `path` in one rename: a link to it, or a copy where links fail."""
    beside = _beside(path)
    beside.unlink(missing_ok=True)
    try:
        os.link(finished, beside)
    except OSError:
        shutil.copyfile(finished, beside)
    beside.replace(path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _sweep(builds: Path, path: Path) -> None:
    """Remove what a killed build left. Only the holder of the lock may: a draft is somebody's work otherwise."""
    for left in (*builds.glob(".draft.duckdb*"), _beside(path)):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _remove_old(builds: Path, path: Path, kept: int) -> None:
    """Keep the newest builds; one that a reader still holds open (Windows) is left for the next time."""
    for file in held_builds(builds)[kept:]:
        try:
            if not file.samefile(path):
                file.unlink()
        except OSError:
            continue


def install(draft: Path, finished: Path, path: Path, kept: int) -> None:
    """Make a warehouse file that came from elsewhere one of the builds beside `path`, and the current one."""
    draft.replace(finished)
    _publish(finished, path)
    _remove_old(finished.parent, path, kept)


def held_name(path: Path) -> str | None:
    """The name of the build that is current among those held; None where it is not held by a name of its own."""
    file = held(path)
    return file.name if file != path else None


def restore(
    path: Path, name: str | None, settings: Settings | None = None, say: Say = lambda text: None
) -> bool:
    """Make a build that is still held the current one again; whether there was one."""
    builds = path.with_name(path.name + ".builds")
    if name is None or Path(name).name != name or not (builds / name).is_file():
        return False
    with _alone(builds, settings or load_settings(), say):
        _publish(builds / name, path)
    return True
