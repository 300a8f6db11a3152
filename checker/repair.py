"""Findings -> mechanical repairs, as the rules permit them: what stands there, and what should stand there instead.

A repair is only proposed here. Whether it does harm elsewhere shows when the repaired report is judged again; nothing
is read or written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, pairwise

from checker.form.figures import Sum, digits, number, sums
from checker.formula import plain
from checker.late import late
from checker.model import Audit, Block, Fact, Pack, Paragraph, Report, Rule, Value, Verdict, Where

_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
#: a figure in full-width digits: what stands behind it tells it from a heading's number
_WIDE_FIGURE = late(r"(?<![0-9０-９A-Za-z])[０-９]+(?=[年月日号条件份次个项宗篇期场例元万人户村])")
_AROUND = 40  #: characters on both sides of a wording in which ``unless`` is looked for


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters start:end of the wording at a place, and what replaces them."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What a rule lets be mended without thought: the wording at a place, as it is and as it should be.

    ``same``: it says the same as before, in other signs.
    """

    rule: str
    where: Where
    old: str
    new: str
    edits: tuple[Edit, ...]
    same: bool = False


def proposed(audit: Audit, pack: Pack, blocks: Sequence[Block]) -> tuple[Repair, ...]:
    """Every repair that the rules permit in a report, each place once. ``blocks`` are those of the opened document."""
    if audit.report is None:
        return ()
    found: dict[tuple[object, ...], Repair] = {}
    for rule in pack.rules:
        if rule.repair:
            for repair in _of_rule(rule, audit, pack, blocks):
                key = (repair.where.block, repair.where.cell, repair.where.start, repair.edits)
                found.setdefault(key, replace(repair, same=rule.repair.how == "digits"))
    return tuple(found.values())


def _of_rule(rule: Rule, audit: Audit, pack: Pack, blocks: Sequence[Block]) -> Iterator[Repair]:
    assert audit.report
    assert rule.repair
    verdicts = [verdict for verdict in audit.findings if verdict.rule == rule.id]
    applies = any(v.rule == rule.id and v.state != "n/a" for v in audit.verdicts)
    if rule.repair.how == "total" and verdicts:
        yield from _totals(rule, audit.report, pack)
    elif rule.repair.how == "zero" and verdicts:
        yield from _zeros(rule, audit.report, pack)
    elif rule.repair.how == "digits" and applies:
        yield from _figures(rule, audit.report) if rule.kind == "table" else _prose(rule, blocks)
    elif rule.repair.how == "replace":
        yield from _wordings(rule, verdicts, blocks)


# --- cells ------------------------------------------------------------------------------------------------------------


def _cell(rule: Rule, fact: Fact, new: str) -> Iterator[Repair]:
    """The repair of a cell whose place is known."""
    if fact.where.cell is not None and fact.raw.strip() != new:
        old = fact.raw.strip()
        yield Repair(rule.id, fact.where, old, new, (Edit(0, len(old), new),))


def _totals(rule: Rule, report: Report, pack: Pack) -> Iterator[Repair]:
    """Totals that are not the sum of their parts, all of them given; two sums that differ leave a total alone."""
    due: dict[str, set[int | float]] = {}
    for total, value in _due(_sums(rule, report, pack), report):
        due.setdefault(total, set()).add(value)
    for total, values in due.items():
        fact, value = report.fact(total), max(values)
        if len(values) == 1 and value >= 0 and number(fact) not in (None, value):
            yield from _cell(rule, fact, digits(value))


def _sums(rule: Rule, report: Report, pack: Pack) -> tuple[Sum, ...]:
    names = [name for name, fact in report.facts.items() if fact.state != "absent"]
    return sums(replace(pack, rules=(rule,)), names)


def _due(found: Iterable[Sum], report: Report) -> Iterator[tuple[str, int | float]]:
    for each in found:
        parts = [number(report.fact(part)) for part in each.parts]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            yield each.total, plain(sum(known, Decimal(0)))


def _zeros(rule: Rule, report: Report, pack: Pack) -> Iterator[Repair]:
    """Blank cells of the rule's forms of which the text says that there was nothing."""
    forms = tuple(f"{form}." for form in rule.turns[0].call.params["forms"])
    for name in sorted(_nought(report, pack)):
        fact = report.fact(name)
        if name.startswith(forms) and fact.state == "blank":
            yield from _cell(rule, fact, "0")


