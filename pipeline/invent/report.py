"""Writes the report of one body and year: chooses what is stated and where, and the faults planted in it."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pipeline.invent.clerk import Clerk, Plan
from pipeline.invent.district import Happening, seeded
from pipeline.invent.shapes import Body, Draft, Layout, Table, Text, TruthFact
from pipeline.invent.stock import rows, sentences
from pipeline.invent.tables import Numbers, apply_habits, build_tables, numbers

_ORDER = (
    "website", "wechat", "video_account", "weibo", "toutiao", "douyin", "kuaishou", "board", "broadcast",
    "screen", "media",
)  # fmt: skip
_SOCIAL = ("wechat", "video_account", "weibo", "toutiao", "douyin", "kuaishou")
_SCHEMES = {
    "total_channels": 22, "overlap": 7, "total_categories": 14, "parts_total": 12, "channels_only": 10,
    "site_categories": 8, "class_social": 8, "spread": 8, "total": 9, "none": 4,
}  # fmt: skip
_HEADS = (
    ("（一）主动公开情况。", "（二）依申请公开情况。", "（三）政府信息管理情况。", "（四）政府信息公开平台建设情况。",
     "（五）监督保障情况。"),
    ("（一）主动公开方面", "（二）依申请公开方面", "（三）政府信息管理方面", "（四）平台建设方面：", "（五）监督管理方面"),
    ("一是主动公开。", "二是依申请公开。", "三是政府信息管理。", "四是平台建设。", "五是监督保障。"),
    ("1.主动公开。", "2.依申请公开。", "3.政府信息管理。", "4.政府信息公开平台建设。", "5.监督保障。"),
    ("", "", "", "", ""),
)  # fmt: skip
_NEW_SECTIONS = (
    ("一、总体情况", "一、总体情况", "一、概述"),
    ("二、主动公开政府信息情况",),
    ("三、收到和处理政府信息公开申请情况",),
    ("四、政府信息公开行政复议、行政诉讼情况", "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    (
        "五、存在的主要问题及改进情况",
        "五、存在的主要问题及改进情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
    ),
    ("六、其他需要报告的事项", "六、其他需要报告的事项", "六、其他需要报告事项"),
)
_ANYWHERE = {  # which slip a clerk may make, and how often beside the others
    "cat": 9, "two": 6, "jump": 4, "organ": 6, "year": 6, "problem": 6, "privacy": 2, "contact": 3, "copy": 14,
    "peer": 10,
}  # fmt: skip
_MODERN = {
    **_ANYWHERE, "ch_max": 4, "ch_low": 5, "pct": 4, "yoy": 6, "sections": 6, "ref": 5, "old": 3, "note": 3,
}  # fmt: skip
_FAULTS = {
    Layout.PRE2019: _ANYWHERE,
    Layout.NARRATIVE: {**_ANYWHERE, "ch_max": 4, "ch_low": 5, "pct": 4, "yoy": 4},
    Layout.F2019: {**_MODERN, "col": 6, "sum": 6, "bal": 8, "carry": 8, "zerotext": 5, "text": 6, "t4": 5,
                   "t4text": 4, "t2019": 8, "answered": 4, "outcome": 5, "neg": 2},
    Layout.F2021: {**_MODERN, "col": 6, "sum": 6, "bal": 8, "carry": 8, "zerotext": 5, "text": 6, "t4": 5,
                   "t4text": 4, "t2text": 4, "stock": 6, "rules": 4, "unit": 5, "answered": 4, "outcome": 5,
                   "neg": 2},
}  # fmt: skip


_EXTRA = (
    ("percent", 0.2), ("yoy", 0.3), ("last_total", 0.2), ("forwarded", 0.3), ("mention", 0.5), ("mention", 0.3),
    ("interpretations", 0.4), ("responses", 0.25), ("press", 0.3), ("distractor", 0.6), ("distractor", 0.4),
    ("distractor", 0.2), ("unopened", 0.12), ("leaflet", 0.15),
)  # fmt: skip
_STATED = {
    "interpretations": "interpretations", "responses": "responses_to_public_concern",
    "press": "press_conferences", "forwarded": "items_forwarded",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the report writer: layout, slips, and whose words are copied."""

    layout: Layout
    faults: frozenset[str] = frozenset()
    one_other_row: bool = False
    text_seed: str = ""
    last_total: int | None = None
    published: str | None = None
    other_body: str = ""
    unseen: bool = False


