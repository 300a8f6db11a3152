"""The gate: waivers, baseline, settings, changes. Reports, places and people are invented."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from checker.cli import clock
from checker.extract import extract
from checker.gate import Gate, Ledger, baseline, changes, files, settings, waivers
from checker.gate.files import BadSettings
from checker.judge import judge
from checker.model import Audit, Case, Pack, Waiver, Where
from checker.pack import load
from checker.read import read
from checker.render import FORMATS, View
from checker.score import measure, recounted
from checker.work import Job
from tests.audits import AUDIT, CLEAN, REPORT, verdict
from tests.test_cli import call

EXAMPLES = Path(__file__).parent.parent / "examples"
FAULTY = EXAMPLES / "2023-云渚街道-有误.txt"
PLACE = "砚川县云渚街道办事处"
DAY = dt.date(2026, 3, 1)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


@pytest.fixture(scope="module")
def faulty(pack: Pack) -> Audit:
    return judge(Case(extract(read(FAULTY), pack.facts)), pack)


def waiver(rule: str, /, **changes: Any) -> Waiver:
    given = {"place": PLACE, "year": 2023, "reason": "另有安排", "who": "砚川县政务公开办", "until": "2027-06-30"}
    return Waiver(**{"rule": rule, **given, "file": "waivers.yaml", "line": 2, **changes})


def written(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"waivers": list(entries)}, ensure_ascii=False).encode()


ENTRY = {"rule": "PRE-13", "place": PLACE, "year": 2023, "reason": "另有安排", "who": "某", "until": "2027-06-30"}


# --- waivers: the file --------------------------------------------------------------------------------------------


def test_a_waiver_is_read_with_its_line() -> None:
    text = "waivers:\n  - rule: PRE-13\n    place: 砚川县 云渚街道办事处\n    year: 2023\n"
    text += (
        "    reason: 甲\n    who: 乙\n    until: 2027-06-30\n  - {rule: A-1, place: 丙, year: 2023, reason: x, who: y,"
    )
    text += " until: 2026-01-01, where: 表三/新收}\n"
    first, second = waivers.read(text.encode(), "w.yaml")
    assert first == Waiver("PRE-13", PLACE, 2023, "甲", "乙", "2027-06-30", file="w.yaml", line=2)
    assert (second.where, second.line) == ("表三/新收", 8)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resaon": "x"}, "键 waivers.1.resaon：没有名为“resaon”的键，是不是“reason”？"),
        ({"until": "2027-02-30"}, "没有“2027-02-30”这一天"),
        ({"until": "明年"}, "“明年”的写法不对"),
        ({"year": "2023"}, "键 waivers.1.year：应是整数"),
        ({"who": None}, "键 waivers.1.who：应是文字"),
        ({"reason": ""}, "不能为空"),
    ],
)
def test_a_faulty_waiver_is_named_by_file_line_and_key(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSettings) as caught:
        waivers.read(written({**ENTRY, **change}), "年报/waivers.yaml")
    assert str(caught.value).startswith("年报/waivers.yaml 第1行")
    assert said in str(caught.value)


def test_a_waiver_without_a_name_behind_it_is_none() -> None:
    with pytest.raises(BadSettings, match="缺少 who"):
        waivers.read(written({key: value for key, value in ENTRY.items() if key != "who"}), "w.yaml")
    with pytest.raises(BadSettings, match="没有名为“whom”的键，是不是“who”"):  # not: who is missing
        waivers.read(written({"whom" if key == "who" else key: value for key, value in ENTRY.items()}), "w.yaml")


@pytest.mark.parametrize("data", [b"", b"waivers: x", b"- a", b"waivers: [", b"\xff", b"waivers: []\nwaivers: []"])
def test_what_is_no_list_of_waivers_is_refused(data: bytes) -> None:
    with pytest.raises(BadSettings, match=r"w\.yaml"):
        waivers.read(data, "w.yaml")


# --- waivers: what they do ----------------------------------------------------------------------------------------


def test_a_waived_finding_stays_with_who_and_why_and_counts_for_nothing(faulty: Audit, pack: Pack) -> None:
    found, uses = waivers.waived(faulty, [waiver("PRE-13")], DAY, pack.policy)
    (spared,) = [v for v in found.verdicts if v.state == "waived"]
    assert (spared.rule, spared.otherwise) == ("PRE-13", "fail")
    assert spared.message
    assert spared.waiver == waiver("PRE-13")
    assert uses == {waiver("PRE-13"): "used"}
    without = tuple(v for v in faulty.verdicts if v.rule != "PRE-13")
    assert found.score == recounted(faulty, without, pack.policy).score
    assert found.score is not None
    assert faulty.score is not None
    assert faulty.score < found.score < 100


def test_counting_anew_changes_nothing_where_nothing_changed(faulty: Audit, pack: Pack) -> None:
    assert recounted(faulty, faulty.verdicts, pack.policy) == faulty


def test_a_rule_that_is_waived_at_one_place_earns_nothing_by_its_others() -> None:
    passed = [verdict("T3-06", "pass", subject="a"), verdict("OLD-01", "pass")]
    assert measure([*passed, verdict("T3-06", "waived", subject="b")]) == measure(passed[1:])
    assert measure([*passed, verdict("T3-06", "fail", subject="c"), verdict("T3-06", "waived")])[0] == 50.0


@pytest.mark.parametrize(
    ("change", "use"),
    [
        ({}, "used"),
        ({"until": "2026-03-01"}, "used"),  # the last day counts
        ({"until": "2026-02-28"}, "used"),  # expired: it fits, but forgives nothing
        ({"where": "三/表三"}, "used"),
        ({"where": "予以公开/总计"}, "used"),
        ({"where": "予以"}, "idle"),
        ({"where": "表四"}, "idle"),
        ({"rule": "OLD-03"}, "idle"),
        ({"rule": "OLD-13"}, "open"),
    ],
)
def test_what_becomes_of_a_waiver(change: dict[str, Any], use: str, pack: Pack) -> None:
    where = Where(section="三", table="表三", row="予以公开", col="总计")
    verdicts = (verdict("T3-04", "fail", where=where), verdict("OLD-03", "pass"), verdict("OLD-13", "unknown"))
    audit = replace(AUDIT, verdicts=verdicts, report=replace(REPORT, place=PLACE, year=2023))
    given = waiver("T3-04", **change)
    found, uses = waivers.waived(audit, [given], DAY, pack.policy)
    assert uses == {given: use}
    forgiven = use == "used" and given.until >= "2026-03-01"
    assert [v.state for v in found.verdicts] == ["waived" if forgiven else "fail", "pass", "unknown"]


@pytest.mark.parametrize("change", [{"place": "别的镇人民政府"}, {"year": 2022}])
def test_a_waiver_of_another_report_says_nothing(change: dict[str, Any], faulty: Audit, pack: Pack) -> None:
    assert waivers.waived(faulty, [waiver("PRE-13", **change)], DAY, pack.policy) == (faulty, {})


def test_what_could_not_be_read_cannot_be_waived(pack: Pack) -> None:
    audit = replace(AUDIT, report=replace(REPORT, place=PLACE, year=2023), unread=("OLD-13",))
    found, _ = waivers.waived(audit, [waiver("OLD-13")], DAY, pack.policy)
    assert found.unread == ("OLD-13",)
    assert "waived" not in {v.state for v in found.verdicts if v.rule == "OLD-13"}


# --- waivers: what is wrong with them -----------------------------------------------------------------------------


def faults(pack: Pack, given: list[Waiver], *traces: tuple[str | None, int | None], whole: bool = True) -> list[str]:
    ledger = waivers.Ledger()
    for place, year in traces:
        met = {w: "used" if w.rule == "PRE-13" else "idle" for w in given if (w.place, w.year) == (place, year)}
        ledger.add(place, year, met)  # type: ignore[arg-type]
    return [f"{v.rule} {v.state} {v.severity}" for v in ledger.faults(given, pack, DAY, whole)]


@pytest.mark.parametrize(
    ("change", "whole", "found"),
    [
        ({}, True, []),
        ({"rule": "STR-01"}, True, ["WVR-02 fail should"]),
        ({"rule": "STR-99"}, False, ["WVR-03 fail must"]),
        ({"until": "2020-01-01"}, False, ["WVR-01 fail must"]),
        ({"until": "2020-01-01", "place": "别处"}, False, []),  # of a report that this run did not see
        ({"until": "2020-01-01", "place": "别处"}, True, ["WVR-01 fail must"]),
        ({"place": "别处"}, True, ["WVR-03 fail must"]),
        ({"place": "别处"}, False, []),
        ({"fresh": True}, False, ["WVR-04 review must"]),
        ({"fresh": True, "rule": "STR-01"}, False, ["WVR-02 fail should"]),
    ],
)
def test_a_waiver_that_is_not_right_is_a_finding(
    change: dict[str, Any], whole: bool, found: list[str], pack: Pack
) -> None:
    assert faults(pack, [replace(waiver("PRE-13"), **change)], (PLACE, 2023), whole=whole) == found


def test_nobody_is_said_to_be_missing_while_a_file_could_not_be_read(pack: Pack) -> None:
    assert faults(pack, [waiver("PRE-13", place="别处")], (PLACE, 2023), (None, None)) == []


def test_a_misspelt_place_and_rule_get_a_suggestion(pack: Pack) -> None:
    ledger = waivers.Ledger()
    ledger.add(PLACE, 2023, {})
    given = [waiver("PRE-13", place="砚川县云渚街道办"), waiver("PRE-013")]
    said = [v.message for v in ledger.faults(given, pack, DAY, True)]
    assert f"是不是“{PLACE}”？" in said[0]
    assert "是不是“PRE-13”？" in said[1]


# --- baseline -----------------------------------------------------------------------------------------------------


def lines(*audits: Audit) -> bytes:
    form, view = FORMATS["baseline"], View(tool="0", pack="p", pack_version="1")
    return (form.head(view) + "".join(form.report(audit, view) for audit in audits)).encode()


STATES = st.lists(
    st.tuples(st.sampled_from(["fail", "review", "pass", "waived", "unknown"]), st.sampled_from("abc")), max_size=8
)


def with_states(states: list[tuple[str, str]]) -> Audit:
    verdicts = tuple(verdict(f"ABC-{mark}", state, fingerprint=mark) for state, mark in states)  # type: ignore[arg-type]
    return replace(AUDIT, verdicts=verdicts)


@given(STATES, STATES)
def test_only_what_was_there_is_known_and_nothing_is_lost(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    kept = baseline.read(lines(with_states(before)), "b.jsonl")
    audit = with_states(after)
    found, _ = baseline.compared(audit, kept)
    assert [replace(v, known=False) for v in found.verdicts] == list(audit.verdicts)
    old = Counter(mark for state, mark in before if state in ("fail", "review"))
    new = Counter(mark for state, mark in after if state in ("fail", "review"))
    assert Counter(v.fingerprint for v in found.verdicts if v.known) == old & new


@given(STATES)
def test_a_baseline_of_the_same_reports_leaves_nothing_new_and_nothing_fixed(states: list[tuple[str, str]]) -> None:
    audit = with_states(states)
    kept = baseline.read(lines(audit), "b.jsonl")
    found, met = baseline.compared(audit, kept)
    assert all(v.known for v in found.findings)
    ledger = baseline.Ledger()
    ledger.add(met)
    assert list(ledger.faults(kept)) == []


def test_fixed_findings_are_named_with_their_line_but_not_what_nobody_could_judge(tmp_path: Path) -> None:
    before = with_states([("fail", "a"), ("fail", "b"), ("fail", "b"), ("fail", "c")])
    kept = baseline.read(lines(before), str(tmp_path / "b.jsonl"))
    _, met = baseline.compared(with_states([("pass", "a"), ("fail", "b"), ("unknown", "c")]), kept)
    ledger = baseline.Ledger()
    ledger.add(met)
    assert [(v.rule, v.where.line) for v in ledger.faults(kept)] == [("BSL-01", 2), ("BSL-01", 4)]


def test_entries_of_a_report_that_was_not_seen_stay_unless_its_file_is_gone(tmp_path: Path) -> None:
    here, gone = (replace(with_states([("fail", mark)]), source=f"{mark}.txt") for mark in "ab")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    kept = baseline.read(lines(here, gone), str(tmp_path / "b.jsonl"))
    assert [v.where.line for v in baseline.Ledger().faults(kept)] == [3]


def test_one_report_in_two_formats_is_known_in_both() -> None:
    """Fingerprints do not name the file, so that a re-export is the same finding."""
    word, page = (replace(with_states([("fail", "a")]), source=name) for name in ("r.docx", "r.html"))
    kept = baseline.read(lines(word, page), "b.jsonl")
    assert kept.known == {"a": 1}
    assert all(baseline.compared(audit, kept)[0].verdicts[0].known for audit in (word, page))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "第1行不是基线的开头|第1行读不懂"),
        (b"{}", "第1行不是基线的开头"),
        (b'{"nianbao_baseline": 2}', "第1行不是基线的开头"),
        (b'{"nianbao_baseline": 1}\n[]', "第2行读不懂"),
        (b'{"nianbao_baseline": 1}\n{"fingerprint": "a"}', "第2行缺少内容"),
        (b'{"nianbao_baseline": 1}\n' + b"[" * 100_000, "第2行读不懂"),
        (b"\xff\xfe", "第1行读不懂"),
    ],
)
def test_what_is_no_baseline_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        baseline.read(data, "b.jsonl")


# --- the gate as a whole ------------------------------------------------------------------------------------------

FOUND = st.sampled_from(["fail", "review"])
NO_RULES = replace(load(), rules=())


@trying(max_examples=50)
@given(st.lists(st.tuples(FOUND, st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_waived_and_known_findings_never_vanish(states: list[tuple[Any, bool, bool]]) -> None:
    report = replace(REPORT, place=PLACE, year=2023)
    verdicts = tuple(
        verdict(f"ABC-{at}", state, message=f"甲{at}乙", fingerprint=str(at)) for at, (state, _, _) in enumerate(states)
    )
    audit = replace(AUDIT, report=report, verdicts=verdicts)
    spared = tuple(waiver(f"ABC-{at}") for at, (_, waived, _) in enumerate(states) if waived)
    known = replace(audit, verdicts=tuple(v for v, (_, _, old) in zip(verdicts, states, strict=True) if old))
    gate = Gate(waivers={os.path.abspath("报告"): spared}, baseline=baseline.read(lines(known), "b"), day=DAY)
    for form in set(FORMATS) - {"baseline"}:
        text = Job(NO_RULES, form, View(width=120), gate=gate).piece(audit).text
        assert all(v.message in text for v in verdicts), form
    fails = [at for at, (state, waived, old) in enumerate(states) if state == "fail" and not waived and not old]
    assert Job(NO_RULES, "json", View(), gate=gate).piece(audit).status == int(bool(fails))


def test_waivers_govern_what_lies_below_their_folder(tmp_path: Path) -> None:
    far, near = waiver("A-1"), waiver("B-1")
    gate = Gate(waivers={str(tmp_path): (far,), str(tmp_path / "a"): (near,)})
    assert gate.governing(str(tmp_path / "a" / "b" / "r.txt")) == [near, far]
    assert gate.governing(str(tmp_path / "ab" / "r.txt")) == [far]
    assert gate.governing(str(tmp_path.parent / "r.txt")) == []


def test_the_ledger_makes_an_audit_of_each_file_that_is_at_fault(pack: Pack, tmp_path: Path) -> None:
    given = {str(tmp_path): (waiver("STR-99", file="w.yaml"),), str(tmp_path / "a"): (waiver("PRE-13"),)}
    gate = Gate(waivers=given, day=DAY)
    (found,) = Ledger(gate).audits(pack)
    assert (found.source, found.of_settings) == ("w.yaml", True)
    assert [v.rule for v in found.verdicts] == ["WVR-03"]


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one faulty report, and nothing of the machine's own settings."""
    for name in [name for name in os.environ if name.startswith("NIANBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(dt.datetime(2026, 3, 1, tzinfo=dt.UTC).timestamp())))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "年报"
    folder.mkdir()
    (folder / "2023.txt").write_bytes(FAULTY.read_bytes())
    return tmp_path


def held(name: str, **options: Any) -> tuple[Any, str]:
    found = settings.settled([Path("年报")], options, os.environ)[name]
    return found.value, found.origin


def test_option_environment_file_default_in_this_order(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert held("fail_on") == ("must", "默认")
    (project / "nianbao.yaml").write_text("# 甲\nfail_on: should\nbaseline: b.jsonl\n", encoding="utf-8")
    assert held("fail_on") == ("should", "nianbao.yaml 第2行")
    assert held("baseline") == ("b.jsonl", "nianbao.yaml 第3行")
    monkeypatch.setenv("NIANBAO_FAIL_ON", "never")
    assert held("fail_on") == ("never", "环境变量 NIANBAO_FAIL_ON")
    assert held("fail_on", fail_on="must") == ("must", "选项 --fail-on")


@pytest.mark.parametrize("name", settings.DEFAULTS)
def test_every_setting_has_a_key_a_variable_and_an_option(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {
        "fail_on": "should", "min_score": 60, "min_coverage": 80, "baseline": "b", "strict_baseline": True,
        "changed_since": "main", "across": True, "packs": ["p"], "format": "json", "lang": "en", "jobs": 2,
    }  # fmt: skip
    wanted = tuple(given["packs"]) if name == "packs" else given[name]
    (project / "nianbao.yaml").write_text(json.dumps({name: given[name]}), encoding="utf-8")
    assert held(name) == (wanted, "nianbao.yaml 第1行")
    (project / "nianbao.yaml").unlink()
    monkeypatch.setenv(f"NIANBAO_{name.upper()}", "p" if name == "packs" else json.dumps(given[name]).strip('"'))
    assert held(name) == (wanted, f"环境变量 NIANBAO_{name.upper()}")
    assert held(name, **{name: wanted}) == (wanted, f"选项 {settings.option(name)}")
    assert set(files.schema("settings")["properties"]) == set(settings.DEFAULTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fial_on: must\n", "nianbao.yaml 第1行第1列，键 fial_on：没有名为“fial_on”的键，是不是“fail_on”？"),
        ("fail_on: mist\n", "是不是“must”？"),
        ("\nmin_score: high\n", "nianbao.yaml 第2行"),
        ("min_score: 101\n", "101 太大，不能大于 100"),
        ("min_coverage: 0.8\n", "0.8 应写成百分数，如 80"),
        ("jobs: 0\n", "0 太小"),
        ("format: pdf\n", "没有“pdf”这种样式"),
        ("a: [\n", "不合 YAML 写法"),
    ],
)
def test_a_faulty_setting_stops_the_run_with_its_place(
    text: str, said: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "nianbao.yaml").write_text(text, encoding="utf-8")
    assert call("check", "年报") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_a_variable_that_is_nearly_ours_is_refused_and_another_is_not(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NIANBAO_VERSION", "1")
    assert call("config", "show") == 0
    monkeypatch.setenv("NIANBAO_FAILON", "must")
    assert call("config", "show") == 2
    assert "是不是“NIANBAO_FAIL_ON”？" in capsys.readouterr().err
    assert project.exists()


def test_settings_are_searched_up_to_the_root_of_the_project_and_no_further(project: Path) -> None:
    inner = project / "仓库"
    (inner / "年报").mkdir(parents=True)
    (project / "nianbao.yaml").write_text("lang: en\n", encoding="utf-8")
    assert settings.project_file([Path("仓库/年报")]) == Path("nianbao.yaml")
    (inner / ".git").mkdir()
    assert settings.project_file([Path("仓库/年报")]) is None
    with pytest.raises(BadSettings, match="请分开检查"):
        settings.project_file([Path("仓库/年报"), Path("年报")])


def test_config_show_tells_what_holds_and_from_where(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "nianbao.yaml").write_text("min_score: 75\n", encoding="utf-8")
    (project / "年报" / "waivers.yaml").write_bytes(written(ENTRY))
    monkeypatch.setenv("NIANBAO_LANG", "en")
    assert call("config", "show", "年报") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "项目设置：nianbao.yaml"
    assert [line.split() for line in shown if line.startswith(("min_score", "lang", "fail_on"))] == [
        ["fail_on", "must", "默认"],
        ["min_score", "75", "nianbao.yaml", "第1行"],
        ["lang", "en", "环境变量", "NIANBAO_LANG"],
    ]
    assert shown[-1] == "豁免清单：年报/waivers.yaml（1 条）"


# --- the command --------------------------------------------------------------------------------------------------


def rules_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, dict[str, list[str]]]]:
    """Exit code, and for each file its rules by state."""
    code = call("check", "年报", "--format", "json", "--jobs", "1", *arguments)
    reports = json.loads(capsys.readouterr().out)["reports"]
    found: dict[str, dict[str, list[str]]] = {}
    for report in reports:
        states = found.setdefault(report["source"], {})
        for v in report["verdicts"]:
            states.setdefault("known" if v.get("known") else v["state"], []).append(v["rule"])
    return code, found


def test_waivers_work_on_the_command_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "年报" / "waivers.yaml"
    path.write_bytes(written(ENTRY, {**ENTRY, "rule": "STR-11"}))
    code, found = rules_of(capsys)
    assert code == 0
    assert found["年报/2023.txt"]["waived"] == ["PRE-13", "STR-11"]
    path.write_bytes(written(ENTRY, {**ENTRY, "rule": "STR-11", "until": "2026-02-28"}))
    code, found = rules_of(capsys)
    assert code == 1
    assert found["年报/waivers.yaml"] == {"fail": ["WVR-01"]}
    assert "STR-11" in found["年报/2023.txt"]["fail"]


def test_a_faulty_list_of_waivers_stops_the_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "年报" / "waivers.yaml").write_bytes(written({**ENTRY, "rulle": "x"}))
    assert call("check", "年报/2023.txt") == 2
    assert "年报/waivers.yaml 第1行" in capsys.readouterr().err


def test_a_baseline_lets_only_new_findings_fail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("baseline", "年报", "-o", "b.jsonl") == 0
    assert "1 份报告，14 处问题" in capsys.readouterr().err
    code, found = rules_of(capsys, "--baseline", "b.jsonl")
    assert (code, len(found["年报/2023.txt"]["known"])) == (0, 14)
    report = project / "年报" / "2023.txt"
    text = report.read_text(encoding="utf-8")
    report.write_text(text.replace("约230条", "230条").replace("2024年1月", "2020年1月", 1), encoding="utf-8")
    code, found = rules_of(capsys, "--baseline", "b.jsonl", "--strict-baseline")
    assert found["b.jsonl"] == {"fail": ["BSL-01"]}
    assert code == 1
    assert "QLT-04" in found["年报/2023.txt"]["pass"]


def test_a_baseline_never_overwrites_what_is_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "b.jsonl").write_text("我的笔记", encoding="utf-8")
    assert call("baseline", "年报", "-o", "b.jsonl") == 2
    assert (project / "b.jsonl").read_text(encoding="utf-8") == "我的笔记"
    assert call("baseline", "年报") == 2
    assert call("check", "年报", "--baseline", "none.jsonl") == 2
    told = capsys.readouterr().err.splitlines()
    assert "不是基线" in told[0]
    assert "没有说基线写到哪里" in told[1]
    assert "请先用 nianbao baseline 生成" in told[2]


