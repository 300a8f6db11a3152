"""Packages and their XML: what would eat the machine, reach outside or mean two things is refused, the rest is read."""

from __future__ import annotations

import io
import random
import socket
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from checker.model import Document, Paragraph, Unreadable
from checker.read import LIMITS, read
from checker.read.archive import Archive, parse_xml
from checker.read.office.docx import parse_docx
from tests.word import (
    HEAD,
    OFFICE,
    SENTENCE,
    SPACES,
    WORD,
    document,
    docx,
    level,
    lists,
    num,
    p,
    packed,
    parts,
    style,
    styles,
    tbl,
    tc,
    tr,
)  # fmt: skip

MIB = 1 << 20


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a document names, nothing is fetched."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a document made the reader open a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def text(data: bytes) -> str:
    return "\n".join(block.text for block in parse_docx(data, "x.docx").blocks if isinstance(block, Paragraph))


def code(data: bytes) -> str:
    """The code under which ``data`` is refused, within a second."""
    started = time.process_time()
    with pytest.raises(Unreadable) as caught:
        parse_docx(data, "x.docx")
    assert time.process_time() - started < 1
    assert caught.value.message.endswith("。")
    assert caught.value.remedy.endswith("。")
    return caught.value.code


def with_xml(xml: str | bytes, name: str = "word/document.xml") -> bytes:
    data = xml if isinstance(xml, bytes) else xml.encode()
    return packed({**parts(p(SENTENCE)), name: data})


# --- zip --------------------------------------------------------------------------------------------------------------


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Raw:
    """A zip written byte by byte, so that it can lie."""

    def __init__(self) -> None:
        self.data, self.directory, self.count = b"", b"", 0

    def local(self, name: bytes, packed: bytes, size: int, crc: int) -> int:
        at = len(self.data)
        self.data += (
            struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(packed), size, len(name), 0) + name + packed
        )
        return at

    def entry(self, at: int, name: bytes, length: int, size: int, crc: int, flags: int = 0, mode: int = 0) -> None:
        head = (b"PK\1\2", 788, 20, flags, 8, 0, 0, crc, length, size, len(name), 0, 0, 0, 0, mode << 16, at)
        self.directory += struct.pack("<4s6H3L5H2L", *head) + name
        self.count += 1

    def add(self, name: bytes, content: bytes, *, size: int | None = None, flags: int = 0, mode: int = 0) -> None:
        packed, crc = deflated(content), zlib.crc32(content)
        size = len(content) if size is None else size
        self.entry(self.local(name, packed, size, crc), name, len(packed), size, crc, flags, mode)

    def bytes(self) -> bytes:
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, self.count, self.count, len(self.directory), len(self.data), 0)
        return self.data + self.directory + end


def raw(**options: int) -> Raw:
    """A document whose one odd entry ``options`` describe; it stands first."""
    archive = Raw()
    if options:
        archive.add(b"odd", b"word/document.xml", **options)
    for name, data in parts(p(SENTENCE)).items():
        archive.add(name.encode(), data)
    return archive


def test_a_zip_written_byte_by_byte_is_read() -> None:
    assert text(raw().bytes()) == SENTENCE


