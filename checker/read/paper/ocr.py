"""One picture of a page -> its words with their places and its ruling lines (extra ``ocr``).

Only ``scan`` imports this module, and only when there is something to recognise: OpenCV and the models are heavy.
Inside a table each cell is recognised by itself, so that a word cannot slip into its neighbour. What looks like a
figure is recognised twice, at two scales, and counts only when both readings agree; ink that gives no text is
``unsure``, never blank.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import cv2
import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from rapidocr import RapidOCR

from checker.model import Unreadable
from checker.read.paper.page import Glyph, Page, Stroke

Picture = NDArray[Any]  #: height x width x RGB, or height x width of grey or of ink (255 where there is ink)

DPI = 200  #: at which a character of a table is 20 to 30 pixels high
_WIDTH = 1654  #: pixels; A4 at that
_TALLEST = 2600  #: pixels; a taller picture is searched for text in strips
_SHORT, _THICK = 20, 12  #: pixels; the least length and the greatest thickness of a ruling line
_PIECE = 150  #: pixels
_SEAL = (12, 36)  #: millimetres; the radius of a seal
_RIM = 16  #: pixels around a seal that may be its rim
_BLOT = 100  #: pixels; what is as high is no line of text
_SPECK = 6  #: pixels; ink that is smaller in both directions is dirt
_SURE = 0.8  #: a label of which each character is as certain needs no second look
_DEEP = 0.78  #: how dark any mark of a figure must be, as a share of what is usual on its page
_SLANT = 0.17  #: how far a stroke leans that is no 1
_FAINT = 0.5  #: what is less certain is not read, even where two readings agree


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in pixels, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def encloses(self, other: Box) -> bool:
        """Whether the other lies inside and does not touch the edges, as what runs over into the next cell does."""
        return (
            self.left + 1 < other.left
            and self.top + 1 < other.top
            and other.right < self.right - 1
            and other.bottom < self.bottom - 1
        )

    @property
    def area(self) -> int:
        return self.width * self.height

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def of(self, picture: Picture) -> Picture:
        return picture[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of a picture says, and the least certainty of its characters (0..1)."""

    text: str
    certainty: float


def page_of(picture: Picture, width: float, seconds: float) -> Page:
    """The words and lines of an RGB picture of a page that is ``width`` points wide.

    Raises Unreadable ``timeout`` when it takes longer than ``seconds``.
    """
    clock = _Clock(time.monotonic() + seconds)
    grey = _straight(_upright(_cleaned(_lit(_sized(picture, width))), clock))
    ink = _ink(grey)
    flat, steep = _ruled(ink)
    sheet = _Sheet(grey, ink, flat, steep, clock)
    point = 72 / DPI
    return Page(
        grey.shape[1] * point,
        grey.shape[0] * point,
        tuple(_scaled(glyph, point) for glyph in (*sheet.in_cells(), *sheet.outside())),
        (*_strokes(flat, point), *_strokes(steep.T, point, steep=True)),
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    end: float

    def check(self) -> None:
        if time.monotonic() > self.end:
            raise Unreadable(
                "timeout", "识别一页图片用的时间超过了上限，已停止。", "请改用报告的文字版（.docx、.txt 或 .html）。"
            )


# --- the picture ------------------------------------------------------------------------------------------------------


def _sized(picture: Picture, width: float) -> Picture:
    """The picture at the scale where the models read best."""
    factor = width * DPI / 72 / picture.shape[1]
    if 0.95 < factor < 1.05:
        return picture
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=way)


