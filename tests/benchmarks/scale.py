"""From a county to the whole country on one machine: `python tests/benchmarks/scale.py [REPORTS ...] [--keep FOLDER]`.

For each size a country is synthesized (pipeline/synthesis.py), every page is opened on it once, and each query that the
pages asked is timed again, alone, in the same run as what it is compared with: the same query, with the same parameters,
on a file that holds nothing but that county, the best layout there can be for it. A warehouse that is found in FOLDER
from an earlier run is taken as it is. With --plot the figures are drawn as well.
"""

import argparse
import logging
import math
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

import queries  # noqa: E402
from pages.ui import PAGES  # noqa: E402
from pipeline.scoped import write_scoped  # noqa: E402
from pipeline.synthesis import synthesize  # noqa: E402

SIZES = (15_000, 150_000, 1_500_000)
ROUNDS = 3
WANTED = 1.3
ASKED = {"search": {"q": "公开"}}
Call = tuple[str, dict[str, Any]]

# What is asked of the whole country, by the marts that there are; the floor is the least that answers it.
COUNTRY = {
    "sum by year and province": (
        """
        select body.province, year, sum(total)
        from county_year_measure join body using (body_id)
        where measure = 'items_disclosed' group by all
        """,
        "select province, year, sum(total) from floor_sums group by all",
        """
        create table floor_sums as
        select body.province, year, sum(total) as total
        from county_year_measure join body using (body_id)
        where measure = 'items_disclosed' group by all
        """,
    ),
    "rank of one year": (
        """
        select body_id, value, rank() over (order by value desc)
        from expected_report join figure using (report_id)
        where measure = 'items_disclosed' and year = 2024 and value is not null
        """,
        "select body_id, value, rank() over (order by value desc) from floor_ranks where year = 2024",
        """
        create table floor_ranks as
        select year, body_id, value
        from expected_report join figure using (report_id)
        where measure = 'items_disclosed' and value is not null order by year, body_id
        """,
    ),
    "channel share by year": (
        """
        select year, channel, sum(value)
        from stated_count join report using (report_id)
        where measure = 'items_by_channel' group by all
        """,
        "select year, channel, sum(value) from floor_channels group by all",
        """
        create table floor_channels as
        select year, channel, value
        from stated_count join report using (report_id)
        where measure = 'items_by_channel' order by year, channel
        """,
    ),
}


@dataclass(frozen=True)
class Timed:
    """A query: milliseconds on the whole with one thread and with two, and on its county's own file."""

    name: str
    one: float
    two: float
    least: float

    @property
    def ratio(self) -> float:
        return self.one / self.least


@contextmanager
def opened(path: Path, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse with so many threads. Attached: by its own name the pages have it open already, with one."""
    with duckdb.connect(":memory:", config={"threads": threads}) as connection:
        connection.execute(f"attach '{path}' as country (read_only)")
        connection.execute("use country")
        yield connection


def best(connection: duckdb.DuckDBPyConnection, sql: str, given: dict[str, Any] | None = None) -> float:
    """Milliseconds, the best of some rounds: others use the machine too."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        connection.execute(sql, given or None).df()
        taken.append(1000 * (time.perf_counter() - started))
    return min(taken)


def asked_by_pages(path: Path) -> tuple[list[Call], dict[str, float]]:
    """What the pages ask of a warehouse, and the milliseconds that each page takes in the server at its first opening."""
    logging.disable(logging.CRITICAL)
    os.environ["PIPELINE_WAREHOUSE"] = str(path)
    calls: dict[str, Call] = {}
    took: dict[str, float] = {}
    ask = queries.ask

    def noted(connection: duckdb.DuckDBPyConnection, name: str, **given: Any) -> Any:
        calls[f"{name} {given}"] = (name, given)
        return ask(connection, name, **given)

    queries.ask = noted
    try:
        for page in PAGES:
            at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=600)
            for key, value in ASKED.get(page, {}).items():
                at.query_params[key] = value
            started = time.perf_counter()
            at.run()
            if page != PAGES[0]:
                started = time.perf_counter()
                at.switch_page(f"{page}.py").run()
            took[page] = 1000 * (time.perf_counter() - started)
            if at.exception or any("role='alert'" in found.proto.body for found in at.get("html")):
                print(f"  {page}: FAILED")
    finally:
        queries.ask = ask
    return list(calls.values()), took


def county_of(path: Path, calls: Sequence[Call]) -> str:
    """The county that the pages asked about."""
    body = next(given["bodies"][0] for _, given in calls if given.get("bodies"))
    with opened(path, 1) as connection:
        found = connection.execute(
            "select left(code, 6) from body where body_id = $body", {"body": body}
        ).fetchone()
    assert found is not None
    return str(found[0])


def timed(path: Path, calls: Sequence[Call], aside: Path) -> list[Timed]:
    """Every call on the whole and on its county alone."""
    alone = aside / f"{path.stem}-county.duckdb"
    alone.unlink(missing_ok=True)
    write_scoped(path, [county_of(path, calls)], alone)
    found = []
    with opened(alone, 1) as small:
        least = [best(small, queries.screen(name), given) for name, given in calls]
    taken = []
    for threads in (1, 2):
        with opened(path, threads) as whole:
            taken.append([best(whole, queries.screen(name), given) for name, given in calls])
    for (name, _), one, two, floor in zip(calls, *taken, least, strict=True):
        found.append(Timed(name, one, two, floor))
    return sorted(found, key=lambda row: -row.one)


