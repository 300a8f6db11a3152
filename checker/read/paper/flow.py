"""What stands between the tables of a page: printed lines in reading order, joined to paragraphs.

Page numbers and running heads are dropped, text in two columns is read one column after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Generic, Protocol, TypeVar

from checker.late import late
from checker.model import HOLE
from checker.read.paper.page import Glyph, Page, Run, Stroke, is_private, run_of, runs

_SOME = 5  #: lines that make a column
_BETWEEN = 5  #: lines of wrapped labels between two rows of a table without borders
_MARGIN = 75.0  #: points; page numbers and running heads stand in this outer strip of a page
_FOOT = 110.0  #: and page numbers between dashes in this one: official papers have them far from the edge
_NUMBER = late(r"[\s—–\-－·~.]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／,，共]{1,2}\s*\d{1,4}\s*页?)?)[\s—–\-－·~.]*")
_BRACKETED = late(r"【[^】]*】")  #: a line that is one remark stands for itself
_DASHED = late(r"[—–\-－]\s*\d{1,4}\s*[—–\-－]")
_LABEL = late(r"[^：:\d]{1,8}[：:]")
_FIGURES = late(r"[\d\s.,%+\-—/]+")
_DIGITS = late(r"\d+")
_OPENING = ("（", "(", "《", "“", "〔", "【")  #: marks of which a wide one is white in its left half
_MARKS = late("[，。；：、！？）》”’〉】]")


class Placed(Protocol):
    """Something with edges: a table."""

    @property
    def top(self) -> float: ...
    @property
    def bottom(self) -> float: ...
    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...


T = TypeVar("T", bound=Placed)


@dataclass(slots=True)
class Sheet(Generic[T]):
    """A page: its number, the characters that stand in no table, and its tables."""

    number: int
    page: Page
    glyphs: Sequence[Glyph]
    tables: Sequence[T]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, and where it begins: page and line, from 1. ``unread``: some of it is not certain."""

    text: str
    page: int
    line: int
    unread: bool = False
    mixed: bool = False  #: it stands on a page in columns of which the order is not sure


@dataclass(frozen=True, slots=True)
class Picture:
    page: int
    bounds: Stroke

    @property
    def top(self) -> float:
        return self.bounds.top


@dataclass(frozen=True, slots=True)
class Loose:
    """A table without lines: nobody knows which cell is which."""

    page: int
    line: int
    top: float


@dataclass(slots=True)
class _Line:
    """A printed line. Of the text around it: ``left`` and ``right`` edge, usual size (``body``), least ``pitch``."""

    run: Run
    page: int
    number: int = 0
    left: float = 0.0
    right: float = 0.0
    body: float = 0.0
    pitch: float = 0.0
    column: int = 0  #: which of the columns of the page; 0 for lines as wide as the page
    top: float = 0.0  #: where it comes in the page: a line in a column where the columns begin
    mixed: bool = False


def flow(sheets: Sequence[Sheet[T]]) -> Iterator[T | Text | Picture | Loose]:
    """Paragraphs, tables and pictures of all pages in reading order."""
    lines = [_lines(sheet) for sheet in sheets]
    furniture = _furniture(sheets, lines)
    margins = _margins(line for own in lines for line in own if id(line) not in furniture)
    waiting: list[_Line] = []
    for sheet, own in zip(sheets, lines, strict=True):
        kept = [line for line in own if id(line) not in furniture]
        for number, line in enumerate(kept, 1):
            line.number = number
        _set_edges(kept, sheet.page.width, margins)
        pictures = [Picture(sheet.number, bounds) for bounds in sheet.page.pictures]
        kept, loose = _loose(kept)
        if loose:
            _set_edges(kept, sheet.page.width, margins)  # the table may have been wider than the text
        if _mixed(kept, sheet):
            for line in kept:
                line.mixed = True
        others: list[T | Picture | Loose] = [*sheet.tables, *pictures, *loose]
        for item in _in_order(kept, others):
            if isinstance(item, _Line):
                waiting.append(item)
                continue
            yield from _paragraphs(waiting)
            waiting = []
            yield item
    yield from _paragraphs(waiting)


def _lines(sheet: Sheet[T]) -> list[_Line]:
    found: list[_Line] = []
    printed = [run for line in runs(sheet.glyphs) if (run := _unmarked(line))]
    at = columns = 0
    while at < len(printed):
        sides = _side_by_side(printed[at:])
        top = printed[at].top
        if sides is None:
            found.append(_Line(printed[at], sheet.number, top=top))
            at += 1
            continue
        for side in sides[1]:
            columns += 1
            found += [_Line(run, sheet.number, top=top, column=columns) for run in side]
        at += sides[0]
    return found


