"""Rows of the official forms filled in their own way: with words, not at all, or once more for another year."""

from __future__ import annotations

import re

import pytest

from checker.model import Block, Paragraph, Report, Table
from checker.read.plain.html import parse_html
from tests.findings import fired
from tests.test_tables import CLEAN, changed, forms, html, report, swap
from tests.write import plain, written
from tests.write.reading import audited, extracted, read_html

NAME = "2024-云渚镇"
LAST = re.findall(r"<tr>.*?</tr>", re.findall(r"<table.*?</table>", CLEAN, re.S)[2], re.S)[-1]  # 表四's only figures


def fourth(row: str) -> dict[str, tuple[str, object]]:
    return changed(report(swap(CLEAN, LAST, row)), report(CLEAN))


# --- table four, whose one row is known by its figures ------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "state", "rule"),
    [("零", "given", ""), ("〇", "given", ""), ("一", "malformed", "T4-05"), ("XX", "malformed", "T4-05")],
)
def test_a_row_of_words_is_the_row_of_figures(words: str, state: str, rule: str) -> None:
    told = written("2025-苇岸乡")
    for fact in told.cells:
        told = told.but(fact, words) if fact.startswith("t4.") else told
    found = audited(read_html(told))
    assert found.report
    assert {said for name, (said, _) in forms(found.report).items() if name.startswith("t4.")} == {state}
    assert {name for name in fired(found, "must", "should") if name[:3] in ("STR", "T4-")} == (
        {rule} if rule else set()
    )


def test_a_row_of_units_below_the_head_is_no_row_of_figures() -> None:
    assert not fourth(f"<tr>{'<td>件</td>' * 15}</tr>{LAST}")


@pytest.mark.parametrize("row", ["", '<tr><td colspan="15">本年度没有发生行政复议和行政诉讼</td></tr>'])
def test_a_head_without_its_row_is_a_form_that_was_not_read(row: str) -> None:
    found = html(swap(CLEAN, LAST, row))
    assert found.report
    assert {said for name, (said, _) in forms(found.report).items() if name.startswith("t4.")} == {"unread"}
    assert "STR-16" not in fired(found, "must")
    assert any("表四" in note.message for note in found.notes)


@pytest.mark.parametrize("first", [True, False])
def test_one_more_row_of_figures_leaves_open_which_is_this_years(first: bool) -> None:
    other = LAST.replace(">0<", ">7<", 1)
    assert other != LAST
    found = fourth(other + LAST if first else LAST + other)
    assert list(found.values()) == [("unread", None)]


def test_a_telephone_number_below_the_form_is_no_row_of_it() -> None:
    assert not fourth(f'{LAST}<tr><td colspan="10">联系电话</td><td colspan="5">05895552</td></tr>')


# --- an empty row of a table in plain text ------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pipes", "hollow", "bars"])
@pytest.mark.parametrize(
    ("label", "cells"), [("没有现成信息", 7), ("上年结转政府", 7), ("| 规章", 3)], ids=["without", "carried", "rules"]
)
def test_an_empty_row_is_empty_and_not_missing(form: str, label: str, cells: int) -> None:
    from checker.read.plain.markdown import parse_markdown
    from checker.read.plain.text import parse_text

    right = written(NAME)
    read, text = (parse_text, plain.text) if form == "bars" else (parse_markdown, plain.markdown)
    whole = text(right, form)
    row = next(line for line in whole.split("\n") if label in line)
    found = audited(read(swap(whole, row, re.sub(r" \d(?= )", " ", row)), "x"))
    assert found.report
    differ = changed(found.report, extracted(read(whole, "x")))
    assert list(differ.values()) == [("blank", None)] * cells
    assert not {"T2-01", "T3-01"} & fired(found, "must").keys()
    assert not found.notes


# --- the same form for another year -------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [True, False])
def test_last_years_form_beside_this_years_is_not_read_and_told(before: bool) -> None:
    own = re.findall(r"<table.*?</table>", CLEAN, re.S)[1]
    other = "<p>附：2021年收到和处理政府信息公开申请情况</p>" + own.replace("<td>1</td>", "<td>5</td>")
    found = html(swap(CLEAN, own, other + f"<p>2022年的情况</p>{own}" if before else own + other))
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))
    assert [note.code for note in found.notes] == ["other-year"]
    assert "2021年" in found.notes[0].message
    assert not [verdict for verdict in found.findings if verdict.rule == "XYR-07"]  # the note has told it


def test_a_form_below_a_wrong_year_is_the_years_own_where_there_is_no_other() -> None:
    own = re.findall(r"<table.*?</table>", CLEAN, re.S)[1]
    found = html(swap(CLEAN, own, f"<p>附：2021年收到和处理政府信息公开申请情况</p>{own}"))
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))
    assert not found.notes
    assert [verdict for verdict in found.findings if verdict.rule == "XYR-07"]


