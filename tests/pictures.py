"""The complete reports as page images: ``python -m tests.pictures parity|mutation [--seal] [report ...]``.

``parity``: each report, printed by Chromium and scanned at 200 dpi, gives the facts of its text; what could not be read
is ``unread``, nothing is wrong. ``mutation``: a slip in cells of every row and column changes exactly the verdicts that
mention the cell, or the cell is ``unread``. Some ten minutes of processor time each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from checker.model import Audit, Document
from checker.read.limits import Limits
from checker.read.paper.grid import lay_out
from checker.read.paper.ocr import Picture, Reading, models
from checker.read.paper.page import Page
from checker.read.paper.scan import read_pages
from tests import mutation, scans
from tests.write import NAMES, Written, paper, written
from tests.write.reading import Said, audited, printed, reference, said, states
from tests.write.slips import faults, slips

PATIENT = Limits(scan_page=3_600, scan_wall=36_000)
SEALED = (scans.sealed(0.6, 0.45), scans.turned(0.5), scans.jpeg(75))


def document(pages: Sequence[Page]) -> Document:
    blocks, notes = lay_out(pages, PATIENT)
    return Document("x.png", "png", blocks, notes, recognised=True)


def recognised(pictures: Sequence[Picture]) -> list[Page]:
    """The pages of A4 pictures."""
    return read_pages(((picture, 595.0) for picture in pictures), PATIENT)[0]


def photographed(reports: Sequence[Written], folder: Path) -> Iterator[list[Picture]]:
    """Each report's pages, as printed by Chromium and scanned."""
    for data in paper.chromium(reports, folder):
        path = folder / "one.pdf"
        path.write_bytes(data)
        yield scans.pictures(path)


# --- parity -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parity:
    """How many facts were right, which were unread, and what is wrong, in words."""

    right: int
    unread: tuple[str, ...]
    wrong: tuple[str, ...]


def parity(report: Written, audit: Audit) -> Parity:
    """Facts and verdicts of a report as pictures against the data, and against the plain Word document."""
    assert audit.report
    right = reference(report.name)
    assert right.report
    pairs = [(said(audit.report, forms=True), printed(report)), (said(audit.report, forms=False), _text(right))]
    found: dict[str, list[str]] = {"right": [], "unread": [], "wrong": []}
    for one, other in pairs:
        for name in sorted(one.keys() | other.keys()):
            got, want = one.get(name, ("absent", None)), other.get(name, ("absent", None))
            if got[0] == want[0] == "absent":
                continue
            kind = "right" if _plain(got) == _plain(want) else "unread" if got[0] == "unread" else "wrong"
            found[kind].append(name if kind != "wrong" else f"{name}: {want} was read as {got}")
    now, before = states(audit), states(right)
    for key in sorted(now.keys() | before.keys()):
        if now.get(key) not in (before.get(key), "unknown", None):
            found["wrong"].append(f"{key}: {before.get(key)} became {now.get(key)}")
    return Parity(len(found["right"]), tuple(found["unread"]), tuple(found["wrong"]))


def _text(audit: Audit) -> Mapping[str, Said]:
    assert audit.report
    return said(audit.report, forms=False)


def _plain(found: Said) -> tuple[object, object]:
    return found[0], scans.plain(found[1])


# --- mutation ---------------------------------------------------------------------------------------------------------

Slip = tuple[str, str]  #: fact, text


def sample(name: str) -> list[Slip]:
    """One slip in a cell of every row and column, each of the four in turn."""
    cells = list(dict.fromkeys(fact for fact, _ in mutation.some(name)))
    return [(fact, list(slips(written(name).cells[fact]))[at % 4]) for at, fact in enumerate(cells)]


