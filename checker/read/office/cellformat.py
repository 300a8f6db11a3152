"""Styles and number formats of workbooks: what a stored cell looks like to a person who opens the file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, NamedTuple

from checker.late import late

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Trouble = Literal["", "hidden", "rounded"]


class Shown(NamedTuple):
    """The wording of a number, and why it is not to be trusted: nobody sees it, or its digits are cut off."""

    text: str
    trouble: Trouble = ""


#: the built-in formats that matter (ECMA-376 part 1, 18.8.30); others of them are General or numbers in full
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy年m月",
    28: "m月d日", 29: "m月d日", 30: "m/d/yy", 31: "yyyy年m月d日", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
    36: "yyyy年m月", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
    50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "yyyy年m月", 56: "m月d日",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_PIECE = late(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[[^\]]*\]|[_*].|(?P<general>General)|(?P<plain>.)', re.IGNORECASE)
_MONEY = "¥￥$€£"
_SIGNS = "+-()（） "


def shown(stored: str, code: str, *, from_1904: bool = False) -> Shown:
    """The number ``stored`` under the format ``code``, without thousands separators and currency signs.

    A date is worded 2023年1月15日. What is no number is left as it is.
    """
    try:
        number = Decimal(f"{float(stored):.15g}")
    except (ValueError, OverflowError, InvalidOperation):
        return Shown(stored)
    if not number.is_finite():
        return Shown(stored)
    section = _section(code or "General", number)
    skeleton = "".join(match["plain"] or "" for match in _PIECE.finditer(section))
    if not section.strip() or not (skeleton.strip(" ;") or _words(section) or "general" in section.lower()):
        return Shown("", "hidden")
    if re.search("[ymdhs]", skeleton, re.IGNORECASE) and "0" not in skeleton.split(".")[0]:
        return _moment(number, skeleton.lower(), from_1904)
    if not re.search("[0#?@]", skeleton) and "general" not in section.lower():
        return Shown(plain(number))  # "-" for nought
    return _figure(number, section, skeleton)


def plain(number: Decimal) -> str:
    """A number with all its digits and no exponent: 1234, 38.5."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.removeprefix("-") if number == 0 else text


def _section(code: str, number: Decimal) -> str:
    """The part of a format for numbers of this sign."""
    parts = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    at = 0 if number > 0 else 1 if number < 0 else 2
    return parts[at] if at < len(parts) else parts[0]


def _words(section: str) -> str:
    return "".join(match["quoted"] or match["escaped"] or "" for match in _PIECE.finditer(section))


def _figure(number: Decimal, section: str, skeleton: str) -> Shown:
    percent = "%" in skeleton
    value = number * 100 if percent else number
    digits = re.search(r"[0#?][0#?,]*(?:\.(?P<after>[0#?]*))?(?P<scale>,*)", skeleton)
    exact = not digits or "/" in skeleton or "E" in skeleton.upper()
    after = len(digits["after"] or "") if digits else 0
    scaled = bool(digits) and bool(re.search(r"[0#?.],+(?![0#?,])", skeleton))
    cut = not exact and (scaled or round(value, after) != value)
    front, back = _around(section)
    return Shown(f"{front}{plain(value)}{'%' if percent else ''}{back}", "rounded" if cut else "")


def _around(section: str) -> tuple[str, str]:
    """Words that a format puts before and behind the digits: 0"件"."""
    front, back, passed = "", "", False
    for match in _PIECE.finditer(section):
        word = match["quoted"] or match["escaped"] or ""
        if match["general"] or (match["plain"] and match["plain"] in "0#?@"):
            passed = True
        elif match["plain"] and ord(match["plain"]) > 0x2E80:
            word = match["plain"]
        word = "" if word and not word.strip(_MONEY + _SIGNS) else word
        front, back = (front, back + word) if passed else (front + word, back)
    return front, back


def _moment(number: Decimal, skeleton: str, from_1904: bool) -> Shown:
    """A date or a time of day. A month is an m that stands beside no hour or second."""
    day, dayless = "d" in skeleton, not re.search("[yd]", skeleton)
    if number < 0 or number >= 2_958_466:  # beyond the year 9999
        return Shown(plain(number))
    if dayless and re.search("[hs]", skeleton):
        minutes = round(number % 1 * 1440)
        return Shown(f"{minutes // 60 % 24}:{minutes % 60:02d}")
    start = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 31 if number < 60 else 30)
    try:
        date = start + dt.timedelta(days=int(number))
    except OverflowError:
        return Shown(plain(number))
    year = f"{date.year}年" if "y" in skeleton else ""
    month = f"{date.month}月" if "m" in skeleton or day else ""
    return Shown(year + month + (f"{date.day}日" if day else ""))


# --- styles -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says of a cell: its number format, whether it has a frame, is white on white, is struck out."""

    code: str = ""
    framed: bool = False
    unseen: bool = False
    struck: bool = False


PLAIN = Look()
_WHOLE = late("[0-9]{1,18}")


def switched_on(switch: str | None) -> bool:
    """What a yes or no of a workbook says."""
    return switch in ("1", "true", "on")


def whole(text: str | None, least: int, most: int) -> int:
    """A whole number within bounds; ``least`` for what is none."""
    return min(max(int(text), least), most) if text and _WHOLE.fullmatch(text) else least


def looks(styles: Element | None) -> list[Look]:
    """The styles of cells, by their numbers."""
    if styles is None:
        return []
    codes = {**BUILT_IN}
    for each in styles.iter(S + "numFmt"):
        codes[whole(each.get("numFmtId"), 0, 1 << 31)] = each.get("formatCode", "")
    frames = [any(side.get("style", "none") != "none" for side in each) for each in _below(styles, "borders")]
    white = [_white(each) for each in _below(styles, "fonts")]
    struck = [is_struck(each) for each in _below(styles, "fonts")]
    bare = [_bare(each) for each in _below(styles, "fills")]
    return [
        Look(
            codes.get(whole(each.get("numFmtId"), 0, 1 << 31), ""),
            _at(frames, each.get("borderId"), False),
            _at(white, each.get("fontId"), False) and _at(bare, each.get("fillId"), False),
            _at(struck, each.get("fontId"), False),
        )
        for each in _below(styles, "cellXfs")
    ]


def _below(styles: Element, name: str) -> Iterable[Element]:
    found = styles.find(S + name)
    return () if found is None else found


def _at(values: Sequence[bool], index: str | None, default: bool) -> bool:
    at = whole(index, 0, 1 << 31)
    return values[at] if at < len(values) else default


def is_struck(font: Element) -> bool:
    """Whether a font, or the properties of a run, put a line through the words."""
    line = font.find(S + "strike")
    return line is not None and switched_on(line.get("val", "1"))


def _white(font: Element) -> bool:
    colour = font.find(S + "color")
    if colour is None:
        return False
    return colour.get("rgb", "").upper() in ("FFFFFFFF", "00FFFFFF") or (
        colour.get("theme") == "0" and not colour.get("tint")
    )


def _bare(fill: Element) -> bool:
    pattern = fill.find(S + "patternFill")
    return pattern is not None and pattern.get("patternType", "none") == "none"
