"""Prose to facts: what a report's sentences state, each figure with its span.

A sentence is cut into phrases; a number's meaning is read from its own phrase, then from the phrase that
governs it (a total before its parts, a channel before its counts). The wording lives in `prose.csv` and
`channels.csv`; here is only how phrases hang together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.catalogue import Catalogue
from pipeline.forms import forms_of
from pipeline.labels import TRANSLATE
from pipeline.model import Bound, Claim, Document, Fact, Issue, Paragraph, Place, Status
from pipeline.numerals import ARABIC_PATTERN, CHINESE, bound_of, parse_number
from pipeline.sections import section_of
from pipeline.tables import in_unit

ITEM_UNITS = frozenset("条 条次 件 件次 篇 篇次 则 期 份 次 个 例 幅 部".split())
LIST_UNITS = frozenset("条 条次 件 件次 篇 篇次 则 期 份 个 次".split())
_UNIT = "条次|条|件次|件|篇次|篇|则|期|人次|户次|次|份|个百分点|个|万元|元|人|名|位|项|幅|部|例|场|起|宗|批次|批|户|家|处|块|班|%|‰|年|月|日|号|时|页|字|级|届|亩|公里|里"
_NUMBER = re.compile(
    rf"(?P<number>(?:\d+万\d+千)|(?:(?:{ARABIC_PATTERN})[千万亿]?)|[{CHINESE}]+)(?P<more>余|多(?!种|样|元|次|个|家|方|部|渠|媒|平|形))?\s*"
    rf"(?P<unit>{_UNIT})?(?P<after>以上|左右)?"
)
_QUOTE = re.compile(r"[“\"「『](?P<name>[^”\"」』“]{1,24})[”\"」』]|[《〈][^》〉]{1,80}[》〉]")
_DELIMITER = re.compile(r"[，,、；;：:。！？!?]")
_SENTENCE_END = frozenset("。！？!?；;")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_ORDINAL_BEFORE = re.compile(r"第$|[a-zA-Z〔\[【〈《/.\-—]$|[（(]$(?=)")
_SITE = re.compile(r"[\u4e00-\u9fff]{2,20}$")
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: its value, unit, bound and span [start, end)."""

    value: float | int
    unit: str
    bound: Bound
    start: int
    end: int
    raw: str


@dataclass(slots=True)
class Phrase:
    """A stretch of text between two delimiters, with at most one number: `left # unit right`."""

    left: str
    right: str
    start: int
    number: Number | None
    delimiter: str
    depth: int = 0
    lead: str = ""

    @property
    def before(self) -> str:
        """All that stands before the number since the last number or full delimiter: `国务院和省、市重要信息`."""
        return self.lead + self.left

    @property
    def shape(self) -> str:
        """The phrase with its number as #, for the patterns of prose.csv."""
        return f"{self.before}#{self.number.unit}{self.right}" if self.number else self.before


@dataclass(slots=True)
class PartList:
    """Figures that a text presents as parts of a whole. `closed` where it says that the list is complete."""

    whole: Fact
    parts: list[Fact]
    closed: bool