def _mixed(lines: Sequence[_Line], sheet: Sheet[T]) -> bool:
    """Whether a page has columns of which the order is not sure.

    Lines stand beside a table, or begin again and again at one edge in the midst of the page and were not told apart
    from those before them, all in one place.
    """
    if sum(_is_beside(line.run, table) for line in lines for table in sheet.tables) >= _SOME:
        return True
    columns: dict[int, list[int]] = {}
    for line in lines:
        for piece in line.run.split(1.2 * line.run.size):
            if (
                0.35 < piece.left / sheet.page.width < 0.7
                and len(piece.text) > 5
                and not _FIGURES.fullmatch(piece.text)
            ):
                for edge in (round(piece.left / 4), round(piece.left / 4) + 1):
                    columns.setdefault(edge, []).append(line.column)
    most = max(columns.values(), key=len, default=[])
    return len(most) >= _SOME and (0 in most or len(set(most)) > 1)


def _is_beside(run: Run, table: Placed) -> bool:
    return table.top < run.top and run.bottom < table.bottom and (run.right <= table.left or run.left >= table.right)


def _unmarked(run: Run) -> Run | None:
    """The line without the marks before it."""
    first = next((at for at, glyph in enumerate(run.glyphs) if not is_private(glyph)), None)
    return run if first == 0 else None if first is None else run_of(run.glyphs[first:])


def _side_by_side(printed: Sequence[Run]) -> tuple[int, tuple[list[Run], list[Run]]] | None:
    """How many of the first lines stand in two columns, and these; figures beside words are a table, and no columns."""
    sides: tuple[list[Run], list[Run]] = ([], [])
    whole = count = 0
    gutter = 0.0
    for run in printed:
        size = run.size
        pieces = run.split(1.5 * size)
        if count and run.top - printed[count - 1].top > 2.2 * size:
            break
        if len(pieces) == 2 and (not count or abs(pieces[1].left - gutter) <= 0.7 * size):
            gutter = pieces[1].left if not count else gutter
            sides[0].append(pieces[0])
            sides[1].append(pieces[1])
            whole += 1
        elif count and len(pieces) == 1 and abs(run.left - gutter) <= 0.7 * size:
            sides[1].append(run)
        elif count and len(pieces) == 1 and run.right < gutter and gutter - sides[0][-1].right <= 4 * size:
            sides[0].append(run)
        else:
            break
        count += 1
    words = sum(not _FIGURES.fullmatch(run.text) for run in sides[1])
    return (count, sides) if whole and count > 1 and words > len(sides[1]) / 2 else None


