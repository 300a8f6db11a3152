"""Official forms: Table blocks and flattened rows -> facts, and what each form lacks.

A form is recognised by its labels wherever it stands. A row or column that is not certain gives ``unread`` facts,
never shifted ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from checker.extract.forms import CAPTION
from checker.extract.outline import Outline
from checker.extract.tables.cells import figure, key_of
from checker.extract.tables.dated import captions_of_other_years
from checker.extract.tables.finished import EDITIONS, Finished, Frame, Framed
from checker.extract.tables.flat import packed, read_flattened
from checker.extract.tables.layouts import walked
from checker.extract.tables.mended import mended, spelt
from checker.extract.tables.near import taught
from checker.extract.tables.seen import Seen
from checker.extract.tables.sides import without_sides
from checker.factmap import FactMap, FormSpec
from checker.late import late, once_for_each
from checker.model import ABSENT, Document, Era, Fact, Form, Note, Paragraph, Section, Table, Where

__all__ = ["EDITIONS", "elsewhere", "figure", "may_be_return", "read_forms"]

_LEAST: Mapping[str, int] = {"t2": 1, "t3": 5, "t4": 1, "stat": 5, "early": 3}  #: rows without which it is no such form
#: notes on what may hold a form, unread
_ELSEWHERE = ("attachment", "picture", "table-cells", "table-depth", "table-unclear")

_TELLING = 5  #: long labels of a form, so many that it is no chance
_FRAMES = 16  #: of a layout that are kept
_WHOLE = ("docx", "html", "md", "xlsx")  #: formats in which no page break parts a table
_SHORT = 12  #: rows; the shortest return that was printed has more

_ORDINALS = str.maketrans("123456789", "一二三四五六七八九")
_SENT = late(r"见附(?:件|表)|附后|附(?:件|表)[一二三四\d]{0,2}(?:所示|为准)")


def elsewhere(document: Document, found: Outline, facts: FactMap) -> Note | None:
    """That a part of the report sends its reader to an attachment where its form should stand, and where.

    An attachment that stands below in the same file is read with the rest.
    """
    tables = [block for block in document.blocks if isinstance(block, Table)] if "附" in found.all.text else []
    topics = {spec.topic for spec in facts.layouts if spec.shape != "list" and not _stands(tables, spec)}
    for part in found.sections:
        if "附" in part.text.text and not (part.tables or part.pictures) and topics & {*part.heading.topics}:
            sent = (line.where(*at.span()) for line in part.text.lines if (at := _SENT.search(line.text)))
            if place := next(sent, None):
                return Note("attachment", "文中说表格见附件，附件里的内容没有检查；请把附件单独检查。", place)
    return None


def read_forms(
    document: Document, found: Outline, facts: FactMap, era: Era | None, year: int | None = None
) -> tuple[dict[str, Fact], tuple[Form, ...]]:
    """The facts of the forms that were recognised, and the forms themselves.

    Facts of a form that is surely not there are absent. A text may have lost its forms on the way, unless two of them
    stand in it whole, and a picture or an unknown table may be one: then nothing is said of forms that were not met.
    Where labels were not met, others that are like them may stand for them: then all is read once more.
    """
    read, forms = _read(document, found, facts, facts.layouts, era, year)
    if not document.recognised and (found.form or any(form.missing or form.lost or form.blurred for form in forms)):
        layouts = taught(facts.layouts, forms, _cells(document, found))
        if layouts is not facts.layouts:
            again, told = _read(document, found, facts, layouts, era, year)
            if _lacking(again, told) < _lacking(read, forms):
                return again, told
    return read, forms


def _cells(document: Document, found: Outline) -> Iterator[str]:
    """What stands in the cells of all tables, and between the tabs of rows that lost their grids."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row)
    for line in found.form.lines:
        yield from line.raw.split("\t")


def _stands(tables: Sequence[Table], spec: FormSpec) -> bool:
    """Whether labels of a form stand in these tables, so many that it is no chance, in whatever order."""
    keys = {key_of(cell.text) for table in tables for row in table.rows for cell in row}
    return sum(len(key) >= 4 for key in keys & {*spec.rows, *spec.columns, *spec.groups}) >= _TELLING


