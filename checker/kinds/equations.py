"""The kind for sums: two formulas over facts, and which cell of a form is to be changed where they do not agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import eq, ge, le
from types import MappingProxyType
from typing import Literal

from ..formula import Formula, Number, exact, figures, plain
from ..model import ABSENT, LAST, Case, Fact, Outcome, Value, Where, record
from ..patterns import Pattern
from .crossed import Sides, cell_of, column_of, culprit, told_across

_RELATIONS: dict[str, Callable[[Number, Number], bool]] = {"=": eq, "<=": le, ">=": ge}


def identity(
    case: Case,
    *,
    left: Formula,
    relation: str,
    right: Formula,
    optional: Sequence[str] = (),
    besides: Formula | None = None,
    explained: Sequence[Pattern] = (),
    crossing: str | None = None,
    columns: Sequence[Mapping[str, Formula]] = (),
    said: Mapping[str, str] = MappingProxyType({}),
) -> Iterable[Outcome]:
    """Two formulas over facts stand in the relation. Values ``left right``, of a failure also the ``gap`` and the terms
    (``left_terms right_terms``) and all places in this report.

    An absent fact of ``optional`` (a row that another year's form does not have) counts as 0. ``besides``: what last
    year's report adds to the right side where it is known, never less than 0. Where the text says what ``explained``
    looks for, a failure wants review.

    ``crossing``: the column of a form that has the totals of its rows. A sum down a column is n/a where the slip is
    told of a row, or of the columns that the totals add up; a sum across a row (with the sums down the ``columns``,
    each a ``left`` and a ``right``) tells as ``cell`` which of its cells they want changed, and to what; ``first`` says
    so for a remedy. ``said`` {total: what the text says of it}: so does a sum down that it closes.
    """
    known = case.report.facts
    sides = _sides(case, left, right, optional)
    if isinstance(sides, str):
        yield Outcome(sides)
        return
    one, other, numbers = sides
    if besides:
        more = besides.value({name: exact(case.fact(name).value) for name in besides.names})
        other += more if more and more > 0 else 0
    values: dict[str, Value] = {"left": plain(one), "right": plain(other)}
    if _RELATIONS[relation](one, other):
        first = next((name for name in left.names + right.names if not name.startswith(LAST)), None)
        yield Outcome("pass", values, (known.get(first, ABSENT).where,) if first else ())
        return
    values["gap"] = plain(abs(Decimal(one) - Decimal(other)))
    values |= {"left_terms": left.shown(numbers), "right_terms": right.shown(numbers)}
    names = tuple(dict.fromkeys(left.names + right.names))
    where = tuple([known.get(name, ABSENT).where for name in names if not name.startswith(LAST)])
    if crossing:
        slip = _slip(case, Sides(left, right), names, optional, crossing, columns, said)
        if slip == "elsewhere":
            yield Outcome("n/a")
            return
        values |= {"cell": "", "first": ""}
        if slip:
            where = (slip.at, *[each for each in where if each != slip.at])
            values |= slip.told("col" if columns else "row")
    yield Outcome("review" if _explained(case, explained) else "fail", values, where)


@record
class _Slip:
    """The cell of a form that is to be changed, to what, and who wants it."""

    at: Where
    wanted: Number
    why: str

    def told(self, by: Literal["row", "col"]) -> dict[str, Value]:
        """The words for a message (``cell``) and for a remedy (``first``), by the name of its row or column."""
        name, wanted = (self.at.col if by == "col" else self.at.row), plain(self.wanted)
        if not name:
            return {}
        return {
            "cell": f"，看来错在“{name}”一格：{self.why} {wanted}",
            "first": f"先看“{name}”一格，看来应填 {wanted}；再",
        }


def _slip(
    case: Case,
    sides: Sides,
    row: Sequence[str],
    optional: Sequence[str],
    total: str,
    columns: Sequence[Mapping[str, Formula]],
    said: Mapping[str, str],
) -> _Slip | Literal["elsewhere"] | None:
    """Which cell a failing sum wants changed: by the sums across and down, or by what the text says of the totals."""
    known = case.report.facts
    if columns:
        return _wrong_cell(known, row, optional, total, columns)
    if told_across(sides, sides.left.names[0], _with_noughts(known, optional), total):
        return "elsewhere"
    return _told_cell(known, sides, said, total) if said else None


def _explained(case: Case, by: Sequence[Pattern]) -> bool:
    """Whether the text says what one of the patterns looks for."""
    body = case.report.texts.get("body") if by else None
    return body is not None and any(pattern.search(body.text) for pattern in by)


def _wrong_cell(
    known: Mapping[str, Fact],
    row: Sequence[str],
    optional: Sequence[str],
    crossing: str,
    columns: Sequence[Mapping[str, Formula]],
) -> _Slip | None:
    """The cell that is to be changed, with the figure that the sums across and down want there."""
    down = [Sides(each["left"], each["right"]) for each in columns]
    found = culprit(row, down, _with_noughts(known, optional), crossing)
    return _Slip(known[found[0]].where, found[1], "横竖两面都要它是") if found else None


def _told_cell(known: Mapping[str, Fact], sides: Sides, said: Mapping[str, str], total: str) -> _Slip | None:
    """The one cell that closes the gap of its column, and of the totals, with the text's figure.

    The text tells the totals: what it wants of one of them is wanted of the cell in its row.
    """
    numbers = figures(known)
    gap = sides.gap(numbers, column_of(sides.left.names[0]))
    if not gap or gap != sides.gap(numbers, total):
        return None
    found: list[_Slip] = []
    for name, sign in sides.cells():
        whole, now = cell_of(name, total), numbers.get(name)
        there = numbers.get(whole)
        if now is None or there is None:
            continue
        told = [one for one in known.get(said.get(whole, ""), ABSENT).sightings if not one.qualifiers]
        if any(exact(one.value) == there - sign * gap and not one.where.table for one in told):
            found.append(_Slip(known[name].where, now - sign * gap, "照正文写的数，它应是"))
    return found[0] if len(found) == 1 else None


def _with_noughts(known: Mapping[str, Fact], optional: Sequence[str]) -> Mapping[str, Number | None]:
    """The figures of all facts; 0 for a cell that the form does not have, of the rows of ``optional``."""
    rows = {name.rpartition(".")[0] for name in optional}
    return {
        name: 0 if fact.state == "absent" and name.rpartition(".")[0] in rows else exact(fact.value)
        for name, fact in known.items()
    }


_Sides = tuple[Number, Number, Mapping[str, Number | None]]


def _sides(case: Case, left: Formula, right: Formula, optional: Sequence[str]) -> _Sides | Literal["unknown", "n/a"]:
    """What two formulas come to, and the numbers they are made of; or why nobody can say."""
    known = case.report.facts
    first = known.get(left.names[0]) if left.names else None
    if first is not None and first.state == "unread":  # nearly always then a form that was not read
        return "unknown"
    numbers: Mapping[str, Number | None] = figures(known) if first is not None and first.state == "given" else {}
    one, other = left.value(numbers), right.value(numbers)
    if one is None or other is None:  # not all of them are figures of this report
        facts = {name: known.get(name) or case.fact(name) for name in left.names + right.names}
        states = {fact.state for fact in facts.values()}
        if states == {"absent"} or "unread" in states:
            return "unknown" if "unread" in states else "n/a"
        noughts = [name for name in optional if name in facts and facts[name].state == "absent"]
        numbers = {name: exact(fact.value) for name, fact in facts.items()} | dict.fromkeys(noughts, 0)
        one, other = left.value(numbers), right.value(numbers)
    return "unknown" if one is None or other is None else (one, other, numbers)
