"""Figures with a measure of their own: requests, meetings, trainings, staff. Knows neither channels nor kinds of items."""

import re
from dataclasses import replace

from pipeline.model import Fact
from pipeline.phrases import Phrase
from pipeline.tables import in_unit
from pipeline.telling import ALSO_IN_WORDS, BRACKETED, BY_CATEGORY, EDGE, ONLY_SUM, TOTAL, Context, Teller

_OF_WORK = frozenset({"meetings_held", "trainings_held", "people_trained"})
_PEOPLE = frozenset(("名", "位", "人", "人次"))
_NEAR, _FAR = 24, 160
_RESULTS = (("维持", "upheld"), ("纠正", "corrected"), ("纠错", "corrected"), ("审结", "pending"))
_RECEIVED = re.compile("(?:收到|受理|接到|收办|新收)[^，。；]{0,12}信息公开")
_RECEIVED_OF = re.compile(
    "(?:收到|受理|接到|收办|新收)(?:了)?(?:自然人|法人|企业|群众|网络|网上|信函|当面|邮寄|书面)[^，。；]{0,8}申请"
)
_WITH_CARRIED = re.compile("[^。；]{0,12}(?:其中|含|包括)[^。；]{0,16}(?:结转|转结)")
_ONE_WAY = re.compile("(?:书面|口头|当面|现场|网上|网络|在线|信函|邮寄|电子邮件)[^，。；]{0,4}申请")
_OTHER_WAY = re.compile(
    "[，、；](?:另|另外|以及|其中)?(?:收到)?(?:书面|口头|当面|现场|网上|网络|在线|信函|邮寄|电子邮件)"
)
_HANDLED = re.compile("^(?!.*(?:收|受理|接)).*(?:办理|处理|承办|经办)")
# 不予公开信息有10条 counts information kept back, not requests refused.
_NOT_DISCLOSED = re.compile("(?:不予公开|不公开|不同意公开|不宜公开)的?(?:政府|政务)?信息[^申请]*$")
_OF_REQUESTS = frozenset("件 条 份 宗 起 例 件次 次 封 单 桩 笔".split())
_REQUESTS_LATER = re.compile("[\\d一二三四五六七八九十两]+(?:件|条|份|宗)")


