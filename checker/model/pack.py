"""Packs: rules with their turns and examples, the law, eras, elements, what local packs changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Literal

from checker.model.audit import Names, Twin
from checker.model.document import Against, Confidence, Era, Level, Rank, Severity, VerdictState, level_of, record


@record
class Clause:
    """One citable clause of basis.yaml: key ``doc#clause``, its document's title and number, the years it held."""

    key: str
    title: str
    number: str
    clause: str
    start: dt.date | None = None
    end: dt.date | None = None


@record
class EraSpec:
    """One era of eras.yaml: the report years that it covers (``end`` None: until today) and its format."""

    id: Era
    title: str
    start: int
    end: int | None
    basis: tuple[str, ...] = ()


@record
class Call:
    """A kind and its parameters as that kind takes them: patterns and formulas compiled, names verified."""

    kind: str
    params: Mapping[str, Any]


@record
class Turn:
    """One run of a rule. A rule has one turn, or one for each member of its ``each`` axis.

    ``subject`` is the member's id (empty without ``each``), ``names`` what the message may call it.
    """

    call: Call
    when: Call | None = None
    subject: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@record
class Example:
    """One example of a rule: the state that it must give, facts as written in the pack or a small text.

    ``last``: last year's report as a small text; facts of it stand among ``facts``, by names that begin with ``last.``.
    ``twins``: other units' reports that are alike. ``names``: of a roster.
    """

    state: VerdictState
    facts: Mapping[str, Any]
    text: str | None = None
    year: int | None = None
    level: Level | None = None
    expect: Mapping[str, Any] = field(default_factory=dict)
    last: str | None = None
    twins: tuple[Twin, ...] | None = None
    names: Names | None = None


@record
class Remedy:
    """How what a rule finds may be repaired without thought, as a change that a person accepts.

    ``total``: the total of a sum from its parts; ``zero``: blank cells of which the text says that there was nothing;
    ``digits``: figures in full width; ``replace``: ``words``, pairs of a pattern (patterns.Pattern) and what takes its
    place, unless the pattern ``unless`` is met near it.
    """

    how: Literal["total", "zero", "digits", "replace"]
    words: tuple[tuple[Any, str], ...] = ()
    unless: Any = None


@record
class Change:
    """What a local pack changed in a rule that is not its own: the keys, and those that ask for less than before."""

    pack: str
    rule: str
    keys: tuple[str, ...]
    softer: tuple[str, ...] = ()


_KEYS = {
    "title": "名称",
    "basis": "依据",
    "eras": "格式",
    "years": "年度",
    "levels": "层级",
    "severity": "级别",
    "weight": "分值",
    "confidence": "把握",
    "when": "前提",
    "yields_to": "让位",
    "message": "说明",
    "fix": "改法",
    "repair": "自动修改",
    "examples": "例子",
}


def named(keys: Sequence[str]) -> list[str]:
    """The keys of a rule in words; a parameter of its kind has its own name."""
    return [_KEYS.get(key, key) for key in keys]


