"""A workbook: what stands in its visible sheets, titles and remarks as paragraphs, tables as full grids.

Formulas are read by the value that the program stored with them, never computed. What a sheet hides (rows, columns,
whole sheets) is not read. ``Where.line`` is the number of the row, ``Where.page`` that of the sheet where several are,
``Where.sheet`` the cell by the name of its sheet.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from checker.late import late
from checker.model import Block, Cell, Document, Note, Paragraph, Table, Unreadable, Where
from checker.read.archive import Archive, parse_xml, relations
from checker.read.layout import prosaic
from checker.read.limits import LIMITS, Limits
from checker.read.office.cellformat import PLAIN, Look, S, is_struck, looks, shown, switched_on, whole
from checker.read.pictured import picture_note, pictured
from checker.read.struck import SMALL, struck

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_V, _F, _T, _R, _IS, _ROW = (S + name for name in ("v", "f", "t", "r", "is", "row"))
_R_LOOK, _RAISED = S + "rPr", S + "vertAlign"
_ROWS, _COLUMNS = 1_048_576, 16_384  #: of the largest sheet that there is
_REFERENCE = late(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_ESCAPED = late(r"_x([0-9A-Fa-f]{4})_")
_BLANK = " \t\r\n\u3000\xa0"
_SAVE = "请用 WPS 或 Excel 打开，另存为 .xlsx 后重新检查。"


def parse_xlsx(data: bytes, source: str, limits: Limits = LIMITS) -> Document:
    """The bytes of an .xlsx as a Document.

    Raises Unreadable: those of ``archive``, ``zip-ambiguous`` for parts that occur twice, ``format`` for a package
    that holds no workbook or nothing but pictures, ``empty``.
    """
    book = _Book(data, limits)
    blocks = _placed([found for part in book.sheets if (found := list(book.sheet(part)))], book)
    if not blocks:
        raise Unreadable("empty", "工作簿里没有看得见的内容。", "请打开原始文档，确认内容完整、没有隐藏后重新保存。")
    if all(isinstance(block, Table) and block.picture for block in blocks) and "table-cells" not in book.notes:
        message = "工作簿里只有图片，没有文字，读不了。"
        raise Unreadable("format", message, "请改用填有文字的表格或报告的文字版。")
    return Document(source, "xlsx", blocks, tuple(book.notes.values()))


def listed(data: bytes, limits: Limits = LIMITS) -> Iterator[dict[int, dict[int, str]]]:
    """The cells of each sheet that is seen, by row and column from 1: for workbooks that are lists and no reports.

    Raises Unreadable: those of ``parse_xlsx``, and ``hidden-text`` where rows or columns with content are hidden, as by
    a filter: a list of which a part is unseen is no list.
    """
    book = _Book(data, limits)
    for part in book.sheets:
        root = book.part(part)
        if root is None or root.tag != S + "worksheet":
            continue
        sheet = _Sheet(book, root)
        if any(cell.text for cell in sheet.unseen.values()):
            raise Unreadable("hidden-text", "工作表里有隐藏的行或列（可能是筛选）。", "请取消筛选和隐藏，保存后再用。")
        yield {
            number: {column: cell.text for column, cell in sorted(row.cells.items()) if cell.text}
            for number, row in sorted(sheet.rows.items())
        }


# --- the package ------------------------------------------------------------------------------------------------------


class _Book:
    """The parts of a workbook that are read, found as the package itself says."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.archive, self.limits = Archive(data, limits), limits
        self.notes: dict[str, Note] = {}
        if self.archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("zip-ambiguous", message, "请用 WPS 或 Excel 打开，核对内容后另存，再检查一次。")
        main = next((each.part for each in relations(self.archive, "", limits) if each.kind == "officeDocument"), "")
        book = None if main.endswith(".bin") else self.part(main or "xl/workbook.xml")
        if book is None or book.tag != S + "workbook":
            raise Unreadable("format", "这个文件里没有能读的工作簿（可能是 .xlsb 等格式）。", _SAVE)
        related = list(relations(self.archive, main, limits))
        parts = {each.id: each.part for each in related if each.kind == "worksheet"}
        #: the parts of the sheets, and their names
        self.sheets = {parts[name]: title for name, title in self.visible(book) if name in parts}
        self.from_1904 = any(switched_on(each.get("date1904")) for each in book.iter(S + "workbookPr"))
        #: programs that write formulas without computing them ask for it when the file is opened
        self.stale = any(switched_on(each.get("fullCalcOnLoad")) for each in book.iter(S + "calcPr"))
        by_kind = {each.kind: each.part for each in related}
        self.strings = [_rich(each) for each in self.children(by_kind.get("sharedStrings"), "si")]
        self.looks = looks(self.part(by_kind.get("styles")))

    def part(self, name: str | None) -> Element | None:
        data = self.archive.read(name) if name else None
        return None if data is None else parse_xml(data, self.limits)

    def children(self, name: str | None, tag: str) -> Iterable[Element]:
        root = self.part(name)
        return () if root is None else root.findall(S + tag)

    def visible(self, book: Element) -> Iterator[tuple[str, str]]:
        for sheet in book.iter(S + "sheet"):
            if sheet.get("state", "visible") == "visible":
                yield sheet.get(_R_ID, ""), sheet.get("name", "")
            else:
                self.note("hidden-text", "工作簿里有隐藏的工作表，没有计入报告。")

    def note(self, code: str, message: str) -> None:
        self.notes.setdefault(code, Note(code, message))

    def unseen(self) -> None:
        self.note("hidden-text", "工作簿里有隐藏的行、列或看不见的字，没有计入报告。")

    def sheet(self, part: str) -> Iterator[_Draft]:
        """What stands in a sheet, in its order; None for a picture large enough for a table."""
        root = self.part(part)
        if root is None or root.tag != S + "worksheet":
            return
        kept = (each.part for each in relations(self.archive, part, self.limits) if each.kind == "drawing")
        drawings = [drawing for name in kept if (drawing := self.part(name)) is not None]
        insets = frozenset(place for drawing in drawings for place in _insets(drawing))
        yield from _Sheet(self, root, insets, self.sheets[part]).drafts()
        for drawing in drawings:
            yield from self.drawn(drawing)

    def drawn(self, drawing: Element) -> Iterator[Paragraph | None]:
        """The words of text boxes, and pictures."""
        for anchor in drawing:
            for line in anchor.iter("{*}p"):
                if (text := "".join(piece.text or "" for piece in line.iter("{*}t"))).strip(_BLANK):
                    yield Paragraph(text)
            if next(anchor.iter("{*}pic"), None) is not None and _large(anchor):
                self.notes.setdefault("picture", picture_note())
                yield None


