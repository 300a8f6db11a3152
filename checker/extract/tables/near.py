"""Labels that an office renamed (未审结 for 尚未审结): what they stand for, where nothing else comes near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from checker.extract.tables.cells import UNIT, key_of, numeric
from checker.extract.tables.seen import last_step
from checker.factmap import FormSpec, heads_of
from checker.late import late
from checker.model import Form, Table, mark_of, printed

_ALIKE, _APART = 0.65, 0.2  #: how like the label it is, and how much more so than any other of its form
_LONGEST = 40  #: characters of a label
_DENIED = late(r"[不未无非免]")


def taught(specs: Sequence[FormSpec], forms: Sequence[Form], tables: Sequence[Table]) -> Sequence[FormSpec]:
    """The forms with what their labels are called in these tables; ``specs`` themselves where nothing is found.

    A label may stand for one that was not met of its form: no other of its labels is like it, both deny alike (予以公开
    is no 不予公开), and no second one stands for the same.
    """
    known = {key for spec in specs for key in (*spec.rows, *spec.columns, *spec.groups, *spec.skip, *spec.parents)}
    strange = [key for key in _printed(tables) if key not in known]
    met = {form.id: form for form in forms}
    found = [_taught(spec, met[spec.id], strange, tables) if spec.id in met else spec for spec in specs]
    return specs if all(new is old for new, old in zip(found, specs, strict=True)) else found


def _printed(tables: Iterable[Table]) -> list[str]:
    """The keys of all words in the tables that may be labels."""
    texts = dict.fromkeys(cell.text for table in tables for row in table.rows for cell in row)
    words = [text for text in texts if not (numeric(text) or mark_of(text) or UNIT.fullmatch(printed(text)))]
    keys = dict.fromkeys(key for text in words for key in (key_of(text), last_step(text)))
    return [key for key in keys if 1 < len(key) <= _LONGEST]


def _taught(spec: FormSpec, form: Form, strange: Sequence[str], tables: Sequence[Table]) -> FormSpec:
    rows = _meant(spec.rows, form.missing, strange)
    if not spec.groups:
        columns, groups = _meant(spec.columns, form.lost, strange), dict[str, str]()
    else:
        there = set(_printed(tables))
        heads = [label.split(" ") for label in spec.blocks[0].columns.values()]
        ids = {spec.columns[key][0][1] for key in spec.columns.keys() & there}
        columns = _meant(spec.columns, [col for _, col in heads if spec.columns[key_of(col)][0][1] not in ids], strange)
        groups = _meant(spec.groups, [group for group, _ in heads if key_of(group) not in there], strange)
    if not (rows or columns or groups):
        return spec
    across = {**spec.columns, **{key: spec.columns[key_of(label)] for key, label in columns.items()}}
    return replace(
        spec,
        rows={**spec.rows, **{key: spec.rows[key_of(label)] for key, label in rows.items()}},
        columns=across,
        heads=heads_of(across, len(spec.blocks)),
        groups={**spec.groups, **{key: spec.groups[key_of(label)] for key, label in groups.items()}},
        wrong={**spec.wrong, **rows, **columns, **groups},
    )


def _meant(labels: Mapping[str, object], unmet: Iterable[str], strange: Sequence[str]) -> dict[str, str]:
    """Of the strange labels those that stand for one that was not met, with that; ``labels`` lead to what they name."""
    official = {labels[key_of(label)]: label for label in unmet if key_of(label) in labels}
    pairs: dict[str, list[str]] = {}
    for key in strange if official else ():
        named: dict[object, float] = {}
        for label, target in labels.items():
            named[target] = max(named.get(target, 0.0), _like(key, label))
        best = max(named, key=lambda target: named[target])
        others = (like for target, like in named.items() if target != best)
        if best in official and named[best] >= _ALIKE and named[best] - max(others, default=0.0) >= _APART:
            pairs.setdefault(official[best], []).append(key)
    return {keys[0]: label for label, keys in pairs.items() if len(keys) == 1}


def alike(key: str, labels: Iterable[str]) -> bool:
    """Whether words may be one of these labels in another spelling, if not for certain."""
    return any(_like(key, label) >= _ALIKE for label in labels)


def _like(one: str, other: str) -> float:
    """How alike two labels are, from 0 to 1; not at all where one denies what the other does not.

    Nor where the same characters stand in another order: so a turned page is read, and nobody renamed anything.
    """
    if len(_DENIED.findall(one)) != len(_DENIED.findall(other)) or letters(one) == letters(other):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def letters(label: str) -> list[str]:
    """The letters of a label in order of the alphabet: two with the same ones differ in marks or sequence alone."""
    return sorted(filter(str.isalpha, label))
