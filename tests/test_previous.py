"""A report held against last year's: the rules of XYR, ``check --previous``, and what happens where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from checker.cli import app
from checker.judge import judge
from checker.likeness import earlier
from checker.model import ALONE, Audit, Case, Earlier, Fact, Pack, Report, Told
from checker.render.view import unknown_by_cause
from checker.work import unfit
from tests.findings import national
from tests.write import plain, written
from tests.write.reading import reference

NAME = "2024-云渚镇"


def report(name: str = NAME) -> Report:
    found = reference(name).report
    assert found
    return found


def last_year(name: str = NAME, **figures: int) -> Earlier:
    """A report of the year before that fits: what is left open is carried over, documents and items follow."""
    now = report(name)
    facts = dict.fromkeys(now.facts, Fact("given", 0))
    for fact, old in now.facts.items():
        if fact.startswith("t3.carried_in."):
            facts[fact.replace("carried_in", "carried_out")] = old
        if fact.endswith(".last"):
            facts[fact] = old
    for kind in ("documents", "regulations"):
        made, repealed, left = (number(now, f"t2.{kind}.{row}") for row in ("made", "repealed", "in_force"))
        facts[f"t2.{kind}.in_force"] = Fact("given", left - made + repealed)
    facts |= {fact.replace("__", "."): Fact("given", value) for fact, value in figures.items()}
    return Earlier((now.year or 0) - 1, now.place, facts)


def number(found: Report, fact: str) -> int:
    value = found.fact(fact).value
    return value if isinstance(value, int) else 0


def against(last: Earlier | None, now: Report | None = None) -> Audit:
    return judge(Case(now or report(), last), national())


def states(audit: Audit, topic: str = "XYR") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for verdict in audit.verdicts:
        if verdict.rule.startswith(topic):
            found.setdefault(verdict.rule, set()).add(verdict.state)
    return found


def with_fact(found: Report, name: str, fact: Fact) -> Report:
    return replace(found, facts={**found.facts, name: fact})


def test_a_report_that_follows_from_last_years_passes() -> None:
    found = states(against(last_year()))
    assert found["XYR-01"] == found["XYR-02"] == {"pass"}
    assert {rule for rule, seen in found.items() if seen & {"fail", "review", "broken"}} == set()


def test_no_last_year_is_said_once_and_costs_nothing() -> None:
    alone = against(None)
    last = [v for v in alone.verdicts if v.message == ALONE["last"]]
    assert len(last) == len({v.rule for v in last}) >= 6
    assert {v.state for v in last} == {"unknown"}
    with_last = against(last_year())
    assert alone.coverage == with_last.coverage == 1.0
    assert alone.score == with_last.score == 100.0


def test_that_a_report_came_alone_is_said_in_one_line() -> None:
    (line,) = (cause for cause in unknown_by_cause(against(None)) if "可以对照" in cause)
    assert "上一年度和其他单位" in line
    assert unknown_by_cause(against(None))[line][-1] == "COP-05"
    assert list(unknown_by_cause(against(last_year()))) == [ALONE["peers"]]


@pytest.mark.parametrize("year", [2022, 2024, None])
def test_a_report_of_another_year_is_not_last_years(year: int | None) -> None:
    found = against(replace(last_year(t3__carried_out__all=9), year=year))
    assert {v.state for v in found.verdicts if v.rule == "XYR-01"} == {"unknown"}


@pytest.mark.parametrize("state", ["unread", "malformed", "blank", "absent"])
def test_a_cell_of_last_year_that_says_no_number_accuses_nobody(state: Any) -> None:
    last = last_year()
    last = replace(last, facts={**last.facts, "t3.carried_out.all": Fact(state)})
    found = {v.subject: v.state for v in against(last).verdicts if v.rule == "XYR-01"}
    assert found.pop("all") == "unknown"
    assert set(found.values()) == {"pass"}


def test_the_finding_names_both_figures_and_shows_this_reports_cell() -> None:
    (found,) = [v for v in against(last_year(t3__carried_out__person=3)).verdicts if v.state == "fail"]
    assert (found.rule, found.subject) == ("XYR-01", "person")
    assert "自然人" in found.message
    assert "1件" in found.message
    assert "3件" in found.message
    assert (found.where.table, found.where.col) == ("表三", "自然人")
    assert found.related == ()


#: what another number costs only where last year's report is at hand, in reports that nothing else binds there
BOUND = {
    NAME: set(),
    "2020-霁川县市场监督管理局": {
        f"t2.{item}.last" for item in ("licences", "services", "penalties", "coercion", "charges")
    },
}


def sums() -> Pack:
    """The rules that look at figures; the others cannot tell one number from another."""
    rules = [rule for rule in national().rules if rule.kind in ("identity", "number", "agreement", "tally")]
    return replace(national(), rules=tuple(rules))


@pytest.mark.parametrize("name", BOUND)
def test_a_changed_number_costs_points_where_last_year_binds_the_cell(name: str) -> None:
    now, last, pack = report(name), last_year(name), sums()

    def score(found: Report, previous: Earlier | None) -> float:
        points = judge(Case(found, previous), pack).score
        assert points is not None
        return points

    bound, carried = set(), set()
    alone, held = score(now, None), score(now, last)
    for fact in written(name).cells:
        changed = with_fact(now, fact, Fact("given", number(now, fact) + 1, where=now.fact(fact).where))
        if score(changed, last) < held:
            carried.add(fact)
            if score(changed, None) == alone:
                bound.add(fact)
    assert bound == BOUND[name]
    assert carried >= {fact for fact in written(name).cells if fact.startswith("t3.carried_in") or "in_force" in fact}


def told(*lines: str) -> tuple[Told, ...]:
    return tuple(map(Told, lines))


def test_the_same_text_and_figures_as_last_year() -> None:
    now = report()
    copy = replace(earlier(now), year=2023)
    found = against(copy)
    assert states(found)["XYR-05"] == {"fail"}
    assert states(found)["XYR-06"] == {"fail"}
    (same,) = [v for v in found.verdicts if v.rule == "XYR-05"]
    assert same.values["percent"] == 100
    assert same.where.quote
    fresh = replace(
        copy,
        narrative=told(
            "山塘整修的进度每旬张贴在各组的晒谷场，水库放水先由管水员上门告知，"
            "镇里把这两件事的经过写成短文登在月报上，村民可以随时翻看往年的记录并提出意见。"
        ),
        problems=(),
    )
    assert states(against(fresh))["XYR-05"] == {"pass"}


@pytest.mark.parametrize(
    ("year", "place", "said"),
    [
        (2023, "霁川县云渚镇人民政府", None),
        (2023, "云渚镇", None),
        (2023, None, None),
        (2022, "云渚镇", "2022年度"),
        (2024, "云渚镇", "2024年度"),
        (None, "云渚镇", "没有认出上年报告的年度"),
        (2023, "霁川县石磨镇人民政府", "不像同一个单位"),
    ],
)
def test_what_is_no_report_of_last_year(year: int | None, place: str | None, said: str | None) -> None:
    error = unfit(report(), Earlier(year, place, {}))
    assert (error and error.code) == (said and "previous")
    assert error is None or (said or "") in error.message
    if said and "单位" in said:
        assert unfit(report(), Earlier(year, place, {}), same_unit=True) is None


# --- the command


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", *map(str, arguments), "--jobs", "1"])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """This year's report, and its copy with the years set back by one."""
    folder = tmp_path_factory.mktemp("两年")
    text = plain.text(written(NAME), plain.TEXTS[0])
    now, last = folder / "2024.txt", folder / "2023.txt"
    now.write_text(text, encoding="utf-8")
    last.write_text(set_back(text, (2024, 2025)), encoding="utf-8")
    return now, last


