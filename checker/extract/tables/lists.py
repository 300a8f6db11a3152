"""Tables that are lists of indicators: a label and its figure in each row (the statistics returns of 2008 to 2018)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from checker.extract.tables.cells import MONEY, UNIT, key_of, numeric, unread
from checker.extract.tables.seen import Seen, below
from checker.factmap import FormSpec
from checker.model import Cell, Table, printed


def take_list(table: Table, specs: Sequence[FormSpec], seen: dict[str, Seen], year: int | None = None) -> bool:
    """Take a table that is a list of indicators; False when it is none.

    A column may be headed by the report's ``year``.
    """
    labels = {key_of(text) for text in {cell.text for row in table.rows for cell in row}}
    specs = [spec for spec in specs if not labels.isdisjoint(spec.rows)]
    if not specs:
        return False
    keys = Counter(
        spec.id for row in table.rows for key in {key_of(c.text) for c in row} for spec in specs if key in spec.rows
    )
    spec = max(specs, key=lambda spec: keys[spec.id])
    if keys[spec.id] < 3:
        return False
    form = seen.setdefault(spec.id, Seen(spec, replace(table.where, table=spec.title)))
    form.columns[0, "n"] = ""
    values: set[int] = set()
    under = ""
    named = {*spec.columns, *((f"{year}年", f"{year}年度") if year else ())}
    for row in table.rows:
        row_keys = [key_of(cell.text) for cell in row]
        if heads := {at for at, key in enumerate(row_keys) if key in named}:
            values = heads
            continue
        last = None
        for at, cell in enumerate(row):
            if cell.text and cell is not last and row_keys[at] in spec.rows:
                under = _indicator(form, row, at, values, under)
            last = cell
        if spec.rows.keys().isdisjoint(row_keys) and any(numeric(cell.text) for cell in row):
            form.others += [key for key in row_keys if len(key) >= 4]
    return True


def _indicator(form: Seen, row: Sequence[Cell], at: int, values: set[int], under: str) -> str:
    """Take the figure of the label at position ``at``; the row below which the following ones stand."""
    spec, cell = form.spec, row[at]
    found = below(spec, spec.rows[key_of(cell.text)], under)
    spots = [i for i in sorted(values) if i > at][:1] or _alone(row, at)
    unsure = not spots or cell.unread or row[spots[0]].unread
    value = unread(cell.where) if unsure else Cell(row[spots[0]].text, cell.where)
    unit = next((unit for each in row[at + 1 :] if (unit := printed(each.text)) in MONEY), "")
    for pair in found:
        form.rows.setdefault(pair, cell.text)
        form.put(pair, "n", value)
        if unit:
            form.units[pair] = unit
    return next((name for _, name in found if any(block.under == name for block in spec.blocks)), under)


def _alone(row: Sequence[Cell], at: int) -> list[int]:
    """Where the figure of the label at ``at`` stands below no head: the only figure beside it, or the only cell."""
    beside = [i for i in range(at + 1, len(row)) if row[i] is not row[at] and not UNIT.fullmatch(printed(row[i].text))]
    figures = [i for i in beside if numeric(row[i].text)]
    blanks = [i for i in beside if not key_of(row[i].text)]
    spots = figures + blanks if figures else beside
    return spots if len({row[i].text for i in spots}) == 1 else []
