"""What is said beside the facts: zeros in words, shares and growth, channels only named."""

import re
from collections.abc import Sequence

from pipeline.model import Claim, Fact, Status
from pipeline.phrases import ITEM_UNITS, Phrase
from pipeline.telling import (
    ABOUT_ITEMS,
    ALSO_IN_WORDS,
    BY_CHANNEL,
    DISTRIBUTED,
    EDGE,
    THIS_YEAR,
    TOTAL,
    VERBS,
    WEAK,
    YEAR,
    Context,
    Teller,
    untitled,
)

_OTHER_REQUEST = re.compile("复议|诉讼|申诉|救助|补正")
_OF_WHICH = re.compile("其中|本年|当年|今年")
_SHARE = re.compile("占|比重|比例|份额")
_GROWTH = re.compile(
    "(?:比|较|同比|环比|上年|去年|往年).{0,16}(?:(?P<down>减少|下降|降低|减)|增加|增长|上升|提高|增|多)(?:了|约)?$"
    "|(?:(?P<down2>减少|下降)|增长|增加)(?:了|约)?$"
)
_OF_ALL = re.compile("主动公开|公开(?:的)?(?:信息)?(?:总数|总量|数量)|信息总[数量]")
_REACH = re.compile("浏览|访问|点击|阅读|粉丝|关注|订阅|用户|播放量|点赞")
_HEADING = re.compile(r"^.{0,24}(?:情况|方面|建设|保障)[。：:]?$")
_MEANS = re.compile(
    "(?:通过|利用|依托|借助|运用|采取|采用|以|在).*(?:公开|发布|宣传|公示|推送)|等.{0,8}(?:方式|形式|渠道|途径|载体|平台)"
)
_SOME_REQUESTS = re.compile(
    "其[他它](?!信息|组织|法人|单位|公民|机构|经济|社会)|其余|超期|逾期|结转|重复|恶意|撤回|撤销|因[^，]{0,16}引[发起]|未及时|拖延|推诿|超时|积压|遗留"
)
_OF_APPLICANTS = re.compile(
    "人?[^，。；、公]{0,10}(?:投诉|异议|不满|举报|收费|费用|减免|缴费|意见|未(?:按|及时|办|答|处理|予|获|得)|被|不服|得不到|漏|拖|超期|逾期|延期|积压)"
)
_SOME_CASES = re.compile(
    "(?<![无未有每单同统第])"
    "[1-9一二三四五六七八九十两]\\d*(?:余|多)?(?:件|份|宗|例|封|起|名|位|人)(?!大|民|员|和|次|提出|都|也|未)"
)
_DENIED = ("申请", "复议", "诉讼")


