"""Forms that lost their grids: labels and the figures after them, on one line or one cell a line."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from checker.extract.outline import Outline
from checker.extract.tables.cells import CODE, COUNTED, MONEY, UNIT, key_of, numeric, unread
from checker.extract.tables.seen import Seen, below, last_step, matching
from checker.extract.tables.sides import quoting
from checker.factmap import FormSpec
from checker.late import late
from checker.model import Cell, Document, Paragraph, Table, Where, mark_of

_VALUE = late(rf"(?:[+-]|增加?|减少?)?\d[\d,]*(?:\.\d+)?(?:余|多)?{COUNTED}?|〇")
_TELLING = 5  #: rows that count up, so many that it is no chance
_CELL = late(r"[ \u3000\xa0|｜]+|[；：](?![^（(]*[）)])|[，,](?![^（(]*[）)]|\d{3})")


_STROKES = " \t|｜"  #: what a line of its own between two cells is made of, where a page lost its table
_SHORT = 4  #: characters of what may stand in a cell of figures
_PIECES = 4  #: lines that a label is broken into, at most


class _Told(NamedTuple):
    """A line of a form, and with how many empty cells it ends."""

    raw: str
    where: Where
    room: int


def _rooms(document: Document) -> Mapping[int | None, int]:
    """How many empty cells the lines of a text end with, by their numbers: a tab stands before each."""
    lines = (block for block in document.blocks if isinstance(block, Paragraph) and block.text.endswith("\t"))
    return {line.where.line: len(line.text) - len(line.text.rstrip("\t")) for line in lines}


@dataclass(slots=True)
class Row:
    """A label, possibly broken over two lines, and the figures that follow it.

    ``labels``: what it may be called, the likeliest first. ``keys``: all words that stand before the figures.
    ``room``: how many empty cells of its table stand behind them, where nothing else does. ``unit``: of an amount.
    """

    labels: list[str]
    keys: list[str]
    where: Where
    values: list[str] = field(default_factory=list)
    room: int = 0
    unit: str = ""


def read_flattened(
    found: Outline,
    specs: Sequence[FormSpec],
    seen: dict[str, Seen],
    labels: Set[str],
    loose: Sequence[Table] = (),
    text: Document | None = None,
    drawn: Sequence[Table] = (),
) -> set[str]:
    """Forms that lost their grids: a row counts with as many figures as the form has columns, and a certain label.

    ``labels``: the keys of all that forms have. ``loose``: tables that have rows and no columns. ``text``: a document
    whose lines end with their empty cells; ``drawn``: the tables that stand between them.
    Returns the forms of which any long label stands in all these.
    """
    lines = [(line.raw, line.where(0, len(line.text))) for line in (*found.form.lines, *found.attachment.lines)]
    rooms = _rooms(text) if text and lines else {}
    told = [_Told(*line, rooms.get(line[1].line, 0)) for line in lines if line[0].strip(_STROKES)]
    rows = _rows([*told, *(line for table in loose for line in _loose(table))], labels)
    parts, known = _parts_of(rows, found), set(seen)
    for spec in specs:
        if spec.id not in known and rows:
            _READERS[spec.shape](spec, _own(spec, parts), seen)
    if (told or loose) and drawn and known:
        _completed(specs, told, (*drawn, *loose), labels, seen)
    both = [seen[name] for name in ("stat", "early") if name in seen and name not in known]
    for weaker in sorted(both, key=lambda form: len(form.rows))[:-1]:
        del seen[weaker.spec.id]
    keys = {key for row in rows for key in row.keys if len(key) >= 4}
    return {spec.id for spec in specs if keys & {*spec.rows, *spec.columns, *spec.groups}}


def _parts_of(rows: Sequence[Row], found: Outline) -> Mapping[int, list[Row]]:
    """The rows by the part of the report in which they stand."""
    begin = [part.heading.where.block or 0 for part in found.sections]
    parts: dict[int, list[Row]] = {}
    for row in rows:
        parts.setdefault(bisect_right(begin, row.where.block or 0), []).append(row)
    return parts


def _own(spec: FormSpec, parts: Mapping[int, list[Row]]) -> list[Row]:
    """The rows without those of parts that only quote the form."""
    words = [{key for row in rows for key in row.keys} for rows in parts.values()]
    quoted, _ = quoting(spec, words)
    return [row for at, rows in enumerate(parts.values()) if at not in quoted for row in rows]


def _completed(
    specs: Sequence[FormSpec], told: Sequence[_Told], drawn: Sequence[Table], labels: Set[str], seen: dict[str, Seen]
) -> None:
    """Read as lines forms of which only a piece was drawn as a table, as a cell was empty or a part was packed."""
    lines = [*told, *(line for table in drawn for line in _loose(table))]
    rows = _rows(sorted(lines, key=lambda line: line.where.line or 0), labels)
    for spec in specs:
        again: dict[str, Seen] = {}
        if (piece := seen.get(spec.id)) and not piece.flat:
            _READERS[spec.shape](spec, rows, again)
        if piece and spec.id in again and again[spec.id].rows.keys() > piece.rows.keys():
            seen[spec.id] = again[spec.id]


def _start(spec: FormSpec, row: Row, seen: dict[str, Seen]) -> Seen:
    place = row.where
    made = Seen(spec, Where(None, spec.title, line=place.line, page=place.page, block=place.block), flat=True)
    return seen.setdefault(spec.id, made)


def _grid(spec: FormSpec, rows: Sequence[Row], seen: dict[str, Seen]) -> None:
    order: list[str] = []
    heads = [key for row in rows for key in row.keys]
    whole = {column: "" for block in spec.blocks for column in block.columns}
    fixed = bool(spec.parents)  # the head of table three is printed over several lines: all its labels must be there
    if fixed:
        printed = {column: key for key in heads for _, column in spec.columns.get(key, ())}
        order = [printed[column] for column in whole] if printed.keys() >= whole.keys() else []
    # empty fields of merged labels before the figures: a row that lost a figure may have the right number of fields
    merged = any(len(row.values) > len(whole) and not row.values[0] for row in rows if fixed)
    above = False  # one cell a line: a head goes on
    for row in rows:
        line = [key for key in row.keys if key in spec.columns]
        if not fixed and line:
            order = [*(order if above else []), *line]
            if not set(row.keys) <= {*line, *spec.skip, *spec.rows} | _captions(row.keys):
                order = []
            form = _start(spec, row, seen)
            for key in line:
                form.columns.update(dict.fromkeys(spec.columns[key], key))
        above = bool(line) and not row.values
        pairs = next((pairs for label in row.labels if (pairs := matching(spec, label))), ())
        vacant = 0 < len(order) <= row.room and len(line) < 2  # of a label alone, or with its own column's
        if not pairs or not (row.values or vacant):
            if pairs and spec.id in seen and row.keys[0] not in {*spec.columns, *spec.parents}:
                for pair in pairs:
                    seen[spec.id].rows.setdefault(pair, row.labels[0])
                    seen[spec.id].why.setdefault(pair, "bare")
            continue
        form = _start(spec, row, seen)
        form.note = form.note or any(spec.note and spec.note in label for r in rows for label in r.labels)
        form.extra = ["小计"] if fixed and "小计" in heads else []
        if fixed and order:
            form.columns.update({pair: key for key in order for pair in spec.columns[key]})
        for pair in pairs:
            form.rows.setdefault(pair, row.labels[0])
        values = row.values + [""] * min(row.room, len(order) - len(row.values))
        if len(values) == len(order) and not form.extra and not (merged and row.values and not values[0]):
            cells = {key: Cell(text, row.where) for key, text in zip(order, values, strict=True)}
            form.fill(pairs, dict(enumerate(cells)), tuple(cells.values()))
        else:
            form.why.update(dict.fromkeys(pairs, "shifted"))


def _captions(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if key.startswith("第二十条第")}


def _start_groups(spec: FormSpec, row: Row, seen: dict[str, Seen], printed: Sequence[str] = ()) -> Seen:
    """A form of one row, with all its columns, and what they are called where that was ``printed``."""
    form = _start(spec, row, seen)
    columns = spec.blocks[0].columns
    form.columns = {(0, name): label for name, label in zip(columns, printed or columns.values(), strict=True)}
    form.rows[0, ""] = spec.title
    return form


def _groups(spec: FormSpec, rows: Sequence[Row], seen: dict[str, Seen]) -> None:
    """Three times the same columns in a row; the groups are named before, in their order."""
    block = spec.blocks[0]
    columns = [spec.columns[key_of(label.split(" ")[1])] for label in block.columns.values()]
    keys: list[str] = []  # since the last figures: one cell a line, the head is as many rows as it has labels
    for row in rows:
        keys += row.keys
        printed = [key for key in keys if key in spec.columns][-len(columns) :]
        before = [spec.groups[key] for key in keys if key in spec.groups]
        if row.values:
            keys = []
        if [spec.columns[key] for key in printed] != columns or [*dict.fromkeys(before)] != [
            *dict.fromkeys(spec.groups.values())
        ]:
            continue
        if len(row.values) not in (0, len(columns)):
            continue
        form = _start_groups(spec, row, seen, printed)
        if row.values:
            cells = {name: Cell(text, row.where) for name, text in zip(block.columns, row.values, strict=False)}
            form.facts[0, ""] = [cells]
    if spec.id not in seen:
        _told(spec, rows, seen)


def _told(spec: FormSpec, rows: Sequence[Row], seen: dict[str, Seen]) -> None:
    """The same with each figure behind its own label, group by group; only all of them make the form."""
    block = spec.blocks[0]
    places = {tuple(map(key_of, label.split(" "))): name for name, label in block.columns.items()}
    cells: dict[str, Cell] = {}
    group = ""
    for row in rows:
        group = max((name for name in spec.groups if name in row.labels[0]), key=len, default=group)
        name = places.get((group, row.keys[-1])) if row.keys and len(row.values) == 1 else None
        if name:
            cells[name] = Cell(row.values[0], row.where)
    if len(cells) == len(places):
        form = _start_groups(spec, rows[0], seen)
        form.facts[0, ""] = [{name: cells[name] for name in block.columns}]


def _list(spec: FormSpec, rows: Sequence[Row], seen: dict[str, Seen]) -> None:
    """An indicator a row, with the year's figure; the number of the indicator may stand before that (指标, 代码, 数值),
    and the total of all years behind it (历年累计).
    """
    under = ""
    first = int(any(CODE.fullmatch(key) for row in rows for key in row.keys[1:]) or _numbered(rows))
    columns = 1 + first + any("累计" in key for row in rows for key in row.keys)
    others: list[str] = []
    for row in rows:
        pairs = next((pairs for label in row.labels if (pairs := spec.rows.get(key_of(label), ()))), ())
        if not pairs and row.values:
            others += row.keys
        values = row.values + [""] * min(row.room, columns - len(row.values))
        if not (pairs := tuple(below(spec, pairs, under))) or not values:
            continue
        form = _start(spec, row, seen)
        form.columns[0, "n"] = ""
        under = next((name for _, name in pairs if any(block.under == name for block in spec.blocks)), under)
        for pair in pairs:
            form.rows.setdefault(pair, row.labels[0])
            form.put(pair, "n", Cell(values[first], row.where) if len(values) == columns else unread(row.where))
            if len(values) != columns:
                form.why[pair] = "shifted"
            if row.unit:
                form.units[pair] = row.unit
    if spec.id in seen:
        seen[spec.id].others += others


def _numbered(rows: Sequence[Row]) -> bool:
    """Whether the first of two figures is the number of its row, all along: 01, 02, 03, ... without any head."""
    numbers = [row.values[0] for row in rows if len(row.values) == 2]
    counted = all(number.isdecimal() and int(number) == at for at, number in enumerate(numbers, 1))
    return counted and len(numbers) >= _TELLING


def packed(table: Table) -> bool:
    """Whether merged cells were left out and the rest moved to the left: then no cell stands in its column.

    行政复议 | 行政诉讼 | | | | is a head of two labels that span fifteen columns.
    """
    short = False
    for row in table.rows:
        filled = [bool(cell.text.strip()) for cell in row]
        count = sum(filled)
        if not all(filled[:count]) or len(set(map(id, row))) < len(row):
            return False
        short |= count >= 2 and len(row) - count >= 2
    return short


def _loose(table: Table) -> Iterator[_Told]:
    for row in table.rows:
        cells = [cell.text.strip() for cell in row]
        text = "\t".join(cells).rstrip("\t")
        yield _Told(text, replace(row[0].where, quote=text[:60]), len(cells) - 1 - text.count("\t"))


_READERS: Mapping[str, Callable[[FormSpec, Sequence[Row], dict[str, Seen]], None]] = {
    "grid": _grid,
    "groups": _groups,
    "list": _list,
}


def _whole(lines: Sequence[_Told], labels: Set[str]) -> Iterator[_Told]:
    """The lines, those as one between which a label was broken."""
    at = 0
    while at < len(lines):
        count = next((n for n in range(2, _PIECES + 1) if _broken(lines[at : at + n], n, labels)), 1)
        last = lines[at + count - 1]
        yield last if count == 1 else _Told("".join(line.raw for line in lines[at : at + count]), last.where, last.room)
        at += count


def _broken(lines: Sequence[_Told], count: int, labels: Set[str]) -> bool:
    """Whether a label begins at the end of the first of so many lines and ends in the last."""
    firsts = [_parts(line.raw, labels)[0] for line in lines[1:]]
    if len(lines) < count or any(_is_known(cell, labels) for cell in firsts):
        return False
    begin = _parts(lines[0].raw, labels)[-1]
    if mark_of(begin) or _VALUE.fullmatch(begin):
        return False
    across = "".join([begin, *(line.raw.strip() for line in lines[1:-1]), firsts[-1]])
    whole = [cell for cell in _parts("".join(line.raw for line in lines), labels) if across in cell]
    return any(key_of(cell) != key_of(begin) and _is_known(cell, labels) for cell in whole)


def _is_known(cell: str, labels: Set[str]) -> bool:
    """Whether it is a cell of its own: a label, a figure, or one that says that there is none."""
    return bool(mark_of(cell)) or _is_value(cell) or key_of(cell) in labels or last_step(cell) in labels


def _rows(lines: Sequence[_Told], known: Set[str]) -> list[Row]:
    """The rows of these lines in order; a row without figures is a head, a caption or the name of a group."""
    found: list[Row] = []
    for raw, where, room in _whole(lines, known):
        for label, values, exact in _odd(raw, known) or _runs(raw, known):
            if label:
                before = found[-1].labels[0] if found and not found[-1].values else ""
                words = " ".join(label)
                names = [words, before + words, label[-1]] if before else [words, label[-1]]
                keys = [key for part in label if (key := key_of(part))]
                unit = next((unit for unit in raw.split() if unit in MONEY), "")
                found.append(Row(names, keys, where, list(values), room, unit))
            elif found:
                found[-1].values += values
                found[-1].room = 0
            if exact and found and values:
                found.append(Row([""], [], found[-1].where))
    return [row for row in found if row.keys or row.values]


def _parts(raw: str, labels: Set[str]) -> list[str]:
    """The cells of a line; a blank between strokes may stand in the midst of a label: 商业 企业 | 科研 机构."""
    if "\t" in raw:
        return [cell.strip() for cell in raw.split("\t")]
    bare = raw.strip(_STROKES)
    if "|" not in raw or " " not in bare:
        return _CELL.split(bare)
    found: list[str] = []
    for cell in filter(str.strip, bare.split("|")):
        pieces = _CELL.split(cell.strip())
        whole = "".join(pieces)
        broken = key_of(whole) in labels or not any(_is_known(piece, labels) for piece in pieces)
        found += [whole] if broken else pieces
    return found


def _odd(raw: str, labels: Set[str]) -> list[tuple[list[str], list[str], bool]]:
    """A row of which tabs keep the cells apart, and some that stand among its figures are none: 约9; nothing else."""
    cells = _parts(raw, labels) if "\t" in raw else []
    last = max((at for at, cell in enumerate(cells) if key_of(cell) in labels or last_step(cell) in labels), default=-1)
    values = [cell for cell in cells[last + 1 :] if not UNIT.fullmatch(cell)]
    odd = [cell for cell in values if not (cell == "" or _is_value(cell))]
    if not odd or last < 0 or any(map(_is_value, cells[:last])) or not any(map(_is_value, values)):
        return []
    return [(cells[: last + 1], values, True)] if all(len(cell) <= _SHORT or numeric(cell) for cell in odd) else []


def _is_value(cell: str) -> bool:
    """A figure, or what is written for none; an empty cell is neither."""
    return bool(_VALUE.fullmatch(unicodedata.normalize("NFKC", cell))) or mark_of(cell) not in (None, "empty")


def _runs(raw: str, labels: Set[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """(words, figures, whether tabs keep the cells apart) again and again along a line."""
    exact, cells = "\t" in raw, _parts(raw, labels)
    words: list[str] = []
    values: list[str] = []
    for cell in cells:
        plain = unicodedata.normalize("NFKC", cell)
        mark = mark_of(cell)
        if _VALUE.fullmatch(plain) or (mark and (mark != "empty" or (exact and words))):
            values.append(cell)
            continue
        if UNIT.fullmatch(plain):
            continue
        if values:
            yield words, values, exact
            words, values = [], []
        words.append(cell)
    yield words, values, exact
