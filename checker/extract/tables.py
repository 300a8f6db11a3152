"""Official forms: Table blocks and flattened rows -> facts, and what each form lacks.

A form is recognised by its labels wherever it stands. A row or column that is not certain gives ``unread`` facts,
never shifted ones.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from checker.extract import flat
from checker.extract.forms import CAPTION
from checker.extract.outline import Outline
from checker.factmap import BlockSpec, FactMap, FormSpec, label_key
from checker.late import late
from checker.model import ABSENT, Cell, Document, Era, Fact, FactState, Form, Section, Table, Where

_key = lru_cache(maxsize=4096)(label_key)
_EDITION: Mapping[str, str] = {"C": "2019", "D": "2021"}
_LEAST: Mapping[str, int] = {"t2": 1, "t3": 5, "t4": 1, "stat": 5, "early": 3}  #: rows without which it is no such form
_NOTHING = late(r"[/\\\-—–―_]*|无")
_FIGURE = late(
    r"(?P<sign>[+-]|增加?|减少?)?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<rest>\.\d{1,6})?"
    r"(?P<unit>万元|元|人次|件|条|项|个|次|人|宗|份|篇)?"
)
_PARTED = late(r"\d[^\S\n]+\d")  #: 1 2 is no 12, while a narrow cell breaks a number into lines
_THOUSANDS = late(r"(?<![\d\s])\s*\d{1,3}(?:\s\d{3})+(?!\s*\d)")
_NONE = {"零": "0", "〇": "0", "○": "0"}
_SERIAL = late(r"序号|编号|行次|代码|项目号")
#: notes on what may hold a form, unread
_ELSEWHERE = ("attachment", "picture", "table-cells", "table-depth", "table-unclear")
_NOISE = late(r"\s+")
_STEP = late(r"(?=[（(]\s*[一二三四五六七八九]\s*[）)]|(?<!\d)\d{1,2}\s*[.．、])")

_At = tuple[int, str]  #: block of a form, id of a row or column


@dataclass(slots=True)
class _Seen:
    """What was met of one form so far."""

    spec: FormSpec
    where: Where
    facts: dict[tuple[int, str, str], list[_Cell]] = field(default_factory=dict)
    rows: dict[_At, str] = field(default_factory=dict)
    columns: dict[_At, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    note: bool = False
    flat: bool = False
    blurred: bool = False  #: a label could not be read for certain
    bare: int = 0  #: rows with a figure below no label

    def put(self, row: _At, column: str, fact: _Cell) -> None:
        """Note what stands at a crossing, in the block that has both labels."""
        for block, col in self.spec.columns.get(column, ()):
            if block == row[0]:
                self.facts.setdefault((block, row[1], col), []).append(fact)


def read_forms(
    document: Document, found: Outline, facts: FactMap, era: Era | None
) -> tuple[dict[str, Fact], tuple[Form, ...]]:
    """The facts of the forms that were recognised, and the forms themselves.

    Facts of a form that is surely not there are absent. A text may have lost its forms on the way, unless two of them
    stand in it whole, and a picture or an unknown table may be one: then nothing is said of forms that were not met.
    """
    seen: dict[str, _Seen] = {}
    open_ = found.pictures > 0 or any(note.code in _ELSEWHERE for note in document.notes)
    grids = _Grids([spec for spec in facts.layouts if spec.shape != "list"], seen)
    lists = [spec for spec in facts.layouts if spec.shape == "list"]
    known = {key for spec in facts.layouts for key in (*spec.rows, *spec.columns, *spec.groups)}
    for block in document.blocks:
        if isinstance(block, Table) and not block.picture:
            table = _mended(_spelt(block, known) if document.recognised else block, known)
            open_ |= not (_list(table, lists, seen) or grids.table(table))
    touched = _flattened(found, facts.layouts, seen)
    captions = {
        match[1] for text in _printed(document) if "项" in text for match in CAPTION.finditer(_NOISE.sub("", text))
    }
    result: dict[str, Fact] = {}
    forms: list[Form] = []
    sound = 0
    for one in seen.values():
        if len(one.rows) >= _LEAST.get(one.spec.id, 1) and (one.columns or not one.flat):
            finished = _Finished(one, era, captions, found.sections)
            form, read = finished.form()
            forms.append(form)
            result |= read
            sound += finished.sound(form.edition)
    if not open_ and (sound >= 2 or not (found.form or document.format == "txt")):
        gone = [name for name in facts.forms if name.split(".")[0] not in touched]
        result = dict.fromkeys(gone, ABSENT) | result
    return result, tuple(forms)


def _printed(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (next((cell.text for cell in row if cell.text), "") for row in block.rows)
        else:
            yield block.text


# --- cells --------------------------------------------------------------------------------------------------------


class _Cell(NamedTuple):
    """What a cell says, and the place of it: a Fact in the making, for a form has hundreds."""

    state: FactState
    value: int | float | None
    raw: str
    where: Where


@lru_cache(maxsize=4096)
def figure(text: str) -> tuple[FactState, int | float | None]:
    """State and value of a cell: a number (1,234, 1 234 or 12件), blank ("", "/", "—", "无"), or malformed (63余)."""
    shown = unicodedata.normalize("NFKC", text)
    plain = _NOISE.sub("", shown)
    plain = _NONE.get(plain, plain)
    if _NOTHING.fullmatch(plain):
        return "blank", None
    match = _FIGURE.fullmatch(plain)
    if not match or (_PARTED.search(shown) and not _THOUSANDS.search(shown)):
        return "malformed", None
    digits = match["whole"].replace(",", "") + (match["rest"] or "")
    value = float(digits) if match["rest"] else int(digits)
    return "given", -value if (match["sign"] or "")[:1] in ("-", "减") else value


def _cell(text: str, where: Where) -> _Cell:
    return _Cell(*figure(text), text.strip(), where)


def _unread(where: Where) -> _Cell:
    return _Cell("unread", None, "", where)


@lru_cache(maxsize=4096)
def _numeric(text: str) -> bool:
    return bool(_FIGURE.fullmatch(_NOISE.sub("", unicodedata.normalize("NFKC", text))))


def _one(cells: Sequence[Cell]) -> _Cell:
    """What a column says that covers several positions: their one wording; two different ones are unread."""
    if any(cell.unread for cell in cells):
        return _unread(cells[0].where)
    if len(cells) == 1:
        return _cell(cells[0].text, cells[0].where)
    texts = dict.fromkeys(cell.text for cell in cells)
    filled = [text for text in texts if not _NOTHING.fullmatch(_NOISE.sub("", text))] or list(texts)[:1]
    return _cell(filled[0], cells[0].where) if len(filled) == 1 else _unread(cells[0].where)


# --- grids --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Grids:
    """Walks the rows of all tables; the form and its columns hold on over a table that was split in two."""

    specs: Sequence[FormSpec]
    seen: dict[str, _Seen]
    form: _Seen | None = None
    columns: dict[int, str] = field(default_factory=dict)  #: position -> key of its label
    heads: dict[int, str] = field(default_factory=dict)  #: position -> last text above the figures
    groups: dict[int, str] = field(default_factory=dict)
    above: bool = False  #: the row before was part of a head
    width: int = 0
    blur: bool = False  #: a cell above or beside the figures could not be read for certain
    cut: tuple[str, dict[str, _Cell]] | None = None  #: the upper half of a row cut by a page break
    noted: set[str] = field(default_factory=set)  #: the forms whose printed note was met

    def table(self, table: Table) -> bool:
        """Take the rows of a table; False when it has figures and none of them belongs to a form."""
        before = sum(len(form.rows) for form in self.seen.values())
        width = len(table.rows[0]) if table.rows else 0
        if width != self.width:
            self.form, self.columns, self.heads, self.groups, self.cut = None, {}, {}, {}, None
            self.blur = False
        self.width, self.above = width, False
        for row in table.rows:
            self.row(row, table.where)
        if sum(len(form.rows) for form in self.seen.values()) > before:
            return True
        return not any(cell.unread or _numeric(cell.text) for row in table.rows for cell in row)

    def row(self, row: Sequence[Cell], where: Where) -> None:
        keys = [_key(cell.text) for cell in row]
        for spec in self.specs:
            if spec.note and spec.id not in self.noted and any(spec.note in cell.text for cell in row):
                self.noted.add(spec.id)
        numbers = any(_numeric(cell.text) for cell in row)
        if not numbers:
            self.over(row, keys)
            if self.head(row, keys, where):
                return
            self.heads |= {at: cell.text for at, cell in enumerate(row) if cell.text}
        if self.form and self.form.spec.shape == "groups":
            if numbers or all(_NOTHING.fullmatch(_NOISE.sub("", cell.text)) for cell in row):
                self.figures(row)
        elif self.form and self.columns:
            self.body(row)
        else:
            self.headless(row, where)
        self.above = False
        self.smudge(row)

    def smudge(self, row: Sequence[Cell]) -> None:
        """Note unread cells where labels stand: of this form, or of the one whose head is still to come."""
        self.blur |= any(cell.unread for at, cell in enumerate(row) if at not in self.columns)
        if self.form:
            self.form.blurred |= self.blur

    def over(self, row: Sequence[Cell], keys: Sequence[str]) -> None:
        """Labels that span columns: the groups of table four stand above its columns, or beside some of them."""
        for spec in self.specs:
            group: str | None = None  # of the label that the empty cells after it belong to, where nothing is merged
            for at, key in enumerate(keys):
                if key:
                    group = spec.groups.get(key, "" if key in spec.skip else None)
                elif row[at].text or row[at].unread or row[at].where == Where():
                    group = None
                if spec.groups and group is not None:
                    self.groups[at] = group

    def head(self, row: Sequence[Cell], keys: Sequence[str], where: Where) -> bool:
        """Take a row of column labels and no figures; False when it is none."""
        best: FormSpec | None = None
        labels: dict[int, str] = {}
        for spec in self.specs:
            found = {at: key for at, key in enumerate(keys) if key in spec.columns}
            kinds = set(found.values())
            corner = spec.shape == "grid" and not spec.parents and any(key in spec.skip for key in keys)
            if len(kinds) > max(len(set(labels.values())), 0 if corner else 1):
                best, labels = spec, found
        if best is None:
            return False
        same = self.above and self.form is not None and self.form.spec is best
        self.columns = {**self.columns, **labels} if same else labels
        if not same:
            self.heads = {at: text for at, text in self.heads.items() if self.above or self.fits(best, text)}
        self.heads |= {at: cell.text for at, cell in enumerate(row) if cell.text}
        self.form = self.of(best, row[min(labels)].where, where)
        for at, key in labels.items():
            for block, col in best.columns[key]:
                self.form.columns.setdefault((block, self.grouped(best, at, col)), row[at].text)
        self.form.blurred |= self.blur or any(cell.unread for cell in row)
        self.above, self.cut = True, None
        self.spare()
        return True

    def fits(self, spec: FormSpec, text: str) -> bool:
        return bool(spec.note and spec.note in text)

    def grouped(self, spec: FormSpec, at: int, col: str) -> str:
        return f"{self.groups.get(at) or '?'}.{col}" if spec.groups else col

    def of(self, spec: FormSpec, cell: Where, table: Where) -> _Seen:
        place = Where(line=cell.line or table.line, page=cell.page or table.page, block=table.block)
        found = self.seen.setdefault(spec.id, _Seen(spec, replace(place, table=spec.title)))
        found.note = found.note or spec.id in self.noted
        return found

    def spare(self) -> None:
        """Columns between or after the known ones that the form does not have."""
        form, first = self.form, min(self.columns)
        if form is None:
            return
        form.extra = [label for label in form.extra if label not in self.heads.values()]
        for at, text in self.heads.items():
            known = at in self.columns or _key(text) in form.spec.skip or _SERIAL.search(text)
            if at > first and not known and text not in form.extra and not self.fits(form.spec, text):
                form.extra.append(text)

    def figures(self, row: Sequence[Cell]) -> None:
        """The one row of figures of a form with grouped columns."""
        assert self.form is not None
        spec = self.form.spec
        printed = {at: key for at, key in self.columns.items() if not (at and row[at] is row[at - 1])}
        names = {at: self.grouped(spec, at, col) for at, key in printed.items() for _, col in spec.columns[key]}
        sure = not (self.padded(row) or self.long(row) or self.shared(row))
        sure = sure and set(names.values()) <= spec.blocks[0].columns.keys()
        for at, name in names.items() if sure else ():
            self.form.facts.setdefault((0, "", name), []).append(_one([row[at]]))
        for name in () if sure else spec.blocks[0].columns:
            self.form.facts.setdefault((0, "", name), []).append(_unread(row[0].where))
        self.form.rows[0, ""] = spec.title
        self.form, self.columns = None, {}

    def body(self, row: Sequence[Cell]) -> None:
        assert self.form is not None
        form, first = self.form, min(self.columns)
        label, sure = self.label(row, first)
        spots: dict[str, list[Cell]] = {}
        for at, key in self.columns.items():
            spots.setdefault(key, []).append(row[at])
        short = (
            not sure
            or self.blurred(row[:first])
            or self.padded(row)
            or any(_key(row[at].text) in form.spec.rows for at in self.columns)
        )
        bare = self.long(row)
        form.bare += bare
        short = short or bare or self.shared(row)
        values = {key: _unread(cells[0].where) if short else _one(cells) for key, cells in spots.items()}
        found = matching(form.spec, label)
        if not found and self.cut and (joined := matching(form.spec, self.cut[0] + label)):
            values = {key: _joined(self.cut[1].get(key), fact) for key, fact in values.items()}
            found, label = joined, self.cut[0] + label
            form.strange = [strange for strange in form.strange if strange != self.cut[0]]
        if found:
            self.take(found, label, values)
            return
        self.strange(label, values)

    def strange(self, label: str, values: dict[str, _Cell]) -> None:
        """A row whose label the form does not have: half of a cut one, a group with figures, or another's."""
        assert self.form is not None
        self.cut = (label, values) if label else None
        if not any(fact.state == "given" for fact in values.values()):
            return
        if _key(label) in self.form.spec.parents:
            self.form.extra.append(label)
        else:
            self.form.strange.append(label)

    def take(self, found: Sequence[_At], label: str, values: Mapping[str, _Cell]) -> None:
        assert self.form is not None
        self.cut = None
        for row in found:
            self.form.rows.setdefault(row, label)
            for key, fact in values.items():
                self.form.put(row, key, fact)

    def label(self, row: Sequence[Cell], first: int) -> tuple[str, bool]:
        """The label nearest to the figures, and whether the row is certain to keep to its columns."""
        texts: dict[str, None] = {}
        sure = True
        for at, cell in enumerate(row[:first]):
            if not _numeric(cell.text):
                texts.pop(cell.text, None)
                texts[cell.text] = None
            elif not _SERIAL.search(self.heads.get(at, "")):
                sure = False
        named = [text for text in texts if text.strip()]
        return (named[-1] if named else ""), sure

    def blurred(self, row: Sequence[Cell]) -> bool:
        """The label nearest to the figures, or a cell after it, could not be read for certain."""
        nearest = next((at for at in reversed(range(len(row))) if row[at].text.strip()), 0)
        return any(cell.unread for cell in row[nearest:])

    def padded(self, row: Sequence[Cell]) -> bool:
        """The row is shorter than the table, and the reader filled it up: nobody knows which cell is missing."""
        last = row[max(self.columns)]
        filled = [row[at] for at in self.columns if _numeric(row[at].text)]
        return not last.text and bool(filled) and last.where == Where()

    def long(self, row: Sequence[Cell]) -> bool:
        """A figure stands below no label at all: the row has a cell too many."""
        beyond = range(min(self.columns), len(row))
        return any(at not in self.columns and not self.heads.get(at) and _numeric(row[at].text) for at in beyond)

    def shared(self, row: Sequence[Cell]) -> bool:
        """A figure stands in a cell that covers two columns: nobody knows of which of them it is."""
        pairs = ((at, at - 1) for at in self.columns if at - 1 in self.columns)
        return any(row[a] is row[b] and row[a].text and self.columns[a] != self.columns[b] for a, b in pairs)

    def headless(self, row: Sequence[Cell], where: Where) -> None:
        """Rows of a form whose head was lost: they are there, and nobody knows which column is which."""
        if not any(_numeric(cell.text) for cell in row):
            return
        label, _ = self.label(row, len(row))
        for spec in self.specs:
            if spec.shape == "grid" and (found := matching(spec, label)) and not _common(label):
                form = self.of(spec, row[0].where, where)
                form.strange.append(label)
                for at in found:
                    form.rows.setdefault(at, label)


