"""Tables that only arrange a page: what is said in them is prose, whatever the format."""

from __future__ import annotations

from checker.late import late

MARKS = late(r"[，。；]")  #: of a sentence and its parts


def prosaic(texts: list[str]) -> bool:
    """Cells that hold paragraphs rather than data: long on the whole, or half of it in cells with many sentences."""
    total = sum(map(len, texts))
    prose = sum([len(text) for text in texts if len(text) > 100 and len(MARKS.findall(text)) > 4])
    return total > 80 * (len(texts) - texts.count("")) or 2 * prose > total
