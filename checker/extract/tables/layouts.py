"""The walk over all tables of a document, kept by their labels: offices print the same forms with other figures.

What the walk finds hangs on the words of the cells, on where figures stand and on which cells are merged, and on no
figure. So the tables of the next document with the same words need no walk.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from checker.extract.tables.cells import figure, numeric
from checker.extract.tables.grids import Grids, met_at
from checker.extract.tables.lists import take_list
from checker.extract.tables.seen import At, Seen
from checker.extract.tables.sides import without_sides
from checker.factmap import FormSpec
from checker.late import once_for_each, remembered
from checker.model import NOWHERE, Cell, Table, record

_MOST = 64  #: layouts that are kept
_LARGEST = 2_000  #: cells of a document whose layout is kept


@record
class _Empty:
    """A form without its cells: in their place stand their numbers among all cells of the document."""

    form: Seen
    cells: Mapping[At, Sequence[Mapping[str, int]]]
    cell: int  #: where it was met first
    table: int

    def filled(self, cells: Sequence[Cell], tables: Sequence[Table]) -> Seen:
        printed: dict[At, list[Mapping[str, Cell]]] = {
            at: [{col: cells[number] for col, number in row.items()} for row in rows] for at, rows in self.cells.items()
        }
        where = met_at(self.form.spec, cells[self.cell].where, tables[self.table].where)
        return replace(self.form, facts=printed, where=where)


@record
class _Layout:
    forms: tuple[_Empty, ...]
    known: bool  #: all tables with figures are of forms


def walked(
    tables: Sequence[Table], layouts: Sequence[FormSpec], year: int | None, *, keep: bool
) -> tuple[dict[str, Seen], bool]:
    """What was met of the forms in these tables, and whether all tables with figures are of forms.

    ``keep``: the layout may come again. ``year``: of the report, by which a list may head its figures; of lists none
    is kept.
    """
    cells = [cell for table in tables for row in table.rows for cell in row]
    if not keep or len(cells) > _LARGEST or True in [cell.unread for cell in cells]:
        return _walk(tables, layouts, year)[:2]
    kept, signature = _kept(layouts), _signature(tables, cells)
    layout = kept.get(signature)
    if layout is None:
        seen, known, compared = _walk(tables, layouts, year)
        if compared or (forms := _emptied(seen, cells, tables)) is None:
            return seen, known
        if len(kept) >= _MOST:
            kept.clear()
        layout = kept[signature] = _Layout(forms, known)
    return {each.form.spec.id: each.filled(cells, tables) for each in layout.forms}, layout.known


def _walk(tables: Sequence[Table], layouts: Sequence[FormSpec], year: int | None) -> tuple[dict[str, Seen], bool, bool]:
    """Also whether it looked at what figures say."""
    seen: dict[str, Seen] = {}
    grids = Grids([spec for spec in layouts if spec.shape != "list"], seen)
    lists = [spec for spec in layouts if spec.shape == "list"]
    known = [take_list(table, lists, seen, year) or grids.table(table) for table in without_sides(tables, layouts)]
    for form in seen.values():
        form.headed()
    return seen, all(known), grids.compared


@once_for_each(4)
def _kept(_layouts: Sequence[FormSpec]) -> dict[Hashable, _Layout]:
    return {}


@remembered
def _word(text: str) -> str | None:
    """What the walk sees of a cell: its words, or that there is a figure."""
    return None if numeric(text) and figure(text)[0] == "given" else text


def _signature(tables: Sequence[Table], cells: Sequence[Cell]) -> Hashable:
    """All that a walk looks at: words, which positions of a row are one cell, and which no cell covers."""
    words = tuple(map(_word, [cell.text for cell in cells]))
    merged: list[Hashable] = []
    for row in chain.from_iterable([table.rows for table in tables]):
        places = list(map(id, row))
        merged.append(len(row) if len(set(places)) == len(row) else tuple(map(places.index, places)))
    bare = tuple([at for at, cell in enumerate(cells) if not cell.text and cell.where == NOWHERE])
    return words, tuple(merged), tuple([len(table.rows) for table in tables]), bare


def _emptied(seen: Mapping[str, Seen], cells: Sequence[Cell], tables: Sequence[Table]) -> tuple[_Empty, ...] | None:
    """The forms without their cells; None where one of these is none of the document, or a form is no grid."""
    numbers = {id(cell): at for at, cell in enumerate(cells)}
    places = {id(cell.where): at for at, cell in enumerate(cells)}
    heads = {id(table.where): at for at, table in enumerate(tables)}
    forms = []
    for form in seen.values():
        printed = {id(cell) for rows in form.facts.values() for row in rows for cell in row.values()}
        if form.met is None or not printed <= numbers.keys():
            return None
        numbered = {
            at: [{col: numbers[id(cell)] for col, cell in row.items()} for row in rows]
            for at, rows in form.facts.items()
        }
        cell, table = map(id, form.met)
        forms.append(_Empty(replace(form, facts={}, met=None), numbered, places[cell], heads[table]))
    return tuple(forms)
