"""Reports alike, side by side: what two of them share, with the words that are the same in both marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from checker.render.county import told

if TYPE_CHECKING:
    from checker.season.nouns import Cluster, Season, Shared, Twins

CLUSTERS, PAIRS, PASSAGES = 100, 10, 8  #: shown: of all, of a cluster, of a pair; the rest is counted
_LONG = 1000  #: characters of a passage
_LEAST = 4  #: characters in a row that are marked

#: wording, and whether it stands in both
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as each of two reports has it, with its place."""

    left: Pieces
    right: Pieces
    places: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, how alike they are in percent, what they share, and how many passages are not shown."""

    left: str
    right: str
    percent: int
    passages: list[Passage]
    more: int


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster: its reports, its pairs, and how many pairs are not shown."""

    members: list[str]
    pairs: list[Pair]
    more: int


def clusters(season: Season) -> Iterator[Group | int]:
    """The clusters, most alike first; at the end, if there are more than are shown, how many."""
    more = 0
    for number, cluster in enumerate(season.clusters()):
        if number < CLUSTERS:
            yield _group(cluster)
        else:
            more += 1
    if more:
        yield more


def _group(cluster: Cluster) -> Group:
    shown = [_pair(pair) for pair in cluster.pairs[:PAIRS]]
    return Group([told.member(one) for one in cluster.members], shown, len(cluster.pairs) - len(shown))


def _pair(pair: Twins) -> Pair:
    shown = [_passage(shared) for shared in pair.passages[:PASSAGES]]
    names = told.member(pair.left), told.member(pair.right)
    return Pair(*names, told.alike(pair.likeness), shown, len(pair.passages) - len(shown))


def _passage(shared: Shared) -> Passage:
    left, right = told.personal(shared.left)[:_LONG], told.personal(shared.right)[:_LONG]
    same = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    kept = [block for block in same if block.size >= _LEAST]
    one = _cut(left, [(block.a, block.a + block.size) for block in kept])
    other = _cut(right, [(block.b, block.b + block.size) for block in kept])
    return Passage(one, other, (told.place(shared.left_where), told.place(shared.right_where)))


def _cut(text: str, same: list[tuple[int, int]]) -> Pieces:
    pieces: Pieces = []
    at = 0
    for start, end in [*same, (len(text), len(text))]:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(part, both) for part, both in pieces if part]
