"""``nianbao check`` and ``nianbao facts``: reports to findings, and to what was read."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker.cli import watch as watching
from checker.cli.shared import (
    UNREAD,
    USAGE,
    FactsFormat,
    FailOn,
    Format,
    Lang,
    MinCoverage,
    MinScore,
    OfficeLevel,
    PackOption,
    destination,
    hush,
    load_pack,
    make_view,
    processors,
    read_report,
    refuse_output,
    refuse_year,
    stop,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.work import Job, Piece


def check(
    paths: Annotated[list[Path], typer.Argument(help="报告文件、文件夹或通配符，可给多个。", metavar="文件...")],
    format: Annotated[
        Format,
        typer.Option(
            help="结果的样式：table 表格，html 网页（原文里标出问题），json 供程序读，markdown 供粘贴，"
            "sarif、junit、github、gitlab 供代码仓库使用。"
        ),
    ] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="把结果写到这个文件，不显示在屏幕上。", metavar="文件")
    ] = None,
    year: Annotated[int | None, typer.Option(help="报告年度；识别不对时用它指定，如 2023。", metavar="年度")] = None,
    level: Annotated[OfficeLevel | None, typer.Option(help="机关层级；识别不对时用它指定。")] = None,
    previous: Annotated[
        Path | None, typer.Option(help="同一单位上一年度的报告，拿来对照；一次只查一份报告时用。", metavar="文件")
    ] = None,
    same_unit: Annotated[
        bool, typer.Option("--same-unit", help="单位改过名、合并过：上年报告就是本单位的，不核对名称。")
    ] = False,
    pack: PackOption = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="发现到哪一级就以退出码 1 结束：must 必改，should 应改，never 从不。")
    ] = FailOn.must,
    min_score: MinScore = None,
    min_coverage: MinCoverage = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示问题和结论。")] = False,
    lang: Annotated[Lang, typer.Option(help="表头和状态的语言：zh 中文，en 英文；问题说明总是中文。")] = Lang.zh,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="同时用几个进程；不给时看机器。", metavar="个数")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="报告一保存就再查一次，按 Ctrl-C 结束。")] = False,
    open_page: Annotated[bool, typer.Option("--open", help="把结果写成网页，在浏览器里打开。")] = False,
) -> None:
    """检查一份或多份年度报告，列出问题、依据和改法，给出得分。"""
    if watch:
        watching.refuse_without_watchfiles()
    if open_page:
        format, output = watching.page_for(format, output, paths)
    if output:
        refuse_output(output, paths)
    rules = load_pack(pack)
    refuse_year(year, rules)
    if previous and (len(paths) > 1 or paths[0].is_dir()):
        stop(USAGE, "--previous 只能用来查一份报告；有许多份的，请逐份检查。")

    from checker.batch import find, run
    from checker.gate import Line
    from checker.likeness import earlier
    from checker.read import needs_worker
    from checker.work import Job

    if format is Format.html and sum(1 for _ in islice(find(paths), MOST_ON_A_PAGE + 1)) > MOST_ON_A_PAGE:
        stop(USAGE, f"一个网页最多放 {MOST_ON_A_PAGE} 份报告；更多的请用 nianbao audit，一个单位一页。")
    gc.freeze()
    gc.enable()
    stream = None if output else sys.stdout
    view = make_view(rules, lang.value, quiet, stream, cards=format is Format.sarif)
    line = Line(fail_on.value, min_score, min_coverage)
    last = earlier(read_report(previous, rules)) if previous else None
    job = Job(rules, format.value, view, year, level and level.value, line, last, same_unit)  # type: ignore[arg-type]
    alone = sys.stderr.isatty() and (bool(output) or not sys.stdout.isatty())  # a bar would mix with the result
    total = sum(1 for _ in find(paths)) if alone else 0

    def once() -> int:
        pieces = run(find(paths), job, job.fail, jobs=jobs or processors(), apart=needs_worker)
        with destination(output) as write, closing(pieces), progress(total) as step:
            return write_all(pieces, job, write, step)

    code = once()
    if open_page and output:
        watching.show(output)
    if watch:
        tell("正在等着：报告一保存就再查一次；按 Ctrl-C 结束。")
        for _ in watching.saved(paths, output):
            code = once()
            tell(f"报告已保存，重新查过了。{'请在浏览器里刷新页面（F5）。' if open_page else ''}")
    raise typer.Exit(code)


def write_all(
    pieces: Iterator[Piece], job: Job, write: Callable[[str], object], step: Callable[[], None] = lambda: None
) -> int:
    """Writes the result as it comes in, in order; the gravest exit code. The overview waits in a temporary file.

    ``step`` is called after each report.
    """
    import tempfile

    from checker.render import FORMATS, Tally

    form, counts, between = FORMATS[job.format], Tally(), ""
    with tempfile.SpooledTemporaryFile(1 << 18, "w+", encoding="utf-8", errors="surrogatepass", newline="") as rows:
        try:
            write(form.head(job.view))
            for piece in pieces:
                counts.status = max(counts.status, piece.status)
                if piece.text:
                    write(between + piece.text)
                    between = form.between
                rows.write(piece.row)
                counts.add(piece.counts)
                step()
            if counts.reports > 1 or form.always:
                rows.seek(0)
                write(form.overview(job.view))
                for row in rows:
                    write(row)
            write(form.tail(counts, job.view))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()
    return counts.status


MOST_ON_A_PAGE = 50  #: reports; with more a browser becomes slow
LONG = 16  #: files from which on a bar is worth while


@contextmanager
def progress(total: int, doing: str = "正在核对") -> Iterator[Callable[[], None]]:
    """A bar on stderr while ``total`` files are checked, and the function that advances it. Short work has none."""
    if total < LONG:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # it is drawn by us and not by a thread of its own: the workers are forked
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("", total=total)

        def step() -> None:
            bar.advance(task)
            if int(bar.tasks[task].completed) % 8 == 0:
                bar.refresh()

        yield step


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
