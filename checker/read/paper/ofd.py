"""OFD (GB/T 33190): bytes -> Document. Characters, lines and pictures by their places; ``grid`` makes the rest of them.

A place inside an object goes through its CTM, then from the corner of its boundary, object by object, to the page,
which is measured in millimetres from its top left corner.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from checker.late import late
from checker.model import Document, Note, Unreadable
from checker.read.archive import Archive, parse_xml
from checker.read.limits import LIMITS, Limits
from checker.read.paper.grid import THIN, Glyph, Page, Stroke, lay_out
from checker.read.paper.sight import Ground, Inked, covered

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_POINT = 72 / 25.4  #: points in a millimetre
_A4 = (0.0, 0.0, 210.0, 297.0)
_NESTING = 16  #: groups within groups
_FEW = 20  #: characters; a page with fewer that is full of drawings has its text drawn
_RULED = 20  #: lines; a page with more and not a word has its words drawn
_MANY = 100  #: filled shapes with curves or slopes
_LOW = 60.0  #: points; a picture less high is no table
_BROAD = frozenset("mwMW@%&")  #: Latin signs nearly as wide as a Chinese one in most faces
_BREADTH = 0.9  #: of them, by their size
_LOOKS = 20_000_000  #: characters times grounds of one page
_FIGURE = (3.0, 40.0)  #: points; how high a figure may be that is drawn
_ASCENT, _DESCENT = 0.86, 0.14  #: of a character's size, above and below its baseline
_NUMBER = late(r"-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:[eE]-?\d{1,2})?")
_COMMAND = late("([SMLQBAC])([^SMLQBAC]*)")
_SOURCE = "请提供报告的原始文档（.docx），或由原始文档重新生成带文字的 OFD 或 PDF。"


def parse_ofd(data: bytes, source: str, limits: Limits = LIMITS) -> Document:
    """The text and the ruled tables of an OFD file.

    Raises Unreadable: those of ``archive``, ``zip-ambiguous``, ``encrypted``, ``format`` for a package without pages,
    ``too-big``, ``ofd-outlines`` where text is drawn instead of written, ``empty``.
    """
    sheets = [sheet for root in _Package(data, limits).documents() for sheet in root.sheets()]
    if not sheets:
        raise Unreadable("format", "这个 OFD 文件里没有页面。", _SOURCE)
    if any(sheet.outlined() for sheet in sheets):
        message = "OFD 里有的页面只有图形或图片，文字是画上去的，没有文字编码，读不了。"
        raise Unreadable("ofd-outlines", message, _SOURCE)
    blocks, notes = lay_out([sheet.page() for sheet in sheets], limits)
    if not blocks:
        raise Unreadable("empty", "OFD 里没有任何文字。", _SOURCE)
    if any(sheet.hidden for sheet in sheets):
        notes = (*notes, Note("hidden-text", "OFD 里有看不见的文字，没有计入报告。"))
    return Document(source, "ofd", blocks, notes)


# --- the package ------------------------------------------------------------------------------------------------------


class _Package:
    """The parts of a file, found by the paths that other parts give."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.archive, self.limits = Archive(data, limits), limits
        self.objects = 0
        if self.archive.repeated:
            message = "文件里有重名的部件，不同的程序会读出不同的内容，没有读取。"
            raise Unreadable("zip-ambiguous", message, "请用 OFD 阅读器打开，核对内容后另存，再检查一次。")
        if self.archive.read("Encryptions.xml") is not None:
            raise Unreadable("encrypted", "OFD 文件加了密码，读不了。", "请取消密码，另存后重新检查。")

    def part(self, name: str) -> Element | None:
        data = self.archive.read(name)
        return None if data is None else parse_xml(data, self.limits)

    def documents(self) -> Iterator[_Root]:
        main = self.part("OFD.xml")
        for body in () if main is None else main.iter("{*}DocBody"):
            name = _resolved("", body.findtext("{*}DocRoot"))
            if (root := self.part(name)) is not None:
                yield _Root(self, name, root)

    def count(self) -> None:
        """One more object; there is an end to what groups that hold groups may come to."""
        self.objects += 1
        if self.objects > self.limits.pdf_objects:
            raise _too_much()


def _too_much() -> Unreadable:
    return Unreadable("too-big", "文件里的内容太多，不像一份报告，没有读取。", _SOURCE)


def _resolved(part: str, path: str | None) -> str:
    """The part that ``path`` means inside ``part``: from the root, or from the folder of that part."""
    plain = (path or "").strip().replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), plain)).lstrip("/")


