"""Logical lines: broken lines joined again, lines run together split at their headings and before the signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checker.extract.compact import compact
from checker.extract.marks import CN, END, MARKERS, OFFICIAL, PHRASE, ROW, TITLE, YEAR, ordinal, topics_of
from checker.extract.numerals import DATE, parse_number
from checker.late import late
from checker.model import Line, Origin, Paragraph, part

#: a numbered heading that is whole: the next line is text, however wide the heading
_COMPLETE = late(rf"[（(]?[{CN}]{{1,3}}[）)、．].{{2,30}}{END}\Z")
_SHORT = late(r"[^。；，：\s\d]{2,12}[。：]")  # （二）依申请公开。无。
#: 一、 or 1、, and （一）, inside a line; a pattern that begins with a set of characters is found six times as fast
_GLUED_CHINESE = late(rf"[第（({CN}](?:(?<=[第{CN}])[{CN}]{{0,3}}(?:、|．|部分)|(?<=[（(])[{CN}]{{1,2}}[）)])")
_GLUED_ARABIC = late(rf"[\d（(](?:(?<=\d)(?<!\d\d)\d?(?:、|．|\.(?!\d))|(?<=[（(])[{CN}]{{1,2}}[）)])")
#: the statistics return begins; a row of table three
_RETURN = late(r"统计指标|指标名称|情况统计表（20\d\d年度?）")
_ROW_ENDS = late(r"[数量）)][：:]\d[\d,]*\Z")  # of a row told as label and figure: the next one has a number of its own
_CELLS_END = late(r"(?:[ \u3000]\d[\d,.]*){3}\Z")  #: of a row of figures, whatever its width
_OF_FORM = late(r"（?本列数据")  #: the one cell of the forms that is a sentence
_CLAUSE = late(r"[。，；]")
_CELLS_ALONE = late(r"\d[\d,.]*(?:[ \u3000]\d[\d,.]*){3,}\Z")  #: the figures below a head that was broken
_OF_RETURN = ("统计指标", "指标名称", "情况统计表（20")
_BEGINS = late(r"一、(?:总体情况|概述|概况|基本情况)")  #: the first part, of which one is enough
_GLUE = "第部分、．.（）()"
GLUED = "glued"  #: hint of a piece that ran on from another: no line break tells where its heading ends
_WIDEST = 170  #: columns at which a program breaks lines at most
_WIDER = 6  #: columns by which signs that count double make a full line wider
_WRAP_FINAL = "。；！？;!?"
_UNBROKEN = late(
    r"[\dA-Za-z][\dA-Za-z._@/-]{7,}"
)  #: a telephone, a mailbox: some programs take all of it to the next line
#: where the page stands on its site, from which the title runs on: 首页>信息公开>信息公开年报青石镇2016年…报告
_PATH = late(
    r"\s*(?:首页|您?(?:当前|现在)?的?位置)[^。；\n]{0,80}[>＞»/]\s*(?:政府|政务)?(?:信息公开|政务公开)?(?:工作)?(?:年度报告|年报|公开|报告|正文|详情|内容)"
    r"(?=(?:[\u4e00-\u9fff]{2,24})?(?:20\d\d|二[〇○零]..)年)"
)
#: what a page has below the report
_PAGE_TAIL = late(
    r"\s*(?:上一[篇条]|下一[篇条]|【?打印|分享到|扫一扫|【?关闭|相关(?:链接|附件|文档)|附件下载)[^。]{0,80}$"
)
_ORGAN = "(?:政府|镇|乡|街道|办事处|苏木|局|委员会|委|办|办公室|中心|处|联合会|站|所|院)"
#: whom to ask, below the signature
_WHOM = r"\s*([（(]?(?:联系|咨询|查询|通[讯信]|办公|地址|邮编|邮政编码|电话|传真|网址|附[：:件]|此件)[^。]{0,160})"
#: who signs and when, at the end of a text; what comes before it ends a sentence, or the organ's own name does
_SIGNATURE = late(
    rf"(?:(?<=[。！”…；）])\s*([\u4e00-\u9fff]{{2,30}}{_ORGAN})?|(?<=[府镇乡道处木局会委办室心站所院]))[，。\s]*({DATE})。?\s*(?:（[^）]{{0,4}}章）)?{_WHOM}?[\s…|｜]*$"
)


@dataclass(slots=True)
class Raw:
    """A logical line while it is put together: raw text, offsets of source lines, hint of its first block."""

    text: str
    source: list[Origin]
    block: int
    page: int | None
    hint: str = ""


def _column(widths: Sequence[int]) -> int:
    """The column at which lines were broken, if they were: the widest, but for a few with signs that count double."""
    widest = max(widths, default=0)
    shared = {most: sum(most - 3 <= width <= most for width in widths) for most in range(widest - 6, widest)}
    best = max(shared, key=lambda most: shared[most])
    return best if shared[best] >= 10 * sum(width > best for width in widths) > 0 else widest


def _as_wide_as_any(widths: Sequence[int], slack: int) -> int:
    """How many of the lines are as wide as the widest, or nearly so."""
    least = max(widths, default=0) - slack
    return sum(width >= least for width in widths)


def _full_from(texts: Sequence[str], widths: Sequence[int], most: int) -> float:
    """The columns from which on a line is full, so that the next one goes on with it; 0 where no line was broken.

    Most programs break at a fixed column. Where half of all lines are nearly as wide as the widest, the column moved.
    """
    full = [i for i, width in enumerate(widths) if width >= most - 3]
    nearly = [i for i, width in enumerate(widths) if width >= 0.8 * most]
    if not 30 <= most <= _WIDEST:
        return 0
    if most <= 100 and len(nearly) >= max(8, len(widths) // 2, 2 * len(full)) and _are_cut(texts, nearly):
        return 0.8 * most
    return most - 3 if len(full) >= max(2, min(len(widths) // 8, 10)) and _are_cut(texts, full) else 0


def _are_cut(texts: Sequence[str], lines: Sequence[int]) -> bool:
    """Most of these lines end in the midst of a sentence."""
    cut = sum(not texts[i].endswith(tuple(_WRAP_FINAL)) for i in lines)
    return cut >= 0.6 * len(lines)


def _are_sentences(full: Sequence[str]) -> bool:
    """Some of the full lines are of sentences: a title and a heading alone tell nothing."""
    return sum(bool(_CLAUSE.search(text)) for text in full) >= max(2, len(full) // 2)


def _is_row(text: str) -> bool:
    """A row of a table: its cells are set apart, and it is no sentence, or it ends with figures."""
    text = text.lstrip()
    if "\t" in text or "|" in text:
        return True
    return (" " in text or "\u3000" in text) and bool(
        _CELLS_END.search(text) or _OF_FORM.match(text) or not _CLAUSE.search(text)
    )


def _broken(texts: Sequence[str]) -> tuple[Sequence[int], int, float]:
    """The width of each line, that at which lines were broken, and from which on one is full (0: none was broken).

    Rows of tables stay whole in some programs: where one is wider than the prose, only that tells where it was broken.
    """
    rows = [_is_row(text) for text in texts]
    if any(len(text) > _WIDEST and not row for text, row in zip(texts, rows, strict=True)):  # too wide for wraps
        return (), 0, 0
    columns = [len(text.encode("gbk", "replace")) for text in texts]  # on paper: two for a Chinese character
    characters = [2 * len(text) for text in texts]  # as some programs count them
    prose = [i for i, row in enumerate(rows) if not row]
    widths = _counted(columns, characters, prose)
    every, whole = range(len(texts)), max(widths, default=0) > max((widths[i] for i in prose), default=0)
    for lines in (prose, every) if whole else (every, prose) if len(prose) < len(texts) else (every,):
        widths = _counted(columns, characters, lines)
        those = [widths[i] for i in lines]
        most = _column(those)
        least = _full_from([texts[i] for i in lines], those, most)
        if least and (lines is every or _are_sentences([texts[i] for i in lines if widths[i] >= least])):
            return widths, most, least
    return (), 0, 0


def _counted(columns: Sequence[int], characters: Sequence[int], lines: Sequence[int]) -> Sequence[int]:
    """The widths as the program counted that broke the lines: so that more of these are as wide as the widest.

    A few signs that count double in columns make some lines wider there than those that are full.
    """
    by_columns = [columns[i] for i in lines]
    widest = max(by_columns, default=0)
    full = max(sum(most - 3 <= width <= most for width in by_columns) for most in range(widest - 6, widest + 1))
    return characters if _as_wide_as_any([characters[i] for i in lines], 0) > full else columns


def unwrap(paragraphs: Sequence[Paragraph]) -> list[Raw]:
    """One Raw a paragraph; lines that a program broke at a fixed column are joined again."""
    widths, most, least = _broken([p.text.rstrip() for p in paragraphs])
    raws: list[Raw] = []
    for i, paragraph in enumerate(paragraphs):
        where, text = paragraph.where, paragraph.text
        stripped = text.lstrip(" \t\u3000\xa0")
        joins = (
            least
            and raws
            and widths[i - 1] <= most + _WIDER
            and (widths[i - 1] >= least or widths[i - 1] + _unbroken(stripped, widths[i]) > most)
            and (where.line or 0) - (paragraphs[i - 1].where.line or 0) <= 1
            and _goes_on(raws[-1].text.rstrip(), stripped)
            and not _COMPLETE.match(raws[-1].text)
            and not (len(raws) == 1 and _is_title(raws[0].text))
            and (stripped == text or (text == f"\t{stripped}" and "\t" in raws[-1].text))
        )
        if joins:
            last = raws[-1]
            if paragraphs[i - 1].text.endswith("\t") and "\t" in last.text:
                last.text += "\t"  # a row broken between two cells
            last.source.append(Origin(len(last.text), where.line or 1, where.block, 0))
            last.text += text.rstrip()
        else:
            text = text.strip(" \t\r\n\u3000\xa0")
            text = text.lstrip("…") or text  # an excerpt begins in the midst
            origin = Origin(0, where.line or i + 1, where.block, paragraph.text.find(text))
            raws.append(Raw(text, [origin], where.block or i, where.page, paragraph.hint))
    return [raw for raw in raws if raw.text]


def _is_title(text: str) -> bool:
    """A title that is whole, with its year: the page's own line below it is none of it, however wide both are."""
    title = TITLE.fullmatch(compact(text)[0])
    return bool(title and YEAR.search(title[0]))


