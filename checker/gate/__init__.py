"""What a run demands of its reports beyond the rules: lines to reach, waivers, a baseline; and what it says of these.

``Gate.judged`` works on one audit and may run in any process; ``Ledger`` gathers in the parent what only all reports
together tell: waivers without use, fixed findings that are still in the baseline.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from checker.gate.line import GRAVE, Line, drawn, holds
from checker.gate.own import OWN
from checker.model import Audit, Pack, Verdict, Waiver, record

if TYPE_CHECKING:  # most runs have neither
    from checker.gate import baseline as base
    from checker.gate import waivers as waiving
    from checker.gate.baseline import Baseline
    from checker.gate.waivers import Use

__all__ = ["GRAVE", "OPEN", "OWN", "Gate", "Ledger", "Line", "Trace", "holds"]


@record
class Gate:
    """The demands of a run. ``waivers``: by the absolute folder of their file, for all reports below it.

    ``day``: that of the run. ``whole``: folders of which the run sees every report. ``strict``: a fixed finding must
    leave the baseline.
    """

    line: Line = field(default_factory=Line)
    waivers: Mapping[str, tuple[Waiver, ...]] = field(default_factory=dict)
    baseline: Baseline | None = None
    strict: bool = False
    day: dt.date = dt.date.min
    whole: tuple[str, ...] = ()

    def judged(self, audit: Audit, pack: Pack) -> tuple[Audit, Trace]:
        """The audit as this gate sees it, and what the run is to remember of it."""
        uses: Mapping[Waiver, Use] = {}
        met: Mapping[str, int] = {}
        if self.waivers:
            from checker.gate.waivers import waived

            audit, uses = waived(audit, self.governing(audit.source), self.day, pack.policy)
        if self.baseline:
            from checker.gate.baseline import compared

            audit, met = compared(audit, self.baseline)
        trace = Trace(audit.report.place, audit.report.year, uses, met) if audit.report else Trace()
        return drawn(audit, self.line), trace

    def governing(self, source: str) -> list[Waiver]:
        """The waivers in the folders above a report, nearest first."""
        found: list[Waiver] = []
        folder = os.path.dirname(os.path.abspath(source))
        while folder:
            found += self.waivers.get(folder, ())
            above = os.path.dirname(folder)
            folder = above if above != folder else ""
        return found

    def sees_all(self, folder: str) -> bool:
        return any(folder == whole or folder.startswith(whole.rstrip(os.sep) + os.sep) for whole in self.whole)


OPEN = Gate()


@record
class Trace:
    """What one report leaves behind for the end of the run: whose it is, what became of its waivers, entries met.

    Place and year are None where nobody knows them.
    """

    place: str | None = None
    year: int | None = None
    uses: Mapping[Waiver, Use] = field(default_factory=dict)
    met: Mapping[str, int] = field(default_factory=dict)


class Ledger:
    """The traces of a run, and the findings on its settings files at the end."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @cached_property
    def waivers(self) -> waiving.Ledger:
        from checker.gate.waivers import Ledger

        return Ledger()

    @cached_property
    def entries(self) -> base.Ledger:
        from checker.gate.baseline import Ledger

        return Ledger()

    def add(self, trace: Trace) -> None:
        if self.gate.waivers:
            self.waivers.add(trace.place, trace.year, trace.uses)
        if self.gate.baseline:
            self.entries.add(trace.met)

    def audits(self, pack: Pack) -> Iterator[Audit]:
        """One audit for each settings file with which something is wrong."""
        for folder, waivers in self.gate.waivers.items():
            whole = self.gate.sees_all(folder)
            yield from _of(waivers[0].file, tuple(self.waivers.faults(waivers, pack, self.gate.day, whole)))
        if self.gate.baseline and self.gate.strict:
            yield from _of(self.gate.baseline.file, tuple(self.entries.faults(self.gate.baseline)))


def _of(file: str, verdicts: tuple[Verdict, ...]) -> Iterator[Audit]:
    if verdicts:
        yield Audit(file, None, verdicts)
