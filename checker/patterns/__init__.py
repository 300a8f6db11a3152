"""Patterns of the packs: regular expressions over slots, compiled late, stopped in time.

A pattern may name a slot of ``rules/slots.yaml`` in braces: ``{neg}(?:收到|接到){gap}申请``. Before a text is searched,
a literal that every match must contain is looked for, which decides most patterns without compiling them
(measured: compiling costs a thousand times a substring search).
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from time import monotonic
from typing import Any, NamedTuple

import regex

from checker.engine import frozen, plain, thawed
from checker.late import once_for_each
from checker.patterns.neighbours import Pairs, pairs, pairs_of
from checker.patterns.source import (
    has_figure,
    is_plain,
    is_quick,
    linewise,
    repeats,
    required,
    standard,
    steps,
)
from checker.patterns.watch import ALARMS, SEARCHES, PatternTimeout, alarm, watched
from checker.patterns.written import BadPattern, expand, wrong

__all__ = ["NOTHING", "SHORT", "BadPattern", "Pairs", "Pattern", "PatternTimeout", "candidates", "pairs", "watched"]

HARMLESS = 5_000_000  #: steps that no machine feels
MAX_LENGTH = 1000  #: characters of a pattern as written in a pack, slots not expanded
_SWIFT = 4  #: characters that ``re`` passes over in the time in which one literal is looked for
_MOST_FINDS = 8  #: literals that are cheaper to look for than the pattern
SHORT = 400  #: characters of a text that is searched as a whole
_MOST_GATES = 4  #: sets of words that a text is asked for before a pattern is searched
NOTHING: Iterator[Any] = iter(())  #: what ``finditer`` gives for a search in vain
Gates = tuple[Pairs, ...]
_State = tuple[str, str, tuple[str, ...], tuple[int, ...], Gates, bool, bool, bool, bool, bool, int, bytes | None]


class Pattern:
    """One pattern: ``search`` and ``finditer`` as in ``re``, under a time limit. Compiled when first needed.

    ``figured``: each match has a figure in it, or beside it. ``quick``: under an alarm ``re`` searches for it; in all
    else it is ``regex``, which can keep the time itself.
    """

    __slots__ = (
        "_code",
        "_compiled",
        "_patient",
        "expanded",
        "figured",
        "gates",
        "linewise",
        "literals",
        "pairs",
        "plain",
        "quick",
        "single_line",
        "source",
        "steps",
    )

    def __init__(self, source: str, slots: Mapping[str, str] | None = None) -> None:
        if len(source) > MAX_LENGTH:
            raise BadPattern("regex-too-big", f"正则表达式超过 {MAX_LENGTH} 个字符")
        self.source = source
        self.expanded = standard(expand(source, slots or {}))
        needed = required(self.expanded)
        self.literals = needed[0] if needed else ()
        self.pairs = pairs_of(self.literals)
        self.gates = tuple(dict.fromkeys(map(frozenset, filter(None, map(pairs_of, needed)))))[:_MOST_GATES]
        self.linewise, self.single_line = linewise(self.expanded)
        self.plain = is_plain(self.expanded)
        self.figured = has_figure(self.expanded)
        self.steps = steps(self.expanded)
        self.quick = ALARMS and is_quick(self.expanded)
        self._code: bytes | None = None  # the compiled code, pickled: what the cache of a pack keeps
        self._compiled: Any = None
        self._patient: Any = None

    def check(self) -> None:
        """Compile now. Raises BadPattern when it does not compile, repeats too much, or matches the empty string."""
        if repeats(self.expanded) > 100_000:
            raise BadPattern("regex-too-big", "重复次数相乘过大")
        try:
            compiled = self._made()
        except regex.error as error:
            raise BadPattern("regex", f"正则表达式有误：{wrong(error, self.expanded == self.source)}") from None
        except (OverflowError, MemoryError, RecursionError):
            raise BadPattern("regex-too-big", "正则表达式太大或者嵌套太深") from None
        if compiled.search("") or any(match.end() == match.start() for match in compiled.finditer("鿋，a1 鿋")):
            raise BadPattern("regex-empty", "该表达式能匹配空文本，会让任何报告都命中")

    def _made(self) -> Any:
        """What searches under an alarm."""
        if self._compiled is None:
            self._code = self._code or _frozen(self.expanded, self.quick)
            self._compiled = _thaw(self._code, self.quick)
        return self._compiled

    @property
    def compiled(self) -> Any:
        if alarm.on or not self.quick:
            return self._compiled or self._made()
        if self._patient is None:
            self._patient = regex.compile(self.expanded, regex.V0)
        return self._patient

    def ruled_out(self, words: Pairs) -> bool:
        """True when a text with these ``pairs``, and any part of it, cannot hold a match."""
        return any(map(words.isdisjoint, self.gates))

    def search(self, text: str, start: int = 0, end: int | None = None) -> Any:
        """The first match in text[start:end], or None. Raises PatternTimeout."""
        if self._missing(text):
            return None
        alarm.begun += 1
        end = len(text) if end is None else end
        if alarm.on:
            return self.compiled.search(text, start, end)
        try:
            return self.compiled.search(text, start, end, timeout=self._limit(text))
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def fullmatch(self, text: str) -> Any:
        """The match of the whole ``text``, or None. Raises PatternTimeout."""
        if self._missing(text):
            return None
        alarm.begun += 1
        if alarm.on:
            return self.compiled.fullmatch(text)
        try:
            return self.compiled.fullmatch(text, timeout=self._limit(text))
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def finditer(self, text: str, words: Pairs | None = None) -> Iterator[Any]:
        """All matches in ``text``, of which ``words`` may be the ``pairs``, or those of a larger text around it.

        Raises PatternTimeout.
        """
        if alarm.on and words is None and len(text) < SHORT:  # nearly always
            if self._missing(text):
                return NOTHING
            alarm.begun += 1
            hit = (self._compiled or self._made()).search(text)
            return self._watched(text, hit, ((0, len(text)),)) if hit else NOTHING
        stretches = self._stretches(text, words)
        if alarm.on:  # most searches are in vain, and to look for one match takes half of what it takes to list them
            search = (self._compiled or self._made()).search
            alarm.begun += 1
            for at, (begin, end) in enumerate(stretches):
                if first := search(text, begin, end):
                    return self._watched(text, first, stretches[at:])
            return NOTHING
        if not stretches:
            return NOTHING
        limit = self._limit(text)
        if limit is None and len(stretches) == 1:
            return self.compiled.finditer(text, *stretches[0])  # type: ignore[no-any-return]
        return self._timed(text, stretches, limit)

    def hits(self, text: str, words: Pairs | None = None) -> list[tuple[int, int]]:
        """The spans of all matches inside single lines of ``text``; ``words`` as in ``finditer``.

        Raises PatternTimeout.
        """
        if self.linewise:
            spans = [match.span() for match in self.finditer(text, words)]
            if self.single_line or not any(text.find("\n", *span) >= 0 for span in spans):
                return spans
        if self._missing(text, words):
            return []
        try:
            return list(self._in_lines(text))
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def first(self, text: str, words: Pairs | None = None) -> tuple[int, int] | None:
        """The span of the first of the ``hits``, or None. Raises PatternTimeout."""
        if not self.single_line:
            return next(iter(self.hits(text, words)), None)
        match = next(self.finditer(text, words), None)
        return match.span() if match else None

    def _missing(self, text: str, words: Pairs | None = None) -> bool:
        """True when no literal that every match needs is in ``text``, if that is sooner told than searched."""
        if words is not None and self.ruled_out(words):
            return True
        literals = self.literals
        if self.quick and self._compiled and len(text) < _SWIFT * len(literals):
            return False
        for word in literals if words is None else self.possible(words):  # sooner than any(map(...))
            if word in text:
                return False
        return bool(literals)

    def possible(self, words: Pairs | None) -> Sequence[str]:
        """The literals that a text with these ``pairs``, or a part of it, may have."""
        if words is None or not self.pairs:
            return self.literals
        return tuple(compress(self.literals, map(words.__contains__, self.pairs)))

    def _stretches(self, text: str, words: Pairs | None) -> Sequence[tuple[int, int]]:
        """Where matches can stand in ``text``: if they stay in a line, in those that hold a literal; else anywhere."""
        if len(text) < SHORT or not self.single_line or not self.literals:
            return () if self._missing(text, words) else ((0, len(text)),)
        possible = self.possible(words)
        if len(possible) > _MOST_FINDS:
            return ((0, len(text)),) if any(map(text.__contains__, possible)) else ()
        found: dict[int, int] = {}
        for word in possible:
            at = text.find(word)
            while at >= 0:
                end = text.find("\n", at)
                end = len(text) if end < 0 else end
                found[text.rfind("\n", 0, at) + 1] = end
                at = text.find(word, end)
        return sorted(found.items())

    def _limit(self, text: str) -> float | None:
        """The time limit, or none where the pattern cannot take long: to read the clock costs as much as a search."""
        return None if self.steps * len(text) < HARMLESS else alarm.limit

    def _watched(self, text: str, first: Any, stretches: Sequence[tuple[int, int]]) -> Iterator[Any]:
        """The matches from the ``first`` one on, which is in the first of the stretches."""
        yield first
        alarm.begun += 1
        begin, found = first.end(), self._compiled.finditer
        for start, end in stretches:
            yield from found(text, max(start, begin), end)

    def _timed(self, text: str, stretches: Sequence[tuple[int, int]], limit: float | None) -> Iterator[Any]:
        until = monotonic() + limit if limit and len(stretches) > 1 else 0.0
        try:
            for begin, end in stretches:
                left = max(until - monotonic(), 0.001) if until else limit
                yield from self.compiled.finditer(text, begin, end, timeout=left)
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def _in_lines(self, text: str) -> Iterator[tuple[int, int]]:
        alarm.begun += 1
        until, base = monotonic() + alarm.limit, 0
        for line in text.split("\n"):
            if not self._missing(line):
                left = {} if alarm.on else {"timeout": max(until - monotonic(), 0.001)}
                for match in self.compiled.finditer(line, **left):
                    yield base + match.start(), base + match.end()
            base += len(line) + 1

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"

    # Measured with 500 patterns: reading pickled code 0.2 ms and 7 us for each pattern used, compiling 220 ms.
    def __getstate__(self) -> _State:
        texts, words = (self.source, self.expanded), (self.literals, self.pairs, self.gates)
        told = self.linewise, self.single_line, self.plain, self.figured, self.quick, self.steps
        return *texts, *words, *told, self._code

    def __setstate__(self, state: _State) -> None:
        self.source, self.expanded, self.literals, self.pairs, self.gates = state[:5]
        self.linewise, self.single_line, self.plain, self.figured, self.quick, self.steps = state[5:-1]
        self._code = state[-1]
        self._compiled = self._patient = None


SEARCHES.update(
    method.__code__
    for method in (Pattern.search, Pattern.fullmatch, Pattern.finditer, Pattern._watched, Pattern._in_lines)
)


def _frozen(source: str, quick: bool) -> bytes:
    """The code of a pattern, for ``re`` or for ``regex``. Raises regex.error."""
    if quick:
        return frozen(source)
    return pickle.dumps(regex.compile(source, regex.V0)._pickled_data, protocol=5)  # type: ignore[attr-defined]


def _thaw(code: bytes, quick: bool) -> Any:
    return thawed(code) if quick else regex._regex.compile(*plain(code))  # type: ignore[attr-defined]


def candidates(patterns: Sequence[Pattern], words: Pairs | None) -> Sequence[Pattern]:
    """Those of the patterns that a text with these ``pairs`` may hold. Of most groups it is none: one look tells."""
    if words is None:
        return patterns
    index = _indexed(patterns)
    if words.isdisjoint(index.pairs):
        return index.free
    if len(patterns) < _MANY:
        return [pattern for pattern in patterns if not pattern.ruled_out(words)]
    places = index.always.union(*[index.holders[pair] for pair in index.pairs & words])
    return [patterns[at] for at in sorted(places) if not patterns[at].ruled_out(words)]


class _Index(NamedTuple):
    """Patterns by pairs of which any match of theirs has one; ``free``, at the places ``always``, can do without."""

    pairs: Pairs
    holders: Mapping[int, Sequence[int]]
    free: Sequence[Pattern]
    always: frozenset[int]


_MANY = 20  #: patterns of which it pays to look up those that have a pair


@once_for_each(1024)
def _indexed(patterns: Sequence[Pattern]) -> _Index:
    holders: dict[int, list[int]] = {}
    for at, pattern in enumerate(patterns):
        for pair in pattern.gates[0] if pattern.gates else ():
            holders.setdefault(pair, []).append(at)
    always = frozenset(at for at, pattern in enumerate(patterns) if not pattern.gates)
    return _Index(frozenset(holders), holders, tuple(patterns[at] for at in sorted(always)), always)
