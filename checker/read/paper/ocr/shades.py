"""What is no paper in a table: a picture, a patch, a stamp in a cell, told from rows and columns printed on a shade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from checker.read.paper.ocr.picture import Box, Picture, blobs

_PALE = 6  #: levels of grey by which a shade differs from paper at least
_EVEN = 10  #: levels by which one shade may differ from itself
_LEAST = 10  #: pixels; what is smaller in either direction is dirt
_LARGE = 31  #: pixels; no character of a table is as large
_RIM = 6  #: pixels around a cell where its ruling line and the edge of its shade lie
_NEAR = 4  #: pixels around a line where its blur lies
_WHOLE = 0.97  #: a share that counts as all


def hidden_in(ground: Picture, paper: int) -> Picture:
    """255 where something lies over the paper that is larger than any character of a table, and a little around it."""
    dark = cv2.compare(ground, paper - _PALE, cv2.CMP_LT)
    large = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_LARGE, _LARGE), np.uint8))
    return cv2.dilate(large, np.ones((9, 9), np.uint8))


class Shades:
    """The ground of a table where it is darker than paper; where words were read for certain it cannot be seen."""

    def __init__(self, table: Box, ground: Picture, paper: int, clear: Sequence[Box]) -> None:
        self.table, self.ground, self.clear = table, ground, clear
        self.words = np.zeros(ground.shape, bool)
        for line in clear:
            line.grown(_NEAR).of(self.words)[:] = True
        self.dark = (ground < paper - _PALE) & ~self.words

    def unread(self, cells: Sequence[Box]) -> Iterator[Box]:
        """The places that are no paper, nor a shade on which words were read: anything may stand, or have stood there."""
        strange = self.dark.astype(np.uint8)
        for cell in cells if self.table.of(strange).any() else ():
            if cell.of(self.dark).any() and self._is_ground(cell):
                cell.grown(_RIM).of(strange)[:] = 0
        for box in blobs(self.table.of(strange), _LEAST, _LEAST):
            yield box.moved(self.table.left, self.table.top)

    def _is_ground(self, cell: Box) -> bool:
        """Whether a cell has one shade all over, and words stand on it there, in its row or in its column.

        A shaded row or column is one from end to end.
        """
        inner, table = cell.grown(-_RIM), self.table.grown(-_RIM)
        if inner.width < 1 or inner.height < 1:
            return False
        level = float(np.median(inner.of(self.ground)))
        row = Box(table.left, inner.top, table.right, inner.bottom)
        column = Box(inner.left, table.top, inner.right, table.bottom)
        return any(
            self._even(place, level) and any(place.meets(line) for line in self.clear)
            for place in (inner, row, column)
        )

    def _even(self, place: Box, level: float) -> bool:
        """Whether a place is dark and of one shade."""
        one = place.of(self.dark) & (np.abs(place.of(self.ground) - level) <= _EVEN)
        return float((one | place.of(self.words)).mean()) >= _WHOLE
