"""Packs: what loads, what is refused and in which words, and the cache of checked packs."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from checker import late
from checker.examples import run_examples
from checker.formula import Formula
from checker.judge import judge
from checker.model import Clause
from checker.pack import BadPack, cache, files, load
from checker.pack.strict import plain, read
from checker.patterns import BadPattern, Pattern, watched
from tests.sample import case, home, loaded, rule, written


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample pack in place of the national one."""
    return home(tmp_path, monkeypatch)


def refused(tmp_path: Path, text: str | bytes) -> BadPack:
    """What is said of a rule file with this content."""
    path = tmp_path / "own.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadPack) as caught:
        load([path], cache=False)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def refused_rule(tmp_path: Path, **changes: Any) -> BadPack:
    with pytest.raises(BadPack) as caught:
        loaded(tmp_path, rule(**changes))
    assert caught.value.file == str(tmp_path / "own.yaml")
    return caught.value


# --- what a pack is -----------------------------------------------------------------------------------------------


def test_rules_come_in_catalogue_order() -> None:
    assert [r.id for r in load(cache=False).rules] == ["BBB-01", "AAA-01", "AAA-02"]


def test_own_rules_are_added(tmp_path: Path) -> None:
    pack = loaded(tmp_path, rule(id="AAA-09"), rule(id="ZZZ-02"), rule(id="BBB-02"))
    assert [r.id for r in pack.rules] == ["BBB-01", "BBB-02", "AAA-01", "AAA-02", "AAA-09", "ZZZ-02"]
    added = pack.rule("AAA-09")
    assert added is not None
    assert (added.file, added.line) == (str(tmp_path / "own.yaml"), 2)


def test_own_rules_come_from_the_files_of_a_folder_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    written(folder, rule(id="ZZZ-02"), name="b.yaml")
    written(folder, rule(id="ZZZ-01"), name="a.yml")
    (folder / "notes.txt").write_text("不是规则")
    assert [r.id for r in load([folder], cache=False).rules][-2:] == ["ZZZ-01", "ZZZ-02"]


def test_values_arrive_ready_to_use(tmp_path: Path) -> None:
    pack = loaded(
        tmp_path,
        rule(unless_near={"pattern": "{neg}x", "within": 3}),
        rule(id="ZZZ-02", kind="statement", scope=["s1", "body"], forbid=None, each_of={"甲": {"strong": ["甲"]}}),
    )
    first, second = pack.rules[-2:]
    params = first.turns[0].call.params
    assert params["scope"] == ("body",)
    assert isinstance(params["forbid"][0], Pattern)
    assert params["unless_near"]["pattern"].expanded == "(?:未|没有|无)x"
    assert params["unless_near"]["within"] == 3
    assert second.turns[0].call.params["scope"] == ("s1", "body")
    assert second.turns[0].call.params["each_of"]["甲"]["strong"][0].source == "甲"


def test_each_makes_one_turn_for_each_member() -> None:
    balanced = load(cache=False).rule("BBB-01")
    assert balanced is not None
    assert [(t.subject, t.names) for t in balanced.turns] == [("one", {"col": "甲列"}), ("two", {"col": "乙列"})]
    assert balanced.turns[1].call.params["left"] == Formula("t3.two", ("t3.two",))


def test_severity_weight_years_and_levels(tmp_path: Path) -> None:
    pack = loaded(
        tmp_path,
        rule(severity={"A": "must", "B": "info"}, eras=["A", "B"], years=[2010, None], weight=7, levels=["镇", "乡"]),
        rule(id="ZZZ-02", levels={"街道": "info", "部门": "n/a"}, confidence="low"),
    )
    first, second = pack.rules[-2:]
    assert (first.severity, first.years, first.weight) == ({"A": "must", "B": "info"}, (2010, None), 7)
    assert (first.levels, first.by_level) == (("镇", "乡"), {})
    assert (second.levels, second.by_level) == ((), {"街道": "info", "部门": "n/a"})
    assert (second.confidence, second.weight) == ("low", None)


def test_policy_elements_and_basis() -> None:
    pack = load(cache=False)
    assert pack.policy.grades == (("好", 90), ("中", 60), ("差", 0))
    assert pack.policy.forms == {"表格": ("t3",)}
    assert pack.elements[0].facts["D"] == ("fees", "t3.one")
    clause = pack.basis["law#1"]
    assert isinstance(clause, Clause)
    assert (clause.title, clause.clause, str(clause.start), clause.end) == ("样例条例", "第一条", "2008-05-01", None)


