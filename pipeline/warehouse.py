"""Reports into a DuckDB file: written aside, checked, then made current by one rename."""

import datetime as dt
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline import published
from pipeline.across import findings_across, rule_terms
from pipeline.catalogue import Body, Catalogue, default_catalogue
from pipeline.database import open_to_read, open_to_write
from pipeline.extract import FACT_FIELDS, VERSION, Extraction, extract_document
from pipeline.model import Document, Fact, Grid, Issue, Paragraph, UserError
from pipeline.readers import documents_in
from pipeline.sources import FIGURES, Source, bodies_of, changed_sources, sources_in

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_WAREHOUSE = ROOT / "data" / "warehouse.duckdb"
DEFAULT_SOURCES = ROOT / "data" / "sources"
_QUERIES = ROOT / "queries"
_KEPT_BUILDS = 3
_BATCH = 200

Row = dict[str, Any]
Progress = Callable[[int, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    build_id: str
    path: Path
    counts: Mapping[str, int]
    refused: Sequence[str]
    seconds: float


@dataclass(slots=True)
class _Read:
    """One source after reading: the extraction, or the one line that says why there is none."""

    source: Source
    extraction: Extraction | None
    refusal: str | None


@dataclass(slots=True)
class _Tables:
    """Rows gathered for insertion, by table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, rows: Iterable[Row]) -> None:
        self.rows.setdefault(table, []).extend(rows)


def build(
    folders: Sequence[Path],
    path: Path,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    catalogue: Catalogue | None = None,
) -> Built:
    """Read every document of the folders into a new warehouse and make it the one at `path`.

    A document that cannot be read becomes an issue; the warehouse at `path` stays as it was until the new
    one is complete and checked.
    """
    started = time.monotonic()
    declared = catalogue or default_catalogue()
    declared = replace(declared, bodies=bodies_of(list(folders), declared))
    sources = [source for folder in folders for source in sources_in(folder)]
    changed = list(changed_sources(sources))
    if changed:
        raise UserError(changed[0])
    builds = path.with_name(path.name + ".builds")
    builds.mkdir(parents=True, exist_ok=True)
    draft = builds / f".draft-{os.getpid()}.duckdb"
    try:
        build_id, counts, refused = _write(draft, sources, folders, declared, workers, progress)
        _check(draft)
        finished = builds / f"{build_id}-{time.time_ns()}.duckdb"
        draft.replace(finished)
        _publish(finished, path)
    except (OSError, duckdb.IOException) as error:
        raise UserError(f"{path}：写不进去（{error}）；原有数据库未动，请核对磁盘空间和权限") from error
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + ".wal").unlink(missing_ok=True)
    _remove_old(builds, path)
    return Built(build_id, path, counts, refused, time.monotonic() - started)


# --- reading -------------------------------------------------------------------------------------


def _read_one(source: Source, catalogue: Catalogue) -> list[_Read]:
    """The documents of one file: one, or those in an archive; what cannot be read is said, never raised."""
    reads: list[_Read] = []
    try:
        for name, document in documents_in(source.file, source.path):
            own = source if name == source.path else replace(source, path=name)
            reads.append(
                _Read(own, Extraction(document, extract_document(document, catalogue, source.declared)), None)
            )
    except UserError as error:
        reads.append(_Read(source, None, str(error)))
    return reads


_worker_catalogue: Catalogue | None = None


def _start_worker(catalogue_bodies: dict[str, Body]) -> None:
    global _worker_catalogue
    _worker_catalogue = replace(default_catalogue(), bodies=catalogue_bodies)


def _read_in_worker(source: Source) -> list[_Read]:
    assert _worker_catalogue is not None  # noqa: S101  set by the initializer
    return _read_one(source, _worker_catalogue)


def _read_all(sources: Sequence[Source], catalogue: Catalogue, workers: int | None) -> Iterator[list[_Read]]:
    count = min(workers or os.cpu_count() or 1, max(1, len(sources) // 8))
    if count <= 1:
        yield from (_read_one(source, catalogue) for source in sources)
        return
    with ProcessPoolExecutor(count, initializer=_start_worker, initargs=(dict(catalogue.bodies),)) as pool:
        for at in range(0, len(sources), _BATCH):
            yield from pool.map(_read_in_worker, sources[at : at + _BATCH], chunksize=8)


# --- writing -------------------------------------------------------------------------------------


def _write(
    draft: Path,
    sources: Sequence[Source],
    folders: Sequence[Path],
    catalogue: Catalogue,
    workers: int | None,
    progress: Progress | None,
) -> tuple[str, dict[str, int], list[str]]:
    draft.unlink(missing_ok=True)
    refused: list[str] = []
    seen: dict[str, str] = {}
    with open_to_write(draft) as connection:
        connection.execute((_QUERIES / "schema.sql").read_text("utf-8"))
        tables = _Tables()
        _add_catalogue(tables, catalogue)
        for folder in folders:
            if (folder / FIGURES).exists():
                _add_published(tables, published.load_published(folder / FIGURES, catalogue), catalogue)
        troubled = 0
        for done, reads in enumerate(_read_all(sources, catalogue, workers), start=1):
            troubled += sum(_add_read(tables, read, seen, refused, catalogue) for read in reads)
            if done % _BATCH == 0:
                _insert(connection, tables)
            if progress:
                progress(done, len(sources), troubled)
        _insert(connection, tables)
        build_id = _build_id(catalogue, seen)
        for mart in sorted((_QUERIES / "marts").glob("*.sql")):
            connection.sql(mart.read_text("utf-8")).create(mart.stem)
        tables.add("finding", list(findings_across(connection, catalogue)))
        _insert(connection, tables)
        counts = {name: _count(connection, name) for name in ("report", "fact", "finding", "issue")}
        _add_build(connection, build_id, catalogue, len(sources), counts)
        connection.execute("checkpoint")
    return build_id, counts, refused


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.table(table).shape[0])


def _build_id(catalogue: Catalogue, documents: Mapping[str, str]) -> str:
    digest = hashlib.sha256(f"{VERSION} {catalogue.digest}".encode())
    for sha256 in sorted(documents):
        digest.update(sha256.encode())
    return digest.hexdigest()[:12]


def _add_build(
    connection: duckdb.DuckDBPyConnection,
    build_id: str,
    catalogue: Catalogue,
    documents: int,
    counts: Mapping[str, int],
) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    connection.execute(
        "insert into build values ($build_id, $at, $hash, $documents, $reports, $facts, $findings, $issues)",
        {
            "build_id": build_id, "at": now, "hash": catalogue.digest, "documents": documents,
            "reports": counts["report"], "facts": counts["fact"], "findings": counts["finding"],
            "issues": counts["issue"],
        },
    )  # fmt: skip


def _insert(connection: duckdb.DuckDBPyConnection, tables: _Tables) -> None:
    """Append the gathered rows by column name and forget them."""
    for table, rows in tables.rows.items():
        if rows:
            target = connection.table(table)
            columns = {name: [row.get(name) for row in rows] for name in target.columns}
            batch = pa.table(
                {
                    name: pa.array(values, _arrow_type(kind))
                    for (name, values), kind in zip(columns.items(), target.types, strict=True)
                }
            )
            connection.from_arrow(batch).insert_into(table)
    tables.rows.clear()


def _arrow_type(kind: Any) -> pa.DataType:
    known = {
        "BOOLEAN": pa.bool_(),
        "INTEGER": pa.int32(),
        "DOUBLE": pa.float64(),
        "DATE": pa.date32(),
        "VARCHAR[]": pa.list_(pa.string()),
    }
    return known.get(str(kind), pa.string())


def _add_catalogue(tables: _Tables, catalogue: Catalogue) -> None:
    numbered = list(enumerate(catalogue.measures.values()))
    tables.add(
        "measure",
        (
            {**{n: getattr(m, n) for n in m.__slots__}, "layouts": list(m.layouts), "position": at}
            for at, m in numbered
        ),
    )
    tables.add(
        "applicant",
        (
            {"applicant": a.applicant, "label_zh": a.label_zh, "label_en": a.label_en, "position": at}
            for at, a in enumerate(catalogue.applicants.values())
        ),
    )
    tables.add(
        "channel",
        (
            {
                "channel": c.channel,
                "class": c.klass,
                "label_zh": c.label_zh,
                "label_en": c.label_en,
                "position": at,
            }
            for at, c in enumerate(catalogue.channels.values())
        ),
    )
    tables.add("rule_term", rule_terms(catalogue))
    rules = {rule.rule: rule for rule in reversed(catalogue.rules)}
    tables.add(
        "rule",
        (
            {
                "rule": r.rule,
                "severity": r.severity,
                "formula": r.formula,
                "label_zh": r.label_zh,
                "label_en": r.label_en,
                "position": at,
            }
            for at, r in enumerate(reversed(rules.values()))
        ),
    )
    tables.add(
        "body", ({name: getattr(b, name) or None for name in b.__slots__} for b in catalogue.bodies.values())
    )


def _add_published(
    tables: _Tables, reports: Sequence[published.PublishedReport], catalogue: Catalogue
) -> None:
    for report in reports:
        key = hashlib.sha256(report.url.encode()).hexdigest()[:8]
        report_id = f"{report.body.body_id}-{report.year}-{key}"
        limit = catalogue.limit_of(report.body.kind, report.year)
        tables.add(
            "report",
            [
                {
                    "report_id": report_id, "body_id": report.body.body_id, "year": report.year,
                    "published": _date(report.published), "origin": "published_figure", "url": report.url,
                    "publication_limit": _date(limit),
                }
            ],
        )  # fmt: skip
        tables.add("fact", _fact_rows(report_id, report.facts))


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _add_read(
    tables: _Tables, read: _Read, seen: dict[str, str], refused: list[str], catalogue: Catalogue
) -> bool:
    """Add one read document; True where something about it needs a look."""
    path = read.source.path
    if read.extraction is None:
        refused.append(read.refusal or path)
        tables.add("issue", _issue_rows(None, path, [Issue("unreadable_file", read.refusal or path)]))
        return True
    document, report = read.extraction.document, read.extraction.report
    if document.sha256 in seen:
        message = f"与 {seen[document.sha256]} 内容完全相同，未重复计入"
        tables.add("issue", _issue_rows(None, path, [Issue("same_document", message)]))
        return True
    seen[document.sha256] = path
    body = catalogue.bodies.get(report.body_id or "")
    report_id = f"{report.body_id or 'unknown'}-{report.year or 'unknown'}-{document.sha256[:8]}"
    limit = catalogue.limit_of(body.kind, report.year) if body and report.year else None
    tables.add(
        "report",
        [
            {
                "report_id": report_id, "body_id": report.body_id, "year": report.year,
                "published": _date(report.published), "title": report.title, "index_number": report.index_number,
                "layout": report.layout, "origin": "invented" if body and body.origin == "invented" else "document",
                "sha256": document.sha256, "path": path, "media_type": document.media_type,
                "url": read.source.declared.url, "publication_limit": _date(limit),
            }
        ],
    )  # fmt: skip
    tables.add("fact", _fact_rows(report_id, report.facts))
    tables.add("passage", _passage_rows(report_id, document))
    tables.add(
        "finding",
        (
            {"report_id": report_id, **{n: getattr(f, n) for n in f.__slots__}, "places": list(f.places)}
            for f in report.findings
        ),
    )
    tables.add(
        "claim", ({"report_id": report_id, **{n: getattr(c, n) for n in c.__slots__}} for c in report.claims)
    )
    tables.add("issue", _issue_rows(report_id, path, report.issues))
    return bool(report.issues)


def _fact_rows(report_id: str, facts: Iterable[Fact]) -> Iterator[Row]:
    used: dict[str, int] = {}
    for fact in facts:
        row: Row = {name: getattr(fact, name) for name in FACT_FIELDS}
        key = "\0".join(
            str(row[name]) for name in FACT_FIELDS if name not in ("value", "unit", "status", "bound")
        )
        digest = hashlib.blake2b(f"{report_id}\0{key}".encode(), digest_size=8).hexdigest()
        used[digest] = used.get(digest, 0) + 1
        yield {
            "fact_id": digest if used[digest] == 1 else f"{digest}-{used[digest]}",
            "report_id": report_id,
            **row,
        }


def _issue_rows(report_id: str | None, path: str, issues: Iterable[Issue]) -> Iterator[Row]:
    for issue in issues:
        yield {
            "report_id": report_id,
            "path": path,
            **{name: getattr(issue, name) for name in issue.__slots__},
        }


def _passage_rows(report_id: str, document: Document) -> Iterator[Row]:
    for number, block in enumerate(document.blocks):
        base: Row = {"report_id": report_id, "block": number, "line": block.line, "page": block.page}
        if isinstance(block, Paragraph):
            yield {**base, "text": block.text, **_box(block.box)}
        else:
            yield from _cell_rows(base, block)


def _cell_rows(base: Row, grid: Grid) -> Iterator[Row]:
    for cell in grid.cells:
        yield {
            **base, "cell_row": cell.row, "cell_column": cell.column, "row_span": cell.rows,
            "column_span": cell.columns, "text": cell.text, "page": cell.page or grid.page, **_box(cell.box),
        }  # fmt: skip


def _box(box: tuple[float, float, float, float] | None) -> Row:
    return (
        {} if box is None else dict(zip(("box_left", "box_top", "box_right", "box_bottom"), box, strict=True))
    )


# --- publishing ----------------------------------------------------------------------------------


def _check(draft: Path) -> None:
    """Refuse a draft that is not a whole warehouse."""
    with open_to_read(draft) as connection:
        orphans = connection.execute(
            "select count(*) from fact left join report using (report_id) where report.report_id is null"
        ).fetchone()
        if orphans and orphans[0]:
            raise UserError(f"新建的数据库有 {orphans[0]} 个数没有所属报告，未发布")


def _publish(finished: Path, path: Path) -> None:
    """Make the finished build the file at `path` in one rename: a link to it, or a copy where links fail."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        os.link(finished, beside)
    except OSError:
        shutil.copyfile(finished, beside)
    beside.replace(path)


def _remove_old(builds: Path, path: Path) -> None:
    """Keep the newest builds; one that a reader still holds open (Windows) is left for the next time."""
    finished = sorted(builds.glob("*-*.duckdb"), key=lambda file: file.name.rsplit("-", 1)[1], reverse=True)
    for file in finished[_KEPT_BUILDS:]:
        try:
            if not file.samefile(path):
                file.unlink()
        except OSError:
            continue
