"""The fact map: what can be read from a report, as written in ``rules/facts.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its id, Chinese title, type (text, year, date, period, count, money, map) and unit."""

    id: str
    title: str
    type: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FactMap:
    """All facts by id, and the axes (``t3.columns`` -> column ids) that rules may run over."""

    specs: Mapping[str, FactSpec]
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
