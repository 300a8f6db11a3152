"""What commands share: exit codes, choices, refusals in plain words, and where a result goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer

from checker.cause import cause

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.model import Pack, Report, Unreadable
    from checker.render import View
    from checker.render.view import Card

T = TypeVar("T")
USAGE, UNREAD, BAD_PACK, OUR_BUG, INTERRUPTED = 2, 3, 4, 5, 130


class Format(StrEnum):
    table = "table"
    json = "json"
    markdown = "markdown"
    html = "html"
    sarif = "sarif"
    junit = "junit"
    github = "github"
    gitlab = "gitlab"


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
    from checker.cli.clock import today  # which stops as we do
    from checker.pack import BadPack, load

    try:
        return load(tuple(paths or ()), today=today())
    except BadPack as error:
        stop(BAD_PACK, f"规则包有误：{error}")


def read_report(path: Path, rules: Pack, year: int | None = None, level: OfficeLevel | None = None) -> Report:
    """One report, read within the limits of a check; one that cannot be read ends the command with 3."""
    from checker.work import Reading

    return run_one(path, Reading(rules.facts, year, level and level.value))  # type: ignore[arg-type]


def run_one(path: Path, job: Callable[[Path], T | Unreadable]) -> T:
    """What a job makes of one file, within the limits of a check; one that cannot be read ends the command with 3."""
    from checker.batch import run
    from checker.model import Unreadable
    from checker.read import needs_worker

    (found,) = run([path], job, lambda _, error: error, apart=needs_worker)
    if isinstance(found, Unreadable):
        code = OUR_BUG if found.code == "internal" else UNREAD
        stop(code, f"{path}：{found.message.rstrip('。')}。{found.remedy}")
    return found


def make_view(
    rules: Pack, lang: str, quiet: bool, stream: Any, *, cards: bool = False, baselined: bool = False
) -> View:
    """How results are shown: wide and plain in a file, as wide as the window and coloured on a terminal.

    ``cards``: with what the rules are, for formats that list them.
    """
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
        layers=tuple((layer.name, layer.version) for layer in rules.layers),
        digest=rules.digest,
        floor=rules.policy.coverage_floor,
        clauses={key: cited(clause) for key, clause in rules.basis.items()},
        cards=tuple(all_cards(rules)) if cards else (),
        baselined=baselined,
        local=said_of_local(rules),
    )


def said_of_local(rules: Pack) -> tuple[str, ...]:
    """What local packs do to the national one, a sentence each."""
    if len(rules.layers) < 2:
        return ()
    from checker.judge import local_rules

    return tuple(note.message for note in local_rules(rules))


def all_cards(rules: Pack) -> Iterator[Card]:
    """What every rule is, those of the packs and those of the gate."""
    from checker.gate import OWN
    from checker.render.rulebook import card
    from checker.render.view import Card

    yield from (card(rule, rules) for rule in rules.rules)
    yield from (Card(own.id, own.title, own.title, own.fix, (), own.severity) for own in OWN)


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


def refuse_suffix(output: Path, suffixes: tuple[str, ...]) -> None:
    if output.suffix.lower() not in suffixes:
        stop(USAGE, f"--output {output}：文件名应以 {'、'.join(suffixes)} 结尾。")


def refuse_existing(output: Path, force: bool) -> None:
    if output.exists() and not force:
        stop(USAGE, f"--output {output} 已经有了，没有覆盖；要覆盖请加 --force，或者另给一个文件名。")


def inputs(paths: list[Path]) -> Iterator[Path]:
    from checker.batch import find

    return find(paths)


def same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def deliver_file(output: Path, content: bytes) -> None:
    """Writes a file that a command made, whole or not at all."""
    with destination(output) as write:
        write(content)


@contextmanager
def destination(output: Path | None) -> Iterator[Callable[[Any], object]]:
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
        stop(UNREAD, f"结果没有写成{name}：{cause(error)}；原有文件未动。")
    except KeyboardInterrupt:
        stop(INTERRUPTED, "已中断，结果不完整。")


def hush() -> None:
    """Lets the interpreter's last flush of stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def replacing(output: Path) -> Iterator[Callable[[str | bytes], object]]:
    """Writes beside ``output`` and moves into place at the end; the old file stays untouched when anything fails."""
    with beside(output) as temporary, open(temporary, "xb") as file:
        yield lambda part: file.write(part if isinstance(part, bytes) else part.encode("utf-8", "backslashreplace"))


@contextmanager
def beside(output: Path) -> Iterator[Path]:
    """A path for a file that takes the place of ``output`` once it is whole."""
    temporary = output.with_name(f".nianbao-{os.getpid()}.tmp")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
