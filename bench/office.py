"""How long the outputs of a county or province take, and how its index behaves: ``python bench/office.py [UNITS]``.

The units are those of ``tests/seasons.py`` over and over, so nothing is read or judged: this is the renderers' time.
Sorting and filtering are timed in Chromium, from the click to the finished layout.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from checker.render.county import ledger, site  # noqa: E402
from tests.browser import chromium, opened  # noqa: E402
from tests.seasons import Memory, many  # noqa: E402

SORT = """(name) => {
    const button = [...document.querySelectorAll("#ranks th button")].find((one) => one.textContent === name);
    const start = performance.now();
    button.click();
    document.body.offsetHeight;
    return performance.now() - start;
}"""
FILTER = """async (text) => {
    const field = document.getElementById("f-name");
    const count = document.getElementById("f-count");
    field.value = text;
    const start = performance.now();
    field.dispatchEvent(new Event("input", {bubbles: true}));
    await new Promise((done) => new MutationObserver(done).observe(count, {childList: true}));
    document.body.offsetHeight;
    return performance.now() - start;
}"""


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {time.perf_counter() - start:.1f} s, peak {peak:.0f} MiB")


def write(season: Memory, folder: Path, units: int) -> Path:
    """The index, and the pages of the first units beside it."""
    pages = site.pages(season)
    path = folder / "index.html"
    with timed("index.html"), path.open("w", encoding="utf-8") as file:
        file.writelines(next(pages)[1])
    print(f"  {path.stat().st_size / 1e6:.1f} MB")
    (folder / "units").mkdir()
    with timed(f"{units} pages of units"):
        for _, (name, parts) in zip(range(units), pages, strict=False):
            (folder / name).write_text("".join(parts), encoding="utf-8")
    return path


def used(page: Any) -> None:
    """How long a head takes to sort by, and the field to filter by; the median of three."""
    for name in ("得分", "单位", "必改"):
        times = sorted(page.evaluate(SORT, name) for _ in range(3))
        print(f"  sort by {name}: {times[1]:.0f} ms")
    for text in ("第499", ""):
        print(f"  filter by “{text}”: {page.evaluate(FILTER, text):.0f} ms (120 ms of them waiting for more typing)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("units", type=int, nargs="?", default=5000)
    units = parser.parse_args().units
    season = many(units)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write(season, folder, min(units, 50))
        with timed("ledger.xlsx"):
            ledger.write(season, folder / "ledger.xlsx")
        print(f"  {(folder / 'ledger.xlsx').stat().st_size / 1e6:.1f} MB")
        with chromium() as browser, timed("opened, sorted, filtered"), opened(browser, path) as (page, _, _):
            used(page)


if __name__ == "__main__":
    main()
