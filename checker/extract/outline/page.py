"""What the page has beside the report: buttons, counters, metadata, a table of contents, prompts, flattened forms."""

from __future__ import annotations

from bisect import bisect_left

from checker.extract.forms import attachment_start, form_rows
from checker.extract.marks import CN, TITLE, YEAR
from checker.extract.numerals import DATE
from checker.extract.outline.draft import Draft
from checker.extract.outline.tail import is_organ_line, signs
from checker.late import late
from checker.model import Line

_PAGE = late(r"[.…·—\-\s\d]*$")  #: of a heading in a table of contents
_READERS = r"(?:次数|数|量)?\s*[：:]"
#: each of these words begins with a plain character: so ``re`` looks for these characters first
_FURNITURE = late(
    rf"扫一扫|分享到|打印本页|打印此页|关闭窗口|字体[：:【\[]|字号[：:]|浏览{_READERS}|点击{_READERS}|阅读{_READERS}|访问{_READERS}|"
    r"附件下载|上一篇|下一篇|返回(?:顶部|首页|列表)|当前位置|当前的位置|现在的位置|您的位置|现在所在|当前所在|您所在的位置|"
    r"日\s*星期(?<=日星期|\s星期)[一二三四五六日天]|主办单位[：:]|承办[：:单]|版权所有|网站标识码|ICP备|公网安备|责任编辑[：:]|我要纠错|收藏本页|加入收藏|设为首页|&nbsp|&#\d+;|\[bookmark"
)
#: what a line of furniture begins with, or all of it
_BUTTON = late(
    r"[【\[（]?(?:打印|关闭|纠错|收藏|分享|返回)[】\]）\s\u3000]*(?:$|[【\[（]|打印|关闭|收藏|分享|本页)|"
    r"(?:相关|文字|图片|视频|访谈|媒体|专家|政策)(?:解读|报道|链接|文件)$|下载附件|网站地图|无障碍(?:浏览|阅读)?$|手机版$|首页\s*(?:[>＞»/\-]|$)|[\u4e00-\u9fff]{0,20}(?:[>＞»]\s*[\u4e00-\u9fff\d]{2,20}\s*)+$|(?:网站)?首\s*页(?:[\s|｜]{1,6}[\u4e00-\u9fff]{2,8}){1,12}$|"
    # the menu of a site: words set apart by blanks or bars
    r"(?:[\u4e00-\u9fff]{2,8}[\s|｜]{1,6}){0,6}?(?:首\s*页|政务公开|办事服务|互动交流)(?:[\s|｜]{1,6}[\u4e00-\u9fff]{2,8}){2,12}[\s|｜]{0,9}$"
)
LABEL = (
    r"(?:(?:信息)?索\s*引\s*号|(?:文件|信息)名称|登记号|(?:备注/)?文号|公文生成日期|时效性|公开日期|发布日期|发布时间|发文日期|成文日期|生成日期|公开时间|更新时间|日期|时间|发布机构|发布单位|发布者|公开机构|公开主体|信息来源|来源|作者|"
    r"主题分类|文号|公开方式|公开范围|有效性|信息分类|体裁分类|名\s*称|责任部门|录入时间|编辑|浏览|公开类别)\s*[：:】]"
)
#: the same as a row of a table: its strokes stand where the colons would
META = late(
    r"^(?:[-•·]\s*)?[\[【（(]?(?:"
    rf"{LABEL}|(?:索\s*引\s*号|发布机构|发文机关|标\s*题|名\s*称|文\s*号|内容概述|时\s*效|主题分类|发[布文]日期)\s*[|｜]"
    r"|(?:索\s*引\s*号|组配分类|主题分类|生成日期|关键词)[ \u3000]+(?=\S))"
)
#: the way to the page, however long: 您现在所在的位置：首页 > 政府信息公开 > 年报
_WAY = late(r"[^：:。，；]{0,8}位置\s*[：:](?:[^>＞»。，；]{1,40}[>＞»]){2}[^。，；]*$")
_VALUE = r"[^\s，。；！？（()）【】\[\]|｜]*"
#: the words of the page, each with the value that belongs to it, as the page writes them
_WORDS = (
    r"[【\[（(](?:打印|关闭|纠错|收藏|分享|返回)(?:本页|此页|窗口|顶部)?[】\]）)]|(?:打印|关闭|收藏)(?:本页|此页|窗口)"
    r"|加入收藏|设为首页|我要纠错"
    r"|[【\[（(]?返回(?:顶部|首页|列表)[】\]）)]?|分享到?[：:]?(?:\s*(?:微信|新浪|腾讯|微博|朋友圈|QQ|空间|好友))*"
    r"|(?:微信)?扫一扫[，,]?(?:在|用)?(?:手机|微信)?[上端]?(?:打开|查看|浏览|分享|关注|访问)*(?:当前|本|此|该)?(?:页面?|网页|文章|内容|二维码|公众号)?"
    rf"|(?:浏览|点击|阅读|访问){_READERS}\s*(?:\d[\d, ]*(?:人?次)?)?"
    r"|[【\[（(]?字[体号](?:\s*[：:]|(?=[【\[]))(?:\s*[【\[（(]?(?:[大中小特T|+]|-)[】\]）)]?)*"
    r"|附件下载[：:]?|(?:上|下)一[篇条](?:\s*[：:][^。；]*)?$|位置\s*[：:][^。；，]*$|首页\s*[>＞»/\-][^。；，]*$"
    rf"|(?:主办|承办)(?:单位)?\s*[：:]\s*{_VALUE}+(?!。)|版权所有\s*[：:]?{_VALUE}"
    rf"|未经{_VALUE}转载|建议使用{_VALUE}|网站标识码{_VALUE}|\S?ICP备{_VALUE}|\S?公网安备\s*{_VALUE}"
    rf"|[（(]?责任编辑\s*[：:]\s*{_VALUE}[）)]?|&nbsp;?|&#\d+;?|\[bookmark[^\]]*\]?"
)
_LABELLED = rf"{LABEL}\s*{_VALUE}+(?![。；！？])"
_OF_PAGE = late(rf"{_WORDS}|{_LABELLED}|[^\s。；，：:]*\.(?:docx?|xlsx?|pdf|wps|zip|rar)")
#: what behind these words is left of a line and says something: it ends a sentence, counts, denies, or is a heading
_SAYS = late(
    rf"[\u4e00-\u9fff\d%”）][。；！]|\d余?(?:[条件份篇项起宗期]|人次)|[没未无]|免费|收[取费]|申请|复议|诉讼|答复|问题|改进"
    rf"|^\s*(?:[{CN}]{{1,3}}[、．]|[（(][{CN}]{{1,3}}[）)]|\d{{1,2}}[、．])\s*[\u4e00-\u9fff]"
    r"|[\u4e00-\u9fff“”、，\d]{16}"
)
#: 时间：2016年1月1日至2016年12月31日: not the day on which the page was made
_PERIOD = late(rf"{DATE}\s*(?:起|开始)?(?:至|到|—+|-+|~|～|－+)\s*(?:{DATE}|\d\d?月)")
#: words of the page that ran on from a sentence or from a numbered heading, or stand before one
_BEHIND = late(
    rf"(?:(?<=[。；！？”）])|^(?:[{CN}]{{1,3}}[、．]|[（(][{CN}]{{1,3}}[）)])[^\s，。；：]{{2,30}}(?=\s))\s*(?P<page>(?:(?:{_WORDS}|打印|关闭|收藏|返回)[\s|｜]*)+)$"
)
_BEFORE = late(rf"(?:(?:{_WORDS})[\s|｜]*)+")
_META_BEFORE = late(rf"(?:[\[【（(]?{_LABELLED}[】\])）]?[\s|｜]*)+")
_ENDS, _OPENS = "。；", "【[［&返"  #: no residue stands behind the ones, and none begins a line but with the others
#: what a template asks a person to write, and nobody wrote: no text of the report, though it stands there
_PROMPT = late(r"(?:【此处[^】]*】[，。；、]?)+")