def test_row_01_overlapping_entries_are_refused_before_inflating(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = raw()
    kernel, crc = deflated(b"0" * MIB), zlib.crc32(b"0" * MIB)
    at = archive.local(b"a0", kernel, MIB, crc)
    for number in range(40):
        archive.entry(at, b"a%d" % number, len(kernel), MIB, crc)
    monkeypatch.setattr(zlib, "decompressobj", None)
    assert code(archive.bytes()) == "zip-overlap"


def test_row_01_an_entry_that_quotes_its_neighbour_is_refused() -> None:
    archive = raw()
    inner = Raw()
    inner.local(b"b", deflated(b"x"), 1, zlib.crc32(b"x"))
    whole = inner.data
    at = archive.local(b"a", whole, len(whole), zlib.crc32(whole))
    archive.entry(at, b"a", len(whole), len(whole), zlib.crc32(whole))
    archive.entry(at + 31, b"b", len(deflated(b"x")), 1, zlib.crc32(b"x"))
    assert code(archive.bytes()) == "zip-overlap"


def test_row_02_a_thousandfold_entry_is_refused() -> None:
    bomb = b" " * (20 * MIB)
    for name in ("word/document.xml", "word/media/image1.bmp"):
        assert code(with_xml(bomb, name)) == "zip-ratio"


def test_row_02_a_total_beyond_the_limit_is_refused() -> None:
    noise = random.Random(1).randbytes(MIB // 16)
    piece = b"".join(noise[i : i + 1] * 40 for i in range(len(noise)))
    files = {f"word/media/{number}.bmp": piece for number in range(30)}
    assert len(piece) * 30 > LIMITS.zip_size
    assert code(packed({**parts(p(SENTENCE)), **files})) == "zip-ratio"


def test_row_02_small_parts_may_shrink_as_they_like() -> None:
    assert text(docx(p(SENTENCE) + p(" " * (MIB - 5000)))) == SENTENCE


def test_row_03_a_stream_longer_than_declared_is_damage_and_stays_within_it() -> None:
    archive = Raw()
    for name, data in parts(p(SENTENCE)).items():
        archive.add(name.encode(), data + b" " * (50 * MIB if name == "word/document.xml" else 0), size=len(data))
    data = archive.bytes()
    tracemalloc.start()
    assert code(data) == "zip-damaged"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MIB


def test_row_03_a_stream_shorter_than_declared_is_damage() -> None:
    archive = Raw()
    for name, data in parts(p(SENTENCE)).items():
        archive.add(name.encode(), data, size=len(data) + 1)
    assert code(archive.bytes()) == "zip-damaged"


def test_row_04_a_hundred_thousand_entries_are_refused_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = raw()
    head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *[0] * 7, 6, *[0] * 6)
    archive.directory += b"".join(head + b"%06d" % number for number in range(100_000))
    data = archive.bytes()
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert code(data) == "zip-entries"


def test_row_04_two_thousand_entries_are_read() -> None:
    assert text(packed({**parts(p(SENTENCE)), **{f"x/{number}": b"" for number in range(1_990)}})) == SENTENCE


def test_row_05_inner_archives_are_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = docx(p("里层"))
    for _ in range(10):
        inner = packed({"word/document.xml": inner, "x.docx": inner})
    opened: list[object] = []
    real = zipfile.ZipFile

    def counted(file: io.BytesIO) -> zipfile.ZipFile:
        opened.append(file)
        return real(file)

    data = packed({**parts(p(SENTENCE)), "word/embeddings/a.docx": inner})
    monkeypatch.setattr(zipfile, "ZipFile", counted)
    assert text(data) == SENTENCE
    assert len(opened) == 1


NAMES = [b"../../x", b"/x", b"C:\\x", b"a\0b", b"x" * 60_000, b"word\\document.xml", b"word/document.xml/", b"\xff\xfe"]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:20]))
def test_row_06_odd_names_are_written_nowhere(name: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    archive = raw()
    archive.add(name, document(p("假的")).encode())
    assert text(archive.bytes()) == SENTENCE
    assert list(tmp_path.parent.rglob("x")) == []
    assert list(tmp_path.iterdir()) == []


def test_row_06_a_nul_does_not_end_a_name() -> None:
    archive = Raw()
    for name, data in parts(p(SENTENCE)).items():
        archive.add(name.encode() + (b"\0x" if name == "word/document.xml" else b""), data)
    assert code(archive.bytes()) == "format"


def test_row_07_links_and_locked_entries_are_refused() -> None:
    assert code(raw(mode=0o120777).bytes()) == "zip-unsupported"
    assert code(raw(flags=1).bytes()) == "zip-unsupported"
    assert code(raw(flags=0x2000).bytes()) == "zip-unsupported"
    assert text(raw(mode=0o100644).bytes()) == SENTENCE


def test_row_07_rare_methods_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", document(p(SENTENCE)))
    assert code(buffer.getvalue()) == "zip-unsupported"


def test_row_08_cut_anywhere_is_damage() -> None:
    data = docx(p(SENTENCE))
    for length in range(4, len(data), 97):
        assert code(data[:length]) == "zip-damaged"
    assert code(data.replace(b"PK\5\6", b"PK\5\7")) == "zip-damaged"


def test_row_08_a_package_that_was_cut_off_is_damage_whatever_it_was(tmp_path: Path) -> None:
    whole = (Path(__file__).parents[1] / "examples" / "formats" / "2024-云渚镇.xlsx").read_bytes()
    for length in range(50, len(whole) - 22, 997):
        path = tmp_path / "年报.xlsx"
        path.write_bytes(whole[:length])
        with pytest.raises(Unreadable) as error:
            read(path)
        assert error.value.code == "zip-damaged"


def test_row_08_a_flipped_bit_in_the_text_is_noticed() -> None:
    data = docx(p(SENTENCE * 20))
    at = data.index(b"word/document.xml") + 25
    for bit in range(8):
        broken = bytearray(data)
        broken[at] ^= 1 << bit
        assert code(bytes(broken)) == "zip-damaged"


def mutants(data: bytes, count: int) -> Iterator[bytes]:
    """Copies of ``data`` with bits flipped, bytes changed, pieces doubled or cut out; the same ones each time."""
    chance = random.Random(8)
    for _ in range(count):
        body = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            at, width = chance.randrange(len(body)), chance.choice((1, 1, 2, 4, 30))
            change = chance.randrange(4)
            if change == 0:
                body[at] ^= 1 << chance.randrange(8)
            elif change == 1:
                body[at : at + width] = chance.choice((b"\xff", b"\0")) * width
            elif change == 2:
                del body[at : at + width]
            else:
                body[at:at] = body[at : at + width]
        yield bytes(body)


def survives(data: bytes) -> Document | None:
    started = time.process_time()
    try:
        return parse_docx(data, "x.docx")
    except Unreadable as error:
        assert error.message.endswith("。")  # noqa: PT017
        return None
    finally:
        assert time.process_time() - started < 1


def test_row_08_mutated_packages_are_read_or_refused() -> None:
    """In packages that are not compressed a mutation reaches names, sizes and checksums; they catch nearly all."""
    data = docx(p(SENTENCE) + tbl(tr(tc("一"), tc("二"))))
    found = [survives(mutant) for mutant in mutants(data, 1_500)]
    read_ = [document for document in found if document]
    assert 0 < len(read_) < len(found)
    assert {document.blocks for document in read_} == {parse_docx(data, "x.docx").blocks}


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "_rels/.rels"])
def test_row_08_mutated_xml_is_read_or_refused(name: str) -> None:
    body = p(SENTENCE, f'<w:pStyle w:val="a"/>{num(1)}') + tbl(tr(tc("一", '<w:gridSpan w:val="2"/>'), tc("二")))
    known = styles(style("a", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', base="b"), style("b"))
    whole = parts(body, known, lists(level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2.")))
    found = [survives(packed({**whole, name: mutant})) for mutant in mutants(whole[name], 500)]
    assert any(found)
    assert not all(found)


def test_row_09_two_texts_are_ambiguous() -> None:
    for name in (b"word/document.xml", b"Word/Document.XML"):
        archive = raw()
        archive.add(name, document(p("另一份")).encode())
        assert code(archive.bytes()) == "docx-ambiguous"


def test_parts_are_found_in_any_case_and_nothing_else_is() -> None:
    archive = Archive(packed({"Word/A.xml": b"x"}), LIMITS)
    assert archive.read("word/a.XML") == b"x"
    assert archive.read("word/b.xml") is None


def test_the_text_is_where_the_package_says() -> None:
    files = parts(p("旧的"))
    files["_rels/.rels"] = files["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
    files["word/document2.xml"] = document(p(SENTENCE)).encode()
    assert text(packed(files)) == SENTENCE
    files["_rels/.rels"] = files["_rels/.rels"].replace(b"/word/document2.xml", b"../../../etc/passwd")
    assert code(packed(files)) == "format"


# --- XML --------------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = [
    pytest.param(f'<!DOCTYPE w:document [<!ENTITY a0 "ha">{LAUGHS}]>', "&a9;", id="row 12 billion laughs"),
    pytest.param(f'<!DOCTYPE w:document [<!ENTITY a "{"x" * 50_000}">]>', "&a;" * 50_000, id="row 13 quadratic"),
    pytest.param('<!DOCTYPE w:document [<!ENTITY a SYSTEM "CANARY">]>', "&a;", id="row 14 a file"),
    pytest.param('<!DOCTYPE w:document [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>', "&a;", id="row 14 an address"),
    pytest.param('<!DOCTYPE w:document SYSTEM "CANARY">', "甲", id="row 15 an external DTD"),
    pytest.param('<!DOCTYPE w:document [<!ENTITY % a SYSTEM "CANARY"> %a;]>', "甲", id="row 15 a parameter entity"),
]


@pytest.mark.parametrize(("doctype", "words"), DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_row_12_to_15_document_types_are_refused(
    doctype: str, words: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any parser sees them: nothing is expanded or opened, so that it takes no time either."""
    (tmp_path / "canary").write_text("金丝雀", encoding="utf-8")
    xml = f"<w:document {SPACES}><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    whole = (doctype.replace("CANARY", str(tmp_path / "canary")) + xml).encode(encoding)
    parsed: list[bytes] = []
    parse = etree.fromstring

    def watched(data: bytes, parser: Any) -> Any:
        parsed.append(data)
        return parse(data, parser)

    monkeypatch.setattr(etree, "fromstring", watched)
    for name in ("word/document.xml", "_rels/.rels"):
        assert code(with_xml(whole, name)) == "xml-doctype"
    assert not any(b"DOCTYPE" in data for data in parsed)
    assert parsed  # the list of relations, before the document that it names


def test_row_16_deep_nesting_is_refused() -> None:
    deep = "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000
    with pytest.raises(Unreadable) as caught:
        parse_xml(document(deep).encode(), LIMITS)
    assert caught.value.code == "xml-depth"
    tables = "<w:tbl><w:tr><w:tc>" * 400 + p(SENTENCE) + "</w:tc></w:tr></w:tbl>" * 400
    assert code(docx(tables)) == "xml-depth"


@pytest.mark.parametrize(
    "unit", [("<w:tbl><w:tr><w:tc>", 80), ("<w:sdt>", 240), ("<w:p><w:r><w:pict><w:txbxContent>", 60)]
)
def test_row_16_what_the_parser_allows_can_be_walked(unit: tuple[str, int]) -> None:
    opening, times = unit
    closing = "".join(reversed([f"</{tag}" for tag in opening.split("<")[1:]]))
    assert text(docx(opening * times + p(SENTENCE) + closing * times)) == SENTENCE


def test_row_17_a_huge_text_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_xml(document(p("青" * 17_000_000)).encode(), LIMITS)
    assert caught.value.code == "too-big"


def test_row_17_a_million_empty_paragraphs_are_read() -> None:
    started = time.process_time()
    archive = Raw()
    for name, data in parts(p(SENTENCE) + "".join(f"<w:p w:r='{n:x}'/>" for n in range(400_000))).items():
        archive.add(name.encode(), data)
    assert text(archive.bytes()) == SENTENCE
    assert time.process_time() - started < 8


def test_row_17_more_tags_than_any_report_has_are_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_xml(b"<a>" + b"<b/>" * LIMITS.xml_nodes + b"</a>", LIMITS)
    assert caught.value.code == "too-big"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("declared", ["utf-8", "UTF-16", "gb2312", "iso-8859-1", ""])
def test_row_18_encodings_are_read_right_or_refused(encoding: str, declared: str) -> None:
    xml = document(p(f"驩城：{SENTENCE}")).removeprefix(HEAD)
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else "<?xml version='1.0'?>"
    data = with_xml((declaration + xml).encode(encoding))
    if encoding.startswith("gb") and declared != "gb2312":
        assert code(data) == "xml-damaged"
    else:
        assert text(data) == f"驩城：{SENTENCE}"


@pytest.mark.parametrize(
    "bad", [b"\x01", b"\x00", b"\xff", b"\xed\xa0\x80", b"&#1;", b"&nbsp;", b"</w:x>", b"<w:x a=1/>"]
)
def test_row_18_illegal_characters_and_tags_are_damage(bad: bytes) -> None:
    whole = document(p("甲")).encode()
    assert code(with_xml(whole.replace("甲".encode(), bad))) == "xml-damaged"


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 99, b"text", "<".encode("utf-32"), document("甲").encode("cp1140", "replace")]
)
def test_row_18_what_is_no_xml_is_damage(data: bytes) -> None:
    assert code(with_xml(data)) == "xml-damaged"


def test_row_29_the_strict_namespace_says_the_same() -> None:
    transitional = parts(p(SENTENCE, '<w:outlineLvl w:val="1"/>') + tbl(tr(tc("一"), tc("二"))))
    strict = {
        name: data.replace(WORD.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main").replace(
            OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, data in transitional.items()
    }
    assert strict["word/document.xml"] != transitional["word/document.xml"]
    assert parse_docx(packed(strict), "x") == parse_docx(packed(transitional), "x")


def test_row_30_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert caught.value.code == "encrypted"
    assert "密码" in caught.value.remedy
