"""Figures that public pages state, entered by hand with their address: facts of an origin of their own."""

import csv
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalogue import Body, Catalogue
from pipeline.model import Bound, CatalogueError, Fact, Status

_COLUMNS = "body county prefecture province year measure dimension value unit approximate url".split()


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """One body, one year, one page: its figures, each with the page's address as its place."""

    body: Body
    year: int
    url: str
    published: str | None
    facts: tuple[Fact, ...]


def load_published(path: Path, catalogue: Catalogue) -> list[PublishedReport]:
    """The figures by body, year and page; a row that names an unknown body or measure is refused."""
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    if rows.fieldnames != _COLUMNS:
        raise CatalogueError(f"{path.name} 第 1 行：列应为 {','.join(_COLUMNS)}")
    bodies = {
        (b.province, b.county, name): b
        for b in catalogue.bodies.values()
        for name in (b.full_name, *b.aliases)
    }
    grouped: dict[tuple[str, int, str], tuple[Body, list[Fact], list[str]]] = {}
    for number, row in enumerate(rows, start=2):
        body = bodies.get((row["province"], row["county"], row["body"]))
        if body is None:
            raise CatalogueError(f"{path.name} 第 {number} 行：机构目录里没有 {row['county']}{row['body']}")
        _, facts, dates = grouped.setdefault((body.body_id, int(row["year"]), row["url"]), (body, [], []))
        if row["measure"] == "published":
            dates.append(row["value"])
        else:
            facts.append(_fact(row, f"{path.name} 第 {number} 行", catalogue))
    return [
        PublishedReport(body, year, url, dates[0] if dates else None, tuple(facts))
        for (_, year, url), (body, facts, dates) in grouped.items()
    ]


def _fact(row: dict[str, str], where: str, catalogue: Catalogue) -> Fact:
    measure = catalogue.measures.get(row["measure"])
    if measure is None:
        raise CatalogueError(f"{where}：指标“{row['measure']}”不在指标目录中")
    channel = row["dimension"] if row["measure"] == "items_by_channel" else None
    if channel is not None and channel not in catalogue.channels:
        raise CatalogueError(f"{where}：渠道“{channel}”不在渠道目录中")
    value = float(row["value"])
    about = row["approximate"] == "yes"
    unit = "" if row["unit"].startswith("(") else row["unit"]
    return Fact(
        measure=row["measure"],
        value=int(value) if value.is_integer() else value,
        unit=measure.unit,
        status=Status.REPORTED,
        raw_text=f"{'约' if about else ''}{row['value']}{unit}",
        locator=row["url"],
        applicant="total" if measure.section == "requests" else None,
        channel=channel,
        category=row["dimension"] if row["measure"] == "items_by_category" else None,
        bound=Bound.ABOUT if about else Bound.EXACT,
    )
