"""What all formats share: how the officer wants to see it, the words of both languages, and the counts of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from checker.late import once_for_each
from checker.model import (
    ALONE,
    LEFT_OUT,
    LOST,
    MARKS,
    UNDATED,
    Audit,
    Clause,
    Element,
    Era,
    Note,
    Severity,
    Value,
    Verdict,
    VerdictState,
    Where,
    record,
)
from checker.render.escape import masked

Lang = Literal["zh", "en"]

#: the gravest state of a rule is the rule's own, when it has several subjects
GRAVITY: tuple[VerdictState, ...] = ("broken", "fail", "review", "unknown", "waived", "pass", "n/a")
SEVERITIES = ("must", "should", "info")
_RANK = {state: rank for rank, state in enumerate(GRAVITY)}


#: what is listed one by one: findings, those forgiven, and rules that crashed
LISTED: frozenset[VerdictState] = frozenset(("fail", "review", "broken", "waived"))
#: formats whose lines are lines of the file, which an editor can jump to
OF_LINES = frozenset(("txt", "md", "html"))
_MOST_OTHERS = 2  #: places of a finding that are named beside its first


@record
class Card:
    """What a machine's result says of a rule once: title, what it checks, how to mend, the clauses; its severity."""

    id: str
    title: str
    about: str
    fix: str
    basis: tuple[str, ...]
    severity: Severity


@record
class View:
    """The officer's wishes and the run's facts. ``width`` in columns; ``floor``: coverage that lets scores compare.

    ``cards``: the rules, for formats that list them; empty for the others. ``baselined``: a baseline is in use.
    ``local``: what local packs do to the national rules, a sentence each; no format keeps silent about it.
    ``eras``: the first and the last report year of each format, None for an open end.
    ``pack`` and ``pack_version`` name all packs together, ``layers`` (name, version) one by one; ``digest`` of all.
    """

    lang: Lang = "zh"
    quiet: bool = False
    width: int = 100
    colour: bool = False
    ascii_only: bool = False
    tool: str = ""
    pack: str = ""
    pack_version: str = ""
    layers: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    floor: float = 0.0
    clauses: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    baselined: bool = False
    local: tuple[str, ...] = ()
    eras: Mapping[Era, tuple[int, int | None]] = field(default_factory=dict)

    def basis(self, verdict: Verdict) -> str:
        """（依据：…）with the clauses of a verdict as an officer cites them, each once; empty without any."""
        cited = "、".join(dict.fromkeys(self.clauses.get(key, key) for key in verdict.basis))
        return f"（依据：{cited}）" if cited else ""

    def word(self, key: str) -> str:
        """The heading or state ``key`` in the language of the view."""
        return WORDS[key][self.lang == "en"]

    def term(self, word: str) -> str:
        """A word of the pack (a grade, 表格) in the language of the view, where it has one of ours."""
        return TERMS.get(word, word) if self.lang == "en" else word

    def year(self, year: int | None) -> str:
        """The report year: 2016年度."""
        if year is None:
            return self.word("unknown_year")
        return str(year) if self.lang == "en" else f"{year}年度"

    def form(self, era: Era | None) -> str:
        """The format by the years for which it held, as a clerk knows it: 2014—2018年的格式（B）."""
        if era is None:
            return ""
        first, last = self.eras.get(era, (None, None))
        if first is None:
            return f"{self.word('era')} {era}"
        if self.lang == "en":
            return f"format of {first}–{last} ({era})" if last else f"format since {first} ({era})"
        return f"{first}—{last}年的格式（{era}）" if last else f"{first}年以来的格式（{era}）"

    def joined(self, parts: Iterable[str]) -> str:
        """Parts of a line that are not empty."""
        return (", " if self.lang == "en" else "，").join(filter(None, parts))

    def value(self, element: Element) -> str:
        """What an element says, a number with its unit: 3件."""
        said = shown(element.value, self.lang)
        return said + element.unit if isinstance(element.value, int | float) else said


@dataclass(slots=True)
class Tally:
    """Counts over the reports written so far; what the last line of a run is made of.

    ``partly``: how many were not read whole. ``settings``: settings files at fault.
    ``status``: the exit code of the run, known when everything else is written.
    """

    reports: int = 0
    errors: int = 0
    partly: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    status: int = 0
    settings: int = 0

    def add(self, other: Tally) -> None:
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))


@once_for_each(4)
def tally(audit: Audit) -> Tally:
    """Findings one by one (``must should info review broken``, ``waived`` and ``known``), other states by rule."""
    if audit.error:
        return Tally(reports=1, errors=1)
    findings = Counter("known" if v.known else kind(v) for v in audit.verdicts if v.state in LISTED)
    rules: Iterable[str] = states_of_rules(audit.verdicts).values()
    if audit.of_settings:
        return Tally(findings=findings, settings=1)
    return Tally(1, 0, int(bool(audit.unchecked)), findings, Counter(rules))


