"""Reads the facts of ``rules/facts.yaml`` from the scopes of a report: every sighting, its raw words and its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from checker.extract.matter import of_something_else
from checker.extract.numerals import exactly, parse_number, with_coins
from checker.extract.times import aside, ends, instead, of_several_years, said_of, torn
from checker.extract.whose import NOBODY, Organ, another, ours, wider
from checker.factmap import FactMap, FactSpec, Reading
from checker.late import late
from checker.model import ABSENT, UNREAD, Fact, Line, Passage, Place, Sighting, Value, record
from checker.patterns import NOTHING, SHORT, Pairs, Pattern, PatternTimeout, pairs
from checker.patterns.source import FIGURES

_ABOUT = late(r"(?:近|约|超|逾|大约|超过|接近)[共计]?$")
#: the name of a channel, and how many it has
_OF_CHANNEL = late(
    r"([^\d，]+?)(?:主动|共|累计)*(?:公开|发布|公布|上传|推送)?(?:政府|政务)?(?:信息)?(?:共|共计|为)*"
    r"(\d[\d,， ]*+(?:\.\d+)?万?)(?=[余多来]?(?:条|件|篇|份|项|则|宗|起|例|只|次|笔|封|期)|[，、；。…+＋]|\Z)"
)
_ANY_FIGURE = late(rf"[\d{FIGURES}]")
EMPTY = Passage()
_NOTHING = late(
    r"[…\s.]+|（?(?:待(?:补充|填写?|定|完善)|略|暂缺)）?。?|附[件表]?\d?：.*"
)  #: what is no text under a heading
_FIGURES = ("count", "money")
_ONE_IS_ENOUGH = ("text", "statement")
LONG = frozenset({"body", "main", "all"})
_FEW = 1000  #: ways in which a gate can be tried from one place, so few that it needs no time limit


@record
class _Hit:
    order: tuple[bool, int, int, int]
    start: Place
    end: Place
    sighting: Sighting


@record
class _Searched:
    """What is searched of a passage: all of its ``text``, or the sentences of it that can hold a fact, run together.

    ``inner`` and ``outer`` lead from such sentences back to the passage. ``words``: the pairs of the report, where the
    text is so long that it pays to ask them.
    """

    passage: Passage
    text: str
    figured: bool
    words: Pairs | None
    inner: Sequence[int] = ()
    outer: Sequence[int] = ()

    def shift(self, at: int) -> int:
        """How far the passage has the character ``at`` from where the text has it."""
        if not self.inner:
            return 0
        index = max(bisect_right(self.inner, at) - 1, 0)
        return self.outer[index] - self.inner[index]


@lru_cache(maxsize=256)
def _finder(gate: Pattern) -> Callable[[str, int], Any]:
    """What looks for a gate: a few words, which ``re`` finds in half the time of ``regex``."""
    if gate.steps <= _FEW:
        with suppress(re.error):
            return re.compile(gate.expanded).search
    return gate.search


class Places:
    """What is searched of the scopes of a report, worked out when first asked for: facts share their gates.

    ``words``: the pairs of the report. ``organ``: the name and level of whose it is, the name empty where unknown.
    """

    def __init__(self, texts: Mapping[str, Passage], words: Pairs, organ: Organ = NOBODY) -> None:
        self.texts, self.words, self.organ = texts, words, organ
        self._gated: dict[tuple[str, str], Sequence[tuple[int, int]]] = {}
        self._searched: dict[tuple[str, str, str], _Searched] = {}

    def of(self, spec: FactSpec, reading: Reading, scope: str) -> _Searched | None:
        """What of a scope can hold a fact; None where there is no such scope."""
        gate, about = (reading.gate or spec.gate, spec.about) if scope in LONG else (None, None)
        key = scope, gate.source if gate else "", about.source if about else ""
        found = self._searched.get(key)
        if found is None and (passage := self.texts.get(scope)):
            sentences: Iterable[tuple[int, int]] | None = self._sentences(scope, passage, gate) if gate else None
            if about and sentences:
                sentences = _telling(passage.text, sentences, about.possible(self.words))
            found = self._searched[key] = _searched(passage, sentences, self.words)
        return found

    def _sentences(self, scope: str, passage: Passage, gate: Pattern) -> Sequence[tuple[int, int]]:
        key = scope, gate.source
        if key not in self._gated:
            self._gated[key] = _gated(passage, gate, self.words)
        return self._gated[key]


def _gated(passage: Passage, gate: Pattern, words: Pairs) -> Sequence[tuple[int, int]]:
    """The sentences in which ``gate`` matches. To look for ten words takes no longer than one search by ``re``."""
    text, found = passage.text, {}
    if gate.plain:
        for word in gate.possible(words):
            at = text.find(word)
            while at >= 0:
                begin, end = passage.sentence(at, at + len(word))
                found[begin] = end
                at = text.find(word, end)
        return sorted(found.items())
    find, end = _finder(gate), 0
    while match := find(text, end):
        begin, end = passage.sentence(*match.span())
        found[begin] = end
        end += 1
    return list(found.items())


def _telling(text: str, sentences: Iterable[tuple[int, int]], about: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Those of the sentences that have one of the words, or stand with one between the same 。"""
    for begin, end in sentences:
        sentence = text[begin:end]
        if any(map(sentence.__contains__, about)):
            yield begin, end
        elif text[begin - 1 : begin] == "；" or text[end : end + 1] == "；":
            first = max(text.rfind("。", 0, begin), text.rfind("\n", 0, begin)) + 1
            if any(map(text[first : ends(text, end, "。\n")].__contains__, about)):
                yield begin, end