def dated(day: dt.date) -> str:
    """A day as an officer writes it: 2025年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


@record
class Disabled:
    """A rule that a local pack turned off, why, and until when (that day too); after that day the rule is back."""

    pack: str
    rule: str
    reason: str
    until: dt.date
    over: bool = False  #: the day has passed


@record
class Layer:
    """One pack of those that a run uses, the national one first. ``prefix`` begins the ids of its own rules."""

    name: str
    version: str = ""
    file: str = ""
    prefix: str = ""
    changes: tuple[Change, ...] = ()
    disabled: tuple[Disabled, ...] = ()
    required: Mapping[str, tuple[Era, ...]] = field(default_factory=dict)  #: elements, where it says other eras


@record
class Rule:
    """One rule, verified. ``severity`` holds every era of ``eras``; ``years`` are report years, None an open end.

    ``levels`` empty: all levels; ``by_level``: another severity, or ``n/a``, for some. ``weight`` None: by severity.
    ``against``: says nothing without last year's report, or without the other units'.
    ``yields_to``: rules that speak first; where one of them fails at the same place, this one keeps silent.
    ``pack`` names the pack that it comes from, ``changes`` what local packs did to it, ``disabled`` who turned it off.
    """

    id: str
    title: str
    turns: tuple[Turn, ...]
    basis: tuple[str, ...]
    eras: tuple[Era, ...]
    severity: Mapping[Era, Severity]
    message: str
    fix: str
    examples: tuple[Example, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    levels: tuple[Level, ...] = ()
    by_level: Mapping[Rank, Severity | Literal["n/a"]] = field(default_factory=dict)
    repair: Remedy | None = None
    weight: int | None = None
    confidence: Confidence = "high"
    against: Against | None = None
    yields_to: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    pack: str = ""
    changes: tuple[Change, ...] = ()
    disabled: Disabled | None = None

    @property
    def topic(self) -> str:
        return self.id.rpartition("-")[0]

    @property
    def kind(self) -> str:
        return self.turns[0].call.kind

    def given(self, rank: Rank) -> Severity | Literal["n/a"] | None:
        """What ``by_level`` says of a rank, or else of its level."""
        return self.by_level.get(rank) or self.by_level.get(level_of(rank))


@record
class ElementSpec:
    """A required element: the facts that answer it and the rules that judge it, by era, and where it is required.

    ``local``: no printed form has it, so that a local pack may ask for more or less. ``unit``: of its facts that count.
    """

    name: str
    title: str
    facts: Mapping[Era, tuple[str, ...]]
    rules: Mapping[Era, tuple[str, ...]]
    required: tuple[Era, ...]
    local: bool = False
    unit: str = ""


@record
class Policy:
    """How a pack counts: weight by severity, grades from the best down as (name, least score), coverage floor (0..1).

    ``forms`` names what stands in the official forms, by the first part of fact ids: {表格: (t2, t3)}.
    ``ceilings``: the most that a report can score of which the rule fails; ``unread_ceiling``, of which forms were not
    all read.
    """

    weights: Mapping[Severity, int]
    grades: tuple[tuple[str, float], ...]
    coverage_floor: float
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ceilings: Mapping[str, float] = field(default_factory=dict)
    unread_ceiling: float = 100


@record
class Pack:
    """Everything that a run needs, verified: rules in catalogue order, the fact map, the law, the required elements.

    ``name`` and ``version`` are those of all ``layers``, joined by ＋. ``digest`` is the SHA-256 of all files it was
    made of, and of the rules that are off today; ``topics`` the catalogue's topics in order with their titles.
    """

    name: str
    version: str
    digest: str
    rules: tuple[Rule, ...]
    facts: Any  #: factmap.FactMap
    basis: Mapping[str, Clause]
    eras: tuple[EraSpec, ...]
    elements: tuple[ElementSpec, ...]
    policy: Policy
    topics: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()

    def rule(self, name: str) -> Rule | None:
        """The rule with this id, or None."""
        return next((rule for rule in self.rules if rule.id == name), None)

    def on(self, day: dt.date) -> Pack:
        """The pack as it is on a day: rules whose time of being off has passed are back, and that is said."""
        over = {rule.id for rule in self.rules if rule.disabled and rule.disabled.until < day}
        if not any(rule.disabled for rule in self.rules):
            return self
        off = sorted(rule.id for rule in self.rules if rule.disabled and rule.id not in over)
        rules = tuple(replace(rule, disabled=None) if rule.id in over else rule for rule in self.rules)
        layers = tuple(
            replace(layer, disabled=tuple(replace(each, over=each.until < day) for each in layer.disabled))
            for layer in self.layers
        )
        digest = hashlib.sha256(f"{self.digest}|{' '.join(off)}".encode()).hexdigest()
        return replace(self, rules=rules, layers=layers, digest=digest)
