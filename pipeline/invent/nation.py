"""An invented country: bodies at the codes of real divisions, none of them under a real name, and what they would print.

It has the tree of provinces, prefectures and counties that there is, so that a benchmark drills as a reader would.
"""

import gzip
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.invent.district import Happening, live, seeded
from pipeline.invent.shapes import Body, Layout
from pipeline.invent.stock import rows
from pipeline.invent.tables import Numbers, numbers

YEARS = range(2008, 2026)
_KINDS = {"s": "subdistrict", "t": "town", "v": "township", "e": "ethnic_township"}
_SUFFIX = {"subdistrict": "街道", "town": "镇", "township": "乡", "ethnic_township": "民族乡"}
_OFFICES = (
    "发展和改革局 教育体育局 科学技术局 公安局 民政局 司法局 财政局 自然资源局 住房和城乡建设局 交通运输局 水务局 农业农村局 "
    "卫生健康局 市场监督管理局 应急管理局 审计局 统计局 医疗保障局"
).split()
_OWN_FORM = 0.48
_MISSING = 0.04


@cache
def _townships() -> Mapping[str, tuple[str, ...]]:
    """The last three digits and the kind of every township, by the code of its county."""
    text = gzip.decompress((Path(__file__).parent / "places" / "divisions.csv.gz").read_bytes()).decode()
    lines = (line.partition(",") for line in text.splitlines()[1:])
    return {county: tuple(below.split()) for county, _, below in lines}


@dataclass(frozen=True, slots=True)
class Sited:
    """A body of the country: its code and kind are those of a real one, its names are not."""

    body_id: str
    name: str
    kind: str
    code: str
    county: str
    prefecture: str
    province: str


def invent_country(seed: int) -> Iterator[Sited]:
    """The bodies of the country, whole counties one after another in the order of chance, townships before offices."""
    names = _names(seed)
    for offices in (False, True):
        counties = list(_townships())
        seeded(seed, "counties").shuffle(counties)
        for code in counties:
            place = (names[code], names[code[:4]], names[code[:2]])
            yield from _offices(code, place) if offices else _below(code, place, seed)


def _names(seed: int) -> dict[str, str]:
    """A name for every province, prefecture and county: each base is used once."""
    bases = list(
        dict.fromkeys(row["name"] for name in ("names", "more_names") for row in rows(f"places/{name}.csv"))
    )
    seeded(seed, "names").shuffle(bases)
    codes = sorted({code[:end] for code in _townships() for end in (2, 4, 6)})
    return {code: base + _suffix(code) for code, base in zip(codes, bases[: len(codes)], strict=True)}


def _suffix(code: str) -> str:
    if len(code) < 6:
        return "省" if len(code) == 2 else "市"
    return "区" if code[4] == "0" else "县"


def _below(code: str, place: tuple[str, str, str], seed: int) -> Iterator[Sited]:
    bases = [row["name"] for row in rows("places/more_names.csv")]
    below = _townships()[code]
    for township, base in zip(below, seeded(seed, code).sample(bases, len(below)), strict=True):
        kind = _KINDS[township[3]]
        whole = code + township[:3]
        yield Sited(f"x{whole}", base + _SUFFIX[kind], kind, whole, *place)


def _offices(code: str, place: tuple[str, str, str]) -> Iterator[Sited]:
    yield Sited(f"x{code}a00", f"{place[0]}人民政府", "county", code, *place)
    for number, office in enumerate(_OFFICES, 1):
        yield Sited(f"x{code}a{number:02d}", place[0] + office, "department", f"{code}a{number:02d}", *place)


# ---- what a body prints


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure that a report prints. `channel` without a value is one that is named without a count."""

    measure: str
    applicant: str | None
    channel: str | None
    value: float | int | None
    bound: str = "exact"
    status: str = "reported"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a life prints in a year: in its text, and in the form of the year where it prints one."""

    year: int
    layout: Layout
    late: bool
    text: Sequence[Printed]
    form: Sequence[Printed]


def invent_life(number: int, kind: str, seed: int) -> Iterator[Sheet]:
    """The reports of one course of things, which many bodies share: a country has more bodies than can be invented."""
    pick = seeded(seed, number, "sheets")
    body = Body(
        f"L{number:04d}", "", "", kind, "", "", "", "", round(24000 * 2 ** pick.gauss(0, 0.7)), pick.random()
    )
    own_form = pick.random() < _OWN_FORM
    history = live(body, YEARS, seed)
    for year in YEARS:
        if pick.random() < _MISSING:
            continue
        layout = _layout(year) if own_form and pick.random() < 0.9 else Layout.NARRATIVE
        event = history[year]
        yield Sheet(year, layout, pick.random() < 0.08, _text(event, pick), _form(layout, event, pick))


def _layout(year: int) -> Layout:
    return Layout.PRE2019 if year < 2019 else Layout.F2019 if year < 2021 else Layout.F2021


def _text(event: Happening, pick: random.Random) -> list[Printed]:
    """What the sentences say: items in all and by channel, and some of the year's work."""
    bound = pick.choices(("exact", "at_least", "about"), (93, 4, 3))[0]
    found = [Printed("items_disclosed", None, None, event.items, bound)]
    for channel, count in event.channels.items():
        # a channel may be named without a count
        count_told, status = (None, "not_printed") if pick.random() < 0.06 else (count, "reported")
        found.append(Printed("items_by_channel", None, channel, count_told, status=status))
    received = event.figures.get("requests_received/total")
    if received:
        found.append(Printed("requests_received", None, None, received))
    told = (
        "interpretations",
        "responses_to_public_concern",
        "trainings_held",
        "people_trained",
        "meetings_held",
    )
    found += [Printed(name, None, None, event.figures[name]) for name in told if pick.random() < 0.5]
    return found


def _form(layout: Layout, event: Happening, pick: random.Random) -> list[Printed]:
    """The cells of the year's form. Of a row that is all zeros, no more than its total is kept."""
    if layout is Layout.NARRATIVE:
        return []
    given = numbers(layout, event)
    kept = [
        Printed(measure, applicant, channel, value)
        for (measure, applicant, channel), value in given.items()
        if applicant in (None, "total") or given[measure, "total", None] or _all_columns(given)
    ]
    fault = pick.random()
    if fault < 0.05:
        kept = [_unfilled(one, pick) for one in kept]
    elif fault < 0.1:
        kept = [_off_by_one(one) for one in kept]
    return kept


def _all_columns(given: Numbers) -> bool:
    """A busy body fills every cell of the form, whatever is in it."""
    return given.get(("requests_received", "total", None), 0) > 20


def _unfilled(one: Printed, pick: random.Random) -> Printed:
    status = pick.choices(("reported", "blank", "dash"), (70, 20, 10))[0]
    return one if status == "reported" else replace(one, value=None, status=status)


def _off_by_one(one: Printed) -> Printed:
    wrong = one.measure in ("requests_closed", "reconsideration_total") and one.applicant in (None, "total")
    return replace(one, value=one.value + 1) if wrong and one.value is not None else one
