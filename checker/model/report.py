"""A report: its text as patterns see it, with the way back to wording and place, and what it says as facts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from checker.model.blank import Mark, mark_of
from checker.model.document import NOWHERE, Era, FactState, Level, Note, Rank, Value, Where, record

#: a department of a county or a district, not of a 开发区; a city's may be either's
_OF_COUNTY = (
    r"(?:[县旗]|(?<!开发|示范|保护|合作|保税|度假|工业|实验|试验|功能)(?<![新园景库灾社林校老小辖])区)"
    r"[\u4e00-\u9fff]{2,}$"
)


class Origin(NamedTuple):
    """Where a stretch of a logical line comes from: it begins at ``at`` of the line, and at ``start`` of its block.

    A block or a start of None: nobody noted it.
    """

    at: int
    line: int
    block: int | None = None
    start: int | None = None

    def later(self, by: int) -> Origin:
        """The same stretch without its first characters."""
        return Origin(self.at, self.line, self.block, None if self.start is None else self.start + by)


Place = tuple[int, int]  #: a block and an offset in it: places come in the order of the document


def _at(origin: Origin) -> int:
    return origin.at


def part(source: Sequence[Origin], begin: int, end: int) -> tuple[Origin, ...]:
    """Where the part begin:end of a line comes from that comes from ``source``."""
    if len(source) == 1:  # nearly always
        at, line, block, start = source[0]
        return (Origin(0, line, block, None if start is None else start + begin - at),)
    first = source[max(bisect_right(source, begin, key=_at) - 1, 0)]
    within = (origin for origin in source if begin < origin.at < end)
    return (
        first.later(begin - first.at)._replace(at=0),
        *(origin._replace(at=origin.at - begin) for origin in within),
    )


@record
class Line:
    """One logical paragraph of a report inside a ``Passage``.

    ``text`` is what patterns see (half-width digits and letters, blanks and zero-width characters dropped, see
    ``extract.compact``); ``raw`` is the source wording. ``source`` says where it comes from, by ascending raw offset.
    """

    text: str
    raw: str
    source: tuple[Origin, ...] = (Origin(0, 1),)
    block: int = 0
    page: int | None = None
    section: str | None = None
    starts: tuple[int, ...] | None = None  #: raw offset of each character of ``text``; None: the two are equally long

    def under(self, section: str | None) -> Line:
        """The same line, placed in another section."""
        return Line(self.text, self.raw, self.source, self.block, self.page, section, self.starts)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in ``raw`` of the half-open span start:end of ``text``."""
        if self.starts is None or end <= start:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1

    def said(self, start: int, end: int) -> str:
        """The source wording of text[start:end]."""
        first, last = self.raw_span(start, end)
        return self.raw[first:last]

    def place(self, at: int) -> Place:
        """Where text[at] stands in the document, or where the text before it ends."""
        first = at if self.starts is None else self.starts[at] if at < len(self.starts) else len(self.raw)
        source = self.source
        index = 0 if len(source) == 1 else max(bisect_right(source, first - (at == len(self.text)), key=_at) - 1, 0)
        origin = source[index]
        return self.block if origin.block is None else origin.block, (origin.start or 0) + first - origin.at

    def where(self, start: int, end: int) -> Where:
        """The place of text[start:end], with the raw wording as quote."""
        first, last = self.raw_span(start, end)
        source = self.source
        index = 0 if len(source) == 1 else max(bisect_right(source, first, key=_at) - 1, 0)
        at, line, block, begin = source[index]
        quote = self.raw[first : min(last, first + 200)]
        begin = None if begin is None else begin + first - at
        block = self.block if block is None else block
        return Where(self.section, None, None, None, line, self.page, block, quote, begin)


