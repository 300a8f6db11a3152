"""A county's season: whose report a file is, which one counts, who is missing or late, ranks, last year, outputs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from checker.judge import judge
from checker.model import Audit, Case, Pack
from checker.pack import BadPack
from checker.render.county import as_csv, as_json, table
from checker.render.county.notice import notices
from checker.season import county, jobs, roster
from checker.season import store as stores
from checker.season.conduct import Plan, Refused, conduct, names_found
from checker.season.county import County
from checker.season.last import NoAudit
from checker.season.names import Index, folded
from checker.season.nouns import Row, Submission, Unit
from checker.season.roster import Roster
from tests.season import national, put, quiet, report, rows, season
from tests.test_cli import run
from tests.test_notice import lines

EXAMPLES = Path(__file__).parent.parent / "examples"
SCHEMAS = Path(__file__).parent.parent / "checker" / "schemas"


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept on disk is of each test; the pack is made once for all commands."""
    monkeypatch.setattr(stores, "home", lambda: tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "packs"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "年报"
    place.mkdir()
    return place


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("砚川县青石镇人民政府", "砚川县青石镇"),
        ("青石镇 人民政府", "青石镇"),
        ("青石镇政府办公室", "青石镇"),
        ("青石镇党政综合办公室", "青石镇"),
        ("松湾街道办事处", "松湾街道"),
        ("松湾街道办", "松湾街道"),
        ("松湾办事处", "松湾街道"),
        ("砚川县人民政府", "砚川县"),
        ("砚川县人民政府办公室", "砚川县人民政府办公室"),
        ("林业局（机关）", "林业局"),
    ],
)
def test_one_office_is_written_in_many_ways(name: str, same: str) -> None:
    assert folded(name) == same


@pytest.mark.parametrize(
    ("wanted", "known", "met"),
    [
        ("青石镇", "砚川县青石镇人民政府", True),
        ("江省砚川县青石镇", "青石镇人民政府", True),
        ("霁川县青石镇", "青石镇", False),  # the county of the roster is 砚川县
        ("霁川县青石镇", "砚川县青石镇", False),
        ("江城市青石镇", "砚川县青石镇", True),  # may be the prefecture
        ("江城市林业局", "砚川县林业局", False),  # the bureau of the prefecture
        ("江城市砚川县林业局", "林业局", True),
        ("市场监督管理局", "砚川县市场监督管理局", True),
        ("青石乡", "青石镇", False),
        ("老城区街道", "新城区街道", False),
    ],
)
def test_names_meet_with_and_without_the_area_before_them(wanted: str, known: str, met: bool) -> None:
    index = Index("砚川县")
    index.add(known, 7)
    assert index.find(wanted) == ({7} if met else set())


# --- which file counts ------------------------------------------------------------------------------------------------


def test_a_report_is_placed_by_what_it_says(folder: Path) -> None:
    put(folder, "白渡镇.txt", report("青石镇"))
    found = rows(season(folder, "砚川县青石镇人民政府", "白渡镇"))
    row = found["砚川县青石镇人民政府"]
    assert row.outcome == "audited"
    assert row.counted
    assert "文件名像是白渡镇的，内容是砚川县青石镇人民政府的报告" in row.counted.said
    missing = found["白渡镇"]
    assert missing.outcome == "missing"
    assert [(file.path, file.standing) for file in missing.submissions] == [("白渡镇.txt", "another")]
    said = "文件名像是白渡镇的，内容却是砚川县青石镇人民政府的报告；请核对是否交错。"
    assert missing.submissions[0].said == said
    with season(folder, "砚川县青石镇人民政府", "白渡镇") as held:
        screen = "".join(table.text(held, True, 200))
        ((_, letter),) = [one for one in notices(held, dt.date(2025, 2, 1)) if one[0] == "白渡镇.docx"]
    assert f"未报送：1 个\n  白渡镇　白渡镇.txt：{said}" in screen
    assert "采用了，请核对：1 个\n  砚川县青石镇人民政府　文件名像是白渡镇的" in screen
    assert "收到的文件“白渡镇.txt”没有采用：文件名像是白渡镇的" in "".join(lines(letter))
    put(folder, "b.txt", report("白渡镇"))
    assert len(rows(season(folder, "砚川县青石镇人民政府", "白渡镇"))["白渡镇"].submissions) == 1


