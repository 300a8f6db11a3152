"""Reports alike, among all units of a season and the year before: which pairs, what they share, who hangs with whom.

Likeness is that of ``checker.likeness``; on top of the wording that every report has, shingles are dropped that more
than one unit in twenty of this county uses: its own form wording. Up to ``EXACT`` reports every pair is counted;
beyond, MinHash proposes candidates (rensa, extra ``scale``) and each is measured exactly, so that no pair is false.

Signatures are asked for one by one, by index, so that a store may hold them.
"""

from __future__ import annotations

import hashlib
import importlib.util
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from checker.likeness import Signature, sentences, shingles
from checker.model import Pack, Told, Twin
from checker.season.nouns import Cluster, Member, Shared, Twins

EXACT = 5000  #: reports up to which every pair is counted
FEW = 40  #: shingles of its own that a report must have to be compared
COMMON_SHARE, COMMON_LEAST = 0.05, 3  #: form wording: what more than this share, and this number, of the units use
SAMPLE = 1000  #: units among which form wording is looked for
MOST_PAIRS = 200  #: pairs of one cluster that are shown
_PARTS = 16  #: shingles are counted in so many passes, which bounds the memory of the count
_TOP = 1 << 61
_BANDS, _ROWS, _SEED = 42, 3, 711  # of MinHash: a pair of 0.5 is proposed with probability 0.996, one of 0.1 with 0.04

SignatureOf = Callable[[int], Signature]


class Pair(NamedTuple):
    """Two reports by index, the lower first, and their likeness."""

    left: int
    right: int
    likeness: float


def threshold(pack: Pack) -> float:
    """The likeness from which on COP-05 has anything to say."""
    rule = pack.rule("COP-05")
    return float(rule.turns[0].call.params.get("close", 0.7)) if rule else 0.7


def slow(reports: int) -> str | None:
    """What to tell before so many reports are compared without rensa; None when there is nothing to tell."""
    if reports <= EXACT or _rensa():
        return None
    return (
        f"报告有{reports}份，没有安装比对的组件，逐份比对内容会比较慢；结果不受影响。"
        "要快一些，请安装：pip install distributed rensa"
    )


# --- pairs ------------------------------------------------------------------------------------------------------------


def pairs(units: Sequence[str], signature_of: SignatureOf, least: float = 0.5) -> list[Pair]:
    """The pairs of reports whose likeness is ``least`` or more, most alike first. ``units``: whose each report is."""
    known = form_wording(units, signature_of)

    def own(at: int) -> Signature:
        return array("Q", (shingle for shingle in signature_of(at) if shingle not in known))

    first, copies = _copies(len(units), own)
    found = _candidates(first, own, least) if len(first) > EXACT and _rensa() else _counted(first, own, least)
    spread = (
        Pair(min(left, right), max(left, right), pair.likeness)
        for pair in found
        for left in (pair.left, *copies.get(pair.left, ()))
        for right in (pair.right, *copies.get(pair.right, ()))
    )
    same = (Pair(at, copy, 1.0) for at, others in copies.items() for copy in others)
    return sorted((*spread, *same), key=lambda pair: (-pair.likeness, pair))


def _rensa() -> bool:
    return importlib.util.find_spec("rensa") is not None


def _copies(reports: int, own: SignatureOf) -> tuple[list[int], dict[int, list[int]]]:
    """The reports that have enough to compare, one of each signature, and the others of the same signature by it."""
    seen: dict[bytes, int] = {}
    copies: dict[int, list[int]] = {}
    for at in range(reports):
        signature = own(at)
        if len(signature) >= FEW:
            first = seen.setdefault(hashlib.blake2b(signature.tobytes(), digest_size=16).digest(), at)
            if first != at:
                copies.setdefault(first, []).append(at)
    return sorted(seen.values()), copies


def form_wording(units: Sequence[str], signature_of: SignatureOf) -> frozenset[int]:
    """The shingles that too many units of the county use to mean anything.

    Reports alike as they stand count as one voice: what five copies share is no form. One report a unit, and at most
    ``SAMPLE`` of them, evenly.
    """
    latest = sorted({unit: at for at, unit in enumerate(units)}.values())
    step = max(len(latest) / SAMPLE, 1)
    sample = [latest[int(at * step)] for at in range(min(len(latest), SAMPLE))]
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


