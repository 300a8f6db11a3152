"""The command: exit codes, options, output files, encodings, pipes. Reports and places are invented."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main

from checker import cli, work
from checker.cli import check, options, output, shared
from checker.gate import OPEN
from checker.gate.line import GRAVE
from checker.model import Audit, Case, Document, Level, Pack, Unreadable, Verdict
from checker.pack import cache, load
from checker.render import FORMATS
from checker.render.view import TERMS
from tests.audits import AUDIT, CLEAN, REPORT, verdict

GOOD = """青石镇2016年政府信息公开工作年度报告
本报告所列数据的统计期限自2016年1月1日起至2016年12月31日止。
一、概述
主动公开政府信息35条。
"""
LOGIN = "<html><body><nav>首页 | 机构 | 政府信息公开</nav><form>用户名 密码 <input></form></body></html>"
COMMAND = [sys.executable, "-m", "checker"]


def run(*arguments: str | bytes | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> Any:
    """The command as a process of its own; bytes in stdout and stderr."""
    place = {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, env={**os.environ, **place, **(env or {})}, cwd=cwd, check=False
    )


def unbroken(text: str) -> str:
    """A result without its blanks and line breaks: a long path is folded."""
    return "".join(text.split())


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "青石镇.txt"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> dict[str, Audit | Exception]:
    """File stem -> the audit that a file of this name gets, or the exception that reading it raises."""
    audits: dict[str, Audit | Exception] = {}

    def read(path: Path) -> Document:
        found = audits[path.stem]
        if isinstance(found, Exception):
            raise found
        return Document(str(path), "txt", ())

    def extract(document: Document, _facts: object, **given: Any) -> Any:
        return replace(REPORT, source=document.source, year=given["year"] or 2016, level=given["level"] or "镇")

    def judge(case: Case, _pack: Pack) -> Audit:
        found = audits[Path(case.report.source).stem]
        assert isinstance(found, Audit)
        return replace(found, source=case.report.source, report=case.report)

    for name, stand_in in (("read", read), ("extract", extract), ("judge", judge)):
        monkeypatch.setattr(work, name, stand_in)
    return audits


def call(*arguments: str | Path) -> int:
    """The command inside this process; its exit code."""
    try:
        cli.app([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    raise AssertionError("the command always exits")


def files(folder: Path, audits: dict[str, Audit | Exception], **wanted: Audit | Exception) -> list[Path]:
    """A file for each audit, and the audit under its name."""
    audits.update(wanted)
    paths = [folder / f"{name}.txt" for name in wanted]
    for path in paths:
        path.write_text("x", encoding="utf-8")
    return paths


def with_verdicts(*verdicts: Verdict) -> Audit:
    return replace(CLEAN, verdicts=verdicts)


MUST = with_verdicts(verdict("OLD-03", "fail"))
SHOULD = with_verdicts(verdict("PRE-12", "fail", severity="should"))
BROKEN = with_verdicts(verdict("OLD-03", "broken", message="规则自身出错"), verdict("PRE-03", "fail"))
EMPTY = Unreadable("empty", "文件里没有任何文字。", "请重新保存。")


# --- exit codes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audits", "gate", "code"),
    [
        ([CLEAN], "must", 0),
        ([MUST], "must", 1),
        ([SHOULD], "must", 0),
        ([SHOULD], "should", 1),
        ([MUST], "never", 0),
        ([MUST, EMPTY], "must", 3),
        ([EMPTY], "never", 3),
        ([BROKEN, EMPTY, MUST], "must", 5),
        ([BROKEN], "never", 5),
        ([with_verdicts(verdict("QLT-05", "fail", severity="info"))], "should", 0),
        ([with_verdicts(verdict("PRV-02", "review"))], "should", 0),
        ([ValueError("bug")], "must", 5),
    ],
)
def test_exit_code_is_the_gravest(
    tmp_path: Path, canned: dict[str, Audit | Exception], audits: Sequence[Audit | Exception], gate: str, code: int
) -> None:
    paths = files(tmp_path, canned, **{f"r{index}": audit for index, audit in enumerate(audits)})
    assert call("check", *paths, "--fail-on", gate, "--jobs", "1") == code


def test_our_own_bug_is_one_line_and_5(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def bug(*_: object) -> None:
        raise ValueError("bug\x1b[2J")

    monkeypatch.setattr(check, "load_pack", bug)
    monkeypatch.setattr(sys, "argv", ["nianbao", "facts", str(tmp_path)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 5
    told = capsys.readouterr().err
    assert told.startswith("程序自身出错（ValueError: bug␛[2J，test_cli.py:")
    assert told.count("\n") == 1


@pytest.mark.parametrize(("severity", "against", "code"), [("must", None, 3), ("must", "last", 0), ("should", None, 0)])
def test_an_unread_place_counts_when_a_must_rule_needs_it(severity: str, against: str | None, code: int) -> None:
    pack: Any = SimpleNamespace(rules=(SimpleNamespace(id="T3-06", against=against),))
    audit = with_verdicts(verdict("T3-06", "unknown", severity=severity))
    assert work.status(replace(audit, unread=work.unread(audit, pack)), OPEN) == code


@pytest.mark.parametrize(
    ("score", "coverage", "arguments", "code"),
    [
        (80.0, 1.0, ["--min-score", "80"], 0),
        (79.9, 1.0, ["--min-score", "80"], 1),
        (79.9, 1.0, ["--min-score", "80", "--fail-on", "never"], 1),
        (None, 1.0, ["--min-score", "80"], 3),
        (80.0, 0.9, ["--min-coverage", "90"], 0),
        (80.0, 0.8999, ["--min-coverage", "90"], 3),
        (70.0, 0.5, ["--min-score", "80", "--min-coverage", "90", "--fail-on", "never"], 3),
    ],
)
def test_a_missed_score_gives_1_and_a_missed_coverage_3(
    canned: dict[str, Audit | Exception],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    score: float | None,
    coverage: float,
    arguments: list[str],
    code: int,
) -> None:
    paths = files(tmp_path, canned, r=replace(CLEAN, score=score, coverage=coverage))
    assert call("check", *paths, *arguments) == code
    assert bool(code) == ("要求不低于" in unbroken(capsys.readouterr().out))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "pdf"],
        ["--fail-on", "info"],
        ["--level", "村"],
        ["--year", "abc"],
        ["--year", "1990"],
        ["--year", "2099"],
        ["--jobs", "0"],
        ["--min-score", "101"],
        ["--min-coverage", "0.8"],
        ["--nonsense"],
    ],
)
def test_usage_errors_stop_before_a_file_is_opened(
    canned: dict[str, Audit | Exception], tmp_path: Path, arguments: list[str]
) -> None:
    canned["r"] = AssertionError("opened")
    assert call("check", tmp_path / "r.txt", *arguments) == 2


def test_a_page_holds_no_more_reports_than_a_browser_bears(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(51):
        (tmp_path / f"{number}.txt").write_text("x")
    assert call("check", tmp_path, "--format", "html") == 2
    assert "nianbao audit" in capsys.readouterr().err


def test_no_path_is_a_usage_error() -> None:
    assert call("check") == 2


def test_an_invalid_pack_gives_4_with_file_rule_and_key(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    canned["r"] = AssertionError("opened")
    pack = tmp_path / "local.yaml"
    pack.write_text("rules:\n  - id: LOC-01\n    titel: x\n", encoding="utf-8")
    assert call("check", tmp_path / "r.txt", "--pack", pack) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert "local.yaml" in told.err
    assert "LOC-01" in told.err
    assert "Traceback" not in told.err


def test_year_and_level_override_what_was_recognised(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = files(tmp_path, canned, r=CLEAN)
    assert call("check", *paths, "--year", "2013", "--level", "街道", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)["reports"][0]
    assert (found["year"], found["level"]) == (2013, "街道")


def test_what_a_folder_holds_beside_reports_is_told_on_one_line(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (report.parent / "b.xls").write_text("x")
    (report.parent / "c.zip").write_text("x")
    call("check", report.parent)
    told = capsys.readouterr()
    assert told.err.startswith("文件夹里另有 2 个文件没有检查（.xls 1 个、.zip 1 个）：")
    assert told.err.count("\n") == 1
    assert "b.xls" not in told.out
    call("check", report)
    assert capsys.readouterr().err == ""


def test_the_level_given_by_hand_is_named(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("check", report, "--level", "乡")
    assert "；层级按指定的“乡”" in capsys.readouterr().out
    call("check", report)
    assert "层级按" not in capsys.readouterr().out


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_quiet_run_over_several_reports_ends_with_their_table(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """docs/index.md promises it with this very command."""
    paths = files(tmp_path, canned, a=CLEAN, b=EMPTY)
    call("check", *paths, "--quiet", "--format", form, "--jobs", "1")
    out = capsys.readouterr().out
    assert "核对比例" in out.partition("共 2 份")[0]
    assert out.count("文件里没有任何文字。") == 2  # on its own, and in the table


def test_every_grade_and_every_kind_of_form_has_an_english_word() -> None:
    policy = shared.load_pack(None).policy
    assert {name for name, _ in policy.grades} | set(policy.forms) <= set(TERMS)


def test_options_name_what_the_rest_of_the_tool_knows() -> None:
    from typing import get_args

    assert {item.value for item in options.Format} | {"baseline"} == set(FORMATS)
    assert {item.value for item in options.FailOn} == set(GRAVE)
    assert {item.value for item in options.OfficeLevel} == set(get_args(Level))


# --- what is written ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [item.value for item in options.Format])
def test_reports_come_in_the_order_given(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    paths = files(tmp_path, canned, c=SHOULD, a=MUST, b=EMPTY)
    assert call("check", *paths, "--format", form, "--jobs", "1") == 3
    out = unbroken(capsys.readouterr().out)
    assert out.index("c.txt") < out.index("a.txt") < out.index("b.txt")
    assert "文件里没有任何文字。" in out


def test_the_last_line_sums_up_all_reports(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = files(tmp_path, canned, c=CLEAN, a=AUDIT, b=EMPTY)
    call("check", *paths, "--jobs", "1")
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .startswith("结论：共 3 份，其中 1 份无法核对、1 份有内容（如表格）未核对；发现 1 处必改、1 处应改")
    )


def test_output_goes_to_the_file_and_not_to_the_screen(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths, result = files(tmp_path, canned, r=MUST), tmp_path / "结果.json"
    result.write_text("old", encoding="utf-8")
    assert call("check", *paths, "--format", "json", "--output", result) == 1
    assert capsys.readouterr().out == ""
    assert json.loads(result.read_text(encoding="utf-8"))["reports"][0]["verdicts"][0]["rule"] == "OLD-03"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.txt", "结果.json"]
    assert stat.S_IMODE(result.stat().st_mode) == 0o666 & ~umask()


def umask() -> int:
    value = os.umask(0)
    os.umask(value)
    return value


@pytest.mark.parametrize("name", ["r.txt", ".", "link", "nowhere/x", "dangling"])
def test_row_79_output_refuses_inputs_folders_and_links(
    canned: dict[str, Audit | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    paths = files(tmp_path, canned, r=MUST)
    (tmp_path / "target").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "dangling").symlink_to(tmp_path / "made")
    canned["r"] = AssertionError("opened")
    assert call("check", *paths, "--output", tmp_path / name) == 2
    assert paths[0].read_text(encoding="utf-8") == "x"
    assert (tmp_path / "target").read_text(encoding="utf-8") == "old"
    assert not (tmp_path / "made").exists()
    assert capsys.readouterr().err.count("\n") == 1


def test_row_79_output_refuses_an_input_found_in_a_folder(canned: dict[str, Audit | Exception], tmp_path: Path) -> None:
    files(tmp_path, canned, a=CLEAN, b=CLEAN)
    assert call("check", tmp_path, "--output", tmp_path / "b.txt") == 2


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_row_79_a_failed_write_leaves_the_old_file(
    canned: dict[str, Audit | Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
) -> None:
    paths, result = files(tmp_path, canned, r=MUST), tmp_path / "结果.txt"
    result.write_text("old", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "write":
        monkeypatch.setattr(check, "write_all", full)
    else:
        monkeypatch.setattr(os, step, full)
    monkeypatch.setattr(output, "hush", lambda: None)
    assert call("check", *paths, "--output", result) == 3
    assert result.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.txt", "结果.txt"]
    assert "没有写成" in capsys.readouterr().err


def test_row_79_a_full_disk_behind_stdout_is_told(report: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, "check", report], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert "结果没有写成" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_an_interrupt_says_that_the_result_is_incomplete(
    canned: dict[str, Audit | Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = files(tmp_path, canned, r=MUST)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "write_all", interrupted)
    assert call("check", *paths, "--output", tmp_path / "结果.txt") == 130
    assert [path.name for path in tmp_path.iterdir()] == ["r.txt"]
    assert "结果不完整" in capsys.readouterr().err


def test_row_82_the_clock_and_the_time_zone_change_no_byte(report: Path) -> None:
    results = {
        run("check", report, "--format", "json", env=env).stdout
        for env in ({"TZ": "Pacific/Kiritimati"}, {"TZ": "Etc/GMT+12", "SOURCE_DATE_EPOCH": "0"})
    }
    assert len(results) == 1


def test_row_82_one_module_reads_the_clock() -> None:
    """Waivers end, packs resume rules, comments and notices bear a date: one place asks the clock."""
    for path in Path(cli.__file__).parents[1].rglob("*.py"):
        if path.parts[-2:] == ("cli", "clock.py"):
            continue
        names = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        assert not names & {"now", "today", "utcnow", "localtime", "gmtime", "time_ns"}, path


# --- consoles and pipes -------------------------------------------------------------------------------------------


def test_row_74_a_closed_pipe_ends_quietly(report: Path) -> None:
    copies = [Path(shutil.copy(report, report.with_name(f"{number}.txt"))) for number in range(5)]
    process = subprocess.Popen([*COMMAND, "check", *copies], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(20) in (0, 1, 3)
    assert told == b""


def test_what_was_not_judged_behind_a_closed_pipe_is_no_clean_end(report: Path) -> None:
    copies = [Path(shutil.copy(report, report.with_name(f"{number}.txt"))) for number in range(12)]
    process = subprocess.Popen(
        [*COMMAND, "check", *copies, "--fail-on", "never", "-j", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.close()
    process.communicate()
    assert process.returncode == 3


@pytest.mark.parametrize(
    ("encoding", "form"),
    [("ascii", "table"), ("ascii", "json"), ("ascii", "markdown"), ("gbk", "table"), ("gbk", "json")],
)
def test_row_75_any_console_gets_a_result(tmp_path: Path, encoding: str, form: str) -> None:
    path = tmp_path / "驩\U00020000é.txt"
    path.write_text(GOOD, encoding="utf-8")
    done = run("check", path, "--format", form, env={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (1, b"")
    text = done.stdout.decode(encoding)
    assert "OLD-03" in text
    if form == "json":
        assert json.loads(text)["reports"][0]["source"] == str(path)
    else:
        assert "\\U00020000" in text


def test_row_75_the_c_locale_changes_nothing(report: Path) -> None:
    plain = run("check", report)
    assert run("check", report, env={"LC_ALL": "C", "LANG": "C"}).stdout == plain.stdout


def test_row_78_strange_file_names(tmp_path: Path) -> None:
    names: list[str | bytes] = ["甲\n乙.txt", "\u202e甲.txt", "'\"$(x).txt", b"\xff\xfe.txt", "长" * 83 + ".txt"]
    paths = [os.fsencode(tmp_path) + b"/" + os.fsencode(name) for name in names]
    for path in paths:
        with open(path, "w", encoding="utf-8") as file:
            file.write(GOOD)
    table, data = run("check", *paths), run("check", *paths, "--format", "json")
    assert table.returncode == data.returncode == 1
    assert table.stderr == data.stderr == b""
    text = table.stdout.decode()
    assert "\u202e" not in text
    assert "\\xff\\xfe.txt" in unbroken(text)
    assert sum(line.startswith("报告：") for line in text.splitlines()) == len(paths)
    assert [os.fsencode(found["source"]) for found in json.loads(data.stdout)["reports"]] == paths


def test_row_76_row_77_what_cannot_be_read_is_a_row_and_the_rest_goes_on(tmp_path: Path, report: Path) -> None:
    bad = {"空": b"", "乱": b"\x00\x01\x02\xff" * 99, "闲话": "今天天气很好。\n".encode() * 9, "登录": LOGIN.encode()}
    for name, data in bad.items():
        (tmp_path / f"{name}.txt").write_bytes(data)
    (tmp_path / "夹").mkdir()
    os.mkfifo(tmp_path / "管道.txt")
    paths = [*(tmp_path / f"{name}.txt" for name in (*bad, "没有", "管道")), tmp_path / "夹"]
    done = run("check", *paths, report)
    assert (done.returncode, done.stderr) == (3, b"")
    text = done.stdout.decode()
    assert text.count("结论：无法核对。") == len(paths)
    assert "结论：共 8 份，其中 7 份无法核对；" in text.splitlines()[-1]
    found = json.loads(run("check", *paths, report, "--format", "json").stdout)["reports"]
    codes = ["empty", "binary", "not-a-report", "not-a-report", "io", "not-a-file", "no-reports"]
    assert [one["error"]["code"] for one in found[:-1]] == codes
    assert "error" not in found[-1]


def test_row_86_processes_and_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    for index in range(24):
        (tmp_path / f"{index:02}.txt").write_text(GOOD.replace("35", str(index)), encoding="utf-8")
    results = {
        run("check", tmp_path, "--format", "json", "--jobs", jobs, env={"PYTHONHASHSEED": seed}).stdout
        for jobs, seed in (("1", "0"), ("2", "1"), ("4", "2"))
    }
    assert len(results) == 1
    assert b"23.txt" in results.pop()


def test_no_colour_off_a_terminal_and_colour_on_one(report: Path) -> None:
    assert b"\x1b" not in run("check", report).stdout
    assert b"\x1b[31;1m" in on_terminal("check", str(report))
    assert b"\x1b[31;1m" not in on_terminal("check", str(report), env={"NO_COLOR": "1"})


def on_terminal(*arguments: str, env: dict[str, str] | None = None) -> bytes:
    """What the command writes to a terminal of its own."""
    import pty

    ours, theirs = pty.openpty()
    place = {"PYTHONPATH": str(Path(cli.__file__).parents[2]), "TERM": "xterm"}
    process = subprocess.Popen([*COMMAND, *arguments], stdout=theirs, env={**os.environ, **place, **(env or {})})
    os.close(theirs)
    data = b""
    try:
        while chunk := os.read(ours, 65536):
            data += chunk
    except OSError:  # the other end has closed
        pass
    os.close(ours)
    process.wait(20)
    return data


# --- the other commands -------------------------------------------------------------------------------------------


def test_facts_as_json_and_table(report: Path) -> None:
    data = json.loads(run("facts", report, "--format", "json").stdout)
    assert data["facts"]["period"]["value"] == ["2016-01-01", "2016-12-31"]
    assert set(load().facts.specs) <= set(data["facts"])  # what was not found is said to be absent
    assert data["facts"]["published.total"]["where"]["line"] == 4
    text = run("facts", report).stdout.decode()
    assert "2016-01-01" in text
    assert "单位：青石镇（镇），2016年度，2014—2018年的格式（B）" in text
    english = run("facts", report, "--lang", "en").stdout.decode()
    assert "2016, format of 2014–2018 (B)" in english
    assert re.search(r"^published\.total +given +35条 +line 4 ", english, re.MULTILINE)


def test_facts_of_other_eras_are_no_part_of_the_table(report: Path) -> None:
    text = run("facts", report).stdout.decode()
    assert "收费及减免" in text
    assert not re.search("^表[二三四]|信息处理费", text, re.MULTILINE)
    assert re.search("^统计表 +没有", text, re.MULTILINE)
    assert len(text.splitlines()) < 100


def test_cells_are_told_by_row_and_column() -> None:
    path = Path(__file__).parents[1] / "examples" / "2024-桐溪镇-规范.txt"
    text = re.sub(r"\s+", "", run("facts", path).stdout.decode())
    assert "表三：重复申请有7格都是0" in text
    assert "表二：行政许可有23件第24行" in text
    assert "其余13格是0" in text
    english = re.sub(r"\s+", " ", run("facts", path, "--lang", "en").stdout.decode())
    assert "t3.repeat given all 7 are 0 line 5" in english


@pytest.mark.parametrize("command", ["facts", "extract", "annotate"])
def test_a_command_for_one_report_says_so_of_a_folder(tmp_path: Path, command: str) -> None:
    (tmp_path / "青石镇.txt").write_text("x", encoding="utf-8")
    more = ("-o", tmp_path / "a.docx") if command == "annotate" else ()
    done = run(command, tmp_path, *more)
    assert done.returncode == 2
    assert done.stderr.decode() == f"{tmp_path} 是一个文件夹；这个命令一次看一份报告，请写出其中一份报告的文件名。\n"


@pytest.mark.parametrize("form", ["table", "json"])
def test_facts_of_what_is_no_report(tmp_path: Path, form: str) -> None:
    path = tmp_path / "闲话.txt"
    path.write_text("今天天气很好。\n" * 9, encoding="utf-8")
    done = run("facts", path, "--format", form)
    assert done.returncode == 3
    assert "闲话.txt：" in done.stderr.decode()
    if form == "json":
        assert json.loads(done.stdout)["error"]["code"] == "not-a-report"


def test_rules_list_show_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("rules", "list") == 0
    listed = capsys.readouterr().out
    assert "PRE-03" in listed
    assert call("rules", "show", "pre-03") == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("级别：", "分值：", "依据：", "改法：", "示例（通过）：", "示例（不通过）："))
    assert call("--version") == 0
    assert "规则包" in capsys.readouterr().out


def test_rules_show_of_an_unknown_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("rules", "show", "XXX-99\x1b[2J") == 2
    assert "没有编号为 XXX-99␛[2J 的规则" in capsys.readouterr().err


@pytest.mark.parametrize("trouble", ["", "应为 fail，实为 pass"])
def test_rules_test_names_each_wrong_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], trouble: str
) -> None:
    from checker import examples

    results = [
        examples.ExampleResult("PRE-03", 1, "pass", "pass"),
        examples.ExampleResult("PRE-03", 2, "fail", "pass", trouble),
    ]
    monkeypatch.setattr(examples, "run_examples", lambda _pack, _wanted=None: results)
    assert call("rules", "test") == bool(trouble)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:1] == ([f"PRE-03 第2例：{trouble}"] if trouble else lines[-1:])
    assert lines[-1] == (f"共 2 例：{2 - bool(trouble)} 例相符，{int(bool(trouble))} 例不符")


# --- start and size -----------------------------------------------------------------------------------------------


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, checker.cli; print(*sorted(m for m in sys.modules))"
    place = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, env=place, check=True).stdout.split()
    heavy = {b"rich", b"yaml", b"jsonschema", b"regex", b"selectolax", b"markdown_it", b"pydantic", b"checker.model"}
    assert not heavy & set(loaded)


def test_help_reads_the_options_of_no_command() -> None:
    listed = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    assert list(listed) == list(cli.COMMANDS)
    assert [(type(command), command.params) for command in listed.values()] == [(cli.Listed, [])] * len(listed)


def test_a_check_of_one_text_imports_what_it_needs() -> None:
    """No library but the one of patterns, no reader but that of texts, no format but that of the result, no gate but
    the line; the gazetteer where a report may name another county only.
    """
    seed = Path(cli.__file__).parents[2] / "seeds" / "004_14d34a97cf6986a8.txt"
    code = "import sys, typer\nfrom checker.cli import app\nbefore = set(sys.modules)\n"
    code += f"try: app(['check', {str(seed)!r}])\nexcept SystemExit: pass\n"
    code += "print(*set(sys.modules) - before, file=sys.stderr)"
    place = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    subprocess.run([*COMMAND, "--version"], env=place, check=True, capture_output=True)  # fills the pack's cache
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=place, check=True)
    loaded = set(done.stderr.decode().split())
    libraries = {name.split(".")[0] for name in loaded} - sys.stdlib_module_names
    assert libraries == {"checker", "regex", "typer"}
    ours = {name.removeprefix("checker.") for name in loaded if name.startswith("checker.")}
    assert not {name.split(".")[0] for name in ours} & {
        "season",
        "form",
        "markup",
        "repair",
        "examples",
        "study",
        "word",
    }
    needed = {
        "read": {"limits", "plain", "plain.encoding", "plain.text"},
        "gate": {"files", "line", "own", "settings"},
        "render": {"escape", "grid", "table", "view"},
        "pack": {"cache", "fault", "files"},
    }
    for room, parts in needed.items():
        assert {name.removeprefix(f"{room}.") for name in ours if name.startswith(f"{room}.")} == parts


def test_row_87_results_do_not_pile_up() -> None:
    """Ten times as many reports hold no more memory at their peak."""
    import tracemalloc

    job = work.Job(shared.load_pack(None), "table", shared.make_view(shared.load_pack(None), "zh", False, None))
    piece = job.piece(AUDIT)

    def peak(count: int) -> int:
        tracemalloc.start()
        check.write_all((replace(piece) for _ in range(count)), job, lambda _text: None)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20_000) < peak(2_000) + 300_000


def test_progress_is_a_bar_for_long_work_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich draws on terminals only
    for total in (check.LONG - 1, check.LONG):
        with check.progress(total) as step:
            for _ in range(total):
                step()
        told = capsys.readouterr()
        assert told.out == ""
        assert ("正在核对" in told.err and f"8/{total}" in told.err) == (total == check.LONG)


# --- what is typed wrongly, and what may not be read -------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check", "命令写错了：没有给出文件。用法见 "),
        ("check x --fail-on info", "--fail-on 只能是 must、should、never，而不是“info”。"),
        ("check x --level 村", "--level 只能是 省、市、县、镇、乡、街道、部门、其他，而不是“村”。"),
        ("check x --year abc", "--year 应是整数，而不是“abc”。"),
        ("check x --jobs 0", "--jobs 应是不小于 1 的整数，而不是“0”。"),
        ("check x --min-score 101", "--min-score 应是 0 到 100 的数，而不是“101.0”。"),
        ("check x --opne", "没有 --opne 这个选项，是不是 --open？用法见 "),
        ("check x --format", "选项 --format 后面要写值。"),
        ("check x --quiet=1", "选项 --quiet 后面不写值。"),
        ("facts a b", "多写了 b。"),
        ("template --year 2024", "缺少选项 --place。"),
        ("chekc x", "没有 chekc 这个命令，是不是 check？"),
        ("rules sho", "没有 sho 这个命令，是不是 show？"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_chinese_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: str, said: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["nianbao", *arguments.split()])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


@pytest.fixture
def forbidden(report: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which of two reports, a pack and a folder only one report may be read by others than the superuser.

    Whatever a command imports is imported before, and the pack is at hand: the interpreter itself and the cache may lie
    where nobody else may look.
    """
    rules = shared.load_pack(None)
    monkeypatch.setattr(cache, "fetch", lambda digest: rules if digest == rules.digest else None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "夹").mkdir()
        for each in ("可读.txt", "不可读.txt", "规则.yaml", "夹/里面.txt"):
            (folder / each).write_text(GOOD, encoding="utf-8")
        call("check", report, folder / "没有.txt", "--format", "json")
        call("check", report, "--pack", folder / "没有.yaml")
        for command in (["facts"], ["extract"], ["annotate", "-o", folder / "a.docx"]):
            call(*command, folder / "没有.txt")
        for each, mode in (("", 0o755), ("不可读.txt", 0), ("规则.yaml", 0), ("夹", 0)):
            (folder / each).chmod(mode)
        yield folder
        (folder / "夹").chmod(0o755)


