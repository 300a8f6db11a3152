"""``nianbao annotate``: the findings as comments in the report's own Word file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.clock import moment
from checker.cli.shared import (
    OfficeLevel,
    PackOption,
    deliver_file,
    destination,
    load_pack,
    make_view,
    refuse_existing,
    refuse_output,
    refuse_suffix,
    refuse_year,
    run_one,
)

WordFile = Annotated[
    Path, typer.Argument(help="一份报告，Word 文档（.docx、.doc、.wps、.rtf、.odt）。", metavar="文件")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="写成这个 Word 文档（.docx）。", metavar="文件")]
Year = Annotated[int | None, typer.Option(help="报告年度；识别不对时用它指定，如 2023。", metavar="年度")]
LevelOption = Annotated[OfficeLevel | None, typer.Option(help="机关层级；识别不对时用它指定。")]
Force = Annotated[bool, typer.Option("--force", help="输出文件已经有了也覆盖。")]


def annotate(
    file: WordFile,
    output: Output,
    year: Year = None,
    level: LevelOption = None,
    pack: PackOption = None,
    force: Force = False,
) -> None:
    """把检查出的问题作为批注写进报告的 Word 文档，正文一字不动。"""
    refuse_target(output, file, force)
    rules = load_pack(pack)
    refuse_year(year, rules)
    date = date_of_marks()

    from checker.markup.jobs import Annotating

    view = make_view(rules, "zh", False, None)
    made = run_one(file, Annotating(rules, view, year, level and level.value, date))  # type: ignore[arg-type]
    deliver_file(output, made.content)
    typer.echo(f"已写成 {output}：文中加了 {made.placed} 处批注，标题处有一条总的批注。")
    if made.placeless:
        typer.echo(f"另有 {made.placeless} 个问题在文中没有具体位置，写在标题处的批注里。")
    typer.echo(f"结论：{made.verdict}")
    raise typer.Exit(made.status)


def fix(
    file: WordFile,
    output: Output,
    year: Year = None,
    level: LevelOption = None,
    pack: PackOption = None,
    force: Force = False,
) -> None:
    """把不用斟酌就能改的地方改好，写成修订，由您逐处接受或拒绝。"""
    refuse_target(output, file, force)
    rules = load_pack(pack)
    refuse_year(year, rules)
    date = date_of_marks()

    from checker.markup.jobs import Fixing
    from checker.render import repairs

    made = run_one(file, Fixing(rules, year, level and level.value, date))  # type: ignore[arg-type]
    deliver_file(output, made.content)
    with destination(None) as write:
        write(repairs.listing(made.done, made.left, str(output), make_view(rules, "zh", False, sys.stdout)))
    raise typer.Exit(made.status)


def refuse_target(output: Path, file: Path, force: bool) -> None:
    refuse_suffix(output, (".docx",))
    refuse_output(output, [file])
    refuse_existing(output, force)


def date_of_marks() -> str:
    """The date that comments and changes bear. Word, too, writes the time on the wall and calls it UTC.

    Without one LibreOffice shows the year 0000.
    """
    return moment().strftime("%Y-%m-%dT%H:%M:%SZ")