def test_the_digest_names_every_byte(tmp_path: Path, rules: Path) -> None:
    plain_digest = load(cache=False).digest
    assert load(cache=False).digest == plain_digest
    assert loaded(tmp_path, rule()).digest != plain_digest
    with (rules / "slots.yaml").open("a") as file:
        file.write("# 注\n")
    assert load(cache=False).digest != plain_digest


def test_the_examples_of_the_sample_hold() -> None:
    assert [result.trouble for result in run_examples(load(cache=False))] == [""] * 7


def test_wrong_examples_are_told(tmp_path: Path) -> None:
    facts = {"kind": "presence", "facts": ["fees"], "scope": None, "forbid": None, "message": "没有"}
    examples = [{"pass": {"fees": None}}, {"fail": {"fees": None}, "expect": {"missing": ["period"]}}, {"pass": {}}]
    pack = loaded(tmp_path, rule(**facts, examples=examples))
    troubles = [result.trouble for result in run_examples(pack) if result.rule == "ZZZ-01"]
    assert troubles == [
        "应为 pass，实为 fail",
        "missing 应为 ['period']，实为 ('fees',)",
        "应为 pass，实为 unknown",
    ]


# --- what is refused ----------------------------------------------------------------------------------------------

REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"kind": "wordings"}, "unknown-kind", "没有名为“wordings”的检查方式，是不是“wording”？"),
    (
        {"kind": "presence", "facts": ["fee"], "forbid": None, "scope": None},
        "unknown-fact",
        "没有名为“fee”的事实，是不是“fees”？",
    ),
    ({"basis": ["law#2"]}, "unknown-clause", "basis.yaml 里没有依据“law#2”，是不是“law#1”？"),
    ({"yields_to": ["ZZZ-02"]}, "unknown-rule", "没有编号为“ZZZ-02”的规则，是不是“ZZZ-01”？"),
    ({"eras": ["A", "E"]}, "pack-shape", "“E”不在可用的值之内，可用的有：A、B、C、D"),
    ({"scope": "boddy"}, "pack-shape", "“boddy”不在可用的值之内，是不是“body”？（检查方式 wording）"),
    (
        {"each": {"col": "grid.column"}},
        "unknown-axis",
        "facts.yaml 里没有名为“grid.column”的轴，是不是“grid.columns”？",
    ),
    ({"forbidd": ["x"]}, "pack-shape", "没有名为“forbidd”的键，是不是“forbid”？（检查方式 wording）"),
    ({"massage": "x"}, "pack-shape", "没有名为“massage”的键，是不是“message”？（检查方式 wording）"),
    ({"forbid": None}, "pack-shape", "forbid、verify 至少要写一项（检查方式 wording）"),
    ({"forbid": "错字"}, "pack-shape", "应是列表（用 - 或 [ ]），而不是“错字”（检查方式 wording）"),
    ({"forbid": ["（"]}, "", ""),
    ({"forbid": ["(错"]}, "regex", "正则表达式有误：左括号没有配上右括号（第 3 个字符处）"),
    ({"forbid": ["{slot}x"]}, "regex-slot", "没有名为 slot 的槽位"),
    ({"message": "写了{foud}"}, "placeholder", "没有东西能填 {foud}，是不是“found”？"),
    ({"fix": "{}"}, "placeholder", "没有东西能填 {}，可用的有：found、place、quote、year"),
    ({"message": "写了{found.x}"}, "placeholder", "没有东西能填 {found.x}，是不是“found”？"),
    ({"message": "写了{found"}, "placeholder", "花括号不成对"),
    ({"examples": [{"pass": {}}, {"pass": {}}]}, "examples", "至少要有一个应当不通过的例子（fail）"),
    ({"examples": [{"fail": {}}, {"unknown": {}}]}, "examples", "至少要有一个应当通过的例子（pass）"),
    (
        {"examples": [{"pass": {}, "fail": {}}, {"fail": {}}]},
        "examples",
        "一个例子只写一种结果：pass、fail、review、unknown、n/a",
    ),
    ({"examples": [{"pass": {"feees": 1}}, {"fail": {}}]}, "unknown-fact", "没有名为“feees”的事实，是不是“fees”？"),
    ({"examples": [{"pass": {}}]}, "pack-shape", "至少要有 2 项"),
    ({"severity": "grave"}, "pack-shape", "“grave”不在可用的值之内，可用的有：must、should、info"),
    ({"severity": {"A": "must"}}, "pack-shape", "severity 的时期（A）应与 eras 一致"),
    ({"years": [2018, 2010]}, "pack-shape", "years 的首年晚于末年"),
    ({"levels": ["村"]}, "pack-shape", "“村”不在可用的值之内，可用的有：省、市、县、镇、乡、街道、部门、其他"),
    ({"weight": -1}, "pack-shape", "-1 太小，不能小于 0"),
    ({"basis": None}, "pack-shape", "缺少 basis"),
    ({"message": None, "massage": "x"}, "pack-shape", "缺少 message，是不是写成了“massage”？"),
    ({"basis": []}, "pack-shape", "至少要有 1 项"),
    ({"title": 5}, "pack-shape", "应是文字（数字、日期请加引号），而不是“5”"),
    ({"id": "Z1"}, "pack-shape", "“Z1”的写法不对"),
    (
        {"when": {"kind": "presents", "facts": ["fees"]}},
        "unknown-kind",
        "没有名为“presents”的检查方式，是不是“presence”？",
    ),
    ({"when": {"kind": "presence", "facts": ["fess"]}}, "unknown-fact", "没有名为“fess”的事实，是不是“fees”？"),
    (
        {"kind": "identity", "left": "fees", "relation": "<", "right": "fees", "scope": None, "forbid": None},
        "pack-shape",
        "“<”不在可用的值之内，是不是“<=”？（检查方式 identity）",
    ),
    (
        {"kind": "date", "facts": ["period"], "not_after": "1-03-31", "scope": None, "forbid": None},
        "pack-shape",
        "“1-03-31”的写法不对（检查方式 date）",
    ),
)


