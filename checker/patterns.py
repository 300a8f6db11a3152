"""Patterns of the packs: regular expressions over slots, compiled late, stopped in time.

A pattern may name a slot of ``rules/slots.yaml`` in braces: ``{neg}(?:收到|接到){gap}申请``. Before a text is searched,
a literal that every match must contain is looked for, which decides most patterns without compiling them
(measured: compiling costs a thousand times a substring search).
"""

from __future__ import annotations

import io
import pickle
import re
import signal
import sys
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import compress
from re import _constants as _sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from time import monotonic
from types import FrameType
from typing import Any, NamedTuple

import regex

from checker.late import late, once_for_each

HARMLESS = 5_000_000  #: steps that no machine feels
TIME_LIMIT = 0.5  #: seconds of processor for one pattern on one passage
_GLANCES = 4  #: looks at a search, evenly spread over its time, until it is up
ENDLESS = 10**12
MAX_LENGTH = 1000  #: characters of a pattern as written in a pack, slots not expanded
MAX_EXPANDED = 20_000  #: characters after slots are filled in
_SLOT = late(r"(?<!\\p)(?<!\\P)\{([a-z][a-z0-9_]*)\}")


class BadPattern(ValueError):
    """A pattern that a pack must not hold; ``code``: ``regex``, ``regex-too-big``, ``regex-empty``, ``regex-slot``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PatternTimeout(Exception):
    """A pattern ran into its time limit: the rule that owns it is broken, the report is not."""


def expand(source: str, slots: Mapping[str, str]) -> str:
    """``source`` with its slots filled in; a slot's own text may name other slots."""
    for _ in range(6):
        if not _SLOT.search(source):
            return source
        try:
            source = _SLOT.sub(lambda m: f"(?:{slots[m[1]]})", source)
        except KeyError as error:
            raise BadPattern("regex-slot", f"没有名为 {error.args[0]} 的槽位{_near(error.args[0], slots)}") from None
        if len(source) > MAX_EXPANDED:
            raise BadPattern("regex-too-big", f"展开后超过 {MAX_EXPANDED} 个字符")
    raise BadPattern("regex-slot", "槽位互相引用，展开没有尽头")


class _Watch:
    """Whether an alarm of this process watches the searches, so that they need not look at the clock themselves.

    ``begun``: how many searches there were so far; ``seen``: how many at the last tick; ``ticks``: how many in a row
    fell into the same search.
    """

    on, begun, seen, ticks = False, 0, -1, 0

    def tick(self, _signal: int, frame: FrameType | None) -> None:
        """Stops the search that was under way at the last ticks already. Raises PatternTimeout in its midst."""
        same = frame is not None and frame.f_code in _SEARCHES and self.seen == self.begun
        self.seen, self.ticks = self.begun, self.ticks + 1 if same else 0
        if frame and self.ticks >= _GLANCES:
            raise PatternTimeout(frame.f_locals["self"].source)


_watch = _Watch()


@contextmanager
def watched() -> Iterator[None]:
    """While it lasts, an alarm looks after the searches of this process: most of them take less than to ask the time.

    Only the main thread has alarms, and Windows has none: there each search keeps its own time.
    """
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if _watch.on or not able:
        yield
        return
    previous = signal.signal(signal.SIGVTALRM, _watch.tick)
    signal.setitimer(signal.ITIMER_VIRTUAL, TIME_LIMIT / _GLANCES, TIME_LIMIT / _GLANCES)
    _watch.on = True
    try:
        yield
    finally:
        _watch.on = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        # a last tick may still be on its way: where nobody heeds it, it ends the process
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN if previous == signal.SIG_DFL else previous)


Pairs = frozenset[int]
Gates = tuple[Pairs, ...]
_State = tuple[str, str, tuple[str, ...], tuple[int, ...], Gates, bool, bool, bool, int, bytes | None]


def _near(name: str, slots: Mapping[str, str]) -> str:
    from difflib import get_close_matches  # only a misspelt name needs it

    close = get_close_matches(name, list(slots), n=1, cutoff=0.6)
    return f"，是不是“{close[0]}”？" if close else ""


