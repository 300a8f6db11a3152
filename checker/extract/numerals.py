"""Numbers and dates as Chinese reports write them: 1,234, １２, 一百二十, 1.2万, 二〇一六年, 2016-1-1, 元月5日."""

from __future__ import annotations

import datetime as dt
import re

from checker.late import late

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "两": 2}
_DIGITS |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
_CHINESE = late(r"[零〇○Ｏ一二三四五六七八九两十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅]+\Z")
_ARABIC = late(r"([-+]?\d+(?:\.\d+)?)(万|千|百|亿)?(?:(\d+)千)?\Z")
_SCALE = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_HALF = str.maketrans("０１２３４５６７８９，．－＋", "0123456789,.-+")
#: 一 to 二十, met at every heading
_SMALL = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {
    f"十{c}": 10 + i for i, c in enumerate("一二三四五六七八九", 1)
}
MAX_DIGITS = 15  #: longer digit strings are no count of anything

_YEAR = r"(?:(?:19|20)\d\d|[二一][〇○零ＯO0九][〇○零ＯO0一二三四五六七八九]{2})"
#: A calendar day inside a pattern (groups named by the caller through ``parse_date`` on the whole match).
DATE = (
    rf"{_YEAR}(?:年度?(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元正])月(?:[0-3]?\d|[一二三四五六七八九十廿卅]{{1,3}})[日号]?"
    r"|[-./](?:1[0-2]|0?[1-9])[-./](?:[0-3]\d|\d)(?!\d))"
)
#: 2017年2月, 2017年2月 日: a date whose day was not written
MONTH = rf"{_YEAR}年(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元正])月日?"
_PARTS = late(rf"({_YEAR})(?:年度?|[-./])([^月\-./]{{1,2}})(?:月|[-./])([\d一二三四五六七八九十廿卅]{{1,3}})[日号]?\Z")
_BRACKETED = late(
    r"[余多]?(?:人次|[条件篇份项则宗起])（(?:准确|确切|实际|具体)?(?:数字?|数量)?(?:即|为|是|共|计)?(?P<n>\d[\d,，]{2,12})(?:人次|[条件篇份项则宗起])?[，；）]"
)
_COINS = late(r"(?:([\d一二三四五六七八九壹贰叁肆伍陆柒捌玖])[角毛])?(?:([\d一二三四五六七八九壹贰叁肆伍陆柒捌玖])分)?")
_ROUND = 0.1  #: by how much of itself a figure may differ from the round one


def parse_number(text: str) -> int | float | None:
    """The value of ``text`` ("1,234", "一百二", "1.2万", "１２"), or None when it is no number that we read.

    Superscripts, circled and foreign digits are no numbers here: only decided forms count.
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    if text in _SMALL:
        return _SMALL[text]
    text = re.sub(r"(?<=\d)[,， ](?=\d)", "", text.translate(_HALF).strip())
    if len(text) > MAX_DIGITS + 5 or not text.isprintable():
        return None
    if match := _ARABIC.match(text):
        if not match[1].lstrip("+-").replace(".", "").isascii() or len(match[1]) > MAX_DIGITS:
            return None
        number = float(match[1]) if "." in match[1] else int(match[1])
        number = number * _SCALE.get(match[2] or "", 1) + int(match[3] or 0) * 1000
        if match[2]:
            number = int(round(number, 4))  # 1.39万 is 13,899.999… to the machine
        return int(number) if number == int(number) and "." not in match[1] else number
    return _chinese(text) if _CHINESE.match(text) else None


def _chinese(text: str) -> int | None:
    if not any(c in text for c in "十百千万亿拾佰仟廿卅"):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) <= MAX_DIGITS else None
    total, section, digit, scale = 0, 0, 0, 0
    for char in text:
        if char in _DIGITS:
            digit, scale = _DIGITS[char], 0 if _DIGITS[char] == 0 else scale
        elif char in _TENS:
            section, digit, scale = section + _TENS[char], 0, 1
        elif char in _UNITS:
            scale = _UNITS[char]
            section, digit = section + (digit or 1) * scale, 0
            scale //= 10
        else:
            scale = _SCALE[char]
            total, section, digit = (total + section + digit) * scale, 0, 0
            scale //= 10
    # 一百二 is 120 and 三万五 is 35,000: a last digit right after a unit counts one step below it
    return total + section + digit * (scale if scale > 1 else 1)


def parse_year(text: str) -> int | None:
    """ "2016", "二〇一六" or "二○一六年度" as a year of this or the last century."""
    if len(text) == 4 and text.isascii() and text.isdigit():
        return int(text) if 1990 <= int(text) <= 2099 else None
    digits = re.sub(r"年.*", "", text.translate(_HALF).strip())
    value = parse_number("".join(str(_DIGITS.get(c, c)) for c in digits.replace("O", "0")))
    return value if isinstance(value, int) and 1990 <= value <= 2099 else None


def parse_date(text: str) -> dt.date | None:
    """A full date as ``DATE`` finds it; None when there is no such day."""
    match = _PARTS.match(text.translate(_HALF))
    if not match:
        return None
    year = parse_year(match[1])
    month = 1 if match[2] in "元正" else parse_number(match[2])
    day = parse_number(match[3])
    if year is None or not isinstance(month, int) or not isinstance(day, int):
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def with_coins(value: int, behind: str) -> int | float:
    """An amount in 元 with the 角 and 分 that stand ``behind`` it: 12元5角, 十二块五毛."""
    coins = _COINS.match(behind)
    tenths, hundredths = (parse_number(digit) or 0 for digit in coins.groups("0")) if coins else (0, 0)
    return round(value + tenths / 10 + hundredths / 100, 2) if tenths or hundredths else value


def exactly(text: str, at: int, value: object) -> int | None:
    """The figure in brackets that a round one before ``at`` stands for: 1.39万件（13872件）."""
    match = _BRACKETED.match(text, at)
    number = parse_number(match["n"]) if match else None
    near = isinstance(number, int) and isinstance(value, int | float) and abs(number - value) <= number * _ROUND
    return number if near and isinstance(number, int) else None
