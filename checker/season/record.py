"""The nouns of a season as plain data and back: what stands in the store, and in audit.json from year to year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from checker.extract import era_of
from checker.extract.compact import line as compacted
from checker.model import NOWHERE, Block, Cell, Fact, Paragraph, Passage, Report, Sighting, Table, Value, Where
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


def narrative(report: Report) -> str:
    """The running text of a report as printed, preface and parts, one line a paragraph."""
    return _raw(report, "body")


def problems(report: Report) -> tuple[str, ...]:
    """The sentences of the part on problems, or on problems and improvements where they are one part."""
    passage = report.texts.get("problems")
    lines = passage.lines if passage else ()
    return tuple(part for line in lines for part in (f"{text}。" for text in line.raw.split("。") if text.strip()))


def _raw(report: Report, scope: str) -> str:
    passage = report.texts.get(scope)
    return "\n".join(line.raw for line in passage.lines) if passage else ""


def report_from_unit(raw: Mapping[str, Any], year: int) -> Report | None:
    """Last year's report of a unit of an audit.json: its facts, its text and its part on problems; None without one."""
    audit = raw.get("audit")
    if not audit:
        return None
    texts = {"body": raw.get("narrative", ""), "problems": "\n".join(raw.get("problems", ()))}
    return Report(
        source=audit["source"],
        format="audit",
        place=audit["place"],
        level=audit["level"],
        year=audit["year"] or year,
        era=audit["era"] or era_of(year),
        reason=audit.get("era_reason") or "",
        facts={name: fact_from_dict(fact) for name, fact in raw.get("facts", {}).items()},
        texts={name: _passage(text) for name, text in texts.items() if text},
    )


def _passage(text: str) -> Passage:
    lines = enumerate(text.split("\n"), 1)
    return Passage(tuple(compacted(line, number) for number, line in lines if line.strip()))


# --- blocks -----------------------------------------------------------------------------------------------------------


def blocks(printed: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The report as printed, for a page with the findings marked in it (see ``nouns.Detail``)."""
    return [_paragraph(block) if isinstance(block, Paragraph) else _table(block) for block in printed]


def _paragraph(block: Paragraph) -> dict[str, Any]:
    found: dict[str, Any] = {"text": block.text, **_place(block.where)}
    return {**found, "hint": block.hint} if block.hint else found


def _table(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {"rows": [list(cells) for cells in _cells(table)], **_place(table.where)}
    return {**found, "picture": True} if table.picture else found


def _cells(table: Table) -> Iterator[list[dict[str, Any]]]:
    """Each cell once, at its first position, with how many rows and columns it covers where more than one."""
    spans: dict[object, list[int]] = {}
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells):
            span = spans.setdefault(_same(cell, row, column), [row, column, row, column])
            span[2], span[3] = row, max(span[3], column)
    for row, cells in enumerate(table.rows):
        line = []
        for column, cell in enumerate(cells):
            top, left, bottom, right = spans[_same(cell, row, column)]
            if (top, left) == (row, column):
                size = {"rowspan": bottom - top + 1, "colspan": right - left + 1}
                more = {name: value for name, value in size.items() if value > 1}
                line.append({"text": cell.text, "row": row, "col": column, **more, **_place(cell.where)})
        yield line


def _same(cell: Cell, row: int, column: int) -> object:
    """What a merged cell is known by at every position; a hole in the grid is merged with none."""
    return id(cell) if cell.text or cell.where != NOWHERE else (row, column)


def _place(where: Where) -> dict[str, int]:
    found = {"line": where.line, "page": where.page, "block": where.block}
    return {name: value for name, value in found.items() if value is not None}