class _Words(NamedTuple):
    """A string, without its pronunciation and what is struck out; and whether anything of it is."""

    text: str
    struck: bool


def _rich(element: Element) -> _Words:
    texts: list[str] = []
    struck = False
    for child in element:
        if child.tag == _T:
            texts.append(child.text or "")
        elif child.tag == _R:
            text, look = child.findtext(_T) or "", child.find(_R_LOOK)
            if look is not None and is_struck(look):
                struck |= bool(text.strip())
                continue
            raised = None if look is None else look.find(_RAISED)
            texts.append(text if raised is None else text.translate(SMALL.get(raised.get("val", ""), {})))
    return _Words(_ESCAPED.sub(lambda match: _character(match[1]), "".join(texts)), struck)


def _character(code: str) -> str:
    number = int(code, 16)
    return "\n" if number in (10, 13) else chr(number) if 0x20 <= number < 0xD800 or number == 9 else ""


def _insets(drawing: Element) -> Iterator[tuple[int, int]]:
    """Row and column, from 1, of each cell in which a picture stands that is not large."""
    for anchor in drawing:
        start = anchor.find("{*}from")
        if start is not None and next(anchor.iter("{*}pic"), None) is not None and not _large(anchor):
            row, column = (whole(start.findtext(f"{{*}}{side}"), 0, _ROWS) for side in ("row", "col"))
            yield row + 1, column + 1


def _large(anchor: Element) -> bool:
    """A picture that covers several rows and columns, or 200 by 100 pixels."""
    size = next((each for each in anchor if each.tag.endswith("}ext")), None)
    if size is not None:
        return whole(size.get("cx"), 0, 1 << 31) >= 1_905_000 and whole(size.get("cy"), 0, 1 << 31) >= 952_500
    ends = [each for each in anchor if each.tag.endswith(("}from", "}to"))]
    sides = [[whole(each.findtext(f"{{*}}{name}"), 0, _ROWS) for each in ends] for name in ("col", "row")]
    return all(len(side) == 2 and side[1] - side[0] >= least for side, least in zip(sides, (2, 4), strict=True))


# --- a sheet ----------------------------------------------------------------------------------------------------------

_Draft = Paragraph | list[list[Cell]] | None  #: a line, the grid of a table, a picture that may be one
_Line = dict[int, Cell]  #: the cells of a row by their columns


