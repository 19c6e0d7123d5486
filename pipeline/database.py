"""Opening the warehouse: the one place that sets how DuckDB runs."""

from pathlib import Path

import duckdb

# DuckDB 1.5 lets threads race in window functions, and the error ends every later query of the process
# (duckdb/duckdb issue 22352): with two threads it came within a hundred queries, with one not in twenty thousand.
_ONE_THREAD: dict[str, str | bool | int | float | list[str]] = {"threads": 1}


def open_to_write(path: Path) -> duckdb.DuckDBPyConnection:
    """The database at `path`, to write; made where there is none."""
    return duckdb.connect(str(path), config=_ONE_THREAD)


def open_to_read(path: Path | str) -> duckdb.DuckDBPyConnection:
    """The database at `path`, to read only."""
    return duckdb.connect(str(path), read_only=True, config=_ONE_THREAD)
