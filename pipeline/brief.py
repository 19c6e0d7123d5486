"""The brief (通报) on a county's reports of a year, for leadership to sign: what it says, not how it is set.

Restrained throughout: what is not there is 未见 or 未填, what does not add up 需核实. Every figure bears its source.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import duckdb

from pipeline.brief_tiers import tiers
from pipeline.paper.drawing import bars, stacked
from pipeline.paper.model import (
    Block,
    Break,
    Column,
    Heading,
    Note,
    Paper,
    Paragraph,
    Piece,
    Table,
    Text,
    plain,
)
from pipeline.paper.words import day, figure, listed, named, number, say, text, tight
from pipeline.papers import County, Row, ask, finding_note, members, place_told, report_note, shortened

# What this year is compared by; sums of counts, which a county can answer for.
MEASURES = (
    "items_disclosed", "requests_received", "requests_closed", "granted", "granted_in_part",
    "reconsideration_total", "lawsuit_direct_total", "normative_issued", "licence_decisions", "penalty_decisions",
)  # fmt: skip
HELD = ("on_time", "late", "undated", "unreadable")
_SHOWN = ("on_time", "late", "undated", "missing")  # the parts of a bar; what else there is stands behind it
_RULES, _CASES = 5, 3
_BESIDE = 7  # bodies beside each other in a table of the annex
_HANG = "\u3000" * 3  # later annexes stand under the first, behind 附件：
_NUMERALS = "〇一二三四五六七八九十"
_TOWNSHIPS = frozenset({"town", "township", "ethnic_township"})


def brief(connection: duckdb.DuckDBPyConnection, county: County) -> Paper:
    """The whole brief."""
    parts = [
        _coverage(county),
        _changes(connection, county),
        _tiers(connection, county),
        _problems(connection, county),
        _demands(county),
        _method(connection, county),
    ]
    blocks: list[Block] = [
        Paragraph(plain(_addressees(county)), "addressee"),
        Paragraph(text("brief.opening", county=county.name, year=county.year)),
    ]
    for place, (title, inner) in enumerate((part for part in parts if part), start=1):
        blocks += [Heading(1, say("heading.1", number=_NUMERALS[place], title=title)), *inner]
    blocks += _closing(county)
    annexes = (_annex_of_figures, _annex_of_rules, _annex_of_doubts)
    for place, annex in enumerate(annexes, start=1):
        blocks += [Break(), *annex(connection, county, place)]
    title = say("brief.title", county=county.name, year=county.year)
    return Paper(title, county.mark, county.made_at, county.build, tuple(blocks))


def _addressees(county: County) -> str:
    kinds = {row["kind"] for row in county.owed}
    names = [say("addressee.all.township")] if kinds & _TOWNSHIPS else []
    names += [say("addressee.all.subdistrict")] if "subdistrict" in kinds else []
    return say("addressee", names=say("list.separator").join(names))


def _closing(county: County) -> list[Block]:
    return [
        Paragraph(plain(say("brief.annexes.1")), "annex"),
        Paragraph(plain(_HANG + say("brief.annexes.2")), "annex"),
        Paragraph(plain(_HANG + say("brief.annexes.3")), "annex"),
        Paragraph(plain(say("paper.issuer")), "signature"),
        Paragraph(plain(day(county.day)), "date"),
    ]


Part = tuple[str, list[Block]]


def _second(number: int, title: str) -> Heading:
    return Heading(2, say("heading.2", number=_NUMERALS[number], title=title))


# --- coverage --------------------------------------------------------------------------------------


def _count(county: County, rows: Sequence[Row]) -> Piece:
    return figure(len(rows), members(county, rows))


def _coverage(county: County) -> Part:
    due = [row for row in county.owed if row["state"] != "not_due"]
    limits = sorted({row["publication_limit"] for row in due if row["publication_limit"]})
    known = [say("brief.coverage.limit", limit=listed(map(day, limits)))] if limits else []
    said = text(
        "brief.coverage",
        year=county.year,
        due=_count(county, due),
        held=_count(county, county.in_state(*HELD)),
    )
    for state in ("on_time", "late", "undated", "unreadable", "figures", "missing", "not_due"):
        rows = county.in_state(state)
        if rows:
            said += text(f"brief.coverage.{state}", count=_count(county, rows))
    said += plain(say("sentence.end") + "".join(known))
    return say("brief.part.coverage"), [
        Paragraph(said),
        *_last_year(county),
        *_lists(county),
        *_years(county),
    ]


def _last_year(county: County) -> list[Block]:
    last = [row for row in county.earlier if row["year"] == county.year - 1]
    if not last:
        return []
    counts = {
        "due": _count(county, [row for row in last if row["state"] != "not_due"]),
        "held": _count(county, [row for row in last if row["state"] in HELD]),
        "late": _count(county, [row for row in last if row["state"] == "late"]),
    }
    return [Paragraph(text("brief.coverage.last", year=county.year - 1, **counts))]


def _lists(county: County) -> list[Block]:
    """Who is missing, late, or held in part only."""
    blocks: list[Block] = []
    place = 0
    for state in ("missing", "unreadable", "figures", "undated"):
        rows = county.in_state(state)
        if rows:
            place += 1
            names = listed((row["body"] for row in rows), most=len(rows))
            blocks.append(_second(place, say(f"brief.list.{state}")))
            blocks.append(Paragraph(plain(say(f"brief.list.{state}.text", names=names, day=day(county.day)))))
    late = sorted(county.in_state("late"), key=lambda row: (-row["days_late"], row["body"]))
    if late:
        rows_of_table = tuple(
            (
                plain(row["body"]),
                (figure(day(row["published"]), report_note(row)),),
                plain(day(row["publication_limit"])),
                (figure(row["days_late"], report_note(row)),),
            )
            for row in late
        )
        columns = (
            Column(say("column.body"), 3), Column(say("column.published"), 3),
            Column(say("column.limit"), 3), Column(say("column.days_late"), 2, numeric=True),
        )  # fmt: skip
        blocks += [
            _second(place + 1, say("brief.list.late")),
            Table(say("brief.table.late"), columns, rows_of_table),
        ]
    return blocks


def _years(county: County) -> list[Block]:
    by_year: dict[int, Counter[str]] = defaultdict(Counter)
    for row in [*county.earlier, *county.owed]:
        by_year[row["year"]][row["state"]] += 1
    rows = {say("year", year=year): [states[state] for state in _SHOWN] for year, states in by_year.items()}
    others = [sum(states.values()) - sum(states[state] for state in _SHOWN) for states in by_year.values()]
    ends = [say("brief.years.others", count=count) if count else "" for count in others]
    names = [say(f"state.{state}") for state in _SHOWN]
    alt = say("list.clause").join(
        say("brief.years.alt", year=year, counts=listed(f"{name}{count}" for name, count in zip(names, counts, strict=True)))
        for year, counts in rows.items()
    )  # fmt: skip
    if not any(map(any, rows.values())):
        return []
    return [stacked(say("brief.years", last=county.year), alt, rows, names, ends)]


# --- what changed ----------------------------------------------------------------------------------


def _changes(connection: duckdb.DuckDBPyConnection, county: County) -> Part | None:
    rows = ask(
        connection, "brief/changes", scope=county.scope, year=county.year, measures=list(MEASURES)
    )  # fmt: skip
    told = [row for row in rows if row["bodies"]]
    jumps = [row for row in county.findings if row["rule"] == "D-JUMP"]
    if not told and not jumps:
        return None
    names = {row["report_id"]: row for row in county.owed}
    blocks: list[Block] = [Paragraph(plain(say("brief.changes", year=county.year, last=county.year - 1)))]
    lines = []
    for row in told:
        who = members(county, [names[report] for report in row["reports"]]).text
        source = Note(say("source.sum", who=who, label=row["label"], last=county.year - 1))
        bound = "about" if row["inexact"] else "exact"
        lines.append((
            plain(say("annex.measure", section=say(f"annex.section.{row['section']}"), label=row["label"], unit=row["unit"])),
            (figure(row["bodies"], source),),
            (figure(number(row["previous_total"], bound), source),),
            (figure(number(row["total"], bound), source),),
            (figure(_signed(row["change"]), source),),
        ))  # fmt: skip
    columns = (
        Column(say("column.measure"), 5), Column(say("column.bodies"), 2, numeric=True),
        Column(say("year", year=county.year - 1), 2, numeric=True),
        Column(say("year", year=county.year), 2, numeric=True), Column(say("column.change"), 2, numeric=True),
    )  # fmt: skip
    if lines:
        blocks.append(Table(say("brief.table.changes"), columns, tuple(lines)))
    broken = [row["label"] for row in rows if row["broken"]]
    if broken:
        blocks.append(Paragraph(plain(say("brief.changes.broken", labels=listed(broken)))))
    if jumps:
        cases = _cases(county, jumps, most=len(jumps))
        count = figure(len({row["report_id"] for row in jumps}), members(county, _reports(county, jumps)))
        blocks.append(Paragraph(text("brief.changes.jumps", count=count, cases=cases)))
    return say("brief.part.changes"), blocks


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '-' if value < 0 else ''}{number(abs(value))}"


def _reports(county: County, findings: Iterable[Row]) -> list[Row]:
    wanted = {row["report_id"] for row in findings}
    return [row for row in county.owed if row["report_id"] in wanted]


def _cases(county: County, findings: Sequence[Row], most: int) -> Text:
    """Body and message of some findings, each with its place; one case a body first."""
    first = list({row["report_id"]: row for row in reversed(findings)}.values())
    pieces: list[Piece] = []
    for place, row in enumerate(sorted(first, key=lambda row: row["body"])[:most]):
        if place:
            pieces.append(Piece(say("list.clause")))
        pieces += text(
            "brief.case", body=row["body"], message=figure(tight(row["message"]), finding_note(county, row))
        )
    return tuple(pieces)


def _tiers(connection: duckdb.DuckDBPyConnection, county: County) -> Part | None:
    blocks = tiers(connection, county)
    return (say("brief.part.tiers"), blocks) if blocks else None


# --- common problems -------------------------------------------------------------------------------


def _problems(connection: duckdb.DuckDBPyConnection, county: County) -> Part | None:
    judged = _judged(connection, county)
    if not judged:
        return None
    first = judged[0]
    asked = county.to_correct()
    doubted = [row for row in county.findings if row["outcome"] == "broken" and row["cause"] == "reading"]
    dismissed = [row for row in county.findings if row["decision"] == "dismissed"]
    source = say("source.rules")
    said = text(
        "brief.problems", held=_count(county, county.in_state(*HELD)),
        judged=figure(first["all_assessable"], source), holds=figure(first["all_holds"], source),
        unknown=figure(first["all_not_assessable"], source),
        asked=figure(len(asked), say("source.letters")), bodies=_count(county, _reports(county, asked)),
    )  # fmt: skip
    if doubted:
        said += text("brief.problems.doubted", count=figure(len(doubted), say("source.doubted")))
    if dismissed:
        said += text("brief.problems.dismissed", count=figure(len(dismissed), say("source.dismissed")))
    blocks: list[Block] = [Paragraph(said)]
    common = _common(county, asked)
    if common:
        labels = {row["rule"]: row["label"] for row in ask(connection, "brief/parts_of_rules")}
        shown = {say(f"problem.{rule}"): len(_reports(county, rows)) for rule, rows in common[: _RULES * 2]}
        alt = listed((f"{label}{count}" for label, count in shown.items()), most=len(shown))
        blocks.append(bars(say("brief.problems.chart"), alt, shown))
        for place, (rule, rows) in enumerate(common[:_RULES], start=1):
            blocks.append(_second(place, say(f"problem.{rule}")))
            bodies = _count(county, _reports(county, rows))
            cases = _cases(county, rows, _CASES)
            blocks.append(Paragraph(text("brief.problem", label=labels[rule], bodies=bodies, cases=cases)))
    return say("brief.part.problems"), blocks


def _common(county: County, asked: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The rules that reports break, the one of most bodies first; being late is told of above."""
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in asked:
        if row["rule"] != "F-LATE":
            by_rule[row["rule"]].append(row)
    return sorted(by_rule.items(), key=lambda pair: (-len(_reports(county, pair[1])), -len(pair[1]), pair[0]))


