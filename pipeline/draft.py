"""A warehouse being written: the last build's copy, into which fresh rows are settled and nothing is forgotten.

The draft is attached as `warehouse` to a database in memory. Unqualified names are that database's own, so marts and
checks can be run over a part of the warehouse by giving them tables of the same names that hold only that part.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.database import SMALL, attach, open_in_memory
from pipeline.rows import Row, Rows

_QUERIES = Path(__file__).resolve().parent.parent / "queries"
# Tables whose rows are kept when they are no longer true, and the column that names what they belong to.
KEPT = {
    "report": "report_id", "fact": "report_id", "passage": "report_id", "claim": "report_id",
    "finding": "report_id", "issue": "file",
}  # fmt: skip
_OF_ONE_REPORT, _ACROSS, _ALL = "not coalesce(across, false)", "coalesce(across, false)", "true"
_CONDITIONS = frozenset({_OF_ONE_REPORT, _ACROSS, _ALL, "not aside", "aside"})
_TYPES = {
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "VARCHAR[]": pa.list_(pa.string()),
}


def statements(name: str, folder: str = "build", **names: str) -> Iterator[str]:
    """The statements of `queries/<folder>/<name>.sql`, with names of tables and columns put in where {braces} stand.

    Only names of ours: SQL has no parameters for them. Values always go in as parameters.
    """
    if wrong := [given for given in names.values() if given not in _CONDITIONS and not given.isidentifier()]:
        raise ValueError(f"not a name: {wrong}")
    script = (_QUERIES / folder / f"{name}.sql").read_text("utf-8")
    bare = "\n".join(line for line in script.splitlines() if not line.startswith("--")).format(**names)
    yield from (statement for statement in bare.split(";") if statement.strip())


class Draft:
    """The draft at `path`, open for writing. Use as a context manager; what it holds is on disk when it closes."""

    def __init__(self, path: Path, memory: str = SMALL) -> None:
        self.connection = open_in_memory(path.with_name(path.name + ".spill"), memory)
        attach(self.connection, path, "warehouse", read_only=False)
        self._columns: dict[str, dict[str, pa.DataType]] = {}

    def __enter__(self) -> "Draft":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def create(self) -> None:
        """An empty warehouse."""
        self.connection.execute("use warehouse")
        self.connection.execute((_QUERIES / "schema.sql").read_text("utf-8"))
        self.connection.execute("use memory")

    def run(self, name: str, parameters: Mapping[str, Any] | None = None, /, **names: str) -> None:
        """Run the statements of `queries/build/<name>.sql`; each takes those of the parameters that it mentions."""
        for statement in statements(name, **names):
            given = {key: value for key, value in (parameters or {}).items() if f"${key}" in statement}
            self.connection.execute(statement, given or None)

    def carry_over(self, old: Path) -> None:
        """Take the rows of another warehouse, by the names of the columns that both have."""
        attach(self.connection, old, "old", read_only=True)
        for schema, table in self._tables("old"):
            mine = self._names("warehouse", schema, table)
            shared = [name for name in self._names("old", schema, table) if name in mine]
            if shared:
                self.run("carry_over", {"columns": shared}, schema=schema, table=table)
        self.connection.execute("detach old")

    def _tables(self, catalog: str) -> list[tuple[str, str]]:
        return self.connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = $catalog order by all",
            {"catalog": catalog},
        ).fetchall()

    def _names(self, catalog: str, schema: str, table: str) -> list[str]:
        rows = self.connection.execute(
            """
            select column_name from duckdb_columns()
            where database_name = $catalog and schema_name = $schema and table_name = $table
            order by column_index
            """,
            {"catalog": catalog, "schema": schema, "table": table},
        ).fetchall()
        return [name for (name,) in rows]

    # --- rows

    def insert(self, target: str, rows: Sequence[Row]) -> None:
        """Append rows to a table by the names of its columns."""
        if not rows:
            return
        table = self.connection.table(target)
        if target not in self._columns:
            kinds = zip(table.columns, table.types, strict=True)
            self._columns[target] = {name: _TYPES.get(str(kind), pa.string()) for name, kind in kinds}
        batch = pa.table(
            {
                name: pa.array([row.get(name) for row in rows], kind)
                for name, kind in self._columns[target].items()
            }
        )
        self.connection.from_arrow(batch).insert_into(target)

    def replace(self, rows: Rows) -> None:
        """Give tables that are made anew by every build the rows they now have."""
        for table, fresh in rows.items():
            self.run("empty", table=table)
            self.insert(f"warehouse.{table}", fresh)

    def settle(
        self, rows: Rows, files: Iterable[str], at: dt.datetime, since: dict[str, dt.datetime] | None = None
    ) -> None:
        """Let `rows` be all that is true of these files and of the reports in them, from `at` on.

        Rows that say what the warehouse says already stay as they are. `since` dates reports that nobody knew before.
        """
        self._stage(rows, since or {})
        self._ask(list(files))
        for table, key in KEPT.items():
            self._supersede(table, key, _OF_ONE_REPORT if table == "finding" else _ALL, at)

    def settle_across(self, rows: Sequence[Row], reports: Sequence[str], at: dt.datetime) -> None:
        """Let `rows` be all findings that reach across reports for these reports, from `at` on."""
        self._stage({"finding": list(rows)}, {})
        self._ask([])
        self.connection.execute(
            "create or replace temp table asked_report_id as select unnest($ids::text[]) as report_id",
            {"ids": list(reports)},
        )
        self._supersede("finding", "report_id", _ACROSS, at)

    def _stage(self, rows: Rows, since: dict[str, dt.datetime]) -> None:
        self.connection.execute("create schema if not exists fresh")
        for table in KEPT:
            self.run("stage", table=table)
            told = rows.get(table, [])
            for row in told if since else ():
                row["since"] = since.get(row["report_id"] or "")
            self.insert(f"fresh.{table}", told)

    def _ask(self, files: list[str]) -> None:
        """The keys whose old rows are in question: the files, the reports that were in them, those that are now."""
        self.connection.execute(
            "create or replace temp table asked_file as select unnest($files::text[]) as file",
            {"files": files},
        )
        self.connection.execute(
            """
            create or replace temp table asked_report_id as
            select report_id from warehouse.report where file in (from asked_file)
            union
            select report_id from fresh.report
            """
        )

    def _supersede(self, table: str, key: str, which: str, at: dt.datetime) -> None:
        self.run("changed", table=table, key=key, which=which)
        if self.rows("select count(*) from changed")[0][0]:
            self.run("supersede", {"at": at}, table=table, key=key, which=which)

    def rows(self, query: str, **parameters: Any) -> list[Any]:
        """The rows of a query over the draft."""
        return self.connection.execute(query, parameters or None).fetchall()
