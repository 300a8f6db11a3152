"""Runs on the clerk's computer: installs nianbao into this folder once, checks what was dropped, shows the pages.

Nothing but the standard library, and no network: the wheels lie beside this file.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
import webbrowser
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEELS, LOCK = HERE / "wheels", HERE / "requirements.lock"
ENV, READY = HERE / "env", HERE / "env" / "ready.txt"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VERSIONS = ((3, 11), (3, 13))


def main(arguments: list[str]) -> int:
    if not VERSIONS[0] <= sys.version_info[:2] <= VERSIONS[1]:
        found = ".".join(map(str, sys.version_info[:2]))
        say(f"需要 Python 3.11、3.12 或 3.13，现在的是 {found}。请另装一个，见“说明.txt”。")
        return 1
    if not installed() and not install():
        return 1
    files = [Path(each) for each in arguments] or list(asked())
    if not files:
        say("没有给出报告，什么也没有检查。")
        return 1
    return max([check(path.absolute()) for path in files])


def say(text: str) -> None:
    print(text, flush=True)


# --- installed once ---------------------------------------------------------------------------------------------------


def stamp() -> str:
    """What is installed: the bundle and the Python that it was installed for, and where."""
    names = "\n".join(sorted(path.name for path in WHEELS.glob("*.whl")))
    return hashlib.sha256(f"{HERE}\n{sys.version}\n{names}".encode("utf-8", "surrogatepass")).hexdigest()


def installed() -> bool:
    """Whether the environment is whole, and of this very folder: one that was moved does not run."""
    try:
        return READY.read_text(encoding="utf-8") == stamp() and PYTHON.exists()
    except OSError:
        return False


def install() -> bool:
    """Makes the environment from the wheels; says what to do when it cannot."""
    say("第一次使用，正在本文件夹里安装，大约一分钟，不联网……")
    try:
        shutil.rmtree(ENV, ignore_errors=True)
        venv.create(ENV, with_pip=False)
        (pip,) = WHEELS.glob("pip-*.whl")
        (own,) = WHEELS.glob("nianbao-*.whl")
        command = [str(PYTHON), str(pip / "pip"), "install", "-q", "--no-index", "--no-cache-dir",
                   "--disable-pip-version-check", "--find-links", str(WHEELS)]  # fmt: skip
        for what in (["--require-hashes", "-r", str(LOCK)], ["--no-deps", str(own)]):
            subprocess.run([*command, *what], check=True, env=quiet(), stdin=subprocess.DEVNULL)
        READY.write_text(stamp(), encoding="utf-8")
    except OSError as error:
        say(f"没有装成：这个文件夹不能写入（{error.strerror or error}）。请把整个文件夹复制到桌面或“文档”里再试。")
        return False
    except (subprocess.CalledProcessError, ValueError):
        say("没有装成：安装包不完整，或者与这台电脑的系统、Python 版本不合。")
        say("请重新解压整个压缩包再试；还不行的，把上面的英文发给维护者。")
        return False
    say("装好了。")
    return True


def quiet() -> Mapping[str, str]:
    """The environment without settings that would lead pip or Python elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("PIP_", "PYTHON"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}


# --- checked each time ------------------------------------------------------------------------------------------------


def asked() -> Iterator[Path]:
    """The files that are dragged into the window, when none was dropped on the icon."""
    say("请把要检查的报告拖进这个窗口，再按回车键（直接按回车键就是退出）：")
    try:
        line = input().strip()
    except EOFError:
        return
    try:
        words = shlex.split(line, posix=os.name != "nt")
    except ValueError:
        words = [line]
    yield from (Path(word.strip("\"'")) for word in words)


def check(path: Path) -> int:
    """Checks one report and shows its page; 0 when there is a page."""
    if not path.exists():
        say(f"找不到 {path}。")
        return 1
    if path.is_dir():
        say(f"{path} 是一个文件夹，请把里面的报告拖上来。")
        return 1
    say(f"正在检查 {path.name} ……")
    page = target(path)
    command = [str(PYTHON), "-m", "checker", "check", str(path), "--format", "html", "--output", str(page)]
    code = subprocess.run(command, env=quiet(), check=False, stdin=subprocess.DEVNULL).returncode
    if code not in (0, 1, 3) or not page.exists():
        say(f"没有查成 {path.name}，原因见上面的文字。")
        return 1
    say(f"结果在 {page}")
    webbrowser.open(page.as_uri())
    return 0


def target(path: Path) -> Path:
    """Where the page goes: beside the report, or into this folder when that one cannot be written to."""
    folder = path.parent
    if not os.access(folder, os.W_OK):
        folder = HERE.parent / "检查结果"
        folder.mkdir(exist_ok=True)
    return folder / f"{path.name}.检查结果.html"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
