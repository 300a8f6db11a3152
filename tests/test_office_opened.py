"""What the county office gets, opened by LibreOffice and printed: nothing is refused, nothing is cut off."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from checker.render.county import ledger
from checker.render.county.notice import notices
from checker.season.total import forms
from tests.findings import national
from tests.seasons import county


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Stem of each file -> the text of its pages as LibreOffice prints them; one run for all."""
    folder = tmp_path_factory.mktemp("office")
    season = county()
    ledger.write(season, folder / "ledger.xlsx")
    letters = dict(notices(season, dt.date(2025, 1, 27)))
    for name in ("松湾街道办事处", "苇塘乡人民政府"):
        (folder / f"{name}.docx").write_bytes(letters[f"{name}.docx"])
    assert season.total
    for suffix, content in forms(national(), season.county, season.figures, season.total):
        (folder / f"汇总{suffix}").write_bytes(content)
    (folder / "汇总.xlsx").rename(folder / "汇总表.xlsx")
    files = [path for path in folder.iterdir() if path.suffix in (".docx", ".xlsx")]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=120)
    return {path.stem: _pages(path.with_suffix(".pdf")) for path in files}


def _pages(path: Path) -> list[str]:
    """The text of each page, without blanks and line breaks."""
    with pypdfium2.PdfDocument(path) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def test_all_of_them_open(printed: dict[str, list[str]]) -> None:
    assert sorted(printed) == sorted(["ledger", "松湾街道办事处", "苇塘乡人民政府", "汇总", "汇总表"])
    assert all(pages for pages in printed.values())


def test_the_ledger_prints_with_its_head_and_number_on_every_page(printed: dict[str, list[str]]) -> None:
    pages = printed["ledger"]
    assert all(f"第{number}页，共{len(pages)}页" in page for number, page in enumerate(pages, 1))
    findings = [page for page in pages if "查出的问题" in page and "问题第" in page]
    assert findings
    assert all("怎么改" in page and "依据" in page for page in findings)
    assert "表三“予以公开”一行不平：总计5" in "".join(pages)
    assert "=HYPERLINK(" in "".join(pages)


def test_a_notice_is_whole_and_a_reminder_fits_on_a_page(printed: dict[str, list[str]]) -> None:
    notice = "".join(printed["松湾街道办事处"])
    assert notice.startswith("关于改正2024年政府信息公开工作年度报告的通知松湾街道办事处：")
    assert notice.count("改法：") == 4
    assert "霁川县人民政府办公室2025年1月27日" in notice
    assert len(printed["苇塘乡人民政府"]) == 1


def test_the_form_prints_as_the_official_one(printed: dict[str, list[str]]) -> None:
    pages = printed["汇总"]
    (requests,) = [page for page in pages if "本年新收政府信息公开申请数量" in page]
    assert "49140770" in requests.replace("\n", "")  # 自然人 49, 商业企业 14, 0, 7, 7, 0
    assert "结转下年度继续办理" in requests  # table three is not cut in two
    assert "没有报送报告整份报告" in "".join(printed["汇总表"])
