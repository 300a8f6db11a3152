"""A Word document: paragraphs as printed, with their automatic numbers, and tables as full grids.

What Word shows once all changes are accepted is read: insertions count, deletions and hidden text do not, headers,
footers, footnotes and comments stay outside. Nothing in a document is run, opened or fetched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.model import Block, Cell, Document, Note, Paragraph, Table, Unreadable, Where
from checker.read.archive import Archive, parse_xml
from checker.read.html import _prosaic
from checker.read.limits import LIMITS, Limits
from checker.read.numbering import Numbering, W, integer, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATH, _MATH_TEXT = frozenset((_M + "oMath", _M + "oMathPara")), _M + "t"
_VAL = W + "val"


def parse_docx(data: bytes, source: str, limits: Limits = LIMITS) -> Document:
    """The bytes of a .docx as a Document; ``line`` counts the paragraphs outside tables that hold something.

    Raises Unreadable: those of ``archive``, ``docx-ambiguous`` for parts that occur twice, ``format`` for a package
    that holds no Word document.
    """
    package = _Package(data, limits)
    body = package.document.find(W + "body")
    walker = _Walker(package, limits)
    if body is not None:
        walker.blocks(body)
    blocks = _placed(_levelled(walker.found), limits, walker.notes)
    return Document(source, "docx", blocks, tuple(walker.notes.values()))


# --- the package ------------------------------------------------------------------------------------------------------


class _Package:
    """The parts of a document that are read: its text, styles and lists, found as the package itself says."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._archive, self._limits = Archive(data, limits), limits
        self.may_hide = False  #: whether anything can be hidden at all: no is the common case
        if self._archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("docx-ambiguous", message, "请用 Word 或 WPS 打开，核对内容后另存，再检查一次。")
        main = self._related("", "officeDocument") or "word/document.xml"
        document = self._part(main)
        if document is None or document.tag != W + "document":
            message = "这个文件里没有 Word 文档的正文，本版本读不了。"
            raise Unreadable("format", message, "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后重新检查。")
        self.document = document
        styles = self._related(main, "styles")
        self.styles = Styles(self._part(styles))
        self.numbering = Numbering(self._part(self._related(main, "numbering")), self.styles.list_of)

    def _part(self, name: str | None) -> Element | None:
        data = self._archive.read(name) if name else None
        if data is None:
            return None
        self.may_hide = self.may_hide or any(mark in data for mark in _HIDING)
        return parse_xml(data, self._limits)

    def _related(self, part: str, kind: str) -> str | None:
        """The part that ``part`` names as its ``kind``; "" is the package."""
        folder, name = posixpath.split(part)
        relations = self._part(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in () if relations is None else relations:
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        return None


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
    vanish: bool = False
    colour: str | None = None


_PLAIN = Style()
_HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)


class Styles:
    """The styles of one document, resolved once each; a ring of ``basedOn`` ends where it began."""

    def __init__(self, root: Element | None) -> None:
        elements = () if root is None else root.findall(W + "style")
        self._elements = {element.get(W + "styleId", ""): element for element in elements}
        self._known: dict[str, Style] = {}
        self.default = next(
            (
                key
                for key, each in self._elements.items()
                if each.get(W + "type") == "paragraph" and _on(each, "default")
            ),
            "",
        )

    def get(self, key: str | None) -> Style:
        """The style ``key``; a plain one where there is none."""
        if key is None:
            return _PLAIN
        if key not in self._known:
            chain: list[str] = []
            while key and key not in chain and key not in self._known and key in self._elements:
                chain.append(key)
                key = value(self._elements[key], "basedOn")
            style = self._known.get(key or "", _PLAIN)
            for name in reversed(chain):
                style = self._known[name] = _derived(self._elements[name], style)
            return style
        return self._known[key]

    def list_of(self, key: str) -> str | None:
        """The numId of a numbering style, of itself alone."""
        element = self._elements.get(key)
        properties = None if element is None else element.find(W + "pPr")
        return None if properties is None else value(properties.find(W + "numPr"), "numId")


def _on(element: Element, name: str) -> bool:
    return element.get(W + name) in ("1", "true", "on")


def _derived(element: Element, base: Style) -> Style:
    paragraph, run = element.find(W + "pPr"), element.find(W + "rPr")
    numbered = None if paragraph is None else paragraph.find(W + "numPr")
    name = value(element, "name") or ""
    outline = value(paragraph, "outlineLvl")
    heading = _HEADING.fullmatch(name)
    level = value(numbered, "ilvl")
    return Style(
        value(numbered, "numId") or base.num,
        base.level if level is None else integer(level, 0),
        integer(outline, 9) if outline else int(heading[1]) - 1 if heading else base.outline,
        base.title or name.lower() in ("title", "标题"),
        _toggled(run, "vanish", base.vanish),
        value(run, "color") or base.colour,
    )


