"""Plain text and encodings: right text with right line numbers, or a refusal that says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.model import Document, Paragraph, Table, Unreadable
from checker.read import Limits, parse_text, read

REPORT = """临澜市青石镇2023年政府信息公开工作年度报告

根据《中华人民共和国政府信息公开条例》，现公布驩城、镕溪两社区所在的青石镇2023年度报告。
一、总体情况
（一）主动公开政府信息63条，其中网站50条、公开栏13条。
二、依申请公开：全年收到申请2件，已答复2件。
青石镇人民政府
2024年1月12日
"""


def words(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def lines(document: Document) -> list[int | None]:
    return [block.where.line for block in document.blocks]


def refusal(path: Path, limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(path, limits or Limits())
    return caught.value


def written(folder: Path, data: bytes, name: str = "报告.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_one_paragraph_a_line_with_its_number() -> None:
    document = parse_text("甲\n\n　 \n乙\n", "x.txt")
    assert words(document) == ["甲", "乙"]
    assert lines(document) == [1, 4]
    assert [block.where.block for block in document.blocks] == [0, 1]
    assert (document.source, document.format) == ("x.txt", "txt")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_newline_counts_once(newline: str) -> None:
    assert lines(parse_text(newline.join(["甲", "乙", "", "丙"]), "x")) == [1, 2, 4]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_cell_with_breaks_that_a_sheet_put_in_marks_is_one_cell(newline: str) -> None:
    text = newline.join(["行\t数", '"甲""一""', '乙"\t3', '丙\t"4', '5"', '丁"\t6', '他说"甲', '乙"完'])
    document = parse_text(text, "a.txt")
    assert list(zip(words(document), lines(document), strict=True)) == [
        ("行\t数", 1),
        ('甲"一"乙\t3', 2),
        ("丙\t45", 4),
        ('丁"\t6', 6),
        ('他说"甲', 7),
        ('乙"完', 8),
    ]


def test_soft_breaks_part_paragraphs_but_are_no_lines() -> None:
    document = parse_text("甲\u2028乙\f丙\n丁", "x")
    assert words(document) == ["甲", "乙", "丙", "丁"]
    assert lines(document) == [1, 1, 1, 2]


def test_a_line_of_invisible_characters_is_empty() -> None:
    assert words(parse_text("甲\n\u200b\ufeff\xad\n乙", "x")) == ["甲", "乙"]


@pytest.mark.parametrize("length", [None, 40, 20])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030", "utf-32"]
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, encoding: str, length: int | None) -> None:
    text = REPORT[:length]
    document = read(written(tmp_path, text.encode(encoding)))
    assert words(document) == [line for line in text.split("\n") if line]
    assert document.notes == ()


def test_utf8_with_a_cut_character_is_read_and_said(tmp_path: Path) -> None:
    data = REPORT.encode()[:-4] + "日".encode()[:2]
    document = read(written(tmp_path, data))
    assert words(document)[-1] == "2024年1月12\ufffd"
    assert [(note.code, note.where.line) for note in document.notes] == [("replaced", 8)]
    assert [block.unread for block in document.blocks if isinstance(block, Paragraph)][-2:] == [False, True]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.txt", "|新收|12", "|\n|结转|3|\n"),
        ("a.md", "|甲|乙|\n|-|-|\n|新收|12", "|\n|结转|3|\n"),
        ("a.html", "<table><tr><td>新收<td>12", "<tr><td>结转<td>3</table>"),
    ],
)
def test_a_cell_with_a_lost_character_is_unread(tmp_path: Path, name: str, before: str, after: str) -> None:
    """Nobody knows whether 12� was 12, 123 or 1234."""
    head = REPORT * 3 if name != "a.html" else f"<p>{REPORT * 3}</p>"
    document = read(written(tmp_path, f"{head}\n{before}".encode() + b"\xe6" + after.encode(), name))
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert {cell.text: cell.unread for row in table.rows for cell in row if cell.text in ("12�", "3", "新收")} == {
        "新收": False,
        "12�": True,
        "3": False,
    }
    assert [note.code for note in document.notes] == ["replaced"]


def test_a_character_that_was_lost_before_is_told_as_well(tmp_path: Path) -> None:
    document = read(written(tmp_path, REPORT.replace("镇", "�", 1).encode()))
    assert [(note.code, note.where.line) for note in document.notes] == [("replaced", 1)]


def test_what_is_lost_outside_the_text_of_a_page_is_no_matter(tmp_path: Path) -> None:
    page = "<html><head><title>年报".encode() + b"\xe6" + f"</title></head><body><p>{REPORT * 3}</p></body>".encode()
    assert read(written(tmp_path, page, "a.html")).notes == ()


def test_mixed_encodings_are_refused_with_the_offset(tmp_path: Path) -> None:
    first, second = REPORT[:90], REPORT[90:]
    error = refusal(written(tmp_path, first.encode("gbk") + b"\n" + second.encode()))
    assert error.code == "encoding"
    assert f"第 {len(first.encode('gbk')) + 1} 个字节" in error.message
    broken = b"\xff\xff".join((first.encode("gbk"), second.encode("gbk")))
    error = refusal(written(tmp_path, broken))
    assert error.code == "encoding"
    assert f"第 {len(first.encode('gbk'))} 个字节" in error.message


def test_a_glued_utf8_line_in_gbk_is_refused_at_its_offset(tmp_path: Path) -> None:
    lead = REPORT.encode("gbk")
    error = refusal(written(tmp_path, lead + "青石镇人民政府印发\n".encode() * 2))
    assert error.code == "encoding"
    assert f"第 {len(lead)} 个字节" in error.message


def test_other_charsets_are_not_taken_for_gb18030(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, ("情報公開の年次報告を作成しました" * 5).encode("shift_jis"))).code == "encoding"
    text = "政府信息公開工作年度報告根據條例規定現將本鎮政府信息公開情況報告如下主動公開政府信息" * 3
    assert refusal(written(tmp_path, text.encode("big5"))).code == "encoding"


def test_heavily_damaged_utf8_is_refused(tmp_path: Path) -> None:
    damaged = b"".join(REPORT[at : at + 20].encode() + "日".encode()[:2] for at in range(0, len(REPORT), 20))
    assert refusal(written(tmp_path, damaged)).code == "encoding"


def test_a_little_gbk_in_much_markup_is_gbk(tmp_path: Path) -> None:
    page = "<html><body><p>驩城公开</p>" + "<br class='x'>" * 500
    assert words(read(written(tmp_path, page.encode("gbk")))) == ["驩城公开"]


def test_binary_under_a_text_name(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, bytes(range(256)) * 40)).code == "binary"
    assert refusal(written(tmp_path, b"\x7fELF\x02\x01\x01" + b"\0" * 500)).code == "binary"


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", "\ufeff\u3000\n".encode()])
def test_empty(tmp_path: Path, data: bytes) -> None:
    assert refusal(written(tmp_path, data)).code == "empty"


def test_too_big_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(21 << 20)
    error = refusal(path)
    assert error.code == "too-big"
    assert "21.0 MB" in error.message
    assert "20 MB" in error.message
    assert refusal(written(tmp_path, b"x" * 11), Limits(file_size=10)).code == "too-big"


def test_no_limit_beyond_the_hard_one() -> None:
    with pytest.raises(ValueError, match="file_size"):
        Limits(file_size=201 << 20)


def test_a_page_under_a_text_name_is_a_page(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff<!-- 注 -->\n<!DOCTYPE html><body><p>甲</p></body>".encode())
    assert read(path).format == "html"
    assert read(written(tmp_path, "一、甲 <b>".encode())).format == "txt"
    assert read(written(tmp_path, "一、甲 <b>".encode(), "a.html")).format == "html"
    assert read(written(tmp_path, "一、甲".encode(), "a.html")).format == "txt"
    assert read(written(tmp_path, "一、甲".encode(), "a.MD")).format == "md"


def test_zero_width_characters_stay_and_are_noted(tmp_path: Path) -> None:
    document = read(written(tmp_path, "甲\n行政复\u200b议、诉\xad讼".encode()))
    assert words(document)[1] == "行政复\u200b议、诉\xad讼"
    assert [(note.code, note.where.line) for note in document.notes] == [("zero-width", 2)]
    assert "2 个" in document.notes[0].message
