"""The page of one unit: what became of its report, what was found in it, its text with the findings marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checker.render import web
from checker.render.county import told
from checker.render.county.site import charts

if TYPE_CHECKING:
    from checker.season.nouns import Detail, Row, Season

HEIGHT = 160  #: of the chart of a unit's years


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of a unit shows. ``text``: the report as HTML, empty without one."""

    prefix: str
    row: Row
    outcome: str
    late: str
    dated: str
    findings: Sequence[Mapping[str, Any]]
    text: str
    elements: Sequence[tuple[str, str, str]]
    unknown: Sequence[str]
    notes: Sequence[str]
    trend: Sequence[charts.Point]


def page_of(row: Row, season: Season, prefix: str) -> Page:
    """The page of ``row``; the ids in it begin with ``prefix``."""
    detail = season.detail(row.unit.key) if row.outcome == "audited" else None
    about = (prefix, row, told.OUTCOMES[row.outcome], told.lateness(row), told.DATED.get(row.dated_by or "", ""))
    if detail is None:
        return Page(*about, (), "", (), (), (), _trend(row, season))
    return _page(about, row, detail, season)


def _page(about: tuple[str, Row, str, str, str], row: Row, detail: Detail, season: Season) -> Page:
    ordered = told.ordered(detail)
    html, places = web.text(detail.blocks, ordered, about[0])
    listed = [
        _listed(number, verdict, ids, season)
        for number, (verdict, ids) in enumerate(zip(ordered, places, strict=True), 1)
    ]
    elements = [(title, *told.element(detail.audit["elements"], name)) for name, title in told.ELEMENTS.items()]
    notes = [note["message"] for note in detail.audit["notes"]]
    return Page(*about, listed, html, elements, told.unknown(detail), notes, _trend(row, season))


def _listed(number: int, verdict: Mapping[str, Any], ids: Sequence[str], season: Season) -> dict[str, Any]:
    """A finding as the list of a page shows it."""
    one = told.finding(verdict, season)
    return {
        "number": number,
        "kind": one.kind,
        "rule": one.rule,
        "said": one.message,
        "fix": one.fix,
        "basis": [one.basis] if one.basis else [],
        "place": one.place,
        "logical": "",
        "quote": one.quote,
        "ids": ids,
    }


def _trend(row: Row, season: Season) -> Sequence[charts.Point]:
    scores = dict(season.history(row.unit.key))
    if row.before is not None:
        scores.setdefault(season.year - 1, row.before)
    if row.score is not None:
        scores[season.year] = row.score
    values = {str(year): (scores[year], 1) for year in sorted(scores)}
    return charts.line(values, height=HEIGHT) if len(values) > 1 else ()
