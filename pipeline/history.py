"""The warehouse as it was known on a day: today's rows that were known by then, and those that no longer are."""

import datetime as dt
from pathlib import Path

import duckdb

from pipeline.database import attach, open_in_memory
from pipeline.draft import KEPT, statements
from pipeline.marts import marts


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day, UTC."""
    return dt.datetime.combine(day, dt.time.max)


def open_as_known(path: Path | str, day: dt.date) -> duckdb.DuckDBPyConnection:
    """The warehouse at `path` as it was known at the end of `day`: the same tables and marts, to read.

    Kept tables are views of the rows known then; marts are computed from these; what the catalogue declares is today's.
    """
    connection = open_in_memory()
    attach(connection, Path(path), "warehouse", read_only=True)
    # A table, not a variable: a variable belongs to one cursor.
    connection.execute(
        "create table known_on as select $moment::timestamp as moment", {"moment": end_of(day)}
    )
    tables = [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'main'"
        ).fetchall()
    ]
    for table in tables:
        if table in KEPT:
            _run(connection, "known_then", table)
        elif table not in {mart.stem for mart in marts()}:
            _run(connection, _DATED.get(table, "show"), table)
    for mart in marts():
        connection.sql(mart.read_text("utf-8")).create(mart.stem)
    return connection


_DATED = {"build": "builds_then", "correction": "corrections_then"}


def _run(connection: duckdb.DuckDBPyConnection, name: str, table: str) -> None:
    for statement in statements(name, table=table):
        connection.execute(statement)
