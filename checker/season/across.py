"""A report among all others of its repository: last year's of the same unit, and this year's of others that are alike.

``gathered`` reads every report once and keeps on disk what a comparison needs of it; in memory stays who it is. Whose a
report is, is told by its name alone, without a roster: where two can be meant, nothing is said of either.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from checker.batch import run
from checker.extract import extract
from checker.extract.opened import opened
from checker.likeness import Signature, earlier
from checker.model import Earlier, Pack, Told, Twin, Unreadable
from checker.read import needs_worker, read
from checker.season import similar
from checker.season.jobs import Reading, Result, earlier_of, noted, packed, sha256, unpacked
from checker.season.names import Index, folded, one_office
from checker.season.nouns import Member

MOST_TWINS = 20  #: reports that one report is said to be like

Span = tuple[int, int]  #: where in the spool something stands, and how long it is


@dataclass(frozen=True, slots=True)
class Noting:
    """Read a file for the comparison: whose it is, and what of it another is held against."""

    pack: Pack

    def __call__(self, path: Path) -> Result:
        report = extract(opened(read(path)), self.pack.facts)
        return noted(report, sha256(path), packed(earlier(report)))

    def fail(self, path: Path, error: Unreadable) -> Result:
        return Reading(self.pack).fail(path, error)


@dataclass(frozen=True, slots=True)
class Known:
    """One report that was read: ``name`` is the fullest wording of whose it is. ``gated``: it is judged."""

    path: str
    name: str
    year: int
    sha256: str
    gated: bool
    body: Span
    signature: Span


@dataclass(frozen=True, slots=True)
class Among:
    """What each gated report is held against, by path: last year's report, those alike; both wait in the spool."""

    spool: Path
    found: Mapping[str, tuple[Span | None, Span | None]]
    remarks: tuple[str, ...] = ()  #: what the person should know beside the result, Chinese sentences

    def __call__(self, path: Path) -> tuple[Earlier | None, tuple[Twin, ...] | None]:
        last, twins = self.found.get(str(path), (None, None))
        with self.spool.open("rb") as spool:
            return last and earlier_of(taken(spool, last)), twins and unpacked(taken(spool, twins))


def gathered(
    paths: Iterable[Path],
    gated: Callable[[Path], bool],
    pack: Pack,
    spool: Path,
    *,
    year: int | None = None,
    jobs: int = 1,
    step: Callable[[], None] = lambda: None,
) -> Among:
    """Read ``paths`` into the new file ``spool`` and find what each gated report is held against.

    ``year``: of the gated reports, whatever they say. ``step`` is called after each report. Raises OSError when the
    disk is full.
    """
    names = list(paths)
    job, readings = Noting(pack), _Readings()
    with spool.open("x+b") as file, closing(run(names, job, job.fail, jobs=jobs, apart=needs_worker)) as results:
        for path, result in zip(names, results, strict=True):
            readings.add(file, path, result, gated(path), year)
            step()
        last, doubtful = _last_years(readings.known)
        try:
            twins = dict(_alike(file, readings.known, similar.threshold(pack)))
        except sqlite3.Error as error:  # of the index, which has a file of its own
            raise OSError(None, str(error)) from None
    found = {one.path: (last.get(one.path), twins.get(one.path)) for one in readings.known if one.gated}
    return Among(spool, found, tuple(_told(readings.unread, doubtful)))


@dataclass(slots=True)
class _Readings:
    """What was read so far. ``unread``: files outside the gate that could not be; those inside have a row."""

    known: list[Known] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, file: BinaryIO, path: Path, result: Result, gated: bool, year: int | None) -> None:
        head: Mapping[str, Any] = json.loads(result.head)
        if "error" in head:
            self.unread += [] if gated else [str(path)]
            return
        when = year if gated and year else head["year"]
        if when and head["names"]:
            kept = put(file, result.body), put(file, result.signature)
            self.known.append(Known(str(path), _fullest(head["names"]), when, head["sha256"], gated, *kept))


def _fullest(names: Sequence[str]) -> str:
    """The name in the title, or the longer wording of it that stands elsewhere: 砚川县青石镇 for 青石镇."""
    own = folded(names[0])
    return max((name for name in names if folded(name).endswith(own)), key=len)


