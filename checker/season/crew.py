"""What runs on a worker of a cluster: in the Dask worker, and in a process of our own beside each of its threads.

A Dask worker is full of threads and may have no children by ``multiprocessing``; a document may hang, crash or eat
memory. So each thread keeps one clean process, the crew, which does chunks under the limits of ``batch`` as on any
machine. It ends with the pipe to its Dask worker.

All that goes back to the client is bytes; it opens them as plain data (``answers``) and trusts no pickle.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import checker
from checker import batch
from checker.model import Unreadable
from checker.pack import load
from checker.pack.cache import PACKAGE, restored
from checker.season.jobs import Result

UNKNOWN = b""  #: the answer of a worker that was not given the job: it joined or began anew meanwhile


def identity() -> dict[str, str]:
    """What must be the same wherever the work is done, by its Chinese name."""
    code = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        code.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return {
        "版本": f"{checker.__version__} {code.hexdigest()[:12]}",
        "规则包": load().digest[:12],
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "识别组件": "有" if find_spec("rapidocr") else "没有",
    }


# --- in the Dask worker -----------------------------------------------------------------------------------------------

_jobs: dict[str, bytes] = {}  #: token -> the pickled work, with its pack
_crews: dict[int, _Crew] = {}  #: by thread


async def presented() -> bytes:
    """Who this worker is, and which jobs it has, as JSON. The worker's loop goes on while a new pack is checked."""
    said = {"identity": await asyncio.to_thread(identity), "jobs": sorted(_jobs)}
    return json.dumps(said).encode()


def install(token: str, job: bytes) -> bytes:
    """Take a job; its pack comes with it, once."""
    _jobs[token] = job
    return b"taken"


def forget(token: str) -> bytes:
    """The job is over: drop it, and the crews that are idle."""
    _jobs.pop(token, None)
    for crew in list(_crews.values()):
        if crew.lock.acquire(blocking=False):
            try:
                crew.end()
            finally:
                crew.lock.release()
    return b"forgotten"


def work(token: str, chunk: bytes) -> bytes:
    """The answers to a chunk (a pickled list of pickled loads), packed, or ``UNKNOWN``. Raises EOFError."""
    job = _jobs.get(token)
    if job is None:
        return UNKNOWN
    return _crews.setdefault(threading.get_ident(), _Crew()).do(token, job, chunk)


class _Crew:
    """A process of our own, started when it is needed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.token = ""

    def do(self, token: str, job: bytes, chunk: bytes) -> bytes:
        """What the process says to a chunk. Raises EOFError when it ends on it."""
        with self.lock:
            try:
                process = self.process or self._start()
                assert process.stdin
                assert process.stdout
                pickle.dump((None if token == self.token else job, chunk), process.stdin)
                process.stdin.flush()
                self.token = token
                answer = pickle.load(process.stdout)
            except (OSError, EOFError, pickle.UnpicklingError):
                self.end()
                raise EOFError("crew") from None
            assert isinstance(answer, bytes)
            return answer

    def _start(self) -> subprocess.Popen[bytes]:
        ours = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH", ""))))
        command = [sys.executable, "-c", "from checker.season.crew import serve; serve()"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env={**os.environ, "PYTHONPATH": ours})
        return self.process

    def end(self) -> None:
        """End the process; the next chunk starts another."""
        process, self.process, self.token = self.process, None, ""
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe:
                        pipe.close()


# --- in the crew ------------------------------------------------------------------------------------------------------


def serve() -> None:
    """Answer chunks until the Dask worker is gone."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    job: Callable[[Any], Result] | None = None
    with suppress(EOFError, BrokenPipeError):
        while True:
            given, chunk = pickle.load(sys.stdin.buffer)
            job = pickle.loads(given) if given else job
            assert job
            pickle.dump(attempted(job, pickle.loads(chunk)), out, protocol=5)
            out.flush()


def attempted(job: Callable[[Any], Result], loads: Sequence[bytes]) -> bytes:
    """``job`` of every load, each within the limits of one document, in a process that may die of it."""
    names = [Path(str(at)) for at in range(len(loads))]
    results: Iterable[Result | Unreadable] = batch.run(names, _Numbered(job, loads), _failed, apart=lambda _: True)
    return pickle.dumps([_plain(result) for result in results], protocol=5)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Loads under numbers: ``batch`` hands out names."""

    job: Callable[[Any], Result]
    loads: Sequence[bytes]

    def __call__(self, path: Path) -> Result | Unreadable:
        return self.job(pickle.loads(self.loads[int(path.name)]))


def _failed(_path: Path, error: Unreadable) -> Unreadable:
    return error


def _plain(result: Result | Unreadable) -> tuple[Any, ...]:
    if isinstance(result, Unreadable):
        return (result.code, result.message, result.remedy)
    return (result.head, result.body, result.signature, result.lasting)


def answers(packed: bytes) -> list[Result | Unreadable]:
    """What a worker answered to a chunk, in its order. Raises whatever a damaged answer raises."""
    return [Unreadable(*one) if len(one) == 3 else Result(*one) for one in restored(packed)]
