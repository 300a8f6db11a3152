"""The time of a search: an alarm of the process that stops one which takes too long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType

_GLANCES = 4  #: looks at a search, evenly spread over its time, until it is up
ALARMS = hasattr(signal, "setitimer")
SEARCHES: set[CodeType] = set()  #: where a search is when a tick comes


class PatternTimeout(Exception):
    """A pattern ran into its time limit: the rule that owns it is broken, the report is not."""


class _Watch:
    """Whether an alarm of this process watches the searches, so that they need not look at the clock themselves.

    ``limit``: seconds of processor for one pattern on one passage. ``begun``: how many searches there were so far;
    ``seen``: how many at the last tick; ``ticks``: how many in a row fell into the same search.
    """

    on, begun, seen, ticks, limit = False, 0, -1, 0, 0.5

    def tick(self, _signal: int, frame: FrameType | None) -> None:
        """Stops the search that was under way at the last ticks already. Raises PatternTimeout in its midst."""
        same = frame is not None and frame.f_code in SEARCHES and self.seen == self.begun
        self.seen, self.ticks = self.begun, self.ticks + 1 if same else 0
        if frame and self.ticks >= _GLANCES:
            raise PatternTimeout(frame.f_locals["self"].source)


alarm = _Watch()


@contextmanager
def watched() -> Iterator[None]:
    """While it lasts, an alarm looks after the searches of this process: most of them take less than to ask the time.

    Only the main thread has alarms, and Windows has none: there each search keeps its own time.
    """
    able = ALARMS and threading.current_thread() is threading.main_thread()
    if alarm.on or not able:
        yield
        return
    previous = signal.signal(signal.SIGVTALRM, alarm.tick)
    signal.setitimer(signal.ITIMER_VIRTUAL, alarm.limit / _GLANCES, alarm.limit / _GLANCES)
    alarm.on = True
    try:
        yield
    finally:
        alarm.on = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        # a last tick may still be on its way: where nobody heeds it, it ends the process
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN if previous == signal.SIG_DFL else previous)
