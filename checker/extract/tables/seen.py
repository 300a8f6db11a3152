"""What was met of a form so far, and which of its rows a label names."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checker.extract.tables.cells import key_of, numeric
from checker.factmap import FormSpec
from checker.late import late
from checker.model import Cell, Where

_STEP = late(r"(?=[（(]\s*[一二三四五六七八九]\s*[）)]|(?<!\d)\d{1,2}\s*[.．、])")

_ELSEWHERE = "?"  #: before the name of a column
_REMARK = late(r"\s*[（(][^（()）]*[）)]\Z")  # 3.其他（撤回等）

At = tuple[int, str]  #: block of a form, id of a row or column


@dataclass(slots=True)
class Seen:
    """What was met of one form so far."""

    spec: FormSpec
    where: Where
    #: what stands in each row, by column, as often as it is printed
    facts: dict[At, list[Mapping[str, Cell]]] = field(default_factory=dict)
    rows: dict[At, str] = field(default_factory=dict)
    columns: dict[At, str] = field(default_factory=dict)
    why: dict[At, str] = field(default_factory=dict)  #: of rows whose figures are not certain: the cause
    units: dict[At, str] = field(default_factory=dict)  #: of amounts, where a cell of their row names one
    strange: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)  #: labels, or nothing, of rows of figures that it does not have
    others: list[str] = field(default_factory=list)  #: of a list: keys of labels with a figure that are none of its own
    note: bool = False
    flat: bool = False
    blurred: bool = False  #: a label could not be read for certain
    beside: str = ""  #: the caption of the same form for another year
    bare: int = 0  #: rows with a figure below no label
    met: tuple[Where, Where] | None = None  #: of a grid: the cell and the table where it was met first
    frames: dict[Hashable, Any] = field(default_factory=dict)  #: what follows from all this but the facts

    def headed(self) -> None:
        """Of a form of one row the head alone was met: it is there, and nobody knows what stands in its row."""
        every = self.spec.blocks[0].columns
        if self.spec.groups and not (self.flat or self.rows) and every.keys() <= {column for _, column in self.columns}:
            self.rows[0, ""] = self.spec.title
            self.blurred, self.why[0, ""] = True, "figures"

    def precedes(self, found: Sequence[At]) -> bool:
        """Whether only rows from the first half before these were met: a sum there is none that the form has."""
        block, row = found[0]
        order = list(self.spec.blocks[block].rows)
        met = [order.index(each) for at, each in self.rows if at == block]
        return bool(met) and 2 * max(met) < order.index(row)

    def put(self, row: At, column: str, cell: Cell) -> None:
        """Note what stands where a row and a column cross."""
        self.facts.setdefault(row, []).append({column: cell})

    def fill(self, rows: Iterable[At], columns: Mapping[int, str], values: Sequence[Cell]) -> bool:
        """Note what stands in a row at the positions of ``columns``, whose keys tell the column of the row's block.

        False: none of them is a column of the row's block.
        """
        known: Mapping[str, str] | None = None
        met = False
        for row in rows:
            heads = self.spec.heads[row[0]]
            if heads is not known:  # most blocks have the columns of the one before
                known = heads
                named = [(heads[key], values[at]) for at, key in columns.items() if key in heads]
                cells = dict(named)
                # where two keys name one column, both cells count
                printed = [cells] if len(cells) == len(named) else [{col: cell} for col, cell in named]
            self.facts.setdefault(row, []).extend(printed)
            met = met or bool(named)
        return met

    def misplaced(self, rows: Iterable[At], values: Sequence[Cell]) -> None:
        """Note what a row says that stands below the columns of another block: where it stands in its own as well, it
        is printed twice.
        """
        figures = list({id(cell): cell for cell in values if numeric(cell.text)}.values())
        for row in rows:
            own = dict.fromkeys(self.spec.heads[row[0]].values())
            if len(own) == len(figures):
                printed = {elsewhere(col): cell for col, cell in zip(own, figures, strict=True)}
                self.facts.setdefault(row, []).append(printed)


def elsewhere(col: str) -> str:
    """The name of a column for what a row says below the columns of another block."""
    return _ELSEWHERE + col


def matching(spec: FormSpec, label: str) -> tuple[At, ...]:
    """The (block, row) pairs that a label names, labels of the groups above it put aside."""
    if found := spec.rows.get(key_of(label), ()):
        return found
    if label.endswith(("）", ")")) and (found := spec.rows.get(key_of(_REMARK.sub("", label)), ())):
        return found
    if not spec.parents:
        return ()
    *above, last = [key_of(part) for part in _STEP.split(label)]
    return spec.rows.get(last, ()) if all(part in spec.parents for part in above if part) else ()


def last_step(label: str) -> str:
    """The key of a label's last part: of （四）无法提供1.本机关不掌握相关政府信息 the row's own."""
    return key_of(_STEP.split(label)[-1])


def below(spec: FormSpec, found: Iterable[At], under: str) -> list[At]:
    """Of rows of one name those that stand below the row ``under``, or that stand below none."""
    return [(block, row) for block, row in found if spec.blocks[block].under in ("", under)]