def as_nobody(*arguments: str | Path) -> tuple[int, str, str]:
    """The command in a process of somebody who is not the superuser: exit code, stdout, stderr."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            try:
                os.dup2(out.fileno(), 1), os.dup2(err.fileno(), 2)
                sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(at, "w"), "utf-8") for at in (1, 2))
                if os.geteuid() == 0:
                    os.setuid(65534)
                code = call(*arguments)
                for stream in (sys.stdout, sys.stderr):
                    stream.flush()
                os._exit(code)
            except BaseException:
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(99)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0), err.seek(0)
        return code, out.read().decode(), err.read().decode()


@pytest.mark.parametrize("name", ["不可读.txt", "夹", "夹/里面.txt"])
def test_row_77_what_may_not_be_read_is_a_row_and_the_others_are_checked(forbidden: Path, name: str) -> None:
    code, out, err = as_nobody("check", forbidden / name, forbidden / "可读.txt", "--format", "json", "--jobs", "1")
    assert (code, err) == (3, "")
    first, second = json.loads(out)["reports"]
    assert (first["error"]["code"], first["error"]["message"][:4]) == ("io", "没有权限")
    assert second["year"] == 2016


@pytest.mark.parametrize("command", ["facts", "extract", "annotate"])
def test_row_77_every_command_says_that_it_may_not_read(forbidden: Path, command: str) -> None:
    more = ("-o", forbidden / "a.docx") if command == "annotate" else ()
    code, _, err = as_nobody(command, forbidden / "不可读.txt", *more)
    assert (code, err.partition("。")[0]) == (3, f"{forbidden / '不可读.txt'}：没有权限读取这个文件")


@pytest.mark.parametrize("name", ["规则.yaml", "夹", "夹/规则.yaml"])
def test_a_pack_that_may_not_be_read_gives_4(forbidden: Path, name: str) -> None:
    code, _, err = as_nobody("check", forbidden / "可读.txt", "--pack", forbidden / name)
    assert (code, err) == (4, f"规则包有误：{forbidden / name}：打不开：没有权限\n")


def helps(command: Any, *names: str) -> Iterator[str]:
    """The help of a command and of all below it."""
    context = typer.Context(command, info_name=" ".join(names))
    yield command.get_help(context)
    for name, below in getattr(command, "commands", {}).items():
        yield from helps(cli.made(name) if isinstance(below, cli.Listed) else below, *names, name)


def test_help_is_chinese_throughout() -> None:
    found = list(helps(typer.main.get_command(cli.app), "nianbao"))
    assert len(found) > len(cli.COMMANDS)
    for text in found:
        assert text.startswith("用法：nianbao")
        assert not re.search(r"Usage|Arguments|Commands|Options|OPTIONS|COMMAND|required|default|Show this", text), text
