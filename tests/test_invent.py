"""The invented corpus: the same every time, honest about itself, and in no real place."""

import csv
import hashlib
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.invent import invent_corpus
from pipeline.invent.district import invent_bodies, live
from pipeline.invent.numerals import chinese
from pipeline.invent.shapes import Layout
from pipeline.invent.stock import channel_classes, measure_units, rows, sentences
from pipeline.invent.tables import build_tables, numbers

_FORMS = ("forms/two.csv", "forms/three.csv", "forms/four.csv", "forms/pre2019.csv")
_FORMATS = ("html", "docx", "txt", "md", "xlsx", "zip", "mht")
_SHAPE = {
    "measure",
    "applicant",
    "channel",
    "account",
    "category",
    "value",
    "unit",
    "status",
    "bound",
    "raw_text",
    "locator",
}


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("invented")
    invent_corpus(8, range(2016, 2026), 11, out, formats=_FORMATS)
    return out


@pytest.fixture(scope="module")
def truths(corpus: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(corpus.rglob("*.truth.json"))]


def test_same_seed_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    invent_corpus(8, range(2016, 2026), 11, tmp_path, formats=_FORMATS)
    assert _hashes(tmp_path) == _hashes(corpus)


def test_another_seed_gives_another_district(corpus: Path, tmp_path: Path) -> None:
    invent_corpus(3, range(2020, 2022), 12, tmp_path, formats=_FORMATS)
    assert not set(_hashes(tmp_path).values()) & set(_hashes(corpus).values())


@pytest.mark.parametrize(("kind", "library"), [("pdf", "typst"), ("xls", "xlwt")])
def test_made_formats_are_the_same_every_time(kind: str, library: str, tmp_path: Path) -> None:
    pytest.importorskip(library)
    for name in ("one", "two"):
        invent_corpus(4, range(2020, 2024), 5, tmp_path / name, formats=(kind,))
    assert _hashes(tmp_path / "one") == _hashes(tmp_path / "two")


def test_truth_has_the_contract_shape(truths: list[dict[str, Any]]) -> None:
    for truth in truths:
        assert {
            "document",
            "report",
            "facts",
            "findings",
            "issues",
            "quirks",
            "planted",
            "layout",
            "format",
        } <= set(truth)
        for fact in truth["facts"]:
            assert set(fact) >= _SHAPE
            assert (fact["value"] is None) == (fact["status"] != "reported")
            assert fact["measure"] in measure_units()
            assert fact["unit"] == measure_units()[fact["measure"]]


