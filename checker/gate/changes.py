"""Which files a change touches, asked of git: what differs from where the branch began, staged or not, and new files.

git runs without a shell, with the name of the version resolved to a commit first, and without the programs that a
repository's settings may name.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checker.cause import cause
from checker.gate.files import SETTINGS, WAIVERS, BadSettings

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.devnull, "-c", "core.quotePath=false")
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_TIMEOUT = 60  #: seconds


@dataclass(frozen=True)
class Changes:
    """The files that differ from commit ``base``, as absolute paths, deleted ones too; ``root`` of the work tree."""

    root: str
    base: str
    paths: frozenset[str]

    def touches(self, path: Path) -> bool:
        """Whether a report is part of the change: itself, or a settings file that governs it."""
        here = os.path.join(os.path.realpath(path.parent), path.name)  # a link itself may have changed
        real = os.path.realpath(path)
        return not self.paths.isdisjoint((here, real)) or any(here.startswith(folder) for folder in self._resettled)

    @cached_property
    def _resettled(self) -> tuple[str, ...]:
        """Folders in which the settings changed: with another line, every report below is judged anew."""
        names = (WAIVERS, SETTINGS)
        return tuple(sorted(os.path.dirname(path) + os.sep for path in self.paths if os.path.basename(path) in names))

    def within(self, path: str) -> bool:
        """Whether a file, or any file of a folder, is part of the change."""
        own = os.path.realpath(path)
        return any(changed == own or changed.startswith(own + os.sep) for changed in self.paths)

    def before(self, path: Path) -> bytes | None:
        """The content of a file before the change; None when it was not there."""
        name = os.path.relpath(os.path.realpath(path), self.root).replace(os.sep, "/")
        done = _git(self.root, "cat-file", "blob", f"{self.base}:{name}")
        return done.stdout if done.returncode == 0 else None


def since(version: str, folder: str) -> Changes:
    """What changed in the repository around ``folder`` since the branch left ``version``. Raises BadSettings."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top.returncode:
        raise BadSettings(f"--changed-since：{folder} 不在 git 仓库里，或者 git 不能读这个仓库{_reason(top)}")
    root = os.path.realpath(os.fsdecode(top.stdout.rstrip(b"\r\n")))
    commit = _commit(root, version)
    shared = _git(root, "merge-base", commit, "HEAD")
    base = shared.stdout.decode().split()[0] if shared.returncode == 0 and shared.stdout.split() else commit
    differing = _git(root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z", base, "--")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--")
    if differing.returncode or new.returncode:
        raise BadSettings(f"--changed-since：git 没有列出改动{_reason(differing if differing.returncode else new)}")
    names = [name for name in (differing.stdout + new.stdout).split(b"\0") if name]
    return Changes(root, base, frozenset(os.path.join(root, *os.fsdecode(name).split("/")) for name in names))


def _commit(root: str, version: str) -> str:
    """The commit that a name stands for; what begins with a hyphen is no name."""
    done = None
    if version and not version.startswith("-") and version.isprintable():
        done = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{version}^{{commit}}")
    if done is None or done.returncode:
        message = f"--changed-since：仓库里没有“{version}”这个版本；只取了最近历史的（浅克隆），请先取全部历史"
        raise BadSettings(message)
    return done.stdout.decode().strip()


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # a hook's GIT_DIR and GIT_INDEX_FILE are meant from another folder
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _QUIET
    try:
        return subprocess.run(
            ["git", *_SAFE, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise BadSettings("--changed-since：这台电脑上没有找到 git") from None
    except subprocess.TimeoutExpired:
        raise BadSettings(f"--changed-since：git 过了 {_TIMEOUT:g} 秒还没有答复") from None
    except (OSError, ValueError) as error:
        raise BadSettings(f"--changed-since：git 没有运行成功：{cause(error)}") from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"（{said[0][:200]}）" if said else ""
