"""Numbers and dates as reports write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.extract.numerals import parse_date, parse_number, parse_year

_DIGITS = "零一二三四五六七八九"


def written(n: int) -> str:
    """``n`` below a hundred million in plain Chinese numerals, as schools teach it."""
    if n == 0:
        return "零"
    parts: list[str] = []
    for scale, name in ((10_000, "万"), (1, "")):
        section, n = divmod(n, scale) if scale > 1 else (n, 0)
        if not section:
            continue
        text, zero = "", bool(parts) and section < 1000
        for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, section = divmod(section, unit)
            if digit:
                text += ("零" if zero else "") + _DIGITS[digit] + mark
                zero = False
            else:
                zero = zero or bool(text)
        parts.append(text + name)
    return "".join(parts)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("63", 63),
        ("１２３", 123),
        ("1,234", 1234),
        ("３，１１９", 3119),
        ("1 234", 1234),
        ("1.2万", 12000),
        ("12万3千", 123000),
        ("3万", 30000),
        ("一百二十", 120),
        ("一百二", 120),
        ("三万五", 35000),
        ("一百零二", 102),
        ("〇", 0),
        ("两", 2),
        ("廿三", 23),
        ("壹佰贰拾", 120),
        ("十五", 15),
        ("二〇一六", 2016),
        ("1.25", 1.25),
    ],
)
def test_number(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "①", "²", "٣", "abc", "9" * 5000, "1\u200b2", "-", "十一月", "½"])
def test_row_49_other_forms_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers(0, 99_999_999))
def test_every_chinese_numeral_reads_back(n: int) -> None:
    assert parse_number(written(n)) == n


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    value = parse_number(text)
    assert value is None or isinstance(value, (int, float))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016年1月1日", dt.date(2016, 1, 1)),
        ("二〇一六年十二月三十一日", dt.date(2016, 12, 31)),
        ("二○一二年元月5日", dt.date(2012, 1, 5)),
        ("2016-1-1", dt.date(2016, 1, 1)),
        ("2016.12.31", dt.date(2016, 12, 31)),
        ("2016年2月30日", None),
        ("2016年13月1日", None),
        ("不是日期", None),
    ],
)
def test_date(text: str, day: dt.date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "year"), [("2016", 2016), ("二〇一六", 2016), ("二0一二", 2012), ("1816", None), ("十八", None)]
)
def test_year(text: str, year: int | None) -> None:
    assert parse_year(text) == year
