"""公开量: what the page says of medians, quartiles and changes, against plain Python; nothing missing is a zero."""

import base64
import re
import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import queries
from pages.ui import charts, sparks
from pages.ui.charts.canvas import written
from pages.ui.words import Words
from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read, open_to_write
from pipeline.warehouse import DEFAULT_SOURCES, build
from tests import county, screens
from tests.county import Body, Figure
from tests.test_pages import bodies_of_html, charted, opened, said, table

NAMES = ("甲", "乙", "丙", "丁", "戊", "己")
# Years 2021 to 2023 by body; a string is a bound or the reason why there is no figure.
GIVEN: dict[str, tuple[float | str | None, ...]] = {
    "甲镇": (100, 120, 180),
    "乙镇": (50, 60, 20),
    "丙镇": (200, 210, "≥300"),
    "丁镇": (None, 90, 95),
    "戊镇": (70, "blank", 75),
    "己镇": (0, 0, 0),
}
YEARS = (2021, 2022, 2023)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six towns: one without a report for 2021, one with a blank, one with a bound, one that discloses nothing."""
    bodies = [Body(f"a{number}", f"{name}镇") for number, name in enumerate(NAMES)]
    reports, figures = [], []
    for body in bodies:
        for year, given in zip(YEARS, GIVEN[body.name], strict=True):
            if given is None:
                continue
            reports.append((body.body_id, year))
            bound = "at_least" if isinstance(given, str) and given.startswith("≥") else "exact"
            value = None if given == "blank" else float(str(given).lstrip("≥"))
            status = "blank" if value is None else "reported"
            figures.append(Figure(body.body_id, year, "items_disclosed", value, status, bound))
            figures.append(Figure(body.body_id, year, "requests_received", 1, applicant="total"))
    return county.build(tmp_path_factory.mktemp("volumes") / "w.duckdb", bodies, reports, figures)


@pytest.fixture(scope="module")
def peopled(district: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same six, three of them with a population."""
    path = tmp_path_factory.mktemp("peopled") / "w.duckdb"
    path.write_bytes(district.read_bytes())
    with open_to_write(path) as connection:
        rows = [("a0", 2020, 20000), ("a0", 2023, 30000), ("a1", 2021, 10000), ("a2", 2022, 50000)]
        for body, year, residents in rows:
            connection.execute(
                "insert into population values ($1, $2, $3, '公报', '')", [body, year, residents]
            )
    return path


def volumes(path: Path, *, per: bool = False, **more: Any) -> pd.DataFrame:
    asked = {"bodies": [f"a{n}" for n in range(6)], "first": 2021, "last": 2023, "measure": "items_disclosed"}
    with open_to_read(path) as connection:
        return queries.ask(connection, "volumes_by_body", per=per, language="zh", **asked | more)


def number(given: float | str | None) -> float | None:
    return None if given is None or given == "blank" else float(str(given).lstrip("≥"))


def test_each_year_s_middle_is_that_of_the_bodies_with_a_figure(district: Path) -> None:
    years = volumes(district).drop_duplicates("year").set_index("year")
    for place, year in enumerate(YEARS):
        values = [value for given in GIVEN.values() if (value := number(given[place])) is not None]
        assert years.at[year, "n"] == len(values)
        assert years.at[year, "due"] == len(GIVEN)
        assert years.at[year, "median"] == statistics.median(values)
        assert years.at[year, "q1"] == np.quantile(values, 0.25)
        assert years.at[year, "q3"] == np.quantile(values, 0.75)


def test_a_change_is_of_the_same_bodies_and_of_exact_figures_only(district: Path) -> None:
    year = volumes(district).drop_duplicates("year").set_index("year").loc[2023]
    pairs = [
        (given[1], given[2])
        for given in GIVEN.values()
        if isinstance(given[1], int) and isinstance(given[2], int)
    ]
    assert year["pairs"] == len(pairs) == 4
    assert year["pairs_before"] == statistics.median(was for was, _ in pairs)
    assert year["pairs_median"] == statistics.median(now for _, now in pairs)
    assert (year["rose"], year["fell"], year["inexact"]) == (2, 1, 1)


def test_the_first_line_says_it_in_words(district: Path) -> None:
    text = re.sub(r"\s+", " ", said(opened(district, "volumes")))
    assert "2023 年主动公开政府信息数中位数 85 条 ，四分位 33.75—158.75 （6/6 个单位有数）" in text
    assert "两年都有确数的 4/6 个单位，中位数由 75 到 57.5 （▼ 17.5）" in text
    assert "增加最多的是甲镇（120 到 180， +60 ）" in text
    assert "减少最多的是乙镇（60 到 20， -40 ）" in text
    assert "1 个 只给出约数或下限" in text


def test_the_query_agrees_with_the_mart_of_the_county(invented: Path) -> None:
    asked = {"bodies": [body for body, *_ in screens.BODIES], "first": 2019, "last": 2024}
    years = volumes(invented, **asked).drop_duplicates("year").set_index("year")
    with open_to_read(invented) as connection:
        mart = connection.execute(
            "select * from county_year_measure where measure = 'items_disclosed'"
        ).df().set_index("year")  # fmt: skip
    names = ["due", "n", "median", "q1", "q3"]
    assert years[names].astype(float).sort_index().equals(mart[names].astype(float).sort_index())


