"""OFD files for tests: whole reports laid out on pages as converters do it, and parts that no program writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

from checker.model import Block, Table
from tests.word import packed

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WIDTH, HEIGHT = 210.0, 297.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 20.0, 190.0, 25.0, 272.0
_SIZE, _STEP = 3.5, 5.5  #: of characters and lines, in millimetres

Rules = Literal["strokes", "rectangles", "boxes"]


def text(words: str, x: float, y: float, size: float = _SIZE, extra: str = "", boundary: bool = True) -> str:
    """One line of text whose baseline is at ``y``, every character as wide as converters say."""
    steps = [size if character >= "\u2e80" else size / 2 for character in words][:-1]
    queue: list[str] = []
    for at, step in enumerate(steps):
        if at and step == steps[at - 1] and queue[-3:-2] == ["g"]:
            queue[-2] = str(int(queue[-2]) + 1)
        else:
            queue += ["g", "1", f"{step:g}"]
    corner = (x, y - size) if boundary else (0.0, 0.0)
    return (
        f'<ofd:TextObject ID="1" Boundary="{corner[0]:g} {corner[1]:g} 180 {size * 1.3:g}" Size="{size:g}" {extra}>'
        f'<ofd:TextCode X="{x - corner[0]:g}" Y="{y - corner[1]:g}" DeltaX="{" ".join(queue)}">'
        f"{escape(words)}</ofd:TextCode></ofd:TextObject>"
    )


def path(data: str, extra: str = "", boundary: str = "0 0 210 297") -> str:
    inner = f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject ID="2" Boundary="{boundary}" {extra}>{inner}</ofd:PathObject>'


def rule(left: float, top: float, right: float, bottom: float, style: Rules = "strokes") -> str:
    """A line, as a stroke or as a thin filled rectangle."""
    if style != "rectangles":
        return path(f"M {left:g} {top:g} L {right:g} {bottom:g}", 'LineWidth="0.2"')
    right, bottom = max(right, left + 0.2), max(bottom, top + 0.2)
    return path(
        f"M 0 0 L {right - left:g} 0 L {right - left:g} {bottom - top:g} L 0 {bottom - top:g} C",
        'Fill="true" Stroke="false"',
        f"{left:g} {top:g} {right - left:g} {bottom - top:g}",
    )


@dataclass(slots=True)
class Layout:
    """Puts blocks on pages from the top down; a table that does not fit goes on overleaf."""

    rules: Rules = "strokes"
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = _TOP

    def put(self, item: str) -> None:
        self.pages[-1].append(item)

    def need(self, height: float) -> bool:
        if self.y + height <= _BOTTOM:
            return False
        self.pages.append([])
        self.y = _TOP
        return True

    def paragraph(self, words: str, side: str = "") -> None:
        """An indented paragraph; a title in the middle, a signature at the right."""
        for line in _wrapped(words if side else "　　" + words, _RIGHT - _LEFT):
            self.need(_STEP)
            spare = _RIGHT - _LEFT - _SIZE * len(line)
            self.put(text(line, _LEFT + {"middle": spare / 2, "right": spare}.get(side, 0), self.y + _SIZE))
            self.y += _STEP
        self.y += 2

    def table(self, table: Table) -> None:
        columns = len(table.rows[0])
        weights = [_weight(table, column) for column in range(columns)]
        xs = [_LEFT + (_RIGHT - _LEFT) * sum(weights[:column]) / sum(weights) for column in range(columns + 1)]
        cells = _spans(table)
        heights = [_STEP + 1.0] * len(table.rows)
        for top, left, bottom, right, words in cells:
            lack = _height(words, xs[right] - xs[left]) - sum(heights[top:bottom])
            heights[bottom - 1] += max(lack, 0)
        at = 0
        while at < len(table.rows):
            self.need(sum(heights[: max(cell[2] for cell in cells if cell[0] == 0)]) if at == 0 else heights[at])
            end, height = at, 0.0
            while end < len(table.rows) and self.y + height + heights[end] <= _BOTTOM:
                height += heights[end]
                end += 1
            ys = [self.y + sum(heights[at:row]) for row in range(at, end + 1)]
            for top, left, bottom, right, words in cells:
                if top < end and bottom > at:
                    box = xs[left], ys[max(top, at) - at], xs[right], ys[min(bottom, end) - at]
                    self.cell(box, words if top >= at else "")
            self.y = ys[-1]
            at = end
        self.y += 3

    def cell(self, box: tuple[float, float, float, float], words: str) -> None:
        left, top, right, bottom = box
        if self.rules == "boxes":
            self.put(path(f"M {left:g} {top:g} L {right:g} {top:g} L {right:g} {bottom:g} L {left:g} {bottom:g} C"))
        else:
            for line in ((left, top, right, top), (left, bottom, right, bottom)):
                self.put(rule(*line, self.rules))
            for line in ((left, top, left, bottom), (right, top, right, bottom)):
                self.put(rule(*line, self.rules))
        for n, part in enumerate(_wrapped(words, right - left - 2)):
            spare = right - left - sum(_SIZE if character >= "\u2e80" else _SIZE / 2 for character in part)
            self.put(text(part, left + spare / 2, top + 1 + _SIZE + n * (_SIZE + 0.5)))


def _weight(table: Table, column: int) -> float:
    """A narrow column for figures, a wide one for labels."""
    longest = max((len(row[column].text) for row in table.rows if row.count(row[column]) == 1), default=4)
    return min(max(longest, 3), 12)


def _wrapped(words: str, width: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for character in words:
        step = _SIZE if character >= "\u2e80" else _SIZE / 2
        if used + step > width and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + character, used + step
    return [*lines, line] if line else lines


def _height(words: str, width: float) -> float:
    return 2 + len(_wrapped(words, width - 2)) * (_SIZE + 0.5)


def _spans(table: Table) -> list[tuple[int, int, int, int, str]]:
    """top, left, bottom, right and text of every cell."""
    places: dict[int, list[tuple[int, int]]] = {}
    texts: dict[int, str] = {}
    for top, row in enumerate(table.rows):
        for left, cell in enumerate(row):
            places.setdefault(id(cell), []).append((top, left))
            texts[id(cell)] = cell.text
    return [(*at[0], at[-1][0] + 1, at[-1][1] + 1, texts[key]) for key, at in places.items()]


def laid_out(blocks: Iterable[Block], rules: Rules = "strokes", number: bool = True) -> list[str]:
    """The objects of each page, with page numbers."""
    layout, drawn = Layout(rules), list(blocks)
    for at, block in enumerate(drawn):
        if isinstance(block, Table):
            layout.table(block)
        else:
            signed = at >= len(drawn) - 2 and len(block.text) < 20
            layout.paragraph(block.text, "right" if signed else "middle" if at == 0 else "")
    footer: Callable[[int], list[str]] = lambda n: [text(f"- {n} -", 100, 285)] if number else []  # noqa: E731
    return ["".join([*page, *footer(n)]) for n, page in enumerate(layout.pages, 1)]


# --- files ------------------------------------------------------------------------------------------------------------


def content(objects: str, before: str = "") -> str:
    """A page, or a template."""
    return (
        f'{HEAD}<ofd:Page {SPACE}>{before}<ofd:Content><ofd:Layer ID="9">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def parts(
    pages: Sequence[str], folder: str = "Doc_0", common: str = "", others: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """The parts of a file with one document; pages are ready made parts."""
    entries = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    found = {
        "OFD.xml": f'{HEAD}<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
        f"<ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        f"{folder}/Document.xml": f"{HEAD}<ofd:Document {SPACE}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea>{common}"
        f"</ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>",
        **{f"{folder}/Pages/Page_{n}/Content.xml": page for n, page in enumerate(pages)},
        **(others or {}),
    }
    return {name: data.encode() for name, data in found.items()}


def ofd(*pages: str, common: str = "", others: Mapping[str, str] | None = None) -> bytes:
    """A file of pages, each given by its objects."""
    return packed(parts([content(page) for page in pages], common=common, others=others))


def report(blocks: Iterable[Block], rules: Rules = "strokes") -> bytes:
    return ofd(*laid_out(blocks, rules))
