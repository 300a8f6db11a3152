"""Settings that people write (nianbao.yaml, waivers.yaml): found upwards from a report, read strictly.

The search ends at the root of the project: the first folder upwards with a ``nianbao.yaml`` or a ``.git``. Without one
it ends at the current folder if the report lies below, and at the report's own folder if not: what lies further up
belongs to somebody else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.pack.strict import Source

SETTINGS, WAIVERS = "nianbao.yaml", "waivers.yaml"


class BadSettings(Exception):
    """A settings file, variable or option that cannot be used, in one plain Chinese sentence with its place."""


def folders(start: str) -> Iterator[str]:
    """``start`` and the folders above it, as absolute paths, up to the root of the project."""
    folder = os.path.abspath(start)
    last = root(folder)
    yield folder
    while folder != last:
        folder = os.path.dirname(folder)
        yield folder


def root(own: str) -> str:
    """The root of the project around a folder; absolute paths both."""
    folder = own
    while not any(os.path.lexists(os.path.join(folder, name)) for name in (SETTINGS, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            here = os.getcwd()
            return here if own == here or own.startswith(here.rstrip(os.sep) + os.sep) else own
        folder = above
    return folder


def found(name: str, start: str) -> Iterator[Path]:
    """The files of this name from ``start`` upwards, nearest first, as short as they can be written from here."""
    for folder in folders(start):
        path = os.path.join(folder, name)
        if os.path.lexists(path):
            yield Path(shown(path))


def shown(path: str) -> str:
    """A path as people write it: from the current folder when it lies below, else absolute."""
    short = os.path.relpath(path) if os.path.splitdrive(path)[0] == os.path.splitdrive(os.getcwd())[0] else path
    return path if short.startswith("..") else short


def parsed(data: bytes, file: str, kind: str) -> Source:
    """The YAML of a settings file that fits the schema ``kind`` of ``checker/schemas``. Raises BadSettings."""
    from checker.pack.fault import BadPack
    from checker.pack.shape import first_fault, validator
    from checker.pack.strict import read

    try:
        source = read(data, file)
    except BadPack as error:
        raise BadSettings(str(error)) from None
    if source.value is None:
        source.value = {}
    fault = first_fault(validator(schema(kind)), source.value)
    if fault:
        raise BadSettings(str(source.fault("settings", *fault)))
    return source


def content(path: Path) -> bytes:
    """The bytes of a settings file, within the limits of a rule file. Raises BadSettings."""
    from checker.pack.fault import BadPack
    from checker.pack.files import read

    try:
        return read(path, str(path))
    except BadPack as error:
        raise BadSettings(str(error)) from None


@lru_cache(maxsize=4)
def schema(name: str) -> dict[str, Any]:
    """A JSON Schema of ours."""
    import json

    path = Path(__file__).parents[1] / "schemas" / f"{name}.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
