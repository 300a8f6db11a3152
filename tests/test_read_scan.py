"""Scans and pictures: a report on paper says what its page said, and what is not certain is unread, never guessed."""

from __future__ import annotations

import io
import json
import re
import struct
import subprocess
import sys
import zlib
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from checker.extract import extract
from checker.judge import judge
from checker.model import HOLE, Case, Document, Paragraph, Table, Unreadable
from checker.read import read
from checker.read.limits import LIMITS, Limits
from checker.read.paper import scan
from checker.read.paper.grid import lay_out
from checker.read.paper.ocr import Picture, page_of, picture, words
from checker.read.paper.ocr.keystone import squared
from checker.read.paper.ocr.picture import Box, lit
from checker.read.paper.ocr.rulings import ruled, tables_in, thin
from checker.read.paper.ocr.shades import Ground
from checker.read.paper.ocr.words import Sheet
from checker.read.paper.page import Glyph, Page, Stroke
from checker.read.paper.pdf import parse_pdf
from checker.read.paper.scan import _widened, parse_picture, read_pages
from checker.render import table
from checker.render.view import View
from tests import covers, scans
from tests.findings import national

PATIENT = Limits(scan_page=600, scan_wall=3_600)  # the machine that runs the tests may be busy


# --- whole reports ----------------------------------------------------------------------------------------------------

REPORT = scans.html(2023, 12)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Picture]:
    """A report with the forms of 2021: large figures, decimals and many zeros, a table over two pages."""
    return scans.pages(REPORT, tmp_path_factory.mktemp("scan"))


def scanned(pictures: list[Picture]) -> bytes:
    """A PDF of nothing but pictures."""
    images = [Image.fromarray(picture) for picture in pictures]
    file = io.BytesIO()
    images[0].save(file, "PDF", save_all=True, append_images=images[1:], resolution=200, quality=90)
    return file.getvalue()


@pytest.fixture(scope="session")
def clean(pages: list[Picture]) -> Document:
    return parse_pdf(scanned(pages), "x.pdf", PATIENT)


@pytest.fixture(scope="session")
def worn(pages: list[Picture]) -> Document:
    """Each page in another way: a seal over figures, noise and turning, all at JPEG 70."""
    first, *middle, last = pages
    turned = [scans.turned(0.8), scans.noisy(12), scans.jpeg(70)]
    sealed = [scans.sealed(0.6, 0.45), scans.sealed(0.75, 0.7), *turned]
    pictures = [*scans.worn([first], [scans.grey, *turned]), *scans.worn(middle, sealed)]
    pictures += scans.worn([last], [scans.sealed(0.75, 0.6), scans.turned(-1), scans.jpeg(70)])
    found, notes = read_pages(((picture, 595.0) for picture in pictures), PATIENT)
    blocks, more = lay_out(found, PATIENT)
    return Document("x.png", "png", blocks, (*notes, *more), recognised=True)


@pytest.mark.parametrize(("paper", "least"), [("clean", 0.99), ("worn", 0.99)])
def test_a_scan_says_what_its_page_says(paper: str, least: float, request: pytest.FixtureRequest) -> None:
    found = scans.compared(REPORT, request.getfixturevalue(paper))
    assert {name: outcome for name, outcome in found.items() if outcome not in ("right", "unread")} == {}
    counts = Counter(found.values())
    assert counts.total() > 220
    assert counts["right"] >= least * counts.total()


def test_what_was_recognised_is_judged_with_low_confidence(clean: Document) -> None:
    assert clean.recognised
    assert clean.notes[0].code == "ocr"
    pack = national()
    audit = judge(Case(extract(clean, pack.facts)), pack)
    typed = judge(Case(extract(replace(clean, recognised=False), pack.facts)), pack)
    assert {verdict.confidence for verdict in audit.verdicts} == {"low"}
    assert [verdict.state for verdict in audit.verdicts] == [verdict.state for verdict in typed.verdicts]
    assert {"high", "low"} == {verdict.confidence for verdict in typed.verdicts}
    assert "文字由程序识别" in table.report(audit, View())


# --- cells ------------------------------------------------------------------------------------------------------------


