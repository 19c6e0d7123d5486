"""A warehouse that grows: only what is new is read, nothing is forgotten, a killed or cramped build harms nothing."""

import datetime as dt
import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read
from pipeline.draft import KEPT
from pipeline.history import open_as_known
from pipeline.model import UserError
from pipeline.settings import load_settings
from pipeline.warehouse import Built, build

ROOT = Path(__file__).parent.parent
# As many as the README's claim takes minutes; a few hold the claim in every run.
KILLS = int(os.environ.get("KILLS", "8"))
SETTINGS = replace(load_settings(), kept_builds=3, lock_wait_seconds=60, compact_above=0.34)
BODIES = [
    body.name
    for body in default_catalogue().bodies.values()
    if body.county == "隆阳区" and not (body.valid_from or body.valid_to)
][:12]
BUILD_ELSEWHERE = """
import sys
from pathlib import Path
from tests.test_growth import SETTINGS
from pipeline.warehouse import build
print(build([Path(sys.argv[1])], Path(sys.argv[2]), settings=SETTINGS, workers=1).read)
"""


def text_of(body: str, year: int, total: int) -> str:
    return (
        f"{body}人民政府{year}年政府信息公开工作年度报告\n一、总体情况\n"
        f"{year}年，我单位通过政府网站主动公开政府信息{total}条，收到政府信息公开申请{total % 3}件。\n"
    )


def at(day: int, month: int = 1) -> dt.datetime:
    return dt.datetime(2026, month, day, 12, tzinfo=dt.UTC)


class Folder:
    """A folder of small reports and the warehouse built from it."""

    def __init__(self, path: Path) -> None:
        self.documents, self.warehouse = path / "documents", path / "warehouse.duckdb"
        self.documents.mkdir()

    def write(self, body: str, year: int, total: int, name: str | None = None) -> None:
        (self.documents / (name or f"{body}{year}.txt")).write_text(text_of(body, year, total), "utf-8")

    def build(self, moment: dt.datetime | None = None, **more: object) -> Built:
        return build([self.documents], self.warehouse, at=moment, settings=SETTINGS, workers=1, **more)  # type: ignore[arg-type]

    def ask(self, query: str) -> list[tuple]:
        with open_to_read(self.warehouse) as connection:
            return connection.execute(query).fetchall()

    def totals(self) -> dict[tuple[str, int], float]:
        query = "select body_id, year, value from fact join report using (report_id) where measure = 'items_by_channel'"
        return {(body, year): value for body, year, value in self.ask(query)}

    def debris(self) -> list[str]:
        builds = self.warehouse.with_name(self.warehouse.name + ".builds")
        left = [file.name for file in builds.iterdir() if file.name.startswith(".draft")]
        return left + [f.name for f in self.warehouse.parent.iterdir() if f.name.startswith(".warehouse")]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    for number, body in enumerate(BODIES):
        for year in (2021, 2022):
            made.write(body, year, 100 + number)
    return made


def dump(path: Path) -> dict[str, list[str]]:
    """All that a warehouse holds but when it came to be known."""
    with open_to_read(path) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and table_name not in ('build', 'source_file')"
        ).fetchall()
        found = {}
        for (table,) in tables:
            names = [name for name in connection.table(table).columns if name != "known_from"]
            found[table] = sorted(map(str, connection.table(table).select(*names).fetchall()))
        return found


