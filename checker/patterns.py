"""Patterns of the packs: regular expressions over slots, compiled late, stopped in time.

A pattern may name a slot of ``rules/slots.yaml`` in braces: ``{neg}(?:收到|接到){gap}申请``. Before a text is searched,
a literal that every match must contain is looked for, which decides most patterns without compiling them
(measured: compiling costs a thousand times a substring search).
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Iterator, Mapping, Sequence
from re import _constants as _sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from time import monotonic
from typing import Any

import regex

TIME_LIMIT = 0.5  #: seconds for one pattern on one passage
MAX_LENGTH = 1000  #: characters of a pattern as written in a pack, slots not expanded
MAX_EXPANDED = 20_000  #: characters after slots are filled in
_SLOT = re.compile(r"(?<!\\p)(?<!\\P)\{([a-z][a-z0-9_]*)\}")


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
            raise BadPattern("regex-slot", f"没有名为 {error.args[0]} 的槽位") from None
        if len(source) > MAX_EXPANDED:
            raise BadPattern("regex-too-big", f"展开后超过 {MAX_EXPANDED} 个字符")
    raise BadPattern("regex-slot", "槽位互相引用，展开没有尽头")


_State = tuple[str, str, tuple[str, ...], bool, bytes | None]


class Lines:
    """Lines of a text, and the whole of them joined by newlines: what most patterns can be ruled out with at once."""

    __slots__ = ("lines", "whole")

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        self.whole = "\n".join(self.lines)


class Pattern:
    """One pattern: ``search`` and ``finditer`` as in ``re``, under a time limit. Compiled when first needed."""

    __slots__ = ("_code", "_compiled", "expanded", "joinable", "literals", "source")

    def __init__(self, source: str, slots: Mapping[str, str] | None = None) -> None:
        if len(source) > MAX_LENGTH:
            raise BadPattern("regex-too-big", f"正则表达式超过 {MAX_LENGTH} 个字符")
        self.source = source
        self.expanded = expand(source, slots or {})
        self.literals = required_literals(self.expanded)
        self.joinable = joinable(self.expanded)
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

    def may_match(self, text: str) -> bool:
        """False when a literal that every match needs is missing from ``text``."""
        return not self.literals or any(map(text.__contains__, self.literals))

    def search(self, text: str, start: int = 0, end: int | None = None) -> Any:
        """The first match in text[start:end], or None. Raises PatternTimeout."""
        if not self.may_match(text):
            return None
        try:
            return self.compiled.search(text, start, end, timeout=TIME_LIMIT)
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def fullmatch(self, text: str) -> Any:
        """The match of the whole ``text``, or None. Raises PatternTimeout."""
        if not self.may_match(text):
            return None
        try:
            return self.compiled.fullmatch(text, timeout=TIME_LIMIT)
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Any]:
        """All matches in text[start:end]. Raises PatternTimeout."""
        if not self.may_match(text):
            return
        try:
            yield from self.compiled.finditer(text, start, end, timeout=TIME_LIMIT)
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def hits(self, text: Lines) -> Iterator[tuple[int, Any]]:
        """(index of the line, match) for all matches inside single lines, one time limit for all of them.

        Raises PatternTimeout.
        """
        if not self.may_match(text.whole):
            return
        until = monotonic() + TIME_LIMIT
        try:
            if self.joinable and not self.compiled.search(text.whole, timeout=TIME_LIMIT):
                return
            for index, line in enumerate(text.lines):
                if self.may_match(line):
                    for match in self.compiled.finditer(line, timeout=max(until - monotonic(), 0.001)):
                        yield index, match
        except TimeoutError:
            raise PatternTimeout(self.source) from None

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"

    # Measured with 500 patterns: reading pickled code 0.2 ms and 7 us for each pattern used, compiling 220 ms.
    def __getstate__(self) -> _State:
        code = self._code if self._compiled is None else pickle.dumps(self._compiled._pickled_data, protocol=5)
        return self.source, self.expanded, self.literals, self.joinable, code

    def __setstate__(self, state: _State) -> None:
        self.source, self.expanded, self.literals, self.joinable, self._code = state
        self._compiled = None


class _NoGlobals(pickle.Unpickler):
    """Numbers, texts, tuples, lists and dicts only: a cache file can name nothing that could be called."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


