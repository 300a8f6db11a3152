"""What is said of a season in every output: units, findings, figures in the officer's words. Nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checker.model import Fact, Where
from checker.render import view, web
from checker.render.escape import masked

if TYPE_CHECKING:
    from checker.season.nouns import Detail, Gap, Member, Row, Season

KINDS = ("must", "should", "info", "review")
#: state of a rule -> its mark in a matrix, so that colour is never alone in saying it
MARKS: Mapping[str, str] = {
    "pass": "√",
    "fail": "×",
    "review": "？",
    "unknown": "未",
    "waived": "免",
    "broken": "错",
    "n/a": "",
}
STANDINGS: Mapping[str, str] = {
    "counts": "采用",
    "superseded": "有更新的一份",
    "wrong-year": "不是本年度的",
    "stranger": "不算任何单位",
    "unreadable": "读不出",
    "county": "本级汇总报告",
    "another": "内容是别的单位的",
}
OUTCOMES: Mapping[str, str] = {
    "audited": "已核对",
    "missing": "未报送",
    "unreadable": "读不出",
    "wrong-year": "年度不对",
}
DATED: Mapping[str, str] = {"signed": "落款日期", "posted": "网页发布日期", "file": "文件修改日期"}
#: the seven elements, as the national pack names them
ELEMENTS: Mapping[str, str] = {
    "period": "统计期限",
    "contact": "联系方式",
    "published": "主动公开数量",
    "requests": "依申请公开",
    "fees": "收费情况",
    "problems": "存在的问题",
    "plan": "下一年度打算",
}
_UNITS: Mapping[str, str] = {"published": "条", "requests": "件", "fees": "元"}
#: what became of a finding between two rounds
CHANGES: Mapping[str, str] = {"fixed": "已改", "open": "未改", "new": "新增"}
_ORDER = (*KINDS, "broken", "waived")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in words. ``kind``: must, should, info, review, broken, waived; ``fill``: its state, for a colour."""

    kind: str
    rule: str
    title: str
    message: str
    fix: str
    basis: str
    quote: str
    place: str
    where: Where
    others: tuple[tuple[str, str], ...] = ()  #: place and quote of where it stands, too; the first few

    @property
    def fill(self) -> str:
        return "fail" if self.kind in ("must", "should", "info") else self.kind


def findings(detail: Detail, season: Season) -> list[Finding]:
    """What was found in one report, gravest first, forgiven findings at the end."""
    return [finding(verdict, season) for verdict in ordered(detail)]


def ordered(detail: Detail) -> list[Mapping[str, Any]]:
    """The verdicts that are findings, in that order, as they stand in the audit."""
    found = [verdict for verdict in detail.audit["verdicts"] if verdict["state"] in view.LISTED]
    return sorted(found, key=lambda verdict: (_ORDER.index(web.kind(verdict)), verdict["rule"]))


def finding(verdict: Mapping[str, Any], season: Season) -> Finding:
    """A verdict of an audit in words."""
    where = Where(**verdict["where"])
    basis = season.rules.get(verdict["rule"], {}).get("basis", "")
    message = verdict["message"] or verdict["title"]
    if waiver := verdict.get("waiver"):
        message += f"（已豁免：{waiver['reason']}）"
    said = (verdict["rule"], verdict["title"], message, verdict["fix"], basis)
    further, _ = view.others(where, (Where(**each) for each in verdict["related"]))
    others = tuple((place(at), view.quoted(at)) for at in further)
    return Finding(web.kind(verdict), *said, view.quoted(where), place(where), where, others)


def unknown(detail: Detail, but: Sequence[str] = ()) -> list[str]:
    """What was not checked, and why some rules could not be, each once; ``but``: topics of rules to leave out."""
    unknown = (verdict for verdict in detail.audit["verdicts"] if verdict["state"] == "unknown")
    causes = (verdict["message"] for verdict in unknown if verdict["rule"].partition("-")[0] not in but)
    places = (f"{name}没有读到，没有核对" for name in detail.audit["unchecked"])
    return [text for text in dict.fromkeys((*places, *causes)) if text]


def place(where: Where) -> str:
    """The place as a clerk looks for it: the table's row and column, or page, line and part; empty for the whole."""
    if where.table:
        return "，".join(part for part in (where.table, where.row, where.col) if part)
    return "，".join(part for part in (view.place(where), where.section) if part)


def personal(text: str) -> str:
    """A wording of a report, personal numbers masked, on one line."""
    return " ".join(masked(text).split())


def sentence(text: str) -> str:
    """``text`` with one full stop at its end, whatever it ended with."""
    return text if text.endswith(("。", "。）")) else f"{text}。"


def alike(likeness: float) -> int:
    """Likeness in percent, as the findings have it: rounded down, so that what is shown never reaches a threshold."""
    return int(100 * likeness + 1e-9)


def member(one: Member) -> str:
    return f"{one.name}（{one.year}年）"


def lateness(row: Row) -> str:
    """迟报 or 按时; 日期不明 where a deadline is known and no date was believed; empty without a report or deadline."""
    if row.late is None:
        return "日期不明" if row.outcome == "audited" and row.due else ""
    return "迟报" if row.late else "按时"


def tardy(row: Row) -> str:
    """Why a unit stands among the missing and late ones, or those whose file is odd; empty when it does not."""
    if row.outcome != "audited":
        return OUTCOMES[row.outcome]
    said = lateness(row)
    if said in ("", "按时"):
        return "请核对" if row.counted and row.counted.said else ""
    return said


def element(elements: Mapping[str, Any], name: str) -> tuple[str, str]:
    """State and value of an element in words, and the state for a colour; none for what nobody asks for."""
    found = elements.get(name)
    if found is None or (found["state"] == "absent" and not (found["required"] or found["rules"])):
        return "不要求", ""
    value = found["value"]
    shown = view.shown(tuple(value) if isinstance(value, list) else value)
    shown += _UNITS.get(name, "") if shown else ""
    word = view.WORDS[found["state"]][0]
    return (personal(f"{word}：{shown}") if shown else word), found["state"]


def figure(fact: Fact | None) -> tuple[int | float | str | None, str]:
    """A figure of a form as it stands in a sheet of figures, and its state for a colour."""
    if fact is None or fact.state == "absent":
        return "没有", ""
    if fact.state == "given" and isinstance(fact.value, int | float):
        return fact.value, ""
    if fact.state == "unread":
        return "未读", "unread"
    return "空白" if fact.mark == "empty" else fact.raw.strip(), fact.state


def label(season: Season, fact: str) -> str:
    """A cell's labels, as 予以公开 自然人."""
    return " ".join(part for part in season.figures[fact][1:] if part)


def labels(season: Season, facts: Sequence[str], most: int = 5) -> str:
    """Some cells by their labels; of many the first, and how many there are; nothing for what is no cell."""
    facts = [fact for fact in facts if fact in season.figures]
    shown = "、".join(label(season, fact) for fact in facts[:most])
    return shown if len(facts) <= most else f"{shown}等 {len(facts)} 格"


def gap(season: Season, found: Gap) -> str:
    """What is to be said of a figure of the county's own report that is not the sum."""
    said = f"本级报告写的与各单位合计不同，请核对{'（' + where + '）' if (where := place(found.where)) else ''}。"
    left = len({one.unit for one in season.total.left_out}) if season.total else 0
    return f"{said}有 {left} 个单位的数没有全部计入，差数可能由此而来。" if left else said


def origin(season: Season) -> str:
    """What made this, and by which rules."""
    return f"nianbao {season.tool}，规则包 {season.pack} {season.pack_version}"
