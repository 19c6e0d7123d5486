"""Which faults really hold in a report: recomputed by brute force from the truth, whatever was planted.

`holds` lists faults a checker must find; `undecided` the rules on which a fair examiner stays silent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.invent.shapes import Draft, Layout, TruthFact
from pipeline.invent.stock import rows

_PARTS = tuple(row["applicant"] for row in rows("forms/applicants.csv"))[:-1]
_NOTICE = re.compile(r"国办[^〔]{1,6}〔\d{4}〕\d+号")
_RIGHT_NOTICE = {"国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号", "国办函〔2020〕109号"}


@dataclass(slots=True)
class Verdict:
    """The faults of one report."""

    holds: list[dict[str, str]] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)

    def add(self, rule: str, detail: str) -> None:
        """Notes a fault once per rule and detail."""
        if {"rule": rule, "detail": detail} not in self.holds:
            self.holds.append({"rule": rule, "detail": detail})


class Facts:
    """The facts of a report by place; None where a figure is missing or not exact enough to compute with."""

    def __init__(self, facts: Iterable[TruthFact]) -> None:
        self.all = list(facts)
        self._table = {(f.measure, f.applicant, f.channel): f for f in self.all if f.source == "table"}
        self._prose = [f for f in self.all if f.source == "prose"]

    def cell(self, measure: str, applicant: str | None = None) -> float | None:
        """A table's figure."""
        fact = self._table.get((measure, applicant, None))
        return None if fact is None or fact.status != "reported" else fact.value

    def has(self, measure: str) -> bool:
        """Whether a table prints the measure at all."""
        return any(place[0] == measure for place in self._table)

    def said(self, measure: str, channel: str | None = None) -> TruthFact | None:
        """The first figure of a measure in the prose, else in the table."""
        for fact in (*self._prose, *self._table.values()):
            stated = fact.value is not None and fact.applicant is None and not fact.optional
            if stated and (fact.measure, fact.channel, fact.category) == (measure, channel, None):
                return fact
        return None

    def listed(self, measure: str) -> list[TruthFact]:
        """All figures of a measure that have a value, in prose or table, one per channel or category."""
        return [f for f in self.all if f.measure == measure and f.value is not None]


def judge(draft: Draft, last: Draft | None, *, text: bool, others: Iterable[str]) -> Verdict:
    """The verdict on one report, beside the report of the year before (None where there is none).

    `text` is False where a document holds tables only; `others` are names of other bodies.
    """
    verdict, facts = Verdict(), Facts(draft.facts)
    if draft.layout in (Layout.F2019, Layout.F2021):
        _table_three(facts, verdict)
        _table_four(facts, verdict)
        _table_two(facts, verdict)
        _blanks(facts, verdict)
    _template(draft, verdict)
    _dates(draft, verdict)
    if text:
        _zero_text(facts, draft, verdict)
        _proactive(facts, draft, verdict)
        _form(draft, facts, verdict, list(others))
    else:
        verdict.undecided |= {"F-SECTIONS", "F-PROBLEM", "F-FEE", "F-COPY", "F-COPY-PEER"}
    if last is not None:
        _pairs(draft, facts, last, Facts(last.facts), verdict)
    return verdict


# ---- table three


def _outcomes(facts: Facts) -> list[str]:
    names = [row["measure"] for row in rows("forms/three.csv") if row["group"]]
    return [name for name in names if name != "requests_closed" and facts.has(name)]


def _total(values: Iterable[float | None]) -> float | None:
    found = list(values)
    return None if any(value is None for value in found) else sum(v for v in found if v is not None)


def _table_three(facts: Facts, verdict: Verdict) -> None:
    for row in rows("forms/three.csv"):
        measure = row["measure"]
        parts = _total(facts.cell(measure, who) for who in _PARTS)
        whole = facts.cell(measure, "total")
        if parts is not None and whole is not None and parts != whole:
            verdict.add("T3-COL", f"{measure}: {parts:g} != {whole:g}")
    for fact in facts.all:
        if fact.applicant and fact.value is not None and (fact.value < 0 or fact.value != int(fact.value)):
            verdict.add("T3-NEG", f"{fact.measure}/{fact.applicant}: {fact.value:g}")
    for who in (*_PARTS, "total"):
        outcomes = _total(facts.cell(name, who) for name in _outcomes(facts))
        closed = facts.cell("requests_closed", who)
        if outcomes is not None and closed is not None and outcomes != closed:
            verdict.add("T3-SUM", f"{who}: {outcomes:g} != {closed:g}")
        came = _total((facts.cell("requests_received", who), facts.cell("requests_carried_in", who)))
        left = _total((closed, facts.cell("requests_carried_out", who)))
        if came is not None and left is not None and came != left:
            verdict.add("T3-BAL", f"{who}: {came:g} != {left:g}")


