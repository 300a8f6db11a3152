"""Whether the text says what an official form says (tally)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NotRequired, TypedDict

from ..formula import Formula, Number, exact, figures, plain
from ..late import late
from ..model import Case, Outcome, Report, Sighting, Value
from ..patterns import Pattern

_IN_MYRIADS = late(r"(\d+(?:\.\d+)?)万")
_CENTS = 2  #: places to which an amount in 万元 is rounded; a 0 stands for less than half of the last one


class Pair(TypedDict):
    """Facts of the text, the formula over a form that must give the same, and others that would explain a difference.

    ``rest``: figures that must be equal as well, or else the case wants review. ``told``: what other sums of the form
    make of its figure; where the text says that, the form is at fault, and a rule on the form tells it. ``sum``: the
    figures of one paragraph are parts of what the form gives. ``per``: the text counts in the smaller unit, so many of
    them in one of the form's (10000: 元 and 万元).
    """

    text: Sequence[str]
    table: Formula
    also: NotRequired[Sequence[Formula]]
    rest: NotRequired[Formula]
    told: NotRequired[Sequence[Formula]]
    sum: NotRequired[bool]
    per: NotRequired[int]


def tally(
    case: Case,
    *,
    pairs: Mapping[str, Pair],
    compare: Literal["all", "figures", "zeros"] = "all",
    optional: Sequence[str] = (),
    ignore: Sequence[Pattern] = (),
) -> Iterator[Outcome]:
    """What the text says agrees with the form, one outcome for each of ``pairs`` {name: ...}, whose subject it is.

    All exact sightings count: one that fits is enough, and figures that add up to the form's are parts of it; then a
    sighting above it wants review. ``figures`` compares where neither side is nought, ``zeros`` only nought with some.
    Sightings with a word of ``ignore`` accuse nobody. Values ``name this other terms``; ``terms``: how the figure
    is made up, in brackets, empty where it is one cell.

    Of a pair with ``sum`` a paragraph's parts may not make more than the form; two or more that make less want review.
    """
    report = case.report
    numbers: Mapping[str, Number] = {}
    for name, pair in pairs.items():
        said: Sequence[Sighting] = list(_said(report, pair["text"]))
        if not said and not _open(report, pair):
            yield Outcome("n/a", subject=name)
            continue
        table = pair["table"]
        facts = [report.fact(each) for each in table.names]
        states = {fact.state for fact in facts}
        if states <= {"absent"} or not said or "unread" in states:
            yield Outcome("n/a" if states <= {"absent"} else "unknown", subject=name)
            continue
        numbers = numbers or _numbers(report, optional)
        value = table.value(numbers)
        if value is None:
            yield Outcome("unknown", subject=name)
            continue
        also = (formula.value(numbers) for formula in pair.get("also", ()))
        if pair.get("sum"):
            said, state = _summed(said, value, also)
        else:
            per = pair.get("per")
            said = [_in_units(one, per, value) if per else _unrounded(one, value) for one in said]
            said, state = _held(said, value, also, compare, ignore)
        if state == "pass" and "rest" in pair and pair["rest"].value(numbers) != said[0].value:
            state = "review"
        first = next((s for s in said if s.value != value), said[0]) if state != "pass" else said[0]
        if state in ("fail", "review") and _told_by_sums(first, pair.get("told", ()), numbers):
            state = "n/a"
        values: dict[str, Value] = {"name": name, "this": first.value, "other": plain(value)}
        values["terms"] = f"（{table.shown(numbers)}）" if len(facts) > 1 else ""
        yield Outcome(state, values, (first.where, *[fact.where for fact in facts]), name)


def _told_by_sums(one: Sighting, sums: Sequence[Formula], numbers: Mapping[str, Number]) -> bool:
    figure = exact(one.value)
    return figure is not None and any(formula.value(numbers) == figure for formula in sums)


def _numbers(report: Report, optional: Sequence[str]) -> Mapping[str, Number]:
    """The figures of the report, an absent fact of ``optional`` as 0."""
    noughts = [name for name in optional if report.fact(name).state == "absent"]
    return {**figures(report.facts), **dict.fromkeys(noughts, 0)} if noughts else figures(report.facts)


def _open(report: Report, pair: Pair) -> bool:
    return any(report.fact(name).state == "unread" for name in pair["text"])


def _said(report: Report, names: Sequence[str]) -> Iterator[Sighting]:
    """What the text says of the facts; one that only the form's cells add up to is said by no text."""
    for name in names:
        fact = report.fact(name)
        for one in fact.sightings or (
            (Sighting(fact.value, fact.raw, fact.where),) if fact.state == "given" and not fact.where.table else ()
        ):
            if not one.qualifiers:
                yield one


