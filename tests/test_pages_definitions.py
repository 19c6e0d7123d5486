"""The page 指标说明: all that the catalogue declares, as the dictionary command prints it, and how often it is given."""

import re
from pathlib import Path

import pandas as pd
import pytest

import queries
from pages.ui.words import LANGUAGES, Words, catalogue
from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read
from pipeline.dictionary import markdown
from tests import screens
from tests.test_pages import opened, said, table

SEEN = {"bodies": [body for body, *_ in screens.BODIES], "first": 2019, "last": 2024}
PARTS = ("measure", "channel", "applicant", "layout", "rule", "sign")


def entries(warehouse: Path, *terms: str) -> pd.DataFrame:
    with open_to_read(warehouse) as connection:
        return queries.ask(connection, "dictionary", terms=list(terms), **SEEN)


def test_the_page_lists_what_the_command_prints(invented: Path) -> None:
    printed = set(re.findall(r"(?m)^\| ([A-Za-z][\w-]*) \|", markdown(default_catalogue())))
    found = entries(invented)
    declared = set(found.loc[found["kind"] != "layout", "code"])
    assert declared == printed
    for part in ("measure", "rule"):
        codes = set(table(opened(invented, "definitions", part=part), f"list-{part}-None")["代码"])
        assert codes == set(found.loc[found["kind"] == part, "code"])


def test_names_in_both_languages_are_the_catalogues(invented: Path) -> None:
    rows = table(opened(invented, "definitions"), "list-measure-None").set_index("代码")
    for measure in default_catalogue().measures.values():
        assert tuple(rows.loc[measure.measure, ["名称", "英文名称"]]) == (measure.label_zh, measure.label_en)
    rows = table(opened(invented, "definitions", part="channel"), "list-channel-None").set_index("代码")
    assert rows.loc["wechat", "同义词"].split("、") == list(default_catalogue().channels["wechat"].synonyms)


def test_how_many_reports_give_a_measure_a_figure(invented: Path) -> None:
    rows = entries(invented).set_index("code")
    with open_to_read(invented) as connection:
        (blank,) = (
            connection.execute(
                "select count(distinct report_id) from fact where measure = 'granted' and value is not null"
            ).fetchone()
            or ()
        )
    # of 33 documents one is unreadable and one has blank tables
    assert (rows.loc["granted", "n"], rows.loc["granted", "reports"]) == (blank, 33) == (31, 33)
    assert rows.loc["items_disclosed", "n"] == 32
    assert pd.isna(rows.loc["complaints", "reports"]), "no report in view is of a form that asks for it"
    assert "所选范围 33 份年报里" in said(opened(invented, "definitions"))


def test_words_find_names_codes_and_synonyms(invented: Path) -> None:
    assert set(entries(invented, "公众号")["code"]) >= {"wechat"}
    assert list(entries(invented, "t3-bal")["code"]) == ["T3-BAL"]
    assert set(entries(invented, "granted", "部分")["code"]) >= {"granted_in_part"}
    assert entries(invented, "无此词语").empty
    shown = table(opened(invented, "definitions", term="信访"), "list-measure-None")
    assert list(shown["代码"]) == ["unprocessed_petition"]


def test_a_measure_says_where_it_is_printed_how_it_joins_and_what_it_enters(invented: Path) -> None:
    at = opened(invented, "definitions", about="granted")
    text = said(at)
    assert "代码 granted" in text and "属于：总计" in text
    assert "2018年及以前格式 → 2019年格式：相加后可比" in text
    assert "T3-SUM" in text and "T3-COL" in text
    places = table(at, "places")
    assert list(places["格式"]) == ["2019年格式", "2021年格式"]
    assert set(places["行"]) == {"三、本年度办理结果 › （一）予以公开"}
    links = [link.proto.query_string for link in at.get("page_link")]
    assert any("rule=T3-SUM" in link for link in links)


@pytest.mark.parametrize("code", ["T4-SUM", "wechat", "2021", "total", "items_by_channel", "refused"])
def test_every_kind_of_entry_opens(code: str, invented: Path) -> None:
    for language in LANGUAGES:
        text = said(opened(invented, "definitions", about=code, lang=language))
        assert re.search(rf"(代码|code) {code}\b", text)


@pytest.mark.parametrize("address", [{"about": "'; drop"}, {"about": "x"}, {"part": "x", "term": "%_"}])
def test_an_address_that_names_nothing_is_no_crash(address: dict[str, str], invented: Path) -> None:
    assert opened(invented, "definitions", **address).get("download_button")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_listed_in_english_too(part: str, invented: Path) -> None:
    at = opened(invented, "definitions", part=part, lang="en")
    assert at.dataframe


def test_every_status_and_sign_has_its_meaning_in_words(invented: Path) -> None:
    rows = table(opened(invented, "definitions", part="sign"), "signs")
    assert set(rows["含义"]) and "" not in set(rows["含义"])
    assert set(Words("zh").family("status").values()) <= set(rows["名称"])


def test_every_code_of_the_catalogue_has_a_word() -> None:
    declared = default_catalogue()
    wanted = {f"measure_section.{measure.section}" for measure in declared.measures.values()}
    wanted |= {f"sort.{measure.kind}" for measure in declared.measures.values()}
    wanted |= {f"unit.{measure.unit}" for measure in declared.measures.values()}
    wanted |= {f"join.{join.joins}" for join in declared.joins}
    wanted |= {f"cause.{rule.cause}" for rule in declared.rules}
    wanted |= {f"severity.{rule.severity}" for rule in declared.rules}
    assert wanted - set(catalogue()) == set()


def test_the_download_holds_the_dictionary_as_it_is_narrowed(
    invented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[pd.DataFrame] = []
    monkeypatch.setattr(
        "pages.ui.tables.download_listed",
        lambda rows, headings, say, *, name: kept.append(rows()[list(headings)]),
    )
    opened(invented, "definitions")
    whole = kept[-1].set_index("code")
    assert set(whole.index) >= set(default_catalogue().measures) | set(default_catalogue().channels)
    assert whole.loc["T3-BAL", "formula"] == next(
        r.formula for r in default_catalogue().rules if r.rule == "T3-BAL"
    )
    assert whole.loc["granted", "layouts"] == "2019 2021"
    opened(invented, "definitions", term="微信公众号")
    assert "wechat" in set(kept[-1]["code"]) and len(kept[-1]) < 10
