"""``nianbao template`` and ``nianbao extract``: the official form written, its figures taken out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from checker.cli.exits import UNREAD, USAGE, stop, tell
from checker.cli.options import ForceOption, LevelOption, OfficeLevel, OneReport, WordOutput, YearOption
from checker.cli.output import destination, refuse_existing, refuse_output, refuse_suffix
from checker.cli.shared import load_pack, read_report, refuse_year

if TYPE_CHECKING:
    from checker.form import Data, Made
    from checker.model import Pack


def template(
    year: Annotated[int, typer.Option(help="报告年度，即数据所属的年度，如 2025。", metavar="年度")],
    place: Annotated[str, typer.Option(help="机关全称，如 青石镇人民政府。", metavar="机关")],
    output: WordOutput,
    previous: Annotated[
        Path | None, typer.Option(help="上一年的报告：结转数和现行有效件数由它接过来。", metavar="文件")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="表格的数据：nianbao extract 写的 .yaml、.csv、.xlsx，或者一份报告。", metavar="文件"),
    ] = None,
    level: Annotated[OfficeLevel | None, typer.Option(help="机关层级；从名称看不出时用它指定。")] = None,
    force: ForceOption = False,
) -> None:
    """按年度写出法定格式的空白报告（Word 文档），可以填好上年结转、各格的数和合计。"""
    given = [path for path in (previous, data) if path]
    refuse_suffix(output, (".docx",))
    refuse_output(output, given)
    refuse_existing(output, force)
    rules = load_pack(None)
    refuse_year(year, rules)
    name = "".join(place.split())
    if not name:
        stop(USAGE, "--place 是空的，请写机关全称，如 青石镇人民政府。")

    from checker.extract.names import level_of
    from checker.form import NoForm, Refused, compose

    known = level.value if level else level_of(name)
    try:
        figures = read_figures(data, year, rules) if data else None
        last = read_report(previous, rules) if previous else None
        made = compose(rules, year, name, None if known == "其他" and not level else known, figures, last)
    except NoForm as error:
        stop(USAGE, f"--year {year}：{error}")
    except Refused as error:
        stop(UNREAD, str(error))
    deliver(output, made)


def extract_data(
    file: OneReport,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="写成这个文件（.yaml、.csv、.xlsx）；不给时以 YAML 显示。", metavar="文件"),
    ] = None,
    year: YearOption = None,
    level: LevelOption = None,
    force: ForceOption = False,
) -> None:
    """把报告里的表格取出来，写成可以修改、可以再填进范本的数据文件。"""
    if output:
        refuse_suffix(output, (".yaml", ".yml", ".csv", ".xlsx"))
        refuse_output(output, [file])
        refuse_existing(output, force)
    rules = load_pack(None)
    refuse_year(year, rules)

    from checker.form import Refused, saved

    try:
        made = saved(rules, read_report(file, rules, year, level), output.suffix.lower() if output else ".yaml")
    except Refused as error:
        stop(UNREAD, f"{file}：{error}")
    deliver(output, made)


def read_figures(path: Path, year: int, rules: "Pack") -> "Data":
    """The figures of a data file, or of any report. Raises NoForm and Refused."""
    from checker.form import gather, loaded
    from checker.form.data import SUFFIXES
    from checker.pack.fault import BadPack
    from checker.pack.files import read as read_bytes

    if path.suffix.lower() not in SUFFIXES:
        return gather(rules, read_report(path, rules))[0]
    try:
        content = read_bytes(path, str(path))
    except BadPack as error:
        stop(UNREAD, str(error))
    return loaded(rules, year, content, str(path))


def deliver(output: Path | None, made: "Made") -> NoReturn:
    """Writes what a command made, says what there is to say about it, and ends with its exit code."""
    with destination(output) as write:
        write(made.content if output else made.content.decode())
    for remark in made.remarks:
        tell(remark)
    raise typer.Exit(made.status)
