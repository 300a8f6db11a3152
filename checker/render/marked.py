"""The report's own text and tables with its findings marked in place: plain data in, pieces for a template out.

``blocks`` makes data of a document; ``marked`` cuts it where findings begin and end. Both speak the language of
``check --format json`` (a verdict's ``where``, ``related``), so that whoever kept the two can show the page later.
Personal numbers are masked, and what a finding conceals (李**) is concealed everywhere in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import Any

from checker.factmap import label_key
from checker.model import Document, Report, Table, Verdict, Where
from checker.render import as_json
from checker.render.escape import masked, visible

Data = Mapping[str, Any]

MOST_LINES = 40  #: paragraphs that one finding may run over, where a program broke the lines
LIKE = 0.75  #: how much a printed label must be like the official one


def blocks(document: Document, report: Report | None = None) -> tuple[Data, ...]:
    """The document as printed, as plain data; the report says which paragraphs are its title and headings.

    ``{"text", "block", "line", "page", "hint", "unread"}`` for a paragraph;
    ``{"rows": [[{"text", "row", "col", "rowspan", "colspan", "line", "unread"}]], "block", "line", "page",
    "picture"}`` for a table, a merged cell once. What is not known, and False, is left out.
    """
    own = _hints(report) if report else {}
    return tuple(
        _table(block, number)
        if isinstance(block, Table)
        else _known(
            text=block.text,
            block=number,
            line=block.where.line,
            page=block.where.page,
            hint=own.get(number) or block.hint or None,
            unread=block.unread,
        )
        for number, block in enumerate(document.blocks)
    )


def _hints(report: Report) -> dict[int | None, str]:
    title = report.texts.get("title")
    heads = {heading.where.block: f"h{heading.level + 1}" for heading in report.headings if not heading.run_in}
    return heads | {line.block: "h1" for line in (title.lines if title else ())}


def _known(**parts: Any) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part is not None and part is not False}


def _table(table: Table, number: int) -> Data:
    rows = [list(_cells(table, at)) for at in range(len(table.rows))]
    place = table.where
    return _known(rows=rows, block=number, line=place.line, page=place.page, picture=table.picture)


def _cells(table: Table, at: int) -> Iterator[Data]:
    """The cells that begin in a row, with what they cover."""
    row = table.rows[at]
    above = table.rows[at - 1] if at else None
    for col, cell in enumerate(row):
        if (col and row[col - 1] is cell) or (above and above[col] is cell):
            continue
        across = next((n for n in range(col, len(row)) if row[n] is not cell), len(row)) - col
        down = next((n for n in range(at, len(table.rows)) if table.rows[n][col] is not cell), len(table.rows)) - at
        yield _known(
            text=cell.text, row=at, col=col, rowspan=down, colspan=across, line=cell.where.line, unread=cell.unread
        )


# --- what the template gets ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref:
    """The number of a finding, standing before what it is about. ``id`` is where the list's link leads.

    ``near``: it is not what is wrong, but what that was compared with.
    """

    id: str
    finding: int
    near: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Wording that the same findings are about, gravest first; none for most of a report."""

    text: str
    findings: tuple[int, ...] = ()
    refs: tuple[Ref, ...] = ()


@dataclass(slots=True)
class Spot:
    """A paragraph or a cell: its wording with what was found in it. ``data``: as ``blocks`` gives it."""

    data: Data
    text: str
    spans: list[tuple[int, int, Ref]] = field(default_factory=list)
    refs: list[Ref] = field(default_factory=list)  #: of findings on the whole of it

    @property
    def first(self) -> Ref | None:
        """The gravest finding on the whole of it; one that is only near it comes last."""
        return min(self.refs, key=lambda ref: (ref.near, ref.finding), default=None)

    def pieces(self) -> list[Piece]:
        """The wording, cut wherever a finding begins or ends."""
        edges = sorted({0, len(self.text), *(at for start, end, _ in self.spans for at in (start, end))})
        return [self._piece(start, end) for start, end in pairwise(edges)]

    def _piece(self, start: int, end: int) -> Piece:
        over = [(first, ref) for first, last, ref in self.spans if first <= start and end <= last]
        # a finding that goes on from the paragraph before has its number there
        refs = sorted((ref for first, ref in over if first == start and ref.id), key=lambda ref: ref.finding)
        return Piece(_shown(self.text[start:end]), tuple(sorted({ref.finding for _, ref in over})), tuple(refs))


