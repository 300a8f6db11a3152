"""Many files: find them, spread them over processes, keep their order, survive every one of them.

``work`` is supplied by the caller and does the whole of one report (read, extract, judge, render a fragment), so that
one small result travels back for each file. A file that kills or stalls its worker costs one row, made by ``fail``.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TypeVar

from checker.batch.files import SUFFIXES, find, passed_over
from checker.batch.job import Job, died, in_time, internal, on_main_thread
from checker.batch.spread import spread
from checker.batch.worker import settle
from checker.model import Unreadable
from checker.read.limits import LIMITS, Limits

__all__ = ["SUFFIXES", "died", "find", "internal", "passed_over", "run", "settle"]

R = TypeVar("R")

_FEW = 16  #: files; so few are not worth a second process


def run(
    paths: Iterable[Path],
    work: Callable[[Path], R],
    fail: Callable[[Path, Unreadable], R],
    *,
    jobs: int = 1,
    limits: Limits = LIMITS,
    apart: Callable[[Path], bool] | None = None,
) -> Generator[R, None, None]:
    """``work(path)`` for each path, in the order of ``paths``, on ``jobs`` processes; never an exception of ``work``.

    ``fail(path, error)`` makes the row of a path that could not be done: ``Unreadable`` as raised by ``work``, or
    ``timeout``, ``memory``, ``worker-died``, ``internal``. Both must be picklable where there is no fork (Windows).
    Few paths are done in this process, save large files and those of which ``apart`` says that they need a process of
    their own (``read.needs_worker``). Results are held back only to keep the order, a few chunks. Every document has
    ``limits.text`` to go by, unless its reader asks for more.
    Close the iterator (``contextlib.closing``) to end the workers at once; SIGTERM is turned into ``SystemExit(143)``.
    """
    job = Job(work, fail, limits)
    source = iter(paths)
    few = list(islice(source, _FEW)) if jobs > 1 else []
    with _sigterm_unwinds():
        if len(few) == _FEW:
            yield from spread(chain(few, source), job, jobs)
            return
        for outside, group in groupby(
            chain(few, source), lambda path: _large(path, limits) or bool(apart and apart(path))
        ):
            if outside:
                yield from spread(group, job, 1)
            else:
                yield from (in_time(job, path) for path in group)


def _large(path: Path, limits: Limits) -> bool:
    try:
        return os.stat(path).st_size > limits.in_process
    except (OSError, ValueError):  # reading it will say so
        return False


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    """While the run lasts, SIGTERM unwinds the stack, so that the workers end with us; a caller's handler stays."""
    if not on_main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
