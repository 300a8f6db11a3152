"""How fast, how exact and how large the search for reports alike is: ``python bench/likeness.py [COUNT ...]``.

The narratives are made up: words of a dictionary drawn as languages draw them, a third of each report out of a pool of
sentences that a county shares, one report in ten a copy of another with some of its sentences new. Times are seconds of
processor; recall is against all pairs, counted by inverted lists of all their shingles.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from checker.likeness import Signature, likeness, signature
from checker.model import Told
from checker.season import similar

LEAST = 0.5
SENTENCES, POOL, WORDS = 40, 60, 6000


class Language:
    """A dictionary of words of two and three characters, the common ones far more often than the rare."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words = [self._word(rng.choice((2, 2, 3))) for _ in range(WORDS)]
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(WORDS)))

    def _word(self, size: int) -> str:
        return "".join(chr(self.rng.randrange(0x4E00, 0x9FA5)) for _ in range(size))

    def sentence(self) -> str:
        return "".join(self.rng.choices(self.words, cum_weights=self.weights, k=self.rng.randrange(6, 16)))


def narratives(count: int) -> Iterator[list[str]]:
    rng = random.Random(7)
    language = Language(rng)
    pool = [language.sentence() for _ in range(POOL)]
    kept: list[list[str]] = []
    for at in range(count):
        if kept and rng.random() < 0.1:
            share = rng.random() * 0.5  # of its sentences are new
            base = rng.choice(kept)
            report = [language.sentence() if rng.random() < share else sentence for sentence in base]
        else:
            report = [rng.choice(pool) if rng.random() < 0.33 else language.sentence() for _ in range(SENTENCES)]
        if at % 4 == 0:
            kept = [*kept[-999:], report]
        yield report


def counted(signatures: Sequence[Signature], known: frozenset[int]) -> set[tuple[int, int]]:
    """All pairs, by another way than the one that is measured; takes memory and, from 20,000 on, minutes."""
    lists: dict[int, list[int]] = {}
    for at, each in enumerate(signatures):
        for shingle in each:
            lists.setdefault(shingle, []).append(at)
    sizes = [sum(shingle not in known for shingle in each) for each in signatures]
    found = set()
    for right, each in enumerate(signatures):
        mine = (lists[shingle] for shingle in each if shingle not in known)
        for left, shared in Counter(at for met in mine for at in met[: bisect_left(met, right)]).items():
            if shared / (sizes[left] + sizes[right] - shared) >= LEAST:
                found.add((left, right))
    return found


def measure(count: int) -> None:
    start = time.process_time()
    signatures = [signature([Told(line) for line in report]) for report in narratives(count)]
    made = time.process_time() - start
    units = [str(at) for at in range(count)]
    start = time.process_time()
    known = similar.form_wording(units, signatures.__getitem__)
    learned = time.process_time() - start
    print(
        f"{count} reports, {sum(map(len, signatures)) // count} shingles each: signatures {made:.1f} s,"
        f" form wording {len(known)} shingles in {learned:.1f} s"
    )
    before, start = peak(), time.process_time()
    pairs = similar.pairs(units, signatures.__getitem__, LEAST)
    spent = time.process_time() - start
    print(f"  {len(pairs)} pairs of {LEAST} or more in {spent:.1f} s, peak {peak() - before:+.0f} MB")
    wrong = [pair for pair in pairs if likeness(signatures[pair.left], signatures[pair.right], known) < LEAST]
    right = counted(signatures, known)
    print(f"  recall {len(right & {(pair.left, pair.right) for pair in pairs})}/{len(right)}, false {len(wrong)}")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ("2000", "5000", "20000")):
        measure(count)
