"""Reports as Word documents, in the ways in which Word and WPS say the same."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from tests import word as xml
from tests.write import Line, Written
from tests.write.layout import Cell, Grid

PLAIN = "plain"
_SERVICE = "欢迎扫描二维码关注我们，办事咨询请拨打服务热线。"


def docx(report: Written, variant: str = PLAIN) -> bytes:
    """The report as a .docx; ``variant`` is one of VARIANTS."""
    return VARIANTS[variant](report)


def body(
    report: Written,
    line: Callable[[Line], str] | None = None,
    grid: Callable[[Grid, Written], str] | None = None,
) -> str:
    line, grid = line or _line, grid or table
    return "".join(line(block) if isinstance(block, Line) else grid(block, report) for block in report.blocks)


def _line(line: Line) -> str:
    return xml.p(line.whole)


# --- tables -----------------------------------------------------------------------------------------------------------


def rows(
    grid: Grid, report: Written, *, from_: int = 0, to: int | None = None, words: Callable[[str], str] = xml.p
) -> list[str]:
    """The rows of a grid with gridSpan and vMerge; a merged cell that was cut by ``from_`` begins anew."""
    printed = []
    for at, row in enumerate(grid.full()[from_:to], from_):
        cells = []
        for spot, (cell, begins) in enumerate(row):
            left = spot == 0 or row[spot - 1][0] is not cell
            if left:
                cells.append(_cell(cell, report, at_top=begins or at == from_, words=words))
        printed.append(xml.tr(*cells))
    return printed


def _cell(cell: Cell, report: Written, *, at_top: bool, words: Callable[[str], str] = xml.p) -> str:
    across = f'<w:gridSpan w:val="{cell.across}"/>' if cell.across > 1 else ""
    begins = ' w:val="restart"' if at_top else ""
    merged = f"<w:vMerge{begins}/>" if cell.down > 1 else ""
    return xml.tc("", across + merged, words(report.text(cell) if at_top else ""))


def table(grid: Grid, report: Written) -> str:
    return xml.tbl(*rows(grid, report), columns=grid.width)


def header_rows(grid: Grid, report: Written) -> str:
    return xml.tbl(*repeated(rows(grid, report), grid), columns=grid.width)


def repeated(printed: list[str], grid: Grid) -> list[str]:
    """The rows, those of the head marked to be repeated on each page."""
    mark = "<w:tr><w:trPr><w:tblHeader/></w:trPr>"
    return [row.replace("<w:tr>", mark, 1) if at < grid.heads else row for at, row in enumerate(printed)]


def _split(grid: Grid, report: Written) -> str:
    """Cut in two where a page ends, without a head on the second."""
    if len(grid.rows) < 2 * grid.heads + 4:
        return table(grid, report)
    middle = len(grid.rows) // 2
    upper, lower = rows(grid, report, to=middle), rows(grid, report, from_=middle)
    return xml.tbl(*upper, columns=grid.width) + xml.p("") + xml.tbl(*lower, columns=grid.width)


def _split_with_head(grid: Grid, report: Written) -> str:
    """Cut in two, the head written out again."""
    if grid.form == "t2" or len(grid.rows) < 2 * grid.heads + 4:
        return table(grid, report)
    middle = len(grid.rows) // 2
    head = rows(grid, report, to=grid.heads)
    lower = rows(grid, report, from_=middle)
    upper = rows(grid, report, to=middle)
    return xml.tbl(*upper, columns=grid.width) + xml.p("（续表）") + xml.tbl(*head, *lower, columns=grid.width)


def _shifted(grid: Grid, report: Written) -> str:
    """Every other row of figures begins one column further in: gridBefore in place of an empty first cell."""
    printed = rows(grid, report)
    before = '<w:trPr><w:gridBefore w:val="1"/><w:wBefore w:w="100" w:type="dxa"/></w:trPr>'
    shifted = [row.replace("<w:tr>", f"<w:tr>{before}", 1) for row in printed[1::2]]
    blank = [row.replace("<w:tr>", f"<w:tr>{xml.tc('')}", 1) for row in printed[::2]]
    woven = [row for pair in zip(blank, [*shifted, ""], strict=False) for row in pair if row]
    return xml.tbl(*woven, columns=grid.width + 1)


def _nested(grid: Grid, report: Written) -> str:
    """The form stands in the one cell of a table that only lays out the page."""
    return xml.tbl(xml.tr(xml.tc(inner=xml.p("") + table(grid, report) + xml.p(""))), columns=1)


def _apart(grid: Grid, report: Written) -> str:
    """Table two as one table a block, its captions between them, as many offices write it."""
    if grid.form != "t2":
        return table(grid, report)
    found, start = "", 0
    captions = [at for at, row in enumerate(grid.rows) if len(row) == 1]
    for start, end in zip(captions, [*captions[1:], len(grid.rows)], strict=True):
        found += xml.p(grid.rows[start][0].text) + xml.tbl(*rows(grid, report, from_=start + 1, to=end))
    return found


# --- lists and styles -------------------------------------------------------------------------------------------------

_LEVELS = (("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"))


def _lists(*, tied: bool) -> str:
    """The two levels of headings: 一、 and （一）."""
    styles = ("Part", "Point") if tied else ("", "")
    levels = (xml.level(at, form, text, style=styles[at]) for at, (form, text) in enumerate(_LEVELS))
    return xml.lists("".join(levels))


def _numbered(report: Written) -> bytes:
    """No number stands in the text: Word prints them from a list named in each paragraph."""

    def line(line: Line) -> str:
        return xml.p(line.text, xml.num(1, line.level - 1)) if line.level else xml.p(line.whole)

    return xml.docx(body(report, line), numbering=_lists(tied=False))


def _styled(report: Written) -> bytes:
    """The numbers come with the styles of the headings, one style inheriting its list from another."""
    styles = xml.styles(
        xml.style("Listed", f"<w:pPr>{xml.num(1)}</w:pPr>"),
        xml.style("Part", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>', base="Listed"),
        xml.style("Point", f"<w:pPr>{xml.num(1, 1)}</w:pPr>", base="Part"),
    )
    names = {1: "Part", 2: "Point"}

    def line(line: Line) -> str:
        own = f'<w:pStyle w:val="{names[line.level]}"/>' if line.level else ""
        return xml.p(line.text if line.level else line.whole, own)

    return xml.docx(body(report, line), styles, _lists(tied=True))


# --- what stands around words -----------------------------------------------------------------------------------------


def _run(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _halved(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def _tracked_runs(text: str) -> str:
    """The second half was inserted, and something else deleted in its place."""
    first, second = _halved(text)
    by = 'w:id="1" w:author="甲" w:date="2025-01-01T00:00:00Z"'
    gone = "<w:r><w:delText>此处99件待核实</w:delText></w:r>"
    return f"{_run(first)}<w:del {by}>{gone}</w:del><w:ins {by}>{_run(second)}</w:ins>"


def _controlled_runs(text: str) -> str:
    first, second = _halved(text)
    return f"{_run(first)}<w:sdt><w:sdtPr/><w:sdtContent>{_run(second)}</w:sdtContent></w:sdt>"


def _linked_runs(text: str) -> str:
    first, second = _halved(text)
    return f'{_run(first)}<w:hyperlink r:id="rId9" w:history="1">{_run(second)}</w:hyperlink>'


def _field_runs(text: str) -> str:
    """The second half is the result of a field, whose instruction nobody sees."""
    first, second = _halved(text)
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    code = "<w:r><w:instrText>DOCPROPERTY 办结99件</w:instrText></w:r>"
    return f"{_run(first)}{begin}{code}{separate}{_run(second)}{end}"


def _hidden_runs(text: str) -> str:
    first, second = _halved(text)
    return _run(first) + _run("此处99件待核实", "<w:vanish/>") + _run(second)


def _pieced_runs(text: str) -> str:
    """Every sign a run of its own, as documents become that were edited often."""
    return "".join(_run(sign) for sign in text)


def _with_runs(runs: Callable[[str], str]) -> Callable[[Written], bytes]:
    """All paragraphs, those in cells too, with their words as ``runs`` writes them."""

    def paragraph(text: str) -> str:
        return f"<w:p>{runs(text) if text else ''}</w:p>"

    def table(grid: Grid, report: Written) -> str:
        return xml.tbl(*rows(grid, report, words=paragraph), columns=grid.width)

    return lambda report: xml.docx(body(report, lambda line: paragraph(line.whole), table))


def _controls(report: Written) -> bytes:
    """Blocks, rows and cells in content controls."""

    def wrapped(inner: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    def table(grid: Grid, report: Written) -> str:
        printed = [wrapped(row) if at % 2 else row for at, row in enumerate(rows(grid, report))]
        return wrapped(xml.tbl(*printed, columns=grid.width))

    return xml.docx(body(report, lambda line: wrapped(xml.p(line.whole)), table))


def _boxed(report: Written) -> bytes:
    """Every third paragraph and the forms in text boxes, each with a copy for old programs."""
    count = 0

    def box(inner: str) -> str:
        text = f"<w:txbxContent>{inner}</w:txbxContent>"
        drawn = f"<w:drawing><wp:inline><a:graphic>{text}</a:graphic></wp:inline></w:drawing>"
        new = f'<mc:Choice Requires="wps">{drawn}</mc:Choice>'
        old = f"<mc:Fallback><w:pict><v:shape><v:textbox>{text}</v:textbox></v:shape></w:pict></mc:Fallback>"
        return f"<w:p><w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r></w:p>"

    def line(line: Line) -> str:
        nonlocal count
        count += 1
        return xml.p(line.whole) if count % 3 or line.role else box(xml.p(line.whole))

    return xml.docx(body(report, line, lambda grid, report: box(table(grid, report))))


def _headed(report: Written) -> bytes:
    """Header, footer, a footnote and a comment that are no part of the report."""
    parts = xml.parts(body(report))
    for name, tag in (("header1", "hdr"), ("footer1", "ftr"), ("footnotes", "footnotes"), ("comments", "comments")):
        words = xml.p(f"{_SERVICE}新收政府信息公开申请99件，办结98件。")
        inner = f'<w:footnote w:id="1">{words}</w:footnote>' if tag == "footnotes" else words
        parts[f"word/{name}.xml"] = f"{xml.HEAD}<w:{tag} {xml.SPACES}>{inner}</w:{tag}>".encode()
    relations = "".join(
        f'<Relationship Id="rId{name}" Type="{xml.OFFICE}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for name in ("header1", "footer1", "footnotes", "comments")
    )
    key = "word/_rels/document.xml.rels"
    parts[key] = parts[key].replace(b"</Relationships>", relations.encode() + b"</Relationships>")
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdheader1"/>'
        '<w:footerReference w:type="default" r:id="rIdfooter1"/></w:sectPr>'
    )
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:body>", section.encode() + b"</w:body>")
    return xml.packed(parts)


def _tables(grid: Callable[[Grid, Written], str]) -> Callable[[Written], bytes]:
    return lambda report: xml.docx(body(report, grid=grid))


VARIANTS: dict[str, Callable[[Written], bytes]] = {
    PLAIN: lambda report: xml.docx(body(report)),
    "numbered": _numbered,
    "styled": _styled,
    "tracked": _with_runs(_tracked_runs),
    "control runs": _with_runs(_controlled_runs),
    "controls": _controls,
    "links": _with_runs(_linked_runs),
    "fields": _with_runs(_field_runs),
    "hidden": _with_runs(_hidden_runs),
    "pieces": _with_runs(_pieced_runs),
    "boxes": _boxed,
    "nested": _tables(_nested),
    "grid before": _tables(_shifted),
    "header rows": _tables(header_rows),
    "split": _tables(_split),
    "split with head": _tables(_split_with_head),
    "apart": _tables(_apart),
    "headers": _headed,
}
