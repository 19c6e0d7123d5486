"""An invented district: which bodies exist when, and what happened in each of them in each year.

Nothing here knows how a report is written or printed.
"""

import math
import random
from dataclasses import dataclass, field

from pipeline.invent.shapes import Body
from pipeline.invent.stock import rows
from pipeline.model import UserError

_ETHNIC = ("彝族", "白族", "苗族", "傣族", "傈僳族", "布朗族")
_SUFFIX = {"subdistrict": "街道", "town": "镇", "township": "乡"}
_BODIES_A_COUNTY = 24
_DEPARTMENTS = 3


def seeded(*parts: object) -> random.Random:
    """A random source that depends on its parts only, in every process and Python version."""
    return random.Random("|".join(map(str, parts)))  # noqa: S311  invented figures, not secrets


def invent_bodies(count: int, years: range, seed: int) -> list[Body]:
    """The bodies of an invented district: `count` that exist in the last year, and their predecessors."""
    pick = seeded(seed, "bodies")
    names = [row["name"] for row in rows("places/names.csv")]
    pick.shuffle(names)
    most = len(names) * 9 // 10  # the rest are for bodies renamed or merged away
    if count > most:
        raise UserError(
            f"--bodies {count}：备用的地名只够 {most} 个单位；请减少，或换种子分几次写到不同的文件夹"
        )
    found: list[Body] = []
    for number in range(count):
        county = rows("places/counties.csv")[number // _BODIES_A_COUNTY % len(rows("places/counties.csv"))]
        kind = pick.choices(("subdistrict", "town", "township", "ethnic_township"), (15, 40, 28, 17))[0]
        found.append(_body(names.pop(), kind, number, dict(county), pick))
    return _changed(found, names, years, pick)


def _body(base: str, kind: str, number: int, county: dict[str, str], pick: random.Random) -> Body:
    ethnic = "".join(pick.sample(_ETHNIC, pick.choice((1, 1, 2)))) if kind == "ethnic_township" else ""
    name = base + ethnic + _SUFFIX.get(kind, "乡")
    office = "办事处" if kind == "subdistrict" else "人民政府"
    remote = pick.random() * (0.3 if kind == "subdistrict" else 1.0)
    series = {"subdistrict": 0, "town": 100, "township": 200, "ethnic_township": 200}[kind]
    code = f"{county['prefix']}{series + number % _BODIES_A_COUNTY + 1:03d}"
    return Body(
        body_id=f"{code}-{number // _BODIES_A_COUNTY}" if number >= _BODIES_A_COUNTY * 16 else code,
        name=name,
        full_name=name + office,
        kind=kind,
        code=code,
        county=county["county"],
        prefecture=county["prefecture"],
        province=county["province"],
        population=round(math.exp(pick.gauss(10.1 - 0.6 * remote, 0.35)) / 10) * 10,
        remote=remote,
    )


def _changed(bodies: list[Body], names: list[str], years: range, pick: random.Random) -> list[Body]:
    """Adds history: a town that became a subdistrict, and a township that merged into a town."""
    if len(bodies) < 4 or len(years) < 5:
        return bodies
    towns = [body for body in bodies if body.kind == "town"]
    if len(towns) < 2:
        return bodies
    renamed, joined = pick.sample(towns, 2)
    renaming, merging = years[len(years) // 3], years[len(years) // 2]
    street = renamed.name.removesuffix("镇") + "街道"
    later = _alike(
        renamed,
        body_id=renamed.code[:6] + "09" + renamed.code[-1],
        name=street,
        full_name=street + "办事处",
        kind="subdistrict",
        valid_from=renaming,
        predecessor=renamed.body_id,
    )
    earlier = _alike(renamed, valid_to=renaming - 1)
    lost = names.pop() + "乡"
    swallowed = _alike(
        joined,
        body_id=joined.code[:6] + "29" + joined.code[-1],
        name=lost,
        full_name=lost + "人民政府",
        kind="township",
        valid_to=merging - 1,
        population=joined.population // 3,
    )
    kept = [earlier if body is renamed else body for body in bodies]
    return [*kept, later, swallowed]


def _alike(body: Body, **changes: object) -> Body:
    fields = {name: getattr(body, name) for name in Body.__slots__} | changes
    fields["code"] = fields["body_id"]
    return Body(**fields)


@dataclass(slots=True)
class Happening:
    """What really happened in a body in a year; figures by measure id, `measure/applicant` in requests."""

    year: int
    figures: dict[str, int] = field(default_factory=dict)
    money: dict[str, float] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset()
    items: int = 0
    carried_out: list[str] = field(default_factory=list)


def live(body: Body, years: range, seed: int) -> dict[int, Happening]:
    """The history of one body over the years."""
    pick = seeded(seed, body.body_id, "life")
    opened = {
        row["channel"]: pick.randint(int(row["first"]), int(row["last"]))
        for row in rows("life/channels.csv")
        if pick.random() < float(row["bodies"])
    }
    closed = dict.fromkeys((code for code in ("toutiao", "weibo", "kuaishou") if pick.random() < 0.5), 2024)
    base = 70 * math.exp(pick.gauss(0, 0.45)) * (body.population / 24000) ** 0.35
    demand = pick.choice((0, 0, 0, 0, 0, 0.3, 0.8, 2.5)) + (0.4 if body.kind == "subdistrict" else 0)
    stock = {"normative_in_force": pick.choice((0, 0, 0, 3, 6)), **_first_items(pick)}
    found: dict[int, Happening] = {}
    carried: list[str] = []
    for year in years:
        event = Happening(year)
        growth = 1.05 ** (year - 2014) * math.exp(pick.gauss(0, 0.16))
        event.accounts = frozenset(
            code for code, start in opened.items() if start <= year < closed.get(code, 9999)
        )
        for row in rows("life/channels.csv"):
            code = row["channel"]
            if code in event.accounts:
                ramp = min(1.0, 0.4 + 0.3 * (year - opened[code]))
                volume = base * growth * ramp * float(row["volume"]) * pick.uniform(0.7, 1.3)
                event.channels[code] = max(2, round(volume))
        event.items = sum(event.channels.values())
        carried = _requests(event, carried, demand, pick)
        _documents(event, stock, body, pick)
        _work(event, pick)
        found[year] = event
    return found


def _first_items(pick: random.Random) -> dict[str, int]:
    return {
        "licence_items": pick.choice((0, 0, 4, 12, 31)),
        "service_items": pick.choice((0, 0, 18, 46)),
        "penalty_items": pick.choice((0, 0, 0, 5, 22)),
        "coercion_items": pick.choice((0, 0, 0, 2)),
        "fee_items": pick.choice((0, 0, 0, 0, 1)),
    }


def _requests(event: Happening, carried: list[str], demand: float, pick: random.Random) -> list[str]:
    """New requests of the year, their outcomes, and who waits for the next year."""
    count = 0 if demand == 0 else min(60, round(pick.expovariate(1 / demand)))
    new = _weighted("applicant", count, pick)
    waiting = [who for who in new if pick.random() < 0.08]
    done = [*carried, *new]
    for who in waiting:
        done.remove(who)
    _count(event, "requests_received", new)
    _count(event, "requests_carried_in", carried)
    _count(event, "requests_carried_out", waiting)
    _count(event, "requests_closed", done)
    for who, outcome in zip(done, _weighted("outcome", len(done), pick), strict=True):
        _count(event, outcome, [who])
        if outcome.startswith("other_"):
            _count(event, "other_outcome", [who])
    if done and pick.random() < 0.1:
        for block in ("reconsideration", "lawsuit_direct"):
            if pick.random() < 0.6:
                result = pick.choice(("upheld", "corrected", "other", "pending"))
                event.figures[f"{block}_{result}"] = event.figures[f"{block}_total"] = 1
    return waiting


def _weighted(column: str, count: int, pick: random.Random) -> list[str]:
    table = rows(f"life/{column}s.csv")
    return pick.choices([row[column] for row in table], [int(row["weight"]) for row in table], k=count)


def _count(event: Happening, measure: str, who: list[str]) -> None:
    for applicant in who:
        for name in (f"{measure}/{applicant}", f"{measure}/total"):
            event.figures[name] = event.figures.get(name, 0) + 1


def _documents(event: Happening, stock: dict[str, int], body: Body, pick: random.Random) -> None:
    figures = event.figures
    issued = pick.choice((0, 0, 0, 0, 1, 2, 3))
    repealed = min(stock["normative_in_force"], pick.choice((0, 0, 0, 1, 2)))
    stock["normative_in_force"] += issued - repealed
    figures |= {
        "normative_issued": issued,
        "normative_repealed": repealed,
        "normative_in_force": stock["normative_in_force"],
        "normative_made": issued,
        "normative_published": issued,
        "normative_published_total": stock["normative_in_force"],
        "normative_made_annex": issued,
        "normative_disclosed": issued,
    }
    for name in ("licence", "service", "penalty", "coercion", "fee"):
        before = stock[f"{name}_items"]
        change = pick.choice((0, 0, 0, 2, -1)) if before else 0
        figures[f"{name}_items_previous"], figures[f"{name}_items_change"] = before, change
        stock[f"{name}_items"] = max(0, before + change)
        if name != "fee":
            figures[f"{name}_decisions"] = pick.randint(0, 60) if before and pick.random() < 0.6 else 0
    income = pick.choice((0, 0, 0, 0, 0, 1.2, 3.5, 0.36, 8.05)) if body.remote < 0.6 else 0
    event.money["fee_income"] = income
    projects = pick.choice((0, 0, 1, 2, 4))
    figures["procurement_projects"] = projects
    event.money["procurement_amount"] = (
        projects * pick.choice((8040, 25100, 63000, 118500)) if projects else 0
    )


def _work(event: Happening, pick: random.Random) -> None:
    figures = event.figures
    for row in rows("life/work.csv"):
        figures[row["measure"]] = int(pick.choice(row["choices"].split()))
    figures["people_trained"] = figures["trainings_held"] * pick.randint(12, 60)
    figures["staff_total"] = figures["staff_full_time"] + figures["staff_part_time"]
    event.money["budget_special"] = pick.choice((0, 0, 0.5, 1, 2))


# ---- the county's own report


def county_of(neighbours: list[Body]) -> Body:
    """The county government over some townships; its report covers them and its departments."""
    one = neighbours[0]
    name = one.county + "人民政府"
    code = one.code[:6]
    return _alike(one, body_id=code, name=name, full_name=name, kind="county", remote=0.0, valid_from=None,
                  valid_to=None, predecessor=None, population=sum(body.population for body in neighbours))  # fmt: skip


def live_together(county: Body, neighbours: list[Body], years: range, seed: int) -> dict[int, Happening]:
    """What happened in a county: in its townships, whether they publish it or not, and in its departments."""
    departments = [
        _alike(county, body_id=f"{county.body_id}d{n}", kind="department", population=24000, remote=0.5)
        for n in range(_DEPARTMENTS)
    ]
    lives = [(body, live(body, years, seed)) for body in (*neighbours, *departments)]
    return {year: _sum([life[year] for body, life in lives if body.exists(year)], year) for year in years}


def _sum(events: list[Happening], year: int) -> Happening:
    total = Happening(year)
    for event in events:
        for name, count in event.figures.items():
            total.figures[name] = total.figures.get(name, 0) + count
        for name, amount in event.money.items():
            total.money[name] = round(total.money.get(name, 0) + amount, 2)
        for name, count in event.channels.items():
            total.channels[name] = total.channels.get(name, 0) + count
        total.accounts |= event.accounts
        total.items += event.items
    return total
