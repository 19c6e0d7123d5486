"""Rows of a CSV that declares something: exact columns, stripped cells, and a row that knows where it stands."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.model import CatalogueError


class Row(dict[str, str]):
    """A row of a catalogue file that knows where it stands."""

    def __init__(self, path: Path, number: int, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.where = f"{path.name} 第 {number} 行"

    def fail(self, reason: str) -> CatalogueError:
        return CatalogueError(f"{self.where}：{reason}")

    def parts(self, column: str, separator: str = "|") -> tuple[str, ...]:
        return tuple(part.strip() for part in self[column].split(separator) if part.strip())

    def year(self, column: str) -> int | None:
        text = self[column]
        if text and not re.fullmatch(r"(19|20)\d\d", text):
            raise self.fail(f"“{column}”应为四位年份，现为“{text}”")
        return int(text) if text else None


def rows_of(path: Path, columns: str) -> Iterator[Row]:
    """The rows of a CSV that must have exactly these columns; cells are stripped."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}：读不出目录文件（{error}）") from error
    reader = csv.DictReader(text.splitlines())
    expected = columns.split()
    if reader.fieldnames is None or list(reader.fieldnames) != expected:
        raise CatalogueError(
            f"{path.name} 第 1 行：列应为 {','.join(expected)}，现为 {','.join(reader.fieldnames or [])}"
        )
    for number, values in enumerate(reader, start=2):
        if None in values or any(value is None for value in values.values()):
            raise CatalogueError(f"{path.name} 第 {number} 行：列数与表头不符")
        yield Row(path, number, {name: value.strip() for name, value in values.items()})


def keyed(rows: Iterable[Row], key: str) -> dict[str, Row]:
    """The rows by their key column; an empty or repeated key is refused."""
    found: dict[str, Row] = {}
    for row in rows:
        if not row[key]:
            raise row.fail(f"缺少 {key}")
        if row[key] in found:
            raise row.fail(f"{key} “{row[key]}”重复，首见于{found[row[key]].where}")
        found[row[key]] = row
    return found