def test_few_are_named_and_have_no_quartiles(warehouse: Path) -> None:
    at = opened(warehouse, "volumes")
    text = re.sub(r"\s+", " ", said(at))
    assert "2019 年 21 个单位中 1 个 给出主动公开政府信息数：西邑乡 501 条；单位太少，不作四分位" in text
    assert "没有两年都有确数、可以相比的单位" in text
    assert not [one for one in at.get("plotly_chart") if one.proto.id.endswith("-district")]


def test_the_picked_body_s_line_lies_on_the_band_and_opens_its_source(district: Path) -> None:
    spec = charted(opened(district, "volumes", body="a2"), "district")
    band = next(one for one in spec["data"] if one.get("fill") == "toself")
    assert band["x"] == [2021, 2022, 2023, 2023, 2022, 2021]
    lines = [one for one in spec["data"] if one["mode"] == "markers"]
    assert [one["y"] for one in lines][1] == [200, 210, 300]
    assert lines[1]["customdata"][2][0] == "a2-2023"
    colours = lines[1]["marker"]["color"]
    assert colours[2] == charts.LIGHT.ground and colours[0] == charts.LIGHT.rust, "a bound is an open dot"
    assert spec["layout"]["xaxis"]["ticktext"] == ["2021<br>5/6", "2022<br>5/6", "2023<br>6/6"]


def test_a_body_picked_has_its_own_figure_first(district: Path) -> None:
    text = re.sub(r"\s+", " ", said(opened(district, "volumes", body="a0")))
    assert "甲镇公开了多少？" in text
    assert "甲镇 2023 年主动公开政府信息数 180 条 ，上年 120，▲ 60" in text
    assert "戊镇 2022 年没有主动公开政府信息数（空白）" in said(
        opened(district, "volumes", body="a4", years="2021-2022")
    )
    assert "丁镇 2021 年没有主动公开政府信息数（未收录）" in said(
        opened(district, "volumes", body="a3", years="2021-2021")
    )


def tiles(at: AppTest) -> list[str]:
    """The pictures of the small lines, as SVG."""
    found = re.findall(r"class='spark' src='data:image/svg\+xml;base64,([^']+)'", "".join(bodies_of_html(at)))
    return [base64.b64decode(data).decode() for data in found]


def test_small_lines_are_sorted_by_the_latest_value_and_mark_what_is_missing(district: Path) -> None:
    at = opened(district, "volumes")
    order = [button.label for button in at.button if button.label in GIVEN]
    assert order == ["丙镇", "甲镇", "丁镇", "戊镇", "乙镇", "己镇"]
    pictures = dict(zip(order, tiles(at), strict=True))
    assert pictures["甲镇"].count("<circle") == 3 and pictures["甲镇"].count("<line") == 3
    assert pictures["丁镇"].count("<circle") == 2, "a missing report is no point"
    assert charts.LIGHT.grey in pictures["丁镇"] and charts.LIGHT.grey not in pictures["甲镇"]
    assert pictures["戊镇"].count(charts.LIGHT.blue) == 4, "two dots and no line over the gap"
    assert f'fill="{charts.LIGHT.ground}"' in pictures["丙镇"]
    assert pictures["己镇"].count("<circle") == 3, "zero is a point"


def test_a_tile_picks_its_body_and_the_picked_one_undoes_it(district: Path) -> None:
    def click(at: AppTest, label: str) -> dict[str, str]:
        next(button for button in at.button if button.label == label).click().run()
        given = {key: at.query_params[key] for key in at.query_params}
        return {key: "".join(value) for key, value in given.items()}

    assert click(opened(district, "volumes", scale="own"), "甲镇") == {"scale": "own", "body": "a0"}
    at = opened(district, "volumes", body="a0")
    assert click(at, "乙镇") == {"body": "a1"}
    assert click(at, "乙镇") == {}
    assert click(opened(district, "volumes", body="a0"), Words("zh")("volumes.all")) == {}


def test_more_than_thirty_bodies_come_in_pages(tmp_path: Path) -> None:
    bodies = [Body(f"a{number:02d}", f"{number:02d}镇") for number in range(33)]
    figures = [
        Figure(body.body_id, year, "items_disclosed", 100 + place)
        for place, body in enumerate(bodies)
        for year in (2022, 2023)
    ]
    reports = [(body.body_id, year) for body in bodies for year in (2022, 2023)]
    path = county.build(tmp_path / "w.duckdb", bodies, reports, figures)
    assert len(tiles(opened(path, "volumes"))) == 30
    assert len(tiles(opened(path, "volumes", page="2"))) == 3
    assert len(tiles(opened(path, "volumes", page="99999999999"))) == 30


