"""A synthesized country: the same tables, marts and findings as a build makes, and nothing of it under a real name."""

import csv
import itertools
import os
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import PAGES, filters
from pipeline.__main__ import main
from pipeline.database import open_to_read
from pipeline.invent.nation import invent_country
from pipeline.marts import marts
from pipeline.synthesis import synthesize
from pipeline.warehouse import held

ROOT = Path(__file__).parent.parent
REPORTS = 3_000


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("country") / "country.duckdb"
    assert main(["synthesize", "--reports", str(REPORTS), "--warehouse", str(path)]) == 0
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with open_to_read(path) as connection:
        return connection.execute(query).fetchall()


def shape(path: Path) -> set[tuple[object, ...]]:
    found = rows(
        path, "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'main'"
    )
    return set(found)


def test_has_every_table_and_column_of_a_build(country: Path, warehouse: Path) -> None:
    assert shape(country) == shape(warehouse)


def test_has_as_many_reports_as_asked_for_each_with_its_figures(country: Path) -> None:
    assert rows(country, "select count(*) from report") == [(REPORTS,)]
    assert rows(country, "select count(distinct report_id) from fact") == [(REPORTS,)]
    assert rows(
        country, "select count(*) from (select fact_id from fact group by all having count(*) > 1)"
    ) == [(0,)]
    [(each,)] = rows(country, "select count(*) / 3000 from fact")
    assert 20 < float(str(each)) < 45


def test_every_state_of_a_figure_and_of_a_check_occurs(country: Path) -> None:
    assert {"reported", "blank", "dash", "not_printed"} <= {
        str(status) for (status,) in rows(country, "select distinct status from fact")
    }
    assert {"exact", "about", "at_least"} == {
        str(one) for (one,) in rows(country, "select distinct bound from fact")
    }
    assert {"holds", "broken"} <= {
        str(one) for (one,) in rows(country, "select distinct outcome from finding")
    }
    assert {"on_time", "late", "missing"} <= {
        str(one) for (one,) in rows(country, "select distinct state from expected_report")
    }
    assert {"pre2019", "2019", "2021", "narrative"} == {
        str(one) for (one,) in rows(country, "select distinct layout from report")
    }


def test_a_sum_that_a_finding_calls_broken_is_broken_and_the_others_hold(country: Path) -> None:
    judged = rows(
        country,
        """
        select finding.outcome = 'broken', closed.value <> carried.value + received.value - left_over.value
        from finding
        join fact as received on received.report_id = finding.report_id and received.measure = 'requests_received'
            and received.applicant = 'total'
        join fact as carried on carried.report_id = finding.report_id and carried.measure = 'requests_carried_in'
            and carried.applicant = 'total'
        join fact as closed on closed.report_id = finding.report_id and closed.measure = 'requests_closed'
            and closed.applicant = 'total'
        join fact as left_over on left_over.report_id = finding.report_id and left_over.measure = 'requests_carried_out'
            and left_over.applicant = 'total'
        where finding.rule = 'T3-BAL' and finding.applicant = 'total' and finding.outcome <> 'not_assessable'
        """,
    )
    assert {told for told, _ in judged} == {True, False}
    assert [pair for pair in judged if pair[0] != pair[1]] == []


def test_marts_are_what_their_sql_says_of_the_whole(country: Path) -> None:
    """County by county or all at once, a mart comes to the same."""
    names = {mart.stem for mart in marts()}
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"attach '{country}' as country (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'country' and schema_name = 'main'"
        ).fetchall()
        for (table,) in tables:
            if table not in names:
                connection.execute(f"create view {table} as from country.{table}")
        for mart in marts():
            connection.execute(f"create table {mart.stem} as {mart.read_text('utf-8')}")
            for some, others in itertools.permutations((mart.stem, f"country.{mart.stem}")):
                left = connection.execute(
                    f"select count(*) from (from {some} except all from {others})"
                ).fetchone()
                assert left == (0,), (mart.stem, some)


def test_the_same_seed_gives_the_same_rows(country: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.duckdb"
    synthesize(again, REPORTS)
    whole = "select sum(hash(report_id, measure, applicant, channel, value, status, bound, fact_id, locator)::hugeint) from fact"
    assert rows(again, whole) == rows(country, whole)


def test_everything_of_it_is_invented_and_bears_no_real_name(country: Path) -> None:
    assert (
        rows(country, "select distinct origin from body union all select distinct origin from report")
        == [("invented",)] * 2
    )
    with (ROOT / "data" / "catalogue" / "bodies.csv").open(encoding="utf-8-sig", newline="") as file:
        real = {
            row[key] for row in csv.DictReader(file) for key in ("name", "county", "prefecture", "province")
        }
    named = {
        name
        for body in itertools.islice(invent_country(1), 39_000)
        for name in (body.name, body.county, body.prefecture, body.province)
    }
    assert not named & real
    counties = {(body.province, body.prefecture, body.county) for body in invent_country(1)}
    assert len(counties) == 2_956
    assert len({body.body_id for body in invent_country(1)}) > 83_334


def test_every_page_opens_and_says_that_it_is_invented(country: Path) -> None:
    os.environ["PIPELINE_WAREHOUSE"] = str(country)
    for page in PAGES:
        at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=120).run()
        if page != PAGES[0]:
            at.switch_page(f"{page}.py").run()
        html = "".join(element.proto.body for element in at.get("html"))
        assert not at.exception and "role='alert'" not in html, page
        assert "演示" in html or "虚构" in html, page


def test_many_counties_are_reached_by_levels_and_by_name(
    country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "MOST_LISTED", 5)
    os.environ["PIPELINE_WAREHOUSE"] = str(country)
    at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=120).run()
    provinces = at.selectbox(key="level-province")
    other = next(name for name in provinces.options if name != provinces.value)
    provinces.select(other).run()
    scope = at.query_params["scope"]
    assert at.selectbox(key="level-province").value == other
    [(province,)] = rows(
        country,
        f"select any_value(province) from body join body_place using (body_id) where scope = '{scope}'",
    )
    assert province == other
    [(body, name, where)] = rows(
        country,
        f"select body_id, name, scope from body join body_place using (body_id) join report using (body_id) "
        f"where scope <> '{scope}' order by body_id limit 1",
    )
    at.text_input(key="find-body").input(str(name)).run()
    at.selectbox(key="found-body").select(body).run()
    assert (at.query_params["scope"], at.query_params["body"]) == (where, body)
    at.text_input(key="find-body").input("[没有](这个)").run()
    assert any("[没有](这个)" in text.value for text in at.text)


def test_says_what_is_wrong_with_the_order(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["synthesize", "--reports", "10"]) == 2
    assert "--warehouse" in capsys.readouterr().err
    assert main(["synthesize", "--reports", "0", "--warehouse", str(tmp_path / "none.duckdb")]) == 2
    assert not held(tmp_path / "none.duckdb").exists()
