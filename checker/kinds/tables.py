"""Kinds that look at the official forms: what a form lacks (table), and whether the text says what it says (tally)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NotRequired, TypedDict

from ..formula import Formula, Number, exact, figures, plain
from ..late import late, once_for_each
from ..model import Case, Fact, FactState, Form, Outcome, Report, Sighting, Value, VerdictState, Where
from ..patterns import Pattern, candidates
from .words import words_of

_IN_MYRIADS = late(r"(\d+(?:\.\d+)?)万")
_CENTS = 2  #: places to which an amount in 万元 is rounded; a 0 stands for less than half of the last one
_SHOWN = 5  #: places that a message names

#: what is asked of a form; what each means stands at ``table``
Check = Literal[
    "there", "labels", "columns", "all", "blanks", "numbers", "filled", "some", "extra", "note", "edition", "place",
    "says", "lacking",
]  # fmt: skip


# --- the form itself ----------------------------------------------------------------------------------------------


def table(
    case: Case,
    *,
    forms: Sequence[str],
    check: Check,
    edition: str | None = None,
    places: Mapping[str, str] | None = None,
    signed: Sequence[str] = (),
    decimals: Sequence[str] = (),
    any_of: Sequence[Pattern] = (),
) -> Iterable[Outcome]:
    """One thing about each of the official ``forms``; every form is one outcome, whose subject is its id.

    there: the report has it, if it has the part of the topic that ``places`` gives. labels: no row is missing or
    renamed; columns: none is missing; all: both. blanks: no cell is empty; filled: not all cells are; some: not all
    cells of all ``forms`` are (one outcome). numbers: cells are integers from 0 on (``signed`` may be negative,
    ``decimals`` may have a fraction). extra: no further column.
    note: its printed note is there. edition: no label of another ``edition``. place: it stands in its part. says: its
    labels, its cells or the text hold one of ``any_of``. lacking: it is neither there nor named by one of ``any_of``.
    Values ``form found count``. A form that was not read gives unknown, one that is not there n/a (there: fail).
    """
    report = case.report
    known = {form.id: form for form in report.forms}
    if check == "some":
        yield _some([_filled(report, name, known.get(name)) for name in forms])
        return
    for name in forms:
        form = known.get(name)
        if check == "lacking":
            yield _lacking(report, name, form, any_of)
        elif check == "filled":
            yield _filled(report, name, form)
        elif check in ("blanks", "numbers"):
            yield _cells(report, name, form, check == "blanks", signed, decimals)
        elif form is None:
            yield Outcome(_gone(report, name, check, (places or {}).get(name)), {"form": TITLES[name]}, (), name)
        elif check == "there":
            yield Outcome("pass", {"form": form.title}, (form.where,), name)
        elif check == "place":
            yield _placed(form, (places or {}).get(name, ""))
        else:
            found = _FOUND[check](report, form, edition, any_of)
            told = _told(form, found, form.where)
            yield replace(told, state="unknown") if _beyond(report, check, told.state) else told


def _beyond(report: Report, check: str, state: VerdictState) -> bool:
    """A workbook of forms alone does not tell: the edition without a year, what else the text may say."""
    missing = (check == "edition" and report.year is None) or (check == "says" and state == "fail")
    return report.forms_only and missing


def _lacking(report: Report, name: str, form: Form | None, any_of: Sequence[Pattern]) -> Outcome:
    live = candidates(any_of, words_of(report))
    named = any(pattern.search(line.text) for pattern in live for line in report.texts["all"].lines)
    if form or named:
        return Outcome("fail", {"form": TITLES[name]}, (form.where,) if form else (), name)
    return Outcome("unknown" if _unread(report, name) else "pass", {"form": TITLES[name]}, (), name)


TITLES: Mapping[str, str] = {"t2": "表二", "t3": "表三", "t4": "表四", "stat": "统计表", "early": "统计表"}


def _gone(report: Report, name: str, check: str, topic: str | None) -> Literal["unknown", "fail", "n/a"]:
    """What it means that a form was not met; where its part is missing as a whole, that is said elsewhere."""
    if _unread(report, name):
        return "unknown"
    part = topic is None or any(topic in section.heading.topics for section in report.sections)
    return "fail" if check == "there" and part else "n/a"


def _unread(report: Report, name: str) -> bool:
    """Nobody knows whether the form is there: its facts could not be read."""
    return name in report.unread or name not in report.groups


def _told(form: Form, found: Sequence[str], *where: Where) -> Outcome:
    shown = _some_of(found, "处")
    values: dict[str, Value] = {"form": form.title, "found": shown, "count": len(found)}
    state: VerdictState = "unknown" if form.blurred else "fail" if found else "pass"
    return Outcome(state, values, where, form.id)


def _some_of(found: Sequence[str], what: str) -> tuple[str, ...]:
    """As many as are told one by one; the last of them says how many there are."""
    if len(found) <= _SHOWN:
        return tuple(found)
    return (*found[: _SHOWN - 1], f"{found[_SHOWN - 1]}等{len(found)}{what}")


def _labels(_report: Report, form: Form, *_: object) -> tuple[str, ...]:
    return (*form.missing, *form.renamed)


def _columns(_report: Report, form: Form, *_: object) -> tuple[str, ...]:
    return form.lost


def _edition(_report: Report, form: Form, edition: str | None, *_: object) -> tuple[str, ...]:
    return form.foreign or ((f"{form.edition}年格式",) if form.edition and form.edition != edition else ())


def _says(report: Report, form: Form, _edition: str | None, any_of: Sequence[Pattern]) -> tuple[str, ...]:
    printed = (*form.labels, *(fact.raw for fact in report.cells[form.id].values()))
    if any(pattern.search(text) for pattern in any_of for text in printed):
        return ()
    live = candidates(any_of, words_of(report))
    told = any(pattern.search(line.text) for pattern in live for line in report.texts["all"].lines)
    return () if told else (form.title,)


_FOUND: Mapping[str, Callable[..., tuple[str, ...]]] = {
    "labels": _labels,
    "columns": _columns,
    "all": lambda report, form, *_: _labels(report, form) + _columns(report, form),
    "extra": lambda _report, form, *_: form.extra,
    "note": lambda _report, form, *_: () if form.note else (form.title,),
    "edition": _edition,
    "says": _says,
}


def _placed(form: Form, topic: str) -> Outcome:
    """A form in a part that is about something else; parts without a known topic are given the benefit."""
    values: dict[str, Value] = {"form": form.title, "found": form.where.section}
    if not form.topics or topic in form.topics:
        return Outcome("pass" if form.topics else "n/a", values, (form.where,), form.id)
    return Outcome("fail", values, (form.where,), form.id)


def _facts(report: Report, name: str, form: Form | None) -> Mapping[str, Fact]:
    """The cells of a form that are there; of one that only single facts tell of, these."""
    return report.printed.get(name, {}) if form is None else report.cells[form.id]


@once_for_each(16)
def _states(facts: Mapping[str, Fact]) -> Counter[FactState]:
    """How many cells of a form are in which state."""
    return Counter([fact.state for fact in facts.values()])


def _filled(report: Report, name: str, form: Form | None) -> Outcome:
    """Whether a form has anything in its cells; with some unread, nobody knows that it has nothing."""
    states = set(_states(_facts(report, name, form)))
    read = states - {"unread"}
    state: VerdictState = "pass" if read - {"blank"} else "unknown" if "unread" in states else "fail" if read else "n/a"
    return Outcome(state, {"form": TITLES[name]}, (form.where,) if form else (), name)


def _some(forms: Sequence[Outcome]) -> Outcome:
    """Whether any of several forms has anything in its cells."""
    states = {form.state for form in forms} - {"n/a"}
    if states == {"fail"}:
        return Outcome("fail", {"count": sum(form.state == "fail" for form in forms)}, forms[0].where)
    return Outcome("pass" if "pass" in states else "unknown" if states else "n/a")


def _cells(
    report: Report, name: str, form: Form | None, blanks: bool, signed: Sequence[str], decimals: Sequence[str]
) -> Outcome:
    """The cells that are empty, or that are no proper number."""
    facts = _facts(report, name, form)
    if blanks:
        bad = [fact for fact in facts.values() if fact.state == "blank"] if _states(facts)["blank"] else []
    else:
        unusual = [(key, fact) for key, fact in facts.items() if type(fact.value) is not int or fact.value < 0]
        bad = [fact for key, fact in unusual if _odd(fact, key in signed, key in decimals)]
    title = TITLES[name]
    if bad:
        places = tuple(_place(fact, title) for fact in bad)
        shown = _some_of(places, "格")
        wheres = tuple(fact.where for fact in bad[:_SHOWN])
        values: dict[str, Value] = {"form": title, "found": shown, "count": len(bad)}
        if blanks:
            values["marks"] = Counter(fact.mark for fact in bad if fact.mark)
        return Outcome("fail", values, wheres, name)
    unread = _states(facts)["unread"]
    if unread == len(facts) or (form and unread):
        return Outcome("unknown" if facts else "n/a", {"form": title}, (), name)
    return Outcome("pass", {"form": title}, (form.where,) if form else (), name)


def _odd(fact: Fact, signed: bool, decimal: bool) -> bool:
    value = fact.value
    if fact.state == "malformed":
        return True
    if fact.state != "given" or not isinstance(value, int | float):
        return False
    return (value < 0 and not signed) or (value != int(value) and not decimal)


def _place(fact: Fact, title: str) -> str:
    """Where a cell is, as an officer finds it, with what stands there."""
    names = "，".join(part for part in (fact.where.row, fact.where.col) if part) or title
    said = " ".join(fact.raw.split())  # a cell of two lines, in a message of one
    return f"“{names}”（{'空着' if fact.mark == 'empty' else f'填的是“{said}”'}）"


# --- text and form ------------------------------------------------------------------------------------------------


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
        also = [formula.value(numbers) for formula in pair.get("also", ())]
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
    also: Sequence[Number | None],
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
    said: Sequence[Sighting], value: Number, also: Sequence[Number | None], compare: str, ignore: Sequence[Pattern]
) -> tuple[Sequence[Sighting], _State]:
    """The verdict on single figures, and those that it is about."""
    told = [s for s in said if not any(pattern.search(s.raw) for pattern in ignore)]
    state = _verdict(said, plain(value), (), compare, parts=told or said)
    if state == "pass":
        return said, state
    return told or said[:1], _verdict(told, plain(value), also, compare, parts=told) if told else "n/a"


def _summed(
    said: Sequence[Sighting], value: Number, also: Sequence[Number | None]
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
