"""What is judged, and what comes of it: a report with what it is compared with, verdicts, the whole audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from checker.model.document import (
    NOWHERE,
    Confidence,
    Document,
    FactState,
    Note,
    Severity,
    Unreadable,
    Value,
    VerdictState,
    Where,
    record,
)
from checker.model.report import ABSENT, LAST, UNREAD, Fact, Line, Report


@record
class Told:
    """A line of a report's own narrative: what it tells in its own words, compact, and where.

    ``line`` is what has its source wording; of last year's from an audit.json that is not known.
    """

    text: str
    where: Where = NOWHERE
    line: Line | None = None

    def at(self, start: int, end: int) -> Where:
        """The place of text[start:end], with the wording of the report as quote as far as it is known."""
        return self.line.where(start, end) if self.line else replace(self.where, quote=self.text[start:end][:200])

    def said(self, start: int, end: int) -> str:
        """The wording of text[start:end]."""
        return self.line.said(start, end) if self.line else self.text[start:end]


@record
class Earlier:
    """Last year's report, as far as this year's is compared with it: ``likeness.earlier`` makes it, a store keeps it.

    ``narrative`` and ``problems``: its own words, all of them and those of the part on problems.
    """

    year: int | None
    place: str | None
    facts: Mapping[str, Fact]
    narrative: tuple[Told, ...] = ()
    problems: tuple[Told, ...] = ()


@record
class Twin:
    """Another unit's report that is like this one: whose, of which year, how much (0..1), what this one shares."""

    name: str
    year: int
    likeness: float
    where: tuple[Where, ...] = ()


@record
class Names:
    """Names of a roster, in full or short: the county's and what else is the unit's own, and those of all units.

    The unit's own name among them does no harm: what stands in its report's title is never another's.
    """

    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@record
class Case:
    """One report and what it may be compared with. None: there is nothing to compare with, so nobody knows.

    ``previous``: of the same unit, whatever its name was then. ``twins``: reports of other units that are alike.
    ``names``: of a roster.
    """

    report: Report
    previous: Earlier | None = None
    twins: tuple[Twin, ...] | None = None
    names: Names | None = None

    def fact(self, name: str) -> Fact:
        """A fact of this report, or of last year's when its name begins with ``last.``."""
        if (found := self.report.facts.get(name)) is not None:
            return found
        if not name.startswith(LAST):
            return ABSENT
        return self.previous.facts.get(name.removeprefix(LAST), ABSENT) if self.previous else UNREAD


@record
class Outcome:
    """What a kind found: a state, the values that the message may name, the place (first is primary, others related).

    ``subject`` tells several outcomes of one rule apart (a column, an aspect); empty for most rules.
    """

    state: VerdictState
    values: Mapping[str, Value] = field(default_factory=dict)
    where: tuple[Where, ...] = ()
    subject: str = ""


@record
class Waiver:
    """A finding forgiven on the record: which rule, of whose report, why, by whom, until when (ISO date, that day too).

    ``where`` narrows it to a logical place (表三/新收); empty: wherever the rule fires. ``file`` and ``line`` say where
    the waiver itself is written. ``fresh``: it was added in the change that it excuses.
    """

    rule: str
    place: str
    year: int
    reason: str
    who: str
    until: str
    where: str = ""
    file: str = ""
    line: int = 0
    fresh: bool = False


@record
class Verdict:
    """One for each rule and subject, passes included. Findings are the verdicts that fail or want review.

    ``known``: a finding that the baseline holds already. A ``waived`` one has its ``waiver``, and ``otherwise``: what
    it would be without it.
    """

    rule: str
    subject: str
    state: VerdictState
    severity: Severity
    confidence: Confidence
    weight: int
    title: str
    message: str = ""
    fix: str = ""
    basis: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    where: Where = NOWHERE
    related: tuple[Where, ...] = ()
    fingerprint: str = ""
    known: bool = False
    waiver: Waiver | None = None
    otherwise: VerdictState | None = None


@record
class Element:
    """One of the seven required elements: is it required in this era, and what became of it; ``unit`` of a number."""

    name: str
    title: str
    required: bool
    state: FactState
    value: Value
    rules: tuple[str, ...]
    where: Where = NOWHERE
    unit: str = ""


@record
class Audit:
    """The verdicts on one report, with score (0..100 or None when nothing was decided) and coverage (0..1).

    A file that could not be read has ``error`` and nothing else. ``unchecked`` names places that were not read
    (表格) and so were not checked. ``unread``: rules that must hold of which nobody could tell, as their place was
    not read. ``document`` is there for a format that shows the text itself.
    An audit without report and error is of no report but of a settings file (waivers.yaml).
    """

    source: str
    report: Report | None
    verdicts: tuple[Verdict, ...] = ()
    elements: tuple[Element, ...] = ()
    score: float | None = None
    coverage: float = 0.0
    grade: str = ""
    unchecked: tuple[str, ...] = ()
    error: Unreadable | None = None
    notes: tuple[Note, ...] = ()
    unread: tuple[str, ...] = ()
    document: Document | None = None

    @property
    def of_settings(self) -> bool:
        return self.report is None and self.error is None

    @property
    def findings(self) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts if v.state in ("fail", "review"))
