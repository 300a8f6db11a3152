"""What the cells of a sheet make up: lines of text, and tables, framed or filled, below and beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from checker.late import late
from checker.model import Cell, Paragraph
from checker.read.layout import prosaic
from checker.read.office.xlsx.sheet import BLANK, COLUMNS, Row, Sheet

Grid = list[list[Cell]]
_LONG = 60  #: characters; a row of one cell with more of them is text
_NAMED = late(r"[^（(：:]{2,12}(?:[（(][^（()）]{1,6}[）)])?[：:]")  #: 填报单位（盖章）：青石镇
_HEADING = late(r"[一二三四五六七八九十]{1,2}、|第[一二三四五六七八九十]部分")


def drafts(sheet: Sheet) -> Iterator[Paragraph | Grid]:
    """What stands in a sheet, in its order; ``where`` of a line or a cell is its row and its cell alone."""
    first = min((column for row in sheet.rows.values() for column in row.cells), default=1)
    told: set[int] = set()  # merged cells that were given as text
    for run in _runs(sheet):
        for piece in _pieces(run):
            if isinstance(piece, Row):
                yield from _paragraphs(piece.distinct(), told)
                continue
            for part in _beside(sheet, piece):
                grid = _grid(sheet, part, first if part is piece else min(min(row.cells) for row in part))
                cells = list({id(cell): cell for row in grid for cell in row}.values())
                if prosaic([cell.text for cell in cells]):
                    yield from _paragraphs(cells, told)
                else:
                    yield grid


def _runs(sheet: Sheet) -> Iterator[list[Row]]:
    """Rows that follow each other, a blank one parting them; hidden ones do not."""
    run: list[Row] = []
    for number in sorted(sheet.rows):
        if run and any(between not in sheet.hidden_rows for between in range(run[-1].number + 1, number)):
            yield run
            run = []
        run.append(sheet.rows[number])
    if run:
        yield run


def _pieces(run: Sequence[Row]) -> Iterator[Row | list[Row]]:
    """Rows of text one by one, rows of tables together."""
    framed = any(row.framed for row in run)
    kinds = [_is_tabular(row, framed) for row in run]
    first = next(
        (at for at, row in enumerate(run) if kinds[at] and len(row.texts()) > 1 and not _is_edge(row, framed)), None
    )
    last = next((at for at in range(len(run) - 1, -1, -1) if kinds[at] and not _is_edge(run[at], framed)), None)
    table: list[Row] = []
    for at, row in enumerate(run):
        inside = first is not None and last is not None and first <= at <= last
        if inside and (kinds[at] or _is_label(row, framed)):
            table.append(row)
            continue
        if table:
            yield table
            table = []
        yield row
    if table:
        yield table


def _is_tabular(row: Row, framed: bool) -> bool:
    """Several cells, filled or framed."""
    return len(row.distinct()) > 1 and not (framed and not row.framed and not row.holds_number())


def _is_edge(row: Row, framed: bool) -> bool:
    """Above and below a table: who filled it in, its unit."""
    texts = row.texts()
    named = bool(texts) and all(_NAMED.match(text) for text in texts)
    return named and not (framed and row.framed and row.holds_number())


def _is_label(row: Row, framed: bool) -> bool:
    """A row of one short cell within a table: a caption, or a label whose figures are blank."""
    text = "".join(row.texts())
    if len(text) > _LONG or "。" in text:
        return False
    return bool(row.framed) if framed else not _HEADING.match(text)


def _beside(sheet: Sheet, rows: list[Row]) -> list[list[Row]]:
    """Framed tables that stand side by side, a blank column between them; ``rows`` itself where none do."""
    used = sorted({column for row in rows for column in row.cells})
    cuts = [right for left, right in pairwise(used) if not all(sheet.hidden_columns[left + 1 : right])]
    parts: list[list[Row]] = []
    for left, right in pairwise([0, *cuts, COLUMNS + 1]) if len(cuts) < 8 else ():
        part = [slice_ for row in rows if (slice_ := _slice(row, left, right)).cells]
        columns = {column for row in part for column in row.cells}
        if len(part) < 2 or len(columns) < 2 or not all(row.framed for row in part):
            return [rows]
        parts.append(part)
    return parts if len(parts) > 1 else [rows]


def _slice(row: Row, left: int, right: int) -> Row:
    cells = {column: cell for column, cell in row.cells.items() if left <= column < right}
    return Row(row.number, cells, row.framed & cells.keys())


def _grid(sheet: Sheet, rows: Sequence[Row], first: int) -> Grid:
    """The rows from column ``first`` to their last one; a place without a cell is an empty one."""
    last = max(max(row.cells) for row in rows)
    columns = [at for at in range(first, last + 1) if not sheet.hidden_columns[at]]
    most = sheet.book.limits.table_width
    if len(columns) > most:
        sheet.book.note("table-span", f"表格超过 {most} 列，多出的列没有读。")
    return [[row.cells.get(at) or Cell("", sheet.where(row.number, at)) for at in columns[:most]] for row in rows]


def _paragraphs(cells: Iterable[Cell], told: set[int]) -> Iterator[Paragraph]:
    """The words of a row of text; short ones beside each other are one line."""
    fresh = [cell for cell in cells if cell.text and id(cell) not in told]
    told.update(map(id, fresh))
    if (
        fresh
        and all(len(cell.text) <= _LONG and "\n" not in cell.text for cell in fresh)
        and len({c.where.line for c in fresh}) == 1
    ):
        yield Paragraph("　".join(cell.text for cell in fresh), fresh[0].where)
        return
    for cell in fresh:
        for line in cell.text.split("\n"):
            if line.strip(BLANK):
                yield Paragraph(line, cell.where)
