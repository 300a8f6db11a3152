"""What all steps of an audit share: what is wanted, where it is kept, how progress is told, what results hang on."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import checker
from checker import batch
from checker.model import Pack
from checker.pack.cache import PACKAGE
from checker.season.county import County
from checker.season.jobs import Judging, Reading, Result
from checker.season.roster import Roster
from checker.season.store import Store

if TYPE_CHECKING:
    from checker.season.cluster import Cluster

NOW, LAST = 1, 0  #: this season and the one before it, in the store

#: (how many, of what) -> a context whose value is called after each
Progress = Callable[[int, str], AbstractContextManager[Callable[[], None]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to audit. ``last``: a folder or an audit.json of the year before. ``round``: an audit.json of this year.

    ``skip``: what in the folder is no submission: the roster, where results go. ``day``: that on which waivers of the
    roster must still hold; without it they do not end. ``cluster``: who works instead of ``jobs`` processes of ours.
    """

    folder: Path
    pack: Pack
    roster: Roster | None = None
    county: County = field(default_factory=County)
    year: int | None = None
    last: Path | None = None
    round: Path | None = None
    skip: tuple[Path, ...] = ()
    jobs: int = 1
    day: dt.date | None = None
    cluster: Cluster | None = None


class Run:
    """One audit under way."""

    def __init__(self, plan: Plan, store: Store, progress: Progress) -> None:
        self.plan, self.store, self.progress = plan, store, progress
        self.context = context(plan.pack)
        self.remarks: list[str] = []  #: what the officer should know beside the result

    def key(self, kind: str, *parts: str) -> str:
        """What a result is kept under: its kind, what it is of, and a hash of all that it hangs on."""
        return f"{kind}:{parts[0]}:{digest(self.context, *parts)}"

    def spread(
        self, paths: Iterable[Path], job: Reading | Judging, apart: Callable[[Path], bool] | None = None
    ) -> Generator[Result, None, None]:
        """The results for ``paths`` in their order, from our processes or from the cluster, as ``batch.run``."""
        if self.plan.cluster:
            return self.plan.cluster.run(paths, job, apart=apart)
        return batch.run(paths, job, job.fail, jobs=self.plan.jobs, apart=apart)


def context(pack: Pack) -> str:
    """A hash of all that a result hangs on beside the file: the tool, its code, the rules, the county's weights."""
    stamps = [(path.name, status.st_mtime_ns, status.st_size) for path, status in _code().items()]
    ocr = find_spec("rapidocr") is not None
    return digest(checker.__version__, pack.digest, repr(pack.policy), str(ocr), str(stamps))


def _code() -> Mapping[Path, os.stat_result]:
    return {path: path.stat() for path in sorted(PACKAGE.rglob("*.py"))}


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]
