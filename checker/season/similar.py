"""Reports alike, among all units of a season and the year before: which pairs, what they share, who hangs with whom.

Likeness is that of ``checker.likeness``; on top of the wording that every report has, shingles are dropped that more
than one unit in twenty of this county uses: its own form wording. Every pair that is alike is found, however many
reports there are, and in memory stays the same little of them (``_alike``).

Signatures are asked for one by one, by index, so that a store may hold them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from itertools import chain, pairwise
from math import ceil
from typing import NamedTuple

from checker.likeness import Signature, sentences, shingles
from checker.model import Pack, Told, Twin
from checker.season.nouns import Cluster, Member, Shared, Twins
from checker.season.spill import spilled

FEW = 40  #: shingles of its own that a report must have to be compared
COMMON_SHARE, COMMON_LEAST = 0.05, 3  #: form wording: what more than this share, and this number, of the units use
SAMPLE = 1000  #: units among which form wording is looked for
MOST_PAIRS = 200  #: pairs of one cluster that are shown
_PARTS = 16  #: shingles are counted in so many passes, which bounds the memory of the count
_TOP = 1 << 61
_COUNTERS, _MOST = 1 << 23, 255  # how many reports have a shingle is counted in single bytes, some shingles sharing one

#: of a report, by its index
SignatureOf = Callable[[int], Signature]
NarrativeOf = Callable[[int], Sequence[Told]]
MemberOf = Callable[[int], Member]


class Pair(NamedTuple):
    """Two reports by index, the lower first, and their likeness."""

    left: int
    right: int
    likeness: float


def threshold(pack: Pack) -> float:
    """The likeness from which on COP-05 has anything to say."""
    rule = pack.rule("COP-05")
    return float(rule.turns[0].call.params.get("close", 0.7)) if rule else 0.7


# --- pairs ------------------------------------------------------------------------------------------------------------


def pairs(units: Iterable[str], signature_of: SignatureOf, least: float = 0.5) -> list[Pair]:
    """The pairs of reports whose likeness is ``least`` or more, most alike first. ``units``: whose each report is."""
    with closing(spilled()) as db:
        sample, count = _sample(db, units)
        known = _form_wording(sample, signature_of)
        own = (array("Q", (one for one in signature_of(at) if one not in known)) for at in range(count))
        copies = _firsts(db, own)
        found = list(_alike(db, least))
        spread = (
            Pair(min(left, right), max(left, right), pair.likeness)
            for pair in found
            for left in (pair.left, *copies.get(pair.left, ()))
            for right in (pair.right, *copies.get(pair.right, ()))
        )
        same = (Pair(at, copy, 1.0) for at, others in copies.items() for copy in others)
        return sorted((*spread, *same), key=lambda pair: (-pair.likeness, pair))


def _firsts(db: sqlite3.Connection, reports: Iterable[Signature]) -> dict[int, list[int]]:
    """Notes of the reports that have enough to compare one of each signature; gives the others of the same by it."""
    db.execute("CREATE TABLE firsts (at INTEGER PRIMARY KEY, size INTEGER, digest BLOB UNIQUE, own BLOB)")
    copies: dict[int, list[int]] = {}
    for at, own in enumerate(reports):
        if len(own) >= FEW:
            digest = hashlib.blake2b(own.tobytes(), digest_size=16).digest()
            row = (at, len(own), digest, own.tobytes())
            if not db.execute("INSERT OR IGNORE INTO firsts VALUES (?, ?, ?, ?)", row).rowcount:
                (first,) = db.execute("SELECT at FROM firsts WHERE digest = ?", (digest,)).fetchone()
                copies.setdefault(first, []).append(at)
    return copies


def _own(db: sqlite3.Connection, at: int) -> Signature:
    """The shingles of a report that are no form wording."""
    return array("Q", db.execute("SELECT own FROM firsts WHERE at = ?", (at,)).fetchone()[0])


def form_wording(units: Iterable[str], signature_of: SignatureOf) -> frozenset[int]:
    """The shingles that too many units of the county use to mean anything.

    Reports alike as they stand count as one voice: what five copies share is no form. One report a unit, and at most
    ``SAMPLE`` of them, evenly.
    """
    with closing(spilled()) as db:
        return _form_wording(_sample(db, units)[0], signature_of)


def _sample(db: sqlite3.Connection, units: Iterable[str]) -> tuple[list[int], int]:
    """The last reports of at most ``SAMPLE`` units, and how many reports there are."""
    db.execute("CREATE TABLE units (unit TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID")
    db.executemany("INSERT OR REPLACE INTO units VALUES (?, ?)", ((unit, at) for at, unit in enumerate(units)))
    ((latest, last),) = db.execute("SELECT COUNT(*), MAX(at) FROM units")
    step = max(latest / SAMPLE, 1)
    wanted = {int(number * step) for number in range(min(latest, SAMPLE))}
    found = enumerate(db.execute("SELECT at FROM units ORDER BY at"))
    return [at for number, (at,) in found if number in wanted], 0 if last is None else last + 1


def _form_wording(sample: Sequence[int], signature_of: SignatureOf) -> frozenset[int]:
    signatures = [signature_of(at) for at in sample]
    voices = _voices(signatures)
    most = max(COMMON_SHARE * len(voices), COMMON_LEAST)
    found: set[int] = set()
    for low, high in _ranges():
        counts: Counter[int] = Counter()
        for voice in voices:
            slices = [_slice(signatures[at], low, high) for at in voice]
            counts.update(slices[0] if len(slices) == 1 else set(chain.from_iterable(slices)))
        found.update(shingle for shingle, count in counts.items() if count > most)
    return frozenset(found)


def _ranges() -> Iterator[tuple[int, int]]:
    """The values that a shingle may have, in parts."""
    return pairwise(_TOP * at // _PARTS for at in range(_PARTS + 1))


def _slice(signature: Signature, low: int, high: int) -> Signature:
    return signature[bisect_left(signature, low) : bisect_left(signature, high)]


_SKETCH, _ONE_VOICE = 64, 0.6


def _voices(signatures: Sequence[Signature]) -> list[list[int]]:
    """Signatures that are nearly one another's, by the smallest of their shingles; the others each by itself."""
    leaders: dict[int, list[int]] = {}
    by_shingle: dict[int, list[int]] = {}
    for at, signature in enumerate(signatures):
        sketch = signature[:_SKETCH]
        met = Counter(chain.from_iterable(by_shingle.get(shingle, ()) for shingle in sketch))
        like = next((led for led, _ in met.most_common(5) if _estimate(sketch, signatures[led]) >= _ONE_VOICE), None)
        if like is not None:
            leaders[like].append(at)
            continue
        leaders[at] = [at]
        for shingle in sketch:
            by_shingle.setdefault(shingle, []).append(at)
    return list(leaders.values())


