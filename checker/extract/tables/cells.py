"""What a cell of a form says: a figure, nothing, something that is no figure, or what could not be read."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from checker.factmap import label_key
from checker.late import late, remembered
from checker.model import Cell, FactState, Where, mark_of, printed

#: the words of a cell as labels of forms are compared
key_of = remembered(label_key)
COUNTED = r"(?:万元|元|人次|件|条|项|个|次|人|宗|起|份|篇|场|期|名|处)"  #: what figures are of
UNIT = late(rf"{COUNTED}|单位|%")  #: a cell that only says this
_FIGURE = late(
    r"(?P<sign>[+−–-]|增加?|减少?)?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<rest>\.\d{1,6})?"
    rf"(?:[（(]?(?P<unit>{COUNTED})[）)]?)?"
)
MONEY = ("元", "万元")
CODE = late(r"(?:指标)?代码|编号|编码|行次")  #: a head over the numbers of indicators, beside their names
_PARTED = late(r"\d[^\S\n]+\d|^\s*\d\n\d")  #: 1 2 is no 12
#: two numbers, one above the other; one that a narrow cell breaks has a full line, and a shorter one below
_STACKED = late(r"(?<![\d,.])(?![\d,.]{3,}\n[\d,.]{1,2}(?![\d,.]))[\d,.]+[^\S\n]*\n\s*\d")
#: the mark of a note behind a number
_NOTE = late(r"(?<=\d)\s*(?:[²³¹⁰-⁹①-⑳❶-❿]{1,2}|[\[［][²³¹⁰-⁹\d]{1,2}[\]］]|注[²³¹⁰-⁹①-⑳\d]{0,2}|\*{1,3}|※)\s*\Z")
#: any other such sign, a fraction, the number of a row (⒈ ㈠): none belongs to a number
_SMALL = late(r"[²³¹¼-¾⁰-₉⅐-↋①-⓿❶-➓㈠-㋿]")
_THOUSANDS = late(r"(?<![\d\s])\s*\d{1,3}(?:\s\d{3})+(?!\s*\d)")
_NONE = {"零": "0", "〇": "0", "○": "0"}


@remembered
def figure(text: str) -> tuple[FactState, int | float | None]:
    """State and value of a cell: a number (1,234, 1 234 or 12件), blank ("", "/", "—", "无"), or malformed (63余)."""
    if mark_of(text):
        return "blank", None
    text = _NOTE.sub("", text)
    plain = printed(text)
    match = _FIGURE.fullmatch(_NONE.get(plain, plain))
    shown = unicodedata.normalize("NFKC", text)
    if not match or _SMALL.search(text) or (_PARTED.search(shown) and not _THOUSANDS.search(shown)):
        return "malformed", None
    if "\n" in shown and _STACKED.search(shown):
        return "unread", None
    digits = match["whole"].replace(",", "") + (match["rest"] or "")
    value = float(digits) if match["rest"] else int(digits)
    return "given", -value if (match["sign"] or "")[:1] in (*"-−–", "减") else value


def unit_of(text: str) -> str:
    """The unit that a cell of an amount writes behind its figure, or that a cell of its own names: 元 or 万元."""
    shown = printed(text)
    match = _FIGURE.fullmatch(shown)
    unit = (match["unit"] or "") if match else shown
    return unit if unit in MONEY else ""


def amount(value: int | float, unit: str, due: str) -> int | float:
    """An amount that is given in ``unit``, in the unit that is ``due``."""
    if unit == due:
        return value
    converted = Decimal(str(value)) / 10_000 if unit == "元" else Decimal(str(value)) * 10_000
    return int(converted) if converted == int(converted) else float(converted)


def read(cell: Cell) -> tuple[FactState, int | float | None]:
    """State and value of a cell of figures, ``unread`` where the reader could not tell what stands there."""
    return ("unread", None) if cell.unread else figure(cell.text)


def unread(where: Where) -> Cell:
    """A cell of which nobody knows what it says."""
    return Cell("", where, unread=True)


def empty(text: str) -> bool:
    """Whether a cell says that there is nothing: blank, a slash, a dash, 无."""
    return mark_of(text) is not None


@remembered
def numeric(text: str) -> bool:
    return bool(_FIGURE.fullmatch(printed(_NOTE.sub("", text))))


def agreed(one: Cell, other: Cell) -> Cell:
    """What two positions of one column say: their one wording; two different ones are unread."""
    if one.unread or other.unread:
        return unread(one.where)
    if one.text == other.text or empty(other.text):
        return one
    return Cell(other.text, one.where) if empty(one.text) else unread(one.where)