def _common(label: str) -> bool:
    """其他 and 总计 stand in any table."""
    return len(_key(label)) <= 2


def _joined(upper: _Cell | None, lower: _Cell) -> _Cell:
    """A cell cut by a page break: what is filled in of its two halves."""
    if upper is None or "blank" not in (upper.state, lower.state):
        return _unread(lower.where)
    return lower if upper.state == "blank" else upper


def matching(spec: FormSpec, label: str) -> tuple[_At, ...]:
    """The (block, row) pairs that a label names, labels of the groups above it put aside."""
    if found := spec.rows.get(_key(label), ()):
        return found
    if not spec.parents:
        return ()
    *above, last = [_key(part) for part in _STEP.split(label)]
    return spec.rows.get(last, ()) if all(part in spec.parents for part in above if part) else ()


# --- rows cut by a page break -------------------------------------------------------------------------------------


def _mended(table: Table, known: Set[str]) -> Table:
    """The table with rows whole again that a page break cut in two: a label that is known only as a whole tells."""
    pages = {cell.where.page for row in table.rows for cell in row}
    if len(pages - {None}) < 2:
        return table
    rows: list[tuple[Cell, ...]] = []
    fresh = False  #: the last row was not mended itself
    for row in table.rows:
        if fresh and _page(rows[-1]) != _page(row) and _halves(rows[-1], row, known):
            rows[-1] = tuple(_whole(above, below) for above, below in zip(rows[-1], row, strict=True))
            fresh = False
        else:
            rows.append(row)
            fresh = True
    return replace(table, rows=tuple(rows))


