"""``nianbao roster``: drafts the roster of an audit."""

import os
from pathlib import Path
from typing import Annotated

import typer

from checker.cause import cause
from checker.cli.audit import progress
from checker.cli.exits import UNREAD, USAGE, stop, tell
from checker.cli.options import ForceOption, JobsOption
from checker.cli.output import destination, refuse_existing, refuse_output, refuse_suffix
from checker.cli.shared import load_pack, processors

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="起草核对用的名册。")


@app.callback()
def root() -> None:
    """起草核对用的名册。"""


@app.command("init")
def init(
    folder: Annotated[Path, typer.Argument(help="各单位报告所在的文件夹。", metavar="文件夹")],
    output: Annotated[Path, typer.Option("--output", "-o", help="写成这个文件（.yaml 或 .xlsx）。", metavar="文件")],
    force: ForceOption = False,
    jobs: JobsOption = None,
) -> None:
    """按文件夹里的报告起草名册，再由人补上没有交的单位。"""
    refuse_suffix(output, (".yaml", ".yml", ".xlsx"))
    if not os.path.isdir(folder):
        stop(USAGE, f"{folder} 不是文件夹；请给出各单位报告所在的文件夹。")
    refuse_output(output, [])
    refuse_existing(output, force)

    from checker.season.conduct import Plan, names_found
    from checker.season.roster import as_workbook, as_yaml

    try:
        found = names_found(Plan(folder, load_pack(None), skip=(output,), jobs=jobs or processors()), progress)
    except OSError as error:
        stop(UNREAD, f"读取时写不下临时文件：{cause(error)}。")
    if not found.units:
        stop(UNREAD, f"{folder} 里没有读到任何一个单位的报告，没有写名册。")
    with destination(output) as write:
        write(as_workbook(found) if output.suffix.lower() == ".xlsx" else as_yaml(found))
    tell(f"已起草 {len(found.units)} 个单位的名册，写入 {output}；请补上没有交报告的单位，核对名称。")
