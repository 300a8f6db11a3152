"""The nouns shared by every room. Imports nothing but the standard library, does no I/O.

Direction of data: bytes -> Document (``read``) -> Report (``extract``) -> Audit (``judge``) -> text (``render``).
Places are recorded when a file is read and carried along; nobody guesses them back afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import accumulate
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeVar, dataclass_transform

Era = Literal["A", "B", "C", "D"]
Level = Literal["省", "市", "县", "镇", "乡", "街道", "部门", "其他"]
FactState = Literal["given", "absent", "blank", "malformed", "unread"]
VerdictState = Literal["pass", "fail", "review", "unknown", "n/a", "waived", "broken"]
Severity = Literal["must", "should", "info"]
Confidence = Literal["high", "low"]
Against = Literal["last", "peers"]
#: what is said of rules that compare with something that is not there: no fault of the report, it costs no coverage
ALONE: Mapping[Against, str] = {
    "last": "没有上一年度的报告可以对照，跨年核对没有做",
    "peers": "没有其他单位的报告可以对照，是否雷同没有核对",
}
#: Counts and amounts, text, an ISO date, (start, end) as ISO dates or None, or a map from names to counts.
Value = int | float | str | tuple[str | None, ...] | Mapping[str, int | float] | None


_Noun = TypeVar("_Noun")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_Noun]) -> type[_Noun]:
    """A frozen dataclass with slots, of which both the class and its objects are quick to make.

    The type checker holds everyone to it; holding Python to it too makes each object eight times as slow to make. To
    compare, hash and show itself, ``dataclass`` writes and compiles six functions for each class, which takes longer
    than a check of a report: here it writes ``__init__`` alone.
    """
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    names = [each.name for each in fields(made)]  # type: ignore[arg-type]
    values = attrgetter(*names)

    def equal(self: _Noun, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: _Noun) -> int:
        return hash(values(self))

    def shown(self: _Noun) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    for name, method in (("__eq__", equal), ("__hash__", hashed), ("__repr__", shown)):
        setattr(made, name, method)
    return made


class Unreadable(Exception):
    """A file that cannot be checked: one row in the result, never the end of a run.

    ``code`` is a stable word of docs/errors.md (``encoding``, ``not-a-report``, ...), ``message`` one plain Chinese
    sentence on what is wrong, ``remedy`` one on what the officer should do.
    """

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.code, self.message, self.remedy = code, message, remedy


@record
class Where:
    """A place: the logical part first (section, table, row, column), then what the format can give.

    ``line`` and ``page`` count from 1, ``block`` from 0; ``quote`` is the raw wording, at most 200 characters.
    ``start`` is the offset of the quote in its block, ``cell`` the row and column of a cell in its table, from 0: for
    those who mark the place in the document itself.
    """

    section: str | None = None
    table: str | None = None
    row: str | None = None
    col: str | None = None
    line: int | None = None
    page: int | None = None
    block: int | None = None
    quote: str | None = None
    start: int | None = None
    cell: tuple[int, int] | None = None

    def to_dict(self) -> dict[str, str | int]:
        """The parts that are known and mean something outside the document, in a fixed order, for JSON."""
        return {name: value for name, value in zip(_PLACE, _PARTS(self), strict=True) if value is not None}

    @property
    def logical(self) -> str:
        """Section, table, row and column joined by "/": what a fingerprint is made of."""
        return "/".join(part for part in (self.section, self.table, self.row, self.col) if part)


NOWHERE = Where()
_PLACE = ("section", "table", "row", "col", "line", "page", "block", "quote")
_PARTS = attrgetter(*_PLACE)


@record
class Note:
    """Something that a reader could not do, or did and wants known: code (docs/errors.md), Chinese sentence, place."""

    code: str
    message: str
    where: Where = NOWHERE


@record
class Paragraph:
    """One printed paragraph or line. ``hint`` is what the format knows of it: ``h1``..``h6``, ``li`` or nothing.

    ``unread``: as of a Cell.
    """

    text: str
    where: Where = NOWHERE
    hint: str = ""
    unread: bool = False


@record
class Cell:
    """A table cell; a merged cell is the same object at every position that it covers.

    A position that no cell covers, as in a row too short, has an empty text and no place. ``unread``: the reader could
    not tell for certain what stands there; ``text`` is its best guess, good for a label and never for a figure.
    """

    text: str
    where: Where = NOWHERE
    unread: bool = False


@record
class Table:
    """A full grid, rows x columns, every row of equal length. ``picture`` marks an image that stands for a table."""

    rows: tuple[tuple[Cell, ...], ...]
    where: Where = NOWHERE
    picture: bool = False


Block = Paragraph | Table


@record
class Document:
    """One file as read: blocks in printed order, and notes on what the reader could not do.

    ``posted`` is the publishing date that the page itself carries outside its text (a meta tag), ISO, if any.
    ``recognised``: words were recognised from pictures, so nothing in it is quite certain.
    """

    source: str
    format: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    posted: str | None = None
    recognised: bool = False


class Origin(NamedTuple):
    """Where a stretch of a logical line comes from: it begins at ``at`` of the line, and at ``start`` of its block.

    A block or a start of None: nobody noted it.
    """

    at: int
    line: int
    block: int | None = None
    start: int | None = None

    def later(self, by: int) -> Origin:
        """The same stretch without its first characters."""
        return Origin(self.at, self.line, self.block, None if self.start is None else self.start + by)


def _at(origin: Origin) -> int:
    return origin.at


def part(source: Sequence[Origin], begin: int, end: int) -> tuple[Origin, ...]:
    """Where the part begin:end of a line comes from that comes from ``source``."""
    if len(source) == 1:  # nearly always
        at, line, block, start = source[0]
        return (Origin(0, line, block, None if start is None else start + begin - at),)
    first = source[max(bisect_right(source, begin, key=_at) - 1, 0)]
    within = (origin for origin in source if begin < origin.at < end)
    return (
        first.later(begin - first.at)._replace(at=0),
        *(origin._replace(at=origin.at - begin) for origin in within),
    )


@record
class Line:
    """One logical paragraph of a report inside a ``Passage``.

    ``text`` is what patterns see (half-width digits and letters, blanks and zero-width characters dropped, see
    ``extract.compact``); ``raw`` is the source wording. ``source`` says where it comes from, by ascending raw offset.
    """

    text: str
    raw: str
    source: tuple[Origin, ...] = (Origin(0, 1),)
    block: int = 0
    page: int | None = None
    section: str | None = None
    starts: tuple[int, ...] | None = None  #: raw offset of each character of ``text``; None: the two are equally long

    def under(self, section: str | None) -> Line:
        """The same line, placed in another section."""
        return Line(self.text, self.raw, self.source, self.block, self.page, section, self.starts)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in ``raw`` of the half-open span start:end of ``text``."""
        if self.starts is None or end <= start:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1

    def said(self, start: int, end: int) -> str:
        """The source wording of text[start:end]."""
        first, last = self.raw_span(start, end)
        return self.raw[first:last]

    def where(self, start: int, end: int) -> Where:
        """The place of text[start:end], with the raw wording as quote."""
        first, last = self.raw_span(start, end)
        origin = self.source[max(bisect_right(self.source, first, key=_at) - 1, 0)]
        return Where(
            section=self.section,
            line=origin.line,
            page=self.page,
            block=self.block if origin.block is None else origin.block,
            quote=self.raw[first:last][:200],
            start=None if origin.start is None else origin.start + first - origin.at,
        )


