"""One picture of a page -> its words with their places and its ruling lines (extra ``ocr``).

Only ``scan`` imports this module, and only when there is something to recognise: OpenCV and the models are heavy.
Inside a table each cell is recognised by itself, so that a word cannot slip into its neighbour. What looks like a
figure is recognised twice, at two scales, and counts only when both readings agree; ink that gives no text is
``unsure``, never blank.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from checker.model import Unreadable
from checker.read.page import Glyph, Page, Stroke

Picture = NDArray[np.uint8]  #: height x width x RGB, or height x width of grey or of ink (255 where there is ink)

_WIDTH = 1654  #: pixels; A4 at 200 dpi, where a character of a table is 20 to 30 high
_TALLEST = 2600  #: pixels; a taller picture is searched for text in strips
_SPECK = 6  #: pixels; ink that is smaller in both directions is dirt
_SURE = 0.8  #: the least certainty of any character of a reading


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

    def of(self, picture: Picture) -> Picture:
        return picture[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of a picture says, and the least certainty of its characters (0..1)."""

    text: str
    certainty: float


def page_of(picture: Picture, width: float, seconds: float) -> Page:
    """The words and lines of an upright RGB picture of a page that is ``width`` points wide.

    Raises Unreadable ``timeout`` when it takes longer than ``seconds``.
    """
    clock = _Clock(time.monotonic() + seconds)
    grey = _straight(_cleaned(_sized(picture)))
    ink = _ink(grey)
    flat, steep = _ruled(ink)
    sheet = _Sheet(grey, ink, flat, steep, clock)
    point = width / grey.shape[1]
    return Page(
        width,
        grey.shape[0] * point,
        tuple(_scaled(glyph, point) for glyph in (*sheet.in_cells(), *sheet.outside())),
        tuple(stroke for mask in (flat, steep) for stroke in _strokes(mask, point)),
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


def _sized(picture: Picture) -> Picture:
    """The picture at the scale where the models read best."""
    factor = _WIDTH / picture.shape[1]
    if 0.95 < factor < 1.05:
        return picture
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=way)


def _cleaned(picture: Picture) -> Picture:
    """The picture in grey, seals taken out: in its red channel a red seal is as bright as the paper.

    Only what has a seal's size and shape is taken for one: a title may be red, too.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    red = picture[..., 0] > np.maximum(picture[..., 1], picture[..., 2]).astype(np.int16) + 40
    least = _WIDTH // 14
    for box in _blobs(cv2.dilate(red.astype(np.uint8), np.ones((15, 15), np.uint8)), least, least):
        if 0.5 < box.width / box.height < 2:
            box.of(grey)[:] = box.of(picture)[..., 0]
    return grey


def _ink(grey: Picture, contrast: int = 15) -> Picture:
    """255 where something is printed, by the brightness around it."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)  # a median would wipe out the thin strokes of 一
    return cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, 41, contrast)


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
    """Masks of the horizontal and of the vertical ruling lines: longer than any stroke of a heading."""
    bridged = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    flat = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, _WIDTH // 20), np.uint8))
    steep = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((_WIDTH // 33, 1), np.uint8))
    return flat, steep


def _strokes(mask: Picture, point: float) -> Iterator[Stroke]:
    for box in _blobs(mask, 1, 1):
        yield Stroke(box.left * point, box.top * point, box.right * point, box.bottom * point)


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
        self.tables = _tables(rules)

    def in_cells(self) -> Iterator[Glyph]:
        """The lines of all cells of all tables."""
        lines = [line for _, cells in self.tables for cell in cells for line in self.lines(cell)]
        first = self.read(lines, 0.25, 0.4)
        twice = [at for at, reading in enumerate(first) if not _HAN.search(reading.text[1:] or "")]
        second = dict(zip(twice, self.read([lines[at] for at in twice], 0.5, 0.9), strict=True))
        for at, (line, reading) in enumerate(zip(lines, first, strict=True)):
            sure = reading.certainty >= _SURE and reading.text != ""
            if at in second:
                sure = sure and second[at].text == reading.text and second[at].certainty >= _SURE
                sure = sure and _plausible(reading.text)
            yield Glyph(reading.text, line.left, line.top, line.right, line.bottom, not sure)

    def lines(self, cell: Box) -> list[Box]:
        """The printed lines of a cell."""
        marks = [mark for mark in _blobs(cell.of(self.ink), 1, 1) if max(mark.width, mark.height) >= _SPECK]
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

    def outside(self) -> Iterator[Glyph]:
        """The lines that stand in no table."""
        rest = self.grey.copy()
        for table, _ in self.tables:
            table.of(rest)[:] = self.ground
        lines = _found(rest)
        for line, reading in zip(lines, self.read(lines, 0, 0), strict=True):
            if reading.text:
                yield Glyph(reading.text, line.left, line.top, line.right, line.bottom, reading.certainty < _SURE)

    def read(self, lines: Sequence[Box], above: float, beside: float) -> list[Reading]:
        """What stands in each line, with so much white around it, in heights of the line."""
        pieces = []
        for line in lines:
            y, x = int(line.height * above), int(line.height * beside)
            piece = cv2.copyMakeBorder(line.of(self.grey), y, y, x, x, cv2.BORDER_CONSTANT, value=self.ground)
            pieces.append(cv2.cvtColor(piece, cv2.COLOR_GRAY2RGB))
        readings: list[Reading] = []
        for start in range(0, len(pieces), 48):
            self.clock.check()
            readings += _recognised(pieces[start : start + 48])
        return readings


def _plausible(text: str) -> bool:
    return bool(_FIGURE.fullmatch(text) or _EMPTY.fullmatch(text) or (_HAN.fullmatch(text) and text != "一"))


def _scaled(glyph: Glyph, point: float) -> Glyph:
    return Glyph(
        glyph.text, glyph.left * point, glyph.top * point, glyph.right * point, glyph.bottom * point, glyph.unsure
    )


# --- the models -------------------------------------------------------------------------------------------------------


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 100_000,
            "Rec.rec_img_shape": [3, 48, 96],
        }
    )


def _found(grey: Picture) -> list[Box]:
    """The bounds of lines of text."""
    small = cv2.cvtColor(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2RGB)
    corners = _engine()(small, use_det=True, use_cls=False, use_rec=False).boxes
    if corners is None:
        return []
    boxes = 2 * np.stack([corners.min(axis=1), corners.max(axis=1)], axis=1).astype(int)
    height, width = grey.shape
    found = []
    for (left, top), (right, bottom) in boxes.tolist():
        found.append(Box(max(left, 0), max(top, 0), min(right, width), min(bottom, height)))
    return [box for box in found if box.width > 4 and box.height > 4]


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
    pairs = zip(text, of_each, strict=True) if len(text) == len(of_each) else ((text, certainty) for certainty in of_each)
    return min((certainty for sign, certainty in pairs if sign.isalnum()), default=min(of_each, default=0.0))
