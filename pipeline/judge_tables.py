"""Rules on the cells of tables two to four that no equation says, and tables against words."""

import re
from collections.abc import Iterator

from pipeline.case import Case, Judge, number, unknown, verdict
from pipeline.catalogue import Rule
from pipeline.model import Fact, Finding, Status

_MANY_BLANKS = 10
_WAN_YUAN_OF_A_TOWNSHIP = 10_000


def _requests(case: Case) -> list[Fact]:
    return [f for f in case.tables if case.catalogue.measures[f.measure].section == "requests"]


def _negative(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-NEG."""
    known = [f for f in _requests(case) if f.value is not None]
    wrong = [f for f in known if f.value is not None and (f.value < 0 or f.value != int(f.value))]
    if not known:
        yield from unknown(rule, "表三没有读到数", "No figure in table 3")
        return
    shown = "、".join(f.raw_text for f in wrong)
    message = (
        f"表三有 {len(wrong)} 格不是非负整数：{shown}" if wrong else f"表三 {len(known)} 格都是非负整数",
        f"{len(wrong)} cells of table 3 are not whole numbers: {shown}"
        if wrong
        else f"All {len(known)} cells are whole",
    )
    yield verdict(rule, bool(wrong), message, (f.locator for f in wrong))


_UNREAD_ROWS = frozenset({"row_misaligned", "row_not_found", "row_without_values"})


def _blanks(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-BLANK: more than ten empty cells make it an error. Rows that could not be read may hide more."""
    empty = [f for f in case.tables if f.status in (Status.BLANK, Status.DASH)]
    rows = [issue for issue in case.report.issues if issue.code in _UNREAD_ROWS]
    dashes = sum(
        case.catalogue.blanks.get(text) is Status.DASH for row in rows for text in row.raw_text.split()
    )
    count, read = len(empty) + dashes, len(case.tables)
    if not case.tables or (rows and not count):
        yield from unknown(
            rule, "没有读到表格，或有的行没有读出", "No table was read, or not all of its rows"
        )
        return
    message = (
        f"表格 {read} 格中有 {len(empty)} 格空白或为短横" if count else f"表格 {read} 格均有填写",
        f"{len(empty)} of {read} cells are blank or dashed" if count else f"All {read} cells are filled",
    )
    if dashes:
        message = (
            f"{message[0]}，没有读出的行里另有 {dashes} 个短横",
            f"{message[1]}, and {dashes} dashes in rows not read",
        )
    places = (*(f.locator for f in empty), *(row.locator for row in rows if dashes and row.locator))
    yield verdict(rule, bool(count), message, places, severity="error" if count > _MANY_BLANKS else None)


def _zero_text(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-ZEROTEXT: none received in words against some in the table, or the reverse."""
    told, table = case.told("requests_received"), case.figures.operand("requests_received", "total")
    if told is None or told.value is None or table.value is None:
        yield from unknown(rule, "文字或表三没有申请数", "No figure in words or in table 3")
        return
    yield verdict(
        rule, (told.value == 0) != (table.value == 0), _both(told.value, table.value), (told.locator, *table.places),
        residual=told.value - table.value, measure="requests_received", applicant="total",
    )  # fmt: skip


def _both(words: float, table: float) -> tuple[str, str]:
    return (
        f"文字 {number(words)}，表格 {number(table)}",
        f"In words {number(words)}, in the table {number(table)}",
    )


def _text(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-TEXT: both readings count, newly received and with those carried in (收办)."""
    told = case.told("requests_received")
    new, carried = (case.figures.operand(m, "total") for m in ("requests_received", "requests_carried_in"))
    if told is None or not told.value or not new.value or (carried.value is None and told.value > new.value):
        # Without the number carried in, more in words than in the table may be the second reading.
        yield from unknown(
            rule, "文字没有申请数，或表三没有数", "No number of requests in words, or none in table 3"
        )
        return
    yield verdict(
        rule,
        told.value not in (new.value, new.value + (carried.value or 0)),
        _both(told.value, new.value),
        (told.locator, *new.places),
        residual=told.value - new.value,
    )


def _claimed(case: Case, section: str) -> dict[str, tuple[float, str, str]]:
    """Measure -> number in words, its place and its sentence, for figures that a table prints too."""
    claims = {
        c.measure: (c.value, c.locator, c.sentence)
        for c in case.telling.claims
        if c.kind == "stated" and c.value is not None
    }
    if section == "disputes":
        told = [f for f in case.telling.facts if f.measure in _DISPUTES and f.value is not None]
        claims |= {f.measure: (f.value or 0, f.locator, _sentence(case, f)) for f in told}
        return {measure: claim for measure, claim in claims.items() if measure in _DISPUTES}
    measures = case.catalogue.measures
    return {measure: claim for measure, claim in claims.items() if measures[measure].section == section}


def _sentence(case: Case, fact: Fact) -> str:
    block = int(re.sub(r"\D.*", "", fact.locator[1:]) or 0)
    return next((text for number_, text in case.paragraphs if number_ == block), "")


def _outcome(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-OUTCOME: each outcome named with a number in words against its row or group."""
    seen = False
    for measure, (words, place, _) in _claimed(case, "requests").items():
        table = case.figures.operand(measure, "total")
        if table.value is not None:
            seen = True
            label = case.catalogue.measures[measure].label_zh
            zh, en = _both(words, table.value)
            yield verdict(
                rule,
                words != table.value,
                (f"{label}：{zh}", f"{measure}: {en}"),
                (place, *table.places),
                residual=words - table.value,
                measure=measure,
            )
    if not seen:
        yield from unknown(rule, "文字没有办理结果的数", "No outcome is numbered in words")


_DISPUTES = {
    "reconsideration_total": ("reconsideration_total",),
    "lawsuit_total": ("lawsuit_direct_total", "lawsuit_after_reconsideration_total"),
}


def _disputes_text(rule: Rule, case: Case) -> Iterator[Finding]:
    """T4-TEXT: 备案, 应诉, 审结, 新增 count other things, so that a difference is only worth showing."""
    seen = False
    for measure, (words, place, sentence) in _claimed(case, "disputes").items():
        table = [case.figures.operand(total, None) for total in _DISPUTES[measure]]
        if any(operand.value is None for operand in table):
            continue
        seen = True
        total = sum(operand.value or 0 for operand in table)
        severity = "info" if case.words.says("hedged", sentence) else None
        places = (place, *(p for operand in table for p in operand.places))
        yield verdict(
            rule,
            words != total,
            _both(words, total),
            places,
            residual=words - total,
            measure=measure,
            severity=severity,
        )
    if not seen:
        yield from unknown(rule, "文字或表四没有复议、诉讼数", "No disputes in words or in table 4")


def _said_all_answered(case: Case) -> bool:
    """Whether the text says so of requests: in a sentence on them, or in the one that goes on from it."""
    on_requests = False
    for sentence in re.split("[。；\n]", case.sections.prose):
        goes_on = on_requests and not case.words.says("other_business", sentence)
        on_requests = "申请" in sentence
        if (on_requests or goes_on) and case.words.says("all_answered", sentence):
            return True
    return False


def _answered(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-ANSWERED: all answered, yet some carried over."""
    over = case.figures.operand("requests_carried_out", "total")
    if not _said_all_answered(case) or over.value is None:
        yield from unknown(
            rule, "文字没有称全部办结，或表三未填结转数", "Not said, or no figure carried over"
        )
        return
    message = (
        f"文字称全部答复或办结，结转下年度 {number(over.value)}",
        f"All answered in words, {number(over.value)} carried over",
    )
    yield verdict(rule, over.value > 0, message, over.places)


def _note(rule: Rule, case: Case) -> Iterator[Finding]:
    """T3-NOTE: boilerplate on answering in time where there was nothing to answer, by table 3 or by the words."""
    told = case.told("requests_received")
    cells = [case.figures.operand(m, "total") for m in ("requests_received", "requests_carried_in")]
    known = [cell.value for cell in cells if cell.value is not None]
    if len(known) < len(cells) and (told is None or told.value != 0):
        yield from unknown(rule, "表三没有申请数", "No figure in table 3")
        return
    nothing = not any(known) and (told is None or told.value == 0)
    said = nothing and _said_all_answered(case)
    message = (
        "没有收到申请，文字却称均已答复或办结" if said else "答复情况的表述与申请数相称",
        "None received, yet said to be all answered" if said else "What is said of answers suits the figures",
    )
    yield verdict(rule, said, message, [*(place for cell in cells for place in cell.places)][:1])


def _rules(rule: Rule, case: Case) -> Iterator[Finding]:
    """T2-RULES: the rule-making rows of a township are zero."""
    rows = [f for f in case.tables if f.measure.startswith("rules_") and f.value is not None]
    if not case.is_township or not rows:
        yield from unknown(rule, "不是乡镇，或规章一行未填", "Not a township, or the row is empty")
        return
    wrong = [f for f in rows if f.value]
    shown = "、".join(f"{case.catalogue.measures[f.measure].label_zh} {number(f.value)}" for f in wrong)
    message = (
        f"乡镇填有规章：{shown}" if wrong else "规章均为 0",
        f"Rules of a township: {len(wrong)} cells above 0" if wrong else "No rules",
    )
    yield verdict(rule, bool(wrong), message, (f.locator for f in wrong or rows))


def _stocks(rule: Rule, case: Case) -> Iterator[Finding]:
    """T2-NONNEG."""
    measures = case.catalogue.measures
    rows = [
        f
        for f in case.tables
        if measures[f.measure].section == "proactive" and measures[f.measure].kind != "change"
    ]
    known = [f for f in rows if f.value is not None]
    wrong = [f for f in known if f.value is not None and f.value < 0]
    if not known:
        yield from unknown(rule, "表二没有读到数", "No figure in table 2")
        return
    shown = "、".join(f"{measures[f.measure].label_zh} {number(f.value)}" for f in wrong)
    yield verdict(
        rule,
        bool(wrong),
        (f"为负：{shown}" if wrong else "没有负数", "Negative figures" if wrong else "None negative"),
        (f.locator for f in wrong),
    )


def _normative_2019(rule: Rule, case: Case) -> Iterator[Finding]:
    """T2-2019: published this year is within what is published in all, and within what was made."""
    made, new, total = (
        case.figures.operand(m, None)
        for m in ("normative_made", "normative_published", "normative_published_total")
    )
    if made.value is None or new.value is None or total.value is None:
        yield from unknown(rule, "规范性文件一行未填全", "The row is not filled in")
        return
    broken = new.value > total.value or made.value < new.value
    shown = f"制作 {number(made.value)}，新公开 {number(new.value)}，公开总数 {number(total.value)}"
    english = f"Made {number(made.value)}, newly published {number(new.value)}, published in total {number(total.value)}"
    yield verdict(rule, broken, (shown, english), (*made.places, *new.places, *total.places))


def _fee_unit(rule: Rule, case: Case) -> Iterator[Finding]:
    """T2-UNIT within one report: 元 written where 万元 is asked."""
    fee = case.figures.operand("fee_income", None)
    if fee.value is None or not case.is_township:
        yield from unknown(rule, "收费金额未填，或不是乡镇", "No figure, or not a township")
        return
    broken = fee.value >= _WAN_YUAN_OF_A_TOWNSHIP
    shown = f"本年收费金额 {number(fee.value)} 万元", f"Charges of {number(fee.value)} 万元"
    message = (
        f"{shown[0]}，疑以元填报" if broken else shown[0],
        f"{shown[1]}: perhaps in 元" if broken else shown[1],
    )
    yield verdict(rule, broken, message, fee.places, measure="fee_income")


def _normative_text(rule: Rule, case: Case) -> Iterator[Finding]:
    """T2-TEXT: normative documents made, repealed and in force, in words and in the table of either form."""
    made = "normative_made" if case.report.layout == "2019" else "normative_issued"
    seen = False
    pairs = {"normative_issued": made, "normative_repealed": "normative_repealed"}
    for said, measure in (*pairs.items(), ("normative_in_force", "normative_in_force")):
        claim = next((c for c in case.telling.claims if c.kind == "stated" and c.measure == said), None)
        table = case.figures.operand(measure, None)
        if claim is None or claim.value is None or table.value is None:
            continue
        seen = True
        places = (claim.locator, *table.places)
        gap = claim.value - table.value
        yield verdict(rule, gap != 0, _both(claim.value, table.value), places, residual=gap, measure=measure)
    if not seen:
        yield from unknown(rule, "文字或表二没有规范性文件数", "No figure in words or in table 2")


JUDGES: dict[str, Judge] = {
    "T3-NEG": _negative, "T3-BLANK": _blanks, "T3-ZEROTEXT": _zero_text, "T3-TEXT": _text, "T3-OUTCOME": _outcome,
    "T3-ANSWERED": _answered, "T3-NOTE": _note, "T4-TEXT": _disputes_text, "T2-RULES": _rules, "T2-NONNEG": _stocks,
    "T2-2019": _normative_2019, "T2-UNIT": _fee_unit, "T2-TEXT": _normative_text,
}  # fmt: skip
