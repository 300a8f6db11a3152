"""One slip is told, and counts, once: a rule keeps silent where one that it yields to has spoken of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from checker.model import NOWHERE, Rule, Verdict, Where

_SPEAKS = frozenset(("fail", "review"))


def told_once(judged: Sequence[tuple[Rule, list[Verdict]]]) -> list[Verdict]:
    """The verdicts of all rules in order, those ``n/a`` that say again what another rule fails."""
    failed: dict[str, list[Verdict]] = {}
    for rule, told in judged:
        for each in told:
            if each.state == "fail":
                failed.setdefault(rule.id, []).append(each)
    found: list[Verdict] = []
    for rule, told in judged:
        if rule.yields_to and any(each.state in _SPEAKS for each in told):
            found += _yielded(told, [one for name in rule.yields_to for one in failed.get(name, ())])
        else:
            found += told
    return found


def _yielded(told: Iterable[Verdict], said: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts of a rule beside the failures of those that it yields to.

    A rule that yields to itself speaks once of a row of a form: 规章 3、3、3 is one slip.
    """
    kept: list[Verdict] = []
    for each in told:
        first = next((one for one in said if _told_before(each, one, kept)), None) if each.state in _SPEAKS else None
        kept.append(replace(each, state="n/a", message=f"同一处已由 {first.rule} 指出", fix="") if first else each)
    return kept


def _told_before(each: Verdict, one: Verdict, kept: Sequence[Verdict]) -> bool:
    if one.rule != each.rule:
        return _same_slip(each, one)
    return one in kept and _row(one) is not None and _row(one) == _row(each)


def _row(verdict: Verdict) -> tuple[str | None, str] | None:
    return (verdict.where.table, verdict.where.row) if verdict.where.row else None


def _same_slip(one: Verdict, first: Verdict) -> bool:
    """Whether two findings accuse the same place, or a sum the cell that is none, or else the same form or column.

    What has been said of the whole report (no part of it was filled in) has been said of each place.
    """
    if first.where is NOWHERE and not first.subject:
        return True
    same_place = one.where is not NOWHERE and (one.where == first.where or not _cells(one).isdisjoint(_cells(first)))
    return same_place or bool(one.subject and one.subject == first.subject)


def _cells(verdict: Verdict) -> set[Where]:
    return {where for where in (verdict.where, *verdict.related) if where.row or where.col}