@dataclass(slots=True)
class _Row:
    """A row that holds something: its number, its cells, and which of them have a frame."""

    number: int
    cells: _Line = field(default_factory=dict)
    framed: set[int] = field(default_factory=set)

    def texts(self) -> list[str]:
        """The wordings of the row, a merged cell once."""
        return [cell.text for cell in self.distinct() if cell.text or cell.unread]

    def distinct(self) -> list[Cell]:
        return list({id(cell): cell for _, cell in sorted(self.cells.items(), key=lambda pair: pair[0])}.values())

    def holds_number(self) -> bool:
        return any(cell.unread or re.fullmatch(r"[-\d.,]+", cell.text) for cell in self.cells.values())


class _Sheet:
    """The cells of a sheet that a person sees, and what they make up."""

    def __init__(
        self, book: _Book, root: Element, insets: frozenset[tuple[int, int]] = frozenset(), name: str = ""
    ) -> None:
        self.book, self.insets, self.name = book, insets, name
        self.zeros = all(switched_on(view.get("showZeros", "1")) for view in root.iter(S + "sheetView"))
        self.hidden_rows: set[int] = set()
        self.hidden_columns = _hidden_columns(root)
        self.rows: dict[int, _Row] = {}
        self.unseen: dict[tuple[int, int], Cell] = {}
        for number, row in self._numbered(root):
            self._row(number, row)
        self._merge(root)
        if any(cell.text for cell in self.unseen.values()):
            book.unseen()

    def _numbered(self, root: Element) -> Iterator[tuple[int, Element]]:
        """The rows with their numbers; one without counts on from the last."""
        number = 0
        data = root.find(S + "sheetData")
        for row in () if data is None else data.iterchildren(_ROW):
            number = whole(row.get("r"), 0, _ROWS) or number + 1
            if switched_on(row.get("hidden")):
                self.hidden_rows.add(number)
            yield number, row

    def _row(self, number: int, row: Element) -> None:
        column = 0
        for each in row:
            place = _REFERENCE.fullmatch(each.get("r") or "")
            column = _column(place[1]) if place else column + 1
            look = self._look(each)
            cell = self._cell(each, look, self._where(number, column))
            if not cell.text and (number, column) in self.insets:
                self.book.notes.setdefault("cell-picture", pictured())
                cell = replace(cell, unread=True)
            if not (cell.text or cell.unread or look.framed):
                continue
            if number in self.hidden_rows or self.hidden_columns[column]:
                self.unseen[number, column] = cell
                continue
            line = self.rows.setdefault(number, _Row(number))
            line.cells[column] = cell
            if look.framed:
                line.framed.add(column)

    def _look(self, cell: Element) -> Look:
        at = whole(cell.get("s"), 0, 1 << 31)
        return self.book.looks[at] if at < len(self.book.looks) else PLAIN

    def _cell(self, cell: Element, look: Look, where: Where) -> Cell:
        """A cell as a person sees it; unread where that is not what is stored."""
        kind, stored = cell.get("t", "n"), cell.find(_V)
        text = (stored.text or "") if stored is not None else ""
        if cell.find(_F) is not None and (self.book.stale or (not text and not (kind == "str" and stored is not None))):
            message = "工作簿里有没有算出结果的公式，这些格子没有读；请用 WPS 或 Excel 打开，保存后重新检查。"
            self.book.note("no-value", message)
            return Cell("", where, unread=True)
        if look.struck and stored is not None:
            self.book.notes.setdefault("struck", struck())
            return Cell("", where)
        if kind == "n":
            return self._numeric(text.strip(), look, where)
        if kind == "s":
            text = self._shared(text)
        elif kind == "inlineStr":
            held = cell.find(_IS)
            text = "" if held is None else self._kept(_rich(held))
        elif kind == "b":
            text = "TRUE" if text == "1" else "FALSE" if text else ""
        text = text.strip(_BLANK)
        if text and look.unseen:
            self.book.unseen()
            return Cell("", where, unread=True)
        return Cell(text, where)

    def _numeric(self, stored: str, look: Look, where: Where) -> Cell:
        if not stored:
            return Cell("", where)
        text, trouble = shown(stored, look.code, from_1904=self.book.from_1904)
        if trouble == "hidden" or look.unseen or (not self.zeros and text == "0"):
            self.book.unseen()
            return Cell("", where, unread=True)
        if trouble == "rounded":
            message = "工作簿里有的数，显示的位数比实际的少，这些格子没有读；请把实际的数填进格子，或显示全部位数。"
            self.book.note("rounded", message)
            return Cell("", where, unread=True)
        return Cell(text, where)

    def _shared(self, index: str) -> str:
        at = int(index) if index.isdecimal() and index.isascii() and len(index) < 10 else -1
        if not 0 <= at < len(self.book.strings):
            raise Unreadable("xml-damaged", "文件能解开，里面的内容却有损坏，没有读取。", _SAVE)
        return self._kept(self.book.strings[at])

    def _kept(self, words: _Words) -> str:
        if words.struck:
            self.book.notes.setdefault("struck", struck())
        return words.text

    def _merge(self, root: Element) -> None:
        """Put the first cell of every merged range at all places of it that are seen, as one object."""
        if not self.rows:
            return
        numbers, limits = sorted(self.rows), self.book.limits
        least = min(min(row.cells) for row in self.rows.values())
        most = min(max(max(row.cells) for row in self.rows.values()), least + 2 * limits.table_width)
        budget = 2 * limits.table_cells
        for top, left, bottom, right in _ranges(root):
            rows = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            columns = [at for at in range(max(left, least), min(right, most) + 1) if not self.hidden_columns[at]]
            budget -= len(rows) * len(columns)
            if budget < 0:
                raise Unreadable("too-big", "文件里的内容太多，不像一份报告，没有读取。", _SAVE)
            first = self.rows[top].cells.get(left) if top in self.rows else None
            if rows and columns and (first := first or self.unseen.pop((top, left), None)):
                self._cover(rows, columns, first)

    def _cover(self, rows: Sequence[int], columns: Sequence[int], cell: Cell) -> None:
        for number in rows:
            row = self.rows[number]
            framed = not row.framed.isdisjoint(columns)
            for column in columns:
                row.cells[column] = cell
                if framed:
                    row.framed.add(column)

    # -- what the cells make up

    def drafts(self) -> Iterator[Paragraph | list[list[Cell]]]:
        first = min((column for row in self.rows.values() for column in row.cells), default=1)
        told: set[int] = set()  # merged cells that were given as text
        for run in self._runs():
            for piece in _pieces(run):
                if isinstance(piece, _Row):
                    yield from _paragraphs(piece.distinct(), told)
                    continue
                for part in self._beside(piece):
                    grid = self._grid(part, first if part is piece else min(min(row.cells) for row in part))
                    cells = list({id(cell): cell for row in grid for cell in row}.values())
                    if prosaic([cell.text for cell in cells]):
                        yield from _paragraphs(cells, told)
                    else:
                        yield grid

    def _runs(self) -> Iterator[list[_Row]]:
        """Rows that follow each other, a blank one parting them; hidden ones do not."""
        run: list[_Row] = []
        for number in sorted(self.rows):
            if run and any(between not in self.hidden_rows for between in range(run[-1].number + 1, number)):
                yield run
                run = []
            run.append(self.rows[number])
        if run:
            yield run

    def _beside(self, rows: list[_Row]) -> list[list[_Row]]:
        """Framed tables that stand side by side, a blank column between them; ``rows`` itself where none do."""
        used = sorted({column for row in rows for column in row.cells})
        cuts = [right for left, right in pairwise(used) if not all(self.hidden_columns[left + 1 : right])]
        parts: list[list[_Row]] = []
        for left, right in pairwise([0, *cuts, _COLUMNS + 1]) if len(cuts) < 8 else ():
            part = [slice_ for row in rows if (slice_ := _slice(row, left, right)).cells]
            columns = {column for row in part for column in row.cells}
            if len(part) < 2 or len(columns) < 2 or not all(row.framed for row in part):
                return [rows]
            parts.append(part)
        return parts if len(parts) > 1 else [rows]

    def _grid(self, rows: Sequence[_Row], first: int) -> list[list[Cell]]:
        """The rows from column ``first`` to their last one; a place without a cell is an empty one."""
        last = max(max(row.cells) for row in rows)
        columns = [at for at in range(first, last + 1) if not self.hidden_columns[at]]
        most = self.book.limits.table_width
        if len(columns) > most:
            self.book.note("table-span", f"表格超过 {most} 列，多出的列没有读。")
        return [[row.cells.get(at) or Cell("", self._where(row.number, at)) for at in columns[:most]] for row in rows]

    def _where(self, row: int, column: int) -> Where:
        return Where(line=row, sheet=f"{self.name}!{_letters(column)}{row}")


