"""A picture in place of words: nobody has read it, so what it may hold is ``unread`` and never missing or blank."""

from __future__ import annotations

from checker.model import NOWHERE, Note, Where


def picture_note(where: Where = NOWHERE) -> Note:
    """What every reader says of a picture in the text."""
    return Note("picture", "正文里有图片或嵌入的对象，其中的文字和表格没有读。", where)


def pictured(where: Where = NOWHERE) -> Note:
    """What every reader says of a cell of a table with a picture, a sign drawn by a font or a field in it."""
    return Note(
        "cell-picture",
        "表格里有的格子放的是图片、符号或输入框，不是打出来的字，其中的数没有读；请把数打成文字。",
        where,
    )
