"""What ``nianbao audit`` writes for the office: each file whole or not at all, and only what was asked for."""

from __future__ import annotations

import io
import os
from pathlib import Path

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner, Result

from checker.cli import app
from checker.cli import audit as command
from checker.render.escape import visible
from tests.season import report
from tests.seasons import report_of
from tests.write import word

DAY = "1737936000"  #: 2025-01-27
COUNTY = """
name: 霁川县
year: 2024
deadline: 2025-01-20
office: 霁川县人民政府办公室
contact: 0589-5550123
mend_by: 2025-02-14
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY)
    monkeypatch.setattr(command, "hush", lambda: None)  # the runner's stdout is no file that could be closed


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two towns, one of them with a wrong cell, a third on the roster without a report, and the county's own report."""
    place = tmp_path_factory.mktemp("county")
    folder = place / "年报"
    folder.mkdir()
    found = {
        "二.docx": report_of("柳坪乡人民政府", t3__granted__person="4"),
        "县.docx": report_of("人民政府"),
    }
    for name, written_report in found.items():
        (folder / name).write_bytes(word.docx(written_report, word.PLAIN))
    (folder / "一.txt").write_text(report("青石镇").replace("砚川县", "霁川县"), encoding="utf-8")
    names = ("青石镇人民政府", "柳坪乡人民政府", "苇塘乡人民政府")
    (place / "roster.yaml").write_text("units:\n" + "".join(f"  - name: {name}\n" for name in names), encoding="utf-8")
    (place / "county.yaml").write_text(COUNTY, encoding="utf-8")
    return folder


def audit(reports: Path, *options: str) -> Result:
    place = reports.parent
    settings = ("--roster", str(place / "roster.yaml"), "--county", str(place / "county.yaml"))
    return CliRunner().invoke(app, ["audit", str(reports), *settings, "--jobs", "1", *options])


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def outputs(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("SOURCE_DATE_EPOCH", DAY)
        assert audit(reports, "-o", str(out)).exit_code == 1
    return written(out)


def test_one_run_writes_everything_that_the_office_needs(outputs: dict[str, bytes]) -> None:
    assert sorted(outputs) == sorted(
        [
            "audit.csv",
            "audit.json",
            "index.html",
            "ledger.xlsx",
            "notices/柳坪乡人民政府.docx",
            "notices/苇塘乡人民政府.docx",
            "霁川县汇总.docx",
            "霁川县汇总.xlsx",
        ]
    )
    book = openpyxl.load_workbook(io.BytesIO(outputs["ledger.xlsx"]))
    assert book["排名"]["B4"].value == "青石镇人民政府"
    assert "正文：收到申请数" in [row[1].value for row in book["合计核对"].iter_rows()]
    lines = [one.text for one in docx.Document(io.BytesIO(outputs["notices/柳坪乡人民政府.docx"])).paragraphs]
    assert lines[-2:] == ["霁川县人民政府办公室", "2025年1月27日"]
    assert "请于2025年2月14日前逐条改正" in "".join(lines)
    html = outputs["index.html"].decode()
    assert "<mark" in html
    assert "霁川县汇总.docx" in html


def test_the_same_folder_gives_the_same_bytes(reports: Path, tmp_path: Path, outputs: dict[str, bytes]) -> None:
    audit(reports, "-o", str(tmp_path / "again"), "--jobs", "2")
    assert written(tmp_path / "again") == outputs


def test_only_what_is_asked_for_is_written(reports: Path, tmp_path: Path) -> None:
    assert audit(reports, "-o", str(tmp_path / "out"), "--only", "ledger,total").exit_code == 1
    assert sorted(written(tmp_path / "out")) == ["ledger.xlsx", "霁川县汇总.docx", "霁川县汇总.xlsx"]


def test_notices_of_an_earlier_run_are_told_and_not_touched(reports: Path, tmp_path: Path) -> None:
    old = tmp_path / "out" / "notices" / "旧镇.docx"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    result = audit(reports, "-o", str(tmp_path / "out"), "--only", "notices")
    assert "里有 1 个文件不是这次写的，可能是以前的通知，请核对：旧镇.docx。" in result.stderr
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["ledger", "notices", "html", "total"])
def test_row_79_what_was_there_stays_whole_when_the_disk_is_full(
    name: str, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk has no room for the file, or for the last of its bytes: exit 3, a sentence, the old file as it was."""
    out = tmp_path / "out"
    audit(reports, "-o", str(out), "--only", name)
    before = written(out)
    assert before
    for path in out.rglob("*"):
        if path.is_file():
            path.write_bytes(b"old")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = audit(reports, "-o", str(out), "--only", name)
    assert result.exit_code == 3
    assert "原有文件未动" in visible(result.stderr)
    assert written(out) == dict.fromkeys(before, b"old")  # and no half file beside them


def test_row_79_a_full_disk_ends_the_ledger_with_a_sentence(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xlsxwriter has a word of its own for it."""
    import zipfile

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    result = audit(reports, "-o", str(tmp_path / "out"), "--only", "ledger")
    assert (result.exit_code, written(tmp_path / "out")) == (3, {})
    assert "没有写成" in result.stderr