class Pattern:
    """One pattern: ``search`` and ``finditer`` as in ``re``, under a time limit. Compiled when first needed."""

    __slots__ = (
        "_code",
        "_compiled",
        "expanded",
        "gates",
        "linewise",
        "literals",
        "pairs",
        "plain",
        "single_line",
        "source",
        "steps",
    )

    def __init__(self, source: str, slots: Mapping[str, str] | None = None) -> None:
        if len(source) > MAX_LENGTH:
            raise BadPattern("regex-too-big", f"正则表达式超过 {MAX_LENGTH} 个字符")
        self.source = source
        self.expanded = expand(source, slots or {})
        needed = _required(self.expanded)
        self.literals = needed[0] if needed else ()
        self.pairs = _pairs_of(self.literals)
        self.gates = tuple(dict.fromkeys(map(frozenset, filter(None, map(_pairs_of, needed)))))[:_MOST_GATES]
        self.linewise, self.single_line = linewise(self.expanded)
        self.plain = _is_plain(self.expanded)
        self.steps = steps(self.expanded)
        self._code: bytes | None = None  # the compiled code, pickled: what the cache of a pack keeps
        self._compiled: Any = None

    def check(self) -> None:
        """Compile now. Raises BadPattern when it does not compile, repeats too much, or matches the empty string."""
        if _repeats(self.expanded) > 100_000:
            raise BadPattern("regex-too-big", "重复次数相乘过大")
        try:
            compiled = self.compiled
        except (regex.error, OverflowError, MemoryError, RecursionError) as error:
            raise BadPattern("regex", f"正则表达式有误：{error}") from None
        if compiled.search("") or any(match.end() == match.start() for match in compiled.finditer("鿋，a1 鿋")):
            raise BadPattern("regex-empty", "该表达式能匹配空文本，会让任何报告都命中")

    @property
    def compiled(self) -> Any:
        if self._compiled is None:
            self._compiled = _thaw(self._code) if self._code else regex.compile(self.expanded, regex.V0)
        return self._compiled

    def ruled_out(self, words: Pairs) -> bool:
        """True when a text with these ``pairs``, and any part of it, cannot hold a match."""
        return any(map(words.isdisjoint, self.gates))

    def search(self, text: str, start: int = 0, end: int | None = None) -> Any:
        """The first match in text[start:end], or None. Raises PatternTimeout."""
        if self._missing(text):
            return None
        _watch.begun += 1
        try:
            return self.compiled.search(text, start, end, timeout=None if _watch.on else self._limit(text))
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def fullmatch(self, text: str) -> Any:
        """The match of the whole ``text``, or None. Raises PatternTimeout."""
        if self._missing(text):
            return None
        _watch.begun += 1
        try:
            return self.compiled.fullmatch(text, timeout=None if _watch.on else self._limit(text))
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def finditer(self, text: str, words: Pairs | None = None) -> Iterator[Any]:
        """All matches in ``text``, of which ``words`` may be the ``pairs``, or those of a larger text around it.

        Raises PatternTimeout.
        """
        stretches = self._stretches(text, words)
        if not stretches:
            return iter(())
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
        """True when no literal that every match needs is in ``text``."""
        if words is not None and self.ruled_out(words):
            return True
        return bool(self.literals) and not any(map(text.__contains__, self.possible(words)))

    def possible(self, words: Pairs | None) -> Sequence[str]:
        """The literals that a text with these ``pairs``, or a part of it, may have."""
        if words is None or not self.pairs:
            return self.literals
        return tuple(compress(self.literals, map(words.__contains__, self.pairs)))

    def _stretches(self, text: str, words: Pairs | None) -> Sequence[tuple[int, int]]:
        """Where matches can stand in ``text``: if they stay in a line, in those that hold a literal; else anywhere."""
        if len(text) < _SHORT or not self.single_line or not self.literals:
            return () if self._missing(text, words) else ((0, len(text)),)
        if words is not None and self.ruled_out(words):
            return ()
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
        return None if self.steps * len(text) < HARMLESS else TIME_LIMIT

    def _timed(self, text: str, stretches: Sequence[tuple[int, int]], limit: float | None) -> Iterator[Any]:
        if _watch.on:
            _watch.begun += 1
            for begin, end in stretches:
                yield from self.compiled.finditer(text, begin, end)
            return
        until = monotonic() + limit if limit and len(stretches) > 1 else 0.0
        try:
            for begin, end in stretches:
                left = max(until - monotonic(), 0.001) if until else limit
                yield from self.compiled.finditer(text, begin, end, timeout=left)
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def _in_lines(self, text: str) -> Iterator[tuple[int, int]]:
        _watch.begun += 1
        until, base = monotonic() + TIME_LIMIT, 0
        for line in text.split("\n"):
            if not self._missing(line):
                left = None if _watch.on else max(until - monotonic(), 0.001)
                for match in self.compiled.finditer(line, timeout=left):
                    yield base + match.start(), base + match.end()
            base += len(line) + 1

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"

    # Measured with 500 patterns: reading pickled code 0.2 ms and 7 us for each pattern used, compiling 220 ms.
    def __getstate__(self) -> _State:
        code = self._code if self._compiled is None else pickle.dumps(self._compiled._pickled_data, protocol=5)
        texts, words = (self.source, self.expanded), (self.literals, self.pairs, self.gates)
        return *texts, *words, self.linewise, self.single_line, self.plain, self.steps, code

    def __setstate__(self, state: _State) -> None:
        self.source, self.expanded, self.literals, self.pairs, self.gates = state[:5]
        self.linewise, self.single_line, self.plain, self.steps, self._code = state[5:]
        self._compiled = None


