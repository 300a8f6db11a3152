"""Tables of words, taken apart again: whole parts of a report as rows across all columns, problems beside measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checker.extract.forms import CAPTION, is_statistics
from checker.extract.marks import MARKERS, topics_of
from checker.model import Block, Cell, Document, Paragraph, Table, Where

_WIDE = 4  #: columns of a table that can hold an official form
_HEAD = 20  #: characters of a column's head


def opened(document: Document) -> Document:
    """The document with such tables as paragraphs and smaller tables; any other document itself."""
    if not any(isinstance(block, Table) and (_holds_parts(block) or _told_in(block)) for block in document.blocks):
        return document
    blocks: list[Block] = []
    for block in document.blocks:
        for piece in _parted(block):
            blocks.append(_at(piece, len(blocks)))
    return replace(document, blocks=tuple(blocks))


def origins(document: Document) -> tuple[int, ...]:
    """For each block of the opened document the number that it, or the table that it was part of, had before."""
    return tuple(at for at, block in enumerate(document.blocks) for _ in _parted(block))


def _parted(block: Block) -> Iterable[Block]:
    if not isinstance(block, Table):
        return (block,)
    return _pieces(block) if _holds_parts(block) else _columns(block) or (block,)


def _holds_parts(table: Table) -> bool:
    """A heading of the report (三、收到和处理…) is a row of it; the groups of a statistics return are none."""
    if not table.rows or len(table.rows[0]) < _WIDE:
        return False
    heads = [row for row in table.rows if _across(row) and _is_heading(row[0].text)]
    return bool(heads) and not is_statistics(cell.text for row in table.rows[:3] for cell in row)


def _is_heading(text: str) -> bool:
    mark = MARKERS[0][1].match(text)
    return bool(mark and topics_of(text[mark.end() :]))


def _across(row: Sequence[Cell]) -> bool:
    """One cell takes up the whole row."""
    return row[0] is row[-1] and bool(row[0].text) and all(cell is row[0] for cell in row)


def _pieces(table: Table) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        if not _across(row) or CAPTION.match(row[0].text):
            rows.append(row)
            continue
        if rows:
            yield Table(tuple(rows), table.where)
            rows = []
        yield from (Paragraph(line, row[0].where) for line in row[0].text.split("\n"))
    if rows:
        yield Table(tuple(rows), table.where)


def _told_in(table: Table) -> dict[int, Cell]:
    """The columns of problems and of measures, where a table has both (主要问题 | 改进情况), by their heads."""
    heads = table.rows[0] if len(table.rows) > 1 else ()
    words = [cell.text for cell in heads]
    if not any("问题" in word or "不足" in word for word in words):  # of most tables nothing more is asked
        return {}
    about = {at: set(topics_of(word)) & {"problems", "plan"} for at, word in enumerate(words) if len(word) <= _HEAD}
    both = set().union(*about.values()) if about else set()
    return {at: heads[at] for at, topics in about.items() if topics} if len(both) > 1 else {}


def _columns(table: Table) -> list[Paragraph]:
    """Such a table as text: each head, and below it what its column says."""
    told: list[Paragraph] = []
    for at, head in _told_in(table).items():
        told.append(Paragraph(head.text, head.where, unread=head.unread))
        cells = dict.fromkeys(row[at] for row in table.rows[1:] if row[at].text)
        told += [Paragraph(_sentence(cell.text), cell.where, unread=cell.unread) for cell in cells]
    return told


def _sentence(text: str) -> str:
    """The words of a cell, which needs no 。 at its end, as those of a paragraph, which does."""
    words = " ".join(text.split())
    return words if words[-1] in "。！？；…" else f"{words}。"


def _at(block: Block, number: int) -> Block:
    """The block with its number, and its cells with the same."""
    where = replace(block.where, block=number)
    if isinstance(block, Paragraph):
        return replace(block, where=where)
    cells = {id(cell): _moved(cell, number) for row in block.rows for cell in row}  # a merged cell stays one object
    return replace(block, rows=tuple(tuple(cells[id(cell)] for cell in row) for row in block.rows), where=where)


def _moved(cell: Cell, number: int) -> Cell:
    return cell if cell.where == Where() else replace(cell, where=replace(cell.where, block=number))
