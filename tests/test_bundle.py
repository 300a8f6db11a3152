"""The offline bundle, built as its page says and used as a clerk would: unpacked, a report dropped on it, no network.

Building it fetches wheels with pip, as .ci/run itself does; using it must not.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bundle.__main__ import PLATFORMS, Platform, _pack, build, unconditional

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "examples" / "formats" / "2024-云渚镇.docx"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def unpacked(archive: Path, folder: Path) -> Path:
    """The bundle as an unpacker leaves it, files that are to be started included."""
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            os.chmod(packed.extract(entry, folder), entry.external_attr >> 16)
    return folder / "年报检查"


class Desk:
    """A clerk's computer: the unpacked bundle, a browser that notes what it is shown, and no way to the network."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shown = folder, folder / "shown.txt"
        self.browser = folder / "browser"
        self.browser.write_text(f'#!/bin/sh\necho "$1" >> {shlex.quote(str(self.shown))}\n', encoding="utf-8")
        self.browser.chmod(0o755)
        apart = ["unshare", "-rn"]
        self.apart = apart if shutil.which("unshare") and not subprocess.call([*apart, "true"], stderr=-3) else []

    def start(self, *command: str | Path, path: str = os.environ["PATH"], typed: str = "") -> tuple[int, str]:
        """Exit code and output. Where a namespace without network is not to be had, a proxy that is not there does."""
        nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
        env = {"PATH": path, "HOME": str(self.folder), "BROWSER": str(self.browser), **nowhere}
        run = subprocess.run(
            [*(self.apart if path == os.environ["PATH"] else ()), *map(str, command)],
            env=env, input=typed, capture_output=True, text=True, encoding="utf-8", check=False, timeout=240,
        )  # fmt: skip
        return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The bundle for Linux, for this Python alone, unpacked where names are difficult."""
    folder = tmp_path_factory.mktemp("bundle") / "我的 文档 (1)&"
    folder.mkdir()
    build(PLATFORMS["linux"], folder / "nianbao.zip", (VERSION,), (platform.machine(),))
    unpacked(folder / "nianbao.zip", folder)
    return Desk(folder)


def test_a_dropped_report_gives_its_page_without_network(desk: Desk) -> None:
    launcher = desk.folder / "年报检查" / "检查年报.sh"
    report = desk.folder / "云渚镇 2024.docx"
    shutil.copy(REPORT, report)
    code, said = desk.start(launcher, report)
    assert code == 0, said
    assert "第一次使用，正在本文件夹里安装" in said
    page = desk.folder / "云渚镇 2024.docx.检查结果.html"
    assert "T3-04" in page.read_text(encoding="utf-8")
    assert desk.shown.read_text(encoding="utf-8").split() == [page.as_uri()]
    code, said = desk.start(launcher, report, desk.folder / "没有.docx")
    assert code == 1
    assert "安装" not in said
    assert "找不到" in said
    dragged = f"'{report}' \n"
    code, said = desk.start(launcher, typed=dragged)
    assert (code, "安装" in said) == (0, False)
    assert len(desk.shown.read_text(encoding="utf-8").split()) == 3
    entry = (desk.folder / "年报检查" / "检查年报.desktop").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^Exec=(.*)$", entry)
    places = {"%k": str(desk.folder / "年报检查" / "检查年报.desktop"), "%F": str(report)}
    code, said = desk.start(*[places.get(word, word) for word in shlex.split(line)])
    assert code == 0, said
    moved = desk.folder.parent / "moved"
    shutil.copytree(desk.folder / "年报检查", moved, ignore=shutil.ignore_patterns("env"))
    next(moved.glob("files/wheels/lxml-*.whl")).unlink()
    code, said = desk.start(moved / "检查年报.sh", report)
    assert code == 1
    assert "没有装成：安装包不完整" in said


def test_without_a_fitting_python_it_says_what_to_do(tmp_path: Path) -> None:
    folder = unpacked(packed("linux", tmp_path), tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "cat"):
        (tools / name).symlink_to(shutil.which(name) or name)
    desk = Desk(tmp_path)
    code, said = desk.start(folder / "检查年报.sh", REPORT, path=str(tools))
    assert (code, "没有找到 Python" in said) == (1, True)
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tools / "python3").chmod(0o755)
    code, said = desk.start(folder / "检查年报.sh", REPORT, path=str(tools))
    assert (code, "版本太旧或太新" in said) == (1, True)


def packed(name: str, folder: Path, wheels: Sequence[Path] = ()) -> Path:
    _pack(folder / f"{name}.zip", PLATFORMS[name], wheels)
    return folder / f"{name}.zip"


@pytest.mark.parametrize(("name", "platform_"), PLATFORMS.items())
def test_what_lies_in_the_zip(name: str, platform_: Platform, tmp_path: Path) -> None:
    first = packed(name, tmp_path).read_bytes()
    assert packed(name, tmp_path).read_bytes() == first
    folder = unpacked(packed(name, tmp_path), tmp_path)
    assert {path.name for path in folder.iterdir()} == {"files", "说明.txt", *(own for own, _ in platform_.launchers)}
    assert (folder / "files" / "requirements.lock").read_bytes() == (ROOT / "requirements.lock").read_bytes()
    for own, _ in platform_.launchers:
        assert os.access(folder / own, os.X_OK)
    if name == "windows":
        text = (folder / "检查年报.bat").read_bytes()
        assert text.isascii()  # a command file is read in whatever code the computer has
        assert text.count(b"\n") == text.count(b"\r\n") > 10
        for message in ("no-python.txt", "other-python.txt"):
            assert f"files\\{message}".encode() in text
            assert (folder / "files" / message).exists()


def test_a_lock_for_another_computer_has_no_conditions() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    plain = unconditional(lock)
    assert " ; " in lock
    assert " ; " not in plain
    assert re.findall(r"\S+==\S+|sha256:\w+", plain) == re.findall(r"\S+==\S+|sha256:\w+", lock)
