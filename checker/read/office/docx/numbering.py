"""The numbers that Word prints in front of paragraphs (一、 （一） 1. ①) and does not keep in their text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.late import late

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_DEEPEST = 8  #: levels count from 0
_MOST = 32_767  #: as far as Word counts
_INTEGER = late(r"-?[0-9]{1,9}")
_PLACE = late(r"%([1-9])")


def integer(value: str | None, default: int) -> int:
    """An attribute as an int; ``default`` where it is missing or is no short whole number."""
    return int(value) if value and _INTEGER.fullmatch(value) else default


def value(parent: Element | None, name: str) -> str | None:
    """``w:val`` of the child ``name`` of ``parent``."""
    child = None if parent is None else parent.find(W + name)
    return None if child is None else child.get(_VAL)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    arabic: bool = False
    restart: int | None = None  #: restarts after this level or a higher one; None: after any higher one


@dataclass(slots=True)
class _List:
    """What one ``w:num`` refers to: the counters are those of its abstract numbering."""

    levels: dict[int, _Level]
    counters: dict[int, int]
    starts: dict[int, int] = field(default_factory=dict)  #: level -> startOverride
    used: bool = False


class Numbering:
    """The lists of one document. ``label`` counts on, so it is asked once a paragraph, in printed order.

    ``style_num`` gives the numId of a numbering style, for lists that only refer to one.
    """

    def __init__(self, root: Element | None, style_num: Callable[[str], str | None] = lambda _: None) -> None:
        self._abstracts: dict[str, Element] = {}
        self._nums: dict[str, Element] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._lists: dict[str, _List | None] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str | None] = {}
        self._tied: dict[tuple[str, str], int | None] = {}
        self._style_num = style_num
        for child in () if root is None else root:
            if child.tag == W + "abstractNum":
                self._abstracts[child.get(W + "abstractNumId", "")] = child
            elif child.tag == W + "num":
                self._nums[child.get(W + "numId", "")] = child

    def label(self, num: str, level: int) -> str | None:
        """The number of the next paragraph of list ``num``; "" for bullets and lists that print nothing.

        None when there is no such list.
        """
        if num not in self._lists:
            self._lists[num] = self._list(num)
        found = self._lists[num]
        if found is None:
            return None
        level = min(max(level, 0), _DEEPEST)
        _count(found, level)
        return _label(found, level)

    def level_of_style(self, num: str, style: str) -> int | None:
        """The level of list ``num`` that is tied to a paragraph style, if one is."""
        if (num, style) not in self._tied:
            key = self._abstract(num)
            levels = () if key is None else self._abstracts[key].iterfind(W + "lvl")
            tied = (integer(level.get(W + "ilvl"), 0) for level in levels if value(level, "pStyle") == style)
            self._tied[num, style] = next(tied, None)
        return self._tied[num, style]

    def _abstract(self, num: str) -> str | None:
        """The abstract numbering behind ``num``, through numbering styles; None on a ring or a gap."""
        for _ in range(10):
            key = value(self._nums.get(num), "abstractNumId")
            if key is None or key not in self._abstracts:
                return None
            if key not in self._links:
                self._links[key] = value(self._abstracts[key], "numStyleLink")
            link = self._links[key]
            if link is None:
                return key
            num = self._style_num(link) or ""
        return None

    def _list(self, num: str) -> _List | None:
        key = self._abstract(num)
        if key is None:
            return None
        if key not in self._levels:
            self._levels[key] = _levels(self._abstracts[key])
        found = _List(dict(self._levels[key]), self._counters.setdefault(key, {}))
        for override in self._nums[num].iterfind(W + "lvlOverride"):
            level = integer(override.get(W + "ilvl"), 0)
            found.levels.update(_levels(override))
            start = value(override, "startOverride")
            if start is not None:
                found.starts[level] = min(integer(start, 1), _MOST)
        return found


def _levels(parent: Element) -> dict[int, _Level]:
    found = {integer(level.get(W + "ilvl"), 0): level for level in parent.iterfind(W + "lvl")}
    return {at: _level(level) for at, level in found.items() if 0 <= at <= _DEEPEST}


def _level(element: Element) -> _Level:
    forms = [form.get(_VAL, "") for form in element.iter(W + "numFmt")]
    restart = value(element, "lvlRestart")
    legal = element.find(W + "isLgl")
    return _Level(
        min(integer(value(element, "start"), 1), _MOST),
        next((form for form in forms if form != "custom"), "decimal"),  # custom stands beside a plain one
        (value(element, "lvlText") or "")[:100],
        legal is not None and legal.get(_VAL) not in ("0", "false", "off"),
        None if restart is None else integer(restart, 0),
    )


def _count(found: _List, level: int) -> None:
    """One paragraph more at ``level``: deeper levels begin anew, a list that restarts does so once."""
    counters = found.counters
    if not found.used:
        found.used = True
        for overridden in found.starts:
            counters.pop(overridden, None)
    first = found.starts.get(level, found.levels.get(level, _Level()).start)
    counters[level] = min(counters[level] + 1, _MOST) if level in counters else first
    for deeper in [each for each in counters if each > level]:
        restart = found.levels.get(deeper, _Level()).restart
        if restart is None or level < restart:
            del counters[deeper]


def _label(found: _List, level: int) -> str:
    own = found.levels.get(level)
    if own is None or own.form == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        shown = found.levels.get(at, _Level())
        count = found.counters.get(at, found.starts.get(at, shown.start))
        return numeral(count, "decimal" if own.arabic else shown.form)

    return _PLACE.sub(number, own.text)[:100]


# --- numerals ---------------------------------------------------------------------------------------------------------

_UNITS = ((1000, 0), (100, 1), (10, 2))
_COMMON = ("零一二三四五六七八九", "千百十万")
_LEGAL = ("零壹贰叁肆伍陆柒捌玖", "仟佰拾萬")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "仟佰拾萬")


def _counted(number: int, figures: str, units: str, *, short: bool) -> str:
    """12 -> 十二 (``short``) or 壹拾贰; 105 -> 一百零五."""
    if number >= 10_000:
        rest = _counted(number % 10_000, figures, units, short=False) if number % 10_000 else ""
        zero = figures[0] if 0 < number % 10_000 < 1000 else ""
        return _counted(number // 10_000, figures, units, short=short) + units[3] + zero + rest
    text, gap = "", False
    for size, unit in _UNITS:
        figure, number = divmod(number, size)
        if figure:
            text += (figures[0] if gap else "") + figures[figure] + units[unit]
        gap = bool(text) and not figure
    if number or not text:
        text += (figures[0] if gap else "") + figures[number]
    return text[1:] if short and text.startswith(figures[1] + units[2]) else text


def _digits(number: int, figures: str) -> str:
    return "".join(figures[int(figure)] for figure in str(number))


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def _roman(number: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (number // size)
        number %= size
    return text


def _letters(number: int) -> str:
    """1 -> A, 26 -> Z, 27 -> AA, 28 -> BB, as Word does."""
    return chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 780 else str(number)


def _signs(first: int, count: int) -> Callable[[int], str]:
    """Signs that follow one another in Unicode; beyond them plain digits, as Word prints."""
    return lambda number: chr(first + number - 1) if 1 <= number <= count else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


def _common(number: int) -> str:
    return _counted(number, *_COMMON, short=True)


_FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
         "taiwaneseCountingThousand"), _common,
    ),
    "chineseLegalSimplified": lambda n: _counted(n, *_LEGAL, short=False),
    "ideographLegalTraditional": lambda n: _counted(n, *_LEGAL_TRADITIONAL, short=False),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"),
                    lambda n: _digits(n, "〇一二三四五六七八九")),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), lambda n: _digits(n, "０１２３４５６７８９")),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _signs(0x2460, 20)),
    "decimalEnclosedParen": _signs(0x2474, 20),
    "decimalEnclosedFullstop": _signs(0x2488, 20),
    "ideographEnclosedCircle": _signs(0x3280, 10),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "decimalZero": lambda n: f"{n:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda n: _letters(n).lower(),
    "none": lambda _: "",
    "bullet": lambda _: "",
}  # fmt: skip


def numeral(number: int, form: str) -> str:
    """``number`` in a numFmt of Word; unknown ones and negative numbers as plain digits."""
    return _FORMS.get(form, str)(number) if number >= 0 else str(number)
