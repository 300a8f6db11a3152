"""Document + fact map -> Report. Opens no file, judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain

from checker.extract import doubt, foreign, names, years
from checker.extract.facts import read_facts
from checker.extract.opened import opened
from checker.extract.outline import Outline, outline
from checker.extract.tables import EDITIONS, elsewhere, may_be_return, read_forms
from checker.extract.tables.dated import latest_year
from checker.extract.tables.gaps import gaps
from checker.factmap import FactMap, FactSpec, FormSpec
from checker.late import late, once_for_each
from checker.model import (
    ABSENT,
    UNREAD,
    Document,
    Era,
    Fact,
    Form,
    Level,
    Note,
    Passage,
    Report,
    Table,
    subheadings,
)
from checker.patterns import watched

_ERAS: tuple[tuple[int, int, Era], ...] = ((2008, 2013, "A"), (2014, 2018, "B"), (2019, 2020, "C"), (2021, 9999, "D"))


def era_of(year: int | None) -> Era | None:
    """The era whose format held for a report year (the year that the data cover); None before 2008 or unknown."""
    return next((era for first, last, era in _ERAS if year is not None and first <= year <= last), None)


@watched()
def extract(
    document: Document,
    facts: FactMap,
    *,
    year: int | None = None,
    level: Level | None = None,
    wanted: Callable[[Era], Set[str]] | None = None,
) -> Report:
    """The Report of a document. ``year`` and ``level`` override what the text says.

    ``wanted`` names the facts that will be asked for in an era: the others are not looked for, and ``unread``.

    Raises Unreadable ``not-a-report`` when the text has nothing of an annual report on disclosure in it.
    """
    document = opened(document)
    found, torn = foreign.titled_as_report(outline(document)), doubt.torn(document)
    workbook, spoken = document.format == "xlsx", foreign.speaks_of_disclosure(found.all.text, torn=torn)
    if not (workbook or spoken):
        raise foreign.nothing_of(document)
    if _attached(document) and not workbook:
        foreign.beside_its_file(found)
    alone = workbook and not found.topics.keys() & {"overview", "problems"}
    own, when = names.read(found), _ordered(_when(document, found, alone=alone), year, level)
    era = era_of(when.year)
    if era in EDITIONS and (sent := elsewhere(document, found, facts)):
        document = replace(document, notes=(*document.notes, sent))
    printed, forms = read_forms(document, found, facts, era, when.year)
    cut = doubt.cut(document, found)
    unclear = any(note.code == "table-unclear" for note in document.notes)  # or what lacks stood in such a cell
    if document.recognised or cut or found.wrapped or unclear:
        printed, forms = _doubted(printed, forms)
    if not (spoken or forms):
        raise foreign.nothing_of(document)
    scopes = _scopes(found)
    asked = wanted(era) if wanted and era else None
    variant = facts.variant(when.year)
    told = read_facts(scopes, facts, variant, asked, (own.place or "", level or own.level)) | own.facts | when.facts
    if not (forms or found.topics or torn) and foreign.says_nothing(told, found.title, found.all.text):
        raise foreign.nothing_of(document)
    taken, blocks = _taken(printed, forms, facts), doubt.doubtful(document, found)
    if blocks:
        told = doubt.certain(told, found, scopes, facts, {*taken, *facts.forms, *facts.returns}, blocks, variant)
    report = Report(
        source=document.source,
        format=document.format,
        place=own.place,
        level=level or own.level,
        year=when.year,
        era=era,
        reason=when.reason,
        facts=_facts(document, found, facts, era, taken, told),
        texts=scopes,
        sections=found.sections,
        headings=found.headings,
        notes=document.notes,
        forms=forms,
        recognised=document.recognised,
        doubtful=blocks,
        lost=any(note.code == "replaced" for note in document.notes),
    )
    report = _lacking(report, document, found, facts, cut)
    return _forms_alone(report, facts) if alone and forms else report


def _lacking(report: Report, document: Document, found: Outline, facts: FactMap, cut: Note | None) -> Report:
    """The report with what is to be said of parts of it that are left out, and of cells that were not read."""
    if cut:
        told = doubt.left_out(report.facts, document, found, facts, report.era)
        report = replace(report, facts=told, notes=(*report.notes, cut), cut=True)
    if unread := tuple(gaps(report, flattened=bool(found.form.lines))):
        report = replace(report, notes=(*report.notes, *unread))
    return report


def _when(document: Document, found: Outline, *, alone: bool) -> years.When:
    """The report year as it was read; of forms ``alone`` in a workbook the latest that its sheets name."""
    when = years.read(found, document.posted)
    if alone and (latest := latest_year(document)) and latest > (when.year or 0):
        return replace(when, year=latest, reason=f"各张工作表里最晚的年度是{latest}年")
    return when


def _ordered(when: years.When, year: int | None, level: Level | None) -> years.When:
    """The report year as it was read or ordered, and why; what no format held for is said."""
    if year:
        when = replace(when, year=year, reason=f"按指定的年度 {year}")
    if when.year is not None and era_of(when.year) is None:
        only = f"只能检查{_ERAS[0][0]}年度以后的报告；年度认错了的，请用 --year 指定"
        when = replace(when, reason=f"{when.reason}。{only}")
    return replace(when, reason=f"{when.reason}；层级按指定的“{level}”") if level else when


def _doubted(printed: Mapping[str, Fact], forms: Sequence[Form]) -> tuple[dict[str, Fact], tuple[Form, ...]]:
    """A row that was not met may stand under the seal of a scan, be left out, or broken where the lines were."""
    lacking = {name for form in forms if form.missing or form.lost for name in form.cells}
    doubted = {name: UNREAD if name in lacking and fact.state == "absent" else fact for name, fact in printed.items()}
    return doubted, tuple(replace(form, blurred=form.blurred or bool(form.missing or form.lost)) for form in forms)


#: a table flattened to text; one only named is not there
_STATISTICS = ("指标名称", "计量单位", "统计指标")
_FLATTENED = ("申请办结数", "申请答复数", "主动公开规范性文件数", "填报人：", "填报日期：", "填报单位：")
_ROW = late(r"数(?<=信息数|文件数|申请数)\d{0,2}(?:条|件|次)\d")  # of one without its head
_NAMED = ("统计表", "附表")  # but with a file attached it may be in that file


def _facts(
    document: Document,
    found: Outline,
    facts: FactMap,
    era: Era | None,
    taken: dict[str, Fact],
    told: Mapping[str, Fact],
) -> dict[str, Fact]:
    """All that is known of the facts: what the forms say (``taken``), what the text says, and what goes with it."""
    text = found.all.text
    attached = _attached(document)
    listed = _any_in(text, _STATISTICS)
    statistics = listed or (attached and _any_in(text, _NAMED))
    early = era in ("A", "B")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    returns = early and bool(found.pictures or statistics or any(may_be_return(each, facts) for each in tables))
    read = _unread(facts)[early, returns] | taken
    read |= told
    if taken:
        read |= {
            spec.id: fact
            for spec in facts.summed
            if ((said := told.get(spec.id, ABSENT)).state == "absent" or said.aside)
            and (fact := _summed(spec, taken, said))
        }
    printed = found.tables or found.pictures or found.form or listed or _any_in(text, _FLATTENED) or _ROW.search(text)
    if printed or any(fact.state == "given" for fact in taken.values()):
        read["table.present"] = Fact("given", "表格或图片")
    if attached:
        read["attachment.present"] = Fact("given", "附件")
    return read


def _attached(document: Document) -> bool:
    return any(note.code == "attachment" for note in document.notes)


def _summed(spec: FactSpec, taken: Mapping[str, Fact], said: Fact) -> Fact | None:
    """A fact that the text does not tell, as the cells of a form add up to it; None where one has no figure.

    Nobody knows it where one could not be read, and the text (``said``) has nothing of it.
    """
    cells = [taken[name] for name in spec.cells if name in taken]
    values = [cell.value for cell in cells if isinstance(cell.value, int)]
    if len(values) < len(spec.cells):
        return UNREAD if not said.sightings and any(cell.state == "unread" for cell in cells) else None
    return Fact("given", sum(values), "＋".join(cell.raw for cell in cells), cells[0].where)


def _any_in(text: str, words: Iterable[str]) -> bool:
    """To look for a word takes a tenth of what ``re`` takes to look for any of them."""
    return any(map(text.__contains__, words))


def _taken(printed: Mapping[str, Fact], forms: Sequence[Form], facts: FactMap) -> dict[str, Fact]:
    """What the recognised forms say. What only another edition of them, or another return, has is not there."""
    ids = {form.id for form in forms}
    gone = [_cells(spec) for spec in facts.layouts if spec.id in ids]
    if ids & {"stat", "early"}:
        gone.append(facts.returns)
    return dict.fromkeys(chain.from_iterable(gone), ABSENT) | dict(printed)


@once_for_each(16)
def _cells(spec: FormSpec) -> tuple[str, ...]:
    """The facts that the cells of a form are, of all its editions."""
    return tuple([fact for block in spec.blocks for _, _, fact in block.cells])


@once_for_each(4)
def _unread(facts: FactMap) -> Mapping[tuple[bool, bool], dict[str, Fact]]:
    """Facts of the forms before one is recognised: unread where the era's format demands them, else absent.

    By whether the era is one of the early ones, that demand none, and whether one of their returns may be there.
    """
    return {
        (early, returns): dict.fromkeys(facts.forms, ABSENT if early else UNREAD)
        | dict.fromkeys(facts.returns, UNREAD if returns else ABSENT)
        for early in (False, True)
        for returns in (False, True)
    }


def _forms_alone(report: Report, facts: FactMap) -> Report:
    """The report of a workbook of forms without a report's text: nobody knows what that says.

    Where no year is written the edition of the forms tells the era.
    """
    era, reason = report.era, report.reason
    if era is None and (era := _era_of(report.forms)):
        reason = "文件里没有写年度，按表格的格式认；用 --year 指定年度可以核对得更全"
    kept = {*facts.forms, *facts.returns}
    printed = {name: fact for name, fact in report.facts.items() if name in kept}
    titles = "、".join(dict.fromkeys(form.title for form in sorted(report.forms, key=lambda form: form.id)))
    note = Note("forms-only", f"工作簿里只有表格（{titles}），没有报告正文；只核对了表格，正文请另行检查。")
    return replace(
        report,
        era=era,
        reason=reason,
        facts=dict.fromkeys(facts.specs, UNREAD) | printed,
        notes=(*report.notes, note),
        forms_only=True,
    )


_OF_RETURN: Mapping[str, Era] = {"stat": "B", "early": "A"}


def _era_of(forms: Sequence[Form]) -> Era | None:
    """The era whose edition, or whose return, all forms are that are of one."""
    of_edition = {year: era for era, year in EDITIONS.items()}
    eras = {of_edition.get(form.edition) or _OF_RETURN.get(form.id) for form in forms} - {None}
    return eras.pop() if len(eras) == 1 else None


def _scopes(found: Outline) -> dict[str, Passage]:
    scopes = {
        "title": found.title,
        "preface": found.preface,
        "body": found.body,
        "tail": found.tail,
        "main": found.main,
        "furniture": found.furniture,
        "form": found.form,
        "meta": found.meta,
        "all": found.all,
        **{f"s{i}": section.text for i, section in enumerate(found.sections, 1)},
        **found.topics,
        **({"attachment": found.attachment} if found.attachment else {}),
        "faults": Passage(subheadings(found.sections, "problems")),
    }
    return {name: passage for name, passage in scopes.items() if passage}
