"""The walk over the text of a Word file: what Word prints, as drafts in printed order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Note
from checker.read.limits import Limits
from checker.read.office.docx.drafts import Draft, Grid, Piece, Printed, Slot, Text, arranges, spread
from checker.read.office.docx.drawings import PICTURES, holds_picture, is_picture
from checker.read.office.docx.numbering import W, integer, value
from checker.read.office.docx.package import Package
from checker.read.office.docx.styles import VAL, Style, is_on, is_painted, shifted, toggled
from checker.read.office.docx.tree import ALTERNATE, SYMBOL, WRAPPERS, boxes, child_of, choice, symbol, wrapped
from checker.read.pictured import picture_note
from checker.read.struck import SMALL, struck

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATH, _MATH_TEXT = frozenset((_M + "oMath", _M + "oMathPara")), _M + "t"


@dataclass(slots=True)
class _Flow:
    """Text that runs on: the body, a cell or a text box, and what goes on from one paragraph of it to the next."""

    white: bool  #: whether white ink cannot be seen here
    found: list[Draft] = field(default_factory=list)
    carried: list[Piece] = field(default_factory=list)  #: words of a paragraph whose end was deleted
    boxes: list[Draft] = field(default_factory=list)  #: text boxes anchored in the paragraph under way
    codes: int = 0  #: open field instructions
    clock: bool = False  #: the open field shows the time of day or the date
    pictured: bool = False  #: the paragraph holds a picture
    level: bool = False  #: the paragraph has words on its line, which others may be raised above


_INSERTED = frozenset((W + "ins", W + "moveTo"))
_DELETED = frozenset((W + "del", W + "moveFrom"))
_P, _TBL, _R, _T, _TR, _TC = (W + name for name in ("p", "tbl", "r", "t", "tr", "tc"))
_R_PR, _TBL_PR = W + "rPr", W + "tblPr"
_P_STYLE, _NUM_PR, _OUTLINE, _SHADE = (W + name for name in ("pStyle", "numPr", "outlineLvl", "shd"))
_SPAN, _V_MERGE, _H_MERGE, _CELL_DEL = (W + name for name in ("gridSpan", "vMerge", "hMerge", "cellDel"))
_BEFORE, _HIDDEN, _VANISH = (W + name for name in ("gridBefore", "hidden", "vanish"))
_DEL, _INS, _MOVED = (W + name for name in ("del", "ins", "moveFrom"))
_STRUCK = (W + "strike", W + "dstrike")
_RAISED, _SHIFTED, _R_STYLE = (W + name for name in ("vertAlign", "position", "rStyle"))
#: what counts of the properties of paragraphs, runs, rows and cells
_TELLING = (
    *(_P_STYLE, _NUM_PR, _OUTLINE, _SHADE, _SPAN, _V_MERGE, _H_MERGE, _CELL_DEL),
    *(_BEFORE, _HIDDEN, _VANISH, _DEL, _INS, _MOVED, *_STRUCK, _RAISED, _SHIFTED),
)
_OWNED = frozenset(W + name for name in ("pPr", "trPr", "tcPr"))
_NOTHING: Mapping[str, Element] = {}
_RUBY = W + "ruby"
_CODE, _CLOCK = W + "instrText", late(r"\s*(?:DATE|TIME)\b", re.IGNORECASE)
_FIELD, _ALIEN = W + "fldChar", W + "altChunk"
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
#: what makes a paragraph or a cell hold more than words
_ODD = (*WRAPPERS, *_DELETED, *_MATH, *_DRAWN, *_SIGNS, _TBL, ALTERNATE, _RUBY, _CODE, _FIELD, SYMBOL, _ALIEN)


class Walker:
    """Collects drafts in printed order."""

    def __init__(self, package: Package, limits: Limits, *, recalculated: bool = False, traced: bool = False) -> None:
        self.styles, self.numbering, self.limits = package.styles, package.numbering, limits
        self.recalculated, self.traced = recalculated, traced
        self.may_hide = package.may_hide
        self.told = _told(package.document, *(_TELLING if not self.styles.shift else (*_TELLING, _R_STYLE)))
        self.notes: dict[str, Note] = {}
        self.texts: dict[Element, Text] = {}  #: paragraphs of mere words in the usual style
        self.cells: dict[Element, list[Draft]] = {}  #: such paragraphs by what holds them
        self.odd = self._plain(package.document)
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
        self.notes.setdefault("picture", picture_note())
        self.flow.found.append(Grid())

    def inside(self, parent: Element, *, white: bool) -> list[Draft]:
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
                if child in self.texts and not self.flow.carried:
                    self.flow.found.append(self.texts[child])
                elif len(child) or self.styles.default.num:
                    self.paragraph(child)
            elif tag == _TBL:
                self.table(child)
            elif tag in WRAPPERS:
                self.blocks(child)
            elif tag == ALTERNATE:
                self.blocks(choice(child))
            elif tag == _ALIEN:
                self.unread()

    # -- paragraphs

    def paragraph(self, element: Element) -> None:
        own, flow = self.told.get(element, _NOTHING), self.flow
        key = own[_P_STYLE].get(VAL) if _P_STYLE in own else None
        style = self.styles.default if key is None else self.styles.get(key)
        if style.contents:
            return
        flow.codes, flow.clock, flow.pictured, flow.level = 0, False, False, False
        pieces = self.words(element, style, own)
        if _DEL in own or _MOVED in own:
            self.tracked()
            flow.carried += pieces
        elif _joined(pieces).strip() or not is_on(own.get(_VANISH), style.vanish):
            pieces = self.numbered([*flow.carried, *pieces], own.get(_NUM_PR), key, style)
            flow.carried = []
            text = self.text(element, pieces)
            if text.text.strip():
                text.outline = integer(own[_OUTLINE].get(VAL), 9) if _OUTLINE in own else style.outline
                text.title = style.title
                flow.found.append(text)
            elif flow.pictured:
                self.unread()
        if flow.boxes:
            flow.found += flow.boxes
            flow.boxes = []

    def text(self, element: Element, pieces: list[Piece]) -> Text:
        """These words as a paragraph."""
        return Text(_joined(pieces), printed=Printed(element, tuple(pieces)) if self.traced else None)

    def words(self, element: Element, style: Style, own: Mapping[str, Element]) -> list[Piece]:
        """The words of a paragraph, without its number."""
        white = self.flow.white
        if white and self.may_hide:
            self.flow.white = not (style.painted or (_SHADE in own and is_painted(own[_SHADE].getparent())))
        pieces: list[Piece] = []
        self.inline(element, pieces, style)
        self.flow.white = white
        return pieces

    def numbered(self, pieces: list[Piece], own: Element | None, key: str | None, style: Style) -> list[Piece]:
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

    def inline(self, parent: Element, out: list[Piece], style: Style) -> None:
        """The words below ``parent``, a paragraph or something inside one."""
        for child in parent:
            tag = child.tag
            if tag == _R:
                self.run(child, out, style)
            elif tag in WRAPPERS:
                if tag in _INSERTED:
                    self.tracked()
                self.inline(child, out, style)
            elif tag in _DELETED:
                self.tracked()
            elif tag == ALTERNATE:
                self.inline(choice(child), out, style)
            elif tag in _MATH:
                out += ((each.text or "", each) for each in child.iter(_MATH_TEXT))

    def run(self, run: Element, out: list[Piece], style: Style) -> None:
        """The words of a run, unless nobody sees them."""
        start = len(out)
        self.pieces(run, out, style)
        if self.may_hide and len(out) > start and self.is_hidden(run.find(_R_PR), style):
            if _joined(out[start:]).strip():
                self.unseen()
            del out[start:]
        if len(out) > start:
            self.marked(out, start, self.told.get(run, _NOTHING))

    def marked(self, out: list[Piece], start: int, own: Mapping[str, Element]) -> None:
        """Words from ``start`` on that are struck out are not said; raised figures belong to no number."""
        if any(tag in own and is_on(own[tag], False) for tag in _STRUCK):
            if _joined(out[start:]).strip():
                self.notes.setdefault("struck", struck())
            del out[start:]
            return
        style = self.styles.get(own[_R_STYLE].get(VAL)) if _R_STYLE in own else None
        align = own[_RAISED].get(VAL, "") if _RAISED in own else style.align if style else ""
        shift = shifted(own[_SHIFTED].get(VAL)) if _SHIFTED in own else style.shift if style else ""
        if align not in SMALL and self.flow.level:  # what is shifted as a whole stands on a line of its own
            align = shift
        if small := SMALL.get(align):
            out[start:] = [(text.translate(small), element) for text, element in out[start:]]
        elif not shift and not self.flow.level:
            self.flow.level = bool(_joined(out[start:]).strip())

    def pieces(self, run: Element, out: list[Piece], style: Style) -> None:
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
            elif tag == ALTERNATE:
                self.pieces(choice(child), out, style)
            elif tag == _RUBY:
                self.inline(child_of(child, "rubyBase"), out, style)
            elif tag == SYMBOL:
                out.append((symbol(child), child))

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
        for box in boxes(element):
            boxed = True
            self.flow.boxes += self.inside(box, white=False)
        if not boxed and is_picture(element):
            self.flow.pictured = True

    def is_hidden(self, properties: Element | None, style: Style) -> bool:
        if properties is None:
            return style.vanish or self.is_white(style.colour)
        own = self.styles.get(value(properties, "rStyle"))
        if toggled(properties, "vanish", own.vanish or style.vanish):
            return True
        if 0 < integer(value(properties, "sz"), 21) <= 2:
            return True
        ink = value(properties, "color") or own.colour or style.colour
        return self.is_white(ink) and not own.painted and not is_painted(properties)

    def is_white(self, ink: str | None) -> bool:
        return self.flow.white and ink is not None and ink.upper() == "FFFFFF"

    # -- tables

    def table(self, element: Element) -> None:
        """Append a table, or what it holds when it only arranges the page or stands too deep."""
        self.depth += 1
        deep = self.depth > self.limits.table_nesting
        if deep:
            self.note("table-depth", f"表格套表格超过 {self.limits.table_nesting} 层，里层的表格按文字读。")
        columns = len(child_of(element, "tblGrid"))
        white = self.flow.white and value(element.find(_TBL_PR), "tblStyle") is None
        grid = Grid()
        above: list[Slot] = []
        for row in wrapped(element, _TR):
            if cells := self.row(row, above, columns, white=white):
                above = spread(cells, self.limits.table_width)
                grid.rows.append(cells)
                grid.lines.append(above)
        self.depth -= 1
        slots = grid.slots()
        if deep or arranges(grid, slots):
            self.flow.found += (draft for slot in slots for draft in slot.blocks)
        else:
            self.flow.found.append(grid)

    def row(self, row: Element, above: list[Slot], columns: int, *, white: bool) -> list[tuple[Slot, int]]:
        """The cells of a row with the columns that they take; none for a row that nobody sees."""
        own = self.told.get(row, _NOTHING)
        if _DEL in own or _INS in own:
            self.tracked()
        if _DEL in own:
            return []
        if is_on(own.get(_HIDDEN), False):
            self.unseen()
            return []
        left = self.span(own[_BEFORE].get(VAL), 0, 0) if _BEFORE in own else 0
        slots = [(Slot(), left)] if left else []
        for cell in wrapped(row, _TC):
            own = self.told.get(cell, _NOTHING)
            if not own and self.odd is not None and cell not in self.odd:  # nearly always
                slots.append((Slot(self.cells.get(cell, []), False, cell), 1))
                left += 1
                continue
            across = self.span(own[_SPAN].get(VAL), 1, columns - left) if _SPAN in own else 1
            if _goes_on(own.get(_H_MERGE)) and slots:
                slot = slots[-1][0]
            elif _goes_on(own.get(_V_MERGE)) and left < len(above) and above[left].joins:
                slot = above[left]
            else:
                slot = self.slot(cell, own, white=white)
            slots.append((slot, across))
            left += across
        return slots

    def slot(self, cell: Element, own: Mapping[str, Element], *, white: bool) -> Slot:
        """A cell of its own."""
        joins = _V_MERGE in own
        if _CELL_DEL in own:
            self.tracked()
            return Slot([], joins, cell)
        if self.odd is not None and cell not in self.odd:
            return Slot(self.cells.get(cell, []), joins, cell)
        painted = _SHADE in own and is_painted(own[_SHADE].getparent())
        return Slot(self.inside(cell, white=white and not painted), joins, cell, pictured=holds_picture(cell))

    def _plain(self, document: Element) -> set[Element] | None:
        """Find all paragraphs of mere words in the usual style, which is nearly all of a document, in one pass.

        What is told of them is what ``paragraph`` would find. Returns the cells that hold anything else, None when
        every cell has to be looked at closely.
        """
        usual = self.styles.default
        if self.traced or self.may_hide or usual.num or usual.contents:
            return None
        odd = [*document.iter(*_ODD, *PICTURES), *(owner for owner in self.told if owner.tag in (_P, _R))]
        for each in document.iter(_T):
            if not (raw := each.text):
                continue
            words = raw.strip(_BLANK)
            if raw != words and each.get(_XML_SPACE):
                words = raw
            run = each.getparent()
            paragraph = None if run is None or run.tag != _R else run.getparent()
            if paragraph is None:
                odd.append(each)
            elif paragraph in self.texts:
                self.texts[paragraph].text += words
            elif words.strip() and paragraph.tag == _P and (above := paragraph.getparent()) is not None:
                self.texts[paragraph] = text = Text(words, usual.outline, usual.title)
                self.cells.setdefault(above, []).append(text)
            elif words:
                odd.append(each)
        cells: set[Element] = set()
        for each in odd:
            self.texts.pop(each, None)
            for above in each.iterancestors(_TC, _P):
                cells.add(above)
                self.texts.pop(above, None)
        return cells

    def span(self, text: str | None, least: int, rest: int) -> int:
        """A number of columns; what makes no sense is clamped to ``rest`` or ``least``, with a note."""
        number = integer(text, -1)
        if least <= number <= self.limits.table_width:
            return number
        self.note("table-span", "表格的合并单元格数目不合常理，已按表格的实际大小处理；请核对这张表。")
        return min(max(least, rest), self.limits.table_width) if number > least else least


def _joined(pieces: Iterable[Piece]) -> str:
    return "".join([text for text, _ in pieces])


def _without_indent(pieces: list[Piece]) -> list[Piece]:
    """The words without the blanks before them."""
    for at, (text, element) in enumerate(pieces):
        if rest := text.lstrip(" \t\u3000"):
            return [(rest, element), *pieces[at + 1 :]]
    return []


def _told(document: Element, *telling: str) -> dict[Element, dict[str, Element]]:
    """What the properties of paragraphs (with their marks), runs, rows and cells say by the tags ``telling``.

    By owner and tag, in one quick pass for the little that counts: nearly all of a document is layout.
    """
    found: dict[Element, dict[str, Element]] = {}
    for each in document.iter(*telling):
        properties = each.getparent()
        tag = None if properties is None else properties.tag
        if properties is not None and tag == _R_PR and (properties := properties.getparent()) is not None:
            tag = properties.tag
            if tag == _R:
                found.setdefault(properties, {})[each.tag] = each
        if properties is not None and tag in _OWNED and (owner := properties.getparent()) is not None:
            found.setdefault(owner, {}).setdefault(each.tag, each)
    return found


def _goes_on(merge: Element | None) -> bool:
    return merge is not None and merge.get(VAL) != "restart"
