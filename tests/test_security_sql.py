"""Addresses and statements of an adversary: every parameter of every page and route takes words for words."""

import hashlib
import html
import re
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages import ui
from pages.ui import api
from pipeline import sql_box
from pipeline.database import open_locked

ROOT = Path(__file__).parent.parent
# What somebody writes into an address who hopes that it becomes part of a statement.
INJECTED = (
    "' or '1'='1", "'; drop table fact; --", "demo01' union select * from body --", '" or 1=1 --', "1) or (1=1", "demo01'/**/or/**/1=1",
    "$language", "%' or name like '%", "'||(select max(value) from fact)||'", "\\' or 1=1 --", "'; copy fact to 'stolen.csv'; --",
    "read_text('/etc/passwd')", "ｄemo01＇ or 1＝1", "2024; select 1", "real' --", "demo01\u0000' or 1=1",
)  # fmt: skip
# What somebody writes there who hopes that something breaks.
ABSURD = (
    "\x00", "a" * 30_000, "[" * 5_000, "٢٠٢٤", "９９９９-９９９９", "-1", "1e308", "nan", "inf", "99999999999999999999", "0000-00-00", "9999-12-31", "9999-0",
    "\u202e\u200b", "ⅾemo01", "🏳️‍🌈" * 500, "../../etc/passwd", "%s%n%x", "${jndi:ldap://outside.invalid/x}", "null", "<script>", "b0:-5--1", "b9999999999r1c1",
)  # fmt: skip
# Every name that a page reads from its address; a test below looks for more of them in the code. `sql` is a statement.
KEYS = (
    "about against as batch beside bodies body cause channel chart columns county fact file find format indicator kind known lang listed measure "
    "name names outcome page paper part peers per place preset q reason report rows rule scale scope severity shape sort status superseded tables "
    "term to undecided value view with year years"
).split()  # fmt: skip
READS = re.compile(
    r"""(?:query_params(?:\.get|\.get_all|\.pop)?|filters\.[a-z_]+|_bound)[\[(]\s*"([a-z_]+)\""""
)


def test_the_names_that_are_tried_are_all_there_are() -> None:
    files = [*ROOT.glob("pages/*.py"), *ROOT.glob("pages/ui/*.py")]
    read = {name for path in files for name in READS.findall(path.read_text("utf-8"))}
    assert len(read) > 30
    assert read - {*KEYS, "sql"} == set()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shown(page: str, values: dict[str, str], monkeypatch: pytest.MonkeyPatch, warehouse: Path) -> str:
    """What a page says and its tables hold under an address; the words of the address itself taken out."""
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(warehouse))
    at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    for key, value in values.items():
        at.query_params[key] = value
    at.run()
    if page != ui.PAGES[0]:
        at.switch_page(f"{page}.py").run()
    assert not at.exception, (page, at.exception[0].message)
    bodies = [element.proto.body for element in at.get("html") if not element.proto.body.startswith("<style")]
    assert not any("role='alert'" in body for body in bodies), (page, values)
    said = "\n".join([*bodies, *(found.value.to_csv() for found in at.dataframe)])
    # Links carry the address on.
    said = re.sub(r"href='[^']*'", "href", said)
    for value in sorted({*values.values()}, key=len, reverse=True):
        for echoed in (html.escape(value), html.escape(value[:100].strip()), html.escape(value[:60].strip())):
            said = said.replace(echoed, "…") if len(echoed) > 3 else said
    return said


