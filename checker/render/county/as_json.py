"""A season as audit.json: everything but the printed text, versioned, one unit a line, so that it can be read so.

This year's file is next year's ``--last``, and the first round's is the second one's ``--compare``. Personal numbers
are masked, since the file is handed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from checker.model import Fact, Told
from checker.render.as_json import fact_to_dict
from checker.render.escape import json_text, masked

if TYPE_CHECKING:
    from checker.season.nouns import Cluster, Detail, Row, Season, Submission, Total

SCHEMA_VERSION = "1"


def parts(season: Season) -> Iterator[str]:
    """The whole file, unit by unit."""
    about = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "nianbao", "version": season.tool},
        "pack": {"name": season.pack, "version": season.pack_version, "digest": season.digest},
        "county": season.county,
        "year": season.year,
        "due": season.due and season.due.isoformat(),
        "coverage_floor": season.floor,
        "rules": {name: dict(rule) for name, rule in season.rules.items()},
    }
    yield json_text(about)[:-1] + ', "units": [\n'
    yield from _lines(_unit(row, season) for row in season.rows())
    yield '], "strays": [\n'
    yield from _lines(submission(stray) for stray in season.strays())
    yield '], "clusters": [\n'
    yield from _lines(_cluster(cluster) for cluster in season.clusters())
    yield '], "changes": [\n'
    yield from _lines(asdict(change) for change in season.changes())
    yield f'], "total": {json_text(season.total and _total(season.total))}}}\n'


def _lines(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    before = ""
    for one in found:
        yield before + json_text(one)
        before = ",\n"
    if before:
        yield "\n"


def _unit(row: Row, season: Season) -> dict[str, Any]:
    unit, detail = row.unit, season.detail(row.unit.key) if row.counted else None
    return {
        "unit": {
            "key": unit.key,
            "name": unit.name,
            "level": unit.level,
            "code": unit.code,
            "aliases": list(unit.aliases),
            "formerly": list(unit.formerly),
            "contact": unit.contact,
        },
        "outcome": row.outcome,
        "submissions": [submission(found) for found in row.submissions],
        "due": row.due and row.due.isoformat(),
        "handed_in": row.handed_in and row.handed_in.isoformat(),
        "dated_by": row.dated_by,
        "late": row.late,
        "score": row.score,
        "coverage": row.coverage,
        "grade": row.grade,
        "comparable": row.comparable,
        "rank": row.rank,
        "before": row.before,
        "history": {str(year): score for year, score in season.history(unit.key).items()},
        "states": dict(row.states),
        "findings": dict(row.findings),
        "elements": dict(row.elements),
        **_heavy(detail),
    }


def _heavy(detail: Detail | None) -> dict[str, Any]:
    if detail is None:
        return {"audit": None, "facts": {}, "narrative": [], "problems": []}
    return {
        "audit": dict(detail.audit),
        "facts": {name: _fact(fact) for name, fact in detail.facts.items()},
        "narrative": [_told(line) for line in detail.narrative],
        "problems": [_told(line) for line in detail.problems],
    }


def _told(line: Told) -> Any:
    return _hidden({"text": line.text, "where": line.where.to_dict()})


def _fact(fact: Fact) -> Any:
    return _hidden(fact_to_dict(fact))


def _hidden(value: Any) -> Any:
    """``value`` with personal numbers masked in all of its texts."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: _hidden(inner) for key, inner in value.items()}
    return [_hidden(inner) for inner in value] if isinstance(value, list | tuple) else value


def submission(found: Submission) -> dict[str, Any]:
    """A file of the folder and what became of it."""
    about = asdict(found)
    return {**about, "dated": found.dated and found.dated.isoformat()}


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
                        "left_where": _hidden(shared.left_where.to_dict()),
                        "right_where": _hidden(shared.right_where.to_dict()),
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
