"""A web page: its main block as flat paragraphs and full grids, without what the site prints around it.

The block is found by density: from the body down into the one child that holds nearly all the sentences. What remains
inside it (打印本页, 分享到) is kept, since a rule reports it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Block, Cell, Document, Note, Paragraph, Table, Unreadable, Where
from checker.read.limits import LIMITS, Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode


def parse_html(text: str, source: str, limits: Limits = LIMITS) -> Document:
    """``text``, already decoded, as a Document; the whole body when no main block stands out.

    Raises Unreadable ``html-depth`` before a parser sees a page that is nested too deeply.
    """
    page = _parse(text, limits)
    body = page.body or page.root
    if body is None:
        return Document(source, "html", ())
    hidden = _hidden(page)
    block = _main_block(body, hidden)
    writer = _Writer(limits, hidden, whole_page=block.tag in ("body", "html"))
    if title := _missing_title(page, block):
        writer.blocks.append(title)
    writer.walk(block)
    return Document(source, "html", tuple(writer.blocks), writer.all_notes(), _posted(page, body))


def parse_fragment(
    text: str, limits: Limits, first_line: int, first_block: int
) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The blocks of a piece of HTML that stands in another text, from ``first_line`` and as from ``first_block``."""
    page = _parse(text, limits, first_line)
    writer = _Writer(limits, _hidden(page), first_block=first_block)
    if page.body:
        writer.walk(page.body)
    return tuple(writer.blocks), writer.all_notes()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- before and during parsing ----------------------------------------------------------------------------------------

_OPEN = late(r"<(/?)([a-zA-Z][^\s/>\0]*)")
_VOID = _words("area base basefont bgsound br col embed frame hr img input keygen link meta param source wbr")
#: Elements that close their like, so that a row of unclosed ones is no nesting (but not inside SVG and MathML).
#: ``option`` does so too, but a row of unclosed ones costs the parser quadratic time.
_SELF_CLOSING = _words("p li dt dd tr td th tbody thead tfoot body html head")
_LINE = "nianbao-line"  #: attribute that carries the source line through the parser
_UNSEEN = ["script", "style", "noscript", "template", "iframe", "object", "select", "textarea", "button", "svg", "math"]


def _parse(text: str, limits: Limits, first_line: int = 1) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser

    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("<") - text.count("</") > limits.html_depth:
        _require_shallow(text, limits.html_depth)
    # always a str: from bytes the parser obeys a declared gb2312, and destroys 驩
    page = LexborHTMLParser(_with_lines(text, first_line))
    page.strip_tags(_UNSEEN, recursive=True)
    return page


def _require_shallow(text: str, limit: int) -> None:
    """One pass over the tags, blind to comments and scripts: an end tag counts only against its own kind."""
    foreign = "<svg" in text.lower() or "<math" in text.lower()
    flat = _VOID if foreign else _VOID | _SELF_CLOSING
    open_tags: Counter[str] = Counter()
    depth = 0
    for closing, name in _OPEN.findall(text):
        name = name.lower()
        if name in flat:
            continue
        if not closing:
            open_tags[name] += 1
            depth += 1
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
        if depth > limit:
            raise _unnatural(f"标签嵌套超过 {limit} 层")


def _unnatural(what: str) -> Unreadable:
    message = f"网页的{what}，不像正常网页，没有读取。"
    return Unreadable("html-depth", message, "请在浏览器中打开网页，把报告正文复制到 .txt 文件后重新检查。")


def _with_lines(text: str, line: int) -> str:
    """``text`` with the source line written into each start tag, unquoted so that no attribute value is broken."""
    pieces = text.split("<")
    line += pieces[0].count("\n")
    for index in range(1, len(pieces)):
        piece = pieces[index]
        if len(piece) > _LONG_TAG and _crowded(piece):
            raise _unnatural("一个标签带有上万个属性")
        if match := _NAME.match(piece):
            pieces[index] = f"{match[0]} {_LINE}={line}{piece[match.end() :]}"
        if "\n" in piece:
            line += piece.count("\n")
    return "<".join(pieces)


_NAME = late(r"[a-zA-Z][a-zA-Z0-9:-]*(?=[\s/>])")
_LONG_TAG = 20_000  #: characters
_QUOTED = late(r"\"[^\"]*\"|'[^']*'")
_BETWEEN = late(r"[\s/]+|[\"']")


def _crowded(piece: str) -> bool:
    """Ten thousand attributes on one tag take the parser quadratic time. A long value (an image) does not count."""
    return len(_BETWEEN.findall(_QUOTED.sub('"', piece))) > 10_000