class _Root:
    """One document of the package: its pages in order, templates and groups that several pages share."""

    def __init__(self, package: _Package, name: str, root: Element) -> None:
        self.package, self.name, self.root = package, name, root
        self.units = self.groups(name, root)
        self.templates = {each.get("ID"): self.at(each) for each in root.iter("{*}TemplatePage")}

    def at(self, element: Element) -> str:
        return _resolved(self.name, element.get("BaseLoc"))

    def groups(self, name: str, element: Element) -> dict[str | None, Element]:
        """Composite objects of the resources that a document or a page names."""
        names = [each.text for kind in ("PublicRes", "DocumentRes", "PageRes") for each in element.iter(f"{{*}}{kind}")]
        parts = [self.package.part(_resolved(name, path)) for path in islice(names, 100)]
        units = (unit for part in parts if part is not None for unit in part.iter("{*}CompositeGraphicUnit"))
        return {unit.get("ID"): unit for unit in units}

    def sheets(self) -> Iterator[_Sheet]:
        pages, most = list(self.root.iterfind("{*}Pages/{*}Page")), self.package.limits.pdf_pages
        if len(pages) > most:
            raise Unreadable("too-big", f"OFD 有 {len(pages)} 页，超过上限 {most} 页，没有读取。", _SOURCE)
        usual = _box(self.root.findtext("{*}CommonData/{*}PageArea/{*}PhysicalBox"))
        for each in pages:
            name = self.at(each)
            page = self.package.part(name)
            if page is None:
                raise Unreadable("zip-damaged", "文件不完整或有损坏，缺少页面。", _SOURCE)
            sheet = _Sheet(self.package, _box(page.findtext("{*}Area/{*}PhysicalBox")) or usual or _A4)
            sheet.units = self.units | self.groups(name, page)
            below = [self.templates.get(template.get("TemplateID")) for template in page.iterfind("{*}Template")]
            for content in (*[self.package.part(template) for template in below if template], page):
                for layers in () if content is None else content.iterfind("{*}Content"):
                    sheet.take(layers, sheet.corner(), 0)
            sheet.drop_unseen()
            yield sheet


# --- a page -----------------------------------------------------------------------------------------------------------

_Matrix = tuple[float, float, float, float, float, float]  # x' = a x + c y + e, y' = b x + d y + f


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text or "")]


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    numbers = _numbers(text)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else None


def _inside(element: Element, outer: _Matrix) -> _Matrix:
    """From places inside an object to the page."""
    numbers = _numbers(element.get("CTM"))
    a, b, c, d, e, f = numbers if len(numbers) == 6 else (1, 0, 0, 1, 0, 0)
    corner = _numbers(element.get("Boundary"))[:2]
    x, y = corner if len(corner) == 2 else (0.0, 0.0)
    oa, ob, oc, od, oe, of = outer
    e, f = e + x, f + y
    return (
        oa * a + oc * b,
        ob * a + od * b,
        oa * c + oc * d,
        ob * c + od * d,
        oa * e + oc * f + oe,
        ob * e + od * f + of,
    )


