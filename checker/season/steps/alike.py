"""Reports like each other, among this season's and last year's: clusters, and what each report is held against."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Sequence
from functools import lru_cache

from checker.likeness import Signature
from checker.model import Told
from checker.season import similar
from checker.season.jobs import Lost, earlier_of
from checker.season.nouns import Member
from checker.season.record import cluster_to_dict, twin_to_dict
from checker.season.run import NOW, Run


def compare_all(run: Run, year: int) -> None:
    """Find the reports that are alike; without a second unit nobody can be like another, and nothing is said."""
    members, keys = _members(run, year)
    if len({member.unit for member in members if member.year == year}) < 2:
        return
    if said := similar.slow(len(members)):
        run.remarks.append(said)

    def signature_of(at: int) -> Signature:
        kept = run.store.signature(keys[at])
        if kept is None:
            raise Lost(keys[at])
        return array("Q", kept)

    @lru_cache(maxsize=256)  # a report of a cluster stands in many of its pairs
    def narrative_of(at: int) -> Sequence[Told]:
        body = run.store.body(keys[at])
        if body is None:
            raise Lost(keys[at])
        return earlier_of(body).narrative

    with run.progress(0, "正在比对内容"):
        found = list(similar.clusters(members, signature_of, narrative_of, similar.threshold(run.plan.pack)))
    twins = similar.twins(pair for cluster in found for pair in cluster.pairs)
    for unit, _ in [(member.unit, member.year) for member in members if member.year == year]:
        told = json.dumps([twin_to_dict(twin) for twin in twins.get((unit, year), ())])
        run.store.put("UPDATE rows SET twins = ? WHERE season = ? AND unit = ?", (told, NOW, unit))
    for at, cluster in enumerate(found):
        run.store.put("INSERT INTO extra VALUES ('cluster', ?, ?)", (at, json.dumps(cluster_to_dict(cluster))))
    run.store.commit()


def _members(run: Run, year: int) -> tuple[list[Member], list[str]]:
    """Every report that counts, of last year and this one, and what it is kept under."""
    now = """SELECT rows.unit, json_extract(row, '$.unit.name'), ?, path, files.key FROM rows
             JOIN files USING (season, path) WHERE season = 1 ORDER BY rows.at"""
    before = "SELECT unit, name, year, path, key FROM last ORDER BY unit, at"
    members, keys = [], []
    for sql, values in ((before, ()), (now, (year,))):
        for unit, name, when, path, key in run.store.all(sql, values):
            members.append(Member(unit, name, when, os.fsdecode(path)))
            keys.append(key)
    return members, keys
