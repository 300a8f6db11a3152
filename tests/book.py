"""Workbooks for tests: the tables of a report drawn as officers draw them, and raw parts that no program writes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from checker.model import Block, Table
from tests.word import HEAD, OFFICE, packed

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(*sheets: Sequence[Block], framed: bool = True, gap: int = 1, names: Sequence[str] = ()) -> bytes:
    """Blocks drawn one below the other, ``gap`` blank rows between a table and what follows; figures as numbers.

    ``names``: of the sheets.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        style = book.add_format({"border": 1} if framed else {})
        for blocks, name in zip_longest(sheets, names):
            _draw(book.add_worksheet(name), blocks, style, gap)
    return buffer.getvalue()


def _draw(sheet: Any, blocks: Iterable[Block], style: Any, gap: int) -> None:
    top = 0
    for block in blocks:
        if isinstance(block, Table):
            for (row, left), (bottom, right), text in _ranges(block):
                _write(sheet, (top + row, left, top + bottom, right), text, style)
            top += len(block.rows) + gap
        else:
            sheet.write_string(top, 0, block.text)
            top += 1


def _ranges(table: Table) -> Iterable[tuple[tuple[int, int], tuple[int, int], str]]:
    """Every cell once with its first and last place."""
    spans: dict[int, list[tuple[int, int]]] = {}
    texts: dict[int, str] = {}
    for at, row in enumerate(table.rows):
        for left, cell in enumerate(row):
            spans.setdefault(id(cell), []).append((at, left))
            texts[id(cell)] = cell.text
    return [(places[0], places[-1], texts[key]) for key, places in spans.items()]


def _write(sheet: Any, place: tuple[int, int, int, int], text: str, style: Any) -> None:
    top, left, bottom, right = place
    value: object = float(text) if len(text) < 16 and text.replace(".", "", 1).isdecimal() else text
    if (top, left) == (bottom, right):
        sheet.write(top, left, value, style)
    else:
        sheet.merge_range(top, left, bottom, right, value, style)


# --- raw parts --------------------------------------------------------------------------------------------------------


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet part."""
    spaces = f'xmlns="{SHEET}" xmlns:r="{OFFICE}"'
    return f"{HEAD}<worksheet {spaces}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def row(number: int, *cells: str, properties: str = "") -> str:
    return f'<row r="{number}" {properties}>{"".join(cells)}</row>'


def c(place: str, text: str, kind: str = "inlineStr", style: int = 0, formula: str = "") -> str:
    """A cell: an inline string, or a number with ``kind="n"``."""
    inner = f"<is><t>{text}</t></is>" if kind == "inlineStr" else f"<v>{text}</v>" if text else ""
    return f'<c r="{place}" t="{kind}" s="{style}">{f"<f>{formula}</f>" if formula else ""}{inner}</c>'


def parts(
    *sheets: str, strings: str = "", styles: str = "", book: str = "", states: Mapping[int, str] | None = None
) -> dict[str, bytes]:
    """The parts of a workbook, by name. ``states``: hidden sheets, counted from 0."""
    hidden = states or {}
    names = "".join(
        f'<sheet name="表{i}" sheetId="{i + 1}" r:id="rId{i}" state="{hidden.get(i, "visible")}"/>'
        for i in range(len(sheets))
    )
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(len(sheets))
    ) + "".join(
        f'<Relationship Id="x{name}" Type="{OFFICE}/{name}" Target="/xl/{name}.xml"/>'
        for name, text in (("sharedStrings", strings), ("styles", styles))
        if text
    )
    found = {
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}">{book}<sheets>{names}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{SHEET}">{strings}</sst>' if strings else "",
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{SHEET}">{styles}</styleSheet>' if styles else "",
        **{f"xl/worksheets/sheet{i}.xml": text for i, text in enumerate(sheets)},
    }
    return {name: text.encode() for name, text in found.items() if text}


def xlsx(*sheets: str, **others: Any) -> bytes:
    return packed(parts(*sheets, **others))
