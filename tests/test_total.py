"""The county's total: what is summed, what is left out and why, and what the county's own report says of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.form import labels
from checker.model import Fact, Sighting
from checker.season.nouns import Detail, LeftOut, Row, Total, Unit
from checker.season.total import forms, money_unit, total
from tests.findings import national
from tests.seasons import YEAR, county, detail_of, report_of
from tests.write.reading import said

LABELS = labels(national(), YEAR)
OLD = labels(national(), 2020)


def summed(own: Detail | None = None) -> Total:
    season = county()
    return total(national(), YEAR, LABELS, ((row, season.detail(row.unit.key)) for row in season.rows("roster")), own)


def unit(name: str, facts: Mapping[str, Fact], *lines: str) -> tuple[Row, Detail]:
    return Row(Unit(name), "audited"), Detail({}, facts, tuple({"text": line} for line in lines))


def test_every_cell_of_every_form_is_summed() -> None:
    found = summed()
    assert found.units == 7
    assert set(found.figures) == set(LABELS)
    assert found.figures["t2.documents.in_force"].value == 7 * 6
    assert found.figures["t2.charges"].value == 22.4
    assert found.figures["t3.carried_in.person"].value == 7
    assert found.figures["t3.granted.person"].value == 7 * 3 + 1


def test_what_is_left_out_is_named_with_its_reason() -> None:
    found = summed()
    assert found.left_out == (
        LeftOut("410003", "松湾街道办事处", "有的数空着", ("t2.documents.made",)),
        LeftOut("410004", "水务局", "有的数填斜杠", ("t2.licences",)),
        LeftOut("苇塘乡人民政府", "苇塘乡人民政府", "没有报送报告"),
        LeftOut("杨渡镇人民政府", "杨渡镇人民政府", "报送的文件读不出：文件有密码，打不开"),
        LeftOut("桐溪镇人民政府", "桐溪镇人民政府", "报送的不是本年度的报告：写的是2023年度"),
    )
    assert found.figures["t2.documents.made"].value == 6 * 2
    assert found.figures["t2.licences"].value == 6 * 46


def test_a_report_without_forms_is_left_out_whole() -> None:
    found = total(national(), YEAR, LABELS, [unit("甲", {"published.total": Fact("given", 3)})])
    assert (found.units, found.figures) == (0, {})
    assert found.left_out == (LeftOut("甲", "甲", "报告里没有表格"),)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(sorted(LABELS)[:6]),
            st.one_of(
                st.integers(-5, 10**9).map(lambda n: Fact("given", n, str(n))),
                st.sampled_from([Fact("blank", raw="/"), Fact("malformed", raw="3余"), Fact("unread")]),
            ),
        ),
        max_size=6,
    )
)
def test_every_cell_of_every_unit_is_summed_or_left_out(reports: list[dict[str, Fact]]) -> None:
    found = total(national(), YEAR, LABELS, [unit(f"单位{at}", facts) for at, facts in enumerate(reports)])
    for name in LABELS:
        values = [facts[name].value for facts in reports if name in facts and facts[name].state == "given"]
        assert (found.figures[name].value if name in found.figures else 0) == sum(values)  # type: ignore[arg-type]
        gone = sum(not one.cells or name in one.cells for one in found.left_out)
        assert gone == len(reports) - len(values)


# --- money --------------------------------------------------------------------------------------------------------


def purchase(amount: float, *lines: str, raw: str = "") -> tuple[Row, Detail]:
    return unit(
        f"单位{amount}{raw}{''.join(lines)}", {"t2.purchases.amount": Fact("given", amount, raw or str(amount))}, *lines
    )


def test_amounts_are_summed_in_yuan_where_the_unit_of_money_is_known() -> None:
    units = [
        purchase(126000, "注：采购总金额的单位为元。"),
        purchase(12.5, "采购总金额（单位：万元）"),
        purchase(3, raw="3万元"),
        purchase(0),
    ]
    found = total(national(), 2020, OLD, units)
    assert found.figures["t2.purchases.amount"].value == 126000 + 125000 + 30000
    assert all("t2.purchases.amount" not in one.cells for one in found.left_out)


def test_an_amount_whose_unit_nobody_knows_is_left_out() -> None:
    units = [
        purchase(126000, "注：采购总金额的单位为元。"),
        purchase(84500),
        purchase(5, "采购总金额（元）", "单位：万元"),
    ]
    found = total(national(), 2020, OLD, units)
    assert found.figures["t2.purchases.amount"].value == 126000
    gone = [one for one in found.left_out if one.cells == ("t2.purchases.amount",)]
    assert [one.reason for one in gone] == ["采购总金额没有注明是元还是万元"] * 2


@pytest.mark.parametrize(
    ("text", "unit_of_money"),
    [
        ("采购总金额（万元）", "万元"),
        ("采购总金额（单位：元）", "元"),
        ("注：采购总金额的单位为万元", "万元"),
        ("单位：万元", "万元"),
        ("采购总金额", None),
        ("收费金额以元计", None),
    ],
)
def test_the_unit_of_money_is_what_the_report_prints(text: str, unit_of_money: str | None) -> None:
    assert money_unit([{"text": text}]) == unit_of_money
    assert money_unit([{"rows": [[{"text": "政府集中采购"}, {"text": text}]]}]) == unit_of_money


# --- the county's own report --------------------------------------------------------------------------------------


def own(**cells: str) -> Detail:
    """A county's own report whose forms are the sums, but for ``cells``; its text says what one town's text says."""
    sums = {name: str(fact.value) for name, fact in summed().figures.items()}
    report = report_of("人民政府")
    report = replace(report, cells={**sums, **{name.replace("__", "."): text for name, text in cells.items()}})
    return detail_of(report, "县.docx")[0]


def test_a_figure_that_is_not_the_sum_is_a_gap_with_its_place() -> None:
    found = summed(own(t3__new__person="50"))
    (gap,) = [gap for gap in found.gaps if not gap.title.startswith("正文")]
    assert (gap.fact, gap.total, gap.own) == ("t3.new.person", 49, 50)
    assert gap.title == "收到和处理政府信息公开申请情况，本年新收政府信息公开申请数量，自然人"
    assert gap.where.table == "表三"


def test_the_text_of_the_county_is_held_against_the_sums() -> None:
    found = summed(own())
    gaps = {gap.title: (gap.total, gap.own) for gap in found.gaps}
    assert gaps["正文：收到申请数"] == (77, 11)
    assert gaps["正文：主动公开政府信息数"] == (6 * 268 + 271, 268)
    assert all(title.startswith("正文") for title in gaps)
    fees = [one for one in found.left_out if one.cells == ("fees",)]
    assert [(one.name, one.reason) for one in fees] == [("水务局", "正文没有写明收费及减免的准确数")]


def test_a_county_that_says_the_sums_has_no_gap() -> None:
    detail = own()
    facts = {name: fact for name, fact in detail.facts.items() if name in LABELS}
    facts["requests.received"] = _fact(77)
    facts["published.total"] = _fact(6 * 268 + 271)
    assert summed(replace(detail, facts=facts)).gaps == ()


def _fact(value: int) -> Fact:
    return Fact("given", value, str(value), sightings=(Sighting(value, str(value), Fact("absent").where),))


# --- the form -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return dict(forms(national(), "霁川县", LABELS, summed()))


def test_the_form_is_filled_with_the_sums(written: dict[str, bytes]) -> None:
    """Read back by the tool itself, every cell of the Word document is the sum."""
    from checker.extract import extract
    from checker.read.office.docx import parse_docx

    read = said(extract(parse_docx(written[".docx"], "x.docx"), national().facts, year=YEAR), forms=True)
    assert {name: Decimal(str(read[name][1])) for name in LABELS} == {
        name: Decimal(str(fact.value)) for name, fact in summed().figures.items()
    }
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(written[".docx"])).paragraphs)
    assert "霁川县" in text
    assert "2024年政府信息公开工作年度报告" in text


def test_the_workbook_says_what_is_not_in_it(written: dict[str, bytes]) -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(written[".xlsx"]))
    assert [sheet.title for sheet in book][-1] == "没有计入的"
    rows = [tuple(cell.value for cell in row) for row in book["没有计入的"].iter_rows()]
    assert ("苇塘乡人民政府", "没有报送报告", "整份报告") in rows
    assert ("水务局", "有的数填斜杠", "主动公开政府信息情况，行政许可，本年处理决定数量") in rows


def test_a_year_without_a_form_has_no_total() -> None:
    found = total(national(), 2010, labels(national(), 2010), [unit("甲", {"published.total": Fact("given", 3)})])
    assert found.figures == {}
    assert not list(forms(national(), "霁川县", {}, found))
