"""Where something stands on a page: from the file's coordinates to the page as it is seen, and as its text runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checker.read.paper.grid import Glyph, Page, Stroke
from checker.read.paper.sight import Box

Placer = Callable[[float, float, float, float], Box]  #: of left, bottom, right, top as the file has them


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a page as it is seen, by how many quarters it was turned for that, and how a place on it is found."""

    width: float
    height: float
    rotation: int
    place: Placer


def frame_of(pdfium: Any, page: Any) -> Frame:
    """The frame of a page that is open."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    rotation = int(pdfium.FPDFPage_GetRotation(page)) % 4
    place = _placer(rotation, (box.left, box.bottom, box.right, box.top))
    return Frame(float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page)), rotation, place)


def _placer(turns: int, sides: Box) -> Placer:
    """A box in the file's coordinates (left, bottom, right, top) -> the same on the page as it is seen."""
    left, bottom, right, top = sides

    def upright(a: float, b: float, c: float, d: float) -> Box:
        return a - left, top - d, c - left, top - b

    def quarter(a: float, b: float, c: float, d: float) -> Box:
        return b - bottom, a - left, d - bottom, c - left

    def half(a: float, b: float, c: float, d: float) -> Box:
        return right - c, b - bottom, right - a, d - bottom

    def back(a: float, b: float, c: float, d: float) -> Box:
        return top - d, right - c, top - b, right - a

    return (upright, quarter, half, back)[turns]


def through(matrix: Any, place: Placer) -> Placer:
    """``place`` for coordinates inside a form, or of a path."""
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def inner(left: float, bottom: float, right: float, top: float) -> Box:
        xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
        ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
        return place(min(xs), min(ys), max(xs), max(ys))

    return inner


def turned(page: Page, turns: int) -> Page:
    """The page turned clockwise by quarters."""
    for _ in range(turns):
        height = page.height
        page = Page(
            height,
            page.width,
            tuple(Glyph(g.text, height - g.bottom, g.left, height - g.top, g.right, g.unsure) for g in page.glyphs),
            tuple(Stroke(height - s.bottom, s.left, height - s.top, s.right) for s in page.strokes),
            tuple(Stroke(height - s.bottom, s.left, height - s.top, s.right) for s in page.pictures),
            tuple(Stroke(height - s.bottom, s.left, height - s.top, s.right) for s in page.insets),
        )
    return page
