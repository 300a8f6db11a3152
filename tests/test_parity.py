"""One report, many formats, the same facts: every complete report in every way in which it can be written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.model import Audit
from checker.read import LIMITS, read
from checker.read.office.legacy import parse_legacy
from checker.read.office.xlsx import parse_xlsx
from checker.read.paper.ofd import parse_ofd
from checker.read.paper.pdf import parse_pdf
from tests import ofd, pictures
from tests.findings import fired
from tests.write import NAMES, paper, written
from tests.write.layout import FORMS
from tests.write.reading import (
    FORMATS,
    audited,
    differing,
    printed,
    reference,
    said,
    states,
)

WAYS = [(form, variant) for form, (variants, _) in FORMATS.items() for variant in variants]


# --- the reports themselves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_complete_report_is_clean(name: str) -> None:
    audit = reference(name)
    assert fired(audit, "must", "should") == {}
    assert (audit.score, audit.coverage, audit.unchecked, audit.notes) == (100.0, 1.0, (), ())


@pytest.mark.parametrize("name", NAMES)
def test_the_text_says_what_the_data_say(name: str) -> None:
    report = reference(name).report
    assert report is not None
    expect = written(name).expect
    assert len(expect) >= 4
    assert {fact: report.fact(fact).value for fact in expect} == dict(expect)
    assert (report.year, report.place) == (written(name).year, written(name).place)


def test_all_eras_kinds_of_organs_and_forms_are_there() -> None:
    audits = [reference(name) for name in NAMES]
    reports = [audit.report for audit in audits if audit.report]
    assert len(reports) >= 10
    assert {report.era for report in reports} == set("ABCD")
    assert {report.level for report in reports} >= {"镇", "乡", "街道", "部门", "市"}
    assert {form.id for report in reports for form in report.forms} == set(FORMS)
    cells = [written(name).cells for name in NAMES]
    assert any(set(cell.values()) == {"0"} for cell in cells)
    assert any("0" not in cell.values() for cell in cells)
    assert any(int(cell["t3.new.all"]) > 9999 for cell in cells if "t3.new.all" in cell)


# --- the formats ------------------------------------------------------------------------------------------------------


def assert_equal(name: str, audit: Audit) -> None:
    """Facts as in the data and as in the plain document, and so the verdicts."""
    right = reference(name)
    assert audit.report
    assert right.report
    assert differing(said(audit.report, forms=True), printed(written(name))) == {}
    assert differing(said(audit.report, forms=False), said(right.report, forms=False)) == {}
    assert states(audit) == states(right)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("form", "variant"), WAYS)
def test_every_way_to_write_a_report_gives_equal_facts(form: str, variant: str, name: str) -> None:
    _, read = FORMATS[form]
    assert_equal(name, audited(read(written(name), variant)))


# --- on paper, in old files and in workbooks --------------------------------------------------------------------------

Printed = Mapping[str, Mapping[str, bytes]]  #: way -> name of the report -> file


@pytest.fixture(scope="session")
def printed_files(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """All reports printed by Chromium and by LibreOffice, and saved as .doc: three runs of a program."""
    folder = tmp_path_factory.mktemp("parity")
    reports = {name: written(name) for name in NAMES}
    return {
        "chromium": dict(zip(NAMES, paper.chromium(list(reports.values()), folder), strict=True)),
        "libreoffice": paper.libreoffice(reports, "pdf", folder),
        "doc": paper.libreoffice(reports, "doc", folder),
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("printer", ["chromium", "libreoffice"])
def test_a_printed_report_gives_equal_facts(printer: str, name: str, printed_files: Printed) -> None:
    assert_equal(name, audited(parse_pdf(printed_files[printer][name], "x.pdf", LIMITS)))


@pytest.mark.parametrize("name", NAMES)
def test_an_old_word_file_gives_equal_facts(name: str, printed_files: Printed) -> None:
    assert_equal(name, audited(parse_legacy(printed_files["doc"][name], "x.doc", suffix="doc")))


def test_a_wps_file_is_told_by_its_content(printed_files: Printed, tmp_path: Path) -> None:
    path = tmp_path / "年报.wps"
    path.write_bytes(printed_files["doc"][NAMES[-1]])
    assert_equal(NAMES[-1], audited(read(path)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rules", ["strokes", "rectangles", "boxes"])
def test_an_ofd_file_gives_equal_facts(rules: ofd.Rules, name: str) -> None:
    assert_equal(name, audited(parse_ofd(paper.as_ofd(written(name), rules), "x.ofd")))


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_gives_equal_facts(name: str) -> None:
    assert_equal(name, audited(parse_xlsx(paper.workbook(written(name)), "x.xlsx")))


@pytest.mark.parametrize("name", [name for name in NAMES if name > "2013"])
def test_a_workbook_of_the_forms_alone_gives_their_facts(name: str) -> None:
    audit = audited(parse_xlsx(paper.workbook(written(name), forms_only=True), "x.xlsx"))
    assert audit.report
    assert differing(said(audit.report, forms=True), printed(written(name))) == {}
    assert audit.score is None


def test_page_images_give_equal_facts(tmp_path: Path) -> None:
    """The shortest report; all of them, and slips in their cells: ``python -m tests.pictures``."""
    name = next(name for name in NAMES if name.startswith("2012"))
    (taken,) = pictures.photographed([written(name)], tmp_path)
    found = pictures.parity(written(name), audited(pictures.document(pictures.recognised(taken))))
    assert found.wrong == ()
    assert found.right > 50
    assert len(found.unread) <= 0.01 * found.right
