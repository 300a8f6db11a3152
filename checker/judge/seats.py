"""Which rules apply to a report, and how grave each of them is there: worked out once for each kind of reports."""

from __future__ import annotations

import datetime as dt
from typing import Literal, get_args

from checker.judge.verdicts import Seat, bare
from checker.model import Era, Pack, Rank, Report, Rule, Severity, dated

_SEVERITIES: tuple[Severity, ...] = ("info", "should", "must")
_KEPT: dict[tuple[int, Era | None, int | None, Rank | None], tuple[Pack, tuple[Seat, ...]]] = {}


def seats(report: Report, pack: Pack) -> tuple[Seat, ...]:
    """The rules of a pack for reports of this year, era and rank, in its order."""
    key = (id(pack), report.era, report.year, report.rank)
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not pack:  # an id may come again, a pack that is kept here may not
        if len(_KEPT) >= 256:
            _KEPT.clear()
        kept = _KEPT[key] = pack, tuple(seat_of(rule, report, pack) for rule in pack.rules)
    return kept[1]


def seat_of(rule: Rule, report: Report, pack: Pack) -> Seat:
    """One rule for reports like this one."""
    severity = severity_of(rule, report)
    state = "n/a" if rule.disabled else applicable(rule, report) or (None if severity else "n/a")
    severity = severity or _least(rule)
    weight = pack.policy.weights[severity] if rule.weight is None else rule.weight
    made = Seat(rule, severity, weight, in_force(rule.basis, report.year, pack), unsure=state == "unknown")
    if state == "n/a":
        made.away.append(bare(made, state, _off(rule)))
    return made


def _off(rule: Rule) -> str:
    off = rule.disabled
    return f"“{off.pack}”停用到{dated(off.until)}：{off.reason}" if off else ""


def applicable(rule: Rule, report: Report) -> Literal["n/a", "unknown"] | None:
    """None when the rule applies; ``unknown`` when the report's year or level, on which it hangs, is not known."""
    first, last = rule.years
    if report.era is None:
        if set(rule.eras) != set(get_args(Era)):
            return "unknown"
    elif report.era not in rule.eras:
        return "n/a"
    if first is not None or last is not None:
        if report.year is None:
            return "unknown"
        if (first is not None and report.year < first) or (last is not None and report.year > last):
            return "n/a"
    if rule.levels and report.level not in rule.levels:
        return "n/a" if report.level else "unknown"
    return None


def severity_of(rule: Rule, report: Report) -> Severity | None:
    """How grave a failure is here; None where the rule does not apply to this level."""
    given = rule.given(report.rank) if report.rank else None
    if given is not None:
        return None if given == "n/a" else given
    return (report.era and rule.severity.get(report.era)) or _least(rule)


def _least(rule: Rule) -> Severity:
    return min(rule.severity.values(), key=_SEVERITIES.index)


def in_force(basis: tuple[str, ...], year: int | None, pack: Pack) -> tuple[str, ...]:
    """The clauses that held on the day when the report on ``year`` was due at the latest; all when none did.

    A clerk who writes on 2023 need not read the form of 2019.
    """
    if year is None:
        return basis
    due = dt.date(year + 1, 3, 31)
    clauses = [pack.basis[key] for key in basis]
    held = tuple(c.key for c in clauses if (c.start or due) <= due <= (c.end or due))
    return held or basis
