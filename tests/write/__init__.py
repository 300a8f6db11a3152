"""Complete reports of invented places, told once as data (``tests/complete``), written in every format from there.

``written(name)`` is one report: its lines, its forms as grids, and what every cell of them says. The modules beside
this one render it: ``word`` (docx), ``page`` (html), ``plain`` (txt, md). A renderer knows formats, never reports.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.write.layout import FORMS, Cell, Grid, early, statistics, t2_2019, t2_2021, t3, t4

FOLDER = Path(__file__).parent.parent / "complete"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
_NUMBERED = re.compile(r"(?:(?P<first>[一二三四五六七八九十]+)、|（(?P<second>[一二三四五六七八九十]+)）)")
_FORM = re.compile(r"\[(t2|t3|t4|stat|early)\]")

Figure = int | float | str


@dataclass(frozen=True)
class Line:
    """A printed line: its number (一、 or （一）) apart from its words, ``level`` 1 or 2 for those, 0 for none."""

    text: str
    label: str = ""
    level: int = 0
    role: str = ""  #: title, or tail: signature and date

    @property
    def whole(self) -> str:
        return self.label + self.text


@dataclass(frozen=True)
class Written:
    """One report. ``cells`` holds what stands in each value cell of its forms, by the fact that the cell is."""

    name: str
    place: str
    year: int
    blocks: tuple[Line | Grid, ...]
    cells: Mapping[str, str]
    expect: Mapping[str, Any] = field(default_factory=dict)  #: facts of the text, as data

    @property
    def title(self) -> str:
        return next(block.text for block in self.blocks if isinstance(block, Line))

    def but(self, fact: str, text: str) -> Written:
        """The same report with another text in one cell."""
        assert fact in self.cells, fact
        return replace(self, cells={**self.cells, fact: text})

    def text(self, cell: Cell) -> str:
        """What stands in a cell."""
        return self.cells[cell.fact] if cell.fact else cell.text

    def shown(self, grid: Grid) -> list[list[str]]:
        """The texts of a grid, row by row, a merged cell once."""
        return [[self.text(cell) for cell in row] for row in grid.rows]


@cache
def written(name: str) -> Written:
    """The report ``tests/complete/<name>.yaml``."""
    return told(name, yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


def told(name: str, data: Mapping[str, Any]) -> Written:
    """The report that ``data`` tell of, as a file of ``tests/complete`` does."""
    figures = _figures(data)
    blocks: list[Line | Grid] = []
    lines = [line for line in data["text"].splitlines() if line]
    for at, text in enumerate(lines):
        role = "title" if at == 0 else "tail" if _is_tail(lines, at) else ""
        form = _FORM.fullmatch(text)
        blocks.append(_grid(form[1], data["year"]) if form else _line(text, role))
    cells = {fact: _shown(value) for fact, value in figures.items()}
    return Written(name, data["place"], data["year"], tuple(blocks), cells, data.get("expect", {}))


def _line(text: str, role: str) -> Line:
    number = None if role else _NUMBERED.match(text)
    if number is None:
        return Line(text, role=role)
    return Line(text[number.end() :], number[0], 1 if number["first"] else 2)


def _is_tail(lines: list[str], at: int) -> bool:
    """The organ's name and the date, which close the report before what is attached to it."""
    dated = re.compile(r"\d{4}年\d+月\d+日")
    return bool(dated.fullmatch(lines[at]) or (at + 1 < len(lines) and dated.fullmatch(lines[at + 1])))


def _grid(form: str, year: int) -> Grid:
    if form == "t2":
        return t2_2021() if year >= 2021 else t2_2019()
    if form == "t3":
        return t3(single_other=year < 2021)
    return {"t4": t4, "stat": statistics, "early": early}[form]()


def _figures(data: Mapping[str, Any]) -> dict[str, Figure]:
    """Every value cell of the report's forms; what the data do not name is nought, sums are added up."""
    found: dict[str, Figure] = {}
    for form in FORMS:
        if f"[{form}]" in data["text"]:
            facts = [cell.fact for row in _grid(form, data["year"]).rows for cell in row if cell.fact]
            given = dict(_named(form, data.get(form, {}), facts))
            assert not set(given) - set(facts), f"{data['place']}: {sorted(set(given) - set(facts))}"
            found |= dict.fromkeys(facts, 0) | given
    _add_up(found)
    return found


def _named(form: str, rows: Mapping[str, Any], facts: list[str]) -> list[tuple[str, Figure]]:
    """A row is one figure, or the figures of its columns from the left."""
    pairs: list[tuple[str, Figure]] = []
    for row, value in rows.items():
        prefix = f"{form}.{row}"
        own = [prefix] if prefix in facts else [fact for fact in facts if fact.startswith(f"{prefix}.")]
        pairs += zip(own or [prefix], value if isinstance(value, list) else [value], strict=False)
    return pairs


def _add_up(found: dict[str, Any]) -> None:
    rows = list(dict.fromkeys(fact.split(".")[1] for fact in found if fact.startswith("t3.")))
    columns = ("person", "company", "research", "charity", "legal", "other")
    results = [row for row in rows if row not in ("new", "carried_in", "closed", "carried_out")]
    for column in columns if rows else ():
        found[f"t3.closed.{column}"] = sum(found[f"t3.{row}.{column}"] for row in results)
    for row in rows:
        found[f"t3.{row}.all"] = sum(found[f"t3.{row}.{column}"] for column in columns)
    for group in ("review", "direct", "after_review"):
        if f"t4.{group}.all" in found:
            parts = ("upheld", "corrected", "other", "pending")
            found[f"t4.{group}.all"] = sum(found[f"t4.{group}.{part}"] for part in parts)


def _shown(value: Figure) -> str:
    return str(value)
