"""What the papers about one county and one year rest on: reports owed, findings, and where each is printed.

Reads the warehouse by the files of `queries/`; writes no paper.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.model import UserError
from pipeline.paper.model import Note
from pipeline.paper.words import day, listed, named, say
from pipeline.sources import ROOT

Row = dict[str, Any]
YEARS = 5
# What a body is asked to put right; `change` (beside last year's) and doubts about our own reading are not.
_OF_A_LETTER = ("arithmetic", "form")
_PLACES_TOLD = 3
_NAMED = 6
_LONGEST_RAW = 40


def ask(connection: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[Row]:
    """The rows of `queries/<name>.sql`; None where there is no value."""
    with connection.cursor() as cursor:
        asked = cursor.execute((ROOT / "queries" / f"{name}.sql").read_text("utf-8"), parameters)
        names = [column[0] for column in asked.description or ()]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


@dataclass(frozen=True, slots=True)
class County:
    """One county and year: `owed` are the year's reports, `earlier` those of the years before."""

    scope: str
    name: str
    invented: bool
    year: int
    until: dt.date
    made_at: dt.datetime
    build: str
    owed: list[Row]
    earlier: list[Row]
    findings: list[Row]
    printed: dict[tuple[str, str], list[Row]]

    @property
    def day(self) -> dt.date:
        """The date that papers bear."""
        return self.made_at.date()

    @property
    def mark(self) -> str:
        """What stands at the head of every page."""
        return say("paper.invented", county=self.name) if self.invented else ""

    @property
    def bodies(self) -> list[str]:
        """The ids of the bodies that owe a report."""
        return [row["body_id"] for row in self.owed]

    def in_state(self, *states: str) -> list[Row]:
        """The year's reports that are in one of these states."""
        return [row for row in self.owed if row["state"] in states]

    def to_correct(self) -> list[Row]:
        """The findings that bodies are asked to look into."""
        return [row for row in self.findings if _asks_for_correction(row)]


def _asks_for_correction(row: Row) -> bool:
    return row["outcome"] == "broken" and row["cause"] in _OF_A_LETTER and row["decision"] != "dismissed"


def gather(
    connection: duckdb.DuckDBPyConnection,
    county: str,
    year: int,
    *,
    days: float,
    until: dt.date | None = None,
    on: dt.date | None = None,
) -> County:
    """All of it; UserError where the county is not known, is not the only one of its name, or owes nothing then.

    Papers are dated by the build, or by the day `on` as of which they are asked for.
    """
    build = ask(connection, "brief/newest_build")
    if not build:
        raise UserError("数据库是空的；请先运行 python -m pipeline build")
    found = ask(connection, "brief/counties_named", county=county)
    place = _only_one(found, county)
    if place["first_year"] is None:
        raise UserError(f"数据库里没有{county}所属乡镇（街道）的年报；请把年报放进 data/sources 后重新 build")
    rows = ask(connection, "brief/reports_owed", scope=place["scope"], first=year - YEARS + 1, last=year)
    owed = [row for row in rows if row["year"] == year]
    if not owed or all(row["state"] == "not_due" for row in owed):
        span = "至".join(dict.fromkeys((str(place["first_year"]), str(place["last_year"]))))
        raise UserError(
            f"数据库里没有{county}{year}年度应公布的年报；有年报的年度是"
            f"{span}年，请改用 --year，或放入年报后重新 build"
        )
    made_at = build[0]["built_at"].replace(microsecond=0)
    if on is not None:
        made_at = dt.datetime.combine(on, dt.time())
    if until is not None and until < made_at.date():
        raise UserError(f"--until 应不早于文稿日期 {made_at.date()}，现为 {until}")
    findings = _findings(connection, [row["body_id"] for row in owed], year)
    return County(
        scope=place["scope"], name=place["place"], invented=place["invented"], year=year,
        until=until or made_at.date() + dt.timedelta(days=days), made_at=made_at, build=build[0]["build_id"],
        owed=owed, earlier=[row for row in rows if row["year"] < year], findings=findings,
        printed=_printed(connection, findings),
    )  # fmt: skip


def _only_one(found: Sequence[Row], county: str) -> Row:
    if not found:
        raise UserError(f"数据库里没有“{county}”；请核对县（市、区）的名称，或先 build")
    if len(found) > 1:
        scopes = "、".join(row["scope"] for row in found)
        raise UserError(f"有几个“{county}”；请写明是哪一个：--county {scopes}")
    return found[0]


def _findings(connection: duckdb.DuckDBPyConnection, bodies: list[str], year: int) -> list[Row]:
    rows = ask(
        connection, "screens/findings_listed", bodies=bodies, first=year, last=year, report=None, rule=None,
        severities=None, outcomes=["broken", "note"], causes=None, undecided=False, limit=None, offset=0,
        language="zh",
    )  # fmt: skip
    return sorted(rows, key=lambda row: (row["body"], row["rule"], row["message"], row["places"]))


def _printed(
    connection: duckdb.DuckDBPyConnection, findings: Sequence[Row]
) -> dict[tuple[str, str], list[Row]]:
    """What is printed at the places of findings, by report and place."""
    rows = ask(
        connection, "brief/figures_at_places", reports=sorted({row["report_id"] for row in findings}),
        places=sorted({place for row in findings for place in row["places"]}),
    )  # fmt: skip
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["report_id"], row["locator"]].append(row)
    return found


# --- where things are printed ----------------------------------------------------------------------


def report_named(row: Row) -> str:
    """A report by its body, its day and where it is published."""
    when = say("source.published", day=day(row["published"])) if row["published"] else say("source.undated")
    return say("source.report", body=row["body"], year=row["year"], when=when, source=row["source"])


def report_note(row: Row) -> Note:
    """The source of what is told of a whole report."""
    return Note(report_named(row), row["report_id"])


def members(county: County, rows: Iterable[Row]) -> Note:
    """The source of a count of bodies: who they are, or who of all is not among them."""
    names = [row["body"] for row in rows]
    others = [row["body"] for row in county.owed if row["body"] not in set(names)]
    if len(names) <= _NAMED:
        return Note(say("source.members", names=listed(names, _NAMED)) if names else say("source.nobody"))
    if len(others) <= _NAMED:
        return Note(say("source.but", names=listed(others, _NAMED)) if others else say("source.all"))
    return Note(say("source.members", names=listed(names, len(names))))


def place_told(county: County, finding: Row) -> list[str]:
    """Where the figures of a finding are printed, in words, with the text printed there."""
    rows = [
        row for place in finding["places"] for row in county.printed.get((finding["report_id"], place), [])
    ]
    told: list[str] = []
    before: Row = {}
    for row in rows:
        said = _one_place(row, before)
        if said not in told:
            told.append(said)
        before = row
    return told


def _one_place(row: Row, before: Row) -> str:
    """A place in words; what it has in common with the place before it is not said again."""
    where_now, where_before = [(one.get("section"), one.get("page")) for one in (row, before)]
    part = named("section", row["section"]) if row["section"] and where_now != where_before else ""
    where = say("place.page", page=row["page"]) if row["page"] and where_now != where_before else ""
    same = row["applicant"] and row["label"] == before.get("label")
    names = ("applicant",) if same else ("label", "applicant", "channel", "category")
    parts = [row[name] for name in names if row[name]]
    what = say("place.figure", name="·".join(parts)) if parts else ""
    raw = shortened(row["raw_text"] if row["raw_text"] is not None else row["text"])
    printed = say("place.raw", raw=raw) if raw else say("place.blank")
    return say("place", part=part, where=where, what=what, printed=printed, locator=row["locator"])


def shortened(text: str) -> str:
    """The text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_RAW else f"{line[:_LONGEST_RAW]}…"


def finding_note(county: County, finding: Row) -> Note:
    """The source of a case: report, rule, and the places that entered."""
    report = next(row for row in county.owed if row["report_id"] == finding["report_id"])
    told = place_told(county, finding)
    places = say("list.separator").join(told[:_PLACES_TOLD])
    if len(told) > _PLACES_TOLD:
        places = say("source.more_places", places=places, count=len(told))
    key = "source.finding" if told else "source.finding.whole"
    words = say(key, report=report_named(report), places=places, rule=finding["rule"])
    return Note(words, finding["report_id"], tuple(finding["places"]))
