"""Labels of the official forms that an office renamed: read where nothing else comes near, and told by both names."""

from __future__ import annotations

import re
from html import unescape

import pytest

from checker.extract.tables.near import _like
from checker.judge import judge
from checker.model import Audit, Case
from checker.read.plain.html import parse_html
from tests.findings import fired, national
from tests.test_tables import CLEAN, changed, html, plain, report, swap
from tests.write import written
from tests.write.page import html as written_page
from tests.write.reading import audited

RENAMED = [
    ("<td>社会公益组织</td>", "<td>社会公益机构</td>", "T3-01", "社会公益机构（应为社会公益组织）"),
    ("1.本机关不掌握相关政府信息", "1.本机关不掌握相关信息", "T3-01", "（应为本机关不掌握相关政府信息）"),
    ("四、结转下年度继续办理", "四、结转下年度继续办理数量", "T3-01", "（应为结转下年度继续办理）"),
    ("8.属于行政查询事项", "8.属于行政咨询事项", "T3-01", "（应为属于行政查询事项）"),
    (">自然人<", ">公民<", "T3-01", "公民（应为自然人）"),
    ("<td>尚未审结</td>", "<td>未审结</td>", "T4-01", "未审结（应为尚未审结）"),
    ("未经复议直接起诉", "未经复议直接诉讼", "T4-01", "未经复议直接诉讼（应为未经复议直接起诉）"),
]


@pytest.mark.parametrize(("label", "new", "rule", "told"), RENAMED, ids=[case[1] for case in RENAMED])
def test_a_renamed_label_is_read_and_told_by_both_names(label: str, new: str, rule: str, told: str) -> None:
    assert label in CLEAN
    audit = html(CLEAN.replace(label, new))
    assert audit.report
    assert not changed(audit.report, report(CLEAN))
    assert told in fired(audit, "must")[rule]
    assert fired(audit, "must", "should").keys() == {rule}
    assert audit.unchecked == ()


@pytest.mark.parametrize(
    ("label", "new"),
    [
        ("<td>其他</td>", "<td>其它</td>"),
        ("3.其他</td>", "3.其它</td>"),
        ("第二十条第（一）项", "第二十条第一项"),
        ("第二十条第（一）项", "《条例》第二十条第一项"),
        ("第二十条第（一）项", "第20条第(1)项"),
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量（件）"),
        (">行政复议<", ">行政复议（件）<"),
        ("3.其他</td>", "3.其他（撤回等）</td>"),
        ("法人或其他组织", "法人或者其他组织"),
    ],
)
def test_spelling_brackets_and_units_are_no_other_name(label: str, new: str) -> None:
    assert label in CLEAN
    audit = html(CLEAN.replace(label, new))
    assert audit.report
    assert not changed(audit.report, report(CLEAN))
    assert not fired(audit, "must", "should")


@pytest.mark.parametrize(
    ("label", "new"),
    [("（一）予以公开", "（一）未予公开"), (">自然人<", ">群众<"), ("2.重复申请", "2.补正申请")],
)
def test_what_may_mean_another_thing_is_not_read(label: str, new: str) -> None:
    audit = html(swap(CLEAN, label, new))
    assert audit.report
    states = {state for state, _ in changed(audit.report, report(CLEAN)).values()}
    assert states
    assert states <= {"unread", "absent"}
    assert "T3-01" in fired(audit, "must")
    if "群众" in new:
        assert "表头有一栏的名称没有认出来" in note(audit)


def test_a_label_of_brackets_that_do_not_close_is_none() -> None:
    audit = html(CLEAN.replace("3.其他</td>", "3.其他（撤回（含转办）</td>"))
    assert "T3-01" in fired(audit, "must")


def test_two_labels_that_are_like_one_stand_for_neither() -> None:
    row = next(row for row in re.findall(r"<tr>.*?</tr>", CLEAN) if "8.属于行政查询事项" in row)
    first, second = row.replace("查询", "咨询"), row.replace("查询", "问询")
    audit = html(swap(CLEAN, row, first + second))
    assert audit.report
    assert ("unread", None) in changed(audit.report, report(CLEAN)).values()


def test_a_label_is_like_no_other_that_denies_or_is_shuffled() -> None:
    assert _like("不予公开", "予以公开") == 0
    assert _like("危及三安全一稳定3", "危及三安全一稳定") == 0
    assert _like("未审结", "尚未审结") > 0.8


# --- why figures were not read ------------------------------------------------------------------------------------

ZEROS = re.compile(r"(?:<td>0</td>){7}")


def note(audit: Audit) -> str:
    assert [note.code for note in audit.notes] == ["rows-unread"]
    return audit.notes[0].message


def test_a_row_of_one_merged_cell_is_told_to_be_merged() -> None:
    row = next(row for row in re.findall(r"<tr>.*?</tr>", CLEAN) if "2.没有现成信息" in row)
    said = note(html(swap(CLEAN, row, ZEROS.sub('<td colspan="7">0</td>', row))))
    assert "表三有1行" in said
    assert "“没有现成信息需要另行制作”（几格并成了一格" in said


