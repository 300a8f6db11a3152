"""What a reader of the page never sees: text that is hidden, of no size, or white on white; and what is struck out."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from checker.late import late

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_INKED = "[style*='color' i], font[color]"
_STRUCK = frozenset(("del", "s", "strike"))
#: signs in the source that words may be hidden or struck out, and the nodes to look at then
_CUES: Mapping[bytes, str] = {
    b"hidden": "[hidden], [style*='hidden' i]",
    b"none": "[style*='none' i]",
    b"font-size": "[style*='font-size' i]",
    b"opacity": "[style*='opacity' i]",
    b"transparent": "[style*='transparent' i]",
    b"rgba": "[style*='rgba' i]",
    b"text-indent": "[style*='text-indent' i]",
    b"position": "[style*='position' i]",
    b"clip": "[style*='clip' i]",
    b"line-through": "[style*='line-through' i]",
}
_NOT_SHOWN = late(
    r"display:none|visibility:hidden|opacity:(?:0|0?\.0\d*)(?:;|!|$)|text-indent:-(?:[5-9]\d\d|\d{4})"
    r"|font-size:(?:0[a-z%]*|(?:0?\.\d+|[12](?:\.\d+)?)p[xt])(?:;|!|$)"
    r"|(?:^|;)color:(?:transparent|rgba\([^)]*,0(?:\.0*)?\))(?!.*background-clip)"
    r"|^(?=.*position:(?:absolute|fixed)).*(?:left|top|right):-(?:[5-9]\d\d|\d{4})"
    r"|^(?=.*overflow:hidden)(?:.*;)?(?:max-)?(?:height|width):[01](?:px)?(?:;|!|$)"
    r"|clip:rect\((?:[01](?:px)?,?){4}\)|clip-path:(?:inset\((?:[5-9]\d|100)%|circle\(0)"
)
_WHITE_INK = late(r"(?:^|;)color:(?:#fff(?:fff)?\b|white\b|rgba?\(255,255,255[,)])")
_GROUND = late(r"background(?:-color)?:([^;]*)")
_WHITE = late(r"#fff(?:fff)?\b|white\b|rgba?\(255,255,255[,)]|^(?:transparent|none|inherit)$")


def hidden_in(page: LexborHTMLParser, tags: Set[str]) -> frozenset[int]:
    """The nodes that a reader of the page never sees, by ``mem_id``."""
    struck = sorted(_STRUCK & tags)
    if not struck and page.css_first("[hidden], [style], [color]") is None:
        return frozenset()
    source = page.raw_html.lower()
    suspects = [nodes for cue, nodes in _CUES.items() if cue in source] + struck
    nodes = page.css(", ".join(suspects)) if suspects else []
    found = {
        node.mem_id
        for node in nodes
        if is_struck(node) or "hidden" in node.attributes or _NOT_SHOWN.search(style_of(node))
    }
    whites = {node.mem_id: node for node in page.css(_INKED) if _is_white(node) and len(node.css(_INKED)) == 1}
    white_areas: dict[int, bool] = {}
    return frozenset(found.union(key for key, node in whites.items() if _on_white(node, whites, white_areas)))


def is_struck(node: LexborNode) -> bool:
    return node.tag in _STRUCK or "line-through" in style_of(node)


def style_of(node: LexborNode) -> str:
    return "".join((node.attributes.get("style") or "").lower().split())


def _is_white(node: LexborNode) -> bool:
    ink = (node.attributes.get("color") or "").lower().strip()
    return bool(_WHITE_INK.search(style_of(node)) or (ink and _WHITE.fullmatch(ink)))


def _on_white(node: LexborNode, whites: dict[int, LexborNode], mostly: dict[int, bool]) -> bool:
    """White ink on a ground that is declared white, or that no style, and no class, can make anything else.

    What a class paints is not known here; but where most of the text is not white, the ground cannot be dark.
    """
    at: LexborNode | None = node
    classes = 0
    while at is not None and classes < 5 and at.tag not in ("body", "html"):
        ground = _GROUND.search(style_of(at))
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
