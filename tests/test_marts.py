"""The marts against plain Python: missing stays missing, sums carry their n of N, lines stop where meanings change."""

import random
import statistics
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import queries
from pipeline.database import open_to_read
from pipeline.marts import FOLDER, marts
from pipeline.warehouse import build
from tests import county
from tests.county import Body, Figure

STATUSES = ("blank", "dash", "unreadable", "not_printed", "ambiguous", "incomplete", "absent", "missing")
MEASURES = ("requests_received", "licence_decisions", "normative_issued")


def read(path: Path, table: str) -> pd.DataFrame:
    with open_to_read(path) as connection:
        return connection.table(table).df()


def ask(path: Path, name: str, **parameters: object) -> pd.DataFrame:
    with open_to_read(path) as connection:
        return queries.ask(connection, name, **parameters)


# --- the order of the marts


def test_a_mart_comes_after_those_it_reads() -> None:
    names = [file.stem for file in marts()]
    assert sorted(names) == sorted(file.stem for file in FOLDER.glob("*.sql"))
    for first, second in (
        ("body_place", "report_pair"),
        ("current_report", "expected_report"),
        ("figure", "report_wide"),
    ):
        assert names.index(first) < names.index(second)


@pytest.mark.parametrize("file", marts(), ids=lambda file: file.stem)
def test_rows_of_a_mart_are_found_by_their_report_or_body(file: Path, invented: Path) -> None:
    columns = set(read(invented, file.stem).columns)
    assert columns & {"report_id", "body_id", "fact_id"}


# --- sums against plain Python

BODIES = [
    Body("a1", "太平镇"),
    Body("a2", "松岭乡", kind="township"),
    Body("a3", "石桥镇", valid_from=2022),
    Body("a4", "白鹤街道", kind="subdistrict"),
    Body("a5", "长岭乡", kind="ethnic_township"),
    Body("a0", "甲山县人民政府", kind="county"),
    Body("b1", "太平镇", county="乙水县"),
    Body("b2", "河口镇", county="乙水县"),
    Body("c1", "太平镇", prefecture="戊城市"),
]
YEARS = range(2021, 2025)


@pytest.fixture(scope="module")
def drawn() -> tuple[set[tuple[str, int]], list[Figure]]:
    """Which reports there are and what they say: a draw in which every status comes up."""
    pick = random.Random(20)  # noqa: S311  a draw, not a secret
    reports = {
        (body.body_id, year)
        for body in BODIES
        for year in YEARS
        if year >= (body.valid_from or 0) and pick.random() < 0.75
    }
    reports |= {(body_id, year) for body_id in ("a1", "b1", "c1") for year in (YEARS[0], YEARS[-1])}
    figures: list[Figure] = []
    for body_id, year in sorted(reports):
        for measure in MEASURES:
            who = "total" if measure.startswith("requests") else None
            status = pick.choices(
                ("reported", "blank", "dash", "unreadable", "not_printed", "absent", "ambiguous"),
                (50, 10, 10, 8, 8, 8, 6),
            )[0]
            if status == "absent":
                continue
            if status == "ambiguous":
                figures += [Figure(body_id, year, measure, value, applicant=who) for value in (3, 5)]
                continue
            value = pick.choice((0, 0, 1, 2, 7, 30)) if status == "reported" else None
            bound = pick.choice(("exact", "exact", "exact", "at_least", "about")) if value else "exact"
            figures.append(Figure(body_id, year, measure, value, status, bound, who))
        # Every report has something that can be read: another measure.
        figures.append(Figure(body_id, year, "interpretations", 1))
    return reports, figures


