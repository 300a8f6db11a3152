"""Old word processor files by way of LibreOffice: the same facts, and none of its traps."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checker import batch
from checker.extract import extract
from checker.model import Document, Paragraph, Unreadable
from checker.pack import load
from checker.read import Limits, needs_worker, read
from checker.read.office import legacy, ole
from checker.read.office.legacy import converted, parse_legacy
from tests.office import page, saved
from tests.word import SENTENCE, docx, p, packed

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "2022-砚川县水务局-规范.html"


@pytest.fixture(scope="session")
def report() -> Document:
    return replace(read(EXAMPLE), posted=None)


@pytest.fixture(scope="session")
def files(report: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The example as .doc, .rtf and .odt."""
    return {suffix: saved(page(report.blocks), suffix, tmp_path_factory.mktemp(suffix)) for suffix in legacy_suffixes}


legacy_suffixes = ("doc", "rtf", "odt")


def refused(data: bytes, suffix: str = "doc", limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parse_legacy(data, "x", limits or Limits(), suffix=suffix)
    assert caught.value.message.endswith("。")
    assert caught.value.remedy.endswith("。")
    return caught.value


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests convert at the same time is none of our business."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("tmp")))
    monkeypatch.setattr(tempfile, "tempdir", None)  # asked for anew


def left_over() -> set[Path]:
    """Folders of conversions that are still there."""
    return set(Path(tempfile.gettempdir()).glob("nianbao-*"))


# --- the same report --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["报告.doc", "报告.wps", "报告.rtf", "报告.odt", "报告.txt"])
def test_a_report_gives_the_same_facts_in_old_formats(
    name: str, report: Document, files: dict[str, bytes], tmp_path: Path
) -> None:
    suffix = name[-3:] if name[-3:] in files else "doc"
    (tmp_path / name).write_bytes(files[suffix])
    document = read(tmp_path / name)
    facts = load().facts
    wanted, found = extract(report, facts).facts, extract(document, facts).facts
    assert {k: (f.value, f.state) for k, f in found.items()} == {k: (f.value, f.state) for k, f in wanted.items()}
    assert (document.format, document.notes) == (suffix, ())


def test_a_document_of_our_time_under_an_old_name_needs_no_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "_programs", lambda: iter(()))
    (tmp_path / "报告.wps").write_bytes(docx(p(SENTENCE)))
    assert read(tmp_path / "报告.wps").format == "docx"


def rtf(*paragraphs: str) -> bytes:
    return (r"{\rtf1\ansi\ansicpg936 " + "".join(rf"{words}\par " for words in paragraphs) + "}").encode("gb18030")


def test_a_date_that_changes_with_every_day_is_left_out_and_told() -> None:
    field = r"{\field{\*\fldinst { DATE \\@ yyyy }}{\fldrslt {2024}}}"
    page_ = r"{\field{\*\fldinst { PAGE }}{\fldrslt {7}}}"
    document = parse_legacy(rtf(f"before {field} after {page_}.", "2023 stays"), "x", suffix="rtf")
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)][1] == "2023 stays"
    assert str(time.localtime().tm_year) not in str(document.blocks)
    assert [note.code for note in document.notes] == ["date-field"]


# --- what is no document ----------------------------------------------------------------------------------------------


def fib(data: bytes) -> int:
    """Where the main stream begins."""
    return next(at for at in range(512, len(data), 64) if data[at : at + 2] == b"\xec\xa5")


def test_row_30_a_password_is_told_without_asking_libreoffice(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "converted", lambda *_: pytest.fail("asked"))
    data = bytearray(files["doc"])
    data[fib(files["doc"]) + 11] |= 1
    assert refused(bytes(data)).code == "encrypted"
    locked = packed({"META-INF/manifest.xml": b"<x><encryption-data/></x>", "content.xml": b"\x01"})
    assert refused(locked, "odt").code == "encrypted"


def test_row_10_what_is_no_word_document_never_reaches_libreoffice(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "converted", lambda *_: pytest.fail("asked"))
    whole = files["doc"]
    at = fib(whole)
    container = ole.MAGIC + b"\0" * 600
    assert refused(whole[:at] + b"\0\0" + whole[at + 2 :]).code == "doc-damaged"
    assert refused(whole[:600]).code == "doc-damaged"
    assert refused(container + "WordDocument".encode("utf-16-le")).code == "doc-damaged"
    for name, data in (("乱码.doc", os.urandom(5000)), ("空.doc", ole.MAGIC + b"\0" * 90)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unreadable) as caught:
            read(tmp_path / name)
        assert caught.value.code in ("binary", "encoding", "format")


def test_broken_containers_end() -> None:
    ring = bytearray(ole.MAGIC + b"\0" * 2040)
    ring[30] = 9
    assert ole.streams(bytes(ring)) == {}  # every sector follows itself
    ring[68:72] = b"\0" * 4  # so do the tables
    assert ole.streams(bytes(ring)) == {}
    for size in range(0, 700, 50):
        assert ole.streams(bytes(ring[:size])) == {}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"content.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "xml-doctype"),
        ({"content.xml": b"<x>" * 100_000}, "xml-depth"),
        ({"content.xml": b"<x/>", "big": b" " * 40_000_000}, "zip-ratio"),
    ],
    ids=["12 doctype", "16 depth", "2 ratio"],
)
def test_row_2_row_12_row_16_hostile_packages_never_reach_libreoffice_odt(
    parts: dict[str, bytes], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "converted", lambda *_: pytest.fail("asked"))
    assert refused(packed(parts), "odt").code == code


