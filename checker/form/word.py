"""The report as a Word document: its lines, and its forms as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.form.figures import Figures, wording
from checker.form.layout import Box, Printed
from checker.form.plan import Plan
from checker.word import WIDTH, document, paragraph, run

#: type of a form's cells in half points, and the least height of its rows, where 10.5 pt would not fit
_SMALL = {"t3": (17, 369), "t4": (18, 369), "stat": (18, 318)}
_STYLES = {"title": "Title", "p": "Body", "h1": "Heading1", "h2": "Heading2", "sign": "Sign", "heading": "Attached"}


def docx(plan: Plan, figures: Figures, title: str) -> bytes:
    """The report of ``plan`` with ``figures`` in its forms; what is not among them stays empty."""
    return document("".join(_body(plan, figures)), title)


# --- the text -----------------------------------------------------------------------------------------------------


def _body(plan: Plan, figures: Figures) -> Iterator[str]:
    before = ""
    for line in plan.lines:
        if line.kind == "form":
            yield _table(plan.forms[line.text], figures) + paragraph("", "Gap")
        elif line.kind == "page":
            yield paragraph(line.text, "Normal", "<w:pageBreakBefore/>")
        else:
            if before == "title" != line.kind or line.kind == "sign" != before:
                yield paragraph("", "Normal")
            yield paragraph(line.text, _STYLES.get(line.kind, "Normal"))
        before = line.kind


# --- tables -------------------------------------------------------------------------------------------------------

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'


def _table(form: Printed, figures: Figures) -> str:
    widths = _shares(form.widths)
    properties = (
        f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{_MARGINS}</w:tblCellMar></w:tblPr>'
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(form, number, line, widths, figures) for number, line in enumerate(_rows(form)))
    return f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _shares(shares: Iterable[int]) -> list[int]:
    """Column widths in proportion to ``shares``; what rounding leaves goes to the first."""
    parts = list(shares)
    widths = [WIDTH * part // sum(parts) for part in parts]
    return [widths[0] + WIDTH - sum(widths), *widths[1:]]


def _rows(form: Printed) -> list[list[Box]]:
    """The boxes that touch each row, from left to right: a box that spans rows stands in all of them."""
    rows: list[list[Box]] = [[] for _ in range(form.rows)]
    for box in form.boxes:
        for row in range(box.row, box.row + box.down):
            rows[row].append(box)
    return [sorted(row, key=lambda box: box.column) for row in rows]


def _row(form: Printed, number: int, boxes: Iterable[Box], widths: list[int], figures: Figures) -> str:
    repeated = "<w:tblHeader/>" if number < form.head else ""
    cells = "".join(_cell(form, box, number, widths, figures) for box in boxes)
    height = f'<w:trHeight w:val="{_type_of(form)[1]}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeated}</w:trPr>{cells}</w:tr>"


def _cell(form: Printed, box: Box, row: int, widths: list[int], figures: Figures) -> str:
    width = sum(widths[box.column : box.column + box.across])
    spans = f'<w:gridSpan w:val="{box.across}"/>' if box.across > 1 else ""
    if box.down > 1:
        spans += '<w:vMerge w:val="restart"/>' if row == box.row else "<w:vMerge/>"
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}<w:vAlign w:val="center"/></w:tcPr>'
    text = wording(figures.get(box.fact)) if box.fact else box.text
    together = "<w:keepNext/>" if row < form.rows - 1 and form.form != "stat" else ""
    content = _cell_paragraph(form, box, text if row == box.row else "", together)
    return f"<w:tc>{properties}{content}</w:tc>"


def _cell_paragraph(form: Printed, box: Box, text: str, together: str) -> str:
    """``together`` keeps a row with the next: a table that fits on one page is not cut."""
    indent = f'<w:ind w:left="{210 * box.indent}"/>' if box.indent else ""
    properties = indent + ('<w:jc w:val="left"/>' if box.kind in ("label", "group") else "")
    size = _type_of(form)[0]
    content = run(text).replace("</w:rPr>", f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>', 1)
    return f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{together}{properties}</w:pPr>{content if text else ""}</w:p>'


def _type_of(form: Printed) -> tuple[int, int]:
    return _SMALL.get(form.form, (21, 397))
