"""Many files: find them, spread them over processes, keep their order, survive every one of them.

``work`` is supplied by the caller and does the whole of one report (read, extract, judge, render a fragment), so that
one small result travels back for each file. A file that kills or stalls its worker costs one row, made by ``fail``.
"""

from __future__ import annotations

import fnmatch
import gc
import glob
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from checker.model import Unreadable, record
from checker.read.limits import LIMITS, Bounds, Limits, granting

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

R = TypeVar("R")

#: What is taken from a folder. Formats that cannot be read yet are taken too, so that they show up as a row.
SUFFIXES = frozenset(
    (
        ".txt",
        ".md",
        ".markdown",
        ".html",
        ".htm",
        ".docx",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".pdf",
        ".ofd",
        ".xlsx",
        ".png",
        ".jpg",
        ".jpeg",
    )
)
_FEW = 16  #: files; so few are not worth a second process
_CHUNK = 64  #: paths handed to a worker at a time
_BURST = 8  #: results passed on before workers are looked after again
_PULSE = 1.0  #: seconds after which an idle worker looks whether its parent lives
_SPAWN_GRACE = 30.0  #: seconds that a worker may take to start where there is no fork


# --- which files ------------------------------------------------------------------------------------------------------


def find(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files that ``paths`` name: files as given, folders walked, globs expanded; in the order given, sorted inside.

    What cannot be found or opened is passed on as it is, so that reading it gives its row: a folder without reports
    (``no-reports``), a missing file (``io``), a FIFO (``not-a-file``).
    """
    for path in paths:
        for hit in _expand(str(path)):
            yield from map(Path, _folder(hit) if os.path.isdir(hit) else (hit,))


def _expand(name: str) -> Iterator[str]:
    """A glob as the names that it stands for; shells on Windows leave that to the program."""
    hits: Iterable[str] = ()
    if glob.has_magic(name) and not os.path.lexists(name):
        base, deep, tail = name.partition("**")
        # ** is walked by ourselves: glob follows links round in circles
        hits = _below(base or ".", tail.lstrip("/" + os.sep) or "*") if deep else sorted(glob.iglob(name))
    found = False
    for hit in hits:
        found = True
        yield hit
    if not found:
        yield name


def _below(base: str, pattern: str) -> Iterator[str]:
    for path in _walk(base):
        name = os.path.relpath(path, base)
        if fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(name, f"*{os.sep}{pattern}"):
            yield path


def _folder(folder: str) -> Iterator[str]:
    """The reports below ``folder``, or the folder itself when it has none."""
    found = False
    for path in _walk(folder):
        found = True
        yield path
    if not found:
        yield folder


def _walk(folder: str) -> Iterator[str]:
    """Files with a report's suffix below ``folder``, sorted by name; every folder once, so circles of links end.

    A folder that cannot be opened is passed on as a name of its own.
    """
    seen: set[tuple[int, int]] = set()
    stack = [(folder, True)]
    while stack:
        path, is_folder = stack.pop()
        entries = _entries(path, seen) if is_folder else None
        if entries is None:
            yield path
        else:
            stack.extend(entries)


def _entries(folder: str, seen: set[tuple[int, int]]) -> list[tuple[str, bool]] | None:
    """What of ``folder`` counts, last name first, each with whether it is a folder; None when it cannot be opened."""
    try:
        status = os.stat(folder)
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            named = [(entry.path, _is_folder(entry)) for entry in entries if not entry.name.startswith((".", "~$"))]
    except OSError:
        return None
    return sorted((pair for pair in named if pair[1] or _is_report(pair[0])), reverse=True)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):  # a link that leads to itself
        return entry.is_dir()
    return False


def _is_report(path: str) -> bool:
    """By suffix; a README beside the reports is none of them."""
    stem, suffix = os.path.splitext(os.path.basename(path))
    return suffix.lower() in SUFFIXES and stem.upper() != "README"


# --- one file ---------------------------------------------------------------------------------------------------------


@record
class _Job(Generic[R]):
    """What to do with a path, what to say when that fails, and within which limits."""

    work: Callable[[Path], R]
    fail: Callable[[Path, Unreadable], R]
    limits: Limits

    def attempt(self, path: Path) -> R:
        """The result for ``path``, whatever happens to it short of the end of the process."""
        try:
            return self.work(path)
        except Unreadable as error:
            return self.fail(path, error)
        except MemoryError:
            return self.fail(path, _too_heavy("memory", "内存"))
        except Exception as error:
            return self.fail(path, internal(error))


def _too_heavy(code: str, what: str) -> Unreadable:
    message = f"检查这个文件用的{what}超过了上限，已停止检查它；其他文件不受影响。"
    return Unreadable(code, message, "请打开原始文档，删去图片、附件和多余内容，另存为 .txt 后重新检查。")


def died() -> Unreadable:
    """A process ended in the middle of a file."""
    message = "检查这个文件的进程意外退出了（内存不足，或文件有损坏）；其他文件不受影响。"
    return Unreadable("worker-died", message, "请打开原始文档，另存为 .txt 后重新检查。")


def internal(error: Exception) -> Unreadable:
    """Our own bug, with the place where it happened."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    message = f"程序自身出错（{type(error).__name__}: {str(error)[:200]}，{place}），这个文件没有检查。"
    return Unreadable("internal", message, "这不是报告的问题，请把这句话和文件发给维护者。")


class _TimeUp(BaseException):
    """The alarm of the process itself. No Exception, so that no rule's own safety net catches it."""


def _in_time(job: _Job[R], path: Path) -> R:
    """``job.attempt(path)`` in this process, stopped by an alarm at the wall limit.

    Windows, and threads other than the main one, have no alarm: the limits of single patterns hold there.
    """
    if not (hasattr(signal, "setitimer") and _on_main_thread()):
        return job.attempt(path)
    previous = signal.signal(signal.SIGALRM, _time_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, job.limits.wall)
        with granting(_more_time):
            result = job.attempt(path)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return result
    except _TimeUp:
        return job.fail(path, _too_heavy("timeout", "时间"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _more_time(bounds: Bounds) -> None:
    signal.setitimer(signal.ITIMER_REAL, bounds.wall)


def _time_up(*_: Any) -> NoReturn:
    raise _TimeUp


def _on_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


# --- all files --------------------------------------------------------------------------------------------------------


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
    job = _Job(work, fail, limits)
    source = iter(paths)
    few = list(islice(source, _FEW)) if jobs > 1 else []
    with _sigterm_unwinds():
        if len(few) == _FEW:
            yield from _spread(chain(few, source), job, jobs)
            return
        for outside, group in groupby(
            chain(few, source), lambda path: _large(path, limits) or bool(apart and apart(path))
        ):
            if outside:
                yield from _spread(group, job, 1)
            else:
                yield from (_in_time(job, path) for path in group)


def settle() -> None:
    """Takes what there is for lasting: it stays in pages shared with the workers, and nobody looks for rubbish in it.

    A report leaves hardly any rubbish that holds itself, so that is looked for seldom.
    """
    gc.freeze()
    gc.set_threshold(5_000)
    gc.enable()


def _large(path: Path, limits: Limits) -> bool:
    try:
        return os.stat(path).st_size > limits.in_process
    except (OSError, ValueError):  # reading it will say so
        return False


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    """While the run lasts, SIGTERM unwinds the stack, so that the workers end with us; a caller's handler stays."""
    if not _on_main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@dataclass(slots=True)
class _Chunk(Generic[R]):
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


def _chunks(paths: Iterable[Path], jobs: int) -> Iterator[_Chunk[Any]]:
    """``paths`` in chunks that grow from 1 to 64, so that a few dozen files spread evenly too."""
    names = map(str, paths)
    handed = 0
    while chunk := list(islice(names, min(_CHUNK, 1 + handed // (4 * jobs)))):
        handed += len(chunk)
        yield _Chunk(chunk)


def _spread(paths: Iterable[Path], job: _Job[R], jobs: int) -> Iterator[R]:
    """The results for ``paths`` in their order, from ``jobs`` workers that end with the iterator."""
    supply = _chunks(paths, jobs)
    queue: deque[_Chunk[R]] = deque()  # handed out, oldest first
    crew: list[_Worker[R]] = []
    try:
        while _hand_out(supply, queue, crew, job, jobs) or queue:
            head = queue[0]
            for _ in range(min(_BURST, len(head.ready))):
                yield head.ready.popleft()
            if head.finished and not head.ready:
                queue.popleft()
            _look_after(crew, wait_for_it=not (queue and (queue[0].ready or queue[0].finished)))
    finally:
        for worker in crew:
            worker.end()


def _hand_out(
    supply: Iterator[_Chunk[R]], queue: deque[_Chunk[R]], crew: list[_Worker[R]], job: _Job[R], jobs: int
) -> bool:
    """Give every idle worker a chunk, hiring up to ``jobs``; False when there is nothing to give.

    No more than two chunks a worker are under way, which bounds the results that wait for an older chunk.
    """
    while len(queue) < 2 * jobs:
        worker = next((worker for worker in crew if worker.chunk is None), None)
        if worker is None and len(crew) == jobs:
            return True
        chunk = next(supply, None)
        if chunk is None:
            return False
        if worker is None:
            crew.append(worker := _Worker(job))
        queue.append(chunk)
        worker.take(chunk)
    return True


def _look_after(crew: list[_Worker[R]], *, wait_for_it: bool) -> None:
    """Collect what has arrived and replace the workers that died or hang; may wait for the next event."""
    from multiprocessing.connection import wait

    busy = {worker.pipe: worker for worker in crew if worker.chunk is not None}
    if not busy:
        return
    left = min(worker.deadline for worker in busy.values()) - time.monotonic()
    arrived = wait(list(busy), max(left, 0.0) if wait_for_it else 0.0)
    for pipe in arrived:
        busy.pop(pipe).receive()  # type: ignore[call-overload]
    now = time.monotonic()
    for worker in busy.values():
        if now > worker.deadline:
            worker.lose(_too_heavy("timeout", "时间"))


class _Worker(Generic[R]):
    """A process of our own and the chunk that it is at. Replaces its process when that dies or hangs."""

    def __init__(self, job: _Job[R]) -> None:
        self.job = job
        self.chunk: _Chunk[R] | None = None
        self.deadline = 0.0
        self._start()

    def _start(self) -> None:
        import multiprocessing

        # fork keeps the loaded packs; Windows has none, and there the job travels by pickle
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"
        context: Any = multiprocessing.get_context(method)
        self.pipe: Connection[Any, Any]
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self.job, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()
        self.grace = 0.0 if method == "fork" else _SPAWN_GRACE

    def take(self, chunk: _Chunk[R]) -> None:
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
            self.lose(_too_heavy("timeout", "时间") if cpu else died())
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


# --- in a worker ------------------------------------------------------------------------------------------------------


def _serve(pipe: Connection[Any, Any], job: _Job[Any], parent: int) -> None:
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
