"""One file -> ``Document``: flat blocks, tables as full grids, a place on each.

What a file is gets decided by its content. A later reader plugs in as one line of ``_CONTAINERS`` (formats that are
bytes: docx, pdf) or of ``_TEXTS`` (formats that are text).
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NoReturn

from checker.cause import cause
from checker.late import late
from checker.model import HOLE, Block, Document, Note, Paragraph, Unreadable, Where, record
from checker.read.limits import LIMITS, Limits
from checker.read.plain.encoding import decode
from checker.read.plain.text import parse_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from checker.read.office.docx import Source

__all__ = ["LIMITS", "Limits", "Traced", "load", "needs_worker", "parse", "parse_text", "read", "read_traced", "trace"]


def read(path: Path, limits: Limits = LIMITS) -> Document:
    """The file at ``path`` as a Document.

    Raises Unreadable and nothing else: ``not-a-file no-reports io too-big empty format encrypted binary encoding
    html-depth``, those of ``archive`` and ``pdf``, and ``docx-ambiguous`` (docs/errors.md).
    """
    return parse(load(path, limits), str(path), limits)


def parse(data: bytes, source: str, limits: Limits = LIMITS) -> Document:
    """The bytes of a file called ``source``, as ``read`` reads them. Raises Unreadable."""
    if kind := _container(data):
        document = _CONTAINERS[kind](data, source, limits)
        return replace(document, notes=(*document.notes, *_zero_width(document.blocks, "段")))
    text = decode(data)
    if not text.strip("\ufeff\0 \t\r\n\u3000"):
        raise Unreadable("empty", "文件里没有任何文字。", _SAVE_AGAIN)
    document = _TEXTS[_text_kind(text, PurePath(source).suffix.lower())](text, source, limits)
    if HOLE in text:
        document = _with_holes(document)
    return replace(document, notes=(*document.notes, *_zero_width(document.blocks)))


@record
class Traced:
    """A word processor's file: as read, and with the elements that its blocks come from, to be marked.

    ``package`` are the bytes of the .docx, that which was made of an older file; ``root`` is the root of its text, and
    ``sources`` says for each block of the document which elements of it those are.
    """

    document: Document
    package: bytes
    root: Element
    sources: tuple[Source, ...]


def read_traced(path: Path, limits: Limits = LIMITS) -> Traced:
    """The word processor's file at ``path``, read exactly as ``read`` does.

    Raises Unreadable as ``read``, and ``no-word`` for any other kind of file.
    """
    from checker.read.office.legacy import as_docx

    package = load(path, limits)
    kind = _container(package)
    if kind not in _WORD:
        message = "这不是 Word 文档，批注和修订只能写进 Word 文档（.docx、.doc、.wps、.rtf、.odt）。"
        raise Unreadable("no-word", message, "请改用报告的 Word 文档；别的格式用 nianbao check 检查。")
    return trace(package if kind == "docx" else as_docx(package, limits, kind), str(path), kind, limits)


def trace(package: bytes, source: str, kind: str, limits: Limits = LIMITS) -> Traced:
    """The bytes of a .docx, made of a file of this kind, as ``read_traced`` reads them. Raises Unreadable."""
    from checker.read.office.docx import traced_docx

    document, root, sources = traced_docx(package, source, limits, recalculated=kind != "docx")
    notes = (*document.notes, *_zero_width(document.blocks, "段"))
    return Traced(replace(document, format=kind, notes=notes), package, root, sources)


_WORD = ("docx", "doc", "rtf", "odt")
#: kinds that native code takes apart, or another program: it may crash or hang where no exception ends it
_APART = frozenset(("pdf", "image", "doc", "ole", "rtf", "odt"))


def needs_worker(path: Path) -> bool:
    """Whether the file at ``path`` must be read in a process of its own, by its first bytes. Never raises."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with open(path, "rb") as file:
            return _container(file.read(2048)) in _APART
    except (OSError, ValueError):  # reading it will say so
        return False


# --- bytes ------------------------------------------------------------------------------------------------------------