@pytest.fixture(scope="module")
def path(drawn: tuple[set[tuple[str, int]], list[Figure]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county.build(tmp_path_factory.mktemp("marts") / "w.duckdb", BODIES, sorted(drawn[0]), drawn[1])


def expected_sums(
    reports: set[tuple[str, int]], figures: list[Figure]
) -> dict[tuple[str, int, str], dict[str, Any]]:
    """What county_year_measure must say, computed without a database."""
    said: dict[tuple[str, int, str], list[Figure]] = {}
    for one in figures:
        said.setdefault((one.body_id, one.year, one.measure), []).append(one)
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for place in {(body.prefecture, body.county) for body in BODIES}:
        members = [b for b in BODIES if (b.prefecture, b.county) == place]
        townships = [b for b in members if b.kind != "county"]
        years = [year for body, year in reports if body in {b.body_id for b in members}]
        for year in range(min(years), max(years) + 1):
            due = [b for b in townships if (b.valid_from or 0) <= year <= (b.valid_to or 9999)]
            for measure in MEASURES:
                values, bounds, why = [], [], Counter[str]()
                for body in due:
                    stated = said.get((body.body_id, year, measure), [])
                    if (body.body_id, year) not in reports:
                        why["missing"] += 1
                    elif not stated:
                        why["absent"] += 1
                    elif len({one.value for one in stated}) > 1:
                        why["ambiguous"] += 1
                    elif stated[0].value is None:
                        why[stated[0].status] += 1
                    else:
                        values.append(stated[0].value)
                        bounds.append(stated[0].bound)
                found[f"demo-{place[0]}-{place[1]}", year, measure] = {
                    "due": len(due), "n": len(values), **{name: why[name] for name in STATUSES},
                    "zeros": values.count(0), "total": sum(values) if values else None,
                    "holds_bound": any(bound != "exact" for bound in bounds),
                    "median": statistics.median(values) if values else None,
                    "q1": float(np.quantile(values, 0.25)) if values else None,
                    "q3": float(np.quantile(values, 0.75)) if values else None,
                }  # fmt: skip
    return found


def test_every_sum_equals_the_one_computed_in_plain_python(
    path: Path, drawn: tuple[set[tuple[str, int]], list[Figure]]
) -> None:
    rows = read(path, "county_year_measure")
    rows = rows[rows["measure"].isin(MEASURES)]
    expected = expected_sums(*drawn)
    assert len(rows) == len(expected)
    for row in rows.to_dict("records"):
        for name, value in expected[row["scope"], row["year"], row["measure"]].items():
            found = None if pd.isna(row[name]) else row[name]
            assert found == value, (row["scope"], row["year"], row["measure"], name)
    seen = Counter({name: sum(one[name] for one in expected.values()) for name in STATUSES})
    assert all(seen[name] for name in STATUSES if name != "incomplete"), "the draw shows every status"
    assert any(one["total"] is None for one in expected.values()), "and a sum of nothing, which is not zero"


def test_every_body_that_owes_a_report_is_counted_once(path: Path) -> None:
    rows = read(path, "county_year_measure")
    assert (rows["due"] == rows["n"] + rows[list(STATUSES)].sum(axis=1)).all()


def test_screens_say_the_same_as_the_mart(path: Path) -> None:
    rows = read(path, "county_year_measure").set_index(["scope", "year", "measure"])
    bodies = [
        b.body_id for b in BODIES if b.county == "甲山县" and b.prefecture == "丙江市" and b.kind != "county"
    ]
    shown = ask(
        path, "series_by_year", bodies=bodies, first=2021, last=2024, measures=list(MEASURES), language="zh"
    )
    assert len(shown) == len(MEASURES) * len(YEARS)
    for row in shown.to_dict("records"):
        mart = rows.loc[("demo-丙江市-甲山县", row["year"], row["measure"])]
        for name in ("due", "n", "total", "median", "holds_bound"):
            assert (pd.isna(row[name]) and pd.isna(mart[name])) or row[name] == mart[name]
    cards = ask(path, "headline_by_measure", bodies=bodies, year=2024, measures=list(MEASURES), language="zh")
    for row in cards.to_dict("records"):
        mart = rows.loc[("demo-丙江市-甲山县", 2024, row["measure"])]
        assert (row["expected"], row["reported"], row["zeros"]) == (mart["due"], mart["n"], mart["zeros"])


def test_one_line_of_a_spreadsheet_keeps_the_gaps(
    path: Path, drawn: tuple[set[tuple[str, int]], list[Figure]]
) -> None:
    wide, figure = read(path, "report_wide"), read(path, "figure")
    assert len(wide) == len(drawn[0])
    measures = set(read(path, "measure")["measure"]) - {"items_by_channel", "items_by_category"}
    assert measures <= set(wide.columns)
    for row in figure.to_dict("records"):
        line = wide[wide["report_id"] == row["report_id"]].iloc[0]
        if row["status"] == "reported":
            assert line[row["measure"]] == row["value"]
        else:
            assert pd.isna(line[row["measure"]])
            assert f"{row['measure']}: {row['status']}" in list(line["not_reported"])


# --- one figure a report


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([("b1r1c1", "total", 3, "exact"), ("b0:1-2", None, 5, "exact")], (3, "reported")),
        ([("b0:1-2", None, 5, "at_least"), ("b0:7-9", None, 6, "exact")], (6, "reported")),
        ([("b0:1-2", None, 5, "exact"), ("b0:7-9", None, 5, "exact")], (5, "reported")),
        ([("b0:1-2", None, 5, "exact"), ("b0:7-9", None, 6, "exact")], (None, "ambiguous")),
        ([("b1r1c1", "total", None, "exact"), ("b0:1-2", None, 5, "exact")], (None, "blank")),
    ],
    ids=["cell over sentence", "exact over bound", "said twice", "two values", "a blank cell is not filled"],
)
def test_the_figure_of_a_report(
    facts: list[tuple[str, str | None, float | None, str]],
    expected: tuple[float | None, str],
    tmp_path: Path,
) -> None:
    figures = [
        Figure(
            "a1", 2023, "requests_received", value, "reported" if value is not None else "blank", bound, who, place
        )
        for place, who, value, bound in facts
    ]  # fmt: skip
    row = read(county.build(tmp_path / "w.duckdb", BODIES[:1], [("a1", 2023)], figures), "figure").iloc[0]
    assert (None if pd.isna(row["value"]) else row["value"], row["status"]) == expected


