"""Statements of strangers: what gets out of the box, what gets in its way, and what it must never reach."""

import threading
import time
from pathlib import Path

import duckdb
import pytest

from pipeline import sql_box
from pipeline.database import open_locked, open_to_read
from pipeline.sql_box import Answer

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def locked(invented: Path) -> duckdb.DuckDBPyConnection:
    return open_locked(invented)


def asked(
    connection: duckdb.DuckDBPyConnection, statement: str, *, rows: int = 100, seconds: float = 5
) -> Answer:
    """The answer in this process: the first two walls only, which is enough for most of what is tried."""
    return sql_box.answer(connection, statement, rows=rows, seconds=seconds)


@pytest.mark.parametrize(
    "statement",
    [
        "select count(*) from fact", "with x as (select 1 as a) from x", "from figure limit 3", "values (1)", "table body",
        "select * from range(3)", "select unnest([1, 2])", "describe fact", "show tables", "-- a note\nselect 1;",
        "from (pivot (select status, value from fact) on status in ('reported', 'blank') using count(*))",
        "select * from information_schema.columns limit 1",
        "with recursive t as (select 1 as n union all select n + 1 from t where n < 5) from t",
    ],
)  # fmt: skip
def test_a_query_is_answered(statement: str, locked: duckdb.DuckDBPyConnection) -> None:
    found = asked(locked, statement)
    assert (found.error, bool(found.rows)) == (None, True), found.detail


def test_the_answer_is_the_warehouses(invented: Path) -> None:
    statement = (
        "select status, count(*), sum(value), min(report_id) from fact group by status order by status"
    )
    with open_to_read(invented) as connection:
        expected = [list(row) for row in connection.execute(statement).fetchall()]
        # The dashboard holds the same file open in the same process, under another configuration.
        assert sql_box.run(invented, statement).rows == expected


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("copy fact to '{there}'", "not_select"), ("copy (select 1) to '{warehouse}'", "not_select"),
        ("export database '{there}'", "not_select"), ("attach '{there}'", "not_select"), ("detach warehouse", "not_select"),
        ("install httpfs", "not_select"), ("load httpfs", "not_select"), ("set threads = 4", "not_select"),
        ("reset threads", "not_select"), ("pragma threads = 4", "not_select"), ("pragma database_list", "not_select"),
        ("call enable_logging()", "not_select"), ("insert into fact select * from fact", "not_select"),
        ("delete from fact", "not_select"), ("update fact set value = 1", "not_select"), ("drop table fact", "not_select"),
        ("create table memory.t as select 1", "not_select"), ("create temp table t as select 1", "not_select"),
        ("create macro f() as 1", "not_select"), ("explain select 1", "not_select"), ("begin", "not_select"),
        ("checkpoint", "not_select"), ("vacuum", "not_select"), ("prepare v as select 1", "not_select"),
        ("use memory", "not_select"), ("set variable x = 1", "not_select"),
        ("select 1; select 2", "several"), ("select 1; drop table fact", "several"), ("pivot fact on status using count(*)", "several"),
        ("", "nothing"), ("-- nothing", "nothing"), (";", "nothing"), ("select 'a", "wrong"), ("selec 1", "syntax"),
        ("from read_csv('{there}')", "function"), ("from read_text('/etc/passwd')", "function"),
        ("from read_blob('{warehouse}')", "function"), ("from glob('/*')", "function"), ("from READ_TEXT('/etc/passwd')", "function"),
        ("select (select count(*) from read_text('/etc/passwd'))", "function"),
        ("with x as (from read_json('/etc/passwd')) from x", "function"),
        ("from sniff_csv('/etc/passwd')", "function"), ("from parquet_metadata('/etc/passwd')", "function"),
        ("from query('select 1')", "function"), ("from query_table('fact')", "function"),
        ("from enable_logging(storage = 'file', storage_config = {{'path': '{warehouse}'}})", "function"),
        ("from duckdb_settings()", "function"), ("from duckdb_secrets()", "function"), ("from pragma_database_list()", "function"),
        ("from force_checkpoint('warehouse')", "function"), ("from json_execute_serialized_sql('x')", "function"),
        ("select getenv('HOME')", "function"), ("select write_log('x')", "function"),
        ("select current_setting('temp_directory')", "function"),
        ("from '/etc/passwd'", "no_table"), ("from '{there}'", "wrong"), ("from 'https://outside.invalid/x.csv'", "wrong"),
        ("from memory.main.sqlite_master2", "no_table"), ("select pd from pd", "no_table"),
    ],
)  # fmt: skip
def test_what_is_no_query_of_tables_is_refused(
    statement: str, error: str, locked: duckdb.DuckDBPyConnection, invented: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there.csv"
    before = invented.read_bytes()
    found = asked(locked, statement.format(there=there, warehouse=invented))
    assert (found.error, found.rows) == (error, [])
    assert "\n" not in found.detail
    assert not there.exists()
    assert invented.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "copy fact to '{there}'", "attach '{there}'", "load httpfs", "install httpfs", "set threads = 4", "export database '{there}'",
        "from read_text('/etc/passwd')", "from glob('/*')", "delete from fact", "create table t as select 1",
        "set enable_external_access = true", "reset lock_configuration",
    ],
)  # fmt: skip
def test_the_connection_alone_refuses_too(statement: str, invented: Path, tmp_path: Path) -> None:
    with open_locked(invented) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(there=tmp_path / "there"))
    assert not list(tmp_path.iterdir())


