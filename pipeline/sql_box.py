"""One statement of an analyst's, run where it can do no harm: a process of its own, locked, limited, then gone.

DuckDB's own lock is not enough. What is called inside a SELECT can turn on a log file, and a function that builds one
large value (`repeat`) heeds neither DuckDB's limit of memory nor an interrupt. So there are three walls: the statement is
parsed and only a single query with known table functions is let through; the connection is locked; and the process that
runs it has limits of memory, time and files set by the system, knows no variable of ours, and is ended at its time.
"""

import json
import math
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.database import open_locked

ROOT = Path(__file__).resolve().parent.parent
ROWS = 10_000
SECONDS = 5.0
CHARACTERS = 5_000_000
LONGEST = 4_000
# What the process may take in all, DuckDB's code and Python's included.
BYTES = 2_000_000_000
# How long after its time a process that does not heed the interrupt is ended, its start included.
GRACE = 3.0
AT_ONCE = 2

# Table functions that read nothing but the tables: any other one could reach for a file or a setting.
TABLE_FUNCTIONS = frozenset(
    "range generate_series unnest duckdb_tables duckdb_columns duckdb_views duckdb_schemas regexp_split_to_table".split()
)
# DuckDB's own views stand for functions of their name: only those of the functions above are read.
_OWN_VIEWS = ("duckdb_", "pragma_", "pg_")
FUNCTIONS_REFUSED = frozenset(
    ("getenv", "write_log", "current_setting", "getvariable", "setseed", "set_config")
)
# What DuckDB says of the mistakes that are made most, and the code under which a page says it in the reader's language.
MISTAKES = (
    ("no_column", r'Referenced column "(?P<detail>[^"]*)" (?:not found|was not found)'),
    ("no_table", r"Table with name (?P<detail>.+?) does not exist"),
    ("no_table", r'Referenced table "(?P<detail>[^"]*)" not found'),
    ("no_call", r"Function with name (?P<detail>.+?) does not exist"),
    ("ungrouped", r'column "(?P<detail>[^"]*)" must appear in the GROUP BY'),
    ("two_columns", r'Ambiguous reference to column name "(?P<detail>[^"]*)"'),
    ("no_conversion", r"Could not convert (?P<detail>string '.*?' to [A-Z0-9]+)"),
    ("syntax", r'syntax error at or near "(?P<detail>.*?)"$'),
    ("unfinished", r"syntax error at end of input(?P<detail>)"),
)
_TURN = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a statement, or why there are none: `error` is a code, `detail` what it is about.

    `cut` says by what limit rows are missing: rows or size.
    """

    columns: tuple[str, ...] = ()
    rows: list[list[Any]] = field(default_factory=list)
    cut: str | None = None
    error: str | None = None
    detail: str = ""


class Refused(Exception):
    """A statement that is not run: a code and what it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def run(
    path: Path, statement: str, *, rows: int = ROWS, seconds: float = SECONDS, bytes_: int = BYTES
) -> Answer:
    """The answer of one statement from the warehouse at `path`."""
    if len(statement) > LONGEST:
        return Answer(error="long", detail=str(LONGEST))
    if not _TURN.acquire(timeout=seconds):
        return Answer(error="busy")
    try:
        asked = {"path": str(path), "statement": statement, "rows": rows, "seconds": seconds, "bytes": bytes_}
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.sql_box"],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "SYSTEMROOT": "C:\\Windows"},
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(error="time", detail=f"{seconds:g}")
    finally:
        _TURN.release()
    try:
        said = json.loads(done.stdout)
    except ValueError:
        # Ended by the system at one of its limits, before it could say anything.
        return Answer(error="memory")
    return Answer(
        tuple(said.get("columns", ())),
        said.get("rows", []),
        said.get("cut"),
        said.get("error"),
        said.get("detail", ""),
    )


def check(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Refuse what is not one query of tables, told by DuckDB's own parser."""
    try:
        parsed = connection.extract_statements(statement)
    except duckdb.Error as error:
        raise Refused(*_mistake(error)) from None
    if not parsed:
        raise Refused("nothing")
    if len(parsed) > 1:
        raise Refused("several")
    if parsed[0].type != duckdb.StatementType.SELECT:
        raise Refused("not_select", parsed[0].type.name)
    row = connection.execute("select json_serialize_sql($statement)", {"statement": statement}).fetchone()
    try:
        tree = json.loads(row[0]) if row else {"error": True}
    except RecursionError:
        raise Refused("wrong", "nested too deeply") from None
    if tree.get("error"):
        raise Refused("not_select", str(tree.get("error_message", "")))
    for node in _nodes(tree):
        kind, name = node.get("type"), str(node.get("function_name", "")).lower()
        inner = node.get("function") if kind == "TABLE_FUNCTION" else None
        if isinstance(inner, dict) and str(inner.get("function_name", "")).lower() not in TABLE_FUNCTIONS:
            raise Refused("function", str(inner.get("function_name", "")))
        if name in FUNCTIONS_REFUSED:
            raise Refused("function", name)
        table = str(node.get("table_name", "")).lower() if kind == "BASE_TABLE" else ""
        if table.startswith(_OWN_VIEWS) and table not in TABLE_FUNCTIONS:
            raise Refused("function", table)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _mistake(error: BaseException) -> tuple[str, str]:
    """What is wrong with a statement: a code and what it is about; `wrong` and DuckDB's own words where none fits."""
    text = str(error).partition("\nLINE ")[0]
    for code, pattern in MISTAKES:
        if found := re.search(pattern, text, re.MULTILINE):
            return code, found["detail"][:400]
    return "wrong", " ".join(text.split())[:400]


def _plain(value: Any) -> Any:
    """A value that JSON can carry; what it has no form for as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def answer(connection: duckdb.DuckDBPyConnection, statement: str, *, rows: int, seconds: float) -> Answer:
    """The rows of a statement on a locked connection, interrupted at its time."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    try:
        check(connection, statement)
        timer.start()
        found = connection.execute(statement)
        columns = tuple(column[0] for column in found.description)
        kept, cut = _fetched(found, rows)
        return Answer(columns, kept, cut)
    except Refused as refused:
        return Answer(error=refused.code, detail=refused.detail)
    except duckdb.InterruptException:
        return Answer(error="time", detail=f"{seconds:g}")
    except (duckdb.OutOfMemoryException, MemoryError):
        return Answer(error="memory")
    except duckdb.Error as error:
        code, detail = _mistake(error)
        return Answer(error=code, detail=detail)
    finally:
        timer.cancel()


def _fetched(found: duckdb.DuckDBPyConnection, rows: int) -> tuple[list[list[Any]], str | None]:
    kept: list[list[Any]] = []
    size = 0
    while batch := found.fetchmany(min(500, rows + 1 - len(kept))):
        for row in batch:
            if len(kept) == rows:
                return kept, "rows"
            plain = [_plain(value) for value in row]
            size += sum(len(value) if isinstance(value, str) else 12 for value in plain)
            if size > CHARACTERS:
                return kept, "size"
            kept.append(plain)
    return kept, None


def _limit(seconds: float, bytes_: int) -> None:
    """What the system holds this process to; Windows has no such limits, there its time alone ends it."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    ends = math.ceil(seconds + GRACE)
    resource.setrlimit(resource.RLIMIT_CPU, (ends, ends))
    # No file can be written, not even one that is open.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read what is asked, answer it, end. The process is told everything by its standard input."""
    asked = json.loads(sys.stdin.buffer.read())
    _limit(asked["seconds"], asked["bytes"])
    with open_locked(Path(asked["path"])) as connection:
        told = answer(connection, asked["statement"], rows=asked["rows"], seconds=asked["seconds"])
    said = {name: getattr(told, name) for name in ("columns", "rows", "cut", "error", "detail")}
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
