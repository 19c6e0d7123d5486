"""How much of a report's own prose stands in last year's report, or in a neighbour's, numbers masked."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.catalogue import default_catalogue
from pipeline.mirror import plain_text
from pipeline.sections import split_sections

Row = dict[str, Any]
_QUERY = Path(__file__).resolve().parent.parent / "queries" / "console" / "prose_of_reports.sql"
_COMPARED = ("一", "五")
_MASKED = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]+")
_OURSELVES = re.compile("[我本](?:街道办?|镇|乡|办|单位|机关)")
_DROPPED = re.compile(r"[\W_]+")
_GRAM = 4
_FEWEST = 60
COPIED_FROM_LAST_YEAR = 0.80
PLAINLY_COPIED = 0.95
COPIED_FROM_NEIGHBOUR = 0.90


@dataclass(frozen=True, slots=True)
class Text:
    """One report's sections one and five as a set of masked character runs."""

    report_id: str
    previous_report_id: str | None
    body: str
    county: str | None
    year: int
    grams: frozenset[str]


def grams_of(text: str, names: tuple[str, ...] = ()) -> frozenset[str]:
    """The runs of four characters of a text, its numbers, punctuation and the body's names masked."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "某")
    text = _OURSELVES.sub("某", text)
    bare = _DROPPED.sub("", _MASKED.sub("0", text))
    # Reports hold the same runs by the thousand: interned, each stands in memory once.
    return frozenset(sys.intern(bare[at : at + _GRAM]) for at in range(len(bare) - _GRAM + 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Twice the common runs over all runs (Dice), 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def copies(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """F-COPY for each report with a predecessor, F-COPY-PEER for each with neighbours that year."""
    texts = {text.report_id: text for text in _texts(connection)}
    groups: dict[tuple[str | None, int], list[Text]] = defaultdict(list)
    for text in texts.values():
        groups[text.county, text.year].append(text)
    for text in texts.values():
        if text.previous_report_id is not None:
            yield _against_last_year(text, texts.get(text.previous_report_id))
        neighbours = [other for other in groups[text.county, text.year] if other.body != text.body]
        if neighbours and text.county:
            yield _against_neighbours(text, neighbours)


def _against_last_year(text: Text, previous: Text | None) -> Row:
    if previous is None or min(len(text.grams), len(previous.grams)) < _FEWEST:
        return _row(text, "F-COPY", "not_assessable", None, None, None)
    share = alike(text.grams, previous.grams)
    severity = "error" if share >= PLAINLY_COPIED else None
    return _row(
        text, "F-COPY", "broken" if share >= COPIED_FROM_LAST_YEAR else "holds", share, severity, None
    )


def _against_neighbours(text: Text, neighbours: list[Text]) -> Row:
    long_enough = [other for other in neighbours if min(len(text.grams), len(other.grams)) >= _FEWEST]
    if not long_enough:
        return _row(text, "F-COPY-PEER", "not_assessable", None, None, None)
    share, nearest = max((alike(text.grams, other.grams), other.body) for other in long_enough)
    outcome = "broken" if share >= COPIED_FROM_NEIGHBOUR else "holds"
    return _row(text, "F-COPY-PEER", outcome, share, None, nearest)


def _row(
    text: Text, rule: str, outcome: str, share: float | None, severity: str | None, detail: str | None
) -> Row:
    return {
        "report_id": text.report_id, "rule": rule, "severity": severity, "outcome": outcome, "measure": None,
        "applicant": None, "found": share, "expected": None, "detail": detail, "places": [],
    }  # fmt: skip


def _rows(asked: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer, never all of them in memory."""
    while some := asked.fetchmany(1000):
        yield from some


def _texts(connection: duckdb.DuckDBPyConnection) -> Iterator[Text]:
    catalogue = default_catalogue()
    rows = _rows(connection.execute(_QUERY.read_text("utf-8")))
    for (report_id, previous, body, county, year), paragraphs in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        plain = plain_text("\n".join(text for *_, text in paragraphs)).split("\n")
        sections = split_sections(plain, catalogue).texts
        prose = "".join(sections.get(name, "") for name in _COMPARED)
        own = (body, body + "人民政府", body + "办事处", county or "")
        yield Text(report_id, previous, body, county, year, grams_of(prose, tuple(filter(None, own))))