class Passage:
    """The text of one scope (``title``, ``preface``, ``body``, a topic ...): lines joined by newlines in ``text``."""

    def __init__(self, lines: tuple[Line, ...] = ()) -> None:
        self.lines = lines

    # what follows is worked out when first asked for: of most scopes nobody asks
    @cached_property
    def text(self) -> str:
        return "\n".join([line.text for line in self.lines])

    @cached_property
    def offsets(self) -> list[int]:
        """Where each line begins in ``text``."""
        return list(accumulate([len(line.text) + 1 for line in self.lines[:-1]], initial=0))

    @cached_property
    def breaks(self) -> list[int]:
        """Where sentences end in ``text``."""
        text = self.text.replace("……", "\n\n")  # an excerpt has it for what is left out
        for mark in "。；！？":
            text = text.replace(mark, "\n")
        return list(accumulate([len(sentence) + 1 for sentence in text.split("\n")], initial=-1))[1:-1]

    def __bool__(self) -> bool:
        return bool(self.lines)

    def at(self, start: int) -> tuple[Line, int]:
        """The line that holds offset ``start`` of ``text``, and the offset where that line begins."""
        index = max(bisect_right(self.offsets, start) - 1, 0)
        return self.lines[index], self.offsets[index]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The span of the sentence around start:end: up to 。；！？…… or a line's end, the mark itself left out."""
        breaks = self.breaks
        first, last = bisect_left(breaks, start), bisect_left(breaks, end)
        return breaks[first - 1] + 1 if first else 0, breaks[last] if last < len(breaks) else len(self.text)

    def where(self, start: int, end: int) -> Where:
        """The place of text[start:end]; a span over several lines is quoted up to the end of its first."""
        line, base = self.at(start)
        return line.where(start - base, min(end - base, len(line.text)))

    def raw(self, start: int, end: int) -> str:
        """The source wording of text[start:end], within its first line."""
        line, base = self.at(start)
        return line.said(start - base, min(end - base, len(line.text)))


@record
class Heading:
    """A numbered or marked heading.

    ``level`` 1 for 一、, 2 for （一）, 3 for 1、 or 1., 4 for (1). ``number`` is its ordinal, None when the number is
    missing (seed 002). ``text`` is the heading without number, compact. ``topics`` names what it is about (TOPICS of
    ``outline``): none, one, or several for 收费、复议诉讼情况. ``run_in``: body text follows on the same line.
    """

    level: int
    number: int | None
    label: str
    text: str
    topics: tuple[str, ...]
    where: Where
    run_in: bool = False


@record
class Section:
    """A first-level part: its heading, its text without the heading, its tables (flattened too) and pictures."""

    heading: Heading
    text: Passage
    subheadings: tuple[Heading, ...] = ()
    tables: int = 0
    pictures: int = 0


def subheadings(sections: Sequence[Section], topic: str) -> tuple[Line, ...]:
    """The subheadings of the parts on a topic, each as a line of text."""
    heads = [head for part in sections if topic in part.heading.topics for head in part.subheadings]
    places = [(head.text, head.where) for head in heads]
    return tuple(
        Line(text, text, (Origin(0, where.line or 1, where.block),), where.block or 0, section=where.section)
        for text, where in places
    )


#: of a sighting
QUALIFIERS = ("approx", "cumulative", "aside")


