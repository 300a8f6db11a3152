"""What stands in a cell that gives no figure: nothing, or a sign or a word for it. The one place that knows them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

#: ``empty``: nothing to see; ``slash``: "/" or "\\"; ``dash``: "—", "-" or "_"; ``none``: 无 or a word like it
Mark = Literal["empty", "slash", "dash", "none"]
MARKS: Mapping[Mark, str] = {"empty": "空着", "slash": "填斜杠", "dash": "填横线", "none": "填“无”"}

_SLASHES = frozenset("/\\⁄∕╱╲")
_SIGNS = _SLASHES | frozenset("-_‐‒–—―−─━ー")
_WORDS = frozenset(("无", "没有", "暂无", "均无", "未发生", "不适用", "n/a", "none", "nil"))
_WORDS |= {
    f"{none}{what}"
    for none in ("无", "没有")
    for what in ("此项", "此类", "此事项", "此情况", "此类情况", "数据", "内容")
}


def printed(text: str) -> str:
    """What is to be seen of a cell, half-width, without blanks and signs that take no room."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join([sign for sign in wide if not (sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc"))])


@lru_cache(maxsize=4096)
def mark_of(text: str) -> Mark | None:
    """How a cell with this text says that it gives no figure; None where it says anything else."""
    signs = printed(text)
    if not signs:
        return "empty"
    if _SIGNS.issuperset(signs):
        return "slash" if signs[0] in _SLASHES else "dash"
    return "none" if signs.strip("()。.").lower() in _WORDS else None
