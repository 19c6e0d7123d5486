"""How much of a report's own prose stands in last year's report, or in a neighbour's, numbers masked.

Knows no threshold: what counts as copied is said by `queries/checks/copied_sections.sql` over what is found here.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.catalogue import Catalogue
from pipeline.mirror import plain_text
from pipeline.model import Place
from pipeline.sections import is_furniture, section_of

Row = dict[str, Any]
Grams = frozenset[str]
_QUERY = Path(__file__).resolve().parent.parent / "queries" / "console" / "prose_of_reports.sql"
_MASKED = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]+")
_OURSELVES = re.compile("[我本](?:街道办?|镇|乡|办|单位|机关)")
_DROPPED = re.compile(r"[\W_]+")
_GRAM = 4
# Two sentences that every report has are no copy: a section or a paragraph shorter than this is not compared.
_FEWEST = 60
_SHORTEST = 40
_ALMOST = 0.9


def masked(text: str, names: Sequence[str] = ()) -> str:
    """A text without its numbers, its punctuation and the body's own names.

    >>> masked("2019年，西邑乡公开信息501条。", ["西邑乡"])
    '0年某公开信息0条'
    """
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "某")
    return _DROPPED.sub("", _MASKED.sub("0", _OURSELVES.sub("某", text)))


def grams_of(text: str) -> Grams:
    """The runs of four characters of a masked text."""
    # Reports hold the same runs by the thousand: interned, each stands in memory once.
    return frozenset(sys.intern(text[at : at + _GRAM]) for at in range(len(text) - _GRAM + 1))


def alike(one: Grams, other: Grams) -> float:
    """Twice the common runs over all runs (Dice), 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@dataclass(frozen=True)
class Section:
    """A section of a report: the masked text of each paragraph by its block."""

    paragraphs: Mapping[int, str]

    @cached_property
    def grams(self) -> Grams:
        """The runs of the whole section."""
        return grams_of("".join(self.paragraphs.values()))

    @property
    def long_paragraphs(self) -> Mapping[int, Grams]:
        """The runs of each paragraph that is long enough to be told from others."""
        return {block: grams_of(text) for block, text in self.paragraphs.items() if len(text) >= _SHORTEST}


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of one report."""

    report_id: str
    previous_report_id: str | None
    body: str
    county: str | None
    year: int
    sections: Mapping[str, Section]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A section of a report beside the same section of another one."""

    section: str
    share: float
    runs: int


def compared(one: Text, other: Text) -> list[Likeness]:
    """The sections that are long enough in both reports."""
    pairs = ((name, section, other.sections.get(name)) for name, section in one.sections.items())
    return [
        Likeness(name, alike(mine.grams, theirs.grams), len(mine.grams) + len(theirs.grams))
        for name, mine, theirs in pairs
        if theirs is not None and min(len(mine.grams), len(theirs.grams)) >= _FEWEST
    ]


def overall(sections: Sequence[Likeness]) -> float:
    """The likeness of all compared sections together, long ones counting more."""
    runs = sum(section.runs for section in sections)
    return sum(section.share * section.runs for section in sections) / runs if runs else 0.0


def copied_paragraphs(one: Section, other: Section) -> list[tuple[int, int]]:
    """Paragraphs that stand almost word for word in the other section: the blocks of both.

    A paragraph may be part of a longer one, so its runs are looked for there, not the other way about.
    """
    found, others = [], other.long_paragraphs
    for block, grams in one.long_paragraphs.items():
        shared = {at: len(grams & theirs) / len(grams) for at, theirs in others.items()}
        best = max(shared, key=shared.__getitem__, default=None)
        if best is not None and shared[best] >= _ALMOST:
            found.append((block, best))
    return found


def similarities(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, counties: Sequence[str] | None = None
) -> Iterator[Row]:
    """The rows of `similarity`: each report against last year's and against its likest neighbour of that year."""
    texts = {text.report_id: text for text in _texts(connection, catalogue, counties)}
    for text in texts.values():
        previous = texts.get(text.previous_report_id or "")
        if previous is not None:
            yield from _rows(text, previous, "last_year", compared(text, previous))
    for report_id, (other_id, sections) in _likest_neighbours(texts.values()).items():
        yield from _rows(texts[report_id], texts[other_id], "neighbour", sections)


def _likest_neighbours(texts: Iterable[Text]) -> dict[str, tuple[str, list[Likeness]]]:
    """For each report the neighbour of the same county and year that is most like it, each pair compared once."""
    groups: dict[tuple[str, int], list[Text]] = defaultdict(list)
    for text in texts:
        if text.county:
            groups[text.county, text.year].append(text)
    likest: dict[str, tuple[str, list[Likeness]]] = {}
    # a neighbour with nothing in common is a comparison too
    best: dict[str, float] = {}
    for group in groups.values():
        for at, one in enumerate(group):
            for other in group[:at]:
                sections = compared(one, other) if one.body != other.body else []
                share = overall(sections)
                for mine, theirs in ((one, other), (other, one)):
                    if sections and share > best.get(mine.report_id, -1):
                        best[mine.report_id] = share
                        likest[mine.report_id] = (theirs.report_id, sections)
    return likest


def _rows(one: Text, other: Text, against: str, sections: Sequence[Likeness]) -> Iterator[Row]:
    for section in sections:
        copied = copied_paragraphs(one.sections[section.section], other.sections[section.section])
        yield {
            "report_id": one.report_id, "section": section.section, "against": against,
            "other_report_id": other.report_id, "share": section.share, "runs": section.runs,
            "places": [str(Place(block)) for block, _ in copied],
            "other_places": [str(Place(block)) for _, block in copied],
        }  # fmt: skip


def _asked(asked: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer, never all of them in memory."""
    while some := asked.fetchmany(1000):
        yield from some


def _texts(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, counties: Sequence[str] | None
) -> Iterator[Text]:
    rows = _asked(connection.execute(_QUERY.read_text("utf-8"), {"counties": counties}))
    for (report_id, previous, body, county, year), paragraphs in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        names = [name for name in (body, body + "人民政府", body + "办事处", county) if name]
        sections: dict[str, dict[int, str]] = defaultdict(dict)
        for *_, section, block, text in paragraphs:
            plain = plain_text(text)
            if not section_of(plain, catalogue) and not is_furniture(plain, catalogue):
                sections[section][block] = masked(plain, names)
        own = {name: Section(kept) for name, kept in sections.items()}
        yield Text(report_id, previous, body, county, year, own)
