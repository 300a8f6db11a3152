"""``python -m tests.county [folder]``: writes ``examples/county`` anew, with Chromium and LibreOffice."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from tests import county, paper, scans
from tests.county import Unit
from tests.write import Written, page, plain, word
from tests.write import paper as printed

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "county"
_USUAL = ("docx", "html", "docx", "txt", "md", "docx")
_OTHER = {
    (2024, "白鹭镇"): "pdf",
    (2024, "教育局"): "pdf",
    (2024, "水利局"): "pdf",
    (2024, "古渡镇"): "doc",
    (2024, "卫生健康局"): "doc",
    (2023, "自然资源局"): "doc",
    (2024, county.SCAN): "scan",
}
_FOLDERS = {"镇": "乡镇", "乡": "乡镇", "街道": "街道", "部门": "县直部门"}
_SCANNED = """@page { size: A4; margin: 10mm 11mm } body { font: 11.5pt/1.35 'Noto Sans CJK SC', sans-serif }
h1 { font-size: 16pt; text-align: center; margin: 2mm } p { text-indent: 2em; margin: 0.5mm 0 }
table { border-collapse: collapse; width: 100%; margin: 1mm 0 }
td { border: 1px solid #000; text-align: center; padding: 1.6px 2px; font-size: 10.5pt; line-height: 1.2 }"""


def form_of(about: Unit, year: int) -> str:
    return _OTHER.get((year, about.short)) or _USUAL[(about.at + year) % len(_USUAL)]


def path_of(about: Unit, year: int) -> str:
    """Where a report lies: some are named after their unit, some after nothing in particular."""
    form = form_of(about, year)
    name = f"{about.short}{year}年报" if about.at % 4 else f"报送稿{about.at + 1:02d}"
    return f"{year}/{_FOLDERS[about.level]}/{name}.{'pdf' if form == 'scan' else form}"


def handed_in() -> Iterator[tuple[str, str, Written]]:
    """Every file of both years: path, format, report."""
    for year in county.YEARS:
        for about in county.units():
            if year == county.YEARS[1] and about.short in county.MISSING:
                continue
            yield path_of(about, year), form_of(about, year), county.report(about, year)
    twice = county.unit(county.TWICE)
    yield f"{county.YEARS[1]}/乡镇/{twice.short}初稿.txt", "txt", county.draft(twice, county.YEARS[1])


def write(folder: Path) -> None:
    files = list(handed_in())
    for path, form, report in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if form in SIMPLE:
            target.write_bytes(SIMPLE[form](report))
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        old = {str(at): report for at, (_, form, report) in enumerate(files) if form == "doc"}
        for at, data in printed.libreoffice(old, "doc", work).items():
            (folder / files[int(at)][0]).write_bytes(data)
        modern = [(path, report) for path, form, report in files if form == "pdf"]
        for (path, _), data in zip(modern, printed.chromium([report for _, report in modern], work), strict=True):
            (folder / path).write_bytes(data)
        for path, form, report in files:
            if form == "scan":
                (folder / path).write_bytes(scanned(report, work))
    (folder / "roster.yaml").write_text(_yaml({"units": [_listed(about) for about in county.units()]}), "utf-8")
    (folder / "county.yaml").write_text(_yaml(wishes()), "utf-8")
    (folder / "expected.yaml").write_text(_EXPECTED + _yaml(expected()), "utf-8")


def wishes() -> Mapping[str, object]:
    """What the county asks for, its notices complete with it."""
    following = county.YEARS[1] + 1
    return {
        "name": county.COUNTY,
        "year": county.YEARS[1],
        "deadline": f"{following}-01-31",
        "office": f"{county.COUNTY}人民政府办公室",
        "contact": "政务公开股 0589-5550100",
        "mend_by": f"{following}-03-14",
    }


SIMPLE: Mapping[str, Callable[[Written], bytes]] = {
    "docx": word.docx,
    "html": lambda report: page.html(report).encode(),
    "txt": lambda report: plain.text(report).encode(),
    "md": lambda report: plain.markdown(report).encode(),
}


def scanned(report: Written, work: Path) -> bytes:
    """A report of two pages, printed small and scanned a little crooked in grey."""
    from PIL import Image

    source = work / "scan.html"
    source.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><style>{_SCANNED}</style>{page.body(report)}', encoding="utf-8"
    )
    (pdf,) = paper.chromium(work, source, furniture=False)
    pages = scans.worn(scans.pictures(pdf), (scans.turned(0.25), scans.grey))
    assert len(pages) == 2, f"the scan has {len(pages)} pages"
    first, *rest = (Image.fromarray(sheet).convert("L") for sheet in pages)
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=rest, resolution=200, quality=70)
    return buffer.getvalue()


def _listed(about: Unit) -> dict[str, object]:
    return {"name": about.name, "level": about.level, "code": f"XC{about.at + 1:02d}", "aliases": [about.short]}


_EXPECTED = "# 一次核对应当得到的结果。单位用简称；findings 是必改、应改和待核的规则，没有列出的单位一条也没有。\n"


def expected() -> dict[str, object]:
    """What an audit must find, from what was planted."""
    this = county.YEARS[1]
    findings: dict[str, list[str]] = {short: ["PUB-02"] for short in county.LATE}
    for copier, (source, _) in county.COPIES.items():
        findings |= {copier: ["COP-05"], source: ["COP-05"]}
    findings |= {county.OWN_LAST_YEAR: ["XYR-05"], county.WRONG_PLACE[0]: ["COP-01"], county.CARRY_OVER: ["XYR-01"]}
    alike = [[[source, this], [copier, this]] for copier, (source, _) in county.COPIES.items()]
    alike.append([[county.OWN_LAST_YEAR, this - 1], [county.OWN_LAST_YEAR, this]])
    twice = county.unit(county.TWICE)
    return {
        "missing": list(county.MISSING),
        "late": list(county.LATE),
        "twice": {twice.short: {"counts": path_of(twice, this), "superseded": f"{this}/乡镇/{twice.short}初稿.txt"}},
        "scan": {county.SCAN: path_of(county.unit(county.SCAN), this)},
        "findings": findings,
        "alike": alike,
    }


def _yaml(data: object) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    for year in county.YEARS:
        shutil.rmtree(target / str(year), ignore_errors=True)
    write(target)
