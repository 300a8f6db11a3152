"""``nianbao audit``: a folder of submissions to everything that the county office needs, in one folder."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from checker.cause import cause
from checker.cli.clock import today
from checker.cli.exits import INTERRUPTED, UNREAD, USAGE, stop, tell
from checker.cli.options import (
    AuditFailOn,
    ClusterOption,
    CompareOption,
    CountyOption,
    FailOn,
    JobsOption,
    LastOption,
    PackOption,
    ResultFolder,
    RosterOption,
    SeasonYear,
    Submissions,
)
from checker.cli.output import beside, hush, replacing
from checker.cli.shared import load_pack, processors, refuse_year, tell_passed_over, window_width

if TYPE_CHECKING:
    from checker.season.conduct import Plan
    from checker.season.county import County
    from checker.season.held import Held
    from checker.season.nouns import Season
    from checker.season.roster import Roster


_T = TypeVar("_T")


def _json(season: "Season", folder: Path) -> None:
    from checker.render.county import as_json

    with replacing(folder / "audit.json") as write:
        for part in as_json.parts(season):
            write(part)


def _csv(season: "Season", folder: Path) -> None:
    from checker.render.county import as_csv

    with replacing(folder / "audit.csv") as write:
        for part in as_csv.parts(season):
            write(part)


def _ledger(season: "Season", folder: Path) -> None:
    from checker.render.county import ledger

    with beside(folder / "ledger.xlsx") as path:
        ledger.write(season, path)


def _notices(season: "Season", folder: Path) -> None:
    """A notice to each unit that must mend something; what an earlier run left there is told, not touched."""
    from checker.render.county import notice

    _several(notice.notices(season, today()), folder / "notices", "通知")


def _html(season: "Season", folder: Path) -> None:
    from checker.render.county import site

    pages = site.pages(season)
    name, parts = next(pages)
    with replacing(folder / name) as write:
        for part in parts:
            write(part)
    beside_it = ((name.partition("/")[2], "".join(parts)) for name, parts in pages)
    _several(beside_it, folder / "units", "单位网页")


def _total(season: "Held", folder: Path) -> None:
    from checker.render.county import names

    for suffix, content in season.forms():
        with replacing(folder / f"{names.stem(season.county or '本级')}汇总{suffix}") as write:
            write(content)


def _several(files: Iterable[tuple[str, str | bytes]], folder: Path, what: str) -> None:
    """Files of one kind in a folder of their own, which is made with the first."""
    written = set()
    for name, content in files:
        folder.mkdir(exist_ok=True)
        with replacing(folder / name) as write:
            write(content)
        written.add(name)
    left = sorted(path.name for path in folder.iterdir() if path.name not in written) if os.path.isdir(folder) else []
    if left:
        tell(f"{folder} 里有 {len(left)} 个文件不是这次写的，可能是以前的{what}，请核对：{'、'.join(left[:3])}。")


#: what --only names -> writes it into a folder, each file whole or not at all
OUTPUTS: "Mapping[str, Callable[[Held, Path], None]]" = {
    "json": _json,
    "csv": _csv,
    "ledger": _ledger,
    "notices": _notices,
    "html": _html,
    "total": _total,
}


OnlyOption = Annotated[
    str | None, typer.Option("--only", help=f"只写其中几样，逗号分开：{','.join(OUTPUTS)}。", metavar="名称")
]


def audit(
    folder: Submissions,
    output: ResultFolder = None,
    roster: RosterOption = None,
    last: LastOption = None,
    county: CountyOption = None,
    year: SeasonYear = None,
    only: OnlyOption = None,
    compare: CompareOption = None,
    pack: PackOption = None,
    fail_on: AuditFailOn = FailOn.must,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
) -> None:
    """核对一个县一年的全部报告：谁没交、谁迟报、各得多少分、要改什么。"""
    outputs = _outputs(only, output)
    if not os.path.isdir(folder):
        stop(USAGE, f"{folder} 不是文件夹；请给出各单位报告所在的文件夹。")
    if not os.access(folder, os.R_OK | os.X_OK):
        stop(UNREAD, f"{folder}：没有权限打开这个文件夹。请向文件夹的主人要读取权限，或复制一份再核对。")
    if last and not os.path.exists(last):
        stop(USAGE, f"--last {last}：没有这个文件或文件夹。")
    if output and os.path.exists(output) and not os.path.isdir(output):
        stop(USAGE, f"--output {output} 不是文件夹；请另给一个文件夹名。")
    wishes = _county(county)
    rules = load_pack([*(pack or ()), *wishes.pack])
    refuse_year(year or wishes.year, rules)

    from checker.batch import settle
    from checker.season.conduct import Plan
    from checker.season.county import applied

    ours = tuple(path for path in (output, roster, county, last, compare) if path)
    units, jobs = _roster(roster), jobs or processors()
    plan = Plan(folder, applied(rules, wishes), units, wishes, year, last, compare, ours, jobs, today())
    settle()
    tell_passed_over([folder])
    raise typer.Exit(_run(plan, cluster, output, outputs, fail_on.value))


def _run(plan: "Plan", cluster: str | None, output: Path | None, outputs: list[str], gate: str) -> int:
    """The audit, what it writes and what it says; the exit code."""
    from checker.season.cluster import Gone
    from checker.season.conduct import Refused
    from checker.season.last import NoAudit

    try:
        with _conducted(plan, cluster) as season:
            if output:
                output.mkdir(parents=True, exist_ok=True)
                season.sum_up()
                for name in outputs:
                    OUTPUTS[name](season, output)
            _show(season, output)
            return _status(season, gate)
    except Refused as error:
        stop(USAGE, str(error))
    except NoAudit as error:
        stop(USAGE, str(error))
    except Gone as error:
        stop(UNREAD, str(error))
    except OSError as error:
        _not_written(error)
    except KeyboardInterrupt:
        stop(INTERRUPTED, "已中断；已经核对过的下次不用再核对。")


def _conducted(plan: "Plan", address: str | None) -> "Held":
    """The season, worked out here or on the cluster at ``address``. Raises as ``conduct``, and Gone."""
    from dataclasses import replace

    from checker.season.cluster import joined
    from checker.season.conduct import conduct

    if not address:
        return conduct(plan, progress)
    with joined(address) as cluster:
        return conduct(replace(plan, cluster=cluster), progress)


def _not_written(error: OSError) -> NoReturn:
    name = f" {error.filename}" if error.filename else ""
    stop(UNREAD, f"结果没有写成{name}：{cause(error)}；原有文件未动。")


def _show(season: "Held", output: Path | None) -> None:
    """The overview on the terminal, and where everything is."""
    from checker.render.county import table

    try:
        for part in table.text(season, season.given, window_width()):
            sys.stdout.write(part)
        sys.stdout.flush()
    except BrokenPipeError:
        hush()
    except OSError as error:
        hush()
        stop(UNREAD, f"结果没有显示完：{cause(error)}。")
    for remark in season.remarks:
        tell(remark)
    if output:
        tell(f"结果已写入 {output}")


def _status(season: "Held", gate: str) -> int:
    """The gravest of 5 (our bug), 3 (something unread), 1 (findings, or a unit without a report), 0."""
    code = max(season.statuses(gate), default=0)
    for row in season.rows("roster"):
        if row.outcome == "unreadable":
            code = max(code, UNREAD)
        if row.outcome in ("missing", "wrong-year") and gate != "never":
            code = max(code, 1)
    if any(stray.standing == "unreadable" for stray in season.strays()):
        code = max(code, UNREAD)
    return code


def progress(total: int, doing: str) -> AbstractContextManager[Callable[[], None]]:
    """A bar while the work is under way, on a terminal only."""
    from checker.cli import check

    return check.progress(total, doing) if sys.stderr.isatty() else nullcontext(lambda: None)


def _outputs(only: str | None, output: Path | None) -> list[str]:
    names = [name.strip() for name in (only or "").replace("，", ",").split(",") if name.strip()]
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown:
        stop(USAGE, f"--only 不认识 {'、'.join(unknown)}；可用的有 {'、'.join(OUTPUTS)}。")
    if names and not output:
        stop(USAGE, "给了 --only，还要用 --output 指定写到哪个文件夹。")
    return names or list(OUTPUTS)


def _county(path: Path | None) -> "County":
    from checker.season import county

    return _setting("county.yaml", county.load, path) if path else county.County()


def _roster(path: Path | None) -> "Roster | None":
    from checker.season import roster

    return _setting("名册", roster.load, path) if path else None


def _setting(what: str, load: Callable[[Path], _T], path: Path) -> _T:
    """A file that the officer wrote; what is wrong with it ends the command with 2, before a report is opened."""
    from checker.pack import BadPack

    try:
        return load(path)
    except BadPack as error:
        stop(USAGE, f"{what}有误：{error}")
