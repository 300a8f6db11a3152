"""The nouns of a season: what an audit of a whole county knows. Light rows stream; what is heavy is fetched by unit.

Only ``Season`` touches the store on disk; everything else is frozen data. Renderers iterate, so that memory stays flat.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from checker.model import Fact, Level, Told, Value, Where

#: what became of one file: the report that counts for its unit; an older one of the same unit; of another year; of a
#: unit that is not on the roster; not readable; the county's own report, which is no unit's
Standing = Literal["counts", "superseded", "wrong-year", "stranger", "unreadable", "county", "another"]
#: what became of one unit: audited; no file at all; only files that cannot be read, or are of another year
Outcome = Literal["audited", "missing", "unreadable", "wrong-year"]
#: where the date of handing in was found, most trusted first
DatedBy = Literal["signed", "posted", "file"]


class Refused(Exception):
    """What an audit cannot begin with; a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One office of the roster. ``formerly``: names or codes of the units that it was renamed or merged from."""

    name: str
    level: Level | None = None
    code: str = ""
    aliases: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    deadline: dt.date | None = None
    contact: str = ""
    waivers: tuple[Mapping[str, str], ...] = ()

    @property
    def key(self) -> str:
        """What names this unit from year to year: its code, or its name where it has none."""
        return self.code or self.name


@dataclass(frozen=True, slots=True)
class Submission:
    """One file of the folder. ``path``: relative to it, with "/"; ``sha256`` of its content; ``said``: why so."""

    path: str
    sha256: str
    standing: Standing
    unit: str = ""  #: key of the unit, empty for strangers
    place: str | None = None
    level: Level | None = None
    year: int | None = None
    dated: dt.date | None = None
    dated_by: DatedBy | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit in one season, light enough to hold a screenful of: nothing of its text, no verdict in full.

    ``due`` and ``late``: None where no deadline is known or no date could be believed. ``rank``: 1 for the best, equal
    scores share one; None below the coverage floor (``comparable`` is False) and for units without a report.
    ``states``: rule id -> its gravest state. ``findings``: must, should, info, review -> how many.
    ``before``: last year's score, where there is one.
    """

    unit: Unit
    outcome: Outcome
    submissions: tuple[Submission, ...] = ()
    due: dt.date | None = None
    handed_in: dt.date | None = None
    dated_by: DatedBy | None = None
    late: bool | None = None
    score: float | None = None
    coverage: float = 0.0
    grade: str = ""
    comparable: bool = False
    rank: int | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    before: float | None = None

    @property
    def counted(self) -> Submission | None:
        """The submission that counts."""
        return next((s for s in self.submissions if s.standing == "counts"), None)


@dataclass(frozen=True, slots=True)
class Detail:
    """What is heavy of one unit: its audit, its figures, its text.

    ``audit``: as ``check --format json`` gives a report, without the verdicts that say no more than pass or n/a: these
    are in ``Row.states``. Personal numbers are masked, in ``facts``, ``narrative`` and ``problems`` as well.

    ``blocks``: the report as printed, for a page with the findings marked in it: ``{"text", "line", "page", "block",
    "hint"}`` for a paragraph, ``{"rows": [[{"text", "row", "col", "rowspan", "colspan", ...}]], ...}`` for a table.
    ``narrative`` and ``problems``: what a later report is compared with, as of ``model.Earlier``.
    """

    audit: Mapping[str, Any]
    facts: Mapping[str, Fact]
    blocks: tuple[Mapping[str, Any], ...] = ()
    narrative: tuple[Told, ...] = ()
    problems: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One report of a cluster: whose and of which year."""

    unit: str
    name: str
    year: int
    path: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that stands in two reports, as each has it, with its place in each."""

    left: str
    right: str
    left_where: Where
    right_where: Where


@dataclass(frozen=True, slots=True)
class Twins:
    """Two reports alike: Jaccard index (0..1) of 5-character shingles after digits, statutory and form wording.

    ``passages``: what they share, longest first.
    """

    left: Member
    right: Member
    likeness: float
    passages: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Reports that are alike, directly or by way of others: who shares what with whom."""

    members: tuple[Member, ...]
    pairs: tuple[Twins, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that is not in a county total, or some of whose cells are not, and why (Chinese sentence)."""

    unit: str
    name: str
    reason: str
    cells: tuple[str, ...] = ()  #: fact ids; empty: the whole unit


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure of the county's own report that is not the sum of its units."""

    fact: str
    title: str
    total: Value
    own: Value
    where: Where


@dataclass(frozen=True, slots=True)
class Total:
    """Every figure of the official forms summed over the units that count, and how the county's own report differs.

    ``figures``: fact id -> sum, in the edition of the season's year. ``units``: how many were summed.
    """

    year: int
    figures: Mapping[str, Fact]
    units: int
    left_out: tuple[LeftOut, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one finding between two rounds, by fingerprint: fixed, still open, new."""

    unit: str
    name: str
    state: Literal["fixed", "open", "new"]
    rule: str
    title: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who sends notices: its name, whom to ask, until when reports are to be mended and handed in again."""

    name: str = ""
    contact: str = ""
    mend_by: dt.date | None = None


class Season(Protocol):
    """One county, one year, one run. Iterators stream from the store in a stable order."""

    county: str
    year: int
    tool: str
    pack: str
    pack_version: str
    digest: str  #: of the packs and settings that judged
    floor: float  #: coverage below which a score is not comparable
    rules: Mapping[str, Mapping[str, str]]  #: rule id -> title, severity, topic, basis (as cited), in catalogue order
    figures: Mapping[str, tuple[str, str, str]]  #: fact id -> form, row, column as printed, as ``form.labels`` gives
    total: Total | None
    due: dt.date | None
    office: Office

    def rows(self, order: Literal["rank", "roster"] = "rank") -> Iterator[Row]:
        """Every unit of the roster: ranked ones first, then not comparable, then without a report."""

    def detail(self, unit: str) -> Detail | None:
        """The heavy part of one audited unit, by its key."""

    def told(self, unit: str) -> str | None:
        """Of ``detail`` what audit.json has, as JSON text: audit, facts, narrative, problems; ``record.told_json``."""

    def strays(self) -> Iterator[Submission]:
        """Files that belong to no unit, by path: strangers, unreadable ones that nobody could place, the county's."""

    def clusters(self) -> Iterator[Cluster]:
        """Reports alike, most alike first."""

    def history(self, unit: str) -> Mapping[int, float]:
        """Scores of earlier seasons that are known, by year."""

    def changes(self) -> Iterator[Change]:
        """Against an earlier round, by unit; nothing where none was given."""
