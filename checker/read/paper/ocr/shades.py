"""What is no paper: a picture, a patch, a stamp in a cell, told from rows and columns that are printed on a shade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from checker.read.paper.ocr.picture import Box, Picture, blobs

_SOLID = 13  #: pixels; no ruling line and no stroke of a character in a table is as thick
_LARGE = 31  #: pixels; no character in a table is as large
_PALE = 4  #: levels of grey by which a shade differs from paper at least
_MARKED = 50  #: levels; between the strokes of a blurred figure the ground seems darker by half of that at most
_EVEN = 10  #: levels by which one shade may differ from itself
_LEAST = 10  #: pixels; what is smaller in either direction is dirt
_RIM = 6  #: pixels around a cell where its ruling line and the edge of its shade lie
_NEAR = 4  #: pixels around a line of text where its blur lies
_WHOLE, _MOST = 0.97, 0.6  #: shares that count as all, and as most


class Ground:
    """A page without its lines and words: paper, and what is darker than that.

    ``level`` is how bright the ground is at each pixel, ``dark`` is 255 where it is no paper.
    """

    def __init__(self, grey: Picture) -> None:
        smooth = cv2.GaussianBlur(grey, (3, 3), 0)
        self.level = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((_SOLID, _SOLID), np.uint8))
        self.dark = np.where(self.level < np.percentile(self.level, 60) - _PALE, 255, 0).astype(np.uint8)

    def covered(self) -> Picture:
        """255 where something lies over the paper that is larger than any character, and a little around it."""
        large = cv2.morphologyEx(self.dark, cv2.MORPH_OPEN, np.ones((_LARGE, _LARGE), np.uint8))
        return cv2.dilate(large, np.ones((9, 9), np.uint8))

    def strange(self, table: Box, cells: Sequence[Box], clear: Sequence[Box]) -> Iterator[Box]:
        """The places of a table that are no paper, nor a shade on which words were read: ``clear`` are their lines.

        Anything may stand there, or have stood there.
        """
        words = np.zeros(self.dark.shape, bool)
        for line in clear:
            line.grown(_NEAR).of(words)[:] = True
        dark = np.where(words, 0, self.dark)
        for place in (*cells, table) if table.of(dark).any() else ():  # what is left in the table lies over its lines
            if place == table or not self._is_ground(place, table, clear, words):
                solid = cv2.morphologyEx(place.of(dark), cv2.MORPH_OPEN, np.ones((_LEAST, _LEAST), np.uint8))
                yield from (box.moved(place.left, place.top) for box in blobs(solid, 1, 1))
            place.grown(_RIM).of(dark)[:] = 0

    def _is_ground(self, cell: Box, table: Box, clear: Sequence[Box], words: Picture) -> bool:
        """Whether a cell has one shade all over, and words stand on it, there or in most of its row or column.

        Below words the shade cannot be seen.
        """
        inner, table = cell.grown(-_RIM), table.grown(-_RIM)
        if inner.width < 1 or inner.height < 1 or not inner.of(self.dark).any():
            return False
        row = Box(table.left, inner.top, table.right, inner.bottom)
        column = Box(inner.left, table.top, inner.right, table.bottom)
        shade = float(np.median(inner.of(self.level)))
        like = {place: self._like(place, shade) | place.of(words) for place in (inner, row, column)}
        return like[inner].mean() >= _WHOLE and any(
            like[place].mean() >= _MOST and any(self._like(line, shade).any() for line in clear if line.meets(place))
            for place in like
        )

    def plain(self, line: Box, label: bool) -> bool:
        """Whether nothing stands in a line but thin strokes, as of a figure; a character of a label may be dense."""
        level = line.of(self.level)
        solid: Picture = (level < float(level.max()) - _MARKED).astype(np.uint8)
        if label:
            solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((_LARGE, _LARGE), np.uint8))
        return not solid.any()

    def _like(self, place: Box, shade: float) -> Picture:
        """Where a place is dark and has that shade."""
        return np.asarray((place.of(self.dark) > 0) & (np.abs(place.of(self.level) - shade) <= _EVEN))
