"""``examples/county`` audited as an officer would: what was planted is found, and nothing else is said of anybody."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from checker.cli import app
from tests import county
from tests.county.__main__ import EXAMPLES, SIMPLE, handed_in, wishes
from tests.findings import national

EXPECTED: Mapping[str, Any] = yaml.safe_load((EXAMPLES / "expected.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The audit of a copy of the folder, as audit.json has it."""
    folder = tmp_path_factory.mktemp("county") / "岫川县"
    shutil.copytree(EXAMPLES, folder)
    command = ["audit", folder / "2024", "--last", folder / "2023", "--roster", folder / "roster.yaml"]
    command += ["--county", folder / "county.yaml", "--jobs", "2", "--fail-on", "never", "-o", folder / "结果"]
    result = CliRunner().invoke(app, list(map(str, command)))
    assert result.exit_code == 0, result.output
    found: Mapping[str, Any] = json.loads((folder / "结果" / "audit.json").read_text(encoding="utf-8"))
    return found


def short(raw: Mapping[str, Any]) -> str:
    """A unit of the result as expected.yaml calls it."""
    name: str = raw["unit"]["name"]
    return next(unit.short for unit in county.units() if unit.name == name)


def units(season: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {short(raw): raw for raw in season["units"]}


def test_who_is_missing_and_who_is_late(season: Mapping[str, Any]) -> None:
    found = units(season)
    assert len(found) == 30
    assert [name for name, raw in found.items() if raw["outcome"] == "missing"] == EXPECTED["missing"]
    assert [name for name, raw in found.items() if raw["late"]] == EXPECTED["late"]
    assert {raw["outcome"] for name, raw in found.items() if name not in EXPECTED["missing"]} == {"audited"}


def test_of_two_files_the_later_one_counts(season: Mapping[str, Any]) -> None:
    for name, wanted in EXPECTED["twice"].items():
        standing = {file["path"]: file["standing"] for file in units(season)[name]["submissions"]}
        assert standing == {path.removeprefix("2024/"): word for word, path in wanted.items()}
    others = [raw for name, raw in units(season).items() if name not in EXPECTED["twice"]]
    assert max(len(raw["submissions"]) for raw in others) == 1


def test_what_was_planted_is_found_and_nothing_else(season: Mapping[str, Any]) -> None:
    found: dict[str, set[str]] = {}
    for name, raw in units(season).items():
        for verdict in raw["audit"]["verdicts"] if raw["audit"] else ():
            if verdict["state"] in ("fail", "review", "broken") and verdict["severity"] != "info":
                found.setdefault(name, set()).add(verdict["rule"])
    assert found == {name: set(rules) for name, rules in EXPECTED["findings"].items()}


def test_the_scan_is_read_to_the_last_cell(season: Mapping[str, Any]) -> None:
    for name, path in EXPECTED["scan"].items():
        raw = units(season)[name]
        assert [file["path"] for file in raw["submissions"]] == [path.removeprefix("2024/")]
        assert raw["coverage"] == 1.0
        assert [note["code"] for note in raw["audit"]["notes"]] == ["ocr"]


def test_copies_are_told_with_what_they_share(season: Mapping[str, Any]) -> None:
    found = [
        sorted([member["name"], member["year"]] for member in cluster["members"]) for cluster in season["clusters"]
    ]
    wanted = [sorted([county.unit(name).name, year] for name, year in members) for members in EXPECTED["alike"]]
    assert sorted(found) == sorted(wanted)
    for cluster in season["clusters"]:
        lengths = [len(passage["left"]) for pair in cluster["pairs"] for passage in pair["passages"]]
        assert lengths[0] == max(lengths) > 60


def test_the_folder_is_as_its_generator_writes_it() -> None:
    """What Chromium and LibreOffice wrote differs from version to version; the others are held to the byte."""
    files = list(handed_in())
    on_disk = {str(path.relative_to(EXAMPLES)) for year in county.YEARS for path in (EXAMPLES / str(year)).rglob("*.*")}
    assert on_disk == {path for path, _, _ in files}
    assert yaml.safe_load((EXAMPLES / "county.yaml").read_text(encoding="utf-8")) == wishes()
    for path, form, report in files:
        if form in SIMPLE:
            assert parts((EXAMPLES / path).read_bytes()) == parts(SIMPLE[form](report)), path


def parts(data: bytes) -> Mapping[str, bytes]:
    """The parts of a Word document, whose clock does not count; of other files the file."""
    if not data.startswith(b"PK"):
        return {"": data}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_planted_rule_exists() -> None:
    assert all(national().rule(rule) for rules in EXPECTED["findings"].values() for rule in rules)
