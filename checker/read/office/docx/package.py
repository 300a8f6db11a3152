"""The parts of a Word file that are read: its text, styles and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Unreadable
from checker.read.archive import Archive, parse_xml, relations
from checker.read.limits import Limits
from checker.read.office.docx.numbering import Numbering, W
from checker.read.office.docx.styles import Styles

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class Package:
    """The parts of a document that are read: its text, styles and lists, found as the package itself says."""

    def __init__(self, data: bytes, limits: Limits, *, whole: bool = False) -> None:
        """``whole``: with what says nothing but how words look, for the document will be written again."""
        self._archive, self._limits = Archive(data, limits), limits
        if self._archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("docx-ambiguous", message, "请用 Word 或 WPS 打开，核对内容后另存，再检查一次。")
        self.main = self._related("").get("officeDocument") or "word/document.xml"
        text = self._archive.read(self.main)
        parts = {} if text is None else self._related(self.main)
        styles, lists = (self._archive.read(part) if (part := parts.get(name)) else None for name in _PARTS)
        #: whether anything can be hidden at all: no is the common case
        self.may_hide = any(mark in data for data in (text, styles, lists) if data for mark in _HIDING)
        document = self._parsed(text if whole or self.may_hide or text is None else _without_looks(text))
        if document is None or document.tag != W + "document":
            message = "这个文件里没有 Word 文档的正文，本版本读不了。"
            raise Unreadable("format", message, "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后重新检查。")
        self.document = document
        self.styles = Styles(self._parsed(styles and _without_table_styles(styles)))
        self.numbering = Numbering(self._parsed(lists), self.styles.list_of)

    def _parsed(self, data: bytes | None) -> Element | None:
        return None if data is None else parse_xml(data, self._limits)

    def _related(self, part: str) -> dict[str, str]:
        """What ``part`` names, the first of each kind; "" is the package."""
        found: dict[str, str] = {}
        for relation in relations(self._archive, part, self._limits):
            found.setdefault(relation.kind, relation.part)
        return found


def _without_looks(data: bytes) -> bytes:
    """The text of a document without properties that say how the words of cells look: half of what is in a form.

    Where a paragraph may go on in an empty one, or where the source may not mean what it says, all of it stays.
    """
    if _WORDS not in data or data.count(b"xmlns:w=") > 1 or any(mark in data for mark in _LEFT_ALONE):
        return data
    first = data.find(b"<w:tc>")
    for opening in (b"<w:rPr>", b"<w:pPr>", b"<w:tcPr>"):
        at = first
        for _ in range(_KINDS):
            if (at := data.find(opening, at)) < 0:
                break
            if (look := _LOOK.match(data, at)) and data.count(look[0]) >= _OFTEN:
                data = data.replace(look[0], b"")
            else:
                at += len(opening)
    return data


_PARTS = ("styles", "numbering")
_KINDS, _OFTEN = 2, 64  #: different properties looked at; as often they must stand there
_WORDS = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LEFT_ALONE = (b"<![CDATA[", b"<w:del", b"<w:moveFrom")
_LOOK = late(
    rb"<w:([rp]Pr|tcPr)>(?:<w:(?:rFonts|b|bCs|color|kern|sz|szCs|lang|jc|ind|spacing|snapToGrid|widowControl|tcW|vAlign)"
    rb"(?: [^<>]*)?/>)*</w:\1>"
)


def _without_table_styles(data: bytes) -> bytes:
    """XML without what table styles say of rows and columns: three quarters of a style part, and never asked for."""
    first, *rest = data.split(b"<w:tblStylePr")
    pieces = [first]
    for piece in rest:
        _, end, after = piece.partition(b"</w:tblStylePr>")
        pieces.append(after if end else b"<w:tblStylePr" + piece)
    return b"".join(pieces)


#: hidden text, white ink, sizes up to a point; UTF-16 hides what it says
_HIDING = (b"vanish", b"FFFFFF", b"ffffff", b'sz w:val="1"', b'sz w:val="2"', b"\0")
