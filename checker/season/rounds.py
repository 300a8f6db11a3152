"""Two rounds of one season: what became of each finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from checker.season.nouns import Change, Unit

Finding = Mapping[str, Any]  #: a verdict as ``check --format json`` has it


def findings(audit: Mapping[str, Any] | None) -> list[Finding]:
    """The verdicts of an audit that fail or want review."""
    return [one for one in (audit or {}).get("verdicts", ()) if one["state"] in ("fail", "review")]


def compared(unit: Unit, before: Sequence[Finding], now: Sequence[Finding]) -> Iterator[Change]:
    """Fixed, still open, new: by fingerprint, and where a unit has mended its own name, by rule and place."""
    left, fresh = _without(before, now, lambda one: one["fingerprint"])
    gone, new = _without(left, fresh, _place)
    still = [one for one in now if not any(one is other for other in new)]
    for state, found in (("fixed", gone), ("open", still), ("new", new)):
        for one in found:
            yield Change(unit.key, unit.name, state, one["rule"], one["title"], _kind(one), one["message"])  # type: ignore[arg-type]


def _without(before: Iterable[Finding], now: Iterable[Finding], mark: Any) -> tuple[list[Finding], list[Finding]]:
    """What is left of both when those of equal mark are struck out against each other, one for one."""
    open_ = Counter(mark(one) for one in now)
    met = Counter(mark(one) for one in before)
    return _rest(before, open_, mark), _rest(now, met, mark)


def _rest(found: Iterable[Finding], others: Counter[Any], mark: Any) -> list[Finding]:
    rest = []
    for one in found:
        if others[mark(one)] > 0:
            others[mark(one)] -= 1
        else:
            rest.append(one)
    return rest


def _place(one: Finding) -> tuple[str, ...]:
    where = one["where"]
    return (one["rule"], one["subject"], *(where.get(part, "") for part in ("section", "table", "row", "col")))


def _kind(one: Finding) -> str:
    return one["severity"] if one["state"] == "fail" else "review"
