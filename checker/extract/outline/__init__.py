"""The recogniser shared by all formats: Document -> title, preface, headings, sections, signature, furniture.

Readers stay dumb; here page residue and rows of flattened tables are told from report text, and the text is sorted
into its parts.
"""

from __future__ import annotations

from checker.extract.outline.draft import Draft
from checker.extract.outline.levels import find_headings, join_numbers
from checker.extract.outline.page import mark_contents, mark_forms, mark_furniture, part_residue
from checker.extract.outline.parts import Part, by_topic, parts_of
from checker.extract.outline.tail import find_tail
from checker.extract.outline.title import find_title, part_metadata
from checker.model import Document, Heading, Line, Passage, Section, record


@record
class Outline:
    """What the recogniser found: every part a selection of ``all``, the logical lines in printed order.

    ``form``: rows of flattened official tables; ``attachment``: everything after 附件：…统计表. ``wrapped``: a program
    broke its lines at a fixed column, those of tables among them.
    """

    title: Passage
    preface: Passage
    body: Passage
    main: Passage
    tail: Passage
    furniture: Passage
    meta: Passage
    form: Passage
    attachment: Passage
    all: Passage
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    topics: dict[str, Passage]
    tables: int
    pictures: int
    wrapped: bool


def outline(document: Document) -> Outline:
    """The outline of a document of any format."""
    draft = Draft(document)
    part_metadata(draft)
    part_residue(draft)
    mark_furniture(draft)
    mark_contents(draft)
    find_title(draft)
    join_numbers(draft)
    mark_forms(draft)
    find_tail(draft)
    heads = find_headings(draft)
    parts = parts_of(draft, heads)
    preface = _preface(draft, parts)
    main = [line for part in parts for line in part.lines]
    sections = tuple(
        Section(part.heading, Passage(tuple(part.lines)), tuple(part.subs), part.tables, part.pictures)
        for part in parts
    )
    return Outline(
        title=draft.of("title"),
        preface=Passage(tuple(preface)),
        body=Passage((*preface, *main)),
        main=Passage(tuple(main if parts else preface)),
        tail=draft.of("tail"),
        furniture=draft.of("furniture"),
        meta=draft.of("meta"),
        form=draft.of("form"),
        attachment=draft.of("attachment"),
        all=Passage(tuple(_printed(draft, web_page=document.format == "html"))),
        headings=tuple(heading for _, heading, _ in heads),
        sections=sections,
        topics=by_topic(draft, heads),
        tables=sum(not table.picture for table in draft.tables),
        pictures=sum(table.picture for table in draft.tables),
        wrapped=draft.wrapped,
    )


def _printed(draft: Draft, *, web_page: bool) -> list[Line]:
    """The lines in printed order; of a web page without what the site prints above the title and below the text."""
    beside = [role in ("furniture", "meta") for role in draft.role]
    if not web_page or all(beside):
        return draft.lines
    begin = draft.role.index("title") if "title" in draft.role else 0
    end = len(beside) - beside[::-1].index(False)
    return [line for i, line in enumerate(draft.lines[:end]) if i >= begin or not beside[i]]


def _preface(draft: Draft, parts: list[Part]) -> list[Line]:
    end = parts[0].begin if parts else len(draft.lines)
    return [line for i, line in enumerate(draft.lines[:end]) if not draft.role[i]]
