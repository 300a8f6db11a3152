"""Reports on paper: whole reports printed by Chromium and LibreOffice, and PDFs written by hand for the traps."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from checker.model import Block, Cell, Paragraph

STYLE = (
    "body{font-family:'Noto Serif CJK SC';font-size:12pt}h1{text-align:center}p{text-indent:2em;line-height:1.8}"
    "table{border-collapse:collapse;width:100%}td{border:1px solid #000;text-align:center;padding:3px}"
)
Span = tuple[int, int, int, int]  # row, column, rows, columns


# --- one report in several clothes ------------------------------------------------------------------------------------


def spans(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[Span, str]]:
    """The cells of a full grid with what they cover: equal words side by side or one below the other are one cell."""
    taken: set[tuple[int, int]] = set()
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if (i, j) in taken:
                continue
            wide = high = 1
            if not cell.text.isascii() or any(other is cell for other in row[j + 1 : j + 2]):
                while j + wide < len(row) and same(row[j + wide], cell):
                    wide += 1
            if not cell.text.isascii():
                while i + high < len(rows) and all(same(below, cell) for below in rows[i + high][j : j + wide]):
                    high += 1
            taken.update((i + a, j + b) for a in range(high) for b in range(wide))
            yield (i, j, high, wide), cell.text


def same(one: Cell, other: Cell) -> bool:
    return one is other or (one.text == other.text and not one.text.isascii())


def printed(blocks: Sequence[Block], style: str = STYLE, heads: Mapping[int, int] | None = None) -> str:
    """Blocks as a page; ``heads``: number of a table -> how many of its rows are printed again on each page."""
    parts = []
    tables = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            tag = "h1" if block.hint == "h1" else "p"
            parts.append(f"<{tag}>{escape(block.text)}</{tag}>")
            continue
        lines = [""] * len(block.rows)
        for (row, _, high, wide), text in spans(block.rows):
            lines[row] += f'<td rowspan="{high}" colspan="{wide}">{escape(text)}</td>'
        rows = [f"<tr>{line}</tr>" for line in lines]
        head = (heads or {}).get(tables, 0)
        parts.append(f"<table><thead>{''.join(rows[:head])}</thead><tbody>{''.join(rows[head:])}</tbody></table>")
        tables += 1
    return f'<!DOCTYPE html><meta charset="utf-8"><title>年报</title><style>{style}</style>{"".join(parts)}'


def word(blocks: Sequence[Block], path: Path, heads: Mapping[int, int] | None = None) -> None:
    """Blocks as a Word document with merged cells, a running head and page numbers."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Noto Serif CJK SC", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    document.sections[0].header.paragraphs[0].text = "政府信息公开年报"
    number = document.sections[0].footer.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ("— ", "PAGE", " —"):
        run: Any = number.add_run("" if part == "PAGE" else part)
        if part == "PAGE":
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            run._r.addnext(field)
    tables = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            paragraph = document.add_paragraph(block.text)
            if block.hint == "h1":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                paragraph.runs[0].font.size = Pt(22)
            else:
                paragraph.paragraph_format.first_line_indent = Pt(24)
            continue
        table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
        grid = [list(row.cells) for row in table.rows]
        for (i, j, high, wide), text in spans(block.rows):
            cell = grid[i][j] if high == wide == 1 else grid[i][j].merge(grid[i + high - 1][j + wide - 1])
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
        for row in table.rows[: (heads or {}).get(tables, 0)]:
            repeat = OxmlElement("w:tblHeader")
            row._tr.get_or_add_trPr().append(repeat)
        tables += 1
    document.save(str(path))


def chromium(folder: Path, *pages: Path, furniture: bool = True) -> list[Path]:
    """Pages printed by Chromium, with its date, title and page numbers in the margins."""
    made = []
    for page in pages:
        made.append(page.with_suffix(".pdf"))
        run(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={folder / 'profile'}",
            *([] if furniture else ["--no-pdf-header-footer"]),
            f"--print-to-pdf={made[-1]}",
            page.as_uri(),
        )
    return made


def libreoffice(folder: Path, *files: Path) -> list[Path]:
    """Documents printed by LibreOffice, in one run."""
    run(
        "soffice",
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *map(str, files),
    )
    return [folder / f"{file.stem}.pdf" for file in files]


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)


# --- by hand ----------------------------------------------------------------------------------------------------------


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"", size: int | None = None) -> bytes:
    """A PDF of these objects; object 1 is the catalogue."""
    data = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(data)
    last = max(objects)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        data += b"%010d 00000 %b \n" % (places.get(number, 0), b"n" if number in places else b"f")
    data += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (size or last + 1, trailer, start)
    return bytes(data)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), extra, content)


#: a Chinese font that names no encoding of its own but one that every reader knows
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font "
    b"/Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
    b"/Supplement 4 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox "
    b"[0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> >> ] >>"
)


def show(text: str, x: float, y: float, size: float = 12.0, turn: str = "1 0 0 1") -> bytes:
    """Text at a place, y upward from the page's lower edge."""
    return f"BT /F1 {size} Tf {turn} {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n".encode()


def line(x: float, y: float, u: float, v: float) -> bytes:
    return f"{x} {y} m {u} {v} l S\n".encode()


def pages(*contents: bytes, page: bytes = b"", font: bytes = FONT, more: Mapping[int, bytes] | None = None) -> bytes:
    """A PDF of A4 pages with these contents; objects from 100 on are the caller's."""
    kids = [10 + 2 * i for i in range(len(contents))]
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids)),
        3: font,
    }
    box = b"" if b"/MediaBox" in page else b"/MediaBox [0 0 595 842]"
    for kid, content in zip(kids, contents, strict=True):
        objects[kid] = (
            b"<< /Type /Page /Parent 2 0 R %b %b /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> "
            b"/XObject << /I1 100 0 R >> >> >>" % (box, page, kid + 1)
        )
        objects[kid + 1] = stream(content)
    return pdf({**objects, **(more or {})})
