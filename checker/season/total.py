"""The county's total: every figure of the official forms summed over the units that count, and held against its own.

A figure that a unit left blank, that nobody could read, or whose unit of money nobody knows, is not taken for nought:
it is left out, and said. So is a unit without a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from checker.form import Data, compose, filled
from checker.formula import plain
from checker.kinds import KINDS
from checker.late import late
from checker.model import MARKS, Case, Fact, Pack, Report
from checker.season.nouns import Detail, Gap, LeftOut, Row, Total

#: figures of the text alone that are summed, to be held against the text of the county's own report
TEXT = ("published.total", "fees")
#: figures of money -> the unit that the form prints; None: the report must say it, and the total is in 元
MONEY: Mapping[str, str | None] = {
    "t2.charges": "万元",
    "stat.fees": "万元",
    "stat.staff.budget": "万元",
    "t2.purchases.amount": None,
}
MONEY_UNSAID = tuple(name for name, unit in MONEY.items() if unit is None)
_MONEY_SAID = late(r"采购总金额[^。\n\d]{0,12}?(万元|元)|单位[：:为是]{0,2}(?:人民币)?(万元|元)")
_WORDS = {"malformed": "写的不是数", "unread": "没有读到", "absent": "没有这一格"}
_GONE = {"missing": "没有报送报告", "unreadable": "报送的文件读不出", "wrong-year": "报送的不是本年度的报告"}


Labels = Mapping[str, tuple[str, str, str]]  #: fact id -> form, row, column, as ``form.labels`` gives them


def total(
    pack: Pack, year: int, figures: Labels, units: Iterable[tuple[Row, Detail | None]], own: Detail | None = None
) -> Total:
    """The sums over ``units``, which stream; ``own``: the county's own report, held against them."""
    sums = _Sums(figures, {name: pack.facts.specs[name].title for name in TEXT} if own else {})
    for row, detail in units:
        sums.add(row, detail)
    found = {name: Fact("given", plain(value)) for name, value in sums.values.items()}
    gaps = (*_cells(pack, figures, sums.values, own), *_text(pack, year, found, own)) if own else ()
    forms = {name: found[name] for name in figures if name in found}
    return Total(year, forms, sums.units, tuple(sums.left_out), gaps)


@dataclass(slots=True)
class _Sums:
    """The sums so far, and what is not in them."""

    figures: Labels
    text: Mapping[str, str]
    values: dict[str, Decimal] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    units: int = 0

    def add(self, row: Row, detail: Detail | None) -> None:
        unit = row.unit
        if row.outcome != "audited" or detail is None:
            said = next((file.said for file in row.submissions if file.said), "")
            reason = _GONE.get(row.outcome, _GONE["unreadable"]) + (f"：{said}" if said else "")
            self.left_out.append(LeftOut(unit.key, unit.name, reason))
            return
        if not any(name in detail.facts and detail.facts[name].state != "absent" for name in self.figures):
            self.left_out.append(LeftOut(unit.key, unit.name, "报告里没有表格"))
            return
        self.units += 1
        gone: dict[str, list[str]] = {}
        for name in (*self.figures, *self.text):
            value, reason = amount(name, detail)
            if value is None:
                why = f"正文没有写明{self.text[name]}的准确数" if name in self.text else reason
                gone.setdefault(why, []).append(name)
            else:
                self.values[name] = self.values.get(name, Decimal(0)) + value
        for reason, names in gone.items():
            self.left_out.append(LeftOut(unit.key, unit.name, reason, tuple(names)))


def amount(name: str, detail: Detail) -> tuple[Decimal | None, str]:
    """What a report adds to a sum, money in the unit of the sum; or None, and why."""
    fact = detail.facts.get(name, Fact("absent"))
    if fact.state != "given" or not isinstance(fact.value, int | float):
        return None, f"有的数{MARKS[fact.mark] if fact.mark else _WORDS.get(fact.state, _WORDS['malformed'])}"
    if fact.approx:
        return None, "有的数不是准确数"
    value = Decimal(str(fact.value))
    if name not in MONEY or not value:
        return value, ""
    said = _unit_in(fact.raw) or MONEY[name] or money_unit(detail.blocks)
    if said is None:
        return None, "采购总金额没有注明是元还是万元"
    return _converted(value, said, MONEY[name] or "元"), ""


def _converted(value: Decimal, said: str, wanted: str) -> Decimal:
    if said == wanted:
        return value
    return value * 10000 if wanted == "元" else value / 10000


def _unit_in(raw: str) -> str | None:
    """The unit of money that a cell itself names."""
    return "万元" if raw.rstrip().endswith("万元") else "元" if raw.rstrip().endswith("元") else None


def money_unit(blocks: Iterable[Mapping[str, Any]]) -> str | None:
    """元 or 万元, as a report says of its purchases in its text or tables; None when it says neither, or both."""
    found = {one or other for text in _texts(blocks) for one, other in _MONEY_SAID.findall(text)}
    return found.pop() if len(found) == 1 else None


def _texts(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        cells = [cell for row in block.get("rows", ()) for cell in row]
        for part in cells or (block,):
            yield "".join(str(part.get("text", "")).split())


# --- the county's own report --------------------------------------------------------------------------------------


def _cells(pack: Pack, figures: Labels, sums: Mapping[str, Decimal], own: Detail) -> Iterator[Gap]:
    """The cells of its forms, and the figures of its text, that are not the sums."""
    for name, due in sums.items():
        value, _ = amount(name, own)
        if value is not None and value != due:
            title = label(figures, name) if name in figures else f"正文：{pack.facts.specs[name].title}"
            yield Gap(name, title, plain(due), plain(value), own.facts[name].where)


def _text(pack: Pack, year: int, sums: Mapping[str, Fact], own: Detail) -> Iterator[Gap]:
    """What its text says of the forms: the rules that compare the two are asked about its text and the sums."""
    era = next((era.id for era in pack.eras if era.start <= year <= (era.end or year)), None)
    facts = {**{name: fact for name, fact in own.facts.items() if name not in sums}, **sums}
    facts |= {name: own.facts[name] for name in TEXT if name in own.facts}
    case = Case(Report("", "", None, None, year, era, "", facts, {}))
    for rule in pack.rules:
        first, last = rule.years
        if rule.kind == "tally" and era in rule.eras and (first or year) <= year <= (last or year):
            for outcome in (found for turn in rule.turns for found in KINDS["tally"](case, **turn.call.params)):
                if outcome.state == "fail":
                    said = outcome.values
                    yield Gap("", f"正文：{said['name']}", said["other"], said["this"], outcome.where[0])


def label(figures: Labels, name: str) -> str:
    """A cell as it is named in a sentence: its form, row and column."""
    return "，".join(part for part in figures[name] if part)


# --- the county's own form ----------------------------------------------------------------------------------------


def forms(pack: Pack, county: str, figures: Labels, found: Total) -> Iterator[tuple[str, bytes]]:
    """The form of the county's own report, filled with the sums: its suffix and content, Word and workbook.

    Nothing where the year has no national format, or nothing was summed.
    """
    if not found.figures:
        return
    data = Data(found.figures, found.year, county, "县")
    yield ".docx", compose(pack, found.year, county, "县", data).content
    rows = [("单位", "为什么没有计入", "哪些格"), *(_left(figures, one) for one in found.left_out)]
    yield ".xlsx", filled(pack, data, {"没有计入的": rows})


def _left(figures: Labels, one: LeftOut) -> tuple[str, str, str]:
    cells = "；".join(label(figures, name) for name in one.cells if name in figures)
    return one.name, one.reason, cells or ("正文" if one.cells else "整份报告")
