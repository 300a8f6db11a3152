"""The ruling lines of a page, and the cells that they enclose."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from checker.read.paper.ocr.picture import WIDTH, Box, Picture, blobs
from checker.read.paper.page import Stroke

_SHORT, _THICK = 20, 12  #: pixels; the least length and the greatest thickness of a ruling line
_PIECE = 150  #: pixels
_OWN = 0.4  #: of what a line is darker than paper, the share that the ground on which it is drawn has not
_DRAWN = 0.97  #: the share of a gap in a line with ink, or covered, that makes the line go on there
_BUSY = 0.2  #: the share of ink right beside a line that is none

Rulings = tuple[Picture, Picture]  #: masks of the horizontal and of the vertical lines


def ruled(ink: Picture, covered: Picture) -> Rulings:
    """Masks of the horizontal and of the vertical ruling lines; ``covered``: where something lies over the paper, or
    a seal did.

    They are longer than any stroke of a heading, or join two lines that run across, as in a table of one row.
    """
    drawn = bridged(ink)
    flat = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((1, WIDTH // 20), np.uint8))
    steep = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((WIDTH // 33, 1), np.uint8))
    steep = cv2.bitwise_or(steep, _joining(drawn, flat))
    flat = cv2.bitwise_or(flat, _joining(drawn.T.copy(), steep.T.copy()).T.copy())
    letters = _letters(flat, steep)
    flat, steep = cv2.bitwise_and(flat, letters), cv2.bitwise_and(steep, letters)
    return _through(flat, ink, covered), _through(steep.T.copy(), ink.T.copy(), covered.T.copy()).T.copy()


def bridged(ink: Picture) -> Picture:
    """The ink with what a scan has broken by a pixel whole again."""
    return cv2.dilate(ink, np.ones((3, 3), np.uint8))


def _through(flat: Picture, ink: Picture, covered: Picture) -> Picture:
    """The lines without those of a picture over the paper, and with what of them it covers.

    Beside a ruling line there is no ink for a few pixels, on whatever shade; one that goes on behind a picture goes on
    below it.
    """
    lines = flat.copy()
    for box in blobs(cv2.bitwise_and(flat, covered), 1, 1):
        above = ink[max(box.top - 8, 0) : max(box.top - 3, 0), box.left : box.right]
        below = ink[box.bottom + 3 : box.bottom + 8, box.left : box.right]
        if np.count_nonzero(above) + np.count_nonzero(below) > _BUSY * (above.size + below.size):
            box.of(lines)[:] = 0
    if not covered.any():
        return lines
    wide = cv2.copyMakeBorder(
        lines, 0, 0, WIDTH // 4, WIDTH // 4, cv2.BORDER_CONSTANT, value=0
    )  # or the edge closes it
    whole = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, WIDTH // 2), np.uint8))
    gaps = cv2.bitwise_and(whole[:, WIDTH // 4 : -(WIDTH // 4)], cv2.bitwise_not(lines))
    lines = cv2.bitwise_or(lines, cv2.bitwise_and(gaps, covered))
    drawn = cv2.bitwise_and(gaps, cv2.bitwise_or(covered, bridged(ink)))
    for gap in blobs(gaps, 1, 1):  # what a seal left of a line may be shorter than any line
        if gap.of(covered).any() and gap.of(drawn).any(axis=0).mean() >= _DRAWN:
            gap.of(lines)[:] |= gap.of(gaps)
    return lines


def thin(ink: Picture, grey: Picture, ground: Picture) -> Picture:
    """The ink that is darker than the ground on both its sides: the edge of a picture or of a shade is no line."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
    return np.where(ground - smooth > _OWN * (float(np.percentile(grey, 90)) - smooth), ink, 0)


def _letters(flat: Picture, steep: Picture) -> Picture:
    """A mask without the lines that are strokes of a large title: a table has two that run across most of it."""
    both = cv2.morphologyEx(cv2.bitwise_or(flat, steep), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    near = cv2.dilate(flat, np.ones((7, 1), np.uint8))  # a line may be a little bent
    kept = np.full_like(both, 255)
    for box in blobs(both, 1, 1):
        across = (box.of(near) > 0).mean(axis=1) > 0.6
        lines = int(across[0]) + int(np.count_nonzero(across[1:] & ~across[:-1]))
        if box.height > WIDTH // 50 and lines < 2:
            box.of(kept)[:] = 0
    return kept


def _joining(ink: Picture, flat: Picture) -> Picture:
    """A mask of the short vertical lines from one horizontal line to another."""
    found = np.zeros_like(ink)
    pieces = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_SHORT, 1), np.uint8))
    near = cv2.dilate(flat, np.ones((3, 1), np.uint8))
    for piece in blobs(pieces, 1, _SHORT):
        ends = near[piece.top, piece.left : piece.right], near[piece.bottom - 1, piece.left : piece.right]
        if piece.width <= _THICK and all(end.any() for end in ends):
            piece.of(found)[:] = piece.of(pieces)
    return found


def strokes(flat: Picture, point: float, steep: bool = False) -> Iterator[Stroke]:
    """The lines of a mask in short pieces, so that a line which is bent or not quite flat keeps its place; ``steep``:
    the mask was laid on its side.
    """
    pieces = flat.copy()
    pieces[:, ::_PIECE] = 0
    for box in blobs(pieces, 1, 1):
        left, top, right, bottom = (side * point for side in (box.left, box.top, box.right, box.bottom))
        yield Stroke(top, left, bottom, right) if steep else Stroke(left, top, right, bottom)


def tables_in(rules: Picture) -> list[tuple[Box, list[Box]]]:
    """The bounds of each table with those of its cells.

    A table is closed all round: a page break may have taken a border.
    """
    found = []
    for table in blobs(rules, 80, 40):
        walls = table.of(rules).copy()
        cv2.rectangle(walls, (0, 0), (table.width - 1, table.height - 1), 255, 2)
        cells = [
            Box(table.left + cell.left, table.top + cell.top, table.left + cell.right, table.top + cell.bottom)
            for cell in blobs(cv2.bitwise_not(walls), 12, 12, 4)
        ]
        if len(cells) > 1:
            found.append((table, cells))
    return found
