"""Forms that nobody filled in are told once; the returns of 2008 to 2013 are held to their text."""

from __future__ import annotations

import pytest

from tests.findings import fired
from tests.write import Written, written
from tests.write.reading import audited, read_html

EARLY = "2012-枫桥岭镇"


def emptied(name: str, mark: str) -> Written:
    report = written(name)
    for cell in report.cells:
        report = report.but(cell, mark)
    return report


def of_forms(report: Written) -> dict[str, str]:
    found = fired(audited(read_html(report)), "must", "should")
    return {rule: told for rule, told in found.items() if rule[:3] in ("OLD", "STR", "T2-", "T3-", "T4-")}


@pytest.mark.parametrize("mark", ["", "/", "无"])
@pytest.mark.parametrize(("name", "rule"), [(EARLY, "OLD-31"), ("2017-鹤浦镇", "OLD-31"), ("2025-苇岸乡", "STR-22")])
def test_a_form_of_nothing_is_told_once_and_is_no_full_score(name: str, rule: str, mark: str) -> None:
    report = emptied(name, mark)
    assert of_forms(report).keys() == {rule}
    score = audited(read_html(report)).score
    assert score is not None
    assert score < 100


@pytest.mark.parametrize(("fact", "figure"), [("early.published.total", "174"), ("early.reviews", "2")])
def test_an_early_return_says_what_its_text_says(fact: str, figure: str) -> None:
    assert not of_forms(written(EARLY))
    assert of_forms(written(EARLY).but(fact, figure)).keys() == {"OLD-35"}
