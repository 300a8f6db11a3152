"""Small tables in the text share words with the forms: none of them is taken for one, wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.extract.tables.sides import quoting
from tests.findings import fired, national
from tests.write import Written, written
from tests.write.layout import Cell, Grid
from tests.write.reading import FORMATS, audited, printed, reference, said

NAME = "2024-云渚镇"
SIDES = {
    "申请人": "申请人 自然人 商业企业 社会公益组织 其他 总计\n件数 7 2 1 1 11",
    "结果": "办理结果 件数 占比\n予以公开 5 45%\n部分公开 1 9%\n不予公开 2 18%\n无法提供 2 18%\n总计 11 100%",
    "季度": "季度 新收 办结 结转\n一季度 3 3 1\n二季度 3 3 1\n三季度 3 3 1\n四季度 2 2 1\n总计 11 11 1",
    "两年": "类别 2023年 2024年\n行政许可 44 46\n行政处罚 11 12\n行政强制 0 1",
    "文件": "本年制发件数 本年废止件数 现行有效件数\n2 1 6",
    "争议": "类型 结果维持 结果纠正 其他结果 尚未审结 总计\n行政复议 1 0 0 0 1\n行政诉讼 1 0 0 0 1",
    "合计": "办理结果 件数\n予以公开 6\n部分公开 1\n不予公开 2\n无法提供 2\n合计 11",
    "受理": "类型 受理 维持 纠正 撤诉\n行政复议 1 1 0 0\n行政诉讼 1 1 0 0",
    "增减": "项目 2023年 2024年 增减\n新收政府信息公开申请 9 11 +2\n上年结转 0 1 +1\n结转下年度继续办理 1 1 0",
}
BEHIND = ("（五）", "二、", "四、", "六、")  #: the line behind which a table stands: in part one, below a heading


def beside(side: str, line: str) -> Written:
    """The report with a small table below the first line that begins so, or below the paragraph of that heading."""
    report = written(NAME)
    rows = tuple(tuple(Cell(text) for text in row.split(" ")) for row in SIDES[side].split("\n"))
    at = next(at for at, block in enumerate(report.blocks) if not isinstance(block, Grid) and block.label == line)
    at += 2 if line in ("（五）", "六、") else 1
    return replace(report, blocks=(*report.blocks[:at], Grid("side", rows, 1), *report.blocks[at:]))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("line", BEHIND)
@pytest.mark.parametrize("side", SIDES)
def test_a_small_table_is_no_form(side: str, line: str, form: str) -> None:
    variants, read = FORMATS[form]
    audit = audited(read(beside(side, line), variants[0]))
    assert audit.report
    assert fired(audit, "must", "should") == {}
    assert said(audit.report, forms=True) == printed(written(NAME))
    assert [one.title for one in audit.report.forms] == [one.title for one in reference(NAME).report.forms]  # type: ignore[union-attr]


def test_a_form_over_two_tables_quotes_nothing() -> None:
    spec = next(spec for spec in national().facts.layouts if spec.id == "t3")
    rows, head = sorted(spec.rows), {*spec.columns}
    assert quoting(spec, [head | {*rows[:20]}, head | {*rows[20:]}]) == (set(), {0, 1})
    assert quoting(spec, [head | {*rows[:20]}, {*rows[:3]}, {"件数"}]) == ({1}, {0})
