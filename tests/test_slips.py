"""One wrong figure in a form is told once, at the cell that is wrong; and none goes untold for it."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from checker.model import Audit
from tests.write import Written, written
from tests.write.reading import audited, read_html

SUMS = ("T3-04", "T3-05", "T3-06")
COLUMNS = ("person", "company", "research", "charity", "legal", "other", "all")


def told(cells: Mapping[str, int], *rules: str) -> list[tuple[str, str | None, str | None]]:
    """The findings, with the row and the column of their place, of 云渚镇 with so much more in some cells."""
    audit = changed(cells)
    return [
        (verdict.rule, verdict.where.row, verdict.where.col)
        for verdict in audit.findings
        if verdict.rule.startswith(rules or SUMS)
    ]


def changed(cells: Mapping[str, int]) -> Audit:
    report: Written = written("2024-云渚镇")
    for name, more in cells.items():
        report = report.but(name, str(int(report.cells[name]) + more))
    return audited(read_html(report))


@pytest.mark.parametrize("row", ["new", "carried_in", "granted", "not_held", "other", "closed", "carried_out"])
@pytest.mark.parametrize("column", ["person", "other", "all"])
@pytest.mark.parametrize("more", [1, 4])
def test_a_wrong_cell_is_told_once_and_named(row: str, column: str, more: int) -> None:
    ((rule, _, where),) = told({f"t3.{row}.{column}": more}, "T3", "XTB")
    assert rule == "T3-04"
    assert where == {"person": "自然人", "other": "其他", "all": "总计"}[column]


@pytest.mark.parametrize(("row", "rule"), [("new", "T3-06"), ("granted", "T3-05"), ("closed", "T3-05")])
def test_a_wrong_row_that_adds_up_is_told_of_one_column(row: str, rule: str) -> None:
    found = told({f"t3.{row}.company": 2, f"t3.{row}.all": 2}, "T3", "XTB")
    assert [name for name, *_ in found] == [rule]


def test_two_wrong_columns_are_two_slips() -> None:
    found = told({"t3.closed.company": 2, "t3.closed.person": 1, "t3.closed.all": 3})
    assert [name for name, *_ in found] == ["T3-05", "T3-05"]


def test_no_slip_goes_untold() -> None:
    dice = random.Random(7)
    rows = ["new", "carried_in", "granted", "partial", "third_party", "other", "closed", "carried_out"]
    for _ in range(40):
        cells = {f"t3.{dice.choice(rows)}.{dice.choice(COLUMNS)}": dice.choice([1, 1, 2]) for _ in range(3)}
        assert told(cells), cells


@pytest.mark.parametrize("column", ["person", "company"])
def test_a_column_names_the_cell_that_the_text_tells(column: str) -> None:
    """Both the cell and its total are wrong, so that no row shows it: 正文 says how many there were."""
    audit = changed({f"t3.new.{column}": 2, "t3.new.all": 2})
    (verdict,) = (each for each in audit.findings if each.rule in SUMS)
    assert verdict.rule == "T3-06"
    assert "新收" in (verdict.where.row or "")
    right = int(written("2024-云渚镇").cells[f"t3.new.{column}"])
    assert verdict.message.endswith(f"一格：照正文写的数，它应是 {right}")
    assert f"一格，看来应填 {right}；再核对该列" in verdict.fix


def test_the_remedy_of_a_row_names_the_figure_that_its_message_knows() -> None:
    (verdict,) = (each for each in changed({"t3.granted.person": 4}).findings if each.rule in SUMS)
    right = written("2024-云渚镇").cells["t3.granted.person"]
    assert verdict.fix == f"先看“自然人”一格，看来应填 {right}；再核对该行七个数，改正填错的一格"
