"""``nianbao check`` and ``nianbao facts``: reports to findings, and to what was read."""

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker.cause import cause
from checker.cli import watch as watching
from checker.cli.exits import INTERRUPTED, UNREAD, USAGE, stop, tell
from checker.cli.gate import (
    AcrossOption,
    BaselineOption,
    ChangedOption,
    FailOnOption,
    MinCoverage,
    MinScore,
    StrictOption,
    gate_for,
    settings_for,
)
from checker.cli.options import (
    FactsFormat,
    FormatOption,
    JobsOption,
    Lang,
    LangOption,
    LevelOption,
    OneReport,
    OpenOption,
    OutputOption,
    PackOption,
    Paths,
    PreviousOption,
    QuietOption,
    SameUnit,
    WatchOption,
    YearOption,
)
from checker.cli.output import destination, found_reports, hush, refuse_output
from checker.cli.shared import (
    load_pack,
    make_view,
    processors,
    read_report,
    refuse_folder,
    refuse_year,
    tell_passed_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.cli.gate import Held
    from checker.cli.options import OfficeLevel
    from checker.model import Earlier, Pack
    from checker.render import Tally
    from checker.work import Job, Piece


def check(
    paths: Paths,
    format: FormatOption = None,
    output: OutputOption = None,
    year: YearOption = None,
    level: LevelOption = None,
    previous: PreviousOption = None,
    same_unit: SameUnit = False,
    pack: PackOption = None,
    fail_on: FailOnOption = None,
    min_score: MinScore = None,
    min_coverage: MinCoverage = None,
    baseline: BaselineOption = None,
    strict_baseline: StrictOption = False,
    changed_since: ChangedOption = None,
    across: AcrossOption = False,
    quiet: QuietOption = False,
    lang: LangOption = None,
    jobs: JobsOption = None,
    watch: WatchOption = False,
    open_page: OpenOption = False,
) -> None:
    """检查一份或多份年度报告，列出问题、依据和改法，给出得分。"""
    if watch:
        watching.refuse_without_watchfiles()
    if open_page:
        format, output = watching.page_for(format, output, paths)
    refuse_places(paths, output, previous)
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
        across=across,
        lang=lang,
        jobs=jobs,
    )
    job, seen = job_for(paths, held, output, quiet, year, level, previous, same_unit)
    tell_passed_over(paths)
    once = partial(checked, job, paths, seen, held, output)
    counts = once()
    if held["changed_since"] and not counts.reports:
        tell(f"{held['changed_since']} 以来没有改过报告，没有要检查的。")
    if open_page and output:
        watching.show(output)
    if watch:
        counts = watching.again(once, counts, paths, output, open_page)
    raise typer.Exit(counts.status)


def job_for(
    paths: list[Path],
    held: "Held",
    output: Path | None,
    quiet: bool,
    year: int | None,
    level: "OfficeLevel | None",
    previous: Path | None,
    same_unit: bool,
) -> "tuple[Job, Callable[[Path], bool]]":
    """What to do with each report, and which reports to do it with; a wrong setting ends the command before any."""
    rules = load_pack([Path(path) for path in held["packs"]])
    refuse_year(year, rules)
    gate, seen = gate_for(paths, held)
    refuse_long_page(paths, held)

    from checker.work import Job

    cards, baselined, stream = held.format == "sarif", gate.baseline is not None, None if output else sys.stdout
    view = make_view(rules, held["lang"], quiet, stream, cards=cards, baselined=baselined)
    last = last_year(previous, rules)
    job = Job(rules, held.format, view, year, level and level.value, gate, last, same_unit)  # type: ignore[arg-type]
    return job, seen


def checked(
    job: "Job", paths: list[Path], seen: "Callable[[Path], bool]", held: "Held", output: Path | None
) -> "Tally":
    """One run over the reports of ``paths`` that are ``seen``: what it came to."""
    with among(job, paths, seen, held) as full:
        return carry_out(full, filter(seen, found_reports(paths)), output, held["jobs"])


def refuse_places(paths: list[Path], output: Path | None, previous: Path | None) -> None:
    """Stops when the result has no place to go, or last year's report is given for many."""
    if output:
        refuse_output(output, paths)
    if previous and (len(paths) > 1 or os.path.isdir(paths[0])):
        stop(USAGE, "--previous 只能用来查一份报告；有许多份的，请逐份检查。")


