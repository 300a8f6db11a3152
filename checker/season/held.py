"""The ``Season`` over a store: rows and details are fetched when they are asked for."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Literal

import checker
from checker.form import labels
from checker.judge import in_force
from checker.likeness import earlier
from checker.render.view import cited
from checker.season.jobs import blocks_of, unpacked
from checker.season.nouns import Change, Cluster, Detail, Row, Submission, Total
from checker.season.record import (
    amount_from_dict,
    cluster_from_dict,
    fact_from_dict,
    row_from_dict,
    submission_from_dict,
    told_from_dict,
)
from checker.season.rounds import compared, findings
from checker.season.run import Run
from checker.season.total import MONEY_UNSAID, TEXT, forms, total


class Held:
    """See ``nouns.Season``. ``given``: the roster was the officer's, so that somebody can be missing."""

    def __init__(self, run: Run, year: int, given: bool, areas: Counter[str]) -> None:
        store, pack, county = run.store, run.plan.pack, run.plan.county
        self._store, self._pack = store, pack
        self.county = county.name or self._named(areas)
        self.year = year
        self.tool = checker.__version__
        self.pack, self.pack_version, self.digest = pack.name, pack.version, pack.digest
        self.floor = pack.policy.coverage_floor
        self.rules: Mapping[str, Mapping[str, str]] = {
            rule.id: {
                "title": rule.title,
                "severity": max(rule.severity.values(), key=("info", "should", "must").index),
                "topic": rule.topic,
                "basis": "、".join(dict.fromkeys(cited(pack.basis[key]) for key in in_force(rule.basis, year, pack))),
            }
            for rule in pack.rules
        }
        self.figures: Mapping[str, tuple[str, str, str]] = labels(pack, year)
        self.total: Total | None = None  #: once ``sum_up`` was called
        self.due: dt.date | None = county.due(None)
        self.office = county.office
        self.given = given
        self.remarks = (*run.remarks, *([store.note] if store.note else ()))  #: beside the result, Chinese sentences

    def _named(self, areas: Counter[str]) -> str:
        """The county by its own report, or by what stands before most names."""
        own = next((stray.place for stray in self.strays() if stray.standing == "county" and stray.place), None)
        return own or max(areas, key=lambda area: (areas[area], len(area)), default="")

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._store.close()

    def rows(self, order: Literal["rank", "roster"] = "rank") -> Iterator[Row]:
        group = (
            "CASE WHEN rank IS NOT NULL THEN 0 WHEN path IS NOT NULL THEN 1 ELSE 2 END, rank, "
            if order == "rank"
            else ""
        )
        sql = f"SELECT at FROM rows WHERE season = 1 ORDER BY {group}at"
        for at in [at for (at,) in self._store.all(sql)]:
            yield self._row(at)

    def _row(self, at: int) -> Row:
        sql = "SELECT row, head, comparable, rank FROM rows LEFT JOIN kept USING (key) WHERE season = 1 AND at = ?"
        ((text, head, comparable, rank),) = self._store.all(sql, (at,))
        row = row_from_dict(json.loads(text))
        row = replace(row, before=self.history(row.unit.key).get(self.year - 1))
        if not head:
            return row
        about = json.loads(head)
        del about["status"]
        return replace(row, comparable=bool(comparable), rank=rank, **about)

    def told(self, unit: str) -> str | None:
        sql = "SELECT key FROM rows WHERE season = 1 AND unit = ? AND key IS NOT NULL"
        for (key,) in self._store.all(sql, (unit,)):
            kept = self._store.body(key)
            return None if kept is None else zlib.decompress(kept).decode("utf-8", "surrogatepass")
        return None

    def detail(self, unit: str) -> Detail | None:
        told = self.told(unit)
        blocks = self._blocks(unit) if told else None
        if told is None or blocks is None:
            return None
        found = json.loads(told)
        return Detail(
            audit=found["audit"],
            facts={name: fact_from_dict(fact) for name, fact in found["facts"].items()},
            blocks=blocks,
            narrative=tuple(told_from_dict(line) for line in found["narrative"]),
            problems=tuple(told_from_dict(line) for line in found["problems"]),
        )

    def _blocks(self, unit: str) -> tuple[Mapping[str, Any], ...] | None:
        sql = "SELECT files.key FROM rows JOIN files USING (season, path) WHERE season = 1 AND rows.unit = ?"
        for (key,) in self._store.all(sql, (unit,)):
            body = self._store.body(key)
            return None if body is None else blocks_of(body)
        return None

    def sum_up(self) -> None:
        """Makes ``total``: every unit is gone through, so only who wants it asks for it."""
        units = ((row, self._amounts(row.unit.key) if row.counted else None) for row in self.rows("roster"))
        self.total = total(self._pack, self.year, self.figures, units, self._own())

    def _amounts(self, unit: str) -> Detail | None:
        """Of ``detail`` what a sum asks for: figures without their places, and the text where an amount needs it."""
        told = self.told(unit)
        if told is None:
            return None
        facts: Mapping[str, Any] = json.loads(told)["facts"]
        found = {name: amount_from_dict(facts[name]) for name in (*self.figures, *TEXT) if name in facts}
        asks = any(name in found and found[name].value for name in MONEY_UNSAID)
        return Detail({}, found, (self._blocks(unit) or ()) if asks else ())

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """The county's own form filled with ``total``, by suffix; nothing before ``sum_up`` or without a form."""
        return forms(self._pack, self.county, self.figures, self.total) if self.total else iter(())

    def _own(self) -> Detail | None:
        """The county's own report, which nobody judges here, where the folder has one of this year."""
        sql = "SELECT about, key FROM files WHERE season = 1 AND unit = '' ORDER BY path"
        for about, key in self._store.all(sql):
            stray = submission_from_dict(json.loads(about))
            if stray.standing == "county" and stray.year == self.year and (body := self._store.body(key)):
                report = unpacked(body)
                told = earlier(report)
                return Detail({}, report.facts, blocks_of(body), told.narrative, told.problems)
        return None

    def strays(self) -> Iterator[Submission]:
        sql = "SELECT path, about FROM files WHERE season = 1 AND unit = '' AND path > ? ORDER BY path LIMIT ?"
        for _, about in self._store.pages(sql, b""):
            yield submission_from_dict(json.loads(about))

    def clusters(self) -> Iterator[Cluster]:
        for (body,) in self._store.all("SELECT body FROM extra WHERE kind = 'cluster' ORDER BY at"):
            yield cluster_from_dict(json.loads(body))

    def history(self, unit: str) -> Mapping[int, float]:
        sql = "SELECT year, MAX(score) FROM past WHERE unit = ? GROUP BY year ORDER BY year"
        return dict(self._store.all(sql, (unit,)))

    def changes(self) -> Iterator[Change]:
        if not list(self._store.all("SELECT 1 FROM extra WHERE kind = 'round'")):
            return
        for row in self.rows("roster"):
            key = row.unit.key
            before = [one for (body,) in self._of("round", key) for one in json.loads(body)]
            detail = self.detail(key) if row.counted else None
            if detail or before:
                yield from compared(row.unit, before, findings(detail.audit if detail else None))

    def _of(self, kind: str, unit: str) -> Iterator[Any]:
        return self._store.all("SELECT body FROM extra WHERE kind = ? ORDER BY at", (f"{kind}:{unit}",))

    def statuses(self, gate: str) -> Iterator[int]:
        """The exit code of every report that counts."""
        for (head,) in self._store.all("SELECT head FROM rows JOIN kept USING (key) WHERE season = 1"):
            status: Any = json.loads(head)["status"]
            yield status[gate]