def _spelt(table: Table, known: Set[str]) -> Table:
    """The table of a scan with labels spelt as the forms have them, where one character was taken for another."""
    made: dict[int, Cell] = {}
    for cell in (cell for row in table.rows for cell in row):
        key = _key(cell.text)
        near = [label for label in known if _one_off(key, label)] if len(key) >= 4 and key not in known else []
        made[id(cell)] = replace(cell, text=near[0]) if len(near) == 1 else cell
    return replace(table, rows=tuple(tuple(made[id(cell)] for cell in row) for row in table.rows))


def _one_off(key: str, label: str) -> bool:
    """Whether one character differs: 重复中请 for 重复申请."""
    return len(key) == len(label) and sum(a != b for a, b in zip(key, label, strict=True)) == 1


def _halves(upper: Sequence[Cell], lower: Sequence[Cell], known: Set[str]) -> bool:
    pairs = [(a.text, b.text) for a, b in zip(upper, lower, strict=True) if b.text and a is not b]
    if pairs and all(_numeric(b) and (not a or _numeric(a)) for a, b in pairs):
        return True  # a row without a label of its own: the last digits of the figures above
    labels = [(a, b) for a, b in pairs if a and not (_numeric(a) or _numeric(b))]
    return any(_key(a) and _key(a + b) in known and not {_key(a), _key(b)} & known for a, b in labels)


