"""Local packs: what they may do to the rules they stand on, what they may not, and that no result is silent of it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.cli import app
from checker.examples import run_examples
from checker.judge import judge, severity_of
from checker.model import Case, Era, Level, Pack, Report, Rule
from checker.pack import BadPack, files, load
from checker.read import read
from checker.render import rulebook
from checker.work import audit
from tests.sample import case, home, rule

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / "rules" / "local"
TOWN = ROOT / "examples" / "2024-桐溪镇-规范.txt"
TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample pack in place of the national one."""
    return home(tmp_path, monkeypatch)


def overlay(folder: Path, name: str = "县规则", **head: Any) -> Path:
    """A local pack in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"name": name, "version": "0.1.0", **head}, allow_unicode=True, sort_keys=False)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return folder


def laid(folder: Path, **head: Any) -> Pack:
    return load([overlay(folder, **head)], cache=False)


def refused(folder: Path, **head: Any) -> BadPack:
    with pytest.raises(BadPack) as caught:
        laid(folder, **head)
    assert caught.value.file == str(folder / "pack.yaml")
    return caught.value


def kept(pack: Pack, name: str) -> Rule:
    found = pack.rule(name)
    assert found is not None
    return found


# --- change -------------------------------------------------------------------------------------------------------


def test_a_change_is_a_whole_rule_again(rules: Path, tmp_path: Path) -> None:
    del rules
    pack = laid(tmp_path / "县", change={"AAA-01": {"severity": "must", "fix": "补写收费"}, "AAA-02": {"weight": 9}})
    changed = kept(pack, "AAA-01")
    assert (changed.severity, changed.fix, changed.pack) == ({"A": "must", "B": "must"}, "补写收费", "样例")
    assert [(c.pack, c.keys, c.softer) for c in changed.changes] == [("县规则", ("severity", "fix"), ())]
    assert kept(pack, "AAA-02").weight == 9
    assert (pack.name, pack.version) == ("样例＋县规则", "0.0.1＋0.1.0")
    assert [r.id for r in pack.rules] == ["BBB-01", "AAA-01", "AAA-02"]


@pytest.mark.parametrize(
    ("changes", "code", "key", "words"),
    [
        ({"AAA-09": {"fix": "改"}}, "unknown-rule", "", "是不是“AAA-0"),
        ({"AAA-01": {"sverity": "must"}}, "pack-shape", "sverity", "是不是“severity”"),
        ({"AAA-01": {"facts": ["feees"]}}, "unknown-fact", "facts.1", "是不是“fees”"),
        ({"AAA-01": {"message": "{what}"}}, "placeholder", "message", "没有东西能填"),
        ({"AAA-01": {"kind": "wording"}}, "pack-shape", "kind", "不能改"),
        ({"AAA-01": {"severity": {"A": "must", "B": "info"}}}, "softened", "severity", "只能改得更严"),
        ({"AAA-02": {"severity": "info"}}, "softened", "severity", "disable"),
        ({"AAA-02": {"confidence": "low"}}, "softened", "confidence", "只能改得更严"),
        ({"AAA-02": {"weight": 1}}, "softened", "weight", "只能改得更严"),
        ({"AAA-02": {"eras": ["A", "B", "C"]}}, "softened", "eras", "只能改得更严"),
        ({"AAA-02": {"levels": ["镇"]}}, "softened", "levels", "只能改得更严"),
        ({"AAA-02": {"levels": {"镇": "n/a"}}}, "softened", "levels", "只能改得更严"),
        ({"AAA-02": {"years": [2020, None]}}, "softened", "years", "只能改得更严"),
        ({"AAA-02": {"when": {"kind": "presence", "facts": ["fees"]}}}, "softened", "when", "只能改得更严"),
        ({"AAA-02": {"yields_to": ["AAA-01"]}}, "softened", "yields_to", "只能改得更严"),
    ],
)
def test_a_change_is_refused_in_one_plain_line(
    rules: Path, tmp_path: Path, changes: dict[str, Any], code: str, key: str, words: str
) -> None:
    del rules
    error = refused(tmp_path / "县", change=changes)
    assert (error.code, error.key or "", error.rule) == (code, key, next(iter(changes)))
    assert words in error.message
    assert error.line is not None
    assert error.line > 2


def test_numbers_that_ask_for_less_are_named_as_softer(rules: Path, tmp_path: Path) -> None:
    (rules / "national" / "more.yaml").write_text(
        yaml.safe_dump(
            {"rules": [rule(id="AAA-03", kind="statement", scope="body", forbid=None, any_of=["甲"], at_least=2)]}
        )
    )
    pack = laid(tmp_path / "县", change={"AAA-03": {"at_least": 1}})
    assert kept(pack, "AAA-03").changes[0].softer == ("at_least",)
    assert "放宽了 AAA-03（at_least）" in said(pack)


LIMIT = {"镇": "+1-01-31", "县": "+1-03-31"}


@pytest.mark.parametrize(
    ("keys", "key", "new"),
    [
        ({"kind": "date", "facts": ["fees"], "not_after": LIMIT}, "not_after", {**LIMIT, "县": "+1-04-01"}),
        ({"kind": "date", "facts": ["fees"], "not_after": LIMIT}, "not_after", {"镇": "+1-01-31"}),
        ({"kind": "date", "facts": ["fees"], "not_before": "+0-12-31"}, "not_before", "+0-12-01"),
        ({"forbid": ["错字", "别字"]}, "forbid", ["别字"]),
        ({}, "allow", ["错字"]),
        ({}, "unless_near", {"pattern": "错", "within": 9}),
        ({"kind": "statement", "any_of": ["甲"]}, "any_of", ["甲", "。"]),
        ({"kind": "statement", "all_of": ["甲", "乙"]}, "all_of", ["甲"]),
        ({"kind": "statement", "any_of": ["甲"], "unless": ["乙"]}, "unless", ["乙", "丙"]),
    ],
)
def test_days_and_lists_that_ask_for_less_are_named_as_softer(
    rules: Path, tmp_path: Path, keys: dict[str, Any], key: str, new: Any
) -> None:
    head = keys if keys.get("kind", "wording") == "wording" else {"forbid": None, **keys}
    head = head if head.get("kind") != "date" else {"scope": None, **head}
    text = yaml.safe_dump({"rules": [rule(**{"id": "AAA-03", **head})]}, allow_unicode=True)
    (rules / "national" / "more.yaml").write_text(text, encoding="utf-8")
    assert kept(laid(tmp_path / "宽", change={"AAA-03": {key: new}}), "AAA-03").changes[0].softer == (key,)
    same = laid(tmp_path / "同", change={"AAA-03": {key: keys[key]}}) if key in keys else laid(tmp_path / "同")
    assert not any(change.softer for change in kept(same, "AAA-03").changes)


def test_a_rule_of_its_own_that_outweighs_the_others_is_named(rules: Path, tmp_path: Path) -> None:
    del rules
    own = [rule(id="YC-01", weight=100), rule(id="YC-02", weight=5)]
    assert "自己的规则 2 条（YC-01 的分值比必改的规则还高）" in said(laid(tmp_path / "县", prefix="YC", rules=own))


def test_the_elements_that_no_form_prints_may_be_relaxed_and_that_is_said(rules: Path, tmp_path: Path) -> None:
    assert refused(tmp_path / "乡", elements={"fees": ["A"]}).code == "softened"
    assert "是不是“fees”" in refused(tmp_path / "村", elements={"fes": ["A"]}).message
    free(rules)
    pack = laid(tmp_path / "县", change={"AAA-01": {"severity": "info"}}, elements={"fees": []})
    assert kept(pack, "AAA-01").changes[0].softer == ("severity",)
    assert pack.elements[0].required == ()
    assert "放宽了 AAA-01（级别）；必备的时期改为 收费（都不必备）" in said(pack)


def test_the_national_pack_leaves_period_and_contact_to_the_counties(local: Pack) -> None:
    assert [spec.name for spec in local.elements if spec.local] == ["period", "contact"]
    assert {spec.name: spec.required for spec in local.elements}["contact"] == ("A", "B", "C", "D")


def free(rules: Path) -> None:
    """Let local packs ask for more or less of the sample's one element."""
    path = rules / "national" / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "    local: true\n", encoding="utf-8")