def test_aliases_and_former_names_lead_to_the_unit(folder: Path) -> None:
    put(folder, "a.txt", report("青石乡"))
    units = (Unit("青石镇人民政府", formerly=("青石乡人民政府",)), Unit("白渡镇"))
    (row, other) = rows(season(folder, roster=Roster(units))).values()
    assert row.outcome == "audited"
    assert other.outcome == "missing"


def test_of_several_files_the_newest_valid_one_counts(folder: Path) -> None:
    put(folder, "一稿.txt", report("青石镇", signed="2025年1月15日"), dt.datetime(2025, 3, 1))
    put(folder, "二稿.txt", report("青石镇", signed="2025年1月18日"), dt.datetime(2025, 1, 18))
    put(folder, "坏的青石镇.txt", "x", dt.datetime(2025, 4, 1))
    put(folder, "旧年.txt", report("青石镇", year=2023))
    row = rows(season(folder, "青石镇"))["青石镇"]
    assert row.counted
    assert row.counted.path == "二稿.txt"
    said = {found.path: (found.standing, found.said) for found in row.submissions}
    assert said["一稿.txt"] == (
        "superseded",
        "同一单位交了几份，以“二稿.txt”为准：它的落款日期是 2025年1月18日，这一份是 2025年1月15日。",
    )
    assert said["坏的青石镇.txt"][0] == "unreadable"
    assert "看文件名是青石镇的" in said["坏的青石镇.txt"][1]
    assert said["旧年.txt"] == ("wrong-year", "报告写的是2023年度，这次核对的是2024年度。")


def test_of_files_signed_on_one_day_the_one_saved_later_counts(folder: Path) -> None:
    put(folder, "甲.txt", report("青石镇") + "\n", dt.datetime(2025, 2, 1, 9, 30))
    put(folder, "乙.txt", report("青石镇"), dt.datetime(2025, 2, 1, 9, 5))
    row = rows(season(folder, "青石镇"))["青石镇"]
    assert row.counted
    assert row.counted.path == "甲.txt"
    assert "它的文件保存得晚（2025年2月1日9时30分，这一份 2025年2月1日9时05分）" in row.submissions[1].said


def test_one_file_handed_in_twice_counts_once(folder: Path) -> None:
    put(folder, "甲/报告.txt", report("青石镇"))
    put(folder, "乙/报告.txt", report("青石镇"), dt.datetime(2025, 1, 22))
    row = rows(season(folder, "青石镇"))["青石镇"]
    assert [(found.path, found.standing) for found in row.submissions] == [
        ("乙/报告.txt", "counts"),
        ("甲/报告.txt", "superseded"),
    ]
    assert row.submissions[1].said == "与“乙/报告.txt”内容完全相同（同一文件交了两次），不另计。"


def test_what_belongs_to_nobody_is_a_row_with_a_sentence(folder: Path) -> None:
    put(folder, "外.txt", report("霁川县青石镇").replace("砚川县霁川县", "霁川县"))
    put(folder, "坏.docx", "不是文档")
    put(
        folder, "县.txt", report("桐溪镇").replace("砚川县桐溪镇人民政府", "砚川县人民政府").replace("桐溪镇", "砚川县")
    )
    with season(folder, "青石镇") as held:
        said = {stray.path: (stray.standing, stray.said) for stray in held.strays()}
    assert said["县.txt"][0] == "county"
    assert said["外.txt"][0] == "stranger"
    assert "名册上没有" in said["外.txt"][1]
    assert said["坏.docx"][0] == "unreadable"


def test_a_unit_of_which_nothing_counts_says_why(folder: Path) -> None:
    put(folder, "青石镇.txt", "x")
    put(folder, "b.txt", report("白渡镇", year=2023))
    found = rows(season(folder, "青石镇", "白渡镇", "柳坪乡"))
    assert [row.outcome for row in found.values()] == ["unreadable", "wrong-year", "missing"]
    assert all(row.score is None and row.rank is None for row in found.values())


def test_a_report_without_a_name_is_placed_by_its_file_and_one_without_a_year_is_taken(folder: Path) -> None:
    text = (
        report("青石镇").replace("砚川县", "").replace("青石镇人民政府", "").replace("青石镇", "").replace("青石", "")
    )
    put(folder, "白渡镇 年报.txt", text)
    row = rows(season(folder, "白渡镇"))["白渡镇"]
    assert row.counted
    assert row.counted.said.startswith("报告里没有写机关名称，按文件名认作白渡镇。")


# --- deadlines --------------------------------------------------------------------------------------------------------

DUE = County(name="砚川县", deadlines={"": dt.date(2025, 1, 31), "街道": dt.date(2025, 1, 10)})


