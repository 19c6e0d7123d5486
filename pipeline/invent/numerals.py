"""How clerks write numbers: Arabic, full width, Chinese, with 万, rounded with 余, 多, 近, 约, 以上."""

import random

DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")


def chinese(value: int) -> str:
    """A number below a hundred million in Chinese numerals: 321 is 三百二十一, 2005 is 两千零五."""
    if value >= 10000:
        high, low = divmod(value, 10000)
        return chinese(high) + "万" + ("" if not low else ("零" if low < 1000 else "") + chinese(low))
    if value == 0:
        return "零"
    text, gap = "", False
    for power in range(3, -1, -1):
        digit = value // 10**power % 10
        if digit:
            two = "两" if digit == 2 and power >= 2 and not text else DIGITS[digit]
            text += ("零" if gap and text else "") + two + _PLACES[power]
        gap = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _plain(value: int, numerals: str, pick: random.Random) -> str:
    if numerals == "chinese":
        return chinese(value)
    if numerals == "full":
        return "".join(chr(ord(c) + 0xFEE0) for c in str(value))
    if numerals == "comma" and value >= 1000:
        return f"{value:,}"
    if numerals == "spaced":
        return f" {value} "
    return str(value)


def written(value: int, unit: str, numerals: str, vague: bool, pick: random.Random) -> tuple[str, int, str]:
    """The number with its unit as printed, the number it states, and how exact that is."""
    if not vague:
        return _plain(value, numerals, pick) + unit, value, "exact"
    step = 1000 if value >= 10000 else 100 if value >= 1000 else 10 if value < 300 else 50
    low, high = value // step * step, -(-value // step) * step
    style = pick.choice(("余", "余", "余", "多", "以上", "约", "左右", "近", "不少于"))
    below, above = _round(low, numerals, pick), _round(high, numerals, pick)
    forms = {
        "余": (f"{below}余{unit}", low, "at_least"),
        "多": (f"{below}多{unit}", low, "at_least"),
        "以上": (f"{below}{unit}以上", low, "at_least"),
        "不少于": (f"不少于{below}{unit}", low, "at_least"),
        "约": (f"约{_plain(value, numerals, pick)}{unit}", value, "about"),
        "左右": (f"{below}{unit}左右", low, "about"),
        "近": (f"近{above}{unit}", high, "at_most"),
    }
    return forms[style]


def _round(value: int, numerals: str, pick: random.Random) -> str:
    if value >= 10000:
        return f"{value / 10000:g}万"
    return _plain(value, numerals, pick)
