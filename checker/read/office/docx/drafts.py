"""Paragraphs and tables under way, and the blocks that become of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.model import Block, Cell, Note, Paragraph, Table, Where
from checker.read.layout import prosaic
from checker.read.limits import Limits
from checker.read.pictured import pictured

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed paragraph and the elements that its words come from, in order: None for an automatic number."""

    paragraph: Element
    pieces: tuple[tuple[str, Element | None], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Source:
    """What a block of a document comes from: a stretch of a printed paragraph, or the cells of a table.

    ``start``: where the block begins in its paragraph. ``cells``: for each position of the grid the element of its
    cell and the paragraphs printed in it; a position that no cell covers has None.
    """

    printed: Printed | None = None
    start: int = 0
    cells: tuple[tuple[tuple[Element, tuple[Printed, ...]] | None, ...], ...] = ()


@dataclass(slots=True)
class Text:
    """A printed paragraph; a line break inside it is a newline."""

    text: str
    outline: int | None = None  #: 0 for the highest rank
    title: bool = False
    printed: Printed | None = None


@dataclass(slots=True, eq=False)
class Slot:
    """A cell under way. Where it is merged with its neighbours, the same object stands in their place."""

    blocks: list[Draft] = field(default_factory=list)
    joins: bool = False  #: it takes part in a merge with the rows above or below
    element: Element | None = None
    said: str | None = None
    pictured: bool = False  #: a picture stands in it

    def words(self) -> str:
        """The text of a whole cell."""
        if self.said is None:
            self.said = _words(self.blocks)
        return self.said


@dataclass(slots=True)
class Grid:
    """A table under way. No rows: something stands here that could not be read."""

    rows: list[list[tuple[Slot, int]]] = field(default_factory=list)  #: cells with the columns that they take
    lines: list[list[Slot]] = field(default_factory=list)  #: of each row the cell of each column

    def slots(self) -> list[Slot]:
        """Every cell once, in printed order."""
        return list(dict.fromkeys([slot for row in self.rows for slot, _ in row]))


Draft = Text | Grid
Piece = tuple[str, "Element | None"]  #: words and the element that holds them


def arranges(grid: Grid, slots: list[Slot]) -> bool:
    """A table with one column, with whole paragraphs in its cells, or around a larger table."""
    if max(map(len, grid.rows), default=0) <= 1:
        return True
    inner = [block for slot in slots for block in slot.blocks if isinstance(block, Grid)]
    return any(len(block.slots()) > len(slots) for block in inner) or prosaic([slot.words() for slot in slots])


def spread(row: list[tuple[Slot, int]], width: int) -> list[Slot]:
    """The cell of each column, ``width`` of them at most."""
    line: list[Slot] = []
    for slot, across in row:
        if across == 1:
            line.append(slot)
        else:
            line += [slot] * min(across, width)
            if len(line) > width:
                break
    return line[:width]


def _words(blocks: list[Draft]) -> str:
    """The text of a cell, lines apart; a table inside it in printed order."""
    if len(blocks) == 1 and isinstance(blocks[0], Text):  # nearly always
        return blocks[0].text.strip(" \t\n\u3000\xa0")
    lines = []
    for block in blocks:
        if isinstance(block, Text):
            lines.append(block.text.strip(" \t\n\u3000\xa0"))
        else:
            lines += [words for slot in block.slots() if (words := slot.words())]
    return "\n".join(lines)


def levelled(drafts: list[Draft]) -> list[Draft]:
    """``h1`` is for the title: where headings share the highest rank with each other or a title, they go down one."""
    texts = [draft for draft in drafts if isinstance(draft, Text)]
    first = [text for text in texts if text.outline == 0 and not text.title]
    if len(first) > 1 or (first and any(text.title for text in texts)):
        for text in texts:
            if text.outline is not None and not text.title:
                text.outline += 1
    return drafts


def placed(
    drafts: list[Draft], limits: Limits, notes: dict[str, Note], sources: list[Source] | None
) -> tuple[Block, ...]:
    """The drafts as blocks, each with its place; what they come from is added to ``sources``."""
    blocks: list[Block] = []
    line = cells = 0
    for draft in drafts:
        if isinstance(draft, Grid):
            table = _filled(draft, Where(block=len(blocks)), limits, cells, notes)
            cells += sum(map(len, table.rows))
            blocks.append(table)
            if sources is not None:
                sources.append(_source(draft, table))
            continue
        line += 1
        rank = 0 if draft.title else draft.outline
        hint = f"h{rank + 1}" if rank is not None and 0 <= rank < 6 else ""
        start = 0
        for part in draft.text.split("\n"):
            if part.strip(" \t\u3000\xa0"):
                blocks.append(Paragraph(part, Where(line=line, block=len(blocks)), hint))
                if sources is not None:
                    sources.append(Source(draft.printed, start))
            start += len(part) + 1
    return tuple(blocks)


def _source(grid: Grid, table: Table) -> Source:
    """The cells of a table as they stand in the document."""
    rows = []
    for row, cells in zip(grid.lines, table.rows, strict=False):
        slots = [(slot.element, tuple(_printed(slot.blocks))) for slot in row[: len(cells)]]
        line = [None if element is None else (element, printed) for element, printed in slots]
        rows.append((*line, *[None] * (len(cells) - len(line))))
    return Source(cells=tuple(rows))


def _printed(blocks: list[Draft]) -> Iterator[Printed]:
    """The printed paragraphs of a cell, those of tables in it too."""
    for block in blocks:
        if isinstance(block, Grid):
            yield from (printed for slot in block.slots() for printed in _printed(slot.blocks))
        elif block.printed:
            yield block.printed


def _filled(grid: Grid, where: Where, limits: Limits, used: int, notes: dict[str, Note]) -> Table:
    """The grid with every merged cell repeated at each position that it covers, rows of equal length."""
    widest = max((sum(across for _, across in row) for row in grid.rows), default=0)
    width = min(widest, limits.table_width)
    if widest > width:
        message = f"表格超过 {limits.table_width} 列，多出的列没有读。"
        notes.setdefault("table-span", Note("table-span", message, where))
    if width * len(grid.rows) + used > limits.table_cells:
        message = f"表格太大（全文超过 {limits.table_cells} 个单元格），没有读；请核对这张表。"
        notes.setdefault("table-cells", Note("table-cells", message, where))
        return Table((), where, picture=True)
    cells: dict[Slot, Cell] = {}
    nothing = Cell("")
    rows = []
    for at, row in enumerate(grid.lines):
        line: list[Cell] = []
        for slot in row[:width]:
            if (cell := cells.get(slot)) is None:
                words = slot.words() if slot.said is None else slot.said
                place = Where(block=where.block, cell=(at, len(line)))
                cell = cells[slot] = Cell(words, place, slot.pictured and not words)
                if cell.unread:
                    notes.setdefault("cell-picture", pictured(where))
            line.append(cell)
        rows.append((*line, *[nothing] * (width - len(line))))
    return Table(tuple(rows), where, picture=not rows)
