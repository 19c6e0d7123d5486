"""The warehouse that many machines share: a catalogue in PostgreSQL, the rows as Parquet in a folder or an object store.

DuckLake makes one snapshot of each transaction; a publication is one transaction (pipeline/publish.py), so a reader who
pins a snapshot sees one build whole. Knows where a lake is and how it is opened, not what is put into it.
"""

import importlib
import os
import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import duckdb
from filelock import FileLock

from pipeline import places
from pipeline.database import attach, open_in_memory
from pipeline.draft import statements
from pipeline.model import UserError
from pipeline.settings import Settings

PREFIX = "ducklake:"
_LAKE_QUERIES = "lake"
# What an address may say of its connection beside host, port, user and database.
_OPTIONS = frozenset({"sslmode", "sslrootcert", "connect_timeout", "host"})
_LOCK = 0x67_6B_6C_61  # any number of ours; one per database and schema is added to it
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lake:
    """Where a lake is: the words of a PostgreSQL connection (no password among them) and the schema of its catalogue."""

    words: str
    schema: str
    shown: str

    def __str__(self) -> str:
        return self.shown


def lake_of(address: str) -> Lake:
    """The lake at `ducklake:postgres://user:password@host:port/database?schema=name`; UserError for what is no address.

    A password goes into this process's PGPASSWORD, where PostgreSQL's own client looks for it, and nowhere else: so no
    message and no table of DuckDB's can repeat it. Better still it never stands in the address: PGPASSWORD and PGPASSFILE
    are heeded.
    """
    url = urlsplit(address.removeprefix(PREFIX))
    given = dict(parse_qsl(url.query))
    schema = given.pop("schema", "public")
    database = unquote(url.path.strip("/"))
    usable = url.scheme in ("postgres", "postgresql") and database and schema.isidentifier()
    if not address.startswith(PREFIX) or not usable or set(given) - _OPTIONS:
        raise UserError(
            "共享数据库的地址应写成 ducklake:postgres://用户@主机:端口/数据库，密码最好放在环境变量 PGPASSWORD 里"
        )
    if url.password:
        os.environ["PGPASSWORD"] = unquote(url.password)
    words = {"dbname": database, "host": url.hostname, "port": url.port, "user": url.username, **given}
    shown = f"{PREFIX}postgres://{url.hostname or given.get('host', '')}/{database}"
    return Lake(
        " ".join(f"{name}={_quoted(unquote(str(value)), chr(92))}" for name, value in words.items() if value),
        schema,
        shown if schema == "public" else f"{shown}?schema={schema}",
    )


def _quoted(text: str, escape: str = "'") -> str:
    """A text in quotes, for the statements and connection words that take no parameters."""
    if escape != "'":
        text = text.replace(escape, escape * 2)
    return "'" + text.replace("'", f"{escape}'") + "'"


# --- opening -------------------------------------------------------------------------------------


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension from its wheel: nothing is fetched."""
    try:
        module = importlib.import_module(f"duckdb_extension_{name}")
    except ModuleNotFoundError as error:
        raise UserError(
            f"共享数据库还需要 {name} 等几个包；请先执行 python -m pip install -r requirements-many.txt"
        ) from error
    file = next(Path(str(module.__file__)).parent.rglob(f"v{duckdb.__version__}/*.duckdb_extension"), None)
    if file is None:
        raise UserError(
            f"{name} 的版本与 duckdb {duckdb.__version__} 不符；请按 requirements-many.txt 重新安装"
        )
    connection.execute(" ".join(("load", _quoted(str(file)))))


def connected() -> duckdb.DuckDBPyConnection:
    connection = open_in_memory()
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    for name in ("postgres_scanner", "ducklake"):
        _load(connection, name)
    store = places.object_store()
    if places.lake_data().startswith("s3://") or store:
        _load(connection, "httpfs")
        said = ", ".join(f"{name} {_quoted(value)}" for name, value in store.items())
        connection.execute(" ".join(("create secret object_store (type s3", ", " * bool(said), said, ")")))
    return connection


def attach_lake(
    connection: duckdb.DuckDBPyConnection, lake: Lake, *, writable: bool, snapshot: int | None = None
) -> None:
    options = {"metadata_schema": _quoted(lake.schema)}
    if data := places.lake_data():
        options |= {"data_path": _quoted(data), "override_data_path": "true"}
    if not writable:
        options |= {"read_only": "true", "create_if_not_exists": "false"}
    if snapshot is not None:
        options["snapshot_version"] = str(int(snapshot))
    said = ", ".join(f"{name} {value}" for name, value in options.items())
    connection.execute(
        " ".join(("attach", _quoted(f"{PREFIX}postgres:{lake.words}"), f"as warehouse ({said})"))
    )


@contextmanager
def told(lake: Lake) -> Iterator[None]:
    """An error of the lake's as one line."""
    try:
        yield
    except duckdb.Error as error:
        raise UserError(f"{lake}：{str(error).splitlines()[0]}") from error


def run(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    /,
    **names: str,
) -> None:
    """Run the statements of `queries/lake/<name>.sql`; each takes those of the parameters that it mentions."""
    for statement in statements(name, _LAKE_QUERIES, **names):
        given = {key: value for key, value in (parameters or {}).items() if f"${key}" in statement}
        connection.execute(statement, given or None)


