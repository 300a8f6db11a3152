"""The README tells the truth: its commands run, the result that it shows is real, and links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli import app

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SHOWN = "seeds/002_c65a251098694edc.txt"
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")]


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def excerpt(output: str) -> str:
    """The head of a result with its first three findings, the elements and the conclusion."""
    head, findings, *rest = re.split(r"\n(?=级别|七项要素)", output)
    first = re.split(r"\n\s*\n", findings)[:3]
    return "\n".join([head, "\n\n".join(first), "……", "", *rest]).strip() + "\n"


def steady(text: str) -> str:
    """Without the figures of score and conclusion, which every new rule changes."""
    return re.sub(r"^(?:得分|结论).*", lambda line: re.sub(r"[\d.]+", "0", line[0]), text, flags=re.MULTILINE)


def test_the_shown_result_is_real(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    result = CliRunner().invoke(app, ["check", SHOWN, "--jobs", "1"])
    text = README.read_text(encoding="utf-8")
    wanted = re.sub(r"(?<=```text\n).*?(?=```)", lambda _: excerpt(result.output), text, flags=re.DOTALL)
    if request.config.getoption("--update"):
        README.write_text(wanted, encoding="utf-8")
        text = wanted
    assert result.exit_code == 1
    assert steady(text) == steady(wanted), "run pytest --update and read the diff"


def test_the_shown_forms_are_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = re.findall(r"```\n(\$ nianbao template.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    runs = [part.split("\n", 1) for part in re.split(r"^\$ ", shown, flags=re.MULTILINE) if part]
    for command, output in runs[:2]:
        assert CliRunner().invoke(app, shlex.split(command)[1:]).output == output.strip("\n") + "\n" * bool(
            output.strip()
        )
    grep, lines = runs[2]
    assert grep == "grep -A 2 行政许可 2024.yaml"
    assert lines.strip("\n") in (tmp_path / "2024.yaml").read_text(encoding="utf-8")


def test_both_languages_give_the_same_start() -> None:
    starts = [line for line in commands() if line.startswith("python3 -m venv")]
    assert len(starts) == 2
    assert len(set(starts)) == 1


def test_the_start_installs_what_exists_and_checks_the_seeds() -> None:
    venv, lock, own, check = (shlex.split(part) for part in commands()[0].split("&&"))
    assert venv == ["python3", "-m", "venv", ".venv"]
    assert "--require-hashes" in lock
    assert (ROOT / lock[-1]).is_file()
    assert own[-2:] == ["--no-deps", "."]
    assert CliRunner().invoke(app, [*check[1:-1], str(ROOT / check[-1]), "--jobs", "1"]).exit_code == 1


def test_the_test_command_is_what_ci_runs() -> None:
    assert "bash .ci/run" in commands()
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for step in ("requirements-dev.lock", "ruff", "mypy", "rules test", "tests.accuracy", "pytest"):
        assert step in script


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []
