"""Plain text: one paragraph for each line that holds something, tables drawn with bars or pasted from a sheet as grids.

Wrapped lines are the recogniser's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from re import Pattern

from checker.late import late
from checker.model import Block, Cell, Document, Paragraph, Table, Where
from checker.read.limits import LIMITS, Limits

#: What leaves nothing to see on a line: blanks of all kinds, zero-width characters, soft hyphens.
BLANK = " \t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
BLANK += "\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad\0"
_BARRED = late(rf"[{BLANK}]*\|.*\|[{BLANK}]*")
_TABBED = late(r"[^\t]*(?:\t[^\t]*)+")
_DIVIDER = late(r":?-{2,}:?")
#: a cell with breaks in it, as Excel and WPS paste it: "5.要求行政机关确认或⏎重新出具"
_QUOTED = late(r'(?:(?<=[\t\n\r])|\A)"((?:[^"\t]|""){1,300}?)"(?=\t)|(?<=\t)"((?:[^"\t]|""){1,300}?)"(?=[\r\n]|\Z)')
_JOINT = "\0"  #: where a break inside of a cell was
_NEWLINE = late(r"\r\n?|\n")
_SOFT_BREAK = late("[\v\f\x85\u2028\u2029]")


def lines(text: str) -> list[str]:
    """``text`` cut at CR LF, CR and LF: the lines that an editor numbers."""
    return _NEWLINE.split(text) if "\r" in text else text.split("\n")


def parse_text(text: str, source: str, limits: Limits = LIMITS) -> Document:
    """``text`` as a Document of paragraphs; a blank line shows only in the line numbers.

    Form feeds and U+2028 break a line into several paragraphs without counting as a line.
    """
    soft = _SOFT_BREAK.search(text) is not None
    blocks: list[Block] = []
    quoted = '\t"' in text or '"\t' in text
    printed = list(_unquoted(text) if quoted else enumerate(lines(text), 1))
    barred = _drawn(printed, _BARRED, "|", limits) if "|" in text else {}
    if "\t\t" in text or "\n\t" in text:  # cells that were merged in a sheet leave empty fields
        barred |= _drawn(printed, _TABBED, "\t", limits)
    for number, line in printed:
        if number in barred:
            if rows := barred[number]:
                blocks.append(_table(rows, len(blocks)))
            continue
        for part in _SOFT_BREAK.split(line) if soft else (line,):
            if part.strip(BLANK):
                blocks.append(Paragraph(part, Where(line=number, block=len(blocks))))
    return Document(source, "txt", tuple(blocks))


def _joined(match: re.Match[str]) -> str:
    """The words of a cell that a sheet put in quotation marks for its breaks; others are left as they are."""
    words = (match[1] or match[2] or "").replace('""', '"')
    return _NEWLINE.sub(_JOINT, words) if 0 < len(_NEWLINE.findall(words)) < 6 else match[0]


def _unquoted(text: str) -> Iterator[tuple[int, str]]:
    """The lines of ``text``, each with its number in the file; of a cell with breaks one line, without its marks."""
    number = 1
    for line in lines(_QUOTED.sub(_joined, text.replace(_JOINT, ""))):
        yield number, line.replace(_JOINT, "")
        number += 1 + line.count(_JOINT)


_Row = tuple[int, list[str]]  #: the number of a line, and the words between its bars


def _drawn(
    printed: Sequence[tuple[int, str]], drawn_by: Pattern[str], mark: str, limits: Limits
) -> dict[int, Sequence[_Row]]:
    """Number of the first line of each table drawn with ``mark`` -> its rows; numbers of its other lines -> nothing.

    All of its rows have as many cells, or nobody knows which one is missing where, and the lines stay lines.
    """
    found: dict[int, Sequence[_Row]] = {}
    left = limits.table_cells
    for drawn, lines_ in groupby(printed, lambda line: drawn_by.fullmatch(line[1]) is not None):
        rows = [(at, _cells(line, mark)) for at, line in lines_ if drawn]
        widths = {len(cells) for _, cells in rows}
        left -= sum(len(cells) for _, cells in rows)
        whole = len(rows) > 1 and len(widths) == 1 and 1 < max(widths) <= limits.table_width and left >= 0
        if whole and (mark == "|" or any(not all(cells[1:-1]) for _, cells in rows)):
            found |= {at: () for at, _ in rows}
            found[rows[0][0]] = [(at, cells) for at, cells in rows if not all(map(_DIVIDER.fullmatch, cells))]
    return found


def _cells(line: str, mark: str) -> list[str]:
    inner = line.strip(BLANK)[1:-1] if mark == "|" else line
    return [cell.strip(BLANK) for cell in inner.split(mark)]


def _table(rows: Sequence[_Row], block: int) -> Table:
    grid = tuple(tuple(Cell(text, Where(line=at, block=block)) for text in cells) for at, cells in rows)
    return Table(grid, Where(line=rows[0][0], block=block))