@dataclass(slots=True)
class _Sheet:
    """What stands on a page, in points."""

    package: _Package
    box: tuple[float, float, float, float]  #: of the page, in millimetres
    units: dict[str | None, Element] = field(default_factory=dict)
    glyphs: list[Glyph] = field(default_factory=list)
    inked: list[Inked] = field(default_factory=list)  #: how each of them is painted
    grounds: list[Ground] = field(default_factory=list)
    drawn: list[Stroke] = field(default_factory=list)  #: shapes that may be figures
    strokes: list[Stroke] = field(default_factory=list)
    pictures: list[Stroke] = field(default_factory=list)
    shapes: int = 0  #: filled shapes that are no rectangles
    odd: int = 0  #: characters that mean nothing without their font
    hidden: bool = False

    def corner(self) -> _Matrix:
        return _POINT, 0, 0, _POINT, -self.box[0] * _POINT, -self.box[1] * _POINT

    def outlined(self) -> bool:
        """Whether what a person reads here is drawn."""
        width, height = self.box[2] * _POINT, self.box[3] * _POINT
        covered = sum((each.right - each.left) * (each.bottom - each.top) for each in self.pictures)
        drawn = self.shapes > _MANY or covered > 0.5 * width * height
        drawn |= not self.glyphs and len(self.strokes) > _RULED
        return (drawn and len(self.glyphs) < _FEW) or self.odd > max(10, 0.1 * len(self.glyphs))

    def page(self) -> Page:
        width, height = self.box[2] * _POINT, self.box[3] * _POINT
        pictures = tuple(each for each in self.pictures if self._may_be_a_table(each, width))
        return Page(width, height, tuple(self.glyphs), tuple(self.strokes), pictures, (*self.pictures, *self.drawn))

    def drop_unseen(self) -> None:
        """Leave out characters that are white on white, or covered."""
        if not self.grounds and not any(ink.white for ink in self.inked):  # nearly always
            return
        if len(self.grounds) * len(self.inked) > _LOOKS:
            raise _too_much()
        seen = [not covered(ink, self.grounds) for ink in self.inked]
        self.hidden |= not all(seen)
        self.glyphs = [glyph for glyph, kept in zip(self.glyphs, seen, strict=True) if kept]

    def _may_be_a_table(self, picture: Stroke, width: float) -> bool:
        """As large as a form, and not the ground of text."""
        if picture.right - picture.left < 0.4 * width or picture.bottom - picture.top < _LOW:
            return False
        within = (
            picture.left <= glyph.left and glyph.right <= picture.right
            for glyph in self.glyphs
            if picture.top <= glyph.top and glyph.bottom <= picture.bottom
        )
        return sum(within) < _FEW

    def take(self, parent: Element, outer: _Matrix, depth: int) -> None:
        """Everything drawn below ``parent``."""
        for element in parent:
            self.package.count()
            kind = element.tag.rpartition("}")[2]
            if element.get("Visible") == "false" or element.get("Alpha") == "0":
                self.hidden |= next(element.iter("{*}TextCode"), None) is not None
            elif kind in ("Layer", "PageBlock") and depth < _NESTING:
                self.take(element, outer, depth + 1)
            elif kind == "TextObject":
                self.text(element, _inside(element, outer))
            elif kind == "PathObject":
                self.path(element, _inside(element, outer))
            elif kind == "ImageObject":
                picture = _bounds(_inside(element, outer), [(0, 0), (1, 1)], element, outer)
                self.pictures.append(picture)
                self.grounds.append(Ground((picture.left, picture.top, picture.right, picture.bottom), False, False))
            elif kind == "CompositeObject" and depth < _NESTING:
                unit = self.units.get(element.get("ResourceID"))
                for content in () if unit is None else unit.iterfind("{*}Content"):
                    self.take(content, _inside(element, outer), depth + 1)

    # -- text

    def text(self, element: Element, place: _Matrix) -> None:
        if element.get("Fill") == "false" and element.get("Stroke") != "true":
            self.hidden = True
            return
        size = next(iter(_numbers(element.get("Size"))), 0.0)
        wide = next(iter(_numbers(element.get("HScale"))), 1.0) * size
        white = _is_white(element.find("{*}FillColor"))
        x = y = 0.0
        for code in element.iterfind("{*}TextCode"):
            text = (code.text or "").strip("\r\n\t")
            x, y = (next(iter(_numbers(code.get(name))), last) for name, last in (("X", x), ("Y", y)))
            steps = _steps(text, code, wide)
            for character, (dx, dy) in zip(text, steps, strict=True):
                self.character(character, x, y, size, _breadth(character, wide), place, white=white)
                x, y = x + dx, y + dy

    def character(
        self, text: str, x: float, y: float, size: float, width: float, place: _Matrix, *, white: bool
    ) -> None:
        self.package.count()
        if text.isspace():  # a gap says as much, and an indent must not look like a word
            return
        self.odd += text == "\ufffd" or "\ue000" <= text <= "\uf8ff"
        box = _moved(place, [(x, y - _ASCENT * size), (x + width, y + _DESCENT * size)])
        self.glyphs.append(Glyph(text, box.left, box.top, box.right, box.bottom))
        self.inked.append(Inked(0, (box.left, box.top, box.right, box.bottom), white, False, len(self.grounds)))

    # -- lines

    def path(self, element: Element, place: _Matrix) -> None:
        """The straight lines of a drawn path; a filled one counts by its bounds, as a thin rectangle does."""
        lines, straight = _lines(element.findtext("{*}AbbreviatedData") or "", place)
        if element.get("Stroke", "true") == "true" and not _is_white(element.find("{*}StrokeColor")):
            for _ in lines:
                self.package.count()
            self.strokes += [Stroke(*line) for line in lines]
        if element.get("Fill") != "true" or (not lines and straight):
            return
        white = _is_white(element.find("{*}FillColor"))
        self.ground(element, place, white=white, straight=straight)
        if not white:
            self.shapes += not straight
            if lines and straight:
                left, top = min(line[0] for line in lines), min(line[1] for line in lines)
                self.strokes.append(Stroke(left, top, max(line[2] for line in lines), max(line[3] for line in lines)))

    def ground(self, element: Element, place: _Matrix, *, white: bool, straight: bool) -> None:
        """Keep what a filled path covers; a small one of slopes or curves may be a figure that is drawn."""
        outlines = [path for path, _ in _paths(element.findtext("{*}AbbreviatedData") or "")]
        xs, ys = [x for path in outlines for x, _ in path], [y for path in outlines for _, y in path]
        if not xs:
            return
        box = _moved(place, [(min(xs), min(ys)), (max(xs), max(ys))])
        width, height = box.right - box.left, box.bottom - box.top
        if min(width, height) <= THIN:
            return
        if not straight and not white and _FIGURE[0] <= height <= _FIGURE[1] and width <= 2 * _FIGURE[1]:
            self.drawn.append(box)
        colour = element.find("{*}FillColor")
        opaque = all(each.get("Alpha", "255") == "255" for each in (element, colour) if each is not None)
        plain = straight and len(outlines) == 1 and len(outlines[0]) <= 5 and element.find("{*}Clips") is None
        self.grounds.append(Ground((box.left, box.top, box.right, box.bottom), white, opaque and plain))


