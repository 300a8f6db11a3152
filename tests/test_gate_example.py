"""examples/gate in a real git repository: good changes pass, bad ones fail with an annotation; hooks, templates."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checker.gate import files
from checker.pack.shape import first_fault, validator
from checker.pack.strict import read
from tests.test_cli import call
from tests.test_gate import git

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "gate"
REPORT = Path("年报") / "2024-桐溪镇.txt"
GRANTED = "三、本年度办理结果 （一）予以公开\t2\t1\t0\t0\t0\t0\t3"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example as a repository of its own: main, and a branch for the change."""
    for name in [name for name in os.environ if name.startswith("NIANBAO_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "仓库"
    shutil.copytree(EXAMPLE, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772323200")  # 2026-03-01
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "样板")
    git(folder, "checkout", "-q", "-b", "change")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "改动")


def gate(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Exit code and annotations of the gate over the change."""
    capsys.readouterr()
    code = call("check", "年报", "--format", "github", "--changed-since", "main", "--jobs", "1", *arguments)
    return code, [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]


def test_the_example_passes_as_it_stands(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When a new rule finds something in it: nianbao baseline 年报, inside examples/gate."""
    assert call("check", "年报", "--quiet") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "没有新发现必改或应改的问题" in last
    assert re.search("豁免 1 处、原有 [1-9]", last)
    assert repository.exists()


def test_a_good_change_passes_and_a_bad_one_fails_with_an_annotation_on_its_line(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(repository / REPORT, "回应群众关切9次", "回应群众关切10次")
    commit(repository)
    assert gate(capsys) == (0, [])

    edit(repository / REPORT, GRANTED, GRANTED[:-1] + "4")
    commit(repository)
    line = (repository / REPORT).read_text(encoding="utf-8").split("\n").index(GRANTED[:-1] + "4") + 1
    code, annotations = gate(capsys)
    assert code == 1
    assert any(
        text.startswith(f"::error file={REPORT.as_posix()},line={line},title=必改 T3-04::") for text in annotations
    )
    assert all(
        f"file={REPORT.as_posix()}," in text for text in annotations
    )  # nothing of the report that did not change


def test_a_report_copied_from_one_that_did_not_change_is_annotated(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = repository / "年报" / "2024-柳坪镇.txt"
    shutil.copy(repository / REPORT, copy)
    edit(copy, "桐溪", "柳坪")
    commit(repository)
    code, annotations = gate(capsys, "--fail-on", "should")
    assert code == 1
    (told,) = [text for text in annotations if "title=应改 COP-05::" in text]
    assert told.startswith("::warning file=年报/2024-柳坪镇.txt,line=")
    assert "砚川县桐溪镇人民政府2024年的报告" in told
    assert all("file=年报/2024-柳坪镇.txt," in text for text in annotations)


def test_a_carry_over_that_breaks_with_last_years_report_does_not_pass(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = "四、结转下年度继续办理\t1\t0\t0\t0\t0\t0\t1"
    edit(repository / REPORT, "回应群众关切9次", "回应群众关切10次")
    edit(repository / "年报" / "2023-桐溪镇.txt", left, left.replace("1", "2"))
    git(repository, "commit", "-q", "-m", "去年", "年报/2023-桐溪镇.txt")
    git(repository, "branch", "-f", "main")  # only this year's is part of the change
    code, annotations = gate(capsys)
    assert code == 1
    assert all(f"file={REPORT.as_posix()}," in text for text in annotations)
    assert any("title=必改 XYR-01::" in text and text.startswith("::error ") for text in annotations)


def test_an_old_fault_is_known_and_the_same_fault_again_is_new(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = repository / "年报" / "2023-云渚街道.txt"
    old.write_text(old.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    code, annotations = gate(capsys)
    assert code == 0
    assert {text.split()[0] for text in annotations} == {"::notice"}
    edit(old, "约230条", "230条")
    code, annotations = gate(capsys)
    assert code == 1
    assert [text for text in annotations if text.startswith("::error file=基线.jsonl,line=") and "BSL-01" in text]


def test_a_waiver_in_the_change_that_it_excuses_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository / REPORT, GRANTED, GRANTED[:-1] + "4")
    waivers = repository / "年报" / "waivers.yaml"
    _, annotations = gate(capsys)
    failing = {text.split("title=必改 ")[1].split("::")[0] for text in annotations if text.startswith("::error")}
    own = waivers.read_text(encoding="utf-8")
    for rule in sorted(failing):
        own += f"  - rule: {rule}\n    place: 砚川县桐溪镇人民政府\n    year: 2024\n"
        own += "    reason: 县里在核对\n    who: 某人\n    until: 2026-12-31\n"
    waivers.write_text(own, encoding="utf-8")
    code, annotations = gate(capsys)
    assert code == 0
    named = [text for text in annotations if "title=待核 WVR-04" in text]
    assert len(named) == len(failing)
    assert all(re.match(r"::notice file=年报/waivers\.yaml,line=\d+,", text) for text in named)
    assert all(any(f"title=豁免 {rule}::" in text for text in annotations) for rule in failing)


def test_an_expired_waiver_fails(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1830300000")  # 2028-01-01
    assert call("check", "年报", "--format", "github") == 1
    out = capsys.readouterr().out
    assert "::error file=年报/waivers.yaml,line=3,title=必改 WVR-01::" in out
    assert "::error file=年报/2023-云渚街道.txt,line=3,title=必改 PRE-13::" in out
    assert repository.exists()


def test_a_file_that_cannot_be_read_does_not_pass(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "年报" / "2025-桐溪镇.pdf").write_bytes(b"%PDF-1.4\n")
    code, annotations = gate(capsys)
    assert code == 3
    assert annotations[0].startswith("::error file=年报/2025-桐溪镇.pdf,title=无法核对::")


def test_a_renamed_report_is_judged_under_its_new_name(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(repository, "mv", str(REPORT), "年报/桐溪镇 2024.txt")
    edit(repository / "年报" / "桐溪镇 2024.txt", GRANTED, GRANTED[:-1] + "4")
    commit(repository)
    code, annotations = gate(capsys)
    assert code == 1
    assert annotations[0].startswith("::error file=年报/桐溪镇 2024.txt,")


# --- hooks, action, template --------------------------------------------------------------------------------------


def yaml(path: Path) -> Any:
    return read(path.read_bytes(), path.name).value


@pytest.mark.parametrize(("name", "kind"), [("nianbao.yaml", "settings"), ("年报/waivers.yaml", "waivers")])
def test_the_example_s_files_fit_the_schemas_that_they_name(name: str, kind: str) -> None:
    path = EXAMPLE / name
    (named,) = re.findall(r"^# yaml-language-server: \$schema=(.*)$", path.read_text(encoding="utf-8"), re.M)
    assert (path.parent / named).resolve() == ROOT / "checker" / "schemas" / f"{kind}.schema.json"
    assert first_fault(validator(files.schema(kind)), yaml(path)) is None


def action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The script of the action's last step, as a runner starts it, with our command where step one puts it."""
    script = yaml(ROOT / "action.yml")["runs"]["steps"][-1]["run"]
    place = folder.parent / "runner" / "nianbao" / "bin"
    place.mkdir(parents=True, exist_ok=True)
    command = place / "nianbao"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    names = {"REPORTS": "年报", "CHANGED_SINCE": "", "SARIF": "", **inputs}
    environment = {**os.environ, **names, "RUNNER_TEMP": str(folder.parent / "runner"), "PYTHONPATH": str(ROOT)}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_action_annotates_and_leaves_a_sarif_file(repository: Path) -> None:
    edit(repository / REPORT, GRANTED, GRANTED[:-1] + "4")
    done = action(repository, CHANGED_SINCE="main", SARIF="r.sarif")
    assert done.returncode == 1
    assert f"::error file={REPORT.as_posix()},line=" in done.stdout
    assert '"ruleId": "T3-04"' in (repository / "r.sarif").read_text(encoding="utf-8")


def test_inputs_of_the_action_are_no_code_and_no_options(repository: Path) -> None:
    done = action(repository, REPORTS="$(touch ran)\n--format\n", CHANGED_SINCE="main$(touch ran)")
    assert done.returncode == 2
    assert not (repository / "ran").exists()


def test_the_action_has_the_shape_of_a_composite_action() -> None:
    found = yaml(ROOT / "action.yml")
    assert {"name", "description", "inputs", "runs"} == set(found)
    assert found["runs"]["using"] == "composite"
    assert all({"name", "shell", "run"} <= set(step) for step in found["runs"]["steps"])
    assert all({"description", "default"} == set(given) for given in found["inputs"].values())
    assert not [step for step in found["runs"]["steps"] if "${{" in step["run"]]  # inputs come as variables only


def test_the_hook_takes_reports_and_nothing_else() -> None:
    (hook,) = yaml(ROOT / ".pre-commit-hooks.yaml")
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert hook["language"] == "python"
    names = {
        "年报/2024-桐溪镇.docx": True,
        "桐溪镇2024年政府信息公开工作年度报告.pdf": True,
        "年报2024/扫描/a.pdf": True,
        "年报/waivers.yaml": False,
        "年报/README.md": False,
        "src/main.py": False,
        "docs/index.md": False,
    }
    taken = {name: bool(re.search(hook["files"], name)) and not re.search(hook["exclude"], name) for name in names}
    assert taken == names


@pytest.mark.parametrize(
    "path", [ROOT / ".pre-commit-hooks.yaml", EXAMPLE / ".pre-commit-config.yaml"], ids=lambda path: path.name
)
def test_the_entry_of_a_hook_is_a_command_of_ours(path: Path, repository: Path) -> None:
    found = yaml(path)
    hook = found[0] if isinstance(found, list) else found["repos"][0]["hooks"][0]
    program, *arguments = hook["entry"].split()
    assert program == "nianbao"
    assert call(*arguments, str(REPORT)) == 0
    assert repository.exists()


def test_the_example_uses_the_template_and_the_action_as_they_are() -> None:
    template = yaml(ROOT / "ci" / "nianbao.gitlab-ci.yml")[".nianbao"]
    example = yaml(EXAMPLE / ".gitlab-ci.yml")
    job = example["年报检查"]
    assert example["include"][0]["file"] == "ci/nianbao.gitlab-ci.yml"
    assert job["extends"] == ".nianbao"
    assert set(job["variables"]) <= set(template["variables"])
    (workflow,) = (EXAMPLE / ".github" / "workflows").iterdir()
    (step,) = [step for step in yaml(workflow)["jobs"]["nianbao"]["steps"] if "nianbao" in step["uses"]]
    assert set(step["with"]) <= set(yaml(ROOT / "action.yml")["inputs"])


def test_the_template_s_commands_are_ours(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The three commands of the job, with the target branch fetched: two files, and the exit code that counts."""
    template = yaml(ROOT / "ci" / "nianbao.gitlab-ci.yml")[".nianbao"]
    edit(repository / REPORT, GRANTED, GRANTED[:-1] + "4")
    codes = []
    for line in template["script"]:
        command = line.replace(" || true", "").replace("FETCH_HEAD", "main").replace('"$REPORTS"', "年报")
        program, *arguments = command.split()
        assert program == "nianbao"
        codes.append(call(*arguments))
    assert codes == [1, 1, 1]
    for name in template["artifacts"]["reports"].values():
        assert "T3-04" in (repository / name).read_text(encoding="utf-8")
    assert "T3-04" in capsys.readouterr().out