class Passage:
    """The text of one scope (``title``, ``preface``, ``body``, a topic ...): lines joined by newlines in ``text``."""

    def __init__(self, lines: tuple[Line, ...] = ()) -> None:
        self.lines = lines

    # what follows is worked out when first asked for: of most scopes nobody asks
    @cached_property
    def text(self) -> str:
        return "\n".join([line.text for line in self.lines])

    @cached_property
    def offsets(self) -> list[int]:
        """Where each line begins in ``text``."""
        return list(accumulate([len(line.text) + 1 for line in self.lines[:-1]], initial=0))

    @cached_property
    def breaks(self) -> list[int]:
        """Where sentences end in ``text``."""
        text = self.text
        for mark in "。；！？":
            text = text.replace(mark, "\n")
        return list(accumulate([len(sentence) + 1 for sentence in text.split("\n")], initial=-1))[1:-1]

    def __bool__(self) -> bool:
        return bool(self.lines)

    def at(self, start: int) -> tuple[Line, int]:
        """The line that holds offset ``start`` of ``text``, and the offset where that line begins."""
        index = max(bisect_right(self.offsets, start) - 1, 0)
        return self.lines[index], self.offsets[index]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The span of the sentence around start:end: up to 。；！？ or a line's end, the mark itself left out."""
        breaks = self.breaks
        first, last = bisect_left(breaks, start), bisect_left(breaks, end)
        return breaks[first - 1] + 1 if first else 0, breaks[last] if last < len(breaks) else len(self.text)

    def where(self, start: int, end: int) -> Where:
        """The place of text[start:end]; a span over several lines is quoted up to the end of its first."""
        line, base = self.at(start)
        return line.where(start - base, min(end - base, len(line.text)))

    def raw(self, start: int, end: int) -> str:
        """The source wording of text[start:end], within its first line."""
        line, base = self.at(start)
        return line.said(start - base, min(end - base, len(line.text)))