@pytest.mark.parametrize(("changes", "code", "message"), REFUSED, ids=lambda v: str(v)[:40])
def test_a_rule_is_refused_in_plain_words(tmp_path: Path, changes: Mapping[str, Any], code: str, message: str) -> None:
    if not code:
        assert loaded(tmp_path, rule(**changes)).rules[-1].id == "ZZZ-01"
        return
    error = refused_rule(tmp_path, **changes)
    assert (error.code, error.message) == (code, message)


def test_a_fault_says_file_line_column_rule_and_key(tmp_path: Path) -> None:
    error = refused_rule(tmp_path, examples=[{"pass": {}}, {"fail": {"feees": 1}}])
    start = f"{tmp_path / 'own.yaml'} 第21行第7列，规则 ZZZ-01，键 examples.2.fail.feees："
    assert str(error) == start + "没有名为“feees”的事实，是不是“fees”？"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: should", "severity: grave", "规则 YC-01，键 severity：“grave”不在可用的值之内"),
        ("eras: [D]", "eras: [E]", "规则 YC-01，键 eras.1：“E”不在可用的值之内"),
        ("eras: [D]", "eras: [D]\n    confidence: mid", "规则 YC-01，键 confidence：“mid”不在可用的值之内"),
        ("eras: [D]", "eras: [D]\n    levels: [村]", "规则 YC-01，键 levels.1：“村”不在可用的值之内"),
        ("eras: [D]", "eras: [D]\n    weight: -1", "规则 YC-01，键 weight：-1 太小"),
        ("eras: [D]", "eras: [D]\n    years: [x, y]", "规则 YC-01，键 years.1：应是整数"),
        ("id: YC-01", "id: YC1", "规则 YC1，键 id：“YC1”的写法不对"),
        ("message: 没有写", "message: ''", "规则 YC-01，键 message：不能为空"),
        ("basis: ['yc#1']", "basis: []", "规则 YC-01，键 basis：至少要有 1 项"),
        ("      - fail: {text: 乙}\n", "", "规则 YC-01，键 examples：至少要有 2 项"),
        ("fix: 补写", "fix: 补写\n    fix: 又", "规则 YC-01：键“fix”重复，第一次在第16行第5列"),
        ("fail: {text: 乙}", "fail: {text: 乙, text: 丙}", "规则 YC-01：键“text”重复"),
        ("    fix: 补写\n", "", "规则 YC-01：缺少 fix"),
        ("    kind: statement\n", "", "规则 YC-01：缺少 kind"),
        ("any_of", "anyof", "规则 YC-01，键 anyof：没有名为“anyof”的键，是不是“any_of”？"),
        ("'专区'", "'(专区'", "规则 YC-01，键 any_of.1：正则表达式有误：左括号没有配上右括号（第 4 个字符处）"),
        ("'专区'", "'[z-a]'", "规则 YC-01，键 any_of.1：正则表达式有误：方括号里的范围前后颠倒"),
    ],
)
def test_a_fault_in_a_local_pack_names_its_rule_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert LOCAL.count(old) == 1
    path = tmp_path / "own.yaml"
    path.write_text(LOCAL.replace(old, new), encoding="utf-8")
    with pytest.raises(BadPack) as refused:
        load([path], cache=False)
    place, _, told = str(refused.value).partition("列，")
    assert place.startswith(f"{path} 第")
    assert told.startswith(said)