def _toggled(properties: Element | None, name: str, inherited: bool) -> bool:
    child = None if properties is None else properties.find(W + name)
    return inherited if child is None else child.get(_VAL) not in ("0", "false", "off")


# --- drafts of blocks -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Text:
    """A printed paragraph; a line break inside it is a newline."""

    text: str
    outline: int | None = None  #: 0 for the highest rank
    title: bool = False


@dataclass(slots=True)
class _Slot:
    """A cell under way: its blocks, and how many columns it takes."""

    blocks: list[_Draft] = field(default_factory=list)
    across: int = 1
    merged: bool = False  #: goes on from the row above
    follows: bool = False  #: goes on from the cell to the left (an old way of merging)


@dataclass(slots=True)
class _Grid:
    """A table under way. No rows: something stands here that could not be read."""

    rows: list[tuple[int, list[_Slot]]] = field(default_factory=list)  #: (columns left out in front, cells)
    columns: int = 0  #: as the table declares


_Draft = _Text | _Grid


# --- the walker -------------------------------------------------------------------------------------------------------

#: elements that only wrap what they hold
_WRAPPERS = frozenset(
    W + name
    for name in ("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "ins", "moveTo", "dir", "bdo")
)
_INSERTED = frozenset((W + "ins", W + "moveTo"))
_DELETED = frozenset((W + "del", W + "moveFrom"))
_P, _TBL, _R, _T, _TR, _TC = (W + name for name in ("p", "tbl", "r", "t", "tr", "tc"))
_P_PR, _R_PR, _TBL_PR, _TC_PR = (W + name for name in ("pPr", "rPr", "tblPr", "tcPr"))
_P_STYLE, _NUM_PR, _OUTLINE = (W + name for name in ("pStyle", "numPr", "outlineLvl"))
_SPAN, _SHADE, _V_MERGE, _H_MERGE, _CELL_DEL = (W + name for name in ("gridSpan", "shd", "vMerge", "hMerge", "cellDel"))
_ALTERNATE, _RUBY, _BOX = _MC + "AlternateContent", W + "ruby", W + "txbxContent"
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
    """Collects drafts in printed order. Holds what goes on from one paragraph to the next."""

    def __init__(self, package: _Package, limits: Limits) -> None:
        self.styles, self.numbering, self.limits = package.styles, package.numbering, limits
        self.found: list[_Draft] = []
        self.notes: dict[str, Note] = {}
        self.carried = ""  # text of a paragraph whose end was deleted
        self.boxes: list[_Draft] = []  # text boxes anchored in the paragraph under way
        self.codes = 0  # open field instructions
        self.depth = 0  # tables around this place
        self.may_hide = package.may_hide
        self.white = package.document.find(W + "background") is None  # whether white ink is unseen here

    def note(self, code: str, message: str) -> None:
        self.notes.setdefault(code, Note(code, message))

    def blocks(self, parent: Element) -> None:
        """Every block below ``parent``."""
        for child in parent:
            tag = child.tag
            if tag == _P:
                self.paragraph(child)
            elif tag == _TBL:
                self.table(child)
            elif tag in _WRAPPERS:
                self.blocks(child)
            elif tag == _ALTERNATE:
                self.blocks(_choice(child))
            elif tag == _ALIEN:
                self.unread()

    def inside(self, parent: Element, *, white: bool) -> list[_Draft]:
        """The blocks of a cell or a text box, apart from those around it."""
        outer = self.found, self.carried, self.boxes, self.codes, self.white
        self.found, self.carried, self.boxes, self.codes, self.white = [], "", [], 0, white
        self.blocks(parent)
        inner = self.found
        if self.carried:
            inner.append(_Text(self.carried))
        self.found, self.carried, self.boxes, self.codes, self.white = outer
        return inner

    def unread(self) -> None:
        self.note("picture", "正文里有图片或嵌入的对象，其中的文字和表格没有读。")
        self.found.append(_Grid())

    # -- paragraphs

    def paragraph(self, element: Element) -> None:
        own = _properties(element, _P_PR)
        key = own[_P_STYLE].get(_VAL) if _P_STYLE in own else None
        style = self.styles.get(self.styles.default if key is None else key)
        mark = own.get(_R_PR)
        self.codes = 0
        pieces: list[str] = []
        self.inline(element, pieces, style)
        text = "".join(pieces)
        if mark is not None and mark.find(W + "del") is not None:
            self.tracked()
            self.carried += text
        elif text.strip() or mark is None or not _toggled(mark, "vanish", style.vanish):
            text = self.numbered(self.carried + text, own.get(_NUM_PR), key, style)
            self.carried = ""
            if text.strip():
                outline = integer(own[_OUTLINE].get(_VAL), 9) if _OUTLINE in own else style.outline
                self.found.append(_Text(text, outline, style.title))
            elif len(element) > len(own) and any(map(_is_picture, element.iter(*_DRAWN))):
                self.unread()
        if self.boxes:
            self.found += self.boxes
            self.boxes = []

    def numbered(self, text: str, own: Element | None, key: str | None, style: Style) -> str:
        """``text`` behind the number that Word prints in front of it."""
        num = style.num if own is None else value(own, "numId") or style.num
        if not num or num == "0":
            return text
        level = value(own, "ilvl")
        if level is not None:
            at = integer(level, 0)
        elif own is None and key is not None and (tied := self.numbering.level_of_style(num, key)) is not None:
            at = tied
        else:
            at = style.level or 0
        label = self.numbering.label(num, at)
        if not label:
            return text
        return label + (" " if label[-1].isalnum() or label[-1] == "." else "") + text.lstrip(" \t\u3000")

    def inline(self, parent: Element, out: list[str], style: Style) -> None:
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
                out += (each.text or "" for each in child.iter(_MATH_TEXT))

    def run(self, run: Element, out: list[str], style: Style) -> None:
        """The words of a run, unless nobody sees them."""
        start = len(out)
        self.pieces(run, out, style)
        if self.may_hide and len(out) > start and self.is_hidden(run.find(_R_PR), style):
            if "".join(out[start:]).strip():
                message = "文档里有读者看不见的文字（隐藏文字、白色文字或极小的字），没有计入报告。"
                self.note("hidden-text", message)
            del out[start:]

    def pieces(self, run: Element, out: list[str], style: Style) -> None:
        for child in run:
            tag = child.tag
            if tag == _T:
                if self.codes == 0 and (text := child.text):
                    out.append(text if child.get(_XML_SPACE) else text.strip(_BLANK))
            elif tag in _SIGNS:
                out.append(_SIGNS[tag])
            elif tag == _FIELD:
                self.field(child)
            elif tag in _DRAWN:
                self.drawn(child)
            elif tag == _ALTERNATE:
                self.pieces(_choice(child), out, style)
            elif tag == _RUBY:
                self.inline(_child(child, "rubyBase"), out, style)
            elif tag == _SYMBOL:
                out.append(_symbol(child))

    def field(self, element: Element) -> None:
        """Between begin and separate stands the instruction, between separate and end what is printed."""
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self.codes += 1
        elif self.codes and (kind == "separate" or kind == "end"):
            self.codes -= 1

    def drawn(self, element: Element) -> None:
        """The text boxes of a drawing. Their ground may be of any colour."""
        for box in _boxes(element):
            self.boxes += self.inside(box, white=False)

    def tracked(self) -> None:
        self.note("tracked-changes", "文档里有没有接受的修订；检查时按接受全部修订后的内容来读。")

    def is_hidden(self, properties: Element | None, style: Style) -> bool:
        if properties is None:
            return style.vanish
        key = value(properties, "rStyle")
        own = self.styles.get(key)
        if _toggled(properties, "vanish", own.vanish or style.vanish):
            return True
        if 0 < integer(value(properties, "sz"), 21) <= 2:
            return True
        ink = value(properties, "color") or own.colour or style.colour
        return (
            self.white
            and (ink or "").upper() == "FFFFFF"
            and properties.find(W + "shd") is None
            and properties.find(W + "highlight") is None
        )

    # -- tables

    def table(self, element: Element) -> None:
        """Append a table, or what it holds when it only arranges the page."""
        self.depth += 1
        if self.depth > self.limits.table_nesting:
            self.note("table-depth", f"表格套表格超过 {self.limits.table_nesting} 层，里层的表格按文字读。")
        grid = _Grid(columns=_declared(element))
        styled = value(element.find(_TBL_PR), "tblStyle") is not None
        for row in _wrapped(element, _TR):
            self.row(row, grid, white=self.white and not styled)
        self.depth -= 1
        if not grid.rows:
            return
        if _arranges(grid):
            self.found += (draft for _, slots in grid.rows for slot in slots for draft in slot.blocks)
        else:
            self.found.append(grid)

    def row(self, row: Element, grid: _Grid, *, white: bool) -> None:
        properties = row.find(W + "trPr")
        if properties is not None and (len(properties.findall(W + "del")) or len(properties.findall(W + "ins"))):
            self.tracked()
            if properties.find(W + "del") is not None:
                return
        before = self.span(value(properties, "gridBefore"), 0)
        slots = [self.slot(cell, white=white) for cell in _wrapped(row, _TC)]
        if slots:
            grid.rows.append((before, slots))

    def slot(self, cell: Element, *, white: bool) -> _Slot:
        own = _properties(cell, _TC_PR)
        across = self.span(own[_SPAN].get(_VAL), 1) if _SPAN in own else 1
        if _CELL_DEL in own:
            self.tracked()
            return _Slot([], across)
        blocks = self.inside(cell, white=white and _SHADE not in own)
        return _Slot(blocks, across, _goes_on(own.get(_V_MERGE)), _goes_on(own.get(_H_MERGE)))

    def span(self, text: str | None, least: int) -> int:
        """A number of columns; one that makes no sense gives ``least`` and a note."""
        if text is None:
            return least
        number = integer(text, -1)
        if least <= number <= self.limits.table_width:
            return number
        self.note("table-span", "表格的合并单元格数目不合常理，已按表格的实际大小处理；请核对这张表。")
        return least


def _properties(element: Element, name: str) -> dict[str, Element]:
    """What stands in the properties of an element, by tag; they come first in it."""
    first = element[0] if len(element) else None
    return {child.tag: child for child in first} if first is not None and first.tag == name else {}


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
_POINTS = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9]{1,5}(?:\.[0-9]+)?)(pt|in|cm|mm)?")
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