def test_python_is_out_of_reach(locked: duckdb.DuckDBPyConnection) -> None:
    frame = {"secret": [1]}  # noqa: F841  what DuckDB would find by its name
    assert asked(locked, "from frame").error == "no_table"


@pytest.mark.parametrize(
    "statement",
    [
        "with recursive t as (select 1 as n union all select n + 1 from t) select count(*) from t",
        "select count(*) from fact a, fact b, fact c, fact d where a.value + b.value + c.value + d.value > 3",
        "select sum(hash(i)) from range(100000000000) t(i)",
        # heeds no interrupt: the process is ended
        "select levenshtein(repeat('ab', 300000), repeat('ba', 300000))",
    ],
    ids=["recursion", "product", "range", "deaf"],
)
def test_what_takes_too_long_is_stopped(statement: str, invented: Path) -> None:
    started = time.perf_counter()
    found = sql_box.run(invented, statement, seconds=0.5)
    assert (found.error, found.detail) == ("time", "0.5")
    assert time.perf_counter() - started < 0.5 + sql_box.GRACE + 1


@pytest.mark.parametrize(
    "statement",
    [
        "select length(repeat('x', 3000000000))", "select list(x) from range(1000000000) t(x)", "select len(range(2000000000))",
        "select string_agg(a.raw_text) from fact a, range(1000000)",
    ],
)  # fmt: skip
def test_what_takes_too_much_memory_is_stopped(statement: str, invented: Path) -> None:
    assert sql_box.run(invented, statement).error in ("memory", "time")


def test_rows_and_size_are_limited(locked: duckdb.DuckDBPyConnection) -> None:
    found = asked(locked, "from range(1000)", rows=100)
    assert (len(found.rows), found.cut) == (100, "rows")
    assert asked(locked, "from range(100)", rows=100).cut is None
    large = asked(locked, "select repeat('x', 1000000) from range(100)")
    assert large.cut == "size" and len(large.rows) < 6
    assert sql_box.run(Path("none"), "x" * (sql_box.LONGEST + 1)).error == "long"


def test_every_kind_of_value_is_carried(invented: Path) -> None:
    statement = "select null, 1.5::decimal(4, 2), 2::double, 'nan'::double, date '2024-01-31', {'甲': [1]}, 'a'::blob, true, 9007199254740993"
    assert sql_box.run(invented, statement).rows == [
        [None, 1.5, 2.0, "nan", "2024-01-31", '{"甲": [1]}', "61", True, 9007199254740993]
    ]


def test_two_at_once_and_the_next_waits(invented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_box, "_TURN", threading.BoundedSemaphore(1))
    assert sql_box._TURN.acquire()
    assert sql_box.run(invented, "select 1", seconds=0.1).error == "busy"
    sql_box._TURN.release()
    assert sql_box.run(invented, "select 1").rows == [[1]]


def test_the_process_knows_nothing_of_ours(invented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    real = sql_box.subprocess.run

    def spy(command: list[str], **more: object) -> object:
        seen.update(more["env"])  # type: ignore[call-overload]
        return real(command, **more)  # type: ignore[call-overload]

    monkeypatch.setenv("PIPELINE_SECRET", "x")
    monkeypatch.setattr(sql_box.subprocess, "run", spy)
    assert sql_box.run(invented, "select 1").rows == [[1]]
    assert set(seen) == {"PYTHONPATH", "PYTHONIOENCODING", "SYSTEMROOT"}


@pytest.mark.parametrize(
    ("statement", "error", "detail"),
    [
        ("select nonsense from fact", "no_column", "nonsense"),
        ("select status, value from fact group by status", "ungrouped", "value"),
        ("select foo(1)", "no_call", "foo"),
        ("select year from report, expected_report", "two_columns", "year"),
        ("select 'x'::int", "no_conversion", "string 'x' to INT32"),
        ("select (select 1", "unfinished", ""),
    ],
)
def test_a_common_mistake_has_a_code_and_its_name(
    statement: str, error: str, detail: str, locked: duckdb.DuckDBPyConnection
) -> None:
    found = asked(locked, statement)
    assert (found.error, found.detail) == (error, detail)


def test_the_time_now_has_a_zone_and_is_told(locked: duckdb.DuckDBPyConnection) -> None:
    found = asked(locked, "select now(), current_date")
    assert found.error is None
    assert str(found.rows[0][0]).startswith(str(found.rows[0][1])[:4])
