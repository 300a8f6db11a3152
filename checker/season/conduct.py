"""An audit from the folder to the ``Season``. A step that was interrupted goes on where it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from checker.cause import cause
from checker.season import store as stores
from checker.season.held import Held
from checker.season.jobs import Lost
from checker.season.matching import Matcher
from checker.season.nouns import Refused
from checker.season.roster import Roster
from checker.season.run import NOW, Plan, Progress, Run
from checker.season.steps.alike import compare_all
from checker.season.steps.before import say_without, take_last, take_round
from checker.season.steps.judging import judge_all, rank
from checker.season.steps.placing import draft, place_all, year_of
from checker.season.steps.reading import read_all
from checker.season.store import Store

__all__ = ["Plan", "Refused", "conduct", "names_found"]


def conduct(plan: Plan, progress: Progress) -> Held:
    """The season of a folder; close it when it is done with.

    What goes wrong with the state on disk costs at most its work, never the audit. Raises Refused, NoAudit, and OSError
    when there is no room on any disk.
    """
    store, tries = stores.opened(plan.folder), 0
    while True:
        try:
            return _season(Run(plan, store, progress))
        except Lost as error:
            tries += 1
            store = _without(store, error.key) if tries < 3 else _instead(plan.folder, store, None)
        except sqlite3.Error as error:
            if store.passing:
                store.close()
                raise OSError(None, f"临时文件写不下去：{cause(error)}") from None
            store = _instead(plan.folder, store, error)
        except BaseException:
            store.close()
            raise


def _season(run: Run) -> Held:
    plan, store = run.plan, run.store
    store.begin()
    read_all(run, NOW, plan.folder)
    year = plan.year or plan.county.year or year_of(run)
    roster = plan.roster or draft(run)
    matcher = Matcher(roster.units, year, plan.county.name)
    take_last(run, roster, year)
    place_all(run, NOW, matcher)
    say_without(run)
    compare_all(run, year)
    judge_all(run, NOW, plan.folder)
    rank(run)
    take_round(run, roster, year)
    store.end()
    return Held(run, year, roster.given, matcher.index.areas)


def _without(store: Store, key: str) -> Store:
    """The same store without something that cannot be used: it is made again."""
    store.put("DELETE FROM kept WHERE key = ?", (key,))
    store.commit()
    return store


def _instead(folder: Path, store: Store, error: sqlite3.Error | None) -> Store:
    """Another store for one that failed: afresh where the file was damaged, for this run alone where it was not."""
    store.close()
    if error is None or stores.damaged(error):
        stores.set_aside(store.path)
        return stores.opened(folder)
    return stores.passing(f"本次结果不留存（{cause(error)}），下次要重新读取。")


def names_found(plan: Plan, progress: Progress) -> Roster:
    """The roster that the reports of a folder themselves give."""
    with closing(stores.opened(plan.folder)) as store:
        run = Run(plan, store, progress)
        store.begin()
        read_all(run, NOW, plan.folder)
        return draft(run)
