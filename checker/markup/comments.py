"""Findings as comments of a Word file, each on the words or the cell that it is about.

Comments of an earlier run are replaced, those of others stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from checker.late import late
from checker.markup import AUTHOR
from checker.markup.package import Package
from checker.markup.spans import NAMED, SPACE, Cuts, Places, Span, W
from checker.model import Audit, Where
from checker.read.archive import parse_xml
from checker.read.limits import LIMITS
from checker.render import remarks

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from checker.read import Traced
    from checker.render import View

_INITIALS = "年检"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_ID, _AUTHOR = W + "id", W + "author"
_START, _END, _REFERENCE = W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference"
_NONE = (
    f'<w:comments xmlns:w="{W[1:-1]}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
).encode()
#: parts of newer versions of Word that say more of each comment, by the id of its last paragraph
_SATELLITES = ("commentsExtended", "commentsIds", "commentsExtensible")
_NO_XML = late("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def annotate(traced: Traced, audit: Audit, view: View, date: str | None = None) -> tuple[bytes, int, int]:
    """The package with a comment on each finding and one on the whole.

    Also how many stand in the text, and how many findings have no place there. Other words of the same finding have a
    comment, too, other cells of a sum have none.

    ``date``: when the comments were made (2025-01-31T08:00:00Z); without it they bear none.
    """
    package = Package(traced.package)
    root = traced.root
    name, comments = _existing(package)
    _without_ours(package, root, comments)
    places = Places(traced)
    found = [(places.find(verdict.where), verdict) for verdict in remarks.findings(audit)]
    placeless = [verdict for span, verdict in found if span is None]
    marks = []
    for span, verdict in found:
        if span:
            marks.append((span, remarks.on_finding(verdict, view)))
            words = (places.find(where) for where in verdict.related if where.quote and not where.table)
            others = dict.fromkeys(other for other in words if other and other != span)
            marks += [(other, remarks.on_related(verdict, view)) for other in others]
    count = len(marks)
    top = _top(places, audit, traced)
    if top:
        marks.insert(0, (top, remarks.on_report(audit, placeless, view)))
    _write(comments, marks, date)
    package.put(package.main, root)
    if name:
        package.put(name, comments)
    else:
        package.add("comments", "comments.xml", _TYPE, comments)
    return package.written(), count, len(placeless)


def _existing(package: Package) -> tuple[str | None, Element]:
    """The part with the comments of the file, and its root: an empty one where there is none."""
    name = package.related("comments")
    root = package.part(name) if name else None
    return (None, parse_xml(_NONE, LIMITS)) if root is None else (name, root)


def _top(places: Places, audit: Audit, traced: Traced) -> Span | None:
    """The title, or the first words of all."""
    title = audit.report and audit.report.texts.get("title")
    wheres = [title.where(0, len(title.lines[0].text))] if title else []
    wheres += [Where(block=at) for at in range(len(traced.document.blocks))]
    return next((span for where in wheres if (span := places.find(where))), None)


# --- written ----------------------------------------------------------------------------------------------------------


def _write(comments: Element, marks: Sequence[tuple[Span, Sequence[str]]], date: str | None) -> None:
    taken = [int(each.get(_ID, "")) for each in comments if each.get(_ID, "").isdecimal()]
    cuts = Cuts(span for span, _ in marks)
    numbered = list(enumerate(marks, max(taken, default=-1) + 1))
    for number, (_, lines) in numbered:
        comments.append(_comment(comments, number, lines, date))
    for number, (span, _) in reversed(numbered):  # what is set last stands next to the words
        _mark(cuts, span, str(number))


def _comment(comments: Element, number: int, lines: Sequence[str], date: str | None) -> Element:
    dated = {"date": date} if date else {}
    comment = _made(comments, "comment", id=str(number), author=AUTHOR, initials=_INITIALS, **dated)
    for at, line in enumerate(lines):
        paragraph = _added(comment, "p")
        # the report's own paragraphs are indented and widely set, and a comment would inherit that
        layout = _added(paragraph, "pPr")
        _added(layout, "spacing", before="0", after="0", line="240", lineRule="auto")
        _added(layout, "ind", left="0", right="0", firstLine="0", firstLineChars="0")
        _added(layout, "jc", val="left")
        if at == 0:
            _added(_added(paragraph, "r"), "annotationRef")
        run = _added(paragraph, "r")
        properties = _added(run, "rPr")
        if at == 0:
            _added(properties, "b")
        _added(properties, "sz", val="20")
        text = _added(run, "t")
        text.set(SPACE, "preserve")
        text.text = _NO_XML.sub("", line)
    return comment


def _mark(cuts: Cuts, span: Span, number: str) -> None:
    """Sets the marks of a comment around its words."""
    first, last = cuts.first(span), cuts.last(span)
    reference = _made(first, "r")
    _added(reference, "commentReference", id=number)
    start, end = _made(first, "commentRangeStart", id=number), _made(first, "commentRangeEnd", id=number)
    if first.tag == W + "p":  # nothing stands in it
        layout = first.find(W + "pPr")
        at = 0 if layout is None else first.index(layout) + 1
        first[at:at] = [start, end, reference]
        return
    first.addprevious(start)
    last.addnext(end)
    line = end
    while (above := line.getparent()) is not None and above.tag != W + "p":
        line = above
    line.addnext(reference)  # outside of links, controls and insertions: whoever undoes those keeps the comment


def _made(near: Element, name: str, **attributes: str) -> Element:
    return near.makeelement(W + name, {W + key: value for key, value in attributes.items()}, NAMED)


def _added(parent: Element, name: str, **attributes: str) -> Element:
    parent.append(made := _made(parent, name, **attributes))
    return made


# --- ours of an earlier run -------------------------------------------------------------------------------------------


def _without_ours(package: Package, root: Element, comments: Element) -> None:
    """Takes our comments out of the file, with their marks and what newer parts say of them."""
    own = [each for each in comments if each.get(_AUTHOR) == AUTHOR]
    numbers = {each.get(_ID) for each in own}
    for mark in list(root.iter(_START, _END, _REFERENCE)):
        if mark.get(_ID) in numbers:
            _drop_mark(mark)
    lost = {value for each in own for paragraph in each.iter(W + "p") for value in _named(paragraph, "paraId")}
    for each in own:
        comments.remove(each)
    for kind in _SATELLITES if lost else ():
        lost |= _without_rows(package, kind, lost)


def _drop_mark(mark: Element) -> None:
    """Removes a mark, and the run that held nothing else."""
    above = mark.getparent()
    assert above is not None
    above.remove(mark)
    run = above.getparent()
    if above.tag == W + "r" and run is not None and all(each.tag == W + "rPr" for each in above):
        run.remove(above)


def _without_rows(package: Package, kind: str, lost: set[str]) -> set[str]:
    """Drops the rows of one part that speak of these comments; the other ids by which the next part calls them."""
    name = package.related(kind)
    root = package.part(name) if name else None
    if name is None or root is None:
        return set()
    found: set[str] = set()
    for row in list(root):
        if lost & {*_named(row, "paraId"), *_named(row, "durableId")}:
            found |= set(_named(row, "durableId"))
            root.remove(row)
        for key in [key for key, value in row.attrib.items() if str(key).endswith("}paraIdParent") and value in lost]:
            del row.attrib[key]  # somebody's answer to one of ours stands by itself from now on
    package.put(name, root)
    return found


def _named(element: Element, name: str) -> Iterator[str]:
    """The values of the attribute ``name``, whatever version of Word its namespace is of."""
    return (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