@dataclass
class Printed:
    """One block: a paragraph (one spot), a table (``rows`` of spots), or a picture, with the findings on all of it."""

    data: Data
    spot: Spot
    rows: list[list[Spot]] = field(default_factory=list)

    @cached_property
    def grid(self) -> Mapping[tuple[int, int], Spot]:
        """The cell that covers each row and column."""
        return {
            (row, col): spot
            for spot in chain.from_iterable(self.rows)
            for row in range(spot.data["row"], spot.data["row"] + spot.data["rowspan"])
            for col in range(spot.data["col"], spot.data["col"] + spot.data["colspan"])
        }


@dataclass(frozen=True, slots=True)
class Text:
    """A report's text with its findings: the blocks, and for each finding the ids of its places."""

    blocks: Sequence[Printed]
    places: Sequence[tuple[str, ...]]


def _shown(text: str) -> str:
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))


def finding(verdict: Verdict) -> Data:
    """A verdict as in JSON, and where exactly in the document its places are."""
    return as_json.verdict_to_dict(verdict) | {
        "where": _exact(verdict.where),
        "related": [_exact(where) for where in verdict.related],
    }


def _exact(where: Where) -> Data:
    return as_json.where_to_dict(where) | _known(start=where.start, cell=where.cell)


def marked(source: Sequence[Data], findings: Sequence[Data], prefix: str = "") -> Text:
    """``source`` (as of ``blocks``) with ``findings`` marked where they stand: those of ``finding``, or verdicts as in
    JSON; gravest first.

    A finding without a place, or whose place is not met, has no ids. ``prefix`` begins every id. A place without
    ``start`` and ``cell`` (kept JSON has none) is looked for by its wording and labels.
    """
    hidden = _concealed(source, findings)
    printed = [_printed(data, hidden) for data in source]
    marker = _Marker(printed, prefix)
    return Text(printed, [marker.finding(number, finding) for number, finding in enumerate(findings)])


def _printed(data: Data, hidden: Mapping[str, str]) -> Printed:
    rows = [[Spot(cell, _safe(cell["text"], hidden)) for cell in row] for row in data.get("rows", ())]
    return Printed(data, Spot(data, _safe(data.get("text", ""), hidden)), rows)


def _safe(text: str, hidden: Mapping[str, str]) -> str:
    text = masked(text)
    for plain, starred in hidden.items():
        text = text.replace(plain, starred)
    return text


def _concealed(source: Sequence[Data], findings: Iterable[Data]) -> dict[str, str]:
    """Wording -> how a finding shows it, for names and numbers that a finding conceals itself."""
    found: dict[str, str] = {}
    for finding in findings:
        for where in (finding["where"], *finding["related"]):
            quote = where.get("quote", "")
            if "*" in quote and 0 <= where.get("block", -1) < len(source):
                block = source[where["block"]]
                texts = [block.get("text", ""), *(cell["text"] for row in block.get("rows", ()) for cell in row)]
                pattern = re.compile("".join("." if char == "*" else re.escape(char) for char in quote))
                if not any(quote in masked(text) for text in texts):
                    found |= {match[0]: quote for text in texts if (match := pattern.search(text))}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


# --- where a finding stands ---------------------------------------------------------------------------------------