def _lit(picture: Picture) -> Picture:
    """The picture as if the light on it were even: divided by the brightness of the paper around each place."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21).astype(np.float32)
    white = float(np.percentile(paper, 95))
    factor = np.clip(white / np.maximum(paper, 1), 1, 2)
    if factor.max() < 1.05:
        return picture
    light = cv2.resize(cv2.GaussianBlur(factor, (0, 0), 8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(picture * light[..., None], 0, 255).astype(np.uint8)


def _cleaned(picture: Picture) -> Picture:
    """The picture in grey, seals taken out: red ones by their colour, in a grey copy round ones that are no black.

    Only what has a seal's size and shape is taken for one: a title may be red, too.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    ground = float(np.percentile(grey, 90))
    redness = picture[..., 0].astype(np.int16) - np.maximum(picture[..., 1], picture[..., 2])
    red = redness > 40
    least = _WIDTH // 14
    for box in _blobs(cv2.dilate(red.astype(np.uint8), np.ones((15, 15), np.uint8)), least, least):
        if 0.5 < box.width / box.height < 2:
            own = box.of(red)
            share = np.clip(box.of(redness) / np.percentile(box.of(redness)[own], 70), 0, 1).astype(np.float32)
            _take_out(box.of(grey), share, float(np.percentile(box.of(grey)[own], 15)), ground)
    black = float(np.percentile(grey, 1))
    for box in _rings(grey):
        piece = box.of(grey)
        tone = _tone(piece)
        if tone - black > 0.2 * (ground - black):
            flat = cv2.morphologyEx((np.abs(piece - tone) < 25).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
            _take_out(piece, cv2.dilate(flat, np.ones((5, 5))).astype(np.float32), tone - 15, ground)
    return grey


def _take_out(grey: Picture, share: Picture, seal: float, ground: float) -> None:
    """Take a seal as dark as ``seal`` out of a piece of a page, of which each pixel has that share of its ink (0..1).

    A pixel counts by the brightness that paper has below so much ink. Brightness is sharp where the colour of a JPEG
    is not: the strokes below are spared, and no rim is left. Where a stroke hides the seal, what is around it counts.
    """
    around = cv2.dilate(cv2.morphologyEx(share, cv2.MORPH_CLOSE, np.ones((9, 9))), np.ones((5, 5)))
    grey[:] = np.clip(grey / (ground + around * (seal - ground)), 0, 1) * ground


def _rings(grey: Picture) -> list[Box]:
    """The bounds of round seals, and a little around, by their rim."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(small, (3, 3), 0)
    least, most = (round(side * DPI / 25.4 / 4) for side in _SEAL)
    found = cv2.HoughCircles(
        smooth, cv2.HOUGH_GRADIENT_ALT, 1.5, 40, param1=200, param2=0.7, minRadius=least, maxRadius=most
    )
    return [
        Box(*(max(side, 0) for side in (x - r, y - r, x + r, y + r)))
        for x, y, r in (np.round(4 * found[0, :, :3] + (0, 0, _RIM)).astype(int).tolist() if found is not None else ())
    ]


def _tone(seal: Picture) -> float:
    """How bright the rim of a round seal is, in the piece of a page that ``_rings`` gives."""
    height, width = seal.shape
    rim = np.zeros_like(seal)
    cv2.ellipse(rim, (width // 2, height // 2), (width // 2 - _RIM, height // 2 - _RIM), 0, 0, 360, 255, 9)
    return float(np.median(seal[(rim > 0) & (_ink(seal) > 0)]))


def _ink(grey: Picture, contrast: int = 15) -> Picture:
    """255 where something is printed, by the brightness around it."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)  # a median would wipe out the thin strokes of 一
    return cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, 41, contrast)


def _pale(grey: Picture) -> Picture:
    """255 where it is darker than around, be it ever so little more than the grain of the picture."""
    smooth = cv2.GaussianBlur(grey, (5, 5), 0).astype(np.float32)
    darker = cv2.blur(smooth, (41, 41)) - smooth
    grain = 1.5 * float(np.median(np.abs(darker)))
    return np.where(darker > max(5.0, 5 * grain), 255, 0).astype(np.uint8)