def test_a_sheet_for_another_year_is_not_read_and_told() -> None:
    from checker.read.office.xlsx import parse_xlsx
    from tests.book import c, row, sheet, xlsx

    def filled(year: int, count: int) -> str:
        lines = ["收到申请数", "当面申请数", "传真申请数", "", "网络申请数", "信函申请数", "申请办结数"]
        rows = [c("A1", f"鹤浦镇{year}年政府信息公开情况统计表"), c("A2", "统计指标") + c("B2", "数量")]
        rows += [
            c(f"A{at}", line) + c(f"B{at}", str(count), "n") if line else c(f"A{at}", "二、依申请公开情况")
            for at, line in enumerate(lines, 3)
        ]
        return sheet("".join(row(at, cells) for at, cells in enumerate(rows, 1)))

    found = extracted(parse_xlsx(xlsx(filled(2017, 4), filled(2016, 5)), "x.xlsx"))
    assert found.year == 2017
    assert [found.fact(f"stat.{name}").value for name in ("requests.received", "done.total")] == [4, 4]
    assert "other-year" in [note.code for note in found.notes]


def test_a_form_in_parts_below_wrong_years_is_read_whole() -> None:
    own = re.findall(r"<table.*?</table>", CLEAN, re.S)[0]
    start = next(match.start() for match in re.finditer("<tr>", own) if "（五）" in own[match.start() :][:80])
    parts = own[:start] + "</table>", "<table>" + own[start:]
    found = html(swap(CLEAN, own, "".join(f"<p>2021年公开情况</p>{part}" for part in parts)))
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))


# --- what is told of cells ----------------------------------------------------------------------------------------


def test_a_cell_of_two_lines_is_told_in_one() -> None:
    row = next(row for row in re.findall(r"<tr>.*?</tr>", CLEAN) if "（一）予以公开" in row)
    found = html(swap(CLEAN, row, re.sub(r"<td>(\d+)</td>", r"<td>\1<br>1</td>", row, count=1)))
    message = fired(found, "must")["T3-03"].split(" 「")[0]
    assert "\n" not in message
    assert re.search(r"填的是“\d+ 1”", message)


def test_cells_of_a_workbook_are_named_as_its_programs_do() -> None:
    from checker.read.office.xlsx import parse_xlsx
    from checker.render.view import place
    from tests.book import c, row, sheet, xlsx

    head = row(1, c("B1", "信息内容"), c("C1", "本年处理决定数量"))
    document = parse_xlsx(xlsx(sheet(head + row(2, c("B2", "行政许可"), c("C2", "4", "n")))), "x.xlsx")
    found = extracted(document).fact("t2.licences").where
    assert place(found) == "工作表“表0”的C2"
    assert place(found, "en") == "表0!C2"


def test_a_return_alone_tells_its_era() -> None:
    from checker.read.office.xlsx import parse_xlsx
    from tests.write import paper

    book = paper.workbook(written("2017-鹤浦镇"), forms_only=True)
    audit = audited(parse_xlsx(book, "x.xlsx"))
    assert audit.report
    assert (audit.report.year, audit.report.era) == (None, "B")
    assert any(verdict.rule == "OLD-13" and verdict.state == "pass" for verdict in audit.verdicts)


# --- a table that lost what held it together ----------------------------------------------------------------------


def test_a_page_that_lost_its_rowspans_is_unread_and_accuses_nobody() -> None:
    table = re.findall(r"<table.*?</table>", CLEAN, re.S)[2]
    results = re.findall(r"<td>.{2,4}</td>", table)[:5]
    old = re.findall(r"<tr>.*?</tr>", table, re.S)[:3]
    head = [  # 行政复议 has its results in the second of three rows
        '<tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>',
        f'<tr>{"".join(results)}<td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>',
        f"<tr>{''.join(results * 2)}</tr>",
    ]
    text = swap(CLEAN, "\n".join(old), "\n".join(head))
    found = html(re.sub(r' rowspan="?\d+"?', "", text))
    assert found.report
    assert not {name for name in fired(found, "must") if name.startswith(("T3-", "T4-", "STR-"))}
    assert {said for name, (said, _) in forms(found.report).items() if name.startswith("t4.")} == {"unread"}


def test_a_table_on_its_side_is_unread_and_not_missing() -> None:
    table = re.findall(r"<table.*?</table>", CLEAN, re.S)[1]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in re.findall(r"<tr>.*?</tr>", table, re.S)[3:]]
    labels = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    columns = [[label, *(row[at - 7] for row in rows)] for at, label in enumerate(labels)]
    turned = [["信息内容", *(row[-8] for row in rows)], *columns]
    cells = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in turned)
    found = html(swap(CLEAN, table, f"<table>{cells}</table>"))
    assert found.report
    assert "STR-16" not in fired(found, "must")
    assert {said for name, (said, _) in forms(found.report).items() if name.startswith("t3.")} == {"unread"}