def _printed(measure: str, value: float | None, status: str = "reported", year: int = 2018) -> Figure:
    return Figure("a1", year, measure, value, status)


def test_what_an_older_form_prints_in_parts_is_added_up(tmp_path: Path) -> None:
    path = county.build(
        tmp_path / "w.duckdb", BODIES[:1], [("a1", 2018), ("a1", 2017)],
        [
            _printed("answered_already_public", 2), _printed("answered_granted", 3),
            _printed("answered_not_ours", 4), _printed("answered_not_existing", None, "blank"),
            _printed("answered_to_amend", 5), _printed("requests_received", 1, year=2017),
        ],
        layouts={("a1", 2018): "pre2019", ("a1", 2017): "pre2019"},
    )  # fmt: skip
    rows = read(path, "figure").set_index(["report_id", "measure"])
    granted = rows.loc[("a1-2018", "granted")]
    assert (granted["value"], granted["status"], granted["is_added"]) == (5, "reported", True)
    assert rows.loc[("a1-2018", "unavailable_not_held"), "status"] == "incomplete"
    assert pd.isna(rows.loc[("a1-2018", "unavailable_not_held"), "value"])
    assert ("a1-2018", "unavailable_unclear") not in rows.index, "joins=no is never added up"
    assert ("a1-2017", "granted") not in rows.index, "no part is no figure"


# --- expected reports


