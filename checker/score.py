"""What verdicts come to: score, coverage, ceiling, grade. Counted by rule and weight, not by subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checker.model import ALONE, Audit, Policy, Verdict, VerdictState


def measure(verdicts: Iterable[Verdict]) -> tuple[float | None, float]:
    """Score (0..100, None when nothing was decided) and coverage (0..1), counted by rule, not by subject."""
    said: dict[str, int] = {}
    weights: dict[str, int] = {}
    for verdict in verdicts:
        if verdict.state == "n/a":
            continue
        rule, says = verdict.rule, _SAYS[verdict.state]
        if rule not in said or says > said[rule]:
            said[rule] = says
        weights[rule] = verdict.weight
    totals = [0] * 6  # weight by what was said
    for rule, says in said.items():
        totals[says] += weights[rule]
    open_, earned, decided = totals[1], totals[3], totals[3] + totals[5]
    coverage = decided / (decided + open_) if decided else 0.0
    return (round(100 * earned / decided, 1) if decided else None), round(coverage, 4)


def recounted(audit: Audit, verdicts: tuple[Verdict, ...], policy: Policy) -> Audit:
    """The audit with these verdicts: score, coverage and grade follow. A rule that stands alone is not counted."""
    alone = frozenset(ALONE.values())
    score, coverage = measure([verdict for verdict in verdicts if verdict.message not in alone])
    score = ceiled(score, verdicts, policy, bool(audit.unchecked))
    if audit.report and (audit.report.forms_only or audit.report.era is None):
        score = None  # sums alone make no report, and what all years have in common is no format
    return replace(audit, verdicts=verdicts, score=score, coverage=coverage, grade=grade(score, policy))


def ceiled(score: float | None, verdicts: Iterable[Verdict], policy: Policy, unread: bool = False) -> float | None:
    """The score, or less where a rule fails that sets a ceiling: noughts in an unfilled form add up everywhere.

    ``unread``: its forms were not all read. Full marks are for what was seen; yet that is no fault of the report, so
    the ceiling is a fixed one, and what else is found moves the score as ever.
    """
    tops = [policy.ceilings[v.rule] for v in verdicts if v.state == "fail" and v.rule in policy.ceilings]
    return score if score is None else min(score, *tops, policy.unread_ceiling if unread else 100)


#: which of several states of a rule decides: fail, what is forgiven (and earns nothing), pass, what a person looks at,
#: what nobody knows, nothing to judge
_SAYS: dict[VerdictState, int] = {
    "fail": 5,
    "waived": 4,
    "pass": 3,
    "review": 2,
    "unknown": 1,
    "broken": 1,
    "n/a": 0,
}


def grade(score: float | None, policy: Policy) -> str:
    """The best grade whose least score is reached."""
    return next((name for name, least in policy.grades if score is not None and score >= least), "")
