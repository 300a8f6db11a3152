"""An audit from the folder to the ``Season``: read every file, find whose it is, judge what counts.

Each step streams from the store into the store, so that memory does not grow with the number of reports, and a step
that was interrupted goes on where it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import checker
from checker.batch import find, run
from checker.model import Pack
from checker.pack.cache import PACKAGE
from checker.read import needs_worker
from checker.season import store as stores
from checker.season.county import County
from checker.season.held import Held
from checker.season.jobs import Judging, Lost, Reading, Result, relative, sha256, stored
from checker.season.last import Past, past_of, units_of
from checker.season.matching import Matcher, Sheet, settle
from checker.season.names import folded
from checker.season.nouns import Submission, Unit
from checker.season.record import row_to_dict, submission_from_dict, submission_to_dict
from checker.season.roster import Roster, drafted
from checker.season.rounds import findings
from checker.season.store import Store

NOW, LAST = 1, 0  #: this season and the one before it, in the store

#: (how many, of what) -> a context whose value is called after each
Progress = Callable[[int, str], AbstractContextManager[Callable[[], None]]]


class Refused(Exception):
    """What an audit cannot begin with; a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to audit. ``last``: a folder or an audit.json of the year before. ``skip``: what in the folder is ours."""

    folder: Path
    pack: Pack
    roster: Roster | None = None
    county: County = field(default_factory=County)
    year: int | None = None
    last: Path | None = None
    round: Path | None = None
    skip: tuple[Path, ...] = ()
    jobs: int = 1


def conduct(plan: Plan, progress: Progress) -> Held:
    """The season of a folder; close it when it is done with.

    What goes wrong with the state on disk costs at most its work, never the audit. Raises Refused, and OSError when
    there is no room on any disk.
    """
    store, tries = stores.opened(plan.folder), 0
    while True:
        try:
            return _Audit(plan, store, progress).season()
        except Lost as error:
            store.put("DELETE FROM kept WHERE key = ?", (error.key,))
            store.commit()
            tries += 1
            if tries < 3:
                continue
            store.close()
            store = stores.passing("留存的结果已损坏，没有使用；本次结果不留存。")
        except sqlite3.Error as error:
            if store.passing:
                store.close()
                raise OSError(None, f"临时文件写不下去（{error}）") from None
            store = _instead(plan.folder, store, error)
        except BaseException:
            store.close()
            raise


def _instead(folder: Path, store: Store, error: sqlite3.Error) -> Store:
    """Another store for one that failed: afresh where the file was damaged, for this run alone where it was not."""
    store.close()
    if stores.damaged(error):
        stores.set_aside(store.path)
        return stores.opened(folder)
    return stores.passing(f"本次结果不留存（{error}），下次要重新读取。")


def names_found(plan: Plan, progress: Progress) -> Roster:
    """The roster that the reports of a folder themselves give."""
    with closing(stores.opened(plan.folder)) as store:
        audit = _Audit(plan, store, progress)
        store.begin()
        audit.read_all(NOW, plan.folder)
        return audit.drafted()


class _Audit:
    """One run over one store."""

    def __init__(self, plan: Plan, store: Store, progress: Progress) -> None:
        self.plan, self.store, self.progress = plan, store, progress
        self.context = context(plan.pack)

    def season(self) -> Held:
        plan, store = self.plan, self.store
        store.begin()
        self.read_all(NOW, plan.folder)
        if plan.last and plan.last.is_dir():
            self.read_all(LAST, plan.last)
        year = plan.year or plan.county.year or self.year()
        roster = plan.roster or self.drafted()
        matcher = Matcher(roster.units, year, plan.county.name)
        if plan.last:
            self.past(Matcher(roster.units, year - 1, plan.county.name), roster)
        self.match(NOW, matcher, roster)
        self.judge_all(NOW, plan.folder)
        self.rank()
        if plan.round:
            self.take_round(plan.round, roster)
        store.end()
        return Held(store, plan.pack, plan.county, year, roster.given, matcher.index.areas)

    # --- reading ---

    def read_all(self, season: int, folder: Path) -> None:
        """Every file of a folder, read into the store; those that have not changed are there already."""
        total = self.register(season, folder)
        job, keys = Reading(self.plan.pack), deque[str]()
        with self.progress(total, "正在读取") as step:
            paths = self._unread(season, folder, keys, step)
            with closing(run(paths, job, job.fail, jobs=self.plan.jobs, apart=needs_worker)) as results:
                for result in results:
                    self._keep_reading(keys.popleft(), result)
                    step()
        self.store.commit()

    def register(self, season: int, folder: Path) -> int:
        """The files of a folder with their hashes, and which of them are known; how many there are."""
        count = 0
        for path in submissions(folder, self.plan.skip):
            digest = sha256(path)
            name = relative(path, folder)
            key = self._key("read", digest, path.suffix.lower()) if digest else f"once:{season}:{name}"
            changed = _changed(path)
            values = (season, stored(name), digest, key, changed)
            self.store.put(
                "INSERT OR REPLACE INTO files (season, path, sha256, key, changed) VALUES (?,?,?,?,?)", values
            )
            self.store.use(key)
            count += 1
        self.store.commit()
        return count

    def _unread(self, season: int, folder: Path, keys: deque[str], step: Callable[[], None]) -> Iterator[Path]:
        """The files that must be read, by name; their keys are queued for the results."""
        sql = "SELECT path, key, EXISTS (SELECT 1 FROM kept WHERE kept.key = files.key) FROM files"
        for name, key, known in self.store.pages(
            f"{sql} WHERE season = {season} AND path > ? ORDER BY path LIMIT ?", b""
        ):
            if known:
                step()
            else:
                keys.append(key)
                yield folder / os.fsdecode(name)

    def _keep_reading(self, key: str, result: Result) -> None:
        """A file that changed while it was read is not what its key says."""
        read = json.loads(result.head).get("sha256")
        lasting = result.lasting and (read is None or key.startswith(f"read:{read}:"))
        self.store.keep(key, result.head, result.body, lasting=lasting)

    def _key(self, kind: str, *parts: str) -> str:
        return f"{kind}:{parts[0]}:{digest_of(self.context, *parts)}"

    # --- whose ---

    def year(self) -> int:
        """The year that most reports are about."""
        years = Counter(sheet.year for sheet in self.sheets(NOW) if sheet.year)
        if not years:
            raise Refused("没有一份报告写明年度，请用 --year 指定，如 --year 2024。")
        return max(years, key=lambda year: (years[year], year))

    def drafted(self) -> Roster:
        """The units that the reports themselves name, of offices below the county."""
        county = self.plan.county.name
        mine = (
            (sheet.names[0], sheet.level)
            for sheet in self.sheets(NOW)
            if sheet.names
            and sheet.names[0].isprintable()
            and sheet.level not in ("省", "市", "县")
            and folded(sheet.names[0]) != folded(county)
        )
        return drafted(mine, county)

    def sheets(self, season: int) -> Iterator[Sheet]:
        """Every file of a season as matching sees it, by name."""
        sql = "SELECT path, sha256, changed, head FROM files JOIN kept USING (key)"
        for row in self.store.pages(f"{sql} WHERE season = {season} AND path > ? ORDER BY path LIMIT ?", b""):
            yield _sheet(*row)

    def match(self, season: int, matcher: Matcher, roster: Roster) -> None:
        """Place every file, then give each unit its row and say which of its files counts."""
        for sheet in self.sheets(season):
            found = matcher.place(sheet)
            values = (found.unit, json.dumps(submission_to_dict(found)), season, stored(found.path))
            self.store.put("UPDATE files SET unit = ?, about = ? WHERE season = ? AND path = ?", values)
        for at, unit in enumerate(roster.units):
            row = settle(unit, self._files_of(season, unit), self.plan.county.due(unit.level))
            counted = row.counted
            previous = json.dumps(self._previous(unit) if season == NOW else [])
            path = stored(counted.path) if counted else None
            sql = "INSERT INTO rows (season, at, unit, row, path, previous) VALUES (?, ?, ?, ?, ?, ?)"
            self.store.put(sql, (season, at, unit.key, json.dumps(row_to_dict(row)), path, previous))
        self.store.commit()

    def _files_of(self, season: int, unit: Unit) -> list[tuple[Submission, Sheet]]:
        sql = "SELECT path, sha256, changed, head, about FROM files JOIN kept USING (key) WHERE season = ? AND unit = ?"
        return [
            (submission_from_dict(json.loads(about)), _sheet(*row))
            for *row, about in self.store.all(f"{sql} ORDER BY path", (season, unit.key))
        ]

    # --- last year ---

    def past(self, matcher: Matcher, roster: Roster) -> None:
        """Last year's reports by unit, from a folder, which is judged for its scores, or from an audit.json."""
        plan = self.plan
        assert plan.last
        if plan.last.is_dir():
            self.match(LAST, matcher, roster)
            self.judge_all(LAST, plan.last)
            sql = "INSERT INTO past SELECT unit, ?, score FROM rows WHERE season = ? AND score IS NOT NULL"
            self.store.put(sql, (matcher.year, LAST))
        else:
            self._take(past_of(plan.last, matcher))
        self.store.commit()

    def _take(self, found: Iterable[Past]) -> None:
        for past in found:
            for year, score in past.scores.items():
                self.store.put("INSERT OR REPLACE INTO past VALUES (?, ?, ?)", (past.unit, year, score))
            if past.body:
                if not self.store.use(past.key):
                    self.store.keep(past.key, "{}", past.body)
                at = self.store.db.execute(
                    "SELECT COUNT(*) FROM extra WHERE kind = ?", (f"last:{past.unit}",)
                ).fetchone()[0]
                self.store.put("INSERT INTO extra VALUES (?, ?, ?)", (f"last:{past.unit}", at, past.key))

    def take_round(self, path: Path, roster: Roster) -> None:
        """The findings of an earlier round of this season, by unit."""
        keys = {unit.key for unit in roster.units}
        for at, raw in enumerate(units_of(path)):
            if raw["unit"]["key"] in keys:
                values = (f"round:{raw['unit']['key']}", at, json.dumps(findings(raw["audit"])))
                self.store.put("INSERT INTO extra VALUES (?, ?, ?)", values)
        self.store.put("INSERT INTO extra VALUES ('round', 0, '')", ())
        self.store.commit()

    def _previous(self, unit: Unit) -> list[str]:
        """The keys of last year's reports of a unit."""
        sql = "SELECT files.key FROM files JOIN rows USING (season, path) WHERE season = ? AND rows.unit = ?"
        folder = [key for (key,) in self.store.all(sql, (LAST, unit.key))]
        return folder or [
            key for (key,) in self.store.all("SELECT body FROM extra WHERE kind = ?", (f"last:{unit.key}",))
        ]

    # --- judging ---

    def judge_all(self, season: int, folder: Path) -> None:
        """Judge the report of every unit that has one; what was judged before with all the same is there already."""
        (total,) = self.store.db.execute("SELECT COUNT(path) FROM rows WHERE season = ?", (season,)).fetchone()
        job = Judging(self.store.path, folder, season, self.plan.pack)
        waiting = deque[tuple[int, str]]()
        with self.progress(total, "正在核对") as step:
            paths = self._unjudged(season, folder, waiting, step)
            with closing(run(paths, job, job.fail, jobs=self.plan.jobs)) as results:
                for result in results:
                    at, key = waiting.popleft()
                    self.store.keep(key, result.head, result.body, lasting=result.lasting)
                    self._judged(season, at, key, result.head)
                    step()
        self.store.commit()

    def _unjudged(
        self, season: int, folder: Path, waiting: deque[tuple[int, str]], step: Callable[[], None]
    ) -> Iterator[Path]:
        sql = "SELECT at, rows.path, files.key, previous FROM rows JOIN files USING (season, path)"
        sql += f" WHERE season = {season} AND at > ? ORDER BY at LIMIT ?"
        for at, name, reading, previous in self.store.pages(sql, -1):
            key = self._key("judged", reading, name.hex(), previous)
            if self.store.use(key) and (head := self.store.head(key)):
                self._judged(season, at, key, head)
                step()
            else:
                self.store.commit()  # a worker reads what we wrote
                waiting.append((at, key))
                yield folder / os.fsdecode(name)

    def _judged(self, season: int, at: int, key: str, head: str) -> None:
        found = json.loads(head)
        comparable = found["score"] is not None and found["coverage"] >= self.plan.pack.policy.coverage_floor
        sql = "UPDATE rows SET key = ?, score = ?, comparable = ? WHERE season = ? AND at = ?"
        self.store.put(sql, (key, found["score"], comparable, season, at))

    def rank(self) -> None:
        """1 for the best of the comparable ones; equal scores share a rank."""
        ranked = "SELECT at, RANK() OVER (ORDER BY score DESC) AS place FROM rows WHERE season = 1 AND comparable"
        sql = f"UPDATE rows SET rank = place FROM ({ranked}) AS ranked WHERE season = 1 AND rows.at = ranked.at"
        self.store.put(sql, ())
        self.store.commit()


# --- small things -----------------------------------------------------------------------------------------------------


def context(pack: Pack) -> str:
    """A hash of all that a result hangs on beside the file: the tool, its code, the rules, the county's weights."""
    code = sorted(PACKAGE.rglob("*.py"))
    stamps = [(path.name, status.st_mtime_ns, status.st_size) for path in code for status in (path.stat(),)]
    ocr = find_spec("rapidocr") is not None
    return digest_of(checker.__version__, pack.digest, repr(pack.policy), str(ocr), str(stamps))


def digest_of(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


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


def _sheet(path: bytes, sha: str, changed: float | None, head: str) -> Sheet:
    about: dict[str, Any] = json.loads(head)
    day = {name: dt.date.fromisoformat(about[name]) if about.get(name) else None for name in ("signed", "posted")}
    return Sheet(
        path.decode("utf-8", "surrogateescape"),
        sha,
        tuple(about.get("names", ())),
        about.get("level"),
        about.get("year"),
        day["signed"],
        day["posted"],
        dt.datetime.fromtimestamp(changed) if changed is not None else None,
        about.get("trouble", ""),
    )
