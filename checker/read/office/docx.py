"""A Word document: paragraphs as printed, with their automatic numbers, and tables as full grids.

What Word shows once all changes are accepted is read: insertions count, deletions and hidden text do not, headers,
footers, footnotes and comments stay outside. Nothing in a document is run, opened or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Block, Cell, Document, Note, Paragraph, Table, Unreadable, Where
from checker.read.archive import Archive, parse_xml, relations
from checker.read.limits import LIMITS, Limits
from checker.read.office.numbering import Numbering, W, integer, value
from checker.read.plain.html import _prosaic

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATH, _MATH_TEXT = frozenset((_M + "oMath", _M + "oMathPara")), _M + "t"
_VAL = W + "val"


def parse_docx(data: bytes, source: str, limits: Limits = LIMITS, *, recalculated: bool = False) -> Document:
    """The bytes of a .docx as a Document; ``line`` counts the paragraphs outside tables that hold something.

    ``recalculated``: a program has just filled in today where the document asks for the date; that is left out.

    Raises Unreadable: those of ``archive``, ``docx-ambiguous`` for parts that occur twice, ``format`` for a package
    that holds no Word document or nothing but pictures, ``empty``.
    """
    return _walked(_Package(data, limits), source, limits, recalculated, None)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed paragraph and the elements that its words come from, in order: None for an automatic number."""

    paragraph: Element
    pieces: tuple[tuple[str, Element | None], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Source:
    """What a block of a document comes from: a stretch of a printed paragraph, or the cells of a table.

    ``start``: where the block begins in its paragraph. ``cells``: for each position of the grid the element of its
    cell and the paragraphs printed in it; a position that no cell covers has None.
    """

    printed: Printed | None = None
    start: int = 0
    cells: tuple[tuple[tuple[Element, tuple[Printed, ...]] | None, ...], ...] = ()


def traced_docx(
    data: bytes, source: str, limits: Limits = LIMITS, *, recalculated: bool = False
) -> tuple[Document, Element, tuple[Source, ...]]:
    """As ``parse_docx``, with the root of the text that was walked, and what each block comes from.

    The elements are those of the root, which may be changed and written back. Raises Unreadable as ``parse_docx``.
    """
    package, sources = _Package(data, limits), list[Source]()
    document = _walked(package, source, limits, recalculated, sources)
    return document, package.document, tuple(sources)


def _walked(
    package: _Package, source: str, limits: Limits, recalculated: bool, sources: list[Source] | None
) -> Document:
    """The document of a package; ``sources``, if wanted, is filled with what its blocks come from."""
    walker = _Walker(package, limits, recalculated=recalculated, traced=sources is not None)
    drafts = walker.inside(_child(package.document, "body"), white=walker.flow.white)
    blocks = _placed(_levelled(drafts), limits, walker.notes, sources)
    _require_text(blocks, "picture" in walker.notes)
    return Document(source, "docx", blocks, tuple(walker.notes.values()))


def _require_text(blocks: tuple[Block, ...], pictured: bool) -> None:
    if not blocks:
        raise Unreadable("empty", "文档里没有任何文字。", "请打开原始文档，确认内容完整后重新保存，再检查一次。")
    if pictured and all(isinstance(block, Table) and block.picture for block in blocks):
        message = "文档里只有图片，没有文字，本版本还读不了。"
        raise Unreadable("format", message, "请改用报告的文字版；后续版本将支持识别图片里的文字。")


# --- the package ------------------------------------------------------------------------------------------------------


class _Package:
    """The parts of a document that are read: its text, styles and lists, found as the package itself says."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._archive, self._limits = Archive(data, limits), limits
        self.may_hide = False  #: whether anything can be hidden at all: no is the common case
        if self._archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("docx-ambiguous", message, "请用 Word 或 WPS 打开，核对内容后另存，再检查一次。")
        self.main = self._related("", "officeDocument") or "word/document.xml"
        document = self._part(self.main)
        if document is None or document.tag != W + "document":
            message = "这个文件里没有 Word 文档的正文，本版本读不了。"
            raise Unreadable("format", message, "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后重新检查。")
        self.document = document
        styles = self._related(self.main, "styles")
        self.styles = Styles(self._part(styles))
        self.numbering = Numbering(self._part(self._related(self.main, "numbering")), self.styles.list_of)

    def _part(self, name: str | None) -> Element | None:
        data = self._archive.read(name) if name else None
        if data is None:
            return None
        self.may_hide = self.may_hide or any(mark in data for mark in _HIDING)
        return parse_xml(data if name == self.main else _without_looks(data), self._limits)

    def _related(self, part: str, kind: str) -> str | None:
        """The part that ``part`` names as its ``kind``; "" is the package."""
        found = relations(self._archive, part, self._limits)
        return next((relation.part for relation in found if relation.kind == kind), None)


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


# --- styles -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of numbering, rank and visibility, with what it inherits."""

    num: str | None = None
    level: int | None = None
    outline: int | None = None
    title: bool = False
    contents: bool = False  #: an entry of the table of contents
    vanish: bool = False
    colour: str | None = None
    painted: bool = False


_PLAIN = Style()
_HEADING = late(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)


class Styles:
    """The styles of one document, resolved once each; a ring of ``basedOn`` ends where it began."""

    def __init__(self, root: Element | None) -> None:
        elements = () if root is None else root.findall(W + "style")
        self._elements = {element.get(W + "styleId", ""): element for element in elements}
        self._known: dict[str, Style] = {}
        default = next((key for key, each in self._elements.items() if _is_default(each)), None)
        self.default = self.get(default)

    def get(self, key: str | None) -> Style:
        """The style ``key``; a plain one where there is none."""
        if key in self._known:
            return self._known[key]
        chain: dict[str, None] = {}
        while key and key not in chain and key not in self._known and key in self._elements:
            chain[key] = None
            key = value(self._elements[key], "basedOn")
        style = self._known.get(key or "", _PLAIN)
        for name in reversed(chain):
            style = self._known[name] = _derived(self._elements[name], style)
        return style

    def list_of(self, key: str) -> str | None:
        """The numId of a numbering style, of itself alone."""
        element = self._elements.get(key)
        properties = None if element is None else element.find(W + "pPr")
        return None if properties is None else value(properties.find(W + "numPr"), "numId")


def _is_default(style: Element) -> bool:
    return style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on")


def _derived(element: Element, base: Style) -> Style:
    paragraph, run = element.find(W + "pPr"), element.find(W + "rPr")
    numbered = None if paragraph is None else paragraph.find(W + "numPr")
    name = (value(element, "name") or "").lower()
    outline = value(paragraph, "outlineLvl")
    heading = _HEADING.fullmatch(name)
    level = value(numbered, "ilvl")
    return Style(
        value(numbered, "numId") or base.num,
        base.level if level is None else integer(level, 0),
        integer(outline, 9) if outline else int(heading[1]) - 1 if heading else base.outline,
        base.title or name in ("title", "标题"),
        name.startswith("toc "),
        _toggled(run, "vanish", base.vanish),
        value(run, "color") or base.colour,
        base.painted or _is_painted(paragraph) or _is_painted(run),
    )


def _toggled(properties: Element | None, name: str, inherited: bool) -> bool:
    return _is_on(None if properties is None else properties.find(W + name), inherited)


def _is_on(switch: Element | None, inherited: bool) -> bool:
    return inherited if switch is None else switch.get(_VAL) not in ("0", "false", "off")


def _is_painted(properties: Element | None) -> bool:
    """Whether the ground is of another colour than white."""
    if properties is None:
        return False
    shade = properties.find(W + "shd")
    if shade is not None:
        plain = shade.get(_VAL) in ("clear", "nil", None)
        return not plain or (shade.get(W + "fill") or "auto").lower() not in ("auto", "ffffff")
    return value(properties, "highlight") not in (None, "none", "white")


# --- drafts of blocks -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Text:
    """A printed paragraph; a line break inside it is a newline."""

    text: str
    outline: int | None = None  #: 0 for the highest rank
    title: bool = False
    printed: Printed | None = None


@dataclass(slots=True, eq=False)
class _Slot:
    """A cell under way. Where it is merged with its neighbours, the same object stands in their place."""

    blocks: list[_Draft] = field(default_factory=list)
    joins: bool = False  #: it takes part in a merge with the rows above or below
    element: Element | None = None
    said: str | None = None

    def words(self) -> str:
        """The text of a whole cell."""
        if self.said is None:
            self.said = _words(self.blocks)
        return self.said


@dataclass(slots=True)
class _Grid:
    """A table under way. No rows: something stands here that could not be read."""

    rows: list[list[tuple[_Slot, int]]] = field(default_factory=list)  #: cells with the columns that they take

    def slots(self) -> list[_Slot]:
        """Every cell once, in printed order."""
        return list(dict.fromkeys(slot for row in self.rows for slot, _ in row))


_Draft = _Text | _Grid
_Piece = tuple[str, "Element | None"]  #: words and the element that holds them


@dataclass(slots=True)
class _Flow:
    """Text that runs on: the body, a cell or a text box, and what goes on from one paragraph of it to the next."""

    white: bool  #: whether white ink cannot be seen here
    found: list[_Draft] = field(default_factory=list)
    carried: list[_Piece] = field(default_factory=list)  #: words of a paragraph whose end was deleted
    boxes: list[_Draft] = field(default_factory=list)  #: text boxes anchored in the paragraph under way
    codes: int = 0  #: open field instructions
    clock: bool = False  #: the open field shows the time of day or the date
    pictured: bool = False  #: the paragraph holds a picture


# --- the walker -------------------------------------------------------------------------------------------------------

#: elements that only wrap what they hold
_WRAPPERS = frozenset(
    W + name
    for name in ("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "ins", "moveTo", "dir", "bdo")
)
_INSERTED = frozenset((W + "ins", W + "moveTo"))
_DELETED = frozenset((W + "del", W + "moveFrom"))
_P, _TBL, _R, _T, _TR, _TC = (W + name for name in ("p", "tbl", "r", "t", "tr", "tc"))
_R_PR, _TBL_PR = W + "rPr", W + "tblPr"
_P_STYLE, _NUM_PR, _OUTLINE, _SHADE = (W + name for name in ("pStyle", "numPr", "outlineLvl", "shd"))
_SPAN, _V_MERGE, _H_MERGE, _CELL_DEL = (W + name for name in ("gridSpan", "vMerge", "hMerge", "cellDel"))
_BEFORE, _HIDDEN, _VANISH = (W + name for name in ("gridBefore", "hidden", "vanish"))
_DEL, _INS, _MOVED = (W + name for name in ("del", "ins", "moveFrom"))
#: what counts of the properties of paragraphs, rows and cells
_TELLING = (
    *(_P_STYLE, _NUM_PR, _OUTLINE, _SHADE, _SPAN, _V_MERGE, _H_MERGE, _CELL_DEL),
    *(_BEFORE, _HIDDEN, _VANISH, _DEL, _INS, _MOVED),
)
_OWNED = frozenset(W + name for name in ("pPr", "trPr", "tcPr"))
_NOTHING: Mapping[str, Element] = {}
_ALTERNATE, _RUBY, _BOX = _MC + "AlternateContent", W + "ruby", W + "txbxContent"
_CODE, _CLOCK = W + "instrText", late(r"\s*(?:DATE|TIME)\b", re.IGNORECASE)
_FIELD, _SYMBOL, _ALIEN = W + "fldChar", W + "sym", W + "altChunk"
_DRAWN = frozenset((W + "drawing", W + "pict", W + "object"))
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "",
}
_BLANK = " \t\r\n"


class _Walker:
    """Collects drafts in printed order."""

    def __init__(self, package: _Package, limits: Limits, *, recalculated: bool = False, traced: bool = False) -> None:
        self.styles, self.numbering, self.limits = package.styles, package.numbering, limits
        self.recalculated, self.traced = recalculated, traced
        self.may_hide, self.told = package.may_hide, _told(package.document)
        self.notes: dict[str, Note] = {}
        self.depth = 0  # tables around this place
        self.flow = _Flow(package.document.find(W + "background") is None)

    def note(self, code: str, message: str) -> None:
        self.notes.setdefault(code, Note(code, message))

    def tracked(self) -> None:
        self.note("tracked-changes", "文档里有没有接受的修订；检查时按接受全部修订后的内容来读。")

    def unseen(self) -> None:
        message = "文档里有读者看不见的文字（隐藏文字、白色文字或极小的字），没有计入报告。"
        self.note("hidden-text", message)

    def unread(self) -> None:
        self.note("picture", "正文里有图片或嵌入的对象，其中的文字和表格没有读。")
        self.flow.found.append(_Grid())

    def inside(self, parent: Element, *, white: bool) -> list[_Draft]:
        """The blocks of the body, a cell or a text box, apart from those around it."""
        outer, self.flow = self.flow, _Flow(white)
        self.blocks(parent)
        flow, self.flow = self.flow, outer
        if flow.carried:
            flow.found.append(self.text(parent, flow.carried))
        return flow.found

    def blocks(self, parent: Element) -> None:
        """Every block below ``parent``."""
        for child in parent:
            tag = child.tag
            if tag == _P:
                if len(child) or self.styles.default.num:
                    self.paragraph(child)
            elif tag == _TBL:
                self.table(child)
            elif tag in _WRAPPERS:
                self.blocks(child)
            elif tag == _ALTERNATE:
                self.blocks(_choice(child))
            elif tag == _ALIEN:
                self.unread()

    # -- paragraphs

    def paragraph(self, element: Element) -> None:
        own, flow = self.told.get(element, _NOTHING), self.flow
        key = own[_P_STYLE].get(_VAL) if _P_STYLE in own else None
        style = self.styles.default if key is None else self.styles.get(key)
        if style.contents:
            return
        flow.codes, flow.clock, flow.pictured = 0, False, False
        pieces = self.words(element, style, own)
        if _DEL in own or _MOVED in own:
            self.tracked()
            flow.carried += pieces
        elif _joined(pieces).strip() or not _is_on(own.get(_VANISH), style.vanish):
            pieces = self.numbered([*flow.carried, *pieces], own.get(_NUM_PR), key, style)
            flow.carried = []
            text = self.text(element, pieces)
            if text.text.strip():
                text.outline = integer(own[_OUTLINE].get(_VAL), 9) if _OUTLINE in own else style.outline
                text.title = style.title
                flow.found.append(text)
            elif flow.pictured:
                self.unread()
        if flow.boxes:
            flow.found += flow.boxes
            flow.boxes = []

    def text(self, element: Element, pieces: list[_Piece]) -> _Text:
        """These words as a paragraph."""
        return _Text(_joined(pieces), printed=Printed(element, tuple(pieces)) if self.traced else None)

    def words(self, element: Element, style: Style, own: Mapping[str, Element]) -> list[_Piece]:
        """The words of a paragraph, without its number."""
        white = self.flow.white
        if white and self.may_hide:
            self.flow.white = not (style.painted or (_SHADE in own and _is_painted(own[_SHADE].getparent())))
        pieces: list[_Piece] = []
        self.inline(element, pieces, style)
        self.flow.white = white
        return pieces

    def numbered(self, pieces: list[_Piece], own: Element | None, key: str | None, style: Style) -> list[_Piece]:
        """The words behind the number that Word prints in front of them."""
        num = style.num if own is None else value(own, "numId") or style.num
        if not num or num == "0":
            return pieces
        level = value(own, "ilvl")
        if level is not None:
            at = integer(level, 0)
        elif own is None and key is not None and (tied := self.numbering.level_of_style(num, key)) is not None:
            at = tied
        else:
            at = style.level or 0
        label = self.numbering.label(num, at)
        if not label:
            return pieces
        pieces = _without_indent(pieces)
        first = pieces[0][0][:1] if pieces else ""
        blank = " " if label[-1].isalnum() or (label[-1] == "." and first.isdigit()) else ""
        return [(label + blank, None), *pieces]

    def inline(self, parent: Element, out: list[_Piece], style: Style) -> None:
        """The words below ``parent``, a paragraph or something inside one."""
        for child in parent:
            tag = child.tag
            if tag == _R:
                self.run(child, out, style)
            elif tag in _WRAPPERS:
                if tag in _INSERTED:
                    self.tracked()
                self.inline(child, out, style)
            elif tag in _DELETED:
                self.tracked()
            elif tag == _ALTERNATE:
                self.inline(_choice(child), out, style)
            elif tag in _MATH:
                out += ((each.text or "", each) for each in child.iter(_MATH_TEXT))

    def run(self, run: Element, out: list[_Piece], style: Style) -> None:
        """The words of a run, unless nobody sees them."""
        start = len(out)
        self.pieces(run, out, style)
        if self.may_hide and len(out) > start and self.is_hidden(run.find(_R_PR), style):
            if _joined(out[start:]).strip():
                self.unseen()
            del out[start:]

    def pieces(self, run: Element, out: list[_Piece], style: Style) -> None:
        for child in run:
            tag = child.tag
            if tag == _T:
                if self.flow.codes == 0 and (text := child.text):
                    out.append((text if child.get(_XML_SPACE) else text.strip(_BLANK), child))
            elif tag in _SIGNS:
                out.append((_SIGNS[tag], child))
            elif tag == _FIELD:
                self.field(child)
            elif tag == _CODE and self.recalculated and _CLOCK.match(child.text or ""):
                self.flow.clock = True
            elif tag in _DRAWN:
                self.drawn(child)
            elif tag == _ALTERNATE:
                self.pieces(_choice(child), out, style)
            elif tag == _RUBY:
                self.inline(_child(child, "rubyBase"), out, style)
            elif tag == _SYMBOL:
                out.append((_symbol(child), child))

    def field(self, element: Element) -> None:
        """Between begin and separate stands the instruction, between separate and end what is printed."""
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self.flow.codes += 1
        elif kind == "separate" and self.flow.clock:
            self.note("date-field", "文档里有自动更新的日期（每次打开都会变），没有计入报告；请改成写定的日期。")
        elif kind == "end" and self.flow.clock:
            self.flow.codes, self.flow.clock = max(self.flow.codes - 1, 0), False
        elif self.flow.codes and kind in ("separate", "end"):
            self.flow.codes -= 1

    def drawn(self, element: Element) -> None:
        """The text boxes of a drawing, whose ground may be of any colour; without any it may be a picture."""
        boxed = False
        for box in _boxes(element):
            boxed = True
            self.flow.boxes += self.inside(box, white=False)
        if not boxed and _is_picture(element):
            self.flow.pictured = True

    def is_hidden(self, properties: Element | None, style: Style) -> bool:
        if properties is None:
            return style.vanish or self.is_white(style.colour)
        own = self.styles.get(value(properties, "rStyle"))
        if _toggled(properties, "vanish", own.vanish or style.vanish):
            return True
        if 0 < integer(value(properties, "sz"), 21) <= 2:
            return True
        ink = value(properties, "color") or own.colour or style.colour
        return self.is_white(ink) and not own.painted and not _is_painted(properties)

    def is_white(self, ink: str | None) -> bool:
        return self.flow.white and ink is not None and ink.upper() == "FFFFFF"

    # -- tables

    def table(self, element: Element) -> None:
        """Append a table, or what it holds when it only arranges the page or stands too deep."""
        self.depth += 1
        deep = self.depth > self.limits.table_nesting
        if deep:
            self.note("table-depth", f"表格套表格超过 {self.limits.table_nesting} 层，里层的表格按文字读。")
        columns = len(_child(element, "tblGrid"))
        white = self.flow.white and value(element.find(_TBL_PR), "tblStyle") is None
        grid = _Grid()
        above: list[_Slot] = []
        for row in _wrapped(element, _TR):
            if cells := self.row(row, above, columns, white=white):
                grid.rows.append(cells)
                above = _spread(cells, self.limits.table_width)
        self.depth -= 1
        slots = grid.slots()
        if deep or _arranges(grid, slots):
            self.flow.found += (draft for slot in slots for draft in slot.blocks)
        else:
            self.flow.found.append(grid)

    def row(self, row: Element, above: list[_Slot], columns: int, *, white: bool) -> list[tuple[_Slot, int]]:
        """The cells of a row with the columns that they take; none for a row that nobody sees."""
        own = self.told.get(row, _NOTHING)
        if _DEL in own or _INS in own:
            self.tracked()
        if _DEL in own:
            return []
        if _is_on(own.get(_HIDDEN), False):
            self.unseen()
            return []
        left = self.span(own[_BEFORE].get(_VAL), 0, 0) if _BEFORE in own else 0
        slots = [(_Slot(), left)] if left else []
        for cell in _wrapped(row, _TC):
            own = self.told.get(cell, _NOTHING)
            across = self.span(own[_SPAN].get(_VAL), 1, columns - left) if _SPAN in own else 1
            if _goes_on(own.get(_H_MERGE)) and slots:
                slot = slots[-1][0]
            elif _goes_on(own.get(_V_MERGE)) and left < len(above) and above[left].joins:
                slot = above[left]
            else:
                slot = self.slot(cell, own, white=white)
            slots.append((slot, across))
            left += across
        return slots

    def slot(self, cell: Element, own: Mapping[str, Element], *, white: bool) -> _Slot:
        """A cell of its own."""
        joins = _V_MERGE in own
        if _CELL_DEL in own:
            self.tracked()
            return _Slot([], joins, cell)
        painted = _SHADE in own and _is_painted(own[_SHADE].getparent())
        return _Slot(self.inside(cell, white=white and not painted), joins, cell)

    def span(self, text: str | None, least: int, rest: int) -> int:
        """A number of columns; what makes no sense is clamped to ``rest`` or ``least``, with a note."""
        number = integer(text, -1)
        if least <= number <= self.limits.table_width:
            return number
        self.note("table-span", "表格的合并单元格数目不合常理，已按表格的实际大小处理；请核对这张表。")
        return min(max(least, rest), self.limits.table_width) if number > least else least


def _joined(pieces: Iterable[_Piece]) -> str:
    return "".join([text for text, _ in pieces])


def _without_indent(pieces: list[_Piece]) -> list[_Piece]:
    """The words without the blanks before them."""
    for at, (text, element) in enumerate(pieces):
        if rest := text.lstrip(" \t\u3000"):
            return [(rest, element), *pieces[at + 1 :]]
    return []


def _told(document: Element) -> dict[Element, dict[str, Element]]:
    """What the properties of paragraphs (with their marks), rows and cells say, by owner and tag.

    One quick pass for the little that counts: nearly all of a document is layout.
    """
    found: dict[Element, dict[str, Element]] = {}
    for each in document.iter(*_TELLING):
        properties = each.getparent()
        if properties is not None and properties.tag == _R_PR:
            properties = properties.getparent()
        if properties is not None and properties.tag in _OWNED and (owner := properties.getparent()) is not None:
            found.setdefault(owner, {}).setdefault(each.tag, each)
    return found


def _goes_on(merge: Element | None) -> bool:
    return merge is not None and merge.get(_VAL) != "restart"


def _choice(alternate: Element) -> Element:
    """What of two versions of the same is read: the newer one."""
    for child in alternate:
        if child.tag == _MC + "Choice" and len(child):
            return child
    return _child(alternate, "Fallback", _MC)


def _child(parent: Element, name: str, space: str = W) -> Element:
    """The child ``name``, or an empty element."""
    found = parent.find(space + name)
    return parent.makeelement(space + name) if found is None else found


def _wrapped(parent: Element, tag: str) -> Iterator[Element]:
    """The children ``tag`` of ``parent``, also inside content controls and the like."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _wrapped(child, tag)
        elif child.tag == _ALTERNATE:
            yield from _wrapped(_choice(child), tag)


def _boxes(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == _BOX:
            yield child
        elif child.tag == _ALTERNATE:
            yield from _boxes(_choice(child))
        else:
            yield from _boxes(child)


def _symbol(element: Element) -> str:
    """A sign given by its number; those of symbol fonts mean nothing without the font."""
    code = element.get(W + "char", "")
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{4}", code) else 0
    return chr(number) if 0x20 <= number < 0xD800 else ""


# --- pictures ---------------------------------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 1_905_000, 952_500  #: EMU; 200 and 100 pixels, as on a page
_POINTS = late(r"(?:^|;)\s*(width|height)\s*:\s*([0-9]{1,5}(?:\.[0-9]+)?)(pt|in|cm|mm)?")
_EMU = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "": 12_700}


def _is_picture(drawn: Element) -> bool:
    """A picture or an embedded object that is large enough for a table."""
    for element in drawn.iter("{*}extent", "{*}shape", "{*}rect"):
        if element.tag.endswith("extent"):
            size = integer(element.get("cx"), 0), integer(element.get("cy"), 0)
        else:
            sides = {
                side: float(number) * _EMU[unit] for side, number, unit in _POINTS.findall(element.get("style", ""))
            }
            size = int(sides.get("width", 0)), int(sides.get("height", 0))
        if size[0] >= _WIDTH and size[1] >= _HEIGHT:
            return any(True for _ in drawn.iter("{*}blip", "{*}imagedata", "{*}OLEObject"))
    return False


# --- grids ------------------------------------------------------------------------------------------------------------


def _arranges(grid: _Grid, slots: list[_Slot]) -> bool:
    """A table with one column, with whole paragraphs in its cells, or around a larger table."""
    if max(map(len, grid.rows), default=0) <= 1:
        return True
    inner = (block for slot in slots for block in slot.blocks if isinstance(block, _Grid))
    return any(len(block.slots()) > len(slots) for block in inner) or _prosaic([slot.words() for slot in slots])


def _spread(row: list[tuple[_Slot, int]], width: int) -> list[_Slot]:
    """The cell of each column."""
    return list(islice((slot for slot, across in row for _ in range(across)), width))


def _words(blocks: list[_Draft]) -> str:
    """The text of a cell, lines apart; a table inside it in printed order."""
    lines = []
    for block in blocks:
        if isinstance(block, _Text):
            lines.append(block.text.strip(" \t\n\u3000\xa0"))
        else:
            lines += [words for slot in block.slots() if (words := slot.words())]
    return "\n".join(lines)


def _levelled(drafts: list[_Draft]) -> list[_Draft]:
    """``h1`` is for the title: where headings share the highest rank with each other or a title, they go down one."""
    texts = [draft for draft in drafts if isinstance(draft, _Text)]
    first = [text for text in texts if text.outline == 0 and not text.title]
    if len(first) > 1 or (first and any(text.title for text in texts)):
        for text in texts:
            if text.outline is not None and not text.title:
                text.outline += 1
    return drafts


def _placed(
    drafts: list[_Draft], limits: Limits, notes: dict[str, Note], sources: list[Source] | None
) -> tuple[Block, ...]:
    """The drafts as blocks, each with its place; what they come from is added to ``sources``."""
    blocks: list[Block] = []
    line = cells = 0
    for draft in drafts:
        if isinstance(draft, _Grid):
            table = _filled(draft, Where(block=len(blocks)), limits, cells, notes)
            cells += sum(map(len, table.rows))
            blocks.append(table)
            if sources is not None:
                sources.append(_source(draft, table))
            continue
        line += 1
        rank = 0 if draft.title else draft.outline
        hint = f"h{rank + 1}" if rank is not None and 0 <= rank < 6 else ""
        start = 0
        for part in draft.text.split("\n"):
            if part.strip(" \t\u3000\xa0"):
                blocks.append(Paragraph(part, Where(line=line, block=len(blocks)), hint))
                if sources is not None:
                    sources.append(Source(draft.printed, start))
            start += len(part) + 1
    return tuple(blocks)


def _source(grid: _Grid, table: Table) -> Source:
    """The cells of a table as they stand in the document."""
    rows = []
    for row, cells in zip(grid.rows, table.rows, strict=False):
        slots = [(slot.element, tuple(_printed(slot.blocks))) for slot in _spread(row, len(cells))]
        line = [None if element is None else (element, printed) for element, printed in slots]
        rows.append((*line, *[None] * (len(cells) - len(line))))
    return Source(cells=tuple(rows))


def _printed(blocks: list[_Draft]) -> Iterator[Printed]:
    """The printed paragraphs of a cell, those of tables in it too."""
    for block in blocks:
        if isinstance(block, _Grid):
            yield from (printed for slot in block.slots() for printed in _printed(slot.blocks))
        elif block.printed:
            yield block.printed


def _filled(grid: _Grid, where: Where, limits: Limits, used: int, notes: dict[str, Note]) -> Table:
    """The grid with every merged cell repeated at each position that it covers, rows of equal length."""
    widest = max((sum(across for _, across in row) for row in grid.rows), default=0)
    width = min(widest, limits.table_width)
    if widest > width:
        message = f"表格超过 {limits.table_width} 列，多出的列没有读。"
        notes.setdefault("table-span", Note("table-span", message, where))
    if width * len(grid.rows) + used > limits.table_cells:
        message = f"表格太大（全文超过 {limits.table_cells} 个单元格），没有读；请核对这张表。"
        notes.setdefault("table-cells", Note("table-cells", message, where))
        return Table((), where, picture=True)
    cells: dict[_Slot, Cell] = {}
    nothing = Cell("")
    rows = []
    for at, row in enumerate(grid.rows):
        line = _spread(row, width)
        for column, slot in enumerate(line):
            if slot not in cells:
                cells[slot] = Cell(slot.words(), Where(block=where.block, cell=(at, column)))
        rows.append((*[cells[slot] for slot in line], *[nothing] * (width - len(line))))
    return Table(tuple(rows), where, picture=not rows)