def part_residue(draft: Draft) -> None:
    """Words of the page that a sentence of the report runs on to, or from, become a line of their own."""
    for i in range(len(draft.lines) - 1, -1, -1):
        line = draft.lines[i]
        if draft.role[i]:
            continue
        raw = line.raw
        parted = raw[-1:] not in _ENDS and ("。" in raw or " " in raw or "\u3000" in raw)
        behind = _BEHIND.search(raw, max(len(raw) - 60, 0)) if parted else None
        if behind and behind.start("page"):
            draft.split(i, _offset(line, behind.start("page")))
            draft.role[i + 1] = "furniture"
        meta = i < 12 and META.match(raw) and not TITLE.search(line.text)
        before = _META_BEFORE.match(raw) if meta else _BEFORE.match(raw) if raw[:1] in _OPENS else None
        if before and _SAYS.search(raw[before.end() :]) and (not meta or raw[-1:] in _ENDS):
            draft.split(i, _offset(line, before.end()))
            draft.role[i] = "meta" if meta else "furniture"


def _offset(line: Line, raw_offset: int) -> int:
    """The offset in the text of a line of what stands in its raw wording."""
    return raw_offset if line.starts is None else bisect_left(line.starts, raw_offset)


def mark_furniture(draft: Draft) -> None:
    """Lines that the page has beside the report, by their words and where they stand.

    A line of which something is left that says anything is text of the report, whatever words of the page it holds.
    """
    count = len(draft.lines)
    text = next((i for i, line in enumerate(draft.lines) if "。" in line.text and not META.match(line.raw)), count)
    above, below = min(12, text), count - 4
    for i, line in enumerate(draft.lines):
        size = len(line.text)
        if draft.role[i]:
            continue
        if line.text.startswith("【") and _PROMPT.fullmatch(line.text):
            draft.role[i] = "prompt"
        elif (i < above or i >= below) and META.match(line.raw) and size <= _longest_meta(line) and not _says(line.raw):
            draft.role[i] = "meta"
        elif (size <= 50 or _WAY.match(line.raw)) and is_furniture(line.raw) and not _titled(line):
            draft.role[i] = "furniture"


