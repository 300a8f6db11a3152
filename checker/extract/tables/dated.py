"""Of which year a form is: by the caption above it, and by the title and the name of its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.late import late
from checker.model import Block, Document, Heading, Paragraph, Table

_CAPTION = 60  #: characters of the line above a table, or of a title
_YEAR = late(r"(20\d\d)\s*年")
#: no sentence, and it names a year
_ELSE = late(r"^(?!.*[。；]).*(?:(?P<year>20\d\d)\s*年|(?:上一?年度?|去年)的?(?:政府信息|数据|情况|统计|同期))")
_BEFORE = late(r"(?:上一?年度?|去年)(?!结转)")  #: in the name of a sheet
_SENTENCE = late(r"[。；]")
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
    match = _TITLED.search(line.text) if len(line.text) <= _CAPTION and "。" not in line.text else None
    return int(match[1]) if match else None


def year_of_sheet(name: str) -> int | None:
    """The year in the name of a sheet."""
    match = _NAMED.search(name)
    return int(match[1]) if match else None


def captions_of_other_years(document: Document, headings: Sequence[Heading], year: int | None) -> Iterator[str]:
    """For each block the caption that says that a table there is of another year than the report's; else nothing.

    It holds for all tables up to a heading, a sentence, or a line that names the report's year. Of a workbook it holds
    for the rest of its sheet, as the name of the sheet does where no line says otherwise.
    """
    heads = {head.where.block for head in headings}
    caption, page = "", None
    for at, block in enumerate(document.blocks):
        line = block if isinstance(block, Paragraph) else None
        if block.where.page != page and document.format == "xlsx":
            page = block.where.page
            caption = name if year and (name := sheet_of(block)) and _is_of_another(name, year) else ""
        if line and year:
            told = _of_another_year(line, year)
            ends = _ends(line.text, year) if document.format != "xlsx" or not page else titled(line) == year
            caption = told or ("" if ends or at in heads else caption)
        yield caption


def _is_of_another(sheet: str, year: int) -> bool:
    named = year_of_sheet(sheet)
    return named != year if named else bool(_BEFORE.search(sheet))


def _ends(text: str, year: int) -> bool:
    """Whether a line ends what a caption above it holds for: a sentence, or one that names the report's year."""
    return len(text) > _CAPTION or bool(_SENTENCE.search(text)) or str(year) in _YEAR.findall(text)


def _of_another_year(before: Block, year: int) -> str:
    """The line above a table, where it says that the table is of another year than the report's; else nothing."""
    if not isinstance(before, Paragraph) or len(before.text) > _CAPTION or not (match := _ELSE.search(before.text)):
        return ""
    named = {int(number) for number in _YEAR.findall(before.text)}
    return before.text.strip() if (named and year not in named) or not match["year"] else ""
