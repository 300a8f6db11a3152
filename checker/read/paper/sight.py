"""What of the text of a PDF or an OFD page cannot be seen, and what lies below it as a watermark."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

Box = tuple[float, float, float, float]  #: left, top, right, bottom on the page as it is seen

_LARGE = 2.0  #: how often a watermark is as high as other text


class Inked(NamedTuple):
    """A piece of text: where it stands, whether in white, or pale, and how many grounds were painted before it."""

    address: int
    box: Box
    white: bool
    pale: bool
    below: int

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


class Ground(NamedTuple):
    """What is painted: white or of another colour, and whether nothing below it can be seen."""

    box: Box
    white: bool
    solid: bool


def covered(text: Inked, grounds: Sequence[Ground]) -> bool:
    """Whether a piece of text cannot be seen: white on white, or below a patch."""
    left, top, right, bottom = text.box
    x, y = (left + right) / 2, (top + bottom) / 2
    if text.white:
        under = (ground.white for ground in reversed(grounds[: text.below]) if _holds(ground.box, x, y))
        if next(under, True):
            return True
    patches = (ground.box for ground in grounds[text.below :] if ground.solid)
    return any(_holds(box, left + 0.5, top + 0.5) and _holds(box, right - 0.5, bottom - 0.5) for box in patches)


def watermarks(texts: Sequence[Inked]) -> set[int]:
    """The addresses of pieces of text that are pale, much larger than the others, and lie below some of these."""
    others = [text for text in texts if not text.pale]
    if not others or len(others) == len(texts):  # nearly always
        return set()
    least = _LARGE * median(text.height for text in others)
    large = (text for text in texts if text.pale and text.height >= least)
    return {text.address for text in large if any(_meet(text.box, other.box) for other in others)}


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