@dataclass(slots=True)
class Telling:
    """What the prose of a report tells."""

    facts: list[Fact] = field(default_factory=list)
    lists: list[PartList] = field(default_factory=list)
    channel_lists: list[PartList] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class Wording:
    """The patterns of prose.csv and the channel words, ready to search with."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.units = {name: measure.unit for name, measure in catalogue.measures.items()}
        self.section_of = {name: measure.section for name, measure in catalogue.measures.items()}
        self.counts = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "count"]
        self.zeros = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "zero"]
        self.claims = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "claim"]
        self._roles: dict[str, re.Pattern[str]] = {}
        for role in dict.fromkeys(rule.role for rule in catalogue.prose):
            patterns = [rule.pattern.pattern for rule in catalogue.prose if rule.role == role]
            self._roles[role] = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
        words = {word: name for name, channel in catalogue.channels.items() for word in channel.synonyms}
        self.channel_of = words
        self.class_of = {name: channel.klass for name, channel in catalogue.channels.items()}
        self.classes = frozenset(
            name for name, channel in catalogue.channels.items() if channel.kind == "class"
        )
        self.channel = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))

    def says(self, role: str, text: str) -> bool:
        """Whether the text says what a role stands for (reach, comparison, a sum, ...)."""
        return self._roles[role].search(text) is not None

    def bare(self, text: str) -> str:
        """The text without the words that any count of items may carry: what is left names a category."""
        return self._roles["generic"].sub("", _QUOTE_MARKS.sub("", text)).strip(" 　")

    def channels_in(self, text: str) -> list[tuple[str, int, int]]:
        """The channels a text names, with their spans; words that only look like one are passed over."""
        skip = [found.span() for found in self._roles["not_channel"].finditer(text)]
        return [
            (self.channel_of[match[0]], match.start(), match.end())
            for match in self.channel.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in skip)
        ]


_QUOTE_MARKS = re.compile(r"[“”\"「」『』\s]")


@lru_cache(maxsize=4)
def wording_of(catalogue: Catalogue) -> Wording:
    """The wording of a catalogue, compiled once."""
    return Wording(catalogue)


# --- cutting -------------------------------------------------------------------------------------


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a paragraph; quotes are never cut."""
    start, depth = 0, 0
    for at, char in enumerate(text):
        if char in "“「『《":
            depth += 1
        elif char in "”」』》":
            depth = max(0, depth - 1)
        elif char in "。！？!?；;" and depth == 0:
            yield start, at + 1
            start = at + 1
    if start < len(text):
        yield start, len(text)


def numbers_in(text: str, start: int, end: int) -> Iterator[Number]:
    """The numbers of a span that count something: not years, dates, ordinals or document numbers."""
    quoted = [found.span() for found in _QUOTE.finditer(text, start, end)]
    for match in _NUMBER.finditer(text, start, end):
        raw_number = match["number"]
        arabic = raw_number[0].isdigit()
        unit = match["unit"] or ""
        if any(a <= match.start() < b for a, b in quoted) or (not arabic and not unit):
            continue
        before = text[max(start, match.start() - 4) : match.start()]
        if before.endswith(("第", "〔", "[", "【", "-", "—", "/", ".", "№")) or (
            before[-1:].isascii() and before[-1:].isalpha()
        ):
            continue
        if unit in ("年", "月", "日", "号", "时", "级", "届", "页", "字"):
            continue
        if not arabic and (
            before[-1:] in "同统唯专单万不" or text[match.end() : match.end() + 1] in "性龙律致定直般体共样起"
        ):
            continue
        value = parse_number(raw_number)
        if value is None:
            continue
        bound = bound_of(before, match["more"] or match["after"] or "")
        shown = text[match.start() : match.end()]
        yield Number(value, unit, bound, match.start(), match.end(), shown)


def phrases(text: str, start: int, end: int) -> list[Phrase]:
    """The phrases of a sentence: cut at delimiters and after each number, bracketed remarks kept whole."""
    numbers = list(numbers_in(text, start, end))
    pieces: list[tuple[int, int, str, int]] = []
    depth, begin, at = 0, start, start
    quoted = {i for found in _QUOTE.finditer(text, start, end) for i in range(*found.span())}
    spans = {i for number in numbers for i in range(number.start, number.end)}
    while at < end:
        char = text[at]
        if at in quoted or at in spans:
            at += 1
            continue
        close = _BRACKETS.get(char)
        stop = text.find(close, at, end) if close else -1
        if close and stop > 0:
            if any(at < number.start < stop for number in numbers):
                pieces.append((begin, at, char, depth))
                depth, begin = depth + 1, at + 1
            else:
                at = stop
        elif depth and char in "）)】]":
            pieces.append((begin, at, char, depth))
            depth, begin = depth - 1, at + 1
        elif _DELIMITER.match(char):
            pieces.append((begin, at, char, depth))
            begin = at + 1
        at += 1
    pieces.append((begin, end, "", depth))
    return _with_leads([phrase for piece in pieces for phrase in _cut(text, piece, numbers)])


def _with_leads(cut: list[Phrase]) -> list[Phrase]:
    """Phrases joined by 、 without a number between them are one label: each is given what leads up to it."""
    lead = ""
    for phrase in cut:
        phrase.lead = lead
        lead = f"{lead}{phrase.left}、" if phrase.number is None and phrase.delimiter == "、" else ""
    return cut


