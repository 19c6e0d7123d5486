"""Texts in disguise: traditional characters, pinyin in brackets, radical signs. Read as the plain text behind them.

The plain text is only for reading; every place and raw text that leaves here is of the copy as published.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from pipeline.issues import issue
from pipeline.labels import fold_signs
from pipeline.model import Block, Claim, Document, Fact, Finding, Grid, Paragraph, Place

_TRADITIONAL = re.compile(
    "[開報請訊辦實關於務與資門網號業個為會後發鄉鎮區縣動數據達條項處總計無來時個過說對點線級變結終續書]"
)
_PINYIN = "[(（][a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňɡ]{1,7}[)）]"
_SPELLED = re.compile(rf"(?<=[\u4e00-\u9fff])\s*{_PINYIN}")
# Found much faster than with what must stand before it: most texts have none.
_BRACKETED_LETTERS = re.compile(_PINYIN)
_TONED = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-z]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,3}[)）]")
_UNMISTAKABLE = 2
# Radical signs that some PDF fonts give for the characters they look like (⼯ for 工).
_RADICAL = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
_ENOUGH = 12

Key = tuple[int, int | None, int | None]
Origin = Mapping[Key, Sequence[int]]


@dataclass(frozen=True)
class Mirror:
    """A copy, its plain text, and where each character of the plain text stands in the copy."""

    original: Document
    plain: Document
    origin: Origin

    def back(self, locator: str) -> str:
        """The place in the copy of a place in the plain text."""
        if ":" not in locator:
            return locator
        place = Place.parse(locator)
        if place is None or place.start is None or place.end is None:
            return locator
        origin = self.origin[place.block, place.row, place.column]
        start = origin[place.start]
        end = origin[place.end - 1] + 1 if place.end > place.start else start
        return str(place._replace(start=start, end=end))

    @cached_property
    def _texts(self) -> Mapping[Key, str]:
        """The texts of the copy by paragraph or cell; of two cells at one place the first."""
        return dict(reversed(list(_texts(self.original))))

    def raw(self, locator: str, text: str) -> str:
        """The text at a place of the copy, or `text` where the place is not one of characters."""
        place = Place.parse(locator)
        if place is None:
            return text
        whole = self._texts.get((place.block, place.row, place.column), "")
        return whole if place.start is None else whole[place.start : place.end]

    def fact(self, fact: Fact) -> Fact:
        """The fact with the copy's own text and place."""
        locator = self.back(fact.locator)
        return replace(fact, locator=locator, raw_text=self.raw(locator, fact.raw_text))

    def claim(self, claim: Claim) -> Claim:
        """The claim with the copy's own text and place."""
        locator = self.back(claim.locator)
        return replace(claim, locator=locator, raw_text=self.raw(locator, claim.raw_text))

    def finding(self, finding: Finding) -> Finding:
        """The finding with the copy's own places."""
        return replace(finding, places=tuple(map(self.back, finding.places)))


def mirror_of(document: Document) -> Mirror | None:
    """The plain text of a copy, or None where the document is no such copy."""
    sample = "".join(text for _, text in _texts(document))
    toned = len(_TONED.findall(sample)) >= _UNMISTAKABLE
    is_spelled = toned or (_is_often(_BRACKETED_LETTERS, sample) and _is_often(_SPELLED, sample))
    is_traditional = _is_often(_TRADITIONAL, sample)
    has_radicals = _RADICAL.search(sample) is not None
    if not (is_spelled or is_traditional or has_radicals):
        return None
    origin: dict[Key, Sequence[int]] = {}

    def plain(text: str, key: Key) -> str:
        dropped = (
            {i for found in _SPELLED.finditer(text) for i in range(*found.span())} if is_spelled else None
        )
        if dropped:
            kept = [i for i in range(len(text)) if i not in dropped]
            origin[key] = (*kept, len(text))
            bare = fold_signs("".join(text[i] for i in kept))
        else:
            origin[key] = range(len(text) + 1)
            bare = fold_signs(text)
        return _simplified(bare) if is_traditional else bare

    blocks = tuple(_rewritten(block, number, plain) for number, block in enumerate(document.blocks))
    how = {(True, False): "traditional", (False, True): "spelled", (True, True): "both"}.get(
        (is_traditional, is_spelled)
    )
    issues = (issue(f"mirror_copy.{how}"),) if how else ()
    metadata = tuple(
        (name, _simplified(value) if is_traditional else value) for name, value in document.metadata
    )
    title = _simplified(document.title) if is_traditional else _SPELLED.sub("", document.title)
    copy = replace(
        document, blocks=blocks, title=title, metadata=metadata, issues=(*document.issues, *issues)
    )
    return Mirror(document, copy, origin)


def plain_text(text: str) -> str:
    """A text without its disguise, where its places no longer matter."""
    bare = fold_signs(_SPELLED.sub("", text))
    return _simplified(bare) if _is_often(_TRADITIONAL, bare) else bare


def _is_often(pattern: re.Pattern[str], text: str) -> bool:
    return len(pattern.findall(text)) >= _ENOUGH


def _texts(document: Document) -> Iterator[tuple[Key, str]]:
    """The texts of paragraphs and cells, with their places."""
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            yield (number, None, None), block.text
        else:
            yield from (((number, c.row, c.column), c.text) for c in block.cells)


def _rewritten(block: Block, number: int, plain: Callable[[str, Key], str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=plain(block.text, (number, None, None)))
    cells = tuple(c._replace(text=plain(c.text, (number, c.row, c.column))) for c in block.cells)
    return Grid(cells, line=block.line, page=block.page)


def _simplified(text: str) -> str:
    """Simplified characters, one for one: a conversion that changes the length is made character by character."""
    if text.isascii():
        return text
    converter = _converter()
    simple = str(converter.convert(text))
    return simple if len(simple) == len(text) else "".join(str(converter.convert(c))[:1] or c for c in text)


def simplified(char: str) -> str:
    """The simplified form of one character, whatever stands beside it.

    >>> simplified("開")
    '开'
    """
    return str(_converter().convert(char)) if "\u3400" <= char <= "\u9fff" else char


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc  # imported here: few documents are copies, and its tables take a moment

    return opencc.OpenCC("t2s")
