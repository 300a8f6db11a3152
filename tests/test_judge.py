"""Judging: which rules apply, what a verdict says, what is counted, and that one broken rule breaks nothing else."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.judge import in_force, judge, shown, turns
from checker.kinds import KINDS
from checker.model import ALONE, Audit, Case, Clause, Outcome, Pack, Policy, Verdict, Where
from checker.score import ceiled, grade, measure, recounted
from tests.sample import case, home, loaded, rule


@pytest.fixture(autouse=True)
def _sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home(tmp_path, monkeypatch)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Replaces the kind ``wording`` by what a test wants it to find."""

    def use(*outcomes: Outcome, crash: Exception | None = None) -> None:
        def found(_: Case, **__: Any) -> Iterable[Outcome]:
            yield from outcomes
            if crash:
                raise crash

        monkeypatch.setattr(turns, "KINDS", {**KINDS, "wording": found})

    return use


def judged(tmp_path: Path, about: Case, **changes: Any) -> Verdict:
    """The verdict on the one rule ZZZ-01."""
    [verdict] = [v for v in judge(about, loaded(tmp_path, rule(**changes))).verdicts if v.rule == "ZZZ-01"]
    return verdict


WRONG = case(texts={"body": "错字"})


# --- which rules apply --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "about", "wanted"),
    [
        ({"eras": ["C", "D"]}, {"era": "B"}, "n/a"),
        ({"eras": ["B"]}, {"era": "B"}, "fail"),
        ({"eras": ["A", "B", "C"]}, {"era": None, "year": None}, "unknown"),
        ({"eras": ["A", "B", "C", "D"]}, {"era": None, "year": None}, "fail"),
        ({"years": [2016, 2016]}, {}, "fail"),
        ({"years": [2017, None]}, {}, "n/a"),
        ({"years": [None, 2015]}, {}, "n/a"),
        ({"years": [None, 2015]}, {"era": None, "year": None}, "unknown"),
        ({"levels": ["镇", "乡"]}, {}, "fail"),
        ({"levels": ["县"]}, {}, "n/a"),
        ({"levels": ["县"]}, {"level": None}, "unknown"),
        ({"levels": {"镇": "n/a"}}, {}, "n/a"),
        ({"levels": {"镇": "n/a"}}, {"level": None}, "fail"),
    ],
)
def test_a_rule_applies_or_not(tmp_path: Path, changes: Any, about: Any, wanted: str) -> None:
    assert judged(tmp_path, case(texts={"body": "错字"}, **about), **changes).state == wanted


def test_severity_and_weight(tmp_path: Path) -> None:
    by_era = {"severity": {"A": "must", "B": "should"}, "eras": ["A", "B"]}
    verdict = judged(tmp_path, WRONG, **by_era)
    assert (verdict.severity, verdict.weight) == ("should", 2)
    by_level = judged(tmp_path, WRONG, levels={"镇": "info"})
    assert (by_level.severity, by_level.weight) == ("info", 0)
    assert judged(tmp_path, WRONG, weight=7).weight == 7
    unknown = judged(
        tmp_path,
        case(texts={"body": "错字"}, era=None, year=None),
        severity={**dict.fromkeys("ABC", "must"), "D": "info"},
    )
    assert unknown.severity == "info", "the mildest, since nobody knows which holds"


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("柘川县农业农村局", "must"),
        ("临澜市岫溪区司法局", "must"),
        ("临澜市水务局", "should"),
        ("临澜市经济技术开发区建设局", "should"),
        ("市社区建设办公室", "should"),
        (None, "should"),
    ],
)
def test_a_countys_departments_are_told_from_others(tmp_path: Path, place: str | None, wanted: str) -> None:
    about = replace(WRONG, report=replace(WRONG.report, place=place, level="部门"))
    assert judged(tmp_path, about, levels={"部门": "should", "县级部门": "must"}).severity == wanted
    assert judged(tmp_path, about, levels={"部门": "should"}).severity == "should"