LOCAL = """name: 砚川
version: 1.0.0
prefix: YC
documents:
  yc: {title: 砚川县通知, number: 无, clauses: {'1': 第一条}}
rules:
  - id: YC-01
    title: 写明专区
    kind: statement
    scope: body
    any_of: ['专区']
    basis: ['yc#1']
    eras: [D]
    severity: should
    message: 没有写
    fix: 补写
    examples:
      - pass: {text: 甲}
      - fail: {text: 乙}
"""


WRONG = ("(a", "a)", "[a", "a{2,1}", "*a", "(?P<a", "\\", "(?P=x)", "[z-a]", r"\p{Foo}", "(?i", "a**", "(?P<1a>x)")


def test_patterns_are_told_wrong_in_chinese() -> None:
    """Whatever the engine says, no word of it is English; a place only where it is that of what was written."""
    for source in WRONG:
        with pytest.raises(BadPattern) as wrong:
            Pattern(source).check()
        assert not re.search("[a-z]{2}", str(wrong.value))
        assert "写法不对" not in str(wrong.value).replace("后面的写法不对", "")
    with pytest.raises(BadPattern) as wrong:
        Pattern("{neg}(a", {"neg": "未|没有"}).check()
    assert str(wrong.value) == "正则表达式有误：左括号没有配上右括号"


def test_low_confidence_may_show_its_failure_as_review(tmp_path: Path) -> None:
    examples: list[dict[str, Any]] = [{"pass": {}}, {"review": {}}]
    assert loaded(tmp_path, rule(confidence="low", examples=examples)).rules[-1].id == "ZZZ-01"
    assert refused_rule(tmp_path, examples=examples).code == "examples"


def test_an_element_names_rules_that_exist(rules: Path) -> None:
    path = rules / "national" / "pack.yaml"
    path.write_text(path.read_text().replace("A: [AAA-01]", "A: [AAA-10]"))
    with pytest.raises(
        BadPack, match=r"pack.yaml 第12行第13列，键 elements.1.rules.A：没有编号为“AAA-10”的规则，是不是“AAA-02”？"
    ):
        load(cache=False)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("slots.yaml", "slot: {}", "pack-shape"),
        ("facts.yaml", "facts: {fees: {title: 收费, type: coin}}", "pack-shape"),
        ("facts.yaml", "facts: {fees: {title: 收费, type: money, readings: [{pattern: '{x}'}]}}", "regex-slot"),
        ("basis.yaml", "documents: {law: {clauses: {a: b}}}", "pack-shape"),
        ("basis.yaml", "documents: {law: {title: 甲, from: 2008-13-01, clauses: {a: b}}}", "pack-shape"),
        ("eras.yaml", "eras: [{id: A}]", "pack-shape"),
        ("national/pack.yaml", "name: 样例", "pack-shape"),
        ("national/pack.yaml", "[]", "pack-shape"),
    ],
)
def test_the_common_files_are_looked_at_too(rules: Path, name: str, content: str, code: str) -> None:
    (rules / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadPack) as caught:
        load(cache=False)
    assert (caught.value.code, caught.value.file) == (code, f"rules/{name}")


@pytest.mark.parametrize("name", ["pack.schema.json", "slots.yaml", "national/pack.yaml"])
def test_a_missing_common_file_is_named(rules: Path, name: str) -> None:
    (rules / name).unlink()
    with pytest.raises(BadPack, match=f"rules/{name}：(?:打不开|缺少)"):
        load(cache=False)