def _straight(grey: Picture) -> Picture:
    """The picture turned by up to three degrees so that lines and text lie flat."""
    small = cv2.resize(_ink(grey), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def contrast(angle: float) -> float:
        """How sharply printed rows and the white between them differ."""
        rows = _turned(small, angle, 0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    angle = max(np.arange(-3, 3.01, 0.25), key=contrast)
    angle = max(np.arange(angle - 0.2, angle + 0.21, 0.05), key=contrast)
    return grey if abs(angle) < 0.04 else _turned(grey, angle, int(np.percentile(grey, 90)))


def _upright(grey: Picture, clock: _Clock) -> Picture:
    """The picture turned by quarters so that its text runs from left to right, by a few of its longest lines."""
    lines = _found(grey[: 2 * _TALLEST], 4)
    if sum(box.height - box.width for box in lines) > 0:
        grey = np.ascontiguousarray(np.rot90(grey))
        lines = _found(grey[: 2 * _TALLEST], 4)
    clock.check()
    longest = sorted(lines, key=lambda box: -box.width)[:3]
    seen = [cv2.cvtColor(line.of(grey)[:, : 12 * line.height], cv2.COLOR_GRAY2RGB) for line in longest]
    upright = _recognised(seen)
    if sum(reading.certainty for reading in upright) >= 0.8 * len(upright):
        return grey
    turned = _recognised([np.ascontiguousarray(np.rot90(piece, 2)) for piece in seen])
    better = sum(reading.certainty for reading in turned) > sum(reading.certainty for reading in upright)
    return np.ascontiguousarray(np.rot90(grey, 2)) if better else grey


def _turned(picture: Picture, angle: float, ground: int) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1)
    return cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=ground)


def _blobs(mask: Picture, width: int, height: int, connectivity: int = 8) -> list[Box]:
    """Bounds of the connected parts of ``mask`` of at least this size."""
    stats = cv2.connectedComponentsWithStats(mask, connectivity=connectivity)[2][1:]
    return [
        Box(left, top, left + across, top + down)
        for left, top, across, down in stats[(stats[:, 2] >= width) & (stats[:, 3] >= height), :4].tolist()
    ]


# --- lines and cells --------------------------------------------------------------------------------------------------


def _ruled(ink: Picture) -> tuple[Picture, Picture]:
    """Masks of the horizontal and of the vertical ruling lines.

    They are longer than any stroke of a heading, or join two lines that run across, as in a table of one row.
    """
    bridged = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    flat = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, _WIDTH // 20), np.uint8))
    steep = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((_WIDTH // 33, 1), np.uint8))
    steep = cv2.bitwise_or(steep, _joining(bridged, flat))
    flat = cv2.bitwise_or(flat, _joining(bridged.T.copy(), steep.T.copy()).T.copy())
    letters = _letters(flat, steep)
    return cv2.bitwise_and(flat, letters), cv2.bitwise_and(steep, letters)


def _letters(flat: Picture, steep: Picture) -> Picture:
    """A mask without the lines that are strokes of a large title: a table has two that run across most of it."""
    both = cv2.morphologyEx(cv2.bitwise_or(flat, steep), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    near = cv2.dilate(flat, np.ones((7, 1), np.uint8))  # a line may be a little bent
    kept = np.full_like(both, 255)
    for box in _blobs(both, 1, 1):
        across = (box.of(near) > 0).mean(axis=1) > 0.6
        lines = int(across[0]) + int(np.count_nonzero(across[1:] & ~across[:-1]))
        if box.height > _WIDTH // 50 and lines < 2:
            box.of(kept)[:] = 0
    return kept


def _joining(ink: Picture, flat: Picture) -> Picture:
    """A mask of the short vertical lines from one horizontal line to another."""
    found = np.zeros_like(ink)
    pieces = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_SHORT, 1), np.uint8))
    near = cv2.dilate(flat, np.ones((3, 1), np.uint8))
    for piece in _blobs(pieces, 1, _SHORT):
        ends = near[piece.top, piece.left : piece.right], near[piece.bottom - 1, piece.left : piece.right]
        if piece.width <= _THICK and all(end.any() for end in ends):
            piece.of(found)[:] = piece.of(pieces)
    return found


