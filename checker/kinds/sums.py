"""Arithmetic inside prose: parts and whole, shares, rates of growth, one number for one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, islice, takewhile
from typing import Any

from ..extract.numerals import parse_number
from ..late import late
from ..model import LAST, Case, Outcome, Passage, Report, Value, VerdictState, Where, record
from ..patterns import Pattern, candidates
from .words import words_of

# Arabic with separators or blanks between thousands, or Chinese numerals
_NUMBER = (
    r"(?:(?<![\d.])\d{1,3}(?:[,，]\d{3}){1,4}(?!\d)|(?<![\d.])\d{1,15}(?:\.\d{1,4})?(?: \d{3}){0,3}(?!\d))万?"
    r"|[零〇一二三四五六七八九两十百千万]{1,9}"
)
_LIST, _SENTENCE = 800, 200  #: characters looked at: of a list after its lead, of a sentence before a figure
_MOST, _MOST_LISTS = 50, 500  #: findings of one rule, and lists looked at, in one report
_UNIT = r"人次|件次|条次|条|件|篇|宗|起|项|份|次|个|期|场|例"
_AMOUNT = late(
    # 10 6条: a number broken by a blank is not guessed at
    rf"(?P<approx>大约|约|将近|近|超过|逾)?(?<!第)(?<!\d )(?P<number>{_NUMBER})"
    rf"(?P<more>余|多)?(?P<unit>{_UNIT})(?P<open>等(?!级))?"
)
_BARE = late(rf"(?P<numbers>(?:\d{{1,9}}、){{1,60}})(?=\d{{1,9}}(?P<unit>{_UNIT}))")
_CHANGE = late(r"(?:增加|增长|减少|下降|上升|较|同比|比上|比去|环比)[^，。；、]{0,12}$")
_COUNTED = late(r"(?:共|计|总数|总量)[^，。；\d]{0,8}$")
_LEAD = late(r"其中|分别为|分别是|分别有|具体(?:包括|为|是|有)|按[^，。；：\d\n]{1,8}分(?:类)?[，：]")
_TURN = late(r"其中|同时|同一|此外|另外|另有|[，；]另|[，；]并|[；，]按[^，。；：\d\n]{1,8}分")
_DEED = late(r"；(?:组织|举办|召开|开展|参加|回应|接待|受理)")
_ADDED = late(r"[，、；](?:以上|上述|各项|两项|三项|四项|全年|本年度?)*(?:合计|共计|总计|一共)(?:收到|为|有|达|是|：)*")
_BRACKETED = late(r"（[^（）]*）|，其中[^；。\n]{1,40}(?=；)")  #: an aside: 解读28条，其中稿件11篇；
_OPEN_LIST = late(r"…|包括|包含|其余|含(?!量)|等等|从略|不一一")
_CARRIED = late(r"结转|转结|转入|遗留")  # 收到21件，上年结转1件。其中…: the list divides both
_REST = late(r"其[他它]")
_TALLIED = late(r"(?:[只仅均的按共]计|只算)(?:为|作)?$")  # 只计1条 is how to count, no part
_OVERLAP = late(r"同一(?:条|件|份)?(?:政府)?信息|只计|重复(?:计|公开|发布)|(?:渠道|内容)(?:有|存在)?(?:交叉|重复)")
_ENDS = late(r"[。！？]|(?<![：，、；])\n")


@record
class _Count:
    """A number with its measure word at text[start:end]; ``label`` is the wording before it in its clause."""

    value: float
    unit: str
    label: str
    start: int
    end: int
    approx: bool = False
    change: bool = False
    open: bool = False
    spelt: bool = False

    def moved(self, by: int) -> _Count:
        return replace(self, start=self.start + by, end=self.end + by)


def _counts(text: str, start: int, end: int) -> Iterator[_Count]:
    for match in _AMOUNT.finditer(text, start, end):
        value = parse_number(match["number"])
        if value is None:
            continue
        clause = re.split(r"[，。；、：\n]", text[start : match.start()])[-1]
        yield _Count(
            value,
            match["unit"],
            clause,
            match.start(),
            match.end(),
            approx=bool(match["approx"] or match["more"]),
            change=bool(_CHANGE.search(text[start : match.start()])),
            open=bool(match["open"]),
            spelt=not match["number"][0].isdigit(),
        )


def _bare(text: str, start: int, end: int) -> Iterator[_Count]:
    """The leading numbers of 4、29、1条, which have no measure word of their own."""
    for match in _BARE.finditer(text, start, end):
        at = match.start()
        for number in match["numbers"].split("、")[:-1]:
            yield _Count(int(number), match["unit"], "", at, at + len(number))
            at += len(number) + 1


def itemised(
    case: Case,
    *,
    check: str,
    scope: str = "body",
    near: float = 0.1,
    channels: Sequence[Pattern] = (),
    families: Sequence[Pattern] = (),
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
    approximate, or of two ``families`` is passed over; review when a label is one of ``channels``, when a part equals
    the whole, or when the list may be a choice only (the sum is below the whole by more than the share ``near`` of it).
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
        "parts": lambda: _parts(passage, near, channels, families),
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


def _plain(value: float) -> Value:
    return int(value) if value == int(value) else round(value, 2)


def _sentence(text: str, end: int, marks: str) -> int:
    """Where the sentence that reaches to ``end`` begins, looked for so far back only."""
    low = max(end - _SENTENCE, 0)
    return max(low, *(text.rfind(mark, low, end) + 1 for mark in marks))


# --- parts and whole


@record
class _Breakdown:
    totals: tuple[_Count, ...]  #: figures of the same measure before the list, nearest first
    parts: tuple[_Count, ...]
    listed: str
    distributes: bool  #: 分别为: the list is complete by its wording
    mixed: float  #: the sum of all its figures, those of other measures (95条、51期) included
    near: bool  #: no figure of another measure stands between the whole and the list


@lru_cache(maxsize=4)
def _breakdowns(text: str) -> tuple[_Breakdown, ...]:
    """All lists of the text, those of a single part included."""
    return tuple(_divisions(text))


def _divisions(text: str) -> Iterator[_Breakdown]:
    divided: set[int] = set()  # where parts of earlier lists stand: they are no whole of a later one
    for lead in islice(_LEAD.finditer(text), _MOST_LISTS):
        listed = _listed(text[lead.end() : lead.end() + _LIST])
        found = [*_counts(listed, 0, len(listed)), *_bare(listed, 0, len(listed))]
        parts = [c.moved(lead.end()) for c in sorted(found, key=lambda c: c.start)]
        parts = [part for part in parts if not part.change and not _TALLIED.search(part.label)]
        if not parts:
            continue
        unit, mixed = parts[0].unit, sum(part.value for part in parts)
        parts = [part for part in parts if part.unit == unit]
        nested = "（" in text[max(lead.start() - _SENTENCE, 0) : lead.start()].rpartition("）")[2]
        before = _before(text, lead.start())
        totals = tuple(c for c in before if c.unit == unit and (nested or c.start not in divided))
        divided.update(part.start for part in _own(parts, totals))
        if totals:
            parts = _before_next(parts, text, [total.value for total in totals])
            near = before[0] is totals[0]
            yield _Breakdown(totals, tuple(parts), listed, not lead[0].startswith(("其", "具")), mixed, near)


def _before_next(parts: list[_Count], text: str, wholes: Sequence[float]) -> list[_Count]:
    """The parts up to where the next thing is counted: 举办发布会3次，其中负责人出席1次；组织在线访谈2次.

    That is a deed after ；, or else a figure above the whole after the first one, unless all of them make the whole.
    """
    first, rest = parts[0], parts[1:]
    if sum(part.value for part in parts) in wholes or not rest or text[first.end] != "；":
        return parts
    above = first.value <= wholes[0] < max(part.value for part in rest)
    deed = _DEED.match(text, first.end) and not _DEED.match(f"；{first.label}")
    return [first] if above or deed else parts


def _own(parts: list[_Count], totals: tuple[_Count, ...]) -> list[_Count]:
    """The parts of a list: up to where they make the whole, and none where there is but one figure."""
    sums = list(accumulate(part.value for part in parts))
    whole = next((n for n, value in enumerate(sums, 1) if n > 1 and any(value == t.value for t in totals)), len(parts))
    return parts[:whole] if len(parts) > 1 else []


def _listed(text: str) -> str:
    """The list that ``text`` begins with, the bracketed asides in it blanked."""
    stop = _ENDS.search(text)
    listed = _BRACKETED.sub(lambda m: "·" * len(m[0]), text[: stop.start()] if stop else text)
    listed = listed.partition("）")[0]
    turn = _TURN.search(listed)
    return listed[: turn.start()] if turn else listed


def _before(text: str, end: int) -> list[_Count]:
    """Figures that the list at ``end`` may divide, nearest first: those of its sentence, or of the one before."""
    head = text[max(end - _SENTENCE, 0) : end]
    sentences = re.split(r"[。！？\n]", head)
    own = sentences[-1].strip("，；：、（ ")
    kept = sentences[-1] if own else "。".join(sentences[-2:])
    start = end - len(kept)
    found = [c for c in _counts(text, start, end) if not c.change]
    return [c for c in found[::-1] if not c.spelt or _COUNTED.search(text[start : c.start])]


def _parts(
    passage: Passage, near: float, channels: Sequence[Pattern], families: Sequence[Pattern]
) -> Iterator[Outcome]:
    for item in (*_breakdowns(passage.text), *_added_up(passage.text, (*families, *channels))):
        item = _of_one_family(item, families)
        labels = [part.label for part in item.parts]
        if len(labels) < 2 or _left_open(item):
            continue
        state, total = _addition(item, near, any(c.search(label) for c in channels for label in labels))
        explained = _OVERLAP.search(passage.text, item.parts[-1].end, item.parts[-1].end + 60)
        mixed = sum(any(family.search(label) for label in labels) for family in families) > 1
        if state != "pass" and (mixed or explained):
            continue
        parts = [part.value for part in item.parts]
        gap = sum(parts) - total.value
        values: dict[str, Value] = {
            "total": _plain(total.value),
            "sum": _plain(sum(parts)),
            "gap": _plain(abs(gap)),
            "way": "多" if gap > 0 else "少",
            "parts": "＋".join(str(_plain(value)) for value in parts),
            "unit": total.unit,
        }
        where = passage.where(min(total.start, item.parts[0].start), max(total.end, item.parts[-1].end))
        yield Outcome(state, values, (where,), f"{values['total']}{total.unit}")


def _added_up(text: str, families: Sequence[Pattern]) -> Iterator[_Breakdown]:
    """Lists whose whole follows them: 网络3件、信函2件，合计5件. They reach back as far as one of ``families`` does."""
    for lead in islice(_ADDED.finditer(text), _MOST_LISTS):
        total = next(_counts(text, lead.end(), min(lead.end() + 16, len(text))), None)
        if total is None or total.start != lead.end():
            continue
        start = _sentence(text, lead.start(), "。；！？：\n")
        if own := _of_family(_listed_before(text, start, lead.start(), total.unit), families):
            yield _Breakdown((total,), own[::-1], text[start : lead.start()], True, 0, True)


def _listed_before(text: str, start: int, end: int, unit: str) -> list[_Count]:
    """The figures of the clauses just before ``end``, nearest first, as long as each has one, and of this unit."""
    parts: list[_Count] = []
    for begin, stop in reversed(list(_clauses(text, start, end))):
        found = list(_counts(text, begin, stop))
        if len(found) != 1 or found[0].unit != unit or found[0].change:
            break
        parts += found
    return parts


def _of_family(parts: Sequence[_Count], families: Sequence[Pattern]) -> tuple[_Count, ...]:
    """The first parts that are of the first one's family: all named by a channel, or all by an outcome."""
    family = next((family for family in families if parts and family.search(parts[0].label)), None)
    return tuple(takewhile(lambda part: bool(family.search(part.label)), parts)) if family else ()


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for mark in re.finditer(r"[，、]", text[start:end]):
        yield at, start + mark.start()
        at = start + mark.end()
    yield at, end


