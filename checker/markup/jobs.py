"""One Word file, from its path to the marked copy. Runs in worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.gate import Gate, Line
from checker.markup.changes import changed
from checker.markup.comments import annotate
from checker.model import Audit, Level, Pack
from checker.read import Traced, read_traced, trace
from checker.render import View, tally
from checker.render.table import verdict_sentence
from checker.repair import Repair, harms, proposed
from checker.work import audit, status, unread

_ROUNDS = 20
_NO_GATE = Gate(Line("never"))  #: findings are what these commands are for, and no failure of theirs


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
    """The commented file, its comments in the text, its findings without a place there, the verdict, the exit code."""

    content: bytes
    placed: int
    placeless: int
    verdict: str
    status: int


@dataclass(frozen=True, slots=True)
class Fixing:
    """What to do with a file whose mechanical faults are repaired."""

    pack: Pack
    year: int | None = None
    level: Level | None = None
    date: str | None = None

    def __call__(self, path: Path) -> Fixed:
        traced = read_traced(path)
        found = self.audit(traced)
        done: list[Repair] = []
        left: tuple[Repair, ...] = ()
        for _ in range(_ROUNDS):  # a repair may make another one possible
            plan = proposed(found, self.pack, found.document.blocks if found.document else ())
            step = self.without_harm(traced, found, [repair for repair in plan if not repair.same])
            left = step.left
            if not step.done:  # other signs for the same come last: words once changed cannot be changed again
                step = self.without_harm(traced, found, [repair for repair in plan if repair.same])
                left += step.left
            if not step.done:
                break
            traced, found = step.traced, step.found
            done += step.done
        return Fixed(traced.package, tuple(done), left, status(found, _NO_GATE))

    def audit(self, traced: Traced) -> Audit:
        return _audit(traced, self.pack, self.year, self.level)

    def without_harm(self, traced: Traced, found: Audit, plan: Sequence[Repair]) -> _Step:
        """As many of these repairs as leave nothing worse than it was; a group that does harm is tried by halves."""
        best = _Step(traced, found, (), ())
        groups = [tuple(plan)] if plan else []
        while groups:
            group = groups.pop()
            step = self.tried(traced, found, (*best.done, *group))
            if step:
                best = replace(step, left=(*best.left, *(each for each in step.left if each not in best.left)))
            elif len(group) > 1:
                groups += [group[len(group) // 2 :], group[: len(group) // 2]]
        return best

    def tried(self, traced: Traced, found: Audit, repairs: Sequence[Repair]) -> _Step | None:
        """The file with these repairs, read and judged again; None when anything is worse then."""
        kind, source = traced.document.format, traced.document.source
        content, left = changed(trace(traced.package, source, kind), repairs, self.date)
        again = trace(content, source, kind)
        after = self.audit(again)
        done = tuple(repair for repair in repairs if repair not in left)
        return None if harms(found, after) else _Step(again, after, done, left)


@dataclass(frozen=True, slots=True)
class _Step:
    """A file after some repairs, what is found in it then, the repairs that were made, and those that cannot be."""

    traced: Traced
    found: Audit
    done: tuple[Repair, ...]
    left: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """The repaired file, what was repaired, what could have been if it stood elsewhere, the exit code."""

    content: bytes
    done: tuple[Repair, ...]
    left: tuple[Repair, ...]
    status: int


def _audit(traced: Traced, pack: Pack, year: int | None, level: Level | None) -> Audit:
    found = audit(traced.document, pack, year, level, keep=True)
    return replace(found, unread=unread(found, pack))
