"""The clock, read here and nowhere else: SOURCE_DATE_EPOCH goes first, so that a result can be made again."""

from __future__ import annotations

import datetime as dt
import os

from checker.cli.exits import USAGE, stop


def moment() -> dt.datetime:
    """When the run is, by the clock on the wall; the moment of SOURCE_DATE_EPOCH (in UTC) where it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return dt.datetime.now()
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC)
    except (ValueError, OverflowError, OSError):
        stop(USAGE, f"环境变量 SOURCE_DATE_EPOCH 应是1970年以来的秒数，而不是“{given}”。")


def today() -> dt.date:
    """The day of the run."""
    return moment().date()
