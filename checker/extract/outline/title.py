"""The title of a report: one of the first lines, possibly broken in two or run into what stands beside it."""

from __future__ import annotations

import re

from checker.extract.marks import MARKERS, TITLE, YEAR
from checker.extract.numerals import DATE
from checker.extract.outline.draft import Draft
from checker.extract.outline.page import LABEL, META, is_furniture
from checker.extract.outline.tail import ORGAN, is_organ_line
from checker.late import late
from checker.model import Line

#: the last of a page's metadata before a title that runs on from it: a day, or an issuer whom the title names again
_LAST_META = late(
    rf"(?:{LABEL}|字体[：:【\[])(?<!名称：)(?:{DATE}(?:\d\d?[：:]\d\d(?:[：:]\d\d)?)?|([\u4e00-\u9fff]{{2,16}})(?=[^。；，]{{0,24}}\1)(?:人民政府)?|【[^】]*】)+"
)
_REPORT = late(r"(?:报告|年报|总结|汇报)$")
_CHINESE = late(r"[\u4e00-\u9fff]")
_NAMES_NOBODY = late(r"(?:关于)?(?:20\d\d|二[〇○零].{2})?年?度?(?:政府|政务)?信息公开")  #: 2017年政府信息公开…
_YEAR_ALONE = late(r"[（(〔]?20\d\d年?度?[）)〕]?")  #: above or below the title
_TITLE_LOOSE = late(r"[^。；;，,！？：:]{0,40}(?:信息公开|政务公开)[^。；;，,！？：:]{0,20}$")
_LEAD = late(
    r"^(?:根据|按照|依据|遵照|为了?|由|本报告|本年报|现将|引言|落实|贯彻|如|报告|附|要求|依照|汇总|公布|编制|20\d\d年以来|一年来|自)"
)


#: a line that may be a piece of a title: an organ, a year, words of the title, and nothing else
_PIECE = late(
    r"(?![^。]*(?:公报|文件|网站?|平台|频道|目录|栏目)$)[\u4e00-\u9fff（）()〇○]*(?:\d{1,4}[\u4e00-\u9fff（）()]*)?"
)
_COLUMN = late(r"(?:政府信息|政务|信息)公开(?:年报|专栏|目录|内容|工作)?")  #: where on its site the page stands
_TITLE_LABEL = late(r"[•·\-]?标题[：:]")
#: words of a collection or of the page
_BEFORE_TITLE = late(r"(?:第[一二三四五六七八九十\d]{1,2}篇[：:]|[•·]+(?:标题[：:])?|标题[：:])")
_BARS = late(r"[|｜\s]+$")  #: of the page's table, behind the title
_OF_SITE = late(r"[^\d]{4,24}(?:政府信息|政务|信息)公开(?:专栏|目录|网|平台)?")  #: of the organ that keeps the site
_BARE = late(r"(?:政府信息|政务|信息)公开(?:专栏|目录)?")  #: the same, which is no title by itself
_ROW = late(r"[^|｜：:]{2,8}[|｜]")
_ASIDE = late(r"（[\u4e00-\u9fff、]{2,12}）$")  #: another name of the organ, behind its own
_LONGEST_PIECE = 40
_MOST_PIECES = 4  #: lines that a title is set on
#: words that no title is parted in, unless its line ended there
_UNPARTED = ("人民政府", "办事处", "委员会", "管理局", "政府信息公开", "年度报告", "关于2")
_OF_ORGAN = ("人民政府", "办事处")  #: nor do they begin one


def _join_title(draft: Draft) -> None:
    """The lines of a title that was set on several become one, where none of them is one with its year itself."""
    for i, line in enumerate(draft.lines[:12]):
        if draft.role[i] or not _is_piece(draft, i) or _TITLE_LOOSE.match(line.text):
            continue
        text = line.text
        for j in range(i + 1, min(i + _MOST_PIECES, len(draft.lines))):
            if draft.role[j] or not _is_piece(draft, j):
                break
            last = draft.lines[j].text
            if _YEAR_ALONE.fullmatch(last) and TITLE.fullmatch(text):
                return
            whole, text = text + last, text + last
            if _is_whole(whole):
                if not _is_whole(last) or _parted(whole, len(whole) - len(last)):
                    draft.join(i, j + 1)
                return


def _is_piece(draft: Draft, i: int) -> bool:
    text = draft.lines[i].text
    return len(text) <= _LONGEST_PIECE and bool(_PIECE.fullmatch(text)) and not MARKERS[0][1].match(draft.lines[i].raw)


def _is_whole(text: str) -> bool:
    """A title to its end, with its year."""
    title = TITLE.fullmatch(text)
    return bool(title and YEAR.search(title[0]))


def _parted(text: str, at: int) -> bool:
    """A line ended in the midst of a word, or left the organ's name to the next one."""
    within = any(text.startswith(word, at - n) for word in _UNPARTED for n in range(1, len(word)))
    return within or text.startswith(_OF_ORGAN, at)


def part_metadata(draft: Draft) -> None:
    """Metadata of the page that the title ran on from become a line of their own."""
    for i, line in enumerate(draft.lines[:6]):
        if not META.match(line.raw):
            continue
        ends = [match.end() for match in _LAST_META.finditer(line.text, 0, 160)]
        if ends and TITLE.match(line.text, ends[-1]) and not _LEAD.match(line.text[ends[-1] :]):
            draft.split(i, ends[-1])
            draft.role[i] = "meta"