@pytest.mark.parametrize(("fees", "wanted"), [(0, "fail"), (None, "n/a"), ({"state": "unread"}, "unknown")])
def test_a_guard(tmp_path: Path, fees: Any, wanted: str) -> None:
    guard = {"kind": "presence", "facts": ["fees"]}
    assert judged(tmp_path, case({"fees": fees}, {"body": "错字"}), when=guard).state == wanted


def test_a_guard_that_does_not_apply_holds_back_its_rule(tmp_path: Path) -> None:
    guard = {"kind": "number", "fact": "fees", "min": 1}
    assert judged(tmp_path, case({"fees": 3}, {"body": "错字"}), when=guard).state == "fail"
    assert judged(tmp_path, case({"fees": 0}, {"body": "错字"}), when=guard).state == "n/a"
    assert judged(tmp_path, case({"fees": None}, {"body": "错字"}), when=guard).state == "n/a"


def test_what_lacks_is_shown_where_its_guard_says_that_it_should_be(tmp_path: Path, kind: Any) -> None:
    said, own = Where(line=7, quote="见附件"), Where(line=3)
    guard = {"kind": "wording", "forbid": ["x"]}
    asked: dict[str, Any] = {"kind": "presence", "facts": ["fees"], "forbid": None, "scope": None, "when": guard}
    kind(Outcome("pass", where=(said,)))
    assert judged(tmp_path, case({"fees": None}, {"body": "错字"}), **asked).where == said
    kind(Outcome("fail", where=(own,)))
    given = case({"fees": 3}, {"body": "错字"})
    assert judged(tmp_path, given, when={"kind": "presence", "facts": ["fees"]}).where == own, "it has its own"


def test_each_gives_one_verdict_a_member(tmp_path: Path) -> None:
    about = case({"t3.one": 3, "t3.two": 4, "requests.received": 3}, era="C", year=2019)
    verdicts = [v for v in judge(about, loaded(tmp_path)).verdicts if v.rule == "BBB-01"]
    assert [(v.subject, v.state, v.message) for v in verdicts] == [
        ("one", "pass", ""),
        ("two", "fail", "“乙列”列 4 不等于 3"),
    ]


# --- what a verdict says ------------------------------------------------------------------------------------------


def test_a_verdict_is_whole(tmp_path: Path) -> None:
    verdict = judged(tmp_path, WRONG, message="{place}{year}年写了“{quote}”（{found}）", fix="删去“{quote}”")
    assert verdict.message == "青石镇人民政府2016年写了“错字”（错字）"
    assert verdict.fix == "删去“错字”"
    assert (verdict.where.line, verdict.where.quote, verdict.related) == (1, "错字", ())
    assert (verdict.basis, verdict.title, verdict.confidence) == (("law#1",), "不写错字", "high")


def test_a_pass_carries_no_message(tmp_path: Path) -> None:
    verdict = judged(tmp_path, case(texts={"body": "没有"}))
    assert (verdict.state, verdict.message, verdict.fix) == ("pass", "", "")


def test_low_confidence_turns_failure_into_review(tmp_path: Path) -> None:
    examples: list[dict[str, Any]] = [{"pass": {}}, {"fail": {}}]
    verdict = judged(tmp_path, WRONG, confidence="low", examples=examples)
    assert (verdict.state, verdict.message) == ("review", "写了“错字”")


def test_facts_are_named_by_their_titles(tmp_path: Path) -> None:
    [verdict] = [v for v in judge(case(), loaded(tmp_path)).verdicts if v.rule == "AAA-01"]
    assert (verdict.message, verdict.values) == ("没有写明收费", {"missing": ("fees",), "how": "没有写"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (3.5, "3.5"),
        pytest.param(10**5000, "超过十八位的数", id="huge"),
        ("2017-01-05", "2017年1月5日"),
        (("2016-01-01", None), "2016年1月1日"),
        (("甲", "乙"), "甲、乙"),
        ({"网站": 3, "微信": 4}, "网站3、微信4"),
        (None, ""),
    ],
)
def test_values_are_shown_as_officers_write_them(value: Any, text: str) -> None:
    assert shown(value, {}) == text