@dataclass(slots=True)
class Sheet:
    """A report in the making."""

    body: Body
    event: Happening
    order: Order
    seed: int
    plan: Plan
    clerk: Clerk
    blocks: list[Text | Table] = field(default_factory=list)
    quirks: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)

    def pick(self, *parts: object) -> random.Random:
        """A random source for wording: the same for reports that copy one another."""
        return seeded(self.seed, self.order.text_seed, *parts)

    def say(self, *topics: str) -> str:
        """Sentences of the topics, each from its own random source, joined."""
        found = []
        for topic in topics:
            before = sum(name.startswith(f"{topic}.") for name in self.clerk.used)
            self.clerk.pick = self.pick(topic, before)
            found.append(self.clerk.say(topic))
        return "".join(found)


def write_report(body: Body, event: Happening, order: Order, seed: int) -> Draft:
    """The report of a body on a year, in the ordered layout and with the ordered slips."""
    plan = _plan(body, event, order, seed)
    sheet = Sheet(body, event, order, seed, plan, Clerk(plan, seeded(seed, order.text_seed)))
    title = _title(sheet)
    sheet.blocks.append(Text(title, "title"))
    values = _slip_numbers(_values(sheet), order, seeded(seed, body.body_id, event.year, "slips"))
    tables = build_tables(order.layout, values)
    sheet.quirks += apply_habits(tables, seeded(seed, body.body_id, event.year, "habits"))
    if order.layout is Layout.PRE2019 or (order.layout is Layout.NARRATIVE and event.year < 2019):
        _old_text(sheet, tables)
    else:
        _new_text(sheet, tables)
    facts = _together([cell.fact for t in tables for cell in t.cells if cell.fact], sheet.clerk.facts, order)
    signed = f"{body.full_name}"
    return Draft(
        body, event.year, order.layout, title, sheet.blocks, order.published, None, signed, facts,
        quirks=sorted(set(sheet.quirks)), claims=sheet.clerk.claims, sections=sheet.sections,
    )  # fmt: skip


# ---- what is stated


def _plan(body: Body, event: Happening, order: Order, seed: int) -> Plan:
    pick = seeded(seed, order.text_seed, "plan")
    own = seeded(seed, body.body_id, event.year, "plan")
    channels = {code: event.channels[code] for code in _ORDER if code in event.channels}
    schemes = dict(_SCHEMES)
    if order.layout is Layout.PRE2019:
        schemes = {"total": 5, "total_channels": 3, "none": 2, "total_categories": 2}
    scheme = pick.choices(list(schemes), list(schemes.values()))[0]
    scheme = _scheme_for_faults(scheme, order)
    plan = Plan(_words(body, event.year, order, seed), frozenset(), figures=dict(_totals(event)))
    plan.unseen = order.unseen
    plan.numerals = pick.choices(("plain", "spaced", "chinese", "full", "comma"), (70, 12, 5, 6, 7))[0]
    _fill_scheme(plan, scheme, channels, event, pick, own)
    if order.layout is Layout.PRE2019:
        plan.total = event.items if plan.total is not None else None
        plan.vague = 0.0
    _slip_plan(plan, order, scheme, own)
    plan.last_total = order.last_total
    plan.flags = _flags(plan, event, order)
    plan.words["scheme"] = scheme
    return plan


