"""The list of who may what: `access.csv`, a claim of the login and the role that it gives."""

import csv
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import CatalogueError

# From the least to the most; each may what those before it may.
ROLES = ("viewer", "analyst", "editor", "admin")
_COLUMNS = ["claim", "value", "role", "county"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One row of the list: who has `value` under `claim` has the role, in one county or (None) in all."""

    claim: str
    value: str
    role: str
    county: str | None


def grants(file: Path) -> list[Grant]:
    """The rows of the list; CatalogueError with the line for a row that is not one."""
    rows = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    if list(rows.fieldnames or []) != _COLUMNS:
        raise CatalogueError(f"{file} 第 1 行：列应为 {','.join(_COLUMNS)}")
    found = []
    for number, row in enumerate(rows, start=2):
        if not row["claim"] or not row["value"] or row["role"] not in ROLES:
            raise CatalogueError(
                f"{file} 第 {number} 行：claim 和 value 不能空，role 应为 {'、'.join(ROLES)} 之一"
            )
        found.append(Grant(row["claim"], row["value"], row["role"], row["county"] or None))
    return found
