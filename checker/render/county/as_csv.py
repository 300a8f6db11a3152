"""A season as audit.csv: a line a unit, then the files of nobody; for spreadsheets and other programs.

UTF-8 with a mark, so that Excel knows; texts quoted, and one that a spreadsheet would take for a formula begins with ';
numbers are written as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from checker.render.county.table import remarks
from checker.render.county.told import OUTCOMES, STANDINGS
from checker.render.escape import visible

if TYPE_CHECKING:
    from checker.season.nouns import Row, Season, Submission

_HEAD = (
    "名次",
    "单位",
    "层级",
    "代码",
    "情况",
    "得分",
    "等级",
    "核对比例",
    "必改",
    "应改",
    "提示",
    "待核",
    "上年得分",
    "报送期限",
    "报送日期",
    "迟报",
    "文件",
    "说明",
)
#: how a formula begins for one spreadsheet or another, full-width signs too
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def parts(season: Season) -> Iterator[str]:
    """The whole file, line by line."""
    yield "\ufeff" + _line(_HEAD)
    for row in season.rows():
        yield _line(_unit(row))
    for stray in season.strays():
        yield _line(_stray(stray))


def _unit(row: Row) -> list[Any]:
    unit, counted, found = row.unit, row.counted, row.findings
    late = {None: "", True: "是", False: "否"}[row.late]
    counts = [found.get(key, 0) if counted else None for key in ("must", "should", "info", "review")]
    return [
        row.rank,
        unit.name,
        unit.level or "",
        unit.code,
        OUTCOMES[row.outcome] if not counted or row.comparable else "不参加排名",
        row.score,
        row.grade,
        row.coverage if counted else None,
        *counts,
        row.before,
        row.due.isoformat() if row.due else "",
        row.handed_in.isoformat() if row.handed_in else "",
        late,
        counted.path if counted else "",
        remarks(row),
    ]


def _stray(stray: Submission) -> list[Any]:
    blank = [None] * len(_HEAD)
    blank[1], blank[4], blank[-2], blank[-1] = stray.place or "", STANDINGS[stray.standing], stray.path, stray.said  # type: ignore[call-overload]
    return blank


def _line(cells: Sequence[Any]) -> str:
    return ",".join(map(cell, cells)) + "\r\n"


def cell(value: Any) -> str:
    """A number bare, nothing as nothing, a text always quoted and never a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return format(value, "g") if isinstance(value, float) else str(value)
    text = str(value)
    guarded = f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    return '"' + visible(guarded).replace('"', '""') + '"'
