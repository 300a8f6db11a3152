"""A season as pages to read: ``index.html``, and a page for each unit beside it where they are too many for one file.

Everything streams: pages come as parts of text, units are fetched one by one. A page asks nothing of the network; its
style and its script are its own, and the policy in its head lets nothing else in.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from checker.render import web
from checker.render.county import names, told
from checker.render.county.site import alike, charts
from checker.render.county.site.unit import Page, page_of
from checker.render.view import WORDS, View

if TYPE_CHECKING:
    from checker.season.nouns import Row, Season

INLINE = 200  #: units whose pages stand in the index itself
STYLES = ("page.css", "marked.css", "season.css")

#: name of a page, relative to the folder -> its text, in parts
Pages = Iterator[tuple[str, Iterator[str]]]


def pages(season: Season) -> Pages:
    """``index.html``, then ``units/<name>.html`` where there are more than ``INLINE`` units."""
    links = _links(season)
    yield "index.html", _index(season, links)
    if links.inline:
        return
    css = web.style(*STYLES)
    for row in season.rows("roster"):
        about = {
            "css": css,
            "policy": web.policy(css),
            "season": season,
            "view": View(),
            "page": page_of(row, season, ""),
        }
        yield links.file(row), web.stream("unit.html", **about)


@dataclass(frozen=True, slots=True)
class _Links:
    """Where the page of a unit is: a part of the index, or a file beside it."""

    stems: dict[str, str]
    inline: bool

    def prefix(self, row: Row) -> str:
        """What the ids of a unit's part begin with."""
        return f"u{hashlib.blake2b(row.unit.key.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"

    def file(self, row: Row) -> str:
        return f"units/{self.stems[row.unit.key]}.html"

    def to(self, row: Row) -> str:
        return f"#{self.prefix(row)}" if self.inline else quote(self.file(row))


def _links(season: Season) -> _Links:
    stems = dict(names.of_units(season))
    return _Links(stems, len(stems) <= INLINE)


def _index(season: Season, links: _Links) -> Iterator[str]:
    sums = _Sums.over(season)
    css, script = web.style(*STYLES), web.style("season.js")
    rules = sums.table(season)
    unit = partial(_inline, season, links) if links.inline else tuple
    yield from web.stream(
        "season.html",
        css=css,
        script=script,
        policy=web.policy(css, script),
        season=season,
        view=View(),
        sums=sums,
        trouble=[one for one in rules if one["trouble"]],
        sound=[one for one in rules if not one["trouble"]],
        histogram=charts.histogram(sums.scores),
        trend=charts.trend(sums.years),
        rows=(_ranked(row, links) for row in season.rows()),
        missing=(_missing(row, links) for row in season.rows() if told.tardy(row)),
        unused=_unused(season),
        clusters=alike.clusters(season),
        matrix=_matrix(season, sums, links),
        total=_total(season),
        changes=_changes(season),
        units=unit(),
    )


def _inline(season: Season, links: _Links) -> Iterator[Page]:
    return (page_of(row, season, links.prefix(row)) for row in season.rows())


# --- what is counted over all units -------------------------------------------------------------------------------