def refuse_long_page(paths: list[Path], held: "Held") -> None:
    if held.format == "html" and sum(1 for _ in islice(found_reports(paths), MOST_ON_A_PAGE + 1)) > MOST_ON_A_PAGE:
        stop(USAGE, f"一个网页最多放 {MOST_ON_A_PAGE} 份报告；更多的请用 nianbao audit，一个单位一页。")


def last_year(previous: Path | None, rules: "Pack") -> "Earlier | None":
    if not previous:
        return None
    from checker.likeness import earlier

    return earlier(read_report(previous, rules))


@contextmanager
def among(job: "Job", paths: list[Path], seen: "Callable[[Path], bool]", held: "Held") -> "Iterator[Job]":
    """``job`` with all reports of ``paths`` to hold those against that are ``seen``, where the settings want it."""
    if not held["across"] or not any(map(seen, found_reports(paths))):
        yield job
        return
    import tempfile
    from dataclasses import replace

    from checker.season.across import gathered

    reports = list(found_reports(paths))
    alone = sys.stderr.isatty()
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        spool, workers = Path(folder) / "reports", held["jobs"] or processors()
        try:
            with progress(len(reports) if alone else 0, "正在读取") as step:
                found = gathered(reports, seen, job.pack, spool, year=job.year, jobs=workers, step=step)
        except OSError as error:
            stop(UNREAD, f"比对用的临时文件没有写成：{cause(error)}。没有检查。")
        except KeyboardInterrupt:
            stop(INTERRUPTED, "已中断，没有检查。")
        for remark in found.remarks:
            tell(remark)
        yield replace(job, among=found)


def carry_out(job: "Job", reports: Iterable[Path], output: Path | None, jobs: int | None) -> "Tally":
    """Does ``job`` for each report, writes the result as it comes in, and says what it all came to."""
    from checker.batch import run, settle
    from checker.pack.cache import retain
    from checker.read import needs_worker

    if not gc.isenabled():
        settle()
    alone = sys.stderr.isatty() and (bool(output) or not sys.stdout.isatty())  # a bar would mix with the result
    reports = list(reports) if alone else reports
    total = len(reports) if isinstance(reports, list) else 0
    pieces = run(reports, job, job.fail, jobs=jobs or processors(), apart=needs_worker)
    with destination(output) as write, closing(pieces), progress(total) as step:
        counts = write_all(job.ended(pieces), job, write, step)
    retain()
    return counts


def write_all(
    pieces: "Iterator[Piece]", job: "Job", write: "Callable[[str], object]", step: "Callable[[], None]" = lambda: None
) -> "Tally":
    """Writes the result as it comes in, in order; what it came to, with the gravest exit code.

    The overview waits in a temporary file. ``step`` is called after each report.
    """
    import tempfile

    from checker.render import FORMATS, Tally

    form, counts, between, judged = FORMATS[job.format], Tally(), "", False
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
            judged = True
            if counts.reports > 1 or form.always:
                rows.seek(0)
                write(form.overview(job.view))
                for row in rows:
                    write(row)
            write(form.tail(counts, job.view))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()
            if not judged:  # nobody knows what the others would have come to: never a clean end
                counts.status = max(counts.status, UNREAD)
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
    file: OneReport,
    format: Annotated[FactsFormat, typer.Option(help="结果的样式：table 表格，json 供程序读。")] = FactsFormat.table,
    pack: PackOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """显示从报告里读到了哪些事实：内容、位置和原文，不作判断。"""
    rules = load_pack(pack)
    refuse_folder(file)

    from checker.extract import extract
    from checker.judge import asked
    from checker.model import Unreadable
    from checker.read import read
    from checker.render import as_json, escape, factsheet

    view = make_view(rules, lang.value if lang else "zh", False, sys.stdout)
    try:
        report = extract(read(file), rules.facts)
    except Unreadable as error:
        if format is FactsFormat.json:
            found: dict[str, Any] = as_json.refused(str(file), error)
            typer.echo(escape.json_text(found, ascii_only=view.ascii_only))
        stop(UNREAD, f"{file}：{error.message.rstrip('。')}。{error.remedy}")
    with destination(None) as write:
        if format is FactsFormat.json:
            write(
                escape.json_text(as_json.report_to_dict(report, rules.facts.specs), ascii_only=view.ascii_only) + "\n"
            )
        else:
            wanted = asked(rules, report.era) if report.era else rules.facts.specs.keys()
            write(factsheet.sheet(report, rules.facts, view, wanted))
