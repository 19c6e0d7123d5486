"""Sentences, numbers and phrases: how Chinese prose is cut before it is read. Knows no measure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pipeline.model import Bound
from pipeline.numerals import ARABIC_PATTERN, CHINESE, bound_of, parse_number

ITEM_UNITS = frozenset(
    "条 条次 条（次） 件 件次 篇 篇次 则 期 份 次 场 个 例 幅 部 张 册 起 场次 版 遍 封 本 档 期次 批次 车次 台次 例 宗".split()
)
LIST_UNITS = frozenset("条 条次 条（次） 件 件次 篇 篇次 则 期 份 期次".split())
_UNIT = (
    "条（次）|条\\(次\\)|条次|条|件次|件|篇次|篇|则|期|场次|人次|户次|次|份|个百分点|个|万元|元|人|名|位|项|幅|部|例|场"
    "|起|宗|回(?!应|复|访|答|收|头|家|馈|放)|单(?!元|位|项|个|独|页|行|列|纯)|桩|笔|堂|期次|批次|车次|台次|版|遍|封|本|档|轮|间|批|户|家|处|块|班|张|册|%|％|‰|年|月|日|号|时|页|字|级|届|亩|公里|里|大类"
)
# Every number begins with a numeral: looked for first, since a set of characters is found much faster.
_NUMERAL = re.compile(rf"[\d{CHINESE}]")
_NUMBER = re.compile(
    rf"(?P<number>\d+万\d+千|(?:{ARABIC_PATTERN})[百千万亿]?|[{CHINESE}]+)"
    rf"(?P<more>余|多(?!种|样|元|个|家|方|部|渠|媒|平|形))?\s*(?P<unit>{_UNIT})?(?P<after>以上|左右)?"
)
QUOTE = re.compile(r"[“\"「『](?P<name>[^”\"」』“]{1,24})[”\"」』]|[《〈][^》〉]{1,80}[》〉]")
_DELIMITERS = frozenset("，,、；;：:。！？!?")
_NOT_COUNTS = frozenset("年 月 日 号 时 级 届 页 字".split())
_OPEN, _CLOSE = "（([【“「『《〈", "）)]】”」』》〉"
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]"}
_FULL_STOP = frozenset("。！？!?")
_SENTENCE_MARK = re.compile(f"[{re.escape(_OPEN + _CLOSE + '；;.．' + ''.join(sorted(_FULL_STOP)))}]")
_PHRASE_MARK = re.compile(f"[{re.escape('（(【[）)】]' + ''.join(sorted(_DELIMITERS)))}]")
_DOT = re.compile(r"[.．](?=[^\d\s])")
_SPACED = re.compile(
    r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff\d“（])|(?<=\d) +(?=[\u4e00-\u9fff])|(?<=[”）]) +(?=[\u4e00-\u9fff\d])"
)
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{1,3})+(?= ?(?:条|篇|期|件|次|份|则))")
_COUNT_LABEL = re.compile(
    "人?(次数|场次|人数|人次|篇数|件数|条数|总数|数量|数|量|专职|兼职|收件|办结)(?:为|是|：|:|达|合计|共|共计)?\\s*$"
)
_FILLER = re.compile(
    r"(?:全年|年内|本年度?|当年|今年|(?:19|20)\d\d年度?|一年来|先后|本年|制发|制定|印发|共计?|累计|合计|召开|举办|开展|收到|收件|办理)*"
)
_LONGEST_REMARK = 2000
_REMARK = re.compile(r"[（(][^）)]*[）)]")
# 分别是301、144、36条: a series whose last number carries the unit of all.
_SERIES = re.compile(rf"(?:[、和]\s*\d+)+\s*(?P<unit>{_UNIT})")
# 公开政府信息171，其中: the unit is lost, the label says what is counted.
_OF_ITEMS = re.compile("(?:信息|公开|推送|发布)(?:共计?|总计|合计|累计|约|达|为)?$")
_SAME_UNIT = {"回": "次", "堂": "次", "单": "件", "桩": "件", "笔": "件"}
# 三、主动公开情况2024年我镇公开…: a heading that a page runs into its first sentence.
_GLUED = re.compile(
    r"(?:(?<![\u4e00-\u9fff\d])[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[)）]|(?<!\d)\d[、.．])[\u4e00-\u9fff、]{2,22}?情况"
    r"(?=(?:20\d\d年|本年|全年|年内|截[至止]|今年|我[镇乡街县局区]|本[镇乡街局机]|回应))"
)
_CONJUNCTION = re.compile("(?:以及|和|及|与)$")
_JOINS = re.compile("(?!和|及|与|以及|并)[\u4e00-\u9fff]{2,12}?(?:以及|和|及|与)")
_DENYING = (
    "没有",
    "无",
    "未有",
    "未见",
    "不见",
    "任何",
    "未发生",
    "未收到",
    "未接到",
    "未受理",
    "没收到",
    "未出现",
    "未产生",
)
_NOT_ONE = re.compile("(?:申请)?(?:也|都|均)?(?:没有|没|未|无)")
_NOT_A = re.compile("(?:没有|没|从未|未曾|未(?!成年|来|端))[^，。；、\\d]{0,10}\\Z")
_SHORT_OF_UNIT = frozenset("百千万")


class Number(NamedTuple):
    """A number as printed: its value, unit, bound and span [start, end)."""

    value: float | int
    unit: str
    bound: Bound
    start: int
    end: int


@dataclass
class Phrase:
    """A stretch of text with at most one number: `left # unit right`.

    `lead` is what stands joined to it by 、 before, or the label before its colon; `before` is that and `left`,
    all since the last number or full delimiter: `国务院和省、市重要信息`; `unit` is as printed, or nothing;
    `after` the delimiter before it; `followed` tells that the next number goes on the same list; `then` is the
    clause after it that holds no number.
    """

    left: str
    right: str
    start: int
    number: Number | None
    delimiter: str
    depth: int = 0
    unit: str = ""
    lead: str = ""
    before: str = ""
    after: str = ""
    followed: bool = False
    then: str = ""

    @cached_property
    def shape(self) -> str:
        """The phrase with its number as #, bracketed remarks left out, for the patterns of prose.csv."""
        unit = _SAME_UNIT.get(self.unit, self.unit)
        return _REMARK.sub("", f"{self.before}#{unit}{self.right}" if self.number else self.before)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text without the spaces that clerks leave between characters, and where each character stood."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text."""
        if end <= start:
            return self.origin[start], self.origin[start]
        return self.origin[start], self.origin[end - 1] + 1


