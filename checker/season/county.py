"""county.yaml: what the county asks for, where it differs from the rules of the country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.model import Level, Pack, Severity
from checker.season import settings
from checker.season.nouns import Office


@dataclass(frozen=True, slots=True)
class County:
    """Empty where county.yaml says nothing. ``deadlines``: by level, ``""`` for all others; ``pack``: local rules.

    ``office``: who signs the notices.
    """

    name: str = ""
    year: int | None = None
    deadlines: Mapping[Level | str, dt.date] = field(default_factory=dict)
    weights: Mapping[Severity, int] = field(default_factory=dict)
    grades: tuple[tuple[str, float], ...] = ()
    floor: float | None = None
    pack: tuple[Path, ...] = ()
    office: Office = field(default_factory=Office)

    def due(self, level: Level | None) -> dt.date | None:
        """The deadline of units of this level, None where the county names none."""
        return self.deadlines.get(level or "", self.deadlines.get(""))


def load(path: Path) -> County:
    """The county of a county.yaml. Raises BadPack with file, line and key."""
    source = settings.load(path, "county")
    raw = source.value
    given = raw.get("deadline", {})
    dates = {"default": given} if isinstance(given, str) else given
    names = {key: ("deadline",) if isinstance(given, str) else ("deadline", key) for key in dates}
    local = raw.get("pack", ())
    return County(
        name="".join(raw.get("name", "").split()),
        year=raw.get("year"),
        deadlines={
            "" if key == "default" else key: settings.date(source, names[key], text) for key, text in dates.items()
        },
        weights=raw.get("weights", {}),
        grades=tuple(sorted(raw.get("grades", {}).items(), key=lambda pair: -pair[1])),
        floor=raw.get("coverage_floor"),
        office=Office(
            raw.get("office", ""),
            raw.get("contact", ""),
            settings.date(source, ("mend_by",), raw["mend_by"]) if "mend_by" in raw else None,
        ),
        pack=tuple(path.parent / name for name in ([local] if isinstance(local, str) else local)),
    )


def applied(pack: Pack, county: County) -> Pack:
    """The pack with the county's weights, grades and floor in the place of its own."""
    policy = pack.policy
    return replace(
        pack,
        policy=replace(
            policy,
            weights={**policy.weights, **county.weights},
            grades=county.grades or policy.grades,
            coverage_floor=policy.coverage_floor if county.floor is None else county.floor,
        ),
    )