def test_a_rule_file_holds_rules_only(tmp_path: Path) -> None:
    assert refused(tmp_path, "- a").code == "pack-shape"
    assert refused(tmp_path, "").code == "pack-shape"
    assert refused(tmp_path, "rules: 5").code == "pack-shape"
    assert refused(tmp_path, "rules: [5]").message == "应是键值对，而不是“5”"


def test_a_missing_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="nowhere：打不开"):
        load([tmp_path / "nowhere"], cache=False)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadPack, match="empty：文件夹里没有规则文件"):
        load([tmp_path / "empty"], cache=False)


# --- rows of the matrix -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^(a+)+$", "a" * 5_000 + "!"),
        (r"^(?:(?:公开)+，?)+$", "公开" * 2_000 + "。"),
        (r"\s+$", " " * 100_000 + "x"),
    ],
)
def test_row_54_slow_patterns_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, text: str) -> None:
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.05)
    pack = loaded(tmp_path, rule(forbid=[pattern]))
    start = time.monotonic()
    verdict = judge(case(texts={"body": text}), pack).verdicts[-1]
    assert time.monotonic() - start < 5
    assert verdict.state in ("pass", "broken")


def test_row_55_a_timeout_breaks_its_rule_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.patterns.watch.alarm.limit", 0.05)
    pack = loaded(tmp_path, rule(forbid=[r"(?=(a+))*?(a|aa)+$"]), rule(id="ZZZ-02", forbid=["b$"]))
    audit = judge(case(texts={"body": "a" * 60 + "b"}), pack)
    broken, other = audit.verdicts[-2:]
    assert (broken.rule, broken.state, other.rule, other.state) == ("ZZZ-01", "broken", "ZZZ-02", "fail")
    assert "规则 ZZZ-01 自身出错，没有核对" in broken.message
    assert "超时" in broken.message


@pytest.mark.parametrize("pattern", ["(?:x{1000}){1000}", "(?:(?:y{99}){99}){99}", "x" * (1 << 19), "a" * 1001])
def test_row_56_patterns_that_grow_are_refused(tmp_path: Path, pattern: str) -> None:
    error = refused_rule(tmp_path, forbid=[pattern])
    assert error.code == "regex-too-big"
    assert error.rule == "ZZZ-01"
    assert error.key == "forbid.1"


@pytest.mark.parametrize("pattern", ["x*", "(?:)", "^", "a|", r"\b|x", "(?=x)?"])
def test_row_57_patterns_that_match_nothing_are_refused(tmp_path: Path, pattern: str) -> None:
    assert refused_rule(tmp_path, forbid=[pattern]).code == "regex-empty"


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch {mark}']",
        "rules: !!python/object/new:os.system ['touch {mark}']",
        "rules: [!!python/name:os.system x]",
        "!!set {{a}}",
        "rules: !!binary aGFsbG8=",
        "rules: !!timestamp 2020-01-01",
        "rules: !own 5",
        "rules: !!int abc",
    ],
)
def test_row_58_tags_are_refused(tmp_path: Path, text: str) -> None:
    mark = tmp_path / "mark"
    assert refused(tmp_path, text.format(mark=mark)).code == "yaml-tag"
    assert not mark.exists()


def test_row_59_alias_bombs_and_merge_keys_are_refused(tmp_path: Path) -> None:
    levels = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    bomb = "\n".join(["a: &a [x, x, x, x, x, x, x, x, x]", *levels])
    merge = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(300)) + "}\nb: {<<: [" + ", ".join(["*a"] * 10) + "]}"
    many = "a: &a x\nb: [" + ", ".join(["*a"] * 101) + "]"
    start = time.monotonic()
    assert refused(tmp_path, bomb).code == "yaml-alias"
    assert refused(tmp_path, merge).code == "yaml-merge"
    assert refused(tmp_path, many).message == "别名（*）超过 100 个"
    assert refused(tmp_path, "a: &a [*a]").code == "yaml-alias"
    assert refused(tmp_path, "a: *nowhere").code == "yaml-alias"
    assert time.monotonic() - start < 2


