"""A warehouse file into a lake: one transaction, so one snapshot, so one build that readers see whole or not at all.

The file holds the documents of one writer; a lake holds those of all. Rows go in bundles: what belongs to a report, a
body, a file or a correction is one writer's, and goes in and out as a whole when anything in it differs. Where two
writers hold the same report or body, the first one's counts and the other's lies aside until that one is gone. What
marts and findings across reports say belongs to a county. Where all its rows are this writer's they are the file's own;
where others have rows there they are computed again, by the code a build uses, from the rows of all.
"""

import datetime as dt
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipeline import version, warehouse
from pipeline.catalogue import default_catalogue
from pipeline.corrections import Correction
from pipeline.database import attach
from pipeline.derive import derive
from pipeline.draft import KEPT, Draft, statements
from pipeline.lake import Lake, Say, attach_lake, columns_of, connected, rows, run, told, writing
from pipeline.marts import marts
from pipeline.model import UserError
from pipeline.settings import Settings, load_settings

# What the rows of a writer's tables belong to; of the other tables, marts apart, every writer has the same rows.
_OWNED = {
    "report": "own_by_report", "passage": "own_by_report", "claim": "own_by_report", "fact": "own_fact",
    "finding": "own_finding", "issue": "own_issue", "source_file": "own_source_file", "body": "own_by_body",
    "population": "own_by_body", "correction": "own_correction",
}  # fmt: skip
_CHANGES = {
    "not aside": "select (select count(*) from gone where not aside), (select count(*) from fresh where not aside)",
    "aside": "select (select count(*) from gone where aside), (select count(*) from fresh where aside)",
}
_NAMED = ("fact", "finding", "correction")
_COUNTIES_AT_ONCE = 20
_PAUSE_MOST = 10.0
# What the snapshot of a publication bears, so that it is told from those that compaction makes.
_MESSAGE = "publish"
Table = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication came to: the snapshot, the number of bundles that changed, of counties computed from all."""

    snapshot: int
    changed: int
    shared: int
    seconds: float


def publish(
    path: Path,
    lake: Lake,
    writer: str,
    *,
    settings: Settings | None = None,
    at: dt.datetime | None = None,
    say: Say = lambda text: None,
) -> Published:
    """Make the warehouse file at `path` what the lake holds of this writer.

    One writer at a time; where a second came through all the same, the lake refuses whose snapshot is the later one, and
    it begins again from what there is then.
    """
    started = time.monotonic()
    if not writer or "/" in writer:
        raise UserError(
            "请用环境变量 PIPELINE_WRITER 给这台机器一个发布用的名称，各机器不同，不含“/”，如 隆阳区"
        )
    rules = settings or load_settings()
    now = (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    pause = 0.2
    while True:
        try:
            with TemporaryDirectory() as folder, writing(lake, rules, say) as connection:
                attach(connection, warehouse.held(path), "own", read_only=True)
                return _Publication(connection, lake, writer, now, Path(folder)).made(started)
        except Overtaken:
            if time.monotonic() - started > rules.lock_wait_seconds:
                raise UserError(f"{lake}：别的机器一直在发布；请稍后再试") from None
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  so that two do not meet again
            pause = min(2 * pause, _PAUSE_MOST)


class Overtaken(Exception):
    """Another publication came between: nothing of this one is in the lake."""


class _Publication:
    """One transaction."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, lake: Lake, writer: str, at: dt.datetime, folder: Path
    ) -> None:
        self.connection, self.lake, self.writer, self.at, self.folder = connection, lake, writer, at, folder
        self.catalogue = default_catalogue()
        self.program = version.program_of(self.catalogue)
        self.own = columns_of(connection, "own")
        names = {name for _, name in self.own}
        self.derived = [mart.stem for mart in marts() if mart.stem in names] + ["similarity"]
        self.plain = [
            name for schema, name in self.own
            if schema == "main" and name not in {*_OWNED, *self.derived, "build"}
        ]  # fmt: skip
        self.owned: list[Table] = [("main", name) for name in _OWNED] + [("past", name) for name in KEPT]

    def made(self, started: float) -> Published:
        self.connection.execute("begin")
        changed, shared = self._write()
        try:
            self.connection.execute("commit" if changed else "rollback")
        except duckdb.TransactionException as error:
            if "conflict" in str(error):
                raise Overtaken from error
            raise
        [(number,)] = self.connection.execute(
            "select id from ducklake_current_snapshot('warehouse')"
        ).fetchall()
        return Published(int(number), changed, shared, time.monotonic() - started)

    def _run(self, name: str, **names: str) -> None:
        run(self.connection, name, {"at": self.at, "program": self.program}, **names)

    def _count(self, table: str) -> int:
        return int(self.connection.table(table).count("*").fetchall()[0][0])

    def _write(self) -> tuple[int, int]:
        self._found()
        newer = self._refuse_stale()
        self.connection.execute(
            "create or replace temp table me as select $writer as writer, $writer || '/' as prefix",
            {"writer": self.writer},
        )
        self.connection.execute(
            "create or replace temp table all_of_them as select null as writer, '' as prefix"
        )
        if self._is_new_to_lake:
            for name in self.plain:
                self._replace_plain(name)
        views = self._views()
        self._run("changed")
        changed = self._count("gone") + self._count("fresh")
        if not changed and not newer:
            return 0, 0
        self._run("rise")
        self._run("touch")
        sunk, risen = self._count("sunk"), self._count("risen")
        for (schema, table), view in views.items():
            names = {"schema": schema, "table": table, "aside": f"{schema}_{table}"}
            self._move(view, schema, table)
            for step, there in (("sink", sunk), ("raise", risen)):
                if there:
                    self._run(step, **names)
        self._run("note")
        self._run("touch")
        self._run("note_counties")
        if newer:
            self._run("touch_all")
        shared = self._derive(newer)
        self._run("publish_build")
        self.connection.execute(
            "call ducklake_set_commit_message('warehouse', $author, $message)",
            {"author": self.writer, "message": _MESSAGE},
        )
        return max(changed, 1), shared

    def _move(self, view: str, schema: str, table: str) -> None:
        """Take what has changed out of a table and out of what lies aside of it, and put in what there is now."""
        for which, into in (("not aside", (schema, table)), ("aside", ("aside", f"{schema}_{table}"))):
            [(gone, fresh)] = self.connection.execute(_CHANGES[which]).fetchall()
            if gone:
                self._run("take_out", schema=into[0], table=into[1], which=which)
            if fresh:
                self._run("put_in", view=view, schema=into[0], table=into[1], which=which)

    # --- what there is

    def _found(self) -> None:
        """The lake's tables, made or given the columns they lack."""
        there = columns_of(self.connection, "warehouse")
        if ("lake", "publication") not in there:
            self._run("meta")
            self.connection.execute("insert into warehouse.lake.turn values (1)")
        else:
            self._refuse_outdated()
        for schema, table in self.own:
            owned = (schema, table) in self.owned or (schema == "main" and table in self.derived)
            places = [(schema, table)] + [("aside", f"{schema}_{table}")] * ((schema, table) in self.owned)
            for place in places:
                if place not in there:
                    names = {"schema": place[0], "table": place[1]}
                    if owned:
                        self._run("found_table", like_schema=schema, like=table, **names)
                    else:
                        self._run("found_plain", **names)
                    continue
                for column, kind in self.own[schema, table].items():
                    if column not in there[place]:
                        words = (
                            "alter table",
                            f"warehouse.{place[0]}.{place[1]}",
                            "add column",
                            f'"{column}"',
                            kind,
                        )
                        self.connection.execute(" ".join(words))

    def _refuse_outdated(self) -> None:
        """A program that another has followed would put old tables of the catalogue in the place of new ones."""
        past = self.connection.execute(
            "select program from warehouse.lake.publication order by number"
        ).fetchall()
        programs = [program for (program,) in past]
        if self.program in programs and programs[-1] != self.program:
            raise UserError(f"{self.lake}：已有更新版本的程序或目录发布过；请先更新这台机器上的程序，再发布")

    def _refuse_stale(self) -> bool:
        """Whether this program is the first of its version; UserError where the file does not follow on the lake."""
        last = {row[1]: row for row in rows(self.connection, "last_publications")}
        if mine := last.get(self.writer):
            built = self.connection.execute("select build_id, built_at from own.main.build").fetchall()
            if (mine[2], mine[3]) not in built:
                raise UserError(
                    f"{self.lake}：“{self.writer}”上次发布的不是这个数据库的任何一版，可能另一台机器用了同一名称，"
                    "或本机的数据库是旧的；请核对 PIPELINE_WRITER，或移走本机的数据库文件再 build"
                )
        self._is_new_to_lake = all(row[6] != self.program for row in last.values())
        return bool(last) and all(row[6] != self.program for row in last.values())

    def _replace_plain(self, table: str) -> None:
        shared = sorted(self.own["main", table])
        names = {"schema": "main", "table": table}
        if rows(self.connection, "differs_plain", {"columns": shared}, **names) != [(0,)]:
            self._run("replace_plain", **names)

    def _views(self) -> dict[Table, str]:
        """Views of this writer's rows with their bundles; what all rows come to is in `digests`."""
        self.connection.execute(
            "create or replace temp table digests (bundle text, view_name text, digest text)"
        )
        views = {}
        for schema, table in self.owned:
            views[schema, table] = view = f"own_{schema}_{table}"
            self._run(_OWNED[table], view=view, schema=schema, table=table)
        self.derived_views = self._derived_views("own", "me")
        for view in (*views.values(), *self.derived_views.values()):
            self._run("digest", view=view)
        return views

    def _derived_views(self, source: str, who: str) -> dict[Table, str]:
        """Views of what a warehouse file says of its counties."""
        self._run("place_of_reports", source=source)
        views = {}
        for table in self.derived:
            columns = columns_of(self.connection, source)["main", table]
            key = next(name for name in columns if name in ("body_id", "report_id"))
            views["main", table] = view = f"{source}_of_county_{table}"
            self._run("derived_by_report", view=view, source=source, table=table, key=key)
        for schema in ("main", "past"):
            views[schema, "finding"] = view = f"{source}_across_{schema}"
            self._run("derived_finding", view=view, source=source, schema=schema, who=who)
        return views

    # --- what follows for the counties

    def _derive(self, newer: bool) -> int:
        """Give the touched counties the marts and findings that their rows now come to; how many counties are shared."""
        touched = rows(self.connection, "counties_touched")
        own = [county for county, shared in touched if not shared and self._is_mine(county)]
        others = [county for county, shared in touched if county not in set(own)]
        self._set_counties(own)
        self._replace_derived(self.derived_views)
        for number, start in enumerate(range(0, len(others), _COUNTIES_AT_ONCE)):
            self._set_counties(others[start : start + _COUNTIES_AT_ONCE])
            scratch = f"scratch{number}"  # attached to the end: nothing can be detached within a transaction
            self._compute(self.folder / f"{scratch}.duckdb")
            attach(self.connection, self.folder / f"{scratch}.duckdb", scratch, read_only=True)
            self._replace_derived(self._derived_views(scratch, "all_of_them"))
        return len(others)

    def _is_mine(self, county: str) -> bool:
        whose = self.connection.execute(
            "select writer from warehouse.lake.county_writer where county = $county", {"county": county}
        ).fetchall()
        return whose in ([], [(self.writer,)])

    def _set_counties(self, counties: Sequence[str]) -> None:
        self.connection.execute(
            "create or replace temp table counties as select unnest($counties::text[]) as county",
            {"counties": list(counties)},
        )

    def _replace_derived(self, views: dict[Table, str]) -> None:
        if not self._count("counties"):
            return
        for (schema, table), view in views.items():
            self._run("take_out_derived", schema=schema, table=table)
            self._run("put_in_derived", schema=schema, table=table, view=view)

    def _compute(self, scratch: Path) -> None:
        """A warehouse file of the counties in question, with the rows of all writers, and what follows from them."""
        self._run("wanted")
        with Draft(scratch) as draft:
            draft.create()
            for schema, table in self.owned:
                if table != "source_file":
                    take(draft, self.connection, "wanted_rows", schema, table)
            for table in self.plain:
                take(draft, self.connection, "all_rows", "main", table)
            derive(draft, None, self.catalogue, corrections_in(draft.connection), self.at)


