"""What tests share: the warehouse of the documents in data/sources, and an invented one with every state."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.intake import Site
from pipeline.invent import invent_corpus
from pipeline.warehouse import DEFAULT_SOURCES, build
from tests import lakes, originals, screens
from tests.browsing import chromium, demo, district, real, visit

REAL = DEFAULT_SOURCES / "西邑乡2019年政府信息公开年度报告.txt"
__all__ = ["chromium", "demo", "district", "real", "visit"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Print a failure when it happens: a run that is cut off keeps what it found."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(
            f"\n— {report.nodeid} ({report.when}, {report.duration:.0f} s)\n{report.longreprtext[-3000:]}",
            flush=True,
        )


@pytest.fixture(scope="session")
def stored() -> Iterator[lakes.Stored]:
    """Where shared warehouses come from: STORE=lake or STORE=s3 sends each through a lake, so that its copy is tested."""
    kind = os.environ.get("STORE", "file")
    with ExitStack() as engines:
        if kind == "file":
            yield lambda path: path
            return
        folder = Path(engines.enter_context(tempfile.TemporaryDirectory()))
        yield lakes.through(engines, kind, folder)


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory, stored: lakes.Stored) -> Path:
    """The path of a warehouse built from data/sources."""
    path = tmp_path_factory.mktemp("built") / "warehouse.duckdb"
    build([DEFAULT_SOURCES], path)
    return stored(path)


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory, stored: lakes.Stored) -> Path:
    """The path of a warehouse of an invented district in which every state of a screen occurs."""
    return stored(screens.build(tmp_path_factory.mktemp("invented") / "warehouse.duckdb"))


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, stored: lakes.Stored) -> Path:
    """The path of a warehouse of invented documents of every form, with channels, accounts, requests and disputes."""
    folder = tmp_path_factory.mktemp("corpus")
    invent_corpus(12, range(2014, 2026), 23, folder / "documents")
    build([folder / "documents"], folder / "warehouse.duckdb")
    return stored(folder / "warehouse.duckdb")


@pytest.fixture(scope="session")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a warehouse in which no document has been read."""
    return screens.build_empty(tmp_path_factory.mktemp("unread") / "warehouse.duckdb")


@pytest.fixture(scope="session")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a warehouse whose originals lie beside it, of every kind and one of them hostile."""
    return originals.made(tmp_path_factory.mktemp("documented"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a published report of 西邑乡 of 2019 and its warehouse."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / REAL.name).write_bytes(REAL.read_bytes())
    corrections = tmp_path / "catalogue"
    corrections.mkdir()
    made = Site(tmp_path / "intake", sources, (), corrections, tmp_path / "warehouse.duckdb")
    build(made.folders, made.warehouse, corrections=[])
    return made
