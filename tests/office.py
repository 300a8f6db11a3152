"""Old files for tests, made by LibreOffice itself: an HTML page of the blocks, saved as .doc, .rtf or .odt."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from html import escape
from pathlib import Path

from checker.model import Block, Table

FILTERS = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format", "odt": "odt:writer8"}


def page(blocks: Iterable[Block]) -> str:
    """The blocks as a plain page."""
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(map(_drawn, blocks))}</body></html>'


def _drawn(block: Block) -> str:
    return f"<table border=1>{_rows(block)}</table>" if isinstance(block, Table) else f"<p>{escape(block.text)}</p>"


def _rows(table: Table) -> str:
    told: set[int] = set()
    lines = []
    for top, row in enumerate(table.rows):
        cells = []
        for left, cell in enumerate(row):
            if id(cell) in told:
                continue
            told.add(id(cell))
            across = next((n for n, other in enumerate(row[left:]) if other is not cell), len(row) - left)
            down = next(
                (n for n, below in enumerate(table.rows[top:]) if below[left] is not cell), len(table.rows) - top
            )
            cells.append(f"<td colspan={across} rowspan={down}>{escape(cell.text)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(lines)


def saved(html: str, suffix: str, folder: Path) -> bytes:
    """The page as LibreOffice saves it."""
    (folder / "page.html").write_text(html, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--infilter=HTML (StarWriter)", "--convert-to", FILTERS[suffix], "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "page.html")], check=True, capture_output=True, timeout=120)
    return (folder / f"page.{suffix}").read_bytes()