def _longest_meta(line: Line) -> int:
    """Of a line that may have a title behind what the page says of it, as run on from a label."""
    return 60 if "报告" in line.text else 160


def _titled(line: Line) -> bool:
    """A title that the page's buttons stand behind, on the same line."""
    title = TITLE.match(line.text)
    return bool(title and YEAR.search(title[0]) and not is_furniture(title[0]))


def is_furniture(text: str) -> bool:
    """Whether a line is what a page has beside the report: buttons, counters, ways to other pages."""
    return bool(_BUTTON.match(text) or _FURNITURE.search(text)) and not _says(text)


def _says(text: str) -> bool:
    """Whether a line says anything beside the words of the page: who issued it says nothing of the report."""
    rest = _OF_PAGE.sub(" ", text)
    return bool(_PERIOD.search(text) or _SAYS.search(rest)) and not is_organ_line("".join(rest.split()))


def mark_contents(draft: Draft) -> None:
    """A table of contents: below 目录, each line that comes again as a heading, whatever its page."""
    at = next((i for i, line in enumerate(draft.lines[:30]) if line.text in ("目录", "目次")), None)
    if at is None:
        return
    names = [_PAGE.sub("", line.text) for line in draft.lines]
    end = next((i for i in range(at + 1, len(names)) if names[i] not in names[i + 1 :]), at + 1)
    if end > at + 2:
        draft.role[at:end] = ["furniture"] * (end - at)


def mark_forms(draft: Draft) -> None:
    """Rows of flattened tables, and everything from an attached statistics return on, are no report text."""
    start = attachment_start(draft.lines, draft.role, _tables_below(draft))
    rows = form_rows(draft.lines[:start])
    end = len(draft.lines)  # of the attachment: who signs may stand below it
    while end > start and signs(draft.lines[end - 1].text):
        end -= 1
    for i, role in enumerate(draft.role[:end]):
        if not role and (i >= start or i in rows):
            draft.role[i] = "attachment" if i >= start else "form"


def _tables_below(draft: Draft) -> dict[int, str]:
    """The first words of each table that follows a line directly, by the index of that line."""
    last = {raw.block: i for i, raw in enumerate(draft.raws)}
    found = {}
    for table in draft.tables:
        line = last.get((table.where.block or 0) - 1)
        if line is not None:
            found[line] = "\n".join(cell.text for row in table.rows[:5] for cell in row)
    return found
