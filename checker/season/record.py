"""The nouns of a season as plain data and back: what stands in the store, and in audit.json from year to year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from checker.model import ABSENT, NOWHERE, QUALIFIERS, UNREAD, Earlier, Fact, Sighting, Told, Twin, Value, Where
from checker.render.as_json import fact_to_dict
from checker.render.county import as_json
from checker.render.escape import masked_json
from checker.season.nouns import Cluster, Member, Row, Shared, Submission, Twins, Unit


def row_to_dict(row: Row) -> dict[str, Any]:
    """A row as in audit.json, with what only the county has about the unit."""
    deadline, waivers = row.unit.deadline, [dict(waiver) for waiver in row.unit.waivers]
    own = {"deadline": deadline and deadline.isoformat(), "waivers": waivers}
    return {**as_json.row_to_dict(row), "unit": {**as_json.unit_to_dict(row.unit), **own}}


def unit_from_dict(raw: Mapping[str, Any]) -> Unit:
    names = {key: tuple(raw.get(key, ())) for key in ("aliases", "formerly", "waivers")}
    about = {name: value for name, value in raw.items() if name != "key"}
    return Unit(**{**about, **names, "deadline": _date(raw.get("deadline"))})


def submission_from_dict(raw: Mapping[str, Any]) -> Submission:
    return Submission(**{**raw, "dated": _date(raw["dated"])})


def row_from_dict(raw: Mapping[str, Any]) -> Row:
    changed = {
        "unit": unit_from_dict(raw["unit"]),
        "submissions": tuple(submission_from_dict(found) for found in raw["submissions"]),
        "due": _date(raw["due"]),
        "handed_in": _date(raw["handed_in"]),
    }
    return Row(**{**raw, **changed})


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- facts, reports ---------------------------------------------------------------------------------------------------


def fact_from_dict(raw: Mapping[str, Any]) -> Fact:
    """A fact as ``render.as_json.fact_to_dict`` wrote it."""
    where = Where(**raw["where"])
    first = {"value": raw["value"], "raw": raw["raw"], "where": raw["where"], **_marks(raw)}
    seen = raw.get("sightings") or ([first] if raw["state"] == "given" else [])
    return Fact(raw["state"], _value(raw["value"]), raw["raw"], where, tuple(_sighting(one) for one in seen))


def amount_from_dict(raw: Mapping[str, Any]) -> Fact:
    """As ``fact_from_dict``, without any place: what a sum asks for."""
    marks = _marks(raw)
    seen = (Sighting(_value(raw["value"]), raw["raw"], NOWHERE, **marks),) if marks else ()
    return Fact(raw["state"], _value(raw["value"]), raw["raw"], sightings=seen)


def _sighting(raw: Mapping[str, Any]) -> Sighting:
    return Sighting(_value(raw["value"]), raw["raw"], Where(**raw["where"]), **_marks(raw))


def _marks(raw: Mapping[str, Any]) -> dict[str, bool]:
    return {name: True for name in QUALIFIERS if raw.get(name)}


def _value(raw: Any) -> Value:
    return tuple(raw) if isinstance(raw, list) else raw


def told_json(audit: str, facts: Mapping[str, Fact], narrative: Sequence[Told], problems: Sequence[Told]) -> str:
    """What is heavy of a unit, as in audit.json: ``audit``, JSON already, the rest with personal numbers masked."""
    more = {
        "facts": {name: fact_to_dict(fact) for name, fact in facts.items()},
        "narrative": [told_to_dict(line) for line in narrative],
        "problems": [told_to_dict(line) for line in problems],
    }
    return f'{{"audit": {audit}, {masked_json(more)[1:]}'


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


def together(reports: Sequence[Earlier]) -> Earlier | None:
    """Last year's report of a unit; of several that became one, the sums of their forms and all their words."""
    if len(reports) < 2:
        return reports[0] if reports else None
    names = dict.fromkeys(name for report in reports for name in report.facts if name.startswith(FORMS))
    facts = {name: _sum([report.facts.get(name, ABSENT) for report in reports]) for name in names}
    narrative = tuple(line for report in reports for line in report.narrative)
    problems = tuple(line for report in reports for line in report.problems)
    return Earlier(reports[0].year, None, facts, narrative, problems)


#: how the ids of figures begin, which can be added up
FORMS = ("t2.", "t3.", "t4.", "stat.")


def _sum(facts: Sequence[Fact]) -> Fact:
    """The sum of given numbers; where one of them is none, nobody knows it, unless the form has it nowhere."""
    if all(fact.state == "absent" for fact in facts):
        return ABSENT
    values = [fact.value for fact in facts if fact.state == "given" and isinstance(fact.value, int | float)]
    return Fact("given", sum(values), where=facts[0].where) if len(values) == len(facts) else UNREAD


# --- likeness ---------------------------------------------------------------------------------------------------------


def twin_to_dict(twin: Twin) -> dict[str, Any]:
    return asdict(twin)


def twin_from_dict(raw: Mapping[str, Any]) -> Twin:
    return Twin(raw["name"], raw["year"], raw["likeness"], tuple(_where(where) for where in raw["where"]))


def cluster_to_dict(cluster: Cluster) -> dict[str, Any]:
    return asdict(cluster)


def cluster_from_dict(raw: Mapping[str, Any]) -> Cluster:
    members = tuple(Member(**member) for member in raw["members"])
    return Cluster(members, tuple(_pair(pair) for pair in raw["pairs"]))


def _pair(raw: Mapping[str, Any]) -> Twins:
    passages = (
        Shared(one["left"], one["right"], _where(one["left_where"]), _where(one["right_where"]))
        for one in raw["passages"]
    )
    return Twins(Member(**raw["left"]), Member(**raw["right"]), raw["likeness"], tuple(passages))


def _where(raw: Mapping[str, Any]) -> Where:
    cell = raw.get("cell")
    return Where(**{**raw, "cell": tuple(cell) if cell else None})
