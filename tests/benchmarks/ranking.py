"""What a slider costs and what an interval is worth: `python tests/benchmarks/ranking.py` (no timing asserts).

Times are of the processor, so that a busy machine tells the same. A small warehouse of invented reports is multiplied into counties of its own until it has 30 and 3,000 bodies of a year; a
slider's move is a score at new weights (SQL), a thousand draws, intervals, tiers and the points of every indicator.
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
import numpy as np  # noqa: E402

import queries  # noqa: E402
from pipeline.catalogue import default_catalogue  # noqa: E402
from pipeline.database import open_to_read, open_to_write  # noqa: E402
from pipeline.invent import invent_corpus  # noqa: E402
from pipeline.league import league  # noqa: E402
from pipeline.marts import late, marts  # noqa: E402
from pipeline.warehouse import build  # noqa: E402
from tests.simulation import coverage  # noqa: E402

WANTED = {30: 300, 3000: 2000}
YEAR = 2024
MULTIPLIED = ("report", "expected_report", "indicator_value", "body", "body_place", "report_form")
KEYS = ("report_id", "body_id", "lineage", "scope")


def multiply(path: Path, copies: int) -> None:
    """Copies of the warehouse's bodies with ids of their own."""
    with open_to_write(path) as connection:
        connection.execute("create temp table copies as select unnest(range(1, $n)) as copy", {"n": copies})
        for table in MULTIPLIED:
            columns = connection.table(table).columns
            chosen = ", ".join(
                f"lpad(copy::text, 4, '0') || {name} as {name}" if name in KEYS else name for name in columns
            )
            connection.execute(f"insert into {table} by name select {chosen} from {table}, copies")
        connection.execute("checkpoint")


def move_a_slider(
    connection: duckdb.DuckDBPyConnection, bodies: list[str], weight: float
) -> tuple[float, float]:
    """Milliseconds for the score in SQL and for all that the page computes."""
    weights = {one.indicator: one.weight for one in default_catalogue().scoring.indicators} | {"A1": weight}
    asked = {"bodies": bodies, "indicators": list(weights), "weights": list(weights.values())}
    started = time.process_time()
    rows = queries.ask(connection, "ranking", first=YEAR - 1, last=YEAR, language="zh", **asked)
    scored = time.process_time()
    values = queries.ask(connection, "indicator_values", bodies=bodies, first=YEAR - 1, last=YEAR)
    table = league(rows.to_dict("records"), values.to_dict("list"), weights, YEAR, None)
    queries.ask(connection, "score_points", year=YEAR, ranked=table.order, only=bodies[:1], **asked)
    return 1000 * (scored - started), 1000 * (time.process_time() - started)


def sliders(folder: Path) -> None:
    print(f"{'bodies':>8}{'ranked':>8}{'score ms':>10}{'all ms':>9}{'wanted ms':>11}")
    for number, wanted in WANTED.items():
        path = folder / f"{number}.duckdb"
        build([folder / "corpus"], path, workers=2)
        with open_to_read(path) as connection:
            own = "select count(*) from expected_report join body using (body_id) where year = $year and origin = 'invented'"
            ((one,),) = connection.execute(own, {"year": YEAR}).fetchall()
        copies = -(-number // one)
        aside = path.with_name(f"{number}-many.duckdb")
        aside.write_bytes(path.read_bytes())
        multiply(aside, copies)
        with open_to_read(aside) as connection:
            bodies = [
                body
                for (body,) in connection.execute(
                    "select body_id from expected_report where year = $year order by body_id", {"year": YEAR}
                ).fetchall()
            ][:number]
            times = [move_a_slider(connection, bodies, 5.0 + at) for at in range(6)]
            score, whole = (float(np.median([pair[at] for pair in times])) for at in (0, 1))
        print(f"{number:8,}{len(bodies):8,}{score:10.0f}{whole:9.0f}{wanted:11,}")


def marts_alone(folder: Path) -> None:
    """What the scores add to a build: the time of the late marts against that of all."""
    path = folder / "30.duckdb"
    with open_to_read(path) as connection:
        times = {}
        for mart in marts():
            started = time.process_time()
            connection.sql(mart.read_text("utf-8")).fetchall()
            times[mart.stem] = time.process_time() - started
    extra = sum(times[name] for name in late())
    print(f"\nindicator_value: {1000 * extra:.0f} ms of {1000 * sum(times.values()):.0f} ms for all marts")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        invent_corpus(30, range(2022, 2025), 7, folder / "corpus", formats=("html", "txt"))
        sliders(folder)
        marts_alone(folder)
    print(f"\n{coverage(worlds=300, bodies=21, draws=1000, seed=11).as_text()}")


if __name__ == "__main__":
    main()