@pytest.mark.parametrize(
    ("text", "saved", "late", "by"),
    [
        (report("青石镇", signed="2025年1月31日"), dt.datetime(2025, 3, 1), False, "signed"),
        (report("青石镇", signed="2025年2月3日"), dt.datetime(2025, 1, 1), True, "signed"),
        (report("青石镇", signed=""), dt.datetime(2025, 1, 30), False, "file"),
        (report("青石镇", signed=""), dt.datetime(2025, 2, 20), None, "file"),  # the day of a copy proves nothing
        (report("青石镇", signed="2029年2月3日"), dt.datetime(2025, 1, 30), False, "file"),  # a slip, not believed
        ("发布日期：2025-02-09\n" + report("青石镇", signed=""), dt.datetime(2025, 1, 30), True, "posted"),
        ("发布日期：2028-02-09\n" + report("青石镇", signed=""), dt.datetime(2025, 1, 30), False, "file"),  # moved site
    ],
)
def test_late_by_a_day_that_can_be_believed(
    folder: Path, text: str, saved: dt.datetime, late: bool | None, by: str
) -> None:
    put(folder, "a.txt", text, saved)
    row = rows(season(folder, "青石镇", county=DUE))["青石镇"]
    assert (row.late, row.dated_by, row.due) == (late, by, dt.date(2025, 1, 31))
    assert row.counted
    assert ("迟报：" in row.counted.said) == bool(late)


def test_the_unit_s_own_deadline_goes_before_the_county_s_and_no_deadline_makes_nobody_late(folder: Path) -> None:
    put(folder, "a.txt", report("青石镇"))
    own = Roster((Unit("青石镇", deadline=dt.date(2025, 1, 19)),))
    assert rows(season(folder, roster=own, county=DUE))["青石镇"].late
    assert DUE.due("街道") == dt.date(2025, 1, 10)
    assert DUE.due("镇") == dt.date(2025, 1, 31)
    assert rows(season(folder, "青石镇"))["青石镇"].late is None


@pytest.mark.parametrize(("day", "late", "state"), [(10, False, "waived"), (25, True, "fail")])
def test_a_later_deadline_of_the_county_holds_for_towns_in_the_report_too(
    folder: Path, day: int, late: bool, state: str
) -> None:
    put(folder, "a.txt", report("青石镇", signed=f"2025年2月{day}日"))
    longer = County(name="砚川县", deadlines={"": dt.date(2025, 2, 20)})
    with season(folder, "青石镇", county=longer) as held:
        (row,) = held.rows()
        detail = held.detail("青石镇")
    assert (row.late, row.states["PUB-02"]) == (late, state)
    assert detail
    (found,) = [one for one in detail.audit["verdicts"] if one["rule"] == "PUB-02"]
    assert late or found["waiver"]["reason"] == "本县给的报送期限是2025年2月20日，没有超过"


def test_the_law_s_day_for_departments_is_not_the_county_s_to_move(folder: Path) -> None:
    text = report("青石镇", signed="2025年2月10日").replace("青石镇人民政府", "司法局").replace("青石镇", "司法局")
    put(folder, "a.txt", text)
    longer = County(name="砚川县", deadlines={"": dt.date(2025, 2, 20)})
    row = rows(season(folder, roster=Roster((Unit("司法局", "部门"),)), county=longer))["司法局"]
    assert (row.late, row.states["PUB-02"]) == (False, "fail")
    assert row.counted
    assert "条例第四十九条要求部门在1月31日前报送并公布" in row.counted.said


# --- ranks, last year, rounds -----------------------------------------------------------------------------------------


def worse(name: str) -> str:
    return report(name).replace("报告所列数据的统计期限自2024年1月1日起至2024年12月31日止。", "")


def test_equal_scores_share_a_rank_and_what_is_hardly_covered_has_none(folder: Path) -> None:
    for name in ("青石镇", "白渡镇"):
        put(folder, f"{name}.txt", report(name))
    put(folder, "柳坪乡.txt", report("柳坪乡").replace("一、本年新收", "一、本年收"))
    put(folder, "苇塘乡.txt", report("苇塘乡").replace("2024年", "").replace("2024", "").replace("2025年", ""))
    with season(folder, "柳坪乡", "青石镇", "苇塘乡", "白渡镇", "松湾街道") as held:
        ranked = [(row.unit.name, row.rank) for row in held.rows()]
        apart = next(row for row in held.rows() if row.unit.name == "苇塘乡")
    assert ranked[:2] == [("青石镇", 1), ("白渡镇", 1)]
    assert ranked[2] == ("柳坪乡", 3)
    assert ranked[3:] == [("苇塘乡", None), ("松湾街道", None)]
    assert not apart.comparable
    assert apart.coverage < 0.8
    assert apart.score is None, "without a year nobody knows by which format"


