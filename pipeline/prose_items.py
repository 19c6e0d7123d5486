"""Items disclosed: of a channel, of a kind, of everything."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Fact
from pipeline.phrases import LIST_UNITS, Phrase
from pipeline.telling import (
    ABOUT_ITEMS,
    ACCOUNT_AFTER,
    BRACKETED,
    BY_CATEGORY,
    BY_CHANNEL,
    DISTRIBUTED,
    EDGE,
    ONLY_SUM,
    ORDINAL,
    PIECES,
    TITLE,
    TOTAL,
    VERBS,
    WEAK,
    Channel,
    Context,
    Teller,
    untitled,
)

_SUMMED = frozenset(
    "meetings_held trainings_held people_trained reading_points staff_full_time staff_part_time".split()
)
_FILMS, _FEW_ACCOUNTS = frozenset({"douyin", "kuaishou", "video_account"}), 5
_WORKS = re.compile("作品|视频|信息|条")
_ACCOUNTS = re.compile("(?:账号|帐号|账户|号|平台)$")
_BARE_ACCOUNT_AFTER = re.compile(r"^([\u4e00-\u9fff]{2,8}?)(?=共?(?:发布|推送|公开|更新|编发|刊发|推出))")
_NOT_ACCOUNT = re.compile(
    "^(?:依次|分别|主动|共|及时|累计|全年|平台|对外|年内|[我本][镇乡]|总|进行|专门|同步|集中|定期)"
)
_CLASSES = re.compile(
    "等?(?:[二三四五六七八九两]|多|几)(?:大?类|种|项|个?方面)(?:信息|内容)$|等?(?:[二三四五六七八九两]|多|几)?(?:大?类|种|项|个方面|方面)?$"
)
# What opens a list ends before the first part's own name.
_OPENS = re.compile(
    r"^按.{1,12}?(?:为|是|有)|^.*(?:目录中|目录里|信息中|信息里|构成|依次|分别|分布|归类|归并|分类|拆分|划分|细分|明细|如下|结构|内容|类别|栏目|种类|数量|主要|包括|涵盖)(?:是|为|有|：|(?<=[中里]))"
)
_LEADING = re.compile(
    r"^(?:子?(?:目录|栏目)[中里]|也就是|就是|即是|即|它们是|这些是|属于?(?!地)|分布在|分布于|归入|归为|(?:重点|着重|集中)(?:公开|发布)了|其中|包括|包含|涵括|另外|此外|同时|以及|主要|涉及|分别为|分别是|分别有|分别|和|及|与|共|有|为|是|在|上(?!传|线|稿|架|墙|级)|中|平台|栏目"
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
_LONG_REMARK = re.compile(r"[（(][^）)]{12,}[）)]")
_MEDIA_TOO = frozenset(("media", "app", "toutiao", "press"))
_ONLY_VERB = re.compile("(?:更新|新增|发布|推送|转载|公开|编辑|审核|上传|录入)(?:了)?")
_ARTICLES = re.compile("(?:文章|推文|图文|稿件|作品)(?:数量?)?(?:总计|共计|合计|累计|总|共|计)")
_ISSUED = re.compile("(?:刊发|刊登|刊载|发布|推送|张贴|公开|公示)(?:了)?(?:各类)?(?:政府|政务)?信息")
_LONG_NAME = 24
# 机构职能类信息3安全生产类信息3条: the first number has lost its unit and its mark.
_TORN = re.compile(r"^[^\d#]+(?:类|信息|情况)\d{1,4}(?=[\u4e00-\u9fff]{2})(?!年|月|日|号)")
# 某某管理平台发布了500条, 线上信息公开15条: how or where, not of what kind.
_NO_NAME = re.compile(
    "(?:发布|公开|推送|刊发|上传)了$|[对将把]$|^(?:信息|内容|栏目信息)$|^(?:线上|线下|网上|网下)"
)
_ODD_NAME = re.compile(
    "通过|利用|依托|借助|#|\\d(?!\\d{0,3}年)|^(?:[的在由对将把被向为与等因已均全共月日]|年(?!度|报)|以及)|编制|公开了|发布了?(?:信息)?$|推送|开展|线上|线下|上报|^办理|整改|解决|新增|累计|[我本全][镇乡县区市街]|网站|公众号|微信|平台"
)
# 其他应当主动公开的政府信息3条 behind other kinds is the last of them.
_OTHERS = ("其他", "其它", "应主动公开的其他", "应当主动公开的其他")
_MEDIUM = re.compile("文$|文章|图文|视频|作品|稿|新闻|消息|图片|笔记")
_AFFAIRS = re.compile("(?:政务|政府|党务|村务|财务)(?:公开)?信息(?:公开)?")
# 制发文件42件，公开42件，不公开0件: how documents were dealt with, not what was disclosed.
_NOT_ALL = re.compile("[，,、；](?:不|未|不予|依申请)公开的?(?:有|为)?\\d")
_WHOLLY_NAMED = re.compile(r"[“\"「『《][^“”\"」』》]*[”\"」』》]")
_WHOLLY_QUOTED = re.compile(r"[“\"「『][^“”\"」』]*[”\"」』]")


class Items(Teller):
    """Takes a count of items by what governs it."""

    def _item(self, phrase: Phrase, context: Context) -> Fact | None:
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
        if found and found[0][0] in WEAK and self._names_kind(phrase, context):
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

    def _adds_up(self, phrase: Phrase, context: Context) -> Fact | None:
        """The sum of what the sentence has listed, whatever it is called: 以上三类合计100条, 三者相加为100条."""
        told = context.loose or (self._channels_told() if context.total is None else [])
        if phrase.number is None or phrase.followed or len(told) < ORDINAL:
            return None
        if sum(f.value or 0 for f in told) != phrase.number.value:
            return None
        if self.words.channels_in(phrase.before) or not self.words.says("sums_up", phrase.left):
            return None
        channel = context.channel if context.loose and not self.words.says("of_all", phrase.left) else None
        if channel:
            return self._of_channels(phrase, [channel], context)
        classes = {self.words.class_of.get(f.channel or "") for f in told}
        fact = self._make(TOTAL, phrase)
        return self._doubt(fact, "channel_or_total") if classes == {"social"} else fact

    def _of_no_channel(self, phrase: Phrase, context: Context) -> Fact | None:
        """A count whose phrase names no channel: of a kind, or of what governs it."""
        words = self.words
        if whole := self._adds_up(phrase, context):
            return whole
        if context.named and not words.bare(phrase.left) and phrase.unit in LIST_UNITS:
            return self._make(BY_CATEGORY, phrase, category=context.named.pop(0))
        if names := self._named_ahead(phrase, context):
            context.named = names[1:]
            return self._make(BY_CATEGORY, phrase, category=names[0])
        if phrase.before.strip(EDGE).startswith(_OTHERS) and (context.parts or context.loose):
            return self._category(phrase, phrase.before, context)
        if words.says("total_label", phrase.before + "#") or self._enumerates(phrase, context):
            return self._generic(phrase, context)
        named = phrase.before if self._name(phrase, phrase.before, context) else phrase.right
        if self._is_generic(phrase, named, context):
            return self._generic(phrase, context)
        others = context.whole is not None and context.whole.measure == BY_CHANNEL and not context.parts
        if others and phrase.before.strip(EDGE) in ("其他", "其它"):
            return self._of_channels(phrase, [("other", None)], context)
        return self._category(phrase, named, context)

    def _enumerates(self, phrase: Phrase, context: Context) -> bool:
        """Whether a list of subjects only says what all the items were about: 政策、医疗、就业等方面信息69条."""
        told = _ENUMERATION.search(phrase.before)
        opened = context.whole is not None or bool(context.loose)
        return told is not None and not opened and not self.words.bare_object(self.own.sub("", told[1]))

    def _named_ahead(self, phrase: Phrase, context: Context) -> list[str]:
        """Categories named before their counts: 机构概况、法规公文、行政权力三类分别为8条、15条、27条."""
        told = DISTRIBUTED.search(phrase.left)
        if told is None or not phrase.lead or context.requests or phrase.unit not in LIST_UNITS:
            return []
        *names, last = (phrase.lead + phrase.left[: told.start()]).split("、")
        names += re.split("[和及与]", _CLASSES.sub("", last))
        names = [self._name(phrase, names[0], context), *(name.strip(EDGE) for name in names[1:])]
        return names if all(0 < len(name) <= 16 for name in names) else []

    def _is_generic(self, phrase: Phrase, named: str, context: Context) -> bool:
        """Whether a phrase counts items of no named kind: its words are those of any count, with a verb or a sum."""
        is_sum = self.words.says("sum", phrase.left + "#")
        if is_sum and not self._bare(phrase.left):
            return True
        verb = VERBS.search(self.words.plain(untitled(phrase.before + phrase.right))) is not None
        stated = is_sum or verb or "信息" in phrase.right[:6]
        text = phrase.before + phrase.right
        if verb and context.whole is None and not context.loose:
            text = TITLE.sub("", text)
        free = context.whole is None or (context.whole.measure == BY_CHANNEL and not context.parts)
        of_channel = context.channel is not None and free
        # 在网站公开政府采购19项，…，政策文件2条，预决算信息2条: behind another figure a list goes on.
        if of_channel and context.last is None and context.last_end >= 0 and phrase.followed and not stated:
            of_channel = bool(_MEDIUM.search(text))
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

    def _with_channel(
        self, phrase: Phrase, found: list[tuple[str, int, int]], context: Context
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
        after = ACCOUNT_AFTER.sub("", before[found[-1][2] :])
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
        if phrase.unit == "个" and (_ACCOUNTS.search(after) or not (films or _WORKS.search(after))):
            return None
        goes_on = phrase.after == "、" or self.words.says("sum", phrase.left + "#")
        joint = context.joint if goes_on and not phrase.lead else []
        if DISTRIBUTED.search(after) and len(channels) + len(joint) > 1:
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
        aside = BRACKETED.match(after.removeprefix("平台"))
        inner = self.words.channels_in(aside[0]) if aside else []
        return (inner[0][0], self._account(aside[0], inner[0])) if aside and len(inner) == 1 else None

    def _generic(self, phrase: Phrase, context: Context) -> Fact | None:
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
        self, phrase: Phrase, context: Context, *, goes_on: bool
    ) -> tuple[Fact | None] | None:
        """A count right behind a channel's own: 203期532条 are pushes and articles, the articles were disclosed."""
        last = context.last
        if last is None or last.measure != BY_CHANNEL:
            return None
        channel: list[Channel] = [(last.channel or "other", last.account)]
        if self._at_once(phrase, last, context) and phrase.unit in LIST_UNITS:
            self.telling.facts.remove(last)
            return (self._of_channels(phrase, channel, context),)
        if (
            phrase.after in ("，", ",")
            and _ARTICLES.fullmatch(phrase.left)
            and last.raw_text[-1:] in ("条", "篇")
        ):
            self._unplaced(phrase, "behind_channel")
            return (None,)
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

    def _at_once(self, phrase: Phrase, last: Fact, context: Context) -> bool:
        told = self._channels_told()
        if phrase.number is None or (
            len(told) > 1 and sum(f.value or 0 for f in told) == phrase.number.value
        ):
            return False
        only_sum = ONLY_SUM.fullmatch(phrase.left.strip()) is not None and last.raw_text.endswith(
            ("期", "次")
        )
        bare = phrase.left.strip() in ("", "信息")
        joined = bare and (
            phrase.after == "、" or (phrase.after in ("（", "(") and last.raw_text.endswith("期"))
        )
        return context.last_end == phrase.number.start or (phrase.unit == "条" and (joined or only_sum))

    def _of_everything(self, phrase: Phrase, context: Context, *, is_sum: bool) -> Fact | None:
        """A total, unless it stands inside the list of another or near requests."""
        stated = context.verb or is_sum or VERBS.search(phrase.right) is not None
        of_requests = context.requests and "信息" not in phrase.shape.replace("信息公开", "")
        if not stated or (of_requests and "主动公开" not in phrase.before):
            return None
        if phrase.after == "，" and (ahead := _NAMED_AHEAD.match(context.said)) and phrase.unit in PIECES:
            return self._category(phrase, ahead["listed"] or ahead["ranked"], context)
        if phrase.unit not in LIST_UNITS and not ABOUT_ITEMS.search(phrase.before + phrase.right):
            return None
        fact = self._make(TOTAL, phrase)
        if context.closed and not is_sum and self._below(phrase, context.whole):
            if "其他" in phrase.before or "其它" in phrase.before:
                return self._category(phrase, phrase.before, context)
            self._unplaced(phrase, "part_of_total")
            return None
        told = self._total_told()
        if told is not None and (told.value or 0) > (fact.value or 0) and self._only_updated(phrase):
            self._unplaced(phrase, "part_of_total")
            return None
        why = self._weak_total(phrase, context, is_sum=is_sum)
        return self._doubt(fact, why) if why else fact

    def _only_updated(self, phrase: Phrase) -> bool:
        """Whether items are said to be brought up to date, not disclosed: 更新政府信息23条 beside a total of 130."""
        said = untitled(phrase.before).replace("信息公开", "")
        return "更新" in said and VERBS.search(said.replace("更新", "")) is None

    def _weak_total(self, phrase: Phrase, context: Context, *, is_sum: bool) -> str:
        """Why a total is not beyond doubt, or nothing."""
        if self._by_unknown_means(phrase):
            return "unknown_means"
        if context.channel is not None and "主动公开" in phrase.before and not self._total_told():
            return "channel_or_total"
        own = phrase.before + phrase.right
        own_label = phrase.before.strip(EDGE)
        assert phrase.number is not None  # noqa: S101
        if "信息" not in own and _NOT_ALL.match(self.text.text, phrase.number.end):
            return "unsaid_total"
        if not is_sum and own_label.endswith("公开的") and "信息" not in own_label:
            return "unsaid_total"
        if not is_sum and "信息" not in own and VERBS.search(self.words.plain(own)) is None:
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

    def _sum_of_parts(self, phrase: Phrase, context: Context) -> Fact | None:
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

    def _of_channels(self, phrase: Phrase, channels: Sequence[Channel], context: Context) -> Fact | None:
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

    def _mixed(self, phrase: Phrase, context: Context) -> Fact | None:
        """One figure for channels of several kinds: everything, unless a total or other channels stand beside it."""
        assert phrase.number is not None  # noqa: S101  the caller counts
        total = self._total_told()
        if total is not None and phrase.number.value < (total.value or 0):
            fact = self._make(BY_CHANNEL, phrase, channel="other")
            return self._doubt(fact, "mixed_channels")
        if not context.verb:
            return None
        # Beside kinds or channels that have their own figures, several ways together are not everything.
        beside = context.loose or context.parts or self._channels_told()
        if beside and not self.words.says("sum", phrase.left + "#"):
            return self._doubt(self._make(BY_CHANNEL, phrase, channel="other"), "mixed_channels")
        return self._make(TOTAL, phrase)

    def _category(self, phrase: Phrase, text: str, context: Context) -> Fact | None:
        name, whole = self._name(phrase, text, context), context.whole
        listed = whole is not None or context.channel is not None or context.verb or context.in_list
        listed = listed or phrase.followed or bool(context.loose)
        if not name or not listed or phrase.unit not in LIST_UNITS or len(name) > 40:
            return None
        kind = self._names_kind(phrase, context)
        denied = self.words.says("not_category", name) and not (kind and "解读" in name)
        bracketed = phrase.after in ("（", "(") and _WHOLLY_NAMED.fullmatch(phrase.before.strip(EDGE))
        if bracketed and context.last is not None and context.last.measure == BY_CHANNEL:
            # 政府网站（108条）、《某某信息》（3期）、公开栏（35条）等平台: the name of a means, not of a kind.
            self._unplaced(phrase, "unread")
            return None
        if denied or (whole is not None and whole.measure == "interpretations"):
            return None
        inside = bool(context.parts) and "、" in (phrase.after, phrase.delimiter)
        if self.words.says("only_listed", name) and not (kind or phrase.followed or inside):
            return None
        lone_part = context.depth and whole is not None and whole.measure == BY_CATEGORY and not context.parts
        if lone_part and not phrase.followed:
            return None
        torn = _TORN.match(name)
        if torn is not None:
            return self._doubt(self._make(BY_CATEGORY, phrase, category=name[torn.end() :]), "odd_kind")
        periodical = phrase.unit == "期" and name.startswith(("《", "“"))
        if _NO_NAME.search(name) or periodical:
            self._unplaced(phrase, "unread")
            return None
        fact = self._make(BY_CATEGORY, phrase, category=name)
        if _ODD_NAME.search(name) or len(name) > _LONG_NAME:
            return self._doubt(fact, "odd_kind")
        return fact

    def _name(self, phrase: Phrase, text: str, context: Context) -> str:
        """The category as printed; a verb goes before the first of a list, or before each clause's own."""
        opens = not context.parts and not context.loose
        if opens and (after := _OPENS.sub("", text)).strip(EDGE):
            text = after
        name = _LEADING.sub("", (self.own.sub("", text, count=1) if opens else text).strip(EDGE)).strip(EDGE)
        if opens or phrase.after in ("，", ",", "；", ";", ""):
            name = _LEADING.sub("", _VERB.sub("", name))
        name = _TRAILING.sub("", name).strip(EDGE)
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

    def _telling_name(self, before: str) -> str | None:
        """An account that needs no channel word: “渔洞发布”136条."""
        quoted = re.fullmatch(r"[^“”]*[“\"]([^”\"]{2,12})[”\"](.*)", before)
        if quoted and self.words.says("account", quoted[1]) and not self.words.bare_object(quoted[2]):
            return quoted[1]
        return None
