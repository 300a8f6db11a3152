"""A pack looked at as a whole: what in it is never used, always true or slow, and what it changes on real reports."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from checker.extract import extract
from checker.judge import asked, judge
from checker.model import Audit, Case, Pack, Report, Rule, Unreadable, VerdictState
from checker.patterns import Pattern, PatternTimeout
from checker.patterns.source import required_literals
from checker.read import read

SLOW = 0.15  #: seconds of computing for one pattern on a probe
LONG = 8000  #: characters of a probe: a long report
ENOUGH = 5  #: reports from which on "in all of them" means something
#: what probes are made of beside the pattern's own characters: what classes such as \d and \s stand for
_USUAL = "1 甲a，"
#: gravest first: what a rule came to
_ORDER: tuple[VerdictState, ...] = ("broken", "fail", "review", "unknown", "waived", "pass", "n/a")


# --- lint ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at: which rule (empty for the pack), a Chinese sentence. ``grave``: it should be mended."""

    rule: str
    text: str
    grave: bool = True


def looked_at(pack: Pack) -> tuple[Rule, ...]:
    """The rules that somebody who works on this pack answers for: those of local packs, or all of the national one."""
    if len(pack.layers) < 2:
        return pack.rules
    return tuple(rule for rule in pack.rules if rule.pack != pack.layers[0].name or rule.changes)


def lint(pack: Pack, corpus: Iterable[Report] = ()) -> Iterator[Remark]:
    """What is never used, never or always true, slow, or over. ``corpus``: reports to try the patterns on."""
    rules = looked_at(pack)
    yield from _unused(pack, rules)
    yield from (
        Remark(each.rule, f"“{layer.name}”的停用已经期满（{each.until}），规则恢复了；请删去这一条，或者改期限")
        for layer in pack.layers
        for each in layer.disabled
        if each.over
    )
    yield from _tried(rules, list(corpus))
    for rule in rules:
        for pattern in patterns(rule):
            if (seconds := slowness(pattern)) >= SLOW:
                yield Remark(
                    rule.id, f"表达式慢：{pattern.source}（{LONG} 字的文字要 {seconds:.1f} 秒）；减少重复套重复"
                )


def _unused(pack: Pack, rules: tuple[Rule, ...]) -> Iterator[Remark]:
    """Clauses on which no rule rests, facts that none looks at; nothing wrong, but good to know."""
    cited = {key for rule in pack.rules for key in rule.basis}
    local = len(pack.layers) > 1
    own = {key.partition("#")[0] for rule in rules for key in rule.basis}
    idle = [key for key in pack.basis if key not in cited and (not local or key.partition("#")[0] in own)]
    yield from (Remark("", f"依据 {key} 没有规则引用", grave=False) for key in idle)
    if not local:
        met = set().union(*(asked(pack, era.id) for era in pack.eras))
        unused = [name for name in pack.facts.specs if name not in met]
        if unused:
            yield Remark("", f"{len(unused)} 个事实没有规则用到：{'、'.join(unused)}", grave=False)


def patterns(rule: Rule) -> list[Pattern]:
    """All patterns of a rule, each once."""
    found: dict[str, Pattern] = {}
    for turn in rule.turns[:1]:
        for call in filter(None, (turn.call, turn.when)):
            found |= {pattern.source: pattern for pattern in _patterns(call.params)}
    return list(found.values())


def _patterns(value: Any) -> Iterator[Pattern]:
    if isinstance(value, Pattern):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        yield from _patterns(inner)


def _tried(rules: tuple[Rule, ...], corpus: list[Report]) -> Iterator[Remark]:
    """Patterns that none of the reports has, or all: the first may be misspelt, the second too wide.

    Hints both, and no faults: all may be right, or the pattern only a condition.
    """
    texts = [passage.text for report in corpus if (passage := report.texts.get("all"))]
    for rule in rules if texts else ():
        for pattern in patterns(rule):
            try:
                met = sum(pattern.search(text) is not None for text in texts)
            except PatternTimeout:
                yield Remark(rule.id, f"表达式超时：{pattern.source}")
                continue
            if not met:
                yield Remark(rule.id, f"{len(texts)} 份报告里都没有：{pattern.source}", grave=False)
            elif met == len(texts) >= ENOUGH:
                yield Remark(rule.id, f"{len(texts)} 份报告里全都有，看看是不是写得太宽：{pattern.source}", grave=False)