# --- hidden text ------------------------------------------------------------------------------------------------------

_INKED = "[style*='color' i], font[color]"
_NOT_SHOWN = late(r"display:none|visibility:hidden|font-size:0(?:[a-z%]*)?(?:;|!|$)")
_WHITE_INK = late(r"(?:^|;)color:(?:#fff(?:fff)?\b|white\b|rgba?\(255,255,255[,)])")
_GROUND = late(r"background(?:-color)?:([^;]*)")
_WHITE = late(r"#fff(?:fff)?\b|white\b|rgba?\(255,255,255[,)]|^(?:transparent|none|inherit)$")


def _hidden(page: LexborHTMLParser) -> frozenset[int]:
    """The nodes that a reader of the page never sees, by ``mem_id``."""
    nodes = page.css("[hidden], [style*='none' i], [style*='hidden' i], [style*='font-size' i]")
    found = {node.mem_id for node in nodes if "hidden" in node.attributes or _NOT_SHOWN.search(_style(node))}
    whites = {node.mem_id: node for node in page.css(_INKED) if _is_white(node) and len(node.css(_INKED)) == 1}
    white_areas: dict[int, bool] = {}
    return frozenset(found.union(key for key, node in whites.items() if _on_white(node, whites, white_areas)))


def _style(node: LexborNode) -> str:
    return "".join((node.attributes.get("style") or "").lower().split())


def _is_white(node: LexborNode) -> bool:
    ink = (node.attributes.get("color") or "").lower().strip()
    return bool(_WHITE_INK.search(_style(node)) or (ink and _WHITE.fullmatch(ink)))


def _on_white(node: LexborNode, whites: dict[int, LexborNode], mostly: dict[int, bool]) -> bool:
    """White ink on a ground that is declared white, or that no style, and no class, can make anything else.

    What a class paints is not known here; but where most of the text is not white, the ground cannot be dark.
    """
    at: LexborNode | None = node
    classes = 0
    while at is not None and classes < 5 and at.tag not in ("body", "html"):
        ground = _GROUND.search(_style(at))
        if colour := ground[1] if ground else (at.attributes.get("bgcolor") or "").lower():
            return _WHITE.search(colour) is not None
        if at.attributes.get("class") or at.attributes.get("background"):
            classes += 1
            if at.mem_id not in mostly:
                mostly[at.mem_id] = _is_mostly(at, whites)
            if mostly[at.mem_id]:
                return False
        at = at.parent
    return True


def _is_mostly(node: LexborNode, whites: dict[int, LexborNode]) -> bool:
    """Whether half of the text of ``node`` or more is in white ink."""
    inked = sum(len(each.text()) for each in node.css(_INKED) if each.mem_id in whites)
    return 2 * inked >= len(node.text())


# --- the main block ---------------------------------------------------------------------------------------------------

