"""Kinds that hold a report against others: likeness, unchanged, recurring. They run where there are others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from ..likeness import likeness as measured
from ..likeness import narrative, problems, sentences, shingles, signature
from ..model import Case, Fact, Outcome, Told, Where
from ..patterns import Pattern

MAX_PLACES = 5  #: passages that one outcome shows


def likeness(
    case: Case,
    *,
    to: Literal["last", "peers"],
    alike: float = 0.85,
    close: float = 0.7,
    least: int = 40,
) -> Iterable[Outcome]:
    """The report tells what last year's, or another unit's, told: from ``alike`` on it fails, from ``close`` on it
    wants review.

    Values ``percent``, ``part`` (all of it, or what is said of problems) and ``other`` (whose). Narratives of fewer
    than ``least`` shingles are not compared. For peers the caller has measured: ``Case.twins``.
    """
    found = list(_last(case, least) if to == "last" else _peers(case))
    if to == "last" and found and found[0][0] >= alike:
        del found[1:]  # where all is a copy, its part needs no word of its own
    outcomes = [
        Outcome(
            "fail" if share >= alike else "review",
            {"percent": int(100 * share + 1e-9), "part": part, "other": other},
            where,
            other if to == "peers" else part,
        )
        for share, part, other, where in found
        if share >= close
    ]
    yield from outcomes or [Outcome("pass" if found or to == "peers" else "n/a")]


_Alike = tuple[float, str, str, tuple[Where, ...]]


def _peers(case: Case) -> Iterator[_Alike]:
    for twin in case.twins or ():
        yield twin.likeness, "全文", f"{twin.name}{twin.year}年的报告", twin.where[:MAX_PLACES]


def _last(case: Case, least: int) -> Iterator[_Alike]:
    """The whole narrative, then the part on problems."""
    last = case.previous
    if last is None:
        return
    other = f"{last.year}年的报告"
    for part, mine, theirs in (
        ("全文", narrative(case.report), last.narrative),
        ("“存在的主要问题及改进情况”部分", problems(case.report), last.problems),
    ):
        one, two = signature(mine), signature(theirs)
        if min(len(one), len(two)) >= least:
            yield measured(one, two), part, other, _shared(mine, set(two))


def _shared(mine: Sequence[Told], theirs: set[int]) -> tuple[Where, ...]:
    """The lines of which most stands in the other report too, those with most of it first."""
    counted = [(len(own & theirs), -at, len(own)) for at, told in enumerate(mine) if (own := set(shingles(told.text)))]
    most = sorted((item for item in counted if 2 * item[0] >= item[2]), reverse=True)[:MAX_PLACES]
    return tuple(mine[-at].at(0, len(mine[-at].text.rstrip("。；"))) for _, at, _ in most)


def unchanged(case: Case, *, groups: Sequence[str], different: int = 4) -> Iterable[Outcome]:
    """Every figure but noughts is last year's. ``groups``: first parts of the ids of figures (``t3``). Value ``count``.

    n/a where fewer than ``different`` different numbers could be compared: small towns do report the same one twice.
    """
    mine, theirs = _figures(case.report.facts, groups), _figures(case.previous.facts if case.previous else {}, groups)
    both = [name for name in mine if name in theirs and (mine[name].value or theirs[name].value)]
    if len({mine[name].value for name in both} - {0}) < different:
        yield Outcome("n/a")
        return
    same = [name for name in both if mine[name].value == theirs[name].value]
    where = tuple(mine[name].where for name in same[:MAX_PLACES])
    yield Outcome("fail" if len(same) == len(both) else "pass", {"count": len(same)}, where)


def _figures(facts: Mapping[str, Fact], groups: Sequence[str]) -> dict[str, Fact]:
    return {
        name: fact
        for name, fact in facts.items()
        if name.partition(".")[0] in groups and isinstance(fact.value, int | float)
    }


def recurring(
    case: Case, *, cues: Sequence[Pattern], unless: Sequence[Pattern], close: float = 0.8, least: int = 8
) -> Iterable[Outcome]:
    """A problem that last year's report named is named again, and nothing is told of what was done about it.

    ``cues``: what makes a sentence a problem. ``unless``: what gives account of last year's problems, anywhere in the
    report. Sentences of fewer than ``least`` shingles are passed over. Value ``count``.
    """
    last, mine = case.previous, case.report.texts.get("problems")
    named = [
        (set(shingles(line.text[start:end])), line.where(start, end))
        for line in (mine.lines if mine else ())
        for start, end in _problems(line.text, cues)
    ]
    named = [(own, where) for own, where in named if len(own) >= least]
    if last is None or not named or not last.problems:
        yield Outcome("n/a")
        return
    before = [set(shingles(told.text[i:j])) for told in last.problems for i, j in _problems(told.text, cues)]
    again = [where for own, where in named if any(_alike(own, other) >= close for other in before)]
    body = case.report.texts.get("body")
    told_of = body is not None and any(pattern.search(body.text) for pattern in unless)
    yield Outcome("fail" if again and not told_of else "pass", {"count": len(again)}, tuple(again[:MAX_PLACES]))


def _problems(text: str, cues: Sequence[Pattern]) -> Iterator[tuple[int, int]]:
    """The spans of the sentences that name a problem."""
    return ((start, end) for start, end in sentences(text) if any(cue.search(text[start:end]) for cue in cues))


def _alike(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
