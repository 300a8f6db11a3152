"""The two files that an office writes, roster and county: YAML read as strictly as a pack, against a shipped schema."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from pathlib import Path

from checker.pack import BadPack
from checker.pack import files as pack_files
from checker.pack.shape import first_fault, validator
from checker.pack.strict import Source
from checker.pack.strict import read as read_yaml

MAX_BYTES = 16 << 20  #: of a roster; that of a country's offices has some


def load(path: Path, schema: str) -> Source:
    """The YAML file at ``path``, which fits ``checker/schemas/<schema>.schema.json``. Raises BadPack."""
    source = read_yaml(pack_files.read(path, str(path), MAX_BYTES), str(path))
    check(source, schema)
    return source


def check(source: Source, schema: str) -> None:
    """Raises BadPack for the first thing that breaks the schema, at its line and key."""
    shape = json.loads(files("checker").joinpath(f"schemas/{schema}.schema.json").read_text("utf-8"))
    fault = first_fault(validator(shape), source.value)
    if fault:
        raise source.fault("settings", *fault)


def date(source: Source, path: tuple[str | int, ...], text: str) -> dt.date:
    """A date as the schemas have it, which must be on the calendar. Raises BadPack."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise source.fault("settings", f"“{text}”不是日历上的日期，应是年-月-日，如 2025-01-31", path) from None


__all__ = ["BadPack", "Source", "check", "date", "load"]
