"""What clerks write beside the tables: a true sentence accuses nobody, a false one is told (tests/said.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.model import Audit, Document
from tests.write import FOLDER, Written, told, written
from tests.write.reading import audited, read_docx, read_html

SAID = yaml.safe_load(Path(__file__).with_name("said.yaml").read_text(encoding="utf-8"))


def sentences(kind: str) -> Iterator[tuple[str, str, str]]:
    for entry in SAID:
        for sentence in entry.get(kind, ()):
            yield entry["report"], entry["begins"], sentence


@cache
def data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def with_sentence(name: str, begins: str, sentence: str) -> Audit:
    """The audit of a complete report in which the line that ``begins`` so is ``sentence`` instead."""
    (line,) = (line for line in data(name)["text"].splitlines() if line.startswith(begins))
    return audited(read_docx(told(name, {**data(name), "text": data(name)["text"].replace(line, sentence)})))


def told_of(audit: Audit, *states: str) -> list[tuple[str, str]]:
    """The findings that set text and tables against each other, or figures of the text."""
    return [
        (verdict.rule, verdict.message)
        for verdict in audit.findings
        if verdict.severity in ("must", "should") and verdict.state in states and verdict.rule[:3] in ("XTB", "QLT")
    ]


@pytest.mark.parametrize(("name", "begins", "sentence"), [*sentences("fits")])
def test_a_true_sentence_accuses_nobody(name: str, begins: str, sentence: str) -> None:
    assert told_of(with_sentence(name, begins, sentence), "fail") == []


@pytest.mark.parametrize(("name", "begins", "sentence"), [*sentences("denied")])
def test_a_sentence_that_the_tables_deny_is_told(name: str, begins: str, sentence: str) -> None:
    assert told_of(with_sentence(name, begins, sentence), "fail", "review")


@pytest.mark.parametrize("read", [read_docx, read_html])
@pytest.mark.parametrize(
    ("fact", "text", "rule"), [("t3.granted.person", "-3", "T3-03"), ("t4.review.all", "-1", "T4-05")]
)
def test_a_cell_that_is_no_figure_is_told_once(
    fact: str, text: str, rule: str, read: Callable[[Written], Document]
) -> None:
    audit = audited(read(written("2024-云渚镇").but(fact, text)))
    assert [verdict.rule for verdict in audit.findings if verdict.rule.startswith(("T3", "T4"))] == [rule]
    yielded = [verdict for verdict in audit.verdicts if verdict.message.endswith(f"{rule} 指出")]
    assert yielded
    assert {verdict.state for verdict in yielded} == {"n/a"}


def test_there_are_sentences_of_both_kinds() -> None:
    assert min(len([*sentences(kind)]) for kind in ("fits", "denied")) > 50


@pytest.mark.parametrize("read", [read_docx, read_html])
def test_a_row_that_must_be_nought_is_told_once(read: Callable[[Written], Document]) -> None:
    report = written("2024-云渚镇")
    for cell in ("made", "repealed", "in_force"):
        report = report.but(f"t2.regulations.{cell}", "3")
    assert [verdict.subject for verdict in audited(read(report)).findings if verdict.rule == "T2-05"] == ["made"]
