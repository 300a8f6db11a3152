"""How fast nianbao is, as ratios to simple things on the same machine: ``python bench/run.py [--large] [--textlint]``.

Nothing here is a test: a busy machine misses targets. What is measured and why: bench/README.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generate import write

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # for peer.py, which reads the pack
SEED = ROOT / "seeds" / "004_14d34a97cf6986a8.txt"
NIANBAO = (sys.executable, "-m", "checker")
BARE = """
import re, sys
from pathlib import Path
pattern = re.compile("主动公开政府信息[^。]{0,20}?[0-9]+条")
print(sum(bool(pattern.search(path.read_bytes().decode())) for path in Path(sys.argv[1]).rglob("*.txt")))
"""


class Run(NamedTuple):
    """One finished command: seconds by the clock, seconds of processor, peak MiB of all its processes together."""

    wall: float
    cpu: float
    peak: float


def environment(cache: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return env | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def measure(command: Sequence[str | Path], cache: Path, *, memory: bool = False) -> Run:
    """Runs a command with its output thrown away. Looking at memory costs a little time, so it is asked for."""
    start, peaks = time.perf_counter(), dict[int, int]()
    process = subprocess.Popen(
        command, env=environment(cache), cwd=cache, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while memory and process_state(process.pid) not in ("Z", ""):
        for pid in family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), high_water(pid))
        time.sleep(0.02)
    _, ended, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(ended) in (0, 1, 3), f"{command} ended with {ended}"
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, sum(peaks.values()) / 1024)


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from family(int(child))


def status(pid: int) -> dict[str, str]:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return {}


def process_state(pid: int) -> str:
    return status(pid).get("State", "")[:1]


def high_water(pid: int) -> int:
    """The most KiB that a process held at once so far."""
    return int(status(pid).get("VmHWM", "0").split()[0])


def paired(commands: dict[str, Sequence[str | Path]], cache: Path, rounds: int) -> dict[str, float]:
    """Median processor-and-clock seconds of commands run in turns, so that a busy moment hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            spent = measure(command, cache).wall
            if turn:
                times[name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items()}


def verdict(what: str, value: float, bound: float, *, least: bool = False) -> None:
    """One line: the figure, the target, whether it holds."""
    holds = value >= bound if least else value <= bound
    print(f"  {what:<58}{value:8.2f}   target {'>=' if least else '<='} {bound:g}   {'ok' if holds else 'NOT MET'}")


def startup(cache: Path, rounds: int) -> None:
    print(f"Start, medians of {rounds} alternating runs")
    typer, help_, one = "import typer", "nianbao --help", "nianbao check, one report"
    commands: dict[str, Sequence[str | Path]] = {
        typer: (sys.executable, "-c", "import typer"),
        help_: (*NIANBAO, "--help"),
        one: (*NIANBAO, "check", SEED, "--fail-on", "never"),
    }
    found = paired(commands, cache, rounds)
    for name, seconds in found.items():
        print(f"  {name:<58}{seconds * 1000:8.0f} ms")
    verdict("--help / import typer", found[help_] / found[typer], 1.5)
    verdict("one report / import typer", found[one] / found[typer], 4)


def check(folder: Path, cache: Path, jobs: int, form: str) -> Run:
    out = cache / f"out-{jobs}.{form}"
    out.unlink(missing_ok=True)
    run = measure((*NIANBAO, "check", folder, "-j", str(jobs), "--format", form, "-o", out), cache, memory=True)
    assert out.stat().st_size > 1000, "nothing was checked"
    return run


def side_by_side(folder: Path, cache: Path) -> float:
    """Seconds of two runs of one process each, half of the reports for either, at once: what the machine allows."""
    parts, start = sorted(folder.iterdir()), time.perf_counter()
    halves = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    runs = [
        subprocess.Popen(
            (*NIANBAO, "check", *half, "-j", "1", "--format", "json", "-o", cache / f"half-{number}.json"),
            env=environment(cache),
            cwd=cache,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number, half in enumerate(halves)
    ]
    assert {run.wait() for run in runs} <= {0, 1, 3}, "a half was not checked"
    return time.perf_counter() - start


def throughput(folder: Path, count: int, cache: Path, forms: Sequence[str] = ("table", "json")) -> dict[int, Run]:
    """Checks ``count`` reports on one and two processes; the runs as JSON by number of processes."""
    bare = measure((sys.executable, "-c", BARE, folder), cache)
    print(f"\n{count:,} reports")
    print(f"  {'bare loop: read, decode, one pattern':<58}{bare.wall:8.2f} s {count / bare.wall:8.0f}/s")
    runs: dict[int, Run] = {}
    for form in forms:
        for jobs in (1, 2):
            runs[jobs] = run = check(folder, cache, jobs, form)
            name = f"nianbao check -j {jobs} --format {form}"
            times = f"{run.wall:8.2f} s {count / run.wall:8.0f}/s {count / run.cpu:8.0f}/s of processor"
            print(f"  {name:<58}{times}, {run.peak:.0f} MiB, {run.wall / bare.wall:.0f} x bare loop")
    verdict("reports a second a core (aim: 400)", count / runs[1].wall, 200, least=True)
    if count >= 10_000:
        apart = side_by_side(folder, cache)
        name = f"{'two separate runs, half each, side by side':<58}"
        print(f"  {name}{apart:8.2f} s, {runs[1].wall / apart:.2f} x as fast as one run of all")
    verdict("faster on two processes", runs[1].wall / runs[2].wall, 1.7 if count >= 10_000 else 1.0, least=True)
    return runs


def textlint(folder: Path, count: int, cache: Path) -> None:
    from peer import install

    command = install(cache)
    if command is None:
        print("\ntextlint: npm did not install it")
        return
    peer = measure((*command, str(folder / "000")), cache, memory=True)
    ours = check(folder / "000", cache, 1, "json")
    few = min(count, 1000)
    print(f"\ntextlint, the presence patterns as one rule file, {few:,} reports")
    print(f"  {'textlint':<58}{peer.wall:8.2f} s {few / peer.wall:8.0f}/s, {peer.peak:.0f} MiB")
    print(f"  {'nianbao -j 1, whole pack / textlint':<58}{ours.wall / peer.wall:8.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of nianbao as ratios; see bench/README.md.")
    parser.add_argument("--large", type=int, nargs="?", const=10_000, default=0, help="this many too (10,000)")
    parser.add_argument("--textlint", action="store_true", help="compare with textlint (installs it with npm)")
    parser.add_argument("--rounds", type=int, default=11, help="runs of each start-up command")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        cache, small, large = Path(name), Path(name, "small"), Path(name, "large")
        write(small, 1000)
        check(SEED, cache, 1, "json")  # fills the caches
        startup(cache, args.rounds)
        few = throughput(small, 1000, cache)
        if args.large:
            write(large, args.large)
            many = throughput(large, args.large, cache, ("json",))
            for jobs in (1, 2):
                verdict(f"peak memory at {args.large:,} / at 1,000, -j {jobs}", many[jobs].peak / few[jobs].peak, 1.1)
        if args.textlint:
            textlint(small, 1000, cache)


if __name__ == "__main__":
    main()
