"""What is taken away is what the warehouse holds, cell by cell, in every format; and what comes with it."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.datastructures import QueryParams

from pages.ui import api, choice
from pages.ui.words import LANGUAGES, Words
from pipeline import export
from pipeline.database import open_to_read, open_to_write
from tests import county, screens
from tests.asking import get

SCOPE = "demo-云川市-云川县"


@pytest.fixture(autouse=True)
def held(invented: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(invented))


def got(format_: str, **query: Any) -> bytes:
    answer = get(f"/api/facts.{format_}?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200, answer.text
    return answer.content


def from_csv(raw: bytes) -> list[dict[str, Any]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def from_zip(raw: bytes) -> list[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["README.txt", "data.csv", "dictionary.csv", "log.csv"]
        return from_csv(archive.read("data.csv"))


def from_xlsx(raw: bytes) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(raw), read_only=True).worksheets[0]
    head, *rows = sheet.iter_rows()
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    names = [cell.value for cell in head]
    return [dict(zip(names, [cell.value for cell in row], strict=True)) for row in rows]


def from_parquet(raw: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(raw)).to_pylist()
    return rows


def from_json(raw: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(raw)["rows"]
    return rows


READERS: dict[str, Callable[[bytes], list[dict[str, Any]]]] = {
    "csv": from_csv, "zip": from_zip, "xlsx": from_xlsx, "parquet": from_parquet, "json": from_json,
}  # fmt: skip
IN_A_SPREADSHEET = ("csv", "zip", "xlsx")


def same(value: Any) -> str:
    """One value as text, from a file and from the warehouse alike."""
    if value is None or value == "":
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)
    return text.lower() if isinstance(value, bool) else text


def held_long(warehouse: Path, condition: str) -> list[dict[str, Any]]:
    """The rows straight from the tables, by a query of the test's own."""
    query = f"""
        select fact.fact_id, fact.report_id, body.body_id, body.name as body, report.year, report.published, fact.measure,
            measure.label_zh as label, applicant.label_zh as applicant, channel.label_zh as channel, fact.category,
            fact.value, fact.unit, fact.status, fact.bound, fact.raw_text, fact.locator, report.path as source, report.sha256
        from fact join report using (report_id) join body using (body_id) join measure using (measure)
        left join applicant using (applicant) left join channel using (channel)
        where {condition}
    """
    with open_to_read(warehouse) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("format_", READERS)
@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ({}, "true"),
        (
            {"year": "2022-2024", "body": ["demo01", "松岭乡"]},
            "year >= 2022 and body_id in ('demo01', 'demo02')",
        ),
        (
            {"measure": "items_by_category", "years": 2024},
            "fact.measure = 'items_by_category' and year = 2024",
        ),
        ({"status": ["blank", "not_printed"]}, "status in ('blank', 'not_printed')"),
    ],
    ids=["everything", "bodies", "hostile", "statuses"],
)
def test_long_holds_what_the_warehouse_holds(
    format_: str, query: dict[str, Any], condition: str, invented: Path
) -> None:
    taken = {row["fact_id"]: row for row in READERS[format_](got(format_, scope=SCOPE, **query))}
    expected = held_long(invented, condition)
    assert len(taken) == len(expected) > 0
    for row in expected:
        for name, value in row.items():
            text = same(value)
            text = export.defused(text) if format_ in IN_A_SPREADSHEET and isinstance(value, str) else text
            assert same(taken[row["fact_id"]][name]) == text, (name, row)


