"""The official forms, written: a report's template as a Word document, its figures as data to fill in and use again.

    plan        which lines and forms the report of a year has (rules/template.yaml)
    layout      how a form is printed: boxes on a grid
    figures     figures by fact id: taken from a report, carried over, summed up
    data        figures as YAML and CSV; workbook: as .xlsx; word: the report as .docx

Reports are read elsewhere; what comes in are ``Report``s and bytes, what goes out are bytes and remarks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checker.form.figures import Data, carried_over, number, summed, sums, taken
from checker.form.plan import NoForm, Plan, Refused, blank, carried, figures_of, usual
from checker.formula import Formula
from checker.model import Fact, Level, Pack, Report

__all__ = ["Data", "Made", "NoForm", "Refused", "compose", "filled", "gather", "labels", "loaded", "saved"]

WRONG, UNREAD = 1, 3  #: exit codes: a figure contradicts another; something could not be read


@dataclass(frozen=True, slots=True)
class Made:
    """What a command writes, what it has to say about it, and its exit code."""

    content: bytes
    remarks: tuple[str, ...] = ()
    status: int = 0


@dataclass(slots=True)
class _Remarks:
    """What is to be said, the gravest exit code with it."""

    said: list[str] = field(default_factory=list)
    status: int = 0

    def add(self, message: str, status: int = 0) -> None:
        self.said.append(message)
        self.status = max(self.status, status)


# --- the template -------------------------------------------------------------------------------------------------


def compose(
    pack: Pack, year: int, place: str, level: Level | None, data: Data | None = None, last: Report | None = None
) -> Made:
    """The report of ``place`` for ``year`` as .docx, with the figures that are known. Raises NoForm and Refused."""
    from checker.form.word import docx

    plan = blank(pack, year, place, level)
    remarks = _Remarks()
    figures = dict(_own(data, year, place, plan, remarks))
    if last:
        figures = _continued(pack, plan, figures, last, year, place, remarks)
    unread = {name for name, fact in figures.items() if fact.state == "unread"}
    figures, clashes = summed(figures, sums(pack, (spot.fact for spot in plan.spots)))
    for clash in clashes:
        remarks.add(
            f"{_named(plan, clash.fact)}写的是 {clash.given}，各项之和是 {clash.due}；没有改动，请核对。", WRONG
        )
    if computed := [name for name in unread if figures[name].state == "given"]:
        remarks.add(f"有 {len(computed)} 格合计没有读到，已按各项之和算出，请核对。")
    _count_unread(plan, figures, remarks, "表里写作“【未读】”，请补填")
    return Made(docx(plan, figures, f"{place}{year}年政府信息公开工作年度报告"), tuple(remarks.said), remarks.status)


def _own(data: Data | None, year: int, place: str, plan: Plan, remarks: _Remarks) -> Mapping[str, Fact]:
    if data is None:
        return {}
    if data.year not in (None, year):
        raise Refused(f"数据是 {data.year} 年度的，不能填进 {year} 年度的报告。")
    if data.place and not _alike(data.place, place):
        remarks.add(f"数据是“{data.place}”的，与“{place}”不同，请核对是否拿错了文件。")
    known = {spot.fact for spot in plan.spots}
    other = [name for name in data.figures if name not in known]
    if other:
        remarks.add(f"数据里有 {len(other)} 格是 {year} 年度的格式没有的，没有填入：{'、'.join(other[:3])}。", WRONG)
    return {name: fact for name, fact in data.figures.items() if name in known}


def _continued(
    pack: Pack, plan: Plan, figures: dict[str, Fact], last: Report, year: int, place: str, remarks: _Remarks
) -> dict[str, Fact]:
    """The figures with what follows from the report of the year before."""
    if last.year != year - 1:
        found = f"是 {last.year} 年度的" if last.year else "看不出是哪一年度的"
        raise Refused(f"上一年的报告应是 {year - 1} 年度的，给出的{found}。")
    if last.place and not _alike(last.place, place):
        remarks.add(f"上一年的报告是“{last.place}”的，与“{place}”不同，请核对是否拿错了文件。")
    formulas = carried(pack, plan, usual(pack, year - 1))
    if not formulas:
        before = usual(pack, year - 1)
        same = (before.edition, set(before.forms)) == (plan.edition, set(plan.forms))
        why = "这一年度的格式里没有要从上年结转的数" if same else "上一年的格式与本年不同，没有可以结转的数"
        remarks.add(f"{why}。")
    result, clashes, unknown = carried_over(figures, last, formulas)
    for clash in clashes:
        remarks.add(
            f"{_named(plan, clash.fact)}写的是 {clash.given}，按上年报告应是 {clash.due}；没有改动，请核对。", WRONG
        )
    if unknown:
        names = "、".join(_named(plan, name) for name in unknown[:3]) + ("等" if len(unknown) > 3 else "")
        remarks.add(f"上一年的报告里有 {len(unknown)} 格的数没有读到，没有结转：{names}。", UNREAD)
    _tell_bases(plan, figures, result, formulas, remarks)
    return result


def _tell_bases(
    plan: Plan, before: Mapping[str, Fact], after: Mapping[str, Fact], formulas: Mapping[str, Formula], say: _Remarks
) -> None:
    """Name the cells that hold last year's figure only because this year's changes were not given."""
    for name, formula in formulas.items():
        own = [part for part in formula.names if not part.startswith("last.")]
        if name in after and name not in before and own and any(number(before.get(part)) is None for part in own):
            parts = "、".join(_named(plan, part) for part in own)
            say.add(f"{_named(plan, name)}先按上年填 {after[name].value}；填好{parts}后要改成相应的数。")


def _alike(one: str, other: str) -> bool:
    """Two names of one organ: the shorter, without 人民政府, stands in the longer."""
    short, long = sorted((_core(one), _core(other)), key=len)
    return short in long


def _core(name: str) -> str:
    return "".join(name.split()).removesuffix("人民政府").removesuffix("办事处")


def _named(plan: Plan, name: str) -> str:
    spot = next(spot for spot in plan.spots if spot.fact == name)
    return "“" + "，".join(part for part in (spot.row, spot.column) if part) + "”"


def _count_unread(plan: Plan, figures: Mapping[str, Fact], remarks: _Remarks, how: str) -> None:
    for form in plan.forms.values():
        names = [name for name in figures if name.startswith(f"{form.form}.") and figures[name].state == "unread"]
        if names:
            remarks.add(f"“{form.caption}”表有 {len(names)} 格没有读到，{how}。", UNREAD)


# --- data ---------------------------------------------------------------------------------------------------------


def loaded(pack: Pack, year: int, content: bytes, name: str) -> Data:
    """The figures in a file of data (.yaml .csv) for ``year``. Raises NoForm and Refused."""
    from checker.form.data import parse

    return parse(content, name, blank(pack, year, "", None))


def gather(pack: Pack, report: Report) -> tuple[Data, Plan]:
    """The figures of the report's forms, and the forms as the report has them. Raises Refused when there are none."""
    due = usual(pack, report.year)
    editions = dict.fromkeys(due.forms, due.edition) | {form.id: form.edition for form in report.forms}
    plan = figures_of(pack, editions)
    figures = taken(report, (spot.fact for spot in plan.spots))
    if not any(fact.state != "unread" for fact in figures.values()):
        raise Refused("报告里没有读到表格，取不出数据。请用原始的 Word 文档，或者对照原件填写数据文件。")
    present = {name.split(".")[0] for name in figures}
    plan = figures_of(pack, {name: edition for name, edition in editions.items() if name in present})
    return Data(figures, report.year, report.place, report.level), plan