def _hidden_columns(root: Element) -> bytearray:
    """For each column whether it is hidden."""
    hidden = bytearray(_COLUMNS + 2)
    for each in islice(root.iter(S + "col"), _COLUMNS):
        if switched_on(each.get("hidden")):
            first, last = whole(each.get("min"), 1, _COLUMNS), whole(each.get("max"), 1, _COLUMNS)
            hidden[first : last + 1] = b"\1" * max(last + 1 - first, 0)
    return hidden


def _ranges(root: Element) -> Iterator[tuple[int, int, int, int]]:
    """Merged ranges as top, left, bottom, right."""
    for each in root.iter(S + "mergeCell"):
        start, end = (_REFERENCE.fullmatch(part) for part in [*each.get("ref", "").split(":"), ""][:2])
        if start and end:
            top, bottom = sorted((int(start[2]), int(end[2])))
            left, right = sorted((_column(start[1]), _column(end[1])))
            yield top, left, bottom, right


@lru_cache(maxsize=512)
def _letters(column: int) -> str:
    """The name of a column: 27 is AA."""
    name = ""
    while column > 0:
        column, at = divmod(column - 1, 26)
        name = chr(65 + at) + name
    return name


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return min(number, _COLUMNS)


# --- rows of text, rows of tables -------------------------------------------------------------------------------------

