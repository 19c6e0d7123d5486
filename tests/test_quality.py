"""The quality gate fails for each fault of ours, and for none of a report's."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.catalogue import default_catalogue
from pipeline.corrections import Correction
from pipeline.database import open_to_read, open_to_write
from pipeline.quality import our_faults, unused_rows
from pipeline.settings import load_settings
from pipeline.sources import sources_in
from pipeline.warehouse import DEFAULT_SOURCES, build

REPORT = next(DEFAULT_SOURCES.glob("*.txt"))


class Site:
    def __init__(self, path: Path) -> None:
        self.documents, self.warehouse = path / "documents", path / "warehouse.duckdb"
        self.documents.mkdir()
        shutil.copy(REPORT, self.documents / "a.txt")

    def build(self, *corrections: Correction) -> None:
        build([self.documents], self.warehouse, corrections=corrections, workers=1)

    def faults(self) -> list[str]:
        with open_to_read(self.warehouse) as connection:
            return list(
                our_faults(connection, sources_in(self.documents), default_catalogue(), load_settings())
            )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_broken_sums_of_a_report_are_no_fault_of_ours(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    assert site.faults() == []
    status = main(["check", "--sources", str(site.documents), "--warehouse", str(site.warehouse)])
    assert status == 0 and "D-CAT" in capsys.readouterr().out


def test_a_changed_original(site: Site) -> None:
    (site.documents / "manifest.csv").write_text(f"path,body,year,url,sha256\na.txt,,,,{'0' * 64}\n")
    with pytest.raises(Exception, match="sha256"):
        site.build()
    (site.documents / "manifest.csv").unlink()
    site.build()
    (site.documents / "manifest.csv").write_text(f"path,body,year,url,sha256\na.txt,,,,{'0' * 64}\n")
    assert [fault for fault in site.faults() if "sha256" in fault]


def test_a_row_of_the_form_that_was_not_found_until_somebody_accepts_it(site: Site) -> None:
    site.build()
    with open_to_write(site.warehouse) as connection:
        report, path, file = connection.execute("select report_id, path, file from report").fetchone() or ()
        connection.execute(
            "insert into issue by name select $r as report_id, $p as path, 'row_not_found' as code,"
            " '没有找到 1 行' as message, '' as raw_text, '' as locator, $f as file",
            {"r": report, "p": path, "f": file},
        )
    assert site.faults() == ["a.txt：没有找到 1 行（row_not_found）"]
    with open_to_write(site.warehouse) as connection:
        connection.execute(
            "insert into correction by name select 'x' as correction_id, 'accept' as action, '530502203' as body_id,"
            " 2019 as year, 'row_not_found' as rule, 'r' as reason, 'a' as author, current_date as made_on,"
            " 'unmatched' as state"
        )
    assert site.faults() == []


def test_a_correction_that_is_not_in_force(site: Site) -> None:
    site.build(
        Correction(
            "c9", "override", "530502203", 2019, "items_disclosed", None, None, None, None, "777", "", 1.0, "理由", "张三",
            dt.date(2026, 1, 1),
        )
    )  # fmt: skip
    assert [fault for fault in site.faults() if "c9" in fault and "重新核定" in fault]


def test_too_few_files_read(site: Site) -> None:
    for number in range(3):
        (site.documents / f"{number}.txt").write_text(f"说明{number}：这里没有年报。")
    site.build()
    assert [fault for fault in site.faults() if "低于" in fault and "25.0%" in fault]


def test_a_catalogue_row_that_nothing_uses() -> None:
    catalogue = default_catalogue()
    assert list(unused_rows(catalogue)) == []
    spare = replace(next(iter(catalogue.measures.values())), measure="spare", layouts=())
    lost = replace(next(iter(catalogue.channels.values())), channel="lost", synonyms=())
    changed = replace(
        catalogue,
        measures={**catalogue.measures, "spare": spare},
        channels={**catalogue.channels, "lost": lost},
    )
    assert [fault.partition("：")[0] for fault in unused_rows(changed)] == [
        "measures.csv 的 spare",
        "channels.csv 的 lost",
    ]