def _thaw(code: bytes) -> Any:
    return regex._regex.compile(*_NoGlobals(io.BytesIO(code)).load())  # type: ignore[attr-defined]


def required_literals(source: str) -> tuple[str, ...]:
    """Words of which at least one stands in every match of ``source``; empty when none is certain."""
    try:
        tree = _parser.parse(source)
    except (re.error, RecursionError, OverflowError):
        return ()
    if tree.state.flags & re.IGNORECASE:
        return ()
    return _needed(tree) or ()


_PLAIN = (_sre.LITERAL, _sre.NOT_LITERAL, _sre.ANY, _sre.IN, _sre.GROUPREF)
_EDGES = (_sre.AT_BOUNDARY, _sre.AT_NON_BOUNDARY)


def joinable(source: str) -> bool:
    """True when every match inside a line is a match in the joined lines, too: none there means none here.

    Not so for anchors, and for what forbids a following text that a newline could begin.
    """
    try:
        tree = _parser.parse(source)
    except (re.error, RecursionError, OverflowError):
        return False
    return _joinable(tree) and not tree.state.flags & re.DOTALL


def _joinable(tree: Any) -> bool:
    return all(_node_joinable(op, arg) for op, arg in tree)


def _node_joinable(op: Any, arg: Any) -> bool:
    if op in _PLAIN:
        return True
    if op is _sre.AT:
        return arg in _EDGES
    if op is _sre.SUBPATTERN:
        return not arg[1] and _joinable(arg[3])
    if op is _sre.BRANCH:
        return all(_joinable(branch) for branch in arg[1])
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
        return _joinable(arg[2])
    if op is _sre.ASSERT:
        return _joinable(arg[1])
    return bool(op is _sre.ASSERT_NOT and _one_line(arg[1]))


def _one_line(tree: Any) -> bool:
    """True when nothing in the tree can match a newline: literals, dots, and sets of literals or ranges."""
    for op, arg in tree:
        if op is _sre.LITERAL or op is _sre.ANY:
            fine = arg != 10
        elif op is _sre.IN:
            fine = all(kind in (_sre.LITERAL, _sre.RANGE) and _apart(value) for kind, value in arg)
        elif op is _sre.SUBPATTERN:
            fine = not arg[1] and _one_line(arg[3])
        elif op is _sre.BRANCH:
            fine = all(_one_line(branch) for branch in arg[1])
        else:
            fine = op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and _one_line(arg[2])
        if not fine:
            return False
    return True


def _apart(value: Any) -> bool:
    """A literal or a range (first, last) without the newline."""
    first, last = value if isinstance(value, tuple) else (value, value)
    return not first <= 10 <= last


def _needed(tree: Any) -> tuple[str, ...]:
    """The best set of alternatives for a sequence: fewest words first, then the longest shortest word."""
    options: list[tuple[str, ...]] = []
    run = ""
    for op, arg in [*tree, (None, None)]:
        if op is _sre.LITERAL:
            run += chr(arg)
            continue
        if run:
            options.append((run,))
            run = ""
        if op is _sre.SUBPATTERN:
            if arg[1] == 0 and (words := _needed(arg[3])):
                options.append(words)
        elif op is _sre.BRANCH:
            branches = [_needed(branch) for branch in arg[1]]
            if all(branches) and sum(map(len, branches)) <= 24:
                options.append(tuple(dict.fromkeys(word for branch in branches for word in branch)))
        elif op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and arg[0] >= 1 and (words := _needed(arg[2])):
            options.append(words)
        elif op is _sre.IN and all(kind is _sre.LITERAL for kind, _ in arg) and len(arg) <= 12:
            options.append(tuple(chr(code) for _, code in arg))
    if not options:
        return ()
    return max(options, key=lambda words: (min(map(len, words)) > 1, -len(words), min(map(len, words))))


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
        return walk(_parser.parse(source))
    except (re.error, RecursionError, OverflowError):
        return 1