def _breadth(character: str, wide: float) -> float:
    """How wide the box of a character is; to assume too little would leave a gap that looks like a blank."""
    return _BREADTH * wide if character in _BROAD else _advance(character, wide)


def _advance(character: str, wide: float) -> float:
    return wide if character >= "\u2e80" else 0.5 * wide


def _steps(text: str, code: Element, wide: float) -> list[tuple[float, float]]:
    """From each character to the next one; where a file does not say, by the widths of the characters."""
    across, down = (_queue(code.get(name), len(text)) for name in ("DeltaX", "DeltaY"))
    if not across and not down:
        return [(_advance(character, wide), 0.0) for character in text]
    return [(across[i] if across else 0.0, down[i] if down else 0.0) for i in range(len(text))]


def _queue(text: str | None, length: int) -> list[float]:
    """Steps as a file lists them, ``g n d`` for n times d; the last one goes on, none where there are none."""
    found: list[float] = []
    tokens = iter((text or "").split())
    for token in tokens:
        if token != "g":
            found += _numbers(token)[:1]
        else:
            times, step = next(tokens, ""), _numbers(next(tokens, ""))
            found += step[:1] * min(int(times[:9]) if times.isdecimal() else 0, length)
        if len(found) >= length:
            break
    return (found + found[-1:] * length)[:length]


def _moved(place: _Matrix, points: Sequence[tuple[float, float]]) -> Stroke:
    """The bounds of a box, given by two corners, on the page."""
    (left, top), (right, bottom) = points
    a, b, c, d, e, f = place
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (top, bottom)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Stroke(min(xs), min(ys), max(xs), max(ys))


def _bounds(place: _Matrix, unit: Sequence[tuple[float, float]], element: Element, outer: _Matrix) -> Stroke:
    """Where a picture lies: its unit square under its matrix, else its boundary."""
    box = _numbers(element.get("Boundary"))
    if element.get("CTM") or len(box) != 4:
        return _moved(place, unit)
    return _moved(outer, [(box[0], box[1]), (box[0] + box[2], box[1] + box[3])])


_Line = tuple[float, float, float, float]  # left, top, right, bottom


def _lines(data: str, place: _Matrix) -> tuple[list[_Line], bool]:
    """The horizontal and vertical lines of a path on the page, and whether it has no others."""
    a, b, c, d, e, f = place
    lines: list[_Line] = []
    straight = True
    for path, curved in _paths(data):
        straight &= not curved
        moved = [(a * x + c * y + e, b * x + d * y + f) for x, y in path]
        for (x, y), (u, v) in pairwise(moved):
            if abs(x - u) < 0.5 or abs(y - v) < 0.5:
                lines.append((min(x, u), min(y, v), max(x, u), max(y, v)))
            else:
                straight = False
    return lines, straight


def _paths(data: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The corners of each piece of a path without curves, and whether a curve follows it."""
    path: list[tuple[float, float]] = []
    for match in _COMMAND.finditer(data):
        command, numbers = match[1].upper(), _numbers(match[2])
        if command == "C":
            path += path[:1]
            continue
        if command != "L":
            if path:
                yield path, command in "QBA"
            path = []
            numbers = numbers[-2:]
        path += zip(numbers[::2], numbers[1::2], strict=False)
    if path:
        yield path, False


def _is_white(colour: Element | None) -> bool:
    numbers = _numbers(None if colour is None else colour.get("Value"))
    return len(numbers) == 3 and min(numbers) >= 250