def test_what_no_last_year_leaves_undone_is_said_once(folder: Path, tmp_path: Path) -> None:
    last = tmp_path / "上年"
    last.mkdir()
    put(last, "a.txt", report("青石镇", year=2023))
    for name in ("青石镇", "白渡镇"):
        put(folder, f"{name}.txt", report(name))
    with season(folder, "青石镇", "白渡镇") as held:
        assert held.remarks == ("没有给上年的报告（--last），与上年对照的各条（XYR）没有核对。",)
    with season(folder, "青石镇", "白渡镇", last=last) as held:
        assert held.remarks == ("有1个单位没有上年的报告（白渡镇），与上年对照的各条（XYR）没有核对。",)


@pytest.mark.parametrize("kind", ["folder", "audit.json"])
def test_last_year_comes_from_a_folder_or_from_its_audit(
    tmp_path: Path, folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: list[Case] = []

    def noted(case: Case, pack: Pack) -> Audit:
        cases.append(case)
        return judge(case, pack)

    monkeypatch.setattr(jobs, "judge", noted)
    before = tmp_path / "上年"
    put(before, "a.txt", report("青石乡", year=2023))
    put(folder, "a.txt", report("青石镇"))
    units = Roster((Unit("青石镇", formerly=("青石乡",)), Unit("白渡镇")))
    last = before
    if kind == "audit.json":
        last = tmp_path / "audit.json"
        with season(before, year=2023, roster=Roster((Unit("青石乡"),))) as held:
            last.write_text("".join(as_json.parts(held)), encoding="utf-8")
    with season(folder, roster=units, last=last) as held:
        row, other = held.rows("roster")
        detail = held.detail("青石镇")
        assert held.history("青石镇") == {2023: row.before}
        assert other.before is None
    assert row.before is not None
    assert row.score is not None
    assert detail
    assert detail.audit["place"] == "砚川县青石镇人民政府"
    assert row.states["XYR-01"] in ("pass", "fail")
    assert row.states["XYR-05"] == "fail", "one text with other names"
    (this,) = [case for case in cases if case.report.year == 2024]
    assert this.previous
    assert (this.previous.place, this.previous.year) == ("砚川县青石乡人民政府", 2023)
    assert this.previous.facts["t3.new.all"].value == 6
    assert len(this.previous.narrative) > 5
    assert this.previous.problems


def test_a_merged_unit_has_the_sums_of_those_that_it_was_made_of(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "上年"
    put(before, "a.txt", report("青石乡", year=2023))
    put(before, "b.txt", report("白渡镇", year=2023))
    put(before, "c.txt", report("柳坪乡", year=2023))
    put(folder, "a.txt", report("青石镇"))
    units = Roster((Unit("青石镇", formerly=("青石乡", "白渡镇")), Unit("柳坪乡")))
    cases: dict[str, Case] = {}

    def noted(case: Case, pack: Pack) -> Audit:
        if case.report.year == 2024:
            cases[case.report.source] = case
        return judge(case, pack)

    monkeypatch.setattr(jobs, "judge", noted)
    with season(folder, roster=units, last=before) as held:
        assert held.history("青石镇") == {}, "the scores of two are none of the one"
        assert list(held.history("柳坪乡")) == [2023]
    previous = cases["a.txt"].previous
    assert previous
    assert (previous.facts["t3.new.all"].value, previous.year) == (12, 2023)
    assert "signed.date" not in previous.facts


def test_the_roster_forgives_a_unit_what_it_names_until_its_day(folder: Path) -> None:
    for name in ("青石镇", "白渡镇", "柳坪乡"):
        put(folder, f"{name}.txt", worse(name))
    units = (
        Unit("青石镇", waivers=({"rule": "PRE-03", "reason": "上级另有安排"},)),
        Unit("白渡镇", waivers=({"rule": "PRE-03", "reason": "过期", "until": "2025-01-01"},)),
        Unit("柳坪乡"),
    )
    with season(folder, roster=Roster(units)) as held:
        states = {row.unit.name: row.states["PRE-03"] for row in held.rows()}
        detail = held.detail("青石镇")
    assert states == {"青石镇": "waived", "白渡镇": "fail", "柳坪乡": "fail"}
    assert detail
    (found,) = [verdict for verdict in detail.audit["verdicts"] if verdict["rule"] == "PRE-03"]
    assert (found["waiver"]["reason"], found["waiver"]["who"]) == ("上级另有安排", "名册")


def test_reports_alike_are_a_cluster_and_each_is_told_of_the_other(folder: Path) -> None:
    for name in ("青石镇", "白渡镇"):
        put(folder, f"{name}.txt", report(name))
    put(folder, "街.txt", (EXAMPLES / "2023-云渚街道-有误.txt").read_text("utf-8").replace("2023", "2024"))
    with season(folder, "青石镇", "白渡镇", "云渚街道") as held:
        (cluster,) = held.clusters()
        found = validate("".join(as_json.parts(held)))
        detail = held.detail("白渡镇")
    assert {member.name for member in cluster.members} == {"青石镇", "白渡镇"}
    assert cluster.pairs[0].likeness > 0.9
    assert cluster.pairs[0].passages
    assert [member["path"] for member in found["clusters"][0]["members"]] == ["青石镇.txt", "白渡镇.txt"]
    assert detail
    told = [verdict["message"] for verdict in detail.audit["verdicts"] if verdict["rule"] == "COP-05"]
    assert len(told) == 1
    assert "青石镇" in told[0]
    with season(folder, "青石镇") as held:
        alone = held.detail("青石镇")
        assert list(held.clusters()) == []
    assert alone
    assert [v["state"] for v in alone.audit["verdicts"] if v["rule"] == "COP-05"] == ["unknown"]


def test_what_became_of_each_finding_between_two_rounds(tmp_path: Path, folder: Path) -> None:
    put(folder, "a.txt", worse("青石镇"))
    first = tmp_path / "audit.json"
    with season(folder, "青石镇", "白渡镇") as held:
        first.write_text("".join(as_json.parts(held)), encoding="utf-8")
        assert list(held.changes()) == []
    put(folder, "a.txt", report("青石镇").replace("电话", "手机"))
    put(folder, "b.txt", worse("白渡镇"))
    with season(folder, "青石镇", "白渡镇", round=first) as held:
        changes = list(held.changes())
        screen = "".join(table.text(held, True, 60))
    states = {(change.name, change.rule): change.state for change in changes}
    assert states[("青石镇", "PRE-03")] == "fixed"
    fixed = sum(change.state == "fixed" for change in changes)
    assert "和上一轮比：\n单位" in screen
    assert [line.split()[1] for line in screen.splitlines() if line.startswith("合计")] == [str(fixed)]
    assert states[("白渡镇", "PRE-03")] == "new"
    with season(folder, "青石镇", "白渡镇", round=first) as held:
        assert list(held.changes()) == changes


def test_the_year_is_that_of_most_reports(folder: Path) -> None:
    put(folder, "a.txt", report("青石镇", year=2023))
    put(folder, "b.txt", report("白渡镇"))
    put(folder, "c.txt", report("柳坪乡"))
    with season(folder, year=None) as held:
        assert held.year == 2024
        assert not held.given
        assert [row.outcome for row in held.rows()] == ["audited", "audited", "wrong-year"]


def test_no_year_anywhere_is_refused(folder: Path) -> None:
    put(folder, "a.txt", "坏")
    with pytest.raises(Refused, match="--year"):
        season(folder, year=None)


# --- the same whatever the number of workers, and from what is kept ---------------------------------------------------


def test_row_86_one_two_and_eight_workers_give_the_same_bytes(folder: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("20*.txt"))]
    for number in range(18):  # as many as are worth a second process
        name = f"青{'石竹松山水云雨雪风'[number % 9]}{'镇乡'[number // 9]}"
        text = report(name) if number < 4 else texts[number % len(texts)] + f"\n第{number}份"
        put(folder, f"{number}.txt", text)
    put(folder, "坏.txt", "x")
    results = []
    for number in (1, 2, 8):
        with season(folder, jobs=number) as held:
            results.append("".join([*as_json.parts(held), *as_csv.parts(held)]))
        (next((folder.parent / "cache/seasons").glob("*.db"))).unlink()
    assert results[0] == results[1] == results[2]
    assert results[0].count('"outcome": "audited"') >= 4


def test_unchanged_files_are_neither_read_nor_judged_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.txt", report("青石镇"))
    put(folder, "b.txt", report("白渡镇"))
    before = rows(season(folder, "青石镇", "白渡镇"))
    put(folder, "b.txt", worse("白渡镇"))
    read: list[str] = []
    judged: list[str] = []
    from checker.season.jobs import Judging, Reading

    for job, calls in ((Reading, read), (Judging, judged)):
        done = job.__call__

        def noted(self: Any, path: Path, done: Any = done, calls: list[str] = calls) -> Any:
            calls.append(path.name)
            return done(self, path)

        monkeypatch.setattr(job, "__call__", noted)
    after = rows(season(folder, "青石镇", "白渡镇"))
    assert read == ["b.txt"]
    assert judged == ["b.txt"]
    assert after["青石镇"] == before["青石镇"]
    assert after["白渡镇"] != before["白渡镇"]


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "units:\n  - name: 青石镇\n    alias: [x]\n",
            "第3行第5列，键 units.1.alias：没有名为“alias”的键，是不是“aliases”？",
        ),
        ("units:\n  - nmae: 青石镇\n", "没有名为“nmae”的键，是不是“name”？"),
        ("units:\n  - name: 青石镇\n    deadline: 2025-02-30\n", "“2025-02-30”不是日历上的日期"),
        ("units:\n  - name: 青石镇\n    deadline: 明天\n", "“明天”的写法不对，应是年-月-日，如 2025-01-31"),
        ("units:\n  - name: 青石镇\n    level: 镇级\n", "“镇级”不在可用的值之内，是不是“镇”？"),
        ("units:\n  - name: 青石镇\n  - name: 青石镇人民政府\n", "“青石镇人民政府”和前面的“青石镇”重了"),
        ("units: []\n", "至少要有 1 项"),
        ("units:\n  - name: 青石镇\n  - name: 白渡镇\n    aliases: [青石镇政府]\n", "重了"),
    ],
)
def test_a_roster_that_is_wrong_says_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "roster.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadPack) as caught:
        roster.load(path)
    assert said in str(caught.value)
    assert "roster.yaml 第" in str(caught.value)