def _judged(connection: duckdb.DuckDBPyConnection, county: County) -> list[Row]:
    return ask(
        connection, "screens/checks_by_rule", bodies=county.bodies, first=county.year, last=county.year,
        language="zh",
    )  # fmt: skip


# --- what is asked, and how it was done ------------------------------------------------------------


def _demands(county: County) -> Part:
    until = figure(day(county.until), say("source.until"))
    blocks: list[Block] = []
    if county.to_correct():
        blocks.append(Paragraph(text("brief.demands.correct", until=until)))
    missing = county.in_state("missing", "unreadable", "figures")
    if missing:
        blocks.append(Paragraph(text("brief.demands.missing", bodies=_count(county, missing), until=until)))
    if not blocks:
        blocks.append(Paragraph(plain(say("brief.demands.none"))))
    blocks.append(Paragraph(plain(say("brief.demands.ever"))))
    return say("brief.part.demands"), blocks


def _method(connection: duckdb.DuckDBPyConnection, county: County) -> Part:
    build = ask(connection, "brief/newest_build")[0]
    words = say(
        "brief.method", day=day(county.day), build=county.build, catalogue=build["catalogue_hash"][:12]
    )
    return say("brief.part.method"), [Paragraph(plain(words))]


# --- annexes ---------------------------------------------------------------------------------------


