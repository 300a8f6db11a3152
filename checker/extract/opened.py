"""Tables of words, taken apart again: whole parts of a report as rows across all columns, problems beside measures,
the five aspects of the overview beside what was done, the page's data with the title among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checker.extract.forms import CAPTION, is_statistics
from checker.extract.marks import MARKERS, ROW, TITLE, topics_of
from checker.late import late
from checker.model import Block, Cell, Document, Paragraph, Table, Where

_WIDE = 4  #: columns of a table that can hold an official form
_HEAD = 20  #: characters of a column's head
_NAME = late(r"标\s*题|名\s*称")  #: of a document, as the page names it among its data
_DATUM = late(r"[\u4e00-\u9fff\s/]{2,12}")  #: the name of any of them
_ASPECTS = ("主动公开", "依申请公开", "信息管理", "平台建设", "监督保障")  #: of the overview since 2021


def opened(document: Document) -> Document:
    """The document with such tables as paragraphs and smaller tables; any other document itself."""
    if not any(isinstance(block, Table) and _is_text(block) for block in document.blocks):
        return document
    blocks: list[Block] = []
    for block in document.blocks:
        for piece in _parted(block):
            blocks.append(_at(piece, len(blocks)))
    return replace(document, blocks=tuple(blocks))


def origins(document: Document) -> tuple[int, ...]:
    """For each block of the opened document the number that it, or the table that it was part of, had before."""
    return tuple(at for at, block in enumerate(document.blocks) for _ in _parted(block))


def _is_text(table: Table) -> bool:
    return _holds_parts(table) or bool(_told_in(table)) or _tells_aspects(table) or _is_of_page(table)


def _parted(block: Block) -> Iterable[Block]:
    if not isinstance(block, Table):
        return (block,)
    if _holds_parts(block):
        return _pieces(block)
    if _is_of_page(block):
        return _data(block)
    return _rows(block) if _tells_aspects(block) else _columns(block) or (block,)


def _holds_parts(table: Table) -> bool:
    """A heading of the report (三、收到和处理…) is a row of it; the groups of a statistics return are none."""
    if not table.rows or len(table.rows[0]) < _WIDE:
        return False
    heads = [row for row in table.rows if _is_head(row)]
    if not heads:
        return False
    first = table.rows[:3] if any(map(_across, heads)) else table.rows  # groups of a return are as narrow
    return not is_statistics(cell.text for row in first for cell in row)


def _is_head(row: Sequence[Cell]) -> bool:
    """A heading of the report is all that stands in the row, whether or not its cell is as wide as the table.

    A row of table three without figures is none, numbered like one as it is.
    """
    texts = {cell.text for cell in row} - {""}
    text = texts.pop() if len(texts) == 1 else ""
    mark = MARKERS[0][1].match(text) if text and not any(cell.unread for cell in row) else None
    return bool(mark and not ROW.match(text, mark.end()) and topics_of(text[mark.end() :]))


def _across(row: Sequence[Cell]) -> bool:
    """One cell takes up the whole row."""
    return row[0] is row[-1] and bool(row[0].text) and all(cell is row[0] for cell in row)


def _pieces(table: Table) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        told = row[0] if _across(row) else next(cell for cell in row if cell.text) if _is_head(row) else None
        if told is None or CAPTION.match(told.text):
            rows.append(row)
            continue
        if rows:
            yield Table(tuple(rows), table.where)
            rows = []
        yield from (Paragraph(line, told.where) for line in told.text.split("\n"))
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


def _tells_aspects(table: Table) -> bool:
    """Whether rows begin with the aspects of the overview (主动公开 | 公开信息420条): a table of two columns."""
    if not table.rows or len(table.rows[0]) != 2 or len(table.rows) < len(_ASPECTS):
        return False
    heads = [row[0].text for row in table.rows]
    return all(any(len(head) <= _HEAD and word in head for head in heads) for word in _ASPECTS)


def _rows(table: Table) -> list[Paragraph]:
    """Such a table as text, a row a paragraph."""
    rows = [row for row in table.rows if row[1].text]
    return [
        Paragraph(_sentence(f"{name.text}：{told.text}"), told.where, unread=name.unread or told.unread)
        for name, told in rows
    ]


def _is_of_page(table: Table) -> bool:
    """Whether it begins with the report's title, and has other data of the page by their names."""
    if not table.rows or len(table.rows[0]) < 2:
        return False
    first, *others = table.rows
    named = _NAME.fullmatch(first[0].text.rstrip("：:")) and TITLE.match(first[1].text)
    return bool(named) and all(_DATUM.fullmatch(row[0].text.rstrip("：:")) for row in others)


def _data(table: Table) -> Iterator[Paragraph]:
    """Such a table as lines of the page, a name and its value each."""
    for row in table.rows:
        for name, value in zip(row[::2], row[1::2], strict=False):
            if name.text and name is not value:
                yield Paragraph(f"{name.text.rstrip('：:')}：{value.text}", name.where, unread=value.unread)


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
