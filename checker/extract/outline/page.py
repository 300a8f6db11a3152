"""What the page has beside the report: buttons, counters, metadata, a table of contents, prompts, flattened forms."""

from __future__ import annotations

from checker.extract.forms import attachment_start, form_rows
from checker.extract.marks import TITLE, YEAR
from checker.extract.outline.draft import Draft
from checker.extract.outline.tail import signs
from checker.late import late
from checker.model import Line

_PAGE = late(r"[.…·—\-\s\d]*$")  #: of a heading in a table of contents
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
    r"(?:相关|文字|图片|视频|访谈|媒体|专家|政策)(?:解读|报道|链接|文件)$|下载附件|网站地图|无障碍(?:浏览|阅读)?$|手机版$|首页\s*(?:[>＞»/\-]|$)|"
    # the menu of a site: words set apart by blanks or bars
    r"(?:[\u4e00-\u9fff]{2,8}[\s|｜]{1,6}){0,6}?(?:首页|政务公开|办事服务|互动交流)(?:[\s|｜]{1,6}[\u4e00-\u9fff]{2,8}){2,12}[\s|｜]{0,9}$"
)
LABEL = (
    r"(?:索\s*引\s*号|公开日期|发布日期|发布时间|发文日期|成文日期|生成日期|公开时间|更新时间|日期|时间|发布机构|发布单位|发布者|公开机构|公开主体|信息来源|来源|作者|"
    r"主题分类|文号|公开方式|公开范围|有效性|信息分类|体裁分类|名称|责任部门|录入时间|编辑|浏览|公开类别)\s*[：:】]"
)
META = late(rf"^[\[【（(]?{LABEL}")
#: what a template asks a person to write, and nobody wrote: no text of the report, though it stands there
_PROMPT = late(r"(?:【此处[^】]*】[，。；、]?)+")


def mark_furniture(draft: Draft) -> None:
    """Lines that the page has beside the report, by their words and where they stand."""
    count = len(draft.lines)
    for i, line in enumerate(draft.lines):
        size = len(line.text)
        if draft.role[i]:
            continue
        if line.text.startswith("【") and _PROMPT.fullmatch(line.text):
            draft.role[i] = "prompt"
        elif size <= 60 and (i < 12 or i >= count - 4) and META.match(line.raw):
            draft.role[i] = "meta"
        elif size <= 50 and is_furniture(line.raw) and not _titled(line):
            draft.role[i] = "furniture"


def _titled(line: Line) -> bool:
    """A title that the page's buttons stand behind, on the same line."""
    title = TITLE.match(line.text)
    return bool(title and YEAR.search(title[0]) and not is_furniture(title[0]))


def is_furniture(text: str) -> bool:
    """Whether a line is what a page has beside the report: buttons, counters, ways to other pages."""
    return bool(_BUTTON.match(text) or _FURNITURE.search(text))


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