class Said(Teller):
    """Notes zeros, claims and names."""

    def _zeros(self, said: str, start: int) -> None:
        for measure, pattern in self.words.zeros:
            if not pattern.search(said):
                continue
            is_request = self.words.section_of[measure] == "requests"
            found = next(
                (one for one in pattern.finditer(said) if not _is_review(said, one, is_request)), None
            )
            if found is None or (self.tables and is_request and measure != ALSO_IN_WORDS):
                continue
            if not self._is_told(measure):
                self._none(measure, said, start + found.start(), start + found.end())
        if not self._of_other_year(said):
            self._denials(said, start)

    def _denials(self, said: str, start: int) -> None:
        """What a clause denies that holds nothing else: 但全年没有申请, 本年度未发生 behind the name of the matter."""
        if not any(word in said for word in _DENIED) or not self.words.says("denial", said):
            return
        topic = ""
        for clause in re.finditer(r"[^，,；;。：:]+", said):
            if any(pattern.search(clause[0]) for _, pattern in self.words.denied_topics):
                topic = clause[0]
            denies = self.words.says("denial", clause[0]) and topic
            if not denies or self.words.bare_of("denial_word", self.own.sub("", clause[0])):
                continue
            for measure, pattern in self.words.denied_topics:
                if pattern.search(topic) and not self._is_told(measure):
                    self._none(measure, said, start + clause.start(), start + clause.end())

    def _is_told(self, measure: str) -> bool:
        return any(f.measure == measure and f.applicant is None for f in self.telling.facts)

    def _of_other_year(self, said: str) -> bool:
        """Whether a denial is of another year."""
        years = YEAR.findall(untitled(said))
        other = bool(years) and self.year is not None and int(years[-1]) != self.year
        return other and THIS_YEAR.search(said) is None

    def _none(self, measure: str, said: str, start: int, end: int) -> None:
        """A zero said in words."""
        locator, raw = self._place(start, end)
        none = Fact(measure, 0, self.words.units[measure], Status.REPORTED, raw, locator)
        self.telling.facts.append(none)
        if measure == ALSO_IN_WORDS:
            self.denied.append(none)
            if _SOME_CASES.search(said):
                self._doubt(none, "denied_beside_cases")

    def _claim(self, phrase: Phrase, context: Context, said: str) -> None:
        """Shares, growth and figures that only the audit needs."""
        printed = phrase.number
        assert printed is not None  # noqa: S101
        locator, raw = self._place(printed.start, printed.end)
        for measure in self._claimed(phrase, context):
            self._stated(measure, phrase, said)
            if not self.tables:
                self.telling.facts.append(self._make(measure, phrase))
        percent = phrase.unit == "%"
        found = self.words.channels_in(phrase.before)
        channel = found[-1][0] if found else None
        digits = len(raw.partition(".")[2].rstrip("%％ "))
        behind = self.words.channels_in(phrase.right) if percent else []
        if percent and behind and VERBS.search(phrase.right):
            channel = behind[0][0]
        if percent and channel is None and context.channel is not None:
            channel = context.channel[0]
        if percent and (behind or _SHARE.search(phrase.before)):
            part = self._share_of(context, channel)
            if part is not None:
                claim = Claim(
                    "share",
                    part.measure,
                    printed.value,
                    raw,
                    locator,
                    part.channel,
                    True,
                    digits,
                    part.locator,
                )
                self.telling.claims.append(claim)
            return
        grows = _GROWTH.search(phrase.before)
        if grows and not found and _OF_ALL.search(phrase.before):
            channel = None
        about = (channel or ABOUT_ITEMS.search(phrase.before + context.said)) and not _REACH.search(
            phrase.before
        )
        if grows and (percent or phrase.unit in ITEM_UNITS) and about:
            value = -printed.value if grows["down"] or grows["down2"] else printed.value
            measure = BY_CHANNEL if channel else TOTAL
            self.telling.claims.append(
                Claim("growth", measure, value, raw, locator, channel, percent, digits)
            )

    def _claimed(self, phrase: Phrase, context: Context) -> list[str]:
        """The measures that only the audit needs and that a phrase states a number of."""
        if context.other_year:
            return []
        if told := DISTRIBUTED.search(phrase.left):
            # 规范性文件的制发数、废止数和现行有效数分别是0件、0件、5件: a number each, in the order of the names.
            first, *names = re.split("[、和及与]", phrase.lead + phrase.left[: told.start()])
            shapes = [f"{first}#{phrase.unit}", *(f"{first}{name}#{phrase.unit}" for name in names)]
            context.claimed = [self._claims_in(shape) for shape in shapes]
        elif not context.claimed:
            of_what = f"{context.said}，" if _OF_WHICH.match(phrase.shape) else ""
            return self._claims_in(of_what + phrase.shape)
        elif phrase.left.strip(EDGE):
            context.claimed = []
            return self._claims_in(phrase.shape)
        return context.claimed.pop(0)

    def _claims_in(self, shape: str) -> list[str]:
        return [measure for measure, pattern in self.words.claims if pattern.search(shape)]

    def _share_of(self, context: Context, channel: str | None) -> Fact | None:
        """The figure a share is a share of: the named channel's, else the one stated just before."""
        if channel is not None:
            facts = reversed(self.telling.facts)
            return next((f for f in facts if f.channel == channel and f.value is not None), None)
        return context.last

    def _name_channels(self, said: str, start: int, *, whole: bool) -> None:
        """Channels named in the first section's sentences, apart from those planned or not opened."""
        if (
            self.section in ("五", "六")
            or not self.words.channel.search(said)
            or self.words.says("planned", said)
            or (whole and _HEADING.search(said))
        ):
            return
        before: list[tuple[str, int, int]] = []
        for clause in re.finditer(r"[^，,；;。]+", said):
            unopened = self.words.says("unopened", clause[0])
            found = [
                (code, start + clause.start() + a, start + clause.start() + b)
                for code, a, b in self.words.channels_in(clause[0])
            ]
            if unopened:
                # 今日头条、快手等平台，我乡均未注册账号: said of the channels that the clause before names.
                alone = not found and self.words.says("unopened_alone", clause[0])
                self._note_unopened(before if alone else found, clause[0])
            before = [] if VERBS.search(clause[0]) else found
            if unopened:
                continue
            for code, a, b in self.words.channels_in(clause[0]):
                if code not in WEAK or _MEANS.search(said):
                    locator, raw = self._place(start + clause.start() + a, start + clause.start() + b)
                    self.named.setdefault((code, self._account(clause[0], (code, a, b))), (raw, locator))

    def _note_unopened(self, channels: Sequence[tuple[str, int, int]], clause: str) -> None:
        """Channels that a report says it has not opened, or has closed; the first time it says so stands."""
        kind = "closed" if self.words.says("closed", clause) else "not_opened"
        for code, start, end in channels:
            locator, raw = self._place(start, end)
            self.unopened.setdefault(code, Claim(kind, BY_CHANNEL, None, raw, locator, code))


def _is_review(said: str, found: re.Match[str], is_request: bool) -> bool:
    """Whether what was not asked for is a review, an appeal or aid, not information, or only some requests."""
    if not is_request:
        return False
    beyond = 16 if "因" in found[0] else 6
    return (
        _OTHER_REQUEST.search(said, found.start(), found.end() + beyond) is not None
        or _SOME_REQUESTS.search(found[0]) is not None
        or _OF_APPLICANTS.match(said, found.end()) is not None
    )
