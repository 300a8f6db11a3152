"""Small tables in the text that quote a form: 申请人 | 自然人 | 总计 under the overview is not table three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import chain

from checker.extract.tables.cells import key_of
from checker.factmap import FormSpec
from checker.late import once_for_each
from checker.model import Table

_TELLING = 5  #: labels of a form, so many that it is no chance


def without_sides(tables: Sequence[Table], layouts: Sequence[FormSpec]) -> list[Table]:
    """The tables that are the forms themselves, or of none."""
    if len(tables) < 2:
        return [*tables]
    words = [{key_of(cell.text) for row in table.rows for cell in row} for table in tables]
    quotes, holds = set[int](), set[int]()
    for spec in layouts:
        quoted, held = quoting(spec, words)
        quotes |= quoted
        holds |= held
    return [table for at, table in enumerate(tables) if at in holds or at not in quotes]


def quoting(spec: FormSpec, words: Sequence[Set[str]]) -> tuple[set[int], set[int]]:
    """Of several places the numbers of those that only quote the form, and of those that hold some of it.

    ``words``: the keys of what stands in each. A place that quotes has no label but what stands where the form stands
    best, and less than half of this, or, beside a form of one row that has all its columns, not all of them.
    """
    labels = _labels(spec)
    own = [frozenset(chain.from_iterable(labels[key] for key in labels.keys() & each)) for each in words]
    best = max(own, key=len, default=frozenset())
    if len(best) < _TELLING:
        return set(), set()
    whole = [bool(spec.groups) and _is_whole(spec, each) for each in words]
    small = [2 * len(found) < len(best) or (any(whole) and not whole[at]) for at, found in enumerate(own)]
    quoted = {at for at, found in enumerate(own) if found and found < best and small[at]}
    return quoted, {at for at, found in enumerate(own) if found} - quoted


def _is_whole(spec: FormSpec, found: Set[str]) -> bool:
    columns = {column for key in found for column in spec.columns.get(key, ())}
    groups = {spec.groups[key] for key in found if key in spec.groups}
    return columns == {*chain.from_iterable(spec.columns.values())} and groups == {*spec.groups.values()}


@once_for_each(16)
def _labels(spec: FormSpec) -> Mapping[str, frozenset[tuple[str, object]]]:
    """Each label with what it names, so that 合计 and 总计 are one."""
    found: dict[str, frozenset[tuple[str, object]]] = {}
    for kind, names in (("row", spec.rows), ("column", spec.columns), ("group", spec.groups)):
        for key, named in names.items():
            found[key] = found.get(key, frozenset()) | {(kind, named)}
    return found
