"""``nianbao baseline`` and ``nianbao config``: what a repository of reports keeps beside them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.check import among, carry_out
from checker.cli.clock import today
from checker.cli.exits import USAGE, stop, tell
from checker.cli.gate import refusing, settings_for, waivers_for
from checker.cli.options import JobsOption, PackOption, Paths
from checker.cli.output import destination, found_reports, refuse_output
from checker.cli.shared import load_pack, make_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.cli.gate import Held

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="查看项目设置。")


@app.callback()
def root() -> None:
    """查看项目设置。"""


def baseline(
    paths: Paths,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="把基线写到这个文件，原来的基线会换掉；不给时是项目设置里的。", metavar="文件"
        ),
    ] = None,
    pack: PackOption = None,
    jobs: JobsOption = None,
) -> None:
    """把现有的问题记成基线，以后用 nianbao check --baseline 只拦新出现的问题。"""
    held = settings_for(paths, packs=tuple(map(str, pack or ())), jobs=jobs)
    if not output and not held["baseline"]:
        stop(USAGE, "没有说基线写到哪里：请加 --output 文件，或者在 nianbao.yaml 里写明 baseline。")
    output = output or Path(held["baseline"])
    refuse_output(output, paths)
    refuse_other(output)
    rules = load_pack([Path(path) for path in held["packs"]])

    from checker.gate import Gate, Line
    from checker.gate.baseline import load
    from checker.work import Job

    with refusing():
        gate = Gate(Line("never"), waivers_for(paths, None), day=today())  # waived findings are no part of it
    job = Job(rules, "baseline", make_view(rules, "zh", False, None), gate=gate)
    with among(job, paths, lambda _: True, held) as full:
        counts = carry_out(full, found_reports(paths), output, held["jobs"])
    found = sum(map(len, load(output).entries.values()))
    tell(f"基线已写入 {output}：{counts.reports} 份报告，{found} 处问题。")
    if counts.errors:
        tell(f"其中 {counts.errors} 份读不了，没有记下；请用 nianbao check 查看。")
    raise typer.Exit(counts.status)


def refuse_other(output: Path) -> None:
    """Stops when a file is there that is no baseline: it is somebody's."""
    from checker.gate.baseline import load
    from checker.gate.files import BadSettings

    if os.path.exists(output):
        try:
            load(output)
        except BadSettings:
            stop(USAGE, f"--output {output} 已经有了，而且不是基线，没有覆盖；请另给一个文件名。")


@app.command("show")
def config_show(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="报告或文件夹；不给时是当前文件夹。", metavar="文件...")
    ] = None,
) -> None:
    """显示在这里检查报告时用哪些设置，每一项从哪里来。"""
    given = paths or [Path()]
    held = settings_for(given)
    _ = held.format
    with destination(None) as write:
        for line in shown(given, held):
            write(line + "\n")


def shown(paths: list[Path], held: "Held") -> "Iterator[str]":
    """The settings, one a line, then the lists of waivers that would be used."""
    from checker.gate.settings import project_file
    from checker.render import grid
    from checker.render.escape import terminal

    yield terminal(f"项目设置：{project_file(paths) or '没有 nianbao.yaml'}")
    rows = [(name, _value(setting.value), setting.origin) for name, setting in held.settings.items()]
    widths = [max(grid.width(row[at]) for row in rows) + 2 for at in (0, 1)]
    for name, value, origin in rows:
        yield terminal(f"{grid.pad(name, widths[0])}{grid.pad(value, widths[1])}{origin}")
    with refusing():
        waivers = waivers_for(paths, None)
    for found in waivers.values():
        if found:
            yield terminal(f"豁免清单：{found[0].file}（{len(found)} 条）")
    if not any(waivers.values()):
        yield "豁免清单：没有"


def _value(value: object) -> str:
    if value is None or value == ():
        return "（不设）"
    if isinstance(value, tuple):
        return os.pathsep.join(map(str, value))
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
