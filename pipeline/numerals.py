"""Printed numbers: Arabic, Chinese, full width, with 万, with thousands separators, exact or bounded.

Pure functions from text to value. What a number means is decided elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pipeline.model import Bound

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "廿": 20,
    "卅": 30,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERALS = frozenset((*_DIGITS, *_UNITS, *_MYRIADS))
CHINESE = "〇○零一二两三四五六七八九十百千万亿廿卅"

ARABIC_PATTERN = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE_PATTERN = f"[{CHINESE}]+"

_AT_LEAST_BEFORE = ("不少于", "不低于", "至少", "超过", "突破", "逾", "超")
_ABOUT_BEFORE = ("大约", "约", "近", "将近", "接近")
_AT_MOST_BEFORE = ("不超过", "不到", "不足", "至多")
_AFTER = {"余": Bound.AT_LEAST, "多": Bound.AT_LEAST, "以上": Bound.AT_LEAST, "左右": Bound.ABOUT}


def parse_chinese(text: str) -> int | None:
    """The value of a Chinese numeral: 三百二十一 321, 两千零五 2005, 二〇二四 2024, 廿三 23; else None.

    Shorthand without its last unit (一万二, 三百五) is refused: 三百五 is 350 to one reader and 305 to another.
    """
    if not text or not _NUMERALS.issuperset(text):
        return None
    if all(c in _DIGITS and _DIGITS[c] < 10 for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) != 1 or text != "两" else 2
    return _with_units(text)


def _with_units(text: str) -> int | None:
    total = section = 0
    pending: int | None = None
    last = 10**12
    zero_before = False
    for c in text:
        if c in _MYRIADS:
            section += pending or 0
            if section == 0:
                return None
            total, section, pending, last = total + section * _MYRIADS[c], 0, None, 10**12
        elif c in _UNITS:
            if _UNITS[c] >= last or (pending is None and c != "十"):
                return None
            section += (1 if pending is None else pending) * _UNITS[c]
            pending, last, zero_before = None, _UNITS[c], False
        elif _DIGITS[c] >= 20:
            if pending is not None:
                return None
            section, last = section + _DIGITS[c], 10
        elif pending not in (None, 0):
            return None
        else:
            zero_before = zero_before or _DIGITS[c] == 0
            pending = _DIGITS[c]
    if pending and last > 10 and not zero_before and (total or section):
        return None
    return total + section + (pending or 0)


_PLAIN = re.compile(rf"({ARABIC_PATTERN})([千万亿]?)")


def parse_number(text: str) -> int | float | None:
    """The value of one printed number without its unit: `1,234`, `１２`, `1.2万`, `三百`, `1万2千`; else None.

    Whole numbers come as int.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    folded = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    plain = _PLAIN.fullmatch(folded)
    if plain is None:
        mixed = re.fullmatch(r"(\d+)万(\d+)千", folded)
        if mixed:
            return int(mixed[1]) * 10**4 + int(mixed[2]) * 1000
        return parse_chinese(folded)
    try:
        value = Decimal(plain[1].replace(",", ""))
    except InvalidOperation:
        return None
    value *= {"": 1, "千": 1000, "万": 10**4, "亿": 10**8}[plain[2]]
    return int(value) if value == value.to_integral_value() else float(value)


def bound_of(before: str, after: str) -> Bound:
    """How exact a number is, from the words that touch it on the left and on the right."""
    for word, bound in _AFTER.items() if after else ():
        if after.startswith(word):
            return bound
    for words, bound in (
        (_AT_MOST_BEFORE, Bound.AT_MOST),
        (_ABOUT_BEFORE, Bound.ABOUT),
        (_AT_LEAST_BEFORE, Bound.AT_LEAST),
    ):
        if before.endswith(words):
            return bound
    return Bound.EXACT


@dataclass(frozen=True, slots=True)
class CellNumber:
    """A number as a table cell holds it: value, unit as printed, bound, and any remark around it."""

    value: int | float
    unit: str = ""
    bound: Bound = Bound.EXACT
    remark: str = ""


_CELL = re.compile(
    rf"(?P<before>约|近|超|逾|超过)?(?P<sign>[-+−﹣－＋]|增加?|减少?|新增)?"
    rf"(?P<number>{ARABIC_PATTERN})(?P<scale>[千万亿](?=$|余|多|元|条|件|\())?"
    rf"(?P<more>余|多|以上|左右)?(?P<unit>条次|件次|人次|万元|千元|亿元|[条件项个次篇则期份宗起人元])?"
    rf"(?P<more2>以上|左右)?(?P<remark>[(（\[【].*[)）\]】])?"
)
# Two cells run together (0 0, 000) would otherwise read as one number.
_TWO_NUMBERS = re.compile(r"\d\s+\d|^\D{0,2}0\d")
_NEGATIVE = ("-", "−", "﹣", "－", "减")


def parse_cell_number(text: str) -> CellNumber | None:
    """A table cell that prints one number, perhaps signed, with a unit or with a remark in brackets.

    22（其中修订16件） is 22 with a remark; 增2 and +2 are 2, 减1 and -1 are -1; anything else is None.
    """
    spaced = unicodedata.normalize("NFKC", text).strip()
    folded = "".join(spaced.split())
    match = _CELL.fullmatch(folded)
    if match is None:
        value = parse_chinese(folded) if len(folded) > 1 else None
        return None if value is None or _TWO_NUMBERS.search(spaced) else CellNumber(value)
    if _TWO_NUMBERS.search(spaced):
        return None
    number = parse_number(match["number"] + (match["scale"] or ""))
    if number is None:
        return None
    if (match["sign"] or "").startswith(_NEGATIVE):
        number = -number
    bound = bound_of(match["before"] or "", match["more"] or match["more2"] or "")
    return CellNumber(number, match["unit"] or "", bound, match["remark"] or "")