_MARKS = late(r"[，。；]")
_SIGNED = late(r"^[^：:]{0,40}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$")
_WRAPPERS = _words("body div section article main center form table tbody tr td font span")
_CHROME = late(
    r"(?:^|[\s_-])(?:nav|navbar|menu|header|head|footer|foot|sidebar|aside|breadcrumbs?|crumbs?|bread|copyright|banner|dqwz"
    r"|weizhi|position|location)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)


def _main_block(body: LexborNode, hidden: frozenset[int]) -> LexborNode:
    """From ``body`` down while one child holds all sentences but a handful, and the rest holds no data and no date."""
    block = body
    while True:
        children = [child for child in block.iter() if child.mem_id not in hidden]
        weights = [len(_MARKS.findall(child.text())) for child in children]
        if not any(weights):
            return block
        best = max(range(len(children)), key=weights.__getitem__)
        inner = children[best]
        if inner.tag not in _WRAPPERS or (inner.tag == "table" and not _is_layout(inner)):
            return block
        spare = max(4, 0.03 * weights[best])
        total = sum(weights)
        spent = len(_MARKS.findall(block.text(deep=False)))
        for index, child in enumerate(children):
            if index != best:
                spent += _prose(child, weights[index], total, after=index > best)
        if spent > spare:
            return block
        block = inner


def _prose(node: LexborNode, weight: int, total: int, *, after: bool) -> int:
    """How much of a report a neighbour of the main block may hold: its sentences, figures, a date below the text."""
    if _is_chrome(node) and weight < 0.3 * total:
        return 0
    if weight:
        weight -= sum(len(_MARKS.findall(link.text())) for link in node.css("a"))
    figures = sum(cell.text().strip().isdecimal() for cell in node.css("td"))
    signed = 5 if after and _SIGNED.match("".join(node.text().split())) else 0
    return weight + figures + signed


def _is_chrome(node: LexborNode) -> bool:
    if node.tag in ("nav", "footer", "aside", "header"):
        return True
    attributes = node.attributes
    return any(value and _CHROME.search(value) for value in (attributes.get("class"), attributes.get("id")))


# --- title and date ---------------------------------------------------------------------------------------------------

_DATE = r"(20\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})"
_ANY_DATE = late(_DATE)
_POSTED = late(
    r"(?:(?:发布|发文|公开|生成|更新|上传)|(?<![\u4e00-\u9fa5]))(?:日期|时间)[\s\xa0]{0,9}[：:][\s\xa0]{0,9}" + _DATE
)
_DATE_NAMES = frozenset(("pubdate", "publishdate", "articlepubdate", "firstpublishedtime", "publish_date"))


def _meta(page: LexborHTMLParser, names: frozenset[str]) -> str:
    for node in page.css("meta[name][content]"):
        if (node.attributes.get("name") or "").lower() in names:
            return (node.attributes.get("content") or "").strip()
    return ""


def _posted(page: LexborHTMLParser, body: LexborNode) -> str | None:
    """The page's own date: a meta tag, else 发布时间：…; ISO, or None."""
    match = _ANY_DATE.search(_meta(page, _DATE_NAMES)) or _POSTED.search(body.text())
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _missing_title(page: LexborHTMLParser, block: LexborNode) -> Paragraph | None:
    """The article's title when it stands outside the main block."""
    if block.tag in ("body", "html"):
        return None
    title, line = _title(page)
    if not title or "".join(title.split()) in "".join(block.text()[:2000].split())[:400]:
        return None
    return Paragraph(title, Where(line=line, block=0), "h1")


def _title(page: LexborHTMLParser) -> tuple[str, int | None]:
    """The last h1 outside the site's header, else what the page's head says, without the site's name."""
    site = _meta(page, frozenset(("sitename",)))
    for node in reversed(page.css("h1")):
        text = " ".join(node.text().split())
        if text and text != site and not any(_is_chrome(parent) for parent in _ancestors(node)):
            return text, _line(node)
    title = _meta(page, frozenset(("articletitle",)))
    if not title and page.head is not None and (node_ := page.head.css_first("title")) is not None:
        title = max(re.split(r"[_|]|\s[-–—]+\s|--", node_.text()), key=len)
    return " ".join(title.split()), None


def _ancestors(node: LexborNode) -> list[LexborNode]:
    found = []
    at = node.parent
    while at is not None and at.tag not in ("body", "html"):
        found.append(at)
        at = at.parent
    return found


def _line(node: LexborNode | None) -> int | None:
    value = node.attributes.get(_LINE) if node is not None else None
    return int(value) if value and value.isdecimal() else None


# --- writing blocks ---------------------------------------------------------------------------------------------------

_BLOCKS = _words(
    "p div section article main header footer nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody"
    " tfoot tr td th blockquote pre center form fieldset legend address figure figcaption hr br details summary body"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SPACE = late(r"[ \t\n\r\f\xa0]+")
_BLANK = " \t\n\r\f\xa0"
_FILE = late(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|zip|rar|7z)(?:$|[?#])", re.IGNORECASE)
_LABEL = late(r"[\s\xa0\d、.．：:（）()附件相关下载]*")
_ICON = late(r"icon|ico\b|logo|qr|ewm|erwei|weixin|wechat|share|print|spacer|blank|arrow|\.gif", re.IGNORECASE)
_NUMBERED = late(r"[（(]?[\d一二三四五六七八九十①-⑳]")
_PIXELS = late(r"\s*(\d{1,5})(?:\.\d+)?(?:px|pt)?\s*$")


class _Writer:
    """Walks a subtree and collects blocks. Holds the paragraph under way: its pieces, line and hint."""

    def __init__(
        self, limits: Limits, hidden: frozenset[int], *, whole_page: bool = False, first_block: int = 0
    ) -> None:
        self.limits, self.hidden, self.whole_page, self.first_block = limits, hidden, whole_page, first_block
        self.blocks: list[Block] = []
        self.notes: dict[str, Note] = {}
        self.pieces: list[str] = []
        self.unlinked: list[str] = []  # the pieces that are no link to a file
        self.linked = False  # whether any is
        self.line: int | None = None
        self.hint = self.marker = ""
        self.last: LexborNode | None = None  # the element entered last, which knows its line
        self.file_link = False
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
        if tag in _BLOCKS:
            self.flush()
            return self.enter_block(node, tag)
        if tag == "img":
            self.picture(node)
        elif tag == "a":
            self.file_link = _FILE.search(node.attributes.get("href") or "") is not None
        return True

    def enter_block(self, node: LexborNode, tag: str) -> bool:
        if self.whole_page and (_is_chrome(node) or _is_link_list(node, tag)):
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
            self.file_link = False

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
        if self.line is None and (line := _line(self.last)):
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
        text = _SPACE.sub(" ", "".join(self.pieces)).strip()
        if self.linked and _LABEL.fullmatch("".join(self.unlinked)):
            self.note("attachment", "报告带有附件，附件里的内容没有检查；请把附件下载后单独检查。", self.line)
        elif text:
            if self.marker and not _NUMBERED.match(text):
                text = f"{self.marker} {text}"
            self.marker = ""
            self.blocks.append(Paragraph(text, self.place(self.line), self.hint))
        self.pieces, self.unlinked, self.linked, self.line = [], [], False, None

    def skip_hidden(self, node: LexborNode) -> bool:
        if node.mem_id not in self.hidden:
            return False
        if node.text().strip():
            message = "网页里有读者看不见的文字（隐藏、字号为零或白底白字），没有计入报告。"
            self.note("hidden-text", message, _line(node))
        return True

    def picture(self, node: LexborNode) -> None:
        """An image that may stand for a table: large, or of unknown size at the start of a paragraph; never an icon."""
        attributes = node.attributes
        if self.file_link or _ICON.search((attributes.get("src") or "")[:500]):
            return
        width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
        unknown = not width and not height and not self.pieces and not self.whole_page
        if unknown or (width >= 200 and height >= 100):
            self.flush()
            where = self.place(_line(node))
            self.blocks.append(Table((), where, picture=True))
            self.note("picture", "正文里有图片，图片里的文字和表格没有读。", where.line)

    def table(self, node: LexborNode) -> bool:
        """Append ``node`` as a grid; False when it only arranges the page, and its content is paragraphs."""
        if len(node.css("table")) > 1:
            return False
        if len(node.css("td, th")) > self.limits.table_cells - self.cells:
            return self.unread_table(node)
        before = len(self.blocks)
        if (caption := node.css_first("caption")) is not None and (text := _SPACE.sub(" ", caption.text()).strip()):
            self.blocks.append(Paragraph(text, self.place(_line(caption))))
        rows = [row for row in map(self.row, node.css("tr")) if row]
        if _arranges(rows):
            del self.blocks[before:]
            return False
        where = self.place(_line(node))
        grid, odd = _grid(rows, self.limits.table_width, self.limits.table_cells - self.cells)
        if not grid:
            return self.unread_table(node)
        self.cells += sum(map(len, grid))
        if odd:
            message = "表格的合并单元格数目不合常理，已按表格的实际大小处理；请核对这张表。"
            self.note("table-span", message, where.line)
        self.blocks.append(Table(grid, where))
        return True

    def unread_table(self, node: LexborNode) -> bool:
        """A table beyond the limit stands in the text like a picture of one."""
        where = self.place(_line(node))
        message = f"表格太大（全文超过 {self.limits.table_cells} 个单元格），没有读；请核对这张表。"
        self.note("table-cells", message, where.line)
        self.blocks.append(Table((), where, picture=True))
        return True

    def row(self, node: LexborNode) -> list[_Span]:
        """The cells of a table row, with the line of the row."""
        cells = []
        where = Where(line=_line(node), block=self.first_block + len(self.blocks))
        for cell in node.iter():
            if cell.tag in ("td", "th"):
                attributes = cell.attributes
                text = Cell(self.cell(cell), where)
                cells.append((text, _span(attributes.get("colspan")), _span(attributes.get("rowspan"))))
        return cells

    def cell(self, node: LexborNode) -> str:
        """The text of a cell, its lines apart. Most cells hold one text node, maybe inside a paragraph."""
        inner: LexborNode | None = node.first_child
        outer: LexborNode = node
        while inner is not None and inner.next is None and outer.mem_id not in self.hidden:
            if inner.tag == "-text":
                return _SPACE.sub(" ", inner.text_content or "").strip()
            if inner.tag not in ("p", "div", "span", "font", "strong", "b"):
                break
            outer, inner = inner, inner.first_child
        if inner is None or node.mem_id in self.hidden:
            return ""
        writer = _Writer(self.limits, self.hidden)
        writer.walk(node)
        self.notes = {**writer.notes, **self.notes}
        return "\n".join(each.text for each in writer.blocks if isinstance(each, Paragraph))

    def note(self, code: str, message: str, line: int | None = None) -> None:
        """Say it once a document."""
        self.notes.setdefault(code, Note(code, message, Where(line=line)))

    def all_notes(self) -> tuple[Note, ...]:
        return tuple(self.notes.values())


def _is_link_list(node: LexborNode, tag: str) -> bool:
    """A list that is nearly all links: a menu, not a report."""
    if tag not in ("ul", "ol", "dl"):
        return False
    links = node.css("a")
    return len(links) > 1 and sum(len(link.text().strip()) for link in links) >= 0.8 * len("".join(node.text().split()))


def _first_number(node: LexborNode) -> int | None:
    """The first number of an ordered list, None where it prints letters or nothing."""
    if (node.attributes.get("type") or "1") != "1" or "list-style" in _style(node):
        return None
    start = node.attributes.get("start") or "1"
    return int(start) if start.isdecimal() and len(start) < 6 else 1


def _pixels(value: str | None) -> int:
    match = _PIXELS.match(value or "")
    return int(match[1]) if match else 0


# --- grids ------------------------------------------------------------------------------------------------------------

_Span = tuple[Cell, int | None, int | None]  # a cell, its column span and row span; None is no number
_DIGITS = late(r"\s*\+?(\d{1,9})")


def _span(value: str | None) -> int | None:
    if value is None:
        return 1
    match = _DIGITS.match(value)
    return int(match[1]) if match else None


def _is_layout(table: LexborNode) -> bool:
    """True for a table that only arranges the page."""
    if len(table.css("table")) > 1:
        return True
    cells = table.css("td, th")
    return _prosaic(["".join(cell.text().split()) for cell in cells]) or len(cells) <= len(table.css("tr"))


def _arranges(rows: list[list[_Span]]) -> bool:
    """A grid with one column, or with whole paragraphs in its cells."""
    return max(map(len, rows), default=0) <= 1 or _prosaic([cell.text for row in rows for cell, *_ in row])


def _prosaic(texts: list[str]) -> bool:
    """Cells that hold paragraphs rather than data: long on the whole, or half of it in cells with many sentences."""
    total = sum(map(len, texts))
    prose = sum(len(text) for text in texts if len(text) > 100 and len(_MARKS.findall(text)) > 4)
    return total > 80 * sum(map(bool, texts)) or 2 * prose > total


def _grid(rows: list[list[_Span]], width: int, budget: int) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """``rows`` with every merged cell repeated at each position that it covers, and whether a span was odd.

    No grid at all when it would take more than ``budget`` cells.
    """
    natural = min(width, max(sum(span if span and span <= width else 1 for _, span, _ in row) for row in rows))
    grid: list[list[Cell | None]] = [[] for _ in rows]
    odd = False
    for top, row in enumerate(rows):
        left = 0
        for cell, across, down in row:
            while left < len(grid[top]) and grid[top][left] is not None:
                left += 1
            right, bottom, wrong = _reach(left, top, across, down, natural, width, len(rows))
            odd |= wrong
            budget -= (right - left) * (bottom - top)
            if budget < 0:
                return (), True
            _cover(grid, cell, left, right, top, bottom)
            left = right
    return _filled(grid), odd


def _reach(
    left: int, top: int, across: int | None, down: int | None, natural: int, width: int, height: int
) -> tuple[int, int, bool]:
    """Where a cell ends to the right and below, and whether its spans had to be changed for that."""
    right = left + (across or 1)
    if across is not None and across > width:
        right = max(left + 1, natural)
    bottom = height if down == 0 else min(top + (down or 1), height)
    odd = not across or across > width or right > width or down is None or down > max(height, width)
    return min(right, width), bottom, odd


def _cover(grid: list[list[Cell | None]], cell: Cell, left: int, right: int, top: int, bottom: int) -> None:
    for row in grid[top:bottom]:
        row.extend([None] * (right - len(row)))
        for column in range(left, right):
            if row[column] is None:
                row[column] = cell


def _filled(grid: list[list[Cell | None]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of equal length; what no cell covers is an empty one."""
    width = max(map(len, grid))
    nothing = Cell("")
    return tuple(tuple(cell or nothing for cell in row) + (nothing,) * (width - len(row)) for row in grid)
