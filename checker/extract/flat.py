"""Rows of forms that lost their grids: labels and the figures after them, on one line or one cell a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checker.factmap import label_key
from checker.late import late
from checker.model import Line, Where

_UNIT = r"(?:万元|元|人次|件|条|项|个|次|人|宗|份|篇)"
_VALUE = late(rf"[+-]?\d[\d,]*(?:\.\d+)?(?:余|多)?{_UNIT}?|[/\\\-—–―]+|无|〇")
_PRINTED_UNIT = late(rf"{_UNIT}|单位|%")
_CELL = late(r"[ \u3000\xa0|｜]+")


@dataclass(slots=True)
class Row:
    """A label, possibly broken over two lines, and the figures that follow it.

    ``labels``: what it may be called, the likeliest first. ``keys``: all words that stand before the figures.
    """

    labels: list[str]
    keys: list[str]
    where: Where
    values: list[str] = field(default_factory=list)


def rows(lines: Iterable[Line]) -> list[Row]:
    """The rows of these lines in order; a row without figures is a head, a caption or the name of a group."""
    found: list[Row] = []
    for line in lines:
        for label, values, exact in _runs(line.raw):
            if label:
                before = found[-1].labels[0] if found and not found[-1].values else ""
                words = " ".join(label)
                names = [words, before + words, label[-1]] if before else [words, label[-1]]
                keys = [key for part in label if (key := label_key(part))]
                found.append(Row(names, keys, line.where(0, len(line.text)), list(values)))
            elif found:
                found[-1].values += values
            if exact and found and values:
                found.append(Row([""], [], found[-1].where))
    return [row for row in found if row.keys or row.values]


def _runs(raw: str) -> Iterator[tuple[list[str], list[str], bool]]:
    """(words, figures, whether tabs keep the cells apart) again and again along a line."""
    exact = "\t" in raw
    cells = [cell.strip() for cell in raw.split("\t")] if exact else _CELL.split(raw.strip(" \t|｜"))
    words: list[str] = []
    values: list[str] = []
    for cell in cells:
        plain = unicodedata.normalize("NFKC", cell)
        if _VALUE.fullmatch(plain) or (exact and not cell and words):
            values.append(cell)
            continue
        if values:
            yield words, values, exact
            words, values = [], []
        if not _PRINTED_UNIT.fullmatch(plain):
            words.append(cell)
    yield words, values, exact
