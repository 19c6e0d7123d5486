"""Sentences with figures: fills the slots of the sentence files and notes what each figure states.

Slots: `{=measure@channel:unit}` a figure, `{?channel:lo-hi:unit}` one that may count or not, `{~channel:words}` a channel named without a figure,
`{@channel}` the printed name of a channel, `{channels:sep}` and `{categories:sep}` lists,
`{class:social}` several names before one number, `{n:lo-hi}` a number that must not be taken,
`{pct:measure@channel}`, `{yoy}`, `{lasttotal}`, `{two:measure}` claims, anything else a word of the report.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipeline.invent.numerals import DIGITS, written
from pipeline.invent.shapes import TruthFact
from pipeline.invent.stock import channel_classes, measure_units, rows, sentences

_SLOT = re.compile(r"\{([^{}]+)\}")
_SEPARATE = {"，": "，", "、": "、", "；": "；"}


@dataclass(slots=True)
class Plan:
    """What the clerk means to state: figures still unrounded, and how numbers are to be written."""

    words: dict[str, str]
    flags: frozenset[str]
    total: int | None = None
    channels: dict[str, int] = field(default_factory=dict)
    categories: list[tuple[str, int]] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)
    social: tuple[str, ...] = ()
    numerals: str = "plain"
    vague: float = 0.0
    last_total: int | None = None
    wrong_percent: bool = False
    wrong_growth: bool = False
    second_total: int | None = None
    closed_list: bool = False
    unseen: bool = False
    category_unit: str = "条"


class Clerk:
    """Writes sentences for one report and remembers the facts they state."""

    def __init__(self, plan: Plan, pick: random.Random) -> None:
        self.plan = plan
        self.pick = pick
        self.facts: list[TruthFact] = []
        self.claims: list[dict[str, Any]] = []
        self.used: list[str] = []
        self._names: dict[str, tuple[str, str | None]] = {}
        self._sentence: list[TruthFact] = []
        self._phrases = "sentences/unseen/phrases.csv" if plan.unseen else "sentences/phrases.csv"
        self._fill: dict[str, Callable[[str], str]] = {
            "=": self._figure, "~": self._mention, "@": self._name, "?": self._either,
        }  # fmt: skip
        self._fill_named: dict[str, Callable[[str], str]] = {
            "channels": self._channels, "categories": self._categories, "outcomes": self._outcomes,
            "class": self._class, "n": self._noise, "pct": self._percent, "two": self._second,
        }  # fmt: skip

    def say(self, topic: str) -> str:
        """One sentence of a topic that fits the report, or nothing where none does."""
        fitting = [one for one in sentences(unseen=self.plan.unseen)[topic] if one.fits(self.plan.flags)]
        fresh = [one for one in fitting if f"{topic}.{one.number}" not in self.used] or fitting
        if not fresh:
            return ""
        chosen = self.pick.choice(fresh)
        self.used.append(f"{topic}.{chosen.number}")
        return self.write(chosen.text)

    def write(self, template: str) -> str:
        """The template with its slots filled; its facts carry the whole sentence as their raw text."""
        self._sentence = []
        text = _SLOT.sub(lambda match: self._slot(match.group(1)), template)
        for fact in self._sentence:
            fact.raw_text = text
        return text

    def _slot(self, slot: str) -> str:
        if slot[0] in self._fill:
            return self._fill[slot[0]](slot[1:])
        name, _, rest = slot.partition(":")
        if name in self._fill_named:
            return self._fill_named[name](rest)
        if name == "yoy":
            return self._growth()
        if name == "lasttotal":
            return str(self.plan.last_total)
        return self.plan.words[name]

    # ---- figures

    def _figure(self, slot: str) -> str:
        place, _, unit = slot.partition(":")
        measure, _, channel = place.partition("@")
        value = self._value(measure, channel)
        return self._state(measure, value, unit, channel=channel or None)

    def _value(self, measure: str, channel: str) -> int:
        if measure == "items_disclosed":
            assert self.plan.total is not None  # noqa: S101  topics are chosen by flags
            return self.plan.total
        if channel == "social":
            return sum(self.plan.channels[code] for code in self.plan.social)
        return self.plan.channels[channel] if channel else self.plan.figures[measure]

    def _state(
        self,
        measure: str,
        value: int,
        unit: str,
        *,
        channel: str | None = None,
        category: str | None = None,
        exact: bool = False,
    ) -> str:
        said = next(
            (f for f in self.facts if (f.measure, f.channel, f.category) == (measure, channel, category)),
            None,
        )
        vague = not exact and not said and value >= 30 and self.pick.random() < self.plan.vague
        text, printed, bound = written(
            value, unit, self.plan.numerals if value else "plain", vague, self.pick
        )
        if said is not None:
            return f"{said.value}{unit}"
        account = self._names.get(channel or "", ("", None))[1]
        self._note(
            TruthFact(
                measure, None, channel, account, category, printed, measure_units()[measure], bound=bound
            )
        )
        return text

    def _note(self, fact: TruthFact) -> None:
        self._sentence.append(fact)
        self.facts.append(fact)

    # ---- channels

    def _name(self, channel: str) -> str:
        if channel not in self._names:
            row = self.pick.choice(
                [row for row in rows("sentences/channels.csv") if row["channel"] == channel]
            )
            account = self.words(row["account"]) or None
            self._names[channel] = self.words(row["text"]), account
        return self._names[channel][0]

    def words(self, text: str) -> str:
        """A text with the words of the report in its slots, and no figures."""
        return _SLOT.sub(lambda match: self.plan.words[match.group(1)], text)

    def _channels(self, separator: str) -> str:
        parts, facts = [], []
        for code, value in self.plan.channels.items():
            row = self.pick.choice([row for row in rows(self._phrases) if row["channel"] == code])
            name = self._name(code)
            unit = row["unit"] if self.pick.random() < 0.5 else "条"
            exact = self.plan.closed_list
            figure = self._state("items_by_channel", value, unit, channel=code, exact=exact)
            parts.append(row["text"].replace("{name}", name).replace("{v}", figure))
            facts.append(code)
        if self.plan.closed_list:
            self.claims.append({"kind": "channels", "closed": True, "parts": facts})
        return separator.join(parts)

    def _class(self, code: str) -> str:
        names = [self._name(channel) for channel in self.plan.social]
        for channel in self.plan.social:
            self._note(
                TruthFact("items_by_channel", None, channel, self._names[channel][1], value=None, unit="条",
                          status="not_printed", optional=True)
            )  # fmt: skip
        return "、".join(names)

    def _mention(self, slot: str) -> str:
        code, _, text = slot.partition(":")
        known = any(fact.channel == code for fact in self.facts)
        if not known and code not in self.plan.channels:
            self._note(TruthFact("items_by_channel", None, code, None, unit="条", status="not_printed"))
        return text

    def _either(self, slot: str) -> str:
        """Copies handed out and meetings held: some count them as disclosure by that channel, some do not."""
        code, limits, unit = slot.split(":")
        value = int(self._noise(limits))
        fact = TruthFact("items_by_channel", None, code, value=value, unit="条", optional=True)
        self._note(fact)
        return f"{value}{unit}"

    # ---- lists

    def _categories(self, separator: str) -> str:
        unit = self.plan.category_unit
        parts = [
            name + self._state("items_by_category", value, unit, category=name, exact=True)
            for name, value in self.plan.categories
        ]
        return separator.join(parts)

    def _outcomes(self, separator: str) -> str:
        parts = [
            label + self._state(measure, value, "件", exact=True)
            for measure, label, value in self.plan.outcomes
        ]
        return separator.join(parts)

    # ---- numbers that state something else, or nothing

    def _noise(self, limits: str) -> str:
        low, high = map(int, limits.split("-"))
        return str(self.pick.randint(low, high))

    def _percent(self, place: str) -> str:
        channel = place.partition("@")[2]
        assert self.plan.total  # noqa: S101
        share = round(100 * self.plan.channels[channel] / self.plan.total, 2)
        if self.plan.wrong_percent:
            share = round(share + self.pick.choice((-7.4, 5.3, 9.12)), 2)
        self.claims.append({"kind": "percent", "channel": channel, "printed": share})
        return f"{share:g}"

    def _growth(self) -> str:
        last, total = self.plan.last_total, self.plan.total
        assert last and total  # noqa: S101  the flag has_last_total guards it
        if not self.plan.wrong_growth and self.pick.random() < 0.4 and total != last:
            return f"{'增加' if total > last else '减少'}{abs(total - last)}条"
        growth = round(100 * (total - last) / last, 2) + (6.5 if self.plan.wrong_growth else 0)
        self.claims.append({"kind": "growth", "printed": growth})
        return f"{'增长' if growth >= 0 else '下降'}{abs(growth):.4g}%"

    def _second(self, measure: str) -> str:
        value = self.plan.second_total
        assert value is not None  # noqa: S101
        self.claims.append({"kind": "second_total", "value": value})
        self._note(TruthFact(measure, value=value, unit=measure_units()[measure], optional=True))
        return str(value)


def channel_class(code: str) -> str:
    """The class of a channel code; a class code is its own class."""
    return channel_classes().get(code, code)


__all__ = ["DIGITS", "Clerk", "Plan", "channel_class"]
