"""Which facts a scan's doubtful lines leave unread: those that stand in one, and those that may; what "……" leaves out.

A line has a HOLE for each character that could not be read, the others are certain. An answer may stand in it where
the pattern of that answer fits with each hole as some character, or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise, takewhile

from checker.extract.facts import LONG, Places, read_fact
from checker.extract.marks import MARKERS, ordinal
from checker.extract.outline import Outline
from checker.factmap import FactMap, FactSpec, Reading
from checker.late import late
from checker.model import (
    ABSENT,
    HOLE,
    UNREAD,
    Block,
    Document,
    Era,
    Fact,
    Heading,
    Line,
    Note,
    Paragraph,
    Passage,
    Where,
)
from checker.patterns import pairs
from checker.patterns.holes import may_match

_HEADING = late(r"[^。；，]{1,20}")  #: what of a line names the topic of its heading


#: what an excerpt has for the parts left out; not one in a list (通知、公告……等) or of a quotation that trails off
_CUT = late(r"(?:…{2}|\.{6}|。{6})(?![等”’」』）)、，,？！])")
_OPENING = late("报告|年报|根据|按照|概[述况]|一、")  #: what stands before a first part that has lost its number
_DOTS = ("……", "......", "。。。。。。")  #: of which it has one


def cut(document: Document, found: Outline) -> Note | None:
    """That parts of the report are left out where … stands, or before 三、, and where; None of a whole one."""
    place = next(_cuts(document, found), None)
    said = "文中有省略号“……”，像是节选或者没有写完：没有见到的内容可能在省略的地方，不作判断；请用全文再查一次。"
    if place is None and (first := _later_part(found)):
        place = first.where
        said = f"正文从“{first.label}{first.text}”开始，没有标题和前面的部分，像是节选：前面的不作判断；请用全文再查。"
    return Note("cut", said, place) if place else None


def _later_part(found: Outline) -> Heading | None:
    """The first part of a text that has neither a title nor an opening and begins with 二、 or a later one."""
    first = found.sections[0].heading if found.sections else None
    late = first is not None and first.level == 1 and (first.number or 0) > 1
    return first if late and not found.title and not _OPENING.search(found.preface.text) else None


def _cuts(document: Document, found: Outline) -> Iterator[Where]:
    """Where parts are left out; the outline's lines do not begin with …, though paragraphs may."""
    if any(map(found.all.text.__contains__, _DOTS)):
        beside = set(map(id, found.furniture.lines))  # of a table of contents the dots lead to the page
        lines = (line for line in found.all.lines if id(line) not in beside)
        yield from (line.where(*at.span()) for line in lines if (at := _CUT.search(line.text)))
    yield from (block.where for block in document.blocks if _torn(block))


def torn(document: Document) -> bool:
    """Whether the document begins in the midst of a report: it says so itself."""
    return any(map(_torn, document.blocks[:1]))


