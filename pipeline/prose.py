"""Prose to facts: what a report's sentences state, each figure with its span.

A number's meaning is read from its own phrase, then from what governs it in the sentence: a total before
its parts, a channel before its counts. The wording lives in `prose.csv` and `channels.csv`; here is only
how phrases hang together.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.catalogue import Catalogue
from pipeline.issues import issue
from pipeline.labels import fold_signs
from pipeline.model import Document, Fact, Paragraph, Status
from pipeline.phrases import ITEM_UNITS, Phrase, numbers_in, phrases, sentences, squeeze
from pipeline.prose_items import Items
from pipeline.prose_measures import Measures
from pipeline.prose_said import Said
from pipeline.sections import section_of
from pipeline.telling import (
    ACCOUNT_AFTER,
    ALSO_IN_WORDS,
    BY_CATEGORY,
    BY_CHANNEL,
    EDGE,
    ORDINAL,
    PIECES,
    THIS_YEAR,
    TOTAL,
    VERBS,
    WEAK,
    YEAR,
    Context,
    PartList,
    Telling,
    untitled,
)

_FROM = ("由", "从", "由原来的", "从原来的")
_GOES_ON = "；;，,、：:"
_TOPICS = (("interpretations", re.compile("解读")), ("items_forwarded", re.compile("转载|转发")))
_NAMES_ON = re.compile("(?![度，,]?(?:[我本全]|共|累计|主动|公开|发布|新增|为|，))")
_BY_KIND = re.compile("按.{0,6}(?:内容|类别|类型|种类|栏目|事项)|从.{0,6}(?:内容|类别|类型)")
_KINDS_OF = re.compile("(?:类别|分类|种类|类型)(?:分别|主要)?(?:为|是|有|如下)?$")
_ASPECT = re.compile(r"^\s*[（(][一二三四五六七八九][)）]")
_CARRIES_ON = re.compile(
    r"^\s*(?:其中|包括|具体|分别|主要|涉及|分|内容|按(?!时|期|要求|规定|照.{0,12}(?:部署|要求|规定|精神))|从(?!.{0,20}(?:网站?|平台|号)[”』」）]?来?看))"
)
_REQUESTS = re.compile(
    "申请|办理结果|处理结果|处理情况|答复情况|本机关不掌握|(?:部分公开|无法提供|不予处理|不予公开|予以公开|同意公开).*(?:部分公开|无法提供|不予处理|不予公开|予以公开)"
)
_PUBLISHED_AT = re.compile(
    "(?P<all>均|全部|都|悉数)?(?:在|于|经|通过|(?:发布|刊登|刊发|发表|登载|投放|上传|推送|公开)(?:于|在|至|到))"
)
# 公开信息106条，通过显示屏、广播公开411条: what names only a means leads up to the next number.
_MEANS_OF_NEXT = ("通过", "经", "于", "在")
_KIND_FIRST = re.compile(r"^\s*([\u4e00-\u9fff、]{2,14}?)(\d+)[条篇][；;，,、]")
_NOT_KINDS = ("clutter", "other_business", "never", "never_work", "not_category")
_OF_DISCLOSED = re.compile(
    r"(?:^|[：:，,])\s*(?:[（(][一二三四五六][)）])?在?(?:(?:19|20)\d\d年度?|本年度?|今年|全年)?(?:已)?(?:主动)?公开的(?:政府)?信息[中里]"
)
_NEW_OF_STOCK = re.compile(
    "(?:其中)?[，,]?(?:今年|本年度?|当年|20\\d\\d年度?)?(?:新增|新公开|(?<=年)更新|(?<=年度)更新)(?:了|的|公开|发布|主动公开|政府信息|信息)*"
)
_LEVELS = re.compile("[省市州县区旗乡镇]级?")
_OWN_YEAR = re.compile("(?:其中)?[，,]?(?:今年|本年度?|当年|20\\d\\d年度?)")
_CUMULATIVE = re.compile("^(?!.*(?:全年|年度共|一年来)).*(?:累计|截[至止])")
_IN_FORM = re.compile("(?:采用|采取|运用|以|用)?.{0,16}等?(?:形式|方式)$|^(?:全年|年内|本年度?|累计|共)+$")
_REFUSED = ("never", "never_work", "clutter", "other_business", "claim", "planned")
_MATTERS = re.compile(
    "(?<![应拟须需可当])主动公开(?:的)?(?:各类|各项)?(?:政府|政务)?(?:信息|事项)(?:总数|数量|数|共计|合计|累计|总计|共|计|达|为|有|约|近)*$"
)
_OWN_LISTS = frozenset(("interpretations", "items_forwarded"))
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_MARKS = str.maketrans({";": "；", ":": "："})


class _Reader(Measures, Items, Said):
    """Reads the paragraphs of one report in order and collects what they tell."""

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

    def _sentence(self, text: str, start: int, end: int, carried: Context | None) -> Context:
        said, self.began = text[start:end], start
        self._zeros(said, start)
        context = self._carried(carried, said, text[start - 1 : start] if start else self.ended)
        self._name_channels(said, start, whole=start == 0 and end == len(text))
        context.requests = context.requests or _REQUESTS.search(said) is not None
        numbers = list(numbers_in(text, start, end))
        if not numbers:
            self._heading(said, context)
            return context
        planned = self.words.search("planned", said)
        self.planned_from = start + planned.end() if planned else len(text)
        cut = phrases(text, start, end, numbers)
        for phrase, following in pairwise(cut):
            # A channel's list of parts ends where the next channel or the sum begins.
            if not phrase.followed:
                continue
            left = following.left
            turns = self.words.channels_in(left) or self.words.says("sum", left + "#")
            turns = turns or (VERBS.search(left) is not None and not self.words.bare(left))
            phrase.followed = not turns
        for phrase in cut:
            self._phrase(phrase, context, said)
        self._close(context)
        return context

    def _carried(self, carried: Context | None, said: str, before: str) -> Context:
        """What the sentence before leaves standing: a list that goes on, a heading that names a channel."""
        total = self._total_told() if _OF_DISCLOSED.search(said[:48]) else None
        if total is not None:
            return Context(whole=total, total=total, closed=True)
        if carried is None:
            return Context()
        goes_on = before in _GOES_ON and before != ""
        if goes_on or (
            carried.whole is not None and (_CARRIES_ON.match(said) or self._lists_on(carried, said))
        ):
            carried.muted = carried.muted and goes_on
            carried.go_on(verb=goes_on and carried.verb)
            return carried
        self._let_go(carried)
        return Context(
            channel=carried.channel if carried.in_list else None,
            requests=carried.requests and not _ASPECT.match(said),
            asked=carried.requests and carried.in_list,
        )

    def _lists_on(self, carried: Context, said: str) -> bool:
        """A list of kinds after a full stop, without 其中: 共公开信息70条。概况信息2条；工作动态29条."""
        whole, first = carried.whole, _KIND_FIRST.match(said)
        if whole is None or first is None or whole.measure not in (TOTAL, BY_CHANNEL) or carried.parts:
            return False
        name, words = first[1], self.words
        if int(first[2]) > (whole.value or 0) or any(words.says(r, name + "#") for r in _NOT_KINDS):
            return False
        return not self.words.channels_in(name) and VERBS.search(name[:4]) is None and bool(self._bare(name))

    def _heading(self, said: str, context: Context) -> None:
        """A short sentence without a number may head what follows: 二是政府网站。（二）依申请公开。"""
        context.in_list = len(said) <= 24
        found = self.words.channels_in(said)
        # 二是政府网站。 heads a list; 积极向县级融媒体供稿 does not.
        heads = found and context.in_list and len(self._bare_after(said[: found[-1][1]])) <= ORDINAL
        context.channel = (found[-1][0], self._account(said, found[-1])) if heads else None
        context.requests = "申请" in said or (context.requests and not _ASPECT.match(said))

    def _let_go(self, context: Context) -> None:
        """Categories of no total count only together: one alone is as likely something else."""
        if context.loose:
            self._fold_loose(context, None)

    def _phrase(self, phrase: Phrase, context: Context, said: str) -> None:
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
        context.verb = context.verb or VERBS.search(self.words.plain(phrase.left)) is not None
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

    def _net(self, phrase: Phrase, context: Context) -> None:
        """A count of pieces of information that no rule took and none refused is said to be left over."""
        if phrase.unit not in PIECES or context.other_year or context.muted or context.requests:
            return
        if self.section not in ("", "一") or self._has_issue(phrase):
            return
        said = phrase.before + phrase.right
        looks = "信息" in said or VERBS.search(self.words.plain(phrase.before)) is not None
        refused = self.words.says("not_category", phrase.before.strip(EDGE)) or any(
            self.words.says(role, f"{phrase.before}#{phrase.unit}{phrase.right[:12]}") for role in _REFUSED
        )
        if looks and not refused and not (context.whole is not None and context.whole.measure in _OWN_LISTS):
            self._unplaced(phrase, "unread")

    def _has_issue(self, phrase: Phrase) -> bool:
        assert phrase.number is not None  # noqa: S101
        place, _ = self._place(phrase.number.start, phrase.number.end)
        return any(known.locator == place for known in self.telling.issues[-3:])

    def _set_year(self, phrase: Phrase, context: Context) -> None:
        """The year a figure is of: named before it, unless it is part of a category's name (2024年财政决算)."""
        if context.other_year and THIS_YEAR.search(phrase.left):
            context.other_year = False
        years = [(int(found[1]), found.end()) for found in YEAR.finditer(untitled(phrase.left))]
        if not years or self.year is None:
            return
        named, at = years[-1]
        name = phrase.left[at:]
        part = context.whole is not None and phrase.number is not None
        in_name = part and _NAMES_ON.match(name) is not None and bool(self.words.bare(name))
        if not in_name:
            context.other_year = named != self.year

    def _enter_depth(self, phrase: Phrase, context: Context) -> None:
        """Brackets open a list of their own under the figure before them."""
        while context.depth < phrase.depth:
            inner = context.last or context.whole
            context.outer.append(
                (context.whole, context.parts, context.closed, context.other_year, context.muted)
            )
            context.whole, context.parts, context.closed = inner, [], True
            context.depth += 1
        while context.depth > phrase.depth:
            self._leave_depth(context)

    def _leave_depth(self, context: Context) -> None:
        self._finish_list(context)
        context.whole, context.parts, context.closed, context.other_year, context.muted = context.outer.pop()
        context.depth -= 1

    def _govern(self, phrase: Phrase, context: Context) -> None:
        """A phrase that states nothing itself may name the channel of what follows."""
        found = self.words.channels_in(phrase.left)
        if phrase.number is None and phrase.delimiter in ("：", ":") and _KINDS_OF.search(phrase.left):
            # 在网站公开信息类别：政策文件4条，…: the numbers are of the kinds, none is the channel's own.
            context.in_list, context.channel, context.joint = True, None, []
            return
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
        ends_open = not ACCOUNT_AFTER.sub("", phrase.left[found[-1][2] :]).strip() and phrase.number is None
        listed = phrase.after == "、" and bool(context.joint)
        joined = listed or ends_open or phrase.delimiter == "、" or (bool(context.joint) and len(found) > 1)
        context.joint = [*context.joint, *channels] if joined else []
        context.channel = channels[-1]

    def _fact(self, phrase: Phrase, context: Context, said: str) -> Fact | None:
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
        other = other and not self._kind_of_business(phrase, context)
        if other or (words.says("other_business", phrase.right[:8]) and "公开" not in phrase.before):
            context.elsewhere = True
            return None
        if context.elsewhere and "信息" not in phrase.before:
            return None
        stands_alone = VERBS.search(phrase.before) is not None or bool(words.channels_in(phrase.before))
        if phrase.unit == "项" and _MATTERS.search(phrase.left) and self._total_told() is None:
            return self._doubt(self._make(TOTAL, phrase), "not_items")
        if phrase.unit not in ITEM_UNITS or (context.muted and not stands_alone):
            return None
        told_of = context.whole.measure if context.whole is not None else ""
        if told_of == "interpretations" and not stands_alone and "信息" not in phrase.shape:
            return None
        if self._is_new_of_stock(phrase, context) and (fact := self._new_of_stock(phrase, context, said)):
            return fact
        fact = self._item(phrase, context)
        return self._told_after(phrase, fact, context)

    def _is_new_of_stock(self, phrase: Phrase, context: Context) -> bool:
        """今年新增31条, or in a clause that names the same channel: 其中本年度在县政府网站公开214条."""
        left = phrase.left.strip(EDGE)
        if _NEW_OF_STOCK.fullmatch(left):
            return True
        own, last, found = _OWN_YEAR.match(left), context.last, self.words.channels_in(left)
        if (
            own is None
            or last is None
            or last.measure not in (TOTAL, BY_CHANNEL)
            or VERBS.search(left) is None
        ):
            return False
        rest = left[own.end() :]
        for word in [left[a:b] for _, a, b in found]:
            rest = rest.replace(word, "", 1)
        return all(code == last.channel for code, _, _ in found) and not _LEVELS.sub("", self._bare(rest))

    def _kind_of_business(self, phrase: Phrase, context: Context) -> bool:
        """Whether 建议提案1条 is a kind of item: it stands inside a list of kinds and the whole has room for it."""
        whole, printed = context.whole, phrase.number
        if whole is None or printed is None or not context.parts or phrase.unit not in PIECES:
            return False
        room = (whole.value or 0) - sum(part.value or 0 for part in context.parts)
        named = self.words.search("kind_of_business", phrase.left.strip(EDGE)) is not None
        return named and whole.measure in (TOTAL, BY_CHANNEL) and printed.value <= room

    def _new_of_stock(self, phrase: Phrase, context: Context, said: str) -> Fact | None:
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

    def _told_after(self, phrase: Phrase, fact: Fact | None, context: Context) -> Fact | None:
        """The channel that a clause behind the figure names: 制作短视频23条，在抖音号发布."""
        where = _PUBLISHED_AT.match(phrase.then)
        found = self.words.channels_in(phrase.then)
        if where is None or len(found) != 1 or found[0][0] in WEAK:
            return fact
        if where[0] in _MEANS_OF_NEXT and VERBS.search(phrase.then) is None:
            return fact
        channel = (found[0][0], self._account(phrase.then, found[0]))
        if fact is None or fact.measure == BY_CATEGORY:
            return self._of_channels(phrase, [channel], context)
        if fact.measure == TOTAL and where["all"] and (own := self._of_channels(phrase, [channel], context)):
            self.telling.facts.append(own)
        return fact

    def _keep(self, fact: Fact, context: Context) -> None:
        context.last = fact
        if fact.measure == TOTAL:
            self._fold_loose(context, fact)
            self._finish_list(context)
            context.whole, context.total, context.parts, context.closed = fact, fact, [], False
        elif fact.measure == BY_CHANNEL:
            self._keep_channel(fact, context)
            if context.channel is not None and (context.depth or context.channel[0] != fact.channel):
                context.channel = None
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

    def _fold_loose(self, context: Context, whole: Fact | None) -> None:
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

    def _keep_channel(self, fact: Fact, context: Context) -> None:
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

    def _finish_list(self, context: Context) -> None:
        whole, parts = context.whole, context.parts
        if whole is not None and parts:
            known = next((known for known in self.telling.lists if known.whole is whole), None)
            if known is None:
                self.telling.lists.append(PartList(whole, list(parts), context.closed))
            else:
                known.parts += [part for part in parts if part not in known.parts]
        context.parts = []

    def _close(self, context: Context) -> None:
        while context.depth:
            self._leave_depth(context)
        whole, parts, closed = context.whole, context.parts, context.closed
        self._finish_list(context)
        context.whole, context.parts, context.closed = whole, list(parts), closed
        context.in_list = False

    def _drop_denials(self) -> None:
        """Where requests are counted, a denial in words is of other ones: 收到2件，没有申请被拖延."""
        if any(f.measure == ALSO_IN_WORDS and f.value for f in self.telling.facts):
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
        self.telling.claims += self.unopened.values()
        return self.telling


def _fullwidth(text: str) -> str:
    """The text with ASCII commas, semicolons and colons as Chinese ones, so that a pattern stops at both."""
    return _COMMA.sub("，", text).translate(_MARKS) if text.isascii() is False else text


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
