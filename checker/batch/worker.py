"""A process of our own: the limits it lives in, and who looks after it from outside."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from checker.batch.job import Job, died, too_heavy
from checker.model import Unreadable
from checker.read.limits import Bounds, granting

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

R = TypeVar("R")

_PULSE = 1.0  #: seconds after which an idle worker looks whether its parent lives
_SPAWN_GRACE = 30.0  #: seconds that a worker may take to start where there is no fork


@dataclass(slots=True)
class Chunk(Generic[R]):
    """Paths that one worker does in turn; ``ready`` holds the results that were not yet passed on."""

    names: list[str]
    done: int = 0
    ready: deque[R] = field(default_factory=deque)

    def add(self, result: R) -> None:
        self.ready.append(result)
        self.done += 1

    @property
    def finished(self) -> bool:
        return self.done == len(self.names)


class Worker(Generic[R]):
    """A process of our own and the chunk that it is at. Replaces its process when that dies or hangs."""

    def __init__(self, job: Job[R]) -> None:
        self.job = job
        self.chunk: Chunk[R] | None = None
        self.deadline = 0.0
        self._start()

    def _start(self) -> None:
        import multiprocessing

        # fork keeps the loaded packs; Windows has none, and there the job travels by pickle
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"
        context: Any = multiprocessing.get_context(method)
        self.pipe: Connection[Any, Any]
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, self.job, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()
        self.grace = 0.0 if method == "fork" else _SPAWN_GRACE

    def take(self, chunk: Chunk[R]) -> None:
        """Begin, or go on, with ``chunk``."""
        self.chunk = chunk
        self.deadline = time.monotonic() + self.job.limits.wall + self.grace
        try:
            self.pipe.send(chunk.names[chunk.done :])
        except OSError:  # died while idle: nobody's fault
            self.end()
            self._start()
            self.pipe.send(chunk.names[chunk.done :])

    def receive(self) -> None:
        """Take one result, or grant what a reader asks for; a closed pipe means that the process died."""
        assert self.chunk is not None
        try:
            result = self.pipe.recv()
            if isinstance(result, Bounds):
                self.deadline = time.monotonic() + result.wall
                return
        except (EOFError, OSError):
            self.process.join(1)
            cpu = self.process.exitcode == -getattr(signal, "SIGXCPU", 0)
            self.lose(too_heavy("timeout", "时间") if cpu else died())
            return
        self.chunk.add(result)
        self.deadline = time.monotonic() + self.job.limits.wall
        if self.chunk.finished:
            self.chunk = None

    def lose(self, error: Unreadable) -> None:
        """Write off the path under way, and go on with the rest in a fresh process."""
        chunk = self.chunk
        assert chunk is not None
        self.end()
        self._start()
        chunk.add(self.job.fail(Path(chunk.names[chunk.done]), error))
        self.chunk = None
        if not chunk.finished:
            self.take(chunk)

    def end(self) -> None:
        """End the process at once; it holds no files and nothing to save."""
        self.process.kill()
        self.process.join(1)
        self.pipe.close()


# --- in the process itself --------------------------------------------------------------------------------------


def settle() -> None:
    """Takes what there is for lasting: it stays in pages shared with the workers, and nobody looks for rubbish in it.

    A report leaves hardly any rubbish that holds itself, so that is looked for seldom.
    """
    gc.freeze()
    gc.set_threshold(5_000)
    gc.enable()


def serve(pipe: Connection[Any, Any], job: Job[Any], parent: int) -> None:
    """Answer lists of names with one result each until the other end closes, or ``parent`` is no more."""
    settle()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    cell = _Cell(pipe)
    with suppress(EOFError, OSError), granting(cell.grant):
        while True:
            while not pipe.poll(_PULSE):
                _require(parent)
            for name in pipe.recv():
                _require(parent)
                cell.renew(job.limits.text)
                pipe.send(job.attempt(Path(name)))


def _require(parent: int) -> None:
    """Raises EOFError when the parent is gone: its workers hold each other's pipes, so a killed one closes none."""
    if os.getppid() != parent:
        raise EOFError


class _Cell:
    """What this process may use. Windows has no such limits: the parent's clock is all there is.

    Only soft limits are set, which may be raised again: for a document that asks, and for the next one.
    """

    def __init__(self, pipe: Connection[Any, Any]) -> None:
        self.pipe = pipe
        self.memory = -1  #: by how much it may grow, as last set
        with suppress(ImportError):
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def renew(self, bounds: Bounds) -> None:
        """Allow the next document its time and memory."""
        with suppress(ImportError, OSError, ValueError):
            self._time(bounds.cpu)
            if bounds.memory != self.memory:
                self._memory(bounds.memory)

    def grant(self, bounds: Bounds) -> None:
        """Allow the document under way more, and tell the parent, which keeps the clock."""
        self.renew(bounds)
        self.pipe.send(bounds)

    def _time(self, seconds: int) -> None:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))

    def _memory(self, size: int) -> None:
        """Bound the address space; only Linux tells how large it is now."""
        import resource

        with open("/proc/self/statm", "rb") as statm:
            bound = int(statm.read().split()[0]) * resource.getpagesize() + size
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (bound if hard < 0 else min(bound, hard), hard))
        self.memory = size