class _Sums:
    """Counts over all units: what became of them, their scores, which rules they fail."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.late = 0
        self.grades: Counter[str] = Counter()
        self.scores: list[tuple[float, str]] = []
        self.rules: dict[str, Counter[str]] = {}
        self.years: dict[int, list[float]] = {}
        self.levels: dict[str, None] = {}

    @classmethod
    def over(cls, season: Season) -> _Sums:
        sums = cls()
        for row in season.rows():
            sums.add(row, season)
        return sums

    def add(self, row: Row, season: Season) -> None:
        self.outcomes[row.outcome] += 1
        self.late += bool(row.late)
        if row.unit.level:
            self.levels.setdefault(row.unit.level)
        if row.grade:
            self.grades[row.grade] += 1
        if row.score is not None and row.comparable:
            self.scores.append((row.score, row.grade))
            self.years.setdefault(season.year, []).append(row.score)
        for year, score in season.history(row.unit.key).items():
            self.years.setdefault(year, []).append(score)
        for rule, state in row.states.items():
            if state != "n/a":
                self.rules.setdefault(rule, Counter())[state] += 1

    @property
    def units(self) -> int:
        return self.outcomes.total()

    def asked(self, season: Season) -> list[str]:
        """The rules that apply to any unit, in catalogue order."""
        return [rule for rule in season.rules if rule in self.rules]

    def table(self, season: Season) -> list[dict[str, Any]]:
        """Rule by rule, how many units it holds for and how many not; the most troublesome first."""
        found = [
            {
                "rule": rule,
                **season.rules[rule],
                "word": WORDS[season.rules[rule]["severity"]][0],
                **_counts(self.rules[rule]),
            }
            for rule in self.asked(season)
        ]
        return sorted(found, key=lambda one: (-one["fail"], -one["review"], -one["unknown"]))


def _counts(states: Counter[str]) -> dict[str, Any]:
    asked = states.total()
    counts: dict[str, Any] = {state: states[state] for state in ("fail", "review", "unknown", "pass")}
    share = 100 * states["fail"] // asked if asked else 0
    return {**counts, "share": share, "trouble": asked > states["pass"] + states["waived"]}


# --- rows ---------------------------------------------------------------------------------------------------------


def _ranked(row: Row, links: _Links) -> dict[str, Any]:
    """A unit in the ranking, in words."""
    change = None if row.before is None or row.score is None else round(row.score - row.before, 1) or 0.0
    return {
        "row": row,
        "link": links.to(row),
        "outcome": told.OUTCOMES[row.outcome],
        "late": told.lateness(row),
        "change": "—" if change is None else f"{change:+.1f}" if change else "0.0",
        "counts": [row.findings.get(kind, 0) for kind in told.KINDS],
    }


def _missing(row: Row, links: _Links) -> dict[str, Any]:
    file = row.counted or next(iter(row.submissions), None)
    return {
        "row": row,
        "link": links.to(row),
        "said": told.tardy(row),
        "dated": told.DATED.get(row.dated_by or "", ""),
        "days": (row.handed_in - row.due).days if row.late and row.handed_in and row.due else None,
        "file": file.path if file else "",
        "why": file.said if file else "",
    }


def _unused(season: Season) -> Iterator[dict[str, str]]:
    """Files that were not used, and why."""
    for row in season.rows():
        for file in row.submissions if row.outcome == "audited" else ():
            if file.standing != "counts":
                yield {"name": row.unit.name, "path": file.path, "why": file.said or told.STANDINGS[file.standing]}
    for file in season.strays():
        yield {"name": file.place or "", "path": file.path, "why": file.said or told.STANDINGS[file.standing]}


def _matrix(season: Season, sums: _Sums, links: _Links) -> dict[str, Any]:
    """Units by rules as data for the page's script: a unit's states are one string, a sign for each rule."""
    rules = sums.asked(season)
    units = (
        [
            web.show(row.unit.name),
            links.to(row),
            "".join(told.MARKS[row.states.get(rule, "n/a")] or " " for rule in rules),
        ]
        for row in season.rows()
        if row.outcome == "audited"
    )
    titles = [[rule, web.show(season.rules[rule]["title"])] for rule in rules]
    return {"rules": web.script_json(titles), "units": map(web.script_json, units)}


def _changes(season: Season) -> list[tuple[str, dict[str, int]]]:
    """Unit by unit, how many findings are mended, still open and new since the round before; empty without one."""
    found: dict[str, tuple[str, Counter[str]]] = {}
    for one in season.changes():
        found.setdefault(one.unit, (one.name, Counter()))[1][one.state] += 1
    return [(name, {state: counts[state] for state in told.CHANGES}) for name, counts in found.values()]


def _total(season: Season) -> dict[str, Any] | None:
    total = season.total
    if total is None:
        return None
    gaps = [{"title": gap.title, "due": gap.total, "own": gap.own, "said": told.gap(season, gap)} for gap in total.gaps]
    left = [{"name": one.name, "why": one.reason, "cells": told.labels(season, one.cells)} for one in total.left_out]
    return {"units": total.units, "gaps": gaps, "left": left}
