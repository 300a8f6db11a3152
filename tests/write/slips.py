"""A slip in one cell, and which verdicts must change for it: worked out from the pack, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.model import Audit, Call, Report, Turn
from checker.render.view import shared_cells
from tests.findings import national
from tests.write import Written
from tests.write.reading import differing, said, states

#: what a clerk leaves in a cell in place of a figure -> the state of its fact
SLIPS: Mapping[str, str] = {"": "blank", "/": "blank", "63余": "malformed"}

Key = tuple[str, str]  #: rule and subject
_SETTLED = ("pass", "fail", "review")


def slips(text: str) -> dict[str, str]:
    """What is put into a cell in turn: nothing, "/", 63余 and the next number; each with the state of its fact."""
    return {**SLIPS, f"{Decimal(text) + 1}": "given"}


def faults(before: Audit, after: Audit, report: Written, fact: str, text: str) -> list[str]:
    """What is wrong with the answer to one slip; nothing when it is as it must be.

    One fact changes, the verdicts that mention it change as their rules say and no other, and whatever is no number
    costs points.
    """
    assert before.report
    assert after.report
    found = []
    state = slips(report.cells[fact])[text]
    changed = differing(said(after.report, forms=True), said(before.report, forms=True))
    if set(changed) != {fact} or after.report.fact(fact).state != state:
        found.append(f"read as {changed}")
    if other := differing(said(after.report, forms=False), said(before.report, forms=False)):
        found.append(f"other facts changed: {other}")
    cell = after.report.fact(fact).where
    old, new = states(before), states(after)
    moved = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    expected = must_change(before, fact, text)
    if moved != expected:
        found.append(f"changed though nothing says so: {moved - expected}, unchanged: {expected - moved}")
    if state != "given" and not loses(before, after):
        found.append("costs nothing")
    if any((note.where.row, note.where.col) != (cell.row, cell.col) for note in shared_cells(after)):
        found.append("another cell is suspected")
    return [f"{fact} {text!r}: {fault}" for fault in found]


def loses(before: Audit, after: Audit) -> bool:
    assert before.score is not None
    return after.score is None or after.score < before.score


def must_change(before: Audit, fact: str, text: str) -> set[Key]:
    """The verdicts whose state must change when ``text`` stands in the cell of ``fact``."""
    assert before.report
    slip = _Slip(before.report, fact, SLIPS.get(text, "given"), None if text in SLIPS else Decimal(text))
    known: dict[str, dict[str, str]] = {}
    for (rule, subject), state in states(before).items():
        known.setdefault(rule, {})[subject] = state
    return {
        (rule.id, subject)
        for rule in national().rules
        for turn in rule.turns
        for subject in slip.hits(turn, known[rule.id])
    }


@dataclass(frozen=True)
class _Slip:
    """One cell changed: the state of its fact now, and its number if it has one."""

    report: Report
    fact: str
    state: str
    new: Decimal | None

    def hits(self, turn: Turn, known: Mapping[str, str]) -> Iterator[str]:
        """The subjects of a turn whose verdict changes; one that was not decided stays so."""
        if turn.when and self.closes(turn.when):
            yield from (turn.subject, *known)
        answer = {"identity": self.breaks, "number": self.exceeds, "agreement": self.parts}.get(turn.call.kind)
        if answer and known.get(turn.subject) in _SETTLED and answer(turn.call.params):
            yield turn.subject
        elif turn.call.kind == "tally":
            for name, pair in turn.call.params["pairs"].items():
                said = any(self.report.fact(fact).state == "given" for fact in pair["text"])
                open_ = said if self.new is None else known.get(name) in _SETTLED
                if open_ and self.differs(turn.call.params, pair):
                    yield name
        elif turn.call.kind == "table":
            form = self.fact.split(".")[0]
            told = {"blanks": self.state == "blank", "numbers": self.state == "malformed"}
            if form in turn.call.params["forms"] and told.get(turn.call.params["check"]) and known.get(form) == "pass":
                yield form

    def closes(self, when: Call) -> bool:
        """A guard over the cell: what is no number does not pass it."""
        return when.kind == "number" and when.params["fact"] == self.fact and self.new is None

    def breaks(self, params: Mapping[str, Any]) -> bool:
        """A sum in which the cell stands is not to be had, or no longer right."""
        names = {*params["left"].names, *params["right"].names}
        if self.fact not in names or self.new is None:
            return self.fact in names
        numbers = self.numbers(names, params)
        one, other = params["left"].value(numbers), params["right"].value(numbers)
        return not {"=": one == other, "<=": one <= other, ">=": one >= other}[params["relation"]]

    def exceeds(self, params: Mapping[str, Any]) -> bool:
        if params["fact"] != self.fact or self.new is None:
            return bool(params["fact"] == self.fact)
        least, most = params.get("min"), params.get("max")
        return (least is not None and self.new < least) or (most is not None and self.new > most)

    def parts(self, params: Mapping[str, Any]) -> bool:
        """Two cells are nought together or not at all."""
        return self.fact in params.get("among", ()) and (self.new is None or (self.new == 0) != (self.old == 0))

    def differs(self, params: Mapping[str, Any], pair: Mapping[str, Any]) -> bool:
        """The text speaks of a sum in which the cell stands; some rules ask only whether it is nought."""
        names = pair["table"].names
        if self.fact not in names:
            return "rest" in pair and self.fact in pair["rest"].names
        if self.new is None or params.get("compare") != "zeros":
            return True
        now = self.numbers(names, params)
        return bool((pair["table"].value(now) == 0) != (pair["table"].value(now | {self.fact: self.old}) == 0))

    @property
    def old(self) -> Decimal:
        return Decimal(str(self.report.fact(self.fact).value))

    def numbers(self, names: Iterable[str], params: Mapping[str, Any]) -> dict[str, Decimal | None]:
        """The figures after the slip; a row that this year's form does not have counts as nought."""
        spare = dict.fromkeys(params.get("optional", ()), Decimal(0))
        values = {name: self.report.fact(name).value for name in names}
        found = {
            name: Decimal(str(value)) if isinstance(value, int | float) else spare.get(name)
            for name, value in values.items()
        }
        return found | {self.fact: self.new}