def test_a_county_that_is_wrong_says_where_and_one_that_is_right_changes_the_policy(tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    path.write_text("name: 砚川县\ndeadlin: 2025-01-31\n", encoding="utf-8")
    with pytest.raises(BadPack, match=r"第2行第1列.*是不是“deadline”"):
        county.load(path)
    path.write_text(
        "name: 砚川县\nyear: 2024\ndeadline: {default: 2025-01-31, 县: 2025-03-31}\nweights: {should: 3}\n"
        "grades: {好: 80, 差: 0}\ncoverage_floor: 0.5\npack: [本县]\n",
        encoding="utf-8",
    )
    found = county.load(path)
    assert found.due("县") == dt.date(2025, 3, 31)
    assert found.due("镇") == dt.date(2025, 1, 31)
    assert found.pack == (tmp_path / "本县",)
    policy = county.applied(national(), found).policy
    assert policy.weights == {"must": 5, "should": 3, "info": 0}
    assert policy.coverage_floor == 0.5
    assert policy.grades == (("好", 80), ("差", 0))


def test_a_drafted_roster_is_read_back_from_both_formats(tmp_path: Path, folder: Path) -> None:
    put(folder, "a.txt", report("青石镇"))
    put(folder, "b.txt", report("松湾街道").replace("人民政府", "办事处"))
    drafted = names_found(Plan(folder, national()), quiet)
    names = [(unit.name, unit.level) for unit in drafted.units]
    assert names == [("砚川县青石镇人民政府", "镇"), ("砚川县松湾街道办事处", "街道")]
    (tmp_path / "r.yaml").write_text(roster.as_yaml(drafted), encoding="utf-8")
    (tmp_path / "r.xlsx").write_bytes(roster.as_workbook(drafted))
    for name in ("r.yaml", "r.xlsx"):
        assert [(unit.name, unit.level) for unit in roster.load(tmp_path / name).units] == names


def test_a_workbook_roster_has_all_that_a_yaml_roster_has(tmp_path: Path) -> None:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["砚川县报送单位一览表"])
    sheet.append(["序号", "单位名称", "别名", "层级", "机构代码", "曾用名", "报送期限", "联系人", "豁免"])
    sheet.append(
        [1, "青石镇人民政府", "青石、青石镇政府", "镇", "001", "青石乡", "2025年1月20日", "王某", "PRE-10：没有电话"]
    )
    sheet.append([2, "白渡镇人民政府"])
    book.save(tmp_path / "r.xlsx")
    first, second = roster.load(tmp_path / "r.xlsx").units
    assert first == Unit(
        "青石镇人民政府",
        "镇",
        "001",
        ("青石", "青石镇政府"),
        ("青石乡",),
        dt.date(2025, 1, 20),
        "王某",
        ({"rule": "PRE-10", "reason": "没有电话"},),
    )
    assert second == Unit("白渡镇人民政府")
    sheet["D4"] = "镇街"
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(BadPack, match=r"第4行第4列，键 units\.2\.level：“镇街”不在可用的值之内"):
        roster.load(tmp_path / "r.xlsx")


