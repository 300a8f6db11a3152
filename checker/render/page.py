"""A report as one page to read: what was found, in place in its own text; what it costs, why, and how to mend it.

Several reports stand on one page as parts. Everything that a page says comes from what ``--format json`` says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from checker.model import Audit, Era, Verdict, Where
from checker.render import table
from checker.render import view as views
from checker.render.marked import blocks, finding
from checker.render.view import Tally, View
from checker.render.web import environment, policy, style, text

STYLES = ("page.css", "marked.css")
#: how a rule came out, in the order of the list at the end
_OTHERS = ("pass", "unknown", "n/a")


def _part(name: str, **values: Any) -> str:
    part = getattr(environment().get_template("page.html").module, name)
    return str(part(**values)).strip() + "\n"


def head(view: View) -> str:
    """Everything before the first report."""
    css = style(*STYLES)
    return _part("head", css=css, policy=policy(css), view=view)


def report(audit: Audit, view: View) -> str:
    """One report: its part of the page."""
    prefix = "r" + hashlib.blake2b(audit.source.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    if audit.error:
        return _part("refused", source=audit.source, said=table.error_sentence(audit, view), prefix=prefix)
    verdicts, about = views.shown_findings(audit), audit.report
    if audit.of_settings:
        listed = [_finding(number, v, finding(v), (), view) for number, v in enumerate(verdicts, 1)]
        return _part("settings", source=audit.source, findings=listed, prefix=prefix, view=view)
    findings = [finding(verdict) for verdict in verdicts]
    document = audit.document
    html, places = text(blocks(document, audit.report), findings, prefix) if document else ("", [()] * len(findings))
    triples = enumerate(zip(verdicts, findings, places, strict=True), 1)
    listed = [_finding(number, verdict, data, ids, view) for number, (verdict, data, ids) in triples]
    return _part(
        "report",
        audit=audit,
        about=about,
        view=view,
        prefix=prefix,
        findings=listed,
        text=html,
        counts=views.tally(audit).findings,
        said=table.verdict_sentence(views.tally(audit), view, audit.unchecked),
        score=table.score(audit.score),
        coverage=table.percent(audit.coverage),
        cautions=tuple(table.cautions(audit, view)),
        lost=_lost(audit),
        elements=[_element(element, about.era if about else None, view) for element in audit.elements],
        unknown=views.unknown_by_cause(audit),
        notes=views.notes(audit),
        others=_others(audit),
    )


def _finding(
    number: int, verdict: Verdict, data: Mapping[str, Any], ids: tuple[str, ...], view: View
) -> dict[str, Any]:
    """A finding as the list shows it; ``ids`` of its places in the text."""
    return {
        "number": number,
        "kind": views.kind(verdict),
        "rule": verdict.rule,
        "said": (data["message"] or verdict.title) + views.remark(verdict),
        "fix": verdict.fix,
        "basis": list(dict.fromkeys(view.clauses.get(key, key) for key in verdict.basis)),
        "place": _paged(verdict.where, view),
        "logical": _logical(verdict.where),
        "quote": views.quoted(verdict.where),
        "ids": ids,
    }


def _paged(where: Where, view: View) -> str:
    return views.place(where, view.lang) if where.line is not None or where.page is not None else ""


def _logical(where: Where) -> str:
    """Which cell of which table, where that is not what ``place`` says already."""
    cell = "，".join(part for part in (where.row, where.col) if part)
    return f"{where.table}“{cell}”一格" if where.table and cell else where.section or ""


def _element(element: Any, era: Era | None, view: View) -> dict[str, Any]:
    return {
        "title": element.name if view.lang == "en" else element.title,
        "required": element.required,
        "needed": views.needed(element, era),
        "state": element.state,
        "value": view.value(element),
        "place": views.place(element.where, view.lang) if element.state != "absent" else "",
    }


def _lost(audit: Audit) -> dict[str, Any]:
    """The points that the rules were worth, and which of them were lost: a rule counts once, however often it fails."""
    states: dict[str, set[str]] = {}
    first: dict[str, Verdict] = {}
    for verdict in audit.verdicts:
        states.setdefault(verdict.rule, set()).add(verdict.state)
        first.setdefault(verdict.rule, verdict)
    decided = [first[rule] for rule, met in states.items() if met & {"pass", "fail"}]
    failed = [verdict for verdict in decided if "fail" in states[verdict.rule]]
    whole, missed = sum(v.weight for v in decided), sum(v.weight for v in failed)
    rows = [(v.rule, v.title, v.weight, 100 * v.weight / whole) for v in failed if v.weight]
    share = round(100 * (whole - missed) / whole, 1) if whole else None
    return {
        "whole": whole,
        "earned": whole - missed,
        "rows": sorted(rows, key=lambda row: -row[2]),
        "free": len([v for v in failed if not v.weight]),
        "share": share,
        "capped": share is not None and audit.score is not None and audit.score < share,
    }


def _others(audit: Audit) -> list[tuple[str, list[tuple[str, str]]]]:
    """state -> the rules (id, title) that came out so, for those that are no finding."""
    titles = {verdict.rule: verdict.title for verdict in audit.verdicts}
    states = views.states_of_rules(audit.verdicts)
    grouped = {state: [(rule, titles[rule]) for rule, met in states.items() if met == state] for state in _OTHERS}
    return [(state, rules) for state, rules in grouped.items() if rules]


def overview(view: View) -> str:
    """The head of the table of several reports."""
    return _part("overview", view=view)


def row(audit: Audit, view: View) -> str:
    """One row of the overview."""
    if audit.of_settings:
        return ""
    cells = [f"{view.word('error')}：{audit.error.message}", *[""] * 6] if audit.error else table.figures(audit, view)
    prefix = "r" + hashlib.blake2b(audit.source.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return _part("row", source=audit.source, cells=cells, prefix=prefix)


def tail(counts: Tally, view: View) -> str:
    """Everything after the last report."""
    said = table.verdict_of_run(counts, view) if counts.reports > 1 else ""
    return _part("tail", many=counts.reports > 1, said=said, view=view)
