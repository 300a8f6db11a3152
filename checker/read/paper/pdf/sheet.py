"""One page of a PDF: first its objects (lines, pictures, which text is hidden or turned), then its characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checker.model import Unreadable
from checker.read.limits import Limits
from checker.read.paper.grid import Glyph, Page, Stroke
from checker.read.paper.pdf.letters import Letters, unstruck
from checker.read.paper.pdf.objects import SAVE_AGAIN, Objects
from checker.read.paper.pdf.places import Frame, frame_of, turned
from checker.read.paper.sight import covered, watermarks

_FEW = 20  #: characters; a page with fewer and a picture over most of it is a scan
_OUTLINES = 1_000  #: pieces of filled shapes; a page with more and no text has its text drawn
_LOW = 60.0  #: points; a picture less high is no table


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


def read_page(pdfium: Any, document: Any, at: int, limits: Limits) -> Read:
    """The page ``at``, from 0, of an open document. Raises Unreadable ``pdf-damaged pdf-too-big``."""
    page = _load(pdfium, document, at)
    try:
        frame = frame_of(pdfium, page)
        objects = Objects(pdfium, page, frame, limits)
        unseen = objects.unseen.union(item.address for item in objects.inked if covered(item, objects.grounds))
        marks = watermarks(objects.inked)
        letters = Letters(pdfium, page, frame, limits, unseen, marks, turned=objects.turned)
    finally:
        pdfium.FPDF_ClosePage(page)
    glyphs, strokes = letters.glyphs, objects.strokes
    if not letters.turns:
        glyphs, strokes = unstruck(glyphs, strokes)
    area = sum((picture.right - picture.left) * (picture.bottom - picture.top) for picture in objects.pictures)
    drawn = area > 0.5 * frame.width * frame.height or objects.pieces > _OUTLINES
    scan = drawn and len(glyphs) < _FEW
    insets = () if scan else (*objects.pictures, *objects.drawn)
    pictures = tuple(picture for picture in insets if _may_be_a_table(picture, frame, glyphs))
    found = turned(Page(frame.width, frame.height, tuple(glyphs), tuple(strokes), pictures, insets), letters.turns)
    struck = len(glyphs) < len(letters.glyphs)
    return Read(found, scan, letters.lost, letters.private, letters.hidden, struck, letters.aside)


def _may_be_a_table(picture: Stroke, frame: Frame, glyphs: Sequence[Glyph]) -> bool:
    """Whether a picture is as large as a form, and not the ground of text; seals and marks are smaller."""
    if picture.right - picture.left < 0.4 * frame.width or picture.bottom - picture.top < _LOW:
        return False
    inside = (
        picture.left <= glyph.left and glyph.right <= picture.right
        for glyph in glyphs
        if picture.top <= glyph.top and glyph.bottom <= picture.bottom
    )
    return sum(inside) < _FEW


def _load(pdfium: Any, document: Any, at: int) -> Any:
    """The page; fields and notes that were filled in are made part of it."""
    page = _page(pdfium, document, at)
    kinds = {_annotation(pdfium, page, i) for i in range(min(pdfium.FPDFPage_GetAnnotCount(page), 1_000))}
    if kinds & {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT}:
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        pdfium.FPDF_ClosePage(page)
        page = _page(pdfium, document, at)
    return page


def _page(pdfium: Any, document: Any, at: int) -> Any:
    page = pdfium.FPDF_LoadPage(document, at)
    if not page:
        raise Unreadable("pdf-damaged", f"PDF 第 {at + 1} 页有损坏，打不开。", SAVE_AGAIN)
    return page


def _annotation(pdfium: Any, page: Any, at: int) -> int:
    annotation = pdfium.FPDFPage_GetAnnot(page, at)
    kind = int(pdfium.FPDFAnnot_GetSubtype(annotation))
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind
