"""The warehouse: what the contract promises of its tables, and that a build is all or nothing."""

import csv
import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.database import open_to_read
from pipeline.warehouse import DEFAULT_SOURCES, build

ROOT = Path(__file__).parent.parent
CONTRACT = {
    "body": "body_id name kind code county prefecture province",
    "report": "report_id body_id year published title index_number layout origin sha256",
    "fact": "report_id measure applicant channel account category value unit status bound raw_text locator",
    "passage": "report_id block text",
    "finding": "report_id rule severity outcome message",
    "issue": "report_id code message raw_text locator",
    "correction": "correction_id",
    "measure": "measure section parent unit label_zh label_en",
    "build": "build_id",
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    build([DEFAULT_SOURCES], path)
    with open_to_read(path) as opened:
        yield opened


def test_tables_keep_the_contract(connection: duckdb.DuckDBPyConnection) -> None:
    for table, columns in CONTRACT.items():
        assert set(columns.split()) <= set(connection.table(table).columns), table


def test_no_value_without_reported_and_none_reported_without_value(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    wrong = connection.execute(
        "select * from fact where (value is null) <> (status <> 'reported')"
    ).fetchall()
    assert wrong == []


def test_fact_ids_are_unique_and_every_fact_has_a_place(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute("select count(*) - count(distinct fact_id) from fact").fetchone() == (0,)
    assert connection.execute(
        "select count(*) from fact where raw_text is null or locator = ''"
    ).fetchone() == (0,)


def test_every_place_of_a_document_is_a_passage(connection: duckdb.DuckDBPyConnection) -> None:
    lost = connection.execute(
        """
        select fact.locator from fact join report using (report_id)
        where report.origin = 'document' and not exists (
            select 1 from passage
            where passage.report_id = fact.report_id
                and passage.block = cast(regexp_extract(fact.locator, '^b(\\d+)', 1) as integer)
        )
        """
    ).fetchall()
    assert lost == []


def test_published_figures_are_all_there_with_their_address(connection: duckdb.DuckDBPyConnection) -> None:
    with (DEFAULT_SOURCES / "published_figures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 379 and len({(r["body"], r["county"]) for r in rows}) == 68
    stored = connection.execute(
        """
        select fact.measure, coalesce(channel, category, ''), value, bound, locator
        from fact join report using (report_id) where origin = 'published_figure'
        """
    ).fetchall()
    wanted = Counter(
        (r["measure"], r["dimension"], float(r["value"]), "about" if r["approximate"] else "exact", r["url"])
        for r in rows if r["measure"] != "published"
    )  # fmt: skip
    assert Counter(stored) == wanted
    dates = connection.execute(
        "select published::text, url from report where origin = 'published_figure' and published is not null"
    ).fetchall()
    assert set(dates) == {(r["value"], r["url"]) for r in rows if r["measure"] == "published"}


def test_two_builds_of_the_same_documents_are_the_same(tmp_path: Path) -> None:
    at = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    first = build([DEFAULT_SOURCES], tmp_path / "a.duckdb", at=at)
    second = build([DEFAULT_SOURCES], tmp_path / "b.duckdb", at=at)
    assert first.build_id == second.build_id
    for table in ("fact", "finding", "passage", "report"):
        rows = []
        for path in (first.path, second.path):
            with open_to_read(path) as connection:
                rows.append(sorted(map(str, connection.table(table).fetchall())))
        assert rows[0] == rows[1], table


def test_a_reader_keeps_its_build_while_a_new_one_is_published(tmp_path: Path) -> None:
    path, folder = tmp_path / "warehouse.duckdb", tmp_path / "documents"
    shutil.copytree(DEFAULT_SOURCES, folder)
    build([folder], path)
    held = next(f for f in (tmp_path / "warehouse.duckdb.builds").iterdir() if f.samefile(path))
    with open_to_read(held) as reader:
        before = reader.execute("select count(*) from fact").fetchone()
        for number in range(5):
            (folder / f"{number}.txt").write_text(
                f"西邑乡{2010 + number}年政府信息公开年度报告\n公开信息{number}条。"
            )
            build([folder], path)
        assert reader.execute("select count(*) from fact").fetchone() == before
    kept = list((tmp_path / "warehouse.duckdb.builds").glob("*.duckdb"))
    assert len(kept) == 3 and any(f.samefile(path) for f in kept)
