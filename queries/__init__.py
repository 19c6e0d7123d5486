"""Runs the queries that pages ask. Knows no page and draws nothing: SQL in `queries/screens`, a frame out."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

SCREENS = Path(__file__).parent / "screens"
EXAMPLES = Path(__file__).parent / "examples"
# Rows handed on at once: some hundred kilobytes.
BATCH = 2_000


@cache
def screen(name: str) -> str:
    """The SQL of `queries/screens/<name>.sql`."""
    return (SCREENS / f"{name}.sql").read_text("utf-8")


def ask(connection: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> pd.DataFrame:
    """The rows of a screen query for the named parameters, which must be exactly those in its SQL.

    A cursor of its own for each query: threads that share a connection get each other's rows.
    """
    with connection.cursor() as cursor:
        return cursor.execute(screen(name), parameters).df()


def stream(
    connection: duckdb.DuckDBPyConnection, name: str, **parameters: object
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The columns of a screen query's answer, and its rows batch by batch."""
    cursor = connection.cursor()
    reader = cursor.execute(screen(name), parameters).to_arrow_reader(BATCH)

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
        finally:
            cursor.close()

    return reader.schema, batches()


@cache
def example(name: str) -> str:
    """The SQL of `queries/examples/<name>.sql` without the lines above it, for readers to go on from."""
    lines = (EXAMPLES / f"{name}.sql").read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).strip()
