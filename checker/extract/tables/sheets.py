"""The sheets of a workbook that hold forms: of which years they are, by their titles and their names."""

from __future__ import annotations

from checker.late import late
from checker.model import Block, Document, Paragraph, Table

_TITLE = 60  #: characters of a title
_TITLED = late(r"(?<!\d)(20\d\d)\s*年(?!\s*\d{1,2}\s*月)(?=.*(?:公开|年报|年度报告|统计|情况|[表附][一二三四]))")
#: 2025年1月报送 is when it was sent
_NAMED = late(r"(?<!\d)(20\d\d)(?!\d|年?[-.]?\d{1,2}月?|.*(?:报送|上报|填报|下载|导出|印发))")


def latest_year(document: Document) -> int | None:
    """The latest of the years that titles, or else names, of the sheets with tables tell; None where none does."""
    years: dict[str, int | None] = {}
    filled: set[str] = set()
    for block in document.blocks:
        name = sheet_of(block)
        if isinstance(block, Table):
            filled.add(name)
        elif year := titled(block):
            years.setdefault(name, year)
    return max((year for name in filled if (year := years.get(name) or year_of_sheet(name))), default=None)


def sheet_of(block: Block) -> str:
    """The name of the sheet in which a block stands; nothing where it has none."""
    if isinstance(block, Paragraph):
        where = block.where
    else:
        where = next((cell.where for row in block.rows for cell in row if cell.where.sheet), block.where)
    return (where.sheet or "").rpartition("!")[0]


def titled(line: Paragraph) -> int | None:
    """The year that a title above a form names; None where the line is no title, or names none."""
    match = _TITLED.search(line.text) if len(line.text) <= _TITLE and "。" not in line.text else None
    return int(match[1]) if match else None


def year_of_sheet(name: str) -> int | None:
    """The year in the name of a sheet."""
    match = _NAMED.search(name)
    return int(match[1]) if match else None
