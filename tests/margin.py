"""Word files read back as a stranger would: words with their looks, comments and the words that they stand on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Comment:
    """A comment: who, what, and the words between its marks; several paragraphs or cells are joined by a bar."""

    author: str
    lines: tuple[str, ...]
    words: str

    @property
    def rule(self) -> str:
        return self.lines[-1].removeprefix("规则：")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def body(data: bytes) -> Element:
    return etree.fromstring(parts(data)["word/document.xml"])


def looks(data: bytes) -> list[tuple[str, str]]:
    """Every character of the text with what its run says of its looks, tags in between: nothing else is printed."""
    found: list[tuple[str, str]] = []
    for element in body(data).iter():
        if element.tag in (W + "t", W + "delText", W + "instrText"):
            run = element.getparent()
            properties = None if run is None else run.find(W + "rPr")
            look = "" if properties is None else str([(e.tag, *e.attrib.items()) for e in properties.iter()])
            blank = element.get("{http://www.w3.org/XML/1998/namespace}space")
            words = element.text or ""
            found += ((sign, look) for sign in (words if blank else words.strip(" \t\r\n")))
        elif element.tag not in (*(W + name for name in _OURS), W + "r", W + "rPr") and not _in_looks(element):
            found.append((str(element.tag), str(sorted(element.attrib.items()))))
    return found


_OURS = ("commentRangeStart", "commentRangeEnd", "commentReference")


def _in_looks(element: Element) -> bool:
    return any(above.tag == W + "rPr" for above in element.iterancestors())


def comments(data: bytes) -> list[Comment]:
    """The comments in the order of their numbers."""
    found: Mapping[str, bytes] = parts(data)
    root = etree.fromstring(found["word/comments.xml"]) if "word/comments.xml" in found else None
    text = body(data)
    return [
        Comment(
            each.get(W + "author", ""),
            tuple("".join(t.text or "" for t in p.iter(W + "t")) for p in each.iter(W + "p")),
            _between(text, each.get(W + "id", "")),
        )
        for each in (root.iter(W + "comment") if root is not None else ())
    ]


def _between(text: Element, number: str) -> str:
    """The words between the two marks of a comment, each of which stands there once, its reference behind them."""
    order = list(text.iter())
    at = {}
    for name in _OURS:
        (mark,) = (each for each in order if each.tag == W + name and each.get(W + "id") == number)
        at[name] = order.index(mark)
    start, end, reference = (at[name] for name in _OURS)
    assert start < end < reference
    words = ""
    for each in order[start:end]:
        if each.tag == W + "p" and words:
            words += "|"
        run = each.getparent()
        if each.tag == W + "t" and run is not None and run.find(f"{W}rPr/{W}vanish") is None:
            words += each.text or ""
    return words


# --- tracked changes --------------------------------------------------------------------------------------------------


def accepted(data: bytes) -> bytes:
    """The file after somebody has accepted all changes."""
    return _resolved(data, dropped="del", kept="ins")


def rejected(data: bytes) -> bytes:
    """The file after somebody has rejected all changes."""
    return _resolved(data, dropped="ins", kept="del")


def _resolved(data: bytes, dropped: str, kept: str) -> bytes:
    files = parts(data)
    root = etree.fromstring(files["word/document.xml"])
    for change in list(root.iter(W + dropped)):
        if (above := change.getparent()) is not None:
            above.remove(change)
    for change in list(root.iter(W + kept)):
        for child in list(change):
            change.addprevious(child)
        if (above := change.getparent()) is not None:
            above.remove(change)
    for text in root.iter(W + "delText"):
        text.tag = W + "t"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (files | {"word/document.xml": etree.tostring(root)}).items():
            archive.writestr(name, content)
    return buffer.getvalue()
