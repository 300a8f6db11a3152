"""The result as JUnit XML, which every build server reads: a suite for each report, a case for each verdict.

``failure``: a rule of a severity that can fail a gate (must, should) does not hold. ``error``: a file or a place that
must be read was not, or a rule crashed. ``skipped``: not applicable, not known, forgiven, in the baseline, or a hint.
"""

from __future__ import annotations

from checker.model import Audit, Verdict
from checker.render import table
from checker.render.escape import masked, xml
from checker.render.view import LISTED, Tally, View, kind, place, quoted, tally


def head(view: View) -> str:
    versions = f"nianbao {view.tool} {view.pack} {view.pack_version}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="{xml(versions)}">\n'


def report(audit: Audit, view: View) -> str:
    """One suite; a file that could not be read is a suite with one case in error."""
    cases = [_case(verdict, audit, view) for verdict in audit.verdicts]
    if audit.error:
        cases = [_element("read", audit.source, "error", audit.error.code, table.error_sentence(audit, view))]
    counts = "".join(
        f' {name}="{sum(f"<{tag} " in case for case in cases)}"'
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    start = f'<testsuite name="{xml(audit.source)}" tests="{len(cases)}"{counts}>\n'
    return start + _properties(audit, view) + "".join(cases) + "</testsuite>\n"


def _properties(audit: Audit, view: View) -> str:
    about = audit.report
    said = {"tool": f"nianbao {view.tool}", "pack": f"{view.pack} {view.pack_version}"}
    if view.local:
        said["local-rules"] = "".join(view.local)
    if about:
        said |= {"place": about.place or "", "year": str(about.year or ""), "score": table.score(audit.score)}
        said |= {"coverage": table.percent(audit.coverage), "grade": audit.grade}
        said["verdict"] = table.verdict_sentence(tally(audit), view, audit.unchecked)
    rows = "".join(f'<property name="{name}" value="{xml(masked(value))}"/>\n' for name, value in said.items())
    return f"<properties>\n{rows}</properties>\n"


def _case(verdict: Verdict, audit: Audit, view: View) -> str:
    name = f"{verdict.rule} {verdict.title}" + (f"（{verdict.subject}）" if verdict.subject else "")
    said = table.what(verdict, view) if verdict.state in LISTED else masked(verdict.message) or verdict.title
    at = place(verdict.where) + (f"“{quoted(verdict.where)}”" if verdict.where.quote else "")
    details = "\n".join(line for line in (said, at, table.mending(verdict).strip()) if line)
    return _element(name, audit.source, outcome(verdict, audit), view.word(kind(verdict)), details)


def outcome(verdict: Verdict, audit: Audit) -> str:
    """What a build server is told: nothing (passed), ``failure``, ``error`` or ``skipped``."""
    if verdict.state == "pass":
        return ""
    if verdict.state == "broken" or (verdict.state == "unknown" and verdict.rule in audit.unread):
        return "error"
    counts = verdict.state == "fail" and verdict.severity != "info" and not verdict.known
    return "failure" if counts else "skipped"


def _element(name: str, source: str, tag: str, kind: str, details: str) -> str:
    """One case; what it says stands in its message on one line, and in its text."""
    start = f'<testcase classname="{xml(source)}" name="{xml(name)}"'
    if not tag:
        return f"{start}/>\n"
    lines = details.split("\n")
    message = xml(f"{kind}：{lines[0]}")
    type_ = "" if tag == "skipped" else f' type="{xml(kind)}"'
    text = "\n".join(map(xml, lines))
    return f'{start}>\n<{tag} message="{message}"{type_}>{text}</{tag}>\n</testcase>\n'


def overview(_view: View) -> str:
    return ""


def row(_audit: Audit, _view: View) -> str:
    return ""


def tail(_counts: Tally, _view: View) -> str:
    return "</testsuites>\n"
