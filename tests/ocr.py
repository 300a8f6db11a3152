"""How well scans are read: python -m tests.ocr [--seeds N] [--wear WORD ...] [--print NAME ...].

Fictional reports with both forms, in several prints, each worn in every way (some 20 minutes of processor time a
seed); every fact is compared with its page.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.model import Document
from checker.read.limits import Limits
from checker.read.paper.grid import lay_out
from checker.read.paper.ocr import Picture
from checker.read.paper.scan import read_pages
from tests import scans
from tests.scans import Wear

PATIENT = Limits(scan_page=3_600, scan_wall=36_000)
PRINTS: Mapping[str, Mapping[str, str]] = {
    "serif": {},
    "small": {"size": "8pt"},
    "sans": {"font": '"Noto Sans CJK SC"'},
    "thin": {"border": "0.5pt solid #888", "font": '"DejaVu Serif", "Noto Serif CJK SC"'},
}
WEARS: Mapping[str, Sequence[Wear]] = {
    "clean": (),
    "turned, noise, JPEG 70": (scans.turned(0.8), scans.noisy(12), scans.jpeg(70)),
    "seal, turned, JPEG 70": (scans.sealed(0.55, 0.35), scans.turned(-1), scans.noisy(6), scans.jpeg(70)),
    "seal in grey, JPEG 70": (scans.sealed(0.6, 0.5), scans.turned(-0.7), scans.grey, scans.jpeg(70)),
    "seal, black and white": (scans.sealed(0.6, 0.5), scans.turned(-0.7), scans.noisy(6), scans.black_and_white),
    "150 dpi": (scans.coarse(0.75), scans.noisy(6), scans.jpeg(75)),
    "black and white": (scans.turned(0.3), scans.noisy(10), scans.black_and_white),
    "shade": (scans.shaded, scans.noisy(6), scans.jpeg(80)),
    "pale": (scans.pale, scans.noisy(6), scans.jpeg(80)),
    "keystone": (scans.keystone(0.03), scans.noisy(6), scans.jpeg(75)),
    "blur": (scans.blurred(1.4), scans.noisy(5), scans.jpeg(70)),
}


def document(pictures: Sequence[Picture]) -> Document:
    """The pages of a report, A4, as one document."""
    pages, notes = read_pages(((picture, 595.0) for picture in pictures), PATIENT)
    blocks, more = lay_out(pages, PATIENT)
    return Document("x.png", "png", blocks, (*notes, *more), recognised=True)


def main(seeds: int, wears: Mapping[str, Sequence[Wear]], prints: Sequence[str]) -> None:
    counts: dict[str, Counter[str]] = {name: Counter() for name in wears}
    for seed in range(1, seeds + 1):
        for year, style in zip((2023, 2019, 2021, 2020), PRINTS, strict=True):
            if style not in prints:
                continue
            with tempfile.TemporaryDirectory() as folder:
                text = scans.html(year, seed, **dict[str, Any](PRINTS[style]))
                pages = scans.pages(text, Path(folder))
            for name, wear in wears.items():
                start = time.process_time()
                found = scans.compared(text, document(scans.worn(pages, wear, seed)))
                seconds = (time.process_time() - start) / len(pages)
                counts[name].update(own := Counter(_kind(outcome) for outcome in found.values()))
                print(f"{year} {style:6} {name:24} {seconds:5.1f} s a page", _shares(own), flush=True)
                for fact, outcome in found.items():
                    if _kind(outcome) == "wrong":
                        print(f"    {fact}: {outcome}", flush=True)
    for name, count in counts.items():
        print(f"all {name:24}", _shares(count))


def _kind(outcome: str) -> str:
    return outcome if outcome in ("right", "unread") else "wrong"


def _shares(counts: Counter[str]) -> str:
    total = max(counts.total(), 1)
    return ", ".join(
        f"{kind} {counts[kind]} ({100 * counts[kind] / total:.2f} %)" for kind in ("right", "unread", "wrong")
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--wear", action="append", help="part of a name of WEARS; several may be given")
    parser.add_argument("--print", action="append", choices=PRINTS, dest="prints")
    given = parser.parse_args()
    main(
        given.seeds,
        {name: wear for name, wear in WEARS.items() if not given.wear or any(word in name for word in given.wear)},
        given.prints or list(PRINTS),
    )