@pytest.mark.parametrize("format_", READERS)
def test_wide_holds_what_the_warehouse_holds(format_: str, invented: Path) -> None:
    taken = {row["report_id"]: row for row in READERS[format_](got(format_, scope=SCOPE, shape="wide"))}
    with open_to_read(invented) as connection:
        figures = connection.execute(
            "select report_id, measure, value, status, bound from figure "
            "where measure not in ('items_by_channel', 'items_by_category')"
        ).fetchall()
        reports = connection.execute("select count(*) from report").fetchall()[0][0]
    assert len(taken) == reports
    given = {(report, measure) for report, measure, *_ in figures}
    for report, measure, value, status, bound in figures:
        row = taken[report]
        assert same(row[measure]) == same(value)
        assert (f"{measure}: {status}" in (row["not_reported"] or "").split("; ")) == (value is None)
        assert (f"{measure}: {bound}" in (row["inexact"] or "").split("; ")) == (
            value is not None and bound != "exact"
        )
    measures = {measure for _, measure in given}
    for report, row in taken.items():
        assert all(row[measure] in (None, "") for measure in measures if (report, measure) not in given)


def test_text_of_a_report_never_runs() -> None:
    asked = {"scope": SCOPE, "measure": "items_by_category", "body": "demo01", "year": 2024}
    for format_ in IN_A_SPREADSHEET:
        categories = {row["category"] for row in READERS[format_](got(format_, **asked))}
        assert "'" + screens.HOSTILE_CATEGORY in categories
    for format_ in ("json", "parquet"):
        assert screens.HOSTILE_CATEGORY in {
            row["category"] for row in READERS[format_](got(format_, **asked))
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_download_says_what_it_is(language: str, invented: Path) -> None:
    asked = {"scope": SCOPE, "year": "2022-2024", "measure": "granted", "lang": language, "names": "words"}
    say = Words(language)
    with open_to_read(invented) as connection:
        build = connection.execute("select build_id from build").fetchall()[0][0]
    about = json.loads(got("json", **asked))["about"]
    assert about["build"] == build and build in about["cite"] and about["invented"] is True
    assert [row["measure"] for row in about["dictionary"]] == ["granted"]
    assert about["filters"] == {key: [value] for key, value in asked.items()}
    assert say.of("status", "reported") in {row[say("csv.status")] for row in from_json(got("json", **asked))}
    assert {row[say.of("export.column", "is_current")] for row in from_csv(got("csv", **asked))} == {
        say("export.yes")
    }
    metadata = pq.read_schema(io.BytesIO(got("parquet", **asked))).metadata
    assert json.loads(metadata[b"about"])["cite"] == about["cite"]
    book = openpyxl.load_workbook(io.BytesIO(got("xlsx", **asked)))
    assert book.sheetnames == [
        say("export.sheet.data"),
        say("export.sheet.dictionary"),
        say("export.sheet.about"),
    ]
    notes = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows(min_row=2)}
    assert notes[say("export.note.cite")] == about["cite"]
    assert "2022" in notes[say("export.note.years")]
    assert book.worksheets[1]["A2"].value == "granted"
    with zipfile.ZipFile(io.BytesIO(got("zip", **asked))) as archive:
        assert about["cite"] in archive.read("README.txt").decode("utf-8-sig")
        assert archive.read("dictionary.csv").decode("utf-8-sig").splitlines()[1].startswith("granted,")
    headers = get(f"/api/facts.csv?{urlencode(asked)}").headers
    assert headers["x-build"] == build
    assert unquote(headers["x-cite"].removeprefix("UTF-8''")) == about["cite"]


