"""What is drawn on a sheet: the words of text boxes, pictures in cells, pictures large enough for a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.model import Paragraph
from checker.read.office.cellformat import whole
from checker.read.office.xlsx.sheet import BLANK, ROWS

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def drawn(drawing: Element) -> Iterator[Paragraph | None]:
    """The words of text boxes; None for a picture that may be a table."""
    for anchor in drawing:
        for line in anchor.iter("{*}p"):
            if (text := "".join(piece.text or "" for piece in line.iter("{*}t"))).strip(BLANK):
                yield Paragraph(text)
        if _pictures(anchor) and _large(anchor):
            yield None


def insets(drawing: Element) -> Iterator[tuple[int, int]]:
    """Row and column, from 1, of each cell in which a picture stands that is not large."""
    for anchor in drawing:
        start = anchor.find("{*}from")
        if start is not None and _pictures(anchor) and not _large(anchor):
            row, column = (whole(start.findtext(f"{{*}}{side}"), 0, ROWS) for side in ("row", "col"))
            yield row + 1, column + 1


def _pictures(anchor: Element) -> bool:
    return next(anchor.iter("{*}pic"), None) is not None


def _large(anchor: Element) -> bool:
    """A picture that covers several rows and columns, or 200 by 100 pixels."""
    size = next((each for each in anchor if each.tag.endswith("}ext")), None)
    if size is not None:
        return whole(size.get("cx"), 0, 1 << 31) >= 1_905_000 and whole(size.get("cy"), 0, 1 << 31) >= 952_500
    ends = [each for each in anchor if each.tag.endswith(("}from", "}to"))]
    sides = [[whole(each.findtext(f"{{*}}{name}"), 0, ROWS) for each in ends] for name in ("col", "row")]
    return all(len(side) == 2 and side[1] - side[0] >= least for side, least in zip(sides, (2, 4), strict=True))
