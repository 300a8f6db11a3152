"""Kinds that look at time: period (the statistical period, one fault at a time) and timeline (events too late)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ..late import once_for_each
from ..model import Case, Fact, Outcome, Passage, Report, Where
from ..patterns import Pattern, candidates
from .words import words_of

Fault = Literal["missing", "open", "impossible", "other"]
_YEAR = 366  #: days of a period that is as long as one of a report
_REACH = 60  #: characters around a period in which its reason is looked for


def period(
    case: Case,
    *,
    fault: Fault,
    fact: str,
    open: str,
    starts: Sequence[str] = (),
    reasons: Sequence[Pattern] = (),
) -> Iterable[Outcome]:
    """The statistical period does not have this one ``fault``; a period has at most one, so no cause counts twice.

    ``missing``: neither ``fact`` nor ``open`` (an end such as 截止到目前) is there. ``open``: one end only.
    ``impossible``: no such day, the end before the start, or two years. ``other``: not the whole report year, unless
    the start is one of ``starts`` (ISO) or one of ``reasons`` stands near. Values ``found start end``, ``first``: the
    day with which the period of this year begins (1月1日), ``wrong``: what is impossible about it.
    """
    stated, ending = case.report.fact(fact), case.report.fact(open)
    if stated.state == "unread" or (stated.state == "absent" and ending.state == "unread"):
        yield Outcome("unknown")
        return
    source = ending if stated.state in ("absent", "blank") else stated
    start, end = _ends(stated)
    has = _fault(case.report, stated, ending, starts, reasons)
    first, wrong = _first(case.report.year, starts), _wrong(start, end)
    values = {"found": source.raw, "start": start, "end": end, "first": first, "wrong": wrong}
    if has == fault:
        yield Outcome("fail", values, (source.where,))
    else:
        yield Outcome("pass" if has is None or fault == "missing" else "n/a", values, (source.where,))


def _wrong(start: str | None, end: str | None) -> str:
    """What cannot be about a period; empty where it only is another one (上年12月26日至本年12月25日)."""
    if not start or not end:
        return "没有这一天，或者没有写全"
    if end < start:
        return "止期早于起期"
    days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days
    return "" if start[:4] == end[:4] or days <= _YEAR else "起止不在同一年"


def _first(year: int | None, starts: Sequence[str]) -> str:
    own = next((day for day in starts if day.startswith(f"{year}-")), "-01-01")
    _, month, day = own.split("-")
    return f"{int(month)}月{int(day)}日"


def _ends(fact: Fact) -> tuple[str | None, str | None]:
    value = fact.value
    return (value[0], value[-1]) if isinstance(value, tuple) and value else (None, None)


def _fault(
    report: Report, stated: Fact, ending: Fact, starts: Sequence[str], reasons: Sequence[Pattern]
) -> Fault | None:
    """The one fault of the period as stated, None when it is in order."""
    if stated.state in ("absent", "blank"):
        return "open" if ending.state in ("given", "malformed") else "missing"
    if stated.state == "malformed":
        return "impossible"
    start, end = _ends(stated)
    if not start or not end:
        return "open"
    if _wrong(start, end):
        return "impossible"
    year = report.year
    whole = year is None or ((start == f"{year}-01-01" or start in starts) and end == f"{year}-12-31")
    return None if whole or _explained(report, stated.where, reasons) else "other"


def _explained(report: Report, where: Where, reasons: Sequence[Pattern]) -> bool:
    """A reason (the organ was set up, merged ...) stands near the period."""
    for line in report.texts["all"].lines if "all" in report.texts else ():
        at = line.raw.find(where.quote) if where.quote else -1
        if line.block == where.block and at >= 0:
            near = line.raw[max(at - _REACH, 0) : at + len(where.quote or "") + _REACH]
            return any(reason.search(near) for reason in reasons)
    return False


def timeline(
    case: Case,
    *,
    scope: Sequence[str] = ("body",),
    events: Mapping[str, Mapping[str, Any]],
    dated: Sequence[str],
    latest: str,
    ahead: Pattern | None = None,
) -> Iterable[Outcome]:
    """No scope speaks of an event held after the report's own date.

    ``events``: name -> {date: "YYYY-MM", pattern}. The report's date is the first given of ``dated``, else ``latest``,
    a day such as ``+1-04-30`` counted from the report year. A mention right after a match of ``ahead`` looks forward
    and is right. One outcome an event; values ``event date limit``.
    """
    report = case.report
    passages = [report.texts[name] for name in scope if name in report.texts]
    limit = _own_date(report, dated, latest)
    if not passages or limit is None:
        yield Outcome("n/a" if limit else "unknown")
        return
    late = {name: event for name, event in events.items() if event["date"] > limit[:7]}
    found = False
    live = set(candidates(_patterns(events), words_of(report)))
    for name, event in late.items():
        if event["pattern"] not in live:
            continue
        places = tuple(place for passage in passages for place in _mentions(passage, event["pattern"], ahead))
        if places:
            found = True
            yield Outcome("fail", {"event": name, "date": event["date"], "limit": limit}, places, name)
    if not found:
        yield Outcome("pass")


@once_for_each(64)
def _patterns(events: Mapping[str, Mapping[str, Any]]) -> Sequence[Pattern]:
    return tuple(event["pattern"] for event in events.values())


def _own_date(report: Report, dated: Sequence[str], latest: str) -> str | None:
    """ISO day, None without a report year; never before the report year ends, for a wrong date must not accuse more."""
    if report.year is None:
        return None
    given = [fact.value for name in dated if (fact := report.fact(name)).state == "given"]
    dates = [value for value in given if isinstance(value, str)]
    own = dates[0] if dates else f"{report.year + int(latest[:2])}{latest[2:]}"
    return max(own, f"{report.year}-12-31")


def _mentions(passage: Passage, pattern: Pattern, ahead: Pattern | None) -> Iterable[Where]:
    for match in pattern.finditer(passage.text):
        line_start = passage.text.rfind("\n", 0, match.start()) + 1
        if ahead is None or not ahead.search(passage.text[line_start : match.start()]):
            yield passage.where(*match.span())
