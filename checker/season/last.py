"""An audit.json of an earlier season or round, read unit by unit: next year's ``--last``, the second round's basis."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checker.cause import cause

SCHEMA_VERSION = "1"
_UNITS = '"units": ['


class NoAudit(Exception):
    """A file that is no audit.json of ours, or of another version; a Chinese sentence."""


def head_of(path: Path) -> Mapping[str, Any]:
    """All of an audit.json that stands before its units: county, year, tool. Raises NoAudit."""
    with _open(path) as file:
        first = file.readline(1 << 20)
    try:
        about: Mapping[str, Any] = json.loads(first.rstrip().removesuffix(_UNITS).rstrip(", ") + "}")
    except ValueError:
        raise NoAudit(f"{path} 不是 nianbao audit 写的 audit.json，或者被改动过。") from None
    if not isinstance(about, dict) or not isinstance(about.get("year"), int):
        raise NoAudit(f"{path} 不是 nianbao audit 写的 audit.json，或者被改动过。")
    if about.get("schema_version") != SCHEMA_VERSION:
        raise NoAudit(f"{path} 是别的版本的 audit.json（{about.get('schema_version')}），这个版本的工具读不了。")
    return about


def units_of(path: Path) -> Iterator[Mapping[str, Any]]:
    """The units of an audit.json, one by one: each stands on a line of its own. Raises NoAudit."""
    head_of(path)
    with _open(path) as file:
        file.readline()
        for line in file:
            text = line.strip().rstrip(",")
            if text.startswith("]"):
                return
            try:
                yield json.loads(text)
            except ValueError:
                break
    raise NoAudit(f"{path} 不完整或者被改动过，请用当时生成的原文件。")


def _open(path: Path) -> Any:
    try:
        return path.open(encoding="utf-8")
    except OSError as error:
        raise NoAudit(f"{path} 打不开：{cause(error)}。") from None
