"""A season on a terminal: the ranking, who is missing or late, what could not be read, the rules that most break."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checker.render import grid
from checker.render.county import told
from checker.render.escape import terminal
from checker.render.table import percent, score

if TYPE_CHECKING:
    from checker.season.nouns import Row, Season, Submission

WORST = 10  #: rules
_FEW, _TAIL = 40, 10  #: units; of more, the screen shows the first and the last
_RANKING = ("名次", "单位", "得分", "等级", "必改", "应改", "上年", "报送")
_ROOM = (4, -10, 6, 8, 4, 4, 6, 16)


def text(season: Season, given: bool, width: int) -> Iterator[str]:
    """What the officer sees at the end of a run. ``given``: there is a roster, so that somebody can be missing."""
    rows = _Rows(season.rows())
    ranking = list(_ranking(rows, width))
    yield f"{terminal(season.county or '本县')} {season.year} 年度政府信息公开工作年度报告\n"
    yield f"nianbao {season.tool}　规则包 {season.pack} {season.pack_version}\n\n"
    yield from ranking
    yield from _listed("没有名次（核对比例低于 " + percent(season.floor) + "，得分不宜比较）", rows.apart, width)
    if given:
        yield from _listed("未报送", rows.missing, width)
    else:
        yield "没有给名册（--roster），只能核对交来的，谁没有交无从知道；可用 nianbao roster init 起草一份。\n\n"
    yield from _listed("迟报", rows.late, width)
    yield from _listed("读不出、年度不对", rows.lost, width)
    yield from _listed("采用了，请核对", rows.odd, width)
    yield from _files("不采用的文件", rows.others, width)
    yield from _files("不算任何单位的文件", season.strays(), width)
    yield from _worst(rows, season, width)
    yield from _changes(season, width)
    yield _last(rows, given)


class _Rows:
    """The rows of a season, gone through once: what is shown as it comes, what is listed afterwards, and counts."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.count = self.audited = self.ranked = self.must = 0
        self.apart: list[tuple[str, str]] = []
        self.missing: list[tuple[str, str]] = []
        self.late: list[tuple[str, str]] = []
        self.lost: list[tuple[str, str]] = []
        self.odd: list[tuple[str, str]] = []
        self.others: list[Submission] = []
        self.failing: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Row]:
        """The ranked ones."""
        for row in self.rows:
            self._count(row)
            if row.rank is not None:
                yield row

    def _count(self, row: Row) -> None:
        name = row.unit.name
        self.count += 1
        self.audited += row.outcome == "audited"
        self.ranked += row.rank is not None
        self.must += row.findings.get("must", 0)
        self.failing.update(rule for rule, state in row.states.items() if state == "fail")
        if row.late:
            self.late.append((name, _late(row)))
        if row.outcome == "missing":
            self.missing.append(
                (name, "　".join(filter(None, (row.unit.contact, remarks(row) if row.submissions else ""))))
            )
        elif row.outcome != "audited":
            self.lost.append((name, remarks(row)))
        elif row.rank is None:
            self.apart.append((name, f"得分 {score(row.score)}，核对比例 {percent(row.coverage)}。{remarks(row)}"))
        if told.tardy(row) == "请核对":
            self.odd.append((name, remarks(row)))
        self.others += [found for found in row.submissions if found.standing != "counts" and row.outcome == "audited"]


def remarks(row: Row) -> str:
    """What was said of the file that counts, or of each file of a unit of which none does."""
    counted = row.counted
    if counted:
        return counted.said
    return "".join(f"{found.path}：{found.said}" for found in row.submissions) or "没有收到报告。"


def _ranking(rows: Iterable[Row], width: int) -> Iterator[str]:
    widths = grid.spread(width, _ROOM)
    yield grid.heading(_RANKING, widths)
    last: deque[str] = deque(maxlen=_TAIL)
    number = 0
    for number, row in enumerate(rows, 1):
        line = grid.row([terminal(cell) for cell in _cells(row)], widths)
        if number <= _FEW:
            yield line
        else:
            last.append(line)
    if number > _FEW + len(last):
        yield f"……中间 {number - _FEW - len(last)} 个单位见 audit.csv……\n"
    yield from last
    yield "\n"


def _cells(row: Row) -> list[str]:
    found = row.findings
    came = row.handed_in.isoformat() if row.handed_in and row.dated_by != "file" else "—"
    points = [score(row.score), row.grade or "—", str(found.get("must", 0)), str(found.get("should", 0))]
    return [str(row.rank), row.unit.name, *points, score(row.before), came + ("（迟）" if row.late else "")]


def _late(row: Row) -> str:
    words = {"signed": "落款日期", "posted": "网页发布日期", "file": "文件日期"}
    by = words[row.dated_by] if row.dated_by else ""
    return f"{by} {row.handed_in}，期限 {row.due}。"


def _listed(title: str, found: list[tuple[str, str]], width: int) -> Iterator[str]:
    if found:
        yield grid.hanging("", f"{title}：{len(found)} 个", width)
        yield from (_item(name, said, width) for name, said in found)
        yield "\n"


def _files(title: str, found: Iterable[Submission], width: int) -> Iterator[str]:
    first = True
    for one in found:
        if first:
            yield f"{title}：\n"
            first = False
        yield _item(f"{one.path}（{told.STANDINGS[one.standing]}）", one.said, width)
    if not first:
        yield "\n"


def _item(name: str, said: str, width: int) -> str:
    return grid.hanging("  ", terminal(f"{name}　{said}" if said else name), width)


def _worst(rows: _Rows, season: Season, width: int) -> Iterator[str]:
    """The rules that most reports break, gravest first among equals."""
    grave = ("must", "should", "info")
    found = sorted(
        rows.failing.items(), key=lambda one: (-one[1], grave.index(season.rules[one[0]]["severity"]), one[0])
    )
    if not found:
        return
    yield "问题最多的规则：\n"
    words = {"must": "必改", "should": "应改", "info": "提示"}
    widths = grid.spread(width, (8, 4, -1, 14))
    yield grid.heading(("规则", "级别", "内容", "不合规的单位"), widths)
    for rule, count in found[:WORST]:
        about = season.rules[rule]
        share = f"{count} 个，{count * 100 // max(rows.audited, 1)}%"
        yield grid.row((rule, words[about["severity"]], terminal(about["title"]), share), widths)
    yield "\n"


def _changes(season: Season, width: int) -> Iterator[str]:
    """What became of the findings of the round before, unit by unit; nothing without one."""
    units: dict[str, Counter[str]] = {}
    for change in season.changes():
        units.setdefault(change.name, Counter())[change.state] += 1
    if not units:
        return
    widths = grid.spread(width, (-1, 6, 6, 6))
    yield "和上一轮比：\n" + grid.heading(("单位", "已改", "未改", "新增"), widths)
    for name, counts in [*units.items(), ("合计", sum(units.values(), Counter()))]:
        yield grid.row([terminal(name), *(str(counts[state]) for state in ("fixed", "open", "new"))], widths)
    yield "\n"


def _last(rows: _Rows, given: bool) -> str:
    """The verdict on the season, in one line: scripts look for it there."""
    start = f"名册 {rows.count} 个单位" if given else f"共 {rows.count} 个单位"
    missing = f"、未报送 {len(rows.missing)} 个" if given else ""
    return (
        f"结论：{start}，已核对 {rows.audited} 个（排名 {rows.ranked} 个）{missing}、迟报 {len(rows.late)} 个、"
        f"读不出或年度不对 {len(rows.lost)} 个；必改问题共 {rows.must} 处\n"
    )
