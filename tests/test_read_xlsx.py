"""Workbooks: the tables as an officer drew them, the traps of real files, and those that no program writes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from checker.extract import extract
from checker.gate import OPEN
from checker.judge import judge
from checker.model import Block, Case, Cell, Document, Paragraph, Report, Table, Unreadable
from checker.pack import load
from checker.read import Limits, read
from checker.read.office.cellformat import shown
from checker.read.office.xlsx import parse_xlsx
from checker.work import status, unread
from tests.book import c, parts, row, sheet, workbook, xlsx
from tests.word import packed

EXAMPLES = Path(__file__).parent.parent / "examples"
PAGES = [path for path in sorted(EXAMPLES.glob("20*")) if path.suffix in (".html", ".md")]
PACK = load()


def book(*sheets: str, **others: object) -> Document:
    return parse_xlsx(xlsx(*sheets, **others), "x.xlsx")


def grid(block: Block) -> list[list[str]]:
    assert isinstance(block, Table)
    return [["?" if cell.unread else cell.text for cell in row] for row in block.rows]


def shape(document: Document) -> list[object]:
    """Paragraphs as their text, tables as their rows."""
    return [block.text if isinstance(block, Paragraph) else grid(block) for block in document.blocks]


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        parse_xlsx(data, "x.xlsx")
    assert caught.value.message.endswith("。")
    assert caught.value.remedy.endswith("。")
    return caught.value.code


def page_of(path: Path) -> Document:
    return replace(read(path), posted=None)


def values(report: Report) -> dict[str, object]:
    return {name: (fact.value, fact.state) for name, fact in report.facts.items() if name != "table.present"}


# --- the same report --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("framed", [True, False], ids=["framed", "bare"])
@pytest.mark.parametrize("gap", [0, 1])
def test_a_report_in_a_workbook_gives_the_same_facts(path: Path, framed: bool, gap: int) -> None:
    page = page_of(path)
    document = parse_xlsx(workbook(page.blocks, framed=framed, gap=gap), "x.xlsx")
    by_page, by_book = extract(page, PACK.facts), extract(document, PACK.facts)
    assert not by_book.forms_only
    assert values(by_book) == values(by_page)
    assert [(h.label, h.text) for h in by_book.headings] == [(h.label, h.text) for h in by_page.headings]


def forms(report: Report) -> dict[str, object]:
    return {name: (f.value, f.state) for name, f in report.facts.items() if name in PACK.facts.forms}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("apart", [True, False], ids=["a sheet each", "one sheet"])
def test_tables_alone_give_the_same_figures(path: Path, apart: bool) -> None:
    page = page_of(path)
    tables = [block for block in page.blocks if isinstance(block, Table)]
    data = workbook(*([table] for table in tables)) if apart else workbook(tables)
    found = extract(parse_xlsx(data, "x.xlsx"), PACK.facts)
    assert found.forms_only
    assert forms(found) == forms(extract(page, PACK.facts))


def test_a_row_of_tables_alone_that_is_not_read_is_told() -> None:
    """There is no text in which its label could stand as well."""
    tables = [block for block in page_of(PAGES[0]).blocks if isinstance(block, Table)]
    table = next(table for table in tables if any(cell.text == "自然人" for row in table.rows for cell in row))
    *above, last = table.rows
    merged = Table((*above, (*last[:-2], last[-1], last[-1])), table.where)
    found = extract(parse_xlsx(workbook([merged if each is table else each for each in tables]), "x.xlsx"), PACK.facts)
    assert found.forms_only
    assert "rows-unread" in [note.code for note in found.notes]


def statistics() -> Table:
    """The statistics return of an example, as a grid."""
    lines = read(EXAMPLES / "2016-柳坪乡-规范.txt").blocks
    texts = [block.text.split() for block in lines if isinstance(block, Paragraph)]
    start = next(i for i, cells in enumerate(texts) if "统计指标" in cells)
    rows = [[Cell(text) for text in (*cells, "", "")[:3]] for cells in texts[start:]]
    return Table(tuple(map(tuple, rows)))


@pytest.mark.parametrize("framed", [True, False], ids=["framed", "bare"])
def test_the_statistics_return_gives_the_same_figures(framed: bool) -> None:
    text = extract(read(EXAMPLES / "2016-柳坪乡-规范.txt"), PACK.facts)
    title = Paragraph("2016年柳坪乡政府信息公开情况统计表")
    found = extract(parse_xlsx(workbook([title, statistics()], framed=framed), "x.xlsx"), PACK.facts)
    wanted = {name: fact.value for name, fact in text.facts.items() if name.startswith("stat.")}
    assert len([value for value in wanted.values() if value is not None]) > 40
    assert {name: found.facts[name].value for name in wanted} == wanted
    assert (found.year, found.era, found.forms_only) == (2016, "B", True)


# --- a workbook of tables and nothing else ----------------------------------------------------------------------------


def audit(*blocks: Block) -> tuple[dict[str, set[str]], list[str], int, float | None]:
    """Rules by state, notes, exit code, score."""
    found = judge(Case(extract(parse_xlsx(workbook(list(blocks)), "x.xlsx"), PACK.facts)), PACK)
    states: dict[str, set[str]] = {}
    for verdict in found.verdicts:
        states.setdefault(verdict.state, set()).add(verdict.rule)
    code = status(replace(found, unread=unread(found, PACK)), OPEN)
    return states, [note.message for note in found.notes], code, found.score


TABLES = [block for block in page_of(EXAMPLES / "2022-砚川县水务局-规范.html").blocks if isinstance(block, Table)]


@pytest.mark.parametrize("title", ["砚川县水务局2022年政府信息公开工作年度报告统计表", ""])
def test_tables_alone_are_checked_and_the_missing_text_is_said_once(title: str) -> None:
    states, notes, code, score = audit(*([Paragraph(title)] if title else []), *TABLES)
    assert {"T2-01", "T2-03", "T3-01", "T3-04", "T3-05", "T3-06", "T4-02"} <= states["pass"]
    assert not states.keys() & {"fail", "review", "broken"}
    assert states["pass"] <= {rule.id for rule in PACK.rules if rule.topic in ("T2", "T3", "T4", "STR", "ERA")}
    assert not any(rule.startswith(("TTL", "PRE", "QLT", "PUB", "XTB")) for rule in states["pass"])
    assert notes == ["工作簿里只有表格（表二、表三、表四），没有报告正文；只核对了表格，正文请另行检查。"]
    assert (code, score) == (3, None)


def test_the_last_line_says_that_the_text_was_not_checked(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(workbook(TABLES))
    run = subprocess.run(
        [sys.executable, "-m", "checker", "check", str(tmp_path / "表.xlsx"), "--quiet"],
        cwd=EXAMPLES.parent,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert run.returncode == 3
    assert run.stdout.endswith("；正文未核对\n")


def test_remarks_on_how_to_fill_it_in_make_no_report_of_a_workbook() -> None:
    remarks = [
        Paragraph("填表说明："),
        Paragraph("一、主动公开情况按年度填报。"),
        Paragraph("二、其他需要报告的事项不在本表填报。"),
    ]
    states, *_ = audit(*TABLES, *remarks)
    assert not states.keys() & {"fail", "review"}


def test_the_note_of_table_three_is_no_remark_above_it() -> None:
    rows = [list(row) for row in TABLES[1].rows]
    note = replace(rows[0][0], text=rows[0][0].text.strip("（）"))
    assert note.text.startswith("本列数据的勾稽关系为：")
    bare = tuple(tuple(note if cell is rows[0][0] else cell for cell in row) for row in rows)
    states, *_ = audit(TABLES[0], Table(bare), TABLES[2])
    assert "T3-08" in states["pass"]


def test_a_wrong_sum_in_a_workbook_of_tables_is_found() -> None:
    rows = [list(row) for row in TABLES[1].rows]
    rows[3][-1] = replace(rows[3][-1], text="3")
    states, _, code, _ = audit(TABLES[0], Table(tuple(map(tuple, rows))), TABLES[2])
    assert {"T3-04"} <= states["fail"]
    assert code == 3


def test_without_a_year_the_edition_tells_the_era_but_not_that_it_is_the_right_one() -> None:
    found = extract(parse_xlsx(workbook(TABLES), "x.xlsx"), PACK.facts)
    assert (found.year, found.era) == (None, "D")
    assert "--year" in found.reason
    states, *_ = audit(*TABLES)
    assert "ERA-07" in states["unknown"]


def test_any_other_workbook_is_no_report() -> None:
    document = book(sheet(row(1, c("A1", "姓名"), c("B1", "工资")) + row(2, c("A2", "王某"), c("B2", "5000", "n"))))
    with pytest.raises(Unreadable) as caught:
        extract(document, PACK.facts)
    assert caught.value.code == "not-a-report"


# --- cells ------------------------------------------------------------------------------------------------------------

HEADS = row(1, c("A1", "信息内容"), c("B1", "本年处理决定数量"))


def cell(xml: str, **others: object) -> tuple[str, list[str]]:
    """What the cell B2 of a table says, and the notes."""
    last = row(3, c("A3", "行政处罚"), c("B3", "6", "n"))
    document = book(sheet(HEADS + row(2, c("A2", "行政许可"), xml) + last), **others)
    return grid(document.blocks[0])[1][1], codes(document)


@pytest.mark.parametrize(
    ("xml", "text", "notes"),
    [
        (c("B2", "1234", "n"), "1234", []),
        (c("B2", "1234.0", "n"), "1234", []),
        (c("B2", "38.499999999999996", "n"), "38.5", []),
        (c("B2", "1E3", "n"), "1000", []),
        (c("B2", "-0", "n"), "0", []),
        (c("B2", "52件"), "52件", []),
        (c("B2", "5_x000D_2"), "5\n2", []),
        (c("B2", "1", "b"), "TRUE", []),
        (c("B2", "#REF!", "e", formula="A9"), "#REF!", []),
        (c("B2", "52", "n", formula="SUM(B9:B10)"), "52", []),
        (c("B2", "合格", "str", formula="A9"), "合格", []),
        ('<c r="B2" t="str"><f>A9</f><v></v></c>', "", []),
        (c("B2", "", "n", formula="SUM(B9:B10)"), "?", ["no-value"]),
        ('<c r="B2"><f>SUM(B9:B10)</f><v/></c>', "?", ["no-value"]),
        ('<c r="B2" t="inlineStr"><is><r><t>5</t></r><r><t>2</t></r><rPh><t>拼</t></rPh></is></c>', "52", []),
        ('<c r="B2" t="s"><v>1</v></c>', "52 件", []),
        ("<c t='n'><v>52</v></c>", "52", []),
    ],
)  # fmt: skip
def test_a_cell_reads_as_it_is_shown(xml: str, text: str, notes: list[str]) -> None:
    strings = "<si><t>甲</t></si><si><r><t>52</t></r><r><t xml:space='preserve'> 件</t></r><rPh><t>拼</t></rPh></si>"
    assert cell(xml, strings=strings) == (text, notes)


def test_values_that_a_program_wrote_without_computing_them_are_not_believed() -> None:
    formula = c("B2", "0", "n", formula="SUM(B9:B10)")
    assert cell(formula, book='<calcPr fullCalcOnLoad="1"/>') == ("?", ["no-value"])
    assert cell(formula, book='<calcPr calcId="191029"/>') == ("0", [])
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        made.add_worksheet().write_row(0, 0, ["行政许可", "=1+1"])
    assert grid(parse_xlsx(buffer.getvalue(), "x").blocks[0]) == [["行政许可", "?"]]


def test_an_unread_cell_is_an_unread_fact_and_an_error_value_a_malformed_one() -> None:
    rows = [list(line) for line in TABLES[0].rows]
    rows[6][1] = rows[6][2] = rows[6][3] = replace(rows[6][1], text="#REF!")
    found = extract(parse_xlsx(workbook([Table(tuple(map(tuple, rows)))]), "x"), PACK.facts)
    assert (found.facts["t2.licences"].state, found.facts["t2.licences"].raw) == ("malformed", "#REF!")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        made.add_worksheet().write_row(0, 0, ["信息内容", "本年处理决定数量"])
        made.worksheets()[0].write_row(1, 0, ["行政许可", "=26*2"])
    assert extract(parse_xlsx(buffer.getvalue(), "x"), PACK.facts).facts["t2.licences"].state == "unread"


FORMATS = [
    ("1234", "General", "1234", ""),
    ("1234", "#,##0", "1234", ""),
    ("38.5", "0.00", "38.5", ""),
    ("38.5", "0", "38.5", "rounded"),
    ("385000", "0.0,", "385000", "rounded"),
    ("0.5", "0%", "50%", ""),
    ("0.123", "0.0%", "12.3%", ""),
    ("52", '0"件"', "52件", ""),
    ("52", '"约"0', "约52", ""),
    ("52", "General\\件", "52件", ""),
    ("38.5", "[$¥-804]#,##0.00", "38.5", ""),
    ("5", "#,##0.00_);(#,##0.00)", "5", ""),
    ("-5", "#,##0_);(#,##0)", "-5", ""),
    ("0", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0", ""),
    ("0", "0;-0;;@", "", "hidden"),
    ("52", ";;;", "", "hidden"),
    ("45307", "yyyy/m/d", "2024年1月16日", ""),
    ("45307", 'yyyy"年"m"月"d"日";@', "2024年1月16日", ""),
    ("45307", "m/d", "1月16日", ""),
    ("45307", "yyyy年m月", "2024年1月", ""),
    ("60", "yyyy/m/d", "1900年2月28日", ""),
    ("0.75", "h:mm", "18:00", ""),
    ("1e300", "yyyy/m/d", "1" + "0" * 300, ""),
    ("-3", "yyyy/m/d", "-3", ""),
    ("nan", "0", "nan", ""),
    ("abc", "0", "abc", ""),
    ("7", "@", "7", ""),
]


@pytest.mark.parametrize(("stored", "code", "text", "trouble"), FORMATS, ids=[f"{f[0]} {f[1]}" for f in FORMATS])
def test_numbers_under_their_formats(stored: str, code: str, text: str, trouble: str) -> None:
    found = shown(stored, code)
    assert found.trouble == trouble
    if trouble != "rounded":
        assert found.text == text


def test_the_days_of_workbooks_from_a_macintosh() -> None:
    assert shown("43845", "yyyy/m/d", from_1904=True).text == "2024年1月16日"
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    assert cell(c("B2", "43845", "n", 1), styles=styles, book='<workbookPr date1904="1"/>')[0] == "2024年1月16日"


STYLES = (
    '<numFmts><numFmt numFmtId="200" formatCode=";;;"/></numFmts>'
    '<fonts><font/><font><color rgb="FFFFFFFF"/></font><font><color theme="0"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"/></fill></fills>'
    '<borders><border><left/></border><border><left style="thin"/></border></borders>'
    '<cellXfs><xf/><xf numFmtId="200"/><xf fontId="1" fillId="0"/><xf fontId="2" fillId="0"/>'
    '<xf fontId="1" fillId="1"/><xf numFmtId="1"/><xf borderId="1"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("style", "text", "notes"),
    [(0, "52", []), (1, "?", ["hidden-text"]), (2, "?", ["hidden-text"]), (3, "?", ["hidden-text"]), (4, "52", [])],
)
def test_row_26_figures_that_nobody_sees_are_unread_xlsx(style: int, text: str, notes: list[str]) -> None:
    assert cell(c("B2", "52", "n", style), styles=STYLES) == (text, notes)
    assert cell(c("B2", "52件", "inlineStr", style), styles=STYLES) == (
        ("52件", []) if style in (0, 1, 4) else ("?", notes)
    )


def test_a_number_shown_with_fewer_digits_is_unread() -> None:
    assert cell(c("B2", "38.5", "n", 5), styles=STYLES) == ("?", ["rounded"])
    assert cell(c("B2", "38", "n", 5), styles=STYLES) == ("38", [])


def test_words_that_are_struck_out_do_not_count_xlsx() -> None:
    runs = "<si><r><rPr><strike/></rPr><t>300</t></r><r><rPr><b/></rPr><t>304</t></r></si>"
    assert cell(c("B2", "0", "s"), strings=runs) == ("304", ["struck"])
    assert cell(c("B2", "0", "s"), strings=runs.replace("<strike/>", '<strike val="0"/>')) == ("300304", [])
    struck = STYLES.replace("<font/>", "<font/><font><strike/></font>").replace('fontId="1"', 'fontId="9"')
    struck = struck.replace("<cellXfs><xf/>", '<cellXfs><xf/><xf fontId="1"/>')
    assert cell(c("B2", "52", "n", 1), styles=struck) == ("", ["struck"])


def test_a_raised_figure_belongs_to_no_number_xlsx() -> None:
    run = '<si><r><t>3</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>'
    assert cell(c("B2", "0", "s"), strings=run) == ("3¹", [])


# --- what is hidden ---------------------------------------------------------------------------------------------------


def table(*rows: tuple[int, str], columns: int = 3) -> str:
    """Rows of the cells 甲1 甲2 ..., with properties."""
    return "".join(
        row(
            at,
            *[c(f"{'ABCDEFGH'[i]}{at}", f"{'甲乙丙丁戊己庚辛壬'[at - 1]}{i + 1}") for i in range(columns)],
            properties=properties,
        )
        for at, properties in rows
    )


def test_row_26_hidden_rows_columns_and_sheets_are_not_read_xlsx() -> None:
    shown_ = sheet(table((1, ""), (2, 'hidden="1"'), (3, "")), before='<cols><col min="2" max="2" hidden="1"/></cols>')
    document = book(shown_, sheet(table((1, ""))), sheet(table((1, ""))), states={1: "hidden", 2: "veryHidden"})
    assert shape(document) == [[["甲1", "甲3"], ["丙1", "丙3"]]]
    assert codes(document) == ["hidden-text"]
    assert codes(book(sheet(table((1, ""), (3, ""))))) == []


def test_a_merged_cell_whose_first_row_is_hidden_is_seen_in_the_others() -> None:
    merged = "<mergeCells><mergeCell ref='A1:A3'/></mergeCells>"
    document = book(sheet(table((1, 'hidden="1"'), (2, ""), (3, "")), after=merged))
    assert shape(document) == [[["甲1", "乙2", "乙3"], ["甲1", "丙2", "丙3"]]]


# --- what the cells make up -------------------------------------------------------------------------------------------


def test_row_21_merged_cells_are_one_cell_at_every_place_xlsx() -> None:
    merged = "<mergeCells><mergeCell ref='A1:B2'/><mergeCell ref='C2:C3'/></mergeCells>"
    (found,) = book(sheet(table((1, ""), (2, ""), (3, "")), after=merged)).blocks
    assert isinstance(found, Table)
    assert grid(found) == [["甲1", "甲1", "甲3"], ["甲1", "甲1", "乙3"], ["丙1", "丙2", "乙3"]]
    assert found.rows[0][0] is found.rows[1][1]
    assert found.rows[1][2] is found.rows[2][2]
    assert found.rows[2][2].where.line == 2


def test_row_20_cells_stay_in_their_true_column_xlsx() -> None:
    rows = row(2, c("B2", "乙"), c("D2", "丁")) + row(3, c("C3", "丙"), c("D3", "丁"))
    assert shape(book(sheet(rows))) == [[["乙", "", "丁"], ["", "丙", "丁"]]]


def test_titles_blank_rows_and_remarks_part_the_tables() -> None:
    rows = (
        row(1, c("A1", "青石镇2023年统计表"))
        + row(2, c("A2", "填报单位（盖章）：青石镇人民政府"), c("C2", "单位：件"))
        + row(3, c("A3", "一"), c("B3", "1", "n"))
        + row(4, c("A4", "二"), c("B4", "2", "n"))
        + row(5, c("A5", "说明：以上数据截至年底。"))
        + row(7, c("A7", "三"), c("B7", "3", "n"))
        + row(8, c("A8", "四"), c("B8", "4", "n"))
    )
    assert shape(book(sheet(rows))) == [
        "青石镇2023年统计表",
        "填报单位（盖章）：青石镇人民政府　单位：件",
        [["一", "1"], ["二", "2"]],
        "说明：以上数据截至年底。",
        [["三", "3"], ["四", "4"]],
    ]


def test_empty_cells_with_a_frame_belong_to_their_table() -> None:
    rows = row(1, c("A1", "甲", style=6), c("B1", "乙", style=6)) + row(
        2, '<c r="A2" s="6"/>', '<c r="B2" s="6"/>', '<c r="C2" s="0"/>'
    )
    (found,) = book(sheet(rows), styles=STYLES).blocks
    assert grid(found) == [["甲", "乙"], ["", ""]]


def test_framed_tables_side_by_side_are_two() -> None:
    rows = "".join(row(at, *[c(f"{letter}{at}", f"{letter}{at}", style=6) for letter in "ABDE"]) for at in (1, 2))
    assert shape(book(sheet(rows), styles=STYLES)) == [[["A1", "B1"], ["A2", "B2"]], [["D1", "E1"], ["D2", "E2"]]]
    hidden = sheet(rows, before='<cols><col min="3" max="3" hidden="1"/></cols>')
    assert shape(book(hidden, styles=STYLES)) == [[["A1", "B1", "D1", "E1"], ["A2", "B2", "D2", "E2"]]]


def test_prose_in_cells_is_text_and_a_merged_one_is_told_once() -> None:
    prose = "全年公开信息，" * 30 + "。\n第二段。"
    beside = sheet(
        row(1, c("A1", "总体情况", style=6), c("B1", prose, style=6)) + row(2, '<c r="B2" s="6"/>'),
        after="<mergeCells><mergeCell ref='A1:A2'/><mergeCell ref='B1:B2'/></mergeCells>",
    )
    lines = prose.split("\n")
    assert shape(book(beside, styles=STYLES)) == ["总体情况", *lines]
    assert shape(book(sheet(row(1, c("A1", prose))))) == lines


def test_places_are_rows_and_sheets() -> None:
    document = book(sheet(row(4, c("A4", "题"))), sheet(""), sheet(table((7, ""), (8, ""))))
    title, found = document.blocks
    assert (title.where.page, title.where.line, title.where.block) == (1, 4, 0)
    assert isinstance(found, Table)
    assert [(line[0].where.page, line[0].where.line, line[0].where.block) for line in found.rows] == [
        (2, 7, 1),
        (2, 8, 1),
    ]
    (alone,) = book(sheet(row(4, c("A4", "题")))).blocks
    assert alone.where.page is None


DRAWING = (
    '<d:wsDr xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:oneCellAnchor><d:ext cx="{0}" cy="{0}"/>{1}'
    "</d:oneCellAnchor></d:wsDr>"
)
RELATED = (
    '<Relationships xmlns="x"><Relationship Id="r1" Type="http://x/drawing" Target="../drawings/drawing1.xml"/>'
    "</Relationships>"
)


def drawn(size: int, inner: str, rows: str) -> bytes:
    files = parts(sheet(rows)) | {
        "xl/worksheets/_rels/sheet0.xml.rels": RELATED.encode(),
        "xl/drawings/drawing1.xml": DRAWING.format(size, inner).encode(),
    }
    return packed(files)


def test_pictures_may_be_tables_and_text_boxes_are_text() -> None:
    document = parse_xlsx(drawn(4_000_000, "<d:pic/>", table((1, ""))), "x")
    assert [isinstance(block, Table) and block.picture for block in document.blocks] == [False, True]
    assert codes(document) == ["picture"]
    assert codes(parse_xlsx(drawn(100_000, "<d:pic/>", table((1, ""))), "x")) == []
    box = "<d:sp><d:txBody><a:p><a:r><a:t>甲</a:t></a:r><a:r><a:t>乙</a:t></a:r></a:p></d:txBody></d:sp>"
    assert shape(parse_xlsx(drawn(1, box, ""), "x")) == ["甲乙"]
    assert refused(drawn(4_000_000, "<d:pic/>", "")) == "format"


# --- files ------------------------------------------------------------------------------------------------------------


def test_row_10_content_decides_under_any_name_xlsx(tmp_path: Path) -> None:
    for name in ("报告.docx", "报告.et", "报告.txt", "报告"):
        (tmp_path / name).write_bytes(xlsx(sheet(row(1, c("A1", "题")))))
        assert read(tmp_path / name).format == "xlsx"


def test_row_29_the_strict_form_says_the_same() -> None:
    plain = xlsx(sheet(table((1, ""), (2, ""))))
    strict = {
        name: data.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006", b"http://purl.oclc.org/ooxml/spreadsheetml")
        .replace(b"http://schemas.openxmlformats.org/officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument")
        for name, data in parts(sheet(table((1, ""), (2, "")))).items()
    }  # fmt: skip
    assert parse_xlsx(packed(strict), "x").blocks == parse_xlsx(plain, "x").blocks


def test_other_programs_agree_on_the_cells() -> None:
    data = workbook(TABLES)
    loaded = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    told = [str(value) for line in loaded.iter_rows(values_only=True) for value in line if value is not None]
    found = [
        cell.text
        for block in parse_xlsx(data, "x").blocks
        for cell in ({id(c): c for line in block.rows for c in line}.values() if isinstance(block, Table) else [block])
        if cell.text
    ]
    assert sorted(found) == sorted(text.removesuffix(".0") for text in told)


def test_what_is_no_workbook_is_refused_by_its_reason() -> None:
    whole = parts(sheet(table((1, ""))))
    assert refused(xlsx(sheet(""))) == "empty"
    assert (
        refused(
            xlsx(
                sheet(table((1, ""))),
            )[:200]
        )
        == "zip-damaged"
    )
    assert refused(packed({"xl/workbook.xml": b"<x/>"})) == "format"
    assert (
        refused(packed({"_rels/.rels": whole["_rels/.rels"].replace(b".xml", b".bin"), "xl/workbook.bin": b"\0"}))
        == "format"
    )
    assert refused(xlsx(sheet(row(1, '<c t="s"><v>7</v></c>')))) == "xml-damaged"
    assert refused(xlsx(sheet(row(1, '<c t="s"><v>-1</v></c>')))) == "xml-damaged"
    assert refused(xlsx(sheet(table((1, ""))), states={0: "hidden"})) == "empty"


def test_row_9_parts_that_occur_twice_are_refused_xlsx() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = twice(parts(sheet(table((1, "")))))
    assert refused(data) == "zip-ambiguous"


def twice(files: dict[str, bytes]) -> bytes:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in [*files.items(), ("xl/workbook.xml", b"<x/>")]:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", "xl/worksheets/sheet0.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "xml-doctype"),
        (b"<x>" * 100_000, "xml-depth"),
        (b"<x", "xml-damaged"),
        (b"", "xml-damaged"),
    ],
    ids=["12 doctype", "16 depth", "18 damaged", "empty"],
)
def test_row_12_row_16_row_18_hostile_xml_is_refused_xlsx(name: str, inner: bytes, code: str) -> None:
    files = parts(sheet(table((1, ""))), strings="<si/>", styles="<x/>") | {name: inner}
    assert refused(packed(files)) == code


def test_row_2_bombs_are_refused_xlsx() -> None:
    assert refused(packed(parts(sheet(table((1, "")), after=" " * 40_000_000)))) == "zip-ratio"


def quickly(data: bytes, seconds: float = 3) -> Document:
    started = time.process_time()
    document = parse_xlsx(data, "x")
    assert time.process_time() - started < seconds
    return document


def test_declared_sizes_count_for_nothing() -> None:
    rows = table((1, "")) + row(1_048_576, c("XFD1048576", "远"))
    lying = quickly(xlsx(sheet(rows, before='<dimension ref="A1:XFD1048576"/>')))
    assert shape(lying) == [[["甲1", "甲2", "甲3"]], "远"]
    assert shape(book(sheet(table((1, ""), (2, "")), before='<dimension ref="A1"/>')))[0] == [
        ["甲1", "甲2", "甲3"],
        ["乙1", "乙2", "乙3"],
    ]


def test_row_19_floods_of_merges_and_columns_stay_within_the_limits_xlsx() -> None:
    whole = "<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"
    assert shape(quickly(xlsx(sheet(table((1, ""), (9, "")), after=whole)))) == ["甲1"]
    many = "".join(f"<mergeCell ref='A1:{'XYZ'[n % 3]}{n * 7919 % 1_048_573 + 9}'/>" for n in range(50_000))
    assert (
        refused(xlsx(sheet(table((1, ""), (2, ""), (3, ""), (4, "")), after=f"<mergeCells>{many}</mergeCells>")))
        == "too-big"
    )
    columns = "<cols>" + "<col min='1' max='16384' hidden='1'/>" * 20_000 + "</cols>"
    assert refused(xlsx(sheet(table((1, "")), before=columns))) == "empty"
    wide = quickly(xlsx(sheet("".join(row(at, c(f"A{at}", "甲"), c(f"XFD{at}", "乙")) for at in range(1, 1000)))))
    assert codes(wide) == ["table-span"]


def test_row_19_cells_beyond_the_limit_are_unread_and_said_so_xlsx() -> None:
    document = parse_xlsx(xlsx(sheet(table((1, ""), (2, ""), (4, ""), (5, "")))), "x", Limits(table_cells=6))
    assert [isinstance(block, Table) and block.picture for block in document.blocks] == [False, True]
    assert codes(document) == ["table-cells"]


def test_row_22_five_thousand_rows_xlsx() -> None:
    rows = "".join(row(at, *[c(f"{letter}{at}", str(at), "n") for letter in "ABCDEFGHIJ"]) for at in range(1, 5001))
    (found,) = quickly(xlsx(sheet(rows)), 4).blocks
    assert isinstance(found, Table)
    assert len(found.rows) == 5000


def test_odd_references_and_numbers_are_borne() -> None:
    rows = (
        row(1, c("A1", "甲"), c("B1", "乙"))
        + '<row r="abc"><c r="??" t="n"><v>1</v></c><c r="B99999999999"><v>2</v></c></row>'
    )
    document = book(
        sheet(rows, after="<mergeCells><mergeCell ref='A1'/><mergeCell/><mergeCell ref='A:B'/></mergeCells>")
    )
    assert shape(document) == [[["甲", "乙"], ["1", "2"]]]


def test_row_51_five_thousand_digits_are_borne_xlsx() -> None:
    long = "9" * 5000
    assert cell(c("B2", "9" * 400, "n")) == ("9" * 400, [])
    rows = f'<row r="{long}"><c r="A1" s="{long}"><v>1</v></c></row>' + row(2, c("A2", long, "s"))
    with pytest.raises(Unreadable) as caught:
        book(sheet(rows, before=f'<cols><col min="{long}" max="{long}" hidden="1"/></cols>'))
    assert caught.value.code == "xml-damaged"  # there is no such string
    found = extract(parse_xlsx(workbook([changed(TABLES[0], "52", "9" * 400)]), "x"), PACK.facts).facts["t2.licences"]
    assert found.state == "malformed"


def changed(table: Table, old: str, new: str) -> Table:
    swapped = {id(cell): replace(cell, text=new) for line in table.rows for cell in line if cell.text == old}
    return Table(tuple(tuple(swapped.get(id(cell), cell) for cell in line) for line in table.rows))


def test_a_flood_of_text_rows_ends() -> None:
    def lines() -> Iterable[str]:
        return (row(at, c(f"A{at}", "行")) for at in range(1, 50_001))

    assert len(quickly(xlsx(sheet("".join(lines()))), 6).blocks) == 50_000


def test_row_8_flipped_bits_and_lost_ends_are_refused_xlsx() -> None:
    data = workbook(TABLES)
    for at in range(0, len(data), len(data) // 150):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        for broken in (bytes(flipped), data[:at]):
            try:
                assert parse_xlsx(broken, "x").blocks
            except Unreadable as error:
                assert error.remedy  # noqa: PT017