# --- last year's ------------------------------------------------------------------------------------------------------


def _last_years(known: Sequence[Known]) -> tuple[dict[str, Span], list[str]]:
    """Last year's report of each gated one that has exactly one, by path; and those of which nobody can tell."""
    years: dict[int, list[Known]] = defaultdict(list)
    for one in known:
        years[one.year].append(one)
    found: dict[str, Span] = {}
    doubtful = []
    for year in sorted({one.year for one in known if one.gated}):
        for one, last in _mates(years[year], years.get(year - 1, ())):
            if one.gated and last:
                found[one.path] = last.body
            elif one.gated:
                doubtful.append(one.path)
    return found, doubtful


def _mates(now: Sequence[Known], before: Sequence[Known]) -> Iterator[tuple[Known, Known | None]]:
    """Each report of which somebody has one of the year before, and that one; None where it may be another.

    What a name finds must find nobody else: last year's of 青石镇 may be that of either county's this year.
    """
    this, last = _index(now), _index(before)
    owned: dict[str, set[int]] = defaultdict(set)
    for at, mate in enumerate(before):
        owners = {folded(now[back].name) for back in this.find(mate.name)}
        if len(owners) == 1:
            owned[owners.pop()].add(at)
    for one in now:
        met, own = last.find(one.name), owned[folded(one.name)]
        same = {before[at].sha256 for at in own}  # one file kept twice is one report
        if met or own:
            yield one, before[min(own)] if met <= own and len(same) == 1 else None


def _index(reports: Sequence[Known]) -> Index:
    index = Index()
    for at, one in enumerate(reports):
        index.add(one.name, at)
    return index


# --- alike ------------------------------------------------------------------------------------------------------------


def _alike(file: BinaryIO, known: Sequence[Known], least: float) -> Iterator[tuple[str, Span]]:
    """The reports of other units of the same year that each gated one is like, put into the spool."""
    for year in sorted({one.year for one in known if one.gated}):
        reports = [one for one in known if one.year == year]
        units = [folded(one.name) for one in reports]
        if len(set(units)) > 1:  # without a second unit nobody can be like another
            twins = _twins(file, reports, units, least)
            for one in reports:
                if one.gated:
                    yield one.path, put(file, packed(twins.get((one.path, year), ())))


def _twins(
    file: BinaryIO, reports: Sequence[Known], units: Sequence[str], least: float
) -> Mapping[tuple[str, int], tuple[Twin, ...]]:
    """By path and year. Two reports that may be of one unit are not held against each other."""

    def signature_of(at: int) -> Signature:
        return array("Q", taken(file, reports[at].signature))

    @lru_cache(maxsize=32)  # of many copies each stands in many pairs
    def narrative_of(at: int) -> Sequence[Told]:
        return earlier_of(taken(file, reports[at].body)).narrative

    members = [Member(one.path, one.name, one.year, one.path) for one in reports]
    chosen, counts = [], [0] * len(reports)
    for pair in similar.pairs(units, signature_of, least):
        wanted = [at for at in (pair.left, pair.right) if reports[at].gated and counts[at] < MOST_TWINS]
        if wanted and not one_office(reports[pair.left].name, reports[pair.right].name):
            chosen.append(similar.shared(pair, members.__getitem__, narrative_of))
            for at in wanted:
                counts[at] += 1
    return similar.twins(chosen)


# --- the spool --------------------------------------------------------------------------------------------------------


def put(file: BinaryIO, body: bytes) -> Span:
    """Adds ``body`` at the end of a spool."""
    start = file.seek(0, 2)
    file.write(body)
    return start, len(body)


def taken(file: BinaryIO, span: Span) -> bytes:
    """What was ``put`` there."""
    file.seek(span[0])
    return file.read(span[1])


def _told(unread: Sequence[str], doubtful: Sequence[str]) -> Iterator[str]:
    if unread:
        yield f"不在这次检查之列的报告里，有{len(unread)}份读不了，没有拿来比对：{_few(unread)}。"
    if doubtful:
        yield (
            f"有{len(doubtful)}份报告没有与上年的对照：上年的报告不止一份，或者分不清是哪个单位的。"
            f"请每个单位每年只留一份，机关写全称：{_few(doubtful)}。"
        )


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")
