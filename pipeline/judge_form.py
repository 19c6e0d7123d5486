"""Rules on the document itself: form of the year, sections, dates, who speaks, wording."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import groupby

from pipeline.case import Case, Judge, unknown, verdict
from pipeline.catalogue import Rule
from pipeline.layouts import NARRATIVE
from pipeline.model import Finding

_NOTICE = re.compile(r"国办(公开办)?\s*([函涵])?\s*[〔\[(（【]?\s*(20\d\d)\s*[〕\])）】]?\s*(\d+)\s*号")
_NOTICES = {("2019", "60"), ("2021", "30")}
_PERIOD = re.compile(
    r"(20\d\d)年(\d{1,2})月(\d{1,2})日(?:起)?\s*(?:至|到|—|–|-|－|~)+\s*(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日"
)
_POSTCODE = re.compile(r"邮(?:政)?编(?:码)?\s*[：:]?\s*(\d+)")
_PHONE = re.compile(r"(?:电话|传真)(?:号码)?\s*[：:]\s*([\d（）()\-—－ 、/]{5,40})")
_WHOLE_PHONE = re.compile(r"(?:\(?0\d{2,3}\)?-?)?\d{7,8}|1\d{10}|12345|400-?\d{3}-?\d{4}")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<![\d-])1[3-9]\d{9}(?!\d)")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_NAMED = re.compile(
    rf"(?:申请人|村民|居民|群众|市民|公民)(?:为|系|是|：|:)?([{_SURNAMES}](?:某某?|[\u4e00-\u9fff]{{1,2}}?))(?=申请|提出|要求|递交|提交|、|，|（|\(|等|向|与|和|于|通过|询问|来|咨询)"
)
_ENOUGH_WORDS = 60
_MIGRATED = dt.timedelta(days=400)


def _template(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-TEMPLATE: the form printed against the form that the year demands."""
    layout, year = case.catalogue.layouts[case.report.layout], case.report.year
    if case.report.layout == NARRATIVE or year is None:
        yield from unknown(rule, "没有表格或年份", "No table or no year")
        return
    right = (layout.first_year or year) <= year <= (layout.last_year or year)
    yield verdict(
        rule,
        not right,
        (f"{year}年度用的是{layout.label_zh}", f"{year} is reported on the {layout.label_en}"),
    )