_SAVE_AGAIN = "请打开原始文档，确认内容完整后重新保存，再检查一次。"


def load(path: Path, limits: Limits = LIMITS) -> bytes:
    """The bytes of a regular file within the size limit. Nothing else is opened: a FIFO would block for ever.

    Raises Unreadable: ``not-a-file no-reports io too-big empty``.
    """
    try:
        _require_file(path, os.stat(path))
        # O_NONBLOCK: the file may have become a FIFO since; O_BINARY exists on Windows only
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
        with open(descriptor, "rb", buffering=0) as file:
            before = os.fstat(descriptor)
            _require_file(path, before)
            _require_size(before.st_size, limits)
            data = _all_bytes(file.read, before.st_size + 1)
            after = os.fstat(descriptor)
    except OSError as error:
        _refuse_io(error)
    except ValueError:  # a NUL in the name
        raise Unreadable("io", "文件名里有不能使用的字符，无法打开。", "请改名后重新检查。") from None
    if len(data) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise Unreadable("io", "读取时文件正在变化（还在保存或下载）。", "请等文件保存完毕、关闭编辑程序后重新检查。")
    return data


def _all_bytes(read_some: Callable[[int], bytes | None], size: int) -> bytes:
    """Up to ``size`` bytes. A single call may return fewer."""
    data = read_some(size) or b""
    while len(data) < size and (more := read_some(size - len(data))):
        data += more
    return data


