"""What may lie over a cell of a scanned table: ``python -m tests.covers [--forms N] [--kind NAME] [--wear NAME]``.

A sheet of ruled cells with a patch of each fit in a row of its own, in every kind and every wear: what is covered is
unread, everything else as printed or unread. ``--forms``: cells of a report's forms, one covered at a time; no fact may
be wrong. Some ten seconds of processor time a page.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np

from checker.model import Cell, Document, Table
from checker.read.limits import Limits
from checker.read.paper.grid import lay_out
from checker.read.paper.ocr import Picture, models
from checker.read.paper.ocr.picture import Box, ink_of
from checker.read.paper.ocr.rulings import ruled, tables_in
from checker.read.paper.page import Page
from checker.read.paper.scan import read_pages
from tests import scans
from tests.scans import Wear

PATIENT = Limits(scan_page=3_600, scan_wall=36_000)
LEFT, TOP, WIDE, HIGH, COLUMNS = 60, 120, 170, 60, 9  #: of a sheet, in pixels
WEARS: Mapping[str, Sequence[Wear]] = {
    "clean": (),
    "turned": (scans.turned(1), scans.noisy(8), scans.jpeg(75)),
    "150 dpi": (scans.coarse(0.75), scans.noisy(6), scans.jpeg(75)),
    "seal": (scans.sealed(0.5, 0.4), scans.turned(-0.8), scans.noisy(6), scans.jpeg(75)),
}

# --- sheets of cells --------------------------------------------------------------------------------------------------


def text(row: int, column: int) -> str:
    """What is printed in a cell of a sheet: a number for the row, figures, and cells that are empty."""
    if not column:
        return str(100 + row)
    return "" if column == 3 or (column == 6 and row % 2) else str((row * 37 + column * 11) % 97 + 2)


def sheet(rows: int, words: Callable[[int, int], str] = text) -> Picture:
    """A page with a table of so many rows, and lines of words below it."""
    picture: Picture = np.full((TOP + HIGH * rows + 380, 1654, 3), 255, np.uint8)
    for row in range(rows):
        for column in range(COLUMNS):
            x, y = LEFT + WIDE * column, TOP + HIGH * row
            cv2.rectangle(picture, (x, y), (x + WIDE, y + HIGH), (0, 0, 0), 3)
            place = (x + 55, y + 42)
            cv2.putText(picture, words(row, column), place, cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    for at in range(4):
        place = (100, TOP + HIGH * rows + 80 + 60 * at)
        cv2.putText(picture, "reading takes lines of words", place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)
    return picture


def cell(row: int, column: int, across: int = 1, down: int = 1) -> Box:
    """The bounds of so many cells of a sheet, from the middle of their ruling lines."""
    left, top = LEFT + WIDE * column, TOP + HIGH * row
    return Box(left, top, left + WIDE * across, top + HIGH * down)


FITS: Mapping[str, Callable[[int, int], Box]] = {
    "between the lines": lambda row, column: cell(row, column).grown(-2),
    "over the lines": cell,
    "as wide, less high": lambda row, column: _cut(cell(row, column), 0, 12),
    "as high, less wide": lambda row, column: _cut(cell(row, column), 40, 0),
    "smaller": lambda row, column: _cut(cell(row, column), 40, 12),
    "larger": lambda row, column: _cut(cell(row, column), -12, -10),
    "two beside": lambda row, column: cell(row, column, across=2),
    "two above": lambda row, column: cell(row, column, down=2),
    "a row, less high": lambda row, _: _cut(cell(row, 0, across=COLUMNS), 0, 10),
    "a row": lambda row, _: cell(row, 0, across=COLUMNS),
}


def _cut(box: Box, across: int, down: int) -> Box:
    return Box(box.left + across, box.top + down, box.right - across, box.bottom - down)


def _noise(piece: Picture, dice: np.random.Generator) -> None:
    piece[:] = dice.integers(0, 256, (*piece.shape[:2], 1))


def _photo(piece: Picture, _: np.random.Generator) -> None:
    """Something that is bright in places and dark in others, without edges."""
    height, width = piece.shape[:2]
    piece[:] = np.clip(np.linspace(40, 220, width) + 40 * np.sin(np.arange(height) / 7)[:, None], 0, 255)[..., None]


def _coarse(piece: Picture, dice: np.random.Generator) -> None:
    height, width = piece.shape[:2]
    grains = dice.integers(60, 256, (height // 6 + 1, width // 6 + 1)).astype(np.uint8)
    piece[:] = cv2.resize(grains, (width, height))[..., None]


def _written(piece: Picture, _: np.random.Generator) -> None:
    """Letters on a grey slip."""
    piece[:] = 225
    place = (max(piece.shape[1] // 2 - 45, 0), piece.shape[0] // 2 + 10)
    cv2.putText(piece, "abcde", place, cv2.FONT_HERSHEY_SIMPLEX, 1, (60, 60, 60), 2)


def _plain(*colour: int) -> Callable[[Picture, np.random.Generator], None]:
    def paint(piece: Picture, _: np.random.Generator) -> None:
        piece[:] = colour

    return paint


KINDS: Mapping[str, Callable[[Picture, np.random.Generator], None]] = {
    **{f"grey {level}": _plain(level, level, level) for level in (0, 90, 150, 200, 225, 240, 246)},
    "blue": _plain(90, 140, 220),
    "yellow": _plain(255, 240, 120),
    "noise": _noise,
    "grains": _coarse,
    "photo": _photo,
    "slip": _written,
}


def covered(kind: str, wear: str, fits: Sequence[str] = tuple(FITS)) -> tuple[Picture, Mapping[tuple[int, int], str]]:
    """A sheet on which every second row has something of that kind over a cell; and which cells have lost how much."""
    rows, dice = 2 * len(fits) + 2, np.random.default_rng(5)
    picture, gone = sheet(rows), dict[tuple[int, int], str]()
    for at, fit in enumerate(fits):
        box = FITS[fit](1 + 2 * at, (2, 5, 7, 4, 1, 3)[at % 6])
        KINDS[kind](box.of(picture), dice)
        for row in range(rows):
            for column in range(COLUMNS):
                if _cut(cell(row, column), 14, 14).meets(box):
                    gone[row, column] = fit
    return scans.worn([picture], WEARS[wear], 1)[0], gone


def read(picture: Picture) -> list[Sequence[Cell]]:
    """The rows of the tables of a sheet."""
    pages, _ = read_pages([(picture, 595.0)], PATIENT)
    blocks, _ = lay_out(pages, PATIENT)
    return [row for block in blocks if isinstance(block, Table) for row in block.rows]


def mistakes(rows: Sequence[Sequence[Cell]], gone: Mapping[tuple[int, int], str]) -> Iterator[str]:
    """What is read of a sheet that does not stand there. A row whose number is covered is known by the one before."""
    row = -1
    for own in rows:
        row = int(own[0].text) - 100 if own[0].text.isdigit() and not own[0].unread else row + 1
        if len(own) != COLUMNS:
            yield f"row {row}: {len(own)} columns"
        for column, found in enumerate(own):
            fit = gone.get((row, column))
            if not found.unread and (fit or found.text != text(row, column)):
                yield f"row {row}, column {column} ({fit or text(row, column)}): {found.text!r}"


# --- forms ------------------------------------------------------------------------------------------------------------


def forms(kind: str, wear: str, every: int) -> Iterator[tuple[str, int, list[str]]]:
    """For every so many cells of a report's tables: where, how many facts are unread, and which are wrong."""
    source = scans.html(2023, 4)
    with tempfile.TemporaryDirectory() as folder:
        pages = scans.pages(source, Path(folder))
    places = [
        (at, box)
        for at, page in enumerate(pages)
        for _, cells in tables_in(cv2.bitwise_or(*_rulings(page)))
        for box in cells
    ]
    clean = [_page(page, wear, at) for at, page in enumerate(pages)]
    for at, box in places[::every]:
        picture = pages[at].copy()
        KINDS[kind](box.grown(2).of(picture), np.random.default_rng(5))
        blocks, notes = lay_out([*clean[:at], _page(picture, wear, at), *clean[at + 1 :]], PATIENT)
        outcomes = scans.compared(source, Document("x.png", "png", blocks, notes, recognised=True))
        wrong = [f"{fact}: {outcome}" for fact, outcome in outcomes.items() if outcome not in ("right", "unread")]
        yield f"page {at + 1}, {box}", list(outcomes.values()).count("unread"), wrong


