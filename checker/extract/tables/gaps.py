"""What was not read of the forms, told row by row: an officer has to know which figures to look at."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Form, Note, Report

_SHOWN = 5  #: rows that are named
_TITLES = {"t2": "表二", "t3": "表三", "t4": "表四"}
_CELLS = {"table-cells", "table-unclear", "cell-picture"}  #: notes of a reader on cells, with the place
_ELSEWHERE = {"picture", "attachment"}  #: and on what may be a form


def gaps(report: Report, *, flattened: bool) -> Iterator[Note]:
    """A note for each form of which some rows are unread, and one for those that were not met where lines of text
    hold a form (``flattened``). What the reader has told of is not told again.
    """
    said = {note.code for note in report.notes}
    if not report.unread or report.recognised or said & _CELLS:
        return
    for form in report.forms:
        if form.id in report.unread:
            yield _rows(report, form)
    met = {form.id for form in report.forms}
    lost = [title for name, title in _TITLES.items() if name in report.unread - met]
    if lost and flattened and not said & _ELSEWHERE:
        titles = "、".join(lost)
        message = f"没有认出{titles}：表格变成了文字，行和列对不上，里面的数没有读。请用表格完好的文件再查一次。"
        yield Note("rows-unread", message)


def _rows(report: Report, form: Form) -> Note:
    cells = report.cells[form.id].values()
    unread = [fact.where.row or "" for fact in cells if fact.state == "unread"]
    names = [name for name in dict.fromkeys(unread) if name]
    if len(unread) == len(cells) or not names:
        message = f"{form.title}的数没有读出来：行和列对不上。请用表格完好的文件再查一次。"
        return Note("rows-unread", message, form.where)
    shown = "、".join(f"“{name}”" for name in names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
    message = (
        f"{form.title}有{len(names)}行的数没有读全（数与各栏对不上，或者同一行写了两次）：{shown}。请对照原文核对。"
    )
    return Note("rows-unread", message, form.where)
