"""Writes the whole corpus: documents, the truth beside each, the list of bodies and the manifest."""

import csv
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from pipeline.invent.archive import mht_paper, zip_paper
from pipeline.invent.district import Happening, county_of, invent_bodies, live, live_together, seeded
from pipeline.invent.judge import Verdict, judge, judge_copies
from pipeline.invent.paper_docx import docx_paper
from pipeline.invent.paper_html import html_paper
from pipeline.invent.paper_pdf import pdf_paper
from pipeline.invent.paper_scan import scan_paper
from pipeline.invent.paper_sheet import sheet_paper
from pipeline.invent.paper_text import markdown_paper, text_paper
from pipeline.invent.report import FAULTS, Order, publication, write_report
from pipeline.invent.shapes import Body, Draft, Layout, Paper, Text

Progress = Callable[[int, int], None]
_Line = tuple[str, str, int, str, str, str]
_MISSING = 0.05
_REISSUED = 0.12

_FORMATS = {
    "html": 44, "docx": 16, "pdf": 13, "txt": 10, "md": 3, "xlsx": 3, "xls": 3, "zip": 4, "mht": 4,
}  # fmt: skip
_MEDIA = {
    "html": "text/html", "htm": "text/html", "shtml": "text/html", "txt": "text/plain", "md": "text/markdown",
    "pdf": "application/pdf", "png": "image/png", "zip": "application/zip", "mht": "multipart/related",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_BODY_COLUMNS = (
    "body_id,name,full_name,kind,code,code_system,county,prefecture,province,valid_from,valid_to,predecessor,"
    "origin,aliases"
).split(",")


@dataclass(slots=True)
class _Made:
    """A finished document with everything the truth needs."""

    draft: Draft
    paper: Paper
    format: str
    name: str
    text: bool
    verdict: Verdict = field(default_factory=Verdict)


def invent_corpus(
    bodies: int,
    years: range,
    seed: int,
    out: Path,
    progress: Progress | None = None,
    *,
    formats: tuple[str, ...] | None = None,
    scans: int = 0,
    unseen: bool = False,
    county_reports: bool = False,
    reissues: bool = False,
) -> int:
    """Writes documents of `bodies` invented townships over `years` under `out`; returns how many.

    The same arguments give the same bytes. `formats` limits the file types (pdf needs typst and reportlab,
    xls needs xlwt); `scans` turns that many documents into scanned PDF and PNG, which is slow;
    `unseen` words them with sentences that are kept for the final measurement; `county_reports` adds the report
    of each county's government, which covers its townships and departments together; `reissues` lets some bodies publish
    a report with slips again without them.
    """
    everyone = invent_bodies(bodies, years, seed)
    total = sum(body.exists(year) for body in everyone for year in years)
    out.mkdir(parents=True, exist_ok=True)
    counties = [
        [body for body in everyone if body.county == county]
        for county in dict.fromkeys(body.county for body in everyone)
    ]
    above = [county_of(neighbours) for neighbours in counties] if county_reports else []
    _write_bodies([*everyone, *above], out)
    _write_population(everyone, years, out)
    total += len(above) * len(years)
    task = _Task(years, seed, formats or tuple(_FORMATS), scans, unseen, reissues)
    listed: list[_Line] = []
    for place, neighbours in enumerate(counties):
        made: list[_Made] = []
        own = _county_documents(above[place], neighbours, task) if above else ()
        for one in chain(_documents(neighbours, task), own):
            made.append(one)
            if progress is not None:
                progress(len(listed) + len(made), total)
        judge_copies((one.draft for one in made if one.text), {id(one.draft): one.verdict for one in made})
        listed += _write_documents(made, out, len(listed))
    if progress is not None:
        progress(total, total)
    _write_manifest(listed, out)
    return len(listed)


@dataclass(slots=True)
class _Task:
    """What is asked of the whole corpus, and how many scans are still to be made."""

    years: range
    seed: int
    formats: tuple[str, ...]
    scans: int
    unseen: bool
    reissues: bool


def _documents(neighbours: list[Body], task: _Task) -> Iterator[_Made]:
    """The documents of one county, body after body: its reports may copy from one another."""
    seed = task.seed
    seeds: dict[tuple[str, int], str] = {}
    used: set[tuple[int, str]] = set()
    for body in neighbours:
        history = live(body, task.years, seed)
        names = [one.name for one in neighbours if one.name != body.name]
        last: _Made | None = None
        for year in task.years:
            pick = seeded(seed, body.body_id, year, "document")
            if not body.exists(year) or pick.random() < _MISSING:
                last = None
                continue
            order = replace(_order(body, year, neighbours, last, seeds, pick), unseen=task.unseen)
            scan = task.scans > 0 and pick.random() < 0.5
            made = _document(body, history[year], order, task, pick, scan=scan)
            task.scans -= scan
            made.name = _unique(made, used, pick)
            made.verdict = judge(made.draft, last.draft if last else None, text=made.text, others=names)
            _uncertain(made)
            seeds[body.body_id, year] = order.text_seed
            last = made
            yield made
            if task.reissues and order.faults and order.published and pick.random() < _REISSUED:
                last = _again(body, history[year], order, task, pick)
                last.name = _unique(last, used, pick)
                yield last


def _again(body: Body, event: Happening, order: Order, task: _Task, pick: random.Random) -> _Made:
    """The same report published again some weeks later, its slips mended."""
    day = date.fromisoformat(order.published or "") + timedelta(days=pick.randint(30, 110))
    made = _document(
        body, event, replace(order, faults=frozenset(), published=str(day)), task, pick, scan=False
    )
    made.verdict = judge(made.draft, None, text=made.text, others=[])
    return made


def _county_documents(county: Body, neighbours: list[Body], task: _Task) -> Iterator[_Made]:
    """The county government's own reports, in the form of the year and without a planted fault."""
    history = live_together(county, neighbours, task.years, task.seed)
    last: _Made | None = None
    for year in task.years:
        pick = seeded(task.seed, county.body_id, year, "document")
        layout = Layout.PRE2019 if year < 2019 else Layout.F2019 if year < 2021 else Layout.F2021
        published = str(date(year + 1, 3, pick.randint(3, 28)))
        seen = f"{county.body_id}/{year}"
        order = Order(layout, text_seed=seen, last_total=_last_total(last), published=published)
        one = replace(task, formats=tuple(f for f in task.formats if f in ("html", "docx")) or task.formats)
        made = _document(county, history[year], replace(order, unseen=task.unseen), one, pick, scan=False)
        made.name = f"{county.full_name}{year}年政府信息公开工作年度报告"
        made.verdict = judge(made.draft, last.draft if last else None, text=made.text, others=[])
        _uncertain(made)
        last = made
        yield made


# ---- what each report is to be


def _order(
    body: Body,
    year: int,
    everyone: list[Body],
    last: _Made | None,
    seeds: dict[tuple[str, int], str],
    pick: random.Random,
) -> Order:
    layout = _layout(year, pick)
    faults = set()
    if pick.random() < 0.45:
        shares = FAULTS[layout]
        faults = set(pick.choices(list(shares), list(shares.values()), k=pick.choice((1, 1, 1, 2, 3))))
    text_seed = f"{body.body_id}/{year}"
    before = seeds.get((body.body_id, year - 1))
    peers = [one for one in everyone if (one.body_id, year) in seeds and one.county == body.county]
    if "copy" in faults and before and year != 2019:
        text_seed = before
    elif "peer" in faults and peers:
        text_seed = seeds[pick.choice(peers).body_id, year]
    others = [one.name for one in everyone if one.county == body.county and one.name[:2] != body.name[:2]]
    when = pick.choices((None, "late", "early", "reset"), (86, 10, 2, 2))[0]
    return Order(
        layout, frozenset(faults),
        one_other_row=layout is Layout.F2021 and year in (2023, 2024) and pick.random() < 0.06,
        text_seed=text_seed, last_total=_last_total(last), published=publication(year, pick, when),
        other_body=pick.choice(others) if others else "某某镇",
    )  # fmt: skip


def _layout(year: int, pick: random.Random) -> Layout:
    """Mostly the form of the year; sometimes the old one still, the new one already, or none."""
    shares = {
        Layout.PRE2019: 45 if year < 2019 else 0,
        Layout.F2019: 90 if year in (2019, 2020) else 9 if year in (2021, 2022) else 0,
        Layout.F2021: 88 if year >= 2021 else 5 if year == 2020 else 0,
        Layout.NARRATIVE: 55 if year < 2019 else 6,
    }
    return pick.choices(list(shares), list(shares.values()))[0]


def _last_total(last: _Made | None) -> int | None:
    if last is None or not last.text:
        return None
    for fact in last.draft.facts:
        if fact.measure == "items_disclosed" and fact.bound == "exact" and fact.value:
            return int(fact.value)
    return None


# ---- one document


def _document(
    body: Body, event: Happening, order: Order, task: _Task, pick: random.Random, *, scan: bool
) -> _Made:
    draft = write_report(body, event, order, task.seed)
    if order.one_other_row:
        draft.quirks.append("one_other_row")
    draft.index_number = (
        f"98{pick.randint(100000, 999999)}-7/{(draft.published or '2020')[:4]}-{pick.randint(1, 131):07d}"
    )
    kind = _format(order.layout, task.formats, pick)
    if scan:
        kind = pick.choice(("scan", "png"))
    inner = pick.choice(("html", "docx")) if kind == "zip" else "html" if kind == "mht" else kind
    text = kind not in ("xlsx", "xls")
    if not text:
        draft.facts = [fact for fact in draft.facts if fact.source == "table"]
        draft.claims, draft.sections = [], {}
    _sign(draft, inner, pick)
    paper = _paper(draft, inner, pick)
    if kind == "mht":
        paper = mht_paper(paper)
    if kind == "zip":
        paper = zip_paper(paper, f"{draft.body.name}{draft.year}年年报", pick)
    return _Made(draft, paper, kind, _name(draft, paper, kind, pick), text)


def _format(layout: Layout, formats: tuple[str, ...], pick: random.Random) -> str:
    shares = {name: _FORMATS[name] for name in formats}
    if layout is Layout.NARRATIVE and len(shares) > 2:
        shares = {name: share for name, share in shares.items() if name not in ("xlsx", "xls")}
    return pick.choices(list(shares), list(shares.values()))[0]


def _sign(draft: Draft, kind: str, pick: random.Random) -> None:
    """The foot of the report; in files without page metadata it is the only place of the date."""
    if kind in ("xlsx", "xls"):
        draft.index_number = None
        return
    bare = kind in ("docx", "pdf", "scan", "png")
    shown = pick.random() < (0.75 if bare else 0.35)
    if shown and draft.published:
        year, month, day = map(int, draft.published.split("-"))
        draft.blocks += [Text(draft.body.full_name, "sign"), Text(f"{year}年{month}月{day}日", "sign")]
        if bare:
            draft.quirks.append("date_in_signature")
    elif bare:
        draft.published, draft.index_number = None, None
    if bare or kind == "md":
        draft.index_number = None


def _paper(draft: Draft, kind: str, pick: random.Random) -> Paper:
    if kind == "html":
        return html_paper(draft, pick)
    if kind == "docx":
        return docx_paper(draft, pick)
    if kind == "pdf":
        return pdf_paper(draft, pick)
    if kind == "txt":
        return text_paper(draft, pick)
    if kind == "md":
        return markdown_paper(draft, pick)
    if kind in ("xlsx", "xls"):
        return sheet_paper(draft, pick, kind)
    return scan_paper(draft, pick, "png" if kind == "png" else "pdf")


def _name(draft: Draft, paper: Paper, kind: str, pick: random.Random) -> str:
    if "title_without_body" not in draft.quirks and pick.random() < 0.55:
        return draft.title
    if kind in ("html", "mht") and pick.random() < 0.5:
        return f"t{(draft.published or '2020-01-01').replace('-', '')}_{pick.randint(100000, 999999)}"
    return f"{draft.body.name}{draft.year}年政府信息公开工作年度报告"


def _unique(made: _Made, used: set[tuple[int, str]], pick: random.Random) -> str:
    name = made.name
    while (made.draft.year, name) in used:
        name = f"{made.name}({pick.randint(2, 99)})"
    used.add((made.draft.year, name))
    return name


def _uncertain(made: _Made) -> None:
    """Rules on which the form of the file leaves a fair examiner silent."""
    quirks = {*made.draft.quirks, *made.paper.quirks}
    if "lost_characters" in quirks:
        made.verdict.undecided |= {"F-SECTIONS", "F-YEAR", "F-REF"}
    if made.draft.body.predecessor:
        # a reader goes on from the report under the old name
        made.verdict.undecided |= {"F-COPY", "D-JUMP", "T3-CARRY", "T2-STOCK", "T2-2019-ITEMS", "T4-PEND"}
    if "date_in_signature" in quirks or made.draft.published is None:
        made.verdict.undecided |= {"F-LATE", "F-EARLY", "F-REUP"}


# ---- files


def _write_bodies(everyone: list[Body], out: Path) -> None:
    own = {one.name for one in fields(Body)}
    with (out / "bodies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _BODY_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for body in everyone:
            row = {name: getattr(body, name) for name in _BODY_COLUMNS if name in own}
            writer.writerow(row | {"code_system": "invented", "origin": "invented", "aliases": ""})


def _write_population(everyone: list[Body], years: range, out: Path) -> None:
    """The residents that an invented body was given, from its first year on; they are declared as invented."""
    with (out / "population.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("body_id", "year", "residents", "source", "url"))
        writer.writerows(
            (body.body_id, max(body.valid_from or years[0], years[0]), body.population, "虚构，仅供演示", "")
            for body in everyone
        )


def _write_documents(made: list[_Made], out: Path, before: int) -> list[_Line]:
    """Writes documents and truths; returns their lines of the manifest."""
    lines: list[_Line] = []
    for number, one in enumerate(made, before + 1):
        folder = out / one.draft.body.county / str(one.draft.year)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{one.name}.{one.paper.suffix}"
        path.write_bytes(one.paper.data)
        truth = _truth(one, path.relative_to(out))
        beside = path.with_name(path.name + ".truth.json")
        beside.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        url = f"http://www.yunchuan.example/info/{1000 + one.draft.year}/{number}.htm"
        inside = path.relative_to(out).as_posix()
        digest = truth["document"]["sha256"]
        lines.append((inside, one.draft.body.full_name, one.draft.year, url, digest, _received(one, number)))
    return lines


def _received(one: _Made, number: int) -> str:
    """The day the district office got the document: some days after its publication."""
    published = date.fromisoformat(one.draft.published or f"{one.draft.year + 1}-02-20")
    return str(published + timedelta(days=1 + number % 9))


def _write_manifest(lines: list[_Line], out: Path) -> None:
    with (out / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("path", "body", "year", "url", "sha256", "received"))
        writer.writerows(lines)


def _truth(one: _Made, path: Path) -> dict[str, Any]:
    draft, paper = one.draft, one.paper
    hidden = "date_in_signature" in draft.quirks
    return {
        "document": {
            "path": path.as_posix(),
            "sha256": hashlib.sha256(paper.data).hexdigest(),
            "media_type": _MEDIA[paper.suffix],
        },
        "report": {
            "body": draft.body.full_name,
            "body_id": draft.body.body_id,
            "county": draft.body.county,
            "year": draft.year,
            "published": draft.published,
            "published_optional": hidden,
            "title": draft.title,
            "index_number": draft.index_number,
            "layout": str(draft.layout),
        },
        "facts": [fact.as_json() for fact in draft.facts],
        "findings": [],
        "issues": [],
        "quirks": sorted({*draft.quirks, *paper.quirks}),
        "planted": one.verdict.holds,
        "undecided": sorted(one.verdict.undecided),
        "layout": str(draft.layout),
        "format": one.format,
    }
