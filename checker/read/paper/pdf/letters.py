"""The characters of a page that count: those that a person sees, run as the text does, and know what they are."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Set
from statistics import median
from typing import Any

from checker.read.limits import Limits
from checker.read.paper.grid import THIN, Glyph, Stroke
from checker.read.paper.pdf.objects import address, refuse_objects
from checker.read.paper.pdf.places import Frame
from checker.read.struck import SMALL

_MIDST = (0.4, 0.72)  #: of the height of a character: where a line goes through it
_BEYOND = 1.5  #: points by which that line is longer than the words at either end
_RAISED, _LOWERED = SMALL["superscript"], SMALL["subscript"]
_SMALLER, _SHIFTED = (
    0.9,
    0.15,
)  #: of the height of the figure before: how high a note's is at most, how far off its foot
_TINY = 1.0  #: points; a character no larger cannot be read
_BLANK = frozenset((*range(2), *range(3, 33), 0x7F, 0xA0, 0xAD, 0x3000, 0xFFFE, 0xFFFF, *range(0x2000, 0x2010))) - {0}


class Letters:
    """The characters of a page, ``glyphs``; of ``unseen`` and ``marks`` (watermarks) the addresses are given.

    ``lost``: how many of them the file does not say what they are, ``private``: how many are of its own.
    ``hidden``: some cannot be seen. ``aside``: those that run another way than the others, and watermarks.
    ``turns``: quarter turns, clockwise, after which the text runs from left to right.
    """

    def __init__(
        self, pdfium: Any, page: Any, frame: Frame, limits: Limits, unseen: Set[int], marks: Set[int], *, turned: bool
    ) -> None:
        self.pdfium, self.frame = pdfium, frame
        self.unseen, self.marks, self.turned = unseen, marks, turned
        self.lost = self.private = self.turns = 0
        self.hidden = False
        self.aside = ""
        text = pdfium.FPDFText_LoadPage(page)
        try:
            count = pdfium.FPDFText_CountChars(text)
            if count > limits.pdf_objects:
                refuse_objects(limits)
            self.glyphs = self._glyphs(text, count)
        finally:
            pdfium.FPDFText_ClosePage(text)

    def _glyphs(self, text: Any, count: int) -> list[Glyph]:
        unicode, loose = self.pdfium.FPDFText_GetUnicode, self.pdfium.FPDFText_GetLooseCharBox
        lost = self.pdfium.FPDFText_HasUnicodeMapError
        box = self.pdfium.FS_RECTF()
        at = ctypes.byref(box)
        place, left_out = self.frame.place, self._left_out(text, count)
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
            if bottom <= 0 or top >= self.frame.height or not -self.frame.width < left < 2 * self.frame.width:
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
        if glyphs:
            self._even(text, glyphs, indices)
        return glyphs

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
        pdfium, upright = self.pdfium, self.turns % 2 == 0
        heights = [glyph.bottom - glyph.top if upright else glyph.right - glyph.left for glyph in glyphs]
        least = 0.85 * median(heights)
        x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
        for at, (glyph, i) in enumerate(zip(glyphs, indices, strict=True)):
            if heights[at] >= least or not pdfium.FPDFText_GetMatrix(text, i, matrix):
                continue
            pdfium.FPDFText_GetCharOrigin(text, i, x, y)
            size = pdfium.FPDFText_GetFontSize(text, i)  # of the matrix (c, d) is the way up, and by how much
            foot = x.value - 0.12 * size * matrix.c, y.value - 0.12 * size * matrix.d
            head = x.value + 0.88 * size * matrix.c, y.value + 0.88 * size * matrix.d
            box = self.frame.place(*map(min, foot, head), *map(max, foot, head))
            left, top, right, bottom = glyph.left, glyph.top, glyph.right, glyph.bottom
            if upright:
                top, bottom = min(top, box[1]), max(bottom, box[3])
            else:
                left, right = min(left, box[0]), max(right, box[2])
            glyphs[at] = Glyph(glyph.text, left, top, right, bottom, glyph.unsure)

    def _left_out(self, text: Any, count: int) -> Set[int]:
        """Which characters do not count: those that nobody sees, watermarks, and what runs another way than most."""
        pdfium = self.pdfium
        unseen, aside = set[int](), set[int]()
        if self.unseen or self.marks:
            pieces = [address(pdfium.FPDFText_GetTextObject(text, i)) for i in range(count)]
            unseen = {i for i, piece in enumerate(pieces) if piece in self.unseen}
            aside = {i for i, piece in enumerate(pieces) if piece in self.marks}
            self.hidden |= bool(self.unseen)
        if self.turned:
            angles = [pdfium.FPDFText_GetCharAngle(text, i) / (math.pi / 2) for i in range(count)]
            usual = Counter(round(angle) % 4 for angle in angles if abs(angle - round(angle)) < 0.1)
            most = max(usual, key=lambda turn: (usual[turn], -turn), default=0)
            self.turns = -(most + self.frame.rotation) % 4  # PDFium's angles are clockwise, too
            aside |= {i for i, angle in enumerate(angles) if abs((angle - most + 2) % 4 - 2) >= 0.1}
        if aside:
            codes = (pdfium.FPDFText_GetUnicode(text, i) for i in sorted(aside - unseen))
            self.aside = "".join(chr(code) for code in codes if code not in _BLANK)
        return unseen | aside


def unstruck(glyphs: list[Glyph], strokes: list[Stroke]) -> tuple[list[Glyph], list[Stroke]]:
    """The characters without those that a line of just their length goes through, and the lines that are none such."""
    levels = sorted({(stroke.top + stroke.bottom) / 2 for stroke in strokes if _is_level(stroke)})
    crossed: dict[float, list[int]] = {}
    for at, glyph in enumerate(glyphs) if levels else ():
        height = glyph.bottom - glyph.top
        next_ = bisect_left(levels, glyph.top + _MIDST[0] * height)
        if next_ < len(levels) and levels[next_] < glyph.top + _MIDST[1] * height:
            crossed.setdefault(levels[next_], []).append(at)
    struck: set[int] = set()
    through: set[Stroke] = set()
    for line in strokes:
        if not _is_level(line):
            continue
        there = (at for at in crossed.get((line.top + line.bottom) / 2, ()) if line.left - 1 < glyphs[at].left)
        run = [at for at in there if glyphs[at].right < line.right + 1]
        if run and max(glyphs[run[0]].left - line.left, line.right - glyphs[run[-1]].right) < _BEYOND:
            struck.update(run)
            through.add(line)
    if not struck:
        return glyphs, strokes
    kept = [glyph for at, glyph in enumerate(glyphs) if at not in struck]
    return kept, [line for line in strokes if line not in through]


def _is_level(stroke: Stroke) -> bool:
    return stroke.bottom - stroke.top <= THIN and stroke.right - stroke.left > THIN


def _note_of(letter: str, before: Glyph, left: float, top: float, bottom: float) -> str:
    """A figure behind another; a note's where it is small and stands off the foot of that, or behind a note's."""
    size = before.bottom - before.top
    if abs(left - before.right) >= 0.3 * size:
        return letter
    if bottom == before.bottom:
        noted = next((each for each in (_RAISED, _LOWERED) if before.text in each.values()), None)
        return letter.translate(noted) if noted else letter
    if bottom - top >= _SMALLER * size or not (before.top < bottom and top < before.bottom):
        return letter
    raised, lowered = bottom < before.bottom - _SHIFTED * size, bottom > before.bottom + _SHIFTED * size
    return letter.translate(_RAISED if raised else _LOWERED) if raised or lowered else letter