def test_missing_reports_are_rows(tmp_path: Path) -> None:
    today = date.today()  # noqa: DTZ011  the build's own day
    bodies = [
        Body("a1", "太平镇"),
        Body("a2", "松岭乡", valid_from=2022),
        Body("a3", "长岭乡", valid_to=2022),
        Body("b1", "河口镇", county="乙水县"),
    ]
    coming = today.year
    reports = [("a1", 2021), ("a1", 2023), ("a2", 2023), ("b1", 2010), ("a1", coming)]
    facts = [
        Figure(body, year, "interpretations", 1) for body, year in reports if (body, year) != ("a2", 2023)
    ]
    path = county.build(
        tmp_path / "w.duckdb", bodies, reports, facts, published={("a1", 2023): date(2024, 3, 2)}
    )
    rows = read(path, "expected_report").set_index(["body_id", "year"])["state"]
    assert rows["a1", 2021] == "on_time"
    assert rows["a1", 2022] == "missing"
    assert rows["a1", 2023] == "late"
    assert rows["a2", 2023] == "unreadable"
    assert ("a2", 2021) not in rows.index, "not yet founded"
    assert rows["a3", 2021] == rows["a3", 2022] == "missing"
    assert ("a3", 2023) not in rows.index, "no more"
    assert rows["a2", coming] == "not_due", "its limit has not passed"
    assert [year for body, year in rows.index if body == "b1"] == [2010], "the years of its own county"
    shown = ask(path, "coverage_by_body_and_year", bodies=["a1", "a2", "b1"], first=2020, last=2023)
    states = shown.set_index(["body_id", "year"])["state"]
    assert states["a1", 2022] == "missing"
    assert states["a2", 2021] == "not_founded"
    assert states["a1", 2020] == states["b1", 2023] == "not_sought"
    assert set(shown.loc[shown["year"] == 2022, "expected"]) == {2}


def test_the_line_of_a_renamed_body_goes_on(tmp_path: Path) -> None:
    bodies = [
        Body("old", "河图镇", valid_to=2021),
        Body("new", "河图街道", kind="subdistrict", valid_from=2022, predecessor="old"),
        Body("other", "河图镇", county="乙水县"),
    ]
    reports = [("old", 2020), ("old", 2021), ("new", 2022), ("new", 2024), ("other", 2022)]
    facts = [Figure(body, year, "requests_received", year, applicant="total") for body, year in reports]
    path = county.build(tmp_path / "w.duckdb", bodies, reports, facts)
    rows = read(path, "expected_report")
    line = rows[rows["lineage"] == "old"]
    assert list(zip(line["year"], line["body_id"], line["state"], strict=True)) == [
        (2022, "new", "on_time"), (2023, "new", "missing"), (2024, "new", "on_time"),
        (2020, "old", "on_time"), (2021, "old", "on_time"),
    ]  # fmt: skip
    pairs = read(path, "report_pair").set_index("report_id")["previous_report_id"]
    assert pairs["new-2022"] == "old-2021"
    assert pd.isna(pairs["new-2024"]) and pd.isna(pairs["other-2022"])
    assert set(rows[rows["body_id"] == "other"]["lineage"]) == {"other"}


# --- lines over the years


def test_a_line_breaks_where_a_form_changes_what_a_measure_means(tmp_path: Path) -> None:
    years = {2017: "pre2019", 2018: "narrative", 2019: "2019", 2020: "2019", 2021: "2019", 2022: "2021"}
    facts = [Figure("a1", year, "interpretations", 1) for year in years]
    path = county.build(
        tmp_path / "w.duckdb", BODIES[:1], [("a1", year) for year in years], facts,
        layouts={("a1", year): layout for year, layout in years.items()},
    )  # fmt: skip
    rows = read(path, "series_breaks")
    rows["channel"] = rows["channel"].fillna("")
    breaks = rows.set_index(["measure", "channel", "from_year", "to_year"])["joins"].to_dict()
    assert breaks["granted", "", 2018, 2019] == "after_adding"
    assert breaks["items_disclosed", "", 2018, 2019] == "rough"
    assert breaks["items_by_channel", "other", 2018, 2019] == "no"
    assert breaks["items_by_channel", "", 2018, 2019] == "rough"
    assert breaks["normative_made", "", 2021, 2022] == "rough", "by what is printed, not by the year"
    assert breaks["other_outcome", "", 2021, 2022] == "after_adding"
    assert breaks["unprocessed_petition", "", 2018, 2019] == "no"
    assert breaks["requests_carried_in", "", 2018, 2019] == "no", "the older form does not ask for it"
    assert ("requests_received", "", 2018, 2019) not in breaks, "joins plainly"
    assert {key[2:] for key in breaks} == {(2018, 2019), (2021, 2022)}


