"""Tables as full grids: every merged cell at each position that it covers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from checker.late import late
from checker.model import Cell
from checker.read.layout import prosaic

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Reach = tuple[int | None, int | None]  # the columns and the rows that a cell covers; None is no number
Row = tuple[list[Cell], dict[int, Reach]]  # the cells of a row, and the reach of those that say it, by place, in order
_ALONE: Reach = (1, 1)
_DIGITS = late(r"\s*\+?(\d{1,9})")


@lru_cache(maxsize=1024)
def reach_of(across: str | None, down: str | None) -> Reach:
    """How far a cell reaches by its colspan and its rowspan."""
    return _span(across), _span(down)


def _span(value: str | None) -> int | None:
    if value is None:
        return 1
    match = _DIGITS.match(value)
    return int(match[1]) if match else None


def is_layout(table: LexborNode) -> bool:
    """True for a table that only arranges the page."""
    if len(table.css("table")) > 1:
        return True
    cells = table.css("td, th")
    return prosaic(["".join(cell.text().split()) for cell in cells]) or len(cells) <= len(table.css("tr"))


def arranges(rows: Sequence[Row]) -> bool:
    """A grid with one column, or with whole paragraphs in its cells."""
    return max([len(cells) for cells, _ in rows], default=0) <= 1 or prosaic(
        [cell.text for cells, _ in rows for cell in cells]
    )


def grid_of(rows: Sequence[Row], width: int, budget: int) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """``rows`` with every merged cell repeated at each position that it covers, and whether a span was odd.

    No grid at all when it would take more than ``budget`` cells.
    """
    natural = cache(lambda: min(width, max(_natural(row, width) for row in rows)))
    grid: list[list[Cell | None]] = [[] for _ in rows]
    odd = False
    for top, (cells, reaches) in enumerate(rows):
        line, left = grid[top], 0
        solid = all(line)  # as nearly always: what reaches down from above stands at the left
        plain = next(reversed(reaches)) + 1 if reaches else 0  # from here on no cell is merged
        for at, cell in enumerate(cells):
            if solid and at >= plain and len(cells) - at <= budget and len(line) + len(cells) - at <= width:
                line += cells[at:]
                budget -= len(cells) - at
                break
            across, down = reaches.get(at, _ALONE)
            if solid and down == 1 and across and across <= budget and len(line) + across <= width:
                line += [cell] * across
                budget -= across
                continue
            while left < len(line) and line[left] is not None:
                left += 1
            right, bottom, wrong = _reach(left, top, (across, down), natural, width, len(rows))
            odd |= wrong
            budget -= (right - left) * (bottom - top)
            if budget < 0:
                return (), True
            _cover(grid, cell, left, right, top, bottom)
            left = right
    return _filled(grid), odd


def _natural(row: Row, width: int) -> int:
    """The columns that a row takes; a span of no or too many columns counts as one."""
    cells, reaches = row
    return len(cells) + sum([across - 1 for across, _ in reaches.values() if across and across <= width])


def _reach(
    left: int, top: int, reach: Reach, natural: Callable[[], int], width: int, height: int
) -> tuple[int, int, bool]:
    """Where a cell ends to the right and below, and whether its spans had to be changed for that."""
    across, down = reach
    if across and down and left + across <= width and top + down <= height:  # nearly always
        return left + across, top + down, False
    right = left + (across or 1)
    if across is not None and across > width:
        right = max(left + 1, natural())
    bottom = height if down == 0 else min(top + (down or 1), height)
    odd = not across or across > width or right > width or down is None or down > max(height, width)
    return min(right, width), bottom, odd


def _cover(grid: list[list[Cell | None]], cell: Cell, left: int, right: int, top: int, bottom: int) -> None:
    for row in grid[top:bottom]:
        if len(row) == left:  # nearly always
            row += [cell] * (right - left)
            continue
        row.extend([None] * (right - len(row)))
        for column in range(left, right):
            if row[column] is None:
                row[column] = cell


def _filled(grid: list[list[Any]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of equal length; what no cell covers is an empty one."""
    width = max(map(len, grid))
    nothing = Cell("")
    rows = [row if all(row) else [cell or nothing for cell in row] for row in grid]
    return tuple([(*row, *[nothing] * (width - len(row))) for row in rows])
