"""The kinds on facts and wording: what each finds, where, and that nothing unread is right or wrong."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any

import pytest

from checker.formula import parse
from checker.kinds import KINDS
from checker.kinds.equations import identity
from checker.kinds.facts import agreement, date, format, number, presence
from checker.kinds.words import is_bank_card, is_mobile, is_resident_id, statement, wording
from checker.model import Outcome
from checker.patterns import Pattern
from tests.sample import SCHEMA, case

P = Pattern
UNREAD = {"state": "unread"}
BLANK = {"state": "blank"}
MALFORMED = {"state": "malformed", "raw": "六十余"}


def only(outcomes: Any) -> Outcome:
    [outcome] = list(outcomes)
    assert isinstance(outcome, Outcome)
    return outcome


def state(outcomes: Any) -> str:
    return only(outcomes).state


# --- the list -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_signature_is_its_definition(name: str) -> None:
    definition = json.loads(SCHEMA.read_text())["$defs"]["kinds"][name]
    case_, *parameters = inspect.signature(KINDS[name]).parameters.values()
    assert case_.name == "case"
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)
    assert {parameter.name for parameter in parameters} == set(definition["properties"])
    required = {parameter.name for parameter in parameters if parameter.default is parameter.empty}
    assert required == set(definition.get("required", ()))
    assert definition["additionalProperties"] is False
    assert definition["description"]
    assert isinstance(definition["values"], list)


def test_the_schema_knows_the_same_kinds() -> None:
    schema = json.loads(SCHEMA.read_text())["$defs"]
    assert set(schema["kinds"]) == set(KINDS)
    head = set(schema["head"]["properties"])
    assert [name for name, kind in schema["kinds"].items() if head & set(kind["properties"])] == []


# --- presence -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "mode", "wanted", "missing"),
    [
        ({"a": 0, "b": None}, "any", "pass", None),
        ({"a": MALFORMED, "b": None}, "any", "pass", None),
        ({"a": None, "b": BLANK}, "any", "fail", ("a", "b")),
        ({"a": None, "b": UNREAD}, "any", "unknown", None),
        ({"a": 1, "b": UNREAD}, "any", "pass", None),
        ({"a": 1, "b": 2}, "all", "pass", None),
        ({"a": 1, "b": None}, "all", "fail", ("b",)),
        ({"a": 1, "b": UNREAD}, "all", "unknown", None),
        ({"a": None, "b": UNREAD}, "all", "fail", ("a",)),
    ],
)
def test_presence(facts: dict[str, Any], mode: Any, wanted: str, missing: tuple[str, ...] | None) -> None:
    outcome = only(presence(case(facts), facts=("a", "b"), mode=mode))
    assert outcome.state == wanted
    assert outcome.values.get("missing") == missing


# --- format -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("581333", "pass"),
        ({"value": "581333", "raw": " 581333 "}, "pass"),
        ("58133", "fail"),
        ("5813334", "fail"),
        ({"state": "malformed", "raw": "581333"}, "fail"),
        (UNREAD, "unknown"),
        (None, "n/a"),
        (BLANK, "n/a"),
    ],
)
def test_format(value: Any, wanted: str) -> None:
    assert state(format(case({"code": value}), fact="code", pattern=P(r"\d{6}"))) == wanted


def test_format_forbids_and_quotes() -> None:
    outcome = only(format(case({"mail": "a＠example.com"}), fact="mail", forbid=(P("＠"),)))
    assert (outcome.state, outcome.values, outcome.where[0].quote) == (
        "fail",
        {"found": "a＠example.com"},
        "a＠example.com",
    )


# --- number -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (0, "pass"),
        (10, "pass"),
        (10.5, "fail"),
        (2.5, "fail"),
        (-1, "fail"),
        (11, "fail"),
        pytest.param(10**5000, "fail", id="huge"),
        ("十", "unknown"),
        (MALFORMED, "unknown"),
        (UNREAD, "unknown"),
        (None, "n/a"),
        (BLANK, "n/a"),
    ],
)
def test_row_51_numbers_keep_to_their_range(value: Any, wanted: str) -> None:
    fact = {"state": "given", "value": value, "raw": "x"} if isinstance(value, int) else value
    assert state(number(case({"n": fact}), fact="n", min=0, max=10, integer=True)) == wanted


def test_a_number_of_another_matter_is_none_to_bound() -> None:
    aside = {"value": 3, "sightings": [{"value": 3, "raw": "上年3件", "aside": True}]}
    assert state(number(case({"n": aside}), fact="n", max=1)) == "n/a"


def test_number_without_bounds() -> None:
    assert state(number(case({"n": 2.5}), fact="n")) == "pass"


# --- identity -----------------------------------------------------------------------------------------------------


def balance(facts: dict[str, Any], relation: str = "=", **more: Any) -> Outcome:
    left, right = parse("new + old"), parse("done + rest")
    return only(identity(case(facts), left=left, relation=relation, right=right, **more))


def test_identity_shows_its_operands() -> None:
    outcome = balance({"new": 7, "old": 1, "done": 6, "rest": 1})
    expected = {"left": 8, "right": 7, "gap": 1, "left_terms": "7 + 1", "right_terms": "6 + 1"}
    assert (outcome.state, outcome.values) == ("fail", expected)
    assert [where.quote for where in outcome.where] == ["7", "1", "6", "1"]
    assert balance({"new": 7, "old": 1, "done": 7, "rest": 1}).state == "pass"


@pytest.mark.parametrize(("relation", "wanted"), [("=", "fail"), ("<=", "pass"), (">=", "fail")])
def test_identity_relations(relation: str, wanted: str) -> None:
    assert balance({"new": 1, "old": 0, "done": 1, "rest": 1}, relation).state == wanted


@pytest.mark.parametrize("state_", ["absent", "blank", "malformed", "unread"])
def test_row_53_an_operand_without_a_number_is_unknown(state_: str) -> None:
    outcome = balance({"new": 7, "old": 1, "done": 6, "rest": {"state": state_}})
    assert (outcome.state, outcome.values) == ("unknown", {})


def test_identity_does_not_apply_without_operands() -> None:
    assert balance({}).state == "n/a"
    assert balance({"new": UNREAD}).state == "unknown"


def test_identity_is_exact_on_decimals() -> None:
    assert balance({"new": 0.1, "old": 0.2, "done": 0.3, "rest": 0}).state == "pass"


def test_optional_operands_count_as_zero_only_when_absent() -> None:
    facts = {"new": 7, "old": 1, "done": 8}
    assert balance({**facts, "rest": None}, optional=("rest",)).state == "pass"
    assert balance({**facts, "rest": UNREAD}, optional=("rest",)).state == "unknown"
    assert balance({}, optional=("rest",)).state == "n/a"


# --- agreement ----------------------------------------------------------------------------------------------------


def agree(facts: dict[str, Any], **more: Any) -> Outcome:
    return only(agreement(case(facts), among=tuple(facts), **more))


def test_the_majority_is_believed() -> None:
    outcome = agree({"a": 2017, "b": 2016, "c": 2017})
    assert (outcome.state, outcome.values) == ("fail", {"this": 2016, "other": 2017})
    assert outcome.where[0].quote == "2016"


def test_agreement_states() -> None:
    assert agree({"a": 3, "b": 3, "c": None}).state == "pass"
    assert agree({"a": 3, "b": 4}).state == "review"
    assert agree({"a": 3, "b": None}).state == "n/a"
    assert agree({"a": 3, "b": 3, "c": UNREAD}).state == "unknown"


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (2016, "2017-01-20", "pass"),
        (2016, "2016-12-02", "pass"),
        (2016, "2018-01-20", "review"),
        (2016, ["2016-01-01", "2016-12-31"], "pass"),
        (2016, ["2015-01-01", "2015-12-31"], "review"),
    ],
)
def test_years_of_dates_and_periods(one: Any, other: Any, wanted: str) -> None:
    assert agree({"a": one, "b": other}, compare="year").state == wanted


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("临澜市岫溪区栖原镇人民政府", "栖原镇", True),
        ("栖原镇政府", "栖原镇人民政府", True),
        ("椿亭街道办", "临澜市椿亭街道办事处", True),
        ("栖原镇", "青石镇", False),
        ("栖原镇", "栖原乡", False),
    ],
)
def test_names_of_one_organ(one: str, other: str, same: bool) -> None:
    assert (agree({"a": one, "b": other}, compare="organ").state == "pass") is same


def test_sightings_of_one_fact() -> None:
    def seen(*sightings: Any) -> Outcome:
        facts = {"n": {"sightings": list(sightings)}}
        return only(agreement(case(facts), sightings="n"))

    assert seen(22, 22).state == "pass"
    assert seen(22).state == "n/a"
    outcome = seen(22, 22, 25)
    assert outcome.state == "fail"
    assert outcome.values == {"this": 25, "other": 22}
    assert seen(22, {"value": 25, "approx": True}).state == "n/a"
    assert seen(22, {"value": 250, "cumulative": True}, 22).state == "pass"


# --- date ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "limits", "wanted"),
    [
        ("2017-03-31", {"not_after": "+1-03-31"}, "pass"),
        ("2017-04-01", {"not_after": "+1-03-31"}, "fail"),
        ("2016-12-30", {"not_before": "+0-12-31"}, "fail"),
        ("2019-01-01", {"not_after": "+1-03-31", "ignore_after": "+1-12-31"}, "n/a"),
        ("2016-12-31", {"equals": "+0-12-31"}, "pass"),
        ("2016-12-30", {"equals": "+0-12-31"}, "fail"),
        (["2016-01-01", "2016-12-31"], {"equals": "+0-01-01", "part": "start"}, "pass"),
        (["2016-01-01", "2016-12-15"], {"equals": "+0-12-31", "part": "end"}, "fail"),
        (["2016-01-01", None], {"equals": "+0-12-31", "part": "end"}, "n/a"),
        ("2017-02-28", {"equals": "+1-02-30"}, "pass"),
        (MALFORMED, {"not_after": "+1-03-31"}, "unknown"),
        (UNREAD, {"not_after": "+1-03-31"}, "unknown"),
        ("2017-02-31", {"not_after": "+1-03-31"}, "unknown"),
        (None, {"not_after": "+1-03-31"}, "n/a"),
    ],
)
def test_date(value: Any, limits: dict[str, Any], wanted: str) -> None:
    assert state(date(case({"d": value}), facts=("d",), **limits)) == wanted


def test_the_first_given_date_counts() -> None:
    facts = {"signed": None, "posted": "2017-05-01"}
    outcome = only(date(case(facts), facts=("signed", "posted"), not_after="+1-03-31"))
    assert (outcome.state, outcome.values) == ("fail", {"date": "2017-05-01", "limit": "2017-03-31"})
    unread = {"signed": UNREAD, "posted": "2017-05-01"}
    assert state(date(case(unread), facts=("signed", "posted"), not_after="+1-03-31")) == "unknown"


def test_row_82_a_leap_day_and_far_years() -> None:
    leap = case({"d": "2020-02-29"}, year=2019, era="C")
    assert state(date(leap, facts=("d",), equals="+1-02-29")) == "pass"
    assert state(date(case({"d": "2038-01-19"}, year=2037), facts=("d",), not_after="+1-01-19")) == "pass"


def test_a_date_without_a_report_year_is_unknown() -> None:
    assert state(date(case({"d": "2017-01-01"}, year=None), facts=("d",), not_after="+1-03-31")) == "unknown"


# --- statement ----------------------------------------------------------------------------------------------------


def says(text: str, **more: Any) -> Outcome:
    return only(statement(case(texts={"body": text}), **more))


def test_statement_any_and_all() -> None:
    assert says("未收费。", any_of=(P("复议"), P("收费"))).where[0].quote == "收费"
    assert says("未收费。", any_of=(P("复议"), P("诉讼"))).state == "fail"
    assert says("未收费。无复议。", all_of=(P("收费"), P("复议"))).state == "pass"
    assert says("未收费。", all_of=(P("收费"), P("复议"))).state == "fail"


def test_statement_is_vetoed_by_its_sentence_only() -> None:
    plan = (P("下一步|继续"),)
    assert says("下一步规范收费。", any_of=(P("收费"),), unless=plan).state == "fail"
    assert says("下一步规范。未收费。", any_of=(P("收费"),), unless=plan).state == "pass"
    assert says("未收费。下一步规范。", any_of=(P("收费"),), unless=plan).state == "pass"
    assert says("继续规范收费；未收费。", any_of=(P("收费"),), unless=plan).state == "pass"
    assert says("收费继续规范", any_of=(P("收费"),), unless=plan).state == "fail"


def test_statement_each_of() -> None:
    cues = {name: {"strong": (P(name),), "weak": (P(name[0]),)} for name in ("监督", "平台")}
    assert says("监督，平台", each_of=cues).state == "pass"
    outcomes = list(statement(case(texts={"body": "平"}), each_of=cues))
    found = [(outcome.state, outcome.values["missing"]) for outcome in outcomes]
    assert found == [("fail", ("监督",)), ("review", ("平台",))]


def test_the_first_scope_that_exists() -> None:
    texts = {"fees": "无", "body": "未收费"}
    assert state(statement(case(texts=texts), scope=("fees", "body"), any_of=(P("未收费"),))) == "fail"
    assert state(statement(case(texts=texts), scope=("s9", "body"), any_of=(P("未收费"),))) == "pass"
    assert state(statement(case(), scope=("fees",), any_of=(P("x"),))) == "n/a"
    assert state(statement(case(), scope=("fees",), any_of=(P("x"),), absent="fail")) == "fail"


# --- wording ------------------------------------------------------------------------------------------------------


def worded(text: str, **more: Any) -> Outcome:
    return only(wording(case(texts={"body": text}), **more))


def test_wording_names_its_places() -> None:
    outcome = worded("甲乙\n乙丙", forbid=(P("乙"), P("丙")))
    assert outcome.state == "fail"
    assert [(where.line, where.quote) for where in outcome.where] == [(1, "乙"), (2, "乙"), (2, "丙")]
    assert outcome.values == {"found": ("乙", "丙")}


def test_wording_takes_the_longest_of_overlapping_hits() -> None:
    assert worded("政政务信息", forbid=(P("政政"), P("政政务"), P("务信"))).values == {"found": ("政政务",)}


def test_wording_names_at_most_twenty_places() -> None:
    assert len(worded("错" * 50, forbid=(P("错"),)).where) == 20


def test_wording_never_crosses_a_line() -> None:
    assert worded("政\n务", forbid=(P(r"政\s*务"), P("政[^x]务"), P(r"(?s)政.务"))).state == "pass"
    assert worded("甲\n乙", forbid=(P("^乙$"),)).state == "fail"


def test_titles_are_masked_unless_asked_for() -> None:
    assert worded("依据《政务公开要点》", forbid=(P("政务"),)).state == "pass"
    assert worded("依据《政务公开要点》", forbid=(P("政务"),), mask_titles=False).state == "fail"
    outcome = worded("《政务》与政务", forbid=(P("政务"),))
    assert [where.quote for where in outcome.where] == ["政务"]
    assert worded("《政务公开，政务", forbid=(P("政务"),)).state == "fail"


def test_hits_are_excused() -> None:
    assert worded("搭车收费", forbid=(P("收费"),), allow=(P("搭车收费"),)).state == "pass"
    assert worded("搭车收费，收费", forbid=(P("收费"),), allow=(P("搭车收费"),)).state == "fail"
    near: Any = {"pattern": P("修订"), "within": 3}
    assert worded("条例（修订）", forbid=(P("条例"),), unless_near=near).state == "pass"
    assert worded("条例，它后来作了修订", forbid=(P("条例"),), unless_near=near).state == "fail"
    assert worded("条例（修订）", forbid=(P("条例"),), only_near=near).state == "fail"
    assert worded("条例，它后来作了修订", forbid=(P("条例"),), only_near=near).state == "pass"


def test_wording_without_its_scope_does_not_apply() -> None:
    assert state(wording(case(), forbid=(P("x"),))) == "n/a"


def test_wording_looks_into_every_scope() -> None:
    texts = {"title": "甲", "body": "乙"}
    assert state(wording(case(texts=texts), scope=("title", "body"), forbid=(P("乙"),))) == "fail"


RESIDENT = "320301199003077774"  # the check digit of invented digits is worked out below


def check_digit(digits: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def luhn(digits: str) -> str:
    """``digits`` with the last digit that makes them a card number."""
    for last in "0123456789":
        total = 0
        for at, digit in enumerate(reversed(digits + last)):
            value = int(digit) * (2 if at % 2 else 1)
            total += value // 10 + value % 10
        if total % 10 == 0:
            return digits + last
    raise AssertionError


ID = RESIDENT[:17] + check_digit(RESIDENT[:17])
CARD = luhn("621700001234567890")


def test_resident_ids() -> None:
    wrong = ID[:17] + ("0" if ID[17] != "0" else "1")
    day = RESIDENT[:10] + "0231" + RESIDENT[14:17]
    assert is_resident_id(ID, 0, 18)
    assert not is_resident_id(wrong, 0, 18)
    assert not is_resident_id(day + check_digit(day), 0, 18)
    assert worded(f"身份证号{ID}。", verify="resident_id").values == {"found": (ID,)}
    assert worded(f"身份证号{wrong}。", verify="resident_id").state == "pass"
    assert worded(f"编码1{ID}", verify="resident_id").state == "pass"


def test_bank_cards() -> None:
    wrong = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)
    assert is_bank_card(CARD, 0, 19)
    assert worded(f"账号{CARD}", verify="bank_card").state == "fail"
    assert (
        worded(f"账号{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", verify="bank_card").state == "fail"
    )
    assert worded(f"账号{wrong}", verify="bank_card").state == "pass"
    assert worded(f"统一社会信用代码{CARD}", verify="bank_card").state == "pass"
    assert worded(f"〔2020〕{CARD}号", verify="bank_card").state == "pass"
    assert worded(f"身份证{ID}", verify="bank_card").state == "pass"
    assert worded("总计9 2 1 1 13 2 0 0 0 2 1 0 0 2 8", verify="bank_card").state == "pass"  # cells of a row
    assert is_bank_card("9211132000210028", 0, 16)


def test_mobiles() -> None:
    assert is_mobile("13805550123", 0, 11)
    assert worded("联系电话13805550123", verify="mobile").state == "fail"
    assert worded("电话0589-5550123", verify="mobile").state == "pass"
    assert worded("共13805550123条", verify="mobile").state == "pass"
    assert worded("编号138055501234", verify="mobile").state == "pass"
    assert worded("12805550123", verify="mobile").state == "pass"
    assert worded("联系人何某138 0555 0123", verify="mobile").state == "fail"
    for row in ("政府集中采购148 36914000", "维持150 1300 1400 0 2850", "维持9 150 1300 1400"):  # cells of a row
        assert worded(row, verify="mobile").state == "pass", row


@pytest.mark.parametrize("name", ["presence", "format", "number", "identity", "agreement", "date"])
def test_unread_facts_are_never_judged(name: str) -> None:
    parameters: Mapping[str, dict[str, Any]] = {
        "presence": {"facts": ("a",)},
        "format": {"fact": "a", "pattern": P("x")},
        "number": {"fact": "a", "min": 1},
        "identity": {"left": parse("a"), "relation": "=", "right": parse("1")},
        "agreement": {"among": ("a", "b")},
        "date": {"facts": ("a",), "not_after": "+1-03-31"},
    }
    assert state(KINDS[name](case({"a": UNREAD, "b": 1}), **parameters[name])) == "unknown"