def _page(picture: Picture, wear: str, seed: int) -> Page:
    return read_pages([(scans.worn([picture], WEARS[wear], seed)[0], 595.0)], PATIENT)[0][0]


def _rulings(page: Picture) -> tuple[Picture, Picture]:
    ink = ink_of(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
    return ruled(ink, np.zeros_like(ink))


# --- as a command -----------------------------------------------------------------------------------------------------


def sheets(kind: str, wear: str) -> Iterator[tuple[str, int, list[str]]]:
    """The same of one sheet."""
    picture, gone = covered(kind, wear)
    rows = read(picture)
    yield f"{len(gone)} covered", sum(each.unread for row in rows for each in row), list(mistakes(rows, gone))


def main(kinds: Sequence[str], wears: Sequence[str], every: int) -> int:
    """Print what was read where it should not have been; how much that is."""
    from tests.pictures import remembered

    wrong = 0
    with patch.object(models, "recognised", remembered(models.recognised)):
        for kind, wear in ((kind, wear) for kind in kinds for wear in wears):
            for where, unread, found in forms(kind, wear, every) if every else sheets(kind, wear):
                counts = f"{unread} unread, {len(found)} wrong"
                print(f"{kind}, {wear}, {where}: {counts}", *found, sep="\n    ", flush=True)
                wrong += len(found)
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=0, metavar="N", help="every Nth cell of a report's forms")
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--wear", action="append", choices=WEARS)
    given = parser.parse_args()
    raise SystemExit(min(main(given.kind or list(KINDS), given.wear or list(WEARS), given.forms), 1))