def _page(row: Sequence[Cell]) -> int:
    return max((cell.where.page or 0 for cell in row), default=0)


def _whole(upper: Cell, lower: Cell) -> Cell:
    """A cell from its halves before and after a page break; two figures are no halves."""
    if upper is lower or not (upper.text and lower.text):
        return upper if upper.text else lower
    unread = upper.unread or lower.unread or (_numeric(upper.text) and _numeric(lower.text))
    return Cell(upper.text + lower.text, upper.where, unread)


# --- lists of indicators ------------------------------------------------------------------------------------------


def _list(table: Table, specs: Sequence[FormSpec], seen: dict[str, _Seen]) -> bool:
    """Take a table that is a list of indicators; False when it is none."""
    labels = {_key(text) for text in {cell.text for row in table.rows for cell in row}}
    specs = [spec for spec in specs if not labels.isdisjoint(spec.rows)]
    keys = Counter(
        spec.id for row in table.rows for key in {_key(c.text) for c in row} for spec in specs if key in spec.rows
    )
    spec = max(specs, key=lambda spec: keys[spec.id], default=None)
    if spec is None or keys[spec.id] < 3:
        return False
    form = seen.setdefault(spec.id, _Seen(spec, replace(table.where, table=spec.title)))
    form.columns[0, "n"] = ""
    values: set[int] = set()
    under = ""
    for row in table.rows:
        row_keys = [_key(cell.text) for cell in row]
        if heads := {at for at, key in enumerate(row_keys) if key in spec.columns}:
            values = heads
            continue
        last = None
        for at, cell in enumerate(row):
            if cell.text and cell is not last and row_keys[at] in spec.rows:
                under = _indicator(form, row, at, values, under)
            last = cell
    return True


