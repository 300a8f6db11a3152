"""The forms as a workbook to fill in: a sheet a form, laid out as printed, with formulas for the sums."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from checker.form.figures import Data, Sum, number, sums, wording
from checker.form.layout import Box, Printed
from checker.form.plan import Plan
from checker.formula import plain
from checker.model import Fact, Pack

_TOP = 2  #: rows above a form: whose it is, and its name
_WIDTH = 110  #: of a form, in characters


def workbook(
    data: Data, plan: Plan, pack: Pack, remarks: Mapping[str, Sequence[Sequence[str]]] = MappingProxyType({})
) -> bytes:
    """The figures as .xlsx. Every text is written by write_string, so it stays text; totals that agree are formulas.

    ``remarks``: name of a sheet -> its rows of text, head first.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.calc_on_load = False  # what the formulas show is right; a reader may trust it
    book.set_properties({"created": dt.datetime(2000, 1, 1), "title": _title(data)})
    rules = sums(pack, (spot.fact for spot in plan.spots))
    for form in plan.forms.values():
        _Sheet(book, form, data, rules).write()
    for name, rows in remarks.items():
        _remarks(book, name, rows)
    book.close()
    return buffer.getvalue()


def _remarks(book: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    """A sheet of plain text, as wide as its longest words but no wider than a page."""
    sheet = book.add_worksheet(name)
    base = {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top", "border": 1}
    head, text = book.add_format({**base, "bold": True}), book.add_format(base)
    for column, cells in enumerate(zip(*rows, strict=True)):
        sheet.set_column(column, column, min(max(2 * len(cell) for cell in cells) + 2, 60))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell, text if at else head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _title(data: Data) -> str:
    year = f"{data.year}年" if data.year else ""
    return f"{data.place or ''}{year}政府信息公开工作年度报告"


def _lines(box: Box, widths: Sequence[float]) -> int:
    """How many lines the wording of a box takes, at two places a character; one that spans rows has room."""
    room = sum(widths[box.column : box.column + box.across]) - 2 * box.indent - 1
    return 1 if box.down > 1 else math.ceil(max(2 * len(box.text), 1) / room)


class _Sheet:
    """One form on its sheet."""

    def __init__(self, book: Any, form: Printed, data: Data, rules: Sequence[Sum]) -> None:
        self.form, self.data, self.rules = form, data, rules
        self.sheet = book.add_worksheet(form.caption[:31])
        self.at = {box.fact: (box.row + _TOP, box.column) for box in form.boxes if box.fact}
        base = {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "vcenter"}
        self.title = book.add_format({**base, "font_size": 12, "bold": True, "text_wrap": False})
        self.styles = {
            (kind, indent): book.add_format(
                {**base, "border": 1, "align": "left" if kind in ("label", "group") else "center", "indent": indent}
            )
            for kind in ("caption", "head", "label", "group", "unit", "figure")
            for indent in range(4)
        }

    def write(self) -> None:
        sheet, form = self.sheet, self.form
        widths = [max(_WIDTH * width / sum(form.widths), 6) for width in form.widths]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row in range(form.rows):
            sheet.set_row(row + _TOP, 15 * max(_lines(box, widths) for box in form.boxes if box.row == row))
        sheet.write_string(0, 0, _title(self.data), self.title)
        sheet.write_string(1, 0, form.caption, self.title)
        sheet.freeze_panes(_TOP + form.head, 0)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for box in form.boxes:
            self.box(box)

    def box(self, box: Box) -> None:
        row, column, style = box.row + _TOP, box.column, self.styles[box.kind, box.indent]
        if box.down > 1 or box.across > 1:
            self.sheet.merge_range(row, column, row + box.down - 1, column + box.across - 1, "", style)
        if not box.fact:
            self.sheet.write_string(row, column, box.text, style)
            return
        fact = self.data.figures.get(box.fact)
        if (formula := self.formula(box.fact, fact)) is not None:
            self.sheet.write_formula(row, column, formula, style, self.value(fact))
        elif (value := number(fact)) is not None:
            self.sheet.write_number(row, column, plain(value), style)
        elif text := wording(fact):
            self.sheet.write_string(row, column, text, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def formula(self, name: str, fact: Fact | None) -> str | None:
        """The sum that stands in a total: one that agrees with its parts, or is as empty as one of them.

        A total that is wrong, or left out although its parts are there, stays as the report has it.
        """
        for rule in self.rules:
            if rule.total != name or not all(part in self.at for part in rule.parts):
                continue
            parts = [number(self.data.figures.get(part)) for part in rule.parts]
            known = [part for part in parts if part is not None]
            whole = len(known) == len(parts)
            if (whole and number(fact) == sum(known)) or (not whole and not wording(fact)):
                cells = ",".join(self.address(part) for part in rule.parts)
                return f'=IF(COUNT({cells})={len(parts)},SUM({cells}),"")'
        return None

    def address(self, name: str) -> str:
        row, column = self.at[name]
        return f"{chr(ord('A') + column)}{row + 1}"  # no form has more than 26 columns

    @staticmethod
    def value(fact: Fact | None) -> int | float | str:
        """What the formula's cell shows until a spreadsheet works it out again; xlsxwriter takes "" for not known."""
        found = number(fact)
        return " " if found is None else plain(found)
