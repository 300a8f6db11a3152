"""The fact map: what can be read from a report and how, as written in ``rules/facts.yaml``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import product
from typing import Any

from checker.late import late
from checker.model import record
from checker.patterns import BadPattern, Pattern

FIRST_YEAR, LAST_YEAR = 2008, 2060
TYPES = ("text", "statement", "year", "date", "period", "count", "money", "map")
_READING_KEYS = {
    "pattern",
    "value",
    "scope",
    "unless",
    "with",
    "before",
    "reject",
    "only",
    "gate",
    "under",
    "min",
    "unless_only",
}
_SHARED_KEYS = ("before", "reject", "unless")  #: vetoes that a fact may state for all of its readings
_FACT_KEYS = {
    "title",
    "type",
    "unit",
    "readings",
    "about",
    "gate",
    "apart",
    "parts",
    "partly",
    "run",
    "each",
    "cells",
    *_SHARED_KEYS,
}


#: names of years in a pattern -> how far they are from the report's
_HOLES = {"{nextyear}": 1, "{lastyear}": -1}


@record
class Reading:
    """One way to read a fact.

    ``patterns``: one, or one for each report year (0 = unknown) when the source names ``{nextyear}``, ``{lastyear}``.
    ``vetoes``: reject tests the match itself; unless and with the whole sentence; before the sentence up to the match.
    """

    patterns: tuple[Pattern, ...] = ()
    value: int | float | str | None = None
    scopes: tuple[str, ...] = ("body",)
    unless: Pattern | None = None
    needs: Pattern | None = None
    before: Pattern | None = None
    reject: Pattern | None = None
    only: str = ""  #: alone: when nothing was read before; yearly: when nothing but cumulative figures was
    under: str = ""
    min: int = 0
    unless_only: str = ""
    gate: Pattern | None = None  #: in place of the fact's

    def pattern(self, variant: int) -> Pattern | None:
        """The pattern of a report's year; None when what stands under a heading is read."""
        patterns = self.patterns
        return patterns[variant if len(patterns) > 1 else 0] if patterns else None

    def test(self, text: str) -> bool:
        """For ``unless_only``: a shared section counts when the words of ``needs`` stand in it."""
        return self.needs is not None and self.needs.search(text) is not None

    def vetoed(self, text: str, first: int, begin: int, end: int, last: int) -> bool:
        """True when the sentence text[first:last] around the match text[begin:end] says that this is no answer."""
        if self.reject and self.reject.search(text[begin:end]):
            return True
        if self.before and self.before.search(text[first:begin]):
            return True
        if not (self.unless or self.needs):
            return False
        whole = text[first:last]
        if self.unless and self.unless.search(whole):
            return True
        return bool(self.needs and not self.needs.search(whole))


@record
class FactSpec:
    """One fact: its id, Chinese title, type (one of TYPES), unit, and its readings in order of trust.

    ``gate``: of a long text only the sentences in which it matches are read; ``about``: words of which one must stand
    there, too, anywhere up to the 。 on either side. ``apart``: words beside a figure that make it one of another
    matter, which counts only where the text has no figure of the fact's own. ``parts``: words that tell the fact; where
    they stand before and behind a 其余, a figure is one group's. ``partly``: words in a clause that says none which
    make it say so of some only (没有行政复议被纠正). ``run``: it is the figure of several years (历年累计). ``cells``:
    the cells of a form that add up to it, for a report whose text does not say it.
    """

    id: str
    title: str
    type: str
    unit: str = ""
    readings: tuple[Reading, ...] = ()
    gate: Pattern | None = None
    about: Pattern | None = None
    apart: Pattern | None = None
    parts: Pattern | None = None
    partly: Pattern | None = None
    run: bool = False
    cells: tuple[str, ...] = ()