def test_row_60_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "[" * 5_000).code == "yaml-depth"
    assert refused(tmp_path, "- " * 5_000 + "x").code == "yaml-depth"
    assert refused(tmp_path, "a: " + "{a: " * 30 + "1" + "}" * 30).code == "yaml-depth"
    chain = "a: &a [" + "[" * 11 + "]" * 11 + "]\nb: " + "[" * 11 + "*a" + "]" * 11
    assert refused(tmp_path, chain).code == "yaml-depth"


def test_row_61_repeats_are_refused_with_both_places(tmp_path: Path) -> None:
    error = refused(tmp_path, "rules: []\nrules: []\n")
    assert (error.code, error.line, error.column) == ("yaml-duplicate", 2, 1)
    assert error.message == "键“rules”重复，第一次在第1行第1列"
    with pytest.raises(BadPack) as caught:
        loaded(tmp_path, rule(), rule())
    path = tmp_path / "own.yaml"
    assert str(caught.value) == f"{path} 第23行第3列，规则 ZZZ-01，键 id：编号 ZZZ-01 已用在 {path} 第2行"
    assert refused_rule(tmp_path, id="AAA-01").message == "编号 AAA-01 已用在 rules/national/rules.yaml 第16行"


@pytest.mark.parametrize(
    "word",
    ["no", "off", "yes", "on", "010", "012", "12:30", "2019-01-01", "1e3", "0x1f", "0o17", ".5", "1_000", "True"],
)
def test_row_62_words_stay_words(tmp_path: Path, word: str) -> None:
    assert plain(word) == word
    assert read(f"a: {word}".encode(), "x").value == {"a": word}
    text = (written(tmp_path, rule(title="TITLE"))).read_text().replace("TITLE", word)
    (tmp_path / "own.yaml").write_text(text)
    assert load([tmp_path / "own.yaml"], cache=False).rules[-1].title == word


def test_row_62_plain_data_is_typed() -> None:
    data = read(b"{a: 1, b: -2, c: 1.5, d: true, e: false, f: null, g: ~, h: '1', i: !!str 1, j: , 32: x}", "x").value
    expected = {"a": 1, "b": -2, "c": 1.5, "d": True, "e": False, "f": None, "g": None, "h": "1", "i": "1", "j": None}
    assert data == {**expected, "32": "x"}
    assert read(b"9" * 5000, "x").value == "9" * 5000


@pytest.mark.parametrize(
    "text", ["__import__('os').system('id')", "9**9**9", "fees.__class__", "(" * 10_000, "fees / 2"]
)
def test_row_63_formulas_in_packs(tmp_path: Path, text: str) -> None:
    identity = {"kind": "identity", "left": text, "relation": "=", "right": "fees", "scope": None, "forbid": None}
    error = refused_rule(tmp_path, **identity)
    assert (error.code, error.rule, error.key) == ("formula", "ZZZ-01", "left")


def test_row_63_formulas_name_known_facts(tmp_path: Path) -> None:
    identity = {
        "kind": "identity",
        "left": "1",
        "relation": "=",
        "right": "fees + feees",
        "scope": None,
        "forbid": None,
    }
    assert refused_rule(tmp_path, **identity).message == "没有名为“feees”的事实，是不是“fees”？"


def test_row_64_packs_include_nothing(tmp_path: Path) -> None:
    secret = written(tmp_path, rule(), name="secret.yaml")
    for key in ("include", "import"):
        message = refused(tmp_path, f"{key}: ../secret.yaml\nrules: []").message
        assert message.startswith(f"没有名为“{key}”的键，规则文件只有 rules")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(secret)
    with pytest.raises(BadPack, match="链接指到了规则包文件夹之外"):
        load([folder], cache=False)
    for url in ("https://example.com/pack", "file:///etc/passwd"):
        with pytest.raises(BadPack, match="不能是网址") as caught:
            load([Path(url)], cache=False)
        assert caught.value.code == "pack-path"


