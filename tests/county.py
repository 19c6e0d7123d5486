"""Warehouses of constructed counties: bodies, reports and figures as a test states them, the marts over them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.database import open_to_write
from pipeline.marts import marts
from tests.screens import ROOT, _load_catalogue


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
    tables: defaultdict[str, list[list[object]]] = defaultdict(list)
    _load_catalogue(tables)
    for body in bodies:
        names = [body.body_id, body.name, body.kind, None, None, body.county, body.prefecture, None]
        tables["body"].append([*names, body.valid_from, body.valid_to, body.predecessor, "invented"])
    for body_id, year in reports:
        day = (published or {}).get((body_id, year), date(year + 1, 1, 10))
        layout = (layouts or {}).get((body_id, year), "2021")
        head = [f"{body_id}-{year}", body_id, year, day, None, None, layout, "invented", f"{body_id}{year}"]
        tables["report"].append([*head, None, None, None, None])
    for number, one in enumerate(figures):
        place = [f"f{number:05d}", f"{one.body_id}-{one.year}", one.measure, one.applicant, None, None, None]
        text = "" if one.value is None else f"{one.value:g}"
        tables["fact"].append([*place, one.value, "件", one.status, one.bound, text, one.locator])
    with open_to_write(path) as connection:
        connection.execute((ROOT / "queries" / "schema.sql").read_text("utf-8"))
        for table, rows in tables.items():
            frame = pd.DataFrame(rows, dtype=object)  # noqa: F841  DuckDB finds it by its name
            connection.execute(f"insert into {table} select * from frame")
        for mart in marts():
            connection.sql(mart.read_text("utf-8")).create(mart.stem)
    return path