def _indicator(form: _Seen, row: Sequence[Cell], at: int, values: set[int], under: str) -> str:
    """Take the figure of the label at position ``at``; the row below which the following ones stand."""
    spec, cell = form.spec, row[at]
    found = below(spec, spec.rows[_key(cell.text)], under)
    spots = [i for i in sorted(values) if i > at][:1]
    if not spots:
        rest = [
            i
            for i in range(at + 1, len(row))
            if row[i] is not cell and (_numeric(row[i].text) or not _key(row[i].text))
        ]
        spots = rest if len({row[i].text for i in rest}) == 1 else []
    unsure = not spots or cell.unread or row[spots[0]].unread
    fact = _unread(cell.where) if unsure else _cell(row[spots[0]].text, cell.where)
    for pair in found:
        form.rows.setdefault(pair, cell.text)
        form.facts.setdefault((*pair, "n"), []).append(fact)
    return next((name for _, name in found if any(block.under == name for block in spec.blocks)), under)


def below(spec: FormSpec, found: Iterable[_At], under: str) -> list[_At]:
    """Of rows of one name those that stand below the row ``under``, or that stand below none."""
    return [(block, row) for block, row in found if spec.blocks[block].under in ("", under)]


# --- flattened rows -----------------------------------------------------------------------------------------------


