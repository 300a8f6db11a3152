"""The reports of examples/: the clean ones give hints at most, the faulty ones what their README lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import work
from checker.model import Table
from checker.read import read
from tests.accuracy import LAYOUTS
from tests.findings import ROOT, audit, fired, national

EXAMPLES = ROOT / "examples"
CLEAN = sorted(path.name for path in EXAMPLES.glob("*-规范.*"))
FAULTY = sorted(path.name for path in EXAMPLES.glob("*-有误.*"))


def documented(mark: str = "（待核）|") -> dict[str, set[str]]:
    """File -> rules that examples/README.md lists under its heading, of those that bear this mark."""
    parts = re.split(r"^### ", (EXAMPLES / "README.md").read_text(encoding="utf-8"), flags=re.M)[1:]
    return {
        part.split("\n", 1)[0].strip(): set(
            re.findall(rf"^- `([A-Z0-9]+-\d+)`(?:{mark})(?!（待核）)", part, flags=re.M)
        )
        for part in parts
    }


def test_each_era_has_a_clean_and_a_faulty_report() -> None:
    def eras(names: list[str]) -> set[str | None]:
        return {report.era for name in names if (report := audit(EXAMPLES / name).report)}

    assert eras(CLEAN) == eras(FAULTY) == set("ABCD")


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_report_gives_nothing_above_a_hint(name: str) -> None:
    found = fired(audit(EXAMPLES / name), "must", "should")
    assert not found, "\n".join(found.values())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", [name for name in CLEAN if not name.endswith(".html")])
def test_a_clean_report_is_accused_of_nothing_in_any_layout(name: str, layout: str, tmp_path: Path) -> None:
    """What an editor did to its lines is no fault of the report: at most a person is asked to look."""
    path = tmp_path / f"{Path(name).stem}.txt"
    path.write_text(LAYOUTS[layout]((EXAMPLES / name).read_text(encoding="utf-8")), encoding="utf-8")
    accused = [v.message for v in audit(path).verdicts if v.state == "fail" and v.severity in ("must", "should")]
    assert not accused


@pytest.mark.parametrize("name", [*CLEAN, *FAULTY])
def test_year_of_the_file_name_is_the_year_recognised(name: str) -> None:
    report = audit(EXAMPLES / name).report
    assert report is not None
    assert report.year == int(name[:4])


def printed_rows(name: str) -> list[list[str]]:
    """Rows of tables, and lines of flattened tables, as their cells."""
    rows: list[list[str]] = []
    for block in read(EXAMPLES / name).blocks:
        if isinstance(block, Table):
            rows += [[cell.text for cell in row] for row in block.rows]
        else:
            rows.append(block.text.split())
    return rows


def numbers(row: list[str]) -> list[int]:
    """The numbers at the end of a row."""
    labels = max((at for at, cell in enumerate(row) if not cell.isdecimal()), default=-1)
    return [int(cell) for cell in row[labels + 1 :]]


@pytest.mark.parametrize("name", [name for name in CLEAN if name >= "2019"])
def test_forms_of_clean_reports_balance(name: str) -> None:
    found = [numbers(row) for row in printed_rows(name)]
    new, carried_in, *results, closed, carried_out = [row for row in found if len(row) == 7]
    (disputes,) = [row for row in found if len(row) == 15]

    assert len(results) == (18 + (1 if name < "2021" else 3))
    assert all(sum(row[:6]) == row[6] for row in (new, carried_in, *results, closed, carried_out))
    assert closed == [sum(column) for column in zip(*results, strict=True)]
    assert [a + b for a, b in zip(new, carried_in, strict=True)] == [
        a + b for a, b in zip(closed, carried_out, strict=True)
    ]
    assert all(sum(disputes[at : at + 4]) == disputes[at + 4] for at in (0, 5, 10))


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_report_gives_what_the_readme_lists(name: str) -> None:
    found = fired(audit(EXAMPLES / name), "must", "should")
    assert set(found) == documented()[name], "\n".join(found.values())
    states = {v.rule: v.state for v in audit(EXAMPLES / name).verdicts if v.state in ("fail", "review")}
    assert {rule for rule in found if states[rule] == "review"} == documented("（待核）")[name]


def test_the_readme_lists_faults_of_the_faulty_reports_only() -> None:
    listed = documented()
    assert sorted(listed) == FAULTY
    assert all(8 <= len(rules) <= 16 for rules in listed.values()), {name: len(rules) for name, rules in listed.items()}


@pytest.mark.parametrize("name", [*CLEAN, *FAULTY])
def test_a_run_that_reads_only_what_is_asked_for_finds_the_same(name: str) -> None:
    """A check leaves facts unread that no rule of the era looks at: no verdict and no element may tell."""
    quick, whole = work.audit(read(EXAMPLES / name), national()), audit(EXAMPLES / name)
    assert quick.elements == whole.elements
    assert quick.verdicts == whole.verdicts
    assert quick.report
    assert whole.report
    assert quick.report.facts != whole.report.facts
