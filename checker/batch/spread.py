"""Files spread over processes, their results in the order of the files."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from checker.batch.job import Job, too_heavy
from checker.batch.worker import Chunk, Worker

R = TypeVar("R")

_CHUNK = 64  #: paths handed to a worker at a time
_BURST = 8  #: results passed on before workers are looked after again


def _chunks(paths: Iterable[Path], jobs: int) -> Iterator[Chunk[Any]]:
    """``paths`` in chunks that grow from 1 to 64, so that a few dozen files spread evenly too."""
    names = map(str, paths)
    handed = 0
    while chunk := list(islice(names, min(_CHUNK, 1 + handed // (4 * jobs)))):
        handed += len(chunk)
        yield Chunk(chunk)


def spread(paths: Iterable[Path], job: Job[R], jobs: int) -> Iterator[R]:
    """The results for ``paths`` in their order, from ``jobs`` workers that end with the iterator."""
    supply = _chunks(paths, jobs)
    queue: deque[Chunk[R]] = deque()  # handed out, oldest first
    crew: list[Worker[R]] = []
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
    supply: Iterator[Chunk[R]], queue: deque[Chunk[R]], crew: list[Worker[R]], job: Job[R], jobs: int
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
            crew.append(worker := Worker(job))
        queue.append(chunk)
        worker.take(chunk)
    return True


def _look_after(crew: list[Worker[R]], *, wait_for_it: bool) -> None:
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
            worker.lose(too_heavy("timeout", "时间"))
