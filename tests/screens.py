"""A small warehouse of an invented district, with every state that a screen must show. Not a real body in it."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_write
from pipeline.marts import marts
from pipeline.rows import catalogue_rows
from pipeline.search import folded
from pipeline.sections import section_of

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "data" / "catalogue"
HOSTILE = '<img src=x onerror="window.ran=1"><script>window.ran=1</script> ![x](http://outside.invalid/x.png) **粗** $x$'
HOSTILE_CATEGORY = '=HYPERLINK("http://outside.invalid","<b>点我</b>")'
BODIES = (
    ("demo01", "云溪镇", "town", None),
    ("demo02", "松岭乡", "township", None),
    ("demo03", "石桥镇", "town", None),
    ("demo04", "白鹤街道", "subdistrict", None),
    ("demo05", "金沙街道", "subdistrict", 2021),
    ("demo06", "长岭乡", "township", None),
)
YEARS = range(2019, 2025)
OUTCOMES = ("granted", "granted_in_part", "refused_third_party", "unavailable_not_held", "other_remaining")
DECLARED = {
    "layout": "layout first_year last_year label_zh label_en position",
    "comparability": "measure channel from_layout to_layout joins terms note_zh note_en",
    "channel": "channel class label_zh label_en position synonyms",
    "rule": "rule severity formula label_zh label_en position cause",
    "rule_part": "rule part severity cause kind layouts scope formula label_zh label_en source position",
    "layout_line": "layout table measure channel rows columns aliases required position",
    "publication_limit": "kind first_year last_year month_day",
    "scoring_model": "model first_year last_year least_assessable label_zh label_en source digest",
    "scoring_block": "block takes_over label_zh label_en note_zh note_en position",
    "indicator": "model indicator block weight formula effort label_zh label_en rule_zh rule_en missing_zh missing_en advice_zh advice_en source position",
    "indicator_input": "model indicator part input weight position",
    "indicator_parameter": "model indicator name value",
    "scoring_preset": "preset model indicator weight label_zh label_en note_zh note_en position",
    "peer_group": "kind peer_group label_zh label_en position",
    "tag": "tag pattern words label_zh label_en position",
}
Tables = defaultdict[str, list[list[object]]]
DISPUTES = ("reconsideration", "lawsuit_direct", "lawsuit_after_reconsideration")
RESULTS = ("upheld", "corrected", "other", "pending", "total")


def _rows(name: str) -> list[dict[str, str]]:
    with (CATALOGUE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _load_catalogue(tables: Tables) -> None:
    for position, row in enumerate(_rows("measures")):
        columns = [row[name] or None for name in ("measure", "section", "parent", "unit", "kind")]
        labels = [row["printed_at"], row["label_zh"], row["label_en"], row["note"], position]
        tables["measure"].append([*columns, row["layouts"].split(), *labels])
    for position, row in enumerate(_rows("applicants")):
        tables["applicant"].append([row["applicant"], row["label_zh"], row["label_en"], position])
    declared = catalogue_rows(default_catalogue())
    for table, columns in DECLARED.items():
        tables[table] += [[row[name] for name in columns.split()] for row in declared[table]]


class _Writer:
    """Puts one report's text into the warehouse, block by block, and each figure at the place it stands."""

    def __init__(self, tables: Tables, report: str) -> None:
        self.tables, self.report, self.block, self.facts = tables, report, 0, 0
        self.section: str | None = None

    def fact(self, measure: str, value: float | None, unit: str, raw: str, locator: str, **more: str) -> None:
        self.facts += 1
        status = more.get("status", "reported" if value is not None else "blank")
        dimensions = [more.get(name) for name in ("applicant", "channel", "account", "category")]
        keys = [f"{self.report}-f{self.facts:03d}", self.report, measure, *dimensions]
        bound = more.get("bound", "exact")
        self.tables["fact"].append(
            [*keys, value, unit, status, bound, raw, locator, value, status, None, value, value]
        )

    def paragraph(self, text: str) -> int:
        self._passage(text, None, None)
        self.block += 1
        return self.block - 1

    def cells(self, rows: list[list[str]]) -> int:
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self._passage(text, row, column)
        self.block += 1
        return self.block - 1

    def _passage(self, text: str, row: int | None, column: int | None) -> None:
        span = None if row is None else 1
        place = [self.report, self.block, row, column, span, span]
        self.section = section_of(text, default_catalogue()) or self.section
        self.tables["passage"].append([*place, text, *[None] * 6, folded(text), self.section])

    def sentence(self, pieces: list[tuple[str, dict[str, object] | None]]) -> None:
        text, found = "", []
        for piece, fact in pieces:
            if fact is not None:
                found.append((fact, piece, len(text), len(text) + len(piece)))
            text += piece
        block = self.paragraph(text)
        for fact, piece, start, end in found:
            self.fact(**fact, unit="条", raw=piece, locator=f"b{block}:{start}-{end}")  # type: ignore[arg-type]


