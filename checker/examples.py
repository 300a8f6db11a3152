"""The examples of a pack, run: does every rule do what it says of itself?"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from checker.judge import applicable, lacks, outcomes, severity_of, shown
from checker.model import (
    ABSENT,
    LAST,
    QUALIFIERS,
    UNREAD,
    Block,
    Case,
    Cell,
    Document,
    Earlier,
    Era,
    Example,
    Fact,
    Level,
    Outcome,
    Pack,
    Paragraph,
    Report,
    Rule,
    Sighting,
    Table,
    Where,
)

#: what an example with several outcomes counts as: the first of these that is among them
_FIRST = ("broken", "fail", "review", "pass", "unknown", "n/a")


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example: its rule, its position from 1, the state wanted, the state met; no ``trouble`` when it is right."""

    rule: str
    number: int
    wanted: str
    met: str
    trouble: str = ""
    outcomes: tuple[Outcome, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.trouble


def run_examples(pack: Pack, wanted: Container[str] | None = None) -> list[ExampleResult]:
    """The results of all examples of all rules, or of those with these ids, in the order of the pack."""
    return [
        run_example(rule, number, example, pack)
        for rule in pack.rules
        if wanted is None or rule.id in wanted
        for number, example in enumerate(rule.examples, 1)
    ]


def run_example(rule: Rule, number: int, example: Example, pack: Pack) -> ExampleResult:
    """One example of a rule."""
    found = _found(rule, example, pack)
    states = {outcome.state for outcome in found}
    met = next(state for state in _FIRST if state in states)
    if rule.confidence == "low" and {met, example.state} == {"fail", "review"}:
        met = example.state  # a failure of such a rule is shown as review
    return ExampleResult(rule.id, number, example.state, met, _trouble(example, met, found, pack), found)


def _found(rule: Rule, example: Example, pack: Pack) -> tuple[Outcome, ...]:
    try:
        case = case_of(rule, example, pack)
    except Exception as error:  # a text that cannot be read is this example's trouble, not the run's
        return (Outcome("broken", {"error": f"{type(error).__name__}：{error}"}),)
    if (state := applicable(rule, case.report)) or not severity_of(rule, case.report):
        return (Outcome(state or "n/a"),)
    if rule.against and lacks(case, rule.against):
        return (Outcome("unknown"),)
    return tuple(outcome for turn in rule.turns for outcome in outcomes(turn, case))


def _trouble(example: Example, met: str, found: tuple[Outcome, ...], pack: Pack) -> str:
    """What is wrong with an example, in Chinese, or nothing."""
    if met != example.state:
        error = next((outcome.values["error"] for outcome in found if outcome.state == "broken"), "")
        return f"应为 {example.state}，实为 {met}" + (f"（{error}）" if error else "")
    values = max(found, key=lambda outcome: outcome.state in (met, "fail")).values
    for name, wanted in example.expect.items():
        got = values.get(name)
        if got != _frozen(wanted) and shown(got, pack.facts.specs) != shown(_frozen(wanted), pack.facts.specs):
            return f"{name} 应为 {wanted}，实为 {got}"
    return ""


def case_of(rule: Rule, example: Example, pack: Pack) -> Case:
    """What an example stands for: its report, last year's and other units' where it tells of them."""
    report = report_of(rule, example, pack)
    return Case(report, _last(example, (report.year or 0) - 1, pack), example.twins, example.names)


def _last(example: Example, year: int, pack: Pack) -> Earlier | None:
    """Last year's report: its facts over what its text says, everything else unread; None where neither is given."""
    from checker.likeness import earlier

    given = {name.removeprefix(LAST): fact_of(value) for name, value in example.facts.items() if name.startswith(LAST)}
    if example.last is not None:
        return earlier(_from_text(example.last, year, example.level, given, pack))
    return Earlier(year, None, dict.fromkeys(pack.facts.specs, UNREAD) | given) if given else None


def report_of(rule: Rule, example: Example, pack: Pack) -> Report:
    """The report that an example stands for: its facts over what its text says, everything else unread."""
    year = example.year or usual_year(rule, pack)
    level = example.level or (rule.levels[0] if rule.levels else None)
    given = {name: fact_of(value) for name, value in example.facts.items() if not name.startswith(LAST)}
    if example.text is not None:
        read = _from_text(example.text, example.year, level, given, pack)
        return read if read.year is not None else _from_text(example.text, year, level, given, pack)
    facts = dict.fromkeys(pack.facts.specs, UNREAD) | given
    return Report("例子", "facts", None, level, year, era_of(year, pack), "", facts, {})


def _from_text(text: str, year: int | None, level: Level | None, given: Mapping[str, Fact], pack: Pack) -> Report:
    from dataclasses import replace

    from checker.extract import extract

    document = Document("例子", "txt", tuple(_blocks(text)))
    read = extract(document, pack.facts, year=year, level=level)
    return replace(read, facts={**read.facts, **given})


def _blocks(text: str) -> Iterator[Block]:
    """The lines of an example; those that begin with ``|`` are the rows of a table."""
    number = 0
    for ruled, group in groupby(text.split("\n"), key=lambda line: line.startswith("|")):
        lines = list(enumerate(group, number + 1))
        number += len(lines)
        if ruled:
            cells = (
                [Cell(cell.strip(), Where(line=at)) for cell in line[1:].rstrip().removesuffix("|").split("|")]
                for at, line in lines
            )
            yield Table(tuple(map(tuple, cells)), Where(line=lines[0][0], block=lines[0][0] - 1))
        else:
            yield from (
                Paragraph(line, Where(line=at, block=at - 1, quote=line[:200])) for at, line in lines if line.strip()
            )


def usual_year(rule: Rule, pack: Pack) -> int:
    """A report year to which the rule applies: the second of its first era, within its own years."""
    first, last = rule.years
    spec = next(era for era in pack.eras if era.id in rule.eras and _meets(era.start, era.end, first, last))
    return min(max(spec.start + 1, first or 0), spec.end or 9999, last or 9999)


def _meets(start: int, end: int | None, first: int | None, last: int | None) -> bool:
    return (last is None or start <= last) and (first is None or end is None or first <= end)


def era_of(year: int, pack: Pack) -> Era | None:
    return next((era.id for era in pack.eras if era.start <= year <= (era.end or 9999)), None)


def fact_of(value: Any) -> Fact:
    """A fact as an example writes it: null is absent, a mapping with ``state`` or ``value`` is explicit."""
    if value is None:
        return ABSENT
    if not isinstance(value, dict) or not (value.keys() & {"state", "value", "sightings", "raw"}):
        frozen = _frozen(value)
        return Fact("given", frozen, _raw(value), Where(quote=_raw(value)))
    content = _frozen(value.get("value"))
    raw = str(value["raw"]) if "raw" in value else "" if content is None else _raw(content)
    sightings = tuple(_sighting(item) for item in value.get("sightings", ()))
    if content is None and sightings:
        content, raw = sightings[0].value, sightings[0].raw
    if value.get("approx"):
        sightings = (Sighting(content, raw, Where(quote=raw), approx=True), *sightings)
    return Fact(
        value.get("state", "given" if content is not None or raw else "absent"),
        content,
        raw,
        Where(quote=raw),
        sightings,
    )


def _sighting(item: Any) -> Sighting:
    if not isinstance(item, dict):
        return Sighting(_frozen(item), _raw(item), Where(quote=_raw(item)))
    raw = str(item.get("raw", _raw(item["value"])))
    marks = {key: bool(item.get(key, False)) for key in QUALIFIERS}
    return Sighting(_frozen(item["value"]), raw, Where(quote=raw), **marks)


def _raw(value: Any) -> str:
    return (
        "至".join("" if item is None else str(item) for item in value)
        if isinstance(value, list | tuple)
        else str(value)
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