def test_mutated_documents_are_read_or_refused(files: dict[str, bytes]) -> None:
    data = bytearray(files["doc"])
    for at in range(fib(files["doc"]) + 1024, fib(files["doc"]) + 20_000, 97):
        data[at] ^= 0xFF
    try:
        assert parse_legacy(bytes(data), "x", suffix="doc").format == "doc"
    except Unreadable as error:
        assert error.code in ("conversion", "doc-damaged", "empty", "too-big")  # noqa: PT017


# --- the program ------------------------------------------------------------------------------------------------------


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a script in LibreOffice's place."""

    def write(script: str) -> Path:
        path = tmp_path / "bin" / "soffice"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setattr(legacy, "_programs", lambda: iter((str(path),)))
        return path

    return write


def test_without_libreoffice_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refused(rtf("x"), "rtf")
    assert error.code == "no-libreoffice"
    assert "LibreOffice" in error.remedy
    assert ".docx" in error.remedy
    path = tmp_path / "报告.rtf"
    path.write_bytes(rtf("x"))
    run = subprocess.run(
        [sys.executable, "-m", "checker", "check", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 3
    assert "LibreOffice" in run.stdout


def test_a_program_in_the_folder_of_the_reports_is_not_started(
    fake: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fake("touch started")
    monkeypatch.undo()
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("PATH", f".{os.pathsep}{path.parent}")
    assert list(legacy._programs()) == []


def test_success_that_left_no_file_is_a_failure(fake: Callable[[str], Path]) -> None:
    fake("exit 0")
    assert refused(rtf("x"), "rtf").code == "conversion"
    fake('while [ "$1" != "--outdir" ]; do shift; done; mkdir "$2"; : > "$2/in.docx"')
    assert refused(rtf("x"), "rtf").code == "conversion"
    fake('while [ "$1" != "--outdir" ]; do shift; done; mkdir "$2"; echo no package > "$2/in.docx"')
    assert refused(rtf("x"), "rtf").code == "zip-damaged"
    fake('while [ "$1" != "--outdir" ]; do shift; done; mkdir "$2"; head -c 3000000 /dev/zero > "$2/in.docx"')
    assert refused(rtf("x"), "rtf", Limits(file_size=2 << 20)).code == "too-big"


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether the process ends within this time; a dead one that nobody has buried counts as gone."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"):
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


HANGS = "sleep 300 & echo $! > {0}; sleep 300"


def started(path: Path, seconds: float = 20) -> int:
    """The process that the script wrote down."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text(encoding="utf-8").strip()):
            return int(text)
        time.sleep(0.05)
    raise TimeoutError


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(fake: Callable[[str], Path], tmp_path: Path) -> None:
    fake(HANGS.format(tmp_path / "pid"))
    before = left_over()
    assert refused(rtf("x"), "rtf", Limits(office_wall=1)).code == "conversion-timeout"
    assert gone(started(tmp_path / "pid"))
    assert left_over() <= before


def test_row_83_a_killed_run_leaves_no_process_and_no_folder(fake: Callable[[str], Path], tmp_path: Path) -> None:
    path = fake(HANGS.format(tmp_path / "pid"))
    before = left_over()
    code = (
        "from checker.read.office import legacy\n"
        f"legacy._programs = lambda: iter(({str(path)!r},))\n"
        "legacy.converted(b'x', 'rtf')\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    child = started(tmp_path / "pid")
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert gone(child)
    end = time.monotonic() + 10
    while not left_over() <= before and time.monotonic() < end:
        time.sleep(0.05)
    assert left_over() <= before


def test_conversions_do_not_share_a_profile_and_leave_nothing(files: dict[str, bytes]) -> None:
    before = left_over()
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(converted(files["rtf"], "rtf"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert left_over() <= before


def in_workers(paths: list[Path]) -> list[str]:
    assert all(map(needs_worker, paths))
    return list(batch.run(paths, lambda path: read(path).format, lambda _, error: error.code, apart=needs_worker))


def test_the_bounds_of_a_worker_do_not_bind_libreoffice(fake: Callable[[str], Path], tmp_path: Path) -> None:
    fake(f'[ "$(ulimit -t)" = "$(ulimit -Ht)" ] && touch {tmp_path / "free"}')
    (tmp_path / "甲.rtf").write_bytes(rtf("x"))
    assert in_workers([tmp_path / "甲.rtf"]) == ["conversion"]
    assert (tmp_path / "free").exists()


def test_old_files_are_converted_in_a_worker(files: dict[str, bytes], tmp_path: Path) -> None:
    for suffix, data in files.items():
        (tmp_path / f"甲.{suffix}").write_bytes(data)
    assert in_workers(sorted(tmp_path.iterdir())) == sorted(files)


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A port that writes down who calls."""
    calls: list[bytes] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve() -> None:
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                calls.append(caller.recv(200))
                caller.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], calls
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_row_11_nothing_is_fetched(server: tuple[int, list[bytes]], tmp_path: Path) -> None:
    port, calls = server
    html = f'<p>{SENTENCE}<img src="http://127.0.0.1:{port}/x.png" width=9 height=9></p>'
    data = saved(html, "odt", tmp_path)
    calls.clear()  # our own writer may have looked
    assert SENTENCE in str(parse_legacy(data, "x", suffix="odt").blocks)
    assert calls == []
