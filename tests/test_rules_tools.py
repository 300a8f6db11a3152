"""``nianbao rules`` for those who write rules: drafts, examples with what was expected and got, lint, diff, schema."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from checker import study
from checker.cli import app
from checker.kinds import KINDS
from checker.model import Pack
from checker.pack import BadPack, draft, editor, load
from checker.patterns import Pattern
from checker.work import Reading
from tests.sample import home, rule

ROOT = Path(__file__).parent.parent
TOWN = ROOT / "examples" / "2024-桐溪镇-规范.txt"
#: everything that ``rules new`` would ask for
ANSWERS = {
    "name": "县规则",
    "document": "通知",
    "number": "县〔2025〕1号",
    "clause": "第一条",
    "title": "写明专区",
    "words": "公开专区",
    "message": "没有写专区",
    "fix": "补写",
    "right": "设公开专区1处。",
    "wrong": "主动公开政府信息35条。",
}


def call(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments])
    return int(end.value.code or 0)


def new(path: Path, name: str, **changes: str) -> int:
    flags = [part for key, value in {**ANSWERS, **changes}.items() if value for part in (f"--{key}", value)]
    return call("rules", "new", path, "--id", name, *flags)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample pack in place of the national one."""
    return home(tmp_path, monkeypatch)


# --- new ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_a_pack_that_loads_and_keeps_its_examples(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del rules
    path = tmp_path / "县.yaml"
    assert new(path, "YC-01", level="镇") == 0
    assert "2 例相符，0 例不符" in capsys.readouterr().out
    assert (
        new(path, "YC-02", kind="wording", words="专区未设", right="设公开专区1处。", wrong="专区未设。", scope="body")
        == 0
    )
    pack = load([path], cache=False)
    assert [(r.id, r.kind, r.basis) for r in pack.rules if r.topic == "YC"] == [
        ("YC-01", "statement", ("yc#1",)),
        ("YC-02", "wording", ("yc#1",)),
    ]
    assert set(draft.KINDS) <= set(KINDS)
    assert new(path, "YC-03", kind="presence", words="feees") == 4
    assert "是不是“fees”" in capsys.readouterr().err


def test_without_anyone_to_ask_a_draft_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(tmp_path / "县.yaml", "YC-01", title="", fix="") == 2
    assert "还缺 --title、--fix" in capsys.readouterr().err
    assert not (tmp_path / "县.yaml").exists()


