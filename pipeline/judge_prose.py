"""Rules on the figures that a report's prose states: totals, parts, channels and shares."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.case import Case, Judge, number, unknown, verdict
from pipeline.catalogue import Rule
from pipeline.model import Bound, Fact, Finding

_COPIES, _PRINTED, _NOTHING = (
    re.compile("[份张册次场]$"),
    re.compile("(?:[份张册本封场]|场次)$"),
    re.compile("(?!)"),
)
_FEWEST = 2


def _exact(facts: Sequence[Fact]) -> bool:
    return all(f.bound is Bound.EXACT and f.value is not None for f in facts)


def _sum(facts: Sequence[Fact]) -> float:
    return sum(f.value for f in facts if f.value is not None)


def _lists(rule: Rule, case: Case) -> Iterator[Finding]:
    """D-CAT: a list the text closes (其中, 包括, 分别) must add up; an open one is only a warning."""
    for told in case.telling.lists:
        parts, whole = told.parts, told.whole
        if len(parts) < 2 or whole.value is None:
            continue
        places = (whole.locator, *(part.locator for part in parts))
        shown, stated = " + ".join(number(part.value) for part in parts), number(whole.value)
        severity = "error" if told.closed else "warning"
        if not _exact((whole, *parts)):
            message = (
                f"{shown} 与 {stated}：含约数或下限，不可核",
                f"{shown} against {stated}: holds a bound",
            )
            yield verdict(rule, None, message, places, measure=whole.measure, severity=severity)
            continue
        gap = _sum(parts) - whole.value
        message = (f"{shown} = {stated}",) * 2 if not gap else (
            f"各部分之和 {number(_sum(parts))}（{shown}）≠ 所称总数 {stated}，相差 {number(abs(gap))}",
            f"The parts add up to {number(_sum(parts))} ({shown}), not to the stated {stated}; {number(abs(gap))} apart",
        )  # fmt: skip
        yield verdict(
            rule, bool(gap), message, places, residual=gap, measure=whole.measure, severity=severity
        )


def _is_of_items(fact: Fact) -> bool:
    """Copies handed out and times played (5000份, 360次) are no items: they do not add up with 条."""
    return not _COPIES.search(fact.raw_text)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A total and the channels presented beside it; `closed` where they are presented as all of it."""

    total: Fact | None
    channels: list[Fact]
    closed: bool


def _counted(case: Case) -> list[_Counted]:
    """What the annex prints and what the sentences tell, each a count of its own; either may lend the total.

    Beside an annex the sentences need not name every channel, whatever they open their list with.
    """
    printed, told = _figures(case.tables), _figures(case.telling.facts)
    in_words = not printed.channels and any(one.closed for one in case.telling.channel_lists)
    closed = case.report.layout == "pre2019"
    annex = _Counted(printed.total or told.total, printed.channels, closed)
    words = _Counted(told.total or printed.total, told.channels, in_words)
    return [one for one in (annex, words) if one.channels] or [words]


def _figures(facts: Sequence[Fact]) -> _Counted:
    known = [f for f in facts if f.value is not None]
    total = next((f for f in known if f.measure == "items_disclosed"), None)
    return _Counted(total, [f for f in known if f.measure == "items_by_channel"], False)


def _channels(rule: Rule, case: Case) -> Iterator[Finding]:
    """D-CH-MAX, D-CH-LOW, D-CH-OVER: the channels against the total that counts each item once."""
    for counted in _counted(case):
        yield from _JUDGED[rule.rule](rule, counted)


def _judge_channels(rule: Rule, counted: _Counted, compared: float | None, what: tuple[str, str]) -> Finding:
    total, channels = counted.total, counted.channels
    if total is None or total.value is None or compared is None or not _exact((total, *channels)):
        message = ("没有总数或渠道数，或含约数，不可核", "No total, no channels, or a bound: not assessable")
        return verdict(rule, None, message)
    broken = compared < total.value if rule.rule == "D-CH-LOW" else compared > total.value
    message = (
        f"{what[0]} {number(compared)}，公开总数 {number(total.value)}",
        f"{what[1]} {number(compared)}, total {number(total.value)}",
    )
    places = (total.locator, *(f.locator for f in channels))
    residual = compared - total.value
    return verdict(rule, broken, message, places, residual=residual, measure="items_by_channel")


_SUM = ("渠道之和", "Sum of channels")


def _largest(rule: Rule, counted: _Counted) -> Iterator[Finding]:
    """D-CH-MAX."""
    values = [f.value for f in counted.channels if f.value is not None and _is_of_items(f)]
    what = ("最大渠道", "Largest channel")
    yield _judge_channels(rule, counted, max(values, default=None), what)