def _channels(number: int, year: int, total: int) -> list[tuple[str, dict[str, object] | None]]:
    """A narrative with a remainder in most years, an overlap in 2022, an unfilled channel in 2023."""
    website, wechat = int(total * 0.45), int(total * (0.6 if year == 2022 else 0.35))
    pieces: list[tuple[str, dict[str, object] | None]] = [
        (f"{year}年，全年主动公开政府信息", None),
        (f"{total}余条" if number == 2 else f"{total}条", _disclosed(total, number == 2)),
        ("，其中政府网站", None),
        (f"{website}条", {"measure": "items_by_channel", "value": website, "channel": "website"}),
        ("，微信公众号“云川发布”", None),
        (
            f"{wechat}条",
            {"measure": "items_by_channel", "value": wechat, "channel": "wechat", "account": "云川发布"},
        ),
    ]
    if year == 2023:
        named = {"measure": "items_by_channel", "value": None, "channel": "toutiao", "status": "not_printed"}
        return [*pieces, ("，并开通", None), ("今日头条号", named), ("。", None)]
    if year == 2024:
        counted = {"measure": "items_by_channel", "value": total // 10, "channel": "toutiao"}
        return [*pieces, ("，今日头条号", None), (f"{total // 10}条", counted), ("。", None)]
    return [*pieces, ("。", None)]


def _disclosed(total: int, rounded: bool) -> dict[str, object]:
    return {"measure": "items_disclosed", "value": total, "bound": "at_least" if rounded else "exact"}


def _write_requests(writer: _Writer, number: int, year: int) -> None:
    """Table three: zero in odd places, a broken balance for body 3 in 2024, blank cells for body 2 in 2020."""
    received = 0 if number in (3, 4) else (number * 3 + year) % 7
    carried_out = 1 if received > 3 else 0
    closed = received - carried_out + (1 if number == 2 and year == 2024 else 0)
    values = {"requests_received": received, "requests_carried_in": 0, "requests_closed": closed}
    values |= {"requests_carried_out": carried_out}
    labels = {row["measure"]: row["label_zh"] for row in _rows("measures")}
    units = [row for row in _rows("measures") if row["section"] == "requests"]
    measures = [row["measure"] for row in units if "2021" in row["layouts"].split() and row["kind"] == "flow"]
    applicants = [row["applicant"] for row in _rows("applicants")]
    grid = [["", *(row["label_zh"] for row in _rows("applicants"))]]
    blank = number == 1 and year == 2020
    for measure in measures:
        value = values.get(measure, closed if measure == "granted" else 0)
        cells = [str(value if applicant in ("natural_person", "total") else 0) for applicant in applicants]
        grid.append([labels[measure], *([""] * 7 if blank else cells)])
    block = writer.cells(grid)
    for row, measure in enumerate(measures, start=1):
        for column, applicant in enumerate(applicants, start=1):
            raw = grid[row][column]
            place = f"b{block}r{row}c{column}"
            writer.fact(measure, float(raw) if raw else None, "件", raw, place, applicant=applicant)


def _write_disputes(writer: _Writer) -> None:
    measures = [f"{kind}_{result}" for kind in DISPUTES for result in RESULTS]
    block = writer.cells([measures, ["0"] * len(measures)])
    for column, measure in enumerate(measures):
        writer.fact(measure, 0, "件", "0", f"b{block}r1c{column}")


def _write_report(tables: Tables, number: int, year: int) -> None:
    body_id, name, *_ = BODIES[number]
    report = f"{body_id}-{year}"
    published = date(year + 1, 2, 20) if (number + year) % 5 == 0 else date(year + 1, 1, 20)
    path, digest = f"invented/{report}.html", f"{number:02d}{year}".ljust(64, "0")
    title = f"{name}{year}年政府信息公开工作年度报告"
    head = [report, body_id, year, published, title, None, "2021", "invented", digest, path]
    tables["report"].append([*head, "text/html", None, date(year + 1, 1, 31)])
    writer = _Writer(tables, report)
    if number == 3 and year == 2022:
        writer.paragraph("（扫描件，无法识别）")
        tables["issue"].append(
            [report, path, "unreadable_file", "文件没有可读的文字", "The file holds no text", "", ""]
        )
        return
    writer.paragraph(f"{name}人民政府{year}年政府信息公开工作年度报告")
    if number == 1 and year in (2022, 2023):
        _write_copied(writer, year)
    total = 200 + 37 * number + 23 * (year - 2019)
    writer.sentence(_channels(number, year, total))
    if number == 0 and year == 2024:
        _write_hostile(writer, total)
    _write_requests(writer, number, year)
    _write_disputes(writer)
    _write_findings(writer, number, year)


def _write_copied(writer: _Writer, year: int) -> None:
    """A paragraph that the second body copied from its own report of the year before."""
    writer.paragraph("一、总体情况")
    block = writer.paragraph(f"{year}年，本乡加强组织领导，压实工作责任，推动政府信息公开工作落到实处。")
    if year == 2023:
        places = [f"b{block}"], [f"b{block}"]
        writer.tables["similarity"].append(
            [writer.report, "一", "last_year", "demo02-2022", 0.97, 60, *places]
        )


def _write_hostile(writer: _Writer, total: int) -> None:
    writer.paragraph(HOSTILE)
    start = len("分类公开")
    text = f"分类公开{HOSTILE_CATEGORY}30条、其他{total - 31}条。"
    block = writer.paragraph(text)
    first, second = text.index("30条"), text.index(f"{total - 31}条")
    writer.fact(
        "items_by_category", 30, "条", "30条", f"b{block}:{first}-{first + 3}", category=text[start:first]
    )
    end = second + len(f"{total - 31}条")
    writer.fact("items_by_category", total - 31, "条", "条", f"b{block}:{second}-{end}", category="其他")


def _write_findings(writer: _Writer, number: int, year: int) -> None:
    broken = number == 2 and year == 2024
    blank = number == 1 and year == 2020
    outcome = "not_assessable" if blank else "broken" if broken else "holds"
    message = "表三总计列：来 0 件，去 1 件，相差 1 件" if broken else "表三总计列勾稽关系成立"
    english = "Table 3, total: 0 in, 1 out, off by 1" if broken else "Table 3, total: the balance holds"
    columns = (writer.tables["fact"][-1 - i] for i in range(writer.facts))
    places = [row[12] for row in columns if row[3] == "total" and str(row[2]).startswith("requests_")]
    row = [writer.report, "T3-BAL", "error", outcome, message, english, -1.0 if broken else None]
    writer.tables["finding"].append([*row, None, "total", places])


def _reports() -> Iterator[tuple[int, int]]:
    for number, (_, _, _, founded) in enumerate(BODIES):
        for year in YEARS:
            if (founded or 0) <= year and (number, year) != (5, 2024):
                yield number, year


def build(path: Path) -> Path:
    """Write the invented warehouse at `path` and return it."""
    tables: Tables = defaultdict(list)
    _load_catalogue(tables)
    for body_id, name, kind, founded in BODIES:
        place = [None, None, "云川县", "云川市", None]
        tables["body"].append([body_id, name, kind, *place, founded, None, None, "invented"])
    for number, year in _reports():
        _write_report(tables, number, year)
    counts = [len(tables[name]) for name in ("report", "report", "report", "fact", "finding", "issue")]
    built = datetime(2026, 11, 24, 8, tzinfo=UTC).replace(tzinfo=None)
    tables["build"].append([1, "test", built, "none", "none", *counts])
    with open_to_write(path) as connection:
        connection.execute((ROOT / "queries" / "schema.sql").read_text("utf-8"))
        for table, rows in tables.items():
            columns = connection.table(table).columns[: len(rows[0])] if rows else []
            frame = pd.DataFrame(rows, columns=columns, dtype=object)  # noqa: F841  DuckDB finds it by its name
            if rows:
                connection.execute(f"insert into {table} by name select * from frame")
        _add_marts(connection)
    return path


def build_empty(path: Path) -> Path:
    """Write a warehouse in which no document has been read."""
    with open_to_write(path) as connection:
        connection.execute((ROOT / "queries" / "schema.sql").read_text("utf-8"))
        _add_marts(connection)
    return path


def _add_marts(connection: duckdb.DuckDBPyConnection) -> None:
    for mart in marts():
        connection.sql(mart.read_text("utf-8")).create(mart.stem)
