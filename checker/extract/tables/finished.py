"""A form after all was read: which edition it is, what it lacks, and a fact for each of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from checker.extract.tables.cells import amount, key_of, read, unit_of
from checker.extract.tables.seen import At, Seen
from checker.factmap import BlockSpec
from checker.late import remembered
from checker.model import ABSENT, Cell, Era, Fact, FactState, Form, Section, Where

_DOUBTFUL = 1_000  #: 万元: more than an office of a county takes in fees, or spends on disclosure
EDITIONS: Mapping[Era, str] = {"C": "2019", "D": "2021"}  #: era -> the year of the format that its forms have


@dataclass
class Finished:
    """One form after all was read: which edition it is, what it lacks, a fact for each of its cells."""

    seen: Seen
    era: Era | None
    captions: set[str]
    sections: Sequence[Section]
    text: str  #: of the whole report
    wrapped: bool  #: lines were broken at a fixed column: a label that is not met may be in two pieces
    units: list[str] = field(default_factory=list)  #: amounts in another unit than the form's
    gaps: dict[tuple[str, str], None] = field(default_factory=dict)  #: (cause, label) of what was not read

    def form(self) -> tuple[Form, dict[str, Fact]]:
        seen, spec = self.seen, self.seen.spec
        seen.blurred |= 2 * seen.bare > len(seen.rows)  # a head cut by a page break
        edition = self.edition()
        own = [(n, block) for n, block in enumerate(spec.blocks) if block.edition in ("", edition)]
        section = self.section()
        missing = self.missing(own)
        seen.blurred |= (self.wrapped and bool(missing or seen.extra)) or self.headless(own)
        seen.blurred |= self.broken(missing) or self.jumbled(missing)
        whole = not (seen.strange or seen.flat or seen.blurred)
        named = _named(section)
        facts: dict[str, Fact] = {}
        for n, block in own:
            facts |= self.facts(n, block, whole, named)
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
            (*missing, *(f"分组名称“{label}”" for label in seen.ungrouped)) if sound else (),
            tuple(dict.fromkeys(lost)),
            (*self.renamed(), *dict.fromkeys(self.units)),
            tuple(dict.fromkeys(map(_tidy, seen.extra))) + self.grouped(edition),
            self.foreign(edition),
            tuple(dict.fromkeys(map(_tidy, [*seen.rows.values(), *seen.columns.values()]))),
            seen.note or not spec.note,
            whole,
            seen.blurred,
            tuple(self.gaps),
            seen.beside,
        )
        return form, facts

    def broken(self, missing: Sequence[str]) -> bool:
        """A row of a flattened form was not met, and yet its label stands in the text: it is unread, not missing."""
        return self.seen.flat and any(len(label) >= 4 and label in self.text for label in missing)

    def jumbled(self, missing: Sequence[str]) -> bool:
        """A row that was not met stands there with its characters in another order, as the page was turned."""
        strange = list(map(_letters, self.seen.strange)) if missing else []
        return any(_letters(label) in strange for label in missing)

    def headless(self, own: Sequence[tuple[int, BlockSpec]]) -> bool:
        """A part of a flattened form has rows and no head, and no corner of one is left: the text has lost it."""
        seen = self.seen
        if not seen.flat or not seen.spec.skip or seen.spec.parents:
            return False
        rows, heads = {n for n, _ in seen.rows}, {n for n, _ in seen.columns}
        corners = sum(map(self.text.count, seen.spec.skip))
        return any(n in rows and n not in heads for n, _ in own) and corners < len(own)

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
        printed |= dict.fromkeys(key for key in seen.spec.wrong if key in seen.spec.groups)
        pairs = [(label, seen.spec.wrong.get(key_of(label))) for label in printed]
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

    def facts(self, n: int, block: BlockSpec, whole: bool, section: str | None) -> dict[str, Fact]:
        """What the cells of a block say, by the ids of their facts."""
        facts: dict[str, Fact] = {}
        spec = self.seen.spec
        table, at, listed = spec.title, self.seen.where, spec.shape == "list"
        labels: Mapping[str, str | None] = block.rows or {"": None}
        rows = {row: (label, *self.printed((n, row))) for row, label in labels.items()}
        for row, col, name in block.cells:
            label, cells, again = rows[row]
            head = None if listed else block.columns[col]
            cell = cells.get(col)
            if cell is None:
                place = Where(section, table, label, head, at.line, at.page, at.block)
                facts[name] = ABSENT if whole and self.surely(n, row, col) else Fact("unread", where=place)
                if facts[name] is not ABSENT:
                    self.gap(*(("column", head) if cells else (self.seen.why.get((n, row), "row"), label or head)))
                continue
            where, raw = cell.where, "" if cell.unread else cell.text.strip()
            place = Where(
                section, table, label, head, where.line or at.line, where.page, where.block or at.block, raw[:200],
                None, where.cell, where.sheet,
            )  # fmt: skip
            state, value = read(cell)
            cause = self.seen.why.get((n, row), "cell") if state == "unread" else ""
            if again and any(read(other[col]) != (state, value) for other in again if col in other):
                cause = cause or "twice"
            elif name in spec.money and value:
                state, value = self.amount(name, (n, row), col, label or "", cell, value)
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

    def surely(self, n: int, row: str, col: str) -> bool:
        """The row, or the column, is really not in the form: no unknown column might be it."""
        return (n, row) not in self.seen.rows or ((n, col) not in self.seen.columns and not self.seen.extra)


def _named(section: Section | None) -> str | None:
    return (section.heading.label + section.heading.text)[:40] if section else None


def _letters(label: str) -> list[str]:
    return sorted(filter(str.isalpha, label))


@remembered
def _tidy(label: str) -> str:
    return "".join(label.split())