def test_a_column_that_is_not_known_is_told_once() -> None:
    said = note(html(swap(CLEAN, "<td>科研机构</td>", "<td>大学</td>")))
    assert "表三有1栏的数没有读全：“科研机构”（这一栏的名称没有认出来）" in said


def test_a_form_that_was_not_known_is_told() -> None:
    table = re.findall(r"<table.*?</table>", CLEAN, re.S)[2]
    parts = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    turned = "".join(f"<tr><td>{part}</td><td>0</td><td>0</td><td>0</td></tr>" for part in parts)
    assert "没有认出表四" in note(html(swap(CLEAN, table, f"<table>{turned}</table>")))


def test_other_forms_than_the_years_leave_the_return_unknown_and_say_so() -> None:
    text = CLEAN.replace("2022", "2017").replace("2023", "2018")
    found = html(text)
    assert found.report
    assert found.report.era == "B"
    assert any("没有认出统计表" in note.message for note in found.notes)
    assert parse_html(text, "x").notes == ()


# --- labels of groups ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "new", "told"),
    [
        (">（五）不予处理<", ">（五）不予受理<", "分组名称“不予处理”"),
        (">三、本年度办理结果<", "><", "分组名称“本年度办理结果”"),
    ],
)
def test_a_label_of_a_group_that_stands_nowhere_is_told(label: str, new: str, told: str) -> None:
    audit = html(swap(CLEAN, label, new))
    assert told in fired(audit, "must")["T3-01"]
    assert audit.report
    assert not changed(audit.report, report(CLEAN))


def test_a_label_of_a_group_in_a_narrow_cell_stands_there() -> None:
    assert not fired(html(swap(CLEAN, ">（五）不予处理<", ">（五）<br>不 予\u200b处<br>理<")), "must")


# --- the return of 2014 -------------------------------------------------------------------------------------------


def test_a_short_name_of_rows_in_two_blocks_is_read_in_each() -> None:
    """维持数 is under the reviews what it is under the lawsuits, of which the form has another name."""
    page = written_page(written("2017-鹤浦镇"))
    short = re.sub("维持具体行政行为(?:或者?驳回原告诉讼请求)?数", "维持数", page)
    assert short.count("维持数") == page.count("维持具体行政行为") == 2
    audit = audited(parse_html(short, "x.html"))
    assert audit.report
    assert [audit.report.fact(f"stat.{each}.upheld").value for each in ("reviews", "lawsuits")] == [1, 0]
    assert "维持数（应为维持具体行政行为数或" in fired(audit, "should")["OLD-12"]


def tabbed(page: str) -> Audit:
    """Checks the text of a page whose tables were copied: a tab between cells, a line a row."""
    page = re.sub(r"</t[dh]>\s*<t[dh][^>]*>", "\t", page)
    text = re.sub(r"\n+", "\n", unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:tr|p|h\d)>", "\n", page))))
    return judge(Case(plain(text)), national())


@pytest.mark.parametrize(
    ("label", "new"),
    [
        ("一、本年新收政府信息公开申请数量", "一、本年度新收政府信息公开申请数量"),
        ("二、上年结转政府信息公开申请数量", "二、上年度结转政府信息公开申请数量"),
        ("法人或其他组织", "法人和其他组织"),
        ("信息内容", "内容"),
        (">总计<", ">合计<"),
        (">结果维持<", ">维持<"),
    ],
)
def test_a_label_written_otherwise_between_tabs_is_neither_a_heading_nor_lost(label: str, new: str) -> None:
    assert label in CLEAN
    audit = tabbed(CLEAN.replace(label, new))
    assert audit.report
    assert not changed(audit.report, report(CLEAN))
    assert not fired(audit, "must", "should")


@pytest.mark.parametrize(
    ("label", "new", "rule"),
    [(label, new, rule) for label, new, rule, _ in RENAMED if "公民" not in new]
    + [
        ("四、结转下年度继续办理", "四、结转2025年度继续办理", "T3-01"),
        ("一、本年新收", "一、2024年新收", "T3-01"),
        ("本年制发件数", "2024年制发件数", "T2-01"),
    ],
)
def test_a_renamed_label_between_tabs_is_read_and_told_once(label: str, new: str, rule: str) -> None:
    assert label in CLEAN
    audit = tabbed(CLEAN.replace(label, new))
    assert audit.report
    assert not changed(audit.report, report(CLEAN))
    assert fired(audit, "must", "should").keys() == {rule}


def test_a_label_broken_between_tabs_is_not_called_renamed() -> None:
    audit = tabbed(CLEAN.replace("尚未审结", "尚未\n审结"))
    assert not fired(audit, "must", "should")


def test_one_label_of_another_years_format_is_a_renamed_one() -> None:
    audit = html(CLEAN.replace("本年处理决定数量", "处理决定数量"))
    assert audit.report
    assert not changed(audit.report, report(CLEAN))
    assert "处理决定数量（应为本年处理决定数量）" in fired(audit, "must")["T2-01"]
    assert fired(audit, "must", "should").keys() == {"T2-01"}
