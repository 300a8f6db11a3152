"""Judge the report of every unit that has one; what was judged before with all the same is there already."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from checker.model import Names
from checker.season.jobs import Judging, Lost
from checker.season.matching import excused
from checker.season.record import row_from_dict
from checker.season.run import Run, digest


def judge_all(run: Run, season: int, folder: Path) -> None:
    """Judge what counts in a season."""
    (total,) = run.store.db.execute("SELECT COUNT(path) FROM rows WHERE season = ?", (season,)).fetchone()
    names = _names(run)
    job = Judging(run.store.path, folder, season, run.plan.pack, names)
    waiting = deque[tuple[int, str]]()
    with run.progress(total, "正在核对") as step:
        paths = _unjudged(run, season, folder, waiting, names, step)
        with closing(run.spread(paths, job)) as results:
            for result in results:
                at, key = waiting.popleft()
                if not result.head:
                    raise Lost(result.body.decode())
                run.store.keep(key, result.head, result.body, lasting=result.lasting)
                _judged(run, season, at, key, result.head)
                step()
    run.store.commit()


def _names(run: Run) -> Names | None:
    """What a report may name by mistake; a roster drafted from the reports themselves proves nothing."""
    roster = run.plan.roster
    return Names((run.plan.county.name,), tuple(unit.name for unit in roster.units)) if roster else None


def _unjudged(
    run: Run,
    season: int,
    folder: Path,
    waiting: deque[tuple[int, str]],
    names: Names | None,
    step: Callable[[], None],
) -> Iterator[Path]:
    """The files that must be judged, in the order of the roster; row and key of each are queued for the results."""
    store = run.store
    told = digest(*names.own, *names.others) if names else ""
    today = run.plan.day.isoformat() if run.plan.day else ""
    sql = f"""SELECT at, rows.unit, rows.path, files.key, twins, row FROM rows
              JOIN files USING (season, path) WHERE season = {season} AND at > ? ORDER BY at LIMIT ?"""
    for at, unit, name, reading, twins, text in store.pages(sql, -1):
        row = row_from_dict(json.loads(text))
        given = (one for one in row.unit.waivers if one.get("until", today) >= today)
        waivers = json.dumps([dict(one) for one in (*given, *excused(row))])
        previous = [key for (key,) in store.all("SELECT key FROM last WHERE unit = ? ORDER BY at", (unit,))]
        key = run.key("judged", reading, name.hex(), str(season), str(twins), told, waivers, *previous)
        if store.use(key) and (head := store.head(key)):
            _judged(run, season, at, key, head)
            step()
        else:
            values = (json.dumps(previous), waivers, season, at)
            store.put("UPDATE rows SET previous = ?, waivers = ? WHERE season = ? AND at = ?", values)
            store.commit()  # a worker reads what we wrote
            waiting.append((at, key))
            yield folder / os.fsdecode(name)


def _judged(run: Run, season: int, at: int, key: str, head: str) -> None:
    found = json.loads(head)
    comparable = found["score"] is not None and found["coverage"] >= run.plan.pack.policy.coverage_floor
    sql = "UPDATE rows SET key = ?, score = ?, comparable = ? WHERE season = ? AND at = ?"
    run.store.put(sql, (key, found["score"], comparable, season, at))


def rank(run: Run) -> None:
    """1 for the best of the comparable ones; equal scores share a rank."""
    ranked = "SELECT at, RANK() OVER (ORDER BY score DESC) AS place FROM rows WHERE season = 1 AND comparable"
    sql = f"UPDATE rows SET rank = place FROM ({ranked}) AS ranked WHERE season = 1 AND rows.at = ranked.at"
    run.store.put(sql, ())
    run.store.commit()