def _nought(report: Report, pack: Pack) -> set[str]:
    """The facts of forms that are nought by what the text says, as the rules that compare the two read it."""
    found: set[str] = set()
    for rule in pack.rules:
        if rule.kind == "tally":
            for pair in chain.from_iterable(turn.call.params["pairs"].values() for turn in rule.turns):
                if "-" not in pair["table"].source and any(_says_none(report.fact(name)) for name in pair["text"]):
                    found |= set(pair["table"].names)
    names = [name for name, fact in report.facts.items() if fact.state != "absent"]
    parts = {each.total: each.parts for each in sums(pack, names) if not each.total.startswith("t3.closed")}
    open_ = {total for total in parts if number(report.fact(total)) in (None, 0)}
    while more := {part for total in found & open_ for part in parts[total]} - found:
        found |= more
    return found


def _says_none(fact: Fact) -> bool:
    """Every time that the text speaks of it, it says that there was none."""
    return fact.state == "given" and _is_nought(fact.value) and all(_is_nought(s.value) for s in fact.sightings)


def _is_nought(value: Value) -> bool:
    return isinstance(value, int | float) and value == 0


def _figures(rule: Rule, report: Report) -> Iterator[Repair]:
    """Figures in cells that are written in full width."""
    forms = tuple(f"{form}." for form in rule.turns[0].call.params["forms"])
    for name, fact in report.facts.items():
        if name.startswith(forms) and fact.state == "given" and fact.raw.translate(_WIDE) != fact.raw:
            yield from _cell(rule, fact, fact.raw.strip().translate(_WIDE))


# --- prose ------------------------------------------------------------------------------------------------------------


def _prose(rule: Rule, blocks: Sequence[Block]) -> Iterator[Repair]:
    for at, block in enumerate(blocks):
        for match in _WIDE_FIGURE.finditer(block.text) if isinstance(block, Paragraph) else ():
            where = replace(block.where, block=at, quote=match[0], start=match.start())
            yield from _reworded(rule, where, [Edit(0, len(match[0]), match[0].translate(_WIDE))])


def _wordings(rule: Rule, verdicts: Sequence[Verdict], blocks: Sequence[Block]) -> Iterator[Repair]:
    """What the rule's own replacements make of each wording that it found."""
    assert rule.repair
    for where in chain.from_iterable((verdict.where, *verdict.related) for verdict in verdicts):
        quote = where.quote or ""
        if where.start is None or where.block is None or not quote or _excused(rule, where, blocks):
            continue
        edits = [Edit(m.start(), m.end(), new) for old, new in rule.repair.words for m in old.finditer(quote)]
        edits.sort(key=lambda edit: edit.start)
        apart = all(one.end <= other.start for one, other in pairwise(edits))
        yield from _reworded(rule, where, edits if apart else [])


def _excused(rule: Rule, where: Where, blocks: Sequence[Block]) -> bool:
    """Words near it say that the wording may be right, or that more than it would have to change."""
    assert rule.repair
    block, start = blocks[where.block or 0], where.start or 0
    text = block.text if isinstance(block, Paragraph) else ""
    near = text[max(start - _AROUND, 0) : start + len(where.quote or "") + _AROUND]
    return not text or (rule.repair.unless is not None and rule.repair.unless.search(near) is not None)


def _reworded(rule: Rule, where: Where, edits: Sequence[Edit]) -> Iterator[Repair]:
    old = new = where.quote or ""
    for edit in reversed(edits):
        new = new[: edit.start] + edit.new + new[edit.end :]
    if new != old:
        yield Repair(rule.id, where, old, new, tuple(edits))


# --- no harm ----------------------------------------------------------------------------------------------------------

_GRAVITY: Mapping[str, int] = {"broken": 4, "fail": 3, "review": 2, "unknown": 1}


def harms(before: Audit, after: Audit) -> bool:
    """Whether anything is worse than it was: a finding that was none, one more of a kind, something not to be told."""
    old, new = _states(before), _states(after)
    return any(gravity > old.get(key, 0) for key, gravity in new.items())


def _states(audit: Audit) -> dict[tuple[str, str, int], int]:
    """Rule and subject, the several verdicts of one numbered from the gravest -> how grave each is."""
    found: dict[tuple[str, str], list[int]] = {}
    for verdict in audit.verdicts:
        found.setdefault((verdict.rule, verdict.subject), []).append(_GRAVITY.get(verdict.state, 0))
    return {
        (rule, subject, at): gravity
        for (rule, subject), all_ in found.items()
        for at, gravity in enumerate(sorted(all_, reverse=True))
    }
