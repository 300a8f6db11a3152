"""Ruling lines, and the walls that they are between the elementary cells of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from checker.read.paper.page import Page

THIN = 4.0  #: points; what is no thicker is a line
NEAR = 4.0  #: lines, and ends of lines, no farther apart are one
BREAK = 0.2  #: of the height of a page; a table that begins or ends so near to its edge may go on over the break

Spot = tuple[int, int]  # row, column of an elementary cell


@dataclass(slots=True)
class Rule:
    """A straight line made of its pieces: where it lies, and the spans that are drawn, ascending."""

    at: float
    spans: list[tuple[float, float]]

    @property
    def start(self) -> float:
        return self.spans[0][0]

    @property
    def end(self) -> float:
        return self.spans[-1][1]

    def covers(self, start: float, end: float) -> bool:
        """Whether most of start..end is drawn."""
        if any(low <= start and end <= high for low, high in self.spans):
            return True
        drawn = sum(max(min(end, high) - max(start, low), 0.0) for low, high in self.spans)
        return drawn >= 0.6 * (end - start)

    def ends_at(self, start: float, end: float) -> bool:
        """Whether the line is drawn from start to end and no farther."""
        return any(abs(low - start) <= NEAR and abs(high - end) <= NEAR for low, high in self.spans)


def rules(pieces: Iterable[tuple[float, float, float]]) -> list[Rule]:
    """(place, start, end) of pieces -> lines; pieces at nearly one place lie on one line, touching ones are joined."""
    groups: list[list[tuple[float, float, float]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][0][0] <= NEAR:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [Rule(sum(p[0] for p in group) / len(group), _joined((p[1], p[2]) for p in group)) for group in groups]


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    result: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if result and low - result[-1][1] <= NEAR:
            result[-1] = result[-1][0], max(high, result[-1][1])
        else:
            result.append((low, high))
    return result


def drawn(page: Page) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical lines of a page."""
    flat = [s for s in page.strokes if s.bottom - s.top <= THIN and s.right - s.left > THIN]
    steep = [s for s in page.strokes if s.right - s.left <= THIN and s.bottom - s.top > THIN]
    return (
        rules(((s.top + s.bottom) / 2, s.left, s.right) for s in flat),
        rules(((s.left + s.right) / 2, s.top, s.bottom) for s in steep),
    )


@dataclass(slots=True)
class Walls:
    """Which borders are drawn between the elementary cells of a part."""

    xs: Sequence[float]
    ys: Sequence[float]
    flat: Sequence[Rule]
    steep: Sequence[Rule]
    below: set[Spot] = field(default_factory=set)  #: cells with a line below
    beside: set[Spot] = field(default_factory=set)  #: cells with a line to the right

    def __post_init__(self) -> None:
        lying = {rule.at: rule for rule in self.flat}
        standing = {rule.at: rule for rule in self.steep}
        for row, col in self.spots():
            lower, right = lying.get(self.ys[row + 1]), standing.get(self.xs[col + 1])
            if lower and lower.covers(self.xs[col], self.xs[col + 1]):
                self.below.add((row, col))
            if right and right.covers(self.ys[row], self.ys[row + 1]):
                self.beside.add((row, col))

    def spots(self) -> Iterator[Spot]:
        for row in range(len(self.ys) - 1):
            for col in range(len(self.xs) - 1):
                yield row, col

    def regions(self) -> list[list[Spot]]:
        """Elementary cells that no line parts."""
        seen: set[Spot] = set()
        return [self._flood(spot, seen) for spot in self.spots() if spot not in seen]

    def _flood(self, start: Spot, seen: set[Spot]) -> list[Spot]:
        seen.add(start)
        region = [start]
        for spot in region:
            for other in self._open(spot):
                if other not in seen:
                    seen.add(other)
                    region.append(other)
        return region

    def _open(self, spot: Spot) -> Iterator[Spot]:
        row, col = spot
        if row + 2 < len(self.ys) and spot not in self.below:
            yield row + 1, col
        if col + 2 < len(self.xs) and spot not in self.beside:
            yield row, col + 1
        if row and (row - 1, col) not in self.below:
            yield row - 1, col
        if col and (row, col - 1) not in self.beside:
            yield row, col - 1

    def gapped(self, region: Sequence[Spot]) -> bool:
        """Whether a line that ends above a cell goes on below it, at the same place."""
        top, bottom = min(row for row, _ in region), max(row for row, _ in region)
        inner = {col for _, col in region} - {max(col for _, col in region)}
        return any({(top - 1, col), (bottom + 1, col)} <= self.beside for col in inner)

    def parted(self, regions: Sequence[Sequence[Spot]], height: float) -> Iterator[tuple[Spot, Spot]]:
        """Pairs of cells, one above or beside the other, that only a line as long as their common side parts.

        A row that the break of a page, which is ``height`` points high, may have cut off has no other lines.
        """
        rims = [(min(region), (max(row for row, _ in region), max(col for _, col in region))) for region in regions]
        under = {(top, left, right): (top, left) for (top, left), (_, right) in rims}
        after = {(left, top, bottom): (top, left) for (top, left), (bottom, _) in rims}
        lying, standing = {rule.at: rule for rule in self.flat}, {rule.at: rule for rule in self.steep}
        first = int(self.ys[0] < BREAK * height)
        last = len(self.ys) - 2 - int(self.ys[-1] > (1 - BREAK) * height)
        for (top, left), (bottom, right) in rims:
            below, beside = under.get((bottom + 1, left, right)), after.get((right + 1, top, bottom))
            flat, steep = lying.get(self.ys[bottom + 1]), standing.get(self.xs[right + 1])
            across, down = (self.xs[left], self.xs[right + 1]), (self.ys[top], self.ys[bottom + 1])
            if below and flat and right - left + 2 < len(self.xs) and flat.ends_at(*across):
                yield (top, left), below
            whole = top < first or bottom > last or bottom - top + 2 == len(self.ys)
            if beside and steep and not whole and steep.ends_at(*down):
                yield (top, left), beside

    def mostly_below(self, row: int) -> bool:
        """Whether a line is drawn below the row in most columns."""
        cols = len(self.xs) - 1
        return sum((row, col) in self.below for col in range(cols)) * 2 >= cols

    def mend(self, regions: Sequence[Sequence[Spot]]) -> None:
        """Close the holes through which cells run together to something that is no rectangle.

        A piece of a row's line that is missing there is drawn where the line is there in most columns; of a column's
        line where it is there in most rows.
        """
        rows, cols = len(self.ys) - 1, len(self.xs) - 1
        ragged = {spot for region in regions if not square([region]) for spot in region}
        for row in range(rows - 1):
            if self.mostly_below(row):
                self.below.update(
                    (row, col) for col in range(cols) if (row, col) in ragged and (row + 1, col) in ragged
                )
        if square(self.regions()):
            return
        for col in range(cols - 1):
            if sum((row, col) in self.beside for row in range(rows)) * 2 >= rows:
                self.beside.update(
                    (row, col) for row in range(rows) if (row, col) in ragged and (row, col + 1) in ragged
                )


def square(regions: Iterable[Sequence[Spot]]) -> bool:
    """Whether every region is a rectangle."""
    for region in regions:
        rows, cols = [row for row, _ in region], [col for _, col in region]
        if (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1) != len(region):
            return False
    return True