@record
class Sighting:
    """One place where a fact was met.

    ``approx``: 63余; ``cumulative``: a total over several years; ``aside``: of another time than the report year, as of
    last year or of a quarter, or how much it changed; or of another matter.
    """

    value: Value
    raw: str
    where: Where
    approx: bool = False
    cumulative: bool = False
    aside: bool = False

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Why the value is no exact figure of the report year; empty where it is one."""
        return tuple(name for name in QUALIFIERS if getattr(self, name))


@record
class Fact:
    """What a report says on one point. ``given`` if and only if it has a value; ``raw`` is never cleaned."""

    state: FactState
    value: Value = None
    raw: str = ""
    where: Where = NOWHERE
    sightings: tuple[Sighting, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """How a blank cell says that it has no figure; None of any other fact."""
        return mark_of(self.raw) if self.state == "blank" else None

    @property
    def approx(self) -> bool:
        return bool(self.sightings) and self.sightings[0].approx

    @property
    def aside(self) -> bool:
        """Whether all that was met is of another time or matter."""
        return bool(self.sightings) and self.sightings[0].aside

    @property
    def exact(self) -> bool:
        """Whether the value is a figure of the report year, and no approximate one."""
        return self.state == "given" and not (self.sightings and self.sightings[0].qualifiers)


ABSENT = Fact("absent")
UNREAD = Fact("unread")
LAST = "last."  #: begins the names of facts of last year's report


@record
class Form:
    """An official form (表三) as a report carries it; its figures are facts.

    ``edition``: the year of its format, empty where all years have the same. ``topics``: of the part it stands in.
    ``cells``: the facts that this edition has. ``missing`` and ``lost``: official labels of rows (or captions) and of
    columns that are not there. ``renamed``: labels as printed, with the official ones. ``extra``: columns that the
    form does not have, and group rows with figures. ``foreign``: labels that the edition of the report's year does not
    have. ``labels``: all as printed. ``note``: whether its printed note is there. ``whole``: all of it was read, so
    that what is missing is not there. ``blurred``: some labels could not be read for certain, so that nothing can be
    said of what is missing or strange. ``gaps``: (cause, label) for each row or column of which figures were not read.
    ``beside``: the caption of the same form for another year, which was not read.
    ``surplus``: rows of figures that the form does not have, as they are called. ``below``: it stands in no part but
    below the signature.
    """

    id: str
    title: str
    edition: str
    topics: tuple[str, ...]
    where: Where
    cells: tuple[str, ...]
    missing: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    note: bool = True
    whole: bool = True
    blurred: bool = False
    gaps: tuple[tuple[str, str], ...] = ()
    beside: str = ""
    surplus: tuple[str, ...] = ()
    below: bool = False


@dataclass(frozen=True)
class Report:
    """One report as facts and texts: the only vocabulary that rules have.

    ``texts``: scope -> Passage. Scopes: ``title``, ``preface``, ``body`` (preface and sections, without title,
    signature and page furniture), ``tail`` (signature and date), ``furniture`` (page residue), ``all`` (everything in
    printed order), ``s1``.. (first-level sections in order), and a topic of ``outline.TOPICS`` (its sections).
    A scope that the report does not have is missing from the mapping.
    ``reason`` says in Chinese why this year and era were chosen. ``forms_only``: a workbook of forms without a report's
    text, of which nobody knows what it says. ``recognised``: as of its document.
    ``doubtful``: the blocks of its paragraphs that could not be read for certain. ``lost``: some of its characters,
    of paragraphs or cells, were lost with their bytes.
    ``cut``: parts of it are left out (……), nobody knows what they say.
    """

    source: str
    format: str
    place: str | None
    level: Level | None
    year: int | None
    era: Era | None
    reason: str
    facts: Mapping[str, Fact]
    texts: Mapping[str, Passage]
    sections: tuple[Section, ...] = ()
    headings: tuple[Heading, ...] = ()
    notes: tuple[Note, ...] = ()
    forms: tuple[Form, ...] = ()
    forms_only: bool = False
    recognised: bool = False
    doubtful: frozenset[int] = frozenset()
    cut: bool = False
    lost: bool = False

    def fact(self, name: str) -> Fact:
        return self.facts.get(name, ABSENT)

    @property
    def rank(self) -> Rank | None:
        """The level, but 县级部门 for a department whose name says that it is a county's or a district's."""
        return "县级部门" if self.level == "部门" and re.search(_OF_COUNTY, self.place or "") else self.level

    @cached_property
    def cells(self) -> Mapping[str, Mapping[str, Fact]]:
        """The cells of each form that are there, by the form's id."""
        known = self.facts
        return {
            form.id: {key: fact for key in form.cells if (fact := known.get(key, ABSENT)).state != "absent"}
            for form in self.forms
        }

    @cached_property
    def printed(self) -> Mapping[str, Mapping[str, Fact]]:
        """The facts that are there or unread, by the first part of their ids: those of table three under ``t3``."""
        groups: dict[str, dict[str, Fact]] = {}
        for name, fact in self.facts.items():
            if fact.state != "absent":
                groups.setdefault(_GROUPS[name], {})[name] = fact
        return groups

    @cached_property
    def groups(self) -> Set[str]:
        """The first parts of the ids of all facts."""
        return frozenset(map(_GROUPS.__getitem__, self.facts))

    @cached_property
    def unread(self) -> frozenset[str]:
        """The first parts of the ids of facts that could not be read: ``t3`` when something of table three was not."""
        return frozenset({_GROUPS[name] for name, fact in self.facts.items() if fact.state == "unread"})


class _Groups(dict[str, str]):
    """Id of a fact -> its first part; the ids are few, and looked up for every report."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, name.partition(".")[0])


_GROUPS = _Groups()
