"""Figures as a file that a clerk can fill in: YAML or CSV, written with labels, read strictly."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from checker.form.figures import UNREAD, Data, digits, number, said, wording
from checker.form.plan import Plan, Refused
from checker.model import MARKS, Fact, Level, Unreadable
from checker.pack.fault import BadPack, suggestion
from checker.pack.strict import Path, Source, read
from checker.read.plain.encoding import decode

SUFFIXES = (".yaml", ".yml", ".csv")  #: what is read here; any other file is read as a report
LEVELS: tuple[Level, ...] = get_args(Level)
_HEAD = ("year", "place", "level")
_WORDS = {"given": "有", "malformed": "写法有误", "unread": "未能读取"}
_COLUMNS = ("表", "行", "列", "编号", "数值", "状态")


def parse(data: bytes, name: str, plan: Plan) -> Data:
    """The figures in a YAML or CSV file; ``plan`` says which there may be. Raises Refused."""
    try:
        return _csv(data, name, plan) if name.lower().endswith(".csv") else _yaml(data, name, plan)
    except BadPack as error:
        raise Refused(str(error)) from None
    except Unreadable as error:
        raise Refused(f"{name}：{error.message.rstrip('。')}。{error.remedy}") from None


# --- YAML ---------------------------------------------------------------------------------------------------------

_INTRODUCTION = """\
# 政府信息公开工作年度报告的数据。每格一个数；# 后面是说明，可以改，可以删。
# 没有填的格子是 ""；写的不是数的，原样放在引号里，如 "/"；没有读到的是 "【未读】"。
# 改好以后填进 Word 报告：nianbao template --year 年度 --place 机关全称 --data 这个文件 -o 年报.docx
"""


def yaml(data: Data, plan: Plan) -> str:
    """The figures as YAML: a map by form, row and column as in the ids of the facts, labels beside them."""
    head = [("year", data.year), ("place", data.place), ("level", data.level)]
    lines = [_INTRODUCTION, *(f"{key}: {_scalar(value)}\n" for key, value in head if value is not None)]
    for form in plan.forms.values():
        lines.append(f"\n# {form.caption}\n{form.form}:\n")
        rows = _grouped(plan, form.form, data.figures)
        lines += _flat(rows, data) if form.form in ("stat", "early") else _crossed(rows, data)
    return "".join(lines)


_Rows = dict[str, list[tuple[str, str, str]]]  #: what stands between form and last part -> (last part, fact, label)


def _grouped(plan: Plan, form: str, figures: Mapping[str, Fact]) -> _Rows:
    rows: _Rows = {}
    for spot in plan.spots:
        if spot.fact.startswith(f"{form}.") and spot.fact in figures:
            middle, _, last = spot.fact[len(form) + 1 :].rpartition(".")
            rows.setdefault(middle, []).append((last, spot.fact, _label(spot.row, spot.column)))
    return rows


def _label(row: str, column: str) -> str:
    return " ".join(part for part in (row, column) if part)


def _flat(rows: _Rows, data: Data) -> Iterator[str]:
    """An indicator a line."""
    for middle, cells in rows.items():
        pad = "    " if middle else "  "
        if middle:
            yield f"  {middle}:\n"
        for last, fact, label in cells:
            yield f"{pad}{last}: {_scalar(data.figures[fact])}  # {label}\n"


def _crossed(rows: _Rows, data: Data) -> Iterator[str]:
    """A row a line; the labels of its columns stand above the first row that has them."""
    known = ""
    for middle, cells in rows.items():
        if not middle:
            yield from (f"  {last}: {_scalar(data.figures[fact])}  # {label}\n" for last, fact, label in cells)
            continue
        names = [label.split(" ") for _, _, label in cells]
        columns = "，".join(f"{last} {name[-1]}" for (last, _, _), name in zip(cells, names, strict=True))
        if columns != known:
            yield f"  # 列：{columns}\n"
            known = columns
        inner = ", ".join(f"{last}: {_scalar(data.figures[fact])}" for last, fact, _ in cells)
        yield f"  {middle}: {{{inner}}}  # {names[0][0]}\n"


def _scalar(value: Fact | str | int) -> str:
    """A value as YAML takes it back: numbers bare, texts quoted, what is empty left out."""
    if isinstance(value, Fact):
        if value.state == "given":
            return wording(value)
        return _quoted(wording(value))
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '\\"':
        return "\\" + char
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def _yaml(data: bytes, name: str, plan: Plan) -> Data:
    source = read(data, name)
    value = source.value
    if not isinstance(value, Mapping):
        raise Refused(f"{name}：不是数据文件；应有 {'、'.join(plan.forms)} 几张表，可以用 nianbao extract 取一份看看。")
    figures: dict[str, Fact] = {}
    for key, inner in value.items():
        if key in plan.forms:
            _walk(source, (key,), inner, plan, figures)
        elif key not in _HEAD:
            raise source.fault("data", f"没有这一项，只有 {'、'.join([*_HEAD, *plan.forms])}", (key,))
    return Data(figures, _year(source), _place(source), _level(source))


def _walk(source: Source, path: Path, value: Any, plan: Plan, figures: dict[str, Fact]) -> None:
    """Take the figures below ``path``; the parts of a path make the id of a fact."""
    name = ".".join(map(str, path))
    known = {spot.fact for spot in plan.spots}
    if isinstance(value, Mapping):
        if name in known:
            raise source.fault("data", "这里是一格，应写一个数", path)
        for key, inner in value.items():
            _walk(source, (*path, key), inner, plan, figures)
    elif name not in known:
        if value is None and any(fact.startswith(f"{name}.") for fact in known):
            return
        raise source.fault("data", _unknown(name, known, plan), path)
    else:
        figures[name] = _figure(source, path, value, plan)


def _unknown(name: str, known: set[str], plan: Plan) -> str:
    below = dict.fromkeys(fact[len(name) + 1 :].split(".")[0] for fact in known if fact.startswith(f"{name}."))
    if below:
        return f"这里有 {len(below)} 项，要一项一项写：{'、'.join(sorted(below)[:3])} 等"
    edition = f"{plan.edition} 年格式的" if plan.edition else ""
    return f"{edition}表里没有这一格{suggestion(name, known)}"


def _figure(source: Source, path: Path, value: Any, plan: Plan) -> Fact:
    if value is None or isinstance(value, str):
        return said(value or "")
    if isinstance(value, bool) or not isinstance(value, int | float):
        spot = next(spot for spot in plan.spots if spot.fact == ".".join(map(str, path)))
        raise source.fault("data", f"“{_label(spot.row, spot.column)}”应写一个数，或者引号里的原文", path)
    return said(digits(value))


def _year(source: Source) -> int | None:
    value = source.value.get("year")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise source.fault("data", "年度应写四位数字，如 2025", ("year",))
    return value


def _place(source: Source) -> str | None:
    value = source.value.get("place")
    if value is not None and not isinstance(value, str):
        raise source.fault("data", "机关名称应是文字", ("place",))
    return value


def _level(source: Source) -> Level | None:
    value = source.value.get("level")
    if value is not None and value not in LEVELS:
        raise source.fault("data", f"层级应是 {'、'.join(LEVELS)} 之一", ("level",))
    return value  # type: ignore[no-any-return]


# --- CSV ----------------------------------------------------------------------------------------------------------

#: with one of these before it a spreadsheet takes a text for a formula; our own mark must come back, too
_LIVE = "=+-@\t\r\n＝＋－＠'"


def table(data: Data, plan: Plan) -> str:
    """The figures as CSV, a cell a row; a text that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for key, label, value in (
        ("year", "报告年度", data.year),
        ("place", "机关名称", data.place),
        ("level", "机关层级", data.level),
    ):
        if value is not None:
            writer.writerow(
                ["报告", label, "", key, value if isinstance(value, int) else _dead(value), _WORDS["given"]]
            )
    captions = {form.form: form.caption for form in plan.forms.values()}
    for spot in plan.spots:
        if fact := data.figures.get(spot.fact):
            labels = captions[spot.fact.split(".")[0]], spot.row, spot.column
            found = number(fact) if fact.state == "given" else _dead(fact.raw)
            state = MARKS[fact.mark] if fact.mark else _WORDS[fact.state]
            writer.writerow([*map(_dead, labels), spot.fact, found, state])
    return out.getvalue()


