"""Every value cell of a clean report in turn: emptied, "/", 63余, another number. Exactly what mentions it answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.model import Document
from checker.render.view import shared_cells
from tests import mutation
from tests.write import Written, written
from tests.write.reading import audited, read_docx, read_html, reference
from tests.write.slips import faults, loses, slips

#: the reports whose cells are changed -> number of their cells, and those that no sum, no sentence and no limit binds:
#: another number in them is as good, until last year's report is there to compare with
REPORTS: dict[str, tuple[int, set[str]]] = {
    "2024-云渚镇": (200, {"t2.licences", "t2.penalties", "t2.coercion", "t2.charges"}),
    "2019-石磨镇": (
        198,
        {
            "t2.documents.opened",
            *(f"t2.{row}.last" for row in ("licences", "services", "penalties", "coercion", "charges")),
            *(f"t2.{row}.change" for row in ("licences", "services", "penalties", "coercion", "charges")),
            *(f"t2.{row}.decisions" for row in ("licences", "services", "penalties", "coercion")),
            *("t2.purchases.count", "t2.purchases.amount"),
        },
    ),
    "2015-霁川县国土资源局": (
        58,
        {
            *("stat.documents.made", "stat.complaints"),
            *(f"stat.published.{row}" for row in ("documents", "gazette", "other")),
            *(f"stat.published.{row}" for row in ("website", "weibo", "wechat")),
            *(f"stat.response.{row}" for row in ("total", "articles", "social", "other")),
            *(f"stat.response.{row}" for row in ("briefings", "briefings_head", "interviews")),
            *(f"stat.staff.{row}" for row in ("units", "points", "budget")),
            *(f"stat.training.{row}" for row in ("meetings", "courses", "people")),
        },
    ),
}
READERS: dict[str, Callable[[Written], Document]] = {"docx": read_docx, "html": read_html}
CELLS = [(name, fact, form) for name in REPORTS for fact in written(name).cells for form in READERS]


def test_the_forms_have_all_their_cells() -> None:
    assert {name: len(written(name).cells) for name in REPORTS} == {name: count for name, (count, _) in REPORTS.items()}


@pytest.mark.parametrize(("name", "fact", "form"), CELLS)
def test_a_slip_in_a_cell_changes_what_mentions_it_and_nothing_else(name: str, fact: str, form: str) -> None:
    before, report = reference(name), written(name)
    bound = fact not in REPORTS[name][1]
    for text, state in slips(report.cells[fact]).items():
        after = audited(READERS[form](report.but(fact, text)))
        assert faults(before, after, report, fact, text) == []
        assert state != "given" or loses(before, after) == bound


def test_findings_that_meet_in_one_cell_name_it_once() -> None:
    (note,) = shared_cells(audited(read_docx(written("2017-鹤浦镇").but("stat.answers.refused", "8"))))
    assert note.message.startswith("OLD-15、OLD-16 都用到统计表")
    assert "（写的是8）" in note.message
    # of table three one rule tells it
    assert not shared_cells(audited(read_docx(written("2024-云渚镇").but("t3.granted.person", "8"))))


@pytest.mark.parametrize("name", mutation.REPORTS)
def test_a_slip_in_print_is_the_same_slip(name: str, tmp_path: Path) -> None:
    """Cells in every row and column, one of the four slips in each; all of them: ``python -m tests.mutation``."""
    each = {fact: [slip for slip in mutation.some(name) if slip[0] == fact] for fact, _ in mutation.some(name)}
    chosen = [found[at % len(found)] for at, found in enumerate(each.values())]
    assert len(chosen) >= 50
    assert {text for _, text in chosen} >= {"", "/", "63余", "1"}
    assert [fault for found in mutation.check(name, chosen, tmp_path) for fault in found] == []
