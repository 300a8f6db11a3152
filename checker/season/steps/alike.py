"""Reports like each other, among this season's and last year's: clusters, and what each report is held against."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache

from checker.likeness import Signature
from checker.model import Told
from checker.season import similar
from checker.season.jobs import Lost, earlier_of
from checker.season.nouns import Cluster, Member
from checker.season.record import cluster_to_dict, twin_to_dict
from checker.season.run import NOW, Run


def compare_all(run: Run, year: int) -> None:
    """Find the reports that are alike; without a second unit nobody can be like another, and nothing is said."""
    if _gather(run, year) < 2:
        return
    store = run.store
    store.put("UPDATE rows SET twins = '[]' WHERE season = ? AND path IS NOT NULL", (NOW,))
    with run.progress(0, "正在比对内容"):
        for at, cluster in enumerate(_clusters(run)):
            store.put("INSERT INTO extra VALUES ('cluster', ?, ?)", (at, json.dumps(cluster_to_dict(cluster))))
            for (unit, when), twins in similar.twins(cluster.pairs).items():
                if when == year:
                    told = json.dumps([twin_to_dict(twin) for twin in twins])
                    store.put("UPDATE rows SET twins = ? WHERE season = ? AND unit = ?", (told, NOW, unit))
    store.commit()


def _gather(run: Run, year: int) -> int:
    """Number the reports that count, of last year and this one, from nought; how many there are of this year."""
    db = run.store.db
    db.execute("DROP TABLE IF EXISTS temp.members")
    db.execute("CREATE TEMP TABLE members (at INTEGER PRIMARY KEY, unit, name, year, path, key)")
    last = "SELECT ROW_NUMBER() OVER (ORDER BY unit, at) - 1, unit, name, year, path, key FROM last"
    before = db.execute(f"INSERT INTO members {last}").rowcount
    now = """SELECT ROW_NUMBER() OVER (ORDER BY rows.at) - 1 + ?, rows.unit, json_extract(row, '$.unit.name'), ?, path,
             files.key FROM rows JOIN files USING (season, path) WHERE season = ?"""
    return db.execute(f"INSERT INTO members {now}", (before, year, NOW)).rowcount


def _clusters(run: Run) -> Iterator[Cluster]:
    """The clusters among the reports that were gathered. Raises Lost."""
    store = run.store

    def key_of(at: int) -> str:
        return str(store.db.execute("SELECT key FROM members WHERE at = ?", (at,)).fetchone()[0])

    def member_of(at: int) -> Member:
        sql = "SELECT unit, name, year, path FROM members WHERE at = ?"
        unit, name, year, path = store.db.execute(sql, (at,)).fetchone()
        return Member(unit, name, year, os.fsdecode(path))

    def signature_of(at: int) -> Signature:
        if (kept := store.signature(key := key_of(at))) is None:
            raise Lost(key)
        return array("Q", kept)

    @lru_cache(maxsize=32)  # a report of a cluster stands in many of its pairs
    def narrative_of(at: int) -> Sequence[Told]:
        if (body := store.body(key := key_of(at))) is None:
            raise Lost(key)
        return earlier_of(body).narrative

    units = (unit for (unit,) in store.all("SELECT unit FROM members ORDER BY at"))
    return similar.clusters(units, member_of, signature_of, narrative_of, similar.threshold(run.plan.pack))