def set_back(text: str, years: Iterable[int]) -> str:
    for year in years:
        text = text.replace(f"{year}年", f"{year - 1}年")
    return text


def test_check_with_previous(files: tuple[Path, Path]) -> None:
    now, last = files
    code, said = run(now, "--previous", last, "--format", "json", "--fail-on", "should")
    found = {v["rule"] for v in json.loads(said)["reports"][0]["verdicts"] if v["state"] == "fail"}
    assert code == 1
    assert found == {"XYR-02", "XYR-05", "XYR-06"}
    assert ALONE["last"] not in said


def test_check_without_previous_says_so_in_one_line(files: tuple[Path, Path]) -> None:
    code, said = run(files[0])
    assert code == 0
    assert said.count("可以对照") == said.count("上一年度和其他单位的报告") == 1


def test_previous_of_another_year_or_unit_is_refused_in_words(files: tuple[Path, Path], tmp_path: Path) -> None:
    now, last = files
    assert run(last, "--previous", now)[0] == 3
    other = tmp_path / "别的镇.txt"
    other.write_text(last.read_text(encoding="utf-8").replace("云渚镇", "石磨镇"), encoding="utf-8")
    code, said = run(now, "--previous", other)
    assert code == 3
    assert "不像同一个单位" in said
    assert "--same-unit" in said
    assert run(now, "--previous", other, "--same-unit")[0] == 0
    code, said = run(now, "--previous", tmp_path / "没有.txt")
    assert code == 3
    assert run(now, last, "--previous", last)[0] == 2
    assert run(tmp_path, "--previous", last)[0] == 2