def _of_one_family(item: _Breakdown, families: Sequence[Pattern]) -> _Breakdown:
    """A list without what follows its first parts and is of another family, where these alone exceed the whole.

    收到5件，其中网络3件、信函3件，上年结转1件: the first two are too many already.
    """
    own = _of_family(item.parts, families)
    above = sum(part.value for part in own) > max(total.value for total in item.totals)
    return replace(item, parts=own) if above and 1 < len(own) < len(item.parts) else item


def _left_open(item: _Breakdown) -> bool:
    if item.totals[0].approx or any(part.approx or part.open for part in item.parts):
        return True
    return bool(_OPEN_LIST.search(item.listed))


def _addition(item: _Breakdown, near: float, by_channel: bool) -> tuple[VerdictState, _Count]:
    """The verdict on one list, and the whole that it was held against."""
    values = [part.value for part in item.parts]
    # the first parts may already make the whole; what follows then is another way to divide it
    sums = list(accumulate(values))[1:]
    for total in item.totals:
        if total.value in sums or total.value == item.mixed:
            return "pass", total
    if len(item.totals) > 1 and sum(total.value for total in item.totals) in sums:
        return "pass", item.totals[
            0
        ]  # a list, and the same divided another way: 甲类112条、乙类73条。其中网站90条，其他95条
    carried = sum(total.value for total in item.totals if _CARRIED.search(total.label))
    totals = [total for total in item.totals if not _CARRIED.search(total.label)] or item.totals
    if carried and totals[0].value + carried in sums:
        return "pass", totals[0]
    total, whole = totals[0], sum(values)
    if whole > total.value:
        return ("review" if by_channel or total.value in values else "fail"), total
    gap = total.value - whole
    complete = item.distributes or any(_REST.search(part.label) for part in item.parts)
    slip = len(values) > 2 and gap <= max(near * total.value, 1)
    if complete or slip:
        return ("review" if by_channel else "fail"), total
    return ("review" if whole * 2 >= total.value else "pass"), total


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


