"""The command ``nianbao``: arguments, messages, exit codes. Whatever is heavy is imported when it is needed.

Exit codes: 0 nothing at the gate's level; 1 findings; 2 usage; 3 something could not be read; 4 an invalid pack; 5 our
own bug. 2 and 4 stop before a file is opened; otherwise the gravest of 5, 3, 1, 0.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.model import Pack
    from checker.render import View
    from checker.work import Job, Piece

USAGE, UNREAD, BAD_PACK, OUR_BUG, INTERRUPTED = 2, 3, 4, 5, 130

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="年报检查：核对政府信息公开工作年度报告缺什么、错在哪、依据哪一条、怎么改。",
)
rules_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="查看和自检规则。")
app.add_typer(rules_app, name="rules")


class Format(StrEnum):
    table = "table"
    json = "json"
    markdown = "markdown"


class FactsFormat(StrEnum):
    table = "table"
    json = "json"


class FailOn(StrEnum):
    must = "must"
    should = "should"
    never = "never"


class Lang(StrEnum):
    zh = "zh"
    en = "en"


class OfficeLevel(StrEnum):
    province = "省"
    city = "市"
    county = "县"
    town = "镇"
    township = "乡"
    street = "街道"
    department = "部门"
    other = "其他"


PackOption = Annotated[
    list[Path] | None,
    typer.Option("--pack", help="加用的本地规则：规则文件或文件夹，可重复给出。", metavar="规则"),
]


def main() -> None:
    """Runs the command; a character that a console does not have is written as \\uXXXX and never ends the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    gc.disable()  # what a start makes stays: looking for rubbish in it takes a tenth of the time
    try:
        app()
    except Exception as error:
        import traceback

        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(place.filename)}:{place.lineno}"
        tell(f"程序自身出错（{type(error).__name__}: {error}，{where}），请把这句话发给维护者。")
        sys.exit(OUR_BUG)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="显示工具和规则包的版本。")] = False,
) -> None:
    if version:
        from checker import __version__

        pack = load_pack(None)
        typer.echo(f"nianbao {__version__}，规则包 {pack.name} {pack.version}")
        raise typer.Exit


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="报告文件、文件夹或通配符，可给多个。", metavar="文件...")],
    format: Annotated[
        Format, typer.Option(help="结果的样式：table 表格，json 供程序读，markdown 供粘贴。")
    ] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="把结果写到这个文件，不显示在屏幕上。", metavar="文件")
    ] = None,
    year: Annotated[int | None, typer.Option(help="报告年度；识别不对时用它指定，如 2023。", metavar="年度")] = None,
    level: Annotated[OfficeLevel | None, typer.Option(help="机关层级；识别不对时用它指定。")] = None,
    pack: PackOption = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="发现到哪一级就以退出码 1 结束：must 必改，should 应改，never 从不。")
    ] = FailOn.must,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示问题和结论。")] = False,
    lang: Annotated[Lang, typer.Option(help="表头和状态的语言：zh 中文，en 英文；问题说明总是中文。")] = Lang.zh,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="同时用几个进程；不给时看机器。", metavar="个数")
    ] = None,
) -> None:
    """检查一份或多份年度报告，列出问题、依据和改法，给出得分。"""
    if output:
        refuse_output(output, paths)
    rules = load_pack(pack)
    refuse_year(year, rules)

    from checker.batch import find, run
    from checker.read import needs_worker
    from checker.work import Job

    gc.freeze()
    gc.enable()
    view = make_view(rules, lang.value, quiet, None if output else sys.stdout)
    job = Job(rules, format.value, view, year, level and level.value, fail_on.value)  # type: ignore[arg-type]
    alone = sys.stderr.isatty() and (bool(output) or not sys.stdout.isatty())  # a bar would mix with the result
    total = sum(1 for _ in find(paths)) if alone else 0
    pieces = run(find(paths), job, job.fail, jobs=jobs or processors(), apart=needs_worker)
    with destination(output) as write, closing(pieces), progress(total) as step:
        code = write_all(pieces, job, write, step)
    raise typer.Exit(code)