def _dead(text: str) -> str:
    return f"'{text}" if text[:1] and text[0] in _LIVE else text


def _alive(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _LIVE else text


def _csv(data: bytes, name: str, plan: Plan) -> Data:
    text = decode(data)
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise Refused(f"{name}：不是完整的 CSV 文件（{error}）。") from None
    if not rows or not {"编号", "数值"} <= set(rows[0]):
        raise Refused(f"{name}：第 1 行应是列名 {'、'.join(_COLUMNS)}，至少要有编号和数值两列。")
    found = _Table(name, rows[0], plan)
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            found.row(line, row)
    return found.data()


class _Table:
    """Takes the rows of a CSV file one by one."""

    def __init__(self, name: str, head: Sequence[str], plan: Plan) -> None:
        self.name, self.head, self.plan = name, head, plan
        self.known = {spot.fact for spot in plan.spots}
        self.seen: dict[str, int] = {}
        self.heads: dict[str, str] = {}
        self.figures: dict[str, Fact] = {}

    def row(self, number: int, row: Sequence[str]) -> None:
        cells = dict(zip(self.head, row, strict=False))
        key, value, state = cells.get("编号", "").strip(), _alive(cells.get("数值", "")), cells.get("状态", "").strip()
        if key in self.seen:
            raise self.wrong(number, f"“{key}”重复，第一次在第 {self.seen[key]} 行")
        self.seen[key] = number
        if key in _HEAD:
            self.heads[key] = value.strip()
        elif key not in self.known:
            raise self.wrong(number, _unknown(key, self.known, self.plan) if key else "没有写编号")
        else:
            unread = state == _WORDS["unread"] and not value.strip()
            self.figures[key] = said(UNREAD if unread else value)

    def wrong(self, number: int, message: str) -> Refused:
        return Refused(f"{self.name} 第 {number} 行：{message}。")

    def data(self) -> Data:
        year, level = self.heads.get("year") or None, self.heads.get("level") or None
        if year is not None and not re.fullmatch(r"\d{4}", year):
            raise self.wrong(self.seen["year"], "年度应写四位数字，如 2025")
        if level is not None and level not in LEVELS:
            raise self.wrong(self.seen["level"], f"层级应是 {'、'.join(LEVELS)} 之一")
        known = next((one for one in LEVELS if one == level), None)
        return Data(self.figures, int(year) if year else None, self.heads.get("place") or None, known)
