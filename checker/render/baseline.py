"""The findings of a run as a baseline (see ``gate.baseline``): a head, then one finding a line.

Waived ones are left out: they would come back as known ones when their waiver ends.
"""

from __future__ import annotations

from checker.model import Audit, Verdict
from checker.render.escape import json_text
from checker.render.view import Tally, View


def head(view: View) -> str:
    about = {"nianbao_baseline": 1, "tool": view.tool, "pack": view.pack, "pack_version": view.pack_version}
    return json_text(about) + "\n"


def report(audit: Audit, _view: View) -> str:
    """The findings on a report by the rules of packs, which all have a clause; not those of the gate itself."""
    found = audit.report and [_line(verdict, audit) for verdict in audit.findings if verdict.basis]
    return "".join(found or ())


def _line(verdict: Verdict, audit: Audit) -> str:
    about = audit.report
    entry = {
        "fingerprint": verdict.fingerprint,
        "rule": verdict.rule,
        "title": verdict.title,
        "place": (about and about.place) or "",
        "year": about and about.year,
        "where": verdict.where.logical,
        "source": audit.source.replace("\\", "/"),
    }
    return json_text(entry) + "\n"


def overview(_view: View) -> str:
    return ""


def row(_audit: Audit, _view: View) -> str:
    return ""


def tail(_counts: Tally, _view: View) -> str:
    return ""