@record
class Heading:
    """A numbered or marked heading.

    ``level`` 1 for 一、, 2 for （一）, 3 for 1、 or 1., 4 for (1). ``number`` is its ordinal, None when the number is
    missing (seed 002). ``text`` is the heading without number, compact. ``topics`` names what it is about (TOPICS of
    ``outline``): none, one, or several for 收费、复议诉讼情况. ``run_in``: body text follows on the same line.
    """

    level: int
    number: int | None
    label: str
    text: str
    topics: tuple[str, ...]
    where: Where
    run_in: bool = False


@record
class Section:
    """A first-level part: its heading, its text without the heading, its tables (flattened too) and pictures."""

    heading: Heading
    text: Passage
    subheadings: tuple[Heading, ...] = ()
    tables: int = 0
    pictures: int = 0


@record
class Sighting:
    """One place where a fact was met. ``approx``: 63余; ``cumulative``: a total over several years."""

    value: Value
    raw: str
    where: Where
    approx: bool = False
    cumulative: bool = False


@record
class Fact:
    """What a report says on one point. ``given`` if and only if it has a value; ``raw`` is never cleaned."""

    state: FactState
    value: Value = None
    raw: str = ""
    where: Where = NOWHERE
    sightings: tuple[Sighting, ...] = ()

    @property
    def approx(self) -> bool:
        return bool(self.sightings) and self.sightings[0].approx


ABSENT = Fact("absent")
UNREAD = Fact("unread")
LAST = "last."  #: begins the names of facts of last year's report


@record
class Form:
    """An official form (表三) as a report carries it; its figures are facts.

    ``edition``: the year of its format, empty where all years have the same. ``topics``: of the part it stands in.
    ``cells``: the facts that this edition has. ``missing`` and ``lost``: official labels of rows (or captions) and of
    columns that are not there. ``renamed``: labels as printed, with the official ones. ``extra``: columns that the
    form does not have, and group rows with figures. ``foreign``: labels that the edition of the report's year does not
    have. ``labels``: all as printed. ``note``: whether its printed note is there. ``whole``: all of it was read, so
    that what is missing is not there. ``blurred``: some labels could not be read for certain, so that nothing can be
    said of what is missing or strange.
    """

    id: str
    title: str
    edition: str
    topics: tuple[str, ...]
    where: Where
    cells: tuple[str, ...]
    missing: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    note: bool = True
    whole: bool = True
    blurred: bool = False