def _searched(passage: Passage, sentences: Iterable[tuple[int, int]] | None, words: Pairs) -> _Searched:
    """All of ``passage``, or some of its sentences run together; one that begins a line still begins one."""
    text = passage.text
    if sentences is None:
        return _Searched(passage, text, True, words if len(text) >= SHORT else None)
    pieces: list[str] = []
    inner: list[int] = []
    outer: list[int] = []
    size = 0
    for begin, end in sentences:
        end = min(end + 1, len(text))
        if (begin == 0 or text[begin - 1] == "\n") and pieces and not pieces[-1].endswith("\n"):
            pieces.append("\n")
            size += 1
        inner.append(size)
        outer.append(begin)
        pieces.append(text[begin:end])
        size += end - begin
    found = "".join(pieces)
    figured = size >= SHORT or _ANY_FIGURE.search(found) is not None
    return _Searched(passage, found, figured, words if size >= SHORT else None, inner, outer)


def read_facts(
    texts: Mapping[str, Passage],
    facts: FactMap,
    variant: int,
    wanted: Set[str] | None = None,
    organ: Organ = NOBODY,
) -> dict[str, Fact]:
    """Every fact that has readings. ``variant`` picks the patterns made for the report's year (see ``Reading``).

    A fact whose pattern runs into its time limit is ``unread``: nobody knows what the text says of it. So is a fact
    that is not ``wanted``: it is not looked for.
    """
    found = {}
    places = Places(texts, pairs(texts["all"].text) if "all" in texts else frozenset(), organ)
    for spec in facts.readable:
        if wanted is not None and spec.id not in wanted:
            found[spec.id] = UNREAD
            continue
        try:
            found[spec.id] = read_fact(spec, places, variant)
        except PatternTimeout:
            found[spec.id] = UNREAD
    return found


def read_fact(spec: FactSpec, places: Places, variant: int) -> Fact:
    """The fact of ``spec`` in the ``places`` of a report."""
    hits: list[_Hit] = []
    known: dict[tuple[str, Pattern | None], _Searched | None] = {}
    single = spec.type in _ONE_IS_ENOUGH or spec.type == "map"
    for rank, reading in enumerate(spec.readings):
        if hits and (single or reading.only == "alone") and not all(hit.sighting.aside for hit in hits):
            continue  # a count wants every sighting, for contradictions; a text wants its best one
        if reading.only == "yearly" and any(not hit.sighting.cumulative for hit in hits):
            continue
        pattern = reading.pattern(variant)
        if pattern is None:
            for scope in reading.scopes:
                if passage := places.texts.get(scope):
                    hits += _under(reading, passage, rank, places.texts)
            continue
        if pattern.ruled_out(places.words):
            continue
        for order, scope in enumerate(reading.scopes):
            key = scope, reading.gate
            if key not in known:
                known[key] = places.of(spec, reading, scope)
            place = known[key]
            if place and place.text and (place.figured or not pattern.figured):
                matches = pattern.finditer(place.text, place.words)
                if matches is NOTHING:  # nearly always
                    continue
                found = _find(spec, reading, matches, place, (rank, order), hits, variant, places.organ)
                hits += [hit for hit in found if not hit.sighting.aside] if reading.only == "alone" and hits else found
    if not hits:
        return ABSENT
    if any(not (hit.sighting.aside or hit.sighting.cumulative) for hit in hits):
        hits = [hit for hit in hits if not hit.sighting.aside]
    hits.sort(key=lambda hit: hit.order)
    kept = _distinct(hits)
    first = kept[0]
    value = _mapping(kept) if spec.type == "map" else first.value
    return Fact("given", value, first.raw, first.where, tuple(kept))


