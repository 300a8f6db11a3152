"""Finding files and spreading them: order, survival, limits, and an end that leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from checker import batch
from checker.model import Unreadable
from checker.read import Limits, read
from checker.read.limits import ask_for

QUICK = Limits(wall=1.0, cpu=1)


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("一、总体情况", encoding="utf-8")
    return folder


def found(folder: Path, *paths: str | Path) -> list[str]:
    return [str(path.relative_to(folder)) if path.is_absolute() else str(path) for path in batch.find(paths)]


def test_folders_are_walked_in_order_and_only_for_reports(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "b.txt",
        "a/2.HTML",
        "a/1.md",
        "c.docx",
        "z.pdf",
        ".hidden.txt",
        ".git/x.txt",
        "~$c.docx",
        "d.py",
        "e.csv",
    )
    assert found(tmp_path, tmp_path) == ["a/1.md", "a/2.HTML", "b.txt", "c.docx", "z.pdf"]


def test_files_are_taken_as_given_and_in_the_order_given(tmp_path: Path) -> None:
    tree(tmp_path, "x.dat", "a.txt")
    names = [tmp_path / "x.dat", tmp_path / "a.txt", tmp_path / "nowhere.txt"]
    assert list(batch.find(names)) == names


def test_globs_are_expanded_here(tmp_path: Path) -> None:
    tree(tmp_path, "2.txt", "1.txt", "a/3.txt", "a/b/4.txt", "a/b/5.md", "[x].txt")
    assert found(tmp_path, f"{tmp_path}/[12].txt") == ["1.txt", "2.txt"]
    assert found(tmp_path, f"{tmp_path}/**/*.txt") == ["1.txt", "2.txt", "[x].txt", "a/3.txt", "a/b/4.txt"]
    assert found(tmp_path, f"{tmp_path}/**/b/*") == ["a/b/4.txt", "a/b/5.md"]
    assert found(tmp_path, f"{tmp_path}/a*") == ["a/3.txt", "a/b/4.txt", "a/b/5.md"]
    assert found(tmp_path, f"{tmp_path}/[x].txt") == ["[x].txt"]
    assert found(tmp_path, f"{tmp_path}/q*.txt") == ["q*.txt"]


def test_a_folder_without_reports_is_passed_on_for_its_row(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.py")
    assert list(batch.find([tmp_path / "a"])) == [tmp_path / "a"]
    with pytest.raises(Unreadable) as caught:
        read(tmp_path / "a")
    assert caught.value.code == "no-reports"


def test_very_deep_folders_are_walked(tmp_path: Path) -> None:
    """Deeper than Python may recurse; removed here, since the tidying of pytest recurses too."""
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("x.txt").write_text("甲", encoding="utf-8")
        assert list(batch.find([tmp_path])) == [tmp_path.joinpath(*["d"] * 1200, "x.txt")]
    finally:
        os.chdir(before)
        subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)


# --- run: works that misbehave by name --------------------------------------------------------------------------------


def work(path: Path) -> str:
    match path.stem:
        case "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hangs":
            time.sleep(60)
        case "spins":
            while True:
                pass
        case "eats":
            return str(len(bytearray(2 << 30)))
        case "bug":
            raise KeyError("未知")
        case "refused":
            raise Unreadable("format", "这是图片。", "请改用文字版。")
    return f"{path.name} 好"


def asking(path: Path) -> str:
    """A reader that finds a scan in its hands: slow, and large."""
    limits = Limits(wall=0.5, cpu=1, memory=64 << 20, scan_page=20, scan_memory=1 << 30)
    if path.stem == "asks":
        ask_for(limits.scan(2))
    held = bytearray(256 << 20 if path.stem in ("asks", "large") else 1)
    time.sleep(1.0 if path.stem in ("asks", "slow") else 0)
    return f"{path.name} 好 {len(held) >> 20}"


def fail(path: Path, error: Unreadable) -> str:
    return f"{path.name} {error.code}"


def rows(names: list[str], jobs: int, limits: Limits = QUICK) -> list[str]:
    return list(batch.run(map(Path, names), work, fail, jobs=jobs, limits=limits))


def many(count: int) -> list[str]:
    return [f"{number}.txt" for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 500])
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_every_path_has_its_row_in_order(jobs: int, count: int) -> None:
    assert rows(many(count), jobs) == [f"{number}.txt 好" for number in range(count)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("dies", "worker-died"),
        ("hangs", "timeout"),
        ("spins", "timeout"),
        ("eats", "memory"),
        ("bug", "internal"),
        ("refused", "format"),
    ],
)
def test_row_84_one_bad_path_costs_one_row(name: str, code: str) -> None:
    names = [*many(20), name, *many(20)]
    good = [f"{number}.txt 好" for number in range(20)]
    assert rows(names, 2) == [*good, f"{name} {code}", *good]


def test_first_last_and_neighbouring_paths_may_be_bad() -> None:
    names = ["dies", "dies", *many(20), "dies", "hangs", "dies"]
    assert rows(names, 2)[:2] == ["dies worker-died"] * 2
    assert rows(names, 2)[-3:] == ["dies worker-died", "hangs timeout", "dies worker-died"]


def test_row_85_workers_replaced_again_and_again_never_block_the_run() -> None:
    """No executor recycles them, which dead-locks on some Pythons: each lost worker is followed by a new one."""
    names = [name for number in range(30) for name in (f"{number}.txt", "dies")]
    assert rows(names, 2) == [row for number in range(30) for row in (f"{number}.txt 好", "dies worker-died")]


@pytest.mark.parametrize(
    ("name", "code"), [("hangs", "timeout"), ("spins", "timeout"), ("bug", "internal"), ("refused", "format")]
)
def test_one_process_survives_too(name: str, code: str) -> None:
    assert rows(["1.txt", name, "2.txt"], 1) == ["1.txt 好", f"{name} {code}", "2.txt 好"]


def test_processor_time_is_bounded_on_its_own() -> None:
    started = time.monotonic()
    assert rows(["spins", *many(16)], 2, Limits(wall=60, cpu=1))[0] == "spins timeout"
    assert time.monotonic() - started < 50  # the processor time ended it, not the clock


def test_a_rule_cannot_swallow_the_alarm() -> None:
    def stubborn(_: Path) -> str:
        try:
            time.sleep(60)
        except Exception:
            return "swallowed"
        return "never"

    assert list(batch.run([Path("x")], stubborn, fail, limits=QUICK)) == ["x timeout"]


def test_the_alarm_is_put_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    rows(["1.txt", "hangs"], 1)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.setitimer(signal.ITIMER_REAL, 0) == (0.0, 0.0)


def test_a_large_file_leaves_the_process_even_alone(tmp_path: Path) -> None:
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_bytes(b"x" * 100)
    large.write_bytes(b"x" * 300_000)
    pids = list(batch.run([small, large], lambda _: str(os.getpid()), fail))
    assert pids[0] == str(os.getpid())
    assert pids[1] != pids[0]


def test_a_bug_names_its_place() -> None:
    (row,) = batch.run([Path("bug")], work, lambda _, error: error.message)
    assert "KeyError" in row
    assert "test_batch.py:" in row


def test_results_larger_than_a_pipe_come_through() -> None:
    def big(path: Path) -> str:
        return path.stem * 200_000

    assert [len(row) for row in batch.run([Path("字")] * 40, big, fail, jobs=2)] == [200_000] * 40


def test_look_ahead_is_bounded() -> None:
    drawn = 0

    def supply() -> Iterator[Path]:
        nonlocal drawn
        for drawn in range(1, 100_001):  # noqa: B007
            yield Path("x")

    with closing(batch.run(supply(), work, fail, jobs=2)) as results:
        for _ in range(5000):
            next(results)
    assert drawn <= 5000 + 5 * 64


def test_look_ahead_is_bounded_behind_a_slow_path() -> None:
    drawn = 0

    def supply() -> Iterator[Path]:
        nonlocal drawn
        for drawn in range(100_000):
            yield Path("slow" if drawn == 0 else "x")

    def slow(path: Path) -> str:
        time.sleep(0.7 if path.name == "slow" else 0)
        return path.name

    with closing(batch.run(supply(), slow, fail, jobs=2)) as results:
        assert next(results) == "slow"
    assert drawn <= 5 * 64


def test_closing_ends_the_workers() -> None:
    with closing(batch.run(map(Path, [*many(20), *["hangs"] * 40]), work, fail, jobs=2)) as results:
        assert next(results) == "0.txt 好"
        assert len(_children()) == 2
    assert not _children()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


SCRIPT = """
    import os, sys, time
    from pathlib import Path
    from checker import batch
    def work(path):
        os.write(1, f"{os.getpid()}\\n".encode())  # one call: two workers never share a line
        time.sleep(60)
    for row in batch.run([Path("x")] * 40, work, lambda path, error: "", jobs=2):
        pass
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143)])
def test_row_83_a_signal_ends_everything_within_two_seconds(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    with process.stdout:
        workers = [int(process.stdout.readline()) for _ in range(2)]
    started = time.monotonic()
    process.send_signal(sent)
    assert process.wait(10) == code
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() - started < 5:
        time.sleep(0.01)
    assert time.monotonic() - started < 2
    assert list(tmp_path.iterdir()) == []


def test_row_83_workers_whose_parent_was_killed_do_not_stay() -> None:
    script = textwrap.dedent(SCRIPT).replace("time.sleep(60)", "time.sleep(0.2)")
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    workers = {int(process.stdout.readline()) for _ in range(8)}
    process.kill()
    process.wait()
    with process.stdout:
        process.stdout.read()  # ends when nobody holds it any more
    assert len(workers) == 2
    assert not any(
        Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_text() for pid in workers
    )


# --- bounds by kind ---------------------------------------------------------------------------------------------------


def test_a_reader_may_ask_for_more_and_gets_it_for_its_own_document_only() -> None:
    limits = Limits(wall=0.5, cpu=1, memory=64 << 20)
    names = ["a", "asks", "large", "slow", "b"]
    found = batch.run(map(Path, names), asking, fail, limits=limits, apart=lambda _: True)
    assert list(found) == ["a 好 0", "asks 好 256", "large memory", "slow timeout", "b 好 0"]


def test_a_reader_may_ask_for_more_time_in_this_process_too() -> None:
    limits = Limits(wall=0.5)
    assert list(batch.run([Path("asks"), Path("slow")], asking, fail, limits=limits)) == ["asks 好 256", "slow timeout"]


def test_files_that_need_it_run_apart_in_their_order() -> None:
    pids = list(batch.run([Path(n) for n in "abBAc"], pid, fail, apart=lambda path: path.name.isupper()))
    assert [row[0] for row in pids] == list("abBAc")
    assert [row[1:] == str(os.getpid()) for row in pids] == [True, True, False, False, True]


def pid(path: Path) -> str:
    return f"{path.name}{os.getpid()}"


def test_a_file_named_twice_comes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        Path(name).write_text("x")
    given: list[str | Path] = [
        "b.txt",
        "./b.txt",
        str(tmp_path / "b.txt"),
        "*.txt",
        ".",
        tmp_path,
        "没有.txt",
        "没有.txt",
    ]
    assert [path.name for path in batch.find(given)] == ["b.txt", "a.txt", "没有.txt"]


def test_what_is_passed_over_in_a_folder_is_counted(tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()
    others = (".f.xls", "~$g.xls", "roster.yaml", "README.zip", "LICENSE", "Makefile", "README", ".报告")
    for name in ("a.txt", "b.xls", "c.ET", "夹/d.xls", "夹/e.zip", "夹/石涧乡2023年报", "年报.TEXT", *others):
        (tmp_path / name).write_text("x")
    met = batch.passed_over([tmp_path, tmp_path / "夹", tmp_path / "a.txt"])
    assert met == {".xls": 2, ".et": 1, ".zip": 1, "": 1}
    assert [path.name for path in batch.find([tmp_path])] == ["a.txt", "年报.TEXT"]
    assert batch.passed_over([tmp_path / "b.xls"]) == {}