def sheet(*cells: str) -> Picture:
    """A page with a row of ruled cells, drawn; under it a line of words."""
    picture: Picture = np.full((900, 1654, 3), 255, np.uint8)
    for at, text in enumerate(cells):
        left = 100 + 180 * at
        cv2.rectangle(picture, (left, 200), (left + 180, 260), (0, 0, 0), 3)
        cv2.rectangle(picture, (left, 260), (left + 180, 320), (0, 0, 0), 3)
        cv2.putText(picture, text, (left + 60, 303), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
        cv2.putText(picture, str(at), (left + 60, 243), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    for at in range(3):
        cv2.putText(picture, "reading takes lines of words", (100, 500 + 60 * at), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)
    return picture


def cells(picture: Picture) -> list[tuple[str, bool]]:
    """Text and certainty of the lower row."""
    found, _ = read_pages([(picture, 595.0)], PATIENT)
    blocks, _ = lay_out(found, PATIENT)
    (grid,) = [block for block in blocks if isinstance(block, Table)]
    return [(cell.text, cell.unread) for cell in grid.rows[1]]


def test_a_cell_is_a_figure_blank_or_unread() -> None:
    picture = sheet("0", "", "37", "", "l", "", "-")
    cv2.ellipse(picture, (100 + 180 * 3 + 90, 290), (30, 14), 20, 0, 250, (0, 0, 0), 2)  # ink that is no figure
    cv2.putText(picture, "4", (100 + 180 * 5 + 60, 303), cv2.FONT_HERSHEY_SIMPLEX, 1, (244, 244, 244), 2)  # hardly ink
    nought, blank, figure, scribble, letter, faint, dash = cells(picture)
    assert nought == ("0", False)
    assert blank == ("", False)
    assert figure == ("37", False)
    assert scribble[1]
    assert letter[1]
    assert faint[1]
    assert dash in (("-", False), ("—", False), ("一", True))


def test_a_slash_is_no_one() -> None:
    picture = Image.fromarray(sheet("", "1", "11", "7"))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size=30)  # of which the models read / as 1, twice
    pen.text((160, 275), "/", font=font, fill=(0, 0, 0))
    slash, one, eleven, seven = cells(np.asarray(picture))
    assert slash == ("/", False) or slash[1]
    assert (one, eleven, seven) == (("1", False), ("11", False), ("7", False))


FIGURES = ("0", "11", "37", "8", "905", "6", "0")


def stamped(*wears: scans.Wear) -> list[tuple[str, bool]]:
    """The figures below a seal, after that has been done to the picture."""
    under = scans.sealed(0.33, 0.3)
    (picture,) = scans.worn([sheet(*FIGURES)], [under, *wears])
    return cells(picture)


def test_a_red_seal_over_figures_costs_none() -> None:
    assert stamped(scans.noisy(6), scans.jpeg(70)) == [(figure, False) for figure in FIGURES]


def test_a_figure_under_a_seal_in_a_grey_copy_is_right_or_unread() -> None:
    found = stamped(scans.grey, scans.jpeg(80))
    assert [text for text, unread in found if not unread] == [
        f for f, (_, no) in zip(FIGURES, found, strict=True) if not no
    ]
    assert sum(not unread for _, unread in found) >= 6


def test_no_figure_under_a_seal_as_black_as_the_print_is_read() -> None:
    found = stamped(scans.black_and_white, scans.jpeg(80))  # the seal draws borders of its own, too
    assert [text for text, unread in found if not unread] == ["0", "905", "6", "0"]


def test_an_empty_cell_under_a_black_seal_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ink may all have been taken for ruling lines, and the figure with it."""
    monkeypatch.setattr(words, "seals_in", lambda _: [Box(120, 240, 240, 360)])
    under, beside, figure = cells(sheet("", "", "5"))
    assert under[1]
    assert (beside, figure) == (("", False), ("5", False))


@pytest.mark.parametrize("unsure", [True, False])
def test_words_over_two_cells_leave_both_unread(unsure: bool) -> None:
    """A seal was taken out, and with it the pale line between two cells: "0 0" is no figure of one of them."""
    flat = [Stroke(100, y, 400, y + 1) for y in (100, 130, 160)]
    steep = [Stroke(x, 100, x + 1, 160) for x in (100, 200, 300, 400)]
    words = [Glyph("00", 140, 138, 265, 152, unsure), Glyph("37", 340, 138, 360, 152)]
    heads = [Glyph(str(at), 145 + 100 * at, 108, 155 + 100 * at, 122) for at in range(3)]
    (table,), _ = lay_out([Page(595, 842, (*heads, *words), (*flat, *steep))], LIMITS)
    assert isinstance(table, Table)
    assert [cell.unread for cell in table.rows[1]] == [True, True, False]
    assert [(cell.text, cell.unread) for cell in table.rows[0]] == [("0", False), ("1", False), ("2", False)]


def test_light_from_one_side_changes_nothing() -> None:
    (picture,) = scans.worn([sheet(*FIGURES)], [scans.shaded, scans.noisy(6), scans.jpeg(80)])
    assert cells(picture) == [(figure, False) for figure in FIGURES]


def test_a_page_may_lie_on_its_side_or_head() -> None:
    picture = sheet("5", "18")
    for quarters in (1, 2, 3):
        turned = np.ascontiguousarray(np.rot90(picture, quarters))
        found, _ = read_pages([(turned, 595.0 * turned.shape[1] / 1654)], PATIENT)
        assert (found[0].width, found[0].height) == pytest.approx((595, 324), abs=2)
        assert [glyph.text for glyph in found[0].glyphs][:4] == ["0", "1", "5", "18"]


# --- what lies over cells ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "wear", "fits"),
    [
        ("grey 150", "turned", ("over the lines", "as wide, less high", "larger", "two beside", "a row")),
        ("noise", "seal", ("between the lines", "over the lines", "as wide, less high")),
        ("photo", "150 dpi", ("over the lines", "as high, less wide", "smaller")),
        ("grey 246", "clean", ("between the lines", "two above", "a row, less high")),
    ],
)
def test_what_is_covered_is_unread_and_the_rest_as_printed(kind: str, wear: str, fits: tuple[str, ...]) -> None:
    picture, gone = covers.covered(kind, wear, fits)
    rows = covers.read(picture)
    assert list(covers.mistakes(rows, gone)) == []
    found = {int(row[0].text) - 100: row for row in rows if not row[0].unread}
    free = [(at, column) for at in found for column in range(covers.COLUMNS) if (at, column) not in gone]
    assert all(len(row) == covers.COLUMNS for row in found.values())
    assert sum(not found[at][column].unread for at, column in free) >= 0.85 * len(free)  # beside it lines are lost, too
    assert ("", False) in [(cell.text, cell.unread) for row in found.values() for cell in row]


def test_a_patch_over_some_digits_leaves_the_figure_unread() -> None:
    """What is left of it is a figure, too: 348 of 13348."""

    def words(row: int, column: int) -> str:
        return str(100 + row) if not column else str(12345 + 977 * row + 13 * column)

    picture = covers.sheet(6, words)
    for at, kind in enumerate(("grey 0", "grey 200", "blue", "grey 246")):
        for column, (left, right) in ((2, (50, 78)), (4, (112, 150)), (6, (52, 98))):
            box = covers.cell(at + 1, column)
            place = Box(box.left + left, box.top + 12, box.left + right, box.bottom - 12)
            covers.KINDS[kind](place.of(picture), np.random.default_rng(5))
    rows = covers.read(picture)
    assert [[row[column].unread for column in (2, 4, 6)] for row in rows[1:5]] == [[True] * 3] * 4
    free = [(rows[at][column], words(at, column)) for at in range(6) for column in (0, 1, 3, 5, 7, 8)]
    assert [cell.text for cell, text in free if not cell.unread] == [text for cell, text in free if not cell.unread]
    assert sum(cell.unread for cell, _ in free) <= 6


def test_rows_and_columns_on_a_shade_hide_nothing() -> None:
    """A head, the labels and every other row are shaded, as many forms are; a grey patch is not."""
    picture = covers.sheet(8)
    shades = [(covers.cell(0, 0, across=9), 200), (covers.cell(1, 0, down=7), 225)]
    shades += [(covers.cell(row, 1, across=8), 240) for row in (2, 4, 6)]
    for box, level in shades:
        box.of(picture)[:] = np.minimum(box.of(picture), level)
    covers.cell(5, 4).grown(-3).of(picture)[:] = 225
    rows = covers.read(scans.worn([picture], covers.WEARS["turned"], 1)[0])
    assert rows[5][4].unread
    assert list(covers.mistakes(rows, {(5, 4): "patch"})) == []
    assert sum(cell.unread for row in rows for cell in row) == 1


def test_the_frame_of_a_stamp_leaves_no_empty_cells() -> None:
    picture = sheet("5", "", "37")
    cv2.rectangle(picture, (325, 262), (415, 318), (0, 0, 0), 3)
    found, _ = read_pages([(picture, 595.0)], PATIENT)
    blocks, _ = lay_out(found, PATIENT)
    (grid,) = [block for block in blocks if isinstance(block, Table)]
    row = [(cell.text, cell.unread) for cell in grid.rows[-1]]
    assert (row[0], row[-1]) == (("5", False), ("37", False))
    assert all(unread for _, unread in row[1:-1])


def test_an_uneven_light_does_not_make_a_patch_paper() -> None:
    picture = covers.sheet(5)
    covers.cell(1, 2, across=2, down=2).of(picture)[:] = 150
    even = lit(scans.worn([picture], [scans.shaded], 1)[0])
    assert 120 < covers.cell(1, 2, across=2, down=2).of(even).mean() < 175
    assert abs(even[200:600, 1620:1650].mean() - even[200:600, 10:40].mean()) < 8


def printed(text: str, left: float, top: float, width: float = 12.0) -> list[Glyph]:
    """A line of text as recognised: its first character shows its ink alone."""
    return [Glyph(sign, left + width * at, top, left + width * (at + 1), top + 12.0) for at, sign in enumerate(text)]


def test_a_line_that_begins_with_a_wide_bracket_goes_on_in_its_paragraph() -> None:
    rows = ["报" * 36, "网" * 30, "（www.jichuan.example）" + "下" * 13, "有" * 36, "疑" * 12]
    glyphs = [glyph for at, row in enumerate(rows) for glyph in printed(row, 81 + 8.4 * (at == 2), 100 + 20 * at)]
    blocks, _ = lay_out([Page(595, 842, tuple(glyphs), ())], LIMITS)
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].text == "".join(rows)


# --- seals taken out, lines gone on with ------------------------------------------------------------------------------


def test_a_grey_seal_is_taken_out_of_a_page_with_hardly_any_print() -> None:
    """Its ink is most of what is dark there, yet not as dark as print."""
    page: Picture = np.full((2339, 1654, 3), 255, np.uint8)
    for at in range(3):
        cv2.putText(page, "reading takes lines of words", (200, 300 + 60 * at), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)
    (worn,) = scans.worn([page], [scans.sealed(0.6, 0.5), scans.grey, scans.jpeg(70)])
    grey, _ = picture.cleaned(worn)
    below = grey[700:1700]
    assert np.count_nonzero(picture.ink_of(worn[700:1700, :, 0])) > 15_000
    assert np.count_nonzero(picture.ink_of(below)) < 1_000


def test_thin_grey_lines_go_on_through_a_red_seal() -> None:
    page: Picture = np.full((1200, 1654, 3), 255, np.uint8)
    for row in range(12):
        for column in range(9):
            corner = 60 + 170 * column, 120 + 60 * row
            cv2.rectangle(page, corner, (corner[0] + 170, corner[1] + 60), (136, 136, 136), 1)
    for seed, (x, y) in enumerate([(0.5, 0.33), (0.4, 0.3), (0.62, 0.4)]):
        (worn,) = scans.worn([page], [scans.sealed(x, y), scans.turned(-1), scans.noisy(6), scans.jpeg(70)], seed)
        grey, seals = picture.cleaned(worn)
        angle = picture.slope(grey)
        grey, seals = picture.turned(grey, angle, 255), picture.turned(seals, angle, 0)
        ink, ground = picture.ink_of(grey), Ground(grey)
        lines = ruled(thin(ink, grey, ground.level), cv2.bitwise_or(ground.covered(), seals))
        tables = tables_in(cv2.morphologyEx(cv2.bitwise_or(*lines), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
        ((_, cells),) = tables
        assert len(cells) >= 106  # of 108; about 100 where a line ends at what a seal left of it


@pytest.mark.parametrize(("share", "leaning"), [(0.0, False), (0.02, True), (0.04, True)])
def test_a_page_seen_from_below_has_upright_margins_again(share: float, leaning: bool) -> None:
    page: Picture = np.full((2339, 1654, 3), 255, np.uint8)
    for row in range(30):
        cv2.rectangle(page, (200, 300 + 50 * row), (1450, 350 + 50 * row), (0, 0, 0), 2)
    (worn,) = scans.worn([page], [scans.keystone(share), scans.noisy(6)])
    grey = cv2.cvtColor(worn, cv2.COLOR_RGB2GRAY)
    straight, mask = squared(grey, np.zeros_like(grey))
    assert (straight is not grey) is leaning
    assert mask.shape == grey.shape
    ink = picture.ink_of(straight) > 0
    edges = [np.flatnonzero(ink[row - 5 : row + 5].any(axis=0))[[0, -1]] for row in (400, 1000, 1700)]
    assert np.ptp(np.array(edges), axis=0).max() <= 3


def _cell(*strokes: Box) -> tuple[Sheet, Box, Box]:
    """A page with nothing but a cell of 160 x 40 pixels with these strokes, its bounds, and those of the strokes."""
    grey: Picture = np.full((400, 600), 255, np.uint8)
    cv2.rectangle(grey, (200, 100), (360, 140), 0, 3)
    lines = np.where(grey == 0, 255, 0).astype(np.uint8)
    for stroke in strokes:
        stroke.of(grey)[:] = 0
    ink = np.where(grey == 0, 255, 0).astype(np.uint8)
    sheet = Sheet(grey, Ground(grey), ink, (lines, np.zeros_like(lines)), picture.Clock(600))
    left, top = min(each.left for each in strokes), min(each.top for each in strokes)
    right, bottom = max(each.right for each in strokes), max(each.bottom for each in strokes)
    return sheet, Box(202, 102, 359, 139), Box(left, top, right, bottom)


@pytest.mark.parametrize(
    ("left", "beyond", "whole"), [(230, 0, True), (203, 0, True), (203, 1, False), (203, 9, True), (170, 0, False)]
)
def test_what_touches_the_border_of_a_cell_may_not_go_on_beyond_it(left: int, beyond: int, whole: bool) -> None:
    """``beyond``: so many pixels left of the border something else is printed."""
    own = Box(left, 110, left + 60, 130)
    other = [Box(198 - beyond - 10, 110, 198 - beyond, 130)] if beyond else []
    sheet, cell, _ = _cell(own, *other)
    assert sheet.within(own, cell) is whole


@pytest.mark.parametrize(
    ("strokes", "text", "figure"),
    [
        ([Box(240, 110, 246, 130), Box(252, 110, 258, 130)], "Il", "11"),
        ([Box(240, 110, 246, 130)], "l", ""),  # a lone stroke may be anything
        ([Box(240, 110, 246, 130), Box(252, 118, 258, 130)], "Il", ""),  # not as high as a digit
        ([Box(240, 110, 246, 130), Box(252, 110, 266, 130)], "Il", ""),  # too wide for a stroke
        ([Box(240, 110, 246, 130), Box(252, 110, 258, 130)], "9]", ""),
    ],
)
def test_upright_strokes_read_as_letters_are_ones(strokes: list[Box], text: str, figure: str) -> None:
    sheet, _, line = _cell(*strokes)
    assert sheet.ones(line, text, 20.0) == figure


# --- prose ------------------------------------------------------------------------------------------------------------

PROSE = (
    "五、存在的主要问题及改进情况",
    "存在的主要问题：是公开栏更新不及时，并且解读材料的形式比较单",
    "一。",
    "改进情况：是每月检查公开栏，并且增加图解和问答。",
    "六、其他需要报告的事项",
    "本年度没有收取信息处理费。",
)
PLAIN = [str(scans.plain(text)) for text in PROSE]
SAID = [PROSE[0], PROSE[1] + PROSE[2], *PROSE[3:]]


@pytest.fixture(scope="module")
def prose() -> Picture:
    """A page of printed lines, the last words of a paragraph alone on one."""
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Serif CJK SC"], capture_output=True, text=True, check=True
    )
    picture = Image.new("RGB", (1654, 1300), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(found.stdout, 38)
    for at, line in enumerate(PROSE):
        pen.text((200, 150 + 75 * at), line, font=font, fill="black")
    return np.asarray(picture)


def paragraphs(picture: Picture) -> list[Paragraph]:
    blocks, _ = lay_out([page_of(picture, 595.0, 600)], PATIENT)
    return [block for block in blocks if isinstance(block, Paragraph)]


def leave_room(found: list[Paragraph]) -> bool:
    """Whether paragraphs may be what the page says: each hole one character at most, the others as they stand there."""
    seen = re.sub(rf"[^\w{HOLE}]", "", "".join(block.text for block in found))
    return bool(re.fullmatch(re.sub(f"{HOLE}+", lambda holes: f".{{0,{len(holes[0])}}}", seen), "".join(PLAIN)))


def silent(found: list[Paragraph]) -> list[str]:
    """The paragraphs that say something else than the page, and do not tell."""
    right = set(map(scans.plain, SAID))
    return [block.text for block in found if not block.unread and scans.plain(block.text) not in right]


def test_the_last_words_of_a_paragraph_are_not_lost_beside_a_black_seal(prose: Picture) -> None:
    (picture,) = scans.worn([prose], [scans.sealed(0.6, 0.72), scans.black_and_white])
    found = paragraphs(picture)
    assert leave_room(found)
    assert silent(found) == []
    assert sum(block.unread for block in found[:5]) <= 1


def _framed(picture: Picture, _: np.random.Generator) -> Picture:
    """A black seal that is not round."""
    marked = picture.copy()
    cv2.rectangle(marked, (700, 190), (960, 420), (0, 0, 0), 12)
    return marked


@pytest.mark.parametrize("seal", [scans.sealed(0.7, 0.2), scans.sealed(0.16, 0.24), _framed])
def test_a_passage_below_a_black_seal_is_right_or_unread(seal: scans.Wear, prose: Picture) -> None:
    (picture,) = scans.worn([prose], [seal, scans.black_and_white])
    found = paragraphs(picture)
    assert silent(found) == []
    assert any(block.unread for block in found)
    assert leave_room(found)
    assert scans.plain(PROSE[5]) in [scans.plain(block.text) for block in found if not block.unread]


def test_a_red_seal_over_a_passage_costs_nothing(prose: Picture) -> None:
    (picture,) = scans.worn([prose], [scans.sealed(0.7, 0.2), scans.noisy(6), scans.jpeg(75)])
    found = paragraphs(picture)
    assert [scans.plain(block.text) for block in found if not block.unread] == [scans.plain(t) for t in SAID]


# --- picture files ----------------------------------------------------------------------------------------------------


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def decoded(data: bytes) -> tuple[Picture, float]:
    ((picture, width),) = scan._frames(data, LIMITS)[1]
    return picture, width


def refused(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as caught:
        parse_picture(data, "x.png", limits)
    return caught.value.code


INKY = Image.new("L", (300, 400), 255)
INKY.paste(0, (100, 50, 200, 60))  # dark near the top


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP", "JPEG", "GIF"])
def test_every_kind_of_picture_is_decoded(kind: str) -> None:
    how = {"lossless": True} if kind == "WEBP" else {}
    picture, width = decoded(saved(INKY.convert("RGB"), kind, **how))
    assert picture.shape == (400, 300, 3)
    assert width == 595
    assert picture[55, 150].max() < 10
    assert picture[200, 150].min() > 245


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_every_mode_is_black_on_white(mode: str) -> None:
    deep = Image.fromarray(np.asarray(INKY).astype(np.uint16) * 257)
    image = deep if mode == "I;16" else INKY.convert(mode)
    if mode in ("RGBA", "LA"):  # black on nothing
        image.putalpha(Image.eval(INKY, lambda value: 255 - value))
        bands = image.split()
        image = Image.merge(mode, [*(band.point(lambda _: 0) for band in bands[:-1]), bands[-1]])
    picture, _ = decoded(saved(image, "TIFF" if mode in ("CMYK", "I;16") else "PNG"))
    assert picture[55, 150].max() < 10
    assert picture[200, 150].min() > 245


def test_a_photograph_stands_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to see it upright
    picture, width = decoded(saved(INKY.rotate(90, expand=True), "JPEG", exif=exif))
    assert picture.shape == (400, 300, 3)
    assert picture[55, 150].max() < 40
    assert width == 595


def test_a_scanner_says_how_large_the_paper_is() -> None:
    assert decoded(saved(INKY.resize((1653, 2339)), "PNG", dpi=(200, 200)))[1] == pytest.approx(595, abs=1)
    assert decoded(saved(INKY.resize((3307, 2339)), "PNG", dpi=(200, 200)))[1] == pytest.approx(1190, abs=1)
    assert decoded(saved(INKY.resize((1653, 2339)), "PNG", dpi=(72, 72)))[1] == 595  # says any camera


def test_all_pages_of_a_tiff_are_read() -> None:
    data = saved(INKY, "TIFF", save_all=True, append_images=[INKY, INKY])
    assert len(list(scan._frames(data, LIMITS)[1])) == 3


def header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has hardly any pixels."""
    parts = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(bytes(9)))
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 10_000), (1 << 30, 1)])
def test_a_picture_that_is_too_large_is_refused_by_its_header(size: tuple[int, int]) -> None:
    assert refused(header(*size)) == "image-too-big"


