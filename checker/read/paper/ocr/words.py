"""The words of a straight page: in the cells of its tables, each by itself, and outside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import cv2
import numpy as np

from checker.late import late
from checker.read.paper.ocr import gaps, models
from checker.read.paper.ocr.gaps import Doubtful
from checker.read.paper.ocr.models import Reading
from checker.read.paper.ocr.picture import Box, Clock, Picture, blobs, ink_of, pale_ink, seals_in, tall
from checker.read.paper.ocr.rulings import Rulings, tables_in
from checker.read.paper.ocr.shades import Ground
from checker.read.paper.page import Glyph

_BLOT = 100  #: pixels; what is as high is no line of text
_SPECK = 6  #: pixels; ink that is smaller in both directions is dirt
_SURE = 0.8  #: a label of which each character is as certain needs no second look
_DEEP = 0.78  #: how dark any mark of a figure must be, as a share of what is usual on its page
_SLANT = 0.17  #: how far a stroke leans that is no 1
_ASLANT, _STRAIGHT, _TALL = 0.23, 1.05, 1.08  #: of a slash: how far it leans, how bent it is, in heights of a digit
_LONE, _LIKE = 0.9, 0.15  #: widths of a height that a lone digit has at most; how far the height of a digit may differ
_BEYOND, _BESIDE = 16, 3  #: pixels beyond the edge of a cell in which its ruling line ends; right behind that line
_FAINT = 0.5  #: what is less certain is not read, even where two readings agree
_FIGURE = late(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DIGITS = late(r"\d+")
_LONE_DIGIT = late(r"[(（]?\d[)）]?")
_STROKES = late(r"[1Il|]+")
_SIGNS = late(r"[\W_]+")
_HAN = late(r"[\u3400-\u9fff]")
#: what is written into a cell that has no figure
_EMPTY = late(r"[/\\—–-]+")


class Sheet:
    """A straight page with its ruling lines, ready to be read."""

    def __init__(self, grey: Picture, ground: Ground, ink: Picture, rulings: Rulings, clock: Clock) -> None:
        flat, steep = rulings
        rules = cv2.morphologyEx(cv2.bitwise_or(flat, steep), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        self.grey, self.clock = grey, clock
        self.paper, self.ground = int(np.percentile(grey, 90)), ground
        self.rules = cv2.dilate(rules, np.ones((3, 3), np.uint8))
        self.ink = cv2.bitwise_and(ink, cv2.bitwise_not(self.rules))
        self.pale = cv2.bitwise_and(pale_ink(grey), cv2.bitwise_not(cv2.dilate(rules, np.ones((7, 7), np.uint8))))
        self.tables = tables_in(rules)
        self.seals = seals_in(grey)  #: those that are as black as the print
        self.blots = blobs(self.ink, 1, _BLOT)  #: ink in one piece that is too high for a line
        self.tall = tall(self.ink, _BLOT)
        self.usual = 0.0  #: height of a line outside the tables

    def in_cells(self) -> Iterator[Glyph]:
        """The lines of all cells of all tables."""
        lines: list[tuple[Box, Box]] = []  # a line, and its cell
        for cell, within in ((cell, cells) for _, cells in self.tables for cell in cells):
            own = self.lines(cell, [other for other in within if other.area < cell.area and other.meets(cell)])
            lines += ((line, cell) for line in own)
            if not own and self.sealed(cell):
                yield Glyph("", cell.left, cell.top, cell.right, cell.bottom, True)
            elif not own:
                yield from self.traces(cell)
        usual = float(np.median([depth for line, _ in lines for depth in self.depths(line)])) if lines else 0.0
        readings = self.certain([line for line, _ in lines])
        digits = [
            line.height for (line, _), (one, sure) in zip(lines, readings, strict=True) if sure and one.text.isdigit()
        ]
        clear: list[Box] = []
        for (line, cell), (reading, sure) in zip(lines, readings, strict=True):
            text = reading.text
            sure = sure and self.ground.plain(line, bool(_HAN.search(text))) and _fills(text, line)
            if not _is_label(text):
                deep = min(self.depths(line), default=0.0) >= _DEEP * usual
                digit = float(np.median(digits)) if digits else 0.0
                if shape := self.slash(line, digit) or self.ones(line, "" if sure else text, digit):
                    text, sure = shape, True
                sure = sure and deep and self.within(line, cell) and not self.sealed(line) and self.stands(line, text)
            yield Glyph(text, line.left, line.top, line.right, line.bottom, not sure)
            clear += [line] if sure else []
        for table, cells in self.tables:
            for box in self.ground.strange(table, cells, clear):
                yield Glyph("", box.left, box.top, box.right, box.bottom, True)

    def certain(self, lines: Sequence[Box]) -> list[tuple[Reading, bool]]:
        """What stands in each line of a cell, and whether that is certain: a clear label, or two readings that agree.

        Where the first two differ, the third sees thin strokes that the scan has broken as whole again.
        """
        found = [[_bare(reading, line)] for reading, line in zip(self.read(lines, 0.25, 0.4), lines, strict=True)]
        doubtful = [
            at
            for at, (one,) in enumerate(found)
            if one.certainty < _SURE or not _is_label(one.text) or self.sealed(lines[at])
        ]
        for above, beside, blur in ((0.5, 0.9, 0.0), (0.35, 0.65, 1.0)):
            again = self.read([lines[at] for at in doubtful], above, beside, blur)
            for at, reading in zip(doubtful, again, strict=True):
                found[at].append(_bare(reading, lines[at]))
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

    def slash(self, line: Box, digit: float) -> str:
        """The "/" or "\\" that a line is, by its shape: one straight stroke, aslant, higher than a ``digit``.

        No print of a 1 or 7 is all of that, in whatever font: neither is a mere stroke, and an l or I leans less.
        """
        marks = self.marks(line)
        if len(marks) != 1 or marks[0].height < _TALL * digit or not digit:
            return ""
        ink = marks[0].of(line.of(self.ink))
        slant = _slant(ink)
        if abs(slant) < _ASLANT or _bent(ink) > _STRAIGHT:
            return ""
        return "/" if slant < 0 else "\\"

    def ones(self, line: Box, text: str, digit: float) -> str:
        """The figure that a reading of letters is, by its shape: several upright strokes as high as a ``digit``.

        A single stroke may be anything.
        """
        marks = self.marks(line)
        strokes = len(marks) == len(text) > 1 and _STROKES.fullmatch(text)
        alike = all(abs(mark.height - digit) < _LIKE * digit and mark.width < mark.height / 2 for mark in marks)
        return "1" * len(text) if strokes and alike else ""

    def within(self, line: Box, cell: Box) -> bool:
        """Whether a line stands in its cell as a whole: what touches the border must not go on beyond it."""
        if cell.encloses(line):
            return True
        flat = Box(line.left, cell.top, line.right, cell.bottom)
        before = Box(max(cell.left - _BEYOND, 0), line.top, cell.left, line.bottom)
        after = Box(cell.right, line.top, cell.right + _BEYOND, line.bottom)
        return flat.grown(2).encloses(line) and self.clear(after, 1) and self.clear(before, -1)

    def clear(self, strip: Box, way: int) -> bool:
        """Whether a ruling line is at the edge of a strip and no ink right behind it; ``way``: -1 to the left."""
        ink, rule = (strip.of(mask).max(axis=0, initial=0)[::way] > 0 for mask in (self.ink, self.rules))
        behind = int(np.argmin(rule)) if len(rule) else 0  # none where the line does not end
        return behind > 0 and not ink[: behind + _BESIDE].any()

    def marks(self, line: Box) -> list[Box]:
        """The pieces of ink in a line, within its bounds, without dirt."""
        return [mark for mark in blobs(line.of(self.ink), 1, 1) if max(mark.width, mark.height) >= _SPECK]

    def sealed(self, line: Box) -> bool:
        """Whether a seal lies over a line that nobody can tell from the print."""
        return any(_under(line, seal) for seal in self.seals)

    def over(self, line: Box) -> list[Box]:
        """What is no print and runs through a line, or right beside it, where the line may go on below it.

        That is a seal, ink in one piece that goes on above or below the line, as no character does, or what seems to be
        a table beside the line: the frame of a seal.
        """
        wide = Box(max(line.left - line.height, 0), line.top, line.right + line.height, line.bottom)
        middle = Box(wide.left, (line.top + line.bottom) // 2, wide.right, (line.top + line.bottom) // 2 + 1)
        tall = [blot for blot in self.blots if blot.top < line.top - _SPECK or blot.bottom > line.bottom + _SPECK]
        return [
            *(table for table, _ in self.tables if middle.meets(table)),
            *(seal for seal in self.seals if _under(wide, seal)),
            *(blot for blot in tall if wide.meets(blot) and _shared(wide, blot).of(self.ink).any()),
        ]

    def traces(self, cell: Box) -> Iterator[Glyph]:
        """What is too pale to be read in a cell without ink: it may be a figure all the same."""
        for box in blobs(cell.of(self.pale), 3, 10):
            left, top = cell.left + box.left, cell.top + box.top
            yield Glyph("", left, top, left + box.width, top + box.height, True)

    def lines(self, cell: Box, others: Sequence[Box]) -> list[Box]:
        """The printed lines of a cell; with a hole in its border it goes round a corner, in which ``others`` stand."""
        ink = cell.of(self.ink).copy()
        for other in others:
            top, left = max(other.top - cell.top, 0), max(other.left - cell.left, 0)
            ink[top : other.bottom - cell.top, left : other.right - cell.left] = 0
        marks = [mark for mark in blobs(ink, 1, 1) if max(mark.width, mark.height) >= _SPECK]
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
        return [self.paper - float(np.percentile(mark.of(grey)[mark.of(ink) > 0], 15)) for mark in marks]

    def outside(self) -> Iterator[Glyph]:
        """The lines that stand in no table. Those with figures, and what is not clear, are read twice, too.

        Of a line that is not certain no more is told than is known of it.
        """
        rest = self.grey.copy()
        for table, _ in self.tables:
            table.of(rest)[:] = self.paper
        found = models.lines_in(rest)
        for box in found:  # with a rim: a box may cut off the tops of characters
            Box(max(box.left - 8, 0), max(box.top - 8, 0), box.right + 8, box.bottom + 8).of(rest)[:] = self.paper
        missed = models.missed_in(ink_of(rest, 40))
        seals = [seal for seal in self.seals if not any(table.encloses(seal) for table, _ in self.tables)]
        blots = [blot for blot in missed if blot.height >= _BLOT]  # a picture, or a seal and what it covers
        blots = [blot for blot in blots if not any(seal.grown(_SPECK).encloses(blot) for seal in seals)]
        lines = models.continued(found, [box for box in missed if box.height < _BLOT])
        first = self.read(lines, 0, 0)
        heights = [self.tight(line).height for line, one in zip(lines, first, strict=True) for _ in one.text]
        self.usual = (
            float(np.median(heights)) if heights else 0.0
        )  # of a character: the pieces of a seal are many lines
        again = [at for at, one in enumerate(first) if one.certainty < _SURE or _DIGITS.search(one.text)]
        second = dict(zip(again, self.read([lines[at] for at in again], 0.15, 0.3), strict=True))
        doubtful: list[Doubtful] = []
        printed: list[Box] = []
        for at, (line, one) in enumerate(zip(lines, first, strict=True)):
            other = second.get(at, one)
            reading = max(one, other, key=lambda reading: reading.certainty)
            tight = self.tight(line)
            lone = line.width <= 2 * self.usual
            sure = reading.certainty >= (_SURE if lone else _FAINT) and not self.over(line)
            if _DIGITS.search(one.text + other.text):
                sure = sure and _DIGITS.findall(one.text) == _DIGITS.findall(other.text)
            dirt = max(tight.width, tight.height) < self.usual / 2
            if sure:
                yield from _characters(reading.text, tight)
            elif not ((lone and dirt) or any(seal.grown(_SPECK).encloses(line) for seal in self.seals)):  # of a seal
                figures = _DIGITS.findall(one.text) == _DIGITS.findall(other.text)
                doubtful.append(Doubtful(line, tight, reading, figures, self.over(line)))
            printed.append(tight)
        yield from gaps.known(doubtful, lines, self.usual, self.tall)
        yield from gaps.free(seals, blots, printed, self.usual)

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
            piece = cv2.copyMakeBorder(line.of(self.grey), y, y, x, x, cv2.BORDER_CONSTANT, value=self.paper)
            if blur:
                piece = cv2.GaussianBlur(piece, (0, 0), blur)
            pieces.append(cv2.cvtColor(piece, cv2.COLOR_GRAY2RGB))
        readings: list[Reading] = []
        for start in range(0, len(pieces), 48):
            self.clock.check()
            readings += models.recognised(pieces[start : start + 48])
        return [
            _placed(reading, piece.shape[1], line.width)
            for reading, piece, line in zip(readings, pieces, lines, strict=True)
        ]


def _placed(reading: Reading, wide: int, width: int) -> Reading:
    """A reading with the places of its characters as shares of its line, which had white on both sides."""
    white = (wide - width) / 2
    signs = tuple((sign, (at * wide - white) / width, certainty) for sign, at, certainty in reading.signs)
    return Reading(reading.text, reading.certainty, signs)


def _under(line: Box, seal: Box) -> bool:
    """Whether anything of a line lies within a round seal; its bounds may be cut off at the left and the top."""
    radius = max(seal.width, seal.height) / 2
    x, y = seal.right - radius, seal.bottom - radius
    across, down = x - min(max(x, line.left), line.right), y - min(max(y, line.top), line.bottom)
    return across**2 + down**2 <= radius**2


def _shared(one: Box, other: Box) -> Box:
    """What two boxes that meet have in common."""
    left, top = max(one.left, other.left), max(one.top, other.top)
    return Box(left, top, min(one.right, other.right), min(one.bottom, other.bottom))


def _slant(ink: Picture) -> float:
    """How far a stroke leans, in its width per height: a 1 less than 0.12 to either side, a / or \\ about 0.3."""
    down, across = np.nonzero(ink)
    spread = float(down.var())
    return float(np.mean((down - down.mean()) * (across - across.mean()))) / spread if spread else 0.0


def _bent(ink: Picture) -> float:
    """How much wider than its stroke a mark is, across the way it goes: 1 if it is straight, 1.1 or more for a 1."""
    across, along = np.linalg.eigvalsh(np.cov(np.stack(np.nonzero(ink)).astype(float)))
    return float(12 * np.sqrt(max(across, 0.0) * max(along, 0.0)) / np.count_nonzero(ink))


def _bare(reading: Reading, line: Box) -> Reading:
    """A reading without the brackets of a lone digit for which there is no room: they are pieces of its strokes."""
    narrow = line.width < _LONE * line.height and _LONE_DIGIT.fullmatch(reading.text)
    return Reading(reading.text.strip("()（）"), reading.certainty) if narrow else reading


def _fills(text: str, line: Box) -> bool:
    """Whether a figure takes up its whole line: a digit is 0.6 to 0.9 as wide as it is high, with the white beside."""
    return not text.isdigit() or line.width <= (len(text) + 0.3) * line.height


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


def _characters(text: str, line: Box) -> Iterator[Glyph]:
    """The characters of a line, where they stand by their usual widths."""
    widths = [1.0 if sign >= "\u2e80" else 0.5 for sign in text]
    step = line.width / max(sum(widths), 0.5)
    left = float(line.left)
    for sign, width in zip(text, widths, strict=True):
        yield Glyph(sign, left, line.top, left + width * step, line.bottom)
        left += width * step


def scaled(glyph: Glyph, point: float) -> Glyph:
    return Glyph(
        glyph.text, glyph.left * point, glyph.top * point, glyph.right * point, glyph.bottom * point, glyph.unsure
    )