def test_row_82_the_day_of_the_run_is_that_of_source_date_epoch(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "年报" / "waivers.yaml").write_bytes(written({**ENTRY, "until": "2026-03-01"}))
    for last in ("2026-03-01", "2026-03-02"):
        seconds = int(dt.datetime.fromisoformat(f"{last}T23:59:59+00:00").timestamp())
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(seconds))
        assert clock.today().isoformat() == last
        _, found = rules_of(capsys)
        assert ("年报/waivers.yaml" in found) == (last > "2026-03-01")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "昨天")
    assert call("check", "年报") == 2


# --- changes ------------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=某人", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(project: Path) -> Path:
    """A repository with three reports on main, and a branch."""
    for year in ("2021", "2022"):
        (project / "年报" / f"{year}.txt").write_bytes(FAULTY.read_bytes().replace(b"2023", year.encode()))
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "reports")
    git(project, "checkout", "-q", "-b", "change")
    return project


def touched(repository: Path) -> list[str]:
    seen = changes.since("main", str(repository / "年报"))
    return [path.name for path in sorted((repository / "年报").glob("*.txt")) if seen.touches(path)]


def test_changed_are_committed_staged_unstaged_new_and_renamed_files(repository: Path) -> None:
    folder = repository / "年报"
    assert touched(repository) == []
    (folder / "2021.txt").write_bytes(b"x")
    assert touched(repository) == ["2021.txt"]
    git(repository, "commit", "-q", "-am", "a")
    (folder / "新 的\n.txt").write_bytes(b"x")
    git(repository, "mv", "年报/2022.txt", "年报/2022年.txt")
    assert touched(repository) == ["2021.txt", "2022年.txt", "新 的\n.txt"]


