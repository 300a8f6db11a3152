"""A workbook: what stands in its visible sheets, titles and remarks as paragraphs, tables as full grids.

Formulas are read by the value that the program stored with them, never computed. What a sheet hides (rows, columns,
whole sheets) is not read. ``Where.line`` is the number of the row, ``Where.page`` that of the sheet where several are,
``Where.sheet`` the cell by the name of its sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checker.model import Block, Cell, Document, Paragraph, Table, Unreadable, Where
from checker.read.limits import LIMITS, Limits
from checker.read.office.xlsx.book import Book
from checker.read.office.xlsx.drawings import drawn, insets
from checker.read.office.xlsx.pieces import Grid, drafts
from checker.read.office.xlsx.sheet import Sheet
from checker.read.pictured import picture_note

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_Draft = Paragraph | Grid | None  #: a line, the grid of a table, a picture that may be one


def parse_xlsx(data: bytes, source: str, limits: Limits = LIMITS) -> Document:
    """The bytes of an .xlsx as a Document.

    Raises Unreadable: those of ``archive``, ``zip-ambiguous`` for parts that occur twice, ``format`` for a package
    that holds no workbook or nothing but pictures, ``empty``.
    """
    book = Book(data, limits)
    blocks = _placed([found for part, root in book.worksheets() if (found := list(_drafts(book, part, root)))], book)
    if not blocks:
        raise Unreadable("empty", "工作簿里没有看得见的内容。", "请打开原始文档，确认内容完整、没有隐藏后重新保存。")
    if all(isinstance(block, Table) and block.picture for block in blocks) and "table-cells" not in book.notes:
        message = "工作簿里只有图片，没有文字，读不了。"
        raise Unreadable("format", message, "请改用填有文字的表格或报告的文字版。")
    return Document(source, "xlsx", blocks, tuple(book.notes.values()))


def listed(data: bytes, limits: Limits = LIMITS) -> Iterator[dict[int, dict[int, str]]]:
    """The cells of each sheet that is seen, by row and column from 1: for workbooks that are lists and no reports.

    Raises Unreadable: those of ``parse_xlsx``, and ``hidden-text`` where rows or columns with content are hidden, as by
    a filter: a list of which a part is unseen is no list.
    """
    book = Book(data, limits)
    for _, root in book.worksheets():
        sheet = Sheet(book, root)
        if any(cell.text for cell in sheet.unseen.values()):
            raise Unreadable("hidden-text", "工作表里有隐藏的行或列（可能是筛选）。", "请取消筛选和隐藏，保存后再用。")
        yield {
            number: {column: cell.text for column, cell in sorted(row.cells.items()) if cell.text}
            for number, row in sorted(sheet.rows.items())
        }


def _drafts(book: Book, part: str, root: Element) -> Iterator[_Draft]:
    """What stands in a sheet, in its order, then what is drawn on it."""
    drawings = book.drawings(part)
    pictures = frozenset(place for drawing in drawings for place in insets(drawing))
    yield from drafts(Sheet(book, root, pictures, book.sheets[part]))
    for draft in (draft for drawing in drawings for draft in drawn(drawing)):
        if draft is None:
            book.notes.setdefault("picture", picture_note())
        yield draft


def _placed(sheets: Sequence[Sequence[_Draft]], book: Book) -> tuple[Block, ...]:
    """The drafts as blocks, each with its place; tables beyond the limit are not read."""
    blocks: list[Block] = []
    budget, most = book.limits.table_cells, book.limits.table_cells
    for number, sheet in enumerate(sheets, 1):
        page = number if len(sheets) > 1 else None
        for draft in sheet:
            where = Where(page=page, block=len(blocks))
            if isinstance(draft, Paragraph):
                blocks.append(replace(draft, where=replace(where, line=draft.where.line, sheet=draft.where.sheet)))
                continue
            budget -= sum(map(len, draft or ()))
            if budget < 0:
                book.note("table-cells", f"表格太大（全文超过 {most} 个单元格），没有读；请核对这张表。")
            blocks.append(_table(draft, where) if draft and budget >= 0 else Table((), where, picture=True))
    return tuple(blocks)


def _table(grid: Sequence[Sequence[Cell]], where: Where) -> Table:
    placed = {
        id(cell): replace(cell, where=replace(where, line=cell.where.line, sheet=cell.where.sheet))
        for row in grid
        for cell in row
    }
    rows = tuple(tuple(placed[id(cell)] for cell in row) for row in grid)
    return Table(rows, replace(where, line=grid[0][0].where.line))
