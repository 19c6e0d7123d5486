"""Documents read by the workers of a Dask scheduler: the same warehouse as on one machine, whoever is lost on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pytest

from pipeline.invent import invent_corpus
from pipeline.model import UserError
from pipeline.warehouse import build
from tests.browsing import ROOT, free_port

TABLES = ("report", "fact", "passage", "finding", "issue")


@contextmanager
def started(*arguments: str, log: Path) -> Iterator[int]:
    """A process of Dask's own, and its number."""
    command = [sys.executable, "-m", *arguments]
    with log.open("wb") as output:
        environ = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker(address: str, folder: Path, name: str, *, first: str = "") -> Iterator[int]:
    """A worker, and the number of its process; `first` is what it runs before anything else."""
    options = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--local-directory", str(folder / name)]
    if first:
        options += ["--preload", first]
    with started("distributed.cli.dask_worker", address, *options, log=folder / f"{name}.log") as number:
        yield number


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler without workers."""
    folder, port = tmp_path_factory.mktemp("scheduler"), free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with started("distributed.cli.dask_scheduler", *options, log=folder / "log"):
        yield f"tcp://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    invent_corpus(5, range(2019, 2025), 7, folder)
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 cut off")
    return folder


def held(warehouse: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = [
            name for name in connection.table(table).columns if not name.endswith(("_at", "_from", "build"))
        ]
        return connection.execute(f"select {', '.join(names)} from {table} order by all").fetchall()


def test_a_lost_worker_s_documents_are_read_by_the_others(
    scheduler: str, documents: Path, tmp_path: Path
) -> None:
    alone, shared = tmp_path / "alone.duckdb", tmp_path / "shared.duckdb"
    one = build([documents], alone, workers=1)
    seen: list[int] = []
    with ExitStack() as stack:
        numbers = [stack.enter_context(worker(scheduler, tmp_path, f"w{number}")) for number in range(3)]

        def lose_one(done: int, total: int, troubled: int | None) -> None:
            seen.append(done)
            if done == 3:
                os.kill(numbers[0], signal.SIGKILL)

        many = build([documents], shared, scheduler=scheduler, progress=lose_one)
    assert (many.read, many.counts, many.refused) == (one.read, one.counts, one.refused)
    assert seen == list(range(1, one.read + 1)), "each document answered once, in order"
    for table in TABLES:
        assert held(shared, table) == held(alone, table) != [], table
    assert not (tmp_path / "shared.duckdb.builds" / ".fanout").exists()


ENDS_ITSELF = """
import os
from pipeline import fanout
from pipeline.reading import read as reads
fanout.read = lambda source, *others: os._exit(9) if "deadly" in source.path else reads(source, *others)
"""
ANOTHER_VERSION = """
from pipeline import version
version._code_digest = lambda: "another"
"""


def test_a_document_that_ends_every_worker_is_left_and_said(scheduler: str, tmp_path: Path) -> None:
    """As one does that needs more memory than there is: only it goes unread, with the reason."""
    folder = tmp_path / "documents"
    invent_corpus(2, range(2023, 2025), 7, folder)
    documents = [path for path in sorted(folder.rglob("*")) if path.suffix in {".txt", ".html"}]
    first = documents[0]
    (folder / f"deadly{first.suffix}").write_bytes(first.read_bytes() + b" ")
    with ExitStack() as stack:
        for number in range(4):
            stack.enter_context(worker(scheduler, tmp_path, f"w{number}", first=ENDS_ITSELF))
        built = build([folder], tmp_path / "w.duckdb", scheduler=scheduler)
    assert [line for line in built.refused if "工作进程一再中断" in line] == list(built.refused)
    assert len(built.refused) == 1 and built.refused[0].startswith("deadly")
    assert built.counts["report"] == len(list(folder.rglob("*.truth.json")))


def test_a_worker_of_another_version_reads_nothing(scheduler: str, documents: Path, tmp_path: Path) -> None:
    with (
        worker(scheduler, tmp_path, "w", first=ANOTHER_VERSION),
        pytest.raises(UserError, match="不是同一版本"),
    ):
        build([documents], tmp_path / "w.duckdb", scheduler=scheduler)
    assert not (tmp_path / "w.duckdb").exists()


def test_without_workers_or_scheduler_the_message_says_what_to_start(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.fanout._JOIN_SECONDS", 1)
    with pytest.raises(UserError, match="连不上 Dask 调度进程"):
        build([documents], tmp_path / "w.duckdb", scheduler=f"tcp://127.0.0.1:{free_port()}")
    assert not (tmp_path / "w.duckdb").exists()
