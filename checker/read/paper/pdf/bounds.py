"""What a PDF may blow up to, judged from its bytes before PDFium opens it.

Streams are found by their keyword and inflated, counted and thrown away; objects are counted. A file that hides from
this look (encrypted, damaged on purpose) meets the bounds of the worker process instead.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable

from checker.late import late
from checker.model import Unreadable
from checker.read.limits import MIB, Limits

_AGAIN = "请用原来的程序打开，确认正常后重新导出 PDF，再检查一次；最好直接用 .docx 检查。"
_BEFORE = 4096  #: bytes; a stream's dictionary is no longer
_STEP = MIB  #: inflated bytes counted at a time
_OBJECT = late(rb"\d[\s\0]+obj(?![a-z])")
_STREAM = late(rb"(?<!end)stream(?:\r\n|\n|\r)")
_FILTER = late(rb"/Filter[\s\0]*(\[[^\]]{0,500}\]|/[^\s\0/<>\[\]()%]{1,60})")
_NAME = late(rb"/([^\s\0/<>\[\]()%]+)")
_TRAILER = late(rb"trailer[\s\0]*<<.{0,4000}?/Size[\s\0]+(\d+)", re.DOTALL)
_XREF = late(rb"/Type[\s\0]*/XRef\b")
_PACKED = late(rb"/Type[\s\0]*/ObjStm\b")
_SIZE = late(rb"/Size[\s\0]+(\d+)")
_COUNT = late(rb"/N[\s\0]+(\d+)")
_LENGTH = late(rb"/Length[\s\0]+(\d{1,8})(?![\d\s\0]*\d+[\s\0]+R)")
_END = late(rb"[\s\0]{0,2}endstream")
_MOST = 1032  #: no byte of Flate becomes more
_PAGES = late(rb"/Count[\s\0]+(\d+)")
_SHORT = {
    b"Fl": b"FlateDecode",
    b"LZW": b"LZWDecode",
    b"RL": b"RunLengthDecode",
    b"A85": b"ASCII85Decode",
    b"AHx": b"ASCIIHexDecode",
}


def require_sober(data: bytes, limits: Limits) -> int:
    """How many objects the file has. Raises Unreadable ``pdf-too-big pdf-damaged``."""
    objects = sum(1 for _ in _OBJECT.finditer(data))
    declared = max((int(match[1]) for look in (_TRAILER, _PAGES) for match in look.finditer(data)), default=0)
    left = limits.pdf_total
    for match in _STREAM.finditer(data):
        head = data[max(data.rfind(b"obj", 0, match.start()), match.start() - _BEFORE) : match.start()]
        if _XREF.search(head):
            declared = max([declared, *map(int, _SIZE.findall(head))])
        elif _PACKED.search(head):
            packed = max(map(int, _COUNT.findall(head)), default=0)
            objects, declared = objects + min(packed, limits.pdf_objects), max(declared, packed)
        filters, most = _filters(head), min(limits.pdf_stream, left)
        size = _MOST * _stated(data, match.end(), head)
        left -= size if len(filters) == 1 and 0 < size <= most else _inflated(data, match.end(), filters, most)
    if declared > limits.pdf_objects >= objects // 2:
        raise Unreadable("pdf-damaged", f"PDF 写明有 {declared} 个对象或页，太多了，或者文件有损坏，没有读取。", _AGAIN)
    _require_objects(objects, limits)
    return objects


def _stated(data: bytes, start: int, head: bytes) -> int:
    """The packed length of the stream at ``start`` where its dictionary tells it, and rightly; else 0."""
    match = _LENGTH.search(head)
    length = int(match[1]) if match else 0
    return length if length and _END.match(data, start + length) else 0


def _require_objects(count: int, limits: Limits) -> None:
    if count > limits.pdf_objects:
        message = f"PDF 里的对象超过 {limits.pdf_objects} 个，不像正常的报告，没有读取。"
        raise Unreadable("pdf-too-big", message, _AGAIN)


def _filters(head: bytes) -> list[bytes]:
    """The filters of a stream in the order in which they are undone, by their long names; Flate if named elsewhere."""
    match = _FILTER.search(head)
    names = [_plain(name) for name in _NAME.findall(match[1])] if match else [b"FlateDecode"] * (b"/Filter" in head)
    return [_SHORT.get(name, name) for name in names]


def _plain(name: bytes) -> bytes:
    """A name with its #41 written out."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), name)


