"""Every file of a folder, read into the store; those that have not changed are there already."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from checker.batch import find
from checker.read import needs_worker
from checker.season.jobs import Reading, Result, relative, sha256, stored
from checker.season.run import Run


def read_all(run: Run, season: int, folder: Path) -> None:
    """Read the submissions of a season's folder."""
    total = register(run, season, folder)
    job, keys = Reading(run.plan.pack), deque[str]()
    with run.progress(total, "正在读取") as step:
        paths = _unread(run, season, folder, keys, step)
        with closing(run.spread(paths, job, needs_worker)) as results:
            for result in results:
                _keep(run, keys.popleft(), result)
                step()
    run.store.commit()


def register(run: Run, season: int, folder: Path) -> int:
    """The files of a folder with their hashes, and which of them are known; how many there are."""
    count = 0
    for path in submissions(folder, run.plan.skip):
        digest = sha256(path)
        name = relative(path, folder)
        key = run.key("read", digest, path.suffix.lower()) if digest else f"once:{season}:{name}"
        run.store.put(
            "INSERT OR REPLACE INTO files (season, path, sha256, key, changed) VALUES (?, ?, ?, ?, ?)",
            (season, stored(name), digest, key, _changed(path)),
        )
        run.store.use(key)
        count += 1
    run.store.commit()
    return count


def _unread(run: Run, season: int, folder: Path, keys: deque[str], step: Callable[[], None]) -> Iterator[Path]:
    """The files that must be read, by name; their keys are queued for the results."""
    sql = "SELECT path, key, EXISTS (SELECT 1 FROM kept WHERE kept.key = files.key) FROM files"
    for name, key, known in run.store.pages(f"{sql} WHERE season = {season} AND path > ? ORDER BY path LIMIT ?", b""):
        if known:
            step()
        else:
            keys.append(key)
            yield folder / os.fsdecode(name)


def _keep(run: Run, key: str, result: Result) -> None:
    """A file that changed while it was read is not what its key says."""
    read = json.loads(result.head).get("sha256")
    lasting = result.lasting and (read is None or key.startswith(f"read:{read}:"))
    run.store.keep(key, result.head, result.body, result.signature, lasting=lasting)


def submissions(folder: Path, skip: Iterable[Path] = ()) -> Iterator[Path]:
    """The files of a folder that may be reports, sorted: not what ``skip`` names, nor what an audit wrote there."""
    ours = {path.resolve() for path in skip}
    written: dict[Path, bool] = {}

    def is_ours(path: Path) -> bool:
        if path == folder:
            return False
        if path not in written:
            written[path] = path.resolve() in ours or (path / "audit.json").is_file() or is_ours(path.parent)
        return written[path]

    for path in find([folder]):
        if path != folder and not is_ours(path.parent) and path.resolve() not in ours:
            yield path


def _changed(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except (OSError, ValueError):
        return None