def _estimate(sketch: Signature, other: Signature) -> float:
    """The likeness of two signatures by the smallest shingles of both."""
    mine, theirs = set(sketch), set(other[:_SKETCH])
    least = sorted(mine | theirs)[:_SKETCH]
    return len(mine & theirs & set(least)) / max(len(least), 1)


# --- the index

_LITTLE = 1e-9  # what a product of fractions may be too large by


def _alike(db: sqlite3.Connection, least: float) -> Iterator[Pair]:
    """The pairs among ``firsts`` that are alike, by the rarest shingles of each report (prefix filter): exact.

    Put the shingles of each report in one order, the rare ones first. Two reports of which one has ``size`` shingles
    and that share a part of ``least`` have one of its first ``size - least * size + 1`` in common. What nobody else has
    is common to nobody, so of most reports nothing is noted at all.
    """
    _note_rare(db, least)
    among = """SELECT at, size, met FROM
               (SELECT other.at, COUNT(*) AS met FROM rare AS mine JOIN rare AS other USING (shingle)
                WHERE mine.at = ? AND other.at > ? GROUP BY other.at)
               JOIN firsts USING (at) WHERE size BETWEEN ? AND ?"""
    for at, size in db.execute("SELECT at, size FROM firsts WHERE at IN (SELECT at FROM rare) ORDER BY at"):
        mine: Set[int] = frozenset()
        for other, its, met in db.execute(among, (at, at, size * least - _LITTLE, size / least + _LITTLE)):
            if met >= _due(size, its, least):
                mine = mine or frozenset(_own(db, at))
                common = sum(map(mine.__contains__, _own(db, other)))
                likeness = common / (size + its - common)
                if likeness >= least:
                    yield Pair(at, other, likeness)