@pytest.mark.parametrize("page", [*ui.PAGES, *ui.DESK])
def test_a_statement_in_an_address_is_an_unknown_value(
    page: str, invented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(invented)
    start = [*ui.PAGES, *ui.DESK].index(page)
    # What is looked for is said again word by word: it has a test of its own.
    keys = [key for key in KEYS if key != "q"]
    unknown = shown(page, dict.fromkeys(keys, "zzzz-no-such-value"), monkeypatch, invented)
    tried = {key: INJECTED[(start * 5 + place) % len(INJECTED)] for place, key in enumerate(keys)}
    assert shown(page, tried, monkeypatch, invented) == unknown, "answered as any unknown value is"
    broken = {key: ABSURD[(start * 7 + place) % len(ABSURD)] for place, key in enumerate(KEYS)}
    shown(page, broken, monkeypatch, invented)
    assert digest(invented) == before
    assert not list(ROOT.glob("stolen*"))


@pytest.mark.parametrize("words", INJECTED[::4])
def test_what_is_looked_for_is_words(words: str, invented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "都没有写到" in shown("search", {"q": words}, monkeypatch, invented)


def test_a_page_bears_thousands_of_parameters(invented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown("volumes", {f"key{number}": "1" for number in range(3_000)}, monkeypatch, invented)


def test_a_statement_in_a_condition_of_the_interface_is_an_unknown_value(
    invented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(invented))
    before = digest(invented)
    client = TestClient(Starlette(routes=api.routes()))
    telling = re.compile(r"Error|duckdb|Traceback|\.py|line \d+", re.IGNORECASE)
    for key in (*api.KEYS, *api.ALIASES, "x", "'; drop table fact; --"):
        plain = client.get("/api/facts.json", params={key: "zzzz-no-such-value"})
        assert plain.status_code == 400, key
        for value in (*INJECTED, *ABSURD):
            answer = client.get("/api/facts.json", params={key: value})
            told = answer.json()
            assert (answer.status_code, set(told)) == (400, {"error", "error_zh"}), (key, value[:60])
            assert "\n" not in told["error"] and len(answer.content) < 2_000, (key, value[:60])
            assert not telling.search(told["error"].replace(value[:60], "")), (key, told["error"])
    for value in INJECTED:
        assert client.get(f"/api/facts.{quote(value, safe='')}").status_code in (400, 404)
    assert digest(invented) == before


def test_where_there_is_no_warehouse_a_stranger_is_told_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = shown("overview", {}, monkeypatch, tmp_path / "none.duckdb")
    assert "none.duckdb" in said and str(tmp_path) not in said


# --- the box for statements: what tests/test_sql_box.py leaves ---------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "select path from duckdb_databases", "from pragma_database_list", "from pg_catalog.pg_settings", "from DUCKDB_LOGS", 'from "duckdb_databases"',
        "select * from system.main.duckdb_databases", "with x as (from duckdb_databases) from x", "select (select path from duckdb_databases limit 1)",
        "from duckdb_extensions", "from duckdb_secrets", "from duckdb_temporary_files", "describe duckdb_databases", "summarize pragma_database_list",
        "select 1 where exists (from duckdb_databases)", "from fact join duckdb_databases on true", "from fact semi join pragma_database_list on true",
    ],
)  # fmt: skip
def test_no_view_tells_where_the_file_lies_or_how_the_server_is_set(statement: str, invented: Path) -> None:
    with open_locked(invented) as connection:
        found = sql_box.answer(connection, statement, rows=10, seconds=5)
    assert (found.error, found.rows) == ("function", []), found


def test_no_view_or_table_that_is_let_through_holds_a_path(invented: Path) -> None:
    """Every view that DuckDB brings along is asked, whatever its name: none of those that answer names the file."""
    with open_locked(invented) as connection:
        names = connection.execute(
            "select distinct schema_name, view_name from duckdb_views() where internal"
        ).fetchall()
        answered = 0
        for schema, name in names:
            found = sql_box.answer(connection, f'from {schema}."{name}"', rows=2_000, seconds=5)
            assert str(invented.parent) not in str(found), name
            answered += found.error is None
    assert len(names) > 20 and answered > 5


@pytest.mark.parametrize(
    "statement",
    [
        "select " + "not " * 900 + "true", "select " + "(" * 1_900 + "1" + ")" * 1_900, "select " + "[" * 1_900 + "1" + "]" * 1_900,
        "select " + "+".join("1" * 1_900), "select " + "case when true then " * 150 + "1" + " end" * 150, "select '" + "\x00" + "'", "select '\udcff'",
    ],
    ids=["not", "brackets", "lists", "sum", "case", "nul", "surrogate"],
)  # fmt: skip
def test_a_statement_nested_without_measure_has_an_answer(statement: str, invented: Path) -> None:
    found = sql_box.run(invented, statement)
    assert found.error in (None, "wrong", "syntax", "memory", "unfinished")
    assert "Traceback" not in found.detail


def test_an_answer_without_measure_is_cut(invented: Path) -> None:
    wide = "select " + ", ".join(f"repeat('年', 300000) as c{n}" for n in range(20))
    found = sql_box.run(invented, f"{wide} from range(1000)")
    assert found.cut == "size" or found.error == "memory"
    assert sum(len(str(value)) for row in found.rows for value in row) <= sql_box.CHARACTERS + 6_000_000


def test_many_at_once_are_answered_or_told_to_wait(invented: Path) -> None:
    endless = "with recursive t as (select 1 as n union all select n + 1 from t) select count(*) from t"
    said: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: said.append(sql_box.run(invented, endless, seconds=0.4).error))
        for _ in range(5)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(said) == 5 and set(said) <= {"time", "busy", "memory"}
    assert time.monotonic() - began < 20
    assert sql_box.run(invented, "select 1").rows == [[1]], "and then it serves again"
