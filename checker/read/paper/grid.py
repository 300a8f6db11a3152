"""Positioned characters and thin lines -> paragraphs and full-grid tables: one engine for PDF, OFD and scans.

``ruled`` finds the tables of each page, ``flow`` the paragraphs between them; here a table goes on over page breaks,
and all becomes blocks. What the lines do not tell for certain is an ``unread`` cell with a note.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from checker.model import Block, Cell, Note, Paragraph, Table, Where
from checker.read.limits import Limits
from checker.read.paper import flow
from checker.read.paper.page import Glyph, Page, Stroke
from checker.read.paper.ruled import FIGURE, Box, Part, tables_of
from checker.read.paper.walls import THIN, rules
from checker.read.pictured import picture_note, pictured

__all__ = ["THIN", "Glyph", "Page", "Stroke", "lay_out"]

_EDGE = 8.0  #: how far the edges of a table's two parts may differ on two pages


def lay_out(pages: Sequence[Page], limits: Limits) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """Blocks in reading order, each with page and line, and notes on tables that are not clear."""
    sheets = []
    for number, page in enumerate(pages, 1):
        parts = tables_of(page, number, limits)
        seen = [glyph for glyph in page.glyphs if glyph.left < page.width and glyph.right > 0.0]
        held = set().union(*(part.held for part in parts))
        free = [glyph for glyph in seen if id(glyph) not in held]
        sheets.append(flow.Sheet(number, page, free, parts))
    written = _Written(limits)
    tables: list[Part] = []  # the parts of the table that may still go on
    for item in flow.flow(sheets):
        if isinstance(item, Part) and tables and _goes_on(tables[-1], item):
            tables.append(item)
            continue
        written.table(tables)
        tables = [item] if isinstance(item, Part) else []
        if isinstance(item, flow.Text):
            written.paragraph(item)
        elif isinstance(item, flow.Picture):
            written.picture(item)
        elif isinstance(item, flow.Loose):
            written.loose(item)
    written.table(tables)
    return tuple(written.blocks), tuple(written.notes.values())


# --- tables over pages --------------------------------------------------------------------------------------------


def _goes_on(upper: Part, lower: Part) -> bool:
    """Whether the first table of a page is the rest of the last one of the page before."""
    if lower.page != upper.page + 1:
        return False
    if abs(upper.left - lower.left) > _EDGE or abs(upper.right - lower.right) > _EDGE:
        return False
    few, many = sorted((upper.xs, lower.xs), key=len)
    shared = sum(any(abs(x - other) <= _EDGE for other in many) for x in few)
    return shared >= 0.8 * len(few)


def _stitched(parts: Sequence[Part]) -> list[tuple[int, list[Box]]]:
    """(page, boxes) for each row of a table over its pages: the columns of all parts, repeated heads dropped."""
    xs = [rule.at for rule in rules((x, 0.0, 1.0) for part in parts for x in part.xs)]
    rows: list[tuple[int, list[Box]]] = []
    last: Part | None = None
    for part in parts:
        own = [_widened(row, part.xs, xs) for row in part.rows]
        if last is not None:
            own = own[_repeated(rows, own) :]
            if own and last.open_bottom and part.open_top:
                rows[-1] = rows[-1][0], _row_of_halves(rows[-1][1], own.pop(0))
        rows += [(part.page, row) for row in own]
        last = part
    return rows


def _widened(row: Sequence[Box], own: Sequence[float], xs: Sequence[float]) -> list[Box]:
    """The boxes of a row for the columns of the whole table."""
    spots = [bisect_right(own, (left + right) / 2) - 1 for left, right in pairwise(xs)]
    return [row[min(max(spot, 0), len(row) - 1)] for spot in spots]


def _repeated(rows: Sequence[tuple[int, list[Box]]], own: Sequence[Sequence[Box]]) -> int:
    """How many of the first rows are the head of the table printed again: rows of words, the same as its first."""
    count = 0
    for (_, above), row in zip(rows, own, strict=False):
        words = [box.text for box in row]
        if words != [box.text for box in above] or not any(words) or any(map(FIGURE.fullmatch, words)):
            break
        count += 1
    return count


def _row_of_halves(upper: Sequence[Box], lower: Sequence[Box]) -> list[Box]:
    """A row cut by a page break: each cell's two halves joined; two figures are none."""
    made: dict[tuple[int, int], Box] = {}
    result = []
    for above, below in zip(upper, lower, strict=True):
        both = bool(FIGURE.fullmatch(above.text) and FIGURE.fullmatch(below.text))
        box = Box(above.text + below.text, above.unread or below.unread or both)
        result.append(made.setdefault((id(above), id(below)), box))
    return result


# --- blocks -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Written:
    """The blocks so far."""

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)
    cells: int = 0

    def paragraph(self, text: flow.Text) -> None:
        where = Where(line=text.line, page=text.page, block=len(self.blocks))
        if text.mixed:
            message = "有一页分成几栏，分不清先后，这一页的文字不作判断；请改用原始的文档检查。"
            self.notes.setdefault("layout-uncertain", Note("layout-uncertain", message, where))
        self.blocks.append(Paragraph(text.text, where, unread=text.unread))

    def picture(self, picture: flow.Picture) -> None:
        where = Where(page=picture.page, block=len(self.blocks))
        self.notes.setdefault("picture", picture_note(where))
        self.blocks.append(Table((), where, picture=True))

    def loose(self, table: flow.Loose) -> None:
        where = Where(line=table.line, page=table.page, block=len(self.blocks))
        message = "有的表格没有框线，或者框线是虚线，分不清行和列，没有读；请改用原始的文档检查。"
        self.notes.setdefault("table-unclear", Note("table-unclear", message, where))
        self.blocks.append(Table((), where, picture=True))

    def table(self, parts: Sequence[Part]) -> None:
        if not parts:
            return
        where = Where(page=parts[0].page, block=len(self.blocks))
        rows = _stitched(parts)
        self.cells += sum(len(row) for _, row in rows)
        if self.cells > self.limits.table_cells:
            message = f"表格太大（全文超过 {self.limits.table_cells} 个单元格），没有读；请核对这张表。"
            self.notes.setdefault("table-cells", Note("table-cells", message, where))
            self.blocks.append(Table((), where, picture=True))
            return
        if any(box.pictured for _, row in rows for box in row):
            self.notes.setdefault("cell-picture", pictured(where))
        if any(box.unread and not box.pictured for _, row in rows for box in row):
            message = "表格里有的框线不全或字迹不清，这些单元格没有读，不作判断；请核对这张表。"
            self.notes.setdefault("table-unclear", Note("table-unclear", message, where))
        made: dict[int, Cell] = {}
        grid = tuple(tuple(self._cell(box, page, made) for box in row) for page, row in rows)
        self.blocks.append(Table(grid, where))

    def _cell(self, box: Box, page: int, made: dict[int, Cell]) -> Cell:
        if id(box) not in made:
            made[id(box)] = Cell(box.text, Where(page=page, block=len(self.blocks)), box.unread)
        return made[id(box)]
