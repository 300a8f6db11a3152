"""What an audit keeps on disk: kills, two runs at once, damage, full disks, no network. Rows 79 to 81, 90."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.cli import audit as command
from checker.cli import main
from checker.render.county import as_json
from checker.season import store as stores
from checker.season.held import Held
from checker.season.jobs import WANTED
from checker.season.store import Store, opened
from tests.season import put, report, season

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are forked")
NAMES = ("青石镇", "白渡镇", "柳坪乡")


@pytest.fixture(autouse=True)
def seasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where states are kept."""
    monkeypatch.setattr(stores, "home", lambda: tmp_path / "cache")
    return tmp_path / "cache/seasons"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        put(tmp_path / "年报", f"{name}.txt", report(name))
    return tmp_path / "年报"


def everything(held: Held) -> str:
    with held:
        return "".join(as_json.parts(held))


def audited(folder: Path, *names: str) -> tuple[str, tuple[str, ...]]:
    """All of a season, and what was remarked of its state: that there is no last year is told in every run here."""
    held = season(folder, *(names or NAMES))
    remarks = tuple(remark for remark in held.remarks if "--last" not in remark)
    assert len(remarks) == len(held.remarks) - 1
    return everything(held), remarks


def kept(seasons: Path) -> Path:
    (file,) = seasons.glob("*.db")
    return file


def forked(work: Callable[[], object]) -> Any:
    """``work`` in a process of its own, which ends without a word."""

    def quiet() -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        work()

    process = multiprocessing.get_context("fork").Process(target=quiet)
    process.start()
    return process


# --- kills ------------------------------------------------------------------------------------------------------------


def test_row_80_killed_at_a_hundred_random_moments_the_state_opens_and_is_sound(tmp_path: Path, seasons: Path) -> None:
    dice = random.Random(80)
    last = 0

    def write() -> None:
        with opened(tmp_path) as store:
            store.begin()
            for number in range(100_000):
                key = f"read:{number % 500}"
                store.keep(key, "{}", b"x" * dice.randrange(1, 4000), b"s")
                if number % stores.CHUNK == 0:
                    store.use(key)
            store.end()

    for _ in range(100):
        process = forked(write)
        time.sleep(dice.uniform(0.0, 0.02))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with opened(tmp_path) as store:
            assert store.note == "", "no lock is left behind"
            assert store.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            keys = [key for (key,) in store.all("SELECT key FROM kept")]
            assert all(store.body(key) for key in keys)
            assert len(keys) >= min(last, 1), "what was committed stays"
            last = len(keys)
    assert last > 0
    assert not list(seasons.glob("*.damaged-*"))


def test_row_80_an_audit_that_was_killed_goes_on_and_says_the_same(folder: Path, seasons: Path) -> None:
    for number in range(6):
        put(folder, f"{number}.txt", report(f"青{'石竹松山水云'[number]}镇"))
    names = [f"青{'石竹松山水云'[n]}镇" for n in range(6)]
    whole = everything(season(folder, *names))
    kept(seasons).unlink()
    dice = random.Random(81)
    for _ in range(4):
        process = forked(lambda: everything(season(folder, *names, jobs=1)))
        time.sleep(dice.uniform(0.05, 0.4))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    assert everything(season(folder, *names)) == whole


# --- two at once, and others ------------------------------------------------------------------------------------------


def test_row_81_two_runs_at_once_both_say_the_same(folder: Path, tmp_path: Path) -> None:
    def write(name: str) -> None:
        (tmp_path / name).write_text(audited(folder)[0], encoding="utf-8")

    processes = [forked(lambda name=name: write(name)) for name in ("one", "other")]  # type: ignore[misc]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert (tmp_path / "one").read_text("utf-8") == (tmp_path / "other").read_text("utf-8") == audited(folder)[0]


def test_row_81_while_another_run_holds_the_state_a_passing_one_serves(folder: Path, seasons: Path) -> None:
    first = season(folder, *NAMES)
    text, remarks = audited(folder)
    assert remarks == ("另一个 nianbao audit 正在核对这个文件夹，本次结果不留存。",)
    assert everything(first) == text
    assert audited(folder)[1] == ()
    assert list(Path(str(seasons)).glob("*.lock")), "a lock file that nobody holds is no lock"