def _furniture(sheets: Sequence[Sheet[T]], lines: Sequence[Sequence[_Line]]) -> set[int]:
    """The ids of page numbers, and of lines that stand at the same outer place on several pages."""
    outer = [
        line
        for sheet, own in zip(sheets, lines, strict=True)
        for line in own
        if line.run.bottom < _MARGIN or line.run.top > sheet.page.height - _strip(line)
    ]
    seen = Counter(map(_place, outer))
    return {
        id(line) for line in outer if _NUMBER.fullmatch(line.run.text) or seen[_place(line)] > max(1, len(sheets) // 3)
    }


def _strip(line: _Line) -> float:
    return _FOOT if _DASHED.fullmatch(line.run.text) else _MARGIN


def _place(line: _Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.run.text), round(line.run.top / 3)


def _margins(lines: Iterable[_Line]) -> list[float]:
    """Where lines that are as wide as the page begin, from the left; a single one may have slipped."""
    lefts = Counter(round(line.run.left / 3) for line in lines if not line.column and line.run.glyphs[0].text != HOLE)
    return sorted(3.0 * place for place in lefts if lefts[place] + lefts[place + 1] > 1) or [0.0]


def _set_edges(lines: Sequence[_Line], width: float, margins: Sequence[float]) -> None:
    """Give each line the edges of the text around it: of its column, or of all pages."""
    for column in {line.column for line in lines}:
        own = [line for line in lines if line.column == column]
        left = min(line.run.left for line in own) if column else margins[0]
        right = max(0.0 if column else 0.75 * width, *map(_reach, own))
        body = median(line.run.size for line in own)
        seen = [line for line in own if line.run.text.strip(HOLE)]
        gaps = Counter(round(b.run.bottom - a.run.bottom) for a, b in pairwise(seen))
        pitch = min((gap for gap in gaps if gap >= body and gaps[gap] + gaps[gap + 1] > 1), default=0)
        for line in own:
            line.left, line.right, line.body, line.pitch = left, right, body, pitch


def _reach(line: _Line) -> float:
    """How far a line goes to the right; a mark at its end may hang beyond the margin, and so may what lies over it."""
    last = _last(line)
    return 0.0 if last is None else last.left if _MARKS.match(last.text) else last.right


def _end(line: _Line) -> float:
    """Where the last character of a line that was read ends."""
    last = _last(line)
    return last.right if last else line.run.left


def _last(line: _Line) -> Glyph | None:
    return next((glyph for glyph in reversed(line.run.glyphs) if glyph.text != HOLE), None)


def _loose(lines: list[_Line]) -> tuple[list[_Line], list[Loose]]:
    """The lines without those of tables that have no borders, and these tables."""
    wide = [len(line.run.split(0.8 * line.run.size)) for line in lines]
    dense = [i for i, pieces in enumerate(wide) if pieces >= 5 and not lines[i].column]
    groups: list[list[int]] = []
    for i in dense:
        if groups and i - groups[-1][-1] <= _BETWEEN and not any(map(_stands_alone, lines[groups[-1][-1] + 1 : i])):
            groups[-1].append(i)
        else:
            groups.append([i])
    gone: set[int] = set()
    tables = []
    for group in groups:
        if len(group) > 1 and any(_row_of_figures(lines[i].run) for i in group):
            first, last = group[0], group[-1]
            while first and _belongs(lines[first - 1], lines[first], wide[first - 1]):
                first -= 1
            while last + 1 < len(lines) and _belongs(lines[last + 1], lines[last], wide[last + 1]):
                last += 1
            gone.update(range(first, last + 1))
            tables.append(Loose(lines[first].page, lines[first].number, lines[first].top))
    return [line for i, line in enumerate(lines) if i not in gone], tables


def _stands_alone(line: _Line) -> bool:
    """A heading or a paragraph: longer than the first label of a row, and from the margin on."""
    size = line.run.size
    parted = len(line.run.split(0.8 * size)) > 1
    return not parted and line.run.left - line.left <= 3 * size and line.run.right - line.run.left > 5.5 * size


def _row_of_figures(run: Run) -> bool:
    return sum(bool(_FIGURES.fullmatch(piece.text)) for piece in run.split(0.8 * run.size)) >= 3


def _belongs(line: _Line, near: _Line, pieces: int) -> bool:
    """Whether a line beside a table without borders is one more of it: parted like it, or in the middle of the page."""
    size = line.run.size
    close = abs(line.run.top - near.run.top) < 2.5 * size
    return close and (pieces > 1 or line.run.left - line.left > 3 * size)


def _in_order(lines: Sequence[_Line], others: Sequence[T | Picture | Loose]) -> Iterator[_Line | T | Picture | Loose]:
    both: list[_Line | T | Picture | Loose] = [*lines, *others]
    yield from sorted(both, key=lambda item: item.top)


def _paragraphs(lines: Iterable[_Line]) -> Iterator[Text]:
    """Lines joined to paragraphs: a full line goes on in one of the same size that is not indented."""
    joined: list[_Line] = []
    for line in lines:
        if joined and not _continues(joined[-1], line):
            yield _text(joined)
            joined = []
        joined.append(line)
    if joined:
        yield _text(joined)


def _text(lines: Sequence[_Line]) -> Text:
    unsure = any(glyph.unsure for line in lines for glyph in line.run.glyphs)
    mixed = any(line.mixed for line in lines)
    return Text("".join(line.run.text for line in lines), lines[0].page, lines[0].number, unsure or mixed, mixed)


def _continues(above: _Line, line: _Line) -> bool:
    """Whether a line goes on in the next: it had no room for the next word, and the next begins at the margin.

    A title goes on in the middle of the next line.
    """
    size = above.run.size
    if abs(size - line.run.size) > 0.15 * size or above.right - _end(above) > 0.6 * size + _first_word(line.run):
        return False
    pitch = 1.3 * line.pitch * max(1.0, size / line.body)
    if pitch and line.page == above.page and line.run.bottom - above.run.bottom > pitch + 1.0:
        return False  # paragraphs set apart
    if (line.column and _LABEL.match(line.run.text)) or _BRACKETED.fullmatch(above.run.text):
        return False
    white = 0.6 if line.run.text.startswith(_OPENING) else 0.0  # of a wide bracket, where a scan shows its ink alone
    if line.run.left - line.left <= (0.6 + white) * size:
        return above.run.left - above.left <= 2.6 * size
    return size > 1.2 * above.body and _centred(above) and _centred(line)


def _centred(line: _Line) -> bool:
    return abs((line.run.left - line.left) - (line.right - line.run.right)) <= line.run.size


def _first_word(run: Run) -> float:
    """How wide the first piece is that may not be broken: a Latin word or number, and the mark after it."""
    end = run.left
    for at, glyph in enumerate(run.glyphs):
        if glyph.text >= "\u2e80" and at and not (_MARKS.match(glyph.text)):
            break
        end = glyph.right
        if at and glyph.text >= "\u2e80":
            break
    return end - run.left
