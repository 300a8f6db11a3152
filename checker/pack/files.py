"""The files that a pack is made of, read once: what is hashed is what is parsed."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

import checker

from .fault import BadPack

MAX_BYTES = 1 << 20
_SUFFIXES = (".yaml", ".yml")
_COMMON = ("pack.schema.json", "slots.yaml", "basis.yaml", "eras.yaml", "facts.yaml", "forms.yaml")

Files = tuple[tuple[str, bytes], ...]


def snapshot(paths: Sequence[Path]) -> Files:
    """(name, content) of the national pack's files and then of ``paths``, in a fixed order. Raises BadPack."""
    home = rules_home()
    files = [(f"rules/{name}", read(home / name, f"rules/{name}")) for name in _COMMON]
    files += [(f"rules/national/{p.name}", read(p, f"rules/national/{p.name}")) for p in _inside(home / "national")]
    for path in paths:
        files += [(str(p), read(p, str(p))) for p in _given(path)]
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


def read(path: Path, name: str) -> bytes:
    """The content of a regular file of at most MAX_BYTES; nothing longer is read. Raises BadPack."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadPack("pack-missing", "不是普通文件", name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadPack("pack-missing", f"打不开：{error.strerror or error}", name) from None
    if len(data) > MAX_BYTES:
        raise BadPack("pack-size", f"文件超过 {MAX_BYTES >> 20} MiB", name)
    return data


def _given(path: Path) -> Iterable[Path]:
    """A rule file as named, or the rule files of a folder."""
    if "://" in str(path) or str(path).startswith(("http:", "https:", "file:")):
        raise BadPack("pack-path", "规则包只能是本机的文件或文件夹，不能是网址", str(path))
    if not path.is_dir():
        return [path]
    found = _inside(path)
    if not found:
        raise BadPack("pack-missing", "文件夹里没有规则文件（.yaml）", str(path))
    return found


def _inside(folder: Path) -> list[Path]:
    """The rule files directly in a folder, by name. A link that leads out of it is refused."""
    root = folder.resolve()
    found = sorted(p for p in folder.iterdir() if p.suffix in _SUFFIXES)
    for path in found:
        try:
            inside = path.resolve().is_relative_to(root)
        except (OSError, RuntimeError):  # links that lead in a circle
            inside = False
        if not inside:
            raise BadPack("pack-path", "链接指到了规则包文件夹之外", str(path))
    return found
