"""The result as JSON, for other programs: schemas in checker/schemas/. Nothing is left out, passes included.

A file name that is no UTF-8 keeps its bytes as ``\\udcXX`` (Python's surrogateescape), so that it can be opened again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from checker.model import (
    NOWHERE,
    Audit,
    Confidence,
    Fact,
    Note,
    Report,
    Severity,
    Sighting,
    Unreadable,
    Value,
    Verdict,
    VerdictState,
    Waiver,
    Where,
)
from checker.render.escape import json_text, masked
from checker.render.view import LISTED, Tally, View, notes

SCHEMA_VERSION = "1"


def head(view: View) -> str:
    """Everything before the first report."""
    pack: dict[str, Any] = {"name": view.pack, "version": view.pack_version, "coverage_floor": view.floor}
    if view.layers:
        pack |= {"layers": [{"name": n, "version": v} for n, v in view.layers], "digest": view.digest}
    about = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "nianbao", "version": view.tool},
        "pack": pack,
    }
    return json_text(about, ascii_only=view.ascii_only)[:-1] + ', "reports": [\n'


def report(audit: Audit, view: View) -> str:
    """One report on one line. Most of it are verdicts that say nothing but a state: these are written once and kept."""
    about = json_text(audit_to_dict(replace(audit, verdicts=())), ascii_only=view.ascii_only)
    kept = _KEPT[view.ascii_only]
    verdicts = ", ".join([kept.get(id(verdict)) or _written(verdict, view.ascii_only) for verdict in audit.verdicts])
    return about.replace('"verdicts": []', f'"verdicts": [{verdicts}]', 1)


#: the texts of verdicts by their ids, exact and in ASCII; what is kept here keeps its id to itself
_KEPT: tuple[dict[int, str], dict[int, str]] = ({}, {})
_WRITTEN: list[Verdict] = []


def _written(verdict: Verdict, ascii_only: bool) -> str:
    """The text of a verdict. One that says nothing but a state is one object for all reports, and is kept."""
    if verdict.state in LISTED or verdict.known or verdict.waiver:
        return json_text(verdict_to_dict(verdict), ascii_only=ascii_only)
    known = (verdict.rule, verdict.subject, verdict.state, verdict.severity, verdict.confidence, verdict.weight)
    words = (verdict.title, verdict.message, verdict.fix)
    bare = _bare(*known, *words, verdict.basis, verdict.fingerprint, ascii_only)
    if verdict.values or verdict.related or verdict.where is not NOWHERE:
        return bare.replace(_NOTHING, json_text(_found(verdict), ascii_only=ascii_only)[1:-1], 1)
    if len(_WRITTEN) >= 16_384:
        for texts in (*_KEPT, _WRITTEN):
            texts.clear()
    _WRITTEN.append(verdict)
    _KEPT[ascii_only][id(verdict)] = bare
    return bare


_NOTHING = '"values": {}, "where": {}, "related": []'


@lru_cache(maxsize=1024)
def _bare(
    rule: str,
    subject: str,
    state: VerdictState,
    severity: Severity,
    confidence: Confidence,
    weight: int,
    title: str,
    message: str,
    fix: str,
    basis: tuple[str, ...],
    fingerprint: str,
    ascii_only: bool,
) -> str:
    words = (title, message, fix, basis)
    verdict = Verdict(rule, subject, state, severity, confidence, weight, *words, fingerprint=fingerprint)
    return json_text(verdict_to_dict(verdict), ascii_only=ascii_only)


def overview(_view: View) -> str:
    return ""


def row(_audit: Audit, _view: View) -> str:
    return ""


def tail(_counts: Tally, _view: View) -> str:
    """Everything after the last report."""
    return "\n]}\n"


def audit_to_dict(audit: Audit) -> dict[str, Any]:
    """An audit as the contract of ``nianbao check --format json`` wants it."""
    about = audit.report
    result: dict[str, Any] = {
        "source": audit.source,
        "place": about and about.place,
        "level": about and about.level,
        "year": about and about.year,
        "era": about and about.era,
        "era_reason": about and about.reason,
        "score": audit.score,
        "coverage": audit.coverage,
        "grade": audit.grade,
        "verdicts": [verdict_to_dict(verdict) for verdict in audit.verdicts],
        "elements": {
            element.name: {
                "required": element.required,
                "state": element.state,
                "value": _plain(element.value),
                "rules": list(element.rules),
                "where": where_to_dict(element.where),
            }
            for element in audit.elements
        },
        "unchecked": list(audit.unchecked),
        "unread": list(audit.unread),
        "notes": [_note(note) for note in notes(audit)],
    }
    if audit.error:
        result["error"] = _error(audit.error)
    if audit.of_settings:
        result["settings"] = True
    return result


def refused(source: str, error: Unreadable) -> dict[str, Any]:
    """What ``nianbao facts --format json`` says of a file that it could not read."""
    return {"source": source, "error": _error(error)}


def _error(error: Unreadable) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "remedy": error.remedy}


def report_to_dict(found: Report, known: Iterable[str] = ()) -> dict[str, Any]:
    """A report as the contract of ``nianbao facts --format json`` wants it: wording exact, nothing masked.

    ``known``: the ids of facts that are listed even where nothing was looked for or found.
    """
    return {
        "source": found.source,
        "place": found.place,
        "level": found.level,
        "year": found.year,
        "era": found.era,
        "era_reason": found.reason,
        "facts": {name: fact_to_dict(found.fact(name)) for name in dict.fromkeys((*found.facts, *known))},
        "notes": [{**_note(note), "where": note.where.to_dict()} for note in found.notes],
    }


def fact_to_dict(fact: Fact) -> dict[str, Any]:
    """A fact as the contracts want it, all of its sightings where there are several."""
    result = {"state": fact.state, "value": _plain(fact.value), "raw": fact.raw, "where": fact.where.to_dict()}
    if fact.mark:
        result["mark"] = fact.mark
    if fact.sightings:
        result |= _marks(fact.sightings[0])
    if len(fact.sightings) > 1:
        result["sightings"] = [_sighting(sighting) for sighting in fact.sightings]
    return result


def _sighting(sighting: Sighting) -> dict[str, Any]:
    found = {"value": _plain(sighting.value), "raw": sighting.raw, "where": sighting.where.to_dict()}
    return found | _marks(sighting)


def _marks(sighting: Sighting) -> dict[str, bool]:
    """Only what is true is said: approx for 63余, cumulative for 历年累计, aside for 上年8件."""
    return dict.fromkeys(sighting.qualifiers, True)


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the contract wants it, personal numbers masked."""
    result = {
        "rule": verdict.rule,
        "subject": verdict.subject,
        "state": verdict.state,
        "severity": verdict.severity,
        "confidence": verdict.confidence,
        "weight": verdict.weight,
        "title": verdict.title,
        "message": masked(verdict.message),
        "fix": verdict.fix,
        "basis": list(verdict.basis),
        **_found(verdict),
        "fingerprint": verdict.fingerprint,
    }
    if verdict.known:
        result["known"] = True
    if verdict.waiver:
        result |= {"waiver": _waiver(verdict.waiver), "otherwise": verdict.otherwise}
    return result


def _found(verdict: Verdict) -> dict[str, Any]:
    """What differs from report to report, where a verdict has no message."""
    return {
        "values": {name: _masked(_plain(value)) for name, value in verdict.values.items()},
        "where": where_to_dict(verdict.where),
        "related": [where_to_dict(where) for where in verdict.related],
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    about = {name: masked(getattr(waiver, name)) for name in ("reason", "who", "until", "file")}
    return about | {"line": waiver.line, "fresh": waiver.fresh}


def _note(note: Note) -> dict[str, Any]:
    return {"code": note.code, "message": note.message, "where": where_to_dict(note.where)}


def where_to_dict(where: Where) -> dict[str, str | int]:
    """A place, personal numbers in its quote masked; empty for nowhere."""
    if where is NOWHERE:
        return {}
    parts = where.to_dict()
    if where.quote:
        parts["quote"] = masked(where.quote)
    return parts


def _plain(value: Value) -> Any:
    """Tuples as lists, mappings as dicts."""
    if value is None or isinstance(value, str | int | float):
        return value
    return list(value) if isinstance(value, tuple) else dict(value)


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return masked(value) if isinstance(value, str) else value
