"""Audits -> text. A format is three plain functions, listed in one dictionary; none of them judges or drops a verdict.

Everything is rendered report by report, so that ten thousand reports never stand in memory together: ``head`` once,
``report`` for each (joined by ``between``); for several reports ``overview`` and a ``row`` for each; ``tail`` once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from checker.model import Audit
from checker.render.view import Tally, View, tally

__all__ = ["FORMATS", "Format", "Tally", "View", "tally"]


class Format(NamedTuple):
    """How one format is written; ``overview`` and ``row`` give nothing in formats without an overview.

    ``between`` joins the reports that give any text. ``always``: the overview is written for a single report, too.
    ``document``: ``report`` wants the document beside the audit.
    """

    head: Callable[[View], str]
    report: Callable[[Audit, View], str]
    overview: Callable[[View], str]
    row: Callable[[Audit, View], str]
    tail: Callable[[Tally, View], str]
    between: str = ""
    always: bool = False
    document: bool = False


class _Formats(Mapping[str, Format]):
    """The formats by name. A module is loaded when its format is asked for: a start needs one of them."""

    def __getitem__(self, name: str) -> Format:
        module, more = _MADE[name]
        made = import_module(f"checker.render.{module}")
        return Format(made.head, made.report, made.overview, made.row, made.tail, **more)

    def __iter__(self) -> Iterator[str]:
        return iter(_MADE)

    def __len__(self) -> int:
        return len(_MADE)


#: name -> its module, and how it differs from the plain
_MADE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "table": ("table", {"between": "\n"}),
    "json": ("as_json", {"between": ",\n"}),
    "html": ("page", {"document": True}),
    "markdown": ("markdown", {}),
    "sarif": ("sarif", {"between": ",\n", "always": True}),
    "junit": ("junit", {}),
    "github": ("github", {}),
    "baseline": ("baseline", {}),
    "gitlab": ("gitlab", {"between": ",\n"}),
}
FORMATS: Mapping[str, Format] = _Formats()
