"""What the tests over whole reports share: a file judged by the national pack, and what was found in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from checker import pack
from checker.extract import extract
from checker.judge import judge
from checker.model import Audit, Case, Pack, Report
from checker.read import read

ROOT = Path(__file__).parent.parent


@cache
def national() -> Pack:
    return pack.load()


def audit(path: Path, case: Callable[[Report], Case] = Case) -> Audit:
    """The file read, extracted whole and judged alone, or against what ``case`` puts beside it."""
    loaded = national()
    return judge(case(extract(read(path), loaded.facts)), loaded)


def fired(result: Audit, severity: str, *more: str) -> dict[str, str]:
    """Rule -> state, message and quote, for the rules of these severities that fail or want review."""
    severities = {severity, *more}
    return {
        verdict.rule: f"{verdict.rule} {verdict.state}: {verdict.message} 「{verdict.where.quote}」"
        for verdict in result.findings
        if verdict.severity in severities
    }
