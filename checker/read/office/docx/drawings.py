"""What is drawn in a Word file: whether a drawing is a picture that may hold a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.late import late
from checker.read.office.docx.numbering import integer
from checker.read.office.docx.tree import SYMBOL

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PICTURES = ("{*}blip", "{*}imagedata", "{*}OLEObject")
_WIDTH, _HEIGHT = 1_905_000, 952_500  #: EMU; 200 and 100 pixels, as on a page
_POINTS = late(r"(?:^|;)\s*(width|height)\s*:\s*([0-9]{1,5}(?:\.[0-9]+)?)(pt|in|cm|mm)?")
_EMU = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "": 12_700}


def holds_picture(element: Element) -> bool:
    """Whether there is a picture, an object or a sign of a font below ``element``, of whatever size."""
    return next(element.iter(*PICTURES, SYMBOL), None) is not None


def is_picture(drawn: Element) -> bool:
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
            return holds_picture(drawn)
    return False
