"""Which cell of a form is the wrong one, where sums across and down do not make what they should: one slip, told once.

A cell is a fact ``form.row.column``. Formulas here are plain sums, written for any one column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..formula import Formula, Number
from ..model import record

Numbers = Mapping[str, Number | None]


@record
class Sides:
    """Two sums down a column of a form that are to be equal."""

    left: Formula
    right: Formula

    def gap(self, numbers: Numbers, column: str) -> Number | None:
        """By how much the left one is more, in a column; None where that is not known."""
        sides = [
            formula.value({name: numbers.get(cell_of(name, column)) for name in formula.names})
            for formula in (self.left, self.right)
        ]
        return None if sides[0] is None or sides[1] is None else sides[0] - sides[1]

    def cells(self) -> Iterator[tuple[str, int]]:
        """The cells of the column that the formulas were written for, with how the gap moves with each."""
        yield from ((name, 1) for name in self.left.names)
        yield from ((name, -1) for name in self.right.names)


def column_of(name: str) -> str:
    """The column of a cell."""
    return name.rpartition(".")[2]


def cell_of(name: str, column: str) -> str:
    """The cell in the same row of another column."""
    return f"{name.rpartition('.')[0]}.{column}"


def _row(name: str, numbers: Numbers, total: str) -> Mapping[str, Number]:
    """The figures of a row by column; none where one of them is not known, or the total is all there is."""
    start = f"{name.rpartition('.')[0]}."
    cells = {key[len(start) :]: number for key, number in numbers.items() if key.startswith(start)}
    row = {column: number for column, number in cells.items() if number is not None}
    return row if total in row and 1 < len(row) == len(cells) else {}


def _wanting(row: Mapping[str, Number], column: str, total: str) -> Number:
    """What has to be added to one cell of a row so that the row makes its total."""
    missing = 2 * row[total] - sum(row.values())
    return -missing if column == total else missing


def told_across(sides: Sides, cell: str, numbers: Numbers, total: str) -> bool:
    """Whether the gap in the column of ``cell`` is told elsewhere.

    That is by the row of one of its cells, which wants the same of it, or for the ``total`` of all columns by theirs.
    """
    column = column_of(cell)
    gap = sides.gap(numbers, column)
    if not gap:
        return False
    for name, sign in sides.cells():
        row = _row(name, numbers, total)
        if column in row and _wanting(row, column, total) == -sign * gap:
            return True
    if column != total:
        return False
    others = {column_of(key) for name, _ in sides.cells() for key in numbers if key.startswith(cell_of(name, ""))}
    gaps = [sides.gap(numbers, other) for other in others - {total}]
    return any(gaps) and sum(each or 0 for each in gaps) == gap


def culprit(row: Sequence[str], columns: Iterable[Sides], numbers: Numbers, total: str) -> tuple[str, Number] | None:
    """The one cell of a failing ``row`` whose columns want of it what the row does, with the figure that they want."""
    figures = _row(row[0], numbers, total)
    found: list[tuple[str, Number]] = []
    for name in row:
        column = column_of(name)
        gaps = [
            (sides.gap(numbers, column), sign)
            for sides in columns
            for cell, sign in sides.cells()
            if cell_of(cell, column) == name
        ]
        wanting = _wanting(figures, column, total) if figures else 0
        if wanting and gaps and all(gap == -sign * wanting for gap, sign in gaps):
            found.append((name, figures[column] + wanting))
    return found[0] if len(found) == 1 else None
