"""PDF: whole reports printed by Chromium and LibreOffice read like the page that they were made of, and hostile files.

Rows are those of the matrix of attacks and faults.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from checker import batch
from checker.extract import extract
from checker.judge import judge
from checker.model import Audit, Block, Case, Cell, Document, Fact, Note, Paragraph, Table, Unreadable
from checker.read import LIMITS, Limits, needs_worker, read
from checker.read.paper import scan
from checker.read.paper.grid import Glyph, Page, Stroke, lay_out
from checker.read.paper.pdf import parse_pdf
from checker.read.plain.html import parse_html
from checker.work import Job
from tests.findings import ROOT, national
from tests.paper import STYLE, chromium, libreoffice, line, pages, pdf, printed, show, stream, word

SENTENCE = "2023年青石镇主动公开政府信息63条，收到申请2件，均已答复，没有收费，没有行政复议。"


# --- whole reports ----------------------------------------------------------------------------------------------------


@cache
def source(form: str) -> tuple[Block, ...]:
    """A report with the forms of 2021, of 2019, or with the statistics return; no two figures of a table are alike."""
    if form == "2021":
        page = (ROOT / "examples/2022-砚川县水务局-规范.html").read_text(encoding="utf-8")
        numbers = iter(range(1, 1000))
        return parse_html(re.sub(r">0</td>", lambda _: f">{next(numbers)}</td>", page), "x.html").blocks
    if form == "2019":
        return read(ROOT / "examples/2019-杨渡镇-规范.md").blocks
    lines = (ROOT / "examples/2016-柳坪乡-规范.txt").read_text(encoding="utf-8").splitlines()
    start = lines.index("统计指标\t单位\t数量")
    text = [Paragraph(words, hint="" if at else "h1") for at, words in enumerate(filter(None, lines[:start]))]
    rows = [[Cell(words) for words in row.split("\t")] for row in lines[start:] if row]
    return *text, Table(tuple((*row, *row * 2)[:3] if len(row) == 1 else tuple(row) for row in rows))


#: for each form the table that is as long as a page, and the rows of its head
LONG = {"2021": {1: 3}, "2019": {5: 3}, "return": {0: 1}}
PRINTED = [
    ("2021", "chromium"),
    ("2021", "chromium-rims"),
    ("2019", "chromium-head"),
    ("2019", "word"),
    ("2021", "word-head"),
    ("return", "word-head"),
]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(form, clothes) -> the report as a PDF: with and without a head on each page, with a rim around each cell."""
    folder = tmp_path_factory.mktemp("papers")
    sheets, letters = [], []
    for form, clothes in PRINTED:
        heads = LONG[form] if clothes.endswith("head") else {}
        path = folder / f"{form}-{clothes}"
        if clothes.startswith("word"):
            letters.append(path.with_suffix(".docx"))
            word(source(form), letters[-1], heads)
        else:
            style = STYLE.replace("border-collapse:collapse;", "") if clothes.endswith("rims") else STYLE
            sheets.append(path.with_suffix(".html"))
            sheets[-1].write_text(printed(source(form), style, heads), encoding="utf-8")
    chromium(folder, *sheets)
    libreoffice(folder, *letters)
    return {(form, clothes): folder / f"{form}-{clothes}.pdf" for form, clothes in PRINTED}


def report(document: Document) -> dict[str, Fact]:
    return dict(extract(document, national().facts).facts)


def told(facts: dict[str, Fact]) -> dict[str, tuple[str, Any]]:
    """What is read, by fact; the name of a place that stands in the text is not read from a page's head."""
    return {name: (fact.state, fact.value) for name, fact in facts.items() if not name.startswith("posted")}


@pytest.mark.parametrize(("form", "clothes"), PRINTED)
def test_a_printed_report_says_what_its_page_says(papers: dict[tuple[str, str], Path], form: str, clothes: str) -> None:
    """Rows 38 and 39, too: each of these has a table over several pages."""
    document = read(papers[form, clothes])
    assert told(report(document)) == told(report(parse_html(printed(source(form)), "x.html")))
    assert document.notes == ()
    pages_ = {
        cell.where.page for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row
    }
    assert len(pages_) > 1


@pytest.mark.parametrize("turn", [90, 180])
def test_row_40_a_printed_report_lies_on_its_side(papers: dict[tuple[str, str], Path], turn: int) -> None:
    """Flat characters (一、) are drawn as pictures by Chromium, and know their ink alone whichever way they lie."""
    with pypdfium2.PdfDocument(papers["2021", "chromium"]) as document:
        for page in document:
            page.set_rotation(turn)
        document.save(turned := io.BytesIO())
    assert told(report(parsed(turned.getvalue()))) == told(report(read(papers["2021", "chromium"])))


@pytest.mark.parametrize("clothes", ["chromium", "word-head"])
def test_a_printed_report_is_judged_like_its_page(papers: dict[tuple[str, str], Path], clothes: str) -> None:
    def verdicts(document: Document) -> set[tuple[str, str, str]]:
        audit = judge(Case(extract(document, national().facts)), national())
        return {(verdict.rule, verdict.subject, verdict.state) for verdict in audit.verdicts}

    assert verdicts(read(papers["2021", clothes])) == verdicts(parse_html(printed(source("2021")), "x.html"))


def figures(rows: Sequence[Sequence[str | None]]) -> list[tuple[str, ...]]:
    """The figures of each row that has several."""
    plain = [[re.sub(r"\s", "", text or "") for text in row] for row in rows]
    found = [tuple(text for text in row if re.fullmatch(r"[\d.]+", text)) for row in plain]
    return [row for row in found if len(row) > 2]