def said(pack: Pack) -> str:
    report = Report("甲", "txt", None, "镇", 2024, "D", "", {}, {})
    return "".join(note.message for note in judge(Case(report), pack).notes)


# --- disable ------------------------------------------------------------------------------------------------------


def test_a_rule_is_off_until_a_day_and_back_the_day_after(rules: Path, tmp_path: Path) -> None:
    del rules
    off = [{"id": "AAA-01", "reason": "改版", "until": "2026-03-31"}]
    folder = overlay(tmp_path / "县", disable=off)
    last, after = (load([folder], cache=False, today=dt.date(2026, *day)) for day in ((3, 31), (4, 1)))
    report = Report("甲", "txt", None, "镇", 2010, "A", "", {}, {})
    states = [{v.rule: v.state for v in judge(Case(report), pack).verdicts}["AAA-01"] for pack in (last, after)]
    assert states == ["n/a", "fail"]
    assert "停用了 AAA-01（至2026年3月31日，改版）" in said(last)
    assert "停用期满、已经恢复的 AAA-01（2026年3月31日到期）" in said(after)
    assert last.digest != after.digest


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"id": "AAA-02", "until": "2026-03-31"}, "缺少 reason"),
        ({"id": "AAA-02", "reason": "改版"}, "缺少 until"),
        ({"id": "AAA-02", "reason": "改版", "until": "2026-02-30"}, "不是 2026-12-31 这样的日期"),
        ({"id": "AAB-02", "reason": "改版", "until": "2026-02-28"}, "是不是“AAA-02”"),
    ],
)
def test_a_disable_needs_a_reason_and_a_day(rules: Path, tmp_path: Path, entry: dict[str, str], words: str) -> None:
    del rules
    assert words in refused(tmp_path / "县", disable=[entry]).message


