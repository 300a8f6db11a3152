"""What is made when it is first asked for, and then kept: regular expressions of ours, and what hangs on one object."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, AnyStr, TypeVar, cast

from checker.engine import frozen, thawed


class Codes(dict[tuple[str | bytes, int], bytes]):
    """The code of every expression used so far, by its source and flags; ``kept``: how many of them a cache has."""

    kept = 0


CODES = Codes()
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def late(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile(source, flags)``, carried out at the first use: a run needs half of them, and it takes time."""
    return cast("re.Pattern[AnyStr]", _Late(source, flags))


class _Late:
    """Stands for a compiled expression, and has its very methods from the first use on: that costs nothing more."""

    def __init__(self, source: Any, flags: int) -> None:
        self.pattern, self._flags = source, int(flags)

    def __getattr__(self, name: str) -> Any:  # called for what is not there: before the first use
        compiled = _expression((self.pattern, self._flags))
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def _expression(key: tuple[str | bytes, int]) -> re.Pattern[Any]:
    with suppress(Exception):  # there is none, or what was kept is damaged
        return thawed(CODES[key])
    CODES[key] = frozen(*key)
    return thawed(CODES[key])


_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def remembered(make: Callable[[str], _Made]) -> Callable[[str], _Made]:
    """Keeps what a function makes of a text, for short texts that come again and again: half as dear as ``lru_cache``.

    Of so many at 4,096; then it begins anew.
    """
    return _Remembered(make).__getitem__


class _Remembered(dict[str, _Made]):
    def __init__(self, make: Callable[[str], _Made]) -> None:
        self._make = make

    def __missing__(self, text: str) -> _Made:
        if len(self) >= 4096:
            self.clear()
        return self.setdefault(text, self._make(text))


def once_for_each(most: int) -> Callable[[Callable[[_Given], _Made]], Callable[[_Given], _Made]]:
    """Keeps what a function makes of an object for that very object: for what is dear to hash, as a list of a pack.

    Of so many at ``most``; then it begins anew. What it was made of is kept, too, for an id may come again.
    """

    def decorate(make: Callable[[_Given], _Made]) -> Callable[[_Given], _Made]:
        kept: dict[int, tuple[_Given, _Made]] = {}

        @wraps(make)
        def found(given: _Given) -> _Made:
            known = kept.get(id(given))
            if known is not None and known[0] is given:
                return known[1]
            if len(kept) >= most:
                kept.clear()
            made = make(given)
            kept[id(given)] = given, made
            return made

        return found

    return decorate