class _Marker:
    """Puts findings where they stand. Equal wording of one rule in one paragraph is marked from left to right."""

    def __init__(self, printed: Sequence[Printed], prefix: str) -> None:
        self.printed, self.prefix = printed, prefix
        self.after: dict[tuple[object, ...], int] = {}

    def finding(self, number: int, finding: Data) -> tuple[str, ...]:
        """Mark the places of a finding; the ids that lead there."""
        ids: list[str] = []
        done: list[Data] = []
        for where in (finding["where"], *finding["related"]):
            if where and where not in done:
                done.append(where)
                ref = Ref(
                    f"{self.prefix}m{number + 1}" + (f"-{len(ids) + 1}" if ids else ""),
                    number,
                    where != finding["where"],
                )
                if self.mark(where, ref, finding["rule"]):
                    ids.append(ref.id)
        return tuple(ids)

    def mark(self, where: Data, ref: Ref, rule: str) -> bool:
        """Mark one place; False when it is not in the text."""
        block = where.get("block")
        if block is None or not 0 <= block < len(self.printed):
            return False
        printed = self.printed[block]
        if printed.rows:
            (printed.grid.get(where.get("cell", (-1, -1))) or _cell(printed, where) or printed.spot).refs.append(ref)
        elif not self.words(block, where, ref, rule):
            printed.spot.refs.append(ref)
        return True

    def words(self, block: int, where: Data, ref: Ref, rule: str) -> bool:
        """Mark the exact wording, which may go on over paragraphs that a program broke; False when it is not met."""
        quote, key = where.get("quote", ""), (rule, block, where.get("quote"))
        if not quote:
            return False
        lines = self.lines(block)
        text = "".join(part for _, _, part in lines)
        if (known := where.get("start")) is not None and (found := _wording(quote).match(text, known)):
            self.spread(lines, *found.span(), ref)
            return True
        if where.get("table"):  # a row of a form that lost its grid: which of its figures?
            if len(re.findall(rf"(?<![\d.]){re.escape(quote)}(?![\d.])", lines[0][2])) != 1:
                return False
            start = re.search(rf"(?<![\d.]){re.escape(quote)}(?![\d.])", text)
        else:
            start = _wording(quote).search(text, self.after.get(key, 0)) or _wording(quote).search(text)
        if not start:
            return False
        self.after[key] = start.end()
        self.spread(lines, *start.span(), ref)
        return True

    def lines(self, block: int) -> list[tuple[Spot, int, str]]:
        """The paragraph and those after it as one text: each with how many blanks were cut off before it."""
        spots: list[tuple[Spot, int, str]] = []
        for printed in self.printed[block : block + MOST_LINES]:
            if printed.rows or printed.data.get("picture"):
                break
            text = printed.spot.text
            spots.append((printed.spot, 0, text) if not spots else (printed.spot, *_stripped(text)))
        return spots

    def spread(self, lines: Sequence[tuple[Spot, int, str]], start: int, end: int, ref: Ref) -> None:
        """Mark start:end of the joined text in each paragraph; the number stands in the first one only."""
        base = 0
        for spot, cut, text in lines:
            first, last = max(start - base, 0), min(end - base, len(text))
            if first < last:
                spot.spans.append((first + cut, last + cut, ref if base <= start else Ref("", ref.finding, ref.near)))
            base += len(text)


def _stripped(text: str) -> tuple[int, str]:
    kept = text.lstrip()
    return len(text) - len(kept), kept


@lru_cache(maxsize=512)
def _wording(quote: str) -> re.Pattern[str]:
    """The quote, whatever blanks were lost or won on the way."""
    return re.compile(r"\s*".join(map(re.escape, "".join(quote.split()))) or r"(?!)")


def _cell(printed: Printed, where: Data) -> Spot | None:
    """The cell at a logical place: by its labels, among those with its wording; None when no cell is like it."""
    quote = where.get("quote")
    if quote is None:
        return None
    spots = [spot for row in printed.rows for spot in row]
    same = [spot for spot in spots if spot.text.strip()[:200] == quote.strip()]
    if not (where.get("row") or where.get("col")):
        return next(iter(same), None) or next((spot for spot in spots if quote in spot.text), None)
    best = max(same, key=lambda spot: _likeness(printed, spot.data, where), default=None)
    return best if best and _likeness(printed, best.data, where) >= LIKE else None


def _likeness(printed: Printed, cell: Data, where: Data) -> float:
    """How well the labels left of and above a cell are those of ``where`` (0..1), the nearest counting a little more.

    A wrong line counts against it.
    """
    row, col = cell["row"], cell["col"]
    left = [printed.grid.get((row, at)) for at in range(col - 1, -1, -1)]
    above = [printed.grid.get((at, col)) for at in range(row - 1, -1, -1)]
    parts = [(where["row"], left)] if where.get("row") else []
    parts += [(word, above) for word in (where.get("col") or "").split()]
    likeness = sum(_best(word, spots) for word, spots in parts) / len(parts)
    known = where.get("line") is not None and cell.get("line") is not None
    return likeness - (0.5 if known and where["line"] != cell["line"] else 0)


def _best(word: str, spots: Sequence[Spot | None]) -> float:
    return max((_like(word, s.text) - 0.0001 * far for far, s in enumerate(spots) if s and s.text), default=0.0)


@lru_cache(maxsize=4096)
def _like(wanted: str, printed: str) -> float:
    from difflib import SequenceMatcher  # only a page needs it

    left, right = label_key(wanted), label_key(printed)
    if not (left and right):
        return 0.0
    return 1.0 if left == right else SequenceMatcher(None, left, right, autojunk=False).ratio()
