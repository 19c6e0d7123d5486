"""What could not be accounted for, said in two languages from `data/catalogue/issues.csv`. Knows no format, no form."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.model import CatalogueError, Issue

_FILE = Path(__file__).resolve().parent.parent / "data" / "catalogue" / "issues.csv"


@lru_cache(maxsize=1)
def texts() -> Mapping[str, tuple[str, str]]:
    """Key to text in Chinese and English, with fields in braces. A key is a code, and a variant after a dot."""
    found: dict[str, tuple[str, str]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            if row["issue"] in found or not (row["zh"] and row["en"]):
                raise CatalogueError(f"issues.csv 第 {number} 行：“{row['issue']}”重复，或缺一种语言")
            found[row["issue"]] = row["zh"], row["en"]
    return found


def issue(key: str, raw_text: str = "", locator: str = "", **fields: object) -> Issue:
    """The issue of a key of issues.csv with its fields put in; its code is the key without the variant."""
    zh, en = (text.format(**fields) for text in texts()[key])
    return Issue(key.partition(".")[0], zh, en, raw_text, locator)