# --- outputs ----------------------------------------------------------------------------------------------------------


def validate(text: str) -> Any:
    names = ("audit", "check", "facts")
    files = {f"{name}.schema.json": json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")) for name in names}
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(content)) for name, content in files.items()]
    )
    found = json.loads(text)
    jsonschema.Draft202012Validator(files["audit.schema.json"], registry=registry).validate(found)
    return found


def test_audit_json_fits_its_schema_and_holds_everything(folder: Path) -> None:
    put(folder, "a.txt", report("青石镇").replace("0589-5550601", "13900001234"))
    put(folder, "坏.txt", "x")
    with season(folder, "青石镇", "白渡镇", county=DUE) as held:
        text = "".join(as_json.parts(held))
        found = validate(text)
        detail = held.detail("青石镇")
    assert detail
    assert detail.blocks
    assert detail.facts["t3.new.all"].value == 6
    first, second = found["units"]
    assert {verdict["state"] for verdict in first["audit"]["verdicts"]} & {"fail", "review", "unknown"}
    assert not [verdict for verdict in first["audit"]["verdicts"] if verdict["state"] in ("pass", "n/a")]
    assert {"pass", "n/a"} < set(first["states"].values())
    assert {verdict["rule"] for verdict in first["audit"]["verdicts"]} < set(first["states"])
    assert first["facts"]["t3.new.all"]["value"] == 6
    assert first["problems"]
    assert "13900001234" not in text
    assert "139****1234" in text
    assert second["outcome"] == "missing"
    assert second["audit"] is None
    assert [stray["path"] for stray in found["strays"]] == ["坏.txt"]
    with pytest.raises(jsonschema.ValidationError):
        validate(text.replace('"outcome": "missing"', '"outcome": "lost"'))