def _unbroken(text: str, width: int) -> int:
    """The columns of the word with which a line begins, where it is one that no program breaks.

    ``width``: of the line, twice its characters where those were counted.
    """
    word = _UNBROKEN.match(text)
    return len(word[0]) * (1 + (width == 2 * len(text.rstrip()))) if word else 0


def _goes_on(text: str, following: str) -> bool:
    """Whether a full line can go on in the next: neither has the one ended, nor is the other the begin of a part.

    一、概述；二、主动公开情况；/三、依申请公开情况；: what counts the parts off goes on.
    """
    numbered = following[:1].isdigit() and MARKERS[2][1].match(following)
    if numbered and (_ROW_ENDS.search(text) or _CELLS_END.search(text)):
        return False
    if _CELLS_ALONE.match(following) and not text[-1:].isdigit():
        return False
    marks = [mark for _, marker in MARKERS[:2] if (mark := marker.match(following)) and mark[0][-1] not in "，,"]
    if marks and (number := ordinal(marks[0])) and 1 < number <= len(CN):
        return not text.endswith(("。", "！", "？")) and f"{CN[number - 2]}、" in text
    return not marks and not text.endswith(tuple(_WRAP_FINAL))


def split_glued(raws: list[Raw]) -> list[Raw]:
    """Long lines that hold several headings run into each other are split before each, and before the signature."""
    text = "\n".join([raw.text for raw in raws])
    rows = any(map(text.__contains__, _OF_RETURN))
    marks = [MARKERS[0][1].match(raw.text) for raw in raws]
    firsts = [None if mark and ROW.match(mark.string, mark.end()) else mark for mark in marks]
    starts = sum(map(bool, firsts))
    chinese = (
        starts or sum(match[0] not in "（(" for match in _GLUED_CHINESE.findall(text)) >= 2 or _BEGINS.search(text)
    )
    glued = _GLUED_CHINESE if chinese else _GLUED_ARABIC
    mark = None if chinese else glued.search(text)
    outer = int(mark is not None and mark[0][0] in "（(")  # （一） above 1、
    counters = [1, 1]
    result: list[Raw] = []
    for raw, begins in zip(raws, firsts, strict=True):
        first = ordinal(begins if chinese else MARKERS[2][1].match(raw.text))
        if first is not None:
            counters = [first + 1, 1]
        cuts = {0}
        if raw is raws[0] and (path := _PATH.match(raw.text)):
            cuts.add(path.end())
        if len(raw.text) > 40:
            cuts |= _cuts(raw.text, counters, glued, outer, loose=starts < 3, rows=rows)
        if raw is raws[-1]:
            page = _PAGE_TAIL.search(raw.text)
            end = page.start() if page else len(raw.text)
            if signature := _SIGNATURE.search(raw.text, 0, end):
                cuts |= {signature.start(n) for n in (1, 2, 3) if signature.start(n) > 0} | {end} - {len(raw.text)}
        if len(cuts) == 1:
            result.append(raw)
            continue
        order = sorted(cuts)
        for begin, end in zip(order, [*order[1:], len(raw.text)], strict=True):
            result.append(_piece(raw, begin, end))
    return [raw for raw in result if raw.text]


