"""Audits -> text. A format is three plain functions, listed in one dictionary; none of them judges or drops a verdict.

Everything is rendered report by report, so that ten thousand reports never stand in memory together: ``head`` once,
``report`` for each (joined by ``between``); for several reports ``overview`` and a ``row`` for each; ``tail`` once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from checker.model import Audit
from checker.render import as_json, baseline, github, gitlab, junit, markdown, page, sarif, table
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


FORMATS: Mapping[str, Format] = {
    "table": Format(table.head, table.report, table.overview, table.row, table.tail, "\n"),
    "json": Format(as_json.head, as_json.report, as_json.overview, as_json.row, as_json.tail, ",\n"),
    "html": Format(page.head, page.report, page.overview, page.row, page.tail, document=True),
    "markdown": Format(markdown.head, markdown.report, markdown.overview, markdown.row, markdown.tail),
    "sarif": Format(sarif.head, sarif.report, sarif.overview, sarif.row, sarif.tail, ",\n", always=True),
    "junit": Format(junit.head, junit.report, junit.overview, junit.row, junit.tail),
    "github": Format(github.head, github.report, github.overview, github.row, github.tail),
    "baseline": Format(baseline.head, baseline.report, baseline.overview, baseline.row, baseline.tail),
    "gitlab": Format(gitlab.head, gitlab.report, gitlab.overview, gitlab.row, gitlab.tail, ",\n"),
}