def _counted(reports: Sequence[int], own: SignatureOf, least: float) -> Iterator[Pair]:
    """All pairs, exactly: for each report, how many shingles it shares with each one before it."""
    sizes, terms, counts = _terms(reports, own)
    ends = array("I", chain((0,), _running(counts)))  # where the postings of a term begin, and end so far
    starts, postings = array("I", ends), array("I", bytes(4 * (ends[-1] if ends else 0)))
    for at, (size, mine) in enumerate(zip(sizes, terms, strict=True)):
        shared = Counter(chain.from_iterable(postings[starts[term] : ends[term]] for term in mine))
        for other, count in shared.items():
            likeness = count / (size + sizes[other] - count)
            if likeness >= least:
                yield Pair(reports[other], reports[at], likeness)
        for term in mine:
            postings[ends[term]] = at
            ends[term] += 1


def _running(counts: Iterable[int]) -> Iterator[int]:
    total = 0
    for count in counts:
        total += count
        yield total


def _terms(reports: Sequence[int], own: SignatureOf) -> tuple[list[int], list[array[int]], array[int]]:
    """How many shingles each report has, those of them that another has too, numbered, and how many have each."""
    signatures = [own(at) for at in reports]
    terms = [array("I") for _ in reports]
    counts = array("I")
    for low, high in _ranges():
        slices = [_slice(signature, low, high) for signature in signatures]
        met = Counter(chain.from_iterable(slices))
        numbers: dict[int, int] = {}
        for shingle, count in met.items():
            if count > 1:
                numbers[shingle] = len(counts)
                counts.append(count)
        for mine, part in zip(terms, slices, strict=True):
            mine.extend(number for shingle in part if (number := numbers.get(shingle)) is not None)
    return [len(signature) for signature in signatures], terms, counts


def _candidates(reports: Sequence[int], own: SignatureOf, least: float) -> Iterator[Pair]:
    """Pairs that share a band of their MinHash digests and are alike in fact; a pair of 0.5 is missed once in 250."""
    rows = _digests(reports, own)
    sets = lru_cache(maxsize=256)(lambda at: frozenset(own(at)))
    width = 4 * _ROWS
    for band in range(_BANDS):
        buckets: dict[bytes, list[int]] = {}
        for at, row in enumerate(rows):
            buckets.setdefault(row[band * width : (band + 1) * width], []).append(at)
        for bucket in buckets.values():
            for place, one in enumerate(bucket):
                for other in bucket[place + 1 :]:
                    if _met_before(rows[one], rows[other], band, width):
                        continue
                    mine, theirs = sets(reports[one]), sets(reports[other])
                    shared = len(mine & theirs)
                    likeness = shared / (len(mine) + len(theirs) - shared)
                    if likeness >= least:
                        yield Pair(reports[one], reports[other], likeness)


def _met_before(one: bytes, other: bytes, band: int, width: int) -> bool:
    """Whether two digests share a band before this one: then the pair was measured there."""
    return any(one[at : at + width] == other[at : at + width] for at in range(0, band * width, width))


def _digests(reports: Sequence[int], own: SignatureOf, block: int = 1000) -> list[bytes]:
    import rensa  # type: ignore[import-untyped]

    rows: list[bytes] = []
    for start in range(0, len(reports), block):
        tokens, offsets = array("Q"), array("Q", [0])
        for at in reports[start : start + block]:
            tokens.extend(own(at))
            offsets.append(len(tokens))
        matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets, _BANDS * _ROWS, _SEED)
        rows.extend(array("I", row).tobytes() for row in matrix.to_rows())
    return rows


# --- clusters ---------------------------------------------------------------------------------------------------------


def clusters(
    members: Sequence[Member],
    signature_of: SignatureOf,
    narrative_of: Callable[[int], Sequence[Told]],
    least: float = 0.7,
) -> Iterator[Cluster]:
    """The clusters of reports of which each is alike to another, the most alike first.

    A large cluster shows its ``MOST_PAIRS`` pairs most alike, and for every member the pair in which it is most so.
    """
    found = pairs([member.unit for member in members], signature_of, least)
    for group in _connected(found):
        chosen = _telling(group)
        twins = tuple(shared(pair, members, narrative_of) for pair in chosen)
        inside = sorted({at for pair in group for at in (pair.left, pair.right)})
        yield Cluster(tuple(members[at] for at in inside), twins)


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


def shared(pair: Pair, members: Sequence[Member], narrative_of: Callable[[int], Sequence[Told]]) -> Twins:
    """A pair with what both reports say."""
    left, right = narrative_of(pair.left), narrative_of(pair.right)
    return Twins(members[pair.left], members[pair.right], pair.likeness, passages(left, right))


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
