"""docs/write-a-rule.md followed literally: every file is written, every command run, every output compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "write-a-rule.md"
#: what the page tells the reader to do, in the order of the page
_STEP = re.compile(
    r"^文件 `(?P<file>[^`]+)`：\n\n```\w+\n(?P<content>.*?)```$"
    r"|^改 `(?P<edited>[^`]+)`：把 `(?P<old>[^`]+)` 换成 `(?P<new>[^`]+)`。$"
    r"|^加到 `(?P<grown>[^`]+)` 的 `(?P<before>[^`]+)` 前面：\n\n```\w+\n(?P<added>.*?)```$"
    r"|^```console\n(?P<console>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.commands = folder, 0

    def follow(self, step: re.Match[str]) -> str:
        """Do one step; the step as it should be printed, with the outputs that were really seen."""
        if step["file"]:
            path = self.folder / step["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["content"], encoding="utf-8")
        elif step["edited"]:
            self.edit(step["edited"], step["old"], step["new"])
        elif step["grown"]:
            self.edit(step["grown"], step["before"], step["added"] + step["before"])
        else:
            typed = [line for line in step["console"].splitlines() if line.startswith("$ ")]
            return "```console\n" + "".join(f"{line}\n{self.run(line[2:])}" for line in typed) + "```"
        return step[0]

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, line: str) -> str:
        """What a command prints; only our own command, and a grep over it."""
        self.commands += 1
        command, _, grep = line.partition(" | ")
        name, *arguments = shlex.split(command)
        assert name == "nianbao"
        env = {
            "XDG_CACHE_HOME": str(self.folder / ".cache"),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
            "PATH": "/usr/bin:/bin",
        }
        done = subprocess.run(
            [sys.executable, "-m", "checker", *arguments],
            cwd=self.folder,
            env=env | {"PYTHONPATH": str(PAGE.parent.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        if not grep:
            return done.stdout
        return subprocess.run(shlex.split(grep), input=done.stdout, capture_output=True, text=True, check=True).stdout


def test_the_page_followed_literally(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    reader = Reader(tmp_path)
    followed = _STEP.sub(reader.follow, text)
    if request.config.getoption("--update"):
        PAGE.write_text(followed, encoding="utf-8", newline="\n")
    assert followed == text or request.config.getoption("--update"), "run pytest --update and read the diff"
    assert reader.commands >= 9
    assert (tmp_path / "editor.schema.json").is_file()