def _declared(table: Element) -> int:
    grid = table.find(W + "tblGrid")
    return 0 if grid is None else len(grid.findall(W + "gridCol"))


def _arranges(grid: _Grid) -> bool:
    """A table with one column, or with whole paragraphs in its cells."""
    if max(len(slots) for _, slots in grid.rows) <= 1:
        return True
    return _prosaic([_words(slot.blocks) for _, slots in grid.rows for slot in slots])


def _words(blocks: list[_Draft]) -> str:
    """The text of a cell, lines apart; a table inside it in printed order."""
    lines = []
    for block in blocks:
        if isinstance(block, _Text):
            lines.append(block.text.strip(" \t\n\u3000\xa0"))
        else:
            lines += [words for _, slots in block.rows for slot in slots if (words := _words(slot.blocks))]
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


def _placed(drafts: list[_Draft], limits: Limits, notes: dict[str, Note]) -> tuple[Block, ...]:
    """The drafts as blocks, each with its place."""
    blocks: list[Block] = []
    line = cells = 0
    for draft in drafts:
        if isinstance(draft, _Grid):
            table = _filled(draft, Where(block=len(blocks)), limits, cells, notes)
            cells += sum(map(len, table.rows))
            blocks.append(table)
            continue
        line += 1
        rank = 0 if draft.title else draft.outline
        hint = f"h{rank + 1}" if rank is not None and 0 <= rank < 6 else ""
        for part in draft.text.split("\n"):
            if part.strip(" \t\u3000\xa0"):
                blocks.append(Paragraph(part, Where(line=line, block=len(blocks)), hint))
    return tuple(blocks)


