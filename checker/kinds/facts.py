"""Kinds that look at facts: presence, format, number, agreement, date.

Every kind yields outcomes and words nothing. A fact that could not be read gives ``unknown``, never right or wrong.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Literal

from ..formula import exact
from ..late import late
from ..model import NOWHERE, Case, Fact, Outcome, Sighting, Value, Where
from ..patterns import Pattern

_THERE = ("given", "malformed")


def presence(
    case: Case,
    *,
    facts: Sequence[str],
    mode: Literal["any", "all"] = "any",
    hollow: Sequence[Pattern] = (),
    belongs: Sequence[str] = (),
) -> Iterable[Outcome]:
    """Any, or all, of the facts are in the report. Values ``missing``: the ids of those that are not, ``how``.

    A fact whose wording is one of ``hollow`` and no more (问题：无) is there, and leaves nothing for the others to say.
    ``belongs``: topics of the headings under which they belong: the first that the report has is shown as the place.
    """
    found = {name: case.fact(name) for name in facts}
    there = [fact for fact in found.values() if fact.state in _THERE]
    none = any(word.fullmatch(fact.raw.strip()) for word in hollow for fact in there)
    if len(there) == len(found) or none or (there and mode == "any"):
        yield Outcome("pass", where=tuple([fact.where for fact in there]))
        return
    missing = tuple(name for name, fact in found.items() if fact.state in ("absent", "blank"))
    unread = any(fact.state == "unread" for fact in found.values())
    if unread and (mode == "any" or not missing):
        yield Outcome("unknown")
    else:
        places = tuple(found[name].where for name in missing)
        known = any(where is not NOWHERE for where in places)
        yield Outcome("fail", {"missing": missing, "how": "没有写"}, places if known else _belonging(case, belongs))


def _belonging(case: Case, topics: Sequence[str]) -> tuple[Where, ...]:
    """The heading under which something belongs that is not there."""
    report = case.report
    for topic in topics:
        if heading := next((heading for heading in report.headings if topic in heading.topics), None):
            return (heading.where,)
    return ()


def format(
    case: Case,
    *,
    fact: str,
    pattern: Pattern | None = None,
    forbid: Sequence[Pattern] = (),
    faults: Mapping[str, Pattern] | None = None,
) -> Iterable[Outcome]:
    """The raw wording of a given fact matches ``pattern`` whole and contains none of ``forbid``. Value ``found``.

    ``faults`` {words: pattern}: the first that a wrong wording matches whole says what is wrong with it (``fault``).
    """
    given = case.report.fact(fact)
    raw = given.raw.strip()
    if given.state == "unread":
        yield Outcome("unknown")
    elif given.state in ("absent", "blank"):
        yield Outcome("n/a")
    else:
        bad = given.state == "malformed" or (pattern is not None and not pattern.fullmatch(raw))
        bad = bad or any(word.search(raw) for word in forbid)
        faults = faults or {} if bad else {}
        told = next(({"fault": words} for words, wrong in faults.items() if wrong.fullmatch(raw)), {})
        yield Outcome("fail" if bad else "pass", {"found": raw, **told}, (given.where,))


def number(
    case: Case, *, fact: str, min: float | None = None, max: float | None = None, integer: bool = False
) -> Iterable[Outcome]:
    """A given number lies between ``min`` and ``max``, both included. Value ``found``.

    One of another matter is none.
    """
    given = case.fact(fact)
    value = exact(given.value)
    if given.state in ("absent", "blank") or given.aside:
        yield Outcome("n/a")
    elif given.state != "given" or value is None:
        yield Outcome("unknown")
    else:
        low = min is not None and value < Decimal(str(min))
        high = max is not None and value > Decimal(str(max))
        bad = low or high or (integer and value != int(value))
        yield Outcome("fail" if bad else "pass", {"found": given.value}, (given.where,))


def agreement(
    case: Case,
    *,
    among: Sequence[str] = (),
    sightings: str | None = None,
    compare: Literal["equal", "organ", "year", "zero"] = "equal",
    witnesses: Sequence[str] = (),
    ignore: Sequence[Pattern] = (),
) -> Iterable[Outcome]:
    """Facts say the same (the majority is believed, a tie wants review), or all sightings of one fact do.

    ``witnesses`` are facts that count for a side; one alone makes none, so that it is not accused.
    Sightings in whose wording ``ignore`` is met do not count (未收到书面申请 denies one channel, not all).
    Values ``this`` (the dissenter) and ``other``. Approximate and cumulative sightings, and those of another time, do
    not count. ``zero`` asks only whether one says none and another says some.
    """
    facts = [case.report.fact(name) for name in (among or (sightings,)) if name]
    if any(fact.state == "unread" for fact in facts):
        yield Outcome("unknown")
        return
    given = [fact for fact in facts if fact.state == "given"]
    votes: list[Fact | Sighting] = list(given)
    if sightings:
        exact = [s for fact in given for s in fact.sightings if not s.qualifiers]
        votes = [s for s in exact if not any(pattern.search(s.raw) for pattern in ignore)]
    heard = [fact for name in witnesses if (fact := case.report.fact(name)).state == "given"]
    silent = set(map(id, heard))
    sides = _grouped([*votes, *heard], compare)
    groups = [side for side in sides if len(side) > 1 or id(side[0]) not in silent]
    if compare == "zero":  # what is shown first is what says some
        groups.sort(key=lambda side: side[0].value != 0)
    yield _verdict_of(groups, vote=not sightings)


def date(
    case: Case,
    *,
    facts: Sequence[str],
    not_before: str | None = None,
    not_after: str | Mapping[str, str] | None = None,
    equals: str | None = None,
    ignore_after: str | None = None,
    part: Literal["start", "end"] | None = None,
) -> Iterable[Outcome]:
    """The first given date keeps to days such as ``+1-03-31`` (offset from the report year). Values ``date limit``.

    ``not_after`` may be a day for each level of office; a level that it does not name is n/a.
    """
    fact = next((f for name in facts if (f := case.report.fact(name)).state not in ("absent", "blank")), None)
    year = case.report.year
    if isinstance(not_after, Mapping):
        not_after = not_after.get(case.report.level or "")
    if fact is None or not (not_before or not_after or equals):
        yield Outcome("n/a")
        return
    raw = fact.value[0 if part == "start" else -1] if isinstance(fact.value, tuple) and fact.value else fact.value
    day = _day(raw)
    if fact.state == "given" and isinstance(fact.value, tuple) and raw is None:
        yield Outcome("n/a")
    elif fact.state != "given" or day is None or year is None:
        yield Outcome("unknown")
    else:
        yield _dated(fact, day, partial(_relative, year), (not_before, not_after, equals, ignore_after))


def _dated(fact: Fact, day: dt.date, relative: Callable[[str], dt.date], limits: Sequence[str | None]) -> Outcome:
    """The outcome for one day against (not before, not after, equals, ignored after)."""
    not_before, not_after, equals, ignore_after = (relative(text) if text else None for text in limits)
    if ignore_after and day > ignore_after:
        return Outcome("n/a", where=(fact.where,))
    broken = None
    if not_before and day < not_before:
        broken = not_before
    elif not_after and day > not_after:
        broken = not_after
    elif equals and day != equals:
        broken = equals
    limit = broken or not_before or not_after or equals
    values: dict[str, Value] = {"date": day.isoformat(), "limit": limit.isoformat() if limit else None}
    return Outcome("fail" if broken else "pass", values, (fact.where,))


@lru_cache(maxsize=1024)
def _relative(year: int, text: str) -> dt.date:
    """``+1-03-31`` counted from ``year``; a day that the month does not have is its last."""
    offset, month, day = re.fullmatch(r"([+-]\d+)-(\d\d)-(\d\d)", text).groups()  # type: ignore[union-attr]
    target = year + int(offset)
    return dt.date(target, int(month), min(int(day), calendar.monthrange(target, int(month))[1]))


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_Group = list[Fact | Sighting]


def _grouped(votes: Iterable[Fact | Sighting], compare: str) -> list[_Group]:
    """Votes that say the same, the largest group first."""
    groups: list[tuple[Hashable, _Group]] = []
    for vote in votes:
        key = _KEYS[compare](vote.value)
        if key is None:
            continue
        for other, group in groups:
            if key == other or (compare == "organ" and _same_organ(str(key), str(other))):
                group.append(vote)
                break
        else:
            groups.append((key, [vote]))
    return sorted((group for _, group in groups), key=len, reverse=True)


def _verdict_of(groups: list[_Group], *, vote: bool) -> Outcome:
    """Pass for one group of two or more; else fail, but with ``vote`` groups of equal size want review."""
    if sum(map(len, groups)) < 2:
        return Outcome("n/a")
    best = groups[0]
    if len(groups) == 1:
        return Outcome("pass", {"this": best[0].value, "other": best[1].value}, tuple(v.where for v in best))
    tie = vote and len(groups[1]) == len(best)
    dissent = [vote for group in groups[1:] for vote in group]
    values = {"this": dissent[0].value, "other": best[0].value}
    return Outcome("review" if tie else "fail", values, tuple(v.where for v in [*dissent, *best]))


def _exact(value: Value) -> Hashable:
    return value if not isinstance(value, dict) else tuple(sorted(value.items()))


_UNIT = late(r"[^省市县区旗盟州镇乡]{1,6}(?:镇|乡|街道|苏木)")
_REGION = late(r"[^省市县区旗盟州]{1,6}[市县区旗盟州]")


def _organ(value: Value) -> str | None:
    """An organ's name without 政府 and its office, which towns leave out or add freely."""
    if not isinstance(value, str):
        return None
    name = re.sub(r"(?:人民)?政府|[\s（）()]", "", value)
    return re.sub(r"(?:办事处|党政(?:综合)?办公?室?|办公室|办)+$", "", name) or None


