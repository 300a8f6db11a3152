"""The parts of a workbook that are read, found as the package itself says: its sheets, shared strings, looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from checker.late import late
from checker.model import Note, Unreadable
from checker.read.archive import Archive, parse_xml, relations
from checker.read.limits import Limits
from checker.read.office.cellformat import S, is_struck, looks, switched_on
from checker.read.struck import SMALL

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_T, _R, _LOOK, _RAISED = (S + name for name in ("t", "r", "rPr", "vertAlign"))
_ESCAPED = late(r"_x([0-9A-Fa-f]{4})_")
SAVE = "请用 WPS 或 Excel 打开，另存为 .xlsx 后重新检查。"


class Words(NamedTuple):
    """A string, without its pronunciation and what is struck out; and whether anything of it is."""

    text: str
    struck: bool


class Book:
    """A workbook; ``sheets``: the parts of those that are seen, and their names."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.archive, self.limits = Archive(data, limits), limits
        self.notes: dict[str, Note] = {}
        if self.archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("zip-ambiguous", message, "请用 WPS 或 Excel 打开，核对内容后另存，再检查一次。")
        main = next((each.part for each in relations(self.archive, "", limits) if each.kind == "officeDocument"), "")
        book = None if main.endswith(".bin") else self.part(main or "xl/workbook.xml")
        if book is None or book.tag != S + "workbook":
            raise Unreadable("format", "这个文件里没有能读的工作簿（可能是 .xlsb 等格式）。", SAVE)
        related = list(relations(self.archive, main, limits))
        parts = {each.id: each.part for each in related if each.kind == "worksheet"}
        self.sheets = {parts[name]: title for name, title in self._visible(book) if name in parts}
        self.from_1904 = any(switched_on(each.get("date1904")) for each in book.iter(S + "workbookPr"))
        #: programs that write formulas without computing them ask for it when the file is opened
        self.stale = any(switched_on(each.get("fullCalcOnLoad")) for each in book.iter(S + "calcPr"))
        by_kind = {each.kind: each.part for each in related}
        self.strings = [rich(each) for each in self._children(by_kind.get("sharedStrings"), "si")]
        self.looks = looks(self.part(by_kind.get("styles")))

    def worksheets(self) -> Iterator[tuple[str, Element]]:
        """Each sheet of cells: the name of its part, its root."""
        for name in self.sheets:
            root = self.part(name)
            if root is not None and root.tag == S + "worksheet":
                yield name, root

    def drawings(self, sheet: str) -> list[Element]:
        """The parts with what is drawn on a sheet."""
        kept = (each.part for each in relations(self.archive, sheet, self.limits) if each.kind == "drawing")
        return [drawing for name in kept if (drawing := self.part(name)) is not None]

    def part(self, name: str | None) -> Element | None:
        """The root of a part; None where it is not there."""
        data = self.archive.read(name) if name else None
        return None if data is None else parse_xml(data, self.limits)

    def _children(self, name: str | None, tag: str) -> Iterable[Element]:
        root = self.part(name)
        return () if root is None else root.findall(S + tag)

    def _visible(self, book: Element) -> Iterator[tuple[str, str]]:
        for sheet in book.iter(S + "sheet"):
            if sheet.get("state", "visible") == "visible":
                yield sheet.get(_R_ID, ""), sheet.get("name", "")
            else:
                self.note("hidden-text", "工作簿里有隐藏的工作表，没有计入报告。")

    def note(self, code: str, message: str) -> None:
        self.notes.setdefault(code, Note(code, message))

    def unseen(self) -> None:
        """Notes that a sheet hides something."""
        self.note("hidden-text", "工作簿里有隐藏的行、列或看不见的字，没有计入报告。")


def rich(element: Element) -> Words:
    """The words of a string, shared or of one cell."""
    texts: list[str] = []
    struck = False
    for child in element:
        if child.tag == _T:
            texts.append(child.text or "")
        elif child.tag == _R:
            text, look = child.findtext(_T) or "", child.find(_LOOK)
            if look is not None and is_struck(look):
                struck |= bool(text.strip())
                continue
            raised = None if look is None else look.find(_RAISED)
            texts.append(text if raised is None else text.translate(SMALL.get(raised.get("val", ""), {})))
    return Words(_ESCAPED.sub(lambda match: _character(match[1]), "".join(texts)), struck)


def _character(code: str) -> str:
    number = int(code, 16)
    return "\n" if number in (10, 13) else chr(number) if 0x20 <= number < 0xD800 or number == 9 else ""
