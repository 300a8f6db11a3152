"""Stretches of a Word text: found for a place of the report, and cut out of their runs.

A stretch lies between two characters of printed words. Where it lies inside something that cannot be cut (a text box,
a formula, ruby), what stands for it in the paragraph's own line is taken as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.extract.opened import origins
from checker.model import Paragraph, Table, Where

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from checker.read import Traced
    from checker.read.office.docx import Printed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMED = {"w": W[1:-1]}  #: what a new element is called; in the tree it takes the name that its neighbours have
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_P, _R, _T, _R_PR = W + "p", W + "r", W + "t", W + "rPr"
#: what may hold runs and marks between them
_WRAPPERS = frozenset(
    W + name
    for name in ("hyperlink", "ins", "moveTo", "sdt", "sdtContent", "fldSimple", "smartTag", "customXml", "dir", "bdo")
)
_BLANKS = " \t\r\n"
_CELL_BLANKS = " \t\r\n\u3000\xa0"


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` characters into the element ``first`` to ``end`` characters into ``last``.

    Of an empty paragraph both are the paragraph itself.
    """

    first: Element
    start: int
    last: Element
    end: int


# --- found ------------------------------------------------------------------------------------------------------------


class Places:
    """Where the places of a report stand in its Word file."""

    def __init__(self, traced: Traced) -> None:
        self._blocks, self._sources = traced.document.blocks, traced.sources
        self._numbers = origins(traced.document)

    def find(self, where: Where) -> Span | None:
        """The words, the cell or the paragraph of a place; None when nothing in the text stands for it."""
        if where.block is None or not 0 <= where.block < len(self._numbers):
            return None
        number = self._numbers[where.block]
        block, source = self._blocks[number], self._sources[number]
        if isinstance(block, Paragraph) and source.printed:
            start = _at(block.text, where)
            if start is None:
                return whole(source.printed, source.start, source.start + len(block.text))
            return whole(source.printed, source.start + start, source.start + start + len(where.quote or ""))
        if isinstance(block, Table) and source.cells:
            row, column = where.cell or self._holding(block, where)
            return self.cell(number, row, column) or self.cell(number, 0, 0)
        return None

    def cell(self, number: int, row: int, column: int) -> Span | None:
        """All that is printed in a cell, or its first paragraph when that is nothing."""
        cells = self._sources[number].cells
        if not (row < len(cells) and column < len(cells[row]) and (found := cells[row][column])):
            return None
        element, paragraphs = found
        spans = [span for printed in paragraphs if (span := whole(printed, 0, len(printed.text)))]
        if spans:
            return Span(spans[0].first, spans[0].start, spans[-1].last, spans[-1].end)
        empty = element.find(f".//{_P}")
        return None if empty is None else Span(empty, 0, empty, 0)

    def within(self, where: Where, start: int, end: int) -> Span | None:
        """Characters start:end of the wording at a place; None where they do not stand there, or not in one paragraph.

        Of a cell without words, its first paragraph.
        """
        if where.block is None or not 0 <= where.block < len(self._numbers):
            return None
        number = self._numbers[where.block]
        block, source = self._blocks[number], self._sources[number]
        if isinstance(block, Paragraph):
            exact = where.start is not None and block.text.startswith(where.quote or "?", where.start)
            first = source.start + (where.start or 0)
            return _exact(source.printed, first + start, first + end) if exact and source.printed else None
        if where.cell is None or not (found := source.cells[where.cell[0]][where.cell[1]]):
            return None
        filled = [printed for printed in found[1] if printed.text.strip(_CELL_BLANKS)]
        if not filled:
            return self.cell(number, *where.cell) if start == end == 0 else None
        lead = len(filled[0].text) - len(filled[0].text.lstrip(_CELL_BLANKS))
        return _exact(filled[0], lead + start, lead + end) if len(filled) == 1 else None

    def _holding(self, table: Table, where: Where) -> tuple[int, int]:
        """The first cell that holds the quote: of a table whose rows are parts of the report; else the first of all."""
        cells = ((at, across) for at, row in enumerate(table.rows) for across, cell in enumerate(row)
                 if where.quote and where.quote in cell.text)  # fmt: skip
        return next(cells, (0, 0))


def _at(text: str, where: Where) -> int | None:
    """Where the quote stands in the text of its block: as noted, or where it stands only once."""
    quote = where.quote
    if not quote:
        return None
    if where.start is not None and text.startswith(quote, where.start):
        return where.start
    at = text.find(quote)
    return at if at >= 0 and text.find(quote, at + 1) < 0 else None