def test_two_forms_apart_the_worst_step_decides(tmp_path: Path) -> None:
    path = county.build(
        tmp_path / "w.duckdb", BODIES[:1], [("a1", 2018), ("a1", 2022)],
        [Figure("a1", year, "interpretations", 1) for year in (2018, 2022)], layouts={("a1", 2018): "pre2019"},
    )  # fmt: skip
    rows = read(path, "series_breaks").set_index("measure")["joins"]
    assert rows["granted"] == "after_adding"
    assert rows["unavailable_unclear"] == "no"


def test_years_of_other_bodies_are_not_joined(tmp_path: Path) -> None:
    bodies = [Body(f"a{n}", f"第{n}镇") for n in range(1, 7)]
    years = {2020: (1, 2, 3, 4), 2021: (1, 2, 5, 6), 2022: (3, 4, 5), 2024: (3, 4, 5)}
    reports = [(f"a{n}", year) for year, who in years.items() for n in who]
    facts = [Figure(body, year, "items_disclosed", 1) for body, year in reports]
    path = county.build(tmp_path / "w.duckdb", bodies, reports, facts)
    rows = ask(
        path, "series_by_year", bodies=[b.body_id for b in bodies], first=2020, last=2024,
        measures=["items_disclosed"], language="zh",
    )  # fmt: skip
    joined = rows.set_index("year")["is_joined"].to_dict()
    assert joined == {2020: False, 2021: True, 2022: False, 2023: False, 2024: False}


# --- roll-up


def rolled(path: Path, measure: str = "requests_received") -> pd.Series:
    rows = ask(
        path, "rollup", scope="demo-丙江市-甲山县", first=2023, last=2023, measures=[measure], language="zh"
    )
    assert len(rows) == 1
    return rows.iloc[0]


TOWNSHIPS = [Body("a1", "太平镇"), Body("a2", "松岭乡"), Body("a3", "石桥镇")]
COUNTY = Body("a0", "甲山县人民政府", kind="county")
OFFICE = Body("a9", "甲山县财政局", kind="department")


@pytest.mark.parametrize(
    ("values", "own", "department", "bound", "reading"),
    [
        ((1, 2, 3), 6, None, "exact", "agrees"),
        ((1, 2, 3), 8, None, "exact", "covers_more"),
        ((1, 2, 3), 8, 2, "exact", "departments"),
        ((1, 2, 3), 5, None, "exact", "less"),
        ((1, 2, None), 3, None, "exact", "agrees_in_part"),
        ((1, 2, None), 4, None, "exact", "units_missing"),
        ((1, 2, 3), 6, None, "at_least", "inexact"),
        ((None, None, None), 6, None, "exact", "no_townships"),
        ((1, 2, 3), None, None, "exact", "no_report"),
    ],
)
def test_the_gap_is_read_by_what_could_explain_it(
    values: tuple[float | None, ...],
    own: float | None,
    department: float | None,
    bound: str,
    reading: str,
    tmp_path: Path,
) -> None:
    bodies = [*TOWNSHIPS, *([COUNTY] if own is not None else []), *([OFFICE] if department else [])]
    told = dict(zip(("a1", "a2", "a3"), values, strict=True)) | {"a0": own, "a9": department}
    facts = [
        Figure(body, 2023, "requests_received", value, applicant="total", bound=bound if body == "a1" else "exact")
        for body, value in told.items()
        if value is not None
    ]  # fmt: skip
    reports = [("a1", 2023), *((one.body_id, 2023) for one in facts if one.body_id != "a1")]
    row = rolled(county.build(tmp_path / "w.duckdb", bodies, reports, facts))
    assert row["reading"] == reading
    known = [value for value in values if value is not None]
    assert (row["n"], row["due"]) == (len(known), 3)
    assert (row["total"] == sum(known)) if known else pd.isna(row["total"])
    if known and own is not None:
        assert row["gap"] == own - sum(known)
    if values == (1, 2, None):
        assert list(row["without_report"]) == ["石桥镇"]


def test_a_county_report_without_the_figure_is_not_a_missing_report(tmp_path: Path) -> None:
    facts = [Figure("a1", 2023, "requests_received", 1, applicant="total"), Figure("a0", 2023, "granted", 1)]
    path = county.build(tmp_path / "w.duckdb", [*TOWNSHIPS, COUNTY], [("a1", 2023), ("a0", 2023)], facts)
    assert rolled(path)["reading"] == "no_figure"


