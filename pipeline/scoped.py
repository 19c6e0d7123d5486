"""A warehouse of some counties alone, as a file of its own: what is not in the file no query, export or statement reaches."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import duckdb
from filelock import FileLock

from pipeline.database import attach, open_in_memory
from pipeline.draft import statements
from pipeline.model import UserError

# What the catalogue declares and the record of builds: the same for every reader, no figure of any body.
OPEN = frozenset(
    (
        "applicant build channel comparability indicator indicator_input indicator_parameter layout layout_line measure "
        "peer_group publication_limit rule rule_part rule_term scoring_block scoring_model scoring_preset tag"
    ).split()
)
# What is kept from a reader of some counties altogether: the names of all files.
CLOSED = frozenset({"source_file"})
_FOLDER = "scoped"


def scoped(warehouse: Path, counties: Iterable[str], beside: Path) -> Path:
    """The file that holds the part of `warehouse` that belongs to `counties`, made where it is not there yet.

    `warehouse` is the immutable file of one build, `beside` the folder of builds. A county is its name, or the six
    digits of its code where several bear the name; UserError where a name is not one county.
    """
    wanted = sorted(set(counties))
    folder = beside / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stat = warehouse.stat()
    whole = _digest(str(warehouse), stat.st_ino, stat.st_mtime_ns)
    found = folder / f"{whole}-{_digest(*wanted)}.duckdb"
    if found.exists():
        return found
    with FileLock(folder / ".lock"):
        if not found.exists():
            draft = found.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            try:
                write_scoped(warehouse, wanted, draft)
                draft.replace(found)
            finally:
                draft.unlink(missing_ok=True)
            _sweep(folder, whole)
    return found


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def _sweep(folder: Path, whole: str) -> None:
    """Remove what was made of earlier builds; one that a reader still holds open (Windows) is left for the next time."""
    for old in folder.glob("*.duckdb"):
        if not old.name.startswith(whole):
            with suppress(OSError):
                old.unlink()


def write_scoped(warehouse: Path, counties: Iterable[str], out: Path) -> None:
    """Write the rows of `warehouse` that belong to `counties` to a new database at `out`.

    A table that says of no column whose its rows are, and is not declared to be everybody's, stays empty.
    """
    with open_in_memory() as connection:
        attach(connection, warehouse, "warehouse", read_only=True)
        attach(connection, out, "scoped", read_only=False)
        _run(connection, "scope_allowed", {"counties": list(counties)})
        _refuse_two_of_a_name(connection, counties)
        connection.execute("create schema scoped.past")
        tables: dict[tuple[str, str], set[str]] = {}
        for schema, table, column in connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'warehouse'"
        ).fetchall():
            tables.setdefault((schema, table), set()).add(column)
        for (schema, table), columns in tables.items():
            _run(connection, _rule(table, columns), schema=schema, table=table, reports=f"{schema}_report")


def _rule(table: str, columns: set[str]) -> str:
    if table in OPEN:
        return "scope_open"
    if table in CLOSED:
        return "scope_closed"
    if "body_id" in columns:
        return "scope_by_body"
    if "other_report_id" in columns:
        return "scope_by_two_reports"
    return "scope_by_report" if "report_id" in columns else "scope_closed"


def _run(
    connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, object] | None = None, **names: str
) -> None:
    for statement in statements(name, **names):
        given = {key: value for key, value in (values or {}).items() if f"${key}" in statement}
        connection.execute(statement, given or None)


def _refuse_two_of_a_name(connection: duckdb.DuckDBPyConnection, counties: Iterable[str]) -> None:
    """One name in two prefectures is two counties: it has to be told by its code."""
    places = connection.execute(
        "select county, count(distinct place) from allowed_place group by county"
    ).fetchall()
    for county, count in places:
        if county in counties and count > 1:
            raise UserError(f"有 {count} 个“{county}”；请在权限名单里改用六位行政区划代码")
