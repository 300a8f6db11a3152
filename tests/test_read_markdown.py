"""Markdown: the same words as in plain text, with headings, lists, grids and lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.model import Paragraph, Table, Where
from checker.read import read
from checker.read.plain.markdown import parse_markdown


def rows(text: str) -> list[tuple[int | None, str, str]]:
    """Line, hint and text of each paragraph."""
    blocks = parse_markdown(text, "x.md").blocks
    return [(block.where.line, block.hint, block.text) for block in blocks if isinstance(block, Paragraph)]


def grids(text: str) -> list[list[list[str]]]:
    blocks = parse_markdown(text, "x.md").blocks
    return [[[cell.text for cell in row] for row in block.rows] for block in blocks if isinstance(block, Table)]


def test_lines_without_a_bar_right_below_a_table_are_text() -> None:
    text = "甲 | 乙\n---|---\n1 | 2\n其中\n3 | 4\n主动公开5条。\n二、申请"
    assert grids(text) == [[["甲", "乙"], ["1", "2"], ["其中", ""], ["3", "4"]]]
    assert rows(text) == [(6, "", "主动公开5条。"), (7, "", "二、申请")]
    assert grids("|甲|\n|---|\n|1|\n2\n") == [[["甲"], ["1"], ["2"]]]


def test_headings_keep_their_level_and_line() -> None:
    assert rows("# 青石镇年度报告\n\n## 一、总体情况\n正文") == [
        (1, "h1", "青石镇年度报告"),
        (3, "h2", "一、总体情况"),
        (4, "", "正文"),
    ]


def test_each_source_line_is_a_paragraph() -> None:
    assert rows("第一行\n第二行\\\n第三行\n\n第四行") == [
        (1, "", "第一行"),
        (2, "", "第二行"),
        (3, "", "第三行"),
        (5, "", "第四行"),
    ]


def test_a_rule_under_several_lines_makes_no_heading() -> None:
    assert [hint for _, hint, _ in rows("甲\n乙\n---\n")] == ["", ""]


def test_numbers_of_lists_are_kept_and_bullets_dropped() -> None:
    text = "3. 主动公开\n4. 依申请公开\n   - 其中办结\n\n* 甲\n\n01. 乙\n\n1、丙"
    assert [row[2] for row in rows(text)] == ["3. 主动公开", "4. 依申请公开", "其中办结", "甲", "01. 乙", "1、丙"]
    assert {hint for _, hint, _ in rows("1. 甲\n2. 乙")} == {"li"}


def test_emphasis_links_and_code_are_flattened() -> None:
    assert rows("**公开**[信息](http://example.com)`63`条 <b>准</b>")[0][2] == "公开信息63条 准"


def test_comments_go_but_indented_text_stays() -> None:
    assert rows("<!-- 批注 -->\n\n    四格缩进的正文。\n") == [(3, "", "四格缩进的正文。")]


def test_what_is_fenced_off_is_read_like_the_rest() -> None:
    text = "正文\n\n```text\n## 二、主动公开\n规章\t0\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 | 3 |\n```\n末行"
    assert rows(text) == [(1, "", "正文"), (4, "h2", "二、主动公开"), (5, "", "规章\t0"), (11, "", "末行")]
    assert grids(text) == [[["甲", "乙", ""], ["1", "2", "3"]]]
    assert rows("~~~\n```\n甲\n~~~\n")[1:] == [(3, "", "甲")]
    assert [row[2] for row in rows("~~~\n" + ">" * 200 + "甲\n~~~")][1].endswith(">甲")


def test_pipe_tables_become_grids() -> None:
    text = "前\n\n| 项目 | 件数 |\n|---|--:|\n| 规章 | 0 |\n| 规范性文件 | **1** | 多 |\n| 缺 |\n"
    wide = [["项目", "件数", ""], ["规章", "0", ""], ["规范性文件", "1", "多"], ["缺", "", ""]]
    assert grids(text) == [wide]  # a row that is too long loses nothing
    quoted = "> | 项目 | 件数 |\n> |---|--:|\n> | 规章 | 0 |\n"
    assert grids(quoted) == [[["项目", "件数"], ["规章", "0"]]]
    table = parse_markdown(text, "x").blocks[1]
    assert isinstance(table, Table)
    assert table.where.line == 3
    assert table.rows[3][1].where == Where()  # a cell that is not there has no place
    assert table.rows[1][1].where.line == 5


def test_wide_tables_are_cut_and_said() -> None:
    document = parse_markdown("|" + "甲|" * 80 + "\n|" + "-|" * 80 + "\n", "x")
    table = document.blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows[0]) == 64
    assert [note.code for note in document.notes] == ["table-span"]


def test_html_blocks_are_read_like_a_page() -> None:
    text = (
        "甲\n\n<table><tr><td>规章</td><td>1</td></tr>\n<tr><td>文件</td><td>2</td></tr></table>\n\n<div>乙<br>丙</div>"
    )
    assert grids(text) == [[["规章", "1"], ["文件", "2"]]]
    assert rows(text) == [(1, "", "甲"), (6, "", "乙"), (6, "", "丙")]
    assert [block.where.block for block in parse_markdown(text, "x").blocks] == [0, 1, 2, 3]


def test_an_image_alone_stands_for_a_table() -> None:
    document = parse_markdown("甲\n\n![申请情况表](a.png)\n\n![](b.png)", "x")
    assert [(note.code, note.where.line) for note in document.notes] == [("picture", 3)]
    block = document.blocks[1]
    assert isinstance(block, Table)
    assert block.picture
    assert rows("见 ![](a.png) 图") == [(1, "", "见  图")]


def test_deep_nesting_loses_nothing() -> None:
    assert "深处" in rows("> " * 60 + "深处")[0][2]
    assert "深处" in rows("> " * 500 + "深处")[0][2]


@pytest.mark.parametrize("name", ["年报.txt", "年报.wps", "年报"])
def test_row_10_markdown_is_told_by_its_headings_or_tables(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for text in ("# 青石镇2023年年度报告\n\n## 一、总体情况\n", "|事项|件|\n|---|---|\n|新收|1|\n"):
        path.write_text(text, encoding="utf-8")
        assert read(path).format == "md"


@pytest.mark.parametrize(
    "text", ["# 号键结束。\n正文", "| 新收 | 1 |\n| 办结 | 1 |", "一、总体情况\n---\n正文", "主动公开12条 # 见附表"]
)
def test_row_10_a_text_with_a_mark_or_two_stays_a_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_text(text, encoding="utf-8")
    assert read(path).format == "txt"
