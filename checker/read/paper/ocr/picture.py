"""The picture of a page made fit to be read: in scale, evenly lit, without seals, straight."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from checker.model import Unreadable

Picture = NDArray[Any]  #: height x width x RGB, or height x width of grey or of ink (255 where there is ink)

DPI = 200  #: at which a character of a table is 20 to 30 pixels high
WIDTH = 1654  #: pixels; A4 at that
_SEAL = (12, 36)  #: millimetres; the radius of a seal
_RIM = 16  #: pixels around a seal that may be its rim
_BLOTTED = 2000  #: pixels; less ink than that beside the seals tells nothing of the print


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

    def grown(self, rim: int) -> Box:
        """With a rim around it, as far as there are pixels to the left and above."""
        return Box(max(self.left - rim, 0), max(self.top - rim, 0), self.right + rim, self.bottom + rim)

    def moved(self, right: int, down: int) -> Box:
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def of(self, picture: Picture) -> Picture:
        return picture[self.top : self.bottom, self.left : self.right]


class Clock:
    """Stops a page after so many seconds, by the clock and of processor, whichever are fewer.

    Other programs take the processor from us, and on many cores its seconds add up: neither makes a page hostile.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.wall, self.cpu = time.monotonic(), time.process_time()

    def check(self) -> None:
        if min(time.monotonic() - self.wall, time.process_time() - self.cpu) > self.seconds:
            raise Unreadable(
                "timeout", "识别一页图片用的时间超过了上限，已停止。", "请改用报告的文字版（.docx、.txt 或 .html）。"
            )


def sized(picture: Picture, width: float) -> Picture:
    """The picture at the scale where the models read best."""
    factor = width * DPI / 72 / picture.shape[1]
    if 0.95 < factor < 1.05:
        return picture
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=way)