def write_all(
    pieces: Iterator[Piece], job: Job, write: Callable[[str], object], step: Callable[[], None] = lambda: None
) -> int:
    """Writes the result as it comes in, in order; the gravest exit code. The overview waits in a temporary file.

    ``step`` is called after each report.
    """
    import tempfile

    from checker.render import FORMATS, Tally

    form, counts, code = FORMATS[job.format], Tally(), 0
    with tempfile.SpooledTemporaryFile(1 << 18, "w+", encoding="utf-8", errors="surrogatepass", newline="") as rows:
        try:
            write(form.head(job.view))
            for piece in pieces:
                code = max(code, piece.status)
                write((form.between if counts.reports else "") + piece.text)
                rows.write(piece.row)
                counts.add(piece.counts)
                step()
            if counts.reports > 1:
                rows.seek(0)
                write(form.overview(job.view))
                for row in rows:
                    write(row)
            write(form.tail(counts, job.view))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()
    return code


LONG = 16  #: files from which on a bar is worth while


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr while ``total`` files are checked, and the function that advances it. Short work has none."""
    if total < LONG:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("正在核对"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # it is drawn by us and not by a thread of its own: the workers are forked
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("", total=total)

        def step() -> None:
            bar.advance(task)
            if int(bar.tasks[task].completed) % 8 == 0:
                bar.refresh()

        yield step


@app.command()
def facts(
    file: Annotated[Path, typer.Argument(help="一份报告。", metavar="文件")],
    format: Annotated[FactsFormat, typer.Option(help="结果的样式：table 表格，json 供程序读。")] = FactsFormat.table,
    pack: PackOption = None,
) -> None:
    """显示从报告里读到了哪些事实：内容、位置和原文，不作判断。"""
    rules = load_pack(pack)

    from checker.extract import extract
    from checker.model import Unreadable
    from checker.read import read
    from checker.render import as_json, escape, factsheet

    view = make_view(rules, "zh", False, sys.stdout)
    try:
        report = extract(read(file), rules.facts)
    except Unreadable as error:
        if format is FactsFormat.json:
            found: dict[str, Any] = as_json.refused(str(file), error)
            typer.echo(escape.json_text(found, ascii_only=view.ascii_only))
        stop(UNREAD, f"{file}：{error.message.rstrip('。')}。{error.remedy}")
    with destination(None) as write:
        if format is FactsFormat.json:
            write(escape.json_text(as_json.report_to_dict(report), ascii_only=view.ascii_only) + "\n")
        else:
            write(factsheet.sheet(report, rules.facts, view))


@rules_app.command("list")
def rules_list(pack: PackOption = None) -> None:
    """一行一条列出全部规则。"""
    from checker.render import rulebook

    rules = load_pack(pack)
    with destination(None) as write:
        write(rulebook.listing(rules))


@rules_app.command("show")
def rules_show(
    id: Annotated[str, typer.Argument(help="规则编号，如 PRE-03。", metavar="编号")], pack: PackOption = None
) -> None:
    """用文字说明一条规则：查什么、依据、正反例、怎么改。"""
    from checker.render import rulebook

    rules = load_pack(pack)
    rule = rules.rule(id.upper())
    if rule is None:
        stop(USAGE, f"没有编号为 {id} 的规则；用 nianbao rules list 查看全部编号。")
    with destination(None) as write:
        write(rulebook.page(rule, rules))


@rules_app.command("test")
def rules_test(pack: PackOption = None) -> None:
    """运行规则包里的全部正反例，核对规则是否如其所说。"""
    from checker.examples import run_examples
    from checker.render import rulebook

    results = run_examples(load_pack(pack))
    with destination(None) as write:
        right = rulebook.write_results(results, write)
    raise typer.Exit(0 if right else 1)


# --- helpers ------------------------------------------------------------------------------------------------------


def stop(code: int, message: str) -> NoReturn:
    """One plain line on stderr, and the exit code."""
    tell(message)
    raise typer.Exit(code)


def tell(message: str) -> None:
    """One plain line on stderr, whatever a name in it holds."""
    from checker.render.escape import terminal

    typer.echo(terminal(message), err=True)


def load_pack(paths: list[Path] | None) -> Pack:
    """The packs to check with; an invalid one ends the command with 4, before any report is opened."""
    from checker.pack import BadPack, load

    try:
        return load(tuple(paths or ()))
    except BadPack as error:
        stop(BAD_PACK, f"规则包有误：{error}")


def make_view(rules: Pack, lang: str, quiet: bool, stream: Any) -> View:
    """How results are shown: wide and plain in a file, as wide as the window and coloured on a terminal."""
    from checker import __version__
    from checker.render import View
    from checker.render.view import cited

    terminal = stream is not None and stream.isatty()
    return View(
        lang="en" if lang == "en" else "zh",
        quiet=quiet,
        width=window_width(),
        colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        ascii_only=stream is not None and not str(stream.encoding).lower().replace("-", "").startswith("utf8"),
        tool=__version__,
        pack=rules.name,
        pack_version=rules.version,
        floor=rules.policy.coverage_floor,
        clauses={key: cited(clause) for key, clause in rules.basis.items()},
    )


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def window_width() -> int:
    """Columns of the window or of COLUMNS, within what reads well."""
    import shutil

    return min(max(shutil.get_terminal_size((100, 24)).columns, 60), 140)


def refuse_year(year: int | None, rules: Pack) -> None:
    if year is not None and not any(era.start <= year <= (era.end or year) for era in rules.eras):
        stop(USAGE, f"--year {year}：规则包里没有这个年度适用的格式。")


def refuse_output(output: Path, paths: list[Path]) -> None:
    """Stops when ``output`` is no place for a result: a folder, a link, or a file that is to be checked."""
    name = str(output)
    if output.is_symlink():
        stop(USAGE, f"--output {name} 是一个链接，不写入；请给出文件本身。")
    if output.exists() and not output.is_file():
        stop(USAGE, f"--output {name} 不是普通文件，不能写入；请另给一个文件名。")
    if output.exists() and not os.access(output, os.W_OK):
        stop(UNREAD, f"--output {name} 是只读文件，没有写入；请另给一个文件名。")
    if not output.parent.is_dir():
        stop(USAGE, f"--output {name}：它所在的文件夹不存在，请先建好文件夹。")
    if output.exists() and any(same_file(path, output) for path in inputs(paths)):
        stop(USAGE, f"--output {name} 也是要检查的文件，不能覆盖；请另给一个文件名。")


def inputs(paths: list[Path]) -> Iterator[Path]:
    from checker.batch import find

    return find(paths)


def same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


@contextmanager
def destination(output: Path | None) -> Iterator[Callable[[str], object]]:
    """Where the result goes. A file appears whole or not at all; a reader of stdout that has gone is no error."""
    try:
        if output:
            with replacing(output) as write:
                yield write
        else:
            yield sys.stdout.write
            sys.stdout.flush()
    except BrokenPipeError:
        hush()
    except OSError as error:
        hush()
        name = f" {output}" if output else ""
        stop(UNREAD, f"结果没有写成{name}（{error.strerror or type(error).__name__}）；原有文件未动。")
    except KeyboardInterrupt:
        stop(INTERRUPTED, "已中断，结果不完整。")


def hush() -> None:
    """Lets the interpreter's last flush of stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def replacing(output: Path) -> Iterator[Callable[[str], object]]:
    """Writes beside ``output`` and moves into place at the end; the old file stays untouched when anything fails."""
    temporary = output.with_name(f".nianbao-{os.getpid()}.tmp")
    try:
        with open(temporary, "x", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
