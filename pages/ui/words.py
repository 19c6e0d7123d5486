"""Every word on the screen, from `data/catalogue/words.csv`, in the language of the session. Knows no page."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

FILE = Path(__file__).resolve().parents[2] / "data" / "catalogue" / "words.csv"
LANGUAGES = ("zh", "en")
_MARKUP = re.compile(r"[\\`*_\[\]<>~$:#|]")


class UnknownWord(KeyError):
    """A key that words.csv does not hold, or holds in one language only."""


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Key to language to text; raises on a key that is doubled or not said in both languages."""
    words: dict[str, Mapping[str, str]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row["key"]
            if key in words or not all(row[language] for language in LANGUAGES):
                raise UnknownWord(f"words.csv: {key} stands twice or lacks a language")
            words[key] = {language: row[language] for language in LANGUAGES}
    return words


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its values put in."""
        if key not in catalogue():
            raise UnknownWord(f"words.csv has no {key}")
        return catalogue()[key][self.language].format(**values)

    def of(self, family: str, code: object) -> str:
        """The name of a code of a family, such as a status; a code that is not in the family stands for itself."""
        key = f"{family}.{code}"
        return self(key) if key in catalogue() else str(code)

    def family(self, family: str) -> dict[str, str]:
        """All codes of a family with their names."""
        start = f"{family}."
        return {key.removeprefix(start): self(key) for key in catalogue() if key.startswith(start)}

    def number(self, value: Any, bound: str = "exact") -> str:
        """A number as people write it: 1,234; ≥ 100 where the report says 100余."""
        if pd.isna(value):
            return ""
        text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")
        return self(f"bound.{bound}", number=text)

    def share(self, value: Any) -> str:
        """A part of a whole as people write it: 36%."""
        return "" if pd.isna(value) else f"{value:.0%}"

    def amount(self, value: Any, unit: str, bound: str = "exact") -> str:
        """A number with its unit: 501 条."""
        return self("amount", number=self.number(value, bound), unit=self.of("unit", unit))

    def cell(self, value: Any, status: str, bound: str = "exact") -> str:
        """What a table shows: the number, or the sign of why there is none. Never a zero that is not printed."""
        return self.number(value, bound) if not pd.isna(value) else self.of("sign", status)

    def change(self, value: Any) -> str:
        """A difference with its direction."""
        sign = "change.same" if value == 0 else "change.up" if value > 0 else "change.down"
        return self(sign, number=self.number(abs(value)))

    def section(self, section: Any) -> str:
        """The name of a section of a report; what stands before the first one has none."""
        return self("section.none") if pd.isna(section) else self.of("section", section)

    def signed(self, value: Any) -> str:
        """A difference with its sign, zero as zero, a missing one as missing."""
        if pd.isna(value):
            return self("sign.absent")
        return f"+{self.number(value)}" if value > 0 else self.number(value)

    def day(self, value: Any) -> str:
        """A date as prose writes it."""
        if pd.isna(value):
            return self("day.unknown")
        moment = value if isinstance(value, date) else pd.Timestamp(value)
        return self("day", year=moment.year, month=moment.month, day=moment.day, iso=f"{moment:%Y-%m-%d}")

    def listed(self, names: list[str], most: int = 3) -> str:
        """Names in a row; beyond `most`, how many there are."""
        shown = self("list.separator").join(names[:most])
        return shown if len(names) <= most else self("list.more", names=shown, count=len(names))


def literal(text: str) -> str:
    """Words of a report or a list for the label of a button or link, which Streamlit takes for markdown: it could name
    a picture on another host."""
    return _MARKUP.sub(r"\\\g<0>", text)


def speak() -> Words:
    """The words in the language that the address asks for, else in Chinese."""
    asked = st.query_params.get("lang")
    return Words(asked if asked in LANGUAGES else LANGUAGES[0])
