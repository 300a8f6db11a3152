"""Every slip in every cell, printed to PDF: ``python -m tests.mutation [report ...]``. The test run has a part of them.

Prints one line a report: how many PDFs were checked, and each fault found. Takes about five minutes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from checker.read import LIMITS
from checker.read.paper.pdf import parse_pdf
from tests.write import paper, written
from tests.write.layout import COLUMNS
from tests.write.reading import audited, reference
from tests.write.slips import faults, slips

#: the reports that are printed, the form of 2021 and the form of 2019
REPORTS = ("2024-云渚镇", "2019-石磨镇")
_AT_ONCE = 60  #: reports that Chromium prints in one go

Slip = tuple[str, str]  #: fact, text


def every(name: str) -> list[Slip]:
    return [(fact, text) for fact, old in written(name).cells.items() for text in slips(old)]


def some(name: str) -> list[Slip]:
    """Cells in every row and column of every form: all of tables two and four, a diagonal of table three."""
    rows = list(dict.fromkeys(fact.split(".")[1] for fact in written(name).cells if fact.startswith("t3.")))
    diagonal = {f"t3.{row}.{COLUMNS[at % len(COLUMNS)]}" for at, row in enumerate(rows)}
    return [(fact, text) for fact, text in every(name) if not fact.startswith("t3.") or fact in diagonal]


def check(name: str, chosen: Sequence[Slip], folder: Path) -> Iterator[list[str]]:
    """What is wrong with the answer to each slip; an empty list where it is as it must be."""
    report, before = written(name), reference(name)
    for start in range(0, len(chosen), _AT_ONCE):
        batch = chosen[start : start + _AT_ONCE]
        files = paper.chromium([report.but(*slip) for slip in batch], folder)
        for (fact, text), data in zip(batch, files, strict=True):
            yield faults(before, audited(parse_pdf(data, "x.pdf", LIMITS)), report, fact, text)


def main() -> int:
    wrong = 0
    for name in sys.argv[1:] or REPORTS:
        with tempfile.TemporaryDirectory() as folder:
            found = list(check(name, every(name), Path(folder)))
        print(f"{name}: {len(found)} PDFs, {sum(map(bool, found))} with faults")
        for fault in (fault for one in found for fault in one):
            print("  ", fault)
        wrong += sum(map(bool, found))
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
