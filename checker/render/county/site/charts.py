"""Charts as plain numbers for a template that draws them: where each bar and point stands. Nothing is drawn here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 22, 34
_FEW = 2  #: values without which there is no line to draw


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its label below and its value above it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line with its label below and its value above it."""

    x: float
    y: float
    label: str
    value: float
    count: int = 0


def histogram(scores: Sequence[tuple[float, str]]) -> Sequence[Bar]:
    """How many scores (with their grades) there are in each ten points; those below 50 together."""
    bins = Counter(min(int(score) // 10, 9) if score >= 50 else 4 for score, _ in scores)
    most = max(bins.values(), default=1)
    labels = {4: "不到50", 9: "90至100"} | {at: f"{at}0至{at}9" for at in range(5, 9)}
    step = (WIDTH - _LEFT - _RIGHT) / len(labels)
    room = HEIGHT - _TOP - _BOTTOM
    return [
        Bar(
            round(_LEFT + number * step + step * 0.15, 1),
            round(_TOP + room * (1 - bins[at] / most), 1),
            round(step * 0.7, 1),
            round(room * bins[at] / most, 1),
            labels[at],
            bins[at],
        )
        for number, at in enumerate(sorted(labels))
    ]


def trend(years: Mapping[int, Sequence[float]]) -> Sequence[Point]:
    """The median score year by year; nothing for a single year."""
    middle = {str(year): (median(years[year]), len(years[year])) for year in sorted(years)}
    return line(middle) if len(middle) >= _FEW else ()


def line(values: Mapping[str, tuple[float, int]], width: int = WIDTH, height: int = HEIGHT) -> Sequence[Point]:
    """Label -> value (0..100) and of how many it is, from left to right."""
    step = (width - _LEFT - _RIGHT) / max(len(values), 1)
    room = height - _TOP - _BOTTOM
    return [
        Point(
            round(_LEFT + step * (at + 0.5), 1),
            round(_TOP + room * (1 - min(max(value, 0), 100) / 100), 1),
            label,
            round(value, 1),
            count,
        )
        for at, (label, (value, count)) in enumerate(values.items())
    ]
