"""One picture of a page -> its words with their places and its ruling lines (extra ``ocr``).

Only ``scan`` imports this module, and only when there is something to recognise: OpenCV and the models are heavy.
Inside a table each cell is recognised by itself, so that a word cannot slip into its neighbour. What looks like a
figure is recognised twice, at two scales, and counts only when both readings agree; ink that gives no text is
``unsure``, never blank.
"""

from __future__ import annotations

import cv2
import numpy as np

from checker.read.paper.ocr import models
from checker.read.paper.ocr.keystone import squared
from checker.read.paper.ocr.models import Reading
from checker.read.paper.ocr.picture import DPI, Clock, Picture, cleaned, ink_of, lit, sized, slope, turned
from checker.read.paper.ocr.rulings import ruled, strokes, thin
from checker.read.paper.ocr.shades import Ground
from checker.read.paper.ocr.words import Sheet, scaled
from checker.read.paper.page import Page

__all__ = ["DPI", "Picture", "Reading", "page_of"]


def page_of(picture: Picture, width: float, seconds: float) -> Page:
    """The words and lines of an RGB picture of a page that is ``width`` points wide.

    Raises Unreadable ``timeout`` when it takes longer than ``seconds``, see ``Clock``.
    """
    clock = Clock(seconds)
    grey, seals = cleaned(lit(sized(picture, width)))
    turns = quarters(grey, clock)
    grey, seals = np.ascontiguousarray(np.rot90(grey, turns)), np.ascontiguousarray(np.rot90(seals, turns))
    angle = slope(grey)
    grey, seals = turned(grey, angle, int(np.percentile(grey, 90))), turned(seals, angle, 0)
    grey, seals = squared(grey, seals)
    ink, ground = ink_of(grey), Ground(grey)
    flat, steep = ruled(thin(ink, grey, ground.level), cv2.bitwise_or(ground.covered(), seals))
    sheet = Sheet(grey, ground, ink, (flat, steep), clock)
    point = 72 / DPI
    return Page(
        grey.shape[1] * point,
        grey.shape[0] * point,
        tuple(scaled(glyph, point) for glyph in (*sheet.in_cells(), *sheet.outside())),
        (*strokes(flat, point), *strokes(steep.T, point, steep=True)),
        scanned=True,
    )


def quarters(grey: Picture, clock: Clock) -> int:
    """By how many quarters to turn the picture so that its text runs from left to right, by its longest lines."""
    turns = 0
    lines = models.lines_in(grey[: 2 * models.TALLEST], 4)
    if sum(box.height - box.width for box in lines) > 0:
        turns = 1
        grey = np.ascontiguousarray(np.rot90(grey))
        lines = models.lines_in(grey[: 2 * models.TALLEST], 4)
    clock.check()
    longest = sorted(lines, key=lambda box: -box.width)[:3]
    seen = [cv2.cvtColor(line.of(grey)[:, : 12 * line.height], cv2.COLOR_GRAY2RGB) for line in longest]
    upright = models.recognised(seen)
    if sum(reading.certainty for reading in upright) >= 0.8 * len(upright):
        return turns
    over = models.recognised([np.ascontiguousarray(np.rot90(piece, 2)) for piece in seen])
    better = sum(reading.certainty for reading in over) > sum(reading.certainty for reading in upright)
    return turns + 2 if better else turns
