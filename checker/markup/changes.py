"""Repairs as tracked changes of a Word file: a person accepts or rejects each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.markup import AUTHOR
from checker.markup.package import Package
from checker.markup.spans import NAMED, SPACE, Cuts, Places, Span, W, holder, is_plain, runs_between
from checker.repair import Repair

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from checker.read import Traced

_ID, _R, _T, _R_PR = W + "id", W + "r", W + "t", W + "rPr"
_DELETED_TEXT, _KIND = W + "delText", W + "fldCharType"
#: what a run may hold that can be deleted as it is
_SIGNS = frozenset(W + name for name in ("rPr", "t", "tab", "br", "noBreakHyphen", "softHyphen"))
#: what may stand between runs and prints nothing
_MARKS = frozenset(
    W + name
    for name in ("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd", "del", "moveFrom")
)
#: within these a change would be one of somebody else's change, or gone with the next update of a field
_CHANGED = frozenset(W + name for name in ("ins", "moveTo", "fldSimple"))


@dataclass(frozen=True, slots=True)
class Change:
    """Words of a Word file, and what replaces them; of an empty cell its paragraph."""

    span: Span
    new: str


def changed(traced: Traced, repairs: Sequence[Repair], date: str | None = None) -> tuple[bytes, tuple[Repair, ...]]:
    """The package with these repairs as tracked changes, and those that cannot be written: inside boxes and fields,
    in somebody's own tracked change, or in words that an earlier one changes already.

    ``date`` as of ``annotate``.
    """
    places, package = Places(traced), Package(traced.package)
    plans = [(repair, _changes(places, repair)) for repair in repairs]
    taken: list[Change] = []
    left: list[Repair] = []
    for repair, changes in plans:
        if changes and not any(_meet(one, other) for one in changes for other in taken):
            taken += changes
        else:
            left.append(repair)
    if not taken:
        return traced.package, tuple(left)
    cuts = Cuts(change.span for change in taken)
    number = max((int(each.get(_ID, "")) for each in traced.root.iter() if each.get(_ID, "").isdecimal()), default=0)
    for change in taken:
        number = _write(cuts, change, number, date)
    package.put(package.main, traced.root)
    return package.written(), tuple(left)


def _changes(places: Places, repair: Repair) -> list[Change]:
    """The changes that make a repair; none when it cannot be written down as one."""
    found = [
        Change(span, edit.new) for edit in repair.edits if (span := places.within(repair.where, edit.start, edit.end))
    ]
    return found if len(found) == len(repair.edits) and all(map(_writable, found)) else []


def _writable(change: Change) -> bool:
    first, last = change.span.first, change.span.last
    if first.tag == W + "p":
        return holder(first) is first
    if not (is_plain(first) and is_plain(last)):
        return False
    one, other = holder(first), holder(last)
    between = runs_between(one, other)
    plain = all(
        each.tag in _MARKS or (each.tag == _R and all(child.tag in _SIGNS for child in each)) for each in between
    )
    changing = any(each.tag in _CHANGED for each in one.iterancestors()) or _in_field(one)
    return bool(between) and plain and not changing


def _in_field(run: Element) -> bool:
    """Between the beginning and the end of a field: its next update would undo the change."""
    marks = [mark.get(_KIND) for before in run.itersiblings(preceding=True) for mark in before.iter(W + "fldChar")]
    return marks.count("begin") > marks.count("end")


def _meet(one: Change, other: Change) -> bool:
    """Two changes of the same words; they are few, and lie within one paragraph each."""
    pieces = {id(each) for each in _pieces(one)} & {id(each) for each in _pieces(other)}
    if not pieces:
        return False
    same = one.span.first is one.span.last is other.span.first is other.span.last
    return not same or (one.span.start < other.span.end and other.span.start < one.span.end) or one.span == other.span


def _pieces(change: Change) -> Iterator[Element]:
    span = change.span
    if span.first.tag == W + "p":
        yield span.first
        return
    for run in runs_between(holder(span.first), holder(span.last)):
        yield from (child for child in run if child.tag != _R_PR)


# --- written ----------------------------------------------------------------------------------------------------------


def _write(cuts: Cuts, change: Change, number: int, date: str | None) -> int:
    """Writes one change; the last number that it used."""
    first, last = cuts.first(change.span), cuts.last(change.span)
    if first.tag == W + "p":
        inserted = _wrapped("ins", number + 1, date, first)
        inserted.append(_run(first, _mark_properties(first), change.new))
        first.append(inserted)
        return number + 1
    runs = [each for each in runs_between(first, last) if each.tag == _R]
    if change.new:
        number += 1
        inserted = _wrapped("ins", number, date, first)
        inserted.append(_run(first, runs[0].find(_R_PR), change.new))
        runs[-1].addnext(inserted)
    for run in runs:
        number += 1
        deleted = _wrapped("del", number, date, run)
        run.addprevious(deleted)
        deleted.append(run)
        for text in run.iter(_T):
            text.tag = _DELETED_TEXT
            text.set(SPACE, "preserve")
    return number


def _wrapped(name: str, number: int, date: str | None, near: Element) -> Element:
    made = near.makeelement(W + name, {_ID: str(number), W + "author": AUTHOR}, NAMED)
    if date:
        made.set(W + "date", date)
    return made


def _run(near: Element, properties: Element | None, words: str) -> Element:
    run = near.makeelement(_R, nsmap=NAMED)
    if properties is not None:
        run.append(deepcopy(properties))
    text = near.makeelement(_T, nsmap=NAMED)
    text.text = words
    run.append(text)
    return run


def _mark_properties(paragraph: Element) -> Element | None:
    """How an empty paragraph says that words typed into it would look."""
    return paragraph.find(f"{W}pPr/{_R_PR}")
