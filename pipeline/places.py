"""Where things lie on this machine: a variable of the environment, else the place in the project."""

import os
from pathlib import Path

from pipeline.catalogue import FOLDER
from pipeline.demonstration import demonstration
from pipeline.sources import ROOT
from pipeline.warehouse import DEFAULT_SOURCES, DEFAULT_WAREHOUSE


def warehouse() -> Path:
    """PIPELINE_WAREHOUSE, else data/warehouse.duckdb."""
    return Path(os.environ.get("PIPELINE_WAREHOUSE") or DEFAULT_WAREHOUSE)


def sources() -> list[Path]:
    """PIPELINE_SOURCES (folders, parted as PATH is), else data/sources and the demonstration. What is new goes to the first."""
    named = [Path(text) for text in os.environ.get("PIPELINE_SOURCES", "").split(os.pathsep) if text]
    return named or [DEFAULT_SOURCES, demonstration()]


def corrections() -> Path:
    """PIPELINE_CORRECTIONS, else the catalogue: the folder of corrections.csv."""
    return Path(os.environ.get("PIPELINE_CORRECTIONS") or FOLDER)


def intake() -> Path:
    """PIPELINE_INTAKE, else data/intake: the batches and the record of who did what."""
    return Path(os.environ.get("PIPELINE_INTAKE") or ROOT / "data" / "intake")


def access() -> Path:
    """PIPELINE_ACCESS, else data/access.csv: the list of who may what."""
    return Path(os.environ.get("PIPELINE_ACCESS") or ROOT / "data" / "access.csv")
