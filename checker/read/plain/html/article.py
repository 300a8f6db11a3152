"""Where a page has its article: the main block, and the title and the date that stand outside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Paragraph, Where
from checker.read.layout import marks
from checker.read.plain.html.parsing import line_of, words
from checker.read.plain.html.spans import is_layout

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

Metas = Sequence[tuple[str, str]]

_SIGNED = late(r"^[^：:]{0,40}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$")
_WRAPPERS = words("body div section article main center form table tbody tr td font span")
_CHROME = late(
    r"(?:^|[\s_-])(?:nav|navbar|menu|header|head|footer|foot|sidebar|aside|breadcrumbs?|crumbs?|bread|copyright|banner|dqwz"
    r"|weizhi|position|location)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)


def main_block(body: LexborNode, hidden: frozenset[int]) -> LexborNode:
    """From ``body`` down while one child holds all sentences but a handful, and the rest holds no data and no date."""
    block = body
    while True:
        children = [child for child in block.iter() if child.mem_id not in hidden]
        weights = [marks(child.text()) for child in children]
        if not any(weights):
            return block
        best = max(range(len(children)), key=weights.__getitem__)
        inner = children[best]
        if inner.tag not in _WRAPPERS or (inner.tag == "table" and not is_layout(inner)):
            return block
        spare = max(4, 0.03 * weights[best])
        total = sum(weights)
        spent = marks(block.text(deep=False))
        for index, child in enumerate(children):
            if index != best:
                spent += _prose(child, weights[index], total, after=index > best)
        if spent > spare:
            return block
        block = inner


def _prose(node: LexborNode, weight: int, total: int, *, after: bool) -> int:
    """How much of a report a neighbour of the main block may hold: its sentences, figures, a date below the text."""
    if is_chrome(node) and weight < 0.3 * total:
        return 0
    if weight:
        weight -= sum(marks(link.text()) for link in node.css("a"))
    figures = sum(cell.text().strip().isdecimal() for cell in node.css("td"))
    signed = 5 if after and _SIGNED.match("".join(node.text().split())) else 0
    return weight + figures + signed


def is_chrome(node: LexborNode) -> bool:
    if node.tag in ("nav", "footer", "aside", "header"):
        return True
    attributes = node.attributes
    return any(value and _CHROME.search(value) for value in (attributes.get("class"), attributes.get("id")))


# --- title and date ---------------------------------------------------------------------------------------------------

_DATE = r"(20\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})"
_ANY_DATE = late(_DATE)
_POSTED = late(
    r"(?:日期|时间)(?:(?<=(?:发布|发文|公开|生成|更新|上传)..)|(?<![\u4e00-\u9fa5]..))[\s\xa0]{0,9}[：:][\s\xa0]{0,9}"
    + _DATE
)
_DATE_NAMES = frozenset(("pubdate", "publishdate", "articlepubdate", "firstpublishedtime", "publish_date"))


def metas(page: LexborHTMLParser) -> Metas:
    """What a page says of itself: names in lower case, and what they stand for."""
    said = [node.attributes for node in page.css("meta[name][content]")]
    return [((each.get("name") or "").lower(), (each.get("content") or "").strip()) for each in said]


def _meta(said: Metas, names: frozenset[str]) -> str:
    return next((content for name, content in said if name in names), "")


def posted(said: Metas, body: LexborNode) -> str | None:
    """The page's own date: a meta tag, else 发布时间：…; ISO, or None."""
    match = _ANY_DATE.search(_meta(said, _DATE_NAMES))
    if match is None and ("日期" in (text := body.text()) or "时间" in text):
        match = _POSTED.search(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def missing_title(page: LexborHTMLParser, said: Metas, block: LexborNode) -> Paragraph | None:
    """The article's title when it stands outside the main block."""
    if block.tag in ("body", "html"):
        return None
    title, line = _title(page, said)
    if not title or _heads("".join(title.split()), "".join(block.text()[:2000].split())[:400]):
        return None
    return Paragraph(title, Where(line=line, block=0), "h1")


def _heads(title: str, text: str) -> bool:
    """Whether a text has the title as one: 现公布…年度报告。 only names it in a sentence."""
    at = text.find(title)
    while at >= 0 and text[at + len(title) : at + len(title) + 1] in tuple("。，；、"):
        at = text.find(title, at + 1)
    return at >= 0


def _title(page: LexborHTMLParser, said: Metas) -> tuple[str, int | None]:
    """The last h1 outside the site's header, else what the page's head says, without the site's name."""
    site = _meta(said, frozenset(("sitename",)))
    for node in reversed(page.css("h1")):
        text = " ".join(node.text().split())
        if text and text != site and not any(is_chrome(parent) for parent in _ancestors(node)):
            return text, line_of(node)
    title = _meta(said, frozenset(("articletitle",)))
    if not title and page.head is not None and (node_ := page.head.css_first("title")) is not None:
        title = max(re.split(r"[_|]|\s[-–—]+\s|--", node_.text()), key=len)
    return " ".join(title.split()), None


def _ancestors(node: LexborNode) -> list[LexborNode]:
    found = []
    at = node.parent
    while at is not None and at.tag not in ("body", "html"):
        found.append(at)
        at = at.parent
    return found