def _strokes(flat: Picture, point: float, steep: bool = False) -> Iterator[Stroke]:
    """The lines of a mask in short pieces, so that a line which is bent or not quite flat keeps its place; ``steep``:
    the mask was laid on its side.
    """
    pieces = flat.copy()
    pieces[:, ::_PIECE] = 0
    for box in _blobs(pieces, 1, 1):
        left, top, right, bottom = (side * point for side in (box.left, box.top, box.right, box.bottom))
        yield Stroke(top, left, bottom, right) if steep else Stroke(left, top, right, bottom)


def _tables(rules: Picture) -> list[tuple[Box, list[Box]]]:
    """The bounds of each table with those of its cells.

    A table is closed all round: a page break may have taken a border.
    """
    found = []
    for table in _blobs(rules, 80, 40):
        walls = table.of(rules).copy()
        cv2.rectangle(walls, (0, 0), (table.width - 1, table.height - 1), 255, 2)
        cells = [
            Box(table.left + cell.left, table.top + cell.top, table.left + cell.right, table.top + cell.bottom)
            for cell in _blobs(cv2.bitwise_not(walls), 12, 12, 4)
        ]
        if len(cells) > 1:
            found.append((table, cells))
    return found


# --- words ------------------------------------------------------------------------------------------------------------

_FIGURE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: what is written into a cell that has no figure
_EMPTY = re.compile(r"[/\\—–-]+")


