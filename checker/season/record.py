"""The nouns of a season as plain data and back: what stands in the store, and in audit.json from year to year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from checker.model import Earlier, Fact, Sighting, Told, Value, Where
from checker.season.nouns import Row, Submission, Unit


def unit_to_dict(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "level": unit.level,
        "code": unit.code,
        "aliases": list(unit.aliases),
        "formerly": list(unit.formerly),
        "deadline": _iso(unit.deadline),
        "contact": unit.contact,
        "waivers": [dict(waiver) for waiver in unit.waivers],
    }


def unit_from_dict(raw: Mapping[str, Any]) -> Unit:
    names = {key: tuple(raw.get(key, ())) for key in ("aliases", "formerly", "waivers")}
    return Unit(**{**raw, **names, "deadline": _date(raw.get("deadline"))})


def submission_to_dict(found: Submission) -> dict[str, Any]:
    return {
        "path": found.path,
        "sha256": found.sha256,
        "standing": found.standing,
        "unit": found.unit,
        "place": found.place,
        "level": found.level,
        "year": found.year,
        "dated": _iso(found.dated),
        "dated_by": found.dated_by,
        "said": found.said,
    }


def submission_from_dict(raw: Mapping[str, Any]) -> Submission:
    return Submission(**{**raw, "dated": _date(raw["dated"])})


def row_to_dict(row: Row) -> dict[str, Any]:
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
        "states": dict(row.states),
        "findings": dict(row.findings),
        "elements": dict(row.elements),
        "before": row.before,
    }


def row_from_dict(raw: Mapping[str, Any]) -> Row:
    changed = {
        "unit": unit_from_dict(raw["unit"]),
        "submissions": tuple(submission_from_dict(found) for found in raw["submissions"]),
        "due": _date(raw["due"]),
        "handed_in": _date(raw["handed_in"]),
    }
    return Row(**{**raw, **changed})


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- facts, reports ---------------------------------------------------------------------------------------------------


def fact_from_dict(raw: Mapping[str, Any]) -> Fact:
    """A fact as ``render.as_json.fact_to_dict`` wrote it."""
    where = Where(**raw["where"])
    first = {"value": raw["value"], "raw": raw["raw"], "where": raw["where"], **_marks(raw)}
    seen = raw.get("sightings") or ([first] if raw["state"] == "given" else [])
    return Fact(raw["state"], _value(raw["value"]), raw["raw"], where, tuple(_sighting(one) for one in seen))


def _sighting(raw: Mapping[str, Any]) -> Sighting:
    return Sighting(_value(raw["value"]), raw["raw"], Where(**raw["where"]), **_marks(raw))


def _marks(raw: Mapping[str, Any]) -> dict[str, bool]:
    return {name: True for name in ("approx", "cumulative") if raw.get(name)}


def _value(raw: Any) -> Value:
    return tuple(raw) if isinstance(raw, list) else raw


def told_to_dict(line: Told) -> dict[str, Any]:
    return {"text": line.text, "where": line.where.to_dict()}


def told_from_dict(raw: Mapping[str, Any]) -> Told:
    return Told(raw["text"], Where(**raw["where"]))


def earlier_from_unit(raw: Mapping[str, Any], year: int) -> Earlier | None:
    """Last year's report of a unit of an audit.json; None where it had none."""
    audit = raw["audit"]
    if not audit:
        return None
    facts = {name: fact_from_dict(fact) for name, fact in raw["facts"].items()}
    narrative, problems = (tuple(told_from_dict(line) for line in raw[key]) for key in ("narrative", "problems"))
    return Earlier(audit["year"] or year, audit["place"], facts, narrative, problems)
