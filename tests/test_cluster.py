"""An audit on workers elsewhere: a Dask scheduler and two workers with nannies, on loopback."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from checker.cli import main
from checker.model import Unreadable
from checker.render.county import as_json
from checker.season import cluster as clusters
from checker.season import crew
from checker.season import store as stores
from checker.season.cluster import Gone, joined
from checker.season.conduct import Plan, conduct
from checker.season.jobs import Reading, Result
from tests.season import national, put, report

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups are killed")
ROOT = Path(__file__).parent.parent
COUNT = 60


@pytest.fixture(autouse=True)
def _states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "home", lambda: tmp_path / "cache")


@contextmanager
def started(place: Path, workers: int, code: Path = ROOT) -> Iterator[str]:
    """The address of a cluster whose workers run the checker of ``code``; all of it is killed in the end."""
    found, crowd = place / "scheduler.json", list[subprocess.Popen[bytes]]()

    def start(*command: str) -> None:
        env = {**os.environ, "PYTHONPATH": str(code), "XDG_CACHE_HOME": str(place / "cache")}
        line = [sys.executable, "-m", f"distributed.cli.{command[0]}", "--scheduler-file", str(found), "--no-dashboard"]
        with (place / "log").open("ab") as log:
            crowd.append(
                subprocess.Popen(
                    [*line, *command[1:]], stdout=log, stderr=log, env=env, cwd=place, start_new_session=True
                )
            )

    try:
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        for at in range(workers):
            here = ("--host", "127.0.0.1", "--local-directory", str(place / str(at)))
            start("dask_worker", "--nworkers", "1", "--nthreads", "1", *here)
        end = time.monotonic() + 60
        while not found.exists() or not found.stat().st_size:
            assert time.monotonic() < end, (place / "log").read_text()
            time.sleep(0.1)
        yield str(json.loads(found.read_text())["address"])
    finally:
        for process in crowd:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty reports of towns, and two files that nobody can read."""
    for at in range(COUNT):
        name = f"{'青白柳桐松云'[at % 6]}{'石渡坪溪岭川浦桥塘河'[at // 6]}镇"
        put(tmp_path / "年报", f"{at:02}.txt", report(name))
    put(tmp_path / "年报", "空.txt", "")
    put(tmp_path / "年报", "坏.docx", "PK\x03\x04word/document")
    return tmp_path / "年报"


def audited(folder: Path, helper: Any = None, step: Callable[[], None] = lambda: None) -> str:
    """audit.json; ``step`` is called after each file."""

    def progress(_total: int, _doing: str) -> AbstractContextManager[Callable[[], None]]:
        return nullcontext(step)

    with conduct(Plan(folder, national(), year=2024, cluster=helper), progress) as held:
        return "".join(as_json.parts(held))


def anew(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")


def refused(monkeypatch: pytest.MonkeyPatch, folder: Path, address: str) -> object:
    """The exit code of the command."""
    monkeypatch.setattr(sys, "argv", ["nianbao", "audit", str(folder), "--cluster", address])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def pids(helper: Any) -> set[int]:
    return {int(answer) for answer in helper.client.run(lambda: str(os.getpid()).encode()).values()}


def test_a_cluster_gives_the_bytes_of_a_local_run_and_survives_a_killed_worker(
    folder: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = audited(folder)
    assert alone.count('"sha256"') >= COUNT
    anew(tmp_path)
    with joined(address) as helper:
        helper.client.wait_for_workers(2, timeout=60)
        monkeypatch.setattr(clusters, "_CHUNK", 4)
        before, count = pids(helper), 0

        def kill_half_way() -> None:
            nonlocal count
            count += 1
            if count == COUNT // 2:
                os.kill(min(before), signal.SIGKILL)

        assert audited(folder, helper, kill_half_way) == alone
        assert count == 2 * COUNT + 2, "every file is read once, every report is judged once"
        helper.client.wait_for_workers(2, timeout=60)
        assert min(before) not in pids(helper)


def test_a_worker_with_another_pack_is_refused_before_work_begins(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    for name in ("checker", "rules"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    rule = sorted((other / "rules").rglob("*.yaml"))[0]
    rule.write_text(rule.read_text(encoding="utf-8") + "\n# 改过\n", encoding="utf-8")
    (tmp_path / "place").mkdir()
    with started(tmp_path / "place", 1, other) as address:
        assert refused(monkeypatch, folder, address) == 2
    said = capsys.readouterr().err
    assert "的规则包和本机不同" in said
    assert "版本本机是" not in said, "the code is the same"
    assert not (tmp_path / "cache").exists(), "nothing was begun"


def test_a_cluster_that_is_gone_leaves_what_it_did(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "_CHUNK", 4)
    monkeypatch.setattr(clusters, "_GRACE", 2.0)
    done, read = 0, list[str]()

    def stop_early() -> None:
        nonlocal done
        done += 1
        if done == 8:
            end.close()

    (tmp_path / "place").mkdir()
    with ExitStack() as end:
        address = end.enter_context(started(tmp_path / "place", 1))
        with joined(address) as helper, pytest.raises(Gone, match=r"再运行一次会接着做"):
            audited(folder, helper, stop_early)
    once = Reading.__call__

    def noted(self: Reading, path: Path) -> Result:
        read.append(path.name)
        return once(self, path)

    monkeypatch.setattr(Reading, "__call__", noted)
    audited(folder)
    assert done == 8
    assert len(read) == COUNT + 2 - done


def test_what_cannot_begin_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(clusters, "_CONNECT", 1.0)
    assert refused(monkeypatch, folder, "tcp://127.0.0.1:9") == 3
    assert "连不上集群 tcp://127.0.0.1:9" in capsys.readouterr().err
    assert refused(monkeypatch, folder, "127.0.0.1") == 2
    assert "tcp://10.0.0.5:8786" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refused(monkeypatch, folder, "tcp://127.0.0.1:9") == 2
    assert "pip install distributed" in capsys.readouterr().err


# --- the limits of one document ---------------------------------------------------------------------------------------


def ill(load: str) -> Result:
    """Work that dies, or eats memory, of some documents."""
    if load == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if load == "eats":
        bytearray(900 << 20)
    if load == "unreadable":
        raise Unreadable("format", "读不了。", "换一种。")
    return Result(load)


def test_the_limits_of_each_document_hold_on_a_worker() -> None:
    loads = [pickle.dumps(load) for load in ("one", "dies", "two", "eats", "unreadable", "three")]
    found = crew.answers(crew.attempted(ill, loads))
    said = [one.code if isinstance(one, Unreadable) else one.head for one in found]
    assert said == ["one", "worker-died", "two", "memory", "format", "three"]


def test_an_answer_that_is_no_plain_data_is_not_opened() -> None:
    with pytest.raises(pickle.UnpicklingError, match="system"):
        crew.answers(b"cposix\nsystem\n(S'true'\ntR.")
