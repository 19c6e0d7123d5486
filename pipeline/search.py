"""Words found in the text of reports as people read it: width, script, case and spaces do not count.

Folding goes character by character, so that a word folds to a piece of what the text around it folds to. That is why
a word inside a word is found (公开 in 依申请公开) and why every hit can be led back to the characters printed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.labels import TRANSLATE
from pipeline.mirror import simplified

_WORD = re.compile(r"[“\"「『]([^”\"」』]*)[”\"」』]|([^\s“”\"「」『』]+)")
# What Chinese text prints: most passages then fold to themselves and need not be stored twice.
_PUNCTUATION = str.maketrans(",:;!?()", "，：；！？（）")
_DROPPED = ("M", "Z", "C")
_SENTENCE_END = re.compile(r"[。；！？;!?\n]")
_WIDEST = 60

Span = tuple[int, int]


class _Folds(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code).translate(TRANSLATE))
        plain = unicodedata.normalize("NFKD", plain.casefold()).casefold()
        kept = (char for char in plain if unicodedata.category(char)[0] not in _DROPPED)
        self[code] = "".join(map(simplified, kept)).translate(_PUNCTUATION)
        return self[code]


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The text in which words are looked for.

    >>> fold("依申請 公開（１２件）, WeChat")
    '依申请公开（12件），wechat'
    """
    return text.translate(_FOLDS)


def folded(text: str) -> str | None:
    """The folded text where it differs from the text, which is what the warehouse stores beside it."""
    shown = fold(text)
    return None if shown == text else shown


def words_of(asked: str) -> list[str]:
    """The folded words of what was typed: each must be found; what stands in quotation marks is one word.

    >>> words_of('抖音 “依申请 公开”  抖音')
    ['依申请公开', '抖音']
    """
    words = (fold(quoted or word) for quoted, word in _WORD.findall(asked))
    # The longest first: it is found in the fewest passages, and the others are only looked for there.
    return sorted(dict.fromkeys(filter(None, words)), key=len, reverse=True)


def spans(text: str, words: Iterable[str]) -> list[Span]:
    """Where folded words stand in a text as printed: no two overlap, the first and the longest win.

    >>> spans("依 申請公 开", ["公开"])
    [(4, 7)]
    """
    origin = [at for at, char in enumerate(text) for _ in fold(char)]
    shown = fold(text)
    found = sorted(
        ((at, at + len(word)) for word in words for at in _starts(shown, word)),
        key=lambda span: (span[0], -span[1]),
    )
    kept: list[Span] = []
    for first, end in found:
        span = origin[first], origin[end - 1] + 1
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _starts(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while word and at >= 0:
        yield at
        at = text.find(word, at + 1)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, and whether a sentence was cut for it at either end."""

    start: int
    end: int
    cut_before: bool
    cut_after: bool


def excerpts(text: str, found: Sequence[Span]) -> list[Excerpt]:
    """The sentences in which each word stands first, cut where they are long, in the order of the text."""
    firsts = {fold(text[start:end]): (start, end) for start, end in reversed(found)}
    parts: list[Excerpt] = []
    for hit in sorted(firsts.values()):
        if not parts or hit[1] > parts[-1].end:
            part = _sentence(text, hit)
            parts.append(replace(part, start=max(part.start, parts[-1].end)) if parts else part)
    return parts


def _sentence(text: str, hit: Span) -> Excerpt:
    first, last = hit
    start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, first)), default=0)
    ending = _SENTENCE_END.search(text, last)
    end = ending.end() if ending else len(text)
    shown = max(start, first - _WIDEST), min(end, last + 2 * _WIDEST)
    return Excerpt(*shown, cut_before=shown[0] > start, cut_after=shown[1] < end)


def bracketed(text: str, found: Sequence[Span]) -> str:
    """The sentences of the hits, each hit in them in 【】.

    >>> bracketed("无。依申请公开0件。", [(5, 7)])
    '依申请【公开】0件。'
    """
    shown = []
    for part in excerpts(text, found):
        pieces, at = ["…" * part.cut_before], part.start
        for start, end in (span for span in found if part.start <= span[0] and span[1] <= part.end):
            pieces += [text[at:start], f"【{text[start:end]}】"]
            at = end
        shown.append("".join([*pieces, text[at : part.end], "…" * part.cut_after]))
    return " ".join(shown)