def remembered(recognise: Callable[[list[Picture]], list[Reading]]) -> Callable[[list[Picture]], list[Reading]]:
    """The same, for pages that are mostly alike: a piece that was seen before is not recognised again."""
    known: dict[bytes, Reading] = {}

    def look(pieces: list[Picture]) -> list[Reading]:
        keys = [repr(piece.shape).encode() + piece.tobytes() for piece in pieces]
        new = {key: piece for key, piece in zip(keys, pieces, strict=True) if key not in known}
        known.update(zip(new, recognise(list(new.values())), strict=True))
        return [known[key] for key in keys]

    return look


def slipped(name: str, chosen: Sequence[Slip], folder: Path) -> Iterator[tuple[Slip, str, list[str]]]:
    """Each slip with ``right``, ``unread`` or ``wrong``, and what is wrong. A page that did not change is read once."""
    report = written(name)
    reports = [report, *(report.but(*slip) for slip in chosen)]
    (clean, *changed) = photographed(reports, folder)
    with patch.object(models, "recognised", remembered(models.recognised)):
        pages = recognised(clean)
        before = audited(document(pages))
        for slip, pictures in zip(chosen, changed, strict=True):
            after = audited(document([_page(at, picture, clean, pages) for at, picture in enumerate(pictures)]))
            found = faults(before, after, report, *slip)
            kind = "right" if not found else "unread" if _only_unread(before, after, slip[0]) else "wrong"
            yield slip, kind, found


def _page(at: int, picture: Picture, clean: Sequence[Picture], pages: Sequence[Page]) -> Page:
    same = at < len(clean) and np.array_equal(picture, clean[at])
    return pages[at] if same else recognised([picture])[0]


def _only_unread(before: Audit, after: Audit, fact: str) -> bool:
    """Whether the cell is unread, no other fact is anything but unread or as before, and nothing is accused."""
    assert before.report
    assert after.report
    now, then = said(after.report, forms=True), said(before.report, forms=True)
    if now[fact][0] != "unread" or any(now[name] != then[name] and now[name][0] != "unread" for name in then):
        return False
    old = states(before)
    return all(state in (old.get(key), "unknown", "n/a") for key, state in states(after).items())


# --- as a command -----------------------------------------------------------------------------------------------------


def all_alike(names: Sequence[str], seal: bool, folder: Path) -> int:
    """Print what became of each report's facts; the number of wrong ones."""
    wrong = 0
    chosen = [written(name) for name in names]
    for report, pictures in zip(chosen, photographed(chosen, folder), strict=True):
        found = parity(report, audited(document(recognised(scans.worn(pictures, SEALED if seal else ())))))
        counts = f"{found.right} right, {len(found.unread)} unread, {len(found.wrong)} wrong"
        print(f"{report.name}: {len(pictures)} pages, {counts}", *found.wrong, sep="\n    ", flush=True)
        if found.unread:
            print("    unread:", *found.unread, flush=True)
        wrong += len(found.wrong)
    return wrong


def all_answered(names: Sequence[str], folder: Path) -> int:
    """Print what became of each slip that was not seen as it is; the number of wrong answers."""
    wrong = 0
    for name in names:
        counts = Counter[str]()
        for (fact, text), kind, found in slipped(name, sample(name), folder):
            counts[kind] += 1
            if kind != "right":
                print(f"    {kind}: {fact} {text!r}", *(found if kind == "wrong" else ()), flush=True)
        print(name, dict(counts), flush=True)
        wrong += counts["wrong"]
    return wrong


def main(what: str, names: Sequence[str], seal: bool) -> int:
    with tempfile.TemporaryDirectory() as place:
        if what == "parity":
            return min(all_alike(names or NAMES, seal, Path(place)), 1)
        return min(all_answered(names or mutation.REPORTS, Path(place)), 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("parity", "mutation"))
    parser.add_argument("names", nargs="*", metavar="report")
    parser.add_argument("--seal", action="store_true", help="each page under a red seal, turned, as JPEG")
    given = parser.parse_args()
    sys.exit(main(given.what, given.names, given.seal))
