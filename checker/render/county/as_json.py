"""A season as audit.json: all but the printed text and passes in full, versioned, one unit a line, to be read so.

This year's file is next year's ``--last``, and the first round's is the second one's ``--compare``. Personal numbers
are masked, since the file is handed on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from checker.model import Fact
from checker.render.as_json import fact_to_dict
from checker.render.escape import json_text, masked, masked_all

if TYPE_CHECKING:
    from checker.season.nouns import Cluster, Row, Season, Submission, Total, Unit

SCHEMA_VERSION = "1"


def parts(season: Season) -> Iterator[str]:
    """The whole file, unit by unit."""
    about = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "nianbao", "version": season.tool},
        "pack": {"name": season.pack, "version": season.pack_version, "digest": season.digest},
        "county": season.county,
        "year": season.year,
        "due": _iso(season.due),
        "coverage_floor": season.floor,
        "rules": {name: dict(rule) for name, rule in season.rules.items()},
    }
    yield json_text(about)[:-1] + ', "units": [\n'
    yield from _lines(_unit(row, season) for row in season.rows())
    yield '], "strays": [\n'
    yield from _lines(json_text(submission_to_dict(stray)) for stray in season.strays())
    yield '], "clusters": [\n'
    yield from _lines(json_text(_cluster(cluster)) for cluster in season.clusters())
    yield '], "changes": [\n'
    yield from _lines(json_text(asdict(change)) for change in season.changes())
    yield f'], "total": {json_text(season.total and _total(season.total))}}}\n'


def _lines(found: Iterable[str]) -> Iterator[str]:
    before = ""
    for one in found:
        yield before + one
        before = ",\n"
    if before:
        yield "\n"


_NOTHING = '{"audit": null, "facts": {}, "narrative": [], "problems": []}'


def _unit(row: Row, season: Season) -> str:
    """A unit on one line; what is heavy of it is text already."""
    told = season.told(row.unit.key) if row.counted else None
    return f"{json_text(_light(row, season))[:-1]}, {(told or _NOTHING)[1:]}"


def _light(row: Row, season: Season) -> dict[str, Any]:
    return row_to_dict(row, history={str(year): score for year, score in season.history(row.unit.key).items()})


def row_to_dict(row: Row, **more: Any) -> dict[str, Any]:
    """A unit in a season, ``more`` of it before what goes rule by rule. What a season keeps of a row is this, too."""
    return {
        "unit": unit_to_dict(row.unit),
        "outcome": row.outcome,
        "submissions": [submission_to_dict(found) for found in row.submissions],
        "due": _iso(row.due),
        "handed_in": _iso(row.handed_in),
        "dated_by": row.dated_by,
        "late": row.late,
        "score": row.score,
        "coverage": row.coverage,
        "grade": row.grade,
        "comparable": row.comparable,
        "rank": row.rank,
        "before": row.before,
        **more,
        "states": dict(row.states),
        "findings": dict(row.findings),
        "elements": dict(row.elements),
    }


def unit_to_dict(unit: Unit) -> dict[str, Any]:
    """An office as others may know it: not what only the county has about it."""
    return {
        "key": unit.key,
        "name": unit.name,
        "level": unit.level,
        "code": unit.code,
        "aliases": list(unit.aliases),
        "formerly": list(unit.formerly),
        "contact": unit.contact,
    }


def submission_to_dict(found: Submission) -> dict[str, Any]:
    """A file of the folder and what became of it."""
    return {**asdict(found), "dated": _iso(found.dated)}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _fact(fact: Fact) -> Any:
    return masked_all(fact_to_dict(fact))


def _cluster(cluster: Cluster) -> dict[str, Any]:
    return {
        "members": [asdict(member) for member in cluster.members],
        "pairs": [
            {
                "left": asdict(pair.left),
                "right": asdict(pair.right),
                "likeness": pair.likeness,
                "passages": [
                    {
                        "left": masked(shared.left),
                        "right": masked(shared.right),
                        "left_where": masked_all(shared.left_where.to_dict()),
                        "right_where": masked_all(shared.right_where.to_dict()),
                    }
                    for shared in pair.passages
                ],
            }
            for pair in cluster.pairs
        ],
    }


def _total(total: Total) -> dict[str, Any]:
    return {
        "year": total.year,
        "units": total.units,
        "figures": {name: _fact(fact) for name, fact in total.figures.items()},
        "left_out": [{**asdict(left), "cells": list(left.cells)} for left in total.left_out],
        "gaps": [{**asdict(gap), "where": gap.where.to_dict()} for gap in total.gaps],
    }