def _flattened(found: Outline, specs: Sequence[FormSpec], seen: dict[str, _Seen]) -> set[str]:
    """Forms that lost their grids: a row counts with as many figures as the form has columns, and a certain label.

    Returns the forms of which any long label stands in these lines.
    """
    rows = flat.rows((*found.form.lines, *found.attachment.lines))
    known = set(seen)
    for spec in specs:
        if spec.id not in known and rows:
            reader = {"grid": _flat_grid, "groups": _flat_groups, "list": _flat_list}[spec.shape]
            reader(spec, rows, seen)
    both = [seen[name] for name in ("stat", "early") if name in seen and name not in known]
    for weaker in sorted(both, key=lambda form: len(form.rows))[:-1]:
        del seen[weaker.spec.id]
    keys = {key for row in rows for key in row.keys if len(key) >= 4}
    return {spec.id for spec in specs if keys & {*spec.rows, *spec.columns, *spec.groups}}


def _start(spec: FormSpec, row: flat.Row, seen: dict[str, _Seen]) -> _Seen:
    place = row.where
    made = _Seen(spec, Where(None, spec.title, line=place.line, page=place.page, block=place.block), flat=True)
    return seen.setdefault(spec.id, made)


def _flat_grid(spec: FormSpec, rows: Sequence[flat.Row], seen: dict[str, _Seen]) -> None:
    order: list[str] = []
    heads = [key for row in rows for key in row.keys]
    whole = list(dict.fromkeys(k for block in spec.blocks for k in map(_key, block.columns.values())))
    fixed = bool(spec.parents)  # the head of table three is printed over several lines: all its labels must be there
    if fixed:
        order = whole if set(whole) <= set(heads) else []
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
        if not row.values or not pairs:
            continue
        form = _start(spec, row, seen)
        form.note = form.note or any(spec.note and spec.note in label for r in rows for label in r.labels)
        form.extra = ["小计"] if fixed and "小计" in heads else []
        if fixed and order:
            form.columns.update({pair: key for key in order for pair in spec.columns[key]})
        for pair in pairs:
            form.rows.setdefault(pair, row.labels[0])
            if len(row.values) == len(order) and not form.extra:
                for key, text in zip(order, row.values, strict=True):
                    form.put(pair, key, _cell(text, row.where))