def take(
    draft: Draft, lake: duckdb.DuckDBPyConnection, query: str, schema: str, table: str, **names: str
) -> None:
    """Take the rows of a query over the lake into a table of a warehouse file, in the columns that it knows."""
    [statement] = statements(query, "lake", schema=schema, table=table, **names)
    known = set(draft.connection.table(f"warehouse.{schema}.{table}").columns)
    coming = lake.execute(statement).to_arrow_table()
    draft.connection.register(
        "coming", coming.select([name for name in coming.column_names if name in known])
    )
    run(draft.connection, "take_in", schema=schema, table=table)
    draft.connection.unregister("coming")


def corrections_in(connection: duckdb.DuckDBPyConnection) -> list[Correction]:
    """The corrections that a warehouse holds, as they were declared."""
    names = list(Correction.__slots__)
    declared = connection.table("warehouse.main.correction").select(*names).fetchall()
    found = []
    for row in declared:
        said: dict[str, Any] = dict(zip(names, row, strict=True))
        found.append(Correction(**said | {name: said[name] or "" for name in ("expected", "guard")}))
    return found


def fetch_own(path: Path, lake: Lake, writer: str) -> bool:
    """Where this machine has no warehouse file, make it of what the lake holds of its writer; whether there was any.

    What was once known and no longer is would otherwise be lost with the machine.
    """
    if path.exists() or not writer:
        return False
    with told(lake), connected() as connection:
        try:
            attach_lake(connection, lake, writable=False)
        except duckdb.Error as error:
            if "does not exist" in str(error) or "not exist" in str(error):
                return False
            raise
        there = columns_of(connection, "warehouse")
        if ("lake", "publication") not in there:
            return False
        connection.execute(
            "create temp table me as select $writer as writer, $writer || '/' as prefix", {"writer": writer}
        )
        if not rows(connection, "own_publications"):
            return False
        builds = path.with_name(path.name + ".builds")
        builds.mkdir(parents=True, exist_ok=True)
        fetched = builds / ".fetched.duckdb"
        fetched.unlink(missing_ok=True)
        with Draft(fetched) as draft:
            draft.create()
            for schema, table in [("main", name) for name in _OWNED] + [("past", name) for name in KEPT]:
                take(draft, connection, "own_rows", schema, table, aside=f"{schema}_{table}")
                if table in _NAMED:
                    run(draft.connection, "own_name", {"prefix": f"{writer}/"}, schema=schema, table=table)
            draft.connection.register("coming", connection.execute(_own_publications()).to_arrow_table())
            run(draft.connection, "own_builds")
            draft.connection.execute("checkpoint warehouse")
    warehouse.install(
        fetched, builds / f"fetched-{time.time_ns()}.duckdb", path, int(load_settings().kept_builds)
    )
    return True


