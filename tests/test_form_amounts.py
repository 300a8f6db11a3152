"""Amounts in the official forms: in the unit that is printed, or in none that anybody knows."""

from __future__ import annotations

import re

import pytest

from checker.model import Audit
from checker.read.plain.html import parse_html
from checker.read.plain.text import parse_text
from tests.findings import fired
from tests.test_tables import swap
from tests.write import page, plain, written
from tests.write.reading import audited

RETURN, FORMS = page.html(written("2017-鹤浦镇")), page.html(written("2024-云渚镇"))
BUDGET = next(row for row in re.findall(r"<tr>.*?</tr>", RETURN) if "专项经费" in row)
HEAD, CELL = "本年收费金额（单位：万元）", '<td colspan="3">3.2</td>'


def read(text: str) -> Audit:
    return audited(parse_html(text, "x"))


def said(audit: Audit, fact: str) -> tuple[str, object]:
    assert audit.report
    found = audit.report.fact(fact)
    return found.state, found.value


def budget(unit: str, figure: str) -> Audit:
    return read(swap(RETURN, BUDGET, BUDGET.replace("<td>万元</td><td>2.4<", f"<td>{unit}</td><td>{figure}<")))


def charges(head: str, cell: str) -> Audit:
    return read(swap(swap(FORMS, HEAD, head), CELL, CELL.replace("3.2", cell)))


@pytest.mark.parametrize(("unit", "figure"), [("万元", "2.4"), ("元", "24000"), ("万元", "24000元"), ("", "2.4")])
def test_a_return_is_read_in_the_unit_of_its_row_or_cell(unit: str, figure: str) -> None:
    audit = budget(unit, figure)
    assert said(audit, "stat.staff.budget") == ("given", 2.4)
    told = fired(audit, "must", "should")
    assert told.keys() == ({"OLD-12"} if "000" in figure else set())
    assert all("政府信息公开专项经费的单位“元”（应为“万元”）" in message for message in told.values())


def test_a_large_amount_without_any_unit_is_unread() -> None:
    assert said(budget("", "24000"), "stat.staff.budget") == ("unread", None)
    assert said(charges("本年收费金额", "32000"), "t2.charges") == ("unread", None)
    assert said(charges("本年收费金额", "3.2"), "t2.charges") == ("given", 3.2)


def test_a_return_in_lines_of_text_has_its_units_too() -> None:
    text = plain.text(written("2017-鹤浦镇"))
    row = next(line for line in text.split("\n") if "专项经费（" in line)
    assert row.endswith("万元\t2.4")
    audit = audited(parse_text(swap(text, row, row.replace("万元\t2.4", "元\t24000")), "x"))
    assert said(audit, "stat.staff.budget") == ("given", 2.4)


def test_a_cell_in_another_unit_than_its_column_is_told() -> None:
    audit = charges(HEAD, "32000元")
    assert said(audit, "t2.charges") == ("given", 3.2)
    assert "行政事业性收费的单位“元”（应为“万元”）" in fired(audit, "must")["T2-01"]
    assert not fired(charges(HEAD, "3.2万元"), "must", "should")


def test_a_head_without_its_unit_is_told() -> None:
    assert "本年收费金额（应为本年收费金额（单位：万元））" in fired(charges("本年收费金额", "3.2"), "must")["T2-01"]
    assert not fired(charges("本年收费金额（万元）", "3.2"), "must", "should")