def _exact(printed: Printed, start: int, end: int) -> Span | None:
    """The stretch start:end, when all of it is written in the paragraph."""
    label = len(printed.pieces[0][0]) if printed.pieces and printed.pieces[0][1] is None else 0
    return whole(printed, start, end) if label <= start < end <= len(printed.text) else None


def whole(printed: Printed, start: int, end: int) -> Span | None:
    """The stretch start:end of a printed paragraph; of an automatic number the first words after it."""
    at, found = 0, []
    pieces = list(printed.pieces)
    if pieces and pieces[0][1] is None:
        numbered = len(pieces[0][0])
        start, end = (start, end) if end > numbered else (numbered, numbered + len(pieces[1][0]) if pieces[1:] else 0)
    for text, element in pieces:
        if element is not None and text and at < end and at + len(text) > start:
            found.append((element, max(start - at, 0), min(end - at, len(text))))
        at += len(text)
    if not found:
        return Span(printed.paragraph, 0, printed.paragraph, 0) if printed.paragraph.tag == _P else None
    return Span(found[0][0], found[0][1], found[-1][0], found[-1][2])


# --- cut --------------------------------------------------------------------------------------------------------------


def holder(element: Element) -> Element:
    """What stands for an element in the line of its outermost paragraph: marks may be set before and after it."""
    path = [element, *element.iterancestors()]
    outer = max((at for at, each in enumerate(path) if each.tag == _P), default=0)
    at = outer - 1 if outer else 0
    while at > 0 and path[at].tag in _WRAPPERS:
        at -= 1
    return path[at]


def is_plain(element: Element) -> bool:
    """Whether an element stands directly in a run of its paragraph's own line."""
    run = element.getparent()
    return run is not None and run.tag == _R and holder(element) is run


class Cuts:
    """The runs of a text, cut at both ends of every span."""

    def __init__(self, spans: Iterable[Span]) -> None:
        wanted: dict[Element, set[int]] = {}
        for span in spans:
            wanted.setdefault(span.first, set()).add(span.start)
            wanted.setdefault(span.last, set()).add(span.end)
        self._parts = {element: list(_cut(element, offsets)) for element, offsets in wanted.items()}

    def first(self, span: Span) -> Element:
        """The element in front of which the span begins."""
        return holder([part for at, part in self._parts[span.first] if at <= span.start][-1])

    def last(self, span: Span) -> Element:
        """The element behind which the span ends."""
        return holder([part for at, part in self._parts[span.last] if at < max(span.end, 1)][-1])


def _cut(element: Element, offsets: set[int]) -> Iterator[tuple[int, Element]]:
    """Cuts the run of an element at these offsets; the elements that its words stand in now, each with its offset."""
    found = []
    if is_plain(element):
        words = _length(element)
        for offset in sorted(offsets, reverse=True):
            if offset >= words:
                _split(element.getnext())
            elif offset == 0:
                _split(element)
            elif element.tag == _T:
                found.append((offset, _halved(element, offset)))
    yield 0, element
    yield from reversed(found)


def _length(element: Element) -> int:
    """The characters that an element prints; of a tab and the like one."""
    return len(_words(element)) if element.tag == _T else 1


def _words(text: Element) -> str:
    """The words of a text element as they are printed."""
    return text.text or "" if text.get(SPACE) else (text.text or "").strip(_BLANKS)


def _halved(text: Element, offset: int) -> Element:
    """Cuts a text element in two, and its run with it; the second half."""
    words = _words(text)
    other = text.makeelement(_T, nsmap=NAMED)
    for half, said in ((text, words[:offset]), (other, words[offset:])):
        half.text = said
        if said != said.strip(_BLANKS):
            half.set(SPACE, "preserve")
    text.addnext(other)
    _split(other)
    return other


def _split(child: Element | None) -> None:
    """Cuts a run in front of one of its children, unless nothing stands before it."""
    run = None if child is None else child.getparent()
    if child is None or run is None or all(each.tag == _R_PR for each in child.itersiblings(preceding=True)):
        return
    other = run.makeelement(_R, nsmap=NAMED)
    for key, value in run.attrib.items():
        other.set(key, value)
    properties = run.find(_R_PR)
    if properties is not None:
        other.append(deepcopy(properties))
    for each in [child, *child.itersiblings()]:
        other.append(each)
    run.addnext(other)


def runs_between(first: Element, last: Element) -> Sequence[Element]:
    """The siblings from ``first`` to ``last``; nothing when they are no siblings."""
    found = [first, *first.itersiblings()]
    return found[: found.index(last) + 1] if last in found else ()
