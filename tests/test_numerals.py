"""Numerals: properties for all of them, a table for the ones people get wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Bound
from pipeline.numerals import parse_cell_number, parse_chinese, parse_number

DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """A Chinese numeral written the textbook way: an examiner of its own, below one hundred million."""
    if number >= 10000:
        rest = number % 10000
        return (
            in_chinese(number // 10000)
            + "万"
            + (("零" if rest < 1000 else "") + in_chinese(rest) if rest else "")
        )
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return text or "零"


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_round_trip(number: int) -> None:
    assert parse_chinese(in_chinese(number)) == number


@given(st.integers(0, 10**9))
def test_arabic_round_trips_in_every_dress(number: int) -> None:
    wide = str(number).translate({ord("0") + d: ord("０") + d for d in range(10)})
    assert parse_number(str(number)) == parse_number(f"{number:,}") == parse_number(wide) == number


@given(st.text(max_size=20))
def test_no_text_breaks_the_parsers(text: str) -> None:
    for value in (parse_number(text), parse_chinese(text), parse_cell_number(text)):
        assert value is None or value is not False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两千零五", 2005), ("二〇二四", 2024), ("廿三", 23), ("十", 10), ("一百零三", 103), ("1.2万", 12000),
        ("1万2千", 12000), ("一百一十", 110), ("三十五万", 350000), ("３千", 3000),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["三百五", "一万二", "12,34", "1,2345", "万", "百", "", "三三十", "二十十", "条"]
)
def test_doubtful_numbers_are_refused(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "bound", "remark"),
    [
        ("22（其中修订16件）", 22, Bound.EXACT, "(其中修订16件)"), ("增2", 2, Bound.EXACT, ""),
        ("减1", -1, Bound.EXACT, ""), ("-1", -1, Bound.EXACT, ""), ("+3", 3, Bound.EXACT, ""),
        ("100余", 100, Bound.AT_LEAST, ""), ("约44条", 44, Bound.ABOUT, ""), ("１２", 12, Bound.EXACT, ""),
        ("251000元", 251000, Bound.EXACT, ""), ("0.5万元", 5000, Bound.EXACT, ""), ("1,234", 1234, Bound.EXACT, ""),
    ],
)  # fmt: skip
def test_cell_numbers(text: str, value: float, bound: Bound, remark: str) -> None:
    number = parse_cell_number(text)
    assert number is not None
    assert (number.value, number.bound, number.remark) == (value, bound, remark)


@pytest.mark.parametrize("text", ["000", "0 0", "1 2", "**条", "/", "见附件", "2020-01-31", "0/0", "01"])
def test_cells_that_are_not_one_number(text: str) -> None:
    assert parse_cell_number(text) is None
