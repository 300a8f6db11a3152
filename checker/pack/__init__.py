"""Packs: YAML in, a verified ``Pack`` out. The checked pack is kept in the user's cache folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from checker.model import Pack

from . import cache as _cache
from . import files as _files
from .fault import BadPack

__all__ = ["BadPack", "Pack", "load"]


def load(paths: Sequence[Path] = (), *, cache: bool = True, today: dt.date | None = None) -> Pack:
    """The national pack with the local packs of ``paths`` (rule files, or folders of them) laid over it in order.

    ``today`` decides which rules are off; without it all are that a local pack ever turned off.
    All files are read once, so a change during the run does not matter; ``Pack.digest`` names what was read.
    Raises BadPack.
    """
    files = _files.snapshot(paths)
    digest = _files.digest(files)
    pack = _verified(files, digest, cache)
    return pack.on(today) if today else pack


def _verified(files: _files.Files, digest: str, cache: bool) -> Pack:
    if cache:
        _cache.recall()
    if cache and (kept := _cache.fetch(digest)):
        return kept
    from .build import build  # yaml and jsonschema are needed only here

    pack = build(files, digest)
    if cache:
        _cache.keep(digest, pack)
    return pack
