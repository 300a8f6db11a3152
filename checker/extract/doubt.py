"""Which facts a scan's doubtful lines leave unread: those that stand in one, and those that may.

A line has a HOLE for each character that could not be read. What was met nowhere may be said in it where the words of
which any answer has one fit: the others are certain, and each hole is one character at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache

from checker.factmap import FactMap, FactSpec, Reading
from checker.model import ABSENT, HOLE, UNREAD, Document, Fact, Paragraph, Passage, Where
from checker.patterns import Pattern

_HEADING = 20  #: characters of a line in which the topic of its heading is named


def doubtful(document: Document) -> frozenset[int]:
    """The blocks of a scan that are paragraphs which could not be read for certain."""
    if not document.recognised:
        return frozenset()
    blocks = (block for block in document.blocks if isinstance(block, Paragraph) and block.unread)
    return frozenset(block.where.block for block in blocks if block.where.block is not None)


def certain(
    told: Mapping[str, Fact],
    scopes: Mapping[str, Passage],
    facts: FactMap,
    printed: Set[str],
    blocks: Set[int],
    year: int,
) -> dict[str, Fact]:
    """The facts that the text tells, ``unread`` where they stand or may stand in one of the doubtful ``blocks``.

    What was met nowhere may be what these say; what is ``printed`` in a form is known. ``year``: of the patterns.
    """
    read = _Doubt(scopes, blocks, year)
    found = dict(told)
    for name, spec in facts.specs.items():
        fact = found.get(name)
        if (fact is None and name not in printed) or (fact is not None and fact.state == "absent"):
            found[name] = UNREAD if read.may_say(spec) else fact or ABSENT
        elif fact is not None and any(where.block in blocks for where in _places(fact)):
            found[name] = UNREAD
    return found


def _places(fact: Fact) -> Iterator[Where]:
    yield fact.where
    yield from (sighting.where for sighting in fact.sightings)


class _Doubt:
    """The doubtful lines of each scope, each with its neighbours: a paragraph may be cut where it is not clear."""

    def __init__(self, scopes: Mapping[str, Passage], blocks: Set[int], variant: int) -> None:
        self.scopes, self.variant = scopes, variant
        self.texts = {name: list(_around(passage, blocks)) for name, passage in scopes.items()}
        self.below = list(_below(scopes["body"], blocks)) if "body" in scopes else []

    def may_say(self, spec: FactSpec) -> bool:
        """Whether a doubtful line may hold the answer; of a fact that no pattern reads nobody knows."""
        return not spec.readings or any(
            self._may_stand(reading, scope, spec) for reading in spec.readings for scope in reading.scopes
        )

    def _may_stand(self, reading: Reading, scope: str, spec: FactSpec) -> bool:
        """Whether a match of a reading may stand in a doubtful line of a scope.

        A scope that the report has not may have its heading in such a line: then it goes on below.
        """
        pattern = reading.pattern(self.variant)
        texts = self.texts[scope] if scope in self.scopes else self.below
        if pattern is None:
            return bool(texts)
        return any(_may_match(pattern, text) and (not spec.gate or _may_match(spec.gate, text)) for text in texts)


def _is_doubtful(passage: Passage, at: int, blocks: Set[int]) -> bool:
    line = passage.lines[at]
    return line.block in blocks or any(origin.block in blocks for origin in line.source)


def _around(passage: Passage, blocks: Set[int]) -> Iterator[str]:
    """Each doubtful line of a passage between the one before and the one after it."""
    lines = passage.lines
    for at in range(len(lines)):
        if _is_doubtful(passage, at, blocks):
            yield _told([line.text for line in lines[max(at - 1, 0) : at + 2]], lines[at].text)


def _below(passage: Passage, blocks: Set[int]) -> Iterator[str]:
    """From each doubtful line of a passage that may be a heading to its end."""
    for at, line in enumerate(passage.lines):
        if _is_doubtful(passage, at, blocks) and (HOLE in line.text[:_HEADING] or HOLE not in line.text):
            yield _told([each.text for each in passage.lines[at:]], line.text)


def _told(texts: Sequence[str], doubtful: str) -> str:
    """Lines in one text; a doubtful one without a hole may say anything."""
    return "\n".join(texts) if HOLE in doubtful else ""


def _may_match(pattern: Pattern, text: str) -> bool:
    """Whether a text with holes may hold a match, by the words of which any match has one."""
    return not text or not pattern.literals or any(_fits(word, text) for word in pattern.literals)


@lru_cache(maxsize=4096)
def _fits(word: str, text: str) -> bool:
    """Whether a word stands in a text, some of it in holes at most."""
    if word in text:
        return True
    return any(
        all(sign in (one, HOLE) for one, sign in zip(word, text[at : at + len(word)], strict=False))
        for at in range(len(text) - len(word) + 1)
        if HOLE in text[at : at + len(word)]
    )