def once(row: Sequence[Cell]) -> list[Cell]:
    """The cells of a row, a merged one once."""
    return [cell for at, cell in enumerate(row) if not at or cell is not row[at - 1]]


@pytest.mark.parametrize("clothes", ["chromium", "word-head"])
def test_another_reader_of_tables_agrees(papers: dict[tuple[str, str], Path], clothes: str) -> None:
    """pdfplumber finds the same figures in the same rows, in all rows but one."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it wants boxes of fonts that Chromium does not write
    ours = [
        row
        for block in read(papers["2021", clothes]).blocks
        if isinstance(block, Table)
        for row in figures([[cell.text for cell in once(row)] for row in block.rows])
    ]
    with pdfplumber.open(papers["2021", clothes]) as document:
        theirs = [row for page in document.pages for table in page.extract_tables() for row in figures(table)]
    assert len(ours) > 25
    assert [row for row in ours if row in theirs] == theirs
    assert len(ours) - len(theirs) <= 1  # the row at a page break that Chromium draws without a line


def test_page_numbers_and_running_heads_are_no_text(papers: dict[tuple[str, str], Path]) -> None:
    """Row 39: the date, title, address and page numbers that Chromium and Word print in the margins."""
    for clothes in ("chromium", "word-head"):
        words = [block.text for block in read(papers["2021", clothes]).blocks if isinstance(block, Paragraph)]
        assert not [text for text in words if re.fullmatch(r"[—\d/ ]+|政府信息公开年报|年报|.*file:.*", text)]
        assert sum("所列数据的统计期限为2022年1月1日至2022年12月31日" in text for text in words) == 1


# --- small pages ------------------------------------------------------------------------------------------------------


def parsed(data: bytes, limits: Limits = LIMITS) -> Document:
    return parse_pdf(data, "x.pdf", limits)


def words(data: bytes) -> list[str]:
    return [block.text for block in parsed(data).blocks if isinstance(block, Paragraph)]


def grid(data: bytes) -> list[list[str]]:
    (table,) = [block for block in parsed(data).blocks if isinstance(block, Table)]
    return [[cell.text + "?" * cell.unread for cell in row] for row in table.rows]


def ruled(xs: Sequence[float], ys: Sequence[float], without: Sequence[tuple[str, int, int]] = ()) -> bytes:
    """Lines around cells; ``without`` leaves out the piece of line ``(h, row, column)`` or ``(v, row, column)``."""
    flat = [("h", i, j) for i in range(len(ys)) for j in range(len(xs) - 1)]
    steep = [("v", i, j) for i in range(len(ys) - 1) for j in range(len(xs))]
    pieces = [
        line(xs[j], ys[i], xs[j + 1], ys[i]) if way == "h" else line(xs[j], ys[i], xs[j], ys[i + 1])
        for way, i, j in (*flat, *steep)
        if (way, i, j) not in without
    ]
    return b"".join(pieces)


XS, YS = (100, 200, 300, 400), (700, 670, 640, 610)
CELLS = [["名称", "甲", "乙"], ["规章", "1", "2"], ["许可", "34", "5.6"]]


def filled(cells: Sequence[Sequence[str]] = CELLS, ys: Sequence[float] = YS, xs: Sequence[float] = XS) -> bytes:
    return b"".join(
        show(text, xs[j] + 5, ys[i] - 20) for i, row in enumerate(cells) for j, text in enumerate(row) if text
    )


def test_a_ruled_table_is_a_grid_with_its_page() -> None:
    document = parsed(pages(show("第一页", 100, 700), show("标题", 100, 750) + ruled(XS, YS) + filled()))
    paragraph, title, table = document.blocks
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == CELLS
    assert (paragraph.where.page, title.where.page, title.where.line, table.where.page) == (1, 2, 1, 2)
    assert table.where.block == 2
    assert document.notes == ()


@pytest.mark.parametrize(
    "drawing",
    [
        b"".join(b"%d 610 0.5 90 re f\n" % x for x in XS) + b"".join(b"100 %d 300 0.5 re f\n" % y for y in YS),
        b"".join(b"%d %d 100 30 re S\n" % (x, y) for x in XS[:3] for y in YS[1:]),
        b"".join(b"%d 610 m %d 700 l\n" % (x, x) for x in XS)
        + b"".join(b"100 %d m 400 %d l\n" % (y, y) for y in YS)
        + b"S\n",
        b"2 0 0 2 0 0 cm " + ruled([x / 2 for x in XS], [y / 2 for y in YS]) + b"0.5 0 0 0.5 0 0 cm ",
    ],
    ids=["thin boxes", "outlines", "one path", "scaled"],
)
def test_lines_may_be_drawn_in_many_ways(drawing: bytes) -> None:
    assert grid(pages(drawing + filled())) == CELLS


def test_lines_inside_a_form_object_count() -> None:
    extra = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Matrix [1 0 0 1 50 0]"
    form = stream(ruled([x - 50 for x in XS], YS), extra)
    assert grid(pages(b"/I1 Do " + filled(), more={100: form})) == CELLS


def test_merged_cells_repeat_where_no_line_parts_them() -> None:
    cells = [["名称", "合计", ""], ["规章", "1", "2"], ["", "3", "4"]]
    drawn = ruled(XS, YS, without=[("v", 0, 2), ("h", 2, 0)])
    assert grid(pages(drawn + filled(cells))) == [["名称", "合计", "合计"], ["规章", "1", "2"], ["规章", "3", "4"]]


def test_a_missing_piece_of_border_falls_back_on_the_row() -> None:
    """A hole that makes no rectangle is closed where the line is there in most columns."""
    drawn = ruled(XS, YS, without=[("v", 1, 2), ("h", 2, 1)])
    assert grid(pages(drawn + filled()))[2] == CELLS[2]


def test_a_hole_that_looks_like_a_merged_cell_is_unread() -> None:
    assert grid(pages(ruled(XS, YS, without=[("h", 1, 1)]) + filled()))[1] == ["规章", "甲1?", "2"]
    blank = [["名称", "甲", "乙"], ["规章", "", "2"], ["许可", "34", "5.6"]]
    assert grid(pages(ruled(XS, YS, without=[("h", 2, 1)]) + filled(blank)))[1:] == [
        ["规章", "34?", "2"],
        ["许可", "34?", "5.6"],
    ]
    middle = show("2", 350 - 6, 650)  # in the middle of the last column, not of both
    cells = [blank[0], ["规章"], blank[2]]
    assert grid(pages(ruled(XS, YS, without=[("v", 1, 2)]) + filled(cells) + middle))[1] == ["规章", "2?", "2?"]


def test_figures_that_no_line_parts_are_unread_and_said_so() -> None:
    document = parsed(pages(ruled(XS, YS, without=[("v", 1, 2), ("h", 2, 1)]) + filled()))
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    unread = {cell.text for row in table.rows for cell in row if cell.unread}
    assert not {"1", "2", "34"} & {
        cell.text for row in table.rows for cell in row if not cell.unread and "1" in cell.text
    }
    assert unread
    assert [note.code for note in document.notes] == ["table-unclear"]


def test_a_column_without_its_line_is_unread() -> None:
    drawn = ruled(XS, YS, without=[("v", row, 2) for row in range(3)])
    assert grid(pages(drawn + filled()))[1] == ["规章", "1 2?"]


def test_a_broken_number_fills_its_line_or_is_two() -> None:
    narrow = (100, 200, 227, 400)
    broken = ruled(narrow, (700, 660)) + ruled(narrow, (660, 620)) + show("规章", 105, 680)
    assert grid(pages(broken + show("123", 203, 685, 7) + show("45", 203, 670, 7)))[0][1] == "12345"
    assert grid(pages(broken + show("1", 203, 685, 7) + show("45", 203, 670, 7)))[0][1] == "145?"


def test_a_table_that_runs_off_the_paper_is_unread_there() -> None:
    wide = (100, 300, 500, 600)
    rows = grid(pages(ruled(wide, YS) + filled(CELLS, YS, wide)))
    assert [row[-1] for row in rows] == ["?", "?", "?"]
    assert [row[:3] for row in rows] == CELLS


def test_a_table_without_lines_is_said_and_none_of_its_text_is_prose() -> None:
    xs = (90, 200, 260, 320, 380, 440)
    rows = [["项目", "甲", "乙", "丙", "丁", "合计"], *([f"第{n}项", "1", "2", "3", "4", "10"] for n in "一二三")]
    drawn = b"".join(show(text, x, 700 - 20 * i) for i, row in enumerate(rows) for x, text in zip(xs, row, strict=True))
    heading, after = show("三、收到和处理申请情况", 114, 720), show("四、行政复议情况", 114, 600)
    document = parsed(pages(heading + drawn + after))
    first, table, last = document.blocks
    assert [block.text for block in (first, last) if isinstance(block, Paragraph)] == [
        "三、收到和处理申请情况",
        "四、行政复议情况",
    ]
    assert isinstance(table, Table)
    assert table.picture
    assert [note.code for note in document.notes] == ["table-unclear"]


def test_a_figure_that_is_drawn_is_unread_and_never_blank() -> None:
    """A filled shape of slopes or curves; what only paints or frames a cell leaves it blank."""
    cells = [["", *CELLS[0][1:]], *CELLS[1:]]
    x, y = (XS[0] + XS[1]) / 2, (YS[0] + YS[1]) / 2

    def first(shape: str) -> tuple[Cell, list[str]]:
        document = parsed(pages(ruled(XS, YS) + filled(cells) + f"q 1 0 0 1 {x} {y} cm {shape} Q ".encode()))
        (table,) = [block for block in document.blocks if isinstance(block, Table)]
        return table.rows[0][0], [note.code for note in document.notes]

    for shape in ("0 -4 m 2 -4 l 5 4 l 0 4 l 0 3 l 3 3 l h f", "0 -4 m 0 4 6 4 6 -4 c 3 -4 l 3 -3 l 1 -3 l 1 -4 l h f"):
        cell, codes = first(shape)
        assert (cell.text, cell.unread, codes) == ("", True, ["cell-picture"])
    for shape in (
        "0.9 g -6 -4 12 8 re f",
        "-6 -4 12 8 re -5 -3 10 6 re f*",
        "1 g 0 -4 m 2 -4 l 5 4 l 0 4 l 0 3 l 3 3 l h f",
    ):
        cell, codes = first(shape)
        assert (cell.text, cell.unread, codes) == ("", False, [])


def test_boxes_and_underlines_are_no_tables() -> None:
    content = (
        ruled((90, 400), (720, 690)) + show("标题框", 100, 700) + line(100, 648, 300, 648) + show("横线", 100, 650)
    )
    assert words(pages(content)) == ["标题框", "横线"]


# --- pages ------------------------------------------------------------------------------------------------------------

TAIL, TOP = (160, 130, 100), (780, 750, 720)


def over(lower: bytes) -> list[list[str]]:
    head = ruled(XS, TAIL) + filled(CELLS[:2], TAIL)
    return grid(pages(head, lower + show("正文", 100, 300)))


def test_row_38_a_table_goes_on_over_the_page() -> None:
    assert over(ruled(XS, TOP) + filled([["许可", "3", "4"], ["处罚", "5", "6"]], TOP)) == [
        *CELLS[:2],
        ["许可", "3", "4"],
        ["处罚", "5", "6"],
    ]


def test_row_39_a_repeated_head_is_no_row() -> None:
    assert over(ruled(XS, TOP) + filled([CELLS[0], ["处罚", "5", "6"]], TOP)) == [*CELLS[:2], ["处罚", "5", "6"]]


def test_row_38_the_rest_may_have_fewer_columns() -> None:
    lower = ruled((100, 200, 400), TOP) + filled([["收费", "3"], ["金额", "5"]], TOP)
    assert over(lower)[2:] == [["收费", "3", "3"], ["金额", "5", "5"]]


def test_row_38_a_cell_cut_by_the_break_is_whole_again() -> None:
    """No line is drawn at the break: what stands before and after it is one row."""
    upper = ruled(XS, TAIL, without=[("h", 2, 0), ("h", 2, 1), ("h", 2, 2)]) + filled(
        [CELLS[0], ["（四）无", "1", "2"]], TAIL
    )
    lower = ruled(XS, TOP, without=[("h", 0, 0), ("h", 0, 1), ("h", 0, 2)]) + filled(
        [["法提供"], ["处罚", "5", "6"]], TOP
    )
    assert grid(pages(upper, lower)) == [CELLS[0], ["（四）无法提供", "1", "2"], ["处罚", "5", "6"]]


def test_row_39_text_or_other_edges_between_make_two_tables() -> None:
    second = ruled(XS, TOP) + filled([["许可", "3", "4"], ["处罚", "5", "6"]], TOP)
    shifted = ruled([x + 60 for x in XS], TOP) + filled([["许可", "3", "4"]], TOP, [x + 60 for x in XS])
    first = ruled(XS, TAIL) + filled(CELLS[:2], TAIL)
    for content in (show("三、收到和处理申请情况", 100, 800) + second, shifted):
        found = parsed(pages(first, content)).blocks
        assert sum(isinstance(block, Table) for block in found) == 2


def test_row_39_page_numbers_inside_paragraphs_are_dropped() -> None:
    full = "本机关全年主动公开政府信息并且按照规定及时更新各个栏目中的内容方便群众查阅"
    content = [show(full, 100, 100) + show(f"— {n} —", 280, 40) + show("砚川县年报", 260, 800) for n in (1, 2)]
    first, second = (part + show("　" if n else full, 100, 120 if n else 130) for n, part in enumerate(content))
    found = words(pages(first, second))
    assert "砚川县年报" not in found
    assert not any("—" in text for text in found)


def test_wrapped_lines_are_one_paragraph_and_indented_ones_begin_another() -> None:
    full = "甲" * 36
    content = show(full[2:], 114, 700) + show(full, 90, 680) + show("完。", 90, 660) + show("另一段" * 10, 114, 640)
    assert words(pages(content)) == [full[2:] + full + "完。", "另一段" * 10]


def test_row_40_two_columns_are_read_one_after_the_other() -> None:
    left = ["联系地址：砚川县青石镇清渠路", "19号镇政府大楼三楼"]
    right = ["联系电话：0589-5550101", "传真：0589-5550102"]
    content = b"".join(
        show(a, 90, y, 10) + show(b, 330, y, 10) for a, b, y in zip(left, right, (700, 684), strict=True)
    )
    assert words(pages(content)) == ["".join(left), *right]


def _columns(left: Sequence[int], right: Sequence[int]) -> bytes:
    lines = [(90, y) for y in left] + [(320, y) for y in right]
    return b"".join(show(f"这一栏里的第{at}行文字写到底", x, y, 12) for at, (x, y) in enumerate(lines))


LEVEL = range(700, 560, -18)


@pytest.mark.parametrize(
    "content",
    [
        _columns(LEVEL, [y - 7 for y in LEVEL]),  # lines of the two on other heights
        _columns(LEVEL, LEVEL) + _columns(range(480, 340, -18), range(480, 340, -18)),  # in two parts
        _columns(range(695, 605, -15), [])
        + ruled([300, 350, 400, 450], YS)
        + filled(xs=[300, 350, 400]),  # a table beside
    ],
)
def test_row_40_columns_in_an_order_that_is_not_sure_are_unread_and_said_so(content: bytes) -> None:
    document = parsed(pages(content, show("下一页的文字", 90, 700)))
    read = [block.unread for block in document.blocks if isinstance(block, Paragraph)]
    assert all(read[:-1])
    assert not read[-1]
    assert [note.code for note in document.notes] == ["layout-uncertain"]


def test_row_40_columns_whose_order_is_sure_are_certain() -> None:
    document = parsed(pages(_columns(LEVEL, LEVEL)))
    assert not document.notes
    assert not any(block.unread for block in document.blocks if isinstance(block, Paragraph))


def test_row_40_nothing_is_said_of_a_report_whose_columns_are_mixed() -> None:
    text = (ROOT / "examples/2024-桐溪镇-规范.txt").read_text(encoding="utf-8")
    rows = [line[at : at + 18] for line in text.splitlines() if "\t" not in line for at in range(0, len(line), 18)]
    high = [700 - 18 * at for at in range(36)]
    sides = [
        show(row, x, y - (7 if x > 90 else 0), 11)
        for x in (90, 310)
        for row, y in zip(rows[36 * (x > 90) :], high, strict=False)
    ]
    audit = judge(Case(extract(parsed(pages(b"".join(sides))), national().facts)), national())
    assert "layout-uncertain" in [note.code for note in audit.notes]
    assert not [verdict.rule for verdict in audit.findings if verdict.severity == "must"]


TURNS = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}
NEXT = {0: (200, 380), 90: (220, 400), 180: (500, 420), 270: (180, 400)}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("page", [0, 90, 180, 270])
def test_row_40_turned_pages_and_turned_text_are_read(page: int, turn: int) -> None:
    start = (500 if turn == 180 else 200, 400)
    content = show("二〇二三年公开63条", *start, 12, TURNS[turn]) + show("第二行", *NEXT[turn], 12, TURNS[turn])
    assert words(pages(content, page=b"/Rotate %d" % page)) == ["二〇二三年公开63条", "第二行"]


def test_row_40_a_table_on_a_turned_page_is_read() -> None:
    assert grid(pages(ruled(XS, YS) + filled(), page=b"/Rotate 90")) == CELLS


SLANTED = show("水印水印", 200, 300, 40, "0.7 0.7 -0.7 0.7")
PALE = b"0.85 g " + show("水印水印", 70, 640, 40) + b"0 g "


@pytest.mark.parametrize("mark", [SLANTED, PALE], ids=["slanted", "pale"])
def test_a_watermark_is_no_text_and_is_told(mark: bytes) -> None:
    document = parsed(pages(mark + show(SENTENCE, 60, 650, 10)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == [SENTENCE]
    assert [note.code for note in document.notes] == ["watermark"]
    assert "“水印水印”" in document.notes[0].message


def test_a_pale_title_of_its_own_is_text() -> None:
    title = b"0.75 g " + show("年度报告", 60, 750, 30) + b"0 g "
    document = parsed(pages(title + show(SENTENCE, 60, 650, 10)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["年度报告", SENTENCE]
    assert not document.notes


@pytest.mark.parametrize(
    ("left", "right", "foot", "read"),
    [(60, 84, 654, "1件"), (60, 84, 649, "231件"), (30, 300, 654, "231件"), (60, 108, 654, "")],
    ids=["through 23", "below", "a line of a table", "through all"],
)
def test_words_with_a_line_through_them_do_not_count(left: float, right: float, foot: float, read: str) -> None:
    text = show("231件", 60, 650, 12) + show("看得见", 60, 500)
    document = parsed(pages(text + line(left, foot, right, foot)))
    found = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert found == ([read] if read else []) + ["看得见"]
    assert [note.code for note in document.notes] == (["struck"] if read != "231件" else [])


def test_a_small_raised_figure_belongs_to_no_number() -> None:
    assert words(pages(show("63", 60, 650, 12) + show("12", 84, 654, 6))) == ["63¹²"]
    assert words(pages(show("63", 60, 650, 12) + show("12", 84, 654, 10))) == ["63¹²"]  # as Chromium draws <sup>
    assert words(pages(show("63", 60, 650, 12) + show("12", 84, 647, 10))) == ["63₁₂"]
    assert words(pages(show("63", 60, 650, 12) + show("12", 84, 650, 10))) == ["6312"]  # smaller, and on the same foot


def test_row_27_text_that_is_not_drawn_does_not_count() -> None:
    document = parsed(pages(show("看得见", 60, 650) + b"3 Tr " + show("看不见", 60, 600)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["看得见"]
    assert [note.code for note in document.notes] == ["hidden-text"]


@pytest.mark.parametrize(
    "unseen",
    [
        b"1 1 1 rg " + show("看不见", 60, 600) + b"0 g ",
        b"0 0 1 rg 50 590 200 40 re f 1 1 1 rg 55 595 150 30 re f 1 g " + show("看不见", 60, 600) + b"0 g ",
        show("看不见", 60, 600, 0.4),
        show("看不见", 60, 600) + b"1 1 1 rg 50 590 200 40 re f 0 g ",
        show("看不见", 60, 600) + b"0 0 1 rg 50 590 200 40 re f 0 g ",
    ],
)
def test_row_26_text_that_nobody_sees_does_not_count(unseen: bytes) -> None:
    document = parsed(pages(show("看得见", 60, 650) + unseen + show("也看得见", 60, 500)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["看得见", "也看得见"]
    assert [note.code for note in document.notes] == ["hidden-text"]


def test_row_26_white_text_on_a_dark_ground_and_text_on_a_white_one_are_seen() -> None:
    dark = b"0 0 1 rg 50 590 200 40 re f 1 1 1 rg " + show("白字蓝底", 60, 600) + b"0 g "
    white = b"1 1 1 rg 50 490 200 40 re f 0 g " + show("黑字白底", 60, 500)
    document = parsed(pages(dark + white))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["白字蓝底", "黑字白底"]
    assert not document.notes


def test_page_numbers_between_dashes_stand_farther_from_the_edge() -> None:
    assert words(pages(show(SENTENCE, 60, 650, 10) + show("— 2 —", 280, 85))) == [SENTENCE]


def test_a_remark_in_brackets_stands_for_itself() -> None:
    remark = "【" + "甲" * 34 + "】"
    assert words(pages(show(remark, 90, 700) + show("附件：统计表", 90, 680))) == [remark, "附件：统计表"]


def test_marks_of_a_font_of_their_own_are_dropped_before_a_line_and_doubtful_in_a_cell() -> None:
    marks = [Glyph("\uf0d8", 90, 100, 100, 112, True), Glyph("\uf0d8", 210, 230, 216, 240, True)]
    words_ = [Glyph("甲", 110, 100, 122, 112), Glyph("乙", 110, 230, 122, 242)]
    flat = [Stroke(100, y, 300, y + 1) for y in (220, 250)]
    steep = [Stroke(x, 220, x + 1, 250) for x in (100, 200, 300)]
    blocks, _ = lay_out([Page(595, 842, (*marks, *words_), (*flat, *steep))], LIMITS)
    paragraph, table = blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(table, Table)
    assert paragraph.text == "甲"
    assert [(cell.text, cell.unread) for cell in table.rows[0]] == [("乙", False), ("", True)]


def test_radicals_are_the_characters_that_they_look_like() -> None:
    assert words(pages(show("⼀、⼯作情况", 60, 650))) == ["一、工作情况"]


# --- pictures and scans -----------------------------------------------------------------------------------------------

PICTURE = stream(
    b"\x80" * 100, b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray"
)
SCAN = b"q 595 0 0 842 0 0 cm /I1 Do Q "


def refused(data: bytes, limits: Limits = LIMITS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parsed(data, limits)
    return caught.value


def test_row_36_a_scan_is_refused_with_the_way_to_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "checker.read.paper.ocr", None)  # as without the extra
    for content in ([SCAN], [show(SENTENCE, 60, 650), SCAN]):
        error = refused(pages(*content, more={100: PICTURE}))
        assert error.code == "scan"
        assert "pip install --require-hashes -r requirements-ocr.lock" in error.remedy
    assert "第 2 页" in error.message


def test_row_36_a_scan_ends_with_exit_3_and_no_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "checker.read.paper.ocr", None)  # as without the extra
    path = tmp_path / "扫描.pdf"
    path.write_bytes(pages(SCAN, more={100: PICTURE}))
    job = Job(national(), "json", None)  # type: ignore[arg-type]
    with pytest.raises(Unreadable) as caught:
        job(path)
    assert caught.value.code == "scan"


def test_row_36_text_drawn_as_shapes_is_as_good_as_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "checker.read.paper.ocr", None)  # as without the extra
    shape = b"%d %d m %d %d 5 5 9 9 c 10 20 l 30 20 l 40 10 l h f\n"
    drawn = b"".join(shape % (x, y, x + 10, y + 10) for x in range(60, 500, 20) for y in range(100, 700, 40))
    assert refused(pages(show(SENTENCE, 60, 650, 10), drawn)).code == "scan"


def test_row_36_text_behind_a_scan_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "checker.read.paper.ocr", None)  # as without the extra
    assert refused(pages(b"3 Tr " + show(SENTENCE, 60, 650) + SCAN, more={100: PICTURE})).code == "scan"


def test_scanned_pages_are_recognised_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seam: pictures of the scanned pages go out, pages come back."""
    seen: list[tuple[tuple[int, ...], float]] = []

    def read_pages(pictures: Any, _: Limits) -> tuple[list[Page], tuple[Note, ...]]:
        for picture, width in pictures:
            seen.append((picture.shape, width))
            assert picture[10, 10].tolist() == [128, 128, 128]
        return [Page(595, 842, (Glyph("认出的字", 60, 100, 108, 112),), ())], (Note("ocr", "识别"),)

    monkeypatch.setattr(scan, "read_pages", read_pages)
    document = parsed(pages(show("第一页", 60, 650), SCAN, show("第三页", 60, 650), more={100: PICTURE}))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["第一页", "认出的字", "第三页"]
    assert [note.code for note in document.notes] == ["ocr"]
    assert document.recognised
    assert seen == [((2338, 1652, 3), 595.0)]


