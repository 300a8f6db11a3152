"""Tables that lost their columns on the way into text: read where that is sure, else unread, and told by row."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from checker.extract import extract
from checker.judge import judge
from checker.model import Audit, Case, Fact, Pack
from checker.pack import load
from checker.read import parse
from checker.render.view import unknown_by_cause
from tests.write import plain, written

TEXT = Path("examples/2024-桐溪镇-规范.txt").read_text(encoding="utf-8")
COLUMNS = ("person", "company", "research", "charity", "legal", "other", "all")
CARRIED = "二、上年结转政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1"
PARTS = ("三、本年度办理结果", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")


@cache
def pack() -> Pack:
    return load(cache=False)


def audit(text: str, name: str = "x.txt") -> Audit:
    return judge(Case(extract(parse(text.encode(), name), pack().facts)), pack())


def facts(found: Audit, *forms: str) -> dict[str, Fact]:
    assert found.report
    known = found.report.facts
    return {name: fact for name, fact in known.items() if name.split(".")[0] in forms and fact.state != "absent"}


def figures(found: Audit) -> dict[str, object]:
    return {name: fact.value for name, fact in facts(found, "t2", "t3", "t4").items()}


def pasted(line: str) -> str:
    """A row of table three as a spreadsheet gives it: three columns of labels, merged ones empty, then the figures."""
    label, *cells = line.split("\t")
    if label in ("自然人", "商业企业"):
        return "\t".join(
            ["", "", ""]
            + (
                ["自然人", "法人或其他组织", "", "", "", "", "总计"]
                if label == "自然人"
                else ["", *line.split("\t"), ""]
            )
        )
    if "勾稽" in label:
        return "\t".join([label, "", "", cells[0], "", "", "", "", "", ""])
    part = next((part for part in PARTS if label.startswith(part)), "")
    rest = label.removeprefix(part).strip()
    return "\t".join([*((part, rest, "") if part else ("", rest, "")), *cells])


def test_the_example_is_read() -> None:
    assert len(figures(audit(TEXT))) == 200


def test_a_row_that_is_one_figure_short_is_named() -> None:
    found = audit(TEXT.replace(CARRIED, CARRIED.removesuffix("\t1")))
    assert [note.code for note in found.notes] == ["rows-unread"]
    assert "表三有1行" in found.notes[0].message
    assert "“上年结转政府信息公开申请数量”" in found.notes[0].message
    assert {name for name, fact in facts(found, "t3").items() if fact.state == "unread"} == {
        f"t3.carried_in.{column}" for column in COLUMNS
    }
    assert "表三没有全部读到" in unknown_by_cause(found)


def test_an_empty_cell_was_read_and_is_said_to_be_empty() -> None:
    found = audit(TEXT.replace(CARRIED, CARRIED.replace("\t1\t0", "\t1\t", 1)))
    assert facts(found, "t3")["t3.carried_in.company"].state == "blank"
    causes = unknown_by_cause(found)
    assert any(cause.startswith("表里有空着的格") and "T3-04" in rules for cause, rules in causes.items())
    assert not any("没有全部读到" in cause for cause in causes)
    assert found.notes == ()


GRID = "\n".join(
    pasted(line) if "\t" in line and TEXT.split("\n").index(line) > 32 and TEXT.split("\n").index(line) < 62 else line
    for line in TEXT.split("\n")
)


def test_a_table_pasted_from_a_sheet_is_a_grid() -> None:
    assert GRID.count("\t\t") > 20
    assert figures(audit(GRID)) == figures(audit(TEXT))


@pytest.mark.parametrize("column", range(7))
def test_an_empty_field_of_a_pasted_table_stays_in_its_column(column: int) -> None:
    label, *cells = CARRIED.split("\t")
    cells[column] = ""
    found = facts(audit(GRID.replace(pasted(CARRIED), "\t".join(["", label, "", *cells]))), "t3")
    assert [name for name, fact in found.items() if fact.state == "blank"] == [f"t3.carried_in.{COLUMNS[column]}"]
    assert not any(fact.state == "unread" for fact in found.values())


def test_a_field_that_is_missing_from_a_pasted_table_shifts_nothing() -> None:
    right = figures(audit(TEXT))
    row = pasted(CARRIED)
    found = figures(audit(GRID.replace(row, row.removesuffix("\t1"))))
    assert {name for name, value in found.items() if value not in (None, right[name])} == set()


def test_a_pipe_table_whose_merged_cells_were_left_out_is_read_by_rows() -> None:
    lines, packed = TEXT.split("\n"), list[str]()
    for at, line in enumerate(lines):
        cells = line.split("\t")
        if len(cells) == 1 or not 32 < at < 68:
            packed.append(line)
            continue
        width = 8 if at < 62 else 15
        if "\t" not in lines[at - 1]:
            packed.append("")
        packed.append("|" + "|".join(cells + [""] * (width - len(cells))) + "|")
        if "\t" not in lines[at - 1]:
            packed.append("|" + "---|" * width)
        if "\t" not in lines[at + 1]:
            packed.append("")
    text = "\n".join(packed)
    assert "|行政复议|行政诉讼||||" in text
    found = audit(text, "x.md")
    assert figures(found) == figures(audit(TEXT))
    assert not [v.rule for v in found.verdicts if v.state == "fail" and v.rule.startswith(("T3", "T4"))]


def test_a_return_in_lines_needs_no_caption_and_may_be_signed_below() -> None:
    lines = plain.text(written("2017-鹤浦镇")).strip().split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith("附件："))
    text = "\n".join([*lines[: at - 2], "七、其他", "无。", *lines[at + 1 :], *lines[at - 2 : at]]).replace(
        "\t\t\n", "\t—\t—\n"
    )
    right, found = audit("\n".join(lines)), audit(text)
    assert len(facts(right, "stat")) > 50
    assert {name: fact.value for name, fact in facts(found, "stat").items()} == {
        name: fact.value for name, fact in facts(right, "stat").items()
    }
    assert found.report
    assert found.report.fact("signed.date").state == "given"


def test_table_two_as_one_pipe_table_for_each_item_is_read() -> None:
    """The first stands whole; of the others the merged cells were left out."""
    items = {
        "一": ["信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0", "行政规范性文件|2|1|6"],
        "五": ["信息内容|本年处理决定数量||", "行政许可|46||"],
        "六": ["信息内容|本年处理决定数量||", "行政处罚|12||", "行政强制|1||"],
        "八": ["信息内容|本年收费金额（单位：万元）||", "行政事业性收费|3.2||"],
    }
    tables = [
        "\n".join([f"|第二十条第（{item}）项||||", "|---|---|---|---|", *(f"|{row}|" for row in rows), ""])
        for item, rows in items.items()
    ]
    head = "# 青石镇2024年政府信息公开工作年度报告\n\n## 二、主动公开政府信息情况\n\n"
    found = audit(head + "\n".join(tables), "x.md")
    assert [fact.value for fact in facts(found, "t2").values()] == [0, 0, 0, 2, 1, 6, 46, 12, 1, 3.2]
    assert not [v.rule for v in found.verdicts if v.state == "fail" and v.rule.startswith("T2")]


@pytest.mark.parametrize("stroke", ["", " |"])
def test_a_change_told_in_words_is_a_figure_in_a_line_of_its_own(stroke: str) -> None:
    head = ["第二十条第（五）项", "信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]
    lines = [*head, "行政许可", "6", "减4", "2", "其他对外管理服务事项", "5", "增加2", "0"]
    text = "\n".join(f"{line}{stroke}" for line in lines)
    found = audit(f"青石局2019年政府信息公开工作年度报告\n二、主动公开政府信息情况\n{text}\n")
    told = figures(found)
    assert [
        told[f"t2.{row}.{cell}"] for row in ("licences", "services") for cell in ("last", "change", "decisions")
    ] == [
        *(6, -4, 2),
        *(5, 2, 0),
    ]


def test_a_date_without_its_day_is_no_empty_cell() -> None:
    day = "2025年1月20日"
    assert day in TEXT
    causes = unknown_by_cause(audit(TEXT.replace(day, "2025年1月")))
    assert [cause for cause, rules in causes.items() if "PUB-02" in rules] == [
        "有的内容没有写全或者写法有误（如日期没有写日），用到它的没法核对"
    ]


RETURN = """冉桥镇2014年政府信息公开工作年度报告
一、概述
本年度主动公开政府信息312条。
政府信息公开情况统计表（2014年度）
一、主动公开情况
（一）主动公开政府信息数（条）：312
2.政府网站公开政府信息数（条）：1,260
二、回应解读情况
3.政策解读稿件发布数（篇）：3
（一）收到申请数（件）：6
（二）申请办结数（件）：6
"""


def test_a_return_told_row_by_row_with_colons_is_read_whatever_its_figures_and_units() -> None:
    found = audit(RETURN)
    told = {name: fact.value for name, fact in facts(found, "stat").items() if fact.state == "given"}
    assert told == {
        "stat.published.total": 312,
        "stat.published.website": 1260,
        "stat.response.articles": 3,
        "stat.requests.received": 6,
        "stat.done.total": 6,
    }


def test_a_label_with_its_tab_and_nothing_behind_is_an_empty_cell() -> None:
    lines = [*TWO.splitlines()[:-1], "行政事业性收费\t"]
    found = audit("\n".join([*lines, "", "三、收到和处理政府信息公开申请情况"]))
    assert found.report
    assert found.report.fact("t2.charges").state == "blank"
    assert [verdict.message for verdict in found.findings if verdict.rule == "T2-03"] == [
        "表二有1格没有填数：“行政事业性收费，本年收费金额（单位：万元）”（空着）"
    ]
    assert not any("表二" in note.message for note in found.notes)
    without = audit("\n".join([*lines[:-1], "行政事业性收费", "", "三、收到和处理政府信息公开申请情况"]))
    assert without.report
    assert without.report.fact("t2.charges").state == "unread"


TWO = """青石镇2022年政府信息公开工作年度报告
一、总体情况
2022年主动公开政府信息36条，没有收到政府信息公开申请。
二、主动公开政府信息情况
第二十条第（一）项
信息内容\t本年制发件数\t本年废止件数\t现行有效件数
规章\t0\t0\t0
行政规范性文件\t1\t0\t4
第二十条第（五）项
信息内容\t本年处理决定数量
行政许可\t23
第二十条第（六）项
信息内容\t本年处理决定数量
行政处罚\t7
行政强制\t0
第二十条第（八）项
信息内容\t本年收费金额（单位：万元）
行政事业性收费\t0"""


def early(*names: str) -> Audit:
    rows = [f"{name}\t条\t{count}" for count, name in enumerate(names, 1)]
    text = "青石镇2011年政府信息公开工作年度报告\n一、概述\n2011年主动公开政府信息278条，收到申请5件。\n"
    return audit(text + "附件：2011年政府信息公开情况统计表\n指标名称\t单位\t数量\n" + "\n".join(rows))


def test_rows_that_an_early_return_does_not_have_are_not_there() -> None:
    found = early("主动公开信息数", "申请总数", "当面申请数", "信函申请数", "对申请的答复总数", "网上咨询数")
    assert found.report
    assert {found.report.fact(f"early.requests.{name}").state for name in ("fax", "online", "email")} == {"absent"}
    assert found.unchecked == ()
    assert not any(note.code == "rows-unread" for note in found.notes)


@pytest.mark.parametrize("total", ["收到申请总数", "依申请公开信息申请总数", "本年度受理申请总数"])
def test_the_total_of_an_early_return_goes_by_many_names(total: str) -> None:
    found = early("主动公开信息数", total, "当面申请数", "信函申请数", "对申请的答复总数")
    assert facts(found, "early")["early.requests.total"].value == 2


def test_a_row_of_an_early_return_under_a_name_like_it_is_unread_and_no_full_score() -> None:
    found = early("主动公开信息数", "当年申请总件数", "当面申请数", "信函申请数", "对申请的答复总数")
    assert facts(found, "early")["early.requests.total"].state == "unread"
    assert found.unchecked == ("表格",)
    assert any("申请总数" in note.message for note in found.notes)


def test_rows_that_are_numbered_without_a_head_are_read_by_their_last_figure() -> None:
    labels = ["主动公开信息数", "申请总数", "1.当面申请数", "2.传真申请数", "3.网上申请数", "行政复议数"]
    rows = "\n".join(f"　　{label}　0{at}　条　{at * 7}" for at, label in enumerate(labels, 1))
    text = f"砚川县2012年政府信息公开年度报告\n一、概述\n{'公开了信息。' * 9}\n砚川县2012年度政府信息公开情况统计表\n"
    assert facts(audit(f"{text}{rows}\n"), "early")["early.published.total"].value == 7
    swapped = rows.replace("　02　", "　09　")  # they do not count up: nobody knows which figure is the row's
    assert facts(audit(f"{text}{swapped}\n"), "early")["early.published.total"].state == "unread"


def rules_of(found: Audit, *prefixes: str) -> set[str]:
    return {verdict.rule for verdict in found.findings if verdict.rule.startswith(prefixes)}


EMPTY = [
    ("规章\t0\t0\t0", "规章\t\t0\t0", 1),
    ("规章\t0\t0\t0", "规章\t0\t\t0", 1),
    ("规章\t0\t0\t0", "规章\t0\t0\t", 1),
    ("规章\t0\t0\t0", "规章\t\t\t", 3),
    ("行政规范性文件\t1\t0\t4", "行政规范性文件\t1\t\t4", 1),
]


@pytest.mark.parametrize(("row", "new", "count"), EMPTY, ids=[repr(case[1]) for case in EMPTY])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_empty_cell_of_table_two_loses_no_other_row(row: str, new: str, count: int, end: str) -> None:
    found = audit(TEXT.replace(row, new).replace("\n", end))
    assert rules_of(found, "T2-", "STR-") == {"T2-03"}
    before = figures(audit(TEXT))
    blank = {name for name, fact in facts(found, "t2").items() if fact.state == "blank"}
    assert len(blank) == count
    assert {name: value for name, value in figures(found).items() if name not in blank} == {
        name: value for name, value in before.items() if name not in blank
    }


WRAPPED = [
    ("要求行政机关确认或重新出具", "要求行政机关确认或重新\n出具"),
    ("逾期不补正、行政机关", "逾期不补正、\n行政机关"),
    ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息\n公开申请数量"),
    ("（区分处理的，只计这一情形，", "（区分处理的，只计\n这一情形，"),
    ("1.本机关不掌握相关政府信息", "1.本机关不\n掌握相关\n政府信息"),
    ("本年收费金额（单位：万元）", "本年收费金额\n（单位：万元）"),
]


@pytest.mark.parametrize(("label", "new"), WRAPPED, ids=[case[0] for case in WRAPPED])
@pytest.mark.parametrize("between", ["\t", " ", "\n"])
def test_a_label_broken_over_two_lines_is_one(label: str, new: str, between: str) -> None:
    assert label in TEXT
    found = audit(TEXT.replace(label, new).replace("\t", between))
    assert figures(found) == figures(audit(TEXT.replace("\t", between)))
    assert not rules_of(found, "T2-", "T3-", "T4-")


def test_a_label_that_goes_on_behind_its_figures_is_unread_and_not_missing() -> None:
    row = next(line for line in TEXT.splitlines() if "要求行政机关确认或重新出具" in line)
    label, rest = row.split("\t", 1)
    found = audit(TEXT.replace(row, f"{label[:-8]}\t{rest}\n{label[-8:]}"))
    assert not rules_of(found, "T3-")
    assert {fact.state for name, fact in facts(found, "t3").items() if ".confirm." in name} == {"unread"}


def test_a_cell_of_two_lines_in_quotation_marks_is_no_missing_row() -> None:
    text = "\n".join(map(pasted, TEXT.splitlines()))
    label = next(cell for cell in text.split("\t") if "要求行政机关确认" in cell)
    found = audit(text.replace(label, f'"{label[:12]}\n{label[12:]}"'))
    assert not rules_of(found, "T3-")


@pytest.mark.parametrize("new", ["规章", "规章\n\n\n", "规章\n0\n0"])
def test_a_label_without_its_figures_is_no_missing_row(new: str) -> None:
    found = audit(TEXT.replace("规章\t0\t0\t0", new))
    assert not rules_of(found, "T2-")
    assert {fact.state for name, fact in facts(found, "t2").items() if "regulations" in name} == {"unread"}
    assert "“规章”" in found.notes[0].message
    assert "没有认出来" not in found.notes[0].message


def test_a_row_that_is_not_there_is_missing() -> None:
    row = next(line for line in TEXT.splitlines() if "要求行政机关确认或重新出具" in line)
    assert "T3-01" in rules_of(audit(TEXT.replace(f"{row}\n", "")), "T3-")
    assert "T2-01" in rules_of(audit(TEXT.replace("行政强制\t0\n", "")), "T2-")


@pytest.mark.parametrize("cell", ["约1", "1★", "未填", "1户"])
def test_a_cell_that_is_no_figure_is_told_where_tabs_keep_it_in_its_column(cell: str) -> None:
    label, first, *rest = CARRIED.split("\t")
    found = audit(TEXT.replace(CARRIED, "\t".join([label, cell, *rest])))
    changed = {name for name, fact in facts(found, "t3").items() if fact != facts(audit(TEXT), "t3")[name]}
    assert first == "1"
    assert {facts(found, "t3")[name].state for name in changed if name.endswith(".person")} == {"malformed"}
    assert "T3-03" in rules_of(found, "T3-")
    short = audit(TEXT.replace(CARRIED, "\t".join([label, cell, *rest[1:]])))  # one cell is missing
    assert facts(short, "t3")["t3.carried_in.all"].state == "unread"


def test_an_empty_cell_of_a_return_in_lines_is_told_to_be_empty() -> None:
    text = Path("examples/2016-柳坪乡-规范.txt").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "传真申请数" in line)
    label, unit, _ = row.split("\t")
    found = audit(text.replace(row, f"{label}\t{unit}\t"))
    assert facts(found, "stat")["stat.requests.fax"].state == "blank"
    assert "OLD-29" in rules_of(found, "OLD-")


@pytest.mark.parametrize(
    ("label", "new", "fact"),
    [("收到申请数", "收到申请总数", "requests.received"), ("申请办结数", "办结数", "done.total")],
)
def test_a_short_name_of_an_indicator_is_read_and_told(label: str, new: str, fact: str) -> None:
    text = Path("examples/2016-柳坪乡-规范.txt").read_text(encoding="utf-8")
    found = audit(text.replace(label, new))
    assert facts(found, "stat")[f"stat.{fact}"].value == facts(audit(text), "stat")[f"stat.{fact}"].value
    (told,) = (verdict.message for verdict in found.findings if verdict.rule == "OLD-12")
    assert f"{new}（应为{label}）" in told
