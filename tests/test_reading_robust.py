"""Reading a whole document holds up: damaged pages and texts, sentences and tables made up by chance.

What holds for every document: reading ends in a result or in one UserError, every figure of the prose stands
in the text at its place, and a table gives back each number that was put into it.
"""

import random
import time
from pathlib import Path

import pytest
from documents import forms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.catalogue import default_catalogue
from pipeline.extract import extract_file
from pipeline.forms import forms_of
from pipeline.model import Document, Paragraph, Place, Status, UserError
from pipeline.prose import tell

GOLDEN = Path(__file__).parent / "golden"
SEEDS = [
    "signed_changes.html",
    "gbk_undeclared.html",
    "label_lost.txt",
    "cells_glued_to_labels.txt",
    "markdown.md",
]


def ends_well(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    began = time.process_time()
    message = f"{path.name}: read"
    try:
        extract_file(path)
    except UserError as error:
        message = str(error)
    assert path.name in message
    assert "\n" not in message
    assert time.process_time() - began < 10


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_report_ends_in_a_result_or_one_error(seed: str, tmp_path: Path) -> None:
    data, path = (GOLDEN / seed).read_bytes(), tmp_path / seed
    for hundredth in range(0, 100, 3):
        ends_well(path, data[: len(data) * hundredth // 100])
    chance = random.Random(21)  # noqa: S311
    for _ in range(25):
        flipped = bytearray(data)
        for _ in range(chance.choice([1, 5, 200])):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        ends_well(path, bytes(flipped))


@pytest.mark.parametrize(
    "data",
    [
        b"<table>" + b"<tr><td rowspan=99999 colspan=99999>1</td></tr>" * 50 + b"</table>",
        "公开信息".encode() * 2_500_000,
        b"<p>" + "公开1条，".encode() * 300_000 + b"</p>",
        ("（" * 20_000 + "公开政府信息1条" + "）" * 20_000).encode(),
        b"\x00" * 1_000_000,
        ("其中" + "党建1条、" * 9_000 + "其他1条。").encode(),
    ],
    ids=["spans", "a line of 30 MB", "a sentence of 4 MB", "brackets", "zero bytes", "9,000 parts"],
)
def test_an_absurd_page_ends_in_time(data: bytes, tmp_path: Path) -> None:
    ends_well(tmp_path / "absurd.html", data)


WORDS = st.sampled_from(
    "我乡 全年 主动公开 政府信息 共 其中 通过 县政府网站 微信公众号 “西邑风采” 公示栏 发布 推送 分别 同比增长 阅读量 收到 申请 未 "
    "解读 培训 会议 党建 三农 ， 、 。 ； ： （ ） 第 年 2019年 1 12 345条 约20篇 一百零二条 3.5% 万 余 6期 〇 两件 ％".split()
)


@given(st.lists(WORDS, min_size=1, max_size=60).map("".join))
@settings(max_examples=400, deadline=None)
def test_figures_of_any_sentence_stand_where_they_say(text: str) -> None:
    document = Document("any.txt", "0", "text/plain", (Paragraph(text),))
    told = tell(document, default_catalogue(), year=2019, tables=False, taken=set(), names=["西邑乡"])
    for fact in told.facts:
        place = Place.parse(fact.locator)
        assert fact.raw_text
        assert text[place.start : place.end] == fact.raw_text
        assert (fact.value is None) == (fact.status is not Status.REPORTED)


FORM = [row for row in forms_of(default_catalogue())["2021"].rows if row.table == "requests" and row.required]
CELL = st.one_of(st.integers(0, 99_999).map(str), st.sampled_from(["", "/", "—"]))
STATES = {"": Status.BLANK, "/": Status.DASH, "—": Status.DASH}


@given(st.lists(st.lists(CELL, min_size=7, max_size=7), min_size=25, max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_gives_back_what_was_put_in(tmp_path: Path, cells: list[list[str]]) -> None:
    table = forms.requests()
    for row, drawn in zip(table[3:], cells, strict=True):
        row[-7:] = [(text, 1, 1) for text in drawn]
    path = tmp_path / "table.html"
    title = "<h1>西邑乡2022年政府信息公开工作年度报告</h1>"
    path.write_text(forms.html_page(title, forms.html_table(table)), encoding="utf-8")
    read = {(f.measure, f.applicant): f for f in extract_file(path).report.facts if f.applicant}
    assert len(FORM) == 25
    for form_row, drawn in zip(FORM, cells, strict=True):
        for slot, text in zip(form_row.slots, drawn, strict=True):
            fact = read[slot.line.measure, slot.applicant]
            assert fact.raw_text == text
            assert fact.status is STATES.get(text, Status.REPORTED)
            assert fact.value == (None if text in STATES else int(text))
