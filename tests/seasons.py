"""A season in memory: what the renderers of a county are tried on. Units and people are invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from checker.form import labels
from checker.judge import judge
from checker.likeness import narrative, problems
from checker.model import Audit, Block, Case, Level, Paragraph, Table, Where
from checker.read.office.docx import parse_docx
from checker.render.as_json import audit_to_dict
from checker.render.escape import json_text
from checker.render.view import cited, kind, states_of_rules
from checker.season.nouns import (
    Change,
    Cluster,
    Detail,
    Member,
    Office,
    Row,
    Shared,
    Submission,
    Total,
    Twins,
    Unit,
)
from checker.season.record import told_json
from checker.season.total import total
from tests.findings import national
from tests.write import Line, Written, word, written
from tests.write.reading import extracted

YEAR = 2024
COUNTY = "霁川县"
DUE = dt.date(2025, 1, 20)
OFFICE = Office("霁川县人民政府办公室", "0589-5550123", dt.date(2025, 2, 14))
FORMULAS = ('=HYPERLINK("http://example.com","点这里")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1")
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)></title></script>\u2028\u202ejavascript:alert(3)"


@cache
def _rules() -> Mapping[str, Mapping[str, str]]:
    pack = national()
    return {
        rule.id: {
            "title": rule.title,
            "severity": next(iter(rule.severity.values())),
            "topic": rule.id.split("-")[0],
            "basis": "、".join(cited(pack.basis[key]) for key in rule.basis),
        }
        for rule in pack.rules
    }


@dataclass
class Memory:
    """A ``Season`` whose parts all stand in memory."""

    entries: Sequence[Row]
    details: Mapping[str, Detail] = field(default_factory=dict)
    alike: Sequence[Cluster] = ()
    stray: Sequence[Submission] = ()
    past: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    changed: Sequence[Change] = ()
    total: Total | None = None
    county: str = COUNTY
    year: int = YEAR
    tool: str = "0.0"
    pack: str = "全国统一规则"
    pack_version: str = "1.0.0"
    digest: str = "0" * 64
    floor: float = 0.8
    due: dt.date | None = DUE
    office: Office = OFFICE
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=_rules)
    figures: Mapping[str, tuple[str, str, str]] = field(default_factory=lambda: labels(national(), YEAR))

    def rows(self, order: Literal["rank", "roster"] = "rank") -> Iterator[Row]:
        last = len(self.entries) + 1
        gone = {"audited": 0}
        ranked = sorted(self.entries, key=lambda row: (gone.get(row.outcome, 1), row.rank or last))
        return iter(ranked if order == "rank" else self.entries)

    def detail(self, unit: str) -> Detail | None:
        return self.details.get(unit)

    def told(self, unit: str) -> str | None:
        detail = self.details.get(unit)
        if detail is None:
            return None
        return told_json(json_text(detail.audit), detail.facts, detail.narrative, detail.problems)

    def strays(self) -> Iterator[Submission]:
        return iter(self.stray)

    def clusters(self) -> Iterator[Cluster]:
        return iter(self.alike)

    def history(self, unit: str) -> Mapping[int, float]:
        return self.past.get(unit, {})

    def changes(self) -> Iterator[Change]:
        return iter(self.changed)


# --- reports ------------------------------------------------------------------------------------------------------


def report_of(name: str, *changes: tuple[str, str], **cells: str) -> Written:
    """The report of 云渚镇 as that of another unit: wordings changed, and cells by fact id, __ for its points."""
    base = written("2024-云渚镇")
    for fact, text in cells.items():
        base = base.but(fact.replace("__", "."), text)
    swaps = (("云渚镇人民政府", name), ("云渚镇", name.removesuffix("人民政府").removesuffix("办事处")), *changes)
    blocks = [
        replace(block, text=_swapped(block.text, swaps)) if isinstance(block, Line) else block for block in base.blocks
    ]
    return replace(base, blocks=tuple(blocks))


def _swapped(text: str, swaps: Sequence[tuple[str, str]]) -> str:
    for old, new in swaps:
        text = text.replace(old, new)
    return text


def detail_of(report: Written, path: str) -> tuple[Detail, Audit]:
    """A written report, read from its Word document and judged."""
    document = parse_docx(word.docx(report, word.PLAIN), path)
    found = extracted(document)
    audit = judge(Case(found), national())
    blocks = tuple(_block(at, block) for at, block in enumerate(document.blocks))
    return Detail(audit_to_dict(audit), found.facts, blocks, narrative(found), problems(found)), audit


def _block(at: int, block: Block) -> Mapping[str, Any]:
    if isinstance(block, Paragraph):
        return {"text": block.text, **_place(block.where), "hint": block.hint, "block": at}
    return {"rows": _rows(block), **_place(block.where), "block": at}


def _rows(table: Table) -> list[list[dict[str, Any]]]:
    """Each cell once, in the row where it begins."""
    spots: dict[int, list[tuple[int, int]]] = {}
    for at, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            spots.setdefault(id(cell), []).append((at, column))
    rows: list[list[dict[str, Any]]] = [[] for _ in table.rows]
    cells = {id(cell): cell for row in table.rows for cell in row}
    for key, places in spots.items():
        (top, left), (bottom, right) = places[0], places[-1]
        span = {"rowspan": bottom - top + 1, "colspan": right - left + 1}
        rows[top].append({"text": cells[key].text, "row": top, "col": left, **span, **_place(cells[key].where)})
    return rows


def _place(where: Where) -> Mapping[str, Any]:
    return {key: value for key, value in where.to_dict().items() if key in ("line", "page")}


# --- a county -----------------------------------------------------------------------------------------------------


def row_of(unit: Unit, audit: Audit, path: str, handed_in: dt.date | None, before: float | None = None) -> Row:
    """What the audit trunk says of one audited unit."""
    findings: dict[str, int] = {}
    for verdict in audit.findings:
        findings[kind(verdict)] = findings.get(kind(verdict), 0) + 1
    due = unit.deadline or DUE
    return Row(
        unit,
        "audited",
        (Submission(path, "0" * 64, "counts", unit.key, unit.name, unit.level, YEAR, handed_in, "signed"),),
        due,
        handed_in,
        "signed" if handed_in else None,
        handed_in > due if handed_in else None,
        audit.score,
        audit.coverage,
        audit.grade,
        audit.coverage >= 0.8,
        None,
        dict(states_of_rules(audit.verdicts)),
        findings,
        {element.name: element.state for element in audit.elements},
        before,
    )


def ranked(rows: Sequence[Row]) -> list[Row]:
    scores = sorted((row.score for row in rows if row.comparable and row.score is not None), reverse=True)
    return [
        replace(row, rank=scores.index(row.score) + 1) if row.comparable and row.score is not None else row
        for row in rows
    ]


_TROUBLE: Mapping[str, tuple[tuple[tuple[str, str], ...], Mapping[str, str]]] = {
    "青石镇人民政府": ((), {}),
    "白渡镇人民政府": ((("268条", "271条"),), {}),
    "柳坪乡人民政府": (
        (("2024年新收政府信息公开申请11件", "2024年新收政府信息公开申请13件"),),
        {"t3__granted__person": "4"},
    ),
    "松湾街道办事处": (
        (
            ("一是把补偿标准合成一张对照表，按户型和淹没线逐项说明；", ""),
            ("（二）改进情况", "（二）其他"),
            ("我镇", "我局"),
        ),
        {"t2__documents__made": "", "t4__review__all": "3"},
    ),
    "水务局": (
        (("2024年没有发出收费通知，未收取信息处理费。", "联系人手机13805551234。"), ("31条", "30多条")),
        {"t2__licences": "/"},
    ),
    "林业局": ((("第四十九条、第五十条", "第三十二条"), ("2025年1月15日", "2024年12月20日")), {}),
}


@cache
def county() -> Memory:
    """Eleven units: six audited, one of hostile names and texts, one missing, one unreadable, one of a wrong year."""
    rows, details = [], {}
    for at, (name, (changes, cells)) in enumerate(_TROUBLE.items()):
        unit = Unit(name, _level(name), code=f"41{at:04}")
        path = f"{name[:3]}/{name}2024年报.docx"
        detail, audit = detail_of(report_of(name, *changes, **cells), path)
        handed_in = dt.date(2025, 1, 24) if name == "松湾街道办事处" else dt.date(2025, 1, 15)
        details[unit.key] = detail
        rows.append(row_of(unit, audit, path, handed_in, before=80.0 + at))
    rows.append(_hostile(details))
    rows += [
        Row(Unit("苇塘乡人民政府", "乡", contact="0589-5550101"), "missing", due=DUE),
        Row(
            Unit("杨渡镇人民政府", "镇"),
            "unreadable",
            (Submission("杨渡镇/年报.pdf", "1" * 64, "unreadable", "杨渡镇人民政府", said="文件有密码，打不开"),),
            due=DUE,
        ),
        Row(
            Unit("桐溪镇人民政府", "镇"),
            "wrong-year",
            (Submission("桐溪镇.docx", "2" * 64, "wrong-year", "桐溪镇人民政府", year=2023, said="写的是2023年度"),),
            due=DUE,
        ),
    ]
    past = {row.unit.key: {2022: 70.0 + at, 2023: 80.0 + at} for at, row in enumerate(rows[:6])}
    stray = (Submission("杂/通知.docx", "3" * 64, "stranger", said="不是名册上的单位"),)
    changed = (
        Change("410002", "柳坪乡人民政府", "open", "T3-04", "表三每行总计", "must", "表三“予以公开”一行不平"),
        Change("410002", "柳坪乡人民政府", "new", "XTB-01", "收到的申请数", "must", "文中写的收到申请数是13件"),
        Change("410003", "松湾街道办事处", "fixed", "T2-03", "表二没有空格", "should", "表二有1格没有填数"),
    )
    season = Memory(ranked(rows), details, (_alike(),), stray, past, changed)
    own, _ = detail_of(report_of("人民政府", t2__penalties="84"), "霁川县.docx")
    told = ((row, season.detail(row.unit.key)) for row in season.rows("roster"))
    season.total = total(national(), YEAR, season.figures, told, own)
    return season


def _level(name: str) -> Level:
    return "部门" if name.endswith("局") else "街道" if "街道" in name else "乡" if "乡" in name else "镇"


def _hostile(details: dict[str, Detail]) -> Row:
    """A unit whose name, file, text and findings want to be markup or formulas."""
    unit = Unit(f"{FORMULAS[0]}{MARKUP}", "镇", code="CON")
    report = report_of("黑石镇人民政府", ("移民安置的补偿标准", MARKUP), ("临江路18号", FORMULAS[0]))
    path = "<img src=x onerror=alert(4)>/=1+1.docx"
    detail, audit = detail_of(report, path)
    bad = [
        {
            **verdict,
            "state": "fail",
            "message": f"{text}{MARKUP}",
            "fix": text,
            "where": {"line": 1, "block": 1, "quote": text},
        }
        for verdict, text in zip(detail.audit["verdicts"], FORMULAS, strict=False)
    ]
    told = {**detail.audit, "verdicts": [*bad, *detail.audit["verdicts"][len(bad) :]]}
    details[unit.key] = replace(detail, audit=told)
    row = row_of(unit, audit, path, dt.date(2025, 1, 16))
    return replace(row, findings={**row.findings, "must": len(bad)}, score=61.0)


def _alike() -> Cluster:
    one = Member("410000", "青石镇人民政府", YEAR, "青石镇/青石镇人民政府2024年报.docx")
    other = Member("410001", "白渡镇人民政府", YEAR, "白渡镇/白渡镇人民政府2024年报.docx")
    left = "一是移民安置的补偿标准分散在几份文件里，群众不容易弄清自己适用哪一条；"
    right = "一是移民安置的补偿标准分散在几份文件中，群众不容易弄清自己适用哪一条；"
    shared = Shared(left, right, Where(line=20, block=20, quote=left), Where(line=20, block=20, quote=right))
    return Cluster((one, other), (Twins(one, other, 0.97, (shared,)),))


def many(count: int) -> Memory:
    """A province: ``count`` units, the states of each drawn from those of the county, without any detail."""
    base = [row for row in county().entries if row.outcome == "audited"]
    rows = []
    for at in range(count):
        like = base[at % 6]
        score = round(40 + (at * 7919 % 6000) / 100, 1)
        unit = Unit(f"第{at + 1}镇人民政府", "镇", code=f"{at:06}")
        rows.append(
            replace(like, unit=unit, score=score, grade="优秀" if score >= 90 else "合格" if score >= 75 else "不合格")
        )
    rows.sort(key=lambda row: -(row.score or 0))
    return Memory(
        [replace(row, rank=at + 1) for at, row in enumerate(rows)],
        {row.unit.key: county().details["410003"] for row in rows},
    )
