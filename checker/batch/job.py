"""One file: what to do with it, within which limits, and the row that it gets when that fails."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from checker.model import Unreadable, record
from checker.read.limits import Bounds, Limits, granting

R = TypeVar("R")


@record
class Job(Generic[R]):
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
            return self.fail(path, too_heavy("memory", "内存"))
        except Exception as error:
            return self.fail(path, internal(error))


def too_heavy(code: str, what: str) -> Unreadable:
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
    return Unreadable("internal", message, "这不是报告的问题，请把这句话和文件发给提供本工具的人。")


class _TimeUp(BaseException):
    """The alarm of the process itself. No Exception, so that no rule's own safety net catches it."""


def in_time(job: Job[R], path: Path) -> R:
    """``job.attempt(path)`` in this process, stopped by an alarm at the wall limit.

    Windows, and threads other than the main one, have no alarm: the limits of single patterns hold there.
    """
    if not (hasattr(signal, "setitimer") and on_main_thread()):
        return job.attempt(path)
    previous = signal.signal(signal.SIGALRM, _time_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, job.limits.wall)
        with granting(_more_time):
            result = job.attempt(path)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return result
    except _TimeUp:
        return job.fail(path, too_heavy("timeout", "时间"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _more_time(bounds: Bounds) -> None:
    signal.setitimer(signal.ITIMER_REAL, bounds.wall)


def _time_up(*_: Any) -> NoReturn:
    raise _TimeUp


def on_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