def rows(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    /,
    **names: str,
) -> list[Any]:
    """The rows of the query `queries/lake/<name>.sql`."""
    [statement] = statements(name, _LAKE_QUERIES, **names)
    return connection.execute(statement, parameters).fetchall()


def columns_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[tuple[str, str], dict[str, str]]:
    """The columns and their types of every table of a database, by schema and table."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in rows(connection, "columns", {"catalog": catalog}):
        found.setdefault((schema, table), {})[column] = kind
    return found


# --- reading -------------------------------------------------------------------------------------


def head(lake: Lake) -> int:
    """The newest snapshot's number."""
    with told(lake), connected() as connection:
        attach_lake(connection, lake, writable=False)
        return _head(connection)


def _head(connection: duckdb.DuckDBPyConnection) -> int:
    [(number,)] = connection.execute("select id from ducklake_current_snapshot('warehouse')").fetchall()
    return int(number)


def open_lake(lake: Lake, snapshot: int | None = None) -> duckdb.DuckDBPyConnection:
    """The lake as it was at a snapshot (now's, where none is named), to read: views that bear the tables' names.

    The snapshot is pinned: what is published meanwhile is not seen.
    """
    with told(lake):
        connection = connected()
        try:
            if snapshot is None:
                attach_lake(connection, lake, writable=False)
                snapshot = _head(connection)
                connection.execute("detach warehouse")
            attach_lake(connection, lake, writable=False, snapshot=snapshot)
            connection.execute("create schema memory.past")
            tables = columns_of(connection, "warehouse")
            _refuse_empty(lake, tables)
            for (schema, table), columns in tables.items():
                if schema in ("main", "past"):
                    name = "show_owned" if "bundle" in columns else "show_plain"
                    run(connection, name, schema=schema, table=table)
        except BaseException:
            connection.close()
            raise
    return connection


def _refuse_empty(lake: Lake, tables: Collection[tuple[str, str]]) -> None:
    if ("lake", "publication") not in tables:
        raise UserError(f"{lake}：里面还没有发布过数据；请先运行 python -m pipeline build --warehouse …")


def newest(connection: duckdb.DuckDBPyConnection) -> tuple[str, int] | None:
    """The build that an open lake is: its id and number."""
    found = rows(connection, "newest_build")
    return (str(found[0][0]), int(found[0][1])) if found else None


def refresh(lake: Lake, path: Path, kept: int) -> bool:
    """Bring the copy at `path` to the lake's newest build; whether there was a newer one.

    The copy is a warehouse file like one that was built here: made aside and swapped in, older ones beside it. It can be
    thrown away at any time. Pages read a copy and not the lake: see docs/scaling.md for what that is worth.
    """
    from pipeline import warehouse

    builds = path.with_name(path.name + ".builds")
    builds.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(builds / ".lock"):
        seen = builds / ".snapshot"
        number = head(lake)
        mark = f"{lake} {number}"
        if path.exists() and seen.exists() and seen.read_text("utf-8") == mark:
            return False
        with open_lake(lake, number) as connection, told(lake):
            build = newest(connection)
            if build is None:
                raise UserError(f"{lake}：里面还没有发布过数据")
            name = f"{build[0]}-{build[1]:019d}.duckdb"
            if new := warehouse.held_name(path) != name:
                draft = builds / ".copy.duckdb"
                draft.unlink(missing_ok=True)
                copy(connection, draft)
                warehouse.install(draft, builds / name, path, kept)
        seen.write_text(mark, "utf-8")
    return new


def copy(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Write what `open_lake` shows into a new warehouse file."""
    attach(connection, out, "copied", read_only=False)
    connection.execute("create schema copied.past")
    for schema, table in columns_of(connection, "warehouse"):
        if schema in ("main", "past"):
            run(connection, "copy_table", schema=schema, table=table)
    connection.execute("detach copied")


# --- writing -------------------------------------------------------------------------------------


@contextmanager
def writing(lake: Lake, settings: Settings, say: Say) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake open for writing by nobody else: PostgreSQL holds the lock, and lets it go when its holder dies."""
    with told(lake), connected() as connection:
        connection.execute(" ".join(("attach", _quoted(lake.words), "as gate (type postgres)")))
        with connection.cursor() as gate:
            _wait(gate, lake, settings.lock_wait_seconds, say)
            attach_lake(connection, lake, writable=True)
            try:
                yield connection
            finally:
                with suppress(duckdb.Error):
                    gate.execute("rollback")


def _wait(gate: duckdb.DuckDBPyConnection, lake: Lake, seconds: float, say: Say) -> None:
    number = _LOCK + sum(map(ord, lake.schema))
    ends, pause = time.monotonic() + seconds, 0.05
    while True:
        gate.execute("begin")
        asked = " ".join(("select", f"pg_try_advisory_xact_lock({number}) as taken"))
        if gate.execute("select taken from postgres_query('gate', $asked)", {"asked": asked}).fetchone() == (
            True,
        ):
            return
        gate.execute("rollback")
        if time.monotonic() > ends:
            raise UserError(f"{lake}：别的机器一直在发布；请稍后再试")
        if pause == 0.05:
            say(f"另一台机器正在发布到 {lake}，等它完成（最多 {seconds:,.0f} 秒）")
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  so that those who wait do not ask together
        pause = min(2 * pause, 5)
