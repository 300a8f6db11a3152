"""A picture in place of the words of a table cell: nobody has read it, so the cell is ``unread`` and never blank."""

from __future__ import annotations

from checker.model import NOWHERE, Note, Where


def pictured(where: Where = NOWHERE) -> Note:
    """What every reader says of such a cell."""
    return Note("cell-picture", "表格里有的格子放的是图片，其中的数没有读；请把数打成文字。", where)
