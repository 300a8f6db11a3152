"""Notices to the units: what each must mend, or that its report is still wanted. Word documents in official style."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.model import dated
from checker.render.county import names, told
from checker.render.county.told import Finding
from checker.render.escape import visible
from checker.word import document, paragraph

if TYPE_CHECKING:
    from checker.season.nouns import Detail, Office, Row, Season, Submission

#: kind of finding -> heading of its part
_PARTS = {
    "must": "必须改正的问题",
    "should": "应当改正的问题",
    "info": "建议修改的地方",
    "review": "请核实的地方",
}
_COUNTS = {
    "must": "必须改正的问题{}处",
    "should": "应当改正的问题{}处",
    "info": "建议修改的地方{}处",
    "review": "请核实的地方{}处",
}
_PAST = ("PUB-01", "PUB-02")  #: what no new report can mend: it was late
_OTHERS = ("XYR", "COP")  #: topics that compare with other reports, which is not for the unit to do
_NUMBERS = "一二三四五六"


def notices(season: Season, date: dt.date) -> Iterator[tuple[str, bytes]]:
    """File name and content of each notice, dated so, as the roster is; units with nothing to mend get none."""
    stems = names.of_units(season)
    for row in season.rows("roster"):
        if (content := notice(row, season, date)) is not None:
            yield f"{stems[row.unit.key]}.docx", content


def notice(row: Row, season: Season, date: dt.date) -> bytes | None:
    """The notice to one unit, or None when it has nothing to mend."""
    if row.outcome != "audited":
        title, lines = _wanted(row, season)
    elif (row.findings.get("must") or row.findings.get("should")) and (detail := season.detail(row.unit.key)):
        title, lines = _mend(row, detail, season)
    else:
        return None
    head = [("Title", title), ("Normal", ""), ("Normal", f"{row.unit.name}：")]
    tail = [("Last", ""), ("Sign", season.office.name or "【此处写明落款单位】"), ("Sign", dated(date))]
    body = "".join(paragraph(visible(text), style) for style, text in (*head, *lines, *tail))
    return document(body, f"{row.unit.name}：{title}")


_Lines = Iterator[tuple[str, str]]


# --- what is to be mended -----------------------------------------------------------------------------------------


def _mend(row: Row, detail: Detail, season: Season) -> tuple[str, _Lines]:
    return f"关于改正{season.year}年政府信息公开工作年度报告的通知", _mending(row, detail, season)


def _mending(row: Row, detail: Detail, season: Season) -> _Lines:
    found = [one for one in told.findings(detail, season) if one.kind in _PARTS]
    counts = {kind: sum(one.kind == kind for one in found) for kind in _PARTS}
    said = "、".join(_COUNTS[kind].format(count) for kind, count in counts.items() if count)
    file = f"（文件：“{row.counted.path}”）" if row.counted else ""
    yield (
        "Body",
        f"你单位报送的{season.year}年政府信息公开工作年度报告{file}已经核对{_score(row)}。查出{said}。"
        + (
            f"请{_until(season.office.mend_by)}逐条改正、核实，把改好的报告重新报送。"
            if any(one.kind in ("must", "should") and one.rule not in _PAST for one in found)
            else "报告不用重新报送，请按下面的意见办理。"
        ),
    )
    if row.late and row.due and row.handed_in:
        yield (
            "Body",
            f"报告应于{dated(row.due)}前报送，{told.DATED[row.dated_by or 'file']}是{dated(row.handed_in)}，"
            "已经逾期，今后请按时报送。",
        )
    parts = [kind for kind, count in counts.items() if count]
    at = 0
    for number, kind in zip(_NUMBERS, parts, strict=False):
        yield "Heading1", f"{number}、{_PARTS[kind]}"
        for one in found:
            if one.kind == kind:
                at += 1
                yield from _item(at, one)
    if unread := told.unknown(detail, _OTHERS):
        yield "Heading1", f"{_NUMBERS[len(parts)]}、没有核对到的内容"
        yield "Body", f"以下内容没有核对，请自行核对：{'；'.join(text.rstrip('。') for text in unread)}。"
    yield from _ask(season.office)


def _score(row: Row) -> str:
    if row.score is None:
        return ""
    if not row.comparable:
        return f"，因有内容没有读到，只核对了{row.coverage:.0%}，不评定等级"
    return f"，得分{row.score:.1f}分（{row.grade}）"


def _place(word: str, place: str, quote: str) -> str:
    parts = (f"{word}：{place}" if place else "", f"原文是“{quote}”" if quote else "")
    return "，".join(part for part in parts if part) + "。" if any(parts) else ""


def _item(number: int, one: Finding) -> _Lines:
    yield "Body", f"{number}．{told.sentence(one.message)}"
    yield "Body", _place("位置", one.place, one.quote) or "位置：全文。"
    yield from (("Body", _place("还有", *other)) for other in one.others)
    if one.basis:
        yield "Body", f"依据：{one.basis}。"
    if one.fix:
        yield "Body", f"改法：{told.sentence(one.fix)}"


# --- what is wanted -----------------------------------------------------------------------------------------------


def _wanted(row: Row, season: Season) -> tuple[str, _Lines]:
    wanted = "报送" if row.outcome == "missing" else "重新报送"
    return f"关于{wanted}{season.year}年政府信息公开工作年度报告的通知", _wanting(row, season)


def _wanting(row: Row, season: Season) -> _Lines:
    due = f"，期限是{dated(row.due)}" if row.due else ""
    article = "第四十九条" if season.year >= 2019 else "第三十一条"
    yield (
        "Body",
        f"《中华人民共和国政府信息公开条例》{article}规定，行政机关每年要公布上一年度的政府信息公开工作年度报告。"
        f"你单位要报送{season.year}年的报告{due}。",
    )
    if row.outcome == "missing":
        yield "Body", "到目前为止，没有收到你单位的报告。"
    for file in row.submissions:
        who = "收到的" if file.standing == "another" else "你单位报送的"
        yield "Body", told.sentence(f"{who}文件“{file.path}”{_why(file, season)}")
    if row.outcome == "missing":
        yield "Body", f"请{_until(season.office.mend_by)}报送。已经报送过的，请告知报送的时间和文件名，以便查找。"
    else:
        yield "Body", f"请{_until(season.office.mend_by)}重新报送，最好是可以编辑的 Word 文档。"
    yield from _ask(season.office)


def _why(file: Submission, season: Season) -> str:
    if file.standing == "wrong-year":
        return f"不是{season.year}年的报告：{file.said}" if file.said else f"不是{season.year}年的报告"
    return f"没有采用：{file.said or told.STANDINGS[file.standing]}"


def _ask(office: Office) -> _Lines:
    contact = f"（{office.contact}）" if office.contact else ""
    yield "Last", f"对以上内容有疑问的，请与{office.name or '发出通知的单位'}联系{contact}。"


def _until(day: dt.date | None) -> str:
    return f"于{dated(day)}前" if day else "尽快"
