"""Rows of an official table that lost its grid and stands as lines of text: they are no sentences and no headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set

from checker.late import late
from checker.model import Line, mark_of

_COUNT = "(?:(?:政府信息公开)?申请数?量?)?"
#: Labels of the forms of 国办公开办函〔2019〕60号 and 〔2021〕30号, compact.
#: Each begins with a plain character: so ``re`` looks for these characters first.
_LABELS = late(
    rf"本年新收{_COUNT}|上年结转{_COUNT}|本年度办理结果|办理结果|结转下年度继续办理|结转(?:下年度?)?|第二十条第[（(〔【［\[][一二三四五六七八九][）)〕】］\]]项|信息内容|"
    r"本年制发件数|本年废止件数|现行有效件数?|本年新制作数量|本年新公开数量|对外公开总数量|上一年项目数量|本年增/?减|处理决定数量|本年处理决定数量|"
    r"本年收费金额(?:（单位：万元）)?|采购项目数量|采购总金额|政府集中采购|其他对外管理服务事项|行政事业性收费|规范性文件|行政规范性文件|规章|行政许可|行政处罚|"
    r"行政强制|申请人情况|自然人|法人或其他组织|商业企业|科研机构|社会公益组织|法律服务机构|总计|小计|其他处理|其他结果|其他(?!法律)|"
    r"（本列数据的勾稽关系为：[^）]*）|予以公开|部分公开(?:（区分处理的[^）]*）)?|不予公开|无法提供|不予处理|属于国家秘密|其他法律行政法规禁止公开|"
    r"危及[“\"]?三安全一稳定[”\"]?|保护第三方合法权益|属于三类内部事务信息|属于四类过程性信息|属于行政执法案卷|属于行政查询事项|本机关不掌握相关政府信息|"
    r"没有现成信息需要另行制作|补正后申请内容仍不明确|信访举报投诉类申请|重复申请|要求提供公开出版物|无正当理由大量反复申请|"
    r"要求行政机关确认或重新出具已获取信息|申请人无正当理由逾期不补正、?行政机关不再处理其政府信息公开申请|"
    r"申请人逾期未按收费通知要求缴纳费用、?行政机关不再处理其政府信息公开申请|行政复议|行政诉讼|未经复议直接起诉|复议后起诉|结果维持|结果纠正|尚未审结"
)
_REST = late(r"[\d\s.,、|｜+＋\-－—/%（）()一二三四五六七八九…#]+|万元|件|项|条|单位|序号")
#: 四、行政复议、行政诉讼 and （一）行政复议 are headings; the form's own numbered rows are not
_HEADING = late(r"[一二三四五六七八九十]+、(?!本年新收|上年结转|(?:本年度)?办理结果|结转)|（[一二]）行政(?:复议|诉讼)$")
_SENTENCE = late(r"[，。；：]")
_NOTE = late(r"（[^）]*）|不补正、|缴纳费用、")
_FIGURES_BEHIND = late(r"(?<=\D)[\d.,]+\Z")
_PIECES, _PIECE = 4, 80  #: lines that a label is broken into at most, and the characters of one
_FIGURES = late(r"(?:[增减][加少]?(?=\d))?[\d\s.,+\-—/|]+[余多]?\Z")
_CELLS = late(r"(?:\t\s*(?:[+-]?[\d.,]+|[/—-]+)\s*){3,}\Z")
#: a row as a sentence: 行政复议：结果维持0，结果纠正0，其他结果0，尚未审结0，总计0
_TOLD = late(r"(?:[^\d，；：]{2,16}[：；，]?)?(?:[^\d，；：。]{2,10}[：为]?\d+件?[，；、。]?){3,}\Z")
_INDICATOR = late(
    r"统计指标|指标名称|计量单位|主动公开(?:政府)?信息数|规范性文件数|申请办结数|申请答复数|填报(?:单位|日期)"
)
#: the number in brackets; in a line of its own they may be left out
CAPTION = late(
    r"(?:^《[^》]{1,24}》)?第(?:二十|20)条第[（(〔【［\[](?P<item>[一二三四五六七八九1-9])[）)〕】］\]]项"
    r"|^(?:《[^》]{1,24}》)?第(?:二十|20)条第(?P<bare>[一二三四五六七八九1-9])项$"
)
_PART = late(
    r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.．、])\s*(?=附)"
)  #: 六、附表 is a part of the report or a point of one, and the attachment stands below
_ATTACHED = late(
    r"附\s*[件表录]?\s*\d{0,2}\s*(?:[：:]|$|[\u4e00-\u9fff《].{0,40}(?:统计)?表(?:\d[份张]|（[^）]{0,20}）)?[。：:]?$)"
    r"|.{0,30}政府信息公开(?:工作)?情况统计表?(?:（.{0,12}）)?$"
)

#: the head of a return, with no line above it that says what it is
_HEAD = late(r"(?:统计指标|指标名称)(?:指标)?(?:代码|编号)?(?:计量)?单位(?:统计数|数值|数量|指标值)?$")


def is_statistics(texts: Iterable[str]) -> bool:
    """Whether the words of a head or of first rows are those of a statistics return."""
    return any(_INDICATOR.search(text) for text in texts)


def form_rows(lines: Sequence[Line]) -> set[int]:
    """The indices of lines that are rows, heads or single cells of a flattened official table."""
    rows = {i for i, line in enumerate(lines) if _is_row(line.text)}
    if rows:
        rows |= _broken_rows([line.text for line in lines], rows)
    heads = _heads(lines, rows)
    for i, line in enumerate(lines):  # a cell a line: figures between rows belong to them
        if i - 1 in rows and (i in heads or _CELLS.search(line.raw) or _FIGURES.match(line.text) or mark_of(line.text)):
            rows.add(i)
    return rows


def _heads(lines: Sequence[Line], rows: Set[int]) -> set[int]:
    """The indices of lines with tabs above a row, or above figures alone: labels, whatever they are called."""
    found: set[int] = set()
    for i in range(len(lines) - 2, -1, -1):
        if "\t" in lines[i].raw and (i + 1 in rows or i + 1 in found or _CELLS.search(lines[i + 1].raw)):
            found.add(i)
    return found


def _broken_rows(texts: Sequence[str], rows: Set[int]) -> set[int]:
    """The indices of lines that are a row together, as its label was broken between them: 重复 / 申请 0 0 0."""
    found: set[int] = set()
    for i in range(len(texts) - 1):
        for end in range(i + 2, min(i + _PIECES, len(texts)) + 1):
            pieces = texts[i:end]
            if {i, i + 1} <= rows or any(len(piece) > _PIECE or "。" in piece for piece in pieces):
                break
            label = _FIGURES_BEHIND.sub("", pieces[0]) + "".join(pieces[1:-1])
            first, whole = len(label) - sum(map(len, pieces[1:-1])), label + pieces[-1]
            across = any(at.start() < first and len(label) < at.end() for at in _LABELS.finditer(whole))
            if across and _is_row(whole):
                found |= {*range(i, end)}
                break
    return found


def _is_row(text: str) -> bool:
    """True when labels and figures make up the line, and it is more than the bare name of a thing."""
    if "。" in text and "勾稽" not in text:
        return False
    labels = _LABELS.findall(text)
    if not labels or (_SENTENCE.search(_NOTE.sub("", text)) and not (len(labels) > 3 and _TOLD.match(text))):
        return False
    rest = _REST.sub("", _LABELS.sub("", text)).strip("：，；")
    figures = bool(re.search(r"\d", text))
    if figures:
        return len(rest) <= 3
    return not rest and not _HEADING.match(text)


def attachment_start(lines: Sequence[Line], roles: Sequence[str], tables: Mapping[int, str]) -> int:
    """The index from which on everything is an attachment (附件：…统计表 and its rows), or the number of lines.

    A line that only names an attachment is none: something of the table itself must follow. ``tables`` holds the words
    of those that stand directly below a line, by its index.
    """
    for i in range(min(len(lines) // 8 + 1, 10), len(lines)):
        if roles[i] or len(lines[i].text) > 50:
            continue
        raw = lines[i].raw
        part = _PART.match(raw)
        if _ATTACHED.match(raw, part.end() if part else 0):
            after = "\n".join(line.text for line in lines[i + 1 : i + 5])
            if _INDICATOR.search(tables.get(i, after)):
                return i + bool(part)
        elif _HEAD.match(lines[i].text) and any(_INDICATOR.search(line.text) for line in lines[i + 1 : i + 5]):
            return i
    return len(lines)