def squeeze(text: str) -> Squeezed:
    """The text as it would stand without stray spaces: `2 1 7 条` is 217条, `微信 公众号` is one word."""
    if " " not in text:
        return Squeezed(text, range(len(text) + 1))
    drop = {i for found in _SPACED.finditer(text) for i in range(*found.span())}
    for found in _SPACED_DIGITS.finditer(text):
        drop |= {i for i in range(*found.span()) if text[i] == " "}
    kept = [i for i in range(len(text)) if i not in drop]
    return Squeezed("".join(text[i] for i in kept), (*kept, len(text)))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a paragraph; a semicolon ends one, but not inside brackets or quotes."""
    for start, end in _stops(text):
        for heading in _GLUED.finditer(text, start, end) if "情况" in text else ():
            yield start, heading.end()
            start = heading.end()
        yield start, end


def _stops(text: str) -> Iterator[tuple[int, int]]:
    start, depth = 0, 0
    for mark in _SENTENCE_MARK.finditer(text):
        at, char = mark.start(), mark[0]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in _FULL_STOP or (char in "；;" and depth == 0) or (char in ".．" and _is_stop(text, at)):
            yield start, at + 1
            start, depth = at + 1, 0
    if start < len(text):
        yield start, len(text)


def _is_stop(text: str, at: int) -> bool:
    """An ASCII dot that a clerk typed for 。: after a unit, before a word."""
    return (
        text[at - 1 : at] in ("条", "篇", "件", "期", "次", "份", "则") and _DOT.match(text, at) is not None
    )


def numbers_in(text: str, start: int, end: int) -> Iterator[Number]:
    """The numbers of a span that count something: not years, dates, ordinals or document numbers."""
    quoted: list[tuple[int, int]] | None = None
    for match in _numerals(text, start, end):
        raw = match["number"]
        unit = (match["unit"] or "").replace("(", "（").replace(")", "）").replace("％", "%")
        if not unit and (series := _SERIES.match(text, match.end(), end)):
            unit = series["unit"]
        unit = unit or _implied_unit(
            text[max(start, match.start() - 8) : match.start()], text[match.end() : match.end() + 1]
        )
        if not unit or unit in _NOT_COUNTS:
            continue
        if quoted is None:
            quoted = [found.span() for found in QUOTE.finditer(text, start, end)]
        if any(a <= match.start() < b for a, b in quoted):
            continue
        before = text[max(start, match.start() - 4) : match.start()]
        if raw == "一" and _denied(text, start, match.start(), match.end()):
            continue
        if match[0] in (text[match.end() : match.end() + len(match[0])], before[-len(match[0]) :]):
            continue  # 一条一条讲
        if not _may_count(raw, before, text[match.end() : match.end() + 1]):
            continue
        value = _value(raw, match["more"])
        if value is not None:
            yield Number(
                value,
                unit,
                bound_of(before, match["more"] or match["after"] or ""),
                match.start(),
                match.end(),
            )


def _denied(text: str, start: int, begin: int, end: int) -> bool:
    """Whether 一件 is denied: 一件也没有, 全年没有接到一件."""
    return (
        _NOT_ONE.match(text, end) is not None
        or _NOT_A.search(text, max(start, begin - 14), begin) is not None
    )


def _numerals(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What may be a number, from left to right."""
    while numeral := _NUMERAL.search(text, start, end):
        match = _NUMBER.match(text, numeral.start(), end)
        if match is None:
            return
        yield match
        start = match.end()