def lit(picture: Picture) -> Picture:
    """The picture as if the light on it were even: divided by the brightness of the paper around each place."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    light = _light(cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21))
    factor = np.clip(np.percentile(light, 95) / np.maximum(light, 1), 1, 2).astype(np.float32)
    if factor.max() < 1.05:
        return picture
    factor = cv2.resize(factor, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(picture * factor[..., None], 0, 255).astype(np.uint8))


def _light(paper: Picture) -> Picture:
    """The brightness of the paper, as a surface too smooth to follow a shaded cell, which is no shadow: of degree 3."""
    down, across = (np.linspace(-1, 1, side) for side in paper.shape)
    y, x = (plane.ravel() for plane in np.meshgrid(down, across, indexing="ij"))
    terms = np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], axis=1)
    seen = paper.ravel().astype(float)
    fit = np.zeros_like(seen)
    for _ in range(8):  # what is darker than the surface is printed, or no paper at all
        kept = terms[seen > 0.94 * fit]
        fit = terms @ np.linalg.lstsq(kept.T @ kept, kept.T @ seen[seen > 0.94 * fit], rcond=None)[0]
    return np.asarray(fit.reshape(paper.shape))


def cleaned(picture: Picture) -> tuple[Picture, Picture]:
    """The picture in grey, seals taken out; and 255 where their ink was, and with it what is pale below.

    Red seals are known by their colour, in a grey copy round ones that are no black. Only what has a seal's size and
    shape is taken for one: a title may be red, too.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    taken = np.zeros_like(grey)
    ground = float(np.percentile(grey, 90))
    redness = picture[..., 0].astype(np.int16) - np.maximum(picture[..., 1], picture[..., 2])
    red = redness > 40
    least = WIDTH // 14
    for box in blobs(cv2.dilate(red.astype(np.uint8), np.ones((15, 15), np.uint8)), least, least):
        if 0.5 < box.width / box.height < 2:
            own = box.of(red)
            share = np.clip(box.of(redness) / np.percentile(box.of(redness)[own], 70), 0, 1).astype(np.float32)
            _take_out(box.of(grey), share, float(np.percentile(box.of(grey)[own], 15)), ground)
            box.of(taken)[share > 0.2] = 255
    round_ = seals_in(grey)
    black = _black(grey, round_)
    for box in round_:
        piece = box.of(grey)
        tone = _tone(piece)
        if tone - black > 0.2 * (ground - black):
            flat = cv2.morphologyEx((np.abs(piece - tone) < 25).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
            share = cv2.dilate(flat, np.ones((5, 5))).astype(np.float32)
            _take_out(piece, share, tone - 15, ground)
            box.of(taken)[share > 0] = 255
    return grey, cv2.dilate(taken, np.ones((9, 9), np.uint8))


def _take_out(grey: Picture, share: Picture, seal: float, ground: float) -> None:
    """Take a seal as dark as ``seal`` out of a piece of a page, of which each pixel has that share of its ink (0..1).

    A pixel counts by the brightness that paper has below so much ink. Brightness is sharp where the colour of a JPEG
    is not: the strokes below are spared, and no rim is left. Where a stroke hides the seal, what is around it counts.
    """
    around = cv2.dilate(cv2.morphologyEx(share, cv2.MORPH_CLOSE, np.ones((9, 9))), np.ones((5, 5)))
    grey[:] = np.clip(grey / (ground + around * (seal - ground)), 0, 1) * ground


def seals_in(grey: Picture) -> list[Box]:
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


def _black(grey: Picture, seals: Sequence[Box]) -> float:
    """How dark the print of a page is. On a page with little of it a seal would be most of what is dark."""
    ink = ink_of(grey)
    for seal in seals:
        seal.of(ink)[:] = 0
    printed = grey[ink > 0]
    return float(np.percentile(printed, 10)) if len(printed) > _BLOTTED else float(grey.min())


def _tone(seal: Picture) -> float:
    """How bright the rim of a round seal is, in the piece of a page that ``seals_in`` gives."""
    height, width = seal.shape
    rim = np.zeros_like(seal)
    cv2.ellipse(rim, (width // 2, height // 2), (width // 2 - _RIM, height // 2 - _RIM), 0, 0, 360, 255, 9)
    return float(np.median(seal[(rim > 0) & (ink_of(seal) > 0)]))


def ink_of(grey: Picture, contrast: int = 15) -> Picture:
    """255 where something is printed, by the brightness around it."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)  # a median would wipe out the thin strokes of 一
    return cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, 41, contrast)


def pale_ink(grey: Picture) -> Picture:
    """255 where it is darker than around, be it ever so little more than the grain of the picture."""
    smooth = cv2.GaussianBlur(grey, (5, 5), 0).astype(np.float32)
    darker = cv2.blur(smooth, (41, 41)) - smooth
    grain = 1.5 * float(np.median(np.abs(darker)))
    return np.where(darker > max(5.0, 5 * grain), 255, 0).astype(np.uint8)


def slope(grey: Picture) -> float:
    """The angle, of up to three degrees, by which the picture must be turned so that lines and text lie flat."""
    small = cv2.resize(ink_of(grey), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def contrast(angle: float) -> float:
        """How sharply printed rows and the white between them differ."""
        rows = turned(small, angle, 0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    angle = max(np.arange(-3, 3.01, 0.25), key=contrast)
    return float(max(np.arange(angle - 0.2, angle + 0.21, 0.05), key=contrast))


def turned(picture: Picture, angle: float, ground: int) -> Picture:
    """The picture turned by some degrees; a few hundredths are none."""
    if abs(angle) < 0.04:
        return picture
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=ground)


def blobs(mask: Picture, width: int, height: int, connectivity: int = 8) -> list[Box]:
    """Bounds of the connected parts of ``mask`` of at least this size."""
    stats = cv2.connectedComponentsWithStats(mask, connectivity=connectivity)[2][1:]
    return [
        Box(left, top, left + across, top + down)
        for left, top, across, down in stats[(stats[:, 2] >= width) & (stats[:, 3] >= height), :4].tolist()
    ]


def tall(mask: Picture, height: int) -> Picture:
    """The connected parts of ``mask`` that are at least so high."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    high = stats[:, cv2.CC_STAT_HEIGHT] >= height
    high[0] = False  # what is no part of it
    return np.where(high[labels], 255, 0).astype(np.uint8)
