"""Notices: who gets one, what it says, and under which name it is filed."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.render.county import names
from checker.render.county.notice import notices
from checker.season.nouns import Office, Row, Unit
from tests.seasons import MARKUP, Memory, county

DATE = dt.date(2025, 1, 27)


@pytest.fixture(scope="module")
def letters() -> dict[str, bytes]:
    return dict(notices(county(), DATE))


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_who_has_nothing_to_mend_gets_no_notice(letters: dict[str, bytes]) -> None:
    assert "青石镇人民政府.docx" not in letters
    assert "白渡镇人民政府.docx" not in letters  # one thing to verify, nothing to mend
    assert len(letters) == 8


def test_a_notice_says_what_is_wrong_where_by_which_clause_and_what_to_do(letters: dict[str, bytes]) -> None:
    said = lines(letters["松湾街道办事处.docx"])
    assert said[0] == "关于改正2024年政府信息公开工作年度报告的通知"
    assert said[2] == "松湾街道办事处："
    assert "必须改正的问题1处、应当改正的问题2处、建议修改的地方1处" in said[3]
    assert "请于2025年2月14日前逐条改正" in said[3]
    assert said[4] == "报告应于2025年1月20日前报送，落款日期是2025年1月24日，已经逾期，今后请按时报送。"
    first = said.index("一、必须改正的问题") + 1
    assert said[first].startswith("1．表四“行政复议”不平：总计 3")
    assert said[first + 1] == "位置：表四，行政复议 总计，原文是“3”。"
    assert said[first + 2].startswith("依据：")
    assert said[first + 3].startswith("改法：")
    assert said[-2:] == ["霁川县人民政府办公室", "2025年1月27日"]
    numbers = [line.split("．")[0] for line in said if line[:1].isdigit() and "．" in line[:3]]
    assert numbers == ["1", "2", "3", "4"]


def test_what_was_not_read_is_named_and_what_others_lack_is_not() -> None:
    season = county()
    row = next(row for row in season.entries if row.unit.name == "林业局")
    detail = season.details[row.unit.key]
    ((_, content),) = notices(Memory([row], {row.unit.key: detail}), DATE)
    assert "没有核对到的内容" not in "".join(
        lines(content)
    )  # there is no last year's report, and that is not its fault
    told = replace(detail, audit={**detail.audit, "unchecked": ["表格"]})
    ((_, content),) = notices(Memory([row], {row.unit.key: told}), DATE)
    assert "以下内容没有核对，请自行核对：表格没有读到，没有核对。" in lines(content)


def test_who_was_only_late_need_not_hand_in_again() -> None:
    season = county()
    row = next(row for row in season.entries if row.unit.name == "林业局")
    detail = season.details[row.unit.key]
    bad = [verdict for verdict in detail.audit["verdicts"] if verdict["state"] == "fail"][:1]
    late = [{**verdict, "rule": "PUB-02", "severity": "should"} for verdict in bad]
    told = replace(detail, audit={**detail.audit, "verdicts": late})
    ((_, content),) = notices(Memory([row], {row.unit.key: told}), DATE)
    said = lines(content)[3]
    assert "报告不用重新报送" in said
    assert "改好" not in said


def test_missing_and_unusable_reports_are_asked_for(letters: dict[str, bytes]) -> None:
    missing, locked, old = (
        lines(letters[f"{name}.docx"]) for name in ("苇塘乡人民政府", "杨渡镇人民政府", "桐溪镇人民政府")
    )
    assert missing[0] == "关于报送2024年政府信息公开工作年度报告的通知"
    assert "到目前为止，没有收到你单位的报告。" in missing
    assert locked[0] == "关于重新报送2024年政府信息公开工作年度报告的通知"
    assert "你单位报送的文件“杨渡镇/年报.pdf”没有采用：文件有密码，打不开。" in locked
    assert "你单位报送的文件“桐溪镇.docx”不是2024年的报告：写的是2023年度。" in old
    assert all("2025年2月14日前" in "".join(said) for said in (missing, locked, old))


def test_the_signature_never_stands_on_a_page_of_its_own(letters: dict[str, bytes]) -> None:
    for content in letters.values():
        last = docx.Document(io.BytesIO(content)).paragraphs[-4:]
        assert last[0].text.startswith("对以上内容有疑问的")
        assert all(one.style and one.style.paragraph_format.keep_with_next for one in last)


def test_without_a_deadline_none_is_invented() -> None:
    season = Memory([Row(Unit("苇塘乡人民政府"), "missing")], office=Office())
    ((_, content),) = notices(season, DATE)
    said = "".join(lines(content))
    assert "请尽快报送" in said
    assert "期限" not in said
    assert said.endswith("请与发出通知的单位联系。【此处写明落款单位】2025年1月27日")


def test_what_a_report_smuggles_in_is_text(letters: dict[str, bytes]) -> None:
    (name,) = [name for name in letters if "HYPERLINK" in name]
    said = "\n".join(lines(letters[name]))
    assert "<script>alert(1)</script>" in said
    assert "\u202e" not in said + name
    assert not set('<>:"/\\|?*') & set(name)
    assert MARKUP not in said


def test_notices_are_the_same_bytes_every_time(letters: dict[str, bytes]) -> None:
    assert dict(notices(county(), DATE)) == letters


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("青石镇人民政府", "青石镇人民政府"),
        ("a/b\\c:d", "a_b_c_d"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM¹", "_COM¹"),
        ("名称. .", "名称"),
        ("...", "未名"),
        ("", "未名"),
        ("甲\u202e乙\u2028", "甲乙"),
        ("镇" * 200, "镇" * 60),
    ],
)
def test_names_of_units_are_names_of_files(name: str, stem: str) -> None:
    assert names.stem(name) == stem


def test_two_units_never_share_a_file() -> None:
    units = [Unit("ABC", code="1"), Unit("abc", code="2"), Unit("ABC.", code="3"), Unit("abc（2）", code="4")]
    stems = names.of_units(Memory([Row(unit, "missing") for unit in units]))
    assert list(stems.values()) == ["ABC", "abc（2）", "ABC（3）", "abc（2）（2）"]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=80), max_size=12))
def test_any_names_give_distinct_safe_files(given_names: list[str]) -> None:
    season = Memory([Row(Unit(name, code=str(at)), "missing") for at, name in enumerate(given_names)])
    stems = list(names.of_units(season).values())
    assert len({stem.casefold() for stem in stems}) == len(given_names)
    for stem in stems:
        assert stem
        assert stem == stem.strip(" .")
        assert not set('<>:"/\\|?*\0') & set(stem)
        assert len(f"{stem}.docx".encode()) < 255
