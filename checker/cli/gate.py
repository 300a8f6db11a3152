"""What stands between reports and a merge: the options of the gate, put together with the settings of the project."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker.cli.clock import today
from checker.cli.exits import USAGE, stop
from checker.cli.options import FailOn, Format

if TYPE_CHECKING:
    from checker.gate import Gate
    from checker.gate.baseline import Baseline
    from checker.gate.changes import Changes
    from checker.gate.settings import Setting
    from checker.model import Waiver

FailOnOption = Annotated[
    FailOn | None,
    typer.Option("--fail-on", help="发现到哪一级就以退出码 1 结束：must 必改（默认），should 应改，never 从不。"),
]
MinScore = Annotated[
    float | None,
    typer.Option("--min-score", min=0, max=100, help="得分低于它就以退出码 1 结束，如 75。", metavar="分数"),
]
MinCoverage = Annotated[
    float | None,
    typer.Option(
        "--min-coverage",
        min=0,
        max=100,
        help="核对比例低于它（百分数，如 80）就以退出码 3 结束：没有读到的不能放行。",
        metavar="百分数",
    ),
]
BaselineOption = Annotated[
    Path | None,
    typer.Option("--baseline", help="基线：里面原有的问题照样列出，但不影响退出码。", metavar="文件"),
]
StrictOption = Annotated[bool, typer.Option("--strict-baseline", help="已经改好的问题还留在基线里，也算问题。")]
ChangedOption = Annotated[
    str | None,
    typer.Option("--changed-since", help="只看这个 git 版本以来改过的报告，如 origin/main。", metavar="版本"),
]

AcrossOption = Annotated[
    bool,
    typer.Option(
        "--across",
        help="与给出的文件夹里的其他报告比对（没有改过的也算）：同一单位上年的报告、别的单位雷同的报告。",
    ),
]


class Held:
    """The settings that hold in a run, by name, each with its origin."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self.settings = settings

    def __getitem__(self, name: str) -> Any:
        return self.settings[name].value

    @property
    def format(self) -> str:
        known = [item.value for item in Format]
        if self["format"] not in known:
            origin = self.settings["format"].origin
            stop(USAGE, f"{origin}：没有“{self['format']}”这种样式，可用的有：{'、'.join(known)}。")
        return str(self["format"])


def settings_for(paths: list[Path], **options: Any) -> Held:
    """What holds for a run over ``paths``; what is wrong with it ends the command with 2, before a report is opened."""
    from checker.gate.settings import settled

    given = {name: getattr(value, "value", value) for name, value in options.items()}
    with refusing():
        return Held(settled(paths, given, os.environ))


@contextmanager
def refusing() -> Iterator[None]:
    """Ends the command with 2 and one plain line when a setting cannot be used."""
    from checker.gate.files import BadSettings

    try:
        yield
    except BadSettings as error:
        stop(USAGE, f"设置有误：{error}")


def gate_for(paths: list[Path], held: Held) -> tuple[Gate, Callable[[Path], bool]]:
    """The gate of a run, and which reports it looks at. A faulty settings file ends the command with 2."""
    from checker.gate import Gate, Line

    share = None if held["min_coverage"] is None else held["min_coverage"] / 100
    folders = [path if os.path.isdir(path) else path.parent for path in paths]
    with refusing():
        changes = changes_since(held["changed_since"], folders[0])
        gate = Gate(
            Line(held["fail_on"], held["min_score"], share),
            waivers_for(paths, changes),
            baseline_in(held["baseline"]),
            held["strict_baseline"],
            today(),
            () if changes else tuple(os.path.abspath(path) for path in paths if os.path.isdir(path)),
        )
    return gate, seen(changes, [str(path) for path in (held["baseline"], *held["packs"]) if path])


def changes_since(version: str | None, folder: Path) -> Changes | None:
    """What a change touches, if one is asked for. Raises BadSettings."""
    if not version:
        return None
    from checker.gate.changes import since

    return since(version, str(folder))


def baseline_in(file: str | None) -> Baseline | None:
    """The baseline, if one is given. Raises BadSettings."""
    if not file:
        return None
    from checker.gate.baseline import load

    return load(Path(file))


def seen(changes: Changes | None, settings: list[str]) -> Callable[[Path], bool]:
    """Which reports a run looks at: all, or those that a change touches. What is no file is never passed over.

    A change of the baseline or of a pack touches every report.
    """
    if changes is None or any(changes.within(path) for path in settings):
        return lambda _: True
    return lambda path: changes.touches(path) or not os.path.isfile(path)


def waivers_for(paths: list[Path], changes: Changes | None) -> dict[str, tuple[Waiver, ...]]:
    """The waivers that govern the reports of ``paths``, by the absolute folder of their file. Raises BadSettings."""
    from checker.batch import find
    from checker.gate.files import WAIVERS, found

    files: dict[str, Path] = {}
    for folder in sorted({str(path.parent) for path in find(paths)}):
        for file in found(WAIVERS, folder):
            files.setdefault(os.path.abspath(file.parent), file)
    if not files:
        return {}
    from checker.gate import waivers

    return {folder: waivers.marked(waivers.load(file), before(file, changes)) for folder, file in files.items()}


def before(file: Path, changes: Changes | None) -> tuple[Waiver, ...] | None:
    """The waivers of a file before the change; None when it was not changed."""
    from checker.gate import waivers
    from checker.gate.files import BadSettings

    if changes is None or not changes.within(str(file)):
        return None
    try:
        return waivers.read(changes.before(file) or b"waivers: []", str(file))
    except BadSettings:
        return ()