#: where a search is when a tick comes
_SEARCHES = frozenset(
    method.__code__ for method in (Pattern.search, Pattern.fullmatch, Pattern._timed, Pattern._in_lines)
)


class _NoGlobals(pickle.Unpickler):
    """Numbers, texts, tuples, lists and dicts only: a cache file can name nothing that could be called."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


def _thaw(code: bytes) -> Any:
    return regex._regex.compile(*_NoGlobals(io.BytesIO(code)).load())  # type: ignore[attr-defined]


def neighbours(text: str) -> Pairs:
    """Every two neighbouring UTF-16 units of ``text`` as one number: what a short text is told by."""
    data = text.encode("utf-16-le", "surrogatepass")
    both = array("I", data[: len(data) & ~3])
    both.frombytes(data[2 : 2 + ((len(data) - 2) & ~3)])
    return frozenset(both)


@lru_cache(maxsize=4)
def pairs(text: str) -> Pairs:
    """The ``neighbours`` of a report's text, kept for all who ask.

    To make them takes 0.1 ms a report, to look for each literal of a pack in it ten times as long.
    """
    return neighbours(text)


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


def _pairs_of(literals: Sequence[str]) -> tuple[int, ...]:
    """The most telling pair of each literal; empty when one has a single character."""
    return tuple(map(_telling, literals)) if all(len(word) > 1 for word in literals) else ()


def _telling(word: str) -> int:
    """The last pair that not every report has."""
    both = [word[at : at + 2] for at in range(len(word) - 1)]
    telling = (two for two in reversed(both) if two not in _EVERYWHERE and two not in _OFTEN and not two.isdecimal())
    best = next(telling, both[-1])
    return int.from_bytes(best.encode("utf-16-le", "surrogatepass")[:4], sys.byteorder)


def required_literals(source: str) -> tuple[str, ...]:
    """Words of which at least one stands in every match of ``source``; empty when none is certain."""
    return next(iter(_required(source)), ())


def _required(source: str) -> list[tuple[str, ...]]:
    """Sets of words, most telling first: of each set every match of ``source`` has at least one word."""
    try:
        tree = _parsed(source)
    except (re.error, RecursionError, OverflowError):
        return []
    if tree.state.flags & re.IGNORECASE:
        return []
    return sorted(_options(tree), key=_selects, reverse=True)


def _parsed(source: str) -> Any:
    """The tree of a pattern. A flag for all of it may stand anywhere, for slots bring some: here it goes first."""
    flags = "".join(dict.fromkeys("".join(_FLAGS.findall(source))))
    return _parser.parse(f"(?{flags})" + _FLAGS.sub("", source) if flags else source)


_FLAGS = late(r"(?<!\\)\(\?([imsx]+)\)")
_PLAIN = (_sre.LITERAL, _sre.NOT_LITERAL, _sre.ANY, _sre.IN, _sre.GROUPREF)
_EDGES = (_sre.AT_BOUNDARY, _sre.AT_NON_BOUNDARY)
_LINE_ENDS = (_sre.AT_BEGINNING, _sre.AT_END)
_BLIND = (_sre.CATEGORY_DIGIT, _sre.CATEGORY_WORD, _sre.CATEGORY_NOT_SPACE)  #: classes without the newline


def linewise(source: str) -> tuple[bool, bool]:
    """Whether the matches in joined lines are those in the single lines, as long as none holds a newline; can none?

    So for anchors under (?m) only, and when nothing that is looked at outside the match could be a newline.
    """
    try:
        tree = _parsed(source)
    except (re.error, RecursionError, OverflowError):
        return False, False
    anchors = _EDGES + _LINE_ENDS if tree.state.flags & re.MULTILINE else _EDGES
    same = not tree.state.flags & re.DOTALL and _linewise(tree, anchors, inside=True)
    return same, same and _linewise(tree, anchors, inside=False)


def _linewise(tree: Any, anchors: tuple[Any, ...], inside: bool) -> bool:
    return all(_node_linewise(op, arg, anchors, inside) for op, arg in tree)


def _node_linewise(op: Any, arg: Any, anchors: tuple[Any, ...], inside: bool) -> bool:
    """``inside`` the match a newline may be met, for it will be seen there; not in what is only looked at."""
    if op in _PLAIN:
        return inside or not _meets_newline(op, arg)
    if op is _sre.AT:
        return arg in anchors
    if op is _sre.SUBPATTERN:
        return not arg[1] and _linewise(arg[3], anchors, inside)
    if op is _sre.BRANCH:
        return all(_linewise(branch, anchors, inside) for branch in arg[1])
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
        return _linewise(arg[2], anchors, inside)
    return op in (_sre.ASSERT, _sre.ASSERT_NOT) and _linewise(arg[1], anchors, False)


def _meets_newline(op: Any, arg: Any) -> bool:
    if op is _sre.IN:
        negated = arg[0][0] is _sre.NEGATE
        return any(_holds_newline(kind, value) for kind, value in arg[negated:]) is not negated
    if op is _sre.ANY:
        return False
    return op is _sre.GROUPREF or (op is _sre.LITERAL) == (arg == 10)


def _holds_newline(kind: Any, value: Any) -> bool:
    if kind is _sre.CATEGORY:
        return value not in _BLIND
    first, last = value if isinstance(value, tuple) else (value, value)
    return bool(first <= 10 <= last)


def _is_plain(source: str) -> bool:
    """Whether a text has a match if and only if it has one of the ``required_literals``."""
    return bool(_required(source)) and not _LOOKS.search(source) and bool(_spelt_all(_parsed(source)))


_LOOKS = late(r"\(\?[=!<]|[\\^$]")  #: what may look around, or stand for more than itself
_MOST_FINDS = 8  #: literals that are cheaper to look for than the pattern
_SHORT = 400  #: characters of a text that is searched as a whole
_MOST_GATES = 4  #: sets of words that a text is asked for before a pattern is searched
_MOST_WORDS = 48  #: alternatives that are still cheaper to look for than the pattern


def _needed(tree: Any) -> tuple[str, ...]:
    """The set of alternatives for a sequence that rules most texts out."""
    return max(_options(tree), key=_selects, default=())


def _options(tree: Any) -> list[tuple[str, ...]]:
    """All sets of alternatives that a sequence needs, in its order."""
    options: list[tuple[str, ...]] = []
    run: tuple[str, ...] = ("",)
    for op, arg in [*tree, (None, None)]:
        words = _spelt(op, arg)
        if op is _sre.ASSERT:
            options += _options(arg[1])
        if words and len(run) * len(words) <= _MOST_WORDS:
            run = tuple(one + other for one in run for other in words)
            continue
        once = _again(op, arg)
        if once and len(run) * len(once) <= _MOST_WORDS:
            run = tuple(one + other for one in run for other in once)
        options += [_least(run), *([] if words else _inside(op, arg))]
        run = words or once or ("",)
    return list(filter(None, options))


def _again(op: Any, arg: Any) -> tuple[str, ...]:
    """The texts of what is repeated, once or more: the first stands by what is before it, the last by what follows."""
    return _spelt_all(arg[2]) if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[0] >= 1 else ()


def _least(words: Iterable[str]) -> tuple[str, ...]:
    """The words without those that hold another one; none when one is empty."""
    kept = dict.fromkeys(words)
    return () if "" in kept else tuple(w for w in kept if not any(other in w for other in kept if other != w))


def _spelt(op: Any, arg: Any) -> tuple[str, ...]:
    """All texts that a node can match, if they are few; what has no width matches the empty text."""
    if op is _sre.LITERAL:
        return (chr(arg),)
    if op is _sre.IN and len(arg) <= 12 and all(kind is _sre.LITERAL for kind, _ in arg):
        return tuple(chr(code) for _, code in arg)
    if op in (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT):
        return ("",)
    if op is _sre.SUBPATTERN and arg[1] == 0:
        return _spelt_all(arg[3])
    if op is _sre.BRANCH:
        branches = [_spelt_all(branch) for branch in arg[1]]
        words = tuple(word for branch in branches for word in branch)
        return words if all(branches) and len(words) <= _MOST_WORDS else ()
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[:2] == (0, 1) and (words := _spelt_all(arg[2])):
        return (*words, "")
    return ()


def _spelt_all(tree: Any) -> tuple[str, ...]:
    run: tuple[str, ...] = ("",)
    for op, arg in tree:
        words = _spelt(op, arg)
        if len(run) * len(words) > _MOST_WORDS:
            return ()
        run = tuple(one + other for one in run for other in words)
    return run


def _inside(op: Any, arg: Any) -> list[tuple[str, ...]]:
    """What a node that has no few texts needs at least."""
    if op is _sre.SUBPATTERN and arg[1] == 0:
        return _options(arg[3])
    if op is _sre.BRANCH:
        branches = [_needed(branch) for branch in arg[1]]
        words = _least(word for branch in branches for word in branch)
        return [words] if all(branches) and len(words) <= _MOST_WORDS else []
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[0] >= 1:
        return _options(arg[2])
    return []


#: what every report says: such a word rules nothing out
_EVERYWHERE = (
    "20年政府信息公开工作年度报告，主动公开政府信息。依申请公开政府信息情况、收到行政复议、行政诉讼。存在问题改进措施。"
    "月日至的条件镇乡因向对就在和与及为将"
)
#: what many reports say
_OFTEN = "条例》，我镇 根据 要求 统计 内容 主要 组织 人员 文件 电话 计划 落实 通过 通知 更新 检查 审查 解读 公开申请"


def _selects(words: tuple[str, ...]) -> tuple[bool, bool, int, int]:
    """How well a set of words rules texts out: nothing that stands everywhere, no single characters, few, long."""
    shortest = min(map(len, words))
    return not any(word in _EVERYWHERE for word in words), shortest > 1, -len(words), shortest


def steps(source: str) -> int:
    """A bound on the ways in which a match can be tried from one place, ``ENDLESS`` where repeats have no end."""
    try:
        return min(_ways(_parsed(source)), ENDLESS)
    except (re.error, RecursionError, OverflowError):
        return ENDLESS


def _ways(tree: Any) -> int:
    total = 1
    for op, arg in tree:
        if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
            least, most, inner = arg
            endless = most is _sre.MAXREPEAT
            total *= ENDLESS if endless else 1 + (int(most) - int(least)) * _ways(inner) ** min(int(most), 2)
        elif op is _sre.BRANCH:
            total *= sum(map(_ways, arg[1]))
        elif op is _sre.SUBPATTERN:
            total *= _ways(arg[3])
        elif op in (_sre.ASSERT, _sre.ASSERT_NOT):
            total *= _ways(arg[1])
        elif op not in (_sre.LITERAL, _sre.NOT_LITERAL, _sre.IN, _sre.ANY, _sre.AT):
            return ENDLESS
        if total >= ENDLESS:
            return ENDLESS
    return total


def _repeats(source: str) -> int:
    """The product of the counted repeats along the deepest nesting, as a bound on the compiled size."""

    def walk(tree: Any) -> int:
        most = 1
        for op, arg in tree:
            if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
                inner = walk(arg[2])
                count = arg[1] if arg[1] is not _sre.MAXREPEAT else arg[0]
                most = max(most, inner * max(int(count), 1))
            elif op is _sre.SUBPATTERN:
                most = max(most, walk(arg[3]))
            elif op is _sre.BRANCH:
                most = max(most, *(walk(branch) for branch in arg[1]))
        return most

    try:
        return walk(_parsed(source))
    except (re.error, RecursionError, OverflowError):
        return 1
