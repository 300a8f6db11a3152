"""One page of a PDF: first its objects (lines, pictures, which text is hidden or turned), then its characters."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple, NoReturn

from checker.model import Unreadable
from checker.read.limits import Limits
from checker.read.paper.grid import THIN, Glyph, Page, Stroke
from checker.read.struck import SMALL

SAVE_AGAIN = "请打开原始文档，重新另存（导出）为 PDF；最好直接用 .docx 检查。"
_FEW = 20  #: characters; a page with fewer and a picture over most of it is a scan
_OUTLINES = 1_000  #: pieces of filled shapes; a page with more and no text has its text drawn
_LOW = 60.0  #: points; a picture less high is no table
_NESTING = 8  #: forms within forms
_WHITE, _FAINT = 250, 13  #: of 255: the least of each colour in white, and of what covers at all
_PALE, _LARGE = 176, 2.0  #: the least of each colour in a watermark, and how often it is as high as other text
_MIDST = (0.4, 0.72)  #: of the height of a character: where a line goes through it
_BEYOND = 1.5  #: points by which that line is longer than the words at either end
_RAISED = SMALL["superscript"]
_SMALLER, _HIGHER = 0.8, 0.15  #: of the height of the figure before: how high a note's is at most, how far it is raised
_TINY = 1.0  #: points; a character no larger cannot be read
_SEGMENTS = 5_000  #: of one path; more is a drawing

_Box = tuple[float, float, float, float]  # left, top, right, bottom on the page as it is seen


@dataclass(slots=True)
class Read:
    """A page as read. ``lost``: characters of which the file does not say what they are; ``private``: of its own."""

    page: Page
    scan: bool
    lost: int
    private: int
    hidden: bool
    struck: bool
    aside: str  #: what runs another way than the page's text, or lies pale and large below it


class _Inked(NamedTuple):
    """A piece of text: where it stands, whether in white, or pale, and how many grounds were painted before it."""

    address: int
    box: _Box
    white: bool
    pale: bool
    below: int

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


class _Ground(NamedTuple):
    """What is painted: white or of another colour, and whether nothing below it can be seen."""

    box: _Box
    white: bool
    solid: bool


def _covered(text: _Inked, grounds: Sequence[_Ground]) -> bool:
    """Whether a piece of text cannot be seen: white on white, or below a patch."""
    left, top, right, bottom = text.box
    x, y = (left + right) / 2, (top + bottom) / 2
    if text.white:
        under = (ground.white for ground in reversed(grounds[: text.below]) if _holds(ground.box, x, y))
        if next(under, True):
            return True
    patches = (ground.box for ground in grounds[text.below :] if ground.solid)
    return any(_holds(box, left + 0.5, top + 0.5) and _holds(box, right - 0.5, bottom - 0.5) for box in patches)


def _watermarks(texts: Sequence[_Inked]) -> set[int]:
    """The addresses of pieces of text that are pale, much larger than the others, and lie below some of these."""
    others = [text for text in texts if not text.pale]
    if not others or len(others) == len(texts):  # nearly always
        return set()
    least = _LARGE * median(text.height for text in others)
    large = (text for text in texts if text.pale and text.height >= least)
    return {text.address for text in large if any(_meet(text.box, other.box) for other in others)}


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: _Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


@dataclass(slots=True)
class Sheet:
    """Reads one page: first its objects (lines, pictures, which text is hidden or turned), then its characters."""

    pdfium: Any
    document: Any
    at: int
    limits: Limits
    strokes: list[Stroke] = field(default_factory=list)
    pictures: list[Stroke] = field(default_factory=list)
    hidden: bool = False  #: some text cannot be seen
    unseen: set[int] = field(default_factory=set)  #: the addresses of pieces of text that cannot be seen
    inked: list[_Inked] = field(default_factory=list)
    grounds: list[_Ground] = field(default_factory=list)
    marks: set[int] = field(default_factory=set)  #: the addresses of watermarks
    aside: str = ""
    struck: bool = False  #: some words have a line through them
    turns: int = 0  #: quarter turns, clockwise, after which the text runs from left to right
    turned: bool = False  #: some text does not run from left to right
    objects: int = 0
    outlines: int = 0  #: pieces of filled shapes
    lost: int = 0
    private: int = 0
    matrix: Any = None
    width: float = 0.0
    height: float = 0.0
    rotation: int = 0
    place: Callable[[float, float, float, float], _Box] = lambda *box: box

    def read(self) -> Read:
        page = self._load()
        self.matrix = self.pdfium.FS_MATRIX()
        try:
            self._measure(page)
            count = self.pdfium.FPDFPage_CountObjects(page)
            self._objects(count, lambda i: self.pdfium.FPDFPage_GetObject(page, i), self.place, 0)
            self.unseen.update(item.address for item in self.inked if _covered(item, self.grounds))
            self.marks = _watermarks(self.inked)
            glyphs = self._characters(page)
        finally:
            self.pdfium.FPDF_ClosePage(page)
        glyphs = self._unstruck(glyphs)
        covered = sum((p.right - p.left) * (p.bottom - p.top) for p in self.pictures)
        drawn = covered > 0.5 * self.width * self.height or self.outlines > _OUTLINES
        scan = drawn and len(glyphs) < _FEW
        pictures = () if scan else tuple(picture for picture in self.pictures if self._may_be_a_table(picture, glyphs))
        insets = () if scan else tuple(self.pictures)
        found = Page(self.width, self.height, tuple(glyphs), tuple(self.strokes), pictures, insets)
        return Read(_turned(found, self.turns), scan, self.lost, self.private, self.hidden, self.struck, self.aside)

    def _may_be_a_table(self, picture: Stroke, glyphs: Sequence[Glyph]) -> bool:
        """Whether a picture is as large as a form, and not the ground of text; seals and marks are smaller."""
        if picture.right - picture.left < 0.4 * self.width or picture.bottom - picture.top < _LOW:
            return False
        inside = (
            picture.left <= glyph.left and glyph.right <= picture.right
            for glyph in glyphs
            if picture.top <= glyph.top and glyph.bottom <= picture.bottom
        )
        return sum(inside) < _FEW

    def _load(self) -> Any:
        """The page; fields and notes that were filled in are made part of it."""
        page = self._page()
        kinds = {self._annotation(page, i) for i in range(min(self.pdfium.FPDFPage_GetAnnotCount(page), 1_000))}
        if kinds & {self.pdfium.FPDF_ANNOT_WIDGET, self.pdfium.FPDF_ANNOT_FREETEXT}:
            self.pdfium.FPDFPage_Flatten(page, self.pdfium.FLAT_NORMALDISPLAY)
            self.pdfium.FPDF_ClosePage(page)
            page = self._page()
        return page

    def _page(self) -> Any:
        page = self.pdfium.FPDF_LoadPage(self.document, self.at)
        if not page:
            raise Unreadable("pdf-damaged", f"PDF 第 {self.at + 1} 页有损坏，打不开。", SAVE_AGAIN)
        return page

    def _annotation(self, page: Any, at: int) -> int:
        annotation = self.pdfium.FPDFPage_GetAnnot(page, at)
        kind = int(self.pdfium.FPDFAnnot_GetSubtype(annotation))
        self.pdfium.FPDFPage_CloseAnnot(annotation)
        return kind

    def _measure(self, page: Any) -> None:
        """The size of the page as it is seen, and how a place on it is found."""
        box = self.pdfium.FS_RECTF()
        self.pdfium.FPDF_GetPageBoundingBox(page, box)
        self.width = float(self.pdfium.FPDF_GetPageWidthF(page))
        self.height = float(self.pdfium.FPDF_GetPageHeightF(page))
        self.rotation = int(self.pdfium.FPDFPage_GetRotation(page)) % 4
        self.turned = self.rotation != 0
        self.place = _placer(self.rotation, (box.left, box.bottom, box.right, box.top))

    # --- objects ---

    def _objects(self, count: int, get: Callable[[int], Any], place: Callable[..., _Box], depth: int) -> None:
        """Take lines and pictures of a page, or of a form inside it."""
        pdfium = self.pdfium
        self.objects += count
        if self.objects > self.limits.pdf_objects:
            _refuse_objects(self.limits)
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
                    self.grounds.append(_Ground(box, False, False))
                elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                    self._path(item, box, place)
                else:
                    self.grounds.append(_Ground(box, False, False))

    def _text(self, item: Any, place: Callable[..., _Box]) -> None:
        pdfium = self.pdfium
        ink = self._ink(item)
        if pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or ink[3] < _FAINT:
            self.unseen.add(_address(item))
        else:
            sides = [ctypes.c_float() for _ in range(4)]
            if pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
                box = place(*(side.value for side in sides))
                darkest = min(ink[:3])
                pale = 255 - (255 - darkest) * ink[3] // 255 >= _PALE and darkest < _WHITE
                self.inked.append(_Inked(_address(item), box, darkest >= _WHITE, pale, len(self.grounds)))
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

    def _form(self, item: Any, place: Callable[..., _Box], depth: int) -> None:
        pdfium = self.pdfium
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        inner = _through(matrix, place)
        self._objects(
            pdfium.FPDFFormObj_CountObjects(item), lambda i: pdfium.FPDFFormObj_GetObject(item, i), inner, depth + 1
        )

    def _picture(self, box: _Box) -> None:
        left, top, right, bottom = max(box[0], 0.0), max(box[1], 0.0), min(box[2], self.width), min(box[3], self.height)
        if right <= left or bottom <= top:
            return
        last = self.pictures[-1] if self.pictures else None
        if last and abs(last.left - left) < THIN and abs(last.right - right) < THIN and abs(last.bottom - top) < THIN:
            self.pictures[-1] = Stroke(left, last.top, right, bottom)  # a scan saved in strips
        else:
            self.pictures.append(Stroke(left, top, right, bottom))

    def _path(self, item: Any, box: _Box, place: Callable[..., _Box]) -> None:
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
                self.grounds.append(_Ground(box, min(colour) >= _WHITE, plain and not clipped))
        self.outlines += count if filled.value else 0
        if not 3 <= count <= _SEGMENTS:
            return
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        inner = _through(matrix, place)
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

    def _stroke(self, box: _Box) -> None:
        left, top, right, bottom = box
        if bottom >= 0 and top <= self.height and right > -self.width and left < 2 * self.width:
            self.strokes.append(Stroke(*box))

    # --- characters ---

    def _characters(self, page: Any) -> list[Glyph]:
        """The visible characters."""
        text = self.pdfium.FPDFText_LoadPage(page)
        try:
            count = self.pdfium.FPDFText_CountChars(text)
            if count > self.limits.pdf_objects:
                _refuse_objects(self.limits)
            return self._glyphs(text, count)
        finally:
            self.pdfium.FPDFText_ClosePage(text)

    def _glyphs(self, text: Any, count: int) -> list[Glyph]:
        unicode, loose = self.pdfium.FPDFText_GetUnicode, self.pdfium.FPDFText_GetLooseCharBox
        lost = self.pdfium.FPDFText_HasUnicodeMapError
        box = self.pdfium.FS_RECTF()
        at = ctypes.byref(box)
        place, left_out = self.place, self._left_out(text, count)
        glyphs: list[Glyph] = []
        indices: list[int] = []
        high = 0
        for i in range(count):
            code = unicode(text, i)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code = 0x10000 + (high - 0xD800 << 10) + (code - 0xDC00)
            if code in _BLANK or not loose(text, i, at) or i in left_out:
                continue
            left, top, right, bottom = place(box.left, box.bottom, box.right, box.top)
            if bottom <= 0 or top >= self.height or not -self.width < left < 2 * self.width:
                continue  # a table may be wider than the page
            if max(right - left, bottom - top) < _TINY:
                self.hidden = True
                continue
            letter, unsure = chr(code), False
            if lost(text, i) == 1 or not (0x20 < code < 0x2E80 or 0x3000 <= code < 0xE000):
                letter, unsure = self._letter(code, lost(text, i) == 1)
            if 0x30 <= code < 0x3A and glyphs and glyphs[-1].text.isdigit():
                letter = _note_of(letter, glyphs[-1], left, top, bottom)
            glyphs.append(Glyph(letter, left, top, right, bottom, unsure))
            indices.append(i)
        if glyphs and not (self.turns or self.rotation):  # they stand upright, whatever else is on the page
            self._even(text, glyphs, indices)
        return glyphs

    def _unstruck(self, glyphs: list[Glyph]) -> list[Glyph]:
        """The characters without those that a line of just their length goes through; the line is none of a table."""
        levels = sorted({(stroke.top + stroke.bottom) / 2 for stroke in self.strokes if _is_level(stroke)})
        crossed: dict[float, list[int]] = {}
        for at, glyph in enumerate(glyphs) if levels and not self.turns else ():
            height = glyph.bottom - glyph.top
            next_ = bisect_left(levels, glyph.top + _MIDST[0] * height)
            if next_ < len(levels) and levels[next_] < glyph.top + _MIDST[1] * height:
                crossed.setdefault(levels[next_], []).append(at)
        struck: set[int] = set()
        lines = [line for line in self.strokes if _is_level(line) and (line.top + line.bottom) / 2 in crossed]
        for line in lines:
            there = (at for at in crossed[(line.top + line.bottom) / 2] if line.left - 1 < glyphs[at].left)
            run = [at for at in there if glyphs[at].right < line.right + 1]
            if run and max(glyphs[run[0]].left - line.left, line.right - glyphs[run[-1]].right) < _BEYOND:
                struck.update(run)
                self.strokes.remove(line)
        self.struck |= bool(struck)
        return [glyph for at, glyph in enumerate(glyphs) if at not in struck] if struck else glyphs

    def _letter(self, code: int, lost: bool) -> tuple[str, bool]:
        """A rare character, radicals made the characters that they look like; and whether nobody knows what it is."""
        if lost or code in (0, 0xFFFD):
            self.lost += 1
            return "\ufffd", True
        if 0xE000 <= code < 0xF900 or code >= 0xF0000:
            self.private += 1
            return chr(code), True
        return unicodedata.normalize("NFKC", chr(code)) if 0x2E80 <= code < 0x2FE0 else "-" if code == 2 else chr(
            code
        ), False

    def _even(self, text: Any, glyphs: list[Glyph], indices: list[int]) -> None:
        """Give flat characters (一、) the height of a line: fonts drawn as pictures know the ink of theirs only."""
        pdfium = self.pdfium
        least = 0.85 * median(glyph.bottom - glyph.top for glyph in glyphs)
        x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
        for at, (glyph, i) in enumerate(zip(glyphs, indices, strict=True)):
            if glyph.bottom - glyph.top < least and pdfium.FPDFText_GetMatrix(text, i, matrix):
                pdfium.FPDFText_GetCharOrigin(text, i, x, y)
                size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
                box = self.place(x.value, y.value - 0.12 * size, x.value, y.value + 0.88 * size)
                top, bottom = min(glyph.top, box[1]), max(glyph.bottom, box[3])
                glyphs[at] = Glyph(glyph.text, glyph.left, top, glyph.right, bottom, glyph.unsure)

    def _left_out(self, text: Any, count: int) -> Set[int]:
        """Which characters do not count: those that nobody sees, watermarks, and what runs another way than most."""
        pdfium = self.pdfium
        unseen, aside = set[int](), set[int]()
        if self.unseen or self.marks:
            pieces = [_address(pdfium.FPDFText_GetTextObject(text, i)) for i in range(count)]
            unseen = {i for i, piece in enumerate(pieces) if piece in self.unseen}
            aside = {i for i, piece in enumerate(pieces) if piece in self.marks}
            self.hidden |= bool(self.unseen)
        if self.turned:
            angles = [pdfium.FPDFText_GetCharAngle(text, i) / (math.pi / 2) for i in range(count)]
            usual = Counter(round(angle) % 4 for angle in angles if abs(angle - round(angle)) < 0.1)
            most = max(usual, key=lambda turn: (usual[turn], -turn), default=0)
            self.turns = -(most + self.rotation) % 4  # PDFium's angles are clockwise, too
            aside |= {i for i, angle in enumerate(angles) if abs((angle - most + 2) % 4 - 2) >= 0.1}
        if aside:
            codes = (pdfium.FPDFText_GetUnicode(text, i) for i in sorted(aside - unseen))
            self.aside = "".join(chr(code) for code in codes if code not in _BLANK)
        return unseen | aside


def _is_level(stroke: Stroke) -> bool:
    return stroke.bottom - stroke.top <= THIN and stroke.right - stroke.left > THIN


def _note_of(letter: str, before: Glyph, left: float, top: float, bottom: float) -> str:
    """A figure behind another; raised where it is small and stands above the foot of that, or behind a raised one."""
    size = before.bottom - before.top
    small = bottom - top < _SMALLER * size and before.top < bottom < before.bottom - _HIGHER * size
    noted = before.text in _RAISED.values() and bottom == before.bottom
    near = abs(left - before.right) < 0.3 * size
    return letter.translate(_RAISED) if near and (small or noted) else letter


def _turned(page: Page, turns: int) -> Page:
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


_BLANK = frozenset((*range(2), *range(3, 33), 0x7F, 0xA0, 0xAD, 0x3000, 0xFFFE, 0xFFFF, *range(0x2000, 0x2010))) - {0}


def _refuse_objects(limits: Limits) -> NoReturn:
    message = f"PDF 一页上的内容超过 {limits.pdf_objects} 个，不像正常的报告，没有读取。"
    raise Unreadable("pdf-too-big", message, SAVE_AGAIN)


def _placer(turns: int, sides: _Box) -> Callable[[float, float, float, float], _Box]:
    """A box in the file's coordinates (left, bottom, right, top) -> the same on the page as it is seen."""
    left, bottom, right, top = sides

    def upright(a: float, b: float, c: float, d: float) -> _Box:
        return a - left, top - d, c - left, top - b

    def quarter(a: float, b: float, c: float, d: float) -> _Box:
        return b - bottom, a - left, d - bottom, c - left

    def half(a: float, b: float, c: float, d: float) -> _Box:
        return right - c, b - bottom, right - a, d - bottom

    def back(a: float, b: float, c: float, d: float) -> _Box:
        return top - d, right - c, top - b, right - a

    return (upright, quarter, half, back)[turns]


def _through(matrix: Any, place: Callable[..., _Box]) -> Callable[[float, float, float, float], _Box]:
    """``place`` for coordinates inside a form, or of a path."""
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def inner(left: float, bottom: float, right: float, top: float) -> _Box:
        xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
        ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
        return place(min(xs), min(ys), max(xs), max(ys))

    return inner