def saved(pack: Pack, report: Report, suffix: str) -> Made:
    """The figures of a report as a file of this kind (.yaml .csv .xlsx). Raises Refused."""
    data, plan = gather(pack, report)
    remarks = _Remarks()
    for name, form in usual(pack, report.year).forms.items():
        if name not in plan.forms:
            remarks.add(f"报告里没有“{form.caption}”表。")
    _count_unread(plan, data.figures, remarks, "写作“【未读】”，不是空白也不是 0")
    return Made(_written(data, plan, pack, suffix), tuple(remarks.said), remarks.status)


def labels(pack: Pack, year: int) -> dict[str, tuple[str, str, str]]:
    """Fact id -> form, row, column, as printed: every figure of the forms of ``year``, in printed order.

    Empty where the year has no national format.
    """
    plan = usual(pack, year)
    captions = {form.form: form.caption for form in plan.forms.values()}
    return {spot.fact: (captions[spot.fact.split(".")[0]], spot.row, spot.column) for spot in plan.spots}


def filled(pack: Pack, data: Data, remarks: Mapping[str, Sequence[Sequence[str]]] | None = None) -> bytes:
    """The forms of the data's year with its figures as .xlsx; ``remarks``: sheets of plain text after the forms."""
    from checker.form.workbook import workbook

    return workbook(data, usual(pack, data.year), pack, remarks or {})


def _written(data: Data, plan: Plan, pack: Pack, suffix: str) -> bytes:
    if suffix == ".xlsx":
        from checker.form.workbook import workbook

        return workbook(data, plan, pack)
    from checker.form import data as files

    return files.table(data, plan).encode("utf-8-sig") if suffix == ".csv" else files.yaml(data, plan).encode()
