"""The files that a pack is made of, read once: what is hashed is what is parsed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

import checker
from checker.cause import cause

from ..late import late
from .fault import BadPack

MAX_BYTES = 1 << 20
_SUFFIXES = (".yaml", ".yml")
_COMMON = ("pack.schema.json", "slots.yaml", "basis.yaml", "eras.yaml", "facts.yaml", "forms.yaml")

Files = tuple[tuple[str, bytes], ...]

NATIONAL = "national"  #: what a pack calls the one that everybody runs
MAX_LAYERS = 5
#: the line by which a pack says what it stands on; looked for before YAML is read, for a start that needs no YAML
_EXTENDS = late(rb"^extends:[ \t]*([^#\r\n]+?)[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def snapshot(paths: Sequence[Path]) -> Files:
    """(name, content) of the national pack's files and then of ``paths``, in a fixed order. Raises BadPack."""
    home = rules_home()
    files = [(f"rules/{name}", read(home / name, f"rules/{name}")) for name in _COMMON]
    files += [(f"rules/national/{p.name}", read(p, f"rules/national/{p.name}")) for p in _inside(home / "national")]
    for path in paths:
        files += _given(path)
    return tuple(files)


def digest(files: Files) -> str:
    """SHA-256 over names and contents in order."""
    total = hashlib.sha256()
    for name, data in files:
        total.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
        total.update(data)
    return total.hexdigest()


def rules_home() -> Path:
    """The folder ``rules``: inside the installed package, or beside it in a checkout or an editable install."""
    package = Path(checker.__file__).parent  # what importlib.resources would say, 3 ms sooner
    return package / "_rules" if (package / "_rules").is_dir() else package.parent / "rules"


def read(path: Path, name: str, most: int = MAX_BYTES) -> bytes:
    """The content of a regular file of at most ``most`` bytes; nothing longer is read. Raises BadPack."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadPack("pack-missing", "不是普通文件", name)
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise BadPack("pack-missing", f"打不开：{cause(error)}", name) from None
    if len(data) > most:
        raise BadPack("pack-size", f"文件超过 {most >> 20} MiB", name)
    return data


def _given(path: Path) -> Files:
    """A rule file as named, or the rule files of a folder, ``pack.yaml`` first; before them what they stand on."""
    if "://" in str(path) or str(path).startswith(("http:", "https:", "file:")):
        raise BadPack("pack-path", "规则包只能是本机的文件或文件夹，不能是网址", str(path))
    return _layer(path, [path.parent if not os.path.isdir(path) else path])


def _layer(path: Path, above: Sequence[Path]) -> Files:
    """``above``: the folders from the pack that was named down to this one, of which each holds the next."""
    if not os.path.isdir(path):
        files: Files = ((str(path), read(path, str(path))),)
    else:
        found = sorted(_inside(path), key=lambda each: each.stem != "pack")
        if not found:
            raise BadPack("pack-missing", "文件夹里没有规则文件（.yaml）", str(path))
        files = tuple((str(each), read(each, str(each))) for each in found)
    name, head = files[0]
    base = _EXTENDS.search(head)
    if base is None or (wanted := base[1].decode("utf-8", "replace").strip("\"' ")) == NATIONAL:
        return files
    return _layer(_below(wanted, name, above), [*above, above[-1] / wanted]) + files


def _below(wanted: str, name: str, above: Sequence[Path]) -> Path:
    """The folder that a pack stands on: inside its own folder, and nowhere else."""
    if "://" in wanted or wanted.startswith(("http:", "https:", "file:")):
        raise BadPack("pack-path", "extends 只能写 national 或本文件夹里的下级文件夹，不能是网址", name, key="extends")
    path, root = above[-1] / wanted, above[-1].resolve()
    try:
        real = path.resolve()
        around = [folder.resolve() for folder in above]
    except (OSError, RuntimeError):  # links that lead in a circle
        raise BadPack("pack-path", "extends 的链接绕成了圈", name, key="extends") from None
    if real in around:
        raise BadPack("pack-path", "extends 绕成了圈：规则包以自己为基础", name, key="extends")
    if Path(wanted).is_absolute() or ".." in Path(wanted).parts or not real.is_relative_to(root):
        raise BadPack("pack-path", "extends 只能写本文件夹里的下级文件夹，不能指到外面", name, key="extends")
    if len(above) >= MAX_LAYERS:
        raise BadPack("pack-path", f"extends 超过 {MAX_LAYERS} 层", name, key="extends")
    if not os.path.isdir(path):
        raise BadPack(
            "pack-missing",
            f"extends 写的“{wanted}”不是本文件夹里的文件夹；全国统一规则写作 national",
            name,
            key="extends",
        )
    return path


def _inside(folder: Path) -> list[Path]:
    """The rule files directly in a folder, by name. A link that leads out of it is refused."""
    root = folder.resolve()
    try:
        found = sorted(p for p in folder.iterdir() if p.suffix in _SUFFIXES)
    except OSError as error:
        raise BadPack("pack-missing", f"打不开：{cause(error)}", str(folder)) from None
    for path in found:
        try:
            inside = path.resolve().is_relative_to(root)
        except (OSError, RuntimeError):  # links that lead in a circle
            inside = False
        if not inside:
            raise BadPack("pack-path", "链接指到了规则包文件夹之外", str(path))
    return found
