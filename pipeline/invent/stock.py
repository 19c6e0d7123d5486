"""The data files of the invented district: sentences, printed forms, names. No choice is made here."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a CSV file beside this module, as mappings from column to text."""
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with slots, and the flags (`old`, `!old`, `has_wechat`) that must hold to use it."""

    topic: str
    number: int
    text: str
    needs: tuple[str, ...] = ()

    def fits(self, flags: frozenset[str]) -> bool:
        """Whether every needed flag is set and every forbidden one is not."""
        return all((flag[1:] not in flags) if flag[0] == "!" else flag in flags for flag in self.needs)


@cache
def sentences(*, unseen: bool = False) -> Mapping[str, tuple[Sentence, ...]]:
    """All sentences by topic: lines under `#topic`, each with an optional `(flags)` in front.

    The `unseen` ones stand in for the usual ones of their topic: nobody may look at what is read from them
    while working on the reading, so that they measure it honestly.
    """
    if unseen:
        return {**sentences(), **_sentences(_HERE / "sentences" / "unseen")}
    return _sentences(_HERE / "sentences")


def _sentences(folder: Path) -> dict[str, tuple[Sentence, ...]]:
    found: dict[str, list[Sentence]] = {}
    topic = ""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                topic = line[1:].strip()
                found.setdefault(topic, [])
            elif line.strip():
                found[topic].append(_sentence(topic, len(found[topic]), line.strip()))
    return {name: tuple(lines) for name, lines in found.items()}


def _sentence(topic: str, number: int, line: str) -> Sentence:
    if line.startswith("("):
        flags, text = line[1:].split(") ", 1)
        return Sentence(topic, number, text, tuple(flags.split()))
    return Sentence(topic, number, line)


@cache
def measure_units() -> Mapping[str, str]:
    """The unit of every measure, from the declared catalogue: the one list of measures."""
    path = _HERE.parents[1] / "data" / "catalogue" / "measures.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["measure"]: row["unit"] for row in csv.DictReader(file)}


@cache
def channel_classes() -> Mapping[str, str]:
    """The class of every channel code, from the declared catalogue."""
    path = _HERE.parents[1] / "data" / "catalogue" / "channels.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["channel"]: row["class"] for row in csv.DictReader(file)}
