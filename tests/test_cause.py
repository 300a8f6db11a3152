"""Why a file could not be opened or written, in words for a clerk: no English of the system stands alone."""

from __future__ import annotations

import errno
import gc
import os
import sqlite3
import sys
from pathlib import Path

import pytest
import typer

from checker.cause import cause
from checker.cli import main, output
from checker.gate.baseline import load
from checker.gate.files import BadSettings
from checker.model import Unreadable
from checker.pack import BadPack
from checker.pack import load as load_pack
from checker.read import read
from checker.season.last import NoAudit, head_of

EXAMPLE = Path(__file__).parent.parent / "examples" / "2024-桐溪镇-规范.txt"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "没有这个文件或文件夹"),
        (errno.ENOTDIR, "路径里有一段不是文件夹"),
        (errno.EISDIR, "这是文件夹，不是文件"),
        (errno.EACCES, "没有权限"),
        (errno.EPERM, "没有权限"),
        (errno.EROFS, "这个盘只能读、不能写"),
        (errno.ENOSPC, "磁盘满了"),
        (errno.ENAMETOOLONG, "文件名太长"),
        (errno.ELOOP, "链接绕成了圈"),
        (errno.EIO, "磁盘读写出错"),
        (errno.EXDEV, f"系统没有说清（{os.strerror(errno.EXDEV)}）"),
    ],
)
def test_what_the_system_says_by_number_is_said_in_chinese(number: int, words: str) -> None:
    assert cause(OSError(number, os.strerror(number))) == words


def test_what_has_no_number_says_what_it_says() -> None:
    assert cause(PermissionError(None, "缓存文件夹别人也能写")) == "缓存文件夹别人也能写"
    assert cause(OSError("odd")) == "系统没有说清（odd）"
    assert cause(TimeoutError()) == "系统没有说清（TimeoutError）"


def test_a_file_held_open_on_windows_is_told_by_its_own_number() -> None:
    error = PermissionError(errno.EACCES, "used by another process")
    error.winerror = 32  # type: ignore[attr-defined]
    assert cause(error) == "文件正在别的程序（如 Word、WPS）里打开着"


def test_what_sqlite_says_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as opening:
        sqlite3.connect(tmp_path / "nowhere" / "x.db")
    assert cause(opening.value) == "打不开"
    (tmp_path / "x.db").write_bytes(b"no database at all, nor anything like it" * 100)
    with pytest.raises(sqlite3.Error) as reading:
        sqlite3.connect(tmp_path / "x.db").execute("SELECT * FROM sqlite_master")
    assert cause(reading.value) == "文件损坏"
    with sqlite3.connect(":memory:") as full:
        full.executescript("PRAGMA max_page_count = 2; CREATE TABLE t (x)")
        with pytest.raises(sqlite3.Error) as writing:
            full.execute("INSERT INTO t VALUES (randomblob(100000))")
    assert cause(writing.value) == "磁盘满了"


# --- where it is said -------------------------------------------------------------------------------------------------


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"打不开：没有这个文件或文件夹$"):
        load_pack((tmp_path / "nowhere.yaml",), cache=False)


@pytest.mark.parametrize(
    ("option", "code"),
    [((), 3), (("--pack",), 4), (("--output",), 2), (("--previous",), 3), (("--baseline",), 2)],
)
def test_a_name_that_is_too_long(
    option: tuple[str, ...],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = () if not option else (str(EXAMPLE),)
    name = str(tmp_path / ("长" * 200 + ".yaml"))
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(sys, "argv", ["nianbao", "check", *report, *option, name])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    said = capsys.readouterr()
    assert "文件名太长" in said.out + said.err
    assert "程序自身出错" not in said.err


def test_a_baseline_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=rf"{tmp_path} 打不开：这是文件夹，不是文件$"):
        load(tmp_path)


def test_last_year_that_is_a_file_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(NoAudit, match=r"audit\.json 打不开：路径里有一段不是文件夹。$"):
        head_of(tmp_path / "a" / "audit.json")


def test_a_report_with_too_long_a_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / ("年报" * 100 + ".docx"))
    assert (refused.value.message, refused.value.remedy) == ("文件名太长，打不开。", "请把文件名改短后重新检查。")


def test_a_result_that_a_full_disk_does_not_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "hush", lambda: None)
    with pytest.raises(typer.Exit) as ended, output.destination(tmp_path / "结果.json"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert ended.value.exit_code == 3
    assert capsys.readouterr().err == f"结果没有写成 {tmp_path / '结果.json'}：磁盘满了；原有文件未动。\n"
    assert list(tmp_path.iterdir()) == []
