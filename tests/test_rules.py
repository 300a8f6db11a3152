"""The shipped rules: every example gives what it says, and every rule is whole."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from checker.examples import ExampleResult, case_of, run_example
from checker.judge import verdicts_of
from checker.model import Pack, Rule
from checker.pack import load
from tests.findings import audit

ID = re.compile(r"(?:ERA|TTL|PRE|STR|OLD|T2|T3|T4|XTB|XYR|QLT|PRV|COP|PUB)-\d\d")


@cache
def pack() -> Pack:
    return load(cache=False)


RULES = [pytest.param(rule, id=rule.id) for rule in pack().rules]
EXAMPLES = [
    pytest.param(rule, number, id=f"{rule.id}-{number}-{example.state}")
    for rule in pack().rules
    for number, example in enumerate(rule.examples, 1)
]


@cache
def result(rule_id: str, number: int) -> ExampleResult:
    rule = pack().rule(rule_id)
    assert rule is not None
    return run_example(rule, number, rule.examples[number - 1], pack())


@pytest.mark.parametrize(("rule", "number"), EXAMPLES)
def test_an_example_gives_what_it_says(rule: Rule, number: int) -> None:
    assert result(rule.id, number).trouble == ""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_whole(rule: Rule) -> None:
    assert ID.fullmatch(rule.id)
    assert rule.topic in pack().topics
    states = {example.state for example in rule.examples}
    assert "pass" in states
    assert states & ({"fail"} if rule.confidence == "high" else {"fail", "review"})
    for text in (rule.title, rule.message, rule.fix):
        assert re.search(r"[\u4e00-\u9fff]", text), "messages are Chinese"
        assert not text.endswith(("。", "；", "，"))


@pytest.mark.parametrize("rule", RULES)
def test_every_placeholder_is_filled_where_the_rule_fails(rule: Rule) -> None:
    for example in rule.examples:
        if example.state not in ("fail", "review"):
            continue
        case = case_of(rule, example, pack())
        verdicts = [v for v in verdicts_of(rule, case, pack()) if v.state in ("fail", "review")]
        assert verdicts
        for verdict in verdicts:
            assert verdict.message
            assert not re.search(r"[{}]|None|“”|[（(][）)]", verdict.message + verdict.fix), verdict.message


def test_ids_are_used_once() -> None:
    ids = [rule.id for rule in pack().rules]
    assert len(ids) == len(set(ids))


def test_low_confidence_stays_rare() -> None:
    assert len([rule for rule in pack().rules if rule.confidence == "low"]) <= 25


def test_one_off_kinds_stay_rare() -> None:
    kinds = [rule.kind for rule in pack().rules]
    single = [kind for kind in set(kinds) if kinds.count(kind) == 1]
    assert len(single) * 10 < len(kinds)


def test_the_seven_elements_stand_in_their_order() -> None:
    names = ["period", "contact", "published", "requests", "fees", "problems", "plan"]
    assert [element.name for element in pack().elements] == names
    for element in pack().elements:
        assert set(element.facts) == set("ABCD")
        assert {"A", "B"} <= set(element.required)


def test_figures_of_channels_alone_answer_how_much_was_disclosed(tmp_path: Path) -> None:
    text = "青石镇2016年政府信息公开工作年度报告\n一、主动公开\n通过政府网站公开信息43条，通过电视等媒体公开信息5条。"
    (tmp_path / "a.txt").write_text(text)
    found = {element.name: element for element in audit(tmp_path / "a.txt").elements}
    assert (found["published"].state, found["published"].value) == ("given", 43)


def test_every_clause_that_rules_cite_has_words() -> None:
    for rule in pack().rules:
        for key in rule.basis:
            assert pack().basis[key].title
            assert pack().basis[key].clause
