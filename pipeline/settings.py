"""The few numbers that a site may set for itself: `settings.csv`."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from pipeline.catalogue import FOLDER
from pipeline.declared import rows_of
from pipeline.model import CatalogueError


@dataclass(frozen=True, slots=True)
class Settings:
    """`kept_builds` counts files, `lock_wait_seconds` seconds.

    `compact_above` and `least_read` are shares of the files, 0 to 1: above the one a build tidies the warehouse, below
    the other the quality gate fails. `correction_days` is how long bodies have to put their reports right.
    """

    kept_builds: float
    lock_wait_seconds: float
    compact_above: float
    least_read: float
    correction_days: float


@lru_cache(maxsize=4)
def load_settings(folder: Path = FOLDER) -> Settings:
    """The settings; CatalogueError where one is missing, unknown or no number above zero."""
    path = folder / "settings.csv"
    wanted = {field.name for field in fields(Settings)}
    found: dict[str, float] = {}
    for row in rows_of(path, "name value note"):
        if row["name"] not in wanted:
            raise row.fail(f"没有“{row['name']}”这一项；可设的是 {'、'.join(sorted(wanted))}")
        try:
            found[row["name"]] = float(row["value"])
        except ValueError as error:
            raise row.fail(f"value 应为数，现为“{row['value']}”") from error
        if found[row["name"]] <= 0:
            raise row.fail("value 应大于零")
    if missing := wanted - set(found):
        raise CatalogueError(f"{path.name}：缺少 {'、'.join(sorted(missing))}")
    return Settings(**found)