def test_the_table_keeps_every_reason_apart(district: Path) -> None:
    rows = table(opened(district, "volumes"), "volumes").set_index("单位")
    assert list(rows.columns) == ["2023", "2022", "2021"]
    assert list(rows.loc["丁镇"]) == ["95", "90", "未收录"]
    assert list(rows.loc["戊镇"]) == ["75", "空白", "70"]
    assert list(rows.loc["丙镇"]) == ["≥ 300", "210", "200"]
    assert list(rows.loc["己镇"]) == ["0", "0", "0"]


def test_without_a_population_there_is_no_switch_and_a_line_says_why(district: Path) -> None:
    at = opened(district, "volumes", per="residents")
    assert "per" not in [widget.key for widget in at.button_group]
    assert "没有收录带出处的常住人口数" in said(at)
    assert "/万人" not in said(at)


def test_a_rate_takes_the_latest_population_and_leaves_out_a_body_without_one(peopled: Path) -> None:
    rows = volumes(peopled, per=True).set_index(["body_id", "year"])["value"]
    assert rows["a0", 2022] == 120 / 2 and rows["a0", 2023] == 180 / 3
    assert pd.isna(rows["a2", 2021]), "no population is known by then"
    assert rows["a2", 2022] == 42
    assert rows[["a3", "a4", "a5"]].isna().all()
    at = opened(peopled, "volumes", per="residents")
    shown = table(at, "volumes").set_index("单位")
    assert shown.at["丙镇", "2023"] == "≥ 60"
    assert shown.at["己镇", "2023"] == "无人口数"
    assert "条/万人" in said(at)
    assert list(table(at, "populations")["人口出处"]) == ["公报"] * 4


def test_every_count_can_be_picked_and_an_unknown_one_is_the_first(invented: Path) -> None:
    catalogue = default_catalogue()
    box = next(one for one in opened(invented, "volumes", measure="; drop").selectbox if one.key == "measure")
    assert box.value == "items_disclosed"
    assert len(box.options) >= 8
    at = opened(invented, "volumes", measure="trainings_held")
    assert catalogue.measures["trainings_held"].label_zh in said(at)
    assert "没有单位给出" in said(at)


def test_categories_are_those_of_one_report(invented: Path) -> None:
    text = re.sub(r"\s+", " ", said(opened(invented, "volumes", body="demo01")))
    assert "2 个类别合计 314 条 ，总数 315 条，相差 1 条" in text
    assert "类别合计" not in said(opened(invented, "volumes", measure="interpretations", body="demo01"))


def test_what_is_beyond_the_scale_is_a_triangle_and_what_joins_roughly_is_dotted() -> None:
    years = [
        sparks.Year(2021, 5, hollow=False, joined=False, roughly=False, changed=False),
        sparks.Year(2022, 50, hollow=True, joined=False, roughly=True, changed=True),
    ]
    svg = sparks.picture(years, (2021, 2022), 10, "#123456", charts.LIGHT)
    assert svg.count("<path") == 1 and svg.count("<circle") == 1
    assert 'stroke-dasharray="2 3"' in svg and 'stroke-dasharray="2 2"' in svg


def test_a_line_between_years_whose_meanings_do_not_join_is_not_drawn() -> None:
    points = [charts.Point(year, 1, "", "", None, None, hollow=False) for year in (2018, 2019, 2020)]
    spreads = [charts.Spread(year, 1, 2, joined=True) for year in (2018, 2019, 2020)]
    counts = [charts.Count(year, 4, 5) for year in (2018, 2019, 2020)]
    figure = charts.spread(
        counts,
        spreads,
        [charts.Line(points, "#000000", "")],
        [charts.Break(2019, "no", "口径变化", "")],
        ("", ""),
    )
    drawn = [one["x"] for one in figure.data if one["mode"] == "lines"]
    assert drawn == [[2018, 2018], [2019, 2020, 2020, 2019], [2019, 2020]]


def test_a_population_beside_the_documents_is_read_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "report.txt").write_bytes(next(DEFAULT_SOURCES.glob("*.txt")).read_bytes())
    head = "body_id,year,residents,source,url\n"
    (folder / "population.csv").write_text(head + "530502203,2015,12345,公报,https://a.example/\n", "utf-8")
    build([folder], tmp_path / "w.duckdb", workers=1)
    with open_to_read(tmp_path / "w.duckdb") as connection:
        assert connection.execute("select body_id, year, residents from population").fetchall() == [
            ("530502203", 2015, 12345)
        ]
    at = opened(tmp_path / "w.duckdb", "volumes", per="residents", scope="real")
    assert "405.8 条/万人" in said(at)
    assert list(table(at, "populations")["网址"]) == ["https://a.example/"]


def test_the_catalogue_holds_no_population_without_a_place_to_look_it_up() -> None:
    for one in default_catalogue().population:
        assert one.source and one.url.startswith("http")


def test_years_along_an_axis_are_so_few_that_they_keep_apart_and_the_last_is_among_them() -> None:
    for count in range(1, 60):
        years = list(range(2000, 2000 + count))
        named = written(years)
        assert named[-1] == years[-1] and len(named) <= 7
        assert len({after - before for before, after in pairwise(named)}) <= 1
    assert written([]) == []
