"""Plain text: one paragraph for each line that holds something. Wrapped lines are the recogniser's business."""

from __future__ import annotations

from checker.late import late
from checker.model import Document, Paragraph, Where
from checker.read.limits import LIMITS, Limits

#: What leaves nothing to see on a line: blanks of all kinds, zero-width characters, soft hyphens.
BLANK = " \t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
BLANK += "\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad\0"
_NEWLINE = late(r"\r\n?|\n")
_SOFT_BREAK = late("[\v\f\x85\u2028\u2029]")


def lines(text: str) -> list[str]:
    """``text`` cut at CR LF, CR and LF: the lines that an editor numbers."""
    return _NEWLINE.split(text) if "\r" in text else text.split("\n")


def parse_text(text: str, source: str, limits: Limits = LIMITS) -> Document:  # noqa: ARG001 - as every parser
    """``text`` as a Document of paragraphs; a blank line shows only in the line numbers.

    Form feeds and U+2028 break a line into several paragraphs without counting as a line.
    """
    soft = _SOFT_BREAK.search(text) is not None
    blocks: list[Paragraph] = []
    for number, line in enumerate(lines(text), 1):
        for part in _SOFT_BREAK.split(line) if soft else (line,):
            if part.strip(BLANK):
                blocks.append(Paragraph(part, Where(line=number, block=len(blocks))))
    return Document(source, "txt", tuple(blocks))
