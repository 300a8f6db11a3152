"""Of what time a figure is: what is said of last year, of a quarter or of a change is no answer for the report year."""

from __future__ import annotations

import pytest

from checker.extract import extract
from checker.extract.whose import wider
from checker.model import Sighting
from checker.read import parse
from tests.findings import national

REPORT = "青石镇2024年政府信息公开工作年度报告\n一、总体情况\n{0}\n"


def sightings(name: str, text: str) -> tuple[Sighting, ...]:
    report = extract(parse(REPORT.format(text).encode(), "x.txt"), national().facts)
    return report.fact(name).sightings


REQUESTS, REVIEWS, LAWSUITS, MADE = "requests.received", "reviews", "lawsuits", "said.documents.made"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        (REVIEWS, "上年行政复议1件，本年没有。", 0),
        (REVIEWS, "上年行政复议1件，本年为0。", 0),
        (REVIEWS, "去年行政复议1件；今年没有再发生。", 0),
        (REVIEWS, "2023年有行政复议1件，2024年未发生。", 0),
        (REVIEWS, "2022年、2023年各有1件行政复议，2024年没有。", 0),
        (REVIEWS, "2023年没有发生行政复议、行政诉讼，2024年各发生1件，均维持。", 1),
        (LAWSUITS, "2023年没有发生行政复议、行政诉讼，2024年各发生1件，均维持。", 1),
        (LAWSUITS, "上年行政复议1件、行政诉讼2件，本年均没有。", 0),
        (REVIEWS, "行政复议由上年的1件下降为0件。", 0),
        (REVIEWS, "相比2023年，行政复议由1件降至零。", 0),
        (LAWSUITS, "行政诉讼由0件增加到1件。", 1),
        (REVIEWS, "行政复议同比减少1件，降为零。", 0),
        (REVIEWS, "2023年、2024年行政复议分别为3件和1件。", 1),
        (REVIEWS, "上年结转的行政复议0件，行政复议新收1件。", 1),
        (REQUESTS, "去年收到依申请公开信息8件，今年收到11件。", 11),
        (REQUESTS, "上一年收到政府信息公开申请8件，今年11件。", 11),
        (REQUESTS, "收到申请从去年的8件增至11件。", 11),
        (REQUESTS, "2022年、2023年、2024年分别收到申请15件、8件、11件。", 11),
        (REQUESTS, "2024年、2023年分别收到申请11件、8件。", 11),
        (REQUESTS, "2024年1—6月收到申请6件，7—12月收到5件，共计11件。", 11),
        (REQUESTS, "一季度收到申请2件，二季度4件，三季度3件，四季度2件，全年11件。", 11),
        (REQUESTS, "1—12月收到申请11件。", 11),
        (REQUESTS, "二〇二三年收到申请8件，二〇二四年收到申请11件。", 11),
        (REQUESTS, "截至2024年12月31日收到申请11件。", 11),
        (REQUESTS, "较上年增加到申请11件，收到申请11件。", 11),
        (REQUESTS, "落实2023年政务公开工作要点，收到申请11件。", 11),
        (REQUESTS, "2022年开通受理邮箱，收到申请11件。", 11),
        (REQUESTS, "与上年相比，收到申请11件。", 11),
        (MADE, "2023年制发规范性文件1件并已于当年废止，2024年没有制发。", 0),
        (MADE, "上年制发规范性文件3件，今年制发2件。", 2),
    ],
)
def test_the_answer_is_that_of_the_report_year(name: str, text: str, value: int) -> None:
    found = sightings(name, text)
    assert {one.value for one in found} == {value}, found
    assert not any(one.aside for one in found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (REVIEWS, "上年行政复议1件、行政诉讼2件，本年3件。"),  # of which of the two?
        (REVIEWS, "上年行政复议1件，本年没有信访。"),
        (REVIEWS, "前两年共发生行政复议2件。"),
        (REVIEWS, "行政复议比上年减少1件。"),
        (REQUESTS, "去年收到申请8件，今年办结11件。"),  # another deed
        (REQUESTS, "上年收到申请8件，办结8件，本年11件。"),
        (REQUESTS, "上半年收到申请6件。"),
        (REQUESTS, "2023年收到申请8件，其中2件2024年答复。"),
    ],
)
def test_what_is_said_of_another_time_alone_is_marked(name: str, text: str) -> None:
    found = sightings(name, text)
    assert found
    assert all(one.aside for one in found), found


@pytest.mark.parametrize("text", ["上年没有信访，今年行政复议1件。", "去年没有发生诉讼，2024年行政复议1件。"])
def test_words_of_one_year_do_not_deny_what_stands_in_another(text: str) -> None:
    assert [one.value for one in sightings(REVIEWS, text)] == [1]


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("全县收到申请{120}件，我镇11件。", "region"),
        ("我局收到申请11件，全市共收到申请{120}件。", "region"),
        ("全县收到申请{120}件，县本级30件。", "open"),
        ("全县收到申请{120}件，均已办结。", ""),
        ("我县把公开作为重点，全县收到申请{120}件，我县办结120件。", ""),
        ("全县收到申请120件，我镇收到{11}件。", ""),
    ],
)
def test_a_region_s_figure_beside_the_organ_s_own(text: str, whose: str) -> None:
    at = text.index("{")
    assert wider(text.replace("{", "").replace("}", ""), (0, at), len(text) - 2) == whose
