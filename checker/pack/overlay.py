"""What a local pack may do to the rules it stands on: change them, turn them off for a time, add its own.

A change may tighten and never soften: not the severity, weight, confidence or reach of a rule. What parameters do to
strictness cannot be told in general, so every change is kept with the rule and named in every result.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from checker.model import Era, Rank, Rule, Severity, level_of

#: keys of a rule that an overlay cannot change: it is another rule then
FIXED = ("id", "kind", "each")
#: numbers of which one can tell: +1 where more is stricter, -1 where less is
STRICTER: Mapping[str, int] = {
    "at_least": 1,
    "min": 1,
    "min_chars": 1,
    "max": -1,
    "max_chars": -1,
    "max_hits": -1,
    "max_parts": -1,
    "max_share": -1,
    "max_uncued": -1,
    "tolerance": -1,
    "total_tolerance": -1,
}
#: lists of which one can tell: +1 where more entries are stricter, -1 where each excuses or satisfies one case more
LISTS: Mapping[str, int] = {
    "forbid": 1,
    "words": 1,
    "patterns": 1,
    "all_of": 1,
    "any_of": -1,
    "allow": -1,
    "unless": -1,
    "ignore": -1,
}
#: days such as +1-03-31, one or one for each level: +1 where a later one is stricter
DAYS: Mapping[str, int] = {"not_before": 1, "not_after": -1}
_RANK: Mapping[Severity | None, int] = {None: 0, "info": 1, "should": 2, "must": 3}


def softened(old: Rule, new: Rule, weights: Mapping[Severity, int], changed: Mapping[str, Any]) -> Iterator[str]:
    """The changed keys by which a rule becomes milder anywhere."""
    if _milder(old, new, weights):
        yield from (key for key in ("severity", "levels", "eras", "weight") if key in changed)
    if not _spans(new.years, old.years):
        yield "years"
    if (old.confidence, new.confidence) == ("high", "low"):
        yield "confidence"
    yield from (key for key in ("when", "yields_to") if key in changed)


def _milder(old: Rule, new: Rule, weights: Mapping[Severity, int]) -> bool:
    """Less severe, or worth less, for the reports of any era and level that the rule applied to."""
    for era in old.eras:
        for rank in get_args(Rank):
            before, after = _severity(old, era, rank), _severity(new, era, rank)
            if before and (_RANK[after] < _RANK[before] or _worth(new, after, weights) < _worth(old, before, weights)):
                return True
    return False


def _severity(rule: Rule, era: Era, rank: Rank) -> Severity | None:
    """How grave a failure is for this era and rank; None where the rule does not apply."""
    if era not in rule.eras or (rule.levels and level_of(rank) not in rule.levels):
        return None
    given = rule.given(rank) or rule.severity[era]
    return None if given == "n/a" else given


def _worth(rule: Rule, severity: Severity | None, weights: Mapping[Severity, int]) -> int:
    return 0 if severity is None else weights[severity] if rule.weight is None else rule.weight


def _spans(years: tuple[int | None, int | None], others: tuple[int | None, int | None]) -> bool:
    (first, last), (start, end) = years, others
    return (first is None or (start is not None and first <= start)) and (
        last is None or (end is not None and last >= end)
    )


def looser(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The changed numbers, days and lists of which one can tell that they ask for less."""
    for key, after in new.items():
        before = old.get(key)
        if (
            (key in STRICTER and _less(before, after, STRICTER[key]))
            or (key in DAYS and _less(_day(before), _day(after), DAYS[key]))
            or (key in LISTS and _milder_list(before, after, LISTS[key]))
            or (key == "unless_near" and before is None)
        ):
            yield key


def _milder_list(before: Any, after: Any, way: int) -> bool:
    """Entries only went away where more of them are stricter, or only came where fewer are."""
    if not isinstance(after, list) or not isinstance(before, list | None):
        return False
    old, new = ({json.dumps(entry, sort_keys=True) for entry in entries or ()} for entries in (before, after))
    return new < old if way > 0 else old < new


def _day(text: Any) -> Any:
    """+1-03-31 as a number that grows with the day; so in a mapping of levels."""
    if isinstance(text, Mapping):
        return {level: _day(each) for level, each in text.items()}
    if not text:
        return None
    years, month, day = text.rsplit("-", 2)
    return int(years) * 10_000 + int(month + day)


def _less(before: Any, after: Any, way: int) -> bool:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return any(name not in after or _less(least, after[name], way) for name, least in before.items())
    numbers = isinstance(before, int | float) and isinstance(after, int | float)
    return numbers and (after - before) * way < 0


def date(text: str) -> dt.date | None:
    """2026-12-31 as a date; None when it is none."""
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