@pytest.mark.parametrize(("year", "said"), [(2023, "写“2023年”"), (None, "写“××××年”")])
def test_a_year_that_nobody_knows_leaves_no_gap(tmp_path: Path, year: int | None, said: str) -> None:
    about = case(texts={"body": "错字"}, year=year)
    assert judged(tmp_path, about, fix="写“{year}年”", eras=["A", "B", "C", "D"]).fix == said


def test_document_text_fills_nothing(tmp_path: Path) -> None:
    verdict = judged(tmp_path, case(texts={"body": "错字{year}"}), forbid=["错字.year."], message="写了{found}")
    assert verdict.message == "写了错字{year}"


def test_fingerprints(tmp_path: Path) -> None:
    one = judged(tmp_path, WRONG)
    assert one.fingerprint == judged(tmp_path, case(texts={"body": "另起\n一行错字"}, source="另存.txt")).fingerprint
    assert one.fingerprint != judged(tmp_path, case(texts={"body": "错字"}, year=2017)).fingerprint
    assert one.fingerprint != judged(tmp_path, case(texts={"body": "错字"}, place="栖原镇")).fingerprint
    columns = judge(case(era="C"), loaded(tmp_path)).verdicts[:2]
    assert columns[0].fingerprint != columns[1].fingerprint


def test_the_first_place_is_primary(tmp_path: Path, kind: Any) -> None:
    kind(Outcome("fail", where=(Where(line=5), Where(line=2, quote="二"), Where(line=9))))
    verdict = judged(tmp_path, WRONG, message="{quote}")
    assert (verdict.where.line, [where.line for where in verdict.related]) == (5, [2, 9])
    assert verdict.message == "二", "the first place that has a wording"


@pytest.mark.parametrize(
    ("body", "states"),
    [
        ("错字", ("fail", "n/a")),
        ("别字", ("pass", "fail")),
        ("别字\n错字", ("fail", "fail")),  # another place is another slip
        ("无错", ("pass", "pass")),
    ],
)
def test_one_slip_is_told_and_counts_once(tmp_path: Path, body: str, states: tuple[str, str]) -> None:
    pack = loaded(tmp_path, rule(), rule(id="ZZZ-02", forbid=["错字", "别字"], yields_to=["ZZZ-01"]))
    audit = judge(case(texts={"body": body}), pack)
    found = {v.rule: v for v in audit.verdicts if v.rule.startswith("ZZZ")}
    assert (found["ZZZ-01"].state, found["ZZZ-02"].state) == states
    assert (found["ZZZ-02"].message == "同一处已由 ZZZ-01 指出") == (states == ("fail", "n/a"))
    alone = judge(case(texts={"body": body}), loaded(tmp_path, rule()))
    assert states != ("fail", "n/a") or audit.score == alone.score