def _cut(text: str, piece: tuple[int, int, str, int], numbers: Sequence[Number]) -> Iterator[Phrase]:
    begin, end, delimiter, depth = piece
    inside = [number for number in numbers if begin <= number.start < end]
    if not inside:
        yield Phrase(text[begin:end], "", begin, None, delimiter, depth)
        return
    at = begin
    for index, number in enumerate(inside):
        last = index == len(inside) - 1
        stop = end if last else number.end
        yield Phrase(
            text[at : number.start], text[number.end : stop], at, number, delimiter if last else "", depth
        )
        at = number.end


# --- reading -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Context:
    """What governs the next phrase of a sentence."""

    year_is_other: bool = False
    whole: Fact | None = None
    closed: bool = False
    parts: list[Fact] = field(default_factory=list)
    loose: list[Fact] = field(default_factory=list)
    container: tuple[str, str | None] | None = None
    topic: str | None = None
    total: Fact | None = None
    last: Fact | None = None
    said: str = ""
    pending: list[tuple[str, str | None]] = field(default_factory=list)
    verb: bool = False
    depth: int = 0
    outer: "list[tuple[Fact | None, list[Fact], bool]]" = field(default_factory=list)


class _Reader:
    """Reads the paragraphs of one report in order and collects what they tell."""

    def __init__(self, catalogue: Catalogue, year: int | None, tables: bool, names: Sequence[str]) -> None:
        self.catalogue = catalogue
        self.words = wording_of(catalogue)
        self.form = forms_of(catalogue)["2021"]
        self.own = re.compile(
            "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
        )
        self.year = year
        self.tables = tables
        self.telling = Telling()
        self.named: dict[tuple[str, str | None], tuple[str, Place]] = {}
        self.unopened: set[str] = set()
        self.section = ""

    def read(self, number: int, text: str) -> None:
        """One paragraph."""
        heading = section_of(text, self.catalogue)
        if heading:
            self.section = heading
        carried: _Context | None = None
        for start, end in sentences(text):
            carried = self._sentence(number, text, start, end, carried)

    def _sentence(self, number: int, text: str, start: int, end: int, carried: _Context | None) -> _Context:
        said = text[start:end]
        self._zeros(number, said, start)
        context = _Context()
        if (carried is not None and carried.whole is not None and text[start - 1] in "；;：") or (
            carried is not None
            and carried.whole is not None
            and said.lstrip().startswith(("其中", "包括", "具体", "分别"))
        ):
            context = carried
        self._name_channels(number, text, start, end)
        for phrase in phrases(text, start, end):
            self._phrase(number, phrase, context, said)
        self._close(context)
        return context

    def _zeros(self, number: int, said: str, start: int) -> None:
        for measure, pattern in self.words.zeros:
            found = pattern.search(said)
            if found is None or (self.tables and self._is_printed(measure)):
                continue
            if measure == "requests_received" and re.search("复议|诉讼|申诉|救助|补正", found[0]):
                continue
            if any(f.measure == measure and f.applicant is None for f in self.telling.facts):
                continue
            place = Place(number, start=start + found.start(), end=start + found.end())
            self.telling.facts.append(
                Fact(measure, 0, self.words.units[measure], Status.REPORTED, found[0], str(place))
            )

    def _is_printed(self, measure: str) -> bool:
        """Whether table three says it better; the number received is said in words besides, and audited."""
        return measure != _ALSO_IN_WORDS and self.words.section_of[measure] == "requests"

    def _bare(self, text: str) -> str:
        return self.words.bare(self.own.sub("", text))

    def _phrase(self, number: int, phrase: Phrase, context: _Context, said: str) -> None:
        self._enter_depth(phrase, context)
        years = [int(found[1]) for found in _YEAR.finditer(phrase.left)]
        if years and self.year is not None:
            context.year_is_other = years[-1] != self.year
        if context.total is not None and _BY_KIND.search(phrase.left):
            self._finish_list(context)
            context.whole, context.parts = context.total, []
        if self.words.says("closing", phrase.left):
            context.closed = context.closed or context.whole is not None
        if _VERBS.search(phrase.left):
            context.verb = True
        if phrase.number is None:
            self._without_number(phrase, context)
            context.said = phrase.left
            return
        fact = self._fact(number, phrase, context, said)
        context.said = phrase.before
        if fact is not None:
            context.last = fact
            self._keep(fact, phrase, context)

    def _enter_depth(self, phrase: Phrase, context: _Context) -> None:
        """Brackets open a list of their own under the figure before them."""
        while context.depth < phrase.depth:
            inner = context.parts[-1] if context.parts else context.whole
            context.outer.append((context.whole, context.parts, context.closed))
            context.whole, context.parts, context.closed = inner, [], True
            context.depth += 1
        while context.depth > phrase.depth:
            self._finish_list(context)
            context.whole, context.parts, context.closed = context.outer.pop()
            context.depth -= 1

    def _without_number(self, phrase: Phrase, context: _Context) -> None:
        found = self.words.channels_in(phrase.left)
        for topic, pattern in _TOPICS:
            if pattern.search(phrase.left):
                context.topic = topic
        if found:
            channels = [(code, _account(phrase.left, a, b, code)) for code, a, b in found]
            if phrase.delimiter == "、" or context.pending:
                context.pending += channels
            else:
                context.container = channels[-1]
                context.pending = channels if len(channels) > 1 else []
        elif phrase.delimiter != "、":
            context.pending = []

    def _fact(self, number: int, phrase: Phrase, context: _Context, said: str) -> Fact | None:
        printed, words = phrase.number, self.words
        assert printed is not None  # noqa: S101  the caller checked
        tail = f"{phrase.before}#{printed.unit}{phrase.right[:12]}"
        self._claim(number, phrase, context, said)
        if context.year_is_other or printed.unit in ("%", "‰", "个百分点"):
            return None
        if any(words.says(role, tail) for role in ("reach", "compare", "cumulative", "last_year", "same")):
            return None
        in_list = context.whole is not None and phrase.delimiter in "、）)" and not words.says("sum", tail)
        for measure, pattern in words.counts:
            if pattern.search(phrase.shape) and not (in_list and context.parts):
                return self._counted(number, measure, phrase, said)
        if not self.tables and printed.unit == "件" and (row := self.form.exact(phrase.left)):
            return self._make(number, row[0].slots[0].line.measure, printed)
        if printed.unit not in ITEM_UNITS:
            return None
        return self._item(number, phrase, context)

    def _claim(self, number: int, phrase: Phrase, context: _Context, said: str) -> None:
        """Shares, growth and figures that only the audit needs."""
        printed = phrase.number
        assert printed is not None  # noqa: S101
        place = str(Place(number, start=printed.start, end=printed.end))
        for measure, pattern in self.words.claims:
            if pattern.search(phrase.shape) and not context.year_is_other:
                self.telling.claims.append(
                    Claim("stated", measure, printed.value, printed.raw, place, sentence=said)
                )
        percent = printed.unit == "%"
        grows = _GROWTH.search(phrase.before)
        found = self.words.channels_in(phrase.before)
        channel = found[-1][0] if found else None
        digits = len(printed.raw.partition(".")[2].rstrip("%％ "))
        if percent and _SHARE.search(phrase.before):
            part = self._share_of(context, channel)
            if part is not None:
                self.telling.claims.append(
                    Claim(
                        "share",
                        part.measure,
                        printed.value,
                        printed.raw,
                        place,
                        part.channel,
                        True,
                        digits,
                        part.locator,
                    )
                )
        elif (
            grows
            and (percent or printed.unit in ITEM_UNITS)
            and (channel or _ABOUT_ITEMS.search(phrase.before + context.said))
        ):
            value = -printed.value if grows["down"] or grows["down2"] else printed.value
            measure = "items_by_channel" if channel else "items_disclosed"
            self.telling.claims.append(
                Claim("growth", measure, value, printed.raw, place, channel, percent, digits)
            )

    def _share_of(self, context: _Context, channel: str | None) -> Fact | None:
        """The figure a share is a share of: the named channel's, else the one stated just before."""
        facts = reversed(self.telling.facts)
        if channel is not None:
            return next((f for f in facts if f.channel == channel and f.value is not None), None)
        return context.last

    def _counted(self, number: int, measure: str, phrase: Phrase, said: str) -> Fact | None:
        printed = phrase.number
        assert printed is not None  # noqa: S101
        section = self.words.section_of[measure]
        if self.tables and self._is_printed(measure):
            place = Place(number, start=printed.start, end=printed.end)
            self.telling.claims.append(
                Claim("stated", measure, printed.value, printed.raw, str(place), sentence=said)
            )
            return None
        if section == "requests" and not re.search("申请|公开|答复|办结|结转|信息", said):
            return None
        if measure in _OF_WORK and not self.words.says("about_disclosure", said):
            return None
        value = in_unit(printed.value, printed.unit, self.words.units[measure])
        return self._make(number, measure, printed, value)

    def _item(self, number: int, phrase: Phrase, context: _Context) -> Fact | None:
        """A count of items: of a channel, of everything, or of a category, by what stands before it."""
        printed, words = phrase.number, self.words
        assert printed is not None  # noqa: S101
        listed = context.whole is not None or context.container is not None or bool(context.loose)
        clutter = not listed and words.says("clutter", phrase.shape)
        found = [(code, a, b) for code, a, b in words.channels_in(phrase.left)]
        if found:
            channels = [(code, _account(phrase.left, a, b, code)) for code, a, b in found]
            after = _ACCOUNT_AFTER.sub("", phrase.left[found[-1][2] :])
            if not self._bare(after):
                return self._channel(number, phrase, [*context.pending, *channels], context)
            context.container = channels[-1]
            return None if clutter else self._category(number, phrase, after, context)
        if not self._bare(phrase.before) and (right := words.channels_in(phrase.right)):
            code, a, b = right[0]
            return self._channel(number, phrase, [(code, _account(phrase.right, a, b, code))], context)
        is_sum = words.says("sum", phrase.left + "#")
        if is_sum and context.loose and context.whole is None and not self._bare(phrase.left):
            return self._make(number, "items_disclosed", printed)
        stated = _VERBS.search(phrase.before) is not None or is_sum or "信息" in phrase.right[:6]
        in_parts = context.whole is not None or bool(context.loose)
        if not self._bare(phrase.before + phrase.right) and (
            stated or not (in_parts and phrase.left.strip())
        ):
            return None if clutter else self._generic(number, phrase, context)
        if clutter:
            return None
        return self._category(number, phrase, phrase.before if phrase.left.strip() else phrase.right, context)

    def _generic(self, number: int, phrase: Phrase, context: _Context) -> Fact | None:
        """A count of items of no named kind: of the channel named before it, or of everything."""
        printed = phrase.number
        assert printed is not None  # noqa: S101
        if context.pending and not self.words.says("several", phrase.left):
            return self._channel(number, phrase, list(context.pending), context)
        if context.topic and "信息" not in phrase.shape:
            return self._make(number, context.topic, printed)
        if context.container is not None and context.whole is None and not re.search("主动公开", phrase.left):
            channel, context.container = context.container, None
            return self._channel(number, phrase, [channel], context)
        if not (context.verb or self.words.says("sum", phrase.left + "#")):
            return None
        return self._make(number, "items_disclosed", printed)

    def _channel(
        self, number: int, phrase: Phrase, channels: list[tuple[str, str | None]], context: _Context
    ) -> Fact | None:
        printed = phrase.number
        assert printed is not None  # noqa: S101
        context.pending = []
        codes = list(dict.fromkeys(code for code, _ in channels))
        classes = {self.words.class_of[code] for code in codes}
        if len(codes) == 1:
            account = next((account for _, account in reversed(channels) if account), None)
            return self._make(number, "items_by_channel", printed, channel=codes[0], account=account)
        if len(classes) == 1:
            return self._make(number, "items_by_channel", printed, channel=classes.pop())
        if context.verb:
            return self._make(number, "items_disclosed", printed)
        return None

    def _category(self, number: int, phrase: Phrase, text: str, context: _Context) -> Fact | None:
        printed = phrase.number
        assert printed is not None  # noqa: S101
        name = _category_name(text, not context.parts and not context.loose)
        listed = context.whole is not None or context.container is not None or context.verb
        if not name or not listed or printed.unit not in LIST_UNITS or len(name) > 40:
            return None
        return self._make(number, "items_by_category", printed, category=name)

    def _make(
        self,
        number: int,
        measure: str,
        printed: Number,
        value: float | int | None = None,
        **dimensions: str | None,
    ) -> Fact:
        place = Place(number, start=printed.start, end=printed.end)
        return Fact(
            measure, printed.value if value is None else value, self.words.units[measure], Status.REPORTED,
            printed.raw, str(place), bound=printed.bound, **dimensions,
        )  # fmt: skip

    def _keep(self, fact: Fact, phrase: Phrase, context: _Context) -> None:
        if fact.measure == "items_disclosed":
            if context.loose:
                self.telling.lists.append(PartList(fact, list(context.loose), True))
                context.loose = []
            self._finish_list(context)
            context.whole, context.parts, context.closed = fact, [], False
        elif fact.measure == "items_by_channel":
            self._keep_channel(fact, context)
            if context.whole is None or context.whole.measure != "items_disclosed" or not context.parts:
                self._finish_list(context)
                context.total = (
                    context.whole
                    if context.whole is not None and context.whole.measure == "items_disclosed"
                    else context.total
                )
                context.whole, context.parts, context.closed = fact, [], False
        elif fact.measure == "items_by_category":
            if context.whole is not None:
                context.parts.append(fact)
            else:
                context.loose.append(fact)
        self.telling.facts.append(fact)

    def _keep_channel(self, fact: Fact, context: _Context) -> None:
        """A channel's count under the total it is presented as part of, across sentences too."""
        whole = next((f for f in reversed(self.telling.facts) if f.measure == "items_disclosed"), None)
        if whole is None:
            return
        known = next((known for known in self.telling.channel_lists if known.whole is whole), None)
        if known is None:
            known = PartList(whole, [], False)
            self.telling.channel_lists.append(known)
        known.parts.append(fact)
        # Channels told in one breath with the total are told as all of it.
        known.closed = known.closed or context.closed or (len(known.parts) > 1 and context.total is whole)

    def _finish_list(self, context: _Context) -> None:
        whole, parts = context.whole, context.parts
        if whole is not None and parts:
            known = next((known for known in self.telling.lists if known.whole is whole), None)
            if known is None:
                self.telling.lists.append(PartList(whole, list(parts), context.closed))
            else:
                known.parts += [part for part in parts if part not in known.parts]
        context.parts = []

    def _close(self, context: _Context) -> None:
        while context.depth:
            self._finish_list(context)
            context.whole, context.parts, context.closed = context.outer.pop()
            context.depth -= 1
        self._finish_list(context)

    def _name_channels(self, number: int, text: str, start: int, end: int) -> None:
        """Channels named in the first section's sentences, apart from those planned or not opened."""
        said = text[start:end]
        if self.section in ("五", "六") or self.words.says("planned", said) or _HEADING.search(text):
            return
        for clause in re.finditer(r"[^，,；;。]+", said):
            closed = self.words.says("unopened", clause[0])
            for code, a, b in self.words.channels_in(clause[0]):
                at = start + clause.start()
                account = _account(clause[0], a, b, code)
                if closed:
                    self.unopened.add(code)
                elif _is_used(code, said):
                    place = Place(number, start=at + a, end=at + b)
                    self.named.setdefault((code, account), (text[at + a : at + b], place))

    def finish(self) -> Telling:
        """The telling, with the channels that were named and never counted."""
        counted = {fact.channel for fact in self.telling.facts if fact.channel}
        done: set[str] = set()
        for (code, account), (raw, place) in sorted(self.named.items(), key=lambda item: item[0][1] is None):
            if code in counted or code in done or code in self.unopened or code in self.words.classes:
                continue
            done.add(code)
            unit = self.words.units["items_by_channel"]
            self.telling.facts.append(
                Fact(
                    "items_by_channel",
                    None,
                    unit,
                    Status.NOT_PRINTED,
                    raw,
                    str(place),
                    channel=code,
                    account=account,
                )
            )
        self.telling.facts = _once(self.telling.facts)
        return self.telling


