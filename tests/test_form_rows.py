"""Rows of the official forms filled in their own way: with words, not at all, or once more for another year."""

from __future__ import annotations

import re

import pytest

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
