"""Warehouses of constructed counties: bodies, reports and figures as a test states them, the marts over them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.database import open_to_write
from pipeline.marts import marts
from tests.screens import ROOT, Tables, _load_catalogue


class Body(NamedTuple):
    """A body of a constructed county."""

    body_id: str
    name: str
    county: str = "甲山县"
    kind: str = "town"
    valid_from: int | None = None
    valid_to: int | None = None
    predecessor: str | None = None
    prefecture: str = "丙江市"


class Figure(NamedTuple):
    """What a report says of a measure; a value of None has a status that says why."""

    body_id: str
    year: int
    measure: str
    value: float | None
    status: str = "reported"
    bound: str = "exact"
    applicant: str | None = None
    locator: str = "b1r1c1"


def build(
    path: Path,
    bodies: Iterable[Body],
    reports: Iterable[tuple[str, int]],
    figures: Iterable[Figure],
    *,
    layouts: dict[tuple[str, int], str] | None = None,
    published: dict[tuple[str, int], date] | None = None,
) -> Path:
    """Write the warehouse; a report is of the form of 2021 and published on 10 January unless said otherwise."""
    declared: Tables = defaultdict(list)
    _load_catalogue(declared)
    rows: dict[str, list[dict[str, object]]] = {
        "body": [{**body._asdict(), "origin": "invented"} for body in bodies],
        "report": [
            {
                "report_id": f"{body_id}-{year}", "body_id": body_id, "year": year, "origin": "invented",
                "published": (published or {}).get((body_id, year), date(year + 1, 1, 10)),
                "layout": (layouts or {}).get((body_id, year), "2021"), "sha256": f"{body_id}{year}",
            }
            for body_id, year in reports
        ],
        "fact": [
            {
                "fact_id": f"f{number:05d}", "report_id": f"{one.body_id}-{one.year}", "measure": one.measure,
                "applicant": one.applicant, "value": one.value, "unit": "件", "status": one.status,
                "bound": one.bound, "raw_text": "" if one.value is None else f"{one.value:g}",
                "locator": one.locator,
            }
            for number, one in enumerate(figures)
        ],
    }  # fmt: skip
    with open_to_write(path) as connection:
        connection.execute((ROOT / "queries" / "schema.sql").read_text("utf-8"))
        for table, lines in declared.items():
            frame = pd.DataFrame(lines, dtype=object)
            connection.execute(f"insert into {table} select * from frame")
        for table, named in rows.items():
            frame = pd.DataFrame(named, dtype=object)  # noqa: F841  DuckDB finds it by its name
            connection.execute(f"insert into {table} by name select * from frame")
        for mart in marts():
            connection.sql(mart.read_text("utf-8")).create(mart.stem)
    return path
