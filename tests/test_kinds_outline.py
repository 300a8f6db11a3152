"""The kinds ``section`` and ``sequence`` on reports made by hand: no reader, no recogniser, no pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from checker.kinds.outline import section, sequence
from checker.model import Case, Fact, Heading, Line, Origin, Outcome, Passage, Report, Section, Where
from checker.patterns import Pattern

SIX = {
    "overview": "一、总体情况",
    "published": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}


def passage(*texts: str, label: str | None = None) -> Passage:
    return Passage(tuple(Line(text, text, (Origin(0, n),), section=label) for n, text in enumerate(texts, 1)))


def heading(number: int | None, text: str, *topics: str, level: int = 1) -> Heading:
    label = (
        {1: f"{'一二三四五六七八九十'[number - 1]}、", 2: f"（{number}）"}.get(level, f"{number}.") if number else ""
    )
    return Heading(level, number, label, text, topics, Where(line=number or 1, quote=text))


def part(head: Heading, *texts: str, tables: int = 0, pictures: int = 0, subs: Sequence[Heading] = ()) -> Section:
    return Section(head, passage(*texts), tuple(subs), tables, pictures)


def case(*parts: Section, headings: Sequence[Heading] = (), form: str = "html", **more: object) -> Case:
    """A case of these parts; ``more``: scope -> text, or fact id with __ for the dot -> value."""
    texts = {topic: p.text for p in parts for topic in p.heading.topics if p.text}
    facts = {}
    for name, value in more.items():
        if isinstance(value, str):
            texts[name] = passage(*value.split("\n"))
        else:
            facts[name.replace("__", ".")] = Fact("unread") if value is None else Fact("given", value)  # type: ignore[arg-type]
    texts.setdefault("body", passage("正文。"))
    report = Report(
        "r", form, None, None, 2022, "D", "", facts, texts, parts, tuple(headings) or tuple(p.heading for p in parts)
    )
    return Case(report)


def six(skip: Iterable[str] = ()) -> list[Section]:
    heads = [heading(n, title[2:], topic) for n, (topic, title) in enumerate(SIX.items(), 1)]
    return [part(head, "有具体的内容，一二三四五六。") for head in heads if head.topics[0] not in skip]


def only(outcomes: Iterable[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def states(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]


# --- section ----------------------------------------------------------------------------------------------------------


def test_all_required_parts() -> None:
    assert states(section(case(*six()), require=SIX)) == ["pass"]


def test_missing_parts_are_named_once() -> None:
    outcome = only(section(case(*six({"requests", "other"})), require=SIX))
    assert outcome.state == "fail"
    assert outcome.values == {"missing": f"{SIX['requests']}；{SIX['other']}", "count": 2}


def test_no_headings_at_all_fail_once_with_every_name() -> None:
    outcome = only(section(case(), require=SIX, in_place=True))
    assert (outcome.state, outcome.values["count"]) == ("fail", 6)


def test_nothing_read_is_unknown() -> None:
    empty = Case(Report("r", "txt", None, None, 2022, "D", "", {}, {}))
    assert states(section(empty, require=SIX)) == ["unknown"]


@pytest.mark.parametrize(
    ("topics", "in_place", "wanted"),
    [
        ((), True, "review"),
        (("plan",), True, "review"),
        (("fees",), True, "fail"),  # it says that it is about something else
        ((), False, "fail"),
    ],
)
def test_an_unlisted_heading_in_the_right_place(topics: tuple[str, ...], in_place: bool, wanted: str) -> None:
    parts = six({"disputes"})
    parts.insert(3, part(heading(4, "有关事项", *topics), "无。"))
    outcome = only(section(case(*parts), require=SIX, in_place=in_place))
    assert outcome.state == wanted
    assert SIX["disputes"] in str(outcome.values["missing"])


def test_one_part_may_answer_several_topics() -> None:
    both = part(heading(1, "收费、复议诉讼情况", "fees", "disputes"), "无。")
    assert states(section(case(both), require={"fees": "收费", "disputes": "复议"})) == ["pass"]


def test_order() -> None:
    parts = six()
    assert only(section(case(*parts), order=list(SIX))).state == "pass"
    parts[1], parts[2] = parts[2], parts[1]
    outcome = only(section(case(*parts), order=list(SIX)))
    assert outcome.state == "fail"
    assert outcome.values["wrong"] == "三、收到和处理政府信息公开申请情况"
    assert only(section(case(parts[0]), order=list(SIX))).state == "n/a"


def test_order_takes_the_later_of_two_places() -> None:
    """其他 stands early and once more at the end: that is in order."""
    early = part(heading(1, "总体情况和其他事项", "overview", "other"), "有。")
    parts = [early, *six({"overview"})]
    assert only(section(case(*parts), order=list(SIX))).state == "pass"


def test_exact_wording() -> None:
    parts = [part(heading(1, "概况", "overview")), part(heading(6, "其他需要报告的事项", "other"))]
    found = list(section(case(*parts), exact={"overview": "总体情况", "other": "其他需要报告的事项"}))
    assert [(o.subject, o.state) for o in found] == [("overview", "fail"), ("other", "pass")]
    assert found[0].values == {"found": "概况", "expected": "总体情况"}
    assert states(section(case(), exact={"overview": "总体情况"})) == ["n/a"]


def test_exact_wording_prefers_the_heading_that_has_it() -> None:
    parts = [part(heading(1, "公开概况", "overview")), part(heading(2, "总体情况", "overview"))]
    assert states(section(case(*parts), exact={"overview": "总体情况"})) == ["pass"]


def test_no_more_parts_than() -> None:
    parts = six()
    assert only(section(case(*parts), max_parts=6)).state == "pass"
    outcome = only(section(case(*parts, part(heading(7, "工作打算", "plan"))), max_parts=6))
    assert outcome.values == {"found": "七、工作打算", "count": 1}
    assert only(section(case(), max_parts=6)).state == "n/a"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (["overview", "published", "organisation", "requests", "disputes", "problems", "other"], ["三、第3部分"]),
        (["overview", "published", "requests", "requests", "disputes", "problems", "other"], ["七、第7部分"]),
        (["overview", "", "organisation", "requests", "disputes", "problems", "other"], ["七、第7部分"]),  # which?
    ],
)
def test_a_part_put_in_between_is_the_one_too_many(parts: list[str], found: list[str]) -> None:
    there = [part(heading(n, f"第{n}部分", *filter(None, [topic]))) for n, topic in enumerate(parts, 1)]
    form = ["overview", "published", "requests", "disputes", "problems", "other"]
    outcome = only(section(case(*there), max_parts=6, form=form))
    assert (outcome.values["found"], outcome.values["count"]) == ("；".join(found), 1)


def test_parts_without_numbers_are_counted() -> None:
    parts = [part(heading(None, f"第{n}点")) for n in range(7)]
    assert only(section(case(*parts), max_parts=6)).values["count"] == 1


def test_a_repeated_number_is_no_seventh_part() -> None:
    parts = [*six(), part(heading(6, "附注"))]
    assert only(section(case(*parts), max_parts=6)).state == "pass"


def test_forbidden_headings() -> None:
    parts = [part(heading(1, "概述", "overview")), part(heading(2, "收费及减免情况", "fees"))]
    outcome = only(section(case(*parts), forbid=[Pattern("^概述$"), Pattern("收费")]))
    assert outcome.values == {"found": "一、概述；二、收费及减免情况", "count": 2}
    assert only(section(case(*parts), forbid=[Pattern("统计表")])).state == "pass"
    assert only(section(case(), forbid=[Pattern("统计表")])).state == "n/a"


@pytest.mark.parametrize(
    ("texts", "tables", "pictures", "wanted"),
    [
        ((), 0, 0, "fail"),
        ((), 1, 0, "pass"),
        ((), 0, 1, "pass"),
        (("无。",), 0, 0, "fail"),
        (("更新不及时，解读形式单一。",), 0, 0, "pass"),
    ],
)
def test_empty_parts(texts: tuple[str, ...], tables: int, pictures: int, wanted: str) -> None:
    five = part(heading(5, "存在的主要问题", "problems"), *texts, tables=tables, pictures=pictures)
    assert only(section(case(five), min_chars={"problems": 10})).state == wanted


def test_a_part_that_is_not_there_is_not_empty() -> None:
    assert only(section(case(), min_chars={"other": 1})).state == "n/a"


def test_length_of_a_part() -> None:
    report = case(overview="甲" * 600 + "\n" + "乙" * 401)
    outcome = only(section(report, topic="overview", max_chars=1000))
    assert (outcome.state, outcome.values["chars"]) == ("fail", 1001)
    assert only(section(report, topic="overview", max_chars=1001)).state == "pass"
    assert only(section(case(), topic="overview", max_chars=1)).state == "n/a"


def test_long_passages_without_a_cue() -> None:
    cues = [Pattern("公开")]
    report = case(overview="全年公开信息。" + "甲" * 99 + "\n" + "乙" * 101)
    assert only(section(report, topic="overview", cues=cues, max_uncued=100)).values["chars"] == 101
    assert only(section(report, topic="overview", cues=cues, max_uncued=101)).state == "pass"
    assert only(section(case(), topic="overview", cues=cues)).state == "n/a"


def test_text_about_another_matter() -> None:
    words = {"fees": [Pattern("收费|费用")], "disputes": [Pattern("复议")]}
    no_request = [Pattern("未收到[^。]{0,8}申请")]
    report = case(fees="本年度未收到公开申请。", disputes="未收到公开申请，未发生复议。")
    fault, fine = section(report, own=words, foreign=no_request)
    assert (fault.state, fault.subject, fault.values) == ("fail", "fees", {"found": "未收到公开申请"})
    assert (fine.state, fine.subject) == ("pass", "disputes")
    assert states(section(case(), own=words, foreign=no_request)) == ["n/a"]


# --- sequence ---------------------------------------------------------------------------------------------------------


def numbered(*numbers: int | None, level: int = 1) -> list[Heading]:
    return [heading(number, f"标题{at}", level=level) for at, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "wanted", "expected"),
    [
        ((1, 2, 3), "pass", None),
        ((1, 3, 4), "fail", "二、"),
        ((1, 2, 2, 3), "fail", "三、"),
        ((None, 2, 3), "fail", "一、"),  # seed 002
        ((2, 3), "fail", "一、"),
        ((1, None, 2), "pass", None),
        ((1, None, 3), "fail", "二、"),
        ((None, None), "n/a", None),
        ((1,), "n/a", None),
    ],
)
def test_numbers_of_first_level_headings(numbers: tuple[int | None, ...], wanted: str, expected: str | None) -> None:
    outcome = only(sequence(case(headings=numbered(*numbers)), of="headings"))
    assert (outcome.state, outcome.values.get("expected")) == (wanted, expected)


def test_a_jump_is_told_once() -> None:
    outcome = only(sequence(case(headings=numbered(1, 2, 4, 5)), of="headings"))
    assert (outcome.values["found"], len(outcome.where)) == ("四、标题2", 1)


@pytest.mark.parametrize(
    ("second", "wanted"),
    [((1, 2), "pass"), ((3, 4), "pass"), ((2, 3), "fail"), ((1, 3), "fail"), ((1, 2, 1), "fail")],
)
def test_subheadings_start_again_or_run_on(second: tuple[int, ...], wanted: str) -> None:
    heads = [*numbered(1), *numbered(1, 2, level=2), *numbered(2), *numbered(*second, level=2)]
    assert only(sequence(case(headings=heads), of="headings", depths=[1, 2])).state == wanted


def test_depths_limit_what_is_looked_at() -> None:
    heads = [*numbered(1), *numbered(1, 3, level=2), *numbered(2)]
    assert only(sequence(case(headings=heads), of="headings")).state == "pass"


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("一是加强领导；二是健全制度；三是强化监督。", "pass", None),
        ("一是加强领导；三是强化监督。", "fail", "二是"),
        ("一是加强领导；二是健全制度；二是强化监督。", "fail", "三是"),
        ("一要加强，三要健全。", "fail", "二要"),
        ("一是甲。二是乙。\n一是丙。二是丁。三是戊。", "pass", None),
        ("一是甲：一是子，二是丑，三是寅；二是乙。", "pass", None),  # a list inside a list
        ("一是甲：一是子，二是丑，三是寅；二是乙；二是丙。", "fail", "三是"),
        ("十是甲；十一是乙；十三是丙。", "fail", "十二是"),
        ("统一是好事，第三是空话，之一是你。", "n/a", None),
        ("没有列举。", "n/a", None),
    ],
)
def test_points(text: str, wanted: str, expected: str | None) -> None:
    outcome = only(sequence(case(body=text), of="points"))
    assert (outcome.state, outcome.values.get("expected")) == (wanted, expected)


def test_points_are_counted_by_section() -> None:
    lines = [*passage("一是甲。", label="一、概述").lines, *passage("三是乙。", label="二、问题").lines]
    report = case()
    texts = {**report.report.texts, "body": Passage(tuple(lines))}
    split = Case(Report("r", "txt", None, None, 2022, "D", "", {}, texts))
    assert only(sequence(split, of="points")).state == "pass"


@pytest.mark.parametrize(("stated", "wanted"), [(6, "pass"), (5, "fail"), (7, "fail")])
def test_stated_parts(stated: int, wanted: str) -> None:
    outcome = only(sequence(case(*six(), parts__stated=stated), of="parts"))
    assert (outcome.state, outcome.values) == (wanted, {"stated": stated, "count": 6})


def test_stated_parts_may_count_an_annex_or_not() -> None:
    annex = part(heading(7, "附表", "attachment"))
    for stated in (6, 7):
        assert only(sequence(case(*six(), annex, parts__stated=stated), of="parts")).state == "pass"
    assert only(sequence(case(*six(), parts__stated=7, attachment__named=1), of="parts")).state == "pass"
    assert only(sequence(case(*six(), parts__stated=8, attachment__named=1), of="parts")).state == "fail"
    assert only(sequence(case(*six(), annex, parts__stated=8, attachment__named=1), of="parts")).state == "fail"


def test_stated_parts_that_cannot_be_judged() -> None:
    assert only(sequence(case(*six()), of="parts")).state == "n/a"
    assert only(sequence(case(*six(), parts__stated=None), of="parts")).state == "unknown"
    assert only(sequence(case(parts__stated=6), of="parts")).state == "review"


@pytest.mark.parametrize(
    ("preface", "wanted", "missing"),
    [
        ("本报告由概述、主动公开、收费和减免三部分组成。", "pass", None),
        ("本报告由概述、主动公开、依申请三部分组成。", "fail", "三、政府信息公开的收费及减免情况"),
        ("现将情况公布如下。", "n/a", None),
    ],
)
def test_announced_names(preface: str, wanted: str, missing: str | None) -> None:
    parts = [
        part(heading(1, "概述", "overview")),
        part(heading(2, "主动公开政府信息的情况", "published")),
        part(heading(3, "政府信息公开的收费及减免情况", "fees")),
    ]
    listed = Pattern("由(?P<names>[^。]+?)(?:[一二三四五六七八]?个?部分)组成")
    outcome = only(sequence(case(*parts, preface=preface), of="names", scope="preface", listed=listed))
    assert (outcome.state, outcome.values.get("missing")) == (wanted, missing)


@pytest.mark.parametrize(
    ("text", "wanted", "counts"),
    [
        ("一是甲；二是乙。下一步，一是丙；二是丁。", "pass", (2, 2)),
        ("一是甲；二是乙；三是丙。\n下一步，一是丁；二是戊。", "fail", (3, 2)),
        ("一是甲；二是乙。下一步加强学习。", "n/a", (None, None)),
        ("一是甲；二是乙。", "n/a", (None, None)),
    ],
)
def test_pairs(text: str, wanted: str, counts: tuple[int | None, int | None]) -> None:
    outcome = only(sequence(case(problems=text), of="pairs", scope="problems", split=Pattern("下一步")))
    assert (outcome.state, (outcome.values.get("before"), outcome.values.get("after"))) == (wanted, counts)


def test_several_checks_at_once_and_an_unknown_one() -> None:
    assert states(sequence(case(headings=numbered(1, 2), body="一是甲。"), of=["headings", "points"])) == ["pass"] * 2
    with pytest.raises(ValueError, match="of='nothing'"):
        list(sequence(case(), of="nothing"))
