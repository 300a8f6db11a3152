"""Facts are read as well as the floors of tests/accuracy.py demand, and the floors can be missed."""

from __future__ import annotations

from typing import Any

import pytest

from tests import accuracy


@pytest.mark.parametrize("name", accuracy.FLOORS)
def test_floors_hold(name: str) -> None:
    assert not list(accuracy.shortfalls(name))


@pytest.mark.parametrize("name", accuracy.FLOORS)
def test_every_label_is_scored(name: str) -> None:
    sure = sum(
        not label.get("unsure") for report in accuracy.labels(name).values() for label in report["elements"].values()
    )
    assert sum(row["n"] for row in accuracy.score(name).rows.values()) == sure
    assert sure > 500


@pytest.mark.parametrize("name", accuracy.FLOORS)
def test_no_report_is_refused(name: str) -> None:
    assert [key for key, found in accuracy.predictions(name).items() if not found] == []


def test_the_sets_share_no_report() -> None:
    texts = [
        {(accuracy.HERE / name / label["file"]).read_text(encoding="utf-8") for label in accuracy.labels(name).values()}
        for name in accuracy.FLOORS
    ]
    assert len(set().union(*texts)) == sum(map(len, texts))


@pytest.mark.parametrize(
    ("element", "spoilt", "complaint"),
    [
        ("title.year", {"state": "absent"}, "corpus: title.year recall 0/105"),
        ("fees", {"state": "given", "value": 0}, "corpus: fees precision 27/35"),
        ("title.year", {"state": "given", "value": 1999}, "corpus: values"),
        ("signed.date", {"state": "absent"}, "corpus: signed.date recall 0/8"),
    ],
)
def test_a_spoilt_element_is_told(
    monkeypatch: pytest.MonkeyPatch, element: str, spoilt: dict[str, Any], complaint: str
) -> None:
    worse = {key: {**found, element: spoilt} for key, found in accuracy.predictions("corpus").items()}
    monkeypatch.setattr(accuracy, "predictions", lambda *_: worse)
    assert any(line.startswith(complaint) for line in accuracy.shortfalls("corpus"))


def test_a_layout_that_is_read_badly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(accuracy.LAYOUTS, "one line", lambda text: text.replace("\n", "")[::-1])
    accuracy.predictions.cache_clear()
    try:
        assert any(line.startswith("corpus as one line: macro F1 0.") for line in accuracy.shortfalls("corpus"))
    finally:
        accuracy.predictions.cache_clear()


def test_few_labels_bear_one_error() -> None:
    assert accuracy.enough(7, 1, 8, 0.93)
    assert not accuracy.enough(6, 2, 8, 0.93)
    assert accuracy.enough(93, 7, 100, 0.93)
    assert not accuracy.enough(92, 8, 100, 0.93)
