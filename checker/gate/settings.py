"""What holds in a run, and where it comes from: an option, the environment, ``nianbao.yaml``, the default.

All four say the same names and are judged by one schema (``checker/schemas/settings.schema.json``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from checker.gate.files import SETTINGS, BadSettings, content, found, parsed, schema, shown
from checker.model import record

DEFAULTS: Mapping[str, Any] = {
    "fail_on": "must",
    "min_score": None,
    "min_coverage": None,
    "baseline": None,
    "strict_baseline": False,
    "changed_since": None,
    "across": False,
    "packs": (),
    "format": "table",
    "lang": "zh",
    "jobs": None,
}
PREFIX = "NIANBAO_"


@record
class Setting:
    """A value and where it comes from, in words."""

    value: Any
    origin: str


def settled(paths: Iterable[Path], options: Mapping[str, Any], environment: Mapping[str, str]) -> Mapping[str, Setting]:
    """Every setting by name, for a run over ``paths``. Options that are None were not given. Raises BadSettings."""
    held = {name: Setting(value, "默认") for name, value in DEFAULTS.items()}
    held |= _of_file(project_file(paths))
    held |= _of_environment(environment)
    held |= {
        name: Setting(value, f"选项 {option(name)}")
        for name, value in options.items()
        if value is not None and value is not False and value != ()
    }
    coverage = held["min_coverage"]
    if coverage.value is not None and 0 < coverage.value <= 1:
        raise BadSettings(f"{coverage.origin}：{coverage.value:g} 应写成百分数，如 80")
    return held


def option(name: str) -> str:
    return "--pack" if name == "packs" else f"--{name.replace('_', '-')}"


def project_file(paths: Iterable[Path]) -> Path | None:
    """The ``nianbao.yaml`` that governs ``paths``, if any; two different ones are refused."""
    starts = {str(path if os.path.isdir(path) else path.parent) for path in paths}
    files = {next(found(SETTINGS, start), None) for start in starts}
    if len(files) > 1:
        names = "、".join(sorted(str(file) if file else f"（没有 {SETTINGS}）" for file in files))
        raise BadSettings(f"这些报告的项目设置不同（{names}），请分开检查")
    return next(iter(files), None)


def _of_file(path: Path | None) -> dict[str, Setting]:
    if path is None:
        return {}
    source = parsed(content(path), str(path), "settings")
    return {
        name: Setting(_below(path.parent, name, value), f"{path} 第{source.marks[name,][0]}行")
        for name, value in source.value.items()
    }


def _below(folder: Path, name: str, value: Any) -> Any:
    """Paths are meant from the folder of the file that names them."""
    if name == "packs":
        return tuple(shown(str(folder.absolute() / path)) for path in value)
    return shown(str(folder.absolute() / value)) if name == "baseline" and value else value


def _of_environment(environment: Mapping[str, str]) -> dict[str, Setting]:
    known = {PREFIX + name.upper(): name for name in DEFAULTS}
    held = {}
    for variable, text in sorted(environment.items()):
        if variable in known and text:
            held[known[variable]] = _of_variable(variable, known[variable], text)
        elif variable.startswith(PREFIX) and text:
            _refuse_misspelt(variable, known)
    return held


def _of_variable(variable: str, name: str, text: str) -> Setting:
    """A variable's text as YAML would mean it; paths and versions stay as they are written."""
    from checker.pack.shape import first_fault, validator
    from checker.pack.strict import plain

    texts = {"packs": text.split(os.pathsep), "baseline": text, "changed_since": text}
    value: Any = texts.get(name) or plain(text)
    fault = first_fault(validator(schema("settings")), {name: value})
    if fault:
        raise BadSettings(f"环境变量 {variable}：{fault[0]}")
    return Setting(tuple(value) if name == "packs" else value, f"环境变量 {variable}")


def _refuse_misspelt(variable: str, known: Iterable[str]) -> None:
    """A variable that is nearly one of ours would silently weaken a gate; others are somebody else's."""
    import difflib  # only where something is wrong

    close = difflib.get_close_matches(variable, known, n=1, cutoff=0.87)
    if close:
        raise BadSettings(f"不认识环境变量 {variable}，是不是“{close[0]}”？")
