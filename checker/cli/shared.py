"""What commands share: packs and reports loaded within the limits, and how results are shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from checker.cli.clock import today
from checker.cli.exits import BAD_PACK, OUR_BUG, UNREAD, USAGE, stop, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.cli.options import OfficeLevel
    from checker.model import Pack, Report, Unreadable
    from checker.render import View
    from checker.render.view import Card

T = TypeVar("T")


def load_pack(paths: list[Path] | None) -> Pack:
    """The packs to check with; an invalid one ends the command with 4, before any report is opened."""
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

    refuse_folder(path)

    (found,) = run([path], job, lambda _, error: error, apart=needs_worker)
    if isinstance(found, Unreadable):
        code = OUR_BUG if found.code == "internal" else UNREAD
        stop(code, f"{path}：{found.message.rstrip('。')}。{found.remedy}")
    return found


def refuse_folder(path: Path) -> None:
    """Stops where a command that takes one report was given a folder, whatever lies in it."""
    if os.path.isdir(path):
        stop(USAGE, f"{path} 是一个文件夹；这个命令一次看一份报告，请写出其中一份报告的文件名。")


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
        eras={era.id: (era.start, era.end) for era in rules.eras},
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


def tell_passed_over(paths: list[Path]) -> None:
    """Says on one line what the folders of ``paths`` hold that may be reports and is not read."""
    from checker.batch import passed_over

    if found := passed_over(paths):
        kinds = "、".join(f"{suffix or '没有扩展名的'} {count} 个" for suffix, count in found.items())
        tell(
            f"文件夹里另有 {sum(found.values())} 个文件没有检查（{kinds}）：是报告的，"
            "表格请另存为 .xlsx，压缩包请先解压，没有扩展名的请补上，别的请另存为 .docx。"
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
        first = min(era.start for era in rules.eras)
        stop(USAGE, f"--year {year}：只能检查{first}年度以后的报告。")
    if year is not None and year > today().year >= min(era.start for era in rules.eras):  # of a clock that is set
        stop(USAGE, f"--year {year}：{year}年还没有到，请核对年度。")
