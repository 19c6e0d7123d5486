"""What prose tells and what every part of its reading shares: the context of a phrase, making a fact. No rule of meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.catalogue import Catalogue
from pipeline.forms import forms_of
from pipeline.issues import issue
from pipeline.model import Claim, Fact, Issue, Place, Status
from pipeline.phrases import QUOTE, Phrase, squeeze
from pipeline.wording import wording_of

TOTAL, BY_CHANNEL, BY_CATEGORY = "items_disclosed", "items_by_channel", "items_by_category"
# Said in words beside the table, and audited against it.
ALSO_IN_WORDS = "requests_received"
ORDINAL = 2
_SHORT_NAME = 8
WEAK = frozenset({"meeting", "broadcast", "bulletin", "leaflet", "notice", "press"})
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
THIS_YEAR = re.compile("今年|本年|当年|年内")
VERBS = re.compile(
    "公开|发布|推送|刊发|公布|刊登|上传|编发|更新|播发|登载|刊播|发表|上稿|晒出|亮出|挂网|推出|推介|播出|播放|展播|刊出|贴出|投放|披露|挂出|晾晒|亮晒|放出|发出|提供"
)
BRACKETED = re.compile(r"[（(][^）)]*[）)]")
ONLY_SUM = re.compile("共计|合计|总计|共|计")
_SHOWS = re.compile("亮出|播出|滚动|播放|发布|推送|张贴|公示|公开|展示|发放")
DISTRIBUTED = re.compile("分别|依次|各[占为是有]")
ABOUT_ITEMS = re.compile("公开|信息|发布|数量|总量|总数")
# An account that follows a channel word is not the name of a category.
ACCOUNT_AFTER = re.compile(r"^\s*[：:]?\s*(?:[“\"「『][^”\"」』]*[”\"」』]|[（(][^）)]*[）)])")
TITLE = re.compile("《[^》]{1,80}》")
EDGE = " 　：:、"
# What a list of kinds counts: 政务公开培训1条 is an item about a training, 培训1次 is a training.
PIECES = frozenset(("条", "篇", "则", "条次", "篇次"))
_KIND = re.compile("(?:情况|类|信息|结果|公示|公告|通知|文件|动态|专栏|栏目|领域|事项)的?$")
_LABELLED = re.compile("(?:数量?|条数|件数|稿件|材料|产品)(?:共|为|达)*$")


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


Channel = tuple[str, str | None]


@dataclass(slots=True)
class Context:
    """What governs the next phrase of a sentence."""

    other_year: bool = False
    whole: Fact | None = None
    total: Fact | None = None
    closed: bool = False
    parts: list[Fact] = field(default_factory=list)
    loose: list[Fact] = field(default_factory=list)
    channel: Channel | None = None
    joint: list[Channel] = field(default_factory=list)
    dealt: list[Channel] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    claimed: list[list[str]] = field(default_factory=list)
    perhaps: str = ""
    topic: str | None = None
    last: Fact | None = None
    last_end: int = -1
    verb: bool = False
    in_list: bool = False
    requests: bool = False
    asked: bool = False
    muted: bool = False
    elsewhere: bool = False
    of_disclosure: bool = False
    other_work: bool = False
    said: str = ""
    depth: int = 0
    outer: list[tuple[Fact | None, list[Fact], bool, bool, bool]] = field(default_factory=list)

    def go_on(self, *, verb: bool) -> None:
        """Forgets what governs only a sentence; the list stays open for the next. `replace` would be slow here."""
        self.other_year = self.elsewhere = False
        self.joint, self.dealt, self.named, self.claimed = [], [], [], []
        self.topic = self.last = None
        self.last_end, self.said, self.verb = -1, "", verb


class Teller:
    """What the parts of the reading share: the report so far, the paragraph at hand."""

    def __init__(self, catalogue: Catalogue, year: int | None, tables: bool, names: Sequence[str]) -> None:
        self.catalogue = catalogue
        self.words = wording_of(catalogue)
        self.form = forms_of(catalogue)["2021"]
        own = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
        self.own = re.compile(f"(?:[\u4e00-\u9fff]{{2,4}}[省市州县区旗])?(?:{own})" if own else r"(?!)")
        self.year = year
        self.tables = tables
        self.telling = Telling()
        self.named: dict[Channel, tuple[str, str]] = {}
        self.unopened: dict[str, Claim] = {}
        self.stocked: dict[int, list[Fact]] = {}
        self.denied: list[Fact] = []
        self.doubts: list[tuple[Fact, str]] = []
        self.section = ""
        self.block = self.began = self.planned_from = 0
        self.original = ""
        self.open: Context | None = None
        self.ended = ""
        self.text = squeeze("")

    def _names_kind(self, phrase: Phrase, context: Context, *, ends: bool = False) -> bool:
        """Whether a phrase names a kind of item in a list of kinds, whatever else its words may mean elsewhere."""
        opened = context.closed or bool(context.parts) or bool(context.loose)
        told_of = context.whole.measure if context.whole is not None else TOTAL
        name = phrase.before.rstrip(EDGE)
        if not opened or told_of not in (TOTAL, BY_CHANNEL) or phrase.unit not in PIECES or not name:
            return False
        if _KIND.search(name):
            return True
        listed = bool(context.parts) or (
            context.closed and phrase.followed and phrase.after in ("，", ",", "、")
        )
        listed = listed and VERBS.search(name[:4]) is None
        return not ends and listed and _LABELLED.search(name) is None and len(name) <= _SHORT_NAME

    def _channels_of(self, before: str) -> list[tuple[str, int, int]]:
        """The channels that govern a phrase: not those in brackets, nor one that is the object of another's verb."""
        aside = [found.span() for found in BRACKETED.finditer(before)]
        found = [c for c in self.words.channels_in(before) if not any(a < c[1] < b for a, b in aside)]
        if len(found) > 1 and found[-1][0] == "app" and found[-1][1] - found[-2][2] <= 1:
            found = found[:-1]
        if len(found) > 1 and _SHOWS.search(QUOTE.sub("", before[found[0][2] : found[1][1]])):
            return found[-1:] if found[0][0] in WEAK and found[-1][0] not in WEAK else found[:1]
        return found

    def _bare_after(self, after: str) -> str:
        return self.words.bare_object(self.own.sub("", after))

    def _unplaced(self, phrase: Phrase, why: str) -> None:
        """A count that looks like disclosed items and has no place: said, not stored."""
        assert phrase.number is not None  # noqa: S101
        locator, raw = self._place(phrase.number.start, phrase.number.end)
        self.telling.issues.append(issue(f"unplaced_figure.{why}", raw, locator, raw=raw))

    def _channels_told(self) -> list[Fact]:
        """The channels that this paragraph has counted so far."""
        here = f"b{self.block}:"
        return [f for f in self.telling.facts if f.measure == BY_CHANNEL and f.locator.startswith(here)]

    def _total_told(self) -> Fact | None:
        """The last total that this report has stated."""
        return next((f for f in reversed(self.telling.facts) if f.measure == TOTAL and f.value), None)

    def _doubt(self, fact: Fact, why: str) -> Fact:
        """The fact, with a note that it rests on weak ground."""
        self.doubts.append((fact, why))
        return fact

    def _bare(self, text: str) -> str:
        return self.words.bare(self.own.sub("", text))

    def _place(self, start: int, end: int) -> tuple[str, str]:
        """Locator and raw text of a span of the squeezed text."""
        a, b = self.text.span(start, end)
        return str(Place(self.block, start=a, end=b)), self.original[a:b]

    def _make(
        self, measure: str, phrase: Phrase, value: float | int | None = None, **dimensions: str | None
    ) -> Fact:
        printed = phrase.number
        assert printed is not None  # noqa: S101
        locator, raw = self._place(printed.start, printed.end)
        number = printed.value if value is None else value
        unit = self.words.units[measure]
        return Fact(measure, number, unit, Status.REPORTED, raw, locator, bound=printed.bound, **dimensions)

    def _account(self, text: str, found: tuple[str, int, int]) -> str | None:
        """The account beside a channel word: “西邑风采”微信平台, 微信公众号“西邑风采”, 西邑乡人民政府官网."""
        code, start, end = found
        before = re.search(r"[“\"「『]([^”\"」』]{1,20})[”\"」』]\s*(?:的|政务|官方|新浪)*\s*$", text[:start])
        after = re.match(r"\s*[：:（(]?\s*[“\"「『]([^”\"」』]{1,20})[”\"」』]", text[end:])
        bracket = re.match(r"\s*[（(]([^（）()“”#\d]{2,16})[）)]", text[end:])
        for match in (before, after, bracket):
            if match:
                return match[1].strip()
        if code == "website":
            site = re.search(r"([\u4e00-\u9fff]{2,18}(?:人民政府|办事处|政府)(?:门户)?)$", text[:start])
            if site and not site[1].startswith(("政府", "人民政府")):
                return re.sub("^(?:充分利用|利用|通过|依托|其中|在)+", "", site[1]) + text[start:end]
        return None

    def _stated(self, measure: str, phrase: Phrase, said: str) -> None:
        printed = phrase.number
        assert printed is not None  # noqa: S101
        locator, raw = self._place(printed.start, printed.end)
        self.telling.claims.append(Claim("stated", measure, printed.value, raw, locator, sentence=said))


def untitled(text: str) -> str:
    """The text with the titles in 《》 blanked: their years and verbs are their own."""
    return TITLE.sub(lambda found: "《" * len(found[0]), text) if "《" in text else text
