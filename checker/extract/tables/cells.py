"""What a cell of a form says: a figure, nothing, something that is no figure, or what could not be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from checker.factmap import label_key
from checker.late import late
from checker.model import Cell, FactState, Where, mark_of, printed

#: the words of a cell as labels of forms are compared
key_of = lru_cache(maxsize=4096)(label_key)
NOISE = late(r"\s+")
_FIGURE = late(
    r"(?P<sign>[+-]|增加?|减少?)?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<rest>\.\d{1,6})?"
    r"(?P<unit>万元|元|人次|件|条|项|个|次|人|宗|份|篇)?"
)
_PARTED = late(r"\d[^\S\n]+\d")  #: 1 2 is no 12, while a narrow cell breaks a number into lines
_THOUSANDS = late(r"(?<![\d\s])\s*\d{1,3}(?:\s\d{3})+(?!\s*\d)")
_NONE = {"零": "0", "〇": "0", "○": "0"}


class Said(NamedTuple):
    """What a cell says, and the place of it: a Fact in the making, for a form has hundreds."""

    state: FactState
    value: int | float | None
    raw: str
    where: Where


@lru_cache(maxsize=4096)
def figure(text: str) -> tuple[FactState, int | float | None]:
    """State and value of a cell: a number (1,234, 1 234 or 12件), blank ("", "/", "—", "无"), or malformed (63余)."""
    if mark_of(text):
        return "blank", None
    plain = printed(text)
    match = _FIGURE.fullmatch(_NONE.get(plain, plain))
    shown = unicodedata.normalize("NFKC", text)
    if not match or (_PARTED.search(shown) and not _THOUSANDS.search(shown)):
        return "malformed", None
    digits = match["whole"].replace(",", "") + (match["rest"] or "")
    value = float(digits) if match["rest"] else int(digits)
    return "given", -value if (match["sign"] or "")[:1] in ("-", "减") else value


def said(text: str, where: Where) -> Said:
    return Said(*figure(text), text.strip(), where)


def unread(where: Where) -> Said:
    return Said("unread", None, "", where)


def empty(text: str) -> bool:
    """Whether a cell says that there is nothing: blank, a slash, a dash, 无."""
    return mark_of(text) is not None


@lru_cache(maxsize=4096)
def numeric(text: str) -> bool:
    return bool(_FIGURE.fullmatch(printed(text)))


def agreed(cells: Sequence[Cell]) -> Said:
    """What a column says that covers several positions: their one wording; two different ones are unread."""
    if any(cell.unread for cell in cells):
        return unread(cells[0].where)
    if len(cells) == 1:
        return said(cells[0].text, cells[0].where)
    texts = dict.fromkeys(cell.text for cell in cells)
    filled = [text for text in texts if not empty(text)] or list(texts)[:1]
    return said(filled[0], cells[0].where) if len(filled) == 1 else unread(cells[0].where)