@pytest.mark.parametrize("text", ["{", '{"schema_version": "2"}\n', "[]", '{"schema_version": "1", "units": [\n{"a":'])
def test_an_audit_that_is_none_is_refused(tmp_path: Path, folder: Path, text: str) -> None:
    put(folder, "a.txt", report("青石镇"))
    path = tmp_path / "audit.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoAudit):
        season(folder, "青石镇", last=path)


@pytest.mark.parametrize(("option", "year"), [("last", 2024), ("last", 2022), ("round", 2023)])
def test_an_audit_of_another_year_is_refused(tmp_path: Path, folder: Path, option: str, year: int) -> None:
    put(tmp_path / "前", "a.txt", report("青石镇", year=year))
    put(folder, "a.txt", report("青石镇"))
    path = tmp_path / "audit.json"
    with season(tmp_path / "前", "青石镇", year=year) as held:
        path.write_text("".join(as_json.parts(held)), encoding="utf-8")
    wishes: dict[str, Any] = {option: path}
    with pytest.raises(NoAudit, match=f"是{year}年度的核对结果"):
        season(folder, "青石镇", **wishes)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "  =1"])
def test_row_69_a_text_that_a_spreadsheet_would_run_is_defused_and_quoted(start: str) -> None:
    name = f'{start}",=HYPERLINK("http://x.example","点")'
    row = Row(Unit(name), "missing", (Submission(f"{start}.txt", "", "unreadable", said=name),), before=-1.5)

    class One:
        def rows(self) -> list[Row]:
            return [row]

        def strays(self) -> list[Submission]:
            return list(row.submissions)

    text = "".join(as_csv.parts(One()))  # type: ignore[arg-type]
    for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        assert not any(cell[:1] in ("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠") for cell in line)
        assert not any(cell.startswith("-") and cell != "-1.5" for cell in line)
    assert ",-1.5," in text, "a number is no text"


