"""``check --across``: each gated report against all others of its repository, changed or not."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.pack import load
from checker.season import similar
from checker.season.across import Among, Known, _mates, gathered
from tests.test_cli import call
from tests.test_gate import git

REPORTS = Path(__file__).parent.parent / "examples" / "gate" / "年报"
NOW, LAST = "2024-桐溪镇.txt", "2023-桐溪镇.txt"
PLACE = "砚川县桐溪镇人民政府"
CARRIED = "二、上年结转政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One town's reports of two years, on main of a repository; a branch for the change."""
    for name in [name for name in os.environ if name.startswith("NIANBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    reports = tmp_path / "年报"
    reports.mkdir()
    for name in (NOW, LAST):
        shutil.copy(REPORTS / name, reports)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "原有")
    git(tmp_path, "checkout", "-q", "-b", "change")
    return reports


@pytest.fixture
def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[dict[str, Any], str]]:
    """Runs the gate: source -> rule -> its states, and what stderr says. Every report of a county's rules is in it."""
    assert folder.exists()

    def check(*options: str) -> tuple[dict[str, Any], str]:
        capsys.readouterr()
        call("check", "年报", "--format", "json", "--jobs", "1", *options)
        told = capsys.readouterr()
        found: dict[str, Any] = {}
        for report in json.loads(told.out)["reports"]:
            states = found.setdefault(Path(report["source"]).name, {})
            for verdict in report["verdicts"]:
                states.setdefault(verdict["rule"], set()).add(verdict["state"])
        return found, told.err

    return check


def edit(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def copied(folder: Path, name: str, place: str = "柳坪", source: str = NOW) -> Path:
    shutil.copy(folder / source, folder / name)
    edit(folder / name, ("桐溪", place))
    return folder / name


Checked = Callable[..., tuple[dict[str, Any], str]]


def test_a_copy_of_a_report_that_did_not_change_is_found(folder: Path, checked: Checked) -> None:
    copied(folder, "2024-柳坪镇.txt")
    found, said = checked("--changed-since", "main", "--across")
    assert list(found) == ["2024-柳坪镇.txt"]  # what did not change is compared with, not shown
    assert found["2024-柳坪镇.txt"]["COP-05"] == {"fail"}
    assert said == ""
    found, _ = checked("--changed-since", "main")
    assert found["2024-柳坪镇.txt"]["COP-05"] == {"unknown"}


def test_a_carry_over_that_last_years_report_contradicts_is_found(folder: Path, checked: Checked) -> None:
    edit(folder / NOW, (CARRIED, CARRIED.replace("\t1", "\t2")))
    found, said = checked("--changed-since", "main", "--across")
    assert list(found) == [NOW]
    assert "fail" in found[NOW]["XYR-01"]
    assert found[NOW]["XYR-02"] == {"pass"}
    assert said == ""
    found, _ = checked("--changed-since", "main")
    assert found[NOW]["XYR-01"] == {"unknown"}


def test_all_reports_are_judged_and_compared_where_no_version_is_given(folder: Path, checked: Checked) -> None:
    copied(folder, "2024-柳坪镇.txt")
    found, _ = checked("--across")
    assert found[LAST]["COP-05"] == {"unknown"}  # nobody else has one of 2023
    assert found[NOW]["COP-05"] == found["2024-柳坪镇.txt"]["COP-05"] == {"fail"}
    assert found[NOW]["XYR-01"] == {"pass"}
    assert found["2024-柳坪镇.txt"]["XYR-01"] == {"unknown"}


def test_a_unit_that_has_two_reports_of_last_year_is_accused_of_nothing(folder: Path, checked: Checked) -> None:
    shutil.copy(folder / LAST, folder / "2023-桐溪镇-修改.txt")
    edit(folder / "2023-桐溪镇-修改.txt", ("268条", "269条"))
    edit(folder / NOW, (CARRIED, CARRIED.replace("\t1", "\t2")))
    found, said = checked("--changed-since", "main", "--across")
    assert found[NOW]["XYR-01"] == {"unknown"}
    assert "有1份报告没有与上年的对照" in said
    assert NOW in said


def test_one_file_kept_twice_is_one_report(folder: Path, checked: Checked) -> None:
    shutil.copy(folder / LAST, folder / "2023-桐溪镇-备份.txt")
    found, said = checked("--across")
    assert (found[NOW]["XYR-01"], said) == ({"pass"}, "")
    assert found[LAST]["COP-05"] == {"unknown"}  # its own copy is no other unit's


def test_a_towns_name_without_its_county_is_nobodys_where_two_counties_have_it(folder: Path, checked: Checked) -> None:
    edit(folder / LAST, ("砚川县桐溪镇", "桐溪镇"))
    found, said = checked("--across")
    assert (found[NOW]["XYR-01"], said) == ({"pass"}, "")
    shutil.copy(folder / NOW, folder / "2024-霁川桐溪镇.txt")
    edit(folder / "2024-霁川桐溪镇.txt", ("砚川县", "霁川县"))
    found, said = checked("--across")
    assert found[NOW]["XYR-01"] == found["2024-霁川桐溪镇.txt"]["XYR-01"] == {"unknown"}
    assert "有2份报告没有与上年的对照" in said
    assert found[NOW]["COP-05"] == {"fail"}  # two units for all that


def test_a_report_that_may_be_of_the_same_unit_is_no_twin(folder: Path, checked: Checked) -> None:
    shutil.copy(folder / NOW, folder / "2024-另一种写法.txt")
    edit(folder / "2024-另一种写法.txt", ("砚川县桐溪镇", "桐溪镇"))
    copied(folder, "2024-柳坪镇.txt", source=LAST)  # a third, of another year and with other words
    edit(folder / "2024-柳坪镇.txt", ("2024年", "2025年"), ("2023年", "2024年"))
    found, _ = checked("--across")
    assert found[NOW]["COP-05"] == found["2024-另一种写法.txt"]["COP-05"] == {"pass"}


def test_what_cannot_be_read_is_a_row_inside_the_gate_and_a_word_outside(folder: Path, checked: Checked) -> None:
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4\n")
    found, said = checked("--changed-since", "main", "--across")
    assert (found, said) == ({"坏.pdf": {}}, "")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "坏")
    edit(folder / NOW, ("9次", "10次"))
    found, said = checked("--changed-since", "change", "--across")
    assert list(found) == [NOW]
    assert "有1份读不了，没有拿来比对：年报/坏.pdf" in said


