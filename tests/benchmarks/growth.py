"""What one more report costs a warehouse that is large already: `python tests/benchmarks/growth.py [REPORTS]`.

The large warehouse is a small one of invented reports, multiplied with other bodies, counties and keys; every report has
a file of its own on the disk, so that the folder is searched as a real one would be.
"""

import csv
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.catalogue import default_catalogue  # noqa: E402
from pipeline.database import open_to_write  # noqa: E402
from pipeline.extract import extract_file  # noqa: E402
from pipeline.invent import invent_corpus  # noqa: E402
from pipeline.sources import bodies_of, sources_in  # noqa: E402
from pipeline.version import version_of  # noqa: E402
from pipeline.warehouse import build  # noqa: E402

MULTIPLIED = (
    "report",
    "fact",
    "passage",
    "claim",
    "finding",
    "issue",
    "channel_count",
    "stated_count",
    "report_pair",
)
KEYS = ("report_id", "previous_report_id", "body_id", "lineage", "fact_id", "sha256")


def multiplied(name: str) -> str:
    return f"lpad(copy::text, 4, '0') || {name} as {name}" if name in KEYS else name


def grow(path: Path, folder: Path, copies: int) -> None:
    """Multiply the warehouse's reports, write a small file for each, and let the warehouse know these files."""
    with open_to_write(path) as connection:
        run = connection.execute
        run("create temp table copies as select unnest(range(1, $n)) as copy", {"n": copies})
        for table in MULTIPLIED:
            chosen = ", ".join(map(multiplied, connection.table(table).columns))
            run(f"insert into {table} by name select {chosen} from {table}, copies order by copy")
        run("update report set file = $folder || '/' || report_id || '.txt'", {"folder": str(folder)})
        run("update issue set file = null")
        run("delete from source_file")
        for (name,) in run("select report_id from report").fetchall():
            (folder / f"{name}.txt").write_text(name)
        seen = sources_in(folder)
        files = pa.table(  # noqa: F841  DuckDB finds it by its name
            {
                "file": [source.name for source in seen],
                "size": [source.size for source in seen],
                "modified": [source.modified for source in seen],
            }
        )
        run("insert into source_file select file, size, modified, file, '||||', [] from files")
        catalogue = default_catalogue()
        run(
            "update build set version = $version",
            {"version": version_of(replace(catalogue, bodies=bodies_of([folder], catalogue)))},
        )


def declare(folder: Path, copies: int) -> None:
    with (folder / "bodies.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "bodies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
        for copy in range(1, copies):
            for row in rows:
                key = f"{copy:04d}"
                more = {
                    "body_id": key + row["body_id"],
                    "code": key + row["code"],
                    "county": row["county"] + key,
                }
                if row["predecessor"]:
                    more["predecessor"] = key + row["predecessor"]
                writer.writerow(row | more)


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        small, folder, path = Path(name) / "small", Path(name) / "documents", Path(name) / "warehouse.duckdb"
        invent_corpus(24, range(2014, 2026), 7, small, formats=("html", "docx", "txt", "md", "mht"))
        folder.mkdir()
        (folder / "bodies.csv").write_bytes((small / "bodies.csv").read_bytes())
        reports = build([small], path).counts["report"]
        copies = wanted // reports + 1
        declare(folder, copies)
        started = time.perf_counter()
        grow(path, folder, copies)
        size = path.stat().st_size / 2**20
        print(f"{reports * copies:,} reports, {size:,.0f} MB, made in {time.perf_counter() - started:.0f} s")
        for text in sorted(small.rglob("*.txt"))[:3]:
            (folder / text.name).write_bytes(text.read_bytes().replace("条".encode(), "件".encode(), 1))
            started = time.perf_counter()
            extract_file(folder / text.name)
            reading = time.perf_counter() - started
            started = time.perf_counter()
            built = build([folder], path)
            took = time.perf_counter() - started
            print(
                f"one more: {took:.2f} s, of which reading it {reading:.2f} s; {built.read} read, {built.counts}"
            )
        started = time.perf_counter()
        build([folder], path)
        print(f"nothing new: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
