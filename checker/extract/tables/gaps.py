"""What was not read of the forms, told row by row, and why: an officer has to know which figures to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.model import Form, Note, Report

_RETURNS = {"stat", "early"}  #: of 2008 to 2018: a report has one of them
_SHOWN = 5  #: rows that are named
_TITLES = {"t2": "表二", "t3": "表三", "t4": "表四"}
_TOPICS = {"t2": "published", "t3": "requests", "t4": "disputes"}  #: of the part in which each stands
_CELLS = {"table-cells", "table-unclear", "cell-picture", "no-value", "rounded"}  #: a reader told of these cells
_ELSEWHERE = {"picture", "attachment"}  #: and on what may be a form
_CAUSES: Mapping[str, str] = {
    "row": "行的名称没有认出来",
    "none": "表中没有这样的行",
    "bare": "只见到行的名称，没有见到数",
    "figures": "表头下面没有认出填数的那一行",
    "column": "这一栏的名称没有认出来",
    "head": "表头有一栏的名称没有认出来",
    "merged": "几格并成了一格，看不出各是多少，请拆成一栏一格，逐格填写",
    "shifted": "格数与栏数对不上",
    "twice": "写了两次，两次的数不同，请只留本年度的",
    "unit": "没有写单位，看不出是元还是万元",
    "cell": "格子里的字没有认准",
}


def gaps(report: Report, *, flattened: bool) -> Iterator[Note]:
    """A note for each form of which some rows are unread, and one for those that were not met where lines of text
    hold a form (``flattened``), or a table that is none. What the reader has told of is not told again.
    """
    others = {form.beside: form.where for form in reversed(report.forms) if form.beside}
    for caption, where in others.items():
        yield Note("other-year", f"“{caption}”下面的表是别的年度的，没有读；报告里只放本年度的表。", where)
    for form in report.forms:
        if form.surplus and form.id != "t3":  # of form three a rule tells
            yield Note(
                "rows-unread",
                f"{form.title}里有格式中没有的行：{_named([*form.surplus])}。这些行的数没有读，请核对。",
                form.where,
            )
    said = {note.code for note in report.notes}
    if not report.unread or report.recognised or said & _CELLS:
        return
    for form in report.forms:
        if form.id in report.unread:
            yield _rows(report, form)
    met = {form.id for form in report.forms}
    lost = [title for name, title in _TITLES.items() if name in report.unread - met]
    if not met & _RETURNS and report.unread >= _RETURNS:
        lost.append("统计表")
    if lost and (flattened or report.era) and not said & _ELSEWHERE:
        bare = [title for title in lost if _is_bare(report, title)]
        lost = [title for title in lost if title not in bare]
        if bare:
            names = "、".join(bare)
            yield Note(
                "rows-unread",
                f"没有见到{names}：这一部分只有标题，下面没有表格，也没有文字。原来有表格的，请用表格完好的文件再查一次；没有的，请补上表格。",
            )
        if lost:
            names = "、".join(lost)
            why = "表格变成了文字，行和列对不上" if flattened else "报告里有别的表格，或者表格的行和列与格式对不上"
            yield Note("rows-unread", f"没有认出{names}：{why}，里面的数没有读。请用表格完好的文件再查一次。")


def _is_bare(report: Report, title: str) -> bool:
    """Whether the part where a form stands has a heading and nothing at all below it; not in an excerpt."""
    topic = next((_TOPICS[form] for form, each in _TITLES.items() if each == title), "")
    parts = [part for part in report.sections if topic in part.heading.topics]
    return bool(parts) and not (report.cut or any(part.text or part.tables or part.pictures for part in parts))


def _rows(report: Report, form: Form) -> Note:
    cells = report.cells[form.id].values()
    labels: dict[str, list[str]] = {}
    text = report.texts["all"].text if "all" in report.texts else ""  # a workbook may hold forms alone
    lines = any(label in text for label in form.labels)  # a table told in lines: what they do not say is not there
    for cause, label in form.gaps:
        labels.setdefault("none" if cause == "row" and lines and label not in text else cause, []).append(label)
    if not labels or all(fact.state == "unread" for fact in cells):
        why = _CAUSES[next(iter(labels))] if len(labels) == 1 else "行和列对不上"
        again = "" if labels.keys() == {"merged"} else "请用表格完好的文件再查一次。"
        return Note("rows-unread", f"{form.title}的数没有读出来：{why}。{again}", form.where)
    named = "；".join(f"{_named(found)}（{_CAUSES[cause]}）" for cause, found in labels.items())
    count = len({label for _, label in form.gaps})
    kind = "栏" if labels.keys() == {"column"} else "格" if form.id == "t4" else "行"
    return Note("rows-unread", f"{form.title}有{count}{kind}的数没有读全：{named}。请对照原文核对。", form.where)


def _named(labels: list[str]) -> str:
    return "、".join(f"“{name}”" for name in labels[:_SHOWN]) + ("等" if len(labels) > _SHOWN else "")
