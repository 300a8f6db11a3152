"""One sheet of the ledger: its title, its head on each page, its rows as high as their texts need."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from checker.render.escape import visible

_FILLS = {
    "pass": "#E2F0D9",
    "fail": "#F8CBAD",
    "review": "#FFF2CC",
    "unknown": "#D9D9D9",
    "waived": "#DDEBF7",
    "broken": "#E4BFFF",
    "given": "#E2F0D9",
    "absent": "#F8CBAD",
    "blank": "#F8CBAD",
    "malformed": "#F8CBAD",
    "unread": "#D9D9D9",
}
_PAGE = 260  #: characters that fit across a page of A4, landscape, at half size
_MOST = 32000  #: characters of a cell; Excel takes 32,767
_FONT = {"font_name": "宋体", "font_size": 10}
_BORDER = {"valign": "vcenter", "border": 1, "border_color": "#A6A6A6"}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "text": {"text_wrap": True},
    "short": {"align": "center", "text_wrap": True},
    "number": {"align": "center"},
    "count": {"align": "center", "num_format": "0"},
    "score": {"align": "center", "num_format": "0.0"},
    "share": {"align": "center", "num_format": "0%"},
    "date": {"align": "center", "num_format": "yyyy-mm-dd"},
    "head": {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"},
    "turned": {"align": "center", "valign": "bottom", "rotation": 90, "bg_color": "#DDEBF7"},
}

Cell = str | int | float | dt.date | None
Coloured = tuple[Cell, str]


class Column(NamedTuple):
    """A column: its head, its width in half-width characters, and how its cells are set."""

    head: str
    width: float
    style: str = "text"


class Sheet:
    """A sheet with a title, a head that is repeated on each page, and rows that are written once, from the top.

    ``above``: a row of labels over the head. ``turned``: the heads from this column on stand upright. ``last``: a row
    below all others that no filter hides.
    """

    def __init__(
        self,
        book: Any,
        name: str,
        title: str,
        columns: Sequence[Column],
        frozen: int,
        note: str,
        empty: str,
        above: Sequence[str] = (),
        turned: int = 0,
    ) -> None:
        self.book, self.columns, self.empty = book, columns, empty
        self.sheet = book.add_worksheet(name)
        self.formats: dict[tuple[str, str], Any] = {}
        self.last: Sequence[Cell | Coloured] = ()
        for at, column in enumerate(columns):
            self.sheet.set_column(at, at, column.width)
        self.sheet.set_row(0, 24)
        self.sheet.write_string(0, 0, visible(title), book.add_format({"font_name": "黑体", "font_size": 14}))
        self.sheet.write_string(
            1, 0, visible(note), book.add_format({**_FONT, "font_size": 9, "font_color": "#595959"})
        )
        self.at = 2
        self._heads(above, turned)
        self._print(title, frozen)

    def _heads(self, above: Sequence[str], turned: int) -> None:
        if above:
            self._above(above)
        longest = max(_wide(column.head) for column in self.columns)
        self.sheet.set_row(self.at, min(5.6 * longest + 10, 400) if turned else 42 if above else 20)
        for at, column in enumerate(self.columns):
            style = self.format("turned" if turned and at >= turned else "head")
            self.sheet.write_string(self.at, at, visible(column.head), style)
        self.head = self.at
        self.at += 1

    def _above(self, labels: Sequence[str]) -> None:
        """A row of labels; the same one over several columns stands once."""
        self.sheet.set_row(self.at, 48)
        at = 0
        for label, group in groupby(labels):
            last = at + len(list(group)) - 1
            if last > at:
                self.sheet.merge_range(self.at, at, self.at, last, "", self.format("head"))
            self.sheet.write_string(self.at, at, visible(label), self.format("head"))
            at = last + 1
        self.at += 1

    def _print(self, title: str, frozen: int) -> None:
        """A4, landscape; as wide as a page, or, where that would be too small, over several with the names on each."""
        sheet = self.sheet
        sheet.freeze_panes(self.head + 1, frozen)
        sheet.repeat_rows(2, self.head)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.set_footer(f"&L{visible(title).replace('&', '&&')}　&A&R第 &P 页，共 &N 页")
        if sum(column.width for column in self.columns) <= _PAGE:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_print_scale(60)
            sheet.repeat_columns(0, frozen - 1)

    def row(self, cells: Sequence[Cell | Coloured]) -> None:
        """A row of data, as high as its longest text needs."""
        texts = [str((cell[0] if isinstance(cell, tuple) else cell) or "") for cell in cells]
        lines = max(_lines(text, column.width) for text, column in zip(texts, self.columns, strict=True))
        if lines > 1:
            self.sheet.set_row(self.at, min(13.5 * lines + 2, 400))
        for at, cell in enumerate(cells):
            value, fill = cell if isinstance(cell, tuple) else (cell, "")
            self._cell(at, value, self.format(self.columns[at].style, fill))
        self.at += 1

    def _cell(self, at: int, value: Cell, style: Any) -> None:
        if value is None or value == "":
            self.sheet.write_blank(self.at, at, None, style)
        elif isinstance(value, str):
            self.sheet.write_string(self.at, at, visible(value)[:_MOST], style)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(self.at, at, dt.datetime.combine(value, dt.time()), style)
        else:
            self.sheet.write_number(self.at, at, value, style)

    def format(self, style: str, fill: str = "") -> Any:
        if (style, fill) not in self.formats:
            colour = {"bg_color": _FILLS[fill]} if fill in _FILLS else {}
            self.formats[style, fill] = self.book.add_format({**_FONT, **_BORDER, **_STYLES[style], **colour})
        return self.formats[style, fill]

    def close(self) -> None:
        """The filter over all rows; where there is none, a sentence that says so."""
        if self.at > self.head + 1:
            self.sheet.autofilter(self.head, 0, self.at - 1, len(self.columns) - 1)
        else:
            self.sheet.write_string(self.at, 0, self.empty, self.book.add_format(_FONT))
        if self.last:
            self.row(self.last)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column; Chinese characters are two wide."""
    return sum(max(1, math.ceil(_wide(line) / max(width - 1, 1))) for line in text.split("\n"))


def _wide(text: str) -> int:
    return (
        len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
    )