def _annex(place: int) -> list[Block]:
    return [
        Heading(3, say("annex.head", number=place, title=say(f"brief.annex.{place}"))),
        Paragraph(plain(say(f"brief.annex.{place}.note")), "small"),
    ]


def _annex_of_figures(connection: duckdb.DuckDBPyConnection, county: County, place: int) -> list[Block]:
    columns = (
        Column(say("column.number"), 1, numeric=True), Column(say("column.body"), 3), Column(say("column.state"), 2),
        Column(say("column.published"), 3), Column(say("column.report"), 9),
    )  # fmt: skip
    rows = tuple(
        (
            plain(str(at)), plain(row["body"]), plain(named("state", row["state"])),
            plain(row["published"].isoformat() if row["published"] else ""),
            plain(say("list.clause").join(filter(None, (row["title"], row["source"])))),
        )
        for at, row in enumerate(county.owed, start=1)
    )  # fmt: skip
    figures = ask(connection, "brief/figures_of_year", scope=county.scope, year=county.year)
    caption = say("annex.table", annex=place, number=1, title=say("annex.reports"))
    return [*_annex(place), Table(caption, columns, rows, small=True), *_grids(county, figures, place)]


def _grids(county: County, figures: Sequence[Row], place: int) -> list[Block]:
    """All figures: measures down, a few bodies across, table after table."""
    cells = {(row["measure"], row["body_id"]): row for row in figures}
    measures = {row["measure"]: row for row in figures}
    held = [row for row in county.owed if row["report_id"]]
    tables: list[Block] = []
    count = -(-len(held) // _BESIDE)
    for at in range(count):
        first, last = len(held) * at // count, len(held) * (at + 1) // count
        beside = held[first:last]
        columns = (
            Column(say("column.measure"), 4.5), *(Column(row["body"], 1.5, numeric=True) for row in beside)
        )  # fmt: skip
        rows = tuple(
            (
                plain(say("annex.measure", section=say(f"annex.section.{row['section']}"), label=row["label"], unit=row["unit"])),
                *(plain(_cell(cells.get((measure, body["body_id"])))) for body in beside),
            )
            for measure, row in measures.items()
            if any(_cell(cells.get((measure, body["body_id"]))) for body in beside)
        )  # fmt: skip
        title = say("annex.figures", first=first + 1, last=last, count=len(held))
        tables.append(
            Table(say("annex.table", annex=place, number=at + 2, title=title), columns, rows, small=True)
        )
    return tables


def _cell(row: Row | None) -> str:
    """A figure, or the sign of why there is none; nothing where the report does not ask for it."""
    if row is None or row["status"] is None:
        return ""
    return named("sign", row["status"]) if row["value"] is None else number(row["value"], row["bound"])


def _annex_of_rules(connection: duckdb.DuckDBPyConnection, county: County, place: int) -> list[Block]:
    judged = {row["rule"]: row for row in _judged(connection, county)}
    columns = (
        Column(say("column.rule"), 2.6), Column(say("column.content"), 6), Column(say("column.basis"), 4),
        *(Column(say(f"column.{name}"), 1.2, numeric=True) for name in ("holds", "broken", "note", "unknown")),
    )  # fmt: skip
    counted = ("holds", "broken", "note", "not_assessable")
    rows = tuple(
        (
            plain(row["rule"]), plain(row["label"]), plain(row["source"] or ""),
            *(plain(number(judged[row["rule"]][name]) if row["rule"] in judged else "") for name in counted),
        )
        for row in ask(connection, "brief/parts_of_rules")
    )  # fmt: skip
    caption = say("annex.table", annex=place, number=1, title=say("annex.rules"))
    return [*_annex(place), Table(caption, columns, rows, small=True)]


def _annex_of_doubts(connection: duckdb.DuckDBPyConnection, county: County, place: int) -> list[Block]:
    blocks = _annex(place)
    rows = ask(
        connection, "screens/issues_listed", bodies=county.bodies, first=county.year, last=county.year,
        report=None, language="zh", limit=None, offset=0,
    )  # fmt: skip
    unread = [
        (plain(row["body"]), plain(say(f"annex.unread.{row['state']}")), plain(row["source"] or ""))
        for row in county.in_state("missing", "unreadable", "figures")
    ]
    doubts = [
        (
            plain(row["body"]), plain(tight(row["message"])),
            plain(say("annex.place", raw=shortened(row["raw_text"]), locator=row["locator"] or "")),
        )
        for row in rows
    ]  # fmt: skip
    held_back = [
        (
            plain(row["body"]),
            plain(row["message"]),
            plain(say("list.separator").join(place_told(county, row)[:2])),
        )
        for row in county.findings
        if row["outcome"] == "broken" and row["cause"] == "reading"
    ]
    lists = (("annex.unread", unread), ("annex.doubts", doubts), ("annex.held_back", held_back))
    columns = (Column(say("column.body"), 3), Column(say("column.what"), 8), Column(say("column.place"), 6))
    for number_, (key, lines) in enumerate(lists, start=1):
        caption = say("annex.table", annex=place, number=number_, title=say(key))
        if lines:
            blocks.append(Table(caption, columns, tuple(lines), small=True))
        else:
            blocks.append(Paragraph(plain(say("annex.none", title=say(key))), "small"))
    return blocks