def _blanks(facts: Facts, verdict: Verdict) -> None:
    requests = {row["measure"] for row in rows("forms/three.csv")}
    empty = [f for f in facts.all if f.source == "table" and f.status in ("blank", "dash")]
    inside = [f for f in empty if f.measure in requests]
    if inside:
        verdict.add("T3-BLANK", f"{len(inside)} cells")
    elif empty or any(fact.ambiguous or fact.inferred for fact in facts.all):
        verdict.undecided.add("T3-BLANK")


def _zero_text(facts: Facts, draft: Draft, verdict: Verdict) -> None:
    said = next(
        (f for f in facts.all if f.source == "prose" and f.key == ("requests_received", None, None, None)),
        None,
    )
    received, carried = facts.cell("requests_received", "total"), facts.cell("requests_carried_in", "total")
    if said is not None and said.value is not None and received is not None:
        if (said.value == 0) != (received == 0):
            verdict.add("T3-ZEROTEXT", f"text {said.value:g}, table {received:g}")
            verdict.undecided.add("T3-TEXT")
        elif said.value not in (received, received + (carried or 0)):
            verdict.add("T3-TEXT", f"text {said.value:g}, table {received:g}")
    _told(facts, verdict)
    words = "\n".join(draft.sections.values())
    open_ = facts.cell("requests_carried_out", "total")
    if open_ and re.search(r"均在法定期限内答复|均已按期答复，办结率100%|已全部按程序办理|已逐一答复", words):
        verdict.add("T3-ANSWERED", f"{open_:g} carried out")
    if said is not None and said.value == 0 and "均依法按时予以答复" in words:
        if carried:
            verdict.undecided.add("T3-NOTE")
        else:
            verdict.add("T3-NOTE", "zero requests, all answered in time")
    if any(claim["kind"] == "no_disputes" for claim in draft.claims):
        totals = [
            facts.cell(f"{name}_total")
            for name in ("reconsideration", "lawsuit_direct", "lawsuit_after_reconsideration")
        ]
        if any(totals):
            verdict.add("T4-TEXT", "text says none")


def _told(facts: Facts, verdict: Verdict) -> None:
    """Outcomes and normative documents in words against the tables."""
    outcomes = {row["measure"] for row in rows("forms/three.csv") if row["group"]}
    for fact in facts.all:
        if fact.source != "prose" or fact.value is None or fact.applicant is not None:
            continue
        if fact.measure in outcomes:
            table = facts.cell(fact.measure, "total")
            if table is not None and table != fact.value:
                verdict.add("T3-OUTCOME", f"{fact.measure}: text {fact.value:g}, table {table:g}")
        if fact.measure in ("normative_issued", "normative_repealed", "normative_in_force"):
            table = facts.cell(fact.measure)
            if table is not None and table != fact.value:
                verdict.add("T2-TEXT", f"{fact.measure}: text {fact.value:g}, table {table:g}")


# ---- tables four and two


def _table_four(facts: Facts, verdict: Verdict) -> None:
    for block in ("reconsideration", "lawsuit_direct", "lawsuit_after_reconsideration"):
        parts = _total(facts.cell(f"{block}_{name}") for name in ("upheld", "corrected", "other", "pending"))
        whole = facts.cell(f"{block}_total")
        if parts is not None and whole is not None and parts != whole:
            verdict.add("T4-SUM", f"{block}: {parts:g} != {whole:g}")
    verdict.undecided.add("T4-SCALE")


def _table_two(facts: Facts, verdict: Verdict) -> None:
    if any((facts.cell(name) or 0) > 0 for name in ("rules_issued", "rules_in_force")):
        verdict.add("T2-RULES", "rules in a township")
    if any(
        (facts.cell(name) or 0) > 0 for name in ("rules_made", "rules_published", "rules_published_total")
    ):
        verdict.undecided |= {"T2-RULES", "T2-2019"}
    for name in ("normative", "rules"):
        made, new, total = (facts.cell(f"{name}_{part}") for part in ("made", "published", "published_total"))
        if new is not None and ((total is not None and new > total) or (made is not None and made < new)):
            verdict.add("T2-2019", f"{name}: made {made}, published {new}, in total {total}")
    income = facts.cell("fee_income")
    if income is not None and income >= 10000:
        verdict.add("T2-UNIT", f"fee income {income:g} in 万元")


# ---- prose


def _proactive(facts: Facts, draft: Draft, verdict: Verdict) -> None:
    total = facts.said("items_disclosed")
    channels = [f for f in facts.listed("items_by_channel") if not f.optional]
    if len(channels) < len(facts.listed("items_by_channel")):
        # a reader may count what was handed out, or read a channel in the text beside the annex's
        verdict.undecided |= {"D-CH-MAX", "D-CH-LOW", "D-CH-OVER"}
    vague = [f for f in channels if f.bound != "exact"] + (
        [total] if total and total.bound != "exact" else []
    )
    _claims(facts, draft, total, verdict)
    if total is None or total.value is None or not channels:
        return
    if vague:
        verdict.undecided |= {"D-CH-MAX", "D-CH-LOW", "D-CH-OVER"}
        return
    highest, summed = max(f.value or 0 for f in channels), sum(f.value or 0 for f in channels)
    if highest > total.value:
        verdict.add("D-CH-MAX", f"{highest} > {total.value}")
        verdict.undecided.add("D-CH-OVER")
    elif summed > total.value:
        verdict.add("D-CH-OVER", f"{summed} > {total.value}")
    if summed < total.value:
        if any(claim.get("closed") for claim in draft.claims):
            verdict.add("D-CH-LOW", f"{summed} < {total.value}")
        else:
            verdict.undecided.add("D-CH-LOW")


def _claims(facts: Facts, draft: Draft, total: TruthFact | None, verdict: Verdict) -> None:
    for claim in draft.claims:
        if claim["kind"] == "categories":
            _categories(facts, claim, verdict)
        if claim["kind"] == "percent":
            _percent(facts, claim, total, verdict)
        if claim["kind"] == "second_total" and total is not None and claim["value"] != total.value:
            if total.bound == "exact":
                verdict.add("D-TWO", f"{total.value} and {claim['value']}")
            else:
                verdict.undecided.add("D-TWO")
    if _may_be_taken(facts):
        verdict.undecided |= {"D-CAT", "D-TWO", "D-JUMP"}


def _may_be_taken(facts: Facts) -> bool:
    """Whether a reader may take the text's total beside the annex's blank."""
    return any(fact.optional for fact in facts.listed("items_disclosed"))


def _categories(facts: Facts, claim: dict[str, Any], verdict: Verdict) -> None:
    parts = facts.listed("items_by_category")
    whole = facts.said("items_by_channel", "website") if claim["channel"] else facts.said("items_disclosed")
    if whole is None or whole.bound != "exact" or not parts:
        return
    summed = sum(f.value or 0 for f in parts)
    if summed != whole.value:
        verdict.add("D-CAT", f"{summed} != {whole.value}")


def _percent(facts: Facts, claim: dict[str, Any], total: TruthFact | None, verdict: Verdict) -> None:
    part = facts.said("items_by_channel", claim["channel"])
    if part is None or total is None or not total.value or "exact" not in (part.bound, total.bound):
        verdict.undecided.add("D-PCT")
        return
    share = 100 * (part.value or 0) / total.value
    if abs(share - claim["printed"]) > 0.1:
        verdict.add("D-PCT", f"printed {claim['printed']}, is {share:.2f}")
    elif abs(share - claim["printed"]) > 0.006:
        verdict.undecided.add("D-PCT")


# ---- form


def _template(draft: Draft, verdict: Verdict) -> None:
    due = "pre2019" if draft.year < 2019 else "2019" if draft.year < 2021 else "2021"
    if draft.layout is Layout.NARRATIVE or "one_other_row" in draft.quirks:
        verdict.undecided.add("F-TEMPLATE")
    elif draft.layout != due:
        verdict.add("F-TEMPLATE", f"{draft.layout} in {draft.year}")


def _dates(draft: Draft, verdict: Verdict) -> None:
    if draft.published is None:
        return
    day = date.fromisoformat(draft.published)
    limit = date(draft.year + 1, 3 if draft.year <= 2018 else 1, 31)
    if (day - date(draft.year, 12, 31)).days >= 400:
        verdict.add("F-REUP", str(day))
        verdict.undecided.add("F-LATE")
    elif day > limit:
        verdict.add("F-LATE", f"{day} > {limit}")
    elif day <= date(draft.year, 12, 31):
        verdict.add("F-EARLY", str(day))


def _form(draft: Draft, facts: Facts, verdict: Verdict, others: list[str]) -> None:
    words = "\n".join(block.text for block in draft.blocks if hasattr(block, "text"))
    new = draft.layout in (Layout.F2019, Layout.F2021)
    heads = draft.sections.get("heads", "")
    if new and heads != "一|二|三|四|五|六":
        verdict.add("F-SECTIONS", heads)
    elif not new:
        verdict.undecided |= {"F-SECTIONS", "F-FEE"}
    named = [name for name in others if name in words]
    if re.search("我局|我委", words) or named:
        verdict.add("F-ORGAN", (named or ["我局/我委"])[0])
    period = re.search(r"(?:期限|时限|统计时间)[为自是从：]*(\d{4})年1月1日", words)
    if period and int(period.group(1)) != draft.year:
        verdict.add("F-YEAR", period.group(0))
    wrong = [notice for notice in _NOTICE.findall(words) if notice not in _RIGHT_NOTICE]
    if wrong:
        verdict.add("F-REF", wrong[0])
    elif (draft.layout is Layout.F2019 and draft.year >= 2021) or (
        draft.layout is Layout.F2021 and draft.year < 2021
    ):
        verdict.undecided.add("F-REF")
    if "科学发展观" in words and draft.year >= 2018:
        verdict.add("F-OLDTEXT", "科学发展观")
    if "身份证号" in words:
        verdict.add("F-PRIVACY", "identity number of an applicant")
    if re.search(r"邮编[：:]?\d{5}(?!\d)", words):
        verdict.add("F-CONTACT", "postal code of five digits")
    if "历年累计" in words:
        verdict.add("F-MISPLACED", "cumulative figure")
    _problem_and_fee(draft, verdict)


def _problem_and_fee(draft: Draft, verdict: Verdict) -> None:
    five = draft.sections.get("五", "")
    size = len(five)
    measured = any(claim["kind"] == "measures" for claim in draft.claims)
    if "五" in draft.sections.get("heads", "五"):
        if size < 60 or not measured:
            verdict.add("F-PROBLEM", f"{size} characters, measures: {measured}")
        elif size < 75:
            verdict.undecided.add("F-PROBLEM")
    else:
        verdict.undecided.add("F-PROBLEM")
    six = draft.sections.get("六")
    if draft.year >= 2021 and draft.layout is Layout.F2021:
        if six is None or "六" not in draft.sections.get("heads", ""):
            verdict.undecided.add("F-FEE")
        elif "信息处理费" not in six:
            verdict.add("F-FEE", "section six is silent")
    elif draft.year >= 2021 or draft.layout is Layout.F2021:
        verdict.undecided.add("F-FEE")


# ---- pairs of years


def _pairs(draft: Draft, facts: Facts, last: Draft, before: Facts, verdict: Verdict) -> None:
    for who in ("total", *_PARTS):
        carried, left = facts.cell("requests_carried_in", who), before.cell("requests_carried_out", who)
        if carried is not None and left is not None and carried != left:
            verdict.add("T3-CARRY", f"{who}: {carried:g} != {left:g}")
    for name in ("normative", "rules"):
        stock = facts.cell(f"{name}_in_force")
        flow = [before.cell(f"{name}_in_force"), facts.cell(f"{name}_issued"), facts.cell(f"{name}_repealed")]
        if stock is not None and flow[0] is not None and flow[1] is not None and flow[2] is not None:
            if stock != flow[0] + flow[1] - flow[2]:
                verdict.add("T2-STOCK", f"{name}: {stock:g} != {flow[0]:g} + {flow[1]:g} - {flow[2]:g}")
            if flow[2] > flow[0] + flow[1]:
                verdict.add("T2-NONNEG", f"{name}: repealed {flow[2]:g}")
    for name in ("licence", "service", "penalty", "coercion", "fee"):
        now, old, change = (
            facts.cell(f"{name}_items_previous"), before.cell(f"{name}_items_previous"),
            before.cell(f"{name}_items_change"),
        )  # fmt: skip
        if now is not None and old is not None and change is not None and now != old + change:
            verdict.add("T2-2019-ITEMS", f"{name}: {now:g} != {old:g} + {change:g}")
    _fee_jump(facts, before, verdict)
    pending, came = before.cell("reconsideration_pending"), facts.cell("reconsideration_total")
    if pending is not None and came is not None and came < pending:
        verdict.add("T4-PEND", f"{came:g} < {pending:g}")
    _growth(draft, facts, before, verdict)
    _sameness(facts, before, verdict)


def _fee_jump(facts: Facts, before: Facts, verdict: Verdict) -> None:
    now, old = facts.cell("fee_income"), before.cell("fee_income")
    if now and old and 1000 <= now / old <= 20000:
        verdict.add("T2-UNIT", f"fee income {old:g} -> {now:g}")


def _growth(draft: Draft, facts: Facts, before: Facts, verdict: Verdict) -> None:
    now, old = facts.said("items_disclosed"), before.said("items_disclosed")
    claims = [claim for claim in draft.claims if claim["kind"] == "growth"]
    if _may_be_taken(before):
        verdict.undecided.add("D-JUMP")
    if now is None or old is None or not now.value or not old.value:
        if claims:
            verdict.undecided.add("D-YOY")
        return
    exact = now.bound == old.bound == "exact"
    for claim in claims:
        growth = 100 * (now.value - old.value) / old.value
        if not exact or 0.006 < abs(growth - claim["printed"]) <= 0.1:
            verdict.undecided.add("D-YOY")
        elif abs(growth - claim["printed"]) > 0.1:
            verdict.add("D-YOY", f"printed {claim['printed']:.2f}, is {growth:.2f}")
    if not 0.33 <= now.value / old.value <= 3:
        if exact or not 0.22 <= now.value / old.value <= 4.5:
            verdict.add("D-JUMP", f"{old.value} -> {now.value}")
        else:
            verdict.undecided.add("D-JUMP")


def _sameness(facts: Facts, before: Facts, verdict: Verdict) -> None:
    old = {f.key: f.value for f in before.all}
    same = [f for f in facts.all if f.value and old.get(f.key) == f.value and f.applicant in (None, "total")]
    if len(same) >= 3:
        verdict.undecided.add("D-SAME")


# ---- copied text


def _masked(text: str) -> str:
    return re.sub(r"[\d０-９]+|[\s，。；、：]", "", text)


def _shingles(draft: Draft, names: tuple[str, ...]) -> set[str]:
    text = _masked("".join(draft.sections.get(part, "") for part in ("一", "五")))
    for name in names:
        text = text.replace(name, "")
    return {text[i : i + 4] for i in range(len(text) - 3)}


def similarity(one: Draft, two: Draft) -> float:
    """How alike sections one and five of two reports are: shared four-character runs, names and figures masked."""
    first = _shingles(one, (one.body.full_name, one.body.name))
    second = _shingles(two, (two.body.full_name, two.body.name))
    return len(first & second) / max(1, len(first | second))


def judge_copies(drafts: Iterable[Draft], verdicts: dict[int, Verdict]) -> None:
    """Adds F-COPY and F-COPY-PEER to the verdicts, which are keyed by `id(draft)`."""
    listed = [draft for draft in drafts if draft.sections.get("五")]
    by_body = {(draft.body.body_id, draft.year): draft for draft in listed}
    for draft in listed:
        last = by_body.get((draft.body.body_id, draft.year - 1))
        if last is not None:
            _copied(similarity(draft, last), "F-COPY", str(last.year), verdicts[id(draft)])
    for one, two in _neighbours(listed):
        alike = similarity(one, two)
        _copied(alike, "F-COPY-PEER", two.body.name, verdicts[id(one)])
        _copied(alike, "F-COPY-PEER", one.body.name, verdicts[id(two)])


def _neighbours(drafts: list[Draft]) -> Iterator[tuple[Draft, Draft]]:
    groups: dict[tuple[str, int], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault((draft.body.county, draft.year), []).append(draft)
    for group in groups.values():
        yield from ((one, two) for number, one in enumerate(group) for two in group[:number])


def _copied(alike: float, rule: str, detail: str, verdict: Verdict) -> None:
    # two measures of likeness differ in the middle: there only the clear cases are asked
    if alike >= (0.82 if rule == "F-COPY" else 0.86):
        verdict.add(rule, f"{detail}: {alike:.2f}")
    elif alike >= 0.45:
        verdict.undecided.add(rule)
