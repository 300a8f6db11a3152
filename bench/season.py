"""How long an audit of a whole season takes: ``python bench/season.py [COUNT] [--processes 2,1] [--cluster]``.

``COUNT`` fictional units of one year, each with a report of its own words and the three official tables, and one in a
hundred handed in under another name as well. Cold on two processes, the same
with nothing changed, then cold on one.
``--cluster``: on two processes, then on a Dask cluster of two workers on this machine, of which one is killed half way
through the reading; both must write the same audit.json. Not a test: a busy machine misses every figure. What is
measured and why: bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import generate
from likeness import SENTENCES, Language
from run import NIANBAO, ROOT, Run, environment, measure

from checker.likeness import Signature

CLEAN = (ROOT / "examples" / "2024-桐溪镇-规范.txt").read_text(encoding="utf-8")
FIRST, SECOND = (
    "青栖柳白砚松云杨苇桐霁枫鹤石金银铜铁东西南北上下大小长高新旧红绿",
    "原坪渡塘湾渚津溪川岭浦磨桥门店集河湖沟山坡崖林田园庄堡关口泉井洼",
)
THIRD = (
    "",
    "上",
    "下",
    "东",
    "西",
    "南",
    "北",
    "新",
    "老",
    "大",
    "小",
    "里",
    "外",
    "前",
    "后",
    "中",
    "高",
    "平",
    "长",
    "圆",
)


def name(number: int) -> str:
    """A name for each of the first 20,000 units."""
    number, first = divmod(number, len(FIRST))
    number, second = divmod(number, len(SECOND))
    return THIRD[number % len(THIRD)] + FIRST[first] + SECOND[second] + "镇"


def report(number: int) -> str:
    """The report of unit ``number`` on 2024: the tables of an example, and a narrative of its own, as ``likeness``."""
    dice = LANGUAGE.rng = random.Random(number)
    text = CLEAN.replace("桐溪镇", name(number)).replace("桐溪", name(number)[:-1])
    start, end = text.index("（一）主动公开"), text.index("二、主动公开政府信息情况")
    told = [dice.choice(POOL) if dice.random() < 0.33 else LANGUAGE.sentence() for _ in range(SENTENCES)]
    own = "\n".join((*generate.deeds(dice, 5), "".join(f"{sentence}。" for sentence in told)))
    return f"{text[:start]}{own}\n\n{text[end:]}"


LANGUAGE = Language(random.Random(7))
POOL = [LANGUAGE.sentence() for _ in range(60)]


def write(folder: Path, count: int) -> None:
    """``count`` units, 1,000 reports a folder; every hundredth text once more, as another unit's."""
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = report(number)
        if number % 100 == 99:
            text = report(number - 1).replace(name(number - 1), name(number))
        path.write_text(text, encoding="utf-8")


@contextmanager
def cluster(place: Path) -> Iterator[tuple[str, int]]:
    """A scheduler and two workers with nannies: its address, and the nanny of one worker."""
    place.mkdir()
    told, crowd = place / "scheduler.json", list[subprocess.Popen[bytes]]()
    here = ("--scheduler-file", str(told), "--no-dashboard", "--host", "127.0.0.1")
    worker = ("dask_worker", "--nworkers", "1", "--nthreads", "1", "--local-directory", str(place))
    try:
        for command in (("dask_scheduler", "--port", "0"), worker, worker):
            line = [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:], *here]
            crowd.append(
                subprocess.Popen(
                    line, cwd=place, env=environment(place), stderr=subprocess.DEVNULL, start_new_session=True
                )
            )
        while not (told.exists() and told.stat().st_size):
            time.sleep(0.1)
        yield json.loads(told.read_text())["address"], crowd[1].pid
    finally:
        for process in crowd:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def kill_half_way(nanny: int, cache: Path, count: int) -> None:
    """SIGKILL the worker of a nanny when half of the reports are read."""
    read = 0
    while read < count // 2:
        time.sleep(0.1)
        for state in (cache / "nianbao" / "seasons").glob("*.db"):
            with suppress(sqlite3.Error), closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as db:
                read = db.execute("SELECT COUNT(*) FROM kept WHERE key LIKE 'read:%'").fetchone()[0]
    children = [int(pid) for told in Path(f"/proc/{nanny}/task").glob("*/children") for pid in told.read_text().split()]
    workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    print(f"killed worker {workers[0]} after {read} reports were read", flush=True)


def on_a_cluster(count: int, place: Path, command: list[str | Path]) -> None:
    """The same audit on two processes and on two workers, one of which is killed."""
    written: list[bytes] = []
    with cluster(place / "cluster") as (address, nanny):
        for said, how in (("two processes", ["-j", "2"]), ("two workers, one killed", ["--cluster", address])):
            cache = place / f"cache-{len(written)}"
            cache.mkdir()
            if written:
                threading.Thread(target=kill_half_way, args=(nanny, cache, count), daemon=True).start()
            done = measure([*command, *how, "-o", place / "out", "--only", "json"], cache)
            written.append((place / "out" / "audit.json").read_bytes())
            print(f"{said:24} {done.wall:8.1f} s  {count / done.wall:7.1f} reports/s", flush=True)
    print("the same audit.json" if written[0] == written[1] else "ANOTHER audit.json")


def alike(cache: Path) -> str:
    """How long the search for near-duplicates takes with what the store of an audit has, and how many it found."""
    from checker.season import similar

    (state,) = (cache / "nianbao" / "seasons").glob("*.db")
    with closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as db:
        ((clusters,),) = db.execute("SELECT COUNT(*) FROM extra WHERE kind = 'cluster'")
        keys = [key for (key,) in db.execute("SELECT key FROM kept WHERE key LIKE 'read:%'")]

        def signature_of(at: int) -> Signature:
            return array("Q", db.execute("SELECT signature FROM kept WHERE key = ?", (keys[at],)).fetchone()[0])

        start = time.process_time()
        pairs = similar.pairs(map(str, range(len(keys))), signature_of, 0.7)
        spent = time.process_time() - start
    return f"near-duplicates {spent:.1f} s of processor, {len(pairs)} pairs; {clusters} clusters in the audit"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--only", default="json,csv")
    parser.add_argument("--processes", default="2,1", help="how many, one run after the other")
    parser.add_argument("--cluster", action="store_true", help="on a Dask cluster with a worker killed half way")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder, out = Path(place) / "in", Path(place) / "out"
        write(folder, given.count)
        command: list[str | Path] = [*NIANBAO, "audit", folder, "--year", "2024", "-o", out, "--only", given.only]
        if given.cluster:
            on_a_cluster(given.count, Path(place), [*NIANBAO, "audit", folder, "--year", "2024"])
            return
        for jobs in given.processes.split(","):
            cache = Path(place) / f"cache-{jobs}"
            cache.mkdir()
            told(f"{jobs} processes", given.count, measure([*command, "-j", jobs], cache, memory=True))
            if jobs == "2":
                print(f"  {alike(cache)}", flush=True)
                told("unchanged", given.count, measure([*command, "-j", jobs], cache, memory=True))


def told(said: str, count: int, done: Run) -> None:
    """One run, and how busy the machine was."""
    load = os.getloadavg()[0]
    print(
        f"{said:14} {done.wall:8.1f} s  {count / done.wall:7.1f} reports/s  {count / done.cpu:7.1f}/s of processor"
        f"  cpu {done.cpu:8.1f} s  peak {done.peak:6.0f} MiB  load {load:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
