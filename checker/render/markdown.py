"""The result as Markdown, to be pasted into a page or a message. Wording from a report stands in code spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.model import Audit, Element, Era, Verdict, Where
from checker.render import table
from checker.render.escape import code
from checker.render.escape import markdown as plain
from checker.render.view import (
    Tally,
    View,
    kind,
    needed,
    notes,
    place,
    quoted,
    shown_findings,
    tally,
    unknown_by_cause,
)


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already; a blank line follows."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines) + "\n"


def head(view: View) -> str:
    if view.quiet:
        return "".join(_line(view, "note", plain(said)) for said in view.local)
    return f"nianbao {plain(view.tool)}　{view.word('pack')} {plain(view.pack)} {plain(view.pack_version)}\n\n"


def report(audit: Audit, view: View) -> str:
    """A headed part on one report."""
    title = f"## {code(audit.source)}\n\n"
    if audit.error:
        return title + _line(view, "verdict", plain(table.error_sentence(audit, view)))
    parts = [title, _about(audit, view), _findings(audit, view)]
    if audit.of_settings:
        return "".join(parts)
    if not view.quiet:
        parts += [_elements(audit, view), _score(audit, view), _rest(audit, view)]
    return "".join([*parts, _line(view, "verdict", plain(table.verdict_sentence(tally(audit), view, audit.unchecked)))])


def _line(view: View, key: str, text: str) -> str:
    return f"**{view.word(key)}**：{text}\n\n"


def _about(audit: Audit, view: View) -> str:
    about = audit.report
    if about is None or view.quiet:
        return ""
    name = code(about.place) if about.place else view.word("unknown_place")
    told = [f"{name}{f'（{about.level}）' if about.level else ''}", view.year(about.year), view.form(about.era)]
    text = _line(view, "place", view.joined(told))
    return text + (_line(view, "note", plain(about.reason)) if about.reason else "")


def _findings(audit: Audit, view: View) -> str:
    verdicts = shown_findings(audit)
    if not verdicts:
        return ""
    head = [view.word(key) for key in ("severity", "rule", "what", "where", "fix")]
    return grid(head, (_finding(verdict, view) for verdict in verdicts))


def _finding(verdict: Verdict, view: View) -> list[str]:
    message = plain(table.what(verdict, view))
    at = table.where(verdict, view, lambda where: _place(where, view))
    return [view.word(kind(verdict)), plain(verdict.rule), message, at, plain(verdict.fix)]


def _place(where: Where, view: View) -> str:
    return " ".join(part for part in (plain(place(where, view.lang)), code(quoted(where))) if part)


def _elements(audit: Audit, view: View) -> str:
    if not audit.elements:
        return ""
    head = [view.word(key) for key in ("element", "required", "state", "value")]
    era = audit.report.era if audit.report else None
    return grid(head, (_element(element, era, view) for element in audit.elements))


def _element(element: Element, era: Era | None, view: View) -> list[str]:
    name = element.name if view.lang == "en" else element.title
    at = place(element.where, view.lang) if element.state != "absent" else ""
    value = code(view.value(element)) + (f"（{plain(at)}）" if at else "")
    return [plain(name), view.word(needed(element, era)), view.word(element.state), value]


def _score(audit: Audit, view: View) -> str:
    return _line(view, "score", plain(table.score_sentence(audit, view)))


def _rest(audit: Audit, view: View) -> str:
    items = [
        f"- {view.word('unknown')}：{plain(cause)}（{plain('、'.join(rules))}）\n"
        for cause, rules in unknown_by_cause(audit).items()
    ]
    items += [f"- {view.word('note')}：{plain(note.message)}\n" for note in notes(audit)]
    return "".join(items) + ("\n" if items else "")


def overview(view: View) -> str:
    """The head of the table of several reports."""
    return f"## {view.word('overview')}\n\n" + grid([view.word(key) for key in table.OVERVIEW], [])[:-1]


def row(audit: Audit, view: View) -> str:
    """One row of the overview."""
    if audit.of_settings:
        return ""
    if audit.error:
        cells = [f"{view.word('error')}：{plain(audit.error.message)}", *[""] * 6]
    else:
        name, *rest = table.figures(audit, view)
        cells = [code(name), *map(plain, rest)]
    return f"| {code(audit.source)} | {' | '.join(cells)} |\n"


def tail(counts: Tally, view: View) -> str:
    """The verdict on everything together; nothing after a single report."""
    if counts.reports + counts.settings <= 1:
        return ""
    return "\n" + _line(view, "verdict", plain(table.verdict_of_run(counts, view)))