def test_what_others_changed_on_main_meanwhile_is_no_part_of_the_change(repository: Path) -> None:
    (repository / "年报" / "2021.txt").write_bytes(b"x")
    git(repository, "commit", "-q", "-am", "ours")
    git(repository, "checkout", "-q", "main")
    (repository / "年报" / "2022.txt").write_bytes(b"y")
    git(repository, "commit", "-q", "-am", "theirs")
    git(repository, "checkout", "-q", "change")
    assert touched(repository) == ["2021.txt"]


@pytest.mark.parametrize("name", ["年报/waivers.yaml", "nianbao.yaml"])
def test_a_change_of_settings_touches_every_report_below(name: str, repository: Path) -> None:
    (repository / name).write_text("waivers: []\n" if "waivers" in name else "lang: zh\n", encoding="utf-8")
    assert touched(repository) == ["2021.txt", "2022.txt", "2023.txt"]
    (repository / "别处").mkdir()
    seen = changes.since("main", str(repository))
    assert seen.touches(repository / "别处" / "x.txt") == (name == "nianbao.yaml")


@pytest.mark.parametrize(
    "version", ["nowhere", "--output=x", "-h", "", "a\nb", "main..change", "@{u}", "$(touch x)", "a" * 9999]
)
def test_a_version_that_is_none_is_a_plain_usage_error(
    version: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if version:  # an empty one is none given
        assert call("check", "年报", f"--changed-since={version}") == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert "仓库里没有" in told.err
    with pytest.raises(BadSettings):
        changes.since(version, str(repository))
    assert not (repository / "x").exists()


def test_outside_a_repository_it_is_a_plain_usage_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check", "年报", "--changed-since", "main") == 2
    assert "不在 git 仓库里" in capsys.readouterr().err
    assert project.exists()


def test_without_git_it_is_a_plain_usage_error(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert call("check", "年报", "--changed-since", "main") == 2
    assert "没有找到 git" in capsys.readouterr().err


def test_the_repository_s_own_programs_are_not_run(repository: Path) -> None:
    """A hostile repository may name programs in its configuration; asking what changed starts none of them."""
    spy = repository / "spy.sh"
    spy.write_text(f"#!/bin/sh\ntouch '{repository}/ran'\n", encoding="utf-8")
    spy.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        git(repository, "config", key, str(spy))
    (repository / "年报" / "2021.txt").write_bytes(b"x")
    assert changes.since("main", str(repository)).paths
    assert not (repository / "ran").exists()


def test_only_changed_reports_are_shown_and_gated(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check", "年报", "--changed-since", "main") == 0
    assert "没有改过报告" in capsys.readouterr().err
    (repository / "年报" / "2021.txt").write_bytes(FAULTY.read_bytes().replace(b"2023", b"2021") + "另。\n".encode())
    code, found = rules_of(capsys, "--changed-since", "main")
    assert (code, list(found)) == (1, ["年报/2021.txt"])


def test_a_path_that_is_not_there_is_never_passed_over(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check", "年抱", "--changed-since", "main") == 3
    assert "年抱" in capsys.readouterr().out
    assert repository.exists()


def test_a_waiver_added_in_the_change_that_it_excuses_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = repository / "年报" / "waivers.yaml"
    path.write_bytes(written({**ENTRY, "rule": "STR-11"}))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "an old waiver")
    git(repository, "branch", "-f", "main")
    path.write_bytes(written({**ENTRY, "rule": "STR-11"}, ENTRY))
    code, found = rules_of(capsys, "--changed-since", "main")
    assert found["年报/2023.txt"]["waived"] == ["PRE-13", "STR-11"]
    assert found["年报/waivers.yaml"] == {"review": ["WVR-04"]}
    assert code == 1  # the other years are shown, too, and fail
    code, found = rules_of(capsys)
    assert "年报/waivers.yaml" not in found


def test_in_a_hook_the_repository_is_still_found(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git tells hooks GIT_DIR and GIT_INDEX_FILE relative to the root."""
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert touched(repository) == []


@pytest.mark.parametrize("form", [name for name in FORMATS if name != "baseline"])
def test_settings_files_are_shown_in_every_format(form: str) -> None:
    fault = Audit("报告/waivers.yaml", None, (verdict("WVR-01", "fail", message="豁免已过期", where=Where(line=4)),))
    from tests.test_render import whole

    text = whole(form, [CLEAN, fault])
    assert "豁免已过期" in text
    assert "waivers.yaml" in text
