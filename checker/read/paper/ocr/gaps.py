"""What of a doubtful line of prose is known: its certain characters where they stand, and a HOLE for each other one.

A line is as long as its characters, so what a seal hides of it can be counted, though nobody can read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from checker.model import ANY, HOLE
from checker.read.paper.ocr.models import Reading
from checker.read.paper.ocr.picture import Box, Picture
from checker.read.paper.page import Glyph

_SURE, _FAINT = 0.9, 0.5  #: what is less certain of a letter or digit, of a sign, is not known
_TOUCHED = 0.98  #: nor what is less certain and in one piece with what lies over the line
_ROUND = 0.5  #: of a character; what is missing may be a little narrower than one, or wider
_BRACKETS = "（）()"  #: by which a heading is known; nothing else looks like one
_INDENT = 3.5  #: heights of a line from the margin at which a line of text begins at most


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A line that is not certain, and the ``tight`` bounds of its ink.

    ``figures``: its digits are certain; ``over``: the bounds of what lies over it or beside it.
    """

    line: Box
    tight: Box
    reading: Reading
    figures: bool
    over: Sequence[Box]


def known(doubtful: Sequence[Doubtful], lines: Sequence[Box], usual: float, tall: Picture) -> Iterator[Glyph]:
    """The characters of doubtful lines, all unsure; ``lines``: all of the page, ``usual``: height of a character.

    ``tall``: 255 where ink is part of something too high for a line.
    """
    pitch = _pitch(doubtful) or 1.1 * usual or max((one.line.height for one in doubtful), default=1)
    for one in doubtful:
        left, right = _hidden(one, lines)
        signs = _signs(one, pitch, tall)
        top, bottom = one.tight.top, one.tight.bottom
        if one.line.left < _begins(lines, usual) and all(sign == HOLE for sign, _, _ in signs):
            yield from _holes(ANY, Box(int(left), top, int(right), bottom))
            continue
        row = [("", left, left), *signs, ("", right, right)]
        for (_, _, end), (sign, begin, after) in pairwise(row):
            gap = Box(int(end - pitch), top, int(begin + pitch), bottom)
            count = int((begin - end) / pitch + _ROUND) if any(gap.meets(over) for over in one.over) else 0
            yield from _holes(count, Box(int(end), top, int(begin), bottom))
            if sign:
                yield Glyph(sign, begin, top, after, bottom, True)


def _signs(one: Doubtful, pitch: float, tall: Picture) -> list[tuple[str, float, float]]:
    """The characters that were seen, with the left and right side of each; one at least is a HOLE."""
    found = []
    signs = one.reading.signs or ((HOLE, 0.5, 0.0),)
    least = min(signs, key=lambda each: (not each[0].isalnum(), each[2]))
    for each in signs:
        sign, share, certainty = each
        middle, half = one.line.left + share * one.line.width, (pitch if sign >= "\u2e80" else pitch / 2) / 2
        own = tall[one.tight.top : one.tight.bottom, max(round(middle - half), 0) : max(round(middle + half), 0)]
        enough = _TOUCHED if own.any() else _SURE if sign.isalnum() else _FAINT
        sure = certainty >= enough or (sign in _BRACKETS and not own.any())
        known = sure and each is not least and (one.figures or not sign.isdigit())
        found.append((sign if known else HOLE, middle - half, middle + half))
    return found


def _pitch(doubtful: Sequence[Doubtful]) -> float:
    """How far one Chinese character stands from the next; 0 where there are none."""
    steps = [
        (after - before) * one.line.width
        for one in doubtful
        for (sign, before, _), (other, after, _) in pairwise(one.reading.signs)
        if min(sign, other) >= "\u3400"
    ]
    return float(np.median(steps)) if steps else 0.0


def _hidden(one: Doubtful, lines: Sequence[Box]) -> tuple[float, float]:
    """From where to where the line may go on below what lies over it, up to the next line in its row, or the margin."""
    line, middle = one.line, (one.line.top + one.line.bottom) / 2
    row = [other for other in lines if other.top < middle < other.bottom]
    first, last = min(other.left for other in lines), max(other.right for other in lines)
    left = max(min([line.left, *(over.left for over in one.over)]), first)
    right = min(max([line.right, *(over.right for over in one.over)]), last)
    left = max([left, *(other.right for other in row if other.right <= line.left)])
    right = min([right, *(other.left for other in row if other.left >= line.right)])
    return left, right


def free(seals: Sequence[Box], blots: Sequence[Box], printed: Sequence[Box], usual: float) -> Iterator[Glyph]:
    """Holes where a whole line may stand below a seal or another blot: in rows without a line that goes on beside it.

    A line of text begins at the margin and would be seen there: a round seal that does not reach so far to the left
    hides at most a line that is set to the right, as a signature is, below the last line of text.
    """
    begins = _begins(printed, usual)
    last = max([line.bottom for line in printed if line.left < begins], default=0)
    for box in (*seals, *blots):
        aside = bool(printed) and box in seals and box.left > begins
        for top, bottom in _rows(box, printed):
            if bottom - top >= usual and not (aside and bottom <= last):
                count = min(int(box.width / max(usual, 1.0)) + 1, ANY - 1) if aside else ANY
                first = int(top + bottom - usual) // 2
                yield from _holes(count, Box(box.left, first, box.right, first + int(usual)))


def _begins(lines: Sequence[Box], usual: float) -> float:
    """Left of which a line of text begins: near the margin."""
    return float(np.percentile([line.left for line in lines], 10)) + _INDENT * usual if lines else 0.0


def _holes(count: int, box: Box) -> Iterator[Glyph]:
    """So many holes side by side."""
    for at in range(count):
        step = box.width / count
        yield Glyph(HOLE, box.left + at * step, box.top, box.left + (at + 1) * step, box.bottom, True)


def _rows(box: Box, printed: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """The strips of a box in which no line is printed that goes on beside it, from top to bottom."""
    top = box.top
    for line in sorted(printed, key=lambda line: line.top):
        beside = line.left < box.left or line.right > box.right
        if beside and line.top < box.bottom and line.bottom > box.top:
            yield top, line.top
            top = max(top, line.bottom)
    yield top, box.bottom
