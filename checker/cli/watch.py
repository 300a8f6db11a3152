"""``--open`` and ``--watch``: the page in the browser, and another check whenever a report is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.cli.exits import USAGE, stop, tell
from checker.cli.options import Format

if TYPE_CHECKING:
    from threading import Event

    from checker.render import Tally

STEADY = 0.3  #: seconds that a file must not grow before it is read
MOST = 20.0  #: seconds after which a file that grows on is read all the same: the check says what is wrong with it


def page_for(format: Format | None, output: Path | None, paths: Sequence[Path]) -> tuple[Format, Path]:
    """The format and the file of the page that is to be opened; a folder of its own where none was named."""
    if format not in (None, Format.html):
        stop(USAGE, f"--open 打开的是网页，不能与 --format {format.value} 一起用；请去掉 --format。")
    if output:
        return Format.html, output
    import tempfile

    name = paths[0].stem if len(paths) == 1 else "年报"
    return Format.html, Path(tempfile.mkdtemp(prefix="nianbao-")) / f"{name[:60]}-检查结果.html"


def show(page: Path) -> None:
    """Opens a page in the browser; where there is none, says where the page is."""
    import webbrowser

    if webbrowser.open(page.resolve().as_uri()):
        tell(f"结果在 {page}，已经请浏览器打开。")
    else:
        tell(f"没有找到浏览器。结果在 {page}，请自己打开。")


def again(once: Callable[[], Tally], counts: Tally, paths: Sequence[Path], output: Path | None, page: bool) -> Tally:
    """Another check whenever a report is saved, until Ctrl-C; what the last one came to, at first ``counts``."""
    tell("正在等着：报告一保存就再查一次；按 Ctrl-C 结束。")
    for _ in saved(paths, output):
        counts = once()
        tell(f"报告已保存，重新查过了。{'请在浏览器里刷新页面（F5）。' if page else ''}")
    return counts


def refuse_without_watchfiles() -> None:
    """Stops with how to install what ``--watch`` needs."""
    from importlib.util import find_spec

    if find_spec("watchfiles") is None:
        stop(USAGE, "--watch 要先装监视文件的组件：pip install watchfiles。")


def saved(paths: Sequence[Path], output: Path | None = None, stopped: Event | None = None) -> Iterator[None]:
    """Once whenever a report of ``paths`` was saved and is whole; until Ctrl-C, or ``stopped``.

    Folders are watched and not the files themselves: editors write a new file and put it in the old one's place.
    """
    from watchfiles import watch

    folders = {path if os.path.isdir(path) else path.parent for path in paths}
    changes = watch(
        *folders,
        watch_filter=lambda _, name: wanted(Path(name), paths, output),
        recursive=any(os.path.isdir(path) for path in paths),
        debounce=400,
        step=50,
        stop_event=stopped,
    )
    while (changed := _next(changes)) is not None:
        if any(steady(Path(name)) for _, name in changed):
            yield


def _next(changes: Iterator[set[tuple[Any, str]]]) -> set[tuple[Any, str]] | None:
    """The next changes; None when there are no more, as Ctrl-C is the way to end it."""
    try:
        return next(changes, None)
    except KeyboardInterrupt:
        return None


def wanted(name: Path, paths: Sequence[Path], output: Path | None) -> bool:
    """Whether a file that changed is one of the reports: no lock file (~$), hidden or half-written one, no result."""
    from checker.batch import SUFFIXES

    if name.name.startswith(("~$", ".~", ".")) or (output and name.resolve() == output.resolve()):
        return False
    if any(not os.path.isdir(path) and name.resolve() == path.resolve() for path in paths):
        return True
    folders = [path.resolve() for path in paths if os.path.isdir(path)]
    return name.suffix.lower() in SUFFIXES and any(name.resolve().is_relative_to(folder) for folder in folders)


def steady(path: Path) -> bool:
    """Waits until a file is there, not empty, and no longer grows; False when it has gone for good."""
    end, before = time.monotonic() + MOST, None
    while time.monotonic() < end:
        try:
            status = path.stat()
            now = (status.st_size, status.st_mtime_ns)
        except OSError:
            now = (0, 0)
        if now == before:
            return now[0] > 0
        before = now
        time.sleep(STEADY)
    return True
