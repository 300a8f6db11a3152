"""Workers elsewhere: the same work as ``batch.run`` does, on a Dask cluster (``--cluster tcp://...``).

The bytes of the files travel, for workers do not see the folder, and come back as results for the store, in order. The
rest of an audit does not notice. A worker that dies is replaced by its nanny and its chunks are done again; what was
answered is in the store. What runs over there: ``crew``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import pickle
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from checker import batch
from checker.model import Unreadable
from checker.season import crew
from checker.season.jobs import Judging, Reading, Result
from checker.season.nouns import Refused

Client: TypeAlias = Any  #: of Dask, which has few types
Future: TypeAlias = Any

_CHUNK = 50  #: documents that travel together
_APART = 4  #: of those that may take minutes each
_SIZE = 4 << 20  #: bytes that travel together, save a single larger document
_CONNECT = 15.0  #: seconds to find the cluster
_GRACE = 60.0  #: seconds without any worker after which the cluster is gone: a nanny needs a few to start another
_PATIENCE = 1800.0  #: seconds for the oldest chunk; its documents' own limits end it long before
_TRIES = 5  #: times that a chunk may meet a worker without its job


class Gone(Exception):
    """The cluster does no more work; a Chinese sentence. What was answered is kept."""


@dataclass(slots=True)
class _Chunk:
    """Files with what travels of each, or the result where nothing need travel."""

    entries: list[tuple[Path, bytes | Result]]
    future: Future | None = None
    tries: int = 0

    @property
    def loads(self) -> list[bytes]:
        return [load for _, load in self.entries if isinstance(load, bytes)]


@contextmanager
def joined(address: str) -> Iterator[Cluster]:
    """The cluster at ``address``, all of whose workers are as we are. Raises Refused and Gone."""
    try:
        import distributed
    except ImportError:
        raise Refused("--cluster 要用的组件没有装，请先运行：pip install distributed") from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is said in our words
    if not address.startswith(("tcp://", "tls://")):
        raise Refused(f"--cluster {address}：地址应当像 tcp://10.0.0.5:8786 这样写，加密的以 tls:// 开头。")
    try:
        # bytes are all that we take as results: no pickle of a result is opened by Dask
        plain = ["dask", "msgpack", "error"]
        client: Client = distributed.Client(  # type: ignore[no-untyped-call]
            address, timeout=_CONNECT, set_as_default=False, deserializers=plain
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise Gone(f"连不上集群 {address}（{type(error).__name__}）；请核对地址，看调度程序是否在运行。") from None
    try:
        cluster = Cluster(address, client)
        cluster.admit()
        yield cluster
    finally:
        with suppress(Exception):
            client.close(timeout=5)


class Cluster:
    """A Dask cluster that was looked at and found fit."""

    def __init__(self, address: str, client: Client) -> None:
        self.address, self.client = address, client

    def run(
        self, paths: Iterable[Path], job: Reading | Judging, *, apart: Callable[[Path], bool] | None = None
    ) -> Generator[Result, None, None]:
        """``job(path)`` for each path, in the order of ``paths``, one result each whatever happens, as ``batch.run``.

        Files of which ``apart`` says that they may take long travel a few at a time. Raises Refused for a worker that
        joined and is not as we are, and Gone.
        """
        packed = pickle.dumps(job.pure, protocol=5)
        token = hashlib.sha256(packed).hexdigest()[:32]
        supply, queue = _chunks(paths, job, apart), deque[_Chunk]()
        self.admit(token, packed)
        try:
            while True:
                while len(queue) < 2 * max(self._threads(), 1) and (chunk := next(supply, None)):
                    queue.append(self._send(token, chunk))
                if not queue:
                    return
                found = self._answered(queue[0], token, packed)
                chunk = queue.popleft()
                if found is None:  # somebody died of it: of which document?
                    queue.extendleft(self._send(token, _Chunk([entry])) for entry in reversed(chunk.entries))
                else:
                    yield from _results(chunk, found, job)
        finally:
            self._leave(token, queue)

    def admit(self, token: str = "", packed: bytes = b"") -> None:
        """See that all workers are as we are; give those that lack it the job ``token``. Raises Refused and Gone."""
        ours, lacking = crew.identity(), []
        for worker, theirs in sorted(self._everyone(crew.presented).items()):
            if isinstance(theirs, OSError):  # gone since
                continue
            lacking += [worker] if token not in _fit(worker, theirs, ours) else []
        if token and lacking:
            self._everyone(crew.install, token, packed, workers=lacking)

    def _everyone(
        self, work: Callable[..., object], *given: object, workers: list[str] | None = None
    ) -> Mapping[str, object]:
        """What each worker answers, or the exception that it made instead; somebody must be there."""
        begun = time.monotonic()
        while not self._threads():
            if time.monotonic() - begun > _CONNECT:
                raise Gone(f"集群 {self.address} 里没有工作机；请先启动工作机（dask worker）。")
            time.sleep(0.2)
        try:
            answers: Mapping[str, object] = self.client.run(work, *given, workers=workers, on_error="return")
        except (OSError, TimeoutError) as error:
            raise Gone(f"集群 {self.address} 没有应答（{type(error).__name__}）。{_KEPT}") from None
        return answers

    def _threads(self) -> int:
        """How many chunks the cluster does at once; 0 when it cannot be asked."""
        if self.client.status != "running":
            return 0
        with suppress(OSError, TimeoutError):
            return sum(self.client.nthreads().values())
        return 0

    def _send(self, token: str, chunk: _Chunk) -> _Chunk:
        if loads := chunk.loads:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Dask finds a large file too large a message
                chunk.future = self.client.submit(crew.work, token, pickle.dumps(loads, protocol=5), pure=False)
        return chunk

    def _answered(self, chunk: _Chunk, token: str, packed: bytes) -> list[Result | Unreadable] | None:
        """The answers for what travelled of a chunk; None when it must be done again, document by document."""
        while chunk.future is not None:
            answer = self._answer(chunk.future)
            if isinstance(answer, bytes) and answer != crew.UNKNOWN:
                return crew.answers(answer)
            if isinstance(answer, Exception):
                self.admit(token, packed)  # a worker that joined without our code is no fault of a document
                return [_blamed(answer)] if len(chunk.entries) == 1 else None
            chunk.tries += 1
            if chunk.tries > _TRIES:
                raise Gone(f"集群 {self.address} 的工作机接连重新启动，没有接着做。{_KEPT}")
            self.admit(token, packed)
            self._send(token, chunk)
        return []

    def _answer(self, future: Future) -> bytes | Exception:
        """What a task returned or raised, once it has. Raises Gone."""
        begun = seen = time.monotonic()
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while True:
            done.wait(1)
            now = time.monotonic()
            seen = now if self._threads() else seen
            # "lost" is no end: the worker that held the answer died, and the scheduler has it made again
            if future.status == "cancelled" or now - seen > _GRACE:
                raise Gone(f"集群 {self.address} 断开了，或者工作机全都停了。{_KEPT}")
            if now - begun > _PATIENCE:
                raise Gone(f"集群 {self.address} 半个小时没有交回结果。{_KEPT}")
            if future.status == "error":
                return future.exception(timeout=_CONNECT) or EOFError()
            if future.status == "finished":
                with suppress(TimeoutError, OSError, CancelledError):  # its worker died with it: it is done again
                    answer = future.result(timeout=_GRACE)
                    return answer if isinstance(answer, bytes) else TypeError(type(answer).__name__)
            done.clear()

    def _leave(self, token: str, queue: Iterable[_Chunk]) -> None:
        """Nothing of ours stays behind."""
        with suppress(Exception):
            if self._threads():
                self.client.cancel([chunk.future for chunk in queue if chunk.future is not None])
                self.client.run(crew.forget, token, on_error="return")


_KEPT = "已经做完的留存着，再运行一次会接着做。"


def _fit(worker: str, theirs: object, ours: Mapping[str, str]) -> list[str]:
    """The jobs that a worker has; it must be as we are. Raises Refused."""
    if not isinstance(theirs, bytes):
        raise Refused(
            f"工作机 {worker} 上没有能用的 nianbao，或者版本不同（{type(theirs).__name__}）；请装上同一版本再试。"
        )
    told = json.loads(theirs)
    differ = [name for name in ours if told["identity"].get(name) != ours[name]]
    if differ:
        said = "，".join(f"{name}本机是 {ours[name]}、那里是 {told['identity'].get(name)}" for name in differ)
        raise Refused(
            f"工作机 {worker} 的{'、'.join(differ)}和本机不同（{said}），结果会不一样，不能一起做；请装成一样的再试。"
        )
    return list(told["jobs"])


def _chunks(paths: Iterable[Path], job: Reading | Judging, apart: Callable[[Path], bool] | None) -> Iterator[_Chunk]:
    """What travels, in chunks of bounded number and size."""
    entries: list[tuple[Path, bytes | Result]] = []
    size = share = 0.0
    for path in paths:
        load = _load(path, job)
        entries.append((path, load))
        size += len(load) / _SIZE if isinstance(load, bytes) else 0
        share += 1 / (_APART if apart and apart(path) else _CHUNK)
        if max(size, share) > 1 - 1e-9:
            yield _Chunk(entries)
            entries, size, share = [], 0.0, 0.0
    if entries:
        yield _Chunk(entries)


def _load(path: Path, job: Reading | Judging) -> bytes | Result:
    try:
        load = job.gather(path)
    except Unreadable as error:
        return job.fail(path, error)
    return load if isinstance(load, Result) else pickle.dumps(load, protocol=5)


def _results(chunk: _Chunk, answers: list[Result | Unreadable], job: Reading | Judging) -> Iterator[Result]:
    """One result for each file of a chunk. What failed is told in the name of our file."""
    given = iter(answers)
    for path, load in chunk.entries:
        found = next(given) if isinstance(load, bytes) else load
        yield job.fail(path, found) if isinstance(found, Unreadable) else found


def _blamed(error: Exception) -> Unreadable:
    """What to say of the one document on which workers die, or our code fails."""
    from distributed.scheduler import KilledWorker

    return batch.died() if isinstance(error, (KilledWorker, EOFError)) else batch.internal(error)