def _filled(grid: _Grid, where: Where, limits: Limits, used: int, notes: dict[str, Note]) -> Table:
    """The grid with every merged cell repeated at each position that it covers, rows of equal length."""
    widest = max((before + sum(slot.across for slot in slots) for before, slots in grid.rows), default=0)
    width = min(max(widest, min(grid.columns, limits.table_width)), limits.table_width)
    if widest > width:
        message = f"表格超过 {limits.table_width} 列，多出的列没有读。"
        notes.setdefault("table-span", Note("table-span", message, where))
    if width * len(grid.rows) + used > limits.table_cells:
        message = f"表格太大（全文超过 {limits.table_cells} 个单元格），没有读；请核对这张表。"
        notes.setdefault("table-cells", Note("table-cells", message, where))
        return Table((), where, picture=True)
    nothing = Cell("", where)
    above: tuple[Cell, ...] = ()
    rows = []
    for before, slots in grid.rows:
        row = [nothing] * before
        for slot in slots:
            row += [_cell(slot, row, above, where)] * slot.across
        above = (*row[:width], *[nothing] * (width - len(row)))
        rows.append(above)
    return Table(tuple(rows), where, picture=not rows)


def _cell(slot: _Slot, row: list[Cell], above: tuple[Cell, ...], where: Where) -> Cell:
    """A cell of its own, or the one that it continues."""
    if slot.merged and len(row) < len(above):
        return above[len(row)]
    if slot.follows and row:
        return row[-1]
    return Cell(_words(slot.blocks), where)