_BY_KIND = re.compile("按.{0,6}(?:内容|类别|类型|种类|栏目|事项)|从.{0,6}(?:内容|类别|类型)")
_SHARE = re.compile("占|比重|比例")
_GROWTH = re.compile(
    "(?:比|较|同比|环比|上年|去年|往年).{0,16}(?:(?P<down>减少|下降|降低|减)|增加|增长|上升|提高|增|多)(?:了|约)?$|(?:(?P<down2>减少|下降)|增长|增加)(?:了|约)?$"
)
_ABOUT_ITEMS = re.compile("公开|信息|发布|数量|总量|总数")
_VERBS = re.compile("公开|发布|推送|刊发|公布|刊登|上传")
_OF_WORK = frozenset({"meetings_held", "trainings_held", "people_trained"})
_TOPICS = (("interpretations", re.compile("解读")), ("items_forwarded", re.compile("转载|转发")))
# The account that follows a channel word is not the name of a category.
_ACCOUNT_AFTER = re.compile(r"^\s*[：:]?\s*(?:[“\"「『][^”\"」』]*[”\"」』]|[（(][^）)]*[）)])")
# Said in words beside the table, and audited against it.
_ALSO_IN_WORDS = "requests_received"
_HEADING = re.compile(r"^.{0,24}(?:情况|方面|建设|保障)[。：:]?$")
_WEAK = frozenset({"meeting", "broadcast", "bulletin", "leaflet", "notice", "press"})
_MEANS = re.compile(
    "(?:通过|利用|依托|借助|运用|采取|采用|以|在).*(?:公开|发布|宣传|公示|推送)|等.{0,8}(?:方式|形式|渠道|途径|载体|平台)"
)