def _share_rows(text: str, start: int, end: int) -> list[tuple[_Count | None, float, str, tuple[int, int]]]:
    """Each stated share of a sentence with the count it belongs to, its label and its place."""
    rows: list[tuple[_Count | None, float, str, tuple[int, int]]] = []
    last = start
    for match in _SHARE.finditer(text, start, end):
        own = [
            c
            for c in _counts(text, max(last, match.start() - _SENTENCE), match.start())
            if not c.change and match.start() - c.end <= 3
        ]
        count = own[-1] if own and not own[-1].approx else None
        label = text[last : match.start()]
        rows.append((count, float(match["percent"]), label, (count.start if count else match.start(), match.end())))
        last = match.end()
    return rows


def _share_outcomes(
    passage: Passage,
    rows: Sequence[tuple[_Count | None, float, str, tuple[int, int]]],
    span: tuple[int, int],
    tolerance: float,
    total_tolerance: float,
) -> Iterator[Outcome]:
    counts = [count for count, *_ in rows if count]
    added = sum(count.value for count in counts)
    totals = _wholes(passage.text, rows, span[0])
    rest = any(_REST.search(label) for _, _, label, _ in rows)
    complete = len(rows) > 1 and len(counts) == len(rows) and (added in totals or (rest and not totals))
    wrong = list(_wrong_shares(passage, rows, {added} if complete else totals, tolerance))
    yield from wrong
    if complete or (len(rows) > 1 and rest and not counts):
        total = _whole_share(passage, [percent for _, percent, *_ in rows], total_tolerance, span)
        # rounding alone can take a right list a little off 100
        yield total if wrong or not counts else Outcome("pass")
    elif not wrong and counts and totals:
        yield Outcome("pass")