# --- carry-over ledger

ACCOUNT = ("requests_received", "requests_carried_in", "requests_closed", "requests_carried_out")


def ledger(
    tmp_path: Path, last: tuple[float | None, ...], this: tuple[float | None, ...], bound: str = "exact"
) -> pd.Series:
    facts = [
        Figure(
            "a1", year, measure, value, "reported" if value is not None else "dash",
            bound if measure == "requests_carried_in" and year == 2023 else "exact", "total",
        )
        for year, account in ((2022, last), (2023, this))
        for measure, value in zip(ACCOUNT, account, strict=True)
    ]  # fmt: skip
    path = county.build(tmp_path / "w.duckdb", BODIES[:1], [("a1", 2022), ("a1", 2023)], facts)
    rows = ask(path, "carry_over_ledger", bodies=["a1"], first=2023, last=2023, language="zh")
    assert len(rows) == 7, "one row per applicant column"
    assert set(rows.loc[rows["applicant"] != "total", "verdict"]) == {"not_assessable"}
    return rows[rows["applicant"] == "total"].iloc[0]


@pytest.mark.parametrize(
    ("last", "this", "verdict", "mends"),
    [
        ((5, 0, 4, 1), (3, 1, 4, 0), "agrees", None),
        ((5, 0, 4, 1), (3, 2, 4, 0), "this_year", True),
        ((5, 0, 4, 1), (3, 4, 5, 0), "this_year", False),
        ((5, 0, 4, 0), (3, 1, 4, 0), "last_year", True),
        ((5, 0, 5, 0), (3, 1, 4, 0), "both_balance", None),
        ((5, 0, 9, 0), (3, 1, 9, 0), "neither", None),
        ((5, 0, None, 0), (3, 1, 4, 0), "no_balance", None),
        ((5, 0, 4, None), (3, 1, 4, 0), "not_assessable", None),
    ],
)
def test_which_of_two_reports_is_likelier_wrong(
    last: tuple[float | None, ...],
    this: tuple[float | None, ...],
    verdict: str,
    mends: bool | None,
    tmp_path: Path,
) -> None:
    row = ledger(tmp_path, last, this)
    assert row["verdict"] == verdict
    assert (None if pd.isna(row["mends"]) else bool(row["mends"])) == mends
    if last[3] is None:
        assert row["last_status"] == "dash" and pd.isna(row["difference"])


def test_a_bound_settles_nothing(tmp_path: Path) -> None:
    assert ledger(tmp_path, (5, 0, 4, 1), (3, 2, 4, 0), bound="about")["verdict"] == "not_assessable"


def test_a_year_without_last_years_report_says_so(tmp_path: Path) -> None:
    facts = [Figure("a1", 2023, measure, 0, applicant="total") for measure in ACCOUNT]
    path = county.build(tmp_path / "w.duckdb", BODIES[:1], [("a1", 2023)], facts)
    rows = ask(path, "carry_over_ledger", bodies=["a1"], first=2023, last=2023, language="zh")
    assert set(rows["verdict"]) == {"no_last_report"}


# --- both sides of the balance


@pytest.mark.parametrize(
    ("granted", "complete"), [(2, 1), (None, 0)], ids=["filled in", "an outcome is blank"]
)
def test_a_blank_outcome_leaves_no_second_side(granted: float | None, complete: int, tmp_path: Path) -> None:
    account = dict(zip(ACCOUNT, (2, 0, 2, 0), strict=True)) | {"granted": granted}
    facts = [
        Figure("a1", 2023, measure, value, "blank" if value is None else "reported", applicant="total")
        for measure, value in account.items()
    ]
    path = county.build(tmp_path / "w.duckdb", BODIES[:1], [("a1", 2023)], facts)
    rows = ask(path, "request_flows", reports=["a1-2023"], language="zh")
    assert set(rows["complete"]) == {complete} and set(rows["with_table"]) == {1}
    assert ("went_out" in set(rows["side"])) is bool(complete)


