"""The parts of a report under its headings: its sections, and what it says of each topic."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.extract.outline.draft import Draft
from checker.extract.outline.levels import Found
from checker.late import late
from checker.model import Heading, Line, Passage


@dataclass(slots=True)
class Part:
    """A part of the first level: its heading, its lines from ``begin`` on, what else stands in it."""

    heading: Heading
    lines: list[Line]
    begin: int
    tables: int = 0
    pictures: int = 0
    subs: list[Heading] = field(default_factory=list)


def parts_of(draft: Draft, heads: list[Found]) -> list[Part]:
    """First-level parts: the shallowest numbering that occurs at least twice, or any 一、 heading."""
    levels = [h.level for _, h, _ in heads]
    top = next((n for n in (1, 2, 3) if levels.count(n) >= (1 if n == 1 else 2)), 0)
    parts: list[Part] = []
    at = {i: (h, body) for i, h, body in heads}
    last = 0
    for i, line in enumerate(draft.lines):
        if draft.role[i]:
            if draft.role[i] == "form" and parts:
                parts[-1].tables = max(parts[-1].tables, 1)  # its rows stand there, if without a grid
            continue
        heading, body = at.get(i, (None, line))
        if heading and heading.level == top and not (top == 3 and last and heading.number == 1):
            last = heading.number or 0
            parts.append(Part(heading, [], i))
            if body:
                parts[-1].lines.append(_under(body, heading))
        elif parts:
            part = parts[-1]
            if heading:
                part.subs.append(heading)
            if body is not None:
                part.lines.append(_under(body, part.heading))
    _place_tables(draft, parts)
    return parts


def _under(line: Line, heading: Heading) -> Line:
    return line.under((heading.label + heading.text)[:40] or None)


def _place_tables(draft: Draft, parts: list[Part]) -> None:
    starts = [(draft.raws[p.begin].block, p) for p in parts]
    for table in draft.tables:
        block = table.where.block if table.where.block is not None else draft.order[id(table)]
        owner = next((p for start, p in reversed(starts) if start <= block), None)
        if owner:
            owner.tables += not table.picture
            owner.pictures += table.picture


_DITTO = late(r"(?:情况)?(?:同上|同前|与上(?:述|文|一?项)?相同)[。！]?")


def by_topic(draft: Draft, heads: list[Found]) -> dict[str, Passage]:
    """For each topic the text under its headings, down to the next heading of the same or a higher level.

    Where that is 同上 it is what stands under the heading before. Of disputes also what stands under headings of one
    kind alone (``reviews``, ``lawsuits``), and where both kinds have theirs the rest (``shared``, or else all): a nil
    under 五、行政复议 says nothing of the suits under 六.
    """
    spans: dict[str, list[Line]] = {}
    above: list[Line] = []
    bodies = {i: body for i, _, body in heads}
    for position, (i, heading, body) in enumerate(heads):
        if not heading.topics:
            above = []
            continue
        level = heading.level
        closing = (1, 2, 5) if level == 5 else range(level + 1)
        end = next((j for j, h, _ in heads[position + 1 :] if h.level in closing), len(draft.lines))
        text = [body] if body else []
        text += [b for j in range(i + 1, end) if not draft.role[j] and (b := bodies.get(j, draft.lines[j])) is not None]
        ditto = len(text) == 1 and _DITTO.fullmatch(text[0].text)
        named = above if ditto else [_under(line, heading) for line in text]
        above = named
        inside = [h for j, h, _ in heads[position + 1 :] if j < end]
        deeper = {topic for h in inside for topic in h.topics}
        named_all = all(h.topics for h in inside if h.level == inside[0].level)
        for topic in (*heading.topics, *_kind_of_dispute(heading)):
            if len(heading.topics) > 1 and named_all and deeper.issuperset(heading.topics):
                continue  # 存在问题及改进措施 with a heading of its own for each inside; a point 三、解读不足 is none
            known = {(line.block, line.source) for line in spans.get(topic, ())}
            spans.setdefault(topic, []).extend(line for line in named if (line.block, line.source) not in known)
    spans["shared"] = disputes = spans.get("disputes", [])
    if "reviews" in spans and "lawsuits" in spans:
        taken = {(line.block, line.source) for line in (*spans["reviews"], *spans["lawsuits"])}
        spans["shared"] = [line for line in disputes if (line.block, line.source) not in taken]
    return {topic: Passage(tuple(lines)) for topic, lines in spans.items() if lines}


def _kind_of_dispute(heading: Heading) -> tuple[str, ...]:
    """What a heading about disputes names alone: reviews or lawsuits."""
    if "disputes" not in heading.topics:
        return ()
    kinds = [kind for kind, word in (("reviews", "复议"), ("lawsuits", "诉讼")) if word in heading.text]
    return tuple(kinds) if len(kinds) == 1 else ()
