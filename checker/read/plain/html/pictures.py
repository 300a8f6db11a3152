"""What shows words that no text of the page holds: images, frames, drawings, fields of a form.

What is said of its size outweighs its name: a large image may stand for a table, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import TYPE_CHECKING, Literal

from checker.late import late
from checker.read.plain.html.hidden import style_of
from checker.read.plain.html.parsing import words
from checker.read.struck import SMALL

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

Look = Literal["large", "unsized", "small", "none"]

FRAMES = words("iframe object embed canvas svg math video")  #: what they show is told elsewhere, or by no words
FIELDS = words("input select textarea")
#: what may hold text that is not shown as it stands
_HOLDERS = words("iframe object canvas svg math select textarea sup sub")
_LEAST = (200, 100)  #: width and height, in pixels, of what may hold a table
_SPACER = 10  #: width and height together of an image that only keeps a place
_DRAWN = "20"  #: pixels, for a drawing of whatever size that is no table
_SHAPES = "path, rect, circle, ellipse, line, polyline, polygon, use, image"
_PIXELS = late(r"\s*(\d{1,5})(?:\.\d+)?(?:px|pt)?\s*$")
_STYLED = late(r"(?:^|;)(width|height):(\d{1,5})(?:\.\d+)?(?:px|pt)")
_ICON = late(
    r"(?:^|[/_.-])(?:icons?|ico|logo|qr(?:code)?|ewm|erweima?|weixin|wechat|share|print|spacer|blank|arrow)(?=[\d/_.-]|$)",
    re.IGNORECASE,
)
_NAMES = ("data-src", "data-original", "src")  #: what a page loads later is told before what keeps its place


def emptied(page: LexborHTMLParser, tags: Set[str]) -> None:
    """Take out what frames and fields hold: no browser shows it, or not as text.

    A small drawing goes whole, save where it stands for a figure or for a part of one. Figures above or below the
    line become signs of their own.
    """
    held = sorted(_HOLDERS & tags)
    for node in reversed(page.css(", ".join(held))) if held else ():  # the inner ones first
        if small := SMALL.get({"sup": "superscript", "sub": "subscript"}.get(node.tag or "", "")):
            node.replace_with(node.text().translate(small))
            continue
        wordless = node.tag == "svg" and look_of(node) != "large" and not node.text().strip()
        if wordless and _is_figure(node):
            node.attrs["width"] = node.attrs["height"] = _DRAWN
            wordless = False
        for child in [node] if wordless else list(node.iter(include_text=True)):
            child.decompose()


def _is_figure(drawing: LexborNode) -> bool:
    """Whether something is drawn in a cell of a table that holds no words, at most figures."""
    if drawing.css_first(_SHAPES) is None or look_of(drawing) == "none":
        return False
    above = drawing.parent
    while above is not None and above.tag not in ("td", "th"):
        above = above.parent
    return above is not None and (not (text := above.text().strip()) or text.isdecimal())


def painted(page: LexborHTMLParser) -> frozenset[int]:
    """The nodes without words whose ground is a large image, by ``mem_id``."""
    if b"url(" not in page.raw_html:
        return frozenset()
    nodes = page.css("[style*='url(' i]")
    return frozenset(node.mem_id for node in nodes if look_of(node) == "large" and not node.text().strip())


def look_of(node: LexborNode) -> Look:
    """``none``: nothing that could stand for words, like a spacer, an icon, a button.

    A size counts where it is given in pixels, and one side of it tells as much as both.
    """
    if node.tag in FIELDS:
        return "none" if node.attributes.get("type") in ("hidden", "button", "submit", "image", "reset") else "small"
    size = _size(node)
    if node.tag == "video":
        return "small"
    if size == (None, None):
        return "none" if _is_icon(node) else "unsized"
    if all(side is None or side >= least for side, least in zip(size, _LEAST, strict=True)):
        return "large"
    return "none" if 0 < sum(side or 0 for side in size) < _SPACER else "small"


def _is_icon(node: LexborNode) -> bool:
    attributes = node.attributes
    name = next((value for key in _NAMES if (value := attributes.get(key))), "")
    return not name.startswith("data:") and _ICON.search(name[:500]) is not None


def _size(node: LexborNode) -> tuple[int | None, int | None]:
    """Width and height in pixels, None where they are not given so."""
    attributes = node.attributes
    styled = dict(_STYLED.findall(style_of(node)))
    width, height = (_pixels(styled.get(side) or attributes.get(side)) for side in ("width", "height"))
    return width, height


def _pixels(value: str | None) -> int | None:
    match = _PIXELS.match(value or "")
    return int(match[1]) if match else None