def _ungrouped(document: Document, spec: FormSpec) -> list[str]:
    """The labels of groups (不予公开 above its eight rows) that stand in no table, all of them read."""
    cells = [cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    words = "".join([cell.text for cell in cells])
    lacking = [label for label in spec.parents if label not in words]
    if not lacking or any(cell.unread for cell in cells):
        return []
    words = "".join(key_of(cell.text) for cell in cells)  # 不 予 公 开
    return [label for label in lacking if label not in words]


def _beside(
    others: Sequence[tuple[str, Table]], layouts: Sequence[FormSpec], seen: dict[str, Seen], year: int | None
) -> bool:
    """Take tables of another year, of forms of which the year's own was not met; whether all of them are of forms."""
    own, known = walked([table for _, table in others], layouts, year, keep=False)
    for name, form in own.items():
        if name in seen:
            seen[name].beside = others[0][0]
        else:
            seen[name] = form
    return known


def _lacking(facts: Mapping[str, Fact], forms: Sequence[Form]) -> tuple[int, int]:
    """How few cells of forms were read (below nought), and how many labels are missing or of another format."""
    cells = sum(fact.state not in ("unread", "absent") for fact in facts.values())
    return -cells, sum(len(form.missing) + len(form.lost) + len(form.foreign) for form in forms)


def _read(
    document: Document, found: Outline, facts: FactMap, layouts: Sequence[FormSpec], era: Era | None, year: int | None
) -> tuple[dict[str, Fact], tuple[Form, ...]]:
    own: list[Table] = []
    others: list[tuple[str, Table]] = []
    known = _known(layouts)
    loose: list[Table] = []
    for block, caption in zip(document.blocks, captions_of_other_years(document, found.headings, year), strict=True):
        if isinstance(block, Table) and not block.picture:
            if document.format in ("txt", "md") and packed(block):
                loose.append(block)
                continue
            table = mended(spelt(block, known) if document.recognised else block, known)
            if caption:
                others.append((caption, table))
                continue
            own.append(table)
    if loose:
        kept = without_sides([*own, *loose], layouts)
        own, loose = [table for table in own if table in kept], [table for table in loose if table in kept]
    keep = layouts is facts.layouts and not (others or loose or document.recognised)
    seen, all_known = walked(own, layouts, year, keep=keep)
    for each in seen.values() if document.recognised else ():
        each.surplus = []  # a label that was not recognised is none of another row
    open_ = found.pictures > 0 or not all_known or any(note.code in _ELSEWHERE for note in document.notes)
    if others:
        open_ |= not _beside(others, layouts, seen, year)
    text = document if document.format == "txt" else None
    drawn = own if document.format in ("txt", "md") else ()
    touched = read_flattened(found, layouts, seen, known, loose, text, drawn)
    open_ |= bool(loose)
    captions = frozenset(_captions(document))
    result: dict[str, Fact] = {}
    forms: list[Form] = []
    sound = 0
    for one in seen.values():
        if len(one.rows) >= _LEAST.get(one.spec.id, 1) and (one.columns or not one.flat):
            frame = _frame(one, document, found, era, captions)
            section, below = _stand(found, one.where)
            form, read = Finished(one, frame, section, below).form()
            forms.append(form)
            result |= read
            sound += frame.sound
        else:  # a table on its side has all labels, and no row of the form
            open_ |= _stands(own, one.spec)
    if not open_ and (sound >= 2 or not (found.form or document.format == "txt")):
        gone = _absent(facts.forms)
        if touched:
            gone = {name: fact for name, fact in gone.items() if name.split(".")[0] not in touched}
        result = gone | result
    return result, tuple(forms)


def _frame(one: Seen, document: Document, found: Outline, era: Era | None, captions: Set[str]) -> Frame:
    """The frame of a form; that of a layout which is kept may be known."""
    whole = document.format in _WHOLE
    text = (found.all if one.flat else found.form).text
    key = era, captions, found.wrapped, whole, "" if one.flat else text
    if (frame := one.frames.get(key)) is None:
        ungrouped = _ungrouped(document, one.spec) if one.spec.parents and whole and not one.flat else []
        frame = Framed(one, era, captions, ungrouped, text, found.wrapped).frame()
        if len(one.frames) >= _FRAMES:
            one.frames.clear()
        one.frames[key] = frame
    return frame


def _stand(found: Outline, where: Where) -> tuple[Section | None, bool]:
    """The part of the report that a block stands in, and whether it is in none for it stands below the signature."""
    block = -1 if where.block is None else where.block
    before = [part for part in found.sections if (part.heading.where.block or 0) <= block]
    below = bool(before and found.tail.lines) and block > max(line.block for line in found.tail.lines)
    return (before[-1] if before and not below else None), below


def _captions(document: Document) -> set[str]:
    """The numbers of the items that captions of table two name: 第二十条第（一）项."""
    return {
        (match["item"] or match["bare"]).translate(_ORDINALS)
        for text in _printed(document)
        if "项" in text and "条" in text
        for match in CAPTION.finditer("".join(text.split()))
    }


def may_be_return(table: Table, facts: FactMap) -> bool:
    """Whether a table may be a statistics return: none that is short and legible and has no row of any is one."""
    if table.picture or len(table.rows) > _SHORT:
        return True
    cells = [cell for row in table.rows for cell in row]
    keys = {key_of(cell.text) for cell in cells}
    lists = [spec for spec in facts.layouts if spec.shape == "list"]
    return any(cell.unread for cell in cells) or any(keys & spec.rows.keys() for spec in lists)


@once_for_each(4)
def _absent(names: tuple[str, ...]) -> dict[str, Fact]:
    return dict.fromkeys(names, ABSENT)


@once_for_each(4)
def _known(layouts: Sequence[FormSpec]) -> frozenset[str]:
    """The keys of all labels."""
    return frozenset(key for spec in layouts for key in (*spec.rows, *spec.columns, *spec.groups))


def _printed(document: Document) -> Iterator[str]:
    """The paragraphs, and the first words of each row of a table."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
            continue
        for row in block.rows:
            for cell in row:
                if cell.text:
                    yield cell.text
                    break