@pytest.mark.parametrize("size", [(8, 100), (20, 2000), (3000, 3)])
def test_a_picture_too_small_for_a_line_of_text_says_so(size: tuple[int, int]) -> None:
    image = io.BytesIO()
    Image.new("L", size, 255).save(image, "PNG")
    with pytest.raises(Unreadable, match="太窄太小") as caught:
        parse_picture(image.getvalue(), "x.png", PATIENT)
    assert caught.value.code == "scan-unclear"


def test_marks_beside_characters_are_wide_whatever_the_models_take_them_for() -> None:
    page = Page(100, 100, tuple(Glyph(sign, at, 0, at + 1, 1) for at, sign in enumerate("报告,共1,234条(一)a,b")), ())
    assert "".join(glyph.text for glyph in _widened(page).glyphs) == "报告，共1,234条（一）a,b"


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "JPEG", "BMP"])
def test_a_picture_cut_short_is_damaged(kind: str) -> None:
    noise = Image.effect_noise((300, 400), 60)
    data = saved(noise, kind)
    assert refused(data[: len(data) // 2]) == "image-damaged"


def test_a_picture_is_not_blown_up_beyond_bounds() -> None:
    assert refused(saved(Image.new("L", (200, 50_000), 255), "PNG")) == "image-too-big"


def test_a_picture_without_words_is_no_report() -> None:
    assert refused(saved(INKY, "PNG")) in ("empty", "scan-unclear")


@pytest.mark.parametrize(("wall", "cpu", "slow"), [(90.0, 10.0, False), (20.0, 90.0, False), (31.0, 31.0, True)])
def test_neither_a_busy_machine_nor_many_cores_make_a_page_slow(
    monkeypatch: pytest.MonkeyPatch, wall: float, cpu: float, slow: bool
) -> None:
    monkeypatch.setattr(picture, "time", SimpleNamespace(monotonic=lambda: 0.0, process_time=lambda: 0.0))
    clock = picture.Clock(30)
    monkeypatch.setattr(picture, "time", SimpleNamespace(monotonic=lambda: wall, process_time=lambda: cpu))
    with pytest.raises(Unreadable) if slow else nullcontext():
        clock.check()


def test_a_page_that_takes_too_long_is_given_up(pages: list[Picture]) -> None:
    assert refused(saved(Image.fromarray(pages[0]), "PNG"), Limits(scan_page=0.0)) == "timeout"


# --- as users run it --------------------------------------------------------------------------------------------------


def run(code: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"import sys\n{code}\nfrom checker.cli import main\nmain()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=folder, timeout=600)


@pytest.mark.parametrize("name", ["扫描.pdf", "扫描.png"])
def test_row_36_without_the_extra_a_scan_is_not_checkable(name: str, pages: list[Picture], tmp_path: Path) -> None:
    data = scanned(pages) if name.endswith("pdf") else saved(Image.fromarray(pages[0]), "PNG")
    (tmp_path / name).write_bytes(data)
    done = run("sys.modules['rapidocr'] = None", "check", name, "--format", "json", folder=tmp_path)
    assert done.returncode == 3
    (found,) = json.loads(done.stdout)["reports"]
    assert found["error"]["code"] == "scan"
    assert "pip install --require-hashes -r requirements-ocr.lock" in found["error"]["remedy"]
    assert (found["verdicts"], found["score"]) == ([], None)


def test_recognition_is_silent_offline_and_always_the_same(pages: list[Picture], tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(saved(Image.fromarray(pages[0]), "PNG"))
    offline = "import socket\ndef shut(*_): raise OSError('no network')\nsocket.socket.connect = shut"
    first, second = (run(offline, "facts", "x.png", "--format", "json", folder=tmp_path) for _ in range(2))
    assert first.stderr == ""
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["place"] == "青石镇人民政府"


def test_a_picture_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(header(30_000, 30_000))
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert caught.value.code == "image-too-big"
