"""How good every report of a run must be, and whether it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from checker.gate.own import COVERAGE, LEGIBLE, SCORE
from checker.model import LOST, Audit, Severity, Verdict, VerdictState, record

FailOn = Literal["must", "should", "never"]
#: --fail-on -> the severities of findings that give exit code 1
GRAVE: Mapping[FailOn, tuple[Severity, ...]] = {"must": ("must",), "should": ("must", "should"), "never": ()}


@record
class Line:
    """What every report must reach: ``min_score`` 0..100, ``min_coverage`` 0..1; None: nothing is asked."""

    fail_on: FailOn = "must"
    min_score: float | None = None
    min_coverage: float | None = None


def drawn(audit: Audit, line: Line) -> Audit:
    """The audit with a verdict on each line that was drawn. What has no score has not been measured: nobody knows.

    That every character can be read is a line that is always drawn.
    """
    if audit.report is None:
        return audit
    found = [LEGIBLE.verdict("unknown", "文中有的字认不出来")] if LOST in audit.unchecked else []
    if line.min_score is not None:
        found.append(_score(audit.score, line.min_score))
    if line.min_coverage is not None:
        found.append(_coverage(audit.coverage, line.min_coverage))
    unread = tuple(verdict.rule for verdict in found if verdict.state == "unknown")
    unread = tuple(dict.fromkeys((*audit.unread, *unread)))
    return replace(audit, verdicts=(*audit.verdicts, *found), unread=unread) if found else audit


def _score(score: float | None, least: float) -> Verdict:
    if score is None:
        return SCORE.verdict("unknown", f"没有得分，要求不低于 {least:g}")
    return SCORE.verdict("pass" if score >= least else "fail", f"得分 {score:g}，要求不低于 {least:g}")


def _coverage(coverage: float, least: float) -> Verdict:
    state: VerdictState = "pass" if coverage >= least else "unknown"
    return COVERAGE.verdict(state, f"核对比例 {_percent(coverage)}，要求不低于 {_percent(least)}")


def _percent(share: float) -> str:
    """Rounded down, as in the results: 80% is never said of 79.99%."""
    return f"{int(share * 10000 + 1e-6) / 100:g}%"


def holds(audit: Audit, line: Line) -> bool:
    """Whether nothing in an audit fails at this line: what is known or waived does not count, a missed score always."""
    grave = GRAVE[line.fail_on]
    return not any(
        v.state == "fail" and not v.known and (v.severity in grave or v.rule == SCORE.id) for v in audit.verdicts
    )
