"""The ledger of a season, read back by another library: its sheets, its figures, and that no text of it is alive."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from checker.render.county import ledger
from tests.seasons import FORMULAS, MARKUP, Memory, county

SHEETS = ["排名", "单位×规则", "问题", "七项要素", "未报送与迟报", "雷同", "合计核对", "两轮对比"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("ledger") / "ledger.xlsx"
    ledger.write(county(), found)
    return found


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def table(sheet: Any) -> list[dict[str, Any]]:
    """The rows below the head, by the words of the head."""
    head = sheet.auto_filter.ref.split(":")[0]
    first = int(head.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    names = [cell.value for cell in sheet[first]]
    return [dict(zip(names, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=first + 1)]


def test_every_sheet_is_there_with_filter_frozen_head_and_print_set_up(book: Any) -> None:
    names = [sheet.title for sheet in book]
    assert [name for name in names if not name.startswith("数据")] == SHEETS
    assert len([name for name in names if name.startswith("数据")]) == 3
    for sheet in book:
        assert sheet.auto_filter.ref, sheet.title
        assert sheet.freeze_panes
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows
        assert "&P" in sheet.oddFooter.right.text


def test_the_ranking_holds_every_unit_and_what_became_of_it(book: Any) -> None:
    rows = table(book["排名"])
    assert [row["情况"] for row in rows[-3:]] == ["未报送", "读不出", "年度不对"]
    late = next(row for row in rows if row["单位"] == "松湾街道办事处")
    assert (late["名次"], late["迟报"], late["等级"], late["必改"]) == (4, "迟报", "优秀", 1)
    assert [row["名次"] for row in rows[:3]] == [1, 1, 3]


def test_the_matrix_marks_states_by_sign_and_colour(book: Any) -> None:
    sheet = book["单位×规则"]
    rows = table(sheet)
    column = next(name for name in rows[0] if str(name).startswith("T3-04 "))
    marks = {row["单位"]: row[column] for row in rows}
    assert marks["不合规的单位数"] == 1
    assert marks["柳坪乡人民政府"] == "×"
    assert marks["青石镇人民政府"] == "√"
    colours = {cell.fill.fgColor.rgb for row in sheet.iter_rows(min_row=4) for cell in row if cell.value == "×"}
    assert colours == {"FFF8CBAD"}
    assert not any(str(name).startswith("OLD-") for name in rows[0])


def test_every_finding_has_its_clause_and_its_remedy(book: Any) -> None:
    rows = table(book["问题"])
    told = Counter(row["单位"] for row in rows if row["级别"] != "豁免")
    expected = {row.unit.name: sum(row.findings.values()) for row in county().entries if row.unit.code.startswith("41")}
    assert {name: told[name] for name in expected} == expected
    (sums,) = [row for row in rows if row["规则"] == "T3-04"]
    assert "不平" in sums["问题"]
    assert sums["级别"] == "必改"
    assert sums["依据"]
    assert sums["怎么改"]
    assert sums["位置"] == "表三，予以公开，自然人"
    assert sums["文件"] == "柳坪乡/柳坪乡人民政府2024年报.docx"


def test_figures_are_numbers_and_what_is_no_number_says_why(book: Any) -> None:
    sheet = next(one for one in book if one.title.startswith("数据1"))
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=5)}
    heads = [cell.value for cell in sheet[4]]
    assert rows["青石镇人民政府"][heads.index("现行有效件数") + 3].value == 6
    assert rows["松湾街道办事处"][4].value == "空白"
    assert "/" in [cell.value for cell in rows["水务局"]]


def test_missing_late_and_unused_files_are_rows(book: Any) -> None:
    rows = table(book["未报送与迟报"])
    said = {(row["单位"], row["情况"]) for row in rows}
    assert {("苇塘乡人民政府", "未报送"), ("松湾街道办事处", "迟报"), ("（认不出单位）", "不算任何单位")} <= said
    late = next(row for row in rows if row["情况"] == "迟报")
    assert (late["迟几天"], late["日期依据"]) == (4, "落款日期")
    assert any(row["说明"] == "文件有密码，打不开" for row in rows)


def test_totals_stand_below_the_figures_and_their_gaps_on_a_sheet(book: Any) -> None:
    sheet = next(one for one in book if one.title.startswith("数据1"))
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[0] == "合计（7 个单位）"
    assert last[6] == 42
    assert f"{sheet.max_row - 1}" in sheet.auto_filter.ref  # the filter never hides the totals
    rows = table(book["合计核对"])
    gap = next(row for row in rows if row["单位或指标"] == "主动公开政府信息情况，行政许可，本年处理决定数量")
    assert (gap["各单位合计"], gap["本级报告"]) == (276, 46)
    left = next(row for row in rows if row["单位或指标"] == "水务局")
    assert left["说明"] == "有的数填斜杠：行政许可 本年处理决定数量"
    assert not any("行政处罚" in row["单位或指标"] for row in rows)  # 84 is the sum


def test_shared_passages_stand_side_by_side(book: Any) -> None:
    (row,) = table(book["雷同"])
    assert row["相似度"] == 0.97
    assert row["单位一的原文"].replace("里", "中") == row["单位二的原文"]


def test_what_became_of_each_finding_since_the_last_round_is_a_row(book: Any) -> None:
    rows = [(row["单位"], row["情况"], row["规则"]) for row in table(book["两轮对比"])]
    assert rows == [
        ("柳坪乡人民政府", "未改", "T3-04"),
        ("柳坪乡人民政府", "新增", "XTB-01"),
        ("松湾街道办事处", "已改", "T2-03"),
    ]


def test_row_70_no_text_of_a_report_becomes_a_formula_or_a_link(path: Path, book: Any) -> None:
    """Names, messages, quotes, paths that begin like formulas are strings in the file, whatever reads it."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        texts = [archive.read(name).decode() for name in sheets if name.endswith(".xml")]
    assert not [text for text in texts if "<f>" in text or "<f " in text or "<hyperlink" in text]
    assert not [name for name in sheets if name.endswith(".rels")]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    values = [str(cell.value) for cell in cells]
    for text in FORMULAS:
        assert any(value.startswith(text.replace("\t", "␉").replace("\r", "␍")) for value in values), text
    assert any("<script>" in value for value in values)
    assert not any("\u202e" in value or "\u2028" in value for value in values)
    assert MARKUP not in values


def test_personal_numbers_are_masked(book: Any) -> None:
    values = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "13805551234" not in values


def test_an_empty_season_says_so(tmp_path: Path) -> None:
    ledger.write(Memory([]), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book["问题"]["A4"].value == "没有查出问题。"
    assert "两轮对比" not in book.sheetnames


def test_the_same_season_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    ledger.write(county(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