def _captions(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if key.startswith("第二十条第")}


def _flat_groups(spec: FormSpec, rows: Sequence[flat.Row], seen: dict[str, _Seen]) -> None:
    """Three times the same columns in a row; the groups are named before, in their order."""
    block = spec.blocks[0]
    columns = [label.split(" ")[1] for label in block.columns.values()]
    keys: list[str] = []  # since the last figures: one cell a line, the head is as many rows as it has labels
    for row in rows:
        keys += row.keys
        head = [key for key in keys if key in spec.columns][-len(columns) :] == [_key(column) for column in columns]
        before = [spec.groups[key] for key in keys if key in spec.groups]
        if row.values:
            keys = []
        if not head or list(dict.fromkeys(before)) != list(spec.groups.values()):
            continue
        if len(row.values) not in (0, len(columns)):
            continue
        form = _start(spec, row, seen)
        form.columns = {(0, name): label for name, label in block.columns.items()}
        form.rows[0, ""] = spec.title
        for name, text in zip(block.columns, row.values, strict=False):
            form.facts[0, "", name] = [_cell(text, row.where)]


def _flat_list(spec: FormSpec, rows: Sequence[flat.Row], seen: dict[str, _Seen]) -> None:
    under = ""
    for row in rows:
        pairs = next((pairs for label in row.labels if (pairs := spec.rows.get(_key(label), ()))), ())
        if not (pairs := tuple(below(spec, pairs, under))) or not row.values:
            continue
        form = _start(spec, row, seen)
        form.columns[0, "n"] = ""
        under = next((name for _, name in pairs if any(block.under == name for block in spec.blocks)), under)
        for pair in pairs:
            form.rows.setdefault(pair, row.labels[0])
            fact = _cell(row.values[0], row.where) if len(row.values) == 1 else _unread(row.where)
            form.facts.setdefault((*pair, "n"), []).append(fact)


