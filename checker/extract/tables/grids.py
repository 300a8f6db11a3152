"""The walk over tables that are grids: which form a row belongs to, and what stands below which of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_

from checker.extract.tables.cells import UNIT, agreed, empty, key_of, numeric, read, unread
from checker.extract.tables.seen import At, Seen, matching
from checker.factmap import FormSpec
from checker.late import late
from checker.model import NOWHERE, Cell, Table, Where, printed

_SERIAL = late(r"序号|编号|行次|代码|项目号")
_SUMS = ("合计", "小计", "总计")
_SHORT = 4  #: characters of what may stand in a cell of figures
_TELLING = 3  #: columns, so many that a row of figures without a label is no slip of the reader
_FIRST, _LAST = 1990, 2100  #: years


@dataclass(slots=True)
class Grids:
    """Walks the rows of all tables; the form and its columns hold on over a table that was split in two."""

    specs: Sequence[FormSpec]
    seen: dict[str, Seen]
    form: Seen | None = None
    columns: dict[int, str] = field(default_factory=dict)  #: position -> key of its label
    first: int = 0  #: the first of these positions
    single: bool = True  #: no label stands there twice
    heads: dict[int, str] = field(default_factory=dict)  #: position -> last text above the figures
    groups: dict[int, str] = field(default_factory=dict)
    above: bool = False  #: the row before was part of a head
    upper: Sequence[Cell] = ()  #: that row
    before: Sequence[Cell] = ()  #: the row before, of this table and no head
    loose: bool = False  #: a label of the head stands where the row above it has no cell: spans were lost
    width: int = 0
    unread: bool = False  #: a cell of the row could not be read for certain
    blur: bool = False  #: a cell above or beside the figures could not be read for certain
    cut: tuple[str, dict[str, Cell]] | None = None  #: the upper half of a row cut by a page break
    corner: str = ""  #: the first words of the row before
    compared: bool = False  #: two figures were compared
    told: tuple[Seen, dict[int, str]] | None = None  #: a form of one row that has its figures, and its columns
    own: bool = False  #: this table has the head or a row of the form, and no other head since
    turned: bool = False  #: it has another head since
    noted: set[str] = field(default_factory=set)  #: the forms whose printed note was met
    notes: list[FormSpec] = field(init=False)  #: those whose note was not met yet

    def __post_init__(self) -> None:
        self.notes = [spec for spec in self.specs if spec.note]

    def table(self, table: Table) -> bool:
        """Take the rows of a table; False when it has figures and none of them belongs to a form."""
        before = sum(len(form.rows) for form in self.seen.values())
        width = len(table.rows[0]) if table.rows else 0
        if width != self.width:
            self.form, self.columns, self.heads, self.groups, self.cut = None, {}, {}, {}, None
            self.blur = self.loose = False
        self.width, self.above, self.told = width, False, None
        self.own = self.turned = False
        self.before = ()
        for row in table.rows:
            self.row(row, table.where)
        if sum(len(form.rows) for form in self.seen.values()) > before:
            return True
        return not any(cell.unread or numeric(cell.text) for row in table.rows for cell in row)

    def row(self, row: Sequence[Cell], where: Where) -> None:
        texts = [cell.text for cell in row]
        self.unread = True in [cell.unread for cell in row]
        if self.notes:
            self.note(texts)
        numbers = list(map(numeric, texts))
        some = any(numbers)
        if not some:
            keys = list(map(key_of, texts))
            self.over(row, keys)
            if self.head(row, keys, where):
                return
            self.heads |= {at: text for at, text in enumerate(texts) if text}
            if self.turns(row):
                self.own, self.turned = False, True
        if self.form and self.form.spec.shape == "groups":
            if some or self.filled(row):
                self.figures(row)
        elif self.form and self.columns:
            self.body(row, numbers)
        elif self.told and self.again(row, numbers):
            self.form, self.columns = self.told
            self.figures(row)
        elif some:
            self.headless(row, numbers, where)
        self.above, self.before = False, row
        if self.unread:
            # where labels stand: of this form, or of the one whose head is still to come
            self.blur |= any(cell.unread for at, cell in enumerate(row) if at not in self.columns)
        if self.blur and self.form:
            self.form.blurred = True

    def note(self, texts: Sequence[str]) -> None:
        """Look for the notes that forms have printed in their corners; one may be cut in two by a page break."""
        text = "\n".join(texts)
        if noted := [spec for spec in self.notes if spec.note in text or spec.note in self.corner + texts[0]]:
            self.noted.update([spec.id for spec in noted])
            self.notes = [spec for spec in self.notes if spec.id not in self.noted]
        self.corner = texts[0]

    def over(self, row: Sequence[Cell], keys: Sequence[str]) -> None:
        """Labels that span columns: the groups of table four stand above its columns, or beside some of them."""
        for spec in self.specs:
            if not spec.groups or (spec.groups.keys() | spec.skip).isdisjoint(keys):
                continue
            group: str | None = None  # of the label that the empty cells after it belong to, where nothing is merged
            for at, key in enumerate(keys):
                if key:
                    group = spec.groups.get(key, _bracketed(spec, row[at].text) if key in spec.skip else None)
                elif row[at].text or row[at].unread or row[at].where == NOWHERE:
                    group = None
                if group is not None:
                    self.groups[at] = group

    def head(self, row: Sequence[Cell], keys: Sequence[str], where: Where) -> bool:
        """Take a row of column labels and no figures; False when it is none."""
        best: FormSpec | None = None
        labels: dict[int, str] = {}
        for spec in self.specs:
            if spec.columns.keys().isdisjoint(keys):
                continue
            found = {at: key for at, key in enumerate(keys) if key in spec.columns}
            kinds = set(found.values())
            corner = spec.shape == "grid" and not spec.parents and any(key in spec.skip for key in keys)
            if len(kinds) > max(len(set(labels.values())), 0 if corner else 1):
                best, labels = spec, found
        if best is None:
            return False
        same = self.above and self.form is not None and self.form.spec is best
        self.loose = same and (self.loose or any(_filled_up(self.upper[at]) for at in labels))
        self.columns = {**self.columns, **labels} if same else labels
        self.first, self.single = min(self.columns), len(set(self.columns.values())) == len(self.columns)
        if not same:
            kept = self.beside(best, row)
            self.heads = {
                at: text for at, text in self.heads.items() if self.above or at in kept or self.fits(best, text)
            }
        self.heads |= {at: cell.text for at, cell in enumerate(row) if cell.text}
        self.form = self.of(best, row[min(labels)].where, where)
        for at, key in labels.items():
            label, group = row[at].text, self.grouped(best, at, "")
            for block, col in best.columns[key]:
                self.form.columns.setdefault((block, group + col), label)
        self.form.blurred |= self.blur or self.unread or self.loose
        self.above, self.upper, self.cut = True, row, None
        self.own, self.turned = True, False
        self.spare()
        return True

    def beside(self, spec: FormSpec, row: Sequence[Cell]) -> list[int]:
        """Where the row above a head, with a corner of the form, heads a column that the form does not have: 核对."""
        upper = self.before if any(key_of(cell.text) in spec.skip for cell in self.before) else ()
        return [at for at, cell in enumerate(upper) if cell.text and not row[at].text and not numeric(cell.text)]

    def fits(self, spec: FormSpec, text: str) -> bool:
        return bool(spec.note and spec.note in text)

    def grouped(self, spec: FormSpec, at: int, col: str) -> str:
        return f"{self.groups.get(at) or '?'}.{col}" if spec.groups else col

    def of(self, spec: FormSpec, cell: Where, table: Where) -> Seen:
        if spec.id not in self.seen:
            self.seen[spec.id] = Seen(spec, met_at(spec, cell, table), met=(cell, table))
        found = self.seen[spec.id]
        found.note = found.note or spec.id in self.noted
        return found

    def spare(self) -> None:
        """Columns between or after the known ones that the form does not have."""
        form, first = self.form, self.first
        if form is None:
            return
        form.extra = [label for label in form.extra if label not in self.heads.values()]
        for at, text in self.heads.items():
            if at < first or at in self.columns or text in form.extra:
                continue
            if not (key_of(text) in form.spec.skip or _SERIAL.search(text) or self.fits(form.spec, text)):
                form.extra.append(text)

    def filled(self, row: Sequence[Cell]) -> bool:
        """The row has no figure, and is the one of figures all the same: nothing stands there, or what is no figure."""
        texts = [row[at].text for at in self.columns]
        if not all(map(empty, texts)):
            return len({id(row[at]) for at in self.columns}) > 1 and all(map(_no_label, texts))
        return all(empty(cell.text) for cell in row)

    def again(self, row: Sequence[Cell], numbers: Sequence[bool]) -> bool:
        """One more row of figures below those of a form that has one row: another year's, or the numbers of columns."""
        places = self.told[1] if self.told else {}
        own = {id(row[at]) for at in places if numbers[at]}
        return 2 * len(own) > len(places)

    def figures(self, row: Sequence[Cell]) -> None:
        """The one row of figures of a form with grouped columns."""
        assert self.form is not None
        spec = self.form.spec
        printed = {at: key for at, key in self.columns.items() if not (at and row[at] is row[at - 1])}
        names = {at: self.grouped(spec, at, col) for at, key in printed.items() for _, col in spec.columns[key]}
        sure = not (self.padded(row) or self.long(row) or self.shared(row) or self.headless_under(row))
        told = set(names.values())  # each once, or a group stands over the columns of another
        sure = sure and len(told) == len(names) and told <= spec.blocks[0].columns.keys()
        for at, name in names.items() if sure else ():
            self.form.put((0, ""), name, row[at])
        for name in () if sure else spec.blocks[0].columns:
            self.form.put((0, ""), name, unread(row[0].where))
        if not sure:
            self.form.blurred = True
            self.form.why[0, ""] = "merged" if self.shared(row) else "shifted"
        self.form.rows[0, ""] = spec.title
        self.told = self.form, self.columns
        self.form, self.columns = None, {}

    def body(self, row: Sequence[Cell], numbers: Sequence[bool]) -> None:
        """A row below a head; ``numbers`` says at which positions a figure stands."""
        assert self.form is not None
        form, columns = self.form, self.columns
        first = numbers.index(True) if self.loose and True in numbers else self.first
        label, sure = self.label(row[:first], numbers)
        bare = self.long(row)
        form.bare += bare
        short = self.loose or bare or not sure or self.blurred(row[:first]) or self.shifted(row, numbers)
        found = matching(form.spec, label)
        if found and label in _SUMS and form.precedes(found):
            form.extra.append(label)
            return
        if found and self.single and not short:  # nearly always
            self.take(found, label, columns, row)
            return
        values: dict[str, Cell] = {}
        for at, key in columns.items():
            self.compared |= key in values and values[key] is not row[at]
            values[key] = agreed(values[key], row[at]) if key in values else row[at]
        if short:
            values = {key: unread(cell.where) for key, cell in values.items()}
            named = any(numbers[at] and self.heads.get(at) for at in range(first))
            why = "merged" if self.shared(row) else "head" if named and not sure else "shifted"
            form.why.update(dict.fromkeys(found, why))
        if not found and self.cut and (joined := matching(form.spec, self.cut[0] + label)):
            values = {key: _joined(self.cut[1].get(key), cell) for key, cell in values.items()}
            found, label = joined, self.cut[0] + label
            form.strange = [strange for strange in form.strange if strange != self.cut[0]]
            form.surplus = [surplus for surplus in form.surplus if surplus != self.cut[0]]
        if found:
            self.take(found, label, dict(enumerate(values)), tuple(values.values()))
        else:
            self.strange(label, values)
            if self.surplus(row, label, numbers):
                form.surplus.append(label)

    def turns(self, row: Sequence[Cell]) -> bool:
        """The row, without figures and no head of a form, may be the head of another table: words stand in it above
        the figures, and not the same as beside them. A line over all columns is none, nor are units.
        """
        above = {id(row[at]) for at in self.columns if _names(row[at].text)}
        return bool(above) and len({id(cell) for cell in row if cell.text.strip()}) > 1

    def surplus(self, row: Sequence[Cell], label: str, numbers: Sequence[bool]) -> bool:
        """Whether a row with a label that the form does not have is one more row of the form: most columns have a
        figure, and these are no numbers of the columns and no years. Of a form of one column it has a label.
        """
        places = {id(row[at]): at for at in self.columns if numbers[at]}
        of = len({id(row[at]) for at in self.columns})
        known = key_of(label)
        if not self.own or self.loose or self.unread or 2 * len(places) <= of or label in _SUMS:
            return False
        assert self.form is not None
        if known in self.form.spec.parents or (of < _TELLING and not known):
            return False
        self.compared = True
        said = [read(cell)[1] for at, cell in enumerate(row) if numbers[at] and (not at or cell is not row[at - 1])]
        counted = said in (list(range(1, len(said) + 1)), list(range(2, len(said) + 2)))
        years = all(isinstance(one, int) and _FIRST <= one <= _LAST for one in said)
        return not ((counted and len(said) > 1) or years)

    def strange(self, label: str, values: dict[str, Cell]) -> None:
        """A row whose label the form does not have: half of a cut one, a group with figures, or another's."""
        assert self.form is not None
        self.cut = (label, values) if label else None
        if not any(read(cell)[0] == "given" for cell in values.values()):
            return
        if key_of(label) in self.form.spec.parents:
            self.form.extra.append(label)
        else:
            self.form.strange.append(label)

    def take(self, found: Sequence[At], label: str, columns: Mapping[int, str], values: Sequence[Cell]) -> None:
        assert self.form is not None
        self.cut = None
        for pair in found:
            self.form.rows.setdefault(pair, label)
        if not self.form.fill(found, columns, values) and self.own:
            self.form.misplaced(found, values)
        self.own |= not self.turned

    def label(self, row: Sequence[Cell], numbers: Sequence[bool]) -> tuple[str, bool]:
        """The label nearest to the figures after these cells, and whether the row is certain to keep to its columns."""
        label, sure = "", True
        for at, cell in enumerate(row):
            if numbers[at]:
                sure = sure and bool(_SERIAL.search(self.heads.get(at, "")))
            elif cell.text.strip():
                label = cell.text
        return label, sure

    def blurred(self, row: Sequence[Cell]) -> bool:
        """The label nearest to the figures, or a cell after it, could not be read for certain."""
        for cell in reversed(row) if self.unread else ():
            if cell.unread:
                return True
            if cell.text.strip():
                break
        return False

    def shifted(self, row: Sequence[Cell], numbers: Sequence[bool]) -> bool:
        """A figure may stand in another column than its own."""
        if all(numbers[self.first :]) and not any(map(is_, row[self.first :], row[self.first + 1 :])):
            return False  # nearly always: each column has a figure, in a cell of its own
        rows = self.form.spec.rows if self.form else {}
        labelled = any(key_of(row[at].text) in rows for at in self.columns if not numbers[at])
        return labelled or self.padded(row) or self.shared(row)

    def padded(self, row: Sequence[Cell]) -> bool:
        """The row is shorter than the table, and the reader filled it up: nobody knows which cell is missing."""
        last = row[max(self.columns)]
        return _filled_up(last) and any(numeric(row[at].text) for at in self.columns)

    def long(self, row: Sequence[Cell]) -> bool:
        """A figure stands below no label at all: the row has a cell too many."""
        first = self.first
        if len(self.columns) == len(row) - first:  # nearly always
            return False
        beyond = [at for at in range(first, len(row)) if at not in self.columns and not self.heads.get(at)]
        return any(numeric(row[at].text) for at in beyond)

    def headless_under(self, row: Sequence[Cell]) -> bool:
        """A figure stands below a group and below none of its columns: cells of the head were lost."""
        return any(at not in self.columns and numeric(row[at].text) for at, group in self.groups.items() if group)

    def shared(self, row: Sequence[Cell]) -> bool:
        """A figure stands in a cell that covers two columns: nobody knows of which of them it is."""
        columns = self.columns
        wide = [at for at in columns if row[at] is row[at - 1] and row[at].text]
        return any(columns.get(at - 1, columns[at]) != columns[at] for at in wide)

    def headless(self, row: Sequence[Cell], numbers: Sequence[bool], where: Where) -> None:
        """Rows of a form whose head was lost: they are there, and nobody knows which column is which."""
        label, _ = self.label(row, numbers)
        for spec in self.specs:
            if spec.shape == "grid" and (found := matching(spec, label)) and not _common(label):
                form = self.of(spec, row[0].where, where)
                form.strange.append(label)
                for at in found:
                    form.rows.setdefault(at, label)