@record
class BlockSpec:
    """One block of a form: its rows and columns by official label, and the fact at each crossing.

    ``edition`` is the year of the format that alone has this block, empty where all have it. ``under`` is the row below
    which the rows stand (被依法纠错数 is printed twice). Nobody misses the rows of an ``optional`` one.
    """

    edition: str
    caption: str
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    under: str
    cells: tuple[tuple[str, str, str], ...]  #: (row, column, fact id), row by row
    optional: bool = False


@record
class FormSpec:
    """One official form as ``rules/forms.yaml`` describes it.

    ``shape``: grid (rows cross columns), groups (one row, grouped columns) or list (an indicator a row). ``rows`` and
    ``columns`` lead from a label's key to (block, id) pairs, ``heads`` for each block from a column's to its id (one
    mapping for blocks with the same columns), ``groups`` to a group's id; ``wrong`` from the key of an altered label
    to the official one. ``money``: the facts that are amounts, with their unit.
    """

    id: str
    title: str
    topic: str
    shape: str
    blocks: tuple[BlockSpec, ...]
    rows: Mapping[str, tuple[tuple[int, str], ...]]
    columns: Mapping[str, tuple[tuple[int, str], ...]]
    groups: Mapping[str, str]
    wrong: Mapping[str, str]
    skip: frozenset[str]
    parents: tuple[str, ...]
    note: str
    heads: tuple[Mapping[str, str], ...]
    money: Mapping[str, str]


#: the same in English beside a label: 自然人 / Natural persons
_ENGLISH = late(r"(?<=[\u4e00-\u9fff）)])[\s/|(]*[A-Za-z][A-Za-z\s,.'’&;:/()-]{2,}")
_MARKS = late(r"[\s“”\"'‘’「」『』]+")
_ASIDE = late(r"\((?!单位)[^()]{4,}\)")
_ORDINAL = late(
    r"(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,:]|\d{1,2}[、.,:]?(?=\D)|其中[:,]?)+"
)
_COUNTED = late(r"\((?:单位:?)?(?:件|条|次|人次?|个|项|篇|份|宗|起|场|期)\)$")
_SIGNS = late(r"[^\w]|_")
_ROUND = str.maketrans("〔〕【】[]", "()()()")


def label_key(text: str) -> str:
    """A label without what may differ in print: ordinals, blanks, quotes, marks, remarks and units in brackets."""
    if text.upper() != text.lower():
        text = _ENGLISH.sub("", text)
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_ROUND).replace("其它", "其他")
    text = _COUNTED.sub("", _ASIDE.sub("", text))
    lead = _ORDINAL.match(text)
    return _SIGNS.sub("", text[lead.end() :] if lead else text)


@record
class FactMap:
    """All facts by id, and the axes (``t3.columns`` -> column ids) that rules may run over."""

    specs: Mapping[str, FactSpec]
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    readable: tuple[FactSpec, ...] = ()
    summed: tuple[FactSpec, ...] = ()
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: of an axis' members, where it gives them
    forms: tuple[str, ...] = ()  #: the facts of the three official tables
    returns: tuple[str, ...] = ()  #: the facts of the statistics returns of 2008 to 2018
    layouts: tuple[FormSpec, ...] = ()  #: how the forms are recognised

    @staticmethod
    def year(variant: int) -> int | None:
        """The year of the report that ``variant`` stands for."""
        return FIRST_YEAR + variant - 1 if variant else None

    @staticmethod
    def variant(year: int | None) -> int:
        """The index of the patterns made for a report on ``year``."""
        return year - FIRST_YEAR + 1 if year is not None and FIRST_YEAR <= year <= LAST_YEAR else 0