def _implied_unit(before: str, after: str) -> str:
    """A number without a unit counts where its label says so: 转载数：190, 参训人次为61."""
    found = _COUNT_LABEL.search(before)
    if found is None and after in ("，", ",", "。", "；", ";", "）", "其") and _OF_ITEMS.search(before):
        return "条"
    if found is None or after not in ("", "，", ",", "。", "；", ";", "）", "、", "利", "通", "其", "依"):
        return ""
    if found[1] in ("专职", "兼职"):
        return "人"
    return "人次" if "人" in found[0] else "次" if found[1] in ("次数", "场次") else "件"


def _value(raw: str, more: str | None) -> float | int | None:
    if raw in _SHORT_OF_UNIT and more:
        return {"百": 100, "千": 1000, "万": 10000}[raw]
    if raw.endswith("百") and raw[:-1].isdigit():
        return int(raw[:-1]) * 100
    return parse_number(raw)


def _may_count(raw: str, before: str, after: str) -> bool:
    if before.endswith(("第", "〔", "[", "【", "-", "—", "/", ".", "№")) or (
        before[-1:].isascii() and before[-1:].isalpha()
    ):
        return False
    if raw[0].isdigit():
        return True
    denied = raw == "一" and before.endswith(_DENYING)
    vague = (
        denied
        or (before[-1:] in tuple("几数若") and raw[0] in "十百千万亿" and not before.endswith("总数"))
        or (raw[0] == "一" and before[-1:] in tuple("同统唯专单万不"))
    )
    return not vague and after not in tuple("性龙律致定直般体共样起")


