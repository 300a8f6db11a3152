"""``nianbao check`` and ``nianbao facts``: reports to findings, and to what was read."""

import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker.cli import watch as watching
from checker.cli.gate import (
    BaselineOption,
    ChangedOption,
    FailOnOption,
    MinCoverage,
    MinScore,
    StrictOption,
    gate_for,
    settings_for,
)
from checker.cli.shared import (
    UNREAD,
    USAGE,
    FactsFormat,
    Format,
    Lang,
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

    from checker.render import Tally
    from checker.work import Job, Piece


def check(
    paths: Annotated[list[Path], typer.Argument(help="报告文件、文件夹或通配符，可给多个。", metavar="文件...")],
    format: Annotated[
        Format | None,
        typer.Option(
            help="结果的样式：table 表格（默认），html 网页（原文里标出问题），json 供程序读，markdown 供粘贴，"
            "sarif、junit、github、gitlab 供代码仓库使用。"
        ),
    ] = None,
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
    fail_on: FailOnOption = None,
    min_score: MinScore = None,
    min_coverage: MinCoverage = None,
    baseline: BaselineOption = None,
    strict_baseline: StrictOption = False,
    changed_since: ChangedOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示问题和结论。")] = False,
    lang: Annotated[
        Lang | None, typer.Option(help="表头和状态的语言：zh 中文（默认），en 英文；问题说明总是中文。")
    ] = None,
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
    if previous and (len(paths) > 1 or paths[0].is_dir()):
        stop(USAGE, "--previous 只能用来查一份报告；有许多份的，请逐份检查。")
    held = settings_for(
        paths,
        format=format,
        packs=tuple(map(str, pack or ())),
        fail_on=fail_on,
        min_score=min_score,
        min_coverage=min_coverage,
        baseline=baseline and str(baseline),
        strict_baseline=strict_baseline,
        changed_since=changed_since,
        lang=lang,
        jobs=jobs,
    )
    rules = load_pack([Path(path) for path in held["packs"]])
    refuse_year(year, rules)
    gate, seen = gate_for(paths, held)
    if held.format == "html" and sum(1 for _ in islice(found_reports(paths), MOST_ON_A_PAGE + 1)) > MOST_ON_A_PAGE:
        stop(USAGE, f"一个网页最多放 {MOST_ON_A_PAGE} 份报告；更多的请用 nianbao audit，一个单位一页。")

    from checker.likeness import earlier
    from checker.work import Job

    stream = None if output else sys.stdout
    view = make_view(
        rules, held["lang"], quiet, stream, cards=held.format == "sarif", baselined=gate.baseline is not None
    )
    last = earlier(read_report(previous, rules)) if previous else None
    job = Job(rules, held.format, view, year, level and level.value, gate, last, same_unit)  # type: ignore[arg-type]

    def once() -> "Tally":
        return carry_out(job, filter(seen, found_reports(paths)), output, held["jobs"])

    counts = once()
    if held["changed_since"] and not counts.reports:
        tell(f"{held['changed_since']} 以来没有改过报告，没有要检查的。")
    if open_page and output:
        watching.show(output)
    if watch:
        tell("正在等着：报告一保存就再查一次；按 Ctrl-C 结束。")
        for _ in watching.saved(paths, output):
            counts = once()
            tell(f"报告已保存，重新查过了。{'请在浏览器里刷新页面（F5）。' if open_page else ''}")
    raise typer.Exit(counts.status)


def found_reports(paths: list[Path]) -> Iterator[Path]:
    from checker.batch import find

    return find(paths)


def carry_out(job: "Job", reports: Iterable[Path], output: Path | None, jobs: int | None) -> "Tally":
    """Does ``job`` for each report, writes the result as it comes in, and says what it all came to."""
    from checker.batch import run
    from checker.read import needs_worker

    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    alone = sys.stderr.isatty() and (bool(output) or not sys.stdout.isatty())  # a bar would mix with the result
    reports = list(reports) if alone else reports
    total = len(reports) if isinstance(reports, list) else 0
    pieces = run(reports, job, job.fail, jobs=jobs or processors(), apart=needs_worker)
    with destination(output) as write, closing(pieces), progress(total) as step:
        return write_all(job.ended(pieces), job, write, step)


def write_all(
    pieces: "Iterator[Piece]", job: "Job", write: "Callable[[str], object]", step: "Callable[[], None]" = lambda: None
) -> "Tally":
    """Writes the result as it comes in, in order; what it came to, with the gravest exit code.

    The overview waits in a temporary file. ``step`` is called after each report.
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
    return counts


MOST_ON_A_PAGE = 50  #: reports; with more a browser becomes slow
LONG = 16  #: files from which on a bar is worth while


@contextmanager
def progress(total: int, doing: str = "正在核对") -> "Iterator[Callable[[], None]]":
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
