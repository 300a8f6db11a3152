"""How a Word file holds what it holds: elements that only wrap others, two versions of the same, signs, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.read.office.docx.numbering import W

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE, SYMBOL, _BOX = _MC + "AlternateContent", W + "sym", W + "txbxContent"
#: elements that only wrap what they hold
WRAPPERS = frozenset(
    W + name
    for name in ("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "ins", "moveTo", "dir", "bdo")
)


def child_of(parent: Element, name: str, space: str = W) -> Element:
    """The child ``name``, or an empty element."""
    found = parent.find(space + name)
    return parent.makeelement(space + name) if found is None else found


def choice(alternate: Element) -> Element:
    """What of two versions of the same is read: the newer one."""
    for child in alternate:
        if child.tag == _MC + "Choice" and len(child):
            return child
    return child_of(alternate, "Fallback", _MC)


def wrapped(parent: Element, tag: str) -> Iterator[Element]:
    """The children ``tag`` of ``parent``, also inside content controls and the like."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from wrapped(child, tag)
        elif child.tag == ALTERNATE:
            yield from wrapped(choice(child), tag)


def boxes(parent: Element) -> Iterator[Element]:
    """The text boxes below a drawing, of two versions the newer one."""
    for child in parent:
        if child.tag == _BOX:
            yield child
        elif child.tag == ALTERNATE:
            yield from boxes(choice(child))
        else:
            yield from boxes(child)


def symbol(element: Element) -> str:
    """A sign given by its number; those of symbol fonts mean nothing without the font."""
    code = element.get(W + "char", "")
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{4}", code) else 0
    return chr(number) if 0x20 <= number < 0xD800 else ""