class _Sheet:
    """A straight page with its ruling lines, ready to be read."""

    def __init__(self, grey: Picture, ink: Picture, flat: Picture, steep: Picture, clock: _Clock) -> None:
        rules = cv2.morphologyEx(cv2.bitwise_or(flat, steep), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        self.grey, self.clock = grey, clock
        self.ground = int(np.percentile(grey, 90))
        self.ink = cv2.bitwise_and(ink, cv2.bitwise_not(cv2.dilate(rules, np.ones((3, 3), np.uint8))))
        self.pale = cv2.bitwise_and(_pale(grey), cv2.bitwise_not(cv2.dilate(rules, np.ones((7, 7), np.uint8))))
        self.tables = _tables(rules)
        self.seals = _rings(grey)  #: those that are as black as the print
        self.usual = 0.0  #: height of a line outside the tables

    def in_cells(self) -> Iterator[Glyph]:
        """The lines of all cells of all tables."""
        lines: list[tuple[Box, Box]] = []  # a line, and its cell
        for cell, within in ((cell, cells) for _, cells in self.tables for cell in cells):
            own = self.lines(cell, [other for other in within if other.area < cell.area and other.meets(cell)])
            lines += ((line, cell) for line in own)
            if not own:
                yield from self.traces(cell)
        usual = float(np.median([depth for line, _ in lines for depth in self.depths(line)])) if lines else 0.0
        for (line, cell), (reading, sure) in zip(lines, self.certain([line for line, _ in lines]), strict=True):
            if not _is_label(reading.text):
                deep = min(self.depths(line), default=0.0) >= _DEEP * usual
                sure = (
                    sure and deep and cell.encloses(line) and not self.sealed(line) and self.stands(line, reading.text)
                )
            yield Glyph(reading.text, line.left, line.top, line.right, line.bottom, not sure)

    def certain(self, lines: Sequence[Box]) -> list[tuple[Reading, bool]]:
        """What stands in each line of a cell, and whether that is certain: a clear label, or two readings that agree.

        Where the first two differ, the third sees thin strokes that the scan has broken as whole again.
        """
        found = [[reading] for reading in self.read(lines, 0.25, 0.4)]
        doubtful = [at for at, (one,) in enumerate(found) if one.certainty < _SURE or not _is_label(one.text)]
        for above, beside, blur in ((0.5, 0.9, 0.0), (0.35, 0.65, 1.0)):
            again = self.read([lines[at] for at in doubtful], above, beside, blur)
            for at, reading in zip(doubtful, again, strict=True):
                found[at].append(reading)
            doubtful = [at for at in doubtful if not _agreed(found[at])]
        return [(_agreed(readings) or readings[0], at not in doubtful) for at, readings in enumerate(found)]

    def stands(self, line: Box, text: str) -> bool:
        """Whether each 1 or 7 of a figure is upright, and each stroke for none slants: the models take / for 1."""
        marks = sorted(self.marks(line), key=lambda mark: mark.left)
        if len(marks) != len(text):
            return True
        slants = [_slant(mark.of(line.of(self.ink))) for mark in marks]
        return all(
            abs(slant) < _SLANT if sign in "17" else abs(slant) > _SLANT or sign not in "/\\"
            for sign, slant in zip(text, slants, strict=True)
        )

    def marks(self, line: Box) -> list[Box]:
        """The pieces of ink in a line, within its bounds, without dirt."""
        return [mark for mark in _blobs(line.of(self.ink), 1, 1) if max(mark.width, mark.height) >= _SPECK]

    def sealed(self, line: Box) -> bool:
        """Whether a seal lies over a line that nobody can tell from the print."""
        return any(line.meets(seal) for seal in self.seals)

    def traces(self, cell: Box) -> Iterator[Glyph]:
        """What is too pale to be read in a cell without ink: it may be a figure all the same."""
        for box in _blobs(cell.of(self.pale), 3, 10):
            left, top = cell.left + box.left, cell.top + box.top
            yield Glyph("", left, top, left + box.width, top + box.height, True)

    def lines(self, cell: Box, others: Sequence[Box]) -> list[Box]:
        """The printed lines of a cell; with a hole in its border it goes round a corner, in which ``others`` stand."""
        ink = cell.of(self.ink).copy()
        for other in others:
            top, left = max(other.top - cell.top, 0), max(other.left - cell.left, 0)
            ink[top : other.bottom - cell.top, left : other.right - cell.left] = 0
        marks = [mark for mark in _blobs(ink, 1, 1) if max(mark.width, mark.height) >= _SPECK]
        rows: list[list[Box]] = []
        for mark in sorted(marks, key=lambda mark: mark.top):
            if rows and mark.top <= max(other.bottom for other in rows[-1]) + 2:
                rows[-1].append(mark)
            else:
                rows.append([mark])
        return [
            Box(
                cell.left + min(mark.left for mark in row),
                cell.top + min(mark.top for mark in row),
                cell.left + max(mark.right for mark in row),
                cell.top + max(mark.bottom for mark in row),
            )
            for row in rows
        ]

    def depths(self, line: Box) -> list[float]:
        """How dark each mark of a line is. A seal in a grey picture is not as dark as the print below it."""
        grey, ink = line.of(self.grey), line.of(self.ink)
        marks = self.marks(line)
        return [self.ground - float(np.percentile(mark.of(grey)[mark.of(ink) > 0], 15)) for mark in marks]

    def outside(self) -> Iterator[Glyph]:
        """The lines that stand in no table. Those with figures, and what is not clear, are read twice, too."""
        rest = self.grey.copy()
        for table, _ in self.tables:
            table.of(rest)[:] = self.ground
        found = _found(rest)
        for box in found:  # with a rim: a box may cut off the tops of characters
            Box(max(box.left - 8, 0), max(box.top - 8, 0), box.right + 8, box.bottom + 8).of(rest)[:] = self.ground
        missed = _missed(_ink(rest, 40))
        for blot in missed:
            if blot.height >= _BLOT:  # a picture, or a seal and what it covers
                yield Glyph("\ufffd", blot.left, blot.top, blot.right, blot.bottom, True)
        lines = _continued(found, [box for box in missed if box.height < _BLOT])
        first = self.read(lines, 0, 0)
        self.usual = float(np.median([self.tight(line).height for line in lines])) if lines else 0.0
        again = [at for at, one in enumerate(first) if one.certainty < _SURE or _DIGITS.search(one.text)]
        second = dict(zip(again, self.read([lines[at] for at in again], 0.15, 0.3), strict=True))
        for at, (line, one) in enumerate(zip(lines, first, strict=True)):
            other = second.get(at, one)
            reading = max(one, other, key=lambda reading: reading.certainty)
            lone = line.width <= 2 * self.usual
            sure = reading.certainty >= (_SURE if lone else _FAINT)
            if _DIGITS.search(one.text + other.text):
                sure = sure and _DIGITS.findall(one.text) == _DIGITS.findall(other.text) and not self.sealed(line)
            if sure or not lone:  # a lone character that is not certain is dirt, or a piece of a seal
                yield from _characters(reading.text or "\ufffd", self.tight(line), not sure)

    def tight(self, line: Box) -> Box:
        """The bounds of what is printed in a line. No line is less high than usual, be it a mere 一."""
        ink = line.of(self.ink) > 0
        down, across = np.flatnonzero(ink.sum(axis=1) > 2), np.flatnonzero(ink.sum(axis=0) > 1)
        if not (len(down) and len(across)):
            return line
        left, right = line.left + int(across[0]), line.left + int(across[-1]) + 1
        top, bottom = line.top + int(down[0]), line.top + int(down[-1]) + 1
        if bottom - top < 1.2 * self.usual:
            top = round((top + bottom - self.usual) / 2)
            bottom = top + round(self.usual)
        return Box(left, top, right, bottom)

    def read(self, lines: Sequence[Box], above: float, beside: float, blur: float = 0.0) -> list[Reading]:
        """What stands in each line, with so much white around it, in heights of the line."""
        usual = float(np.median([line.height for line in lines])) if lines else 0.0
        pieces = []
        for line in lines:
            lacking = max(usual - line.height, 0.0) / 2  # a lone 一 is as high as a line for the models
            size = max(line.height, usual)
            y, x = int(lacking + size * above), int(size * beside)
            piece = cv2.copyMakeBorder(line.of(self.grey), y, y, x, x, cv2.BORDER_CONSTANT, value=self.ground)
            if blur:
                piece = cv2.GaussianBlur(piece, (0, 0), blur)
            pieces.append(cv2.cvtColor(piece, cv2.COLOR_GRAY2RGB))
        readings: list[Reading] = []
        for start in range(0, len(pieces), 48):
            self.clock.check()
            readings += _recognised(pieces[start : start + 48])
        return readings


def _slant(ink: Picture) -> float:
    """How far a stroke leans, in its width per height: a 1 less than 0.12 to either side, a / or \\ about 0.3."""
    down, across = np.nonzero(ink)
    spread = float(down.var())
    return float(np.mean((down - down.mean()) * (across - across.mean()))) / spread if spread else 0.0


def _is_label(text: str) -> bool:
    return len(_HAN.findall(text)) > 1


def _agreed(readings: Sequence[Reading]) -> Reading | None:
    """What two readings agree on, if none that is more certain says anything else."""
    for one, other in combinations(readings, 2):
        least = min(one.certainty, other.certainty)
        if _agree(one, other) and all(_agree(one, third) or third.certainty <= least for third in readings):
            return one
    return None


def _agree(first: Reading, second: Reading) -> bool:
    """Whether two readings of one line are certain enough to be believed. A lone 一 may be a dash, a 口 a nought."""
    if _HAN.search(first.text):
        return _SIGNS.sub("", first.text) == _SIGNS.sub("", second.text) and first.text not in "一口"
    least = min(first.certainty, second.certainty)
    return least >= _FAINT and first.text == second.text and _plausible(first.text)


def _plausible(text: str) -> bool:
    """Whether a text without words is a figure, or a mark for none: an O or an l may be one."""
    return bool(_FIGURE.fullmatch(text) or _EMPTY.fullmatch(text))


def _characters(text: str, line: Box, unsure: bool) -> Iterator[Glyph]:
    """The characters of a line, where they stand by their usual widths."""
    widths = [1.0 if sign >= "\u2e80" else 0.5 for sign in text]
    step = line.width / max(sum(widths), 0.5)
    left = float(line.left)
    for sign, width in zip(text, widths, strict=True):
        yield Glyph(sign, left, line.top, left + width * step, line.bottom, unsure)
        left += width * step


def _scaled(glyph: Glyph, point: float) -> Glyph:
    return Glyph(
        glyph.text, glyph.left * point, glyph.top * point, glyph.right * point, glyph.bottom * point, glyph.unsure
    )


# --- the models -------------------------------------------------------------------------------------------------------


@cache
def _engine() -> Any:
    onnxruntime.set_default_logger_severity(4)  # its warnings would stand in the output
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 100_000,
            "Rec.rec_img_shape": [3, 48, 96],
        }
    )