def kind(verdict: Verdict) -> str:
    """What a finding is called: its severity when it failed, else ``review``, ``waived`` or ``broken``."""
    return verdict.severity if verdict.state == "fail" else verdict.state


def remark(verdict: Verdict) -> str:
    """Why a finding does not count: forgiven by whom, why and until when, or in the baseline already; else empty."""
    waiver = verdict.waiver
    if waiver:
        return f"（已豁免：{waiver.reason}；批准：{waiver.who}；有效期至{waiver.until}）"
    return "（原有问题，已列入基线）" if verdict.known else ""


def states_of_rules(verdicts: Iterable[Verdict]) -> dict[str, VerdictState]:
    """rule id -> the gravest state among its verdicts."""
    states: dict[str, VerdictState] = {}
    for verdict in verdicts:
        state = verdict.state
        known = states.setdefault(verdict.rule, state)
        if known != state and _RANK[state] < _RANK[known]:
            states[verdict.rule] = state
    return states


def shown_findings(audit: Audit) -> list[Verdict]:
    """Findings and broken verdicts, gravest first, then by rule and place as judged; what does not count comes last."""
    order = (*SEVERITIES, "review", "broken", "waived")
    return sorted(
        (v for v in audit.verdicts if v.state in LISTED),
        key=lambda v: (v.known, order.index(kind(v)), v.rule, v.subject),
    )


def unknown_by_cause(audit: Audit) -> dict[str, list[str]]:
    """cause (a plain sentence) -> the rules that could not be checked for it; each rule once.

    That a report was given alone is said once.
    """
    about = audit.report
    usual = "所需的内容没有读到"
    if about and about.era is None:
        usual = f"{about.year}年度没有规定的格式" if about.year else "没有读到报告年度，不知道适用哪种格式"
    causes: dict[str, list[str]] = {}
    for verdict in audit.verdicts:
        if verdict.state == "unknown":
            rules = causes.setdefault(verdict.message or usual, [])
            if verdict.rule not in rules:
                rules.append(verdict.rule)
    if set(ALONE.values()) <= set(causes):
        causes[_BY_ITSELF] = [rule for cause in ALONE.values() for rule in causes.pop(cause)]
    return causes


_BY_ITSELF = "没有上一年度和其他单位的报告可以对照，跨年和雷同的核对没有做"


def cited(clause: Clause) -> str:
    """A clause as an officer cites it, short: 政府信息公开条例第三十二条, 国办发〔2014〕12号附件."""
    title = clause.title.removeprefix("中华人民共和国").partition("（没有")[0]
    if "〔" in clause.number and len(title) > 20:
        title = clause.number
    part = clause.clause.partition("（")[0]
    return title + part if part.startswith(("第", "附")) else title


def shared_cells(audit: Audit) -> list[Note]:
    """One note for each cell of a table in which several failing sums meet, and no other cell so many.

    One wrong cell breaks the sum of its row and those of its column: the clerk is told once where to look first.
    """
    failing = [verdict for verdict in audit.verdicts if verdict.state == "fail"]
    places = [(v.rule, {at for at in (v.where, *v.related) if at.table and at.row}) for v in failing]
    sums = [(rule, cells) for rule, cells in places if len(cells) > 2]
    found = []
    while sums:
        counts = Counter(cell for _, cells in sums for cell in cells)
        (cell, most), *rest = counts.most_common(2)
        if most < 2 or any(other == most for _, other in rest):
            break
        rules = "、".join(dict.fromkeys(rule for rule, cells in sums if cell in cells))
        name = "，".join(part for part in (cell.row, cell.col) if part)
        said = f"{rules} 都用到{cell.table}“{name}”一格（写的是{cell.quote}），很可能是这一格填错，请先核对它。"
        found.append(Note("shared-cell", said, cell))
        sums = [(rule, cells) for rule, cells in sums if cell not in cells]
    return found


def notes(audit: Audit) -> list[Note]:
    """What the readers want known, each once, personal numbers masked; then where several findings meet."""
    said = dict.fromkeys((*(audit.report.notes if audit.report else ()), *audit.notes, *shared_cells(audit)))
    return [replace(note, message=masked(note.message)) for note in said]


def place(where: Where, lang: Lang = "zh") -> str:
    """The place without its quote: 第2页第12行, 工作表“表三”的D5, or the logical place."""
    if where.sheet:
        sheet, _, cell = where.sheet.rpartition("!")
        return where.sheet if lang == "en" else f"工作表“{sheet}”的{cell}"
    if where.line is not None or where.page is not None:
        if lang == "en":
            return ", ".join(
                f"{name} {at}" for name, at in (("page", where.page), ("line", where.line)) if at is not None
            )
        return (f"第{where.page}页" if where.page is not None else "") + (
            f"第{where.line}行" if where.line is not None else ""
        )
    return where.logical


