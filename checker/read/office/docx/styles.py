"""What the styles of a Word file say that counts: numbering, rank, visibility."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.late import late
from checker.read.office.docx.numbering import W, integer, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

VAL = W + "val"


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
    align: str = ""  #: ``superscript``, ``subscript``: how words of this style stand off the line
    shift: str = ""  #: the same, of words that are shifted by a number of points


_PLAIN = Style()
_SHIFT = 4  #: half points; less keeps words on their line
_HEADING = late(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)


class Styles:
    """The styles of one document, resolved once each; a ring of ``basedOn`` ends where it began."""

    def __init__(self, root: Element | None) -> None:
        elements = () if root is None else root.findall(W + "style")
        self._elements = {element.get(W + "styleId", ""): element for element in elements}
        self._known: dict[str, Style] = {}
        default = next((key for key, each in self._elements.items() if _is_default(each)), None)
        self.default = self.get(default)
        #: whether any style lets words stand off the line: no is the common case
        self.shift = root is not None and next(root.iter(W + "vertAlign", W + "position"), None) is not None

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
        toggled(run, "vanish", base.vanish),
        value(run, "color") or base.colour,
        base.painted or is_painted(paragraph) or is_painted(run),
        value(run, "vertAlign") or base.align,
        base.shift if (shift := value(run, "position")) is None else shifted(shift),
    )


def shifted(position: str | None) -> str:
    """Where a shift of ``position`` half points upward puts words: ``superscript``, ``subscript``, else nothing."""
    half = integer(position, 0)
    return "superscript" if half >= _SHIFT else "subscript" if half <= -_SHIFT else ""


def toggled(properties: Element | None, name: str, inherited: bool) -> bool:
    return is_on(None if properties is None else properties.find(W + name), inherited)


def is_on(switch: Element | None, inherited: bool) -> bool:
    return inherited if switch is None else switch.get(VAL) not in ("0", "false", "off")


def is_painted(properties: Element | None) -> bool:
    """Whether the ground is of another colour than white."""
    if properties is None:
        return False
    shade = properties.find(W + "shd")
    if shade is not None:
        plain = shade.get(VAL) in ("clear", "nil", None)
        return not plain or (shade.get(W + "fill") or "auto").lower() not in ("auto", "ffffff")
    return value(properties, "highlight") not in (None, "none", "white")
