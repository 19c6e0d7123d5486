"""The downloads of sums and lists, taken by a reader's click and compared cell by cell with the warehouse."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline.database import open_to_read
from tests.browsing import Visit, Watched

pytestmark = pytest.mark.browser
# What an export writes before a text that a spreadsheet would run.
FORMULAS = ("=", "+", "-", "@")


def taken(seen: Watched, key: str) -> tuple[str, bytes]:
    """The file that a button gives: its name and bytes."""
    with seen.page.expect_download() as download:
        seen.page.locator(f".st-key-{key} button").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def rows_of(raw: bytes) -> list[dict[str, str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def held(warehouse: Path, query: str) -> list[list[str]]:
    """The answer of a query of the test's own, as a file writes it."""
    with open_to_read(warehouse) as connection:
        return [list(map(written, row)) for row in connection.execute(query).fetchall()]


def written(value: Any) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULAS) else text


def columns(rows: list[dict[str, str]], *names: str) -> list[list[str]]:
    return sorted([row[name] for name in names] for row in rows)


CASES: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "every body's values over the years": (
        "volumes",
        "volumes-download",
        ("单位", "年度", "数值", "年报编号", "数字编号"),
        """
        select body.name, expected_report.year::text, value, expected_report.report_id, fact_id
        from expected_report join body using (body_id)
        left join figure on figure.report_id = expected_report.report_id and measure = 'items_disclosed'
        where expected_report.state <> 'not_due'
        """,
    ),
    "what the townships come to": (
        "",
        "rollup-download",
        ("年度", "指标", "有数单位数", "乡镇合计"),
        """
        select report.year::text, measure.label_zh, count(value)::text, sum(value)
        from report join measure on measure in (
            'items_disclosed', 'requests_received', 'requests_carried_in', 'granted', 'granted_in_part', 'refused',
            'unavailable', 'unprocessed', 'other_outcome', 'requests_closed', 'requests_carried_out',
            'reconsideration_total', 'lawsuit_direct_total', 'lawsuit_after_reconsideration_total')
        left join figure on figure.report_id = report.report_id and figure.measure = measure.measure
        group by report.year, measure.label_zh
        """,
    ),
    "what is carried over": (
        "requests?years=2023-2024&body=demo03&view=years",
        "ledger-download",
        ("年度", "申请人", "上年结转下年度", "本年上年结转", "前后差额"),
        """
        select this.year::text, label_zh, was.value, now.value, now.value - was.value
        from report as this join report as last on last.body_id = this.body_id and last.year = this.year - 1
        join fact as now on now.report_id = this.report_id and now.measure = 'requests_carried_in'
        join fact as was on was.report_id = last.report_id and was.measure = 'requests_carried_out'
            and was.applicant = now.applicant
        join applicant on applicant.applicant = now.applicant
        where this.body_id = 'demo03' and this.year in (2023, 2024)
        """,
    ),
    "what is to be verified": (
        "checks",
        "download",
        ("年报编号", "代码", "位置"),
        """
        select report_id, rule, array_to_string(places, ' ') from finding where outcome in ('broken', 'note')
        union all select report_id, code, locator from issue
        """,
    ),
    "where words stand": (
        "search?q=今日头条",
        "download",
        ("年报编号", "所在文字"),
        "select report_id, text from passage where contains(text, '今日头条')",
    ),
    "measures laid out": (
        "analysis?rows=body&columns=year&measure=granted",
        "download",
        ("行", "列", "数值", "数字编号"),
        """
        select body.name, expected_report.year::text, value, fact_id
        from expected_report join body using (body_id)
        left join figure on figure.report_id = expected_report.report_id and measure = 'granted'
        where expected_report.state <> 'not_due'
        """,
    ),
    "what things mean": (
        "definitions",
        "download",
        ("代码", "中文名称", "英文名称"),
        "select measure, label_zh, label_en from measure",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_of_sums_holds_what_the_warehouse_holds(
    case: str, demo: str, invented: Path, visit: type[Visit]
) -> None:
    path, key, names, query = CASES[case]
    seen = visit.to(demo)
    seen.open(path)
    name, raw = taken(seen, key)
    assert name.endswith(".csv") and any(ord(letter) > 0x2E7F for letter in name)
    found = rows_of(raw)
    if case == "what things mean":
        found = [row for row in found if row["种类"] == "指标"]
    assert columns(found, *names) == sorted(held(invented, query)) != []
    assert (seen.outside, seen.errors) == ([], [])


def test_a_readers_own_statement_is_downloaded_as_it_answers(
    demo: str, invented: Path, visit: type[Visit]
) -> None:
    statement = "select report_id, measure, value from figure where value is not null order by all limit 500"
    seen = visit.to(demo)
    page = seen.open(f"analysis?sql={statement}")
    page.get_by_role("button", name="运行").click()
    page.locator(".st-key-sql-download").wait_for()
    found = rows_of(taken(seen, "sql-download")[1])
    assert [list(row.values()) for row in found] == held(invented, statement)


def from_xlsx(raw: bytes) -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(io.BytesIO(raw), read_only=True).worksheets[0].values
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def from_zip(raw: bytes) -> list[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return list(rows_of(archive.read("data.csv")))


READERS: dict[str, Callable[[bytes], list[dict[str, Any]]]] = {
    "csv": lambda raw: list(rows_of(raw)),
    "xlsx": from_xlsx,
    "parquet": lambda raw: pq.read_table(io.BytesIO(raw)).to_pylist(),
    "json": lambda raw: json.loads(raw)["rows"],
    "zip": from_zip,
}


def test_the_same_choice_in_every_format(demo: str, invented: Path, visit: type[Visit]) -> None:
    seen = visit.to(demo)
    expected = held(
        invented,
        "select fact_id, value, status, raw_text from fact join report using (report_id) "
        "where body_id = 'demo01' and year = 2024 order by fact_id",
    )
    for format_, read in READERS.items():
        seen.open(f"downloads?body=demo01&years=2024-2024&names=codes&format={format_}")
        name, raw = taken(seen, "download")
        assert name.endswith(f".{format_}")
        found = [
            [plain(row[column]) for column in ("fact_id", "value", "status", "raw_text")] for row in read(raw)
        ]
        assert sorted(found) == expected, format_
    assert (seen.outside, seen.errors) == ([], [])


def plain(value: Any) -> str:
    return value if isinstance(value, str) else written(float(value) if value is not None else None)
