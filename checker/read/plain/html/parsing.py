"""A page parsed, after a look at what would hang the parser; each node knows its line in the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Unreadable
from checker.read.limits import Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPEN = late(r"<(/?)([a-zA-Z][^\s/>\0]*)")
_VOID = words("area base basefont bgsound br col embed frame hr img input keygen link meta param source wbr")
#: Elements that close their like, so that a row of unclosed ones is no nesting (but not inside SVG and MathML).
#: ``option`` does so too, but a row of unclosed ones costs the parser quadratic time.
_SELF_CLOSING = words("p li dt dd tr td th tbody thead tfoot body html head")
LINE = "nianbao-line"  #: attribute that carries the source line through the parser
_UNSEEN = words("script style noscript template button")


def parsed(text: str, limits: Limits, first_line: int = 1) -> tuple[LexborHTMLParser, Set[str]]:
    """The page, and the names of all tags that stand in its source, those of cells aside."""
    from selectolax.lexbor import LexborHTMLParser

    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("<") - text.count("</") > limits.html_depth:
        _require_shallow(text, limits.html_depth)
    # always a str: from bytes the parser obeys a declared gb2312, and destroys 驩
    lined, tags = _with_lines(text, first_line)
    page = LexborHTMLParser(lined)
    if unseen := sorted(_UNSEEN & tags):
        page.strip_tags(unseen, recursive=True)
    return page, tags


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


def _with_lines(text: str, line: int) -> tuple[str, Set[str]]:
    """``text`` with its source line written into each start tag, save of cells that stand in the line of their row.

    It is unquoted, so that no attribute value is broken. Beside it the names of all tags but those of cells.
    """
    if any(map(_crowded, _LONG.findall(text))):
        raise _unnatural("一个标签带有上万个属性")
    pieces = _TAG.split(text)
    tags = {name[1:].lower() for name in set(pieces[1::2])}
    return _lined(pieces, line), tags


def _lined(pieces: list[str], line: int) -> str:
    """``pieces``: a text, then start tags up to their names, each with the text after it."""
    written, below = "", pieces[0]
    for at in range(1, len(pieces), 2):
        if "\n" in below or not written:
            line += below.count("\n")
            written = f" {LINE}={line}"
        tag, below = pieces[at], pieces[at + 1]
        pieces[at] += written
        rest = below
        if tag == "<tr":
            beside, _, rest = below.partition("\n")
            rest += beside.partition("</tr")[2]
        if "<td" in rest or "<th" in rest:
            pieces[at + 1] = _lined(_CELL.split(below), line)
    return "".join(pieces)


_TAG = late(r"(<(?!t[dh][\s/>])[a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])")
_CELL = late(r"(<t[dh])(?=[\s/>])")
_LONG = late(r"<([^<]{20001,})")  #: a tag, and the text after it, that may hold too much
_QUOTED = late(r"\"[^\"]*\"|'[^']*'")
_BETWEEN = late(r"[\s/]+|[\"']")


def _crowded(piece: str) -> bool:
    """Ten thousand attributes on one tag take the parser quadratic time. A long value (an image) does not count."""
    return len(_BETWEEN.findall(_QUOTED.sub('"', piece))) > 10_000


def line_of(node: LexborNode | None) -> int | None:
    """The source line of an element; that of its row where it is a cell and has none of its own."""
    if node is None:
        return None
    value = node.attributes.get(LINE)
    if value is None and node.tag in ("td", "th"):
        return line_of(node.parent)
    return int(value) if value and value.isdecimal() else None
