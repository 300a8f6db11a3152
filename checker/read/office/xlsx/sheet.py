"""The cells of a sheet that a person sees, worded as the program shows them, merged ones at all their places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Cell, Unreadable, Where
from checker.read.office.cellformat import PLAIN, Look, S, shown, switched_on, whole
from checker.read.office.xlsx.book import SAVE, Book, Words, rich
from checker.read.pictured import pictured
from checker.read.struck import struck

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_V, _F, _IS, _ROW = (S + name for name in ("v", "f", "is", "row"))
ROWS, COLUMNS = 1_048_576, 16_384  #: of the largest sheet that there is
_REFERENCE = late(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
BLANK = " \t\r\n\u3000\xa0"


@dataclass(slots=True)
class Row:
    """A row that holds something: its number, its cells, and which of them have a frame."""

    number: int
    cells: dict[int, Cell] = field(default_factory=dict)
    framed: set[int] = field(default_factory=set)

    def texts(self) -> list[str]:
        """The wordings of the row, a merged cell once."""
        return [cell.text for cell in self.distinct() if cell.text or cell.unread]

    def distinct(self) -> list[Cell]:
        return list({id(cell): cell for _, cell in sorted(self.cells.items(), key=lambda pair: pair[0])}.values())

    def holds_number(self) -> bool:
        return any(cell.unread or re.fullmatch(r"[-\d.,]+", cell.text) for cell in self.cells.values())


class Sheet:
    """The rows of a sheet by their numbers; ``unseen``: cells that it hides.

    ``insets``: the places of cells in which a picture stands.
    """

    def __init__(
        self, book: Book, root: Element, insets: frozenset[tuple[int, int]] = frozenset(), name: str = ""
    ) -> None:
        self.book, self.insets, self.name = book, insets, name
        self.zeros = all(switched_on(view.get("showZeros", "1")) for view in root.iter(S + "sheetView"))
        self.hidden_rows: set[int] = set()
        self.hidden_columns = _hidden_columns(root)
        self.rows: dict[int, Row] = {}
        self.unseen: dict[tuple[int, int], Cell] = {}
        for number, row in self._numbered(root):
            self._row(number, row)
        self._merge(root)
        if any(cell.text for cell in self.unseen.values()):
            book.unseen()

    def _numbered(self, root: Element) -> Iterator[tuple[int, Element]]:
        """The rows with their numbers; one without counts on from the last."""
        number = 0
        data = root.find(S + "sheetData")
        for row in () if data is None else data.iterchildren(_ROW):
            number = whole(row.get("r"), 0, ROWS) or number + 1
            if switched_on(row.get("hidden")):
                self.hidden_rows.add(number)
            yield number, row

    def _row(self, number: int, row: Element) -> None:
        column = 0
        for each in row:
            place = _REFERENCE.fullmatch(each.get("r") or "")
            column = _column(place[1]) if place else column + 1
            look = self._look(each)
            cell = self._cell(each, look, self.where(number, column))
            if not cell.text and (number, column) in self.insets:
                self.book.notes.setdefault("cell-picture", pictured())
                cell = replace(cell, unread=True)
            if not (cell.text or cell.unread or look.framed):
                continue
            if number in self.hidden_rows or self.hidden_columns[column]:
                self.unseen[number, column] = cell
                continue
            line = self.rows.setdefault(number, Row(number))
            line.cells[column] = cell
            if look.framed:
                line.framed.add(column)

    def _look(self, cell: Element) -> Look:
        at = whole(cell.get("s"), 0, 1 << 31)
        return self.book.looks[at] if at < len(self.book.looks) else PLAIN

    def _cell(self, cell: Element, look: Look, where: Where) -> Cell:
        """A cell as a person sees it; unread where that is not what is stored."""
        kind, stored = cell.get("t", "n"), cell.find(_V)
        text = (stored.text or "") if stored is not None else ""
        if cell.find(_F) is not None and (self.book.stale or (not text and not (kind == "str" and stored is not None))):
            message = "工作簿里有没有算出结果的公式，这些格子没有读；请用 WPS 或 Excel 打开，保存后重新检查。"
            self.book.note("no-value", message)
            return Cell("", where, unread=True)
        if look.struck and stored is not None:
            self.book.notes.setdefault("struck", struck())
            return Cell("", where)
        if kind == "n":
            return self._numeric(text.strip(), look, where)
        if kind == "s":
            text = self._shared(text)
        elif kind == "inlineStr":
            held = cell.find(_IS)
            text = "" if held is None else self._kept(rich(held))
        elif kind == "b":
            text = "TRUE" if text == "1" else "FALSE" if text else ""
        text = text.strip(BLANK)
        if text and look.unseen:
            self.book.unseen()
            return Cell("", where, unread=True)
        return Cell(text, where)

    def _numeric(self, stored: str, look: Look, where: Where) -> Cell:
        if not stored:
            return Cell("", where)
        text, trouble = shown(stored, look.code, from_1904=self.book.from_1904)
        if trouble == "hidden" or look.unseen or (not self.zeros and text == "0"):
            self.book.unseen()
            return Cell("", where, unread=True)
        if trouble == "rounded":
            message = "工作簿里有的数，显示的位数比实际的少，这些格子没有读；请把实际的数填进格子，或显示全部位数。"
            self.book.note("rounded", message)
            return Cell("", where, unread=True)
        return Cell(text, where)

    def _shared(self, index: str) -> str:
        at = int(index) if index.isdecimal() and index.isascii() and len(index) < 10 else -1
        if not 0 <= at < len(self.book.strings):
            raise Unreadable("xml-damaged", "文件能解开，里面的内容却有损坏，没有读取。", SAVE)
        return self._kept(self.book.strings[at])

    def _kept(self, words: Words) -> str:
        if words.struck:
            self.book.notes.setdefault("struck", struck())
        return words.text

    def _merge(self, root: Element) -> None:
        """Put the first cell of every merged range at all places of it that are seen, as one object."""
        if not self.rows:
            return
        numbers, limits = sorted(self.rows), self.book.limits
        least = min(min(row.cells) for row in self.rows.values())
        most = min(max(max(row.cells) for row in self.rows.values()), least + 2 * limits.table_width)
        budget = 2 * limits.table_cells
        for top, left, bottom, right in _ranges(root):
            rows = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            columns = [at for at in range(max(left, least), min(right, most) + 1) if not self.hidden_columns[at]]
            budget -= len(rows) * len(columns)
            if budget < 0:
                raise Unreadable("too-big", "文件里的内容太多，不像一份报告，没有读取。", SAVE)
            first = self.rows[top].cells.get(left) if top in self.rows else None
            if rows and columns and (first := first or self.unseen.pop((top, left), None)):
                self._cover(rows, columns, first)

    def _cover(self, rows: Sequence[int], columns: Sequence[int], cell: Cell) -> None:
        for number in rows:
            row = self.rows[number]
            framed = not row.framed.isdisjoint(columns)
            for column in columns:
                row.cells[column] = cell
                if framed:
                    row.framed.add(column)

    def where(self, row: int, column: int) -> Where:
        return Where(line=row, sheet=f"{self.name}!{_letters(column)}{row}")


def _hidden_columns(root: Element) -> bytearray:
    """For each column whether it is hidden."""
    hidden = bytearray(COLUMNS + 2)
    for each in islice(root.iter(S + "col"), COLUMNS):
        if switched_on(each.get("hidden")):
            first, last = whole(each.get("min"), 1, COLUMNS), whole(each.get("max"), 1, COLUMNS)
            hidden[first : last + 1] = b"\1" * max(last + 1 - first, 0)
    return hidden


def _ranges(root: Element) -> Iterator[tuple[int, int, int, int]]:
    """Merged ranges as top, left, bottom, right."""
    for each in root.iter(S + "mergeCell"):
        start, end = (_REFERENCE.fullmatch(part) for part in [*each.get("ref", "").split(":"), ""][:2])
        if start and end:
            top, bottom = sorted((int(start[2]), int(end[2])))
            left, right = sorted((_column(start[1]), _column(end[1])))
            yield top, left, bottom, right


@lru_cache(maxsize=512)
def _letters(column: int) -> str:
    """The name of a column: 27 is AA."""
    name = ""
    while column > 0:
        column, at = divmod(column - 1, 26)
        name = chr(65 + at) + name
    return name


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return min(number, COLUMNS)
