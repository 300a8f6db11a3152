"""The code that ``re`` makes of an expression, as bytes that can be kept: to read them takes a fiftieth of compiling.

It is told with which characters a match begins, wherever that can be told: ``re`` itself finds it out for expressions
that begin with a character, a set or words, and tries all others at every character of a text.
"""

from __future__ import annotations

import io
import pickle
import re
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as _sre  # type: ignore[attr-defined]
from typing import Any

NO_WIDTH = (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT)
NESTED = (_sre.SUBPATTERN, _sre.MAX_REPEAT, _sre.MIN_REPEAT)


def frozen(source: str | bytes, flags: int = 0) -> bytes:
    """The code of an expression. Raises ``re.error``."""
    tree = _parser.parse(source, flags)
    state, names = tree.state, tree.state.groupdict
    of_groups = {number: name for name, number in names.items()}
    groups = state.groups - 1, names, tuple(map(of_groups.get, range(state.groups)))
    return pickle.dumps((source, int(state.flags), list(map(int, _code(tree, flags))), *groups), protocol=5)


def thawed(code: bytes) -> re.Pattern[Any]:
    """The expression with this code, ready to search."""
    return _compiler._sre.compile(*plain(code))  # type: ignore[no-any-return]


def plain(code: bytes) -> Any:
    """What was pickled, as long as it is numbers, texts, tuples, lists and dicts. Raises ``pickle.UnpicklingError``."""
    return _NoGlobals(io.BytesIO(code)).load()


class _NoGlobals(pickle.Unpickler):
    """A cache file can name nothing that could be called."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


def _code(tree: Any, flags: int) -> list[int]:
    """The code for ``re``, and in its head with which characters a match begins."""
    code: list[int] = _compiler._code(tree, flags)
    _, size, known = code[:3]
    first = None if known else beginnings(tree)
    if not first:
        return code
    simple = _parser.SubPattern(tree.state, [(_sre.IN, first)])
    simple.width = tree.getwidth()
    head: list[int] = []
    _compiler._compile_info(head, simple, tree.state.flags)
    return head + code[1 + size :]


def beginnings(tree: Any) -> list[Any] | None:
    """The characters with which a match can begin, as ``re`` writes a set of them; None where it can be any."""
    found: list[Any] = []
    for node in tree:
        op, arg = node
        if op in NO_WIDTH:
            continue
        if op is _sre.LITERAL:
            found.append(node)
        elif op is _sre.IN and arg[0][0] is not _sre.NEGATE:
            found += arg
        elif op is _sre.BRANCH or op in NESTED:
            for inner in arg[1] if op is _sre.BRANCH else [arg[-1]]:
                first = beginnings(inner)
                if first is None:
                    return None
                found += first
        else:
            return None
        if _parser.SubPattern(tree.state, [node]).getwidth()[0]:
            break
    return found
