"""Plain tables of full-width text: every cell wraps, nothing is cut, columns stay aligned.

Own code and not rich: a result of two tables took rich 15 ms and 90 ms of import, against 1 ms and nothing here,
and rich lets a line begin with 。 or ，, which no Chinese printer does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from checker.late import late, remembered

_OPENING = "（“‘《〈「『【〔［(["
_CLOSING = "，。；：、！？）”’》〉」』】〕］…·,.;:!?)]%％"
#: an unbreakable piece: a Latin word or one character, with the marks that must not be parted from it
_PIECE = late(
    rf"[{re.escape(_OPENING)}]*(?:[A-Za-z0-9_/@+*\-]+(?:\.[A-Za-z0-9_/@+*\-]+)*|.)[{re.escape(_CLOSING)}]*", re.DOTALL
)
_GAP = "  "


class _Widths(dict[str, int]):
    """Columns of each character met so far."""

    def __missing__(self, char: str) -> int:
        wide = unicodedata.east_asian_width(char) in "WF"
        self[char] = 0 if unicodedata.combining(char) else 1 + wide
        return self[char]


_width_of = _Widths().__getitem__


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_width_of, text))


_width_of_piece = remembered(width)


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns`` (at least 2); no mark of punctuation begins a line where avoidable."""
    if 2 * len(text) <= columns:
        return [text.rstrip()]
    lines: list[str] = []
    line, used = "", 0
    for piece, size in _pieces(text, max(columns, 2)):
        if used + size > columns and line:
            lines.append(line.rstrip())
            line, used = "", 0
            if piece == " ":
                continue
        line, used = line + piece, used + size
    return [*lines, line.rstrip()]


def _pieces(text: str, columns: int) -> Iterator[tuple[str, int]]:
    """The unbreakable pieces of ``text`` with their widths; one too wide for a line falls into characters."""
    for piece in _PIECE.findall(text):
        size = _width_of_piece(piece)
        if size <= columns:
            yield piece, size
        else:
            yield from zip(piece, map(_width_of, piece), strict=True)


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def row(cells: Sequence[str], widths: Sequence[int], sgr: str = "") -> str:
    """One row, as many lines as its longest cell needs, each ending in a newline. ``sgr`` colours the first cell."""
    wrapped = [[pad(line, most) for line in wrap(cell, most)] for cell, most in zip(cells, widths, strict=True)]
    blank = [" " * columns for columns in widths]
    text = ""
    for index in range(max(map(len, wrapped))):
        parts = [lines[index] if index < len(lines) else none for lines, none in zip(wrapped, blank, strict=True)]
        line = _GAP.join(parts).rstrip()
        if sgr and line[:1].strip():
            line = f"\x1b[{sgr}m{parts[0]}\x1b[0m{line[len(parts[0]) :]}"
        text += line + "\n"
    return text


def heading(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The head row and a rule under it."""
    return row(cells, widths) + _GAP.join("-" * columns for columns in widths) + "\n"


def spread(total: int, columns: Sequence[int]) -> tuple[int, ...]:
    """Widths for ``total`` columns: positive entries are kept, negative ones share the rest by size."""
    free = total - sum(c for c in columns if c > 0) - len(_GAP) * (len(columns) - 1)
    shares = -sum(c for c in columns if c < 0)
    return tuple(c if c > 0 else max(free * -c // shares, 4) for c in columns)


def hanging(label: str, text: str, columns: int) -> str:
    """``label`` and ``text``, later lines indented below the text; ends in a newline."""
    indent = width(label)
    lines = wrap(text, columns - indent)
    return "".join((label if index == 0 else " " * indent) + line + "\n" for index, line in enumerate(lines))
