"""Tables that only arrange a page: what is said in them is prose, whatever the format."""

from __future__ import annotations


def marks(text: str) -> int:
    """How many marks of a sentence and its parts stand in a text."""
    return text.count("，") + text.count("。") + text.count("；")


def prosaic(texts: list[str]) -> bool:
    """Cells that hold paragraphs rather than data: long on the whole, or half of it in cells with many sentences."""
    total = sum(map(len, texts))
    prose = sum([len(text) for text in texts if len(text) > 100 and marks(text) > 4])
    return total > 80 * (len(texts) - texts.count("")) or 2 * prose > total
