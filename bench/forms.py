"""How fast forms are read, beside others, on the same files in one run: ``python bench/forms.py [--rounds N]``.

The complete reports of ``tests/complete`` that carry the three official tables, as docx, html and PDF. nianbao does the
whole check (read, extract, judge, render); the others only read, so they do less. What is measured: bench/README.md.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from checker import pack  # noqa: E402
from checker.batch import settle  # noqa: E402
from checker.render import View  # noqa: E402
from checker.work import Job  # noqa: E402
from tests.write import NAMES, page, paper, written  # noqa: E402

WITH_FORMS = [name for name in NAMES if name >= "2019"]


def files(folder: Path) -> dict[str, list[Path]]:
    """The reports by kind of file: ruled docx with repeated heads, plain pages, PDFs printed by LibreOffice."""
    reports = {name: written(name) for name in WITH_FORMS}
    for name, data in paper.libreoffice(reports, "pdf", folder).items():
        (folder / f"{name}.pdf").write_bytes(data)
        (folder / f"{name}.html").write_text(page.html(reports[name], "site"), encoding="utf-8")
    return {kind: sorted(folder.glob(f"20*.{kind}")) for kind in ("docx", "html", "pdf")}


def checks() -> Callable[[Path], object]:
    """nianbao on one file, as a worker runs it, which settles first."""
    settle()
    return Job(pack.load(), "table", View())


def python_docx(path: Path) -> object:
    import docx

    return [[cell.text for cell in row.cells] for table in docx.Document(str(path)).tables for row in table.rows]


def pdfplumber_tables(path: Path) -> object:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return [each.extract_tables() for each in document.pages]


#: runs in an environment of its own, for markitdown brings a hundred packages; one converter for all files
MARKITDOWN = """
import sys, time
from markitdown import MarkItDown
convert = MarkItDown().convert
convert(sys.argv[1])
start = time.process_time()
for path in sys.argv[1:]:
    assert convert(path).text_content
print(time.process_time() - start)
"""


def markitdown(python: str, paths: Sequence[Path]) -> float:
    """Files a second of processor that markitdown turns into Markdown, under a Python that has it."""
    done = subprocess.run([python, "-c", MARKITDOWN, *map(str, paths)], check=True, capture_output=True, text=True)
    return len(paths) / float(done.stdout.split()[-1])


def pandoc(path: Path) -> object:
    return subprocess.run(["pandoc", "-t", "html", str(path)], check=True, capture_output=True)


def spent() -> float:
    """Seconds of processor so far, of this process and of those that it waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def rate(run: Callable[[Path], object], paths: Sequence[Path], rounds: int) -> float:
    """Files a second of processor: the best of ``rounds``, since a busy machine only slows down."""
    run(paths[0])
    best = 0.0
    for _ in range(rounds):
        start = spent()
        for path in paths:
            run(path)
        best = max(best, len(paths) / (spent() - start))
    return best


def converted(paths: Sequence[Path], folder: Path) -> float:
    """Files a second of processor that LibreOffice turns into text, all in one call."""
    start = spent()
    profile = f"-env:UserInstallation={(folder / 'bench').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text", "--outdir", str(folder / "text")]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True)
    return len(paths) / (spent() - start)


def told(what: str, figure: float, ours: float, note: str = "") -> None:
    print(f"  {what:<44}{figure:8.1f}/s   nianbao is {ours / figure:5.1f} x as fast  {note}")


def held(what: str, value: float, least: float, aim: float) -> None:
    verdict = "aim reached" if value >= aim else "ok" if value >= least else "NOT MET"
    print(f"  {what:<44}{value:8.1f}     target {least:g}, aim {aim:g}: {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of reading forms, beside others; see bench/README.md.")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each; the best counts")
    parser.add_argument("--markitdown", metavar="PYTHON", help="a Python that has markitdown; see bench/README.md")
    args = parser.parse_args()
    rounds = args.rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found, check, count = files(folder), checks(), time.perf_counter()
        ours = {kind: rate(check, paths, rounds) for kind, paths in found.items()}
        print(f"{len(WITH_FORMS)} reports with three tables; files a second of one core, best of {rounds}")
        held("docx, whole check", ours["docx"], 80, 200)
        held("html, whole check", ours["html"], 120, 300)
        told("python-docx, row.cells", rate(python_docx, found["docx"], rounds), ours["docx"])
        if shutil.which("pandoc"):
            told("pandoc, docx to html", rate(pandoc, found["docx"], 1), ours["docx"])
        told("LibreOffice, docx to text, one call", converted(found["docx"], folder), ours["docx"])
        if args.markitdown:
            told("markitdown, docx to Markdown", markitdown(args.markitdown, found["docx"]), ours["docx"])
        else:
            print("  markitdown: left out, see --markitdown")
        plumber = rate(pdfplumber_tables, found["pdf"], max(rounds // 2, 1))
        print(f"  {'pdf, whole check':<44}{ours['pdf']:8.1f}/s")
        told("pdfplumber, tables alone", plumber, ours["pdf"])
        held("pdf, whole check / pdfplumber's tables", ours["pdf"] / plumber, 3, 5)
        print(f"  ({time.perf_counter() - count:.0f} s by the clock)")


if __name__ == "__main__":
    main()
