"""The six sections of a report, found by their headings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.catalogue import Catalogue
from pipeline.labels import fold
from pipeline.mirror import plain_text
from pipeline.model import Block, Paragraph
from pipeline.search import fold as fold_text

_LONGEST_HEADING = 40
# A heading with pinyin behind each character is several times as long.
_LONGEST_IN_DISGUISE = 6 * _LONGEST_HEADING


@lru_cache(maxsize=2048)
def _heading(catalogue: Catalogue, text: str) -> str:
    folded = fold(text)
    return next((s.section for s in catalogue.sections if s.heading.fullmatch(folded)), "")


def section_of(text: str, catalogue: Catalogue) -> str:
    """The section a heading opens (一 to 六), or nothing where the text is no heading of one."""
    return _heading(catalogue, text) if len(text) <= _LONGEST_HEADING else ""


def sections_of(blocks: Iterable[Block], catalogue: Catalogue) -> Iterator[str | None]:
    """The section in which each block of a document stands, None before the first heading."""
    current: str | None = None
    for block in blocks:
        if isinstance(block, Paragraph) and len(block.text) <= _LONGEST_IN_DISGUISE:
            current = section_of(fold_text(plain_text(block.text)), catalogue) or current
        yield current


def is_furniture(text: str, catalogue: Catalogue) -> bool:
    """Whether a paragraph stands around a report on a web page and is no part of it."""
    return _furniture(catalogue).search(text) is not None


@lru_cache(maxsize=4)
def _furniture(catalogue: Catalogue) -> re.Pattern[str]:
    """What stands around a report on a web page."""
    return re.compile("|".join(rule.pattern.pattern for rule in catalogue.prose if rule.role == "furniture"))


@dataclass(frozen=True, slots=True)
class Sections:
    """The headings met, in order, and the text below each; what stands before the first is under ``."""

    order: tuple[str, ...]
    texts: Mapping[str, str]

    @property
    def prose(self) -> str:
        """All of it."""
        return "\n".join(self.texts.values())


def split_sections(paragraphs: Iterable[str], catalogue: Catalogue) -> Sections:
    """Paragraphs by section."""
    order: list[str] = []
    texts: dict[str, list[str]] = {"": []}
    current = ""
    furniture = _furniture(catalogue)
    for text in paragraphs:
        opened = section_of(text, catalogue)
        if furniture.search(text):
            continue
        if opened:
            current = opened
            order.append(opened)
            texts.setdefault(current, [])
        else:
            texts[current].append(text)
    return Sections(tuple(order), {name: "\n".join(lines) for name, lines in texts.items()})
