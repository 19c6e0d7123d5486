"""Runs the queries that pages ask. Knows no page and draws nothing: SQL in `queries/screens`, a frame out."""

from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

SCREENS = Path(__file__).parent / "screens"


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