def same_organ(one: str, other: str) -> bool:
    """Whether two names, as reports give them, may be the same organ's."""
    return _same_organ(_organ(one) or "", _organ(other) or "")


def _same_organ(one: str, other: str) -> bool:
    """False only for another place or trade: 卫计委 is 卫生和计划生育委员会, 椿亭街道 may stand without its city.

    Towns and streets are told apart by their own name, other organs by the city, county or district before theirs and
    by its first character.
    """
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    if all(char in rest for char in short):
        return True
    for names in (_UNIT, _REGION):
        mine, theirs = names.findall(one), names.findall(other)
        if mine and theirs and not (mine[-1].endswith(theirs[-1]) or theirs[-1].endswith(mine[-1])):
            return False
        if mine and theirs and names is _UNIT:
            return True
    trades = [re.sub(r"^[省市县区]", "", _REGION.sub("", name))[:1] for name in (one, other)]
    return not all(trades) or trades[0] == trades[1]


def _year(value: Value) -> Hashable:
    """The report year that a value speaks for: a year itself, a period's end, a date's preceding year.

    A report dated in November or December speaks for the year that is ending.
    """
    if isinstance(value, tuple):
        day = _day(value[-1] or value[0]) if value else None
        return day.year if day else None
    if isinstance(value, int):
        return value
    day = _day(value)
    return (day.year if day.month >= 11 else day.year - 1) if day else None


def _zero(value: Value) -> Hashable:
    return value == 0 if isinstance(value, int | float) else None


_KEYS: dict[str, Callable[[Value], Hashable]] = {"equal": _exact, "organ": _organ, "year": _year, "zero": _zero}