def test_row_64_a_loop_of_links_ends(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.yaml").symlink_to(folder / "a.yaml")
    with pytest.raises(BadPack, match=r"链接指到了|打不开"):
        load([folder], cache=False)


def test_row_65_encodings_tabs_and_size(tmp_path: Path) -> None:
    good = written(tmp_path, rule()).read_bytes()
    (tmp_path / "own.yaml").write_bytes(b"\xef\xbb\xbf" + good)
    assert load([tmp_path / "own.yaml"], cache=False).rules[-1].id == "ZZZ-01"
    error = refused(tmp_path, good.decode().encode("gb18030"))
    assert error.code == "pack-encoding"
    assert "UTF-8" in error.message
    assert refused(tmp_path, good.decode().encode("utf-16")).code == "pack-encoding"
    tab = refused(tmp_path, "rules:\n\t- id: ZZZ-01\n")
    assert (tab.code, tab.line, tab.message) == ("yaml-tab", 2, "缩进只能用空格，这里有制表符（Tab）")
    assert refused(tmp_path, "rules: [\x07]").code == "yaml"
    assert refused(tmp_path, good + b"#" * files.MAX_BYTES).code == "pack-size"


def test_row_65_the_size_is_looked_at_first(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100 << 20)
    start = time.monotonic()
    with pytest.raises(BadPack, match="文件超过 1 MiB"):
        load([path], cache=False)
    assert time.monotonic() - start < 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_row_65_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.yaml")
    with pytest.raises(BadPack, match="不是普通文件"):
        load([tmp_path / "own.yaml"], cache=False)


def test_row_66_one_snapshot_for_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, rule(title="旧题"))
    snapshot = files.snapshot

    def changed_afterwards(paths: Any) -> files.Files:
        taken = snapshot(paths)
        written(tmp_path, rule(title="新题"))
        return taken

    monkeypatch.setattr(files, "snapshot", changed_afterwards)
    pack = load([path], cache=False)
    assert pack.rules[-1].title == "旧题"
    monkeypatch.setattr(files, "snapshot", snapshot)
    assert load([path], cache=False).digest != pack.digest


