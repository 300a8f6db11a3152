"""The recogniser shared by all formats: Document -> title, preface, headings, sections, signature, furniture.

Readers stay dumb; here page residue and rows of flattened tables are told from report text, and the text is sorted
into its parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from checker.extract.forms import attachment_start, form_rows
from checker.extract.headings import heading_of
from checker.extract.lines import Raw, cut_line, line_of, split_glued, unwrap
from checker.extract.marks import MARKERS, OFFICIAL
from checker.extract.numerals import DATE, MONTH
from checker.late import late
from checker.model import ANY, HOLE, Document, Heading, Line, Paragraph, Passage, Section, Table, record

_PAGE = late(r"[.…·—\-\s\d]*$")  #: of a heading in a table of contents
_COUNTS_OFF = late(r"第[^、部]*[，,：:．.]$")
_READERS = r"(?:次数|数|量)?\s*[：:]"
#: each of these words begins with a plain character: so ``re`` looks for these characters first
_FURNITURE = late(
    rf"扫一扫|分享到|打印本页|打印此页|关闭窗口|字体[：:【\[]|字号[：:]|浏览{_READERS}|点击{_READERS}|阅读{_READERS}|访问{_READERS}|"
    r"附件下载|上一篇|下一篇|返回(?:顶部|首页|列表)|当前位置|当前的位置|现在的位置|您的位置|"
    r"主办单位[：:]|承办[：:单]|版权所有|网站标识码|ICP备|公网安备|责任编辑[：:]|我要纠错|收藏本页|加入收藏|设为首页|&nbsp|&#\d+;|\[bookmark"
)
#: what a line of furniture begins with, or all of it
_BUTTON = late(
    r"[【\[（]?(?:打印|关闭|纠错|收藏|分享|返回)[】\]）\s\u3000]*(?:$|[【\[（]|打印|关闭|收藏|分享|本页)|"
    r"(?:相关|文字|图片|视频|访谈|媒体|专家|政策)(?:解读|报道|链接|文件)$|下载附件|网站地图|无障碍(?:浏览|阅读)?$|手机版$|首页\s*(?:[>＞»/\-]|$)"
)
_LABEL = (
    r"(?:索\s*引\s*号|公开日期|发布日期|发布时间|发文日期|成文日期|生成日期|公开时间|更新时间|日期|时间|发布机构|发布单位|发布者|公开机构|公开主体|信息来源|来源|作者|"
    r"主题分类|文号|公开方式|公开范围|有效性|信息分类|体裁分类|名称|责任部门|录入时间|编辑|浏览|公开类别)\s*[：:】]"
)
_META = late(rf"^[\[【（(]?{_LABEL}")
#: the last of a page's metadata before a title that runs on from it: a day, or an issuer whom the title names again
_LAST_META = late(
    rf"(?:{_LABEL}|字体[：:【\[])(?<!名称：)(?:{DATE}(?:\d\d?[：:]\d\d(?:[：:]\d\d)?)?|([\u4e00-\u9fff]{{2,16}})(?=[^。；，]{{0,24}}\1)(?:人民政府)?|【[^】]*】)+"
)
_TITLE = late(
    r"(?P<title>[^。；;，,！？]{0,48}?(?:信息公开|政务公开|信息与政务公开|信息公示)[^。；;，,！？：:]{0,16}?"
    r"(?:年度工作报告|工作年度报告|工作年报|年度报告|(?:年度|工作)?总结报告|年度总结|工作报告|工作总结|工作汇报|自查报告|年报|报告|总结|汇报)"
    r"(?:[及暨]年度报告)?(?:（20\d\d(?:年度?)?）)?(?:》的[函报通][告知]?)?)"
)
_REPORT = late(r"(?:报告|年报|总结|汇报)$")
_CHINESE = late(r"[\u4e00-\u9fff]")
_NAMES_NOBODY = late(r"(?:关于)?(?:20\d\d|二[〇○零].{2})?年?度?(?:政府|政务)?信息公开")  #: 2017年政府信息公开…
_YEAR_ALONE = late(r"[（(〔]?20\d\d年?度?[）)〕]?")  #: above or below the title
_YEAR = late(r"20\d\d|二[〇○零]")
_TITLE_LOOSE = late(r"[^。；;，,！？：:]{0,40}(?:信息公开|政务公开)[^。；;，,！？：:]{0,20}$")
_LEAD = late(
    r"^(?:根据|按照|依据|遵照|为了?|由|本报告|本年报|现将|引言|落实|贯彻|如|报告|附|要求|依照|汇总|公布|编制|20\d\d年以来|一年来|自)"
)
_ORGAN = late(
    r"[\u4e00-\u9fff（）()]{2,40}(?:政府|镇|乡|街道|办事处|苏木|局|委员会|委|办|办公室|中心|管委会|管理处|农场|开发区|分局|厅|队|站|院|社|会)$"
)

_FAULT = late(
    r"不[够足高强细广深平]|不到位|不及时|不熟|生疏|薄弱|滞后|兼职多|偏[低少慢窄短]|却不|更新慢|不[断详]细?|有的[^，。]{0,10}不|单一|欠缺|超过[^，。]{0,6}[天日月]|较[低少慢弱]|下一?步|将|拟"
)
_OF_FIGURES = late(r"复议|诉讼|申请|收费|费用|[没无]")
#: groups of the statistics return that no part of a report is called by, where its rows have run together
_GROUP = late(r"[一二三四五六七八九]、(?:机构建设和保障经费情况|政府信息公开会议和培训情况)")
_DATE = late(DATE)
_MONTH = late(rf"{MONTH}$")
_OF_TEXT = late(r"[，；]|统计|截[至止]")  #: not in a line that is a date
_CLAUSES = late(r"[，；：]")  #: nor in one that is an organ's name
_BESIDE = late(rf"{DATE}|[：:]|发布|（?盖章）?|（章）?|\d")  #: what may stand beside the name

#: what may stand below the signature: attachments, whom to ask
_CONTACT = late(
    r"（?(?:(?:(?:联系|咨询|查询|通讯|通信|办公)(?:人|单位|部门|电话|方式|地址)?|地址|邮编|邮政编码|电话|传真|电子邮[箱件]|邮箱)(?:[（(][^（）()]{1,6}[）)])?[：:]"
    r"|(?:联系|通讯|通信|办公)(?:电话|地址))"
)
_CONTACT_BEHIND = late(rf"(?:{_CONTACT.pattern}|电话[：:]).*")
_UNDER = late(rf"附[件表注：:]|（?此件|联系人|抄[送报][：:]|（?主动公开|{_CONTACT.pattern}")
_NOTE = late(rf"附注?[：:]|{_CONTACT.pattern}")

#: what a template asks a person to write, and nobody wrote: no text of the report, though it stands there
_PROMPT = late(r"(?:【此处[^】]*】[，。；、]?)+")


@record
class Outline:
    """What the recogniser found: every part a selection of ``all``, the logical lines in printed order.

    ``form``: rows of flattened official tables; ``attachment``: everything after 附件：…统计表. ``wrapped``: a program
    broke its lines at a fixed column, those of tables among them.
    """

    title: Passage
    preface: Passage
    body: Passage
    main: Passage
    tail: Passage
    furniture: Passage
    meta: Passage
    form: Passage
    attachment: Passage
    all: Passage
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    topics: dict[str, Passage]
    tables: int
    pictures: int
    wrapped: bool


def outline(document: Document) -> Outline:
    """The outline of a document of any format."""
    raws = split_glued(unwrap([block for block in document.blocks if isinstance(block, Paragraph)]))
    return _Builder(document, raws).build()


@dataclass(slots=True)
class _Part:
    heading: Heading
    lines: list[Line]
    begin: int
    tables: int = 0
    pictures: int = 0
    subs: list[Heading] = field(default_factory=list)


_Found = tuple[int, Heading, Line | None]  #: index of its line, the heading, the text behind it
_MOST_POINTS = 30  #: of a part, so that a long list costs no more for each of its headings
_DEEPEST = 4  #: level of ① below 1.
_MOST_OF_SIX = 4  #: parts that tell what the first level is


class _Builder:
    """Walks the lines once and sorts them into title, preface, sections, tail and furniture."""

    def __init__(self, document: Document, raws: list[Raw]) -> None:
        self.raws = raws
        self.lines = [line_of(raw) for raw in raws]
        self.tables = [block for block in document.blocks if isinstance(block, Table)]
        self.role = [""] * len(raws)
        self.order = {id(block): i for i, block in enumerate(document.blocks)}

    def build(self) -> Outline:
        self._part_metadata()
        self._mark_furniture()
        self._mark_contents()
        self._find_title()
        self._mark_forms()
        self._find_tail()
        heads = self._find_headings()
        parts = self._parts(heads)
        preface = self._preface(parts)
        main = [line for part in parts for line in part.lines]
        sections = tuple(
            Section(p.heading, Passage(tuple(p.lines)), tuple(p.subs), p.tables, p.pictures) for p in parts
        )
        return Outline(
            title=self._role("title"),
            preface=Passage(tuple(preface)),
            body=Passage((*preface, *main)),
            main=Passage(tuple(main if parts else preface)),
            tail=self._role("tail"),
            furniture=self._role("furniture"),
            meta=self._role("meta"),
            form=self._role("form"),
            attachment=self._role("attachment"),
            all=Passage(tuple(self.lines)),
            headings=tuple(heading for _, heading, _ in heads),
            sections=sections,
            topics=self._topics(heads),
            tables=sum(not table.picture for table in self.tables),
            pictures=sum(table.picture for table in self.tables),
            wrapped=any(len(raw.source) > 1 for raw in self.raws),
        )

    def _role(self, name: str) -> Passage:
        return Passage(tuple(line for line, role in zip(self.lines, self.role, strict=True) if role == name))

    def _mark_forms(self) -> None:
        """Rows of flattened tables, and everything from an attached statistics return on, are no report text."""
        start = attachment_start(self.lines, self.role, self._tables_below())
        rows = form_rows(self.lines[:start])
        end = len(self.lines)  # of the attachment: who signs may stand below it
        while end > start and _signs(self.lines[end - 1].text):
            end -= 1
        for i, role in enumerate(self.role[:end]):
            if not role and (i >= start or i in rows):
                self.role[i] = "attachment" if i >= start else "form"

    def _tables_below(self) -> dict[int, str]:
        """The first words of each table that follows a line directly, by the index of that line."""
        last = {raw.block: i for i, raw in enumerate(self.raws)}
        found = {}
        for table in self.tables:
            line = last.get((table.where.block or 0) - 1)
            if line is not None:
                found[line] = "\n".join(cell.text for row in table.rows[:5] for cell in row)
        return found

    def _part_metadata(self) -> None:
        """Metadata of the page that the title ran on from become a line of their own."""
        for i, line in enumerate(self.lines[:6]):
            if not _META.match(line.raw):
                continue
            ends = [match.end() for match in _LAST_META.finditer(line.text, 0, 160)]
            if ends and _TITLE.match(line.text, ends[-1]) and not _LEAD.match(line.text[ends[-1] :]):
                self._split(i, ends[-1])
                self.role[i] = "meta"

    def _split(self, i: int, at: int) -> None:
        """Makes two lines of one, parted at an offset of its text; the second begins with a word."""
        line, raw = self.lines[i], self.raws[i]
        rest = line.text[at:]
        parts = cut_line(line, 0, at), cut_line(line, at + len(rest) - len(rest.lstrip("。 ：，")))
        self.lines[i : i + 1] = parts
        self.raws[i : i + 1] = [raw, Raw(parts[1].raw, list(parts[1].source), raw.block, raw.page)]
        self.role[i : i + 1] = ["", ""]

    def _mark_furniture(self) -> None:
        count = len(self.lines)
        for i, line in enumerate(self.lines):
            size = len(line.text)
            if self.role[i]:
                continue
            if line.text.startswith("【") and _PROMPT.fullmatch(line.text):
                self.role[i] = "prompt"
            elif size <= 60 and (i < 12 or i >= count - 4) and _META.match(line.raw):
                self.role[i] = "meta"
            elif size <= 50 and _is_furniture(line.raw) and not self._titled(line):
                self.role[i] = "furniture"

    def _mark_contents(self) -> None:
        """A table of contents: below 目录, each line that comes again as a heading, whatever its page."""
        at = next((i for i, line in enumerate(self.lines[:30]) if line.text in ("目录", "目次")), None)
        if at is None:
            return
        names = [_PAGE.sub("", line.text) for line in self.lines]
        end = next((i for i in range(at + 1, len(names)) if names[i] not in names[i + 1 :]), at + 1)
        if end > at + 2:
            self.role[at:end] = ["furniture"] * (end - at)

    def _titled(self, line: Line) -> bool:
        """A title that the page's buttons stand behind, on the same line."""
        title = _TITLE.match(line.text)
        return bool(title and _YEAR.search(title[0]) and not _is_furniture(title[0]))

    def _find_title(self) -> None:
        """The title: one of the first lines, possibly broken in two or run into the text that follows."""
        seen = 0
        for i, line in enumerate(self.lines[:14]):
            if self.role[i]:
                continue
            seen += 1
            if seen > 6 or MARKERS[0][1].match(line.raw):
                return
            if self.raws[i].hint == "h1" or self._title_at(i):
                if self._better_below(i):
                    self.role[i] = "meta"
                    continue
                self._take_title(i)
                return

    def _better_below(self, i: int) -> bool:
        """The page's name stands here without a year, and the report's own title with its year right below it."""
        text = self.lines[i].text
        if self.raws[i].hint != "h1" or i + 1 >= len(self.lines) or _YEAR.search(text) or _ORGAN.match(text):
            return False
        below = self.lines[i + 1].text
        return len(below) <= 60 and self._title_at(i + 1) and bool(_YEAR.search(below))

    def _title_at(self, i: int) -> bool:
        text = self.lines[i].text
        if _LEAD.match(text) and len(text) > 40:
            return False
        return bool(_TITLE.match(text)) or bool(len(text) <= 44 and _TITLE_LOOSE.match(text) and not _LEAD.match(text))

    def _take_title(self, i: int) -> None:
        line = self.lines[i]
        match = _TITLE.match(line.text)
        if match and (len(line.text) > 60 or self._runs_on(line, match.end())):
            self._split(i, match.end())
            self.role[i], rest = "title", self.lines[i + 1]
            if len(rest.text) <= 50 and _is_furniture(rest.raw[:50]):
                self.role[i + 1] = "furniture"
            return
        self.role[i] = "title"
        below = next((j for j in range(i + 1, min(i + 3, len(self.lines))) if not self.role[j]), None)
        if below is not None and (self._goes_on(i, below) if match else _is_rest_of_title(self.lines[below].text)):
            self.role[below] = "title"
        if match and i and not self.role[i - 1]:
            above = self.lines[i - 1].text
            bare = not _CHINESE.search(line.text[: match.start("title")])
            if _YEAR_ALONE.fullmatch(above) or (bare and len(above) <= 24 and _ORGAN.match(above)):
                self.role[i - 1] = "title"

    def _goes_on(self, i: int, below: int) -> bool:
        """The year alone stands right below a whole title, or the organ that it does not name."""
        text = self.lines[below].text
        organ = bool(_NAMES_NOBODY.match(self.lines[i].text)) and _is_organ_line(text.strip("（）"))
        return below == i + 1 and (organ or bool(_YEAR_ALONE.fullmatch(text)))

    def _runs_on(self, line: Line, end: int) -> bool:
        """Text follows the title on its own line: a date, a lead sentence."""
        rest = line.text[end:].strip("。 ")
        return bool(rest) and bool(len(rest) > 12 or re.match(r"\d{4}", rest))

    def _find_tail(self) -> None:
        """The signature and the date: short lines at the end, from the last one upwards, seven at most."""
        index = [i for i, role in enumerate(self.role) if not role]
        for i in list(reversed(index[1:]))[:7]:
            text = self.lines[i].text.strip("（）()。")
            if _signs(text) or (HOLE in text and _may_sign(text)):
                self.role[i] = "tail"
            elif not _UNDER.match(text) or len(text) > (240 if _NOTE.match(text) else 40):
                break

    def _find_headings(self) -> list[_Found]:
        found = []
        for i, line in enumerate(self.lines):
            if self.role[i] or (_GROUP.match(line.text) and any("统计指标" in each.text for each in self.lines[:i])):
                continue
            if result := heading_of(line, self.raws[i].hint):
                found.append((i, result[0], result[1]))
        return self._settle(found)

    def _settle(self, found: list[_Found]) -> list[_Found]:
        """Unnumbered headings count as first-level ones when the report has no numbered ones or one is missing."""
        found = _outermost(found)
        if any(h.level == 1 and not h.label.startswith("第") for _, h, _ in found):  # 第一，… in the text is no heading
            found = [each for each in found if not _COUNTS_OFF.match(each[1].label)]
        found = _nested(found)
        first = [h for _, h, _ in found if h.level == 1]
        six = sum(h.level == 5 and bool(OFFICIAL.fullmatch(h.text)) for _, h, _ in found) >= _MOST_OF_SIX
        settled = []
        seen = 0
        for i, heading, body in found:
            if heading.level == 1:
                seen += 1
            missing = first and seen == 0 and first[0].number == 2
            alone = not first and (not six or bool(OFFICIAL.fullmatch(heading.text)))  # or else it stands below one
            if heading.level == 5 and (alone or missing):
                heading = replace(heading, level=1)
                if missing:
                    seen += 1
            if heading.level == 1 and (heading.number or 0) >= 5 and _names_a_fault(heading, body):
                heading = replace(heading, topics=("problems", "plan"))
            settled.append((i, heading, body))
        return settled

    def _parts(self, heads: list[_Found]) -> list[_Part]:
        """First-level parts: the shallowest numbering that occurs at least twice, or any 一、 heading."""
        levels = [h.level for _, h, _ in heads]
        top = next((n for n in (1, 2, 3) if levels.count(n) >= (1 if n == 1 else 2)), 0)
        parts: list[_Part] = []
        at = {i: (h, body) for i, h, body in heads}
        last = 0
        for i, line in enumerate(self.lines):
            if self.role[i]:
                if self.role[i] == "form" and parts:
                    parts[-1].tables = max(parts[-1].tables, 1)  # its rows stand there, if without a grid
                continue
            heading, body = at.get(i, (None, line))
            if heading and heading.level == top and not (top == 3 and last and heading.number == 1):
                last = heading.number or 0
                parts.append(_Part(heading, [], i))
                if body:
                    parts[-1].lines.append(self._own(body, parts[-1]))
            elif parts:
                part = parts[-1]
                if heading:
                    part.subs.append(heading)
                if body is not None:
                    part.lines.append(self._own(body, part))
        self._place_tables(parts)
        return parts

    @staticmethod
    def _own(line: Line, part: _Part) -> Line:
        return line.under((part.heading.label + part.heading.text)[:40] or None)

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

    def _topics(self, heads: list[_Found]) -> dict[str, Passage]:
        """For each topic the text under its headings, down to the next heading of the same or a higher level.

        Of disputes also what stands under headings of one kind alone (``reviews``, ``lawsuits``), and where both kinds
        have theirs the rest (``shared``, or else all): a nil under 五、行政复议 says nothing of the suits under 六.
        """
        spans: dict[str, list[Line]] = {}
        bodies = {i: body for i, _, body in heads}
        for position, (i, heading, body) in enumerate(heads):
            if not heading.topics:
                continue
            level = heading.level
            closing = (1, 2, 5) if level == 5 else range(level + 1)
            end = next((j for j, h, _ in heads[position + 1 :] if h.level in closing), len(self.lines))
            text = [body] if body else []
            text += [
                b for j in range(i + 1, end) if not self.role[j] and (b := bodies.get(j, self.lines[j])) is not None
            ]
            named = [line.under((heading.label + heading.text)[:40]) for line in text]
            deeper = {topic for j, h, _ in heads[position + 1 :] if j < end for topic in h.topics}
            for topic in (*heading.topics, *_kind_of_dispute(heading)):
                if len(heading.topics) > 1 and topic in deeper:
                    continue  # 存在问题及改进措施 with a heading of its own for each inside
                known = {(line.block, line.source) for line in spans.get(topic, ())}
                spans.setdefault(topic, []).extend(line for line in named if (line.block, line.source) not in known)
        spans["shared"] = disputes = spans.get("disputes", [])
        if "reviews" in spans and "lawsuits" in spans:
            taken = {(line.block, line.source) for line in (*spans["reviews"], *spans["lawsuits"])}
            spans["shared"] = [line for line in disputes if (line.block, line.source) not in taken]
        return {topic: Passage(tuple(lines)) for topic, lines in spans.items() if lines}


