"""The result as a GitLab code quality report: a JSON list of findings, and of what could not be read.

The format knows neither passes nor forgiveness: what does not count is listed as ``info`` and says so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from checker.model import Audit, Verdict
from checker.render import table
from checker.render.escape import json_text, masked
from checker.render.view import OF_LINES, Tally, View, kind, shown_findings, unknown_by_cause

_SEVERITIES = {"must": "critical", "should": "major", "info": "minor", "review": "info", "broken": "blocker"}


def head(_view: View) -> str:
    return "[\n"


def report(audit: Audit, view: View) -> str:
    """The issues of one report, one on a line; nothing for a clean one."""
    return ",\n".join(json_text(issue, ascii_only=view.ascii_only) for issue in _issues(audit, view))


def _issues(audit: Audit, view: View) -> Iterator[dict[str, Any]]:
    if audit.error:
        yield _issue(audit, audit.error.code, table.error_sentence(audit, view), "blocker", "", view)
    for said in view.local if audit.report else ():
        yield _issue(audit, "local-rules", said, "info", said, view)
    met: Counter[str] = Counter()
    for verdict in shown_findings(audit):
        met[verdict.fingerprint] += 1
        mark = f"{verdict.fingerprint}|{met[verdict.fingerprint]}"
        severity = "info" if verdict.known else _SEVERITIES.get(kind(verdict), "info")
        yield _issue(audit, verdict.rule, _said(verdict, view), severity, mark, view, _line(verdict, audit))
    for cause, rules in unknown_by_cause(audit).items():
        lost = [rule for rule in rules if rule in audit.unread]
        if lost:
            yield _issue(audit, "unread", f"未能核对：{cause}（{'、'.join(lost)}）", "blocker", cause, view)


def _said(verdict: Verdict, view: View) -> str:
    at = f"【{masked(verdict.where.logical)}】" if verdict.where.logical else ""
    return f"{view.word(kind(verdict))} {table.what(verdict, view)}{at}{table.mending(verdict)}"


def _line(verdict: Verdict, audit: Audit) -> int:
    lined = audit.report is None or audit.report.format in OF_LINES
    return verdict.where.line or 1 if lined else 1


def _issue(audit: Audit, name: str, said: str, severity: str, mark: str, view: View, line: int = 1) -> dict[str, Any]:
    path = audit.source.replace("\\", "/").removeprefix("./")
    packs = f"nianbao {view.tool}，{view.pack} {view.pack_version}"
    return {
        "description": masked(said),
        "check_name": name,
        "fingerprint": _hashed(f"{path}|{name}|{mark}"),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
        "engine_name": packs,
    }


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def overview(_view: View) -> str:
    return ""


def row(_audit: Audit, _view: View) -> str:
    return ""


def tail(_counts: Tally, _view: View) -> str:
    return "\n]\n"