def met_at(spec: FormSpec, cell: Where, table: Where) -> Where:
    """The place of a form whose first label stands in this cell of this table."""
    line, page = cell.line or table.line, cell.page or table.page
    return Where(table=spec.title, line=line, page=page, block=table.block)


def _bracketed(spec: FormSpec, text: str) -> str:
    """The group that a label names in brackets behind one that is none: 行政诉讼（复议后起诉）."""
    words = "".join(text.split())
    named = [group for label, group in spec.groups.items() if label in words]
    return named[0] if len(named) == 1 else ""


def _no_label(text: str) -> bool:
    """What stands in a cell of figures instead of one: 零, XX, 1余; the name of a unit or a remark is none."""
    shown = printed(text)
    return len(shown) <= _SHORT and not UNIT.fullmatch(shown)


def _names(text: str) -> bool:
    """Whether a cell has words: no figure, no mark for nothing, no unit."""
    return not (empty(text) or numeric(text) or UNIT.fullmatch(printed(text)))


def _filled_up(cell: Cell) -> bool:
    """The row has no cell here: the reader made it as long as the others."""
    return not cell.text and cell.where == NOWHERE


def _common(label: str) -> bool:
    """其他 and 总计 stand in any table."""
    return len(key_of(label)) <= 2


def _joined(upper: Cell | None, lower: Cell) -> Cell:
    """A cell cut by a page break: what is filled in of its two halves."""
    if upper is not None and read(upper)[0] == "blank":
        return lower
    return upper if upper is not None and read(lower)[0] == "blank" else unread(lower.where)