def _kind_of_dispute(heading: Heading) -> tuple[str, ...]:
    """What a heading about disputes names alone: reviews or lawsuits."""
    if "disputes" not in heading.topics:
        return ()
    kinds = [kind for kind, word in (("reviews", "复议"), ("lawsuits", "诉讼")) if word in heading.text]
    return tuple(kinds) if len(kinds) == 1 else ()


def _outermost(found: list[_Found]) -> list[_Found]:
    """Headings 1、2、3、 above （一） are the first level of a report that has no 一、."""
    numbered = [h for _, h, _ in found if h.level in (1, 2, 3)]
    if not numbered or numbered[0].level != 3 or any(h.level == 1 for h in numbered):
        return found
    named = [h for h in numbered if h.level == 3 and h.topics]
    official = [h for h in named if OFFICIAL.fullmatch(h.text)]
    parts = official if len(official) >= _MOST_OF_SIX else named
    if len(parts) < _MOST_OF_SIX or [h.number for h in parts] != list(range(1, len(parts) + 1)):
        return found
    return [(i, replace(h, level=1) if h in parts else h, body) for i, h, body in found]


def _nested(found: list[_Found]) -> list[_Found]:
    """Parts counted from 一 again inside another one are points of it; what stands below them is deeper by one."""
    top = [(place, heading) for place, (_, heading, _) in enumerate(found) if heading.level == 1]
    if sum(heading.number == 1 for _, heading in top) < 2:
        return found
    found, outer, at = list(found), [top[0][1]], 1
    while at < len(top):
        count = _points_of(outer, [heading for _, heading in top[at : at + _MOST_POINTS]])
        if count:
            begin, after = top[at][0], top[at + count][0] if at + count < len(top) else len(found)
            above = found[begin - 1][1]  # （一） above 一、二、 and （二） below them are of one level
            for place in range(begin, after):
                i, heading, body = found[place]
                if above.level == 2 == heading.level and heading.number == (above.number or 0) + 1:
                    above = heading
                elif heading.level < _DEEPEST:
                    deeper = 2 if above.level == 2 and heading.level == 1 else 1
                    found[place] = i, replace(heading, level=heading.level + deeper), body
        else:
            outer.append(top[at][1])
        at += count or 1
    return found