def test_groups_of_table_four_named_in_brackets_are_its_groups() -> None:
    table = re.findall(r"<table.*?</table>", CLEAN, re.S)[2]
    groups = "".join(
        f'<td colspan="5">{text}</td>'
        for text in ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
    )
    results = "".join(f"<td>{text}</td>" for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3)
    found = html(swap(CLEAN, table, f"<table><tr>{groups}</tr><tr>{results}</tr>{LAST}</table>"))
    assert found.report
    assert not changed(found.report, report(CLEAN))


def test_one_more_sum_among_the_first_rows_is_too_much_and_loses_no_other() -> None:
    row = next(row for row in re.findall(r"<tr>.*?</tr>", CLEAN, re.S) if "上年结转政府信息公开申请数量" in row)
    found = html(swap(CLEAN, row, row + re.sub(r"二、上年结转政府信息公开申请数量", "合计", row)))
    assert found.report
    assert not changed(found.report, report(CLEAN))
    assert "合计" in fired(found, "should")["T3-07"]


def test_tables_that_the_text_sends_to_the_end_of_the_file_were_checked() -> None:
    tables = re.findall(r"<table.*?</table>", CLEAN, re.S)
    text = swap(CLEAN, tables[1], "<p>详见附表1。</p>").replace("</body>", f"<p>附表1</p>{tables[1]}</body>")
    found = html(text)
    assert "附表1" in text.split("</body>")[0]
    assert found.report
    assert not changed(found.report, report(CLEAN))
    assert "attachment" not in {note.code for note in found.notes}
    without = html(swap(CLEAN, tables[1], "<p>详见附表1。</p>"))
    assert "attachment" in {note.code for note in without.notes}


# --- rows that the form does not have -----------------------------------------------------------------------------

_THIRD = "四、结转下年度继续办理"
_LICENCE, _FEE = (re.search(rf"<tr><td>{label}</td>.*?</tr>", CLEAN) for label in ("行政许可", "行政事业性收费"))


def third(row: str) -> str:
    """The clean report with one more row at the end of form three."""
    last = re.search(rf"<tr>(?:(?!<tr>).)*{_THIRD}.*?</tr>", CLEAN, re.S)
    assert last
    return swap(CLEAN, last[0], last[0] + row)


def cells(*said: object) -> str:
    return "".join(f"<td>{each}</td>" for each in said)


@pytest.mark.parametrize("label", ["五、其中：信访转办", "（八）转其他单位", "其中：网上申请", ""])
def test_a_row_of_figures_that_form_three_does_not_have_is_told(label: str) -> None:
    found = html(third(f'<tr><td colspan="3">{label}</td>{cells(*[9] * 7)}</tr>'))
    assert fired(found, "must", "should").keys() == {"T3-07"}
    assert (label or "没有名称的一行数") in fired(found, "should")["T3-07"]
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))


def test_a_row_of_figures_alone_is_told() -> None:
    assert fired(html(third(f"<tr>{cells(*[9] * 10)}</tr>")), "must", "should").keys() == {"T3-07"}


@pytest.mark.parametrize(
    "row",
    [
        f'<tr><td colspan="3">栏次</td>{cells(*range(1, 8))}</tr>',
        f'<tr><td colspan="3"></td>{cells(*range(1, 8))}</tr>',
        f'<tr><td colspan="3"></td>{cells(*range(2018, 2025))}</tr>',
        f'<tr><td colspan="3"></td>{cells(*[""] * 7)}</tr>',
        f'<tr><td colspan="3">信访</td>{cells(9, *[""] * 6)}</tr>',  # a remark beside the figures
        '<tr><td colspan="10">注：含上年结转1件</td></tr>',
        f'<tr><td colspan="3">月份</td>{cells(*"甲乙丙丁戊己庚")}</tr>'
        f'<tr><td colspan="3">受理</td>{cells(*[9] * 7)}</tr>',
        f'</table><table><tr><td colspan="3">受理</td>{cells(*[9] * 7)}</tr>',
    ],
    ids=["numbered", "numbers", "years", "blank", "few", "footnote", "head", "table"],
)
def test_what_is_no_row_of_form_three_is_not_told(row: str) -> None:
    assert not fired(html(third(row)), "must", "should")


def test_a_renamed_row_is_not_told_as_a_further_one() -> None:
    found = fired(html(swap(CLEAN, _THIRD, "四、往后再说的")), "must", "should")
    assert "T3-07" not in found
    assert "T3-01" in found


def test_a_row_that_form_two_does_not_have_is_told_in_a_note() -> None:
    assert _FEE
    found = html(swap(CLEAN, _FEE[0], _FEE[0] + '<tr><td>行政确认</td><td colspan="3">12</td></tr>'))
    assert [note.code for note in found.notes] == ["rows-unread"]
    assert "“行政确认”" in found.notes[0].message
    assert not fired(found, "must", "should")