# --- own rules ----------------------------------------------------------------------------------------------------


def test_own_rules_have_their_own_ids_and_documents(rules: Path, tmp_path: Path) -> None:
    del rules
    documents = {"county": {"title": "通知", "number": "县〔2025〕1号", "clauses": {"1": "第一条"}}}
    own = [rule(id="YC-01", basis=["county#1"])]
    pack = laid(tmp_path / "县", prefix="YC", documents=documents, rules=own)
    assert kept(pack, "YC-01").pack == "县规则"
    assert pack.topics["YC"] == "县规则"
    assert refused(tmp_path / "一", prefix="YC", documents=documents, rules=[rule(id="XC-01")]).key == "id"
    assert "自己的编号开头" in refused(tmp_path / "二", rules=[rule(id="YC-01")]).message
    assert "AAA 已经有了" in refused(tmp_path / "三", prefix="AAA").message
    assert "依据 law 已经有了" in refused(tmp_path / "四", documents={"law": documents["county"]}).message


def test_a_slow_pattern_of_its_own_is_not_called_the_programs_fault(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del rules
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.05)
    documents = {"county": {"title": "通知", "number": "县〔2025〕1号", "clauses": {"1": "第一条"}}}
    own = [rule(id="YC-01", basis=["county#1"], forbid=[r"(?=(a+))*?(a|aa)+$"])]
    pack = laid(tmp_path / "县", prefix="YC", documents=documents, rules=own)
    message = judge(case(texts={"body": "a" * 60 + "b"}), pack).verdicts[-1].message
    assert message.startswith("规则 YC-01 自身出错，没有核对；这是本地规则“县规则”的毛病，报告不用为它修改")
    assert "检查程序的毛病" not in message


# --- row 64: what a pack stands on --------------------------------------------------------------------------------


