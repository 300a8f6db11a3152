"""The tables of one page, as its ruling lines draw them.

Lines cut a page into elementary cells; elementary cells that no line parts are one cell. What the lines do not tell for
certain becomes an ``unread`` box, never a guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from checker.late import late
from checker.read.limits import Limits
from checker.read.paper.page import Glyph, Page, Run, Stroke, run_of, runs
from checker.read.paper.walls import NEAR, THIN, Rule, Spot, Walls, drawn, square

_INTO = 3.0  #: points; words that reach no farther into a cell do not stand in it
_SLIM = 9.0  #: a row or column no wider holds no line of text
_THINNEST = 5.0  #: an empty row of a printed page is no lower
_CUT = 3.0  #: a table nearer to the edge of the paper is cut off there
_ASIDE = 120.0  #: how wide a column may be of which only the outer line is drawn
_OVERHANG = 8.0  #: lines that stick out farther past the last line across have lost a border there
_MOST_LINES = 2_000  #: a page with more is a drawing
FIGURE = late(r"[\d.,%+\-—/]+")


@dataclass(slots=True)
class Box:
    """One cell of a part: what stands in it, whether that is certain, and whether a picture stands there instead."""

    text: str = ""
    unread: bool = False
    pictured: bool = False


@dataclass(slots=True)
class Part:
    """A table, or what one page has of it: edges of its rows and columns, and the box at each position.

    ``open_top``, ``open_bottom``: no line is drawn there. ``held``: ids of the characters in it.
    """

    page: int
    xs: list[float]
    ys: list[float]
    open_top: bool
    open_bottom: bool
    rows: list[list[Box]] = field(default_factory=list)
    held: set[int] = field(default_factory=set)

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    @property
    def left(self) -> float:
        return self.xs[0]

    @property
    def right(self) -> float:
        return self.xs[-1]

    def drop_slim(self, walls: Walls) -> None:
        """Drop rows and columns too slim for a character, between double or partial lines, that say nothing more."""
        for i in range(len(self.rows) - 1, -1, -1):
            height = self.ys[i + 1] - self.ys[i]
            apart = (not i or walls.mostly_below(i - 1)) and walls.mostly_below(i)
            if height < (_THINNEST if apart else _SLIM) and len(self.rows) > 1 and _repeats(self.rows, i):
                del self.rows[i], self.ys[i or 1]
        columns = [list(column) for column in zip(*self.rows, strict=True)]
        for i in range(len(columns) - 1, -1, -1):
            if self.xs[i + 1] - self.xs[i] < _SLIM and len(columns) > 1 and _repeats(columns, i):
                del columns[i], self.xs[i or 1]
        self.rows = [list(row) for row in zip(*columns, strict=True)]

    def drop_empty(self) -> None:
        """Drop the half of a row at a page break, where no line is drawn, that has no wording of its own."""
        if self.open_bottom and len(self.rows) > 1 and _repeats(self.rows, len(self.rows) - 1):
            del self.rows[-1]
            self.open_bottom = False
        if self.open_top and len(self.rows) > 1 and _repeats(self.rows, 0):
            del self.rows[0]
            self.open_top = False

    def widen(self, page: Page) -> None:
        """Add an unread column where the table runs off the paper: nobody knows what it has there."""
        lost = Box(unread=True)
        if self.right > page.width - _CUT:
            self.xs.append(self.right + 2 * _SLIM)
            self.rows = [[*row, lost] for row in self.rows]
        if self.left < _CUT:
            self.xs.insert(0, self.left - 2 * _SLIM)
            self.rows = [[lost, *row] for row in self.rows]


def _repeats(lines: Sequence[Sequence[Box]], at: int) -> bool:
    """Whether all wording of a row (column) stands in the one before or after it, too."""
    near = {id(box) for other in lines[max(at - 1, 0) : at + 2] if other is not lines[at] for box in other}
    return all(not box.text or id(box) in near for box in lines[at])


def tables_of(page: Page, number: int, limits: Limits) -> list[Part]:
    """The tables of a page, from the top down."""
    flat, steep = drawn(page)
    if sum(len(rule.spans) for rule in (*flat, *steep)) > _MOST_LINES:
        return []
    found = [_frame(number, *family) for family in _families(flat, steep)]
    parts = [part for part in found if part and len(part.xs) > 2 and len(part.xs) <= limits.table_width + 1]
    for part in parts:
        walls = Walls(part.xs[:], part.ys[:], flat, steep)
        part.rows = _fill(part, page, walls)
        part.drop_slim(walls)
        part.drop_empty()
        if part.left < _CUT or part.right > page.width - _CUT:
            part.widen(page)
    return sorted(parts, key=lambda part: part.top)


_Span = tuple[float, float, float]  # place of a line, start and end of one drawn span


def _families(flat: Sequence[Rule], steep: Sequence[Rule]) -> Iterator[tuple[list[_Span], list[_Span]]]:
    """Spans that touch each other, directly or over others, as (horizontal, vertical)."""
    across = [(rule.at, *span) for rule in flat for span in rule.spans]
    down = [(rule.at, *span) for rule in steep for span in rule.spans]
    head = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while head[at] != at:
            head[at] = head[head[at]]
            at = head[at]
        return at

    for i, (y, left, right) in enumerate(across):
        for j, (x, top, bottom) in enumerate(down, len(across)):
            if left - NEAR <= x <= right + NEAR and top - NEAR <= y <= bottom + NEAR:
                head[root(i)] = root(j)
    families: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for at in range(len(head)):
        mine = families.setdefault(root(at), ([], []))
        if at < len(across):
            mine[0].append(across[at])
        else:
            mine[1].append(down[at - len(across)])
    whole = _overlapping([family for family in families.values() if all(family)])
    for family in families.values():
        for lone in family[1] if not family[0] else ():
            _beside(lone, whole)
    yield from whole


def _beside(lone: _Span, families: Sequence[tuple[list[_Span], list[_Span]]]) -> None:
    """Give a vertical line that meets no other to the table as high as it beside it.

    A cell over all rows of a page, whose ends are on other pages, has no horizontal lines there.
    """
    x, top, bottom = lone
    for family in families:
        box = _bounds(family)
        near = box.left - _ASIDE < x < box.left or box.right < x < box.right + _ASIDE
        if near and min(bottom, box.bottom) - max(top, box.top) > 0.8 * max(bottom - top, box.bottom - box.top):
            family[1].append(lone)
            return


def _overlapping(families: list[tuple[list[_Span], list[_Span]]]) -> list[tuple[list[_Span], list[_Span]]]:
    """Families whose bounds overlap made one: pieces of one table whose borders have holes."""
    merged: list[tuple[list[_Span], list[_Span]]] = []
    for family in families:
        rest = []
        for other in merged:
            if _meet(_bounds(family), _bounds(other)):
                family = (family[0] + other[0], family[1] + other[1])
            else:
                rest.append(other)
        merged = [*rest, family]
    return merged


def _bounds(family: tuple[list[_Span], list[_Span]]) -> Stroke:
    across, down = family
    return Stroke(
        min([span[1] for span in across] + [span[0] for span in down]),
        min([span[0] for span in across] + [span[1] for span in down]),
        max([span[2] for span in across] + [span[0] for span in down]),
        max([span[0] for span in across] + [span[2] for span in down]),
    )


def _meet(a: Stroke, b: Stroke) -> bool:
    return a.left <= b.right and b.left <= a.right and a.top <= b.bottom and b.top <= a.bottom


def _frame(page: int, across: list[_Span], down: list[_Span]) -> Part | None:
    """The edges of rows and columns that a family of lines draws; a border lost at a page break is put back."""
    xs, ys = sorted({span[0] for span in down}), sorted({span[0] for span in across})
    before, after = _beyond(ys, down)
    ys = [*([before] if before is not None else []), *ys, *([after] if after is not None else [])]
    left, right = _beyond(xs, across)
    xs = [*([left] if left is not None else []), *xs, *([right] if right is not None else [])]
    if len(xs) < 2 or len(ys) < 2:
        return None
    return Part(page, xs, ys, before is not None, after is not None)


def _beyond(edges: Sequence[float], spans: Sequence[_Span]) -> tuple[float | None, float | None]:
    """Where lines end that stick out before the first and past the last edge; one alone may have slipped."""
    early = [span[1] for span in spans if span[1] < edges[0] - _OVERHANG]
    late = [span[2] for span in spans if span[2] > edges[-1] + _OVERHANG]
    return min(early) if len(early) > 1 else None, max(late) if len(late) > 1 else None


def _fill(part: Part, page: Page, walls: Walls) -> list[list[Box]]:
    """The boxes of a part, each at every position that it covers, with their wording."""
    regions = walls.regions()
    if not square(regions):
        walls.mend(regions)
        regions = walls.regions()
    glyphs: dict[tuple[int, int], list[Glyph]] = {}
    inner = part.xs[1:-1], part.ys[1:-1]
    left, top, right, bottom = 2 * part.left, 2 * part.top, 2 * part.right, 2 * part.bottom
    for glyph in page.glyphs:
        x, y = glyph.left + glyph.right, glyph.top + glyph.bottom
        if left <= x <= right and top <= y <= bottom:
            spot = bisect_right(inner[1], y / 2), bisect_right(inner[0], x / 2)
            glyphs.setdefault(spot, []).append(glyph)
            part.held.add(id(glyph))
    for spot, glyph in _hanging(part, page, walls):
        glyphs.setdefault(spot, []).append(glyph)
        part.held.add(id(glyph))
    boxes = {spot: box for region in regions for spot, box in _boxed(region, glyphs, part, walls)}
    for region in filter(walls.gapped, regions) if page.scanned else ():
        if not any(boxes[spot].text and not FIGURE.fullmatch(boxes[spot].text) for spot in region):
            boxes[region[0]].unread = True
    for glyph in (each for own in glyphs.values() for each in own if each.unsure or len(each.text) > 1):
        _spread(glyph, inner, boxes)
    for pair in walls.parted(regions, page.height) if page.scanned else ():
        for box in (boxes[spot] for spot in pair):
            box.unread |= not box.text  # it may lie between the frame of a stamp and the border of the cell
    for region in regions if page.insets else ():
        bounds = _around(region, part)
        for box in {id(box): box for box in map(boxes.__getitem__, region) if not box.text}.values():
            box.pictured = any(_within(inset, bounds) for inset in page.insets)
            box.unread |= box.pictured
    return [[boxes[row, col] for col in range(len(part.xs) - 1)] for row in range(len(part.ys) - 1)]


def _spread(glyph: Glyph, inner: tuple[Sequence[float], Sequence[float]], boxes: Mapping[Spot, Box]) -> None:
    """Make the cells doubtful over several of which words lie that were recognised as one: a border was not seen."""
    columns, rows = inner
    across = range(bisect_right(columns, glyph.left + _INTO), bisect_right(columns, glyph.right - _INTO) + 1)
    down = range(bisect_right(rows, glyph.top + _INTO), bisect_right(rows, glyph.bottom - _INTO) + 1)
    touched = {id(box): box for row in down for col in across if (box := boxes[row, col])}
    for box in touched.values() if len(touched) > 1 else ():
        box.unread = True


def _around(region: Sequence[Spot], part: Part) -> Stroke:
    """The bounds of a region of a part."""
    rows, cols = [row for row, _ in region], [col for _, col in region]
    return Stroke(part.xs[min(cols)], part.ys[min(rows)], part.xs[max(cols) + 1], part.ys[max(rows) + 1])


def _within(inset: Stroke, bounds: Stroke) -> bool:
    """Whether a picture stands in a cell, be it a little larger: no line drawn as one, no seal over several cells."""
    if min(inset.right - inset.left, inset.bottom - inset.top) <= THIN:
        return False
    across = bounds.left - NEAR <= inset.left and inset.right <= bounds.right + NEAR
    return across and bounds.top - NEAR <= inset.top and inset.bottom <= bounds.bottom + NEAR


def _hanging(part: Part, page: Page, walls: Walls) -> Iterator[tuple[Spot, Glyph]]:
    """Text right below the last line of a table, in columns that this line does not close: their cells go on."""
    last = len(part.ys) - 2
    for col, (left, right) in enumerate(pairwise(part.xs)):
        if part.open_bottom or (last, col) in walls.below:
            continue
        under = [g for g in page.glyphs if left <= g.left and g.right <= right and g.top >= part.bottom - THIN]
        end = part.bottom
        for run in runs(under):
            if run.top - end > run.size:
                break
            end = run.bottom
            for glyph in run.glyphs:
                yield (last, col), glyph


def _boxed(
    region: Sequence[Spot], glyphs: Mapping[Spot, list[Glyph]], part: Part, walls: Walls
) -> Iterator[tuple[Spot, Box]]:
    """The box of a rectangle at its positions; of anything else a doubtful box at each."""
    if len(region) == 1:  # nearly always
        (spot,) = region
        yield spot, Box(*_wording(glyphs.get(spot, ()), part.xs[spot[1] + 1]))
        return
    if not square([region]):
        for spot in region:
            yield spot, Box(_wording(glyphs.get(spot, ()), 0.0)[0], unread=True)
        return
    right = part.xs[max(col for _, col in region) + 1]
    box = Box(*_wording([glyph for spot in region for glyph in glyphs.get(spot, ())], right))
    if _holed(region, glyphs, part, walls):
        box.unread = True
    for spot in region:
        yield spot, box


def _holed(region: Sequence[Spot], glyphs: Mapping[Spot, list[Glyph]], part: Part, walls: Walls) -> bool:
    """Whether a cell over several positions may be several cells whose border has a hole.

    Figures are never printed in a cell over several rows that others keep apart, nor beside other words of it, and one
    that stands in the very middle of one column but not of all does not belong to all.
    """
    filled = {spot: own for spot in region if (own := glyphs.get(spot))}
    numbers = [spot for spot, own in filled.items() if _figures(own)]
    if not numbers:
        return False
    rows = {row for row, _ in region}
    if any(row + 1 in rows and walls.mostly_below(row) for row in rows):
        return True
    if len(filled) > 1:  # what is printed without a gap across the place of a line is one figure
        whole = runs([glyph for own in filled.values() for glyph in own])
        return len(whole) > 1 or " " in whole[0].text
    col = numbers[0][1]
    own = filled[numbers[0]]
    middle = (min(glyph.left for glyph in own) + max(glyph.right for glyph in own)) / 2
    left, right = part.xs[min(at for _, at in region)], part.xs[max(at for _, at in region) + 1]
    aside = abs(middle - (left + right) / 2) > 0.25 * (part.xs[col + 1] - part.xs[col])
    return aside and abs(middle - (part.xs[col] + part.xs[col + 1]) / 2) < 2.5


def _figures(glyphs: Sequence[Glyph]) -> bool:
    return bool(glyphs) and all(FIGURE.fullmatch(glyph.text.strip() or "0") for glyph in glyphs)


def _wording(glyphs: Sequence[Glyph], right: float) -> tuple[str, bool]:
    """The lines of a cell that ends at ``right``, joined; and whether that is uncertain."""
    if not glyphs:
        return "", False
    lines = runs(glyphs) if len(glyphs) > 1 else [run_of(glyphs)]
    unsure = any(glyph.unsure for glyph in glyphs)
    text = ""
    for above, line in zip([None, *lines], lines, strict=False):
        words = line.text
        if above is not None and text[-1:].isdigit() and words[:1].isdigit():
            unsure |= right - above.right > 2 * above.size  # a number broken in two fills its line; else two numbers
        text += words
    return text, unsure or any(_apart(line) for line in lines)


def _apart(line: Run) -> bool:
    """Two numbers on one line."""
    words = line.text.split(" ")
    return len(words) > 1 and all(FIGURE.fullmatch(word) for word in words)