@pytest.mark.parametrize(
    ("about", "subject", "state"),
    [
        ("t3", "t3", "n/a"),
        ("t3", "t4", "fail"),
        ("t3", "", "fail"),
        ("", "t3", "n/a"),  # what is said of the whole report is said of all its places
    ],
)
def test_a_rule_yields_to_what_is_said_of_the_same_form(tmp_path: Path, about: str, subject: str, state: str) -> None:
    def found(_: Case, *, forbid: Any, **__: Any) -> Iterable[Outcome]:
        if forbid[0].source == "错字":
            yield Outcome("fail", subject=about, where=(Where(line=1),) if about else ())
        else:
            yield Outcome("fail", subject=subject, where=(Where(line=2),))

    pack = loaded(tmp_path, rule(), rule(id="ZZZ-02", forbid=["别字"], yields_to=["ZZZ-01"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, "KINDS", {**KINDS, "wording": found})
        audit = judge(WRONG, pack)
    assert [v.state for v in audit.verdicts if v.rule == "ZZZ-02"] == [state]


# --- broken rules -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crash", [ValueError("坏了"), RecursionError(), KeyError("x")])
def test_a_crash_breaks_one_rule(tmp_path: Path, kind: Any, crash: Exception) -> None:
    kind(Outcome("pass"), crash=crash)
    audit = judge(case({"fees": 0}, {"body": "x"}), loaded(tmp_path, rule()))
    states = {v.rule: v.state for v in audit.verdicts}
    assert states == {"BBB-01": "n/a", "AAA-01": "pass", "AAA-02": "broken", "ZZZ-01": "broken"}
    broken = audit.verdicts[-1]
    assert broken.message.startswith("规则 ZZZ-01 自身出错，没有核对；这是检查程序的毛病，报告不用为它修改。")
    assert type(crash).__name__ in broken.message
    assert audit.findings == ()


def test_a_kind_without_outcome_is_broken(tmp_path: Path, kind: Any) -> None:
    kind()
    assert judged(tmp_path, WRONG).state == "broken"


def test_a_crash_of_the_guard_is_told(tmp_path: Path, kind: Any) -> None:
    kind(crash=ValueError("守卫"))
    verdict = judged(
        tmp_path,
        WRONG,
        kind="presence",
        facts=["fees"],
        forbid=None,
        scope=None,
        when={"kind": "wording", "forbid": ["x"]},
    )
    assert verdict.state == "broken"
    assert "守卫" in verdict.message


def test_a_missing_kind_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "KINDS", {})
    assert judged(tmp_path, WRONG).state == "broken"


# --- score, elements ----------------------------------------------------------------------------------------------


def verdict(rule: str, state: Any, weight: int = 5, subject: str = "") -> Verdict:
    return Verdict(rule, subject, state, "must", "high", weight, "")


@pytest.mark.parametrize(
    ("verdicts", "score", "coverage"),
    [
        ([], None, 0.0),
        ([("a", "pass"), ("b", "fail")], 50.0, 1.0),
        ([("a", "pass"), ("a", "fail"), ("b", "pass")], 50.0, 1.0),
        ([("a", "fail")] * 7 + [("b", "pass")], 50.0, 1.0),
        ([("a", "pass"), ("b", "unknown")], 100.0, 0.5),
        ([("a", "pass"), ("b", "broken")], 100.0, 0.5),
        ([("a", "pass"), ("b", "review")], 100.0, 1.0),
        ([("a", "pass"), ("a", "review"), ("a", "unknown")], 100.0, 1.0),
        ([("a", "pass"), ("b", "n/a"), ("c", "waived")], 100.0, 1.0),
        ([("a", "pass"), ("b", "unknown"), ("b", "n/a")], 100.0, 0.5),
        ([("a", "unknown")], None, 0.0),
        ([("a", "fail")], 0.0, 1.0),
    ],
)
def test_score_and_coverage(verdicts: list[tuple[str, str]], score: float | None, coverage: float) -> None:
    assert measure(verdict(rule, state) for rule, state in verdicts) == (score, coverage)


def test_a_rule_may_set_a_ceiling() -> None:
    policy = Policy({"must": 5, "should": 2, "info": 0}, (("好", 0),), 0.8, ceilings={"b": 40})
    assert ceiled(87.0, [verdict("a", "fail"), verdict("b", "pass")], policy) == 87.0
    assert ceiled(87.0, [verdict("a", "pass"), verdict("b", "fail")], policy) == 40
    assert ceiled(12.5, [verdict("b", "fail")], policy) == 12.5
    assert ceiled(None, [], policy) is None
    held = replace(policy, unread_ceiling=85)
    assert ceiled(100.0, [], held, unread=True) == 85
    assert ceiled(70.0, [], held, unread=True) == 70
    assert ceiled(100.0, [], held) == 100


def test_weights_count() -> None:
    assert measure([verdict("a", "pass", 5), verdict("b", "fail", 2), verdict("c", "unknown", 3)]) == (71.4, 0.7)
    assert measure([verdict("a", "fail", 0), verdict("b", "pass", 5)]) == (100.0, 1.0)


@pytest.mark.parametrize("level", ["镇", None])
def test_what_could_be_compared_with_nothing_costs_no_coverage(tmp_path: Path, level: str | None) -> None:
    """Not even where nobody knows whether the rule applies; a waiver that counts anew finds the same."""
    pack = loaded(tmp_path, rule(against="last", levels=["镇"]))
    audit = judge(case({"fees": 0}, {"body": "没有"}, level=level), pack)
    assert [(v.state, v.message) for v in audit.verdicts if v.rule == "ZZZ-01"] == [("unknown", ALONE["last"])]
    assert audit.coverage == 1.0
    assert recounted(audit, audit.verdicts, pack.policy) == audit


@pytest.mark.parametrize(
    ("score", "name"), [(100.0, "好"), (90.0, "好"), (89.9, "中"), (60.0, "中"), (0.0, "差"), (None, "")]
)
def test_grades(tmp_path: Path, score: float | None, name: str) -> None:
    assert grade(score, loaded(tmp_path).policy) == name


#: what is said of another time or matter
ASIDE = {"value": 0, "sightings": [{"value": 0, "raw": "没有收到重复申请", "aside": True}]}


@pytest.mark.parametrize(
    ("facts", "about", "state", "value", "required"),
    [
        ({"fees": 0}, {}, "given", 0, True),
        ({"fees": None}, {}, "absent", None, True),
        ({"fees": {"state": "unread"}}, {}, "unread", None, True),
        ({"fees": None, "t3.one": {"state": "unread"}}, {"era": "D"}, "unread", None, False),
        ({"fees": None, "t3.one": 4}, {"era": "D"}, "given", 4, False),
        ({"fees": ASIDE, "t3.one": 4}, {"era": "D"}, "given", 4, False),
        ({"fees": ASIDE}, {"era": "B"}, "given", 0, True),
        ({"fees": 3}, {"era": "C"}, "absent", None, False),
        ({"fees": 3}, {"era": None, "year": None}, "given", 3, False),
    ],
)
def test_elements(tmp_path: Path, facts: Any, about: Any, state: str, value: Any, required: bool) -> None:
    [element] = judge(case(facts, **about), loaded(tmp_path)).elements
    assert (element.name, element.title) == ("fees", "收费")
    assert (element.state, element.value, element.required) == (state, value, required)


def test_an_element_names_its_rules_and_place(tmp_path: Path) -> None:
    [element] = judge(case({"fees": 0}), loaded(tmp_path)).elements
    assert (element.rules, element.where.quote) == (("AAA-01",), "0")


def test_unread_forms_are_named(tmp_path: Path) -> None:
    pack = loaded(tmp_path)
    assert judge(case({"t3.one": {"state": "unread"}}), pack).unchecked == ("表格",)
    assert judge(case({"t3.one": None, "fees": {"state": "unread"}}), pack).unchecked == ()


# --- the same for the same ----------------------------------------------------------------------------------------


def audit_of(pack: Pack) -> Audit:
    return judge(case({"fees": 0, "t3.one": 1}, {"body": "没有错字，有错"}), pack)


def test_verdicts_keep_the_order_of_the_catalogue(tmp_path: Path) -> None:
    pack = loaded(tmp_path, rule())
    assert [v.rule for v in audit_of(pack).verdicts] == [r.id for r in pack.rules]


def test_row_82_neither_clock_nor_zone_nor_locale_matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = loaded(tmp_path, rule())
    before = audit_of(pack)
    for zone, locale in (("Asia/Shanghai", "zh_CN.GB18030"), ("Pacific/Kiritimati", "tr_TR.UTF-8")):
        monkeypatch.setitem(os.environ, "TZ", zone)
        monkeypatch.setitem(os.environ, "LC_ALL", locale)
        time.tzset()
        monkeypatch.setattr(time, "time", lambda: 4e9)
        assert replace(audit_of(pack), report=None) == replace(before, report=None)
    monkeypatch.undo()
    time.tzset()


def test_a_verdict_cites_the_clauses_that_held_when_the_report_was_due(tmp_path: Path) -> None:
    last, first = dt.date(2021, 9, 25), dt.date(2021, 9, 26)
    clauses = (
        Clause("old", "", "", "", end=last),
        Clause("new", "", "", "", start=first),
        Clause("custom", "", "", ""),
    )
    pack = replace(loaded(tmp_path), basis={clause.key: clause for clause in clauses})
    assert in_force(("old", "new"), 2020, pack) == ("old",)
    assert in_force(("old", "new"), 2021, pack) == ("new",)
    assert in_force(("old", "new"), None, pack) == ("old", "new")
    assert in_force(("new",), 2012, pack) == ("new",)
    assert in_force(("custom", "new"), 2012, pack) == ("custom",)
