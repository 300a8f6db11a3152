"""Whose every file is, of which year, and which of a unit's files counts."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

from checker.model import Level
from checker.render.county.as_json import submission_to_dict
from checker.season.jobs import stored
from checker.season.matching import Matcher, Sheet, settle
from checker.season.names import folded
from checker.season.nouns import Refused, Submission, Unit
from checker.season.record import row_to_dict, submission_from_dict
from checker.season.roster import Roster, drafted
from checker.season.run import NOW, Run

_LEVELS: dict[str | None, Level] = {level: level for level in get_args(Level)}  #: one word for all units that have it


def place_all(run: Run, season: int, matcher: Matcher) -> None:
    """Place the files of a season, then give each unit its row."""
    mistaken: dict[str, list[Submission]] = {}
    for sheet in sheets(run, season):
        found = matcher.place(sheet)
        if other := matcher.mistaken(found):
            mistaken.setdefault(other.unit, []).append(other)
        values = (found.unit, json.dumps(submission_to_dict(found)), season, stored(found.path))
        run.store.put("UPDATE files SET unit = ?, about = ? WHERE season = ? AND path = ?", values)
    for at, unit in enumerate(matcher.units):
        row = settle(unit, _files_of(run, season, unit), run.plan.county.due(unit.level), mistaken.get(unit.key, ()))
        path = stored(row.counted.path) if row.counted else None
        sql = "INSERT INTO rows (season, at, unit, row, path) VALUES (?, ?, ?, ?, ?)"
        run.store.put(sql, (season, at, unit.key, json.dumps(row_to_dict(row)), path))
    run.store.commit()


def _files_of(run: Run, season: int, unit: Unit) -> list[tuple[Submission, Sheet]]:
    # left to itself SQLite reads all files of the season for each unit, since they come in the order that is asked for
    sql = """SELECT path, sha256, changed, head, about FROM files INDEXED BY files_unit JOIN kept USING (key)
             WHERE season = ? AND unit = ?"""
    return [
        (submission_from_dict(json.loads(about)), _sheet(*row))
        for *row, about in run.store.all(f"{sql} ORDER BY path", (season, unit.key))
    ]


def sheets(run: Run, season: int) -> Iterator[Sheet]:
    """Every file of a season as matching sees it, by name."""
    sql = "SELECT path, sha256, changed, head FROM files JOIN kept USING (key)"
    for row in run.store.pages(f"{sql} WHERE season = {season} AND path > ? ORDER BY path LIMIT ?", b""):
        yield _sheet(*row)


def _sheet(path: bytes, sha: str, changed: float | None, head: str) -> Sheet:
    about: dict[str, Any] = json.loads(head)
    day = {name: dt.date.fromisoformat(about[name]) if about.get(name) else None for name in ("signed", "posted")}
    return Sheet(
        path.decode("utf-8", "surrogateescape"),
        sha,
        tuple(about.get("names", ())),
        _LEVELS.get(about.get("level")),
        about.get("year"),
        day["signed"],
        day["posted"],
        dt.datetime.fromtimestamp(changed) if changed is not None else None,
        about.get("trouble", ""),
    )


def year_of(run: Run) -> int:
    """The year that most reports are about. Raises Refused."""
    years = Counter(sheet.year for sheet in sheets(run, NOW) if sheet.year)
    if not years:
        (files,) = run.store.db.execute("SELECT COUNT(*) FROM files WHERE season = ?", (NOW,)).fetchone()
        if not files:
            raise Refused(f"{run.plan.folder} 里没有找到报告，请核对文件夹。")
        raise Refused("没有一份报告写明年度，请用 --year 指定，如 --year 2024。")
    return max(years, key=lambda year: (years[year], year))


def draft(run: Run) -> Roster:
    """The units that the reports themselves name, of offices below the county."""
    county = run.plan.county.name
    mine = (
        (sheet.names[0], sheet.level)
        for sheet in sheets(run, NOW)
        if sheet.names
        and sheet.names[0].isprintable()
        and sheet.level not in ("省", "市", "县")
        and folded(sheet.names[0]) != folded(county)
    )
    return drafted(mine, county)