@pytest.mark.parametrize(("more", "state"), [(1, "unread"), (0, "given")])
def test_a_row_again_below_the_columns_of_another_block_is_printed_twice(more: int, state: str) -> None:
    assert _FEE
    assert _LICENCE
    count = int(re.findall(r">(\d+)<", _LICENCE[0])[0]) + more
    row = f'<tr><td>行政许可</td><td colspan="3">{count}</td></tr>'
    found = html(swap(CLEAN, _FEE[0], _FEE[0] + row)).report
    assert found
    said = [fact.state for name, fact in found.facts.items() if name.startswith("t2.") and fact.where.row == "行政许可"]
    assert said == [state]


# --- forms for another year, one after the other ------------------------------------------------------------------

_FORMS = re.findall(r"<table.*?</table>", CLEAN, re.S)


def _older(between: str = "") -> str:
    """Forms two, three and four with other figures in most cells."""
    return between.join(re.sub(r">[1-9]</td>", ">7</td>", form) for form in _FORMS[:3])


@pytest.mark.parametrize("between", ["", "<p>单位：件</p>"])
def test_a_caption_of_last_year_holds_for_all_forms_below_it(between: str) -> None:
    more = f"<p>附：2021年数据（供对照）</p>{_older(between)}"
    found = html(swap(CLEAN, _FORMS[2], _FORMS[2] + more))
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))
    assert [note.code for note in found.notes] == ["other-year"]


@pytest.mark.parametrize("line", ["<p>2022年的情况</p>", "<p>以下是今年的。</p>", "<h2>二、主动公开政府信息情况</h2>"])
def test_it_ends_with_the_years_own_a_sentence_or_a_heading(line: str) -> None:
    found = html(swap(CLEAN, _FORMS[0], f"<p>附：2021年数据</p>{line}{_FORMS[0]}<p>2021年</p>{_older()}"))
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))


def _workbook(*sheets: tuple[str, str, str]) -> Report:
    """The name of each sheet, its title (or nothing), its form."""
    from checker.read.office.xlsx import parse_xlsx
    from tests.book import workbook

    drawn: list[list[Block]] = []
    for _, title, form in sheets:
        table = next(block for block in parse_html(form, "x.html").blocks if isinstance(block, Table))
        drawn.append([*([Paragraph(title)] if title else []), table])
    return extracted(parse_xlsx(workbook(*drawn, names=[name for name, _, _ in sheets]), "x.xlsx"))


_OWN = forms(report(CLEAN))
_THIRD_OLDER = re.sub(r">[1-9]</td>", ">7</td>", _FORMS[1])


@pytest.mark.parametrize(
    ("sheets", "year"),
    [
        ([("2021表三", "", _THIRD_OLDER), ("2022表三", "", _FORMS[1])], 2022),
        ([("2022表三", "", _FORMS[1]), ("2021表三", "", _THIRD_OLDER)], 2022),
        ([("表三", "沙洲镇2022年政府信息公开表三", _FORMS[1]), ("上年", "", _THIRD_OLDER)], 2022),
        (
            [
                ("甲", "沙洲镇2021年政府信息公开表三", _THIRD_OLDER),
                ("乙", "沙洲镇2022年政府信息公开表三", _FORMS[1]),
            ],
            2022,
        ),
        ([("2023年1月报送", "沙洲镇2022年政府信息公开表三", _FORMS[1])], 2022),
    ],
    ids=["names", "after", "last", "titles", "sent"],
)
def test_the_sheets_tell_the_year_of_their_forms(sheets: list[tuple[str, str, str]], year: int) -> None:
    found = _workbook(*sheets)
    assert found.year == year
    own = {name: said for name, said in forms(found).items() if name.startswith("t3.")}
    assert own == {name: said for name, said in _OWN.items() if name.startswith("t3.")}
    assert [note.code for note in found.notes if note.code == "other-year"] == ["other-year"] * (len(sheets) > 1)


@pytest.mark.parametrize("head", ["核对", "备注"])
def test_a_column_right_of_form_three_leaves_its_cells_read(head: str) -> None:
    rows = re.findall(r"<tr>.*?</tr>", _FORMS[1], re.S)
    wider = [rows[0].replace("</tr>", f"<td>{head}</td></tr>")]
    wider += [row.replace("</tr>", f"<td>{'' if at < 3 else 119}</td></tr>") for at, row in enumerate(rows[1:], 1)]
    found = html(swap(CLEAN, _FORMS[1], f"<table>{''.join(wider)}</table>"))
    assert found.report
    assert forms(found.report) == forms(report(CLEAN))
    assert head in fired(found, "should")["T3-07"]
