"""The result as workflow commands: annotations beside the lines of a pull request, and a last line for the log.

No text from a report begins a line or a command: colons, breaks and percent signs of it are escaped.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Audit, Verdict, Where
from checker.render import table
from checker.render.escape import command, command_value, masked, terminal
from checker.render.view import OF_LINES, Tally, View, kind, place, shown_findings, tally, unknown_by_cause

#: kind of a finding -> kind of the annotation; what does not count is a notice
_COMMANDS = {"must": "error", "should": "warning", "broken": "error"}


def head(view: View) -> str:
    about = f"nianbao {terminal(view.tool)}　规则包 {terminal(view.pack)} {terminal(view.pack_version)}\n"
    return about + "".join(f"::notice title=本地规则::{command(masked(said))}\n" for said in view.local)


def report(audit: Audit, view: View) -> str:
    """One annotation on a line for each finding, one for what could not be read; the last line counts the rest."""
    if audit.error:
        return _annotation("error", audit, Where(), "无法核对", table.error_sentence(audit, view))
    lines = [*(_finding(verdict, audit, view) for verdict in shown_findings(audit)), *_unread(audit)]
    if audit.of_settings:
        return "".join(lines)
    last = table.verdict_sentence(tally(audit), view, audit.unchecked)
    return "".join(lines) + terminal(f"报告 {audit.source}：{last}") + "\n"


def _finding(verdict: Verdict, audit: Audit, view: View) -> str:
    name = "notice" if verdict.known else _COMMANDS.get(kind(verdict), "notice")
    at = place(verdict.where) if not _lined(audit) else verdict.where.logical
    said = table.what(verdict, view) + (f"【{masked(at)}】" if at else "") + table.mending(verdict)
    return _annotation(name, audit, verdict.where, f"{view.word(kind(verdict))} {verdict.rule}", said)


def _unread(audit: Audit) -> Iterator[str]:
    for cause, rules in unknown_by_cause(audit).items():
        lost = [rule for rule in rules if rule in audit.unread]
        if lost:
            yield _annotation("error", audit, Where(), "未能核对", f"{cause}（{'、'.join(lost)}）")


def _lined(audit: Audit) -> bool:
    return audit.report is None or audit.report.format in OF_LINES


def _annotation(name: str, audit: Audit, where: Where, title: str, said: str) -> str:
    line = f",line={where.line}" if where.line and _lined(audit) else ""
    source = command_value(audit.source.replace("\\", "/"))
    return f"::{name} file={source}{line},title={command_value(title)}::{command(masked(said))}\n"


def overview(_view: View) -> str:
    return ""


def row(_audit: Audit, _view: View) -> str:
    return ""


def tail(counts: Tally, view: View) -> str:
    """The verdict on the run."""
    return terminal(f"{view.word('verdict')}：{table.verdict_of_run(counts, view)}") + "\n"
