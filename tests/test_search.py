"""Words are found inside words, in whatever width and script they are printed, and led back to what is printed."""

import datetime as dt
import doctest
import string
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import queries
from pipeline import mirror, search, similarity
from pipeline.database import open_to_read
from pipeline.history import open_as_known
from pipeline.search import bracketed, fold, folded, spans, words_of
from pipeline.warehouse import build

CHINESE = "依申請申请公開公开信息年報报務务网網站"
DISGUISED = st.text(CHINESE + string.ascii_letters + "０１２12 　\u200b\n，,（(㎡ﬁ⼯é", max_size=40)


@pytest.mark.parametrize("module", [search, similarity, mirror], ids=lambda module: module.__name__)
def test_examples_of_the_docstrings(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("二、依申请公开情况", "公开", ["公开"]),
        ("依 申 请 公 开", "申请公开", ["申 请 公 开"]),
        ("政府信息公開", "信息公开", ["信息公開"]),
        ("政府信息公开", "信息公開", ["信息公开"]),
        ("Ｗｅｉｂｏ與weibo", "WEIBO", ["Ｗｅｉｂｏ", "weibo"]),
        ("共１２件(全部)", "12件（", ["１２件("]),
        ("⽹站", "网站", ["⽹站"]),
        ("面积5㎡", "2", ["㎡"]),
        ("没有", "公开", []),
    ],
)
def test_a_hit_is_what_was_printed(text: str, word: str, shown: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, words_of(word))] == shown


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", []),
        (' “” "" 　', []),
        ("公开 抖音 公开", ["公开", "抖音"]),
        ("“公开 指南” 抖音", ["公开指南", "抖音"]),
        ("「年報」", ["年报"]),
        ('公开"指南', ["公开", "指南"]),
        ("100%_ '; drop", ["100%_", "drop", "'；"]),
    ],
)
def test_words_as_they_are_typed(asked: str, words: list[str]) -> None:
    assert words_of(asked) == words


@given(DISGUISED, DISGUISED, DISGUISED)
def test_a_word_is_found_wherever_it_stands(before: str, word: str, after: str) -> None:
    if fold(word):
        assert fold(word) in fold(before + word + after)
        assert spans(before + word + after, [fold(word)])


@given(DISGUISED, st.lists(st.text("公开信息年报weibo12", min_size=1, max_size=3), max_size=3))
def test_what_stands_between_the_ends_of_a_hit_folds_to_the_word(text: str, words: list[str]) -> None:
    end_before = 0
    for start, end in spans(text, words):
        assert end_before <= start < end
        end_before = end
        inside = fold(text[start:end])
        # A character that folds to several, as ㎡ to m2, is marked whole.
        assert inside in words or (
            any(word in inside for word in words)
            and max(len(fold(text[start])), len(fold(text[end - 1]))) > 1
        )


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_is_stored_only_where_it_differs(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert (folded(text) or text) == fold(text) or fold(text) == ""


def test_a_sentence_is_shown_with_its_hits() -> None:
    text = "先说一句。主动公开 3 条，依申请公开 0 件；再说一句。"
    assert bracketed(text, spans(text, ["公开"])) == "主动【公开】 3 条，依申请【公开】 0 件；"
    both = "其一，公开。其二，无关。其三，抖音。"
    assert bracketed(both, spans(both, ["抖音", "公开"])) == "其一，【公开】。 其三，【抖音】。"
    long = "很" * 200 + "公开" + "长" * 200
    shown = bracketed(long, spans(long, ["公开"]))
    assert shown.startswith("…很") and "很【公开】长" in shown and shown.endswith("长…")
    assert len(shown) < 200


def ask(warehouse: Path, asked: str, **more: object) -> list[tuple[int, str | None, str]]:
    parameters = {"bodies": None, "first": None, "last": None, "limit": 1000, "offset": 0, **more}
    with open_to_read(warehouse) as connection:
        found = queries.ask(connection, "search_passages", words=words_of(asked), **parameters)
    rows = found.astype(object).where(found.notna(), None).itertuples()
    return [(int(row.hits), row.section, row.text) for row in rows]


class TestQuery:
    def test_finds_all_words_in_one_passage(self, warehouse: Path) -> None:
        found = ask(warehouse, "微信公众号 今日头条")
        assert found
        assert all("微信公众号" in text and "今日头条" in text for _, _, text in found)
        assert {section for _, section, _ in found} <= set("一二三四五六")

    def test_is_what_python_finds(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as connection:
            texts = [text for (text,) in connection.execute("select text from passage").fetchall()]
        for asked in ("公开", "依申请公开", "0", "信息 公开", "２０１９", "無此詞"):
            held = [text for text in texts if all(word in fold(text) for word in words_of(asked))]
            found = ask(warehouse, asked, limit=None)
            assert sorted(text for _, _, text in found) == sorted(held)
            assert {hits for hits, *_ in found} <= {len(held)}

    @pytest.mark.parametrize("asked", ["%", "_", "公_开", "' or 1=1 --", "\\", "$words", "[0-9]", "('"])
    def test_signs_of_a_query_language_are_text(self, warehouse: Path, asked: str) -> None:
        assert all(all(word in fold(text) for word in words_of(asked)) for *_, text in ask(warehouse, asked))

    def test_pages_do_not_overlap(self, invented: Path) -> None:
        whole = ask(invented, "公开")
        assert len(whole) == whole[0][0] > 10
        parts = [ask(invented, "公开", limit=7, offset=at) for at in range(0, len(whole), 7)]
        assert [row for part in parts for row in part] == whole

    def test_the_newest_year_comes_first(self, invented: Path) -> None:
        with open_to_read(invented) as connection:
            asked = {"words": ["公开"], "bodies": ["demo01", "demo02"], "first": 2020, "last": 2022}
            found = queries.ask(connection, "search_passages", limit=None, offset=0, **asked)
            years = queries.ask(connection, "search_years", **asked)
        assert list(found["year"]) == sorted(found["year"], reverse=True)
        assert set(found["year"]) == {2020, 2021, 2022}
        assert int(years["passages"].sum()) == len(found)
        assert list(years["held"]) == [2, 2, 2]


def test_the_text_as_known_on_a_day_is_searched_too(warehouse: Path) -> None:
    asked = {"words": ["公开"], "bodies": None, "first": None, "last": None, "limit": None, "offset": 0}
    with open_as_known(warehouse, dt.datetime.now(dt.UTC).date()) as connection:
        found = connection.execute(queries.screen("search_passages"), asked).fetchall()
    with open_to_read(warehouse) as connection:
        assert found == connection.execute(queries.screen("search_passages"), asked).fetchall()
    assert found


def test_a_disguised_copy_is_found_and_has_its_sections(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for name in ("traditional_characters.shtml", "pinyin_in_brackets.html"):
        (sources / name).write_bytes((Path(__file__).parent / "golden" / name).read_bytes())
    build([sources], tmp_path / "warehouse.duckdb")
    with open_to_read(tmp_path / "warehouse.duckdb") as connection:
        found = queries.ask(
            connection, "search_passages", words=words_of("政府信息公开"), bodies=None, first=None, last=None,
            limit=None, offset=0,
        )  # fmt: skip
        sections = connection.execute(
            "select report_id, count(distinct section) from passage group by report_id"
        ).fetchall()
    assert any("開" in text for text in found["text"])
    assert all(count >= 2 for _, count in sections), sections
