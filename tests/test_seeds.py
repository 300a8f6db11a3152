"""The five published reports: what must be found in them, what must not, nothing grave beyond what the text bears."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import pytest
import yaml

from checker.model import Audit
from tests import findings
from tests.findings import ROOT, fired, national

SEEDS = ROOT / "seeds"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((SEEDS / "expected.yaml").read_text(encoding="utf-8"))


@cache
def audit(seed: str) -> Audit:
    return findings.audit(SEEDS / seed)


def pairs(*keys: str) -> list[tuple[str, str]]:
    return [(seed, rule) for seed, expected in EXPECTED.items() for key in keys for rule in expected[key]]


def states(seed: str, rule: str) -> dict[str, str]:
    """State -> message of the verdicts of one rule."""
    return {v.state: f"{v.message} 「{v.where.quote}」" for v in audit(seed).verdicts if v.rule == rule}


@pytest.mark.parametrize(("seed", "rule"), pairs("must_fire"))
def test_fires(seed: str, rule: str) -> None:
    assert national().rule(rule), f"{rule} is not in the pack"
    assert {"fail", "review"} & states(seed, rule).keys(), f"{seed}: {rule} stays silent: {states(seed, rule)}"


@pytest.mark.parametrize(("seed", "rule"), pairs("must_not_fire"))
def test_stays_silent(seed: str, rule: str) -> None:
    assert national().rule(rule), f"{rule} is not in the pack"
    assert not {"fail", "review"} & states(seed, rule).keys(), f"{seed}: {rule} fires: {states(seed, rule)}"


@pytest.mark.parametrize("seed", EXPECTED)
def test_nothing_grave_beyond_what_the_text_bears(seed: str) -> None:
    borne = set(EXPECTED[seed]["must_fire"]) | set(EXPECTED[seed]["justified"])
    loose = {rule: told for rule, told in fired(audit(seed), "must", "should").items() if rule not in borne}
    assert not loose, f"{seed}: " + "\n".join(loose.values())


@pytest.mark.parametrize("seed", EXPECTED)
def test_year_and_organ_level(seed: str) -> None:
    report = audit(seed).report
    assert report is not None
    assert (report.year, report.level) == (EXPECTED[seed]["year"], "镇")


def test_seeds_are_kept_byte_for_byte() -> None:
    kept = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.glob("*.txt")}
    assert kept == {seed: expected["sha256"] for seed, expected in EXPECTED.items()}