def test_a_group_of_outcomes_with_a_blank_has_no_sum(tmp_path: Path) -> None:
    facts = [
        Figure("a1", 2023, "refused_by_law", 3, applicant="total"),
        Figure("a1", 2023, "refused_security", None, "blank", applicant="total"),
    ]
    path = county.build(tmp_path / "w.duckdb", BODIES[:1], [("a1", 2023)], facts)
    row = ask(path, "requests_by_report", bodies=["a1"], first=2023, last=2023).iloc[0]
    assert pd.isna(row["refused"]) and row["refused_status"] == "incomplete"


# --- recomputation for one county


def test_a_county_alone_gives_the_rows_it_has_among_others(path: Path) -> None:
    """What an incremental build relies on: with the other counties hidden, a mart says the same of this one."""
    with open_to_read(path) as reader:
        whole = {file.stem: reader.table(file.stem).df() for file in marts()}
        tables = {name: reader.table(name).df() for (name,) in reader.execute("show tables").fetchall()}
        kinds = {
            name: reader.execute(f"describe {name}").df()[["column_name", "column_type"]] for name in tables
        }
    ours = {body.body_id for body in BODIES if body.county == "甲山县" and body.prefecture == "丙江市"}
    reports = set(tables["report"].loc[tables["report"]["body_id"].isin(ours), "report_id"])

    def kept(name: str, frame: pd.DataFrame) -> pd.DataFrame:
        if "report_id" in frame.columns and name not in whole:
            return frame[frame["report_id"].isin(reports)]
        return frame[frame["body_id"].isin(ours)] if name == "body" else frame

    with duckdb.connect() as connection:
        for name, frame in tables.items():
            if name in whole:
                continue
            shape = ", ".join(f'"{c}" {t}' for c, t in kinds[name].itertuples(index=False))
            connection.execute(f"create table {name} ({shape})")
            rows = kept(name, frame)  # noqa: F841  DuckDB finds it by its name
            connection.execute(f"insert into {name} select * from rows")
        for file in marts():
            connection.sql(file.read_text("utf-8")).create(file.stem)
        for file in marts():
            alone, among = connection.table(file.stem).df(), whole[file.stem]
            key = next(key for key in ("body_id", "report_id", "fact_id") if key in among.columns)
            facts = set(tables["fact"].loc[tables["fact"]["report_id"].isin(reports), "fact_id"])
            wanted = {"report_id": reports, "body_id": ours, "fact_id": facts}[key]
            among = among[among[key].isin(wanted)].reset_index(drop=True)
            assert sorted(map(str, alone.values.tolist())) == sorted(map(str, among.values.tolist())), (
                file.stem
            )


def test_what_a_build_forgets_leaves_every_mart_as_a_fresh_build_has_it(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in ("云县大寨镇2022年", "隆阳区西邑乡2021年", "隆阳区河图镇2022年", "隆阳区西邑乡2022年"):
        title = f"{name}政府信息公开工作年度报告"
        (folder / f"{title}.txt").write_text(
            f"{title}\n{name[-5:]}，主动公开政府信息{len(name)}2条。\n", "utf-8"
        )
    build([folder], tmp_path / "w.duckdb")
    states = read(tmp_path / "w.duckdb", "expected_report")
    renamed = states[
        states["report_id"].fillna("").str.contains("-2022-") & (states["lineage"] == "530502102")
    ]
    assert list(renamed["body_id"]) == ["530502005"], "河图镇 of 2022 is 河图街道"
    for gone in ("云县大寨镇2022年", "隆阳区西邑乡2021年"):
        (folder / f"{gone}政府信息公开工作年度报告.txt").unlink()
        again = build([folder], tmp_path / "w.duckdb")
        assert again.path == tmp_path / "w.duckdb"
    build([folder], tmp_path / "fresh.duckdb")
    for file in marts():
        old, new = (read(tmp_path / name, file.stem) for name in ("w.duckdb", "fresh.duckdb"))
        assert sorted(map(str, old.values.tolist())) == sorted(map(str, new.values.tolist())), file.stem
