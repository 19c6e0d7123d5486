"""What tests share: the warehouse of the documents in data/sources, and an invented one with every state."""

from pathlib import Path

import pytest

from pipeline.warehouse import DEFAULT_SOURCES, build
from tests import screens
from tests.browsing import chromium, demo, real, visit

__all__ = ["chromium", "demo", "real", "visit"]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a warehouse built from data/sources."""
    path = tmp_path_factory.mktemp("built") / "warehouse.duckdb"
    build([DEFAULT_SOURCES], path)
    return path


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a warehouse of an invented district in which every state of a screen occurs."""
    return screens.build(tmp_path_factory.mktemp("invented") / "warehouse.duckdb")


@pytest.fixture(scope="session")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a warehouse in which no document has been read."""
    return screens.build_empty(tmp_path_factory.mktemp("unread") / "warehouse.duckdb")