def _found(grey: Picture, shrink: int = 2) -> list[Box]:
    """The bounds of lines of text, as seen in a picture so many times smaller."""
    found: list[Box] = []
    start = 0
    for end in _cuts(grey):
        small = cv2.resize(grey[start:end], None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        corners = _engine()(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), use_det=True, use_cls=False, use_rec=False).boxes
        for quad in () if corners is None else shrink * corners.astype(int):
            (left, top), (right, bottom) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
            box = Box(max(left, 0), max(top, 0) + start, min(right, grey.shape[1]), min(bottom + start, end))
            if box.width > 4 and box.height > 4:
                found.append(box)
        start = end
    return found


def _cuts(grey: Picture) -> list[int]:
    """Where a tall picture is cut into strips: at the last blank row that leaves a strip small enough."""
    height = grey.shape[0]
    if height <= _TALLEST:
        return [height]
    printed = _ink(grey, 40).max(axis=1)
    cuts = [0]
    while height - cuts[-1] > _TALLEST:
        blank = np.flatnonzero(printed[cuts[-1] + _TALLEST // 2 : cuts[-1] + _TALLEST] == 0)
        cuts.append(cuts[-1] + _TALLEST // 2 + int(blank[-1]) if len(blank) else cuts[-1] + _TALLEST)
    return [*cuts[1:], height]


def _missed(ink: Picture) -> list[Box]:
    """Printed characters that belong to no line found: a lone 一 is easily overlooked."""
    near = cv2.dilate(ink, np.ones((21, 41), np.uint8))  # 10 and 20 pixels to each side
    return [Box(b.left + 14, b.top + 4, b.right - 14, b.bottom - 4) for b in _blobs(near, 52, 22)]


def _continued(lines: Sequence[Box], missed: Sequence[Box]) -> list[Box]:
    """The lines, longer by what was missed right before or after them: a 一 at the end of a line, say; and the rest."""
    whole = list(lines)
    rest = []
    for box in missed:
        middle = (box.top + box.bottom) / 2
        for at, line in enumerate(whole):
            gap = max(box.left - line.right, line.left - box.right)
            if line.top < middle < line.bottom and gap < line.height and box.height <= line.height:
                whole[at] = Box(min(line.left, box.left), line.top, max(line.right, box.right), line.bottom)
                break
        else:
            rest.append(box)
    return [*whole, *rest]


def _recognised(pieces: list[Picture]) -> list[Reading]:
    if not pieces:
        return []
    engine = _engine()
    engine.return_word_box = True
    found = engine.recognize_txt(pieces)
    return [
        Reading(text, _certainty(text, words.confs)) for text, words in zip(found.txts, found.word_results, strict=True)
    ]


def _certainty(text: str, of_each: Sequence[float]) -> float:
    """The least certainty of a letter or digit: whether a bracket is a wide one matters to nobody."""
    pairs = (
        zip(text, of_each, strict=True) if len(text) == len(of_each) else ((text, certainty) for certainty in of_each)
    )
    return min((certainty for sign, certainty in pairs if sign.isalnum()), default=min(of_each, default=0.0))