def _points_of(outer: Sequence[Heading], rest: Sequence[Heading]) -> int:
    """How many of the next headings are points of the last one of ``outer``: 0 when they are parts like it.

    Points begin with 一 and count on, two at least. What follows them is the next part, by its number; when nothing
    does, or another number, each of the points must speak of what the part is about, or of what no part is called by.
    """
    count = next((n for n, heading in enumerate(rest) if heading.number != n + 1), len(rest))
    own = outer[-1].number or 0
    same = [one.topics == other.topics for one, other in zip(outer, rest[:count], strict=False)]
    if count < 2 or sum(same) * 2 > len(same) > 1:
        return 0  # the parts of one more report
    if count < len(rest) and rest[count].number == own + 1:
        return count
    if 2 <= own < count:
        return own  # 二、 has two points and 三、 follows
    return count if all(_belongs(heading, outer[-1]) for heading in rest[:count]) else 0


def _belongs(heading: Heading, part: Heading) -> bool:
    """Whether a heading says no more than a point of a part may say."""
    if OFFICIAL.fullmatch(heading.text):
        return False
    return "other" in part.topics or {"organisation", *part.topics}.issuperset(heading.topics)


def _names_a_fault(heading: Heading, body: Line | None) -> bool:
    """七、部分村更新慢，将逐月检查: a part, below those with figures, that has no heading and tells what is wrong."""
    if heading.text or body is None or {"problems", "plan", "other", "fees"}.intersection(heading.topics):
        return False
    return bool(_FAULT.search(body.text)) and not _OF_FIGURES.search(body.text)


