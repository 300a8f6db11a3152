"""Reads the facts of ``rules/facts.yaml`` from the scopes of a report: every sighting, its raw words and its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.extract.numerals import parse_number
from checker.factmap import FactMap, FactSpec, Reading
from checker.model import ABSENT, Fact, Passage, Sighting, Value, Where

_BREAKS = "。；！？\n"
_ABOUT = re.compile(r"(?:近|约|超|逾|大约|超过|接近)[共计]?$")
_LONG_RUN = re.compile(r"历年|以来|至今|迄今|目前为止|截[至止到]{1,2}目前|自.{2,14}以来")
_SUM = re.compile(r"累计|总计达")
_THIS_YEAR = re.compile(r"全年|本年|今年|当年|年内|20\d\d年(?!底|末|1[0-2]月|[1-9]月)")
EMPTY = Passage()


@dataclass(frozen=True, slots=True)
class _Hit:
    order: tuple[bool, int, int, int]
    start: int
    end: int
    sighting: Sighting


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence around start:end (up to 。；！？ or a line's end)."""
    first = max(text.rfind(mark, 0, start) for mark in _BREAKS) + 1
    last = min((at for mark in _BREAKS if (at := text.find(mark, end)) >= 0), default=len(text))
    return first, last


def read_facts(texts: Mapping[str, Passage], facts: FactMap, variant: int) -> dict[str, Fact]:
    """Every fact that has readings. ``variant`` picks the patterns made for the report's year (``facts.nextyear``)."""
    return {spec.id: _read(spec, texts, variant) for spec in facts.readable}


def _read(spec: FactSpec, texts: Mapping[str, Passage], variant: int) -> Fact:
    hits: list[_Hit] = []
    for rank, reading in enumerate(spec.readings):
        if hits and (reading.only or spec.type in ("text", "map")):
            continue  # a count wants every sighting, for contradictions; a text wants its best one
        for order, scope in enumerate(reading.scopes):
            passage = texts.get(scope, EMPTY)
            if passage:
                hits += (
                    _under(reading, passage, rank, texts)
                    if reading.under
                    else _find(spec, reading, passage, rank, order, variant)
                )
    if not hits:
        return ABSENT
    hits.sort(key=lambda hit: hit.order)
    kept = _distinct(hits)
    first = kept[0]
    value = _mapping(kept) if spec.type == "map" else first.value
    return Fact("given", value, first.raw, first.where, tuple(kept))


def _distinct(hits: list[_Hit]) -> list[Sighting]:
    """One sighting for each place: of overlapping hits the one of the earlier reading stays."""
    kept: list[Sighting] = []
    places: list[tuple[Where, int, int]] = []
    for hit in hits:
        where = hit.sighting.where
        taken = any(
            w.block == where.block and w.line == where.line and s < hit.end and hit.start < e for w, s, e in places
        )
        if not taken:
            kept.append(hit.sighting)
            places.append((where, hit.start, hit.end))
    return kept


def _mapping(sightings: list[Sighting]) -> Mapping[str, int | float]:
    result: dict[str, int | float] = {}
    for sighting in sightings:
        if match := re.match(
            r"([^\d]+?)(?:主动|共|累计)*(?:公开|发布|公布|上传|推送)?(?:政府|政务)?(?:信息)?(?:共|共计|为)*([\d,，]+)",
            sighting.raw,
        ):
            number = parse_number(match[2])
            if number is not None:
                result.setdefault(match[1][-12:], number)
    return result


def _under(reading: Reading, passage: Passage, rank: int, texts: Mapping[str, Passage]) -> list[_Hit]:
    """The text under a heading of the topic counts as the answer when it is long enough."""
    size = sum(len(line.text) for line in passage.lines)
    if size < reading.min or re.fullmatch(r"[…\s.]+", passage.text):
        return []
    line = passage.lines[0]
    shared = texts.get(reading.unless_only, EMPTY) if reading.unless_only else EMPTY
    if shared and shared.text == passage.text and not reading.test(passage.text):
        return []
    where = line.where(0, min(len(line.text), 60))
    value = passage.text[:60].split("\n")[0]
    return [_Hit((False, rank, 0, 0), 0, len(line.text), Sighting(value, where.quote or "", where))]


def _find(spec: FactSpec, reading: Reading, passage: Passage, rank: int, order: int, variant: int) -> list[_Hit]:
    text = passage.text
    hits = []
    for match in reading.pattern(variant).finditer(text):
        first, last = sentence(text, match.start(), match.end())
        if reading.vetoed(text, first, match, last):
            continue
        start, end = match.span("v") if "v" in match.re.groupindex else match.span()
        value = _value(reading, match, passage.raw(start, end))
        if value is None:
            continue
        where = passage.where(start, end)
        line, base = passage.at(start)
        groups = match.groupdict()
        approx = bool(groups.get("x")) or (
            "n" in groups and bool(_ABOUT.search(text[max(first, match.start("n") - 3) : match.start("n")]))
        )
        cumulative = spec.type == "count" and _cumulative(text[first : match.end()])
        sighting = Sighting(value, passage.raw(start, end), where, approx, cumulative)
        hits.append(
            _Hit(
                (cumulative, rank, order, start),
                start - base + line.source[0][0],
                end - base + line.source[0][0],
                sighting,
            )
        )
    return hits


def _cumulative(clause: str) -> bool:
    """A total over several years: 历年, 以来, 至今 ..., or 累计 with no year named before it."""
    run = [m.end() for m in _LONG_RUN.finditer(clause)]
    year = [m.end() for m in _THIS_YEAR.finditer(clause)]
    if run and (not year or max(year) < max(run)):
        return True
    total = _SUM.search(clause)
    return bool(total and not year)


def _value(reading: Reading, match: Any, raw: str) -> Value:
    if reading.value is not None:
        return reading.value
    groups = match.groupdict()
    if "n" in groups:
        number = parse_number(groups["n"])
        if number is not None and groups.get("u") == "万元":
            number = round(number * 10_000, 2)
            return int(number) if number == int(number) else number
        return number
    return raw.strip()
