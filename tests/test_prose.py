"""Prose against truths written by people who had not seen the reader: precision, recall, bounds.

The paragraphs imitate real reports of many provinces; they carry invented names. A floor, not a target:
raise it when the reading gets better.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue import default_catalogue
from pipeline.model import Document, Fact, Paragraph, Place
from pipeline.prose import tell

FILES = sorted((Path(__file__).parent / "prose").glob("*.json"))
Key = tuple[str, str | None, str | None, float]


def told(case: dict[str, Any]) -> list[Fact]:
    paragraphs = tuple(Paragraph(line) for line in case["text"].split("\n") if line.strip())
    document = Document("x", "", "text/plain", paragraphs)
    body = case.get("body") or ""
    names = [name for name in (body, body + "人民政府", body + "办事处") if body]
    return tell(
        document, default_catalogue(), year=case["year"], tables=False, taken=set(), names=names
    ).facts


def key(measure: str, channel: str | None, category: str | None, value: float) -> Key:
    return measure, None if measure == "items_by_category" else channel, category, value


def expected(case: dict[str, Any], *, optional: bool) -> Counter[Key]:
    facts = [f for f in case["facts"] if f["value"] is not None and bool(f.get("optional")) == optional]
    return Counter(key(f["measure"], f.get("channel"), f.get("category"), f["value"]) for f in facts)


def same_but_for_a_word(missing: Counter[Key], extra: Counter[Key]) -> None:
    """A category cut a word longer or shorter is the same figure: 政务动态 and 政务动态信息."""
    for wanted in [k for k in missing if k[2]]:
        for given in [k for k in extra if k[2] and k[3] == wanted[3] and extra[k] > 0]:
            if given[2] in wanted[2] or wanted[2] in given[2]:
                missing[wanted] -= 1
                extra[given] -= 1
                break


def test_precision_and_recall_hold_their_floor() -> None:
    wanted = missed = added = 0
    for case in (case for path in FILES for case in json.loads(path.read_text("utf-8"))):
        got = Counter(
            key(f.measure, f.channel, f.category, f.value) for f in told(case) if f.value is not None
        )
        required, allowed = expected(case, optional=False), expected(case, optional=True)
        missing, extra = required - got, got - required
        for k in allowed:
            del extra[k]
        same_but_for_a_word(missing, extra)
        wanted += sum(required.values())
        missed += sum((+missing).values())
        added += sum((+extra).values())
    precision, recall = 1 - added / (wanted - missed + added), 1 - missed / wanted
    assert wanted > 1000
    assert precision >= 0.99, precision
    assert recall >= 0.95, recall


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_fact_stands_where_it_says(path: Path) -> None:
    for case in json.loads(path.read_text("utf-8")):
        lines = [line for line in case["text"].split("\n") if line.strip()]
        for fact in told(case):
            place = Place.parse(fact.locator)
            assert place is not None
            assert lines[place.block][place.start : place.end] == fact.raw_text


@pytest.mark.parametrize(
    ("text", "unopened", "named"),
    [
        ("受条件限制，我乡未开通政务微博、抖音等账号。", {("not_opened", "weibo"), ("not_opened", "douyin")}, set()),
        ("今日头条、快手等平台，我乡均未注册账号。", {("not_opened", "toutiao"), ("not_opened", "kuaishou")}, set()),
        ("微信视频号尚在筹备，2024年没有开通。", {("not_opened", "video_account")}, set()),
        ("“美丽太平”今日头条号已注销。", {("closed", "toutiao")}, set()),
        ("通过政务公开栏公示信息，没有建立专门机构。", set(), {"board"}),
        ("我镇没有开通今日头条号，通过微信公众号公开12条。", {("not_opened", "toutiao")}, {"wechat"}),
        ("下一步将开通抖音号。", set(), set()),
    ],
)  # fmt: skip
def test_a_channel_said_to_be_not_opened_or_closed_is_neither_named_nor_zero(
    text: str, unopened: set[tuple[str, str]], named: set[str]
) -> None:
    document = Document("x", "", "text/plain", (Paragraph("一、总体情况"), Paragraph(text)))
    found = tell(document, default_catalogue(), year=2024, tables=False, taken=set(), names=["太平镇"])
    assert {(claim.kind, claim.channel) for claim in found.claims if claim.value is None} == unopened
    assert {fact.channel for fact in found.facts} == named
    for claim in found.claims:
        place = Place.parse(claim.locator)
        assert place is not None
        assert text[place.start : place.end] == claim.raw_text


def test_bounds_are_kept() -> None:
    wrong = []
    for case in (case for path in FILES for case in json.loads(path.read_text("utf-8"))):
        bounds = {
            key(f["measure"], f.get("channel"), f.get("category"), f["value"]): f.get("bound", "exact")
            for f in case["facts"]
            if f["value"] is not None and not f.get("optional")
        }
        for f in told(case):
            if f.value is None:
                continue
            stated = bounds.get(key(f.measure, f.channel, f.category, f.value))
            if stated is not None and stated != f.bound:
                wrong.append((f.raw_text, stated, f.bound))
    assert wrong == []


def test_the_sum_tells_whether_a_channels_first_number_is_its_count_or_a_part() -> None:
    said = "以县政府网站为平台，公开工作动态38条、财政信息2条、其他11条，共{}条。"
    for total, website in ((51, 51), (99, 38)):
        facts = told({"text": said.format(total), "year": 2024})
        assert [f.value for f in facts if f.channel == "website"] == [website]
