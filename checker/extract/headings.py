"""Headings: where a line's heading ends and its text begins."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from checker.extract.lines import GLUED, cut_line
from checker.extract.marks import BRIEF, CN, END, MARKERS, OFFICIAL, PHRASE, ROW, SPACED, ordinal, topics_of
from checker.late import late
from checker.model import Heading, Line

LONGEST = 42  #: characters of a heading
ASKED = 16  #: of one that asks
#: the first character of a numbered heading -> the marks that begin with it
_STARTS = {
    **dict.fromkeys(f"第{CN}", MARKERS[:1]),
    **dict.fromkeys("（(", (MARKERS[1], MARKERS[3])),
    **dict.fromkeys("0123456789０１２３４５６７８９", MARKERS[2:3]),
    **dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", MARKERS[3:]),
}

#: what begins a text that runs on from a heading without any mark
_RUN_ON = late(
    r"我[镇乡局委办街县区市]|本[镇乡局委办街县区市机单]|全年|主要(?:存在|问题|是|有)|截[至止]|[未没无均]|"
    r"20\d\d年度?(?:我|全|本|未|没|无|共|主|，)"
)
#: words that state something: a heading only names
_SAYS = late(
    r"\d余?(?:[条件份次篇起宗]|人次|万?元)|(?:申请|复议|诉讼)\d|[未没无](?:有|发生|收|接|复|诉|申|产生|涉)|[为：][零0]|零(?:件|起|条|发生|报告|申请)"
    r"|均(?:无|未|为)|免费提供|(?:一律|均[系属]?|全部)免费|\d(?:申请|复议|诉讼)|不收费|不[向对].{0,6}收取?"
    r"|(?:问题|不足|短板)(?:主要)?(?:是|为|在于)[^什哪]"
)
#: what asks: 有没有人来申请, 收没收费, 有人申请没有
_ASKS = late(r"有没有|(.)[没不]\1|(?<!所)[有过了][^，]{0,8}没有$")
#: 四、收费、减免 2015年无: the heading ends where the statement begins
_STATED = late(
    r"(?<=[情况免讼议请费用项诉])(?:(?:20\d\d年度?|全年|当年|本年度?|年内|[我本][^，。]{1,4}?|1[至-]12月)?(?:此项|该项|均|都)?"
    r"(?:为?[零0]|无|没有|暂无|未(?:发生|出现|产生|涉及|收[取到]|接到))[^，。：]{0,12})$"
)
_SPACED_OFF = late(r"([^\s\d，。；：、]{3,20})[ \t\u3000]+(?=(?:[^\s\d]|20\d\d年|\d{1,2}月).{8})")
#: 【主动公开】全年…
_BRACKETED = late(rf"【([^】]{{2,12}}|[^】，。]{{2,26}}{END})】")
_LOOSE = late(rf"[^。；，,！？：:]{{2,24}}?{END}[：:]?\Z")
#: a heading without a number, of topics alone
_TOPICS_ALONE = late(
    r"(?:工作)?概[述况]|主动公开|依申请公开|(?:收费|费用)(?:[及和与、]减免)?|(?:行政)?复议[及和与、](?:行政)?诉讼|问题[及和与、](?:改进|打算|措施)"
)
_STOP = late(r"[。；！？：…]")
_FIGURE = late(r"[\d，]")
_DIGIT = late(r"\d")
_CLAUSE = late(r"，.{6}")
_NO_NAME = late(r"报告(?!的事项)|[未没无]|我[镇乡局街县市区委办]|\d[条件份次篇]|全年|均|本单位|本机关")


def heading_of(line: Line, hint: str) -> tuple[Heading, Line | None] | None:
    """The heading that a line is or begins with, and the body text that follows on the same line."""
    marks = _STARTS.get(line.raw[:1])
    if marks is None:
        return _unnumbered(line, hint) if len(line.text) <= LONGEST or line.text.startswith("【") else None
    for level, marker in marks:  # noqa: B007 - the level is that of the mark met
        if match := marker.match(line.raw):
            break
    else:
        match = SPACED.match(line.raw)
        if not match or len(line.text) > 30:
            return _unnumbered(line, hint)
        level = 3 if match[1].isdecimal() else 1
        if level == 3 and (_DIGIT.search(line.raw, match.end()) or not topics_of(line.raw[match.end() :])):
            return _unnumbered(line, hint)  # a row of a table
    number = ordinal(match)
    label = match[0].strip()
    start = _compact_offset(line, match.end())
    rest = line.text[start:]
    if level == 1 and ROW.match(rest):
        return None
    if not rest:
        return Heading(level, number, label, "", (), line.where(0, len(line.text))), None
    heading_length = _short_length if len(rest) <= LONGEST else _heading_length
    length = _spaced_off(line.raw[match.end() :]) or heading_length(rest, level, hint == GLUED)
    text = rest[:length]
    about = topics_of(text or re.split(r"[。；，：！？]", rest[:18])[0]) if level <= 2 else topics_of(text)
    where = line.where(0, start + length) if start + length else line.where(0, len(line.text))
    after = start + length
    after = len(line.text) - len(line.text[after:].lstrip("。：；:，、 "))
    body = cut_line(line, after) if after < len(line.text) else None
    return Heading(level, number, label, text.rstrip("。：；:，"), about, where, body is not None), body


def _compact_offset(line: Line, raw_offset: int) -> int:
    """The offset in ``text`` of the first character at or after ``raw_offset``."""
    if line.starts is None:
        return raw_offset
    return bisect_left(line.starts, raw_offset)


def _spaced_off(raw: str) -> int:
    """The length of a heading that a blank sets off from the text after it (主动公开 全年共…), or 0."""
    match = _SPACED_OFF.match(raw)
    return len(match[1]) if match and topics_of(match[1]) and not _SAYS.search(match[1]) else 0


@lru_cache(maxsize=4096)  # headings repeat from report to report
def _short_length(rest: str, level: int, glued: bool) -> int:
    return _heading_length(rest, level, glued)


def _heading_length(rest: str, level: int, glued: bool) -> int:
    """How much of ``rest`` is heading: all of a short line, up to 。or ：, up to a heading's last word, or nothing.

    ``glued``: its line break may be lost, so that a short heading ends with its subjects.
    """
    official = OFFICIAL.match(rest) if level <= 2 else None
    if official and glued:
        return official.end()
    stop = _STOP.search(rest)
    first = rest[: stop.start()] if stop else rest
    stated = _STATED.search(first)
    if stated and topics_of(first[: stated.start()]) and not _FIGURE.search(first[: stated.start()]):
        return stated.start()
    phrase = (PHRASE.match(rest) or official) if level <= 2 else None
    named = phrase[0] if phrase and topics_of(phrase[0]) else ""
    if named and _RUN_ON.match(rest, len(named)):
        return len(named)
    if not stop and len(rest) <= LONGEST and (not _SAYS.search(rest) or (len(rest) <= ASKED and _ASKS.search(rest))):
        return len(rest)
    if official and not _SAYS.search(official[0]):
        return official.end()
    brief = BRIEF.match(rest) if glued and level <= 2 else None
    if brief and topics_of(brief[0]):
        return brief.end()
    short = stop and stop.start() <= 30 and stop[0] in "。：" and not ("，" in first or "," in first)
    if stop and short and (not _SAYS.search(first) or _ASKS.search(first)):
        return stop.start()
    if named and not _CLAUSE.search(named) and not _SAYS.search(named):
        return len(named)
    return 0


def _unnumbered(line: Line, hint: str) -> tuple[Heading, Line | None] | None:
    text = line.text
    if (bracketed := _BRACKETED.match(text)) and (about := topics_of(bracketed[1])):
        end = bracketed.end()
        body = cut_line(line, end) if end < len(text) else None
        return Heading(5, None, "", bracketed[1], about, line.where(0, end), body is not None), body
    marked = hint[:1] == "h" and hint[1:].isdigit() and hint != "h1" and len(text) <= 40
    named = _TOPICS_ALONE.fullmatch(text) or (_LOOSE.match(text) and topics_of(text) and not _NO_NAME.search(text))
    if marked or (len(text) <= 24 and named):
        return Heading(5, None, "", text.rstrip("："), topics_of(text), line.where(0, len(text))), None
    return None
