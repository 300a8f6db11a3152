"""The roster: which units have to hand in. From roster.yaml or a workbook, or drafted from what a folder holds."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.late import late
from checker.model import Level, Unreadable
from checker.pack import files as pack_files
from checker.pack.strict import Source
from checker.season import settings
from checker.season.names import Index, folded
from checker.season.nouns import Unit
from checker.season.settings import BadPack


@dataclass(frozen=True, slots=True)
class Roster:
    """The units in the order of their file. ``given``: by the officer; drafted rosters cannot miss anyone."""

    units: tuple[Unit, ...]
    given: bool = True


def load(path: Path) -> Roster:
    """The roster of a .yaml or .xlsx file. Raises BadPack with file, line (row) and key."""
    if path.suffix.lower() == ".xlsx":
        source = _workbook(path)
        settings.check(source, "roster")
    else:
        source = settings.load(path, "roster")
    units = tuple(_unit(source, at, raw) for at, raw in enumerate(source.value["units"]))
    _no_doubles(source, units)
    return Roster(units)


def _unit(source: Source, at: int, raw: Mapping[str, Any]) -> Unit:
    deadline = raw.get("deadline")
    for number, waiver in enumerate(raw.get("waivers", ())):
        if "until" in waiver:
            settings.date(source, ("units", at, "waivers", number, "until"), waiver["until"])
    return Unit(
        name="".join(raw["name"].split()),
        level=raw.get("level"),
        code=raw.get("code", "").strip(),
        aliases=tuple("".join(name.split()) for name in raw.get("aliases", ())),
        formerly=tuple("".join(name.split()) for name in raw.get("formerly", ())),
        deadline=settings.date(source, ("units", at, "deadline"), deadline) if deadline else None,
        contact=raw.get("contact", ""),
        waivers=tuple(raw.get("waivers", ())),
    )


def _no_doubles(source: Source, units: Sequence[Unit]) -> None:
    """Two units of one name, or of one code, could not be told apart. Raises BadPack."""
    owners: dict[str, Unit] = {}
    for at, unit in enumerate(units):
        for key, words in (("name", [unit.name]), ("aliases", unit.aliases), ("code", [unit.code])):
            for word in filter(None, words):
                mark = folded(word)
                other = owners.setdefault(mark, unit)
                if other is not unit:
                    said = f"“{word}”和前面的“{other.name}”重了，分不清是哪个单位"
                    raise source.fault("settings", said, ("units", at, key))


# --- a workbook -------------------------------------------------------------------------------------------------------

#: heading of a column -> key; the first of each key is the one that is written
COLUMNS: Mapping[str, str] = {
    "单位名称": "name",
    "名称": "name",
    "单位": "name",
    "别名": "aliases",
    "简称": "aliases",
    "层级": "level",
    "级别": "level",
    "代码": "code",
    "机构代码": "code",
    "统一社会信用代码": "code",
    "曾用名": "formerly",
    "原名称": "formerly",
    "更名或合并前": "formerly",
    "报送期限": "deadline",
    "截止日期": "deadline",
    "期限": "deadline",
    "联系人": "contact",
    "联系方式": "contact",
    "豁免": "waivers",
}
_LISTS = late(r"[、，,；;\n]+")
_DATE = late(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?(?:00:00:00)?")


def _workbook(path: Path) -> Source:
    """The first sheet with a column 单位名称, as a roster.yaml would have it; lines are its rows. Raises BadPack."""
    from checker.read.office.xlsx import listed

    source = Source(str(path), {"units": []})
    try:
        for sheet in listed(pack_files.read(path, str(path), settings.MAX_BYTES)):
            for top, cells in sheet.items():
                keys = {column: key for column, text in cells.items() if (key := COLUMNS.get("".join(text.split())))}
                if "name" in keys.values():
                    _fill(source, {row: texts for row, texts in sheet.items() if row > top}, keys)
                    return source
    except Unreadable as error:
        raise BadPack("settings", f"{error.message.rstrip('。')}，{error.remedy.rstrip('。')}", str(path)) from None
    raise BadPack("settings", "工作簿里没有找到“单位名称”这一列，请用 nianbao roster init 生成样表", str(path))


def _fill(source: Source, rows: Mapping[int, Mapping[int, str]], keys: Mapping[int, str]) -> None:
    units = source.value["units"]
    for row, texts in rows.items():
        values = {keys[column]: _value(keys[column], text) for column, text in texts.items() if column in keys}
        if values:
            at = ("units", len(units))
            source.marks[at] = (row, 1)
            source.marks |= {(*at, key): (row, column) for column, key in keys.items()}
            units.append(values)


def _value(key: str, text: str) -> Any:
    if key in ("aliases", "formerly"):
        return [name for part in _LISTS.split(text) if (name := part.strip())]
    if key == "deadline" and (found := _DATE.fullmatch("".join(text.split()))):
        return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    if key == "waivers":
        return [_waiver(part) for part in re.split(r"[；;\n]+", text) if part.strip()]
    return text


def _waiver(text: str) -> dict[str, str]:
    """``PRE-10：无固定电话`` as rule and reason."""
    rule, _, reason = text.replace(":", "：").partition("：")
    return {"rule": rule.strip(), "reason": reason.strip()}


# --- drafting ---------------------------------------------------------------------------------------------------------


def drafted(names: Iterable[tuple[str, Level | None]], county: str = "") -> Roster:
    """A roster of the organs that reports name, in the order met; the fullest name of each is its name."""
    units: list[Unit] = []
    index = Index(county)
    for name, level in names:
        at = min(index.find(name), default=len(units))
        if at == len(units):
            units.append(Unit(name, level))
        elif len(name) > len(units[at].name):
            units[at] = Unit(name, level or units[at].level)
        index.add(name, at)
    return Roster(tuple(units), given=False)


def as_yaml(roster: Roster) -> str:
    """A roster.yaml to be completed by hand: every text quoted, what may be added as remarks."""
    lines = [
        "# 名册：哪些单位要报送年度报告。由 nianbao roster init 按文件夹里的报告起草，请补上没有交的单位，核对名称。",
        "# 每个单位还可以写：aliases 别名，code 机构代码，formerly 更名或合并前的单位，",
        "# deadline 报送期限，contact 联系人，waivers 不要求的规则，例如：",
        '#     aliases: ["青石镇政府"]',
        '#     formerly: ["青石乡人民政府"]',
        "#     deadline: 2025-01-20",
        '#     waivers: [{rule: PRE-10, reason: "没有固定电话", until: 2025-12-31}]',
        "units:",
    ]
    for unit in roster.units:
        lines.append(f"  - name: {_quoted(unit.name)}")
        lines += [f"    level: {unit.level}"] if unit.level else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def as_workbook(roster: Roster) -> bytes:
    """The same as .xlsx, all cells texts, so that nothing in a name becomes a formula."""
    import io

    import xlsxwriter  # type: ignore[import-untyped]

    titles = ("单位名称", "别名", "层级", "机构代码", "曾用名", "报送期限", "联系人", "豁免")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2000, 1, 1), "title": "名册"})
    sheet = book.add_worksheet("名册")
    text = book.add_format({"font_name": "宋体", "font_size": 11, "num_format": "@"})
    head = book.add_format({"font_name": "宋体", "font_size": 11, "bold": True, "bottom": 1, "bg_color": "#DDEBF7"})
    sheet.set_column(0, 0, 36, text)
    sheet.set_column(1, len(titles) - 1, 16, text)
    sheet.freeze_panes(1, 1)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    for row, unit in enumerate(roster.units, 1):
        sheet.write_string(row, 0, unit.name, text)
        sheet.write_string(row, 2, unit.level or "", text)
    levels = ["省", "市", "县", "镇", "乡", "街道", "部门", "其他"]
    sheet.data_validation(1, 2, max(len(roster.units), 1) + 200, 2, {"validate": "list", "source": levels})
    book.close()
    return buffer.getvalue()