def _due(one: int, other: int, least: float) -> int:
    """How many of the noted shingles two reports of these sizes must share to be alike.

    Alike, they share at least ``a`` shingles, so the first k of these stand among the first ``size - a + k`` of each.
    """
    common = ceil((one + other) * least / (1 + least) - _LITTLE)
    return common - ceil(max(one, other) * least - _LITTLE) + 1


def _note_rare(db: sqlite3.Connection, least: float) -> None:
    """Notes of each report its rarest shingles, save those that nobody else has."""
    counts = bytearray(_COUNTERS)
    for (own,) in db.execute("SELECT own FROM firsts"):
        for shingle in array("Q", own):
            place = shingle % _COUNTERS
            if counts[place] < _MOST:
                counts[place] += 1
    db.execute("CREATE TABLE rare (at INTEGER, shingle INTEGER, PRIMARY KEY (at, shingle)) WITHOUT ROWID")
    for at, size, own in db.execute("SELECT at, size, own FROM firsts ORDER BY at"):
        mine = sorted(array("Q", own), key=lambda shingle: counts[shingle % _COUNTERS])
        first = mine[: size - ceil(size * least - _LITTLE) + 1]
        shared = ((at, shingle) for shingle in first if counts[shingle % _COUNTERS] > 1)
        db.executemany("INSERT INTO rare VALUES (?, ?)", shared)
    db.execute("CREATE INDEX rare_shingle ON rare (shingle)")


# --- clusters ---------------------------------------------------------------------------------------------------------


def clusters(
    units: Iterable[str],
    member_of: MemberOf,
    signature_of: SignatureOf,
    narrative_of: NarrativeOf,
    least: float = 0.7,
) -> Iterator[Cluster]:
    """The clusters of reports of which each is alike to another, the most alike first.

    A large cluster shows its ``MOST_PAIRS`` pairs most alike, and for every member the pair in which it is most so.
    """
    for group in _connected(pairs(units, signature_of, least)):
        twins = tuple(shared(pair, member_of, narrative_of) for pair in _telling(group))
        inside = sorted({at for pair in group for at in (pair.left, pair.right)})
        yield Cluster(tuple(map(member_of, inside)), twins)