def others(first: Where, related: Iterable[Where]) -> tuple[Sequence[Where], int]:
    """The other places of a finding, as many as are named beside the first, and how many are left out.

    Each wording on a line counts once. Cells of tables do not: the message names what was added up.
    """
    told: dict[tuple[str, str | None], Where] = {
        (place(at), at.quote): at for at in related if at.quote and not at.table
    }
    told.pop((place(first), first.quote), None)
    found = list(told.values())
    return found[:_MOST_OTHERS], len(found[_MOST_OTHERS:])


def quoted(where: Where, most: int = 60) -> str:
    """The wording at a place, personal numbers masked, a long one shortened in its middle."""
    quote = " ".join(masked(where.quote or "").split())
    return quote if len(quote) <= most else f"{quote[: most - 20]}……{quote[-18:]}"


def shown(value: Value, lang: Lang = "zh") -> str:
    """A fact's value in words: a period as two dates, a mapping as name and number; empty when there is none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return (" to " if lang == "en" else " 至 ").join(part or "？" for part in value)
    if isinstance(value, Mapping):
        return "、".join(f"{name} {number:g}" for name, number in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def needed(element: Element, era: Era | None) -> str:
    """The key of how far an element is asked for: required, ``advised`` where only our rules ask for it, or not.

    Where no format is known nobody can tell.
    """
    if era is None:
        return "nothing"
    return "yes" if element.required else "advised" if element.rules else "no"


#: words of the pack and of what was not read, in English
TERMS: Mapping[str, str] = {
    "优秀": "excellent",
    "合格": "good",
    "基本合格": "fair",
    "不合格": "poor",
    "表格": "tables",
    "正文": "text",
    LEFT_OUT: "omitted parts",
    LOST: "lost characters",
    UNDATED: "rules that depend on the year",
}
#: key -> (Chinese, English): headings and states only; sentences stay Chinese
WORDS: Mapping[str, tuple[str, str]] = {
    "must": ("必改", "must fix"),
    "should": ("应改", "should fix"),
    "info": ("提示", "hint"),
    "review": ("待核", "review"),
    "broken": ("出错", "broken"),
    "pass": ("通过", "pass"),
    "fail": ("不合规", "fail"),
    "unknown": ("未能核对", "unknown"),
    "n/a": ("不适用", "n/a"),
    "waived": ("豁免", "waived"),
    "given": ("有", "given"),
    "absent": ("没有", "absent"),
    "blank": ("空白", "blank"),
    "empty": (MARKS["empty"], "empty"),
    "slash": (MARKS["slash"], "slash"),
    "dash": (MARKS["dash"], "dash"),
    "none": (MARKS["none"], "none"),
    "malformed": ("写法有误", "malformed"),
    "unread": ("未能读取", "unread"),
    "report": ("报告", "Report"),
    "year": ("年度", "Year"),
    "era": ("格式", "Format"),
    "severity": ("级别", "Level"),
    "rule": ("规则", "Rule"),
    "what": ("问题", "What"),
    "where": ("位置", "Where"),
    "fix": ("怎么改", "How to mend"),
    "element": ("七项要素", "Element"),
    "required": ("要求", "Required"),
    "yes": ("必备", "yes"),
    "advised": ("应有", "advised"),
    "nothing": ("—", "—"),
    "no": ("不要求", "no"),
    "state": ("情况", "State"),
    "value": ("内容", "Value"),
    "score": ("得分", "Score"),
    "of_100": ("（满分100）", " of 100"),
    "coverage": ("核对比例", "Coverage"),
    "grade": ("等级", "Grade"),
    "note": ("说明", "Note"),
    "file": ("文件", "File"),
    "place": ("单位", "Place"),
    "verdict": ("结论", "Verdict"),
    "overview": ("汇总", "Overview"),
    "error": ("无法核对", "cannot be checked"),
    "whole": ("全文", "whole text"),
    "fact": ("事实", "Fact"),
    "raw": ("原文", "Wording"),
    "again": ("又见", "again"),
    "approx": ("约", "about"),
    "cumulative": ("累计", "cumulative"),
    "aside": ("非本年或另一事", "of another time or matter"),
    "noughts": ("其余{}格是0", "{} others are 0"),
    "all_noughts": ("{}格都是0", "all {} are 0"),
    "more_unread": ("另有 {} 项没有读取（表格里的数）。", "{} more were not read (figures of tables)."),
    "unknown_place": ("未识别单位", "place unknown"),
    "unknown_year": ("未识别年度", "year unknown"),
    "pack": ("规则包", "pack"),
    "known": ("原有", "known"),
}
