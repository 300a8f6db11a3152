"""The objects of a page: lines, pictures, painted grounds, and how each piece of text is inked."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NoReturn

from checker.model import Unreadable
from checker.read.limits import Limits
from checker.read.paper.grid import THIN, Stroke
from checker.read.paper.pdf.places import Frame, Placer, through
from checker.read.paper.sight import Box, Ground, Inked

SAVE_AGAIN = "请打开原始文档，重新另存（导出）为 PDF；最好直接用 .docx 检查。"
_NESTING = 8  #: forms within forms
_WHITE, _FAINT = 250, 13  #: of 255: the least of each colour in white, and of what covers at all
_PALE = 176  #: the least of each colour in a watermark
_FIGURE = (3.0, 40.0)  #: points; how high a figure may be that is drawn
_SLOPE = 0.01  #: of the units of a path; a line across or down has none
_SEGMENTS = 5_000  #: of one path; more is a drawing


class Objects:
    """What stands on a page. ``unseen``: the addresses of pieces of text that are not painted at all.

    ``turned``: some text does not run from left to right. ``pieces``: of filled shapes, how many there are.
    """

    def __init__(self, pdfium: Any, page: Any, frame: Frame, limits: Limits) -> None:
        self.pdfium, self.frame, self.limits = pdfium, frame, limits
        self.strokes: list[Stroke] = []
        self.pictures: list[Stroke] = []
        self.drawn: list[Stroke] = []  #: shapes that may be figures
        self.inked: list[Inked] = []
        self.grounds: list[Ground] = []
        self.unseen: set[int] = set()
        self.turned = frame.rotation != 0
        self.pieces = 0
        self.count = 0
        self.matrix = pdfium.FS_MATRIX()
        count = pdfium.FPDFPage_CountObjects(page)
        self._objects(count, lambda i: pdfium.FPDFPage_GetObject(page, i), frame.place, 0)

    def _objects(self, count: int, get: Callable[[int], Any], place: Placer, depth: int) -> None:
        """Take lines and pictures of a page, or of a form inside it."""
        pdfium = self.pdfium
        self.count += count
        if self.count > self.limits.pdf_objects:
            refuse_objects(self.limits)
        sides = [ctypes.c_float() for _ in range(4)]
        places = [ctypes.byref(side) for side in sides]
        for i in range(count):
            item = get(i)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._text(item, place)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                if depth < _NESTING:
                    self._form(item, place, depth)
            else:
                if not pdfium.FPDFPageObj_GetBounds(item, *places):
                    continue
                left, bottom, right, top = (side.value for side in sides)
                box = place(left, bottom, right, top)
                if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                    self._picture(box)
                    self.grounds.append(Ground(box, False, False))
                elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                    self._path(item, box, place)
                else:
                    self.grounds.append(Ground(box, False, False))

    def _text(self, item: Any, place: Placer) -> None:
        pdfium = self.pdfium
        ink = self._ink(item)
        if pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or ink[3] < _FAINT:
            self.unseen.add(address(item))
        else:
            sides = [ctypes.c_float() for _ in range(4)]
            if pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
                box = place(*(side.value for side in sides))
                darkest = min(ink[:3])
                pale = 255 - (255 - darkest) * ink[3] // 255 >= _PALE and darkest < _WHITE
                self.inked.append(Inked(address(item), box, darkest >= _WHITE, pale, len(self.grounds)))
        matrix = self.matrix
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        if abs(matrix.b) > 0.01 * abs(matrix.a) or matrix.a < 0:
            self.turned = True

    def _ink(self, item: Any) -> tuple[int, int, int, int]:
        """Red, green, blue and how far it covers, 0 to 255; black where a file does not say."""
        parts = [ctypes.c_uint() for _ in range(4)]
        if not self.pdfium.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, parts)):
            return 0, 0, 0, 255
        red, green, blue, cover = (part.value for part in parts)
        return red, green, blue, cover

    def _form(self, item: Any, place: Placer, depth: int) -> None:
        pdfium = self.pdfium
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        inner = through(matrix, place)
        self._objects(
            pdfium.FPDFFormObj_CountObjects(item), lambda i: pdfium.FPDFFormObj_GetObject(item, i), inner, depth + 1
        )

    def _picture(self, box: Box) -> None:
        left, top, right, bottom = (
            max(box[0], 0.0),
            max(box[1], 0.0),
            min(box[2], self.frame.width),
            min(box[3], self.frame.height),
        )
        if right <= left or bottom <= top:
            return
        last = self.pictures[-1] if self.pictures else None
        if last and abs(last.left - left) < THIN and abs(last.right - right) < THIN and abs(last.bottom - top) < THIN:
            self.pictures[-1] = Stroke(left, last.top, right, bottom)  # a scan saved in strips
        else:
            self.pictures.append(Stroke(left, top, right, bottom))

    def _path(self, item: Any, box: Box, place: Placer) -> None:
        """Take what of a path is a line: thin shapes, and straight pieces of an outline."""
        pdfium = self.pdfium
        filled, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, filled, stroked)
        if not (filled.value or stroked.value):
            return
        left, top, right, bottom = box
        if min(right - left, bottom - top) <= THIN:
            self._stroke(box)
            return
        count = pdfium.FPDFPath_CountSegments(item)
        if filled.value:
            *colour, cover = self._ink(item)
            plain = cover > 250 and count <= 5 and not pdfium.FPDFPageObj_HasTransparency(item)
            clipped = pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(item)) > 0
            if cover > _FAINT:
                white = min(colour) >= _WHITE
                self.grounds.append(Ground(box, white, plain and not clipped))
                if not white and self._is_figure(item, box, count):
                    self.drawn.append(Stroke(*box))
        self.pieces += count if filled.value else 0
        if not 3 <= count <= _SEGMENTS:
            return
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        inner = through(matrix, place)
        for outline in self._outlines(item, count):
            xs, ys = [x for x, _ in outline], [y for _, y in outline]
            whole = inner(min(xs), min(ys), max(xs), max(ys))
            if min(whole[2] - whole[0], whole[3] - whole[1]) <= THIN:
                self._stroke(whole)
            elif stroked.value:
                for (x, y), (u, v) in pairwise(outline):
                    side = inner(min(x, u), min(y, v), max(x, u), max(y, v))
                    if min(side[2] - side[0], side[3] - side[1]) <= 1.0:
                        self._stroke(side)

    def _is_figure(self, item: Any, box: Box, count: int) -> bool:
        """Whether a filled path is small, and has curves or slopes: no ground, no frame and no line has any."""
        pdfium = self.pdfium
        width, height = box[2] - box[0], box[3] - box[1]
        if not (5 < count <= _SEGMENTS and _FIGURE[0] <= height <= _FIGURE[1] and width <= 2 * _FIGURE[1]):
            return False
        x, y = ctypes.c_float(), ctypes.c_float()
        before = 0.0, 0.0
        for i in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(item, i)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            sloped = min(abs(x.value - before[0]), abs(y.value - before[1])) > _SLOPE
            if kind == pdfium.FPDF_SEGMENT_BEZIERTO or (kind == pdfium.FPDF_SEGMENT_LINETO and sloped):
                return True
            before = x.value, y.value
        return False

    def _outlines(self, item: Any, count: int) -> Iterator[list[tuple[float, float]]]:
        """The connected pieces of a path as points; pieces with curves are left out."""
        pdfium = self.pdfium
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        curved = False
        for i in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(item, i)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1 and not curved:
                    yield points
                points, curved = [], False
            curved |= kind == pdfium.FPDF_SEGMENT_BEZIERTO
            points.append((x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if len(points) > 1 and not curved:
            yield points

    def _stroke(self, box: Box) -> None:
        left, top, right, bottom = box
        if bottom >= 0 and top <= self.frame.height and right > -self.frame.width and left < 2 * self.frame.width:
            self.strokes.append(Stroke(*box))


def address(item: Any) -> int:
    """What a piece of text is known by, as long as its page is open."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def refuse_objects(limits: Limits) -> NoReturn:
    message = f"PDF 一页上的内容超过 {limits.pdf_objects} 个，不像正常的报告，没有读取。"
    raise Unreadable("pdf-too-big", message, SAVE_AGAIN)
