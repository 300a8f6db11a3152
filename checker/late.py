"""Regular expressions of ours, compiled when first used: a run needs half of them, and each takes its time."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def late(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile(source, flags)``, carried out at the first use."""
    return cast("re.Pattern[AnyStr]", _Late(source, flags))


class _Late:
    """Stands for a compiled expression, and has its very methods from the first use on: that costs nothing more."""

    def __init__(self, source: Any, flags: int) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:  # called for what is not there: before the first use
        compiled = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
