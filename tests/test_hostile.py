"""The matrix of attacks and faults, as far as reading and batches go. Each test bears the number of its row."""

from __future__ import annotations

import io
import os
import resource
import socket
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import batch, work
from checker.extract import extract
from checker.gate import OPEN
from checker.model import Document, Paragraph, Table, Unreadable
from checker.pack import load
from checker.read import LIMITS, Limits, read
from tests.word import docx, p

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
SENTENCE = "青石镇2023年主动公开政府信息63条，收到申请2件，均已答复。"


def written(folder: Path, data: bytes | str, name: str = "报告.txt") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def code(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as caught:
        read(path, limits)
    assert caught.value.message.endswith("。")
    assert caught.value.remedy.endswith("。")
    return caught.value.code


def text(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))


# --- what a file is ---------------------------------------------------------------------------------------------------


def zipped() -> bytes:
    """A zip archive with a text in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.txt", "年报")
    return whole.getvalue()


CONTENTS = [
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf-damaged", "PDF"),
    (zipped(), "format", "压缩包"),
    (zipped()[:-22], "zip-damaged", "损坏"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "WordDocument".encode("utf-16-le"), "doc-damaged", "Word"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "密码"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 999, "format", "不完整或有损坏"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image-damaged", "图片"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image-damaged", "图片"),
    (b"BM\x0a\0\0\0\0\0\0\0", "image-damaged", "图片"),
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "format", "网页存档"),
    (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "format", "XML"),
]


@pytest.mark.parametrize("name", ["报告.txt", "报告.docx", "报告.html", "报告"])
@pytest.mark.parametrize(("data", "expected", "named"), CONTENTS, ids=[named for _, _, named in CONTENTS])
def test_row_10_content_decides_and_is_named(tmp_path: Path, data: bytes, expected: str, named: str, name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(written(tmp_path, data, name))
    assert caught.value.code == expected
    assert named in caught.value.message


def test_row_10_a_package_is_told_by_its_own_parts_not_by_those_of_a_file_inside(tmp_path: Path) -> None:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/document.xml", docx(p(SENTENCE)))
    for name, code_ in (("xl/workbook.xml", "xml-damaged"), ("ofd.XML", "xml-damaged"), ("a.txt", "format")):
        outside = io.BytesIO()
        with zipfile.ZipFile(outside, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("attached.docx", inside.getvalue())
            archive.writestr(name, b"no XML")
        assert code(written(tmp_path, outside.getvalue())) == code_


def test_row_10_text_and_pages_are_read_under_any_name(tmp_path: Path) -> None:
    assert text(read(written(tmp_path, SENTENCE, "报告.docx"))) == SENTENCE
    assert text(read(written(tmp_path, f"<html><body><p>{SENTENCE}</p>", "报告.doc"))) == SENTENCE
    assert code(written(tmp_path, b"", "报告.docx")) == "empty"


def test_row_10_a_text_that_only_begins_like_a_picture_is_read(tmp_path: Path) -> None:
    for start in ("BM", "PK", "II", "GIF", "From: ", "%PDF", "{\\"):
        assert text(read(written(tmp_path, f"{start} {SENTENCE}"))) == f"{start} {SENTENCE}"


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "svg><g", "font", "object"])
def test_row_42_deep_nesting_is_refused_before_parsing(tmp_path: Path, tag: str) -> None:
    path = written(tmp_path, f"<html><body>{f'<{tag}>' * 200_000}{SENTENCE}", "a.html")
    started = time.process_time()
    assert code(path) == "html-depth"
    assert time.process_time() - started < 3


def test_row_42_depth_that_is_hidden_from_a_naive_count(tmp_path: Path) -> None:
    for unit in ("<div></p>", "<DIV></span>", "<div/>", "<div\n>", "<!--><div>", "<table><div></div><td>"):
        assert code(written(tmp_path, f"<body>{unit * 30_000}", "a.html")) == "html-depth"


def test_row_42_depth_below_the_limit_loses_no_text(tmp_path: Path) -> None:
    for depth in (100, 500, 990):
        assert text(read(written(tmp_path, f"<body>{'<div>' * depth}<p>{SENTENCE}", "a.html"))) == SENTENCE


def test_row_43_spans_are_clamped(tmp_path: Path) -> None:
    row = "<tr>" + "<td colspan=1000000 rowspan=1000000>1</td>" * 10 + "</tr>"
    page = f"<body><p>{SENTENCE}</p><table>{row * 50}</table>"
    started = time.process_time()
    document = read(written(tmp_path, page, "a.html"))
    assert time.process_time() - started < 2
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert sum(map(len, table.rows)) <= 50 * 64
    assert [note.code for note in document.notes] == ["table-span"]


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<ul><li><a href=/>首页</a></li><li><a href=/a>政务公开</a></li></ul><nav>导航</nav>", ""),
        ("<script>document.write('报告，正文。')</script><style>p{}</style><noscript>请启用</noscript>", ""),
        ("<form>用户名 <input name=u> 密码 <input type=password><button>登录</button></form>", "用户名 密码"),
    ],
)
def test_row_44_pages_without_a_report_give_only_the_text_there_is(tmp_path: Path, page: str, left: str) -> None:
    assert text(read(written(tmp_path, f"<!doctype html><body>{page}", "a.html"))) == left


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8", "big5", "iso-8859-1"])
def test_row_45_gbk_characters_survive_any_declared_charset(tmp_path: Path, charset: str) -> None:
    page = f"<html><head><meta charset={charset}></head><body><p>驩城镇、朱镕村：{SENTENCE}</p>"
    assert text(read(written(tmp_path, page.encode("gb18030"), "a.html"))) == f"驩城镇、朱镕村：{SENTENCE}"


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
@pytest.mark.parametrize("length", [None, 40, 20])
def test_row_46_right_text_in_every_encoding(tmp_path: Path, seed: Path, encoding: str, length: int | None) -> None:
    original = seed.read_bytes().decode()[:length].encode(encoding, "ignore").decode(encoding)
    document = read(written(tmp_path, original.encode(encoding)))
    assert text(document) == "\n".join(line for line in original.splitlines() if line.strip())


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_row_46_mixed_bytes_are_refused_with_their_offset(tmp_path: Path, seed: Path) -> None:
    original = seed.read_bytes().decode()
    half = original.index("\n", len(original) // 2) + 1
    front, back = original[:half], original[half:]
    for first, second in ((front.encode("gb18030"), back.encode()), (front.encode(), back.encode("gb18030"))):
        with pytest.raises(Unreadable) as caught:
            read(written(tmp_path, first + second))
        assert caught.value.code == "encoding"
        offset = int(caught.value.message.split("第 ")[1].split(" ")[0])
        assert len(first) <= offset < len(first) + len(second)


def test_row_47_stray_nul_is_read_at_its_line(tmp_path: Path) -> None:
    document = read(written(tmp_path, f"甲\n{SENTENCE * 3}\0\n" * 20))
    assert document.blocks[-1].where.line == 40
    assert code(written(tmp_path, "\0" * 5000)) in ("binary", "empty")


EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.mark.parametrize("name", ["2010-青石镇-规范.txt", "2019-杨渡镇-规范.md", "2022-砚川县水务局-规范.html"])
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), byte=st.sampled_from([b"\x80", b"\xe6", b"\xff\xfe\x80\xff"]))
def test_row_46_a_report_with_a_lost_character_never_passes(
    tmp_path: Path, name: str, share: float, byte: bytes
) -> None:
    """Wherever it is lost: exit code 3 and no full score, or nothing of the report itself is lost."""
    data = (EXAMPLES / name).read_bytes()
    at = int(share * len(data))
    path = written(tmp_path, data[:at] + byte + data[at:], name)
    try:
        found = work.audit(read(path), load())
    except Unreadable:  # at the beginning the four bytes are the mark of UTF-16
        return
    assert found.report is not None
    if any(note.code == "replaced" for note in found.report.notes):
        assert found.unchecked[:1] == ("认不出的文字",)
        assert found.score is not None
        assert found.score <= 85
        judged, _ = OPEN.judged(replace(found, unread=work.unread(found, load())), load())
        assert work.status(judged, OPEN) == 3
        assert [verdict.state for verdict in judged.verdicts if verdict.rule == "GAT-03"] == ["unknown"]
    else:
        assert name.endswith("html")


def test_row_46_a_figure_with_a_lost_character_is_unread(tmp_path: Path) -> None:
    """126 with one lost character may be 1263: it is no figure, and no other one takes its place."""
    text = (EXAMPLES / "2010-青石镇-规范.txt").read_text("utf-8")
    before, after = text.split("公开政府信息126", 1)
    data = f"{before}公开政府信息126".encode() + b"\xff" + after.encode()
    report = extract(read(written(tmp_path, data)), load().facts)
    assert report.fact("published.total").state == "unread"
    assert report.fact("requests.received").value == 3


def test_row_47_lone_surrogates_are_refused_or_replaced(tmp_path: Path) -> None:
    assert code(written(tmp_path, b"\xff\xfe" + SENTENCE.encode("utf-16-le") + b"\x00\xd8")) == "encoding"
    assert code(written(tmp_path, "甲".encode() + b"\xed\xa0\x80" * 30)) in ("encoding", "binary")
    document = read(written(tmp_path, (SENTENCE * 20).encode() + b"\xed\xa0\x80"))
    assert [note.code for note in document.notes] == ["replaced"]


def test_row_47_ten_megabytes_on_one_line(tmp_path: Path) -> None:
    started = time.process_time()
    for name in ("a.txt", "a.html"):
        document = read(written(tmp_path, "<p>" + "青" * 3_400_000, name))
        assert len(text(document)) >= 3_400_000
    assert time.process_time() - started < 10


def test_row_47_carriage_returns_alone_count_lines(tmp_path: Path) -> None:
    document = read(written(tmp_path, f"甲\r\r{SENTENCE}"))
    assert [block.where.line for block in document.blocks] == [1, 3]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_row_48_zero_width_characters_are_kept_and_noted(tmp_path: Path, name: str) -> None:
    document = read(
        written(tmp_path, "<p>行政&#8203;复\u200b议、诉\u00ad讼</p>" if name == "a.html" else "行政复\u200b议", name)
    )
    assert "复\u200b议" in text(document)
    assert [(note.code, note.where.line) for note in document.notes] == [("zero-width", 1)]


# --- files ------------------------------------------------------------------------------------------------------------


def test_row_76_fifo_device_and_socket_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        before = os.getcwd()
        os.chdir(tmp_path)  # the name of a socket is short
        listener.bind("b.txt")
        os.chdir(before)
        started = time.monotonic()
        for path in (tmp_path / "a.txt", tmp_path / "b.txt", Path("/dev/zero"), Path("/dev/null")):
            assert code(path) == "not-a-file"
        assert time.monotonic() - started < 1
        assert list(batch.find([tmp_path])) == [tmp_path / "a.txt", tmp_path / "b.txt"]


def test_row_76_circles_of_links_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "a" / "self.txt").symlink_to(tmp_path / "a" / "self.txt")
    written(tmp_path / "a", SENTENCE, "x.txt")
    found = list(batch.find([tmp_path]))
    assert found == [tmp_path / "a" / "self.txt", tmp_path / "a" / "x.txt"]
    assert code(found[0]) == "not-a-file"
    assert list(batch.find([f"{tmp_path}/**/x*"])) == [tmp_path / "a" / "x.txt"]


def test_row_77_missing_and_forbidden_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(tmp_path / "nowhere.txt") == "io"
    assert code(written(tmp_path, SENTENCE) / "below.txt") == "io"
    assert code(Path("a\0b.txt")) == "io"
    assert code(tmp_path / ("长" * 200)) == "io"
    path = written(tmp_path, SENTENCE)

    def forbidden(*_: object) -> int:
        raise PermissionError(13, "denied")  # chmod does not bind the superuser, who may run this

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(Unreadable, match="权限"):
        read(path)


def test_row_77_a_file_that_changes_while_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, SENTENCE)
    real = os.fstat

    def then(change: Callable[[], object]) -> None:
        """Let ``change`` happen right after the size was taken."""
        taken: list[os.stat_result] = []

        def fstat(descriptor: int) -> os.stat_result:
            taken.append(real(descriptor))
            if len(taken) == 1:
                change()
            return taken[-1]

        monkeypatch.setattr(os, "fstat", fstat)

    def grow() -> None:
        before = os.stat(path).st_mtime_ns
        path.write_text(SENTENCE * 2, encoding="utf-8")
        os.utime(path, ns=(before, before))  # a clock too coarse to tell

    then(grow)
    assert code(path) == "io"
    then(lambda: os.truncate(path, 5))
    assert code(path) == "io"
    then(lambda: os.utime(path, ns=(0, 0)))
    assert code(path) == "io"
    path.write_text(SENTENCE, encoding="utf-8")
    then(path.unlink)
    assert text(read(path)).startswith("青")


def test_row_77_others_go_on(tmp_path: Path) -> None:
    good = written(tmp_path, SENTENCE)
    paths = [good, tmp_path / "nowhere.txt", Path("/dev/null"), good]
    assert list(batch.run(paths, lambda path: read(path).format, lambda _, error: error.code)) == [
        "txt",
        "io",
        "not-a-file",
        "txt",
    ]


NAMES = ["带\n换行.txt", "引\"号'.txt", "长" * 80 + ".txt", os.fsdecode(b"\xff\xfe.txt"), "\u202e反.txt", " 空格 .txt"]


@pytest.mark.parametrize("name", NAMES)
def test_row_78_odd_names_are_read_and_kept(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, SENTENCE, name)
    assert read(path).source == str(path)
    assert list(batch.find([tmp_path])) == [path]
    assert list(batch.run([path] * 20, str, lambda _, error: error.code, jobs=2)) == [str(path)] * 20


# --- runs -------------------------------------------------------------------------------------------------------------


def test_row_82_reading_does_not_know_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, f"<html><body><p>发布时间：2024-02-29</p><p>{SENTENCE}</p>", "a.html")
    first = read(path)
    for zone in ("Asia/Shanghai", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        os.utime(path, (2**31 + 10, 2**31 + 10))
        assert read(path) == first
    monkeypatch.undo()
    time.tzset()
    assert first.posted == "2024-02-29"


def _shape(path: Path) -> str:
    document = read(path)
    return f"{path.name} {len(document.blocks)} {hash(text(document)) and text(document)[:50]}"


def test_row_86_one_two_and_eight_processes_agree() -> None:
    paths = SEEDS * 30
    outputs = {tuple(batch.run(paths, _shape, lambda path, _: path.name, jobs=jobs)) for jobs in (1, 2, 8)}
    assert len(outputs) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_row_87_memory_stays_flat(jobs: int) -> None:
    def grown(count: int) -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rows = batch.run((SEEDS[0] for _ in range(count)), lambda path: path.name * 20, lambda *_: "", jobs=jobs)
        assert sum(1 for _ in rows) == count
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # KiB on Linux

    grown(3_000)
    assert grown(20_000) <= 2 * 1024


# --- fuzz -------------------------------------------------------------------------------------------------------------

PIECES = [
    *(b"<table>", b"<td colspan=9999>", b"</td>", b"<div style='display:none'>", b"<!--", b"-->", b"<p>", b"</p>"),
    *(b"<", b">", b'"', b"&#0;", b"<svg><td>", b"<font color=white>", b"<img src=a>", b"<ol start=99999>"),
    *(b"<a href=a.doc>", b"| a | b |\n|--|--|\n", b"- 1. ", b"> ", b"```\n", b"\0", b"\r", b"\x80", b"\xff\xfe"),
    *(b"\xef\xbb\xbf", "驩".encode("gbk"), "\u2028\u200b".encode(), b"PK\x03\x04", b"%PDF-", b"{\\rtf", b"<?xml "),
]


def survives(data: bytes, folder: Path, suffix: str) -> None:
    path = written(folder, data, f"a{suffix}")
    started = time.process_time()
    try:
        document = read(path)
    except Unreadable as error:
        assert error.message  # noqa: PT017
        assert error.remedy  # noqa: PT017
    else:
        assert [block.where.block for block in document.blocks] == list(range(len(document.blocks)))
    assert time.process_time() - started < 2


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fuzz_mutated_seeds_are_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(SEEDS)).read_bytes()[: data.draw(st.integers(0, 6000))])
    for _ in range(data.draw(st.integers(0, 30))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 5))] = data.draw(st.sampled_from(PIECES) | st.binary(max_size=6))
    survives(bytes(body), tmp_path, data.draw(st.sampled_from([".txt", ".md", ".html"])))


@given(
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=60), st.sampled_from([".txt", ".md", ".html"])
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fuzz_markup_soup_is_read_or_refused(tmp_path: Path, pieces: list[bytes], suffix: str) -> None:
    survives(b"".join(pieces) * 20, tmp_path, suffix)


def test_reading_works_beside_other_threads(tmp_path: Path) -> None:
    path = written(tmp_path, SENTENCE)
    rows: list[str] = []
    thread = threading.Thread(target=lambda: rows.extend(batch.run([path], _shape, lambda _, error: error.code)))
    thread.start()
    thread.join()
    assert rows == [_shape(path)]
