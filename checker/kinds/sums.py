"""Arithmetic inside prose: parts and whole, shares, rates of growth, one number for one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..extract.numerals import parse_number
from ..late import late
from ..model import LAST, Case, Outcome, Passage, Report, Value, VerdictState, Where
from ..patterns import Pattern, candidates
from .breakdown import NUMBER, REST, SENTENCE, UNIT, Count, breakdowns, counts, parts_of, plain, sentence_start
from .words import words_of

_MOST = 50  #: findings of one rule in one report


def itemised(
    case: Case,
    *,
    check: str,
    scope: str = "body",
    near: float = 0.1,
    channels: Sequence[Pattern] = (),
    families: Sequence[Pattern] = (),
    matters: Sequence[Pattern] = (),
    tolerance: float = 0.5,
    total_tolerance: float = 1,
    fact: str | None = None,
    pairs: Sequence[Pattern] = (),
    part: str | None = None,
    whole: Sequence[str] = (),
    claims: Mapping[str, Sequence[Pattern]] | None = None,
    unless: Sequence[Pattern] = (),
) -> Iterator[Outcome]:
    """Arithmetic inside prose; n/a when there is nothing to add up.

    ``parts``: 共N条，其中A条、B条, or A条、B条，合计N条 (values ``total sum parts gap way unit``). A list left open,
    approximate, or of two ``families`` is passed over, and one ends where another of the ``matters`` is counted; review
    when a label is one of ``channels``, when a part equals the whole, or when the list may be a choice only (the sum is
    below the whole by more than the share ``near`` of it).
    ``shares``: those of a complete list make 100 ± ``total_tolerance``, each fits its count ± ``tolerance`` points.
    ``growth``: a stated rate fits the stated figures, or ``fact`` of last year's report (both ``found expected``).
    ``subset``: no part above its whole, by ``pairs`` (patterns with groups ``part whole``), by 其中, and by the facts
    ``part`` <= sum of ``whole`` (values ``part whole``).
    ``claims`` {name: patterns with group ``n``}: what is said of one thing is one number or word (``name this other``);
    a hit of another year (group ``y``) does not count, nor one with ``unless`` in its sentence before its end.
    """
    passage = case.report.texts.get(scope, Passage())
    if not (passage or part):
        yield Outcome("unknown")
        return
    checks: dict[str, Callable[[], Iterable[Outcome]]] = {
        "parts": lambda: parts_of(passage, near, channels, families, matters),
        "shares": lambda: _shares(passage, tolerance, total_tolerance),
        "growth": lambda: _growth(case, passage, tolerance, fact),
        "subset": lambda: _subset(case, passage, pairs, part, whole),
        "claims": lambda: _claims(case.report, passage, claims or {}, unless),
    }
    yield from _summary(checks[check]())


def _summary(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The findings, or else one pass, or else n/a."""
    found = list(outcomes)
    findings = [outcome for outcome in found if outcome.state != "pass"]
    yield from findings[:_MOST] or found[:1] or [Outcome("n/a")]


# --- shares


_SHARE = late(r"占[^，。；、：%\d]{0,14}(?P<percent>\d{1,3}(?:\.\d{1,3})?)%")
_SHARES = late(r"分别占[^，。；、：%\d]{0,14}(?P<list>\d{1,3}(?:\.\d+)?%(?:[、，和]\d{1,3}(?:\.\d+)?%)+)")


def _shares(passage: Passage, tolerance: float, total_tolerance: float) -> Iterator[Outcome]:
    text = passage.text
    if "占" not in text:
        return
    for sentence in re.finditer(r"[^。！？\n]+", text):
        start, end = sentence.span()
        if listed := _SHARES.search(text, start, end):
            percents = [float(p) for p in re.findall(r"[\d.]+", listed["list"])]
            yield _whole_share(passage, percents, total_tolerance, listed.span())
            continue
        rows = _share_rows(text, start, end)
        if rows:
            yield from _share_outcomes(passage, rows, (start, end), tolerance, total_tolerance)


def _share_rows(text: str, start: int, end: int) -> list[tuple[Count | None, float, str, tuple[int, int]]]:
    """Each stated share of a sentence with the count it belongs to, its label and its place."""
    rows: list[tuple[Count | None, float, str, tuple[int, int]]] = []
    last = start
    for match in _SHARE.finditer(text, start, end):
        own = [
            c
            for c in counts(text, max(last, match.start() - SENTENCE), match.start())
            if not c.change and match.start() - c.end <= 3
        ]
        count = own[-1] if own and not own[-1].approx else None
        label = text[last : match.start()]
        rows.append((count, float(match["percent"]), label, (count.start if count else match.start(), match.end())))
        last = match.end()
    return rows


