"""Printed labels compared as people read them: width, brackets, spaces and numbering do not count."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_DROP = re.compile(r"[^\w/]+|_")
_ORDINAL = re.compile(
    r"^(?:[(（〔\[【]\s*[一二三四五六七八九十\d]{1,3}\s*[)）〕\]】]|[一二三四五六七八九十]{1,2}\s*[、.．]|\d{1,2}\s*[、.．](?!\d))\s*"
)
_RADICALS = str.maketrans(
    {"⻚": "页", "⻅": "见", "⻓": "长", "⻔": "门", "⻛": "风", "⻋": "车", "⻢": "马", "⺠": "民"}
)


def _one_to_one() -> dict[int, str]:
    """Width and radical variants that fold to exactly one character, so that spans stay true."""
    table: dict[int, str] = {}
    for code in (*range(0x2E80, 0x2FE0), *range(0xFF01, 0xFF5F), *range(0xF900, 0xFB00)):
        folded = unicodedata.normalize("NFKC", chr(code)).translate(_RADICALS)
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    for mark in "，：；（）！？":
        table.pop(ord(mark), None)
    return {**table, 0xA0: " ", 0x3000: " "}


TRANSLATE = _one_to_one()
_VARIANT = re.compile(f"[{re.escape(''.join(map(chr, TRANSLATE)))}]")


def fold_signs(text: str) -> str:
    """The text with its width and radical variants folded, character for character. Most texts have none."""
    return text.translate(TRANSLATE) if _VARIANT.search(text) else text


@lru_cache(maxsize=4096)
def fold(label: str) -> str:
    """The comparable form of a label: NFKC, no leading numbering, no spaces, no punctuation."""
    text = unicodedata.normalize("NFKC", label).translate(_RADICALS).strip()
    while True:
        shorter = _ORDINAL.sub("", text, count=1)
        if shorter == text or not shorter:
            break
        text = shorter
    return _DROP.sub("", text)


def likeness(printed: str, declared: str, least: float = 0.0) -> float:
    """How alike two folded labels are, 0 to 1; 0 where that is below `least`.

    Characters lost in printing cost less than others added.
    """
    if printed == declared:
        return 1.0
    if not printed or not declared:
        return 0.0
    # What is not in the other label at all cannot match: most pairs end here, since matching takes long.
    possible = min(len(declared), sum(map(declared.__contains__, printed)))
    if 2 * possible / (len(printed) + len(declared)) < least:
        return 0.0
    matcher = SequenceMatcher(None, printed, declared, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    return 2 * common / (len(printed) + len(declared))
