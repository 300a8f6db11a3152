"""What an official form lacks (table)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from ..late import once_for_each
from ..model import Case, Fact, FactState, Form, Outcome, Report, Value, VerdictState, Where
from ..patterns import Pattern, candidates
from .words import words_of

_SHOWN = 5  #: places that a message names

#: what is asked of a form; what each means stands at ``table``
Check = Literal[
    "there", "labels", "columns", "all", "blanks", "numbers", "filled", "some", "extra", "note", "edition", "place",
    "says", "lacking",
]  # fmt: skip


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
    ``decimals`` may have a fraction). extra: no further column, and no row of figures that the form does not have.
    note: its printed note is there. edition: no label of another ``edition``. place: it stands in its part, not below
    the signature. says: its labels, its cells or the text hold one of ``any_of``. lacking: it is neither there nor
    named by one of ``any_of``.

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
    "extra": lambda _report, form, *_: form.extra + form.surplus,
    "note": lambda _report, form, *_: () if form.note else (form.title,),
    "edition": _edition,
    "says": _says,
}


def _placed(form: Form, topic: str) -> Outcome:
    """A form in a part that is about something else; parts without a known topic are given the benefit."""
    values: dict[str, Value] = {"form": form.title, "found": form.where.section}
    if form.below:
        return Outcome("review", values | {"found": "落款后面的附件"}, (form.where,), form.id)
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