_LONG = 60  #: characters; a row of one cell with more of them is text
_NAMED = late(r"[^（(：:]{2,12}(?:[（(][^（()）]{1,6}[）)])?[：:]")  #: 填报单位（盖章）：青石镇
_HEADING = late(r"[一二三四五六七八九十]{1,2}、|第[一二三四五六七八九十]部分")


def _pieces(run: Sequence[_Row]) -> Iterator[_Row | list[_Row]]:
    """Rows of text one by one, rows of tables together."""
    framed = any(row.framed for row in run)
    kinds = [_is_tabular(row, framed) for row in run]
    first = next(
        (at for at, row in enumerate(run) if kinds[at] and len(row.texts()) > 1 and not _is_edge(row, framed)), None
    )
    last = next((at for at in range(len(run) - 1, -1, -1) if kinds[at] and not _is_edge(run[at], framed)), None)
    table: list[_Row] = []
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


def _is_tabular(row: _Row, framed: bool) -> bool:
    """Several cells, filled or framed."""
    return len(row.distinct()) > 1 and not (framed and not row.framed and not row.holds_number())


def _is_edge(row: _Row, framed: bool) -> bool:
    """Above and below a table: who filled it in, its unit."""
    texts = row.texts()
    named = bool(texts) and all(_NAMED.match(text) for text in texts)
    return named and not (framed and row.framed and row.holds_number())


def _is_label(row: _Row, framed: bool) -> bool:
    """A row of one short cell within a table: a caption, or a label whose figures are blank."""
    text = "".join(row.texts())
    if len(text) > _LONG or "。" in text:
        return False
    return bool(row.framed) if framed else not _HEADING.match(text)


def _slice(row: _Row, left: int, right: int) -> _Row:
    cells = {column: cell for column, cell in row.cells.items() if left <= column < right}
    return _Row(row.number, cells, row.framed & cells.keys())


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
            if line.strip(_BLANK):
                yield Paragraph(line, cell.where)


def _placed(sheets: Sequence[Sequence[_Draft]], book: _Book) -> tuple[Block, ...]:
    """The drafts as blocks, each with its place; tables beyond the limit are not read."""
    blocks: list[Block] = []
    budget, most = book.limits.table_cells, book.limits.table_cells
    for number, sheet in enumerate(sheets, 1):
        page = number if len(sheets) > 1 else None
        for draft in sheet:
            where = Where(page=page, block=len(blocks))
            if isinstance(draft, Paragraph):
                blocks.append(replace(draft, where=replace(where, line=draft.where.line, sheet=draft.where.sheet)))
                continue
            budget -= sum(map(len, draft or ()))
            if budget < 0:
                book.note("table-cells", f"表格太大（全文超过 {most} 个单元格），没有读；请核对这张表。")
            blocks.append(_table(draft, where) if draft and budget >= 0 else Table((), where, picture=True))
    return tuple(blocks)


def _table(grid: Sequence[Sequence[Cell]], where: Where) -> Table:
    placed = {
        id(cell): replace(cell, where=replace(where, line=cell.where.line, sheet=cell.where.sheet))
        for row in grid
        for cell in row
    }
    rows = tuple(tuple(placed[id(cell)] for cell in row) for row in grid)
    return Table(rows, replace(where, line=grid[0][0].where.line))