def _cuts(text: str, counters: list[int], glued: re.Pattern[str], outer: int, *, loose: bool, rows: bool) -> set[int]:
    """Offsets where the next expected 一、 (or 1、) heading, or a （一） below it, starts inside a line.

    ``counters`` are the ordinals expected next on the two levels, carried from line to line; those of the other level
    begin anew below each heading of the ``outer`` one.
    ``loose``: the report shows hardly any heading at a line start, so it lost its line breaks and
    a heading may follow any character. ``rows``: the return may begin in it, whose rows are numbered like headings.
    """
    cuts: set[int] = set()
    form = _RETURN.search(text) if rows else None
    for match in glued.finditer(text, 0, form.start() if form else len(text)):
        number = parse_number(match[0].strip(_GLUE))
        if match.start() == 0 or not isinstance(number, int) or ROW.match(text, match.end()):
            continue
        level = 1 if match[0][0] in "（(" else 0
        before = text[match.start() - 1]
        after = text[match.end() : match.end() + 42]
        closed = before in "。；！？…”）) \t\u3000\n" or (level == 1 and match.start() <= 4 and before in "、．")
        clean = closed or (loose and before not in "第、，,（(《“" and not (match[0][0].isdigit() and before.isdigit()))
        named = PHRASE.match(after) or OFFICIAL.match(after) or _SHORT.match(after)
        known = bool(named and topics_of(after[:24]))
        exact = number == counters[level]
        further = 5 if OFFICIAL.match(after) else 3  # of parts that are not there
        first = counters[0] == 1 and match[0][0] in CN  # an excerpt may begin with any part
        near = level == 0 and loose and (first or counters[0] <= number <= counters[0] + further)
        beyond = before == "…" and match[0][0] in CN and number >= max(counters[0], 5)  # 六、部分村更新慢 in an excerpt
        if clean and ((known and (exact or near)) or (exact and closed and loose and level == 0) or beyond):
            cuts.add(match.start())
            counters[level] = number + 1
            if level == outer:
                counters[1 - level] = 1
    return cuts


def _piece(raw: Raw, begin: int, end: int) -> Raw:
    text = raw.text[begin:end]
    lead = len(text) - len(text.lstrip())
    begin += lead
    source = part(raw.source, begin, end)
    return Raw(text.strip().rstrip("，"), list(source), raw.block, raw.page, raw.hint if begin == lead else GLUED)


def line_of(raw: Raw, section: str | None = None) -> Line:
    text, starts = compact(raw.text)
    return Line(text, raw.text, tuple(raw.source), raw.block, raw.page, section, starts)


def cut_line(line: Line, begin: int, end: int | None = None) -> Line:
    """The part text[begin:end] of a line, as a line of its own."""
    end = len(line.text) if end is None else end
    first, last = line.raw_span(begin, end)
    starts = None if line.starts is None else tuple(s - first for s in line.starts[begin:end])
    source = part(line.source, first, last)
    return Line(line.text[begin:end], line.raw[first:last], source, line.block, line.page, line.section, starts)