def test_row_64_a_chain_from_the_province_down(rules: Path, tmp_path: Path) -> None:
    del rules
    county = overlay(tmp_path / "县", "县规则", extends="市", change={"AAA-01": {"fix": "县里这样改"}})
    city = overlay(county / "市", "市规则", extends="省", change={"AAA-01": {"severity": "must", "fix": "市里这样改"}})
    overlay(city / "省", "省规则", extends="national", change={"AAA-02": {"severity": "must"}})
    pack = load([county], cache=False)
    assert pack.name == "样例＋省规则＋市规则＋县规则"
    assert [change.pack for change in kept(pack, "AAA-01").changes] == ["市规则", "县规则"]
    assert (kept(pack, "AAA-01").fix, kept(pack, "AAA-01").severity["B"]) == ("县里这样改", "must")
    assert kept(pack, "AAA-02").severity["A"] == "must"
    overlay(county, "县规则", extends="市", change={"AAA-02": {"severity": "should"}})
    with pytest.raises(BadPack, match="只能改得更严"):  # than what the province made of it
        load([county], cache=False)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("../别处", "不能指到外面"),
        ("/tmp", "不能指到外面"),
        ("https://example.com/pack", "不能是网址"),
        ("file:///etc", "不能是网址"),
        (".", "绕成了圈"),
        ("没有", "不是本文件夹里的文件夹"),
        ("nationl", "全国统一规则写作 national"),
        ("圈/圈/圈", "绕成了圈"),
        ("外", "不能指到外面"),
    ],
)
def test_row_64_a_pack_stands_on_what_lies_in_its_folder_only(
    rules: Path, tmp_path: Path, wanted: str, words: str
) -> None:
    del rules
    overlay(tmp_path / "别处", "别处")
    folder = overlay(tmp_path / "县", extends=wanted)
    (folder / "圈").symlink_to(folder)
    (folder / "外").symlink_to(tmp_path / "别处")
    with pytest.raises(BadPack, match=words) as caught:
        load([folder], cache=False)
    assert caught.value.code in ("pack-path", "pack-missing")


def test_row_64_no_deeper_than_five(rules: Path, tmp_path: Path) -> None:
    del rules
    folder = overlay(tmp_path / "县", "县", extends="下")
    for depth in range(5):
        folder = overlay(folder / "下", f"第{depth}层", extends="下")
    with pytest.raises(BadPack, match=f"超过 {files.MAX_LAYERS} 层"):
        load([tmp_path / "县"], cache=False)


def test_row_64_what_is_followed_is_what_yaml_says(rules: Path, tmp_path: Path) -> None:
    del rules
    (tmp_path / "县").mkdir()
    (tmp_path / "县" / "pack.yaml").write_text("{name: 县, version: 0.1.0, extends: 市}", encoding="utf-8")
    overlay(tmp_path / "县" / "市", "市规则")
    with pytest.raises(BadPack, match="顶格单独写一行"):
        load([tmp_path / "县"], cache=False)


# --- no softening in silence --------------------------------------------------------------------------------------

_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(["must", "should", "info"]),
        "weight": st.integers(0, 9),
        "confidence": st.sampled_from(["high", "low"]),
        "eras": st.sets(st.sampled_from("ABCD"), min_size=1).map(sorted),
        "years": st.tuples(st.none() | st.integers(2008, 2030), st.none() | st.integers(2008, 2030)).map(list),
        "levels": st.sets(st.sampled_from(get_args(Level)), min_size=1).map(sorted)
        | st.dictionaries(
            st.sampled_from(get_args(Level)), st.sampled_from(["must", "should", "info", "n/a"]), min_size=1
        ),
        "max_hits": st.integers(0, 20),
    },
)
_RANK = {None: 0, "info": 1, "should": 2, "must": 3}


def gravity(found: Rule, era: Era, level: Level, year: int, pack: Pack) -> tuple[int, int, bool]:
    """Severity, weight and confidence of a rule for such a report; nothing where it does not apply."""
    report = Report("甲", "txt", None, level, year, era, "", {}, {})
    first, last = found.years
    applies = era in found.eras and (first or 0) <= year <= (last or 9999)
    applies = applies and (not found.levels or level in found.levels)
    severity = severity_of(found, report) if applies and not found.disabled else None
    worth = 0 if severity is None else pack.policy.weights[severity] if found.weight is None else found.weight
    return _RANK[severity], worth, severity is not None and found.confidence == "high"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Pack]:
    """The sample pack with a rule of every reach, and one element left to local packs."""
    with pytest.MonkeyPatch.context() as patch:
        rules = home(tmp_path_factory.mktemp("home"), patch)
        free(rules)
        more = [
            rule(id="AAA-03", kind="density", forbid=None, patterns=["甲"], max_hits=3, max_share=0.2, min_chars=1),
            rule(id="AAA-04", levels=["镇", "乡"], years=[2010, None], weight=4),
            rule(
                id="AAA-05", levels={"部门": "n/a", "镇": "must"}, severity="should", eras=["C", "D"], confidence="low"
            ),
        ]
        (rules / "national" / "more.yaml").write_text(yaml.safe_dump({"rules": more}), encoding="utf-8")
        return rules, load(cache=False)


