"""A file as read: blocks with their places, or why it could not be read; and the words that all nouns are told by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Literal, TypeVar, dataclass_transform

Era = Literal["A", "B", "C", "D"]
Level = Literal["省", "市", "县", "镇", "乡", "街道", "部门", "其他"]
#: what a rule may tell apart in its severity: of the departments, those of a county, as the place's name says
Rank = Literal[Level, "县级部门"]


def level_of(rank: Rank) -> Level:
    """The level that a rank is one of."""
    return "部门" if rank == "县级部门" else rank


FactState = Literal["given", "absent", "blank", "malformed", "unread"]
VerdictState = Literal["pass", "fail", "review", "unknown", "n/a", "waived", "broken"]
Severity = Literal["must", "should", "info"]
Confidence = Literal["high", "low"]
Against = Literal["last", "peers"]
#: what is said of rules that compare with something that is not there: no fault of the report, it costs no coverage
ALONE: Mapping[Against, str] = {
    "last": "没有上一年度的报告可以对照，跨年核对没有做",
    "peers": "没有其他单位的报告可以对照，是否雷同没有核对",
}
#: named among what was not read of a report that has … in it
LEFT_OUT = "省略的部分"
#: as well, where characters were lost with their bytes
LOST = "认不出的文字"
#: and where no format is known by which to judge
UNDATED = "与年度有关的规则"
#: Counts and amounts, text, an ISO date, (start, end) as ISO dates or None, or a map from names to counts.
Value = int | float | str | tuple[str | None, ...] | Mapping[str, int | float] | None

HOLE = "\ufffd"  #: in an unread paragraph: a character that could not be read
ANY = 20  #: of them in a row: a line of which nobody knows how long it is


_Noun = TypeVar("_Noun")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_Noun]) -> type[_Noun]:
    """A frozen dataclass with slots, of which both the class and its objects are quick to make.

    The type checker holds everyone to it; holding Python to it too makes each object eight times as slow to make. To
    compare, hash and show itself, ``dataclass`` writes and compiles six functions for each class, which takes longer
    than a check of a report: here it writes ``__init__`` alone.
    """
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    names = [each.name for each in fields(made)]  # type: ignore[arg-type]
    values = attrgetter(*names)

    def equal(self: _Noun, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: _Noun) -> int:
        return hash(values(self))

    def shown(self: _Noun) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    for name, method in (("__eq__", equal), ("__hash__", hashed), ("__repr__", shown)):
        setattr(made, name, method)
    return made


class Unreadable(Exception):
    """A file that cannot be checked: one row in the result, never the end of a run.

    ``code`` is a stable word of docs/errors.md (``encoding``, ``not-a-report``, ...), ``message`` one plain Chinese
    sentence on what is wrong, ``remedy`` one on what the officer should do.
    """

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.code, self.message, self.remedy = code, message, remedy


@record
class Where:
    """A place: the logical part first (section, table, row, column), then what the format can give.

    ``line`` and ``page`` count from 1, ``block`` from 0; ``quote`` is the raw wording, at most 200 characters.
    ``start`` is the offset of the quote in its block, ``cell`` the row and column of a cell in its table, from 0: for
    those who mark the place in the document itself. ``sheet``: the cell of a workbook as its programs name it, 表三!D5.
    """

    section: str | None = None
    table: str | None = None
    row: str | None = None
    col: str | None = None
    line: int | None = None
    page: int | None = None
    block: int | None = None
    quote: str | None = None
    start: int | None = None
    cell: tuple[int, int] | None = None
    sheet: str | None = None

    def to_dict(self) -> dict[str, str | int]:
        """The parts that are known and mean something outside the document, in a fixed order, for JSON."""
        return {name: value for name in _PLACE if (value := getattr(self, name)) is not None}

    @property
    def logical(self) -> str:
        """Section, table, row and column joined by "/": what a fingerprint is made of."""
        return "/".join(part for part in (self.section, self.table, self.row, self.col) if part)


NOWHERE = Where()
_PLACE = ("section", "table", "row", "col", "line", "page", "block", "quote")


@record
class Note:
    """Something that a reader could not do, or did and wants known: code (docs/errors.md), Chinese sentence, place."""

    code: str
    message: str
    where: Where = NOWHERE


@record
class Paragraph:
    """One printed paragraph or line. ``hint`` is what the format knows of it: ``h1``..``h6``, ``li`` or nothing.

    ``unread``: the reader could not tell for certain what stands there. A HOLE is a character that could not be
    read, the others are certain; where there is none, nothing is.
    """

    text: str
    where: Where = NOWHERE
    hint: str = ""
    unread: bool = False


@record
class Cell:
    """A table cell; a merged cell is the same object at every position that it covers.

    A position that no cell covers, as in a row too short, has an empty text and no place. ``unread``: the reader could
    not tell for certain what stands there; ``text`` is its best guess, good for a label and never for a figure.
    """

    text: str
    where: Where = NOWHERE
    unread: bool = False


@record
class Table:
    """A full grid, rows x columns, every row of equal length. ``picture`` marks an image that stands for a table."""

    rows: tuple[tuple[Cell, ...], ...]
    where: Where = NOWHERE
    picture: bool = False


Block = Paragraph | Table


@record
class Document:
    """One file as read: blocks in printed order, and notes on what the reader could not do.

    ``posted`` is the publishing date that the page itself carries outside its text (a meta tag), ISO, if any.
    ``recognised``: words were recognised from pictures, so nothing in it is quite certain.
    """

    source: str
    format: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    posted: str | None = None
    recognised: bool = False