def _require_file(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        if not os.access(path, os.R_OK | os.X_OK):
            raise Unreadable("io", "没有权限打开这个文件夹。", "请向文件的主人要读取权限，或复制一份再检查。")
        raise Unreadable(
            "no-reports",
            "这是一个文件夹，里面没有可以检查的报告。",
            "请指明报告所在的文件夹，报告应是 .docx、.doc、.wps、.pdf、.ofd、.xlsx、.txt、.md 或 .html 文件。",
        )
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("not-a-file", "这不是普通文件（是管道、设备或套接字），没有打开。", "请改为给出报告文件。")


def _require_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise Unreadable("empty", "文件是空的，一个字节也没有。", _SAVE_AGAIN)
    if size > limits.file_size:
        message = f"文件有 {size / (1 << 20):.1f} MB，超过上限 {limits.file_size / (1 << 20):.0f} MB，没有读取。"
        raise Unreadable("too-big", message, "请去掉图片等附件，只保留报告正文，另存后重新检查。")


def _refuse_io(error: OSError) -> NoReturn:
    if error.errno == errno.ELOOP:
        raise Unreadable("not-a-file", "这个链接绕成了圈，没有指向任何文件。", "请改为给出报告文件本身。") from None
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        raise Unreadable("io", "找不到这个文件。", "请核对文件名和所在文件夹，或它是否已被移走。") from None
    if isinstance(error, PermissionError):
        raise Unreadable("io", "没有权限读取这个文件。", "请向文件的主人要读取权限，或复制一份再检查。") from None
    if error.errno == errno.ENAMETOOLONG:
        raise Unreadable("io", "文件名太长，打不开。", "请把文件名改短后重新检查。") from None
    raise Unreadable("io", f"文件读取失败：{cause(error)}。", "请把文件复制到本机硬盘后重新检查。") from None


# --- kinds ------------------------------------------------------------------------------------------------------------

_SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx 后重新检查。"
_UNPACK = "请先解压，再检查里面的报告。"


def _refused(
    name: str, remedy: str, code: str = "format", why: str = "本版本还读不了"
) -> Callable[[bytes, str, Limits], Document]:
    def refuse(_data: bytes, _source: str, _limits: Limits) -> Document:
        raise Unreadable(code, f"从内容看这是{name}，{why}。", remedy)

    return refuse


def _docx(data: bytes, source: str, limits: Limits) -> Document:
    from checker.read.office.docx import parse_docx

    return parse_docx(data, source, limits)


def _xlsx(data: bytes, source: str, limits: Limits) -> Document:
    from checker.read.office.xlsx import parse_xlsx

    return parse_xlsx(data, source, limits)


def _ofd(data: bytes, source: str, limits: Limits) -> Document:
    from checker.read.paper.ofd import parse_ofd

    return parse_ofd(data, source, limits)


def _legacy(suffix: str) -> Callable[[bytes, str, Limits], Document]:
    def parse(data: bytes, source: str, limits: Limits) -> Document:
        from checker.read.office.legacy import parse_legacy

        return parse_legacy(data, source, limits, suffix=suffix)

    return parse


def _pdf(data: bytes, source: str, limits: Limits) -> Document:
    from checker.read.paper.pdf import parse_pdf

    return parse_pdf(data, source, limits)


def _picture(data: bytes, source: str, limits: Limits) -> Document:
    from checker.read.paper.scan import parse_picture

    return parse_picture(data, source, limits)


_CONTAINERS: dict[str, Callable[[bytes, str, Limits], Document]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "pptx": _refused("演示文稿（.pptx）", "请把报告文字另存为 .txt 后重新检查。"),
    "ofd": _ofd,
    "odt": _legacy("odt"),
    "zip": _refused("压缩包", _UNPACK),
    "doc": _legacy("doc"),
    "xls": _refused("旧版 Excel 或 WPS 表格（.xls、.et）", "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新检查。"),
    "ole": _refused("旧版 Office 或 WPS 文件", _SAVE_AS, why="但找不到里面的文字，文件不完整或有损坏，读不出来"),
    "encrypted": _refused(
        "加了密码的 Office 文档", "请用 Word 或 WPS 打开，取消密码并另存后重新检查。", "encrypted", "没有密码打不开"
    ),
    "rtf": _legacy("rtf"),
    "mht": _refused("网页存档（.mht）", "请用浏览器打开，另存为 .html 后重新检查。"),
    "word-xml": _refused(" Word 的 XML 文档", _SAVE_AS),
    "image": _picture,
}
_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"\x1f\x8b\x08", "zip"),
    (b"Rar!\x1a\x07", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "zip"),
    (b"PK\x05\x06", "zip"),
)
_ZIP_PARTS = (
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"ppt/presentation", "pptx"),
    (b"ofd.xml", "ofd"),
)
_OLE_STREAMS = (
    ("EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("WordDocument".encode("utf-16-le"), "doc"),
    ("Workbook".encode("utf-16-le"), "xls"),
)


def _container(data: bytes) -> str | None:
    """The kind of a file that is no text, by its first bytes; None for what may be text."""
    if data.startswith(b"PK\x03\x04"):
        return _package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _first(data, _OLE_STREAMS) or "ole"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image"
    if data.startswith(b"BM") and int.from_bytes(data[2:6], "little") == len(data):
        return "image"
    if head.startswith(b"<?xml") and (b'progid="Word.Document"' in head or b"<pkg:package" in head):
        return "word-xml"
    if head[:13].lower() == b"mime-version:" or (head[:5].lower() == b"from:" and b"multipart/related" in head):
        return "mht"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _package(data: bytes) -> str:
    """The kind of a zip package, by the parts that its own directory names: it may hold other packages as they are."""
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    directory = data[max(end - size, 0) : end] if end > 0 else data
    if found := _first(directory.lower(), _ZIP_PARTS):
        return found
    if b"opendocument.text" in data[:200]:
        return "odt"
    return "zip" if end > 0 else "docx"  # what was cut off is damaged, whatever it was: that reader says so


def _first(data: bytes, marks: tuple[tuple[bytes, str], ...]) -> str | None:
    return next((kind for mark, kind in marks if mark in data), None)


def _html(text: str, source: str, limits: Limits) -> Document:
    from checker.read.plain.html import parse_html

    return parse_html(text, source, limits)


def _markdown(text: str, source: str, limits: Limits) -> Document:
    from checker.read.plain.markdown import parse_markdown

    return parse_markdown(text, source, limits)


_TEXTS: dict[str, Callable[[str, str, Limits], Document]] = {
    "txt": parse_text,
    "md": _markdown,
    "html": _html,
}
_PROLOGUE = late(r"[\s\ufeff]+|<\?xml[^<>]{0,200}>")
_PAGE = late(
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|div|p|table|span|section|article|h[1-6]|script|style|link|font"
    r"|center|ul|ol)\b[^<>]{0,2000}>)",
    re.IGNORECASE,
)
_TAG = late(r"</?[a-zA-Z][a-zA-Z0-9]{0,20}\b[^<>]{0,500}>")


_HEADING = late(r"^#{1,6} +\S", re.MULTILINE)
_RULE = late(r"^\|? *:?-{3,}:? *(?:\| *:?-{3,}:? *)+\|? *$", re.MULTILINE)  # below the head of a pipe table


def _text_kind(text: str, suffix: str) -> str:
    """A page by its first tag, Markdown by its headings or tables; the suffix tells where they do not."""
    if _PAGE.match(text, _start(text)) or (suffix in (".html", ".htm") and _TAG.search(text)):
        return "html"
    if suffix in (".md", ".markdown"):
        return "md"
    marked = ("# " in text and len(_HEADING.findall(text)) > 1) or ("---" in text and _RULE.search(text))
    return "md" if marked else "txt"


def _start(text: str) -> int:
    """Where a text begins after blanks, an XML declaration and comments."""
    at = 0
    while True:
        if text.startswith("<!--", at) and (end := text.find("-->", at)) >= 0:
            at = end + 3
        elif match := _PROLOGUE.match(text, at):
            at = match.end()
        else:
            return at


# --- lost characters --------------------------------------------------------------------------------------------------


def _with_holes(document: Document) -> Document:
    """The document with what has a HOLE marked as unread, and a note that says where; what is outside its text is not.

    Whether the character was lost when the file was damaged or when somebody saved it in another encoding is all one.
    """
    blocks = tuple(map(_holed, document.blocks))
    torn = [block for block, was in zip(blocks, document.blocks, strict=True) if block is not was]
    if not torn:
        return document
    at = torn[0].where
    place = f"，第一处在第 {at.line} 行" if at.line else ""
    said = f"文中有 {len(torn)} 处字认不出来（写作“{HOLE}”）{place}；那里写的没有核对。请补上缺的字，另存后再查一次。"
    return replace(document, blocks=blocks, notes=(*document.notes, Note("replaced", said, at)))


def _holed(block: Block) -> Block:
    """The block, unread as far as it has a HOLE; itself where it has none. A merged cell stays one cell."""
    if isinstance(block, Paragraph):
        return replace(block, unread=True) if HOLE in block.text else block
    torn = {id(cell): replace(cell, unread=True) for row in block.rows for cell in row if HOLE in cell.text}
    rows = tuple(tuple(torn.get(id(cell), cell) for cell in row) for row in block.rows)
    return replace(block, rows=rows) if torn else block


# --- notes ------------------------------------------------------------------------------------------------------------

_INVISIBLE = late("[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def _zero_width(blocks: tuple[Block, ...], unit: str = "行") -> tuple[Note, ...]:
    """One note when characters that nobody sees stand in the text: they break words for search and for readers."""
    first: Where | None = None
    count = 0
    for block in blocks:
        if hits := _invisible(block):
            first, count = first or block.where, count + hits
    if first is None:
        return ()
    place = f"，第一处在第 {first.line} {unit}" if first.line else ""
    return (Note("zero-width", f"文中有 {count} 个看不见的字符（零宽字符、软连字符等）{place}；检查时已略去。", first),)


def _invisible(block: Block) -> int:
    """How many such characters a block has; a merged cell counts once, for it may be long, and cover much."""
    if isinstance(block, Paragraph):
        return _invisible_in(block.text)
    if not _invisible_in("".join({cell.text for row in block.rows for cell in row})):
        return 0
    return sum(map(_invisible_in, {id(cell): cell.text for row in block.rows for cell in row}.values()))


def _invisible_in(text: str) -> int:
    # a cell may have several lines
    return 0 if text.replace("\n", "").isprintable() else len(_INVISIBLE.findall(text))