def test_a_form_pasted_as_a_picture_stands_for_a_table() -> None:
    content = show(SENTENCE, 60, 700, 10) + b"q 400 0 0 200 90 300 cm /I1 Do Q " + show("之后", 60, 200)
    document = parsed(pages(content, more={100: PICTURE}))
    _, picture, _ = document.blocks
    assert isinstance(picture, Table)
    assert picture.picture
    assert [note.code for note in document.notes] == ["picture"]
    facts = report(Document("x", "pdf", document.blocks, document.notes))
    assert facts["t3.new.all"].state == "unread"


def test_a_seal_and_a_ground_stand_for_no_table() -> None:
    seal = show(SENTENCE, 60, 700, 10) + b"q 119 0 0 119 400 100 cm /I1 Do Q "
    ground = SCAN + show(SENTENCE, 60, 700, 10)
    for content in (seal, ground):
        assert not any(isinstance(block, Table) for block in parsed(pages(content, more={100: PICTURE})).blocks)


# --- hostile files ----------------------------------------------------------------------------------------------------


def checked(path: Path) -> str:
    try:
        return ",".join(["read", *(note.code for note in read(path).notes)])
    except Unreadable as error:
        return error.code


def outcome(folder: Path, data: bytes) -> str:
    """What becomes of a file in a real run: in a worker, under the real limits."""
    path = folder / "x.pdf"
    path.write_bytes(data)
    (result,) = batch.run([path], checked, lambda _, error: error.code, apart=needs_worker)
    return result