def test_row_81_a_state_that_cannot_be_made_costs_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = audited(folder)[0]
    monkeypatch.setattr(stores, "home", lambda: Path("/dev/null"))
    text, (remark,) = audited(folder)
    assert text == whole
    assert "本次结果不留存" in remark


def test_row_81_a_read_only_state_costs_nothing(folder: Path, seasons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = audited(folder)[0]
    before = kept(seasons).read_bytes()
    real = stores.connect

    def read_only(path: Path, *, reading: bool = False) -> sqlite3.Connection:
        return real(path, reading=reading or path.parent == seasons)

    monkeypatch.setattr(stores, "connect", read_only)
    text, (remark,) = audited(folder)
    assert (text, "本次结果不留存" in remark) == (whole, True)
    assert kept(seasons).read_bytes() == before


def test_row_81_a_state_of_a_newer_version_is_left_alone(folder: Path, seasons: Path) -> None:
    whole = audited(folder)[0]
    file = kept(seasons)
    with sqlite3.connect(file) as db:
        db.execute(f"PRAGMA user_version = {stores.VERSION + 1}")
    db.close()
    before = file.read_bytes()
    text, (remark,) = audited(folder)
    assert (text, file.read_bytes()) == (whole, before)
    assert "更新版本的工具写的，没有动它" in remark


def test_row_81_a_state_of_an_older_version_is_made_anew(folder: Path, seasons: Path) -> None:
    whole = audited(folder)[0]
    with sqlite3.connect(kept(seasons)) as db:
        db.execute("PRAGMA user_version = 0")
    db.close()
    assert audited(folder) == (whole, ())


def damage() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    yield "no database at all", lambda data: b"x" * len(data)
    yield "cut short", lambda data: data[: len(data) // 2]
    yield "empty", lambda data: data[:0]
    yield "another database", lambda data: data[:60] + b"\0" * 4 + data[64:]
    for part in (1, 2, 3):
        yield f"a hole at {part}/4", lambda data, part=part: _hole(data, len(data) * part // 4)  # type: ignore[misc]


def _hole(data: bytes, at: int) -> bytes:
    return data[:at] + os.urandom(8192) + data[at + 8192 :]


@pytest.mark.parametrize(("said", "harm"), [*damage()])
def test_row_81_a_damaged_state_is_set_aside_and_never_deleted(
    folder: Path, seasons: Path, said: str, harm: Callable[[bytes], bytes]
) -> None:
    whole = audited(folder)[0]
    file = kept(seasons)
    harmed = harm(file.read_bytes())
    file.write_bytes(harmed)
    assert audited(folder)[0] == whole, said
    aside = list(seasons.glob("*.damaged-*"))
    if said in ("no database at all", "cut short"):
        assert [path.read_bytes() for path in aside if not path.name.endswith(("-wal", "-shm"))] == [harmed]
    assert audited(folder) == (whole, ()), "and the next run has a state again"


@pytest.mark.parametrize("names", [NAMES, NAMES[:1]])
def test_row_81_one_bit_in_what_was_kept_is_noticed(folder: Path, seasons: Path, names: tuple[str, ...]) -> None:
    whole = everything(season(folder, *names))
    with sqlite3.connect(kept(seasons)) as db:
        for key, body in db.execute("SELECT key, body FROM kept WHERE length(body) > 60").fetchall():
            if key.startswith("read:"):
                harmed = body[:50] + bytes([body[50] ^ 1]) + body[51:]
                db.execute("UPDATE kept SET body = ? WHERE key = ?", (harmed, key))
        db.execute("DELETE FROM kept WHERE key LIKE 'judged:%'")
    db.close()
    assert audited(folder, *names) == (whole, ())


def test_a_state_that_others_can_write_is_not_believed(folder: Path, seasons: Path) -> None:
    whole = audited(folder)[0]
    kept(seasons).chmod(0o666)
    text, (remark,) = audited(folder)
    assert (text, "不是本人的文件" in remark) == (whole, True)
    kept(seasons).chmod(0o600)
    seasons.chmod(0o777)
    assert "别人也能写" in audited(folder)[1][0]


def test_states_of_folders_long_gone_are_dropped_save_those_in_use(tmp_path: Path, seasons: Path) -> None:
    held = opened(tmp_path / "held")
    for number in range(stores.MAX_KEPT + 3):
        opened(tmp_path / str(number)).close()
    assert held.path.exists()
    assert len(list(seasons.glob("*.db"))) == stores.MAX_KEPT + 1
    held.close()


# --- full disks -------------------------------------------------------------------------------------------------------


def limited(pages: int, where: Path | None) -> Callable[..., sqlite3.Connection]:
    """Connections to files of at most so many pages, below ``where`` or anywhere: a disk that is full."""
    real = stores.connect

    def connect(path: Path, *, reading: bool = False) -> sqlite3.Connection:
        db = real(path, reading=reading)
        if not reading and (where is None or path.parent == where):
            db.execute(f"PRAGMA max_page_count = {pages}")
        return db

    return connect


def test_row_79_a_disk_that_fills_up_under_the_state_costs_nothing(
    folder: Path, seasons: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audited(folder)[0]
    kept(seasons).unlink()
    for pages in (14, 20, 30, 45):
        with monkeypatch.context() as full:
            full.setattr(stores, "connect", limited(pages, seasons))
            text, remarks = audited(folder)
        assert text == whole
        assert len(remarks) == 1
        assert "本次结果不留存" in remarks[0]
        kept(seasons).unlink(missing_ok=True)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The command in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["nianbao", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_row_79_no_room_anywhere_is_told_and_old_results_stay(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stores, "connect", limited(20, None))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/audit.json").write_text("old", encoding="utf-8")
    assert run(monkeypatch, "audit", folder, "-o", tmp_path / "out") == 3
    assert "没有写成" in capsys.readouterr().err
    assert (tmp_path / "out/audit.json").read_text("utf-8") == "old"


@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_row_79_a_disk_that_is_full_at_the_nth_write_leaves_the_old_file(
    folder: Path, tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "audit.json").write_text("old", encoding="utf-8")
    real = as_json.parts

    def parts(held: Any) -> Iterator[str]:
        for number, part in enumerate(real(held)):
            if number == after:
                raise OSError(errno.ENOSPC, "No space left on device", str(out / "audit.json"))
            yield part

    monkeypatch.setattr(as_json, "parts", parts)
    assert run(monkeypatch, "audit", folder, "-o", out, "--only", "json") == 3
    assert "audit.json：磁盘满了；原有文件未动。" in capsys.readouterr().err
    assert {path.name: path.read_text("utf-8") for path in out.iterdir()} == {"audit.json": "old"}


def test_row_79_results_go_into_a_folder_and_nowhere_else(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run(monkeypatch, "audit", folder, "-o", tmp_path / "file") == 2
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/target").write_text("x", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/audit.json").symlink_to(tmp_path / "elsewhere/target")
    run(monkeypatch, "audit", folder, "-o", tmp_path / "out", "--only", "json")
    assert (tmp_path / "elsewhere/target").read_text("utf-8") == "x", "a link is replaced, not followed"
    assert "不是文件夹" in capsys.readouterr().err


# --- no network -------------------------------------------------------------------------------------------------------


def test_row_90_without_a_network_everything_is_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "audit", folder, "-o", tmp_path / "with", "--only", "json,csv") == 0

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an audit opened a socket")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(stores, "home", lambda: tmp_path / "fresh")
    assert run(monkeypatch, "audit", folder, "-o", tmp_path / "without", "--only", "json,csv") == 0
    for name in ("audit.json", "audit.csv"):
        assert (tmp_path / "with" / name).read_bytes() == (tmp_path / "without" / name).read_bytes()


# --- the store by itself ----------------------------------------------------------------------------------------------


def test_what_failed_by_chance_is_tried_again_and_what_is_not_used_is_dropped(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.begin()
        store.keep("read:a", "{}", b"a")
        store.keep("read:b", "{}", b"b", lasting=False)
        store.keep("read:c", "{}", b"c")
        store.end()
        store.begin()
        assert [store.use(key) for key in ("read:a", "read:b")] == [True, False]
        store.end()
        assert [store.body(key) for key in ("read:a", "read:b", "read:c")] == [b"a", None, None]


def test_a_passing_store_goes_with_its_folder() -> None:
    store = stores.passing("x")
    place = store.path.parent
    assert isinstance(store, Store)
    assert place.is_dir()
    store.close()
    assert not place.exists()
    assert command.OUTPUTS


def test_a_worker_finds_its_report_without_reading_all_rows(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        plan = [step for *_, step in store.all(f"EXPLAIN QUERY PLAN {WANTED}", (1, b"a.txt"))]
    assert any("rows_path (season=? AND path=?)" in step for step in plan), plan
