"""A web page: its main block as flat paragraphs and full grids, without what the site prints around it.

The block is found by density: from the body down into the one child that holds nearly all the sentences. What remains
inside it (打印本页, 分享到) is kept, since a rule reports it.
"""

from __future__ import annotations

from checker.model import Block, Document, Note
from checker.read.limits import LIMITS, Limits
from checker.read.plain.html.article import main_block, metas, missing_title, posted
from checker.read.plain.html.hidden import hidden_in
from checker.read.plain.html.parsing import parsed
from checker.read.plain.html.pictures import emptied, painted
from checker.read.plain.html.writing import Writer


def parse_html(text: str, source: str, limits: Limits = LIMITS) -> Document:
    """``text``, already decoded, as a Document; the whole body when no main block stands out.

    Raises Unreadable ``html-depth`` before a parser sees a page that is nested too deeply.
    """
    page, tags = parsed(text, limits)
    emptied(page, tags)
    body = page.body or page.root
    if body is None:
        return Document(source, "html", ())
    hidden = hidden_in(page, tags)
    block = main_block(body, hidden)
    writer = Writer(limits, hidden, painted(page), whole_page=block.tag in ("body", "html"))
    said = metas(page)
    if title := missing_title(page, said, block):
        writer.blocks.append(title)
    writer.walk(block)
    return Document(source, "html", tuple(writer.blocks), writer.all_notes(), posted(said, body))


def parse_fragment(
    text: str, limits: Limits, first_line: int, first_block: int
) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The blocks of a piece of HTML that stands in another text, from ``first_line`` and as from ``first_block``."""
    page, tags = parsed(text, limits, first_line)
    emptied(page, tags)
    writer = Writer(limits, hidden_in(page, tags), painted(page), first_block=first_block)
    if page.body:
        writer.walk(page.body)
    return tuple(writer.blocks), writer.all_notes()
