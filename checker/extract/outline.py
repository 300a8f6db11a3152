"""The recogniser shared by all formats: Document -> title, preface, headings, sections, signature, furniture.

Readers stay dumb; here lines broken at a fixed width are joined again, headings run into their paragraph are split off,
and page residue is told from report text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from checker.extract.compact import compact
from checker.extract.numerals import DATE, parse_number
from checker.model import Document, Heading, Line, Paragraph, Passage, Section, Table

#: What a heading is about; a heading may have several topics (收费、复议诉讼情况).
TOPICS: dict[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in {
        "overview": r"概\s*述|概\s*况|总体情况|整体情况|基本情况|总的情况|引言|前言|情况综述|^(?:本年度)?(?:政府|政务)?信息公开(?:工作)?(?:情况|开展情况)$",
        "published": r"主动公开|主动发布|公开(?:的)?(?:主要)?内容|信息公开(?:工作)?(?:开展)?情况|公开(?:的)?(?:形式|方式|渠道)|(?:公开|发布)(?:政府)?信息(?:的)?(?:情况|数量)",
        "response": r"回应|解读|舆情",
        "requests": r"依\s*申请|(?<!因政府信)(?<!因信)息公开申请(?:的?(?:情况|办理|处理|受理))|申请公开(?!.*复议)|收到和处理|申请(?:办理|处理|受理|答复)情况|不予公开",
        "consult": r"咨询|举报投诉|投诉举报|信访",
        "fees": r"收费|减免|费用|收取",
        "disputes": r"复议|诉讼|申诉",
        "problems": r"问题|不足|困难|薄弱|差距|短板",
        "plan": r"改进|下一?步|下一?阶段|打算|整改|今后|(?:工作)?(?:思路|设想)|努力方向|对策|20\d\d年(?:政府|政务|信息|工作|度)?.{0,10}(?:计划|重点|安排|打算|思路|要点|举措|措施)|(?:工作|年度?)计划|(?:工作|完善|解决)措施",
        "other": r"其他需要|其它需要|其他(?:应|事项|情况)|其它(?:应|事项|情况)|需要?(?:报告|说明)的|报告的事项|说明的事项|其他.{0,6}事项",
        "organisation": r"组织|领导|机构|制度|平台|队伍|保障|监督|培训|机制|管理|基本做法|主要做法|规范化",
        "attachment": r"^附\s*[：:件表录]|附表|附件|统计表|指标统计|名词解释",
    }.items()
}

_CN = "一二三四五六七八九十"
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第?([{_CN}]{{1,3}})(?:[、．.,，:：]|部分[：:、，\s]*)\s*(?!是)")),
    (2, re.compile(rf"[（(]\s*([{_CN}]{{1,3}})\s*[）)][、．.,，]?\s*")),
    (3, re.compile(r"(\d{1,2}|[０-９]{1,2})\s*(?:[、．]|\.(?!\d)|,(?!\d)|，)\s*")),
    (4, re.compile(r"(?:[（(]\s*(\d{1,2}|[０-９]{1,2})\s*[）)]|([①-⑳]))[、．.]?\s*")),
)
_SPACED = re.compile(rf"([{_CN}]{{1,3}})[\s\u3000]+(?=\S)")
_END = r"(?:情况|概\s*述|概\s*况|措施|问题|不足|打算|计划|思路|事项|说明|做法|举措|重点|安排|引言|建议|附表|统计表|设想|方向|工作|内容)"
_PHRASE = re.compile(
    rf"[^。；;！？\n]{{0,40}}?{_END}(?=$|[。：:；;！？\s\u3000……]|(?:本|我|全|截|未|没|无|今|自|按|根据|一是|暂|为|（|\(|\d)|20\d\d|主要)"
)
_GLUED = tuple(
    re.compile(source)
    for source in (
        rf"第?([{_CN}]{{1,3}})(?:、|．|部分)",
        rf"[（(]([{_CN}]{{1,2}})[）)]",
        r"(?<!\d)(\d{1,2})(?:、|．|\.(?!\d))",
    )
)
_RUN_ON = re.compile(
    r"我[镇乡局委办街县区市]|本[镇乡局委办街县区市机单]|全年|主要(?:存在|问题|是|有)|20\d\d年度?(?:我|全|本|未|没|无|共|主|，)|截[至止]|[未没无均]"
)
_WRAP_FINAL = "。；！？;!?"

_FURNITURE = re.compile(
    r"扫一扫|分享到|打印本页|打印此页|关闭窗口|^[【\[（]?(?:打印|关闭|纠错|收藏|分享|返回)[】\]）\s\u3000]*(?:$|[【\[（]|打印|关闭|收藏|分享|本页)|"
    r"字体[：:【\[]|字号[：:]|(?:浏览|点击|阅读|访问)(?:次数|数|量)?\s*[：:]\s*\d*|"
    r"^(?:相关|文字|图片|视频|访谈|媒体|专家|政策)(?:解读|报道|链接|文件)$|^媒体报道$|附件下载|^下载附件|上一篇|下一篇|返回(?:顶部|首页|列表)|当前位置|您现在的位置|您的位置|"
    r"主办单位[：:]|承办[：:单]|版权所有|网站标识码|ICP备|公网安备|^网站地图|责任编辑[：:]|我要纠错|收藏本页|加入收藏|设为首页|^无障碍(?:浏览|阅读)?$|^手机版$|&nbsp|&#\d+;|\[bookmark|^首页(?:[>＞»\-]|$)"
)
_META = re.compile(
    r"^[\[【（(]?(?:索\s*引\s*号|公开日期|发布日期|发布时间|发文日期|成文日期|生成日期|公开时间|更新时间|日期|时间|发布机构|发布单位|发布者|公开机构|公开主体|信息来源|来源|作者|"
    r"主题分类|文号|公开方式|公开范围|有效性|信息分类|体裁分类|名称|责任部门|录入时间|编辑|浏览|公开类别)\s*[：:】]"
)
_POSTED = re.compile(r"(?:发布|公开|更新|生成|成文|录入|发文)?(?:日期|时间)\s*[：:]\s*")
_TITLE = re.compile(
    r"(?P<title>[^。；;，,！？]{0,48}?(?:信息公开|政务公开|信息与政务公开|信息公示)[^。；;，,！？：:]{0,16}?"
    r"(?:年度工作报告|工作年度报告|工作年报|年度报告|年度总结|工作报告|工作总结|工作汇报|总结报告|自查报告|年报|报告|总结|汇报)(?:（20\d\d年度?）)?)"
)
_TITLE_LOOSE = re.compile(r"[^。；;，,！？：:]{0,40}(?:信息公开|政务公开)[^。；;，,！？：:]{0,20}$")
_LEAD = re.compile(
    r"^(?:根据|按照|依据|遵照|为了?|由|本报告|本年报|现将|引言|落实|贯彻|如|报告|附|要求|依照|汇总|公布|编制|20\d\d年以来|一年来|自)"
)
_ORGAN = re.compile(
    r"[\u4e00-\u9fff（）()]{2,40}(?:政府|镇|乡|街道|办事处|苏木|局|委员会|委|办|办公室|中心|管委会|管理处|农场|开发区|分局|厅|队|站|院|社|会)$"
)
_DATE_LINE = re.compile(rf"{DATE}")
_SIGNATURE = re.compile(
    rf"(?<=[。！”…；）])\s*([\u4e00-\u9fff]{{2,30}}(?:政府|镇|乡|街道|办事处|苏木|局|委员会|委|办|办公室|中心|处))?\s*({DATE})\s*$"
)


@dataclass(frozen=True, slots=True)
class Outline:
    """What the recogniser found. ``lines`` are all logical lines in printed order, every other part a selection."""

    title: Passage
    preface: Passage
    body: Passage
    tail: Passage
    furniture: Passage
    meta: Passage
    all: Passage
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    topics: dict[str, Passage]
    tables: int
    pictures: int


def topics_of(heading: str) -> tuple[str, ...]:
    """The topics that a heading's words name, in the order of TOPICS."""
    found = [name for name, words in TOPICS.items() if words.search(heading)]
    if "disputes" in found and "requests" in found and not re.search(r"依\s*申请|收到和处理", heading):
        found.remove("requests")
    if "published" in found and len(found) > 1 and "主动" not in heading and "overview" not in found:
        found.remove("published")
    if "organisation" in found and len(found) > 1:
        found.remove("organisation")
    if "problems" in found and "plan" in found and not re.search(r"问题|不足|困难", heading):
        found.remove("problems")
    if "overview" in found and set(found) & {"problems", "plan", "requests", "fees", "disputes"}:
        found.remove("overview")
    return tuple(found)


def outline(document: Document) -> Outline:
    """The outline of a document of any format."""
    lines = _split_glued(_unwrap([b for b in document.blocks if isinstance(b, Paragraph)]))
    return _Builder(document, lines).build()


# --- lines ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Raw:
    """A logical line while it is put together: raw text, offsets of source lines, hint of its first block."""

    text: str
    source: list[tuple[int, int]]
    block: int
    page: int | None
    hint: str = ""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text) if not text.isascii() else len(text)


def _unwrap(paragraphs: Sequence[Paragraph]) -> list[_Raw]:
    """One _Raw a paragraph; lines that a program broke at a fixed column are joined again."""
    widths = [_width(p.text.rstrip()) for p in paragraphs]
    most = max(widths, default=0)
    full = [i for i, w in enumerate(widths) if w >= most - 3]
    cut = sum(not paragraphs[i].text.rstrip().endswith(tuple(_WRAP_FINAL)) for i in full)
    wrapped = 30 <= most <= 170 and len(full) >= max(2, len(widths) // 8) and cut >= 0.6 * len(full)
    raws: list[_Raw] = []
    for i, paragraph in enumerate(paragraphs):
        where, text = paragraph.where, paragraph.text
        stripped = text.lstrip(" \t\u3000\xa0")
        joins = (
            wrapped
            and raws
            and widths[i - 1] >= most - 3
            and (where.line or 0) - (paragraphs[i - 1].where.line or 0) <= 1
            and not raws[-1].text.rstrip().endswith(tuple(_WRAP_FINAL))
            and not any(marker.match(stripped) for _, marker in _MARKERS[:2])
            and stripped == text
        )
        if joins:
            last = raws[-1]
            last.source.append((len(last.text), where.line or 1))
            last.text += text.rstrip()
        else:
            text = text.strip(" \t\r\n\u3000\xa0")
            raws.append(_Raw(text, [(0, where.line or i + 1)], where.block or i, where.page, paragraph.hint))
    return [raw for raw in raws if raw.text]


def _split_glued(raws: list[_Raw]) -> list[_Raw]:
    """Long lines that hold several headings run into each other are split before each, and before the signature."""
    text = "\n".join(raw.text for raw in raws)
    starts = sum(bool(_MARKERS[0][1].match(raw.text)) for raw in raws)
    chinese = starts or len(_GLUED[0].findall(text)) >= 2
    counters = [1, 1]
    result: list[_Raw] = []
    for raw in raws:
        first = _ordinal(_MARKERS[0 if chinese else 2][1].match(raw.text))
        if first is not None:
            counters = [first + 1, 1]
        cuts = {0}
        if len(raw.text) > 40:
            cuts |= _cuts(raw.text, counters, _GLUED[0] if chinese else _GLUED[2], loose=starts < 3)
        if raw is raws[-1] and (signature := _SIGNATURE.search(raw.text)):
            cuts |= {signature.start(n) for n in (1, 2) if signature.start(n) > 0}
        order = sorted(cuts)
        for begin, end in zip(order, [*order[1:], len(raw.text)], strict=True):
            result.append(_piece(raw, begin, end))
    return [raw for raw in result if raw.text]


def _ordinal(match: re.Match[str] | None) -> int | None:
    if not match:
        return None
    mark = next((group for group in match.groups() if group), "")
    if mark and "①" <= mark <= "⑳":
        return ord(mark) - ord("①") + 1
    number = parse_number(mark)
    return number if isinstance(number, int) else None


def _cuts(text: str, counters: list[int], first: re.Pattern[str], *, loose: bool) -> set[int]:
    """Offsets where the next expected 一、 (or 1、) heading, or a （一） below it, starts inside a line.

    ``counters`` are the ordinals expected next on the two levels, carried from line to line. ``loose``: the report shows
    hardly any heading at a line start, so it lost its line breaks and a heading may follow any character.
    """
    cuts: set[int] = set()
    for match in re.finditer(f"{first.pattern}|{_GLUED[1].pattern}", text):
        number = _ordinal(match)
        if match.start() == 0 or number is None:
            continue
        level = 1 if match[0][0] in "（(" else 0
        before = text[match.start() - 1]
        after = text[match.end() : match.end() + 42]
        closed = before in "。；！？…”）) \t\u3000\n"
        clean = closed or (loose and before not in "第、，,（(《“0123456789")
        known = bool(_PHRASE.match(after) and topics_of(after[:24]))
        exact = number == counters[level]
        near = level == 0 and loose and counters[0] <= number <= counters[0] + 3
        if clean and ((known and (exact or near)) or (exact and closed and loose and level == 0)):
            cuts.add(match.start())
            counters[level] = number + 1
            counters[level + 1 :] = [1] * (1 - level)
    return cuts


def _piece(raw: _Raw, begin: int, end: int) -> _Raw:
    text = raw.text[begin:end]
    lead = len(text) - len(text.lstrip())
    begin += lead
    sources = [(max(offset - begin, 0), number) for offset, number in raw.source]
    kept = [pair for pair in sources if pair[0] > 0]
    start = max((number for offset, number in raw.source if offset <= begin), default=raw.source[0][1])
    return _Raw(text.strip(), [(0, start), *kept], raw.block, raw.page, raw.hint if begin == lead else "")


def _line(raw: _Raw, section: str | None = None) -> Line:
    text, starts = compact(raw.text)
    return Line(text, raw.text, tuple(raw.source), raw.block, raw.page, section, starts)


def _cut_line(line: Line, begin: int, end: int | None = None) -> Line:
    """The part text[begin:end] of a line, as a line of its own."""
    end = len(line.text) if end is None else end
    first, last = line.raw_span(begin, end)
    starts = None if line.starts is None else tuple(s - first for s in line.starts[begin:end])
    start = max((number for offset, number in line.source if offset <= first), default=line.source[0][1])
    source = ((0, start), *((offset - first, number) for offset, number in line.source if first < offset < last))
    return replace(line, text=line.text[begin:end], raw=line.raw[first:last], source=source, starts=starts)


# --- headings ---------------------------------------------------------------------------------------------------------


#: numbered rows of the form of section three, in a table flattened to text
_FORM_ROW = re.compile(r"本年新收(?:政府)?信息公开申请数量|上年结转(?:政府)?信息公开申请数量|本年度办理结果|结转下年度继续办理")


def _heading(line: Line, hint: str) -> tuple[Heading, Line | None] | None:
    """The heading that a line is or begins with, and the body text that follows on the same line."""
    for level, marker in _MARKERS:
        match = marker.match(line.raw)
        if match:
            break
    else:
        match = _SPACED.match(line.raw)
        level = 1
        if not match or len(line.text) > 30:
            return _unnumbered(line, hint)
    number = _ordinal(match)
    label = match[0].strip()
    start = _compact_offset(line, match.end())
    rest = line.text[start:]
    if level == 1 and _FORM_ROW.match(rest):
        return None
    if not rest:
        return Heading(level, number, label, "", (), line.where(0, len(line.text))), None
    length = _heading_length(rest, level)
    text = rest[:length]
    about = topics_of(text or re.split(r"[。；，：！？]", rest[:18])[0]) if level <= 2 else topics_of(text)
    where = line.where(0, start + length) if start + length else line.where(0, len(line.text))
    after = start + length
    while after < len(line.text) and line.text[after] in "。：；:，、 ":
        after += 1
    body = _cut_line(line, after) if after < len(line.text) else None
    return Heading(level, number, label, text.rstrip("。：；:，"), about, where, body is not None), body


def _compact_offset(line: Line, raw_offset: int) -> int:
    """The offset in ``text`` of the first character at or after ``raw_offset``."""
    if line.starts is None:
        return raw_offset
    return next((i for i, start in enumerate(line.starts) if start >= raw_offset), len(line.text))


def _heading_length(rest: str, level: int) -> int:
    """How much of ``rest`` is heading: all of a short line, up to 。or ：, up to a heading's last word, or nothing."""
    stop = re.search(r"[。；！？：…]", rest)
    phrase = _PHRASE.match(rest)
    if phrase and _RUN_ON.match(rest, phrase.end()) and topics_of(phrase[0]) and level <= 2:
        return phrase.end()
    if (
        not stop
        and len(rest) <= 42
        and not re.search(r"\d+余?[条件份次篇]|[未没无](?:有|发生|收|接|复|诉|申|产生|涉)", rest)
    ):
        return len(rest)
    if (
        stop
        and stop.start() <= 30
        and stop[0] in "。："
        and not re.search(r"[，,]|\d+余?[条件份次篇]|[未没无](?:有|发生|收|接|复|诉|申|产生|涉)", rest[: stop.start()])
    ):
        return stop.start()
    if (
        phrase
        and level <= 2
        and topics_of(phrase[0])
        and not re.search(r"，.{6}|\d余?[条件份]|[未没无](?:有|发生|收|接|复|诉|申|产生|涉)", phrase[0])
    ):
        return phrase.end()
    return 0


_LOOSE_HEADING = re.compile(rf"[^。；，,！？：:]{{2,24}}?{_END}[：:]?\Z")


_STATES = re.compile(r"报告|[未没无]|我[镇乡局街县市区委办]|\d[条件份次篇]|全年|均|本单位|本机关")


def _unnumbered(line: Line, hint: str) -> tuple[Heading, Line | None] | None:
    text = line.text
    marked = hint[:1] == "h" and hint[1:].isdigit() and hint != "h1" and len(text) <= 40
    if marked or (len(text) <= 24 and _LOOSE_HEADING.match(text) and topics_of(text) and not _STATES.search(text)):
        return Heading(5, None, "", text.rstrip("："), topics_of(text), line.where(0, len(text))), None
    return None


# --- the parts --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    heading: Heading
    lines: list[Line]
    begin: int
    tables: int = 0
    pictures: int = 0
    subs: list[Heading] | None = None


class _Builder:
    """Walks the lines once and sorts them into title, preface, sections, tail and furniture."""

    def __init__(self, document: Document, raws: list[_Raw]) -> None:
        self.raws = raws
        self.lines = [_line(raw) for raw in raws]
        self.tables = [block for block in document.blocks if isinstance(block, Table)]
        self.role = [""] * len(raws)
        self.order = {id(block): i for i, block in enumerate(document.blocks)}
        self.titles: list[Line] = []

    def build(self) -> Outline:
        self._mark_furniture()
        self._find_title()
        self._find_tail()
        heads = self._find_headings()
        parts = self._parts(heads)
        everything = [Line(**_fields(line)) for line in self.lines]
        preface = self._preface(parts)
        body = list(preface)
        for part in parts:
            body.extend(part.lines)
        sections = tuple(
            Section(p.heading, Passage(tuple(p.lines)), tuple(p.subs or ()), p.tables, p.pictures) for p in parts
        )
        pick = lambda role: Passage(tuple(self.lines[i] for i, r in enumerate(self.role) if r == role))  # noqa: E731
        return Outline(
            title=Passage(tuple(self.titles)),
            preface=Passage(tuple(preface)),
            body=Passage(tuple(body)),
            tail=pick("tail"),
            furniture=pick("furniture"),
            meta=pick("meta"),
            all=Passage(tuple(everything)),
            headings=tuple(h for _, h, _ in heads),
            sections=sections,
            topics=self._topics(heads),
            tables=sum(not t.picture for t in self.tables),
            pictures=sum(t.picture for t in self.tables),
        )

    def _mark_furniture(self) -> None:
        count = len(self.lines)
        for i, line in enumerate(self.lines):
            if len(line.text) <= 60 and _META.match(line.raw) and (i < 12 or i >= count - 4):
                self.role[i] = "meta"
            elif len(line.text) <= 50 and _FURNITURE.search(line.raw):
                self.role[i] = "furniture"

    def _find_title(self) -> None:
        """The title: one of the first lines, possibly broken in two, possibly run into the text of a condensed report."""
        seen = 0
        for i, line in enumerate(self.lines[:14]):
            if self.role[i]:
                continue
            seen += 1
            if seen > 6 or _MARKERS[0][1].match(line.raw):
                return
            if self.raws[i].hint == "h1" or self._title_at(i):
                self._take_title(i)
                return

    def _title_at(self, i: int) -> bool:
        text = self.lines[i].text
        if _LEAD.match(text) and len(text) > 40:
            return False
        return bool(_TITLE.match(text)) or bool(len(text) <= 44 and _TITLE_LOOSE.match(text) and not _LEAD.match(text))

    def _take_title(self, i: int) -> None:
        line = self.lines[i]
        match = _TITLE.match(line.text)
        if match and (len(line.text) > 60 or self._runs_on(line, match.end())):
            cut = match.end()
            self.titles.append(_cut_line(line, 0, cut))
            rest = _cut_line(line, cut)
            lead = len(rest.text) - len(rest.text.lstrip("。 ：，"))
            self.lines[i : i + 1] = [_cut_line(line, 0, cut), _cut_line(rest, lead)]
            self.raws[i : i + 1] = [
                self.raws[i],
                _Raw(self.lines[i + 1].raw, list(self.lines[i + 1].source), self.raws[i].block, self.raws[i].page),
            ]
            self.role[i : i + 1] = ["title", ""]
            return
        self.role[i] = "title"
        self.titles.append(line)
        if not match or i == 0:
            following = next((j for j in range(i + 1, min(i + 3, len(self.lines))) if not self.role[j]), None)
            if following is not None and not match:
                joined = self.lines[following].text
                if (
                    len(joined) <= 24
                    and re.search(r"(?:报告|年报|总结|汇报)$", joined)
                    and not _MARKERS[0][1].match(joined)
                ):
                    self.role[following] = "title"
                    self.titles.append(self.lines[following])
                    return
        previous = i - 1
        if (
            previous >= 0
            and not self.role[previous]
            and match
            and not re.search(r"[\u4e00-\u9fff]", line.text[: match.start("title")])
        ):
            above = self.lines[previous].text
            if len(above) <= 24 and _ORGAN.match(above):
                self.role[previous] = "title"
                self.titles.insert(0, self.lines[previous])

    def _runs_on(self, line: Line, end: int) -> bool:
        """Text follows the title on its own line: a date, a lead sentence."""
        rest = line.text[end:].strip("。 ")
        return bool(rest) and bool(len(rest) > 12 or re.match(r"\d{4}", rest))

    def _find_tail(self) -> None:
        """The signature and the date: short lines at the end, from the last one upwards."""
        index = [i for i, role in enumerate(self.role) if not role]
        taken = 0
        for i in reversed(index[1:]):
            text = self.lines[i].text.strip("（）()。")
            date = _DATE_LINE.search(text)
            organ = len(text) <= 40 and _ORGAN.match(re.sub(rf"{DATE}|[：:]|发布|盖章|（章）|\d", "", text) or "x")
            if date and len(text) - len(date[0]) <= 26 and not re.search(r"[，；]|统计|截[至止]", text):
                self.role[i] = "tail"
            elif organ and not _MARKERS[0][1].match(text) and not re.search(r"[，；：]", text):
                self.role[i] = "tail"
            elif not re.match(r"附[件表：:]|（此件|联系人|（?主动公开", text) or len(text) > 40:
                break
            taken += 1
            if taken > 6:
                break

    def _find_headings(self) -> list[tuple[int, Heading, Line | None]]:
        found = []
        for i, line in enumerate(self.lines):
            if not self.role[i] and (result := _heading(line, self.raws[i].hint)):
                found.append((i, result[0], result[1]))
        return self._settle(found)

    def _settle(self, found: list[tuple[int, Heading, Line | None]]) -> list[tuple[int, Heading, Line | None]]:
        """Unnumbered headings count as first-level ones when the report has no numbered ones or one is missing."""
        first = [h for _, h, _ in found if h.level == 1]
        settled = []
        seen = 0
        for i, heading, body in found:
            if heading.level == 1:
                seen += 1
            missing = first and seen == 0 and first[0].number == 2
            if heading.level == 5 and (not first or missing):
                heading = replace(heading, level=1)
                if missing:
                    seen += 1
            settled.append((i, heading, body))
        return settled

    def _parts(self, heads: list[tuple[int, Heading, Line | None]]) -> list[_Part]:
        """First-level parts: the shallowest numbering that occurs at least twice, or any 一、 heading."""
        levels = [h.level for _, h, _ in heads]
        top = next((n for n in (1, 2, 3) if levels.count(n) >= (1 if n == 1 else 2)), 0)
        parts: list[_Part] = []
        at = {i: (h, body) for i, h, body in heads}
        last = 0
        for i, line in enumerate(self.lines):
            if self.role[i]:
                continue
            heading, body = at.get(i, (None, line))
            if heading and heading.level == top and not (top == 3 and last and heading.number == 1):
                last = heading.number or 0
                parts.append(_Part(heading, [], i, subs=[]))
                if body:
                    parts[-1].lines.append(self._own(body, parts[-1]))
            elif parts:
                part = parts[-1]
                if heading and part.subs is not None:
                    part.subs.append(heading)
                if body is not None:
                    part.lines.append(self._own(body, part))
        self._place_tables(parts)
        return parts

    @staticmethod
    def _own(line: Line, part: _Part) -> Line:
        return replace(line, section=(part.heading.label + part.heading.text)[:40] or None)

    def _place_tables(self, parts: list[_Part]) -> None:
        starts = [(self.raws[p.begin].block, p) for p in parts]
        for table in self.tables:
            block = table.where.block if table.where.block is not None else self.order[id(table)]
            owner = next((p for start, p in reversed(starts) if start <= block), None)
            if owner:
                owner.tables += not table.picture
                owner.pictures += table.picture

    def _preface(self, parts: list[_Part]) -> list[Line]:
        end = parts[0].begin if parts else len(self.lines)
        return [line for i, line in enumerate(self.lines[:end]) if not self.role[i]]

    def _topics(self, heads: list[tuple[int, Heading, Line | None]]) -> dict[str, Passage]:
        """For each topic the text under its headings, down to the next heading of the same or a higher level."""
        spans: dict[str, list[Line]] = {}
        for position, (i, heading, body) in enumerate(heads):
            level = heading.level
            closing = (1, 2, 5) if level == 5 else range(level + 1)
            end = next((j for j, h, _ in heads[position + 1 :] if h.level in closing), len(self.lines))
            inner = {j: b for j, _, b in heads if i < j < end}
            text = [body] if body else []
            text += [
                b for j in range(i + 1, end) if not self.role[j] and (b := inner.get(j, self.lines[j])) is not None
            ]
            deeper = {topic for j, h, _ in heads[position + 1 :] if j < end for topic in h.topics}
            for topic in heading.topics:
                if len(heading.topics) > 1 and topic in deeper:
                    continue  # 存在问题及改进措施 with a heading of its own for each inside
                known = {line.source for line in spans.get(topic, [])}
                named = [replace(line, section=(heading.label + heading.text)[:40]) for line in text]
                spans.setdefault(topic, []).extend(line for line in named if line.source not in known)
        return {topic: Passage(tuple(lines)) for topic, lines in spans.items() if lines}


def _fields(line: Line) -> dict[str, object]:
    return {name: getattr(line, name) for name in line.__slots__}
