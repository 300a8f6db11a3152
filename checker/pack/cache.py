"""The checked pack and the code of expressions on disk: a start needs neither YAML nor JSON Schema nor compiling.

The cache may be missing, damaged, foreign or poisoned at any time: it is then ignored and the pack made afresh.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import pickle
import stat
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import regex

from checker import __version__
from checker.late import CODES
from checker.model import Origin, Pack, Passage
from checker.patterns import Pattern

MAX_KEPT = 8
PACKAGE = Path(__file__).parent.parent
_SHAPERS = ("model/*.py", "engine.py", "patterns/*.py", "formula.py", "factmap.py", "pack/*.py")


def fetch(digest: str) -> Pack | None:
    """The kept pack for these files, or None."""
    try:
        pack = _read(place(digest))
    except Exception:  # whatever a damaged file does, the pack itself is at hand
        return None
    return pack if isinstance(pack, Pack) and pack.digest == digest else None


def keep(digest: str, pack: Pack) -> None:
    """Write the pack for the next start; a folder that cannot be written is no matter."""
    _write(place(digest), pack)


def recall() -> None:
    """Makes known the code of our own expressions that earlier starts used."""
    with suppress(Exception):  # whatever a damaged file does, they can be compiled
        CODES.update(_read(_codes()))
        CODES.kept = len(CODES)


def retain() -> None:
    """Writes the code of our own expressions for the next start, if this one had to compile some."""
    if len(CODES) > CODES.kept:
        _write(_codes(), dict(CODES))
        CODES.kept = len(CODES)


def _codes() -> Path:
    return home() / f"code-{hashlib.sha256(sys.version.encode()).hexdigest()[:32]}"


def _read(path: Path) -> Any:
    """What was written there. Raises whatever a missing, foreign or damaged file raises."""
    data = owned(path)
    if data is None or hashlib.sha256(data[32:]).digest() != data[:32]:
        raise ValueError(path)
    return restored(data[32:])


def _write(path: Path, content: Any) -> None:
    """Writes it whole or not at all."""
    import tempfile  # dear to import, and a warm start does not write

    with suppress(OSError, pickle.PicklingError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        body = pickle.dumps(content, protocol=5)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
            _prune(path.parent)
        except BaseException:
            os.unlink(temporary)
            raise


def _prune(folder: Path) -> None:
    """Drop what was kept longest ago: every change of a pack leaves a file behind."""
    for old in sorted(folder.glob("pack-*"), key=lambda path: path.stat().st_mtime, reverse=True)[MAX_KEPT:]:
        old.unlink()


def place(digest: str) -> Path:
    """Where the pack of these files is kept, for this tool, Python and regex engine.

    In a checkout the version stands still while the code moves, so the code that shapes a pack counts, too.
    """
    versions = f"{__version__}|{sys.version}|{regex.__version__}|{_stamps(PACKAGE)}|{digest}"
    return home() / f"pack-{hashlib.sha256(versions.encode()).hexdigest()[:32]}"


def home() -> Path:
    """The folder of this user's caches of ours. It may not be there."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "nianbao"


def _stamps(package: Path) -> str:
    """Times and sizes of the modules whose work a kept pack is."""
    modules = (path for names in _SHAPERS for path in sorted(package.glob(names)))
    return " ".join(f"{status.st_mtime_ns}:{status.st_size}" for status in map(os.stat, modules))


def owned(path: Path) -> bytes | None:
    """The content of a regular file that is ours and that no one else may write."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        ours = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
        return file.read() if ours and stat.S_ISREG(status.st_mode) else None


def restored(data: bytes) -> Any:
    """What was pickled, if it is made of our own nouns and nothing else. Raises whatever a damaged pickle raises."""
    return _Restricted(io.BytesIO(data)).load()


class _Restricted(pickle.Unpickler):
    """Makes only our own data classes and patterns, dates and plain data."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return import_module(module).date
        if module.startswith("checker.") and "." not in name:
            found = vars(import_module(module)).get(name)
            if found in (Pattern, Passage, Origin) or (isinstance(found, type) and dataclasses.is_dataclass(found)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")
