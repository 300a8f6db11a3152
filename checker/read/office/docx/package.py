"""The parts of a Word file that are read: its text, styles and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.model import Unreadable
from checker.read.archive import Archive, parse_xml, relations
from checker.read.limits import Limits
from checker.read.office.docx.numbering import Numbering, W
from checker.read.office.docx.styles import Styles

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class Package:
    """The parts of a document that are read: its text, styles and lists, found as the package itself says."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._archive, self._limits = Archive(data, limits), limits
        self.may_hide = False  #: whether anything can be hidden at all: no is the common case
        if self._archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("docx-ambiguous", message, "请用 Word 或 WPS 打开，核对内容后另存，再检查一次。")
        self.main = self._related("").get("officeDocument") or "word/document.xml"
        document = self._part(self.main)
        if document is None or document.tag != W + "document":
            message = "这个文件里没有 Word 文档的正文，本版本读不了。"
            raise Unreadable("format", message, "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后重新检查。")
        self.document = document
        parts = self._related(self.main)
        self.styles = Styles(self._part(parts.get("styles")))
        self.numbering = Numbering(self._part(parts.get("numbering")), self.styles.list_of)

    def _part(self, name: str | None) -> Element | None:
        data = self._archive.read(name) if name else None
        if data is None:
            return None
        self.may_hide = self.may_hide or any(mark in data for mark in _HIDING)
        return parse_xml(data if name == self.main else _without_looks(data), self._limits)

    def _related(self, part: str) -> dict[str, str]:
        """What ``part`` names, the first of each kind; "" is the package."""
        found: dict[str, str] = {}
        for relation in relations(self._archive, part, self._limits):
            found.setdefault(relation.kind, relation.part)
        return found


def _without_looks(data: bytes) -> bytes:
    """XML without what table styles say of rows and columns: three quarters of a style part, and never asked for."""
    first, *rest = data.split(b"<w:tblStylePr")
    pieces = [first]
    for piece in rest:
        _, end, after = piece.partition(b"</w:tblStylePr>")
        pieces.append(after if end else b"<w:tblStylePr" + piece)
    return b"".join(pieces)


#: hidden text, white ink, sizes up to a point; UTF-16 hides what it says
_HIDING = (b"vanish", b"FFFFFF", b"ffffff", b'sz w:val="1"', b'sz w:val="2"', b"\0")