def of_country(path: Path, aside: Path) -> list[Timed]:
    """What is asked of the whole country, against a table that holds nothing else, in the best order."""
    found = []
    for name, (sql, floor, made) in COUNTRY.items():
        floors = aside / "floors.duckdb"
        floors.unlink(missing_ok=True)
        with duckdb.connect(str(floors), config={"threads": 1}) as making:
            making.execute(f"attach '{path}' as country (read_only)")
            for table in (
                "body",
                "report",
                "figure",
                "expected_report",
                "county_year_measure",
                "stated_count",
            ):
                making.execute(f"create temp view {table} as from country.{table}")
            making.execute(made)
            least = best(making, floor)
        taken = []
        for threads in (1, 2):
            with opened(path, threads) as whole:
                taken.append(best(whole, sql))
        found.append(Timed(name, taken[0], taken[1], least))
    return found


def measure(reports: int, folder: Path) -> tuple[float, float, float]:
    """Print what a size costs; megabytes, the median of a page's query and the slowest, in milliseconds."""
    path = folder / f"country-{reports}.duckdb"
    if not path.exists():
        made = synthesize(path, reports)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in made.seconds.items())
        print(f"  made: {steps}; {made.counts}; peak memory {peak:,.0f} MB")
    size = path.stat().st_size / 2**20
    calls, took = asked_by_pages(path)
    found = timed(path, calls, folder)
    print(f"\n{reports:,} reports, {size:,.0f} MB; pages in the server: ", end="")
    print(", ".join(f"{page} {round(taken)}" for page, taken in took.items()), "ms")
    print(f"{'query':28}{'one thread':>12}{'two':>9}{'county alone':>14}{'times':>8}")
    for row in [*of_country(path, folder), *found[:20]]:
        print(f"{row.name:28}{row.one:12.1f}{row.two:9.1f}{row.least:14.1f}{row.ratio:8.1f}")
    within = sum(row.ratio <= WANTED for row in found)
    middle = statistics.median(row.one for row in found)
    print(
        f"{within} of {len(found)} queries within {WANTED} times; median {middle:.1f} ms, slowest {found[0].one:.0f} ms"
    )
    return size, middle, found[0].one


def plot(rows: Sequence[tuple[int, float, float, float]], out: Path) -> None:
    """The figures of all sizes as a small SVG: both axes logarithmic, a line of ten's power for each step."""
    left, bottom, width, height = 70, 250, 520, 200
    least, most = 1.0, 10 ** math.ceil(math.log10(max(row[3] for row in rows)))

    def across(reports: int) -> float:
        ends = math.log10(rows[0][0]), math.log10(rows[-1][0])
        return left + width * (math.log10(reports) - ends[0]) / max(ends[1] - ends[0], 1e-9)

    def up(milliseconds: float) -> float:
        return bottom - height * math.log10(max(milliseconds, least)) / math.log10(most)

    parts = [
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 300' font-family='sans-serif' font-size='12'>",
        "<rect width='640' height='300' fill='#fff'/>",
    ]
    for power in range(round(math.log10(most)) + 1):
        at = up(10**power)
        parts.append(f"<path d='M{left} {at:.0f}H{left + width}' stroke='#ddd'/>")
        parts.append(f"<text x='{left - 8}' y='{at + 4:.0f}' text-anchor='end'>{10**power:,} ms</text>")
    for name, place, colour, dashes in (
        ("slowest query of a page", 3, "#b3541e", "6 4"),
        ("median query", 2, "#1f5a93", "none"),
    ):
        points = [(across(row[0]), up(row[place]), row[place]) for row in rows]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y, _ in points)
        parts.append(
            f"<polyline points='{line}' fill='none' stroke='{colour}' stroke-width='2' stroke-dasharray='{dashes}'/>"
        )
        for x, y, value in points:
            parts.append(f"<circle cx='{x:.0f}' cy='{y:.0f}' r='4' fill='{colour}'/>")
            parts.append(f"<text x='{x:.0f}' y='{y - 9:.0f}' text-anchor='middle'>{value:,.0f}</text>")
        parts.append(f"<text x='{left + 14}' y='{24 if place == 3 else 42}' fill='{colour}'>{name}</text>")
    for reports, size, *_ in rows:
        parts.append(
            f"<text x='{across(reports):.0f}' y='272' text-anchor='middle'>{reports:,} reports, {size:,.0f} MB</text>"
        )
    out.write_text("\n".join([*parts, "</svg>\n"]), "utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("reports", type=int, nargs="*", default=SIZES)
    options.add_argument(
        "--keep", type=Path, default=None, help="where the warehouses lie, to be taken again"
    )
    options.add_argument("--plot", type=Path, default=None, help="draw the figures to this svg file")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = asked.keep or Path(name)
        rows = [(reports, *measure(reports, folder)) for reports in asked.reports]
    if asked.plot:
        plot(rows, asked.plot)


if __name__ == "__main__":
    main()