class Measures(Teller):
    """Takes a figure by the measure that its words name."""

    def _counted(self, phrase: Phrase, context: Context, said: str) -> tuple[Fact | None] | None:
        """The fact of a measure that the phrase names, (None,) where it names one that does not count here."""
        printed, words = phrase.number, self.words
        assert printed is not None  # noqa: S101
        if outcome := self._outcome(phrase, context, said):
            return outcome
        if phrase.unit in ("元", "万元") and context.last and context.last.measure == "processing_fee_cases":
            return (self._make("processing_fee_charged", phrase, in_unit(printed.value, phrase.unit, "元")),)
        in_parts = (
            context.whole is not None and bool(context.parts) and not words.says("sum", phrase.left + "#")
        )
        if in_parts and phrase.after in ("、", "（", "("):
            return None
        for measure, pattern in words.counts:
            if pattern.search(phrase.shape) and not (measure == "meetings_held" and self._assembly(phrase)):
                if measure in words.kinds_too and self._names_kind(phrase, context):
                    return None
                return (self._measured(measure, phrase, context, said),)
        if told := self._of_clause_before(phrase, context, said):
            return told
        return self._told_before(phrase, context, said)

    def _of_clause_before(self, phrase: Phrase, context: Context, said: str) -> tuple[Fact | None] | None:
        """A count that says nothing itself is of what the clause before names: 召开部署会议，全年计4次."""
        named, words = context.said, self.words
        nothing = words.search("only_count", phrase.left.strip(EDGE))
        if not named or context.last_end >= 0 or nothing is None or nothing[0] != phrase.left.strip(EDGE):
            return None
        shape = f"{BRACKETED.sub('', named)}#{phrase.unit}"
        for measure, pattern in words.counts:
            if pattern.search(shape) and words.section_of[measure] != "requests":
                whole = replace(phrase, left=named + phrase.left, before=named + phrase.before)
                return (self._measured(measure, whole, context, said),)
        return None

    def _assembly(self, phrase: Phrase) -> bool:
        """Villagers called together are a channel (院坝会、群众会68场), officials a meeting."""
        before = phrase.before
        return any(
            code == "meeting" and "会议" not in before[a:b] for code, a, b in self._channels_of(before)
        )

    def _told_before(self, phrase: Phrase, context: Context, said: str) -> tuple[Fact | None] | None:
        """A bare number that goes on with what was told: the sum of requests, the people of a training."""
        words = self.words
        if request := self._request(phrase, context, said):
            return request
        summed = words.says("sum", phrase.left + "#") and "信息" not in said.replace("信息公开", "")
        near = "申请" in context.said and context.last_end < 0 and "公开信息" not in phrase.before
        asked = context.asked or (context.requests and (summed or near))
        if asked and not words.bare(phrase.before) and phrase.unit in ("件", "条", "份", "宗"):
            if summed:
                return (self._sum_of_requests(phrase, context),)
            fact = self._make(ALSO_IN_WORDS, phrase)
            return (fact if context.asked else self._doubt(fact, "asked_before"),)
        charged = context.last is not None and context.last.measure == "processing_fee_charged"
        if charged and phrase.unit in ("件", "宗", "起") and not words.bare(phrase.left):
            return (self._make("processing_fee_cases", phrase),)
        follows_training = context.last is not None and context.last.measure == "trainings_held"
        subject = words.bare_work(self.own.sub("", phrase.left))
        if follows_training and phrase.unit in ("人", "人次", "名") and not subject:
            return (self._make("people_trained", phrase),)
        return None

    def _request(self, phrase: Phrase, context: Context, said: str) -> tuple[Fact | None] | None:
        """A count of cases whose subject is 申请 is of requests, whatever was done with them."""
        words, text, printed = self.words, self.text.text, phrase.number
        assert printed is not None  # noqa: S101
        people = phrase.unit in _PEOPLE
        if people and not ("申请" in phrase.right and words.says("of_information", phrase.right)):
            return None
        if not people and (phrase.unit not in _OF_REQUESTS or phrase.unit == "条"):
            return None
        before = text[max(self.began, phrase.start - _FAR) : phrase.start]
        behind = text[printed.end : printed.end + _NEAR]
        if words.says("not_received", phrase.left + phrase.right[:6]) or _WITH_CARRIED.match(behind):
            return None
        if words.says("other_request", before + phrase.left + behind):
            return None
        rest = words.bare_of("handling", self.own.sub("", phrase.before))
        if "申请" in phrase.before + phrase.right:
            fact = self._measured(ALSO_IN_WORDS, phrase, context, said)
            return (self._doubt(fact, "asked_before") if rest and fact and not people else fact,)
        told = context.last is not None or context.whole is not None
        heads = context.asked or "申请" in before or (context.requests and not before.strip())
        if rest or told or not heads or not words.says("handling", phrase.left):
            return None
        fact = self._make(ALSO_IN_WORDS, phrase)
        return (fact if words.says("reception", phrase.left) else self._doubt(fact, "asked_before"),)

    def _sum_of_requests(self, phrase: Phrase, context: Context) -> Fact | None:
        """共4件 behind 网上3件、邮寄1件 is what was received; behind new and carried in it is neither."""
        if "结转" in self.text.text[max(0, phrase.start - _NEAR) : phrase.start]:
            return None
        here = f"b{self.block}:"
        told = [
            f
            for f in self.telling.facts
            if f.measure == ALSO_IN_WORDS and f.value and f.locator.startswith(here)
        ]
        for fact in told:
            if phrase.number is not None and (fact.value or 0) < phrase.number.value:
                self.telling.facts.remove(fact)
        return self._make(ALSO_IN_WORDS, phrase)

    def _outcome(self, phrase: Phrase, context: Context, said: str) -> tuple[Fact | None] | None:
        """How requests or reviews ended, told by the words of the form's own rows or by short verbs."""
        if context.requests and phrase.left.strip(EDGE) == "公开" and phrase.unit in ("件", "宗", "起", "例"):
            return (self._make("granted", phrase),)
        told = context.whole if context.depth else context.last
        if not (context.requests or (told is not None and told.measure.startswith("reconsideration"))):
            return None
        first = not any(f.measure == ALSO_IN_WORDS for f in self.telling.facts)
        received = first and _RECEIVED.search(phrase.before) is not None
        if (
            context.requests
            and not received
            and self.words.says("request_part", phrase.shape.partition("#")[0] + "#")
        ):
            if first and _RECEIVED_OF.search(phrase.before):
                return (self._doubt(self._make(ALSO_IN_WORDS, phrase), "one_applicant"),)
            way = next((m for m, pattern in self.words.ways if pattern.search(phrase.shape)), None)
            return (self._make(way, phrase) if way else None,)
        if result := self._result(phrase, context):
            return (result,)
        row = self._row_in_words(phrase.before) if phrase.unit == "件" else None
        if row is None:
            return None
        if self.tables:
            self._stated(row, phrase, said)
        return (self._make(row, phrase),)

    def _row_in_words(self, label: str) -> str | None:
        """The measure whose printed row a phrase names by its own label: 本机关不掌握相关政府信息1件."""
        rows = self.form.exact(
            re.sub("^(?:其中|告知|属于|对|因)", "", label.strip(EDGE + "，其中"))
        ) or self.form.exact(label)
        known = len(rows) == 1 and rows[0].table == "requests" and not ONLY_SUM.fullmatch(label.strip(EDGE))
        return rows[0].slots[0].line.measure if known else None

    def _result(self, phrase: Phrase, context: Context) -> Fact | None:
        """How reviews ended, told after their number: 行政复议5件（维持3件、纠正1件）."""
        last = context.whole if context.depth else context.last
        if last is None or not last.measure.startswith("reconsideration"):
            return None
        end = next((end for word, end in _RESULTS if word in phrase.left), None)
        return self._make(f"reconsideration_{end}", phrase) if end else None

    def _measured(self, measure: str, phrase: Phrase, context: Context, said: str) -> Fact | None:
        """The fact of a measure whose words a phrase has, unless it is of something else of that name."""
        printed, words = phrase.number, self.words
        assert printed is not None  # noqa: S101
        if words.section_of[measure] == "requests" and not self._of_requests(measure, phrase, context, said):
            return None
        if measure in _OF_WORK and not self._is_of_disclosure(phrase, context, said):
            context.other_work = True
            return None
        if measure == "interpretations" and context.whole is not None and context.whole.measure == measure:
            return None
        handled = _HANDLED.search(phrase.left)
        behind = self.text.text[printed.end : printed.end + 2 * _NEAR]
        if measure == ALSO_IN_WORDS and handled and _WITH_CARRIED.match(behind):
            return None
        if measure == ALSO_IN_WORDS and phrase.unit not in _OF_REQUESTS:
            later = self.text.text[printed.end : printed.end + _NEAR]
            if phrase.unit in _PEOPLE and _REQUESTS_LATER.search(later):
                return None
            return self._doubt(self._make(measure, phrase), "not_cases")
        if measure == ALSO_IN_WORDS and _ONE_WAY.search(phrase.left) and _OTHER_WAY.match(behind):
            return self._doubt(self._make(measure, phrase), "one_applicant")
        if measure == ALSO_IN_WORDS and not context.asked and not words.says("of_information", said):
            return self._doubt(self._make(measure, phrase), "asked_for_what")
        if printed.value == 0:
            also = (m for m, pattern in words.together if m != measure and pattern.search(phrase.shape))
            self.telling.facts += [self._make(other, phrase) for other in also]
        return self._make(measure, phrase, in_unit(printed.value, phrase.unit, words.units[measure]))

    def _of_requests(self, measure: str, phrase: Phrase, context: Context, said: str) -> bool:
        """Whether a figure in the words of requests is of requests for information, told where it counts."""
        words, last = self.words, context.last
        if words.says("other_business", phrase.before) or words.says("attributes", _shapes(said)):
            return False
        if words.says("other_request", phrase.before + phrase.right):
            context.requests = False
        if not context.requests or phrase.number is None:
            return False
        if phrase.unit == "条" and _NOT_DISCLOSED.search(phrase.before):
            self._unplaced(phrase, "asked_or_kind")
            return False
        kind = "其中" in said and last is not None and last.measure in (TOTAL, BY_CATEGORY)
        if measure == ALSO_IN_WORDS:
            if kind and phrase.number.value and not words.says("asked", phrase.before):
                self._unplaced(phrase, "asked_or_kind")
                return False
        elif self.tables:
            self._stated(measure, phrase, said)
        return True

    def _is_of_disclosure(self, phrase: Phrase, context: Context, said: str) -> bool:
        """Meetings and trainings count where they are about disclosure, by their name or by the one before."""
        if self.words.says("about_disclosure", phrase.before + phrase.shape):
            context.of_disclosure = True
            return True
        plain = not self.words.bare_work(self.own.sub("", phrase.left))
        known = (
            (self.words.says("training", phrase.shape) and not context.other_work)
            or context.of_disclosure
            or self.words.says("about_disclosure", said)
        )
        return plain and known


def _shapes(said: str) -> str:
    return re.sub(r"\d+", "#", said)
