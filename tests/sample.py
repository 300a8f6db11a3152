"""The sample pack of tests/packs, and small reports of facts or lines: free of the national rules."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.examples import fact_of
from checker.model import Case, Line, Origin, Pack, Passage, Report
from checker.pack import files, load

SAMPLE = Path(__file__).parent / "packs" / "sample"
SCHEMA = Path(__file__).parent.parent / "rules" / "pack.schema.json"

#: a rule that loads; tests change one thing in it
RULE: Mapping[str, Any] = {
    "id": "ZZZ-01",
    "title": "不写错字",
    "kind": "wording",
    "scope": "body",
    "forbid": ["错字"],
    "basis": ["law#1"],
    "eras": ["A", "B", "C", "D"],
    "severity": "must",
    "message": "写了“{quote}”",
    "fix": "删去",
    "examples": [{"pass": {"text": "没有"}}, {"fail": {"text": "错字"}}],
}


def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample pack as the national one, in ``folder``; its cache stays inside, too."""
    rules = folder / "rules"
    shutil.copytree(SAMPLE, rules)
    shutil.copy(SCHEMA, rules)
    monkeypatch.setattr(files, "rules_home", lambda: rules)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return rules


def rule(**changes: Any) -> dict[str, Any]:
    """RULE with keys changed; a key changed to None is left out."""
    return {key: value for key, value in {**RULE, **changes}.items() if value is not None}


def written(folder: Path, *rules: Mapping[str, Any], name: str = "own.yaml") -> Path:
    """A rule file in ``folder``."""
    path = folder / name
    path.write_text(yaml.safe_dump({"rules": list(rules)}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def loaded(folder: Path, *rules: Mapping[str, Any]) -> Pack:
    """The sample pack with these rules added."""
    return load([written(folder, *rules)], cache=False)


def passage(text: str, section: str | None = None) -> Passage:
    """A passage of one line a line, counted from 1."""
    lines = enumerate(text.split("\n"), 1)
    return Passage(tuple(Line(line, line, (Origin(0, number),), section=section) for number, line in lines))


def case(
    facts: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
    year: int | None = 2016,
    **changes: Any,
) -> Case:
    """A report of 2016 with facts as examples write them, and texts by scope."""
    base: dict[str, Any] = {
        "source": "样例.txt",
        "format": "txt",
        "place": "青石镇人民政府",
        "level": "镇",
        "era": "B",
        "reason": "",
        "facts": {name: fact_of(value) for name, value in (facts or {}).items()},
        "texts": {name: passage(text) for name, text in (texts or {}).items()},
    }
    return Case(Report(year=year, **{**base, **changes}))
