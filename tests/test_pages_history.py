"""Pages as known on a day, and corrected figures beside the printed ones, over a warehouse that was really built."""

import datetime as dt
import os
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.words import Words
from pipeline.corrections import Correction
from pipeline.database import open_to_read
from pipeline.warehouse import DEFAULT_SOURCES, build
from tests.asking import Answered, get
from tests.test_pages import PAGES, listed, opened, said

BODY = "530502203"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real report, read in January and corrected in February; a decision on one of its findings in March."""
    folder = tmp_path_factory.mktemp("history")
    documents, path = folder / "documents", folder / "warehouse.duckdb"
    documents.mkdir()
    shutil.copy(next(DEFAULT_SOURCES.glob("*.txt")), documents / "report.txt")
    total = Correction(
        "c1", "override", BODY, 2019, "items_disclosed", None, None, None, None, "501", "", 500.0, "各类之和为 500",
        "张三", dt.date(2026, 2, 3),
    )  # fmt: skip
    old = Correction(
        "d1", "accept", BODY, 2019, None, None, None, None, "F-OLDTEXT", "", "", None, "原文如此", "李四", dt.date(2026, 3, 3)
    )  # fmt: skip
    for month in (1, 2, 3):
        at = dt.datetime(2026, month, 10, tzinfo=dt.UTC)
        build([documents], path, corrections=[total, old], at=at, workers=1)
    return path


def test_a_corrected_figure_shows_what_is_printed_who_changed_it_and_why(warehouse: Path) -> None:
    at = opened(warehouse, "source", scope="real")
    assert "500（原印 501）" in {row[2] for row in listed(at)}
    assert "已认定：原文如此。李四，2026年3月3日" in said(at)


@pytest.mark.parametrize(("day", "shown"), [("2026-01-20", "501"), ("2026-02-20", "500（原印 501）")])
def test_the_page_of_a_day_shows_the_figures_of_that_day(warehouse: Path, day: str, shown: str) -> None:
    at = opened(warehouse, "source", scope="real", known=day)
    assert shown in {row[2] for row in listed(at)}
    assert "当天所知的数字" in said(at)
    assert "李四" not in said(at)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_day_says_so_and_leads_back(warehouse: Path, page: str) -> None:
    at = opened(warehouse, page, scope="real", known="2026-02-20")
    assert "当天所知的数字" in said(at)
    next(button for button in at.button if button.label == Words("zh")("known.return")).click().run()
    assert "known" not in at.query_params


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_build_there_was_nothing(warehouse: Path, page: str) -> None:
    assert Words("zh")("empty.scope") in said(opened(warehouse, page, known="2025-12-31"))


@pytest.fixture(scope="module")
def reissued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real report, and the same one published again three weeks later with another total."""
    folder = tmp_path_factory.mktemp("reissued")
    documents, path = folder / "documents", folder / "warehouse.duckdb"
    documents.mkdir()
    text = next(DEFAULT_SOURCES.glob("*.txt")).read_text("utf-8")
    (documents / "first.txt").write_text(text, "utf-8")
    again = text.replace("501条", "502条").replace("2020-01-31", "2020-02-20")
    (documents / "again.txt").write_text(again, "utf-8")
    build([documents], path, workers=1)
    return path


def test_of_two_documents_for_a_year_the_later_counts_and_the_difference_is_listed(reissued: Path) -> None:
    with open_to_read(reissued) as connection:
        report = dict(connection.execute("select path, report_id from report").fetchall())
        current = connection.execute(
            "select path from report join current_report using (report_id) where is_current"
        ).fetchall()
    assert current == [("again.txt",)]
    old = said(opened(reissued, "source", scope="real", report=report["first.txt"]))
    assert "这一份已被替代" in old and "有 1 个数字不同" in old
    new = said(opened(reissued, "source", scope="real", report=report["again.txt"]))
    assert "这一份是现行的" in new


def answered(**query: str) -> Answered:
    return get(f"/api/facts.csv?{urlencode(query)}")


def test_scripts_get_the_figures_of_a_day_too(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(warehouse))
    asked = {"body": BODY, "measure": "items_disclosed"}
    january, february = (
        set(answered(**asked, known=day).text.splitlines()[1].split(","))
        for day in ("2026-01-20", "2026-02-20")
    )
    assert "501" in january and "500" not in january
    assert {"500", "501", "c1"} <= february
    assert answered(known="yesterday").status_code == 400


@pytest.mark.parametrize("page", ["overview", "channels", "requests"])
def test_only_the_document_that_counts_enters_the_pages(reissued: Path, page: str) -> None:
    at = opened(reissued, page, scope="real", body=BODY)
    cells = {str(cell) for frame in at.dataframe for cell in frame.value.to_numpy().ravel()}
    shown = said(at) + " ".join(cells)
    assert "501" not in shown
    if page != "requests":
        assert "502" in shown


def test_a_download_holds_the_document_that_counts_alone(
    reissued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(reissued))
    body = answered(body=BODY, measure="items_disclosed").text
    assert "502" in body and "501" not in body
    both = answered(body=BODY, measure="items_disclosed", superseded="yes").text
    assert "502" in both and "501" in both and "false" in both


def test_what_a_button_makes_later_is_of_the_day_that_was_shown(warehouse: Path) -> None:
    """Streamlit makes it in a thread of its own, which knows no address."""
    os.environ["PIPELINE_WAREHOUSE"] = str(warehouse)

    def page() -> None:
        import threading

        import streamlit as st

        from pages.ui import store

        made: list[str] = []
        later = store.later(lambda: made.append(f"{store.known_on()} {store.build() is not None}"))
        thread = threading.Thread(target=later)
        thread.start()
        thread.join()
        st.text(made[0])

    at = AppTest.from_function(page)
    at.query_params["known"] = "2026-02-20"
    assert at.run(timeout=60).text[0].value == "2026-02-20 True"
