"""PDF: bytes -> Document. PDFium gives characters, lines and pictures; ``grid`` makes paragraphs and tables of them.

PDFium is C++ and not safe for threads: it runs in worker processes only (``batch``). What it opens was bounded before
by ``bounds``. Nothing in a file is run: there is no script engine, and actions and attachments are never asked for.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from checker.model import Document, Note, Unreadable, Where
from checker.read.limits import Limits
from checker.read.paper.grid import Page, lay_out
from checker.read.paper.pdf.bounds import require_sober
from checker.read.paper.pdf.objects import SAVE_AGAIN
from checker.read.paper.pdf.sheet import Read, read_page
from checker.read.struck import struck

_SOURCE = "请改用原始的 .docx 文档检查，或用 Word、WPS 重新导出 PDF。"
_DPI = 200  #: dots an inch at which a scan is looked at
_PIXELS = 4_000  #: the longer side of such a picture
_WORDS = 20  #: characters of a watermark that are told


def parse_pdf(data: bytes, source: str, limits: Limits) -> Document:
    """The text and the ruled tables of a PDF.

    Raises Unreadable ``encrypted pdf-damaged pdf-too-big pdf-no-text-map scan``.
    """
    objects = require_sober(data, limits)
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    with _opened(pdfium, data) as document:
        found = [read_page(pdfium, document, at, limits) for at in range(_pages(pdfium, document, objects, limits))]
        _require_map(found)
        pages, said = _recognised(pdfium, document, found, limits)
    blocks, notes = lay_out(pages, limits)
    if not blocks:
        raise Unreadable("empty", "PDF 里没有任何文字。", _SOURCE)
    if any(page.hidden for page in found):
        notes = (*notes, Note("hidden-text", "PDF 里有看不见的文字，没有计入报告。"))
    if gone := next((at for at, page in enumerate(found, 1) if page.struck and not page.scan), 0):
        notes = (*notes, struck(Where(page=gone)))
    if aside := [(at, page.aside) for at, page in enumerate(found, 1) if page.aside and not page.scan]:
        notes = (*notes, _aside(*aside[0]))
    return Document(source, "pdf", blocks, (*said, *notes), recognised=any(page.scan for page in found))


def _aside(page: int, words: str) -> Note:
    shown = words[:_WORDS] + "……" * (len(words) > _WORDS)
    message = f"PDF 里有斜放、竖放或者很淡的大字“{shown}”（像是水印），没有计入报告。"
    return Note("watermark", message, Where(page=page, quote=words[:200]))


# --- scanned pages ------------------------------------------------------------------------------------------------


def _recognised(pdfium: Any, document: Any, found: list[Read], limits: Limits) -> tuple[list[Page], tuple[Note, ...]]:
    """The pages; those that are scans as ``scan.read_pages`` reads their pictures, which is an extra."""
    scans = [at for at, page in enumerate(found) if page.scan]
    pages = [page.page for page in found]
    if not scans:
        return pages, ()
    from checker.read.paper import scan

    if not scan.ready(limits):
        _refuse_scan(scans, len(pages))
    pictures = ((_rendered(pdfium, document, at, pages[at]), pages[at].width) for at in scans)
    read, notes = scan.read_pages(pictures, limits)
    for at, page in zip(scans, read, strict=True):
        pages[at] = page
    return pages, notes


def _refuse_scan(scans: list[int], count: int) -> NoReturn:
    from checker.read.paper.scan import INSTALL

    which = "每一页都" if len(scans) == count else f"第 {'、'.join(str(at + 1) for at in scans[:5])} 页"
    raise Unreadable(
        "scan",
        f"这份 PDF {which}是扫描的图片，没有文字，不能核对。",
        INSTALL,
    )


def _rendered(pdfium: Any, document: Any, at: int, page: Page) -> Any:
    """The page as a picture: an array of rows x columns x (red, green, blue), eight bits each."""
    import numpy

    scale = min(_DPI / 72, _PIXELS / max(page.width, page.height))
    width, height = max(int(page.width * scale), 1), max(int(page.height * scale), 1)
    bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
    sheet = pdfium.FPDF_LoadPage(document, at)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        pdfium.FPDF_RenderPageBitmap(bitmap, sheet, 0, 0, width, height, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDF_ClosePage(sheet)
        pdfium.FPDFBitmap_Destroy(bitmap)
    rows = numpy.frombuffer(data, numpy.uint8).reshape(height, stride)[:, : 4 * width]
    return rows.reshape(height, width, 4)[:, :, :3]


# --- the file -----------------------------------------------------------------------------------------------------


@contextmanager
def _opened(pdfium: Any, data: bytes) -> Iterator[Any]:
    """The document; an empty password opens what is only protected against changes."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise Unreadable("encrypted", "PDF 加了密码，打不开。", "请取消密码，另存后重新检查。")
        raise Unreadable("pdf-damaged", "PDF 不完整或有损坏，打不开。", SAVE_AGAIN)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _pages(pdfium: Any, document: Any, objects: int, limits: Limits) -> int:
    count = int(pdfium.FPDF_GetPageCount(document))
    if not 0 < count <= objects:
        raise Unreadable("pdf-damaged", "PDF 里的页数不对，文件有损坏。", SAVE_AGAIN)
    if count > limits.pdf_pages:
        message = f"PDF 有 {count} 页，超过上限 {limits.pdf_pages} 页，没有读取。"
        raise Unreadable("pdf-too-big", message, "请只保留报告正文，另存后重新检查。")
    return count


def _require_map(pages: list[Read]) -> None:
    """Refuse a file whose characters cannot be told: nothing in it would be found, and all of it be called missing."""
    count = sum(len(page.page.glyphs) for page in pages)
    lost, private = sum(page.lost for page in pages), sum(page.private for page in pages)
    # a few of its own are the dots before points; but where a font is lost, all figures may be
    if lost > max(3, 0.005 * count) or private > max(10, 0.1 * count):
        raise Unreadable("pdf-no-text-map", "PDF 里的文字没有编码对照，复制出来是乱码，无法读取。", _SOURCE)