def _scheme_for_faults(scheme: str, order: Order) -> str:
    if order.faults & {"cat"}:
        return "total_categories"
    if order.faults & {"ch_max", "ch_low", "pct"}:
        return "total_channels"
    if order.faults & {"two", "yoy", "jump"} and scheme in ("none", "channels_only"):
        return "total"
    return scheme


def _fill_scheme(
    plan: Plan,
    scheme: str,
    channels: dict[str, int],
    event: Happening,
    pick: random.Random,
    own: random.Random,
) -> None:
    most = {"total_categories": 0, "none": 0, "total": 0, "site_categories": 2}.get(
        scheme, pick.choice((2, 2, 3, 4, 5))
    )
    wanted = ["website", "wechat"] if scheme == "site_categories" else list(channels)
    chosen = {code: channels[code] for code in wanted if code in channels}
    if scheme == "class_social":
        plan.social = tuple(code for code in _SOCIAL if code in channels)
        if len(plan.social) < 2:
            scheme, plan.social = "total_channels", ()
    if scheme != "class_social":
        keep = [
            "website",
            *pick.sample(sorted(set(chosen) - {"website"}), max(0, min(len(chosen), most) - 1)),
        ]
        chosen = {code: count for code, count in chosen.items() if code in keep and most}
    else:
        chosen = {code: channels[code] for code in ("website", *plan.social)}
    plan.channels = chosen
    total = sum(chosen.values()) if chosen else event.items
    if scheme == "overlap":
        total = max(max(chosen.values()), round(total * own.uniform(0.6, 0.9)))
    plan.total = None if scheme in ("channels_only", "none") else total
    plan.closed_list = scheme in ("total_channels", "parts_total")
    if scheme in ("total_categories", "site_categories"):
        whole = total if scheme == "total_categories" else chosen["website"]
        plan.categories = _categories(whole, event.year, own)
        plan.category_unit = pick.choice(("条", "条", "条", "条", "篇", "件"))
    if scheme in ("channels_only", "spread", "total") and pick.random() < 0.45:
        plan.vague = 0.6
    plan.words["scheme_used"] = scheme


def _categories(whole: int, year: int, own: random.Random) -> list[tuple[str, int]]:
    """A whole split into named parts; the names are those of real reports."""
    flag = "old" if year < 2021 else "new"
    names = [row for row in rows("sentences/categories.csv") if row["kind"] in ("", flag)]
    count = min(own.choice((2, 3, 4, 5, 7, 9, 12)), max(1, whole // 2))
    chosen: dict[str, int] = {}
    for row in own.sample(names, count):
        if not any(row["category"][:2] == name[:2] for name in chosen):
            chosen[row["category"]] = int(row["weight"])
    last = own.choice([row["category"] for row in rows("sentences/categories.csv") if row["kind"] == "last"])
    weights = sum(chosen.values())
    parts = {name: max(1, int(whole * 0.9 * weight / weights)) for name, weight in chosen.items()}
    rest = whole - sum(parts.values())
    if rest <= 0:
        return [(last, whole)]
    return [*parts.items(), (last, rest)]


def _totals(event: Happening) -> dict[str, int]:
    found = {name: count for name, count in event.figures.items() if "/" not in name}
    for name, count in event.figures.items():
        if name.endswith("/total"):
            found[name.removesuffix("/total")] = count
    found["requests_received"] = event.figures.get("requests_received/total", 0)
    found["lawsuit_total"] = event.figures.get("lawsuit_direct_total", 0)
    found["reconsideration_total"] = event.figures.get("reconsideration_total", 0)
    found["processing_fee_cases"], found["processing_fee_charged"] = 1, 270
    return found


def _words(body: Body, year: int, order: Order, seed: int) -> dict[str, str]:
    own = seeded(seed, body.body_id, "words")
    short = body.name
    base = short[:2]
    notice = (
        "国办公开办函〔2021〕30号"
        if order.layout is Layout.F2021 or year >= 2021
        else "国办公开办函〔2019〕60号"
    )
    if order.layout is Layout.F2019:
        notice = "国办公开办函〔2019〕60号"
    if "ref" in order.faults:
        notice = own.choice(("国办公开办涵〔2022〕30号", "国办函〔2021〕30号", "国办公开办函〔2020〕60号"))
    zip_code = f"98{own.randint(1000, 9999)}"
    return {
        "we": own.choice((f"我{body.place}", f"我{body.place}", f"本{body.place}", short)),
        "short": short,
        "full": body.full_name,
        "county": body.county,
        "year": str(year),
        "last": str(year - 1),
        "py": str(year - 1 if "year" in order.faults else year),
        "head": {"镇": "镇长", "乡": "乡长", "县": "县长"}.get(body.place, "办事处主任"),
        "office": own.choice(("党政综合办公室", "党政办公室", "综合办公室")),
        "side": own.choice("东南西北"),
        "zip": zip_code[:5] if "contact" in order.faults else zip_code,
        "phone": f"0998-{own.randint(2100000, 8999999)}",
        "latin": "yunchuan",
        "acct": own.choice(("{}发布", "美丽{}", "魅力{}", "{}微讯", "云上{}", "{}风采")).format(base),
        "notice": notice,
        "other": order.other_body,
        "person": own.choice(("杨某顺", "李某芬", "赵某平")),
        "idnumber": f"98880119{own.randint(60, 99)}0{own.randint(1, 9)}1{own.randint(0, 9)}{own.randint(1000, 9999)}",
        "mobile": f"1990000{own.randint(1000, 9999)}",
    }


def _flags(plan: Plan, event: Happening, order: Order) -> frozenset[str]:
    flags = {"old" if event.year < 2019 else "new"}
    flags |= {f"has_{code}" for code in plan.channels} | {f"open_{code}" for code in event.accounts}
    if plan.last_total and plan.total and not plan.vague:
        flags.add("has_last_total")
    return frozenset(flags)


# ---- slips


def _slip_plan(plan: Plan, order: Order, scheme: str, own: random.Random) -> None:
    plan.wrong_percent, plan.wrong_growth = "pct" in order.faults, "yoy" in order.faults
    if "cat" in order.faults and plan.categories:
        spot = own.randrange(len(plan.categories))
        name, value = plan.categories[spot]
        plan.categories[spot] = name, value + own.choice((1, 1, 2, 3, 10))
    if plan.total is None:
        return
    if "jump" in order.faults:
        factor = own.choice((5, 7))
        plan.total *= factor
        plan.channels = {code: value * factor for code, value in plan.channels.items()}
        plan.categories = [(name, value * factor) for name, value in plan.categories]
    if "ch_max" in order.faults and plan.channels:
        code = max(plan.channels, key=lambda code: plan.channels[code])
        plan.channels[code] = plan.total * 3 + own.randint(1, 60)
    if "ch_low" in order.faults and len(plan.channels) >= 2:
        code = min(plan.channels, key=lambda code: plan.channels[code])
        plan.total += own.randint(5, 60)
    if "two" in order.faults:
        plan.second_total = plan.total + own.choice((-3, 3, 12, 450))


def _values(sheet: Sheet) -> Numbers:
    values = numbers(sheet.order.layout, sheet.event)
    if sheet.order.one_other_row:
        old = numbers(Layout.F2019, sheet.event)
        for place in [place for place in values if place[0].startswith("other_")]:
            del values[place]
        for place, value in old.items():
            if place[0] == "other_outcome":
                values[place] = value
    if sheet.order.layout is Layout.PRE2019 and sheet.plan.total is not None:
        values["items_disclosed", None, None] = sheet.plan.total
        for code in ("website", "wechat", "weibo"):
            if code in sheet.plan.channels:
                values["items_by_channel", None, code] = sheet.plan.channels[code]
    return values


def _slip_numbers(values: Numbers, order: Order, pick: random.Random) -> Numbers:
    """The figures with the ordered slips of arithmetic in them."""
    more = pick.choice((1, 1, 2))
    outcome = pick.choice(("granted", "granted_in_part", "unavailable_not_held"))
    who = pick.choice(("natural_person", "business"))
    both = ("natural_person", "total")
    dispute = pick.choice(("reconsideration_total", "lawsuit_direct_total"))
    rules = ("rules_issued", "rules_in_force", "rules_made", "rules_published", "rules_published_total")
    slips: dict[str, list[tuple[str, str | None, int]]] = {
        "col": [(name, "natural_person", more) for name in (outcome, "requests_closed", "requests_received")],
        "sum": [(outcome, one, more) for one in both],
        "bal": [("requests_received", one, more) for one in (who, "total")],
        "carry": [
            (name, one, more) for name in ("requests_carried_in", "requests_closed", outcome) for one in both
        ],
        "t4": [(dispute, None, more)],
        "stock": [("normative_in_force", None, pick.choice((2, 3, 5)))],
        "rules": [(name, None, 2) for name in rules],
        "t2019": [("normative_published", None, 4)],
        "neg": [("refused_by_law", "other", -1), ("refused_by_law", "total", -1)],
    }
    for name in sorted(order.faults & set(slips)):
        for measure, applicant, amount in slips[name]:
            if (measure, applicant, None) in values:
                values[measure, applicant, None] += amount
    if "unit" in order.faults and ("fee_income", None, None) in values:
        values["fee_income", None, None] = pick.choice((35000, 12800, 80500))
    return values


# ---- the text


def _title(sheet: Sheet) -> str:
    choices = rows("sentences/titles.csv")
    pick = seeded(sheet.seed, sheet.body.body_id, sheet.event.year, "title")
    row = pick.choices(choices, [int(row["weight"]) for row in choices])[0]
    wording = row["title"].replace("{county}", "") if sheet.body.kind == "county" else row["title"]
    text = sheet.clerk.words(wording)
    if "{short}" not in row["title"] and "{full}" not in row["title"]:
        sheet.quirks.append("title_without_body")
    return text


def _new_text(sheet: Sheet, tables: list[Table]) -> None:
    pick = sheet.pick("new")
    heads = [pick.choice(names) for names in _NEW_SECTIONS]
    style = pick.choices(_HEADS, (40, 20, 10, 12, 8))[0]
    if pick.random() < 0.8 or sheet.order.faults & {"year", "ref", "contact"}:
        sheet.clerk.plan.words["period"] = sheet.say("period")
        with_notice = sheet.order.faults & {"ref", "contact"}
        preface = sheet.clerk.write(sentences()["preface"][0].text) if with_notice else sheet.say("preface")
        sheet.blocks.append(Text(preface))
    one = _overall(sheet, style)
    dropped = pick.choice((1, 4, 5)) if "sections" in sheet.order.faults else -1
    gone = {1: 5, 4: 4, 5: 5}.get(dropped, -1)
    essay = not tables and pick.random() < 0.3
    sheet.quirks += ["essay"] * essay
    for number, head in enumerate(heads):
        if number == gone:
            continue
        if not essay:
            sheet.blocks.append(Text(head, "heading"))
        if number == 0:
            sheet.blocks += [Text(text) for text in one]
        elif number < 4 and tables:
            sheet.blocks.append(tables[number - 1])
        elif number < 4:
            sheet.blocks.append(Text(_without_table(sheet, number)))
        elif number == 4:
            sheet.blocks += [Text(text) for text in _problems(sheet)]
        else:
            sheet.sections["六"] = _others(sheet)
            sheet.blocks.append(Text(sheet.sections["六"]))
    sheet.sections["一"] = "\n".join(one)
    sheet.sections["heads"] = "|".join(head[0] for number, head in enumerate(heads) if number != gone)
    if essay:  # without headings nobody can say where section five begins
        sheet.sections |= {"heads": "", "五": ""}


def _overall(sheet: Sheet, style: tuple[str, ...]) -> list[str]:
    """Section one: a summary and the five aspects."""
    first = sheet.say("summary")
    if "old" in sheet.order.faults:
        first += sheet.clerk.write(_fault_text("old_slogan"))
    if "organ" in sheet.order.faults:
        first += sheet.clerk.write(_fault_text(sheet.pick("organ").choice(("organ_we", "organ_other"))))
    disclosure = _disclosure(sheet)
    rest = {1: _requests(sheet), 2: _management(sheet), 3: _platform(sheet), 4: _supervision(sheet)}
    texts = [first]
    for number, text in {0: disclosure, **rest}.items():
        own_line = style[number] and style[number][-1] not in "。"
        texts += [style[number], text] if own_line else [style[number] + text]
    return [text for text in texts if text]


def _disclosure(sheet: Sheet) -> str:
    plan, pick = sheet.plan, sheet.pick("disclosure")
    scheme = plan.words["scheme_used"]
    text = {
        "total_channels": ("total_channels",),
        "overlap": ("total", "channels_only"),
        "total_categories": ("total_categories",),
        "parts_total": ("parts_total",),
        "channels_only": ("channels_only",),
        "site_categories": ("total", "site_categories", "wechat"),
        "class_social": ("total", "website", "class_social"),
        "spread": ("total",),
        "total": ("total",),
        "none": ("mention",),
    }[scheme]
    said = sheet.say(*text)
    if scheme == "total_categories":
        sheet.clerk.claims.append({"kind": "categories", "channel": None})
    if scheme == "site_categories":
        sheet.clerk.claims.append({"kind": "categories", "channel": "website"})
    extra = [topic for topic, chance in _EXTRA if pick.random() < chance]
    if not plan.closed_list and "percent" in extra:
        extra.remove("percent")
    extra += ["percent"] * (plan.wrong_percent and "percent" not in extra)
    extra += ["yoy"] * (plan.wrong_growth and "yoy" not in extra)
    extra += ["second_total"] * (plan.second_total is not None)
    if "has_last_total" not in plan.flags:
        extra = [name for name in extra if name not in ("yoy", "last_total")]
    elif "yoy" in extra and "last_total" in extra:
        extra.remove("last_total")
    extra = [name for name in extra if _stated(plan, name)]
    sheet.quirks += [f"prose:{scheme}"] + (["unopened"] if "unopened" in extra else [])
    return said + sheet.say(*extra)


def _stated(plan: Plan, topic: str) -> bool:
    """Clerks write of what was done, not of zero interpretations."""
    measure = _STATED.get(topic)
    return measure is None or plan.figures[measure] > 0


def _requests(sheet: Sheet) -> str:
    received = sheet.plan.figures["requests_received"]
    faults = sheet.order.faults
    says_zero = received == 0
    if "zerotext" in faults:
        says_zero = received > 0
        sheet.plan.figures["requests_received"] = received or 2
    elif "text" in faults and received:
        sheet.plan.figures["requests_received"] = received + 3
    if says_zero:
        text = sheet.say("requests_zero")
        sheet.clerk.facts.append(
            TruthFact("requests_received", value=0, unit="件", raw_text=text, source="prose")
        )
        if "note" in faults:
            text += sheet.say("note_zero")
    else:
        text = sheet.say("requests_some")
        told = sheet.pick("told").random() < 0.4 or "outcome" in faults
        if told and sheet.order.layout in (Layout.F2019, Layout.F2021):
            text += _outcomes(sheet)
        if "answered" in faults:
            text += sheet.say("answered_all")
    if "privacy" in faults:
        text += sheet.clerk.write(_fault_text("privacy"))
    return text


def _management(sheet: Sheet) -> str:
    pick = sheet.pick("management")
    topics = ["management"] * pick.choice((1, 1, 2))
    if sheet.plan.words["scheme_used"] == "spread":
        topics.append("spread")
    if pick.random() < 0.2 and sheet.plan.figures["staff_full_time"]:
        topics.append("staff")
    if pick.random() < 0.3:
        topics.append("distractor")
    if sheet.order.layout is Layout.F2021 and (pick.random() < 0.2 or "t2text" in sheet.order.faults):
        topics.append("normative")
        sheet.plan.figures["normative_issued"] += "t2text" in sheet.order.faults
    return sheet.say(*topics)


def _platform(sheet: Sheet) -> str:
    pick = sheet.pick("platform")
    topics = []
    if sheet.plan.words["scheme_used"] == "spread":
        topics += ["website", "wechat"]
    topics += ["platform"] * pick.choice((1, 1, 2))
    if pick.random() < 0.25:
        topics.append("points")
    if pick.random() < 0.3:
        topics.append("mention")
    return sheet.say(*topics)


def _supervision(sheet: Sheet) -> str:
    pick = sheet.pick("supervision")
    topics = ["supervision"]
    if pick.random() < 0.35:
        topics.append("training")
    if pick.random() < 0.3:
        topics.append("meetings")
    if pick.random() < 0.2:
        topics.append("other_meetings")
    text = sheet.say(*topics)
    disputes = sheet.plan.figures["reconsideration_total"] + sheet.plan.figures["lawsuit_total"]
    if (disputes == 0 and pick.random() < 0.4) or "t4text" in sheet.order.faults:
        text += _no_disputes(sheet)
    return text


def _no_disputes(sheet: Sheet) -> str:
    text = sheet.say("disputes_zero")
    needed = sheet.order.layout is Layout.NARRATIVE and "0件" in text
    for measure in ("reconsideration_total", "lawsuit_total"):
        if not any(fact.measure == measure for fact in sheet.clerk.facts):
            sheet.clerk.facts.append(
                TruthFact(measure, value=0, unit="件", raw_text=text, optional=not needed)
            )
    sheet.clerk.claims.append({"kind": "no_disputes"})
    return text


def _without_table(sheet: Sheet, number: int) -> str:
    if number == 2:
        return _outcomes(sheet) or "详见总体情况。"
    if number == 3:
        disputes = sheet.plan.figures["reconsideration_total"] + sheet.plan.figures["lawsuit_total"]
        if any(claim["kind"] == "no_disputes" for claim in sheet.clerk.claims):
            return "无。"
        return sheet.say("disputes_zero_number") if disputes else _no_disputes(sheet)
    return "本年度未制发规章和行政规范性文件，详见总体情况。" if number == 1 else "无。"


def _outcomes(sheet: Sheet) -> str:
    """The outcomes of the year's requests in words, where all of them are of a few common kinds."""
    labels = {
        "granted": "予以公开",
        "granted_in_part": "部分公开",
        "unavailable_not_held": "本机关不掌握相关政府信息",
    }
    figures = sheet.plan.figures
    found = [(name, label, figures.get(name, 0)) for name, label in labels.items() if figures.get(name, 0)]
    if not found or figures["requests_received"] == 0:
        return ""
    if "outcome" in sheet.order.faults:
        found[0] = (*found[0][:2], found[0][2] + 1)
    sheet.plan.outcomes = found
    return sheet.say("outcomes")


def _problems(sheet: Sheet) -> list[str]:
    if "problem" in sheet.order.faults:
        texts = [sheet.say(sheet.pick("problem").choice(("problem_none", "problem_only")))]
    else:
        texts = [sheet.say("problems"), sheet.say("measures")]
        sheet.clerk.claims.append({"kind": "measures"})
    sheet.sections["五"] = "\n".join(texts)
    return texts


def _others(sheet: Sheet) -> str:
    pick = sheet.pick("others")
    if sheet.event.year >= 2021 and sheet.plan.figures["requests_received"] > 9 and pick.random() < 0.5:
        return sheet.say("fee_some")
    if sheet.event.year >= 2021 and pick.random() < 0.7:
        text = sheet.say("fee_zero")
        sheet.clerk.facts.append(
            TruthFact(
                "processing_fee_charged", value=0, unit="元", raw_text=text, optional="信息处理费" not in text
            )
        )
        return text
    return sheet.say("nothing")


def _old_text(sheet: Sheet, tables: list[Table]) -> None:
    """The form of years before 2019: prose sections, and the annex table where there is one."""
    pick = sheet.pick("old")
    sheet.clerk.plan.words["period"] = sheet.say("period")
    sheet.blocks.append(Text(sheet.say("preface")))
    overall = sheet.say("summary")
    sections = [
        ("概述", overall + sheet.say("management") + _supervision(sheet)),
        ("主动公开政府信息情况", _disclosure(sheet)),
        ("依申请公开政府信息情况", _requests(sheet) + ("" if tables else _outcomes(sheet))),
        ("政府信息公开的收费及减免情况", _old_fee(sheet)),
        ("因政府信息公开申请行政复议、提起行政诉讼的情况", _without_table(sheet, 3)),
        ("存在的主要问题和改进措施", ""),
    ]
    if sheet.plan.words["scheme_used"] == "spread":
        sections[0] = sections[0][0], sections[0][1] + sheet.say("website", "wechat", "spread")
    if pick.random() < 0.5:
        sections[0] = sections[0][0], sections[0][1] + sheet.say("platform")
    for number, (head, text) in zip("一二三四五六", sections, strict=True):
        sheet.blocks.append(Text(f"{number}、{head}", "heading"))
        if text:
            sheet.blocks.append(Text(text))
        else:
            sheet.blocks += [Text(part) for part in _problems(sheet)]
    sheet.sections["一"] = "\n".join(text for _, text in sections[:3])
    if tables:
        sheet.blocks += [
            Text("附件：政府信息公开情况统计表", "heading"),
            Text(f"（{sheet.event.year}年度）", "sign"),
        ]
        sheet.blocks += list(tables)
        foot = "单位负责人：　　　　审核人：　　　　填报人：　　　　联系电话：{phone}　　　　填报日期：{year}年12月30日"
        sheet.blocks.append(Text(sheet.clerk.write(foot)))


def _old_fee(sheet: Sheet) -> str:
    text = sheet.say("fee_old")
    sheet.clerk.facts.append(
        TruthFact("processing_fee_charged", value=0, unit="元", raw_text=text, optional=True)
    )
    return text


def _fault_text(topic: str) -> str:
    return sentences()[topic][0].text


def _together(table: list[TruthFact], prose: list[TruthFact], order: Order) -> list[TruthFact]:
    """All facts of the report; the same figure stated twice counts once, a table's before a sentence's."""
    found = list(table)
    known = {fact.key: fact for fact in table}
    tabled = {fact.measure for fact in table}
    for fact in prose:
        before = known.get(fact.key)
        if before is not None and fact.value == before.value:
            continue  # the same figure stated twice
        extra = replace(fact)
        if before is not None or (fact.measure in tabled and fact.measure != "requests_received"):
            extra.optional = True
        if fact.status == "not_printed" and any(
            f.channel == fact.channel and f.value is not None for f in found
        ):
            continue
        found.append(extra)
        known.setdefault(extra.key, extra)
    return found


def publication(year: int, pick: random.Random, fault: str | None) -> str:
    """A day of publication: in time as a rule, late, early or reset by a migrated site on order."""
    if fault == "late":
        start = date(year + 1, 2, 1) if year >= 2019 else date(year + 1, 4, 1)
        return str(start + timedelta(days=pick.randint(1, 70)))
    if fault == "early":
        return str(date(year, 12, pick.randint(2, 31)))
    if fault == "reset":
        return str(date(year + 2, pick.randint(3, 11), pick.randint(1, 28)))
    if year < 2019:
        return str(date(year + 1, pick.randint(1, 3), pick.randint(3, 28)))
    return str(date(year + 1, 1, pick.randint(4, 31)))


FAULTS = _FAULTS
