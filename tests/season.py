"""Folders of submissions for tests of a season: one clean report under many names. All places are invented."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from checker.model import Pack
from checker.pack import load
from checker.season.conduct import Plan, conduct
from checker.season.county import County, applied
from checker.season.held import Held
from checker.season.nouns import Row, Unit
from checker.season.roster import Roster

CLEAN = (Path(__file__).parent.parent / "examples" / "2024-桐溪镇-规范.txt").read_text(encoding="utf-8")
SIGNED = "2025年1月20日"
assert SIGNED in CLEAN, "the example was signed on another day"


def report(name: str = "桐溪镇", *, year: int = 2024, signed: str = SIGNED) -> str:
    """A clean report of 砚川县 under another town's name, on another year, signed on another day."""
    text = CLEAN.replace(SIGNED, "SIGNED").replace("桐溪镇", name).replace("桐溪", name.rstrip("镇乡"))
    if year != 2024:
        text = text.replace("2025", "NEXT").replace("2024", str(year)).replace("NEXT", str(year + 1))
    return text.replace("SIGNED", signed)


def put(folder: Path, path: str, text: str, saved: dt.datetime | None = None) -> Path:
    """A file of a folder, saved at a given time."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    moment = (saved or dt.datetime(2025, 1, 21, 9)).timestamp()
    os.utime(file, (moment, moment))
    return file


@cache
def national() -> Pack:
    return load()


def quiet(_total: int, _doing: str) -> AbstractContextManager[Any]:
    return nullcontext(lambda: None)


def season(folder: Path, *names: str, county: County | None = None, **wishes: Any) -> Held:
    """The season of a folder with a roster of these names (``None`` without names), in one process."""
    wanted = county or County(name="砚川县")
    roster = Roster(tuple(Unit(name) for name in names)) if names else None
    wishes = {"roster": roster, "year": 2024, "day": dt.date(2025, 2, 1), **wishes}
    return conduct(Plan(folder, applied(national(), wanted), county=wanted, **wishes), quiet)


def rows(held: Held) -> dict[str, Row]:
    """The rows of a season by name, in roster order; the season is closed."""
    with held:
        return {row.unit.name: row for row in held.rows("roster")}