def build(data: Mapping[str, Any], slots: Mapping[str, str], forms: Mapping[str, Any] | None = None) -> FactMap:
    """The FactMap of facts.yaml and forms.yaml. Raises BadPattern (message names fact and key) or ValueError."""
    axes = {name: tuple(values) for name, values in data.get("axes", {}).items()}
    specs: dict[str, FactSpec] = {}
    for name, entry in _expanded(data["facts"], axes):
        if unknown := set(entry) - _FACT_KEYS:
            raise ValueError(f"facts.yaml：{name} 有不认识的键 {sorted(unknown)[0]}")
        if entry.get("type") not in TYPES:
            raise ValueError(f"facts.yaml：{name} 的 type 应为 {'、'.join(TYPES)} 之一")
        try:
            readings = tuple(_reading(_vetoed(item, entry), slots) for item in entry.get("readings", ()))
            words = {
                key: Pattern(entry[key], slots) for key in ("gate", "about", "apart", "parts", "partly") if key in entry
            }
        except BadPattern as error:
            raise BadPattern(error.code, f"facts.yaml：{name}：{error}") from None
        except ValueError as error:
            raise ValueError(f"facts.yaml：{name}：{error}") from None
        cells = tuple(entry.get("cells", ()))
        specs[name] = FactSpec(
            name,
            entry["title"],
            entry["type"],
            entry.get("unit", ""),
            readings,
            cells=cells,
            run=bool(entry.get("run")),
            **words,
        )
    titles = {name: values for name, values in data.get("axes", {}).items() if isinstance(values, Mapping)}
    return FactMap(
        specs,
        axes,
        readable=tuple(spec for spec in specs.values() if spec.readings),
        summed=tuple(spec for spec in specs.values() if spec.cells),
        titles=titles,
        forms=tuple(name for name in specs if name.startswith(("t2.", "t3.", "t4."))),
        returns=tuple(name for name in specs if name.startswith(("stat.", "early."))),
        layouts=tuple(_form(name, entry, specs) for name, entry in (forms or {}).items()),
    )


_FORM_KEYS = {
    "title", "topic", "shape", "corner", "wrong", "blocks", "columns", "groups", "skip", "parents", "note",
}  # fmt: skip


def _form(name: str, entry: Mapping[str, Any], specs: Mapping[str, FactSpec]) -> FormSpec:
    if unknown := set(entry) - _FORM_KEYS:
        raise ValueError(f"{name} 有不认识的键 {sorted(unknown)[0]}")
    if entry["shape"] not in ("grid", "groups", "list"):
        raise ValueError(f"{name} 的 shape 应为 grid、groups、list 之一")
    blocks = []
    rows: dict[str, list[tuple[int, str]]] = {}
    columns: dict[str, list[tuple[int, str]]] = {}
    groups = entry.get("groups", {})
    for number, raw in enumerate(entry["blocks"]):
        across = raw.get("columns", entry.get("columns", {}))
        names = {f"{group}.{col}": f"{groups[group]} {_first(across[col])}" for group in groups for col in across}
        heads = names or {col: _first(labels) for col, labels in across.items()}
        lines = {row: _first(labels) for row, labels in raw.get("rows", {}).items()}
        cells = tuple((row, col, _crossing(raw["facts"], row, col)) for row in lines or ("",) for col in heads)
        edition, caption, under = (raw.get(key, "") for key in ("edition", "caption", "under"))
        block = BlockSpec(edition, caption, lines, heads, under, cells, bool(raw.get("optional")))
        if lost := next((fact for _, _, fact in cells if fact not in specs), None):
            raise ValueError(f"{name} 用到的事实 {lost} 不在 facts.yaml 里")
        _index(rows, number, raw.get("rows", {}))
        _index(columns, number, across)
        blocks.append(block)
    altered = {label: [right] if isinstance(right, str) else right for label, right in entry.get("wrong", {}).items()}
    for wrong, official in altered.items():
        for index in (rows, columns):
            if met := [place for right in official for place in index.get(label_key(right), ())]:
                index.setdefault(label_key(wrong), []).extend(met)
    return FormSpec(
        name,
        entry["title"],
        entry["topic"],
        entry["shape"],
        tuple(blocks),
        {key: tuple(found) for key, found in rows.items()},
        {key: tuple(found) for key, found in columns.items()},
        {label_key(label): group for group, label in groups.items()},
        {label_key(wrong): "或".join(official) for wrong, official in altered.items()},
        frozenset(map(label_key, [*entry.get("skip", ()), *entry.get("corner", ())])),
        tuple(map(label_key, entry.get("parents", ()))),
        entry.get("note", ""),
        heads_of(columns, len(blocks)),
        {
            fact: specs[fact].unit
            for block in blocks
            for _, _, fact in block.cells
            if specs[fact].type == "money" and specs[fact].unit
        },
    )


