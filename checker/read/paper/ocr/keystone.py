"""A page that a camera saw from above or below is wider at one end: its margins made upright again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from checker.read.paper.ocr.picture import Picture, ink_of, tall

_BAND = 20  #: pixels; of a page one band below the other, in each of which the print begins and ends somewhere
_PRINT = 12  #: pixels; what is less high is dirt, or a mark
_LEAN = np.arange(-0.06, 0.0601, 0.002)  #: how far a margin may lean, in its width per height
_UPRIGHT = 0.007  #: what leans no more than that may stand upright: a table begins a little left of the text
_NEAR = 4  #: pixels from a margin that print may begin
_LEAST, _SHARE = 12, 0.3  #: bands that a margin needs, and of all that have print


def squared(*pictures: Picture) -> tuple[Picture, ...]:
    """A grey page, and masks of the same size, with upright margins; unchanged where they are, or are not seen.

    The rows lie flat already, so that one margin leans to the left and the other to the right.
    """
    page = pictures[0]
    height, width = page.shape
    sides = _sides(page)
    if sides is None or sides[0][1] * sides[1][1] >= 0 or min(abs(lean) for _, lean in sides) < _UPRIGHT:
        return pictures
    if sum(abs(lean) for _, lean in sides) < 3 * _UPRIGHT:
        return pictures
    ends = [(at, at + lean * height) for at, lean in sides]
    (left, low), (right, far) = ends
    seen = np.array([(left, 0), (right, 0), (far, height), (low, height)], np.float32)
    first, last = (left + low) / 2, (right + far) / 2
    wanted = np.array([(first, 0), (last, 0), (last, height), (first, height)], np.float32)
    turn = cv2.getPerspectiveTransform(seen, wanted)
    grounds = (int(np.percentile(page, 90)), *(0 for _ in pictures[1:]))
    return tuple(
        np.asarray(cv2.warpPerspective(each, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=ground))
        for each, ground in zip(pictures, grounds, strict=True)
    )


def _sides(page: Picture) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Where the left and the right margin begin at the top, and how far they lean; None where one is not seen."""
    ink = tall(ink_of(page), _PRINT) > 0
    bands = [(top + _BAND / 2, np.flatnonzero(ink[top : top + _BAND].any(axis=0))) for top in range(0, len(ink), _BAND)]
    printed = [(y, columns[0], columns[-1]) for y, columns in bands if len(columns)]
    if len(printed) < _LEAST:
        return None
    y, first, last = np.array(printed, float).T
    left, right = _margin(y, first), _margin(y, last)
    return (left, right) if left and right else None


def _margin(y: NDArray[np.float64], x: NDArray[np.float64]) -> tuple[float, float] | None:
    """The line on which most print begins, or ends: x at the top and its lean. None where that is little of all."""

    def near(lean: float) -> NDArray[np.bool_]:
        at = x - lean * y
        best = max(at, key=lambda place: np.count_nonzero(np.abs(at - place) < _NEAR))
        return np.asarray(np.abs(at - best) < _NEAR)

    inside = max(map(near, _LEAN), key=np.count_nonzero)
    if np.count_nonzero(inside) < max(_LEAST, _SHARE * len(x)):
        return None
    lean, at = np.polyfit(y[inside], x[inside], 1)
    return float(at), float(lean)
