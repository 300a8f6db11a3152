"""Tables put right before they are read: rows that a page break cut in two, and labels that a scan misspelt."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from checker.extract.tables.cells import key_of, numeric
from checker.model import Cell, Table


def mended(table: Table, known: Set[str]) -> Table:
    """The table with rows whole again that a page break cut in two: a label that is known only as a whole tells."""
    if not any(cell.where.page for row in table.rows[-1:] for cell in row):
        return table
    pages = {cell.where.page for row in table.rows for cell in row}
    if len(pages - {None}) < 2:
        return table
    rows: list[tuple[Cell, ...]] = []
    fresh = False  #: the last row was not mended itself
    for row in table.rows:
        if fresh and _page(rows[-1]) != _page(row) and _halves(rows[-1], row, known):
            rows[-1] = tuple(_whole(above, below) for above, below in zip(rows[-1], row, strict=True))
            fresh = False
        else:
            rows.append(row)
            fresh = True
    return replace(table, rows=tuple(rows))


def spelt(table: Table, known: Set[str]) -> Table:
    """The table of a scan with labels spelt as the forms have them, where one character was taken for another.

    A label that was read with doubt is certain where it is one of a form, and no other label is like it.
    """
    made: dict[int, Cell] = {}
    for cell in (cell for row in table.rows for cell in row):
        key = key_of(cell.text)
        near = [label for label in known if _one_off(key, label)] if len(key) >= 4 else []
        if key in known:
            made[id(cell)] = replace(cell, unread=cell.unread and (len(key) < 4 or bool(near)))
        else:
            made[id(cell)] = replace(cell, text=near[0]) if len(near) == 1 else cell
    return replace(table, rows=tuple(tuple(made[id(cell)] for cell in row) for row in table.rows))


def _one_off(key: str, label: str) -> bool:
    """Whether one character differs: 重复中请 for 重复申请."""
    return len(key) == len(label) and sum(a != b for a, b in zip(key, label, strict=True)) == 1


def _halves(upper: Sequence[Cell], lower: Sequence[Cell], known: Set[str]) -> bool:
    pairs = [(a.text, b.text) for a, b in zip(upper, lower, strict=True) if b.text and a is not b]
    if pairs and all(numeric(b) and (not a or numeric(a)) for a, b in pairs):
        return True  # a row without a label of its own: the last digits of the figures above
    labels = [(a, b) for a, b in pairs if a and not (numeric(a) or numeric(b))]
    return any(key_of(a) and key_of(a + b) in known and not {key_of(a), key_of(b)} & known for a, b in labels)


def _page(row: Sequence[Cell]) -> int:
    return max((cell.where.page or 0 for cell in row), default=0)


def _whole(upper: Cell, lower: Cell) -> Cell:
    """A cell from its halves before and after a page break; two figures are no halves."""
    if upper is lower or not (upper.text and lower.text):
        return upper if upper.text else lower
    unread = upper.unread or lower.unread or (numeric(upper.text) and numeric(lower.text))
    return Cell(upper.text + lower.text, upper.where, unread)