def _inflated(data: bytes, start: int, filters: list[bytes], most: int) -> int:
    """How many bytes the stream at ``start`` becomes. Raises when they are more than ``most``."""
    growing = [name for name in filters if name in _GROWTH]
    if len(growing) > 1:  # no program packs twice, and each layer multiplies
        raise Unreadable("pdf-too-big", "PDF 里有层层压缩的内容，不像正常的文件，没有读取。", _AGAIN)
    packed: bytes | memoryview = memoryview(data)[start:]
    if filters[:1] in ([b"ASCII85Decode"], [b"ASCIIHexDecode"]) and growing:
        packed = _from_ascii(data, start, filters[0])
    return _GROWTH[growing[0]](packed, most) if growing else 0


def _from_ascii(data: bytes, start: int, name: bytes) -> bytes:
    if name == b"ASCII85Decode":
        end = data.find(b"~>", start)
        try:
            return base64.a85decode(data[start : end if end >= 0 else len(data)], ignorechars=b" \t\n\r\v\0\f")
        except ValueError:
            return b""
    end = data.find(b">", start)
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data[start : end if end >= 0 else len(data)])
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def _too_long(most: int) -> Unreadable:
    message = f"PDF 里有内容展开后超过 {most / MIB:.0f} MB，不像正常的文件，没有读取。"
    return Unreadable("pdf-too-big", message, _AGAIN)


def _flate(packed: bytes | memoryview, most: int) -> int:
    """Bytes that come out, in steps, so that no more than one step is held."""
    size, at = 0, 0
    unpack = zlib.decompressobj()
    try:
        while at < len(packed) and not unpack.eof:
            part = packed[at : at + 65536]
            at += len(part)
            size += len(unpack.decompress(part, _STEP))
            while unpack.unconsumed_tail and not unpack.eof:
                if size > most:
                    raise _too_long(most)
                size += len(unpack.decompress(unpack.unconsumed_tail, _STEP))
            if size > most:
                raise _too_long(most)
    except zlib.error:  # what came out before the damage is what a reader gets
        pass
    return size


def _run_length(packed: bytes | memoryview, most: int) -> int:
    size = at = 0
    while at < len(packed) and packed[at] != 128:
        length = packed[at]
        size += length + 1 if length < 128 else 257 - length
        at += length + 2 if length < 128 else 2
        if size > most:
            raise _too_long(most)
    return size


def _lzw(packed: bytes | memoryview, most: int) -> int:
    """The lengths alone, without the bytes: each code is one longer than the one before it in its chain."""
    lengths = [1] * 258
    size = bits = held = 0
    width, last = 9, 0
    for byte in packed:
        held, bits = (held << 8 | byte) & 0xFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & (1 << width) - 1
        if code == 257:
            break
        if code == 256:
            del lengths[258:]
            width, last = 9, 0
            continue
        if last and len(lengths) < 4096:
            lengths.append(last + 1)
        if code >= len(lengths):
            break
        last = lengths[code]
        size += last
        if size > most:
            raise _too_long(most)
        width = min(12, (len(lengths) + 1).bit_length()) if len(lengths) > 258 else 9
    return size


_GROWTH: dict[bytes, Callable[[bytes | memoryview, int], int]] = {
    b"FlateDecode": _flate,
    b"RunLengthDecode": _run_length,
    b"LZWDecode": _lzw,
}
