"""What was read from one report, as a table for people."""

from __future__ import annotations

from checker.factmap import FactMap, FactSpec
from checker.model import Fact, Report, Sighting, Value
from checker.render import grid
from checker.render.escape import terminal
from checker.render.view import View, place, shown


def sheet(report: Report, known: FactMap, view: View) -> str:
    """Every fact that the fact map names: title, state, value, place, wording; then what the reader wants known."""
    name = report.place or view.word("unknown_place")
    year = f"{report.year}年度" if report.year else view.word("unknown_year")
    text = grid.hanging("报告：", terminal(report.source), view.width)
    text += grid.hanging("单位：", terminal(f"{name}，{year}"), view.width)
    text += grid.hanging("说明：", terminal(report.reason), view.width) + "\n"
    widths = grid.spread(view.width, (-6, 8, -5, 10, -7))
    text += grid.heading([view.word(key) for key in ("fact", "state", "value", "where", "raw")], widths)
    facts = [(spec, report.fact(id)) for id, spec in known.specs.items()]
    text += "".join(_rows(spec, fact, widths) for spec, fact in facts if fact.state != "unread")
    # a hundred rows of a table that nobody read would bury the rest
    unread = sum(fact.state == "unread" for _, fact in facts)
    text += f"\n另有 {unread} 项没有读取（表格里的数）。\n" if unread else ""
    return text + "".join(grid.hanging("说明：", terminal(note.message), view.width) for note in report.notes)


def _rows(spec: FactSpec, fact: Fact, widths: tuple[int, ...]) -> str:
    """The fact, and below it every further place where it was met."""
    first = fact.sightings[0] if fact.sightings else None
    text = _row(spec, spec.title, View().word(fact.mark or fact.state), first or fact, fact.value, widths)
    return text + "".join(_row(spec, "", "又见", other, other.value, widths) for other in fact.sightings[1:])


def _row(spec: FactSpec, title: str, state: str, found: Fact | Sighting, value: Value, widths: tuple[int, ...]) -> str:
    marks = ("约 " if found.approx else "") + ("累计 " if isinstance(found, Sighting) and found.cumulative else "")
    told = marks + shown(value) + (spec.unit if value is not None else "")
    raw = " ".join(found.raw.split())
    raw = raw if len(raw) <= 60 else f"{raw[:40]}……{raw[-18:]}"
    return grid.row([terminal(cell) for cell in (title, state, told, place(found.where), raw)], widths)