def _share_outcomes(
    passage: Passage,
    rows: Sequence[tuple[Count | None, float, str, tuple[int, int]]],
    span: tuple[int, int],
    tolerance: float,
    total_tolerance: float,
) -> Iterator[Outcome]:
    counted = [count for count, *_ in rows if count]
    added = sum(count.value for count in counted)
    totals = _wholes(passage.text, rows, span[0])
    rest = any(REST.search(label) for _, _, label, _ in rows)
    complete = len(rows) > 1 and len(counted) == len(rows) and (added in totals or (rest and not totals))
    wrong = list(_wrong_shares(passage, rows, {added} if complete else totals, tolerance))
    yield from wrong
    if len(rows) > 1 and rest and not counted:
        yield _whole_share(passage, [percent for _, percent, *_ in rows], total_tolerance, span)
    elif not wrong and (complete or (counted and totals)):  # rounding alone can take a right list a little off 100
        yield Outcome("pass")


def _wholes(text: str, rows: Sequence[tuple[Count | None, float, str, tuple[int, int]]], start: int) -> set[float]:
    """Figures before the first share that its count may be a part of: of the same measure, and not smaller."""
    first = next((count for count, *_ in rows if count), None)
    if first is None:
        return set()
    before = [
        c
        for c in counts(text, max(start - 120, first.start - 2 * SENTENCE, 0), first.start)
        if not (c.approx or c.change)
    ]
    return {c.value for c in before if c.unit == first.unit and c.value >= first.value}


def _wrong_shares(
    passage: Passage,
    rows: Sequence[tuple[Count | None, float, str, tuple[int, int]]],
    wholes: set[float],
    tolerance: float,
) -> Iterator[Outcome]:
    for count, percent, _, (start, end) in rows:
        rates = [100 * count.value / whole for whole in wholes if whole] if count else []
        # a little play for binary fractions: 35.5 against 35 is within half a point
        if rates and all(abs(rate - percent) > tolerance + 1e-6 for rate in rates):
            nearest = min(rates, key=lambda rate: abs(rate - percent))
            values: dict[str, Value] = {"found": f"{percent:g}%", "expected": f"{nearest:.1f}%"}
            state: VerdictState = "fail" if len(wholes) == 1 else "review"
            yield Outcome(state, values, (passage.where(start, end),), passage.raw(start, end)[:20])


def _whole_share(passage: Passage, percents: Sequence[float], tolerance: float, span: tuple[int, int]) -> Outcome:
    added = sum(percents)
    allowed = max(tolerance, len(percents) * (0.5 if all(p == int(p) for p in percents) else 0.05))
    state: VerdictState = "fail" if abs(added - 100) > allowed + 1e-6 else "pass"
    return Outcome(state, {"found": f"合计{added:g}%", "expected": "100%"}, (passage.where(*span),), "合计")


# --- growth


_RATE = late(
    r"(?P<way>增长|增加|上升|提高|增幅|下降|减少|降低|降幅)(?:了|率|幅度|约|为|达到?)?(?P<percent>\d{1,4}(?:\.\d{1,3})?)%"
)
_STEP = late(rf"(?:增加|减少|多|少|增长|下降)了?(?P<number>{NUMBER})(?:{UNIT})")
_LAST = late(rf"(?:上年|去年|上一年度?|上年度)(?:同期)?(?:的|为|是|共)?（?(?P<number>{NUMBER})(?:{UNIT})")


def _growth(case: Case, passage: Passage, tolerance: float, fact: str | None) -> Iterator[Outcome]:
    text = passage.text
    for rate in _RATE.finditer(text) if "%" in text else ():
        start = sentence_start(text, rate.start(), "。！？\n")
        sentence = text[start : rate.start()]
        base = _base(case, sentence, fact, rate["way"][0] in "下减降")
        now = next((c for c in counts(sentence, 0, len(sentence)) if not c.change and not c.approx), None)
        if now is None or not base:
            continue
        stated = float(rate["percent"]) * (-1 if rate["way"][0] in "下减降" else 1)
        expected = 100 * (now.value - base) / base
        state: VerdictState = "pass" if abs(stated - expected) <= tolerance else "fail"
        values: dict[str, Value] = {"found": f"{stated:g}%", "expected": f"{expected:.1f}%", "last": plain(base)}
        yield Outcome(state, values, (passage.where(start, rate.end()),), rate[0])


