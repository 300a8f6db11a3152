"""A form after all was read: which edition it is, what it lacks, and a fact for each of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from checker.extract.tables.cells import amount, figure, key_of, read, unit_of
from checker.extract.tables.near import alike, letters
from checker.extract.tables.seen import At, Seen, elsewhere, last_step
from checker.factmap import BlockSpec
from checker.late import remembered
from checker.model import ABSENT, Cell, Era, Fact, FactState, Form, Section, Where, record

_DOUBTFUL = 1_000  #: 万元: more than an office of a county takes in fees, or spends on disclosure
_NAMELESS = "没有名称的一行数"
_OPEN = ("early",)  #: lists of which each province printed some rows, and none has all
EDITIONS: Mapping[Era, str] = {"C": "2019", "D": "2021"}  #: era -> the year of the format that its forms have


@record
class Frame:
    """All of a form but its figures: what hangs on its labels, on the era, and on what else stands in the report."""

    edition: str
    rows: tuple[tuple[At, str | None, tuple[tuple[str, str, str | None], ...]], ...]  #: label; column, fact, its label
    names: tuple[str, ...]  #: of all these facts
    sound: bool
    blurred: bool
    whole: bool
    missing: tuple[str, ...]
    lost: tuple[str, ...]
    renamed: tuple[str, ...]
    extra: tuple[str, ...]
    surplus: tuple[str, ...]
    foreign: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass
class Framed:
    """The frame of one form, worked out."""

    seen: Seen
    era: Era | None
    captions: Set[str]
    ungrouped: Sequence[str]  #: labels of its groups that stand nowhere
    text: str  #: of a flattened form that of the whole report, of others that of lines with rows of forms
    wrapped: bool  #: lines were broken at a fixed column: a label that is not met may be in two pieces

    def frame(self) -> Frame:
        seen, spec = self.seen, self.seen.spec
        edition = self.edition()
        met = {n for n, _ in seen.rows}
        own = [
            (n, block)
            for n, block in enumerate(spec.blocks)
            if block.edition in ("", edition) and (n in met or not block.optional)
        ]
        missing = self.missing(own)
        blurred = seen.blurred or 2 * seen.bare > len(seen.rows)  # a head cut by a page break
        blurred |= (self.wrapped and bool(missing or seen.extra)) or self.headless(own)
        if spec.id in _OPEN and not seen.flat:
            blurred |= len(seen.others) > len(seen.rows)  # most of its figures stand in rows of other names
        blurred |= (spec.id not in _OPEN and self.broken(missing)) or self.jumbled(missing)
        sound = self.sound(own)
        heads = own if spec.shape != "list" and seen.columns and sound else []
        lost = [label for n, block in heads for col, label in block.columns.items() if (n, col) not in seen.columns]
        return Frame(
            edition,
            tuple(self.rows(own)),
            tuple(dict.fromkeys([name for _, block in own for _, _, name in block.cells])),
            sound,
            blurred,
            not (seen.strange or blurred or (seen.flat and spec.id not in _OPEN)),
            (*missing, *(f"分组名称“{label}”" for label in self.ungrouped)) if sound else (),
            tuple(dict.fromkeys(lost)),
            self.renamed(),
            tuple(dict.fromkeys(map(_tidy, seen.extra))) + self.grouped(edition),
            # one that is missing may be there by another name
            () if missing else tuple(dict.fromkeys(_tidy(label) or _NAMELESS for label in seen.surplus)),
            self.foreign(edition),
            tuple(dict.fromkeys(map(_tidy, [*seen.rows.values(), *seen.columns.values()]))),
        )

    def rows(self, own: Sequence[tuple[int, BlockSpec]]) -> Iterator[tuple[At, str | None, Any]]:
        """Each row with its label, and for each of its columns that and the fact and the label of the column."""
        for n, block in own:
            labels: Mapping[str, str | None] = block.rows or {"": None}
            for row, cells in groupby(block.cells, itemgetter(0)):
                heads = [
                    (col, name, block.columns[col] if self.seen.spec.shape != "list" else None)
                    for _, col, name in cells
                ]
                yield (n, row), labels[row], tuple(heads)

    def broken(self, missing: Sequence[str]) -> bool:
        """A row was not met, and yet its label stands in the lines, if in pieces: it is unread, not missing."""
        labels = [words for label in missing if len(words := _letters(label)) >= 4]
        words = _letters(self.text) if labels and self.text else ""
        return any(label in words for label in labels)

    def jumbled(self, missing: Sequence[str]) -> bool:
        """A row that was not met stands there with its characters in another order, as the page was turned."""
        strange = list(map(letters, self.seen.strange)) if missing else []
        return any(letters(label) in strange for label in missing)

    def headless(self, own: Sequence[tuple[int, BlockSpec]]) -> bool:
        """A part of a flattened form has rows and no head, and no corner of one is left: the text has lost it."""
        seen = self.seen
        if not seen.flat or not seen.spec.skip or seen.spec.parents:
            return False
        rows, heads = {n for n, _ in seen.rows}, {n for n, _ in seen.columns}
        counts = list(map(self.text.count, seen.spec.skip))
        corners = max(counts) if seen.spec.shape == "grid" else sum(counts)  # of a grid one is part of the other
        return any(n in rows and n not in heads for n, _ in own) and corners < len(own)

    def sound(self, own: Sequence[tuple[int, BlockSpec]]) -> bool:
        """Most of its rows are there; of a flattened form with fewer nobody knows what the text has lost."""
        rows = [(n, row) for n, block in own for row in block.rows]
        return not self.seen.flat or sum(row in self.seen.rows for row in rows) >= 0.8 * len(rows)

    def edition(self) -> str:
        """The format whose own rows and columns were met most; between equals the one of the report's year."""
        usual = EDITIONS.get(self.era, "") if self.era else ""
        votes = Counter(next(iter(found)) for found in self.labels.values() if len(found) == 1)
        known = sorted({block.edition for block in self.seen.spec.blocks} - {""})
        return max(known, key=lambda name: (votes[name], name == usual), default="")

    @cached_property
    def labels(self) -> dict[str, set[str]]:
        """Label as printed -> the editions that have it."""
        found: dict[str, set[str]] = {}
        for (block, _), label in (*self.seen.rows.items(), *self.seen.columns.items()):
            found.setdefault(label, set()).add(self.seen.spec.blocks[block].edition)
        return found

    def missing(self, own: Sequence[tuple[int, BlockSpec]]) -> tuple[str, ...]:
        captions = [block.caption for _, block in own if block.caption and block.caption[6] not in self.captions]
        rows = [label for n, block in own for row, label in block.rows.items() if (n, row) not in self.seen.rows]
        return (*dict.fromkeys(captions), *rows)

    def renamed(self) -> tuple[str, ...]:
        seen = self.seen
        printed = dict.fromkeys([*seen.rows.values(), *seen.columns.values()])
        printed |= dict.fromkeys(key for key in seen.spec.wrong if key in seen.spec.groups)
        wrong = seen.spec.wrong
        pairs = [(label, wrong.get(key_of(label)) or wrong.get(last_step(label))) for label in printed]
        return tuple(f"{_tidy(label)}（应为{right}）" for label, right in pairs if right)

    def grouped(self, edition: str) -> tuple[str, ...]:
        """Rows of another edition that are only the head of a group here, and yet carry figures."""
        seen, parents = self.seen, self.seen.spec.parents
        rows = {at: label for at, label in seen.rows.items() if key_of(label) in parents}
        other = {at: label for at, label in rows.items() if seen.spec.blocks[at[0]].edition not in ("", edition)}
        filled = [
            label
            for row, label in other.items()
            if any(read(cell)[0] == "given" for cells in seen.facts.get(row, ()) for cell in cells.values())
        ]
        return tuple(map(_tidy, filled))

    def foreign(self, edition: str) -> tuple[str, ...]:
        """Labels that the edition of the report's year does not have."""
        wanted = EDITIONS.get(self.era, edition) if self.era else edition
        other = [label for label, found in self.labels.items() if label and not found & {"", wanted}]
        parents = self.seen.spec.parents if edition == wanted else ()
        return tuple(dict.fromkeys(_tidy(label) for label in other if key_of(label) not in parents))


