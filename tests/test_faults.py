"""One fault at a time: a clean example, one change that a clerk would make, exactly the rules that may answer it.

The cases stand in ``tests/faults/*.yaml``: ``id``, ``base`` (a clean example), ``change`` (a list of edits, applied in
order), ``expect`` (the must and should rules that newly fail or want review) and ``also`` (info rules that fire too).
An edit is ``from``/``to``, ``delete``, ``line`` (the one line that holds this text; dropped, or replaced by ``to``),
``prepend``, ``cut_from`` (this text and all after it go) or ``each``/``to`` (a pattern, wherever it matches). What any
other looks for must be there exactly once.
``last``: last year's report, by its facts alone; or ``same``: this very report, with the year before its own.
``twins``: other units' reports that are alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.examples import fact_of
from checker.likeness import earlier
from checker.model import UNREAD, Case, Earlier, Report, Twin
from tests.findings import ROOT, audit, fired, national

FAULTS = Path(__file__).parent / "faults"
CASES: list[dict[str, Any]] = [
    case for file in sorted(FAULTS.glob("*.yaml")) for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@cache
def clean(base: str) -> frozenset[str]:
    return frozenset(fired(audit(ROOT / base), "must", "should", "info"))


def once(text: str, wanted: str) -> str:
    assert text.count(wanted) == 1, f"{wanted!r} stands {text.count(wanted)} times in the base"
    return wanted


def edit(text: str, change: Mapping[str, str]) -> str:
    """``text`` after one edit; an AssertionError when the edit does not fit it."""
    match change:
        case {"line": wanted, **rest}:
            lines = text.splitlines(keepends=True)
            found = [index for index, line in enumerate(lines) if wanted in line]
            assert len(found) == 1, f"{wanted!r} stands on {len(found)} lines of the base"
            lines[found[0]] = rest["to"] + "\n" if "to" in rest else ""
            return "".join(lines)
        case {"from": wanted, "to": new}:
            return text.replace(once(text, wanted), new)
        case {"delete": wanted}:
            return text.replace(once(text, wanted), "")
        case {"cut_from": wanted}:
            return text[: text.index(once(text, wanted))]
        case {"each": pattern, "to": new}:
            new_text, count = re.subn(pattern, new, text, flags=re.M)
            assert count > 1, f"{pattern} matches {count} times"
            return new_text
        case {"prepend": new}:
            return new + text
    raise AssertionError(f"no such edit: {change}")


def last_year(report: Report, told: Mapping[str, Any] | str) -> Earlier | None:
    """Last year's report as a case tells it; None where it tells nothing."""
    year = (report.year or 0) - 1
    if told == "same":
        return replace(earlier(report), year=year, facts={})
    assert isinstance(told, Mapping)
    facts = dict.fromkeys(report.facts, UNREAD) | {name: fact_of(value) for name, value in told.items()}
    return Earlier(year, report.place, facts) if told else None


def twins(case: Mapping[str, Any]) -> tuple[Twin, ...] | None:
    return tuple(Twin(**twin) for twin in case["twins"]) if "twins" in case else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_one_fault_fires_exactly_its_rules(case: dict[str, Any], tmp_path: Path) -> None:
    base = ROOT / case["base"]
    text = base.read_text(encoding="utf-8")
    for change in case["change"]:
        text = edit(text, change)
    faulty = tmp_path / base.name
    faulty.write_text(text, encoding="utf-8")

    result = audit(faulty, lambda report: Case(report, last_year(report, case.get("last", {})), twins(case)))

    before = clean(case["base"])
    told = "\n".join(fired(result, "must", "should", "info").values())
    assert fired(result, "must", "should").keys() - before == set(case["expect"]), told
    assert set(case.get("also", ())) <= fired(result, "info").keys() - before, told


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case["id"] for case in CASES]
    assert sorted(set(names)) == sorted(names)


def test_every_case_is_named_after_its_rule_and_verdict() -> None:
    for case in CASES:
        rule, verdict = str(case["id"]).rsplit("-", 2)[:2]
        assert (rule in case["expect"]) == (verdict == "fail"), case["id"]
        assert bool(case["expect"]) == (verdict == "fail"), case["id"]
        assert national().rule(rule), case["id"]


def test_every_must_and_should_rule_has_a_fault() -> None:
    grave = {rule.id for rule in national().rules if {"must", "should"} & set(rule.severity.values())}
    assert grave - {name for case in CASES for name in case["expect"]} == set()