def heads_of(columns: Mapping[str, Sequence[tuple[int, str]]], blocks: int) -> tuple[Mapping[str, str], ...]:
    """For each block the id of a column by its label's key; blocks with the same columns share the very mapping."""
    heads = [{key: col for key, found in columns.items() for at, col in found if at == n} for n in range(blocks)]
    return tuple(next(first for first in heads if first == each) for each in heads)


def _crossing(template: str, row: str, column: str) -> str:
    """The id of the fact where ``row`` and ``column`` (or group.column) cross."""
    group, _, inner = column.rpartition(".")
    return template.replace("$row", row).replace("$group", group).replace("$col", inner)


def _first(labels: str | Sequence[str]) -> str:
    """The official one of a label's spellings."""
    return labels if isinstance(labels, str) else labels[0]


def _index(index: dict[str, list[tuple[int, str]]], number: int, named: Mapping[str, str | Sequence[str]]) -> None:
    for name, labels in named.items():
        for label in [labels] if isinstance(labels, str) else labels:
            index.setdefault(label_key(label), []).append((number, name))


def _expanded(facts: Mapping[str, Any], axes: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Facts as they stand; one with ``each: [axis, axis]`` stands for every combination ($1, $2 in its id)."""
    for name, entry in facts.items():
        if "each" not in entry:
            yield name, entry
            continue
        plain = {key: value for key, value in entry.items() if key != "each"}
        for members in product(*(axes[axis] for axis in entry["each"])):
            expanded = name
            for i, member in enumerate(members, 1):
                expanded = expanded.replace(f"${i}", member)
            yield expanded, plain


def _vetoed(item: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reading with the vetoes of its fact beside its own."""
    shared = {key: "|".join(filter(None, (item.get(key), entry[key]))) for key in _SHARED_KEYS if key in entry}
    return {**item, **shared}


def _reading(item: Mapping[str, Any], slots: Mapping[str, str]) -> Reading:
    if unknown := set(item) - _READING_KEYS:
        raise ValueError(f"读法里有不认识的键 {sorted(unknown)[0]}")
    under = item.get("under", "")
    scope = item.get("scope", under or "body")

    def compiled(key: str) -> Pattern | None:
        return _checked(item[key], slots) if key in item else None

    return Reading(
        patterns=_patterns(item["pattern"], slots) if not under else (),
        value=item.get("value"),
        scopes=(scope,) if isinstance(scope, str) else tuple(scope),
        unless=compiled("unless"),
        needs=compiled("with"),
        before=compiled("before"),
        reject=compiled("reject"),
        only=_only(item.get("only", "")),
        under=under,
        min=int(item.get("min", 1)),
        unless_only=item.get("unless_only", ""),
        gate=compiled("gate"),
    )


def _only(value: Any) -> str:
    if value not in ("", "alone", "yearly"):
        raise ValueError("only 应为 alone 或 yearly")
    return str(value)


def _patterns(source: str, slots: Mapping[str, str]) -> tuple[Pattern, ...]:
    hole = next((hole for hole in _HOLES if hole in source), None)
    if hole is None:
        return (_checked(source, slots),)
    years = ["\\x00", *(str(year + _HOLES[hole]) for year in range(FIRST_YEAR, LAST_YEAR + 1))]
    return tuple(_checked(source.replace(hole, year), slots) for year in years)


def _checked(source: str, slots: Mapping[str, str]) -> Pattern:
    """Compiled now, so that the pack's cache keeps the code and no report meets a faulty pattern. Raises BadPattern."""
    pattern = Pattern(source, slots)
    pattern.check()
    return pattern
