"""What a worker does with one file of a season: read it into the store's form, and later judge it from there."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import pickle
import sqlite3
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from checker.extract import extract
from checker.extract.opened import opened
from checker.gate import GRAVE, Gate, Line
from checker.gate.waivers import waived
from checker.judge import judge
from checker.likeness import earlier, narrative, signature
from checker.model import Audit, Case, Earlier, Names, Pack, Report, Twin, Unreadable, Waiver
from checker.pack.cache import restored
from checker.read import load, parse
from checker.render import View, as_json, marked
from checker.render.view import SEVERITIES, kind, states_of_rules
from checker.season import record, store
from checker.season.names import is_desk
from checker.work import status, unread

#: what may be another time: the same file may well be read then
_PASSING = frozenset(
    ("timeout", "memory", "worker-died", "internal", "io", "no-libreoffice", "conversion-timeout", "scan", "no-reports")
)
_TOO_LARGE = 200 << 20  #: bytes; no reader takes more, so nobody needs its hash


@dataclass(frozen=True, slots=True)
class Result:
    """What a worker sends back: light data as JSON, heavy data packed, of a reading what likeness is measured on.

    ``lasting``: true the next time, too.
    """

    head: str
    body: bytes = b""
    signature: bytes = b""
    lasting: bool = True


def sha256(path: Path) -> str:
    """The hash of a regular file, empty when it cannot be had: reading it will say why."""
    try:
        if not os.path.isfile(path) or path.stat().st_size > _TOO_LARGE:
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """All that is needed to read a file: its name, as reports have it as their source, and its bytes."""

    source: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """Read and extract a file: its report and the blocks as printed, and what matching needs to know of it."""

    pack: Pack

    def __call__(self, path: Path) -> Result:
        return self.pure(self.gather(path))

    def gather(self, path: Path) -> Copy:
        """The file. Raises Unreadable."""
        return Copy(str(path), load(path))

    @property
    def pure(self) -> Callable[[Copy], Result]:
        """The work itself, which needs no folder."""
        return partial(taken, pack=self.pack)

    def fail(self, _path: Path, error: Unreadable) -> Result:
        message = f"{error.message.rstrip('。')}。{error.remedy.rstrip('。')}。"
        head = {"error": {"code": error.code, "message": error.message, "remedy": error.remedy}, "trouble": message}
        return Result(json.dumps(head), lasting=error.code not in _PASSING)


def taken(copy: Copy, pack: Pack) -> Result:
    """What is kept of a file. Raises Unreadable."""
    document = opened(parse(copy.data, copy.source))
    report = extract(document, pack.facts)
    return noted(report, hashlib.sha256(copy.data).hexdigest(), packed(report, marked.blocks(document, report)))


def noted(report: Report, digest: str, body: bytes) -> Result:
    """A reading: whose report it is and of which year, what likeness is measured on, and ``body``.

    ``digest``: of the bytes that were read.
    """
    names = dict.fromkeys([*_said(report, "title.place"), report.place, *_said(report, "signed.place")])
    head = {
        "names": [name for name in names if name and not is_desk(name)],
        "level": report.level,
        "year": report.year,
        "signed": next(iter(_said(report, "signed.date")), None),
        "posted": next(iter(_said(report, "posted.date")), None),
        "sha256": digest,
    }
    return Result(json.dumps(head), body, signature(narrative(report)).tobytes())


def _said(report: Report, name: str) -> list[str]:
    fact = report.fact(name)
    return [fact.value] if isinstance(fact.value, str) else []


def packed(noun: Report | Earlier | tuple[Twin, ...], blocks: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Our own nouns as they are kept, of a file its report and its blocks: each by itself, since few want both."""
    first = zlib.compress(pickle.dumps(noun, protocol=5), 1)
    text = json.dumps(blocks, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return len(first).to_bytes(4) + first + zlib.compress(text, 1)


def unpacked(body: bytes) -> Any:
    """The nouns that were ``packed``."""
    return restored(zlib.decompress(body[4 : 4 + int.from_bytes(body[:4])]))


def blocks_of(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """The blocks that were ``packed``."""
    text = zlib.decompress(body[4 + int.from_bytes(body[:4]) :])
    return tuple(json.loads(text.decode("utf-8", "surrogatepass")))


# --- judging ----------------------------------------------------------------------------------------------------------


class Lost(Exception):
    """Something that was kept cannot be used any more: ``key``."""

    @property
    def key(self) -> str:
        return str(self.args[0])


#: what the store has of a file of a season that counts; left to itself SQLite reads all rows of the season for each
WANTED = """SELECT files.key, previous, twins, waivers FROM rows INDEXED BY rows_path JOIN files USING (season, path)
            WHERE season = ? AND path = ?"""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that is needed to judge one report: its file, itself and last year's (packed), whose are like it (JSON)."""

    source: str
    body: bytes
    previous: tuple[bytes, ...] = ()
    twins: str | None = None
    waivers: str = "[]"  #: of the roster, those that hold today (JSON)


@dataclass(frozen=True, slots=True)
class Judging:
    """Judge the counted report of a file: ``path`` below ``folder`` names it, the store at ``place`` has it."""

    place: Path
    folder: Path
    season: int
    pack: Pack
    names: Names | None = None

    def __call__(self, path: Path) -> Result:
        found = self.gather(path)
        return found if isinstance(found, Result) else self.pure(found)

    def gather(self, path: Path) -> Brief | Result:
        """What the store has of the report, or which part of it is lost."""
        try:
            return self.brief(path)
        except Lost as error:  # an exception would be taken for a fault of the report
            return Result("", error.key.encode())

    @property
    def pure(self) -> Callable[[Brief], Result]:
        """The work itself, which needs neither folder nor store."""
        return partial(judged, pack=self.pack, names=self.names)

    def fail(self, path: Path, error: Unreadable) -> Result:
        return outcome(Audit(relative(path, self.folder), None, error=error), self.pack, lasting=False)

    def brief(self, path: Path) -> Brief:
        source = relative(path, self.folder)
        with closing(store.connect(self.place, reading=True)) as db:
            key, previous, twins, waivers = db.execute(WANTED, (self.season, stored(source))).fetchone()
            return Brief(source, _body(db, key), tuple(_body(db, one) for one in json.loads(previous)), twins, waivers)


def _body(db: sqlite3.Connection, key: str) -> bytes:
    body = store.body_of(db, key)
    if body is None:
        raise Lost(key)
    return body


def judged(brief: Brief, pack: Pack, names: Names | None = None) -> Result:
    """The audit of one report. ``names``: of the county and of the units on its roster."""
    report = unpacked(brief.body)
    previous = [earlier_of(body) for body in brief.previous]
    twins = None if brief.twins is None else tuple(record.twin_from_dict(twin) for twin in json.loads(brief.twins))
    case = Case(replace(report, source=brief.source), record.together(previous), twins, names)
    return outcome(_forgiven(judge(case, pack), json.loads(brief.waivers), pack), pack)


def _forgiven(audit: Audit, given: Sequence[Mapping[str, str]], pack: Pack) -> Audit:
    """The audit with what the roster forgives its unit; whose report it is and until when is known already."""
    about = audit.report
    if not about or not given:
        return audit
    place, year = "".join((about.place or "").split()), about.year or 0
    waivers = [
        Waiver(one["rule"], place, year, one["reason"], one.get("who", "名册"), one.get("until", f"{year + 1}-12-31"))
        for one in given
    ]
    return waived(audit, waivers, dt.date.min, pack.policy)[0]


def earlier_of(body: bytes) -> Earlier:
    """A kept report, from a file or from an audit.json, as the next year's is compared with it."""
    kept = unpacked(body)
    return kept if isinstance(kept, Earlier) else earlier(kept)


_EXACT = View()


def outcome(audit: Audit, pack: Pack, *, lasting: bool = True) -> Result:
    """What the store keeps of an audit: figures for its row, and everything for its page."""
    audit = replace(audit, unread=unread(audit, pack))
    found = [kind(verdict) for verdict in audit.verdicts if verdict.state in ("fail", "review", "broken")]
    head = {
        "score": audit.score,
        "coverage": audit.coverage,
        "grade": audit.grade,
        "states": states_of_rules(audit.verdicts),
        "findings": {name: found.count(name) for name in (*SEVERITIES, "review")},
        "elements": {element.name: element.state for element in audit.elements},
        "status": {gate: status(audit, Gate(Line(gate))) for gate in GRAVE},
    }
    body = zlib.compress(_detail(audit).encode("utf-8", "surrogatepass"), 1)
    return Result(json.dumps(head), body, lasting=lasting)


def _detail(audit: Audit) -> str:
    """All of an audit but the verdicts that say no more than what the states in its head say."""
    said = tuple(one for one in audit.verdicts if one.state not in ("pass", "n/a") or one.known or one.waiver)
    text = as_json.report(replace(audit, verdicts=said), _EXACT)
    about = audit.report
    if about is None:
        return record.told_json(text, {}, (), ())
    facts = {name: fact for name, fact in about.facts.items() if fact.state != "absent"}
    told = earlier(about)
    return record.told_json(text, facts, told.narrative, told.problems)


# --- names of files ---------------------------------------------------------------------------------------------------


def relative(path: Path, folder: Path) -> str:
    """A file's name below the folder of its season, with "/"."""
    return path.relative_to(folder).as_posix()


def stored(name: str) -> bytes:
    """A file's name as the store has it: exact, even where it is no UTF-8."""
    return name.encode("utf-8", "surrogateescape")
