"""Opening the warehouse: the one place that sets how DuckDB runs."""

from pathlib import Path

import duckdb

# The memory that a build keeps to.
SMALL = "256MB"
# DuckDB 1.5 lets threads race in window functions, and the error ends every later query of the process
# (duckdb/duckdb issue 22352): with two threads it came within a hundred queries, with one not in twenty thousand.
_ONE_THREAD: dict[str, str | bool | int | float | list[str]] = {"threads": 1}


def open_to_read(path: Path | str) -> duckdb.DuckDBPyConnection:
    """The database at `path`, to read only."""
    return duckdb.connect(str(path), read_only=True, config=_ONE_THREAD)


def open_to_write(path: Path) -> duckdb.DuckDBPyConnection:
    """The database at `path`, to write; made where there is none."""
    return duckdb.connect(str(path), config=_ONE_THREAD)


def open_in_memory(spill: Path | None = None, memory: str = SMALL) -> duckdb.DuckDBPyConnection:
    """A database of its own in memory, to which others can be attached.

    With a folder to spill to, it keeps to so much memory: a build's does not grow with the warehouse.
    """
    if spill is None:
        return duckdb.connect(":memory:", config=_ONE_THREAD)
    return duckdb.connect(
        ":memory:", config={**_ONE_THREAD, "memory_limit": memory, "temp_directory": str(spill)}
    )


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool) -> None:
    """Attach the database at `path` under a name of ours. ATTACH takes no parameters: quotes in the path are doubled."""
    quoted = str(path).replace("'", "''")
    mode = "read_only" if read_only else "read_write"
    connection.execute(" ".join(("attach", f"'{quoted}'", "as", name, f"({mode})")))


# Nothing is fetched or loaded, nothing spills to disk, and little memory is there to be used up.
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    **_ONE_THREAD,
    "memory_limit": SMALL,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
}


def open_locked(path: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse at `path` for statements of strangers: read only, no other file, no network, no setting.

    Attached before it is locked: DuckDB refuses a second configuration of a file that it has open by its own name.
    """
    connection = duckdb.connect(":memory:", config=_LOCKED)
    attach(connection, path, "warehouse", read_only=True)
    connection.execute("use warehouse")
    lock(connection)
    return connection


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """Shut off files, network and settings for good."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