PLAIN = pages(show(SENTENCE, 60, 650, 10))


@cache
def bomb() -> bytes:
    """300 MB of strokes."""
    return zlib.compress(b"0 0 m 10 10 l S\n" * (300 * (1 << 20) // 16), 9)


def content(data: bytes, extra: bytes) -> bytes:
    return pages(b"", more={11: stream(data, extra)})


def packed_loop() -> bytes:
    """A stream of objects that says it has 10^9, and that it goes on in itself."""
    loop = stream(b"2 0 <<>>", b"/Type /ObjStm /N 1000000000 /First 4 /Extends 5 0 R")
    return pdf({1: b"<< /Pages 2 0 R >>", 5: loop})


def noise() -> bytes:
    return b"".join(b"%d 0 obj\nnull\nendobj\n" % number for number in range(200, 1_000_000))[: 19 << 20]


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "none": (lambda: PLAIN, "read"),
    "row_31 300 MB": (lambda: content(bomb(), b"/Filter /FlateDecode"), "pdf-too-big"),
    "row_31 filter disguised": (lambda: content(bomb(), b"/Filter /Fl#61teDecode"), "pdf-too-big"),
    "row_32 run lengths": (lambda: content(b"\x81 " * 2_000_000, b"/Filter /RunLengthDecode"), "pdf-too-big"),
    "row_32 three times": (lambda: content(b"\x81\x81" * 50, b"/Filter [/RL /RL /RL]"), "pdf-too-big"),
    "row_32 twice": (lambda: content(zlib.compress(bomb()), b"/Filter [/FlateDecode /Fl]"), "pdf-too-big"),
    "row_31 filter elsewhere": (
        lambda: pages(b"", more={11: stream(bomb(), b"/Filter 99 0 R"), 99: b"/FlateDecode"}),
        "pdf-too-big",
    ),
    "row_32 in hex": (lambda: content(bomb().hex().encode() + b">", b"/Filter [/AHx /Fl]"), "pdf-too-big"),
    "row_32 in ascii": (lambda: content(base64.a85encode(bomb()) + b"~>", b"/Filter [/A85 /Fl]"), "pdf-too-big"),
    "row_32 lzw": (lambda: content(lzw(), b"/Filter /LZWDecode"), "pdf-too-big"),
    "row_33 10^9 objects": (lambda: PLAIN.replace(b"/Size ", b"/Size 1000000000 %"), "pdf-damaged"),
    "row_33 10^9 pages": (lambda: PLAIN.replace(b"/Count 1", b"/Count 1000000000"), "pdf-damaged"),
    "row_33 loop of pages": (lambda: PLAIN.replace(b"/Kids [10 0 R]", b"/Kids [2 0 R]"), "pdf-damaged"),
    "row_33 loop of xref": (lambda: PLAIN.replace(b"/Root", b"/Prev %d /Root" % PLAIN.rfind(b"xref\n0")), "read"),
    "row_33 loop of object streams": (packed_loop, "pdf-damaged"),
    "row_33 a million objects": (lambda: PLAIN[:9] + noise() + PLAIN[9:], "pdf-too-big"),
    "row_33 a quarter of a million lines": (lambda: pages(b"0 0 m 10 0 l S\n" * 250_000), "pdf-too-big"),
    "row_33 501 pages": (lambda: pages(*[show("甲", 50, 50)] * 501), "pdf-too-big"),
    "row_33 ten metres": (lambda: pages(show(SENTENCE, 60, 650), page=b"/MediaBox [0 0 28346 28346]"), "read"),
    "row_33 endless": (lambda: pages(show(SENTENCE, 60, 650), page=b"/MediaBox [0 0 1e30 1e30]"), "read"),
    "row_33 half": (lambda: PLAIN[: len(PLAIN) // 2], "pdf-damaged"),
    "row_33 any bytes": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 100, "pdf-damaged"),
    "nothing": (lambda: pages(b""), "empty"),
}


def lzw() -> bytes:
    """Codes that each repeat the one before and a byte more: 3,800 codes are seven million bytes, again and again."""
    bits = ""
    for turn in range(40):
        bits += f"{256:0{12 if turn else 9}b}{65:09b}"
        for code in range(258, 4094):
            bits += f"{code:0{9 if code < 511 else 10 if code < 1023 else 11 if code < 2047 else 12}b}"
    return int(bits.ljust(-len(bits) // 8 * -8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


@pytest.mark.parametrize("name", HOSTILE)
def test_rows_31_to_33_what_blows_up_is_refused_within_the_limits(tmp_path: Path, name: str) -> None:
    made, expected = HOSTILE[name]
    assert outcome(tmp_path, made()) == expected


def test_row_31_a_bomb_that_encryption_hides_costs_its_worker_only(tmp_path: Path) -> None:
    data = encrypted(b"", pages(b"", more={11: stream(bomb(), b"/Filter /FlateDecode")}))
    assert outcome(tmp_path, data) in ("memory", "timeout", "worker-died", "pdf-too-big")
    assert outcome(tmp_path, PLAIN) == "read"


def test_row_34_a_character_map_is_never_a_file_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFium knows its maps by heart; a name that leads to a file leads nowhere."""
    trap = tmp_path / "trap.pickle.gz"
    trap.write_bytes(b"cposix\nsystem\n(S'touch pwned'\ntR.")
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /%b /DescendantFonts [] >>" % str(trap).encode()
    monkeypatch.chdir(tmp_path)
    assert outcome(tmp_path, pages(show("文", 60, 650), show(SENTENCE, 60, 650), font=font)) != "internal"
    assert not (tmp_path / "pwned").exists()


def mapless(extra: bytes = b"") -> bytes:
    """A font that numbers its shapes and does not say what they mean."""
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+FangSong /Encoding /Identity-H %b /DescendantFonts [ << "
        b"/Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+FangSong /DW 1000 /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /ABCDEF+FangSong "
        b"/Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /StemV 80 >> >> ] >>"
    ) % extra


#: a map to characters of the file's own
PRIVATE = stream(
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <0000> "
    b"<FFFF> endcodespacerange 40 beginbfchar "
    + b" ".join(b"<%04x> <%04x>" % (code, 0xE000 + code % 6000) for code in range(0x4E00, 0x4E28))
    + b" endbfchar endcmap end end"
)


def test_row_35_characters_without_a_map_are_refused() -> None:
    unknown = "".join(chr(code) for code in range(0x4E00, 0x4E28))
    assert refused(pages(show(unknown, 20, 650), font=mapless())).code == "pdf-no-text-map"
    assert refused(pages(show(unknown, 20, 650), font=mapless(b"/ToUnicode 100 0 R"), more={100: PRIVATE})).code == (
        "pdf-no-text-map"
    )


def test_row_41_scripts_and_launchers_are_not_run(tmp_path: Path) -> None:
    """Row 41: neither on opening nor on reading; what is attached is not read."""
    evil = b"<< /S /JavaScript /JS (app.launchURL\\('http://example.com'\\);) /Next << /S /Launch /F (%b) >> >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction %b /AA << /WC %b >> /Names "
    catalog += b"<< /EmbeddedFiles << /Names [ (a) 100 0 R ] >> >> >>"
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    script.chmod(0o755)
    action = evil % str(script).encode()
    attached = b"<< /Type /Filespec /F (a.txt) /EF << /F 101 0 R >> >>"
    more = {1: catalog % (action, action), 100: attached, 101: stream("附件里的话".encode())}
    assert words(pages(show(SENTENCE, 60, 650, 10), more=more)) == [SENTENCE]
    assert not (tmp_path / "ran").exists()


# --- passwords --------------------------------------------------------------------------------------------------------

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def encrypted(password: bytes, data: bytes) -> bytes:
    """The PDF encrypted by the standard handler, revision 2: RC4 with a key of 40 bits; its streams only."""
    name, rights = b"0123456789abcdef", -4
    owner = rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], (password + _PAD)[:32])
    key = hashlib.md5((password + _PAD)[:32] + owner + struct.pack("<i", rights) + name).digest()[:5]
    objects: dict[int, bytes] = {}
    for match in re.finditer(rb"(?s)(\d+) 0 obj\n(.*?)\nendobj", data):
        number, body = int(match[1]), match[2]
        if (parts := re.fullmatch(rb"(?s)(.*?)\nstream\n(.*)\nendstream", body)) is not None:
            own = hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]
            body = parts[1] + b"\nstream\n" + rc4(own, parts[2]) + b"\nendstream"
        objects[number] = body
    entry = b"/ID [<%b> <%b>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P %d >>" % (
        name.hex().encode(),
        name.hex().encode(),
        owner.hex().encode(),
        rc4(key, _PAD).hex().encode(),
        rights,
    )
    return pdf(objects, entry)


def test_row_37_a_file_protected_against_changes_is_read_and_one_with_a_password_is_refused() -> None:
    assert words(encrypted(b"", PLAIN)) == [SENTENCE]
    error = refused(encrypted(b"secret", PLAIN))
    assert error.code == "encrypted"
    assert "密码" in error.message


# --- doubtful cells ---------------------------------------------------------------------------------------------------


def doubtful(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks with every cell of this wording unread."""
    return [
        Table(
            tuple(tuple(Cell(c.text, c.where, c.unread or c.text == text) for c in row) for row in block.rows),
            block.where,
        )
        if isinstance(block, Table)
        else block
        for block in blocks
    ]


def audited(blocks: Sequence[Block]) -> Audit:
    return judge(Case(extract(Document("x.pdf", "pdf", tuple(blocks)), national().facts)), national())


def test_an_unread_figure_is_unread_and_no_other() -> None:
    clean, doubt = audited(source("2021")).report, audited(doubtful("101", source("2021"))).report
    assert clean is not None
    assert doubt is not None
    changed = {name for name, fact in clean.facts.items() if doubt.facts[name].state != fact.state}
    assert {clean.facts[name].value for name in changed} == {101}
    assert {doubt.facts[name].state for name in changed} == {"unread"}


def test_figures_beside_an_unread_label_are_unread() -> None:
    report = audited(doubtful("2.重复申请", source("2021"))).report
    assert report is not None
    assert {fact.state for name, fact in report.facts.items() if name.startswith("t3.repeat.")} == {"unread"}
    assert report.facts["t3.publication.person"].state == "given"


@pytest.mark.parametrize("label", ["2.重复申请", "社会公益组织", "尚未审结"])
def test_an_unread_label_accuses_nobody(label: str) -> None:
    """Nothing is said of what the form lacks, and the figures beside or below the label are unread."""
    clear = audited(source("2021"))
    before = {(v.rule, v.subject) for v in clear.verdicts if v in clear.findings or v.message.startswith("同一处已由")}
    found = audited(doubtful(label, source("2021")))
    assert {(v.rule, v.subject) for v in found.findings} <= before
    form = "t4" if label == "尚未审结" else "t3"
    assert {v.state for v in found.verdicts if v.rule in (f"{form.upper()}-01",) and v.subject == form} == {"unknown"}


# --- bounds by kind ---------------------------------------------------------------------------------------------------


def test_what_native_code_takes_apart_is_read_in_a_worker(tmp_path: Path) -> None:
    for name, data, apart in (
        ("a.pdf", PLAIN, True),
        ("b.txt", SENTENCE.encode(), False),
        ("c.png", b"\x89PNG\r\n\x1a\n", True),
        ("d.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
    ):
        (tmp_path / name).write_bytes(data)
        assert needs_worker(tmp_path / name) is apart
    assert not needs_worker(tmp_path / "none.pdf")
    assert not needs_worker(tmp_path)