def test_somebody_is_asked(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del rules
    asked: list[str] = []

    def prompt(question: str) -> str:
        asked.append(question)
        return "专区 专窗"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", prompt)
    assert new(tmp_path / "县.yaml", "YC-01", words="") == 0
    assert len(asked) == 1
    written = yaml.safe_load((tmp_path / "县.yaml").read_text(encoding="utf-8"))
    assert written["rules"][0]["any_of"] == ["专区", "专窗"]


def test_one_who_gives_nothing_is_asked_everything(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del rules
    answers = iter(["YC-07", *(ANSWERS[key] for key in ("title", "words", "message", "fix", "right", "wrong"))])
    head = iter([ANSWERS[key] for key in ("name", "document", "number", "clause")])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda _: next(answers, None) or next(head))
    assert call("rules", "new", tmp_path / "县.yaml") == 0
    assert load([tmp_path / "县.yaml"], cache=False).rule("YC-07")
    assert next(head, None) is None


def test_a_draft_that_does_not_load_is_not_written(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del rules
    path = tmp_path / "县.yaml"
    assert new(path, "YC-01", words="(") == 4
    assert not path.exists()
    said = capsys.readouterr().err
    assert f"{path} 第" in said
    assert "正则表达式有误" in said


# --- test ---------------------------------------------------------------------------------------------------------


def test_a_wrong_example_shows_what_was_expected_and_got(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del rules
    examples = [
        {"pass": {"text": "政府信息公开年度报告\n一、概述\n没有错字。"}},
        {"fail": {"text": "政府信息公开年度报告\n一、概述\n错字。"}, "expect": {"found": "别字"}},
    ]
    path = tmp_path / "县.yaml"
    path.write_text(yaml.safe_dump({"rules": [rule(examples=examples)]}, allow_unicode=True), encoding="utf-8")
    assert call("rules", "test", path) == 1
    out = capsys.readouterr().out
    assert out.splitlines()[:3] == [
        "ZZZ-01 第1例：应为 pass，实为 fail",
        "  例子：“政府信息公开年度报告 ⏎ 一、概述 ⏎ 没有错字。”",
        "- 应为：通过",
    ]
    assert "+ 实为：不通过 found = 错字 “错字”" in out
    assert "- 应为：不通过 found = 别字" in out
    assert out.endswith("共 2 例：0 例相符，2 例不符\n")


# --- lint ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["^(a+)+$", "^(?:公|公公)+$", r"\s+$"])
def test_row_54_lint_names_slow_patterns(rules: Path, tmp_path: Path, source: str) -> None:
    del rules
    path = tmp_path / "县.yaml"
    path.write_text(yaml.safe_dump({"rules": [rule(forbid=[source])]}, allow_unicode=True), encoding="utf-8")
    grave = [remark for remark in study.lint(load([path], cache=False)) if remark.grave]
    assert [(remark.rule, source in remark.text, "慢" in remark.text) for remark in grave] == [("ZZZ-01", True, True)]


@pytest.mark.parametrize("source", ["公开(?:专区|专窗)", r"\d{1,6}件", "(?:未|没有)收到.{0,20}申请"])
def test_an_honest_pattern_is_not_slow(source: str) -> None:
    assert study.slowness(Pattern(source)) < study.SLOW / 3


def test_patterns_in_all_reports_or_in_none_are_named(rules: Path, tmp_path: Path) -> None:
    del rules
    pack = laid(tmp_path, rule(forbid=["政府信息", "专区未设", "三十五条"]))
    report = Reading(pack.facts)
    made = []
    for number in range(5):
        path = tmp_path / f"{number}.txt"
        text = "三十五条" if number == 3 else "35条"
        path.write_text(f"2016年政府信息公开年度报告\n一、概述\n主动公开政府信息{text}。", encoding="utf-8")
        made.append(report(path))
    remarks = list(study.lint(pack, made))  # type: ignore[arg-type]
    assert [(r.text, r.grave) for r in remarks if r.rule] == [
        ("5 份报告里全都有，看看是不是写得太宽：政府信息", False),
        ("5 份报告里都没有：专区未设", False),
    ]


def laid(folder: Path, *own: Any) -> Pack:
    path = folder / "县.yaml"
    path.write_text(yaml.safe_dump({"rules": list(own)}, allow_unicode=True), encoding="utf-8")
    return load([path], cache=False)


def test_idle_facts_and_clauses_and_ended_disables_are_named(rules: Path, tmp_path: Path) -> None:
    del rules
    texts = [remark.text for remark in study.lint(load(cache=False))]
    assert any("个事实没有规则用到" in text for text in texts)
    head = {
        "name": "县规则",
        "version": "0.1.0",
        "prefix": "YC",
        "documents": {"yc": {"title": "通知", "clauses": {"1": "第一条", "2": "第二条"}}},
        "disable": [{"id": "AAA-02", "reason": "改版", "until": "2020-01-01"}],
        "rules": [rule(id="YC-01", basis=["yc#1"])],
    }
    path = tmp_path / "县.yaml"
    path.write_text(yaml.safe_dump(head, allow_unicode=True), encoding="utf-8")
    import datetime as dt

    remarks = list(study.lint(load([path], cache=False, today=dt.date(2026, 1, 1))))
    assert ("依据 yc#2 没有规则引用", False) in [(r.text, r.grave) for r in remarks]
    assert any(r.rule == "AAA-02" and "停用已经期满" in r.text and r.grave for r in remarks)


# --- diff ---------------------------------------------------------------------------------------------------------


def test_diff_names_the_verdicts_that_change_on_real_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "年报"
    folder.mkdir()
    shutil.copy(TOWN, folder)
    (folder / "坏.txt").write_bytes(b"")
    assert call("rules", "diff", "national", ROOT / "rules" / "local", "--corpus", folder) == 0
    out = capsys.readouterr().out
    assert "YC-01 写明政务公开专区\n  没有这条规则 → 应改：1 份\n" in out
    assert f"{TOWN.name}：总体情况里没有写政务公开专区" in out
    assert "没有比较" in out
    assert out.endswith("共 1 份报告，另有 1 份读不了：1 份的结果有变化；得分 0 份升高、1 份降低\n")


def test_diff_of_a_pack_with_itself_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(TOWN, tmp_path)
    assert call("rules", "diff", "national", "national", "--corpus", tmp_path) == 0
    assert capsys.readouterr().out == "共 1 份报告：0 份的结果有变化；得分 0 份升高、0 份降低\n"


def test_a_corpus_is_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("rules", "diff", "national", "national", "--corpus", TOWN) == 2
    assert "不是文件夹" in capsys.readouterr().err


# --- schema -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    made = json.loads(editor.schema())
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def test_the_shipped_schema_is_fresh() -> None:
    shipped = (ROOT / "rules" / "editor.schema.json").read_text(encoding="utf-8")
    assert shipped == editor.schema(), "run python -m checker.docs"


PACKS = sorted([*(ROOT / "rules" / "national").glob("*.yaml"), *(ROOT / "rules" / "local").glob("*.yaml")])


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_pack_names_the_schema_and_fits_it(path: Path, schema: Draft202012Validator) -> None:
    from checker.pack.strict import read

    data = path.read_bytes()
    assert data.decode().splitlines()[0] == editor.MODELINE.format(path="../editor.schema.json").strip()
    assert (path.parent / "../editor.schema.json").is_file()
    assert [error.message for error in schema.iter_errors(read(data, path.name).value)] == []


@pytest.mark.parametrize(
    "changes", [{"forbiden": ["甲"]}, {"kind": "wordings"}, {"severity": "high"}, {"fix": None}, {"scope": "boddy"}]
)
def test_an_editor_underlines_a_slip(schema: Draft202012Validator, changes: dict[str, Any]) -> None:
    assert not list(schema.iter_errors({"rules": [rule()]}))
    assert list(schema.iter_errors({"rules": [rule(**changes)]}))


# --- misspelt names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key", "meant"),
    [
        ({"kind": "presence", "scope": None, "forbid": None, "facts": ["feees"]}, "facts.1", "fees"),
        ({"scope": "boddy"}, "scope", "body"),
        ({"kind": "wordng"}, "kind", "wording"),
        ({"eras": ["A", "BB"]}, "eras.2", "B"),
        ({"forbid": ["{nge}错"]}, "forbid.1", "neg"),
        ({"basis": ["law#11"]}, "basis.1", "law#1"),
        ({"forbiden": ["错"]}, "forbiden", "forbid"),
        ({"sverity": "must"}, "sverity", "severity"),
        ({"message": "写了“{qoute}”"}, "message", "quote"),
        ({"each": {"col": "grid.colums"}}, "each.col", "grid.columns"),
    ],
)
def test_a_misspelt_name_is_told_with_file_line_key_and_what_was_meant(
    rules: Path, tmp_path: Path, changes: dict[str, Any], key: str, meant: str
) -> None:
    del rules
    with pytest.raises(BadPack) as caught:
        laid(tmp_path, rule(**changes))
    error = caught.value
    assert (error.file, error.rule, error.key) == (str(tmp_path / "县.yaml"), "ZZZ-01", key)
    assert error.line
    assert f"是不是“{meant}”" in error.message