def _is_furniture(text: str) -> bool:
    """Whether a line is what a page has beside the report: buttons, counters, ways to other pages."""
    return bool(_BUTTON.match(text) or _FURNITURE.search(text))


def _may_sign(text: str) -> bool:
    """Whether a line with holes in it is a signature or a date by the rest, or nothing but a few holes.

    What a seal hides where no line of text begins is set to the right, as these are.
    """
    alone = len(text) < ANY and not text.strip(HOLE)
    return alone or _is_date_line(text.replace(HOLE, "1")) or _is_organ_line(text.replace(HOLE, "某"))


def _is_rest_of_title(text: str) -> bool:
    return len(text) <= 24 and bool(_REPORT.search(text)) and not MARKERS[0][1].match(text)


def _signs(text: str) -> bool:
    return _is_date_line(text) or _is_organ_line(_CONTACT_BEHIND.sub("", text))


def _is_date_line(text: str) -> bool:
    date = _DATE.search(text)
    if date is None:
        month = _MONTH.search(text)
        return bool(month and (month.start() == 0 or _is_organ_line(text[: month.start()])))
    return bool(len(text) - len(date[0]) <= 26 and not _OF_TEXT.search(text))


def _is_organ_line(text: str) -> bool:
    return len(text) <= 40 and bool(_ORGAN.match(_BESIDE.sub("", text))) and not _CLAUSES.search(text)