def _own_publications() -> str:
    [statement] = statements("own_publications", "lake")
    return statement


# --- looking after ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compacted:
    """What tidying a lake came to."""

    expired: int
    deleted: int
    files: int


def compact(lake: Lake, *, kept: int, hours: float, say: Say = lambda text: None) -> Compacted:
    """Put small files together, forget all but the newest snapshots, delete what only these needed.

    Nobody publishes meanwhile. A file that was given up is deleted `hours` later: a reader may still be reading it. What
    a killed publication left is nobody's, and goes at once.
    """
    with writing(lake, load_settings(), say) as connection:
        before = _expire(connection, kept)
        for call in (
            "call ducklake_merge_adjacent_files('warehouse')",
            "call ducklake_rewrite_data_files('warehouse')",
        ):
            connection.execute(call).fetchall()
        before += _expire(connection, kept)
        when = "older_than => now() - to_seconds($seconds)" if hours else "cleanup_all => true"
        deleted = connection.execute(
            " ".join(("call ducklake_cleanup_old_files('warehouse',", when, ")")),
            {"seconds": hours * 3600} if hours else None,
        ).fetchall()
        deleted += connection.execute(
            "call ducklake_delete_orphaned_files('warehouse', cleanup_all => true)"
        ).fetchall()
        [(files,)] = connection.execute(
            "select sum(file_count) from ducklake_table_info('warehouse')"
        ).fetchall()
    return Compacted(before, len(deleted), int(files))


def _expire(connection: duckdb.DuckDBPyConnection, kept: int) -> int:
    """Forget all snapshots but the newest and those of the newest publications; how many there were to forget."""
    told = connection.execute(
        "select snapshot_id, commit_message from ducklake_snapshots('warehouse') order by snapshot_id"
    ).fetchall()
    publications = [number for number, message in told if message == _MESSAGE]
    stay = {told[-1][0], *publications[-max(1, kept) :]}
    old = [number for number, _ in told if number not in stay]
    if old:
        connection.execute(
            "call ducklake_expire_snapshots('warehouse', versions => $old::ubigint[])", {"old": old}
        )
    return len(old)
