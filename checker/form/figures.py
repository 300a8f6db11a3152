"""The figures of a report: taken from it, carried over from last year's, summed up. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checker.extract.tables import figure
from checker.formula import Formula, plain
from checker.late import late
from checker.model import Fact, Level, Pack, Report

UNREAD = "【未读】"  #: what stands for a cell that could not be read; no reader takes it for a number or a blank
_SUM = late(r"[\w.]+(?:\s*\+\s*[\w.]+)+")

Figures = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Data:
    """What ``--data`` gives and ``extract`` takes: figures by fact id, each without a place, and whose they are."""

    figures: Figures
    year: int | None = None
    place: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others, as an identity rule says."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """A given figure that is not what it should be."""

    fact: str
    given: int | float
    due: int | float


def taken(report: Report, names: Iterable[str]) -> dict[str, Fact]:
    """The report's own words on these facts; those that it does not have are left out."""
    facts = {name: report.fact(name) for name in names}
    return {name: bare(fact) for name, fact in facts.items() if fact.state != "absent"}


def bare(fact: Fact) -> Fact:
    """A fact without its place; of a given one only the value counts, of one read from our own mark nothing does."""
    if fact.state == "unread" or fact.raw.strip() == UNREAD:
        return Fact("unread")
    return Fact("given", fact.value) if fact.state == "given" else Fact(fact.state, None, fact.raw)


def said(text: str) -> Fact:
    """A figure as somebody wrote it."""
    if text.strip() == UNREAD:
        return Fact("unread")
    state, value = figure(text)
    return Fact("given", value) if state == "given" else Fact(state, None, text.strip())


def wording(fact: Fact | None) -> str:
    """A figure as it is printed: a number in digits, anything else as it was written."""
    if fact is None:
        return ""
    if fact.state == "unread":
        return UNREAD
    return digits(fact.value) if isinstance(fact.value, int | float) else fact.raw


def digits(value: int | float) -> str:
    """A number in plain digits, whatever its size."""
    return format(plain(Decimal(str(value))), "d") if value == int(value) else format(Decimal(str(value)), "f")


# --- sums ---------------------------------------------------------------------------------------------------------


def sums(pack: Pack, names: Iterable[str]) -> tuple[Sum, ...]:
    """The sums that hold among these facts: every rule that says total = part + part, parts of other editions aside."""
    own = set(names)
    found: dict[Sum, None] = {}
    for rule in pack.rules:
        for turn in rule.turns if rule.kind == "identity" else ():
            given = turn.call.params
            left, right, free = given["left"], given["right"], set(given.get("optional", ()))
            if given["relation"] != "=" or len(left.names) != 1 or not _SUM.fullmatch(right.source.strip()):
                continue
            parts = tuple(name for name in right.names if name in own)
            if left.source.strip() in own and set(right.names) - own <= free:
                found[Sum(left.source.strip(), parts)] = None
    return tuple(found)


def summed(figures: Figures, rules: Sequence[Sum]) -> tuple[dict[str, Fact], tuple[Clash, ...]]:
    """The figures with every empty or unread total filled whose parts are all given, and the given totals that are
    wrong.

    A total that is given is never changed, nor is one that says "/" or anything else. Unread is a total that a program
    wrote as a formula and nobody computed.
    """
    result = dict(figures)
    open_ = list(rules)
    while ready := [rule for rule in open_ if _due(result, rule) is not None and _lacks(result.get(rule.total))]:
        for rule in ready:
            if _lacks(result.get(rule.total)) and (due := _due(result, rule)) is not None:
                result[rule.total] = Fact("given", due)
    return result, tuple(_clashes(result, rules))


def empty(fact: Fact | None) -> bool:
    return fact is None or fact.mark == "empty"


def _lacks(fact: Fact | None) -> bool:
    return empty(fact) or (fact is not None and fact.state == "unread")


def _due(figures: Figures, rule: Sum) -> int | float | None:
    """The sum of the parts, or None when one has no number."""
    numbers = [number(figures.get(name)) for name in rule.parts]
    known = [value for value in numbers if value is not None]
    return plain(sum(known, Decimal(0))) if len(known) == len(numbers) else None


def number(fact: Fact | None) -> Decimal | None:
    given = fact is not None and fact.state == "given" and isinstance(fact.value, int | float)
    return Decimal(str(fact.value)) if fact is not None and given else None


def _clashes(figures: Figures, rules: Iterable[Sum]) -> Iterable[Clash]:
    for rule in rules:
        value, due = number(figures.get(rule.total)), _due(figures, rule)
        if value is not None and due is not None and value != Decimal(str(due)):
            yield Clash(rule.total, plain(value), due)


# --- last year ----------------------------------------------------------------------------------------------------


def carried_over(
    figures: Figures, last: Report, formulas: Mapping[str, Formula]
) -> tuple[dict[str, Fact], tuple[Clash, ...], tuple[str, ...]]:
    """The figures with what follows from last year's report, given ones that differ from it, and what it left open.

    ``formulas`` as ``plan.carried`` gives them. This year's figures in them count as nought while they are not given.
    What last year's format did not have is not carried; what it had and nobody could read is named in the third part.
    """
    result, clashes, unknown = dict(figures), [], []
    for name, formula in formulas.items():
        before = [part for part in formula.names if part.startswith("last.")]
        facts = {part: last.fact(part.removeprefix("last.")) for part in before}
        if any(fact.state == "absent" for fact in facts.values()):
            continue
        numbers = {part: number(facts[part]) if part in facts else _own(figures, part) for part in formula.names}
        due = formula.value(numbers)
        if due is None:
            unknown.append(name)
        elif empty(result.get(name)):
            result[name] = Fact("given", plain(due))
        elif (value := number(result[name])) is not None and value != due:
            clashes.append(Clash(name, plain(value), plain(due)))
    return result, tuple(clashes), tuple(unknown)


def _own(figures: Figures, name: str) -> Decimal:
    return number(figures.get(name)) or Decimal(0)