def test_a_chinese_file_name_is_one() -> None:
    header = get(f"/api/facts.csv?{urlencode({'scope': SCOPE})}").headers["content-disposition"]
    assert header.isascii()
    assert 'filename="facts.csv"' in header
    assert unquote(header.partition("filename*=UTF-8''")[2]) == "年报数据_demo-云川市-云川县_2019-2024.csv"


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ("colour=red", "colour"), ("year=20", "20"), ("year=2019;drop", "drop"), ("year=2019-", "2019-"), ("measure=nonsense", "nonsense"),
        ("status=absent", "absent"), ("shape=round", "round"), ("lang=fr", "fr"), ("known=yesterday", "yesterday"),
        ("body=nowhere", "nowhere"), ("scope=nowhere", "nowhere"), ("county=nowhere", "nowhere"), ("kind=empire", "empire"),
        ("shape=wide&status=blank", "status"), ("names=x", "names"), ("superseded=perhaps", "perhaps"), ("year=²⁰¹⁹", "²"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_in_one_line(query: str, about: str) -> None:
    answer = get(f"/api/facts.csv?{query}")
    assert answer.status_code == 400
    assert about in answer.json()["error"]
    assert set(answer.json()) == {"error", "error_zh"}
    assert "\n" not in answer.json()["error_zh"]


def test_a_format_that_is_not_there_is_refused() -> None:
    assert "csv, xlsx" in get("/api/facts.exe").json()["error"]


@pytest.mark.parametrize("path", ["/api/", "/api"])
def test_the_manual_names_every_condition(path: str) -> None:
    answer = get(path)
    assert answer.headers["content-type"].startswith("text/plain")
    for language in LANGUAGES:
        lines = Words(language).family("api.manual").values()
        assert all(any(line.startswith(f"  {key} ") for line in lines) for key in api.KEYS)
    assert all(f".{format_}" in answer.text for format_ in export.FORMATS)


def test_invented_and_real_are_never_given_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = county.build(
        tmp_path / "w.duckdb",
        [county.Body("a1", "太平镇"), county.Body("b1", "安乐镇", county="乙山县")],
        [("a1", 2022), ("b1", 2022)],
        [county.Figure("a1", 2022, "granted", 1), county.Figure("b1", 2022, "granted", 2)],
    )
    with open_to_write(path) as connection:
        connection.execute("update body set origin = 'nbs' where body_id = 'b1'")
        connection.execute("update body_place set scope = '丙江市-乙山县' where body_id = 'b1'")
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(path))
    assert [row["body"] for row in from_csv(got("csv"))] == ["安乐镇"]
    assert [row["body"] for row in from_csv(got("csv", body="太平镇"))] == ["太平镇"]
    assert get(f"/api/facts.csv?{urlencode({'body': ['太平镇', '安乐镇']}, doseq=True)}").status_code == 400


def test_rows_come_in_chunks_and_the_first_before_the_last(invented: Path) -> None:
    chosen = api.understood(QueryParams({"scope": SCOPE}))
    for format_, (build, _) in export.FORMATS.items():
        if format_ != "xlsx":
            # a workbook is a zip that is only whole at its end
            chunks = list(build(chosen.rows(), chosen.about("")))
            assert len(chunks) > 2, format_


def test_the_pages_address_and_the_interfaces_are_the_same(invented: Path) -> None:
    pairs = choice.address_of(
        scope=SCOPE, kinds=["town"], bodies=[], years="2020-2021", measures=["granted"], statuses=["blank"], shape="long",
        names="words", superseded=True, known=None, language="en",
    )  # fmt: skip
    chosen = api.understood(QueryParams(pairs))
    assert dict(chosen.address) == dict(pairs)
    assert chosen.bodies == ["demo01", "demo03"]
    assert (chosen.years, chosen.measures, chosen.statuses) == ([2020, 2021], ["granted"], ["blank"])


def test_a_sheet_that_would_not_hold_the_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SHEET_ROWS", 10)
    assert get(f"/api/facts.xlsx?{urlencode({'scope': SCOPE})}").status_code == 400


@pytest.mark.parametrize("text", ["\x00a", "a\x0bb", "\ufffe", "x" * 40_000, "=" + "1" * 40_000])
def test_a_sheet_takes_any_text(text: str) -> None:
    assert len(export._cell_text(text)) <= 32_767


def test_an_empty_warehouse_and_none(unread: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(unread))
    assert get("/api/facts.csv").status_code == 400
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(tmp_path / "none.duckdb"))
    assert get("/api/facts.csv").status_code == 503