def _sections(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-SECTIONS: six headings, in order, once each."""
    wanted = [section.section for section in case.catalogue.sections]
    order = [name for name, _ in groupby(case.sections.order)]
    missing = [name for name in wanted if name not in order]
    broken = order != wanted
    said = (
        f"缺第{'、'.join(missing)}部分"
        if missing
        else "次序为" + "、".join(order)
        if broken
        else "六个部分齐全"
    )
    yield verdict(
        rule,
        broken,
        (said, f"{6 - len(missing)} of 6 sections, order {'wrong' if broken and not missing else 'kept'}"),
    )


def _organ(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-ORGAN: one body throughout; 我局 is not a township speaking."""
    names = case.identity.names
    own = _own_names(case)
    others = {source: name for source, name in names.items() if name not in own}
    voice = case.is_township and case.words.says("other_voice", case.sections.prose)
    strangers = _neighbours_named(case, own) if case.is_township else []
    if not names:
        yield from unknown(rule, "没有读出机构", "No body was read")
        return
    said = [f"{_SOURCES[source]}写的是{name}" for source, name in others.items()]
    said += ["文中有“我局”一类部门口吻"] * voice + [f"文中以{name}自称" for name in strangers]
    message = (
        "；".join(said) or f"全文为{names[min(names)]}",
        "Another body is named or speaks" if said else "One body throughout",
    )
    yield verdict(rule, bool(said), message)


_SOURCES = {"title": "标题", "metadata": "发文机构", "text": "正文", "file": "文件名", "period": "统计期限"}


def _own_names(case: Case) -> set[str]:
    body = case.body
    if body is None:
        return {case.report.body or ""}
    chain = [
        body,
        *(
            b
            for b in case.catalogue.bodies.values()
            if b.predecessor == body.body_id or b.body_id == body.predecessor
        ),
    ]
    return {name for b in chain for name in (b.name, b.full_name, *b.aliases)}


def _neighbours_named(case: Case, own: set[str]) -> list[str]:
    """Other bodies of the county that the prose speaks of as the subject of its own work."""
    prose = case.sections.prose
    county = case.body.county if case.body else None
    names = [
        b.name
        for b in case.catalogue.bodies.values()
        if b.county == county and b.name not in own and b.name in prose
    ]
    return [
        name
        for name in names
        if re.search(
            f"(?:^|[，。；\\n])(?:现将|下一步，?)?{name}(?:人民政府|办事处)?(?!的|、|和|与|等|交界|接壤|[\u4e00-\u9fff]{{0,4}}(?:村|社区))",
            prose,
        )
        and not any(name in mine for mine in own)
    ]


def _year(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-YEAR: title, period and file name name one year; the period is the calendar year."""
    year = case.report.year
    claims = {source: y for source, y in case.identity.years.items() if source in ("title", "period", "file")}
    opening = re.match(r"\s*(20\d\d)年(?:度|以来|来|，|,|我)", case.sections.texts.get("一", ""))
    if opening:
        claims["text"] = int(opening[1])
    if year is None or not claims:
        yield from unknown(rule, "没有年份", "No year")
        return
    said = [f"{_SOURCES[source]}为{y}年" for source, y in claims.items() if y != year]
    period = _PERIOD.search(case.sections.prose)
    if period and "统计" in case.sections.prose[max(0, period.start() - 60) : period.end() + 30]:
        dates = (
            int(period[1]),
            int(period[4] or period[1]),
            int(period[2]),
            int(period[3]),
            int(period[5]),
            int(period[6]),
        )
        if dates != (year, year, 1, 1, 12, 31):
            said.append(f"统计期限为“{period[0]}”")
    message = (
        f"报告年份 {year}；" + ("；".join(said) or "各处一致"),
        f"Reporting year {year}; {'sources differ' if said else 'agreed'}",
    )
    yield verdict(rule, bool(said), message)


def _notice(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-REF: 国办公开办函〔2019〕60号 and 〔2021〕30号 are the two notices there are."""
    cited = _NOTICE.finditer(case.sections.prose)
    found = [m for m in cited if m[1] or (m[3], m[4]) in _NOTICES]
    if not found:
        yield from unknown(rule, "没有引用格式通知", "The notice is not cited")
        return
    wrong = [m[0] for m in found if not m[1] or m[2] != "函" or (m[3], m[4]) not in _NOTICES]
    message = (
        f"引用的文号有误：{'、'.join(wrong)}" if wrong else "文号无误",
        "The notice is cited wrongly" if wrong else "The notice exists",
    )
    yield verdict(rule, bool(wrong), message)


def _dates(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-LATE, F-EARLY, F-REUP: the date of publication against the limit and the end of the year."""
    year, published = case.report.year, case.report.published
    limit = case.catalogue.limit_of(case.body.kind if case.body else None, year) if year is not None else None
    if year is None or published is None or (rule.rule == "F-LATE" and limit is None):
        yield from unknown(rule, "没有公布日期、年份或限期", "No date of publication, no year or no limit")
        return
    places = [case.identity.published_place] if case.identity.published_place else []
    if rule.rule == "F-LATE" and limit is not None:
        how = (
            ("是限期当天", "on the last day of the limit")
            if published == limit
            else ("在限期内", "within the limit")
        )
        late = published > limit
        message = (
            f"{published} 公布，惯例限期 {limit}，{'迟于限期' if late else how[0]}",
            f"Published {published}, commonly applied limit {limit}: {'late' if late else how[1]}",
        )
        yield verdict(rule, late, message, places)
        return
    end = dt.date(year, 12, 31)
    day = dt.date.fromisoformat(published)
    broken = day <= end if rule.rule == "F-EARLY" else day - end >= _MIGRATED
    wrong = ("早于统计期限结束，数据不可能完整", "before the year had ended") if rule.rule == "F-EARLY" else (
        "距年度结束超过400天，疑为网站迁移日期", "more than 400 days after the year: perhaps a migrated page",
    )  # fmt: skip
    said = wrong if broken else ("在统计期限结束之后", "after the year had ended")
    yield verdict(rule, broken, (f"{published} 公布，{said[0]}", f"Published {published}, {said[1]}"), places)


def _problem(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-PROBLEM: section five names a problem and a measure, in more than sixty characters."""
    text = case.sections.texts.get("五")
    if text is None:
        yield from unknown(rule, "没有第五部分", "There is no section 5")
        return
    bare = re.sub(r"\s", "", text)
    lacks = [
        word
        for word, missing in (
            (f"不足{_ENOUGH_WORDS}字", len(bare) < _ENOUGH_WORDS),
            ("未见问题", not case.words.says("problems_said", bare)),
            ("未见措施", not case.words.says("measures_said", bare)),
        )
        if missing
    ]
    message = (
        "第五部分" + ("、".join(lacks) or "有问题、有措施"),
        "Section 5 is thin" if lacks else "Section 5 names problems and measures",
    )
    yield verdict(rule, bool(lacks), message)


def _contact(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-CONTACT: six digits of postal code, a telephone number that can be dialled."""
    text = "\n".join(text for _, text in case.paragraphs)
    codes = [m[1] for m in _POSTCODE.finditer(text)]
    phones = [re.sub(r"[\s（(]|[)）](?=$)", "", p).replace("）", "-").replace(")", "-").replace("—", "-").replace("－", "-")
              for m in _PHONE.finditer(text) for p in re.split("[、/]", m[1]) if p.strip()]  # fmt: skip
    if not codes and not phones:
        yield from unknown(rule, "没有邮编或电话", "No postal code or telephone")
        return
    wrong = [code for code in codes if len(code) != 6]
    wrong += [phone for phone in phones if not _WHOLE_PHONE.fullmatch(phone.strip("- "))]
    message = (
        f"不完整：{'、'.join(wrong)}" if wrong else "邮编、电话完整",
        "Incomplete" if wrong else "Complete",
    )
    yield verdict(rule, bool(wrong), message)


def _fee(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-FEE: section six of the 2021 form speaks of the processing fee."""
    text = case.sections.texts.get("六")
    if text is None:
        yield from unknown(rule, "没有第六部分", "There is no section 6")
        return
    said = case.words.says("fee_said", text)
    yield verdict(
        rule,
        not said,
        (
            "第六部分说明了信息处理费" if said else "第六部分未见信息处理费",
            "Stated" if said else "Not stated",
        ),
    )


def _privacy(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-PRIVACY: identity numbers, mobile numbers, named applicants. The numbers are not repeated here."""
    prose = case.sections.prose
    named = [m[1] for m in _NAMED.finditer(prose) if "某" not in m[1]]
    count = len(_IDENTITY.findall(prose)) + len(_MOBILE.findall(prose)) + len(named)
    message = (
        f"文中有 {count} 处个人信息，公开前应隐去" if count else "未见个人信息",
        f"{count} items of personal data" if count else "None seen",
    )
    yield verdict(rule, count > 0, message)


def _misplaced(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-MISPLACED: a cumulative total beside the year's, or disclosure counted under requests."""
    said = [
        f"累计数：{sentence.strip()[:40]}"
        for sentence in re.split("[。；\n]", case.sections.prose)
        if _COUNTED.search(sentence)
        and re.search("公开|发布|信息", sentence)
        and case.words.says("cumulative", sentence)
    ]
    said += [
        f"公开数 {fact.raw_text} 写在依申请公开部分"
        for fact in case.telling.facts
        if fact.measure == "items_disclosed" and "依申请" in _subheading(case, fact.locator)
    ]
    yield verdict(
        rule,
        bool(said),
        ("；".join(said) or "各数各在其位", "A figure is out of place" if said else "All in place"),
    )


_COUNTED = re.compile(r"\d+\s*余?(?:条|篇|件)")
_SUBHEADING = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]+[)）]|\d[.、．])\s*(.{2,20}?)(?:方面|情况|工作)?(?:[。：:，]|$)"
)


def _subheading(case: Case, locator: str) -> str:
    """The subheading a place stands under, its own paragraph's opening included."""
    block = int(re.sub(r"\D.*", "", locator[1:]))
    found = ""
    for number, text in case.paragraphs:
        if number > block:
            break
        opened = _SUBHEADING.match(text)
        found = opened[1] if opened else found
    return found


def _slogans(rule: Rule, case: Case) -> Iterator[Finding]:
    """F-OLDTEXT: wording past its time, by the list of slogans.csv."""
    year = case.report.year
    if year is None:
        yield from unknown(rule, "没有年份", "No year")
        return
    old = [s.phrase for s in case.catalogue.slogans if s.phrase in case.sections.prose and year > s.last_year]
    yield verdict(
        rule,
        bool(old),
        (f"仍写“{'”“'.join(old)}”" if old else "没有过时的表述", "Outdated wording" if old else "None"),
    )


JUDGES: dict[str, Judge] = {
    "F-TEMPLATE": _template, "F-SECTIONS": _sections, "F-ORGAN": _organ, "F-YEAR": _year, "F-REF": _notice,
    "F-LATE": _dates, "F-EARLY": _dates, "F-REUP": _dates, "F-PROBLEM": _problem, "F-CONTACT": _contact,
    "F-FEE": _fee, "F-PRIVACY": _privacy, "F-MISPLACED": _misplaced, "F-OLDTEXT": _slogans,
}  # fmt: skip
