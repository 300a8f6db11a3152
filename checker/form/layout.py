"""How an official form is printed: boxes on a grid, from its labels (forms.yaml) and its plan (template.yaml)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from checker.factmap import BlockSpec, FactMap, FormSpec, label_key
from checker.late import late

#: caption and head stand in the middle, label and group to the left
Kind = Literal["caption", "head", "label", "group", "unit", "figure"]
#: A row, a column, or a group of them: a name (empty for one without number) and what stands below it.
Tree = Sequence["str | Mapping[str, Tree]"]

_AMONG = "其中"
_LEAD = late(r"（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d+\.")
_CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Box:
    """One printed cell: row and column of its upper left corner from 0, how many it spans, its wording.

    A figure has the id of its fact instead of a wording. ``indent``: how deep a label of a list stands.
    """

    row: int
    column: int
    text: str = ""
    kind: Kind = "label"
    down: int = 1
    across: int = 1
    fact: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A form as printed: ``head`` rows are repeated on each page, ``widths`` are shares of the whole, one a column."""

    form: str
    caption: str
    rows: int
    head: int
    widths: tuple[int, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One figure of a form: its fact, and the labels of its row and column (one of them may be empty)."""

    fact: str
    row: str
    column: str


def spots(spec: FormSpec, edition: str) -> tuple[Spot, ...]:
    """The figures that ``edition`` of the form has, block by block."""
    one = spec.shape == "list"  # of a list the only column says nothing
    return tuple(
        Spot(fact, _LEAD.sub("", label) if one else label, "" if one else block.columns[column])
        for block in _blocks(spec, edition)
        for row, column, fact in block.cells
        for label in (block.rows.get(row, ""),)
    )


def printed(spec: FormSpec, edition: str, plan: Mapping[str, Any], facts: FactMap) -> Printed:
    """The form as ``edition`` prints it. Raises ValueError when the plan names what the form does not have."""
    blocks = _blocks(spec, edition)
    if spec.shape == "list":
        return _listed(spec, blocks, plan, facts)
    return _crossed(spec, blocks, plan) if "columns" in plan else _stacked(spec, blocks, plan)


def _blocks(spec: FormSpec, edition: str) -> list[BlockSpec]:
    return [block for block in spec.blocks if block.edition in ("", edition)]


def _widths(plan: Mapping[str, Any], count: int) -> tuple[int, ...]:
    """The shares of ``count`` columns; the last one given holds for the rest."""
    given = list(plan["widths"])
    return tuple([*given, *[given[-1]] * count][:count])


# --- blocks one below the other: table two ------------------------------------------------------------------------


def _stacked(spec: FormSpec, blocks: Sequence[BlockSpec], plan: Mapping[str, Any]) -> Printed:
    """Each block with its caption and its own columns; the grid is as fine as all blocks need to fill the width."""
    fine = math.lcm(*(len(block.columns) for block in blocks))
    boxes: list[Box] = []
    row = 0
    for block in blocks:
        across = fine // len(block.columns)
        at = {column: 1 + i * across for i, column in enumerate(block.columns)}
        boxes += [Box(row, 0, block.caption, "caption", across=1 + fine), Box(row + 1, 0, plan["corner"], "head")]
        boxes += [Box(row + 1, at[name], label, "head", across=across) for name, label in block.columns.items()]
        lines = {name: row + 2 + i for i, name in enumerate(block.rows)}
        boxes += [Box(lines[name], 0, label, "head") for name, label in block.rows.items()]
        boxes += [Box(lines[r], at[c], kind="figure", across=across, fact=fact) for r, c, fact in block.cells]
        row += 2 + len(block.rows)
    label, rest = plan["widths"]
    return Printed(spec.id, plan["caption"], row, 0, (label, *[rest // fine] * fine), _ordered(boxes))


# --- rows crossing columns, both in groups: tables three and four -------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """A name on one axis: the leaf's id (empty for a group), where it starts, how far it goes, how deep it stands."""

    text: str
    leaf: str
    at: int
    size: int
    level: int
    depth: int


def _crossed(spec: FormSpec, blocks: Sequence[BlockSpec], plan: Mapping[str, Any]) -> Printed:
    rows = {row: label for block in blocks for row, label in block.rows.items()}
    across = _spread(_columns(spec, blocks[0], plan["columns"]))
    down = _spread(_named(_present(plan.get("rows", ()), rows), rows), numbered=True)
    head, left = _height(across), _height(down)
    boxes = [Box(s.level, left + s.at, s.text, "head", s.depth, s.size) for s in across]
    boxes += [Box(head + s.at, s.level, s.text, "label", s.size, s.depth) for s in down]
    if left:
        boxes.append(Box(0, 0, plan["corner"], "head", head, left))
    line = {s.leaf: head + s.at for s in down if s.leaf} or {"": head}
    place = {s.leaf: left + s.at for s in across if s.leaf}
    boxes += [Box(line[row], place[column], kind="figure", fact=fact) for b in blocks for row, column, fact in b.cells]
    widths = _widths(plan, left + len(place))
    return Printed(spec.id, plan["caption"], head + len(line), head, widths, _ordered(boxes))


_Named = tuple[str, str, tuple["_Named", ...]]  #: wording, id of a leaf or nothing, what stands below


def _columns(spec: FormSpec, block: BlockSpec, tree: Tree) -> list[_Named]:
    """The tree of columns with its wordings; a group of columns (行政复议) stands for all of its own."""
    found: list[_Named] = []
    for name, below in map(_entry, tree):
        inner = {key: label.split(" ")[-1] for key, label in block.columns.items() if key.startswith(f"{name}.")}
        if name in block.columns:
            found.append((block.columns[name], name, ()))
        elif inner:
            group = next(label.split(" ")[0] for key, label in block.columns.items() if key in inner)
            found.append((group, "", tuple((label, key, ()) for key, label in inner.items())))
        else:
            found.append((_group(spec, name, below), "", tuple(_columns(spec, block, below))))
    return found


def _group(spec: FormSpec, name: str, below: Tree) -> str:
    if not below:
        raise ValueError(f"template.yaml：{spec.id} 没有“{name}”这一行或这一列")
    return name


def _entry(item: str | Mapping[str, Tree]) -> tuple[str, Tree]:
    """A name of a tree, and what stands below it."""
    return (item, ()) if isinstance(item, str) else next(iter(item.items()))


def _present(tree: Tree, rows: Mapping[str, str]) -> Tree:
    """The tree with the rows that this edition has; a group of one row that bears its name is that row."""
    kept: list[str | Mapping[str, Tree]] = []
    for name, below in map(_entry, tree):
        inner = _present(below, rows)
        if below and len(inner) == 1 and isinstance(inner[0], str) and _same(rows[inner[0]], name):
            kept.append(inner[0])
        elif inner:
            kept.append({name: inner})
        elif name in rows:
            kept.append(name)
    return kept


def _same(label: str, name: str) -> bool:
    return label_key(label) == label_key(name)


def _named(tree: Tree, rows: Mapping[str, str]) -> list[_Named]:
    return [
        (_LEAD.sub("", rows.get(name, name), count=1), name if name in rows else "", tuple(_named(below, rows)))
        for name, below in map(_entry, tree)
    ]


def _height(spans: Sequence[_Span]) -> int:
    return max((span.level + span.depth for span in spans), default=0)


def _spread(tree: Sequence[_Named], *, numbered: bool = False) -> list[_Span]:
    """The names of a tree laid out on one axis: a leaf reaches down to the deepest level."""
    return list(_spans(tree, 0, 0, _depth(tree), numbered))


def _spans(tree: Sequence[_Named], at: int, level: int, levels: int, numbered: bool) -> Iterator[_Span]:
    for i, (text, leaf, below) in enumerate(tree):
        size = _leaves(below) if below else 1
        yield _Span(ordinal(level, i) + text if numbered else text, leaf, at, size, level, 1 if below else levels)
        yield from _spans(below, at, level + 1, levels - 1, numbered)
        at += size


def _depth(tree: Sequence[_Named]) -> int:
    return 1 + max(_depth(below) for _, _, below in tree) if tree else 0


def _leaves(tree: Sequence[_Named]) -> int:
    return sum(_leaves(below) if below else 1 for _, _, below in tree)


def ordinal(level: int, index: int) -> str:
    """一、 （一） 1. as official writing numbers its levels, counted from 0."""
    return (f"{_CHINESE[index]}、", f"（{_CHINESE[index]}）")[level] if level < 2 else f"{index + 1}."


# --- an indicator a row: the statistics return --------------------------------------------------------------------


def _listed(spec: FormSpec, blocks: Sequence[BlockSpec], plan: Mapping[str, Any], facts: FactMap) -> Printed:
    rows = {row: label for block in blocks for row, label in block.rows.items()}
    fact_of = {row: fact for block in blocks for row, _, fact in block.cells}
    remarks = plan.get("remarks", {})
    boxes = [Box(0, i, text, "head") for i, text in enumerate([plan["corner"], *plan["columns"]])]
    row = 1
    for name, lead, level in _lines(plan["rows"], 0):
        if name not in rows:
            boxes.append(Box(row, 0, lead + name, "group", across=3, indent=level))
        else:
            wording = lead + _LEAD.sub("", rows[name], count=1) + remarks.get(name, "")
            unit = facts.specs[fact_of[name]].unit
            boxes += [Box(row, 0, wording, indent=level), Box(row, 1, unit, "unit")]
            boxes.append(Box(row, 2, kind="figure", fact=fact_of[name]))
        row += 1
    return Printed(spec.id, plan["caption"], row, 1, _widths(plan, 3), _ordered(boxes))


def _lines(tree: Tree, level: int) -> Iterator[tuple[str, str, int]]:
    """(name, what stands before it, level) line by line; those among others (其中) have no number."""
    index = 0
    for name, below in map(_entry, tree):
        if name == _AMONG:
            for i, (among, _) in enumerate(map(_entry, below)):
                yield among, "" if i else f"{_AMONG}：", level
            continue
        yield name, ordinal(level, index), level
        yield from _lines(below, level + 1)
        index += 1


def _ordered(boxes: Sequence[Box]) -> tuple[Box, ...]:
    return tuple(sorted(boxes, key=lambda box: (box.row, box.column)))
