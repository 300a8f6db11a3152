"""A part of a page written as blocks, in printed order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Block, Cell, Note, Paragraph, Table, Where
from checker.read.limits import Limits
from checker.read.pictured import picture_note, pictured
from checker.read.plain.html.article import is_chrome
from checker.read.plain.html.hidden import is_struck, style_of
from checker.read.plain.html.parsing import line_of, words
from checker.read.plain.html.pictures import FIELDS, FRAMES, look_of
from checker.read.plain.html.spans import Reach, Row, arranges, grid_of, reach_of
from checker.read.struck import struck

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = words(
    "p div section article main header footer nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody"
    " tfoot tr td th blockquote pre center form fieldset legend address figure figcaption hr br details summary body"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SPACE = late(r"[ \t\n\r\f\xa0]+")
_BLANK = " \t\n\r\f\xa0"
_FILE = late(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|zip|rar|7z)(?:$|[?#])", re.IGNORECASE)
_LABEL = late(r"[\s\xa0\d、.．：:（）()附件相关下载]*")
_NUMBERED = late(r"[（(]?[\d一二三四五六七八九十①-⑳]")
_IMAGE = late(r"\.(?:jpe?g|png|gif|bmp|webp)(?:$|[?#])", re.IGNORECASE)
_SHOWS = FRAMES | FIELDS | {"img"}


class Writer:
    """Walks a subtree and collects blocks. Holds the paragraph under way: its pieces, line and hint."""

    def __init__(
        self,
        limits: Limits,
        hidden: frozenset[int],
        painted: frozenset[int] = frozenset(),
        *,
        whole_page: bool = False,
        first_block: int = 0,
    ) -> None:
        self.limits, self.hidden, self.painted = limits, hidden, painted
        self.whole_page, self.first_block = whole_page, first_block
        self.blocks: list[Block] = []
        self.notes: dict[str, Note] = {}
        self.pieces: list[str] = []
        self.unlinked: list[str] = []  # the pieces that are no link to a file
        self.linked = False  # whether any is
        self.line: int | None = None
        self.hint = self.marker = ""
        self.last: LexborNode | None = None  # the element entered last, which knows its line
        self.file_link = self.away = False  # within a link to a file; to what is neither a file nor an image
        self.beside: list[int | None] = []  # the lines of the pictures among the words of the paragraph
        self.pictured = False  # whether any picture stands here that is no icon and no spacer
        self.lists: list[int | None] = []  # the next number of each open list, None for bullets
        self.tables = self.cells = self.preformatted = 0

    def walk(self, root: LexborNode) -> None:
        """Every node below ``root`` in printed order. No recursion: depth is the page's choice."""
        open_nodes: list[LexborNode] = []
        self.last = root
        node = root.first_child
        while node is not None or open_nodes:
            if node is None:
                closed = open_nodes.pop()
                self.leave(closed.tag or "")
                node = closed.next
            elif self.enter(node):
                open_nodes.append(node)
                node = node.first_child
            else:
                node = node.next
        self.flush()

    def enter(self, node: LexborNode) -> bool:
        """Take a node in; True when its children are to be walked."""
        tag = node.tag or ""
        if tag == "-text":
            self.text(node.text_content or "")
            return False
        if self.hidden and self.skip_hidden(node):
            return False
        self.last = node
        if self.painted and node.mem_id in self.painted:
            self.picture(node)
        if tag in _BLOCKS:
            self.flush()
            return self.enter_block(node, tag)
        if tag in _SHOWS:
            self.picture(node)
        elif tag == "a":
            self.enter_link(node.attributes.get("href") or "")
        return True

    def enter_link(self, to: str) -> None:
        self.file_link = _FILE.search(to) is not None
        self.away = not (self.file_link or _IMAGE.search(to))

    def enter_block(self, node: LexborNode, tag: str) -> bool:
        if self.whole_page and (is_chrome(node) or _is_link_list(node, tag)):
            return False
        if tag in _HEADINGS:
            self.hint = tag
        elif tag == "pre":
            self.preformatted += 1
        elif tag in ("ul", "ol"):
            self.lists.append(_first_number(node) if tag == "ol" else None)
        elif tag == "li":
            self.item()
        elif tag == "table":
            if self.tables < self.limits.table_nesting and self.table(node):
                return False
            self.tables += 1
            if self.tables > self.limits.table_nesting:
                self.note("table-depth", f"表格套表格超过 {self.limits.table_nesting} 层，里层的表格按文字读。")
        return True

    def item(self) -> None:
        """A list item; the number that the browser prints is part of the text."""
        self.hint, self.marker = "li", ""
        if self.lists and (number := self.lists[-1]) is not None:
            self.marker = f"{number}."
            self.lists[-1] = number + 1

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if tag in _HEADINGS or tag == "li":
            self.hint = self.marker = ""
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in ("ul", "ol"):
            self.lists.pop()
        elif tag == "table":
            self.tables -= 1
        elif tag == "a":
            self.file_link = self.away = False

    def place(self, line: int | None) -> Where:
        """The place of the next block."""
        return Where(line=line, block=self.first_block + len(self.blocks))

    def text(self, raw: str) -> None:
        if not self.preformatted:
            self.piece(raw)
            return
        for number, part in enumerate(raw.split("\n")):
            if number:
                self.flush()
            self.piece(part, number)

    def piece(self, raw: str, below: int = 0) -> None:
        """Words of the paragraph under way, ``below`` lines after the start of their node."""
        stripped = raw.lstrip(_BLANK)
        if not stripped:
            if self.pieces:
                self.pieces.append(" ")
            return
        if self.line is None and (line := line_of(self.last)):
            self.line = line + below + raw.count("\n", 0, len(raw) - len(stripped))
        self.pieces.append(raw)
        if self.file_link:
            self.linked = True
        else:
            self.unlinked.append(raw)

    def flush(self) -> None:
        """End the paragraph under way. One that only links to files is an attachment, and no text."""
        if not self.pieces:
            return
        text = _squeezed("".join(self.pieces))
        if self.linked and _LABEL.fullmatch("".join(self.unlinked)):
            self.note("attachment", "报告带有附件，附件里的内容没有检查；请把附件下载后单独检查。", self.line)
        elif text:
            if self.marker and not _NUMBERED.match(text):
                text = f"{self.marker} {text}"
            self.marker = ""
            self.blocks.append(Paragraph(text, self.place(self.line), self.hint))
        for line in self.beside:
            self.blocks.append(Table((), self.place(line), picture=True))
        self.pieces, self.unlinked, self.linked, self.line, self.beside = [], [], False, None, []

    def skip_hidden(self, node: LexborNode) -> bool:
        if node.mem_id not in self.hidden:
            return False
        if not node.text().strip():
            return True
        if is_struck(node):
            self.notes.setdefault("struck", struck(Where(line=line_of(node))))
        else:
            message = "网页里有读者看不见的文字（隐藏、透明、移出页面、字太小或白底白字），没有计入报告。"
            self.note("hidden-text", message, line_of(node))
        return True

    def picture(self, node: LexborNode) -> None:
        """What may stand for a table: it is large, or of unknown size and, on a page with more than a report, no link.

        Among words it does not part them. In a cell all but an icon may stand for its figure.
        """
        look = "none" if self.file_link else look_of(node)
        if look == "none":
            return
        self.pictured = True
        beyond = self.whole_page and (self.away or not self.blocks)  # a banner, a badge
        if look == "small" or (look == "unsized" and beyond):
            return
        line = line_of(node)
        if self.pieces:
            self.beside.append(line)
        else:
            self.blocks.append(Table((), self.place(line), picture=True))
        self.notes.setdefault("picture", picture_note(Where(line=line)))

    def table(self, node: LexborNode) -> bool:
        """Append ``node`` as a grid; False when it only arranges the page, and its content is paragraphs."""
        _itself, *inside = node.css("table, caption")
        if any(part.tag == "table" for part in inside):
            return False
        room = self.limits.table_cells - self.cells
        # most pages are too short to hold too many: a cell takes four characters of the source
        if len(node.parser.raw_html) > 4 * room and len(node.css("td, th")) > room:
            return self.unread_table(node)
        before = len(self.blocks)
        if inside and (text := _squeezed(inside[0].text())):
            self.blocks.append(Paragraph(text, self.place(line_of(inside[0]))))
        reaches = {cell.mem_id: _reach_of(cell) for cell in node.css("[colspan], [rowspan]")}
        rows = [row for each in node.css("tr") if (row := self.row(each, reaches))[0]]
        if arranges(rows):
            del self.blocks[before:]
            return False
        where = self.place(line_of(node))
        grid, odd = grid_of(rows, self.limits.table_width, self.limits.table_cells - self.cells)
        if not grid:
            return self.unread_table(node)
        self.cells += sum(map(len, grid))
        if odd:
            message = "表格的合并单元格数目不合常理，已按表格的实际大小处理；请核对这张表。"
            self.note("table-span", message, where.line)
        if any(cell.unread for cells, _ in rows for cell in cells):
            self.notes.setdefault("cell-picture", pictured(Where(line=where.line)))
        self.blocks.append(Table(grid, where))
        return True

    def unread_table(self, node: LexborNode) -> bool:
        """A table beyond the limit stands in the text like a picture of one."""
        where = self.place(line_of(node))
        message = f"表格太大（全文超过 {self.limits.table_cells} 个单元格），没有读；请核对这张表。"
        self.note("table-cells", message, where.line)
        self.blocks.append(Table((), where, picture=True))
        return True

    def row(self, node: LexborNode, reaches: Mapping[int, Reach]) -> Row:
        """The cells of a table row, with the line of the row. ``reaches``: of the table's cells that say how far."""
        cells: list[Cell] = []
        far: dict[int, Reach] = {}
        where = Where(line=line_of(node), block=self.first_block + len(self.blocks))
        for cell in node.iter():
            inner = cell.first_child
            if inner is None and cell.tag not in ("td", "th"):
                continue  # a comment, or a field of a form: of what may stand here only cells hold anything
            if reaches and (reach := reaches.get(cell.mem_id)):
                far[len(cells)] = reach
            text = None if inner is None or inner.next is not None or self.hidden else inner.text_content
            if text is None:
                cells.append(self.cell(cell, where))
            else:
                cells.append(Cell(text if text.isalnum() else _squeezed(text), where))
        return cells, far

    def cell(self, node: LexborNode, where: Where) -> Cell:
        """The text of a cell, its lines apart; ``unread`` where a picture stands in place of any, or beside a figure.

        Most cells hold one text node, maybe inside a paragraph.
        """
        inner: LexborNode | None = node.first_child
        outer: LexborNode = node
        while inner is not None and inner.next is None and not (self.hidden and outer.mem_id in self.hidden):
            if (text := inner.text_content) is not None:
                return Cell(text if text.isalnum() else _squeezed(text), where)
            if inner.tag not in ("p", "div", "span", "font", "strong", "b"):
                break
            outer, inner = inner, inner.first_child
        if inner is None or node.mem_id in self.hidden:
            return Cell("", where)
        writer = Writer(self.limits, self.hidden)
        writer.walk(node)
        self.notes = {**writer.notes, **self.notes}
        text = "\n".join(each.text for each in writer.blocks if isinstance(each, Paragraph))
        return Cell(text, where, writer.pictured and (not text or text.isdecimal()))

    def note(self, code: str, message: str, line: int | None = None) -> None:
        """Say it once a document."""
        self.notes.setdefault(code, Note(code, message, Where(line=line)))

    def all_notes(self) -> tuple[Note, ...]:
        return tuple(self.notes.values())


def _squeezed(text: str) -> str:
    """``text`` with a single blank for each run of them, and none around it."""
    words = text.split()
    return _SPACE.sub(" ", text).strip() if len(words) > 1 else "".join(words)


def _reach_of(cell: LexborNode) -> Reach:
    attributes = cell.attributes
    return reach_of(attributes.get("colspan"), attributes.get("rowspan"))


def _is_link_list(node: LexborNode, tag: str) -> bool:
    """A list that is nearly all links: a menu, not a report."""
    if tag not in ("ul", "ol", "dl"):
        return False
    links = node.css("a")
    return len(links) > 1 and sum(len(link.text().strip()) for link in links) >= 0.8 * len("".join(node.text().split()))


def _first_number(node: LexborNode) -> int | None:
    """The first number of an ordered list, None where it prints letters or nothing."""
    if (node.attributes.get("type") or "1") != "1" or "list-style" in style_of(node):
        return None
    start = node.attributes.get("start") or "1"
    return int(start) if start.isdecimal() and len(start) < 6 else 1
