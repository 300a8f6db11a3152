"""What the examples of ERA, TTL and PRE cannot say: eras, years, severities, and one finding for one cause."""

from __future__ import annotations

import pytest

from checker.examples import fact_of, report_of
from checker.judge import severity_of, verdicts_of
from checker.model import Case, Example, Fact, Report, Rule
from tests.findings import national

PERIOD_RULES = ("PRE-03", "PRE-04", "PRE-05", "PRE-07")


def rule(name: str) -> Rule:
    found = national().rule(name)
    assert found
    return found


def state(name: str, report: Report) -> str:
    return verdicts_of(rule(name), Case(report), national())[0].state


def from_text(name: str, text: str, year: int) -> Report:
    return report_of(rule(name), Example("pass", {}, text, year), national())


@pytest.mark.parametrize(
    ("name", "text", "silent", "fires"),
    [
        ("ERA-02", "根据《中华人民共和国政府信息公开条例》（国务院令第492号）编制。", 2018, 2019),
        ("ERA-04", "根据《中华人民共和国政府信息公开条例》（国务院令第711号）编制。", 2019, 2018),
        ("ERA-06", "按照国办公开办函〔2019〕60号编制本报告。", 2020, 2021),
        ("ERA-11", "学习新修订的《中华人民共和国政府信息公开条例》。", 2019, 2021),
        ("ERA-15", "一、总体情况\n县卫计委派员指导。", 2019, 2020),
    ],
)
def test_a_wording_is_wrong_only_in_its_years(name: str, text: str, silent: int, fires: int) -> None:
    title = "青石镇政府信息公开工作年度报告\n"
    assert state(name, from_text(name, title + text, silent)) == "n/a"
    assert state(name, from_text(name, title + text, fires)) == "fail"


@pytest.mark.parametrize("name", ["PRE-03", "PRE-10"])
def test_period_and_contacts_are_required_before_2019_and_expected_after(name: str) -> None:
    report = report_of(rule(name), Example("pass", {}, None, 2016), national())
    later = report_of(rule(name), Example("pass", {}, None, 2022), national())
    assert (severity_of(rule(name), report), severity_of(rule(name), later)) == ("must", "should")


@pytest.mark.parametrize(
    ("period", "ending", "finding"),
    [
        (None, None, "PRE-03"),
        (None, "截止到目前", "PRE-07"),
        (["2016-01-01", None], None, "PRE-07"),
        ([None, "2016-12-31"], None, "PRE-07"),
        (["2016-01-01", "2016-12-15"], "截至12月底", "PRE-04"),
        (["2015-01-01", "2015-12-31"], None, "PRE-04"),
        (["2015-01-01", "2016-12-31"], None, "PRE-05"),
        (["2016-12-31", "2016-01-01"], None, "PRE-05"),
        ({"state": "malformed", "raw": "2016年1月1日至13月31日"}, "截至12月底", "PRE-05"),
        (["2016-01-01", "2016-12-31"], "截至12月底", None),
    ],
)
def test_a_period_has_one_fault_at_most(period: object, ending: str | None, finding: str | None) -> None:
    facts: dict[str, Fact] = {"period": fact_of(period), "period.open": fact_of(ending)}
    report = Report("例", "facts", None, "镇", 2016, "B", "", facts, {})
    fired = [name for name in PERIOD_RULES if state(name, report) == "fail"]
    assert fired == ([finding] if finding else [])


def test_an_unread_period_is_never_right_or_wrong() -> None:
    facts = {"period": Fact("unread"), "period.open": Fact("unread")}
    report = Report("例", "facts", None, "镇", 2016, "B", "", facts, {})
    assert {state(name, report) for name in PERIOD_RULES} == {"unknown"}


@pytest.mark.parametrize(
    ("meeting", "signed", "expected"),
    [
        ("十八届六中全会", "2016年1月12日", "pass"),  # held in October 2016: the date is wrong, not the mention
        ("十九大", "2017年12月20日", "pass"),  # held in October 2017: the report is late
        ("十九大", "2017年1月12日", "fail"),
    ],
)
def test_a_wrong_or_late_date_does_not_make_a_meeting_too_late(meeting: str, signed: str, expected: str) -> None:
    text = f"青石镇2016年政府信息公开工作年度报告\n深入学习党的{meeting}精神。\n青石镇人民政府\n{signed}"
    assert state("ERA-16", from_text("ERA-16", text, 2016)) == expected