@pytest.mark.parametrize(
    "text", ["a: [", "a: b: c", "x: 'a", "---\na: 1\n---\nb: 1", "? [a]\n: b", "{a: 1", "a: @b", "a: 1\n b: 2"]
)
def test_broken_yaml_has_a_place(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == "yaml"
    assert error.line is not None


# --- the cache ----------------------------------------------------------------------------------------------------


def kept() -> Path:
    """The one file in the cache."""
    [path] = (Path(os.environ["XDG_CACHE_HOME"]) / "nianbao").iterdir()
    return path


def test_a_kept_pack_is_the_same_and_needs_no_building(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = load()
    monkeypatch.setattr("checker.pack.build.build", lambda *_: pytest.fail("built again"))
    warm = load()
    assert warm.digest == fresh.digest
    assert [r.id for r in warm.rules] == [r.id for r in fresh.rules]
    assert warm.facts.specs == fresh.facts.specs
    assert [result.ok for result in run_examples(warm)] == [True] * 7


def test_kept_patterns_are_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    warm = load()
    monkeypatch.setattr("regex.compile", lambda *_: pytest.fail("compiled again"))
    audit = judge(case(texts={"body": "这里没有有错"}), warm)
    assert audit.verdicts[-1].state == "fail"


def test_a_warm_start_loads_neither_yaml_nor_jsonschema() -> None:
    code = (
        "import sys; from pathlib import Path; from checker.pack import files, load;"
        f"files.rules_home = lambda: Path({str(files.rules_home())!r}); load();"
        "print([name for name in ('yaml', 'jsonschema') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert runs == ["['yaml', 'jsonschema']\n", "[]\n"]


def test_only_the_owner_may_read_what_is_kept() -> None:
    load()
    assert kept().stat().st_mode & 0o777 == 0o600


def poisoned(body: bytes) -> None:
    """Put ``body`` in the place of the kept pack, with a right checksum."""
    load()
    kept().write_bytes(hashlib.sha256(body).digest() + body)


class Evil:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.mark}",)


def test_a_poisoned_cache_executes_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    for body in (pickle.dumps(Evil(mark)), pickle.dumps(Evil(mark), protocol=0), pickle.dumps([Evil(mark)])):
        poisoned(body)
        assert load().name == "样例"
        assert not mark.exists()
    pickle.loads(pickle.dumps(Evil(mark)))
    assert mark.exists(), "the poison works where nothing stops it"


@pytest.mark.parametrize("source", ["错字", "(?<!不)错字"], ids=["re", "regex"])
def test_poisoned_pattern_code_executes_nothing(source: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    pattern = Pattern(source)
    pattern.__setstate__((*pattern.__getstate__()[:-1], pickle.dumps(Evil(mark))))
    with watched(), pytest.raises(pickle.UnpicklingError):
        pattern.search("错字")
    assert not mark.exists()


@pytest.mark.parametrize(
    "name", ["posix.system", "builtins.eval", "checker.pack.load", "checker.pack.cache.os", "checker.patterns.expand"]
)
def test_only_our_data_can_be_made(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    with pytest.raises(pickle.UnpicklingError):
        cache._Restricted(io.BytesIO()).find_class(module, attribute)


@pytest.mark.parametrize("damage", ["empty", "cut", "flip", "other type", "text"])
def test_a_damaged_cache_is_ignored(damage: str) -> None:
    load()
    data = kept().read_bytes()
    other = pickle.dumps({"name": "x"})
    kept().write_bytes(
        {
            "empty": b"",
            "cut": data[: len(data) // 2],
            "flip": data[:-20] + bytes([data[-20] ^ 1]) + data[-19:],
            "other type": hashlib.sha256(other).digest() + other,
            "text": json.dumps({"name": "x"}).encode(),
        }[damage]
    )
    assert load().name == "样例"
    assert len(load().rules) == 3


def _own_code(content: object) -> Path:
    """The file of the code of our own expressions, with this in it."""
    path = cache.home() / f"code-{hashlib.sha256(sys.version.encode()).hexdigest()[:32]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = content if isinstance(content, bytes) else pickle.dumps(content)
    path.write_bytes(hashlib.sha256(body).digest() + body)
    path.chmod(0o600)
    return path


def test_code_of_expressions_comes_back_at_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "CODES", codes := late.Codes())
    monkeypatch.setattr(cache, "CODES", codes)
    assert late.late(r"第(\d+)条").search("第12条")
    cache.retain()
    kept = dict(codes)
    codes.clear()
    cache.recall()
    assert codes == kept != {}
    assert codes.kept == 1
    monkeypatch.setattr(late, "frozen", None)  # nothing is compiled again
    assert late.late(r"第(\d+)条").search("第12条")


@pytest.mark.parametrize("content", [b"", b"no pickle", ["a list"], {(r"第(\d+)条", 0): b"no code"}, {1: 2}])
def test_damaged_code_of_expressions_is_ignored(content: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "CODES", codes := late.Codes())
    monkeypatch.setattr(cache, "CODES", codes)
    _own_code(content)
    cache.recall()
    found = late.late(r"第(\d+)条").search("第12条")
    assert found
    assert found[1] == "12"


def test_poisoned_code_of_expressions_executes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "CODES", codes := late.Codes())
    monkeypatch.setattr(cache, "CODES", codes)
    trap = tmp_path / "trap"
    spring = b"cos\nsystem\n(S'touch " + str(trap).encode() + b"'\ntR."
    _own_code({(r"第(\d+)条", 0): spring})
    cache.recall()
    assert late.late(r"第(\d+)条").search("第12条")
    _own_code(spring)
    cache.recall()
    assert not trap.exists()


def test_a_cache_that_others_may_write_is_ignored() -> None:
    load()
    kept().chmod(0o666)
    assert cache.fetch(load(cache=False).digest) is None


def test_a_link_in_the_cache_is_not_followed(tmp_path: Path) -> None:
    pack = load()
    moved = tmp_path / "moved"
    path = kept()
    path.rename(moved)
    path.symlink_to(moved)
    assert cache.fetch(pack.digest) is None


def test_an_unwritable_cache_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert load().name == "样例"


def test_changed_code_has_another_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "checker"
    shutil.copytree(cache.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "PACKAGE", copy)
    here = cache.place("x")
    assert cache.place("x") == here
    for name in ("patterns/source.py", "pack/strict.py"):
        with (copy / name).open("a") as file:
            file.write("\n")
        assert cache.place("x") != here
        here = cache.place("x")


def test_few_packs_are_kept(tmp_path: Path) -> None:
    for number in range(12):
        load([written(tmp_path, rule(title=f"第{number}版"))])
    assert len(list(cache.place("x").parent.iterdir())) == cache.MAX_KEPT


def test_another_version_has_another_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    here = cache.place("x")
    monkeypatch.setattr(cache, "__version__", "9.9.9")
    assert cache.place("x") != here
    assert cache.place("y") != cache.place("x")