def test_manifest_names_every_document_with_its_hash(corpus: Path) -> None:
    with (corpus / "manifest.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    for row in listed:
        assert hashlib.sha256((corpus / row["path"]).read_bytes()).hexdigest() == row["sha256"]
        assert (corpus / f"{row['path']}.truth.json").exists()
    assert len(listed) == sum(1 for _ in corpus.rglob("*.truth.json"))


def test_bodies_are_declared_invented(corpus: Path) -> None:
    with (corpus / "bodies.csv").open(encoding="utf-8", newline="") as file:
        bodies = list(csv.DictReader(file))
    assert {body["origin"] for body in bodies} == {"invented"}
    known: set[str] = set()
    for body in bodies:
        assert not body["predecessor"] or body["predecessor"] in known
        known.add(body["body_id"])
    assert len(known) == len(bodies)


def test_no_invented_name_is_a_real_one() -> None:
    path = Path(__file__).parents[1] / "data" / "catalogue" / "bodies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        real = {row["name"] for row in csv.DictReader(file) if row["origin"] == "real"}
    for body in invent_bodies(60, range(2014, 2026), 3):
        assert body.name not in real


def test_forms_hold_only_measures_of_the_catalogue() -> None:
    for name in _FORMS:
        for row in rows(name):
            assert not row["measure"] or row["measure"] in measure_units()


def test_forms_have_the_sizes_of_the_national_ones() -> None:
    three = [row["layout"] for row in rows("forms/three.csv")]
    assert 7 * sum(layout in ("both", "2019") for layout in three) == 161
    assert 7 * sum(layout in ("both", "2021") for layout in three) == 175
    two = Counter(row["layout"] for row in rows("forms/two.csv"))
    assert two == {"2019": 22, "2021": 10}
    assert len(rows("forms/four.csv")) == 15


@pytest.mark.parametrize("unseen", [False, True])
def test_sentences_name_known_measures_and_channels(unseen: bool) -> None:
    classes = set(channel_classes()) | set(channel_classes().values())
    for topic in sentences(unseen=unseen).values():
        for sentence in topic:
            for slot in sentence.text.split("{")[1:]:
                name = slot.split("}")[0]
                if name[0] == "=":
                    measure, _, channel = name[1:].split(":")[0].partition("@")
                    assert measure in measure_units()
                    assert not channel or channel in classes
                if name[0] in "~?@":
                    assert name[1:].split(":")[0] in classes


def test_clerks_are_many() -> None:
    stating = [s for topic in sentences().values() for s in topic if "{=" in s.text or "{channels" in s.text]
    assert len(stating) >= 40


def test_every_quirk_of_a_habit_occurs_somewhere(tmp_path: Path) -> None:
    invent_corpus(40, range(2014, 2026), 21, tmp_path, formats=("txt",))
    seen: set[str] = set()
    for path in tmp_path.rglob("*.truth.json"):
        seen |= set(json.loads(path.read_text(encoding="utf-8"))["quirks"])
    wanted = {
        "blank_cells",
        "dash_cells",
        "masked",
        "remark",
        "signed",
        "lost_cell",
        "lost_label",
        "one_other_row",
    }
    assert wanted <= seen


def test_an_ambiguous_figure_has_no_value(truths: list[dict[str, Any]]) -> None:
    for truth in truths:
        for fact in truth["facts"]:
            if fact.get("ambiguous"):
                assert fact["value"] is None
                assert fact["status"] == "unreadable"


def test_most_bodies_have_no_requests(truths: list[dict[str, Any]]) -> None:
    totals = [
        fact["value"]
        for truth in truths
        for fact in truth["facts"]
        if (fact["measure"], fact["applicant"]) == ("requests_received", "total")
        and fact["value"] is not None
    ]
    assert sum(value == 0 for value in totals) > len(totals) / 2


def test_zip_members_have_a_fixed_date(corpus: Path) -> None:
    for path in [*corpus.rglob("*.zip"), *corpus.rglob("*.docx")]:
        with zipfile.ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (12, "十二"),
        (105, "一百零五"),
        (321, "三百二十一"),
        (2005, "两千零五"),
        (12000, "一万两千"),
    ],
)
def test_chinese_numerals(value: int, text: str) -> None:
    assert chinese(value) == text


def test_archives_with_old_names_open_and_their_names_are_gbk(tmp_path: Path) -> None:
    invent_corpus(24, range(2021, 2026), 2, tmp_path, formats=("zip",))
    old = 0
    for path in tmp_path.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            for info in archive.infolist():
                if not info.flag_bits & 0x800 and not info.filename.isascii():
                    old += 1
                    assert "年年报" in info.filename.encode("cp437").decode("gbk")
    assert old


def test_a_split_table_keeps_every_figure_and_its_column() -> None:
    happening = live(invent_bodies(4, range(2020, 2026), 8)[0], range(2020, 2026), 8)[2024]
    table = build_tables(Layout.F2021, numbers(Layout.F2021, happening))[1]
    first, second = table.split(12)
    for part in (first, second):
        assert part.width == table.width
        assert [cell.text for cell in part.cells if cell.row < 3] == [
            cell.text for cell in table.cells if cell.row < 3
        ]
    figures = [(id(cell.fact), cell.column) for part in (first, second) for cell in part.cells if cell.fact]
    assert figures == [(id(cell.fact), cell.column) for cell in table.cells if cell.fact]


def test_unseen_wording_shares_no_figure_sentence_with_the_usual() -> None:
    usual = {sentence.text for topic in sentences().values() for sentence in topic}
    kept = sentences(unseen=True)
    own = {name for name in kept if kept[name] != sentences()[name]}
    assert {"total", "total_channels", "website", "wechat", "requests_some"} <= own
    assert not {sentence.text for name in own for sentence in kept[name]} & usual


def test_unseen_wording_is_many_clerks_and_shares_no_phrase_with_the_usual() -> None:
    own = {name: kept for name, kept in sentences(unseen=True).items() if kept != sentences()[name]}
    assert sum(map(len, own.values())) >= 120
    assert min(map(len, own.values())) >= 2
    usual, kept = rows("sentences/phrases.csv"), rows("sentences/unseen/phrases.csv")
    assert {row["channel"] for row in usual} == {row["channel"] for row in kept}
    assert not {row["text"] for row in usual} & {row["text"] for row in kept}
