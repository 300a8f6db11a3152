"""Builds the offline bundle: ``python -m bundle windows -o nianbao-windows.zip``. Needs pip and the network, once.

The zip holds the wheels of requirements.lock for every Python that nianbao runs on, pip itself, nianbao's own wheel,
and a launcher. What the launcher does is written in ``files/start.py``, which runs on the clerk's computer.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PYTHONS = ("3.11", "3.12", "3.13")
PIP = "pip==25.3"  #: brought along, since not every Python has it (Debian's has not)


@dataclass(frozen=True, slots=True)
class Platform:
    """A kind of computer: the wheels that run on it, by machine, and the launchers as (name, template)."""

    machines: Mapping[str, tuple[str, ...]]
    launchers: tuple[tuple[str, str], ...]
    newline: str = "\n"


_UNIX = "launch.sh"
PLATFORMS: Mapping[str, Platform] = {
    "windows": Platform({"x86_64": ("win_amd64",)}, (("检查年报.bat", "launch.bat"),), "\r\n"),
    "macos": Platform(
        {machine: (f"macosx_13_0_{machine}",) for machine in ("arm64", "x86_64")},
        (("检查年报.command", _UNIX),),
    ),
    "linux": Platform(
        {
            machine: tuple(f"manylinux{glibc}_{machine}" for glibc in ("_2_28", "_2_27", "_2_26", "_2_17", "2014"))
            for machine in ("x86_64", "aarch64")
        },
        (("检查年报.sh", _UNIX), ("检查年报.desktop", "launch.desktop")),
    ),
}


def build(platform: Platform, output: Path, pythons: Sequence[str] = PYTHONS, machines: Sequence[str] = ()) -> None:
    """Writes the bundle of a platform, for these Pythons and machines (none named: all)."""
    with tempfile.TemporaryDirectory(prefix="nianbao-bundle-") as name:
        folder = Path(name)
        wheels = folder / "wheels"
        wheels.mkdir()
        _call("-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels))
        lock = folder / "all.txt"
        lock.write_text(unconditional((ROOT / "requirements.lock").read_text(encoding="utf-8")), encoding="utf-8")
        for tags in (platform.machines[machine] for machine in machines or platform.machines):
            for python in pythons:
                fetch(wheels, python, tags, "--require-hashes", "-r", str(lock))
        fetch(wheels, pythons[0], ("any",), PIP)
        _pack(output, platform, sorted(wheels.glob("*.whl")))


def unconditional(lock: str) -> str:
    """A lock without conditions: pip would judge them by this computer, and the bundle is for another one."""
    return re.sub(r"(?m)^(\S+==\S+) ;[^\\\n]*", r"\1 ", lock)


def fetch(wheels: Path, python: str, tags: Iterable[str], *what: str) -> None:
    """Downloads wheels for one Python on one kind of computer; what is there already is not fetched again."""
    platforms = [part for tag in tags for part in ("--platform", tag)]
    target = ["--python-version", python, "--implementation", "cp", *platforms]
    _call("-m", "pip", "download", "-q", "--disable-pip-version-check", "--only-binary=:all:", "--no-deps",
          "-d", str(wheels), *target, *what)  # fmt: skip


def _call(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)


def _pack(output: Path, platform: Platform, wheels: Sequence[Path]) -> None:
    """The zip, whole or not at all, the same bytes for the same wheels."""
    partial = output.with_name(output.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, runs in _texts(platform):
            _add(archive, f"年报检查/{name}", data, runs=runs)
        for wheel in wheels:
            _add(archive, f"年报检查/files/wheels/{wheel.name}", wheel.read_bytes())
    partial.replace(output)


def _texts(platform: Platform) -> Iterator[tuple[str, bytes, bool]]:
    """The files beside the wheels: name, bytes, whether it is to be started."""
    for name, template in platform.launchers:
        yield name, _ended(HERE / template, platform.newline), True
    # the editor of older Windows knows UTF-8 by its mark only
    yield "说明.txt", b"\xef\xbb\xbf" + _ended(HERE / "说明.txt", "\r\n"), False
    for path in sorted((HERE / "files").glob("*.*")):
        yield f"files/{path.name}", _ended(path, platform.newline if path.suffix == ".txt" else "\n"), False
    yield "files/requirements.lock", (ROOT / "requirements.lock").read_bytes(), False


def _ended(path: Path, newline: str) -> bytes:
    return newline.join(path.read_text(encoding="utf-8").split("\n")).encode("utf-8")


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, runs: bool = False) -> None:
    info = zipfile.ZipInfo(name)
    info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
    info.external_attr = (0o100755 if runs else 0o100644) << 16
    archive.writestr(info, data)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bundle", description="做离线安装包（做的时候要联网，用的时候不要）。"
    )
    parser.add_argument("platform", choices=sorted(PLATFORMS), help="给哪种电脑用")
    parser.add_argument("-o", "--output", type=Path, required=True, help="写成这个 .zip 文件")
    parser.add_argument("--python", action="append", choices=PYTHONS, help="只装这个版本的 Python 用的，可重复")
    given = parser.parse_args()
    build(PLATFORMS[given.platform], given.output, given.python or PYTHONS)
    print(f"已写成 {given.output}（{given.output.stat().st_size / (1 << 20):.0f} MB）")


if __name__ == "__main__":
    main()