def _is_used(code: str, said: str) -> bool:
    """Words that name a channel only in some sentences (会议, 广播) count where a means is spoken of."""
    return code not in _WEAK or _MEANS.search(said) is not None


def _account(text: str, start: int, end: int, code: str) -> str | None:
    """The account beside a channel word: “西邑风采”微信平台, 微信公众号“西邑风采”, 西邑乡人民政府官网."""
    before = re.search(r"[“\"「『]([^”\"」』]{1,20})[”\"」』]\s*(?:的|政务|官方|新浪)*\s*$", text[:start])
    after = re.match(r"\s*[：:（(]?\s*[“\"「『]([^”\"」』]{1,20})[”\"」』]", text[end:])
    bracket = re.match(r"\s*[（(]([^（）()“”#\d]{2,16})[）)]", text[end:])
    for found in (before, after, bracket):
        if found:
            return found[1].strip()
    if code == "website":
        site = re.search(
            r"(?:在|通过|利用|依托|充分利用)?\s*([\u4e00-\u9fff]{2,18}(?:人民政府|办事处|政府)(?:门户)?)$",
            text[:start],
        )
        if site and not site[1].startswith(("政府", "人民政府")):
            return re.sub("^(?:充分利用|利用|通过|依托|其中|在)+", "", site[1]) + text[start:end]
    return None