def phrases(text: str, start: int, end: int, numbers: Sequence[Number]) -> list[Phrase]:
    """The phrases of a sentence: cut at delimiters and after each of its numbers, bracketed remarks kept whole."""
    pieces: list[tuple[int, int, str, int]] = []
    depth, begin, at = 0, start, start
    whole = {i for found in QUOTE.finditer(text, start, end) for i in range(*found.span())}
    whole.update(i for number in numbers for i in range(number.start, number.end))
    while mark := _PHRASE_MARK.search(text, at, end):
        at, char = mark.start(), mark[0]
        if at in whole:
            at += 1
            continue
        close = _BRACKETS.get(char)
        stop = _closing(text, at, end, close) if close else -1
        if stop > 0:
            if any(at < number.start < stop for number in numbers):
                pieces.append((begin, at, char, depth))
                depth, begin = depth + 1, at + 1
            else:
                at = stop
        elif depth and char in "）)】]":
            pieces.append((begin, at, char, depth))
            depth, begin = depth - 1, at + 1
        elif char in _DELIMITERS:
            pieces.append((begin, at, char, depth))
            begin = at + 1
        at += 1
    pieces.append((begin, end, "", depth))
    return _joined([phrase for piece in pieces for phrase in _cut(text, piece, numbers)])


def _closing(text: str, at: int, end: int, close: str) -> int:
    """Where the bracket that opens at `at` closes, inner brackets of its kind passed over; -1 where it does not."""
    depth = 0
    for i in range(at, min(end, at + _LONGEST_REMARK)):
        if text[i] == text[at]:
            depth += 1
        elif text[i] == close:
            depth -= 1
            if depth == 0:
                return i
    return -1


def _cut(text: str, piece: tuple[int, int, str, int], numbers: Sequence[Number]) -> Iterator[Phrase]:
    begin, end, delimiter, depth = piece
    inside = [number for number in numbers if begin <= number.start < end]
    if not inside:
        yield Phrase(text[begin:end], "", begin, None, delimiter, depth)
        return
    at = begin
    for index, number in enumerate(inside):
        last = index == len(inside) - 1
        stop = end if last else number.end + _noun_behind(text[number.end : inside[index + 1].start])
        noun = text[number.end : stop] if last else _CONJUNCTION.sub("", text[number.end : stop])
        yield Phrase(text[at : number.start], noun, at, number, delimiter if last else "", depth, number.unit)
        at = stop


def _noun_behind(between: str) -> int:
    """How much of the text between two numbers is the first one's noun: 1名专职人员和2名兼职人员."""
    return len(between) if _JOINS.fullmatch(between) else 0


def _heads(phrase: Phrase) -> bool:
    """A label before its colon, or an aspect: 新闻发布会方面，年内召开1场."""
    aspect = phrase.delimiter in ("，", ",") and phrase.left.endswith(
        ("方面", "情况", "一项", "这一块", "上面")
    )
    return phrase.delimiter in ("：", ":") or aspect


def _joined(cut: list[Phrase]) -> list[Phrase]:
    """Give each phrase what leads up to it: labels joined by 、, or the label before its colon."""
    lead = ""
    for at, phrase in enumerate(cut):
        before = cut[at - 1] if at else None
        phrase.after = before.delimiter if before else ""
        heads = before is not None and before.number is None and _heads(before)
        if before is not None and heads and _FILLER.fullmatch(phrase.left.strip()):
            lead = before.left
        if before and before.number is None and before.delimiter in ("（", "(") and not phrase.left.strip():
            lead = before.left
        phrase.lead, phrase.before = lead, lead + phrase.left
        lead = f"{lead}{phrase.left}、" if phrase.number is None and phrase.delimiter == "、" else ""
    for phrase, following in pairwise(cut):
        if phrase.number is not None and following.number is None and phrase.delimiter in ("，", ","):
            phrase.then = following.left
        goes_on = (
            phrase.delimiter in ("、", "，", ",", "")
            and following.number is not None
            and phrase.number is not None
        )
        phrase.followed = goes_on and following.depth == phrase.depth and following.unit == phrase.unit
    return cut