def _base(case: Case, sentence: str, fact: str | None, falling: bool) -> float | None:
    """Last year's figure: named in the sentence, or worked out from the stated step, or from last year's report."""
    if match := _LAST.search(sentence):
        return parse_number(match["number"])
    now = next((c for c in counts(sentence, 0, len(sentence)) if not c.change), None)
    if now and (match := _STEP.search(sentence)) and (step := parse_number(match["number"])) is not None:
        return now.value + step if falling else now.value - step
    # only a sentence on the fact itself may be held against last year's report
    if fact and case.previous and re.search(r"主动公开(?:各类)?(?:政府)?信息", sentence):
        last = case.fact(LAST + fact)
        return float(last.value) if isinstance(last.value, (int, float)) and not last.approx else None
    return None


# --- part above whole, two totals


def _subset(
    case: Case, passage: Passage, pairs: Sequence[Pattern], part: str | None, whole: Sequence[str]
) -> Iterator[Outcome]:
    words = words_of(case.report)
    for pattern in candidates(pairs, words):
        for match in pattern.finditer(passage.text, words):
            less, more = parse_number(match["part"]), parse_number(match["whole"])
            if less is not None and more is not None:
                yield _above(less, more, passage.where(*match.span()))
    for item in breakdowns(passage.text):
        first = item.parts[0]
        if item.near and not first.approx and not any(total.approx for total in item.totals):
            most = max(*(total.value for total in item.totals), _together(passage.text, item.totals, first.start))
            yield _above(first.value, most, passage.where(item.totals[0].start, first.end))
    if part and whole:
        yield from _above_facts(case, part, whole)


def _together(text: str, totals: Sequence[Count], begin: int) -> float:
    """What the nearest figures make that stand in one row: 建议11件、提案14件，其中……25件.

    Or all of the sentence that ends before the list: 一季度20件，二季度31件。其中……42件.
    """
    value, first = totals[0].value, totals[0]
    if "。" in text[first.end : begin]:
        return sum(total.value for total in totals)
    for total in totals[1:]:
        if re.search(r"[，。；！？\n]", text[total.end : first.start]):
            break
        value, first = value + total.value, total
    return value


def _above(part: float, whole: float, where: Where) -> Outcome:
    values: dict[str, Value] = {"part": plain(part), "whole": plain(whole)}
    return Outcome("fail" if part > whole else "pass", values, (where,), f"{plain(part)}/{plain(whole)}")


def _above_facts(case: Case, part: str, whole: Sequence[str]) -> Iterator[Outcome]:
    less, *more = (case.report.fact(name) for name in (part, *whole))
    known = isinstance(less.value, (int, float)) and isinstance(more[0].value, (int, float))
    facts = [fact for fact in (less, *more) if fact.state != "absent"]
    if not known or not all(fact.exact for fact in facts):
        return
    values = [fact.value for fact in more if isinstance(fact.value, (int, float))]
    assert isinstance(less.value, (int, float))
    yield _above(less.value, sum(values), less.where)


def _claims(
    report: Report, passage: Passage, claims: Mapping[str, Sequence[Pattern]], unless: Sequence[Pattern]
) -> Iterator[Outcome]:
    words = words_of(report)
    for name, patterns in claims.items():
        seen: dict[Value, tuple[int, int]] = {}
        for pattern in candidates(patterns, words):
            for match in pattern.finditer(passage.text, words):
                if _besides(passage.text, match, report.year, unless):
                    continue
                number = parse_number(match["n"])
                said = match["n"] if number is None else plain(number)
                seen[said] = min(seen.get(said, match.span()), match.span())
        places = sorted(seen.items(), key=lambda item: item[1])
        where = tuple(passage.where(*span) for _, span in places)
        if len(places) > 1:
            yield Outcome("fail", {"name": name, "this": places[0][0], "other": places[1][0]}, where, name)
        elif places:
            yield Outcome("pass", {"name": name}, where, name)


def _besides(text: str, match: Any, year: int | None, unless: Sequence[Pattern]) -> bool:
    """True for a hit that speaks of another year, or whose sentence has one of ``unless`` before the hit's end."""
    if "y" in match.re.groupindex and match["y"] and match["y"] != str(year):
        return True
    start = sentence_start(text, match.start(), "。；！？\n")
    return any(pattern.search(text[start : match.end()]) for pattern in unless)
