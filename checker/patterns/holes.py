"""Whether a text may hold a match of which some characters could not be read: each may be any one, or none.

Only scans with doubtful lines come here, so the patterns are compiled again for them, with room for holes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from checker.patterns import Pattern

_LIMIT = 0.1  #: seconds; a search that takes longer may find something for all we know


def may_match(pattern: Pattern, text: str, hole: str) -> bool:
    """Whether a text in which each ``hole`` is one unknown character at most may hold a match."""
    if pattern.literals and not any(_fits(word, text, hole) for word in pattern.literals):
        return False
    return _holds(pattern.expanded, text, hole)


@lru_cache(maxsize=8192)
def _holds(source: str, text: str, hole: str) -> bool:
    try:
        return _loose(source, hole).search(text, timeout=_LIMIT) is not None
    except TimeoutError:
        return True


@lru_cache(maxsize=1024)
def _loose(source: str, hole: str) -> Any:
    """The pattern with any number of its characters standing in holes; what it looks for around it may be in one."""
    around = source.replace("(?=", f"(?={hole}|").replace("(?<=", f"(?<={hole}|")
    return regex.compile(f"(?:{around}){{i<=99,s<=99:[{hole}]}}", regex.V0)


@lru_cache(maxsize=8192)
def _fits(word: str, text: str, hole: str) -> bool:
    """Whether a word stands in a text, some of it in holes at most."""
    if word in text:
        return True
    return any(
        all(sign in (one, hole) for one, sign in zip(word, text[at : at + len(word)], strict=False))
        for at in range(len(text) - len(word) + 1)
        if hole in text[at : at + len(word)]
    )