def find_title(draft: Draft) -> None:
    """Gives the lines of the title their role; what stands above it on the page is metadata."""
    _join_title(draft)
    seen = 0
    for i, line in enumerate(draft.lines[:14]):
        if draft.role[i]:
            continue
        seen += 1
        if seen > 6 or any(marker.match(line.raw) for _, marker in MARKERS[:2]):  # 一、 or, of a torn text, （四）
            return
        if draft.raws[i].hint == "h1" or _title_at(draft, i):
            if _better_below(draft, i):
                draft.role[i] = "meta"
                continue
            if (mark := _BEFORE_TITLE.match(line.text)) and TITLE.match(line.text, mark.end()):
                draft.split(i, mark.end())
                draft.role[i], i = "meta", i + 1
            _take_title(draft, i)
            return


def _better_below(draft: Draft, i: int) -> bool:
    """The page's name stands here without a year, and the report's own title with its year right below it."""
    text = draft.lines[i].text
    label = _TITLE_LABEL.match(text)
    if label and text[label.end() :] in [line.text for line in draft.lines[i + 1 : i + 9]]:
        return True
    if _ROW.match(draft.lines[i].raw):  # what the page's table says of the report, above its own title
        return any(_is_whole(line.text) for line in draft.lines[i + 1 : i + 8])
    if _NAMES_NOBODY.match(text) and _again_with_organ(draft, i):
        return True
    if _OF_SITE.fullmatch(text) and i + 1 < len(
        draft.lines
    ):  # 澄江市自然资源局政府信息公开, then 澄江市国土资源局2011年…
        below = draft.lines[i + 1].text
        return _is_whole(below) and not _NAMES_NOBODY.match(below)
    if i + 1 >= len(draft.lines) or YEAR.search(text) or ORGAN.match(text):
        return False
    if _COLUMN.fullmatch(text) and draft.role[i + 1] == "meta":  # what the page says of the report, then its title
        after = next((j for j in range(i + 2, min(i + 8, len(draft.lines))) if draft.role[j] != "meta"), i)
        return _is_whole(draft.lines[after].text)
    below = draft.lines[i + 1].text
    if draft.raws[i].hint != "h1":  # where on the site the page stands, not above a list of reports
        listed = i + 2 < len(draft.lines) and TITLE.match(draft.lines[i + 2].text)
        return bool(_COLUMN.fullmatch(text) and _is_whole(below)) and not listed
    return len(below) <= 60 and _title_at(draft, i + 1) and bool(YEAR.search(below))


def _again_with_organ(draft: Draft, i: int) -> bool:
    """The same title stands again a few lines below, there under the organ's name."""
    text = draft.lines[i].text
    again = (j for j in range(i + 2, min(i + 8, len(draft.lines))) if draft.lines[j].text == text)
    return any(is_organ_line(draft.lines[j - 1].text) for j in again)


def _title_at(draft: Draft, i: int) -> bool:
    text = draft.lines[i].text
    if (_LEAD.match(text) and len(text) > 40) or _BARE.fullmatch(text):
        return False
    return bool(TITLE.match(text)) or bool(len(text) <= 44 and _TITLE_LOOSE.match(text) and not _LEAD.match(text))


def _take_title(draft: Draft, i: int) -> None:
    line = draft.lines[i]
    match = TITLE.match(line.text)
    if match and (len(line.text) > 60 or _runs_on(line, match.end())):
        draft.split(i, match.end())
        draft.role[i], rest = "title", draft.lines[i + 1]
        if len(rest.text) <= 50 and (is_furniture(rest.raw[:50]) or _BARS.match(rest.text)):
            draft.role[i + 1] = "furniture"
        _take_above(draft, i, match.start("title"))
        return
    draft.role[i] = "title"
    if match:
        _take_above(draft, i, match.start("title"))
    below = next((j for j in range(i + 1, min(i + 3, len(draft.lines))) if not draft.role[j]), None)
    if below is not None and (_goes_on(draft, i, below) if match else _is_rest_of_title(draft.lines[below].text)):
        draft.role[below] = "title"


def _take_above(draft: Draft, i: int, start: int) -> None:
    """The year or the organ alone right above the title, which begins at ``start`` of its line, is part of it."""
    if i and not draft.role[i - 1]:
        above = draft.lines[i - 1].text
        text = draft.lines[i].text
        bare = not _CHINESE.search(text[:start]) and not text.startswith(above)  # the page's own name of the organ
        if _YEAR_ALONE.fullmatch(above) or (bare and len(above) <= 24 and ORGAN.match(_ASIDE.sub("", above))):
            draft.role[i - 1] = "title"


def _goes_on(draft: Draft, i: int, below: int) -> bool:
    """The year alone stands right below a whole title, or the organ that it does not name."""
    text = draft.lines[below].text
    named = i > 0 and draft.role[i - 1] == "title" and ORGAN.match(draft.lines[i - 1].text)
    organ = not named and bool(_NAMES_NOBODY.match(draft.lines[i].text)) and is_organ_line(text.strip("（）"))
    return below == i + 1 and (organ or bool(_YEAR_ALONE.fullmatch(text)))


def _runs_on(line: Line, end: int) -> bool:
    """Text follows the title on its own line: a date, a lead sentence."""
    rest = line.text[end:].strip("。 ")
    return bool(rest) and bool(len(rest) > 12 or re.match(r"\d{4}", rest) or _BARS.match(rest))


def _is_rest_of_title(text: str) -> bool:
    return len(text) <= 24 and bool(_REPORT.search(text)) and not MARKERS[0][1].match(text)
