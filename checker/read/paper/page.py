"""What stands on a page: positioned characters, thin lines, pictures.

Lengths are points, y grows downward from the top left corner of the page as a reader holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from checker.model import record


@record
class Glyph:
    """A character, or a short run of them, and its box. ``unsure``: recognised with too little certainty (scans)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    unsure: bool = False


@record
class Stroke:
    """A thin line, horizontal or vertical, by its bounds."""

    left: float
    top: float
    right: float
    bottom: float


@record
class Page:
    """One page. ``pictures``: bounds of images that may hold text or a table which nobody has read.

    ``insets``: bounds of all images, one of which may stand in a cell in place of a figure. ``scanned``: all of it was
    seen in a picture, lines that somebody stamped or drew by hand among them.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    strokes: tuple[Stroke, ...]
    pictures: tuple[Stroke, ...] = ()
    insets: tuple[Stroke, ...] = ()
    scanned: bool = False


@dataclass
class Run:
    """Characters on one baseline, from left to right."""

    glyphs: list[Glyph]
    left: float
    top: float
    right: float
    bottom: float

    @cached_property
    def size(self) -> float:
        """The usual height of a character: of the Chinese ones, since Latin fonts of one size stand higher."""
        wide = [glyph for glyph in self.glyphs if glyph.text >= "\u2e80"] or self.glyphs
        return sorted([glyph.bottom - glyph.top for glyph in wide])[len(wide) // 2]

    @cached_property
    def text(self) -> str:
        """The wording; a gap wider than a third of a character is a blank, or than a fifth between digits.

        A character of the file's own is a mark.
        """
        if len(self.glyphs) == 1:
            return "" if is_private(self.glyphs[0]) else self.glyphs[0].text.strip()
        parts: list[str] = []
        wide, close = 0.34 * self.size, 0.2 * self.size
        end = self.left
        for glyph in self.glyphs:
            gap = glyph.left - end
            apart = gap > wide or (gap > close and parts and parts[-1].isdigit() and glyph.text.isdigit())
            if apart and parts and not parts[-1].isspace() and not glyph.text.isspace():
                parts.append(" ")
            if not is_private(glyph):
                parts.append(glyph.text)
            end = max(end, glyph.right)
        return "".join(parts).strip()

    def split(self, gap: float) -> list[Run]:
        """The same characters, cut at blanks wider than ``gap`` points."""
        printed, gaps = self._printed
        if max(gaps, default=0.0) <= gap:  # nearly always
            return [run_of(printed)] if printed else []
        cuts = [0, *(at for at, wide in enumerate(gaps, 1) if wide > gap), len(printed)]
        return [run_of(printed[begin:end]) for begin, end in pairwise(cuts)]

    @cached_property
    def _printed(self) -> tuple[list[Glyph], list[float]]:
        """The characters that are no blanks, and how far each stands from the one before it."""
        printed = [glyph for glyph in self.glyphs if not glyph.text.isspace()]
        return printed, [glyph.left - before.right for before, glyph in pairwise(printed)]


def is_private(glyph: Glyph) -> bool:
    """A character of the file's own, which is mostly the mark before a point."""
    return "\ue000" <= glyph.text < "\uf900"


def run_of(glyphs: Sequence[Glyph]) -> Run:
    """Characters, sorted from left to right, as one Run."""
    if len(glyphs) == 1:  # a figure in its cell
        (glyph,) = glyphs
        return Run([glyph], glyph.left, glyph.top, glyph.right, glyph.bottom)
    return Run(
        list(glyphs),
        min([glyph.left for glyph in glyphs]),
        min([glyph.top for glyph in glyphs]),
        max([glyph.right for glyph in glyphs]),
        max([glyph.bottom for glyph in glyphs]),
    )


def runs(glyphs: Iterable[Glyph]) -> list[Run]:
    """Characters sorted into printed lines, from the top down: two whose middles are near stand on one line."""
    lines: list[list[Glyph]] = []
    middle = reach = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.top + glyph.bottom):
        own, height = (glyph.top + glyph.bottom) / 2, glyph.bottom - glyph.top
        if lines and own - middle <= 0.5 * min(height, reach):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            middle, reach = own, height
    return [run_of(sorted(line, key=lambda glyph: glyph.left)) for line in lines]