@settings(max_examples=60)
@given(name=st.sampled_from(["AAA-01", "AAA-02", "AAA-03", "AAA-04", "AAA-05"]), changed=_CHANGES.filter(bool))
def test_an_overlay_never_softens_in_silence(
    base: tuple[Path, Pack], tmp_path_factory: pytest.TempPathFactory, name: str, changed: Mapping[str, Any]
) -> None:
    home, before = base
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "rules_home", lambda: home)
        pack = accepted(tmp_path_factory.mktemp("县"), name, changed)
    if pack is None:
        return
    old, new = kept(before, name), kept(pack, name)
    places = [(era, level, year) for era in get_args(Era) for level in get_args(Level) for year in (2009, 2016, 2024)]
    softer = [
        place
        for place in places
        if any(b < a for a, b in zip(gravity(old, *place, before), gravity(new, *place, pack), strict=True))
    ]
    if softer or changed.get("max_hits", 0) > 3:
        assert name == "AAA-01" or not softer
        assert new.changes[0].softer
        assert f"放宽了 {name}" in said(pack)
    assert name in said(pack)


def accepted(folder: Path, name: str, changed: Mapping[str, Any]) -> Pack | None:
    """The pack with a rule changed so; None when it is refused."""
    try:
        return laid(folder, change={name: dict(changed)})
    except BadPack as error:
        if error.rule != name:
            raise
        return None


# --- the county's pack that ships ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def local() -> Pack:
    return load([LOCAL], today=TODAY)


def test_the_example_of_a_county_keeps_what_it_says(local: Pack) -> None:
    wrong = [result for result in run_examples(local) if not result.ok]
    assert wrong == []
    assert {rule.id for rule in local.rules if rule.changes or rule.disabled} == {"PUB-02", "PRE-10", "PRE-14"}


def test_every_format_names_both_packs_and_what_the_local_one_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from checker.cli.options import Format

    for form in Format:
        with pytest.raises(SystemExit) as end:
            app(["check", str(TOWN), "--pack", str(LOCAL), "--format", form.value])
        assert end.value.code == 0
        out = capsys.readouterr().out
        assert "砚川县补充规则" in out, form
        assert "0.1.0" in out, form


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_no_format_keeps_silent_about_what_is_softer(
    quiet: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from checker.cli.options import Format

    late = dict.fromkeys(("镇", "乡", "街道", "部门", "县", "市", "省"), "+2-12-31")
    folder = overlay(tmp_path / "县", extends="national", change={"PUB-02": {"not_after": late}})
    for form in Format:
        with pytest.raises(SystemExit):
            app(["check", str(TOWN), "--pack", str(folder), "--format", form.value, *quiet])
        out = capsys.readouterr().out
        assert re.search(r"放宽了 PUB\\?-02（not\\?_after）", out), form


def test_json_tells_the_packs_apart(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app(["check", str(TOWN), "--pack", str(LOCAL), "--format", "json"])
    pack = json.loads(capsys.readouterr().out)["pack"]
    assert [(layer["name"], layer["version"]) for layer in pack["layers"]][1] == ("砚川县补充规则", "0.1.0")
    assert len(pack["digest"]) == 64


def test_lists_say_where_a_rule_comes_from(local: Pack) -> None:
    text = rulebook.listing(local)
    assert "写明政务公开专区　〔砚川县补充规则〕" in text
    assert "〔砚川县补充规则停用到 2026-12-31" in text
    assert "本地：砚川县补充规则调整了 级别" in rulebook.page(kept(local, "PUB-02"), local)


def test_own_and_changed_rules_are_judged(local: Pack) -> None:
    found = {v.rule: v for v in audit(read(TOWN), local).verdicts}
    assert found["YC-01"].state == "fail"
    assert (found["PUB-02"].state, found["PUB-02"].severity) == ("pass", "must")
    assert (found["PRE-14"].state, found["PRE-14"].message[:9]) == ("n/a", "“砚川县补充规则”"[:9])