def _connected(found: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs by cluster, both in the order given."""
    root: dict[int, int] = {}

    def top(at: int) -> int:
        while root.setdefault(at, at) != at:
            root[at] = at = root[root[at]]
        return at

    for pair in found:
        one, other = sorted((top(pair.left), top(pair.right)))
        root[other] = one
    groups: dict[int, list[Pair]] = {}
    for pair in found:
        groups.setdefault(top(pair.left), []).append(pair)
    return list(groups.values())


def _telling(group: Sequence[Pair]) -> list[Pair]:
    seen: set[int] = set()
    chosen = []
    for place, pair in enumerate(group):
        if place < MOST_PAIRS or not {pair.left, pair.right} <= seen:
            chosen.append(pair)
            seen |= {pair.left, pair.right}
    return chosen


def shared(pair: Pair, member_of: MemberOf, narrative_of: NarrativeOf) -> Twins:
    """A pair with what both reports say."""
    left, right = narrative_of(pair.left), narrative_of(pair.right)
    return Twins(member_of(pair.left), member_of(pair.right), pair.likeness, passages(left, right))


def twins(found: Iterable[Twins]) -> Mapping[tuple[str, int], tuple[Twin, ...]]:
    """What each report, by unit and year, is held against: those of other units that are alike, most alike first."""
    alike: dict[tuple[str, int], list[Twin]] = {}
    for pair in found:
        if pair.left.unit == pair.right.unit:
            continue
        for one, other, side in ((pair.left, pair.right, 0), (pair.right, pair.left, 1)):
            where = tuple((passage.left_where, passage.right_where)[side] for passage in pair.passages)
            twin = Twin(other.name, other.year, pair.likeness, where)
            alike.setdefault((one.unit, one.year), []).append(twin)
    return {key: tuple(sorted(found, key=lambda twin: -twin.likeness)) for key, found in alike.items()}


# --- passages ---------------------------------------------------------------------------------------------------------

_SAME = 0.5  #: likeness from which on two sentences are one


class _Sentence(NamedTuple):
    line: int
    start: int
    end: int
    shingles: Set[int]


def passages(left: Sequence[Told], right: Sequence[Told], least: int = 12) -> tuple[Shared, ...]:
    """What two narratives share, sentence by sentence, neighbours joined, longest first; ``least`` characters or more.

    Sentences are the same in spite of other figures or names in them, and shown as each report has them.
    """
    ones, others = _sentences(left), _sentences(right)
    runs: list[tuple[list[_Sentence], list[_Sentence]]] = []
    last = None
    for at, mate in _mates(ones, others):
        if runs and last == (at - 1, mate - 1) and _neighbours(ones, at) and _neighbours(others, mate):
            runs[-1][0].append(ones[at])
            runs[-1][1].append(others[mate])
        else:
            runs.append(([ones[at]], [others[mate]]))
        last = at, mate
    found = (_shared(left, mine, right, theirs) for mine, theirs in runs if mine[-1].end - mine[0].start >= least)
    return tuple(sorted(found, key=lambda item: -len(item.left)))


def _neighbours(among: Sequence[_Sentence], at: int) -> bool:
    return among[at].line == among[at - 1].line


def _shared(
    left: Sequence[Told], mine: Sequence[_Sentence], right: Sequence[Told], theirs: Sequence[_Sentence]
) -> Shared:
    """Two runs of sentences, each of one line, as they stand in their reports, marks between them included."""
    one, other = left[mine[0].line], right[theirs[0].line]
    here, there = (mine[0].start, mine[-1].end), (theirs[0].start, theirs[-1].end)
    return Shared(one.said(*here), other.said(*there), one.at(*here), other.at(*there))


def _sentences(told: Sequence[Told]) -> list[_Sentence]:
    return [
        _Sentence(at, start, end, frozenset(shingles(line.text[start:end])))
        for at, line in enumerate(told)
        for start, end in sentences(line.text)
    ]


def _mates(ones: Sequence[_Sentence], others: Sequence[_Sentence]) -> Iterator[tuple[int, int]]:
    """For each sentence of one narrative the sentence of the other that it is most like, each used once."""
    by_shingle: dict[int, list[int]] = {}
    for at, sentence in enumerate(others):
        for shingle in sentence.shingles:
            by_shingle.setdefault(shingle, []).append(at)
    used: set[int] = set()
    for at, sentence in enumerate(ones):
        met = Counter(chain.from_iterable(by_shingle.get(shingle, ()) for shingle in sentence.shingles))
        free = ((count / len(sentence.shingles | others[mate].shingles), -mate) for mate, count in met.items())
        share, mate = max((item for item in free if -item[1] not in used), default=(0.0, 0))
        if share >= _SAME:
            used.add(-mate)
            yield at, -mate
