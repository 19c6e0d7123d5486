"""What goes wrong around the program: it is killed, the disk is full, the clock is put back. Nothing is lost, and it is said.

A build killed at any moment and a disk full during a build are in test_growth.py, a broken warehouse and a restored backup
in test_care.py, a publishing that was cut off in test_intake.py.
"""

import asyncio
import datetime as dt
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from websockets.exceptions import WebSocketException

from pages.ui import access, store
from pipeline import care, intake, originals, warehouse
from pipeline.backup import Part, backup, restore
from pipeline.catalogue import default_catalogue
from pipeline.correcting import Wish
from pipeline.corrections import load_corrections
from pipeline.database import open_to_read
from pipeline.history import open_as_known
from pipeline.intake import Site, log
from pipeline.model import UserError
from pipeline.sources import MANIFEST
from tests.benchmarks.load import Reader, Seen, View, opened
from tests.browsing import free_port, wait_for
from tests.test_care import spoil
from tests.test_intake import ITEMS, WHO, asked, everything, read_in, report

ROOT = Path(__file__).parent.parent
NEW = ("瓦窑.txt", report("瓦窑镇", 2019))
DAY = dt.timedelta(days=1)


# --- killed --------------------------------------------------------------------------------------


@contextmanager
def server(site: Site, port: int, log_file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server's own process, to be killed."""
    environ = os.environ | {
        "PIPELINE_WAREHOUSE": str(site.warehouse), "PIPELINE_SOURCES": str(site.sources),
        "PIPELINE_INTAKE": str(site.folder), "PIPELINE_CORRECTIONS": str(site.corrections),
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    with log_file.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", process, log_file)
        yield process
    finally:
        process.kill()
        process.wait(timeout=20)


async def looked(address: str, views: list[View]) -> list[Seen]:
    """What each view shows, in a session of its own."""
    found = []
    for view in views:
        async with opened(address) as socket:
            found.append(await Reader(socket).see(view))
    return found


async def until_it_falls(address: str, view: View) -> int:
    """How many answers a reader got before the server was gone."""
    count = 0
    try:
        async with opened(address) as socket:
            reader = Reader(socket)
            while True:
                await reader.see(view)
                count += 1
    except (OSError, WebSocketException):
        return count


async def killed_under_load(address: str, views: list[View], process: subprocess.Popen[bytes]) -> list[int]:
    readers = [asyncio.create_task(until_it_falls(address, view)) for view in views for _ in range(2)]
    await asyncio.sleep(1.5)
    process.send_signal(signal.SIGKILL)
    return await asyncio.gather(*readers)


def lying(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_server_that_is_killed_comes_back_with_the_same_views_and_leaves_nothing(
    site: Site, tmp_path: Path
) -> None:
    views = [
        View("volumes", "lang=en"), View("requests", "scope=real"), View("search", "q=%E5%85%AC%E5%BC%80"), View("checks")
    ]  # fmt: skip
    port = free_port()
    address = f"http://localhost:{port}"
    before_start = lying(tmp_path)
    with server(site, port, tmp_path / "one.txt") as process:
        before = asyncio.run(looked(address, views))
        answered = asyncio.run(killed_under_load(address, views, process))
        process.wait(timeout=20)
    assert all(answered), "every reader was being answered when it fell"
    assert set(lying(tmp_path)) - {"one.txt"} == set(before_start)
    with FileLock(Path(f"{site.warehouse}.builds") / ".lock").acquire(timeout=0):
        pass
    with server(site, port, tmp_path / "two.txt"):
        after = asyncio.run(looked(address, views))
    assert [seen.digest for seen in after] == [seen.digest for seen in before]
    assert not any(seen.wrong for seen in after)


# --- one build -----------------------------------------------------------------------------------


def test_a_page_that_is_being_drawn_keeps_its_build(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(site.warehouse))
    batch = read_in(site, NEW)
    with access.acting(access.SELF):
        with store.one_build():
            before = store.ask("newest_build")["build_id"][0]
            batch, built = intake.publish(batch, WHO)
            assert store.ask("newest_build")["build_id"][0] == before
            assert store.ask_anew("newest_build")["reports"][0] == 1
        assert store.ask("newest_build")["build_id"][0] == built.build_id != before


def test_an_original_is_shown_while_its_batch_is_taken_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Undoing takes the files away before the build without them is there; the batch has kept its own."""
    monkeypatch.setenv("PIPELINE_INTAKE", str(site.folder))
    batch, _ = intake.publish(read_in(site, NEW), WHO)
    ((file, path, sha256),) = asked(
        site.warehouse, f"select file, path, sha256 from report where path like '{batch.batch_id}%'"
    )
    (site.sources / batch.batch_id / NEW[0]).unlink()
    assert originals.original(file, path, sha256) == NEW[1]
    (batch.documents / NEW[0]).write_bytes(b"something else")
    with pytest.raises(originals.Lost):
        originals.original(file, path, sha256)


# --- a full disk ---------------------------------------------------------------------------------


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond a size: writing more fails, as on a full one."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


class TestFullDisk:
    @pytest.fixture
    def batch(self, site: Site) -> intake.Batch:
        """A batch read for trial; the log is longer than what is written beside it."""
        for number in range(60):
            log.add(site.folder, WHO, "note", "b", f"{number} 有些话要说得长一些，好让记录比别的文件都长")
        return read_in(site, NEW)

    def test_no_deed_without_its_line_and_no_half_line(self, batch: intake.Batch) -> None:
        site, before = batch.site, everything(batch.site.folder)
        full = (site.folder / log.FILE).stat().st_size + 20
        deeds = {
            "note": lambda: batch.note(NEW[0], "打过电话", WHO),
            "aside": lambda: batch.put_aside(NEW[0], "重复", WHO),
            "declare": lambda: batch.declare(NEW[0], None, 2020, "封面", WHO),
            "receive": lambda: intake.receive(batch, [("另一份.txt", report("瓦窑镇", 2018))], WHO),
        }
        for name, deed in deeds.items():
            with no_file_above(full), pytest.raises(UserError, match="写不进去"):
                deed()
            assert everything(site.folder) == before, name
        batch.note(NEW[0], "打过电话", WHO)
        assert log.broken(site.folder) is None
        assert [line["what"] for line in log.lines(site.folder)][-1] == "note"

    def test_a_file_that_does_not_fit_is_not_received(self, batch: intake.Batch) -> None:
        before = everything(batch.site.folder)
        with no_file_above(100_000), pytest.raises(UserError, match="写不进去"):
            intake.receive(batch, [("大.txt", report("瓦窑镇", 2018) * 2000)], WHO)
        assert everything(batch.site.folder) == before

    def test_publishing_leaves_everything_as_it_was(self, batch: intake.Batch) -> None:
        site = batch.site
        (site.sources / MANIFEST).write_text("path,body,year,url,sha256,received\n", "utf-8")
        before, shown = everything(site.sources), asked(site.warehouse, ITEMS)
        with no_file_above(site.warehouse.stat().st_size // 2), pytest.raises(UserError, match="写不进去"):
            intake.publish(batch, WHO)
        assert intake.open_batch(site, batch.batch_id).state == "open"
        assert (everything(site.sources), asked(site.warehouse, ITEMS)) == (before, shown)
        assert not [
            name for name in lying(site.warehouse.parent) if ".draft" in name or name.endswith(".new")
        ]
        intake.publish(batch, WHO)
        assert len(asked(site.warehouse, ITEMS)) == len(shown) + 1

    def test_a_backup_or_restore_that_does_not_fit_leaves_nothing(self, tmp_path: Path) -> None:
        here, there, out = tmp_path / "here", tmp_path / "there", tmp_path / "b.zip"
        here.mkdir()
        for name in ("a", "b"):
            (here / name).write_bytes(os.urandom(40_000))
        with no_file_above(50_000), pytest.raises(UserError, match="磁盘空间"):
            backup([Part("x", here)], out)
        assert lying(tmp_path) == ["here/a", "here/b"]
        backup([Part("x", here)], out)
        with no_file_above(30_000), pytest.raises(UserError, match="磁盘空间"):
            restore(out, [Part("x", there)])
        assert lying(there) == []
        assert restore(out, [Part("x", there)]) == 2

    def test_a_record_of_events_that_is_full_stops_nothing(self, site: Site) -> None:
        for target in ("/dev/full", str(site.folder / "no" / "folder" / "log")):
            environ = os.environ | {"PIPELINE_LOG": target}
            command = [sys.executable, "-m", "pipeline", "build", "--sources", str(site.sources), "--warehouse",
                       str(site.warehouse)]  # fmt: skip
            done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            assert done.stderr.count("PIPELINE_LOG") == 1 and "Traceback" not in done.stderr

    def test_half_a_line_of_a_process_that_was_cut_off_is_no_hindrance(self, site: Site) -> None:
        log.add(site.folder, WHO, "begin", "a")
        path = site.folder / log.FILE
        whole = path.read_bytes()
        for cut in (b"2026-11-24T", b"2026-11-24T10:00:00+00:00,\xe5\xbc", b'2026-11-24T10:00:00+00:00,a,"b'):
            path.write_bytes(whole + cut)
            assert log.broken(site.folder) == 3, "it is noticed"
            log.add(site.folder, WHO, "note", "a")
            assert log.broken(site.folder) is None
            assert [line["what"] for line in log.lines(site.folder)] == ["begin", "note"]


# --- a clock that is wrong -----------------------------------------------------------------------


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def held(site: Site) -> list[str]:
    return [file.name for file in warehouse.held_builds(Path(f"{site.warehouse}.builds"))]


def build(site: Site, at: dt.datetime | None = None, said: list[str] | None = None) -> warehouse.Built:
    corrections = load_corrections(default_catalogue(), site.corrections)
    told = (lambda text: None) if said is None else said.append
    return warehouse.build(site.folders, site.warehouse, corrections=corrections, at=at, workers=1, say=told)


class TestClock:
    def test_put_back_a_day_what_was_known_when_stays_and_it_is_said(self, site: Site) -> None:
        (site.sources / NEW[0]).write_bytes(NEW[1])
        build(site, now() + 10 * DAY)
        known = asked(site.warehouse, ITEMS)
        (site.sources / NEW[0]).write_bytes(report("瓦窑镇", 2019, items=41))
        said: list[str] = []
        build(site, now() + 9 * DAY, said)
        assert "系统时钟" in said[0]
        assert ("瓦窑镇", 2019, 41.0) in asked(site.warehouse, ITEMS)
        moments = asked(site.warehouse, "select built_at from build order by number")
        assert moments == sorted(moments)
        spans = "select count(*) from past.fact where known_until < known_from"
        assert asked(site.warehouse, spans) == [(0,)]
        with open_as_known(site.warehouse, (now() + 5 * DAY).date()) as connection:
            assert connection.execute(ITEMS).fetchall() == [row for row in known if row[0] != "瓦窑镇"]

    def test_forward_a_year_and_back_the_order_of_builds_is_that_of_their_making(self, site: Site) -> None:
        """The name of a build of next year stands in the folder; the builds after it are newer all the same."""
        folder = Path(f"{site.warehouse}.builds")
        (first,) = held(site)
        ahead = f"{first.split('-')[0]}-{time.time_ns() + 365 * 86400 * 10**9}.duckdb"
        (folder / first).rename(folder / ahead)
        made = [ahead]
        for items in (37, 38, 39, 40):
            (site.sources / NEW[0]).write_bytes(report("瓦窑镇", 2019, items=items))
            build(site)
            made.insert(0, held(site)[0])
            assert held(site) == made[:3]
            assert warehouse.held_name(site.warehouse) == made[0]
        spoil(warehouse.held(site.warehouse))
        assert care.heal(site.warehouse).served == made[1], "the build before, not one of next year"
        assert ("瓦窑镇", 2019, 39.0) in asked(site.warehouse, ITEMS)

    def test_what_is_new_is_told_by_bytes_whatever_the_files_times(self, site: Site) -> None:
        path = site.sources / NEW[0]
        path.write_bytes(NEW[1])
        build(site)
        for items, moment in enumerate((now() - 3650 * DAY, now() + 365 * DAY, now() - DAY), start=50):
            os.utime(path, (moment.timestamp(), moment.timestamp()))
            assert build(site).read == 0, "the same bytes"
            path.write_bytes(report("瓦窑镇", 2019, items=items))
            os.utime(path, (moment.timestamp() - 5, moment.timestamp() - 5))
            assert build(site).read == 1
            assert ("瓦窑镇", 2019, float(items)) in asked(site.warehouse, ITEMS)

    def test_a_correction_stays_in_force_when_the_clock_is_put_back(self, site: Site) -> None:
        batch = read_in(site, NEW)
        wish = Wish("items_disclosed", "瓦窑镇", 2019, 38.0, None, None, None, None, "来电更正", WHO)
        batch = intake.correct_in(batch, wish)
        intake.trial(batch)
        intake.publish(batch, WHO)
        (site.sources / "另一份.txt").write_bytes(report("瓦窑镇", 2018))
        build(site, now() - DAY)
        assert ("瓦窑镇", 2019, 38.0) in asked(site.warehouse, ITEMS)

    def test_the_log_is_whole_though_its_times_jump(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Ahead(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
                return super().now(tz) + 365 * DAY

        log.add(site.folder, WHO, "begin", "a")
        with monkeypatch.context() as moved:
            moved.setattr(log.dt, "datetime", Ahead)
            log.add(site.folder, WHO, "note", "a")
        log.add(site.folder, WHO, "publish", "a")
        moments = [line["at"] for line in log.lines(site.folder)]
        assert moments[1] > moments[2] >= moments[0]
        assert log.broken(site.folder) is None

    @pytest.mark.parametrize(
        ("ago", "over"),
        [
            (dt.timedelta(0), False), (dt.timedelta(hours=11), False), (dt.timedelta(hours=13), True),
            (365 * DAY, True), (-dt.timedelta(seconds=60), False), (-DAY, True), (-365 * DAY, True),
        ],
    )  # fmt: skip
    def test_a_login_holds_no_longer_because_a_clock_was_put_back(
        self, ago: dt.timedelta, over: bool
    ) -> None:
        assert access._is_over({"iat": (now() - ago).timestamp()}) is over


def test_what_a_build_of_tomorrow_says_of_its_age_is_not_below_zero(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.ui.server import health

    (site.sources / NEW[0]).write_bytes(NEW[1])
    build(site, now() + DAY)
    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(site.warehouse))
    from starlette.requests import Request

    answer = health(Request({"type": "http", "method": "GET", "path": "/api/health", "headers": []}))
    assert answer.status_code == 200 and b'"age_seconds":0' in bytes(answer.body)
    with open_to_read(site.warehouse) as connection:
        assert connection.execute("select count(*) from build").fetchone() == (2,)