_LEADING = re.compile(
    r"^(?:其中|包括|另外|此外|同时|以及|主要|涉及|分别为|分别是|分别|和|及|与|共|有|为|是|在|上|中|平台|栏目)+"
)
_VERB = re.compile(r"^(?:主动)?(?:公开|发布)(?:了|有)?(?=.{2})")
_TRAILING = re.compile(r"(?:共计|合计|累计|总计|共|计|约|近|达|有|为|发布|超过|逾|公开了)+$")


def _category_name(text: str, is_first: bool) -> str:
    """The category as printed; the verb that governs the list stands before its first part only."""
    name = _LEADING.sub("", text.strip(_EDGE))
    if is_first:
        name = _LEADING.sub("", _VERB.sub("", name))
    name = _TRAILING.sub("", name).strip(_EDGE)
    return name[1:-1] if _WHOLLY_QUOTED.fullmatch(name) else name


_EDGE = " 　：:、"
_WHOLLY_QUOTED = re.compile(r"[“\"「『][^“”\"」』]*[”\"」』]")


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """A figure stated twice with the same value is one fact; the first place stands."""
    kept: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        where = fact.locator if fact.category else ""
        kept.setdefault((fact.measure, fact.applicant, fact.channel, fact.category, fact.value, where), fact)
    return list(kept.values())


def tell(
    document: Document,
    catalogue: Catalogue,
    *,
    year: int | None,
    tables: bool,
    taken: set[int],
    names: Sequence[str] = (),
) -> Telling:
    """What the paragraphs of a document tell, those in `taken` (cells of tables) left out.

    `names` are the body's own, which say nothing of what is counted.
    """
    reader = _Reader(catalogue, year, tables, names)
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph) and number not in taken:
            reader.read(number, block.text.translate(TRANSLATE))
    return reader.finish()