def test_the_screen_has_ranking_missing_late_and_worst_rules(folder: Path) -> None:
    for name in ("青石镇", "白渡镇"):
        put(folder, f"{name}.txt", worse(name))
    put(folder, "迟.txt", report("柳坪乡", signed="2025年2月9日"))
    with season(folder, "青石镇", "白渡镇", "柳坪乡", "松湾街道", county=DUE) as held:
        text = "".join(table.text(held, held.given, 100))
    assert "未报送：1 个\n  松湾街道" in text
    assert "迟报：1 个\n  柳坪乡" in text
    assert "2025-02-09（迟）" in text
    assert "PRE-03" in text
    assert "2 个，66%" in text
    assert text.endswith("必改问题共 2 处\n") or "结论：名册 4 个单位，已核对 3 个（排名 3 个）、未报送 1 个" in text


# --- the command ------------------------------------------------------------------------------------------------------


def test_from_folder_to_files_with_the_command(tmp_path: Path, folder: Path) -> None:
    put(folder, "a.txt", report("青石镇"))
    drafted = run("roster", "init", folder, "-o", tmp_path / "r.yaml")
    assert drafted.returncode == 0
    assert "已起草 1 个单位" in drafted.stderr.decode()
    again = run("roster", "init", folder, "-o", tmp_path / "r.yaml")
    assert again.returncode == 2
    assert "--force" in again.stderr.decode()
    done = run("audit", folder, "--roster", tmp_path / "r.yaml", "-o", folder / "结果")
    assert done.returncode == 0, done.stderr.decode()
    assert sorted(path.name for path in (folder / "结果").iterdir()) >= ["audit.csv", "audit.json"]
    twice = run("audit", folder, "--roster", tmp_path / "r.yaml", "-o", folder / "结果2", "--only", "json")
    assert [path.name for path in (folder / "结果2").iterdir()] == ["audit.json"]
    assert (folder / "结果2/audit.json").read_bytes() == (folder / "结果/audit.json").read_bytes(), (
        twice.stderr.decode()
    )


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["--only", "json"], 2, "给了 --only"),
        (["--only", "ledgre", "-o", "out"], 2, "--only 不认识 ledgre"),
        (["--last", "nowhere"], 2, "没有这个文件或文件夹"),
        (["--roster", "nowhere.yaml"], 2, "名册有误：nowhere.yaml：打不开"),
        (["--county", "nowhere.yaml"], 2, "county.yaml有误"),
        (["-o", "file"], 2, "不是文件夹"),
        (["--year", "1999"], 2, "只能检查2008年度以后的报告"),
        (["--year", "2024"], 3, ""),
        (["--year", "2024", "--roster", "r.yaml"], 3, ""),
    ],
)
def test_exit_codes(tmp_path: Path, folder: Path, given: list[str], code: int, said: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "r.yaml").write_text("units:\n  - name: 青石镇\n", encoding="utf-8")
    put(folder, "坏.txt", "x")
    done = run("audit", folder, *given, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr.decode()


def test_a_missing_report_is_a_finding(tmp_path: Path, folder: Path) -> None:
    put(folder, "a.txt", report("青石镇"))
    (tmp_path / "r.yaml").write_text("units:\n  - name: 青石镇\n  - name: 白渡镇\n", encoding="utf-8")
    assert run("audit", folder, "--roster", tmp_path / "r.yaml").returncode == 1
    assert run("audit", folder, "--roster", tmp_path / "r.yaml", "--fail-on", "never").returncode == 0


def test_nothing_to_check_and_no_folder(tmp_path: Path, folder: Path) -> None:
    assert run("audit", folder).returncode == 2
    assert "不是文件夹" in run("audit", tmp_path / "nowhere").stderr.decode()
    (tmp_path / "r.yaml").write_text("units:\n  - name: 青石镇\n", encoding="utf-8")
    done = run("audit", folder, "--roster", tmp_path / "r.yaml", "--year", "2024")
    assert done.returncode == 1
    assert "未报送：1 个" in done.stdout.decode()


def test_names_of_submissions_are_exact_and_never_act(folder: Path) -> None:
    put(folder, "\u202e镇石青\x1b[2J.txt", report("青石镇"))
    with season(folder, "青石镇") as held:
        text = "".join(table.text(held, True, 100))
        (row,) = held.rows()
    assert row.counted
    assert row.counted.path == "\u202e镇石青\x1b[2J.txt"
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_plan_without_a_store_is_no_plan(folder: Path) -> None:
    """``conduct`` closes what it opened when it refuses."""
    with pytest.raises(Refused, match="里没有找到报告"):
        conduct(Plan(folder, national()), quiet)
    put(folder, "a.txt", report("青石镇"))
    with conduct(Plan(folder, national()), quiet) as held:
        assert not any("留存" in said for said in held.remarks)
