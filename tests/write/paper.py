"""Reports on paper and in old files: printed by Chromium and LibreOffice, saved as .doc, laid out as .ofd.

Many reports go through each program at once: Chromium prints one long page that is cut up afterwards, LibreOffice
converts a folder of files in one call.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from checker.model import Block, Cell, Paragraph, Table, Where
from tests import book, ofd, paper
from tests import word as xml
from tests.write import Line, Written, page, word
from tests.write.layout import Grid

STYLE = (
    "body{font-family:'Noto Serif CJK SC',serif;font-size:12pt}h1{text-align:center}p{text-indent:2em;line-height:1.7}"
    "table{border-collapse:collapse;width:100%}td{border:1px solid #000;text-align:center;padding:2px;font-size:10pt}"
    "section{break-after:page}"
)


def blocks(report: Written) -> list[Block]:
    """The report as blocks, for those who draw them: tables as full grids, a merged cell one object."""
    found: list[Block] = []
    for block in report.blocks:
        if isinstance(block, Line):
            found.append(Paragraph(block.whole, hint="h1" if block.role == "title" else ""))
        else:
            cells = {id(cell): Cell(report.text(cell), Where()) for row in block.rows for cell in row}
            found.append(Table(tuple(tuple(cells[id(cell)] for cell, _ in row) for row in block.full())))
    return found


# --- Chromium ---------------------------------------------------------------------------------------------------------


def chromium(reports: Sequence[Written], folder: Path) -> list[bytes]:
    """Each report as a PDF printed by Chromium."""
    sections = "\n".join(f"<section>{page.body(report)}</section>" for report in reports)
    path = folder / "reports.html"
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{STYLE}</style>{sections}', encoding="utf-8")
    (made,) = paper.chromium(folder, path, furniture=False)
    return list(_cut(made, [report.title for report in reports]))


def _cut(path: Path, titles: Sequence[str]) -> Iterator[bytes]:
    """The pages of each report as a file of their own; one begins where its title stands."""
    import pypdfium2  # type: ignore[import-untyped]

    with pypdfium2.PdfDocument(path) as whole:
        texts = ["".join(page.get_textpage().get_text_bounded().split()) for page in whole]
        starts = [at for at, text in enumerate(texts) if text.startswith(tuple(titles))]
        assert len(starts) == len(titles)
        for start, end in zip(starts, [*starts[1:], len(texts)], strict=True):
            with pypdfium2.PdfDocument.new() as part:
                part.import_pages(whole, list(range(start, end)))
                buffer = io.BytesIO()
                part.save(buffer)
                yield buffer.getvalue()


# --- LibreOffice ------------------------------------------------------------------------------------------------------

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
_RULED = f'<w:tblPr><w:tblW w:w="9000" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'


def printable(report: Written) -> bytes:
    """The report as a Word document that other programs open: ruled tables, heads that come again on each page."""
    return xml.docx(word.body(report, _indented, _ruled) + xml.p())  # a document ends with a paragraph


def _indented(line: Line) -> str:
    sides = {"title": '<w:jc w:val="center"/>', "tail": '<w:jc w:val="right"/>'}
    return xml.p(line.whole, sides.get(line.role, '<w:ind w:firstLine="480"/>'), '<w:sz w:val="24"/>')


def _ruled(grid: Grid, report: Written) -> str:
    columns = "".join(f'<w:gridCol w:w="{9000 // grid.width}"/>' for _ in range(grid.width))
    rows = word.rows(grid, report, words=_small)
    table = xml.tbl(*(word.repeated(rows, grid) if grid.form == "t3" else rows), columns=grid.width)
    return table.replace("<w:tblPr/>", _RULED).replace("<w:gridCol/>" * grid.width, columns)


def _small(text: str) -> str:
    return xml.p(text, '<w:jc w:val="center"/>', '<w:sz w:val="18"/>')


def libreoffice(reports: Mapping[str, Written], kind: str, folder: Path) -> dict[str, bytes]:
    """Reports by name, as LibreOffice saves them: ``pdf`` or ``doc``."""
    for name, report in reports.items():
        (folder / f"{name}.docx").write_bytes(printable(report))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--norestore",
        "--convert-to",
        {"doc": "doc:MS Word 97"}.get(kind, kind),
    ]
    paper.run(*command, "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in reports))
    return {name: (folder / f"{name}.{kind}").read_bytes() for name in reports}


# --- OFD and workbooks ------------------------------------------------------------------------------------------------


def as_ofd(report: Written, rules: ofd.Rules = "strokes") -> bytes:
    return ofd.ofd(*ofd.laid_out(blocks(report), rules))


def workbook(report: Written, *, forms_only: bool = False) -> bytes:
    """The report, or its forms alone, drawn in a workbook."""
    drawn = blocks(report)
    return book.workbook([block for block in drawn if isinstance(block, Table)] if forms_only else drawn)