@dataclass(frozen=True)
class Report:
    """One report as facts and texts: the only vocabulary that rules have.

    ``texts``: scope -> Passage. Scopes: ``title``, ``preface``, ``body`` (preface and sections, without title,
    signature and page furniture), ``tail`` (signature and date), ``furniture`` (page residue), ``all`` (everything in
    printed order), ``s1``.. (first-level sections in order), and a topic of ``outline.TOPICS`` (its sections).
    A scope that the report does not have is missing from the mapping.
    ``reason`` says in Chinese why this year and era were chosen. ``forms_only``: a workbook of forms without a report's
    text, of which nobody knows what it says. ``recognised``: as of its document.
    """

    source: str
    format: str
    place: str | None
    level: Level | None
    year: int | None
    era: Era | None
    reason: str
    facts: Mapping[str, Fact]
    texts: Mapping[str, Passage]
    sections: tuple[Section, ...] = ()
    headings: tuple[Heading, ...] = ()
    notes: tuple[Note, ...] = ()
    forms: tuple[Form, ...] = ()
    forms_only: bool = False
    recognised: bool = False

    def fact(self, name: str) -> Fact:
        return self.facts.get(name, ABSENT)

    @cached_property
    def printed(self) -> Mapping[str, Mapping[str, Fact]]:
        """The facts that are there or unread, by the first part of their ids: those of table three under ``t3``."""
        groups: dict[str, dict[str, Fact]] = {}
        for name, fact in self.facts.items():
            if fact.state != "absent":
                groups.setdefault(_GROUPS[name], {})[name] = fact
        return groups

    @cached_property
    def groups(self) -> Mapping[str, Set[FactState]]:
        """The first parts of the ids of all facts, with the states that occur under each."""
        groups: dict[str, set[FactState]] = {}
        for group, state in {(_GROUPS[name], fact.state) for name, fact in self.facts.items()}:
            groups.setdefault(group, set()).add(state)
        return groups

    @cached_property
    def unread(self) -> frozenset[str]:
        """The first parts of the ids of facts that could not be read: ``t3`` when something of table three was not."""
        return frozenset(group for group, states in self.groups.items() if "unread" in states)


class _Groups(dict[str, str]):
    """Id of a fact -> its first part; the ids are few, and looked up for every report."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, name.partition(".")[0])


_GROUPS = _Groups()


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
        if not name.startswith(LAST):
            return self.report.fact(name)
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
    """One of the seven required elements: is it required in this era, and what became of it."""

    name: str
    title: str
    required: bool
    state: FactState
    value: Value
    rules: tuple[str, ...]
    where: Where = NOWHERE


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
    "message": "说明",
    "fix": "改法",
    "repair": "自动修改",
    "examples": "例子",
}


def named(keys: Sequence[str]) -> list[str]:
    """The keys of a rule in words; a parameter of its kind has its own name."""
    return [_KEYS.get(key, key) for key in keys]


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
    by_level: Mapping[Level, Severity | Literal["n/a"]] = field(default_factory=dict)
    repair: Remedy | None = None
    weight: int | None = None
    confidence: Confidence = "high"
    against: Against | None = None
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


@record
class ElementSpec:
    """A required element: the facts that answer it and the rules that judge it, by era, and where it is required.

    ``local``: no printed form has it, so that a local pack may ask for more or less.
    """

    name: str
    title: str
    facts: Mapping[Era, tuple[str, ...]]
    rules: Mapping[Era, tuple[str, ...]]
    required: tuple[Era, ...]
    local: bool = False


@record
class Policy:
    """How a pack counts: weight by severity, grades from the best down as (name, least score), coverage floor (0..1).

    ``forms`` names what stands in the official forms, by the first part of fact ids: {表格: (t2, t3)}.
    ``ceilings``: the most that a report can score of which the rule fails.
    """

    weights: Mapping[Severity, int]
    grades: tuple[tuple[str, float], ...]
    coverage_floor: float
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ceilings: Mapping[str, float] = field(default_factory=dict)


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
