"""One file, from its path to its place in the result: read, extract, judge, render. Runs in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from operator import attrgetter
from pathlib import Path

from checker.extract import extract
from checker.extract.opened import opened
from checker.factmap import FactMap
from checker.gate import OPEN, Gate, Ledger, Trace, holds
from checker.gate.own import LEGIBLE
from checker.judge import asked, judge
from checker.kinds.facts import same_organ
from checker.model import LOST, Audit, Case, Document, Earlier, Level, Pack, Report, Twin, Unreadable, record
from checker.read import read
from checker.render import FORMATS, Tally, View, tally

#: a file -> last year's report of its unit, and the reports of other units that are like it (None: nobody looked)
Among = Callable[[Path], tuple[Earlier | None, tuple[Twin, ...] | None]]


@record
class Job:
    """What to do with every file of a run. ``among``: what each is held against; ``previous`` goes before it."""

    pack: Pack
    format: str
    view: View
    year: int | None = None
    level: Level | None = None
    gate: Gate = OPEN
    previous: Earlier | None = None
    same_unit: bool = False
    among: Among | None = None

    def __call__(self, path: Path) -> Piece:
        keep = FORMATS[self.format].document
        last, same_unit, twins = self.previous, self.same_unit, None
        if self.among:
            found, twins = self.among(path)
            if found and not last:
                last, same_unit = found, True
        return self.piece(audit(read(path), self.pack, self.year, self.level, last, same_unit, twins, keep=keep))

    def piece(self, found: Audit) -> Piece:
        """The audit, seen through the gate, as text, and what the run needs to know of it."""
        form = FORMATS[self.format]
        found, trace = self.gate.judged(replace(found, unread=unread(found, self.pack)), self.pack)
        code = status(found, self.gate)
        return Piece(form.report(found, self.view), form.row(found, self.view), tally(found), code, trace)

    def fail(self, path: Path, error: Unreadable) -> Piece:
        """The piece for a file that could not be read."""
        return self.piece(Audit(str(path), None, error=error))

    def ended(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The pieces of a run, and after them what all together say of its settings files."""
        ledger = Ledger(self.gate)
        for piece in pieces:
            ledger.add(piece.trace)
            yield piece
        yield from map(self.piece, ledger.audits(self.pack))


@record
class Piece:
    """One report's share of the output: its text, its row of the overview, its counts, its exit code, its trace."""

    text: str
    row: str
    counts: Tally
    status: int
    trace: Trace


@record
class Reading:
    """What to do with a file of which the report itself is wanted: the report, or why it could not be read."""

    facts: FactMap
    year: int | None = None
    level: Level | None = None

    def __call__(self, path: Path) -> Report | Unreadable:
        return extract(read(path), self.facts, year=self.year, level=self.level)

    def fail(self, _path: Path, error: Unreadable) -> Unreadable:
        return error


def audit(
    document: Document,
    pack: Pack,
    year: int | None = None,
    level: Level | None = None,
    previous: Earlier | None = None,
    same_unit: bool = False,
    twins: tuple[Twin, ...] | None = None,
    *,
    keep: bool = False,
) -> Audit:
    """The audit of a document, held against last year's report where one is given. Raises Unreadable.

    ``same_unit``: the caller knows that it is the same unit, whatever it was called then. ``twins``: as of ``Case``.
    ``keep``: the document, too.
    """
    document = opened(document)
    report = extract(document, pack.facts, year=year, level=level, wanted=partial(asked, pack))
    if previous and (error := unfit(report, previous, same_unit)):
        raise error
    found = judge(Case(report, previous, twins), pack)
    return replace(found, document=document) if keep else found


def unfit(report: Report, last: Earlier, same_unit: bool = False) -> Unreadable | None:
    """Why ``last`` is not last year's report of the same unit; None when it is, or may be."""
    if report.year is None:
        return _unfit("没有认出本报告的年度，不能与上年报告对照", "请用 --year 指定本报告的年度")
    if last.year is None:
        return _unfit("没有认出上年报告的年度，不能对照", "请打开上年报告，在标题里写明年度，另存后再查")
    if last.year != report.year - 1:
        text = f"本报告是{report.year}年度的，应当与{report.year - 1}年度的报告对照，给出的却是{last.year}年度的"
        return _unfit(text, f"请给出{report.year - 1}年度的报告")
    if not same_unit and report.place and last.place and not same_organ(report.place, last.place):
        text = f"本报告是“{report.place}”的，给出的上年报告是“{last.place}”的，不像同一个单位，没有对照"
        return _unfit(text, "请给出本单位的上年报告；单位改过名、合并过的，加上 --same-unit 再查")
    return None


def _unfit(message: str, remedy: str) -> Unreadable:
    return Unreadable("previous", f"{message}。", f"{remedy}。")


def unread(found: Audit, pack: Pack) -> tuple[str, ...]:
    """The rules that must hold and of which nobody can tell; that there is no report of last year does not count."""
    unknown = {v.rule for v in found.verdicts if v.state == "unknown" and v.severity == "must"}
    rules = tuple(rule.id for rule in pack.rules if rule.id in unknown and not rule.against)
    return (*rules, LEGIBLE.id) if LOST in found.unchecked else rules


def status(found: Audit, gate: Gate) -> int:
    """The exit code for one report: the gravest of 5 (our bug), 3 (something unread), 1 (findings), 0."""
    if found.error:
        return 5 if found.error.code == "internal" else 3
    if "broken" in map(attrgetter("state"), found.verdicts):
        return 5
    return 3 if found.unread else int(not holds(found, gate.line))
