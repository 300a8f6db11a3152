"""Markdown: headings, lists, pipe tables. The words of a report are the same as in plain text, line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Block, Cell, Document, Note, Paragraph, Table, Where
from checker.read.limits import LIMITS, Limits
from checker.read.pictured import picture_note, pictured
from checker.read.plain.text import parse_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_BETWEEN = late(r"(?<!\\)\|")
_NESTING = 100  #: lists and quotes within each other


def parse_markdown(text: str, source: str, limits: Limits = LIMITS) -> Document:
    """``text`` as a Document: each printed line a paragraph, ``h1``..``h6`` and ``li`` as hints, pipe tables as grids.

    Ordered items keep their number as written, since numbering is data; bullets, emphasis, links and HTML comments go.
    HTML blocks are read like a page. Indented text is text, and so is what stands between lines of ```: officers
    indent, and fence a table off, they do not quote programs.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable("table").disable("code")
    tokens = parser.parse(text)
    parser.disable("fence")  # within one no other opens
    for fence in [token for token in tokens if token.type == "fence"]:
        fence.children = parser.parse(fence.content)
    if any(token.level >= _NESTING // 2 for whole in tokens for token in (whole, *_fenced(whole))):
        return replace(parse_text(text, source), format="md")  # the parser drops what is nested deeper
    page = _Page(source, limits, re.split(r"\r\n|[\r\n]", text))
    page.read(tokens)
    return Document(source, "md", tuple(page.blocks), tuple(page.notes))


class _Page:
    """The blocks so far, and what the next paragraph is: its hint and the list number in front of it."""

    def __init__(self, source: str, limits: Limits, printed: list[str]) -> None:
        self.source, self.limits, self.printed = source, limits, printed
        self.blocks: list[Block] = []
        self.notes: list[Note] = []
        self.hint = self.marker = ""
        self.lists = 0
        self.above = 0  #: lines above those that the tokens count

    def read(self, tokens: Sequence[Token]) -> None:
        index = 0
        while index < len(tokens):
            index = self.take(tokens, index)

    def take(self, tokens: Sequence[Token], index: int) -> int:
        """Read the token at ``index``; the index to go on with."""
        token = tokens[index]
        kind = token.type
        if kind == "table_open":
            return self.table(tokens, index)
        if kind == "inline":
            self.lines(token)
        elif kind == "html_block":
            self.html(token)
        elif kind == "fence":
            self.fenced(token)
        elif kind == "heading_open":
            self.hint = token.tag
        elif kind == "list_item_open":
            self.lists += 1
            self.marker = token.info + token.markup if token.info else ""
        elif kind == "list_item_close":
            self.lists -= 1
            self.marker = ""
        return index + 1

    def lines(self, token: Token) -> None:
        """An inline token: one paragraph for each line of it."""
        number = self.line(token)
        parts = _plain(token).split("\n")
        hint = (self.hint if len(parts) == 1 else "") or ("li" if self.lists else "")
        if _is_picture(token):
            self.blocks.append(Table((), Where(line=number, block=len(self.blocks)), picture=True))
            if not any(note.code == "picture" for note in self.notes):
                self.notes.append(picture_note(Where(line=number)))
        for offset, part in enumerate(parts):
            if self.marker or part.strip():
                where = Where(line=number + offset, block=len(self.blocks))
                self.blocks.append(Paragraph(f"{self.marker} {part}" if self.marker else part, where, hint))
            self.marker = ""
        self.hint = ""

    def fenced(self, token: Token) -> None:
        above, self.above = self.above, self.line(token)
        self.read(_fenced(token))
        self.above = above

    def html(self, token: Token) -> None:
        from checker.read.plain.html import parse_fragment

        blocks, notes = parse_fragment(token.content, self.limits, self.line(token), len(self.blocks))
        self.blocks += blocks
        self.notes += notes

    def table(self, tokens: Sequence[Token], index: int) -> int:
        """The grid from ``table_open`` on, rows of equal length; a row that is too long widens it.

        Lines without any bar below it, which the parser takes for rows as long as none is blank, are text again.
        """
        place = len(self.blocks)
        where = Where(line=self.line(tokens[index]), block=place)
        rows: list[list[Cell]] = []
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "tr_close":
                rows[-1] = self.as_printed(rows[-1])
            elif token.type == "inline":
                rows[-1].append(
                    Cell(_plain(token).strip(), Where(line=self.line(token), block=place), _is_picture(token))
                )
            index += 1
        if held := next((cell for row in rows for cell in row if cell.unread), None):
            self.notes.append(pictured(held.where))
        told = self.below(rows)
        widest = max(map(len, rows))
        width = min(widest, self.limits.table_width)
        nothing = Cell("")
        self.blocks.append(Table(tuple(tuple((row + [nothing] * (width - len(row)))[:width]) for row in rows), where))
        if widest > width:
            self.notes.append(Note("table-span", f"表格超过 {width} 列，多出的列没有读。", where))
        for cell in told:
            self.blocks.append(Paragraph(cell.text, Where(line=cell.where.line, block=len(self.blocks))))
        return index + 1

    def below(self, rows: list[list[Cell]]) -> list[Cell]:
        """The last of ``rows`` that have no bar, taken out of them."""
        if len(rows[0]) == 1:
            return []
        end = len(rows)
        while end > 1 and not _BETWEEN.search(self.printed_at(rows[end - 1][0])):
            end -= 1
        told = [row[0] for row in rows[end:]]
        del rows[end:]
        return told

    def line(self, token: Token) -> int:
        return self.above + (token.map[0] + 1 if token.map else 1)

    def as_printed(self, row: list[Cell]) -> list[Cell]:
        """A row with as many cells as its line has; the parser fills up short rows and drops what is too much."""
        if not (printed := self.printed_at(row[0])):
            return row
        cells = _BETWEEN.split(printed.strip("> \t").removeprefix("|").removesuffix("|"))
        return [*row[: len(cells)], *(Cell(text.strip(), row[0].where) for text in cells[len(row) :])]

    def printed_at(self, cell: Cell) -> str:
        """The line of the file that a cell stands on."""
        line = (cell.where.line or 1) - 1
        return self.printed[line] if line < len(self.printed) else ""


def _fenced(token: Token) -> list[Token]:
    """What stands between lines of ```, read like the rest."""
    return (token.children or []) if token.type == "fence" else []


def _plain(token: Token) -> str:
    """The words of an inline token, lines apart."""
    words = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak") or (child.type == "html_inline" and child.content[:3] == "<br"):
            words.append("\n")
        elif child.type in ("text", "code_inline"):
            words.append(child.content)
    return "".join(words)


def _is_picture(token: Token) -> bool:
    return any(map(_draws, token.children or ())) and not _plain(token).strip()


def _draws(child: Token) -> bool:
    return child.type == "image" or (child.type == "html_inline" and child.content[:4].lower() == "<img")