@dataclass
class Finished:
    """A form of which the frame is known, and a fact for each of its cells."""

    seen: Seen
    frame: Frame
    section: Section | None  #: the part of the report where it stands
    below: bool  #: in none, but below the signature
    units: list[str] = field(default_factory=list)  #: amounts in another unit than the form's
    gaps: dict[tuple[str, str], None] = field(default_factory=dict)  #: (cause, label) of what was not read

    def form(self) -> tuple[Form, dict[str, Fact]]:
        seen, frame, section = self.seen, self.frame, self.section
        named = (section.heading.label + section.heading.text)[:40] if section else None
        facts = self.facts(named)
        form = Form(
            seen.spec.id,
            seen.spec.title,
            frame.edition,
            section.heading.topics if section else (),
            replace(seen.where, section=named),
            frame.names,
            frame.missing,
            frame.lost,
            (*frame.renamed, *dict.fromkeys(self.units)),
            frame.extra,
            frame.foreign,
            frame.labels,
            seen.note or not seen.spec.note,
            frame.whole,
            frame.blurred,
            tuple(self.gaps),
            seen.beside,
            frame.surplus,
            self.below,
        )
        return form, facts

    def facts(self, section: str | None) -> dict[str, Fact]:
        """What the cells say, by the ids of their facts."""
        facts: dict[str, Fact] = {}
        spec, whole = self.seen.spec, self.frame.whole
        table, money, at = spec.title, spec.money, self.seen.where
        last: Where | None = None
        for pair, label, columns in self.frame.rows:
            cells, again = self.printed(pair)
            for col, name, head in columns:
                cell = cells.get(col)
                if cell is None:
                    place = Where(section, table, label, head, at.line, at.page, at.block)
                    free = spec.blocks[pair[0]].optional and pair not in self.seen.why
                    gone = free or (whole and self.surely(pair, col))
                    facts[name] = ABSENT if gone else Fact("unread", where=place)
                    if facts[name] is not ABSENT:
                        self.gap(*(("column", head) if cells else (self.seen.why.get(pair, "row"), label or head)))
                    continue
                where, raw = cell.where, "" if cell.unread else cell.text.strip()
                if where is not last:  # the cells of a row may share it
                    last, line, block = where, where.line or at.line, where.block or at.block
                place = Where(
                    section, table, label, head, line, where.page, block, raw[:200], None, where.cell, where.sheet
                )
                state, value = ("unread", None) if cell.unread else figure(cell.text)
                cause = self.seen.why.get(pair, "cell") if state == "unread" else ""
                others = [other[key] for other in again for key in (col, elsewhere(col)) if key in other]
                if any(read(other) != (state, value) for other in others):
                    cause = cause or "twice"
                elif value and name in money:
                    state, value = self.amount(name, pair, col, label or "", cell, value)
                    cause = "unit" if state == "unread" else ""
                facts[name] = Fact("unread", where=place) if cause else Fact(state, value, raw, place)
                if cause:
                    self.gap(cause, label or head)
        return facts

    def gap(self, cause: str, label: str | None) -> None:
        self.gaps[cause, label or ""] = None

    def amount(
        self, name: str, row: At, col: str, label: str, cell: Cell, value: int | float
    ) -> tuple[FactState, int | float | None]:
        """An amount in the form's unit; one of which no unit is printed may be of 元, when it is that large."""
        due = self.seen.spec.money[name]
        head = self.seen.columns.get((row[0], col), "") + self.seen.rows.get(row, "")
        unit = unit_of(cell.text) or self.seen.units.get(row, "")
        if not unit and due not in head:
            return ("unread", None) if value > _DOUBTFUL else ("given", value)
        if unit and unit != due:
            self.units.append(f"{label}的单位“{unit}”（应为“{due}”）")
        return "given", amount(value, unit or due, due)

    def printed(self, row: At) -> tuple[Mapping[str, Cell], Sequence[Mapping[str, Cell]]]:
        """What stands in a row, by column, and all of its printings where it is printed more than once."""
        times = self.seen.facts.get(row, [{}])
        if len(times) == 1:
            return times[0], ()
        return {col: cell for cells in reversed(times) for col, cell in cells.items()}, times

    def surely(self, row: At, col: str) -> bool:
        """The row, or the column, is really not in the form: no unknown one might be it."""
        if self.seen.spec.id in _OPEN:
            labels = [key for key, found in self.seen.spec.rows.items() if row in found]
            return not any(alike(key, labels) for key in self.seen.others)
        return row not in self.seen.rows or ((row[0], col) not in self.seen.columns and not self.seen.extra)


def _letters(text: str) -> str:
    """The words without what may stand between their pieces: figures, marks, the ends of lines."""
    return "".join(filter(str.isalpha, text))


@remembered
def _tidy(label: str) -> str:
    return "".join(label.split())
