"""Words struck out, which nobody says any more, and figures above or below the line, which belong to no number."""

from __future__ import annotations

from collections.abc import Mapping

from checker.model import NOWHERE, Note, Where

#: for both ways the signs that say the same in plain text: 31 with a raised 2 is no 312
SMALL: Mapping[str, Mapping[int, str]] = {
    "superscript": dict(zip(map(ord, "0123456789"), "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)),
    "subscript": dict(zip(map(ord, "0123456789"), "₀₁₂₃₄₅₆₇₈₉", strict=True)),
}


def struck(where: Where = NOWHERE) -> Note:
    """What every reader says of words with a line through them."""
    return Note("struck", "文中有画了删除线的文字，没有计入报告；不要的请删去，要的请去掉删除线。", where)
