"""SARIF, JUnit, workflow commands and code quality: read back by others, every verdict there, all text inert."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from junitparser import JUnitXml

from checker.gate import OWN, Line
from checker.gate.line import drawn
from checker.model import Audit, Note, Pack, Unreadable, Verdict, Where
from checker.pack import load
from checker.render import FORMATS, View, sarif
from checker.render.escape import command, command_value, xml
from checker.render.rulebook import card
from checker.render.view import LISTED, Card
from tests.audits import AUDIT, CLEAN, HOSTILE, HOSTILE_AUDIT, HOSTILE_REFUSED, REFUSED, REPORT, VIEW, WAIVER, verdict
from tests.test_render import whole

CARDS = tuple(
    Card(name, f"标题{name}", f"查{name}", "照依据改正", ("政府信息公开条例第三十二条",), "must")
    for name in sorted({v.rule for v in (*AUDIT.verdicts, *HOSTILE_AUDIT.verdicts)})
)
MACHINE = replace(VIEW, cards=CARDS)
#: one report with everything: findings, a forgiven and a known one, what could not be read; a clean one; no report
LOST = replace(AUDIT, unread=("OLD-13",))
TOGETHER = [LOST, CLEAN, REFUSED]
SETTINGS = Audit("报告/waivers.yaml", None, (verdict("WVR-01", "fail", message="豁免已过期", where=Where(line=4)),))
NAMES = ("sarif", "junit", "github", "gitlab")


@cache
def official() -> Draft4Validator:
    path = Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json"
    return Draft4Validator(json.loads(path.read_text(encoding="utf-8")))


def results(audits: list[Audit], view: View = MACHINE) -> list[dict[str, Any]]:
    return list(json.loads(whole("sarif", audits, view))["runs"][0]["results"])


def suites(audits: list[Audit]) -> list[Any]:
    return list(JUnitXml.fromstring(whole("junit", audits, MACHINE).encode()))


def outcome(case: Any) -> str:
    return type(case.result[0]).__name__ if case.result else "Passed"


# --- goldens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "view"),
    [
        ("result.sarif", "sarif", MACHINE),
        ("result-quiet.sarif", "sarif", replace(MACHINE, quiet=True, baselined=True)),
        ("junit.xml", "junit", MACHINE),
        ("github.txt", "github", MACHINE),
        ("gitlab.json", "gitlab", MACHINE),
    ],
)
def test_golden(golden: Callable[[str, str], None], name: str, form: str, view: View) -> None:
    golden(name, whole(form, [*TOGETHER, SETTINGS], view))


# --- SARIF --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quiet", [False, True])
@pytest.mark.parametrize("audits", [[LOST], [*TOGETHER, SETTINGS], [REFUSED], [HOSTILE_AUDIT, HOSTILE_REFUSED], []])
def test_sarif_fits_the_official_schema(audits: list[Audit], quiet: bool) -> None:
    text = whole("sarif", audits, replace(MACHINE, quiet=quiet))
    official().validate(json.loads(text))
    assert whole("sarif", audits, replace(MACHINE, quiet=quiet, ascii_only=True)).isascii()


def test_the_official_schema_does_refuse() -> None:
    data = json.loads(whole("sarif", [LOST], MACHINE))
    data["runs"][0]["results"][0]["kind"] = "passed"
    assert not official().is_valid(data)


def test_sarif_lists_every_rule_of_the_packs_with_description_help_and_clause() -> None:
    pack = load()
    cards = tuple(card(rule, pack) for rule in pack.rules)
    data = json.loads(whole("sarif", [CLEAN], replace(VIEW, cards=cards)))
    official().validate(data)
    rules = data["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in pack.rules]
    for rule in rules:
        assert rule["fullDescription"]["text"]
        assert "依据：" in rule["help"]["text"]
        assert rule["properties"]["basis"]


def test_sarif_says_every_state_as_a_kind() -> None:
    kinds = {"pass": "pass", "fail": "fail", "review": "review", "unknown": "open", "n/a": "notApplicable"}
    found = results([LOST])
    assert len(found) == len(LOST.verdicts)
    for result, judged in zip(found, LOST.verdicts, strict=True):
        assert result["ruleId"] == judged.rule == CARDS[result["ruleIndex"]].id
        assert result["kind"] == ("fail" if judged.state == "waived" else kinds[judged.state])
        assert (result["level"] == "none") == (result["kind"] != "fail")
        assert ("suppressions" in result) == (judged.state == "waived")
        assert result["partialFingerprints"] == {"nianbao/v1": judged.fingerprint}


def test_sarif_names_who_forgave_and_where_that_is_written() -> None:
    (forgiven,) = [result for result in results([LOST]) if "suppressions" in result]
    (suppression,) = forgiven["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert "砚川县政务公开办" in suppression["justification"]
    assert "138****5555" in suppression["justification"]
    place = suppression["location"]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == sarif.uri("报告/waivers.yaml")
    assert place["region"]["startLine"] == WAIVER.line


def test_a_forgiven_review_stays_a_review() -> None:
    spared = verdict("PRV-02", "waived", waiver=WAIVER, otherwise="review")
    (result,) = results([replace(AUDIT, verdicts=(spared,))])
    assert (result["kind"], result["level"]) == ("review", "none")


def test_sarif_places_are_logical_and_physical_where_the_file_has_lines() -> None:
    text = next(result for result in results([LOST]) if result["ruleId"] == "T3-04")
    assert text["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "三/表三/予以公开/总计"
    assert text["locations"][0]["physicalLocation"]["region"] == {"startLine": 20, "snippet": {"text": "4"}}
    word = replace(LOST, source="报告.docx", report=replace(REPORT, format="docx"))
    place = next(result for result in results([word]) if result["ruleId"] == "T3-04")["locations"][0]
    assert "region" not in place["physicalLocation"]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "三/表三/予以公开/总计/第20段"


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("年报/a b.txt", "%E5%B9%B4%E6%8A%A5/a%20b.txt"),
        ("/x/a#b?.txt", "file:///x/a%23b%3F.txt"),
        ("C:\\x\\y.txt", "file:///C%3A/x/y.txt"),
        ("a:b.txt", "a%3Ab.txt"),
        ("\udce9.txt", "%E9.txt"),
    ],
)
def test_file_names_are_uris(source: str, uri: str) -> None:
    assert sarif.uri(source) == uri


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda name: "\\" not in name))
def test_no_file_name_is_lost_in_its_uri(name: str) -> None:
    found = sarif.uri(name).removeprefix("file://").removeprefix("/" if name[1:3] == ":/" else "")
    assert unquote_to_bytes(found) == name.encode()


def test_the_invocation_tells_what_could_not_be_read_and_what_crashed() -> None:
    broken = replace(CLEAN, verdicts=(verdict("STR-03", "broken", message="规则自身出错"),))
    run = json.loads(whole("sarif", [REFUSED, broken, LOST], MACHINE))["runs"][0]
    (invocation,) = run["invocations"]
    first, *notes = invocation["toolExecutionNotifications"]
    assert "national 0.0" in first["message"]["text"]
    assert [(n["level"], n["descriptor"]["id"]) for n in notes] == [
        ("error", "empty"),
        ("error", "broken"),
        ("warning", "zero-width"),
    ]
    assert notes[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == sarif.uri(REFUSED.source)
    assert notes[1]["associatedRule"] == {"id": "STR-03"}


def test_quiet_leaves_out_what_is_neither_found_nor_open() -> None:
    found = results([LOST], replace(MACHINE, quiet=True))
    wanted = [v.rule for v in LOST.verdicts if v.state in LISTED or v.state == "unknown"]
    assert [result["ruleId"] for result in found] == wanted


def test_a_baseline_gives_every_result_its_state() -> None:
    found = results([LOST], replace(MACHINE, baselined=True))
    assert [r["ruleId"] for r in found if r["baselineState"] == "unchanged"] == ["T3-04"]
    assert {r["baselineState"] for r in found} == {"unchanged", "new"}
    assert not [r for r in results([LOST]) if "baselineState" in r]


# --- JUnit --------------------------------------------------------------------------------------------------------


def test_junit_has_a_case_for_every_verdict() -> None:
    wanted = {
        "OLD-03": "Failure",
        "PRE-12": "Failure",
        "QLT-05": "Skipped",  # a hint fails no gate
        "PRV-02": "Skipped",
        "PRE-01": "Passed",
        "OLD-01": "Passed",
        "OLD-13": "Error",  # a rule that must hold and could not be looked at
        "OLD-14": "Skipped",
        "XYR-01": "Skipped",
        "STR-01": "Skipped",
        "STR-02": "Skipped",
        "PUB-02": "Skipped",
        "T3-04": "Skipped",
    }
    suite, *_ = suites([LOST, CLEAN])
    assert {case.name.split()[0]: outcome(case) for case in suite} == wanted
    assert len(list(suite)) == suite.tests == len(LOST.verdicts)
    counts = Counter(map(outcome, suite))
    assert (suite.failures, suite.errors, suite.skipped) == (counts["Failure"], counts["Error"], counts["Skipped"])


def test_junit_tells_why_a_finding_does_not_count() -> None:
    told = {case.name.split()[0]: case.result[0].message for case in suites([LOST])[0] if case.result}
    assert "砚川县政务公开办" in told["PUB-02"]
    assert "已列入基线" in told["T3-04"]


def test_an_unreadable_file_is_an_error_in_junit() -> None:
    (suite,) = suites([REFUSED])
    (case,) = suite
    assert outcome(case) == "Error"
    assert case.result[0].type == "empty"


@pytest.mark.parametrize("character", [*map(chr, range(32)), "\ufffe", "\uffff", "\ud800", "\x7f", "\x85"])
def test_characters_that_no_xml_may_hold_are_written_out(character: str) -> None:
    text = f'<a b="{xml(f"x{character}y")}">{xml(f"x{character}y")}</a>'
    parsed = ElementTree.fromstring(text.encode())
    assert parsed.text == parsed.attrib["b"]
    assert character not in (parsed.text or "")


@given(st.text())
def test_xml_reads_back(text: str) -> None:
    parsed = ElementTree.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>'.encode())
    assert parsed.attrib["b"] == (parsed.text or "")


# --- workflow commands --------------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(?:error|warning|notice) file=[^,:]*(?:,line=\d+)?,title=[^,:]*::.*")


def of_github(audits: list[Audit]) -> list[str]:
    text = whole("github", audits, MACHINE)
    return [line for line in text.splitlines() if line.startswith("::")]


def test_annotations_by_severity_with_file_and_line() -> None:
    lines = of_github(TOGETHER)
    assert all(COMMAND.fullmatch(line) for line in lines)
    kinds = {line.split("title=")[1].split("::")[0].split()[-1]: line.split()[0] for line in lines}
    assert kinds == {
        "OLD-03": "::error",
        "PRE-12": "::warning",
        "QLT-05": "::notice",
        "PRV-02": "::notice",
        "PUB-02": "::notice",
        "T3-04": "::notice",
        "未能核对": "::error",
        "无法核对": "::error",
    }
    assert lines[0].startswith("::error file=报告/青石镇2016.txt,line=18,title=必改 OLD-03::没有写明收费及减免情况")


@pytest.mark.parametrize(
    "text", [HOSTILE, "::error::甲", "##[error]乙", "##vso[task]", "a%0A::add-mask::丙", "x\r\n::debug::"]
)
def test_row_68_text_of_a_report_is_no_workflow_command(text: str) -> None:
    found = verdict("QLT-08", "fail", message=text, fix=text, where=Where(line=1, section=text, quote=text))
    audit = Audit(text, replace(REPORT, notes=(Note("x", text),)), (found,), unchecked=(text,))
    error = Audit(text, None, error=Unreadable("io", text, text))
    out = whole("github", [audit, error], MACHINE)
    lines = out.splitlines()
    assert len(lines) == 5  # versions, an annotation, what is left, an annotation, the verdict
    assert all(COMMAND.fullmatch(line) for line in (lines[1], lines[3]))
    assert not [line for line in (lines[0], lines[2], lines[4]) if line.lstrip().startswith(("::", "##"))]
    assert "##" not in out
    assert out.count("::") == 4


@given(st.text())
def test_row_68_no_text_breaks_out_of_a_command(text: str) -> None:
    said, value = command(text), command_value(text)
    assert len(f"x{said}{value}x".splitlines()) == 1
    assert "::" not in said
    assert not set(value) & {":", ","}
    assert "%" not in re.sub("%25", "", said)
    assert "%" not in re.sub("%25|%3A|%2C", "", value)


# --- code quality -------------------------------------------------------------------------------------------------


def test_code_quality_lists_every_finding_once() -> None:
    issues = json.loads(whole("gitlab", [*TOGETHER, SETTINGS], MACHINE))
    severities = {issue["check_name"]: issue["severity"] for issue in issues}
    assert severities == {
        "OLD-03": "critical",
        "PRE-12": "major",
        "QLT-05": "minor",
        "PRV-02": "info",
        "PUB-02": "info",
        "T3-04": "info",
        "unread": "blocker",
        "empty": "blocker",
        "WVR-01": "critical",
    }
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert issues[0]["location"] == {"path": "报告/青石镇2016.txt", "lines": {"begin": 18}}


def test_two_findings_alike_are_two_issues() -> None:
    twice = (verdict("STR-07", "fail"), verdict("STR-07", "fail"))
    issues = json.loads(whole("gitlab", [replace(AUDIT, verdicts=twice)], MACHINE))
    assert len({issue["fingerprint"] for issue in issues}) == 2


def test_clean_reports_leave_no_comma_behind() -> None:
    assert json.loads(whole("gitlab", [CLEAN, AUDIT, CLEAN, CLEAN, AUDIT], MACHINE))
    assert json.loads(whole("gitlab", [CLEAN], MACHINE)) == []


# --- every format -------------------------------------------------------------------------------------------------

STATES = st.sampled_from(["fail", "waived", "known", "review"])


def of_state(state: str, number: int) -> Verdict:
    """A finding that is told by its message wherever it is shown."""
    found = verdict(f"ABC-{number:02}", "fail" if state == "known" else state, message=f"甲{number:03}乙")  # type: ignore[arg-type]
    if state == "waived":
        return replace(found, waiver=WAIVER, otherwise="fail")
    return replace(found, known=state == "known")


@given(st.lists(STATES, min_size=1, max_size=8), st.booleans())
def test_forgiven_and_known_findings_never_vanish_from_any_output(states: list[str], quiet: bool) -> None:
    verdicts = tuple(of_state(state, number) for number, state in enumerate(states))
    view = replace(MACHINE, quiet=quiet, width=120)
    for name in set(FORMATS) - {"baseline"}:
        text = whole(name, [replace(AUDIT, verdicts=verdicts)], view)
        for found in verdicts:
            assert found.message in text, name
    last = whole("table", [replace(AUDIT, verdicts=verdicts)], view).splitlines()[-1]
    for state, word in (("waived", "豁免"), ("known", "原有")):
        counted = re.search(rf"{word} (\d+) 处", last)
        assert int(counted[1] if counted else 0) == states.count(state)


@pytest.mark.parametrize("name", NAMES)
def test_row_67_and_row_92_nothing_unseen_and_nothing_personal(name: str) -> None:
    text = whole(name, [AUDIT, HOSTILE_AUDIT, HOSTILE_REFUSED], MACHINE)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff]", text)
    assert "13805895555" not in text
    assert "110101199001011234" not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_result_names_tool_and_packs(name: str) -> None:
    text = whole(name, [AUDIT], replace(MACHINE, tool="1.2.3", pack="甲规则", pack_version="4.5.6"))
    assert all(word in text for word in ("1.2.3", "甲规则", "4.5.6"))


@pytest.mark.parametrize(
    ("line", "score", "coverage", "states", "unread"),
    [
        (Line(), 50.0, 0.5, [], ()),
        (Line(min_score=75), 75.0, 0.5, [("GAT-01", "pass")], ()),
        (Line(min_score=75), 74.9, 0.5, [("GAT-01", "fail")], ()),
        (Line(min_score=75), None, 0.5, [("GAT-01", "unknown")], ("GAT-01",)),
        (Line(min_coverage=0.8), 90.0, 0.8, [("GAT-02", "pass")], ()),
        (Line(min_coverage=0.8), 90.0, 0.7999, [("GAT-02", "unknown")], ("GAT-02",)),
    ],
)
def test_lines(
    line: Line, score: float | None, coverage: float, states: list[tuple[str, str]], unread: tuple[str, ...]
) -> None:
    audit = drawn(replace(AUDIT, score=score, coverage=coverage), line)
    assert [(v.rule, v.state) for v in audit.verdicts[len(AUDIT.verdicts) :]] == states
    assert audit.unread == unread
    assert audit.score == score


def test_the_gate_s_own_rules_do_not_share_a_name_with_a_rule_of_the_packs() -> None:
    pack: Pack = load()
    assert not {own.id for own in OWN} & {rule.id for rule in pack.rules}
    assert not {own.id.partition("-")[0] for own in OWN} & set(pack.topics)
