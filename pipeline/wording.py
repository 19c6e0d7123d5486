"""The wording of prose.csv and channels.csv, compiled: what a stretch of text says, which channels it names."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.catalogue import Catalogue

_MARKS = re.compile(r"[“”\"「」『』《》〈〉\s]")


def _any_of(words: Iterable[str]) -> str:
    """A pattern of many words, the longest first; grouped by first letter, since few words begin with the same."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())


class Wording:
    """The patterns of prose.csv and the channel words, ready to search with."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.units = {name: measure.unit for name, measure in catalogue.measures.items()}
        self.section_of = {name: measure.section for name, measure in catalogue.measures.items()}
        self.counts = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "count"]
        self.zeros = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "zero"]
        self.claims = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "claim"]
        self.ways = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "way"]
        self.together = [(rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "together"]
        self.denied_topics = [
            (rule.measure, rule.pattern) for rule in catalogue.prose if rule.role == "denied_topic"
        ]
        self.kinds_too = frozenset(rule.measure for rule in catalogue.prose if rule.role == "kind_too")
        self._roles: dict[str, re.Pattern[str]] = {}
        for role in dict.fromkeys(rule.role for rule in catalogue.prose):
            patterns = [rule.pattern.pattern for rule in catalogue.prose if rule.role == role]
            self._roles[role] = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
        self.channel_of = {
            word: name for name, channel in catalogue.channels.items() for word in channel.synonyms
        }
        self.class_of = {name: channel.klass for name, channel in catalogue.channels.items()}
        self.classes = frozenset(
            name for name, channel in catalogue.channels.items() if channel.kind == "class"
        )
        # The same phrase is asked for its channels several times while it is read.
        self.channels_in = lru_cache(maxsize=256)(self._channels_in)
        self.channel = re.compile(_any_of(self.channel_of))

    def says(self, role: str, text: str) -> bool:
        """Whether the text says what a role stands for (never, a sum, several channels, ...)."""
        return self._roles[role].search(text) is not None

    def search(self, role: str, text: str) -> re.Match[str] | None:
        """Where the text first says what a role stands for."""
        return self._roles[role].search(text)

    @staticmethod
    def plain(text: str) -> str:
        """The text without quotation marks and spaces: “晒”出 is 晒出."""
        return _MARKS.sub("", text)

    def bare(self, text: str) -> str:
        """The text without the words that any count of items may carry: what is left names a category."""
        return self._roles["generic"].sub("", _MARKS.sub("", text))

    def bare_object(self, text: str) -> str:
        """The text after a channel without the objects of its verbs too: what is left is a named kind of item."""
        return self._roles["generic"].sub("", self._roles["object"].sub("", _MARKS.sub("", text)))

    def bare_work(self, text: str) -> str:
        """The name of a meeting or training without what any of them is called: what is left is its subject."""
        return self._roles["plain_work"].sub("", _MARKS.sub("", text))

    def bare_of(self, role: str, text: str) -> str:
        """The text without the words of a role and those that any count may carry."""
        return self._roles["generic"].sub("", self._roles[role].sub("", _MARKS.sub("", text)))

    def _channels_in(self, text: str) -> Sequence[tuple[str, int, int]]:
        """The channels a text names, with their spans; words that only look like one are passed over."""
        matches = list(self.channel.finditer(text))
        if not matches:
            return ()
        skip = [found.span() for found in self._roles["not_channel"].finditer(text)]
        return [
            (self.channel_of[match[0]], match.start(), match.end())
            for match in matches
            if not any(start < match.end() and match.start() < end for start, end in skip)
        ]


@lru_cache(maxsize=4)
def wording_of(catalogue: Catalogue) -> Wording:
    """The wording of a catalogue, compiled once."""
    return Wording(catalogue)