# --- the whole form -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Finished:
    """One form after all was read: which edition it is, what it lacks, a fact for each of its cells."""

    seen: _Seen
    era: Era | None
    captions: set[str]
    sections: Sequence[Section]

    def form(self) -> tuple[Form, dict[str, Fact]]:
        seen, spec = self.seen, self.seen.spec
        seen.blurred |= 2 * seen.bare > len(seen.rows)  # a head cut by a page break
        edition = self.edition()
        own = [(n, block) for n, block in enumerate(spec.blocks) if block.edition in ("", edition)]
        section = self.section()
        missing = self.missing(own)
        whole = not (seen.strange or seen.flat or seen.blurred)
        named = _named(section)
        facts = {
            fact: self.fact(n, row, col, block, whole, named) for n, block in own for row, col, fact in block.cells
        }
        sound = self.sound(edition)
        heads = own if spec.shape != "list" and seen.columns and sound else []
        lost = tuple(
            label for n, block in heads for col, label in block.columns.items() if (n, col) not in seen.columns
        )
        form = Form(
            spec.id,
            spec.title,
            edition,
            section.heading.topics if section else (),
            replace(seen.where, section=named),
            tuple(facts),
            missing if sound else (),
            tuple(dict.fromkeys(lost)),
            self.renamed(),
            tuple(dict.fromkeys(map(_tidy, seen.extra))) + self.grouped(edition),
            self.foreign(edition),
            tuple(dict.fromkeys(map(_tidy, [*seen.rows.values(), *seen.columns.values()]))),
            seen.note or not spec.note,
            whole,
            seen.blurred,
        )
        return form, facts

    def sound(self, edition: str) -> bool:
        """Most of its rows are there; of a flattened form with fewer nobody knows what the text has lost."""
        rows = [
            (n, row)
            for n, block in enumerate(self.seen.spec.blocks)
            if block.edition in ("", edition)
            for row in block.rows
        ]
        return not self.seen.flat or sum(row in self.seen.rows for row in rows) >= 0.8 * len(rows)

    def edition(self) -> str:
        """The format whose own rows and columns were met most; between equals the one of the report's year."""
        usual = _EDITION.get(self.era or "", "")
        votes = Counter(next(iter(found)) for found in self.labels().values() if len(found) == 1)
        known = sorted({block.edition for block in self.seen.spec.blocks} - {""})
        return max(known, key=lambda name: (votes[name], name == usual), default="")

    def labels(self) -> dict[str, set[str]]:
        """Label as printed -> the editions that have it."""
        found: dict[str, set[str]] = {}
        for (block, _), label in (*self.seen.rows.items(), *self.seen.columns.items()):
            found.setdefault(label, set()).add(self.seen.spec.blocks[block].edition)
        return found

    def section(self) -> Section | None:
        block = self.seen.where.block
        before = [
            part for part in self.sections if (part.heading.where.block or 0) <= (block if block is not None else -1)
        ]
        return before[-1] if before else None

    def missing(self, own: Sequence[tuple[int, BlockSpec]]) -> tuple[str, ...]:
        captions = [block.caption for _, block in own if block.caption and block.caption[6] not in self.captions]
        rows = [label for n, block in own for row, label in block.rows.items() if (n, row) not in self.seen.rows]
        return (*dict.fromkeys(captions), *rows)

    def renamed(self) -> tuple[str, ...]:
        seen = self.seen
        printed = dict.fromkeys([*seen.rows.values(), *seen.columns.values()])
        pairs = [(label, seen.spec.wrong.get(_key(label))) for label in printed]
        return tuple(f"{_tidy(label)}（应为{right}）" for label, right in pairs if right)

    def grouped(self, edition: str) -> tuple[str, ...]:
        """Rows of another edition that are only the head of a group here, and yet carry figures."""
        seen, parents = self.seen, self.seen.spec.parents
        rows = {at: label for at, label in seen.rows.items() if _key(label) in parents}
        other = {at: label for at, label in rows.items() if seen.spec.blocks[at[0]].edition not in ("", edition)}
        filled = [
            label
            for (block, row), label in other.items()
            if any(f.state == "given" for (b, r, _), fs in seen.facts.items() if (b, r) == (block, row) for f in fs)
        ]
        return tuple(map(_tidy, filled))

    def foreign(self, edition: str) -> tuple[str, ...]:
        """Labels that the edition of the report's year does not have."""
        wanted = _EDITION.get(self.era or "", edition)
        other = [label for label, found in self.labels().items() if label and not found & {"", wanted}]
        parents = self.seen.spec.parents if edition == wanted else ()
        return tuple(dict.fromkeys(_tidy(label) for label in other if _key(label) not in parents))

    def fact(self, n: int, row: str, col: str, block: BlockSpec, whole: bool, section: str | None) -> Fact:
        found = self.seen.facts.get((n, row, col), [])
        label, head = block.rows.get(row), block.columns[col] if self.seen.spec.shape != "list" else None
        at, table = self.seen.where, self.seen.spec.title
        if not found:
            place = Where(section, table, label, head, at.line, at.page, at.block)
            return ABSENT if whole and self.surely(n, row, col) else Fact("unread", where=place)
        first = found[0]
        cell = first.where
        place = Where(
            section, table, label, head, cell.line or at.line, cell.page, cell.block or at.block, first.raw[:200],
            cell=cell.cell,
        )  # fmt: skip
        if any((other.state, other.value) != (first.state, first.value) for other in found[1:]):
            return Fact("unread", where=place)  # printed twice, and not alike
        return Fact(first.state, first.value, first.raw, place)

    def surely(self, n: int, row: str, col: str) -> bool:
        """The row, or the column, is really not in the form: no unknown column might be it."""
        return (n, row) not in self.seen.rows or ((n, col) not in self.seen.columns and not self.seen.extra)


def _named(section: Section | None) -> str | None:
    return (section.heading.label + section.heading.text)[:40] if section else None


def _tidy(label: str) -> str:
    return _NOISE.sub("", label)