class TestOnlyWhatIsNew:
    def test_an_unchanged_folder_makes_no_new_build(self, folder: Folder) -> None:
        first, second = folder.build(), folder.build()
        assert (first.read, second.read) == (24, 0)
        assert first.build_id == second.build_id
        assert folder.ask("select count(*) from build") == [(1,)]

    def test_a_new_a_changed_and_a_removed_file_come_to_what_a_whole_build_comes_to(
        self, folder: Folder, tmp_path: Path
    ) -> None:
        folder.build()
        folder.write(BODIES[0], 2023, 300)
        folder.write(BODIES[1], 2022, 777)
        (folder.documents / f"{BODIES[2]}2021.txt").unlink()
        folder.write(BODIES[3], 2021, 103, "again.txt")  # the bytes of a report that is there already
        built = folder.build()
        # the report whose copy now comes first is read again
        assert (built.read, built.gone) == (4, 1)
        afresh = tmp_path / "afresh.duckdb"
        build([folder.documents], afresh, settings=SETTINGS, workers=1)
        assert dump(folder.warehouse) == dump(afresh)

    def test_a_removed_file_that_comes_back_is_read_again(self, folder: Folder) -> None:
        folder.build()
        before = folder.totals()
        file = folder.documents / f"{BODIES[2]}2021.txt"
        kept, stat = file.read_bytes(), file.stat()
        file.unlink()
        assert (folder.build().gone, folder.build().gone) == (1, 0)
        file.write_bytes(kept)
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert folder.build().read == 1
        assert folder.totals() == before

    def test_the_second_copy_is_read_when_the_first_goes(self, folder: Folder) -> None:
        folder.write(BODIES[0], 2021, 100, "zz-copy.txt")
        folder.build()
        before = folder.totals()
        (folder.documents / f"{BODIES[0]}2021.txt").unlink()
        folder.build()
        assert folder.totals() == before
        assert folder.ask("select count(*) from report where path = 'zz-copy.txt'") == [(1,)]

    def test_one_document_under_one_name_in_two_folders_counts_once(
        self, folder: Folder, tmp_path: Path
    ) -> None:
        folder.write(BODIES[0], 2023, 5)
        folder.build(at(1))
        other = tmp_path / "other"
        other.mkdir()
        for file in folder.documents.iterdir():
            (other / file.name).write_bytes(file.read_bytes())
        build([folder.documents, other], folder.warehouse, settings=SETTINGS, workers=1)
        count = len(list(other.iterdir()))
        assert folder.ask("select count(*) from report") == [(count,)]
        assert folder.ask("select code, count(*) from issue where report_id is null group by code") == [
            ("same_document", count)
        ]

    def test_a_touched_file_of_the_same_bytes_is_not_read(self, folder: Folder) -> None:
        folder.build()
        for file in folder.documents.iterdir():
            os.utime(file, ns=(1, 1))
        assert folder.build().read == 0

    def test_another_version_of_the_reader_reads_everything(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder.build(at(1))
        monkeypatch.setattr("pipeline.version._code_digest", lambda: "another")
        assert folder.build(at(2)).read == 24
        # what it reads alike stays as it was known
        assert folder.ask("select distinct known_from::date::text from fact") == [("2026-01-01",)]
        assert folder.ask("select count(*) from past.fact") == [(0,)]

    def test_a_parallel_build_is_the_same(self, folder: Folder, tmp_path: Path) -> None:
        folder.build()
        other = tmp_path / "other.duckdb"
        build([folder.documents], other, settings=SETTINGS, workers=3)
        assert dump(folder.warehouse) == dump(other)


class TestHistory:
    def test_as_known_on_gives_two_answers(self, folder: Folder) -> None:
        query = "select value from fact join report using (report_id) where measure = 'items_by_channel' and year = 2021 and path like $path"
        path = {"path": f"{BODIES[0]}2021%"}
        folder.build(at(10))
        folder.write(BODIES[0], 2021, 555)
        folder.build(at(10, month=2))
        for day, value in (
            (dt.date(2026, 1, 9), []),
            (dt.date(2026, 1, 31), [(100.0,)]),
            (dt.date(2026, 2, 28), [(555.0,)]),
        ):
            with open_as_known(folder.warehouse, day) as connection:
                # a page asks with a cursor of its own
                assert connection.cursor().execute(query, path).fetchall() == value, day

    def test_what_was_known_then_is_what_the_warehouse_held_then(self, folder: Folder) -> None:
        held: dict[dt.date, dict[str, list[str]]] = {}
        for month, total in ((1, 100), (2, 200), (3, 300)):
            folder.write(BODIES[0], 2022, total)
            folder.write(BODIES[1], 2023, total)
            if month == 3:
                (folder.documents / f"{BODIES[5]}2021.txt").unlink()
            folder.build(at(5, month))
            held[dt.date(2026, month, 20)] = dump(folder.warehouse)
        for day, tables in held.items():
            with open_as_known(folder.warehouse, day) as connection:
                for table in (*KEPT, "report_pair", "stated_count", "channel_count"):
                    names = [name for name in connection.table(table).columns if name != "known_from"]
                    rows = sorted(map(str, connection.table(table).select(*names).fetchall()))
                    assert rows == tables[table], (day, table)

    def test_a_document_declared_received_earlier_was_known_earlier(self, folder: Folder) -> None:
        name = f"{BODIES[0]}2021.txt"
        (folder.documents / "manifest.csv").write_text(
            f"path,body,year,url,sha256,received\n{name},,,,,2026-01-03\n"
        )
        folder.build(at(1, month=6))
        known = dict(folder.ask("select path, known_from::date::text from report"))
        assert known[name] == "2026-01-03" and set(known.values()) == {"2026-01-03", "2026-06-01"}

    def test_a_schema_of_another_version_is_carried_over(self, folder: Folder) -> None:
        folder.build(at(1))
        folder.write(BODIES[0], 2021, 999)
        folder.build(at(1, month=2))
        with duckdb.connect(str(folder.warehouse), config={"threads": 1}) as connection:
            connection.execute("alter table past.report drop column url")
            connection.execute("update build set version = 'older'")
        folder.build(at(1, month=3))
        assert folder.ask("select count(*) from past.report") == [(1,)]
        assert folder.ask("select count(*) from build") == [(3,)]


class TestHarm:
    def test_killed_at_any_moment_the_last_good_warehouse_serves(self, folder: Folder) -> None:
        command = [sys.executable, "-m", "pipeline", "build", "--sources", str(folder.documents), "--warehouse",
                   str(folder.warehouse), "--workers", "2"]  # fmt: skip
        started = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        span = time.monotonic() - started
        chance = random.Random(7)  # noqa: S311  moments, not secrets
        tally = {"before": 0, "after": 0}
        total = 100.0
        for kill in range(KILLS):
            folder.write(BODIES[0], 2021, 1000 + kill)
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0, span))
            process.send_signal(signal.SIGKILL)
            process.wait()
            totals = folder.totals()
            assert len(totals) == 24
            now = next(
                value
                for (body, year), value in totals.items()
                if year == 2021 and value not in range(101, 112)
            )
            assert now in (total, 1000 + kill) or 1000 <= now <= 1000 + kill
            tally["after" if now == 1000 + kill else "before"] += 1
            total = now
        print(f"killed {KILLS} times within {span:.1f} s: {tally}")
        folder.build()
        assert 1000 + KILLS - 1 in folder.totals().values()
        assert folder.debris() == []

    def test_a_killed_build_leaves_no_worker_behind(self, folder: Folder) -> None:
        command = [sys.executable, "-m", "pipeline", "build", "--sources", str(folder.documents), "--warehouse",
                   str(folder.warehouse), "--workers", "2"]  # fmt: skip
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        workers: list[int] = []
        deadline = time.monotonic() + 20
        while not workers and process.poll() is None and time.monotonic() < deadline:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            workers = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        process.kill()
        process.wait()
        deadline = time.monotonic() + 10
        while any(_lives(pid) for pid in workers) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(_lives(pid) for pid in workers)

    def test_two_builds_at_once_wait_for_each_other(self, folder: Folder) -> None:
        said: list[str] = []
        folder.build()
        folder.write(BODIES[0], 2023, 5)
        command = [sys.executable, "-c", BUILD_ELSEWHERE, str(folder.documents), str(folder.warehouse)]
        both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        read = [process.communicate(timeout=60)[0].strip() for process in both]
        assert sorted(read) == ["0", "1"]
        impatient = replace(SETTINGS, lock_wait_seconds=0.2)
        from filelock import FileLock

        with (
            FileLock(folder.warehouse.with_name("warehouse.duckdb.builds") / ".lock"),
            pytest.raises(UserError, match="另一个 build"),
        ):
            build([folder.documents], folder.warehouse, settings=impatient, say=said.append)
        assert said and "最多" in said[0]

    def test_a_full_disk_is_said_and_the_old_warehouse_stays(self, folder: Folder) -> None:
        folder.build()
        before = folder.totals()
        folder.write(BODIES[0], 2023, 5)
        command = [
            sys.executable,
            "-m",
            "pipeline",
            "build",
            "--sources",
            str(folder.documents),
            "--warehouse",
            str(folder.warehouse),
        ]
        size = folder.warehouse.stat().st_size

        def no_larger() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

        done = subprocess.run(
            command, cwd=ROOT, preexec_fn=no_larger, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2 and "原有数据库未动" in done.stderr and "Traceback" not in done.stderr
        assert folder.totals() == before and folder.debris() == []
        assert folder.build().read == 1


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
