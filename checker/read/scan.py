"""Picture files and scanned pages of a PDF: bounded, decoded and handed to ``ocr``, which the extra ``ocr`` brings.

A document made of them is ``recognised``: it says so in a note, and nothing found in it is certain.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from checker.model import Document, Note, Unreadable
from checker.read.grid import lay_out
from checker.read.limits import Limits
from checker.read.page import Page

if TYPE_CHECKING:
    from types import ModuleType

NOTE = Note("ocr", "这份报告是图片，文字由程序识别，可能认错或漏认；检查结果请对照原件核对。")
_SOURCE = "请改用报告的文字版（.docx、文字 PDF、.txt 或 .html）检查。"
_FORMATS = {"PNG": "png", "JPEG": "jpg", "BMP": "bmp", "TIFF": "tiff", "WEBP": "webp", "GIF": "gif", "MPO": "jpg"}
_SHEET = 595.0  #: points; the short side of a page whose picture does not say how large it is
_DPI = (100, 1200)  #: what a scanner writes; cameras and programs write 72 or 96 whatever the size
_SIDE = (400.0, 1_300.0)  #: points; the short side of paper
_FRAMES = 100  #: pages of one TIFF
_DOUBT = 0.3  #: the share of characters in doubt above which nothing is said of a document


def parse_picture(data: bytes, source: str, limits: Limits) -> Document:
    """The text and the ruled tables of a picture; a TIFF may hold several pages.

    Raises Unreadable ``scan image-too-big image-damaged scan-unclear empty timeout``.
    """
    ocr = _recogniser()
    pages = []
    with _opened(data, limits) as image:
        kind = _FORMATS[image.format]
        for frame in _frames(image, limits):
            picture, point = _pixels(frame)
            sheets = math.ceil(max(picture.shape) / (1.5 * min(picture.shape[:2])))  # a long screenshot is many pages
            pages.append(ocr.page_of(picture, point, limits.scan_page * sheets))
    require_clear(pages)
    blocks, notes = lay_out(pages, limits)
    return Document(source, kind, blocks, (NOTE, *notes), recognised=True)


def read_pages(data: bytes, numbers: Sequence[int], limits: Limits) -> Iterator[Page]:
    """The pages ``numbers`` (from 0) of a PDF, recognised from their pictures.

    Raises Unreadable ``scan timeout``.
    """
    ocr = _recogniser()
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for number in numbers:
            page = document[number]
            width, height = page.get_size()
            scale = min(ocr.DPI / 72, math.sqrt(limits.image_pixels / 2 / (width * height)))
            picture = page.render(scale=scale, rev_byteorder=True).to_numpy()[..., :3]
            yield ocr.page_of(picture, 1 / scale, limits.scan_page)


def require_clear(pages: Sequence[Page]) -> None:
    """Refuse pages without words, and those of which too much is in doubt."""
    glyphs = [glyph for page in pages for glyph in page.glyphs]
    total = sum(len(glyph.text) for glyph in glyphs)
    if not total:
        raise Unreadable("empty", "图片里没有认出任何文字。", _SOURCE)
    if sum(len(glyph.text) for glyph in glyphs if glyph.unsure) > _DOUBT * total:
        raise Unreadable("scan-unclear", "图片太模糊，大部分文字认不准，没有检查。", "请重新清晰扫描（300 dpi），或" + _SOURCE[1:])


def _recogniser() -> ModuleType:
    """The module ``ocr``, with all that it needs."""
    try:
        from checker.read import ocr
    except ImportError:
        raise Unreadable(
            "scan",
            "这份报告是扫描件或图片，只有图像，没有文字；这里没有安装识别文字的组件，没有检查。",
            '请安装识别组件后再查：pip install "nianbao[ocr]"；或' + _SOURCE[1:],
        ) from None
    return ocr


# --- picture files ----------------------------------------------------------------------------------------------------


@contextmanager
def _opened(data: bytes, limits: Limits) -> Iterator[Any]:
    """The picture, its header read and judged; whatever fails while it is decoded is damage."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as image:
                _require_size(image, limits)
                yield image
    except (Unreadable, MemoryError):
        raise
    except Image.DecompressionBombError:
        _too_big()
    except Exception:
        raise Unreadable("image-damaged", "图片不完整或有损坏，打不开。", "请重新扫描或重新保存这张图片。") from None


def _require_size(image: Any, limits: Limits) -> None:
    if image.width * image.height > limits.image_pixels:
        _too_big()


def _too_big() -> NoReturn:
    raise Unreadable("image-too-big", "图片太大（像素太多），没有读取。", "请以 300 dpi 重新扫描，或缩小后再检查。")


def _frames(image: Any, limits: Limits) -> Iterator[Any]:
    """The pages of a TIFF, one after the other; the first picture of anything else."""
    yield image
    if image.format != "TIFF":
        return
    for number in range(1, _FRAMES + 1):
        try:
            image.seek(number)
        except EOFError:
            return
        _require_size(image, limits)
        yield image
    _too_big()


def _pixels(image: Any) -> tuple[Any, float]:
    """The picture as RGB, upright by what the camera noted, on white; and how many points a pixel is."""
    import numpy as np
    from PIL import Image, ImageOps

    dpi = image.info.get("dpi", (0, 0))[0]
    if image.mode.startswith("I"):  # 16 bits of grey
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    else:
        image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    side = min(image.size)
    point = 72 / dpi if _DPI[0] <= dpi <= _DPI[1] else 0.0
    if not _SIDE[0] <= side * point <= _SIDE[1]:
        point = _SHEET / side
    return np.asarray(image.convert("RGB")), float(point)