def _exceed(rule: Rule, counted: _Counted) -> Iterator[Finding]:
    """D-CH-OVER: copies and broadcasts are no items, so that only the others can be too many."""
    channels = [f for f in counted.channels if _is_of_items(f)]
    total, every = counted.total, _sum(counted.channels)
    adds_up = total is not None and every == total.value
    compared = None if len(channels) < _FEWEST else every if adds_up else _sum(channels)
    yield _judge_channels(rule, counted, compared, _SUM)


def _fall_short(rule: Rule, counted: _Counted) -> Iterator[Finding]:
    """D-CH-LOW: a closed list that does not reach the total even with broadcasts counted; meetings and prints stand apart."""
    if not counted.closed:
        yield from unknown(rule, "文字没有称渠道已列全", "The list of channels is not closed")
        return
    every, items, played = (
        _sum([f for f in counted.channels if not pattern.search(f.raw_text)])
        for pattern in (_NOTHING, _COPIES, _PRINTED)
    )
    total = counted.total.value if counted.total is not None else None
    decided = total is not None and (played < total or items >= total)
    compared = total if every == total else played
    enough = decided and len(counted.channels) >= _FEWEST
    yield _judge_channels(rule, counted, compared if enough else None, _SUM)


_JUDGED: dict[str, Callable[[Rule, _Counted], Iterator[Finding]]] = {
    "D-CH-MAX": _largest,
    "D-CH-OVER": _exceed,
    "D-CH-LOW": _fall_short,
}


def _may_be(fact: Fact, value: float | None) -> bool:
    """Whether a bounded figure may stand for the exact one."""
    if fact.bound is Bound.EXACT or fact.span is None or value is None:
        return True
    return fact.span[0] <= value <= fact.span[1]


def _one_total(rule: Rule, case: Case) -> Iterator[Finding]:
    """D-TWO."""
    totals = [f for f in case.report.facts if f.measure == "items_disclosed" and f.value is not None]
    exact = {f.value for f in totals if f.bound is Bound.EXACT}
    if not totals:
        yield from unknown(rule, "没有公开总数", "No total is stated")
        return
    broken = len(exact) > 1 or any(not _may_be(fact, value) for fact in totals for value in exact)
    shown = "、".join(number(f.value) if f.bound is Bound.EXACT else f.raw_text for f in totals)
    message = (
        f"公开总数前后不一：{shown}" if broken else f"公开总数 {shown}",
        f"Totals stated: {shown}",
    )
    yield verdict(rule, broken, message, (f.locator for f in totals), measure="items_disclosed")


def _nothing(rule: Rule, case: Case) -> Iterator[Finding]:
    """D-ZERO: nothing disclosed in one place, something in another."""
    totals = [f for f in case.report.facts if f.measure == "items_disclosed" and f.value is not None]
    some = [f for f in totals if f.value]
    if not some:
        yield from unknown(rule, "没有大于零的公开总数", "No total above zero")
        return
    nothing = [f for f in totals if f.value == 0]
    said = bool(nothing) or case.words.says("none_disclosed", case.sections.prose)
    message = (
        f"既称没有公开，又称公开 {number(some[0].value)}" if said else f"公开总数 {number(some[0].value)}",
        f"Nothing disclosed, yet {number(some[0].value)}" if said else f"Total {number(some[0].value)}",
    )
    yield verdict(rule, said, message, (f.locator for f in (*nothing, *some)), measure="items_disclosed")


def _shares(rule: Rule, case: Case) -> Iterator[Finding]:
    """D-PCT: a printed share against its part and the total, to the last digit printed."""
    total = next(
        (f for f in case.report.facts if f.measure == "items_disclosed" and f.value is not None), None
    )
    seen = False
    for claim in (c for c in case.telling.claims if c.kind == "share"):
        part = next((f for f in case.telling.facts if f.locator == claim.sentence), None)
        if (
            total is None
            or not total.value
            or part is None
            or part.value is None
            or claim.value is None
            or not _exact((total, part))
        ):
            continue
        if part.measure not in ("items_by_channel", "items_by_category", "items_forwarded"):
            continue
        seen = True
        share = 100 * part.value / total.value
        broken = abs(share - claim.value) > 0.5 * 10**-claim.digits + 1e-9
        computed = f"{share:.{max(claim.digits, 2)}f}%"
        zh = f"所称 {claim.raw_text}，{number(part.value)}/{number(total.value)} = {computed}"
        yield verdict(
            rule,
            broken,
            (zh, f"Printed {claim.raw_text}, computed {computed}"),
            (claim.locator, part.locator, total.locator),
            residual=claim.value - share,
        )
    if not seen:
        yield from unknown(rule, "没有可核的占比", "No share to check")


JUDGES: dict[str, Judge] = {
    "D-CAT": _lists, "D-CH-MAX": _channels, "D-CH-LOW": _channels, "D-CH-OVER": _channels, "D-TWO": _one_total,
    "D-ZERO": _nothing, "D-PCT": _shares,
}  # fmt: skip
