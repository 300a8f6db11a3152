"""The reports of examples/: the clean ones give nothing above a hint, the faulty ones exactly what their README lists."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from checker import pack
from checker.extract import extract
from checker.judge import judge
from checker.model import Audit, Case, Pack
from checker.read import read

EXAMPLES = Path(__file__).parent.parent / "examples"
CLEAN = sorted(path.name for path in EXAMPLES.glob("*-规范.*"))
FAULTY = sorted(path.name for path in EXAMPLES.glob("*-有误.*"))


@cache
def national() -> Pack:
    return pack.load()


def audit(name: str) -> Audit:
    loaded = national()
    return judge(Case(extract(read(EXAMPLES / name), loaded.facts)), loaded)


def grave(result: Audit) -> dict[str, str]:
    """Rule -> what it says and quotes, for the findings above a hint."""
    return {
        verdict.rule: f"{verdict.rule} {verdict.state}: {verdict.message} 「{verdict.where.quote}」"
        for verdict in result.findings
        if verdict.severity != "info"
    }


def documented() -> dict[str, set[str]]:
    """File -> rules that examples/README.md lists under its heading."""
    parts = re.split(r"^### ", (EXAMPLES / "README.md").read_text(encoding="utf-8"), flags=re.M)[1:]
    return {part.split("\n", 1)[0].strip(): set(re.findall(r"^- `([A-Z0-9]+-\d+)`", part, flags=re.M)) for part in parts}


def test_each_era_has_a_clean_and_a_faulty_report() -> None:
    def eras(names: list[str]) -> set[str | None]:
        return {extract(read(EXAMPLES / name), national().facts).era for name in names}

    assert eras(CLEAN) == eras(FAULTY) == set("ABCD")


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_report_gives_nothing_above_a_hint(name: str) -> None:
    found = grave(audit(name))
    assert not found, "\n".join(found.values())


@pytest.mark.parametrize("name", [*CLEAN, *FAULTY])
def test_year_of_the_file_name_is_the_year_recognised(name: str) -> None:
    assert extract(read(EXAMPLES / name), national().facts).year == int(name[:4])


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_report_gives_what_the_readme_lists(name: str) -> None:
    found = grave(audit(name))
    assert set(found) == documented()[name], "\n".join(found.values())


def test_the_readme_lists_faults_of_the_faulty_reports_only() -> None:
    listed = documented()
    assert sorted(listed) == FAULTY
    assert all(8 <= len(rules) <= 16 for rules in listed.values()), {name: len(rules) for name, rules in listed.items()}
