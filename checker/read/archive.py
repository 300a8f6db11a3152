"""Zip packages (docx, xlsx, ofd) and the XML in them, opened so that no file can eat the machine or reach outside.

The directory is judged before anything is inflated; parts are inflated one by one, by exact name, into memory only.
"""

from __future__ import annotations

import io
import posixpath
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checker.late import late
from checker.model import Unreadable
from checker.read.limits import MIB, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, length of name, length of extra field
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flag bits: encrypted, strongly encrypted, directory encrypted
_SAVE_AGAIN = "请用 Word 或 WPS 打开原始文档，另存一份后重新检查；打不开的，请向提供文件的人重新要一份。"
_ODD = "请用 Word 或 WPS 打开，确认内容正常后另存为新文件，再检查一次。"


class Archive:
    """A zip package in memory. ``repeated`` names the parts that occur more than once, whatever their case.

    ``entries``: what its directory says of the parts, in its order.

    Raises Unreadable ``zip-damaged zip-entries zip-ratio zip-overlap zip-unsupported``.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self.entries = entries = tuple(_directory(data, limits))
        _require_supported(entries)
        _require_apart(data, entries)
        _require_sober(entries, limits)
        names = Counter(entry.orig_filename.lower() for entry in entries)
        self.repeated = tuple(name for name, count in names.items() if count > 1)
        self._entries = {entry.orig_filename.lower(): entry for entry in entries}

    def read(self, name: str) -> bytes | None:
        """The part called ``name`` (without a leading slash, in any case), or None when there is none."""
        entry = self._entries.get(name.lower())
        return None if entry is None else _inflate(self._data, entry)


def _damaged() -> Unreadable:
    return Unreadable("zip-damaged", "文件不完整或有损坏，打不开。", _SAVE_AGAIN)


def _directory(data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    """All entries in the order of the directory, counted before they are read."""
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if data.count(b"PK\x01\x02", max(0, end - size), max(0, end)) > limits.zip_entries:
        message = f"文件里装了超过 {limits.zip_entries} 个部件，不像正常的文档，没有读取。"
        raise Unreadable("zip-entries", message, _ODD)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, LookupError, EOFError, OverflowError, NotImplementedError):
        raise _damaged() from None


def _require_supported(entries: Sequence[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("zip-unsupported", "文件里有加密的部件，或者用了少见的压缩方法，没有读取。", _ODD)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable("zip-unsupported", "文件里有指向别处的链接，不像正常的文档，没有读取。", _ODD)


def _require_apart(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Each entry has bytes of its own."""
    spans = sorted((entry.header_offset, _end(data, entry)) for entry in entries)
    if any(start < end for (_, end), (start, _) in pairwise(spans)):
        raise Unreadable("zip-overlap", "文件里的部件互相重叠，是有意做成的压缩炸弹，没有读取。", _ODD)


def _end(data: bytes, entry: zipfile.ZipInfo) -> int:
    return _start(data, entry) + entry.compress_size


def _start(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where the bytes of an entry begin, after its own header."""
    at = entry.header_offset
    if not 0 <= at <= len(data) - _LOCAL_HEADER.size:
        raise _damaged()
    signature, name, extra = _LOCAL_HEADER.unpack_from(data, at)
    start: int = at + _LOCAL_HEADER.size + name + extra
    if signature != b"PK\x03\x04" or start + entry.compress_size > len(data):
        raise _damaged()
    return start


def _require_sober(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """Sizes as declared; what lies about its size is found out while inflating."""
    total = sum(entry.file_size for entry in entries)
    if total > limits.zip_size:
        message = f"文件展开后有 {total / MIB:.0f} MB，超过上限 {limits.zip_size / MIB:.0f} MB，没有读取。"
        raise Unreadable("zip-ratio", message, "请去掉图片等附件，只保留报告正文，另存后重新检查。")
    for entry in entries:
        if entry.file_size > max(MIB, limits.zip_ratio * entry.compress_size):
            message = f"文件里有一个部件展开后大了 {limits.zip_ratio} 倍以上，不像正常的文档，没有读取。"
            raise Unreadable("zip-ratio", message, _ODD)


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry: never more than declared, and exactly those that were packed."""
    start = _start(data, entry)
    raw = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        try:
            raw = zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, entry.file_size + 1)
        except zlib.error:
            raise _damaged() from None
    if len(raw) != entry.file_size or zlib.crc32(raw) != entry.CRC:
        raise _damaged()
    return raw


# --- XML --------------------------------------------------------------------------------------------------------------

_DECLARED = late(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = late(r"\A\s*<\?xml[^>]{0,200}\?>")
#: the strict form of ISO 29500 says the same in other namespaces
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing", b"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"),
)  # fmt: skip


def parse_xml(data: bytes, limits: Limits) -> Element:
    """The root of an XML part, without comments and processing instructions, in transitional namespaces.

    Raises Unreadable ``xml-doctype`` before a parser sees a document type, ``xml-depth`` beyond 256 open elements,
    ``too-big`` for too many elements or one text beyond 10 MB, ``xml-damaged``.
    """
    from lxml import etree

    text = _utf8(data)
    if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise Unreadable("xml-doctype", "文件里夹带了文档类型声明，Word 和 WPS 从不这样写，没有读取。", _ODD)
    if len(text) > limits.xml_nodes < text.count(b"<") + text.count(b"="):
        raise _too_big()
    if b"http://purl.oclc.org/ooxml/" in text:
        for strict, transitional in STRICT:
            text = text.replace(strict, transitional)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(str(error)) from None


class Relation(NamedTuple):
    """What a part of an Office package says of another one: the name that it uses, the kind, the part."""

    id: str
    kind: str
    part: str


def relations(archive: Archive, part: str, limits: Limits) -> Iterator[Relation]:
    """The parts that ``part`` names; "" is the package itself. What lies outside the package is left out."""
    folder, name = posixpath.split(part)
    data = archive.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    for each in () if data is None else parse_xml(data, limits):
        if each.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
            yield Relation(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], target)


def _refused(reason: str) -> Unreadable:
    """What the parser could not bear, by its own words for a limit."""
    if "XML_PARSE_HUGE" not in reason:
        return _damaged_xml()
    if "depth" in reason:
        return Unreadable("xml-depth", "文件里的内容层层嵌套超过 256 层，不像正常的文档，没有读取。", _ODD)
    return _too_big()


def _too_big() -> Unreadable:
    return Unreadable("too-big", "文件里的内容太多，不像一份报告，没有读取。", "请只保留报告正文，另存后重新检查。")


def _damaged_xml() -> Unreadable:
    return Unreadable("xml-damaged", "文件能解开，里面的内容却有损坏，没有读取。", _SAVE_AGAIN)


def _utf8(data: bytes) -> bytes:
    """``data`` in UTF-8, whatever it declares: UTF-16 by its first bytes, else UTF-8, else a declared GB code."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return _undeclared(data.decode("utf-16"))
        if b"\0" in data[:2]:
            return _undeclared(data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le"))
        if not data.lstrip(b" \t\r\n").startswith(b"<"):
            raise _damaged_xml()  # also EBCDIC and UTF-32, which a parser would recognise
        declared = _DECLARED.match(data)
        if declared and declared[1].lower().startswith(b"gb") and not _is_utf8(data):
            return _undeclared(data.decode("gb18030"))
    except UnicodeDecodeError:
        raise _damaged_xml() from None
    return data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _undeclared(text: str) -> bytes:
    try:
        return _DECLARATION.sub("", text.lstrip("\ufeff")).encode()
    except UnicodeEncodeError:  # a lone surrogate
        raise _damaged_xml() from None
