"""What rules ask for: the names of facts in their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.kinds import KINDS
from checker.late import once_for_each
from checker.model import LAST, Era, Pack, Turn

_ASKED: dict[tuple[int, Era], tuple[Pack, frozenset[str]]] = {}


def asked(pack: Pack, era: Era) -> frozenset[str]:
    """The facts that rules and elements of a pack may look at in an era: half of all that can be read."""
    kept = _ASKED.get((id(pack), era))
    if kept is None or kept[0] is not pack:
        if len(_ASKED) >= 64:
            _ASKED.clear()
        kept = _ASKED[id(pack), era] = pack, frozenset(_asked(pack, era))
    return kept[1]


def _asked(pack: Pack, era: Era) -> Iterator[str]:
    """Whatever is named in a parameter of a rule, or in what its kind takes for granted, may be a fact.

    A rule of the next era may ask for a fact of last year's report, which is of this one.
    """
    for spec in pack.elements:
        yield from spec.facts.get(era, ())
    for rule in pack.rules:
        names: set[str] = set()
        for turn in rule.turns:
            for call in filter(None, (turn.call, turn.when)):
                _add_names([call.params, KINDS[call.kind].__kwdefaults__], names)
        yield from (name.removeprefix(LAST) for name in names if era in rule.eras or name.startswith(LAST))


@once_for_each(4096)
def names_of(turn: Turn) -> tuple[frozenset[str], frozenset[str]]:
    """Every name that a turn's parameters hold, which may be a fact's, and the forms that they may be of."""
    names: set[str] = set()
    for call in filter(None, (turn.call, turn.when)):
        _add_names(call.params, names)
    return frozenset(names), frozenset({name.partition(".")[0] for name in names})


def _add_names(value: Any, names: set[str]) -> None:
    """Puts all texts of a parameter into ``names``, and the facts of a formula. It sees thousands in a start."""
    if isinstance(value, str):
        names.add(value)
    elif isinstance(value, list | tuple):
        for inner in value:
            _add_names(inner, names)
    elif isinstance(value, Mapping):
        names.update(value)
        for inner in value.values():
            _add_names(inner, names)
    else:
        names.update(getattr(value, "names", ()))
