"""Picture files and scanned pages of a PDF: bounded, decoded and handed to ``ocr``, which the extra ``ocr`` brings.

A document made of them is ``recognised``: it says so in a note, and nothing found in it is certain.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from checker.model import Document, Note, Unreadable
from checker.read.limits import Limits, ask_for
from checker.read.paper.grid import lay_out
from checker.read.paper.page import Page

NOTE = Note("ocr", "这份报告是图片，文字由程序识别，可能认错或漏认；检查结果请对照原件核对。")
INSTALL = (
    "请改用报告的文字版（.docx、文字 PDF、.txt 或 .html）；要识别图片，请先装识别组件："
    "在安装 nianbao 的文件夹里运行 .venv/bin/pip install --require-hashes -r requirements-ocr.lock。"
)
_AGAIN = "请重新清晰扫描（300 dpi），或改用报告的文字版（.docx、文字 PDF、.txt 或 .html）检查。"
_FORMATS = {"PNG": "png", "JPEG": "jpg", "BMP": "bmp", "TIFF": "tiff", "WEBP": "webp", "GIF": "gif", "MPO": "jpg"}
_SHEET = 595.0  #: points; the short side of a page whose picture does not say how large it is
_DPI = (100, 1200)  #: what a scanner writes; cameras and programs write 72 or 96 whatever the size
_SIDE = (400.0, 1_300.0)  #: points; the short side of paper
_LEAST = 64  #: pixels; a side that is shorter shows no line of text
_NARROW = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_FRAMES = 100  #: pages of one TIFF
_DOUBT = 0.3  #: the share of characters in doubt above which nothing is said of a document


def ready(limits: Limits) -> bool:
    """Whether the extra is installed. Loading it, too, takes the memory that scans are granted."""
    ask_for(limits.scan(_FRAMES))  # time for as many pages as there may be; each is timed by itself
    try:
        import checker.read.paper.ocr  # noqa: F401
    except ImportError:
        return False
    return True


def parse_picture(data: bytes, source: str, limits: Limits) -> Document:
    """The text and the ruled tables of a picture; a TIFF may hold several pages.

    Raises Unreadable ``scan image-too-big image-damaged scan-unclear empty timeout``.
    """
    if not ready(limits):
        raise Unreadable("scan", "这份报告是图片，没有文字，不能核对。", INSTALL)
    kind, frames = _frames(data, limits)
    pages, notes = read_pages(frames, limits)
    blocks, more = lay_out(pages, limits)
    return Document(source, kind, blocks, (*notes, *more), recognised=True)


def read_pages(pictures: Iterable[tuple[Any, float]], limits: Limits) -> tuple[list[Page], tuple[Note, ...]]:
    """A page for each picture (rows x columns x RGB, eight bits each) with its width in points, and notes on them all.

    Raises Unreadable ``image-too-big scan-unclear empty timeout``.
    """
    from checker.read.paper import ocr

    pages = []
    for picture, width in pictures:
        if min(picture.shape[:2]) < _LEAST:
            message = f"图片太窄太小（{picture.shape[1]}×{picture.shape[0]} 像素），认不出文字，没有检查。"
            raise Unreadable("scan-unclear", message, _AGAIN)
        height = width * picture.shape[0] / picture.shape[1]
        if width * height * (ocr.DPI / 72) ** 2 > limits.image_pixels:
            raise _too_big("图片又窄又长，放大到认得出字就太大了，没有读取。")
        sheets = math.ceil(height / (1.6 * width))  # a long screenshot is as many pages
        pages.append(_widened(ocr.page_of(picture, width, sheets * limits.scan_page)))
    _require_clear(pages)
    return pages, (NOTE,)


def _widened(page: Page) -> Page:
    """The page with wide marks beside Chinese characters: the models take ， for a comma, and nobody can tell."""
    glyphs = list(page.glyphs)
    for at, glyph in enumerate(glyphs):
        if glyph.text in _NARROW and any(
            other.text >= "\u2e80" for other in (*glyphs[at - 1 : at], *glyphs[at + 1 : at + 2])
        ):
            glyphs[at] = replace(glyph, text=_NARROW[glyph.text])
    return replace(page, glyphs=tuple(glyphs))


def _require_clear(pages: Sequence[Page]) -> None:
    """Refuse pages without words, and those of which too much is in doubt."""
    glyphs = [glyph for page in pages for glyph in page.glyphs]
    total = sum(len(glyph.text) for glyph in glyphs)
    if not total:
        raise Unreadable("empty", "图片里没有认出任何文字。", _AGAIN)
    if sum(len(glyph.text) for glyph in glyphs if glyph.unsure) > _DOUBT * total:
        raise Unreadable("scan-unclear", "图片太模糊，大部分文字认不准，没有检查。", _AGAIN)


# --- picture files ----------------------------------------------------------------------------------------------------


def _frames(data: bytes, limits: Limits) -> tuple[str, Iterator[tuple[Any, float]]]:
    """The kind of a picture file, and its pages: pixels, and the width in points."""
    with _guarded():
        from PIL import Image

        image = Image.open(io.BytesIO(data), formats=list(_FORMATS))
        return _FORMATS[image.format or ""], _pages(image, limits)


def _pages(image: Any, limits: Limits) -> Iterator[tuple[Any, float]]:
    """The pages of a TIFF, one after the other; the first picture of anything else."""
    for number in range(_FRAMES if image.format == "TIFF" else 1):
        with _guarded():
            try:
                image.seek(number)
            except EOFError:
                return
            if image.width * image.height > limits.image_pixels:
                raise _too_big()
            page = _pixels(image)
        yield page


@contextmanager
def _guarded() -> Iterator[None]:
    """Whatever fails while a picture is decoded is damage."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Unreadable, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise _too_big() from None
    except Exception:
        raise Unreadable("image-damaged", "图片不完整或有损坏，打不开。", "请重新扫描或重新保存这张图片。") from None


def _too_big(message: str = "图片太大（像素太多），没有读取。") -> Unreadable:
    return Unreadable("image-too-big", message, "请以 300 dpi 重新扫描，或缩小后再检查。")


def _pixels(image: Any) -> tuple[Any, float]:
    """The picture as RGB on white, upright by what the camera noted, and its width in points."""
    import numpy as np
    from PIL import Image, ImageOps

    dpi = float(image.info.get("dpi", (0, 0))[0])
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = Image.fromarray((np.asarray(upright).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    short = min(upright.size)
    side = 72 * short / dpi if _DPI[0] <= dpi <= _DPI[1] else 0.0
    if not _SIDE[0] <= side <= _SIDE[1]:
        side = _SHEET
    return np.asarray(upright.convert("RGB")), side * upright.width / short
