"""Looking after a warehouse: is it as it was written, and which earlier build can serve where it is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline import warehouse
from pipeline.database import open_to_read


@dataclass(frozen=True, slots=True)
class Health:
    """What was found at a warehouse: `ok`, `healed` (an earlier build serves, `served`), `broken` or `none`."""

    state: str
    served: str | None = None
    why: str = ""


def fault_of(build: Path) -> str:
    """Why a build cannot serve; empty where it can. Every block is read: DuckDB keeps a checksum of each."""
    try:
        with open_to_read(build) as connection:
            connection.execute("select max(number) from build").fetchone()
            query = "select schema_name, table_name from duckdb_tables()"
            for schema, table in connection.execute(query).fetchall():
                connection.table(f"{schema}.{table}").aggregate("bit_xor(hash(columns(*)))").fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


def heal(path: Path) -> Health:
    """Look at the warehouse; where it cannot serve, the newest earlier build that can takes its place.

    The broken file is kept beside it, with `.broken` at its end: somebody may want to know what became of it.
    """
    if not path.exists():
        return Health("none")
    current = warehouse.held(path)
    why = fault_of(current)
    if not why:
        return Health("ok", current.name)
    for earlier in _earlier(path, current):
        if not fault_of(earlier):
            if current != path:
                current.replace(current.with_name(current.name + ".broken"))
            warehouse.restore(path, earlier.name)
            return Health("healed", earlier.name, why)
    return Health("broken", None, why)


def _earlier(path: Path, current: Path) -> Iterator[Path]:
    folder = path.with_name(path.name + ".builds")
    yield from (file for file in warehouse.held_builds(folder) if file != current)
