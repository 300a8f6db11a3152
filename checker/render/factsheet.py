"""What was read from one report, as a table for people."""

from __future__ import annotations

from checker.factmap import FactMap, FactSpec
from checker.model import QUALIFIERS, Fact, Report, Sighting, Value
from checker.render import grid
from checker.render.escape import terminal
from checker.render.view import View, place, shown


def sheet(report: Report, known: FactMap, view: View) -> str:
    """Every fact that the fact map names: title, state, value, place, wording; then what the reader wants known."""
    level = f"（{report.level}）" if report.level else ""
    name = (report.place or view.word("unknown_place")) + level
    text = _line(view, "report", report.source)
    text += _line(view, "place", view.joined([name, view.year(report.year), view.form(report.era)]))
    text += _line(view, "note", report.reason) + "\n"
    widths = grid.spread(view.width, (-6, 9 if view.lang == "en" else 8, -5, 10, -7))
    text += grid.heading([view.word(key) for key in ("fact", "state", "value", "where", "raw")], widths)
    facts = [(spec, report.fact(id)) for id, spec in known.specs.items()]
    text += "".join(_rows(spec, fact, widths, view) for spec, fact in facts if fact.state != "unread")
    # a hundred rows of a table that nobody read would bury the rest
    unread = sum(fact.state == "unread" for _, fact in facts)
    text += f"\n{view.word('more_unread').format(unread)}\n" if unread else ""
    return text + "".join(_line(view, "note", note.message) for note in report.notes)


def _line(view: View, key: str, text: str) -> str:
    return grid.hanging(f"{view.word(key)}：", terminal(text), view.width)


def _rows(spec: FactSpec, fact: Fact, widths: tuple[int, ...], view: View) -> str:
    """The fact, and below it every further place where it was met."""
    first, *others = fact.sightings or (fact,)
    title = spec.id if view.lang == "en" else spec.title
    rows = [(title, view.word(fact.mark or fact.state), _told(spec, first, fact.value, view), first)]
    rows += [("", view.word("again"), _told(spec, other, other.value, view), other) for other in others]
    cells = ((*row, place(found.where, view.lang), _short(found.raw)) for *row, found in rows)
    return "".join(grid.row([terminal(cell) for cell in row], widths) for row in cells)


def _told(spec: FactSpec, found: Fact | Sighting, value: Value, view: View) -> str:
    """A value with its unit; 约 and 累计 before it where they are meant."""
    marks = [name for name in QUALIFIERS if getattr(found, name, False)]
    unit = spec.unit if value is not None else ""
    return "".join(f"{view.word(name)} " for name in marks) + shown(value, view.lang) + unit


def _short(raw: str) -> str:
    raw = " ".join(raw.split())
    return raw if len(raw) <= 60 else f"{raw[:40]}……{raw[-18:]}"
