"""One file, from its path to its place in the result: read, extract, judge, render. Runs in worker processes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from checker.extract import extract
from checker.extract.opened import opened
from checker.factmap import FactMap
from checker.gate import Line, drawn, holds
from checker.judge import asked, judge
from checker.model import Audit, Case, Level, Pack, Report, Rule, Unreadable
from checker.read import read
from checker.render import FORMATS, Tally, View, tally

HELD = Line()


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with every file of a run."""

    pack: Pack
    format: str
    view: View
    year: int | None = None
    level: Level | None = None
    line: Line = HELD

    def __call__(self, path: Path) -> Piece:
        return self.piece(audit(path, self.pack, self.year, self.level, keep=FORMATS[self.format].document))

    def piece(self, found: Audit) -> Piece:
        """The audit as text, and what the run needs to know of it."""
        form = FORMATS[self.format]
        found = drawn(replace(found, unread=unread(found, self.pack)), self.line)
        return Piece(form.report(found, self.view), form.row(found, self.view), tally(found), status(found, self.line))

    def fail(self, path: Path, error: Unreadable) -> Piece:
        """The piece for a file that could not be read."""
        return self.piece(Audit(str(path), None, error=error))


@dataclass(frozen=True, slots=True)
class Piece:
    """One report's share of the output: its text, its row of the overview, its counts, its exit code."""

    text: str
    row: str
    counts: Tally
    status: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What to do with a file of which the report itself is wanted: the report, or why it could not be read."""

    facts: FactMap
    year: int | None = None
    level: Level | None = None

    def __call__(self, path: Path) -> Report | Unreadable:
        return extract(read(path), self.facts, year=self.year, level=self.level)

    def fail(self, _path: Path, error: Unreadable) -> Unreadable:
        return error


def audit(path: Path, pack: Pack, year: int | None = None, level: Level | None = None, *, keep: bool = False) -> Audit:
    """The audit of one file, with its document if that is to be kept. Raises Unreadable."""
    document = opened(read(path))
    found = judge(Case(extract(document, pack.facts, year=year, level=level, wanted=partial(asked, pack))), pack)
    return replace(found, document=document) if keep else found


def unread(found: Audit, pack: Pack) -> tuple[str, ...]:
    """The rules that must hold and of which nobody can tell; that there is no report of last year does not count."""
    unknown = {v.rule for v in found.verdicts if v.state == "unknown" and v.severity == "must"}
    return tuple(rule.id for rule in pack.rules if rule.id in unknown and not needs_last_year(rule))


def status(found: Audit, line: Line) -> int:
    """The exit code for one report: the gravest of 5 (our bug), 3 (something unread), 1 (findings), 0."""
    if found.error:
        return 5 if found.error.code == "internal" else 3
    if any(verdict.state == "broken" for verdict in found.verdicts):
        return 5
    return 3 if found.unread else int(not holds(found, line))


def needs_last_year(rule: Rule) -> bool:
    """Whether a rule compares with last year's report, whose absence is no fault of this one."""
    values = [value for turn in rule.turns for value in turn.call.params.values()]
    return any(name.startswith("last.") for value in values for name in getattr(value, "names", ()))
