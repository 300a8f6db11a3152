"""``nianbao annotate`` and ``fix``: findings as comments, repairs as changes, in the report's own Word file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.clock import moment
from checker.cli.options import ForceOption, LevelOption, PackOption, WordOutput, YearOption
from checker.cli.output import deliver_file, destination, refuse_existing, refuse_output, refuse_suffix
from checker.cli.shared import load_pack, make_view, refuse_year, run_one

if TYPE_CHECKING:
    from checker.model import Pack

WordFile = Annotated[
    Path, typer.Argument(help="一份报告，Word 文档（.docx、.doc、.wps、.rtf、.odt）。", metavar="文件")
]


def annotate(
    file: WordFile,
    output: WordOutput,
    year: YearOption = None,
    level: LevelOption = None,
    pack: PackOption = None,
    force: ForceOption = False,
) -> None:
    """把检查出的问题作为批注写进报告的 Word 文档，正文一字不动。"""
    rules = prepared(file, output, year, pack, force)
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
    output: WordOutput,
    year: YearOption = None,
    level: LevelOption = None,
    pack: PackOption = None,
    force: ForceOption = False,
) -> None:
    """把不用斟酌就能改的地方改好，写成修订，由您逐处接受或拒绝。"""
    rules = prepared(file, output, year, pack, force)
    date = date_of_marks()

    from checker.markup.jobs import Fixing
    from checker.render import repairs

    made = run_one(file, Fixing(rules, year, level and level.value, date))  # type: ignore[arg-type]
    deliver_file(output, made.content)
    with destination(None) as write:
        write(repairs.listing(made.done, made.left, str(output), make_view(rules, "zh", False, sys.stdout)))
    raise typer.Exit(made.status)


def prepared(file: Path, output: Path, year: int | None, pack: list[Path] | None, force: bool) -> "Pack":
    """The rules to go by; what was given wrongly ends the command before the report is opened."""
    refuse_suffix(output, (".docx",))
    refuse_output(output, [file])
    refuse_existing(output, force)
    rules = load_pack(pack)
    refuse_year(year, rules)
    return rules


def date_of_marks() -> str:
    """The date that comments and changes bear. Word, too, writes the time on the wall and calls it UTC.

    Without one LibreOffice shows the year 0000.
    """
    return moment().strftime("%Y-%m-%dT%H:%M:%SZ")
