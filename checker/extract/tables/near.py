"""Labels that an office renamed (未审结 for 尚未审结): what they stand for, where nothing else comes near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from checker.extract.tables.cells import UNIT, key_of, numeric
from checker.extract.tables.seen import last_step
from checker.factmap import FormSpec, heads_of
from checker.late import late
from checker.model import Form, mark_of, printed

_ALIKE, _APART = 0.65, 0.2  #: how like the label it is, and how much more so than any other of its form
_LONGEST = 40  #: characters of a label
_LEFT_OUT = 2  #: characters that an office leaves out at the end of a label, at most
_TELLING = 5  #: rows of a form, so many that it is no chance
_YEAR = late(r"20\d\d年度?")
_DENIED = late(r"[不未无非免]")


def taught(specs: Sequence[FormSpec], forms: Sequence[Form], cells: Iterable[str]) -> Sequence[FormSpec]:
    """The forms with what their labels are called in these cells; ``specs`` themselves where nothing is found.

    A label may stand for one that was not met of its form: no other of its labels is like it, both deny alike (予以公开
    is no 不予公开), and no second one stands for the same.
    """
    known = {key for spec in specs for key in (*spec.rows, *spec.columns, *spec.groups, *spec.skip, *spec.parents)}
    there = _printed(cells)
    strange = [key for key in there if key not in known]
    met = {form.id: form for form in forms}
    found = [_taught(spec, met.get(spec.id), strange, there) for spec in specs]
    return specs if all(new is old for new, old in zip(found, specs, strict=True)) else found


def _printed(cells: Iterable[str]) -> list[str]:
    """The keys of all words in the cells that may be labels."""
    words = [
        text for text in dict.fromkeys(cells) if not (numeric(text) or mark_of(text) or UNIT.fullmatch(printed(text)))
    ]
    keys = dict.fromkeys(key for text in words for key in (key_of(text), last_step(text)))
    return [key for key in keys if 1 < len(key) <= _LONGEST]


def _taught(spec: FormSpec, form: Form | None, strange: Sequence[str], there: Sequence[str]) -> FormSpec:
    """``form``: what was met of it; None where its labels are there and too little of its head."""
    if form is None and len({*spec.rows, *spec.columns, *spec.groups} & {*there}) < _TELLING:
        return spec
    across = spec.columns
    if form and len(form.foreign) == 1:  # one label as another year's format has it is a changed one
        edition = {n for n, block in enumerate(spec.blocks) if block.edition in ("", form.edition)}
        across = {key: at for key, at in across.items() if any(n in edition for n, _ in at)}
        strange = [*strange, *(key for key in map(key_of, form.foreign) if key in spec.columns.keys() - across.keys())]
    rows = _meant(spec.rows, form.missing if form else (), strange)
    if not spec.groups:
        heads = (label for block in spec.blocks for label in block.columns.values())
        lost = form.lost if form else [label for label in heads if key_of(label) not in there]
        columns, groups = _meant(across, lost, strange), dict[str, str]()
    else:
        parts = [label.split(" ") for label in spec.blocks[0].columns.values()]
        ids = {across[key][0][1] for key in across.keys() & there}
        columns = _meant(across, [col for _, col in parts if across[key_of(col)][0][1] not in ids], strange)
        groups = _meant(spec.groups, [group for group, _ in parts if key_of(group) not in there], strange)
    if not (rows or columns or groups):
        return spec
    across = {**spec.columns, **{key: across[key_of(label)] for key, label in columns.items()}}
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
        sure = best in official and named[best] >= _ALIKE and named[best] - max(others, default=0.0) >= _APART
        if sure and not _broken(key, key_of(official[best]), strange):
            pairs.setdefault(official[best], []).append(key)
    return {keys[0]: label for label, keys in pairs.items() if len(keys) == 1}


def _broken(key: str, label: str, strange: Sequence[str]) -> bool:
    """Whether it is rather a piece of a label that goes on in another line than another name for it."""
    goes_on = label.startswith(key) and len(label) - len(key) > _LEFT_OUT
    return goes_on or any(label in (key + rest, rest + key) for rest in strange)


def alike(key: str, labels: Iterable[str]) -> bool:
    """Whether words may be one of these labels in another spelling, if not for certain."""
    return any(_like(key, label) >= _ALIKE for label in labels)


def _like(one: str, other: str) -> float:
    """How alike two labels are, from 0 to 1; not at all where one denies what the other does not.

    Nor where the same characters stand in another order: so a turned page is read, and nobody renamed anything. Nor
    where they name different units.
    """
    if "元" in one and [word in one for word in ("元", "万元")] != [word in other for word in ("元", "万元")]:
        return 0.0
    if len(_DENIED.findall(one)) != len(_DENIED.findall(other)) or letters(one) == letters(other):
        return 0.0
    return SequenceMatcher(None, _YEAR.sub("本年", one), other, autojunk=False).ratio()


def letters(label: str) -> list[str]:
    """The letters of a label in order of the alphabet: two with the same ones differ in marks or sequence alone."""
    return sorted(filter(str.isalpha, label))
