"""What a verdict says: its state, its words, the places it points to, and what it is known again by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import Any

from checker.late import late
from checker.model import (
    NOWHERE,
    Outcome,
    Pack,
    Report,
    Rule,
    Severity,
    Turn,
    Value,
    Verdict,
    VerdictState,
    Where,
    record,
)

_SETTLED = frozenset(("pass", "n/a", "unknown", "waived"))
_PLACEHOLDER = late(r"\{([a-z_]+)\}")
_ISO = late(r"(\d{4})-(\d\d)-(\d\d)")


@record
class Seat:
    """A rule for all reports of one year, era and level: how grave it is there.

    ``basis``: those of its clauses that held when the report was due.
    ``unsure``: nobody knows whether it applies, as the year or level on which it hangs is not known.
    ``away``: its one verdict where it does not apply, else empty.
    ``bare``: the verdicts that ``bare`` made of it.
    """

    rule: Rule
    severity: Severity
    weight: int
    basis: tuple[str, ...]
    unsure: bool = False
    away: list[Verdict] = field(default_factory=list)
    bare: dict[tuple[str, str, str], Verdict] = field(default_factory=dict)


def verdict(seat: Seat, turn: Turn, outcome: Outcome, why: str, report: Report, pack: Pack) -> Verdict:
    """What a turn's outcome says of a report; ``why``: nobody knows, where a cause can be told."""
    one, other = turn.subject, outcome.subject
    subject = f"{one}/{other}" if one and other else one or other
    if outcome.state not in _SETTLED:
        return _finding(seat, turn, subject, outcome, report, pack)
    if outcome.values or outcome.where:
        return _settled(seat, subject, outcome, why)
    return bare(seat, outcome.state, why, subject)


def bare(seat: Seat, state: VerdictState, why: str = "", subject: str = "") -> Verdict:
    """The verdict that says nothing but a state, and ``why``: the same object for all reports."""
    key = (state, why, subject)
    found = seat.bare.get(key)
    if found is None:
        found = seat.bare[key] = _settled(seat, subject, Outcome(state), why)
    return found


def _settled(seat: Seat, subject: str, outcome: Outcome, why: str = "") -> Verdict:
    """A verdict that asks for nothing: its fingerprint says only rule and subject, for it will not be looked for."""
    rule = seat.rule
    return Verdict(
        rule.id,
        subject,
        outcome.state,
        seat.severity,
        rule.confidence,
        seat.weight,
        rule.title,
        why,
        basis=seat.basis,
        values=outcome.values,
        where=outcome.where[0] if outcome.where else NOWHERE,
        related=outcome.where[1:],
        fingerprint=_hashed(f"{rule.id}|{subject}"),
    )


def _finding(seat: Seat, turn: Turn, subject: str, outcome: Outcome, report: Report, pack: Pack) -> Verdict:
    """A verdict that somebody must look at; of a broken rule that is whoever wrote it."""
    rule, broken = seat.rule, outcome.state == "broken"
    words = {} if broken else _words(outcome, report, pack, turn)
    where = outcome.where[0] if outcome.where else NOWHERE
    return replace(
        _settled(seat, subject, outcome),
        state="review" if outcome.state == "fail" and rule.confidence == "low" else outcome.state,
        message=_broken(rule, outcome, pack) if broken else _filled(rule.message, words),
        fix="" if broken else _filled(rule.fix, words),
        fingerprint=_fingerprint(rule.id, report, where, subject),
    )


def _broken(rule: Rule, outcome: Outcome, pack: Pack) -> str:
    """A slow pattern of a local pack is its author's, a crash is always ours."""
    local = ({rule.pack, *(change.pack for change in rule.changes)} - {pack.layers[0].name}) if pack.layers else set()
    if "slow" in outcome.values and local:
        said = f"规则 {rule.id} 自身出错，没有核对；这是本地规则“{'、'.join(sorted(local))}”的毛病，报告不用为它修改"
        return f"{said}。请让写这条规则的人把表达式改得简单些（{outcome.values['error']}）"
    said = f"规则 {rule.id} 自身出错，没有核对；这是检查程序的毛病，报告不用为它修改"
    return f"{said}。请把这一行发给提供本工具的人（{outcome.values['error']}）"


def _words(outcome: Outcome, report: Report, pack: Pack, turn: Turn) -> Mapping[str, str]:
    """What a message may name, as an officer reads it."""
    quote = next((where.quote for where in outcome.where if where.quote), "")
    words = {"quote": quote, "year": str(report.year or "××××"), "place": report.place or "本机关"}
    words |= {name: shown(value, pack.facts.specs) for name, value in outcome.values.items()}
    return {**words, **turn.names}


def _filled(template: str, words: Mapping[str, str]) -> str:
    """``template`` with each {name} replaced; a name that nothing fills is left as it stands."""
    return _PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), template)


def shown(value: Value, titles: Mapping[str, Any]) -> str:
    """A value as an officer reads it: dates as 2017年1月5日, lists joined by 、, fact ids by their titles."""
    if isinstance(value, str):
        if value in titles:
            return str(titles[value].title)
        iso = _ISO.fullmatch(value)
        return f"{iso[1]}年{int(iso[2])}月{int(iso[3])}日" if iso else value
    if isinstance(value, tuple):
        return "、".join(shown(item, titles) for item in value if item is not None)
    if isinstance(value, Mapping):
        return "、".join(f"{name}{shown(count, titles)}" for name, count in value.items())
    if isinstance(value, int | float) and abs(value) >= 10**18:
        return "超过十八位的数"  # Python itself refuses to print more than 4,300 digits
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fingerprint(rule: str, report: Report, where: Where, subject: str) -> str:
    """Rule, place, year, logical place and subject, hashed: the same finding in a re-exported file is the same."""
    logical = "" if where is NOWHERE else where.logical
    parts = (rule, report.place or "", str(report.year or ""), logical, subject)
    return _hashed("|".join(parts))


@lru_cache(maxsize=1024)  # rules and subjects come again; findings do not
def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