def _distinct(hits: list[_Hit]) -> list[Sighting]:
    """One sighting for each place: of overlapping hits the one of the earlier reading stays."""
    kept: list[_Hit] = []
    for hit in hits:
        if not _is_taken(hit.start, hit.end, kept):
            kept.append(hit)
    return [hit.sighting for hit in kept]


def _is_taken(start: Place, end: Place, hits: Sequence[_Hit], *, yearly: bool = False) -> bool:
    """Whether one of the hits (``yearly``: one of this year's) has anything of the text between two places."""
    return any(hit.start < end and start < hit.end and not (yearly and hit.sighting.cumulative) for hit in hits)


def _mapping(sightings: list[Sighting]) -> Mapping[str, int | float]:
    result: dict[str, int | float] = {}
    for sighting in sightings:
        if match := _OF_CHANNEL.match(sighting.raw):
            number = parse_number(match[2])
            if number is not None:
                result.setdefault(_short(match[1]), number)
    return result


def _short(channel: str) -> str:
    """A channel's name in twelve characters: of a longer list of them the first."""
    first, mark, _ = channel.strip().partition("、")
    return channel.strip() if len(channel) <= 12 else f"{first}等" if mark and len(first) < 12 else channel[-12:]


def _under(reading: Reading, passage: Passage, rank: int, texts: Mapping[str, Passage]) -> list[_Hit]:
    """The text under a heading of the topic counts as the answer when it is long enough."""
    size = sum(len(line.text) for line in passage.lines if not _NOTHING.fullmatch(line.text))
    if size < max(reading.min, 1):
        return []
    lines: Sequence[Line] = passage.lines
    shared = texts.get(reading.unless_only, EMPTY) if reading.unless_only else EMPTY
    if shared and shared.text == passage.text:
        if not reading.test(passage.text):
            return []
        lines = [line for line in lines if reading.test(line.text)]
    # a line about the other half of a shared part, or another year, is not the one to quote
    reject = reading.reject
    line = next((line for line in lines if not (reject and reject.search(line.text))), passage.lines[0])
    where = line.where(0, min(len(line.text), 60))
    first = passage.lines[0]
    return [
        _Hit(
            (False, rank, 0, 0),
            first.place(0),
            first.place(len(first.text)),
            Sighting(_told(line.text), where.quote or "", where),
        )
    ]


