"""Names of units as names of files, on every system: Windows refuses most, so what it refuses is what is changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from checker.late import late

if TYPE_CHECKING:
    from checker.season.nouns import Season


_FORBIDDEN = late(r'[<>:"/\\|?*]')
_RESERVED = late(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_UNSEEN = frozenset(
    ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
)  #: categories: controls, bidi overrides, line separators
_MOST = 180  #: bytes; what comes before and after must fit into 255


def of_units(season: Season) -> Mapping[str, str]:
    """Key of a unit -> its name as the stem of a file name: none twice, whatever the case; stable as the roster is."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for row in season.rows("roster"):
        names[row.unit.key] = _free(stem(row.unit.name), taken)
    return names


def stem(name: str) -> str:
    """A name that may stand before a suffix on any system; never empty, no dots or blanks at its ends."""
    seen = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char) not in _UNSEEN)
    short = _cut(_FORBIDDEN.sub("_", seen).strip(" .-"), _MOST).strip(" .") or "未名"
    return f"_{short}" if _RESERVED.fullmatch(short) else short


def _free(name: str, taken: set[str]) -> str:
    free, count = name, 1
    while free.casefold() in taken:
        count += 1
        free = f"{name}（{count}）"
    taken.add(free.casefold())
    return free


def _cut(text: str, most: int) -> str:
    """The beginning of a text, at most so many bytes, no character cut in two."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
