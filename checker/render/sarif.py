"""The result as SARIF 2.1.0, for code scanning and editors: every rule, every verdict as a kind, passes included.

A line is given where the file has lines that an editor can jump to; the logical place (表三/新收/总计) always. What a
reader could not do, rules that crashed and the packs that judged are notifications of the one invocation. Quiet leaves
out what is no finding and not open: some readers (GitHub) show every result as an alert, whatever its kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from checker.model import Audit, Verdict, VerdictState, Where
from checker.render import table
from checker.render.escape import json_text, masked
from checker.render.view import LISTED, OF_LINES, Card, Tally, View, notes, remark

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_KINDS: dict[VerdictState, str] = {
    "pass": "pass",
    "fail": "fail",
    "review": "review",
    "unknown": "open",
    "n/a": "notApplicable",
    "broken": "open",
}
_LEVELS = {"must": "error", "should": "warning", "info": "note"}
_ENDS = {
    0: "没有达到不放行级别的问题",
    1: "有达到不放行级别的问题",
    3: "有内容读不了，没有核对完",
    5: "程序自身出错",
}


def head(view: View) -> str:
    """The tool with its packs and rules, up to the first result."""
    driver = {
        "name": "nianbao",
        "semanticVersion": view.tool,
        "language": "zh-CN",
        "rules": [_rule(card) for card in view.cards],
    }
    layers = view.layers or ((view.pack, view.pack_version),)
    packs = [{"name": name, "version": version, "language": "zh-CN"} for name, version in layers]
    about = {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver, "extensions": packs}}]}
    return _text(about, view)[:-3] + ', "columnKind": "unicodeCodePoints", "results": [\n'


def _rule(card: Card) -> dict[str, Any]:
    basis = "、".join(card.basis)
    help_ = f"怎么改：{card.fix}" + (f"\n依据：{basis}" if basis else "")
    return {
        "id": card.id,
        "name": card.title,
        "shortDescription": {"text": card.title},
        "fullDescription": {"text": card.about},
        "help": {"text": help_},
        "defaultConfiguration": {"level": _LEVELS[card.severity]},
        "properties": {"basis": list(card.basis), "severity": card.severity},
    }


def report(audit: Audit, view: View) -> str:
    """The results of one report, one on a line; nothing for a file that could not be read (see ``row``)."""
    index = {card.id: at for at, card in enumerate(view.cards)}
    return ",\n".join(
        _text(_result(verdict, audit, index, view.baselined), view)
        for verdict in audit.verdicts
        if _shown(verdict, view)
    )


def _shown(verdict: Verdict, view: View) -> bool:
    return not view.quiet or verdict.state in LISTED or verdict.state == "unknown"


def _result(verdict: Verdict, audit: Audit, index: dict[str, int], baselined: bool) -> dict[str, Any]:
    state = verdict.otherwise or "fail" if verdict.state == "waived" else verdict.state
    first, *others = [_location(where, audit) for where in (verdict.where, *verdict.related)]
    result: dict[str, Any] = {
        "ruleId": verdict.rule,
        "kind": _KINDS[state],
        "level": _LEVELS[verdict.severity] if state == "fail" else "none",
        "message": {"text": _message(verdict)},
        "locations": [first],
        "partialFingerprints": {"nianbao/v1": verdict.fingerprint},
        "properties": _properties(verdict, audit),
    }
    if verdict.rule in index:
        result["ruleIndex"] = index[verdict.rule]
    if others:
        result["relatedLocations"] = [place for at, place in enumerate(others) if place not in others[:at]]
    if baselined:
        result["baselineState"] = "unchanged" if verdict.known else "new"
    if verdict.state == "waived":
        result["suppressions"] = [_suppression(verdict)]
    return result


def _message(verdict: Verdict) -> str:
    words = {"pass": "通过", "n/a": "不适用", "unknown": "未能核对"}.get(verdict.state, "")
    said = masked(verdict.message) or verdict.title
    return (f"{words}：{said}" if words else said) + masked(remark(verdict)) + table.mending(verdict)


def _suppression(verdict: Verdict) -> dict[str, Any]:
    waiver = verdict.waiver
    if waiver is None:
        return {"kind": "external", "status": "accepted"}
    said = masked(f"{waiver.reason}（批准：{waiver.who}；有效期至{waiver.until}）")
    place = {"physicalLocation": _physical(waiver.file, waiver.line)}
    return {"kind": "external", "status": "accepted", "justification": said, "location": place}


def _properties(verdict: Verdict, audit: Audit) -> dict[str, Any]:
    about = audit.report
    found: dict[str, Any] = {"state": verdict.state, "severity": verdict.severity, "confidence": verdict.confidence}
    if verdict.subject:
        found["subject"] = verdict.subject
    if about:
        found |= {"place": masked(about.place or ""), "year": about.year}
    return found


def _location(where: Where, audit: Audit) -> dict[str, Any]:
    lined = audit.report is None or audit.report.format in OF_LINES
    location: dict[str, Any] = {
        "physicalLocation": _physical(audit.source, where.line or 1 if lined else None, masked(where.quote or ""))
    }
    names = [name for name in (where.section, where.table, where.row, where.col) if name]
    names += [f"第{at}{word}" for at, word in ((where.page, "页"), (where.line, "段")) if at and not lined]
    if names:
        location["logicalLocations"] = [{"name": masked(names[-1]), "fullyQualifiedName": masked("/".join(names))}]
    return location


def _physical(source: str, line: int | None, wording: str = "") -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(source)}}
    if line:
        physical["region"] = {"startLine": line, **({"snippet": {"text": wording}} if wording else {})}
    return physical


def uri(source: str) -> str:
    """A file name as a URI, percent-encoded byte by byte: relative ones stay relative, whole ones begin with file:."""
    name = source.replace("\\", "/")
    encoded = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    if name.startswith("/"):
        return f"file://{encoded}"
    return f"file:///{encoded}" if name[1:3] == ":/" else encoded


def overview(view: View) -> str:
    """The end of the results, and the first notification of the invocation: who judged."""
    note = {"level": "note", "message": {"text": f"nianbao {view.tool}，规则包 {view.pack} {view.pack_version}"}}
    return '\n], "invocations": [{"toolExecutionNotifications": [\n' + _text(note, view)


def row(audit: Audit, view: View) -> str:
    """What this report adds to the notifications: that it could not be read, what its reader remarked, what crashed."""
    return "".join(f",\n{_text(note, view)}" for note in _notifications(audit))


def _notifications(audit: Audit) -> Iterator[dict[str, Any]]:
    if audit.error:
        yield _notification(audit, "error", audit.error.code, f"{audit.error.message} {audit.error.remedy}")
    for verdict in audit.verdicts:
        if verdict.state == "broken":
            note = _notification(audit, "error", "broken", verdict.message, verdict.where)
            yield {**note, "associatedRule": {"id": verdict.rule}}
    for remarked in notes(audit):
        yield _notification(audit, "warning", remarked.code, remarked.message, remarked.where)


def _notification(audit: Audit, level: str, code: str, said: str, where: Where | None = None) -> dict[str, Any]:
    return {
        "level": level,
        "descriptor": {"id": code},
        "message": {"text": masked(said) or code},
        "locations": [_location(where or Where(), audit)],
    }


def tail(counts: Tally, view: View) -> str:
    """The end of the invocation: exit code, and how much stands behind it."""
    found = {name: counts.findings[name] for name in sorted(counts.findings)}
    end = {
        "executionSuccessful": counts.status in (0, 1),
        "exitCode": counts.status,
        "exitCodeDescription": _ENDS.get(counts.status, ""),
        "properties": {
            "reports": counts.reports,
            "unreadable": counts.errors,
            "findings": found,
            "rules": {name: counts.rules[name] for name in sorted(counts.rules)},
        },
    }
    return "\n], " + _text(end, view)[1:-1] + "}]}]}\n"


def _text(value: Any, view: View) -> str:
    return json_text(value, ascii_only=view.ascii_only)
