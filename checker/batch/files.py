"""Which files are meant: folders walked, globs expanded, in an order that never changes."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from pathlib import Path

#: What is taken from a folder. Formats that cannot be read yet are taken too, so that they show up as a row.
SUFFIXES = frozenset(
    (
        ".txt",
        ".text",
        ".md",
        ".markdown",
        ".html",
        ".htm",
        ".docx",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".pdf",
        ".ofd",
        ".xlsx",
        ".png",
        ".jpg",
        ".jpeg",
    )
)


#: what may hold a report and is not taken from a folder: sheets, slides, archives of other programs, no suffix at all
PASSED_OVER = frozenset(
    suffix and f".{suffix}"
    for suffix in [
        "",
        "xls",
        "et",
        "ett",
        "xlsm",
        "csv",
        "ppt",
        "pptx",
        "dps",
        "docm",
        "dot",
        "dotx",
        "wpt",
        "mht",
        "mhtml",
        "ceb",
        "zip",
        "rar",
        "7z",
        "gz",
        "tar",
        "bmp",
        "tif",
        "tiff",
        "webp",
    ]
)


def find(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files that ``paths`` name: files as given, folders walked, globs expanded; in the order given, sorted inside.

    A file that is named twice comes once.

    What cannot be found or opened is passed on as it is, so that reading it gives its row: a folder without reports
    (``no-reports``), a missing file (``io``), a FIFO (``not-a-file``).
    """
    named = list(paths)
    met: set[str] = set()
    for path in named:
        for hit in _expand(str(path)):
            for name in _folder(hit) if os.path.isdir(hit) else (hit,):
                if len(named) == 1 or (full := os.path.abspath(name)) not in met:
                    if len(named) > 1:
                        met.add(full)
                    yield Path(name)


def passed_over(paths: Iterable[str | Path]) -> Mapping[str, int]:
    """How many files of each suffix below the folders of ``paths`` may hold a report and are not taken by ``find``."""
    folders = (hit for path in paths for hit in _expand(str(path)) if os.path.isdir(hit))
    met = (name for folder in folders for name in _walk(folder, PASSED_OVER))
    names = {os.path.abspath(name) for name in met if not os.path.isdir(name)}  # one that cannot be opened is a row
    suffixes = (os.path.splitext(name)[1].lower() for name in sorted(names))
    return Counter(suffix for suffix in suffixes if suffix in PASSED_OVER)


def _expand(name: str) -> Iterator[str]:
    """A glob as the names that it stands for; shells on Windows leave that to the program."""
    hits: Iterable[str] = ()
    if glob.has_magic(name) and not os.path.lexists(name):
        base, deep, tail = name.partition("**")
        # ** is walked by ourselves: glob follows links round in circles
        hits = _below(base or ".", tail.lstrip("/" + os.sep) or "*") if deep else sorted(glob.iglob(name))
    found = False
    for hit in hits:
        found = True
        yield hit
    if not found:
        yield name


def _below(base: str, pattern: str) -> Iterator[str]:
    for path in _walk(base):
        name = os.path.relpath(path, base)
        if fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(name, f"*{os.sep}{pattern}"):
            yield path


def _folder(folder: str) -> Iterator[str]:
    """The reports below ``folder``, or the folder itself when it has none."""
    found = False
    for path in _walk(folder):
        found = True
        yield path
    if not found:
        yield folder


def _walk(folder: str, suffixes: Set[str] = SUFFIXES) -> Iterator[str]:
    """Files with one of these suffixes below ``folder``, sorted by name; every folder once, so circles of links end.

    A folder that cannot be opened is passed on as a name of its own.
    """
    seen: set[tuple[int, int]] = set()
    stack = [(folder, True)]
    while stack:
        path, is_folder = stack.pop()
        entries = _entries(path, seen, suffixes) if is_folder else None
        if entries is None:
            yield path
        else:
            stack.extend(entries)


def _entries(folder: str, seen: set[tuple[int, int]], suffixes: Set[str]) -> list[tuple[str, bool]] | None:
    """What of ``folder`` counts, last name first, each with whether it is a folder; None when it cannot be opened."""
    try:
        status = os.stat(folder)
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            named = [(entry.path, _is_folder(entry)) for entry in entries if not entry.name.startswith((".", "~$"))]
    except OSError:
        return None
    return sorted((pair for pair in named if pair[1] or _is_one(pair[0], suffixes)), reverse=True)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):  # a link that leads to itself
        return entry.is_dir()
    return False


def _is_one(path: str, suffixes: Set[str]) -> bool:
    """By suffix; a README beside the reports is none of them, nor a LICENSE or a Makefile without any."""
    stem, suffix = os.path.splitext(os.path.basename(path))
    plain = not suffix and stem.isascii() and (stem.isupper() or stem.endswith("file"))
    return suffix.lower() in suffixes and stem.upper() != "README" and not plain
