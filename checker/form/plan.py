"""What the report of a year looks like: its lines from top to bottom, and its forms as printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from checker.form.layout import Printed, Spot, ordinal, printed, spots
from checker.formula import Formula, parse
from checker.model import EraSpec, Level, Pack
from checker.pack.files import read as load
from checker.pack.files import rules_home
from checker.pack.strict import read


class Refused(Exception):
    """What was given does not fit, or is no file of figures; the message is one plain Chinese line."""


class NoForm(Refused):
    """There is no template for this year."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: ``kind`` as template.yaml names it (p, h1, form ...), its wording or the form's id."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The forms of one edition with their figures in printed order, and the lines of a report that carries them.

    A mere set of figures has no lines.
    """

    edition: str
    forms: Mapping[str, Printed]
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...] = ()


@cache
def _source() -> Mapping[str, Any]:
    """template.yaml as data. It belongs to us and is checked by tests, not for every run."""
    name = "rules/template.yaml"
    value: Mapping[str, Any] = read(load(rules_home() / "template.yaml", name), name).value
    return value


def blank(pack: Pack, year: int, place: str, level: Level | None) -> Plan:
    """The report that ``place`` has to write for ``year``. Raises NoForm."""
    era = _era(pack, year)
    report = next((one for one in _source()["reports"] if era.id in one["editions"]), None)
    if report is None:
        raise NoForm(f"{year} 年度全国没有统一的格式，没有范本。")
    names = {"place": place, "year": year, "next": year + 1}
    lines = tuple(_lines(_fitting(report["body"], era.id, level), names))
    edition = report["editions"][era.id]
    return figures_of(pack, {line.text: edition for line in lines if line.kind == "form"}, lines)


def figures_of(pack: Pack, editions: Mapping[str, str], lines: tuple[Line, ...] = ()) -> Plan:
    """The forms with these ids, each as its edition has it; without lines no report is around them."""
    specs = {spec.id: spec for spec in pack.facts.layouts}
    plans = _source()["forms"]
    forms = {name: printed(specs[name], edition, plans[name], pack.facts) for name, edition in editions.items()}
    order = {box.fact: place for place, box in enumerate(box for form in forms.values() for box in form.boxes)}
    found = [spot for name, edition in editions.items() for spot in spots(specs[name], edition)]
    found.sort(key=lambda spot: order[spot.fact])
    return Plan(max(editions.values(), default=""), forms, tuple(found), lines)


def usual(pack: Pack, year: int | None) -> Plan:
    """The forms that the report of ``year`` must carry; none where there is no national format."""
    try:
        return blank(pack, year or 0, "", None)
    except NoForm:
        return Plan("", {}, ())


def _era(pack: Pack, year: int) -> EraSpec:
    found = next((era for era in pack.eras if era.start <= year <= (era.end or year)), None)
    if found is None:
        raise NoForm(f"没有 {year} 年度适用的格式。")
    return found


def _fitting(body: Iterable[Mapping[str, Any]], era: str, level: Level | None) -> Iterator[Mapping[str, Any]]:
    """The lines for this era and level; with the level unknown, all of them."""
    for item in body:
        if era in item.get("eras", era) and (level is None or level in item.get("levels", (level,))):
            yield item


def _lines(body: Iterable[Mapping[str, Any]], names: Mapping[str, object]) -> Iterator[Line]:
    """The lines with names filled in and headings numbered."""
    count = {"h1": 0, "h2": 0}
    for item in body:
        kind, text = next((key, value) for key, value in item.items() if key not in ("eras", "levels"))
        text = text.format_map(names)
        if kind in count:
            text = ordinal(0 if kind == "h1" else 1, count[kind]) + text
            count = {**count, kind: count[kind] + 1} | ({"h2": 0} if kind == "h1" else {})
        yield Line(kind, text)


def carried(pack: Pack, plan: Plan, before: Plan) -> dict[str, Formula]:
    """Fact of ``plan`` -> how it follows from the report of the year ``before`` (``last.`` stands before its facts)."""
    own = {spot.fact for spot in plan.spots}
    known = own | {f"last.{spot.fact}" for spot in before.spots}
    found: dict[str, Formula] = {}
    for spec in pack.facts.layouts:
        if spec.id not in plan.forms:
            continue
        names = dict.fromkeys((row, column) for block in spec.blocks for row, column, _ in block.cells)
        for target, source in _source()["forms"][spec.id].get("carried", {}).items():
            for row, column in names:
                fact, formula = _filled(target, row, column), parse(_filled(source, row, column))
                if fact in own and known.issuperset(formula.names):
                    found[fact] = formula
    return found


def _filled(template: str, row: str, column: str) -> str:
    return template.replace("$row", row).replace("$col", column)
