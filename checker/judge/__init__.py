"""A case and a pack in, an audit out: which rules apply, what became of each, the seven elements, score and coverage.

Reads no file, no clock, no locale. A rule that crashes is ``broken``: our fault, never the report's.
"""

from __future__ import annotations

from dataclasses import replace

from checker.judge.asked import asked
from checker.judge.elements import element, unchecked
from checker.judge.local import local_rules
from checker.judge.seats import applicable, in_force, seat_of, seats, severity_of
from checker.judge.slips import told_once
from checker.judge.turns import asks_for_text, lacks, may_be_wrong, outcomes, why_unknown
from checker.judge.verdicts import Seat, bare, shown, verdict
from checker.model import ALONE, Audit, Case, Outcome, Pack, Rule, Verdict
from checker.patterns import watched
from checker.score import recounted

__all__ = [
    "applicable",
    "asked",
    "in_force",
    "judge",
    "lacks",
    "local_rules",
    "outcomes",
    "severity_of",
    "shown",
    "verdicts_of",
]


@watched()
def judge(case: Case, pack: Pack) -> Audit:
    """The audit of one report: one verdict for each rule and subject, in catalogue order, passes included.

    What was recognised from pictures is judged with low confidence; the states stay as they are.
    """
    report = case.report
    judged = [(each.rule, each.away or _judged(each, case, pack)) for each in seats(report, pack)]
    verdicts = tuple(told_once(judged))
    if report.recognised:
        verdicts = tuple([replace(each, confidence="low") for each in verdicts])
    audit = Audit(
        source=report.source,
        report=report,
        elements=tuple(element(spec, report) for spec in pack.elements),
        unchecked=unchecked(report, pack.policy),
        notes=(*report.notes, *local_rules(pack)),
    )
    return recounted(audit, verdicts, pack.policy)


def verdicts_of(rule: Rule, case: Case, pack: Pack) -> list[Verdict]:
    """What became of one rule: one verdict for each subject, or a single one where it does not apply."""
    seat = seat_of(rule, case.report, pack)
    return seat.away or _judged(seat, case, pack)


def _judged(seat: Seat, case: Case, pack: Pack) -> list[Verdict]:
    report, against = case.report, seat.rule.against
    if against and lacks(case, against):
        return [bare(seat, "unknown", ALONE[against])]
    if seat.unsure or (report.forms_only and asks_for_text(seat.rule)):
        return [bare(seat, "unknown")]
    found: list[Verdict] = []
    for turn in seat.rule.turns:
        for outcome in outcomes(turn, case):
            if (report.doubtful or report.cut) and may_be_wrong(turn.call, outcome, report):
                outcome = Outcome("unknown", subject=outcome.subject)
            why = why_unknown(turn, report) if outcome.state == "unknown" else ""
            found.append(verdict(seat, turn, outcome, why, report, pack))
    return found
