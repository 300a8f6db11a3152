"""Reports as plain text and Markdown: rows kept apart by tabs, blanks, bars, or one cell a line."""

from __future__ import annotations

import unicodedata

from tests.write import Line, Written
from tests.write.layout import Grid

TEXTS = ("tabs", "blanks", "aligned", "bars", "lines")
MARKDOWNS = ("pipes", "hollow", "tabs", "lines")


def text(report: Written, variant: str = "tabs") -> str:
    """Plain text. A row of a form is a line, its cells apart as ``variant`` says; a merged cell stands once."""
    return "\n".join(_printed(block, report, variant) for block in report.blocks) + "\n"


def markdown(report: Written, variant: str = "pipes") -> str:
    """Markdown: headings marked, forms as pipe tables (a merged cell repeated, or ``hollow``), or rows as in a text."""
    return "\n\n".join(_marked(block, report, variant) for block in report.blocks) + "\n"


def _printed(block: Line | Grid, report: Written, variant: str) -> str:
    if isinstance(block, Line):
        return block.whole
    rows = report.shown(block)
    if variant == "bars":
        return "\n".join(f"| {' | '.join(row)} |" for row in _full(block, report, hollow=False))
    if variant == "aligned":
        return "\n".join("".join(_padded(cell) for cell in row).rstrip() for row in rows)
    between = {"tabs": "\t", "blanks": " ", "lines": "\n"}[variant]
    return "\n".join(between.join(cell for cell in row if cell or variant != "lines") for row in rows)


def _padded(text: str) -> str:
    """A cell filled up to the next stop of eight half-width columns, with one blank at least."""
    wide = sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
    return text + " " * (8 - wide % 8)


def _full(grid: Grid, report: Written, *, hollow: bool) -> list[list[str]]:
    """All positions of a grid; of a merged cell all say the same, or all but the first nothing."""
    return [[report.text(cell) if begins or not hollow else "" for cell, begins in row] for row in grid.full()]


def _marked(block: Line | Grid, report: Written, variant: str) -> str:
    if isinstance(block, Line):
        mark = "# " if block.role == "title" else "## " if block.level == 1 else ""
        return mark + block.whole
    if variant not in ("pipes", "hollow"):
        return _printed(block, report, variant)
    first, *rest = [f"| {' | '.join(row)} |" for row in _full(block, report, hollow=variant == "hollow")]
    return "\n".join([first, "|" + " --- |" * block.width, *rest])