def _find(
    spec: FactSpec,
    reading: Reading,
    matches: Iterable[Any],
    place: _Searched,
    rank: tuple[int, int],
    earlier: Sequence[_Hit],
    variant: int,
    organ: Organ,
) -> list[_Hit]:
    """What a reading finds in a passage; nothing where an ``earlier`` one has found this year's figure already."""
    hits: list[_Hit] = []
    passage, text, one = place.passage, place.passage.text, spec.type in _ONE_IS_ENOUGH
    year = FactMap.year(variant)
    for match in matches:
        begin, end = match.span()
        shift = place.shift(begin)
        begin, end = begin + shift, end + shift
        first, last = passage.sentence(begin, end)
        if reading.vetoed(text, first, begin, end, last):
            continue
        groups = match.groupdict()
        start, stop = (at + shift for at in match.span("v")) if "v" in groups else (begin, end)
        line, base = passage.at(start)
        inside = start - base, min(stop - base, len(line.text))
        places = line.place(inside[0]), line.place(inside[1])
        if not one and _is_taken(*places, earlier, yearly=True):
            continue
        where = line.where(*inside)
        raw = line.said(*inside)
        value = _value(reading, match, raw, text, shift)
        if value is None:
            continue
        if spec.type == "statement" and reading.value is None:
            value = _told(text[first:last])
        number = match.start("n") + shift if "n" in groups else 0
        approx = bool(groups.get("x")) or bool(number and _ABOUT.search(text[max(first, number - 3) : number]))
        if number and (approx or "万" in match["n"]) and (exact := exactly(text, match.end("n") + shift, value)):
            value, approx = exact, False
        cumulative = spec.type == "count" and of_several_years(text[first:end])
        if spec.run and not cumulative:
            continue
        other = of_something_else(spec, passage, (begin, end), match[0], value, figured=bool(number))
        sighting = Sighting(value, raw, where, approx, cumulative, other)
        hit = _Hit((cumulative, *rank, start), *places, sighting)
        if spec.run:  # of several years, as it should be: this year's own figure beside it is another fact's
            hits.append(replace(hit, sighting=replace(sighting, cumulative=False)))
            continue
        figure = (number, match.end("n") + shift) if number else None
        hits += _timed(hit, passage, (begin, end), figure, year, organ) if spec.type in _FIGURES else [hit]
        if one:
            break
    return hits


def _timed(
    hit: _Hit,
    passage: Passage,
    span: tuple[int, int],
    figure: tuple[int, int] | None,
    year: int | None,
    organ: Organ,
) -> list[_Hit]:
    """The hit at ``span``; where it answers for another time than the report year, marked, with what does answer."""
    text, (begin, end) = passage.text, span
    if figure is None and torn(text[begin:end], year):
        return []
    first, last = passage.sentence(begin, end)
    whose = _whose(text, figure, organ) if figure else ""
    if whose or aside(text, first, span, figure, year):
        hit = hit if whose == "open" else replace(hit, sighting=replace(hit.sighting, aside=True))
    elif not hit.sighting.cumulative:
        return [hit]
    if whose and figure:
        found = _ours(text, span, figure)
    else:
        found = instead(text, (first, ends(text, last, "。\n")), span, figure, year)
    if found is None:
        return [hit]
    value, start, stop = found
    line, base = passage.at(start)
    own = Sighting(value, line.said(start - base, stop - base), line.where(start - base, stop - base))
    return [hit, _Hit((False, *hit.order[1:]), line.place(start - base), line.place(stop - base), own)]


def _whose(text: str, figure: tuple[int, int], organ: Organ) -> str:
    """Of whom a figure is, where its line tells another organ or a region from the organ itself."""
    at = figure[0]
    first = max(text.rfind("\n", 0, at), text.rfind("。", 0, at)) + 1
    if another(text[first:at], organ):
        return "another"
    return wider(text, (first, at), ends(text, at, "\n")) if text.find("全", first, at) >= 0 else ""


def _ours(text: str, span: tuple[int, int], figure: tuple[int, int]) -> tuple[int | float, int, int] | None:
    """What a line says of the organ itself after the figure of a region, with its place."""
    at, stop = figure[1], ends(text, figure[1], "\n")
    own = ours(text, at, stop)
    return said_of(text, (at, *own), stop, text[slice(*span)]) if own else None


def _told(text: str) -> str:
    """What is told of a statement: 60 characters at most, the last one saying that there was more."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def _value(reading: Reading, match: Any, raw: str, text: str, shift: int) -> Value:
    """What a match says; of an amount in 元 with the 角 and 分 that follow in ``text``, ``shift`` further on."""
    if reading.value is not None:
        return reading.value
    groups = match.groupdict()
    written, unit = groups.get("n"), groups.get("u")
    if not written:
        return raw.strip() if "v" in groups else match[0]
    number = parse_number(written)
    if number is not None and unit == "万元":
        number = round(number * 10_000, 2)
        return int(number) if number == int(number) else number
    if isinstance(number, int) and unit in ("元", "块"):
        return with_coins(number, text[match.end("u") + shift : match.end("u") + shift + 4])
    return number
