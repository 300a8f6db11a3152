"""The ledger of a season: one workbook for the officer, in WPS or Excel.

Rows stream: a sheet's rows go to disk as they are written. Every text is written as text, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.render.county import told
from checker.render.county.sheet import Cell, Coloured, Column, Sheet
from checker.render.view import WORDS

if TYPE_CHECKING:
    from checker.season.nouns import Cluster, Detail, Row, Season, Submission

    _Fill = Callable[[Row, Detail | None], None]

_CHANGED = {"fixed": "pass", "open": "review", "new": "fail"}
_PASSAGES = 20  #: of a pair of reports


def write(season: Season, path: Path) -> None:
    """Writes the ledger to ``path``. Raises OSError."""
    import xlsxwriter  # type: ignore[import-untyped]
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

    try:
        _fill_in(xlsxwriter, season, path)
    except FileCreateError as error:  # xlsxwriter's word for a full disk, and what the system said
        said = error.args[0] if error.args else None
        number = said.errno if isinstance(said, OSError) else None
        raise OSError(number, str(said), str(path)) from error


def _fill_in(xlsxwriter: Any, season: Season, path: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        made = dt.datetime(2000, 1, 1)  # no clock: the same season gives the same bytes
        book.set_properties({"title": f"{_of(season)}核对台账", "created": made, "comments": told.origin(season)})
        sheets, fills = [], []
        for make in (_ranking, _matrix, _findings, _elements, _data, _late):
            for sheet, fill in make(book, season):
                sheets.append(sheet)
                fills.append(fill)
        for row in season.rows():
            detail = season.detail(row.unit.key)
            for fill in fills:
                fill(row, detail)
        _strays(sheets[-1], season)
        for sheet in (*sheets, _alike(book, season), *_total(book, season), *_changes(book, season)):
            sheet.close()


def _of(season: Season) -> str:
    return f"{season.county}{season.year}年度政府信息公开工作年度报告"


# --- sheets, unit by unit -----------------------------------------------------------------------------------------


def _ranking(book: Any, season: Season) -> Iterator[tuple[Sheet, _Fill]]:
    columns = (
        Column("名次", 6, "count"),
        Column("单位", 30),
        Column("层级", 7, "short"),
        Column("情况", 10, "short"),
        Column("得分", 8, "score"),
        Column("等级", 10, "short"),
        Column("核对比例", 8, "share"),
        Column("上年得分", 8, "score"),
        Column("必改", 6, "count"),
        Column("应改", 6, "count"),
        Column("提示", 6, "count"),
        Column("待核", 6, "count"),
        Column("报送日期", 12, "date"),
        Column("迟报", 6, "short"),
        Column("采用的文件", 44),
    )
    note = f"核对比例不到 {season.floor:.0%} 的不排名次。{told.origin(season)}"
    sheet = Sheet(book, "排名", f"{_of(season)}核对结果", columns, 2, note, "名册上没有单位。")

    def fill(row: Row, _detail: Detail | None) -> None:
        counts = [row.findings.get(kind, 0) if row.outcome == "audited" else None for kind in told.KINDS]
        used = row.counted.path if row.counted else ""
        share = row.coverage if row.outcome == "audited" else None
        who = (row.rank, row.unit.name, row.unit.level or "", told.OUTCOMES[row.outcome])
        how = (row.score, row.grade, share, row.before)
        sheet.row([*who, *how, *counts, row.handed_in, told.lateness(row), used])

    yield sheet, fill


def _matrix(book: Any, season: Season) -> Iterator[tuple[Sheet, _Fill]]:
    """Units by rules; rules that apply to no unit are left out, and named."""
    failing: Counter[str] = Counter()
    asked: set[str] = set()
    for row in season.rows():
        failing.update(rule for rule, state in row.states.items() if state == "fail")
        asked.update(rule for rule, state in row.states.items() if state != "n/a")
    rules = [rule for rule in season.rules if rule in asked]
    columns = [Column("名次", 6, "count"), Column("单位", 28), Column("得分", 7, "score")]
    columns += [Column(f"{rule} {season.rules[rule]['title']}", 3.6, "short") for rule in rules]
    note = (
        "√ 通过　× 不合规　？ 待核　未 未能核对　免 豁免　错 本工具出错　空格 不适用。"
        f"共 {len(rules)} 条规则；另有 {len(season.rules) - len(rules)} 条不适用于任何一个单位，没有列出。"
    )
    counts: tuple[Cell, ...] = (None, "不合规的单位数", None, *(failing[rule] for rule in rules))
    sheet = Sheet(book, "单位×规则", f"{_of(season)}逐条核对结果", columns, 3, note, "没有核对过的单位。", turned=3)
    sheet.row(counts)

    def fill(row: Row, _detail: Detail | None) -> None:
        if row.outcome == "audited":
            states = [row.states.get(rule, "n/a") for rule in rules]
            sheet.row([row.rank, row.unit.name, row.score, *((told.MARKS[state], state) for state in states)])

    yield sheet, fill


def _findings(book: Any, season: Season) -> Iterator[tuple[Sheet, _Fill]]:
    columns = (
        Column("单位", 18),
        Column("层级", 6, "short"),
        Column("级别", 6, "short"),
        Column("规则", 9, "short"),
        Column("问题", 40),
        Column("原文", 24),
        Column("位置", 18),
        Column("依据", 24),
        Column("怎么改", 34),
        Column("文件", 20),
    )
    sheet = Sheet(book, "问题", f"{_of(season)}查出的问题", columns, 1, "", "没有查出问题。")

    def fill(row: Row, detail: Detail | None) -> None:
        for found in told.findings(detail, season) if detail else ():
            level = (WORDS[found.kind][0], found.fill)
            said = (found.rule, found.message, found.quote, found.place, found.basis, found.fix)
            sheet.row([row.unit.name, row.unit.level or "", level, *said, row.counted.path if row.counted else ""])

    yield sheet, fill


def _elements(book: Any, season: Season) -> Iterator[tuple[Sheet, _Fill]]:
    titles = told.ELEMENTS
    columns = (Column("单位", 28), *(Column(title, 24) for title in titles.values()))
    sheet = Sheet(book, "七项要素", f"{_of(season)}七项必备内容", columns, 1, "", "没有核对过的单位。")

    def fill(row: Row, detail: Detail | None) -> None:
        if detail:
            sheet.row([row.unit.name, *(told.element(detail.audit["elements"], name) for name in titles)])

    yield sheet, fill


def _data(book: Any, season: Season) -> Iterator[tuple[Sheet, _Fill]]:
    """The figures of each official form, a sheet a form."""
    for number, (form, group) in enumerate(groupby(season.figures, key=lambda fact: season.figures[fact][0])):
        yield _figures(book, season, f"数据{number + 1} {form}"[:31], form, list(group))


def _figures(book: Any, season: Season, name: str, form: str, facts: Sequence[str]) -> tuple[Sheet, _Fill]:
    columns = (Column("单位", 28), *(Column(season.figures[fact][2] or "数量", 9, "number") for fact in facts))
    above = ("", *(season.figures[fact][1] for fact in facts))
    note = "照报告表格里的数；没有读到的写“未读”，空着的写“空白”，没有这张表的写“没有”。"
    sheet = Sheet(book, name, f"{_of(season)}：{form}", columns, 1, note, "没有数据。", above=above)
    if season.total:
        total = season.total.figures
        sheet.last = [f"合计（{season.total.units} 个单位）", *(told.figure(total.get(fact)) for fact in facts)]

    def fill(row: Row, detail: Detail | None) -> None:
        if detail:
            sheet.row([row.unit.name, *(told.figure(detail.facts.get(fact)) for fact in facts)])

    return sheet, fill


def _late(book: Any, season: Season) -> Iterator[tuple[Sheet, _Fill]]:
    columns = (
        Column("单位", 30),
        Column("层级", 7, "short"),
        Column("情况", 16, "short"),
        Column("期限", 12, "date"),
        Column("报送日期", 12, "date"),
        Column("日期依据", 14, "short"),
        Column("迟几天", 8, "count"),
        Column("文件", 44),
        Column("说明", 50),
        Column("联系", 20),
    )
    note = "未报送、迟报、看不出日期的单位，文件要核对的单位，读不出的、重复的、不是本年度的和认不出单位的文件。"
    sheet = Sheet(
        book,
        "未报送与迟报",
        f"{_of(season)}未报送、迟报和没有采用的文件",
        columns,
        1,
        note,
        "都按时报送，没有多余的文件。",
    )

    def fill(row: Row, _detail: Detail | None) -> None:
        unit = (row.unit.name, row.unit.level or "")
        if said := told.tardy(row):
            used = row.counted
            days = (row.handed_in - row.due).days if row.late and row.handed_in and row.due else None
            when = (row.due, row.handed_in, told.DATED.get(row.dated_by or "", ""), days)
            sheet.row([*unit, said, *when, used.path if used else "", used.said if used else "", row.unit.contact])
        for file in row.submissions:
            if file.standing != "counts":
                sheet.row(_unused(file, *unit))

    yield sheet, fill


def _unused(file: Submission, name: str, level: str) -> list[Cell | Coloured]:
    dated = (file.dated, told.DATED.get(file.dated_by or "", ""))
    return [name, level, told.STANDINGS[file.standing], None, *dated, None, file.path, file.said, ""]


def _strays(sheet: Sheet, season: Season) -> None:
    for file in season.strays():
        sheet.row(_unused(file, file.place or "（认不出单位）", file.level or ""))


# --- sheets of the whole county -----------------------------------------------------------------------------------


def _alike(book: Any, season: Season) -> Sheet:
    columns = (
        Column("组", 5, "count"),
        Column("相似度", 8, "share"),
        Column("单位一", 24),
        Column("单位二", 24),
        Column("单位一的原文", 50),
        Column("位置", 12),
        Column("单位二的原文", 50),
        Column("位置", 12),
    )
    note = "去掉数字、法定用语和表格用语以后，两份报告有多少相同；每对报告列出最长的几段。"
    sheet = Sheet(book, "雷同", f"{_of(season)}雷同的报告", columns, 1, note, "没有雷同的报告。")
    for number, cluster in enumerate(season.clusters(), 1):
        for cells in _pairs(cluster):
            sheet.row([number, *cells])
    return sheet


def _pairs(cluster: Cluster) -> Iterator[list[Cell | Coloured]]:
    for pair in cluster.pairs:
        who: list[Cell | Coloured] = [told.alike(pair.likeness) / 100, told.member(pair.left), told.member(pair.right)]
        for shared in pair.passages[:_PASSAGES]:
            places = told.place(shared.left_where), told.place(shared.right_where)
            yield [*who, told.personal(shared.left), places[0], told.personal(shared.right), places[1]]
        if not pair.passages:
            yield [*who, "", "", "", ""]


def _total(book: Any, season: Season) -> Iterator[Sheet]:
    """What is not in the county's total, and where the county's own report differs from it."""
    total = season.total
    if total is None:
        return
    columns = (
        Column("事项", 14, "short"),
        Column("单位或指标", 40),
        Column("各单位合计", 14, "number"),
        Column("本级报告", 14, "number"),
        Column("说明", 70),
    )
    note = f"{total.year} 年度，{total.units} 个单位的数相加。没有读到、空白或写法有误的数没有计入，列在这里。"
    sheet = Sheet(
        book, "合计核对", f"{_of(season)}合计数核对", columns, 1, note, "全部单位的全部数字都已计入，本级报告没有不同。"
    )
    for gap in total.gaps:
        own, due = (value if isinstance(value, int | float) else None for value in (gap.own, gap.total))
        sheet.row([("数不一致", "fail"), gap.title, due, own, told.gap(season, gap)])
    for left in total.left_out:
        cells = told.labels(season, left.cells)
        sheet.row([("没有计入", "review"), left.name, None, None, left.reason + (f"：{cells}" if cells else "")])
    yield sheet


def _changes(book: Any, season: Season) -> Iterator[Sheet]:
    """What became of each finding since the round before; no sheet where there was none."""
    changes = iter(season.changes())
    first = next(changes, None)
    if first is None:
        return
    columns = (
        Column("单位", 24),
        Column("情况", 8, "short"),
        Column("级别", 8, "short"),
        Column("规则", 10, "short"),
        Column("问题", 80),
    )
    sheet = Sheet(book, "两轮对比", f"{_of(season)}与上一轮核对相比", columns, 1, "", "没有变化。")
    for one in chain((first,), changes):
        state = (told.CHANGES[one.state], _CHANGED[one.state])
        sheet.row([one.name, state, WORDS[one.severity][0], one.rule, one.message or one.title])
    yield sheet