def _wholes(text: str, rows: Sequence[tuple[_Count | None, float, str, tuple[int, int]]], start: int) -> set[float]:
    """Figures before the first share that its count may be a part of: of the same measure, and not smaller."""
    first = next((count for count, *_ in rows if count), None)
    if first is None:
        return set()
    before = [
        c
        for c in _counts(text, max(start - 120, first.start - 2 * _SENTENCE, 0), first.start)
        if not (c.approx or c.change)
    ]
    return {c.value for c in before if c.unit == first.unit and c.value >= first.value}


def _wrong_shares(
    passage: Passage,
    rows: Sequence[tuple[_Count | None, float, str, tuple[int, int]]],
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
_STEP = late(rf"(?:增加|减少|多|少|增长|下降)了?(?P<number>{_NUMBER})(?:{_UNIT})")
_LAST = late(rf"(?:上年|去年|上一年度?|上年度)(?:同期)?(?:的|为|是|共)?（?(?P<number>{_NUMBER})(?:{_UNIT})")


def _growth(case: Case, passage: Passage, tolerance: float, fact: str | None) -> Iterator[Outcome]:
    text = passage.text
    for rate in _RATE.finditer(text) if "%" in text else ():
        start = _sentence(text, rate.start(), "。！？\n")
        sentence = text[start : rate.start()]
        base = _base(case, sentence, fact, rate["way"][0] in "下减降")
        now = next((c for c in _counts(sentence, 0, len(sentence)) if not c.change and not c.approx), None)
        if now is None or not base:
            continue
        stated = float(rate["percent"]) * (-1 if rate["way"][0] in "下减降" else 1)
        expected = 100 * (now.value - base) / base
        state: VerdictState = "pass" if abs(stated - expected) <= tolerance else "fail"
        values: dict[str, Value] = {"found": f"{stated:g}%", "expected": f"{expected:.1f}%", "last": _plain(base)}
        yield Outcome(state, values, (passage.where(start, rate.end()),), rate[0])


def _base(case: Case, sentence: str, fact: str | None, falling: bool) -> float | None:
    """Last year's figure: named in the sentence, or worked out from the stated step, or from last year's report."""
    if match := _LAST.search(sentence):
        return parse_number(match["number"])
    now = next((c for c in _counts(sentence, 0, len(sentence)) if not c.change), None)
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
    for item in _breakdowns(passage.text):
        first = item.parts[0]
        if item.near and not first.approx and not any(total.approx for total in item.totals):
            most = max(*(total.value for total in item.totals), _together(passage.text, item.totals))
            yield _above(first.value, most, passage.where(item.totals[0].start, first.end))
    if part and whole:
        yield from _above_facts(case, part, whole)


def _together(text: str, totals: Sequence[_Count]) -> float:
    """What the nearest figures make that stand in one row: 建议11件、提案14件，其中……25件."""
    value, first = totals[0].value, totals[0]
    for total in totals[1:]:
        if re.search(r"[，。；！？\n]", text[total.end : first.start]):
            break
        value, first = value + total.value, total
    return value


def _above(part: float, whole: float, where: Where) -> Outcome:
    values: dict[str, Value] = {"part": _plain(part), "whole": _plain(whole)}
    return Outcome("fail" if part > whole else "pass", values, (where,), f"{_plain(part)}/{_plain(whole)}")


def _above_facts(case: Case, part: str, whole: Sequence[str]) -> Iterator[Outcome]:
    less, *more = (case.report.fact(name) for name in (part, *whole))
    known = isinstance(less.value, (int, float)) and isinstance(more[0].value, (int, float))
    if not known or less.approx or any(fact.approx or fact.state not in ("given", "absent") for fact in more):
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
                said = match["n"] if number is None else _plain(number)
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
    start = _sentence(text, match.start(), "。；！？\n")
    return any(pattern.search(text[start : match.end()]) for pattern in unless)
