"""One Word file, from its path to the marked copy. Runs in worker processes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from checker.gate import Line
from checker.markup.comments import annotate
from checker.model import Audit, Level, Pack
from checker.read import Traced, read_traced
from checker.render import View, tally
from checker.render.table import verdict_sentence
from checker.work import audited, status, unread

_NO_GATE = Line("never")  #: findings are what these commands are for, and no failure of theirs


@dataclass(frozen=True, slots=True)
class Annotating:
    """What to do with a file whose findings become comments."""

    pack: Pack
    view: View
    year: int | None = None
    level: Level | None = None
    date: str | None = None

    def __call__(self, path: Path) -> Annotated:
        traced = read_traced(path)
        found = _audit(traced, self.pack, self.year, self.level)
        content, placed, placeless = annotate(traced, found, self.view, self.date)
        verdict = verdict_sentence(tally(found), self.view, found.unchecked)
        return Annotated(content, placed, placeless, verdict, status(found, _NO_GATE))


@dataclass(frozen=True, slots=True)
class Annotated:
    """The commented file, how many findings stand at a place and how many do not, the verdict, the exit code."""

    content: bytes
    placed: int
    placeless: int
    verdict: str
    status: int


def _audit(traced: Traced, pack: Pack, year: int | None, level: Level | None) -> Audit:
    found = audited(traced.document, pack, year, level)
    return replace(found, unread=unread(found, pack))