def test_a_year_that_is_given_holds_for_the_gated_alone(folder: Path, checked: Checked) -> None:
    edit(folder / NOW, (CARRIED, CARRIED.replace("\t1", "\t2")))
    found, _ = checked("--changed-since", "main", "--across", "--year", "2024")
    assert "fail" in found[NOW]["XYR-01"]
    found, _ = checked("--changed-since", "main", "--across", "--year", "2022")
    assert found[NOW]["XYR-01"] == {"unknown"}


def test_a_report_of_last_year_that_is_given_goes_before_the_one_that_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = folder.parent / "上年.txt"
    shutil.copy(folder / LAST, elsewhere)
    edit(elsewhere, ("四、结转下年度继续办理\t1\t0\t0\t0\t0\t0\t1", "四、结转下年度继续办理\t3\t0\t0\t0\t0\t0\t3"))
    for options, code in (((), 0), (("--previous", str(elsewhere)), 1)):
        assert call("check", f"年报/{NOW}", "--across", "--quiet", *options) == code
    assert "XYR-01" in capsys.readouterr().out


def test_the_setting_is_the_option_and_a_baseline_knows_it(folder: Path) -> None:
    (folder.parent / "nianbao.yaml").write_text("across: true\nbaseline: 基线.jsonl\n", encoding="utf-8")
    edit(folder / NOW, (CARRIED, CARRIED.replace("\t1", "\t2")))
    assert call("baseline", "年报") in (0, 1)
    assert '"rule": "XYR-01"' in (folder.parent / "基线.jsonl").read_text(encoding="utf-8")
    assert call("check", "年报", "--quiet") == 0  # all is known


def test_workers_make_no_difference_and_little_stays_in_memory(folder: Path, tmp_path: Path) -> None:
    for at in range(20):
        copied(folder, f"2024-{at:02}.txt", f"柳{chr(0x4E00 + 40 * at)}")
    paths = sorted(folder.glob("*.txt"))
    made = [gathered(paths, lambda _: True, load(), tmp_path / f"spool{jobs}", jobs=jobs) for jobs in (1, 2)]
    for path in paths:
        assert made[0](path) == made[1](path)
    last, twins = made[0](folder / NOW)
    assert last
    assert (last.year, last.place) == (2023, PLACE)
    assert twins
    assert len(twins) == 20
    assert all(isinstance(span, tuple | None) for kept in made[0].found.values() for span in kept)
    assert isinstance(made[0], Among)


def test_a_full_disk_under_the_comparison_is_an_error_of_the_disk(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> sqlite3.Connection:
        db = sqlite3.connect("")
        db.execute("PRAGMA max_page_count = 1")
        return db

    monkeypatch.setattr(similar, "spilled", full)
    copied(folder, "2024-青石乡.txt", "青石")
    paths = sorted(folder.glob("*.txt"))
    with pytest.raises(OSError, match="full"):
        gathered(paths, lambda _: True, load(), tmp_path / "spool")


def test_whose_a_short_name_may_be_is_asked_of_both_years() -> None:
    """砚川县's has a report of both years; that the other one is 霁川县's is a guess, not knowledge."""

    def known(name: str, year: int) -> Known:
        return Known(f"{year}-{name}", name, year, f"{year}-{name}", True, (0, 0), (0, 0))

    now = [known("桐溪镇", 2024), known("砚川县桐溪镇", 2024)]
    before = [known("霁川县桐溪镇", 2023), known("砚川县桐溪镇", 2023)]
    assert dict(_mates(now, before)) == {now[0]: None, now[1]: before[1]}
    assert dict(_mates(now[1:], before[1:])) == {now[1]: before[1]}
    assert dict(_mates(now, [])) == {}
