"""Prose to facts: what a report's sentences state, each figure with its span.

A number's meaning is read from its own phrase, then from what governs it in the sentence: a total before
its parts, a channel before its counts. The wording lives in `prose.csv` and `channels.csv`; here is only
how phrases hang together.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.catalogue import Catalogue
from pipeline.forms import forms_of
from pipeline.issues import issue
from pipeline.labels import fold_signs
from pipeline.model import Claim, Document, Fact, Issue, Paragraph, Place, Status
from pipeline.phrases import ITEM_UNITS, LIST_UNITS, QUOTE, Phrase, numbers_in, phrases, sentences, squeeze
from pipeline.sections import section_of
from pipeline.tables import in_unit
from pipeline.wording import wording_of

TOTAL, BY_CHANNEL, BY_CATEGORY = "items_disclosed", "items_by_channel", "items_by_category"
# Said in words beside the table, and audited against it.
_ALSO_IN_WORDS = "requests_received"
_OF_WORK = frozenset({"meetings_held", "trainings_held", "people_trained"})
_SUMMED = _OF_WORK | {"reading_points", "staff_full_time", "staff_part_time"}
_ORDINAL = 2
_SHORT_NAME = 8
_NEAR, _FAR = 24, 160
_FROM = ("由", "从", "由原来的", "从原来的")
_GOES_ON = "；;，,、：:"
_FILMS, _FEW_ACCOUNTS = frozenset({"douyin", "kuaishou", "video_account"}), 5
_WEAK = frozenset({"meeting", "broadcast", "bulletin", "leaflet", "notice", "press"})
_TOPICS = (("interpretations", re.compile("解读")), ("items_forwarded", re.compile("转载|转发")))
_RESULTS = (("维持", "upheld"), ("纠正", "corrected"), ("纠错", "corrected"), ("审结", "pending"))
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_THIS_YEAR = re.compile("今年|本年|当年|年内")
_VERBS = re.compile(
    "公开|发布|推送|刊发|公布|刊登|上传|编发|更新|播发|登载|刊播|发表|上稿|晒出|亮出|挂网|推出|推介|播出|播放|展播|刊出|贴出|投放|披露|挂出|晾晒|亮晒|放出|发出|提供"
)
_OTHER_REQUEST = re.compile("复议|诉讼|申诉|救助|补正")
_NAMES_ON = re.compile("(?![度，,]?(?:[我本全]|共|累计|主动|公开|发布|新增|为|，))")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_ONLY_SUM = re.compile("共计|合计|总计|共|计")
_SHOWS = re.compile("亮出|播出|滚动|播放|发布|推送|张贴|公示|公开|展示|发放")
_WORKS = re.compile("作品|视频|信息|条")
_DISTRIBUTED = re.compile("分别|依次|各[占为是有]")
_OF_WHICH = re.compile("其中|本年|当年|今年")
_BY_KIND = re.compile("按.{0,6}(?:内容|类别|类型|种类|栏目|事项)|从.{0,6}(?:内容|类别|类型)")
_ASPECT = re.compile(r"^\s*[（(][一二三四五六七八九][)）]")
_CARRIES_ON = re.compile(
    r"^\s*(?:其中|包括|具体|分别|主要|涉及|分|内容|按(?!时|期|要求|规定|照.{0,12}(?:部署|要求|规定|精神))|从(?!.{0,20}(?:网站?|平台|号)[”』」）]?来?看))"
)
_SHARE = re.compile("占|比重|比例|份额")
_GROWTH = re.compile(
    "(?:比|较|同比|环比|上年|去年|往年).{0,16}(?:(?P<down>减少|下降|降低|减)|增加|增长|上升|提高|增|多)(?:了|约)?$"
    "|(?:(?P<down2>减少|下降)|增长|增加)(?:了|约)?$"
)
_OF_ALL = re.compile("主动公开|公开(?:的)?(?:信息)?(?:总数|总量|数量)|信息总[数量]")
_REACH = re.compile("浏览|访问|点击|阅读|粉丝|关注|订阅|用户|播放量|点赞")
_ABOUT_ITEMS = re.compile("公开|信息|发布|数量|总量|总数")
_REQUESTS = re.compile(
    "申请|办理结果|处理结果|处理情况|答复情况|本机关不掌握|(?:部分公开|无法提供|不予处理|不予公开|予以公开|同意公开).*(?:部分公开|无法提供|不予处理|不予公开|予以公开)"
)
_HEADING = re.compile(r"^.{0,24}(?:情况|方面|建设|保障)[。：:]?$")
_MEANS = re.compile(
    "(?:通过|利用|依托|借助|运用|采取|采用|以|在).*(?:公开|发布|宣传|公示|推送)|等.{0,8}(?:方式|形式|渠道|途径|载体|平台)"
)
# An account that follows a channel word is not the name of a category.
_ACCOUNT_AFTER = re.compile(r"^\s*[：:]?\s*(?:[“\"「『][^”\"」』]*[”\"」』]|[（(][^）)]*[）)])")
_BARE_ACCOUNT_AFTER = re.compile(r"^([\u4e00-\u9fff]{2,8}?)(?=共?(?:发布|推送|公开|更新|编发|刊发|推出))")
_PUBLISHED_AT = re.compile(
    "(?P<all>均|全部|都|悉数)?(?:在|于|经|通过|(?:发布|刊登|刊发|发表|登载|投放|上传|推送|公开)(?:于|在|至|到))"
)
_NOT_ACCOUNT = re.compile(
    "^(?:依次|分别|主动|共|及时|累计|全年|平台|对外|年内|[我本][镇乡]|总|进行|专门|同步|集中|定期)"
)
_CLASSES = re.compile("等?(?:[二三四五六七八九两]|多|几)(?:大?类|种|项|个?方面)(?:信息|内容)$|等?(?:[二三四五六七八九两]|多|几)?(?:大?类|种|项|个方面|方面)?$")
# What opens a list ends before the first part's own name.
_OPENS = re.compile(
    r"^按.{1,12}?(?:为|是|有)|^.*(?:目录中|目录里|信息中|信息里|构成|依次|分别|分布|归类|归并|分类|拆分|划分|细分|明细|如下|结构|内容|类别|栏目|种类|数量|主要|包括|涵盖)(?:是|为|有|：|(?<=[中里]))"
)
_LEADING = re.compile(
    r"^(?:也就是|就是|即是|即|它们是|这些是|属于?(?!地)|分布在|分布于|归入|归为|(?:重点|着重|集中)(?:公开|发布)了|其中|包括|包含|涵括|另外|此外|同时|以及|主要|涉及|分别为|分别是|分别有|分别|和|及|与|共|有|为|是|在|上(?!传|线|稿|架|墙|级)|中|平台|栏目"
    r"|内容|构成|涵盖|计有|内含|归类|依次|既有|具体为|具体是|具体|信息(?=分别|包括|涉及)|及时|更新|含|[一二三四五六七八九十]是|20\d\d年度?[，,]?[我本][镇乡]|重点聚焦|聚焦|另有)+"
)
_VERB = re.compile(
    r"^(?:主动)?(?:共|累计)?(?:公开|公布|发布|更新)(?:了|有)?(?=.{2})(?!指南|目录|年报|年度报告|制度|专栏)"
)
_TRAILING = re.compile(
    r"(?:均为|(?<=信息)数量?|共计|合计|累计|总计|共|计|约|近|达|有|为|占|的有|发布|更新|超过|逾|公开了)+$"
)
# 街道发布工作动态100条: who published, then the kind; but 公开指南 and 公开目录 are kinds.
_SUBJECT_VERB = re.compile(
    r"^((?:20\d\d年度?)?[\u4e00-\u9fff]{0,10}?)(?:公开|公布|发布|推送|更新|录入|上传|刊发|编发)(?<!信息公开)(?<!务公开)了?(?!指南|目录|年报|年度报告|制度|专栏|专区|信息$|内容$|$)"
)
_SUBJECT_OF_LIST = re.compile("^[^、]+、.*等(.{4,})$")
_CONTAINS = re.compile("^([^、（(]{2,14}?)(?:含有|含|包含|包括|涵盖)[^（(]{4,}")
_NAMED_AHEAD = re.compile(
    "^(?:[一二三四五六七八九十]是|其[一二三四五六])(?P<listed>.{2,20})$|^(?P<ranked>.{2,16}?)(?:数量)?(?:最多|居多|居首|较多|次之|为主)$"
)
_ASPECT_VERB = re.compile("^在?(.{2,14})方面(?:主动)?(?:公开|发布|更新)?了?$")
_COLUMN_VERB = re.compile(
    "((?:栏目|专栏|专区|板块))(?:公开|发布|更新|推送)(?:了|政府|政务|相关)*(?:信息|内容)?$"
)
_ENUMERATION = re.compile(r"[^、]、[^、#]{1,30}等(.{0,14})$")
_KIND_FIRST = re.compile(r"^\s*([\u4e00-\u9fff、]{2,14}?)(\d+)[条篇][；;，,、]")
_NOT_KINDS = ("clutter", "other_business", "never", "never_work", "not_category")
_OF_DISCLOSED = re.compile(
    r"(?:^|[：:，,])\s*(?:[（(][一二三四五六][)）])?在?(?:(?:19|20)\d\d年度?|本年度?|今年|全年)?(?:已)?(?:主动)?公开的(?:政府)?信息[中里]"
)
_RECEIVED = re.compile("(?:收到|受理|接到|收办|新收)[^，。；]{0,12}信息公开")
_LONG_REMARK = re.compile(r"[（(][^）)]{12,}[）)]")
_NEW_OF_STOCK = re.compile(
    "(?:其中)?[，,]?(?:今年|本年度?|当年|20\\d\\d年度?)?(?:新增|新公开|(?<=年)更新|(?<=年度)更新)(?:了|的|公开|发布|主动公开|政府信息|信息)*"
)
_CUMULATIVE = re.compile("^(?!.*(?:全年|年度共|一年来)).*(?:累计|截[至止])")
_IN_FORM = re.compile("(?:采用|采取|运用|以|用)?.{0,16}等?(?:形式|方式)$|^(?:全年|年内|本年度?|累计|共)+$")
_SOME_REQUESTS = re.compile(
    "其[他它](?!信息|组织|法人|单位|公民|机构|经济|社会)|其余|超期|逾期|结转|重复|恶意|撤回|撤销|因[^，]{0,16}引[发起]|未及时|拖延|推诿|超时|积压|遗留"
)
_OF_APPLICANTS = re.compile(
    "人?[^，。；、公]{0,10}(?:投诉|异议|不满|举报|收费|费用|减免|缴费|意见|未(?:按|及时|办|答|处理|予|获|得)|被|不服|得不到|漏|拖|超期|逾期|延期|积压)"
)
_MEDIA_TOO = frozenset(("media", "app", "toutiao", "press"))
_RECEIVED_OF = re.compile(
    "(?:收到|受理|接到|收办|新收)(?:了)?(?:自然人|法人|企业|群众|网络|网上|信函|当面|邮寄|书面)[^，。；]{0,8}申请"
)
_WITH_CARRIED = re.compile("[^。；]{0,12}(?:其中|含|包括)[^。；]{0,16}结转")
_ASKED = re.compile("收到|受理|接到|办理|申请件|新收|登记|提出")
_ONLY_VERB = re.compile("(?:更新|新增|发布|推送|转载|公开|编辑|审核|上传|录入)(?:了)?")
_ISSUED = re.compile("(?:刊发|刊登|刊载|发布|推送|张贴|公开|公示)(?:了)?(?:各类)?(?:政府|政务)?信息")
_REFUSED = ("never", "never_work", "clutter", "other_business", "claim", "planned")
_OWN_LISTS = frozenset(("interpretations", "items_forwarded"))
_LONG_NAME = 24
_ODD_NAME = re.compile(
    "通过|利用|依托|借助|#|\\d(?!\\d{0,3}年)|^(?:[的在由对将把被向为与等因已均全共月日]|年(?!度|报)|以及)|编制|公开了|发布了?(?:信息)?$|推送|开展|线上|线下|上报|^办理|整改|解决|新增|累计|[我本全][镇乡县区市街]|网站|公众号|微信|平台"
)
_AFFAIRS = re.compile("(?:政务|政府|党务|村务|财务)(?:公开)?信息(?:公开)?")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_MARKS = str.maketrans({";": "；", ":": "："})
_OF_REQUESTS = frozenset("件 条 份 宗 起 例 件次 次 封 单 桩 笔".split())
_REQUESTS_LATER = re.compile("[\\d一二三四五六七八九十两]+(?:件|条|份|宗)")
_SOME_CASES = re.compile(
    "(?<![无未有每单同统第])"
    "[1-9一二三四五六七八九十两]\\d*(?:余|多)?(?:件|份|宗|例|封|起|名|位|人)(?!大|民|员|和|次|提出|都|也|未)"
)
_TITLE = re.compile("《[^》]{1,80}》")
_EDGE = " 　：:、"
# What a list of kinds counts: 政务公开培训1条 is an item about a training, 培训1次 is a training.
_PIECES = frozenset(("条", "篇", "则", "条次", "篇次"))
_KIND = re.compile("(?:情况|类|信息|结果|公示|公告|通知|文件|动态|专栏|栏目|领域|事项)的?$")
_LABELLED = re.compile("(?:数量?|条数|件数|稿件|材料|产品)(?:共|为|达)*$")
_WHOLLY_QUOTED = re.compile(r"[“\"「『][^“”\"」』]*[”\"」』]")


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
class _Context:
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
    outer: list[tuple[Fact | None, list[Fact], bool, bool]] = field(default_factory=list)


class _Reader:
    """Reads the paragraphs of one report in order and collects what they tell."""

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
        self.unopened: set[str] = set()
        self.stocked: dict[int, list[Fact]] = {}
        self.denied: list[Fact] = []
        self.doubts: list[tuple[Fact, str]] = []
        self.section = ""
        self.block = self.began = self.planned_from = 0
        self.original = ""
        self.open: _Context | None = None
        self.ended = ""
        self.text = squeeze("")

    # --- paragraphs and sentences

    def read(self, number: int, original: str) -> None:
        """One paragraph."""
        self.block, self.original = number, original
        self.text = squeeze(_fullwidth(fold_signs(original)))
        text = self.text.text
        opened = section_of(original, self.catalogue)
        self.section = opened or self.section
        carried = self.open
        for start, end in sentences(text):
            carried = self._sentence(text, start, end, carried)
        # A list may go on in the next paragraph: each part on a line of its own, or a line broken after a part.
        self.ended = text.rstrip()[-1:]
        self.open = carried if self.ended in _GOES_ON else None
        if carried is not None and self.open is None:
            self._let_go(carried)

    def _sentence(self, text: str, start: int, end: int, carried: _Context | None) -> _Context:
        said = text[start:end]
        planned = self.words.search("planned", said)
        self.began, self.planned_from = start, start + planned.end() if planned else len(text)
        self._zeros(said, start)
        context = self._carried(carried, said, text[start - 1 : start] if start else self.ended)
        self._name_channels(said, start, whole=start == 0 and end == len(text))
        context.requests = context.requests or _REQUESTS.search(said) is not None
        numbers = list(numbers_in(text, start, end))
        if not numbers:
            self._heading(said, context)
            return context
        cut = phrases(text, start, end, numbers)
        for phrase, following in pairwise(cut):
            # A channel's list of parts ends where the next channel or the sum begins.
            if not phrase.followed:
                continue
            left = following.left
            turns = self.words.channels_in(left) or self.words.says("sum", left + "#")
            turns = turns or (_VERBS.search(left) is not None and not self.words.bare(left))
            phrase.followed = not turns
        for phrase in cut:
            self._phrase(phrase, context, said)
        self._close(context)
        return context

    def _carried(self, carried: _Context | None, said: str, before: str) -> _Context:
        """What the sentence before leaves standing: a list that goes on, a heading that names a channel."""
        total = self._total_told() if _OF_DISCLOSED.search(said[:48]) else None
        if total is not None:
            return _Context(whole=total, total=total, closed=True)
        if carried is None:
            return _Context()
        goes_on = before in _GOES_ON and before != ""
        if goes_on or (
            carried.whole is not None and (_CARRIES_ON.match(said) or self._lists_on(carried, said))
        ):
            return replace(
                carried,
                other_year=False,
                joint=[],
                dealt=[],
                named=[],
                claimed=[],
                topic=None,
                last=None,
                last_end=-1,
                said="",
                elsewhere=False,
                verb=goes_on and carried.verb,
            )
        self._let_go(carried)
        return _Context(
            channel=carried.channel if carried.in_list else None,
            requests=carried.requests and not _ASPECT.match(said),
            asked=carried.requests and carried.in_list,
        )

    def _lists_on(self, carried: _Context, said: str) -> bool:
        """A list of kinds after a full stop, without 其中: 共公开信息70条。概况信息2条；工作动态29条."""
        whole, first = carried.whole, _KIND_FIRST.match(said)
        if whole is None or first is None or whole.measure not in (TOTAL, BY_CHANNEL) or carried.parts:
            return False
        name, words = first[1], self.words
        if int(first[2]) > (whole.value or 0) or any(words.says(r, name + "#") for r in _NOT_KINDS):
            return False
        return not self.words.channels_in(name) and _VERBS.search(name[:4]) is None and bool(self._bare(name))

    def _heading(self, said: str, context: _Context) -> None:
        """A short sentence without a number may head what follows: 二是政府网站。（二）依申请公开。"""
        context.in_list = len(said) <= 24
        found = self.words.channels_in(said)
        # 二是政府网站。 heads a list; 积极向县级融媒体供稿 does not.
        heads = found and context.in_list and len(self._bare_after(said[: found[-1][1]])) <= _ORDINAL
        context.channel = (found[-1][0], self._account(said, found[-1])) if heads else None
        context.requests = "申请" in said or (context.requests and not _ASPECT.match(said))

    def _let_go(self, context: _Context) -> None:
        """Categories of no total count only together: one alone is as likely something else."""
        if context.loose:
            self._fold_loose(context, None)

    # --- phrases

    def _phrase(self, phrase: Phrase, context: _Context, said: str) -> None:
        self._enter_depth(phrase, context)
        self._set_year(phrase, context)
        if context.total is not None and _BY_KIND.search(phrase.left):
            self._finish_list(context)
            context.whole, context.parts = context.total, []
        if _BY_KIND.search(phrase.left):
            context.in_list = True
        if self.words.says("closing", phrase.left):
            if context.last is not None and context.last.measure == "interpretations":
                self._finish_list(context)
                context.whole = context.last
            context.closed, context.in_list = context.closed or context.whole is not None, True
        context.verb = context.verb or _VERBS.search(self.words.plain(phrase.left)) is not None
        for topic, pattern in _TOPICS:
            if pattern.search(phrase.left):
                context.topic = topic
        if phrase.number is None:
            self._govern(phrase, context)
        else:
            fact = self._fact(phrase, context, said)
            if fact is not None:
                self._keep(fact, context)
            else:
                self._net(phrase, context)
                self._govern(phrase, context)
            context.last_end = phrase.number.end
        context.said = phrase.before

    def _net(self, phrase: Phrase, context: _Context) -> None:
        """A count of pieces of information that no rule took and none refused is said to be left over."""
        if phrase.unit not in _PIECES or context.other_year or context.muted or context.requests:
            return
        if self.section not in ("", "一") or self._has_issue(phrase):
            return
        said = phrase.before + phrase.right
        looks = "信息" in said or _VERBS.search(self.words.plain(phrase.before)) is not None
        refused = self.words.says("not_category", phrase.before.strip(_EDGE)) or any(
            self.words.says(role, f"{phrase.before}#{phrase.unit}{phrase.right[:12]}") for role in _REFUSED
        )
        if looks and not refused and not (context.whole is not None and context.whole.measure in _OWN_LISTS):
            self._unplaced(phrase, "unread")

    def _has_issue(self, phrase: Phrase) -> bool:
        assert phrase.number is not None  # noqa: S101
        place, _ = self._place(phrase.number.start, phrase.number.end)
        return any(known.locator == place for known in self.telling.issues[-3:])

    def _set_year(self, phrase: Phrase, context: _Context) -> None:
        """The year a figure is of: named before it, unless it is part of a category's name (2024年财政决算)."""
        if context.other_year and _THIS_YEAR.search(phrase.left):
            context.other_year = False
        years = [(int(found[1]), found.end()) for found in _YEAR.finditer(_untitled(phrase.left))]
        if not years or self.year is None:
            return
        named, at = years[-1]
        name = phrase.left[at:]
        part = context.whole is not None and phrase.number is not None
        in_name = part and _NAMES_ON.match(name) is not None and bool(self.words.bare(name))
        if not in_name:
            context.other_year = named != self.year

    def _enter_depth(self, phrase: Phrase, context: _Context) -> None:
        """Brackets open a list of their own under the figure before them."""
        while context.depth < phrase.depth:
            inner = context.last or context.whole
            context.outer.append((context.whole, context.parts, context.closed, context.other_year))
            context.whole, context.parts, context.closed = inner, [], True
            context.depth += 1
        while context.depth > phrase.depth:
            self._leave_depth(context)

    def _leave_depth(self, context: _Context) -> None:
        self._finish_list(context)
        context.whole, context.parts, context.closed, context.other_year = context.outer.pop()
        context.depth -= 1

    def _govern(self, phrase: Phrase, context: _Context) -> None:
        """A phrase that states nothing itself may name the channel of what follows."""
        found = self.words.channels_in(phrase.left)
        if self.words.says("several", phrase.left):
            group = [*context.joint, *((code, None) for code, _, _ in found)]
            classes = {self.words.class_of[code] for code, _ in group}
            context.joint = group if classes == {"social"} and len(group) > 1 else []
            context.channel = None
            return
        if not found:
            keeps = phrase.delimiter == "、" or (
                bool(context.joint) and _IN_FORM.search(phrase.left) is not None
            )
            context.joint = context.joint if keeps else []
            return
        channels = [(code, self._account(phrase.left, (code, a, b))) for code, a, b in found]
        ends_open = not _ACCOUNT_AFTER.sub("", phrase.left[found[-1][2] :]).strip() and phrase.number is None
        listed = phrase.after == "、" and bool(context.joint)
        joined = listed or ends_open or phrase.delimiter == "、" or (bool(context.joint) and len(found) > 1)
        context.joint = [*context.joint, *channels] if joined else []
        context.channel = channels[-1]

    def _fact(self, phrase: Phrase, context: _Context, said: str) -> Fact | None:
        printed, words = phrase.number, self.words
        assert printed is not None  # noqa: S101  the caller checked
        tail = f"{phrase.before}#{phrase.unit}{phrase.right[:12]}"
        self._claim(phrase, context, said)
        if context.other_year or phrase.unit in ("%", "‰", "个百分点"):
            return None
        planned = self.planned_from <= printed.start
        worked = words.says("never_work", tail) and not self._names_kind(phrase, context, ends=True)
        from_old = phrase.left.endswith(_FROM) and words.says("changes", said)
        if planned or worked or words.says("never", tail) or from_old:
            context.muted = True
            return None
        if counted := self._counted(phrase, context, said):
            return counted[0]
        other = words.says("other_business", phrase.before) and phrase.after != "、"
        if other or (words.says("other_business", phrase.right[:8]) and "公开" not in phrase.before):
            context.elsewhere = True
            return None
        if context.elsewhere and "信息" not in phrase.before:
            return None
        stands_alone = _VERBS.search(phrase.before) is not None or bool(words.channels_in(phrase.before))
        if phrase.unit not in ITEM_UNITS or (context.muted and not stands_alone):
            return None
        told_of = context.whole.measure if context.whole is not None else ""
        if told_of == "interpretations" and not stands_alone and "信息" not in phrase.shape:
            return None
        if _NEW_OF_STOCK.fullmatch(phrase.left.strip(_EDGE)) and (
            fact := self._new_of_stock(phrase, context, said)
        ):
            return fact
        fact = self._item(phrase, context)
        return self._told_after(phrase, fact, context)

    def _new_of_stock(self, phrase: Phrase, context: _Context, said: str) -> Fact | None:
        """This year's own beside the stock of all years: 政府文件180条，新增31条. The stock is not kept."""
        last, printed = context.last, phrase.number
        if last is None or printed is None or last.measure not in (TOTAL, BY_CHANNEL, BY_CATEGORY):
            return None
        if (last.value or 0) < printed.value or (last.measure == TOTAL and not _CUMULATIVE.search(said)):
            return None
        for kept in (self.telling.facts, context.parts, context.loose):
            if last in kept:
                kept.remove(last)
        context.whole = None if context.whole is last else context.whole
        fact = self._make(
            last.measure, phrase, channel=last.channel, account=last.account, category=last.category
        )
        self.stocked.setdefault(self.block, []).append(fact)
        return self._doubt(fact, "new_of_stock")

    def _told_after(self, phrase: Phrase, fact: Fact | None, context: _Context) -> Fact | None:
        """The channel that a clause behind the figure names: 制作短视频23条，在抖音号发布."""
        where = _PUBLISHED_AT.match(phrase.then)
        found = self.words.channels_in(phrase.then)
        if where is None or len(found) != 1 or found[0][0] in _WEAK:
            return fact
        channel = (found[0][0], self._account(phrase.then, found[0]))
        if fact is None or fact.measure == BY_CATEGORY:
            return self._of_channels(phrase, [channel], context)
        if fact.measure == TOTAL and where["all"] and (own := self._of_channels(phrase, [channel], context)):
            self.telling.facts.append(own)
        return fact

    # --- figures with a measure of their own

    def _counted(self, phrase: Phrase, context: _Context, said: str) -> tuple[Fact | None] | None:
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

    def _of_clause_before(self, phrase: Phrase, context: _Context, said: str) -> tuple[Fact | None] | None:
        """A count that says nothing itself is of what the clause before names: 召开部署会议，全年计4次."""
        named, words = context.said, self.words
        nothing = words.search("only_count", phrase.left.strip(_EDGE))
        if not named or context.last_end >= 0 or nothing is None or nothing[0] != phrase.left.strip(_EDGE):
            return None
        shape = f"{_BRACKETED.sub('', named)}#{phrase.unit}"
        for measure, pattern in words.counts:
            if pattern.search(shape) and words.section_of[measure] != "requests":
                whole = replace(phrase, left=named + phrase.left, before=named + phrase.before)
                return (self._measured(measure, whole, context, said),)
        return None

    def _names_kind(self, phrase: Phrase, context: _Context, *, ends: bool = False) -> bool:
        """Whether a phrase names a kind of item in a list of kinds, whatever else its words may mean elsewhere."""
        opened = context.closed or bool(context.parts) or bool(context.loose)
        told_of = context.whole.measure if context.whole is not None else TOTAL
        name = phrase.before.rstrip(_EDGE)
        if not opened or told_of not in (TOTAL, BY_CHANNEL) or phrase.unit not in _PIECES or not name:
            return False
        if _KIND.search(name):
            return True
        listed = bool(context.parts) or (
            context.closed and phrase.followed and phrase.after in ("，", ",", "、")
        )
        listed = listed and _VERBS.search(name[:4]) is None
        return not ends and listed and _LABELLED.search(name) is None and len(name) <= _SHORT_NAME

    def _assembly(self, phrase: Phrase) -> bool:
        """Villagers called together are a channel (院坝会、群众会68场), officials a meeting."""
        before = phrase.before
        return any(
            code == "meeting" and "会议" not in before[a:b] for code, a, b in self._channels_of(before)
        )

    def _told_before(self, phrase: Phrase, context: _Context, said: str) -> tuple[Fact | None] | None:
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
            fact = self._make(_ALSO_IN_WORDS, phrase)
            return (fact if context.asked else self._doubt(fact, "asked_before"),)
        charged = context.last is not None and context.last.measure == "processing_fee_charged"
        if charged and phrase.unit in ("件", "宗", "起") and not words.bare(phrase.left):
            return (self._make("processing_fee_cases", phrase),)
        follows_training = context.last is not None and context.last.measure == "trainings_held"
        subject = words.bare_work(self.own.sub("", phrase.left))
        if follows_training and phrase.unit in ("人", "人次", "名") and not subject:
            return (self._make("people_trained", phrase),)
        return None

    def _request(self, phrase: Phrase, context: _Context, said: str) -> tuple[Fact | None] | None:
        """A count of cases whose subject is 申请 is of requests, whatever was done with them."""
        words, text, printed = self.words, self.text.text, phrase.number
        assert printed is not None  # noqa: S101
        people = phrase.unit in ("名", "位", "人", "人次")
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
            fact = self._measured(_ALSO_IN_WORDS, phrase, context, said)
            return (self._doubt(fact, "asked_before") if rest and fact and not people else fact,)
        told = context.last is not None or context.whole is not None
        heads = context.asked or "申请" in before or (context.requests and not before.strip())
        if rest or told or not heads or not words.says("handling", phrase.left):
            return None
        fact = self._make(_ALSO_IN_WORDS, phrase)
        return (fact if words.says("reception", phrase.left) else self._doubt(fact, "asked_before"),)

    def _sum_of_requests(self, phrase: Phrase, context: _Context) -> Fact | None:
        """共4件 behind 网上3件、邮寄1件 is what was received; behind new and carried in it is neither."""
        if "结转" in self.text.text[max(0, phrase.start - _NEAR) : phrase.start]:
            return None
        here = f"b{self.block}:"
        told = [
            f
            for f in self.telling.facts
            if f.measure == _ALSO_IN_WORDS and f.value and f.locator.startswith(here)
        ]
        for fact in told:
            if phrase.number is not None and (fact.value or 0) < phrase.number.value:
                self.telling.facts.remove(fact)
        return self._make(_ALSO_IN_WORDS, phrase)

    def _outcome(self, phrase: Phrase, context: _Context, said: str) -> tuple[Fact | None] | None:
        """How requests or reviews ended, told by the words of the form's own rows or by short verbs."""
        if (
            context.requests
            and phrase.left.strip(_EDGE) == "公开"
            and phrase.unit in ("件", "宗", "起", "例")
        ):
            return (self._make("granted", phrase),)
        told = context.whole if context.depth else context.last
        if not (context.requests or (told is not None and told.measure.startswith("reconsideration"))):
            return None
        first = not any(f.measure == _ALSO_IN_WORDS for f in self.telling.facts)
        received = first and _RECEIVED.search(phrase.before) is not None
        if (
            context.requests
            and not received
            and self.words.says("request_part", phrase.shape.partition("#")[0] + "#")
        ):
            if first and _RECEIVED_OF.search(phrase.before):
                return (self._doubt(self._make(_ALSO_IN_WORDS, phrase), "one_applicant"),)
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
            re.sub("^(?:其中|告知|属于|对|因)", "", label.strip(_EDGE + "，其中"))
        ) or self.form.exact(label)
        known = len(rows) == 1 and rows[0].table == "requests" and not _ONLY_SUM.fullmatch(label.strip(_EDGE))
        return rows[0].slots[0].line.measure if known else None

    def _result(self, phrase: Phrase, context: _Context) -> Fact | None:
        """How reviews ended, told after their number: 行政复议5件（维持3件、纠正1件）."""
        last = context.whole if context.depth else context.last
        if last is None or not last.measure.startswith("reconsideration"):
            return None
        end = next((end for word, end in _RESULTS if word in phrase.left), None)
        return self._make(f"reconsideration_{end}", phrase) if end else None

    def _measured(self, measure: str, phrase: Phrase, context: _Context, said: str) -> Fact | None:
        printed, words = phrase.number, self.words
        assert printed is not None  # noqa: S101
        if words.section_of[measure] == "requests":
            if words.says("other_business", phrase.before) or words.says("attributes", _shapes(said)):
                return None
            if words.says("other_request", phrase.before + phrase.right):
                context.requests = False
                return None
            if not context.requests:
                return None
            kind = (
                "其中" in said and context.last is not None and context.last.measure in (TOTAL, BY_CATEGORY)
            )
            if measure == _ALSO_IN_WORDS and kind and printed.value and not _ASKED.search(phrase.before):
                self._unplaced(phrase, "asked_or_kind")
                return None
            if self.tables and measure != _ALSO_IN_WORDS:
                self._stated(measure, phrase, said)
        if measure in _OF_WORK and not self._is_of_disclosure(phrase, context, said):
            context.other_work = True
            return None
        if measure == "interpretations" and context.whole is not None and context.whole.measure == measure:
            return None
        if measure == _ALSO_IN_WORDS and phrase.unit not in _OF_REQUESTS:
            later = self.text.text[printed.end : printed.end + _NEAR]
            if phrase.unit in ("名", "位", "人", "人次") and _REQUESTS_LATER.search(later):
                return None
            return self._doubt(self._make(measure, phrase), "not_cases")
        if measure == _ALSO_IN_WORDS and not context.asked and not words.says("of_information", said):
            return self._doubt(self._make(measure, phrase), "asked_for_what")
        if printed.value == 0:
            also = (m for m, pattern in words.together if m != measure and pattern.search(phrase.shape))
            self.telling.facts += [self._make(other, phrase) for other in also]
        return self._make(measure, phrase, in_unit(printed.value, phrase.unit, words.units[measure]))

    def _is_of_disclosure(self, phrase: Phrase, context: _Context, said: str) -> bool:
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

    # --- items: of a channel, of everything, of a category

    def _item(self, phrase: Phrase, context: _Context) -> Fact | None:
        words = self.words
        listed = (
            context.whole is not None or context.channel is not None or bool(context.loose) or context.in_list
        )
        listed = listed or (phrase.followed and (phrase.delimiter == "、" or context.verb))
        clutter = not (listed and phrase.unit in LIST_UNITS) and words.says("clutter", phrase.shape)
        if words.says("handed_out", phrase.shape):
            return self._of_channels(phrase, [("leaflet", None)], context)
        if context.dealt and not words.bare(phrase.left):
            return self._of_channels(phrase, [context.dealt.pop(0)], context)
        found = self._channels_of(phrase.before)
        if found and found[0][0] in _WEAK and self._names_kind(phrase, context):
            return self._category(phrase, phrase.before, context)
        if found:
            return self._with_channel(phrase, found, context)
        if phrase.unit in LIST_UNITS and (account := self._telling_name(phrase.before)):
            return self._of_channels(phrase, [("wechat", account)], context)
        counts = phrase.unit not in ("个", "处", "块")
        behind = _LONG_REMARK.sub("", phrase.right)
        if counts and not self._bare_after(phrase.before) and (right := words.channels_in(behind)):
            return self._of_channels(phrase, [(right[0][0], self._account(behind, right[0]))], context)
        filmed = phrase.unit in ("个", "部", "集") and context.channel is not None
        if filmed and context.channel and context.channel[0] in _FILMS and _WORKS.search(phrase.before):
            return self._of_channels(phrase, [context.channel], context)
        return None if clutter else self._of_no_channel(phrase, context)

    def _adds_up(self, phrase: Phrase, context: _Context) -> Fact | None:
        """The sum of what the sentence has listed, whatever it is called: 以上三类合计100条, 三者相加为100条."""
        if phrase.number is None or phrase.followed or self.words.channels_in(phrase.before):
            return None
        if not self.words.says("sums_up", phrase.left):
            return None
        told = context.loose or [f for f in self._channels_told() if context.total is None]
        if len(told) < _ORDINAL or sum(f.value or 0 for f in told) != phrase.number.value:
            return None
        channel = context.channel if context.loose and not self.words.says("of_all", phrase.left) else None
        if channel:
            return self._of_channels(phrase, [channel], context)
        classes = {self.words.class_of.get(f.channel or "") for f in told}
        fact = self._make(TOTAL, phrase)
        return self._doubt(fact, "channel_or_total") if classes == {"social"} else fact

    def _of_no_channel(self, phrase: Phrase, context: _Context) -> Fact | None:
        """A count whose phrase names no channel: of a kind, or of what governs it."""
        words = self.words
        if whole := self._adds_up(phrase, context):
            return whole
        if context.named and not words.bare(phrase.left) and phrase.unit in LIST_UNITS:
            return self._make(BY_CATEGORY, phrase, category=context.named.pop(0))
        if names := self._named_ahead(phrase, context):
            context.named = names[1:]
            return self._make(BY_CATEGORY, phrase, category=names[0])
        if words.says("total_label", phrase.before + "#") or self._enumerates(phrase, context):
            return self._generic(phrase, context)
        named = phrase.before if self._name(phrase, phrase.before, context) else phrase.right
        if self._is_generic(phrase, named, context):
            return self._generic(phrase, context)
        others = context.whole is not None and context.whole.measure == BY_CHANNEL and not context.parts
        if others and phrase.before.strip(_EDGE) in ("其他", "其它"):
            return self._of_channels(phrase, [("other", None)], context)
        return self._category(phrase, named, context)

    def _enumerates(self, phrase: Phrase, context: _Context) -> bool:
        """Whether a list of subjects only says what all the items were about: 政策、医疗、就业等方面信息69条."""
        told = _ENUMERATION.search(phrase.before)
        opened = context.whole is not None or bool(context.loose)
        return told is not None and not opened and not self.words.bare_object(self.own.sub("", told[1]))

    def _named_ahead(self, phrase: Phrase, context: _Context) -> list[str]:
        """Categories named before their counts: 机构概况、法规公文、行政权力三类分别为8条、15条、27条."""
        told = _DISTRIBUTED.search(phrase.left)
        if told is None or not phrase.lead or context.requests or phrase.unit not in LIST_UNITS:
            return []
        *names, last = (phrase.lead + phrase.left[: told.start()]).split("、")
        names += re.split("[和及与]", _CLASSES.sub("", last))
        names = [self._name(phrase, names[0], context), *(name.strip(_EDGE) for name in names[1:])]
        return names if all(0 < len(name) <= 16 for name in names) else []

    def _is_generic(self, phrase: Phrase, named: str, context: _Context) -> bool:
        """Whether a phrase counts items of no named kind: its words are those of any count, with a verb or a sum."""
        is_sum = self.words.says("sum", phrase.left + "#")
        if is_sum and not self._bare(phrase.left):
            return True
        verb = _VERBS.search(self.words.plain(_untitled(phrase.before + phrase.right))) is not None
        stated = is_sum or verb or "信息" in phrase.right[:6]
        text = phrase.before + phrase.right
        if verb and context.whole is None and not context.loose:
            text = _TITLE.sub("", text)
        free = context.whole is None or (context.whole.measure == BY_CHANNEL and not context.parts)
        of_channel = context.channel is not None and free
        bare = self.words.bare_object(self.own.sub("", text)) if of_channel else self._bare(text)
        in_parts = context.whole is not None or bool(context.loose)
        listed = in_parts or phrase.delimiter == "、"
        if (
            listed
            and not is_sum
            and phrase.before.strip()
            and (not verb or _AFFAIRS.fullmatch(phrase.before.strip()))
        ):
            return False
        return not bare and (stated or not (in_parts and bool(named.strip())))

    def _channels_of(self, before: str) -> list[tuple[str, int, int]]:
        """The channels that govern a phrase: not those in brackets, nor one that is the object of another's verb."""
        aside = [found.span() for found in _BRACKETED.finditer(before)]
        found = [c for c in self.words.channels_in(before) if not any(a < c[1] < b for a, b in aside)]
        if len(found) > 1 and found[-1][0] == "app" and found[-1][1] - found[-2][2] <= 1:
            found = found[:-1]
        if len(found) > 1 and _SHOWS.search(QUOTE.sub("", before[found[0][2] : found[1][1]])):
            return found[-1:] if found[0][0] in _WEAK and found[-1][0] not in _WEAK else found[:1]
        return found

    def _with_channel(
        self, phrase: Phrase, found: list[tuple[str, int, int]], context: _Context
    ) -> Fact | None:
        """A phrase that names its channel: the channel's count, or the first category of a list under it."""
        before = phrase.before
        if found[-1][0] in ("press", "hotline"):
            return None
        if found[-1][0] == "open_area":
            return self._make("reading_points", phrase) if "查阅" in before else None
        channels = [(code, self._account(before, (code, a, b))) for code, a, b in found]
        if channels[-1][0] in self.words.classes and (own := self._in_brackets(before[found[-1][2] :])):
            channels[-1] = own
        after = _ACCOUNT_AFTER.sub("", before[found[-1][2] :])
        whole = context.whole
        same = whole is not None and whole.channel == channels[0][0]
        if (
            same
            and context.closed
            and not context.depth
            and not context.parts
            and not self._bare_after(after)
        ):
            self._unplaced(phrase, "part_of_channel")
            return None
        if same and (context.depth or context.parts):
            return self._category(phrase, after if self._bare_after(after) else before, context)
        bare_account = (
            _BARE_ACCOUNT_AFTER.match(after) if self.words.class_of[found[-1][0]] == "social" else None
        )
        if bare_account and not _NOT_ACCOUNT.match(bare_account[1]) and self._bare_after(bare_account[1]):
            channels[-1] = (channels[-1][0], bare_account[1])
            after = after[bare_account.end() :]
        films = (
            channels[-1][0] in _FILMS and phrase.number is not None and phrase.number.value >= _FEW_ACCOUNTS
        )
        if phrase.unit == "个" and not films and not _WORKS.search(after):
            return None
        goes_on = phrase.after == "、" or self.words.says("sum", phrase.left + "#")
        joint = context.joint if goes_on and not phrase.lead else []
        if _DISTRIBUTED.search(after) and len(channels) + len(joint) > 1:
            dealt = [*joint, *channels]
            context.dealt = dealt[1:]
            return self._of_channels(phrase, dealt[:1], context)
        if not self._bare_after(after) or not phrase.followed or self._enumerates(phrase, context):
            context.perhaps = self._name(phrase, after, context) if phrase.followed else ""
            return self._of_channels(phrase, [*joint, *channels], context)
        context.channel = channels[-1]
        return self._category(phrase, after, context)

    def _in_brackets(self, after: str) -> Channel | None:
        """The one channel that a bracket behind a class names: 新媒体平台（“某某”微信公众号）."""
        aside = _BRACKETED.match(after.removeprefix("平台"))
        inner = self.words.channels_in(aside[0]) if aside else []
        return (inner[0][0], self._account(aside[0], inner[0])) if aside and len(inner) == 1 else None

    def _bare_after(self, after: str) -> str:
        return self.words.bare_object(self.own.sub("", after))

    def _generic(self, phrase: Phrase, context: _Context) -> Fact | None:
        """A count of items of no named kind: of the channel named before it, or of everything."""
        is_sum, last = self.words.says("sum", phrase.left + "#"), context.last
        if is_sum and last is not None and last.measure in _SUMMED and phrase.unit not in LIST_UNITS:
            self.telling.facts.remove(last)
            return self._make(last.measure, phrase)
        of_all = self.words.says("of_all", phrase.before) or self.words.says("several", phrase.left)
        if is_sum and not of_all and (whole := self._sum_of_parts(phrase, context)):
            return whole
        if is_sum and context.loose and context.whole is None:
            if context.channel is None or of_all:
                return self._make(TOTAL, phrase)
            return self._of_channels(phrase, [context.channel], context)
        if context.joint and not of_all:
            return self._of_channels(phrase, list(context.joint), context)
        if context.topic and "信息" not in phrase.shape:
            return self._make(context.topic, phrase)
        if told := self._behind_channel(phrase, context, goes_on=not is_sum and not of_all):
            return told[0]
        of_whole = context.whole is not None and context.whole.measure != BY_CHANNEL
        if context.channel is not None and not of_whole and not of_all:
            channel, context.channel = context.channel, None
            context.perhaps = self._name(phrase, phrase.left, context) if phrase.followed else ""
            return self._of_channels(phrase, [channel], context)
        if context.channel is not None and not of_all and not is_sum and self._below(phrase, context.whole):
            fact = self._of_channels(phrase, [context.channel], context)
            return self._doubt(fact, "channel_behind_total") if fact is not None else None
        return self._of_everything(phrase, context, is_sum=is_sum)

    def _behind_channel(
        self, phrase: Phrase, context: _Context, *, goes_on: bool
    ) -> tuple[Fact | None] | None:
        """A count right behind a channel's own: 203期532条 are pushes and articles, the articles were disclosed."""
        last = context.last
        if last is None or last.measure != BY_CHANNEL:
            return None
        channel: list[Channel] = [(last.channel or "other", last.account)]
        if self._at_once(phrase, last, context) and phrase.unit in LIST_UNITS:
            self.telling.facts.remove(last)
            return (self._of_channels(phrase, channel, context),)
        if not goes_on or phrase.after not in ("，", ",", "、") or context.channel is not None:
            return None
        if _ONLY_VERB.fullmatch(phrase.left) and not phrase.right.strip("的了"):
            self._unplaced(phrase, "behind_channel")
            return (None,)
        if last.raw_text[-1:] in ("期", "次", "块", "版", "个") and _ISSUED.fullmatch(phrase.left):
            self.telling.facts.remove(last)
            fact = self._of_channels(phrase, channel, context)
            return (self._doubt(fact, "items_of_channel") if fact is not None else None,)
        return None

    def _at_once(self, phrase: Phrase, last: Fact, context: _Context) -> bool:
        told = self._channels_told()
        if phrase.number is None or (
            len(told) > 1 and sum(f.value or 0 for f in told) == phrase.number.value
        ):
            return False
        only_sum = _ONLY_SUM.fullmatch(phrase.left.strip()) is not None and last.raw_text.endswith(
            ("期", "次")
        )
        bare = phrase.left.strip() in ("", "信息")
        joined = bare and (
            phrase.after == "、" or (phrase.after in ("（", "(") and last.raw_text.endswith("期"))
        )
        return context.last_end == phrase.number.start or (phrase.unit == "条" and (joined or only_sum))

    def _of_everything(self, phrase: Phrase, context: _Context, *, is_sum: bool) -> Fact | None:
        """A total, unless it stands inside the list of another or near requests."""
        stated = context.verb or is_sum or _VERBS.search(phrase.right) is not None
        of_requests = context.requests and "信息" not in phrase.shape.replace("信息公开", "")
        if not stated or (of_requests and "主动公开" not in phrase.before):
            return None
        if phrase.after == "，" and (ahead := _NAMED_AHEAD.match(context.said)) and phrase.unit in _PIECES:
            return self._category(phrase, ahead["listed"] or ahead["ranked"], context)
        if phrase.unit not in LIST_UNITS and not _ABOUT_ITEMS.search(phrase.before + phrase.right):
            return None
        fact = self._make(TOTAL, phrase)
        if context.closed and not is_sum and self._below(phrase, context.whole):
            if "其他" in phrase.before or "其它" in phrase.before:
                return self._category(phrase, phrase.before, context)
            self._unplaced(phrase, "part_of_total")
            return None
        why = self._weak_total(phrase, context, is_sum=is_sum)
        return self._doubt(fact, why) if why else fact

    def _weak_total(self, phrase: Phrase, context: _Context, *, is_sum: bool) -> str:
        """Why a total is not beyond doubt, or nothing."""
        if self._by_unknown_means(phrase):
            return "unknown_means"
        if context.channel is not None and "主动公开" in phrase.before and not self._total_told():
            return "channel_or_total"
        own = phrase.before + phrase.right
        if not is_sum and "信息" not in own and _VERBS.search(self.words.plain(own)) is None:
            return "unsaid_total"
        return "" if phrase.unit in LIST_UNITS or phrase.unit == "条次" else "not_items"

    def _below(self, phrase: Phrase, whole: Fact | None) -> bool:
        """Whether a figure is less than the total it stands under."""
        assert phrase.number is not None  # noqa: S101
        return whole is not None and whole.measure == TOTAL and phrase.number.value < (whole.value or 0)

    def _by_unknown_means(self, phrase: Phrase) -> bool:
        """Whether a total is said of some means that no channel word names: 通过某某系统公开信息66条."""
        means = self.words.search("means", phrase.left)
        return (
            means is not None
            and not self.words.channels_in(phrase.left)
            and bool(self._bare(phrase.left[means.start() :]))
        )

    def _unplaced(self, phrase: Phrase, why: str) -> None:
        """A count that looks like disclosed items and has no place: said, not stored."""
        assert phrase.number is not None  # noqa: S101
        locator, raw = self._place(phrase.number.start, phrase.number.end)
        self.telling.issues.append(issue(f"unplaced_figure.{why}", raw, locator, raw=raw))

    def _sum_of_parts(self, phrase: Phrase, context: _Context) -> Fact | None:
        """The channel's own count behind its parts, the first of which was taken for it.

        以官网为平台，公开工作动态38条、财政信息2条，共40条: any channel publishes 动态, only the sum tells.
        """
        first, parts = context.whole, context.parts
        if first is None or first.measure != BY_CHANNEL or not parts or not context.perhaps:
            return None
        added = sum(f.value or 0 for f in (first, *parts))
        if phrase.number is None or added != phrase.number.value:
            return None
        facts = self.telling.facts
        self.telling.facts = [f for f in facts if not any(f is one for one in (first, *parts))]
        self.telling.lists = [told for told in self.telling.lists if told.whole is not first]
        for told in self.telling.channel_lists:
            told.parts = [f for f in told.parts if f is not first]
        part = replace(first, measure=BY_CATEGORY, channel=None, account=None, category=context.perhaps)
        context.whole, context.parts, context.loose = context.total, [], [part, *parts]
        return self._make(BY_CHANNEL, phrase, channel=first.channel, account=first.account)

    def _channels_told(self) -> list[Fact]:
        """The channels that this paragraph has counted so far."""
        here = f"b{self.block}:"
        return [f for f in self.telling.facts if f.measure == BY_CHANNEL and f.locator.startswith(here)]

    def _of_channels(self, phrase: Phrase, channels: Sequence[Channel], context: _Context) -> Fact | None:
        """The count of one channel, of a class where one number covers several of it, or of everything."""
        context.joint = []
        channels = self._umbrella(phrase.before, channels)
        codes = list(dict.fromkeys(code for code, _ in channels))
        classes = {self.words.class_of[code] for code in codes}
        if len(codes) == 1:
            account = next((account for _, account in reversed(channels) if account), None)
            return self._make(BY_CHANNEL, phrase, channel=codes[0], account=account)
        if len(classes) == 1:
            return self._make(BY_CHANNEL, phrase, channel=classes.pop())
        if "media" in codes and set(codes) <= _MEDIA_TOO:
            return self._make(BY_CHANNEL, phrase, channel="media")
        return self._mixed(phrase, context)

    def _umbrella(self, before: str, channels: Sequence[Channel]) -> Sequence[Channel]:
        """What several names come to: 新华社、头条等媒体 is media, 政务新媒体“某某”公众号 is that account."""
        found = self.words.channels_in(before)
        if found and before[: found[-1][1]].endswith(
            ("等", "等各类", "等各级", "等市级", "等县级", "等区级")
        ):
            return channels[-1:]
        specific = [one for one in channels if one[0] not in self.words.classes]
        covers = {one[0] for one in channels if one[0] in self.words.classes}
        within = len({code for code, _ in specific}) == 1 and self.words.class_of[specific[0][0]] in covers
        return specific if within and "、" not in before else channels

    def _mixed(self, phrase: Phrase, context: _Context) -> Fact | None:
        """One figure for channels of several kinds: everything, unless a total or other channels stand beside it."""
        assert phrase.number is not None  # noqa: S101  the caller counts
        total = self._total_told()
        if total is not None and phrase.number.value < (total.value or 0):
            fact = self._make(BY_CHANNEL, phrase, channel="other")
            return self._doubt(fact, "mixed_channels")
        return self._make(TOTAL, phrase) if context.verb else None

    def _total_told(self) -> Fact | None:
        """The last total that this report has stated."""
        return next((f for f in reversed(self.telling.facts) if f.measure == TOTAL and f.value), None)

    def _doubt(self, fact: Fact, why: str) -> Fact:
        """The fact, with a note that it rests on weak ground."""
        self.doubts.append((fact, why))
        return fact

    def _category(self, phrase: Phrase, text: str, context: _Context) -> Fact | None:
        name, whole = self._name(phrase, text, context), context.whole
        listed = whole is not None or context.channel is not None or context.verb or context.in_list
        listed = listed or phrase.followed or bool(context.loose)
        if not name or not listed or phrase.unit not in LIST_UNITS or len(name) > 40:
            return None
        kind = self._names_kind(phrase, context)
        denied = self.words.says("not_category", name) and not (kind and "解读" in name)
        if denied or (whole is not None and whole.measure == "interpretations"):
            return None
        if self.words.says("only_listed", name) and not (kind or phrase.followed):
            return None
        lone_part = context.depth and whole is not None and whole.measure == BY_CATEGORY and not context.parts
        if lone_part and not phrase.followed:
            return None
        fact = self._make(BY_CATEGORY, phrase, category=name)
        if _ODD_NAME.search(name) or len(name) > _LONG_NAME:
            return self._doubt(fact, "odd_kind")
        return fact

    def _name(self, phrase: Phrase, text: str, context: _Context) -> str:
        """The category as printed; a verb goes before the first of a list, or before each clause's own."""
        opens = not context.parts and not context.loose
        if opens and (after := _OPENS.sub("", text)).strip(_EDGE):
            text = after
        name = _LEADING.sub("", (self.own.sub("", text, count=1) if opens else text).strip(_EDGE)).strip(
            _EDGE
        )
        if opens or phrase.after in ("，", ",", "；", ";", ""):
            name = _LEADING.sub("", _VERB.sub("", name))
        name = _TRAILING.sub("", name).strip(_EDGE)
        name = self._cut_name(name).removesuffix("的")
        return name[1:-1] if _WHOLLY_QUOTED.fullmatch(name) else name

    def _cut_name(self, name: str) -> str:
        """The kind itself: 街道发布工作动态 is 工作动态, 政府信息公开含指南、年报等 is 政府信息公开."""
        if "、" in name and (listed := _CONTAINS.match(name)):
            name = listed[1]
        if verb := _SUBJECT_VERB.match(name):
            name = name[verb.end() :] if not self._bare(verb[1]) else name
        subject = _SUBJECT_OF_LIST.match(name)
        if subject is not None and self.words.bare_object(subject[1]):
            name = subject[1]
        return _COLUMN_VERB.sub(r"\1", _ASPECT_VERB.sub(r"\1", name))

    def _bare(self, text: str) -> str:
        return self.words.bare(self.own.sub("", text))

    def _telling_name(self, before: str) -> str | None:
        """An account that needs no channel word: “渔洞发布”136条."""
        quoted = re.fullmatch(r"[^“”]*[“\"]([^”\"]{2,12})[”\"](.*)", before)
        if quoted and self.words.says("account", quoted[1]) and not self.words.bare_object(quoted[2]):
            return quoted[1]
        return None

    # --- keeping

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

    def _keep(self, fact: Fact, context: _Context) -> None:
        context.last = fact
        if fact.measure == TOTAL:
            self._fold_loose(context, fact)
            self._finish_list(context)
            context.whole, context.total, context.parts, context.closed = fact, fact, [], False
        elif fact.measure == BY_CHANNEL:
            self._keep_channel(fact, context)
            if context.loose:
                self._fold_loose(context, fact)
            if context.whole is None or context.whole.measure != TOTAL or not context.parts:
                self._finish_list(context)
                context.total = (
                    context.whole
                    if context.whole is not None and context.whole.measure == TOTAL
                    else context.total
                )
                context.whole, context.parts, context.closed = fact, [], False
        elif fact.measure == BY_CATEGORY:
            (context.parts if context.whole is not None else context.loose).append(fact)
            if context.whole is None:
                return
        elif fact.measure == "interpretations" and not context.closed:
            context.whole, context.parts = fact, []
        self.telling.facts.append(fact)

    def _fold_loose(self, context: _Context, whole: Fact | None) -> None:
        """Parts told before their total, or without one: kept together, a single one without a total is not."""
        loose, context.loose = context.loose, []
        plain = all(fact.raw_text.rstrip().endswith(("条", "篇", "则")) for fact in loose)
        if whole is not None or (len(loose) > 1 + (not plain) and context.verb) or (len(loose) > 2 and plain):
            self.telling.facts += loose
        elif plain and context.verb:
            for fact in loose:
                self.telling.issues.append(
                    issue("unplaced_figure.lone_kind", fact.raw_text, fact.locator, raw=fact.raw_text)
                )
        if whole is not None and loose:
            self.telling.lists.append(PartList(whole, loose, True))

    def _keep_channel(self, fact: Fact, context: _Context) -> None:
        """A channel's count under the total it is presented as part of, across sentences too."""
        whole = next((f for f in reversed(self.telling.facts) if f.measure == TOTAL), None)
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
            self._leave_depth(context)
        whole, parts, closed = context.whole, context.parts, context.closed
        self._finish_list(context)
        context.whole, context.parts, context.closed = whole, list(parts), closed
        context.in_list = False

    # --- zero in words, claims, channels named

    def _zeros(self, said: str, start: int) -> None:
        for measure, pattern in self.words.zeros:
            if not pattern.search(said):
                continue
            is_request = self.words.section_of[measure] == "requests"
            found = next(
                (one for one in pattern.finditer(said) if not _is_review(said, one, is_request)), None
            )
            if found is None or (self.tables and is_request and measure != _ALSO_IN_WORDS):
                continue
            if not self._is_told(measure):
                self._none(measure, said, start + found.start(), start + found.end())
        if not self._of_other_year(said):
            self._denials(said, start)

    def _denials(self, said: str, start: int) -> None:
        """What a clause denies that holds nothing else: 但全年没有申请, 本年度未发生 behind the name of the matter."""
        if not self.words.says("denial", said):
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
        years = _YEAR.findall(_untitled(said))
        other = bool(years) and self.year is not None and int(years[-1]) != self.year
        return other and _THIS_YEAR.search(said) is None

    def _none(self, measure: str, said: str, start: int, end: int) -> None:
        """A zero said in words."""
        locator, raw = self._place(start, end)
        none = Fact(measure, 0, self.words.units[measure], Status.REPORTED, raw, locator)
        self.telling.facts.append(none)
        if measure == _ALSO_IN_WORDS:
            self.denied.append(none)
            if _SOME_CASES.search(said):
                self._doubt(none, "denied_beside_cases")

    def _stated(self, measure: str, phrase: Phrase, said: str) -> None:
        printed = phrase.number
        assert printed is not None  # noqa: S101
        locator, raw = self._place(printed.start, printed.end)
        self.telling.claims.append(Claim("stated", measure, printed.value, raw, locator, sentence=said))

    def _claim(self, phrase: Phrase, context: _Context, said: str) -> None:
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
        if percent and behind and _VERBS.search(phrase.right):
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
        about = (channel or _ABOUT_ITEMS.search(phrase.before + context.said)) and not _REACH.search(
            phrase.before
        )
        if grows and (percent or phrase.unit in ITEM_UNITS) and about:
            value = -printed.value if grows["down"] or grows["down2"] else printed.value
            measure = BY_CHANNEL if channel else TOTAL
            self.telling.claims.append(
                Claim("growth", measure, value, raw, locator, channel, percent, digits)
            )

    def _claimed(self, phrase: Phrase, context: _Context) -> list[str]:
        """The measures that only the audit needs and that a phrase states a number of."""
        if context.other_year:
            return []
        if told := _DISTRIBUTED.search(phrase.left):
            # 规范性文件的制发数、废止数和现行有效数分别是0件、0件、5件: a number each, in the order of the names.
            first, *names = re.split("[、和及与]", phrase.lead + phrase.left[: told.start()])
            shapes = [f"{first}#{phrase.unit}", *(f"{first}{name}#{phrase.unit}" for name in names)]
            context.claimed = [self._claims_in(shape) for shape in shapes]
        elif not context.claimed:
            of_what = f"{context.said}，" if _OF_WHICH.match(phrase.shape) else ""
            return self._claims_in(of_what + phrase.shape)
        elif phrase.left.strip(_EDGE):
            context.claimed = []
            return self._claims_in(phrase.shape)
        return context.claimed.pop(0)

    def _claims_in(self, shape: str) -> list[str]:
        return [measure for measure, pattern in self.words.claims if pattern.search(shape)]

    def _share_of(self, context: _Context, channel: str | None) -> Fact | None:
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
        for clause in re.finditer(r"[^，,；;。]+", said):
            closed = self.words.says("unopened", clause[0])
            for code, a, b in self.words.channels_in(clause[0]):
                if closed:
                    self.unopened.add(code)
                elif code not in _WEAK or _MEANS.search(said):
                    locator, raw = self._place(start + clause.start() + a, start + clause.start() + b)
                    self.named.setdefault((code, self._account(clause[0], (code, a, b))), (raw, locator))

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

    def _drop_denials(self) -> None:
        """Where requests are counted, a denial in words is of other ones: 收到2件，没有申请被拖延."""
        if any(f.measure == _ALSO_IN_WORDS and f.value for f in self.telling.facts):
            denied = {id(fact) for fact in self.denied}
            self.telling.facts = [fact for fact in self.telling.facts if id(fact) not in denied]

    def _doubt_contradictions(self) -> None:
        """A count of requests or disputes told twice with different values: one of the two is read wrong."""
        told: dict[str, list[Fact]] = {}
        for fact in self.telling.facts:
            if self.words.section_of[fact.measure] in ("requests", "disputes") and fact.value is not None:
                told.setdefault(fact.measure, []).append(fact)
        for facts in told.values():
            if len({fact.value for fact in facts}) > 1:
                for fact in facts:
                    self._doubt(fact, "contradiction")

    def _doubt_stock(self) -> None:
        """In a list of stock and new, a kind without its new figure is as likely stock."""
        for block, new in self.stocked.items():
            fresh = {id(fact) for fact in new}
            for fact in self.telling.facts:
                listed = fact.measure == BY_CATEGORY and fact.locator.startswith(f"b{block}:")
                if listed and id(fact) not in fresh:
                    self._doubt(fact, "stock_list")

    def finish(self) -> Telling:
        """The telling, with the channels that were named and never counted."""
        if self.open is not None:
            self._let_go(self.open)
        self._drop_denials()
        self._doubt_stock()
        self._doubt_contradictions()
        kept = {id(fact) for fact in self.telling.facts}
        for fact, why in self.doubts:
            if id(fact) in kept:
                self.telling.issues.append(
                    issue(f"unsure_figure.{why}", fact.raw_text, fact.locator, raw=fact.raw_text)
                )
        counted = {fact.channel for fact in self.telling.facts if fact.channel}
        done: set[str] = set()
        for (code, account), (raw, locator) in sorted(
            self.named.items(), key=lambda item: item[0][1] is None
        ):
            if code in counted or code in done or code in self.unopened or code in self.words.classes:
                continue
            done.add(code)
            unit = self.words.units[BY_CHANNEL]
            named = Fact(
                BY_CHANNEL, None, unit, Status.NOT_PRINTED, raw, locator, channel=code, account=account
            )
            self.telling.facts.append(named)
        self.telling.facts = _once(self.telling.facts)
        return self.telling


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


def _fullwidth(text: str) -> str:
    """The text with ASCII commas, semicolons and colons as Chinese ones, so that a pattern stops at both."""
    return _COMMA.sub("，", text).translate(_MARKS) if text.isascii() is False else text


def _untitled(text: str) -> str:
    """The text with the titles in 《》 blanked: their years and verbs are their own."""
    return _TITLE.sub(lambda found: "《" * len(found[0]), text) if "《" in text else text


def _shapes(said: str) -> str:
    return re.sub(r"\d+", "#", said)


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
            reader.read(number, block.text)
    return reader.finish()
