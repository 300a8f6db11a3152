"""What is known from before: last year's reports, scores of earlier years, the findings of an earlier round.

A unit that was renamed is what it was; one that was merged has the reports of all that it was made of.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress

from checker.likeness import signature
from checker.season.jobs import packed
from checker.season.last import NoAudit, head_of, units_of
from checker.season.matching import Matcher
from checker.season.nouns import Unit
from checker.season.record import earlier_from_unit
from checker.season.roster import Roster
from checker.season.rounds import findings
from checker.season.run import LAST, NOW, Run, digest
from checker.season.steps.judging import judge_all
from checker.season.steps.placing import place_all
from checker.season.steps.reading import read_all


def take_last(run: Run, roster: Roster, year: int) -> None:
    """Last year's reports, from a folder, which is judged for its scores, or from an audit.json."""
    last = run.plan.last
    if not last:
        return
    offices, owners = predecessors(roster)
    matcher = Matcher(offices, year - 1, run.plan.county.name)
    if os.path.isdir(last):
        read_all(run, LAST, last)
        place_all(run, LAST, matcher)
        judge_all(run, LAST, last)
        _from_folder(run, owners, year - 1)
    else:
        _from_audit(run, matcher, owners)
    for unit, count in Counter(owners.values()).items():
        if count > 1:
            _one_score(run, unit)
    run.store.commit()


def say_without(run: Run) -> None:
    """Say once what could not be held against last year: nothing is said of it report by report."""
    if not run.plan.last:
        run.remarks.append("没有给上年的报告（--last），与上年对照的各条（XYR）没有核对。")
        return
    sql = """SELECT json_extract(row, '$.unit.name') FROM rows
             WHERE season = ? AND path IS NOT NULL AND unit NOT IN (SELECT unit FROM last) ORDER BY at"""
    without = [name for (name,) in run.store.all(f"{sql} LIMIT 4", (NOW,))]
    if without:
        (count,) = run.store.db.execute(f"SELECT COUNT(*) FROM ({sql})", (NOW,)).fetchone()
        few = "、".join(without[:3]) + ("等" if count > 3 else "")
        run.remarks.append(f"有{count}个单位没有上年的报告（{few}），与上年对照的各条（XYR）没有核对。")


def predecessors(roster: Roster) -> tuple[list[Unit], Mapping[str, str]]:
    """The offices of the year before, and the key of each -> the key of the unit that it is now."""
    offices: list[Unit] = []
    owners: dict[str, str] = {}
    codes = {unit.code for unit in roster.units if unit.code}
    for unit in roster.units:
        was = [Unit(unit.name, unit.level, unit.code, unit.aliases)]
        was += [Unit(name, code=name if name.isascii() else "") for name in unit.formerly if name not in codes]
        for office in was:
            if office.key not in owners:
                offices.append(office)
                owners[office.key] = unit.key
    return offices, owners


def _from_folder(run: Run, owners: Mapping[str, str], year: int) -> None:
    sql = f"""SELECT at, rows.unit, json_extract(row, '$.unit.name'), path, files.key, score FROM rows
              JOIN files USING (season, path) WHERE season = {LAST} AND at > ? ORDER BY at LIMIT ?"""
    for at, office, name, path, key, score in run.store.pages(sql, -1):
        _add(run, owners[office], at, name, year, path, key)
        if score is not None:
            run.store.put("INSERT OR REPLACE INTO past VALUES (?, ?, ?, ?)", (owners[office], office, year, score))


def _from_audit(run: Run, matcher: Matcher, owners: Mapping[str, str]) -> None:
    """What an audit.json knows of the units of a roster: by code, else by name. Raises NoAudit."""
    last = run.plan.last
    assert last
    year = head_of(last)["year"]
    if year != matcher.year:
        raise NoAudit(f"{last} 是{year}年度的核对结果，--last 要的是上一年度（{matcher.year}年度）的。")
    codes = {unit.code: unit for unit in matcher.units if unit.code}
    for at, raw in enumerate(units_of(last)):
        hits = matcher.index.find(raw["unit"]["name"])
        office = codes.get(raw["unit"]["code"]) or (matcher.units[min(hits)] if len(hits) == 1 else None)
        if office is None:
            continue
        owner = owners[office.key]
        for when, score in _scores(raw, year):
            run.store.put("INSERT OR REPLACE INTO past VALUES (?, ?, ?, ?)", (owner, office.key, when, score))
        with suppress(TypeError, KeyError, ValueError):  # a report that somebody edited is no report
            if past := earlier_from_unit(raw, year):
                body = packed(past)
                key = f"past:{digest(run.context, body.hex())}"
                if not run.store.use(key):
                    run.store.keep(key, "{}", body, signature(past.narrative).tobytes())
                _add(run, owner, at, raw["unit"]["name"], year, raw["audit"]["source"].encode("utf-8", "replace"), key)


def _scores(raw: Mapping[str, object], year: int) -> Iterator[tuple[int, object]]:
    history = raw.get("history")
    if isinstance(history, dict):
        yield from ((int(when), score) for when, score in history.items())
    if raw["score"] is not None:
        yield year, raw["score"]


def _add(run: Run, unit: str, at: int, name: str, year: int, path: bytes, key: str) -> None:
    run.store.put("INSERT INTO last VALUES (?, ?, ?, ?, ?, ?)", (unit, at, name, year, path, key))


def _one_score(run: Run, unit: str) -> None:
    """The scores of several units are none of the one that they became, save those under its own name."""
    offices = {office for (office,) in run.store.all("SELECT office FROM past WHERE unit = ?", (unit,))}
    if len(offices) > 1:
        run.store.put("DELETE FROM past WHERE unit = ? AND office != ?", (unit, unit))


def take_round(run: Run, roster: Roster, year: int) -> None:
    """The findings of an earlier round of this season, by unit. Raises NoAudit."""
    if not run.plan.round:
        return
    if (when := head_of(run.plan.round)["year"]) != year:
        raise NoAudit(f"{run.plan.round} 是{when}年度的核对结果，--compare 要的是本年度（{year}年度）上一轮的。")
    keys = {unit.key for unit in roster.units}
    for at, raw in enumerate(units_of(run.plan.round)):
        if raw["unit"]["key"] in keys:
            values = (f"round:{raw['unit']['key']}", at, json.dumps(findings(raw["audit"])))
            run.store.put("INSERT INTO extra VALUES (?, ?, ?)", values)
    run.store.put("INSERT INTO extra VALUES ('round', 0, '')", ())
    run.store.commit()
