"""Where things lie on this machine: a variable of the environment, else the place in the project.

What is heavy is imported where it is asked for: every page asks where the warehouse is.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_DATA = ROOT / "data"


def warehouse() -> Path:
    """PIPELINE_WAREHOUSE, else data/warehouse.duckdb."""
    return Path(os.environ.get("PIPELINE_WAREHOUSE") or _DATA / "warehouse.duckdb")


def sources() -> list[Path]:
    """PIPELINE_SOURCES (folders, parted as PATH is), else data/sources and the demonstration. What is new goes to the first."""
    named = [Path(text) for text in os.environ.get("PIPELINE_SOURCES", "").split(os.pathsep) if text]
    if named:
        return named
    from pipeline.demonstration import demonstration

    return [_DATA / "sources", demonstration()]


def corrections() -> Path:
    """PIPELINE_CORRECTIONS, else the catalogue: the folder of corrections.csv."""
    return Path(os.environ.get("PIPELINE_CORRECTIONS") or _DATA / "catalogue")


def intake() -> Path:
    """PIPELINE_INTAKE, else data/intake: the batches and the record of who did what."""
    return Path(os.environ.get("PIPELINE_INTAKE") or _DATA / "intake")


def access() -> Path:
    """PIPELINE_ACCESS, else data/access.csv: the list of who may what."""
    return Path(os.environ.get("PIPELINE_ACCESS") or _DATA / "access.csv")


def editions() -> Path:
    """PIPELINE_EDITIONS, else data/editions: the rankings that were published."""
    return Path(os.environ.get("PIPELINE_EDITIONS") or _DATA / "editions")


def scheduler() -> str | None:
    """PIPELINE_SCHEDULER: the address of the Dask scheduler whose workers read documents; without it this machine does."""
    return os.environ.get("PIPELINE_SCHEDULER") or None


def log() -> str | None:
    """PIPELINE_LOG: `stderr` or a file that gets a line of JSON for each event; nothing is written where it is not set."""
    return os.environ.get("PIPELINE_LOG") or None
