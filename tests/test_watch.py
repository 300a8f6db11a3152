"""``--open`` and ``--watch``: the right page in the browser, a check for every real save and for nothing else."""

from __future__ import annotations

import os
import shutil
import threading
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchfiles import watch  # noqa: F401  the extra is installed where the tests run

from checker.cli import app
from checker.cli import watch as watching

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "examples" / "2024-桐溪镇-规范.txt"


def call(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        app([str(argument) for argument in arguments])
    return int(end.value.code or 0)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The addresses that a browser was asked to open."""
    asked: list[str] = []

    def browser(address: str) -> bool:
        asked.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", browser)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return asked


def test_open_writes_a_page_of_its_own_and_shows_it(
    opened: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("check", REPORT, "--open") == 0
    (page,) = tmp_path.glob("nianbao-*/*.html")
    assert opened == [page.as_uri()]
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert page.parent.stat().st_mode & 0o077 == 0
    assert capsys.readouterr().out == ""


def test_open_shows_the_file_that_was_named(opened: list[str], tmp_path: Path) -> None:
    assert call("check", REPORT, "--open", "-o", tmp_path / "结果 1.html", "--format", "html") == 0
    assert opened == [(tmp_path / "结果 1.html").as_uri()]


def test_open_is_for_pages(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check", REPORT, "--open", "--format", "json") == 2
    assert "--open 打开的是网页" in capsys.readouterr().err
    assert opened == []


def test_without_a_browser_the_place_of_the_page_is_said(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert call("check", REPORT, "--open") == 0
    assert "没有找到浏览器" in capsys.readouterr().err
    assert opened == []


def test_without_the_extra_a_sentence_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert call("check", REPORT, "--watch") == 2
    assert "pip install watchfiles" in capsys.readouterr().err


class Watched:
    """``saved`` in a thread of its own: how often it said that a report was saved."""

    def __init__(self, *paths: Path, output: Path | None = None) -> None:
        self.count, self.stop = 0, threading.Event()
        self.thread = threading.Thread(target=self.follow, args=(paths, output))
        self.thread.start()
        time.sleep(0.6)  # until the folder is watched

    def follow(self, paths: tuple[Path, ...], output: Path | None) -> None:
        for _ in watching.saved(paths, output, self.stop):
            self.count += 1

    def wait(self, count: int, seconds: float = 10) -> int:
        """The count, as soon as it is reached."""
        end = time.monotonic() + seconds
        while self.count < count and time.monotonic() < end:
            time.sleep(0.05)
        return self.count

    def close(self) -> None:
        self.stop.set()
        self.thread.join(10)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return Path(shutil.copy(REPORT, tmp_path / "年报.txt"))


@pytest.fixture
def watched(report: Path) -> Iterator[Watched]:
    found = Watched(report, output=report.with_name("结果.html"))
    yield found
    found.close()


def test_a_save_is_seen_whether_the_file_is_written_or_replaced(watched: Watched, report: Path) -> None:
    report.write_text(report.read_text(encoding="utf-8") + "一", encoding="utf-8")
    assert watched.wait(1) == 1
    new = report.with_name("~WRD0001.tmp")  # what Word does: a new file in the place of the old one
    shutil.copy(REPORT, new)
    os.replace(new, report)
    assert watched.wait(2) == 2


def test_lock_files_results_and_other_files_are_no_save(watched: Watched, report: Path) -> None:
    for name in ("~$年报.txt", ".~lock.年报.txt#", "结果.html", ".nianbao-1.tmp", "别的.txt"):
        report.with_name(name).write_text("x", encoding="utf-8")
    time.sleep(1.5)
    assert watched.count == 0


def test_a_file_that_still_grows_is_waited_for(watched: Watched, report: Path) -> None:
    with report.open("a", encoding="utf-8") as file:
        for _ in range(8):
            file.write("一")
            file.flush()
            os.fsync(file.fileno())
            assert watched.count == 0
            time.sleep(0.15)
    assert watched.wait(1) == 1


def test_reports_of_a_folder_are_watched(tmp_path: Path) -> None:
    found = Watched(tmp_path)
    (tmp_path / "说明.log").write_text("x")
    shutil.copy(REPORT, tmp_path / "新来的.txt")
    assert found.wait(1) == 1
    found.close()


def test_the_command_checks_again_after_a_save(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def saves(*_: object) -> Iterator[None]:
        report.write_text("政府信息公开工作年度报告", encoding="utf-8")
        yield

    monkeypatch.setattr(watching, "saved", saves)
    assert call("check", report, "--watch") != 0
    out = capsys.readouterr()
    verdicts = [line for line in out.out.splitlines() if line.startswith("结论")]
    assert len(verdicts) == 2
    assert verdicts[0] != verdicts[1]
    assert "重新查过了" in out.err