def slowness(pattern: Pattern) -> float:
    """Seconds of computing on the worst of some long texts made for this pattern; the limit where it is stopped."""
    needed = "".join(required_literals(pattern.expanded)[:1])
    own = dict.fromkeys(char for char in pattern.expanded if char.isalnum() or char in " ，。、")
    worst = 0.0
    for char in (*list(own)[:12], *_USUAL):
        begin = time.process_time()
        try:
            pattern.search(needed + char * LONG + "\x01")
        except PatternTimeout:
            return max(worst, time.process_time() - begin, SLOW)
        worst = max(worst, time.process_time() - begin)
    return worst


# --- what a pack changes ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shift:
    """One rule of one report that comes out otherwise: states before and after (empty: there is no such rule)."""

    rule: str
    title: str
    before: str
    after: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Shifts:
    """What changes for one report, its score before and after; or why it could not be read."""

    source: str
    shifts: tuple[Shift, ...] = ()
    before: float | None = None
    after: float | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """Judges a file by two packs. Both read reports alike, so it is read once."""

    old: Pack
    new: Pack

    def __call__(self, path: Path) -> Shifts:
        report = extract(read(path), self.new.facts, wanted=partial(_asked_by_both, self.old, self.new))
        before, after = judge(Case(report), self.old), judge(Case(report), self.new)
        return Shifts(str(path), tuple(_shifts(before, after)), before.score, after.score)

    def fail(self, path: Path, error: Unreadable) -> Shifts:
        return Shifts(str(path), trouble=error.message)


def _asked_by_both(old: Pack, new: Pack, era: Any) -> frozenset[str]:
    return asked(old, era) | asked(new, era)


def _shifts(before: Audit, after: Audit) -> Iterator[Shift]:
    was, now = _gravest(before), _gravest(after)
    for rule in dict.fromkeys((*was, *now)):
        old, new = was.get(rule, ("", "", "")), now.get(rule, ("", "", ""))
        if old[0] != new[0] and {old[0], new[0]} != {"", "n/a"}:
            yield Shift(rule, new[1] or old[1], old[0], new[0], new[2] or old[2])


def _gravest(audit: Audit) -> dict[str, tuple[str, str, str]]:
    """rule -> its gravest state (a failure by its severity), title, message."""
    found: dict[str, tuple[int, tuple[str, str, str]]] = {}
    for verdict in audit.verdicts:
        rank = _ORDER.index(verdict.state)
        state = verdict.severity if verdict.state == "fail" else verdict.state
        if verdict.rule not in found or rank < found[verdict.rule][0]:
            found[verdict.rule] = rank, (state, verdict.title, verdict.message)
    return {rule: each for rule, (_, each) in found.items()}


@dataclass(slots=True)
class Difference:
    """All that changes over a corpus, gathered report by report: by rule how often which way, with some examples."""

    reports: int = 0
    unread: list[Shifts] = field(default_factory=list)
    changed: int = 0
    better: int = 0
    worse: int = 0
    titles: dict[str, str] = field(default_factory=dict)
    ways: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    examples: dict[tuple[str, str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, found: Shifts, most: int = 3) -> None:
        if found.trouble:
            self.unread.append(found)
            return
        self.reports += 1
        self.changed += bool(found.shifts)
        if found.before is not None and found.after is not None:
            self.better += found.after > found.before
            self.worse += found.after < found.before
        for shift in found.shifts:
            self.titles[shift.rule] = shift.title
            self.ways.setdefault(shift.rule, Counter())[shift.before, shift.after] += 1
            kept = self.examples.setdefault((shift.rule, shift.before, shift.after), [])
            if len(kept) < most:
                kept.append((found.source, shift.message))


def difference(found: Iterable[Shifts], step: Callable[[], None] = lambda: None) -> Difference:
    """What changes over all reports."""
    total = Difference()
    for each in found:
        total.add(each)
        step()
    return total
