"""One report in every format: the same finding in each, and docs/formats.md shows what really is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli import app

ROOT = Path(__file__).parent.parent
SHOWN = re.findall(r"```text\n\$ (nianbao .*)\n(.*)\n```", (ROOT / "docs" / "formats.md").read_text(encoding="utf-8"))


def steady(line: str) -> str:
    """Without the counts that every new rule changes: what was found, and what could not be checked, stay."""
    return re.sub(r"(通过|未能核对|不适用) \d+", r"\1", line)


def test_every_file_is_shown() -> None:
    files = {path.name for path in (ROOT / "examples" / "formats").iterdir()} - {"README.md"}
    assert {Path(shlex.split(command)[2]).name for command, _ in SHOWN} == files


@pytest.mark.parametrize(("command", "last"), SHOWN, ids=[Path(shlex.split(command)[2]).name for command, _ in SHOWN])
def test_the_same_findings_in_every_format(command: str, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    output = CliRunner().invoke(app, shlex.split(command)[1:]).output
    assert re.findall(r"^(必改|应改|提示|待核) +(\S+)", output, re.MULTILINE) == [("必改", "T3-04")]
    assert steady(output.rstrip().split("\n")[-1]) == steady(last)
