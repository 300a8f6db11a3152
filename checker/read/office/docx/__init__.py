"""A Word document: paragraphs as printed, with their automatic numbers, and tables as full grids.

What Word shows once all changes are accepted is read: insertions count, deletions and hidden text do not, headers,
footers, footnotes and comments stay outside. Nothing in a document is run, opened or fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.model import Block, Document, Table, Unreadable
from checker.read.limits import LIMITS, Limits
from checker.read.office.docx.drafts import Printed, Source, levelled, placed
from checker.read.office.docx.package import Package
from checker.read.office.docx.tree import child_of
from checker.read.office.docx.walk import Walker

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["Printed", "Source", "parse_docx", "traced_docx"]


def parse_docx(data: bytes, source: str, limits: Limits = LIMITS, *, recalculated: bool = False) -> Document:
    """The bytes of a .docx as a Document; ``line`` counts the paragraphs outside tables that hold something.

    ``recalculated``: a program has just filled in today where the document asks for the date; that is left out.

    Raises Unreadable: those of ``archive``, ``docx-ambiguous`` for parts that occur twice, ``format`` for a package
    that holds no Word document or nothing but pictures, ``empty``.
    """
    return _walked(Package(data, limits), source, limits, recalculated, None)


def traced_docx(
    data: bytes, source: str, limits: Limits = LIMITS, *, recalculated: bool = False
) -> tuple[Document, Element, tuple[Source, ...]]:
    """As ``parse_docx``, with the root of the text that was walked, and what each block comes from.

    The elements are those of the root, which may be changed and written back. Raises Unreadable as ``parse_docx``.
    """
    package, sources = Package(data, limits, whole=True), list[Source]()
    document = _walked(package, source, limits, recalculated, sources)
    return document, package.document, tuple(sources)


def _walked(
    package: Package, source: str, limits: Limits, recalculated: bool, sources: list[Source] | None
) -> Document:
    """The document of a package; ``sources``, if wanted, is filled with what its blocks come from."""
    walker = Walker(package, limits, recalculated=recalculated, traced=sources is not None)
    drafts = walker.inside(child_of(package.document, "body"), white=walker.flow.white)
    blocks = placed(levelled(drafts), limits, walker.notes, sources)
    _require_text(blocks, "picture" in walker.notes)
    return Document(source, "docx", blocks, tuple(walker.notes.values()))


def _require_text(blocks: tuple[Block, ...], pictured: bool) -> None:
    if not blocks:
        raise Unreadable("empty", "文档里没有任何文字。", "请打开原始文档，确认内容完整后重新保存，再检查一次。")
    if pictured and all(isinstance(block, Table) and block.picture for block in blocks):
        message = "文档里只有图片，没有文字，本版本还读不了。"
        raise Unreadable("format", message, "请改用报告的文字版；后续版本将支持识别图片里的文字。")