def _torn(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.text.startswith("……")


#: the parts of a report in the order of all its templates
_ORDER = ("", "overview", "published", "requests", "fees", "disputes", "problems", "plan", "other", "tail")
#: where a fact stands, by what its name begins with; any other stands before all of them
_STANDS = {
    "overview": "overview",
    "published": "published",
    "channels": "published",
    "requests": "requests",
    "said": "requests",
    "fees": "fees",
    "reviews": "disputes",
    "lawsuits": "disputes",
    "problems": "problems",
    "improvements": "plan",
    "contact": "tail",
    "signed": "tail",
    "place": "tail",
    "attachment": "tail",
    "table": "tail",
}


def left_out(
    read: Mapping[str, Fact], document: Document, found: Outline, facts: FactMap, era: Era | None
) -> dict[str, Fact]:
    """The facts of a report of which parts are left out: what was met nowhere may stand there.

    Where only its end is left out, what stands before the last part that is there would have been met, but for what
    stands before the first one, of a text that begins with 二、.
    """
    told = {*facts.forms, *facts.returns}
    lacking = [name for name in facts.specs if name not in told and read.get(name, ABSENT).state == "absent"]
    if _CUT.search(found.all.text.rstrip("…. \n")) is None and not any(map(_torn, document.blocks)):
        reached = [rank for head in _parts(found) for rank in _places_of(head)]
        first = min(reached, default=0) if _begins_late(found) else 0
        last = max(reached, default=0) if _CUT.search(found.all.text) else _ORDER.index("tail")
        passed = {*range(first, last)}.difference(*map(_places_of, found.headings[-1:]))
        lacking = [name for name in lacking if _rank(name, era) not in passed]
    return {**read, **dict.fromkeys(lacking, UNREAD)}


def _parts(found: Outline) -> Sequence[Heading]:
    """The headings of the parts; what an overview sums up under its own ones says nothing of how far the text goes."""
    return [section.heading for section in found.sections] or found.headings


def _places_of(head: Heading) -> list[int]:
    return [place for topic in head.topics if (place := _place(topic)) is not None]


def _place(topic: str) -> int | None:
    """Where a topic stands in the order of the parts; charges are told before the disputes or after them."""
    return _ORDER.index("disputes" if topic == "fees" else topic) if topic in _ORDER else None


def _begins_late(found: Outline) -> bool:
    """Whether the text begins with 二、 or a later part, or in the midst of the one before."""
    if _later_part(found):
        return True
    number = ordinal(MARKERS[0][1].match(found.all.lines[0].raw)) if found.all.lines else None
    return number is not None and number > 1


def _rank(name: str, era: Era | None) -> int:
    """The place of a fact in the order of the parts; since 2019 fees stand in the last one."""
    part = _STANDS.get(name.partition(".")[0], "")
    return _place("other" if part == "fees" and era in ("C", "D") else part) or 0


def doubtful(document: Document, found: Outline) -> frozenset[int]:
    """The blocks that are paragraphs which could not be read for certain.

    Of a scan, or of a page in mixed columns, the title beside one is one too: a line of it may be missing.
    """
    unread = (block for block in document.blocks if isinstance(block, Paragraph) and block.unread)
    blocks = frozenset(block.where.block for block in unread if block.where.block is not None)
    if not (document.recognised or any(note.code == "layout-uncertain" for note in document.notes)):
        return blocks
    title = {line.block for line in found.title.lines}
    printed = [line.block for line in found.all.lines]
    beside = {each for pair in pairwise(printed) if title & {*pair} and blocks & {*pair} for each in pair}
    return blocks | (beside & title)


def certain(
    told: Mapping[str, Fact],
    found: Outline,
    scopes: Mapping[str, Passage],
    facts: FactMap,
    printed: Set[str],
    blocks: Set[int],
    variant: int,
) -> dict[str, Fact]:
    """The facts that the text tells, ``unread`` where they stand or may stand in one of the doubtful ``blocks``.

    What was met nowhere may be what these say, and a better answer than what was met elsewhere may be there; the text
    is not asked for what is ``printed`` in forms. ``variant``: of the patterns, by the report's year.
    """
    read = _Doubt(found, scopes, blocks, variant)
    result = dict(told)
    for name, spec in facts.specs.items():
        if name in printed and name not in result:
            continue
        fact = result.get(name, ABSENT)
        if any(where.block in blocks for where in _places(fact)) or read.may_say(spec, fact):
            result[name] = UNREAD
    return result


def _places(fact: Fact) -> Iterator[Where]:
    yield fact.where
    yield from (sighting.where for sighting in fact.sightings)


class _Doubt:
    """The doubtful lines of each scope, and all that may stand under a heading in one.

    Each comes with its neighbours: a paragraph may be cut where it is not clear.
    """

    def __init__(self, found: Outline, scopes: Mapping[str, Passage], blocks: Set[int], variant: int) -> None:
        self.scopes, self.blocks, self.variant = scopes, blocks, variant
        self.parts = {heading.where.block for heading in found.headings if heading.level == 1} - blocks
        self.signed = {line.text for line in found.tail.lines}  #: they say who and when, and nothing else
        self.below = list(self._below(found.all.lines))
        self.words = pairs(found.all.text)
        self.doubted = [found.all.lines[at] for at in self._at(found.all.lines)]

    def may_say(self, spec: FactSpec, fact: Fact) -> bool:
        """Whether a doubtful line may hold the answer, or a better one than was met elsewhere.

        Of a fact that no pattern reads nobody knows; of a year, a period or a name that was met, none may stand before
        it. One that was met otherwise is said by a reading; those in which there is more trust may find something else,
        and so may that one before it.
        """
        given = fact.state != "absent"
        if not spec.readings:
            return not given or self._comes_late(fact.where.block)
        last = self._rank(spec, fact) if given else len(spec.readings)
        for rank, reading in enumerate(spec.readings[: last + 1]):
            first = rank == last and len(reading.scopes) == 1
            before = fact.where.block if given and first else None
            if any(self._may_stand(reading, scope, spec, before, given=given) for scope in reading.scopes):
                return True
        return False

    def _comes_late(self, block: int | None) -> bool:
        """Whether a doubtful line of the text stands before a place."""
        return block is not None and any(line.block < block for line in self.doubted)

    def _rank(self, spec: FactSpec, fact: Fact) -> int:
        """The reading that says a fact; the last one where all count, as of a map, or where any other is better."""
        if spec.type != "map" and not (fact.sightings and fact.sightings[0].cumulative):
            for rank, reading in enumerate(spec.readings):
                alone = replace(spec, readings=(reading,))
                found = read_fact(alone, Places(self.scopes, self.words), self.variant)
                if any(sighting.where == fact.where for sighting in found.sightings):
                    return rank
        return len(spec.readings)

    def _may_stand(
        self, reading: Reading, scope: str, spec: FactSpec, before: int | None = None, *, given: bool
    ) -> bool:
        """Whether a match of a reading may stand in a doubtful line of a scope, ``before`` a block.

        The heading of a topic may be in such a line, too, and what is said under it below.
        """
        pattern = reading.pattern(self.variant)
        gates = (spec.gate, spec.about) if scope in LONG else ()
        texts = self._texts(scope, 0 if given else 1, before)
        below = [] if scope in ("all", "body") else self.below  # these go on whatever the headings are
        if pattern is None:  # the first line under a heading answers
            return bool(below if given else [*texts, *below])
        wanted = [each for each in (pattern, *gates, reading.needs) if each]
        return any(not text or all(may_match(each, text, HOLE) for each in wanted) for text in [*texts, *below])

    def _texts(self, scope: str, around: int, before: int | None) -> list[str]:
        """The doubtful lines of a scope, each between so many lines before and after it."""
        lines = self.scopes[scope].lines if scope in self.scopes else ()
        places = [at for at in self._at(lines) if before is None or lines[at].block < before]
        return [_told(lines[max(at - around, 0) : at + around + 1], lines[at]) for at in places]

    def _below(self, lines: Sequence[Line]) -> Iterator[str]:
        """From each doubtful line that may be a heading to the next part of the report."""
        for at in self._at(lines):
            heading = _HEADING.match(lines[at].text)
            if HOLE not in lines[at].text or (heading and HOLE in heading[0]):
                rest = takewhile(lambda line: line.block not in self.parts, lines[at + 1 :])
                yield _told([lines[at], *rest], lines[at])

    def _at(self, lines: Sequence[Line]) -> list[int]:
        """Where doubtful lines stand, other than those of the signature."""
        own = ((at, line) for at, line in enumerate(lines) if line.text not in self.signed)
        return [
            at for at, line in own if not self.blocks.isdisjoint((line.block, *(each.block for each in line.source)))
        ]


def _told(lines: Sequence[Line], doubtful: Line) -> str:
    """Lines in one text; a doubtful one without a hole may say anything."""
    return "\n".join([line.text for line in lines]) if HOLE in doubtful.text else ""
