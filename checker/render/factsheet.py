"""What was read from one report, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from checker.factmap import FactMap, FactSpec
from checker.model import QUALIFIERS, Fact, Report, Sighting, Value
from checker.render import grid
from checker.render.escape import terminal
from checker.render.table import line
from checker.render.view import View, place, shown

_Read = tuple[FactSpec, Fact]
_FEW = 2  #: noughts of a row that are listed one by one


def sheet(report: Report, known: FactMap, view: View, asked: Set[str]) -> str:
    """What was read, and what lacks of what is ``asked`` in the report's era: title, state, value, place, wording.

    The cells of a form stand row by row. Then comes what the reader wants known.
    """
    level = f"（{report.level}）" if report.level else ""
    name = (report.place or view.word("unknown_place")) + level
    text = line(view, "report", report.source)
    text += line(view, "place", view.joined([name, view.year(report.year), view.form(report.era)]))
    text += line(view, "note", report.reason) + "\n"
    widths = grid.spread(view.width, (-6, 9 if view.lang == "en" else 8, -5, 10, -7))
    text += grid.heading([view.word(key) for key in ("fact", "state", "value", "where", "raw")], widths)
    facts = [(spec, report.fact(id)) for id, spec in known.specs.items()]
    facts = [(spec, fact) for spec, fact in facts if spec.id in asked or fact.state not in ("absent", "unread")]
    cells = {*known.forms, *known.returns}
    told = [(spec, fact) for spec, fact in facts if spec.id not in cells and fact.state != "unread"]
    text += "".join(_rows(spec, fact, widths, view) for spec, fact in told)
    text += "".join(
        grid.row([terminal(cell) for cell in row], widths)
        for row in _forms([(spec, fact) for spec, fact in facts if spec.id in cells], known, view)
    )
    # a hundred rows of a table that nobody read would bury the rest
    unread = sum(fact.state == "unread" for _, fact in facts)
    text += f"\n{view.word('more_unread').format(unread)}\n" if unread else ""
    return text + "".join(line(view, "note", note.message) for note in report.notes)


def _rows(spec: FactSpec, fact: Fact, widths: tuple[int, ...], view: View) -> str:
    """The fact, and below it every further place where it was met."""
    first, *others = fact.sightings or (fact,)
    title = spec.id if view.lang == "en" else spec.title
    rows = [(title, view.word(fact.mark or fact.state), _told(spec, first, fact.value, view), first)]
    rows += [("", view.word("again"), _told(spec, other, other.value, view), other) for other in others]
    cells = ((*row, place(found.where, view.lang), _short(found.raw)) for *row, found in rows)
    return "".join(grid.row([terminal(cell) for cell in row], widths) for row in cells)


def _forms(cells: Sequence[_Read], known: FactMap, view: View) -> Iterator[tuple[str, str, str, str, str]]:
    """The rows of each form with their cells; one line for a form of which there is none."""
    for form in known.layouts:
        mine = [(spec, fact) for spec, fact in cells if spec.id.startswith(f"{form.id}.")]
        name = form.id if view.lang == "en" else form.title
        rows: dict[str, list[_Read]] = {}
        for spec, fact in mine:
            if fact.state not in ("absent", "unread"):
                rows.setdefault(fact.where.row or "", []).append((spec, fact))
        for row, found in rows.items():
            yield _form_row(name, row, found, view)
        whole = sum(id.startswith(f"{form.id}.") for id in known.specs)
        if len(mine) * 2 > whole and all(fact.state == "absent" for _, fact in mine):  # of another era some are asked
            yield name, view.word("absent"), "", "", ""


def _form_row(form: str, row: str, cells: Sequence[_Read], view: View) -> tuple[str, str, str, str, str]:
    spec, first = cells[0]
    if view.lang == "en":
        form, row = "", spec.id if len(cells) == 1 else spec.id.rpartition(".")[0]
    states = {fact.mark or fact.state for _, fact in cells}
    state = view.word(states.pop() if len(states) == 1 else "given")
    title = f"{form}：{row}" if form and row else form or row
    if len(cells) == 1:
        return title, state, _told(spec, first, first.value, view), place(first.where, view.lang), _short(first.raw)
    noughts = [fact for _, fact in cells if fact.state == "given" and fact.value == 0]
    short = len(noughts) > _FEW
    listed = [(spec, fact) for spec, fact in cells if not (short and fact in noughts)]
    values = [f"{_column(spec, fact, view)} {_cell(spec, fact, view)}" for spec, fact in listed]
    if short:
        values.append(view.word("noughts" if listed else "all_noughts").format(len(noughts)))
    return title, state, view.joined(values), place(first.where, view.lang), ""


def _column(spec: FactSpec, fact: Fact, view: View) -> str:
    return spec.id.rpartition(".")[2] if view.lang == "en" or not fact.where.col else fact.where.col


def _cell(spec: FactSpec, fact: Fact, view: View) -> str:
    if fact.state == "given":
        return _told(spec, fact, fact.value, view)
    return f"（{view.word(fact.mark or fact.state)}{f' {fact.raw}' if fact.state == 'malformed' else ''}）"


def _told(spec: FactSpec, found: Fact | Sighting, value: Value, view: View) -> str:
    """A value with its unit; 约 and 累计 before it where they are meant."""
    marks = [name for name in QUALIFIERS if getattr(found, name, False)]
    unit = spec.unit if value is not None else ""
    return "".join(f"{view.word(name)} " for name in marks) + shown(value, view.lang) + unit


def _short(raw: str) -> str:
    raw = " ".join(raw.split())
    return raw if len(raw) <= 60 else f"{raw[:40]}……{raw[-18:]}"