_State = Literal["pass", "fail", "review", "n/a"]


def _verdict(
    said: Sequence[Sighting],
    value: Value,
    also: Iterable[Number | None],
    compare: str,
    *,
    parts: Sequence[Sighting],
) -> _State:
    """What the sightings come to beside the form's ``value``, which ``parts`` may add up to."""
    figures = [s.value for s in said if isinstance(s.value, int | float)]
    if not isinstance(value, int | float) or not figures:
        return "n/a"
    nought = [figure == 0 for figure in figures]
    if compare == "zeros":
        clear = all(nought) or not any(nought)
        return ("pass" if nought[0] == (value == 0) else "fail") if clear else "n/a"
    if compare == "figures":
        figures = [figure for figure in figures if figure]
        if not figures or not value:
            return "n/a"
    if value in figures:
        return "review" if any(figure > value for figure in figures) else "pass"
    if _adds_up(parts, value):
        return "pass"
    return "review" if any(other == exact(figure) for other in also for figure in figures) else "fail"


def _held(
    said: Sequence[Sighting], value: Number, also: Iterable[Number | None], compare: str, ignore: Sequence[Pattern]
) -> tuple[Sequence[Sighting], _State]:
    """The verdict on single figures, and those that it is about."""
    told = [s for s in said if not any(pattern.search(s.raw) for pattern in ignore)]
    state = _verdict(said, plain(value), (), compare, parts=told or said)
    if state == "pass":
        return said, state
    return told or said[:1], _verdict(told, plain(value), also, compare, parts=told) if told else "n/a"


def _summed(
    said: Sequence[Sighting], value: Number, also: Iterable[Number | None]
) -> tuple[Sequence[Sighting], _State]:
    """The verdict on the parts of each paragraph (网络3件、信函2件), and the sum that it is about as one sighting."""
    paragraphs: dict[tuple[int | None, int | None], list[tuple[int | float, Sighting]]] = {}
    for one in said:
        if isinstance(one.value, int | float):
            paragraphs.setdefault((one.where.block, one.where.line), []).append((one.value, one))
    found: list[tuple[int | float, int, Sighting]] = []
    for parts in paragraphs.values():
        figures = [figure for figure, _ in parts]
        runs = [sum(figures[a:b]) for a in range(len(figures)) for b in range(a + 1, len(figures) + 1)]
        whole = replace(parts[0][1], value=sum(figures))
        if value in runs:
            return (whole,), "pass"
        found.append((sum(figures), len(figures), whole))
    most, count, whole = max(found, key=lambda item: item[0])
    if most > value:
        return (whole,), "review" if any(other == exact(most) for other in also) else "fail"
    return (whole,), "review" if count > 1 else "n/a"


def _in_units(one: Sighting, per: int, value: Number) -> Sighting:
    """A figure of the text in the unit of the form's ``value``; what may be that value rounded is that value."""
    if not isinstance(one.value, int | float):
        return one
    figure = Decimal(str(one.value)) / per
    same = _rounded(figure, max(_places(value), _CENTS if value == 0 else 0)) == value
    if "万" in one.raw:
        same = same or _rounded(Decimal(value), _places(figure)) == figure
    return replace(one, value=plain(value) if same else plain(figure))


def _rounded(number: Decimal, places: int) -> Decimal:
    """As clerks round: half of the last place goes up."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _unrounded(one: Sighting, value: Number) -> Sighting:
    """A figure of the text in 万; what may be the form's ``value`` rounded is that value."""
    if written := _IN_MYRIADS.search(one.raw) if "万" in one.raw else None:
        figure = Decimal(written[1])
        if figure * 10_000 == one.value and round(Decimal(value) / 10_000, _places(figure)) == figure:
            return replace(one, value=plain(value))
    return one


def _places(number: Number) -> int:
    """How many decimal places a number is written with."""
    exponent = Decimal(number).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _adds_up(said: Sequence[Sighting], value: int | float) -> bool:
    """The figures of one line are parts of the form's: 网络1件、信函2件."""
    lines: dict[tuple[int | None, int | None], float] = {}
    for one in said:
        if isinstance(one.value, int | float):
            place = (one.where.block, one.where.line)
            lines[place] = lines.get(place, 0) + one.value
    return value in lines.values() or (len(said) > 1 and sum(lines.values()) == value)
